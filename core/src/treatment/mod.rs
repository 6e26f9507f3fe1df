//! Stage 11, in life: early warning.

pub mod warning;
