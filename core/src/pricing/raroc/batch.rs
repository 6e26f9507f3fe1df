//! Many loans priced to one hurdle.

use super::blocks::{Blocks, whole};
use super::life_terms::{LifetimeTerms, PdPath};
use super::lifetime::Lifetime;
use super::loan::Hurdle;
use super::solve::RateSolution;
use crate::data::{Batch, Column, Kind, Value};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;

/// Loans that one task prices.
const TASK: usize = 4_096;

/// Loans priced to the hurdle: one entry a row in each column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LifetimePrices {
    /// 0, or the number of the row's [`ErrorCode`](crate::ErrorCode).
    pub status: Vec<u8>,
    /// The break-even rate per year, the lowest of several; NaN where there is none.
    pub rate: Vec<f64>,
    /// Lifetime RAROC at that rate; NaN where there is none.
    pub raroc: Vec<f64>,
    /// Break-even rates: 0, 1 or more.
    pub solutions: Vec<u32>,
    /// Rows that could not be priced, with the reason, in rising order.
    pub errors: Vec<(usize, Error)>,
}

impl LifetimeTerms {
    /// The terms that a column may give, by its name.
    pub(crate) const COLUMNS: &'static [&'static str] = &[
        "months",
        "pd",
        "prepayment",
        "lgd",
        "funding",
        "opex",
        "origination",
        "upfront_fee",
        "running_fee",
        "capital",
        "capital_benefit",
        "tax",
    ];

    /// The break-even rate of every row of a batch. A column of numbers called as one of these terms takes the place of it: months,
    /// pd, prepayment, lgd, funding, opex, origination, upfront_fee, running_fee, capital, capital_benefit, tax. Columns of other
    /// names are ignored. The result does not depend on `threads`.
    ///
    /// ```
    /// use scoreline::pricing::{BalancePath, LifetimeTerms, PdPath};
    /// use scoreline::{Batch, Column, Threads};
    /// let terms = LifetimeTerms {
    ///     months: 36, balance: BalancePath::EqualInstalment {}, pd: PdPath::Yearly { pd: 0.03 }, prepayment: 0.1, lgd: 0.6,
    ///     funding: 0.032, opex: 0.015, origination: 0.003, upfront_fee: 0.0, running_fee: 0.0, capital: 0.08,
    ///     capital_benefit: 0.025, tax: 0.25,
    /// };
    /// let loans = Batch::new(3).with("pd", Column::numbers(vec![0.01, 0.03, f64::NAN]))?;
    /// let priced = terms.price_batch(&loans, 0.12, Threads::One)?;
    /// assert!(priced.rate[0] < priced.rate[1] && (priced.rate[1] - 0.0786370878).abs() < 1e-10);
    /// assert_eq!((priced.status[2], priced.errors[0].0), (2, 2));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a hurdle outside (−1, 10] and a column that does not hold numbers. Rows with
    /// terms that are missing or not valid have a status of their own and harm no other.
    pub fn price_batch(&self, batch: &Batch<'_>, hurdle: f64, threads: Threads) -> Result<LifetimePrices> {
        let priced_to = Hurdle::new(hurdle)?;
        let mut columns = Vec::new();
        for (name, column) in batch.columns() {
            if let Some(at) = LifetimeTerms::COLUMNS.iter().position(|one| *one == name) {
                if column.kind() != Kind::Number {
                    return Err(Error::data(Problem::new("a column of numbers was expected", "convert it").field(name)));
                }
                columns.push((at, column));
            }
        }
        let tasks: Vec<usize> = (0..batch.rows()).step_by(TASK).collect();
        let parts = threads.map(tasks, |start| {
            let rows = start..(start + TASK).min(batch.rows());
            let mut part = LifetimePrices {
                status: vec![0; rows.len()],
                rate: vec![f64::NAN; rows.len()],
                raroc: vec![f64::NAN; rows.len()],
                solutions: vec![1; rows.len()],
                errors: Vec::new(),
            };
            // Most loans side by side; what is left one by one, with the reasons of those that cannot be priced.
            let mut terms = self.clone();
            for at in Blocks::new(self, &columns, rows.clone()).price(priced_to, &mut part.rate, &mut part.raroc) {
                let row = rows.start + at;
                let priced = terms.set(&columns, row).and_then(|()| terms.price(hurdle));
                let (rate, raroc, solutions) = priced.unwrap_or_else(|error| {
                    part.status[at] = error.code().number() as u8;
                    part.errors.push((row, error.at_row(row)));
                    (f64::NAN, f64::NAN, 0)
                });
                (part.rate[at], part.raroc[at], part.solutions[at]) = (rate, raroc, solutions);
            }
            Ok(part)
        })?;
        let mut all = LifetimePrices::default();
        for mut part in parts {
            all.status.append(&mut part.status);
            all.rate.append(&mut part.rate);
            all.raroc.append(&mut part.raroc);
            all.solutions.append(&mut part.solutions);
            all.errors.append(&mut part.errors);
        }
        Ok(all)
    }

    /// Takes over the terms of a row.
    fn set(&mut self, columns: &[(usize, &Column<'_>)], row: usize) -> Result<()> {
        for &(at, column) in columns {
            let Value::Number(value) = column.value(row) else {
                let name = LifetimeTerms::COLUMNS.get(at).copied().unwrap_or_default();
                return Err(Error::data(Problem::new("a number was expected", "fill it in, or leave the loan out").field(name)));
            };
            match at {
                0 => self.months = whole(value),
                1 => self.pd = PdPath::Yearly { pd: value },
                2 => self.prepayment = value,
                3 => self.lgd = value,
                4 => self.funding = value,
                5 => self.opex = value,
                6 => self.origination = value,
                7 => self.upfront_fee = value,
                8 => self.running_fee = value,
                9 => self.capital = value,
                10 => self.capital_benefit = value,
                _ => self.tax = value,
            }
        }
        Ok(())
    }

    fn price(&self, hurdle: f64) -> Result<(f64, f64, u32)> {
        let loan = Lifetime::new(self, hurdle)?;
        Ok(match loan.break_even_rate()? {
            RateSolution::None { .. } => (f64::NAN, f64::NAN, 0),
            RateSolution::Unique { rate } => (rate, loan.at(rate)?.raroc, 1),
            RateSolution::Several { lowest, count, .. } => (lowest, loan.at(lowest)?.raroc, count as u32),
        })
    }
}
