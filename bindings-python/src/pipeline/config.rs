//! What is asked of a training, with or without a schema.

use scoreline::features::as_of::{AsOfPlan, AsOfSet};
use scoreline::features::window::EventSet;
use scoreline::{Error, PipelineConfig, Schema};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::data::{Input, Wanted, infer};
use crate::plain::setting;

/// A configuration as it was written down.
pub(crate) enum Asked {
    /// Complete.
    Whole(Box<PipelineConfig>),
    /// The schema is to be inferred from the table.
    WithoutSchema(Map<String, Json>),
}

impl Asked {
    pub(crate) fn from_json(text: &str) -> Result<Self, Error> {
        match serde_json::from_str(text) {
            Ok(Json::Object(settings)) if !settings.contains_key("schema") => Ok(Asked::WithoutSchema(settings)),
            _ => PipelineConfig::from_json(text).map(Box::new).map(Asked::Whole),
        }
    }

    /// The columns that a training reads.
    pub(crate) fn wanted(&self) -> Wanted {
        match self {
            Asked::Whole(config) => wanted(config),
            Asked::WithoutSchema(_) => Wanted::All,
        }
    }

    /// The configuration, its schema completed from the columns of `input`.
    pub(crate) fn complete(self, input: &Input) -> Result<PipelineConfig, Error> {
        match self {
            Asked::Whole(config) => Ok(*config),
            Asked::WithoutSchema(mut settings) => {
                let schema = schema(&settings, input)?;
                let schema = serde_json::to_value(schema).map_err(|_| Error::internal("a schema cannot be written as JSON"))?;
                settings.insert("schema".to_owned(), schema);
                PipelineConfig::from_json(&Json::Object(settings).to_string())
            }
        }
    }
}

/// The columns that a training with this configuration reads.
pub(crate) fn wanted(config: &PipelineConfig) -> Wanted {
    let key = config.split.as_ref().map(|split| split.key.as_str());
    Wanted::columns(&config.schema, [Some(config.target.as_str()), config.weight.as_deref(), key].into_iter().flatten())
}

/// The schema of a table less target, weight and split key.
fn schema(settings: &Map<String, Json>, input: &Input) -> Result<Schema, Error> {
    let key = settings.get("split").and_then(|split| split.get("key"));
    let others: Vec<&str> =
        [settings.get("target"), settings.get("weight"), key].into_iter().flatten().filter_map(Json::as_str).collect();
    let sets = ["events", "joins"].into_iter().filter_map(|name| Some((name.to_owned(), settings.get(name)?.clone())));
    described(infer(input, &others)?, &Json::Object(sets.collect()).to_string())
}

/// What is computed before a record reaches the pipeline.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Computed {
    #[serde(default)]
    events: Option<EventSet>,
    #[serde(default)]
    joins: Option<AsOfSet>,
}

/// The schema with what `computed`, JSON of the settings `events` and `joins`, says of fields.
pub(crate) fn described(mut schema: Schema, computed: &str) -> Result<Schema, Error> {
    let Computed { events, joins } = setting("events and joins", computed)?;
    let joined = joins.map(|joins| AsOfPlan::new(&joins)).transpose()?.map(|plan| plan.fields());
    let fields = events.map(|events| events.fields()).into_iter().chain(joined).flatten();
    for field in fields {
        if let Some(known) = schema.fields.iter_mut().find(|known| known.name == field.name && known.kind == field.kind) {
            *known = field;
        }
    }
    Ok(schema)
}
