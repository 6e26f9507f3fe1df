//! Which products fit a need, in what order, and why the others do not.

use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;
use super::need::{Need, QuoteRequest};
use super::quote::{Quote, Quoted, price, repayment};
use super::terms::{AmountRange, Product, RepaymentKind};
use crate::data::{Row, Value};
use crate::error::{Error, Problem, Problems, Result};
use crate::expr::Expr;
use crate::features::FeaturePlan;
use crate::pricing::{CapOnDay, RateBasis};

/// What offers are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// The expected risk-adjusted profit of the lender, the most first.
    Profit,
    /// The compound all-in rate that the borrower pays, the least first.
    Cost,
}

/// Why a product is no offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mismatch {
    /// It is for something else.
    Purpose {
        /// What it is for.
        purposes: Vec<String>,
    },
    /// It lends another currency, or the amount has other decimals.
    Currency {
        /// Its currency.
        currency: String,
        /// Decimals of it.
        decimals: u32,
    },
    /// The amount lies outside its range.
    Amount {
        /// The range.
        amount: AmountRange,
    },
    /// The term is not on offer.
    Term {
        /// Those that are, in months.
        months: Vec<u32>,
    },
    /// It cannot be repaid so, or its way to repay needs figures that the need does not state.
    Repayment {
        /// How it can.
        repayments: Vec<RepaymentKind>,
    },
    /// It needs collateral, and there is none.
    NoCollateral {
        /// Largest amount as a share of the value.
        max_ltv: f64,
    },
    /// The collateral is worth too little.
    Ltv {
        /// The amount as a share of the value.
        ltv: f64,
        /// The largest share.
        max_ltv: f64,
    },
    /// The applicant does not meet the condition.
    NotEligible {
        /// The condition.
        eligibility: String,
    },
    /// Whether the applicant meets the condition cannot be told.
    Unknown {
        /// The condition.
        eligibility: String,
        /// The fields that are missing.
        missing: Vec<String>,
    },
    /// As [`Quoted::NoLegalPrice`].
    NoLegalPrice {
        /// The lowest rate that earns the hurdle.
        needed: f64,
        /// What a loan at that rate costs, on the basis of the cap.
        all_in: f64,
        /// The cap.
        cap: CapOnDay,
    },
    /// As [`Quoted::AboveRange`].
    AboveRange {
        /// The lowest rate that earns the hurdle.
        needed: f64,
        /// The highest rate of the product.
        highest: f64,
    },
    /// As [`Quoted::NoPrice`].
    NoPrice {
        /// The rate that comes nearest to the hurdle.
        nearest: f64,
        /// Economic value that is missing there, per unit of the amount.
        shortfall: f64,
    },
    /// It cannot be priced: a pack lacks the cap of the day, or the schedule cannot be made.
    Refused {
        /// What is wrong, and the remedy.
        what: String,
    },
}

impl Mismatch {
    /// What stands between a product and a need, whoever asks.
    fn between(product: &Product, need: &Need) -> Vec<Mismatch> {
        let mut found = Vec::new();
        let tagged = |purpose: &String| product.purposes.is_empty() || product.purposes.contains(purpose);
        if !need.purpose.as_ref().is_none_or(tagged) {
            found.push(Mismatch::Purpose { purposes: product.purposes.clone() });
        }
        let (low, high) = (product.amount.low.minor(), product.amount.high.minor());
        if need.currency != product.currency || need.amount.decimals() != product.decimals {
            found.push(Mismatch::Currency { currency: product.currency.clone(), decimals: product.decimals });
        } else if !(low..=high).contains(&need.amount.minor()) {
            found.push(Mismatch::Amount { amount: product.amount });
        }
        if !product.months.contains(&need.months) {
            found.push(Mismatch::Term { months: product.months.clone() });
        }
        if !repayment(product, need).is_some_and(|one| product.repayments.contains(&RepaymentKind::of(&one))) {
            found.push(Mismatch::Repayment { repayments: product.repayments.clone() });
        }
        match (product.max_ltv, ltv(need)) {
            (Some(max_ltv), None) => found.push(Mismatch::NoCollateral { max_ltv }),
            (Some(max_ltv), Some(ltv)) if ltv > max_ltv => found.push(Mismatch::Ltv { ltv, max_ltv }),
            _ => {}
        }
        found
    }

    /// Refuses a need that the product does not serve.
    pub(super) fn refuse(product: &Product, need: &Need) -> Result<()> {
        let mut problems = Problems::default();
        for mismatch in Mismatch::between(product, need) {
            let (field, what, remedy) = match mismatch {
                Mismatch::Purpose { .. } => ("purpose", "the product is for something else", "name one of its purposes, or none"),
                Mismatch::Currency { .. } => (
                    "currency",
                    "the need is in another currency than the product, or with other decimals",
                    "ask for the currency of the product, or convert the amount",
                ),
                Mismatch::Amount { .. } => ("amount", "the amount lies outside the range of the product", "ask for another one"),
                Mismatch::Term { .. } => ("months", "the product does not have this term", "ask for one of its terms"),
                Mismatch::NoCollateral { .. } => ("collateral", "the product needs collateral", "give its value"),
                Mismatch::Ltv { .. } => ("collateral", "the collateral is worth too little", "lower the amount, or offer more"),
                _ => (
                    "repayment",
                    "the product cannot be repaid so, or needs figures for it",
                    "state one of its ways to repay, with figures",
                ),
            };
            problems.push(Problem::new(what, remedy).field(field));
        }
        problems.into_data()
    }

    /// Why there is no price, if there is none.
    pub(super) fn of(quoted: Result<Quoted>) -> std::result::Result<Box<Quote>, Mismatch> {
        match quoted {
            Ok(Quoted::Quote(quote)) => Ok(quote),
            Ok(Quoted::NoLegalPrice { needed, all_in, cap }) => Err(Mismatch::NoLegalPrice { needed, all_in, cap }),
            Ok(Quoted::AboveRange { needed, highest }) => Err(Mismatch::AboveRange { needed, highest }),
            Ok(Quoted::NoPrice { nearest, shortfall }) => Err(Mismatch::NoPrice { nearest, shortfall }),
            Err(error) => Err(Mismatch::Refused { what: error.to_string() }),
        }
    }
}

/// The amount as a share of the value of the collateral.
fn ltv(need: &Need) -> Option<f64> {
    need.collateral.map(|value| need.amount.minor() as f64 / value.minor() as f64)
}

/// What made a product fit, beside its range of amounts, its terms and its price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// The purpose that it is for; none when the need names none or it is for anything.
    pub purpose: Option<String>,
    /// The condition that the applicant meets.
    pub eligibility: String,
    /// The amount as a share of the collateral, where it needs some.
    pub ltv: Option<f64>,
}

/// A product at its price.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    /// The price.
    pub quote: Quote,
    /// Why it fits.
    pub fit: Fit,
}

/// A product that is no offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// Its name.
    pub product: String,
    /// Every reason that can be told; a price is looked for only where there is no other.
    pub why: Vec<Mismatch>,
}

/// What a catalogue has for a need: every product is in one of the two lists.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matched {
    /// Offers, the best first; equally good ones in the order of the catalogue.
    pub offers: Vec<Offer>,
    /// The other products, in the order of the catalogue.
    pub dropped: Vec<Dropped>,
}

/// A product that a customer may have next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextProduct {
    /// Its name.
    pub product: String,
    /// Why, as the rule says.
    pub reason: String,
}

/// A [`Catalogue`] that has been checked, with its conditions ready to run. It does not change and may be shared between threads.
#[derive(Debug, Clone)]
pub struct Matcher {
    pub(super) catalogue: Catalogue,
    pub(super) plan: FeaturePlan,
    /// By product.
    pub(super) eligibility: Vec<Expr>,
    /// By rule of the ladder.
    pub(super) ladder: Vec<Expr>,
}

impl Matcher {
    /// What it was made of.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The offers for a need, ranked, and why every other product is none. `profile` is a record of the applicant over the
    /// schema of the catalogue.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a record that the schema does not allow, and with every problem of need, risk
    /// and day. What is wrong with one product only is a reason to drop it.
    pub fn match_products<R: Row + ?Sized>(&self, profile: &R, request: &QuoteRequest<'_>, rank: RankBy) -> Result<Matched> {
        request.validate()?;
        let cells = self.plan.cells(profile)?;
        let (mut offers, mut dropped) = (Vec::new(), Vec::new());
        for (product, eligibility) in self.catalogue.products.iter().zip(&self.eligibility) {
            let mut why = Mismatch::between(product, request.need);
            why.extend(self.ineligible(eligibility, &cells));
            if why.is_empty() {
                match Mismatch::of(price(product, request)) {
                    Ok(quote) => {
                        let purpose = request.need.purpose.clone().filter(|_| !product.purposes.is_empty());
                        let ltv = product.max_ltv.and_then(|_| ltv(request.need));
                        let fit = Fit { purpose, eligibility: product.eligibility.clone(), ltv };
                        offers.push(Offer { quote: *quote, fit });
                        continue;
                    }
                    Err(mismatch) => why.push(mismatch),
                }
            }
            dropped.push(Dropped { product: product.name.clone(), why });
        }
        let rank = |offer: &Offer| match rank {
            RankBy::Profit => -offer.quote.expected_profit,
            RankBy::Cost => offer.quote.all_in.get(&RateBasis::Compound).copied().unwrap_or(f64::INFINITY),
        };
        offers.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
        Ok(Matched { offers, dropped })
    }

    /// The products that the ladder has for a customer who holds `held` (none for one without a product): those of its rules whose
    /// condition holds and for which the customer is eligible, in the order of the rules, each once.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a record that the schema does not allow, and when neither catalogue nor ladder
    /// knows the product.
    pub fn next_products<R: Row + ?Sized>(&self, held: Option<&str>, profile: &R) -> Result<Vec<NextProduct>> {
        let catalogue = &self.catalogue;
        let known = |name: &str| {
            catalogue.place(name).is_some() || catalogue.ladder.iter().any(|rule| rule.from.as_deref() == Some(name))
        };
        if held.is_some_and(|held| !known(held)) {
            let problem = Problem::new("neither catalogue nor ladder has this product", "name one of them, or none");
            return Err(Error::data(problem.field("held")));
        }
        let cells = self.plan.cells(profile)?;
        let mut next: Vec<NextProduct> = Vec::new();
        for (rule, when) in catalogue.ladder.iter().zip(&self.ladder) {
            let eligible = catalogue.place(&rule.to).and_then(|place| self.eligibility.get(place));
            let applies = rule.from.as_deref() == held && when.holds(&cells) == Some(true);
            let eligible = eligible.is_some_and(|condition| condition.holds(&cells) == Some(true));
            if applies && eligible && next.iter().all(|one| one.product != rule.to) {
                next.push(NextProduct { product: rule.to.clone(), reason: rule.reason.clone() });
            }
        }
        Ok(next)
    }

    fn ineligible(&self, condition: &Expr, cells: &[Value<'_>]) -> Option<Mismatch> {
        let eligibility = condition.text().to_owned();
        match condition.holds(cells) {
            Some(true) => None,
            Some(false) => Some(Mismatch::NotEligible { eligibility }),
            None => {
                let missing = condition.reads().iter().filter(|&&slot| matches!(cells.get(slot), None | Some(Value::Missing)));
                Some(Mismatch::Unknown { eligibility, missing: missing.map(|&slot| self.plan.name(slot).to_owned()).collect() })
            }
        }
    }
}
