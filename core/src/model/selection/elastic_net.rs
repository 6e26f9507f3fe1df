//! The elastic-net path on the quadratic approximation, with cross-validation over the folds of one pass.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::math::{exp, ln};
use crate::model::config::Penalty;
use crate::model::quadratic::Quadratic;

/// One penalty of the path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyPoint {
    /// The penalty λ, as the loss is −log-likelihood / rows + λ·(α·Σ|γ| + (1 − α)/2·Σγ²) over coefficients γ of variables of
    /// standard deviation 1.
    pub lambda: f64,
    /// Variables whose coefficient is not 0.
    pub variables: usize,
    /// Mean loss per row on the folds left out, −log-likelihood by the approximation.
    pub loss: f64,
    /// Standard error of that mean over the folds.
    pub standard_error: f64,
}

/// Penalties on the path, from the least that leaves nothing in down to a thousandth of it.
const PATH: usize = 100;

/// Coefficients have settled when a sweep moves none by more than this, in units of standard deviations and of the
/// diagonal.
const SETTLED: f64 = 1e-11;

/// Sweeps before a penalty is left as it is: only nearly dependent variables come near it.
const SWEEPS: usize = 20_000;

/// The problem with the intercept profiled out and variables scaled to standard deviation 1:
/// least ½ γ·S·γ − t·γ + λ·penalty.
struct Scaled {
    s: ndarray::Array2<f64>,
    t: Vec<f64>,
}

impl Scaled {
    fn new(quadratic: &Quadratic, deviation: &[f64]) -> Self {
        let linear = quadratic.linear();
        let mut s = quadratic.centred();
        for ((j, k), entry) in s.indexed_iter_mut() {
            *entry /= deviation[j] * deviation[k] * quadratic.rows;
        }
        let i = &quadratic.information;
        let t = deviation
            .iter()
            .enumerate()
            .map(|(j, deviation)| (linear[j + 1] - i[[j + 1, 0]] * linear[0] / i[[0, 0]]) / (deviation * quadratic.rows))
            .collect();
        Scaled { s, t }
    }

    /// Coordinate descent from `gamma` (Friedman, Hastie and Tibshirani 2010). A weight of 0 frees a coefficient of the
    /// penalty, an infinite one holds it at 0.
    fn descend(&self, gamma: &mut [f64], lambda: f64, alpha: f64, weights: &[f64]) {
        for _ in 0..SWEEPS {
            let mut moved = 0.0_f64;
            for j in 0..gamma.len() {
                let diagonal = self.s[[j, j]];
                if weights[j].is_infinite() || diagonal <= 0.0 {
                    continue;
                }
                let bend: f64 = self.s.row(j).iter().zip(gamma.iter()).map(|(s, g)| s * g).sum();
                let pull = self.t[j] - (bend - diagonal * gamma[j]);
                let (absolute, squared) = (lambda * alpha * weights[j], lambda * (1.0 - alpha) * weights[j]);
                let shrunk = (pull.abs() - absolute).max(0.0);
                let next = shrunk.copysign(pull) / (diagonal + squared);
                moved = moved.max((next - gamma[j]).abs() * diagonal.sqrt());
                gamma[j] = next;
            }
            if moved <= SETTLED {
                break;
            }
        }
    }

    /// The least penalty that holds every penalised coefficient at 0.
    fn largest(&self, alpha: f64, weights: &[f64]) -> f64 {
        let mut gamma = vec![0.0; self.t.len()];
        let held: Vec<f64> = weights.iter().map(|&w| if w > 0.0 { f64::INFINITY } else { 0.0 }).collect();
        self.descend(&mut gamma, 0.0, alpha, &held);
        let pull = |j: usize| {
            let bend: f64 = self.s.row(j).iter().zip(&gamma).map(|(s, g)| s * g).sum();
            (self.t[j] - bend).abs() / alpha
        };
        (0..self.t.len()).filter(|&j| weights[j] > 0.0 && weights[j].is_finite()).map(pull).fold(0.0, f64::max)
    }
}

/// Coefficients of the variables (intercept first) that minimise −ℓ̃(β) / rows + λ·(α·Σ|γ| + (1 − α)/2·Σγ²), where ℓ̃ is the
/// quadratic approximation and γ the coefficient times the standard deviation of its variable at `null`.
/// Variables with `free` carry no penalty.
#[must_use]
pub fn penalised(null: &Quadratic, full: &Quadratic, free: &[bool], lambda: f64, alpha: f64) -> Vec<f64> {
    let deviation = deviations(null);
    let weights: Vec<f64> = free.iter().map(|&free| if free { 0.0 } else { 1.0 }).collect();
    let mut gamma = vec![0.0; deviation.len()];
    Scaled::new(full, &deviation).descend(&mut gamma, lambda, alpha, &weights);
    unscaled(full, &gamma, &deviation)
}

/// The path of a search: the chosen coefficients (intercept first) and all penalties tried.
pub(super) struct Path {
    pub(super) beta: Vec<f64>,
    pub(super) lambda: f64,
    pub(super) points: Vec<PenaltyPoint>,
}

/// Runs the path among the variables with `allowed`, and on all rows but those of each fold.
pub(super) fn search(
    null: &Quadratic,
    full: &Quadratic,
    folds: &[Quadratic],
    allowed: &[bool],
    forced: &[bool],
    alpha: f64,
    penalty: Penalty,
) -> Result<Path> {
    let deviation = deviations(null);
    let weight = |(&allowed, &forced): (&bool, &bool)| match (allowed, forced) {
        (_, true) => 0.0,
        (true, false) => 1.0,
        (false, false) => f64::INFINITY,
    };
    let weights: Vec<f64> = allowed.iter().zip(forced).map(weight).collect();
    let whole = Scaled::new(full, &deviation);
    let largest = whole.largest(alpha, &weights);
    let lambdas: Vec<f64> = (0..PATH).map(|i| largest * exp(-ln(1e3) * i as f64 / (PATH - 1) as f64)).collect();
    let along = |scaled: &Scaled, on: &Quadratic| -> Vec<Vec<f64>> {
        let mut gamma = vec![0.0; deviation.len()];
        let mut path = Vec::with_capacity(PATH);
        for &lambda in &lambdas {
            scaled.descend(&mut gamma, lambda, alpha, &weights);
            path.push(unscaled(on, &gamma, &deviation));
        }
        path
    };
    let all = along(&whole, full);
    let mut losses = vec![Vec::new(); PATH];
    for fold in folds {
        let rest = full.without(fold)?;
        for (losses, beta) in losses.iter_mut().zip(along(&Scaled::new(&rest, &deviation), &rest)) {
            losses.push((fold.rows, -fold.value(&beta) / fold.rows));
        }
    }
    let points: Vec<PenaltyPoint> = lambdas
        .iter()
        .zip(&losses)
        .zip(&all)
        .map(|((&lambda, losses), beta)| {
            let (loss, standard_error) = mean(losses);
            PenaltyPoint { lambda, variables: beta[1..].iter().filter(|b| **b != 0.0).count(), loss, standard_error }
        })
        .collect();
    let best = (0..PATH).reduce(|a, b| if points[b].loss < points[a].loss { b } else { a }).unwrap_or(0);
    let limit = points[best].loss + points[best].standard_error;
    let chosen = match penalty {
        Penalty::Best => best,
        Penalty::OneStandardError => points.iter().position(|point| point.loss <= limit).unwrap_or(best),
    };
    Ok(Path { beta: all[chosen].clone(), lambda: lambdas[chosen], points })
}

/// Mean by weight, and its standard error from the spread between the folds.
fn mean(losses: &[(f64, f64)]) -> (f64, f64) {
    let total: f64 = losses.iter().map(|(weight, _)| weight).sum();
    let mean = losses.iter().map(|(weight, loss)| weight * loss).sum::<f64>() / total;
    let spread = losses.iter().map(|(weight, loss)| weight * (loss - mean) * (loss - mean)).sum::<f64>() / total;
    (mean, (spread / (losses.len() as f64 - 1.0)).sqrt())
}

/// Standard deviations at the null model; 1 for a constant variable.
fn deviations(null: &Quadratic) -> Vec<f64> {
    let centred = null.centred();
    let deviation = |j: usize| (centred[[j, j]] / null.information[[0, 0]]).sqrt();
    (0..centred.nrows()).map(|j| if null.varies(j, &centred) { deviation(j) } else { 1.0 }).collect()
}

fn unscaled(quadratic: &Quadratic, gamma: &[f64], deviation: &[f64]) -> Vec<f64> {
    let i = &quadratic.information;
    let slopes: Vec<f64> = gamma.iter().zip(deviation).map(|(gamma, deviation)| gamma / deviation).collect();
    let pull: f64 = slopes.iter().enumerate().map(|(j, slope)| i[[0, j + 1]] * slope).sum();
    std::iter::once((quadratic.linear()[0] - pull) / i[[0, 0]]).chain(slopes).collect()
}
