//! PD over time, loss given default, exposure at default, shared losses: thin calls of the library.

use pyo3::prelude::*;
use scoreline::pricing::Money;
use scoreline::pricing::loss::{
    self as core, CommitmentKind, DefaultedLine, DrawdownPool, FactorKind, Guarantee, LossLeg, PdCurve, Recovery, share_loss,
    substitute,
};
use scoreline::{Error, Kind, Problem};

use crate::data::Single;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

fn curve<'py>(py: Python<'py>, curve: &PdCurve) -> Result<Bound<'py, PyAny>, Fault> {
    let found = serde_json::json!({
        "marginals": curve.marginals(),
        "survivals": curve.survivals(),
        "twelve_month": curve.twelve_month(),
        "lifetime": curve.lifetime(),
    });
    plain(py, &found)
}

/// A curve of conditional or marginal PDs, one a year.
#[pyfunction]
pub(crate) fn pd_curve<'py>(pds: &Bound<'py, PyAny>, conditional: bool) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let values = Single::read("pds", pds, Some(Kind::Number))?.numbers()?;
        curve(pds.py(), &if conditional { PdCurve::conditional(&values)? } else { PdCurve::marginal(&values)? })
    })
}

/// The share of those alive that default in each month.
#[pyfunction]
pub(crate) fn pd_hazards(marginals: Vec<f64>, months: usize) -> Result<Vec<f64>, Fault> {
    guard(|| Ok(PdCurve::marginal(&marginals)?.hazards(months)?))
}

/// A curve of a constant conditional PD.
#[pyfunction]
pub(crate) fn pd_curve_constant(py: Python<'_>, pd: f64, years: usize) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| curve(py, &PdCurve::constant(pd, years)?))
}

/// A curve from yearly transition probabilities.
#[pyfunction]
pub(crate) fn pd_curve_transitions(
    py: Python<'_>,
    rows: Vec<Vec<f64>>,
    grade: usize,
    years: usize,
) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| curve(py, &PdCurve::transitions(&rows, grade, years)?))
}

/// A curve from a migration matrix, which is JSON.
#[pyfunction]
pub(crate) fn pd_curve_migration<'py>(
    py: Python<'py>,
    matrix: &str,
    grade: usize,
    years: usize,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| curve(py, &PdCurve::migration(&setting("matrix", matrix)?, grade, years)?))
}

/// The chance to survive for `years` on a curve of marginal PDs.
#[pyfunction]
pub(crate) fn pd_survival_at(marginals: Vec<f64>, years: f64) -> Result<f64, Fault> {
    guard(|| Ok(PdCurve::marginal(&marginals)?.survival_at(years)))
}

/// A loss given default with its parts; `recovery` is JSON.
#[pyfunction]
pub(crate) fn recovery_lgd<'py>(py: Python<'py>, recovery: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let recovery: Recovery = setting("recovery", recovery)?;
        plain(py, &recovery.lgd()?)
    })
}

/// The parts of a guaranteed exposure; `guarantees` is JSON.
#[pyfunction]
pub(crate) fn guaranteed<'py>(py: Python<'py>, pd: f64, lgd: f64, guarantees: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let guarantees: Vec<Guarantee> = setting("guarantees", guarantees)?;
        plain(py, &substitute(pd, lgd, &guarantees)?)
    })
}

/// Exposure at default by a factor.
#[pyfunction]
pub(crate) fn exposure_at_default(drawn: f64, limit: f64, ccf: f64) -> Result<f64, Fault> {
    guard(|| Ok(core::ead(drawn, limit, ccf)?))
}

/// Exposure at default by a kind of commitment, which is JSON, or the floor of own estimates.
#[pyfunction]
pub(crate) fn commitment_ead(drawn: f64, limit: f64, kind: &str, floor: bool) -> Result<f64, Fault> {
    guard(|| {
        let kind: CommitmentKind = setting("kind", kind)?;
        Ok(if floor { core::advanced_ead_floor(drawn, limit, kind)? } else { core::ead(drawn, limit, kind.ccf())? })
    })
}

/// The factor of a defaulted line; `line` and `kind` are JSON.
#[pyfunction]
pub(crate) fn drawdown_factor<'py>(py: Python<'py>, line: &str, kind: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (line, kind): (DefaultedLine, FactorKind) = (setting("line", line)?, setting("kind", kind)?);
        plain(py, &line.factor(kind)?)
    })
}

/// Factors of columns of defaulted lines; `kind` is JSON.
#[pyfunction]
pub(crate) fn drawdown_pool<'py>(
    drawn: &Bound<'py, PyAny>,
    limit: &Bound<'py, PyAny>,
    ead: &Bound<'py, PyAny>,
    kind: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let kind: FactorKind = setting("kind", kind)?;
        let py = drawn.py();
        let drawn = Single::read("drawn", drawn, Some(Kind::Number))?.numbers()?;
        let limit = Single::read("limit", limit, Some(Kind::Number))?.numbers()?;
        let ead = Single::read("ead", ead, Some(Kind::Number))?.numbers()?;
        if limit.len() != drawn.len() || ead.len() != drawn.len() {
            let problem = Problem::new("drawn, limit and ead differ in length", "pass one of each a line");
            return Err(Error::data(problem.field("ead")).into());
        }
        let lines = drawn.into_iter().zip(limit).zip(ead);
        let lines: Vec<_> = lines.map(|((drawn, limit), ead)| DefaultedLine { drawn, limit, ead }).collect();
        plain(py, &DrawdownPool::new(&lines, kind)?)
    })
}

/// A loss divided among legs: what is kept, what each bears, and the fees; amounts are texts, `legs` is JSON.
#[pyfunction]
pub(crate) fn divide_loss(exposure: &str, loss: &str, legs: &str) -> Result<(String, Vec<String>, Vec<String>), Fault> {
    guard(|| {
        let legs: Vec<LossLeg> = setting("legs", legs)?;
        let money = |name: &str, text: &str| text.parse::<Money>().map_err(|error| error.in_field(name));
        let shared = share_loss(money("exposure", exposure)?, money("loss", loss)?, &legs)?;
        let texts = |amounts: &[Money]| amounts.iter().map(Money::to_string).collect();
        Ok((shared.kept.to_string(), texts(&shared.legs), texts(&shared.fees)))
    })
}
