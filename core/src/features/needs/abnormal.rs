//! Outflows beyond all custom.

use super::super::month::Month;
use super::history::History;
use super::settings::AbnormalOutflowSettings;
use super::{Judged, Need, NeedEvidence, NeedFigures, NeedKind, NeedWindow, enough};
use crate::data::Date;
use crate::math::median;

/// A year to compare with, and the month that is judged.
const NEEDED: usize = 13;

/// At most this many months before the last one are compared with.
const MONTHS_BACK: usize = 24;

/// How long the gap that it tears is taken to last, in days.
const WINDOW: i32 = 30;

/// Something looked at, and what it is compared with.
struct Case {
    outflow: f64,
    date: Date,
    single: bool,
    recent: usize,
    /// Rising.
    earlier: Vec<f64>,
    /// Nothing below this is abnormal, because a year ago the like was seen.
    known: f64,
}

/// The largest of the recent outflows against those of the two years before; and if that is none, the last completed month against
/// the months before.
pub(super) fn judge(history: &History<'_>, settings: &AbnormalOutflowSettings) -> Judged {
    enough(history.months, NEEDED)?;
    Ok(single(history, settings).and_then(|case| need(history, settings, case)).or_else(|| {
        let case = month(history, settings)?;
        need(history, settings, case)
    }))
}

fn single(history: &History<'_>, settings: &AbnormalOutflowSettings) -> Option<Case> {
    let after = Date::from_days(history.as_of.days().saturating_sub(settings.recent_days as i32));
    let from = history.current().after(-(MONTHS_BACK as i32)).first_day();
    let (mut recent, mut earlier) = (0, Vec::new());
    let mut largest: Option<(f64, Date)> = None;
    for (date, outflow) in history.single_outflows() {
        if date > after {
            recent += 1;
            // Of equal ones the later.
            let larger = |(most, day): (f64, Date)| outflow > most || (outflow == most && date > day);
            largest = if largest.is_none_or(larger) { Some((outflow, date)) } else { largest };
        } else if date >= from {
            earlier.push((date, outflow));
        }
    }
    let (outflow, date) = largest?;
    let year_ago = Month::of(date).after(-12);
    let known = earlier.iter().filter(|(day, _)| Month::of(*day) == year_ago).map(|(_, outflow)| *outflow).fold(0.0, f64::max);
    let mut earlier: Vec<f64> = earlier.into_iter().map(|(_, outflow)| outflow).collect();
    earlier.sort_unstable_by(f64::total_cmp);
    Some(Case { outflow, date, single: true, recent, earlier, known: settings.ratio * known })
}

fn month(history: &History<'_>, settings: &AbnormalOutflowSettings) -> Option<Case> {
    let outflows = history.outflows(&[]);
    let (last, before) = outflows.split_last()?;
    let known = *before.get(before.len().checked_sub(12)?)?;
    let mut earlier = before.get(before.len().saturating_sub(MONTHS_BACK)..)?.to_vec();
    earlier.sort_unstable_by(f64::total_cmp);
    let date = history.current().after(-1).last_day();
    Some(Case { outflow: *last, date, single: false, recent: 1, earlier, known: settings.ratio * known })
}

fn need(history: &History<'_>, settings: &AbnormalOutflowSettings, case: Case) -> Option<Need> {
    let Case { outflow, date, single, recent, earlier, known } = case;
    let centre = median(&earlier)?;
    let mut away: Vec<f64> = earlier.iter().map(|one| (one - centre).abs()).collect();
    away.sort_unstable_by(f64::total_cmp);
    let deviation = median(&away)?;
    let threshold = (centre + settings.deviations * deviation).max(settings.ratio * centre).max(known);
    let as_large = earlier.len() - earlier.partition_point(|one| *one < outflow);
    let chance = recent as f64 * (1 + as_large) as f64 / (earlier.len() + 1) as f64;
    let confidence = 1.0 - chance.min(1.0);
    if outflow <= threshold || confidence < settings.min_confidence {
        return None;
    }
    let what = if single {
        format!("one outflow of {outflow:.2} on {date}")
    } else {
        format!("outflows of {outflow:.2} in {}", Month::of(date))
    };
    let than = if single { "single outflows" } else { "months" };
    let text = format!(
        "{what}, where the {} earlier {than} had a median of {centre:.2} with a median deviation of {deviation:.2}; {as_large} of them \
         were as large",
        earlier.len(),
    );
    let figures = NeedFigures::AbnormalOutflow {
        outflow,
        date,
        single,
        median: centre,
        deviation,
        earlier: earlier.len() as u32,
        as_large: as_large as u32,
        recent: recent as u32,
    };
    Some(Need {
        kind: NeedKind::AbnormalOutflow,
        amount: outflow - centre,
        window: NeedWindow { from: history.as_of, to: Date::from_days(history.as_of.days().saturating_add(WINDOW)) },
        confidence,
        evidence: NeedEvidence { text, figures },
    })
}
