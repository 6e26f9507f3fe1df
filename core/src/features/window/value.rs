//! From what is remembered to the value of a feature.

use super::cell::{Tally, double};
use super::config::{Aggregate, Window};
use super::history::{Asks, Days, History, Way};
use super::plan::{ResolvedFeature, SourcePlan};
use super::stream::Event;
use crate::data::Date;
use crate::expr::months_between;

/// The value of a feature as of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answer {
    /// NaN when it is missing.
    pub(super) number: f64,
    /// Whether events of the window had to be left out because there were too many.
    pub(super) cut: bool,
}

/// The days from the first, exclusive, to the last; no first for all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: Option<i32>,
    pub(super) to: i32,
}

impl Span {
    /// Whether it ends where `inner` ends and begins no later.
    pub(super) fn goes_on_from(self, inner: Span) -> bool {
        self.to == inner.to && self.from.is_none_or(|from| inner.from.is_some_and(|inner| from <= inner))
    }
}

impl Window {
    /// Something that rises with the days that it reaches back.
    pub(super) fn length(self) -> u32 {
        match self {
            Window::Days { days, lag } => days + lag,
            Window::Months { months, lag } => 30 * (months + lag),
            Window::Events { .. } | Window::All => u32::MAX,
        }
    }

    pub(super) fn span(self, as_of: i32) -> Span {
        let days_before = |days: u32| as_of.saturating_sub(days as i32);
        let months_before = |months: u32| Date::from_days(as_of).months_before(months).days();
        match self {
            Window::Days { days, lag } => Span { from: Some(days_before(days + lag)), to: days_before(lag) },
            Window::Months { months, lag } => Span { from: Some(months_before(months + lag)), to: months_before(lag) },
            Window::Events { .. } | Window::All => Span { from: None, to: as_of },
        }
    }
}

impl SourcePlan {
    /// The answers of all features as of a day, from the streams that `asks` names. `tallies` is room to work in.
    pub(super) fn answers<H: History>(
        &self,
        asks: &Asks,
        streams: &[H],
        as_of: i32,
        tallies: &mut Vec<Tally>,
        mut found: impl FnMut(&ResolvedFeature, Answer),
    ) {
        asks.tally(streams, as_of, tallies);
        for (feature, way) in self.features.iter().zip(&asks.ways) {
            let reader = Reader { feature, way, streams, tallies, most: self.streams[feature.stream].memory.events, as_of };
            found(feature, reader.answer());
        }
    }
}

/// One feature at one day.
struct Reader<'a, H> {
    feature: &'a ResolvedFeature,
    way: &'a Way,
    streams: &'a [H],
    tallies: &'a [Tally],
    /// Single events that the stream keeps.
    most: usize,
    as_of: i32,
}

impl<H: History> Reader<'_, H> {
    fn answer(&self) -> Answer {
        let (resolved, feature, stream) = (self.feature, &self.feature.feature, &self.streams[self.way.stream]);
        let (number, cut) = match feature.window {
            Window::Events { events } => {
                let (known, _) = stream.events(None, self.as_of, self.most);
                let last = &known[known.len().saturating_sub(events as usize)..];
                let by_event = feature.aggregate.by_event();
                (if by_event { resolved.of_events(last) } else { self.of_last(last) }, false)
            }
            window if feature.aggregate.by_event() => {
                let span = window.span(self.as_of);
                let (events, cut) = stream.events(span.from, span.to, self.most);
                (resolved.of_events(events), cut)
            }
            Window::Months { months, lag } if feature.aggregate.by_month() => {
                (resolved.of_months(&by_month(stream, self.as_of, months, lag)), false)
            }
            window => (self.of_days(window), false),
        };
        Answer { number: number.or(feature.empty).unwrap_or(f64::NAN), cut }
    }

    fn of_days(&self, window: Window) -> Option<f64> {
        let days = || Days::of(&self.streams[self.way.stream], window.span(self.as_of));
        let since = |day: i32| f64::from(self.as_of - day);
        match &self.feature.feature.aggregate {
            Aggregate::Recency => days().last().map(since),
            Aggregate::Age => days().first().map(since),
            Aggregate::MonthsSinceMax { .. } => days().last_greatest().map(|day| months_between(day, self.as_of)),
            Aggregate::Share { .. } => ratio(self.tallies[self.way.part_tally].sum, self.tallies[self.way.tally].sum),
            _ => self.feature.of_tally(&self.tallies[self.way.tally]),
        }
    }

    /// What the last events give of an aggregate that days give otherwise.
    fn of_last(&self, events: &[Event]) -> Option<f64> {
        let mut tally = Tally::default();
        events.iter().for_each(|event| tally.add(&Tally::of(event.number)));
        match &self.feature.feature.aggregate {
            Aggregate::Recency => events.last().map(|event| f64::from(self.as_of - event.day)),
            Aggregate::Age => events.first().map(|event| f64::from(self.as_of - event.day)),
            Aggregate::MonthsSinceMax { .. } => {
                let last = events.iter().rev().max_by_key(|event| (event.number, event.day))?;
                Some(months_between(last.day, self.as_of))
            }
            Aggregate::Share { .. } => {
                let first = events.first()?;
                let (part, _) = self.streams[self.way.part?].events(None, self.as_of, usize::MAX);
                let part = &part[part.partition_point(|event| event < first)..];
                ratio(part.iter().map(|event| i128::from(event.number)).sum(), tally.sum)
            }
            _ => self.feature.of_tally(&tally),
        }
    }
}

impl ResolvedFeature {
    /// Whether it is made of the tally of a window.
    pub(super) fn needs_tally(&self) -> bool {
        let other = matches!(self.feature.aggregate, Aggregate::Recency | Aggregate::Age | Aggregate::MonthsSinceMax { .. });
        let apart = self.feature.aggregate.by_event() || self.feature.aggregate.by_month();
        !other && !apart && !matches!(self.feature.window, Window::Events { .. })
    }

    fn of_tally(&self, tally: &Tally) -> Option<f64> {
        let some = tally.count > 0;
        match &self.feature.aggregate {
            Aggregate::Count if some || self.feature.empty.is_none() => Some(tally.count as f64),
            Aggregate::Sum { .. } if some || self.feature.empty.is_none() => Some(double(tally.sum) / self.scale),
            Aggregate::Mean { .. } if some => Some(double(tally.sum) / self.scale / tally.count as f64),
            Aggregate::Min { .. } if some => Some(tally.least as f64 / self.scale),
            Aggregate::Max { .. } if some => Some(tally.greatest as f64 / self.scale),
            Aggregate::StandardDeviation { .. } => tally.variance().map(|variance| variance.sqrt() / self.scale),
            _ => None,
        }
    }

    fn of_events(&self, events: &[Event]) -> Option<f64> {
        match &self.feature.aggregate {
            Aggregate::Quantile { p, .. } => {
                let mut numbers: Vec<i64> = events.iter().map(|event| event.number).collect();
                let place = (numbers.len().checked_sub(1)?) as f64 * p;
                let low = place.floor() as usize;
                let (_, at, above) = numbers.select_nth_unstable(low);
                let (at, above) = (*at, above.iter().copied().min().unwrap_or(*at));
                Some((at as f64 + (place - place.floor()) * (above - at) as f64) / self.scale)
            }
            Aggregate::Distinct { .. } if !events.is_empty() || self.feature.empty.is_none() => Some(distinct(events) as f64),
            Aggregate::TopShare { top, .. } => {
                let (sums, total) = by_level(events)?;
                ratio(sums.iter().take(*top as usize).sum(), total)
            }
            Aggregate::Herfindahl { .. } => {
                let (sums, total) = by_level(events)?;
                Some(sums.iter().map(|sum| *sum as f64 / total as f64).map(|share| share * share).sum())
            }
            _ => None,
        }
    }

    /// From count and sum of each month, the latest first.
    fn of_months(&self, months: &[(u64, i128)]) -> Option<f64> {
        let empty = months.iter().all(|month| month.0 == 0);
        if empty
            && (self.feature.empty.is_some()
                || matches!(self.feature.aggregate, Aggregate::Trend { .. } | Aggregate::Volatility { .. }))
        {
            return None;
        }
        let held = |month: &(u64, i128)| month.0 > 0;
        let n = months.len() as i128;
        match self.feature.aggregate {
            Aggregate::MonthsWithout => Some(months.iter().filter(|month| !held(month)).count() as f64),
            Aggregate::CurrentStreak => Some(months.iter().take_while(|month| held(month)).count() as f64),
            Aggregate::LongestStreak => Some(months.split(|month| !held(month)).map(<[_]>::len).max().unwrap_or(0) as f64),
            Aggregate::Trend { .. } => {
                // The latest month has the largest place.
                let moment: i128 = (0..).zip(months).map(|(age, month)| (n - 1 - 2 * age) * month.1).sum();
                Some(moment as f64 / self.scale / ((n * (n * n - 1) / 6) as f64))
            }
            Aggregate::Volatility { .. } => {
                let total: i128 = months.iter().map(|month| month.1).sum();
                let mean = total as f64 / n as f64;
                let squares: f64 = months.iter().map(|month| month.1 as f64 - mean).map(|distance| distance * distance).sum();
                (total != 0).then(|| (squares / n as f64).sqrt() / mean.abs())
            }
            _ => None,
        }
    }
}

/// Count and sum of each month before the day, the latest first.
fn by_month(stream: &impl History, as_of: i32, months: u32, lag: u32) -> Vec<(u64, i128)> {
    let as_of = Date::from_days(as_of);
    let mut to = as_of.months_before(lag).days();
    (1..=months)
        .map(|month| {
            let from = as_of.months_before(lag + month).days();
            let tally = Days::of(stream, Span { from: Some(from), to }).tally();
            to = from;
            (tally.count, tally.sum)
        })
        .collect()
}

/// How many different numbers or levels there are.
fn distinct(events: &[Event]) -> usize {
    // Few are found faster one by one than by sorting.
    const FEW: usize = 32;
    let mut seen: Vec<(i64, u64)> = Vec::with_capacity(FEW);
    for (at, event) in events.iter().enumerate() {
        let value = (event.number, event.level);
        if seen.contains(&value) {
            continue;
        }
        if seen.len() == FEW {
            seen.extend(events[at..].iter().map(|event| (event.number, event.level)));
            seen.sort_unstable();
            seen.dedup();
            break;
        }
        seen.push(value);
    }
    seen.len()
}

/// The sums of the levels, largest first, and their total; `None` unless it is positive and none of them is negative.
fn by_level(events: &[Event]) -> Option<(Vec<i128>, i128)> {
    let mut known: Vec<(u64, i64)> = events.iter().map(|event| (event.level, event.number)).collect();
    known.sort_unstable();
    let sum = |level: &[(u64, i64)]| level.iter().map(|event| i128::from(event.1)).sum::<i128>();
    let mut sums: Vec<i128> = known.chunk_by(|a, b| a.0 == b.0).map(sum).collect();
    sums.sort_unstable_by(|a, b| b.cmp(a));
    let total: i128 = sums.iter().sum();
    (total > 0 && sums.last().is_some_and(|least| *least >= 0)).then_some((sums, total))
}

fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole != 0).then(|| double(part) / double(whole))
}
