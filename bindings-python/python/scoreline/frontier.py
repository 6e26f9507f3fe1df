"""Settings of memory compared over the histories of a book: flip-flops against delay.

One company swings about the cut of 5 %, the other rises through it and fails:

>>> rows = {
...     "entity": ["S"] * 6 + ["F"] * 6,
...     "day": [f"2026-0{month}-01" for month in range(1, 7)] * 2,
...     "pd": [0.045, 0.055] * 3 + [0.02, 0.03, 0.04, 0.055, 0.07, 0.15],
...     "failed": [None] * 6 + ["2026-07-01"] * 6,
... }
>>> policy = {"direction": "a_is_best", "cuts": [0.01, 0.05, 0.2]}
>>> found = frontier(rows, policy=policy, grid={"widths": [0.2], "averages": [3]}, event="failed")
>>> [(one.label, one.flip_flops, one.mean_delay_days) for one in found.settings]
[('no memory', 4, 0.0), ('band 0.2', 0, 30.0), ('mean of 3', 4, 30.0)]
>>> [one.label for one in found.frontier]
['no memory', 'band 0.2']
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from . import _scoreline, frontier_page
from .matrices import MigrationMatrix
from .text import Rows


class TierOutcomes(NamedTuple):
    """Rows of a tier whose next period is known."""

    rows: int
    events: int
    """Those whose entity had its event before its next row."""
    rate: float | None
    """Their share, with Jeffreys' interval at 95 % from ``low`` to ``high``."""
    low: float
    high: float


class SettingFigures(NamedTuple):
    """What a setting gave."""

    setting: dict[str, Any]
    label: str
    moves: int
    upgrades: int
    downgrades: int
    notches: int
    """Tiers moved: two for a move from A to C. A wider band never raises it, where nothing but the band holds tiers back."""
    moves_per_entity_year: float | None
    flip_flops: int
    """Moves back to the tier that the move before them had left, within the window."""
    flip_flop_share: float | None
    """The same as a share of the moves."""
    flip_flops_per_100_entity_years: float | None
    alarmed: int
    """Entities that were in the alarm tier or worse on their last row before the event."""
    missed: int
    """Entities with an event that were not."""
    mean_lead_days: float | None
    """Days from the first row since which the tier is the alarm tier or worse without a break up to the event, as mean over all
    entities with an event; 0 for a missed one."""
    delayed: int
    """Entities whose lead is shorter than without memory, missed ones included."""
    mean_delay_days: float | None
    """By how many days it is shorter, as mean over the entities that are alarmed without memory; 0 for one whose lead is longer,
    since to hold every bad tier for ever is no detection."""
    false_alarm_share: float | None
    """The price of long leads: rows at the alarm tier or worse of all rows of entities without an event."""
    by_tier: dict[str, TierOutcomes]
    """Events of the next period by tier."""
    auc: float | None
    """How well the tier ranks the events of the next period."""
    mean_distance: float
    """Tiers between the tier and the one that the measure and the floor of a row indicate, as mean over the rows."""
    migration: MigrationMatrix
    """From each row to the next, over all periods."""
    on_frontier: bool
    """Whether no setting has both no more flip-flops and no longer delay, and less of one."""


class Frontier(NamedTuple):
    """A book under every setting. A notebook shows the chart."""

    rows: int
    """Rows before an event."""
    entities: int
    events: int
    """Entities with an event."""
    entity_years: float
    """Years from the first to the last row, summed over the entities."""
    settings: list[SettingFigures]
    """No memory first, then the hysteresis of the policy, the grid in its order, and the averages."""

    @property
    def frontier(self) -> list[SettingFigures]:
        """The settings that no other one beats, most flip-flops first."""
        return sorted((one for one in self.settings if one.on_frontier), key=lambda one: -one.flip_flops)

    def table(self) -> Rows:
        """The figures of each setting in a row; event rates by tier as ``rate_A`` to ``rate_D``."""
        names = [name for name in SettingFigures._fields if name not in ("setting", "by_tier", "migration")]
        return Rows(
            {name: getattr(one, name) for name in names} | {f"rate_{tier}": found.rate for tier, found in one.by_tier.items()}
            for one in self.settings
        )

    def html(self, path: str | os.PathLike[str] | None = None, title: str = "The frontier of hysteresis") -> str:
        """A page with the chart and the table, in one file without scripts; written to ``path`` where one is given."""
        page = frontier_page.page(self.table(), [one.setting["type"] for one in self.settings], title, self._book())
        if path is not None:
            pathlib.Path(path).write_text(page, encoding="utf-8")
        return page

    def _repr_html_(self) -> str:
        return frontier_page.body(self.table(), [one.setting["type"] for one in self.settings], self._book())

    def _book(self) -> str:
        return f"{self.entities:,} entities over {self.entity_years:,.0f} entity-years, {self.events:,} with an event"


class PeriodMigration(NamedTuple):
    """The migration that begins on a day."""

    day: datetime.date
    matrix: MigrationMatrix
    """Where the entities were in their next row. Withdrawn are those without one, but for the last day of the book, where only
    defaults are known."""


class HistorySummary(NamedTuple):
    """A book under one setting."""

    setting: dict[str, Any]
    periods: list[PeriodMigration]
    all: MigrationMatrix
    tiers: list[str | None]
    """The tier of each row, in the order in which they were given; none from the event on."""


def frontier(
    table: Any,
    *,
    policy: Mapping[str, Any],
    grid: Mapping[str, Sequence[float]],
    entity: str = "entity",
    day: str = "day",
    measure: str = "pd",
    floor: str | None = None,
    event: str | None = None,
    alarm: Literal["B", "C", "D"] | None = None,
    window_days: int | None = None,
    observed_until: datetime.date | str | None = None,
    threads: int = 0,
) -> Frontier:
    """Replays the histories in ``table``, one row an entity and day in any order, under every setting.

    ``policy`` is a tier policy of cuts, measure and hysteresis. Its rules cannot be replayed: what strong rules ask for is the
    column ``floor`` (a letter or nothing). ``event`` is the column with the first day of the entity's event, the same in all its
    rows; rows from that day on do not count. ``grid`` has the lists ``widths`` (score points, or parts of a PD),
    ``upgrade_dwell_days``, ``downgrade_dwell_days``, ``shares`` of the way, and ``averages``: rows whose mean takes the place of
    the measure. A move that is undone within ``window_days`` (180) is a flip-flop; an entity counts as detected from the tier
    ``alarm`` (C) on. ``observed_until`` is the last day up to which events are known.
    """
    config = _config(policy, grid, alarm, window_days, observed_until)
    found = _scoreline.tier_frontier(*_columns(table, entity, day, measure, floor, event), config, threads)
    return Frontier(**{**found, "settings": [_figures(one) for one in found["settings"]]})


def history(
    table: Any,
    *,
    policy: Mapping[str, Any],
    setting: Mapping[str, Any],
    entity: str = "entity",
    day: str = "day",
    measure: str = "pd",
    floor: str | None = None,
    event: str | None = None,
) -> HistorySummary:
    """The tiers under one setting, and the migration by period: ``{"type": "no_memory"}``, ``{"type": "policy"}`` for the policy's own
    hysteresis, or one of those in :attr:`Frontier.settings`. The other arguments are those of :func:`frontier`.

    >>> rows = {"entity": [1, 1, 1], "day": ["2026-01-31", "2026-02-28", "2026-03-31"], "pd": [0.04, 0.06, 0.04]}
    >>> policy = {"direction": "a_is_best", "cuts": [0.01, 0.05, 0.2]}
    >>> found = history(rows, policy=policy, setting={"type": "no_memory"})
    >>> found.tiers
    ['B', 'C', 'B']
    >>> [(str(one.day), one.matrix.downgraded, one.matrix.upgraded) for one in found.periods]
    [('2026-01-31', (1, 1), (0, 1)), ('2026-02-28', (0, 1), (1, 1))]
    """
    config = _config(policy, {}, None, None, None)
    columns = _columns(table, entity, day, measure, floor, event)
    found = _scoreline.tier_history(*columns, config, json.dumps(dict(setting)))
    periods = [
        PeriodMigration(datetime.date.fromisoformat(one["day"]), MigrationMatrix(**one["matrix"])) for one in found["periods"]
    ]
    return HistorySummary(found["setting"], periods, MigrationMatrix(**found["all"]), found["tiers"])


def _config(
    policy: Mapping[str, Any],
    grid: Mapping[str, Sequence[float]],
    alarm: str | None,
    window_days: int | None,
    observed_until: datetime.date | str | None,
) -> str:
    given = {"alarm": alarm, "window_days": window_days, "observed_until": observed_until and str(observed_until)}
    lists = {name: list(values) for name, values in grid.items()}
    return json.dumps({"policy": dict(policy), "grid": lists, **{k: v for k, v in given.items() if v is not None}})


def _columns(
    table: Any, entity: str, day: str, measure: str, floor: str | None, event: str | None
) -> tuple[object, object, object, object, object]:
    floors, events = (None if name is None else table[name] for name in (floor, event))
    return table[entity], table[day], table[measure], floors, events


def _figures(found: dict[str, Any]) -> SettingFigures:
    by_tier = {tier: TierOutcomes(**one) for tier, one in found["by_tier"].items()}
    return SettingFigures(**{**found, "by_tier": by_tier, "migration": MigrationMatrix(**found["migration"])})
