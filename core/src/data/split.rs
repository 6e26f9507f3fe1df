//! Which rows are kept for testing, decided by a hash of a key and nothing else.

use serde::{Deserialize, Serialize};

use super::digest::hash64;
use super::value::Value;
use crate::error::{Problem, Problems, Result};

/// Keeps a share of the rows out of training. The same key falls on the same side in every run,
/// language and order of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitConfig {
    /// Column that holds the key: text or whole numbers. All rows of one key fall on one side.
    pub key: String,
    /// Share of keys kept for testing, in [0, 1).
    pub test_share: f64,
    /// Text mixed into the hash; another salt gives another split.
    #[serde(default)]
    pub salt: String,
}

impl SplitConfig {
    pub(crate) fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(!self.key.is_empty(), "split.key", "a column is needed", "name the key column");
        problems.require((0.0..1.0).contains(&self.test_share), "split.test_share", "must lie in [0, 1)", "use for example 0.3");
        problems.into_result()
    }

    /// Whether the row with this key is kept for testing: the first eight bytes of
    /// SHA-256(salt, 0x1f, key), read as a big-endian fraction of 2⁶⁴, lie below `test_share`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the key is missing or not text or a whole number.
    pub fn is_test(&self, key: Value<'_>) -> Result<bool> {
        Ok((self.hash(key)? as f64) < self.test_share * 18_446_744_073_709_551_616.0)
    }

    /// The first eight bytes of SHA-256(salt, 0x1f, key), big-endian.
    pub(crate) fn hash(&self, key: Value<'_>) -> Result<u64> {
        let key = key.key().ok_or_else(|| {
            let problem = Problem::new("a key of text or whole numbers was expected", "give every row a key");
            crate::Error::data(problem.field(&self.key))
        })?;
        Ok(hash64(&[self.salt.as_bytes(), &[0x1f], key.text().as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_met_and_the_key_alone_decides() {
        let split = SplitConfig { key: "id".into(), test_share: 0.3, salt: "s".into() };
        let tests = (0..10_000).filter(|i| split.is_test(Value::Number(f64::from(*i))).unwrap()).count();
        assert!((2_850..3_150).contains(&tests), "{tests}");
        assert_eq!(split.is_test(Value::Number(7.0)).unwrap(), split.is_test(Value::Category("7")).unwrap());
        assert!(split.is_test(Value::Missing).is_err());
        assert!(split.is_test(Value::Number(0.5)).is_err());
    }
}
