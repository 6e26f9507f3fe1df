//! What one Newton step needs from the data: log-likelihood, gradient and Fisher information, as
//! plain sums inside fixed blocks of rows.

use crate::math::{exp, ln};

/// Rows summed in plain `f64` before the exact accumulators take over.
pub const BLOCK: usize = 1_024;

/// Lanes of a sum inside a block: partial sums that vectorise, added in a fixed order at the end.
const LANES: usize = 8;

/// One block of training rows: bin codes by variable, and what happened.
#[derive(Debug, Clone, Copy)]
pub struct BlockInput<'a> {
    /// Bin codes, one slice a variable.
    pub codes: &'a [&'a [u8]],
    /// Whether the event happened.
    pub event: &'a [bool],
    /// Case weight in units of 2⁻²⁰.
    pub weight: &'a [u64],
}

/// Computes the sums of a block at given coefficients.
#[derive(Debug, Clone)]
pub struct Information {
    /// WoE by variable and bin.
    woe: Vec<Vec<f64>>,
    /// Intercept, then one coefficient a variable.
    beta: Vec<f64>,
    x: Vec<f64>,
    wx: Vec<f64>,
}

impl Information {
    /// Sums at coefficients `beta` (intercept first) of variables with the given WoE by bin.
    #[must_use]
    pub fn new(woe: Vec<Vec<f64>>, beta: Vec<f64>) -> Self {
        let x = vec![0.0; (woe.len() + 1) * BLOCK];
        Information { woe, beta, x, wx: vec![0.0; BLOCK] }
    }

    /// Number of sums for `variables` variables: log-likelihood, gradient, upper triangle by rows.
    #[must_use]
    pub fn width(variables: usize) -> usize {
        let p = variables + 1;
        1 + p + p * (p + 1) / 2
    }

    /// The sums of a block of at most [`BLOCK`] rows. Weights count as 2⁻²⁰ each.
    pub fn sums(&mut self, block: BlockInput<'_>) -> Vec<f64> {
        let rows = block.event.len().min(BLOCK);
        let p = self.woe.len() + 1;
        let mut eta = [0.0; BLOCK];
        eta[..rows].fill(self.beta[0]);
        self.x[..rows].fill(1.0);
        for (j, (woe, codes)) in self.woe.iter().zip(block.codes).enumerate() {
            let column = &mut self.x[(j + 1) * BLOCK..(j + 2) * BLOCK];
            let beta = self.beta[j + 1];
            for ((x, eta), &code) in column.iter_mut().zip(&mut eta[..rows]).zip(*codes) {
                *x = woe.get(usize::from(code)).copied().unwrap_or(0.0);
                *eta += beta * *x;
            }
        }
        let mut log_likelihood = 0.0;
        let mut residual = [0.0; BLOCK];
        let mut curvature = [0.0; BLOCK];
        for row in 0..rows {
            let weight = block.weight[row] as f64 * crate::data::WEIGHT_UNIT;
            // ln(1 + e^|eta|) without overflow; the same exponential serves the probability.
            let small = exp(-eta[row].abs());
            let p_event = if eta[row] >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
            let against = if block.event[row] { -eta[row] } else { eta[row] };
            log_likelihood -= weight * (against.max(0.0) + ln(1.0 + small));
            residual[row] = weight * (f64::from(u8::from(block.event[row])) - p_event);
            curvature[row] = weight * p_event * (1.0 - p_event);
        }
        let mut sums = Vec::with_capacity(Information::width(p - 1));
        sums.push(log_likelihood);
        for j in 0..p {
            sums.push(product_sum(&self.x[j * BLOCK..j * BLOCK + rows], &residual[..rows]));
        }
        for j in 0..p {
            for ((wx, x), w) in self.wx.iter_mut().zip(&self.x[j * BLOCK..j * BLOCK + rows]).zip(&curvature) {
                *wx = x * w;
            }
            for k in j..p {
                sums.push(product_sum(&self.x[k * BLOCK..k * BLOCK + rows], &self.wx[..rows]));
            }
        }
        sums
    }
}

/// Σ aᵢ·bᵢ in eight interleaved partial sums.
fn product_sum(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for ((lane, a), b) in lanes.iter_mut().zip(a_rest).zip(b_rest) {
        *lane += a * b;
    }
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::WEIGHT_ONE;

    #[test]
    fn sums_equal_the_definition() {
        let codes: [&[u8]; 2] = [&[0, 1, 1, 0, 1], &[2, 0, 1, 1, 0]];
        let woe = vec![vec![-0.5, 0.4], vec![0.1, -0.2, 0.7]];
        let beta = vec![0.3, -0.9, -1.1];
        let event = [true, false, false, true, false];
        let weight = [WEIGHT_ONE, WEIGHT_ONE, 2 * WEIGHT_ONE, WEIGHT_ONE / 2, 0];
        let sums = Information::new(woe.clone(), beta.clone()).sums(BlockInput { codes: &codes, event: &event, weight: &weight });
        let mut expected = vec![0.0; Information::width(2)];
        for row in 0..5 {
            let x = [1.0, woe[0][usize::from(codes[0][row])], woe[1][usize::from(codes[1][row])]];
            let eta: f64 = x.iter().zip(&beta).map(|(x, b)| x * b).sum();
            let p = crate::math::logistic(eta);
            let w = weight[row] as f64 / WEIGHT_ONE as f64;
            let y = f64::from(u8::from(event[row]));
            expected[0] += w * (y * crate::math::ln(p) + (1.0 - y) * crate::math::ln(1.0 - p));
            let mut at = 4;
            for j in 0..3 {
                expected[1 + j] += w * (y - p) * x[j];
                for k in j..3 {
                    expected[at] += w * p * (1.0 - p) * x[j] * x[k];
                    at += 1;
                }
            }
        }
        for (got, want) in sums.iter().zip(&expected) {
            assert!((got - want).abs() < 1e-14, "{got} {want}");
        }
    }
}
