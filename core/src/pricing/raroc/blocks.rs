//! A batch of loans of equal instalments, priced many side by side.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::lanes::{Lanes, Number};
use super::life_terms::{BalancePath, LifetimeTerms, PdPath};
use super::loan::{Hurdle, Loan, SMALL, small_share};
use crate::data::{Column, Value};
use crate::pricing::MAX_MONTHS;

/// Loans of a block: their figures then stay in the fastest cache. A multiple of the lanes of every CPU.
const BLOCK: usize = 256;

/// Figures of a loan besides its months, in the order of the terms a column may give.
const FIGURES: usize = 11;

/// Rows of a task, and where their figures are.
pub(super) struct Blocks<'a> {
    terms: &'a LifetimeTerms,
    columns: &'a [(usize, &'a Column<'a>)],
    rows: Range<usize>,
}

impl<'a> Blocks<'a> {
    /// `columns` are those of the batch with their place among the terms.
    pub(super) fn new(terms: &'a LifetimeTerms, columns: &'a [(usize, &'a Column<'a>)], rows: Range<usize>) -> Self {
        Blocks { terms, columns, rows }
    }

    /// Puts rates and RAROC of the rows into `rate` and `raroc`, counted from the first row; returns those that it left out, in rising
    /// order: terms that are not valid or unusual, other ways to repay, rates that did not settle.
    pub(super) fn price(&self, hurdle: Hurdle, rate: &mut [f64], raroc: &mut [f64]) -> Vec<usize> {
        let given = |place| self.columns.iter().any(|(at, _)| *at == place);
        let one_pd = given(1) || matches!(self.terms.pd, PdPath::Yearly { .. });
        if !(one_pd && matches!(self.terms.balance, BalancePath::EqualInstalment {})) {
            return (0..self.rows.len()).collect();
        }
        let mut block = Block::new(self.terms, hurdle);
        let mut left = Vec::new();
        for (months, places) in self.terms_of_one_length() {
            if !(1..=MAX_MONTHS).contains(&months) {
                left.extend(places);
                continue;
            }
            for places in places.chunks(BLOCK) {
                (block.months, block.loans) = (months, places.len());
                for (at, column) in self.columns.iter().filter(|(at, _)| *at > 0) {
                    gather(column, self.rows.start, places, &mut block.figures[at - 1]);
                }
                pulp::Arch::new().dispatch(&mut block);
                let found = block.rate.iter().zip(&block.raroc).zip(&block.settled);
                for (place, ((found, earned), settled)) in places.iter().zip(found) {
                    if *settled > 0.0 {
                        (rate[*place], raroc[*place]) = (*found, *earned);
                    } else {
                        left.push(*place);
                    }
                }
            }
        }
        left.sort_unstable();
        left
    }

    /// The places of the rows by their months; 0 where they are missing or not whole.
    fn terms_of_one_length(&self) -> Vec<(u32, Vec<usize>)> {
        let Some((_, column)) = self.columns.iter().find(|(at, _)| *at == 0) else {
            return vec![(self.terms.months, (0..self.rows.len()).collect())];
        };
        let months = |place: usize| match column.value(self.rows.start + place) {
            Value::Number(months) => whole(months),
            _ => 0,
        };
        let mut order: Vec<(u32, usize)> = (0..self.rows.len()).map(|place| (months(place), place)).collect();
        order.sort_unstable();
        let runs = order.chunk_by(|one, other| one.0 == other.0);
        runs.filter_map(|run| Some((run.first()?.0, run.iter().map(|(_, place)| *place).collect()))).collect()
    }
}

/// A number of months; 0, which is no term, for what is not one.
pub(super) fn whole(months: f64) -> u32 {
    if months.fract() == 0.0 && (0.0..=1e6).contains(&months) { months as u32 } else { 0 }
}

/// Copies the values of the rows at `places` beyond `start`; NaN where one is missing.
fn gather(column: &Column<'_>, start: usize, places: &[usize], to: &mut [f64; BLOCK]) {
    match column {
        Column::Number { values, validity: None } => {
            for (to, place) in to.iter_mut().zip(places) {
                *to = values.get(start + place).copied().unwrap_or(f64::NAN);
            }
        }
        _ => {
            for (to, place) in to.iter_mut().zip(places) {
                *to = column.value(start + place).as_number();
            }
        }
    }
}

/// Loans of one length.
struct Block {
    months: u32,
    hurdle: Hurdle,
    /// How many of the entries are loans.
    loans: usize,
    figures: [[f64; BLOCK]; FIGURES],
    rate: [f64; BLOCK],
    raroc: [f64; BLOCK],
    /// 1 where the rate was found.
    settled: [f64; BLOCK],
}

impl Block {
    fn new(terms: &LifetimeTerms, hurdle: Hurdle) -> Self {
        let pd = match terms.pd {
            PdPath::Yearly { pd } => pd,
            PdPath::Monthly { .. } => f64::NAN,
        };
        let figures = [
            pd,
            terms.prepayment,
            terms.lgd,
            terms.funding,
            terms.opex,
            terms.origination,
            terms.upfront_fee,
            terms.running_fee,
            terms.capital,
            terms.capital_benefit,
            terms.tax,
        ];
        let [rate, raroc, settled] = [[0.0; BLOCK]; 3];
        Block { months: terms.months, hurdle, loans: 0, figures: figures.map(|figure| [figure; BLOCK]), rate, raroc, settled }
    }
}

impl WithSimd for &mut Block {
    type Output = ();

    // Single operations of doubles have one result on every CPU, so the widest registers may do them. All of it is inlined into a
    // function that may use these.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let count = Lanes::<S>::COUNT;
        let mut start = 0;
        while start < self.loans {
            let lanes = start..start + count;
            let [pd, prepayment, lgd, funding, opex, origination, upfront_fee, running_fee, capital, capital_benefit, tax] =
                self.figures.each_ref().map(|figure| Lanes::read(simd, &figure[lanes.clone()]));
            let (zero, one) = (Lanes::splat(simd, 0.0), Lanes::splat(simd, 1.0));
            let between = |low: f64, figure: Lanes<S>, high: f64| {
                figure.of(low).at_most(figure, one, zero) * figure.at_most(figure.of(high), one, zero)
            };
            // What these leave out, for example a PD above 60 %, may be valid: it is for the others to tell.
            let usable = between(f64::MIN_POSITIVE, pd, SMALL)
                * between(0.0, prepayment, SMALL)
                * between(0.0, lgd, 1.0)
                * between(-0.5, funding, 1.0)
                * funding.at_most(zero.of(self.hurdle.rate), one, zero)
                * between(0.0, opex, 1.0)
                * between(0.0, origination, 1.0)
                * between(0.0, upfront_fee, 1.0)
                * between(0.0, running_fee, 1.0)
                * between(f64::MIN_POSITIVE, capital, 1.0)
                * between(0.0, capital_benefit, 1.0)
                * between(0.0, tax, 0.99);
            let start_income = upfront_fee - origination;
            let loan = Loan {
                hazard: small_share(pd),
                stay: one - small_share(prepayment),
                lgd,
                running: running_fee + capital * capital_benefit - funding - opex,
                start: start_income,
                capital,
                tax,
            };
            let (rate, settled) = loan.solve(self.months, self.hurdle);
            let (net_income, capital_years) = loan.earned(rate, loan.sums(self.months, self.hurdle.discount, rate));
            rate.write(&mut self.rate[lanes.clone()]);
            (net_income / capital_years).write(&mut self.raroc[lanes.clone()]);
            (usable * start_income.at_most(zero, settled, zero)).write(&mut self.settled[lanes.clone()]);
            start = lanes.end;
        }
    }
}
