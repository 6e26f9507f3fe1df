use super::*;
use crate::data::WEIGHT_ONE;
use crate::model::{BlockInput, Information};
use crate::stats::ExactSums;

/// Rows as bin codes, with the WoE of each bin.
pub(crate) struct Rows {
    pub(crate) woe: Vec<Vec<f64>>,
    pub(crate) codes: Vec<Vec<u8>>,
    pub(crate) event: Vec<bool>,
    pub(crate) offset: Vec<f64>,
}

impl Rows {
    pub(crate) fn newton(&self, config: ModelConfig) -> Newton {
        let mut counts = Counts::default();
        self.event.iter().for_each(|&event| counts.add_row(event, WEIGHT_ONE));
        Newton::new((0..self.woe.len()).map(|j| format!("x{j}")).collect(), counts, config)
    }

    /// The sums at `beta` over the variables at `columns` and the rows that `wanted` takes by block.
    pub(crate) fn sums(&self, columns: &[usize], beta: &[f64], wanted: impl Fn(usize) -> bool) -> Vec<f64> {
        let woe = columns.iter().map(|&j| self.woe[j].clone()).collect();
        let mut information = Information::new(woe, beta.to_vec());
        let mut sums = ExactSums::new(Information::width(columns.len()));
        let weight = vec![WEIGHT_ONE; BLOCK];
        for (block, start) in (0..self.event.len()).step_by(BLOCK).enumerate().filter(|(block, _)| wanted(*block)) {
            let rows = start..(start + BLOCK).min(self.event.len());
            let codes: Vec<&[u8]> = columns.iter().map(|&j| &self.codes[j][rows.clone()]).collect();
            let offset = self.offset.get(rows.clone()).unwrap_or(&[]);
            let input = BlockInput { codes: &codes, event: &self.event[rows.clone()], weight: &weight[..rows.len()], offset };
            sums.add_all(&information.sums(input)).unwrap();
            assert!(block < 1 << 20);
        }
        sums.values()
    }

    pub(crate) fn fit(&self, mut newton: Newton) -> Result<(Logistic, Quadratic)> {
        let columns: Vec<usize> = newton.variables.iter().map(|name| name[1..].parse().unwrap()).collect();
        loop {
            let stride = newton.stride();
            let sums = self.sums(&columns, newton.beta(), |block| block % stride == 0);
            if let Progress::Fitted(fitted) = newton.advance(&sums)? {
                return Ok(*fitted);
            }
        }
    }
}

fn rows(woe: &[Vec<f64>], codes: &[&[u8]], event: &[bool]) -> Rows {
    let codes = codes.iter().map(|codes| codes.to_vec()).collect();
    Rows { woe: woe.to_vec(), codes, event: event.to_vec(), offset: Vec::new() }
}

fn fit(rows: &Rows) -> Result<Logistic> {
    rows.fit(rows.newton(ModelConfig::default())).map(|fitted| fitted.0)
}

/// One binary variable: the maximum likelihood is the difference of the empirical log-odds, and its
/// variance the sum of the reciprocal cell counts.
#[test]
fn one_binary_variable_has_a_closed_form() {
    let codes: Vec<u8> = [vec![0; 40], vec![1; 60]].concat();
    let event: Vec<bool> = (0..100).map(|row| if row < 40 { row < 10 } else { row < 70 }).collect();
    let model = fit(&rows(&[vec![0.0, 1.0]], &[&codes], &event)).unwrap();
    let (a, b) = ((10.0_f64, 30.0), (30.0_f64, 30.0));
    assert!((model.intercept.value - ln(a.0 / a.1)).abs() < 1e-10);
    assert!((model.coefficients[0].value - (ln(b.0 / b.1) - ln(a.0 / a.1))).abs() < 1e-10);
    let variance = 1.0 / a.0 + 1.0 / a.1 + 1.0 / b.0 + 1.0 / b.1;
    assert!((model.coefficients[0].standard_error - variance.sqrt()).abs() < 1e-6);
    assert!(model.log_likelihood > model.null_log_likelihood);
}

fn problem(error: &Error) -> String {
    assert_eq!(error.code(), crate::ErrorCode::NotConverged);
    assert!(error.convergence().is_some());
    error.problems()[0].what.clone()
}

#[test]
fn dependent_variables_are_named() {
    let codes: Vec<u8> = (0..100).map(|row| row % 2).collect();
    let other: Vec<u8> = (0..100).map(|row| row % 5).collect();
    let event: Vec<bool> = (0..100).map(|row| row % 3 == 0).collect();
    let sum: Vec<u8> = codes.iter().zip(&other).map(|(a, b)| a + 2 * b).collect();
    let woe = [
        vec![0.5, -0.5],
        (0..5).map(f64::from).collect(),
        (0..10).map(|code| f64::from(code % 2) - f64::from(code / 2)).collect(),
    ];
    let named = |columns: &[usize], expected: &str| {
        let all: [&[u8]; 3] = [&codes, &other, &sum];
        let woe: Vec<Vec<f64>> = columns.iter().map(|&j| woe[j].clone()).collect();
        let codes: Vec<&[u8]> = columns.iter().map(|&j| all[j]).collect();
        assert_eq!(problem(&fit(&rows(&woe, &codes, &event)).unwrap_err()), expected);
    };
    named(&[0, 1, 0], "`x2` repeats `x0`");
    named(&[0, 1, 2], "`x2` is a linear combination of `x1` and `x0`");
    let constant = vec![3; 100];
    let error = fit(&rows(&woe[1..2], &[&constant], &event)).unwrap_err();
    assert_eq!(problem(&error), "`x0` has the same weight of evidence in every row");
}

#[test]
fn separation_is_named() {
    let codes: Vec<u8> = (0..100).map(|row| row % 4).collect();
    let noise: Vec<u8> = (0..100).map(|row| row / 7 % 2).collect();
    let woe = [vec![-1.0, -0.2, 0.3, 1.0], vec![0.5, -0.5]];
    // Completely, and quasi-completely: bin 1 holds both classes.
    for mixed in [false, true] {
        let event: Vec<bool> =
            codes.iter().enumerate().map(|(row, &code)| code == 0 || (code == 1 && mixed && row % 8 == 1)).collect();
        let error = fit(&rows(&woe, &[&codes, &noise], &event)).unwrap_err();
        assert_eq!(problem(&error), "`x0` separates the classes: its coefficient grows without bound", "{mixed}");
    }
    // Neither alone, but both together.
    let sum: Vec<bool> =
        codes.iter().zip(&noise).map(|(&code, &noise)| woe[0][usize::from(code)] + woe[1][usize::from(noise)] < 0.0).collect();
    let error = fit(&rows(&woe, &[&codes, &noise], &sum)).unwrap_err();
    assert_eq!(problem(&error), "`x0` and `x1` together separate the classes: their coefficients grow without bound");
}

/// A small share of the coefficient moved into the offset: the rest is estimated, to the same likelihood.
#[test]
fn an_offset_enters_the_log_odds() {
    let mut rows = sample(5_000);
    let (plain, _) = rows.fit(rows.newton(ModelConfig::default())).unwrap();
    let woe = &rows.woe[0];
    rows.offset = rows.codes[0].iter().map(|&code| 0.25 - 0.3 * woe[usize::from(code)]).collect();
    let (model, _) = rows.fit(rows.newton(ModelConfig::default()).from_null()).unwrap();
    assert!((model.intercept.value + 0.25 - plain.intercept.value).abs() < 1e-10);
    assert!((model.coefficients[0].value - 0.3 - plain.coefficients[0].value).abs() < 1e-10);
    assert!((model.coefficients[1].value - plain.coefficients[1].value).abs() < 1e-10);
    assert!((model.log_likelihood - plain.log_likelihood).abs() < 1e-9);
    // The null model is the fit of nothing but the intercept.
    let null = rows.sums(&[], &[0.0], |_| true);
    assert!(model.null_log_likelihood > null[1] && model.null_log_likelihood < model.log_likelihood);
    let mut alone = Newton::new(Vec::new(), rows.newton(ModelConfig::default()).counts, ModelConfig::default());
    while let Progress::Pass = alone.advance(&rows.sums(&[], alone.beta(), |_| true)).unwrap() {}
    let best = rows.sums(&[], alone.beta(), |_| true)[1];
    assert!((model.null_log_likelihood - best).abs() < 1e-9);
}

/// Seeded rows of three variables of four bins with an event that depends on them.
pub(crate) fn sample(rows: usize) -> Rows {
    let mut state = 7u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 9_007_199_254_740_992.0
    };
    let woe: Vec<Vec<f64>> =
        (0..3).map(|j| (0..4).map(|bin| (f64::from(bin) - 1.4) * (0.5 + 0.1 * f64::from(j))).collect()).collect();
    let codes: Vec<Vec<u8>> = (0..3).map(|_| (0..rows).map(|_| (next() * 4.0) as u8).collect()).collect();
    let event = (0..rows)
        .map(|row| {
            let eta: f64 = (0..3).map(|j| woe[j][usize::from(codes[j][row])]).sum();
            next() < crate::math::logistic(-1.0 - 0.9 * eta)
        })
        .collect();
    Rows { woe, codes, event, offset: Vec::new() }
}

/// The warm start changes how many passes read all rows, not where they end.
#[test]
fn a_sample_of_blocks_saves_passes_and_nothing_else() {
    let rows = sample(300 * BLOCK + 77);
    let warm = rows.newton(ModelConfig::default());
    assert_eq!(warm.stride(), 4);
    let mut cold = warm.clone();
    cold.phase = Phase::Full;
    let (warm, cold) = (rows.fit(warm).unwrap().0, rows.fit(cold).unwrap().0);
    assert!(warm.iterations < cold.iterations, "{} {}", warm.iterations, cold.iterations);
    for (a, b) in warm.beta().iter().zip(cold.beta()) {
        assert!((a - b).abs() < 1e-11, "{a} {b}");
    }
}

/// A sample without events, or one that a variable separates, must not spoil the fit.
#[test]
fn a_useless_sample_is_left() {
    let mut rows = sample(300 * BLOCK);
    for block in (0..300).step_by(4) {
        rows.event[block * BLOCK..(block + 1) * BLOCK].fill(false);
    }
    let warm = rows.newton(ModelConfig::default());
    let mut cold = warm.clone();
    cold.phase = Phase::Full;
    assert_eq!(rows.fit(warm).unwrap().0, rows.fit(cold).unwrap().0);
}

#[test]
fn rounding_keeps_twelve_digits() {
    assert_eq!(round_significant(0.123_456_789_012_345), 0.123_456_789_012);
    assert_eq!(round_significant(-1.5), -1.5);
}
