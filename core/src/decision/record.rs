//! The decision record: what was decided, on what, when, and in which order, so that nothing can be changed unseen.

use serde::{Deserialize, Serialize};

use crate::data::canonical_hash;
use crate::error::{Error, Problem, Problems, Result};

/// What stands in `previous` of the first record of a chain.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a record is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RecordKind {
    /// A decision on an application.
    Decision {},
    /// The review of an account in the book.
    Review {},
    /// A person decided otherwise.
    Override {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
}

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is about.
    pub kind: RecordKind,
    /// The bank's own number of the application or the account; no personal data.
    pub subject: String,
    /// The clock: an RFC 3339 time, for example `2026-11-21T09:30:00Z`.
    pub at: String,
    /// Hash of the artefact that decided.
    pub artefact: String,
    /// Hash of the inputs, as [`Scorer::inputs_hash`](crate::Scorer::inputs_hash) gives it.
    pub inputs: String,
    /// The canonical line of the answer.
    pub outcome: String,
    /// What drove it: reason codes, codes of the rules that hit.
    pub drivers: Vec<String>,
}

/// One record of a chain. Its bytes are its RFC 8785 canonical text, which is how a file holds it, one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRecord {
    /// Place in the chain, from 0.
    pub number: u64,
    /// Hash of the record before; 64 zeros for the first.
    pub previous: String,
    /// What is recorded.
    pub entry: Entry,
    /// SHA-256, in hex, over the canonical text of everything else.
    pub hash: String,
}

#[derive(Serialize)]
struct Sealed<'a> {
    number: u64,
    previous: &'a str,
    entry: &'a Entry,
}

impl DecisionRecord {
    fn seal(number: u64, previous: &str, entry: &Entry) -> Result<String> {
        canonical_hash(&Sealed { number, previous, entry })
    }

    /// The canonical text, without the end of the line.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) only.
    pub fn to_line(&self) -> Result<String> {
        serde_json_canonicalizer::to_string(self).map_err(|_| Error::internal("a record has no canonical text"))
    }
}

/// The end of a chain, to which records are added. It can be kept, and taken up again with [`verify`].
///
/// ```
/// use scoreline::decision::{Chain, Entry, RecordKind, verify};
/// let entry = Entry {
///     kind: RecordKind::Decision {}, subject: "A-17".into(), at: "2026-11-21T09:30:00Z".into(),
///     artefact: "a".repeat(64), inputs: "b".repeat(64), outcome: "601|…".into(), drivers: vec!["R1".into()],
/// };
/// let mut chain = Chain::default();
/// let lines = [chain.append(entry.clone())?.to_line()?, chain.append(entry)?.to_line()?];
/// assert_eq!(verify(&lines)?, chain);
///
/// let altered = [lines[0].replace("A-17", "A-18"), lines[1].clone()];
/// assert_eq!(verify(&altered).unwrap_err().problems()[0].row, Some(0));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Number of records.
    pub records: u64,
    /// Hash of the last record; kept elsewhere, it also proves that none was cut off.
    pub last: String,
}

impl Default for Chain {
    fn default() -> Self {
        Chain { records: 0, last: GENESIS.to_owned() }
    }
}

impl Chain {
    /// Adds a record.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every part of the entry that is not as declared; the chain is then
    /// as it was.
    pub fn append(&mut self, entry: Entry) -> Result<DecisionRecord> {
        entry.check()?;
        let hash = DecisionRecord::seal(self.records, &self.last, &entry)?;
        let record = DecisionRecord { number: self.records, previous: self.last.clone(), entry, hash };
        (self.records, self.last) = (self.records + 1, record.hash.clone());
        Ok(record)
    }
}

impl Entry {
    fn check(&self) -> Result<()> {
        let mut problems = Problems::default();
        let hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        for (field, text) in [("artefact", &self.artefact), ("inputs", &self.inputs)] {
            problems.require(hash(text), field, "a SHA-256 in lower-case hex was expected", "pass the hash as it was given");
        }
        problems.require(!self.subject.trim().is_empty(), "subject", "a record needs a subject", "pass the number of the case");
        let clock = self.at.parse::<jiff::Timestamp>().is_ok();
        problems.require(clock, "at", "an RFC 3339 time was expected", "write it as 2026-11-21T09:30:00Z");
        problems.require(!self.outcome.is_empty(), "outcome", "an outcome is needed", "pass the canonical line of the answer");
        if let RecordKind::Override { by, reason } = &self.kind {
            let named = !by.trim().is_empty() && !reason.trim().is_empty();
            problems.require(named, "kind", "an override needs a name and a reason", "say who decides otherwise, and why");
        }
        problems.into_result().map_err(|error| Error::new(crate::ErrorCode::InvalidData, error.problems().to_vec()))
    }
}

/// Verifies the lines of a chain from its beginning and returns its end.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) naming the first record (from 0) that is not what was written.
pub fn verify<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Result<Chain> {
    let mut chain = Chain::default();
    for (row, line) in lines.into_iter().enumerate() {
        let line = line.as_ref();
        let broken = |what: &str| {
            let remedy = "compare it with a copy: from here on the chain proves nothing";
            Err(Error::data(Problem::new(format!("the record {what}"), remedy).field("record").row(row)))
        };
        let Ok(record) = serde_json::from_str::<DecisionRecord>(line) else { return broken("cannot be read") };
        if record.number != chain.records || record.previous != chain.last {
            return broken("does not follow the one before");
        }
        if record.hash != DecisionRecord::seal(record.number, &record.previous, &record.entry)? || record.to_line()? != line {
            return broken("was altered");
        }
        (chain.records, chain.last) = (chain.records + 1, record.hash);
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(i: usize) -> Entry {
        let kinds = [
            RecordKind::Decision {},
            RecordKind::Review {},
            RecordKind::Override { by: "J. Doe".into(), reason: "known client".into() },
        ];
        Entry {
            kind: kinds[i % 3].clone(),
            subject: format!("A-{i}"),
            at: "2026-11-21T09:30:00Z".into(),
            artefact: "a".repeat(64),
            inputs: "b".repeat(64),
            outcome: format!("{i}|x"),
            drivers: vec!["R1".into(), "Ä".into()],
        }
    }

    fn lines(count: usize) -> (Chain, Vec<String>) {
        let mut chain = Chain::default();
        let lines = (0..count).map(|i| chain.append(entry(i)).unwrap().to_line().unwrap()).collect();
        (chain, lines)
    }

    fn first_broken(lines: &[String]) -> Option<u64> {
        verify(lines).err().and_then(|error| error.problems()[0].row)
    }

    /// Every byte of every record, with one bit changed.
    #[test]
    fn any_changed_byte_is_found_at_its_record() {
        let (_, lines) = lines(4);
        for record in 0..lines.len() {
            for byte in 0..lines[record].len() {
                for bit in 0..8 {
                    let mut bytes = lines[record].clone().into_bytes();
                    bytes[byte] ^= 1 << bit;
                    let mut altered = lines.clone();
                    match String::from_utf8(bytes) {
                        Ok(text) => altered[record] = text,
                        Err(_) => continue,
                    }
                    assert_eq!(first_broken(&altered), Some(record as u64), "byte {byte} bit {bit}");
                }
            }
        }
    }

    #[test]
    fn records_cannot_be_removed_inserted_or_moved() {
        let (chain, good) = lines(5);
        assert_eq!(verify(&good).unwrap(), chain);
        let mut removed = good.clone();
        removed.remove(2);
        assert_eq!(first_broken(&removed), Some(2));
        let mut moved = good.clone();
        moved.swap(1, 2);
        assert_eq!(first_broken(&moved), Some(1));
        let mut doubled = good.clone();
        doubled.insert(3, good[2].clone());
        assert_eq!(first_broken(&doubled), Some(3));
        let cut = verify(&good[..3]).unwrap();
        assert_ne!(cut.last, chain.last, "a cut end shows beside the hash kept elsewhere");
    }

    #[test]
    fn a_chain_is_taken_up_again_and_gives_the_same_bytes() {
        let (_, all) = lines(6);
        let mut resumed = verify(&all[..4]).unwrap();
        let more: Vec<String> = (4..6).map(|i| resumed.append(entry(i)).unwrap().to_line().unwrap()).collect();
        assert_eq!(more, all[4..]);
    }

    #[test]
    fn every_problem_of_an_entry_is_listed_and_nothing_is_added() {
        let mut chain = Chain::default();
        let bad = Entry {
            kind: RecordKind::Override { by: " ".into(), reason: "r".into() },
            subject: String::new(),
            at: "yesterday".into(),
            artefact: "A".repeat(64),
            inputs: "b".into(),
            outcome: String::new(),
            drivers: vec![],
        };
        assert_eq!(chain.append(bad).unwrap_err().problems().len(), 6);
        assert_eq!(chain, Chain::default());
    }
}
