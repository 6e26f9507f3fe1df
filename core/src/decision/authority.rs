//! Who may decide, and how soon: from amount, tier and exceptions.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Problems, Result};
use crate::tier::{ByTier, RiskTier};

/// Rungs from the lowest upwards; a case belongs to the first that admits it. One ladder says who may decide (clerk, two
/// persons, committee), another how soon (fast lane, ordinary).
///
/// ```
/// use scoreline::decision::Ladder;
/// use scoreline::tier::RiskTier;
/// let authority: Ladder = serde_json::from_str(r#"{"rungs": [
///     {"name": "clerk", "max_amount": {"A": 50000, "B": 20000, "C": 5000, "D": 0}, "max_exceptions": 0},
///     {"name": "two persons", "max_amount": {"A": 500000, "B": 200000, "C": 50000, "D": 10000}, "max_exceptions": 1},
///     {"name": "committee"}
/// ]}"#)?;
/// let who = |amount, tier, exceptions| authority.rung(amount, tier, exceptions).map(|rung| rung.name.as_str());
/// assert_eq!(who(40_000.0, RiskTier::A, 0)?, "clerk");
/// assert_eq!(who(40_000.0, RiskTier::A, 1)?, "two persons");
/// assert_eq!(who(40_000.0, RiskTier::D, 0)?, "committee");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// The rungs; the last admits everything.
    pub rungs: Vec<Rung>,
}

/// One rung of a [`Ladder`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Name, unique within the ladder.
    pub name: String,
    /// Largest amount by tier; any, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_amount: Option<ByTier<f64>>,
    /// Most exceptions from the policy; any number, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_exceptions: Option<u32>,
}

/// What a rung depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// The amount of the case, at least 0.
    pub amount: f64,
    /// Its risk tier.
    pub tier: RiskTier,
    /// How many exceptions from the policy it asks for.
    pub exceptions: u32,
}

fn no_rung() -> Error {
    Error::config(Problem::new("no rung admits the case", "end with a rung without bounds").field("rungs"))
}

impl Rung {
    fn admits(&self, amount: f64, tier: RiskTier, exceptions: u32) -> bool {
        self.max_amount.is_none_or(|most| amount <= *most.get(tier)) && self.max_exceptions.is_none_or(|most| exceptions <= most)
    }
}

impl Ladder {
    /// The rung of a case: its amount, at least 0, its tier and how many exceptions from the policy it asks for.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the amount is not usable;
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when no rung admits the case, which [`Ladder::validate`] rules out.
    pub fn rung(&self, amount: f64, tier: RiskTier, exceptions: u32) -> Result<&Rung> {
        self.rungs.get(self.place(amount, tier, exceptions)?).ok_or_else(no_rung)
    }

    /// The places in [`Ladder::rungs`] of a column of cases, each as [`Ladder::rung`] finds it.
    ///
    /// ```
    /// use scoreline::decision::{Case, Ladder};
    /// use scoreline::tier::RiskTier;
    /// let speed: Ladder = serde_json::from_str(r#"{"rungs": [
    ///     {"name": "fast lane", "max_amount": {"A": 20000, "B": 5000, "C": 0, "D": 0}, "max_exceptions": 0}, {"name": "ordinary"}
    /// ]}"#)?;
    /// let case = |amount, tier| Case { amount, tier, exceptions: 0 };
    /// assert_eq!(speed.places(&[case(9_000.0, RiskTier::A), case(9_000.0, RiskTier::B)])?, [0, 1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Ladder::rung`] with the row of the first case that has no rung.
    pub fn places(&self, cases: &[Case]) -> Result<Vec<usize>> {
        let place =
            |(row, case): (usize, &Case)| self.place(case.amount, case.tier, case.exceptions).map_err(|error| error.at_row(row));
        cases.iter().enumerate().map(place).collect()
    }

    fn place(&self, amount: f64, tier: RiskTier, exceptions: u32) -> Result<usize> {
        if !(amount >= 0.0 && amount.is_finite()) {
            let problem = Problem::new("a finite amount of at least 0 was expected", "pass the amount of the case");
            return Err(Error::data(problem.field("amount")));
        }
        self.rungs.iter().position(|rung| rung.admits(amount, tier, exceptions)).ok_or_else(no_rung)
    }

    /// Checks that every case has a rung and that each rung admits what the one below does.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let total = self.rungs.last().is_some_and(|rung| rung.max_amount.is_none() && rung.max_exceptions.is_none());
        problems.require(total, "rungs", "some cases have no rung", "end with a rung without bounds");
        let mut names = BTreeSet::new();
        for (i, rung) in self.rungs.iter().enumerate() {
            let place = format!("rungs[{i}]");
            problems.require(!rung.name.trim().is_empty(), &place, "a rung needs a name", "name it");
            problems.require(names.insert(rung.name.as_str()), &place, "two rungs have the same name", "rename one");
            if let Some(most) = &rung.max_amount {
                let usable = most.iter().all(|(_, amount)| *amount >= 0.0 && amount.is_finite());
                problems.require(usable, &place, "every amount must be finite and at least 0", "correct it");
                let falling = most.a >= most.b && most.b >= most.c && most.c >= most.d;
                problems.require(falling, &place, "a worse tier has a higher amount", "let the amounts fall from A to D");
            }
        }
        for (i, pair) in self.rungs.windows(2).enumerate() {
            let [lower, upper] = pair else { continue };
            let wider = RiskTier::ALL.into_iter().all(|tier| {
                let most = |rung: &Rung| rung.max_amount.map_or(f64::INFINITY, |most| *most.get(tier));
                most(lower) <= most(upper)
            });
            let lenient = lower.max_exceptions.unwrap_or(u32::MAX) <= upper.max_exceptions.unwrap_or(u32::MAX);
            let what = "it admits less than the rung below";
            problems.require(wider && lenient, &format!("rungs[{}]", i + 1), what, "order the rungs from the lowest upwards");
        }
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(name: &str, max_amount: Option<[f64; 4]>, max_exceptions: Option<u32>) -> Rung {
        Rung { name: name.into(), max_amount: max_amount.map(Into::into), max_exceptions }
    }

    #[test]
    fn a_table_of_cases() {
        let ladder = Ladder {
            rungs: vec![
                rung("clerk", Some([100.0, 50.0, 0.0, 0.0]), Some(0)),
                rung("two", Some([1_000.0, 500.0, 100.0, 0.0]), Some(2)),
                rung("board", None, None),
            ],
        };
        ladder.validate().unwrap();
        use RiskTier::{A, B, C, D};
        let cases = [
            (100.0, A, 0, "clerk"),
            (100.01, A, 0, "two"),
            (50.0, B, 0, "clerk"),
            (50.0, B, 1, "two"),
            (0.0, C, 0, "clerk"),
            (1.0, C, 0, "two"),
            (1.0, D, 0, "board"),
            (1.0, A, 3, "board"),
        ];
        for (amount, tier, exceptions, name) in cases {
            assert_eq!(ladder.rung(amount, tier, exceptions).unwrap().name, name, "{amount} {tier} {exceptions}");
        }
        let column: Vec<Case> = cases.iter().map(|&(amount, tier, exceptions, _)| Case { amount, tier, exceptions }).collect();
        let names: Vec<&str> = ladder.places(&column).unwrap().into_iter().map(|at| ladder.rungs[at].name.as_str()).collect();
        assert_eq!(names, cases.map(|case| case.3));
        let bad = [column[0], Case { amount: f64::NAN, ..column[0] }];
        assert_eq!(ladder.places(&bad).unwrap_err().problems()[0].row, Some(1));
        assert!([-1.0, f64::NAN, f64::INFINITY].into_iter().all(|amount| ladder.rung(amount, A, 0).is_err()));
    }

    #[test]
    fn every_problem_is_listed() {
        let ladder = Ladder { rungs: vec![rung("a", None, Some(1)), rung("a", Some([1.0, 2.0, 0.0, -1.0]), Some(0))] };
        // no last rung, the name twice, amounts twice, less than below
        assert_eq!(ladder.validate().unwrap_err().problems().len(), 5);
        assert!(Ladder { rungs: vec![] }.validate().is_err());
    }
}
