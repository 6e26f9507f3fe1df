//! Ten million random deals: no quote above its cap or below its floor, and solved rates earn the hurdle.

use scoreline::pricing::{
    BalancePath, CapitalModel, FundingBase, LifetimeTerms, PdPath, Price, PricingPolicy, RateCap, SinglePeriod,
};
use scoreline::tier::RiskTier;
use scoreline::{Batch, Column, Date, Threads};
use scoreline_tests::random::Random;

#[test]
fn no_quote_breaks_its_cap_or_its_floor() {
    let mut random = Random::new(52);
    let day = Date::parse("2026-11-21").unwrap();
    let (mut quotes, mut refusals) = (0u32, 0u32);
    for _ in 0..1_000 {
        let cap = random.within(0.06, 0.5);
        let policy = PricingPolicy {
            currency: "CNY".into(),
            decimals: 2,
            amount: "amount".into(),
            term_months: "term".into(),
            funding_rate: random.within(0.0, 0.06),
            funding_base: FundingBase::Ead,
            opex_rate: random.within(0.0, 0.04),
            fixed_cost: random.within(0.0, 200.0),
            fees_rate: random.within(0.0, 0.02),
            lgd: random.within(0.05, 1.0),
            capital: CapitalModel::IrbOtherRetail { confidence: 0.999, pd_floor: 0.0005, lgd_floor: 0.3 },
            capital_benefit_rate: random.within(0.0, 0.03),
            tax: random.within(0.0, 0.4),
            hurdle: random.within(0.0, 0.3),
            floor_rate: random.within(0.0, 0.05),
            rate_step: 0.0001,
            caps: vec![RateCap { name: "cap".into(), rate: cap, from: day, until: None, source: "random".into() }],
        };
        let mut pds =
            [random.within(0.0005, 0.4), random.within(0.0005, 0.4), random.within(0.0005, 0.4), random.within(0.0005, 0.4)];
        pds.sort_by(f64::total_cmp);
        let table = policy.resolve(pds.into(), day).unwrap();
        for _ in 0..10_000 {
            let tier = RiskTier::from_index(random.within(0.0, 4.0) as usize).unwrap();
            let amount = random.within(100.0, 100_000.0);
            match table.price(tier, amount, 36.0) {
                Price::Quote { rate, raroc, .. } => {
                    assert!(rate + policy.fees_rate <= cap + 1e-15 && rate.is_finite(), "above the cap");
                    assert!(rate >= policy.floor_rate || rate == table.ceiling(), "below the floor");
                    assert!(raroc >= policy.hurdle - 1e-9, "below the hurdle");
                    quotes += 1;
                }
                Price::NoLegalPrice { needed, cap } => {
                    assert!(needed > cap);
                    refusals += 1;
                }
                Price::Unknown => panic!("every figure is there"),
            }
        }
    }
    assert_eq!(quotes + refusals, 10_000_000);
    assert!(quotes > 1_000_000 && refusals > 1_000_000, "{quotes} {refusals}");
}

#[test]
fn solved_rates_earn_the_hurdle() {
    let mut random = Random::new(100);
    for _ in 0..5_000_000 {
        let loan = SinglePeriod {
            rate: 0.0,
            fees: random.within(0.0, 0.03),
            funding: random.within(0.0, 0.1),
            funding_base: FundingBase::Ead,
            opex: random.within(0.0, 0.05),
            expected_loss: random.within(0.0, 0.2),
            capital: random.within(0.005, 0.3),
            capital_benefit: random.within(0.0, 0.05),
            tax: random.within(0.0, 0.5),
        };
        let hurdle = random.within(0.0, 0.4);
        let solved = SinglePeriod { rate: loan.break_even_rate(hurdle), ..loan };
        assert!((solved.raroc() - hurdle).abs() < 1e-10);
    }
    let rows = 100_000;
    for _ in 0..50 {
        let mut column = |low, high| Column::numbers((0..rows).map(|_| random.within(low, high)).collect::<Vec<f64>>());
        let loans = Batch::new(rows)
            .with("pd", column(0.0005, 0.4))
            .and_then(|batch| batch.with("lgd", column(0.0, 1.0)))
            .and_then(|batch| batch.with("capital", column(0.01, 0.3)))
            .and_then(|batch| batch.with("funding", column(0.0, 0.1)))
            .and_then(|batch| batch.with("prepayment", column(0.0, 0.4)))
            .unwrap();
        let terms = LifetimeTerms {
            months: random.within(1.0, 121.0) as u32,
            balance: BalancePath::EqualInstalment {},
            pd: PdPath::Yearly { pd: 0.01 },
            prepayment: 0.0,
            lgd: 0.5,
            funding: 0.0,
            opex: random.within(0.0, 0.05),
            origination: random.within(0.0, 0.02),
            upfront_fee: 0.0,
            running_fee: random.within(0.0, 0.01),
            capital: 0.08,
            capital_benefit: random.within(0.0, 0.05),
            tax: random.within(0.0, 0.4),
        };
        let hurdle = random.within(0.1, 0.3);
        let priced = terms.price_batch(&loans, hurdle, Threads::All).unwrap();
        assert!(priced.errors.is_empty() && priced.solutions.iter().all(|count| *count == 1));
        assert!(priced.raroc.iter().all(|raroc| (raroc - hurdle).abs() < 1e-10));
    }
}
