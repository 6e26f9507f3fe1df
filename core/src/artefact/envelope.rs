//! The file as a whole.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::checks::{self, Check};
use super::{migrate, seal};
use crate::error::{Error, Problem, Result};
use crate::pipeline::{Pipeline, Scorer, describe};

/// What the member `format` says in every file of ours.
const FORMAT: &str = "scoreline";

/// Version that this release writes. It reads this one and all before it.
pub(super) const VERSION: u64 = 1;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// A pipeline with what proves that a reader computes the same numbers: hash and known answers.
///
/// ```no_run
/// use scoreline::Artefact;
/// let artefact = Artefact::load("model.json")?;
/// let scorer = artefact.scorer()?;
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Artefact {
    pipeline: Pipeline,
    checks: Vec<Check>,
    hash: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: String,
    version: u64,
    release: String,
    hash: String,
    pipeline: Pipeline,
    checks: Vec<Check>,
}

impl Artefact {
    /// Seals a pipeline: computes known answers and hash.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the parts of the pipeline do not fit together.
    pub fn new(pipeline: &Pipeline) -> Result<Self> {
        let checks = checks::compute(pipeline, &Scorer::new(pipeline)?)?;
        let mut artefact = Artefact { pipeline: pipeline.clone(), checks, hash: String::new() };
        artefact.hash = seal::hash(&artefact.to_json_value()?)?;
        Ok(artefact)
    }

    /// The pipeline.
    #[must_use]
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Known answers: records at the borders of the bins, with their decisions.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// SHA-256, in hex, over the RFC 8785 canonical text of everything but the hash itself.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The pipeline resolved for speed.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the parts of the pipeline do not fit together.
    pub fn scorer(&self) -> Result<Scorer> {
        Scorer::new(&self.pipeline)
    }

    /// The file's text, indented for people.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) only.
    pub fn to_json(&self) -> Result<String> {
        let mut text = serde_json::to_string_pretty(&self.envelope())
            .map_err(|_| Error::internal("the artefact cannot be written as JSON"))?;
        text.push('\n');
        Ok(text)
    }

    /// Reads and verifies a file's text: form, version, hash and known answers.
    ///
    /// # Errors
    /// [`Artefact`](crate::ErrorCode::Artefact) when it is not ours, damaged, edited, of a newer version, or
    /// when this release would answer differently.
    pub fn from_json(text: &str) -> Result<Self> {
        let json = parse(text)?;
        let stated = json.get("hash").and_then(Json::as_str).unwrap_or_default().to_owned();
        if seal::hash(&json)? != stated {
            return Err(Error::artefact(
                Problem::new(
                    "the content does not match the hash",
                    "restore the file, or re-seal it with `check` if the edit was meant",
                )
                .field("hash"),
            ));
        }
        let artefact = Artefact::from_value(migrate::to_current(json)?)?;
        checks::verify(&artefact.checks, &artefact.scorer()?)?;
        Ok(artefact)
    }

    /// Takes over a file that was edited on purpose: verifies its form, computes hash and known answers
    /// anew, and says what changed.
    ///
    /// # Errors
    /// [`Artefact`](crate::ErrorCode::Artefact) or [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the
    /// edited file does not make a pipeline.
    pub fn reseal(text: &str) -> Result<(Self, Vec<seal::Change>)> {
        let json = parse(text)?;
        let before = Artefact::from_value(migrate::to_current(json)?)?;
        let after = Artefact::new(&before.pipeline)?;
        let changes = seal::changes(&before, &after);
        Ok((after, changes))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// [`Io`](crate::ErrorCode::Io) when it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        std::fs::write(path, self.to_json()?).map_err(|e| io_error(path, "written", &e))
    }

    /// Reads and verifies a file.
    ///
    /// # Errors
    /// [`Io`](crate::ErrorCode::Io) when it cannot be read; otherwise as [`Artefact::from_json`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Artefact::from_json(&read(path.as_ref())?)
    }

    fn envelope(&self) -> Envelope {
        Envelope {
            format: FORMAT.to_owned(),
            version: VERSION,
            release: env!("CARGO_PKG_VERSION").to_owned(),
            hash: self.hash.clone(),
            pipeline: self.pipeline.clone(),
            checks: self.checks.clone(),
        }
    }

    fn to_json_value(&self) -> Result<Json> {
        serde_json::to_value(self.envelope()).map_err(|_| Error::internal("the artefact cannot be written as JSON"))
    }

    fn from_value(json: Json) -> Result<Self> {
        let envelope: Envelope = serde_json::from_value(json).map_err(|e| {
            Error::artefact(Problem::new(
                format!("the content is not of the expected form: {}", describe(&e)),
                "compare it with FORMAT.md",
            ))
        })?;
        Ok(Artefact { pipeline: envelope.pipeline, checks: envelope.checks, hash: envelope.hash })
    }
}

/// Text to JSON of a version that this release reads, with the limits that keep a hostile file harmless.
fn parse(text: &str) -> Result<Json> {
    if text.len() > MAX_BYTES {
        return Err(too_large());
    }
    let json: Json = serde_json::from_str(text).map_err(|e| {
        let what = format!("the file is not complete JSON (line {}, column {})", e.line(), e.column());
        Error::artefact(Problem::new(what, "restore the file"))
    })?;
    if json.get("format").and_then(Json::as_str) != Some(FORMAT) {
        return Err(Error::artefact(
            Problem::new("the file is not a scoreline artefact", "pass a file written by save").field("format"),
        ));
    }
    let version = json.get("version").and_then(Json::as_u64);
    match version {
        Some(1..=VERSION) => Ok(json),
        Some(version) if version > VERSION => {
            let release =
                json.get("release").and_then(Json::as_str).filter(|release| release.len() <= 32).unwrap_or("a later one");
            let what = format!("the file has version {version}, this release reads up to {VERSION}");
            Err(Error::artefact(Problem::new(what, format!("use release {release} or later")).field("version")))
        }
        _ => {
            Err(Error::artefact(Problem::new("the version is not a positive whole number", "restore the file").field("version")))
        }
    }
}

fn read(path: &Path) -> Result<String> {
    let size = std::fs::metadata(path).map_err(|e| io_error(path, "read", &e))?.len();
    if size > MAX_BYTES as u64 {
        return Err(too_large());
    }
    let bytes = std::fs::read(path).map_err(|e| io_error(path, "read", &e))?;
    String::from_utf8(bytes)
        .map_err(|_| Error::artefact(Problem::new("the file is not UTF-8 text", "pass a file written by save")))
}

fn too_large() -> Error {
    Error::artefact(Problem::new("the file is larger than 64 MiB", "pass a file written by save"))
}

fn io_error(path: &Path, action: &str, cause: &std::io::Error) -> Error {
    let what = format!("the file cannot be {action}: {}", cause.kind());
    Error::io(Problem::new(what, "check path and permissions").field(path.display().to_string()))
}
