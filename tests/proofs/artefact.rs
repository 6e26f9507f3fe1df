//! The file: what is loaded is what was saved, and whatever is not ours, damaged or edited is refused with
//! a reason.

use proptest::prelude::*;
use scoreline::{Artefact, Error, ErrorCode};
use scoreline_tests::random::Random;
use scoreline_tests::{GERMAN, SYNTHETIC, text};
use serde_json::{Value as Json, json};

use crate::canonical::{self, sealed};

fn file() -> Json {
    serde_json::from_str(&text(SYNTHETIC.artefact)).unwrap()
}

fn refused(text: &str) -> Error {
    let error = Artefact::from_json(text).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Artefact, "{error}");
    error
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn what_is_loaded_is_what_was_saved() {
    for model in [GERMAN, SYNTHETIC] {
        let artefact = model.load();
        let path = folder("identity").join("model.json");
        artefact.save(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), artefact.to_json().unwrap());
        assert_eq!(Artefact::load(&path).unwrap(), artefact);
        assert_eq!(Artefact::new(artefact.pipeline()).unwrap(), artefact);
    }
}

#[test]
fn what_is_not_ours_is_refused() {
    for text in
        ["", "null", "[]", "{}", "true", "{\"format\": \"pmml\"}", "{\"format\": 1, \"version\": 1}", "<xml/>", "\u{feff}{}"]
    {
        refused(text);
    }
    for version in [json!(0), json!(-1), json!(1.5), json!("1"), json!(null)] {
        let mut file = file();
        file["version"] = version;
        assert_eq!(refused(&file.to_string()).problems()[0].field.as_deref(), Some("version"));
    }
}

#[test]
fn a_newer_version_names_the_release_that_reads_it() {
    let mut file = file();
    file["version"] = json!(2);
    file["release"] = json!("3.1.0");
    file["something_new"] = json!({"type": "unknown"});
    let error = refused(&sealed(file));
    assert_eq!(error.problems()[0].field.as_deref(), Some("version"));
    assert!(error.to_string().contains("use release 3.1.0 or later"), "{error}");
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let text = text(SYNTHETIC.artefact);
    let ends = (0..text.len() - 2).step_by(1_000).chain([text.len() - 3, text.len() - 2]);
    for end in ends.filter(|end| text.is_char_boundary(*end)) {
        refused(&text[..end]);
    }
}

#[test]
fn one_edited_number_breaks_the_hash() {
    for (pointer, value) in [
        ("/pipeline/model/intercept/value", json!(-1.0)),
        ("/pipeline/scorecard/variables/0/points/0", json!(100.0)),
        ("/pipeline/pricing/caps/0/rate", json!(0.35)),
        ("/pipeline/name", json!("Another")),
        ("/checks/3/answer/score", json!(500.0)),
        ("/release", json!("9.9.9")),
    ] {
        let mut file = file();
        *file.pointer_mut(pointer).unwrap() = value;
        let error = refused(&file.to_string());
        assert_eq!(error.problems()[0].field.as_deref(), Some("hash"), "{pointer}");
        assert!(error.to_string().contains("re-seal"), "{error}");
    }
}

/// White space, order of members and spelling of numbers are not content.
#[test]
fn another_spelling_of_the_same_content_is_the_same_file() {
    let artefact = SYNTHETIC.load();
    let compact = file().to_string();
    assert_eq!(Artefact::from_json(&compact).unwrap(), artefact);
    assert_eq!(Artefact::from_json(&compact.replace("0.0,", "0e0,")).unwrap(), artefact);
}

#[test]
fn a_known_answer_that_is_not_reproduced_is_refused() {
    let mut file = file();
    let score = file["checks"][5]["answer"]["score"].as_f64().unwrap();
    file["checks"][5]["answer"]["score"] = json!(score.next_up());
    let error = refused(&sealed(file));
    assert!(error.to_string().contains("known answer 5") && error.to_string().contains("score: "), "{error}");
}

#[test]
fn members_that_nobody_knows_are_refused() {
    for pointer in [
        "",
        "/pipeline",
        "/pipeline/schema",
        "/pipeline/schema/fields/0",
        "/pipeline/bins/0",
        "/pipeline/bins/0/split",
        "/pipeline/model",
        "/pipeline/scorecard/scaling",
        "/pipeline/tier",
        "/pipeline/tier/strong/0/effect",
        "/pipeline/limit/candidates/0/rule",
        "/pipeline/limit/candidates/3/rule",
        "/pipeline/pricing",
        "/pipeline/pricing/capital",
        "/pipeline/decision",
        "/checks/0",
        "/checks/0/answer",
    ] {
        let mut file = file();
        file.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert("colour".into(), json!("blue"));
        let error = refused(&sealed(file));
        assert!(error.to_string().contains("colour"), "{pointer}: {error}");
    }
}

#[test]
fn numbers_that_json_does_not_have_are_refused() {
    let text = text(SYNTHETIC.artefact);
    let at = text.find("\"intercept\"").unwrap();
    let number = at + text[at..].find("\"value\": ").unwrap() + 9;
    let end = number + text[number..].find(',').unwrap();
    for other in ["NaN", "Infinity", "-inf", "1e999", "0x10", "01", "1.", "null"] {
        refused(&format!("{}{other}{}", &text[..number], &text[end..]));
    }
}

#[test]
fn hostile_shapes_are_refused_quickly() {
    for open in ["[", "{\"a\":", "{\"format\":\"scoreline\",\"version\":1,\"pipeline\":["] {
        refused(&open.repeat(1_000_000 / open.len()));
    }
    refused(&"[".repeat(100_000_000));
    refused(&format!(
        "{{\"format\": \"scoreline\", \"version\": 1, \"pipeline\": {}{}}}",
        "[".repeat(30_000),
        "]".repeat(30_000)
    ));
    refused(&format!("\"{}\"", "x".repeat(1_000_000)));
}

#[test]
fn files_that_cannot_be_read_say_so_and_name_the_file() {
    let folder = folder("unreadable");
    let missing = Artefact::load(folder.join("none.json")).unwrap_err();
    assert_eq!(missing.code(), ErrorCode::Io);
    assert!(missing.to_string().contains("none.json"));
    assert_eq!(Artefact::load(&folder).unwrap_err().code(), ErrorCode::Io, "a folder");
    assert_eq!(SYNTHETIC.load().save(folder.join("no/such/folder/model.json")).unwrap_err().code(), ErrorCode::Io);
    std::fs::write(folder.join("latin1.json"), b"{\"format\": \"scoreline\", \"name\": \"K\xfcnstler\"}").unwrap();
    let latin = Artefact::load(folder.join("latin1.json")).unwrap_err();
    assert!(latin.code() == ErrorCode::Artefact && latin.to_string().contains("UTF-8"), "{latin}");
    let huge = std::fs::File::create(folder.join("huge.json")).unwrap();
    huge.set_len(100 << 30).unwrap();
    let huge = Artefact::load(folder.join("huge.json")).unwrap_err();
    assert!(huge.code() == ErrorCode::Artefact && huge.to_string().contains("64 MiB"), "{huge}");
}

#[test]
fn an_edit_on_purpose_is_resealed_and_told() {
    let before = SYNTHETIC.load();
    let (same, changes) = Artefact::reseal(&text(SYNTHETIC.artefact)).unwrap();
    assert!(same == before && changes.is_empty());

    let mut file = file();
    let points = file["pipeline"]["scorecard"]["variables"][0]["points"][0].as_f64().unwrap();
    file["pipeline"]["scorecard"]["variables"][0]["points"][0] = json!(points + 50.0);
    refused(&file.to_string());
    let (after, changes) = Artefact::reseal(&file.to_string()).unwrap();
    assert!(!changes.is_empty() && changes.len() < before.checks().len());
    for change in &changes {
        assert_ne!(before.checks()[change.check].answer, after.checks()[change.check].answer);
    }
    // More points in the best bin also change what the other bins lose.
    assert!(
        changes.iter().any(|change| change.what.starts_with("score: "))
            && changes.iter().all(|change| change.what.contains(" → "))
    );
    let unchanged = (0..before.checks().len()).filter(|check| !changes.iter().any(|change| change.check == *check));
    unchanged.for_each(|check| assert_eq!(before.checks()[check], after.checks()[check]));
    assert_ne!(after.hash(), before.hash());
    assert_eq!(after.hash(), canonical::hash(&after.to_json().unwrap()));
    assert_eq!(Artefact::from_json(&after.to_json().unwrap()).unwrap(), after);
}

#[test]
fn a_moved_cut_is_resealed_with_new_known_answers() {
    let mut file = file();
    let bins = file["pipeline"]["bins"].as_array_mut().unwrap().iter_mut().find(|bins| bins["feature"] == "utilisation").unwrap();
    bins["split"]["cuts"][0] = json!(0.25);
    let (after, changes) = Artefact::reseal(&file.to_string()).unwrap();
    assert!(changes.len() == 1 && changes[0].what.contains("borders"), "{changes:?}");
    assert!(Artefact::from_json(&after.to_json().unwrap()).is_ok());
    file["pipeline"]["bins"].as_array_mut().unwrap().iter_mut().find(|bins| bins["feature"] == "utilisation").unwrap()["split"]
        ["cuts"][0] = json!(7);
    let error = Artefact::reseal(&file.to_string()).unwrap_err();
    assert!(error.code() == ErrorCode::InvalidConfig && error.to_string().contains("utilisation"), "{error}");
}

/// A flip may hit white space; then the content is what it was.
#[test]
fn random_byte_flips_never_load_as_something_else() {
    let artefact = GERMAN.load();
    let text = text(GERMAN.artefact).into_bytes();
    let mut random = Random::new(99);
    let mut loaded = 0;
    for _ in 0..400 {
        let mut flipped = text.clone();
        let at = random.below(flipped.len() as u64) as usize;
        flipped[at] ^= 1 + random.below(255) as u8;
        let Ok(flipped) = String::from_utf8(flipped) else { continue };
        match Artefact::from_json(&flipped) {
            Ok(found) => {
                assert_eq!(found, artefact);
                loaded += 1;
            }
            Err(error) => assert_eq!(error.code(), ErrorCode::Artefact, "{error}"),
        }
    }
    assert!(loaded < 40, "{loaded} of 400 flips were not noticed");
}

proptest! {
    #[test]
    fn every_double_survives_the_file(bits in prop::collection::vec(any::<u64>(), 64)) {
        let numbers: Vec<f64> = bits.into_iter().map(f64::from_bits).filter(|x| x.is_finite()).collect();
        let mut pipeline = SYNTHETIC.load().pipeline().clone();
        pipeline.training.development.rows = numbers[0];
        pipeline.tiers[0].rows = numbers[1];
        pipeline.bins[0].bins[0].events = numbers[2];
        let read: Vec<f64> = serde_json::from_str(&serde_json::to_string(&numbers).unwrap()).unwrap();
        prop_assert!(read.iter().zip(&numbers).all(|(a, b)| a.to_bits() == b.to_bits()));
        let text = serde_json::to_string(&pipeline).unwrap();
        let again: scoreline::Pipeline = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), text);
        prop_assert_eq!(again.training.development.rows.to_bits(), numbers[0].to_bits());
    }
}
