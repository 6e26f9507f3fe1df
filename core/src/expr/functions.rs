//! The functions of the language: names, what they take and what they yield.

use super::op::Op;
use super::scope::Scope;
use super::screen::problem;
use super::tree::{Node, unify, wrong_kind};
use crate::data::{Kind, nearest};
use crate::error::Result;

/// What a function takes.
#[derive(Clone, Copy)]
enum Takes {
    /// Exactly these kinds.
    Kinds(&'static [Kind]),
    /// One or more, all of one kind.
    Alike,
    /// One or more, all numbers or all dates.
    AlikeOrdered,
}

/// A function of the language.
pub(super) struct Function {
    name: &'static str,
    op: Op,
    takes: Takes,
    /// The kind of the result; that of the arguments, when absent.
    yields: Option<Kind>,
}

const fn function(name: &'static str, op: Op, takes: Takes, yields: Option<Kind>) -> Function {
    Function { name, op, takes, yields }
}

const NUMBER: Option<Kind> = Some(Kind::Number);
const ONE_NUMBER: Takes = Takes::Kinds(&[Kind::Number]);
const ONE_DATE: Takes = Takes::Kinds(&[Kind::Date]);
const TWO_DATES: Takes = Takes::Kinds(&[Kind::Date, Kind::Date]);

static FUNCTIONS: [Function; 14] = [
    function("ABS", Op::Abs, ONE_NUMBER, NUMBER),
    function("SQRT", Op::Sqrt, ONE_NUMBER, NUMBER),
    function("LN", Op::Ln, ONE_NUMBER, NUMBER),
    function("EXP", Op::Exp, ONE_NUMBER, NUMBER),
    function("FLOOR", Op::Floor, ONE_NUMBER, NUMBER),
    function("CEIL", Op::Ceil, ONE_NUMBER, NUMBER),
    function("ROUND", Op::Round, ONE_NUMBER, NUMBER),
    function("COALESCE", Op::Coalesce, Takes::Alike, None),
    function("LEAST", Op::Least, Takes::AlikeOrdered, None),
    function("GREATEST", Op::Greatest, Takes::AlikeOrdered, None),
    function("DAYS_BETWEEN", Op::DaysBetween, TWO_DATES, NUMBER),
    function("MONTHS_BETWEEN", Op::MonthsBetween, TWO_DATES, NUMBER),
    function("YEAR", Op::Year, ONE_DATE, NUMBER),
    function("MONTH", Op::Month, ONE_DATE, NUMBER),
];

/// Every function's name.
pub(super) fn names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|function| function.name).collect()
}

/// The function `name`, whatever its case.
pub(super) fn find(name: &str, at: usize, scope: &Scope<'_>) -> Result<&'static Function> {
    let upper = name.to_uppercase();
    FUNCTIONS.iter().find(|function| function.name == upper).ok_or_else(|| {
        let names = names();
        let what = match upper.as_str() {
            "COUNT" | "SUM" | "AVG" | "MIN" | "MAX" | "STDDEV" | "VARIANCE" => {
                format!("the aggregate {upper} is not part of the expression language")
            }
            _ => format!("there is no function '{name}'"),
        };
        let advice = match upper.as_str() {
            "MIN" => "for the least of several values write LEAST; ".to_owned(),
            "MAX" => "for the greatest of several values write GREATEST; ".to_owned(),
            _ if scope.find(name).is_some() => "a name is not followed by '('; ".to_owned(),
            _ => match nearest(&upper, &names) {
                near if near.starts_with("did you mean") => format!("{near} "),
                _ => String::new(),
            },
        };
        problem(at, what, format!("{advice}the functions are {}", names.join(", ")))
    })
}

impl Function {
    /// The call of the function on `arguments`.
    pub(super) fn call(&self, at: usize, arguments: Vec<Node>) -> Result<Node> {
        match self.takes {
            Takes::Kinds(kinds) => {
                if arguments.len() != kinds.len() {
                    let wanted: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                    let what =
                        format!("{} takes {} ({}), not {}", self.name, plural(kinds.len()), wanted.join(", "), arguments.len());
                    return Err(problem(at, what, "pass what it takes"));
                }
                let typed = arguments.into_iter().zip(kinds).map(|(node, kind)| node.expect(*kind)).collect::<Result<_>>()?;
                Node::apply(self.op, self.yields, at, typed)
            }
            Takes::Alike | Takes::AlikeOrdered => {
                if arguments.is_empty() {
                    return Err(problem(at, format!("{} takes at least one argument", self.name), "pass what it takes"));
                }
                let ordered = matches!(self.takes, Takes::AlikeOrdered);
                let unordered = arguments.iter().find(|node| matches!(node.kind, Some(Kind::Category | Kind::Flag)));
                if let Some((node, kind)) = unordered.and_then(|node| Some((node, node.kind?))).filter(|_| ordered) {
                    return Err(wrong_kind(node.at, "number or date", kind));
                }
                let (kind, mut typed) = unify(arguments)?;
                match (typed.pop(), typed.is_empty()) {
                    (Some(only), true) => Ok(Node { at, ..only }),
                    (last, _) => {
                        typed.extend(last);
                        Node::apply(self.op, kind, at, typed)
                    }
                }
            }
        }
    }
}

fn plural(count: usize) -> String {
    if count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") }
}
