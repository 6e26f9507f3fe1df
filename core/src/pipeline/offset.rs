//! Log-odds that are known beforehand.

use std::collections::BTreeSet;

use super::blocks::Blocks;
use crate::data::{Kind, Value};
use crate::error::{Problem, Problems, Result};
use crate::expr::{BlockColumn, Expr, Scratch};
use crate::features::{FeaturePlan, ProtectedUse};

/// The most that an offset counts, in size: no sum of a card can then leave the range of a double.
const MOST: f64 = 1e3;

/// An offset, resolved.
#[derive(Debug, Clone)]
pub(super) struct Offset(Expr);

impl Offset {
    /// Resolves the offset of a configuration or pipeline.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the expression cannot be used.
    pub(super) fn of(text: Option<&str>, permitted: &[ProtectedUse], plan: &FeaturePlan) -> Result<Option<Self>> {
        let Some(text) = text else { return Ok(None) };
        let mut problems = Problems::default();
        let expression = problems.absorb("offset", Expr::parse(text, &plan.scope()));
        if let Some(expression) = &expression {
            let mut sources = BTreeSet::new();
            expression.reads().iter().for_each(|&slot| plan.add_sources(slot, &mut sources));
            problems.absorb("offset", plan.refuse_protected(&sources, permitted, "the score"));
            if expression.kind() != Kind::Number {
                problems.push(Problem::new("the offset must be a number", "give log-odds of the event").field("offset"));
            }
        }
        problems.into_result()?;
        Ok(expression.map(Offset))
    }

    pub(super) fn expression(&self) -> &Expr {
        &self.0
    }

    /// The offset of a record.
    pub(super) fn record<'a>(&'a self, load: impl Fn(usize) -> Value<'a>) -> f64 {
        known(self.0.program().eval(load).as_number())
    }

    /// The offsets of a block.
    pub(super) fn block<'a>(&'a self, blocks: &Blocks<'a>, rows: usize, scratch: &mut Scratch<'a>) -> Vec<f64> {
        match self.0.program().eval_block(rows, |slot| blocks.input(slot), scratch) {
            BlockColumn::Number(values) => values.iter().copied().map(known).collect(),
            _ => vec![0.0; rows],
        }
    }
}

/// Missing counts as 0.
fn known(offset: f64) -> f64 {
    if offset.is_nan() { 0.0 } else { offset.clamp(-MOST, MOST) }
}
