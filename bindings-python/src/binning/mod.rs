//! Bins of one column: found, edited, tabulated, and turned into numbers.

mod bins;
mod targets;

pub(crate) use bins::{Bins, bin, woe};
pub(crate) use targets::{ContinuousBins, MulticlassBins, bin_continuous, bin_multiclass};

use pyo3::prelude::*;
use scoreline::{Code, Field, Kind, Special};

use crate::data::Single;
use crate::error::Fault;
use crate::plain::setting;

/// The values of a column that is to be binned, and its field.
struct Values {
    single: Single,
    field: Field,
}

impl Values {
    /// Reads the values; the kind is that of the column unless it is named, `codes` the JSON of special and missing codes.
    fn read(values: &Bound<'_, PyAny>, name: &str, kind: Option<&str>, codes: (&str, &str)) -> Result<Self, Fault> {
        let kind: Option<Kind> = kind.map(|kind| setting("kind", &format!("{kind:?}"))).transpose()?;
        let special: Vec<Special> = setting("special", codes.0)?;
        let missing: Vec<Code> = setting("missing", codes.1)?;
        let single = Single::read("x", values, kind)?;
        let field = Field { special, missing, ..Field::new(name, single.kind()) };
        Ok(Values { single, field })
    }
}

/// The values of a column that is to be placed in the bins of `field`.
fn again(values: &Bound<'_, PyAny>, field: &Field) -> Result<Single, Fault> {
    Single::read("x", values, Some(field.kind))
}
