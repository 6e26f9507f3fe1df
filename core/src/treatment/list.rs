//! Lists of customers for a named purpose: only who meets a condition, only the fields that are needed, only until a day.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::data::{Batch, Date, Kind, Value, canonical_hash};
use crate::error::{Error, Problem, Problems, Result};
use crate::features::{FeaturePlan, ProtectedUse};

/// Who is to be on a list, and what it may say of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListConfig {
    /// What the list is for, in words.
    pub purpose: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it may be read.
    pub expires: Date,
    /// Condition: an expression over fields and features that yields a flag.
    pub when: String,
    /// The fields or features that the purpose needs, in the order of the list; nothing else is written.
    pub fields: Vec<String>,
    /// Permissions for protected fields to be in the condition or on the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_use: Vec<ProtectedUse>,
}

/// What a list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListManifest {
    /// What the list is for.
    pub purpose: String,
    /// Who answers for it.
    pub owner: String,
    /// The day on which it was made.
    pub made: Date,
    /// The last day on which it may be read.
    pub expires: Date,
    /// The condition, as it was written.
    pub when: String,
    /// What stands in each row, in order.
    pub fields: Vec<ListField>,
    /// Rows on the list.
    pub rows: u64,
    /// Rows of the table whose condition could not be told because an input is missing; they are not on the list.
    pub unknown: u64,
    /// SHA-256, in hex, over the RFC 8785 canonical text of the whole list in which this is empty.
    pub sha256: String,
}

/// One field of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListField {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

/// A list of customers with its manifest. In a file it is one canonical JSON text.
///
/// ```
/// use scoreline::{Batch, Column, Date, Field, Kind, Schema};
/// use scoreline::features::FeaturePlan;
/// use scoreline::treatment::{CustomerList, ListConfig};
/// let fields = [("id", Kind::Category), ("phone", Kind::Category), ("tier", Kind::Category)];
/// let schema = Schema { fields: fields.into_iter().map(|(name, kind)| Field::new(name, kind)).collect() };
/// let book = Batch::new(2)
///     .with("id", Column::text([Some("K1"), Some("K2")]))?
///     .with("phone", Column::text([Some("030 1"), Some("030 2")]))?
///     .with("tier", Column::text([Some("A"), Some("C")]))?;
/// let config: ListConfig = serde_json::from_str(r#"{
///     "purpose": "offer of a savings plan to low-risk customers", "owner": "J. Doe, marketing", "expires": "2026-12-31",
///     "when": "tier IN ('A', 'B')", "fields": ["id", "phone"]
/// }"#)?;
/// let day = |text| Date::parse(text);
/// let list = CustomerList::make(&FeaturePlan::new(&schema, &[])?, &config, &[book], day("2026-12-01")?)?;
/// let file = list.to_json()?;
/// assert!(file.contains(r#""rows":[["K1","030 1"]]"#) && !file.contains("K2"));
/// assert_eq!(CustomerList::open(&file, day("2026-12-31")?)?.manifest().rows, 1);
/// assert!(CustomerList::open(&file, day("2027-01-01")?).is_err(), "it has expired");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerList {
    manifest: ListManifest,
    rows: Vec<Vec<Json>>,
}

impl CustomerList {
    /// The rows of a table for which the condition holds, in their order, with the named fields only. Special codes read as
    /// missing, as they do in expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem: no purpose or owner, an end before `made`, a
    /// condition that cannot be read or yields no flag, fields that do not exist or stand twice, protected fields without a
    /// permission on record; [`InvalidData`](crate::ErrorCode::InvalidData) with the row of a value that its field does not allow.
    pub fn make(plan: &FeaturePlan, config: &ListConfig, batches: &[Batch<'_>], made: Date) -> Result<Self> {
        let mut problems = Problems::default();
        let named = |text: &str| !text.trim().is_empty();
        problems.require(named(&config.purpose), "list.purpose", "a list needs a purpose", "say what it is for");
        problems.require(named(&config.owner), "list.owner", "a list needs an owner", "say who answers for it");
        problems.require(config.expires >= made, "list.expires", "the list ends before it is made", "give a later day");
        problems.require(!config.fields.is_empty(), "list.fields", "a list needs fields", "name those that the purpose needs");
        let mut used = BTreeSet::new();
        let when = plan.condition(&config.when, "list.when", &mut used, &mut problems);
        let mut slots = Vec::with_capacity(config.fields.len());
        for (at, name) in config.fields.iter().enumerate() {
            let place = format!("list.fields[{at}]");
            let Some(slot) = problems.absorb(&place, plan.slot(name)) else { continue };
            problems.require(!slots.contains(&slot), &place, "the field stands twice", "name it once");
            plan.add_sources(slot, &mut used);
            slots.push(slot);
        }
        problems.absorb("list", plan.refuse_protected(&used, &config.protected_use, "a list"));
        problems.into_result()?;
        let when = when.ok_or_else(|| Error::internal("a condition was not parsed"))?;

        let (mut rows, mut unknown, mut before) = (Vec::new(), 0, 0);
        for batch in batches {
            let found = plan.map_rows(batch, |cells| {
                let holds = when.holds(cells);
                unknown += u64::from(holds.is_none());
                let cell = |slot: &usize| json(cells.get(*slot).copied().unwrap_or_default());
                Ok((holds == Some(true)).then(|| slots.iter().map(cell).collect::<Vec<Json>>()))
            });
            rows.extend(found.map_err(|error| error.after_rows(before))?.into_iter().flatten());
            before += batch.rows();
        }
        let fields = slots.iter().map(|&slot| ListField { name: plan.name(slot).to_owned(), kind: plan.kind(slot) });
        let manifest = ListManifest {
            purpose: config.purpose.clone(),
            owner: config.owner.clone(),
            made,
            expires: config.expires,
            when: config.when.clone(),
            fields: fields.collect(),
            rows: rows.len() as u64,
            unknown,
            sha256: String::new(),
        };
        let mut list = CustomerList { manifest, rows };
        list.manifest.sha256 = canonical_hash(&list)?;
        Ok(list)
    }

    /// Reads the text of a list, as of `today`.
    ///
    /// # Errors
    /// [`Artefact`](crate::ErrorCode::Artefact) when it is no list or was edited; [`InvalidData`](crate::ErrorCode::InvalidData)
    /// when it has expired.
    pub fn open(text: &str, today: Date) -> Result<Self> {
        let refused = |what: &str| Error::artefact(Problem::new(what, "ask the owner for the list as it was made"));
        let mut list: CustomerList = serde_json::from_str(text).map_err(|_| refused("the text is no list of customers"))?;
        let seal = std::mem::take(&mut list.manifest.sha256);
        if canonical_hash(&list)? != seal || list.rows.len() as u64 != list.manifest.rows {
            return Err(refused("the list was edited: its hash is another"));
        }
        list.manifest.sha256 = seal;
        if today > list.manifest.expires {
            let what = format!("the list expired after {}", list.manifest.expires);
            return Err(Error::data(Problem::new(what, "have a new list made if the purpose still holds").field("expires")));
        }
        Ok(list)
    }

    /// The canonical text, for a file.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) only.
    pub fn to_json(&self) -> Result<String> {
        serde_json_canonicalizer::to_string(self).map_err(|_| Error::internal("a list has no canonical text"))
    }

    /// What the list is.
    #[must_use]
    pub fn manifest(&self) -> &ListManifest {
        &self.manifest
    }

    /// What a row holds of a field, both by their place.
    #[must_use]
    pub fn value(&self, row: usize, field: usize) -> Value<'_> {
        let Some(cell) = self.rows.get(row).and_then(|cells| cells.get(field)) else { return Value::Missing };
        match (self.manifest.fields.get(field).map(|field| field.kind), cell) {
            (Some(Kind::Number), Json::Number(number)) => number.as_f64().map_or(Value::Missing, Value::Number),
            (Some(Kind::Category), Json::String(level)) => Value::Category(level),
            (Some(Kind::Flag), Json::Bool(flag)) => Value::Flag(*flag),
            (Some(Kind::Date), Json::String(day)) => Date::parse(day).map_or(Value::Missing, Value::Date),
            _ => Value::Missing,
        }
    }
}

fn json(value: Value<'_>) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Number(number) => Json::from(number),
        Value::Category(level) => Json::from(level),
        Value::Flag(flag) => Json::from(flag),
        Value::Date(day) => Json::from(day.to_string()),
    }
}

#[cfg(test)]
mod tests;
