//! Annualised rates against published figures, brute force and laws.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::data::Date;
use crate::pricing::{Calendar, DueDays, Money, Repayment, ScheduleTerms};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Every case of the file at its tolerance; the published figures as they are printed.
#[test]
fn golden_apr() {
    let file: Value = serde_json::from_str(include_str!("../../../../tests/golden/apr.json")).unwrap();
    let (mut us, mut eu) = (0, 0);
    for case in file["cases"].as_array().unwrap() {
        let inputs = &case["inputs"];
        let rate = if let Some(amount) = inputs["amount_financed"].as_f64() {
            us += 1;
            let mut flows = vec![UnitFlow { units: 0, fraction: 0.0, amount: -amount }];
            flows.extend(inputs["payments_t_f_amount"].as_array().unwrap().iter().map(numbers).map(|payment| UnitFlow {
                units: payment[0] as u32,
                fraction: payment[1],
                amount: payment[2],
            }));
            reg_z_apr(&flows, inputs["unit_periods_per_year"].as_f64().unwrap()).unwrap()
        } else {
            eu += 1;
            let pairs = inputs["flows_years_amount"].as_array().unwrap().iter().map(numbers);
            eu_apr(&pairs.map(|pair| Flow { time: pair[0], amount: pair[1] }).collect::<Vec<_>>()).unwrap().rate
        };
        for (name, want) in case["expected"].as_object().unwrap() {
            let tol = case["tol"].as_f64().or(case["tol"][name].as_f64()).unwrap();
            assert!((100.0 * rate - want.as_f64().unwrap()).abs() <= tol, "{} {name}: {rate}", case["id"]);
        }
    }
    assert_eq!((us, eu), (7, 9));
}

/// All eleven examples of appendix J (c), from their days: amount, unit-period, first advance, first payment, payments, APR.
#[test]
fn appendix_j_from_days() {
    type Example = (f64, UnitPeriod, &'static str, &'static str, Vec<f64>, &'static str);
    let level = |payment: f64, count: usize| vec![payment; count];
    let odd = |first: &[f64], payment: f64, count: usize, last: &[f64]| [first, &vec![payment; count], last].concat();
    let (month, week) = (|count| UnitPeriod::Months { count }, |count| UnitPeriod::Weeks { count });
    let examples: [Example; 11] = [
        (5_000.0, month(1), "1978-01-10", "1978-02-10", level(230.0, 24), "9.69"),
        (6_000.0, month(1), "1978-02-10", "1978-04-01", level(200.0, 36), "11.82"),
        (5_000.0, UnitPeriod::SemiMonth, "1978-02-23", "1978-03-01", level(219.17, 24), "10.34"),
        (10_000.0, month(3), "1978-05-23", "1978-10-01", level(385.0, 40), "8.97"),
        (500.0, week(1), "1978-03-20", "1978-04-21", level(17.60, 30), "14.96"),
        (5_000.0, month(1), "1978-01-10", "1978-02-10", odd(&[250.0], 230.0, 23, &[]), "10.08"),
        (400.0, week(4), "1978-03-18", "1978-04-20", odd(&[39.50], 38.31, 11, &[]), "28.50"),
        (5_000.0, month(1), "1978-01-10", "1978-02-10", odd(&[], 230.0, 23, &[280.0]), "10.50"),
        (200.0, week(2), "1978-04-03", "1978-04-11", odd(&[], 9.50, 19, &[30.0]), "12.22"),
        (5_000.0, month(1), "1978-01-10", "1978-02-10", odd(&[250.0], 230.0, 22, &[280.0]), "10.90"),
        (8_000.0, month(2), "1978-01-10", "1978-03-01", odd(&[449.36], 465.0, 18, &[200.0]), "7.30"),
    ];
    for (amount, unit, start, first, payments, published) in examples {
        let mut flows = vec![UnitFlow { units: 0, fraction: 0.0, amount: -amount }];
        for (at, payment) in (0u32..).zip(payments) {
            let first = day(first);
            let due = match unit {
                UnitPeriod::Months { count } => first.months_after(count * at),
                // The 1st and the 16th.
                UnitPeriod::SemiMonth => Date::from_days(first.months_after(at / 2).days() + 15 * (at % 2) as i32),
                UnitPeriod::Weeks { count } => Date::from_days(first.days() + 7 * (count * at) as i32),
                UnitPeriod::Days { count } => Date::from_days(first.days() + (count * at) as i32),
            };
            let (units, fraction) = unit.between(day(start), due).unwrap();
            flows.push(UnitFlow { units, fraction, amount: payment });
        }
        let rate = reg_z_apr(&flows, unit.per_year()).unwrap();
        assert_eq!(format!("{:.2}", 100.0 * rate), published, "{unit:?} {start}");
    }
}

/// Single payments (appendix J (b)(5)(v) to (vii)): 1,000 → 1,080 after nine months, 100 days and a year and a half.
#[test]
fn single_payments_and_years() {
    let apr = |unit: UnitPeriod, from: &str, to: &str| {
        let (units, fraction) = unit.between(day(from), day(to)).unwrap();
        let out = UnitFlow { units: 0, fraction: 0.0, amount: -1_000.0 };
        reg_z_apr(&[out, UnitFlow { units, fraction, amount: 1_080.0 }], unit.per_year()).unwrap()
    };
    assert!((apr(UnitPeriod::Months { count: 9 }, "2024-01-31", "2024-10-31") - 0.08 * 12.0 / 9.0).abs() < 1e-12);
    assert!((apr(UnitPeriod::Days { count: 100 }, "2024-01-01", "2024-04-10") - 0.08 * 365.0 / 100.0).abs() < 1e-12);
    let year = UnitPeriod::Months { count: 12 };
    assert_eq!(year.between(day("2023-01-15"), day("2024-07-15")).unwrap(), (1, 0.5));
    assert_eq!(year.between(day("2023-01-15"), day("2024-01-25")).unwrap(), (1, 10.0 / 365.0));
    assert!(UnitPeriod::Days { count: 0 }.between(day("2023-01-15"), day("2024-01-25")).is_err());
    assert!(year.between(day("2024-01-15"), day("2023-01-25")).is_err());
}

/// Two advances: the value of all flows at the rate is nothing, here summed by hand from the general equation.
#[test]
fn several_advances() {
    let at = |units, fraction, amount| UnitFlow { units, fraction, amount };
    let mut flows = vec![at(0, 0.0, -3_000.0), at(1, 0.5, -2_000.0)];
    flows.extend((3..=26).map(|units| at(units, 0.25, 230.0)));
    let i = reg_z_apr(&flows, 12.0).unwrap() / 12.0;
    let worth = |flow: &UnitFlow| flow.amount / ((1.0 + flow.fraction * i) * crate::math::powi(1.0 + i, flow.units));
    assert!(flows.iter().map(worth).sum::<f64>().abs() < 1e-9);
    assert!(i > 0.0 && i < 0.01);
}

#[test]
fn none_and_several_are_named() {
    assert_eq!(irr(&[]).unwrap(), Roots::None);
    assert_eq!(irr(&[100.0, 5.0]).unwrap(), Roots::None);
    assert_eq!(irr(&[0.0, 0.0]).unwrap(), Roots::None);
    // (v − 1)² + 0.01 is never 0, though the signs change twice.
    assert_eq!(irr(&[1.01, -2.0, 1.0]).unwrap(), Roots::None);
    assert_eq!(irr(&[-100.0, 200.0, -100.0]).unwrap(), Roots::One { rate: 0.0 });
    let message = irr(&[-100.0, 230.0, -132.0]).unwrap().one().unwrap_err().to_string();
    assert!(message.contains("several") && message.contains("field 'flows'"));
    assert!(irr(&[1.0]).unwrap().one().unwrap_err().to_string().contains("none"));
    assert!(irr(&[1.0, f64::NAN]).is_err());
    let often: Vec<f64> = (0..70).map(|at| if at % 2 == 0 { -1.0 } else { 1.0 }).collect();
    assert!(irr(&often).is_err());

    let unit = |units, amount| UnitFlow { units, fraction: 0.0, amount };
    let message = reg_z_apr(&[unit(0, -100.0), unit(1, 230.0), unit(2, -132.0)], 12.0).unwrap_err().to_string();
    assert!(message.contains("several"));
    assert!(reg_z_apr(&[unit(0, 100.0)], 12.0).unwrap_err().to_string().contains("none"));
    assert_eq!(reg_z_apr(&[unit(0, -100.0), unit(1, 100.0)], 12.0), Ok(0.0));
    assert!(reg_z_apr(&[unit(0, -100.0), unit(1, f64::INFINITY)], 12.0).is_err());
    assert!(reg_z_apr(&[unit(0, -100.0), unit(1, 110.0)], 0.0).is_err());
    assert!(annualised_irr(&[-100.0, 110.0], 0).is_err());
}

#[test]
fn the_bases_of_the_directive_differ() {
    // Golden figures of 500 on 2012-10-10 repaid by two payments of 270 a month apart.
    let rate = |base: TimeBase| {
        let flow = |date: &str, amount| Flow { time: base.years(day("2012-10-10"), day(date)), amount };
        100.0 * eu_apr(&[flow("2012-10-10", -500.0), flow("2012-11-10", 270.0), flow("2012-12-10", 270.0)]).unwrap().rate
    };
    for (base, want) in [
        (TimeBase::EqualMonths, 85.58507797370699),
        (TimeBase::Days365, 84.63084618180365),
        (TimeBase::Days366, 84.94128073138154),
    ] {
        assert!((rate(base) - want).abs() < 1e-9);
    }
    assert_eq!(TimeBase::Weeks52.years(day("2024-01-01"), day("2024-12-30")), 1.0);
    assert_eq!(TimeBase::EqualMonths.years(day("2024-01-31"), day("2024-02-29")), 1.0 / 12.0);
    assert_eq!(TimeBase::EqualMonths.years(day("2024-02-10"), day("2024-01-31")), -10.0 / 365.0);
}

#[test]
fn a_schedule_has_every_rate() {
    let calendar = Some(Calendar { start: day("2024-01-31"), due: DueDays::default(), day_count: None });
    let plain = ScheduleTerms::new(Money::new(10_000_000, 2).unwrap(), 0.12, 24, Repayment::EqualInstalment);
    let undated = plain.schedule().unwrap();
    assert!((undated.reg_z_apr().unwrap() - 0.12).abs() < 1e-6);
    assert_eq!(undated.eu_apr(TimeBase::EqualMonths).unwrap().percent, 12.7);
    assert!(undated.xirr().unwrap_err().to_string().contains("calendar"));
    let dated = ScheduleTerms { calendar, ..plain }.schedule().unwrap();
    assert!((dated.reg_z_apr().unwrap() - 0.12).abs() < 1e-6);
    assert!((dated.eu_apr(TimeBase::EqualMonths).unwrap().rate - 0.126825).abs() < 1e-6);
    assert!((dated.xirr().unwrap() - 0.1268).abs() < 1e-3);
}

proptest! {
    /// Flows made of known rates: every one is found, and no other.
    #[test]
    fn all_roots_of_a_product_are_found(first in -0.5..0.5f64, gaps in prop::collection::vec(0.05..0.6f64, 0..4)) {
        let mut rates = vec![first];
        for gap in gaps {
            rates.push(rates[rates.len() - 1] + gap);
        }
        // Π ((1 + r)·v − 1) by multiplying out.
        let mut amounts = vec![1.0];
        for rate in &rates {
            let mut next = vec![0.0; amounts.len() + 1];
            for (at, amount) in amounts.iter().enumerate() {
                next[at] -= amount;
                next[at + 1] += (1.0 + rate) * amount;
            }
            amounts = next;
        }
        let found = match irr(&amounts).unwrap() {
            Roots::None => vec![],
            Roots::One { rate } => vec![rate],
            Roots::Several { rates } => rates,
        };
        prop_assert_eq!(found.len(), rates.len());
        for (got, want) in found.iter().zip(&rates) {
            prop_assert!((got - want).abs() < 1e-6, "{} {}", got, want);
        }
    }

    /// A brute count of changes of sign on a fine grid never finds more rates than the answer holds.
    #[test]
    fn no_root_is_missed(amounts in prop::collection::vec(-10i32..=10, 2..9)) {
        let amounts: Vec<f64> = amounts.into_iter().map(f64::from).collect();
        let found = match irr(&amounts).unwrap() {
            Roots::None => 0,
            Roots::One { .. } => 1,
            Roots::Several { rates } => rates.len(),
        };
        let worth = |x: f64| amounts.iter().rev().fold(0.0, |sum, amount| sum / (1.0 + x) + amount);
        let grid: Vec<f64> = (1..8_000).map(|step| worth(f64::from(step) * 0.00125 - 0.99)).collect();
        let crossed = grid.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
        prop_assert!(crossed <= found, "{} {}", crossed, found);
    }
}
