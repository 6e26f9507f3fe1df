//! The choice among the variables of a fitted model: method, length and sign together.

use ndarray::Array2;

use super::elastic_net::{self, PenaltyPoint};
use super::stepwise::{self, Step, Swept};
use super::{Finding, Stage, closest, forced, short};
use crate::error::{Error, Problem, Result};
use crate::model::config::{Action, Criterion, Direction, Method, ModelConfig};
use crate::model::inference::two_sided;
use crate::model::quadratic::Quadratic;

/// What a selection chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// Positions of the variables that stay, in order.
    pub kept: Vec<usize>,
    /// Those that leave.
    pub left: Vec<Finding>,
    /// Remarks on variables that stay.
    pub flagged: Vec<Finding>,
    /// The steps of a stepwise search, the last one that was run.
    pub steps: Vec<Step>,
    /// The path of an elastic net, the last one that was run.
    pub penalties: Vec<PenaltyPoint>,
    /// Where a fit of the kept variables should start, intercept first: their optimum by the approximation.
    pub start: Vec<f64>,
}

/// Chooses among the variables of the model whose optimum is `full`, without another pass over the data.
///
/// 1. the method of the settings searches a subset;
/// 2. while it is longer than `max_variables`, the variable of least chi² leaves;
/// 3. of those whose coefficient is positive, against their bins, the largest leaves and the search starts again
///    without it.
///
/// Likelihoods of subsets are those of the quadratic approximation (see [`Quadratic`]), so fit the kept variables again
/// from [`Selected::start`]. A coefficient can turn its sign in that fit: call `select` on it once more with
/// [`Method::None`], until nothing leaves. `null` is the null model of the same variables; where it is
/// absent, correlations and standard deviations are weighted by the curvature at the optimum. `folds` are the parts of `full` of
/// [`SelectionConfig::folds`](super::super::SelectionConfig::folds) disjoint sets of rows, taken at the same coefficients.
///
/// # Errors
/// [`Internal`](crate::ErrorCode::Internal) when the parts do not fit together,
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when no variable is left,
/// [`NotConverged`](crate::ErrorCode::NotConverged) when forced variables repeat one another.
pub fn select(null: Option<&Quadratic>, full: &Quadratic, folds: &[Quadratic], config: &ModelConfig) -> Result<Selected> {
    let null = null.unwrap_or(full);
    if null.variables != full.variables || folds.len() != config.selection.folds() as usize {
        return Err(Error::internal("the null model or the folds do not belong to the selection"));
    }
    let forced = forced(full, &config.selection.forced_in);
    let selection = Selection { null, full, folds, config, forced };
    let correlation = null.correlation();
    let mut allowed = vec![true; full.variables.len()];
    let (mut left, mut flagged) = (Vec::new(), Vec::new());
    let mut choice = selection.choose(&allowed)?;
    if config.selection.signs == Action::Drop {
        while let Some(j) = selection.worst_sign(&choice.swept) {
            left.push(against(full, &correlation, &choice.swept, j, "dropped"));
            allowed[j] = false;
            choice = selection.choose(&allowed)?;
        }
    }
    let kept = choice.swept.kept();
    if kept.is_empty() {
        let what = "no variable is left after the selection";
        let remedy = "relax model.selection, or force variables in";
        return Err(Error::insufficient(Problem::new(what, remedy).field("model.selection")));
    }
    for &j in kept.iter().filter(|&&j| choice.swept.coefficient(j) > 0.0) {
        flagged.push(against(full, &correlation, &choice.swept, j, "kept"));
    }
    for j in (0..allowed.len()).filter(|&j| allowed[j] && !choice.swept.inside(j)) {
        left.push(selection.why(j, &choice));
    }
    let start = full.optimum(&kept)?.beta;
    Ok(Selected { kept, left, flagged, steps: choice.steps, penalties: choice.penalties, start })
}

struct Selection<'a> {
    null: &'a Quadratic,
    full: &'a Quadratic,
    folds: &'a [Quadratic],
    config: &'a ModelConfig,
    forced: Vec<bool>,
}

/// One run of the method and of the limit on the length.
struct Choice {
    swept: Swept,
    steps: Vec<Step>,
    penalties: Vec<PenaltyPoint>,
    lambda: f64,
    /// Variables that only the length cost their place.
    surplus: Vec<usize>,
}

impl Selection<'_> {
    fn choose(&self, allowed: &[bool]) -> Result<Choice> {
        let mut choice =
            Choice { swept: Swept::new(self.full), steps: Vec::new(), penalties: Vec::new(), lambda: 0.0, surplus: Vec::new() };
        match self.config.selection.method {
            Method::None => choice.swept.enter(|j| allowed[j] || self.forced[j]),
            Method::Stepwise { direction, criterion } => {
                (choice.swept, choice.steps) = stepwise::search(self.full, allowed, &self.forced, direction, criterion);
            }
            Method::ElasticNet { alpha, penalty, .. } => {
                let path = elastic_net::search(self.null, self.full, self.folds, allowed, &self.forced, alpha, penalty)?;
                choice.swept.enter(|j| path.beta[j + 1] != 0.0 || self.forced[j]);
                (choice.penalties, choice.lambda) = (path.points, path.lambda);
            }
        }
        while choice.swept.kept().len() > self.config.max_variables {
            let Some((weakest, _)) = choice.swept.weakest(&self.forced) else { break };
            choice.swept.toggle(weakest);
            choice.surplus.push(weakest);
        }
        Ok(choice)
    }

    /// The variable whose coefficient is most clearly positive, among those not forced.
    fn worst_sign(&self, swept: &Swept) -> Option<usize> {
        let positive = swept.kept().into_iter().filter(|&j| !self.forced[j] && swept.coefficient(j) > 0.0);
        positive.reduce(|a, b| if swept.chi2(b) > swept.chi2(a) { b } else { a })
    }

    fn why(&self, j: usize, choice: &Choice) -> Finding {
        let chi2 = choice.swept.chi2(j);
        let p = two_sided(chi2.sqrt());
        let (stage, figure, reason) = match self.config.selection.method {
            _ if choice.surplus.contains(&j) => {
                let most = self.config.max_variables;
                let reason = format!("is beyond model.max_variables ({most}): p {} beside the others", short(p));
                (Stage::MaxVariables, p, reason)
            }
            Method::Stepwise { direction, criterion: Criterion::PValue { enter, leave } } => {
                let limit = if direction == Direction::Backward { leave } else { enter };
                (Stage::Stepwise, p, format!("has p {} beside the others, limit {limit}", short(p)))
            }
            Method::Stepwise { criterion, .. } => {
                let name = if criterion == Criterion::Aic { "AIC" } else { "BIC" };
                let change = stepwise::thresholds(criterion, self.full.rows).0 - chi2;
                (Stage::Stepwise, change, format!("changes {name} by {change:+.2} beside the others"))
            }
            Method::None | Method::ElasticNet { .. } => {
                let lambda = choice.lambda;
                (Stage::ElasticNet, lambda, format!("has coefficient 0 at penalty {}", short(lambda)))
            }
        };
        Finding::new(&self.full.variables[j], stage, figure, reason)
    }
}

fn against(full: &Quadratic, correlation: &Array2<f64>, swept: &Swept, j: usize, fate: &str) -> Finding {
    let with = closest(correlation, j, &swept.kept());
    let whom = with.map_or_else(String::new, |(k, r)| format!(" (correlates {r:.2} with `{}`)", full.variables[k]));
    let reason = format!("has sign against its bins; {fate}{whom}");
    let finding = Finding::new(&full.variables[j], Stage::Sign, swept.coefficient(j), reason);
    finding.with(with.map(|(k, _)| full.variables[k].as_str()))
}
