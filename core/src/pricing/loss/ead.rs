//! Exposure at default: what is drawn, what will be drawn, and what past defaults say about it.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};
use crate::stats::ExactSum;

/// Off-balance-sheet items of the standardised approach with their conversion factors (CRE20.94–20.101).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitmentKind {
    /// Commitments that the bank may cancel at any time without notice: 10 %.
    UnconditionallyCancellable,
    /// Short-term self-liquidating letters of credit for the movement of goods: 20 %.
    ShortTermTrade,
    /// All other commitments: 40 %.
    Commitment,
    /// Note issuance and revolving underwriting facilities: 50 %.
    NoteIssuance,
    /// Performance bonds, bid bonds, warranties: 50 %.
    TransactionRelated,
    /// Guarantees of indebtedness, acceptances: 100 %.
    DirectCreditSubstitute,
}

impl CommitmentKind {
    /// The conversion factor, a fraction of what is not drawn.
    #[must_use]
    pub const fn ccf(self) -> f64 {
        match self {
            CommitmentKind::UnconditionallyCancellable => 0.10,
            CommitmentKind::ShortTermTrade => 0.20,
            CommitmentKind::Commitment => 0.40,
            CommitmentKind::NoteIssuance | CommitmentKind::TransactionRelated => 0.50,
            CommitmentKind::DirectCreditSubstitute => 1.0,
        }
    }
}

fn amounts(drawn: f64, limit: f64, problems: &mut Problems) {
    for (name, amount) in [("drawn", drawn), ("limit", limit)] {
        let usable = (0.0..=1e15).contains(&amount);
        problems.require(usable, name, "must be an amount, at least 0, at most 1e15", "pass 0 for none");
    }
}

/// Exposure at default: drawn + CCF · max(limit − drawn, 0), in the currency of the amounts. A CCF above 1 stands for drawings
/// beyond the limit; at most 10.
///
/// ```
/// use scoreline::pricing::loss::{CommitmentKind, ead};
/// assert_eq!(ead(4_000.0, 10_000.0, CommitmentKind::UnconditionallyCancellable.ccf())?, 4_600.0);
/// assert_eq!(ead(12_000.0, 10_000.0, 0.5)?, 12_000.0); // nothing is left to draw
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every argument out of range.
pub fn ead(drawn: f64, limit: f64, ccf: f64) -> Result<f64> {
    let mut problems = Problems::default();
    amounts(drawn, limit, &mut problems);
    problems.require((0.0..=10.0).contains(&ccf), "ccf", "must lie in [0, 10]", "write a fraction, not percent");
    problems.into_result()?;
    Ok(drawn + ccf * (limit - drawn).max(0.0))
}

/// The least exposure at default of own estimates: drawn plus half of what the standardised factor gives (CRE32.36).
///
/// # Errors
/// As [`ead`].
pub fn advanced_ead_floor(drawn: f64, limit: f64, kind: CommitmentKind) -> Result<f64> {
    ead(drawn, limit, 0.5 * kind.ccf())
}

/// A line that defaulted: what it was on the reference day, and what it owed at default.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultedLine {
    /// Drawn on the reference day, usually a year before default.
    pub drawn: f64,
    /// Limit on the reference day.
    pub limit: f64,
    /// Owed at default.
    pub ead: f64,
}

/// Which factor of a defaulted line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Credit conversion factor (EAD − drawn) / (limit − drawn), as it is: may be negative or above 1.
    Ccf,
    /// Loan equivalent: the same within [0, 1].
    Leq,
    /// EAD / limit.
    Eadf,
}

/// Why a line has no factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    /// The line was drawn to its limit or beyond: nothing was left to draw.
    FullyDrawn,
    /// The line had no limit.
    NoLimit,
}

/// A factor, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum DrawdownFactor {
    /// The factor, a fraction.
    Value {
        /// Its value.
        value: f64,
    },
    /// There is none.
    Undefined {
        /// Why.
        reason: Undefined,
    },
}

/// Factors of many defaulted lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawdownPool {
    /// Mean over the lines that have a factor; none when none has.
    pub mean: Option<f64>,
    /// Sum of the numerators over sum of the denominators of these lines, so that large lines count more. For the loan
    /// equivalent it is taken within [0, 1].
    pub pooled: Option<f64>,
    /// Lines with a factor.
    pub defined: usize,
    /// Lines drawn to the limit or beyond.
    pub fully_drawn: usize,
    /// Lines without limit.
    pub no_limit: usize,
}

impl DefaultedLine {
    fn check(&self) -> Result<()> {
        let mut problems = Problems::default();
        amounts(self.drawn, self.limit, &mut problems);
        problems.require(
            (0.0..=1e15).contains(&self.ead),
            "ead",
            "must be an amount, at least 0, at most 1e15",
            "pass what was owed",
        );
        problems.into_result()
    }

    /// Numerator and denominator of the factor.
    fn ratio(&self, kind: FactorKind) -> std::result::Result<(f64, f64), Undefined> {
        match kind {
            FactorKind::Eadf if self.limit > 0.0 => Ok((self.ead, self.limit)),
            FactorKind::Eadf => Err(Undefined::NoLimit),
            _ if self.limit > self.drawn => Ok((self.ead - self.drawn, self.limit - self.drawn)),
            _ => Err(if self.limit == 0.0 { Undefined::NoLimit } else { Undefined::FullyDrawn }),
        }
    }

    /// The factor of the line.
    ///
    /// ```
    /// use scoreline::pricing::loss::{DefaultedLine, DrawdownFactor, FactorKind, Undefined};
    /// let line = DefaultedLine { drawn: 4_000.0, limit: 10_000.0, ead: 7_000.0 };
    /// assert_eq!(line.factor(FactorKind::Ccf)?, DrawdownFactor::Value { value: 0.5 });
    /// let full = DefaultedLine { drawn: 10_000.0, ..line };
    /// assert_eq!(full.factor(FactorKind::Ccf)?, DrawdownFactor::Undefined { reason: Undefined::FullyDrawn });
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every amount out of range.
    pub fn factor(&self, kind: FactorKind) -> Result<DrawdownFactor> {
        self.check()?;
        Ok(match self.ratio(kind) {
            Ok((above, below)) => DrawdownFactor::Value { value: within(kind, above / below) },
            Err(reason) => DrawdownFactor::Undefined { reason },
        })
    }
}

fn within(kind: FactorKind, value: f64) -> f64 {
    if kind == FactorKind::Leq { value.clamp(0.0, 1.0) } else { value }
}

impl DrawdownPool {
    /// Factors of a pool; sums are exact, so the order of the lines does not matter.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with the row of the first line out of range;
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when there is no line.
    pub fn new(lines: &[DefaultedLine], kind: FactorKind) -> Result<Self> {
        if lines.is_empty() {
            let problem = Problem::new("no defaulted line", "pass the lines that defaulted");
            return Err(Error::insufficient(problem.field("lines")));
        }
        let (mut factors, mut above, mut below) = (ExactSum::default(), ExactSum::default(), ExactSum::default());
        let (mut defined, mut fully_drawn, mut no_limit) = (0usize, 0, 0);
        for (row, line) in lines.iter().enumerate() {
            line.check().map_err(|error| error.at_row(row))?;
            match line.ratio(kind) {
                Ok((numerator, denominator)) => {
                    factors.add(within(kind, numerator / denominator));
                    above.add(numerator);
                    below.add(denominator);
                    defined += 1;
                }
                Err(Undefined::FullyDrawn) => fully_drawn += 1,
                Err(Undefined::NoLimit) => no_limit += 1,
            }
        }
        let some = |value: f64| (defined > 0).then_some(value);
        Ok(DrawdownPool {
            mean: some(factors.value() / defined.max(1) as f64),
            pooled: some(within(kind, above.value() / below.value())),
            defined,
            fully_drawn,
            no_limit,
        })
    }
}
