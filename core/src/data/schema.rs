//! What the input fields are: kind, unit, codes with a meaning, and sensitivity.

use serde::{Deserialize, Serialize};

use super::value::{Date, Value};
use crate::error::{Error, Problem, Problems, Result};

/// The most fields a schema may have.
pub const MAX_FIELDS: usize = 4_096;

/// The input fields of a pipeline, in the order of their indices.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The fields. Names are unique.
    pub fields: Vec<Field>,
}

/// One input field.
///
/// ```
/// use scoreline::{Field, Kind, Value};
/// let income = Field::new("income", Kind::Number);
/// assert_eq!(income.parse("4200.50").unwrap(), Value::Number(4200.5));
/// assert!(income.parse("12,000").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name, as in the data. In expressions it stands between double quotes unless it consists of letters, digits
    /// and `_`.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Unit of a number, for example `EUR` or `months`. For readers; no arithmetic depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it means, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Codes that mean "nothing is known".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Code>,
    /// Codes with a meaning of their own. Each gets its own bin; in expressions it reads as missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special: Vec<Special>,
    /// Whether the field may reach score, rule or price.
    #[serde(default, skip_serializing_if = "Sensitivity::is_open")]
    pub sensitivity: Sensitivity,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A finite number.
    Number,
    /// One of a set of levels.
    Category,
    /// A calendar day.
    Date,
    /// True or false.
    Flag,
}

impl Kind {
    /// The name used in files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Category => "category",
            Kind::Date => "date",
            Kind::Flag => "flag",
        }
    }
}

/// A code in the data, such as `-999` or `"n/a"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Code {
    /// A code of a number field.
    Number(f64),
    /// A code of a category field.
    Text(String),
}

impl Code {
    /// Whether `value` is this code.
    #[must_use]
    pub fn matches(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Code::Number(code), Value::Number(x)) => *code == x,
            (Code::Text(code), Value::Category(level)) => code == level,
            _ => false,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Code::Number(_) => Kind::Number,
            Code::Text(_) => Kind::Category,
        }
    }
}

/// A code with a meaning of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Special {
    /// The code in the data.
    pub code: Code,
    /// What it stands for, for example `no bureau file`.
    pub name: String,
}

/// Whether a field may reach score, rule or price.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Sensitivity {
    /// No restriction.
    #[default]
    Open,
    /// Usable in fairness tests only, unless overridden on record.
    Protected {
        /// The ground of protection, for example `sex` or `marital status`.
        basis: String,
    },
}

impl Sensitivity {
    pub(crate) fn is_open(&self) -> bool {
        *self == Sensitivity::Open
    }
}

impl Field {
    /// A field without unit, codes or restriction.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Field {
            name: name.into(),
            kind,
            unit: None,
            description: None,
            missing: Vec::new(),
            special: Vec::new(),
            sensitivity: Sensitivity::Open,
        }
    }

    /// Checks the kind of `value`, refuses infinite numbers and turns NaN and missing codes into
    /// [`Value::Missing`]. Special codes pass.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field.
    #[inline]
    pub fn check<'a>(&self, value: Value<'a>) -> Result<Value<'a>> {
        match value {
            Value::Number(x) if x.is_finite() && self.kind == Kind::Number && self.missing.is_empty() => Ok(Value::Number(x)),
            _ => self.check_any(value),
        }
    }

    fn check_any<'a>(&self, value: Value<'a>) -> Result<Value<'a>> {
        let value = match (self.kind, value) {
            (_, Value::Missing) => return Ok(Value::Missing),
            (Kind::Number, Value::Number(x)) if x.is_nan() => return Ok(Value::Missing),
            (Kind::Number, Value::Number(x)) if x.is_infinite() => return Err(self.infinite()),
            (Kind::Number, Value::Number(_))
            | (Kind::Category, Value::Category(_))
            | (Kind::Flag, Value::Flag(_))
            | (Kind::Date, Value::Date(_)) => value,
            _ => return Err(self.wrong_kind()),
        };
        Ok(if self.missing.iter().any(|code| code.matches(value)) { Value::Missing } else { value })
    }

    /// The value as expressions see it: a special code is missing.
    #[inline]
    #[must_use]
    pub fn plain<'a>(&self, value: Value<'a>) -> Value<'a> {
        if self.special.iter().any(|special| special.code.matches(value)) { Value::Missing } else { value }
    }

    /// Reads text as a value of this field's kind: a decimal number, a level, `YYYY-MM-DD`, `true` or
    /// `false`. Empty text is missing. Nothing is trimmed and nothing is guessed.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field and the expected form.
    pub fn parse<'a>(&self, text: &'a str) -> Result<Value<'a>> {
        if text.is_empty() {
            return Ok(Value::Missing);
        }
        match self.kind {
            Kind::Category => Ok(Value::Category(text)),
            Kind::Date => Date::parse(text).map(Value::Date).map_err(|e| e.in_field(&self.name)),
            Kind::Flag => match text {
                "true" => Ok(Value::Flag(true)),
                "false" => Ok(Value::Flag(false)),
                _ => Err(self.wrong_kind()),
            },
            Kind::Number => {
                let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
                match text.parse::<f64>() {
                    Ok(x) if plain && x.is_finite() => Ok(Value::Number(x)),
                    Ok(_) if plain => Err(self.infinite()),
                    _ => Err(self.wrong_kind()),
                }
            }
        }
    }

    fn wrong_kind(&self) -> Error {
        let remedy = match self.kind {
            Kind::Number => "pass a number (no text, no thousands separator), or nothing when it is missing",
            Kind::Category => "pass the level as text, or nothing when it is missing",
            Kind::Date => "pass a calendar day (YYYY-MM-DD in text), or nothing when it is missing",
            Kind::Flag => "pass true or false, or nothing when it is missing",
        };
        Error::data(Problem::new(format!("a {} was expected", self.kind.name()), remedy).field(&self.name))
    }

    fn infinite(&self) -> Error {
        Error::data(
            Problem::new("a finite number was expected", "correct the source, or pass nothing when it is missing")
                .field(&self.name),
        )
    }
}

impl Schema {
    /// The index of the field called `name`.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The index of the field called `name`, or an error that lists the nearest name.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when there is no such field.
    pub fn find(&self, name: &str) -> Result<usize> {
        self.index(name).ok_or_else(|| {
            let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
            Error::data(Problem::new("there is no such field", nearest(name, &names)).field(name))
        })
    }

    /// Checks names and codes.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(!self.fields.is_empty(), "schema.fields", "at least one field is needed", "declare the inputs");
        problems.require(self.fields.len() <= MAX_FIELDS, "schema.fields", "too many fields", "keep at most 4,096");
        let mut names = std::collections::BTreeSet::new();
        for field in &self.fields {
            problems.require(is_name(&field.name), &field.name, "not a usable name", NAME_RULE);
            problems.require(names.insert(field.name.as_str()), &field.name, "the name occurs twice", "rename one of the fields");
            for code in field.missing.iter().chain(field.special.iter().map(|special| &special.code)) {
                let finite = !matches!(code, Code::Number(x) if !x.is_finite());
                problems.require(
                    code.kind() == field.kind && finite,
                    &field.name,
                    "a missing or special code has another kind than the field",
                    "use finite numbers for number fields and text for category fields",
                );
            }
            problems.require(field.special.len() <= 16, &field.name, "too many special codes", "declare at most 16");
            for (i, special) in field.special.iter().enumerate() {
                let repeated =
                    field.special[..i].iter().any(|other| other.code == special.code) || field.missing.contains(&special.code);
                problems.require(
                    !repeated,
                    &field.name,
                    "a code is declared twice",
                    "declare each code once, as missing or as special",
                );
            }
        }
        problems.into_result()
    }
}

/// Whether `name` can be a name: 1 to 128 bytes, no control characters, no double quotes (expressions put
/// names with other characters than letters, digits and `_` between them), no space at either end.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=128).contains(&name.len()) && name.trim() == name && !name.contains(|c: char| c.is_control() || c == '"')
}

/// What to do about a name that is none.
pub(crate) const NAME_RULE: &str = "use 1 to 128 bytes without control characters, double quotes and outer spaces";

/// Advice for an unknown name: the closest known one by edit distance, or the whole list when it is short.
pub(crate) fn nearest(name: &str, known: &[&str]) -> String {
    let best = known.iter().map(|candidate| (edit_distance(name, candidate), *candidate)).min();
    match best {
        Some((distance, candidate)) if distance <= 1 + name.chars().count() / 3 => format!("did you mean '{candidate}'?"),
        _ if known.is_empty() => "nothing is declared".to_owned(),
        _ if known.len() <= 12 => format!("known are: {}", known.join(", ")),
        _ => format!("see the schema for the {} known names", known.len()),
    }
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_against_the_kind_and_never_guessed() {
        let mut field = Field::new("income", Kind::Number);
        field.missing = vec![Code::Number(-999.0)];
        assert_eq!(field.check(Value::Number(f64::NAN)).unwrap(), Value::Missing);
        assert_eq!(field.check(Value::Number(-999.0)).unwrap(), Value::Missing);
        assert_eq!(field.check(Value::Number(1e308)).unwrap(), Value::Number(1e308));
        for bad in [Value::Number(f64::INFINITY), Value::Category("12"), Value::Flag(true)] {
            let error = field.check(bad).unwrap_err();
            assert_eq!(error.problems()[0].field.as_deref(), Some("income"));
            assert!(!error.to_string().contains("12"), "the value must not be shown");
        }
    }

    #[test]
    fn text_is_parsed_exactly_or_refused() {
        let field = Field::new("x", Kind::Number);
        assert_eq!(field.parse("0.2").unwrap(), Value::Number(0.2));
        assert_eq!(field.parse("-1.5e-3").unwrap(), Value::Number(-0.0015));
        assert_eq!(field.parse("").unwrap(), Value::Missing);
        for bad in ["12,000", " 1", "1 ", "nan", "inf", "1e999", "0x10", "one"] {
            assert!(field.parse(bad).is_err());
        }
    }

    #[test]
    fn schema_lists_every_problem() {
        let mut odd = Field::new("b", Kind::Category);
        odd.missing = vec![Code::Number(1.0)];
        let schema = Schema {
            fields: vec![Field::new("a", Kind::Number), Field::new("a", Kind::Flag), Field::new(" x", Kind::Flag), odd],
        };
        assert_eq!(schema.validate().unwrap_err().problems().len(), 3);
    }

    #[test]
    fn unknown_names_get_the_nearest_known_one() {
        let schema = Schema { fields: vec![Field::new("income", Kind::Number), Field::new("age", Kind::Number)] };
        assert!(schema.find("incme").unwrap_err().to_string().contains("did you mean 'income'?"));
        assert!(schema.find("zzzzzz").unwrap_err().to_string().contains("income, age"));
    }
}
