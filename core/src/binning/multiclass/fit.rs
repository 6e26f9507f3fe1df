//! From counts by class to bins.

use super::super::ordered::{Cells, Counted, Measure, Movement, Optimality, Order, Rules, Tallied, bins, labelled, solve, total};
use super::super::table::{information_value, rows, woe};
use super::bins::{MulticlassBin, MulticlassBins};
use super::config::{ClassTrend, MAX_CLASSES, MulticlassConfig, MulticlassObjective};
use super::curve::{Curve, js};
use super::order::places;
use crate::data::{Column, Field, Value};
use crate::error::{Error, Problem, Result};
use crate::stats::{ClassCounts, Counts, Tally};

/// The bins of the feature called `name` for a target with the given `classes`, 2 to 32 of them; the counts are by index
/// of the class.
///
/// ```
/// use scoreline::binning::multiclass::{bin, MulticlassConfig};
/// use scoreline::binning::{Tallied, Values};
/// use scoreline::stats::{Cell, ClassCounts};
/// let cell = |value: f64, counts: [u64; 3]| Cell { value, counts: counts.into_iter().map(|n| n << 20).collect::<ClassCounts>() };
/// let cells = [cell(1.0, [80, 10, 10]), cell(2.0, [79, 11, 10]), cell(3.0, [30, 60, 10]), cell(4.0, [10, 20, 70])];
/// let observed = Tallied {
///     values: Values::Numeric { cells: &cells, exact: true },
///     special: &[],
///     missing: ClassCounts::default(),
/// };
/// let config = MulticlassConfig { max_bins: 3, ..MulticlassConfig::default() };
/// let bins = bin("utilisation", &["repaid", "cured", "lost"], &observed, &config)?;
/// assert_eq!(bins.bins[0].label, "(-inf, 3)");
/// assert_eq!(bins.bins[2].rates, [0.1, 0.2, 0.7]);
/// assert!(bins.bins[2].woe[2] < 0.0 && bins.certificate.optimal);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the settings are out of range,
/// [`InvalidData`](crate::ErrorCode::InvalidData) when cells are not sorted, levels repeat or a class has no name, and
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when a class does not occur.
pub fn bin(
    name: &str,
    classes: &[&str],
    observed: &Tallied<'_, ClassCounts>,
    config: &MulticlassConfig,
) -> Result<MulticlassBins> {
    config.validate()?;
    fit(name, classes, observed, config).map_err(|error| error.in_field(name))
}

/// Counts `column` against the levels of `target` and bins it; every distinct value is a possible cut. The classes are the
/// levels of `target` in the order of their names.
///
/// `weight` are case weights in units of 2⁻²⁰ ([`crate::data::WEIGHT_ONE`] is 1); absent, every row weighs 1.
///
/// ```
/// use scoreline::binning::multiclass::{bin_column, MulticlassConfig};
/// use scoreline::{Column, Field, Kind};
/// let age: Vec<f64> = (0..90).map(f64::from).collect();
/// let outcome = (0..90).map(|i| Some(["a", "b", "c"][if i % 9 == 0 { i / 9 % 3 } else { i / 30 }]));
/// let bins = bin_column(
///     &Field::new("age", Kind::Number),
///     &Column::numbers(age),
///     &Column::text(outcome),
///     None,
///     &MulticlassConfig { max_bins: 3, min_class_count: 0.0, ..MulticlassConfig::default() },
/// )?;
/// assert_eq!(bins.classes, ["a", "b", "c"]);
/// assert_eq!(bins.bins.len(), 4);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// As [`bin`], and [`InvalidData`](crate::ErrorCode::InvalidData) naming the row when a target is not a level, or a value
/// is not what the field declares.
pub fn bin_column(
    field: &Field,
    column: &Column<'_>,
    target: &Column<'_>,
    weight: Option<&[u64]>,
    config: &MulticlassConfig,
) -> Result<MulticlassBins> {
    let class = |row: usize| match target.value(row) {
        Value::Category(class) => Ok(class),
        _ => {
            let problem = Problem::new("the target must be a class", "give each row a class as text, or leave it out");
            Err(Error::data(problem.field("target").row(row)))
        }
    };
    let target: Vec<&str> = (0..target.len()).map(class).collect::<Result<_>>()?;
    let mut classes = target.clone();
    classes.sort_unstable();
    classes.dedup();
    check(&classes)?;
    let rows: Vec<u8> = target.iter().map(|class| classes.partition_point(|known| known < class) as u8).collect();
    let counted: Counted<ClassCounts> = Counted::new(field, column, &rows, weight)?;
    counted.bin(field, |observed| bin(&field.name, &classes, observed, config))
}

fn check(classes: &[&str]) -> Result<()> {
    if (2..=MAX_CLASSES).contains(&classes.len()) {
        return Ok(());
    }
    let remedy = "join classes, or use a binary or continuous target";
    Err(Error::data(Problem::new("a target of 2 to 32 classes was expected", remedy).field("target")))
}

fn fit(name: &str, classes: &[&str], observed: &Tallied<'_, ClassCounts>, config: &MulticlassConfig) -> Result<MulticlassBins> {
    check(classes)?;
    let all = total(observed)?;
    if all.classes() > classes.len() {
        return Err(Error::data(Problem::new("a class has no name", "name every class that was counted")));
    }
    let whole: Vec<Counts> = (0..classes.len()).map(|class| all.against_rest(class)).collect();
    if whole.iter().any(|counts| counts.events == 0) {
        let problem = Problem::new("a class does not occur", "leave the class out, or use data that hold every class");
        return Err(Error::insufficient(problem));
    }
    let least = config.least(all.weight());
    let cells = Cells::new(
        observed,
        |level| config.is_rare(level.weight(), all.weight()),
        |units| {
            let levels: Vec<&ClassCounts> = units.iter().map(|unit| &unit.counts).collect();
            let places = places(&levels, classes.len());
            let mut order: Vec<_> = std::mem::take(units).into_iter().zip(places).collect();
            order.sort_by(|a, b| a.1.total_cmp(&b.1));
            *units = order.into_iter().map(|(unit, _)| unit).collect();
        },
    )?;
    let curve = Curve::new(&cells.tallies, &all, classes.len(), least, config.objective);
    let orders = match config.trend {
        ClassTrend::Monotonic if cells.are_numbers() => curve.directions(),
        _ => vec![Order::Free; classes.len()],
    };
    let found = solve(&curve, &Rules { max_bins: config.max_bins, orders, min_difference: 0.0 });
    let ordinary = cells.bins(&found.cuts);
    let distance: Vec<f64> = ordinary.iter().map(|bin| js(bin, &whole) / bin.weight() as f64).collect();
    let split = cells.split(&found.cuts, &distance);
    let limits = bins(&found.cuts, curve.end());
    let rate = |class: usize| limits.iter().map(|&(from, to)| curve.level(class, from, to)).collect::<Vec<f64>>();
    let trends = if cells.are_numbers() {
        (0..classes.len()).filter_map(|class| Movement::of(&rate(class))).collect()
    } else {
        Vec::new()
    };
    let table = labelled(&split, ordinary, observed);
    let mut iv_by_class = vec![0.0; classes.len()];
    let mut bins = Vec::with_capacity(table.len());
    for (label, counts) in table {
        bins.push(tabulate(label, &counts, &whole, config.smoothing, &mut iv_by_class)?);
    }
    let part = |bin: &MulticlassBin| if config.objective == MulticlassObjective::Iv { bin.iv } else { bin.js };
    let objective = bins.iter().take(split.bins()).map(part).sum();
    Ok(MulticlassBins {
        feature: name.to_owned(),
        classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        iv: bins.iter().map(|bin| bin.iv).sum(),
        js: bins.iter().map(|bin| bin.js).sum(),
        certificate: Optimality::new(&found, objective, cells.exact()),
        objective: config.objective,
        split,
        bins,
        iv_by_class,
        trends,
    })
}

fn tabulate(
    label: String,
    bin: &ClassCounts,
    whole: &[Counts],
    smoothing: f64,
    iv_by_class: &mut [f64],
) -> Result<MulticlassBin> {
    let weight = bin.weight();
    let against: Vec<Counts> = (0..whole.len()).map(|class| bin.against_rest(class)).collect();
    let (mut woes, mut iv) = (Vec::with_capacity(whole.len()), 0.0);
    for ((counts, all), sum) in against.iter().zip(whole).zip(iv_by_class) {
        let pair = woe(*counts, *all, smoothing).zip(information_value(*counts, *all, smoothing));
        let (woe, value) = pair.ok_or_else(|| Error::internal("a smoothed weight of evidence is not finite"))?;
        woes.push(woe);
        *sum += value;
        iv += value / whole.len() as f64;
    }
    Ok(MulticlassBin {
        label,
        count: rows(weight),
        share: whole.first().map_or(0.0, |all| weight as f64 / all.total() as f64),
        counts: against.iter().map(|counts| rows(counts.events)).collect(),
        rates: against.iter().map(|counts| counts.event_rate()).collect(),
        woe: woes,
        iv,
        js: js(bin, whole),
    })
}
