//! The configurations that a search tries.

use serde_json::{Map, Value as Json};

use super::config::AutoConfig;
use super::folds::mix;
use crate::binning::Trend;
use crate::error::{Error, Result};
use crate::model::{Action, BoostConfig, Criterion, Direction, MAX_VARIABLES, Method, Penalty, SmallBankConfig};
use crate::pipeline::PipelineConfig;

/// One configuration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) config: PipelineConfig,
    /// What differs from the base, in words; nothing for the base itself.
    pub(super) changes: Vec<&'static str>,
    /// The most variables of the card.
    pub(super) length: usize,
}

/// A change of one setting.
struct Choice {
    words: &'static str,
    apply: fn(&mut PipelineConfig),
    /// Whether a boosted card heeds it, which finds its own bins and selects by boosting.
    boosted: bool,
}

const fn choice(words: &'static str, apply: fn(&mut PipelineConfig)) -> Choice {
    Choice { words, apply, boosted: false }
}

const fn of_any(words: &'static str, apply: fn(&mut PipelineConfig)) -> Choice {
    Choice { words, apply, boosted: true }
}

/// The kind of card: the first factor.
const KIND: &[Choice] = &[
    of_any("boosted card", |c| c.boost = Some(BoostConfig::default())),
    of_any("boosted card without pairs", |c| c.boost = Some(BoostConfig { max_pairs: 0, ..BoostConfig::default() })),
    of_any("plain card", |c| c.boost = None),
];

/// Everything else that is searched: of each factor at most one choice.
const FACTORS: &[&[Choice]] = &[
    &[
        choice("stepwise by BIC", |c| stepwise(c, Criterion::Bic)),
        choice("elastic net", |c| elastic_net(c, Penalty::OneStandardError)),
        choice("stepwise by AIC", |c| stepwise(c, Criterion::Aic)),
        choice("stepwise by p-value", |c| stepwise(c, Criterion::PValue { enter: 0.05, leave: 0.1 })),
        choice("elastic net of least loss", |c| elastic_net(c, Penalty::Best)),
        choice("no selection", |c| c.model.selection.method = Method::None),
    ],
    &[
        choice("at most 10 bins", |c| c.binning.max_bins = 10),
        choice("at most 4 bins", |c| c.binning.max_bins = 4),
        choice("at most 6 bins", |c| c.binning.max_bins = 6),
        choice("at most 8 bins", |c| c.binning.max_bins = 8),
    ],
    &[
        of_any("at most 8 variables", |c| c.model.max_variables = c.model.max_variables.min(8)),
        of_any("at most 12 variables", |c| c.model.max_variables = c.model.max_variables.min(12)),
    ],
    &[
        choice("bins of any trend", |c| c.binning.trend = Trend::None),
        choice("bins of one direction", |c| c.binning.trend = Trend::Monotonic),
        choice("bins that may turn once", |c| c.binning.trend = Trend::Auto),
    ],
    &[
        choice("information value of 0.005 or more", |c| c.model.min_iv = 0.005),
        choice("information value of 0.1 or more", |c| c.model.min_iv = 0.1),
        choice("information value of 0.02 or more", |c| c.model.min_iv = 0.02),
    ],
    &[
        choice("correlation of 0.7 or less", |c| c.model.selection.max_correlation = Some(0.7)),
        choice("variance inflation of 5 or less", |c| c.model.selection.max_vif = Some(5.0)),
    ],
    &[
        of_any("bins of 2 % of the rows or more", |c| c.binning.min_share = 0.02),
        of_any("bins of 10 % of the rows or more", |c| c.binning.min_share = 0.1),
    ],
    &[choice("shrunken weights of evidence", |c| c.small_bank = Some(SmallBankConfig::default()))],
];

fn stepwise(config: &mut PipelineConfig, criterion: Criterion) {
    config.model.selection.method = Method::Stepwise { direction: Direction::Both, criterion };
}

fn elastic_net(config: &mut PipelineConfig, penalty: Penalty) {
    config.model.selection.method = Method::ElasticNet { alpha: 0.5, folds: 5, penalty };
}

/// The candidates in the order in which they are tried: the base as it is, one change at a time, and then several changes
/// together, drawn under the seed.
pub(super) fn candidates(base: &PipelineConfig, asked: &AutoConfig) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |candidate: Candidate| {
        if found.len() < asked.max_candidates && found.iter().all(|known| !known.is_same(&candidate)) {
            found.push(candidate);
        }
        found.len() < asked.max_candidates
    };
    add(Candidate::new(base, &[], asked));
    // The first choice of every factor, then the second of each, and so on.
    let all = || std::iter::once(KIND).chain(FACTORS.iter().copied());
    for round in 0..all().map(<[Choice]>::len).max().unwrap_or(0) {
        for choice in all().filter_map(|choices| choices.get(round)).filter(|choice| choice.is_open(base, asked)) {
            add(Candidate::new(base, &[choice], asked));
        }
    }
    let mut draw = Draw(asked.seed);
    // Beyond this many draws the space is as good as exhausted.
    for _ in 0..20 * asked.max_candidates {
        let mut config = base.clone();
        let mut chosen: Vec<&Choice> = Vec::new();
        // One card in eight is of another kind, and each other setting is changed half of the time.
        for (choices, among) in std::iter::once((KIND, 8)).chain(FACTORS.iter().map(|choices| (*choices, 2))) {
            let (taken, at) = (draw.below(among) == 0, draw.below(choices.len() as u64) as usize);
            if let Some(choice) = choices.get(at).filter(|choice| taken && choice.is_open(&config, asked)) {
                (choice.apply)(&mut config);
                chosen.push(choice);
            }
        }
        if !add(Candidate::new(base, &chosen, asked)) {
            break;
        }
    }
    found
}

impl Choice {
    /// Whether it makes sense on top of `config`.
    fn is_open(&self, config: &PipelineConfig, asked: &AutoConfig) -> bool {
        let mut changed = config.clone();
        (self.apply)(&mut changed);
        let plain = asked.interpretable_only;
        let boosted = changed.boost.is_some();
        changed != *config
            && (self.boosted || !boosted)
            && !(plain && (boosted || changed.binning.trend == Trend::None && config.binning.trend != Trend::None))
            && !(boosted && (changed.small_bank.is_some() || changed.offset.is_some()))
    }
}

impl Candidate {
    fn new(base: &PipelineConfig, chosen: &[&Choice], asked: &AutoConfig) -> Self {
        let mut config = base.clone();
        chosen.iter().for_each(|choice| (choice.apply)(&mut config));
        // A boosted card takes all there is unless a length is asked for.
        let shortened = config.model.max_variables < base.model.max_variables;
        let free = if config.boost.is_some() && !shortened { MAX_VARIABLES } else { config.model.max_variables };
        let length = asked.max_variables.unwrap_or(MAX_VARIABLES).min(free);
        config.model.max_variables = config.model.max_variables.min(length);
        let bins = asked.max_bins.unwrap_or(usize::MAX);
        config.binning.max_bins = config.binning.max_bins.min(bins);
        for own in config.binning.variables.values_mut() {
            own.max_bins = own.max_bins.map(|own| own.min(bins));
        }
        if let Some(boost) = &mut config.boost {
            boost.bins = boost.bins.min(bins);
        }
        let selection = &mut config.model.selection;
        if !chosen.is_empty() && config.boost.is_none() {
            let own = if selection.suspicious == Action::Drop { selection.max_iv } else { None };
            selection.max_iv = Some(own.map_or(asked.max_iv, |own| own.min(asked.max_iv)));
            selection.suspicious = Action::Drop;
        }
        Candidate { config, changes: chosen.iter().map(|choice| choice.words).collect(), length }
    }

    /// Whether the two ask for the same card.
    fn is_same(&self, other: &Candidate) -> bool {
        // The base alone has no guard against leaks; that alone does not make another card of it.
        let plain = |candidate: &Candidate| {
            let mut config = candidate.config.clone();
            (config.model.selection.max_iv, config.model.selection.suspicious) = (None, Action::Drop);
            (config, candidate.length)
        };
        plain(self) == plain(other)
    }

    /// The base, or its changes.
    pub(super) fn name(&self) -> String {
        if self.changes.is_empty() { "as asked".to_owned() } else { self.changes.join(", ") }
    }

    /// Whether the card is the one that was asked for.
    pub(super) fn is_base(&self) -> bool {
        self.changes.is_empty()
    }

    /// The change of the base's settings as a JSON merge patch (RFC 7396).
    pub(super) fn settings(&self, base: &PipelineConfig) -> Result<Json> {
        let json =
            |config: &PipelineConfig| serde_json::to_value(config).map_err(|_| Error::internal("a configuration has no JSON"));
        Ok(patch(&json(base)?, &json(&self.config)?).unwrap_or_else(|| Json::Object(Map::new())))
    }
}

/// The merge patch that turns `from` into `to`; `None` when they are equal.
fn patch(from: &Json, to: &Json) -> Option<Json> {
    if from == to {
        return None;
    }
    let (Json::Object(old), Json::Object(new)) = (from, to) else { return Some(to.clone()) };
    let changed = new.iter().filter_map(|(key, value)| {
        let patched = old.get(key).map_or_else(|| Some(value.clone()), |old| patch(old, value));
        patched.map(|value| (key.clone(), value))
    });
    let gone = old.keys().filter(|key| !new.contains_key(*key)).map(|key| (key.clone(), Json::Null));
    Some(Json::Object(changed.chain(gone).collect()))
}

/// Numbers under a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0) % bound.max(1)
    }
}
