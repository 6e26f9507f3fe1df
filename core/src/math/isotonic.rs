//! Isotonic regression.

/// The rising sequence nearest to the points in weighted squares, one value a point.
///
/// Each point is (weight · value, weight), with a weight above 0: for rates, (events, rows). Method: pool adjacent
/// violators (Ayer et al. 1955).
///
/// ```
/// use scoreline::math::isotonic;
/// assert_eq!(isotonic(&[(1.0, 1.0), (0.0, 1.0), (4.0, 1.0)]), [0.5, 0.5, 4.0]);
/// ```
#[must_use]
pub fn isotonic(points: &[(f64, f64)]) -> Vec<f64> {
    // (sum, weight, points) of each block.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for &(sum, weight) in points {
        let mut block = (sum, weight, 1);
        while let Some(&(sum, weight, count)) = blocks.last() {
            if sum * block.1 < block.0 * weight {
                break;
            }
            block = (sum + block.0, weight + block.1, count + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|&(sum, weight, count)| std::iter::repeat_n(sum / weight, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_isoreg() {
        // R 4, help page of stats::isoreg.
        let points = [1.0, 0.0, 4.0, 3.0, 3.0, 5.0, 4.0, 2.0, 0.0].map(|y| (y, 1.0));
        assert_eq!(isotonic(&points), [0.5, 0.5, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
        assert!(isotonic(&[]).is_empty());
    }

    proptest! {
        /// The max–min formula (Robertson, Wright & Dykstra 1988): an independent definition of the same sequence.
        #[test]
        fn it_is_the_max_min_formula(points in prop::collection::vec((0..20_u32, 1..9_u32), 1..12)) {
            let points: Vec<(f64, f64)> = points.iter().map(|&(y, w)| (f64::from(y * w), f64::from(w))).collect();
            let mean = |range: &[(f64, f64)]| range.iter().map(|p| p.0).sum::<f64>() / range.iter().map(|p| p.1).sum::<f64>();
            for (i, got) in isotonic(&points).into_iter().enumerate() {
                let want = (0..=i)
                    .map(|from| (i..points.len()).map(|to| mean(&points[from..=to])).fold(f64::INFINITY, f64::min))
                    .fold(f64::NEG_INFINITY, f64::max);
                prop_assert!((got - want).abs() < 1e-12);
            }
        }
    }
}
