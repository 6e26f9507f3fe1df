//! The numbers of a framework: floors, foundation LGD, scaling and the sales of small firms, by name and with their source.

use serde::{Deserialize, Deserializer, Serialize};
use serde_with::apply;

use crate::data::{Decimal, Read, decimal};
use crate::error::{Error, Problem, Problems, Result};

/// The frameworks that come with the library.
const FRAMEWORKS: &str = include_str!("frameworks.json");

/// Exposure classes of the internal-ratings approach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IrbClass {
    /// States and central banks: formula of corporates, no floors.
    Sovereign,
    /// Banks to which the multiplier of [`IrbClass::FinancialInstitution`] does not apply.
    Bank,
    /// Companies; small ones by their turnover.
    Corporate,
    /// Regulated institutions with total assets of at least USD 100 bn and all unregulated ones: correlation × 1.25 (CRE31.7).
    FinancialInstitution,
    /// Retail loans secured by residential property.
    Mortgage,
    /// Qualifying revolving retail, paid in full at every due date of the last twelve months.
    QrreTransactor,
    /// Other qualifying revolving retail.
    QrreRevolver,
    /// All other retail.
    OtherRetail,
}

impl IrbClass {
    /// Every class, in the order of the frameworks.
    pub const ALL: [IrbClass; 8] = [
        IrbClass::Sovereign,
        IrbClass::Bank,
        IrbClass::Corporate,
        IrbClass::FinancialInstitution,
        IrbClass::Mortgage,
        IrbClass::QrreTransactor,
        IrbClass::QrreRevolver,
        IrbClass::OtherRetail,
    ];

    /// Whether the class is retail: no maturity term, own estimates of LGD always.
    #[must_use]
    pub const fn is_retail(self) -> bool {
        matches!(self, IrbClass::Mortgage | IrbClass::QrreTransactor | IrbClass::QrreRevolver | IrbClass::OtherRetail)
    }

    /// Whether turnover lowers the correlation.
    pub(super) const fn has_size(self) -> bool {
        matches!(self, IrbClass::Corporate | IrbClass::FinancialInstitution)
    }
}

/// What secures an exposure, as the LGD floors tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Nothing that counts.
    #[default]
    Unsecured,
    /// Financial collateral.
    Financial,
    /// Receivables.
    Receivables,
    /// Commercial or residential property.
    RealEstate,
    /// Other physical collateral.
    OtherPhysical,
}

impl Security {
    /// Every kind.
    pub const ALL: [Security; 5] =
        [Security::Unsecured, Security::Financial, Security::Receivables, Security::RealEstate, Security::OtherPhysical];
}

/// Rank of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seniority {
    /// Before all subordinated claims.
    #[default]
    Senior,
    /// After the senior ones.
    Subordinated,
}

/// One value for each class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ByClass<T> {
    pub sovereign: T,
    pub bank: T,
    pub corporate: T,
    pub financial_institution: T,
    pub mortgage: T,
    pub qrre_transactor: T,
    pub qrre_revolver: T,
    pub other_retail: T,
}

impl<T: Decimal> Decimal for ByClass<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let read = ByClass::<Read<T>>::deserialize(deserializer)?;
        Ok(ByClass {
            sovereign: read.sovereign.0,
            bank: read.bank.0,
            corporate: read.corporate.0,
            financial_institution: read.financial_institution.0,
            mortgage: read.mortgage.0,
            qrre_transactor: read.qrre_transactor.0,
            qrre_revolver: read.qrre_revolver.0,
            other_retail: read.other_retail.0,
        })
    }
}

impl<T> ByClass<T> {
    /// The value of a class.
    pub const fn get(&self, class: IrbClass) -> &T {
        match class {
            IrbClass::Sovereign => &self.sovereign,
            IrbClass::Bank => &self.bank,
            IrbClass::Corporate => &self.corporate,
            IrbClass::FinancialInstitution => &self.financial_institution,
            IrbClass::Mortgage => &self.mortgage,
            IrbClass::QrreTransactor => &self.qrre_transactor,
            IrbClass::QrreRevolver => &self.qrre_revolver,
            IrbClass::OtherRetail => &self.other_retail,
        }
    }
}

/// Least LGD of own estimates, by what secures the exposure; fractions.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LgdFloors {
    pub unsecured: f64,
    pub financial: f64,
    pub receivables: f64,
    pub real_estate: f64,
    pub other_physical: f64,
}

impl LgdFloors {
    /// The floor of an exposure of which the share `secured`, in [0, 1], is secured: the weighted mean of CRE32.17.
    #[must_use]
    pub fn floor(&self, security: Security, secured: f64) -> f64 {
        let fully = match security {
            Security::Unsecured => self.unsecured,
            Security::Financial => self.financial,
            Security::Receivables => self.receivables,
            Security::RealEstate => self.real_estate,
            Security::OtherPhysical => self.other_physical,
        };
        if secured == 1.0 { fully } else { self.unsecured * (1.0 - secured) + fully * secured }
    }
}

/// Supervisory LGD of the foundation approach for claims without recognised collateral (CRE32.6, 32.7); fractions.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundationLgd {
    /// Senior claims on sovereigns, banks and other financial institutions.
    pub financial: f64,
    /// Senior claims on other corporates.
    pub corporate: f64,
    /// Subordinated claims.
    pub subordinated: f64,
}

/// Between which yearly sales the correlation of a company falls by up to 0.04; in millions.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmSize {
    /// Currency of the sales.
    pub currency: String,
    /// Sales below count as these.
    pub least: f64,
    /// From these sales on nothing is taken off.
    pub most: f64,
}

/// The numbers of a framework. All of them are data: change a copy for another jurisdiction.
///
/// ```
/// use scoreline::pricing::capital::{IrbClass, IrbFramework, Security};
/// let basel = IrbFramework::named("basel3")?;
/// assert_eq!(*basel.pd_floors.get(IrbClass::QrreRevolver), 0.001);
/// assert_eq!(basel.lgd_floors.corporate.floor(Security::RealEstate, 0.5), 0.175);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")], ByClass<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IrbFramework {
    /// Its name.
    pub name: String,
    /// Text and clauses that the numbers come from.
    pub source: String,
    /// Confidence level of the loss rate, in (0.5, 1).
    pub confidence: f64,
    /// What the risk weight of a performing exposure is multiplied by; 1.06 in the CRR of 2014. K is not.
    pub scaling: f64,
    /// Least PD; fractions.
    pub pd_floors: ByClass<f64>,
    /// Least LGD of own estimates.
    pub lgd_floors: ByClass<LgdFloors>,
    /// LGD of the foundation approach.
    pub foundation_lgd: FoundationLgd,
    /// Sales that make a company small.
    pub firm_size: FirmSize,
}

impl IrbFramework {
    /// Every framework that comes with the library: `basel2`, `basel3`, `eu_crr`, `uk_basel31`.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) when the shipped file is broken, which a test excludes.
    pub fn all() -> Result<Vec<IrbFramework>> {
        serde_json::from_str(FRAMEWORKS).map_err(|_| Error::internal("the shipped frameworks are not of the expected form"))
    }

    /// The framework of that name.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for an unknown name, with the known ones.
    pub fn named(name: &str) -> Result<IrbFramework> {
        let all = IrbFramework::all()?;
        let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
        all.into_iter().find(|one| one.name == name).ok_or_else(|| {
            let remedy = format!("use one of {}, or write its numbers", names.join(", "));
            Error::config(Problem::new("there is no framework of that name", remedy).field("framework"))
        })
    }

    /// The supervisory LGD of a claim without recognised collateral; none for retail, which has own estimates only.
    #[must_use]
    pub fn foundation_lgd(&self, class: IrbClass, seniority: Seniority) -> Option<f64> {
        match (class, seniority) {
            (class, _) if class.is_retail() => None,
            (_, Seniority::Subordinated) => Some(self.foundation_lgd.subordinated),
            (IrbClass::Corporate, Seniority::Senior) => Some(self.foundation_lgd.corporate),
            _ => Some(self.foundation_lgd.financial),
        }
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let fraction = "write a fraction, not percent";
        let level = self.confidence > 0.5 && self.confidence < 1.0;
        problems.require(level, "framework.confidence", "must lie in (0.5, 1)", "Basel uses 0.999");
        let scaling = self.scaling > 0.0 && self.scaling <= 10.0;
        problems.require(scaling, "framework.scaling", "must lie in (0, 10]", "use 1 when there is none");
        for class in IrbClass::ALL {
            let floor = *self.pd_floors.get(class);
            problems.require((0.0..1.0).contains(&floor), "framework.pd_floors", "must lie in [0, 1)", fraction);
            let floors = self.lgd_floors.get(class);
            let fine = Security::ALL.iter().all(|security| (0.0..=1.0).contains(&floors.floor(*security, 1.0)));
            problems.require(fine, "framework.lgd_floors", "must lie in [0, 1]", fraction);
        }
        let lgd = [self.foundation_lgd.financial, self.foundation_lgd.corporate, self.foundation_lgd.subordinated];
        let fine = lgd.iter().all(|lgd| (0.0..=1.0).contains(lgd));
        problems.require(fine, "framework.foundation_lgd", "must lie in [0, 1]", fraction);
        let sales = self.firm_size.least >= 0.0 && self.firm_size.least < self.firm_size.most && self.firm_size.most.is_finite();
        problems.require(sales, "framework.firm_size", "`least` must be at least 0 and below `most`", "write sales in millions");
    }
}
