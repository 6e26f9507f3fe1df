//! From what was seen to the profile.

use std::collections::BTreeMap;

use super::column::{ColumnSummary, Spread, rows, total};
use super::facts::{ColumnProfile, DayFacts, LevelFacts, LevelRows, NumberFacts, Profile, Tallied};
use super::finding::{Finding, FindingKind, Severity, sort};
use super::leakage::judge;
use super::quality::{absent, of_column};
use super::summary::ProfileSummary;
use crate::data::{Date, Kind};
use crate::error::Result;

impl ProfileSummary {
    /// The profile of all rows that were seen.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as for [`ProfileConfig::validate`](super::ProfileConfig::validate).
    pub fn profile(&self) -> Result<Profile> {
        self.config.validate()?;
        let all = rows(self.rows);
        let same = self.same();
        let mut findings = absent(self);
        let mut columns = Vec::new();
        for (name, column) in &self.columns {
            let kind = column.kinds().first().map(|(kind, _)| *kind);
            let target = self.config.target.as_deref();
            let (power, leaks) = match kind {
                Some(kind) if target.is_some() && target != Some(name) => judge(name, column, kind, self.rows, &self.config),
                _ => Default::default(),
            };
            let facts = ColumnProfile {
                name: name.clone(),
                kind,
                missing: rows(column.missing),
                missing_share: super::finding::share(rows(column.missing), all),
                coded: rows(column.coded),
                distinct: distinct(column, kind),
                constant: constant(column),
                numbers: column.numbers.as_ref().map(number_facts),
                days: column.days.as_ref().map(day_facts),
                levels: self.level_facts(column),
                same_as: same.get(name.as_str()).map(|other| (*other).to_owned()),
                auc: power.auc,
                missing_auc: power.missing_auc,
                iv: power.iv,
            };
            findings.extend(leaks);
            findings.extend(of_column(&facts, column, all, &self.config));
            columns.push(facts);
        }
        let duplicate_rows = self.duplicate_rows();
        if duplicate_rows.count > 0 {
            let about = if duplicate_rows.exact { "" } else { "about " };
            let what = format!("{about}{} rows are equal to an earlier row in every column", duplicate_rows.count);
            let remedy = "find out whether they are one case twice; drop them, or add what tells them apart";
            let found = Finding::new("", FindingKind::DuplicateRows, Severity::Note, what, remedy);
            findings.push(Finding { column: None, ..found.of_rows(duplicate_rows.count, all) });
        }
        sort(&mut findings);
        let event_rate = (self.config.target.is_some() && all > 0).then(|| self.rows.event_rate());
        Ok(Profile { rows: all, event_rate, duplicate_rows, columns, findings })
    }

    /// The first of the columns with the same content, the target before all others, by column.
    fn same(&self) -> BTreeMap<&str, &str> {
        let target = self.config.target.as_deref();
        let mut first: BTreeMap<[u64; 2], &str> = BTreeMap::new();
        if let Some((name, column)) = target.and_then(|target| self.columns.get_key_value(target)) {
            first.insert(column.content, name);
        }
        let mut same = BTreeMap::new();
        // Columns of one value or none agree for no reason that matters.
        for (name, column) in self.columns.iter().filter(|(_, column)| !constant(column) && !column.kinds().is_empty()) {
            let other = *first.entry(column.content).or_insert(name);
            if other != name {
                same.insert(name.as_str(), other);
            }
        }
        same
    }

    /// Where not all rows are told apart, the surplus of the sample of distinct rows stands for that of all.
    fn duplicate_rows(&self) -> Tallied {
        let (kept, all) = (self.distinct_rows.len() as u64, rows(self.rows));
        if self.distinct_rows.is_exact() {
            return Tallied { count: all - kept.min(all), exact: true };
        }
        let seen = rows(total(self.distinct_rows.iter().map(|(_, counts)| counts)));
        let surplus = u128::from(seen.saturating_sub(kept)) * u128::from(all) / u128::from(seen.max(1));
        Tallied { count: u64::try_from(surplus).unwrap_or(u64::MAX), exact: false }
    }

    fn level_facts(&self, column: &ColumnSummary) -> Option<LevelFacts> {
        if let Some(flags) = &column.flags {
            let name = |value: f64| if value == 0.0 { "false" } else { "true" };
            let top = flags.cells().iter().map(|cell| LevelRows { level: name(cell.value).to_owned(), rows: rows(cell.counts) });
            return Some(LevelFacts { top: top.collect(), unlisted: 0 });
        }
        let levels = column.levels.as_ref()?;
        let all: u64 = column.kinds().into_iter().find(|(kind, _)| *kind == Kind::Category).map_or(0, |(_, rows)| rows);
        let mut top: Vec<LevelRows> =
            levels.iter().map(|(level, counts)| LevelRows { level: level.clone(), rows: rows(counts) }).collect();
        top.retain(|level| level.rows >= self.config.least_level_rows);
        top.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.level.cmp(&b.level)));
        top.truncate(self.config.top_levels);
        let unlisted = all.saturating_sub(top.iter().map(|level| level.rows).sum());
        Some(LevelFacts { top, unlisted })
    }
}

fn distinct(column: &ColumnSummary, kind: Option<Kind>) -> Tallied {
    let (count, exact) = match kind {
        Some(Kind::Number) => column.numbers.as_ref().map_or((0, true), Spread::distinct),
        Some(Kind::Date) => column.days.as_ref().map_or((0, true), Spread::distinct),
        Some(Kind::Flag) => column.flags.as_ref().map_or((0, true), |flags| (flags.cells().len() as u64, true)),
        Some(Kind::Category) => column.levels.as_ref().map_or((0, true), |levels| (levels.len() as u64, levels.is_exact())),
        None => (0, true),
    };
    Tallied { count, exact }
}

/// One distinct value of one kind, and no code.
fn constant(column: &ColumnSummary) -> bool {
    let kinds = column.kinds();
    let one = distinct(column, kinds.first().map(|(kind, _)| *kind)) == Tallied { count: 1, exact: true };
    one && kinds.len() == 1 && column.coded.total() == 0 && column.infinite == 0
}

fn number_facts(spread: &Spread) -> NumberFacts {
    let Spread { minimum, maximum, whole, .. } = *spread;
    NumberFacts { minimum, maximum, percentiles: percentiles(spread), whole }
}

fn day_facts(spread: &Spread) -> DayFacts {
    let day = |days: f64| Date::from_days(days as i32);
    let percentiles = percentiles(spread).into_iter().map(day).collect();
    DayFacts { first: day(spread.minimum), last: day(spread.maximum), percentiles }
}

fn percentiles(spread: &Spread) -> Vec<f64> {
    let cells = spread.counts.cells();
    let all = u128::from(spread.counts.total().total());
    let (mut at, mut below) = (0, 0u128);
    let mut found = Vec::with_capacity(101);
    for percent in 0..=100u128 {
        while let Some(cell) = cells.get(at) {
            let upto = below + u128::from(cell.counts.total());
            if upto * 100 >= percent * all && upto > 0 {
                break;
            }
            below = upto;
            at += 1;
        }
        found.push(cells.get(at).map_or(spread.maximum, |cell| cell.value.clamp(spread.minimum, spread.maximum)));
    }
    if let Some(last) = found.last_mut() {
        *last = spread.maximum;
    }
    found
}
