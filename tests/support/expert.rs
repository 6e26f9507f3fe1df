//! Makes a model file of a configuration that learns nothing: an expert card and policies.
//!
//! ```text
//! expert CONFIG.json MODEL.json
//! ```

use std::process::ExitCode;

use scoreline::{Artefact, Pipeline, PipelineConfig};

fn make(config: &str, model: &str) -> Result<(), Box<dyn std::error::Error>> {
    let config = PipelineConfig::from_json(&std::fs::read_to_string(config)?)?;
    Ok(Artefact::new(&Pipeline::expert_only(&config)?)?.save(model)?)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [config, model] = arguments.as_slice() else {
        eprintln!("usage: expert CONFIG.json MODEL.json");
        return ExitCode::FAILURE;
    };
    make(config, model).map_or_else(
        |error| {
            eprintln!("{error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}
