"""Early warning: indicators and levels, figures of histories, thresholds tuned to capacity or cost, and samples of signals.

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
from .settings import Feature, Field, Schema

__all__ = [
    "AlertRate",
    "CusumRun",
    "EwmaRun",
    "Fatigue",
    "LeadTime",
    "PeriodAlerts",
    "SignalCase",
    "SignalPack",
    "SignalSource",
    "TuneReport",
    "TunedRun",
    "change",
    "cusum",
    "ewma",
    "fatigue",
    "levels",
    "pack",
    "packs",
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


class EwmaRun(NamedTuple):
    """A series through an EWMA."""

    averages: list[float]
    lower: list[float]
    """The lower limit in each period."""
    upper: list[float]
    first_above: int | None
    """The first period, from 0, whose average is above its upper limit."""
    first_below: int | None


def ewma(series: object, *, mean: float, sigma: float, weight: float = 0.2, width: float = 3.0) -> EwmaRun:
    """The exponentially weighted moving average of a series, oldest first, with limits that vary with time (Roberts 1959).

    ``weight`` is that of the newest value, ``width`` that of the limits in standard deviations of the average. A missing value
    leaves both as they are.

    >>> run = ewma([10, 12, None, 14], mean=10, sigma=1, weight=0.5)
    >>> run.averages, run.upper[0], run.first_above
    ([10.0, 11.0, 11.0, 12.5], 11.5, 3)
    """
    config = {"mean": mean, "sigma": sigma, "weight": weight, "width": width}
    return EwmaRun(**_scoreline.ewma(series, json.dumps(config)))


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
    was none up to ``observed_until``. ``rule`` is ``{"type": "capacity", "per_1000": …}``, ``{"type": "alerts", "per_period": …}``
    or ``{"type": "cost", "missed": …, "false_alarm": …}``; an alert counts as right when the event falls within ``horizon`` periods.

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


class Fatigue(NamedTuple):
    """Who alerted how often, and for what."""

    entities: int
    """Entities that were at risk in some period."""
    alerts: int
    per_1000: float
    """Alerts per 1,000 rows at risk."""
    repeats: int
    """Alerts whose entity had alerted before, at most ``within`` periods earlier."""
    repeat_share: AlertRate | None
    by_alerts: dict[int, int]
    """How many entities had how many alerts."""
    alerted_entities: int
    never_bad: int
    """Entities that alerted and had no event up to the end of what was observed."""
    never_bad_share: AlertRate | None
    """Those of all entities that alerted."""


def fatigue(
    entities: object, periods: Sequence[int], severities: object, events: Sequence[int | None], *, threshold: float, within: int
) -> Fatigue:
    """How tiring alerts are, from a history as :func:`tune` takes it: an alert is a severity of at least ``threshold``.

    >>> found = fatigue(["a", "a", "a", "b", "b"], [1, 2, 3, 1, 2], [9, 9, 9, 0, 8], [None, None, None, 3, 3], threshold=5, within=1)
    >>> found.alerts, found.repeats, found.by_alerts, found.never_bad
    (4, 2, {1: 1, 3: 1}, 1)
    """
    found = _scoreline.alert_fatigue(entities, list(periods), severities, list(events), threshold, within)
    counts = {one["alerts"]: one["entities"] for one in found["by_alerts"]}
    return Fatigue(**{**found, **_rates(found, "repeat_share", "never_bad_share"), "by_alerts": counts})


class SignalSource(NamedTuple):
    """A text that a signal comes from. The signal is in our own words."""

    text: str
    clause: str
    """Where in it, and what it looks at."""


class SignalCase(NamedTuple):
    """Records that show what a signal does; what a record leaves out is missing."""

    code: str
    hit: dict[str, float | bool]
    no_hit: dict[str, float | bool]
    missing: dict[str, float | bool]
    """Of this record too little is known to say."""


class SignalPack(NamedTuple):
    """A sample of signals. Points, levels and limits are illustrations, to be fitted to a book."""

    name: str
    about: str
    schema: Schema
    """The fields that the signals read, each with what it means."""
    policy: dict[str, Any]
    """For :func:`levels`."""
    sources: dict[str, list[SignalSource]]
    """Where each signal comes from, by its code."""
    cases: list[SignalCase]


def packs() -> list[str]:
    """The names of the samples of signals."""
    return _scoreline.signal_packs()


def pack(name: str) -> SignalPack:
    """A sample of signals: ``"corporate"`` for companies, after public texts of EBA and SAMA, ``"retail"`` for people.

    >>> corporate = pack("corporate")
    >>> record = {field.name: [None] for field in corporate.schema.fields}
    >>> found = levels({**record, "days_past_due": [35], "covenant_breached": [True]}, corporate.policy, corporate.schema)
    >>> found["response"], [corporate.sources[code][0].clause for code in found["hits"][0]]
    (['committee'], ['section 8.5, paragraph 274: a facility 30 days past due', 'section 8.5, paragraph 274: a breach of covenants'])
    """
    found = _scoreline.signal_pack(name)
    schema = Schema([Field(**field) for field in found.pop("fields")])
    sources = {code: [SignalSource(**one) for one in texts] for code, texts in found.pop("sources").items()}
    cases = [SignalCase(**case) for case in found.pop("cases")]
    return SignalPack(**found, schema=schema, sources=sources, cases=cases)
