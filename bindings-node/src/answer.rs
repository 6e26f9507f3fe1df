//! A decision as a plain JavaScript object. A function of JavaScript makes it from its parts, in one call: setting
//! each property from here would cost more than the decision itself.

use napi::Env;
use napi::bindgen_prelude::{FnArgs, Function, FunctionRef, Object};
use napi_derive::napi;
use scoreline::decision::{MAX_REASONS, Outcome};
use scoreline::pipeline::NONE;
use scoreline::pricing::{Money, Price, RateBound};
use scoreline::tier::{ClientClass, RiskTier};
use scoreline::{Decision, Scorer};

/// A reason code and what it says.
#[napi(object, object_from_js = false)]
pub struct Reason {
    /// The code.
    pub code: String,
    /// The reason in words.
    pub text: String,
}

/// Names behind the indices that typed rows and batches give.
pub(crate) struct Names {
    pub(crate) tiers: Vec<String>,
    pub(crate) classes: Vec<String>,
    pub(crate) outcomes: Vec<String>,
    pub(crate) limits: Vec<String>,
    pub(crate) rate_bounds: Vec<String>,
}

impl Names {
    pub(crate) fn new(scorer: &Scorer) -> Self {
        Names {
            tiers: RiskTier::ALL.iter().map(RiskTier::to_string).collect(),
            classes: ClientClass::ALL.iter().map(ClientClass::to_string).collect(),
            outcomes: Outcome::ALL.iter().map(|outcome| outcome.name().to_owned()).collect(),
            limits: scorer.limit_names().map(str::to_owned).collect(),
            rate_bounds: RateBound::ALL.iter().map(|bound| bound.name().to_owned()).collect(),
        }
    }
}

pub(crate) fn reasons(scorer: &Scorer) -> Vec<Reason> {
    scorer.reasons().iter().map(|reason| Reason { code: reason.code.clone(), text: reason.text.clone() }).collect()
}

/// A price in numbers, NaN and [`NONE`] where absent.
pub(crate) struct PriceParts {
    pub(crate) rate: f64,
    pub(crate) bound: u8,
    pub(crate) raroc: f64,
    pub(crate) needed: f64,
    pub(crate) cap: f64,
}

impl PriceParts {
    pub(crate) fn new(price: Option<Price>) -> Self {
        let absent = PriceParts { rate: f64::NAN, bound: NONE, raroc: f64::NAN, needed: f64::NAN, cap: f64::NAN };
        match price {
            Some(Price::Quote { rate, raroc, bound }) => PriceParts { rate, raroc, bound: bound.index() as u8, ..absent },
            Some(Price::NoLegalPrice { needed, cap }) => PriceParts { needed, cap, ..absent },
            Some(Price::Unknown) | None => absent,
        }
    }
}

/// The reasons of a decision as indices, [`NONE`] where there is none.
pub(crate) fn reason_indices(decision: &Decision) -> [u8; MAX_REASONS] {
    let mut indices = [NONE; MAX_REASONS];
    indices.iter_mut().zip(decision.reasons.as_slice()).for_each(|(index, reason)| *index = *reason);
    indices
}

type Text = Option<String>;
type Parts = FnArgs<(f64, f64, u8, u8, Text, u8, Text, Text, f64, u8, f64, f64, f64, u8, u8, u8, u8, u8, f64, u8)>;
type Lists = FnArgs<(Vec<String>, Vec<String>, Vec<String>, Vec<String>, Vec<String>, Vec<Reason>)>;

/// Makes the objects of one scorer's decisions.
pub(crate) struct Answers(FunctionRef<Parts, Object<'static>>);

impl Answers {
    pub(crate) fn new(env: Env, scorer: &Scorer) -> napi::Result<Self> {
        let names = Names::new(scorer);
        let outer: Function<'_, Lists, Function<'_, Parts, Object<'static>>> = env.run_script(include_str!("answer.js"))?;
        let lists = (names.tiers, names.classes, names.outcomes, names.limits, names.rate_bounds, reasons(scorer));
        Ok(Answers(outer.call(lists.into())?.create_ref()?))
    }

    /// The object of a decision.
    pub(crate) fn object<'a>(&self, env: &'a Env, decision: &Decision) -> napi::Result<Object<'a>> {
        let text = |money: Option<Money>| money.map(|money| money.to_string());
        let price = PriceParts::new(decision.price);
        let [a, b, c, d] = reason_indices(decision);
        let parts = (
            decision.score,
            decision.pd,
            decision.tier.map_or(NONE, |tier| tier.index() as u8),
            decision.outcome.map_or(NONE, |outcome| outcome.index() as u8),
            text(decision.limit),
            decision.binding.unwrap_or(NONE),
            text(decision.amount),
            text(decision.instalment),
            price.rate,
            price.bound,
            price.raroc,
            price.needed,
            price.cap,
            a,
            b,
            c,
            d,
            decision.unseen,
            decision.expert_score.unwrap_or(f64::NAN),
            decision.client_class.map_or(NONE, |class| class.index() as u8),
        );
        self.0.borrow_back(env)?.call(parts.into())
    }
}
