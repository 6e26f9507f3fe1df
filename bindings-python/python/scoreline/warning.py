"""Early warning: indicators and levels, figures of histories, and thresholds tuned to capacity or cost.

>>> policy = {
...     "indicators": [{"code": "I1", "when": "utilisation > 0.9", "severity": 20, "on_missing": "refer", "reason": "Limit nearly used"}],
...     "levels": [20],
...     "responses": [{"code": "watch", "review_days": 30, "reason": "Look again within a month"}],
... }
>>> from scoreline import Field, Schema
>>> found = levels({"utilisation": [0.95, 0.5, None]}, policy, Schema([Field("utilisation", "number")]))
>>> found["level"], found["response"], found["refer"]
([1, 0, 0], ['watch', None, None], [False, False, True])
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import _scoreline
from .plain import to_plain
from .settings import Feature, Schema

__all__ = [
    "AlertRate",
    "CusumRun",
    "LeadTime",
    "PeriodAlerts",
    "TuneReport",
    "TunedRun",
    "change",
    "cusum",
    "levels",
    "peer_scores",
    "relative_change",
    "tune",
]


def levels(
    data: object,
    policy: Mapping[str, Any],
    schema: Schema,
    *,
    features: Sequence[Feature] = (),
    protected_use: Sequence[Mapping[str, str]] = (),
) -> dict[str, list[Any]]:
    """The level of every row under a warning policy, as columns.

    ``level`` (0 for no warning), ``severity`` (points of all hits), ``refer`` (a person must look because an input is missing),
    ``hits`` and ``missing`` (codes of indicators) and ``response`` (the code of what the level leads to).
    """
    rest = (to_plain(schema), to_plain(list(features)), to_plain(list(protected_use)))
    return _scoreline.warning_levels(data, json.dumps(dict(policy)), *(json.dumps(one) for one in rest))


def change(series: object, periods: int) -> float | None:
    """The latest value minus the one ``periods`` before; ``None`` where either is missing."""
    return _scoreline.series_change(series, periods, False)


def relative_change(series: object, periods: int) -> float | None:
    """The change over the absolute value ``periods`` before; ``None`` where that is 0.

    >>> relative_change([100, None, 110, 132], 3)
    0.32
    """
    return _scoreline.series_change(series, periods, True)


def peer_scores(values: object, groups: object, *, least: int = 5) -> list[float | None]:
    """How far each value lies from those of its group in the same period: (value - median) / (1.4826 · MAD).

    ``None`` for a value or group that is missing, groups of fewer than ``least`` values, and those whose MAD is 0.
    """
    return _scoreline.peer_scores(values, groups, least)


class CusumRun(NamedTuple):
    """A series through a CUSUM."""

    sums: list[float]
    """The sum after each period, in standard deviations."""
    first_alarm: int | None
    """The first period, from 0, whose sum is above the threshold."""


def cusum(series: object, *, mean: float, sigma: float, slack: float = 0.5, threshold: float = 5.0) -> CusumRun:
    """The one-sided cumulative sum of a series, oldest first (Page 1954); a missing value leaves the sum as it is.

    >>> cusum([10, 12, 13, None, 12.5], mean=10, sigma=1)
    CusumRun(sums=[0.0, 1.5, 4.0, 4.0, 6.0], first_alarm=4)
    """
    config = {"mean": mean, "sigma": sigma, "slack": slack, "threshold": threshold}
    return CusumRun(**_scoreline.cusum(series, json.dumps(config)))


class AlertRate(NamedTuple):
    """A share with Wilson's interval at 95 %."""

    share: float
    low: float
    high: float


class PeriodAlerts(NamedTuple):
    """One period under its threshold."""

    period: int
    threshold: float | None
    """``None`` where no alerts at all are best."""
    rows: int
    alerts: int
    per_1000: float
    rate: AlertRate | None
    held: bool | None
    """Whether the capacity was held: the interval of the rate does not lie above it."""
    events: int | None
    """Entities with an event within the horizon; ``None`` while it has not ended."""
    caught: int | None
    precision: AlertRate | None
    recall: AlertRate | None


class LeadTime(NamedTuple):
    """Periods between the first alert of an entity and its event."""

    entities: int
    warned: int
    mean: float | None
    median: float | None


class TunedRun(NamedTuple):
    """All periods of a run."""

    periods: list[PeriodAlerts]
    rows: int
    alerts: int
    per_1000: float
    alerted_entities: int
    precision: AlertRate | None
    recall: AlertRate | None
    lead: LeadTime


class TuneReport(NamedTuple):
    """Tuned thresholds beside a single one."""

    tuned: TunedRun
    single: TunedRun
    """The threshold of the first of these periods, kept for all."""
    next: float | None
    """The threshold for the period after the last one."""


def tune(
    entities: object,
    periods: Sequence[int],
    severities: object,
    events: Sequence[int | None],
    *,
    rule: Mapping[str, Any],
    horizon: int,
    observed_until: int,
) -> TuneReport:
    """Walks forward over the periods: a threshold for each from what was known before it, and what it gave.

    One row for each entity and period at risk: its severity (higher is worse) and the period of its event, ``None`` when there
    was none up to ``observed_until``. ``rule`` is ``{"type": "capacity", "per_1000": …}`` or
    ``{"type": "cost", "missed": …, "false_alarm": …}``; an alert counts as right when the event falls within ``horizon`` periods.

    >>> rows = [(str(who), period) for period in range(4) for who in range(10)]
    >>> severity = [5.0 + period if who == "9" else int(who) / 2 for who, period in rows]
    >>> found = tune([who for who, _ in rows], [period for _, period in rows], severity,
    ...              [4 if who == "9" else None for who, _ in rows],
    ...              rule={"type": "capacity", "per_1000": 100}, horizon=1, observed_until=4)
    >>> found.tuned.lead.median, [one.alerts for one in found.tuned.periods]
    (3.0, [1, 1, 1])
    """
    config = {"rule": dict(rule), "horizon": horizon, "observed_until": observed_until}
    found = _scoreline.tune_warning(entities, list(periods), severities, list(events), json.dumps(config))
    return TuneReport(_run(found["tuned"]), _run(found["single"]), found["next"])


def _run(found: dict[str, Any]) -> TunedRun:
    periods = [PeriodAlerts(**{**one, **_rates(one, "rate", "precision", "recall")}) for one in found["periods"]]
    return TunedRun(**{**found, **_rates(found, "precision", "recall"), "periods": periods, "lead": LeadTime(**found["lead"])})


def _rates(found: dict[str, Any], *names: str) -> dict[str, AlertRate | None]:
    return {name: AlertRate(**found[name]) if found[name] else None for name in names}
