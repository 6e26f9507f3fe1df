//! The class `Scorer`.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Object};
use napi::{Env, Unknown, ValueType};
use napi_derive::napi;
use scoreline::limit::LineChange;
use scoreline::tier::Held;
use scoreline::{Artefact, Error, Problem};

use crate::accounts::BatchOptions;
use crate::answer::{self, Answers, Names, Reason};
use crate::argument::{self, Options};
use crate::background::{Background, Work};
use crate::columns::Columns;
use crate::decisions::Decide;
use crate::error::Fault;
use crate::events::{EventState, Sources};
use crate::field::Field;
use crate::guard::guard;
use crate::record::{Order, Record};
use crate::review::{Account, Review};
use crate::review_run::ReviewRun;
use crate::reviews::ReviewBatch;
use crate::scores::Score;
use crate::typed_row::{self, Cells, Levels};

/// A verified model: immutable, and never changed by a call.
#[napi]
pub struct Scorer {
    model: Arc<Model>,
    answers: Arc<Answers>,
    order: Order,
    /// Where the model has features over events.
    sources: Option<Rc<Sources>>,
    /// Memory of the last record. Taken while in use: reading a property can call the scorer again.
    record: Cell<Option<Box<Record>>>,
    /// Memory of the last typed row.
    cells: RefCell<Vec<f64>>,
    levels: RefCell<Levels>,
}

/// What is loaded, on any thread.
pub struct Model {
    pub(crate) scorer: scoreline::Scorer,
    pub(crate) hash: String,
}

impl Model {
    fn new(artefact: &Artefact) -> scoreline::Result<Self> {
        Ok(Model { scorer: artefact.scorer()?, hash: artefact.hash().to_owned() })
    }
}

impl Scorer {
    pub(crate) fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// Reads a record and gives it to `work`.
    pub(crate) fn with_record<T>(
        &self,
        env: Env,
        record: Unknown<'_>,
        work: impl FnOnce(&Record) -> scoreline::Result<T>,
    ) -> Result<T, Fault> {
        let mut memory = self.record.take().unwrap_or_default();
        let (scorer, record) = (&self.model.scorer, argument::plain_object(record, "record")?);
        memory.read(env, scorer.schema(), &self.order, record, scorer.required().iter().copied())?;
        let found = work(&memory)?;
        self.record.set(Some(memory));
        Ok(found)
    }

    fn sources(&self) -> Result<&Rc<Sources>, Fault> {
        self.sources.as_ref().ok_or_else(|| {
            let problem = Problem::new("the model has no features over events", "set the fields of its records yourself");
            Error::data(problem.field("scorer")).into()
        })
    }

    fn new(env: Env, model: Model) -> napi::Result<Self> {
        let answers = Arc::new(Answers::new(env, &model.scorer)?);
        Ok(Scorer {
            order: Order::new(env, model.scorer.schema())?,
            sources: model.scorer.windows().map(|plan| Sources::new(env, plan)).transpose()?.map(Rc::new),
            model: Arc::new(model),
            answers,
            record: Cell::default(),
            cells: RefCell::default(),
            levels: RefCell::default(),
        })
    }
}

pub struct Load(PathBuf);

impl Work for Load {
    type Output = Model;
    type Answer = Scorer;

    fn run(&mut self) -> scoreline::Result<Model> {
        Model::new(&Artefact::load(&self.0)?)
    }

    fn answer(&mut self, env: Env, model: Model) -> napi::Result<Scorer> {
        Scorer::new(env, model)
    }
}

#[napi]
impl Scorer {
    /// Reads and verifies a model file, off the event loop.
    #[napi(catch_unwind, ts_return_type = "Promise<Scorer>")]
    pub fn load(env: Env, #[napi(ts_arg_type = "string")] path: Unknown) -> napi::Result<AsyncTask<Background<Load>>> {
        guard(env, || Background::start(argument::read::<String>(path, "path", "a path as text").map(|path| Load(path.into()))))
    }

    /// Reads and verifies the text of a model file.
    #[napi(catch_unwind)]
    pub fn from_json(env: Env, #[napi(ts_arg_type = "string")] text: Unknown) -> napi::Result<Scorer> {
        guard(env, || {
            let text: String = argument::read(text, "text", "the text of a model file")?;
            Ok(Scorer::new(env, Model::new(&Artefact::from_json(&text)?)?)?)
        })
    }

    /// SHA-256 of the model, in hex.
    #[napi(getter, catch_unwind)]
    pub fn hash(&self, env: Env) -> napi::Result<String> {
        guard(env, || Ok(self.model.hash.clone()))
    }

    /// The input fields.
    #[napi(getter, catch_unwind)]
    pub fn fields(&self, env: Env) -> napi::Result<Vec<Field>> {
        guard(env, || {
            let required = |at: usize| self.model.scorer.required().contains(&at);
            let fields = self.model.scorer.schema().fields.iter().enumerate();
            Ok(fields.map(|(at, field)| Field::new(field, required(at))).collect())
        })
    }

    /// Names of the fields that outputs depend on. No other field changes any output.
    #[napi(getter, catch_unwind)]
    pub fn required(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || {
            let fields = &self.model.scorer.schema().fields;
            Ok(self.model.scorer.required().iter().map(|&field| fields[field].name.clone()).collect())
        })
    }

    /// Decimals of money.
    #[napi(getter, catch_unwind)]
    pub fn decimals(&self, env: Env) -> napi::Result<u32> {
        guard(env, || Ok(self.model.scorer.decimals()))
    }

    /// Every reason that a decision can give, by index.
    #[napi(getter, catch_unwind)]
    pub fn reasons(&self, env: Env) -> napi::Result<Vec<Reason>> {
        guard(env, || Ok(answer::reasons(&self.model.scorer)))
    }

    /// Names of the risk tiers by index, best first.
    #[napi(getter, catch_unwind)]
    pub fn tiers(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(Names::new(&self.model.scorer).tiers))
    }

    /// Names of the client classes by index, best first.
    #[napi(getter, catch_unwind)]
    pub fn classes(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(Names::new(&self.model.scorer).classes))
    }

    /// Names of the outcomes by index, mildest first.
    #[napi(getter, catch_unwind)]
    pub fn outcomes(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(Names::new(&self.model.scorer).outcomes))
    }

    /// Names of the limit candidates by index.
    #[napi(getter, catch_unwind)]
    pub fn limits(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(Names::new(&self.model.scorer).limits))
    }

    /// Names of what a rate can rest on, by index.
    #[napi(getter, catch_unwind)]
    pub fn rate_bounds(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(Names::new(&self.model.scorer).rate_bounds))
    }

    /// Decides one record.
    #[napi(catch_unwind, ts_args_type = "record: InputRecord, options?: DecideOptions", ts_return_type = "Decision")]
    pub fn decide<'a>(&self, env: &'a Env, record: Unknown, options: Unknown) -> napi::Result<Object<'a>> {
        guard(*env, || {
            let options = Options::read(options, &["asOf"])?;
            let decision = self.with_record(*env, record, |record| self.model.scorer.decide(record, options.as_of))?;
            Ok(self.answers.object(env, &decision)?)
        })
    }

    /// Why the tier of an account can differ from the indicated one, by index.
    #[napi(getter, catch_unwind)]
    pub fn held(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(Held::ALL.iter().map(|held| held.name().to_owned()).collect()))
    }

    /// What can become of the limit of an account, by index.
    #[napi(getter, catch_unwind)]
    pub fn limit_changes(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(LineChange::ALL.iter().map(|change| change.name().to_owned()).collect()))
    }

    /// What can decide about the limit of an account, by index.
    #[napi(getter, catch_unwind)]
    pub fn limit_bindings(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok((0..=u8::MAX).map_while(|code| self.model.scorer.limit_binding(code)).map(str::to_owned).collect()))
    }

    /// Codes of the rows of the action book by index; empty without one.
    #[napi(getter, catch_unwind)]
    pub fn actions(&self, env: Env) -> napi::Result<Vec<String>> {
        guard(env, || Ok(self.model.scorer.actions().iter().map(|row| row.code.clone()).collect()))
    }

    /// Reviews one account in the book: its record, and the tier that it has from the review before.
    #[napi(catch_unwind, ts_args_type = "record: InputRecord, options: ReviewOptions")]
    pub fn review(&self, env: Env, record: Unknown, options: Unknown) -> napi::Result<Review> {
        guard(env, || {
            let account = Account::read(options)?;
            let (standing, today) = (account.standing()?, account.today()?);
            let scorer = &self.model.scorer;
            let review = self.with_record(env, record, |record| scorer.review(record, standing, today))?;
            Ok(Review::new(scorer, &review))
        })
    }

    /// What is remembered of one entity's events: nothing yet, or what `toJson` of a state gave. A model without features
    /// over events, or a state of other features, is an error.
    #[napi(catch_unwind, ts_args_type = "json?: string")]
    pub fn events(&self, env: Env, json: Unknown) -> napi::Result<EventState> {
        guard(env, || {
            let json = argument::optional_text(json, "json", "the text of a state")?;
            EventState::new(self.sources()?, json.as_deref())
        })
    }

    /// The features of one entity from lists of events by source, in any order: values of the fields of the same names, to be
    /// spread into a record. What became known after `asOf`, `YYYY-MM-DD`, does not count. The row of a problem counts the
    /// events of all lists in their order.
    #[napi(catch_unwind, ts_args_type = "events: InputEvents, asOf: string", ts_return_type = "WindowValues")]
    pub fn windows_of<'a>(&self, env: &'a Env, events: Unknown, as_of: Unknown) -> napi::Result<Object<'a>> {
        guard(*env, || self.sources()?.of_lists(env, events, argument::day(as_of, "asOf")?))
    }

    /// The number that stands for a level in the arrays of `decideInto`; the same every time. The scorer keeps each level
    /// that it is asked for.
    #[napi(catch_unwind, ts_args_type = "level: string")]
    pub fn level(&self, env: Env, level: Unknown) -> napi::Result<f64> {
        guard(env, || {
            let level: String = argument::read(level, "level", "a level as text")?;
            Ok(self.levels.borrow_mut().number(&level) as f64)
        })
    }

    /// Decides one record without making objects. `cells` has one element for each of `fields`, in their order: a number,
    /// `level(text)` for a category, 0 or 1 for a flag, `parseDate(text)` for a date, NaN when missing. `out` has at least
    /// `Part.Length` elements and is filled as `Part` says. `asOf` is the day of the decision, `YYYY-MM-DD`.
    #[napi(catch_unwind, ts_args_type = "cells: Float64Array, out: Float64Array, asOf?: string")]
    pub fn decide_into(&self, env: Env, cells: Unknown, out: Unknown, as_of: Unknown) -> napi::Result<()> {
        guard(env, || {
            let scorer = &self.model.scorer;
            let cells = typed_row::float64(cells, "cells", scorer.schema().fields.len())?;
            let out = typed_row::float64(out, "out", typed_row::PARTS)?;
            let as_of = if as_of.get_type()? == ValueType::Undefined { None } else { Some(argument::day(as_of, "asOf")?) };
            let mut values = self.cells.borrow_mut();
            cells.read_float64(&mut values);
            let levels = self.levels.borrow();
            let row = Cells::new(scorer, &values, &levels)?;
            out.write_float64(&typed_row::parts(&scorer.decide(&row, as_of)?));
            Ok(())
        })
    }

    /// Decides a batch, off the event loop. The columns are copied by the call itself: they may change afterwards.
    #[napi(catch_unwind, ts_args_type = "columns: InputColumns, options?: BatchOptions", ts_return_type = "Promise<Decisions>")]
    pub fn decide_batch(&self, env: Env, columns: Unknown, options: Unknown) -> napi::Result<AsyncTask<Background<Decide>>> {
        guard(env, || {
            Background::start(Options::read(options, &["asOf", "threads"]).and_then(|options| {
                let columns = Columns::read(&self.model.scorer, columns)?;
                let (model, answers) = (Arc::clone(&self.model), Arc::clone(&self.answers));
                Ok(Decide { model, answers, columns, as_of: options.as_of, threads: options.threads })
            }))
        })
    }

    /// Reviews a batch of accounts, off the event loop, from the same columns.
    #[napi(
        catch_unwind,
        ts_args_type = "columns: InputColumns, options: ReviewBatchOptions",
        ts_return_type = "Promise<Reviews>"
    )]
    pub fn review_batch(&self, env: Env, columns: Unknown, options: Unknown) -> napi::Result<AsyncTask<Background<ReviewBatch>>> {
        guard(env, || {
            Background::start(BatchOptions::read(options).and_then(|options| {
                let (today, threads, standings) = (options.today()?, options.threads(), options.standings()?);
                let columns = Columns::read(&self.model.scorer, columns)?;
                Ok(ReviewBatch { model: Arc::clone(&self.model), columns, standings, today, threads })
            }))
        })
    }

    /// The ledger of a run over the book on the day `today`, `YYYY-MM-DD`: without a block yet, or what `toJson` of a ledger
    /// gave. One of another model or day is an error.
    #[napi(catch_unwind, ts_args_type = "today: string, json?: string")]
    pub fn review_run(&self, env: Env, today: Unknown, json: Unknown) -> napi::Result<ReviewRun> {
        guard(env, || {
            let today = argument::day(today, "today")?;
            ReviewRun::new(&self.model, today, argument::optional_text(json, "json", "the text of a ledger")?.as_deref())
        })
    }

    /// Scores a batch, off the event loop: score, PD and tier only, from the same columns.
    #[napi(catch_unwind, ts_args_type = "columns: InputColumns, options?: ScoreOptions", ts_return_type = "Promise<Scores>")]
    pub fn score_batch(&self, env: Env, columns: Unknown, options: Unknown) -> napi::Result<AsyncTask<Background<Score>>> {
        guard(env, || {
            Background::start(Options::read(options, &["threads"]).and_then(|options| {
                let columns = Columns::read(&self.model.scorer, columns)?;
                Ok(Score { model: Arc::clone(&self.model), columns, threads: options.threads })
            }))
        })
    }
}
