//! The fitted boosted card.

use serde::{Deserialize, Serialize};

use super::axis::{Groups, MAX_GROUPS};
use super::{Member, Tables};
use crate::model::round_significant;

/// A boosted card: log-odds of the event = intercept + the value of each table at its bins.
///
/// Every table of one variable has the mean 0 over the training rows. Every table of two has the mean 0 along each side,
/// weighted by the rows in the groups of the other side, so that what one variable says alone stands in its own table.
/// Values carry 12 significant digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boosted {
    /// Log-odds of the event where every table says 0.
    pub intercept: f64,
    /// The variables that say something, in their order.
    pub tables: Vec<Table>,
    /// The pairs of variables, the most promising first.
    pub pairs: Vec<PairTable>,
    /// Rounds of main effects and of pairs, by fold.
    pub rounds: Vec<[u32; 2]>,
    /// How rows are predicted by the card of the folds without them.
    pub held_out: HeldOut,
}

/// Log-odds by bin of one variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Position of the variable.
    pub variable: usize,
    /// Log-odds of the event, one a bin.
    pub values: Vec<f64>,
}

/// Log-odds by groups of bins of two variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairTable {
    /// Positions of the two variables.
    pub variables: [usize; 2],
    /// The group of each bin, for both variables.
    pub groups: [Vec<u8>; 2],
    /// Log-odds of the event: one row a group of the first variable, one column a group of the second.
    pub values: Vec<Vec<f64>>,
}

/// Mean log loss of rows that took no part in fitting: −ln(probability given to what happened), lower is better.
///
/// The folds also decided when to stop, so these figures are a little too good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldOut {
    /// With the event rate alone.
    pub base: f64,
    /// With the main effects.
    pub mains: f64,
    /// With the pairs as well.
    pub loss: f64,
}

impl Boosted {
    /// The positions of the variables that a table reads, rising.
    #[must_use]
    pub fn variables(&self) -> Vec<usize> {
        let pairs = self.pairs.iter().flat_map(|pair| pair.variables);
        let mut read: Vec<usize> = self.tables.iter().map(|table| table.variable).chain(pairs).collect();
        read.sort_unstable();
        read.dedup();
        read
    }

    /// The same card over the variables at `kept` only, which must include all that it reads.
    #[must_use]
    pub fn renumbered(mut self, kept: &[usize]) -> Self {
        let place = |variable: usize| kept.partition_point(|&other| other < variable);
        self.tables.iter_mut().for_each(|table| table.variable = place(table.variable));
        self.pairs.iter_mut().for_each(|pair| pair.variables = pair.variables.map(place));
        self
    }

    /// The log-odds of the event for a row of bin codes, one a variable. A code without a value, in a table that does
    /// not know it, counts 0.
    #[must_use]
    pub fn log_odds(&self, codes: &[u8]) -> f64 {
        let code = |variable: usize| codes.get(variable).map_or(usize::MAX, |&code| usize::from(code));
        let mains = self.tables.iter().map(|table| table.values.get(code(table.variable)));
        let pairs = self.pairs.iter().map(|pair| pair.value(code(pair.variables[0]), code(pair.variables[1])));
        mains.chain(pairs).fold(self.intercept, |sum, value| sum + value.copied().unwrap_or(0.0))
    }
}

impl PairTable {
    /// Whether every group has a value, in at most 16 groups a side.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let columns = self.values.first().map_or(0, Vec::len);
        let within = |groups: &[u8], count: usize| count <= MAX_GROUPS && groups.iter().all(|&group| usize::from(group) < count);
        self.values.iter().all(|row| row.len() == columns)
            && within(&self.groups[0], self.values.len())
            && within(&self.groups[1], columns)
    }

    /// The value at a bin of the first variable and a bin of the second.
    fn value(&self, first: usize, second: usize) -> Option<&f64> {
        let (row, column) = (self.groups[0].get(first)?, self.groups[1].get(second)?);
        self.values.get(usize::from(*row))?.get(usize::from(*column))
    }
}

/// The mean of the cards, with constants moved to the intercept and main effects to the tables of one variable.
/// `weights` are those of the bins of each variable.
pub(super) fn assemble(
    members: &[Member],
    weights: &[Vec<f64>],
    pairs: Vec<([usize; 2], [&Groups; 2])>,
    held_out: HeldOut,
) -> Boosted {
    let count = members.len() as f64;
    let mut intercept = members.iter().map(|member| member.intercept).sum::<f64>() / count;
    let mut mains = mean(members.iter().map(|member| &member.mains), count);
    let grids = mean(members.iter().map(|member| &member.pairs), count);
    let mut kept = Vec::new();
    for (grid, (variables, groups)) in grids.into_iter().zip(pairs) {
        let (values, sides, middle) = purified(&grid, groups);
        for ((variable, side), groups) in variables.into_iter().zip(sides).zip(groups) {
            mains[variable].iter_mut().zip(&groups.of).for_each(|(value, &group)| *value += side[usize::from(group)]);
        }
        intercept += middle;
        let values: Vec<Vec<f64>> = values.into_iter().map(|row| row.into_iter().map(tidy).collect()).collect();
        if values.iter().flatten().any(|value| *value != 0.0) {
            kept.push(PairTable { variables, groups: groups.map(|groups| groups.of.clone()), values });
        }
    }
    let mut tables = Vec::new();
    for (variable, (mut values, weights)) in mains.into_iter().zip(weights).enumerate() {
        let total: f64 = weights.iter().sum();
        let middle = values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>() / total;
        intercept += middle;
        values.iter_mut().for_each(|value| *value = tidy(*value - middle));
        if values.iter().any(|value| *value != 0.0) {
            tables.push(Table { variable, values });
        }
    }
    let rounds = members.iter().map(|member| member.rounds).collect();
    let held_out =
        HeldOut { base: tidy(held_out.base / count), mains: tidy(held_out.mains / count), loss: tidy(held_out.loss / count) };
    Boosted { intercept: tidy(intercept), tables, pairs: kept, rounds, held_out }
}

fn mean<'a>(mut tables: impl Iterator<Item = &'a Tables>, count: f64) -> Tables {
    let mut sum = tables.next().cloned().unwrap_or_default();
    for tables in tables {
        let cells = sum.iter_mut().flatten().zip(tables.iter().flatten());
        cells.for_each(|(sum, value)| *sum += value);
    }
    sum.iter_mut().flatten().for_each(|value| *value /= count);
    sum
}

/// Splits a grid into cells, two sides and a constant: values[i][j] + sides[0][i] + sides[1][j] + constant, where
/// values and sides have the mean 0 along each side. The weights are the products of the shares of both sides, so one
/// sweep is exact, and a grid that rises along a side leaves a side that rises.
fn purified(grid: &[f64], groups: [&Groups; 2]) -> (Vec<Vec<f64>>, [Vec<f64>; 2], f64) {
    let [a, b] = groups.map(|groups| &groups.shares);
    let rows: Vec<&[f64]> = grid.chunks(b.len()).collect();
    let along: Vec<f64> = rows.iter().map(|row| row.iter().zip(b).map(|(value, share)| value * share).sum()).collect();
    let across: Vec<f64> = (0..b.len()).map(|j| rows.iter().zip(a).map(|(row, share)| row[j] * share).sum()).collect();
    let middle = along.iter().zip(a).map(|(value, share)| value * share).sum::<f64>();
    let values = rows
        .iter()
        .zip(&along)
        .map(|(row, along)| row.iter().zip(&across).map(|(value, across)| value - along - across + middle).collect());
    let values = values.collect();
    (values, [along, across].map(|side| side.iter().map(|value| value - middle).collect()), middle)
}

/// Twelve significant digits; what rounding left of nothing is nothing.
fn tidy(value: f64) -> f64 {
    if value.abs() < 1e-12 { 0.0 } else { round_significant(value) }
}
