//! The cuts of each method.

use super::config::{CutConfig, CutMethod, CutObjective, Orientation};
use super::result::{CutTier, TierCuts};
use super::search::{Limits, Tiers, between, in_rows, p_value};
use crate::binning::{best_row, checked_sum};
use crate::error::{Error, Problem, Result};
use crate::math::jeffreys_interval;
use crate::stats::{Cell, Counts, ValueCounts};

/// Level of the intervals of the event rates.
const LEVEL: f64 = 0.95;

impl CutConfig {
    /// The cuts for what was counted.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`CutConfig::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the weights are too large to be added;
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when one class is absent, or no cuts keep the limits: the
    /// field names the limit that is in the way.
    pub fn fit(&self, counts: &ValueCounts) -> Result<TierCuts> {
        self.validate()?;
        let mut cells: Vec<Cell> = counts.cells().to_vec();
        if self.orientation == Orientation::FallsWithRisk {
            cells.reverse();
        }
        let mut borders = vec![Counts::default()];
        let mut before = Counts::default();
        for cell in &cells {
            before = checked_sum(before, cell.counts)?;
            borders.push(before);
        }
        if before.events == 0 || before.non_events == 0 {
            let problem = Problem::new("rows with and without the event are needed", "count a sample of both");
            return Err(Error::insufficient(problem.field("cuts")));
        }
        if cells.len() < self.method.tiers() {
            let what = format!("{} tiers need as many different values, and there are {}", self.method.tiers(), cells.len());
            return Err(Error::insufficient(Problem::new(what, "ask for fewer tiers").field("cuts.method")));
        }
        let limits = Limits::new(self, before);
        let mut candidates = cells.len();
        let (places, objective) = match &self.method {
            CutMethod::TargetPd { targets } => (by_target(&borders, targets)?, None),
            CutMethod::Share { shares } => (by_share(&borders, shares)?, None),
            CutMethod::Optimum { tiers, objective } => {
                let chosen = choose(&borders, self.candidates);
                candidates = chosen.len() - 1;
                (best(&borders, &chosen, (*tiers, *objective), limits)?, Some(*objective))
            }
        };
        let ends: Vec<usize> = [0].into_iter().chain(places.iter().copied()).chain([cells.len()]).collect();
        let tiers: Vec<Counts> = ends.windows(2).map(|pair| between(&borders, pair[0], pair[1])).collect();
        check(&tiers, limits)?;
        let cuts = places.iter().filter_map(|place| self.cut(&cells, *place, counts.is_exact())).collect();
        let values: Option<Vec<f64>> = objective.map(|one| tiers.iter().map(|tier| one.value(*tier, before)).collect());
        let rising = Limits { rising: true, ..Limits::NONE };
        Ok(TierCuts {
            cuts,
            orientation: self.orientation,
            objective: values.as_ref().map(|values| values.iter().sum()),
            p_values: tiers.windows(2).map(|pair| p_value(pair[0], pair[1])).collect(),
            rising: tiers.windows(2).all(|pair| rising.part(pair[0], pair[1])),
            tiers: tiers.iter().enumerate().map(|(i, tier)| row(*tier, before, values.as_ref().and_then(|v| v.get(i)))).collect(),
            values: cells.len(),
            candidates,
        })
    }

    /// The value of the cut before the cell at `place`.
    fn cut(&self, cells: &[Cell], place: usize, exact: bool) -> Option<f64> {
        let (better, worse) = (cells.get(place.checked_sub(1)?)?.value, cells.get(place)?.value);
        let (lower, upper) = match self.orientation {
            Orientation::RisesWithRisk => (better, worse),
            Orientation::FallsWithRisk => (worse, better),
        };
        let middle = lower / 2.0 + upper / 2.0;
        Some(if exact && middle > lower && middle < upper { middle } else { upper })
    }
}

fn row(tier: Counts, all: Counts, value: Option<&f64>) -> CutTier {
    let (events, non_events) = in_rows(tier);
    let (low, high) = jeffreys_interval(events, non_events, LEVEL);
    let share = tier.total() as f64 / all.total() as f64;
    CutTier { rows: events + non_events, events, share, rate: tier.event_rate(), low, high, value: value.copied() }
}

/// The widest tiers whose event rate stays below the targets.
fn by_target(borders: &[Counts], targets: &[f64]) -> Result<Vec<usize>> {
    let mut places: Vec<usize> = Vec::with_capacity(targets.len());
    for (tier, target) in targets.iter().enumerate() {
        let from = places.last().copied().unwrap_or(0);
        let last = borders.len() - 1;
        let widest = (from + 1..=last).rev().find(|to| between(borders, from, *to).event_rate() < *target);
        let (what, remedy) = match widest {
            Some(to) if to < last => {
                places.push(to);
                continue;
            }
            Some(_) => ("stays below its target with all values that are left", "lower the target, or leave it out"),
            None => ("has no values with an event rate below its target", "raise the target, or leave it out"),
        };
        let problem = Problem::new(format!("tier {} {what}", tier + 1), remedy);
        return Err(Error::insufficient(problem.field(format!("cuts.method.targets[{tier}]"))));
    }
    Ok(places)
}

/// The borders nearest to the cumulative shares; of two equally near the better one.
fn by_share(borders: &[Counts], shares: &[f64]) -> Result<Vec<usize>> {
    let last = borders.len() - 1;
    let all = between(borders, 0, last).total() as f64;
    let (mut places, mut reached): (Vec<usize>, f64) = (Vec::new(), 0.0);
    for (tier, share) in shares.iter().take(shares.len() - 1).enumerate() {
        reached += share;
        let away = |place: &usize| (between(borders, 0, *place).total() as f64 / all - reached).abs();
        let place = (1..last).min_by(|a, b| away(a).total_cmp(&away(b)));
        match place.filter(|place| places.last().is_none_or(|before| before < place)) {
            Some(place) => places.push(place),
            None => {
                let problem = Problem::new("a single value holds more rows than the tier", "join the tier with its neighbour");
                return Err(Error::insufficient(problem.field(format!("cuts.method.shares[{tier}]"))));
            }
        }
    }
    Ok(places)
}

/// The borders between which cuts are looked for: all, or those of at most `most` cells of equal weight.
fn choose(borders: &[Counts], most: usize) -> Vec<usize> {
    let last = borders.len() - 1;
    if last <= most {
        return (0..=last).collect();
    }
    let all = u128::from(between(borders, 0, last).total());
    let mut chosen: Vec<usize> = (1..most as u128)
        .map(|part| borders.partition_point(|border| u128::from(border.total()) * (most as u128) < all * part))
        .chain([0, last])
        .collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// The best cuts, or which limit is in the way.
fn best(borders: &[Counts], chosen: &[usize], (tiers, objective): (usize, CutObjective), limits: Limits) -> Result<Vec<usize>> {
    let search = |limits: Limits| best_row(&Tiers { borders, limits, objective }, chosen, (tiers, tiers));
    if let Some((cuts, _)) = search(limits) {
        return Ok(cuts);
    }
    let named = limits.one_by_one().into_iter().find(|(_, limits)| search(*limits).is_none());
    let (field, what) = match named {
        Some(("method", _)) => ("method", "with these sizes no such tiers have strictly rising event rates".to_owned()),
        Some(("method.objective", _)) => {
            ("method.objective", "no such tiers all hold rows with and without the event".to_owned())
        }
        Some((name, _)) => (name, format!("no such tiers keep {name}; without it there are some")),
        None => ("method", "no such tiers are possible".to_owned()),
    };
    let what = format!("{tiers} tiers were asked for: {what}");
    Err(Error::insufficient(Problem::new(what, "relax this limit, or ask for fewer tiers").field(format!("cuts.{field}"))))
}

/// Names the first limit that given tiers break.
fn check(tiers: &[Counts], limits: Limits) -> Result<()> {
    for (name, limits) in limits.one_by_one() {
        let small = tiers.iter().position(|tier| !limits.hold(*tier)).map(|tier| (tier, "is too small"));
        let near =
            tiers.windows(2).position(|pair| !limits.part(pair[0], pair[1])).map(|tier| (tier, "is too near to the next one"));
        if let Some((tier, why)) = small.or(near) {
            let problem = Problem::new(format!("tier {} {why} for {name}", tier + 1), "relax this limit, or ask for other tiers");
            return Err(Error::insufficient(problem.field(format!("cuts.{name}"))));
        }
    }
    Ok(())
}
