//! Profiles and comparisons as text: Markdown tables.

use std::fmt;

use super::compare::Comparison;
use super::facts::{ColumnProfile, Profile, Tallied};
use super::finding::{Finding, percent};

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = self.event_rate.map_or_else(String::new, |rate| format!(", {} events", percent(rate)));
        let about = if self.duplicate_rows.exact { "" } else { "about " };
        let (rows, columns) = (self.rows, self.columns.len());
        writeln!(f, "{rows} rows, {columns} columns{events}, {about}{} duplicate rows", self.duplicate_rows.count)?;
        findings(f, &self.findings)?;
        writeln!(f, "\n| column | kind | missing | distinct | least | median | greatest | top levels | AUC | IV |")?;
        writeln!(f, "|---|---|--:|--:|--:|--:|--:|---|--:|--:|")?;
        for column in &self.columns {
            let kind = column.kind.map_or("", |kind| kind.name());
            let [least, median, greatest] = middle(column);
            let figure = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
            writeln!(
                f,
                "| {} | {kind} | {} | {} | {least} | {median} | {greatest} | {} | {} | {} |",
                cell(&column.name),
                percent(column.missing_share),
                tallied(column.distinct),
                top(column),
                figure(column.auc),
                figure(column.iv)
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rows before, {} after, {} columns in both", self.rows_before, self.rows_after, self.columns.len())?;
        findings(f, &self.findings)?;
        writeln!(f, "\n| column | missing before | missing after | PSI |\n|---|--:|--:|--:|")?;
        for column in &self.columns {
            let psi = column.psi.map_or_else(String::new, |psi| format!("{psi:.3}"));
            let (before, after) = (percent(column.missing_before), percent(column.missing_after));
            writeln!(f, "| {} | {before} | {after} | {psi} |", cell(&column.name))?;
        }
        Ok(())
    }
}

fn findings(f: &mut fmt::Formatter<'_>, findings: &[Finding]) -> fmt::Result {
    if findings.is_empty() {
        return writeln!(f, "\nNothing was found.");
    }
    writeln!(f, "\n| severity | column | finding | what | remedy |\n|---|---|---|---|---|")?;
    for one in findings {
        let column = one.column.as_deref().map_or_else(String::new, cell);
        writeln!(f, "| {} | {column} | {} | {} | {} |", one.severity, one.kind.name(), cell(&one.what), cell(&one.remedy))?;
    }
    Ok(())
}

fn tallied(count: Tallied) -> String {
    if count.exact { count.count.to_string() } else { format!("≥ {}", count.count) }
}

/// Least value, median and greatest.
fn middle(column: &ColumnProfile) -> [String; 3] {
    if let Some(numbers) = &column.numbers {
        return [numbers.minimum, numbers.quantile(0.5), numbers.maximum].map(|x| x.to_string());
    }
    match &column.days {
        Some(days) => {
            let median = days.percentiles.get(50).map_or_else(String::new, ToString::to_string);
            [days.first.to_string(), median, days.last.to_string()]
        }
        None => [const { String::new() }; 3],
    }
}

/// The three most frequent levels.
fn top(column: &ColumnProfile) -> String {
    let levels = column.levels.iter().flat_map(|levels| &levels.top).take(3);
    levels.map(|level| format!("{} ({})", cell(&level.level), level.rows)).collect::<Vec<String>>().join(", ")
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
