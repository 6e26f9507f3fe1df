//! The lowest point of a function of one variable.

/// The range in which golden section has enclosed a minimum of `f` between `low` and `high` after `steps` steps, each of which
/// leaves (√5 − 1) / 2 of the range. Where `f` has one minimum there, it is that one. Each step looks at two points, left first;
/// of equal values the left one counts. The first error of `f` ends the search.
///
/// ```
/// use scoreline::math::golden_section;
/// let [low, high] = golden_section([0.0, 4.0], 40, |x| Ok::<f64, ()>((x - 1.25) * (x - 1.25)))?;
/// assert!(low <= 1.25 + 1e-8 && high >= 1.25 - 1e-8 && high - low < 1e-7);
/// # Ok::<(), ()>(())
/// ```
pub fn golden_section<E>(
    [mut low, mut high]: [f64; 2],
    steps: usize,
    mut f: impl FnMut(f64) -> Result<f64, E>,
) -> Result<[f64; 2], E> {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..steps {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if f(left)? <= f(right)? {
            high = right;
        } else {
            low = left;
        }
    }
    Ok([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_error_ends_the_search_and_no_step_leaves_the_range() {
        let mut calls = 0;
        let failed = golden_section([0.0, 1.0], 10, |_| {
            calls += 1;
            if calls == 3 { Err("third") } else { Ok(0.0) }
        });
        assert_eq!((failed, calls), (Err("third"), 3));
        assert_eq!(golden_section([0.5, 2.0], 0, |_| Err("never called")), Ok([0.5, 2.0]));
    }

    proptest! {
        #[test]
        fn it_encloses_the_one_minimum(at in -1.0..1.0f64, steep in 0.1..9.0f64) {
            let found = golden_section([-2.0, 3.0], 50, |x| Ok::<f64, ()>(if x < at { steep * (at - x) } else { x - at }));
            let [low, high] = found.unwrap();
            // 50 steps leave 0.618⁵⁰ = 3.6·10⁻¹¹ of the range.
            prop_assert!(low <= at + 1e-14 && at <= high + 1e-14 && high - low < 5.0 * 3.6e-11);
        }
    }
}
