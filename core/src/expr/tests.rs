//! What expressions yield and what is refused.

use super::{Expr, MAX_INSTRUCTIONS, MAX_NESTING, MAX_STACK, MAX_TEXT, RECURSION, Scope};
use crate::data::{Date, Kind, Value};
use crate::error::ErrorCode;

fn scope() -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, kind) in [
        ("x", Kind::Number),
        ("gone", Kind::Number),
        ("income", Kind::Number),
        ("job", Kind::Category),
        ("no_job", Kind::Category),
        ("born", Kind::Date),
        ("opened", Kind::Date),
        ("t", Kind::Flag),
        ("f", Kind::Flag),
        ("u", Kind::Flag),
        ("odd name", Kind::Number),
        ("date", Kind::Date),
        ("like", Kind::Number),
        ("收入", Kind::Number),
    ] {
        scope.push(name, kind).unwrap();
    }
    scope
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn record() -> Vec<Value<'static>> {
    vec![
        Value::Number(5.0),
        Value::Missing,
        Value::Number(4_200.0),
        Value::Category("salaried"),
        Value::Missing,
        Value::Date(day("1990-05-31")),
        Value::Date(day("2024-02-29")),
        Value::Flag(true),
        Value::Flag(false),
        Value::Missing,
        Value::Number(7.0),
        Value::Date(day("2026-11-21")),
        Value::Number(2.0),
        Value::Number(3.0),
    ]
}

fn shown(text: &str) -> String {
    let expr = Expr::parse(text, &scope()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let record = record();
    match expr.program().eval(|slot| record[slot]) {
        Value::Missing => "NULL".to_owned(),
        Value::Number(x) => format!("{x:?}"),
        Value::Category(level) => format!("'{level}'"),
        Value::Flag(flag) => flag.to_string().to_uppercase(),
        Value::Date(day) => day.to_string(),
    }
}

fn refused(text: &str) -> (u64, String) {
    let error = Expr::parse(text, &scope()).expect_err(text);
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    (error.problems()[0].position.unwrap_or_else(|| panic!("{text}: {error} has no position")), error.to_string())
}

#[test]
fn truth_tables_are_those_of_kleene() {
    // ISO/IEC 9075-2, boolean value expression: truth tables of AND, OR, NOT; rows and columns T, F, U.
    let values = ["TRUE", "FALSE", "(gone = 1)"];
    let and = [["TRUE", "FALSE", "NULL"], ["FALSE", "FALSE", "FALSE"], ["NULL", "FALSE", "NULL"]];
    let or = [["TRUE", "TRUE", "TRUE"], ["TRUE", "FALSE", "NULL"], ["TRUE", "NULL", "NULL"]];
    for (i, a) in values.iter().enumerate() {
        for (j, b) in values.iter().enumerate() {
            assert_eq!(shown(&format!("{a} AND {b}")), and[i][j], "{a} AND {b}");
            assert_eq!(shown(&format!("{a} OR {b}")), or[i][j], "{a} OR {b}");
        }
        assert_eq!(shown(&format!("NOT {a}")), ["FALSE", "TRUE", "NULL"][i]);
        assert_eq!(shown(&format!("{a} IS TRUE")), ["TRUE", "FALSE", "FALSE"][i]);
        assert_eq!(shown(&format!("{a} IS NOT TRUE")), ["FALSE", "TRUE", "TRUE"][i]);
        assert_eq!(shown(&format!("{a} IS FALSE")), ["FALSE", "TRUE", "FALSE"][i]);
        assert_eq!(shown(&format!("{a} IS NOT FALSE")), ["TRUE", "FALSE", "TRUE"][i]);
        assert_eq!(shown(&format!("{a} IS NULL")), ["FALSE", "FALSE", "TRUE"][i]);
    }
}

#[test]
fn results() {
    for (text, result) in [
        ("1 + 2 * 3 - 4 / 8", "6.5"),
        ("-x * -2", "10.0"),
        ("2 - 3 - 4", "-5.0"),
        ("-(x - 7)", "2.0"),
        ("1.5e3", "1500.0"),
        (".5", "0.5"),
        ("\"odd name\" + 收入", "10.0"),
        ("like * 2", "4.0"),
        ("x + gone", "NULL"),
        ("x + NULL", "NULL"),
        ("x / 0", "NULL"),
        ("0 / 0", "NULL"),
        ("1e308 * 10", "NULL"),
        ("1e308 + 1e308 > 0", "NULL"),
        ("SQRT(-1)", "NULL"),
        ("SQRT(16) + ABS(-3)", "7.0"),
        ("LN(0)", "NULL"),
        ("LN(-1)", "NULL"),
        ("EXP(710)", "NULL"),
        ("exp(0) + Ln(1)", "1.0"),
        ("FLOOR(-1.5) + CEIL(-1.5) * 10", "-12.0"),
        ("ROUND(2.5)", "3.0"),
        ("ROUND(-2.5)", "-3.0"),
        ("ROUND(0.49999999999999994)", "0.0"),
        ("-0.0 = 0", "TRUE"),
        ("-0.0 < 0", "FALSE"),
        ("-0.0 IN (0)", "TRUE"),
        ("0.0 IN (1, -0.0)", "TRUE"),
        ("x BETWEEN 5 AND 6 AND t", "TRUE"),
        ("x NOT BETWEEN 5 AND 6", "FALSE"),
        ("x BETWEEN 6 AND gone", "FALSE"),
        ("x BETWEEN 5 AND gone", "NULL"),
        ("opened BETWEEN born AND date", "TRUE"),
        ("x IN (3, -5, 5)", "TRUE"),
        ("x NOT IN (1, 2)", "TRUE"),
        ("gone NOT IN (1, 2)", "NULL"),
        ("job IN ('salaried', 'self-employed')", "TRUE"),
        ("job IN ('a', 'z')", "FALSE"),
        ("no_job IN ('a')", "NULL"),
        ("t IN (FALSE)", "FALSE"),
        ("opened IN (DATE '2024-02-29', DATE '2020-01-01')", "TRUE"),
        ("job = 'salaried'", "TRUE"),
        ("job <> 'it''s'", "TRUE"),
        ("job = no_job", "NULL"),
        ("t <> f", "TRUE"),
        ("NOT x = 4", "TRUE"),
        ("t OR f AND f", "TRUE"),
        ("NOT t OR t", "TRUE"),
        ("NOT u IS NULL", "FALSE"),
        ("gone IS NULL AND x IS NOT NULL", "TRUE"),
        ("x != 5", "FALSE"),
        ("born < opened", "TRUE"),
        ("born = DATE '1990-05-31'", "TRUE"),
        ("CASE WHEN u THEN 1 WHEN t THEN 2 ELSE 3 END", "2.0"),
        ("CASE WHEN u THEN 1 WHEN f THEN 2 END", "NULL"),
        ("CASE WHEN t THEN 1 WHEN t THEN 2 ELSE 3 END", "1.0"),
        ("CASE job WHEN 'a' THEN 'x' WHEN 'salaried' THEN job ELSE 'y' END", "'salaried'"),
        ("CASE gone WHEN 1 THEN 'a' ELSE 'b' END", "'b'"),
        ("CASE WHEN t THEN NULL ELSE x END", "NULL"),
        ("CASE WHEN f THEN NULL ELSE born END", "1990-05-31"),
        ("CASE WHEN t THEN f ELSE t END", "FALSE"),
        ("COALESCE(gone, NULL, x, 1)", "5.0"),
        ("COALESCE(NULL, no_job)", "NULL"),
        ("COALESCE(no_job, 'none')", "'none'"),
        ("COALESCE(u, t)", "TRUE"),
        ("LEAST(3, gone, x)", "3.0"),
        ("GREATEST(gone, 3, x)", "5.0"),
        ("LEAST(gone, gone)", "NULL"),
        ("LEAST(born, opened)", "1990-05-31"),
        ("GREATEST(x)", "5.0"),
        ("DAYS_BETWEEN(opened, date)", "996.0"),
        ("DAYS_BETWEEN(date, opened)", "-996.0"),
        ("MONTHS_BETWEEN(born, opened)", "404.0"),
        ("MONTHS_BETWEEN(opened, born)", "-404.0"),
        ("MONTHS_BETWEEN(DATE '2024-01-31', DATE '2024-02-29')", "0.0"),
        ("MONTHS_BETWEEN(DATE '2024-01-29', DATE '2024-02-29')", "1.0"),
        ("MONTHS_BETWEEN(DATE '2023-03-01', DATE '2024-02-29')", "11.0"),
        ("YEAR(born) * 100 + month(born)", "199005.0"),
        ("date", "2026-11-21"),
        ("date < DATE'2027-01-01'", "TRUE"),
        ("x\n  >=\t5", "TRUE"),
    ] {
        assert_eq!(shown(text), result, "{text}");
    }
}

#[test]
fn kinds_and_reads_are_known() {
    let expr = Expr::parse("CASE WHEN x > 1 THEN job ELSE 'none' END", &scope()).unwrap();
    assert_eq!((expr.kind(), expr.reads()), (Kind::Category, &[0, 3][..]));
    assert_eq!(Expr::parse("income - x + income", &scope()).unwrap().reads(), [0, 2]);
}

#[test]
fn errors_say_where_and_what() {
    for (text, position, part) in [
        ("", 1, "empty"),
        ("x +", 4, "the end was found"),
        ("x + * 2", 5, "an expression was expected, '*' was found"),
        ("(x + 1", 7, ") was expected, the end was found"),
        ("x 1", 3, "an operator or the end was expected, '1' was found"),
        ("x + incom", 5, "did you mean 'income'?"),
        ("X", 1, "there is no name 'X'"),
        ("x = 'a'", 5, "a number was expected, this is a category"),
        ("job = 1", 7, "a category was expected, this is a number"),
        ("x AND t", 1, "a flag was expected, this is a number"),
        ("NOT x", 5, "a flag was expected"),
        ("t + 1", 1, "a number was expected, this is a flag"),
        ("-job", 2, "a number was expected"),
        ("job < 'b'", 1, "has no order"),
        ("x < 1 < 2", 1, "has no order"),
        ("x IN (1, 'a')", 10, "a number was expected"),
        ("x IN (1, income)", 10, "a literal was expected"),
        ("x IN (1, NULL)", 10, "IS NULL"),
        ("x = NULL", 5, "IS NULL"),
        ("NULL", 1, "kind of NULL"),
        ("CASE WHEN t THEN 1 ELSE 'a' END", 25, "a number was expected"),
        ("CASE WHEN x THEN 1 END", 11, "a flag was expected"),
        ("CASE WHEN t THEN 1", 19, "the end was found"),
        ("COALESCE(1, job)", 13, "a number was expected"),
        ("COALESCE()", 1, "at least one"),
        ("LEAST(job, 'a')", 7, "a number or date was expected"),
        ("ROUND(x, 2)", 1, "ROUND takes 1 argument (number), not 2"),
        ("YEAR(x)", 6, "a date was expected"),
        ("x + RUOND(x)", 5, "did you mean 'ROUND'?"),
        ("MAX(x, 1)", 1, "write GREATEST"),
        ("COUNT(*)", 1, "the aggregate COUNT is not part"),
        ("x > (SELECT 1)", 6, "SELECT is not part of the expression language"),
        ("job LIKE 'a%'", 5, "LIKE is not part"),
        ("CAST(x AS INT)", 1, "CAST is not part"),
        ("x::int", 2, "'::' is not part"),
        ("job || 'a'", 5, "'||' is not part"),
        ("x % 2", 3, "'%' is not part"),
        ("x == 2", 3, "write ="),
        ("x; x", 2, "';' is not part"),
        ("a.b", 2, "'.' is not part"),
        ("x -- note", 3, "a comment is not part"),
        ("x + /* note */ 1", 5, "a comment is not part"),
        ("+x", 1, "not part of the expression language"),
        ("(x, 1)", 2, "not part of the expression language"),
        ("x IS DISTINCT FROM 1", 6, "DISTINCT is not part"),
        ("x IS 1", 6, "NULL, TRUE or FALSE"),
        ("TIMESTAMP '2020-01-01'", 1, "TIMESTAMP is not part"),
        ("DATE '2020-13-01'", 6, "a calendar day was expected"),
        ("job = 'a", 7, "unterminated string"),
        ("x = 1e999", 5, "too large"),
        ("x\n\n + nope", 7, "there is no name 'nope'"),
        ("收入 + nope", 6, "there is no name 'nope'"),
        ("x(1)", 1, "a name is not followed by '('"),
    ] {
        let (found, message) = refused(text);
        assert!(message.contains(part), "{text}: {message}");
        assert_eq!(found, position, "{text}: {message}");
    }
}

#[test]
fn limits_hold_quickly() {
    let nested = |open: &str, close: &str, n: usize| format!("{}x{}", open.repeat(n), close.repeat(n));
    assert_eq!(shown(&nested("(", ")", MAX_NESTING)), "5.0");
    assert_eq!(shown(&nested("ABS(", ")", MAX_NESTING)), "5.0");
    assert!(refused(&nested("(", ")", MAX_NESTING + 1)).1.contains("nested"));
    for text in [
        nested("(", ")", 100_000),
        nested("(", "", 2_000),
        nested("NOT ", "", 900),
        nested("- ", "", 1_900),
        nested("ABS(", ")", 800),
        nested("case when t then ", "", 200),
        "case ".repeat(800),
        "case-".repeat(800),
        "x in (".repeat(600),
        "x IS NULL".to_owned() + &" IS NULL".repeat(400),
        "x BETWEEN 1 AND ".repeat(200),
        vec!["x"; 2_000].join("+"),
        format!("COALESCE({})", vec!["x"; 2_000].join(",")),
        "x".repeat(MAX_TEXT + 1),
        "收".repeat(MAX_TEXT + 1),
    ] {
        let start = std::time::Instant::now();
        refused(&text);
        assert!(start.elapsed().as_secs() < 2, "{}", &text.chars().take(20).collect::<String>());
    }
    // A chain as long as the program allows, a list as long as the text allows, a stack as deep as it is.
    assert_eq!(shown(&vec!["x"; MAX_INSTRUCTIONS / 2].join("+")), "640.0");
    assert!(refused(&vec!["x"; MAX_INSTRUCTIONS / 2 + 1].join("+")).1.contains("instructions"));
    assert_eq!(shown(&format!("x IN ({})", vec!["-1"; 1_300].join(","))), "FALSE");
    let cases = |n| nested("CASE WHEN f OR t THEN ", " END", n);
    assert_eq!(shown(&cases((MAX_STACK - 1) / 2)), "5.0");
    assert!(refused(&cases(MAX_STACK / 2)).1.contains("stack"));
    assert_eq!(shown(&nested("1 + (", ")", RECURSION / 2 - 1)), "18.0");
    assert!(refused(&nested("1 + ABS(", ")", RECURSION / 2)).1.contains("nested"));
    // Copies of a CASE operand are counted before they are made.
    let mut text = "x".to_owned();
    for _ in 0..12 {
        text = format!("CASE {text} WHEN 1 THEN 1 WHEN 2 THEN 2 END");
    }
    assert!(refused(&text).1.contains("instructions"));
}

#[test]
fn the_page_names_every_function_and_limit() {
    let page = include_str!("EXPRESSIONS.md");
    for name in super::functions::names() {
        assert!(page.contains(&format!("`{name}(")), "{name}");
    }
    for limit in [MAX_TEXT, MAX_NESTING, RECURSION, MAX_INSTRUCTIONS, MAX_STACK] {
        let shown = if limit == 4_096 { "4,096".to_owned() } else { limit.to_string() };
        assert!(page.contains(&shown), "{limit}");
    }
    // The examples at the head of the page are expressions.
    let mut scope = Scope::new();
    for name in ["debt", "income", "age", "monthly_income", "annual_income"] {
        scope.push(name, Kind::Number).unwrap();
    }
    for (name, kind) in
        [("job", Kind::Category), ("account_opened", Kind::Date), ("application_date", Kind::Date), ("past_due", Kind::Flag)]
    {
        scope.push(name, kind).unwrap();
    }
    let examples = page.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(examples.lines().count() >= 5);
    for example in examples.lines() {
        Expr::parse(example, &scope).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
}
