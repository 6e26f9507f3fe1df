//! The walk over time: what holds from when to when, and the answers on each day.

use std::ops::Range;

use super::forest::Forest;
use super::{LinkGroup, LinkHub, LinkQuery, LinkRecord, LinkReport};
use crate::data::Date;

/// Something that holds from the first day of a range up to the day before its end.
#[derive(Debug, Clone, Copy)]
struct Fact {
    what: What,
    from: i32,
    /// `None` when it never ends.
    until: Option<i32>,
}

#[derive(Debug, Clone, Copy)]
enum What {
    /// Two entities share a value.
    Join(u32, u32),
    /// The group of this entity has one more shared value.
    Shared(u32),
    /// This entity is bad.
    Bad(u32),
}

/// What all records say, in the order of time.
pub(super) struct Timeline<'a> {
    /// Entities in the order of bytes.
    names: Vec<&'a str>,
    /// Day on which each was first seen.
    first_seen: Vec<i32>,
    /// Day from which each is known as bad.
    bad_since: Vec<Option<i32>>,
    facts: Vec<Fact>,
    hubs: Vec<Hub<'a>>,
}

/// A value that becomes a hub at some time.
struct Hub<'a> {
    attribute: &'a str,
    value: &'a str,
    since: i32,
    /// Day on which each entity was seen with it, rising.
    arrivals: Vec<i32>,
}

/// One entity with one value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held<'a> {
    attribute: &'a str,
    value: &'a str,
    entity: u32,
    seen: i32,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(records: &[LinkRecord<'a>], max_shared: u32) -> Self {
        let mut names: Vec<&'a str> = records.iter().map(|record| record.entity).collect();
        names.sort_unstable();
        names.dedup();
        let (mut first_seen, mut bad_since) = (vec![i32::MAX; names.len()], vec![None; names.len()]);
        let mut held = Vec::with_capacity(records.len());
        for record in records {
            let Ok(at) = names.binary_search(&record.entity) else { continue };
            let seen = record.seen.days();
            first_seen[at] = first_seen[at].min(seen);
            if let Some(known) = record.bad_since {
                let known = known.days().max(seen);
                bad_since[at] = Some(bad_since[at].map_or(known, |before: i32| before.min(known)));
            }
            if let Some(value) = record.value {
                held.push(Held { attribute: record.attribute, value, entity: at as u32, seen });
            }
        }
        // Of several records of one entity with one value the earliest counts: it comes first.
        held.sort_unstable();
        held.dedup_by(|later, first| {
            (later.attribute, later.value, later.entity) == (first.attribute, first.value, first.entity)
        });
        let bad = bad_since
            .iter()
            .enumerate()
            .filter_map(|(entity, known)| known.map(|from| Fact { what: What::Bad(entity as u32), from, until: None }));
        let facts = bad.collect();
        let mut timeline = Timeline { names, first_seen, bad_since, facts, hubs: Vec::new() };
        let max_shared = max_shared as usize;
        for sharers in held.chunk_by_mut(|a, b| (a.attribute, a.value) == (b.attribute, b.value)) {
            timeline.add_value(sharers, max_shared);
        }
        timeline
    }

    /// What the entities that hold one value share, and until when.
    fn add_value(&mut self, sharers: &mut [Held<'a>], max_shared: usize) {
        sharers.sort_unstable_by_key(|held| (held.seen, held.entity));
        let Some(first) = sharers.first().copied() else { return };
        let until = sharers.get(max_shared).map(|held| held.seen);
        for (nth, other) in sharers.iter().enumerate().take(max_shared).skip(1) {
            if nth == 1 {
                self.facts.push(Fact { what: What::Shared(first.entity), from: other.seen, until });
            }
            self.facts.push(Fact { what: What::Join(first.entity, other.entity), from: other.seen, until });
        }
        if let Some(since) = until {
            let arrivals = sharers.iter().map(|held| held.seen).collect();
            self.hubs.push(Hub { attribute: first.attribute, value: first.value, since, arrivals });
        }
    }

    pub(super) fn report(&self, queries: &[LinkQuery<'_>]) -> LinkReport<'a> {
        let mut days: Vec<i32> = queries.iter().map(|query| query.as_of.days()).collect();
        days.sort_unstable();
        days.dedup();
        let latest = days.last().copied();
        let at = |day: i32| days.partition_point(|known| *known < day);
        let mut asked: Vec<(usize, usize)> = queries.iter().enumerate().map(|(n, query)| (at(query.as_of.days()), n)).collect();
        asked.sort_unstable();
        let facts = self.facts.iter().map(|fact| (at(fact.from)..fact.until.map_or(days.len(), at), fact.what));
        let mut walk =
            Walk { timeline: self, queries, asked, groups: vec![None; queries.len()], forest: Forest::new(&self.first_seen) };
        if !days.is_empty() {
            walk.visit(0..days.len(), facts.filter(|(days, _)| !days.is_empty()).collect());
        }
        let hub = |hub: &Hub<'a>| {
            let known = latest.filter(|latest| hub.since <= *latest)?;
            let entities = hub.arrivals.partition_point(|seen| *seen <= known) as u32;
            Some(LinkHub { attribute: hub.attribute, value: hub.value, entities, since: Date::from_days(hub.since) })
        };
        LinkReport { groups: walk.groups, hubs: self.hubs.iter().filter_map(hub).collect() }
    }
}

struct Walk<'t, 'a, 'q> {
    timeline: &'t Timeline<'a>,
    queries: &'t [LinkQuery<'q>],
    /// Index of the day and of the query, rising.
    asked: Vec<(usize, usize)>,
    groups: Vec<Option<LinkGroup<'a>>>,
    forest: Forest,
}

impl<'a> Walk<'_, 'a, '_> {
    /// Answers the queries of `days`; `facts` are those that touch them. What holds on all of them is done once, the rest is
    /// handed to the half that it touches. Halves nest at most 32 deep.
    fn visit(&mut self, days: Range<usize>, facts: Vec<(Range<usize>, What)>) {
        let mark = self.forest.mark();
        let mut rest = Vec::new();
        for (holds, what) in facts {
            if holds.start > days.start || holds.end < days.end {
                rest.push((holds, what));
                continue;
            }
            match what {
                What::Join(a, b) => self.forest.join(a, b),
                What::Shared(entity) => self.forest.change(entity, |facts| facts.shared += 1),
                What::Bad(entity) => self.forest.change(entity, |facts| facts.bad += 1),
            }
        }
        if days.len() == 1 {
            self.answer(days.start);
        } else {
            let middle = days.start + days.len() / 2;
            let first = rest.iter().filter(|(holds, _)| holds.start < middle).cloned().collect();
            rest.retain(|(holds, _)| holds.end > middle);
            self.visit(days.start..middle, first);
            self.visit(middle..days.end, rest);
        }
        self.forest.back_to(mark);
    }

    fn answer(&mut self, day: usize) {
        let from = self.asked.partition_point(|(at, _)| *at < day);
        for &(_, n) in self.asked[from..].iter().take_while(|(at, _)| *at == day) {
            self.groups[n] = self.group(&self.queries[n]);
        }
    }

    fn group(&self, query: &LinkQuery<'_>) -> Option<LinkGroup<'a>> {
        let timeline = self.timeline;
        let (entity, day) = (timeline.names.binary_search(&query.entity).ok()?, query.as_of.days());
        if timeline.first_seen[entity] > day {
            return None;
        }
        let facts = self.forest.facts(entity as u32);
        let itself = u32::from(timeline.bad_since[entity].is_some_and(|known| known <= day));
        let (bad_others, others) = (facts.bad - itself, facts.size - 1);
        Some(LinkGroup {
            group: timeline.names[facts.first as usize],
            size: facts.size,
            first_seen: Date::from_days(facts.first_seen),
            bad: facts.bad,
            bad_others,
            bad_share: f64::from(facts.bad) / f64::from(facts.size),
            bad_share_others: (others > 0).then(|| f64::from(bad_others) / f64::from(others)),
            shared_values: facts.shared,
        })
    }
}
