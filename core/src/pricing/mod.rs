//! Stage 8, money: what a loan costs and the rate that meets the hurdle within the law.
//!
//! grade PD → expected loss and capital → break-even rate → rounded up, at least the floor, at most the cap in
//! force. When the break-even rate lies above the cap the answer is [`Price::NoLegalPrice`], not an error.
//!
//! [`ScheduleTerms`] say when what falls due, exact to the minor unit; the rates of a [`Schedule`] or of any flows are those
//! that the law of a country asks for ([`reg_z_apr`], [`eu_apr`], [`annualised_irr`]).

mod allocation;
mod annuity;
mod apr;
pub mod capital;
mod caps;
mod demand;
pub mod loss;
mod money;
mod policy;
mod raroc;
mod schedule;
mod table;

pub use allocation::{
    Allocation, AllocationTerms, Candidate, Choice, Constraint, ConstraintUse, GroupCap, GroupLimit, MAX_LADDER_STEPS,
    MAX_SEARCHED, NoOffer, OfferMenu, VolumeBasis,
};
pub use annuity::{AnnuityPlan, MAX_MONTHS, annuity_factor, annuity_payment, annuity_plan, whole_months};
pub use apr::{
    AnnualisedRate, DatedFlow, EuRate, Flow, MAX_SIGN_CHANGES, RegZTolerance, Roots, TimeBase, UnitFlow, UnitPeriod,
    annualised_irr, eu_apr, internal_rates, irr, reg_z_apr, xirr,
};
pub use capital::{BASEL_CONFIDENCE, Capital, CapitalModel, expected_loss, irb_other_retail};
pub use caps::{
    CapBreach, CapLimit, CapOnDay, CapRule, CountryPack, GuardBound, Guarded, IndexValue, PastPrice, PriceGuard, PricedDeal,
    RateBasis, RateIndex, Unequal, inconsistencies,
};
pub use demand::{
    BestPrice, FrontierPoint, PriceRung, SegmentLadder, TakeUp, TakeUpPoint, best_price, efficient_frontier, price_ladder,
};
pub use money::{MAX_DECIMALS, Money, Rounding};
pub use policy::{PricingPolicy, RateCap};
pub use raroc::{
    BalancePath, FtpCurve, FtpPoint, FundingBase, Lifetime, LifetimeMonth, LifetimePrices, LifetimeReturn, LifetimeTerms, PdPath,
    RateSolution, SinglePeriod, Waterfall, capm_hurdle, solve_rate, weighted_hurdle,
};
pub use schedule::{
    Calendar, Charge, DayCount, Drawdown, DueDays, Fee, FeeTiming, Grace, GraceInterest, Promotion, Repayment, Schedule,
    ScheduleRounding, ScheduleRow, ScheduleTerms, ScheduleTotals, Segment,
};
pub use table::{Price, PriceTable, RateBound};
