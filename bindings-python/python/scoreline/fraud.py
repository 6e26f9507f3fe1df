"""Inputs of rules against fraud: matches with lists, and how far a case lies from what is usual.

Velocity is a window over events (`scoreline.events`), shared phones and devices are `scoreline.links`.

>>> list_match(["+49 170 1234", "030/777", None], [("0049-170-1234", "fraud-2025")])
ListMatches(hit=[True, False, None], code=['fraud-2025', None, None])
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple

from . import _scoreline

__all__ = ["ListMatches", "OutlierField", "OutlierModel", "OutlierScores", "fit_outliers", "list_match"]


class ListMatches(NamedTuple):
    """Whether each value stands on a list, and on which."""

    hit: list[bool | None]
    """``None`` where the value is missing, or nothing of it is left to compare."""
    code: list[str | None]


def list_match(
    values: object, entries: Sequence[tuple[str, str]], *, form: Literal["exact", "normalised"] = "normalised"
) -> ListMatches:
    """Looks values up in lists; an entry is a value and the code of its list.

    Normalised values are letters and digits in lower case without leading zeros: spaces and punctuation do not count.
    """
    return ListMatches(*_scoreline.list_match(values, list(entries), json.dumps(form)))


class OutlierField(NamedTuple):
    """What is usual in one field."""

    name: str
    centre: float
    """The median."""
    spread: float
    """As a standard deviation; 0 where the field is constant and says nothing."""
    basis: Literal["median", "mean", "constant"]


class OutlierScores(NamedTuple):
    """How far each row lies from what is usual."""

    score: list[float | None]
    """The greatest distance from the median over the fields, in spreads; above 3.5 is usually called an outlier."""
    field: list[str | None]
    """The field of that distance."""


class OutlierModel(NamedTuple):
    """What is usual in several fields (Iglewicz and Hoaglin 1993)."""

    fields: list[OutlierField]

    def scores(self, data: object) -> OutlierScores:
        """How far each row of a table lies from what is usual; ``None`` where nothing is known."""
        model = json.dumps({"fields": [field._asdict() for field in self.fields]})
        return OutlierScores(*_scoreline.outlier_scores(data, model))


def fit_outliers(data: object, fields: Sequence[str]) -> OutlierModel:
    """What is usual in these columns of a table: median and median absolute deviation, with the mean absolute deviation where
    more than half of the values are the same.

    >>> model = fit_outliers({"amount": [10, 12, 11, 9, 13, None]}, ["amount"])
    >>> [round(score, 1) for score in model.scores({"amount": [11, 400]}).score]
    [0.0, 262.4]
    """
    return OutlierModel([OutlierField(**field) for field in _scoreline.fit_outliers(data, list(fields))["fields"]])
