//! Stage 9, how much: the limit as the least of named candidates, and how concentrated the book is.

mod concentration;
mod policy;

pub use concentration::{
    AllotCap, Allotment, Book, Breaches, CapTotal, Concentration, ConcentrationCaps, Exposure, ExposureShare, Headroom,
};
pub use policy::{Limit, LimitCandidate, LimitPolicy, LimitRule};
