//! What a month of a loan costs and earns, and the rate of equal instalments that earns the hurdle.

use super::lanes::Number;
use crate::math::{exp_m1, ln_1p};

/// Lowest and highest rate that is solved for, per year.
pub(super) const RATES: [f64; 2] = [-0.5, 10.0];

pub(super) const YEAR: f64 = 12.0;

/// Shares up to this become monthly by [`small_share`].
pub(super) const SMALL: f64 = 0.6;

/// Rates that are tried before the whole range is searched; two or three are enough where costs at the start are a part of the rate
/// and not most of it.
const TRIES: usize = 8;

/// To what lifetime RAROC at the solved rate is the hurdle.
const TOLERANCE: f64 = 1e-11;

/// Discounted sums over the months, per unit of the principal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums<T> {
    /// Balance of those alive.
    pub(super) balance: T,
    /// Balance of those that pay interest.
    pub(super) paying: T,
    /// Balance of those that default.
    pub(super) failing: T,
}

/// What a loan's months have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loan<T> {
    /// Share of those alive that default in a month, where it is the same in all.
    pub(super) hazard: T,
    /// Share of those that did not default which stay.
    pub(super) stay: T,
    pub(super) lgd: T,
    /// Income per year and unit of balance, besides interest: running fees and what the capital earns, less funding and cost.
    pub(super) running: T,
    /// Income at the start: fees less the cost of origination.
    pub(super) start: T,
    pub(super) capital: T,
    pub(super) tax: T,
}

/// What a loan is priced to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hurdle {
    /// Return per year.
    pub(super) rate: f64,
    /// Discount factor of a month.
    pub(super) discount: f64,
}

/// The share of a month that makes `share` in a year, in [0, 1): q with (1 − q)¹² = 1 − `share`.
#[inline]
pub(super) fn monthly(share: f64) -> f64 {
    if share <= SMALL { small_share(share) } else { -exp_m1(ln_1p(-share) / YEAR) }
}

/// [`monthly`] of shares up to [`SMALL`], to 2 units in the last place: two steps of Halley's method from the power series on
/// 1 − (1 − q)¹², which doubling gives without cancelling.
#[inline(always)]
pub(super) fn small_share<T: Number>(share: T) -> T {
    let x = |x: f64| share.of(x);
    let mut q =
        share * (x(1.0 / 12.0) + share * (x(11.0 / 288.0) + share * (x(253.0 / 10_368.0) + share * x(8_855.0 / 497_664.0))));
    for _ in 0..2 {
        let stay = x(1.0) - q;
        let two = q * (x(2.0) - q);
        let three = q + two * stay;
        let six = three * (x(2.0) - three);
        let excess = six * (x(2.0) - six) - share;
        // The first derivative is 12·(1 − q)¹¹, and the second −11 / (1 − q) of it.
        let slope = x(12.0) * (x(1.0) - six) * ((x(1.0) - three) * (stay * stay));
        q = q - excess * stay / (slope * stay + x(5.5) * excess);
    }
    q
}

/// What `n` instalments of 1 are worth at the discount factor `v`, a = v + v² + … + vⁿ, and the sum of what is left of them before
/// each, weighted with the powers of `kept`: Σ keptᵗ⁻¹ · a₍ₙ₋ₜ₊₁₎ for t from 1. By doubling: with H = Σ keptʲ · vᵐ⁻¹⁻ʲ,
/// S₂ₘ = Sₘ · (1 + keptᵐ) + aₘ · v · Hₘ. Everything is positive, so nothing cancels.
#[inline(always)]
fn weighted_annuity<T: Number>(v: T, kept: T, n: u32) -> (T, T) {
    let (zero, one) = (v.of(0.0), v.of(1.0));
    let (mut worth, mut weighted, mut mixed) = (zero, zero, zero);
    let (mut v_power, mut kept_power) = (one, one);
    for bit in (0..u32::BITS - n.leading_zeros()).rev() {
        weighted = weighted * (one + kept_power) + worth * v * mixed;
        worth = worth * (one + v_power);
        mixed = mixed * (kept_power + v_power);
        v_power = v_power * v_power;
        kept_power = kept_power * kept_power;
        if n >> bit & 1 == 1 {
            worth = v * (one + worth);
            weighted = worth + kept * weighted;
            mixed = kept * mixed + v_power;
            v_power = v_power * v;
            kept_power = kept_power * kept;
        }
    }
    (worth, weighted)
}

impl<T: Number> Loan<T> {
    /// The sums of balances that fall by equal instalments at a rate per year.
    #[inline(always)]
    pub(super) fn sums(&self, months: u32, discount: f64, rate: T) -> Sums<T> {
        let one = rate.of(1.0);
        let kept = (one - self.hazard) * (self.stay * rate.of(discount));
        let (worth, weighted) = weighted_annuity(one / (one + rate / rate.of(YEAR)), kept, months);
        let balance = rate.of(discount) * (weighted / worth);
        let failing = self.hazard * balance;
        Sums { balance, failing, paying: balance - failing }
    }

    /// Income before tax at a rate.
    #[inline(always)]
    fn income(&self, rate: T, sums: Sums<T>) -> T {
        let year = rate.of(YEAR);
        rate / year * sums.paying + self.running / year * sums.balance - self.lgd * sums.failing + self.start
    }

    /// Income after tax, and the capital times the years for which it is bound.
    #[inline(always)]
    pub(super) fn earned(&self, rate: T, sums: Sums<T>) -> (T, T) {
        ((rate.of(1.0) - self.tax) * self.income(rate, sums), self.capital / rate.of(YEAR) * sums.balance)
    }

    /// Income before tax less what the capital must earn before tax: 0 at break-even.
    #[inline(always)]
    pub(super) fn excess(&self, rate: T, sums: Sums<T>, hurdle: f64) -> T {
        let charge = rate.of(hurdle) / (rate.of(1.0) - self.tax);
        self.income(rate, sums) - charge * (self.capital / rate.of(YEAR) * sums.balance)
    }

    /// The rate at which it would break even if the balances were those of the sums.
    #[inline(always)]
    pub(super) fn needed(&self, sums: Sums<T>, hurdle: f64) -> T {
        let zero = self.tax.of(0.0);
        (zero - self.excess(zero, sums, hurdle)) * zero.of(YEAR) / sums.paying
    }

    /// The rate of equal instalments that breaks even, and 1 where it was found, 0 where the whole range must be searched. With costs
    /// at the start and no income there, a larger balance needs a lower rate, so there is one at most.
    ///
    /// By secants on r − N(r), where N is the rate that is needed at the balances of r: all but a straight line, because balances
    /// only matter for what is paid at the start. A secant is off by ½·|N''| times how far its two rates were. Payments that are
    /// n months away at most keep |N''| below n / 6 of |N'|, and N' is known from the secant: so its error is known before the
    /// next rate is tried. Whoever puts the rate in again finds the hurdle to [`TOLERANCE`], which tests do.
    #[inline(always)]
    pub(super) fn solve(&self, months: u32, hurdle: Hurdle) -> (T, T) {
        let (zero, one) = (self.tax.of(0.0), self.tax.of(1.0));
        let [low, high] = RATES.map(|rate| zero.of(rate));
        let needed = |rate: T| self.needed(self.sums(months, hurdle.discount, rate), hurdle.rate);
        let n = f64::from(months);
        // Balances that fall evenly, of those that are left at a third of the term.
        let gone = one - (one - self.hazard) * (self.stay * zero.of(hurdle.discount));
        let balance = zero.of(hurdle.discount * (n + 1.0) / 2.0) / (one + gone * zero.of(n / 3.0));
        let failing = self.hazard * balance;
        let mut before = self.needed(Sums { balance, failing, paying: balance - failing }, hurdle.rate);
        let mut rate = needed(before);
        let mut off_before = before - rate;
        // Without costs at the start the first guess is the solution.
        let mut settled = off_before.abs().at_most(zero, one, zero);
        let mut found = before;
        let precision = self.capital * zero.of(TOLERANCE * YEAR / n);
        for _ in 0..TRIES {
            if settled.least() > 0.0 {
                break;
            }
            let off = rate - needed(rate);
            let slope = (off - off_before) / (rate - before);
            let step = off / slope;
            let next = off.abs().at_most(zero, rate, rate - step);
            let error = off.abs().at_most(zero, zero, (step * (rate - before) * (slope - one)).abs());
            let within = low.at_most(next, one, zero) * next.at_most(high, one, zero);
            let now = error.at_most(precision, within, zero);
            // The first time counts.
            found = settled.at_most(zero, now.at_most(zero, found, next), found);
            settled = settled.at_most(zero, now, settled);
            (before, off_before, rate) = (rate, off, next);
        }
        let within = low.at_most(found, one, zero) * found.at_most(high, one, zero);
        (found, settled * within)
    }
}
