//! The catalogue of products: its checks, and which products can never be offered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::check::take;
use super::matching::{Matcher, Mismatch};
use super::need::{CreditRisk, Need, QuoteRequest};
use super::quote::price;
use super::terms::{Product, RepaymentKind};
use crate::data::{Date, Schema};
use crate::error::{Error, Problem, Problems, Result};
use crate::features::{FeaturePlan, ProtectedUse};
use crate::pricing::{CountryPack, Money, Repayment, Segment};

/// The products of a lender, the fields that their conditions read, and the ladder from one to the next. Stored as JSON.
///
/// ```
/// use std::collections::BTreeMap;
/// use scoreline::pricing::{Catalogue, CreditRisk, Mismatch, Need, QuoteRequest, RankBy};
/// use scoreline::{Date, Value};
/// let product = |name: &str, eligibility: &str| format!(r#"{{
///     "name": "{name}", "currency": "CNY", "decimals": 2, "eligibility": "{eligibility}",
///     "amount": {{"low": "10000.00", "high": "500000.00"}}, "months": [12], "repayments": ["equal_instalment"],
///     "rates": {{"low": 0.03, "high": 0.24}}, "laws": [], "hurdle": 0.12,
///     "costs": {{"funding": {{"points": [{{"months": 12, "rate": 0.032}}]}}, "lgd": 0.6,
///                "capital": {{"type": "fixed_share", "share": 0.08}}}}
/// }}"#);
/// let catalogue: Catalogue = serde_json::from_str(&format!(
///     r#"{{"schema": {{"fields": [{{"name": "years", "kind": "number"}}]}}, "products": [{}, {}],
///         "ladder": [{{"from": "start", "to": "grown", "when": "years >= 3", "reason": "three years in business"}}]}}"#,
///     product("start", "years < 3"), product("grown", "years >= 3"),
/// ))?;
/// let matcher = catalogue.resolve()?;
/// let need: Need = serde_json::from_str(r#"{"amount": "50000.00", "currency": "CNY", "months": 12}"#)?;
/// let (risk, past, day) = (CreditRisk::yearly(0.02), BTreeMap::new(), Date::parse("2026-11-21")?);
/// let request = QuoteRequest { need: &need, risk: &risk, packs: &[], day, past: &past };
/// let matched = matcher.match_products(&[Value::Number(5.0)][..], &request, RankBy::Profit)?;
/// assert_eq!(matched.offers[0].quote.product, "grown");
/// assert!(matches!(&matched.dropped[0].why[..], [Mismatch::NotEligible { .. }]));
/// assert_eq!(matcher.next_products(Some("start"), &[Value::Number(5.0)][..])?[0].product, "grown");
/// assert!(catalogue.unreachable(&[], day)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The fields of an applicant.
    pub schema: Schema,
    /// Protected fields that conditions may read, on record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_use: Vec<ProtectedUse>,
    /// The products, in the order in which equally good offers stand.
    pub products: Vec<Product>,
    /// What may follow what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<LadderRule>,
}

/// From one product to the next, as life or business goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderRule {
    /// What the customer holds; it may have left the catalogue. None for a customer without a product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What may follow.
    pub to: String,
    /// A condition over the fields of the applicant.
    pub when: String,
    /// Why, in words.
    pub reason: String,
}

/// A product that can never be offered on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreachable {
    /// Its name.
    pub product: String,
    /// Why: nobody is eligible, or not even a borrower who never defaults has a price.
    pub why: Mismatch,
}

/// The PD of a borrower who never defaults, as nearly as a PD may be that.
const SAFEST: f64 = 1e-6;

impl Catalogue {
    /// The place of a product.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.products.iter().position(|product| product.name == name)
    }

    /// Checks schema, products and ladder.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        self.resolve().map(|_| ())
    }

    /// The catalogue, checked and ready to match.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn resolve(&self) -> Result<Matcher> {
        let plan = FeaturePlan::new(&self.schema, &[])?;
        let mut problems = Problems::default();
        problems.require(!self.products.is_empty(), "products", "a catalogue needs products", "declare them");
        let (mut names, mut eligibility, mut ladder) = (BTreeSet::new(), Vec::new(), Vec::new());
        let condition = |text: &str, place: &str, problems: &mut Problems| {
            let mut slots = BTreeSet::new();
            let found = plan.condition(text, place, &mut slots, problems);
            problems.absorb(place, plan.refuse_protected(&slots, &self.protected_use, place));
            found
        };
        for (at, product) in self.products.iter().enumerate() {
            let place = format!("products[{at}]");
            take(&mut problems, product.validate(), "", &format!("{place}."));
            problems.require(names.insert(&product.name), &place, "two products have the same name", "rename one of them");
            if !product.eligibility.trim().is_empty() {
                eligibility.extend(condition(&product.eligibility, &format!("{place}.eligibility"), &mut problems));
            }
        }
        for (at, rule) in self.ladder.iter().enumerate() {
            let place = format!("ladder[{at}]");
            ladder.extend(condition(&rule.when, &format!("{place}.when"), &mut problems));
            let known = names.contains(&rule.to);
            problems.require(known, &format!("{place}.to"), "the catalogue has no such product", "name one of its products");
            let moves = rule.from.as_ref() != Some(&rule.to);
            problems.require(moves, &place, "the rule leads from a product to itself", "name the next product");
            let reason = !rule.reason.trim().is_empty();
            problems.require(reason, &format!("{place}.reason"), "a rule needs a reason", "say in words why the product follows");
        }
        problems.into_result()?;
        Ok(Matcher { catalogue: self.clone(), plan, eligibility, ladder })
    }

    /// The products that can never be offered on a day: nobody is eligible, or at no amount, term and way to repay on offer does the
    /// safest borrower have a price, since what the hurdle needs lies above the rates of the product or the caps of the day. A
    /// condition is seen through when it is built of comparisons with fixed values, such as `age < 18 AND age > 60`, and short.
    ///
    /// # Errors
    /// As [`Catalogue::validate`].
    pub fn unreachable(&self, packs: &[CountryPack], day: Date) -> Result<Vec<Unreachable>> {
        let matcher = self.resolve()?;
        packs.iter().try_for_each(CountryPack::validate)?;
        if !day.is_in_range() {
            let problem = Problem::new("the day is out of range", "use days from 0001-01-01 to 9999-12-31");
            return Err(Error::data(problem.field("day")));
        }
        let conditions = self.products.iter().zip(&matcher.eligibility);
        let why = conditions.map(|(product, condition)| {
            if condition.is_satisfiable() == Some(false) {
                return Some(Mismatch::NotEligible { eligibility: product.eligibility.clone() });
            }
            no_price(product, packs, day)
        });
        let named = why.zip(&self.products).filter_map(|(why, product)| Some((why?, product.name.clone())));
        Ok(named.map(|(why, product)| Unreachable { product, why }).collect())
    }
}

/// Why the safest borrower has no price anywhere in the ranges of a product; nothing as soon as one is found.
fn no_price(product: &Product, packs: &[CountryPack], day: Date) -> Option<Mismatch> {
    // Demand and past prices decide between prices, not whether there is one.
    let product = Product { take_up: None, ..product.clone() };
    let (risk, past) = (CreditRisk::yearly(SAFEST), BTreeMap::new());
    let mut first = None;
    for amount in [product.amount.low, product.amount.high] {
        for &months in &product.months {
            for &kind in &product.repayments {
                let need = Need {
                    purpose: None,
                    amount,
                    currency: product.currency.clone(),
                    months,
                    repayment: Some(sample(kind, amount, months)),
                    collateral: None,
                };
                match Mismatch::of(price(&product, &QuoteRequest { need: &need, risk: &risk, packs, day, past: &past })) {
                    Ok(_) => return None,
                    Err(mismatch) => first = first.or(Some(mismatch)),
                }
            }
        }
    }
    first
}

/// A repayment of a kind: one that leaves half, does not step, or leaves all to the last payment but a tenth.
fn sample(kind: RepaymentKind, amount: Money, months: u32) -> Repayment {
    let share = |parts: i64| Money::new((amount.minor() / parts).max(1), amount.decimals()).unwrap_or(amount);
    kind.plain().unwrap_or_else(|| match kind {
        RepaymentKind::Balloon => Repayment::Balloon { amount: share(2) },
        RepaymentKind::Given => Repayment::Given { segments: vec![Segment { periods: months, payment: share(10) }] },
        _ => Repayment::Step { share: 0.0, every: 1 },
    })
}
