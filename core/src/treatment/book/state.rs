//! One state by the names of the axes.

use super::axis::AxisOf;
use super::stored::ActionBook;
use crate::data::{Field, Kind, Schema, Value};
use crate::error::{Error, Problem, Result};
use crate::tier::RiskTier;

impl ActionBook {
    /// What a state consists of: a field for each axis, in their order. The tier is a category.
    #[must_use]
    pub fn state_schema(&self) -> Schema {
        let field = |axis: &super::Axis| Field::new(&axis.name, axis.of.kind().unwrap_or(Kind::Category));
        Schema { fields: self.axes.iter().map(field).collect() }
    }

    /// The tier and the value of each axis, as [`ActionTable::row`](super::ActionTable::row) takes them, from values by name
    /// of the axis. Axes that are not named are missing; without an axis for it the tier is `A`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a name is unknown, a value is not of the kind of its axis, or the
    /// tier is missing.
    ///
    /// ```
    /// use scoreline::Value;
    /// # use scoreline::treatment::ActionBook;
    /// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/action_book.json"));
    /// let book: ActionBook = serde_json::from_str(text)?;
    /// let table = book.resolve()?;
    /// let (tier, values) = book.state([
    ///     ("tier", Value::Category("A")), ("stage", Value::Category("current")), ("utilisation", Value::Number(0.8)),
    /// ])?;
    /// assert_eq!(book.rows[usize::from(table.row(tier, |axis| values[axis]))].code, "INCREASE");
    /// assert!(book.state([("utilization", Value::Number(0.8))]).unwrap_err().to_string().contains("did you mean 'utilisation'?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn state<'n, 'v>(&self, named: impl IntoIterator<Item = (&'n str, Value<'v>)>) -> Result<(RiskTier, Vec<Value<'v>>)> {
        let schema = self.state_schema();
        let mut values = vec![Value::Missing; self.axes.len()];
        for (name, value) in named {
            let at = schema.find(name)?;
            values[at] = schema.fields[at].check(value)?;
            if let (AxisOf::Number { whole: true, .. }, Value::Number(x)) = (&self.axes[at].of, values[at])
                && x != x.trunc()
            {
                let problem = Problem::new("a whole number was expected", "round it, or leave it out when it is not known");
                return Err(Error::data(problem.field(name)));
            }
        }
        let Some(at) = self.axes.iter().position(|axis| axis.of == AxisOf::Tier {}) else { return Ok((RiskTier::A, values)) };
        let letter = values[at].level();
        let tier = RiskTier::ALL.into_iter().find(|tier| letter.is_some_and(|letter| letter == tier.to_string()));
        let no_tier = || Error::data(Problem::new("a tier was expected", "pass A, B, C or D").field(&self.axes[at].name));
        Ok((tier.ok_or_else(no_tier)?, values))
    }
}
