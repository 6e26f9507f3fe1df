//! How well a score ranks events above non-events.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::stats::Cell;

/// Which end of a value is the risky one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// A probability of default, a count of arrears: events are expected at high values.
    HigherIsRiskier,
    /// A score in points: events are expected at low values.
    HigherIsSafer,
}

/// Measures of rank order. Rows of equal value count as half in order, so the order of the rows never matters.
///
/// Everything is counted in integers and divided once at the end.
///
/// ```
/// use scoreline::stats::{Cell, Counts};
/// use scoreline::validation::{Discrimination, Orientation};
/// let cell = |value, non_events, events| Cell { value, counts: Counts { non_events, events } };
/// let cells = [cell(480.0, 1, 3), cell(510.0, 2, 1), cell(560.0, 5, 0)];
/// let result = Discrimination::from_cells(&cells, Orientation::HigherIsSafer).unwrap();
/// assert_eq!(result.auc, 28.5 / 32.0);
/// assert_eq!(result.ks, 3.0 / 4.0 - 1.0 / 8.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Discrimination {
    /// Probability that an event looks riskier than a non-event, ties counted half; in [0, 1], 0.5 for no
    /// discrimination. Also: area under the ROC curve (trapezoid), Mann-Whitney U over the number of pairs.
    pub auc: f64,
    /// 2 AUC − 1, in [−1, 1]. Also: accuracy ratio, Somers' D of the value with respect to the outcome.
    pub gini: f64,
    /// Kolmogorov-Smirnov distance: the largest difference, over the values, between the shares of events and
    /// of non-events at or below the value; in [0, 1], the same for both orientations.
    pub ks: f64,
}

impl Discrimination {
    /// From counts by value, the values strictly rising.
    ///
    /// # Errors
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when there are no events or no non-events;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the values do not rise.
    pub fn from_cells(cells: &[Cell], orientation: Orientation) -> Result<Self> {
        if !cells.iter().map(|cell| cell.value).is_sorted_by(|a, b| a < b) {
            return Err(Error::data(Problem::new("the cells must rise in value", "merge cells of equal value and sort them")));
        }
        let sum = |count: fn(&Cell) -> u64| cells.iter().map(|cell| u128::from(count(cell))).sum::<u128>();
        let all_events = sum(|cell| cell.counts.events);
        let all_non_events = sum(|cell| cell.counts.non_events);
        let pairs = all_events.saturating_mul(all_non_events);
        if pairs == 0 {
            return Err(Error::insufficient(Problem::new(
                "discrimination needs events and non-events",
                "measure on rows that hold both outcomes",
            )));
        }
        // Up to each value: events, non-events, and twice the pairs in which the event has the higher value.
        let (mut events, mut non_events, mut higher, mut widest) = (0u128, 0u128, 0u128, 0u128);
        for cell in cells {
            let (e, n) = (u128::from(cell.counts.events), u128::from(cell.counts.non_events));
            higher = higher.saturating_add(e.saturating_mul(2 * non_events + n));
            events += e;
            non_events += n;
            widest = widest.max(events.saturating_mul(all_non_events).abs_diff(non_events.saturating_mul(all_events)));
        }
        let twice = pairs.saturating_mul(2);
        let ordered = match orientation {
            Orientation::HigherIsRiskier => higher,
            Orientation::HigherIsSafer => twice - higher.min(twice),
        };
        let share = |part: u128, whole: u128| part as f64 / whole as f64;
        let sign = if ordered >= pairs { 1.0 } else { -1.0 };
        Ok(Discrimination {
            auc: share(ordered, twice),
            gini: sign * share(ordered.abs_diff(pairs), pairs),
            ks: share(widest, pairs),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::stats::{Counts, ValueCounts};
    use proptest::prelude::*;

    fn cells(list: &[(f64, u64, u64)]) -> Vec<Cell> {
        list.iter().map(|&(value, non_events, events)| Cell { value, counts: Counts { non_events, events } }).collect()
    }

    #[test]
    fn ties_in_a_published_data_set() {
        // aSAH (Turck et al. 2010; R package pROC): WFNS grade by outcome, 72 good and 41 poor, AUC 0.823678861788618.
        let grades = cells(&[(1.0, 37, 2), (2.0, 20, 12), (3.0, 3, 1), (4.0, 8, 8), (5.0, 4, 18)]);
        let result = Discrimination::from_cells(&grades, Orientation::HigherIsRiskier).unwrap();
        assert!((result.auc - 0.823678861788618).abs() < 1e-15);
        assert!((result.gini - (2.0 * 0.823678861788618 - 1.0)).abs() < 1e-15);
    }

    #[test]
    fn all_tied_separated_and_reversed() {
        let of = |list: &[(f64, u64, u64)], orientation| {
            let result = Discrimination::from_cells(&cells(list), orientation).unwrap();
            (result.auc, result.gini, result.ks)
        };
        assert_eq!(of(&[(7.0, 72, 41)], Orientation::HigherIsRiskier), (0.5, 0.0, 0.0));
        assert_eq!(of(&[(1.0, 3, 0), (2.0, 0, 2)], Orientation::HigherIsRiskier), (1.0, 1.0, 1.0));
        assert_eq!(of(&[(1.0, 3, 0), (2.0, 0, 2)], Orientation::HigherIsSafer), (0.0, -1.0, 1.0));
        // Weights near the top of the range neither overflow nor lose the answer.
        let most = 1u64 << 62;
        assert_eq!(of(&[(1.0, most, 0), (2.0, most, 3 << 61)], Orientation::HigherIsRiskier), (0.75, 0.5, 0.5));
    }

    #[test]
    fn one_class_and_unsorted_cells_are_refused() {
        for (list, code) in [
            (vec![], ErrorCode::InsufficientData),
            (cells(&[(1.0, 5, 0)]), ErrorCode::InsufficientData),
            (cells(&[(1.0, 0, 5)]), ErrorCode::InsufficientData),
            (cells(&[(1.0, 1, 5), (1.0, 1, 1)]), ErrorCode::InvalidData),
            (cells(&[(1.0, 1, 5), (f64::NAN, 1, 1)]), ErrorCode::InvalidData),
        ] {
            assert_eq!(Discrimination::from_cells(&list, Orientation::HigherIsSafer).unwrap_err().code(), code);
        }
    }

    proptest! {
        #[test]
        fn equals_counting_every_pair(rows in prop::collection::vec((-6..6i8, any::<bool>(), 1..4u64), 2..60)) {
            let weight_of = |class: bool| rows.iter().filter(|r| r.1 == class).map(|r| r.2).sum::<u64>() as f64;
            prop_assume!(weight_of(true) > 0.0 && weight_of(false) > 0.0);
            let mut won = 0.0;
            for event in rows.iter().filter(|r| r.1) {
                for other in rows.iter().filter(|r| !r.1) {
                    let half = f64::from(event.0 > other.0) + f64::from(event.0 >= other.0);
                    won += half / 2.0 * (event.2 * other.2) as f64;
                }
            }
            let at_or_below = |class: bool, x: i8| rows.iter().filter(|r| r.1 == class && r.0 <= x).map(|r| r.2).sum::<u64>() as f64;
            let gap = |x| (at_or_below(true, x) / weight_of(true) - at_or_below(false, x) / weight_of(false)).abs();
            let ks = (-6..6).map(gap).fold(0.0, f64::max);

            let mut counts = ValueCounts::default();
            let values: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
            let (event, weight): (Vec<bool>, Vec<u64>) = rows.iter().map(|r| (r.1, r.2)).unzip();
            counts.observe(&values, &event, &weight);
            let riskier = Discrimination::from_cells(counts.cells(), Orientation::HigherIsRiskier).unwrap();
            let safer = Discrimination::from_cells(counts.cells(), Orientation::HigherIsSafer).unwrap();
            prop_assert_eq!(riskier.auc, won / (weight_of(true) * weight_of(false)));
            prop_assert!((riskier.ks - ks).abs() < 1e-15);
            prop_assert!((riskier.gini - (2.0 * riskier.auc - 1.0)).abs() < 1e-15);
            prop_assert!((safer.auc + riskier.auc - 1.0).abs() < 1e-15);
            prop_assert_eq!((safer.gini, safer.ks), (-riskier.gini, riskier.ks));
        }
    }
}
