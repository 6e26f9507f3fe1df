//! Writes the museum's artefacts and the conformance vectors.
//!
//! ```text
//! generate artefacts    fits the models anew and writes tests/artefacts/v1/*.json
//! generate vectors      decides the cases with those files and writes tests/conformance/**/*.json and *.tsv
//!                       answers the inputs of tests/conformance/calculations.tsv, and writes CALCULATIONS.md from it
//! ```
//! The files of a release are never written again; see `tests/artefacts/README.md`.
#![allow(clippy::unwrap_used)]

mod calculations;
mod cases;
mod events;
mod reviews;

use std::fs;

use scoreline::Threads;
use scoreline_tests::{MODELS, NIGHTLY, Vectors, path};

fn artefacts() {
    for model in MODELS {
        println!("{}", model.artefact);
        model.fit(Threads::All).unwrap().save(path(model.artefact)).unwrap();
    }
}

fn vectors() {
    for (name, model, as_of) in cases::FILES {
        let scorer = model.load().scorer().unwrap();
        let vectors: Vectors = cases::vectors(name, &model, as_of);
        fs::write(path(&format!("tests/conformance/{name}.json")), vectors.to_json()).unwrap();
        fs::write(path(&format!("tests/conformance/{name}.tsv")), vectors.to_tsv(scorer.schema())).unwrap();
        println!("{name}: {} cases", vectors.cases.len());
    }
}

fn events() {
    let vectors = events::vectors();
    fs::create_dir_all(path("tests/conformance/events")).unwrap();
    for (extension, text) in [("json", vectors.to_json()), ("tsv", vectors.to_tsv())] {
        fs::write(path(&format!("tests/conformance/events/{}.{extension}", events::NAME)), text).unwrap();
    }
    println!("events/{}: {} cases", events::NAME, vectors.cases.len());
}

fn reviews() {
    let (vectors, scorer) = (reviews::vectors(), NIGHTLY.load().scorer().unwrap());
    fs::create_dir_all(path("tests/conformance/reviews")).unwrap();
    for (extension, text) in [("json", vectors.to_json()), ("tsv", vectors.to_tsv(scorer.schema()))] {
        fs::write(path(&format!("tests/conformance/reviews/{}.{extension}", reviews::NAME)), text).unwrap();
    }
    println!("reviews/{}: {} cases", reviews::NAME, vectors.cases.len());
}

fn calculations() {
    let cases = calculations::answered();
    fs::write(path(calculations::VECTORS), calculations::to_tsv(&cases)).unwrap();
    fs::write(path(calculations::DOCUMENT), calculations::document(&cases)).unwrap();
    println!("calculations: {} cases", cases.len());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("artefacts") => artefacts(),
        Some("vectors") => {
            vectors();
            events();
            reviews();
            calculations();
        }
        _ => println!("usage: generate artefacts | generate vectors"),
    }
}
