//! The law that every summary of training data obeys.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;

/// What was seen of some rows, in a form that merges.
///
/// `merge` is associative, commutative and exact: any split of the rows, any order and any tree of
/// merges ends in the same value, bit for bit, and in the same serialised bytes. That is what makes a
/// result independent of threads and of the machines that took part.
pub trait Summary: Serialize + DeserializeOwned + Send {
    /// Takes in what `other` has seen.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the two were set up differently; `self` is then unchanged.
    fn merge(&mut self, other: &Self) -> Result<()>;
}
