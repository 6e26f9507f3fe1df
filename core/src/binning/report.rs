//! The table of one feature's bins: what an analyst, a validator and an auditor read.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::bins::{Bin, FeatureBins, Split};
use super::observe::ObservedCounts;
use super::table::rows;
use crate::error::{Error, Problem, Result};
use crate::math::{exp, jeffreys_interval, ln, two_proportions};
use crate::stats::Counts;

/// The table of one feature's bins on one sample: [`FeatureBins::report`], [`FeatureBins::report_on`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinReport {
    /// Name of the feature.
    pub feature: String,
    /// Level of the intervals of the event rates, in (0, 1).
    pub level: f64,
    /// One row for each bin: ordinary, special, missing.
    pub rows: Vec<BinRow>,
    /// The feature as a whole.
    pub totals: BinTotals,
}

/// One bin on one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinRow {
    /// The label of the bin.
    pub label: String,
    /// Weight of all rows, in rows.
    pub count: f64,
    /// Share of all rows.
    pub share: f64,
    /// Weight of the rows with the event, in rows.
    pub events: f64,
    /// Weight of the rows without the event, in rows.
    pub non_events: f64,
    /// Events as a share of the bin; 0 for an empty bin.
    pub event_rate: f64,
    /// Lower end of the Jeffreys interval of the event rate: the (1 − level)/2 quantile of
    /// Beta(events + ½, non-events + ½), and 0 without events (Brown, Cai and DasGupta 2001). Case weights count as
    /// rows: with weights that are no frequencies the interval is only a guide.
    pub event_rate_low: f64,
    /// Upper end of the interval; 1 without non-events.
    pub event_rate_high: f64,
    /// The weight of evidence in use: of the training rows, or set by hand.
    pub woe: f64,
    /// ln(share of non-events / share of events) of these rows, not smoothed; absent when a class is.
    pub observed_woe: Option<f64>,
    /// What the bin adds to the information value.
    pub iv: f64,
    /// What the bin adds to the Jensen–Shannon divergence of non-events and events, which lies in [0, ln 2].
    pub js: f64,
    /// Share of all events in this bin and those above it in the table.
    pub cumulative_events: f64,
    /// Share of all non-events in this bin and those above it in the table.
    pub cumulative_non_events: f64,
    /// The distance of the two cumulative shares.
    pub ks: f64,
    /// What the bin adds to the Gini coefficient: ½ Σⱼ |eₖ nⱼ − eⱼ nₖ| over all bins j, with shares e and n of events
    /// and non-events.
    pub gini: f64,
    /// The chance of event rates at least as different as this bin's and the one's above, were they the same:
    /// χ² test of the two proportions without continuity correction. Ordinary bins only, from the second.
    pub p_value: Option<f64>,
    /// What the bin adds to the population stability index against the training rows; absent on those.
    pub psi: Option<f64>,
    /// What should be looked at.
    pub flags: Vec<QualityFlag>,
}

/// One feature on one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BinTotals {
    /// Weight of all rows, in rows.
    pub count: f64,
    /// Weight of the rows with the event, in rows.
    pub events: f64,
    /// Weight of the rows without the event, in rows.
    pub non_events: f64,
    /// Share of events.
    pub event_rate: f64,
    /// Information value. Where a bin of another sample than the training's lacks a class, the weight of evidence in
    /// use takes the place of the infinite one.
    pub iv: f64,
    /// What the information value is worth.
    pub iv_band: IvBand,
    /// Jensen–Shannon divergence of non-events and events, in [0, ln 2].
    pub js: f64,
    /// Kolmogorov–Smirnov distance of events and non-events when bins are ordered by event rate, in [0, 1].
    pub ks: f64,
    /// Gini coefficient (2 AUC − 1) of the event rate as a score, in [0, 1].
    pub gini: f64,
    /// Herfindahl–Hirschman index: Σ share², in (0, 1]; 1 when all rows share one bin.
    pub hhi: f64,
    /// Quality score of Navas-Palencia (optbinning): of information value, significance of neighbours and
    /// evenness, in [0, 1]; an information value near 0.396 scores best.
    pub quality: f64,
    /// Population stability index against the training rows, at least 0; absent on those. A bin empty on one side
    /// counts there as half a row.
    pub psi: Option<f64>,
    /// Every flag of the feature and of its bins, each once.
    pub flags: Vec<QualityFlag>,
}

/// What an information value is worth (Siddiqi, *Credit Risk Scorecards*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IvBand {
    /// Below 0.02: not predictive.
    None,
    /// From 0.02 to below 0.1.
    Weak,
    /// From 0.1 to below 0.3.
    Medium,
    /// From 0.3 to 0.5.
    Strong,
    /// Above 0.5: too good to be true until the feature is shown to be known before the outcome.
    Suspicious,
}

/// What should be looked at before bins are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QualityFlag {
    /// The information value is above 0.5.
    SuspiciousIv,
    /// The information value is below 0.02.
    WeakIv,
    /// One cut parts all events from all non-events: [`Certificate::separates`](super::Certificate::separates).
    Separates,
    /// The event rates of numeric bins neither rise nor fall throughout.
    NotMonotone,
    /// The event rates of two neighbours do not differ at the 5 % level.
    NotSignificant,
    /// An ordinary bin holds less than 5 % of the rows.
    SmallBin,
    /// An ordinary bin is empty.
    EmptyBin,
    /// A bin with rows holds events only, or non-events only.
    OneClassBin,
    /// A bin holds more than 95 % of the rows.
    DominantBin,
    /// The population stability index exceeds 0.25.
    Shifted,
}

impl IvBand {
    /// The band of an information value.
    #[must_use]
    pub fn of(iv: f64) -> Self {
        match iv {
            iv if iv > 0.5 => IvBand::Suspicious,
            iv if iv >= 0.3 => IvBand::Strong,
            iv if iv >= 0.1 => IvBand::Medium,
            iv if iv >= 0.02 => IvBand::Weak,
            _ => IvBand::None,
        }
    }
}

const SMALL: f64 = 0.05;
const DOMINANT: f64 = 0.95;
const SIGNIFICANT: f64 = 0.05;
const SHIFTED: f64 = 0.25;

impl FeatureBins {
    /// The table of the bins on the rows they were made from, with intervals at `level` (0.95 is usual).
    ///
    /// ```
    /// use scoreline::binning::{observe, BinningConfig, IvBand};
    /// use scoreline::{Batch, Column, Field, Kind, Labels, Threads};
    /// let age = Column::numbers([20.0, 30.0, 40.0, 50.0].repeat(25));
    /// let bad = Column::numbers([1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0].repeat(10));
    /// let labels = Labels::read(&Batch::new(100).with("bad", bad)?, "bad", None, None)?;
    /// let counts = observe(&Field::new("age", Kind::Number), &age, &labels, 4096, Threads::One)?;
    /// let report = counts.bin("age", &BinningConfig::default())?.report(0.95)?;
    /// assert!(report.rows[0].event_rate_low < report.rows[0].event_rate);
    /// assert_eq!(report.totals.iv_band, IvBand::of(report.totals.iv));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `level` is not between 0 and 1, and
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when there is no event or no non-event.
    pub fn report(&self, level: f64) -> Result<BinReport> {
        report(self, &self.bins, None, level)
    }

    /// The table of these very bins on other rows, a test sample or another month, with the shift of the shares
    /// against the training rows. See [`observe`](super::observe()) for the counts.
    ///
    /// # Errors
    /// As [`FeatureBins::report`], and [`Incompatible`](crate::ErrorCode::Incompatible) when the counts are of another
    /// kind or of other special codes than the bins.
    pub fn report_on(&self, sample: &ObservedCounts, level: f64) -> Result<BinReport> {
        let counts = sample.counts(&self.split)?;
        if counts.len() != self.bins.len() {
            let what = "the counts have another number of special codes than the bins";
            let problem = Problem::new(what, "count with the special codes of the training").field(&self.feature);
            return Err(Error::incompatible(problem));
        }
        let mut all = Counts::default();
        counts.iter().for_each(|counts| all.add(*counts));
        let bins = self.bins.iter().zip(&counts).map(|(bin, counts)| {
            let (good, bad) = (share(counts.non_events, all.non_events), share(counts.events, all.events));
            Bin {
                label: bin.label.clone(),
                share: share(counts.total(), all.total()),
                non_events: rows(counts.non_events),
                events: rows(counts.events),
                event_rate: counts.event_rate(),
                woe: bin.woe,
                iv: (good - bad) * weight(good, bad).unwrap_or(bin.woe),
            }
        });
        report(self, &bins.collect::<Vec<_>>(), Some(&self.bins), level)
    }
}

/// The table as text of fixed width, for a terminal or a notebook.
impl fmt::Display for BinReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.label.chars().count()).max().unwrap_or(0).max(5);
        let heads = ["count", "share", "events", "rate", "low", "high", "woe", "iv", "js", "ks", "gini", "p", "psi"];
        write!(f, "{:width$}", self.feature)?;
        heads.iter().try_for_each(|head| write!(f, " {head:>9}"))?;
        let optional = |x: Option<f64>| x.map_or(String::new(), |x| format!("{x:.4}"));
        for row in &self.rows {
            write!(f, "\n{:width$} {:>9} {:>9.4} {:>9}", row.label, row.count, row.share, row.events)?;
            let numbers = [row.event_rate, row.event_rate_low, row.event_rate_high, row.woe, row.iv, row.js, row.ks, row.gini];
            numbers.iter().try_for_each(|x| write!(f, " {x:>9.4}"))?;
            write!(f, " {:>9} {:>9}", optional(row.p_value), optional(row.psi))?;
        }
        let all = &self.totals;
        write!(f, "\n{:width$} {:>9} {:>9.4} {:>9} {:>9.4}", "all", all.count, 1.0, all.events, all.event_rate)?;
        write!(f, "{:30} {:>9.4} {:>9.4} {:>9.4} {:>9.4}", "", all.iv, all.js, all.ks, all.gini)?;
        write!(f, " {:>9} {:>9}", "", optional(all.psi))
    }
}

fn share(part: u64, all: u64) -> f64 {
    part as f64 / all as f64
}

/// ln(good / bad), if finite.
fn weight(good: f64, bad: f64) -> Option<f64> {
    (good > 0.0 && bad > 0.0).then(|| ln(good / bad))
}

fn report(fitted: &FeatureBins, bins: &[Bin], training: Option<&[Bin]>, level: f64) -> Result<BinReport> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::config(Problem::new("must lie between 0 and 1", "use 0.95").field("level")));
    }
    let events: f64 = bins.iter().map(|bin| bin.events).sum();
    let non_events: f64 = bins.iter().map(|bin| bin.non_events).sum();
    if !(events > 0.0 && non_events > 0.0) {
        let problem = Problem::new("a table needs events and non-events", "use rows of both outcomes").field(&fitted.feature);
        return Err(Error::insufficient(problem));
    }
    let count = events + non_events;
    let shares: Vec<(f64, f64)> = bins.iter().map(|bin| (bin.events / events, bin.non_events / non_events)).collect();
    let trained = training.map(|bins| (bins, bins.iter().map(|bin| bin.events + bin.non_events).sum::<f64>()));
    let mut cumulative = (0.0, 0.0);
    let mut table: Vec<BinRow> = Vec::with_capacity(bins.len());
    for (k, (bin, &(bad, good))) in bins.iter().zip(&shares).enumerate() {
        cumulative = (cumulative.0 + bad, cumulative.1 + good);
        let ordinary = k < fitted.ordinary();
        let size = bin.events + bin.non_events;
        let (event_rate_low, event_rate_high) = jeffreys_interval(bin.events, bin.non_events, level);
        let before = k.checked_sub(1).and_then(|k| bins.get(k)).filter(|_| ordinary);
        let mut row = BinRow {
            label: bin.label.clone(),
            count: size,
            share: size / count,
            events: bin.events,
            non_events: bin.non_events,
            event_rate: bin.event_rate,
            event_rate_low,
            event_rate_high,
            woe: bin.woe,
            observed_woe: weight(good, bad),
            iv: bin.iv,
            js: jensen_shannon(good, bad),
            cumulative_events: cumulative.0,
            cumulative_non_events: cumulative.1,
            ks: (cumulative.0 - cumulative.1).abs(),
            gini: 0.5 * shares.iter().map(|(other_bad, other_good)| (bad * other_good - other_bad * good).abs()).sum::<f64>(),
            p_value: before.and_then(|before| two_proportions((before.events, before.non_events), (bin.events, bin.non_events))),
            psi: trained.and_then(|(bins, all)| bins.get(k).map(|bin| stability(bin.events + bin.non_events, all, size, count))),
            flags: Vec::new(),
        };
        row.flags = flags(&row, ordinary);
        table.push(row);
    }
    let totals = totals(fitted, &table, (events, non_events));
    Ok(BinReport { feature: fitted.feature.clone(), level, rows: table, totals })
}

fn totals(fitted: &FeatureBins, table: &[BinRow], (events, non_events): (f64, f64)) -> BinTotals {
    let sum = |term: fn(&BinRow) -> f64| table.iter().map(term).sum::<f64>();
    let iv = sum(|row| row.iv);
    let hhi = sum(|row| row.share * row.share);
    let held = table.iter().filter(|row| row.count > 0.0).count() as f64;
    let uneven = if held > 1.0 { (hhi - 1.0 / held) / (1.0 - 1.0 / held) } else { 1.0 };
    let psi = table.iter().map(|row| row.psi).sum::<Option<f64>>();
    let mut flags: Vec<QualityFlag> = table.iter().flat_map(|row| row.flags.iter().copied()).collect();
    match IvBand::of(iv) {
        IvBand::Suspicious => flags.push(QualityFlag::SuspiciousIv),
        IvBand::None => flags.push(QualityFlag::WeakIv),
        _ => {}
    }
    if fitted.certificate.separates {
        flags.push(QualityFlag::Separates);
    }
    let ordinary = table.get(..fitted.ordinary()).unwrap_or(table);
    let falls = ordinary.windows(2).all(|pair| pair[0].event_rate > pair[1].event_rate);
    let rises = ordinary.windows(2).all(|pair| pair[0].event_rate < pair[1].event_rate);
    if matches!(fitted.split, Split::Numeric { .. }) && !falls && !rises {
        flags.push(QualityFlag::NotMonotone);
    }
    if psi.is_some_and(|psi| psi > SHIFTED) {
        flags.push(QualityFlag::Shifted);
    }
    flags.sort_unstable();
    flags.dedup();
    let differ = table.iter().filter_map(|row| row.p_value).fold(1.0, |product, p| product * (1.0 - p));
    BinTotals {
        count: events + non_events,
        events,
        non_events,
        event_rate: events / (events + non_events),
        iv,
        iv_band: IvBand::of(iv),
        js: sum(|row| row.js),
        // In the order of event rates the distance is greatest where the difference of the shares changes sign.
        ks: 0.5 * table.iter().map(|row| (row.events / events - row.non_events / non_events).abs()).sum::<f64>(),
        gini: sum(|row| row.gini),
        hhi,
        quality: rayleigh(iv) * differ * (1.0 - uneven),
        psi,
        flags,
    }
}

/// How near the information value is to the ideal: x e^((1 − x²)/2) of x = value / 0.3957…, which is 1 at x = 1.
fn rayleigh(iv: f64) -> f64 {
    let x = iv / 0.395_738_821_848_068_63;
    x * exp(0.5 * (1.0 - x * x))
}

/// ½ (good ln(good/m) + bad ln(bad/m)) with m = (good + bad)/2.
fn jensen_shannon(good: f64, bad: f64) -> f64 {
    let half = |share: f64| if share > 0.0 { 0.5 * share * ln(share / (0.5 * (good + bad))) } else { 0.0 };
    half(good) + half(bad)
}

/// (actual − expected) ln(actual / expected).
fn stability(expected: f64, expected_all: f64, actual: f64, actual_all: f64) -> f64 {
    if expected == 0.0 && actual == 0.0 {
        return 0.0;
    }
    let share = |part: f64, all: f64| if part > 0.0 { part / all } else { 0.5 / all };
    let (e, a) = (share(expected, expected_all), share(actual, actual_all));
    (a - e) * ln(a / e)
}

fn flags(row: &BinRow, ordinary: bool) -> Vec<QualityFlag> {
    let one_class = row.count > 0.0 && (row.events == 0.0 || row.non_events == 0.0);
    let found = [
        (row.p_value.is_some_and(|p| p > SIGNIFICANT), QualityFlag::NotSignificant),
        // A share of exactly the least may be rounded downwards.
        (ordinary && row.count > 0.0 && row.share < SMALL * (1.0 - 1e-12), QualityFlag::SmallBin),
        (ordinary && row.count == 0.0, QualityFlag::EmptyBin),
        (one_class, QualityFlag::OneClassBin),
        (row.share > DOMINANT, QualityFlag::DominantBin),
    ];
    found.into_iter().filter_map(|(found, flag)| found.then_some(flag)).collect()
}

#[cfg(test)]
mod tests;
