//! Newton's method for the logistic likelihood (iteratively reweighted least squares), one pass over
//! the data a step.

use super::config::ModelConfig;
use super::information::BLOCK;
use super::logistic::{Coefficient, Logistic};
use super::quadratic::Quadratic;
use super::trouble;
use crate::data::WEIGHT_UNIT;
use crate::error::{Convergence, Error, Problem, Result};
use crate::math::{Cholesky, ln};
use crate::stats::Counts;

/// A Newton iteration between two passes over the data.
///
/// On many rows it first finds the optimum of every [`stride`](Self::stride)-th block, which leaves three or four
/// steps over all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Newton {
    variables: Vec<String>,
    counts: Counts,
    config: ModelConfig,
    phase: Phase,
    /// Where the next pass evaluates: intercept first.
    beta: Vec<f64>,
    /// The best point so far with its log-likelihood.
    accepted: Option<(Vec<f64>, f64)>,
    last: Option<Last>,
    null_log_likelihood: f64,
    halvings: u32,
    iterations: u32,
    /// Whether the null model was handed out because variables repeat others.
    offered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The intercept alone, on all rows.
    Null,
    /// Every n-th block.
    Sample(usize),
    /// All rows.
    Full,
}

/// What a pass led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// Another pass is due.
    Pass,
    /// The null model, all coefficients 0: asked for by [`Newton::from_null`], or, once, because variables repeat others and
    /// some have to leave. Another pass is due, over the same variables or, after a screening, those of
    /// [`Newton::restrict`].
    Null(Box<Quadratic>),
    /// The model, and the likelihood around it, for a selection.
    Fitted(Box<(Logistic, Quadratic)>),
}

/// What an accepted step leaves for the one after it.
#[derive(Debug, Clone, PartialEq)]
struct Last {
    step: Vec<f64>,
    /// Standard deviation of each variable.
    scale: Vec<f64>,
}

/// The same gradient means the same optimum: one step below this relative size ends the search where
/// rounding keeps the gradient above the tolerance.
const SMALLEST_STEP: f64 = 1e-13;

/// A step that moves the log-odds of a usual row by this where the gradient has vanished: there is no maximum.
const ESCAPING_STEP: f64 = 0.05;

/// Rows of the sample: enough that its optimum is one Newton step from quadratic convergence.
const SAMPLE: usize = 64 * BLOCK;

/// The optimum of the sample need not be better than this many standard deviations of the log-odds.
const SAMPLE_STEP: f64 = 1e-3;

impl Newton {
    /// Starts at the log-odds of all rows and coefficients of 0.
    #[must_use]
    pub fn new(variables: Vec<String>, counts: Counts, config: ModelConfig) -> Self {
        let beta = null_beta(variables.len(), counts);
        let null_log_likelihood = null_log_likelihood(counts);
        Newton {
            variables,
            counts,
            config,
            phase: sampling(counts),
            beta,
            accepted: None,
            last: None,
            null_log_likelihood,
            halvings: 0,
            iterations: 0,
            offered: false,
        }
    }

    /// Finds the null model on all rows first: for its correlations, or because the rows carry an offset, beside which the
    /// best intercept is not known beforehand.
    #[must_use]
    pub fn from_null(mut self) -> Self {
        self.phase = Phase::Null;
        self
    }

    /// The same training with the variables at positions `kept` only, from the optimum of `seen` over them. `seen` comes
    /// from [`Progress`].
    ///
    /// # Errors
    /// [`NotConverged`](crate::ErrorCode::NotConverged) naming a variable that others repeat.
    pub fn restrict(&self, kept: &[usize], seen: &Quadratic) -> Result<Newton> {
        let variables = kept.iter().filter_map(|&j| self.variables.get(j).cloned()).collect();
        let mut newton = Newton::new(variables, self.counts, self.config.clone());
        newton.null_log_likelihood = self.null_log_likelihood;
        newton.beta = seen.optimum(kept)?.beta;
        if seen.beta.iter().skip(1).any(|beta| *beta != 0.0) {
            newton.phase = Phase::Full;
        }
        Ok(newton)
    }

    /// The coefficients at which the next pass evaluates, intercept first.
    #[must_use]
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }

    /// The next pass needs the blocks of each batch at positions divisible by this; 1 for all rows.
    #[must_use]
    pub fn stride(&self) -> usize {
        if let Phase::Sample(stride) = self.phase { stride } else { 1 }
    }

    /// Whether the next pass is for the null model.
    #[must_use]
    pub fn is_at_null(&self) -> bool {
        self.phase == Phase::Null
    }

    /// The sums of one pass at [`beta`](Self::beta) as a function of the coefficients.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) for malformed sums.
    pub fn quadratic(&self, sums: &[f64]) -> Result<Quadratic> {
        Quadratic::new(self.variables.clone(), self.beta.clone(), sums)
    }

    /// Takes the sums of one pass (see [`Information`](super::Information)) and moves on.
    ///
    /// # Errors
    /// [`NotConverged`](crate::ErrorCode::NotConverged) when the limit of iterations is reached, a variable repeats
    /// others, or variables separate the classes; the error names them.
    pub fn advance(&mut self, sums: &[f64]) -> Result<Progress> {
        let here = self.quadratic(sums)?;
        match self.phase {
            Phase::Null => self.advance_null(here),
            Phase::Full => self.advance_full(here),
            Phase::Sample(_) => {
                // Whatever is wrong with the sample, all rows may be sound.
                if !self.advance_sample(&here) {
                    self.start(null_beta(self.variables.len(), self.counts), Phase::Full);
                }
                Ok(Progress::Pass)
            }
        }
    }

    fn start(&mut self, beta: Vec<f64>, phase: Phase) {
        (self.beta, self.phase) = (beta, phase);
        (self.accepted, self.last, self.halvings, self.iterations) = (None, None, 0, 0);
    }

    fn advance_null(&mut self, here: Quadratic) -> Result<Progress> {
        self.iterations += 1;
        let step = here.gradient[0] / here.information[[0, 0]];
        if !step.is_finite() {
            let what = "the offsets leave no doubt about the outcome of any row";
            return Err(self.failed(&here, Problem::new(what, "pass offsets as log-odds of the event").field("offset")));
        }
        self.null_log_likelihood = here.log_likelihood;
        if here.gradient[0].abs() <= self.config.tolerance || step.abs() <= SMALLEST_STEP {
            let mut next = self.beta.clone();
            if let Ok(cholesky) = Cholesky::decompose(&here.information) {
                next.iter_mut().zip(cholesky.solve(&here.gradient)).for_each(|(beta, step)| *beta += step);
            }
            self.start(next, sampling(self.counts));
            return Ok(Progress::Null(Box::new(here)));
        }
        self.within_limit(&here)?;
        // The log-likelihood of one parameter is concave, and a step of 1 keeps Newton's method on its good side.
        self.beta[0] += step.clamp(-1.0, 1.0);
        Ok(Progress::Pass)
    }

    /// One step on the sample; whether it made sense.
    fn advance_sample(&mut self, here: &Quadratic) -> bool {
        self.iterations += 1;
        let Ok(cholesky) = Cholesky::decompose(&here.information) else { return false };
        let step = cholesky.solve(&here.gradient);
        let reach = reach(&step, &scale(here));
        if let Some((_, best)) = self.accepted
            && here.log_likelihood < best - 1e-11 * best.abs()
        {
            return false;
        }
        let next: Vec<f64> = self.beta.iter().zip(&step).map(|(beta, step)| beta + step).collect();
        if !reach.is_finite() || self.iterations >= self.config.max_iterations {
            return false;
        }
        if reach <= SAMPLE_STEP {
            self.start(next, Phase::Full);
        } else {
            self.accepted = Some((std::mem::replace(&mut self.beta, next), here.log_likelihood));
        }
        true
    }

    fn advance_full(&mut self, here: Quadratic) -> Result<Progress> {
        self.iterations += 1;
        if let Some((point, best)) = &self.accepted {
            let worse = here.log_likelihood < best - 1e-11 * best.abs();
            if worse && self.halvings < 20 {
                self.halvings += 1;
                self.beta = point.iter().zip(&self.beta).map(|(a, b)| a + (b - a) / 2.0).collect();
                return self.within_limit(&here).map(|()| Progress::Pass);
            }
        }
        self.halvings = 0;
        let cholesky = match (Cholesky::decompose(&here.information), &self.last) {
            (Ok(cholesky), _) => cholesky,
            // At the null model, what the others give exactly can still be left out.
            (Err(_), None) if !self.offered && self.beta.iter().skip(1).all(|beta| *beta == 0.0) => {
                self.offered = true;
                return Ok(Progress::Null(Box::new(here)));
            }
            (Err(found), None) => return Err(self.failed(&here, trouble::dependent(&here, &found, 0))),
            // The variables were independent where the search began: the curvature of the rows has vanished since.
            (Err(_), Some(last)) => return Err(self.diverging(&here, last)),
        };
        let step = cholesky.solve(&here.gradient);
        let scale = self.last.as_ref().map_or_else(|| scale(&here), |last| last.scale.clone());
        let reach = reach(&step, &scale);
        let relative = step.iter().zip(&self.beta).fold(0.0_f64, |size, (s, b)| size.max(s.abs() / (1.0 + b.abs())));
        let last = Last { step, scale };
        if here.steepness() <= self.config.tolerance || relative <= SMALLEST_STEP {
            if reach > ESCAPING_STEP {
                return Err(self.diverging(&here, &last));
            }
            let model = self.model(&here, &cholesky, &last.step);
            return Ok(Progress::Fitted(Box::new((model, here))));
        }
        if self.iterations >= self.config.max_iterations && reach > ESCAPING_STEP {
            return Err(self.diverging(&here, &last));
        }
        self.within_limit(&here)?;
        let next = self.beta.iter().zip(&last.step).map(|(beta, step)| beta + step).collect();
        self.accepted = Some((std::mem::replace(&mut self.beta, next), here.log_likelihood));
        self.last = Some(last);
        Ok(Progress::Pass)
    }

    fn within_limit(&self, here: &Quadratic) -> Result<()> {
        if self.iterations < self.config.max_iterations {
            return Ok(());
        }
        let remedy = "raise model.max_iterations";
        Err(self.failed(here, Problem::new("the limit of iterations was reached", remedy).field("model.max_iterations")))
    }

    fn diverging(&self, here: &Quadratic, last: &Last) -> Error {
        self.failed(here, trouble::diverging(&self.variables, &last.step, &last.scale))
    }

    fn failed(&self, here: &Quadratic, problem: Problem) -> Error {
        Error::not_converged(Convergence { iterations: self.iterations, gradient: here.steepness() }, problem)
    }

    /// The model one step further: the step costs no pass, and squares what is left of the error.
    fn model(&self, here: &Quadratic, cholesky: &Cholesky, step: &[f64]) -> Logistic {
        let covariance = cholesky.inverse();
        let names = std::iter::once("intercept").chain(self.variables.iter().map(String::as_str));
        let mut all: Vec<Coefficient> = names
            .zip(self.beta.iter().zip(step))
            .enumerate()
            .map(|(j, (variable, (beta, step)))| Coefficient {
                variable: variable.to_owned(),
                value: round_significant(beta + step),
                standard_error: round_significant(covariance[[j, j]].sqrt()),
            })
            .collect();
        let coefficients = all.split_off(1);
        let gain: f64 = here.gradient.iter().zip(step).map(|(g, s)| g * s).sum();
        Logistic {
            intercept: all.remove(0),
            coefficients,
            log_likelihood: round_significant(here.log_likelihood + gain / 2.0),
            null_log_likelihood: round_significant(self.null_log_likelihood),
            iterations: self.iterations,
            rows: self.counts.total() as f64 * WEIGHT_UNIT,
            events: self.counts.events as f64 * WEIGHT_UNIT,
        }
    }
}

/// Where a search on as many rows begins: a sample of a quarter or more would cost what it saves.
fn sampling(counts: Counts) -> Phase {
    let rows = counts.total() as f64 * WEIGHT_UNIT;
    let stride = (rows / SAMPLE as f64).min(65_536.0) as usize;
    if stride >= 4 { Phase::Sample(stride) } else { Phase::Full }
}

/// The null model without offsets.
fn null_beta(variables: usize, counts: Counts) -> Vec<f64> {
    let mut beta = vec![0.0; variables + 1];
    beta[0] = ln(counts.events as f64 / counts.non_events as f64);
    beta
}

fn null_log_likelihood(counts: Counts) -> f64 {
    let (events, non_events) = (counts.events as f64, counts.non_events as f64);
    let total = events + non_events;
    (events * ln(events / total) + non_events * ln(non_events / total)) * WEIGHT_UNIT
}

/// Standard deviations of the variables, weighted by curvature.
fn scale(here: &Quadratic) -> Vec<f64> {
    let rows = here.information[[0, 0]];
    here.centred().diag().iter().map(|centred| (centred / rows).max(0.0).sqrt()).collect()
}

/// How far a step moves the log-odds of a usual row along any one coefficient; the intercept counts as it is.
fn reach(step: &[f64], scale: &[f64]) -> f64 {
    step.iter().skip(1).zip(scale).map(|(step, scale)| step.abs() * scale).fold(step[0].abs(), f64::max)
}

/// The nearest number of 12 significant decimal digits: estimates carry no more, and what is left of
/// the order of summation disappears.
pub(crate) fn round_significant(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

#[cfg(test)]
pub(super) mod tests;
