//! The card resolved for speed: from bin codes to score and PD.

use std::collections::BTreeSet;

use super::fitted::CardParts;
use super::pair::Pair;
use crate::binning::Lookup;
use crate::error::{Problems, Result};
use crate::features::{FeaturePlan, ProtectedUse};
use crate::math::logistic;
use crate::model::{Calibration, MAX_VARIABLES};
use crate::scorecard::{PdFrom, Scaling};

/// Bins of one variable; codes are below it, so a table look-up needs no bounds check.
pub(super) const MAX_BINS: usize = 64;

/// The most that one bin can add to score or log-odds, in size.
const MAX_TERM: f64 = 1e9;

/// Bins, points and coefficients of the variables, in the order of the model.
#[derive(Debug, Clone)]
pub(super) struct Card {
    /// Slot of each variable.
    pub(super) slots: Vec<usize>,
    pub(super) lookups: Vec<Lookup>,
    /// Log-odds and points by variable and bin, side by side so that one addition serves both.
    tables: Vec<[[f64; 2]; MAX_BINS]>,
    /// Log-odds and points by the bins of two variables.
    pairs: Vec<Pair<[f64; 2]>>,
    /// Log-odds and points before any bin.
    start: [f64; 2],
    scaling: Scaling,
    calibration: Calibration,
}

impl Card {
    /// Resolves one card of a pipeline, which has at least `least` variables.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when bins, model and points do not fit together.
    pub(super) fn new(
        parts: CardParts<'_>,
        calibration: &Calibration,
        least: usize,
        protected_use: &[ProtectedUse],
        plan: &FeaturePlan,
    ) -> Result<Self> {
        check(parts, least, protected_use, plan)?;
        let CardParts { bins, model, scorecard, .. } = parts;
        let slots = bins.iter().map(|bins| plan.slot(&bins.feature)).collect::<Result<Vec<_>>>()?;
        let special = |slot: usize| plan.schema().fields.get(slot).map_or(&[][..], |field| &field.special);
        let lookups = bins.iter().zip(&slots).map(|(bins, &slot)| Lookup::new(bins, special(slot))).collect();
        let tables = bins.iter().zip(&scorecard.variables).enumerate().map(|(at, (bins, variable))| {
            let mut table = [[0.0; 2]; MAX_BINS];
            for (entry, (log_odds, points)) in table.iter_mut().zip(model.log_odds(at, bins).into_iter().zip(&variable.points)) {
                *entry = [log_odds, *points];
            }
            table
        });
        let pairs = model.pairs().iter().zip(&scorecard.pairs).map(|(pair, points)| {
            let at = |values: &[Vec<f64>], row: usize, column: usize| {
                values.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0)
            };
            let cell = |row, column| [at(&pair.values, row, column), at(&points.points, row, column)];
            Pair::new(pair.variables, &pair.groups, cell)
        });
        let scaling = scorecard.scaling.clone();
        let intercept = model.intercept();
        // The points of the intercept are spread over the variables; where there are none, they stand alone.
        let points = if bins.is_empty() { scaling.points_at(intercept) } else { 0.0 };
        Ok(Card {
            tables: tables.collect(),
            pairs: pairs.collect(),
            slots,
            lookups,
            start: [intercept, points],
            scaling,
            calibration: calibration.clone(),
        })
    }

    /// Log-odds and points of one record.
    pub(super) fn sums(&self, codes: &[u8]) -> [f64; 2] {
        let mut sums = self.start;
        self.tables.iter().zip(codes).for_each(|(table, &code)| add_bin(&mut sums, table, code));
        for pair in &self.pairs {
            add(&mut sums, pair.cell(pair.variables.map(|variable| codes[variable])));
        }
        sums
    }

    /// Log-odds and points of a block of records: the same additions in the same order as in [`Card::sums`].
    pub(super) fn sums_of<const ROWS: usize>(&self, all: &[[u8; ROWS]], sums: &mut [[f64; 2]]) {
        // Several variables a sweep save traffic of the sums.
        const SWEEP: usize = 4;
        sums.fill(self.start);
        let (tables, rest) = self.tables.as_chunks::<SWEEP>();
        let (codes, rest_codes) = all.as_chunks::<SWEEP>();
        for (tables, codes) in tables.iter().zip(codes) {
            let codes = codes.each_ref().map(|codes| &codes[..sums.len()]);
            for (at, sums) in sums.iter_mut().enumerate() {
                for variable in 0..SWEEP {
                    add_bin(sums, &tables[variable], codes[variable][at]);
                }
            }
        }
        for (table, codes) in rest.iter().zip(rest_codes) {
            sums.iter_mut().zip(codes).for_each(|(sums, &code)| add_bin(sums, table, code));
        }
        for pair in &self.pairs {
            let [first, second] = pair.variables.map(|variable| &all[variable]);
            let codes = first.iter().zip(second);
            sums.iter_mut().zip(codes).for_each(|(sums, (&first, &second))| add(sums, pair.cell([first, second])));
        }
    }

    /// Whether some points depend on two variables at once.
    pub(super) fn has_pairs(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// Log-odds and points with log-odds that are known beforehand.
    #[inline]
    pub(super) fn shift(&self, [eta, points]: [f64; 2], offset: f64) -> [f64; 2] {
        [eta + offset, points + self.scaling.rounding.apply(-self.scaling.factor() * offset)]
    }

    /// Score and PD that follow from log-odds and points.
    #[inline]
    pub(super) fn score_and_pd(&self, [eta, points]: [f64; 2]) -> (f64, f64) {
        let log_odds = match self.scaling.pd_from {
            PdFrom::Model => eta,
            PdFrom::Points => self.scaling.log_odds_at(points),
        };
        let pd = if self.calibration.steps.is_empty() { logistic(log_odds) } else { self.calibration.apply(log_odds) };
        (points, pd)
    }
}

/// Adds what a bin contributes to the log-odds and to the points.
#[inline(always)]
fn add_bin(sums: &mut [f64; 2], table: &[[f64; 2]; MAX_BINS], code: u8) {
    add(sums, table[usize::from(code) % MAX_BINS]);
}

#[inline(always)]
fn add(sums: &mut [f64; 2], entry: [f64; 2]) {
    sums[0] += entry[0];
    sums[1] += entry[1];
}

/// Bins, model and points describe the same variables.
fn check(parts: CardParts<'_>, least: usize, protected_use: &[ProtectedUse], plan: &FeaturePlan) -> Result<()> {
    let CardParts { bins, model, scorecard, .. } = parts;
    let mut problems = Problems::default();
    problems.absorb("scorecard.scaling", scorecard.scaling.validate());
    let count = bins.len();
    let pairs = model.pairs().iter().zip(&scorecard.pairs).all(|(pair, card)| {
        let named = pair.variables.iter().zip(&card.features);
        named.into_iter().all(|(&variable, name)| bins.get(variable).is_some_and(|bins| bins.feature == *name))
            && pair.groups == card.groups
            && pair.values.len() == card.points.len()
            && pair.values.iter().zip(&card.points).all(|(values, points)| values.len() == points.len())
    });
    let same = model.fits(bins) && scorecard.variables.len() == count && pairs && model.pairs().len() == scorecard.pairs.len();
    problems.require(
        same && (least..=MAX_VARIABLES).contains(&count),
        "scorecard",
        "bins, model and points list different variables",
        "list the same 1 to 128 variables in each, in one order; none where an expert card counts alone",
    );
    // Within the bounds here and on points, no sum can leave the range of a double.
    problems.require(
        model.largest() <= MAX_TERM
            && scorecard.pairs.iter().all(|pair| pair.points.iter().flatten().all(|x| x.abs() <= MAX_TERM)),
        "model",
        "a number is not finite or exceeds 10^9",
        "correct it",
    );
    let mut sources = BTreeSet::new();
    for (at, (bins, variable)) in bins.iter().zip(&scorecard.variables).enumerate() {
        let named = bins.feature == variable.feature;
        problems.require(
            named,
            &bins.feature,
            "bins, model and points list variables in different orders",
            "list them in one order",
        );
        let Some(slot) = problems.absorb(&bins.feature, plan.slot(&bins.feature)) else { continue };
        plan.add_sources(slot, &mut sources);
        let special = plan.schema().fields.get(slot).map_or(0, |field| field.special.len());
        problems.absorb(&bins.feature, bins.validate(special));
        let fits = variable.points.len() == bins.bins.len()
            && bins.bins.len() <= MAX_BINS
            && variable.points.iter().all(|points| points.abs() <= MAX_TERM)
            && model.log_odds(at, bins).iter().all(|log_odds| log_odds.abs() <= MAX_TERM);
        problems.require(
            fits,
            &bins.feature,
            "points and bins differ in number, are too many, or a number of theirs is not finite or exceeds 10^9",
            "give each of at most 64 bins its points",
        );
        let by_level = matches!(bins.split, crate::binning::Split::Category { .. });
        problems.require(
            by_level == (plan.kind(slot) == crate::Kind::Category),
            &bins.feature,
            "the bins are of another kind than the field",
            "use levels for categories and cuts for the rest",
        );
    }
    problems.absorb("scorecard", plan.refuse_protected(&sources, protected_use, "the score"));
    problems.into_result()
}
