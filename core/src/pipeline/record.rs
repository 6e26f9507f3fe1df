//! One record on its way: its cells, features, bins, score and PD, without allocating.

use arrayvec::ArrayVec;

use super::scorer::Scorer;
use super::verdict::Facts;
use crate::data::{Row, Value};
use crate::error::Result;
use crate::expr::Expr;
use crate::features::MAX_FEATURES;
use crate::model::{MAX_FACTORS, MAX_VARIABLES};
use crate::tier::MAX_RULES;

/// The most fields that a pipeline can read.
pub(super) const MAX_REQUIRED: usize = 256;

/// The most expressions that yield amounts: two for the request, two for each limit candidate and
/// one for the tier matrix.
const MAX_AMOUNTS: usize = 2 + 2 * 64 + 1;

/// Conditions of strong rules, weak rules, overlays and policy rules.
pub(super) type Conditions = ArrayVec<Option<bool>, { 4 * MAX_RULES }>;

/// Conditions of the indicators of early warning.
pub(super) type Indicators = ArrayVec<Option<bool>, MAX_RULES>;

/// Amounts of a record.
pub(super) type Amounts = ArrayVec<f64, MAX_AMOUNTS>;

/// A record that was scored.
pub(super) struct Record<'r> {
    scorer: &'r Scorer,
    /// Of the required fields, as bins see them.
    cells: ArrayVec<Value<'r>, MAX_REQUIRED>,
    features: ArrayVec<Value<'r>, MAX_FEATURES>,
    codes: ArrayVec<u8, MAX_VARIABLES>,
    taken: [f64; MAX_FACTORS],
    card: usize,
    pub(super) unseen: u8,
    pub(super) score: f64,
    pub(super) pd: f64,
    expert_score: f64,
}

/// Rows of any type as one, so that the path of a record is compiled once.
pub(super) struct AnyRow<'r, R: ?Sized>(pub(super) &'r R);

impl<R: Row + ?Sized> Row for AnyRow<'_, R> {
    fn value(&self, field: usize) -> Value<'_> {
        self.0.value(field)
    }
}

impl Scorer {
    /// Scores a record and hands it on.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite.
    pub(super) fn with_record<T>(&self, row: &dyn Row, then: impl FnOnce(&Record<'_>) -> T) -> Result<T> {
        let mut record = Record {
            scorer: self,
            cells: ArrayVec::new(),
            features: ArrayVec::new(),
            codes: ArrayVec::new(),
            taken: [0.0; MAX_FACTORS],
            card: 0,
            unseen: 0,
            score: f64::NAN,
            pd: f64::NAN,
            expert_score: f64::NAN,
        };
        let fields = &self.schema().fields;
        for &field in &self.required {
            match fields[field].check(row.value(field)) {
                // Made anew: copying the whole cell byte by byte would wait for its parts.
                Ok(Value::Number(x)) => record.cells.push(Value::Number(x)),
                checked => record.cells.push(checked?),
            }
        }
        for (expression, live) in self.plan.expressions().iter().zip(&self.live) {
            let value = if *live { expression.program().eval(|slot| record.plain(slot)) } else { Value::Missing };
            record.features.push(value);
        }
        record.card = self.cards.of(|slot| record.plain(slot));
        let card = &self.cards.all()[record.card];
        for (lookup, &slot) in card.lookups.iter().zip(&card.slots) {
            let value = match self.place.get(slot) {
                Some(&place) => record.cells[place],
                None => record.features[slot - fields.len()],
            };
            let (code, fresh) = lookup.code(value);
            record.unseen = record.unseen.saturating_add(u8::from(fresh));
            record.codes.push(code);
        }
        let mut sums = self.cards.sums(card, &record.codes, |slot| record.plain(slot));
        if let Some(expert) = self.cards.expert() {
            let mut taken = [0.0; MAX_FACTORS];
            record.expert_score = expert.table().score_with_losses(|slot| record.plain(slot), &mut taken);
            record.taken = taken;
            sums = expert.mix(sums, record.expert_score);
        }
        (record.score, record.pd) = card.score_and_pd(sums);
        Ok(then(&record))
    }
}

impl<'r> Record<'r> {
    /// A field or feature as expressions see it.
    #[inline]
    fn plain(&self, slot: usize) -> Value<'r> {
        let fields = &self.scorer.schema().fields;
        match fields.get(slot) {
            Some(field) => field.plain(self.cells[self.scorer.place[slot]]),
            None => self.features.get(slot - fields.len()).copied().unwrap_or(Value::Missing),
        }
    }

    /// A field, a feature or a result; the level of early warning is NaN before it is known.
    #[inline]
    fn slot(&self, slot: usize, warning_level: f64) -> Value<'r> {
        match slot.checked_sub(self.scorer.plan.slots()) {
            None => self.plain(slot),
            Some(result) => {
                let results = [self.score, self.pd, self.expert_score, warning_level];
                Value::Number(self.scorer.expressions.result(result, results))
            }
        }
    }

    /// The value of an expression of the policies.
    pub(super) fn eval<'e>(&'e self, expression: &'e Expr, warning_level: f64) -> Value<'e> {
        expression.program().eval(|slot| self.slot(slot, warning_level))
    }

    /// What the concluding stages need to know.
    #[inline]
    pub(super) fn facts<'f, A>(
        &'f self,
        conditions: &Conditions,
        amount: A,
    ) -> Facts<A, impl Fn(usize) -> u8 + use<'f, 'r, A>, impl Fn(usize) -> f64 + use<'f, 'r, A>>
    where
        A: Fn(usize) -> f64,
    {
        Facts {
            score: self.score,
            pd: self.pd,
            expert_score: self.expert_score,
            unseen: self.unseen,
            card: self.card,
            told: self.scorer.verdicts.told(conditions),
            amount,
            code: move |variable: usize| self.codes[variable],
            taken: move |factor: usize| self.taken[factor % MAX_FACTORS],
        }
    }
}
