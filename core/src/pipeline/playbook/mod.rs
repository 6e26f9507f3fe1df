//! Playbooks: what a bank does when its world changes, written down before it does.

mod dry_run;

use serde::{Deserialize, Serialize};

use super::fitted::Pipeline;
use super::scorer::Scorer;
use crate::data::Date;
use crate::decision::DecisionPolicy;
use crate::error::{Error, Problem, Result};
use crate::limit::LimitPolicy;
use crate::math::{logistic, logit};
use crate::model::CalibrationStep;
use crate::portfolio::{PdShock, Shock};
use crate::pricing::{PricingPolicy, RateCap};
use crate::tier::{Measure, TierPolicy};
use crate::treatment::ReviewPolicy;

pub use dry_run::{DryRun, Offers};

/// A named contingency plan: the shock that is supposed, and the policies that take the place of those of the file. What is left
/// out stays. Applied to a pipeline it gives another one, with its own hash; the pipeline itself stays as it is, so that taking the
/// plan back is to use the file of before.
///
/// ```
/// use scoreline::pipeline::Playbook;
/// let plan: Playbook = serde_json::from_str(r#"{
///     "name": "credit crunch", "owner": "Chief Risk Officer",
///     "shock": {"pd": {"type": "logit", "add": 0.5}, "lgd": 0.05, "funding": 0.01, "cap": 0.2}
/// }"#)?;
/// assert_eq!(plan.shock.funding, 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Its name.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// What is supposed to happen. PDs move by log-odds only, and amounts asked for do not move.
    #[serde(default)]
    pub shock: Shock,
    /// Risk tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierPolicy>,
    /// Limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitPolicy>,
    /// Prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<PricingPolicy>,
    /// Outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionPolicy>,
    /// What happens to accounts in the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewPolicy>,
}

impl Playbook {
    /// The pipeline with the plan in force: policies replaced, then the shock applied to PDs, to the LGD, the funding rate and the caps
    /// of its prices. Where tiers compare PDs, cases move from tier to tier and a tier means the PD that it meant before; where they
    /// compare the score, cases stay and the PDs of the tiers, on which prices rest, move.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the plan has no name or owner, the shock is not one that a pipeline
    /// can suppose, or the policies do not go with the pipeline.
    pub fn apply(&self, pipeline: &Pipeline) -> Result<Pipeline> {
        self.check()?;
        let mut changed = pipeline.clone();
        changed.name = format!("{} ({})", pipeline.name, self.name).trim_start().to_owned();
        replace(&mut changed.tier, &self.tier);
        replace(&mut changed.limit, &self.limit);
        replace(&mut changed.pricing, &self.pricing);
        replace(&mut changed.decision, &self.decision);
        replace(&mut changed.review, &self.review);
        if let PdShock::Logit { add } = self.shock.pd {
            changed.calibration.steps.push(CalibrationStep::Shift { log_odds: add });
            if changed.tier.as_ref().is_some_and(|tier| tier.measure != Measure::Pd) {
                changed.tiers.iter_mut().for_each(|tier| tier.pd = logistic(logit(tier.pd) + add));
            }
        }
        if let Some(pricing) = &mut changed.pricing {
            self.shock_prices(pricing);
        }
        // What does not go together is told now, and not by the first decision.
        Scorer::new(&changed).map_err(|error| error.in_field("playbook"))?;
        Ok(changed)
    }

    fn check(&self) -> Result<()> {
        let refused = |field: &str, what: &str, remedy: &str| Err(Error::config(Problem::new(what, remedy).field(field)));
        if self.name.trim().is_empty() || self.owner.trim().is_empty() {
            return refused("playbook", "a plan needs a name and an owner", "say what it is called and who answers for it");
        }
        self.shock.validate()?;
        if matches!(self.shock.pd, PdShock::State { .. }) {
            return refused(
                "shock.pd",
                "a pipeline moves PDs by log-odds",
                "pass `logit`, for example from `state_of` and a default rate",
            );
        }
        if self.shock.ead != 0.0 {
            return refused("shock.ead", "the amounts asked for are those of the records", "leave it out");
        }
        Ok(())
    }

    fn shock_prices(&self, pricing: &mut PricingPolicy) {
        pricing.lgd = (pricing.lgd + self.shock.lgd).min(1.0);
        pricing.funding_rate += self.shock.funding;
        if let Some(rate) = self.shock.cap {
            // In force whenever the policy knows the law, so that a gap in the file stays one.
            let from = pricing.caps.iter().map(|cap| cap.from).min().unwrap_or(Date::from_days(0));
            let source = format!("supposed by {}, {}", self.name, self.owner);
            pricing.caps.push(RateCap { name: self.name.clone(), rate, from, until: None, source });
        }
    }
}

fn replace<T: Clone>(policy: &mut Option<T>, by: &Option<T>) {
    if by.is_some() {
        policy.clone_from(by);
    }
}
