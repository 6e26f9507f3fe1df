//! The errors are the same in every language.

use std::collections::BTreeSet;

use scoreline::ErrorCode;

use crate::source::text;

fn names() -> BTreeSet<String> {
    ErrorCode::ALL.iter().map(|code| code.name().to_owned()).collect()
}

/// What stands between `before` and `after` on each line of `text` that has both.
fn between(text: &str, before: &str, after: &str) -> BTreeSet<String> {
    text.lines().filter_map(|line| Some(line.trim().strip_prefix(before)?.split(after).next()?.to_owned())).collect()
}

#[test]
fn c_has_the_same_names_and_numbers() {
    let header = text("bindings-c/include/scoreline.h");
    for code in ErrorCode::ALL {
        let line = format!("#define SCORELINE_{} {}", code.name().to_uppercase(), code.number());
        assert!(header.lines().any(|known| known == line), "missing in scoreline.h: {line}");
    }
}

#[test]
fn python_has_one_class_for_each() {
    assert_eq!(between(&text("bindings-python/python/scoreline/errors.py"), "code = \"", "\""), names());
}

#[test]
fn node_has_the_same_names() {
    for file in ["bindings-node/types.d.ts.header", "bindings-node/index.d.ts"] {
        let text = text(file);
        let union = text.split("type ErrorCode").nth(1).unwrap().split("\n\n").next().unwrap();
        assert_eq!(between(union, "| '", "'"), names(), "{file}");
    }
}
