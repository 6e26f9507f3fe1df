//! One decision as Python sees it. Its parts are made when they are asked for.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use scoreline::pricing::{Money, Price};

use super::scorer::Scorer;
use crate::error::Fault;
use crate::guard::guard;

/// One decision. Parts whose policy the pipeline does not have are ``None``.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Decision {
    core: scoreline::Decision,
    scorer: Py<Scorer>,
}

/// Why a decision is what it is.
#[pyclass(frozen, eq, get_all, module = "scoreline._scoreline")]
#[derive(Clone, PartialEq)]
pub(crate) struct Reason {
    /// The code.
    code: String,
    /// The reason in words.
    text: String,
}

/// Exact money as ``decimal.Decimal``.
pub(super) fn decimal(py: Python<'_>, money: Money) -> PyResult<Bound<'_, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    DECIMAL.import(py, "decimal", "Decimal")?.call1((money.to_string(),))
}

impl Decision {
    pub(super) fn new(core: scoreline::Decision, scorer: Py<Scorer>) -> Self {
        Decision { core, scorer }
    }

    fn quote<T>(&self, part: impl FnOnce(f64, f64, &'static str) -> T) -> Option<T> {
        match self.core.price {
            Some(Price::Quote { rate, raroc, bound }) => Some(part(rate, raroc, bound.name())),
            _ => None,
        }
    }

    fn refused(&self) -> Option<(f64, f64)> {
        match self.core.price {
            Some(Price::NoLegalPrice { needed, cap }) => Some((needed, cap)),
            _ => None,
        }
    }

    fn list_reasons(&self) -> Vec<Reason> {
        let core = self.scorer.get().core();
        let reasons = self.core.reasons.as_slice().iter().filter_map(|&reason| core.reason(reason));
        reasons.map(|reason| Reason { code: reason.code.clone(), text: reason.text.clone() }).collect()
    }
}

#[pymethods]
impl Decision {
    /// Score points; higher is safer.
    #[getter]
    fn score(&self) -> Result<f64, Fault> {
        guard(|| Ok(self.core.score))
    }

    /// Probability of the event, in [0, 1].
    #[getter]
    fn pd(&self) -> Result<f64, Fault> {
        guard(|| Ok(self.core.pd))
    }

    /// Risk tier, ``"A"`` (best) to ``"D"``.
    #[getter]
    fn tier(&self) -> Result<Option<char>, Fault> {
        guard(|| Ok(self.core.tier.map(|tier| tier.letter())))
    }

    /// ``"approve"``, ``"refer"`` or ``"decline"``.
    #[getter]
    fn outcome(&self) -> Result<Option<&'static str>, Fault> {
        guard(|| Ok(self.core.outcome.map(|outcome| outcome.name())))
    }

    /// Credit limit; also ``None`` when an input of it is missing.
    #[getter]
    fn limit<'py>(&self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        guard(|| Ok(self.core.limit.map(|money| decimal(py, money)).transpose()?))
    }

    /// Name of the limit candidate that binds.
    #[getter]
    fn limit_binding(&self) -> Result<Option<&str>, Fault> {
        guard(|| Ok(self.core.binding.and_then(|binding| self.scorer.get().core().limit_names().nth(usize::from(binding)))))
    }

    /// Amount offered: the amount asked for, at most the limit.
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        guard(|| Ok(self.core.amount.map(|money| decimal(py, money)).transpose()?))
    }

    /// Monthly instalment over the amount offered.
    #[getter]
    fn instalment<'py>(&self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        guard(|| Ok(self.core.instalment.map(|money| decimal(py, money)).transpose()?))
    }

    /// Rate per year, as a fraction.
    #[getter]
    fn rate(&self) -> Result<Option<f64>, Fault> {
        guard(|| Ok(self.quote(|rate, _, _| rate)))
    }

    /// What the rate rests on: ``"hurdle"``, ``"floor"`` or ``"cap"``.
    #[getter]
    fn rate_bound(&self) -> Result<Option<&'static str>, Fault> {
        guard(|| Ok(self.quote(|_, _, bound| bound)))
    }

    /// RAROC at that rate, as a fraction.
    #[getter]
    fn raroc(&self) -> Result<Option<f64>, Fault> {
        guard(|| Ok(self.quote(|_, raroc, _| raroc)))
    }

    /// When no legal price exists: the rate that would earn the hurdle.
    #[getter]
    fn rate_needed(&self) -> Result<Option<f64>, Fault> {
        guard(|| Ok(self.refused().map(|(needed, _)| needed)))
    }

    /// When no legal price exists: the cap.
    #[getter]
    fn rate_cap(&self) -> Result<Option<f64>, Fault> {
        guard(|| Ok(self.refused().map(|(_, cap)| cap)))
    }

    /// Why, most important first; at most four.
    #[getter]
    fn reasons(&self) -> Result<Vec<Reason>, Fault> {
        guard(|| Ok(self.list_reasons()))
    }

    /// Number of levels never seen in training.
    #[getter]
    fn unseen(&self) -> Result<u8, Fault> {
        guard(|| Ok(self.core.unseen))
    }

    /// Score of the expert card, 0 to 100.
    #[getter]
    fn expert_score(&self) -> Result<Option<f64>, Fault> {
        guard(|| Ok(self.core.expert_score))
    }

    /// Worth of the client by that score, ``"A"`` (most) to ``"C"``. It says nothing of risk.
    #[getter]
    fn client_class(&self) -> Result<Option<char>, Fault> {
        guard(|| Ok(self.core.client_class.map(|class| class.letter())))
    }

    /// The decision as plain values that JSON holds: money as text, reasons as dicts.
    fn to_dict<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyDict>, Fault> {
        guard(|| {
            let answer = self.scorer.get().core().answer(&self.core);
            let plain = PyDict::new(py);
            plain.set_item("score", answer.score)?;
            plain.set_item("pd", answer.pd)?;
            plain.set_item("tier", answer.tier.map(|tier| tier.letter()))?;
            plain.set_item("outcome", answer.outcome.map(|outcome| outcome.name()))?;
            plain.set_item("limit", answer.limit.map(|money| money.to_string()))?;
            plain.set_item("limit_binding", answer.limit_binding)?;
            plain.set_item("amount", answer.amount.map(|money| money.to_string()))?;
            plain.set_item("instalment", answer.instalment.map(|money| money.to_string()))?;
            plain.set_item("rate", answer.rate)?;
            plain.set_item("rate_bound", answer.rate_bound.map(|bound| bound.name()))?;
            plain.set_item("raroc", answer.raroc)?;
            plain.set_item("rate_needed", answer.rate_needed)?;
            plain.set_item("rate_cap", answer.rate_cap)?;
            let mut reasons = Vec::new();
            for Reason { code, text } in self.list_reasons() {
                let reason = PyDict::new(py);
                reason.set_item("code", code)?;
                reason.set_item("text", text)?;
                reasons.push(reason);
            }
            plain.set_item("reasons", reasons)?;
            plain.set_item("unseen", answer.unseen)?;
            plain.set_item("expert_score", answer.expert_score)?;
            plain.set_item("client_class", answer.client_class.map(|class| class.letter()))?;
            Ok(plain)
        })
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Result<bool, Fault> {
        guard(|| {
            let Ok(other) = other.cast::<Decision>() else { return Ok(false) };
            let answer = |decision: &Decision| decision.scorer.get().core().answer(&decision.core).canonical();
            Ok(answer(self) == answer(other.get()))
        })
    }

    fn __repr__(&self, py: Python<'_>) -> Result<String, Fault> {
        guard(|| {
            let parts = self.to_dict(py)?;
            let known = parts.iter().filter(|(name, value)| !value.is_none() && !name.eq("reasons").unwrap_or(false));
            let known = known.map(|(name, value)| Ok(format!("{}={}", name.str()?, value.repr()?)));
            let codes: Vec<String> = self.list_reasons().into_iter().map(|reason| reason.code).collect();
            Ok(format!("Decision({}, reasons=[{}])", known.collect::<PyResult<Vec<_>>>()?.join(", "), codes.join(", ")))
        })
    }
}

#[pymethods]
impl Reason {
    fn __repr__(&self) -> Result<String, Fault> {
        guard(|| Ok(format!("Reason({}: {})", self.code, self.text)))
    }
}
