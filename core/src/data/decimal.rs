//! Numbers of settings and requests: JSON numbers, or decimal texts such as `"0.0715"`, which name the same double. Where an
//! amount must be exact it is [`Money`](crate::pricing::Money) instead.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Reads a number, or what is made of numbers, for `#[serde(deserialize_with = "decimal")]`.
pub(crate) fn decimal<'de, D: Deserializer<'de>, T: Decimal>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// What [`decimal`] reads.
pub(crate) trait Decimal: Sized {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// What [`Decimal`] reads, for containers of it.
pub(crate) struct Read<T>(pub(crate) T);

impl<'de, T: Decimal> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Read)
    }
}

impl Decimal for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number)
    }
}

impl<T: Decimal> Decimal for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Read<T>>::deserialize(deserializer)?.map(|read| read.0))
    }
}

impl<T: Decimal> Decimal for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Read<T>>::deserialize(deserializer)?.into_iter().map(|read| read.0).collect())
    }
}

impl<K: for<'a> Deserialize<'a> + Ord, T: Decimal> Decimal for BTreeMap<K, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(BTreeMap::<K, Read<T>>::deserialize(deserializer)?.into_iter().map(|(key, read)| (key, read.0)).collect())
    }
}

impl<T: Decimal> Decimal for [T; 3] {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(<[Read<T>; 3]>::deserialize(deserializer)?.map(|read| read.0))
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a decimal as text, for example \"0.0715\"")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        // Of what the standard library reads only plain decimals: no exponent, no infinity, no sign but a minus.
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = !whole.is_empty() && !part.is_empty() && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
        let value = text.parse().ok().filter(|value: &f64| plain && value.is_finite());
        value.ok_or_else(|| E::custom("a decimal as text was expected, for example \"0.0715\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[serde_with::apply(
        f64 => #[serde(deserialize_with = "decimal")],
        Option<f64> => #[serde(default, deserialize_with = "decimal")],
        Vec<f64> => #[serde(deserialize_with = "decimal")],
    )]
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
    enum Setting {
        One { rate: f64, cap: Option<f64> },
        Many { rates: Vec<f64> },
    }

    fn read(text: &str) -> Result<Setting, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn a_text_names_the_same_double_as_the_number() {
        for number in ["0.1", "-0.5", "12", "0.30000000000000004", "123456789.123456789", "0.0"] {
            let plain = read(&format!(r#"{{"type":"one","rate":{number},"cap":null}}"#)).unwrap();
            assert_eq!(plain, read(&format!(r#"{{"type":"one","rate":"{number}"}}"#)).unwrap());
            assert_eq!(plain, Setting::One { rate: number.parse().unwrap(), cap: None });
        }
        let many = read(r#"{"type":"many","rates":["0.1",2,"-3.5"]}"#).unwrap();
        assert_eq!(many, Setting::Many { rates: vec![0.1, 2.0, -3.5] });
        assert_eq!(read(r#"{"type":"one","rate":1,"cap":"0.24"}"#).unwrap(), Setting::One { rate: 1.0, cap: Some(0.24) });
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        let long = "9".repeat(400);
        for bad in ["", "-", ".5", "5.", "1e3", "inf", "NaN", "+1", " 1", "1,5", "0x1", &long] {
            let refused = read(&format!(r#"{{"type":"one","rate":"{bad}"}}"#)).unwrap_err().to_string();
            assert!(refused.contains("decimal") && (bad.len() < 2 || !refused.contains(bad)), "{bad}: {refused}");
        }
        assert!(read(r#"{"type":"one","rate":true}"#).unwrap_err().to_string().contains("expected a number"));
    }
}
