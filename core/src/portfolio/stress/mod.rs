//! What a shock does to the book, and the least shock that breaks it.

mod book;
mod reverse;
mod shock;

pub use book::{BookFigures, StressPolicy, StressReport, StressedExposure};
pub use reverse::ReverseStress;
pub use shock::{PdShock, Shock};
