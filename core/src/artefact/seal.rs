//! Canonical text, hash, and what an edit changed.

use serde_json::Value as Json;

use super::envelope::Artefact;
use crate::data::canonical_hash;
use crate::error::Result;

/// SHA-256, in hex, over the RFC 8785 canonical text of everything but the member `hash`.
pub(super) fn hash(json: &Json) -> Result<String> {
    let mut rest = json.clone();
    if let Some(members) = rest.as_object_mut() {
        members.remove("hash");
    }
    canonical_hash(&rest)
}

/// A known answer that an edit changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Index of the known answer.
    pub check: usize,
    /// What it was and what it is, by part of the decision.
    pub what: String,
}

/// The known answers that differ. When the bins changed, the records themselves differ: then the whole
/// set is one change.
pub(super) fn changes(before: &Artefact, after: &Artefact) -> Vec<Change> {
    let (old, new) = (before.checks(), after.checks());
    let records_differ = old.len() != new.len() || old.iter().zip(new).any(|(old, new)| old.record != new.record);
    if records_differ {
        let what = format!("the borders of the bins moved: {} known answers were replaced by {}", old.len(), new.len());
        return vec![Change { check: 0, what }];
    }
    old.iter()
        .zip(new)
        .enumerate()
        .filter(|(_, (old, new))| (&old.answer, &old.review) != (&new.answer, &new.review))
        .map(|(check, (old, new))| {
            let what = old.answer.difference(&new.answer);
            Change { check, what: if what.is_empty() { "the review of the account".to_owned() } else { what } }
        })
        .collect()
}
