//! The one error type: eight kinds with stable codes, the same in every language.
//!
//! A message names the field, the row, what was expected and the remedy. It never contains the value
//! that was found: that may be personal data.

use std::fmt;

/// Result of every fallible function of the crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The kind of an [`Error`]. Numbers and names are part of the interface and are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum ErrorCode {
    /// A setting is out of range or contradicts another. Every problem is listed at once.
    InvalidConfig = 1,
    /// A column is missing or of the wrong kind or length, a value is not what its field declares.
    InvalidData = 2,
    /// Too few events, one class only, a constant feature.
    InsufficientData = 3,
    /// An iteration limit was reached.
    NotConverged = 4,
    /// Summaries or passes of different trainings were combined.
    Incompatible = 5,
    /// A file is not ours, is newer than this release, was edited, or answers differently from what it says.
    Artefact = 6,
    /// A file cannot be read or written.
    Io = 7,
    /// A defect of this library, including a caught panic.
    Internal = 99,
}

impl ErrorCode {
    /// Every kind, in the order of the codes.
    pub const ALL: [ErrorCode; 8] = [
        ErrorCode::InvalidConfig,
        ErrorCode::InvalidData,
        ErrorCode::InsufficientData,
        ErrorCode::NotConverged,
        ErrorCode::Incompatible,
        ErrorCode::Artefact,
        ErrorCode::Io,
        ErrorCode::Internal,
    ];

    /// The number that C callers see.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The name that Node callers see in `.code`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ErrorCode::InvalidConfig => "invalid_config",
            ErrorCode::InvalidData => "invalid_data",
            ErrorCode::InsufficientData => "insufficient_data",
            ErrorCode::NotConverged => "not_converged",
            ErrorCode::Incompatible => "incompatible",
            ErrorCode::Artefact => "artefact",
            ErrorCode::Io => "io",
            ErrorCode::Internal => "internal",
        }
    }
}

/// One thing that is wrong: where, what was expected, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Field, setting or file part that is concerned, for example `income` or `tier.cuts`.
    pub field: Option<String>,
    /// Zero-based row of the batch.
    pub row: Option<u64>,
    /// One-based character position in an expression.
    pub position: Option<u64>,
    /// What is wrong, in terms of what was expected.
    pub what: String,
    /// What the caller can do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem with no place yet; add it with [`Problem::field`] and its neighbours.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Problem { field: None, row: None, position: None, what: what.into(), remedy: remedy.into() }
    }

    /// Names the field or setting.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the zero-based row.
    #[must_use]
    pub fn row(mut self, row: usize) -> Self {
        self.row = Some(row as u64);
        self
    }

    /// Names the one-based character position in an expression.
    #[must_use]
    pub fn position(mut self, position: usize) -> Self {
        self.position = Some(position as u64);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "field '{field}'")?;
        }
        if let Some(row) = self.row {
            write!(f, "{}row {row}", if self.field.is_some() { ", " } else { "" })?;
        }
        if let Some(position) = self.position {
            let comma = if self.field.is_some() || self.row.is_some() { ", " } else { "" };
            write!(f, "{comma}position {position}")?;
        }
        if self.field.is_some() || self.row.is_some() || self.position.is_some() {
            f.write_str(": ")?;
        }
        f.write_str(&self.what)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

/// What went wrong. One machine word wide; see [`Error::code`] and [`Error::problems`].
///
/// ```
/// use scoreline::{Error, ErrorCode, Problem};
/// let error = Error::data(Problem::new("a number was expected", "pass a number, or nothing when it is missing").field("income").row(3));
/// assert_eq!(error.code(), ErrorCode::InvalidData);
/// assert_eq!(error.to_string(), "invalid_data: field 'income', row 3: a number was expected; pass a number, or nothing when it is missing");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", self.render())]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq)]
struct Inner {
    code: ErrorCode,
    problems: Vec<Problem>,
    convergence: Option<Convergence>,
}

/// How far an iteration came, for [`ErrorCode::NotConverged`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    /// Iterations done.
    pub iterations: u32,
    /// Largest absolute component of the gradient at the last iterate.
    pub gradient: f64,
}

impl Error {
    /// An error of the given kind with its problems.
    #[must_use]
    pub fn new(code: ErrorCode, problems: Vec<Problem>) -> Self {
        Error(Box::new(Inner { code, problems, convergence: None }))
    }

    /// [`ErrorCode::InvalidConfig`] with one problem.
    #[must_use]
    pub fn config(problem: Problem) -> Self {
        Error::new(ErrorCode::InvalidConfig, vec![problem])
    }

    /// [`ErrorCode::InvalidData`].
    #[must_use]
    pub fn data(problem: Problem) -> Self {
        Error::new(ErrorCode::InvalidData, vec![problem])
    }

    /// [`ErrorCode::InsufficientData`].
    #[must_use]
    pub fn insufficient(problem: Problem) -> Self {
        Error::new(ErrorCode::InsufficientData, vec![problem])
    }

    /// [`ErrorCode::NotConverged`].
    #[must_use]
    pub fn not_converged(convergence: Convergence, problem: Problem) -> Self {
        Error(Box::new(Inner { code: ErrorCode::NotConverged, problems: vec![problem], convergence: Some(convergence) }))
    }

    /// [`ErrorCode::Incompatible`].
    #[must_use]
    pub fn incompatible(problem: Problem) -> Self {
        Error::new(ErrorCode::Incompatible, vec![problem])
    }

    /// [`ErrorCode::Artefact`].
    #[must_use]
    pub fn artefact(problem: Problem) -> Self {
        Error::new(ErrorCode::Artefact, vec![problem])
    }

    /// [`ErrorCode::Io`].
    #[must_use]
    pub fn io(problem: Problem) -> Self {
        Error::new(ErrorCode::Io, vec![problem])
    }

    /// [`ErrorCode::Internal`]: a broken invariant of this library.
    #[must_use]
    pub fn internal(what: impl Into<String>) -> Self {
        Error::new(ErrorCode::Internal, vec![Problem::new(what, "please report this as a defect")])
    }

    /// The kind.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Everything that is wrong; at least one entry.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// How far the iteration came, for [`ErrorCode::NotConverged`].
    #[must_use]
    pub fn convergence(&self) -> Option<Convergence> {
        self.0.convergence
    }

    /// The same error with `row` on every problem that names none.
    #[must_use]
    pub fn at_row(mut self, row: usize) -> Self {
        for problem in &mut self.0.problems {
            problem.row.get_or_insert(row as u64);
        }
        self
    }

    /// The same error seen from a whole of which `rows` rows lie before the batch: every row moves by as many.
    #[must_use]
    pub fn after_rows(mut self, rows: usize) -> Self {
        for row in self.0.problems.iter_mut().filter_map(|problem| problem.row.as_mut()) {
            *row += rows as u64;
        }
        self
    }

    /// The same error with `field` on every problem that names none.
    #[must_use]
    pub fn in_field(mut self, field: &str) -> Self {
        for problem in &mut self.0.problems {
            problem.field.get_or_insert_with(|| field.to_owned());
        }
        self
    }

    fn render(&self) -> String {
        let list: Vec<String> = self.0.problems.iter().map(Problem::to_string).collect();
        match list.len() {
            1 => format!("{}: {}", self.0.code.name(), list[0]),
            n => format!("{}: {n} problems: ({})", self.0.code.name(), list.join(") (")),
        }
    }
}

/// Collects every problem of a configuration before reporting them together.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    /// Records a problem with a setting unless `ok`.
    pub(crate) fn require(&mut self, ok: bool, field: &str, what: &str, remedy: &str) {
        if !ok {
            self.push(Problem::new(what, remedy).field(field));
        }
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Takes over the problems of `result`, placed under the setting `field`, and passes the value on.
    pub(crate) fn absorb<T>(&mut self, field: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.extend(error.in_field(field).0.problems);
                None
            }
        }
    }

    /// The problems as those of data that were passed.
    pub(crate) fn into_data(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::new(ErrorCode::InvalidData, self.0)) }
    }

    pub(crate) fn into_result(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::new(ErrorCode::InvalidConfig, self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_distinct_and_stable() {
        let seen: Vec<(u32, &str)> = ErrorCode::ALL.iter().map(|c| (c.number(), c.name())).collect();
        assert_eq!(
            seen,
            [
                (1, "invalid_config"),
                (2, "invalid_data"),
                (3, "insufficient_data"),
                (4, "not_converged"),
                (5, "incompatible"),
                (6, "artefact"),
                (7, "io"),
                (99, "internal")
            ]
        );
    }

    #[test]
    fn several_problems_are_all_listed() {
        let mut problems = Problems::default();
        problems.require(false, "a", "must be positive", "raise it");
        problems.require(true, "b", "never", "never");
        problems.require(false, "c", "must rise", "sort it");
        let error = problems.into_result().unwrap_err();
        assert_eq!(error.problems().len(), 2);
        assert!(error.to_string().contains("field 'a'") && error.to_string().contains("field 'c'"));
    }
}
