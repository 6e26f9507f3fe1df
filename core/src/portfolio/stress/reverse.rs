//! The least part of a shock that takes the book below its hurdle.

use serde::Serialize;

use super::book::{BookFigures, StressPolicy, StressedExposure};
use super::shock::Shock;
use crate::error::{Error, Problem, Result};
use crate::math::find_root;

/// Parts of the shock that are looked at.
const STEPS: u32 = 64;

/// How much of a shock a book bears.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReverseStress {
    /// The hurdle is missed without a shock.
    Broken {
        /// The figures.
        figures: BookFigures,
    },
    /// It is missed from a part of the shock on.
    Breaks {
        /// The part: 1 is the whole shock.
        severity: f64,
        /// The figures there.
        figures: BookFigures,
    },
    /// It is met up to the largest part that was asked for.
    Holds {
        /// The figures there.
        figures: BookFigures,
    },
}

impl StressPolicy {
    /// The smallest part of a shock, up to `most` times the whole, with which the RAROC of the book falls below the hurdle. Looked
    /// for in 64 steps, then exactly; a dip within one step is not seen.
    ///
    /// # Errors
    /// As [`StressPolicy::stress`]; [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless `most` lies in (0, 100].
    pub fn reverse(&self, book: &[StressedExposure], shock: &Shock, most: f64) -> Result<ReverseStress> {
        self.check(book, shock)?;
        if !(most > 0.0 && most <= 100.0) {
            return Err(Error::config(Problem::new("must lie in (0, 100]", "use for example 3").field("most")));
        }
        let figures = |severity: f64| self.figures(book, &shock.part(severity));
        let margin = |severity: f64| figures(severity).map_or(f64::NAN, |figures| figures.raroc - self.hurdle);
        let mut before = 0.0;
        let first = figures(0.0)?;
        if first.raroc < self.hurdle {
            return Ok(ReverseStress::Broken { figures: first });
        }
        for step in 1..=STEPS {
            let severity = most * f64::from(step) / f64::from(STEPS);
            if figures(severity)?.raroc < self.hurdle {
                let severity = find_root(before, severity, 1e-12, margin).unwrap_or(severity);
                return Ok(ReverseStress::Breaks { severity, figures: figures(severity)? });
            }
            before = severity;
        }
        Ok(ReverseStress::Holds { figures: figures(most)? })
    }
}
