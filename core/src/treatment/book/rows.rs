//! Sets of rows as bits.

/// A set of rows of one book; sets of one book are of one size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RowSet(Box<[u64]>);

impl RowSet {
    pub(super) fn none(rows: usize) -> Self {
        RowSet(vec![0; rows.div_ceil(64)].into())
    }

    pub(super) fn all(rows: usize) -> Self {
        let mut set = RowSet::none(rows);
        (0..rows).for_each(|row| set.insert(row));
        set
    }

    pub(super) fn insert(&mut self, row: usize) {
        self.0[row / 64] |= 1 << (row % 64);
    }

    pub(super) fn contains(&self, row: usize) -> bool {
        self.0[row / 64] >> (row % 64) & 1 == 1
    }

    pub(super) fn and(&self, other: &RowSet) -> RowSet {
        RowSet(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    pub(super) fn keep(&mut self, other: &RowSet) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    pub(super) fn add(&mut self, other: &RowSet) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    pub(super) fn within(&self, other: &RowSet) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The rows, lowest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(i, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let row = i * 64 + left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    row
                })
            })
        })
    }
}
