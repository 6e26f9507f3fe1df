//! Boosted cards: a table of log-odds by bin for each variable, found by small steps in turn, and a few tables of two
//! variables, after the generalised additive models with pairwise interactions of Lou et al. (2013). A card of this
//! kind comes close to boosted trees and is still read, and scored, as points by bin.

mod axis;
mod boosted;
mod climb;
mod config;
mod fine;
mod pairs;
mod step;

pub(crate) use axis::MAX_GROUPS;
pub use axis::{Axis, Order};
pub use boosted::{Boosted, HeldOut, PairTable, Table};
pub use config::BoostConfig;
pub use fine::fine_split;

use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use crate::stats::Patterns;
use axis::{Groups, weights};
use climb::{Rows, Term, climb};
use step::Shape;

/// Log-odds by cell of each term.
type Tables = Vec<Vec<f64>>;

/// One card: fitted without one fold of the rows.
#[derive(Clone)]
struct Member {
    intercept: f64,
    mains: Tables,
    pairs: Tables,
    rounds: [u32; 2],
}

/// Fits a boosted card to the patterns; `axes` are the bins of each of their variables. The result does not depend on
/// `threads`, nor on the order in which the rows were counted.
///
/// The rows fall into folds. For each fold a card is boosted on the other rows, variable by variable and round after
/// round, until the fold itself is predicted no better; then tables of the most promising pairs of variables are boosted
/// on top. The result is the mean of these cards, with every term centred and each pair free of main effects.
///
/// ```
/// use scoreline::model::{Axis, BoostConfig, Order, boost};
/// use scoreline::{Threads, stats::Patterns};
/// // The event goes with the first variable; the second is noise.
/// let codes: Vec<[u8; 2]> = (0..4000u32).map(|i| [(i % 4) as u8, (i / 4 % 3) as u8]).collect();
/// let event: Vec<bool> = (0..4000u32).map(|i| i / 12 % 5 < i % 4).collect();
/// let columns: Vec<Vec<u8>> = (0..2).map(|j| codes.iter().map(|row| row[j]).collect()).collect();
/// let mut patterns = Patterns::new(2, 1000);
/// patterns.observe(&[&columns[0], &columns[1]], &event, &[1 << 20; 4000])?;
/// let axes = [Axis { ordinary: 4, bins: 4, order: Order::Rising }, Axis { ordinary: 3, bins: 3, order: Order::Free }];
/// let card = boost(&patterns, &axes, &BoostConfig::default(), Threads::One)?;
/// assert!(card.log_odds(&[0, 0]) < -1.0 && card.log_odds(&[3, 2]) > 0.3);
/// assert!(card.held_out.loss < card.held_out.base);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the settings are out of range,
/// [`Incompatible`](crate::ErrorCode::Incompatible) when the axes do not fit the codes, and
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when the rows of a fold, or those outside it, hold too little.
pub fn boost(patterns: &Patterns, axes: &[Axis], config: &BoostConfig, threads: Threads) -> Result<Boosted> {
    config.validate()?;
    fits(patterns, axes)?;
    let mains: Vec<Term<'_>> =
        patterns.codes().iter().zip(axes).map(|(codes, &axis)| Term { codes, shape: Shape::Line(axis) }).collect();
    let members = threads.map((0..config.folds).collect(), |fold| {
        let rows = rows(patterns, config, fold);
        let intercept = rows.log_odds().ok_or_else(|| too_little(config))?;
        let (mains, round) = climb(&rows, vec![intercept; patterns.len()], &mains, config);
        Ok(Member { intercept, mains, pairs: Vec::new(), rounds: [round, 0] })
    })?;
    // What the cards make of rows that they have not seen.
    let mut slopes = vec![[0.0; 2]; patterns.len()];
    let (mut base, mut loss) = (0.0, 0.0);
    for (fold, member) in members.iter().enumerate() {
        let rows = rows(patterns, config, fold as u32);
        base += rows.loss(&vec![member.intercept; patterns.len()]);
        let log_odds = member.log_odds(&mains);
        rows.add_slopes(&log_odds, &mut slopes);
        loss += rows.loss(&log_odds);
    }
    let mut held_out = HeldOut { base, mains: loss, loss };
    let sides: Vec<Vec<f64>> =
        patterns.codes().iter().zip(axes).map(|(codes, &axis)| weights(axis, codes, patterns.counts())).collect();
    let groups: Vec<Groups> =
        axes.iter().zip(&sides).map(|(&axis, weights)| Groups::new(axis, weights, config.pair_bins)).collect();
    let coarse: Vec<Vec<u8>> = groups
        .iter()
        .zip(patterns.codes())
        .map(|(groups, codes)| codes.iter().map(|&code| groups.of[usize::from(code)]).collect())
        .collect();
    let chosen = pairs::rank(&groups, &coarse, &slopes, config, threads)?;
    let cells: Vec<Vec<u8>> = chosen
        .iter()
        .map(|&(a, b)| {
            coarse[a]
                .iter()
                .zip(&coarse[b])
                .map(|(i, j)| (usize::from(*i) * groups[b].axis.bins + usize::from(*j)) as u8)
                .collect()
        })
        .collect();
    let grids: Vec<Term<'_>> = chosen
        .iter()
        .zip(&cells)
        .map(|(&(a, b), codes)| Term { codes, shape: Shape::Grid(groups[a].axis, groups[b].axis) })
        .collect();
    // Alone, a variable of demanded order has taken the mean of what it does beside others, and no pair could take that
    // back without breaking the order: it starts again, together with its pairs.
    let again: Vec<usize> =
        (0..axes.len()).filter(|&j| axes[j].order != Order::Free && chosen.iter().any(|&(a, b)| a == j || b == j)).collect();
    let terms: Vec<Term<'_>> = grids.iter().copied().chain(again.iter().map(|&j| mains[j])).collect();
    let mut members = members;
    if !chosen.is_empty() {
        let boosted = threads.map(members.into_iter().enumerate().collect(), |(fold, alone): (usize, Member)| {
            let rows = rows(patterns, config, fold as u32);
            let mut member = alone.clone();
            again.iter().for_each(|&j| member.mains[j].fill(0.0));
            let (tables, round) = climb(&rows, member.log_odds(&mains), &terms, config);
            let (pairs, redone) = tables.split_at(grids.len());
            again.iter().zip(redone).for_each(|(&j, table)| member.mains[j].clone_from(table));
            (member.pairs, member.rounds[1]) = (pairs.to_vec(), round);
            let mut log_odds = member.log_odds(&mains);
            add_tables(&mut log_odds, &grids, &member.pairs);
            let (with, without) = (rows.loss(&log_odds), rows.loss(&alone.log_odds(&mains)));
            let flat = grids.iter().map(|grid| vec![0.0; grid.shape.cells()]).collect();
            Ok(if with < without { (with, member) } else { (without, Member { pairs: flat, ..alone }) })
        })?;
        held_out.loss = boosted.iter().map(|(loss, _)| loss).sum();
        members = boosted.into_iter().map(|(_, member)| member).collect();
    }
    let pairs = chosen.iter().map(|&(a, b)| ([a, b], [&groups[a], &groups[b]])).collect();
    Ok(boosted::assemble(&members, &sides, pairs, held_out))
}

impl Member {
    /// The log-odds of each pattern by the main effects.
    fn log_odds(&self, mains: &[Term<'_>]) -> Vec<f64> {
        let mut log_odds = vec![self.intercept; mains.first().map_or(0, |term| term.codes.len())];
        add_tables(&mut log_odds, mains, &self.mains);
        log_odds
    }
}

fn add_tables(log_odds: &mut [f64], terms: &[Term<'_>], tables: &Tables) {
    for (term, table) in terms.iter().zip(tables) {
        log_odds.iter_mut().zip(term.codes).for_each(|(x, &code)| *x += table[usize::from(code)]);
    }
}

fn rows(patterns: &Patterns, config: &BoostConfig, fold: u32) -> Rows {
    Rows::new(patterns.counts(), &patterns.fold(fold, config.folds, config.seed))
}

fn fits(patterns: &Patterns, axes: &[Axis]) -> Result<()> {
    let known = |(codes, axis): (&Vec<u8>, &Axis)| {
        (1..=axis.bins).contains(&axis.ordinary)
            && axis.bins <= step::MAX_CELLS
            && codes.iter().all(|&code| usize::from(code) < axis.bins)
    };
    if axes.is_empty() || axes.len() != patterns.codes().len() || !patterns.codes().iter().zip(axes).all(known) {
        let remedy = "give one axis for each variable that was counted, with as many bins as it has codes";
        return Err(Error::incompatible(Problem::new("the axes do not fit the codes of the patterns", remedy)));
    }
    Ok(())
}

fn too_little(config: &BoostConfig) -> Error {
    let what = format!("one of {} folds holds no row, or the other folds hold one outcome only", config.folds);
    Error::insufficient(Problem::new(what, "use data with more rows of both outcomes, or fewer folds").field("boost.folds"))
}

#[cfg(test)]
mod tests;
