//! Which development rows are held out when, and the batches that result.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::data::{Batch, Column, Labels, SplitConfig, Value, WEIGHT_UNIT};
use crate::error::{Error, Problem, Result};
use crate::pipeline::PipelineConfig;

/// A row that is in no fold: it is kept for testing or weighs nothing.
const NOWHERE: u8 = u8::MAX;

/// The rows of a search: what is known of them, and columns that many batches can borrow.
pub(super) struct Rows<'a> {
    config: &'a PipelineConfig,
    batches: Vec<Lent<'a>>,
    labels: Vec<Labels>,
    /// Name of the column of weights of the batches that are made here.
    weight: String,
}

/// The columns of one batch.
struct Lent<'a> {
    rows: usize,
    columns: Vec<(&'a str, LentColumn<'a>)>,
}

enum LentColumn<'a> {
    Plain(&'a Column<'a>),
    /// Text by number, so that it is borrowed without a copy of every row.
    Levels {
        codes: Vec<i32>,
        levels: Vec<&'a str>,
    },
}

/// The rows under one division into folds.
pub(super) struct Division<'a> {
    rows: &'a Rows<'a>,
    /// The fold of each row, by batch.
    fold: Vec<Vec<u8>>,
}

impl<'a> Rows<'a> {
    /// Reads labels and columns of `batches`.
    ///
    /// # Errors
    /// Those of [`Labels::read`].
    pub(super) fn new(batches: &'a [Batch<'a>], config: &'a PipelineConfig, columns: &[&str]) -> Result<Self> {
        let mut weight = "weight".to_owned();
        while config.schema.index(&weight).is_some() || columns.contains(&weight.as_str()) {
            weight.push('_');
        }
        let (mut lent, mut labels, mut before) = (Vec::new(), Vec::new(), 0);
        for batch in batches {
            let read = Labels::read(batch, &config.target, config.weight.as_deref(), config.split.as_ref());
            labels.push(read.map_err(|error| error.after_rows(before))?);
            before += batch.rows();
            let kept = batch.columns().filter(|(name, _)| config.schema.index(name).is_some() || columns.contains(name));
            lent.push(Lent { rows: batch.rows(), columns: kept.map(|(name, column)| (name, LentColumn::new(column))).collect() });
        }
        Ok(Rows { config, batches: lent, labels, weight })
    }

    /// Name of the column of weights of the batches that are made here.
    pub(super) fn weight(&self) -> &str {
        &self.weight
    }

    /// Number of rows, those kept for testing included: a pass reads them all.
    pub(super) fn count(&self) -> usize {
        self.batches.iter().map(|batch| batch.rows).sum()
    }

    /// Divides the development rows into folds.
    ///
    /// With a split, all rows of one key fall into one fold, by a hash of the key. Otherwise each outcome is spread
    /// evenly: rows are dealt out in the order of a hash of all their values, so that the order of rows does not matter
    /// and rows that are equal in everything are dealt out in turn.
    ///
    /// # Errors
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when a fold, or all others together, lack an outcome.
    pub(super) fn divide(&'a self, batches: &[Batch<'_>], folds: u32, seed: u64) -> Result<Division<'a>> {
        let mut fold: Vec<Vec<u8>> = self.batches.iter().map(|batch| vec![NOWHERE; batch.rows]).collect();
        match &self.config.split {
            Some(split) => {
                let salt = format!("{}\u{1f}fold {seed}", split.salt);
                let dealt = SplitConfig { key: split.key.clone(), test_share: 0.0, salt };
                for (batch, fold) in batches.iter().zip(&mut fold) {
                    let keys = batch.column(&split.key)?;
                    for (row, fold) in fold.iter_mut().enumerate() {
                        *fold = (dealt.hash(keys.value(row))? % u64::from(folds)) as u8;
                    }
                }
            }
            None => {
                let mut order: Vec<(bool, u64, usize, usize)> = Vec::with_capacity(self.count());
                for (at, (batch, labels)) in self.batches.iter().zip(&self.labels).enumerate() {
                    let rows = labels.event.iter().zip(&labels.weight).enumerate();
                    order.extend(rows.map(|(row, (&event, &weight))| (event, batch.hash(row, mix(weight ^ mix(seed))), at, row)));
                }
                order.sort_unstable();
                for (turn, &(_, _, at, row)) in order.iter().enumerate() {
                    if let Some(fold) = fold.get_mut(at).and_then(|fold| fold.get_mut(row)) {
                        *fold = (turn % folds as usize) as u8;
                    }
                }
            }
        }
        for (fold, labels) in fold.iter_mut().zip(&self.labels) {
            let idle = labels.test.iter().zip(&labels.weight).map(|(&test, &weight)| test || weight == 0);
            fold.iter_mut().zip(idle).filter(|(_, idle)| *idle).for_each(|(fold, _)| *fold = NOWHERE);
        }
        let division = Division { rows: self, fold };
        division.check(folds)?;
        Ok(division)
    }
}

impl<'a> LentColumn<'a> {
    fn new(column: &'a Column<'a>) -> Self {
        let Column::Text(values) = column else { return LentColumn::Plain(column) };
        let mut known: BTreeMap<&'a str, i32> = values.iter().flatten().map(|level| (&**level, 0)).collect();
        known.values_mut().enumerate().for_each(|(code, entry)| *entry = code as i32);
        let code = |level: &'a Option<Cow<'a, str>>| level.as_ref().and_then(|level| known.get(&**level)).copied().unwrap_or(-1);
        LentColumn::Levels { codes: values.iter().map(code).collect(), levels: known.keys().copied().collect() }
    }

    fn lend(&self) -> Column<'_> {
        match self {
            LentColumn::Plain(Column::Number { values, validity }) => {
                Column::Number { values: Cow::Borrowed(values), validity: *validity }
            }
            LentColumn::Plain(Column::Date { values, validity }) => {
                Column::Date { values: Cow::Borrowed(values), validity: *validity }
            }
            LentColumn::Plain(Column::Dictionary { codes, levels, validity }) => Column::Dictionary {
                codes: Cow::Borrowed(codes),
                levels: levels.iter().map(|level| Cow::Borrowed(&**level)).collect(),
                validity: *validity,
            },
            LentColumn::Levels { codes, levels } => Column::Dictionary {
                codes: Cow::Borrowed(codes),
                levels: levels.iter().map(|level| Cow::Borrowed(*level)).collect(),
                validity: None,
            },
            LentColumn::Plain(column) => (*column).clone(),
        }
    }

    fn value(&self, row: usize) -> Value<'_> {
        match self {
            LentColumn::Plain(column) => column.value(row),
            LentColumn::Levels { codes, levels } => {
                let level = codes.get(row).and_then(|&code| levels.get(usize::try_from(code).ok()?));
                level.map_or(Value::Missing, |level| Value::Category(level))
            }
        }
    }
}

impl Lent<'_> {
    /// A hash of all values of a row.
    fn hash(&self, row: usize, start: u64) -> u64 {
        // FNV-1a, whose result `mix` spreads over all bits.
        let text = |level: &str| {
            level.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        };
        self.columns.iter().fold(start, |hash, (_, column)| {
            mix(hash
                ^ match column.value(row) {
                    Value::Missing => 1,
                    Value::Number(x) => x.to_bits(),
                    Value::Category(level) => text(level),
                    Value::Date(day) => day.days() as u64,
                    Value::Flag(flag) => 2 + u64::from(flag),
                })
        })
    }
}

impl<'a> Division<'a> {
    fn check(&self, folds: u32) -> Result<()> {
        let mut seen = vec![[0u32; 2]; folds as usize];
        for (fold, labels) in self.fold.iter().zip(&self.rows.labels) {
            for (fold, &event) in fold.iter().zip(&labels.event) {
                if let Some(seen) = seen.get_mut(usize::from(*fold)) {
                    let [others, events] = seen;
                    let count = if event { events } else { others };
                    *count = count.saturating_add(1);
                }
            }
        }
        if seen.iter().flatten().all(|&rows| rows > 0) {
            return Ok(());
        }
        let what = format!("one of {folds} folds of the development rows lacks events or non-events");
        let remedy = "use fewer folds, or data with more rows of both outcomes";
        Err(Error::insufficient(Problem::new(what, remedy).field("auto.folds")))
    }

    /// The batches in which only the development rows outside `fold` weigh something.
    ///
    /// # Errors
    /// None that a batch of the caller does not have.
    pub(super) fn without(&self, fold: Option<u32>) -> Result<Vec<Batch<'_>>> {
        let mut batches = Vec::new();
        for ((lent, labels), folds) in self.rows.batches.iter().zip(&self.rows.labels).zip(&self.fold) {
            let weight = labels.weight.iter().zip(folds).map(|(&weight, &of)| {
                let out = of == NOWHERE || fold == Some(u32::from(of));
                if out { 0.0 } else { weight as f64 * WEIGHT_UNIT }
            });
            let mut batch = Batch::new(lent.rows);
            for (name, column) in &lent.columns {
                batch.push(*name, column.lend())?;
            }
            batch.push(&self.rows.weight, Column::numbers(weight.collect::<Vec<f64>>()))?;
            batches.push(batch);
        }
        Ok(batches)
    }

    /// The rows of `fold` in batch `at`: position, whether the event happened, and weight.
    pub(super) fn held(&self, fold: u32, at: usize) -> impl Iterator<Item = (usize, bool, u64)> + '_ {
        let parts = self.fold.get(at).zip(self.rows.labels.get(at));
        parts.into_iter().flat_map(move |(folds, labels)| {
            let rows = labels.event.iter().zip(&labels.weight).zip(folds).enumerate();
            rows.filter(move |(_, (_, of))| u32::from(**of) == fold).map(|(row, ((&event, &weight), _))| (row, event, weight))
        })
    }
}

/// Spreads a number over 64 bits (SplitMix64, Steele et al. 2014).
pub(super) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
