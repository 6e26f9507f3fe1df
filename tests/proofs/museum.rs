//! The museum: every file that was ever released loads and gives the same bits.

use scoreline::{Artefact, Threads};
use scoreline_tests::{EventVectors, Expected, ReviewVectors, Vectors, as_line, as_review, path};

use crate::canonical;

/// Every artefact of the museum with its text.
pub(crate) fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for version in
        std::fs::read_dir(path("tests/artefacts")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in std::fs::read_dir(version).unwrap().map(|entry| entry.unwrap().path()) {
            files.push((file.display().to_string(), std::fs::read_to_string(&file).unwrap()));
        }
    }
    files.sort();
    files
}

#[test]
fn every_file_loads_and_reproduces_its_known_answers() {
    let files = files();
    assert!(files.len() >= 4);
    for (name, text) in files {
        let artefact = Artefact::load(&name).unwrap_or_else(|e| panic!("{name}: {e}"));
        // Loading decides every known answer; a file without any would prove nothing.
        assert!(artefact.checks().len() >= 60, "{name}");
        assert_eq!(artefact.hash(), canonical::hash(&text), "{name}");
    }
}

#[test]
fn a_file_of_this_version_is_written_as_it_was_read() {
    for (name, text) in files().iter().filter(|(name, _)| name.contains("v1")) {
        let artefact = Artefact::from_json(text).unwrap();
        assert!(artefact.to_json().unwrap() == *text, "{name}");
        assert_eq!(Artefact::new(artefact.pipeline()).unwrap(), artefact, "{name}");
    }
}

#[test]
fn every_file_gives_the_lines_of_the_conformance_vectors() {
    let mut used = Vec::new();
    for name in ["decide", "synthetic", "synthetic_2018", "segmented", "blended", "corporate"] {
        let vectors = Vectors::read(name);
        let scorer = Artefact::load(path(&vectors.artefact)).unwrap().scorer().unwrap();
        for case in &vectors.cases {
            if let Expected::Line(line) = &case.expected {
                assert_eq!(as_line(&scorer, &case.record, vectors.day()).unwrap(), *line, "{name}: {}", case.name);
            }
        }
        used.push(path(&vectors.artefact).canonicalize().unwrap());
    }
    let events = EventVectors::read("current_accounts");
    let scorer = events.scorer();
    for case in &events.cases {
        let values = case.of_list(scorer.windows().unwrap(), None).unwrap();
        assert_eq!(case.decided(&scorer, &values), case.line, "{}", case.name);
    }
    used.push(path(&events.artefact).canonicalize().unwrap());
    let reviews = ReviewVectors::read("nightly");
    let scorer = Artefact::load(path(&reviews.artefact)).unwrap().scorer().unwrap();
    for case in &reviews.cases {
        if let Expected::Line(line) = &case.expected {
            assert_eq!(as_review(&scorer, &case.record, case.standing(), case.day()).unwrap(), *line, "{}", case.name);
        }
    }
    used.push(path(&reviews.artefact).canonicalize().unwrap());
    for (name, _) in files() {
        assert!(used.contains(&std::path::Path::new(&name).canonicalize().unwrap()), "no vectors run {name}");
    }
}

#[test]
fn a_scorer_can_be_shared_between_threads() {
    let scorer = Artefact::from_json(&files()[0].1).unwrap().scorer().unwrap();
    let day = crate::records::today();
    let expected = scorer.answer(&scorer.decide(&scorer.record(), day).unwrap()).canonical();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(scorer.answer(&scorer.decide(&scorer.record(), day).unwrap()).canonical(), expected));
        }
    });
    assert_eq!(Threads::from_count(1), Threads::One);
}
