//! The warning policy in the form that finds levels, alone and with its expressions.

use std::collections::BTreeSet;

use super::policy::WarningPolicy;
use crate::data::{Batch, Row, Value};
use crate::error::{Problems, Result};
use crate::expr::Expr;
use crate::features::{FeaturePlan, ProtectedUse};
use crate::tier::{BitSums, RuleHits, RuleSet, Told};

/// A resolved [`WarningPolicy`]; see [`WarningPolicy::resolve`].
#[derive(Debug, Clone, PartialEq)]
pub struct WarningTable {
    set: RuleSet,
    severities: BitSums,
    levels: Vec<u32>,
}

/// A level of warning and how it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarningResult {
    /// 0 for no warning, then 1 up to the number of levels.
    pub level: u8,
    /// Points of all indicators that hit.
    pub severity: u32,
    /// A person must look: an indicator asks for it because an input is missing.
    pub refer: bool,
    /// Indicators.
    pub hits: RuleHits,
}

impl WarningTable {
    /// For a policy that was validated.
    pub(super) fn new(policy: &WarningPolicy) -> Self {
        WarningTable {
            set: RuleSet::new(policy.indicators.iter().map(|indicator| indicator.on_missing)),
            severities: BitSums::new(&policy.indicators.iter().map(|one| one.severity.into()).collect::<Vec<_>>()),
            levels: policy.levels.clone(),
        }
    }

    /// The level for the conditions of the indicators by their index in the policy; `None` means that an input is missing.
    #[must_use]
    pub fn level(&self, when: impl Fn(usize) -> Option<bool>) -> WarningResult {
        self.level_told(self.set.ask(when))
    }

    #[inline]
    pub(crate) fn level_told(&self, told: Told) -> WarningResult {
        let hits = self.set.hits(told);
        // At most 64 indicators of at most 255 points.
        let severity = self.severities.of(hits.hits) as u32;
        let level = self.levels.iter().map(|least| u8::from(*least <= severity)).sum();
        WarningResult { level, severity, refer: hits.refer != 0, hits }
    }
}

/// A warning policy with its expressions, ready for records of a plan.
///
/// ```
/// use scoreline::{Field, Kind, Schema, Value};
/// use scoreline::features::FeaturePlan;
/// use scoreline::treatment::warning::{WarningPolicy, WarningRules};
/// let schema = Schema { fields: vec![Field::new("utilisation", Kind::Number)] };
/// let policy: WarningPolicy = serde_json::from_str(r#"{
///     "indicators": [{"code": "I1", "when": "utilisation > 0.9", "severity": 20, "on_missing": "refer", "reason": "Limit nearly used"}],
///     "levels": [20], "responses": [{"code": "watch", "review_days": 30, "reason": "Look again"}]
/// }"#)?;
/// let rules = WarningRules::new(&FeaturePlan::new(&schema, &[])?, &policy, &[])?;
/// assert_eq!(rules.evaluate(&[Value::Number(0.95)][..])?.level, 1);
/// assert!(rules.evaluate(&[Value::Missing][..])?.refer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct WarningRules {
    plan: FeaturePlan,
    conditions: Vec<Expr>,
    table: WarningTable,
}

impl WarningRules {
    /// Checks the policy and parses every condition over the fields and features of `plan`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem: those of [`WarningPolicy::validate`], expressions
    /// that cannot be read or yield no flag, protected fields that are not permitted.
    pub fn new(plan: &FeaturePlan, policy: &WarningPolicy, protected_use: &[ProtectedUse]) -> Result<Self> {
        let mut problems = Problems::default();
        let table = problems.absorb("warning", policy.resolve());
        let mut conditions = Vec::with_capacity(policy.indicators.len());
        let mut slots = BTreeSet::new();
        for (at, indicator) in policy.indicators.iter().enumerate() {
            let place = format!("warning.indicators[{at}].when");
            conditions.extend(plan.condition(&indicator.when, &place, &mut slots, &mut problems));
        }
        problems.absorb("warning", plan.refuse_protected(&slots, protected_use, "an early warning"));
        problems.into_result()?;
        let table = table.unwrap_or_else(|| WarningTable::new(policy));
        Ok(WarningRules { plan: plan.clone(), conditions, table })
    }

    /// The level of a record.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a value that its field does not allow.
    pub fn evaluate<R: Row + ?Sized>(&self, record: &R) -> Result<WarningResult> {
        Ok(self.level(&self.plan.cells(record)?))
    }

    fn level(&self, cells: &[Value<'_>]) -> WarningResult {
        self.table.level(|at| self.conditions.get(at)?.holds(cells))
    }

    /// The level of every row of a batch, as [`WarningRules::evaluate`] finds it for the record.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the column of a field is absent or of another kind, and with the row of
    /// a value that its field does not allow.
    pub fn evaluate_batch(&self, batch: &Batch<'_>) -> Result<Vec<WarningResult>> {
        self.plan.map_rows(batch, |cells| Ok(self.level(cells)))
    }
}
