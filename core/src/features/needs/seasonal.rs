//! Purchases that come back in the same month of every year.

use super::super::month::{Month, mean};
use super::history::History;
use super::settings::SeasonalPeakSettings;
use super::{Judged, MonthFigure, Need, NeedEvidence, NeedFigures, NeedKind, NeedWindow, enough};

/// Earlier peaks of one calendar month.
struct Peaks {
    month: Month,
    found: Vec<(MonthFigure, f64)>,
    confidence: f64,
    /// What a peak took beyond the mean of its year, on average.
    excess: f64,
}

/// The years are the blocks of twelve completed months that end before the current one, so two years suffice and each holds every
/// coming month once. Peaks in neighbouring months are one need.
pub(super) fn judge(history: &History<'_>, settings: &SeasonalPeakSettings) -> Judged {
    let years = history.months / 12;
    enough(history.months, 12 * settings.min_years as usize)?;
    let outflows = history.outflows(&settings.categories);
    let coming = (1..=settings.lead_months as usize).map(|ahead| {
        let found: Vec<(MonthFigure, f64)> = (1..=years)
            .filter_map(|year| {
                let first = history.months.checked_sub(12 * year)?;
                let centre = mean(outflows.get(first..first + 12)?);
                let (amount, month) = (*outflows.get(first + ahead)?, history.start.after((first + ahead) as i32));
                (centre > 0.0 && amount >= settings.ratio * centre).then_some((MonthFigure { month, amount }, centre))
            })
            .collect();
        let confidence = (found.len() + 1) as f64 / (years + 2) as f64;
        let beyond: Vec<f64> = found.iter().map(|(peak, centre)| peak.amount - centre).collect();
        Peaks { month: history.current().after(ahead as i32), confidence, excess: mean(&beyond), found }
    });
    let is_peak = |peaks: &Peaks| peaks.found.len() >= settings.min_years as usize && peaks.confidence >= settings.min_confidence;
    let run: Vec<Peaks> = coming.skip_while(|peaks| !is_peak(peaks)).take_while(is_peak).collect();
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(None) };
    let found: Vec<(MonthFigure, f64)> = run.iter().flat_map(|peaks| peaks.found.iter().copied()).collect();
    let said: Vec<String> =
        found.iter().map(|(peak, centre)| format!("{}: {:.2} (mean month {centre:.2})", peak.month, peak.amount)).collect();
    let text = format!("outflows peaked in {} of {years} years looked at: {}", first.found.len(), said.join(", "));
    let figures = NeedFigures::SeasonalPurchasePeak {
        peaks: found.iter().map(|(peak, _)| *peak).collect(),
        means: found.iter().map(|(_, centre)| *centre).collect(),
        years: years as u32,
    };
    Ok(Some(Need {
        kind: NeedKind::SeasonalPurchasePeak,
        amount: super::super::month::total(run.iter().map(|peaks| peaks.excess)),
        window: NeedWindow { from: first.month.first_day(), to: last.month.last_day() },
        confidence: run.iter().map(|peaks| peaks.confidence).fold(1.0, f64::min),
        evidence: NeedEvidence { text, figures },
    }))
}
