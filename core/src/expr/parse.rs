//! From the parsed text to the typed tree: names, kinds, and what of SQL is left outside.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, DataType, Expr as Sql, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    ObjectNamePart, Spanned, UnaryOperator, Value as Literal, ValueWithSpan,
};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token};

use super::functions;
use super::op::{List, Op};
use super::scope::Scope;
use super::screen::{Language, Positions, Screened, outside, problem, screen, too_deep, too_long};
use super::tree::{Form, Node, unify, wrong_kind};
use super::{MAX_INSTRUCTIONS, RECURSION};
use crate::data::{Date, Kind};
use crate::error::{Error, Result};

/// Reads `text` into a typed tree.
pub(super) fn parse(text: &str, scope: &Scope<'_>) -> Result<Node> {
    let Screened { tokens, positions, deepest } = screen(text, scope)?;
    if tokens.is_empty() {
        return Err(problem(1, "the expression is empty", "write an expression"));
    }
    let mut parser = Parser::new(&Language).with_recursion_limit(RECURSION).with_tokens_with_locations(tokens);
    let sql = parser.parse_expr().map_err(|error| syntax(error, &positions, deepest, text))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        let at = positions.of(rest.span);
        return Err(problem(
            at,
            format!("an operator or the end was expected, {} was found", found(text, at)),
            "see EXPRESSIONS.md",
        ));
    }
    let node = Resolver { scope, positions: &positions }.node(sql, 0)?;
    if node.kind.is_none() {
        return Err(problem(node.at, "the kind of NULL cannot be told from its context", "give one branch or argument a value"));
    }
    Ok(node)
}

/// The text around `position`, as short as it can be named.
fn found(text: &str, position: usize) -> String {
    let rest: String = text.chars().skip(position.saturating_sub(1)).collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let shown: String = match rest.chars().next() {
        None => return "the end".to_owned(),
        Some(c) if is_word(c) => rest.chars().take_while(|c| is_word(*c)).take(32).collect(),
        Some('\'') => return "a text".to_owned(),
        Some('"') => return "a name".to_owned(),
        Some(c) => c.to_string(),
    };
    format!("'{shown}'")
}

/// The parser's complaint ("Expected: a, found: b at Line: l, Column: c") in our words.
fn syntax(error: ParserError, positions: &Positions, deepest: usize, text: &str) -> Error {
    let message = match error {
        ParserError::RecursionLimitExceeded => return too_deep(deepest),
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
    };
    let place = message.rsplit_once(" at Line: ").and_then(|(_, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some(Location { line: line.parse().ok()?, column: column.parse().ok()? })
    });
    let at = positions.at(place.unwrap_or(Location { line: 0, column: 0 }));
    let expected = message.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")).map(|(expected, _)| expected);
    let what = match expected {
        // The parser names forms of IS that the screen has already refused.
        Some(expected) if expected.starts_with("[NOT] NULL") => "NULL, TRUE or FALSE, perhaps with NOT, was expected".to_owned(),
        Some(expected) if expected.len() <= 40 => format!("{expected} was expected"),
        _ => "this does not read as an expression".to_owned(),
    };
    problem(at, format!("{what}, {} was found", found(text, at)), "see EXPRESSIONS.md")
}

struct Resolver<'s, 'a> {
    scope: &'s Scope<'a>,
    positions: &'s Positions,
}

impl Resolver<'_, '_> {
    fn node(&self, sql: Sql, depth: usize) -> Result<Node> {
        if depth > RECURSION {
            return Err(too_deep(self.positions.of(sql.span())));
        }
        let inner = |sql: Box<Sql>| self.node(*sql, depth + 1);
        match sql {
            Sql::Nested(sql) => inner(sql),
            Sql::Identifier(name) => self.name(&name),
            Sql::Value(literal) => self.literal(literal),
            Sql::TypedString(date) if date.data_type == DataType::Date => self.date(date.value),
            Sql::UnaryOp { op: UnaryOperator::Not, expr } => not(inner(expr)?.expect(Kind::Flag)?),
            Sql::UnaryOp { op: UnaryOperator::Minus, expr } => negative(inner(expr)?.expect(Kind::Number)?),
            Sql::BinaryOp { .. } => self.chain(sql, depth),
            Sql::IsNull(sql) => is_missing(inner(sql)?),
            Sql::IsNotNull(sql) => not(is_missing(inner(sql)?)?),
            Sql::IsTrue(sql) => truth(Op::IsTrue, inner(sql)?),
            Sql::IsNotTrue(sql) => not(truth(Op::IsTrue, inner(sql)?)?),
            Sql::IsFalse(sql) => truth(Op::IsFalse, inner(sql)?),
            Sql::IsNotFalse(sql) => not(truth(Op::IsFalse, inner(sql)?)?),
            Sql::Between { expr, negated, low, high } => {
                let node = between(inner(expr)?, inner(low)?, inner(high)?)?;
                if negated { not(node) } else { Ok(node) }
            }
            Sql::InList { expr, list, negated } => {
                let node = self.within(inner(expr)?, list, depth)?;
                if negated { not(node) } else { Ok(node) }
            }
            Sql::Case { case_token, operand, conditions, else_result, .. } => {
                let at = self.positions.of(case_token.0.span);
                let operand = operand.map(inner).transpose()?;
                let other = else_result.map(inner).transpose()?.unwrap_or(Node::leaf(None, at, Form::Null));
                self.case(at, operand, conditions, other, depth)
            }
            Sql::Function(function) => self.function(function, depth),
            Sql::Tuple(parts) => {
                let at = parts.first().map_or(1, |part| self.positions.of(part.span()));
                Err(outside(at, "a list that does not follow IN or a function's name"))
            }
            other => Err(outside(self.positions.of(other.span()), "this form of SQL")),
        }
    }

    fn name(&self, name: &Ident) -> Result<Node> {
        let at = self.positions.of(name.span);
        match self.scope.find(&name.value) {
            Some((slot, kind)) => Ok(Node::leaf(kind, at, Form::Slot(slot))),
            None => {
                let short: String = name.value.chars().take(128).collect();
                Err(problem(at, format!("there is no name '{short}'"), self.scope.advice(&short)))
            }
        }
    }

    fn literal(&self, literal: ValueWithSpan) -> Result<Node> {
        let at = self.positions.of(literal.span);
        match literal.value {
            Literal::Null => Ok(Node::leaf(None, at, Form::Null)),
            Literal::Boolean(flag) => Ok(Node::leaf(Kind::Flag, at, Form::Flag(flag))),
            Literal::SingleQuotedString(text) => Ok(Node::leaf(Kind::Category, at, Form::Category(text))),
            Literal::Number(digits, false) => match digits.parse::<f64>() {
                Ok(x) if x.is_finite() => Ok(Node::leaf(Kind::Number, at, Form::Number(x))),
                Ok(_) => Err(problem(at, "the number is too large", "numbers reach about 1.8e308")),
                Err(_) => Err(problem(
                    at,
                    "a number was expected",
                    "write digits with a decimal point and, if need be, e and an exponent",
                )),
            },
            _ => Err(outside(at, "this literal")),
        }
    }

    fn date(&self, literal: ValueWithSpan) -> Result<Node> {
        let at = self.positions.of(literal.span);
        let day = match &literal.value {
            Literal::SingleQuotedString(text) => Date::parse(text).ok(),
            _ => None,
        };
        let wrong = || problem(at, "a calendar day was expected after DATE", "write it as DATE 'YYYY-MM-DD'");
        day.map(|day| Node::leaf(Kind::Date, at, Form::Date(day))).ok_or_else(wrong)
    }

    /// Operators of equal rank lean left and may be many, so they are taken in a loop.
    fn chain(&self, sql: Sql, depth: usize) -> Result<Node> {
        let mut pending = Vec::new();
        let mut first = sql;
        while let Sql::BinaryOp { left, op, right } = first {
            pending.push((op, right));
            first = *left;
        }
        let mut node = self.node(first, depth + 1)?;
        for (op, right) in pending.into_iter().rev() {
            node = self.binary(node, op, self.node(*right, depth + 1)?)?;
        }
        Ok(node)
    }

    fn binary(&self, left: Node, op: BinaryOperator, right: Node) -> Result<Node> {
        let at = left.at;
        let of = |op: Op, kind: Kind, left: Node, right: Node| {
            Node::apply(op, kind, at, vec![left.expect(kind)?, right.expect(kind)?])
        };
        match op {
            BinaryOperator::Plus => of(Op::Add, Kind::Number, left, right),
            BinaryOperator::Minus => of(Op::Subtract, Kind::Number, left, right),
            BinaryOperator::Multiply => of(Op::Multiply, Kind::Number, left, right),
            BinaryOperator::Divide => of(Op::Divide, Kind::Number, left, right),
            BinaryOperator::And => of(Op::And, Kind::Flag, left, right),
            BinaryOperator::Or => of(Op::Or, Kind::Flag, left, right),
            BinaryOperator::Eq => comparison(Op::Equal, left, right),
            BinaryOperator::NotEq => comparison(Op::Unequal, left, right),
            BinaryOperator::Lt => comparison(Op::Less, left, right),
            BinaryOperator::LtEq => comparison(Op::AtMost, left, right),
            BinaryOperator::Gt => comparison(Op::Greater, left, right),
            BinaryOperator::GtEq => comparison(Op::AtLeast, left, right),
            other => Err(outside(at, &format!("the operator {other}"))),
        }
    }

    fn within(&self, value: Node, list: Vec<Sql>, depth: usize) -> Result<Node> {
        let value = if value.kind.is_none() { Err(no_null(value.at)) } else { Ok(value) }?;
        let mut items = List::new(value.kind);
        for sql in list {
            let item = self.node(sql, depth + 1)?;
            if let Some(found) = item.kind.filter(|found| Some(*found) != value.kind) {
                return Err(wrong_kind(item.at, value.kind.map_or("value", Kind::name), found));
            }
            let at = item.at;
            let taken = match item.form {
                Form::Null => return Err(no_null(at)),
                form => items.push(form),
            };
            if !taken {
                return Err(problem(at, "a literal was expected in the list after IN", "compare computed values with = and OR"));
            }
        }
        items.sort();
        Node::within(value, items)
    }

    fn case(&self, at: usize, operand: Option<Node>, arms: Vec<CaseWhen>, other: Node, depth: usize) -> Result<Node> {
        // The operand is written out once for each arm, so its size is settled before it is copied.
        if operand.as_ref().map_or(1, |node| node.size) * arms.len() > MAX_INSTRUCTIONS {
            return Err(too_long(at));
        }
        let (mut conditions, mut results) = (Vec::new(), Vec::new());
        for arm in arms {
            let condition = self.node(arm.condition, depth + 1)?;
            conditions.push(match &operand {
                None => condition.expect(Kind::Flag)?,
                Some(operand) => comparison(Op::Equal, operand.clone(), condition)?,
            });
            results.push(self.node(arm.result, depth + 1)?);
        }
        results.push(other);
        let (kind, mut results) = unify(results)?;
        let mut operands: Vec<Node> = results.pop().into_iter().collect();
        for (condition, result) in conditions.into_iter().zip(results).rev() {
            operands.extend([condition, result]);
        }
        Node::apply(Op::Select, kind, at, operands)
    }

    fn function(&self, function: Function, depth: usize) -> Result<Node> {
        let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else {
            return Err(outside(self.positions.of(function.span()), "a function's name in several parts"));
        };
        let at = self.positions.of(name.span);
        let found = functions::find(&name.value, at, self.scope)?;
        let mut arguments = Vec::new();
        if let FunctionArguments::List(list) = function.args {
            for argument in list.args {
                match argument {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(sql)) => arguments.push(self.node(sql, depth + 1)?),
                    _ => return Err(outside(at, "this form of argument")),
                }
            }
        }
        found.call(at, arguments)
    }
}

fn not(node: Node) -> Result<Node> {
    let at = node.at;
    Node::apply(Op::Not, Kind::Flag, at, vec![node])
}

fn negative(node: Node) -> Result<Node> {
    match node.form {
        Form::Number(x) => Ok(Node { form: Form::Number(-x), ..node }),
        _ => Node::apply(Op::Negate, Kind::Number, node.at, vec![node]),
    }
}

fn is_missing(node: Node) -> Result<Node> {
    if node.kind.is_none() {
        return Err(problem(node.at, "NULL IS NULL is always true", "test a name or a computed value"));
    }
    Node::apply(Op::IsMissing, Kind::Flag, node.at, vec![node])
}

fn truth(op: Op, node: Node) -> Result<Node> {
    let at = node.at;
    Node::apply(op, Kind::Flag, at, vec![node.expect(Kind::Flag)?])
}

fn no_null(at: usize) -> Error {
    problem(at, "a comparison with NULL is never true", "write IS NULL or IS NOT NULL")
}

fn comparison(op: Op, left: Node, right: Node) -> Result<Node> {
    let at = left.at;
    compared(op, at, !matches!(op, Op::Equal | Op::Unequal), vec![left, right])
}

fn between(value: Node, low: Node, high: Node) -> Result<Node> {
    let at = value.at;
    compared(Op::Between, at, true, vec![value, low, high])
}

fn compared(op: Op, at: usize, ordered: bool, operands: Vec<Node>) -> Result<Node> {
    if let Some(null) = operands.iter().find(|node| node.kind.is_none()) {
        return Err(no_null(null.at));
    }
    let unordered = operands.iter().find(|node| matches!(node.kind, Some(Kind::Category | Kind::Flag)));
    if let Some((node, kind)) = unordered.and_then(|node| Some((node, node.kind?))).filter(|_| ordered) {
        let what = format!("a {} has no order, only = and <> compare it", kind.name());
        return Err(problem(node.at, what, "order numbers or dates, or list the levels with IN"));
    }
    let (_, operands) = unify(operands)?;
    Node::apply(op, Kind::Flag, at, operands)
}
