//! The decision record: the class `DecisionChain`.

use std::cell::RefCell;

use napi::bindgen_prelude::{ClassInstance, FromNapiValue, JsObjectValue, Object};
use napi::{Env, JsValue, Unknown, ValueType};
use napi_derive::napi;
use scoreline::decision::{Chain, Entry, verify};
use scoreline::pipeline::Occasion;
use scoreline::{Error, Problem};

use crate::argument::{self, Options};
use crate::error::Fault;
use crate::guard::guard;
use crate::js;
use crate::plain;
use crate::review::Account;
use crate::scorer::Scorer;

/// The end of a chain of decision records.
#[napi(object, object_from_js = false)]
pub struct ChainEnd {
    /// Number of records.
    pub records: f64,
    /// Hash of the last record; kept elsewhere, it also proves that none was cut off.
    pub last: String,
}

/// A chain of decision records: each line names the one before by its hash, so that nothing can be changed unseen. The chain
/// itself keeps no lines; write each as it comes.
#[napi]
pub struct DecisionChain {
    core: RefCell<Chain>,
}

/// Who and when.
#[derive(Default)]
struct Said {
    subject: Option<String>,
    at: Option<String>,
}

impl Said {
    fn set(&mut self, name: &str, value: Unknown<'_>) -> Result<(), Fault> {
        let text = Some(argument::read(value, name, "a text")?);
        if name == "subject" {
            self.subject = text
        } else {
            self.at = text
        }
        Ok(())
    }

    fn occasion<'a>(&'a self, scorer: &'a Scorer) -> Result<Occasion<'a>, Fault> {
        Ok(Occasion {
            subject: argument::needed(self.subject.as_deref(), "subject", "the number of the application or account as text")?,
            at: argument::needed(self.at.as_deref(), "at", "an RFC 3339 time as text")?,
            artefact: &scorer.model().hash,
        })
    }
}

fn scorer(value: Unknown<'_>) -> Result<ClassInstance<'_, Scorer>, Fault> {
    argument::read(value, "scorer", "a Scorer")
}

impl DecisionChain {
    fn append(&self, entry: Entry) -> Result<String, Fault> {
        Ok(self.core.borrow_mut().append(entry)?.to_line()?)
    }
}

#[napi]
impl DecisionChain {
    /// The end of the chain that `lines` make, verified from its beginning; of an empty one without them. It is an error, with
    /// the row of the first that is not what was written, when a line was changed, left out or put in.
    #[napi(constructor, catch_unwind, ts_args_type = "lines?: readonly string[]")]
    pub fn new(env: Env, lines: Unknown) -> napi::Result<Self> {
        guard(env, || {
            let mut read: Vec<String> = Vec::new();
            if lines.get_type()? != ValueType::Undefined {
                if !lines.is_array()? {
                    let problem = Problem::new("an array of lines was expected", "pass the lines in an array").field("lines");
                    return Err(Error::data(problem).into());
                }
                let lines = Object::from_unknown(lines)?;
                js::each_element(&lines, lines.get_array_length_unchecked()?, |row, line| {
                    read.push(argument::read(line, "lines", "a line as text").map_err(|fault| fault.at_row(row))?);
                    Ok(())
                })?;
            }
            Ok(DecisionChain { core: RefCell::new(verify(&read)?) })
        })
    }

    /// Number of records and hash of the last one.
    #[napi(getter, catch_unwind)]
    pub fn end(&self, env: Env) -> napi::Result<ChainEnd> {
        guard(env, || {
            let core = self.core.borrow();
            Ok(ChainEnd { records: core.records as f64, last: core.last.clone() })
        })
    }

    /// Decides one record and returns its line.
    #[napi(catch_unwind, ts_args_type = "scorer: Scorer, record: InputRecord, options: ChainDecisionOptions")]
    pub fn decision(&self, env: Env, scorer: Unknown, record: Unknown, options: Unknown) -> napi::Result<String> {
        guard(env, || {
            let scorer = self::scorer(scorer)?;
            let (mut said, mut others) = (Said::default(), Options::default());
            argument::each_option(options, &["subject", "at", "asOf"], |name, value| match name {
                "asOf" => others.set(name, value),
                _ => said.set(name, value),
            })?;
            let occasion = said.occasion(&scorer)?;
            let core = &scorer.model().scorer;
            let entry = scorer.with_record(env, record, |record| core.decision_entry(record, others.as_of, &occasion))?;
            self.append(entry)
        })
    }

    /// Reviews one account and returns its line.
    #[napi(catch_unwind, ts_args_type = "scorer: Scorer, record: InputRecord, options: ChainReviewOptions")]
    pub fn review(&self, env: Env, scorer: Unknown, record: Unknown, options: Unknown) -> napi::Result<String> {
        guard(env, || {
            let scorer = self::scorer(scorer)?;
            let (mut said, mut account) = (Said::default(), Account::default());
            argument::each_option(options, &["subject", "at", "today", "tier", "since"], |name, value| match name {
                "subject" | "at" => said.set(name, value),
                _ => account.set(name, value),
            })?;
            let (occasion, standing, today) = (said.occasion(&scorer)?, account.standing()?, account.today()?);
            let core = &scorer.model().scorer;
            let entry = scorer.with_record(env, record, |record| core.review_entry(record, standing, today, &occasion))?;
            self.append(entry)
        })
    }

    /// Adds an entry given as JSON, such as an override, and returns its line.
    #[napi(catch_unwind, ts_args_type = "entry: string")]
    pub fn entry(&self, env: Env, entry: Unknown) -> napi::Result<String> {
        guard(env, || {
            let entry: String = argument::read(entry, "entry", "an entry as JSON")?;
            self.append(plain::parse("entry", &entry)?)
        })
    }
}
