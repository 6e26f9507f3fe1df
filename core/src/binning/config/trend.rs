//! How event rates may move, and how they do.

use serde::{Deserialize, Serialize};

/// How the event rate has to move with the value. The words mean what they mean in optbinning; equal neighbours are
/// joined, so every step is strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// Rising, falling, [`Peak`](Trend::Peak) or [`Valley`](Trend::Valley): the shape of the least Schwarz criterion, where
    /// each bin and the place of a turn are parameters. It is chosen on at most 64 groups of the values. Edits keep it.
    #[default]
    Auto,
    /// Rising or falling, whichever gives the better bins; rising when they are equal. optbinning: `auto_asc_desc`.
    Monotonic,
    /// The event rate rises with the value.
    Increasing,
    /// The event rate falls with the value.
    Decreasing,
    /// It rises to one bin and falls after it; either part may be absent.
    Peak,
    /// It falls to one bin and rises after it; either part may be absent.
    Valley,
    /// Each step from bin to bin is at most the step before (second differences ≤ 0).
    Concave,
    /// Each step from bin to bin is at least the step before (second differences ≥ 0).
    Convex,
    /// It may move in any way.
    None,
}

/// How the event rate moves over the fitted bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Every bin has a higher event rate than the one before.
    Increasing,
    /// Every bin has a lower event rate than the one before.
    Decreasing,
    /// The rate rises to one bin and falls after it.
    Peak,
    /// The rate falls to one bin and rises after it.
    Valley,
    /// The rate turns more than once.
    Free,
}

/// The direction of a monotone trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Every bin has a higher level than the one before.
    Increasing,
    /// Every bin has a lower level than the one before.
    Decreasing,
}

impl Trend {
    /// Where only a direction is asked, the directions to try.
    pub(in crate::binning) fn directions(self) -> Option<&'static [Direction]> {
        match self {
            Trend::Monotonic => Some(&[Direction::Increasing, Direction::Decreasing]),
            Trend::Increasing => Some(&[Direction::Increasing]),
            Trend::Decreasing => Some(&[Direction::Decreasing]),
            _ => None,
        }
    }
}

impl From<Direction> for Shape {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Increasing => Shape::Increasing,
            Direction::Decreasing => Shape::Decreasing,
        }
    }
}

impl Shape {
    /// The direction of a monotone shape.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        match self {
            Shape::Increasing => Some(Direction::Increasing),
            Shape::Decreasing => Some(Direction::Decreasing),
            _ => None,
        }
    }

    /// The shape of rates of which each is compared with the next; `None` for a single bin.
    pub(in crate::binning) fn of(steps: &[std::cmp::Ordering]) -> Option<Shape> {
        use std::cmp::Ordering;
        let mut moves: Vec<Ordering> = steps.iter().copied().filter(|step| step.is_ne()).collect();
        moves.dedup();
        match moves[..] {
            [] => None,
            [Ordering::Less] => Some(Shape::Increasing),
            [Ordering::Greater] => Some(Shape::Decreasing),
            [Ordering::Less, Ordering::Greater] => Some(Shape::Peak),
            [Ordering::Greater, Ordering::Less] => Some(Shape::Valley),
            _ => Some(Shape::Free),
        }
    }
}
