//! Outflows on a new, higher level.

use super::super::month::{mean, squares};
use super::history::History;
use super::settings::StepUpSettings;
use super::{Judged, Need, NeedEvidence, NeedFigures, NeedKind, NeedWindow, enough};
use crate::math::beta_sf;

/// Months on the new level, and months before it.
const RECENT: usize = 3;
const EARLIER: usize = 12;

/// Degrees of freedom of two samples with one variance.
const DEGREES: f64 = (RECENT + EARLIER - 2) as f64;

/// Least standard error, as a share of the earlier mean: months that are all alike are not infinitely sure.
const LEAST_ERROR: f64 = 0.01;

/// Student's two-sample test with pooled variance, so that one odd month among the last three widens the error it is
/// measured in; and the same months a year earlier, so that a season is not taken for a step.
pub(super) fn judge(history: &History<'_>, settings: &StepUpSettings) -> Judged {
    enough(history.months, RECENT + EARLIER)?;
    let outflows = history.outflows(&[]);
    let used = outflows.get(history.months - RECENT - EARLIER..).unwrap_or_default();
    let (earlier, recent) = used.split_at(EARLIER);
    let (before, now, year_earlier) = (mean(earlier), mean(recent), mean(earlier.get(..RECENT).unwrap_or_default()));
    let variance = (squares(earlier, before) + squares(recent, now)) / DEGREES;
    let error = (variance * (1.0 / RECENT as f64 + 1.0 / EARLIER as f64)).sqrt().max(LEAST_ERROR * before);
    let reached = before > 0.0 && now >= settings.ratio * before && now >= settings.ratio * year_earlier;
    if !reached || now - before < settings.min_distance * error {
        return Ok(None);
    }
    let distance = (now - before) / error;
    let (from, to) = (history.current().after(-((RECENT + EARLIER) as i32)), history.current().after(-1));
    let text = format!(
        "outflows of {} to {to} were {now:.2} a month, after {before:.2} in the 12 months before and {year_earlier:.2} in the \
         same months a year earlier: {distance:.1} standard errors",
        to.after(1 - RECENT as i32),
    );
    let figures =
        NeedFigures::StepUp { recent_mean: now, earlier_mean: before, year_earlier_mean: year_earlier, distance, from, to };
    Ok(Some(Need {
        kind: NeedKind::StepUp,
        amount: (now - before) * RECENT as f64,
        window: NeedWindow { from: history.as_of, to: history.current().after(RECENT as i32 - 1).last_day() },
        confidence: student_cdf(distance),
        evidence: NeedEvidence { text, figures },
    }))
}

/// P(T ≤ t) for t ≥ 0: 1 − ½ I_{ν/(ν + t²)}(ν/2, ½) (Abramowitz & Stegun 26.7.1), with the upper tail of the mirrored beta.
fn student_cdf(t: f64) -> f64 {
    1.0 - 0.5 * beta_sf(t * t / (DEGREES + t * t), 0.5, DEGREES / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_with_13_degrees_of_freedom() {
        // Quantiles of the table: t(0.95) = 1.7709, t(0.975) = 2.1604, t(0.995) = 3.0123, t(0.999) = 3.8520.
        for (t, p) in [(0.0, 0.5), (1.7709, 0.95), (2.1604, 0.975), (3.0123, 0.995), (3.8520, 0.999)] {
            assert!((student_cdf(t) - p).abs() < 1e-5, "{t}");
        }
    }
}
