//! Samples of early warning signals, as data, to begin with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::policy::WarningPolicy;
use crate::data::{Field, Schema, nearest};
use crate::error::{Error, Problem, Result};

/// The samples by name.
const PACKS: [(&str, &str); 2] =
    [("corporate", include_str!("packs/corporate.json")), ("retail", include_str!("packs/retail.json"))];

/// A sample of signals: what they read, how they add up, where each comes from, and records that show what it does. Points,
/// levels and limits are illustrations, to be fitted to a book.
///
/// ```
/// use scoreline::Value;
/// use scoreline::features::FeaturePlan;
/// use scoreline::treatment::warning::{SignalPack, WarningRules};
/// let pack = SignalPack::load("corporate")?;
/// let rules = WarningRules::new(&FeaturePlan::new(&pack.schema(), &[])?, &pack.policy, &[])?;
/// let late: Vec<Value> = pack.fields.iter().map(|field| match field.name.as_str() {
///     "days_past_due" => Value::Number(35.0),
///     _ => Value::Missing,
/// }).collect();
/// let found = rules.evaluate(&late)?;
/// assert_eq!(pack.policy.response(found.level).map(|response| response.code.as_str()), Some("visit"));
/// assert_eq!(pack.sources["C01"][0].clause, "section 8.5, paragraph 274: a facility 30 days past due");
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalPack {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The fields that the signals read, each with what it means.
    pub fields: Vec<Field>,
    /// The signals, the levels and what a level leads to.
    pub policy: WarningPolicy,
    /// Where each signal comes from, by its code.
    pub sources: BTreeMap<String, Vec<SignalSource>>,
    /// Records for each signal, in the order of the policy.
    pub cases: Vec<SignalCase>,
}

/// A text that a signal comes from. The signal is in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalSource {
    /// The text.
    pub text: String,
    /// Where in it, and what it looks at.
    pub clause: String,
}

/// Records that show what a signal does: numbers and flags by field; what a record leaves out is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalCase {
    /// Code of the signal.
    pub code: String,
    /// A record for which it hits.
    pub hit: BTreeMap<String, serde_json::Value>,
    /// A record for which it does not.
    pub no_hit: BTreeMap<String, serde_json::Value>,
    /// A record of which too little is known to say.
    pub missing: BTreeMap<String, serde_json::Value>,
}

impl SignalPack {
    /// The names of the samples: `corporate` for companies, `retail` for people with a current account, a card and instalments.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        PACKS.iter().map(|(name, _)| *name).collect()
    }

    /// The sample of this name.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when there is none.
    pub fn load(name: &str) -> Result<Self> {
        let Some((_, text)) = PACKS.iter().find(|(known, _)| *known == name) else {
            let what = "there is no sample of this name";
            return Err(Error::config(Problem::new(what, nearest(name, &SignalPack::names())).field("pack")));
        };
        serde_json::from_str(text).map_err(|_| Error::internal("a sample of signals cannot be read"))
    }

    /// The fields as a schema.
    #[must_use]
    pub fn schema(&self) -> Schema {
        Schema { fields: self.fields.clone() }
    }
}
