//! Checks of the form of a book, before its rows are held against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::allowed::{Allowed, Interval};
use super::axis::{Axis, AxisOf};
use super::stored::{ActionBook, ActionRow};
use crate::error::{Problem, Problems, Result};
use crate::tier::RiskTier;

/// The most axes of a book.
pub const MAX_AXES: usize = 16;

/// The most rows of a book.
pub const MAX_ROWS: usize = 1_000;

/// The most levels of an axis, and the most parts that a row allows of an axis.
const MAX_PARTS: usize = 1_000;

/// Beyond 2⁵³ not every whole number is a double.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A century: any longer is a slip.
const MAX_DAYS: u32 = 36_500;

impl ActionBook {
    /// Checks the form of the book, and nothing of the expressions or of how the rows fit together; see
    /// [`ActionBook::check`] for that.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.axes.len() <= MAX_AXES, "treatment.axes", "too many axes", "keep at most 16");
        let count = (1..=MAX_ROWS).contains(&self.rows.len());
        problems.require(count, "treatment.rows", "1 to 1,000 rows are needed", "write what is done, or split the book");
        let mut names = BTreeSet::new();
        for (i, axis) in self.axes.iter().enumerate() {
            let place = format!("treatment.axes[{i}]");
            problems.require(!axis.name.trim().is_empty(), &place, "an axis needs a name", "name it");
            problems.require(names.insert(axis.name.as_str()), &place, "two axes have the same name", "rename one");
            check_axis(&mut problems, &place, &axis.of);
        }
        let tiers = self.axes.iter().filter(|axis| axis.of == AxisOf::Tier {}).count();
        problems.require(tiers <= 1, "treatment.axes", "two axes are the tier", "keep one of them");
        let axes: BTreeMap<&str, &Axis> = self.axes.iter().map(|axis| (axis.name.as_str(), axis)).collect();
        let mut codes = BTreeSet::new();
        for (i, row) in self.rows.iter().enumerate() {
            let place = format!("treatment.rows[{i}]");
            problems.require(!row.code.trim().is_empty(), &place, "a row needs a code", "give it a short unique code");
            problems.require(
                codes.insert(row.code.as_str()),
                &place,
                "two rows have the same code",
                "give each row its own code",
            );
            check_row(&mut problems, &place, row);
            for (name, parts) in &row.when {
                let place = format!("{place}.when.{name}");
                match axes.get(name.as_str()) {
                    Some(axis) => check_parts(&mut problems, &place, &axis.of, parts),
                    None => problems.require(
                        false,
                        &place,
                        "there is no such axis",
                        "declare it under treatment.axes or correct the name",
                    ),
                }
            }
        }
        problems.into_result()
    }
}

fn check_axis(problems: &mut Problems, place: &str, of: &AxisOf) {
    let written = of.expression().is_none_or(|text| !text.trim().is_empty());
    problems.require(written, place, "an axis needs an expression", "write it over the fields");
    if let AxisOf::Category { levels, .. } = of {
        problems.require(levels.len() <= MAX_PARTS, place, "too many levels", "keep at most 1,000; `other` stands for the rest");
        let unique: BTreeSet<&str> = levels.iter().map(String::as_str).collect();
        problems.require(unique.len() == levels.len(), place, "a level stands twice", "list each level once");
        problems.require(!unique.contains(""), place, "a level is empty", "name it, or leave it out");
        let reserved = unique.contains("missing") || unique.contains("other");
        problems.require(!reserved, place, "`missing` and `other` are reserved words", "rename the level in the expression");
    }
}

fn check_row(problems: &mut Problems, place: &str, row: &ActionRow) {
    problems.require(!row.reason.trim().is_empty(), place, "a row needs a reason", "say in words why this is done");
    problems.require(!row.actions.is_empty(), place, "a row needs an action", "name what is done, if only `none`");
    problems.require((0.0..=1.0).contains(&row.waiver_cap), place, "waiver_cap must lie in [0, 1]", "write a share");
    let review = (1..=MAX_DAYS).contains(&row.review_days);
    problems.require(review, place, "review_days must lie in 1 to 36,500", "use for example 30");
    let mut offers = BTreeSet::new();
    for offer in &row.offers {
        problems.require(!offer.trim().is_empty(), place, "an offer needs a code", "write it or leave the offer out");
        problems.require(offers.insert(offer), place, "an offer stands twice", "list each offer once");
    }
    let mut actions = BTreeSet::new();
    for (i, action) in row.actions.iter().enumerate() {
        let place = format!("{place}.actions[{i}]");
        problems.require(!action.code.trim().is_empty(), &place, "an action needs a code", "write it");
        let named = action.channel.as_deref().is_none_or(|channel| !channel.trim().is_empty());
        problems.require(named, &place, "the channel is empty", "name it or leave it out");
        let days = action.every_days.is_none_or(|days| (1..=MAX_DAYS).contains(&days));
        problems.require(days, &place, "every_days must lie in 1 to 36,500", "leave it out for an action that is done once");
        let new = actions.insert((&action.code, &action.channel));
        problems.require(new, &place, "an action stands twice by one channel", "list it once");
    }
}

/// What may stand for an axis, in words.
fn expected(of: &AxisOf) -> &'static str {
    match of {
        AxisOf::Tier {} => "a tier is \"A\", \"B\", \"C\" or \"D\", and is never missing",
        AxisOf::Flag { .. } => "a flag is true, false or \"missing\"",
        AxisOf::Category { .. } => "a category is one of the levels of its axis, \"other\" or \"missing\"",
        AxisOf::Number { .. } => "a number is an interval with from, above, to or below, or \"missing\"",
    }
}

fn check_parts(problems: &mut Problems, place: &str, of: &AxisOf, parts: &[Allowed]) {
    problems.require(parts.len() <= MAX_PARTS, place, "too many parts", "keep at most 1,000");
    for part in parts {
        let fits = match (of, part) {
            (AxisOf::Tier {}, Allowed::Level(word)) => RiskTier::ALL.iter().any(|tier| tier.to_string() == *word),
            (AxisOf::Category { levels, .. }, Allowed::Level(word)) => levels.contains(word),
            (AxisOf::Category { .. }, Allowed::Other | Allowed::Missing)
            | (AxisOf::Flag { .. }, Allowed::Flag(_) | Allowed::Missing)
            | (AxisOf::Number { .. }, Allowed::Missing) => true,
            (AxisOf::Number { whole, .. }, Allowed::Numbers(interval)) => {
                check_interval(problems, place, interval, *whole);
                true
            }
            _ => false,
        };
        if !fits {
            problems.push(Problem::new(expected(of), "correct it, or declare it under treatment.axes").field(place));
        }
    }
}

fn check_interval(problems: &mut Problems, place: &str, interval: &Interval, whole: bool) {
    let Interval { from, above, to, below } = *interval;
    let single = (from.is_none() || above.is_none()) && (to.is_none() || below.is_none());
    problems.require(
        single,
        place,
        "an interval has one lower and one upper bound at most",
        "keep one of from and above, one of to and below",
    );
    for bound in [from, above, to, below].into_iter().flatten() {
        problems.require(bound.is_finite(), place, "a bound must be finite", "leave the bound out where there is none");
        let exact = !whole || !bound.is_finite() || bound.abs() < MAX_WHOLE;
        problems.require(exact, place, "a bound of a whole number must be below 2^53 in size", "use a smaller bound");
    }
}
