//! What is asked of a training, with or without a schema.

use scoreline::features::window::EventSet;
use scoreline::{Error, PipelineConfig, Schema};
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
    let events = settings.get("events").filter(|events| !events.is_null());
    described(infer(input, &others)?, events.map(|events| events.to_string()).as_deref())
}

/// The schema, its fields that are features over events described as these are.
pub(crate) fn described(mut schema: Schema, events: Option<&str>) -> Result<Schema, Error> {
    let Some(events) = events else { return Ok(schema) };
    let events: EventSet = setting("events", events)?;
    for feature in &events.windows {
        if let Some(field) = schema.fields.iter_mut().find(|field| field.name == feature.name) {
            feature.describe(field);
        }
    }
    Ok(schema)
}
