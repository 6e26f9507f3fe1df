"""Are the data fit for use: what each column holds, suspected codes, columns that know the outcome, and what moved.

>>> import scoreline as sl
>>> months = [-999.0 if i % 10 == 0 else float(i % 48) for i in range(300)]
>>> found = sl.profile({"months": months})
>>> [(finding.kind, finding.details["code"], finding.share) for finding in found.findings_of("months")]
[('sentinel_code', -999.0, 0.1)]
>>> later = sl.profile({"months": [month + 30 for month in months]})
>>> [finding.kind for finding in sl.compare(found, later).findings]
['range_moved', 'shift']
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from ._scoreline import compare_profiles as _compare
from ._scoreline import profile as _profile
from .plain import to_plain
from .settings import Kind, Schema

Severity = Literal["critical", "warning", "note"]


@dataclass(frozen=True)
class Expected:
    """Values that a column may have. Bounds belong to the range."""

    column: str
    minimum: float | None = None
    """Least number."""
    maximum: float | None = None
    """Greatest number."""
    earliest: datetime.date | str | None = None
    """First day."""
    latest: datetime.date | str | None = None
    """Last day."""
    levels: Sequence[str] | None = None
    """All levels."""


@dataclass(frozen=True)
class Finding:
    """One thing that should be looked at."""

    column: str | None
    """The column; ``None`` when it is about whole rows."""
    kind: str
    """What was found, for example ``sentinel_code``, ``constant``, ``duplicate_column`` or ``predicts_alone``."""
    severity: Severity
    """How much it matters."""
    share: float
    """Share of the rows concerned, in [0, 1]; 1 when it concerns the column as a whole."""
    what: str
    """The finding in words, a sentence without its subject."""
    remedy: str
    """What can be done about it."""
    details: dict[str, Any]
    """What belongs to the kind: ``code``, ``of``, ``auc``, ``iv``, ``psi``, ``levels`` …"""


@dataclass(frozen=True)
class ColumnProfile:
    """One column."""

    name: str
    kind: Kind | None
    """Kind of most values; ``None`` when there is none."""
    missing: int
    """Rows without a value, declared missing codes included."""
    missing_share: float
    """The same as a share of all rows, in [0, 1]."""
    coded: int
    """Rows with a declared special code."""
    distinct: int
    """Distinct values; at least so many where ``distinct_exact`` is false."""
    distinct_exact: bool
    constant: bool
    """Whether there is exactly one distinct value, missing values aside."""
    minimum: float | str | None
    """Least number, or first day as ``YYYY-MM-DD``."""
    maximum: float | str | None
    """Greatest number, or last day."""
    percentiles: list[float] | list[str] | None
    """Percentiles 0 to 100 of numbers or days; ``percentiles[50]`` is the median."""
    levels: dict[str, int] | None
    """The most frequent levels with their rows; rare ones, which might name single persons, are not listed."""
    unlisted: int
    """Rows of levels that are not listed."""
    same_as: str | None
    """The first column with the same content."""
    auc: float | None
    """Area under the ROC curve of the column by itself, in [0.5, 1]."""
    missing_auc: float | None
    """The same of whether the value is missing."""
    iv: float | None
    """Information value over at most 20 groups, in nats."""


@dataclass(frozen=True)
class Profile:
    """What a table holds and what should be looked at. Prints itself as tables."""

    rows: int
    event_rate: float | None
    """Share of events in [0, 1]; ``None`` without a target."""
    duplicate_rows: int
    """Rows that are equal to an earlier row in every column; estimated where ``duplicate_rows_exact`` is false."""
    duplicate_rows_exact: bool
    columns: dict[str, ColumnProfile]
    """The columns by name."""
    findings: list[Finding]
    """What should be looked at, the worst first."""
    text: str
    """The profile as Markdown tables."""
    json: str
    """The profile as the library stores it: to keep, and to compare with a later table."""

    def findings_of(self, column: str) -> list[Finding]:
        """What was found about one column."""
        return [finding for finding in self.findings if finding.column == column]

    def compare(self, later: Profile) -> Comparison:
        """What moved from this table to a later one; see :func:`compare`."""
        return compare(self, later)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _of(cls, text: str, table: str) -> Self:
        found = json.loads(text)
        columns = {column["name"]: _column(column) for column in found["columns"]}
        twice = found["duplicate_rows"]
        findings = [_finding(finding) for finding in found["findings"]]
        return cls(found["rows"], found.get("event_rate"), twice["count"], twice["exact"], columns, findings, table, text)


@dataclass(frozen=True)
class ColumnDrift:
    """How far one column moved."""

    name: str
    missing_before: float
    """Share of missing values in the earlier table, in [0, 1]."""
    missing_after: float
    """The same in the later table."""
    psi: float | None
    """Population stability index, at least 0; ``None`` when kinds differ."""


@dataclass(frozen=True)
class Comparison:
    """A later table against an earlier one. Prints itself as tables."""

    rows_before: int
    rows_after: int
    columns: dict[str, ColumnDrift]
    """The columns that both have, by name."""
    findings: list[Finding]
    """What moved, the worst first."""
    text: str
    """The comparison as Markdown tables."""

    def __str__(self) -> str:
        return self.text


def profile(
    data: object,
    target: str | None = None,
    *,
    schema: Schema | None = None,
    columns: Sequence[str] | None = None,
    expected: Sequence[Expected] = (),
    known_after: Sequence[str] = (),
    decision_date: str | None = None,
    as_of: datetime.date | str | None = None,
    max_missing: float | None = None,
    max_auc: float | None = None,
    max_iv: float | None = None,
    top_levels: int | None = None,
    least_level_rows: int | None = None,
    max_distinct: int | None = None,
    max_rows: int | None = None,
    threads: int = 0,
) -> Profile:
    """Looks at every cell of a table, which is as in :func:`scoreline.fit`; ``columns`` limits what is read.

    Leaks are only looked for with a ``target`` of 0 and 1. ``schema`` declares kinds and codes; ``expected`` the values that
    columns may have; ``known_after`` names columns known only once the outcome is, ``decision_date`` the column of the day of
    the decision, and ``as_of`` is today: later days are findings. A column is a finding above ``max_missing`` (0.5) and
    suspected of knowing the outcome from ``max_auc`` (0.95) or above ``max_iv`` (3). At most ``top_levels`` (50) levels with
    at least ``least_level_rows`` (5) rows are listed. Beyond ``max_distinct`` (65,536) values or ``max_rows`` (2**21)
    distinct rows figures are marked as not exact. The result depends neither on ``threads`` nor on the order of the rows.

    >>> import scoreline as sl
    >>> found = sl.profile({"x": [1.0, 2.0, None, 2.0], "same": [1.0, 2.0, None, 2.0]})
    >>> found.columns["x"].missing_share, found.columns["x"].percentiles[50], found.duplicate_rows
    (0.25, 2.0, 1)
    >>> [(finding.column, finding.kind, finding.details) for finding in found.findings if finding.column]
    [('x', 'duplicate_column', {'of': 'same'})]
    """
    settings: dict[str, Any] = {
        "target": target,
        "schema": schema,
        "expected": list(expected),
        "known_after": list(known_after),
        "decision_date": decision_date,
        "as_of": as_of,
        "max_missing": max_missing,
        "max_auc": max_auc,
        "max_iv": max_iv,
        "top_levels": top_levels,
        "least_level_rows": least_level_rows,
        "max_distinct": max_distinct,
        "max_rows": max_rows,
    }
    given = {name: to_plain(value) for name, value in settings.items() if value is not None}
    read = None if columns is None else list(columns)
    return Profile._of(*_profile(data, json.dumps(given, allow_nan=False), read, threads))


def compare(before: Profile, after: Profile) -> Comparison:
    """What moved from an earlier table to a later one, by their profiles: columns and levels that are new or gone, kinds,
    ranges, missing values, and the population stability index of each column."""
    text, table = _compare(before.json, after.json)
    moved = json.loads(text)
    columns = {
        column["name"]: ColumnDrift(column["name"], column["missing_before"], column["missing_after"], column.get("psi"))
        for column in moved["columns"]
    }
    findings = [_finding(finding) for finding in moved["findings"]]
    return Comparison(moved["rows_before"], moved["rows_after"], columns, findings, table)


def _finding(found: dict[str, Any]) -> Finding:
    details = dict(found["kind"])
    kind = details.pop("type")
    return Finding(
        found.get("column"), kind, found["severity"], found["share"], found["what"], found["remedy"], details
    )


def _column(found: dict[str, Any]) -> ColumnProfile:
    numbers, days, levels = found.get("numbers"), found.get("days"), found.get("levels")
    spread = numbers or days or {}
    return ColumnProfile(
        name=found["name"],
        kind=found.get("kind"),
        missing=found["missing"],
        missing_share=found["missing_share"],
        coded=found["coded"],
        distinct=found["distinct"]["count"],
        distinct_exact=found["distinct"]["exact"],
        constant=found["constant"],
        minimum=spread.get("minimum", spread.get("first")),
        maximum=spread.get("maximum", spread.get("last")),
        percentiles=spread.get("percentiles"),
        levels=None if levels is None else {level["level"]: level["rows"] for level in levels["top"]},
        unlisted=0 if levels is None else levels["unlisted"],
        same_as=found.get("same_as"),
        auc=found.get("auc"),
        missing_auc=found.get("missing_auc"),
        iv=found.get("iv"),
    )
