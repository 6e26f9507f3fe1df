//! Calculations over columns: one input, of which columns take the place of some figures.

use serde::de::DeserializeOwned;

use super::{Calculation, find, input};
use crate::data::{Batch, Column, nearest};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;

/// Answers of a calculation over columns: one entry a row in each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// The figures by name; NaN where a row has none.
    pub numbers: Vec<(&'static str, Vec<f64>)>,
    /// 0, or the number of the row's [`ErrorCode`](crate::ErrorCode).
    pub status: Vec<u8>,
    /// Rows that were refused, with the reason, in rising order.
    pub errors: Vec<(usize, Error)>,
}

/// Columns of figures by name, all of one length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    columns: &'a [(&'a str, &'a [f64])],
}

impl<'a> Given<'a> {
    /// Columns of `figures`, each at most once.
    fn new(columns: &'a [(&'a str, &'a [f64])], figures: &[&str]) -> Result<Self> {
        let refused = |problem: Problem, name: &str| Err(Error::data(problem.field(name)));
        let Some((_, first)) = columns.first() else {
            return refused(Problem::new("a column is needed", "use `calculate` for one row"), "columns");
        };
        for (at, (name, column)) in columns.iter().enumerate() {
            if !figures.contains(name) {
                return refused(Problem::new("no column can give this figure", nearest(name, figures)), name);
            }
            if columns.iter().take(at).any(|(before, _)| before == name) {
                return refused(Problem::new("the figure is given twice", "pass one column of it"), name);
            }
            if column.len() != first.len() {
                return refused(Problem::new("the columns differ in length", "pass one number a row in each"), name);
            }
        }
        Ok(Given { columns })
    }

    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// The column of a figure, where it is given.
    pub(super) fn get(&self, figure: &str) -> Option<&'a [f64]> {
        self.columns.iter().find(|(name, _)| *name == figure).map(|(_, column)| *column)
    }

    pub(super) fn batch(&self) -> Result<Batch<'a>> {
        let mut batch = Batch::new(self.rows());
        for (name, column) in self.columns {
            batch.push(*name, Column::numbers(*column))?;
        }
        Ok(batch)
    }
}

/// An input of which columns can take the place of some figures.
pub(super) trait ByColumns: DeserializeOwned {
    /// The figures that columns can give.
    const FIGURES: &'static [&'static str];

    fn columns(self, given: Given<'_>, threads: Threads) -> Result<Columns>;
}

/// What a calculation is over columns.
pub(super) type OverColumns = fn(&str, &[(&str, &[f64])], Threads) -> Result<Columns>;

fn over<I: ByColumns>(text: &str, columns: &[(&str, &[f64])], threads: Threads) -> Result<Columns> {
    input::read::<I>(text)?.columns(Given::new(columns, I::FIGURES)?, threads)
}

/// Calculates row by row: `answer` has the row and writes its figures.
pub(super) fn by_row<const N: usize>(
    names: [&'static str; N],
    rows: usize,
    threads: Threads,
    answer: impl Fn(usize) -> Result<[f64; N]> + Sync,
) -> Result<Columns> {
    /// Rows of one piece of work.
    const BLOCK: usize = 16_384;
    let blocks = (0..rows).step_by(BLOCK).collect();
    let answered = threads.map(blocks, |first| {
        let row = |row: usize| answer(row).map_err(|error| error.at_row(row));
        Ok((first..(first + BLOCK).min(rows)).map(row).collect::<Vec<_>>())
    })?;
    let mut columns = Columns { numbers: names.map(|name| (name, Vec::with_capacity(rows))).into(), ..Columns::default() };
    for (row, answer) in answered.into_iter().flatten().enumerate() {
        let (status, figures) = match answer {
            Ok(figures) => (0, figures),
            Err(error) => {
                let status = error.code().number() as u8;
                columns.errors.push((row, error));
                (status, [f64::NAN; N])
            }
        };
        columns.status.push(status);
        columns.numbers.iter_mut().zip(figures).for_each(|((_, column), figure)| column.push(figure));
    }
    Ok(columns)
}

/// The answers of a calculation for every row of columns, which all have one length: a column takes the place of the figure of its
/// name in `input`, which holds for all rows otherwise. A row that is refused has NaN, its status and its error, and harms no other; the answers do
/// not depend on `threads`.
///
/// ```
/// use scoreline::calculation::calculate_columns;
/// use scoreline::Threads;
/// let base = r#"{"framework": "basel3", "exposure": {"class": "other_retail", "pd": 0.01, "lgd": 0.45}}"#;
/// let answers = calculate_columns("irb_capital", base, &[("pd", &[0.01, 7.0])], Threads::One)?;
/// let (name, weights) = &answers.numbers[3];
/// assert_eq!((*name, answers.status.as_slice()), ("risk_weight", &[0, 2][..]));
/// assert!((weights[0] - 0.4577).abs() < 1e-4 && weights[1].is_nan());
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for a calculation that has no such form;
/// [`InvalidData`](crate::ErrorCode::InvalidData) for an input that is not of the expected form, and for columns of other figures or
/// of different length.
pub fn calculate_columns(name: &str, input: &str, columns: &[(&str, &[f64])], threads: Threads) -> Result<Columns> {
    let over = find(name)?.columns.ok_or_else(|| {
        let known: Vec<&str> = super::all().filter(|one| one.columns.is_some()).map(|one| one.name).collect();
        let remedy = format!("use `calculate_lines`; over columns there are: {}", known.join(", "));
        Error::config(Problem::new("the calculation has no form over columns", remedy).field("calculation"))
    })?;
    over(input, columns, threads)
}

impl Calculation {
    /// The same calculation with its form over columns.
    pub(super) const fn with_columns<I: ByColumns>(mut self) -> Self {
        self.columns = Some(over::<I>);
        self
    }
}
