//! Which pairs of variables deserve a table (as FAST of Lou, Caruana, Gehrke and Hooker, *Accurate intelligible models
//! with pairwise interactions*, 2013): the gain of one cut on each side, on what the main effects leave over.

use super::BoostConfig;
use super::axis::{Axis, Groups, Order};
use super::step::{MAX_CELLS, Slope, best_cuts};
use crate::error::Result;
use crate::math::ln;
use crate::parallel::Threads;

/// Patterns that the ranking looks at: they stand in the order of a hash, so the first ones are a random sample.
const SAMPLE: usize = 1 << 17;

/// The pairs of highest gain, at most `config.max_pairs`, best first; equal gains in the order of the variables.
/// `groups` and `codes` are those of each variable, `slopes` those of rows that the main effects were not fitted to.
///
/// Among c possible cuts of v pairs the best exceeds 2·ln(c·v) by chance only about as often as not (a χ² of one degree
/// of freedom passes x with a probability of less than e^(−x/2)): lower gains are not told from noise.
pub(super) fn rank(
    groups: &[Groups],
    codes: &[Vec<u8>],
    slopes: &[Slope],
    config: &BoostConfig,
    threads: Threads,
) -> Result<Vec<(usize, usize)>> {
    let variables: Vec<usize> = (0..groups.len()).filter(|&j| groups[j].axis.ordinary > 1).collect();
    if config.max_pairs == 0 {
        return Ok(Vec::new());
    }
    let cuts = |j: usize| (groups[j].axis.ordinary - 1) as f64;
    let candidates = (variables.len() * variables.len().saturating_sub(1) / 2) as f64;
    let of_first = |(place, &a): (usize, &usize)| {
        let with = variables.iter().skip(place + 1);
        with.map(|&b| (gain(&groups[a], &groups[b], &codes[a], &codes[b], slopes, config.l2), a, b)).collect::<Vec<_>>()
    };
    let mut found: Vec<(f64, usize, usize)> =
        threads.map(variables.iter().enumerate().collect(), |first| Ok(of_first(first)))?.into_iter().flatten().collect();
    found.retain(|&(gain, a, b)| gain > 2.0 * ln(candidates * cuts(a) * cuts(b)));
    found.sort_by(|x, y| y.0.total_cmp(&x.0));
    found.truncate(config.max_pairs);
    Ok(found.into_iter().map(|(_, a, b)| (a, b)).collect())
}

fn gain(a: &Groups, b: &Groups, codes_a: &[u8], codes_b: &[u8], slopes: &[Slope], l2: f64) -> f64 {
    let mut sums = [[0.0; 2]; MAX_CELLS];
    let width = b.axis.bins;
    for ((&i, &j), slope) in codes_a.iter().zip(codes_b).zip(slopes).take(SAMPLE) {
        let cell = &mut sums[(usize::from(i) * width + usize::from(j)) % MAX_CELLS];
        *cell = [cell[0] + slope[0], cell[1] + slope[1]];
    }
    // Whether a demanded order leaves room for the pair shows when it is boosted beside the main effects.
    let free = |groups: &Groups| Axis { order: Order::Free, ..groups.axis };
    best_cuts(&sums, &free(a), &free(b), l2).0
}
