//! Newton's method for the logistic likelihood (iteratively reweighted least squares), one pass over
//! the data a step.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::information::Information;
use super::logistic::{Coefficient, Logistic};
use crate::error::{Convergence, Error, Problem, Problems, Result};
use crate::math::{Cholesky, ln};
use crate::stats::Counts;

/// Settings of the logistic regression and of what enters it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelConfig {
    /// Variables with less information value stay out; 0 or more.
    pub min_iv: f64,
    /// The most variables; the ones of highest information value stay.
    pub max_variables: usize,
    /// Passes over the data before giving up; 1 to 100.
    pub max_iterations: u32,
    /// Largest absolute component of the gradient at the optimum, in rows; greater than 0.
    pub tolerance: f64,
}

impl Default for ModelConfig {
    fn default() -> Self {
        ModelConfig { min_iv: 0.02, max_variables: 20, max_iterations: 25, tolerance: 1e-6 }
    }
}

/// The most variables of one card.
pub(crate) const MAX_VARIABLES: usize = 128;

impl ModelConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.min_iv >= 0.0, "model.min_iv", "must be 0 or more", "use for example 0.02");
        problems.require(
            (1..=MAX_VARIABLES).contains(&self.max_variables),
            "model.max_variables",
            "must lie between 1 and 128",
            "use for example 20",
        );
        problems.require(
            (1..=100).contains(&self.max_iterations),
            "model.max_iterations",
            "must lie between 1 and 100",
            "use for example 25",
        );
        problems.require(
            self.tolerance > 0.0 && self.tolerance.is_finite(),
            "model.tolerance",
            "must be positive",
            "use for example 1e-6",
        );
        problems.into_result()
    }
}

/// A Newton iteration between two passes over the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Newton {
    variables: Vec<String>,
    counts: Counts,
    config: ModelConfig,
    /// Where the next pass evaluates: intercept first.
    beta: Vec<f64>,
    /// The best point so far with its log-likelihood.
    accepted: Option<(Vec<f64>, f64)>,
    halvings: u32,
    iterations: u32,
}

/// The same gradient means the same optimum: one step below this relative size ends the search where
/// rounding keeps the gradient above the tolerance.
const SMALLEST_STEP: f64 = 1e-13;

impl Newton {
    /// Starts at the log-odds of the sample and coefficients of 0.
    #[must_use]
    pub fn new(variables: Vec<String>, counts: Counts, config: ModelConfig) -> Self {
        let mut beta = vec![0.0; variables.len() + 1];
        beta[0] = ln(counts.events as f64 / counts.non_events as f64);
        Newton { variables, counts, config, beta, accepted: None, halvings: 0, iterations: 0 }
    }

    /// The coefficients at which the next pass evaluates, intercept first.
    #[must_use]
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }

    /// Takes the sums of one pass (see [`Information`]) and either moves on or returns the model.
    ///
    /// # Errors
    /// [`NotConverged`](crate::ErrorCode::NotConverged) when the limit of iterations is reached or the
    /// variables are linearly dependent.
    pub fn advance(&mut self, sums: &[f64]) -> Result<Option<Logistic>> {
        let p = self.variables.len() + 1;
        if sums.len() != Information::width(p - 1) || sums.iter().any(|sum| !sum.is_finite()) {
            return Err(Error::internal("the sums of a Newton pass are malformed"));
        }
        let (log_likelihood, gradient) = (sums[0], &sums[1..=p]);
        let largest = gradient.iter().fold(0.0_f64, |largest, g| largest.max(g.abs()));
        self.iterations += 1;
        if let Some((point, best)) = &self.accepted {
            let worse = log_likelihood < best - 1e-11 * best.abs();
            if worse && self.halvings < 20 {
                self.halvings += 1;
                self.beta = point.iter().zip(&self.beta).map(|(a, b)| a + (b - a) / 2.0).collect();
                return self.within_limit(largest).map(|()| None);
            }
        }
        self.halvings = 0;
        let mut information = Array2::zeros((p, p));
        let mut at = p + 1;
        for j in 0..p {
            for k in j..p {
                information[[j, k]] = sums[at];
                information[[k, j]] = sums[at];
                at += 1;
            }
        }
        let Some(cholesky) = Cholesky::new(&information) else {
            return Err(self.failed(
                largest,
                "the information matrix is singular",
                "remove variables that repeat another one or separate the classes",
            ));
        };
        let step = cholesky.solve(gradient);
        let size = step.iter().zip(&self.beta).fold(0.0_f64, |size, (s, b)| size.max(s.abs() / (1.0 + b.abs())));
        if largest <= self.config.tolerance || size <= SMALLEST_STEP {
            return Ok(Some(self.model(log_likelihood, &cholesky)));
        }
        self.within_limit(largest)?;
        self.accepted = Some((self.beta.clone(), log_likelihood));
        for (beta, step) in self.beta.iter_mut().zip(&step) {
            *beta += step;
        }
        Ok(None)
    }

    fn within_limit(&self, gradient: f64) -> Result<()> {
        if self.iterations < self.config.max_iterations {
            return Ok(());
        }
        Err(self.failed(
            gradient,
            "the limit of iterations was reached",
            "raise model.max_iterations, or look for a variable that separates the classes",
        ))
    }

    fn failed(&self, gradient: f64, what: &str, remedy: &str) -> Error {
        Error::not_converged(Convergence { iterations: self.iterations, gradient }, Problem::new(what, remedy).field("model"))
    }

    fn model(&self, log_likelihood: f64, cholesky: &Cholesky) -> Logistic {
        let covariance = cholesky.inverse();
        let names = std::iter::once("intercept").chain(self.variables.iter().map(String::as_str));
        let mut all: Vec<Coefficient> = names
            .zip(&self.beta)
            .enumerate()
            .map(|(j, (variable, &beta))| Coefficient {
                variable: variable.to_owned(),
                value: round_significant(beta),
                standard_error: round_significant(covariance[[j, j]].sqrt()),
            })
            .collect();
        let coefficients = all.split_off(1);
        let (events, non_events) = (self.counts.events as f64, self.counts.non_events as f64);
        let total = events + non_events;
        let null = (events * ln(events / total) + non_events * ln(non_events / total)) * crate::data::WEIGHT_UNIT;
        Logistic {
            intercept: all.remove(0),
            coefficients,
            log_likelihood: round_significant(log_likelihood),
            null_log_likelihood: round_significant(null),
            iterations: self.iterations,
            rows: total * crate::data::WEIGHT_UNIT,
            events: events * crate::data::WEIGHT_UNIT,
        }
    }
}

/// The nearest number of 12 significant decimal digits: estimates carry no more, and what is left of
/// the order of summation disappears.
pub(crate) fn round_significant(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::WEIGHT_ONE;
    use crate::model::BlockInput;

    fn fit(woe: &[Vec<f64>], codes: &[&[u8]], event: &[bool], config: ModelConfig) -> Result<Logistic> {
        let weight = vec![WEIGHT_ONE; event.len()];
        let mut counts = Counts::default();
        event.iter().for_each(|&event| counts.add_row(event, WEIGHT_ONE));
        let names = (0..woe.len()).map(|j| format!("x{j}")).collect();
        let mut newton = Newton::new(names, counts, config);
        loop {
            let mut information = Information::new(woe.to_vec(), newton.beta().to_vec());
            if let Some(model) = newton.advance(&information.sums(BlockInput { codes, event, weight: &weight }))? {
                return Ok(model);
            }
        }
    }

    /// One binary variable: the maximum likelihood is the difference of the empirical log-odds, and its
    /// variance the sum of the reciprocal cell counts.
    #[test]
    fn one_binary_variable_has_a_closed_form() {
        let codes: Vec<u8> = [vec![0; 40], vec![1; 60]].concat();
        let event: Vec<bool> = (0..100).map(|row| if row < 40 { row < 10 } else { row < 70 }).collect();
        let model = fit(&[vec![0.0, 1.0]], &[&codes], &event, ModelConfig::default()).unwrap();
        let (a, b) = ((10.0_f64, 30.0), (30.0_f64, 30.0));
        assert!((model.intercept.value - ln(a.0 / a.1)).abs() < 1e-10);
        assert!((model.coefficients[0].value - (ln(b.0 / b.1) - ln(a.0 / a.1))).abs() < 1e-10);
        let variance = 1.0 / a.0 + 1.0 / a.1 + 1.0 / b.0 + 1.0 / b.1;
        assert!((model.coefficients[0].standard_error - variance.sqrt()).abs() < 1e-6);
        assert!(model.log_likelihood > model.null_log_likelihood);
    }

    #[test]
    fn a_repeated_variable_and_separation_are_errors() {
        let codes: Vec<u8> = (0..100).map(|row| row % 2).collect();
        let event: Vec<bool> = (0..100).map(|row| row % 3 == 0).collect();
        let woe = vec![vec![0.5, -0.5]; 2];
        let twice = fit(&woe, &[&codes, &codes], &event, ModelConfig::default()).unwrap_err();
        assert_eq!(twice.code(), crate::ErrorCode::NotConverged);
        let separated: Vec<bool> = codes.iter().map(|&code| code == 1).collect();
        let error =
            fit(&woe[..1], &[&codes], &separated, ModelConfig { max_iterations: 8, ..ModelConfig::default() }).unwrap_err();
        assert!(error.convergence().is_some());
    }

    #[test]
    fn rounding_keeps_twelve_digits() {
        assert_eq!(round_significant(0.123_456_789_012_345), 0.123_456_789_012);
        assert_eq!(round_significant(-1.5), -1.5);
    }
}
