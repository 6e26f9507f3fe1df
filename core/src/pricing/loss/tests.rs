use super::*;
use crate::error::ErrorCode;
use crate::math::powi;
use crate::pricing::capital::Seniority;
use crate::pricing::money::Money;
use crate::tier::{After, MigrationMatrix};

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-13 * want.abs().max(1.0), "{got} {want}");
}

#[test]
fn curves_agree_with_each_other() {
    let flat = PdCurve::constant(0.03, 10).unwrap();
    let again = PdCurve::marginal(flat.marginals()).unwrap();
    let mut total = 0.0;
    for year in 0..10 {
        close(flat.survivals()[year], powi(0.97, year as u32 + 1));
        close(again.survivals()[year], flat.survivals()[year]);
        total += flat.marginals()[year];
    }
    close(flat.lifetime(), total);
    // Within a year the hazard is constant: twelve months make the year.
    let months: f64 = (0..12).map(|m| flat.survival_at(f64::from(m) / 12.0) - flat.survival_at(f64::from(m + 1) / 12.0)).sum();
    close(months, 0.03);
    close(flat.survival_at(3.25), powi(0.97, 3) * 0.97f64.sqrt().sqrt());
    assert_eq!((flat.survival_at(-1.0), flat.survival_at(f64::NAN), flat.survival_at(99.0)), (1.0, 1.0, flat.survivals()[9]));
    let gone = PdCurve::conditional(&[0.5, 1.0, 0.2]).unwrap();
    assert_eq!((gone.marginals(), gone.survivals()), (&[0.5, 0.5, 0.0][..], &[0.5, 0.0, 0.0][..]));
    assert_eq!((gone.survival_at(1.5), gone.survival_at(2.5), gone.lifetime()), (0.0, 0.0, 1.0));
    // Monthly hazards leave what the curve leaves, and the price over the life takes them.
    let rising = PdCurve::conditional(&[0.01, 0.03, 0.08]).unwrap();
    let hazards = rising.hazards(36).unwrap();
    let mut alive = 1.0;
    for (month, hazard) in hazards.iter().enumerate() {
        alive *= 1.0 - hazard;
        close(alive, rising.survival_at((month + 1) as f64 / 12.0));
    }
    close(alive, rising.survivals()[2]);
    assert_eq!((rising.hazards(7).unwrap().len(), rising.hazards(7).unwrap()[6]), (7, hazards[0]));
    assert!(rising.hazards(0).is_err() && rising.hazards(37).is_err());
    assert_eq!(gone.hazards(36).unwrap()[12..], [1.0; 24]);
    let text = serde_json::to_string(&gone).unwrap();
    assert_eq!(serde_json::from_str::<PdCurve>(&text).unwrap(), gone);
    assert!(serde_json::from_str::<PdCurve>("[0.7,0.7]").is_err());
}

/// Powers of the matrix by repeated squaring with plain loops, another way than the library goes.
#[test]
fn migration_curves_are_powers_of_the_matrix() {
    let rows = vec![vec![0.90, 0.07, 0.02, 0.01], vec![0.05, 0.85, 0.07, 0.03], vec![0.01, 0.09, 0.75, 0.15]];
    let mut one = rows.clone();
    one.push(vec![0.0, 0.0, 0.0, 1.0]);
    let product = |a: &Vec<Vec<f64>>, b: &Vec<Vec<f64>>| -> Vec<Vec<f64>> {
        (0..4).map(|i| (0..4).map(|j| (0..4).map(|k| a[i][k] * b[k][j]).sum()).collect()).collect()
    };
    let two = product(&one, &one);
    let four = product(&two, &two);
    let eight = product(&four, &four);
    for grade in 0..3 {
        for (years, power) in [(1, &one), (2, &two), (4, &four), (8, &eight)] {
            close(PdCurve::transitions(&rows, grade, years).unwrap().lifetime(), power[grade][3]);
        }
    }
    let mut matrix = MigrationMatrix::new(2).unwrap();
    for (before, after, count) in [
        (0, After::Grade { grade: 0 }, 8),
        (0, After::Grade { grade: 1 }, 1),
        (0, After::Defaulted {}, 1),
        (0, After::Withdrawn {}, 5),
        (1, After::Grade { grade: 1 }, 3),
        (1, After::Defaulted {}, 1),
    ] {
        (0..count).for_each(|_| matrix.add(before, after).unwrap());
    }
    let curve = PdCurve::migration(&matrix, 0, 2).unwrap();
    close(curve.twelve_month(), 0.1);
    close(curve.lifetime(), 0.1 + 0.8 * 0.1 + 0.1 * 0.25);
    let empty = MigrationMatrix::new(2).unwrap();
    assert_eq!(PdCurve::migration(&empty, 0, 2).unwrap_err().code(), ErrorCode::InsufficientData);
}

#[test]
fn all_that_is_wrong_with_a_curve_is_listed() {
    let count = |error: crate::Error| error.problems().len();
    assert_eq!(count(PdCurve::conditional(&[0.1, -0.1, f64::NAN, 2.0]).unwrap_err()), 3);
    assert_eq!(count(PdCurve::constant(0.1, 0).unwrap_err()), 1);
    assert_eq!(count(PdCurve::constant(0.1, usize::MAX).unwrap_err()), 1);
    assert!(PdCurve::marginal(&[0.6, 0.6]).is_err());
    assert_eq!(PdCurve::marginal(&[0.1; 10]).unwrap().lifetime(), 1.0 - PdCurve::marginal(&[0.1; 10]).unwrap().survivals()[9]);
    let rows = [vec![0.9, 0.2, 0.1], vec![1.0, 0.0]];
    assert_eq!(count(PdCurve::transitions(&rows, 2, 0).unwrap_err()), 4);
}

fn recovery() -> Recovery {
    Recovery {
        ead: 100.0,
        collateral: vec![Collateral { value: 60.0, haircut: 0.5, prior_claims: 5.0, cost_rate: 0.2, months: 12.0 }],
        seniority: Seniority::Senior,
        unsecured: UnsecuredRecovery { senior: 0.5, subordinated: 0.1, months: 24.0 },
        discount_rate: 0.25,
        fixed_cost: 2.0,
        floor: 0.0,
        lgd_above_one: false,
    }
}

/// By hand: the collateral brings (30 - 5) x 0.8 = 20, worth 16 today; 80 are left and bring 40 or 8 after two years.
#[test]
fn recoveries_by_hand() {
    let senior = recovery().lgd().unwrap();
    close(senior.collateral, 0.16);
    close(senior.unsecured, 0.40 / 1.5625);
    close(senior.lgd, 1.0 - 0.16 - 0.256 + 0.02);
    let junior = Recovery { seniority: Seniority::Subordinated, ..recovery() };
    close(junior.lgd().unwrap().lgd, 1.0 - 0.16 - 0.08 / 1.5625 + 0.02);
    // More collateral than debt pays the debt and no more; without time nothing is lost but the cost.
    let rich = vec![Collateral { value: 900.0, haircut: 0.1, prior_claims: 0.0, cost_rate: 0.0, months: 0.0 }; 2];
    let paid = Recovery { collateral: rich, ..recovery() }.lgd().unwrap();
    assert_eq!((paid.collateral, paid.unsecured, paid.lgd), (1.0, 0.0, 0.02));
    let floored = Recovery { floor: 0.9, ..recovery() }.lgd().unwrap();
    assert!(floored.floored && floored.lgd == 0.9 && !senior.floored);
}

#[test]
fn a_loss_above_one_needs_a_declaration() {
    let costly = Recovery { collateral: Vec::new(), fixed_cost: 60.0, ..recovery() };
    assert_eq!(costly.lgd().unwrap_err().problems()[0].field.as_deref(), Some("lgd"));
    close(Recovery { lgd_above_one: true, ..costly }.lgd().unwrap().lgd, 1.6 - 0.32);
    let wrong = Recovery {
        ead: 0.0,
        collateral: vec![Collateral { value: -1.0, haircut: 2.0, prior_claims: f64::INFINITY, cost_rate: -0.1, months: -1.0 }],
        discount_rate: f64::NAN,
        floor: 1.5,
        ..recovery()
    };
    // Fixed cost is above the exposure of nothing, too.
    assert_eq!(wrong.lgd().unwrap_err().problems().len(), 9);
}

#[test]
fn guarantees_are_used_where_they_help() {
    let bad = Guarantee { share: 0.3, pd: 0.2, lgd: 0.6 };
    let good = Guarantee { share: 0.7, pd: 0.001, lgd: 0.4 };
    let parts = substitute(0.03, 0.5, &[bad, good]).unwrap();
    assert_eq!(parts.iter().map(|part| part.guarantee).collect::<Vec<_>>(), [Some(1), None]);
    close(parts.iter().map(|part| part.share).sum(), 1.0);
    let whole = substitute(0.03, 0.5, &[Guarantee { share: 1.0, ..good }]).unwrap();
    assert_eq!(whole.len(), 1);
    assert_eq!(substitute(0.03, 0.5, &[good, good]).unwrap_err().problems().len(), 1);
    assert_eq!(substitute(1.03, f64::NAN, &[Guarantee { share: 0.0, pd: -1.0, lgd: 2.0 }]).unwrap_err().problems().len(), 5);
}

/// CRE20.94 to 20.101, CRE32.36.
#[test]
fn exposures_at_default() {
    assert_eq!(ead(0.0, 1_000.0, CommitmentKind::Commitment.ccf()).unwrap(), 400.0);
    assert_eq!(advanced_ead_floor(500.0, 1_500.0, CommitmentKind::Commitment).unwrap(), 700.0);
    assert_eq!(advanced_ead_floor(500.0, 1_500.0, CommitmentKind::UnconditionallyCancellable).unwrap(), 550.0);
    assert_eq!(ead(-1.0, f64::INFINITY, f64::NAN).unwrap_err().problems().len(), 3);
}

#[test]
fn factors_of_defaulted_lines() {
    let lines = [(4.0, 10.0, 7.0), (0.0, 10.0, 12.0), (8.0, 10.0, 6.0), (10.0, 10.0, 11.0), (0.0, 0.0, 3.0)];
    let lines = lines.map(|(drawn, limit, ead)| DefaultedLine { drawn, limit, ead });
    let ccf = DrawdownPool::new(&lines, FactorKind::Ccf).unwrap();
    close(ccf.mean.unwrap(), (0.5 + 1.2 - 1.0) / 3.0);
    close(ccf.pooled.unwrap(), (3.0 + 12.0 - 2.0) / 18.0);
    assert_eq!((ccf.defined, ccf.fully_drawn, ccf.no_limit), (3, 1, 1));
    let leq = DrawdownPool::new(&lines, FactorKind::Leq).unwrap();
    close(leq.mean.unwrap(), (0.5 + 1.0 + 0.0) / 3.0);
    let eadf = DrawdownPool::new(&lines, FactorKind::Eadf).unwrap();
    close(eadf.mean.unwrap(), (0.7 + 1.2 + 0.6 + 1.1) / 4.0);
    assert_eq!((eadf.defined, eadf.fully_drawn, eadf.no_limit), (4, 0, 1));
    let undefined = |at: usize, kind| lines[at].factor(kind).unwrap();
    assert_eq!(undefined(3, FactorKind::Leq), DrawdownFactor::Undefined { reason: Undefined::FullyDrawn });
    assert_eq!(undefined(4, FactorKind::Eadf), DrawdownFactor::Undefined { reason: Undefined::NoLimit });
    let none = DrawdownPool::new(&lines[3..], FactorKind::Ccf).unwrap();
    assert_eq!((none.mean, none.pooled, none.defined), (None, None, 0));
    let wrong = DefaultedLine { drawn: -1.0, ..lines[0] };
    assert_eq!(DrawdownPool::new(&[lines[0], wrong], FactorKind::Ccf).unwrap_err().problems()[0].row, Some(1));
    assert_eq!(DrawdownPool::new(&[], FactorKind::Ccf).unwrap_err().code(), ErrorCode::InsufficientData);
}

fn leg(share: f64, from: f64, to: f64) -> LossLeg {
    LossLeg { name: "x".into(), share, from, to, fee_rate: 0.0 }
}

/// Shares of losses of every size add up to the loss, nobody bears more than the cover, and what is whole stays whole.
#[test]
fn the_parts_of_a_loss_are_the_loss() {
    let money = |minor| Money::new(minor, 2).unwrap();
    let legs = [leg(1.0 / 3.0, 0.0, 1.0), leg(0.5, 0.0, 0.1), leg(2.0 / 3.0, 0.1, 0.37), leg(0.1, 0.5, 0.9)];
    let exposure = 99_991;
    let mut before = vec![0; legs.len()];
    for loss in 0..=exposure {
        let shared = share_loss(money(exposure), money(loss), &legs).unwrap();
        let parts: Vec<i64> = shared.legs.iter().map(|part| part.minor()).collect();
        assert_eq!(shared.kept.minor() + parts.iter().sum::<i64>(), loss);
        for ((part, before), leg) in parts.iter().zip(&before).zip(&legs) {
            let cover = leg.share * (leg.to - leg.from) * exposure as f64;
            assert!(part >= before && *part as f64 <= cover + 1e-6);
        }
        before = parts;
    }
    for units in 1..1_000 {
        let shared = share_loss(money(10 * units), money(10 * units), &[leg(0.7, 0.0, 1.0)]).unwrap();
        assert_eq!((shared.legs[0].minor(), shared.kept.minor()), (7 * units, 3 * units));
    }
    let count = |exposure, loss, legs: &[LossLeg]| share_loss(exposure, loss, legs).unwrap_err().problems().len();
    assert_eq!(count(money(100), money(50), &[leg(0.6, 0.0, 1.0), leg(0.6, 0.2, 0.5)]), 1);
    assert_eq!(count(money(0), Money::new(-1, 3).unwrap(), &[leg(0.0, 0.5, 0.5)]), 5);
}
