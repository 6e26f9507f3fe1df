//! The review of accounts in the book: one account, a table, a run of blocks.

use std::sync::Mutex;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::pipeline::{Accounts, Added, NO_DAY, Occasion, ReviewRun as CoreRun, ReviewTotals, Reviews as CoreReviews};
use scoreline::tier::{Breaker, RiskTier, Standing};
use scoreline::{Batch, Date, Error, Kind, Problem, Threads, Value};

use super::scorer::Scorer;
use super::table::Table;
use crate::data::{Input, Wanted, day, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting, text};

/// Names of the columns that say which tier an account has, and since when.
pub(super) struct Standings {
    tier: String,
    since: String,
}

impl Standings {
    /// Both or neither.
    pub(super) fn new(tier: Option<String>, since: Option<String>) -> Result<Option<Self>, Error> {
        match (tier, since) {
            (Some(tier), Some(since)) => Ok(Some(Standings { tier, since })),
            (None, None) => Ok(None),
            _ => {
                let what = "the column of the tier before and that of its first day belong together";
                Err(Error::config(Problem::new(what, "name both, or neither at the first run").field("previous")))
            }
        }
    }

    pub(super) fn add_to(&self, wanted: &Wanted) -> Wanted {
        wanted.with([(self.tier.clone(), Kind::Category), (self.since.clone(), Kind::Date)])
    }

    /// The letters and days of a batch.
    pub(super) fn read(&self, batch: &Batch<'_>) -> Result<(Vec<u8>, Vec<i32>), Error> {
        let (tiers, since) = (batch.column(&self.tier)?, batch.column(&self.since)?);
        let letter = |row: usize| Accounts::letter(if let Value::Category(text) = tiers.value(row) { Some(text) } else { None });
        let first = |row: usize| if let Value::Date(day) = since.value(row) { day.days() } else { NO_DAY };
        Ok(((0..batch.rows()).map(letter).collect(), (0..batch.rows()).map(first).collect()))
    }
}

/// The tier that an account has.
pub(super) fn standing(tier: Option<&str>, since: Option<&Bound<'_, PyAny>>) -> Result<Option<Standing>, Fault> {
    let since = day(since)?;
    let Some(tier) = tier else { return Ok(None) };
    let letter = <[char; 1]>::try_from(tier.chars().collect::<Vec<_>>().as_slice()).ok().map(|[letter]| letter);
    let tier = letter.and_then(RiskTier::from_letter).ok_or_else(|| {
        let remedy = "pass the tier of the review before, or None at the first one";
        Error::data(Problem::new("a tier letter from A to D was expected", remedy).field("previous_tier"))
    })?;
    let since = since.ok_or_else(|| {
        let remedy = "pass the day that the review before gave";
        Error::data(Problem::new("an account with a tier needs the day since which it has it", remedy).field("since"))
    })?;
    Ok(Some(Standing { tier, since }))
}

/// The reviews of a table of accounts.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Reviews {
    core: CoreReviews,
    scorer: Py<Scorer>,
}

impl Reviews {
    pub(super) fn new(parts: Vec<(usize, CoreReviews)>, scorer: Py<Scorer>) -> Self {
        let mut core = CoreReviews::default();
        parts.into_iter().for_each(|(_, part)| core.append(part));
        Reviews { core, scorer }
    }
}

#[pymethods]
impl Reviews {
    /// The reviews as a table, one row an account.
    #[getter]
    fn table(&self) -> Result<Table, Fault> {
        guard(|| Ok(Table::reviewed(self.scorer.get().core(), self.core.clone())?))
    }

    /// Control totals, as plain values.
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &ReviewTotals::of(&self.core, self.scorer.get().core())?))
    }

    /// SHA-256 over what a run writes of each row.
    #[getter]
    fn hash(&self, py: Python<'_>) -> Result<String, Fault> {
        guard(|| Ok(py.detach(|| self.core.hash())))
    }

    /// The canonical line of each review, `None` for a row that could not be reviewed.
    fn canonical(&self) -> Result<Vec<Option<String>>, Fault> {
        guard(|| {
            let scorer = self.scorer.get().core();
            let line = |row| Some(scorer.review_answer(&self.core.get(row)?.ok()?).canonical());
            Ok((0..self.core.rows()).map(line).collect())
        })
    }

    fn __len__(&self) -> Result<usize, Fault> {
        guard(|| Ok(self.core.rows()))
    }

    fn __repr__(&self) -> Result<String, Fault> {
        guard(|| {
            let totals = ReviewTotals::of(&self.core, self.scorer.get().core())?;
            let (rows, changed, refused) = (totals.rows, totals.changed(), totals.refused);
            Ok(format!("<scoreline.Reviews: {rows} accounts, {changed} changed tier, {refused} refused>"))
        })
    }
}

/// The ledger of a run over the book, block by block.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct ReviewRun {
    core: Mutex<CoreRun>,
}

impl ReviewRun {
    fn with<T>(&self, work: impl FnOnce(&mut CoreRun) -> Result<T, Error>) -> Result<T, Fault> {
        // A poisoned lock still holds a whole ledger: blocks are entered in one step.
        let mut core = self.core.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(work(&mut core)?)
    }
}

#[pymethods]
impl ReviewRun {
    /// A run of a scorer on a day.
    #[new]
    fn new(scorer: &Scorer, today: &Bound<'_, PyAny>) -> Result<Self, Fault> {
        guard(|| Ok(ReviewRun { core: Mutex::new(CoreRun::new(scorer.artefact_hash(), needed_day(today)?)) }))
    }

    /// Takes up a run from its JSON.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Fault> {
        guard(|| Ok(ReviewRun { core: Mutex::new(setting("run", text)?) }))
    }

    /// The ledger as JSON.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| self.with(|core| text(core)))
    }

    /// Enters the reviews of a block; `False` when the block was there and came to the same.
    fn add(&self, block: u64, reviews: &Reviews) -> Result<bool, Fault> {
        guard(|| {
            let scorer = reviews.scorer.get();
            self.with(|core| {
                if core.artefact() != scorer.artefact_hash() {
                    let what = "the reviews come from another model file than the run";
                    return Err(Error::incompatible(Problem::new(what, "use the file that the run began with").field("scorer")));
                }
                Ok(core.add(block, &reviews.core, scorer.core())? == Added::New)
            })
        })
    }

    /// The least number that no block has.
    #[getter]
    fn next_block(&self) -> Result<u64, Fault> {
        guard(|| self.with(|core| Ok(core.next_block())))
    }

    /// The totals of all blocks, as plain values.
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.with(|core| core.totals())?))
    }

    /// Closes the run.
    #[pyo3(signature = (*, max_downgraded = None, max_upgraded = None, forced_by = None))]
    fn close<'py>(
        &self,
        py: Python<'py>,
        max_downgraded: Option<f64>,
        max_upgraded: Option<f64>,
        forced_by: Option<&str>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let breaker = match (max_downgraded, max_upgraded) {
                (None, None) => None,
                (down, up) => Some(Breaker { max_downgraded: down.unwrap_or(1.0), max_upgraded: up }),
            };
            plain(py, &self.with(|core| core.close(breaker.as_ref(), forced_by))?)
        })
    }
}

/// A chain of decision records.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct DecisionChain {
    core: Mutex<scoreline::decision::Chain>,
}

impl DecisionChain {
    fn append(&self, entry: scoreline::decision::Entry) -> Result<String, Fault> {
        let mut core = self.core.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(core.append(entry)?.to_line()?)
    }
}

#[pymethods]
impl DecisionChain {
    /// The end of the chain that `lines` make, verified; of an empty one by default.
    #[new]
    #[pyo3(signature = (lines = Vec::new()))]
    fn new(lines: Vec<String>) -> Result<Self, Fault> {
        guard(|| Ok(DecisionChain { core: Mutex::new(scoreline::decision::verify(&lines)?) }))
    }

    /// Number of records and hash of the last one.
    #[getter]
    fn end(&self) -> Result<(u64, String), Fault> {
        guard(|| {
            let core = self.core.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Ok((core.records, core.last.clone()))
        })
    }

    /// Decides a record and returns its line.
    #[pyo3(signature = (scorer, record, *, subject, at, as_of = None))]
    fn decision(
        &self,
        scorer: &Scorer,
        record: &Bound<'_, PyAny>,
        subject: &str,
        at: &str,
        as_of: Option<&Bound<'_, PyAny>>,
    ) -> Result<String, Fault> {
        guard(|| {
            let as_of = day(as_of)?;
            let occasion = Occasion { subject, at, artefact: scorer.artefact_hash() };
            self.append(scorer.with_values(record, |values| Ok(scorer.core().decision_entry(values, as_of, &occasion)?))?)
        })
    }

    /// Reviews an account and returns its line.
    #[pyo3(signature = (scorer, record, today, *, subject, at, tier = None, since = None))]
    #[expect(clippy::too_many_arguments, reason = "named arguments of a Python call")]
    fn review(
        &self,
        scorer: &Scorer,
        record: &Bound<'_, PyAny>,
        today: &Bound<'_, PyAny>,
        subject: &str,
        at: &str,
        tier: Option<&str>,
        since: Option<&Bound<'_, PyAny>>,
    ) -> Result<String, Fault> {
        guard(|| {
            let (today, standing) = (needed_day(today)?, standing(tier, since)?);
            let occasion = Occasion { subject, at, artefact: scorer.artefact_hash() };
            let entry =
                scorer.with_values(record, |values| Ok(scorer.core().review_entry(values, standing, today, &occasion)?))?;
            self.append(entry)
        })
    }

    /// Adds an entry given as JSON.
    fn entry(&self, entry: &str) -> Result<String, Fault> {
        guard(|| self.append(setting("entry", entry)?))
    }
}

/// Reads a review of one account as plain values.
pub(super) fn review_one<'py>(
    scorer: &Scorer,
    record: &Bound<'py, PyAny>,
    standing: Option<Standing>,
    today: Date,
) -> Result<Bound<'py, PyAny>, Fault> {
    let answer = scorer.with_values(record, |values| {
        let review = scorer.core().review(values, standing, today)?;
        Ok(scorer.core().review_answer(&review))
    })?;
    let plain = plain(record.py(), &answer)?;
    plain.cast::<PyDict>().map_err(|_| Error::internal("an answer is no dict"))?.set_item("canonical", answer.canonical())?;
    Ok(plain)
}

/// Reviews every account of a table.
pub(super) fn review_table(
    slf: &Bound<'_, Scorer>,
    table: &Bound<'_, PyAny>,
    standings: Option<Standings>,
    today: Date,
    threads: usize,
) -> Result<Reviews, Fault> {
    let scorer = slf.get();
    let wanted = standings.as_ref().map_or_else(|| scorer.wanted().with([]), |standings| standings.add_to(scorer.wanted()));
    let input = Input::read(table, &wanted)?;
    let parts = slf.py().detach(|| {
        let review = |(before, batch): (usize, Batch<'_>)| {
            let known = standings.as_ref().map(|standings| standings.read(&batch)).transpose()?;
            let accounts = known.as_ref().map(|(tiers, since)| Accounts { tiers, since });
            let reviews = scorer.core().review_batch(&batch, accounts, today, Threads::from_count(threads));
            Ok((before, reviews.map_err(|error| input.advise(error, &wanted).after_rows(before))?))
        };
        input.batches(&wanted)?.into_iter().map(review).collect::<Result<Vec<_>, Error>>()
    })?;
    Ok(Reviews::new(parts, slf.clone().unbind()))
}
