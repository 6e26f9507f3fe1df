//! Demand: who accepts a price, the best legal price, and what a budget is lent to.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::{Calculation, Input};
use crate::data::decimal;
use crate::error::{Error, Problem, Result};
use crate::pricing::{
    Allocation, AllocationTerms, BestPrice, Candidate, FrontierPoint, Lifetime, LifetimeTerms, PriceRung, SegmentLadder,
    SinglePeriod, TakeUp, best_price, efficient_frontier, price_ladder,
};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<Share>("take_up", "The share of offers accepted at a rate, and its elasticity."),
    Calculation::new::<Ladder>("price_ladder", "Prices in equal steps with what each earns."),
    Calculation::new::<Best>("best_price", "The legal price at which an offer is expected to earn most."),
    Calculation::new::<Segments>("efficient_frontier", "Prices by segment that earn most for the volume they bring."),
    Calculation::new::<Budget>(
        "allocation",
        "What a lending budget is lent to, with prices of its limits and a bound on the optimum.",
    ),
];

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    curve: TakeUp,
    rate: f64,
}

#[derive(Serialize)]
struct ShareAnswer {
    share: f64,
    elasticity: f64,
}

impl Input for Share {
    type Answer = ShareAnswer;

    fn answer(self) -> Result<ShareAnswer> {
        self.curve.validate()?;
        if !self.rate.is_finite() {
            return Err(Error::data(Problem::new("must be finite", "pass a fraction per year").field("rate")));
        }
        Ok(ShareAnswer { share: self.curve.share(self.rate), elasticity: self.curve.elasticity(self.rate) })
    }
}

/// What an accepted offer earns: its economic value added, per unit of the loan.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Loan {
    SinglePeriod { loan: SinglePeriod },
    Lifetime { terms: LifetimeTerms },
}

impl Loan {
    /// Hands the least rate that reaches the hurdle, and what is earned at a rate, to `work`.
    fn earn<T>(&self, hurdle: f64, work: impl FnOnce(Option<f64>, &mut dyn FnMut(f64) -> f64) -> Result<T>) -> Result<T> {
        match self {
            Loan::SinglePeriod { loan } => {
                loan.validate()?;
                work(Some(loan.break_even_rate(hurdle)), &mut |rate| SinglePeriod { rate, ..*loan }.eva(hurdle))
            }
            Loan::Lifetime { terms } => {
                let loan = Lifetime::new(terms, hurdle)?;
                let needed = loan.break_even_rate()?.rate();
                work(needed, &mut |rate| loan.at(rate).map_or(f64::NAN, |at| at.eva))
            }
        }
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ladder {
    curve: TakeUp,
    earns: Loan,
    hurdle: f64,
    low: f64,
    high: f64,
    steps: usize,
}

#[derive(Serialize)]
struct LadderAnswer {
    rungs: Vec<PriceRung>,
}

impl Input for Ladder {
    type Answer = LadderAnswer;

    fn answer(self) -> Result<LadderAnswer> {
        let ladder = |_, value: &mut dyn FnMut(f64) -> f64| price_ladder(&self.curve, self.low, self.high, self.steps, value);
        Ok(LadderAnswer { rungs: self.earns.earn(self.hurdle, ladder)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Best {
    curve: TakeUp,
    earns: Loan,
    hurdle: f64,
    cap: f64,
    #[serde(default = "usual")]
    steps: usize,
}

fn usual() -> usize {
    200
}

impl Input for Best {
    type Answer = BestPrice;

    fn answer(self) -> Result<BestPrice> {
        self.earns.earn(self.hurdle, |needed, value| match needed {
            Some(needed) => best_price(&self.curve, needed, self.cap, self.steps, value),
            None => Err(Error::data(Problem::new("no rate reaches the hurdle", "look at the costs and fees").field("hurdle"))),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Segments {
    segments: Vec<SegmentLadder>,
}

#[derive(Serialize)]
struct FrontierAnswer {
    points: Vec<FrontierPoint>,
}

impl Input for Segments {
    type Answer = FrontierAnswer;

    fn answer(self) -> Result<FrontierAnswer> {
        Ok(FrontierAnswer { points: efficient_frontier(&self.segments)? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    terms: AllocationTerms,
    candidates: Vec<Candidate>,
}

impl Input for Budget {
    type Answer = Allocation;

    fn answer(self) -> Result<Allocation> {
        self.terms.allocate(&self.candidates)
    }
}
