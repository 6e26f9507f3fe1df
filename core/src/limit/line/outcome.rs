//! What is known of the limit of an account, and what becomes of it.

use serde::{Deserialize, Serialize};

/// What is known of the limit of an account; NaN when missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The limit.
    pub limit: f64,
    /// What is drawn.
    pub balance: f64,
    /// The utilisation that an increase asks for.
    pub utilisation: f64,
    /// Days since the limit last changed; NaN where it never did.
    pub days_since_change: f64,
    /// What forbids an increase; `None` where it cannot be told.
    pub unless: Option<bool>,
}

impl Line {
    /// Of the amounts in the order of [`LinePolicy::amounts`](super::LinePolicy::amounts).
    pub(crate) fn of(amount: impl Fn(usize) -> f64, unless: Option<bool>) -> Self {
        Line { limit: amount(0), balance: amount(1), utilisation: amount(2), days_since_change: amount(3), unless }
    }
}

/// What becomes of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It stays.
    Keep,
    /// It rises.
    Increase,
    /// It falls.
    Decrease,
    /// The limit or the balance is missing or not usable, so it stays and a person must look.
    Unknown,
}

impl LineChange {
    /// Every change, in the order of its index.
    pub const ALL: [LineChange; 4] = [LineChange::Keep, LineChange::Increase, LineChange::Decrease, LineChange::Unknown];

    /// Its index in [`LineChange::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            LineChange::Keep => "keep",
            LineChange::Increase => "increase",
            LineChange::Decrease => "decrease",
            LineChange::Unknown => "unknown",
        }
    }
}

/// What decided the new limit, or kept it from changing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineBinding {
    /// The tier asks for no change.
    Tier,
    /// The line is not used enough.
    Utilisation,
    /// The condition that forbids an increase holds or cannot be told.
    Condition,
    /// A strong rule declines or asks for a person.
    Rules,
    /// The last change is too recent.
    Cooldown,
    /// The largest share of one change.
    Share,
    /// What is drawn.
    Balance,
    /// The floor below which no limit falls.
    Floor,
    /// An input is missing or not usable.
    Missing,
    /// A candidate of the limit policy, by its index.
    Candidate(u8),
}

impl LineBinding {
    /// Names of the bindings that are not candidates, in the order of their codes.
    pub const NAMES: [&str; 9] =
        ["tier", "utilisation", "condition", "rules", "cooldown", "share", "balance", "floor", "missing"];

    /// Its number: 0 to 8 as in [`LineBinding::NAMES`], then the candidates.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            LineBinding::Tier => 0,
            LineBinding::Utilisation => 1,
            LineBinding::Condition => 2,
            LineBinding::Rules => 3,
            LineBinding::Cooldown => 4,
            LineBinding::Share => 5,
            LineBinding::Balance => 6,
            LineBinding::Floor => 7,
            LineBinding::Missing => 8,
            LineBinding::Candidate(i) => 9 + i,
        }
    }
}

/// The limit that follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineResult {
    /// What becomes of it.
    pub change: LineChange,
    /// The new limit; that of the account where it stays, NaN where it is not known.
    pub limit: f64,
    /// What decided.
    pub binding: LineBinding,
}
