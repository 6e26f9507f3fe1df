//! What an input field is, as a plain object.

use napi::Either;
use napi_derive::napi;
use scoreline::{Code, Sensitivity};

/// An input field of a model.
#[napi(object, object_from_js = false)]
pub struct Field {
    /// Name of the property in records and of the column in batches.
    pub name: String,
    /// What its values are.
    #[napi(ts_type = "'number' | 'category' | 'date' | 'flag'")]
    pub kind: String,
    /// Unit of a number, for readers.
    pub unit: Option<String>,
    /// What it means, for readers.
    pub description: Option<String>,
    /// Whether any output depends on it. Other fields may be left out and are not looked at.
    pub required: bool,
    /// Codes that mean "nothing is known".
    pub missing: Vec<Either<f64, String>>,
    /// Codes with a meaning of their own.
    pub special: Vec<SpecialCode>,
    /// The ground of protection, for example `sex`, where the law protects it.
    pub protected_basis: Option<String>,
}

/// A code with a meaning of its own.
#[napi(object, object_from_js = false)]
pub struct SpecialCode {
    /// The code in the data.
    pub code: Either<f64, String>,
    /// What it stands for.
    pub name: String,
}

impl Field {
    pub(crate) fn new(field: &scoreline::Field, required: bool) -> Self {
        Field {
            name: field.name.clone(),
            kind: field.kind.name().to_owned(),
            unit: field.unit.clone(),
            description: field.description.clone(),
            required,
            missing: field.missing.iter().map(code).collect(),
            special: field
                .special
                .iter()
                .map(|special| SpecialCode { code: code(&special.code), name: special.name.clone() })
                .collect(),
            protected_basis: match &field.sensitivity {
                Sensitivity::Open => None,
                Sensitivity::Protected { basis } => Some(basis.clone()),
            },
        }
    }
}

fn code(code: &Code) -> Either<f64, String> {
    match code {
        Code::Number(x) => Either::A(*x),
        Code::Text(text) => Either::B(text.clone()),
    }
}
