//! PD over the years: marginal, cumulative, surviving.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Problems, Result};
use crate::math::{exp, exp_m1, ln};
use crate::tier::MigrationMatrix;

/// The most years of a curve.
const MAX_YEARS: usize = 100;

/// Probabilities of default by year, as seen today: the marginal PD of a year is the chance to default in it, having survived
/// until then counted in.
///
/// ```
/// use scoreline::pricing::loss::PdCurve;
/// let flat = PdCurve::constant(0.02, 5)?;
/// assert_eq!(flat.twelve_month(), 0.02);
/// assert!((flat.lifetime() - 0.0960792032).abs() < 1e-15); // 1 − 0.98⁵
/// assert!((flat.survival_at(0.5) - 0.98f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct PdCurve {
    /// Chance to survive until the end of each year.
    survival: Vec<f64>,
    marginal: Vec<f64>,
}

impl PdCurve {
    /// The same conditional PD in every year: a constant hazard. `pd` in [0, 1], 1 to 100 years.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every argument out of range.
    pub fn constant(pd: f64, years: usize) -> Result<Self> {
        PdCurve::conditional(&vec![pd; years.min(MAX_YEARS + 1)])
    }

    /// From conditional PDs: the chance to default in each year of those who survived until it; each in [0, 1].
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every year out of range.
    pub fn conditional(pds: &[f64]) -> Result<Self> {
        check("conditional", pds)?;
        let mut alive = 1.0;
        let (mut marginal, mut survival) = (Vec::with_capacity(pds.len()), Vec::with_capacity(pds.len()));
        for pd in pds {
            marginal.push(alive * pd);
            alive *= 1.0 - pd;
            survival.push(alive);
        }
        Ok(PdCurve { survival, marginal })
    }

    /// From marginal PDs; each in [0, 1], together at most 1.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every year out of range.
    pub fn marginal(pds: &[f64]) -> Result<Self> {
        check("marginal", pds)?;
        let mut alive = 1.0;
        let mut survival = Vec::with_capacity(pds.len());
        for pd in pds {
            alive -= pd;
            // What rounding leaves of a sum of one.
            if alive < -1e-12 {
                let problem = Problem::new("the years add up to more than 1", "pass unconditional PDs, or use `conditional`");
                return Err(Error::config(problem.field("marginal")));
            }
            alive = alive.max(0.0);
            survival.push(alive);
        }
        Ok(PdCurve { survival, marginal: pds.to_vec() })
    }

    /// From yearly transition probabilities of `K` grades, best first: one row a grade before, `K` columns of grades after and
    /// a last one for default, which is final. The curve is that of the start grade under the powers of the matrix.
    ///
    /// ```
    /// use scoreline::pricing::loss::PdCurve;
    /// let year = [vec![0.9, 0.08, 0.02], vec![0.1, 0.8, 0.1]];
    /// let good = PdCurve::transitions(&year, 0, 2)?;
    /// assert!((good.lifetime() - (0.02 + 0.9 * 0.02 + 0.08 * 0.1)).abs() < 1e-15);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when rows are not probabilities that add up to 1 within 1e-9, the
    /// matrix is not of `K` rows and `K` + 1 columns, or grade or years are out of range.
    pub fn transitions(rows: &[Vec<f64>], grade: usize, years: usize) -> Result<Self> {
        let grades = rows.len();
        let mut problems = Problems::default();
        problems.require(grade < grades, "grade", "the matrix has no such grade", "count from 0, the best grade");
        problems.require((1..=MAX_YEARS).contains(&years), "years", "must lie in 1 to 100", "pass whole years");
        for (at, row) in rows.iter().enumerate() {
            let place = format!("transitions[{at}]");
            let columns = row.len() == grades + 1;
            problems.require(columns, &place, "a column for each grade and one for default are needed", "pass as many");
            let shares = row.iter().all(|share| (0.0..=1.0).contains(share));
            problems.require(shares, &place, "must lie in [0, 1]", "write fractions, not percent");
            let whole = (row.iter().sum::<f64>() - 1.0).abs() <= 1e-9;
            problems.require(whole, &place, "must add up to 1", "spread withdrawn cases over the other columns");
        }
        problems.into_result()?;
        let mut state: Vec<f64> = (0..grades).map(|at| f64::from(u8::from(at == grade))).collect();
        let mut marginal = Vec::with_capacity(years);
        for _ in 0..years {
            let mut next = vec![0.0; grades + 1];
            for (share, row) in state.iter().zip(rows) {
                next.iter_mut().zip(row).for_each(|(sum, chance)| *sum += share * chance);
            }
            marginal.push(next.pop().unwrap_or(0.0).min(1.0));
            state = next;
        }
        PdCurve::marginal(&marginal)
    }

    /// From the cases of a migration matrix, as [`PdCurve::transitions`]; withdrawn cases are left out, as if they had gone the
    /// ways of the others.
    ///
    /// # Errors
    /// As [`PdCurve::transitions`]; [`InsufficientData`](crate::ErrorCode::InsufficientData) when a grade has no case that
    /// stayed in the book.
    pub fn migration(matrix: &MigrationMatrix, grade: usize, years: usize) -> Result<Self> {
        use crate::tier::After;
        let grades = matrix.grades();
        let mut rows = Vec::with_capacity(grades);
        for before in 0..grades {
            let after = (0..grades).map(|grade| After::Grade { grade }).chain([After::Defaulted {}]);
            let counts: Vec<f64> = after.map(|after| matrix.count(before, after) as f64).collect();
            let all: f64 = counts.iter().sum();
            if all == 0.0 {
                let what = format!("grade {before} has no case that stayed in the book");
                return Err(Error::insufficient(Problem::new(what, "join it with a neighbour").field("matrix")));
            }
            rows.push(counts.iter().map(|count| count / all).collect());
        }
        PdCurve::transitions(&rows, grade, years)
    }

    /// How many years the curve has.
    #[must_use]
    pub fn years(&self) -> usize {
        self.marginal.len()
    }

    /// The marginal PD of each year.
    #[must_use]
    pub fn marginals(&self) -> &[f64] {
        &self.marginal
    }

    /// The chance to have survived at the end of each year.
    #[must_use]
    pub fn survivals(&self) -> &[f64] {
        &self.survival
    }

    /// PD within the first year.
    #[must_use]
    pub fn twelve_month(&self) -> f64 {
        self.marginal.first().copied().unwrap_or(0.0)
    }

    /// PD within all years.
    #[must_use]
    pub fn lifetime(&self) -> f64 {
        1.0 - self.survival.last().copied().unwrap_or(1.0)
    }

    /// The chance to have survived after `years`, which may be a fraction: the hazard is constant within a year. Before 0 it is
    /// 1; after the last year it stays what it was, because nothing is known.
    #[must_use]
    pub fn survival_at(&self, years: f64) -> f64 {
        if years.is_nan() || years <= 0.0 {
            return 1.0;
        }
        let whole = years.floor().min(self.years() as f64) as usize;
        let at = |year: usize| if year == 0 { 1.0 } else { self.survival.get(year - 1).copied().unwrap_or(0.0) };
        let (start, part) = (at(whole), years - whole as f64);
        if whole == self.years() || part == 0.0 || start == 0.0 {
            return start;
        }
        let end = at(whole + 1);
        if end == 0.0 { 0.0 } else { start * exp(part * ln(end / start)) }
    }

    /// The share of those alive that default in each of the first `months` months, for a price over the life of a loan
    /// ([`PdPath::Monthly`](crate::pricing::PdPath)): the same in every month of a year, 1 where nobody survives the year. What is
    /// left of them after whole years is what the curve says.
    ///
    /// ```
    /// use scoreline::pricing::loss::PdCurve;
    /// let curve = PdCurve::conditional(&[0.02, 0.05])?;
    /// let alive: f64 = curve.hazards(24)?.iter().map(|hazard| 1.0 - hazard).product();
    /// assert!((alive - 0.98 * 0.95).abs() < 1e-15);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless there are 1 to 12 months for each year of the curve: nothing is known
    /// of later ones.
    pub fn hazards(&self, months: usize) -> Result<Vec<f64>> {
        if !(1..=12 * self.years()).contains(&months) {
            let what = format!("must lie between 1 and {}, the months of the curve", 12 * self.years());
            return Err(Error::config(Problem::new(what, "shorten the term, or give the curve more years").field("months")));
        }
        let starts = [1.0].into_iter().chain(self.survival.iter().copied());
        let yearly =
            starts.zip(&self.survival).map(|(start, end)| if *end > 0.0 { -exp_m1(ln(end / start) / 12.0) } else { 1.0 });
        Ok(yearly.flat_map(|hazard| [hazard; 12]).take(months).collect())
    }
}

impl TryFrom<Vec<f64>> for PdCurve {
    type Error = Error;

    fn try_from(marginal: Vec<f64>) -> Result<Self> {
        PdCurve::marginal(&marginal)
    }
}

impl From<PdCurve> for Vec<f64> {
    fn from(curve: PdCurve) -> Self {
        curve.marginal
    }
}

fn check(name: &str, pds: &[f64]) -> Result<()> {
    let mut problems = Problems::default();
    problems.require((1..=MAX_YEARS).contains(&pds.len()), "years", "must lie in 1 to 100", "pass one PD a year");
    for (year, pd) in pds.iter().enumerate() {
        let place = format!("{name}[{year}]");
        problems.require((0.0..=1.0).contains(pd), &place, "must lie in [0, 1]", "write a fraction, not percent");
    }
    problems.into_result()
}
