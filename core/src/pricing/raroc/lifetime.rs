//! Return on risk-adjusted capital over the life of a loan, from expected cash flows.

use serde::Serialize;

use super::hurdle::above_funding;
use super::life_terms::{BalancePath, LifetimeTerms, PdPath};
use super::loan::{Hurdle, Loan, RATES, Sums, YEAR, monthly};
use super::solve::{RateSolution, solve_between, solve_rate};
use super::waterfall::Waterfall;
use crate::error::{Error, Problem, Result};
use crate::math::{exp, ln_1p};

/// Rates that are looked at where more than one could solve.
const STEPS: usize = 1_050;

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
    hurdle: Hurdle,
    loan: Loan<f64>,
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

impl<'a> Lifetime<'a> {
    /// Of terms, at a hurdle per year in (−1, 10].
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every problem of the terms, or for another hurdle.
    pub fn new(terms: &'a LifetimeTerms, hurdle: f64) -> Result<Self> {
        terms.validate()?;
        Ok(Lifetime { terms, hurdle: Hurdle::new(hurdle)?, loan: terms.loan() })
    }

    /// The share of those alive that default in a month.
    #[inline]
    fn hazard(&self, month: usize) -> f64 {
        match &self.terms.pd {
            PdPath::Yearly { .. } => self.loan.hazard,
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
    fn sums(&self, rate: f64) -> Sums<f64> {
        let discount = self.hurdle.discount;
        if let (BalancePath::EqualInstalment {}, PdPath::Yearly { .. }) = (&self.terms.balance, &self.terms.pd) {
            return self.loan.sums(self.terms.months, discount, rate);
        }
        let kept = self.loan.stay * discount;
        let (mut balance, mut failing) = (0.0, 0.0);
        let factor = self.backwards(rate / YEAR, |month, opening| {
            let hazard = self.hazard(month);
            let next = (1.0 - hazard) * kept;
            balance = opening + next * balance;
            failing = opening * hazard + next * failing;
        });
        let (balance, failing) = (discount * (balance / factor), discount * (failing / factor));
        Sums { balance, failing, paying: balance - failing }
    }

    #[inline]
    fn excess(&self, rate: f64) -> f64 {
        self.loan.excess(rate, self.sums(rate), self.hurdle.rate)
    }

    /// What the loan earns at a rate per year in [−0.5, 10].
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for another rate.
    pub fn at(&self, rate: f64) -> Result<LifetimeReturn> {
        self.check(rate)?;
        let (net_income, capital_years) = self.loan.earned(rate, self.sums(rate));
        Ok(LifetimeReturn {
            rate,
            raroc: net_income / capital_years,
            eva: net_income - self.hurdle.rate * capital_years,
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
    /// As [`solve_rate`]; [`InvalidData`](crate::ErrorCode::InvalidData) for a hurdle below the funding rate: capital that asks for
    /// less than deposits is no capital.
    #[inline]
    pub fn break_even_rate(&self) -> Result<RateSolution> {
        above_funding(self.hurdle.rate, self.terms.funding)?;
        let [low, high] = RATES;
        match (&self.terms.balance, &self.terms.pd) {
            (BalancePath::EqualInstalment {}, PdPath::Yearly { .. }) if self.loan.start <= 0.0 => {
                let (rate, settled) = self.loan.solve(self.terms.months, self.hurdle);
                Ok(if settled > 0.0 { RateSolution::Unique { rate } } else { solve_between(low, high, |rate| self.excess(rate)) })
            }
            (BalancePath::EqualInstalment {}, _) => solve_rate(low, high, STEPS, |rate| self.excess(rate)),
            _ => Ok(RateSolution::Unique { rate: self.loan.needed(self.sums(0.0), self.hurdle.rate) }),
        }
    }

    /// What the break-even `rate` is made of, at the balances of that rate. The parts add up to it.
    ///
    /// # Errors
    /// As [`Lifetime::at`], and for a hurdle below the funding rate.
    pub fn waterfall(&self, rate: f64) -> Result<Waterfall> {
        self.check(rate)?;
        above_funding(self.hurdle.rate, self.terms.funding)?;
        let (sums, terms) = (self.sums(rate), self.terms);
        let years = sums.paying / YEAR;
        let on_balance = |per_year: f64| per_year / YEAR * sums.balance / years;
        Ok(Waterfall {
            funding: on_balance(terms.funding),
            opex: on_balance(terms.opex),
            origination: terms.origination / years,
            expected_loss: terms.lgd * sums.failing / years,
            capital_charge: on_balance(terms.capital * (self.hurdle.rate / (1.0 - terms.tax) - terms.capital_benefit)),
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
            alive *= (1.0 - hazard) * self.loan.stay;
            flows
        };
        Ok(balances.into_iter().rev().map(month).collect())
    }

    /// What amounts are worth, at the hurdle and per unit of the principal, that fall due with the payments: of one in each month
    /// paid by those that do not default in it, and of the other by all that are alive at its start. In months that `amounts` does not
    /// have nothing is due.
    pub(in crate::pricing) fn value_of(&self, amounts: &[[f64; 2]]) -> [f64; 2] {
        let kept = self.loan.stay * self.hurdle.discount;
        let (mut paying, mut alive) = (0.0, 0.0);
        for (month, [of_paying, of_alive]) in amounts.iter().enumerate().rev() {
            let survive = 1.0 - self.hazard(month);
            paying = of_paying * survive + survive * kept * paying;
            alive = of_alive + survive * kept * alive;
        }
        [self.hurdle.discount * paying, self.hurdle.discount * alive]
    }

    fn check(&self, rate: f64) -> Result<()> {
        let [low, high] = RATES;
        if (low..=high).contains(&rate) {
            return Ok(());
        }
        Err(Error::data(Problem::new("must lie in [-0.5, 10]", "pass a fraction per year, not percent").field("rate")))
    }
}

impl Hurdle {
    /// A hurdle per year in (−1, 10].
    pub(super) fn new(rate: f64) -> Result<Self> {
        if rate > -1.0 && rate <= 10.0 {
            return Ok(Hurdle { rate, discount: exp(-ln_1p(rate) / YEAR) });
        }
        Err(Error::data(Problem::new("must lie in (-1, 10]", "pass a fraction per year").field("hurdle")))
    }
}

impl LifetimeTerms {
    /// What its months have in common; the hazard is NaN where they do not share it.
    fn loan(&self) -> Loan<f64> {
        Loan {
            hazard: match self.pd {
                PdPath::Yearly { pd } => monthly(pd),
                PdPath::Monthly { .. } => f64::NAN,
            },
            stay: 1.0 - monthly(self.prepayment),
            lgd: self.lgd,
            running: self.running_fee + self.capital * self.capital_benefit - self.funding - self.opex,
            start: self.upfront_fee - self.origination,
            capital: self.capital,
            tax: self.tax,
        }
    }
}
