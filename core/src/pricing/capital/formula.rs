//! The risk-weight functions: correlation, maturity slope, and the loss rate in the worst year.

use crate::error::{Error, Problem, Problems, Result};
use crate::math::{exp, ln, norm_cdf, norm_inv};

/// The confidence level of the Basel framework.
pub const BASEL_CONFIDENCE: f64 = 0.999;

/// Expected loss per year and unit of exposure: PD · LGD.
#[must_use]
pub fn expected_loss(pd: f64, lgd: f64) -> f64 {
    pd * lgd
}

/// A correlation that falls with the PD: low·v + high·(1 − v) with v = (1 − e^(−steep·PD)) / (1 − e^(−steep)).
#[derive(Debug, Clone, Copy)]
pub(super) struct Falling {
    low: f64,
    high: f64,
    steep: f64,
    whole: f64,
}

impl Falling {
    fn new(low: f64, high: f64, steep: f64) -> Self {
        Falling { low, high, steep, whole: 1.0 - exp(-steep) }
    }

    /// Corporates, sovereigns and banks: CRE31.5, Basel II paragraph 272.
    pub(super) fn corporate() -> Self {
        Falling::new(0.12, 0.24, 50.0)
    }

    /// Other retail: CRE31.16, Basel II paragraph 330.
    pub(super) fn other_retail() -> Self {
        Falling::new(0.03, 0.16, 35.0)
    }

    #[inline]
    pub(super) fn at(&self, pd: f64) -> f64 {
        let v = (1.0 - exp(-self.steep * pd)) / self.whole;
        self.low * v + self.high * (1.0 - v)
    }
}

/// Φ[(Φ⁻¹(PD) + √ρ·quantile) / √(1 − ρ)] without checks.
#[inline]
pub(super) fn loss_rate(pd: f64, correlation: f64, quantile: f64) -> f64 {
    norm_cdf((norm_inv(pd) + correlation.sqrt() * quantile) / (1.0 - correlation).sqrt())
}

/// The slope of the maturity adjustment, b = (0.11852 − 0.05478·ln PD)² (CRE31.5); `pd` in (0, 1]. The adjustment
/// (1 + (M − 2.5)·b) / (1 − 1.5·b) has a pole at b = 2/3, that is at a PD of 2.927 · 10⁻⁶, and no meaning below it.
#[must_use]
#[inline]
pub fn maturity_slope(pd: f64) -> f64 {
    let root = 0.11852 - 0.05478 * ln(pd);
    root * root
}

/// The default rate of a large, even portfolio that is not exceeded with probability `confidence`, in the model of one
/// factor (Vasicek 2002, *Loan portfolio value*): Φ[(Φ⁻¹(PD) + √ρ·Φ⁻¹(confidence)) / √(1 − ρ)].
///
/// ```
/// use scoreline::pricing::capital::wcdr;
/// assert!((wcdr(0.02, 0.1, 0.999)? - 0.128).abs() < 5e-4); // Hull, Risk Management and Financial Institutions
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `pd` lies outside [0, 1], `correlation` outside [0, 1) or
/// `confidence` outside (0, 1).
pub fn wcdr(pd: f64, correlation: f64, confidence: f64) -> Result<f64> {
    let mut problems = Problems::default();
    problems.require((0.0..=1.0).contains(&pd), "pd", "must lie in [0, 1]", "write a fraction, not percent");
    problems.require((0.0..1.0).contains(&correlation), "correlation", "must lie in [0, 1)", "write a fraction, not percent");
    problems.require(confidence > 0.0 && confidence < 1.0, "confidence", "must lie in (0, 1)", "Basel uses 0.999");
    problems.into_result()?;
    Ok(loss_rate(pd, correlation, norm_inv(confidence)))
}

/// A PD at which the maturity adjustment has no meaning.
pub(super) fn singular() -> Error {
    Error::data(
        Problem::new(
            "the maturity adjustment has no meaning at so small a PD and this maturity: its denominator 1 - 1.5 b or its numerator is not above zero",
            "raise the PD to the floor of a framework; CRE32.4 uses 0.0005",
        )
        .field("pd"),
    )
}
