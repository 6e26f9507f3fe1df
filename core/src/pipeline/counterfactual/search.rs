//! The search over combinations of candidates: fewest changes first, then the cheapest.

use super::candidates::{Changed, Options, Outline, Wish, outline};
use super::{Change, Counterfactual, CounterfactualConfig, Counterfactuals, Target};
use crate::data::{Date, Row};
use crate::error::Result;
use crate::pipeline::answer::Decision;
use crate::pipeline::explain::ExplainedVariable;
use crate::pipeline::scorer::Scorer;

/// Steps of a search: one for a combination that is looked at, [`DECISION`] for one that is decided.
const MAX_WORK: u64 = 4_000_000;

/// What a decision counts.
const DECISION: u64 = 20;

/// Points and less log-odds of the event: more of either is better.
type Gain = [f64; 2];

/// What is known of a field beyond its candidates.
struct Prospect {
    /// Gain of each candidate on the variables that no other changeable field reaches. It is exact.
    own: Vec<Gain>,
    /// The best of them.
    best: Gain,
    least_cost: f64,
    /// Variables that several changeable fields reach.
    shared: Vec<usize>,
}

pub(super) struct Search<'a, R: ?Sized> {
    scorer: &'a Scorer,
    row: &'a R,
    as_of: Option<Date>,
    config: &'a CounterfactualConfig,
    fields: &'a [Options],
    wish: Wish<'a>,
    now: Outline,
    base: Gain,
    prospects: Vec<Prospect>,
    /// The most that each variable can gain.
    most: Vec<Gain>,
    work: u64,
}

/// A combination that leads to the wished result: which candidate of each field of the set.
struct Found {
    set: Vec<usize>,
    choice: Vec<usize>,
    cost: f64,
    decision: Decision,
}

/// A set of fields while candidates are chosen for them.
struct Partial<'s> {
    set: &'s [usize],
    choice: Vec<usize>,
    cost: f64,
    gain: Gain,
    /// The cheapest found for this set.
    best: Option<Found>,
}

fn add(a: Gain, b: Gain) -> Gain {
    [a[0] + b[0], a[1] + b[1]]
}

fn larger(a: Gain, b: Gain) -> Gain {
    [a[0].max(b[0]), a[1].max(b[1])]
}

/// What a variable gains when it moves from one bin to another.
fn gain(variable: &ExplainedVariable, from: u8, to: u8) -> Gain {
    let change = |table: &[f64]| match (table.get(usize::from(from)), table.get(usize::from(to))) {
        (Some(from), Some(to)) => to - from,
        _ => 0.0,
    };
    [change(&variable.points), -change(&variable.log_odds)]
}

impl<'a, R: Row + ?Sized> Search<'a, R> {
    pub(super) fn new(
        scorer: &'a Scorer,
        row: &'a R,
        as_of: Option<Date>,
        config: &'a CounterfactualConfig,
        fields: &'a [Options],
    ) -> Result<Self> {
        let wish = Wish { scorer, as_of, config };
        let now = outline(wish, row)?;
        let variables: Vec<&ExplainedVariable> = scorer.variables().collect();
        let code = |variable: usize| now.codes.get(variable).map_or(0, |(code, _)| *code);
        let reach = |variable: usize| fields.iter().filter(|field| field.variables.contains(&variable)).count();
        let gain_of = |variable: usize, to: u8| variables.get(variable).map_or([0.0; 2], |known| gain(known, code(variable), to));
        let most = variables
            .iter()
            .enumerate()
            .map(|(variable, known)| (0..known.bins.ordinary()).map(|bin| gain_of(variable, bin as u8)).fold([0.0; 2], larger));
        let prospects = fields.iter().map(|field| {
            let (shared, alone): (Vec<usize>, Vec<usize>) = field.variables.iter().partition(|&&variable| reach(variable) > 1);
            let own: Vec<Gain> = (field.candidates.iter())
                .map(|candidate| {
                    let to = |variable: usize| candidate.codes.get(variable).copied().unwrap_or(code(variable));
                    alone.iter().map(|&variable| gain_of(variable, to(variable))).fold([0.0; 2], add)
                })
                .collect();
            let best = own.iter().copied().reduce(larger).unwrap_or([0.0; 2]);
            let least_cost = field.candidates.iter().map(|candidate| candidate.cost).fold(f64::INFINITY, f64::min);
            Prospect { own, best, least_cost, shared }
        });
        let scored = scorer.scored(row)?;
        Ok(Search {
            prospects: prospects.collect(),
            most: most.collect(),
            base: [scored.score, -scored.log_odds],
            scorer,
            row,
            as_of,
            config,
            fields,
            wish,
            now,
            work: 0,
        })
    }

    pub(super) fn run(mut self) -> Result<Counterfactuals> {
        let mut alternatives: Vec<Found> = Vec::new();
        for size in 1..=self.config.max_changes.min(self.fields.len()) {
            let mut found = Vec::new();
            let mut set: Vec<usize> = (0..size).collect();
            loop {
                found.extend(self.cheapest(&set)?);
                if self.work >= MAX_WORK || !advance(&mut set, self.fields.len()) {
                    break;
                }
            }
            // Equal costs stay in the order of the fields.
            found.sort_by(|a, b| a.cost.total_cmp(&b.cost));
            alternatives.extend(found);
            if alternatives.len() >= self.config.alternatives || self.work >= MAX_WORK {
                break;
            }
        }
        alternatives.truncate(self.config.alternatives);
        let alternatives = alternatives.into_iter().map(|found| self.describe(&found)).collect();
        Ok(Counterfactuals { reached: false, alternatives, complete: self.work < MAX_WORK })
    }

    /// The cheapest way that changes every field of the set, of which no change can be left out.
    fn cheapest(&mut self, set: &[usize]) -> Result<Option<Found>> {
        let mut shared: Vec<usize> = set.iter().flat_map(|&field| self.prospects[field].shared.iter().copied()).collect();
        shared.sort_unstable();
        shared.dedup();
        let most = shared.into_iter().filter_map(|variable| self.most.get(variable).copied()).fold([0.0; 2], add);
        let mut partial = Partial { set, choice: Vec::new(), cost: 0.0, gain: add(self.base, most), best: None };
        self.extend(&mut partial)?;
        Ok(partial.best)
    }

    fn extend(&mut self, partial: &mut Partial<'_>) -> Result<()> {
        self.work += 1;
        let rest = partial.set.get(partial.choice.len()..).unwrap_or_default();
        let (mut hope, mut least) = (partial.gain, partial.cost);
        for &field in rest {
            hope = add(hope, self.prospects[field].best);
            least += self.prospects[field].least_cost;
        }
        let cheaper = partial.best.as_ref().is_none_or(|best| least < best.cost);
        if self.work >= MAX_WORK || !cheaper || !self.possible(hope) {
            return Ok(());
        }
        let Some(&field) = rest.first() else { return self.settle(partial) };
        let before = (partial.gain, partial.cost);
        for candidate in 0..self.fields[field].candidates.len() {
            partial.gain = add(before.0, self.prospects[field].own[candidate]);
            partial.cost = before.1 + self.fields[field].candidates[candidate].cost;
            partial.choice.push(candidate);
            self.extend(partial)?;
            partial.choice.pop();
        }
        (partial.gain, partial.cost) = before;
        Ok(())
    }

    /// Decides a combination, and keeps it when it leads to the wished result and nothing less does.
    fn settle(&mut self, partial: &mut Partial<'_>) -> Result<()> {
        let all = (1u32 << partial.set.len()) - 1;
        let decision = self.decide(partial, all)?;
        if !self.config.target.reached(&decision)
            || self.changed(partial, all, |row| outline(self.wish, row))?.loses_sight(&self.now, self.scorer)
        {
            return Ok(());
        }
        for part in 1..all {
            if self.config.target.reached(&self.decide(partial, part)?) {
                return Ok(());
            }
        }
        partial.best = Some(Found { set: partial.set.to_vec(), choice: partial.choice.clone(), cost: partial.cost, decision });
        Ok(())
    }

    /// Decides the record with those changes whose bit is set in `part`.
    fn decide(&mut self, partial: &Partial<'_>, part: u32) -> Result<Decision> {
        self.work += DECISION;
        self.changed(partial, part, |row| self.scorer.decide(row, self.as_of))
    }

    fn changed<T>(&self, partial: &Partial<'_>, part: u32, action: impl FnOnce(&Changed<'_, R>) -> T) -> T {
        let chosen = partial.set.iter().zip(&partial.choice).enumerate().filter(|(at, _)| part >> at & 1 == 1);
        let changes = chosen
            .map(|(_, (&field, &candidate))| (self.fields[field].field, self.fields[field].candidates[candidate].value.value()));
        action(&Changed { row: self.row, changes: changes.collect() })
    }

    /// Whether points and log-odds as good as these could give the wished result. Rules, prices and limits only make it
    /// worse, so nothing that leads there is ruled out; with more than one plain card, nothing is ever. The slack covers the order of the sums.
    fn possible(&self, hope: Gain) -> bool {
        if !self.scorer.cards.is_plain() {
            return true;
        }
        let [points, odds] = hope.map(|x| x + 1e-9 * (1.0 + x.abs()));
        let (score, pd) = self.scorer.card().score_and_pd([-odds, points]);
        match self.config.target {
            Target::Score { at_least } => score >= at_least,
            Target::Pd { at_most } => pd <= at_most,
            Target::Tier { at_least } => self.scorer.verdicts.best_at(score, pd).0.is_some_and(|tier| tier <= at_least),
            Target::Outcome { at_least } => self.scorer.verdicts.best_at(score, pd).1.is_some_and(|outcome| outcome <= at_least),
        }
    }

    fn describe(&self, found: &Found) -> Counterfactual {
        let changes = found.set.iter().zip(&found.choice).map(|(&field, &candidate)| {
            let (options, chosen) = (&self.fields[field], &self.fields[field].candidates[candidate]);
            let field = self.scorer.schema().fields.get(options.field).map(|field| field.name.clone());
            Change { field: field.unwrap_or_default(), from: options.from.clone(), to: chosen.value.clone(), steps: chosen.steps }
        });
        Counterfactual { changes: changes.collect(), cost: found.cost, answer: self.scorer.answer(&found.decision) }
    }
}

/// The next set of the same size out of `count` in lexicographic order; false after the last.
fn advance(set: &mut [usize], count: usize) -> bool {
    let size = set.len();
    let Some(at) = (0..size).rev().find(|&at| set[at] < count - size + at) else { return false };
    set[at] += 1;
    for next in at + 1..size {
        set[next] = set[next - 1] + 1;
    }
    true
}
