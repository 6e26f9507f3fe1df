//! The two shapes that are fitted to what happened: Platt's line and the isotonic curve.

use super::steps::{CalibrationStep, Knot};
use crate::data::WEIGHT_UNIT;
use crate::error::{Convergence, Error, Problem, Result};
use crate::math::{exp, isotonic, ln, logistic};
use crate::stats::{Cell, Counts};

/// Fits Platt's line to cells of (log-odds, counts) by maximum likelihood, with his targets (N₊ + 1) / (N₊ + 2) for
/// events and 1 / (N₋ + 2) for non-events in place of 1 and 0, so that it exists under separation too.
///
/// Source: Platt (2000); Newton's method of Lin, Lin & Weng, Machine Learning 68 (2007). Counts are taken in rows.
///
/// ```
/// use scoreline::data::WEIGHT_ONE;
/// use scoreline::model::{CalibrationStep, platt_step};
/// use scoreline::stats::{Cell, Counts};
/// let cell = |value, good, bad| Cell { value, counts: Counts { non_events: good * WEIGHT_ONE, events: bad * WEIGHT_ONE } };
/// let CalibrationStep::Platt { slope, .. } = platt_step(&[cell(-2.0, 90, 10), cell(0.0, 60, 40), cell(2.0, 30, 70)])? else { panic!() };
/// assert!(slope > 0.0 && slope < 1.0);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when a class is absent, when all values are equal, or when
/// events do not become more frequent as the log-odds rise. [`InvalidData`](crate::ErrorCode::InvalidData) for a value that is not finite.
pub fn platt_step(cells: &[Cell]) -> Result<CalibrationStep> {
    let all = both_classes(cells)?;
    let (events, non_events) = (rows(all.events), rows(all.non_events));
    let (high, low) = ((events + 1.0) / (events + 2.0), 1.0 / (non_events + 2.0));
    let targets: Vec<(f64, f64, f64)> = cells
        .iter()
        .map(|cell| {
            let (events, non_events) = (rows(cell.counts.events), rows(cell.counts.non_events));
            (cell.value, events + non_events, events * high + non_events * low)
        })
        .collect();
    // Half the deviance: ln(1 + eᵘ) − t·u summed.
    let loss = |slope: f64, intercept: f64| -> f64 {
        targets
            .iter()
            .map(|&(x, weight, target)| {
                let u = slope * x + intercept;
                weight * (u.max(0.0) + ln(1.0 + exp(-u.abs()))) - target * u
            })
            .sum()
    };
    let (mut slope, mut intercept) = (0.0, ln((events + 1.0) / (non_events + 1.0)));
    let mut best = loss(slope, intercept);
    for iteration in 0..100 {
        let (mut g, mut h) = ([0.0; 2], [0.0; 3]);
        for &(x, weight, target) in &targets {
            let p = logistic(slope * x + intercept);
            let (miss, curvature) = (weight * p - target, weight * p * (1.0 - p));
            g[0] += miss * x;
            g[1] += miss;
            h[0] += curvature * x * x;
            h[1] += curvature * x;
            h[2] += curvature;
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if determinant.is_nan() || determinant <= 1e-12 * h[0] * h[2] {
            return Err(too_little("the log-odds do not vary", "calibrate on rows with different scores"));
        }
        let step = [(h[2] * g[0] - h[1] * g[1]) / determinant, (h[0] * g[1] - h[1] * g[0]) / determinant];
        let mut share = 1.0;
        let mut next = loss(slope - step[0], intercept - step[1]);
        while next > best + 1e-12 * best.abs() && share > 1e-10 {
            share /= 2.0;
            next = loss(slope - share * step[0], intercept - share * step[1]);
        }
        slope -= share * step[0];
        intercept -= share * step[1];
        best = next;
        let size = (step[0].abs() / (1.0 + slope.abs())).max(step[1].abs() / (1.0 + intercept.abs()));
        if size < 1e-12 {
            if slope > 0.0 {
                return Ok(CalibrationStep::Platt { slope, intercept });
            }
            return Err(too_little(
                "events do not become more frequent as the log-odds rise",
                "check the sign of the score, or calibrate on more rows",
            ));
        }
        if iteration == 99 {
            let gradient = g[0].abs().max(g[1].abs());
            return Err(Error::not_converged(
                Convergence { iterations: 100, gradient },
                Problem::new("the calibration line was not found", "look for extreme log-odds").field("calibration"),
            ));
        }
    }
    Err(Error::internal("the iteration of a calibration ended without a result"))
}

/// Fits the isotonic curve to cells of (log-odds, counts) in rising order or not; cells of the same value are pooled first.
/// The knots are the first and the last value of each pool.
///
/// Where a pool holds no event the PD is 0, and where it holds nothing else, 1: a floor (and a cap) belongs behind it.
///
/// # Errors
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when a class is absent,
/// [`InvalidData`](crate::ErrorCode::InvalidData) for a value that is not finite.
pub fn isotonic_step(cells: &[Cell]) -> Result<CalibrationStep> {
    both_classes(cells)?;
    let mut sorted: Vec<Cell> = cells.iter().filter(|cell| cell.counts.total() > 0).copied().collect();
    sorted.sort_by(|a, b| a.value.total_cmp(&b.value));
    let mut pooled: Vec<Cell> = Vec::with_capacity(sorted.len());
    for cell in sorted {
        match pooled.last_mut() {
            Some(last) if last.value == cell.value => last.counts.add(cell.counts),
            _ => pooled.push(cell),
        }
    }
    let points: Vec<(f64, f64)> = pooled.iter().map(|cell| (cell.counts.events as f64, cell.counts.total() as f64)).collect();
    let fitted = isotonic(&points);
    let mut knots: Vec<Knot> = Vec::new();
    for (at, (cell, &pd)) in pooled.iter().zip(&fitted).enumerate() {
        let inside = at > 0 && fitted.get(at - 1) == Some(&pd) && fitted.get(at + 1) == Some(&pd);
        if !inside {
            knots.push(Knot { log_odds: cell.value, pd });
        }
    }
    Ok(CalibrationStep::Isotonic { knots })
}

/// What the cells hold together.
fn both_classes(cells: &[Cell]) -> Result<Counts> {
    if cells.iter().any(|cell| !cell.value.is_finite()) {
        return Err(Error::data(Problem::new("log-odds must be finite", "leave out rows without a score").field("calibration")));
    }
    let mut all = Counts::default();
    cells.iter().for_each(|cell| all.add(cell.counts));
    if all.events == 0 || all.non_events == 0 {
        return Err(too_little("a calibration needs events and non-events", "calibrate on rows that hold both"));
    }
    Ok(all)
}

fn too_little(what: &str, remedy: &str) -> Error {
    Error::insufficient(Problem::new(what, remedy).field("calibration"))
}

fn rows(units: u64) -> f64 {
    units as f64 * WEIGHT_UNIT
}
