//! A module of the core uses only modules before it.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenTree};

use crate::source::{attribute, inside, is_ident, is_path_sep, is_punct, sources, text, tokens};

/// The order of dependence. `validation` looks at what `stats`, `data` and `binning` give it and knows nothing of later
/// stages.
const ORDER: [&str; 25] = [
    "error",
    "math",
    "parallel",
    "stats",
    "data",
    "expr",
    "features",
    "binning",
    "validation",
    "profile",
    "segment",
    "model",
    "scorecard",
    "tier",
    "pricing",
    "limit",
    "decision",
    "treatment",
    "offer",
    "portfolio",
    "calculation",
    "pipeline",
    "auto",
    "artefact",
    "interchange",
];

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == module)
}

/// The module that each name at the root of the crate comes from.
fn root_names(lib: &str) -> BTreeMap<String, String> {
    let tokens = tokens(lib);
    let mut names = BTreeMap::new();
    for at in 0..tokens.len() {
        if !is_ident(tokens.get(at), "use") {
            continue;
        }
        let (Some(TokenTree::Ident(module)), true) = (tokens.get(at + 1), is_path_sep(&tokens, at + 2)) else { continue };
        let used = match tokens.get(at + 4) {
            Some(group @ TokenTree::Group(_)) => inside(group, Delimiter::Brace).unwrap_or_default(),
            Some(name) => vec![name.clone()],
            None => vec![],
        };
        for name in used {
            if let TokenTree::Ident(name) = name {
                names.insert(name.to_string(), module.to_string());
            }
        }
    }
    names
}

/// First names of the paths that lead to the root of the crate. `depth` is 1 in `error.rs`, 2 in `data/batch.rs`.
/// Unit tests may use what they like.
fn from_root(tokens: &[TokenTree], depth: usize, found: &mut Vec<String>) {
    let mut test = false;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(attribute) = attribute(tokens, at) {
            test |= attribute == "cfg(test)";
            at += 2;
            continue;
        }
        let mut end = at;
        let mut ups = 0;
        if is_ident(tokens.get(at), "crate") && is_path_sep(tokens, at + 1) {
            (ups, end) = (depth, at + 3);
        }
        while is_ident(tokens.get(end), "super") && is_path_sep(tokens, end + 1) {
            (ups, end) = (ups + 1, end + 3);
        }
        if end > at {
            if ups >= depth {
                first_names(tokens.get(end), found);
            }
            at = end;
            continue;
        }
        if let Some(TokenTree::Group(group)) = tokens.get(at) {
            let module = at >= 2 && is_ident(tokens.get(at - 2), "mod") && group.delimiter() == Delimiter::Brace;
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            if !(module && test) {
                from_root(&inner, depth + usize::from(module), found);
            }
        }
        // An attribute holds up to the end of its item.
        if is_punct(tokens.get(at), ';')
            || matches!(tokens.get(at), Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Brace)
        {
            test = false;
        }
        at += 1;
    }
}

fn first_names(token: Option<&TokenTree>, found: &mut Vec<String>) {
    match token {
        Some(TokenTree::Ident(name)) => found.push(name.to_string()),
        Some(group) => {
            let inner = inside(group, Delimiter::Brace).unwrap_or_default();
            let mut first = true;
            for token in &inner {
                if let (true, TokenTree::Ident(name)) = (first, token) {
                    found.push(name.to_string());
                }
                first = is_punct(Some(token), ',');
            }
        }
        None => {}
    }
}

/// What is wrong with one file of the core.
fn violations(path: &str, source: &str, root_names: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let module = parts[0];
    if parts.last() == Some(&"tests") {
        return wrong;
    }
    if !source.starts_with("//! ") {
        wrong.push(format!("{path}: begins without a line that says what the file is"));
    }
    if module == "lib" {
        return wrong;
    }
    let Some(own) = rank(module) else {
        wrong.push(format!("{path}: the module {module} has no place in the order of dependence"));
        return wrong;
    };
    let depth = parts.len() - usize::from(parts.last() == Some(&"mod"));
    let mut used = Vec::new();
    from_root(&tokens(source), depth, &mut used);
    used.sort();
    used.dedup();
    for name in used {
        let from = root_names.get(&name).unwrap_or(&name);
        match rank(from) {
            None => wrong.push(format!("{path}: crate::{name} is of no known module")),
            Some(other) if other > own => wrong.push(format!("{path}: {module} uses {from}, which comes later")),
            Some(_) => {}
        }
    }
    if module != "parallel" && source.contains("rayon::") {
        wrong.push(format!("{path}: only parallel.rs may name rayon"));
    }
    wrong
}

#[test]
fn the_core_is_in_layers() {
    let root_names = root_names(&text("core/src/lib.rs"));
    let wrong: Vec<String> =
        sources("core/src").iter().flat_map(|(path, source)| violations(path, source, &root_names)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_bindings_says_what_it_is() {
    for binding in ["bindings-python/src", "bindings-node/src", "bindings-c/src"] {
        for (path, source) in sources(binding) {
            assert!(source.starts_with("//! "), "{binding}/{path}");
        }
    }
}

#[test]
fn planted_violations_are_found() {
    let names = root_names("pub use error::{Error, Result};\npub use tier::RiskTier;");
    let found = |path: &str, body: &str| violations(path, &format!("//! A file.\n{body}"), &names);
    let clean: [&str; 0] = [];

    assert_eq!(found("binning/mod.rs", "use crate::data::Batch; use crate::{Error, math};"), clean);
    assert_eq!(found("binning/dp.rs", "use super::hull; pub(crate) fn f() {}"), clean);
    // A comment, a text and a unit test are no use.
    let harmless = "/// [`crate::tier::X`]\nfn f() { let _ = \"crate::tier\"; } #[cfg(test)] mod tests { use crate::tier::X; }";
    assert_eq!(found("binning/mod.rs", harmless), clean);

    let later = ["binning/dp.rs: binning uses tier, which comes later"];
    assert_eq!(found("binning/dp.rs", "use crate::tier::RiskTier;"), later);
    assert_eq!(found("binning/dp.rs", "use crate::{Error, RiskTier};"), later);
    assert_eq!(found("binning/dp.rs", "use crate::{data::{Batch, Field}, tier::{self}};"), later);
    assert_eq!(found("binning/dp.rs", "fn f() -> bool { g(|| crate::tier::worst()) }"), later);
    assert_eq!(found("binning/dp.rs", "use super::super::tier;"), later);
    assert_eq!(found("binning/dp.rs", "mod inner { use super::super::super::tier; }"), later);
    assert_eq!(found("binning/dp.rs", "#[cfg(test)] mod tests {} mod inner { use crate::tier; }"), later);
    assert_eq!(found("validation/psi.rs", "use crate::model::X;").len(), 1);
    assert_eq!(found("binning/dp.rs", "use crate::nowhere::X;").len(), 1);
    assert_eq!(found("binning/dp.rs", "use rayon::prelude::*;").len(), 1);
    assert_eq!(found("elsewhere/dp.rs", "").len(), 1);
    assert_eq!(violations("tier/mod.rs", "use crate::data;", &names).len(), 1);
}
