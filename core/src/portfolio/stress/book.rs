//! The figures of a book before and after a shock.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::shock::{PartialShock, Shock};
use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};
use crate::pricing::{CapitalModel, FundingBase, SinglePeriod};
use crate::tier::{After, ByTier, MigrationMatrix, RiskTier, TierPolicy, TierTable};

/// What the figures of a book rest on, besides its exposures.
#[apply(f64 => #[serde(deserialize_with = "decimal")], [f64; 3] => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StressPolicy {
    /// The upper PD of tiers A, B and C.
    pub cuts: [f64; 3],
    /// Capital that an exposure binds.
    pub capital: CapitalModel,
    /// Funding rate per year, paid on the whole exposure.
    pub funding: f64,
    /// Cost of operation, a share of the exposure per year.
    pub opex: f64,
    /// What the capital itself earns.
    pub capital_benefit: f64,
    /// Tax on income, in [0, 1).
    pub tax: f64,
    /// RAROC after tax that an offer must reach.
    pub hurdle: f64,
}

/// An exposure, or an offer.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StressedExposure {
    /// PD per year, in (0, 1).
    pub pd: f64,
    /// Loss given default, in [0, 1].
    pub lgd: f64,
    /// Exposure at default, above 0.
    pub ead: f64,
    /// Rate per year, with fees.
    pub rate: f64,
}

/// The figures of a book.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookFigures {
    /// Exposure at default.
    pub ead: f64,
    /// Expected loss of a year.
    pub expected_loss: f64,
    /// Capital bound.
    pub capital: f64,
    /// Income after tax of a year.
    pub net_income: f64,
    /// Income over capital.
    pub raroc: f64,
    /// Share of the exposures whose own RAROC is at least the hurdle at a rate that is allowed.
    pub above_hurdle: f64,
    /// Exposures by tier.
    pub tiers: ByTier<u64>,
}

/// What a shock does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StressReport {
    /// Without it.
    pub before: BookFigures,
    /// With it.
    pub after: BookFigures,
    /// From which tier to which.
    pub migration: MigrationMatrix,
}

impl StressPolicy {
    /// Checks every figure.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.absorb("stress", self.tiers());
        self.capital.check(&mut problems);
        for (place, rate, low) in [
            ("stress.funding", self.funding, -0.5),
            ("stress.opex", self.opex, 0.0),
            ("stress.capital_benefit", self.capital_benefit, -0.5),
            ("stress.hurdle", self.hurdle, -0.5),
        ] {
            let usable = (low..=1.0).contains(&rate);
            problems.require(usable, place, &format!("must lie in [{low}, 1]"), "write a fraction per year, not percent");
        }
        problems.require((0.0..1.0).contains(&self.tax), "stress.tax", "must lie in [0, 1)", "write a fraction, not percent");
        problems.into_result()
    }

    fn tiers(&self) -> Result<TierTable> {
        TierPolicy::from_cuts(self.cuts).resolve()
    }

    /// The book before and after a shock.
    ///
    /// ```
    /// use scoreline::portfolio::{PdShock, Shock, StressPolicy, StressedExposure};
    /// use scoreline::pricing::CapitalModel;
    /// let policy = StressPolicy {
    ///     cuts: [0.01, 0.03, 0.1], capital: CapitalModel::FixedShare { share: 0.08 }, funding: 0.03, opex: 0.01,
    ///     capital_benefit: 0.02, tax: 0.25, hurdle: 0.1,
    /// };
    /// let book = [0.005, 0.02, 0.08].map(|pd| StressedExposure { pd, lgd: 0.5, ead: 1000.0, rate: 0.06 + pd });
    /// let shock = Shock { pd: PdShock::State { z: -2.0, rho: 0.1 }, lgd: 0.1, ..Shock::default() };
    /// let report = policy.stress(&book, &shock)?;
    /// assert!(report.after.expected_loss > report.before.expected_loss && report.after.raroc < report.before.raroc);
    /// assert_eq!((report.before.tiers.a, report.after.tiers.a), (1, 0));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of policy and shock;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of an exposure that is not usable;
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) without exposures.
    pub fn stress(&self, book: &[StressedExposure], shock: &Shock) -> Result<StressReport> {
        self.check(book, shock)?;
        let table = self.tiers()?;
        let (before, after) = (Shock::default().part(0.0), shock.part(1.0));
        let mut migration = MigrationMatrix::new(RiskTier::ALL.len())?;
        for exposure in book {
            let tier = |shock: &PartialShock| Ok::<_, Error>(table.score_tier(f64::NAN, shock.pd(exposure.pd)?));
            migration.add(tier(&before)?.index(), After::from(tier(&after)?))?;
        }
        Ok(StressReport { before: self.figures(book, &before)?, after: self.figures(book, &after)?, migration })
    }

    pub(super) fn check(&self, book: &[StressedExposure], shock: &Shock) -> Result<()> {
        self.validate()?;
        shock.validate()?;
        if book.is_empty() {
            let problem = Problem::new("there are no exposures", "pass the book").field("book");
            return Err(Error::insufficient(problem));
        }
        for (row, exposure) in book.iter().enumerate() {
            let mut problems = Problems::default();
            let share = "pass a fraction, not percent";
            problems.require(exposure.pd > 0.0 && exposure.pd < 1.0, "pd", "must lie in (0, 1)", share);
            problems.require((0.0..=1.0).contains(&exposure.lgd), "lgd", "must lie in [0, 1]", share);
            let ead = exposure.ead > 0.0 && exposure.ead < 1e15;
            problems.require(ead, "ead", "an amount above 0 was expected", "leave out what is not exposed");
            problems.require((-0.5..=10.0).contains(&exposure.rate), "rate", "must lie in [-0.5, 10]", share);
            problems.into_data().map_err(|error| error.at_row(row))?;
        }
        Ok(())
    }

    /// The figures of a book that was checked, under a part of a shock.
    pub(super) fn figures(&self, book: &[StressedExposure], shock: &PartialShock) -> Result<BookFigures> {
        let table = self.tiers()?;
        let (mut ead, mut loss, mut capital, mut income, mut above) = (0.0, 0.0, 0.0, 0.0, 0u64);
        let mut tiers = [0u64; 4];
        for exposure in book {
            let (pd, lgd, amount) = (shock.pd(exposure.pd)?, shock.lgd(exposure.lgd), shock.ead(exposure.ead));
            let loan = SinglePeriod {
                rate: exposure.rate,
                fees: 0.0,
                funding: shock.funding(self.funding),
                funding_base: FundingBase::Ead,
                opex: self.opex,
                expected_loss: pd * lgd,
                capital: self.capital.k(pd, lgd)?,
                capital_benefit: self.capital_benefit,
                tax: self.tax,
            };
            ead += amount;
            loss += amount * loan.expected_loss;
            capital += amount * loan.capital;
            income += amount * loan.net_income();
            let allowed = shock.shock.cap.is_none_or(|cap| exposure.rate <= cap);
            // Without a division: an exposure may bind no capital.
            above += u64::from(allowed && loan.net_income() >= self.hurdle * loan.capital);
            tiers[table.score_tier(f64::NAN, pd).index()] += 1;
        }
        let raroc = income / capital;
        if !raroc.is_finite() {
            let problem = Problem::new("the book binds no capital", "use a capital model with floors above 0").field("capital");
            return Err(Error::data(problem));
        }
        Ok(BookFigures {
            ead,
            expected_loss: loss,
            capital,
            net_income: income,
            raroc,
            above_hurdle: above as f64 / book.len() as f64,
            tiers: tiers.into(),
        })
    }
}
