//! How inputs are read.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

use crate::error::{Error, Problem, Result};

/// An input of a calculation. What is refused is named by its place, and never by what stands there.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let input = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| refused(&error.path().to_string(), &error.inner().to_string()))?;
    reader.end().map_err(|error| refused(".", &error.to_string()))?;
    Ok(input)
}

fn refused(path: &str, said: &str) -> Error {
    let said = said.split(" at line ").next().unwrap_or_default();
    let said = said.strip_prefix("invalid_data: ").unwrap_or(said);
    // These repeat what stands there before they say what was expected.
    let repeats = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
    let what = match said.rfind("expected ") {
        Some(at) if repeats.iter().any(|repeat| said.starts_with(repeat)) => said.get(at..).unwrap_or_default(),
        _ => said,
    };
    // A place that was not reached is written as `?`.
    let field = match path.trim_end_matches('?').trim_end_matches('.') {
        "" => "input",
        reached => reached,
    };
    let remedy = "CALCULATIONS.md shows the input of each calculation";
    Error::data(Problem::new(format!("the input is not of the expected form: {what}"), remedy).field(field))
}

/// Something that comes with the library, by its name, or one's own in full.
pub(super) enum OwnOr<T> {
    Named(String),
    Own(Box<T>),
}

impl<T> OwnOr<T> {
    /// The thing itself: what `load` finds under the name, or one's own after `check`.
    pub(super) fn resolve(self, load: impl FnOnce(&str) -> Result<T>, check: impl FnOnce(&T) -> Result<()>) -> Result<T> {
        match self {
            OwnOr::Named(name) => load(&name),
            OwnOr::Own(own) => check(&own).map(|()| *own),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OwnOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

struct Either<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = OwnOr<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object")
    }

    fn visit_str<E>(self, name: &str) -> std::result::Result<Self::Value, E> {
        Ok(OwnOr::Named(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> std::result::Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(|own| OwnOr::Own(Box::new(own)))
    }
}
