//! The expressions of the policies, resolved.

use std::collections::BTreeSet;

use super::config::PipelineConfig;
use super::fitted::Pipeline;
use crate::data::Kind;
use crate::decision::DecisionPolicy;
use crate::error::{Error, Problem, Problems, Result};
use crate::expr::{Expr, Scope};
use crate::features::{EXPERT_SCORE, FeaturePlan, ProtectedUse, RESERVED, WARNING_LEVEL};
use crate::limit::LimitPolicy;
use crate::pricing::PricingPolicy;
use crate::tier::TierPolicy;
use crate::treatment::ReviewPolicy;

/// The policies of a configuration or of a pipeline.
#[derive(Clone, Copy)]
pub(super) struct Policies<'a> {
    tier: Option<&'a TierPolicy>,
    limit: Option<&'a LimitPolicy>,
    pricing: Option<&'a PricingPolicy>,
    decision: Option<&'a DecisionPolicy>,
    review: Option<&'a ReviewPolicy>,
    /// Whether there is an expert card, whose score expressions may name.
    expert: bool,
    protected_use: &'a [ProtectedUse],
}

impl<'a> From<&'a PipelineConfig> for Policies<'a> {
    fn from(config: &'a PipelineConfig) -> Self {
        Policies {
            tier: config.tier.as_ref(),
            limit: config.limit.as_ref(),
            pricing: config.pricing.as_ref(),
            decision: config.decision.as_ref(),
            review: config.review.as_ref(),
            expert: config.expert.is_some(),
            protected_use: &config.protected_use,
        }
    }
}

impl<'a> From<&'a Pipeline> for Policies<'a> {
    fn from(pipeline: &'a Pipeline) -> Self {
        Policies {
            tier: pipeline.tier.as_ref(),
            limit: pipeline.limit.as_ref(),
            pricing: pipeline.pricing.as_ref(),
            decision: pipeline.decision.as_ref(),
            review: pipeline.review.as_ref(),
            expert: pipeline.expert.is_some(),
            protected_use: &pipeline.protected_use,
        }
    }
}

/// Every expression of the policies, in the order in which their results are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Expressions {
    /// Conditions of the strong rules, then of the weak rules, the overlays and the policy rules.
    pub(super) conditions: Vec<Expr>,
    /// Amount asked for and term when there is a pricing policy, then the inputs of the limit candidates, then the second
    /// measure of the tier matrix.
    pub(super) amounts: Vec<Expr>,
    /// What only the review of accounts asks for.
    pub(super) review: ReviewExpressions,
    /// Results that expressions may name, as indices into `RESERVED`, in the order of their slots after the plan's.
    results: Vec<usize>,
}

/// The expressions of a review policy.
#[derive(Debug, Clone, Default)]
pub(super) struct ReviewExpressions {
    /// Conditions of the indicators of early warning.
    pub(super) indicators: Vec<Expr>,
    /// Limit, balance, utilisation and, where it is declared, days since the last change.
    pub(super) line: Vec<Expr>,
    /// What forbids an increase.
    pub(super) unless: Option<Expr>,
    /// By axis of the action book; none for the tier.
    pub(super) axes: Vec<Option<Expr>>,
}

impl ReviewExpressions {
    pub(super) fn all(&self) -> impl Iterator<Item = &Expr> {
        self.indicators.iter().chain(&self.line).chain(&self.unless).chain(self.axes.iter().flatten())
    }
}

impl Expressions {
    /// The expression with this number, conditions first, then amounts.
    pub(super) fn get(&self, number: usize) -> Option<&Expr> {
        self.conditions.iter().chain(&self.amounts).nth(number)
    }

    /// The result that stands in a slot after the plan's, of score, PD and expert score.
    #[inline]
    pub(super) fn result<T: Copy>(&self, slot: usize, results: [T; RESERVED.len()]) -> T {
        self.results.get(slot).and_then(|&result| results.get(result)).copied().unwrap_or(results[0])
    }
}

impl Policies<'_> {
    /// Checks every policy and parses its expressions. They may name fields, features, `score`, `pd` and, with an expert
    /// card, `expert_score`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of every policy.
    pub(super) fn resolve(&self, plan: &FeaturePlan) -> Result<Expressions> {
        let mut problems = Problems::default();
        let mut scope = plan.scope();
        // A field of the same name hides a result.
        let results = RESERVED.into_iter().enumerate().filter(|(_, name)| self.expert || *name != EXPERT_SCORE);
        let results = results.filter(|(_, name)| *name != WARNING_LEVEL);
        let results = results.filter(|(_, name)| scope.push(name, Kind::Number).is_ok()).map(|(at, _)| at).collect();
        let mut parser = Parser { plan, scope, problems: &mut problems, protected_use: self.protected_use };
        let mut found = Expressions { results, ..Expressions::default() };
        if let Some(tier) = self.tier {
            parser.problems.absorb("tier", tier.validate());
            let strong = tier.strong.iter().map(|r| (&r.code, &r.when));
            let weak = tier.weak.iter().map(|r| (&r.code, &r.when));
            let overlays = tier.overlays.iter().map(|r| (&r.code, &r.when));
            for (place, when) in strong.chain(weak).chain(overlays) {
                found.conditions.extend(parser.parse(&format!("tier rule {place}"), when, Kind::Flag));
            }
        }
        if let Some(decision) = self.decision {
            parser.problems.absorb("decision", decision.validate());
            for rule in &decision.rules {
                found.conditions.extend(parser.parse(&format!("decision rule {}", rule.code), &rule.when, Kind::Flag));
            }
        }
        if let Some(pricing) = self.pricing {
            parser.problems.absorb("pricing", pricing.validate());
            found.amounts.extend(parser.parse("pricing.amount", &pricing.amount, Kind::Number));
            found.amounts.extend(parser.parse("pricing.term_months", &pricing.term_months, Kind::Number));
        }
        if let Some(limit) = self.limit {
            parser.problems.absorb("limit", limit.validate());
            for candidate in &limit.candidates {
                for text in candidate.rule.expressions().into_iter().flatten() {
                    found.amounts.extend(parser.parse(&format!("limit candidate {}", candidate.name), text, Kind::Number));
                }
            }
        }
        if let Some(matrix) = self.tier.and_then(|tier| tier.matrix.as_ref()) {
            found.amounts.extend(parser.parse("tier.matrix.by", &matrix.by, Kind::Number));
        }
        if let Some(review) = self.review {
            parser.problems.absorb("review", review.validate());
            if let Some(warning) = &review.warning {
                for indicator in &warning.indicators {
                    let place = format!("review.warning indicator {}", indicator.code);
                    found.review.indicators.extend(parser.parse(&place, &indicator.when, Kind::Flag));
                }
                if parser.scope.push(WARNING_LEVEL, Kind::Number).is_ok() {
                    found.results.extend(RESERVED.iter().position(|name| *name == WARNING_LEVEL));
                }
            }
            if let Some(line) = &review.line {
                let named = ["limit", "balance", "utilisation", "days_since_change"].into_iter().zip(line.amounts());
                for (name, text) in named.filter_map(|(name, text)| text.map(|text| (name, text))) {
                    found.review.line.extend(parser.parse(&format!("review.line.{name}"), text, Kind::Number));
                }
                let unless = line.unless().and_then(|text| parser.parse("review.line.increase.unless", text, Kind::Flag));
                found.review.unless = unless;
            }
            for axis in review.actions.iter().flat_map(|book| &book.axes) {
                let asked = axis.of.expression().zip(axis.of.kind());
                found
                    .review
                    .axes
                    .push(asked.and_then(|(text, kind)| parser.parse(&format!("review.actions axis {}", axis.name), text, kind)));
            }
        }
        let needs_tier = [self.limit.is_some(), self.pricing.is_some(), self.decision.is_some(), self.review.is_some()];
        problems.require(
            !needs_tier.contains(&true) || self.tier.is_some(),
            "tier",
            "limit, pricing, decision and review need risk tiers",
            "declare tier as well",
        );
        problems.into_result()?;
        Ok(found)
    }
}

struct Parser<'a, 'p> {
    plan: &'a FeaturePlan,
    scope: Scope<'a>,
    problems: &'p mut Problems,
    protected_use: &'a [ProtectedUse],
}

impl Parser<'_, '_> {
    fn parse(&mut self, place: &str, text: &str, kind: Kind) -> Option<Expr> {
        let expression = self.problems.absorb(place, Expr::parse(text, &self.scope))?;
        if expression.kind() != kind {
            let what = format!("an expression of kind {} was expected, it is of kind {}", kind.name(), expression.kind().name());
            self.problems.absorb::<()>(place, Err(Error::config(Problem::new(what, "compare, or compute a number"))));
            return None;
        }
        let mut sources = BTreeSet::new();
        for &slot in expression.reads().iter().filter(|&&slot| slot < self.plan.slots()) {
            self.plan.add_sources(slot, &mut sources);
        }
        self.problems.absorb(place, self.plan.refuse_protected(&sources, self.protected_use, place));
        Some(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Field, Schema};
    use crate::decision::{Outcome, PolicyRule};
    use crate::tier::OnMissing;

    /// A field called `score` stands for itself in rules; `pd` is then still the PD.
    #[test]
    fn a_field_hides_the_result_of_its_name_and_no_other() {
        let rule = |when: &str| PolicyRule {
            code: when.into(),
            when: when.into(),
            outcome: Outcome::Refer,
            on_missing: OnMissing::Refer,
            reason: "r".into(),
        };
        let decision = DecisionPolicy {
            by_tier: [Outcome::Approve, Outcome::Approve, Outcome::Refer, Outcome::Decline].into(),
            rules: vec![rule("pd > 0.5"), rule("score > 0")],
        };
        let tier = TierPolicy::from_cuts([0.1, 0.2, 0.3]);
        let policies = Policies {
            tier: Some(&tier),
            limit: None,
            pricing: None,
            decision: Some(&decision),
            review: None,
            expert: false,
            protected_use: &[],
        };
        for (name, own) in [("income", false), ("score", true)] {
            let plan = FeaturePlan::new(&Schema { fields: vec![Field::new(name, Kind::Number)] }, &[]).unwrap();
            let found = policies.resolve(&plan).unwrap();
            assert_eq!(found.result(found.conditions[0].reads()[0] - plan.slots(), RESERVED), "pd");
            assert_eq!(found.conditions[1].reads()[0] < plan.slots(), own);
        }
    }
}
