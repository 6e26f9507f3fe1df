use super::*;
use crate::binning::{
    BinningConfig, FeatureBins, ObservedCounts, ObservedValues, Placement, Split, Trend, information_value, woe,
};
use crate::data::WEIGHT_ONE;
use crate::error::ErrorCode;
use crate::stats::{Counts, LevelCounts, ValueCounts};
use proptest::prelude::*;

fn one(non_events: u64, events: u64) -> Counts {
    Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE }
}

/// Values 0, 1, 2, … with the given (non-events, events).
fn numbers(cells: &[(u64, u64)]) -> ObservedCounts {
    let mut counts = ValueCounts::new(4096);
    for (k, &(good, bad)) in cells.iter().enumerate() {
        counts.observe(&[k as f64; 2], &[false, true], &[good * WEIGHT_ONE, bad * WEIGHT_ONE]);
    }
    ObservedCounts { values: ObservedValues::Number { counts }, special: Vec::new(), missing: one(20, 5) }
}

/// UCI Statlog German credit, purpose: goods and bads by level.
fn purposes() -> ObservedCounts {
    let mut counts = LevelCounts::default();
    for (level, good, bad) in [
        ("A40", 145, 89),
        ("A41", 86, 17),
        ("A410", 7, 5),
        ("A42", 123, 58),
        ("A43", 218, 62),
        ("A44", 8, 4),
        ("A45", 14, 8),
        ("A46", 28, 22),
        ("A48", 8, 1),
        ("A49", 63, 34),
    ] {
        counts.observe(level, false, good * WEIGHT_ONE).unwrap();
        counts.observe(level, true, bad * WEIGHT_ONE).unwrap();
    }
    ObservedCounts { values: ObservedValues::Category { counts }, special: Vec::new(), missing: Counts::default() }
}

fn editor(observed: ObservedCounts, config: BinningConfig) -> Editor {
    let bins = observed.bin("x", &config).unwrap();
    Editor::new(observed, bins, config).unwrap()
}

fn rising() -> Editor {
    let cells: Vec<(u64, u64)> = (0..40).map(|k| (100 - 2 * k, 4 + 2 * k)).collect();
    editor(numbers(&cells), BinningConfig::default())
}

fn ask(edit: BinEdit) -> EditRequest {
    let at = Some(Date::from_days(20_000));
    EditRequest { edit, author: "M. Rossi".to_owned(), reason: "policy".to_owned(), at, override_trend: false }
}

fn cuts(bins: &FeatureBins) -> Vec<f64> {
    let Split::Numeric { cuts } = &bins.split else { panic!("numbers") };
    cuts.clone()
}

fn groups(bins: &FeatureBins) -> Vec<String> {
    (0..bins.ordinary()).map(|bin| bins.split.label(bin)).collect()
}

/// The figures of every bin, counted again from the cells by the definitions.
fn recount(cells: &[(u64, u64)], bins: &FeatureBins) {
    let all = cells.iter().fold(one(20, 5), |mut all, &(good, bad)| {
        all.add(one(good, bad));
        all
    });
    let cuts = cuts(bins);
    let mut value = information_value(one(20, 5), all, 0.5).unwrap();
    for k in 0..=cuts.len() {
        let inside = (0..cells.len()).filter(|&x| cuts.iter().filter(|cut| x as f64 >= **cut).count() == k);
        let counts = inside.fold(Counts::default(), |mut sum, x| {
            sum.add(one(cells[x].0, cells[x].1));
            sum
        });
        assert_eq!(bins.bins[k].events, (counts.events / WEIGHT_ONE) as f64);
        assert_eq!(bins.bins[k].non_events, (counts.non_events / WEIGHT_ONE) as f64);
        assert_eq!(bins.bins[k].woe, woe(counts, all, 0.5).unwrap());
        value += information_value(counts, all, 0.5).unwrap();
    }
    assert!((bins.iv - value).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn any_edits_count_right_and_undo_to_where_they_came_from(
        cells in prop::collection::vec((1..60u64, 1..60u64), 4..25),
        edits in prop::collection::vec((0..3u8, 0..8usize, 0..50u32), 1..8),
    ) {
        let mut editor = editor(numbers(&cells), BinningConfig::default());
        let mut states = vec![editor.bins().clone()];
        for (kind, place, at) in edits {
            let at = f64::from(at) / 2.0;
            let edit = match kind {
                0 => BinEdit::Merge { from: place, to: place + 1 },
                1 => BinEdit::Split { at },
                _ => BinEdit::MoveCut { cut: place, to: at },
            };
            let before = editor.bins().clone();
            match editor.apply(EditRequest { override_trend: true, ..ask(edit) }) {
                Ok(after) => {
                    recount(&cells, after);
                    let last = after.edits.last().unwrap();
                    prop_assert_eq!((last.iv_before, last.iv_after), (before.iv, after.iv));
                    prop_assert!(!after.certificate.optimal && after.certificate.bound >= after.certificate.objective);
                    prop_assert!(after.validate(0).is_ok());
                    states.push(after.clone());
                }
                Err(error) => {
                    prop_assert_eq!(error.code(), ErrorCode::InvalidConfig);
                    prop_assert_eq!(editor.bins(), &before);
                }
            }
        }
        let last = states.len() - 1;
        while let Some(state) = states.pop() {
            prop_assert_eq!(editor.bins(), &state);
            prop_assert_eq!(editor.undo().is_some(), !states.is_empty());
        }
        prop_assert_eq!((0..=last).filter(|_| editor.redo()).count(), last);
    }
}

#[test]
fn an_edit_against_the_trend_names_the_bins_and_needs_a_word() {
    let mut editor = rising();
    // With rates that rise cell by cell, only a weight of evidence set by hand can go against them.
    let edit = BinEdit::SetWoe { bin: 0, woe: editor.bins().bins[1].woe - 0.5 };
    let before = editor.bins().clone();
    assert_eq!(editor.preview(&edit).unwrap().broken, Some(0));
    let error = editor.apply(ask(edit.clone())).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    let text = error.to_string();
    assert!(
        text.contains("increasing") && text.contains(&before.bins[0].label) && text.contains(&before.bins[1].label),
        "{text}"
    );
    assert_eq!(editor.bins(), &before);
    editor.apply(EditRequest { override_trend: true, ..ask(edit) }).unwrap();
    assert!(editor.bins().edits[0].request.override_trend);
    // What was overridden once need not be overridden again.
    editor.apply(ask(BinEdit::Merge { from: 3, to: 4 })).unwrap();
    assert_eq!(editor.bins().edits.len(), 2);
}

#[test]
fn a_split_against_the_trend_is_refused_with_counts_of_the_rows() {
    let config = BinningConfig { trend: Trend::Increasing, ..BinningConfig::default() };
    let mut editor = editor(numbers(&[(90, 10), (50, 50), (70, 30), (40, 60), (10, 90)]), config);
    assert_eq!(cuts(editor.bins()), [1.0, 3.0, 4.0]);
    let error = editor.apply(ask(BinEdit::Split { at: 2.0 })).unwrap_err();
    assert!(error.to_string().contains("from bin 1 [1, 2) to bin 2 [2, 3)"), "{error}");
}

#[test]
fn a_peak_may_not_turn_twice() {
    let config = BinningConfig { trend: Trend::Peak, ..BinningConfig::default() };
    let mut editor = editor(numbers(&[(90, 10), (60, 40), (80, 20), (75, 25), (95, 5)]), config);
    assert_eq!(cuts(editor.bins()), [1.0, 2.0, 4.0]);
    assert!(editor.apply(ask(BinEdit::Split { at: 3.0 })).unwrap_err().to_string().contains("(peak)"));
    editor.apply(ask(BinEdit::Merge { from: 2, to: 3 })).unwrap();
}

#[test]
fn missing_values_placed_by_rule_follow_the_bins() {
    let config = BinningConfig { missing: Placement::Riskiest, ..BinningConfig::default() };
    let mut editor = editor(numbers(&[(90, 10), (70, 30), (40, 60), (10, 90)]), config);
    assert_eq!(editor.bins().bins[4].woe, editor.bins().bins[3].woe);
    editor.apply(ask(BinEdit::Merge { from: 2, to: 3 })).unwrap();
    assert_eq!(editor.bins().bins[3].woe, editor.bins().bins[2].woe);
}

#[test]
fn weights_of_evidence_set_by_hand_survive_other_edits() {
    let mut editor = rising();
    let missing = usize::from(editor.bins().missing());
    let iv = editor.bins().iv;
    editor.apply(ask(BinEdit::SetWoe { bin: missing, woe: -0.25 })).unwrap();
    assert_eq!(editor.bins().iv, iv);
    let set = editor.bins().bins[0].woe + 0.125;
    editor.apply(ask(BinEdit::SetWoe { bin: 0, woe: set })).unwrap();
    let last = editor.bins().ordinary() - 1;
    editor.apply(ask(BinEdit::Merge { from: last - 1, to: last })).unwrap();
    let bins = editor.finish();
    assert_eq!((bins.bins[0].woe, bins.bins.last().unwrap().woe), (set, -0.25));
    let text = serde_json::to_string(&bins).unwrap();
    assert!(text.contains(r#""author":"M. Rossi","reason":"policy","at":"2024-10-04""#), "{text}");
    assert_eq!(serde_json::from_str::<FeatureBins>(&text).unwrap(), bins);
}

#[test]
fn levels_move_between_groups_and_into_new_ones() {
    let mut editor = editor(purposes(), BinningConfig { max_bins: 3, min_level_share: 0.05, ..BinningConfig::default() });
    let (rest, high) = ("{A410, A42, A44, A45, A48, A49}", "{A40}");
    let with_unseen = "{A410, A42, A44, A45, A48, A49, other}";
    assert_eq!(groups(editor.bins()), ["{A41, A43}", with_unseen, "{A40, A46}"]);
    let levels = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    // A purpose of its own, and one that was never seen.
    editor.apply(ask(BinEdit::MoveLevels { levels: levels(&["A46", "A47"]), to: None })).unwrap();
    assert_eq!(groups(editor.bins()), ["{A41, A43}", with_unseen, high, "{A46, A47}"]);
    // scorecard.json, german_purpose: A46 with half a row added to both classes.
    assert!((editor.bins().bins[3].woe - -0.610_909_082_322_973_3).abs() < 1e-12);
    editor.apply(ask(BinEdit::MoveLevels { levels: levels(&["A43"]), to: None })).unwrap();
    editor.apply(ask(BinEdit::PlaceUnseen { to: 0 })).unwrap();
    assert_eq!(groups(editor.bins()), ["{A41, other}", "{A43}", rest, high, "{A46, A47}"]);
    editor.apply(ask(BinEdit::MoveLevels { levels: levels(&["A41"]), to: Some(1) })).unwrap();
    assert_eq!(groups(editor.bins()), ["{A41, A43, other}", rest, high, "{A46, A47}"]);
    editor.apply(ask(BinEdit::Merge { from: 1, to: 2 })).unwrap();
    assert_eq!((editor.bins().ordinary(), editor.bins().bins[0].events), (3, 79.0));
    editor.undo();
    editor.undo();
    assert_eq!(groups(editor.bins())[1], "{A43}");
    assert_eq!(editor.bins().edits.len(), 3);
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let mut editor = rising();
    let before = editor.bins().clone();
    let cut = cuts(&before)[0];
    let label = vec!["a".to_owned()];
    for edit in [
        BinEdit::Merge { from: 1, to: 1 },
        BinEdit::Merge { from: 0, to: before.ordinary() },
        BinEdit::Split { at: cut },
        BinEdit::Split { at: f64::NAN },
        BinEdit::Split { at: -1.0 },
        BinEdit::MoveCut { cut: 9, to: 1.0 },
        BinEdit::MoveCut { cut: 0, to: cuts(&before)[1] },
        BinEdit::MoveCut { cut: 0, to: cut },
        BinEdit::MoveLevels { levels: label.clone(), to: None },
        BinEdit::MoveLevels { levels: Vec::new(), to: None },
        BinEdit::PlaceUnseen { to: 0 },
        BinEdit::SetWoe { bin: 99, woe: 0.0 },
        BinEdit::SetWoe { bin: 0, woe: f64::INFINITY },
        BinEdit::Readable { max_iv_loss: 1.0 },
    ] {
        assert_eq!(editor.apply(ask(edit.clone())).unwrap_err().code(), ErrorCode::InvalidConfig, "{edit:?}");
    }
    let unsigned = EditRequest { author: " ".to_owned(), reason: String::new(), ..ask(BinEdit::Merge { from: 0, to: 1 }) };
    assert_eq!(editor.apply(unsigned).unwrap_err().problems().len(), 2);
    assert_eq!(editor.bins(), &before);
    let mut levels = self::editor(purposes(), BinningConfig::default());
    for edit in [
        BinEdit::Split { at: 1.0 },
        BinEdit::PlaceUnseen { to: 99 },
        BinEdit::MoveLevels { levels: label.clone(), to: Some(99) },
        BinEdit::MoveLevels { levels: label, to: None },
        BinEdit::Readable { max_iv_loss: 0.1 },
    ] {
        assert_eq!(levels.apply(ask(edit.clone())).unwrap_err().code(), ErrorCode::InvalidConfig, "{edit:?}");
    }
}

#[test]
fn bins_of_other_rows_cannot_be_edited() {
    let bins = rising().finish();
    let refused = |observed| Editor::new(observed, bins.clone(), BinningConfig::default()).unwrap_err().code();
    assert_eq!(refused(numbers(&[(10, 5), (20, 1)])), ErrorCode::Incompatible);
    assert_eq!(refused(purposes()), ErrorCode::InvalidData);
}

#[test]
fn without_smoothing_a_bin_of_one_class_cannot_be_made() {
    let config = BinningConfig { smoothing: 0.0, min_events: 1.0, ..BinningConfig::default() };
    let mut editor = editor(numbers(&[(50, 0), (50, 10), (40, 20), (10, 50)]), config);
    let request = EditRequest { override_trend: true, ..ask(BinEdit::Split { at: 1.0 }) };
    assert_eq!(editor.apply(request).unwrap_err().code(), ErrorCode::InsufficientData);
}
