//! What an expert score rests on, and how far a ranking depends on the weights.

use super::expert::ExpertStage;
use super::scorer::Scorer;
use crate::data::{Batch, Column, Row, Value};
use crate::error::{Error, Problem, Result};
use crate::model::{Explained, Sensitivity};

/// A row of a batch, by field.
struct BatchRow<'a> {
    columns: &'a [Option<&'a Column<'a>>],
    row: usize,
}

impl Row for BatchRow<'_> {
    fn value(&self, field: usize) -> Value<'_> {
        self.columns.get(field).copied().flatten().map_or(Value::Missing, |column| column.value(self.row))
    }
}

impl Scorer {
    /// The expert score of a record, with what each factor adds to it and which factors were missing.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the pipeline has no expert card,
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite.
    pub fn explain_expert<R: Row + ?Sized>(&self, row: &R) -> Result<Explained> {
        let table = self.expert_stage()?.table();
        let fields = &self.plan.schema().fields;
        let mut slots = vec![Value::Missing; self.plan.slots()];
        for slot in table.sources(&self.plan) {
            slots[slot] = match fields.get(slot) {
                Some(field) => field.plain(field.check(row.value(slot))?),
                None => self.plan.expressions()[slot - fields.len()].program().eval(|read| slots[read]),
            };
        }
        Ok(table.explain(|slot| slots[slot]))
    }

    /// Moves each weight of the expert card by `by` points up and down and says what that does to scores, order and
    /// client classes of the clients in `batches`.
    ///
    /// # Errors
    /// As [`ExpertCard::sensitivity`](crate::model::ExpertCard::sensitivity) and [`Scorer::explain_expert`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing or of the wrong kind. Rows count over all
    /// batches.
    pub fn expert_sensitivity(&self, batches: &[Batch<'_>], by: f64) -> Result<Sensitivity> {
        let stage = self.expert_stage()?;
        let fields = &self.plan.schema().fields;
        let sources = stage.table().sources(&self.plan);
        let mut clients = Vec::new();
        for batch in batches {
            let column = |(at, field)| if sources.contains(&at) { batch.column_of(field).map(Some) } else { Ok(None) };
            let columns = fields.iter().enumerate().map(column).collect::<Result<Vec<_>>>()?;
            for row in 0..batch.rows() {
                let explained = self.explain_expert(&BatchRow { columns: &columns, row });
                let explained = explained.map_err(|error| error.at_row(clients.len()))?;
                clients.push(explained.factors.into_iter().map(|factor| factor.points).collect());
            }
        }
        let borders = stage.classes().map_or_else(Vec::new, |classes| vec![classes.a, classes.b]);
        stage.card().sensitivity(&clients, by, &borders)
    }

    fn expert_stage(&self) -> Result<&ExpertStage> {
        let missing = || Problem::new("the pipeline has no expert card", "declare one").field("expert");
        self.cards.expert().ok_or_else(|| Error::config(missing()))
    }
}
