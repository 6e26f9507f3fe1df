"""Fitting a pipeline, and what was fitted."""

from __future__ import annotations

import datetime
import json
import os
from typing import Any, NamedTuple, Self

from ._scoreline import Artefact, Scorer
from ._scoreline import fit as _fit
from .config import Config, read_text
from .errors import ArtefactError
from .text import Rows


def fit(data: object, config: Config, threads: int = 0) -> Pipeline:
    """Learns a pipeline.

    ``data`` is anything that exports Arrow (pyarrow, polars, pandas, duckdb), a dict of columns (lists, numpy or Arrow
    arrays), or a list of these. The result depends neither on ``threads`` (0: all) nor on how rows are cut into batches.
    """
    return Pipeline(_fit(data, config.to_json(), threads))


def load(path: str | os.PathLike[str]) -> Scorer:
    """Reads and verifies a model file, ready to decide."""
    return Artefact.load(path).scorer()


class Pipeline:
    """Everything that was fitted or decided, as one readable file. Immutable."""

    def __init__(self, artefact: Artefact) -> None:
        self._artefact = artefact

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Reads and verifies a model file: form, version, hash and known answers."""
        return cls(Artefact.load(path))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads and verifies the text of a model file."""
        return cls(Artefact.from_json(text))

    @classmethod
    def expert_only(cls, config: Config) -> Self:
        """A pipeline whose score and PD rest on the expert card of ``config`` alone: nothing is learnt.

        The card's blend has the weight 1, and its anchors give the PD. A client without an expert score has the PD of the
        worse anchor. What concerns training is not used; ``target`` may be empty.
        """
        return cls(Artefact.expert_only(config.to_json()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model file."""
        self._artefact.save(path)

    def to_json(self) -> str:
        """The text of the model file."""
        return self._artefact.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The pipeline as plain values, in the form of the model file."""
        pipeline: dict[str, Any] = self._file()["pipeline"]
        return pipeline

    def scorer(self) -> Scorer:
        """The pipeline resolved for speed."""
        return self._artefact.scorer()

    @property
    def hash(self) -> str:
        """SHA-256, in hex, of the file's canonical text: two pipelines are the same if and only if their hashes are."""
        return self._artefact.hash

    @property
    def checks(self) -> list[dict[str, Any]]:
        """Known answers that every reader of the file must reproduce: ``record``, ``as_of`` and ``answer``."""
        checks: list[dict[str, Any]] = self._file()["checks"]
        return checks

    @property
    def variables(self) -> list[str]:
        """The card's variables, in the order of the model."""
        return [bins["feature"] for bins in self.to_dict()["bins"]]

    def binning_table(self, feature: str) -> Rows:
        """The bins of one variable: what was counted, weight of evidence, information value and points."""
        pipeline = self.to_dict()
        for bins, variable in zip(pipeline["bins"], pipeline["scorecard"]["variables"], strict=True):
            if bins["feature"] == feature:
                pairs = zip(bins["bins"], variable["points"], strict=True)
                return Rows({**_renamed(bin), "points": points} for bin, points in pairs)
        raise KeyError(f"{feature!r} is not on the card; on it are: {', '.join(self.variables)}")

    def points_table(self) -> Rows:
        """The points of every bin of every variable, with its reason code."""
        pipeline = self.to_dict()
        return Rows(
            {"feature": bins["feature"], "bin": bin["label"], "points": points, "reason": variable["reason"]}
            for bins, variable in zip(pipeline["bins"], pipeline["scorecard"]["variables"], strict=True)
            for bin, points in zip(bins["bins"], variable["points"], strict=True)
        )

    def coefficients(self) -> Rows:
        """The model: log-odds of the event = intercept + sum of coefficient times weight of evidence."""
        model = self.to_dict()["model"]
        return Rows([model["intercept"], *model["coefficients"]])

    def tier_table(self) -> Rows:
        """What was seen in each tier, in training and in testing; empty without tiers."""
        return Rows(self.to_dict().get("tiers", []))

    def price_table(self, amount: float, term_months: float, as_of: datetime.date | str | None = None) -> Rows:
        """What a loan costs in each tier: ``rate`` and ``raroc``, or ``rate_needed`` above ``rate_cap`` when no legal
        price exists. ``expected_loss`` is a fraction of the loan per year."""
        return Rows(self._artefact.prices(amount, term_months, as_of))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pipeline) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        variables = self.variables
        card = f"{len(variables)} variables ({', '.join(variables[:4])}, …)" if variables else "an expert card"
        return f"<scoreline.Pipeline: {card}, hash {self.hash[:12]}>"

    def _file(self) -> dict[str, Any]:
        file: dict[str, Any] = json.loads(self._artefact.to_json())
        return file


class Change(NamedTuple):
    """A known answer that an edit changed."""

    check: int
    """Index of the known answer."""
    what: str
    """What it was and what it is."""


class Checked(NamedTuple):
    """An edited file, sealed again."""

    pipeline: Pipeline
    changes: list[Change]


def check(source: str | os.PathLike[str]) -> Checked:
    """Takes over a model file that was edited on purpose: computes hash and known answers anew, and says what changed.

    ``source`` is a path, or the text itself (it starts with ``{``). Nothing is written: ``.pipeline.save(path)`` does.
    """
    text = source if isinstance(source, str) and source.lstrip().startswith("{") else read_text(source, ArtefactError)
    artefact, changes = Artefact.reseal(text)
    return Checked(Pipeline(artefact), [Change(*change) for change in changes])


def _renamed(bin: dict[str, Any]) -> dict[str, Any]:
    return {("bin" if name == "label" else name): value for name, value in bin.items()}


def _scorer_from_json(text: str) -> Scorer:
    return Artefact.from_json(text).scorer()
