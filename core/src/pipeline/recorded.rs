//! Decisions and reviews as entries of the decision record.

use std::collections::BTreeMap;

use serde::Serialize;

use super::scorer::Scorer;
use crate::data::{Date, Row, Value, canonical_hash};
use crate::decision::{Entry, RecordKind};
use crate::error::Result;
use crate::tier::Standing;

/// Who and when: what an entry says besides the decision itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion<'a> {
    /// The bank's own number of the application or the account.
    pub subject: &'a str,
    /// The clock: an RFC 3339 time, for example `2026-11-21T09:30:00Z`.
    pub at: &'a str,
    /// Hash of the artefact that the scorer comes from.
    pub artefact: &'a str,
}

/// What a decision rests on, with a canonical text.
#[derive(Serialize)]
struct Inputs<'a> {
    record: BTreeMap<&'a str, Cell<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Cell<'a> {
    Missing(()),
    Number(f64),
    Text(&'a str),
    Flag(bool),
    Day(Date),
}

impl Scorer {
    /// SHA-256, in hex, over the canonical text of the fields that the pipeline reads, of the day and, in a review, of the tier
    /// that the account has. Fields that nothing reads do not change it.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite.
    pub fn inputs_hash<R: Row + ?Sized>(&self, row: &R, as_of: Option<Date>, standing: Option<Standing>) -> Result<String> {
        let cell = |&field: &usize| {
            let declared = &self.schema().fields[field];
            let cell = match declared.check(row.value(field))? {
                Value::Missing => Cell::Missing(()),
                Value::Number(x) => Cell::Number(x),
                Value::Category(level) => Cell::Text(level),
                Value::Flag(flag) => Cell::Flag(flag),
                Value::Date(day) => Cell::Day(day),
            };
            Ok((declared.name.as_str(), cell))
        };
        let record = self.required.iter().map(cell).collect::<Result<_>>()?;
        canonical_hash(&Inputs { record, as_of, standing })
    }

    /// The decision on a record as an entry of the decision record. The same inputs give the same bytes again, so a decision
    /// can be replayed.
    ///
    /// ```no_run
    /// use scoreline::decision::Chain;
    /// use scoreline::pipeline::Occasion;
    /// use scoreline::{Artefact, Date};
    /// let artefact = Artefact::load("model.json")?;
    /// let scorer = artefact.scorer()?;
    /// let occasion = Occasion { subject: "A-17", at: "2026-11-21T09:30:00Z", artefact: artefact.hash() };
    /// let entry = scorer.decision_entry(&scorer.record(), Some(Date::parse("2026-11-21")?), &occasion)?;
    /// println!("{}", Chain::default().append(entry)?.to_line()?);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Scorer::decide`].
    pub fn decision_entry<R: Row + ?Sized>(&self, row: &R, as_of: Option<Date>, occasion: &Occasion<'_>) -> Result<Entry> {
        let answer = self.answer(&self.decide(row, as_of)?);
        let inputs = self.inputs_hash(row, as_of, None)?;
        Ok(occasion.entry(RecordKind::Decision {}, inputs, answer.canonical(), answer.reasons))
    }

    /// The review of an account as an entry of the decision record; its drivers are every rule that hit, then the reasons that
    /// no rule gives.
    ///
    /// # Errors
    /// Those of [`Scorer::review`].
    pub fn review_entry<R: Row + ?Sized>(
        &self,
        row: &R,
        standing: Option<Standing>,
        today: Date,
        occasion: &Occasion<'_>,
    ) -> Result<Entry> {
        let answer = self.review_answer(&self.review(row, standing, today)?);
        let inputs = self.inputs_hash(row, Some(today), standing)?;
        let mut drivers = answer.hits.clone();
        drivers.extend(answer.reasons.iter().filter(|reason| !answer.hits.contains(reason)).cloned());
        Ok(occasion.entry(RecordKind::Review {}, inputs, answer.canonical(), drivers))
    }
}

impl Occasion<'_> {
    fn entry(&self, kind: RecordKind, inputs: String, outcome: String, drivers: Vec<String>) -> Entry {
        Entry {
            kind,
            subject: self.subject.to_owned(),
            at: self.at.to_owned(),
            artefact: self.artefact.to_owned(),
            inputs,
            outcome,
            drivers,
        }
    }
}
