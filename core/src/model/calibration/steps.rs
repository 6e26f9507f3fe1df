//! The stored steps and how they are applied.

use serde::{Deserialize, Serialize};

use super::margin::MarginCategory;
use crate::error::{Problem, Problems, Result};
use crate::math::{logistic, logit};

/// What turns the log-odds of the event that a model gives into a PD. Without steps the PD is the model's own.
///
/// Every step rises, so the order of two borrowers never turns round.
///
/// ```
/// use scoreline::model::{Calibration, CalibrationStep};
/// // A sample with as many events as non-events, taken from a population with 5 % events.
/// let prior = scoreline::model::prior_shift(0.5, 0.05)?;
/// let calibration = Calibration { steps: vec![CalibrationStep::Shift { log_odds: prior }, CalibrationStep::Floor { pd: 0.0005 }] };
/// let log_odds = scoreline::math::logit(0.30);
/// assert!((calibration.apply(log_odds) - 0.022058823529).abs() < 1e-12);
/// assert_eq!(calibration.apply(-20.0), 0.0005);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The steps, in the order in which they are applied.
    pub steps: Vec<CalibrationStep>,
}

/// One step of a calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CalibrationStep {
    /// Log-odds become `slope · log-odds + intercept` (Platt 2000; his A is −slope and his B is −intercept).
    Platt {
        /// Above 0.
        slope: f64,
        /// Any finite number.
        intercept: f64,
    },
    /// The PD at the log-odds, linear in the log-odds between two knots and constant outside them: the fitted values
    /// at the values of training, and nothing invented in between.
    Isotonic {
        /// At least one; the log-odds rise, the PD does not fall.
        knots: Vec<Knot>,
    },
    /// A constant is added to the log-odds: another prior, or a long-run average.
    Shift {
        /// Any finite number.
        log_odds: f64,
    },
    /// A margin of conservatism.
    Margin(Margin),
    /// The PD is at least this.
    Floor {
        /// In [0, 1].
        pd: f64,
    },
    /// The PD is at most this.
    Cap {
        /// In [0, 1].
        pd: f64,
    },
}

/// A point of an isotonic calibration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knot {
    /// Log-odds of the event.
    pub log_odds: f64,
    /// The PD there, in [0, 1].
    pub pd: f64,
}

/// A margin of conservatism: the PD becomes `factor · PD + add`, and at most 1. It comes after the best estimate and is
/// stored apart from it (EBA/GL/2017/16, section 4.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// What the margin is for.
    pub category: MarginCategory,
    /// Why, in words for the reader of the file.
    pub reason: String,
    /// Added to the PD; 0 or more.
    pub add: f64,
    /// Multiplies the PD first; 1 or more.
    pub factor: f64,
}

/// Between two steps a value is known as log-odds or as PD; it is converted only when a step needs the other.
#[derive(Clone, Copy)]
enum Risk {
    LogOdds(f64),
    Pd(f64),
}

impl Risk {
    fn log_odds(self) -> f64 {
        match self {
            Risk::LogOdds(log_odds) => log_odds,
            Risk::Pd(pd) => logit(pd),
        }
    }

    fn pd(self) -> f64 {
        match self {
            Risk::LogOdds(log_odds) => logistic(log_odds),
            Risk::Pd(pd) => pd,
        }
    }
}

impl Calibration {
    /// The PD at `log_odds`, the model's log-odds of the event; in [0, 1]. It rises with the log-odds and allocates nothing.
    #[must_use]
    pub fn apply(&self, log_odds: f64) -> f64 {
        self.steps.iter().fold(Risk::LogOdds(log_odds), |risk, step| step.apply(risk)).pd()
    }

    /// Log-odds of [`Calibration::apply`]; ±∞ for a PD of 0 or 1.
    #[must_use]
    pub fn log_odds(&self, log_odds: f64) -> f64 {
        self.steps.iter().fold(Risk::LogOdds(log_odds), |risk, step| step.apply(risk)).log_odds()
    }

    /// Whether there are no steps.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Checks every step.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem: a number out of range, knots that do not rise.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        for (at, step) in self.steps.iter().enumerate() {
            let field = format!("calibration.steps[{at}]");
            if let Err((what, remedy)) = step.check() {
                problems.push(Problem::new(what, remedy).field(field));
            }
        }
        problems.into_result()
    }
}

impl CalibrationStep {
    fn apply(&self, risk: Risk) -> Risk {
        match self {
            CalibrationStep::Platt { slope, intercept } => Risk::LogOdds(slope * risk.log_odds() + intercept),
            CalibrationStep::Isotonic { knots } => Risk::Pd(interpolate(knots, risk.log_odds())),
            CalibrationStep::Shift { log_odds } => Risk::LogOdds(risk.log_odds() + log_odds),
            CalibrationStep::Margin(margin) => Risk::Pd((margin.factor * risk.pd() + margin.add).min(1.0)),
            CalibrationStep::Floor { pd } => Risk::Pd(risk.pd().max(*pd)),
            CalibrationStep::Cap { pd } => Risk::Pd(risk.pd().min(*pd)),
        }
    }

    fn check(&self) -> std::result::Result<(), (&'static str, &'static str)> {
        let unit = 0.0..=1.0;
        let (ok, what, remedy) = match self {
            CalibrationStep::Platt { slope, intercept } => (
                *slope > 0.0 && slope.is_finite() && intercept.is_finite(),
                "slope and intercept must be finite and the slope above 0",
                "a slope of 0 or less would turn the order of the borrowers round",
            ),
            CalibrationStep::Isotonic { knots } => (
                !knots.is_empty()
                    && knots.iter().all(|knot| knot.log_odds.is_finite() && unit.contains(&knot.pd))
                    && knots.windows(2).all(|pair| matches!(pair, [a, b] if a.log_odds < b.log_odds && a.pd <= b.pd)),
                "the knots need rising log-odds and PDs in [0, 1] that do not fall",
                "sort the knots and pool those that fall",
            ),
            CalibrationStep::Shift { log_odds } => {
                (log_odds.is_finite(), "the shift must be finite", "give a number such as 0.2")
            }
            CalibrationStep::Margin(margin) => (
                margin.factor >= 1.0 && margin.factor.is_finite() && unit.contains(&margin.add) && !margin.reason.is_empty(),
                "a margin needs a factor of at least 1, an addition in [0, 1] and a reason",
                "use 1 and 0 for no change",
            ),
            CalibrationStep::Floor { pd } | CalibrationStep::Cap { pd } => {
                (unit.contains(pd), "the bound must lie in [0, 1]", "give a PD, for example 0.0005")
            }
        };
        if ok { Ok(()) } else { Err((what, remedy)) }
    }
}

fn interpolate(knots: &[Knot], log_odds: f64) -> f64 {
    let above = knots.partition_point(|knot| knot.log_odds <= log_odds);
    match (above.checked_sub(1).and_then(|below| knots.get(below)), knots.get(above)) {
        (Some(a), Some(b)) => {
            let share = (log_odds - a.log_odds) / (b.log_odds - a.log_odds);
            // Rounding may not carry the value beyond its knots.
            (a.pd + share * (b.pd - a.pd)).clamp(a.pd, b.pd)
        }
        (Some(only), None) | (None, Some(only)) => only.pd,
        (None, None) => f64::NAN,
    }
}
