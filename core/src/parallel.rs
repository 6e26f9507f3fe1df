//! The only file that names rayon. Parallelism is an argument of a call, never global state.

use rayon::prelude::*;

use crate::error::{Error, Result};

/// How many threads a call may use. One thread never touches a pool, so it is safe after `fork`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Threads {
    /// The calling thread only.
    #[default]
    One,
    /// As many as the machine offers.
    All,
    /// Exactly this many (0 counts as 1).
    Count(usize),
}

impl Threads {
    /// `0` means [`Threads::All`], `1` means [`Threads::One`]: the convention of every binding.
    #[must_use]
    pub fn from_count(count: usize) -> Self {
        match count {
            0 => Threads::All,
            1 => Threads::One,
            n => Threads::Count(n),
        }
    }

    /// Number of threads, at least 1.
    pub(crate) fn count(self) -> usize {
        match self {
            Threads::One => 1,
            Threads::All => std::thread::available_parallelism().map_or(1, usize::from),
            Threads::Count(n) => n.max(1),
        }
    }

    /// Maps every item, in order, stopping with the first error in item order.
    pub(crate) fn map<T: Send, R: Send>(self, items: Vec<T>, work: impl Fn(T) -> Result<R> + Sync + Send) -> Result<Vec<R>> {
        let count = self.count().min(items.len());
        if count <= 1 {
            return items.into_iter().map(work).collect();
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(count)
            .build()
            .map_err(|_| Error::internal("a thread pool could not be started"))?;
        let results: Vec<Result<R>> = pool.install(|| items.into_par_iter().map(work).collect());
        results.into_iter().collect()
    }
}

/// Runs a loop of comparisons and integers compiled for the widest registers that the CPU has; its results cannot differ.
#[inline(always)]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    struct Wide<F>(F);

    impl<R, F: FnOnce() -> R> pulp::WithSimd for Wide<F> {
        type Output = R;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> R {
            (self.0)()
        }
    }

    pulp::Arch::new().dispatch(Wide(work))
}
