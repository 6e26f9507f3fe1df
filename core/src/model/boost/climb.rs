//! Cyclic Newton steps on the log-likelihood of one set of rows, stopped on another.

use super::step::{MAX_CELLS, Shape, Slope};
use super::{BoostConfig, Tables};
use crate::data::WEIGHT_UNIT;
use crate::math::{exp, ln};
use crate::stats::Counts;

/// A term that may move: the cell of every pattern, and how the cells lie to each other.
#[derive(Clone, Copy)]
pub(super) struct Term<'a> {
    pub(super) codes: &'a [u8],
    pub(super) shape: Shape,
}

/// The rows of one card: weights and events of each pattern, in rows, to learn from and to stop on.
pub(super) struct Rows {
    learn: Vec<[f64; 2]>,
    stop: Vec<[f64; 2]>,
    /// Weight of the rows to stop on.
    held_out: f64,
}

/// A card between two rounds.
struct State {
    log_odds: Vec<f64>,
    gradient: Vec<f64>,
    curvature: Vec<f64>,
    /// Log loss of the rows to learn from, in all.
    learnt: f64,
    /// Mean log loss of the rows to stop on.
    stopped: f64,
}

impl Rows {
    pub(super) fn new(all: &[Counts], stop: &[Counts]) -> Self {
        let rows = |non_events: u64, events: u64| [(non_events + events) as f64 * WEIGHT_UNIT, events as f64 * WEIGHT_UNIT];
        let learn = all
            .iter()
            .zip(stop)
            .map(|(all, stop)| rows(all.non_events.saturating_sub(stop.non_events), all.events.saturating_sub(stop.events)));
        let learn = learn.collect();
        let stop: Vec<[f64; 2]> = stop.iter().map(|stop| rows(stop.non_events, stop.events)).collect();
        Rows { learn, held_out: stop.iter().map(|rows| rows[0]).sum(), stop }
    }

    /// The log-odds of the rows to learn from; `None` when they are of one class, or none is left to stop on.
    pub(super) fn log_odds(&self) -> Option<f64> {
        let (all, events) = self.learn.iter().fold((0.0, 0.0), |(all, events), rows| (all + rows[0], events + rows[1]));
        (events > 0.0 && all > events && self.held_out > 0.0).then(|| ln(events / (all - events)))
    }

    /// Gradient and curvature of the rows to stop on at the given log-odds, added to `slopes`.
    pub(super) fn add_slopes(&self, log_odds: &[f64], slopes: &mut [Slope]) {
        for ((slope, rows), &x) in slopes.iter_mut().zip(&self.stop).zip(log_odds) {
            let p = 1.0 / (1.0 + exp(-x));
            slope[0] += rows[1] - rows[0] * p;
            slope[1] += rows[0] * p * (1.0 - p);
        }
    }

    /// Mean log loss of the rows to stop on at the given log-odds.
    pub(super) fn loss(&self, log_odds: &[f64]) -> f64 {
        self.state(log_odds.to_vec()).stopped
    }

    /// Rows to stop on that are those to learn from.
    #[cfg(test)]
    pub(super) fn stopped_on_itself(mut self) -> Self {
        self.stop.clone_from(&self.learn);
        self.held_out = self.stop.iter().map(|rows| rows[0]).sum();
        self
    }

    /// One pass: slopes and losses at the given log-odds.
    fn state(&self, log_odds: Vec<f64>) -> State {
        let (mut gradient, mut curvature) = (vec![0.0; log_odds.len()], vec![0.0; log_odds.len()]);
        let (mut learnt, mut stopped) = (Loss::default(), Loss::default());
        let slopes = gradient.iter_mut().zip(&mut curvature);
        for (((slope, learn), stop), &x) in slopes.zip(&self.learn).zip(&self.stop).zip(&log_odds) {
            // The same exponential serves the probability and ln(1 + e^|x|), which cannot overflow.
            let small = exp(-x.abs());
            let p = if x >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
            learnt.add(*learn, x, 1.0 + small);
            stopped.add(*stop, x, 1.0 + small);
            *slope.0 = learn[1] - learn[0] * p;
            *slope.1 = learn[0] * p * (1.0 - p);
        }
        State { log_odds, gradient, curvature, learnt: learnt.sum(), stopped: stopped.sum() / self.held_out }
    }
}

/// Σ weight · (max(x, 0) + ln(1 + e^−|x|)) − events · x. Logarithms cost most of it: the arguments, between 1 and 2, of
/// rows of equal weight are multiplied first.
#[derive(Default)]
struct Loss {
    linear: f64,
    logarithms: f64,
    weight: f64,
    product: f64,
    factors: u32,
}

impl Loss {
    /// A product of so many factors of at most 2 is a finite double.
    const FACTORS: u32 = 512;

    fn add(&mut self, [weight, events]: [f64; 2], x: f64, factor: f64) {
        if weight == 0.0 {
            return;
        }
        self.linear += weight * x.max(0.0) - events * x;
        if weight != self.weight || self.factors == Loss::FACTORS {
            self.flush();
            (self.weight, self.product) = (weight, 1.0);
        }
        self.product *= factor;
        self.factors += 1;
    }

    fn flush(&mut self) {
        if self.factors > 0 {
            self.logarithms += self.weight * ln(self.product);
        }
        self.factors = 0;
    }

    fn sum(mut self) -> f64 {
        self.flush();
        self.linear + self.logarithms
    }
}

/// Moves the tables of `terms`, all 0 at first, from the given log-odds of each pattern. Returns them as they were at
/// the round of least loss on the held-out rows, with the number of that round.
pub(super) fn climb(rows: &Rows, log_odds: Vec<f64>, terms: &[Term<'_>], config: &BoostConfig) -> (Tables, u32) {
    let mut tables: Tables = terms.iter().map(|term| vec![0.0; term.shape.cells()]).collect();
    let mut state = rows.state(log_odds);
    let mut best = (state.stopped, tables.clone(), 0);
    let mut rate = config.rate;
    let mut floor = 0.0;
    for round in 1..=config.rounds {
        let (steps, top) = cycle(&mut state, terms, rate, config.focus * floor, config.l2);
        let next = rows.state(moved(&state.log_odds, terms, &steps));
        if next.learnt > state.learnt {
            // Too long a step: the likelihood is not the parabola that was climbed. Try half of it from the same place.
            rate /= 2.0;
            state = rows.state(state.log_odds);
            if rate < config.rate / 1024.0 {
                break;
            }
        } else {
            (state, floor) = (next, top);
            for (table, step) in tables.iter_mut().zip(&steps) {
                table.iter_mut().zip(step).for_each(|(value, step)| *value += step);
            }
        }
        if state.stopped < best.0 {
            best = (state.stopped, tables.clone(), round);
        } else if round - best.2 >= config.patience {
            break;
        }
    }
    (best.1, best.2)
}

/// One round: each term in turn takes its step, on the slopes that the terms before it left behind. Terms of less gain
/// than `floor` stay where they are. Also gives the best gain.
fn cycle(state: &mut State, terms: &[Term<'_>], rate: f64, floor: f64, l2: f64) -> (Vec<[f64; MAX_CELLS]>, f64) {
    let mut steps = vec![[0.0; MAX_CELLS]; terms.len()];
    let mut moved: Option<usize> = None;
    let mut top = 0.0_f64;
    for (at, term) in terms.iter().enumerate() {
        let slopes = match moved.take() {
            None => slopes(term.codes, &state.gradient, &state.curvature),
            Some(last) => slopes_after(terms[last].codes, &steps[last], term.codes, &mut state.gradient, &state.curvature),
        };
        let step = &mut steps[at];
        let gain = term.shape.step(&slopes, l2, step);
        top = top.max(gain);
        if gain < floor || gain <= 0.0 {
            step.fill(0.0);
        } else {
            step.iter_mut().for_each(|step| *step *= rate);
            moved = Some(at);
        }
    }
    (steps, top)
}

/// The log-odds after the steps of all terms.
fn moved(log_odds: &[f64], terms: &[Term<'_>], steps: &[[f64; MAX_CELLS]]) -> Vec<f64> {
    const BLOCK: usize = 2_048;
    let mut next = log_odds.to_vec();
    for (at, block) in next.chunks_mut(BLOCK).enumerate() {
        for (term, step) in terms.iter().zip(steps) {
            if step.iter().any(|step| *step != 0.0) {
                let codes = term.codes.iter().skip(at * BLOCK);
                block.iter_mut().zip(codes).for_each(|(x, &code)| *x += step[usize::from(code)]);
            }
        }
    }
    next
}

/// Sums by cell. Two tables take turns, so that a row need not wait for its neighbour of the same cell.
fn slopes(codes: &[u8], gradient: &[f64], curvature: &[f64]) -> [Slope; MAX_CELLS] {
    let mut sums = [[[0.0; 2]; MAX_CELLS]; 2];
    let rows = codes.iter().zip(gradient).zip(curvature);
    for (row, ((&code, g), h)) in rows.enumerate() {
        let cell = &mut sums[row % 2][usize::from(code)];
        *cell = [cell[0] + g, cell[1] + h];
    }
    joined(sums)
}

/// The same after another term has moved: the gradient follows along the parabola.
fn slopes_after(
    moved: &[u8],
    step: &[f64; MAX_CELLS],
    codes: &[u8],
    gradient: &mut [f64],
    curvature: &[f64],
) -> [Slope; MAX_CELLS] {
    let mut sums = [[[0.0; 2]; MAX_CELLS]; 2];
    let rows = codes.iter().zip(moved).zip(gradient).zip(curvature);
    for (row, (((&code, &moved), g), h)) in rows.enumerate() {
        *g -= h * step[usize::from(moved)];
        let cell = &mut sums[row % 2][usize::from(code)];
        *cell = [cell[0] + *g, cell[1] + h];
    }
    joined(sums)
}

fn joined([mut even, odd]: [[Slope; MAX_CELLS]; 2]) -> [Slope; MAX_CELLS] {
    even.iter_mut().zip(&odd).for_each(|(sum, other)| *sum = [sum[0] + other[0], sum[1] + other[1]]);
    even
}
