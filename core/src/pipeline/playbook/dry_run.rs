//! What a plan would do to a book of applications.

use serde::Serialize;

use super::Playbook;
use crate::data::{Batch, Date};
use crate::decision::Outcome;
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use crate::pipeline::answer::Decision;
use crate::pipeline::fitted::Pipeline;
use crate::pipeline::scorer::Scorer;
use crate::pricing::{Money, Price, PricingPolicy, SinglePeriod};
use crate::stats::ExactSum;
use crate::tier::{After, ByTier, MigrationMatrix, RiskTier};

/// What reaches the hurdle up to rounding noise reaches it.
const NOISE: f64 = 1e-9;

/// What is offered to a book of applications. Figures are of a year and of the offers: applications that are not declined and have
/// a legal price, each with its own PD.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offers {
    /// Applications by tier.
    pub tiers: ByTier<u64>,
    /// Applications by outcome: approved, referred, declined.
    pub outcomes: [u64; 3],
    /// Applications whose hurdle lies above the cap.
    pub no_legal_price: u64,
    /// How many offers there are.
    pub offers: u64,
    /// What they offer.
    pub amount: Money,
    /// Their expected loss.
    pub expected_loss: f64,
    /// The capital that they bind.
    pub capital: f64,
    /// Their income after tax.
    pub net_income: f64,
    /// Income over capital; none without offers.
    pub raroc: Option<f64>,
    /// The share of the offers made without the plan that reach the hurdle within the caps at their rate; none without offers.
    pub above_hurdle: Option<f64>,
}

/// What a plan changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DryRun {
    /// Without it.
    pub before: Offers,
    /// With it.
    pub after: Offers,
    /// From which tier to which.
    pub migration: MigrationMatrix,
    /// The swap set: applications by outcome without the plan (row) and with it (column), each approved, referred, declined.
    pub swaps: [[u64; 3]; 3],
    /// Number of rows that could not be decided, with or without the plan.
    pub refused: usize,
    /// These rows with the reason, in rising order.
    #[serde(skip)]
    pub errors: Vec<(usize, Error)>,
}

/// An offer at its price.
#[derive(Clone, Copy)]
struct Offer {
    amount: Money,
    pd: f64,
    rate: f64,
}

impl Offer {
    fn of(decision: &Decision) -> Option<Self> {
        let (Some(amount), Some(Price::Quote { rate, .. })) = (decision.amount, decision.price) else { return None };
        let offered = decision.outcome != Some(Outcome::Decline) && amount.minor() > 0;
        offered.then_some(Offer { amount, pd: decision.pd, rate })
    }

    fn size(self) -> f64 {
        self.amount.minor() as f64 / crate::math::powi(10.0, self.amount.decimals())
    }

    /// The offer over a year, with its own PD.
    fn year(self, policy: &PricingPolicy) -> Result<SinglePeriod> {
        Ok(SinglePeriod {
            rate: self.rate,
            fees: policy.fees_rate,
            funding: policy.funding_rate,
            funding_base: policy.funding_base,
            opex: policy.opex_rate + policy.fixed_cost / self.size(),
            expected_loss: self.pd * policy.lgd,
            capital: policy.capital.k(self.pd, policy.lgd)?,
            capital_benefit: policy.capital_benefit_rate,
            tax: policy.tax,
        })
    }
}

/// One side of a comparison.
struct Side {
    scorer: Scorer,
    pricing: Option<PricingPolicy>,
    cap: Option<f64>,
}

impl Side {
    fn new(pipeline: &Pipeline, as_of: Option<Date>) -> Result<Self> {
        let pricing = pipeline.pricing.clone();
        let cap = match (&pricing, as_of) {
            (Some(pricing), Some(day)) => pricing.cap_on(day)?,
            _ => None,
        };
        Ok(Side { scorer: Scorer::new(pipeline)?, pricing, cap })
    }

    /// Whether an offer reaches the hurdle within the cap.
    fn holds(&self, offer: Offer) -> Result<bool> {
        let Some(policy) = &self.pricing else { return Ok(false) };
        let year = offer.year(policy)?;
        let legal = self.cap.is_none_or(|cap| offer.rate + policy.fees_rate <= cap);
        Ok(legal && year.net_income() >= (policy.hurdle - NOISE) * year.capital)
    }
}

/// Figures that add up.
#[derive(Default)]
struct Sums {
    tiers: [u64; 4],
    outcomes: [u64; 3],
    no_legal_price: u64,
    offers: u64,
    minor: i128,
    loss: ExactSum,
    capital: ExactSum,
    income: ExactSum,
    /// Offers made without the plan, and those of them that reach the hurdle here.
    made: u64,
    reached: u64,
}

impl Sums {
    fn add(&mut self, decision: &Decision, policy: Option<&PricingPolicy>) -> Result<()> {
        if let Some(tier) = decision.tier {
            self.tiers[tier.index()] += 1;
        }
        if let Some(outcome) = decision.outcome {
            self.outcomes[outcome.index()] += 1;
        }
        self.no_legal_price += u64::from(matches!(decision.price, Some(Price::NoLegalPrice { .. })));
        if let (Some(offer), Some(policy)) = (Offer::of(decision), policy) {
            let (year, size) = (offer.year(policy)?, offer.size());
            self.offers += 1;
            self.minor += i128::from(offer.amount.minor());
            self.loss.add(size * year.expected_loss);
            self.capital.add(size * year.capital);
            self.income.add(size * year.net_income());
        }
        Ok(())
    }

    /// Counts an offer made without the plan, with the PD that it has here.
    fn judge(&mut self, offer: Offer, side: &Side) -> Result<()> {
        self.made += 1;
        self.reached += u64::from(side.holds(offer)?);
        Ok(())
    }

    fn offers(&self, decimals: u32) -> Result<Offers> {
        let amount = i64::try_from(self.minor).ok().and_then(|minor| Money::new(minor, decimals));
        let amount = amount.ok_or_else(|| {
            Error::data(Problem::new("the amounts of all offers do not fit", "run the plan on parts of the book").field("amount"))
        })?;
        let (capital, net_income) = (self.capital.value(), self.income.value());
        Ok(Offers {
            tiers: self.tiers.into(),
            outcomes: self.outcomes,
            no_legal_price: self.no_legal_price,
            offers: self.offers,
            amount,
            expected_loss: self.loss.value(),
            capital,
            net_income,
            raroc: (capital > 0.0).then(|| net_income / capital),
            above_hurdle: (self.made > 0).then(|| self.reached as f64 / self.made as f64),
        })
    }
}

impl Playbook {
    /// What the plan would do to a book of applications: tiers, outcomes, offers and their figures without it and with it. Nothing is
    /// changed; the answer does not depend on `threads`, nor on how the book is cut into batches.
    ///
    /// # Errors
    /// As [`Playbook::apply`] and [`Scorer::decide_batch`]. A row that cannot be decided on either side is left out on both.
    pub fn dry_run(&self, pipeline: &Pipeline, batches: &[Batch<'_>], as_of: Option<Date>, threads: Threads) -> Result<DryRun> {
        let (without, with) = (Side::new(pipeline, as_of)?, Side::new(&self.apply(pipeline)?, as_of)?);
        let mut compared = Compared::new()?;
        for batch in batches {
            let before = without.scorer.decide_batch(batch, as_of, threads)?;
            let after = with.scorer.decide_batch(batch, as_of, threads)?;
            let first = compared.rows;
            for (old, new) in before.iter().zip(after.iter()) {
                let row = compared.rows;
                compared.rows += 1;
                match (old, new) {
                    (Ok(old), Ok(new)) => compared.add(&without, &old, &with, &new).map_err(|error| error.at_row(row))?,
                    (Err(error), _) | (_, Err(error)) => compared.errors.push((row, error.clone().after_rows(first))),
                }
            }
        }
        Ok(DryRun {
            before: compared.before.offers(without.scorer.decimals())?,
            after: compared.after.offers(with.scorer.decimals())?,
            migration: compared.migration,
            swaps: compared.swaps,
            refused: compared.errors.len(),
            errors: compared.errors,
        })
    }
}

/// What is counted of both sides.
struct Compared {
    rows: usize,
    before: Sums,
    after: Sums,
    migration: MigrationMatrix,
    swaps: [[u64; 3]; 3],
    errors: Vec<(usize, Error)>,
}

impl Compared {
    fn new() -> Result<Self> {
        let (before, after, migration) = (Sums::default(), Sums::default(), MigrationMatrix::new(RiskTier::ALL.len())?);
        Ok(Compared { rows: 0, before, after, migration, swaps: [[0; 3]; 3], errors: Vec::new() })
    }

    fn add(&mut self, without: &Side, old: &Decision, with: &Side, new: &Decision) -> Result<()> {
        self.before.add(old, without.pricing.as_ref())?;
        self.after.add(new, with.pricing.as_ref())?;
        if let (Some(old), Some(new)) = (old.tier, new.tier) {
            self.migration.add(old.index(), After::from(new))?;
        }
        if let (Some(old), Some(new)) = (old.outcome, new.outcome) {
            self.swaps[old.index()][new.index()] += 1;
        }
        if let Some(offer) = Offer::of(old) {
            self.before.judge(offer, without)?;
            self.after.judge(Offer { pd: new.pd, ..offer }, with)?;
        }
        Ok(())
    }
}
