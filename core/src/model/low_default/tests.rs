use super::*;
use crate::math::norm_pdf;
use crate::model::golden::cases;

fn fit(method: LowDefaultMethod, grades: &[(u64, u64)]) -> Result<Vec<f64>> {
    let grades: Vec<GradeCounts> = grades.iter().map(|&(obligors, defaults)| GradeCounts { obligors, defaults }).collect();
    LowDefaultConfig { method }.fit(&grades)
}

/// Tables 1 to 4 of Pluto & Tasche (2005): the printed digits and the exact solutions behind them.
#[test]
fn the_tables_of_pluto_and_tasche() {
    let mut seen = 0;
    for case in cases().iter().filter(|case| case["id"].as_str().unwrap().starts_with("PT_")) {
        let counts =
            |name: &str| case["inputs"][name].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect::<Vec<_>>();
        let number = |name: &str| case["inputs"][name].as_f64().unwrap();
        let grades: Vec<(u64, u64)> = counts("n_per_grade").into_iter().zip(counts("defaults")).collect();
        let method = LowDefaultMethod::PlutoTasche { confidence: number("confidence"), correlation: number("rho") };
        let at = ["A", "B", "C"].iter().position(|grade| case["inputs"]["grade"] == *grade).unwrap();
        let pd = fit(method, &grades).unwrap()[at];
        let exact = case["expected"]["pd_upper"].as_f64().unwrap();
        assert!((pd - exact).abs() <= case["tol"]["exact"].as_f64().unwrap(), "{}: {pd} is not {exact}", case["id"]);
        if let Some(printed) = case["expected"]["pd_upper_pct_published"].as_f64() {
            assert!((100.0 * pd - printed).abs() < case["tol"]["published_pp"].as_f64().unwrap() + 1e-9, "{}", case["id"]);
        }
        seen += 1;
    }
    assert_eq!(seen, 60);
}

#[test]
fn the_bayesian_means_and_bounds() {
    for case in cases().iter().filter(|case| case["id"].as_str().unwrap().starts_with("bayes_")) {
        let grade = [(case["inputs"]["n"].as_u64().unwrap(), case["inputs"]["defaults"].as_u64().unwrap())];
        let bound = |confidence| LowDefaultMethod::PlutoTasche { confidence, correlation: 0.0 };
        for (method, name) in [
            (LowDefaultMethod::Neutral, "neutral_uniform_mean"),
            (LowDefaultMethod::Jeffreys, "jeffreys_mean"),
            (bound(0.9), "ub90"),
            (bound(0.75), "ub75"),
        ] {
            assert!((fit(method, &grade).unwrap()[0] - case["expected"][name].as_f64().unwrap()).abs() < 1e-12);
        }
    }
}

/// The defining equation, by a plain sum over a much finer grid and term-by-term binomial probabilities.
#[test]
fn the_bound_meets_its_equation_beyond_the_tables() {
    for (n, k, confidence, rho) in
        [(1_000_u64, 25_u32, 0.9, 0.24), (60, 0, 0.99, 0.6), (5_000, 100, 0.75, 0.04), (30, 12, 0.5, 0.9)]
    {
        let pd = fit(LowDefaultMethod::PlutoTasche { confidence, correlation: rho }, &[(n, u64::from(k))]).unwrap()[0];
        let threshold = crate::math::norm_inv(pd);
        let mut at_most = 0.0;
        for at in -90_000..=90_000 {
            let y = f64::from(at) / 10_000.0;
            let q = crate::math::norm_cdf((threshold - f64::sqrt(rho) * y) / f64::sqrt(1.0 - rho));
            let mut term = crate::math::exp(n as f64 * crate::math::ln(1.0 - q));
            let mut sum = 0.0;
            for j in 0..=k {
                sum += term;
                term *= (n - u64::from(j)) as f64 / f64::from(j + 1) * q / (1.0 - q);
            }
            if sum.is_finite() {
                at_most += sum * norm_pdf(y) / 10_000.0;
            }
        }
        assert!((at_most - (1.0 - confidence)).abs() < 1e-9, "{n} {k} {rho}: {at_most}");
    }
}

#[test]
fn pds_never_fall_and_correlation_costs() {
    // The best grade has all the defaults: the pools alone would let the PDs fall.
    let method = |correlation| LowDefaultMethod::PlutoTasche { confidence: 0.9, correlation };
    let free = fit(method(0.0), &[(100, 5), (100, 0), (1_000, 0)]).unwrap();
    assert!(free.windows(2).all(|pair| pair[0] <= pair[1]) && free[0] > 0.0);
    let bound = fit(method(0.12), &[(100, 5), (100, 0), (1_000, 0)]).unwrap();
    assert!(free.iter().zip(&bound).all(|(free, bound)| free < bound));
    assert_eq!(fit(method(0.12), &[(3, 3)]).unwrap(), [1.0]);
    // Little correlation is as good as none.
    let almost = fit(method(1e-9), &[(800, 3)]).unwrap()[0];
    assert!((almost - fit(method(0.0), &[(800, 3)]).unwrap()[0]).abs() < 1e-6);
}

#[test]
fn bad_counts_and_settings_are_named() {
    let wrong = LowDefaultMethod::PlutoTasche { confidence: 1.0, correlation: 1.0 };
    assert_eq!(fit(wrong, &[(10, 0)]).unwrap_err().problems().len(), 2);
    assert_eq!(fit(LowDefaultMethod::Neutral, &[(10, 11)]).unwrap_err().code(), crate::ErrorCode::InvalidData);
    assert_eq!(fit(LowDefaultMethod::Neutral, &[]).unwrap_err().code(), crate::ErrorCode::InsufficientData);
    assert_eq!(fit(LowDefaultMethod::Neutral, &[(10, 1), (0, 0)]).unwrap_err().code(), crate::ErrorCode::InsufficientData);
    assert_eq!(fit(LowDefaultMethod::Neutral, &[(u64::MAX, 0), (5, 0)]).unwrap_err().code(), crate::ErrorCode::InvalidData);
}
