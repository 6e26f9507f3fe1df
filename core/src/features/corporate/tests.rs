//! Published and computed figures, and the two laws: direct = pipeline by bits, nothing infinite or NaN.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::data::{Field, Kind, Schema, Value};
use crate::error::{Error, ErrorCode};
use crate::expr::{BlockColumn, Scratch};
use crate::features::{Feature, FeaturePlan};

const ROUNDED: AltmanModel = AltmanModel::Z { sales_weight: SalesWeight::Rounded };

/// A company and its year before; the first fifteen items are those of the case `ratios`.
fn company() -> (Statement, Statement) {
    let year = Statement {
        current_assets: Some(500.0),
        inventory: Some(120.0),
        cash: Some(80.0),
        current_liabilities: Some(300.0),
        total_assets: Some(1_200.0),
        total_liabilities: Some(720.0),
        equity: Some(480.0),
        sales: Some(1_500.0),
        cogs: Some(1_050.0),
        ebit: Some(150.0),
        interest: Some(30.0),
        net_income: Some(90.0),
        depreciation: Some(40.0),
        receivables: Some(200.0),
        retained_earnings: Some(260.0),
        fixed_assets: Some(600.0),
        payables: Some(150.0),
        short_term_debt: Some(100.0),
        long_term_debt: Some(300.0),
        operating_cash_flow: Some(120.0),
        funds_from_operations: Some(130.0),
        market_equity: Some(900.0),
        price_index: Some(150.0),
    };
    let prior = Statement {
        sales: Some(1_200.0),
        total_assets: Some(1_000.0),
        total_liabilities: Some(600.0),
        equity: Some(400.0),
        ebit: Some(120.0),
        net_income: Some(60.0),
        receivables: Some(160.0),
        operating_cash_flow: Some(100.0),
        ..Statement::default()
    };
    (year, prior)
}

fn value(name: &str, year: &Statement, prior: Option<&Statement>) -> RatioValue {
    ratios(year, prior).unwrap().into_iter().find(|ratio| ratio.name == name).unwrap().value
}

fn reason(name: &str, year: &Statement) -> MissingReason {
    match value(name, year, None) {
        RatioValue::Missing(reason) => reason,
        RatioValue::Value(x) => panic!("{name} is {x}"),
    }
}

/// The schema that holds two statements under the items' own names.
fn schema() -> Schema {
    Schema { fields: Statement::fields(true) }
}

fn every_feature(config: &OhlsonConfig) -> Vec<Feature> {
    let (schema, fields) = (schema(), BTreeMap::new());
    let mut features = ratio_features(&schema, None, &fields).unwrap();
    features.extend(AltmanModel::ALL.into_iter().map(|model| model.feature(&schema, &fields).unwrap()));
    features.extend(config.features(&schema, &fields).unwrap());
    features
}

#[test]
fn ratios_have_the_golden_values() {
    let (year, prior) = company();
    // The case `ratios`, computed from the definitions; return on equity = margin · turnover · multiplier.
    let golden = [
        ("current_ratio", 1.6666666666666667),
        ("quick_ratio", 1.2666666666666666),
        ("cash_ratio", 0.26666666666666666),
        ("debt_to_assets", 0.6),
        ("debt_to_equity", 1.5),
        ("equity_multiplier", 2.5),
        ("interest_coverage", 5.0),
        ("ebitda", 190.0),
        ("return_on_assets", 0.075),
        ("return_on_equity", 0.1875),
        ("net_margin", 0.06),
        ("asset_turnover", 1.25),
        ("days_sales_outstanding", 48.666666666666664),
        ("days_inventory", 41.714285714285715),
    ];
    // By hand.
    let by_hand = [
        ("operating_cash_flow_ratio", 0.4),
        ("working_capital_to_assets", 1.0 / 6.0),
        ("equity_ratio", 0.4),
        ("long_term_debt_to_capital", 5.0 / 13.0),
        ("net_debt_to_ebitda", 32.0 / 19.0),
        ("retained_earnings_to_assets", 13.0 / 60.0),
        ("ebitda_coverage", 19.0 / 3.0),
        ("debt_service_coverage", 19.0 / 13.0),
        ("cash_flow_to_liabilities", 1.0 / 6.0),
        ("funds_to_debt", 0.325),
        ("fixed_asset_coverage", 1.3),
        ("gross_margin", 0.3),
        ("operating_margin", 0.1),
        ("ebitda_margin", 19.0 / 150.0),
        ("return_on_capital_employed", 1.0 / 6.0),
        ("fixed_asset_turnover", 2.5),
        ("working_capital_turnover", 7.5),
        ("inventory_turnover", 8.75),
        ("days_payable", 365.0 / 7.0),
        ("cash_conversion_cycle", 146.0 / 3.0 + 292.0 / 7.0 - 365.0 / 7.0),
        ("sales_growth", 0.25),
        ("total_assets_growth", 0.2),
        ("equity_growth", 0.2),
        ("ebit_growth", 0.25),
        ("net_income_growth", 0.5),
        ("total_liabilities_growth", 0.2),
        ("receivables_growth", 0.25),
        ("operating_cash_flow_growth", 0.2),
    ];
    let found = ratios(&year, Some(&prior)).unwrap();
    assert_eq!(found.len(), golden.len() + by_hand.len(), "every ratio is checked");
    for (name, want) in golden.into_iter().chain(by_hand) {
        let got = value(name, &year, Some(&prior)).number().unwrap();
        assert!((got - want).abs() < 1e-12 * want.abs().max(1.0), "{name}: {got} is not {want}");
    }
}

#[test]
fn altman_has_the_published_values() {
    let z = |model: AltmanModel, x: &[f64]| model.score_terms(x).unwrap().score;
    // Saunders & Cornett, problem: 2.70 published.
    let saunders = z(ROUNDED, &[0.34, 0.15, 0.0, 0.8, 1.6]);
    assert!((saunders - 2.698).abs() < 1e-12 && (saunders - 2.7).abs() < 0.005);
    // Saunders, variant of the problem, and a published statement of the same exercise.
    assert!((z(ROUNDED, &[0.1, 0.2, 0.2, 0.6, 0.8]) - 2.22).abs() < 1e-12);
    assert!((z(ROUNDED, &[0.1, 0.2, 0.13, 0.65, 0.95]) - 2.169).abs() < 1e-12);
    // Z' = 0.717 X1 + 0.847 X2 + 3.107 X3 + 0.420 X4 + 0.998 X5.
    assert!((z(AltmanModel::ZPrime, &[0.1, 0.2, 0.13, 0.65, 0.95]) - 1.86611).abs() < 1e-12);
    // formiax.com, page on Altman: 11.097 published with 0.999.
    let year = Statement {
        current_assets: Some(4.2e6),
        current_liabilities: Some(0.0),
        total_assets: Some(3.5e6),
        total_liabilities: Some(5e6),
        retained_earnings: Some(8e5),
        ebit: Some(6.5e6),
        sales: Some(8.3e6),
        market_equity: Some(7e6),
        ..Statement::default()
    };
    let found = AltmanModel::default().score(&year).unwrap();
    assert!((found.score - 11.09762857142857).abs() < 1e-12 && (found.score - 11.097).abs() < 0.001);
    assert_eq!((found.zone, found.terms.len(), found.terms[4].weight), (AltmanZone::Safe, 5, 0.999));
    assert_eq!(found.terms[3].contribution, 0.6 * 1.4);
    // EM is Z'' and 3.25.
    let (year, _) = company();
    let (plain, em) = (AltmanModel::ZDoublePrime.score(&year).unwrap(), AltmanModel::Em.score(&year).unwrap());
    assert!((em.score - plain.score - 3.25).abs() < 1e-12 && em.zone == plain.zone && em.intercept == 3.25);
}

#[test]
fn zones_have_their_bounds_in_the_grey() {
    let bounds = [(ROUNDED, 1.81, 2.99), (AltmanModel::ZPrime, 1.23, 2.90), (AltmanModel::ZDoublePrime, 1.10, 2.60)];
    for (model, low, high) in bounds.into_iter().chain([(AltmanModel::Em, 4.35, 5.85)]) {
        assert_eq!([model.zone(low), model.zone(high)], [AltmanZone::Grey; 2]);
        assert_eq!([model.zone(low - 1e-9), model.zone(high + 1e-9)], [AltmanZone::Distress, AltmanZone::Safe]);
    }
}

/// The company of the case `ohlson_healthy` in dollars.
fn healthy() -> (Statement, Statement) {
    let year = Statement {
        total_assets: Some(5e8),
        price_index: Some(150.0),
        total_liabilities: Some(2e8),
        current_assets: Some(1.7e8),
        current_liabilities: Some(8e7),
        net_income: Some(4e7),
        funds_from_operations: Some(6e7),
        ..Statement::default()
    };
    (year, Statement { net_income: Some(3.5e7), ..Statement::default() })
}

#[test]
fn ohlson_has_the_golden_value() {
    let (mut year, mut prior) = healthy();
    let found = OhlsonConfig::default().score(&year, &prior).unwrap();
    assert!((found.score + 6.016039532373685).abs() < 1e-10 && (found.probability - 0.0024333755425662864).abs() < 1e-10);
    // The same company in thousands, with the index in the settings.
    for item in [&mut year.total_assets, &mut year.total_liabilities, &mut year.current_assets, &mut year.current_liabilities] {
        *item = item.map(|x| x / 1e3);
    }
    for item in [&mut year.net_income, &mut year.funds_from_operations, &mut prior.net_income] {
        *item = item.map(|x| x / 1e3);
    }
    year.price_index = None;
    let thousands = OhlsonConfig { price_index: Some(150.0), unit: 1e3 };
    assert!((thousands.score(&year, &prior).unwrap().score - found.score).abs() < 1e-12);
    // Two years of losses and more liabilities than assets.
    (year.net_income, prior.net_income, year.total_liabilities) = (Some(-1.0), Some(-2.0), Some(6e5));
    let terms = thousands.score(&year, &prior).unwrap().terms;
    let flags: Vec<f64> = terms.iter().filter(|term| ["oeneg", "intwo"].contains(&&*term.name)).map(|term| term.value).collect();
    assert_eq!(flags, [1.0, 1.0]);
}

#[test]
fn what_is_missing_has_its_reason() {
    let (mut year, _) = company();
    assert_eq!(
        reason("sales_growth", &year),
        MissingReason::InputMissing { fields: vec!["prior_sales".to_owned()] },
        "without the year before"
    );
    year.interest = Some(0.0);
    assert_eq!(reason("interest_coverage", &year), MissingReason::DenominatorZero { denominator: "interest".to_owned() });
    (year.equity, year.total_liabilities) = (Some(-20.0), Some(1_220.0));
    for name in ["debt_to_equity", "equity_multiplier", "return_on_equity"] {
        assert_eq!(reason(name, &year), MissingReason::NegativeEquity { denominator: "equity".to_owned() });
    }
    year.ebit = Some(-50.0);
    let denominator = "ebit + depreciation".to_owned();
    assert_eq!(reason("net_debt_to_ebitda", &year), MissingReason::DenominatorNegative { denominator });
    (year.sales, year.total_assets) = (Some(1e308), Some(1e-5));
    assert_eq!(reason("asset_turnover", &year), MissingReason::OutOfRange);
    (year.current_assets, year.inventory, year.cash) = (None, Some(f64::NAN), Some(f64::INFINITY));
    let error = ratios(&year, None).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidData, Some("cash")));
    year.cash = None;
    let fields = vec!["current_assets".to_owned(), "inventory".to_owned()];
    assert_eq!(reason("quick_ratio", &year), MissingReason::InputMissing { fields });
}

#[test]
fn scores_name_every_problem_once() {
    let fields =
        |error: Error| -> Vec<String> { error.problems().iter().map(|problem| problem.field.clone().unwrap()).collect() };
    let year = Statement { total_assets: Some(0.0), total_liabilities: Some(1.0), ebit: Some(1.0), ..Statement::default() };
    let error = AltmanModel::ZDoublePrime.score(&year).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidData);
    assert_eq!(fields(error), ["current_assets", "current_liabilities", "retained_earnings", "total_assets", "equity"]);
    let (year, prior) = healthy();
    let still = Statement { net_income: Some(0.0), ..year };
    let error = OhlsonConfig::default().score(&still, &Statement { net_income: Some(0.0), ..prior }).unwrap_err();
    assert_eq!(fields(error), ["ABS(net_income) + ABS(prior_net_income)"]);
    let config = OhlsonConfig { price_index: Some(0.0), unit: f64::NAN };
    assert_eq!(fields(config.score(&year, &prior).unwrap_err()), ["ohlson.price_index", "ohlson.unit"]);
    assert!(ROUNDED.score_terms(&[1.0; 4]).is_err() && AltmanModel::Em.score_terms(&[f64::NAN; 4]).is_err());
    assert!(AltmanModel::ZPrime.score_terms(&[1e308; 5]).is_err());
}

#[test]
fn the_items_are_those_of_the_struct() {
    let named: Vec<(&str, Value)> = ITEMS.iter().zip(1..).map(|(item, i)| (item.name, Value::Number(f64::from(i)))).collect();
    let text = serde_json::to_string(&Statement::from_values(named.clone()).unwrap()).unwrap();
    let expected: Vec<String> = ITEMS.iter().zip(1..).map(|(item, i)| format!("\"{}\":{i}.0", item.name)).collect();
    assert_eq!(text, format!("{{{}}}", expected.join(",")));
    let cells = statement::cells(&Statement::from_values(named).unwrap(), None).unwrap();
    assert!(cells.iter().zip(1..=ITEMS.len()).all(|(cell, i)| *cell == Some(i as f64)));
    let error = Statement::from_values([("sale", Value::Missing), ("cash", Value::Category("12")), ("ebit", Value::Flag(true))]);
    let error = error.unwrap_err();
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidData, 3));
    assert!(error.to_string().contains("did you mean 'sales'?") && !error.to_string().contains("12"));
}

#[test]
fn features_take_the_names_of_the_schema() {
    let fields = BTreeMap::from([("sales".to_owned(), "Net sales".to_owned()), ("prior_sales".to_owned(), "last".to_owned())]);
    let names = ["Net sales", "last", "net_income", "ebit"];
    let mut schema = Schema { fields: names.map(|name| Field::new(name, Kind::Number)).to_vec() };
    let texts: Vec<(String, String)> =
        ratio_features(&schema, None, &fields).unwrap().into_iter().map(|feature| (feature.name, feature.expression)).collect();
    let want = [
        ("operating_margin", "CASE WHEN \"Net sales\" > 0 THEN ebit / \"Net sales\" END"),
        ("net_margin", "CASE WHEN \"Net sales\" > 0 THEN net_income / \"Net sales\" END"),
        ("sales_growth", "CASE WHEN \"last\" > 0 THEN \"Net sales\" / \"last\" - 1 END"),
    ];
    assert_eq!(texts, want.map(|(name, text)| (name.to_owned(), text.to_owned())));
    // A name that the schema has itself is left alone, unless it is asked for.
    schema.fields.push(Field::new("net_margin", Kind::Number));
    assert_eq!(ratio_features(&schema, None, &fields).unwrap().len(), 2);
    // What is asked by name must be there, as a number.
    schema.fields.push(Field::new("interest", Kind::Category));
    let error = ratio_features(&schema, Some(&["interest_coverage", "gross_margin", "net_margn"]), &fields).unwrap_err();
    let said = error.to_string();
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidConfig, 3));
    assert!(said.contains("field 'interest'") && said.contains("field 'cogs'") && said.contains("did you mean 'net_margin'?"));
    let wrong = BTreeMap::from([("turnover".to_owned(), "nowhere".to_owned())]);
    assert_eq!(ratio_features(&schema, None, &wrong).unwrap_err().problems().len(), 2);
    assert_eq!(AltmanModel::ZDoublePrime.feature(&schema, &fields).unwrap_err().problems().len(), 6);
    assert!(OhlsonConfig::default().features(&schema, &fields).is_err());
}

fn bits(x: Option<f64>) -> Option<u64> {
    x.map(f64::to_bits)
}

/// Numbers of all sizes, with the ones that make trouble.
fn amount() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        6 => (-1e6..1e7).prop_map(Some),
        3 => prop_oneof![Just(0.0), Just(-0.0), Just(1.0), Just(-1.0)].prop_map(Some),
        1 => prop_oneof![Just(1e308), Just(-1e308), Just(5e-324), Just(-5e-324), Just(f64::MAX)].prop_map(Some),
        1 => prop_oneof![Just(None), Just(Some(f64::NAN))],
    ]
}

fn statement() -> impl Strategy<Value = Statement> {
    proptest::collection::vec(amount(), ITEMS.len()).prop_map(|amounts| {
        let named = ITEMS.iter().zip(amounts).map(|(item, x)| (item.name, x.map_or(Value::Missing, Value::Number)));
        Statement::from_values(named).unwrap()
    })
}

proptest! {
    #[test]
    fn direct_is_the_pipeline_and_nothing_is_infinite(year in statement(), prior in statement(), index in proptest::option::of(1e-3..1e3)) {
        let config = OhlsonConfig { price_index: index, unit: 1e3 };
        let mut direct: Vec<(String, Option<f64>)> =
            ratios(&year, Some(&prior)).unwrap().into_iter().map(|ratio| (ratio.name, ratio.value.number())).collect();
        for model in AltmanModel::ALL {
            let found = model.score(&year);
            if let Err(error) = &found {
                prop_assert_eq!(error.code(), ErrorCode::InvalidData);
            }
            direct.push((model.name().to_owned(), found.ok().map(|found| found.score)));
        }
        let ohlson = config.score(&year, &prior).ok();
        direct.push(("ohlson_o".to_owned(), ohlson.as_ref().map(|found| found.score)));
        direct.push(("ohlson_pd".to_owned(), ohlson.map(|found| found.probability)));
        prop_assert!(direct.iter().all(|(_, x)| x.is_none_or(f64::is_finite)));

        let plan = FeaturePlan::new(&schema(), &every_feature(&config)).unwrap();
        let cells = statement::cells(&year, Some(&prior)).unwrap();
        let mut row: Vec<Value> = cells.iter().map(|cell| cell.map_or(Value::Missing, Value::Number)).collect();
        let mut columns: Vec<BlockColumn> = row.iter().map(|cell| BlockColumn::of(Kind::Number, [*cell, *cell])).collect();
        let mut scratch = Scratch::default();
        prop_assert_eq!(plan.expressions().len(), direct.len());
        for ((at, expression), (name, want)) in plan.expressions().iter().enumerate().zip(direct) {
            prop_assert_eq!(plan.name(cells.len() + at), &name);
            let number = |value: Value| if let Value::Number(x) = value { Some(x) } else { None };
            let record = expression.program().eval(|slot| row[slot]);
            let block = expression.program().eval_block(2, |slot| &columns[slot], &mut scratch).clone();
            prop_assert_eq!(bits(number(record)), bits(want), "{} by record", &name);
            prop_assert_eq!(bits(number(block.value(1))), bits(want), "{} by column", &name);
            row.push(record);
            columns.push(block);
        }
    }
}
