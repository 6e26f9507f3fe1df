//! Records of every sort: ordinary, on borders, coded, missing, unseen and extreme.

use proptest::prelude::*;
use scoreline::binning::Split;
use scoreline::{Code, Date, Field, Kind, Pipeline, Scorer};
use scoreline_tests::{Cell, Model, Record};

/// A model of the museum, loaded.
pub(crate) struct Loaded {
    pub(crate) pipeline: Pipeline,
    pub(crate) scorer: Scorer,
}

/// Loads a model.
pub(crate) fn loaded(model: Model) -> Loaded {
    let artefact = model.load();
    Loaded { scorer: artefact.scorer().unwrap(), pipeline: artefact.pipeline().clone() }
}

/// The day that every test decides on.
pub(crate) fn today() -> Option<Date> {
    Some(Date::parse("2026-11-21").unwrap())
}

/// Any record of values that the fields allow.
pub(crate) fn record(pipeline: &Pipeline) -> impl Strategy<Value = Record> + use<> {
    let names: Vec<String> = pipeline.schema.fields.iter().map(|field| field.name.clone()).collect();
    let cells: Vec<BoxedStrategy<Cell>> = pipeline.schema.fields.iter().map(|field| cell(pipeline, field)).collect();
    cells.prop_map(move |cells| names.iter().cloned().zip(cells).collect())
}

/// Any cell that the field allows.
pub(crate) fn cell(pipeline: &Pipeline, field: &Field) -> BoxedStrategy<Cell> {
    let codes: Vec<Cell> = field
        .missing
        .iter()
        .chain(field.special.iter().map(|special| &special.code))
        .map(|code| match code {
            Code::Number(x) => Cell::Number(*x),
            Code::Text(text) => Cell::text(text),
        })
        .chain([Cell::Missing])
        .collect();
    let split = pipeline.bins.iter().find(|bins| bins.feature == field.name).map(|bins| &bins.split);
    let cuts = if let Some(Split::Numeric { cuts }) = split { cuts.clone() } else { vec![0.0] };
    let ordinary = match field.kind {
        Kind::Number => {
            let borders: Vec<f64> = cuts.iter().flat_map(|cut| [*cut, cut.next_down(), cut.next_up()]).collect();
            prop_oneof![
                4 => prop::sample::select(borders),
                4 => (0u32..5_000_000).prop_map(|x| f64::from(x) / 100.0),
                4 => (0u32..100).prop_map(f64::from),
                2 => any::<f64>().prop_filter("finite", |x| x.is_finite()),
                1 => prop::sample::select(vec![-0.0, 5e-324, f64::MAX, f64::MIN, f64::NAN, 1e15, -1.0]),
            ]
            .prop_map(Cell::Bits)
            .boxed()
        }
        Kind::Category => {
            let levels: Vec<String> = match split {
                Some(Split::Category { groups, .. }) => groups.iter().flatten().cloned().collect(),
                _ => (0..5).map(|level| level.to_string()).collect(),
            };
            prop_oneof![8 => prop::sample::select(levels), 1 => ".{0,6}"].prop_map(Cell::Text).boxed()
        }
        Kind::Date => {
            let near: Vec<i32> = cuts.iter().flat_map(|cut| [*cut as i32, *cut as i32 - 1]).collect();
            prop_oneof![2 => prop::sample::select(near), 4 => 8_000..20_000i32, 1 => -700_000..2_900_000i32].prop_map(|days| Cell::Text(Date::from_days(days).to_string())).boxed()
        }
        Kind::Flag => any::<bool>().prop_map(Cell::Flag).boxed(),
    };
    prop_oneof![6 => ordinary, 1 => prop::sample::select(codes)].boxed()
}
