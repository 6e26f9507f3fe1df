//! Columns of a batch, checked and turned into features, one block of rows at a time.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::binning::Lookup;
use crate::data::{Batch, Column, Field, Value};
use crate::error::{Error, Result};
use crate::expr::{BlockColumn, Expr, Scratch};
use crate::features::FeaturePlan;
use crate::parallel::wide;

/// Reads the slots that are asked for, and all that they are computed from, out of a batch.
pub(super) struct BlockReader<'a> {
    plan: &'a FeaturePlan,
    fields: Vec<FieldSource<'a>>,
    /// Features to compute, in order.
    features: Vec<usize>,
}

/// Where a field comes from and what it is needed for.
struct FieldSource<'a> {
    slot: usize,
    field: &'a Field,
    column: &'a Column<'a>,
    /// The column's own memory, when it can be read as it is.
    direct: Option<&'a [f64]>,
    /// Whether an expression reads it.
    expression: bool,
}

impl<'a> BlockReader<'a> {
    /// Finds the columns behind `slots` and behind everything that `expressions` read. Slots beyond the
    /// plan's belong to the caller.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing or of the wrong kind.
    pub(super) fn new(plan: &'a FeaturePlan, slots: &[usize], expressions: &[&Expr], batch: &'a Batch<'a>) -> Result<Self> {
        let mut needed = BTreeSet::new();
        let mut read = BTreeSet::new();
        slots.iter().for_each(|&slot| plan.add_sources(slot, &mut needed));
        for &slot in expressions.iter().flat_map(|expression| expression.reads()).filter(|&&slot| slot < plan.slots()) {
            plan.add_sources(slot, &mut needed);
            read.insert(slot);
        }
        let first_feature = plan.schema().fields.len();
        let features: Vec<usize> = needed.iter().filter_map(|slot| slot.checked_sub(first_feature)).collect();
        read.extend(features.iter().flat_map(|&feature| plan.expressions()[feature].reads()));
        let fields = needed
            .iter()
            .take_while(|&&slot| slot < first_feature)
            .map(|&slot| {
                let field = &plan.schema().fields[slot];
                let column = batch.column_of(field)?;
                let direct = match column {
                    Column::Number { values, validity: None } if field.missing.is_empty() => Some(&values[..]),
                    _ => None,
                };
                Ok(FieldSource { slot, field, column, direct, expression: read.contains(&slot) })
            })
            .collect::<Result<_>>()?;
        Ok(BlockReader { plan, fields, features })
    }

    /// Memory for reading blocks; one for each thread.
    pub(super) fn blocks(&'a self) -> Blocks<'a> {
        let columns = |_| (0..self.plan.slots()).map(|slot| BlockColumn::new(self.plan.kind(slot))).collect();
        let [cells, inputs] = [(); 2].map(columns);
        Blocks {
            reader: self,
            direct: vec![None; self.plan.slots()],
            cells,
            inputs,
            scratch: Scratch::default(),
            rows: 0..0,
            errors: Vec::new(),
        }
    }
}

/// The slots of the current block.
pub(super) struct Blocks<'a> {
    reader: &'a BlockReader<'a>,
    direct: Vec<Option<&'a [f64]>>,
    /// Cells as bins see them: special codes are values.
    cells: Vec<BlockColumn<'a>>,
    /// Cells as expressions see them: special codes are missing. Empty where `cells` serves both.
    inputs: Vec<BlockColumn<'a>>,
    scratch: Scratch<'a>,
    rows: Range<usize>,
    errors: Vec<(usize, Error)>,
}

impl<'a> Blocks<'a> {
    /// Reads a block. Rows with a value that its field does not allow read as missing there and are listed
    /// in [`Blocks::errors`]. Numbers that only bins need are not looked at before [`Blocks::code`] or
    /// [`Blocks::check`].
    pub(super) fn read(&mut self, rows: Range<usize>) {
        self.rows = rows.clone();
        self.errors.clear();
        for source in &self.reader.fields {
            self.direct[source.slot] = source.direct.map(|values| &values[rows.clone()]);
            if let Some(values) = self.direct[source.slot] {
                if !source.expression {
                    continue;
                }
                if let (true, BlockColumn::Number(cells)) =
                    (source.field.special.is_empty() && !has_infinite(values), &mut self.cells[source.slot])
                {
                    cells.clear();
                    cells.extend_from_slice(values);
                    continue;
                }
            }
            let cells = &mut self.cells[source.slot];
            cells.clear();
            for row in rows.clone() {
                let value = source.field.check(source.column.value(row)).unwrap_or_else(|error| {
                    self.errors.push((row, error.at_row(row)));
                    Value::Missing
                });
                cells.push(value);
            }
            if source.expression && !source.field.special.is_empty() {
                let inputs = &mut self.inputs[source.slot];
                inputs.clear();
                (0..rows.len()).for_each(|at| inputs.push(source.field.plain(cells.value(at))));
            }
        }
        let first_feature = self.reader.plan.schema().fields.len();
        for &feature in &self.reader.features {
            let program = self.reader.plan.expressions()[feature].program();
            let (cells, inputs) = (&self.cells, &self.inputs);
            let result = program.eval_block(rows.len(), |slot| input(cells, inputs, slot), &mut self.scratch);
            let result = result.clone();
            self.cells[first_feature + feature] = result;
        }
    }

    /// The cells of a slot as bins see them.
    pub(super) fn slot(&self, slot: usize) -> Cells<'_> {
        match self.direct[slot] {
            Some(values) => Cells::Numbers(values),
            None => Cells::Column(&self.cells[slot]),
        }
    }

    /// Bin codes of a slot, and one more in `unseen` for each row with a level never seen in training.
    pub(super) fn code(&mut self, slot: usize, lookup: &Lookup, codes: &mut [u8], unseen: &mut [u8]) {
        if self.slot(slot).code(lookup, codes, unseen) {
            self.list_infinite(slot);
        }
    }

    /// Lists the infinite numbers of a slot among the errors.
    pub(super) fn check(&mut self, slot: usize) {
        if self.direct[slot].is_some_and(has_infinite) {
            self.list_infinite(slot);
        }
    }

    fn list_infinite(&mut self, slot: usize) {
        let (Some(values), Some(field)) = (self.direct[slot], self.reader.plan.schema().fields.get(slot)) else { return };
        for (row, &x) in self.rows.clone().zip(values) {
            if let Err(error) = field.check(Value::Number(x)) {
                self.errors.push((row, error.at_row(row)));
            }
        }
    }

    /// The cells of a slot as expressions see them.
    pub(super) fn input(&self, slot: usize) -> &BlockColumn<'a> {
        input(&self.cells, &self.inputs, slot)
    }

    /// Rows of the block that hold a value their field does not allow.
    pub(super) fn errors(&self) -> &[(usize, Error)] {
        &self.errors
    }

    /// The first of [`Blocks::errors`] by row, as an error.
    pub(super) fn refuse_errors(&self) -> Result<()> {
        self.errors.iter().min_by_key(|(row, _)| *row).map_or(Ok(()), |(_, error)| Err(error.clone()))
    }
}

/// Whether any of the values is infinite. Looking at all is faster than stopping at the first.
fn has_infinite(values: &[f64]) -> bool {
    wide(|| {
        let (chunks, rest) = values.as_chunks::<8>();
        let mut found = [0u64; 8];
        for x in chunks {
            for lane in 0..8 {
                found[lane] |= u64::from(x[lane].abs() == f64::INFINITY);
            }
        }
        found != [0; 8] || rest.iter().any(|x| x.is_infinite())
    })
}

fn input<'b, 'a>(cells: &'b [BlockColumn<'a>], inputs: &'b [BlockColumn<'a>], slot: usize) -> &'b BlockColumn<'a> {
    if inputs[slot].is_empty() { &cells[slot] } else { &inputs[slot] }
}

/// The cells of one slot in one block.
#[derive(Clone, Copy)]
pub(super) enum Cells<'b> {
    /// Numbers in the caller's memory.
    Numbers(&'b [f64]),
    /// Checked or computed cells.
    Column(&'b BlockColumn<'b>),
}

impl<'b> Cells<'b> {
    /// One cell.
    pub(super) fn value(self, at: usize) -> Value<'b> {
        match self {
            Cells::Numbers(values) => match values.get(at) {
                Some(&x) if !x.is_nan() => Value::Number(x),
                _ => Value::Missing,
            },
            Cells::Column(column) => column.value(at),
        }
    }

    /// Bin codes of the block, and one more in `unseen` for each row with a level never seen in training.
    /// Returns whether any number is infinite.
    fn code(self, lookup: &Lookup, codes: &mut [u8], unseen: &mut [u8]) -> bool {
        match (self, lookup) {
            (Cells::Numbers(values), Lookup::Number(lookup)) => lookup.codes(values, codes),
            (Cells::Column(BlockColumn::Number(values)), Lookup::Number(lookup)) => lookup.codes(values, codes),
            (cells, lookup) => {
                for (at, code) in codes.iter_mut().enumerate() {
                    let (found, fresh) = lookup.code(cells.value(at));
                    *code = found;
                    if let (true, Some(unseen)) = (fresh, unseen.get_mut(at)) {
                        *unseen = unseen.saturating_add(1);
                    }
                }
                false
            }
        }
    }
}
