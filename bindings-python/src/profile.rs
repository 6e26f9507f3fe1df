//! Are the data fit for use: profiles of tables, and what moved between two.

use pyo3::prelude::*;
use scoreline::profile::{Profile, ProfileConfig};
use scoreline::{Error, Threads};

use crate::data::{Input, Wanted};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{setting, text};

/// The profile of a table as JSON and as text. `columns` are those that are read; all, when absent.
#[pyfunction]
#[pyo3(signature = (data, config, columns = None, threads = 0))]
pub(crate) fn profile(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    config: &str,
    columns: Option<Vec<String>>,
    threads: usize,
) -> Result<(String, String), Fault> {
    guard(|| {
        let config: ProfileConfig = setting("profile", config)?;
        let wanted = match columns {
            Some(columns) => Wanted::Columns(columns.into_iter().chain(config.target.clone()).map(|name| (name, None)).collect()),
            None => Wanted::All,
        };
        let input = Input::read(data, &wanted)?;
        let found = py.detach(|| {
            let batches: Vec<_> = input.batches(&wanted)?.into_iter().map(|(_, batch)| batch).collect();
            scoreline::profile::profile(&batches, &config, Threads::from_count(threads))
                .map_err(|error| input.advise(error, &wanted))
        })?;
        Ok((text(&found)?, found.to_string()))
    })
}

/// What moved from one profile to another, both as JSON; as JSON and as text.
#[pyfunction]
pub(crate) fn compare_profiles(py: Python<'_>, before: &str, after: &str) -> Result<(String, String), Fault> {
    guard(|| {
        let (before, after): (Profile, Profile) = (setting("before", before)?, setting("after", after)?);
        let moved = py.detach(|| Ok::<_, Error>(scoreline::profile::compare(&before, &after)))?;
        Ok((text(&moved)?, moved.to_string()))
    })
}
