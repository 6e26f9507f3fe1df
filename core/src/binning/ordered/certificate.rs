//! How good the bins of a continuous or multi-class target are.

use serde::{Deserialize, Serialize};

use super::Found;

/// How good the ordinary bins are: what was reached, and what no bins can exceed.
///
/// The bound holds for the trend that was asked for and as many bins over all cuts that leave large enough bins on both
/// sides. For a category it holds for the groups that follow the order of the levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Optimality {
    /// Objective of the ordinary bins.
    pub objective: f64,
    /// No ordinary bins that keep the settings have a higher objective. Absent when nothing finite is known: for an
    /// information value, when a class is absent from a cell and not every cut was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<f64>,
    /// `bound − objective`, at least 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<f64>,
    /// Cuts the bins were chosen from.
    pub candidates: usize,
    /// Whether no better bins exist: the bound is reached, or every cut was tried.
    pub optimal: bool,
    /// Whether every distinct value was a possible cut. Otherwise values shared cells, and all statements hold for the
    /// borders of the cells.
    pub exact: bool,
}

impl Optimality {
    pub(in crate::binning) fn new(found: &Found, objective: f64, exact: bool) -> Self {
        // The bound was added up in another order: differences of rounding are not a gap.
        let known = found.bound.filter(|bound| bound.is_finite()).or(found.optimal.then_some(objective));
        let bound = known.map(|bound| if bound > objective * (1.0 + 1e-12) { bound } else { objective });
        Optimality {
            objective,
            bound,
            gap: bound.map(|bound| bound - objective),
            candidates: found.candidates,
            optimal: found.optimal,
            exact,
        }
    }
}
