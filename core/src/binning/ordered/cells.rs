//! From what was observed of a feature to ordered cells, and from cuts back to labelled bins.

use super::super::Values;
use super::super::bins::Split;
use super::super::category::{self, Unit};
use crate::error::{Error, Problem, Result};
use crate::stats::Tally;

/// What was added up of one feature over the training rows, for a target other than events.
#[derive(Debug, Clone)]
pub struct Tallied<'a, T> {
    /// Rows with an ordinary value.
    pub values: Values<'a, T>,
    /// Name and content of each special code, in the order the field declares them.
    pub special: &'a [(&'a str, T)],
    /// Rows without a value.
    pub missing: T,
}

/// The ordinary values in the order in which they can be cut.
pub(in crate::binning) struct Cells<'a, T> {
    /// What was counted in each cell; each holds some weight.
    pub(in crate::binning) tallies: Vec<T>,
    places: Places<'a, T>,
}

enum Places<'a, T> {
    Numbers { values: Vec<f64>, exact: bool },
    Levels(Vec<Unit<'a, T>>),
}

impl<'a, T: Tally> Cells<'a, T> {
    /// Numbers in their order; levels with the rare ones pooled, as `sort` orders them (they come by name).
    ///
    /// # Errors
    /// `InvalidData` when values are not finite or do not rise, or a level is listed twice.
    pub(in crate::binning) fn new(
        observed: &Tallied<'a, T>,
        is_rare: impl Fn(&T) -> bool,
        sort: impl FnOnce(&mut Vec<Unit<'a, T>>),
    ) -> Result<Self> {
        match &observed.values {
            Values::Numeric { cells, exact } => {
                if cells.iter().any(|cell| !cell.value.is_finite()) || cells.windows(2).any(|pair| pair[0].value >= pair[1].value)
                {
                    let remedy = "sort them and merge equal values";
                    return Err(Error::data(Problem::new("cells must be finite and rise strictly", remedy)));
                }
                let held = cells.iter().filter(|cell| cell.counts.weight() > 0);
                let (values, tallies) = held.map(|cell| (cell.value, cell.counts.clone())).unzip();
                Ok(Cells { tallies, places: Places::Numbers { values, exact: *exact } })
            }
            Values::Category { levels: listed } => {
                let mut units = category::pool(listed, is_rare)?;
                sort(&mut units);
                Ok(Cells { tallies: units.iter().map(|unit| unit.counts.clone()).collect(), places: Places::Levels(units) })
            }
        }
    }

    /// Whether the cells have an order of their own, as numbers do and levels do not.
    pub(in crate::binning) fn are_numbers(&self) -> bool {
        matches!(self.places, Places::Numbers { .. })
    }

    /// Whether every distinct value is a cell.
    pub(in crate::binning) fn exact(&self) -> bool {
        matches!(self.places, Places::Levels(_) | Places::Numbers { exact: true, .. })
    }

    /// The values of each bin. Levels never seen go to the bin of the rare ones, or, when none was rare, to the one of
    /// the least `distance` from the whole.
    pub(in crate::binning) fn split(&self, cuts: &[usize], distance: &[f64]) -> Split {
        match &self.places {
            // Adding 0 turns −0 into 0.
            Places::Numbers { values, .. } => Split::Numeric { cuts: cuts.iter().map(|cut| values[*cut] + 0.0).collect() },
            Places::Levels(units) => category::split(units, cuts, distance),
        }
    }

    /// What was counted in each bin.
    pub(in crate::binning) fn bins(&self, cuts: &[usize]) -> Vec<T> {
        super::bins(cuts, self.tallies.len()).into_iter().map(|(from, to)| sum(&self.tallies[from..to])).collect()
    }
}

fn sum<'a, T: Tally + 'a>(tallies: impl IntoIterator<Item = &'a T>) -> T {
    let mut total = T::default();
    tallies.into_iter().for_each(|tally| total.add(tally));
    total
}

/// What was counted over all rows.
///
/// # Errors
/// `InvalidData` when the weights leave the range of `u64`.
pub(in crate::binning) fn total<T: Tally>(observed: &Tallied<'_, T>) -> Result<T> {
    let mut total = sum(observed.special.iter().map(|(_, tally)| tally).chain([&observed.missing]));
    match &observed.values {
        Values::Numeric { cells, .. } => cells.iter().for_each(|cell| total.add(&cell.counts)),
        Values::Category { levels } => levels.iter().for_each(|(_, tally)| total.add(tally)),
    }
    // Sums stop at the largest number, so nothing smaller can have left the range.
    if total.weight() == u64::MAX {
        let problem = Problem::new("the case weights are too large to be added", "divide all weights by a constant");
        return Err(Error::data(problem));
    }
    Ok(total)
}

/// Label and content of every bin: the ordinary ones, one for each special code, and the missing bin.
pub(in crate::binning) fn labelled<T: Tally>(split: &Split, ordinary: Vec<T>, observed: &Tallied<'_, T>) -> Vec<(String, T)> {
    let ordinary = ordinary.into_iter().enumerate().map(|(bin, tally)| (split.label(bin), tally));
    let special = observed.special.iter().map(|(name, tally)| (format!("special: {name}"), tally.clone()));
    ordinary.chain(special).chain([("missing".to_owned(), observed.missing.clone())]).collect()
}
