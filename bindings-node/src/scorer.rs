//! The class `Scorer`.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::*;
use napi::{Env, Unknown};
use napi_derive::napi;
use scoreline::Artefact;

use crate::answer::{self, Answers, Names, Reason};
use crate::argument::{self, Options};
use crate::background::{Background, Work};
use crate::field::Field;
use crate::guard::guard;
use crate::record::{Order, Record};

/// A verified model: immutable, and never changed by a call.
#[napi]
pub struct Scorer {
    model: Arc<Model>,
    answers: Arc<Answers>,
    order: Order,
    /// Memory of the last record. Taken while in use: reading a property can call the scorer again.
    record: Cell<Option<Box<Record>>>,
}

/// What is loaded, on any thread.
pub struct Model {
    pub(crate) scorer: scoreline::Scorer,
    hash: String,
}

impl Model {
    fn new(artefact: &Artefact) -> scoreline::Result<Self> {
        Ok(Model { scorer: artefact.scorer()?, hash: artefact.hash().to_owned() })
    }
}

impl Scorer {
    fn new(env: Env, model: Model) -> napi::Result<Self> {
        let answers = Arc::new(Answers::new(env, &model.scorer)?);
        Ok(Scorer { order: Order::new(env, &model.scorer)?, model: Arc::new(model), answers, record: Cell::default() })
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
            let mut memory = self.record.take().unwrap_or_default();
            memory.read(*env, &self.model.scorer, &self.order, record)?;
            let decision = self.model.scorer.decide(&*memory, options.as_of)?;
            self.record.set(Some(memory));
            Ok(self.answers.object(env, &decision)?)
        })
    }
}
