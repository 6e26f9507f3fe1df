//! What is asked of a calibration, and how it is learnt.

use serde::{Deserialize, Serialize};

use super::level::{central_tendency_shift, prior_shift};
use super::margin::{MarginCategory, UpperBound};
use super::platt::{isotonic_step, platt_step};
use super::steps::{Calibration, CalibrationStep, Margin};
use crate::data::WEIGHT_UNIT;
use crate::error::{Error, Problem, Problems, Result};
use crate::model::round_significant;
use crate::stats::{Cell, Counts};

/// What is asked of a calibration. By default nothing: the PD is the model's own.
///
/// ```
/// use scoreline::model::{CalibrationConfig, CalibrationLevel};
/// let config = CalibrationConfig { level: CalibrationLevel::LongRun { rate: 0.031 }, floor: Some(0.0005), ..CalibrationConfig::default() };
/// assert!(config.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CalibrationConfig {
    /// The shape. Default [`CalibrationMethod::Model`].
    pub method: CalibrationMethod,
    /// The level. Default [`CalibrationLevel::Sample`].
    pub level: CalibrationLevel,
    /// Margins of conservatism, applied in this order after the level.
    pub margins: Vec<MarginConfig>,
    /// The least PD, in [0, 1), applied last; none by default. An isotonic curve needs one.
    pub floor: Option<f64>,
    /// The highest PD of a case that has not defaulted, in (0, 1]; none by default.
    pub cap: Option<f64>,
}

/// The shape of the curve from log-odds to PD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationMethod {
    /// The model's own log-odds.
    #[default]
    Model,
    /// A line in the log-odds, see [`platt_step`].
    Platt,
    /// A rising curve of any shape, see [`isotonic_step`]: for samples with hundreds of events.
    Isotonic,
}

/// The level of the PDs. It is one choice: two would contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CalibrationLevel {
    /// The share of events in the sample.
    #[default]
    Sample,
    /// The mean PD of the sample becomes a long-run average, see [`central_tendency_shift`].
    LongRun {
        /// The average, strictly between 0 and 1.
        rate: f64,
    },
    /// The sample was drawn by outcome; the population has another share of events, see [`prior_shift`].
    Prior {
        /// Share of events in the population, strictly between 0 and 1.
        population: f64,
    },
}

/// A margin that is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarginConfig {
    /// What the margin is for.
    pub category: MarginCategory,
    /// Why, in words for the reader of the file.
    pub reason: String,
    /// How much.
    pub size: MarginSize,
}

/// How large a margin is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum MarginSize {
    /// Added to every PD.
    Add {
        /// In [0, 1].
        pd: f64,
    },
    /// Multiplies every PD.
    Multiply {
        /// 1 or more.
        by: f64,
    },
    /// Added to every PD: the upper bound of the mean PD, given the rows calibrated on, less the mean PD.
    Sampling {
        /// One-sided confidence, in [0.5, 1).
        confidence: f64,
        /// How the bound is taken.
        bound: UpperBound,
    },
}

impl CalibrationConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let share = |share: f64| share > 0.0 && share < 1.0;
        let (field, ok) = match self.level {
            CalibrationLevel::Sample => ("calibration.level", true),
            CalibrationLevel::LongRun { rate } => ("calibration.level.rate", share(rate)),
            CalibrationLevel::Prior { population } => ("calibration.level.population", share(population)),
        };
        problems.require(ok, field, "must lie strictly between 0 and 1", "give the share of events, for example 0.03");
        for (at, margin) in self.margins.iter().enumerate() {
            let field = format!("calibration.margins[{at}]");
            problems.require(!margin.reason.trim().is_empty(), &field, "a margin needs a reason", "say what it is for");
            let (ok, what) = match margin.size {
                MarginSize::Add { pd } => ((0.0..=1.0).contains(&pd), "an added PD must lie in [0, 1]"),
                MarginSize::Multiply { by } => (by >= 1.0 && by.is_finite(), "a factor must be 1 or more"),
                MarginSize::Sampling { confidence, .. } => {
                    ((0.5..1.0).contains(&confidence), "the confidence must lie in [0.5, 1)")
                }
            };
            problems.require(ok, &field, what, "a margin never lowers a PD");
        }
        let floor = self.floor.unwrap_or(0.0);
        problems.require((0.0..1.0).contains(&floor), "calibration.floor", "must lie in [0, 1)", "use for example 0.0005");
        problems.require(
            self.method != CalibrationMethod::Isotonic || floor > 0.0,
            "calibration.floor",
            "an isotonic curve gives a PD of 0 where no event was seen and needs a floor above 0",
            "use for example 0.0005",
        );
        problems.require(
            self.cap.is_none_or(|cap| cap > floor && cap <= 1.0),
            "calibration.cap",
            "must lie above the floor and be at most 1",
            "use for example 0.99, or none",
        );
        problems.into_result()
    }

    /// Learns the calibration from cells of (log-odds of the event, counts). The order of the cells does not matter.
    ///
    /// # Errors
    /// As [`CalibrationConfig::validate`], [`platt_step`], [`isotonic_step`] and [`central_tendency_shift`];
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when there are no rows, or no events and non-events where a prior is replaced.
    pub fn fit(&self, cells: &[Cell]) -> Result<Calibration> {
        self.validate()?;
        let mut cells = cells.to_vec();
        cells.sort_by(|a, b| a.value.total_cmp(&b.value));
        let mut calibration = Calibration::default();
        match self.method {
            CalibrationMethod::Model => {}
            CalibrationMethod::Platt => calibration.steps.push(rounded(platt_step(&cells)?)),
            CalibrationMethod::Isotonic => calibration.steps.push(isotonic_step(&cells)?),
        }
        let mut all = Counts::default();
        cells.iter().for_each(|cell| all.add(cell.counts));
        let shift = match self.level {
            CalibrationLevel::Sample => None,
            CalibrationLevel::LongRun { rate } => Some(central_tendency_shift(&risks(&calibration, &cells), rate)?),
            CalibrationLevel::Prior { population } if all.events > 0 && all.non_events > 0 => {
                Some(prior_shift(all.event_rate(), population)?)
            }
            CalibrationLevel::Prior { .. } => return Err(no_rows()),
        };
        calibration.steps.extend(shift.map(|log_odds| rounded(CalibrationStep::Shift { log_odds })));
        for margin in &self.margins {
            let (add, factor) = match margin.size {
                MarginSize::Add { pd } => (pd, 1.0),
                MarginSize::Multiply { by } => (0.0, by),
                MarginSize::Sampling { confidence, bound } => (sampling(&calibration, &cells, confidence, bound)?, 1.0),
            };
            calibration.steps.push(CalibrationStep::Margin(Margin {
                category: margin.category,
                reason: margin.reason.clone(),
                add,
                factor,
            }));
        }
        calibration.steps.extend(self.cap.map(|pd| CalibrationStep::Cap { pd }));
        calibration.steps.extend(self.floor.map(|pd| CalibrationStep::Floor { pd }));
        Ok(calibration)
    }
}

/// (log-odds after the calibration so far, weight in rows).
fn risks(calibration: &Calibration, cells: &[Cell]) -> Vec<(f64, f64)> {
    cells.iter().map(|cell| (calibration.log_odds(cell.value), cell.counts.total() as f64 * WEIGHT_UNIT)).collect()
}

/// What the upper bound of the mean PD exceeds it by.
fn sampling(calibration: &Calibration, cells: &[Cell], confidence: f64, bound: UpperBound) -> Result<f64> {
    let (mut rows, mut events) = (0.0, 0.0);
    for cell in cells {
        let weight = cell.counts.total() as f64 * WEIGHT_UNIT;
        rows += weight;
        events += weight * calibration.apply(cell.value);
    }
    if !(rows > 0.0 && events.is_finite()) {
        return Err(no_rows());
    }
    Ok(round_significant((bound.of(events.min(rows), rows, confidence) - events / rows).max(0.0)))
}

/// Estimates carry 12 significant digits in the file.
fn rounded(step: CalibrationStep) -> CalibrationStep {
    match step {
        CalibrationStep::Platt { slope, intercept } => {
            CalibrationStep::Platt { slope: round_significant(slope), intercept: round_significant(intercept) }
        }
        CalibrationStep::Shift { log_odds } => CalibrationStep::Shift { log_odds: round_significant(log_odds) },
        other => other,
    }
}

fn no_rows() -> Error {
    let problem = Problem::new("a calibration needs events and non-events", "calibrate on rows that hold both");
    Error::insufficient(problem.field("calibration"))
}
