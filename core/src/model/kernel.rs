//! The sums of a Newton step over one block of rows, in registers.
//!
//! Every sum has eight lanes: row r of a block adds to lane r mod 8, and the lanes are added in a fixed order at the end.
//! Products are rounded before they are added. So the widths of registers and tiles change no bit, and the widest
//! registers of the CPU may do the work.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::information::BlockInput;
use crate::data::WEIGHT_UNIT;
use crate::math::{exp, ln};

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

/// One block of rows, strip by strip.
pub(super) struct Block<'a> {
    pub(super) input: BlockInput<'a>,
    pub(super) rows: usize,
    pub(super) woe: &'a [[f64; 256]],
    pub(super) beta: &'a [f64],
    /// Room for one column a coefficient.
    pub(super) x: &'a mut [Lanes],
    pub(super) gradient: &'a mut [Lanes],
    pub(super) information: &'a mut [Lanes],
}

/// What the rows of a strip add, apart from their columns. Rows beyond the end weigh nothing.
struct Strip {
    rows: Range<usize>,
    eta: [Lanes; STRIP],
    weight: [Lanes; STRIP],
    event: [Lanes; STRIP],
}

impl WithSimd for Block<'_> {
    /// Lanes of the weight and of the log-likelihood.
    type Output = (Lanes, Lanes);

    // All of it is inlined into a function that may use the CPU's widest registers.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (Lanes, Lanes) {
        let (mut weight, mut log_likelihood) = ([0.0; LANES], [0.0; LANES]);
        let (columns, _) = self.x.as_chunks_mut::<STRIP>();
        let mut start = 0;
        while start < self.rows {
            let rows = start..(start + STRIP * LANES).min(self.rows);
            start = rows.end;
            let strip = Strip::read(&self.input, rows, self.woe, self.beta, columns);
            let (residual, root) = strip.outcome(&mut weight, &mut log_likelihood);
            for (column, sum) in columns.iter_mut().zip(self.gradient.iter_mut()) {
                // In a copy, or the compiler must store each sum.
                let mut work = *sum;
                for (x, residual) in column.iter().zip(&residual) {
                    for lane in 0..LANES {
                        work[lane] += x[lane] * residual[lane];
                    }
                }
                *sum = work;
                for (x, root) in column.iter_mut().zip(&root) {
                    for lane in 0..LANES {
                        x[lane] *= root[lane];
                    }
                }
            }
            let (tile_rows, _) = columns.as_chunks::<TILE>();
            let mut tiles = self.information.as_chunks_mut::<{ TILE * TILE }>().0.iter_mut();
            for (at, left) in tile_rows.iter().enumerate() {
                for right in &tile_rows[at..] {
                    let Some(sums) = tiles.next() else { break };
                    if S::REGISTER_COUNT >= 2 * TILE * TILE {
                        products::<S, TILE>(simd, left, right, sums);
                    } else {
                        products::<S, 2>(simd, left, right, sums);
                    }
                }
            }
        }
        (weight, log_likelihood)
    }
}

impl Strip {
    /// Fills the columns of the strip and reads its rows.
    #[inline(always)]
    fn read(
        input: &BlockInput<'_>,
        rows: Range<usize>,
        woe: &[[f64; 256]],
        beta: &[f64],
        columns: &mut [[Lanes; STRIP]],
    ) -> Strip {
        let mut strip =
            Strip { rows, eta: [[beta[0]; LANES]; STRIP], weight: [[0.0; LANES]; STRIP], event: [[0.0; LANES]; STRIP] };
        let rows = strip.rows.clone();
        if let Some(offset) = input.offset.get(rows.clone()) {
            for (eta, offset) in strip.eta.as_flattened_mut().iter_mut().zip(offset) {
                *eta += offset;
            }
        }
        for (weight, &units) in strip.weight.as_flattened_mut().iter_mut().zip(&input.weight[rows.clone()]) {
            *weight = units as f64 * WEIGHT_UNIT;
        }
        for (event, &happened) in strip.event.as_flattened_mut().iter_mut().zip(&input.event[rows.clone()]) {
            *event = f64::from(u8::from(happened));
        }
        columns[0] = [[1.0; LANES]; STRIP];
        for ((column, (woe, codes)), beta) in columns[1..].iter_mut().zip(woe.iter().zip(input.codes)).zip(&beta[1..]) {
            for (x, &code) in column.as_flattened_mut().iter_mut().zip(&codes[rows.clone()]) {
                *x = woe[usize::from(code)];
            }
            for (eta, x) in strip.eta.iter_mut().zip(column) {
                for lane in 0..LANES {
                    eta[lane] += beta * x[lane];
                }
            }
        }
        strip
    }

    /// Adds to weight and log-likelihood; returns weight · (event − PD) and the root of the curvature, √(weight · PD · (1 − PD)).
    #[inline(always)]
    fn outcome(&self, weight: &mut Lanes, log_likelihood: &mut Lanes) -> ([Lanes; STRIP], [Lanes; STRIP]) {
        // The probability of the less likely outcome is small / (1 + small) and that of the other 1 / (1 + small).
        let mut small = [[1.0; LANES]; STRIP];
        for (small, eta) in small.as_flattened_mut().iter_mut().zip(self.eta.as_flattened()).take(self.rows.len()) {
            *small = exp(-eta.abs());
        }
        let mut residual = [[0.0; LANES]; STRIP];
        let mut root = [[0.0; LANES]; STRIP];
        for group in 0..STRIP {
            for lane in 0..LANES {
                let (w, eta, small) = (self.weight[group][lane], self.eta[group][lane], small[group][lane]);
                let likely = 1.0 / (1.0 + small);
                let unlikely = small * likely;
                let happened = self.event[group][lane] != 0.0;
                let against = if happened { -eta } else { eta };
                // The log-likelihood of a row is −max(against, 0) − ln(1 + small); the logarithms follow below.
                weight[lane] += w;
                log_likelihood[lane] -= w * against.max(0.0);
                let missed = if against >= 0.0 { likely } else { unlikely };
                residual[group][lane] = w * if happened { missed } else { -missed };
                root[group][lane] = (w * (likely * unlikely)).sqrt();
            }
        }
        self.logarithms(&small, log_likelihood);
        (residual, root)
    }

    /// Subtracts weight · ln(1 + small) of every row. Where all rows weigh the same or nothing, one logarithm of a product
    /// (of at most 2^16) serves a lane.
    #[inline(always)]
    fn logarithms(&self, small: &[Lanes; STRIP], log_likelihood: &mut Lanes) {
        let mut common = 0.0_f64;
        for weight in self.weight.as_flattened() {
            common = common.max(*weight);
        }
        let mut product = [1.0; LANES];
        let mut equal = [true; LANES];
        for (small, weight) in small.iter().zip(&self.weight) {
            for lane in 0..LANES {
                let w = weight[lane];
                product[lane] *= if w == 0.0 { 1.0 } else { 1.0 + small[lane] };
                equal[lane] &= (w == 0.0) | (w == common);
            }
        }
        if equal == [true; LANES] {
            for lane in 0..LANES {
                log_likelihood[lane] -= common * ln(product[lane]);
            }
            return;
        }
        for (small, weight) in small.iter().zip(&self.weight) {
            for lane in 0..LANES {
                log_likelihood[lane] -= weight[lane] * ln(1.0 + small[lane]);
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
