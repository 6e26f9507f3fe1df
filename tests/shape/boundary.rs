//! Every export of every binding passes the panic boundary, and nothing happens outside it.

use proc_macro2::{Delimiter, TokenTree};

use crate::source::{attribute, inside, is_ident, is_punct, sources, tokens};

// A Python module and a Node add-on cannot be linked into a test, but their boundaries need neither.
#[path = "../../bindings-node/src/caught.rs"]
mod node;
#[path = "../../bindings-python/src/guard.rs"]
mod python;

#[derive(Clone, Copy, PartialEq)]
enum Language {
    Python,
    Node,
    C,
}

/// Whether a function with these attributes can be called from outside; `methods` tells that its `impl` says so.
fn is_export(language: Language, attributes: &[String], methods: bool) -> bool {
    let any = |test: fn(&str) -> bool| attributes.iter().any(|attribute| test(attribute));
    match language {
        Language::Python => methods || any(|a| a.starts_with("pyfunction")),
        Language::Node => any(|a| a == "napi" || a.starts_with("napi(")),
        Language::C => any(|a| a.contains("no_mangle") || a.contains("export_name")),
    }
}

/// The body is one call of the boundary, in `unsafe` or not.
fn is_guarded(body: &[TokenTree], boundary: &[&str]) -> bool {
    match body {
        [keyword, block] if is_ident(Some(keyword), "unsafe") => {
            is_guarded(&inside(block, Delimiter::Brace).unwrap_or_default(), boundary)
        }
        [name, call] => {
            boundary.iter().any(|known| is_ident(Some(name), known)) && inside(call, Delimiter::Parenthesis).is_some()
        }
        _ => false,
    }
}

/// Names of the exports that do not pass the boundary.
fn unguarded(language: Language, tokens: &[TokenTree], methods: bool, found: &mut Vec<String>) {
    let mut attributes: Vec<String> = Vec::new();
    let mut item: Option<(&str, String)> = None;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some(attribute) = attribute(tokens, at) {
            attributes.push(attribute);
            at += 2;
            continue;
        }
        for kind in ["fn", "impl", "mod"] {
            // An `impl` in a signature belongs to the function.
            if item.is_none() && is_ident(Some(token), kind) {
                item = Some((kind, tokens.get(at + 1).map(ToString::to_string).unwrap_or_default()));
            }
        }
        let body = inside(token, Delimiter::Brace);
        if let Some(body) = &body {
            match &item {
                Some(("fn", name)) => {
                    let task = language == Language::Node && name == "compute";
                    let boundary: &[&str] = if task { &["caught"] } else { &["guard", "guard_or"] };
                    let export = task || is_export(language, &attributes, methods);
                    let bare = language == Language::Node && !task && !attributes.iter().any(|a| a.contains("catch_unwind"));
                    if export && (bare || !is_guarded(body, boundary)) {
                        found.push(name.clone());
                    }
                }
                Some(("impl", _)) => {
                    unguarded(language, body, attributes.iter().any(|a| a.starts_with("pymethods")), found);
                }
                Some(("mod", _)) if !attributes.iter().any(|a| a == "cfg(test)") => unguarded(language, body, false, found),
                _ => {}
            }
        }
        if body.is_some() || is_punct(Some(token), ';') {
            attributes.clear();
            item = None;
        }
        at += 1;
    }
}

fn scan(language: Language, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    unguarded(language, &tokens(source), false, &mut found);
    found
}

#[test]
fn every_export_passes_the_boundary() {
    let bindings =
        [(Language::Python, "bindings-python/src"), (Language::Node, "bindings-node/src"), (Language::C, "bindings-c/src")];
    for (language, folder) in bindings {
        for (path, source) in sources(folder) {
            let found = scan(language, &source);
            assert!(found.is_empty(), "{folder}/{path}: not wholly inside the panic boundary: {}", found.join(", "));
        }
    }
}

#[test]
fn planted_exports_are_found() {
    let clean: [&str; 0] = [];
    let python = "#[pyfunction] #[pyo3(signature = (x))] fn good(x: impl Into<f64>) -> R { guard(|| Ok(x)) } fn inner() { f() }
        #[pyfunction] fn bare() -> R { Ok(1) }
        #[pymethods] impl S { #[new] fn late() -> R { let x = f(); guard(|| x) } fn fine(&self) -> R { guard(|| f()) } }
        impl S { fn private() {} } mod m { #[pyfunction] fn nested() {} }";
    assert_eq!(scan(Language::Python, python), ["bare", "late", "nested"]);

    let node = "#[napi(catch_unwind)] pub fn good(env: Env) -> R { guard(env, || f()) }
        #[napi] pub fn uncaught(env: Env) -> R { guard(env, || f()) }
        #[napi] impl S { #[napi(constructor, catch_unwind)] pub fn bare() -> R { f() } fn private() {} }
        impl Task for T { fn compute(&mut self) -> R { f() } fn resolve(&mut self) {} }
        impl Task for U { fn compute(&mut self) -> R { caught(|| f()) } }
        #[napi(object)] pub struct O { pub a: f64 }";
    assert_eq!(scan(Language::Node, node), ["uncaught", "bare", "compute"]);

    let c = "#[unsafe(no_mangle)] pub extern \"C\" fn good() -> i32 { guard_or(0, || 1) }
        #[unsafe(no_mangle)] pub unsafe extern \"C\" fn also(e: E) -> u32 { unsafe { guard(e, || f()) } }
        #[unsafe(no_mangle)] pub extern \"C\" fn bare() -> i32 { 1 }
        #[unsafe(export_name = \"x\")] pub extern \"C\" fn after() -> i32 { guard_or(0, || 1) + f() }
        #[cfg(test)] mod tests { #[unsafe(no_mangle)] fn harmless() {} }";
    assert_eq!(scan(Language::C, c), ["bare", "after"]);
    assert_eq!(scan(Language::C, "pub fn f() { 1 }"), clean);
}

#[test]
fn a_panic_becomes_an_internal_error_without_its_text() {
    let caught: [Result<(), scoreline::Error>; 2] = [python::guard(|| panic!("4711")), node::caught(|| panic!("4711"))];
    for error in caught {
        let error = error.unwrap_err();
        assert_eq!(error.code(), scoreline::ErrorCode::Internal);
        assert!(!error.to_string().contains("4711"));
    }
    assert_eq!(python::guard(|| Ok::<_, scoreline::Error>(1)), Ok(1));
    assert_eq!(node::caught(|| Ok::<_, scoreline::Error>(1)), Ok(1));
}
