//! The losses of a book that comes as a table.

use serde::Serialize;

use super::exposure::{EclExposure, EclPolicy, ExposureLoss};
use super::staging::{Stage, StagingResult};
use crate::data::{Batch, Column, Kind};
use crate::error::{Error, Problems, Result};
use crate::parallel::Threads;
use crate::pricing::whole_months;
use crate::stats::{ExactSums, Summary};

/// Exposures of one task.
const TASK: usize = 4_096;

/// Columns of numbers that a book must have.
const NUMBERS: [&str; 6] = ["pd", "pd_origination", "lgd", "ead", "eir", "months"];
/// Columns of flags that it may have; without one nothing is so.
const FLAGS: [&str; 3] = ["bullet", "watched", "impaired"];
/// Figures that are totalled by stage: EAD, losses of twelve months, of the life, and the allowance.
const FIGURES: usize = 4;

/// The losses of a book: one entry a row in each column.
#[derive(Debug, Clone, PartialEq)]
pub struct EclBook {
    /// 0, or the number of the row's [`ErrorCode`](crate::ErrorCode).
    pub status: Vec<u8>,
    /// The stage and its reason; none where the row has none.
    pub staging: Vec<Option<StagingResult>>,
    /// PD of the remaining life as expected when the loan was made; NaN where there is none, as in the columns that follow.
    pub pd_expected: Vec<f64>,
    /// PD of the remaining life now, weighted over the scenarios.
    pub pd_now: Vec<f64>,
    /// Expected loss from defaults within twelve months, weighted.
    pub twelve_months: Vec<f64>,
    /// Expected loss from defaults over the whole life, weighted.
    pub lifetime: Vec<f64>,
    /// The loss that the stage asks for, weighted: the allowance.
    pub ecl: Vec<f64>,
    /// Totals of the rows that have losses.
    pub totals: EclTotals,
    /// Rows without losses, with the reason, in rising order.
    pub errors: Vec<(usize, Error)>,
}

/// Totals of a book that merge exactly with those of other parts of it.
#[derive(Debug, Clone, PartialEq)]
pub struct EclTotals {
    exposures: [u64; Stage::ALL.len()],
    /// The figures of each stage, then the allowance in each scenario.
    sums: ExactSums,
}

/// The losses of a book in total.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EclReport {
    /// The allowance.
    pub ecl: f64,
    /// By stage, all three.
    pub stages: Vec<StageTotal>,
    /// By scenario, in the order of the policy.
    pub scenarios: Vec<ScenarioTotal>,
}

/// What is in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StageTotal {
    /// The stage.
    pub stage: Stage,
    /// Number of exposures.
    pub exposures: u64,
    /// Exposure at default.
    pub ead: f64,
    /// Expected loss from defaults within twelve months, weighted.
    pub twelve_months: f64,
    /// Expected loss from defaults over the whole life, weighted.
    pub lifetime: f64,
    /// The allowance.
    pub ecl: f64,
}

/// What the allowance would be if a scenario were sure. Stages stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioTotal {
    /// The scenario.
    pub name: String,
    /// Its weight.
    pub weight: f64,
    /// The allowance in it.
    pub ecl: f64,
}

impl EclTotals {
    /// The totals of nothing yet, under a policy.
    #[must_use]
    pub fn new(policy: &EclPolicy) -> Self {
        EclTotals { exposures: [0; 3], sums: ExactSums::new(FIGURES * Stage::ALL.len() + policy.scenarios.len()) }
    }

    /// Adds the losses of an exposure with this EAD.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when it has other scenarios.
    pub fn add(&mut self, ead: f64, loss: &ExposureLoss) -> Result<()> {
        let figures = [ead, loss.twelve_months, loss.lifetime, loss.ecl];
        let of = |stage| if stage == loss.staging.stage { figures } else { [0.0; FIGURES] };
        let mut values: Vec<f64> = Stage::ALL.into_iter().flat_map(of).collect();
        values.extend(&loss.scenarios);
        self.sums.add_all(&values)?;
        if let Some(count) = self.exposures.get_mut(loss.staging.stage as usize) {
            *count += 1;
        }
        Ok(())
    }

    /// Adds the totals of another part of the book, found under the same policy.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when it has other scenarios.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.sums.merge(&other.sums)?;
        self.exposures.iter_mut().zip(other.exposures).for_each(|(mine, theirs)| *mine += theirs);
        Ok(())
    }

    /// The totals by stage and by scenario of the policy under which they were found.
    #[must_use]
    pub fn report(&self, policy: &EclPolicy) -> EclReport {
        let mut values = self.sums.values().into_iter();
        let mut next = || values.next().unwrap_or(0.0);
        let stage = |(stage, exposures)| StageTotal {
            stage,
            exposures,
            ead: next(),
            twelve_months: next(),
            lifetime: next(),
            ecl: next(),
        };
        let stages: Vec<StageTotal> = Stage::ALL.into_iter().zip(self.exposures).map(stage).collect();
        let scenario = |(scenario, ecl): (&super::EclScenario, f64)| ScenarioTotal {
            name: scenario.name.clone(),
            weight: scenario.weight,
            ecl,
        };
        let scenarios = policy.scenarios.iter().zip(values).map(scenario).collect();
        EclReport { ecl: stages.iter().map(|one| one.ecl).sum(), stages, scenarios }
    }
}

impl EclPolicy {
    /// The stages and losses of every row of a table, by [`EclPolicy::exposure`]. Columns of numbers `pd`, `pd_origination`, `lgd`,
    /// `ead`, `eir` and `months` are needed; `days` (numbers), `bullet`, `watched` and `impaired` (flags) may be there: see
    /// [`EclExposure`]. Columns of other names are ignored. The result does not depend on `threads`.
    ///
    /// ```
    /// use scoreline::portfolio::{EclPolicy, EclScenario, Stage, StagingPolicy};
    /// use scoreline::{Batch, Column, Threads};
    /// let policy = EclPolicy {
    ///     staging: StagingPolicy::default(),
    ///     scenarios: vec![EclScenario { name: "average".into(), weight: 1.0, states: vec![], lgd_added: 0.0 }],
    ///     rho: 0.15,
    ///     periods_per_year: 1,
    /// };
    /// let loans = Batch::new(3)
    ///     .with("pd", Column::numbers(vec![0.005, 0.03, f64::NAN]))?
    ///     .with("pd_origination", Column::numbers(vec![0.005, 0.01, 0.01]))?
    ///     .with("lgd", Column::numbers(vec![0.25, 0.8, 0.45]))?
    ///     .with("ead", Column::numbers(vec![1_000_000.0, 100_000.0, 500.0]))?
    ///     .with("eir", Column::numbers(vec![0.0, 0.07930826116052862, 0.05]))?
    ///     .with("months", Column::numbers(vec![12.0, 60.0, 24.0]))?;
    /// let book = policy.book(&loans, Threads::One)?;
    /// assert!((book.ecl[0] - 1_250.0).abs() < 1e-9 && (book.ecl[1] - 6_095.8848).abs() < 1e-4);
    /// assert_eq!((book.staging[1].map(|one| one.stage), book.status[2]), (Some(Stage::Two), 2));
    /// assert_eq!(book.totals.report(&policy).ecl, book.ecl[0] + book.ecl[1]);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`EclPolicy::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for every column that is missing or of another kind. Rows with figures that are
    /// missing or not valid have a status of their own and harm no other.
    pub fn book(&self, batch: &Batch<'_>, threads: Threads) -> Result<EclBook> {
        self.validate()?;
        let columns = Columns::read(batch)?;
        let tasks: Vec<usize> = (0..batch.rows()).step_by(TASK).collect();
        let parts = threads.map(tasks, |start| {
            let mut part = EclBook::new(self);
            for row in start..(start + TASK).min(batch.rows()) {
                let found = columns.exposure(row).and_then(|exposure| Ok((exposure.ead, self.loss(&exposure)?)));
                part.push(row, found)?;
            }
            Ok(part)
        })?;
        let mut book = EclBook::new(self);
        for mut part in parts {
            book.status.append(&mut part.status);
            book.staging.append(&mut part.staging);
            book.pd_expected.append(&mut part.pd_expected);
            book.pd_now.append(&mut part.pd_now);
            book.twelve_months.append(&mut part.twelve_months);
            book.lifetime.append(&mut part.lifetime);
            book.ecl.append(&mut part.ecl);
            book.errors.append(&mut part.errors);
            book.totals.merge(&part.totals)?;
        }
        Ok(book)
    }
}

impl EclBook {
    fn new(policy: &EclPolicy) -> Self {
        EclBook {
            status: Vec::new(),
            staging: Vec::new(),
            pd_expected: Vec::new(),
            pd_now: Vec::new(),
            twelve_months: Vec::new(),
            lifetime: Vec::new(),
            ecl: Vec::new(),
            totals: EclTotals::new(policy),
            errors: Vec::new(),
        }
    }

    fn push(&mut self, row: usize, found: Result<(f64, ExposureLoss)>) -> Result<()> {
        let (status, figures) = match found {
            Ok((ead, loss)) => {
                self.totals.add(ead, &loss)?;
                self.staging.push(Some(loss.staging));
                (0, [loss.pd_expected, loss.pd_now, loss.twelve_months, loss.lifetime, loss.ecl])
            }
            Err(error) => {
                let status = error.code().number() as u8;
                self.errors.push((row, error.at_row(row)));
                self.staging.push(None);
                (status, [f64::NAN; 5])
            }
        };
        self.status.push(status);
        let columns = [&mut self.pd_expected, &mut self.pd_now, &mut self.twelve_months, &mut self.lifetime, &mut self.ecl];
        columns.into_iter().zip(figures).for_each(|(column, figure)| column.push(figure));
        Ok(())
    }
}

/// The columns of a book.
struct Columns<'a> {
    numbers: [Option<&'a Column<'a>>; NUMBERS.len()],
    days: Option<&'a Column<'a>>,
    flags: [Option<&'a Column<'a>>; FLAGS.len()],
}

impl<'a> Columns<'a> {
    fn read(batch: &'a Batch<'a>) -> Result<Self> {
        let mut problems = Problems::default();
        let mut column = |name: &str, kind: Kind, needed: bool| match batch.column(name) {
            Ok(column) => {
                problems.require(
                    column.kind() == kind,
                    name,
                    &format!("a column of {}s was expected", kind.name()),
                    "convert it",
                );
                Some(column)
            }
            Err(missing) => {
                if needed {
                    missing.problems().iter().for_each(|problem| problems.push(problem.clone()));
                }
                None
            }
        };
        let numbers = NUMBERS.map(|name| column(name, Kind::Number, true));
        let days = column("days", Kind::Number, false);
        let flags = FLAGS.map(|name| column(name, Kind::Flag, false));
        problems.into_data()?;
        Ok(Columns { numbers, days, flags })
    }

    /// The exposure of a row; what is missing becomes a number that no exposure may have.
    fn exposure(&self, row: usize) -> Result<EclExposure> {
        let number = |column: Option<&Column<'_>>| column.map_or(f64::NAN, |column| column.value(row).as_number());
        let [pd, pd_origination, lgd, ead, eir, months] = self.numbers.map(number);
        let mut problems = Problems::default();
        let mut flags = [false; FLAGS.len()];
        for ((flag, column), name) in flags.iter_mut().zip(self.flags).zip(FLAGS) {
            let value = column.map_or(Some(false), |column| column.value(row).as_flag());
            problems.require(value.is_some(), name, "true or false was expected", "fill it in, or leave the exposure out");
            *flag = value.unwrap_or(false);
        }
        let [bullet, watched, impaired] = flags;
        let exposure = EclExposure {
            pd,
            pd_origination,
            lgd,
            ead,
            eir,
            months: whole_months(months).unwrap_or(0),
            bullet,
            days: self.days.map_or(0.0, |column| number(Some(column))),
            watched,
            impaired,
        };
        exposure.check(&mut problems);
        problems.into_data().map(|()| exposure)
    }
}
