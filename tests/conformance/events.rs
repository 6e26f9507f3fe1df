//! Which events the conformance vectors hold: both sides of every border, what is missing, twice, late or refused, and
//! entities drawn at random.

use scoreline::Date;
use scoreline_tests::random::Random;
use scoreline_tests::{ACCOUNTS, Cell, Event, EventCase, EventVectors, Expected, Record, as_error, named};

/// The name of the files.
pub(crate) const NAME: &str = "current_accounts";
/// The day of most cases: the last of a month that is longer than others.
const DAY: &str = "2026-08-31";

/// The cases with what this build answers.
pub(crate) fn vectors() -> EventVectors {
    let mut found = EventVectors { artefact: ACCOUNTS.artefact.to_owned(), cases: cases() };
    let scorer = found.scorer();
    let plan = scorer.windows().unwrap();
    for case in &mut found.cases {
        let state = case.state(plan);
        for (event, error) in &mut case.refused {
            *error = as_error(&event.add(plan, &mut state.clone()).unwrap_err());
        }
        let values = plan.read(&state, case.day()).unwrap();
        case.cut = values.cut.iter().filter_map(|&at| plan.names().nth(at)).map(str::to_owned).collect();
        case.values = named(plan, &values);
        case.line = case.decided(&scorer, &values);
    }
    found
}

/// A payment: booked, known `delay` days later, key, amount and partner; further cells by [`with`].
fn payment(booked: &str, delay: i32, key: &str, amount: f64, partner: &str) -> Event {
    let known = Date::from_days(Date::parse(booked).unwrap().days() + delay);
    let cells = [
        ("booked", Cell::text(booked)),
        ("known", Cell::Text(known.to_string())),
        ("reference", Cell::text(key)),
        ("amount", Cell::Number(amount)),
        ("direction", Cell::text("in")),
        ("partner", Cell::text(partner)),
        ("cash", Cell::Flag(false)),
        ("currency", Cell::text("EUR")),
    ];
    Event { source: "transactions".to_owned(), cells: cells.map(|(name, cell)| (name.to_owned(), cell)).into() }
}

fn with(mut event: Event, column: &str, cell: Cell) -> Event {
    event.cells.insert(column.to_owned(), cell);
    event
}

fn repayment(due: &str, days_late: f64) -> Event {
    let cells = [("due".to_owned(), Cell::text(due)), ("days_late".to_owned(), Cell::Number(days_late))];
    Event { source: "repayments".to_owned(), cells: cells.into() }
}

fn case(name: &str, as_of: &str, events: Vec<Event>) -> EventCase {
    let record: Record = [("amount".to_owned(), Cell::Number(1_200.0)), ("region".to_owned(), Cell::text("north"))].into();
    EventCase {
        name: name.to_owned(),
        as_of: as_of.to_owned(),
        events,
        refused: Vec::new(),
        later: Vec::new(),
        record,
        values: Record::new(),
        cut: Vec::new(),
        line: String::new(),
    }
}

fn cases() -> Vec<EventCase> {
    let day = |text: &str| Cell::text(text);
    let mut cases = vec![
        case("no event at all", DAY, vec![]),
        case("one payment on the day itself", DAY, vec![payment(DAY, 0, "a", 100.1, "x")]),
        case("repayments only", DAY, vec![repayment("2026-06-01", 0.0), repayment("2026-07-01", 75.0)]),
        case(
            "on the borders of days",
            DAY,
            vec![
                payment("2026-06-02", 0, "a", 1.0, "x"),
                payment("2026-06-03", 0, "b", 2.0, "y"),
                payment("2026-07-31", 0, "c", 4.0, "x"),
                payment("2026-08-01", 0, "d", 8.0, "z"),
                payment("2026-08-02", 0, "e", 16.0, "z"),
                payment("2026-08-30", 0, "f", 32.0, "z"),
            ],
        ),
        case(
            "on the borders of months, seen from their last day",
            DAY,
            vec![
                payment("2025-08-31", 0, "a", 3.0, "x"),
                payment("2025-09-01", 0, "b", 5.0, "x"),
                payment("2026-02-28", 0, "c", 7.0, "y"),
                payment("2026-03-01", 0, "d", 11.0, "y"),
                repayment("2025-07-31", 4.0),
                repayment("2025-08-01", 2.0),
                repayment("2026-07-31", 1.0),
                repayment("2026-08-01", 9.0),
            ],
        ),
        case(
            "around a leap day",
            "2024-08-29",
            vec![
                payment("2024-02-28", 0, "a", 50.0, "x"),
                payment("2024-02-29", 0, "b", 60.0, "x"),
                payment("2024-03-01", 0, "c", 70.0, "y"),
                repayment("2022-08-29", 30.0),
                repayment("2022-08-30", 20.0),
            ],
        ),
        case("before 1970", "1969-12-31", vec![payment("1969-11-30", 3, "a", 12.5, "x"), repayment("1969-10-01", 0.0)]),
        case(
            "the first of a key counts, a number is its digits",
            DAY,
            vec![
                with(payment("2026-08-01", 0, "", 10.0, "x"), "reference", Cell::Number(17.0)),
                payment("2026-08-02", 0, "17", 20.0, "x"),
                payment("2026-08-03", 0, "017", 40.0, "x"),
                with(payment("2026-08-03", 0, "", 80.0, "x"), "reference", Cell::Number(17.0)),
                payment("2026-08-04", 0, "Schlüssel", 160.0, "y"),
                payment("2026-08-05", 0, "Schlüssel", 320.0, "y"),
            ],
        ),
        case(
            "what became known more than 30 days late never counts",
            DAY,
            vec![
                payment("2026-07-01", 30, "a", 10.0, "x"),
                payment("2026-07-01", 31, "b", 20.0, "y"),
                payment(DAY, -5, "c", 5.0, "z"),
            ],
        ),
        case(
            "missing parts and codes",
            DAY,
            vec![
                with(payment("2026-05-04", 0, "a", 1.0, "x"), "amount", Cell::Missing),
                with(payment("2026-06-04", 0, "b", 300.0, "?"), "due", day("2026-06-30")),
                with(payment("2026-07-04", 0, "c", 200.0, "y"), "cash", Cell::Missing),
                with(payment("2026-08-04", 0, "d", 100.0, ""), "due", day("2026-07-01")),
                with(payment("2026-08-05", 0, "e", 50.0, "y"), "direction", Cell::Missing),
                repayment("2026-07-15", -9.0),
                repayment("2026-08-15", 3.0),
            ],
        ),
        case(
            "halves go to the even neighbour",
            DAY,
            [0.125, 0.375, 0.005, 0.015, 2.675, 1e-9]
                .iter()
                .zip("abcdef".chars())
                .map(|(amount, key)| payment("2026-08-03", 0, &key.to_string(), *amount, "x"))
                .collect(),
        ),
        case(
            "sums that are negative or nothing",
            DAY,
            vec![
                with(payment("2026-07-05", 0, "a", -250.0, "x"), "cash", Cell::Flag(true)),
                payment("2026-08-05", 0, "b", 100.0, "y"),
                payment("2026-08-06", 0, "c", 150.0, "z"),
                with(payment("2026-08-07", 0, "d", 0.0, "z"), "direction", Cell::text("out")),
            ],
        ),
        case(
            "the largest amounts",
            DAY,
            "abcd".chars().map(|key| payment("2026-08-03", 0, &key.to_string(), 90_071_992_547_409.9, "x")).collect(),
        ),
        case(
            "more events than are kept",
            DAY,
            (1..20)
                .map(|at| payment(&format!("2026-08-{at:02}"), 0, &at.to_string(), f64::from(at) * 9.99, &(at % 7).to_string()))
                .collect(),
        ),
        case(
            "days in any order",
            DAY,
            ["2026-08-20", "2026-03-02", "2026-07-07", "2025-12-24", "2026-08-21", "2026-07-06"]
                .iter()
                .enumerate()
                .map(|(at, day)| payment(day, 0, &at.to_string(), 10.0 * (at as f64 + 0.37), if at % 2 == 0 { "x" } else { "y" }))
                .chain(["2026-08-01", "2026-05-01", "2026-07-01"].map(|day| repayment(day, 1.0)))
                .collect(),
        ),
    ];
    cases.push(refused());
    let mut later = case("what becomes known after the day does not count", DAY, vec![payment("2026-08-01", 2, "a", 75.5, "x")]);
    later.later =
        vec![payment("2026-08-30", 2, "b", 500.0, "y"), payment("2026-09-05", 0, "c", 1.0, "x"), repayment("2026-09-01", 90.0)];
    cases.push(later);
    cases.extend((0..16).map(drawn));
    cases
}

/// Events that are refused, one for each cause.
fn refused() -> EventCase {
    let good = payment("2026-08-10", 1, "a", 40.0, "x");
    let other = |source: &str| Event { source: source.to_owned(), ..good.clone() };
    let bad = [
        other("transaction"),
        with(good.clone(), "currency", Cell::text("USD")),
        with(good.clone(), "currency", Cell::Missing),
        with(good.clone(), "known", Cell::Missing),
        with(good.clone(), "reference", Cell::Missing),
        with(good.clone(), "amount", Cell::text("much")),
        with(good.clone(), "amount", Cell::Number(1e17)),
        with(good.clone(), "amount", Cell::Bits(f64::INFINITY)),
        with(good.clone(), "partner", Cell::Number(3.0)),
        with(good.clone(), "cash", Cell::Number(1.0)),
        with(good.clone(), "due", Cell::Number(20_000.0)),
        with(repayment("2026-08-12", 0.0), "days_late", Cell::Bits(f64::NEG_INFINITY)),
    ];
    let mut case = case(
        "what is refused changes nothing",
        DAY,
        vec![payment("2026-08-09", 0, "a", 30.0, "x"), repayment("2026-08-01", 0.0)],
    );
    case.refused = bad.map(|event| (event, Expected::Line(String::new()))).into();
    case
}

/// An account with payments and repayments drawn at random, in the order in which they became known.
fn drawn(seed: u64) -> EventCase {
    let mut random = Random::new(seed);
    let newest = Date::parse(DAY).unwrap().days() - random.below(20) as i32;
    let mut known = Vec::new();
    for key in 0..4 + random.below(28) {
        let reach = if random.chance(600) { 120 } else { 700 };
        let booked = newest - 1 - random.below(reach) as i32;
        let delay = (random.below(4) as i32).min(newest - booked);
        let amount = random.below(400_000) as f64 / 1_000.0 * if random.chance(100) { -1.0 } else { 1.0 };
        let key = if random.chance(80) { key / 2 } else { key };
        let booked_text = Date::from_days(booked).to_string();
        let mut event = payment(&booked_text, delay, &key.to_string(), amount, random.pick::<&str>(&["x", "y", "z", "Ω", "?"]));
        if random.chance(400) {
            event = with(event, "direction", Cell::text("out"));
        }
        if random.chance(300) {
            event = with(event, "cash", Cell::Flag(true));
        }
        if random.chance(300) {
            event = with(event, "due", Cell::Text(Date::from_days(booked + 14).to_string()));
        }
        known.push((booked + delay, event));
    }
    for month in 0..random.below(14) as i32 {
        if random.chance(800) {
            let due = newest - 2 - 30 * month;
            known
                .push((due, repayment(&Date::from_days(due).to_string(), *random.pick(&[0.0, 0.0, 0.0, 2.0, 12.0, 95.0, -9.0]))));
        }
    }
    known.sort_by_key(|(day, _)| *day);
    let mut case = case(&format!("drawn, {seed}"), DAY, known.into_iter().map(|(_, event)| event).collect());
    case.record.insert("amount".to_owned(), Cell::Number(*random.pick(&[150.0, 600.0, 2_500.0, 9_000.0])));
    case
}
