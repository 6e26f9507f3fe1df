//! What one Newton step needs from the data: log-likelihood, gradient and Fisher information, as
//! plain sums inside fixed blocks of rows.

use super::kernel::{self, LANES, Lanes, STRIP};
use crate::data::WEIGHT_UNIT;
use crate::math::{exp, ln};

/// Rows summed in plain `f64` before the exact accumulators take over.
pub const BLOCK: usize = 1_024;

/// One block of training rows: bin codes by variable, and what happened.
#[derive(Debug, Clone, Copy)]
pub struct BlockInput<'a> {
    /// Bin codes, one slice a variable.
    pub codes: &'a [&'a [u8]],
    /// Whether the event happened.
    pub event: &'a [bool],
    /// Case weight in units of 2⁻²⁰.
    pub weight: &'a [u64],
    /// Known part of the log-odds of the event of each row, which no coefficient multiplies. Empty when there is none.
    pub offset: &'a [f64],
}

/// Computes the sums of a block at given coefficients.
#[derive(Debug, Clone)]
pub struct Information {
    /// WoE by variable and bin; 0 for codes without a bin.
    woe: Vec<[f64; 256]>,
    /// Intercept, then one coefficient a variable.
    beta: Vec<f64>,
    /// One column a coefficient, of the rows of a strip.
    x: Vec<Lanes>,
    gradient: Vec<Lanes>,
    /// Upper triangle by tiles, see [`kernel`].
    information: Vec<Lanes>,
}

impl Information {
    /// Sums at coefficients `beta` (intercept first) of variables with the given WoE by bin.
    #[must_use]
    pub fn new(woe: Vec<Vec<f64>>, mut beta: Vec<f64>) -> Self {
        let p = woe.len() + 1;
        beta.resize(p, 0.0);
        let woe: Vec<[f64; 256]> = woe
            .iter()
            .map(|bins| {
                let mut table = [0.0; 256];
                table.iter_mut().zip(bins).for_each(|(entry, woe)| *entry = *woe);
                table
            })
            .collect();
        Information {
            woe,
            beta,
            x: vec![[0.0; LANES]; kernel::columns(p) * STRIP],
            gradient: vec![[0.0; LANES]; p],
            information: vec![[0.0; LANES]; kernel::sums(p)],
        }
    }

    /// Number of sums for `variables` variables: weight, log-likelihood, gradient, upper triangle by rows.
    #[must_use]
    pub fn width(variables: usize) -> usize {
        let p = variables + 1;
        2 + p + p * (p + 1) / 2
    }

    /// The sums of a block of at most [`BLOCK`] rows. Weights count as 2⁻²⁰ each.
    pub fn sums(&mut self, block: BlockInput<'_>) -> Vec<f64> {
        let rows = block.event.len().min(BLOCK);
        self.gradient.fill([0.0; LANES]);
        self.information.fill([0.0; LANES]);
        let (mut weight, mut log_likelihood) = ([0.0; LANES], [0.0; LANES]);
        for start in (0..rows).step_by(STRIP * LANES) {
            let here = start..(start + STRIP * LANES).min(rows);
            let eta = self.look_up(&block, here.clone());
            let mut residual = [[0.0; LANES]; STRIP];
            let mut root = [[0.0; LANES]; STRIP];
            for (at, row) in here.enumerate() {
                let (group, lane) = (at / LANES, at % LANES);
                let eta = eta[group][lane];
                let w = block.weight[row] as f64 * WEIGHT_UNIT;
                // ln(1 + e^|eta|) without overflow; the same exponential serves the probability.
                let small = exp(-eta.abs());
                let p_event = if eta >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
                let against = if block.event[row] { -eta } else { eta };
                weight[lane] += w;
                log_likelihood[lane] -= w * (against.max(0.0) + ln(1.0 + small));
                residual[group][lane] = w * (f64::from(u8::from(block.event[row])) - p_event);
                root[group][lane] = (w * p_event * (1.0 - p_event)).sqrt();
            }
            kernel::add(&mut self.x, &residual, &root, &mut self.gradient, &mut self.information);
        }
        let mut sums = Vec::with_capacity(Information::width(self.woe.len()));
        sums.extend([kernel::total(&weight), kernel::total(&log_likelihood)]);
        sums.extend(self.gradient.iter().map(kernel::total));
        kernel::triangle(self.gradient.len(), |at| sums.push(kernel::total(&self.information[at])));
        sums
    }

    /// Fills the columns of a strip and returns its log-odds.
    fn look_up(&mut self, block: &BlockInput<'_>, rows: std::ops::Range<usize>) -> [Lanes; STRIP] {
        let mut eta = [[self.beta[0]; LANES]; STRIP];
        if let Some(offset) = block.offset.get(rows.clone()) {
            eta.as_flattened_mut().iter_mut().zip(offset).for_each(|(eta, offset)| *eta += offset);
        }
        self.x[..STRIP].as_flattened_mut().fill(1.0);
        for (j, (woe, codes)) in self.woe.iter().zip(block.codes).enumerate() {
            let column = &mut self.x[(j + 1) * STRIP..(j + 2) * STRIP];
            let codes = &codes[rows.clone()];
            for (x, &code) in column.as_flattened_mut().iter_mut().zip(codes) {
                *x = woe[usize::from(code)];
            }
            let beta = self.beta[j + 1];
            for (eta, x) in eta.as_flattened_mut().iter_mut().zip(column.as_flattened()) {
                *eta += beta * x;
            }
        }
        // Rows that an earlier strip left beyond the end have a weight of 0 here.
        eta
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::WEIGHT_ONE;

    /// Definition by definition, for blocks that end anywhere in a strip and for every number of columns around a tile.
    #[test]
    fn sums_equal_the_definition() {
        for (variables, rows) in [(0, 5), (1, 8), (2, 127), (3, 128), (4, 129), (7, 1_000), (8, 1_024), (9, 1_023)] {
            let mut state = 1u64;
            let mut next = move |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let woe: Vec<Vec<f64>> = (0..variables).map(|_| (0..5).map(|_| next(2_000) as f64 / 1e3 - 1.0).collect()).collect();
            let beta: Vec<f64> = (0..=variables).map(|_| next(2_000) as f64 / 1e3 - 1.0).collect();
            let codes: Vec<Vec<u8>> = (0..variables).map(|_| (0..rows).map(|_| next(6) as u8).collect()).collect();
            let codes: Vec<&[u8]> = codes.iter().map(Vec::as_slice).collect();
            let event: Vec<bool> = (0..rows).map(|_| next(3) == 0).collect();
            let weight: Vec<u64> = (0..rows).map(|_| next(4) * WEIGHT_ONE / 2).collect();
            let offset: Vec<f64> = (0..rows).map(|_| next(2_000) as f64 / 1e3 - 1.0).collect();
            let block = BlockInput { codes: &codes, event: &event, weight: &weight, offset: &offset };
            let mut information = Information::new(woe.clone(), beta.clone());
            let sums = information.sums(block);
            assert_eq!(sums, information.sums(block), "what a block leaves behind must not change the next");
            let mut expected = vec![0.0; Information::width(variables)];
            for row in 0..rows {
                let value = |j: usize| woe[j].get(usize::from(codes[j][row])).copied().unwrap_or(0.0);
                let x: Vec<f64> = std::iter::once(1.0).chain((0..variables).map(value)).collect();
                let eta = offset[row] + x.iter().zip(&beta).map(|(x, b)| x * b).sum::<f64>();
                let p = crate::math::logistic(eta);
                let w = weight[row] as f64 / WEIGHT_ONE as f64;
                let y = f64::from(u8::from(event[row]));
                expected[0] += w;
                expected[1] += w * (y * ln(p) + (1.0 - y) * ln(1.0 - p));
                let mut at = variables + 3;
                for j in 0..=variables {
                    expected[2 + j] += w * (y - p) * x[j];
                    for k in j..=variables {
                        expected[at] += w * p * (1.0 - p) * x[j] * x[k];
                        at += 1;
                    }
                }
            }
            for (at, (got, want)) in sums.iter().zip(&expected).enumerate() {
                assert!((got - want).abs() < 1e-12 * (1.0 + want.abs()), "{variables} {rows} {at}: {got} {want}");
            }
        }
    }
}
