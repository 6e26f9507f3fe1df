use super::*;
use crate::model::config::{Action, Criterion, Direction, Method, ModelConfig, Penalty, SelectionConfig};
use crate::model::newton::tests::{Rows, sample};
use crate::model::{Newton, Progress, penalised};

const VARIABLES: usize = 8;

/// Null model, optimum and five folds of seeded rows of which three variables out of eight matter.
struct Case {
    null: Quadratic,
    full: Quadratic,
    folds: Vec<Quadratic>,
}

fn case() -> Case {
    let rows: Rows = sample(20_000, VARIABLES);
    let all: Vec<usize> = (0..VARIABLES).collect();
    let newton = rows.newton(ModelConfig::default());
    let null = newton.quadratic(&rows.sums(&all, newton.beta(), |_| true)).unwrap();
    let (_, full) = rows.fit(newton).unwrap();
    let part = |fold: usize| rows.sums(&all, full.beta(), |block| block % 5 == fold);
    let folds = (0..5).map(|fold| Quadratic::new(full.variables.clone(), full.beta.clone(), &part(fold)).unwrap()).collect();
    Case { null, full, folds }
}

fn config(method: Method) -> ModelConfig {
    let selection = SelectionConfig { method, signs: Action::Flag, ..SelectionConfig::default() };
    ModelConfig { selection, ..ModelConfig::default() }
}

/// A quadratic of two variables that correlate `r`, with standard deviation 1 and mean 0 on 100 rows of curvature ¼.
fn pair(names: [&str; 2], r: f64, beta: [f64; 2]) -> Quadratic {
    let sums = [100.0, -60.0, 0.0, 0.0, 0.0, 25.0, 0.0, 0.0, 25.0, 25.0 * r, 25.0];
    Quadratic::new(names.map(String::from).to_vec(), vec![0.0, beta[0], beta[1]], &sums).unwrap()
}

/// The conditions of Karush, Kuhn and Tucker, which the minimum of a convex function and nothing else meets.
#[test]
fn the_elastic_net_meets_the_conditions_of_a_minimum() {
    let Case { null, full, .. } = case();
    let centred = null.centred();
    let deviation: Vec<f64> = (0..VARIABLES).map(|j| (centred[[j, j]] / null.information[[0, 0]]).sqrt()).collect();
    let free: Vec<bool> = (0..VARIABLES).map(|j| j == 5).collect();
    let mut zeros = 0;
    for (lambda, alpha) in [(1e-4, 1.0), (0.003, 1.0), (0.01, 0.5), (0.03, 0.9), (0.1, 0.2), (10.0, 0.5)] {
        let beta = penalised(&null, &full, &free, lambda, alpha);
        let linear = full.linear();
        let slope = |j: usize| linear[j] - full.information.row(j).iter().zip(&beta).map(|(i, b)| i * b).sum::<f64>();
        assert!(slope(0).abs() < 1e-6 * full.rows);
        for j in 0..VARIABLES {
            let gamma = beta[j + 1] * deviation[j];
            let pull = slope(j + 1) / (deviation[j] * full.rows);
            if free[j] {
                assert!(pull.abs() < 1e-9, "{j}");
            } else if gamma == 0.0 {
                zeros += 1;
                assert!(pull.abs() <= lambda * alpha + 1e-9, "{j}");
            } else {
                assert!((pull - lambda * (alpha * gamma.signum() + (1.0 - alpha) * gamma)).abs() < 1e-9, "{j}");
            }
        }
    }
    assert!(zeros > 10);
}

#[test]
fn the_path_begins_empty_and_cross_validation_finds_what_matters() {
    let Case { null, full, folds } = case();
    let method = |penalty| Method::ElasticNet { alpha: 0.9, folds: 5, penalty };
    let sparse = select(Some(&null), &full, &folds, &config(method(Penalty::OneStandardError))).unwrap();
    assert_eq!(sparse.kept, [0, 1, 2]);
    assert_eq!((sparse.penalties.len(), sparse.penalties[0].variables), (100, 0));
    assert!(sparse.penalties[1].variables > 0);
    assert!(sparse.left.iter().all(|finding| finding.stage == Stage::ElasticNet && finding.figure.is_some()));
    let best = select(Some(&null), &full, &folds, &config(method(Penalty::Best))).unwrap();
    assert!(best.kept.len() > sparse.kept.len());
    // Without folds, or with folds of another point, nothing is chosen.
    assert!(select(Some(&null), &full, &[], &config(method(Penalty::Best))).is_err());
    let mut moved = folds.clone();
    moved[0].beta[1] += 1e-9;
    assert!(select(Some(&null), &full, &moved, &config(method(Penalty::Best))).is_err());
}

/// The parts of a pass give back the whole.
#[test]
fn folds_add_up() {
    let Case { full, folds, .. } = case();
    let rest = folds.iter().try_fold(full.clone(), |rest, fold| rest.without(fold)).unwrap();
    assert_eq!(rest.rows, 0.0);
    assert!(rest.log_likelihood.abs() < 1e-9 && rest.information.iter().all(|entry| entry.abs() < 1e-9));
}

/// Every step against the log-likelihoods of all neighbouring sets, each by its own decomposition.
#[test]
fn every_step_is_the_best_of_all_neighbours() {
    let full = case().full;
    let chi2_of = |from: &[usize], to: &[usize]| {
        2.0 * (full.optimum(to).unwrap().log_likelihood - full.optimum(from).unwrap().log_likelihood)
    };
    let with = |set: &[usize], j: usize| set.iter().copied().chain([j]).collect::<Vec<usize>>();
    let but = |set: &[usize], j: usize| set.iter().copied().filter(|&k| k != j).collect::<Vec<usize>>();
    for (direction, criterion) in [
        (Direction::Forward, Criterion::Aic),
        (Direction::Backward, Criterion::Bic),
        (Direction::Both, Criterion::PValue { enter: 0.3, leave: 0.4 }),
    ] {
        let selected = select(None, &full, &[], &config(Method::Stepwise { direction, criterion })).unwrap();
        let mut set: Vec<usize> = if direction == Direction::Backward { (0..VARIABLES).collect() } else { Vec::new() };
        for step in &selected.steps {
            let moved = full.variables.iter().position(|name| *name == step.variable).unwrap();
            let gains: Vec<(usize, f64)> = if step.entered {
                (0..VARIABLES).filter(|j| !set.contains(j)).map(|j| (j, chi2_of(&set, &with(&set, j)))).collect()
            } else {
                set.iter().map(|&j| (j, -chi2_of(&but(&set, j), &set))).collect()
            };
            let best = gains.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a }).unwrap();
            assert_eq!(best.0, moved);
            assert!((best.1.abs() - step.chi2).abs() < 1e-6 * (1.0 + step.chi2), "{best:?} {step:?}");
            set = if step.entered { with(&set, moved) } else { but(&set, moved) };
        }
        set.sort_unstable();
        assert_eq!(set, selected.kept);
        assert!(set.starts_with(&[0, 1, 2]), "{set:?}");
        assert_eq!(selected.left.len() + selected.kept.len(), VARIABLES);
    }
}

#[test]
fn forced_variables_stay_and_the_card_stays_short() {
    let full = case().full;
    let mut settings = config(Method::Stepwise { direction: Direction::Both, criterion: Criterion::Bic });
    settings.selection.forced_in = vec!["x6".into()];
    settings.max_variables = 3;
    let selected = select(None, &full, &[], &settings).unwrap();
    assert_eq!(selected.kept.len(), 3);
    assert!(selected.kept.contains(&6));
    let surplus: Vec<&Finding> = selected.left.iter().filter(|finding| finding.stage == Stage::MaxVariables).collect();
    assert_eq!(surplus.len(), 1);
    assert!(surplus[0].to_string().contains("is beyond model.max_variables (3): p "), "{}", surplus[0]);
    let start = full.optimum(&selected.kept).unwrap().beta;
    assert_eq!(selected.start, start);
}

#[test]
fn a_sign_against_the_bins_is_named_with_its_neighbour() {
    let null = pair(["age_acct", "tenure"], 0.91, [0.0, 0.0]);
    let full = pair(["age_acct", "tenure"], 0.91, [-1.2, 0.3]);
    let mut settings = ModelConfig::default();
    let selected = select(Some(&null), &full, &[], &settings).unwrap();
    assert_eq!(selected.kept, [0]);
    assert_eq!(selected.left[0].to_string(), "`tenure` has sign against its bins; dropped (correlates 0.91 with `age_acct`)");
    assert_eq!((selected.left[0].stage, selected.left[0].figure), (Stage::Sign, Some(0.3)));
    settings.selection.forced_in = vec!["tenure".into()];
    let forced = select(Some(&null), &full, &[], &settings).unwrap();
    assert_eq!((forced.kept.len(), forced.left.len()), (2, 0));
    assert_eq!(forced.flagged[0].reason, "has sign against its bins; kept (correlates 0.91 with `age_acct`)");
    // Nothing is left of a card whose only variable is upside down.
    let lone = full.subset(&[1]);
    settings.selection.forced_in.clear();
    assert_eq!(select(None, &lone, &[], &settings).unwrap_err().code(), crate::ErrorCode::InsufficientData);
}

#[test]
fn inflation_is_that_of_the_regression_on_the_others() {
    let null = pair(["a", "b"], 0.9, [0.0, 0.0]);
    for vif in null.vif(&[0, 1]).unwrap() {
        assert!((vif - 1.0 / (1.0 - 0.81)).abs() < 1e-12);
    }
    let limit = |max_vif| SelectionConfig { max_vif: Some(max_vif), ..SelectionConfig::default() };
    assert_eq!(screen_redundant(&null, &limit(5.3)).kept, [0, 1]);
    let screening = screen_redundant(&null, &limit(5.2));
    assert_eq!(screening.kept, [0]);
    let reason = "has variance inflation 5.3 above model.selection.max_vif (5.2); correlates 0.90 with `a`";
    assert_eq!(screening.left[0].reason, reason);
    // Forced in, the later one stays and the other gives way.
    let forced = SelectionConfig { forced_in: vec!["b".into()], ..limit(5.2) };
    assert_eq!(screen_redundant(&null, &forced).kept, [1]);
    // One that repeats another has no finite factor.
    let twice = pair(["a", "b"], 1.0, [0.0, 0.0]);
    let screening = screen_redundant(&twice, &limit(5.2));
    assert_eq!(screening.left[0].to_string(), "`b` is given exactly by the others; correlates 1.00 with `a`");
    assert_eq!(screening.left[0].figure, None);
    let error = twice.vif(&[0, 1]).unwrap_err();
    assert_eq!(error.problems()[0].what, "`b` repeats `a`");
}

#[test]
fn clusters_keep_the_first_and_constants_are_dropped() {
    let rows = sample(5_000, 4);
    let codes: Vec<u8> = rows.codes[0].iter().enumerate().map(|(row, &code)| if row % 50 == 0 { 0 } else { code }).collect();
    let constant = vec![2; codes.len()];
    let twin =
        Rows { codes: [&rows.codes[..3], &[codes, constant]].concat(), woe: [&rows.woe[..3], &rows.woe[..2]].concat(), ..rows };
    let newton = twin.newton(ModelConfig::default()).from_null();
    let mut at = newton.clone();
    let Progress::Null(null) = at.advance(&twin.sums(&[0, 1, 2, 3, 4], newton.beta(), |_| true)).unwrap() else { panic!() };
    let selection = SelectionConfig { max_correlation: Some(0.8), max_vif: Some(20.0), ..SelectionConfig::default() };
    let screening = screen_redundant(&null, &selection);
    assert_eq!(screening.kept, [0, 1, 2]);
    assert_eq!((screening.left[0].stage, screening.left[0].with.as_deref()), (Stage::Correlation, Some("x0")));
    assert_eq!(screening.left[1].to_string(), "`x4` has the same weight of evidence in every row");
    // The correlation is the plain one of the weights of evidence.
    let x = |j: usize| twin.codes[j].iter().map(|&code| twin.woe[j][usize::from(code)]).collect::<Vec<f64>>();
    let (a, b) = (x(0), x(3));
    let n = a.len() as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let covariance = |x: &[f64], y: &[f64]| {
        let (mx, my) = (mean(x), mean(y));
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / n
    };
    let plain = covariance(&a, &b) / (covariance(&a, &a) * covariance(&b, &b)).sqrt();
    assert!((null.correlation()[[0, 3]] - plain).abs() < 1e-12);
    // The search goes on with the kept ones, from one Newton step.
    let next: Newton = at.restrict(&screening.kept, &null).unwrap();
    assert_eq!(next.beta(), null.optimum(&screening.kept).unwrap().beta);
}

#[test]
fn screening_by_information_value_gives_reasons() {
    let names = ["a", "b", "c", "d", "e"].map(String::from);
    let iv = [0.01, 0.3, 0.9, 0.005, 0.2];
    let mut settings = ModelConfig::default();
    settings.selection.max_iv = Some(0.5);
    settings.selection.forced_in = vec!["d".into()];
    settings.selection.forced_out = vec!["e".into()];
    let screening = screen_iv(&names, &iv, &settings).unwrap();
    assert_eq!(screening.kept, [2, 1, 3]);
    let left: Vec<String> = screening.left.iter().map(Finding::to_string).collect();
    assert_eq!(left, ["`a` has information value 0.01 below model.min_iv (0.02)", "`e` is listed in model.selection.forced_out"]);
    let flagged: Vec<&str> = screening.flagged.iter().map(|finding| finding.variable.as_str()).collect();
    assert_eq!(flagged, ["c", "d"]);
    settings.selection.suspicious = Action::Drop;
    assert_eq!(screen_iv(&names, &iv, &settings).unwrap().kept, [1, 3]);
    settings.selection.forced_in = vec!["z".into()];
    assert_eq!(screen_iv(&names, &iv, &settings).unwrap_err().code(), crate::ErrorCode::InvalidConfig);
    // More than one regression takes: the forced one stays, and the order is that of the information value.
    let names: Vec<String> = (0..200).map(|j| format!("v{j}")).collect();
    let iv: Vec<f64> = (0..200).map(|j| 1.0 - f64::from(j) / 1e3).collect();
    let mut settings = ModelConfig::default();
    settings.selection.forced_in = vec!["v199".into()];
    let screening = screen_iv(&names, &iv, &settings).unwrap();
    assert_eq!((screening.kept.len(), screening.kept[127], screening.left.len()), (128, 199, 72));
    assert!(screening.left.iter().all(|finding| finding.stage == Stage::Candidates));
}
