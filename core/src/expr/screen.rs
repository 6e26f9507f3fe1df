//! The first look at a text: tokens with their positions, limits, and what is not part of the
//! language. Only what passes here reaches the SQL parser, so its cost and depth are bounded.

use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::scope::Scope;
use super::{MAX_INSTRUCTIONS, MAX_NESTING, MAX_TEXT, RECURSION};
use crate::error::{Error, Problem, Result};

/// Words with a meaning of their own. A field of that name is written in double quotes.
const KEYWORDS: [&str; 14] =
    ["AND", "OR", "NOT", "IS", "NULL", "TRUE", "FALSE", "BETWEEN", "IN", "CASE", "WHEN", "THEN", "ELSE", "END"];

/// Words of SQL that an author may reach for and that the language does not have.
const OUTSIDE: [&str; 42] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "UNION",
    "WITH",
    "JOIN",
    "EXISTS",
    "ANY",
    "ALL",
    "SOME",
    "LIKE",
    "ILIKE",
    "RLIKE",
    "REGEXP",
    "SIMILAR",
    "GLOB",
    "ESCAPE",
    "COLLATE",
    "CAST",
    "TRY_CAST",
    "CONVERT",
    "EXTRACT",
    "INTERVAL",
    "TIMESTAMP",
    "TIME",
    "OVER",
    "PARTITION",
    "FILTER",
    "DISTINCT",
    "UNKNOWN",
    "XOR",
    "DIV",
    "MOD",
    "ARRAY",
    "AS",
    "INSERT",
    "UPDATE",
    "DELETE",
];

/// A small SQL dialect: double quotes around names, nothing else beyond the core of the grammar.
#[derive(Debug)]
pub(super) struct Language;

impl Dialect for Language {
    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '"'
    }
    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }
    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_'
    }
    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        keyword != Keyword::NoKeyword
    }
}

/// Tokens that are all part of the language.
pub(super) struct Screened {
    pub(super) tokens: Vec<TokenWithSpan>,
    pub(super) positions: Positions,
    /// Where the nesting is deepest.
    pub(super) deepest: usize,
}

/// Turns line and column into one-based character positions.
pub(super) struct Positions {
    /// Characters before each line.
    lines: Vec<usize>,
    end: usize,
}

impl Positions {
    fn new(text: &str) -> Self {
        let mut positions = Positions { lines: vec![0], end: 1 };
        for (i, c) in text.chars().enumerate() {
            positions.end = i + 2;
            if c == '\n' {
                positions.lines.push(i + 1);
            }
        }
        positions
    }

    /// The position of `location`; just behind the text when it has none.
    pub(super) fn at(&self, location: Location) -> usize {
        let line = usize::try_from(location.line).ok().and_then(|line| self.lines.get(line.checked_sub(1)?));
        match (line, usize::try_from(location.column)) {
            (Some(before), Ok(column)) => (before + column).min(self.end),
            _ => self.end,
        }
    }

    pub(super) fn of(&self, span: Span) -> usize {
        self.at(span.start)
    }
}

pub(super) fn problem(position: usize, what: impl Into<String>, remedy: impl Into<String>) -> Error {
    Error::config(Problem::new(what, remedy).position(position))
}

pub(super) fn outside(position: usize, what: &str) -> Error {
    problem(position, format!("{what} is not part of the expression language"), "see EXPRESSIONS.md for what is")
}

/// Reads `text` into tokens and refuses whatever the language does not have.
pub(super) fn screen(text: &str, scope: &Scope<'_>) -> Result<Screened> {
    if text.len() > 4 * MAX_TEXT || text.chars().count() > MAX_TEXT {
        let what = format!("the text is longer than {MAX_TEXT} characters");
        return Err(problem(MAX_TEXT + 1, what, "split it into several expressions"));
    }
    let positions = Positions::new(text);
    let all = Tokenizer::new(&Language, text).tokenize_with_location().map_err(|error| {
        let what = format!("the text cannot be read: {}", error.message.to_lowercase());
        problem(positions.at(error.location), what, "close every quote")
    })?;
    let mut tokens: Vec<TokenWithSpan> = Vec::with_capacity(all.len());
    for token in all {
        match &token.token {
            Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab) => {}
            Token::Whitespace(_) => return Err(outside(positions.of(token.span), "a comment")),
            _ => tokens.push(token),
        }
    }
    let mut depth = Depth::default();
    let mut before = None;
    for i in 0..tokens.len() {
        let next = tokens.get(i + 1).map(|token| token.token.clone());
        let Some(token) = tokens.get_mut(i) else { break };
        let position = positions.of(token.span);
        let kept = keep(&token.token, next.as_ref(), position, scope)?;
        depth.enter(&kept, before.as_ref(), position)?;
        before = Some(kept.clone());
        token.token = kept;
    }
    Ok(Screened { tokens, positions, deepest: depth.deepest })
}

/// The token as the parser shall see it: whatever is not a keyword becomes a quoted name.
fn keep(token: &Token, next: Option<&Token>, position: usize, scope: &Scope<'_>) -> Result<Token> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => {
            let upper = word.value.to_uppercase();
            let is_date_literal = upper == "DATE" && matches!(next, Some(Token::SingleQuotedString(_)));
            if KEYWORDS.contains(&upper.as_str()) || is_date_literal {
                return Ok(token.clone());
            }
            if OUTSIDE.contains(&upper.as_str()) && scope.find(&word.value).is_none() {
                return Err(outside(position, &upper));
            }
            Ok(Token::make_word(&word.value, Some('"')))
        }
        Token::Number(_, true) => Err(outside(position, "a number with a suffix")),
        Token::DoubleEq => Err(problem(position, "'==' is not an operator of the language", "write =")),
        Token::Word(_)
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Comma
        | Token::LParen
        | Token::RParen
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::LtEq
        | Token::Gt
        | Token::GtEq => Ok(token.clone()),
        other => Err(outside(position, &format!("'{other}'"))),
    }
}

/// Counts what makes the parser and the resolver go deeper.
#[derive(Default)]
struct Depth {
    open: usize,
    prefixes: usize,
    operators: usize,
    most: usize,
    deepest: usize,
}

impl Depth {
    fn enter(&mut self, token: &Token, before: Option<&Token>, position: usize) -> Result<()> {
        let keyword = match token {
            Token::Word(word) => word.keyword,
            _ => Keyword::NoKeyword,
        };
        let starts = match before {
            None => true,
            Some(Token::Word(word)) => !matches!(word.keyword, Keyword::NoKeyword | Keyword::END),
            Some(Token::RParen | Token::Number(..) | Token::SingleQuotedString(_)) => false,
            Some(_) => true,
        };
        match token {
            Token::LParen => self.open += 1,
            Token::RParen => self.open = self.open.saturating_sub(1),
            Token::Plus if starts => return Err(outside(position, "a sign '+'")),
            Token::Minus if starts => self.prefixes += 1,
            Token::Plus | Token::Minus | Token::Mul | Token::Div => self.operators += 1,
            Token::Eq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq => self.operators += 1,
            Token::Word(_) => match keyword {
                Keyword::CASE => self.open += 1,
                Keyword::END => self.open = self.open.saturating_sub(1),
                Keyword::NOT if starts => self.prefixes += 1,
                Keyword::AND | Keyword::OR | Keyword::IS | Keyword::IN | Keyword::BETWEEN => self.operators += 1,
                _ => self.prefixes = 0,
            },
            _ => self.prefixes = 0,
        }
        if self.open + self.prefixes > self.most {
            (self.most, self.deepest) = (self.open + self.prefixes, position);
        }
        if self.most > MAX_NESTING {
            return Err(too_deep(position));
        }
        if self.operators > MAX_INSTRUCTIONS {
            return Err(too_long(position));
        }
        Ok(())
    }
}

pub(super) fn too_deep(position: usize) -> Error {
    let what =
        format!("the expression is nested deeper than {MAX_NESTING} levels, or {RECURSION} with the operators around them");
    problem(position, what, "compute a part of it in a field of its own")
}

pub(super) fn too_long(position: usize) -> Error {
    let what = format!("the expression needs more than {MAX_INSTRUCTIONS} instructions");
    problem(position, what, "compute a part of it in a field of its own")
}
