//! Capital of many exposures, column by column.

use super::framework::{IrbClass, Security};
use super::irb::{Irb, IrbExposure};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;

/// Rows of one piece of work.
const BLOCK: usize = 16_384;

/// One value for all rows, or one a row.
#[derive(Debug, Clone, Copy)]
pub enum Each<'a, T> {
    /// The same for all.
    All(T),
    /// One a row.
    Rows(&'a [T]),
}

impl<T: Copy> Each<'_, T> {
    #[inline]
    fn at(&self, row: usize) -> Option<T> {
        match self {
            Each::All(value) => Some(*value),
            Each::Rows(values) => values.get(row).copied(),
        }
    }

    fn fits(&self, rows: usize) -> bool {
        match self {
            Each::All(_) => true,
            Each::Rows(values) => values.len() == rows,
        }
    }
}

/// Exposures as columns; the fields are those of [`IrbExposure`]. NaN stands for nothing.
#[derive(Debug, Clone, Copy)]
pub struct IrbColumns<'a> {
    /// Classes.
    pub class: Each<'a, IrbClass>,
    /// One PD a row; its length is the number of rows.
    pub pd: &'a [f64],
    /// LGD.
    pub lgd: Each<'a, f64>,
    /// Effective maturity in years.
    pub maturity: Each<'a, f64>,
    /// Turnover in millions.
    pub turnover: Each<'a, f64>,
    /// What secures the exposures.
    pub security: Each<'a, Security>,
    /// Which share is secured; NaN counts as 1.
    pub secured_share: Each<'a, f64>,
    /// Best estimate of the expected loss: a number means that the exposure is in default.
    pub best_estimate: Each<'a, f64>,
}

impl<'a> IrbColumns<'a> {
    /// Performing, unsecured exposures; set the other columns as needed.
    #[must_use]
    pub fn new(class: Each<'a, IrbClass>, pd: &'a [f64], lgd: Each<'a, f64>) -> Self {
        let none = Each::All(f64::NAN);
        let security = Each::All(Security::Unsecured);
        IrbColumns { class, pd, lgd, maturity: none, turnover: none, security, secured_share: none, best_estimate: none }
    }

    #[inline]
    fn exposure(&self, row: usize) -> Option<IrbExposure> {
        let some = |value: f64| (!value.is_nan()).then_some(value);
        let best_estimate = some(self.best_estimate.at(row)?);
        Some(IrbExposure {
            class: self.class.at(row)?,
            pd: self.pd.get(row).copied()?,
            lgd: self.lgd.at(row)?,
            maturity: some(self.maturity.at(row)?),
            turnover: some(self.turnover.at(row)?),
            security: self.security.at(row)?,
            secured_share: some(self.secured_share.at(row)?).unwrap_or(1.0),
            defaulted: best_estimate.is_some(),
            best_estimate,
        })
    }

    fn check(&self) -> Result<()> {
        let rows = self.pd.len();
        for (name, fits) in [
            ("class", self.class.fits(rows)),
            ("lgd", self.lgd.fits(rows)),
            ("maturity", self.maturity.fits(rows)),
            ("turnover", self.turnover.fits(rows)),
            ("security", self.security.fits(rows)),
            ("secured_share", self.secured_share.fits(rows)),
            ("best_estimate", self.best_estimate.fits(rows)),
        ] {
            if !fits {
                let problem = Problem::new("the column has not as many rows as `pd`", "pass one value a row, or one for all");
                return Err(Error::data(problem.field(name)));
            }
        }
        Ok(())
    }
}

/// Capital of each row; NaN where the row is refused.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CapitalColumns {
    /// Asset correlations.
    pub correlation: Vec<f64>,
    /// Slopes of the maturity adjustment.
    pub maturity_adjustment: Vec<f64>,
    /// Capital requirements.
    pub k: Vec<f64>,
    /// Risk weights.
    pub risk_weight: Vec<f64>,
    /// Expected losses.
    pub expected_loss: Vec<f64>,
    /// 0 for a row with capital, else the number of its error.
    pub status: Vec<u8>,
    /// What is wrong with the refused rows, in their order.
    pub errors: Vec<(usize, Error)>,
}

/// The slots of a block of rows.
struct Slots<'a> {
    first: usize,
    numbers: [&'a mut [f64]; 5],
    status: &'a mut [u8],
}

impl Irb {
    /// Capital of every row. A bad row has a status and an error and does not stop the others; the result is the same for any
    /// number of threads.
    ///
    /// ```
    /// use scoreline::Threads;
    /// use scoreline::pricing::capital::{Each, Irb, IrbClass, IrbColumns, IrbFramework, IrbRules};
    /// let irb = Irb::new(&IrbRules::advanced(IrbFramework::named("basel3")?))?;
    /// let columns = IrbColumns::new(Each::All(IrbClass::OtherRetail), &[0.01, 7.0], Each::All(0.45));
    /// let found = irb.columns(&columns, Threads::One)?;
    /// assert!((found.risk_weight[0] - 0.4577).abs() < 1e-4);
    /// assert_eq!((found.k[1].is_nan(), found.errors[0].1.problems()[0].row), (true, Some(1)));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when columns differ in length.
    pub fn columns(&self, columns: &IrbColumns<'_>, threads: Threads) -> Result<CapitalColumns> {
        columns.check()?;
        let rows = columns.pd.len();
        let mut numbers: [Vec<f64>; 5] = std::array::from_fn(|_| vec![f64::NAN; rows]);
        let mut status = vec![0; rows];
        let [a, b, c, d, e] = &mut numbers;
        let parts = a.chunks_mut(BLOCK).zip(b.chunks_mut(BLOCK)).zip(c.chunks_mut(BLOCK)).zip(d.chunks_mut(BLOCK));
        let parts = parts.zip(e.chunks_mut(BLOCK)).zip(status.chunks_mut(BLOCK)).enumerate();
        let blocks: Vec<Slots<'_>> = parts
            .map(|(at, (((((a, b), c), d), e), status))| Slots { first: at * BLOCK, numbers: [a, b, c, d, e], status })
            .collect();
        let errors = threads.map(blocks, |block| Ok(self.block(columns, block)))?;
        let [correlation, maturity_adjustment, k, risk_weight, expected_loss] = numbers;
        let errors = errors.into_iter().flatten().collect();
        Ok(CapitalColumns { correlation, maturity_adjustment, k, risk_weight, expected_loss, status, errors })
    }

    fn block(&self, columns: &IrbColumns<'_>, block: Slots<'_>) -> Vec<(usize, Error)> {
        let Slots { first, numbers: [a, b, c, d, e], status } = block;
        let mut errors = Vec::new();
        let slots = a.iter_mut().zip(b).zip(c).zip(d).zip(e).zip(status).enumerate();
        for (at, (((((correlation, slope), k), weight), loss), status)) in slots {
            let row = first + at;
            let Some(exposure) = columns.exposure(row) else { continue };
            match self.capital(&exposure) {
                Ok(capital) => {
                    *correlation = capital.correlation;
                    *slope = capital.maturity_adjustment;
                    *k = capital.k;
                    *weight = capital.risk_weight;
                    *loss = capital.expected_loss;
                }
                Err(error) => {
                    *status = error.code().number() as u8;
                    errors.push((row, error.at_row(row)));
                }
            }
        }
        errors
    }
}
