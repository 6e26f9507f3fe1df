//! The instalment that repays a balance.

use crate::math::powi;
use crate::pricing::annuity::annuity_factor;

/// One period ahead: its rate, and its instalment as a multiple of the one that is sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ahead {
    pub(super) rate: f64,
    pub(super) weight: f64,
}

/// The instalment x with balance = Σ weight·x·v + left·v(last), where v discounts to now: unrounded, in the unit of
/// `balance`.
///
/// Periods that are alike are summed as one annuity, so that a plain loan gives the bits of
/// [`annuity_payment`](crate::pricing::annuity_payment).
pub(super) fn level(balance: f64, left: f64, mut ahead: impl Iterator<Item = Ahead>) -> f64 {
    let (mut value_of_one, mut discount) = (0.0, 1.0);
    let mut run: Option<(Ahead, u32)> = None;
    loop {
        let next = ahead.next();
        match (&mut run, next) {
            (Some((alike, count)), Some(period)) if *alike == period => *count += 1,
            (current, next) => {
                if let Some((alike, count)) = *current {
                    value_of_one += alike.weight * discount * annuity_factor(alike.rate, count);
                    discount *= powi(1.0 / (1.0 + alike.rate), count);
                }
                match next {
                    Some(period) => *current = Some((period, 1)),
                    None => break,
                }
            }
        }
    }
    (balance - left * discount) / value_of_one
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::annuity_payment;

    #[test]
    fn a_plain_loan_has_the_bits_of_the_annuity() {
        for (balance, rate, n) in [(100_000.0, 0.01, 12), (1e8, 0.049 / 12.0, 360), (7.0, 0.0, 3), (5e5, 0.2, 1)] {
            let found = level(balance, 0.0, std::iter::repeat_n(Ahead { rate, weight: 1.0 }, n as usize));
            assert_eq!(found.to_bits(), annuity_payment(balance, rate, n).to_bits());
        }
    }

    #[test]
    fn every_mixture_repays_the_balance() {
        let ahead: Vec<Ahead> =
            (0..40).map(|k| Ahead { rate: f64::from(k / 7) * 0.004, weight: 1.0 + 0.1 * f64::from(k / 12) }).collect();
        let instalment = level(1_000.0, 250.0, ahead.iter().copied());
        let left = ahead.iter().fold(1_000.0, |balance, period| balance * (1.0 + period.rate) - period.weight * instalment);
        assert!((left - 250.0).abs() < 1e-9);
    }
}
