//! The values worth trying for each field that may change.

use std::collections::BTreeSet;

use super::{AllowedChange, CounterfactualConfig, Move, ProposedValue};
use crate::binning::Split;
use crate::data::{Date, Field, Kind, Row, Value};
use crate::error::Result;
use crate::pipeline::explain::ExplainedVariable;
use crate::pipeline::scorer::Scorer;

/// The most candidates of a field in one direction.
const MAX_STEPS: usize = 64;

/// The most decimals of a proposed number that is not a border itself.
const MAX_DECIMALS: usize = 12;

/// A record of which some fields are changed.
pub(super) struct Changed<'a, R: ?Sized> {
    pub(super) row: &'a R,
    pub(super) changes: Vec<(usize, Value<'a>)>,
}

impl<R: Row + ?Sized> Row for Changed<'_, R> {
    fn value(&self, field: usize) -> Value<'_> {
        let changed = self.changes.iter().find(|(changed, _)| *changed == field);
        changed.map_or_else(|| self.row.value(field), |(_, value)| *value)
    }
}

/// A field that may change with what it may change to.
pub(super) struct Options {
    /// Index of the field.
    pub(super) field: usize,
    pub(super) from: ProposedValue,
    /// Variables of the card that depend on it.
    pub(super) variables: BTreeSet<usize>,
    pub(super) candidates: Vec<Candidate>,
}

/// A value to try.
pub(super) struct Candidate {
    pub(super) value: ProposedValue,
    pub(super) steps: u32,
    pub(super) cost: f64,
    /// Bins of the card with this change alone.
    pub(super) codes: Vec<u8>,
}

/// What a change can be told by: the card, the bins of all cards and whether each is that of an unseen level, the
/// conditions of the rules, and, where more counts than one card, whether the wished result is there.
#[derive(Clone, PartialEq)]
pub(super) struct Outline {
    card: usize,
    pub(super) codes: Vec<(u8, bool)>,
    conditions: Vec<Option<bool>>,
    reached: bool,
}

/// A wish: what is asked of which scorer, for what day.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    pub(super) scorer: &'a Scorer,
    pub(super) as_of: Option<Date>,
    pub(super) config: &'a CounterfactualConfig,
}

/// The candidates of every allowed field that can change, in the order of `allowed`.
pub(super) fn find<R: Row + ?Sized>(wish: Wish<'_>, row: &R) -> Result<Vec<Options>> {
    let scorer = wish.scorer;
    let mut found = Vec::new();
    for change in &wish.config.allowed {
        let index = scorer.field(&change.field)?;
        let Some(field) = scorer.schema().fields.get(index) else { continue };
        let Some(from) = usable(field, row.value(index)).and_then(ProposedValue::new) else { continue };
        let variables = scorer.variables_of(index);
        let probe = Probe { wish, row, index, field, change, now: outline(wish, row)? };
        let candidates = match from {
            ProposedValue::Number(x) => probe.numbers(x)?,
            ProposedValue::Date(day) => probe.numbers(f64::from(day.days()))?,
            ProposedValue::Flag(flag) => probe.singles([ProposedValue::Flag(!flag)])?,
            ProposedValue::Level(_) => probe.singles(probe.levels())?,
        };
        if !candidates.is_empty() {
            found.push(Options { field: index, from, variables, candidates });
        }
    }
    Ok(found)
}

/// The value, unless it is missing or a code.
fn usable<'a>(field: &Field, value: Value<'a>) -> Option<Value<'a>> {
    field.check(value).ok().map(|value| field.plain(value)).filter(|value| *value != Value::Missing)
}

pub(super) fn outline<R: Row + ?Sized>(wish: Wish<'_>, row: &R) -> Result<Outline> {
    let scorer = wish.scorer;
    let scored = scorer.scored(row)?;
    let slots = scorer.plan.slots();
    let load = |slot: usize| match slot.checked_sub(slots) {
        None => scorer.input(&scored.values, slot),
        Some(result) => Value::Number(scorer.expressions.result(result, [scored.score, scored.pd, f64::NAN, f64::NAN])),
    };
    let conditions = scorer.expressions.conditions.iter().map(|condition| match condition.program().eval(load) {
        Value::Flag(flag) => Some(flag),
        _ => None,
    });
    let conditions = conditions.collect();
    let variables = scorer.cards.all().iter().flat_map(|card| card.lookups.iter().zip(&card.slots));
    let codes = variables.map(|(lookup, &slot)| lookup.code(scored.values.get(slot).copied().unwrap_or_default())).collect();
    let reached = !scorer.cards.is_plain() && wish.config.target.reached(&scorer.decide(row, wish.as_of)?);
    Ok(Outline { card: scored.card, codes, conditions, reached })
}

impl Scorer {
    /// The variables of all cards.
    pub(super) fn variables(&self) -> impl Iterator<Item = &ExplainedVariable> {
        self.explainers.iter().flat_map(|card| &card.variables)
    }

    /// Variables of the cards, numbered through, that depend on a field.
    fn variables_of(&self, field: usize) -> BTreeSet<usize> {
        let depends = |slot: usize| {
            let mut sources = BTreeSet::new();
            self.plan.add_sources(slot, &mut sources);
            sources.contains(&field)
        };
        self.cards.slots().enumerate().filter(|(_, slot)| depends(*slot)).map(|(variable, _)| variable).collect()
    }

    /// Whether a bin is that of a special code or of missing values.
    fn is_code(&self, variable: usize, code: u8) -> bool {
        self.variables().nth(variable).is_none_or(|variable| usize::from(code) >= variable.bins.ordinary())
    }
}

impl Outline {
    /// Whether a variable came to a missing value, a special code or a level never seen.
    pub(super) fn loses_sight(&self, before: &Outline, scorer: &Scorer) -> bool {
        let moved = self.codes.iter().zip(&before.codes).enumerate().filter(|(_, (after, before))| after != before);
        moved.into_iter().any(|(variable, ((code, unseen), _))| *unseen || scorer.is_code(variable, *code))
    }
}

/// One field of one record, to be tried with other values.
struct Probe<'a, R: ?Sized> {
    wish: Wish<'a>,
    row: &'a R,
    index: usize,
    field: &'a Field,
    change: &'a AllowedChange,
    now: Outline,
}

impl<R: Row + ?Sized> Probe<'_, R> {
    fn outline(&self, value: Value<'_>) -> Result<Outline> {
        outline(self.wish, &Changed { row: self.row, changes: vec![(self.index, value)] })
    }

    /// The candidate, when the value is one and nothing is lost from sight.
    fn candidate(&self, value: ProposedValue, steps: u32, outline: &Outline) -> Option<Candidate> {
        usable(self.field, value.value())?;
        let codes = outline.codes.iter().map(|(code, _)| *code).collect();
        let seen = !outline.loses_sight(&self.now, self.wish.scorer);
        seen.then(|| Candidate { value, steps, cost: f64::from(steps) * self.change.cost, codes })
    }

    /// Levels and flags: one step each; of those with the same effect the first.
    fn singles(&self, values: impl IntoIterator<Item = ProposedValue>) -> Result<Vec<Candidate>> {
        let (mut known, mut found) = (vec![self.now.clone()], Vec::new());
        for value in values {
            let outline = self.outline(value.value())?;
            if !known.contains(&outline) {
                found.extend(self.candidate(value, 1, &outline));
                known.push(outline);
            }
        }
        Ok(found)
    }

    fn levels(&self) -> Vec<ProposedValue> {
        let mut levels: Vec<String> = self.change.levels.clone().unwrap_or_default();
        if self.change.levels.is_none() {
            for variable in self.direct() {
                if let Split::Category { groups, .. } = &variable.bins.split {
                    levels.extend(groups.iter().flatten().cloned());
                }
            }
        }
        levels.into_iter().map(ProposedValue::Level).collect()
    }

    /// Numbers and days, nearest first in each direction, upwards before downwards.
    fn numbers(&self, from: f64) -> Result<Vec<Candidate>> {
        let (min, max) = (self.change.min.unwrap_or(f64::MIN), self.change.max.unwrap_or(f64::MAX));
        let cuts = self.cuts();
        let decimals = cuts.iter().chain([&from]).map(|&x| decimals(x)).max().unwrap_or(0).min(6);
        let mut found = Vec::new();
        for (direction, start, end) in [(Move::Increase, min, max), (Move::Decrease, max, min)] {
            if self.change.direction.is_none_or(|only| only == direction) {
                let walk = Walk { probe: self, up: direction == Move::Increase, start, end, decimals };
                walk.collect(from, &cuts, &mut found)?;
            }
        }
        found.sort_by_key(|candidate| candidate.steps);
        Ok(found)
    }

    /// The variables that the field enters directly.
    fn direct(&self) -> impl Iterator<Item = &ExplainedVariable> {
        self.wish.scorer.variables().filter(|variable| variable.bins.feature == self.field.name)
    }

    /// The cuts of those variables.
    fn cuts(&self) -> Vec<f64> {
        let mut cuts = Vec::new();
        for variable in self.direct() {
            if let Split::Numeric { cuts: own } = &variable.bins.split {
                cuts.extend_from_slice(own);
            }
        }
        cuts
    }

    /// Whether a feature, the condition of a rule or something beside the bins of a card reads the field.
    fn is_read(&self) -> bool {
        let scorer = self.wish.scorer;
        let policies = scorer.plan.expressions().iter().chain(&scorer.expressions.conditions);
        policies.chain(scorer.cards.expressions()).any(|expression| expression.reads().contains(&self.index))
    }

    fn value(&self, x: f64) -> Value<'static> {
        if self.field.kind == Kind::Date { Value::Date(Date::from_days(x as i32)) } else { Value::Number(x) }
    }
}

/// A walk from the present value in one direction.
struct Walk<'a, R: ?Sized> {
    probe: &'a Probe<'a, R>,
    up: bool,
    /// The first value that may be proposed.
    start: f64,
    /// How far it may go.
    end: f64,
    /// Decimals that a proposed number has, unless it takes more.
    decimals: usize,
}

impl<R: Row + ?Sized> Walk<'_, R> {
    fn collect(&self, from: f64, cuts: &[f64], found: &mut Vec<Candidate>) -> Result<()> {
        let (mut at, mut outline, mut steps) = (from, self.probe.now.clone(), 0);
        for point in self.points(from, cuts) {
            while self.is_before(at, point) && steps < MAX_STEPS as u32 {
                if self.outline(point)? == outline {
                    break;
                }
                at = self.border(at, point, &outline)?;
                outline = self.outline(at)?;
                steps += 1;
                let first = if self.is_before(at, self.start) { self.start } else { at };
                if first == at || self.outline(first)? == outline {
                    let value = ProposedValue::new(self.probe.value(self.readable(first, &outline)?));
                    found.extend(value.and_then(|value| self.probe.candidate(value, steps, &outline)));
                }
            }
            at = point;
        }
        Ok(())
    }

    /// Values to look at, in order: those just beyond the cuts, and steps that double when expressions read the field.
    fn points(&self, from: f64, cuts: &[f64]) -> Vec<f64> {
        let days = self.probe.field.kind == Kind::Date;
        // A value equal to a cut is in the upper bin.
        let beyond = |cut: f64| match (days, self.up) {
            (false, true) => cut,
            (false, false) => cut.next_down(),
            (true, true) => cut.ceil(),
            (true, false) => cut.ceil() - 1.0,
        };
        let mut points: Vec<f64> = cuts.iter().map(|&cut| beyond(cut)).collect();
        if self.probe.is_read() {
            let mut step = if days { 1.0 } else { from.abs().max(1.0) / 1024.0 };
            for _ in 0..if days { 16 } else { 32 } {
                points.push(if self.up { from + step } else { from - step });
                step *= 2.0;
            }
            points.push(self.end);
        }
        points.retain(|&point| self.is_before(from, point) && !self.is_before(self.end, point) && point.abs() < f64::MAX);
        points.sort_by(|a, b| if self.up { a.total_cmp(b) } else { b.total_cmp(a) });
        points
    }

    fn is_before(&self, a: f64, b: f64) -> bool {
        if self.up { a < b } else { b < a }
    }

    /// The value next to `x` on the way back, and on the way on.
    fn back(&self, x: f64) -> f64 {
        match (self.probe.field.kind == Kind::Date, self.up) {
            (true, true) => x - 1.0,
            (true, false) => x + 1.0,
            (false, true) => x.next_down(),
            (false, false) => x.next_up(),
        }
    }

    /// A code with a meaning of its own is passed by.
    fn outline(&self, x: f64) -> Result<Outline> {
        let value = self.probe.value(x);
        match usable(self.probe.field, value) {
            Some(value) => self.probe.outline(value),
            None => self.probe.outline(self.probe.value(self.back(x))),
        }
    }

    /// The first value after `near` at which something differs from `outline`, given that it does at `far`.
    fn border(&self, mut near: f64, mut far: f64, outline: &Outline) -> Result<f64> {
        let before = self.back(far);
        if !self.is_before(near, before) || self.outline(before)? == *outline {
            return Ok(far);
        }
        // 200 halvings bring any two doubles that matter next to each other.
        for _ in 0..200 {
            let middle = near + (far - near) / 2.0;
            let middle = if self.probe.field.kind == Kind::Date { middle.floor() } else { middle };
            if middle == near || middle == far {
                break;
            }
            if self.outline(middle)? == *outline { near = middle } else { far = middle }
        }
        Ok(far)
    }

    /// The number at `border` or the nearest one beyond that has few decimals and the same effect.
    fn readable(&self, border: f64, outline: &Outline) -> Result<f64> {
        if self.probe.field.kind == Kind::Date {
            return Ok(border);
        }
        for decimals in self.decimals..=MAX_DECIMALS {
            let text = |x: f64| format!("{x:.decimals$}").parse::<f64>().unwrap_or(x);
            let unit = text_unit(decimals);
            let nearest = text(border);
            let beyond = if self.is_before(nearest, border) {
                text(if self.up { nearest + unit } else { nearest - unit })
            } else {
                nearest
            };
            let fits = !self.is_before(beyond, border) && !self.is_before(self.end, beyond);
            if fits && usable(self.probe.field, Value::Number(beyond)).is_some() && self.outline(beyond)? == *outline {
                return Ok(beyond);
            }
        }
        Ok(border)
    }
}

/// 10 to the power of −`decimals`.
fn text_unit(decimals: usize) -> f64 {
    format!("1e-{decimals}").parse().unwrap_or(1.0)
}

/// Digits after the point in the shortest text of `x`.
fn decimals(x: f64) -> usize {
    format!("{x}").split_once('.').map_or(0, |(_, digits)| digits.len())
}
