//! Matches with lists: of known frauds, of sanctioned names, of burnt phone numbers.

use serde::{Deserialize, Serialize};

use crate::error::{Problem, Problems, Result};

/// One value on a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListEntry {
    /// The value, as it was written.
    pub value: String,
    /// Code of the list that it stands on.
    pub code: String,
}

/// What makes two values the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListForm {
    /// Every byte.
    Exact,
    /// Letters and digits, in lower case as Unicode has it, without leading zeros: spaces and punctuation do not count.
    #[default]
    Normalised,
}

impl ListForm {
    /// The form in which values are compared; `None` when nothing is left of the value.
    ///
    /// ```
    /// use scoreline::features::fraud::ListForm;
    /// let form = ListForm::Normalised;
    /// assert_eq!(form.of("0049 (170) 12-34"), form.of("49170/1234"));
    /// assert_eq!(form.of(" Müller & Söhne GmbH"), form.of("MÜLLER&SÖHNE GMBH"));
    /// assert_eq!(form.of("-- 000 --"), None);
    /// ```
    #[must_use]
    pub fn of(self, value: &str) -> Option<String> {
        let form = match self {
            ListForm::Exact => value.to_owned(),
            ListForm::Normalised => {
                let letters: String = value.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect();
                letters.trim_start_matches('0').to_owned()
            }
        };
        (!form.is_empty()).then_some(form)
    }
}

/// Whether a value stands on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListMatch<'a> {
    /// It does: the first of its lists in the order of bytes.
    Hit {
        /// Code of the list.
        code: &'a str,
    },
    /// It does not.
    NoHit,
    /// The value is missing, or nothing is left of it.
    Missing,
}

impl ListMatch<'_> {
    /// Whether there is a hit; `None` when the value is missing.
    #[must_use]
    pub fn flag(self) -> Option<bool> {
        match self {
            ListMatch::Hit { .. } => Some(true),
            ListMatch::NoHit => Some(false),
            ListMatch::Missing => None,
        }
    }
}

/// Lists ready for looking values up.
///
/// ```
/// use scoreline::features::fraud::{ListEntry, ListForm, ListMatch, MatchList};
/// let entry = |value: &str, code: &str| ListEntry { value: value.into(), code: code.into() };
/// let list = MatchList::new(ListForm::Normalised, &[entry("+49 170 1234", "fraud-2025"), entry("030/555", "callbox")])?;
/// assert_eq!(list.find(Some("49-1701234")), ListMatch::Hit { code: "fraud-2025" });
/// assert_eq!(list.find(Some("49 170 123")).flag(), Some(false));
/// assert_eq!(list.find(None).flag(), None);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchList {
    form: ListForm,
    /// The forms of the values, sorted, each with its codes after one another.
    entries: Vec<ListEntry>,
}

impl MatchList {
    /// Lists of these entries; repeated ones count once.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with the row of each entry that has no code or of which nothing is
    /// left to compare.
    pub fn new(form: ListForm, entries: &[ListEntry]) -> Result<Self> {
        let mut problems = Problems::default();
        let mut sorted = Vec::with_capacity(entries.len());
        for (row, entry) in entries.iter().enumerate() {
            if entry.code.trim().is_empty() {
                problems.push(Problem::new("an entry needs the code of its list", "name the list").field("code").row(row));
            }
            match form.of(&entry.value) {
                Some(value) => sorted.push(ListEntry { value, code: entry.code.clone() }),
                None => {
                    let problem = Problem::new("nothing of the entry is left to compare", "leave it out, or compare exactly");
                    problems.push(problem.field("value").row(row));
                }
            }
        }
        problems.into_result()?;
        sorted.sort_unstable();
        sorted.dedup();
        Ok(MatchList { form, entries: sorted })
    }

    /// Whether a value stands on a list.
    #[must_use]
    pub fn find(&self, value: Option<&str>) -> ListMatch<'_> {
        let Some(form) = value.and_then(|value| self.form.of(value)) else { return ListMatch::Missing };
        let place = self.entries.partition_point(|entry| entry.value < form);
        match self.entries.get(place) {
            Some(entry) if entry.value == form => ListMatch::Hit { code: &entry.code },
            _ => ListMatch::NoHit,
        }
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
