//! The one closed expression language: text → typed tree → record evaluation and column evaluation.
//! Derived features, rules and policies all use it.
//!
//! A documented subset of SQL expressions with three-valued logic on missing values; the language is
//! described below (`EXPRESSIONS.md` beside this file). There are no conversions, no effects and no
//! errors while evaluating: what has no result is missing.
//!
#![doc = include_str!("EXPRESSIONS.md")]

mod block;
mod functions;
mod kernels;
mod op;
mod parse;
mod program;
mod satisfy;
mod scope;
mod screen;
mod tree;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::fmt;

pub use block::{BLOCK, BlockColumn, Scratch};
pub(crate) use kernels::months_between;
pub use kernels::{FALSE, NO_DAY, TRUE, UNKNOWN};
pub use program::Program;
pub use scope::Scope;

use crate::data::{Kind, Value};
use crate::error::Result;

/// The most characters of a text.
pub const MAX_TEXT: usize = 4_096;
/// The deepest nesting of brackets, CASE, NOT and signs.
pub const MAX_NESTING: usize = 16;
/// The most instructions of a program.
pub const MAX_INSTRUCTIONS: usize = 256;
/// The most values a program holds at once.
pub const MAX_STACK: usize = 32;
/// How deep the parser and the resolver may go into themselves: the nesting and the operators that wait for
/// what is inside. Measured, the worst text needs 0.4 MB of stack in our test profile and 1.9 MB with
/// no optimisation at all; threads have 2 MB unless told otherwise.
const RECURSION: usize = 28;

/// An expression, parsed and typed against a [`Scope`]. Files store its text.
///
/// ```
/// use scoreline::{Kind, Value, expr::{Expr, Scope}};
/// let mut scope = Scope::new();
/// scope.push("debt", Kind::Number)?;
/// scope.push("income", Kind::Number)?;
/// let ratio = Expr::parse("debt / income", &scope)?;
/// assert_eq!(ratio.kind(), Kind::Number);
/// let record = [Value::Number(1_200.0), Value::Number(4_800.0)];
/// assert_eq!(ratio.program().eval(|slot| record[slot]), Value::Number(0.25));
///
/// let error = Expr::parse("debt / incme", &scope).unwrap_err();
/// assert_eq!(error.to_string(), "invalid_config: position 8: there is no name 'incme'; did you mean 'income'?");
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    text: String,
    kind: Kind,
    reads: Vec<usize>,
    program: Program,
}

impl Expr {
    /// Reads `text`, looks its names up in `scope` and checks kinds.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with the one-based character position of the first
    /// problem: syntax, an unknown name or function, a wrong kind, something of SQL that the language does
    /// not have, or a limit.
    pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Expr> {
        let node = parse::parse(text, scope)?;
        let kind = node.kind.unwrap_or(Kind::Number);
        let mut reads = Vec::new();
        let program = Program::compile(node, &mut reads)?;
        reads.sort_unstable();
        reads.dedup();
        Ok(Expr { text: text.to_owned(), kind, reads, program })
    }

    /// What it yields.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The slots it can read, rising.
    #[must_use]
    pub fn reads(&self) -> &[usize] {
        &self.reads
    }

    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the condition holds for the cells of the slots; `None` when that cannot be told because one is missing.
    pub(crate) fn holds(&self, cells: &[Value<'_>]) -> Option<bool> {
        self.program.eval(|slot| cells.get(slot).copied().unwrap_or_default()).as_flag()
    }

    /// What to run.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
