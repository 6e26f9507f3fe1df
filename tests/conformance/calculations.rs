//! The vectors of calculations: inputs are written by hand, answers by this build. The first good input of each calculation is also
//! its example in `CALCULATIONS.md`.

use std::fmt::Write;

use scoreline::Threads;
use scoreline::calculation::{all, calculate_lines};
use scoreline_tests::text;

pub(crate) const VECTORS: &str = "tests/conformance/calculations.tsv";
pub(crate) const DOCUMENT: &str = "core/src/calculation/CALCULATIONS.md";

/// A calculation with its input and what is answered.
pub(crate) struct Case {
    pub(crate) calculation: String,
    pub(crate) input: String,
    pub(crate) line: String,
}

/// The cases as they stand in the file.
pub(crate) fn read() -> Vec<Case> {
    let parts = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next().unwrap();
        Case { calculation: next(), input: next(), line: next() }
    };
    text(VECTORS).lines().map(parts).collect()
}

/// The same cases with what this build answers.
pub(crate) fn answered() -> Vec<Case> {
    let answer = |case: Case| {
        let line = calculate_lines(&case.calculation, &case.input, Threads::One).unwrap().trim_end().to_owned();
        Case { line, ..case }
    };
    read().into_iter().map(answer).collect()
}

/// The file of the cases.
pub(crate) fn to_tsv(cases: &[Case]) -> String {
    cases.iter().map(|case| format!("{}\t{}\t{}\n", case.calculation, case.input, case.line)).collect()
}

/// Every calculation with an example.
pub(crate) fn document(cases: &[Case]) -> String {
    let mut page = "# Calculations\n\nEach is called by its name with an input and gives an answer, both JSON: `calculation::calculate` \
        in Rust, `scoreline.calculate`\nin Python, `calculate` in Node, `scoreline_calculate` in C and COBOL. Money is decimal text. \
        Rates and other fractions are\nnumbers or decimal texts in an input, and decimal texts in an answer, the shortest that read back \
        as the same double.\nDays are `YYYY-MM-DD`. An input with a member that is missing, unknown or given twice is refused.\n\n\
        Written by the generator of the conformance vectors: do not edit.\n"
        .to_owned();
    for calculation in all() {
        let example =
            cases.iter().find(|case| case.calculation == calculation.name && case.line.starts_with("{\"answer\":")).unwrap();
        let answer = example.line.strip_prefix("{\"answer\":").unwrap().strip_suffix('}').unwrap();
        let (input, answer) = (indented(&example.input), indented(answer));
        write!(page, "\n## `{}`\n\n{}\n\n```json\n{input}\n```\n\n```json\n{answer}\n```\n", calculation.name, calculation.about)
            .unwrap();
    }
    page
}

/// JSON with a line for each member of the outermost object, and for each element of its lists.
fn indented(json: &str) -> String {
    let (mut page, mut depth, mut quoted, mut escaped) = (String::new(), 0usize, false, false);
    let mut lists = Vec::new();
    for letter in json.chars() {
        let open = depth == 1 || (depth == 2 && lists.last() == Some(&true));
        if !quoted && matches!(letter, '}' | ']') {
            if open {
                page.push('\n');
                page.push_str(&"  ".repeat(depth - 1));
            }
            depth -= 1;
            lists.pop();
        }
        page.push(letter);
        match letter {
            '"' if !escaped => quoted = !quoted,
            '{' | '[' if !quoted => {
                depth += 1;
                lists.push(letter == '[');
                if depth == 1 || (depth == 2 && letter == '[') {
                    page.push('\n');
                    page.push_str(&"  ".repeat(depth));
                }
            }
            ',' if !quoted && open => {
                page.push('\n');
                page.push_str(&"  ".repeat(depth));
            }
            ',' | ':' if !quoted => page.push(' '),
            _ => {}
        }
        escaped = quoted && letter == '\\' && !escaped;
    }
    page
}
