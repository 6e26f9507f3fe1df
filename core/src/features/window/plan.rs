//! A set of features, resolved: which streams of events there are, and which of them each feature reads.

use super::config::{Aggregate, EventSet, EventSource, Window, WindowFeature};
use super::history::Asks;
use super::stream::Memory;
use crate::data::{Kind, Schema, canonical_hash, nearest};
use crate::error::{Error, Problem, Result};
use crate::expr::{Expr, Scope};

/// A set of features that is ready to be computed.
#[derive(Debug, Clone)]
pub struct WindowPlan {
    set: EventSet,
    id: String,
    pub(super) sources: Vec<SourcePlan>,
}

/// One table of events.
#[derive(Debug, Clone)]
pub(super) struct SourcePlan {
    pub(super) source: EventSource,
    pub(super) schema: Schema,
    pub(super) filters: Vec<Expr>,
    pub(super) streams: Vec<StreamPlan>,
    pub(super) features: Vec<ResolvedFeature>,
    pub(super) asks: Asks,
    /// Field of the currency.
    pub(super) currency: Option<(usize, String)>,
}

/// The events that pass one filter, with one number and one level of each.
#[derive(Debug, Clone)]
pub(super) struct StreamPlan {
    pub(super) filter: Option<usize>,
    pub(super) of: Option<usize>,
    pub(super) by: Option<usize>,
    pub(super) memory: Memory,
    /// Whether squares are asked for.
    pub(super) squares: bool,
    /// Whether the last events are asked for, which makes their order within a day matter.
    pub(super) last: bool,
}

/// One feature.
#[derive(Debug, Clone)]
pub(super) struct ResolvedFeature {
    /// Its place in the set.
    pub(super) place: usize,
    pub(super) stream: usize,
    /// The stream of a part, where the feature is a share.
    pub(super) part: Option<usize>,
    pub(super) feature: WindowFeature,
    /// Units of one.
    pub(super) scale: f64,
}

impl WindowPlan {
    /// Resolves every feature.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of the set.
    pub fn new(set: &EventSet) -> Result<Self> {
        set.validate()?;
        let mut sources = set.sources.iter().map(SourcePlan::new).collect::<Result<Vec<_>>>()?;
        for (place, feature) in set.windows.iter().enumerate() {
            let Some(source) = sources.iter_mut().find(|plan| plan.source.name == feature.source) else { continue };
            let stream = source.stream(feature, feature.filter.as_deref())?;
            let part = match &feature.aggregate {
                Aggregate::Share { part, .. } => {
                    let both = feature.filter.as_ref().map_or_else(|| part.clone(), |filter| format!("({filter}) AND ({part})"));
                    Some(source.stream(feature, Some(&both))?)
                }
                _ => None,
            };
            let scale = source.source.scale();
            source.features.push(ResolvedFeature { place, stream, part, scale, feature: feature.clone() });
        }
        for source in &mut sources {
            source.asks = Asks::new(&source.features, &Vec::from_iter(0..source.streams.len()));
        }
        let mut id = canonical_hash(set)?;
        id.truncate(32);
        Ok(WindowPlan { set: set.clone(), id, sources })
    }

    /// The set of features.
    #[must_use]
    pub fn set(&self) -> &EventSet {
        &self.set
    }

    /// 32 hexadecimal digits that are the same for equal sets only: the first half of the SHA-256 of the canonical JSON.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Names of the features, in the order of the results.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.set.windows.iter().map(|feature| feature.name.as_str())
    }

    /// The place of a source in the set.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData), naming the nearest known source, when there is none of this name.
    pub fn source(&self, name: &str) -> Result<usize> {
        self.sources.iter().position(|plan| plan.source.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.sources.iter().map(|plan| plan.source.name.as_str()).collect();
            Error::data(Problem::new("there is no such source of events", nearest(name, &names)).field(name))
        })
    }
}

impl SourcePlan {
    fn new(source: &EventSource) -> Result<Self> {
        let schema = source.schema();
        let currency = match &source.currency {
            None => None,
            Some(currency) => {
                let field = schema.fields.iter().position(|field| field.name == currency.column && field.kind == Kind::Category);
                let problem = || Problem::new("the currency is no category of its source", "list its column among the fields");
                Some((field.ok_or_else(|| Error::config(problem().field(&source.name)))?, currency.code.clone()))
            }
        };
        Ok(SourcePlan {
            source: source.clone(),
            schema,
            filters: Vec::new(),
            streams: Vec::new(),
            features: Vec::new(),
            asks: Asks::new(&[], &[]),
            currency,
        })
    }

    fn slot(&self, name: Option<&str>) -> Option<usize> {
        let name = name?;
        self.schema.fields.iter().position(|field| field.name == name)
    }

    /// The stream for a feature under this filter; features share streams.
    fn stream(&mut self, feature: &WindowFeature, filter: Option<&str>) -> Result<usize> {
        let filter = match filter {
            None => None,
            Some(text) => Some(match self.filters.iter().position(|known| known.text() == text) {
                Some(known) => known,
                None => {
                    self.filters.push(Expr::parse(text, &Scope::of(&self.schema))?);
                    self.filters.len() - 1
                }
            }),
        };
        let (of, by) = feature.aggregate.reads();
        let (of, by) = (self.slot(of), self.slot(by));
        let at = self.streams.iter().position(|known| (known.filter, known.of, known.by) == (filter, of, by));
        let at = at.unwrap_or_else(|| {
            let memory = Memory { days: false, events: 0, horizon: 0 };
            self.streams.push(StreamPlan { filter, of, by, memory, squares: false, last: false });
            self.streams.len() - 1
        });
        self.streams[at].squares |= matches!(feature.aggregate, Aggregate::StandardDeviation { .. });
        self.streams[at].last |= matches!(feature.window, Window::Events { .. });
        let memory = &mut self.streams[at].memory;
        match feature.window {
            Window::Events { events } => memory.events = memory.events.max(events as usize),
            Window::Days { days, lag } => memory.horizon = memory.horizon.max((days + lag) as i32),
            Window::Months { months, lag } => memory.horizon = memory.horizon.max(31 * (months + lag) as i32),
            Window::All => {}
        }
        if feature.aggregate.by_event() {
            memory.events = self.source.max_kept;
        } else {
            memory.days |= !matches!(feature.window, Window::Events { .. });
        }
        Ok(at)
    }
}
