//! Who accepts a price, and the price that earns most.

mod best;
mod frontier;
mod take_up;
#[cfg(test)]
mod tests;

pub use best::{BestPrice, PriceRung, best_price, price_ladder};
pub use frontier::{FrontierPoint, SegmentLadder, efficient_frontier};
pub use take_up::{TakeUp, TakeUpPoint};
