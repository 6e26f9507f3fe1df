"""From which tier to which.

>>> migration(["A", "A", "B"], ["A", "B", "withdrawn"]).downgraded
(1, 2)
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from . import _scoreline


class Bandwidths(NamedTuple):
    """Matrix weighted bandwidths (ECB 2019, 2.5.5.1), each in [0, 1]; ``None`` without such moves."""

    upper: float | None
    """Of the moves to worse grades."""
    lower: float | None
    """Of the moves to better grades."""


class MigrationMatrix(NamedTuple):
    """How many cases went from each grade (row) to each grade (column), best grade first.

    >>> matrix = migration(["A", "A", "B", "C"], ["A", "B", "B", "defaulted"])
    >>> matrix.downgraded, matrix.bandwidths.upper
    ((2, 4), 0.3333333333333333)
    >>> matrix == matrix.merge(migration([], []))
    True
    """

    counts: list[list[int]]
    withdrawn: list[int]
    defaulted: list[int]

    def merge(self, other: MigrationMatrix) -> MigrationMatrix:
        """The matrix of the cases of both."""
        return MigrationMatrix(**_scoreline.migration_merge(self._json(), other._json()))

    @property
    def downgraded(self) -> tuple[int, int]:
        """Cases that are worse after, defaults included, and all cases that were not withdrawn."""
        moved, kept = self._figures()["downgraded"]
        return moved, kept

    @property
    def upgraded(self) -> tuple[int, int]:
        """Cases that are better after, and all cases that were not withdrawn."""
        moved, kept = self._figures()["upgraded"]
        return moved, kept

    @property
    def probabilities(self) -> list[list[float | None]]:
        """Shares of each row: the grades, then withdrawn and defaulted."""
        shares: list[list[float | None]] = self._figures()["probabilities"]
        return shares

    @property
    def bandwidths(self) -> Bandwidths:
        """How far cases move, relative to how far they could."""
        return Bandwidths(**self._figures()["bandwidths"])

    @property
    def monotonicity(self) -> list[list[dict[str, float] | None]]:
        """For each cell off the diagonal ``z`` and ``p_value`` of the test that it is rarer than its neighbour nearer to the
        diagonal (ECB 2019, 2.5.5.2): a small p-value speaks against it."""
        tests: list[list[dict[str, float] | None]] = self._figures()["monotonicity"]
        return tests

    def _figures(self) -> dict[str, Any]:
        return _scoreline.migration_figures(self._json())

    def _json(self) -> str:
        return json.dumps(self._asdict())


def migration(
    before: object,
    after: object,
    *,
    grades: Iterable[str] = "ABCD",
    withdrawn: str = "withdrawn",
    defaulted: str = "defaulted",
) -> MigrationMatrix:
    """The matrix of labels before and after; ``grades`` are the labels from the best to the worst."""
    return MigrationMatrix(**_scoreline.migration(before, after, list(grades), withdrawn, defaulted))
