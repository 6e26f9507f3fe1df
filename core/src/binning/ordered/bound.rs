//! What no bins can surpass when not every cut was tried.
//!
//! Take any permitted bins, and cut them in addition at both ends of every block (two neighbouring candidates and what
//! lies between) that has a cut inside. By convexity the value does not fall. What results is a chain of bins between
//! candidates and of blocks that are cut inside; a block too small to hold a whole bin has exactly one cut inside, and
//! is worth at most its best two parts, any other at most the sum of its cells. Each cut inside a block and each cut
//! between two bins counts towards the limit. The best such chain is found by a dynamic programme that ignores the trend
//! and the size of bins, hence a bound.

use super::Measure;

/// An upper bound of the value of at most `max_bins` bins whose cuts lie from the second of `borders` to the last but one.
pub(super) fn relaxed(measure: &impl Measure, borders: &[usize], max_bins: usize) -> f64 {
    let size = borders.len();
    let inside: Vec<(f64, Option<f64>)> = borders.windows(2).map(|pair| open(measure, pair[0], pair[1])).collect();
    let mut values = vec![0.0; size * size];
    for i in 0..size {
        for j in i + 1..size {
            values[i * size + j] = measure.value(borders[i], borders[j]);
        }
    }
    let none = f64::NEG_INFINITY;
    // Best chains up to a candidate that end with a bin, and that end with an opened block, by number of cuts so far.
    let mut closed: Vec<Vec<f64>> = Vec::with_capacity(max_bins);
    let mut opened: Vec<Vec<f64>> = Vec::with_capacity(max_bins);
    for cuts in 0..max_bins {
        let earlier = |layers: &[Vec<f64>], by: usize, at: usize| cuts.checked_sub(by).map_or(none, |c| layers[c][at]);
        let mut open = vec![none; size];
        for to in 2..size - 1 {
            let (two, more) = inside[to - 1];
            let one_cut = earlier(&closed, 1, to - 1).max(earlier(&opened, 1, to - 1)) + two;
            let two_cuts = more.map_or(none, |more| earlier(&closed, 2, to - 1).max(earlier(&opened, 2, to - 1)) + more);
            open[to] = one_cut.max(two_cuts);
        }
        let mut close = vec![none; size];
        for from in 0..size - 1 {
            let start = if from == 0 && cuts == 0 { 0.0 } else { earlier(&closed, 1, from).max(open[from]) };
            for (best, value) in close[from + 1..].iter_mut().zip(&values[from * size + from + 1..(from + 1) * size]) {
                *best = best.max(start + value);
            }
        }
        closed.push(close);
        opened.push(open);
    }
    closed.iter().map(|layer| layer[size - 1]).fold(none, f64::max)
}

/// The most that a block is worth with one cut inside, and with more where it can hold a bin.
fn open(measure: &impl Measure, from: usize, to: usize) -> (f64, Option<f64>) {
    let two = (from + 1..to).map(|cut| measure.value(from, cut) + measure.value(cut, to)).fold(f64::NEG_INFINITY, f64::max);
    let many =
        (to - from > 2 && measure.holds(from + 1, to - 1)).then(|| (from..to).map(|cell| measure.value(cell, cell + 1)).sum());
    (two, many)
}
