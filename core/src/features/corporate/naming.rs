//! The formulas as derived features: the items of a statement under the names that a schema gives them.

use std::collections::BTreeMap;

use super::catalogue::{RATIOS, Ratio};
use super::statement::ITEMS;
use crate::data::{Kind, Schema, nearest};
use crate::error::{Error, ErrorCode, Problem, Problems, Result};
use crate::features::Feature;

/// Ratios of [`RATIOS`] as derived features over `schema`: those in `names`, or, without names, all whose items the schema
/// holds and whose name is free. `fields` tells which field of the schema holds an item (`sales`, `prior_sales`), where it is
/// not called like the item.
///
/// # Errors
/// [`InvalidConfig`](ErrorCode::InvalidConfig) naming every unknown ratio or item, every field of `fields` that the schema
/// does not have, and for ratios asked by name every item that the schema does not hold as a number.
///
/// ```
/// use std::collections::BTreeMap;
/// use scoreline::{Field, Kind, Schema, features::corporate::ratio_features};
/// let names = ["Umlaufvermögen", "current_liabilities"];
/// let schema = Schema { fields: names.map(|name| Field::new(name, Kind::Number)).to_vec() };
/// let fields = BTreeMap::from([("current_assets".to_owned(), "Umlaufvermögen".to_owned())]);
/// let features = ratio_features(&schema, None, &fields)?;
/// assert_eq!(features.len(), 1);
/// let expected = "CASE WHEN current_liabilities > 0 THEN \"Umlaufvermögen\" / current_liabilities END";
/// assert_eq!((features[0].name.as_str(), features[0].expression.as_str()), ("current_ratio", expected));
/// assert!(ratio_features(&schema, Some(&["net_margin"]), &fields).is_err());
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn ratio_features(schema: &Schema, names: Option<&[&str]>, fields: &BTreeMap<String, String>) -> Result<Vec<Feature>> {
    let naming = Naming::new(schema, fields)?;
    let feature = |ratio: &Ratio| naming.feature(ratio.name, &ratio.expression(), ratio.unit, ratio.definition);
    let Some(names) = names else {
        let free = RATIOS.iter().filter(|ratio| schema.index(ratio.name).is_none());
        return Ok(free.filter_map(|ratio| feature(ratio).ok()).collect());
    };
    let mut problems = Problems::default();
    let mut features = Vec::new();
    for name in names {
        match RATIOS.iter().find(|ratio| ratio.name == *name) {
            Some(ratio) => features.extend(problems.absorb(name, feature(ratio))),
            None => {
                let known: Vec<&str> = RATIOS.iter().map(|ratio| ratio.name).collect();
                problems.push(Problem::new("there is no such ratio", near(name, &known, "see the catalogue")).field(*name));
            }
        }
    }
    problems.into_result()?;
    Ok(features)
}

/// A schema with the names that it gives to items.
pub(super) struct Naming<'a> {
    schema: &'a Schema,
    fields: &'a BTreeMap<String, String>,
}

impl<'a> Naming<'a> {
    /// # Errors
    /// [`InvalidConfig`](ErrorCode::InvalidConfig) naming every unknown item and field.
    pub(super) fn new(schema: &'a Schema, fields: &'a BTreeMap<String, String>) -> Result<Self> {
        let mut problems = Problems::default();
        let known: Vec<&str> = ITEMS.iter().flat_map(|item| [item.name, item.prior]).collect();
        for (item, field) in fields {
            if !known.contains(&item.as_str()) {
                let remedy = near(item, &known, "see the items of a statement");
                problems.push(Problem::new("a statement has no such item", remedy).field(item));
            }
            if schema.index(field).is_none() {
                let names: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
                problems.push(Problem::new("the schema has no such field", nearest(field, &names)).field(field));
            }
        }
        problems.into_result()?;
        Ok(Naming { schema, fields })
    }

    /// `expression` over the schema's names, as a feature.
    pub(super) fn feature(&self, name: &str, expression: &str, unit: &str, definition: &str) -> Result<Feature> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut text = String::with_capacity(expression.len());
        for word in words(expression) {
            if !ITEMS.iter().any(|item| item.name == word || item.prior == word) {
                text.push_str(word);
                continue;
            }
            let field = self.fields.get(word).map_or(word, String::as_str);
            if let Some(problem) = self.problem(name, word, field).filter(|problem| !problems.contains(problem)) {
                problems.push(problem);
            }
            if field == word {
                text.push_str(word);
            } else {
                text.push_str(&format!("\"{field}\""));
            }
        }
        if !problems.is_empty() {
            return Err(Error::new(ErrorCode::InvalidConfig, problems));
        }
        let (unit, description) = (Some(unit.to_owned()), Some(definition.to_owned()));
        Ok(Feature { name: name.to_owned(), expression: text, unit, description })
    }

    /// Why `field` cannot be the item `word` of the feature `name`.
    fn problem(&self, name: &str, word: &str, field: &str) -> Option<Problem> {
        match self.schema.index(field).and_then(|at| self.schema.fields.get(at)) {
            Some(found) if found.kind == Kind::Number => None,
            Some(_) => Some(Problem::new(format!("'{name}' needs it as a number"), "declare the field as a number").field(field)),
            None => {
                let remedy = format!("add it, or say in fields which field holds '{word}'");
                let what = format!("'{name}' needs the field, which the schema does not have");
                Some(Problem::new(what, remedy).field(field))
            }
        }
    }
}

/// The nearest known name, or where to look.
fn near(name: &str, known: &[&str], otherwise: &str) -> String {
    Some(nearest(name, known)).filter(|advice| advice.starts_with("did you mean")).unwrap_or_else(|| otherwise.to_owned())
}

/// The words of an expression and what stands between them. Our texts have no quotes.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = text;
    std::iter::from_fn(move || {
        let inside = is_word(rest.chars().next()?);
        let end = rest.find(|c| is_word(c) != inside).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        rest = tail;
        Some(word)
    })
}
