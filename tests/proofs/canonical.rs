//! RFC 8785 and the hash of an artefact once more, written from the RFC and not from the core.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The hash of a file's text: SHA-256, in hex, over the canonical text of everything but `hash`.
pub(crate) fn hash(text: &str) -> String {
    of(&serde_json::from_str(text).unwrap())
}

/// The hash that belongs to a file.
pub(crate) fn of(file: &Json) -> String {
    let mut rest = file.clone();
    rest.as_object_mut().unwrap().remove("hash");
    let mut text = String::new();
    write(&rest, &mut text);
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text of a file with the hash that belongs to it.
pub(crate) fn sealed(mut file: Json) -> String {
    file["hash"] = Json::String(of(&file));
    file.to_string()
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null | Json::Bool(_) => out.push_str(&json.to_string()),
        Json::Number(x) => out.push_str(&number(x.as_f64().unwrap())),
        Json::String(text) => string(text, out),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            let mut members: Vec<(&String, &Json)> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
            out.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                string(name, out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

/// Section 3.2.2.2: only what must be escaped is escaped.
fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Number::toString of ECMAScript (ECMA-262, 6.1.6.1.20), which section 3.2.2.3 refers to.
fn number(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let sign = if x < 0.0 { "-" } else { "" };
    let text = format!("{:e}", x.abs());
    let (digits, exponent) = text.split_once('e').unwrap();
    let digits = digits.replace('.', "");
    let (k, n) = (digits.len() as i32, exponent.parse::<i32>().unwrap() + 1);
    let body = if k <= n && n <= 21 {
        format!("{digits}{}", "0".repeat((n - k) as usize))
    } else if 0 < n && n <= 21 {
        format!("{}.{}", &digits[..n as usize], &digits[n as usize..])
    } else if -6 < n && n <= 0 {
        format!("0.{}{digits}", "0".repeat(-n as usize))
    } else {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{}{}", if n > 0 { "+" } else { "-" }, (n - 1).abs())
    };
    format!("{sign}{body}")
}

/// The samples of RFC 8785, appendix B, and its example of section 3.2.4.
#[test]
fn the_rfc_s_own_examples() {
    for (bits, expected) in [
        (0x0000000000000000u64, "0"),
        (0x8000000000000000, "0"),
        (0x0000000000000001, "5e-324"),
        (0x8000000000000001, "-5e-324"),
        (0x7fefffffffffffff, "1.7976931348623157e+308"),
        (0x4340000000000000, "9007199254740992"),
        (0x4430000000000000, "295147905179352830000"),
        (0x44b52d02c7e14af5, "9.999999999999997e+22"),
        (0x44b52d02c7e14af6, "1e+23"),
        (0x444b1ae4d6e2ef4e, "999999999999999700000"),
        (0x444b1ae4d6e2ef50, "1e+21"),
        (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
        (0x3eb0c6f7a0b5ed8d, "0.000001"),
        (0x41b3de4355555553, "333333333.3333332"),
        (0xbecbf647612f3696, "-0.0000033333333333333333"),
    ] {
        assert_eq!(number(f64::from_bits(bits)), expected);
    }
    let example = serde_json::json!({"\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"});
    let mut text = String::new();
    write(&example, &mut text);
    let order = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"].map(|name| text.find(name).unwrap());
    assert!(order.is_sorted());
}
