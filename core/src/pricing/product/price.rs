//! One loan priced: the lowest rate that earns the hurdle, the highest within the law, and the grid that rates lie on.

use std::collections::BTreeMap;

use super::economics::{Earned, Economics, FINEST, schedule_terms};
use super::law::Law;
use super::need::QuoteRequest;
use super::terms::Product;
use crate::error::{Error, Problem, Result};
use crate::math::find_root;
use crate::pricing::policy::steps_per_unit;
use crate::pricing::{CapBreach, CapOnDay, GuardBound, RateBasis, Repayment, Schedule, ScheduleTerms};

/// To what a rate is solved, per year.
const TOLERANCE: f64 = 1e-14;

/// The highest rate that is looked at, per year.
const MOST: f64 = 10.0;

/// A schedule at a rate with its cost.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    pub(super) schedule: Schedule,
    pub(super) all_in: BTreeMap<RateBasis, f64>,
}

/// The rate that earns the hurdle.
#[derive(Debug, Clone, Copy)]
pub(super) enum Needed {
    /// The lowest one from the floor on.
    Rate(f64),
    /// There is none.
    None { nearest: f64, shortfall: f64 },
}

/// A loan that a product would make.
#[derive(Debug, Clone)]
pub(super) struct Deal<'a> {
    product: &'a Product,
    economics: Economics<'a>,
    law: Law,
    terms: ScheduleTerms,
    /// Steps of the rate in one.
    steps: f64,
}

impl<'a> Deal<'a> {
    pub(super) fn new(product: &'a Product, request: &QuoteRequest<'a>, repayment: &Repayment) -> Result<Self> {
        Ok(Deal {
            product,
            economics: Economics::new(product, request.need, repayment, request.risk, request.day)?,
            law: Law::on(product, request.packs, request.day)?,
            terms: schedule_terms(product, request.need, repayment, request.day),
            steps: product.rate_step.and_then(steps_per_unit).unwrap_or(FINEST),
        })
    }

    pub(super) fn earned(&self, rate: f64) -> Result<Earned> {
        self.economics.at(rate)
    }

    pub(super) fn terms(&self, rate: f64) -> ScheduleTerms {
        ScheduleTerms { rate, ..self.terms.clone() }
    }

    /// The schedule in minor units and what it costs.
    pub(super) fn cost(&self, rate: f64) -> Result<Cost> {
        let schedule = self.terms(rate).schedule()?;
        let all_in = self.law.all_in(&schedule)?;
        Ok(Cost { schedule, all_in })
    }

    pub(super) fn breach(&self, cost: &Cost) -> Option<CapBreach> {
        self.law.breach(&cost.all_in)
    }

    pub(super) fn nearest_cap(&self, cost: &Cost) -> Option<CapBreach> {
        self.law.nearest(&cost.all_in)
    }

    /// No price is lower.
    pub(super) fn floor(&self) -> f64 {
        self.up(self.product.rates.low.max(self.product.guard.map_or(0.0, |guard| guard.floor)))
    }

    /// What sets a price at the lowest rate that earns the hurdle.
    pub(super) fn bound_of(&self, needed: f64) -> GuardBound {
        if needed > self.floor() { GuardBound::Hurdle } else { GuardBound::Floor }
    }

    pub(super) fn caps(&self) -> &[CapOnDay] {
        &self.law.0
    }

    /// The nearest rate on the grid that is not below.
    pub(super) fn up(&self, rate: f64) -> f64 {
        self.on_grid(rate, f64::ceil)
    }

    /// The nearest rate on the grid that is not above.
    pub(super) fn down(&self, rate: f64) -> f64 {
        self.on_grid(rate, f64::floor)
    }

    fn on_grid(&self, rate: f64, round: impl Fn(f64) -> f64) -> f64 {
        let nearest = (rate * self.steps).round() / self.steps;
        // A rate that is on the grid stays, though its product with the steps may miss the whole number.
        if nearest == rate { rate } else { round(rate * self.steps) / self.steps }
    }

    /// The lowest rate from the floor on that earns the hurdle. Rates are looked at a percentage point apart up to 100 %, then ten;
    /// two changes between profit and loss within one step are not seen. Where no schedule can be made, as below a discount,
    /// nothing is earned.
    pub(super) fn needed(&self) -> Result<Needed> {
        let floor = self.floor();
        let later = (1..=190).map(|step| if step <= 100 { 0.01 * f64::from(step) } else { 1.0 + 0.1 * f64::from(step - 100) });
        let rates = std::iter::once(floor).chain(later.filter(|rate| *rate > floor && *rate <= MOST));
        let (mut best, mut below, mut failed): (Option<(f64, f64)>, Option<f64>, Option<Error>) = (None, None, None);
        for rate in rates {
            let eva = match self.economics.at(rate) {
                Ok(earned) => earned.eva,
                Err(error) => {
                    (below, failed) = (None, Some(error));
                    continue;
                }
            };
            if eva >= 0.0 {
                return self.first(below, rate).map(Needed::Rate);
            }
            below = Some(rate);
            if best.is_none_or(|(_, most)| eva > most) {
                best = Some((rate, eva));
            }
        }
        match (best, failed) {
            (Some((nearest, eva)), _) => Ok(Needed::None { nearest, shortfall: -eva }),
            (None, Some(error)) => Err(error),
            (None, None) => Err(Error::internal("no rate was looked at")),
        }
    }

    /// The first rate on the grid that earns the hurdle, between one that does not and one that does.
    fn first(&self, below: Option<f64>, enough: f64) -> Result<f64> {
        let Some(below) = below else { return Ok(self.up(enough)) };
        let eva = |rate: f64| self.economics.at(rate).map_or(f64::NAN, |earned| earned.eva);
        let root = find_root(below, enough, TOLERANCE, eva).ok_or_else(|| {
            let what = "no schedule can be made at the rates around the one that earns the hurdle";
            Error::config(Problem::new(what, "change the repayment or the promotions").field("repayment"))
        })?;
        // What the last digits of the solution hide, the steps above it show.
        let from = (root * self.steps).floor();
        let mut ahead = 0.0;
        loop {
            let rate = (from + ahead) / self.steps;
            if rate >= enough {
                return Ok(self.up(enough));
            }
            if eva(rate) >= 0.0 {
                return Ok(rate);
            }
            ahead = 2.0 * ahead + f64::from(u8::from(ahead == 0.0));
        }
    }

    /// The highest rate on the grid up to that of the product which is within every cap, and the cap that stops it there; `needed`
    /// is within every cap. What a schedule costs rises with its rate; rounding to minor units may bend that by as much as a unit, so
    /// the answer is looked at again.
    pub(super) fn highest(&self, needed: f64) -> Result<(f64, Option<CapBreach>)> {
        let most = self.down(self.product.rates.high).max(needed);
        let excess = |rate: f64| match self.cost(rate) {
            Ok(cost) => self.law.nearest(&cost.all_in).map_or(-1.0, |nearest| nearest.excess),
            Err(_) => f64::INFINITY,
        };
        if excess(most) <= 0.0 {
            return Ok((most, None));
        }
        // Where no schedule can be made the loan is not legal either; halving needs a number for it.
        let root = find_root(needed, most, TOLERANCE, |rate| excess(rate).min(10.0)).unwrap_or(needed);
        let mut rate = self.down(root).max(needed);
        let mut back = 1.0 / self.steps;
        while rate > needed && excess(rate) > 0.0 {
            rate = self.down(rate - back).max(needed);
            back *= 2.0;
        }
        Ok((rate, self.nearest_cap(&self.cost(rate)?)))
    }
}
