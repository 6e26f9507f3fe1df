//! Joins against a scan of every row, and the promises about time, order, versions and errors.

use proptest::prelude::*;

use super::*;
use crate::data::{Batch, Column, Date, Field, Kind, Value};
use crate::error::{Error, ErrorCode};
use crate::parallel::Threads;

mod limits;

/// A row of a side table: region, sector, period, delay of its publication, and what it says.
#[derive(Debug, Clone, Copy)]
struct Side {
    region: usize,
    sector: i32,
    period: i32,
    delay: i32,
    rate: Option<i32>,
}

const REGIONS: [&str; 3] = ["north", "south", ""];
const GRADES: [&str; 3] = ["a", "b", "n/a"];
const ALL: &str = r#""key":["region","sector"],"row_key":["region","industry"],"period":"period","published":"known""#;

fn set(table: &str) -> AsOfSet {
    let text = format!(
        r#"{{"tables":[{{"name":"side",{table},"fields":[
            {{"name":"rate","kind":"number","missing":[-9]}},{{"name":"grade","kind":"category","missing":["n/a"]}},
            {{"name":"period","kind":"date"}},{{"name":"up","kind":"flag"}}]}}],
          "joins":[{{"name":"rate_","table":"side","value":{{"type":"field","of":"rate"}}}},
            {{"name":"age","table":"side","value":{{"type":"age"}}}},
            {{"name":"grade_","table":"side","value":{{"type":"field","of":"grade"}}}},
            {{"name":"period_","table":"side","value":{{"type":"field","of":"period"}}}},
            {{"name":"up_","table":"side","value":{{"type":"field","of":"up"}}}}]}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn plan(table: &str) -> AsOfPlan {
    AsOfPlan::new(&set(table)).unwrap()
}

fn side() -> impl Strategy<Value = Side> {
    (0usize..3, 0i32..2, 0i32..12, 0i32..8, prop::option::weighted(0.8, -9i32..3))
        .prop_map(|(region, sector, period, delay, rate)| Side { region, sector, period: 20_000 + 3 * period, delay, rate })
}

fn dates(days: impl IntoIterator<Item = i32>) -> Column<'static> {
    Column::Date { values: days.into_iter().collect(), validity: None }
}

fn numbers(values: impl IntoIterator<Item = i32>) -> Column<'static> {
    Column::numbers(values.into_iter().map(f64::from).collect::<Vec<_>>())
}

fn batch(rows: &[Side]) -> Batch<'static> {
    let rate = |row: &Side| row.rate.map_or(f64::NAN, f64::from);
    let grade = |row: &Side| row.rate.map(|rate| GRADES[rate.rem_euclid(3) as usize]);
    Batch::new(rows.len())
        .with("region", Column::text(rows.iter().map(|row| Some(REGIONS[row.region]))))
        .and_then(|batch| batch.with("sector", numbers(rows.iter().map(|row| row.sector))))
        .and_then(|batch| batch.with("period", dates(rows.iter().map(|row| row.period))))
        .and_then(|batch| batch.with("known", dates(rows.iter().map(|row| row.period + row.delay))))
        .and_then(|batch| batch.with("rate", Column::numbers(rows.iter().map(rate).collect::<Vec<_>>())))
        .and_then(|batch| batch.with("grade", Column::text(rows.iter().map(grade))))
        .and_then(|batch| batch.with("up", Column::Flag(rows.iter().map(|row| row.rate.map(|rate| rate > 0)).collect())))
        .unwrap()
}

/// Every region and sector, and one of each that no row has, on every day around those of the rows.
fn asked() -> (Batch<'static>, Column<'static>, Vec<(&'static str, i32, i32)>) {
    let rows: Vec<(&str, i32, i32)> = (19_995..20_060)
        .flat_map(|day| {
            ["north", "south", "", "west"].into_iter().flat_map(move |region| (0..3).map(move |sector| (region, sector, day)))
        })
        .collect();
    let keys = Batch::new(rows.len())
        .with("region", Column::text(rows.iter().map(|row| Some(row.0))))
        .and_then(|batch| batch.with("industry", numbers(rows.iter().map(|row| row.1))))
        .unwrap();
    (keys, dates(rows.iter().map(|row| row.2)), rows)
}

/// All answers as text: a number by its bits.
fn answers(found: &JoinedTable) -> Vec<Vec<String>> {
    let cell = |value: Value<'_>| match value {
        Value::Number(x) => x.to_bits().to_string(),
        other => format!("{other:?}"),
    };
    (0..found.rows).map(|row| found.columns.iter().map(|column| cell(column.value(row))).collect()).collect()
}

fn joined(plan: &AsOfPlan, sides: &[Batch<'_>], threads: Threads) -> JoinedTable {
    let (keys, as_of, _) = asked();
    plan.evaluate(&[SideRows { table: "side", batches: sides }], &[keys], &as_of, threads).unwrap()
}

/// Without rows of the same key, period and day of publication.
fn single(rows: Vec<Side>) -> Vec<Side> {
    let mut kept: Vec<Side> = Vec::new();
    for row in rows {
        let same = |other: &Side| {
            (other.region, other.sector, other.period, other.delay) == (row.region, row.sector, row.period, row.delay)
        };
        if !kept.iter().any(same) {
            kept.push(row);
        }
    }
    kept
}

/// The row that counts, by looking at all of them; of duplicates the last one.
fn scan(rows: &[Side], asked: (&str, i32, i32), lag: i32, max_age: i32) -> Option<Side> {
    let of = rows.iter().filter(|row| REGIONS[row.region] == asked.0 && row.sector == asked.1);
    let known = of.filter(|row| row.period + row.delay + lag <= asked.2);
    known.max_by_key(|row| (row.period, row.delay)).copied().filter(|row| asked.2 - row.period <= max_age)
}

proptest! {
    #[test]
    fn every_answer_is_that_of_a_scan(rows in prop::collection::vec(side(), 0..60), lag in 0i32..9, max_age in 0i32..40) {
        let plan = plan(&format!(r#"{ALL},"duplicates":"last","lag_days":{lag},"max_age":{max_age}"#));
        let found = joined(&plan, &[batch(&rows)], Threads::One);
        for (at, asked) in asked().2.into_iter().enumerate() {
            let wanted = scan(&rows, asked, lag, max_age);
            let rate = wanted.and_then(|row| row.rate);
            let grade = rate.map(|rate| GRADES[rate.rem_euclid(3) as usize]).filter(|grade| *grade != "n/a");
            let wanted = [
                rate.filter(|rate| *rate != -9).map(|rate| Value::Number(f64::from(rate))),
                wanted.map(|row| Value::Number(f64::from(asked.2 - row.period))),
                grade.map(Value::Category),
                wanted.map(|row| Value::Date(Date::from_days(row.period))),
                rate.map(|rate| Value::Flag(rate > 0)),
            ];
            let got: Vec<Value<'_>> = found.columns.iter().map(|column| column.value(at)).collect();
            prop_assert_eq!(got, wanted.map(Option::unwrap_or_default), "{:?}", asked);
        }
    }

    #[test]
    fn what_is_published_later_changes_nothing(rows in prop::collection::vec(side(), 0..60), day in 19_999i32..20_050) {
        let plan = plan(ALL);
        let rows = single(rows);
        let then: Vec<Side> = rows.iter().filter(|row| row.period + row.delay <= day).copied().collect();
        let (all, then) = (joined(&plan, &[batch(&rows)], Threads::One), joined(&plan, &[batch(&then)], Threads::One));
        let before = asked().2.iter().filter(|asked| asked.2 <= day).count();
        prop_assert_eq!(&answers(&all)[..before], &answers(&then)[..before]);
    }

    #[test]
    fn order_parts_and_threads_change_nothing(
        (rows, shuffled) in prop::collection::vec(side(), 0..60).prop_map(single).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        cut in 0usize..60,
    ) {
        let plan = plan(ALL);
        let found = joined(&plan, &[batch(&rows)], Threads::One);
        let cut = cut.min(rows.len());
        let parts = [batch(&shuffled[..cut]), batch(&shuffled[cut..])];
        for threads in [Threads::One, Threads::Count(2), Threads::Count(8)] {
            prop_assert_eq!(answers(&found), answers(&joined(&plan, &parts, threads)));
        }
    }

    #[test]
    fn one_record_gets_what_its_row_gets(rows in prop::collection::vec(side(), 0..60).prop_map(single)) {
        let plan = plan(&format!(r#"{ALL},"max_age":20"#));
        let found = joined(&plan, &[batch(&rows)], Threads::One);
        let index = plan.index(&[SideRows { table: "side", batches: &[batch(&rows)] }]).unwrap();
        for (at, (region, sector, day)) in asked().2.into_iter().enumerate() {
            let keys = [Value::Category(region), Value::Number(f64::from(sector))];
            let one = index.lookup(&keys[..], Date::from_days(day)).unwrap();
            prop_assert_eq!(one, found.columns.iter().map(|column| column.value(at)).collect::<Vec<_>>());
        }
    }
}

/// A series for everybody: days of publication and rates.
fn series(periods: &[i32], known: &[i32], rates: &[i32]) -> Batch<'static> {
    let rows = |(place, period): (usize, &i32)| Side {
        region: 0,
        sector: 0,
        period: *period,
        delay: known[place] - period,
        rate: Some(rates[place]),
    };
    batch(&periods.iter().enumerate().map(rows).collect::<Vec<_>>())
}

fn rates(plan: &AsOfPlan, side: Batch<'_>, days: std::ops::Range<i32>) -> Vec<Option<f64>> {
    let index = plan.index(&[SideRows { table: "side", batches: &[side] }]).unwrap();
    let found = index.join(&[], &dates(days), Threads::One).unwrap();
    (0..found.rows).map(|row| Some(found.columns[0].value(row).as_number()).filter(|x| !x.is_nan())).collect()
}

#[test]
fn the_latest_period_counts_in_its_latest_version() {
    let plan = plan(r#""period":"period","published":"known""#);
    // Period 10: first known on day 12, revised on day 15. Period 20: known on day 13, before that revision. A second
    // revision of period 10 comes with a first one of period 20.
    let side = series(&[10, 20, 10, 20, 10], &[12, 23, 15, 25, 25], &[1, 3, 2, 4, 9]);
    let wanted = [None, Some(1.0), Some(1.0), Some(1.0), Some(2.0)];
    assert_eq!(rates(&plan, side.clone(), 11..16), wanted);
    assert_eq!(rates(&plan, side, 22..27), [Some(2.0), Some(3.0), Some(3.0), Some(4.0), Some(4.0)]);
}

#[test]
fn without_a_period_the_last_publication_counts() {
    let plan = plan(r#""published":"known","max_age":2"#);
    let side = series(&[30, 10], &[12, 14], &[1, 2]);
    assert_eq!(rates(&plan, side, 11..18), [None, Some(1.0), Some(1.0), Some(2.0), Some(2.0), Some(2.0), None]);
}

#[test]
fn a_delay_stands_in_for_days_of_publication() {
    let plan = plan(r#""period":"period","published":"period","lag_days":5,"max_age":9"#);
    let side = series(&[10, 12], &[10, 12], &[1, 2]);
    let found = rates(&plan, side, 14..23);
    let (one, two) = (Some(1.0), Some(2.0));
    // Age counts from the period: 9 days after day 12 is day 21.
    assert_eq!(found, [None, one, one, two, two, two, two, two, None]);
}

#[test]
fn duplicates_do_what_is_declared() {
    let side = || series(&[10, 10, 10], &[12, 12, 12], &[3, 1, 2]);
    let with = |policy: &str| plan(&format!(r#""period":"period","published":"known","duplicates":"{policy}""#));
    assert_eq!(rates(&with("first"), side(), 12..13), [Some(3.0)]);
    assert_eq!(rates(&with("last"), side(), 12..13), [Some(2.0)]);
    let parts = [series(&[9], &[9], &[0]), side()];
    let error = with("refuse").index(&[SideRows { table: "side", batches: &parts }]).unwrap_err();
    assert_eq!(place(&error), (ErrorCode::InvalidData, Some("known"), Some(2)));
}

/// Where an error says that it lies.
fn place(error: &Error) -> (ErrorCode, Option<&str>, Option<u64>) {
    (error.code(), error.problems()[0].field.as_deref(), error.problems()[0].row)
}
