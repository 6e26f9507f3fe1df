//! The histories of the entities, in order.

use crate::data::{Date, Key, Value};
use crate::error::{Error, Problem, Result};
use crate::tier::RiskTier;

/// An entity on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryRow<'a> {
    /// Who: a text or a whole number.
    pub entity: Value<'a>,
    /// The day of the figures, the same for every entity of a period.
    pub day: Date,
    /// What the cuts of the policy compare: a PD per year, or score points; NaN when missing, which is tier D.
    pub measure: f64,
    /// The best tier that strong rules leave on this day; none without a hit.
    pub floor: Option<RiskTier>,
    /// First day of the entity's event (a default, say), the same in all its rows; none when it has not happened. Rows on that
    /// day and after it do not count.
    pub event: Option<Date>,
}

/// A row without its entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) day: Date,
    pub(super) measure: f64,
    pub(super) floor: RiskTier,
    /// Its place among the rows that were given.
    pub(super) row: usize,
}

/// The rows of one entity before its event, by day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entity<'a> {
    pub(super) points: &'a [Point],
    /// Where its points begin among those of all entities.
    pub(super) start: usize,
    pub(super) event: Option<Date>,
}

/// All entities that have a row before their event.
#[derive(Debug)]
pub(super) struct Histories {
    points: Vec<Point>,
    /// End of the points of each entity, and its event.
    ends: Vec<(usize, Option<Date>)>,
    /// First and last day of the rows that were given.
    pub(super) days: (Date, Date),
    /// The last day up to which events are known.
    pub(super) observed_until: Date,
}

impl Histories {
    pub(super) fn new(rows: &[HistoryRow<'_>], observed_until: Option<Date>) -> Result<Self> {
        let mut order = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let wrong = |field: &str, what: &str, remedy: &str| Err(Error::data(Problem::new(what, remedy).field(field).row(at)));
            let Some(key) = row.entity.key() else {
                return wrong("entity", "a text or a whole number was expected", "name the entity of each row");
            };
            if row.measure.is_infinite() {
                return wrong("measure", "a finite number was expected", "leave out what is not known");
            }
            if observed_until.zip(row.event).is_some_and(|(until, event)| event > until) {
                return wrong("event", "the event lies after the day up to which events are known", "correct observed_until");
            }
            order.push((key, row.day, at));
        }
        order.sort_unstable();
        Histories::sorted(rows, &order, observed_until)
    }

    fn sorted(rows: &[HistoryRow<'_>], order: &[(Key<'_>, Date, usize)], observed_until: Option<Date>) -> Result<Self> {
        let days = rows.iter().map(|row| row.day);
        let Some(days) = days.clone().min().zip(days.max()) else {
            return Err(Error::insufficient(Problem::new("there are no rows", "give the history of a book").field("rows")));
        };
        let mut found = Histories {
            points: Vec::with_capacity(rows.len()),
            ends: Vec::new(),
            days,
            observed_until: observed_until.unwrap_or_else(|| rows.iter().filter_map(|row| row.event).fold(days.1, Date::max)),
        };
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            let event = group.first().and_then(|first| rows.get(first.2)).and_then(|row| row.event);
            let start = found.points.len();
            let mut before = None;
            for (_, day, at) in group {
                let Some(row) = rows.get(*at) else { continue };
                if row.event != event {
                    let problem =
                        Problem::new("two rows of the entity name different events", "give its first event in all rows");
                    return Err(Error::data(problem.field("event").row(*at)));
                }
                if before == Some(*day) {
                    let problem = Problem::new("the entity has two rows of this day", "keep one row an entity and day");
                    return Err(Error::data(problem.field("day").row(*at)));
                }
                before = Some(*day);
                if event.is_none_or(|event| *day < event) {
                    found.points.push(Point {
                        day: *day,
                        measure: row.measure,
                        floor: row.floor.unwrap_or(RiskTier::A),
                        row: *at,
                    });
                }
            }
            if found.points.len() > start {
                found.ends.push((found.points.len(), event));
            }
        }
        Ok(found)
    }

    /// Rows before an event.
    pub(super) fn rows(&self) -> usize {
        self.points.len()
    }

    pub(super) fn entities(&self) -> impl Iterator<Item = Entity<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |(end, event)| {
            let from = std::mem::replace(&mut start, *end);
            Entity { points: self.points.get(from..*end).unwrap_or_default(), start: from, event: *event }
        })
    }
}

impl Entity<'_> {
    /// Days from the first to the last row.
    pub(super) fn days(&self) -> u64 {
        self.points.first().zip(self.points.last()).map_or(0, |(first, last)| between(first.day, last.day))
    }
}

/// Days from `from` to `to`, which is not earlier.
pub(super) fn between(from: Date, to: Date) -> u64 {
    u64::try_from(i64::from(to.days()) - i64::from(from.days())).unwrap_or(0)
}
