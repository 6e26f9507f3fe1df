//! Codes, and the error object that a failing call hands to its caller.

use std::ffi::{CString, c_char};
use std::ptr;

use scoreline::{Convergence, Error, ErrorCode};

use crate::guard::guard_or;
use crate::handle::{Handle, State, release};

/// The call succeeded.
pub const SCORELINE_OK: u32 = 0;
/// A setting is out of range or contradicts another. Every problem is listed at once.
pub const SCORELINE_INVALID_CONFIG: u32 = 1;
/// A column is missing or of the wrong kind or length, a value is not what its field declares.
pub const SCORELINE_INVALID_DATA: u32 = 2;
/// Too few events, one class only, a constant feature.
pub const SCORELINE_INSUFFICIENT_DATA: u32 = 3;
/// An iteration limit was reached.
pub const SCORELINE_NOT_CONVERGED: u32 = 4;
/// Summaries or passes of different trainings were combined.
pub const SCORELINE_INCOMPATIBLE: u32 = 5;
/// A file is not ours, is newer than this release, was edited, or answers differently from what it says.
pub const SCORELINE_ARTEFACT: u32 = 6;
/// A file cannot be read or written.
pub const SCORELINE_IO: u32 = 7;
/// A defect of the library.
pub const SCORELINE_INTERNAL: u32 = 99;

/// What went wrong: a code, a message and every single problem. Owned by the caller, to be released with
/// scoreline_error_free. Texts are UTF-8, live as long as the error, and never contain a value of the data.
/// Every reader accepts NULL.
#[derive(Debug)]
pub struct CError(Handle<Failure>);

#[derive(Debug)]
struct Failure {
    code: ErrorCode,
    message: CString,
    problems: Vec<CProblem>,
    convergence: Option<Convergence>,
}

#[derive(Debug)]
struct CProblem {
    field: Option<CString>,
    row: Option<u64>,
    position: Option<u64>,
    what: CString,
    remedy: CString,
}

impl State for Failure {
    const WORD: u64 = 0x726f_7272_6520_6c73;
    const ARGUMENT: &'static str = "error";
}

impl CError {
    pub(crate) fn new(error: &Error) -> Self {
        let problems = error.problems().iter().map(|problem| CProblem {
            field: problem.field.as_deref().map(c_text),
            row: problem.row,
            position: problem.position,
            what: c_text(&problem.what),
            remedy: c_text(&problem.remedy),
        });
        CError(Handle::new(Failure {
            code: error.code(),
            message: c_text(&error.to_string()),
            problems: problems.collect(),
            convergence: error.convergence(),
        }))
    }

    fn get(error: Option<&Self>) -> Option<&Failure> {
        Handle::get(error.map(|error| &error.0)).ok()
    }
}

/// C cannot hold a zero byte inside a text: it becomes U+FFFD.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

fn signed(number: Option<u64>) -> i64 {
    number.and_then(|number| i64::try_from(number).ok()).unwrap_or(-1)
}

fn problem<T>(error: Option<&CError>, index: usize, otherwise: T, read: impl FnOnce(&CProblem) -> T) -> T {
    CError::get(error).and_then(|error| error.problems.get(index)).map_or(otherwise, read)
}

/// The code of an error; SCORELINE_OK for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_code(error: Option<&CError>) -> u32 {
    guard_or(SCORELINE_INTERNAL, || CError::get(error).map_or(SCORELINE_OK, |error| error.code.number()))
}

/// The name of a code, for example "invalid_data"; NULL when there is no such code.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_code_name(code: u32) -> *const c_char {
    guard_or(ptr::null(), || match code {
        SCORELINE_OK => c"ok".as_ptr(),
        SCORELINE_INVALID_CONFIG => c"invalid_config".as_ptr(),
        SCORELINE_INVALID_DATA => c"invalid_data".as_ptr(),
        SCORELINE_INSUFFICIENT_DATA => c"insufficient_data".as_ptr(),
        SCORELINE_NOT_CONVERGED => c"not_converged".as_ptr(),
        SCORELINE_INCOMPATIBLE => c"incompatible".as_ptr(),
        SCORELINE_ARTEFACT => c"artefact".as_ptr(),
        SCORELINE_IO => c"io".as_ptr(),
        SCORELINE_INTERNAL => c"internal".as_ptr(),
        _ => ptr::null(),
    })
}

/// The message of an error: its code's name and every problem with its remedy. Empty for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_message(error: Option<&CError>) -> *const c_char {
    guard_or(ptr::null(), || CError::get(error).map_or(c"".as_ptr(), |error| error.message.as_ptr()))
}

/// How many problems an error lists; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_problem_count(error: Option<&CError>) -> usize {
    guard_or(0, || CError::get(error).map_or(0, |error| error.problems.len()))
}

/// The field, setting or file part that problem `index` (from 0) is about; NULL when it names none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_problem_field(error: Option<&CError>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || {
        problem(error, index, ptr::null(), |problem| problem.field.as_ref().map_or(ptr::null(), |field| field.as_ptr()))
    })
}

/// The zero-based row of problem `index`; -1 when it names none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_problem_row(error: Option<&CError>, index: usize) -> i64 {
    guard_or(-1, || problem(error, index, -1, |problem| signed(problem.row)))
}

/// The one-based character position of problem `index` in an expression; -1 when it names none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_problem_position(error: Option<&CError>, index: usize) -> i64 {
    guard_or(-1, || problem(error, index, -1, |problem| signed(problem.position)))
}

/// What is wrong in problem `index`, in terms of what was expected; NULL when there is no such problem.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_problem_what(error: Option<&CError>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || problem(error, index, ptr::null(), |problem| problem.what.as_ptr()))
}

/// What the caller can do about problem `index`; NULL when there is no such problem.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_problem_remedy(error: Option<&CError>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || problem(error, index, ptr::null(), |problem| problem.remedy.as_ptr()))
}

/// Iterations done, for SCORELINE_NOT_CONVERGED; -1 for every other error and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_iterations(error: Option<&CError>) -> i64 {
    guard_or(-1, || CError::get(error).and_then(|error| error.convergence).map_or(-1, |reached| i64::from(reached.iterations)))
}

/// Largest absolute component of the gradient at the last iterate, for SCORELINE_NOT_CONVERGED; NaN otherwise.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_gradient(error: Option<&CError>) -> f64 {
    guard_or(f64::NAN, || CError::get(error).and_then(|error| error.convergence).map_or(f64::NAN, |reached| reached.gradient))
}

/// Releases an error. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_error_free(error: Option<Box<CError>>) {
    guard_or((), || release(error, |error| &mut error.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scoreline::Problem;
    use std::ffi::CStr;

    fn read(text: *const c_char) -> String {
        // SAFETY: the readers return texts that end with a zero and live as long as the error.
        unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
    }

    #[test]
    fn everything_of_an_error_can_be_read() {
        let found = Problem::new("a number was expected", "pass a number").field("inc\0ome").row(3).position(9);
        let error = CError::new(&Error::new(ErrorCode::InvalidData, vec![found, Problem::new("two", "")]));
        let error = Some(&error);
        assert_eq!(scoreline_error_code(error), SCORELINE_INVALID_DATA);
        assert!(read(scoreline_error_message(error)).starts_with("invalid_data: 2 problems"));
        assert_eq!(scoreline_error_problem_count(error), 2);
        assert_eq!(read(scoreline_error_problem_field(error, 0)), "inc\u{fffd}ome");
        assert_eq!((scoreline_error_problem_row(error, 0), scoreline_error_problem_position(error, 0)), (3, 9));
        assert_eq!(read(scoreline_error_problem_what(error, 0)), "a number was expected");
        assert_eq!(read(scoreline_error_problem_remedy(error, 0)), "pass a number");
        assert!(scoreline_error_problem_field(error, 1).is_null());
        assert_eq!((scoreline_error_problem_row(error, 1), scoreline_error_problem_position(error, 1)), (-1, -1));
        assert!(scoreline_error_problem_what(error, 2).is_null());
        assert_eq!(scoreline_error_iterations(error), -1);
    }

    #[test]
    fn convergence_tells_how_far_it_came() {
        let reached = Convergence { iterations: 25, gradient: 0.5 };
        let error = CError::new(&Error::not_converged(reached, Problem::new("limit reached", "raise it")));
        assert_eq!(scoreline_error_iterations(Some(&error)), 25);
        assert_eq!(scoreline_error_gradient(Some(&error)), 0.5);
        assert!(scoreline_error_gradient(None).is_nan());
    }

    #[test]
    fn codes_and_names_are_those_of_the_library() {
        for code in ErrorCode::ALL {
            assert_eq!(read(scoreline_code_name(code.number())), code.name());
        }
        assert_eq!(read(scoreline_code_name(SCORELINE_OK)), "ok");
        assert!(scoreline_code_name(8).is_null());
    }
}
