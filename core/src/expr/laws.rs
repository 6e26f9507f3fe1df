//! Laws over random expressions: record = column by bits, and both = a naive evaluation beside the text.

use proptest::prelude::*;

use super::{BLOCK, BlockColumn, Expr, Scope, Scratch};
use crate::data::{Date, Kind, Value};

type Cell = Value<'static>;
/// A text and what it means, written without the kernels.
type Part = (String, Box<dyn Fn(&[Cell]) -> Cell>);

const NUMBERS: [f64; 14] =
    [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.1, 1e308, -1e308, 5e-324, -5e-324, 709.9, 4_503_599_627_370_497.5, 1e-300];
const LEVELS: [&str; 4] = ["", "a", "b", "it's"];
const DAYS: [i32; 7] = [0, -1, 11_016, 20_778, 19_782, 19_753, -719_528];
const KINDS: [Kind; 4] = [Kind::Number, Kind::Category, Kind::Date, Kind::Flag];

/// Decisions read from random bytes, zero when they run out, so that failures shrink to short expressions.
struct Tape<'t>(std::slice::Iter<'t, u8>);

impl Tape<'_> {
    fn pick(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % n)
    }

    fn cell(&mut self, kind: Kind) -> Cell {
        if self.pick(4) == 0 {
            return Value::Missing;
        }
        match kind {
            Kind::Number => Value::Number(NUMBERS[self.pick(NUMBERS.len())]),
            Kind::Category => Value::Category(LEVELS[self.pick(LEVELS.len())]),
            Kind::Date => Value::Date(Date::from_days(DAYS[self.pick(DAYS.len())])),
            Kind::Flag => Value::Flag(self.pick(2) == 1),
        }
    }
}

/// Two names of each kind; slot = 2 × kind + copy.
fn scope() -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, i) in ["n0", "n1", "c0", "c1", "d0", "d1", "f0", "f1"].into_iter().zip(0..) {
        scope.push(name, KINDS[i / 2]).unwrap();
    }
    scope
}

fn written(cell: Cell) -> String {
    match cell {
        Value::Missing => "NULL".to_owned(),
        Value::Number(x) => format!("{x:?}"),
        Value::Category(level) => format!("'{}'", level.replace('\'', "''")),
        Value::Flag(flag) => flag.to_string(),
        Value::Date(day) => format!("DATE '{day}'"),
    }
}

fn name(kind: Kind, tape: &mut Tape) -> Part {
    let slot = 2 * KINDS.iter().position(|known| *known == kind).unwrap() + tape.pick(2);
    (scope().names()[slot].0.to_owned(), Box::new(move |row| row[slot]))
}

fn number(cell: Cell) -> Option<f64> {
    if let Value::Number(x) = cell { Some(x) } else { None }
}

fn flag(cell: Cell) -> Option<bool> {
    if let Value::Flag(flag) = cell { Some(flag) } else { None }
}

fn finite(x: Option<f64>) -> Cell {
    x.filter(|x| x.is_finite()).map_or(Value::Missing, Value::Number)
}

fn truth(flag: Option<bool>) -> Cell {
    flag.map_or(Value::Missing, Value::Flag)
}

fn order(a: Cell, b: Cell) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(&b),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(&b)),
        (Value::Category(a), Value::Category(b)) => Some(a.cmp(b)),
        (Value::Flag(a), Value::Flag(b)) => Some(a.cmp(&b)),
        _ => None,
    }
}

fn civil(cell: Cell) -> Option<jiff::civil::Date> {
    if let Value::Date(day) = cell { day.to_string().parse().ok() } else { None }
}

fn part(kind: Kind, tape: &mut Tape, depth: usize) -> Part {
    let choice = if depth == 0 { tape.pick(2) } else { tape.pick(8) };
    match choice {
        0 => name(kind, tape),
        1 => {
            let cell = match tape.cell(kind) {
                Value::Missing => return name(kind, tape),
                cell => cell,
            };
            (written(cell), Box::new(move |_| cell))
        }
        2 => {
            let (condition, value, other) =
                (part(Kind::Flag, tape, depth - 1), part(kind, tape, depth - 1), part(kind, tape, depth - 1));
            let text = format!("CASE WHEN {} THEN {} ELSE {} END", condition.0, value.0, other.0);
            let pick = move |row: &[Cell]| if condition.1(row) == Value::Flag(true) { value.1(row) } else { other.1(row) };
            (text, Box::new(pick))
        }
        3 => {
            let (a, b) = (part(kind, tape, depth - 1), part(kind, tape, depth - 1));
            let text = format!("COALESCE(NULL, {}, {})", a.0, b.0);
            (text, Box::new(move |row| if a.1(row) == Value::Missing { b.1(row) } else { a.1(row) }))
        }
        4 if kind == Kind::Number || kind == Kind::Date => {
            let (a, b, least) = (part(kind, tape, depth - 1), part(kind, tape, depth - 1), tape.pick(2) == 0);
            let text = format!("{}({}, {})", if least { "LEAST" } else { "GREATEST" }, a.0, b.0);
            let wanted = if least { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less };
            let pick = move |row: &[Cell]| match (a.1(row), b.1(row)) {
                (Value::Missing, only) | (only, Value::Missing) => only,
                (a, b) => {
                    if order(a, b) == Some(wanted) {
                        b
                    } else {
                        a
                    }
                }
            };
            (text, Box::new(pick))
        }
        _ => match kind {
            Kind::Number => number_part(tape, depth),
            Kind::Flag => flag_part(tape, depth),
            Kind::Category | Kind::Date => {
                let (operand, value) = (part(Kind::Number, tape, depth - 1), part(kind, tape, depth - 1));
                let text = format!("CASE {} WHEN 1 THEN {} END", operand.0, value.0);
                (text, Box::new(move |row| if operand.1(row) == Value::Number(1.0) { value.1(row) } else { Value::Missing }))
            }
        },
    }
}

fn number_part(tape: &mut Tape, depth: usize) -> Part {
    let choice = tape.pick(4);
    if choice == 0 {
        let (a, b, op) = (part(Kind::Number, tape, depth - 1), part(Kind::Number, tape, depth - 1), tape.pick(4));
        let text = format!("({} {} {})", a.0, ["+", "-", "*", "/"][op], b.0);
        let run = move |row: &[Cell]| {
            finite(number(a.1(row)).zip(number(b.1(row))).map(|(a, b)| match op {
                0 => a + b,
                1 => a - b,
                2 => a * b,
                _ => a / b,
            }))
        };
        return (text, Box::new(run));
    }
    if choice == 1 {
        let (a, b, months) = (part(Kind::Date, tape, depth - 1), part(Kind::Date, tape, depth - 1), tape.pick(2) == 0);
        let text = format!("{}({}, {})", if months { "MONTHS_BETWEEN" } else { "DAYS_BETWEEN" }, a.0, b.0);
        let unit = if months { jiff::Unit::Month } else { jiff::Unit::Day };
        let run = move |row: &[Cell]| {
            let span = civil(a.1(row)).zip(civil(b.1(row))).map(|(a, b)| a.until((unit, b)).unwrap());
            finite(span.map(|span| if months { f64::from(span.get_months()) } else { f64::from(span.get_days()) }))
        };
        return (text, Box::new(run));
    }
    if choice == 2 {
        let (a, year) = (part(Kind::Date, tape, depth - 1), tape.pick(2) == 0);
        let text = format!("{}({})", if year { "YEAR" } else { "MONTH" }, a.0);
        let run = move |row: &[Cell]| {
            finite(civil(a.1(row)).map(|day| if year { f64::from(day.year()) } else { f64::from(day.month()) }))
        };
        return (text, Box::new(run));
    }
    let (a, op) = (part(Kind::Number, tape, depth - 1), tape.pick(8));
    let name = ["-", "ABS", "SQRT", "LN", "EXP", "FLOOR", "CEIL", "ROUND"][op];
    let run = move |row: &[Cell]| {
        finite(number(a.1(row)).map(|x| match op {
            0 => -x,
            1 => {
                if x < 0.0 {
                    -x
                } else {
                    x + 0.0
                }
            }
            2 => x.sqrt(),
            3 => crate::math::ln(x),
            4 => crate::math::exp(x),
            5 => x.floor(),
            6 => x.ceil(),
            _ => x.trunc() + if (x - x.trunc()).abs() >= 0.5 { 1f64.copysign(x) } else { 0f64.copysign(x) },
        }))
    };
    (format!("{name}({})", a.0), Box::new(run))
}

fn flag_part(tape: &mut Tape, depth: usize) -> Part {
    let choice = tape.pick(6);
    if choice == 0 {
        let (a, b, and) = (part(Kind::Flag, tape, depth - 1), part(Kind::Flag, tape, depth - 1), tape.pick(2) == 0);
        let text = format!("({} {} {})", a.0, if and { "AND" } else { "OR" }, b.0);
        // The short-circuiting value settles it; otherwise both must be known.
        let run = move |row: &[Cell]| {
            let (a, b) = (flag(a.1(row)), flag(b.1(row)));
            truth(if a == Some(!and) || b == Some(!and) { Some(!and) } else { a.and(b).map(|_| and) })
        };
        return (text, Box::new(run));
    }
    if choice == 1 {
        let (a, op) = (part(Kind::Flag, tape, depth - 1), tape.pick(5));
        let text = match op {
            0 => format!("(NOT {})", a.0),
            _ => format!("(({}) {})", a.0, ["", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"][op]),
        };
        let run = move |row: &[Cell]| {
            let a = flag(a.1(row));
            truth(match op {
                0 => a.map(|a| !a),
                1 => Some(a == Some(true)),
                2 => Some(a != Some(true)),
                3 => Some(a == Some(false)),
                _ => Some(a != Some(false)),
            })
        };
        return (text, Box::new(run));
    }
    let kind = KINDS[tape.pick(4)];
    let a = part(kind, tape, depth - 1);
    if choice == 2 {
        return (format!("({} IS NULL)", a.0), Box::new(move |row| Value::Flag(a.1(row) == Value::Missing)));
    }
    if choice == 3 {
        let list: Vec<Cell> = (0..1 + tape.pick(4)).map(|_| tape.cell(kind)).filter(|cell| *cell != Value::Missing).collect();
        if !list.is_empty() {
            let items: Vec<String> = list.iter().map(|cell| written(*cell)).collect();
            let run = move |row: &[Cell]| match a.1(row) {
                Value::Missing => Value::Missing,
                cell => Value::Flag(list.contains(&cell)),
            };
            return (format!("({} IN ({}))", a.0, items.join(", ")), Box::new(run));
        }
    }
    let b = part(kind, tape, depth - 1);
    let ordered = kind == Kind::Number || kind == Kind::Date;
    if choice == 4 && ordered {
        let c = part(kind, tape, depth - 1);
        let text = format!("({} BETWEEN {} AND {})", a.0, b.0, c.0);
        let run = move |row: &[Cell]| {
            let low = order(a.1(row), b.1(row)).map(|order| order.is_ge());
            let high = order(a.1(row), c.1(row)).map(|order| order.is_le());
            truth(if low == Some(false) || high == Some(false) { Some(false) } else { low.and(high) })
        };
        return (text, Box::new(run));
    }
    let op = tape.pick(if ordered { 6 } else { 2 });
    let text = format!("({} {} {})", a.0, ["=", "<>", "<", "<=", ">", ">="][op], b.0);
    let run = move |row: &[Cell]| {
        truth(order(a.1(row), b.1(row)).map(|order| match op {
            0 => order.is_eq(),
            1 => order.is_ne(),
            2 => order.is_lt(),
            3 => order.is_le(),
            4 => order.is_gt(),
            _ => order.is_ge(),
        }))
    };
    (text, Box::new(run))
}

fn bits(cell: Value<'_>) -> String {
    match cell {
        Value::Number(x) => {
            assert!(x.is_finite());
            format!("{:016x}", x.to_bits())
        }
        other => format!("{other:?}"),
    }
}

fn columns(rows: &[Vec<Cell>]) -> Vec<BlockColumn<'static>> {
    (0..8).map(|slot| BlockColumn::of(KINDS[slot / 2], rows.iter().map(|row| row[slot]))).collect()
}

proptest! {
    #[test]
    fn record_is_column_is_the_naive_evaluation(
        bytes in proptest::collection::vec(any::<u8>(), 0..48),
        cells in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut tape = Tape(bytes.iter());
        let kind = KINDS[tape.pick(4)];
        let (text, naive) = part(kind, &mut tape, 5);
        let expr = Expr::parse(&text, &scope()).unwrap_or_else(|error| panic!("{text}: {error}"));
        prop_assert_eq!(expr.kind(), kind);
        let mut tape = Tape(cells.iter());
        let rows: Vec<Vec<Cell>> = (0..17).map(|_| (0..8).map(|slot| tape.cell(KINDS[slot / 2])).collect()).collect();
        let columns = columns(&rows);
        let mut scratch = Scratch::default();
        for _ in 0..2 {
            let block = expr.program().eval_block(rows.len(), |slot| &columns[slot], &mut scratch);
            prop_assert_eq!((block.kind(), block.len()), (kind, rows.len()));
            for (i, row) in rows.iter().enumerate() {
                let record = expr.program().eval(|slot| row[slot]);
                prop_assert_eq!(bits(record), bits(block.value(i)), "{}", &text);
                prop_assert_eq!(bits(record), bits(naive(row)), "{} on {:?}", &text, row);
            }
        }
    }

    #[test]
    fn unusable_cells_are_missing_in_both(
        x in prop_oneof![any::<f64>(), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::NAN)],
        y in any::<f64>(),
        days in prop_oneof![any::<i32>(), Just(i32::MIN), Just(i32::MAX)],
        wrong in any::<bool>(),
    ) {
        let day = Value::Date(Date::from_days(days));
        let row = if wrong { [day, Value::Flag(true), Value::Number(x)] } else { [Value::Number(x), Value::Number(y), day] };
        let raw = if wrong {
            [BlockColumn::Date(vec![days]), BlockColumn::Flag(vec![7]), BlockColumn::Number(vec![x])]
        } else {
            [BlockColumn::Number(vec![x]), BlockColumn::Number(vec![y]), BlockColumn::Date(vec![days])]
        };
        let mut scope = Scope::new();
        for (name, kind) in [("x", Kind::Number), ("y", Kind::Number), ("d", Kind::Date)] {
            scope.push(name, kind).unwrap();
        }
        for text in ["x", "d", "x + y", "x / y", "x * y", "-x", "ABS(x)", "ROUND(x)", "LN(x)", "EXP(x)", "SQRT(x)", "x < y", "x IS NULL",
            "YEAR(d) * 100 + MONTH(d)", "DAYS_BETWEEN(d, DATE '2000-01-01')", "MONTHS_BETWEEN(DATE '2000-02-29', d)",
            "x IN (1, 2)", "d IN (DATE '1970-01-01')", "LEAST(x, y)", "COALESCE(x, y)", "d = d"] {
            let expr = Expr::parse(text, &scope).unwrap();
            let mut scratch = Scratch::default();
            let record = expr.program().eval(|slot| row[slot]);
            let block = expr.program().eval_block(1, |slot| &raw[slot], &mut scratch);
            prop_assert_eq!(bits(record), bits(block.value(0)), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = Expr::parse(&text, &scope());
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Expr::parse(&String::from_utf8_lossy(&bytes), &scope());
    }

    #[test]
    fn no_heap_of_tokens_makes_the_parser_panic(picks in proptest::collection::vec(0usize..46, 0..60)) {
        let words = ["(", ")", ",", "+", "-", "*", "/", "=", "<>", "<", ">=", "AND", "OR", "NOT", "IS", "NULL", "TRUE", "BETWEEN", "IN",
            "CASE", "WHEN", "THEN", "ELSE", "END", "n0", "c0", "d0", "f0", "1", "'a'", "DATE", "'2020-01-01'", "ABS", "COALESCE",
            "YEAR", "\"n1\"", "\"", "'", ".", "[", "{", "::", "SELECT", "LIKE", "\n", "收"];
        let text = picks.iter().map(|i| words[*i]).collect::<Vec<_>>().join(" ");
        if let Err(error) = Expr::parse(&text, &scope()) {
            let position = error.problems()[0].position.unwrap();
            prop_assert!(position >= 1 && position <= text.chars().count() as u64 + 1);
        }
    }
}

#[test]
fn short_columns_are_missing_beyond_their_end() {
    let mut scope = Scope::new();
    scope.push("x", Kind::Number).unwrap();
    let expr = Expr::parse("COALESCE(x, -1)", &scope).unwrap();
    let column = BlockColumn::Number(vec![1.0]);
    let mut scratch = Scratch::default();
    assert_eq!(*expr.program().eval_block(3, |_| &column, &mut scratch), BlockColumn::Number(vec![1.0, -1.0, -1.0]));
    assert_eq!(expr.program().eval_block(BLOCK, |_| &column, &mut scratch).len(), BLOCK);
    assert_eq!(expr.program().eval_block(0, |_| &column, &mut scratch).len(), 0);
}
