//! A table over the bins of two variables, resolved for speed.

use super::card::MAX_BINS;
use crate::model::MAX_GROUPS;

/// Cells by the groups of bins of two variables.
#[derive(Debug, Clone)]
pub(super) struct Pair<T> {
    /// Places of the two variables on the card.
    pub(super) variables: [usize; 2],
    /// The group of each bin.
    groups: [[u8; MAX_BINS]; 2],
    cells: Vec<T>,
}

impl<T: Copy + Default> Pair<T> {
    /// `cell` gives the cell of a group of the first variable and one of the second.
    pub(super) fn new(variables: [usize; 2], groups: &[Vec<u8>; 2], cell: impl Fn(usize, usize) -> T) -> Self {
        let mut known = [[0; MAX_BINS]; 2];
        for (known, groups) in known.iter_mut().zip(groups) {
            known.iter_mut().zip(groups).for_each(|(known, group)| *known = *group);
        }
        let places = (0..MAX_GROUPS).flat_map(|row| (0..MAX_GROUPS).map(move |column| (row, column)));
        Pair { variables, groups: known, cells: places.map(|(row, column)| cell(row, column)).collect() }
    }

    /// The cell at the bins of the two variables.
    #[inline]
    pub(super) fn cell(&self, codes: [u8; 2]) -> T {
        let [row, column] = [0, 1].map(|side: usize| usize::from(self.groups[side][usize::from(codes[side]) % MAX_BINS]));
        self.cells.get(row * MAX_GROUPS + column).copied().unwrap_or_default()
    }
}
