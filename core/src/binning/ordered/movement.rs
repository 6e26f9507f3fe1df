//! The direction of a level from bin to bin, as it is asked and as it is found.

use serde::{Deserialize, Serialize};

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::binning) enum Direction {
    Increasing,
    Decreasing,
}

impl Direction {
    /// Whether the level moves strictly in this direction.
    pub(super) fn moves(self, a: f64, b: f64) -> bool {
        match self {
            Direction::Increasing => a < b,
            Direction::Decreasing => a > b,
        }
    }
}

/// How a mean or a rate moves over the fitted bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Every bin has a higher level than the one before.
    Increasing,
    /// Every bin has a lower level than the one before.
    Decreasing,
    /// The level rises to one bin and falls after it.
    Peak,
    /// The level falls to one bin and rises after it.
    Valley,
    /// The level turns more than once, or stays.
    Free,
}

impl Movement {
    /// How the levels move; `None` for a single bin.
    pub(in crate::binning) fn of(levels: &[f64]) -> Option<Movement> {
        let moves = |direction: Direction, pair: &[f64]| direction.moves(pair[0], pair[1]);
        let up = levels.windows(2).take_while(|pair| moves(Direction::Increasing, pair)).count();
        let down = levels.windows(2).take_while(|pair| moves(Direction::Decreasing, pair)).count();
        let steps = levels.len().checked_sub(1).filter(|steps| *steps > 0)?;
        let rest = |from: usize, direction: Direction| levels.windows(2).skip(from).all(|pair| moves(direction, pair));
        Some(match (up, down) {
            (up, _) if up == steps => Movement::Increasing,
            (_, down) if down == steps => Movement::Decreasing,
            (up, _) if up > 0 && rest(up, Direction::Decreasing) => Movement::Peak,
            (_, down) if down > 0 && rest(down, Direction::Increasing) => Movement::Valley,
            _ => Movement::Free,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_movement_has_its_name() {
        for (levels, movement) in [
            (&[1.0][..], None),
            (&[1.0, 2.0, 3.0], Some(Movement::Increasing)),
            (&[3.0, 2.0], Some(Movement::Decreasing)),
            (&[1.0, 3.0, 2.0, 1.0], Some(Movement::Peak)),
            (&[3.0, 1.0, 2.0], Some(Movement::Valley)),
            (&[1.0, 3.0, 2.0, 4.0], Some(Movement::Free)),
            (&[1.0, 1.0], Some(Movement::Free)),
        ] {
            assert_eq!(Movement::of(levels), movement, "{levels:?}");
        }
    }
}
