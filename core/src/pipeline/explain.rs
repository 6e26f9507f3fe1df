//! Why a record has the score it has: what each variable adds, and what it costs against its baselines.

use serde::{Deserialize, Serialize};

use super::fitted::CardParts;
use super::scorer::Scorer;
use crate::binning::FeatureBins;
use crate::data::{Row, Value};
use crate::error::{Error, Result};
use crate::scorecard::{CardPair, PointsSide, ReasonPolicy, rank_reasons};

/// The score of one record, variable by variable.
///
/// ```
/// # use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema, Scorer, Threads, Value};
/// # let income: Vec<f64> = (0..400).map(|i| f64::from(i % 97)).collect();
/// # let bad: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 97 < 40 && i % 3 != 0))).collect();
/// # let loans = Batch::new(400).with("income", Column::numbers(income))?.with("bad", Column::numbers(bad))?;
/// # let schema = Schema { fields: vec![Field::new("income", Kind::Number)] };
/// # let pipeline = scoreline::fit(&[loans], PipelineConfig::new(schema, "bad"), Threads::All)?;
/// let scorer = Scorer::new(&pipeline)?;
/// let explanation = scorer.explain(&[Value::Number(12.0)][..])?;
/// let points: f64 = explanation.variables.iter().map(|variable| variable.points).sum();
/// assert_eq!(points, explanation.score);
/// assert_eq!(explanation.key_factors, ["income"]);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The segment whose card the record has; absent for the card of all other rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Score points: to the last bit the sum of the points of the variables, in their order, of the `pairs`, and of `beside`.
    pub score: f64,
    /// Points that do not come from variables and pairs: from an offset, or from an expert card that is mixed in; 0 without.
    pub beside: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// Log-odds of the event: `base_log_odds` and the log-odds of the variables, added in their order, with offset and
    /// expert card where there are any.
    pub log_odds: f64,
    /// Constant term of the model.
    pub base_log_odds: f64,
    /// The score of a record that costs nothing: the sum of the baselines of the card's reasons. `base_score` less what the
    /// variables cost is the score.
    pub base_score: f64,
    /// One entry a variable, in the order of the card.
    pub variables: Vec<Contribution>,
    /// Pairs of variables that have points together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<PairContribution>,
    /// Codes of the reasons that cost most, costliest first, as many as the card's [`ReasonPolicy`] asks for; one more
    /// when the reason that counts inquiries is a reason and not among them.
    pub key_factors: Vec<String>,
}

/// What one variable adds to a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// Field or feature.
    pub feature: String,
    /// Index of the bin.
    pub bin: u8,
    /// The bin in words.
    pub label: String,
    /// Whether the level was never seen in training.
    pub unseen: bool,
    /// Code of the reason that points lost here give.
    pub reason: String,
    /// Points of the bin.
    pub points: f64,
    /// What the bin adds to the log-odds of the event: coefficient × weight of evidence.
    pub log_odds: f64,
    /// Points below the most that the variable gives; never negative.
    pub below_maximum: f64,
    /// Points below the neutral ones, those of a weight of evidence of 0; negative above them.
    pub below_neutral: f64,
    /// Points below the mean of the training rows, the negative of the Shapley value; negative above the mean.
    pub below_mean: f64,
    /// That of the three by which the reasons of the card are ranked.
    pub cost: f64,
}

/// What two variables add to a score together, beside what each adds alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairContribution {
    /// Names of the two variables.
    pub features: [String; 2],
    /// Points of their bins together.
    pub points: f64,
    /// Points below what the pair is measured against; each variable's reason bears one half.
    pub cost: f64,
}

/// A card with what its points are measured against.
#[derive(Debug, Clone)]
pub(super) struct Explainer {
    segment: Option<String>,
    /// Pairs with their baselines.
    pairs: Vec<(CardPair, f64)>,
    pub(super) variables: Vec<ExplainedVariable>,
    base_log_odds: f64,
    policy: ReasonPolicy,
}

/// One variable of a card.
#[derive(Debug, Clone)]
pub(super) struct ExplainedVariable {
    pub(super) bins: FeatureBins,
    reason: String,
    pub(super) points: Vec<f64>,
    pub(super) log_odds: Vec<f64>,
    maximum: f64,
    neutral: f64,
    mean: f64,
    /// That of the three which the card's reasons are measured against.
    baseline: f64,
}

/// What is known of one record before the policies.
pub(super) struct Scored<'a> {
    /// Every slot of the plan: fields as checked, features as computed; missing where nothing reads them.
    pub(super) values: Vec<Value<'a>>,
    /// Number of its card.
    pub(super) card: usize,
    /// Bin and whether its level was never seen, by variable.
    pub(super) codes: Vec<(u8, bool)>,
    pub(super) log_odds: f64,
    pub(super) score: f64,
    pub(super) pd: f64,
}

impl Explainer {
    /// For parts that fit together.
    pub(super) fn new(parts: CardParts<'_>) -> Self {
        let CardParts { segment, bins, model, scorecard: card } = parts;
        let baselines = card.baselines(bins, model);
        let parts = bins.iter().enumerate().zip(card.variables.iter().zip(&baselines));
        let variables = parts.map(|((at, bins), (variable, &baseline))| ExplainedVariable {
            reason: variable.reason.clone(),
            points: variable.points.clone(),
            log_odds: model.log_odds(at, bins),
            maximum: variable.max_points(),
            neutral: card.neutral_points(model),
            mean: variable.mean_points(bins),
            baseline,
            bins: bins.clone(),
        });
        Explainer {
            segment: segment.map(str::to_owned),
            pairs: card.pairs.iter().map(|pair| (pair.clone(), card.pair_baseline(pair))).collect(),
            variables: variables.collect(),
            base_log_odds: model.intercept(),
            policy: card.reasons.clone(),
        }
    }

    fn explain(&self, record: &Scored<'_>) -> Explanation {
        let contributions = self.variables.iter().zip(&record.codes).map(|(variable, &(code, unseen))| {
            let bin = usize::from(code);
            let points = variable.points.get(bin).copied().unwrap_or(0.0);
            let below = |baseline: f64| PointsSide::Below.cost(points, baseline);
            Contribution {
                feature: variable.bins.feature.clone(),
                bin: code,
                label: variable.bins.bins.get(bin).map(|bin| bin.label.clone()).unwrap_or_default(),
                unseen,
                reason: variable.reason.clone(),
                points,
                log_odds: variable.log_odds.get(bin).copied().unwrap_or(0.0),
                below_maximum: below(variable.maximum),
                below_neutral: below(variable.neutral),
                below_mean: below(variable.mean),
                cost: below(variable.baseline),
            }
        });
        let variables: Vec<Contribution> = contributions.collect();
        let of = |name: &String| variables.iter().find(|variable| variable.feature == *name);
        let pairs = self.pairs.iter().filter_map(|(pair, baseline)| {
            let [first, second] = [of(&pair.features[0])?, of(&pair.features[1])?];
            let points = pair.points_at(first.bin, second.bin);
            let cost = PointsSide::Below.cost(points, *baseline);
            Some(PairContribution { features: pair.features.clone(), points, cost })
        });
        let pairs: Vec<PairContribution> = pairs.collect();
        let shared = || pairs.iter().flat_map(|pair| pair.features.iter().map(|name| (name, pair.cost / 2.0)));
        let shared = || shared().filter_map(|(name, cost)| of(name).map(|variable| (&variable.reason, cost)));
        let costs = || variables.iter().map(|variable| (&variable.reason, variable.cost)).chain(shared());
        let reasons = rank_reasons(costs(), self.variables.len());
        let (named, rest) = reasons.split_at(reasons.len().min(usize::from(self.policy.count)));
        let inquiries = rest.iter().find(|code| Some(**code) == self.policy.inquiries.as_ref());
        let points: f64 = variables.iter().map(|variable| variable.points).sum();
        let points = pairs.iter().fold(points, |sum, pair| sum + pair.points);
        let base: f64 = self.variables.iter().map(|variable| variable.baseline).sum();
        Explanation {
            segment: self.segment.clone(),
            beside: record.score - points,
            score: record.score,
            pd: record.pd,
            log_odds: record.log_odds,
            base_log_odds: self.base_log_odds,
            base_score: self.pairs.iter().fold(base, |sum, (_, baseline)| sum + baseline),
            pairs,
            key_factors: named.iter().chain(inquiries).map(|code| (*code).clone()).collect(),
            variables,
        }
    }
}

impl Scorer {
    /// The score of one record, variable by variable; cells in the order of the schema, those beyond its end are missing.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite.
    pub fn explain<R: Row + ?Sized>(&self, row: &R) -> Result<Explanation> {
        let scored = self.scored(row)?;
        self.explainers.get(scored.card).map(|card| card.explain(&scored)).ok_or_else(|| Error::internal("a card is missing"))
    }

    /// The steps of [`Scorer::decide`] up to score and PD, with what lies between them.
    pub(super) fn scored<'a, R: Row + ?Sized>(&'a self, row: &'a R) -> Result<Scored<'a>> {
        let fields = &self.schema().fields;
        let mut values = vec![Value::Missing; fields.len()];
        for &field in self.required() {
            if let (Some(value), Some(declared)) = (values.get_mut(field), fields.get(field)) {
                *value = declared.check(row.value(field))?;
            }
        }
        for expression in self.plan.expressions() {
            let value = expression.program().eval(|slot| self.input(&values, slot));
            values.push(value);
        }
        let load = |slot: usize| self.input(&values, slot);
        let number = self.cards.of(load);
        let card = &self.cards.all()[number];
        let slots = card.lookups.iter().zip(&card.slots);
        let codes: Vec<(u8, bool)> =
            slots.map(|(lookup, &slot)| lookup.code(values.get(slot).copied().unwrap_or_default())).collect();
        let bins: Vec<u8> = codes.iter().map(|(code, _)| *code).collect();
        let sums = self.cards.sums(card, &bins, load);
        let sums = self.cards.expert().map_or(sums, |expert| expert.mix(sums, expert.table().score(load)));
        let (score, pd) = card.score_and_pd(sums);
        Ok(Scored { card: number, codes, log_odds: sums[0], score, pd, values })
    }

    /// A slot as expressions see it: a special code is missing.
    pub(super) fn input<'a>(&self, values: &[Value<'a>], slot: usize) -> Value<'a> {
        let value = values.get(slot).copied().unwrap_or_default();
        self.schema().fields.get(slot).map_or(value, |field| field.plain(value))
    }
}

#[cfg(test)]
mod tests;
