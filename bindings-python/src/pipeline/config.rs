//! What is asked of a training, with or without a schema.

use scoreline::{Error, PipelineConfig, Schema};
use serde_json::{Map, Value as Json};

use crate::data::{Input, Wanted, infer};

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
    infer(input, &others)
}
