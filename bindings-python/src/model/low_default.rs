//! PDs of portfolios with few defaults.

use pyo3::prelude::*;
use scoreline::model::{GradeCounts, LowDefaultConfig};
use scoreline::{Error, Problem};

use crate::error::Fault;
use crate::guard::guard;
use crate::plain::setting;

/// The PD of each grade, best first; `config` is the JSON of a `LowDefaultConfig`.
#[pyfunction]
pub(crate) fn low_default_pds(py: Python<'_>, obligors: Vec<u64>, defaults: Vec<u64>, config: &str) -> Result<Vec<f64>, Fault> {
    guard(|| {
        let config: LowDefaultConfig = setting("low_default", config)?;
        if obligors.len() != defaults.len() {
            let problem = Problem::new("obligors and defaults differ in length", "pass one of each for every grade");
            return Err(Error::data(problem.field("defaults")).into());
        }
        let grade = |(obligors, defaults)| GradeCounts { obligors, defaults };
        let grades: Vec<GradeCounts> = obligors.into_iter().zip(defaults).map(grade).collect();
        Ok(py.detach(|| config.fit(&grades))?)
    })
}
