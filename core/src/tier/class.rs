//! The worth of a corporate client: A, B or C. It says nothing of risk.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// What a corporate client is worth to the bank: `A` most, `C` least. It is another thing than a
/// [`RiskTier`](super::RiskTier), and the two can be neither converted nor compared:
///
/// ```compile_fail
/// use scoreline::tier::{ClientClass, RiskTier};
/// assert!(ClientClass::A == RiskTier::A);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClientClass {
    /// Key client.
    A,
    /// Ordinary client.
    B,
    /// Least worth an effort.
    C,
}

impl ClientClass {
    /// Every class, best first.
    pub const ALL: [ClientClass; 3] = [ClientClass::A, ClientClass::B, ClientClass::C];

    /// 0 for `A` … 2 for `C`.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The class with this index, 0 for `A` … 2 for `C`.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        ClientClass::ALL.get(index).copied()
    }

    /// The letter, as in files and answers.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            ClientClass::A => 'A',
            ClientClass::B => 'B',
            ClientClass::C => 'C',
        }
    }
}

impl fmt::Display for ClientClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}

/// From an expert score, 0 to 100, to a [`ClientClass`].
///
/// ```
/// use scoreline::tier::{ClassPolicy, ClientClass};
/// let policy = ClassPolicy::default();
/// assert_eq!([80.0, 79.9, 60.0, 59.9].map(|score| policy.class(score).index()), [0, 1, 1, 2]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassPolicy {
    /// The least score of class A, 0 to 100.
    pub a: f64,
    /// The least score of class B, 0 to 100, below `a`; less is C.
    pub b: f64,
}

impl Default for ClassPolicy {
    fn default() -> Self {
        ClassPolicy { a: 80.0, b: 60.0 }
    }
}

impl ClassPolicy {
    /// The class of a score.
    #[must_use]
    pub fn class(&self, score: f64) -> ClientClass {
        if score >= self.a {
            ClientClass::A
        } else if score >= self.b {
            ClientClass::B
        } else {
            ClientClass::C
        }
    }

    /// Checks the cut-offs.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when they are not in order.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(
            0.0 <= self.b && self.b < self.a && self.a <= 100.0,
            "classes",
            "the cut-offs must fall from A to B within 0 to 100",
            "use for example 80 and 60",
        );
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_indices_agree_with_what_files_say() {
        for (index, class) in ClientClass::ALL.into_iter().enumerate() {
            assert_eq!(ClientClass::from_index(index), Some(class));
            assert_eq!(class.index(), index);
            assert_eq!(serde_json::to_string(&class).unwrap(), format!("\"{}\"", class.letter()));
            assert_eq!(class.to_string(), class.letter().to_string());
        }
        assert_eq!(ClientClass::from_index(3), None);
        assert!(serde_json::from_str::<ClientClass>("\"D\"").is_err());
    }

    #[test]
    fn cut_offs_are_in_order_and_within_the_scale() {
        for (a, b) in [(60.0, 60.0), (60.0, 80.0), (101.0, 50.0), (80.0, -1.0), (f64::NAN, 60.0), (80.0, f64::NAN)] {
            assert!(ClassPolicy { a, b }.validate().is_err(), "{a} {b}");
        }
        assert!(ClassPolicy { a: 100.0, b: 0.0 }.validate().is_ok());
        let policy: ClassPolicy = serde_json::from_str(r#"{"b": 55}"#).unwrap();
        assert_eq!(policy, ClassPolicy { a: 80.0, b: 55.0 });
        assert!(serde_json::from_str::<ClassPolicy>(r#"{"c": 55}"#).is_err());
    }
}
