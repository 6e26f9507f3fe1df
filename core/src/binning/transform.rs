//! A column turned into what stands for the bin of each row: its weight of evidence, or a mean.

use super::bins::{FeatureBins, Split};
use super::lookup::Lookup;
use crate::data::{Column, Field};
use crate::error::{Error, Result};
use crate::parallel::Threads;

/// Rows of one task: their codes stay in the processor's cache.
const TASK: usize = 1 << 14;

impl FeatureBins {
    /// The weight of evidence of each row of `column`. `field` is the one the bins were made with: it says which codes
    /// are special and which values are missing. The result does not depend on `threads`.
    ///
    /// ```
    /// use scoreline::binning::{observe, BinningConfig};
    /// use scoreline::{Batch, Column, Field, Kind, Labels, Threads};
    /// let age = Column::numbers([20.0, 30.0, 40.0, 50.0].repeat(25));
    /// let bad = Column::numbers([1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0].repeat(10));
    /// let labels = Labels::read(&Batch::new(100).with("bad", bad)?, "bad", None, None)?;
    /// let field = Field::new("age", Kind::Number);
    /// let bins = observe(&field, &age, &labels, 4096, Threads::One)?.bin("age", &BinningConfig::default())?;
    /// let woe = bins.transform(&field, &Column::numbers(vec![18.0, 55.0, f64::NAN]), Threads::One)?;
    /// assert_eq!(woe, [bins.bins[0].woe, bins.bins[bins.ordinary() - 1].woe, 0.0]);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`transform`].
    pub fn transform(&self, field: &Field, column: &Column<'_>, threads: Threads) -> Result<Vec<f64>> {
        let woes: Vec<f64> = self.bins.iter().map(|bin| bin.woe).collect();
        transform(&self.split, &woes, field, column, threads)
    }
}

/// For each row of `column` the entry of `values` that stands for its bin: `values` holds one entry for each ordinary
/// bin of `split`, one for each special code of `field`, and last the one of missing values. NaN where there is none.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when the column is of another kind than the field, and naming the row
/// where a value is infinite.
pub fn transform(split: &Split, values: &[f64], field: &Field, column: &Column<'_>, threads: Threads) -> Result<Vec<f64>> {
    column.check_kind(field)?;
    let lookup = Lookup::of(split, &field.special);
    // A code is one byte: no bounds have to be checked.
    let mut table = [f64::NAN; 256];
    table.iter_mut().zip(values).for_each(|(entry, value)| *entry = *value);
    let place = |code: u8| table[usize::from(code)];
    let one = |row: usize| {
        let value = field.check(column.value(row)).map_err(|error| error.at_row(row))?;
        Ok::<f64, Error>(place(lookup.code(value).0))
    };
    let direct = match (column, &lookup) {
        (Column::Number { values, validity: None }, Lookup::Number(lookup)) if field.missing.is_empty() => Some((values, lookup)),
        _ => None,
    };
    let by_level = levels(field, column, &lookup);

    let mut whole = vec![0.0; column.len()];
    let tasks: Vec<(usize, &mut [f64])> = whole.chunks_mut(TASK).enumerate().map(|(at, part)| (at * TASK, part)).collect();
    threads.map(tasks, |(start, part)| {
        if let Some((values, lookup)) = direct {
            let values = values.get(start..start + part.len()).unwrap_or_default();
            if !lookup.choose(values, &table, part) {
                return Ok(());
            }
        }
        for (at, slot) in part.iter_mut().enumerate() {
            let known = by_level
                .as_ref()
                .and_then(|(codes, levels)| codes.get(start + at).and_then(|&code| levels.get(usize::try_from(code).ok()?)));
            *slot = match known {
                Some(code) => place(*code),
                None => one(start + at)?,
            };
        }
        Ok(())
    })?;
    Ok(whole)
}

/// The codes of a dictionary without nulls, and the bin of each of its levels.
fn levels<'a>(field: &Field, column: &'a Column<'_>, lookup: &Lookup) -> Option<(&'a [i32], Vec<u8>)> {
    let Column::Dictionary { codes, levels, validity: None } = column else { return None };
    let bin = |level: &str| field.check(crate::data::Value::Category(level)).ok().map(|value| lookup.code(value).0);
    Some((codes, levels.iter().map(|level| bin(level)).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Code, Kind, Special, Value};
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn field(kind: Kind, special: Code, missing: Code) -> Field {
        Field { special: vec![Special { code: special, name: "s".into() }], missing: vec![missing], ..Field::new("x", kind) }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// A column says what its rows say one by one.
        #[test]
        fn a_column_is_its_rows(cuts in prop::collection::btree_set(-50i32..50, 0..20), rows in prop::collection::vec(-60i32..60, 1..300), bare: bool) {
            let split = Split::Numeric { cuts: cuts.into_iter().map(f64::from).collect() };
            let values: Vec<f64> = (0..split.bins() + 2).map(|bin| bin as f64).collect();
            let mut field = field(Kind::Number, Code::Number(-7.0), Code::Number(9.0));
            if bare {
                field.missing.clear();
            }
            let x: Vec<f64> = rows.iter().map(|&x| if x == 0 { f64::NAN } else { f64::from(x) }).collect();
            let found = transform(&split, &values, &field, &Column::numbers(&x[..]), Threads::Count(2)).unwrap();
            for (x, found) in x.iter().zip(found) {
                let value = field.check(Value::Number(*x)).unwrap();
                let bin = if *x == -7.0 { split.bins() } else { split.find(value).map_or(split.bins() + 1, |(bin, _)| bin) };
                prop_assert_eq!(found, bin as f64);
            }
        }
    }

    #[test]
    fn levels_are_found_in_text_and_in_dictionaries() {
        let split = Split::Category { groups: vec![vec!["a".into()], vec!["b".into(), "c".into()]], unseen: 1 };
        let field = field(Kind::Category, Code::Text("n/a".into()), Code::Text("?".into()));
        let levels = ["a", "c", "n/a", "?", "new"];
        let expected = [0.0, 1.0, 2.0, 3.0, 1.0, 3.0];
        let text = Column::text(levels.iter().map(|level| Some(*level)).chain([None]));
        let codes = Cow::Owned(vec![0, 1, 2, 3, 4, -1]);
        let dictionary = Column::Dictionary { codes, levels: levels.map(Cow::Borrowed).to_vec(), validity: None };
        for column in [text, dictionary] {
            assert_eq!(transform(&split, &[0.0, 1.0, 2.0, 3.0], &field, &column, Threads::One).unwrap(), expected);
        }
    }

    #[test]
    fn infinite_values_are_refused_with_their_row() {
        let mut x = vec![1.0; 3 * TASK];
        x[2 * TASK + 5] = f64::NEG_INFINITY;
        let split = Split::Numeric { cuts: vec![0.0] };
        let field = Field::new("x", Kind::Number);
        let error = transform(&split, &[0.0; 3], &field, &Column::numbers(x), Threads::All).unwrap_err();
        assert_eq!(error.problems()[0].row, Some(2 * TASK as u64 + 5));
        assert!(transform(&split, &[0.0; 3], &field, &Column::text([Some("a")]), Threads::One).is_err());
    }
}
