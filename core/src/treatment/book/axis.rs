//! The axes of a book: what a state consists of.

use serde::{Deserialize, Serialize};

use crate::data::Kind;

/// One thing that a state is told apart by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Name, unique within the book; rows refer to it.
    pub name: String,
    /// What is looked at, and which values it may have.
    pub of: AxisOf,
}

/// What an axis looks at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum AxisOf {
    /// The risk tier, A to D; it is never missing. At most one axis of a book.
    // A struct variant: serde lets unknown fields pass in tagged unit variants.
    Tier {},
    /// A condition: true, false or missing.
    Flag {
        /// Expression of kind flag.
        when: String,
    },
    /// A category: one of the levels, `other` for every other level, or missing.
    Category {
        /// Expression of kind category.
        value: String,
        /// The levels that rows tell apart, each once; neither `other` nor `missing`.
        levels: Vec<String>,
    },
    /// Any finite number, or missing.
    Number {
        /// Expression of kind number.
        value: String,
        /// Whether only whole numbers occur, as with days or counts; any other number then counts as missing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        whole: bool,
    },
}

impl AxisOf {
    /// The expression that gives the value; none for the tier.
    #[must_use]
    pub fn expression(&self) -> Option<&str> {
        match self {
            AxisOf::Tier {} => None,
            AxisOf::Flag { when: text } | AxisOf::Category { value: text, .. } | AxisOf::Number { value: text, .. } => Some(text),
        }
    }

    /// The kind that the expression must have; none for the tier.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        match self {
            AxisOf::Tier {} => None,
            AxisOf::Flag { .. } => Some(Kind::Flag),
            AxisOf::Category { .. } => Some(Kind::Category),
            AxisOf::Number { .. } => Some(Kind::Number),
        }
    }
}
