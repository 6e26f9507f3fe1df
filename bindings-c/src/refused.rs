//! Rows that got no answer, described to the caller.

use scoreline::{Error, Problem};

use crate::decide::SCORELINE_MAX_REFUSED;
use crate::error::CError;

/// Rows that got no answer, to be described to the caller.
pub(crate) struct Refused {
    place: *mut *mut CError,
    first: Option<Error>,
    problems: Vec<Problem>,
}

impl Refused {
    /// # Safety
    /// `place` is null or can be written to as long as this lives.
    pub(crate) unsafe fn new(place: *mut *mut CError) -> Self {
        if !place.is_null() {
            // SAFETY: not null, and as the caller promises.
            unsafe { place.write_unaligned(std::ptr::null_mut()) };
        }
        Refused { place, first: None, problems: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: usize, error: &Error) {
        if !self.place.is_null() && self.problems.len() < SCORELINE_MAX_REFUSED {
            let error = error.clone().at_row(row);
            self.problems.extend_from_slice(error.problems());
            self.first.get_or_insert(error);
        }
    }

    pub(crate) fn hand_over(self) {
        if let Some(first) = self.first {
            let error = CError::new(&Error::new(first.code(), self.problems));
            // SAFETY: there is an error only when the place is not null, and it can be written to.
            unsafe { self.place.write_unaligned(Box::into_raw(Box::new(error))) };
        }
    }
}
