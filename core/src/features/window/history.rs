//! What features read of the events of one entity, whether a state remembers them or a table holds them.

use std::ops::Range;

use super::cell::Tally;
use super::config::Window;
use super::plan::ResolvedFeature;
use super::stream::{Event, Older};
use super::value::Span;

/// The events of a stream, none of them later than the day that is asked for.
pub(super) trait History {
    /// How many of the first `places` lie no later than a day; days rise with places.
    fn until(&self, places: usize, day: i32) -> usize;

    /// How many places there are.
    fn places(&self) -> usize;

    /// The places in (from, to].
    fn within(&self, from: Option<i32>, to: i32) -> Range<usize> {
        let end = self.until(self.places(), to);
        from.map_or(0, |from| self.until(end, from))..end
    }

    /// The day of a place.
    fn day(&self, place: usize) -> i32;

    /// The greatest number of a place.
    fn greatest(&self, place: usize) -> i64;

    /// Adds the events of some places.
    fn add(&self, places: Range<usize>, tally: &mut Tally);

    /// Days before all places, which only a window without a beginning reaches.
    fn older(&self) -> Option<&Older>;

    /// The events in (from, to] among the latest `most` of all, and whether any other lies behind `from`.
    fn events(&self, from: Option<i32>, to: i32, most: usize) -> (&[Event], bool);
}

/// The days of a window.
pub(super) struct Days<'a, H> {
    history: &'a H,
    places: Range<usize>,
    older: Option<&'a Older>,
}

impl<'a, H: History> Days<'a, H> {
    pub(super) fn of(history: &'a H, span: Span) -> Self {
        let older = history.older().filter(|_| span.from.is_none());
        Days { history, places: history.within(span.from, span.to), older }
    }

    /// All events together.
    pub(super) fn tally(&self) -> Tally {
        let mut sum = self.older.map_or_else(Tally::default, |older| older.tally);
        self.history.add(self.places.clone(), &mut sum);
        sum
    }

    pub(super) fn first(&self) -> Option<i32> {
        let first = || (!self.places.is_empty()).then(|| self.history.day(self.places.start));
        self.older.map(|older| older.first).or_else(first)
    }

    pub(super) fn last(&self) -> Option<i32> {
        let last = (!self.places.is_empty()).then(|| self.history.day(self.places.end - 1));
        last.or_else(|| self.older.map(|older| older.last))
    }

    /// The last day with the greatest number.
    pub(super) fn last_greatest(&self) -> Option<i32> {
        let older = self.older.map(|older| (older.tally.greatest, older.greatest));
        let places = self.places.clone().map(|place| (self.history.greatest(place), self.history.day(place)));
        places.chain(older).max().map(|(_, day)| day)
    }
}

/// Which tallies the features of a source need. Each is added up once, and a window that reaches further back than the one
/// before it only adds what lies between.
#[derive(Debug, Clone)]
pub(super) struct Asks {
    asks: Vec<(usize, Window)>,
    /// For each feature its stream, the stream of its part, and their tallies.
    pub(super) ways: Vec<Way>,
}

/// Where the answer of a feature comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) stream: usize,
    pub(super) part: Option<usize>,
    pub(super) tally: usize,
    pub(super) part_tally: usize,
}

impl Asks {
    /// For features that read stream `instead[s]` where they name stream s.
    pub(super) fn new(features: &[ResolvedFeature], instead: &[usize]) -> Self {
        let mut asks: Vec<(usize, Window)> = Vec::new();
        for feature in features.iter().filter(|feature| feature.needs_tally()) {
            for stream in std::iter::once(feature.stream).chain(feature.part) {
                let ask = (instead[stream], feature.feature.window);
                if !asks.contains(&ask) {
                    asks.push(ask);
                }
            }
        }
        asks.sort_by_key(|(stream, window)| (*stream, window.length()));
        let place =
            |stream: usize, window: Window| asks.iter().position(|ask| *ask == (instead[stream], window)).unwrap_or(usize::MAX);
        let way = |feature: &ResolvedFeature| Way {
            stream: instead[feature.stream],
            part: feature.part.map(|part| instead[part]),
            tally: place(feature.stream, feature.feature.window),
            part_tally: feature.part.map_or(usize::MAX, |part| place(part, feature.feature.window)),
        };
        let ways = features.iter().map(way).collect();
        Asks { asks, ways }
    }

    /// Adds up what was asked for, as of a day.
    pub(super) fn tally<H: History>(&self, streams: &[H], as_of: i32, tallies: &mut Vec<Tally>) {
        tallies.clear();
        let mut before: Option<(usize, Span, Range<usize>, Tally)> = None;
        for (stream, window) in &self.asks {
            let (history, span) = (&streams[*stream], window.span(as_of));
            let (places, tally) = match before.take() {
                Some((known, inner, shorter, mut tally)) if known == *stream && span.goes_on_from(inner) => {
                    let start = span.from.map_or(0, |from| history.until(shorter.start, from));
                    history.add(start..shorter.start, &mut tally);
                    (start..shorter.end, tally)
                }
                _ => {
                    let places = history.within(span.from, span.to);
                    let mut tally = Tally::default();
                    history.add(places.clone(), &mut tally);
                    (places, tally)
                }
            };
            before = Some((*stream, span, places, tally));
            let mut whole = tally;
            if let Some(older) = history.older().filter(|_| span.from.is_none()) {
                whole.add(&older.tally);
            }
            tallies.push(whole);
        }
    }
}
