//! Returns on capital, break-even rates and hurdles.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::columns::{ByColumns, Columns, Given, by_row};
use super::{Calculation, Input};
use crate::data::decimal;
use crate::error::Result;
use crate::parallel::Threads;
use crate::pricing::{
    FtpCurve, Lifetime, LifetimeMonth, LifetimeReturn, LifetimeTerms, RateSolution, SinglePeriod, Waterfall, capm_hurdle,
    weighted_hurdle,
};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<Year>("raroc", "What one year of a loan earns, and its break-even rate in closed form.")
        .with_columns::<Year>(),
    Calculation::new::<LifetimePrice>("lifetime_price", "The rate at which a loan earns the hurdle over its life.")
        .with_columns::<LifetimePrice>(),
    Calculation::new::<LifetimeAt>("lifetime_return", "What a loan earns over its life at a rate, and month by month."),
    Calculation::new::<Transfer>("transfer_price", "The funding rate of a term."),
    Calculation::new::<Capm>("capm_hurdle", "The hurdle of the capital asset pricing model."),
    Calculation::new::<Weighted>("weighted_hurdle", "The hurdle of common and preferred equity."),
];

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    loan: SinglePeriod,
    hurdle: f64,
}

#[derive(Serialize)]
struct YearAnswer {
    net_income: f64,
    raroc: f64,
    eva: f64,
    break_even_rate: f64,
    waterfall: Waterfall,
}

impl ByColumns for Year {
    const FIGURES: &'static [&'static str] =
        &["rate", "funding", "opex", "fees", "expected_loss", "capital", "capital_benefit", "tax"];

    fn columns(self, given: Given<'_>, threads: Threads) -> Result<Columns> {
        let Year { loan, hurdle } = self;
        let [rate, funding, opex, fees, expected_loss, capital, capital_benefit, tax] =
            ["rate", "funding", "opex", "fees", "expected_loss", "capital", "capital_benefit", "tax"].map(|name| given.get(name));
        let at = |column: Option<&[f64]>, row: usize, all: f64| column.and_then(|column| column.get(row)).copied().unwrap_or(all);
        by_row(["net_income", "raroc", "eva", "break_even_rate"], given.rows(), threads, |row| {
            let loan = SinglePeriod {
                rate: at(rate, row, loan.rate),
                funding: at(funding, row, loan.funding),
                opex: at(opex, row, loan.opex),
                fees: at(fees, row, loan.fees),
                expected_loss: at(expected_loss, row, loan.expected_loss),
                capital: at(capital, row, loan.capital),
                capital_benefit: at(capital_benefit, row, loan.capital_benefit),
                tax: at(tax, row, loan.tax),
                funding_base: loan.funding_base,
            };
            loan.validate()?;
            loan.check_hurdle(hurdle)?;
            Ok([loan.net_income(), loan.raroc(), loan.eva(hurdle), loan.break_even_rate(hurdle)])
        })
    }
}

impl Input for Year {
    type Answer = YearAnswer;

    fn answer(self) -> Result<YearAnswer> {
        let Year { loan, hurdle } = self;
        loan.validate()?;
        loan.check_hurdle(hurdle)?;
        Ok(YearAnswer {
            net_income: loan.net_income(),
            raroc: loan.raroc(),
            eva: loan.eva(hurdle),
            break_even_rate: loan.break_even_rate(hurdle),
            waterfall: loan.waterfall(hurdle),
        })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LifetimePrice {
    terms: LifetimeTerms,
    hurdle: f64,
}

/// The break-even rates, and what the lowest earns and is made of.
#[derive(Serialize)]
struct LifetimePriceAnswer {
    solution: RateSolution,
    at: Option<LifetimeReturn>,
    waterfall: Option<Waterfall>,
}

impl Input for LifetimePrice {
    type Answer = LifetimePriceAnswer;

    fn answer(self) -> Result<LifetimePriceAnswer> {
        let loan = Lifetime::new(&self.terms, self.hurdle)?;
        let solution = loan.break_even_rate()?;
        let rate = solution.rate();
        let at = rate.map(|rate| loan.at(rate)).transpose()?;
        Ok(LifetimePriceAnswer { solution, at, waterfall: rate.map(|rate| loan.waterfall(rate)).transpose()? })
    }
}

impl ByColumns for LifetimePrice {
    const FIGURES: &'static [&'static str] = LifetimeTerms::COLUMNS;

    fn columns(self, given: Given<'_>, threads: Threads) -> Result<Columns> {
        let found = self.terms.price_batch(&given.batch()?, self.hurdle, threads)?;
        let solutions = found.solutions.into_iter().map(f64::from).collect();
        let numbers = vec![("rate", found.rate), ("raroc", found.raroc), ("solutions", solutions)];
        Ok(Columns { numbers, status: found.status, errors: found.errors })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LifetimeAt {
    terms: LifetimeTerms,
    hurdle: f64,
    rate: f64,
}

/// What a loan earns at a rate, and its expected figures month by month.
#[derive(Serialize)]
struct LifetimeAtAnswer {
    at: LifetimeReturn,
    months: Vec<LifetimeMonth>,
}

impl Input for LifetimeAt {
    type Answer = LifetimeAtAnswer;

    fn answer(self) -> Result<LifetimeAtAnswer> {
        let loan = Lifetime::new(&self.terms, self.hurdle)?;
        Ok(LifetimeAtAnswer { at: loan.at(self.rate)?, months: loan.cash_flows(self.rate)? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    curve: FtpCurve,
    months: u32,
}

#[derive(Serialize)]
struct TransferAnswer {
    rate: f64,
}

impl Input for Transfer {
    type Answer = TransferAnswer;

    fn answer(self) -> Result<TransferAnswer> {
        self.curve.validate()?;
        Ok(TransferAnswer { rate: self.curve.rate(self.months) })
    }
}

#[derive(Serialize)]
struct HurdleAnswer {
    hurdle: f64,
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Capm {
    risk_free: f64,
    beta: f64,
    premium: f64,
}

impl Input for Capm {
    type Answer = HurdleAnswer;

    fn answer(self) -> Result<HurdleAnswer> {
        Ok(HurdleAnswer { hurdle: capm_hurdle(self.risk_free, self.beta, self.premium)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Equity {
    amount: f64,
    rate: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weighted {
    common: Equity,
    preferred: Equity,
}

impl Input for Weighted {
    type Answer = HurdleAnswer;

    fn answer(self) -> Result<HurdleAnswer> {
        let pair = |equity: &Equity| (equity.amount, equity.rate);
        Ok(HurdleAnswer { hurdle: weighted_hurdle([pair(&self.common), pair(&self.preferred)])? })
    }
}
