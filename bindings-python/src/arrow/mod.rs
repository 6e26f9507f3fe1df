//! Tables come in through the Arrow PyCapsule interface, without copying where the layout allows it.

mod columns;
mod stream;

pub(crate) use columns::{batch, natural_kind};
pub(crate) use stream::read;
