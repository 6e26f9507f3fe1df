//! Decisions and other results of a table, exported as Arrow.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int16Array, RecordBatch, StringArray,
    UInt8Array, UInt32Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{Field, Schema};
use scoreline::decision::Outcome;
use scoreline::limit::LineChange;
use scoreline::pipeline::{NO_DAY, NO_MONEY, NONE, Reviews};
use scoreline::portfolio::{EclBook, Stage, StageReason};
use scoreline::pricing::capital::CapitalColumns;
use scoreline::pricing::{LifetimePrices, RateBound};
use scoreline::tier::{ClientClass, Held, RiskTier};
use scoreline::{Decisions, Error, ErrorCode, Scores};

use super::table::Table;

/// Digits of every number of minor units.
const PRECISION: u8 = 19;

/// Columns on the way to a record batch.
#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn add(&mut self, name: &str, array: ArrayRef) {
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
    }

    /// Numbers, NaN where there is none; the memory changes hands.
    fn numbers(&mut self, name: &str, values: Vec<f64>) {
        let nulls = nulls(&values, |value| !value.is_nan());
        self.add(name, Arc::new(Float64Array::new(values.into(), nulls)));
    }

    /// Indices into `levels`, [`NONE`] where there is none.
    fn levels(&mut self, name: &str, codes: impl IntoIterator<Item = u8>, levels: &Levels) -> Result<(), Error> {
        let code = |code: u8| levels.codes.get(usize::from(code)).copied();
        let keys: Int16Array = codes.into_iter().map(code).collect();
        let array = DictionaryArray::try_new(keys, levels.names.clone()).map_err(|_| Error::internal("a code without level"))?;
        self.add(name, Arc::new(array));
        Ok(())
    }

    /// Rows of a book, [`NO_ACTION`] where there is none.
    fn rows(&mut self, name: &str, rows: &[u16], levels: &Levels) -> Result<(), Error> {
        let keys: Int16Array = rows.iter().map(|row| levels.codes.get(usize::from(*row)).copied()).collect();
        let array = DictionaryArray::try_new(keys, levels.names.clone()).map_err(|_| Error::internal("a row without level"))?;
        self.add(name, Arc::new(array));
        Ok(())
    }

    /// Days since 1970-01-01, [`NO_DAY`] where there is none.
    fn days(&mut self, name: &str, days: Vec<i32>) {
        let nulls = nulls(&days, |day| *day != NO_DAY);
        self.add(name, Arc::new(Date32Array::new(days.into(), nulls)));
    }

    fn money(&mut self, name: &str, minor: &[i64], decimals: u32) -> Result<(), Error> {
        let nulls = nulls(minor, |&minor| minor != NO_MONEY);
        let values = minor.iter().map(|&minor| if minor == NO_MONEY { 0 } else { minor });
        self.add(name, money_column(values, nulls, decimals)?);
        Ok(())
    }

    fn batch(self) -> Result<RecordBatch, Error> {
        let schema = Arc::new(Schema::new(self.fields));
        RecordBatch::try_new(schema, self.arrays).map_err(|_| Error::internal("columns of unequal length"))
    }
}

/// Minor units as decimals.
pub(crate) fn money_column(
    minor: impl Iterator<Item = i64>,
    nulls: Option<NullBuffer>,
    decimals: u32,
) -> Result<ArrayRef, Error> {
    let values: Vec<i128> = minor.map(i128::from).collect();
    let array = Decimal128Array::new(values.into(), nulls).with_precision_and_scale(PRECISION, decimals as i8);
    Ok(Arc::new(array.map_err(|_| Error::internal("money of impossible scale"))?))
}

fn nulls<T>(values: &[T], present: impl Fn(&T) -> bool) -> Option<NullBuffer> {
    if values.iter().all(&present) { None } else { Some(values.iter().map(present).collect()) }
}

/// Names by index; equal names share a code.
struct Levels {
    names: ArrayRef,
    codes: Vec<i16>,
}

impl Levels {
    fn new<'a>(all: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut codes = Vec::new();
        for name in all {
            let code = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            codes.push(code as i16);
        }
        Levels { names: Arc::new(StringArray::from(names)), codes }
    }

    fn tiers() -> Self {
        Levels::new(RiskTier::ALL.iter().map(|tier| ["A", "B", "C", "D"][tier.index()]))
    }

    /// By the number of the code; 0 is `ok`.
    fn status() -> Self {
        let name = |number: u32| ErrorCode::ALL.iter().find(|code| code.number() == number).map_or("ok", |code| code.name());
        Levels::new((0..=ErrorCode::Internal.number()).map(name))
    }
}

/// Columns of numbers with their names.
type NamedNumbers = Vec<(String, Vec<f64>)>;

impl Table {
    /// The table of decisions; with each part comes the number of rows before it.
    pub(super) fn decided(scorer: &scoreline::Scorer, parts: Vec<(usize, Decisions)>) -> Result<Self, Error> {
        let (tiers, status) = (Levels::tiers(), Levels::status());
        let classes = Levels::new(ClientClass::ALL.iter().map(|class| ["A", "B", "C"][class.index()]));
        let outcomes = Levels::new(Outcome::ALL.iter().map(|outcome| outcome.name()));
        let bounds = Levels::new(RateBound::ALL.iter().map(|bound| bound.name()));
        let limits = Levels::new(scorer.limit_names());
        let reasons = Levels::new(scorer.reasons().iter().map(|reason| reason.code.as_str()));
        Table::new(parts, |part: Decisions| {
            let mut columns = Columns::default();
            columns.numbers("score", part.score);
            columns.numbers("pd", part.pd);
            columns.levels("tier", part.tier, &tiers)?;
            columns.levels("outcome", part.outcome, &outcomes)?;
            columns.money("limit", &part.limit, part.decimals)?;
            columns.levels("limit_binding", part.binding, &limits)?;
            columns.money("amount", &part.amount, part.decimals)?;
            columns.money("instalment", &part.instalment, part.decimals)?;
            columns.numbers("rate", part.rate);
            columns.levels("rate_bound", part.rate_bound, &bounds)?;
            columns.numbers("raroc", part.raroc);
            columns.numbers("rate_needed", part.rate_needed);
            columns.numbers("rate_cap", part.rate_cap);
            for place in 0..4 {
                let codes = part.reasons.iter().map(|reasons| reasons.get(place).copied().unwrap_or(NONE));
                columns.levels(&format!("reason_{}", place + 1), codes, &reasons)?;
            }
            columns.add("unseen", Arc::new(UInt8Array::from(part.unseen)));
            columns.numbers("expert_score", part.expert_score);
            columns.levels("client_class", part.client_class, &classes)?;
            columns.levels("status", part.status, &status)?;
            Ok((columns, part.errors))
        })
    }

    /// The table of reviews.
    pub(super) fn reviewed(scorer: &scoreline::Scorer, reviews: Reviews) -> Result<Self, Error> {
        let (tiers, status) = (Levels::tiers(), Levels::status());
        let held = Levels::new(Held::ALL.iter().map(|held| held.name()));
        let changes = Levels::new(LineChange::ALL.iter().map(|change| change.name()));
        let bindings = Levels::new((0..=u8::MAX).map_while(|code| scorer.limit_binding(code)));
        let reasons = Levels::new(scorer.reasons().iter().map(|reason| reason.code.as_str()));
        let actions = Levels::new(scorer.actions().iter().map(|row| row.code.as_str()));
        Table::new(vec![(0, reviews)], |part: Reviews| {
            let mut columns = Columns::default();
            columns.numbers("score", part.score);
            columns.numbers("pd", part.pd);
            columns.levels("tier", part.tier, &tiers)?;
            columns.levels("previous", part.previous, &tiers)?;
            columns.days("since", part.since);
            columns.levels("indicated", part.indicated, &tiers)?;
            columns.levels("held", part.held, &held)?;
            for (name, flags) in [("forced", &part.forced), ("refer", &part.refer), ("decline", &part.decline)] {
                let flags = flags.iter().zip(&part.status).map(|(flag, status)| (*status == 0).then_some(*flag != 0));
                columns.add(name, Arc::new(flags.collect::<BooleanArray>()));
            }
            columns.numbers("to_better", part.to_better);
            columns.numbers("to_worse", part.to_worse);
            let warning = part.warning.iter().map(|level| (*level != NONE).then_some(*level));
            columns.add("warning", Arc::new(warning.collect::<UInt8Array>()));
            columns.money("limit", &part.limit, part.decimals)?;
            columns.levels("limit_change", part.change, &changes)?;
            columns.levels("limit_binding", part.binding, &bindings)?;
            columns.rows("action", &part.action, &actions)?;
            columns.days("next_review", part.next_review);
            for place in 0..4 {
                let codes = part.reasons.iter().map(|reasons| reasons.get(place).copied().unwrap_or(NONE));
                columns.levels(&format!("reason_{}", place + 1), codes, &reasons)?;
            }
            columns.add("unseen", Arc::new(UInt8Array::from(part.unseen)));
            columns.levels("status", part.status, &status)?;
            Ok((columns, part.errors))
        })
    }

    /// The table of scores.
    pub(super) fn scored(_: &scoreline::Scorer, parts: Vec<(usize, Scores)>) -> Result<Self, Error> {
        let (tiers, status) = (Levels::tiers(), Levels::status());
        Table::new(parts, |part: Scores| {
            let mut columns = Columns::default();
            columns.numbers("score", part.score);
            columns.numbers("pd", part.pd);
            columns.levels("tier", part.tier, &tiers)?;
            columns.levels("status", part.status, &status)?;
            Ok((columns, part.errors))
        })
    }

    /// The table of loans priced over their life; with each part comes the number of rows before it.
    pub(crate) fn priced(parts: Vec<(usize, LifetimePrices)>) -> Result<Self, Error> {
        let status = Levels::status();
        Table::new(parts, |part: LifetimePrices| {
            let mut columns = Columns::default();
            columns.numbers("rate", part.rate);
            columns.numbers("raroc", part.raroc);
            columns.add("solutions", Arc::new(UInt32Array::from(part.solutions)));
            columns.levels("status", part.status, &status)?;
            Ok((columns, part.errors))
        })
    }

    /// The table of stages and expected credit losses; with each part comes the number of rows before it.
    pub(crate) fn losses(parts: Vec<(usize, EclBook)>) -> Result<Self, Error> {
        let status = Levels::status();
        let stages = Levels::new(Stage::ALL.iter().map(|stage| stage.name()));
        let reasons = Levels::new(StageReason::ALL.iter().map(|reason| reason.name()));
        Table::new(parts, |part: EclBook| {
            let mut columns = Columns::default();
            columns.levels("stage", part.staging.iter().map(|one| one.map_or(NONE, |one| one.stage as u8)), &stages)?;
            columns.levels("reason", part.staging.iter().map(|one| one.map_or(NONE, |one| one.reason as u8)), &reasons)?;
            columns.numbers("pd_expected", part.pd_expected);
            columns.numbers("pd_now", part.pd_now);
            columns.numbers("twelve_months", part.twelve_months);
            columns.numbers("lifetime", part.lifetime);
            columns.numbers("ecl", part.ecl);
            columns.levels("status", part.status, &status)?;
            Ok((columns, part.errors))
        })
    }

    /// A table of numbers; with each part comes the number of rows before it.
    pub(crate) fn numbers(parts: Vec<(usize, NamedNumbers)>) -> Result<Self, Error> {
        Table::new(parts, |part| {
            let mut columns = Columns::default();
            // Every row has a number: nothing needs to be looked for.
            part.into_iter().for_each(|(name, values)| columns.add(&name, Arc::new(Float64Array::from(values))));
            Ok((columns, Vec::new()))
        })
    }

    /// The table of capital of exposures.
    pub(crate) fn capital(found: CapitalColumns) -> Result<Self, Error> {
        let status = Levels::status();
        Table::new(vec![(0, found)], |found| {
            let mut columns = Columns::default();
            columns.numbers("correlation", found.correlation);
            columns.numbers("maturity_adjustment", found.maturity_adjustment);
            columns.numbers("k", found.k);
            columns.numbers("risk_weight", found.risk_weight);
            columns.numbers("expected_loss", found.expected_loss);
            columns.levels("status", found.status, &status)?;
            Ok((columns, found.errors))
        })
    }

    /// A table of columns of any kind that a [`Table`] can show.
    pub(crate) fn arrays(named: impl IntoIterator<Item = (String, ArrayRef)>) -> Result<Self, Error> {
        let mut columns = Columns::default();
        named.into_iter().for_each(|(name, array)| columns.add(&name, array));
        let batch = columns.batch()?;
        Ok(Table { schema: batch.schema(), batches: vec![batch], errors: Vec::new() })
    }

    fn new<P>(
        parts: Vec<(usize, P)>,
        convert: impl Fn(P) -> Result<(Columns, Vec<(usize, Error)>), Error>,
    ) -> Result<Self, Error> {
        let (mut batches, mut errors) = (Vec::new(), Vec::new());
        for (before, part) in parts {
            let (columns, failed) = convert(part)?;
            batches.push(columns.batch()?);
            errors.extend(failed.into_iter().map(|(_, error)| error.after_rows(before)));
        }
        let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
        Ok(Table { schema, batches, errors })
    }
}
