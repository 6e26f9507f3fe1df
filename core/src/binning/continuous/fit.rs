//! From moments to bins.

use super::super::ordered::{Cells, Counted, Found, Measure, Movement, Optimality, Tallied, bins, labelled, solve, total};
use super::bins::{ContinuousBin, ContinuousBins};
use super::config::{ContinuousConfig, MeanTrend};
use super::curve::Curve;
use crate::data::{Column, Field};
use crate::error::{Error, Problem, Result};
use crate::stats::{Moments, TARGET_UNIT, Tally, target_units};

/// The bins of the feature called `name` for a continuous target.
///
/// Levels of a category are ordered by their mean. By convexity no other grouping of the levels and the pool of rare ones
/// explains more, while the pool is large enough for a bin and no least difference is asked for. A feature
/// with one value only, or none, gets a single ordinary bin.
///
/// ```
/// use scoreline::binning::continuous::{bin, ContinuousConfig};
/// use scoreline::binning::{Tallied, Values};
/// use scoreline::stats::{Cell, Moments, target_units};
/// let lgd = |ltv: f64, losses: [f64; 3]| -> scoreline::Result<Cell<Moments>> {
///     let losses: Vec<i64> = losses.into_iter().map(target_units).collect::<scoreline::Result<_>>()?;
///     Ok(Cell { value: ltv, counts: losses.into_iter().collect() })
/// };
/// let cells = [lgd(0.4, [0.0, 0.1, 0.0])?, lgd(0.6, [0.1, 0.0, 0.1])?, lgd(1.1, [0.6, 0.4, 0.5])?];
/// let observed = Tallied {
///     values: Values::Numeric { cells: &cells, exact: true },
///     special: &[],
///     missing: Moments::default(),
/// };
/// let config = ContinuousConfig { max_bins: 2, min_count: 1.0, ..ContinuousConfig::default() };
/// let bins = bin("ltv", &observed, &config)?;
/// assert_eq!(bins.bins[1].label, "[1.1, inf)");
/// assert!((bins.bins[1].mean - 0.5).abs() < 1e-9);
/// assert!(bins.explained > 0.9 && bins.certificate.optimal);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the settings are out of range,
/// [`InvalidData`](crate::ErrorCode::InvalidData) when cells are not sorted or levels repeat, and
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when the target has one value only.
pub fn bin(name: &str, observed: &Tallied<'_, Moments>, config: &ContinuousConfig) -> Result<ContinuousBins> {
    config.validate()?;
    fit(name, observed, config).map_err(|error| error.in_field(name))
}

/// Counts `column` against `target` and bins it; every distinct value is a possible cut.
///
/// `weight` are case weights in units of 2⁻²⁰ ([`crate::data::WEIGHT_ONE`] is 1); absent, every row weighs 1.
///
/// ```
/// use scoreline::binning::continuous::{bin_column, ContinuousConfig};
/// use scoreline::{Column, Field, Kind};
/// let ltv: Vec<f64> = (0..100).map(f64::from).collect();
/// let lgd: Vec<f64> = ltv.iter().map(|x| if *x < 70.0 { 0.1 } else { 0.4 }).collect();
/// let field = Field::new("ltv", Kind::Number);
/// let bins = bin_column(&field, &Column::numbers(&ltv[..]), &lgd, None, &ContinuousConfig::default())?;
/// assert_eq!(bins.bins[0].label, "(-inf, 70)");
/// assert!((bins.transform(&Column::numbers(vec![90.0]), &[])[0] - 0.4).abs() < 1e-9);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// As [`bin`], and [`InvalidData`](crate::ErrorCode::InvalidData) naming the row when a target is missing or beyond 2³²,
/// or a value is not what the field declares.
pub fn bin_column(
    field: &Field,
    column: &Column<'_>,
    target: &[f64],
    weight: Option<&[u64]>,
    config: &ContinuousConfig,
) -> Result<ContinuousBins> {
    let read = |(row, y): (usize, &f64)| target_units(*y).map_err(|error| error.at_row(row).in_field("target"));
    let target: Vec<i64> = target.iter().enumerate().map(read).collect::<Result<_>>()?;
    let counted: Counted<Moments> = Counted::new(field, column, &target, weight)?;
    counted.bin(field, |observed| bin(&field.name, observed, config))
}

fn fit(name: &str, observed: &Tallied<'_, Moments>, config: &ContinuousConfig) -> Result<ContinuousBins> {
    let all = total(observed)?;
    if all.variance() <= 0.0 {
        let problem = Problem::new("the target has one value only", "use data in which the target varies");
        return Err(Error::insufficient(problem));
    }
    let least = config.least(&all);
    let cells = Cells::new(
        observed,
        |level| config.is_rare(level.weight(), all.weight()),
        |units| units.sort_by(|a, b| a.counts.mean().total_cmp(&b.counts.mean())),
    )?;
    let trend = if cells.are_numbers() { config.trend } else { MeanTrend::Increasing };
    let curve = Curve::new(&cells.tallies, &all, least);
    let found = best(&curve, config, trend);
    let levels: Vec<f64> = bins(&found.cuts, curve.end()).iter().map(|&(from, to)| curve.level(0, from, to)).collect();
    let split = cells.split(&found.cuts, &levels);
    let bins = labelled(&split, cells.bins(&found.cuts), observed);
    let bins: Vec<ContinuousBin> = bins.into_iter().map(|(label, moments)| tabulate(label, &moments, &all)).collect();
    let objective = bins.iter().take(split.bins()).map(|bin| bin.explained).sum();
    Ok(ContinuousBins {
        feature: name.to_owned(),
        mean: all.mean(),
        std: all.variance().sqrt(),
        explained: bins.iter().map(|bin| bin.explained).sum(),
        iv: bins.iter().map(|bin| bin.iv).sum(),
        certificate: Optimality::new(&found, objective, cells.exact()),
        trend: if cells.are_numbers() { Movement::of(&levels) } else { None },
        split,
        bins,
    })
}

/// The best over the orders that the trend permits; the first of equally good ones.
fn best(curve: &Curve, config: &ContinuousConfig, trend: MeanTrend) -> Found {
    let (first, others) = trend.orders();
    let mut best = solve(curve, &config.rules(first));
    for order in others {
        let other = solve(curve, &config.rules(*order));
        let bound = best.bound.zip(other.bound).map(|(a, b)| a.max(b));
        let (better, rival) = if other.value > best.value { (other, best) } else { (best, other) };
        // A proof about one order is a proof about both when the other cannot reach it.
        let beaten = rival.optimal || rival.bound.is_some_and(|bound| bound <= better.value);
        best = Found { bound, optimal: better.optimal && beaten, ..better };
    }
    best
}

fn tabulate(label: String, moments: &Moments, all: &Moments) -> ContinuousBin {
    let share = moments.weight() as f64 / all.weight() as f64;
    let empty = moments.weight() == 0;
    let mean = if empty { all.mean() } else { moments.mean() };
    // From an origin near the mean, so that nothing is lost when the mean is large beside the differences.
    let origin = all.mean_units();
    let distance = if empty { 0.0 } else { moments.sum_about(origin) as f64 / moments.weight() as f64 * TARGET_UNIT };
    let (min, max) = moments.range().unzip();
    ContinuousBin {
        label,
        count: moments.rows(),
        share,
        mean,
        std: moments.variance().sqrt(),
        min,
        max,
        explained: share * distance * distance / all.variance(),
        iv: share * distance.abs(),
    }
}
