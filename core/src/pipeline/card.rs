//! The card resolved for speed: from bin codes to score and PD.

use std::collections::BTreeSet;

use super::fitted::CardParts;
use crate::binning::Lookup;
use crate::error::{Problems, Result};
use crate::features::{FeaturePlan, ProtectedUse};
use crate::math::logistic;
use crate::model::MAX_VARIABLES;
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
    /// Log-odds and points before any bin.
    start: [f64; 2],
    scaling: Scaling,
}

impl Card {
    /// Resolves one card of a pipeline, which has at least `least` variables.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when bins, model and points do not fit together.
    pub(super) fn new(parts: CardParts<'_>, least: usize, protected_use: &[ProtectedUse], plan: &FeaturePlan) -> Result<Self> {
        check(parts, least, protected_use, plan)?;
        let CardParts { bins, model, scorecard, .. } = parts;
        let slots = bins.iter().map(|bins| plan.slot(&bins.feature)).collect::<Result<Vec<_>>>()?;
        let special = |slot: usize| plan.schema().fields.get(slot).map_or(&[][..], |field| &field.special);
        let lookups = bins.iter().zip(&slots).map(|(bins, &slot)| Lookup::new(bins, special(slot))).collect();
        let variables = bins.iter().zip(&scorecard.variables).zip(&model.coefficients);
        let tables = variables.map(|((bins, variable), coefficient)| {
            let mut table = [[0.0; 2]; MAX_BINS];
            for (entry, (bin, points)) in table.iter_mut().zip(bins.bins.iter().zip(&variable.points)) {
                *entry = [coefficient.value * bin.woe, *points];
            }
            table
        });
        let scaling = scorecard.scaling.clone();
        let intercept = model.intercept.value;
        // The points of the intercept are spread over the variables; where there are none, they stand alone.
        let points = if bins.is_empty() { scaling.points_at(intercept) } else { 0.0 };
        Ok(Card { tables: tables.collect(), slots, lookups, start: [intercept, points], scaling })
    }

    /// Log-odds and points of one record.
    pub(super) fn sums(&self, codes: &[u8]) -> [f64; 2] {
        let mut sums = self.start;
        self.tables.iter().zip(codes).for_each(|(table, &code)| add_bin(&mut sums, table, code));
        sums
    }

    /// Log-odds and points of a block of records: the same additions in the same order as in [`Card::sums`].
    pub(super) fn sums_of<const ROWS: usize>(&self, codes: &[[u8; ROWS]], sums: &mut [[f64; 2]]) {
        // Several variables a sweep save traffic of the sums.
        const SWEEP: usize = 4;
        sums.fill(self.start);
        let (tables, rest) = self.tables.as_chunks::<SWEEP>();
        let (codes, rest_codes) = codes.as_chunks::<SWEEP>();
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
    }

    /// Log-odds and points with log-odds that are known beforehand.
    #[inline]
    pub(super) fn shift(&self, [eta, points]: [f64; 2], offset: f64) -> [f64; 2] {
        [eta + offset, points + self.scaling.rounding.apply(-self.scaling.factor() * offset)]
    }

    /// Score and PD that follow from log-odds and points.
    #[inline]
    pub(super) fn score_and_pd(&self, [eta, points]: [f64; 2]) -> (f64, f64) {
        let pd = match self.scaling.pd_from {
            PdFrom::Model => logistic(eta),
            PdFrom::Points => self.scaling.pd_at(points),
        };
        (points, pd)
    }
}

/// Adds what a bin contributes to the log-odds and to the points.
#[inline(always)]
fn add_bin(sums: &mut [f64; 2], table: &[[f64; 2]; MAX_BINS], code: u8) {
    let entry = table[usize::from(code) % MAX_BINS];
    sums[0] += entry[0];
    sums[1] += entry[1];
}

/// Bins, model and points describe the same variables.
fn check(parts: CardParts<'_>, least: usize, protected_use: &[ProtectedUse], plan: &FeaturePlan) -> Result<()> {
    let CardParts { bins, model, scorecard, .. } = parts;
    let mut problems = Problems::default();
    problems.absorb("scorecard.scaling", scorecard.scaling.validate());
    let count = bins.len();
    let same = model.coefficients.len() == count && scorecard.variables.len() == count;
    problems.require(
        same && (least..=MAX_VARIABLES).contains(&count),
        "scorecard",
        "bins, model and points list different variables",
        "list the same 1 to 128 variables in each, in one order; none where an expert card counts alone",
    );
    // Within the bounds here and on points, no sum can leave the range of a double.
    let finite = |coefficient: &crate::model::Coefficient| coefficient.value.abs() <= MAX_TERM;
    problems.require(
        finite(&model.intercept) && model.coefficients.iter().all(finite),
        "model",
        "a coefficient is not finite or exceeds 10^9",
        "correct it",
    );
    let mut sources = BTreeSet::new();
    for ((bins, variable), coefficient) in bins.iter().zip(&scorecard.variables).zip(&model.coefficients) {
        let named = bins.feature == variable.feature && bins.feature == coefficient.variable;
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
            && bins.bins.iter().all(|bin| (coefficient.value * bin.woe).abs() <= MAX_TERM);
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
