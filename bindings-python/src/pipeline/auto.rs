//! The search for the best card.

use pyo3::prelude::*;
use scoreline::Threads;
use scoreline::auto::AutoConfig;

use super::config::{Asked, wanted};
use crate::artefact::Artefact;
use crate::data::Input;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{setting, text};

/// Searches for the best card. Returns the artefact of the winner, the JSON of its configuration and of the leaderboard, and
/// the leaderboard as text.
#[pyfunction]
#[pyo3(signature = (data, config, auto, threads = 0))]
pub(crate) fn search(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    config: &str,
    auto: &str,
    threads: usize,
) -> Result<(Artefact, String, String, String), Fault> {
    guard(|| {
        let settings: AutoConfig = setting("auto", auto)?;
        let asked = Asked::from_json(config)?;
        let input = Input::read(data, &asked.wanted())?;
        let config = asked.complete(&input)?;
        let (winner, found) = py.detach(|| {
            let wanted = wanted(&config);
            let batches: Vec<_> = input.batches(&wanted)?.into_iter().map(|(_, batch)| batch).collect();
            let found = scoreline::auto::search(&batches, config, &settings, Threads::from_count(threads))
                .map_err(|error| input.advise(error, &wanted))?;
            Ok::<_, scoreline::Error>((scoreline::Artefact::new(&found.winner)?, found))
        })?;
        Ok((Artefact::from(winner), text(&found.config)?, text(&found.leaderboard)?, found.leaderboard.to_string()))
    })
}
