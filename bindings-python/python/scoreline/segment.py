"""Customer segments: layers by rule, fifths of recency, frequency and amount, clusters and how stable they are.

>>> from scoreline import Field, Schema
>>> clients = {"turnover": [6e8, 1e7, 1e7, None], "growth": [0.1, 0.5, None, 0.3]}
>>> found = layers(clients, [Layer("strategic", "turnover >= 5e8", "unknown"), Layer("growth", "growth >= 0.2", "next")],
...                Schema([Field("turnover", "number"), Field("growth", "number")]), rest="general", unknown="to be looked at")
>>> found.table["layer"]
['strategic', 'growth', 'general', 'to be looked at']
>>> [(total.layer, total.rows) for total in found.totals]
[('strategic', 1), ('growth', 1), ('general', 1), ('to be looked at', 1)]
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, Self

from . import _scoreline
from .plain import to_plain
from .settings import Feature, Schema

__all__ = [
    "KMeans",
    "KMeansField",
    "Layer",
    "LayerTotal",
    "Layers",
    "Rfm",
    "Stability",
    "adjusted_rand",
    "kmeans",
    "layers",
    "rfm",
    "stability",
]


class Layer(NamedTuple):
    """One layer: its name and the condition for it."""

    name: str
    when: str
    """An expression over fields and features that yields a flag."""
    on_missing: Literal["next", "unknown"]
    """What it means that the condition cannot be told: the next layer is asked, or the row is in the layer ``unknown``."""


class LayerTotal(NamedTuple):
    """Rows of one layer."""

    layer: str
    rows: int
    share: float | None


class Layers(NamedTuple):
    """The layers of a table."""

    table: _scoreline.Table
    """The column ``layer``, one name for each row."""
    totals: list[LayerTotal]
    """Every layer once and in order, then the rest and the unknown; the rows add up to those of the table."""


def layers(
    data: object,
    layers: Sequence[Layer],
    schema: Schema,
    *,
    rest: str,
    unknown: str,
    features: Sequence[Feature] = (),
    protected_use: Sequence[Mapping[str, str]] = (),
) -> Layers:
    """The layer of every row: the first whose condition holds wins.

    ``rest`` names the layer of rows for which none holds, ``unknown`` that of rows for which it cannot be told.
    """
    config = {
        "layers": [layer._asdict() for layer in layers],
        "rest": rest,
        "unknown": unknown,
        "protected_use": to_plain(list(protected_use)),
    }
    settings = (json.dumps(one) for one in (config, to_plain(schema), to_plain(list(features))))
    table, totals = _scoreline.segment_layers(data, *settings)
    return Layers(table, [LayerTotal(**total) for total in totals])


@dataclass(frozen=True)
class Rfm:
    """Where the fifths of the three figures begin: the least value of score 2, 3, 4 and 5."""

    recency: list[float]
    """Of days with a minus, so that more is better."""
    frequency: list[float]
    monetary: list[float]

    def scores(self, recency: object, frequency: object, monetary: object) -> _scoreline.Table:
        """Scores of customers, 1 the worst to 5 the best: ``recency``, ``frequency``, ``monetary``, and ``code``, their digits.

        ``None`` where the figure is missing; the code needs all three.
        """
        return _scoreline.rfm_scores(json.dumps(asdict(self)), recency, frequency, monetary)


def rfm(recency: object, frequency: object, monetary: object) -> Rfm:
    """Learns the fifths of days since the last purchase (fewer are better), number and amount of purchases (more are better).

    A score is 1 + ⌊5 · worse customers / customers⌋: equal values have equal scores, and the order of the rows does not matter.

    >>> days, orders, spent = [3, 40, 100, 200, 300], [9, 1, 1, 1, 2], [900, 40, None, 60, 10]
    >>> rfm(days, orders, spent).scores(days, orders, spent)["code"]
    ['554', '412', None, '213', '141']
    """
    return Rfm(**_scoreline.rfm_fit(recency, frequency, monetary))


class KMeansField(NamedTuple):
    """How the values of a field are standardised."""

    name: str
    mean: float
    sd: float


@dataclass(frozen=True)
class KMeans:
    """Groups of rows around centres, in the order of their centres."""

    fields: list[KMeansField]
    missing: Literal["refuse", "mean"]
    centres: list[list[float]]
    """The centre of each cluster in standard deviations from the mean, by field."""
    sizes: list[int]
    inertia: float
    """The sum of the squared distances of all rows to their centres, in standard deviations."""
    centre_values: list[list[float]]
    """The centres in the units of the fields."""

    def assign(self, data: object) -> list[int]:
        """The cluster of every row of a table, from 0: the one with the nearest centre."""
        plain = {name: value for name, value in asdict(self).items() if name != "centre_values"}
        plain["fields"] = [field._asdict() for field in self.fields]
        return _scoreline.kmeans_assign(data, json.dumps(plain))

    @classmethod
    def _of(cls, plain: dict[str, Any], centre_values: list[list[float]]) -> Self:
        fields = [KMeansField(**field) for field in plain["fields"]]
        return cls(**{**plain, "fields": fields, "centre_values": centre_values})


def kmeans(
    data: object,
    fields: Sequence[str],
    clusters: int,
    *,
    starts: int = 10,
    seed: int = 0,
    missing: Literal["refuse", "mean"] = "refuse",
    threads: int = 1,
) -> KMeans:
    """Groups the rows of a table by standardised columns: k-means++, Lloyd's steps, the best of several starts.

    2 to 20 clusters. The same seed gives the same groups on every machine and for any number of ``threads`` (0: all). A missing
    value is an error, or with ``missing="mean"`` the mean of its column.

    >>> data = {"income": [1.0, 1.2, 0.8, 9.0, 9.5, 8.5], "balance": [5, 4, 6, 90, 80, 99]}
    >>> found = kmeans(data, ["income", "balance"], 2)
    >>> found.sizes, found.assign(data), [round(value, 2) for value in found.centre_values[0]]
    ([3, 3], [0, 0, 0, 1, 1, 1], [1.0, 5.0])
    """
    config = {"clusters": clusters, "starts": starts, "seed": seed, "missing": missing}
    return KMeans._of(*_scoreline.kmeans_fit(data, list(fields), json.dumps(config), threads))


class Stability(NamedTuple):
    """How stable clusters are, by the adjusted Rand index: 1 when they always come back, about 0 when chance made them."""

    mean: float
    low: float
    high: float
    indices: list[float]
    """The index of each resample."""


def stability(
    data: object,
    fields: Sequence[str],
    clusters: int,
    *,
    resamples: int = 100,
    level: float = 0.95,
    starts: int = 10,
    seed: int = 0,
    missing: Literal["refuse", "mean"] = "refuse",
    threads: int = 1,
) -> Stability:
    """Draws the rows again with replacement, clusters them, and compares: mean index and the interval that holds ``level`` of them.

    >>> stability({"x": [i % 2 * 100 + i for i in range(40)]}, ["x"], 2, resamples=20)[:3]
    (1.0, 1.0, 1.0)
    """
    inner = {"clusters": clusters, "starts": starts, "seed": seed, "missing": missing}
    config = {"kmeans": inner, "resamples": resamples, "level": level}
    return Stability(**_scoreline.kmeans_stability(data, list(fields), json.dumps(config), threads))


def adjusted_rand(first: Sequence[int], second: Sequence[int]) -> float:
    """The adjusted Rand index of two groupings (Hubert and Arabie 1985): 1 when they are the same whatever the groups are called.

    >>> adjusted_rand([0, 0, 1, 1], [1, 1, 0, 0]), adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1])
    (1.0, -0.5)
    """
    return _scoreline.adjusted_rand(list(first), list(second))
