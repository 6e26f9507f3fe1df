//! Stage 9, how much: the limit as the least of named candidates, how the limits of accounts rise and fall, and how
//! concentrated the book is.

mod concentration;
mod line;
mod policy;

pub use concentration::{
    AllotCap, Allotment, Book, Breaches, CapTotal, Concentration, ConcentrationCaps, Exposure, ExposureShare, Headroom,
};
pub use line::{Decrease, Increase, Line, LineBinding, LineChange, LinePolicy, LineResult};
pub use policy::{Limit, LimitCandidate, LimitPolicy, LimitRule};
