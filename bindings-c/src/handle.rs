//! Handles: what an opaque pointer points to. A word marks each living handle and is overwritten when it is released,
//! so that a wrong or released handle is an error as long as its memory has not been given to something else.

use std::mem;

use scoreline::{Error, Problem, Result};

/// What lies behind a kind of handle.
pub(crate) trait State {
    /// Marks a living handle of this kind.
    const WORD: u64;
    /// What the argument is called in messages.
    const ARGUMENT: &'static str;
}

const RELEASED: u64 = 0x6465_7361_656c_6572;

/// The memory of a handle. The word has the same place in every kind, so that a handle of another kind can be told.
#[repr(C)]
#[derive(Debug)]
pub(crate) struct Handle<T> {
    /// Allocators keep their links here in memory that was given back.
    _links: [usize; 2],
    word: u64,
    state: T,
}

impl<T: State> Handle<T> {
    pub(crate) fn new(state: T) -> Self {
        Handle { _links: [0; 2], word: T::WORD, state }
    }

    /// What lies behind a handle that is not null and lives.
    #[inline]
    pub(crate) fn get(handle: Option<&Self>) -> Result<&T> {
        match handle {
            Some(handle) if handle.word == T::WORD => Ok(&handle.state),
            other => Err(unusable::<T>(other.is_none())),
        }
    }

    /// As [`Handle::get`], to be changed.
    #[inline]
    pub(crate) fn get_mut(handle: Option<&mut Self>) -> Result<&mut T> {
        match handle {
            Some(handle) if handle.word == T::WORD => Ok(&mut handle.state),
            other => Err(unusable::<T>(other.is_none())),
        }
    }

    /// Marks the handle as released; false when it does not live.
    fn close(&mut self) -> bool {
        if self.word != T::WORD {
            return false;
        }
        // SAFETY: a field of `self`. Volatile, because a plain write before memory is given back would be left out.
        unsafe { std::ptr::write_volatile(&mut self.word, RELEASED) };
        true
    }
}

/// Releases what a handle holds. A handle that does not live is left alone: its memory is not ours.
pub(crate) fn release<H, T: State>(handle: Option<Box<H>>, inner: impl FnOnce(&mut H) -> &mut Handle<T>) {
    if let Some(mut handle) = handle {
        if inner(&mut handle).close() {
            drop(handle);
        } else {
            mem::forget(handle);
        }
    }
}

#[cold]
fn unusable<T: State>(null: bool) -> Error {
    let problem = if null {
        Problem::new("a pointer was expected", "pass one that is not NULL")
    } else {
        Problem::new("the handle is of another kind or was released", "pass one that lives, and release each one once")
    };
    Error::data(problem.field(T::ARGUMENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One;
    impl State for One {
        const WORD: u64 = 1;
        const ARGUMENT: &'static str = "one";
    }

    #[test]
    fn only_living_handles_are_used() {
        assert_eq!(Handle::<One>::get(None).err().unwrap().problems()[0].field.as_deref(), Some("one"));
        let mut handle = Handle::new(One);
        assert!(Handle::get(Some(&handle)).is_ok());
        assert!(Handle::get_mut(Some(&mut handle)).is_ok());
        assert!(handle.close());
        assert!(!handle.close());
        assert!(Handle::get(Some(&handle)).is_err());
        assert!(Handle::get_mut(Some(&mut handle)).is_err());
    }

    #[test]
    fn the_word_has_one_place() {
        assert_eq!(mem::offset_of!(Handle<u8>, word), mem::offset_of!(Handle<[u64; 9]>, word));
        assert_eq!(mem::offset_of!(Handle<u8>, word), 2 * size_of::<usize>());
    }
}
