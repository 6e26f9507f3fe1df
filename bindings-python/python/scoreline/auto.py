"""The search for the best card within a budget."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Literal

from ._scoreline import search as _search
from .config import Config
from .pipeline import Pipeline


@dataclass(frozen=True)
class Auto:
    """What is asked of a search. A setting that is left out takes the default of the core."""

    seed: int | None = None
    """Decides the folds and which settings are combined."""
    folds: int | None = None
    """Parts of the development rows, 2 to 20; each is held out once."""
    repeats: int | None = None
    """Times that the rows are divided into folds anew, 1 to 20."""
    max_candidates: int | None = None
    """The most configurations that are tried, 1 to 1,000."""
    cells: float | None = None
    """The most cells (rows x candidate fields x passes) that may be read."""
    seconds: float | None = None
    """The same as the time that one core takes, roughly. Work is counted, never timed: a rerun gives the same bytes."""
    max_variables: int | None = None
    """The most variables of a card, 1 to 128."""
    max_bins: int | None = None
    """The most ordinary bins of a variable, 2 to 20."""
    interpretable_only: bool | None = None
    """Only plain logistic cards, and bins that keep the trend that was asked."""
    max_iv: float | None = None
    """Above this information value a variable is taken for a leak of the outcome."""
    prefer: Literal["simplest", "best"] | None = None
    """Which of the best candidates wins: the simplest within one standard error of the highest AUC, or the highest."""

    def to_json(self) -> str:
        """The settings that are given, as JSON."""
        given = {name: value for name, value in dataclasses.asdict(self).items() if value is not None}
        for unit in ("cells", "seconds"):
            if unit in given:
                given["budget"] = {"type": unit, unit: given.pop(unit)}
        return json.dumps(given, allow_nan=False)


@dataclass(frozen=True)
class Search:
    """What a search found."""

    pipeline: Pipeline
    """The winner, trained on all development rows; only now were the rows kept for testing looked at."""
    config: Config
    """The configuration that won."""
    leaderboard: list[dict[str, Any]]
    """Every configuration with its figures, and why it won or lost."""
    text: str
    """The leaderboard as a table."""

    def __str__(self) -> str:
        return self.text


def search(data: object, config: Config, auto: Auto | None = None, threads: int = 0) -> Search:
    """Searches for the best card: screening, trends and bins, selection, length, and the kind of card.

    ``config`` is where the search starts; ``data`` is as in :func:`scoreline.fit`. Configurations are judged on folds of
    the development rows; rows that the split keeps for testing are looked at once, for the winner. The result depends
    neither on ``threads`` nor on the day.
    """
    artefact, winner, leaderboard, text = _search(data, config.to_json(), (auto or Auto()).to_json(), threads)
    return Search(Pipeline(artefact), Config.from_json(winner), json.loads(leaderboard)["trials"], text)
