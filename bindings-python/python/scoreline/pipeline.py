"""Fitting a pipeline, and what was fitted."""

from __future__ import annotations

import datetime
import json
import os
from typing import Any, NamedTuple, Self

from ._scoreline import Artefact, Scorer
from ._scoreline import fit as _fit
from .config import Config
from .errors import ArtefactError
from .plain import read_text
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

    @property
    def segments(self) -> list[str]:
        """Names of the segments that have a card of their own."""
        return [segment["name"] for segment in self.to_dict().get("segments", [])]

    def binning_table(self, feature: str, segment: str | None = None) -> Rows:
        """The bins of one variable: what was counted, weight of evidence, information value and points; on the card of
        ``segment``, or on the one of all other rows."""
        card = self._card(segment)
        for bins, variable in zip(card["bins"], card["scorecard"]["variables"], strict=True):
            if bins["feature"] == feature:
                pairs = zip(bins["bins"], variable["points"], strict=True)
                return Rows({**_renamed(bin), "points": points} for bin, points in pairs)
        known = ", ".join(bins["feature"] for bins in card["bins"])
        raise KeyError(f"{feature!r} is not on the card; on it are: {known}")

    def points_table(self, segment: str | None = None) -> Rows:
        """The points of every bin of every variable, with its reason code."""
        card = self._card(segment)
        return Rows(
            {"feature": bins["feature"], "bin": bin["label"], "points": points, "reason": variable["reason"]}
            for bins, variable in zip(card["bins"], card["scorecard"]["variables"], strict=True)
            for bin, points in zip(bins["bins"], variable["points"], strict=True)
        )

    def pair_points(self, segment: str | None = None) -> Rows:
        """The points that depend on two variables at once, one row for each pair of bins; empty but for a boosted card."""
        card = self._card(segment)
        labels = {bins["feature"]: [bin["label"] for bin in bins["bins"]] for bins in card["bins"]}
        return Rows(
            {"first": pair["features"][0], "bin": one, "second": pair["features"][1], "other_bin": other, "points": pair["points"][row][column]}
            for pair in card["scorecard"].get("pairs", [])
            for one, row in zip(labels[pair["features"][0]], pair["groups"][0], strict=True)
            for other, column in zip(labels[pair["features"][1]], pair["groups"][1], strict=True)
        )

    def coefficients(self, level: float = 0.95, segment: str | None = None) -> Rows:
        """The model: log-odds of the event = intercept + sum of coefficient times weight of evidence. Each with standard
        error, Wald test (``z``, ``p_value``) and confidence interval (``low``, ``high``) at ``level``. A boosted card has none:
        :class:`scoreline.ConfigError`."""
        return Rows(self._artefact.coefficients(level, segment))

    def model_statistics(self, segment: str | None = None) -> dict[str, Any]:
        """What the model is worth as a whole: log-likelihoods, likelihood-ratio test (``likelihood_ratio`` is chi squared
        with ``degrees`` of freedom), ``aic``, ``bic`` and McFadden's R squared."""
        return self._artefact.model_statistics(segment)

    def card_facts(self, segment: str | None = None) -> dict[str, Any]:
        """Ranges of the score and of each variable's points, neutral and mean points, and the exact bound on what
        ``rounding`` does to score and PD. ``variables`` prints itself aligned."""
        facts = self._artefact.card_facts(segment)
        return {**facts, "variables": Rows(facts["variables"])}

    def funnel(self) -> Rows:
        """Why each candidate that left did so, in the order of the checks, and what is remarkable about those that stayed:
        ``feature``, ``fate`` (``left`` or ``kept``), ``stage``, ``figure``, ``with``, ``iv``, ``reason``, ``segment``."""
        training = self.to_dict()["training"]
        found = [("left", entry) for entry in training["dropped"]]
        found += [("kept", entry) for entry in training.get("flagged", [])]
        columns = ("stage", "figure", "with", "iv", "reason", "segment")
        return Rows(
            {"feature": entry["feature"], "fate": fate, **{column: entry.get(column) for column in columns}}
            for fate, entry in found
        )

    def minimal_data(self) -> Rows:
        """The fields that a decision can ever read, in the order of the schema: ``field`` and ``purposes``, out of
        ``segment``, ``score``, ``offset``, ``expert``, ``tier_rule``, ``limit``, ``price`` and ``decision_rule``. A field
        that is not listed changes no part of any decision: it need not be collected for one.

        >>> import scoreline as sl
        >>> rows = range(400)
        >>> table = {"income": [float(i % 97) for i in rows], "shoe_size": [42.0 for _ in rows]}
        >>> table["bad"] = [float(i % 97 < 40 and i % 3 != 0) for i in rows]
        >>> sl.fit(table, sl.Config("bad")).minimal_data()
        field   purposes
        ------  ---------
        income  ['score']
        """
        return Rows(self._artefact.minimal_data())

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

    def _card(self, segment: str | None) -> dict[str, Any]:
        pipeline = self.to_dict()
        if segment is None:
            return pipeline
        for card in pipeline.get("segments", []):
            if card["name"] == segment:
                found: dict[str, Any] = card
                return found
        raise KeyError(f"there is no segment {segment!r}; there are: {', '.join(self.segments) or 'none'}")

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
