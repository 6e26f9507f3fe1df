//! The bin of each value of a column, by comparing many values with one cut at a time.

use pulp::{Simd, WithSimd};

/// Registers of values that share the loading of a cut.
const SHARED: usize = 4;

/// Puts into `chosen[i]` the entry that stands for the bin of `values[i]`: `entries[k]` for cut k−1 ≤ x < cut k, and
/// `missing` for NaN. Entries are moved, never calculated with, so any 64 bits will do.
///
/// The output says whether any value is infinite: such values have no bin that means anything.
pub(super) struct Choose<'a> {
    pub(super) cuts: &'a [f64],
    /// One more than cuts.
    pub(super) entries: &'a [f64],
    pub(super) missing: f64,
    pub(super) values: &'a [f64],
    /// As many as values.
    pub(super) chosen: &'a mut [f64],
}

impl WithSimd for Choose<'_> {
    type Output = bool;

    // Comparisons and choices have one result on every CPU, so the widest registers may do them. Inlined into a function
    // that may use these.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> bool {
        let Choose { cuts, entries, missing, values, chosen } = self;
        let Some((first, above)) = entries.split_first() else { return false };
        let (vectors, rest) = S::as_simd_f64s(values);
        let (chosen_vectors, chosen_rest) = S::as_mut_simd_f64s(chosen);
        let (shared, single) = vectors.as_chunks::<SHARED>();
        let (chosen_shared, chosen_single) = chosen_vectors.as_chunks_mut::<SHARED>();
        let mut largest = simd.splat_f64s(0.0);
        for (x, chosen) in shared.iter().zip(chosen_shared) {
            largest = several(simd, (cuts, *first, above), missing, x, chosen, largest);
        }
        for (x, chosen) in single.iter().zip(chosen_single) {
            let mut one = [*chosen];
            largest = several(simd, (cuts, *first, above), missing, &[*x], &mut one, largest);
            [*chosen] = one;
        }
        let mut infinite = simd.reduce_max_f64s(largest) == f64::INFINITY;
        for (x, chosen) in rest.iter().zip(chosen_rest) {
            *chosen = if x.is_nan() { missing } else { *first };
            cuts.iter().zip(above).filter(|(cut, _)| x >= *cut).for_each(|(_, entry)| *chosen = *entry);
            infinite |= x.is_infinite();
        }
        infinite
    }
}

/// The entries of `N` registers of values, and the largest absolute value so far.
#[inline(always)]
fn several<S: Simd, const N: usize>(
    simd: S,
    (cuts, first, above): (&[f64], f64, &[f64]),
    missing: f64,
    x: &[S::f64s; N],
    chosen: &mut [S::f64s; N],
    mut largest: S::f64s,
) -> S::f64s {
    let mut found = [simd.splat_f64s(first); N];
    for (cut, entry) in cuts.iter().zip(above) {
        let (cut, entry) = (simd.splat_f64s(*cut), simd.splat_f64s(*entry));
        for (x, found) in x.iter().zip(&mut found) {
            *found = simd.select_f64s(simd.less_than_or_equal_f64s(cut, *x), entry, *found);
        }
    }
    let missing = simd.splat_f64s(missing);
    for ((x, found), chosen) in x.iter().zip(found).zip(chosen) {
        *chosen = simd.select_f64s(simd.equal_f64s(*x, *x), found, missing);
        let size = simd.abs_f64s(*x);
        largest = simd.select_f64s(simd.less_than_f64s(largest, size), size, largest);
    }
    largest
}
