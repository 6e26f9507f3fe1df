//! The sums of products that a Newton step consists of, in registers.
//!
//! Every sum has eight lanes: row r of a block adds to lane r mod 8, and the lanes are added in a fixed order at the end.
//! Products are rounded before they are added. So the widths of registers and tiles change no bit, and the widest
//! registers of the CPU may do the work.

use pulp::{Simd, WithSimd};

/// Lanes of a sum inside a block.
pub(super) const LANES: usize = 8;

/// Eight numbers side by side.
pub(super) type Lanes = [f64; LANES];

/// Groups of eight rows in a strip: the columns of twenty variables and all sums then stay in the fastest cache.
pub(super) const STRIP: usize = 16;

/// Columns of a tile in each direction.
const TILE: usize = 4;

/// Columns of storage for `p` columns: whole tiles, those beyond `p` being 0.
pub(super) fn columns(p: usize) -> usize {
    p.div_ceil(TILE) * TILE
}

/// Sums of storage for the upper triangle of `p` columns, by whole tiles.
pub(super) fn sums(p: usize) -> usize {
    let tiles = p.div_ceil(TILE);
    tiles * (tiles + 1) / 2 * TILE * TILE
}

/// Visits where the sums of the upper triangle are stored, by rows.
pub(super) fn triangle(p: usize, mut visit: impl FnMut(usize)) {
    let tiles = p.div_ceil(TILE);
    for j in 0..p {
        for k in j..p {
            let (row, column) = (j / TILE, k / TILE);
            // Tiles of the rows above, then those left of this one.
            let tile = row * tiles - row * row.saturating_sub(1) / 2 - row + column;
            visit(tile * TILE * TILE + j % TILE * TILE + k % TILE);
        }
    }
}

/// The lanes together, in a fixed order.
pub(super) fn total(lanes: &Lanes) -> f64 {
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// Adds Σ x·residual to the gradient and Σ root²·x·x to the information. Leaves the columns multiplied by `root`.
pub(super) fn add(
    x: &mut [Lanes],
    residual: &[Lanes; STRIP],
    root: &[Lanes; STRIP],
    gradient: &mut [Lanes],
    information: &mut [Lanes],
) {
    pulp::Arch::new().dispatch(Add { x, residual, root, gradient, information });
}

struct Add<'a> {
    x: &'a mut [Lanes],
    residual: &'a [Lanes; STRIP],
    root: &'a [Lanes; STRIP],
    gradient: &'a mut [Lanes],
    information: &'a mut [Lanes],
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (columns, _) = self.x.as_chunks_mut::<STRIP>();
        for (column, sum) in columns.iter().zip(self.gradient) {
            for (x, r) in column.iter().zip(self.residual) {
                for lane in 0..LANES {
                    sum[lane] += x[lane] * r[lane];
                }
            }
        }
        for column in columns.iter_mut() {
            for (x, root) in column.iter_mut().zip(self.root) {
                for lane in 0..LANES {
                    x[lane] *= root[lane];
                }
            }
        }
        let (rows, _) = columns.as_chunks::<TILE>();
        let (mut tiles, _) = self.information.as_chunks_mut::<{ TILE * TILE }>();
        for (at, row) in rows.iter().enumerate() {
            for column in &rows[at..] {
                let Some((tile, rest)) = tiles.split_first_mut() else { return };
                tiles = rest;
                if S::REGISTER_COUNT >= 2 * TILE * TILE {
                    products::<S, TILE>(simd, row, column, tile);
                } else {
                    products::<S, 2>(simd, row, column, tile);
                }
            }
        }
    }
}

/// Adds the products of four columns with four others to their sums, `WIDE` of the others at a time: the sums in work must
/// fit the registers.
#[inline(always)]
fn products<S: Simd, const WIDE: usize>(
    simd: S,
    left: &[[Lanes; STRIP]; TILE],
    right: &[[Lanes; STRIP]; TILE],
    sums: &mut [Lanes; TILE * TILE],
) {
    let parts = LANES / S::F64_LANES;
    let left = left.each_ref().map(|column| S::as_simd_f64s(column.as_flattened()).0);
    let right = right.each_ref().map(|column| S::as_simd_f64s(column.as_flattened()).0);
    let sums = S::as_mut_simd_f64s(sums.as_flattened_mut()).0;
    for part in 0..parts {
        for first in (0..TILE).step_by(WIDE) {
            let mut work = [[simd.splat_f64s(0.0); WIDE]; TILE];
            for (j, work) in work.iter_mut().enumerate() {
                for (k, work) in work.iter_mut().enumerate() {
                    *work = sums[(j * TILE + first + k) * parts + part];
                }
            }
            for group in 0..STRIP {
                let at = group * parts + part;
                for (work, left) in work.iter_mut().zip(&left) {
                    for (work, right) in work.iter_mut().zip(&right[first..]) {
                        *work = simd.add_f64s(*work, simd.mul_f64s(left[at], right[at]));
                    }
                }
            }
            for (j, work) in work.iter().enumerate() {
                for (k, work) in work.iter().enumerate() {
                    sums[(j * TILE + first + k) * parts + part] = *work;
                }
            }
        }
    }
}
