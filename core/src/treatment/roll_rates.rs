//! Roll rates: from which stage of lateness to which accounts move within a month, and how many end in loss.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::data::{Batch, Column, Field, Kind, Value};
use crate::error::{Error, Problem, Problems, Result};
use crate::stats::{ExactSum, Summary};

/// The most stages.
pub const MAX_STAGES: usize = 64;

/// Which columns hold an account's stage now and a month later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollConfig {
    /// The stages from best to worst, 2 to [`MAX_STAGES`]; the last one is the loss.
    pub stages: Vec<String>,
    /// The column of the stage now: a category.
    pub now: String,
    /// The column of the stage a month later: a category, missing where that month is not known.
    pub next: String,
    /// The column of the amount owed now, at least 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
}

impl RollConfig {
    /// Checks the stages and the names.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let count = (2..=MAX_STAGES).contains(&self.stages.len());
        problems.require(count, "stages", "2 to 64 stages are needed", "list them from best to worst");
        let unique: BTreeSet<&str> = self.stages.iter().map(String::as_str).collect();
        problems.require(unique.len() == self.stages.len(), "stages", "a stage stands twice", "list each stage once");
        problems.require(!unique.contains(""), "stages", "a stage is empty", "name it");
        let amount = self.amount.as_deref().unwrap_or("amount");
        for (place, name) in [("now", self.now.as_str()), ("next", &self.next), ("amount", amount)] {
            problems.require(!name.is_empty(), place, "a column is needed", "name the column");
        }
        problems.into_result()
    }
}

/// Accounts, and what they owe.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    accounts: u64,
    amount: ExactSum,
}

impl Moved {
    fn add(&mut self, other: &Moved) {
        self.accounts += other.accounts;
        self.amount.add_sum(&other.amount);
    }
}

/// The moves that were seen. It [merges](Summary) exactly: counts are integers, amounts exact sums.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollSummary {
    config: RollConfig,
    /// By stage now: by stage a month later, with those of which that is not known behind.
    moves: Vec<Vec<Moved>>,
    unknown_now: u64,
    no_amount: u64,
}

impl RollSummary {
    /// Nothing seen yet.
    ///
    /// # Errors
    /// As [`RollConfig::validate`].
    pub fn new(config: &RollConfig) -> Result<Self> {
        config.validate()?;
        let stages = config.stages.len();
        let moves = vec![vec![Moved::default(); stages + 1]; stages];
        Ok(RollSummary { config: config.clone(), moves, unknown_now: 0, no_amount: 0 })
    }

    /// Takes in rows: an account in a month each.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is absent or of another kind, a stage is not listed, or an
    /// amount is infinite or below 0; nothing is then taken in.
    pub fn observe(&mut self, batch: &Batch<'_>) -> Result<()> {
        let mut seen = RollSummary::new(&self.config)?;
        let places: BTreeMap<&str, usize> = self.config.stages.iter().map(String::as_str).zip(0..).collect();
        let [now, next] = [&self.config.now, &self.config.next].map(|name| stages(batch, name, &places));
        let (now, next) = (now?, next?);
        let amounts = self.config.amount.as_deref().map(|name| Ok::<_, Error>((name, number(batch, name)?))).transpose()?;
        for (row, (now, next)) in now.into_iter().zip(next).enumerate() {
            let Some(now) = now else {
                seen.unknown_now += 1;
                continue;
            };
            let moved = &mut seen.moves[now][next.unwrap_or(places.len())];
            moved.accounts += 1;
            let Some((name, column)) = amounts else { continue };
            match column.value(row) {
                Value::Number(amount) if amount >= 0.0 && amount.is_finite() => moved.amount.add(amount),
                Value::Missing => seen.no_amount += 1,
                _ => {
                    let what = "a finite amount of at least 0 was expected";
                    return Err(Error::data(Problem::new(what, "count a credit balance as 0").field(name).row(row)));
                }
            }
        }
        self.merge(&seen)
    }

    /// The rates of what was seen.
    #[must_use]
    pub fn rates(&self) -> RollRates {
        let stages = &self.config.stages;
        let by_amount = self.config.amount.is_some();
        let mut rows: Vec<RollRow> =
            stages.iter().zip(&self.moves).map(|(stage, moves)| RollRow::new(stage, moves, by_amount)).collect();
        let (mut loss, mut amount_loss) = (Some(1.0), by_amount.then_some(1.0));
        for i in (0..rows.len()).rev() {
            if i + 1 < rows.len() {
                let roll = &rows[i].to[i + 1];
                let times = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a * b);
                (loss, amount_loss) = (times(roll.share, loss), times(roll.amount_share, amount_loss));
            }
            (rows[i].to_loss, rows[i].amount_to_loss) = (loss, amount_loss);
        }
        RollRates { rows, unknown_now: self.unknown_now, no_amount: self.no_amount }
    }
}

impl Summary for RollSummary {
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.config != other.config {
            let what = "the moves were counted over other stages or columns";
            return Err(Error::incompatible(Problem::new(what, "merge summaries of one configuration")));
        }
        for (mine, theirs) in self.moves.iter_mut().flatten().zip(other.moves.iter().flatten()) {
            mine.add(theirs);
        }
        self.unknown_now += other.unknown_now;
        self.no_amount += other.no_amount;
        Ok(())
    }
}

/// The index of the stage of each row.
fn stages(batch: &Batch<'_>, name: &str, places: &BTreeMap<&str, usize>) -> Result<Vec<Option<usize>>> {
    let column = batch.column_of(&Field::new(name, Kind::Category))?;
    let place = |row: usize| match column.value(row) {
        Value::Category(stage) => places.get(stage).copied().map(Some).ok_or_else(|| {
            Error::data(
                Problem::new("the stage is not listed", "add it to the stages, or map it to one of them").field(name).row(row),
            )
        }),
        _ => Ok(None),
    };
    (0..batch.rows()).map(place).collect()
}

fn number<'a, 'b>(batch: &'b Batch<'a>, name: &str) -> Result<&'b Column<'a>> {
    batch.column_of(&Field::new(name, Kind::Number))
}

/// Where accounts moved within a month, by number of accounts and by the amount they owed at its beginning.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollRates {
    /// By stage at the beginning of the month, from best to worst.
    pub rows: Vec<RollRow>,
    /// Rows that were left out because the stage at the beginning is not known.
    pub unknown_now: u64,
    /// Rows without an amount; they count as accounts, and with nothing owed.
    pub no_amount: u64,
}

/// Where the accounts of one stage moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollRow {
    /// The stage at the beginning of the month.
    pub stage: String,
    /// Accounts whose stage a month later is known.
    pub accounts: u64,
    /// What they owed.
    pub amount: f64,
    /// Accounts whose stage a month later is not known; they are in no share.
    pub unknown_next: u64,
    /// What those owed.
    pub unknown_next_amount: f64,
    /// By stage a month later, from best to worst.
    pub to: Vec<Roll>,
    /// Share of the accounts that ends in the last stage if each month rolls on as this one did: the product of the shares
    /// that move to the next worse stage, from this one on. None where a stage on the way had no accounts.
    pub to_loss: Option<f64>,
    /// The same of the amount; none without amounts.
    pub amount_to_loss: Option<f64>,
}

/// One move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Roll {
    /// Accounts that moved so.
    pub accounts: u64,
    /// As a share of the accounts of the row; none where there are none.
    pub share: Option<f64>,
    /// What they owed.
    pub amount: f64,
    /// As a share of the amount of the row; none where there is none.
    pub amount_share: Option<f64>,
}

impl RollRow {
    fn new(stage: &str, moves: &[Moved], by_amount: bool) -> Self {
        let mut all = Moved::default();
        let (known, unknown) = moves.split_at(moves.len().saturating_sub(1));
        known.iter().for_each(|moved| all.add(moved));
        let amount = all.amount.value();
        let roll = |moved: &Moved| Roll {
            accounts: moved.accounts,
            share: (all.accounts > 0).then(|| moved.accounts as f64 / all.accounts as f64),
            amount: moved.amount.value(),
            amount_share: (by_amount && amount > 0.0).then(|| moved.amount.value() / amount),
        };
        RollRow {
            stage: stage.to_owned(),
            accounts: all.accounts,
            amount,
            unknown_next: unknown.iter().map(|moved| moved.accounts).sum(),
            unknown_next_amount: unknown.first().map_or(0.0, |moved| moved.amount.value()),
            to: known.iter().map(roll).collect(),
            to_loss: None,
            amount_to_loss: None,
        }
    }
}

/// The roll rates of accounts over one or several months.
///
/// ```
/// use scoreline::{Batch, Column};
/// use scoreline::treatment::{RollConfig, roll_rates};
/// let config: RollConfig = serde_json::from_str(r#"{"stages": ["current", "late", "loss"], "now": "july", "next": "august"}"#)?;
/// let text = |stages: [&'static str; 4]| Column::text(stages.map(|stage| (!stage.is_empty()).then_some(stage)));
/// let accounts = Batch::new(4)
///     .with("july", text(["current", "current", "late", "late"]))?
///     .with("august", text(["current", "late", "loss", ""]))?;
/// let rates = roll_rates(&[accounts], &config)?;
/// assert_eq!((rates.rows[0].to[1].share, rates.rows[1].to[2].share), (Some(0.5), Some(1.0)));
/// assert_eq!((rates.rows[1].unknown_next, rates.rows[0].to_loss), (1, Some(0.5)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`RollConfig::validate`] and [`RollSummary::observe`]; rows are counted from the first batch on.
pub fn roll_rates(batches: &[Batch<'_>], config: &RollConfig) -> Result<RollRates> {
    let mut summary = RollSummary::new(config)?;
    let mut rows = 0;
    for batch in batches {
        summary.observe(batch).map_err(|error| error.after_rows(rows))?;
        rows += batch.rows();
    }
    Ok(summary.rates())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::ErrorCode;

    const STAGES: [&str; 5] = ["current", "1-30", "31-60", "61-90", "loss"];

    fn config(amount: bool) -> RollConfig {
        let amount = amount.then(|| "owed".to_owned());
        RollConfig { stages: STAGES.map(String::from).to_vec(), now: "now".into(), next: "next".into(), amount }
    }

    type Seen = (Option<usize>, Option<usize>, f64);

    fn batch(rows: &[Seen]) -> Batch<'static> {
        let stage = |stage: Option<usize>| stage.map(|stage| STAGES[stage]);
        Batch::new(rows.len())
            .with("now", Column::text(rows.iter().map(|row| stage(row.0))))
            .unwrap()
            .with("next", Column::text(rows.iter().map(|row| stage(row.1))))
            .unwrap()
            .with("owed", Column::numbers(rows.iter().map(|row| row.2).collect::<Vec<f64>>()))
            .unwrap()
    }

    #[test]
    fn roll_rates_multiply() {
        // 2 %, 35 %, 55 % and 70 % roll on: 0.2695 % of what is current is lost.
        let mut rows: Vec<Seen> = Vec::new();
        for (stage, rolls) in [2, 35, 55, 70].into_iter().enumerate() {
            rows.extend((0..100).map(|i| (Some(stage), Some(if i < rolls { stage + 1 } else { 0 }), 10.0)));
        }
        rows.push((Some(4), Some(4), 10.0));
        let rates = roll_rates(&[batch(&rows)], &config(true)).unwrap();
        for to_loss in [rates.rows[0].to_loss, rates.rows[0].amount_to_loss] {
            assert!((to_loss.unwrap() - 0.002695).abs() < 1e-15);
        }
        assert_eq!(rates.rows[4].to_loss, Some(1.0));
        assert_eq!(rates.rows[2].to.iter().map(|roll| roll.accounts).collect::<Vec<_>>(), [45, 0, 0, 55, 0]);
    }

    #[test]
    fn what_is_not_known_is_counted_and_not_guessed() {
        let rows = [(Some(0), None, 7.0), (None, Some(1), 5.0), (Some(0), Some(1), f64::NAN), (Some(0), Some(0), 3.0)];
        let rates = roll_rates(&[batch(&rows)], &config(true)).unwrap();
        let row = &rates.rows[0];
        assert_eq!((row.accounts, row.unknown_next, row.unknown_next_amount, row.amount), (2, 1, 7.0, 3.0));
        assert_eq!((rates.unknown_now, rates.no_amount), (1, 1));
        assert_eq!((row.to[1].share, row.to[1].amount_share), (Some(0.5), Some(0.0)));
        assert_eq!((row.to_loss, rates.rows[1].to[0].share), (None, None));
        assert_eq!(roll_rates(&[batch(&rows)], &config(false)).unwrap().rows[0].amount_to_loss, None);
    }

    #[test]
    fn wrong_rows_are_named_and_nothing_is_taken_in() {
        let good = batch(&[(Some(0), Some(1), 1.0)]);
        for amount in [-1.0, f64::INFINITY] {
            let error = roll_rates(&[good.clone(), batch(&[(Some(0), Some(1), amount)])], &config(true)).unwrap_err();
            assert_eq!(error.problems()[0].row, Some(1));
        }
        let odd = Batch::new(1).with("now", Column::text([Some("odd")])).unwrap().with("next", Column::text([None])).unwrap();
        let mut summary = RollSummary::new(&config(false)).unwrap();
        let error = summary.observe(&odd).unwrap_err();
        assert!(error.code() == ErrorCode::InvalidData && !error.to_string().contains("odd"));
        assert_eq!(summary, RollSummary::new(&config(false)).unwrap());
        assert_eq!(summary.merge(&RollSummary::new(&config(true)).unwrap()).unwrap_err().code(), ErrorCode::Incompatible);
        let bad = RollConfig { stages: vec!["a".into(), "a".into(), String::new()], now: String::new(), ..config(false) };
        assert_eq!(bad.validate().unwrap_err().problems().len(), 3);
    }

    fn some_rows() -> impl Strategy<Value = Vec<Seen>> {
        let stage = || prop_oneof![4 => (0usize..5).prop_map(Some), 1 => Just(None)];
        prop::collection::vec((stage(), stage(), 0.0..1e9f64), 0..60)
    }

    proptest! {
        #[test]
        fn any_split_and_order_gives_the_same_bits(rows in some_rows(), at in 0usize..60) {
            let (left, right) = rows.split_at(at.min(rows.len()));
            let seen = |parts: &[&[Seen]]| {
                let mut summary = RollSummary::new(&config(true)).unwrap();
                for part in parts {
                    let mut one = RollSummary::new(&config(true)).unwrap();
                    one.observe(&batch(part)).unwrap();
                    summary.merge(&one).unwrap();
                }
                serde_json::to_string(&summary).unwrap()
            };
            let backwards: Vec<Seen> = rows.iter().rev().copied().collect();
            let whole = seen(&[&rows]);
            prop_assert_eq!(&seen(&[left, right]), &whole);
            prop_assert_eq!(&seen(&[right, left]), &whole);
            prop_assert_eq!(&seen(&[&backwards]), &whole);
        }

        #[test]
        fn shares_agree_with_counting(rows in some_rows()) {
            let rates = roll_rates(&[batch(&rows)], &config(true)).unwrap();
            for (i, row) in rates.rows.iter().enumerate() {
                let known: Vec<&Seen> = rows.iter().filter(|seen| seen.0 == Some(i) && seen.1.is_some()).collect();
                prop_assert_eq!(row.accounts, known.len() as u64);
                for (j, roll) in row.to.iter().enumerate() {
                    let count = known.iter().filter(|seen| seen.1 == Some(j)).count();
                    prop_assert_eq!(roll.share, (!known.is_empty()).then(|| count as f64 / known.len() as f64));
                }
                let total: f64 = row.to.iter().filter_map(|roll| roll.amount_share).sum();
                prop_assert!(row.amount == 0.0 || (total - 1.0).abs() < 1e-12);
            }
        }
    }
}
