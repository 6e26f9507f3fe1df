//! Whether what is asked can be computed.

use super::config::{Aggregate, Duplicates, EventSet, EventSource, Late, MAX_KEPT, MAX_WINDOWS, Window, WindowFeature};
use crate::data::{Field, Kind, NAME_RULE, Schema, is_name};
use crate::error::{Problems, Result};
use crate::expr::{Expr, Scope};

/// The longest window, in days (some 100 years).
const MAX_DAYS: u32 = 36_525;
/// The longest window in months.
const MAX_MONTHS: u32 = 1_200;
/// The most decimals of an amount.
const MAX_DECIMALS: u32 = 9;

impl EventSource {
    /// What an event can hold, under the names of the columns: its day, its publication, its key, which may also be a whole
    /// number, and the fields.
    #[must_use]
    pub fn columns(&self) -> Schema {
        let days = [Some(&self.date), self.published.as_ref()].into_iter().flatten();
        let own = days.map(|day| Field::new(day, Kind::Date)).chain(self.id.iter().map(|id| Field::new(id, Kind::Category)));
        let mut fields: Vec<Field> = own.filter(|own| self.fields.iter().all(|field| field.name != own.name)).collect();
        fields.extend_from_slice(&self.fields);
        Schema { fields }
    }

    /// The fields as a schema.
    pub(super) fn schema(&self) -> Schema {
        Schema { fields: self.fields.clone() }
    }

    /// The units of one in which numbers are added.
    pub(super) fn scale(&self) -> f64 {
        f64::from(10u32.pow(self.decimals.min(MAX_DECIMALS)))
    }

    fn check(&self, problems: &mut Problems) {
        let name = &self.name;
        problems.require(is_name(name), name, "not a usable name", NAME_RULE);
        problems.absorb(name, self.schema().validate());
        problems.require(self.decimals <= MAX_DECIMALS, name, "too many decimals", "use 0 to 9");
        let kept = (1..=MAX_KEPT).contains(&self.max_kept);
        problems.require(kept, name, "max_kept must lie between 1 and 100,000", "use 10,000");
        let keyed = self.id.is_some() || self.duplicates == Duplicates::Keep;
        problems.require(keyed, name, "duplicates cannot be found without a key", "name the column of the key in id");
        let dated = self.published.is_some() || self.late == Late::Keep;
        problems.require(dated, name, "late events cannot be found", "name the column with the day of publication");
        let reserved = [Some(&self.date), self.published.as_ref()];
        let own = self.fields.iter().all(|field| !reserved.contains(&Some(&field.name)));
        problems.require(own, name, "a date of the source is listed among its fields", "leave it out: windows read it");
    }
}

impl Aggregate {
    /// The number or level that it reads, and the category by which it divides.
    pub(super) fn reads(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Aggregate::Count
            | Aggregate::Recency
            | Aggregate::Age
            | Aggregate::LongestStreak
            | Aggregate::CurrentStreak
            | Aggregate::MonthsWithout => (None, None),
            Aggregate::Sum { of }
            | Aggregate::Mean { of }
            | Aggregate::Min { of }
            | Aggregate::Max { of }
            | Aggregate::StandardDeviation { of }
            | Aggregate::Quantile { of, .. }
            | Aggregate::Distinct { of }
            | Aggregate::Trend { of }
            | Aggregate::Volatility { of }
            | Aggregate::MonthsSinceMax { of }
            | Aggregate::Share { of, .. } => (Some(of), None),
            Aggregate::TopShare { of, by, .. } | Aggregate::Herfindahl { of, by } => (Some(of), Some(by)),
        }
    }

    /// Whether it needs the months of the window.
    pub(super) fn by_month(&self) -> bool {
        matches!(
            self,
            Aggregate::Trend { .. }
                | Aggregate::Volatility { .. }
                | Aggregate::LongestStreak
                | Aggregate::CurrentStreak
                | Aggregate::MonthsWithout
        )
    }

    /// Whether it needs every event of the window.
    pub(super) fn by_event(&self) -> bool {
        matches!(
            self,
            Aggregate::Quantile { .. } | Aggregate::Distinct { .. } | Aggregate::TopShare { .. } | Aggregate::Herfindahl { .. }
        )
    }
}

impl WindowFeature {
    fn check(&self, source: &EventSource, problems: &mut Problems) {
        let name = &self.name;
        let schema = source.schema();
        let kind = |wanted: &str| schema.fields.iter().find(|field| field.name == wanted).map(|field| field.kind);
        let mut known = |wanted: Option<&str>, numbers: bool, levels: bool| {
            let Some(wanted) = wanted else { return };
            let ok = match kind(wanted) {
                Some(Kind::Number) => numbers,
                Some(Kind::Category) => levels,
                _ => false,
            };
            let what = if levels && !numbers {
                "it divides by a field that is no category of its source"
            } else {
                "it reads a field that is no number of its source"
            };
            problems.require(ok, name, what, "name a field of the source, of that kind");
        };
        let (of, by) = self.aggregate.reads();
        known(of, true, matches!(self.aggregate, Aggregate::Distinct { .. }));
        known(by, false, true);
        for text in self.filter.iter().chain(match &self.aggregate {
            Aggregate::Share { part, .. } => Some(part),
            _ => None,
        }) {
            if let Some(filter) = problems.absorb(name, Expr::parse(text, &Scope::of(&schema))) {
                problems.require(filter.kind() == Kind::Flag, name, "a filter must be true or false", "compare something");
            }
        }
        match self.aggregate {
            Aggregate::Quantile { p, .. } => {
                problems.require((0.0..=1.0).contains(&p), name, "p must lie between 0 and 1", "use 0.5 for the median")
            }
            Aggregate::TopShare { top, .. } => problems.require(top >= 1, name, "top must be 1 or more", "use 1 or 5"),
            _ => {}
        }
        let (fits, what) = match self.window {
            Window::Days { days, lag } => {
                ((1..=MAX_DAYS).contains(&days) && lag <= MAX_DAYS, "days must lie between 1 and 36,525")
            }
            Window::Months { months, lag } => {
                ((1..=MAX_MONTHS).contains(&months) && lag <= MAX_MONTHS, "months must lie between 1 and 1,200")
            }
            Window::Events { events } => (
                (1..=source.max_kept as u64).contains(&u64::from(events)),
                "events must lie between 1 and max_kept of the source",
            ),
            Window::All => (true, ""),
        };
        problems.require(fits, name, what, "give the window a length");
        let monthly = !self.aggregate.by_month() || matches!(self.window, Window::Months { .. });
        problems.require(monthly, name, "it needs a window of months", "give the window in months");
        let sloping = !matches!((&self.aggregate, self.window), (Aggregate::Trend { .. }, Window::Months { months: 1, .. }));
        problems.require(sloping, name, "a trend needs two months or more", "give a longer window");
        problems.require(
            self.empty.is_none_or(f64::is_finite),
            name,
            "empty must be finite",
            "leave it out for a missing result",
        );
    }
}

impl EventSet {
    /// Checks every source and feature.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require((1..=16).contains(&self.sources.len()), "sources", "1 to 16 sources are needed", "list the tables");
        problems.require(self.windows.len() <= MAX_WINDOWS, "windows", "too many features", "keep at most 512");
        for (place, source) in self.sources.iter().enumerate() {
            source.check(&mut problems);
            let fresh = self.sources[..place].iter().all(|other| other.name != source.name);
            problems.require(fresh, &source.name, "the name occurs twice", "rename the source");
        }
        for (place, feature) in self.windows.iter().enumerate() {
            problems.require(is_name(&feature.name), &feature.name, "not a usable name", NAME_RULE);
            let fresh = self.windows[..place].iter().all(|other| other.name != feature.name);
            problems.require(fresh, &feature.name, "the name occurs twice", "rename the feature");
            match self.sources.iter().find(|source| source.name == feature.source) {
                Some(source) => feature.check(source, &mut problems),
                None => problems.require(false, &feature.name, "there is no such source", "name one of the sources"),
            }
        }
        problems.into_result()
    }
}
