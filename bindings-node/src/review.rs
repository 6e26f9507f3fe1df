//! The review of one account: what is told of it, and what comes out as a plain object.

use napi::{Unknown, ValueType};
use napi_derive::napi;
use scoreline::tier::{RiskTier, Standing};
use scoreline::{Date, Error, Problem, Scorer};

use crate::argument;
use crate::error::Fault;

/// What is told of an account besides its record.
#[derive(Default)]
pub(crate) struct Account {
    today: Option<Date>,
    tier: Option<RiskTier>,
    since: Option<Date>,
}

impl Account {
    pub(crate) const KNOWN: [&str; 3] = ["today", "tier", "since"];

    pub(crate) fn read(options: Unknown<'_>) -> Result<Self, Fault> {
        let mut account = Account::default();
        argument::each_option(options, &Account::KNOWN, |name, value| account.set(name, value))?;
        Ok(account)
    }

    /// Sets one of [`Account::KNOWN`].
    pub(crate) fn set(&mut self, name: &str, value: Unknown<'_>) -> Result<(), Fault> {
        let present = value.get_type()? != ValueType::Null;
        match name {
            "today" => self.today = Some(argument::day(value, name)?),
            "tier" if present => self.tier = Some(tier(value)?),
            "since" if present => self.since = Some(argument::day(value, name)?),
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn today(&self) -> Result<Date, Fault> {
        argument::needed(self.today, "today", argument::A_DAY)
    }

    /// The tier that the account has.
    pub(crate) fn standing(&self) -> Result<Option<Standing>, Fault> {
        let Some(tier) = self.tier else { return Ok(None) };
        let since = self.since.ok_or_else(|| {
            let remedy = "pass the day that the review before gave";
            Error::data(Problem::new("an account with a tier needs the day since which it has it", remedy).field("since"))
        })?;
        Ok(Some(Standing { tier, since }))
    }
}

fn tier(value: Unknown<'_>) -> Result<RiskTier, Fault> {
    let what = "a tier letter from A to D";
    let text: String = argument::read(value, "tier", what)?;
    let mut letters = text.chars();
    let tier = letters.next().filter(|_| letters.next().is_none()).and_then(RiskTier::from_letter);
    argument::needed(tier, "tier", what)
}

/// The review of an account in words and numbers. What the model has no policy for, and what follows from a missing input, is
/// `null`.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Review {
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// The new tier, `A` best.
    #[napi(ts_type = "RiskTier")]
    pub tier: String,
    /// The tier before; `null` at the first review.
    #[napi(ts_type = "RiskTier")]
    pub previous: Option<String>,
    /// First day from which the wait before a next move counts: what the next review is told.
    pub since: String,
    /// The tier that measure and rules indicate, without memory.
    #[napi(ts_type = "RiskTier")]
    pub indicated: String,
    /// Why the tier is not the indicated one.
    #[napi(ts_type = "'no' | 'band' | 'dwell' | 'step' | 'ceiling'")]
    pub held: String,
    /// A strong rule made the tier worse than it would be otherwise.
    pub forced: bool,
    /// A person must look.
    pub refer: bool,
    /// A strong rule declines: nothing is granted.
    pub decline: bool,
    /// By how much PD or score misses the next better border; `null` in tier A.
    pub to_better: Option<f64>,
    /// By how much it may worsen before the next worse border; `null` in tier D.
    pub to_worse: Option<f64>,
    /// Level of early warning, 0 for none.
    pub warning: Option<u32>,
    /// Code of the response to that level.
    pub response: Option<String>,
    /// Codes of every rule that hit: strong rules, overlays, weak rules, indicators of early warning.
    pub hits: Vec<String>,
    /// Codes of the strong rules whose condition could not be told.
    pub missing: Vec<String>,
    /// Codes of the overlays that would hit, had they not ended.
    pub expired: Vec<String>,
    /// The limit that follows, an exact decimal.
    pub limit: Option<String>,
    /// What becomes of the limit.
    #[napi(ts_type = "'keep' | 'increase' | 'decrease' | 'unknown'")]
    pub limit_change: Option<String>,
    /// What decided about the limit: a word of `scorer.limitBindings`.
    pub limit_binding: Option<String>,
    /// Code of the row of the action book that answers.
    pub action: Option<String>,
    /// The day of the next review, `YYYY-MM-DD`.
    pub next_review: Option<String>,
    /// Codes of the reasons, most important first; `scorer.reasons` has their texts.
    pub reasons: Vec<String>,
    /// Number of levels never seen in training.
    pub unseen: u32,
    /// The canonical line: two reviews are the same, to the last bit, if and only if their lines are.
    pub canonical: String,
}

impl Review {
    pub(crate) fn new(scorer: &Scorer, review: &scoreline::pipeline::Review) -> Self {
        let answer = scorer.review_answer(review);
        Review {
            canonical: answer.canonical(),
            score: answer.score,
            pd: answer.pd,
            tier: answer.tier.to_string(),
            previous: answer.previous.map(|tier| tier.to_string()),
            since: answer.since.to_string(),
            indicated: answer.indicated.to_string(),
            held: answer.held.name().to_owned(),
            forced: answer.forced,
            refer: answer.refer,
            decline: answer.decline,
            to_better: answer.to_better,
            to_worse: answer.to_worse,
            warning: answer.warning.map(u32::from),
            response: answer.response,
            hits: answer.hits,
            missing: answer.missing,
            expired: answer.expired,
            limit: answer.limit.map(|money| money.to_string()),
            limit_change: answer.limit_change.map(|change| change.name().to_owned()),
            limit_binding: answer.limit_binding,
            action: answer.action,
            next_review: answer.next_review.map(|day| day.to_string()),
            reasons: answer.reasons,
            unseen: u32::from(answer.unseen),
        }
    }
}
