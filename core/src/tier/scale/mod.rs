//! Master scales: the grades that PDs of all models of a bank are mapped to.

mod concentration;

use serde::{Deserialize, Serialize};

pub use concentration::{ConcentrationTest, GradeConcentration, concentration_test, grade_concentration};

use crate::error::{Error, Problem, Problems, Result};
use crate::math::{exp, ln};
use crate::stats::ExactSum;

/// The most grades of a scale.
const MAX_GRADES: usize = 100;

/// Grades without the default grade, best first: the bounds of their PDs per year, and the PD that stands for each.
///
/// ```
/// use scoreline::tier::MasterScale;
/// let scale = MasterScale::log_equidistant(0.0003, 0.2, 7)?;
/// assert_eq!(scale.bounds().len(), 8);
/// assert!((scale.pds()[3] - 0.007745966692414834).abs() < 1e-12);   // the geometric middle of the fourth grade
/// assert_eq!([0.0001, 0.0003, 0.005, 0.5].map(|pd| scale.grade(pd)), [Some(0), Some(0), Some(3), Some(6)]);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct MasterScale {
    bounds: Vec<f64>,
    pds: Vec<f64>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    bounds: Vec<f64>,
    pds: Vec<f64>,
}

impl From<MasterScale> for Stored {
    fn from(scale: MasterScale) -> Self {
        Stored { bounds: scale.bounds, pds: scale.pds }
    }
}

impl TryFrom<Stored> for MasterScale {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        let scale = MasterScale { bounds: stored.bounds, pds: stored.pds };
        scale.validate()?;
        Ok(scale)
    }
}

/// What is asked of a scale and the obligors on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScaleRules {
    /// Least number of grades without the default grade. Default 7 (Basel CRE36, corporates).
    pub min_grades: usize,
    /// Largest share of the obligors in one grade, in (0, 1]. Default 0.3.
    pub max_share: f64,
}

impl Default for ScaleRules {
    fn default() -> Self {
        ScaleRules { min_grades: 7, max_share: 0.3 }
    }
}

/// How a scale and the obligors on it meet [`ScaleRules`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleReport {
    /// Obligors in each grade.
    pub obligors: Vec<u64>,
    /// Share of the obligors in each grade.
    pub shares: Vec<f64>,
    /// Whether there are as many grades as asked.
    pub enough_grades: bool,
    /// Grades with more than the largest share.
    pub crowded: Vec<usize>,
    /// Grades without an obligor.
    pub empty: Vec<usize>,
    /// How concentrated the obligors are.
    pub concentration: GradeConcentration,
}

impl MasterScale {
    /// Bounds at equal distances of the logarithm, PD_k = min · (max/min)^(k/K); each grade stands for its geometric middle.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless 0 < `pd_min` < `pd_max` ≤ 1 and there are 1 to 100 grades.
    pub fn log_equidistant(pd_min: f64, pd_max: f64, grades: usize) -> Result<Self> {
        let mut problems = Problems::default();
        let range = 0.0 < pd_min && pd_min < pd_max && pd_max <= 1.0;
        problems.require(range, "scale.bounds", "0 < pd_min < pd_max <= 1 was expected", "use for example 0.0003 and 0.2");
        problems.require((1..=MAX_GRADES).contains(&grades), "scale.grades", "1 to 100 grades are possible", "use for example 7");
        problems.into_result()?;
        let (low, width) = (ln(pd_min), ln(pd_max) - ln(pd_min));
        let inner = (1..grades).map(|k| exp(low + width * k as f64 / grades as f64));
        MasterScale::from_bounds([pd_min].into_iter().chain(inner).chain([pd_max]).collect())
    }

    /// A scale of given bounds; each grade stands for the geometric middle of its bounds.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless there are two or more and they rise strictly within (0, 1].
    pub fn from_bounds(bounds: Vec<f64>) -> Result<Self> {
        // A middle of two neighbouring doubles would be rounded to one of them.
        let pds = bounds.windows(2).map(|pair| exp(0.5 * (ln(pair[0]) + ln(pair[1]))).clamp(pair[0], pair[1].max(pair[0])));
        let scale = MasterScale { pds: pds.collect(), bounds };
        scale.validate()?;
        Ok(scale)
    }

    /// The same grades, each standing for the mean PD of its obligors; a grade without one keeps what it stood for. The mean
    /// of a grade at an end lies within its bounds even where PDs lie beyond them.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of a PD outside [0, 1].
    pub fn with_mean_pds(&self, pds: &[f64]) -> Result<Self> {
        let mut sums: Vec<(ExactSum, u64)> = self.pds.iter().map(|_| (ExactSum::default(), 0)).collect();
        for (pd, grade) in pds.iter().zip(self.grades_of(pds)?) {
            if let Some((sum, count)) = sums.get_mut(grade) {
                sum.add(*pd);
                *count += 1;
            }
        }
        let mean = |((sum, count), (old, bounds)): (&(ExactSum, u64), (&f64, &[f64]))| match (*count, bounds) {
            (0, _) => *old,
            (count, &[low, high]) => (sum.value() / count as f64).clamp(low, high),
            (count, _) => sum.value() / count as f64,
        };
        let pds = sums.iter().zip(self.pds.iter().zip(self.bounds.windows(2))).map(mean).collect();
        let scale = MasterScale { bounds: self.bounds.clone(), pds };
        scale.validate()?;
        Ok(scale)
    }

    /// The bounds, rising: one more than there are grades. A PD on a bound belongs to the worse grade.
    #[must_use]
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The PD per year that stands for each grade, rising.
    #[must_use]
    pub fn pds(&self) -> &[f64] {
        &self.pds
    }

    /// The grade of a PD: 0 for the best. A PD below the first bound belongs to the best grade, one above the last to the
    /// worst; `None` for NaN.
    #[must_use]
    pub fn grade(&self, pd: f64) -> Option<usize> {
        let inner = self.bounds.get(1..self.pds.len()).unwrap_or_default();
        (!pd.is_nan()).then(|| inner.partition_point(|bound| *bound <= pd))
    }

    /// The grades of PDs.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of a PD outside [0, 1].
    pub fn grades_of(&self, pds: &[f64]) -> Result<Vec<usize>> {
        let grade = |(row, pd): (usize, &f64)| match self.grade(*pd) {
            Some(grade) if (0.0..=1.0).contains(pd) => Ok(grade),
            _ => {
                let problem = Problem::new("a PD between 0 and 1 was expected", "leave out cases without a PD");
                Err(Error::data(problem.field("pd").row(row)))
            }
        };
        pds.iter().enumerate().map(grade).collect()
    }

    /// How the scale and the obligors with these PDs meet the rules.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for a share outside (0, 1];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of a PD outside [0, 1];
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) without obligors or with one grade.
    pub fn check(&self, pds: &[f64], rules: &ScaleRules) -> Result<ScaleReport> {
        if !(rules.max_share > 0.0 && rules.max_share <= 1.0) {
            let problem = Problem::new("must lie above 0 and not above 1", "use for example 0.3");
            return Err(Error::config(problem.field("scale.max_share")));
        }
        let mut obligors = vec![0u64; self.pds.len()];
        for grade in self.grades_of(pds)? {
            if let Some(count) = obligors.get_mut(grade) {
                *count += 1;
            }
        }
        let counts: Vec<f64> = obligors.iter().map(|count| *count as f64).collect();
        let concentration = grade_concentration(&counts)?;
        let shares: Vec<f64> = counts.iter().map(|count| count / pds.len() as f64).collect();
        let which = |holds: &dyn Fn(&f64) -> bool| (0..shares.len()).filter(|i| shares.get(*i).is_some_and(holds)).collect();
        Ok(ScaleReport {
            enough_grades: self.pds.len() >= rules.min_grades,
            crowded: which(&|share| *share > rules.max_share),
            empty: which(&|share| *share == 0.0),
            obligors,
            shares,
            concentration,
        })
    }

    fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let bounds = &self.bounds;
        let rising = bounds.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = bounds.iter().all(|bound| *bound > 0.0 && *bound <= 1.0);
        let count = (2..=MAX_GRADES + 1).contains(&bounds.len());
        let what = "2 to 101 bounds that rise strictly within (0, 1] were expected";
        problems.require(rising && inside && count, "scale.bounds", what, "list the PDs between which the grades lie");
        let within = self.pds.iter().zip(bounds.windows(2)).all(|(pd, pair)| pair[0] <= *pd && *pd <= pair[1]);
        let strictly = self.pds.windows(2).all(|pair| pair[0] < pair[1]);
        let one_each = self.pds.len() + 1 == bounds.len();
        let what = "one PD a grade, within its bounds and rising strictly, was expected";
        problems.require(within && strictly && one_each, "scale.pds", what, "let each grade stand for a PD between its bounds");
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn golden_scale() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiering.json")).unwrap();
        let case = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == "master_scale_geometric").unwrap();
        let scale = MasterScale::log_equidistant(0.0003, 0.2, 7).unwrap();
        for (name, found) in [("boundaries", scale.bounds()), ("geometric_mid", scale.pds())] {
            let want: Vec<f64> = serde_json::from_value(case["expected"][name].clone()).unwrap();
            assert_eq!(found.len(), want.len());
            assert!(found.iter().zip(&want).all(|(found, want)| (found - want).abs() < 1e-12), "{name}");
        }
        assert_eq!((scale.bounds()[0], scale.bounds()[7]), (0.0003, 0.2));
    }

    #[test]
    fn obligors_give_grades_their_mean_pd() {
        let scale = MasterScale::from_bounds(vec![0.01, 0.02, 0.04, 0.08]).unwrap();
        let fitted = scale.with_mean_pds(&[0.011, 0.013, 0.02, 0.3]).unwrap();
        assert_eq!(fitted.pds(), [0.012, 0.02, 0.08]);
        assert_eq!(scale.with_mean_pds(&[]).unwrap(), scale);
        let error = scale.with_mean_pds(&[0.1, f64::NAN]).unwrap_err();
        assert_eq!(error.problems()[0].row, Some(1));
        // The means of two grades may not meet on their common bound.
        assert!(scale.with_mean_pds(&[0.02]).is_ok());
        let rules = ScaleRules { max_share: 0.4, ..ScaleRules::default() };
        let report = scale.check(&[0.011, 0.013, 0.02, 0.3], &rules).unwrap();
        assert_eq!(
            (report.obligors, report.enough_grades, report.crowded, report.empty),
            (vec![2, 1, 1], false, vec![0], vec![])
        );
        assert!(scale.check(&[], &rules).is_err() && scale.check(&[0.1], &ScaleRules { max_share: 0.0, ..rules }).is_err());
    }

    #[test]
    fn scales_must_rise_and_files_are_checked() {
        for bounds in [vec![0.1], vec![0.0, 0.1], vec![0.1, 0.1], vec![0.1, 1.1], vec![0.1, f64::NAN], vec![0.2, 0.1]] {
            assert!(MasterScale::from_bounds(bounds).is_err());
        }
        for (low, high, grades) in [(0.0, 0.1, 5), (0.2, 0.1, 5), (0.1, 0.2, 0), (f64::NAN, 0.2, 5), (0.1, 0.2, 101)] {
            assert!(MasterScale::log_equidistant(low, high, grades).is_err());
        }
        let scale = MasterScale::log_equidistant(0.001, 0.5, 3).unwrap();
        let text = serde_json::to_string(&scale).unwrap();
        assert_eq!(serde_json::from_str::<MasterScale>(&text).unwrap(), scale);
        assert!(serde_json::from_str::<MasterScale>(r#"{"bounds":[0.1,0.2],"pds":[0.3]}"#).is_err());
        assert!(serde_json::from_str::<MasterScale>(r#"{"bounds":[0.1,0.2],"pds":[0.15],"more":1}"#).is_err());
    }

    proptest! {
        #[test]
        fn a_worse_pd_never_has_a_better_grade(low in 0.0..1.0f64, high in 0.0..1.0f64, grades in 1usize..30) {
            let scale = MasterScale::log_equidistant(0.0003, 0.9, grades).unwrap();
            let (low, high) = (low.min(high), low.max(high));
            prop_assert!(scale.grade(low) <= scale.grade(high));
            let grade = scale.grade(low).unwrap();
            prop_assert!(low < scale.bounds()[grade + 1] || grade == grades - 1);
            prop_assert!(low >= scale.bounds()[grade] || grade == 0);
            prop_assert_eq!(scale.grade(scale.pds()[grade]), Some(grade));
        }
    }
}
