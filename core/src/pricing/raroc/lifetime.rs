//! Return on risk-adjusted capital over the life of a loan, from expected cash flows.

use serde::Serialize;

use super::life_terms::{BalancePath, LifetimeTerms, PdPath};
use super::solve::{RateSolution, solve_rate, solve_rising};
use super::waterfall::Waterfall;
use crate::error::{Error, Problem, Result};
use crate::math::{exp, exp_m1, ln_1p};

/// Lowest and highest rate that is solved for, per year.
const RATES: [f64; 2] = [-0.5, 10.0];

/// Rates that are looked at where more than one could solve.
const STEPS: usize = 1_050;

/// A rate to begin with.
const USUAL: f64 = 0.1;

const YEAR: f64 = 12.0;

/// A loan whose life is computed month by month: of those that are alive a share defaults, the others pay interest and
/// principal, and a share of them repays at once. In month t, with N alive and the opening balance B:
///
/// interest N·(1 − q)·B·r/12, funding N·B·f/12, cost N·B·o/12, loss N·q·LGD·B, capital N·κ·B with the benefit N·κ·B·r_c/12;
/// alive afterwards N·(1 − q)·(1 − SMM). Lifetime RAROC = (Σ vᵗ·NI − (1 − tax)·origination) / Σ vᵗ·capital/12 with
/// v = (1 + hurdle)^(−1/12); EVA = numerator − hurdle · denominator, so RAROC is the hurdle where EVA is 0.
///
/// ```
/// use scoreline::pricing::{BalancePath, Lifetime, LifetimeTerms, PdPath};
/// let terms = LifetimeTerms {
///     months: 36, balance: BalancePath::EqualInstalment {}, pd: PdPath::Yearly { pd: 0.03 }, prepayment: 0.1, lgd: 0.6,
///     funding: 0.032, opex: 0.015, origination: 0.003, upfront_fee: 0.0, running_fee: 0.0, capital: 0.08,
///     capital_benefit: 0.025, tax: 0.25,
/// };
/// let loan = Lifetime::new(&terms, 0.12)?;
/// let rate = loan.break_even_rate()?.rate().unwrap();
/// assert!((rate - 0.0786370878).abs() < 1e-10);
/// assert!((loan.at(rate)?.raroc - 0.12).abs() < 1e-10);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Lifetime<'a> {
    terms: &'a LifetimeTerms,
    hurdle: f64,
    /// Share of those alive that default in a month, where it is the same in all.
    hazard: f64,
    /// Share of those that did not default which stay.
    stay: f64,
    /// Discount factor of a month at the hurdle.
    discount: f64,
}

/// What a loan earns at a rate; amounts are present values at the hurdle, per unit of the principal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LifetimeReturn {
    /// Rate per year that the borrower pays.
    pub rate: f64,
    /// Lifetime return on risk-adjusted capital, per year.
    pub raroc: f64,
    /// Economic value added: income after tax less the hurdle on the capital.
    pub eva: f64,
    /// Income after tax, less the cost of origination and with the fees at the start.
    pub net_income: f64,
    /// Capital, times the years for which it is bound.
    pub capital_years: f64,
}

/// Expected figures of one month, per unit of the principal, undiscounted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LifetimeMonth {
    /// Share of loans alive at its start.
    pub alive: f64,
    /// Balance before the payment of a loan that is alive.
    pub balance: f64,
    /// Interest received.
    pub interest: f64,
    /// Running fees received.
    pub fees: f64,
    /// Funding paid.
    pub funding: f64,
    /// Running cost.
    pub opex: f64,
    /// Expected loss.
    pub expected_loss: f64,
    /// Capital bound.
    pub capital: f64,
    /// Income after tax.
    pub net_income: f64,
}

/// Discounted sums over the months, per unit of the principal.
#[derive(Debug, Clone, Copy)]
struct Sums {
    /// Balance of those alive.
    balance: f64,
    /// Balance of those that pay interest.
    paying: f64,
    /// Balance of those that default.
    failing: f64,
}

impl<'a> Lifetime<'a> {
    /// Of terms, at a hurdle per year in (−1, 10].
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every problem of the terms, or for another hurdle.
    pub fn new(terms: &'a LifetimeTerms, hurdle: f64) -> Result<Self> {
        terms.validate()?;
        if !(hurdle > -1.0 && hurdle <= 10.0) {
            return Err(Error::data(Problem::new("must lie in (-1, 10]", "pass a fraction per year").field("hurdle")));
        }
        let hazard = match &terms.pd {
            PdPath::Yearly { pd } => -exp_m1(ln_1p(-pd) / YEAR),
            PdPath::Monthly { .. } => f64::NAN,
        };
        let stay = exp(ln_1p(-terms.prepayment) / YEAR);
        Ok(Lifetime { terms, hurdle, hazard, stay, discount: exp(-ln_1p(hurdle) / YEAR) })
    }

    /// The share of those alive that default in a month.
    #[inline]
    fn hazard(&self, month: usize) -> f64 {
        match &self.terms.pd {
            PdPath::Yearly { .. } => self.hazard,
            PdPath::Monthly { hazards } => hazards.get(month).copied().unwrap_or(0.0),
        }
    }

    /// Hands each month, from the last to the first, with the opening balance of a loan that is alive at the rate `i` per month to
    /// `each`, up to a common factor; gives the factor. Backwards, because instalments then add up instead of being taken from
    /// balances that grow: no rounding is magnified.
    #[inline]
    fn backwards(&self, i: f64, mut each: impl FnMut(usize, f64)) -> f64 {
        let months = self.terms.months as usize;
        match &self.terms.balance {
            BalancePath::EqualInstalment {} => {
                // The balance is what the instalments that are left are worth: in units of an instalment.
                let (v, mut worth) = (1.0 / (1.0 + i), 0.0);
                for month in (0..months).rev() {
                    worth = v * (1.0 + worth);
                    each(month, worth);
                }
                worth
            }
            BalancePath::EqualPrincipal {} => {
                (0..months).rev().for_each(|month| each(month, (months - month) as f64));
                months as f64
            }
            BalancePath::Bullet {} => {
                (0..months).rev().for_each(|month| each(month, 1.0));
                1.0
            }
            BalancePath::Given { opening } => {
                opening.iter().enumerate().rev().for_each(|(month, balance)| each(month, *balance));
                1.0
            }
        }
    }

    #[inline]
    fn sums(&self, i: f64) -> Sums {
        let kept = self.stay * self.discount;
        let (balance, failing) = match (&self.terms.balance, &self.terms.pd) {
            (BalancePath::EqualInstalment {}, PdPath::Yearly { .. }) => {
                let (worth, weighted) = weighted_annuity(1.0 / (1.0 + i), (1.0 - self.hazard) * kept, self.terms.months);
                (weighted / worth, self.hazard * weighted / worth)
            }
            _ => {
                let (mut balance, mut failing) = (0.0, 0.0);
                let factor = self.backwards(i, |month, opening| {
                    let hazard = self.hazard(month);
                    let next = (1.0 - hazard) * kept;
                    balance = opening + next * balance;
                    failing = opening * hazard + next * failing;
                });
                (balance / factor, failing / factor)
            }
        };
        let (balance, failing) = (self.discount * balance, self.discount * failing);
        Sums { balance, failing, paying: balance - failing }
    }

    /// What income before tax takes besides interest, and what it gives at the start.
    #[inline]
    fn other_income(&self, sums: Sums) -> f64 {
        let terms = self.terms;
        let running = terms.running_fee + terms.capital * terms.capital_benefit - terms.funding - terms.opex;
        running / YEAR * sums.balance - terms.lgd * sums.failing + terms.upfront_fee - terms.origination
    }

    #[inline]
    fn capital_years(&self, sums: Sums) -> f64 {
        self.terms.capital / YEAR * sums.balance
    }

    /// Income before tax less what the capital must earn before tax: 0 at break-even.
    #[inline]
    fn excess(&self, rate: f64) -> f64 {
        self.excess_of(rate, self.sums(rate / YEAR))
    }

    #[inline]
    fn excess_of(&self, rate: f64, sums: Sums) -> f64 {
        rate / YEAR * sums.paying + self.other_income(sums) - self.hurdle / (1.0 - self.terms.tax) * self.capital_years(sums)
    }

    /// What the loan earns at a rate per year in [−0.5, 10].
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for another rate.
    pub fn at(&self, rate: f64) -> Result<LifetimeReturn> {
        self.check(rate)?;
        let sums = self.sums(rate / YEAR);
        let net_income = (1.0 - self.terms.tax) * (rate / YEAR * sums.paying + self.other_income(sums));
        let capital_years = self.capital_years(sums);
        Ok(LifetimeReturn {
            rate,
            raroc: net_income / capital_years,
            eva: net_income - self.hurdle * capital_years,
            net_income,
            capital_years,
        })
    }

    /// The rate at which lifetime RAROC is the hurdle and EVA is 0. In closed form where the balance does not depend on the rate.
    /// For equal instalments it is the only one when the PD is the same in every year and fees at the start do not exceed the cost
    /// of origination: a larger balance then earns more wherever the loan breaks even. Otherwise all rates from −50 % to 1,000 %
    /// are looked at in steps of a percentage point.
    ///
    /// # Errors
    /// As [`solve_rate`].
    #[inline]
    pub fn break_even_rate(&self) -> Result<RateSolution> {
        let closed = |sums: Sums| {
            let needed = self.hurdle / (1.0 - self.terms.tax) * self.capital_years(sums) - self.other_income(sums);
            YEAR * needed / sums.paying
        };
        let [low, high] = RATES;
        match (&self.terms.balance, &self.terms.pd) {
            (BalancePath::EqualInstalment {}, PdPath::Yearly { .. }) if self.terms.upfront_fee <= self.terms.origination => {
                let sums = self.sums(USUAL / YEAR);
                let start = [USUAL, self.excess_of(USUAL, sums)];
                // At the balances of a usual rate the solution would be this one, which is near.
                Ok(solve_rising(start, closed(sums), [low, high], |rate| self.excess(rate)))
            }
            (BalancePath::EqualInstalment {}, _) => solve_rate(low, high, STEPS, |rate| self.excess(rate)),
            _ => Ok(RateSolution::Unique { rate: closed(self.sums(0.0)) }),
        }
    }

    /// What the break-even `rate` is made of, at the balances of that rate. The parts add up to it.
    ///
    /// # Errors
    /// As [`Lifetime::at`].
    pub fn waterfall(&self, rate: f64) -> Result<Waterfall> {
        self.check(rate)?;
        let (sums, terms) = (self.sums(rate / YEAR), self.terms);
        let years = sums.paying / YEAR;
        let on_balance = |per_year: f64| per_year / YEAR * sums.balance / years;
        Ok(Waterfall {
            funding: on_balance(terms.funding),
            opex: on_balance(terms.opex),
            origination: terms.origination / years,
            expected_loss: terms.lgd * sums.failing / years,
            capital_charge: on_balance(terms.capital * (self.hurdle / (1.0 - terms.tax) - terms.capital_benefit)),
            fees: -on_balance(terms.running_fee) - terms.upfront_fee / years,
        })
    }

    /// The expected figures of each month at a rate per year in [−0.5, 10].
    ///
    /// # Errors
    /// As [`Lifetime::at`].
    pub fn cash_flows(&self, rate: f64) -> Result<Vec<LifetimeMonth>> {
        self.check(rate)?;
        let (terms, i) = (self.terms, rate / YEAR);
        let mut balances = Vec::with_capacity(terms.months as usize);
        let factor = self.backwards(i, |month, balance| balances.push((month, balance)));
        let mut alive = 1.0;
        let month = |(month, balance): (usize, f64)| {
            let (balance, hazard) = (balance / factor, self.hazard(month));
            let outstanding = alive * balance;
            let capital = terms.capital * outstanding;
            let (interest, fees) = (outstanding * (1.0 - hazard) * i, outstanding * terms.running_fee / YEAR);
            let (funding, opex) = (outstanding * terms.funding / YEAR, outstanding * terms.opex / YEAR);
            let expected_loss = outstanding * hazard * terms.lgd;
            let income = interest + fees + capital * terms.capital_benefit / YEAR - funding - opex - expected_loss;
            let net_income = (1.0 - terms.tax) * income;
            let flows = LifetimeMonth { alive, balance, interest, fees, funding, opex, expected_loss, capital, net_income };
            alive *= (1.0 - hazard) * self.stay;
            flows
        };
        Ok(balances.into_iter().rev().map(month).collect())
    }

    /// What amounts are worth, at the hurdle and per unit of the principal, that fall due with the payments: of one in each month
    /// paid by those that do not default in it, and of the other by all that are alive at its start. In months that `amounts` does not
    /// have nothing is due.
    pub(in crate::pricing) fn value_of(&self, amounts: &[[f64; 2]]) -> [f64; 2] {
        let kept = self.stay * self.discount;
        let (mut paying, mut alive) = (0.0, 0.0);
        for (month, [of_paying, of_alive]) in amounts.iter().enumerate().rev() {
            let survive = 1.0 - self.hazard(month);
            paying = of_paying * survive + survive * kept * paying;
            alive = of_alive + survive * kept * alive;
        }
        [self.discount * paying, self.discount * alive]
    }

    fn check(&self, rate: f64) -> Result<()> {
        let [low, high] = RATES;
        if (low..=high).contains(&rate) {
            return Ok(());
        }
        Err(Error::data(Problem::new("must lie in [-0.5, 10]", "pass a fraction per year, not percent").field("rate")))
    }
}

/// What `n` instalments of 1 are worth at the discount factor `v`, a = v + v² + … + vⁿ, and the sum of what is left of them before
/// each, weighted with the powers of `kept`: Σ keptᵗ⁻¹ · a₍ₙ₋ₜ₊₁₎ for t from 1. By doubling: with H = Σ keptʲ · vᵐ⁻¹⁻ʲ,
/// S₂ₘ = Sₘ · (1 + keptᵐ) + aₘ · v · Hₘ. Everything is positive, so nothing cancels.
#[inline]
fn weighted_annuity(v: f64, kept: f64, n: u32) -> (f64, f64) {
    let (mut worth, mut weighted, mut mixed) = (0.0, 0.0, 0.0);
    let (mut v_power, mut kept_power) = (1.0, 1.0);
    for bit in (0..u32::BITS - n.leading_zeros()).rev() {
        weighted = weighted * (1.0 + kept_power) + worth * v * mixed;
        worth *= 1.0 + v_power;
        mixed *= kept_power + v_power;
        v_power *= v_power;
        kept_power *= kept_power;
        if n >> bit & 1 == 1 {
            worth = v * (1.0 + worth);
            weighted = worth + kept * weighted;
            mixed = kept * mixed + v_power;
            v_power *= v;
            kept_power *= kept;
        }
    }
    (worth, weighted)
}
