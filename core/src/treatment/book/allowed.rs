//! The parts of an axis that a row allows, as files write them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A part of an axis.
///
/// In a file a tier or a level is its name, a flag `true` or `false`, a range of numbers an [`Interval`]; `"missing"` and
/// `"other"` are reserved words.
///
/// ```
/// use scoreline::treatment::{Allowed, Interval};
/// let parts: Vec<Allowed> = serde_json::from_str(r#"["A", true, "missing", "other", {"from": 0.7, "below": 0.9}]"#)?;
/// assert_eq!(parts[2], Allowed::Missing);
/// assert_eq!(parts[4], Allowed::Numbers(Interval { from: Some(0.7), below: Some(0.9), ..Interval::default() }));
/// assert_eq!(parts[4].to_string(), "from 0.7 below 0.9");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub enum Allowed {
    /// One tier, by its letter, or one level of a category.
    Level(String),
    /// Every level that the axis does not list.
    Other,
    /// Nothing is known.
    Missing,
    /// A condition that is true, or false.
    Flag(bool),
    /// Numbers between bounds.
    Numbers(Interval),
}

/// Numbers between bounds; without any bound every number. At most one lower and one upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The least number (≥).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Numbers greater than this (>).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// The greatest number (≤).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Numbers less than this (<).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
}

/// What stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a level, a tier, true, false, \"missing\", \"other\", or an interval with from, above, to or below was expected"
)]
enum Form {
    Flag(bool),
    Word(String),
    Numbers(Interval),
}

impl From<Form> for Allowed {
    fn from(form: Form) -> Self {
        match form {
            Form::Flag(flag) => Allowed::Flag(flag),
            Form::Word(word) if word == "missing" => Allowed::Missing,
            Form::Word(word) if word == "other" => Allowed::Other,
            Form::Word(word) => Allowed::Level(word),
            Form::Numbers(interval) => Allowed::Numbers(interval),
        }
    }
}

impl From<Allowed> for Form {
    fn from(allowed: Allowed) -> Self {
        match allowed {
            Allowed::Flag(flag) => Form::Flag(flag),
            Allowed::Missing => Form::Word("missing".to_owned()),
            Allowed::Other => Form::Word("other".to_owned()),
            Allowed::Level(word) => Form::Word(word),
            Allowed::Numbers(interval) => Form::Numbers(interval),
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Allowed::Level(word) => f.write_str(word),
            Allowed::Other => f.write_str("other"),
            Allowed::Missing => f.write_str("missing"),
            Allowed::Flag(flag) => write!(f, "{flag}"),
            Allowed::Numbers(interval) => write!(f, "{interval}"),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from == to
        {
            return write!(f, "{from}");
        }
        let bounds = [("from", self.from), ("above", self.above), ("to", self.to), ("below", self.below)];
        let mut written = false;
        for (word, bound) in bounds {
            if let Some(bound) = bound {
                write!(f, "{}{word} {bound}", if written { " " } else { "" })?;
                written = true;
            }
        }
        if written { Ok(()) } else { f.write_str("any number") }
    }
}
