"""What is measured around tiers: cuts built from data, master scales, migration, the breaker of a run, and settings of memory
compared over histories.

>>> pd = [0.01] * 100 + [0.03] * 100 + [0.10] * 100
>>> bad = [1] * 1 + [0] * 99 + [1] * 4 + [0] * 96 + [1] * 12 + [0] * 88
>>> found = tier_cuts(pd, bad, {"type": "target_pd", "targets": [0.02, 0.06]})
>>> found.cuts, [tier.rate for tier in found.tiers]
([0.02, 0.065], [0.01, 0.04, 0.12])
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .frontier import Frontier, HistorySummary, PeriodMigration, SettingFigures, TierOutcomes, frontier, history
from .matrices import Bandwidths, MigrationMatrix, migration

__all__ = [
    "Bandwidths",
    "BreakerOutcome",
    "ConcentrationTest",
    "CutTier",
    "Frontier",
    "GradeConcentration",
    "HistorySummary",
    "MasterScale",
    "MigrationMatrix",
    "PeriodMigration",
    "ScaleReport",
    "SettingFigures",
    "TierCuts",
    "TierOutcomes",
    "check_breaker",
    "concentration_test",
    "frontier",
    "grade_concentration",
    "history",
    "migration",
    "tier_cuts",
]


class CutTier(NamedTuple):
    """What was counted in one tier."""

    rows: float
    events: float
    share: float
    rate: float
    """Observed event rate, with Jeffreys' interval at 95 % from ``low`` to ``high``."""
    low: float
    high: float
    value: float | None
    """What the tier adds to the objective, where there was one; for a profit 0 when the tier is declined."""


class TierCuts(NamedTuple):
    """Cuts between tiers, best tier first, and what lies between them."""

    cuts: list[float]
    """Rising for a PD, so that three of them are the ``cuts`` of a tier policy; falling for a score."""
    orientation: str
    tiers: list[CutTier]
    objective: float | None
    p_values: list[float | None]
    """Between each tier and the next: the two-sided z test of two shares with pooled variance."""
    rising: bool
    """Whether the event rate rises from tier to tier."""
    values: int
    """Distinct values that were counted."""
    candidates: int
    """Cells between which cuts were looked for; fewer than ``values`` when those were merged."""


def tier_cuts(
    values: object,
    y: object,
    method: Mapping[str, Any],
    *,
    orientation: Literal["rises_with_risk", "falls_with_risk"] = "rises_with_risk",
    weight: object = None,
    **limits: float,
) -> TierCuts:
    """Cuts of a PD (or, with ``orientation="falls_with_risk"``, of a score) from the outcomes ``y``.

    ``method`` is ``{"type": "target_pd", "targets": […]}`` for the widest tiers below target event rates,
    ``{"type": "share", "shares": […]}`` for shares of the rows, or ``{"type": "optimum", "tiers": 4, "objective": …}`` for the best
    cuts under strictly rising event rates, with the objective ``{"type": "iv"}``, ``{"type": "ks"}`` or
    ``{"type": "profit", "margin": …, "lgd": …}``. ``limits`` are ``min_share``, ``min_rows``, ``min_events``, ``max_p_value`` and
    ``candidates``. When no cuts keep them, ``InsufficientDataError`` names the one in the way.
    """
    config = json.dumps({"method": dict(method), "orientation": orientation, **limits})
    found = _scoreline.tier_cuts(values, y, config, weight)
    return TierCuts(**{**found, "tiers": [CutTier(**tier) for tier in found["tiers"]]})


class GradeConcentration(NamedTuple):
    """Concentration over grades (ECB 2019, 2.5.5.3)."""

    cv: float
    """Coefficient of variation of the shares: 0 when all grades hold the same."""
    herfindahl: float
    """1 + ln((CV² + 1)/K) / ln K: 0 when all grades hold the same, 1 when one holds everything."""


class ConcentrationTest(NamedTuple):
    """Whether grades are more concentrated than they were."""

    initial: GradeConcentration
    current: GradeConcentration
    p_value: float | None
    """Small when the concentration rose."""


def grade_concentration(weights: Sequence[float]) -> GradeConcentration:
    """The concentration of numbers of obligors, or of exposures, over the grades."""
    return GradeConcentration(**_scoreline.grade_concentration(list(weights)))


def concentration_test(initial: Sequence[float], current: Sequence[float]) -> ConcentrationTest:
    """Tests whether the concentration over the same grades rose.

    >>> before, now = [0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.05], [0.02, 0.08, 0.15, 0.45, 0.18, 0.08, 0.04]
    >>> found = concentration_test(before, now)
    >>> round(found.current.herfindahl, 6), round(found.p_value, 6)
    (0.331306, 0.225331)
    """
    found = _scoreline.concentration_test(list(initial), list(current))
    parts = {name: GradeConcentration(**found[name]) for name in ("initial", "current")}
    return ConcentrationTest(**parts, p_value=found["p_value"])


class ScaleReport(NamedTuple):
    """How a scale and the obligors on it meet the rules."""

    obligors: list[int]
    shares: list[float]
    enough_grades: bool
    crowded: list[int]
    """Grades with more than the largest share."""
    empty: list[int]
    concentration: GradeConcentration


class MasterScale(NamedTuple):
    """Grades without the default grade, best first.

    >>> scale = MasterScale.log_equidistant(0.0003, 0.2, 7)
    >>> [round(pd, 6) for pd in scale.pds[:3]]
    [0.000477, 0.001208, 0.00306]
    >>> scale.grades([0.0001, 0.005, 0.5])
    [0, 3, 6]
    """

    bounds: list[float]
    """One more than there are grades, rising; a PD on a bound belongs to the worse grade."""
    pds: list[float]
    """The PD per year that stands for each grade."""

    @classmethod
    def log_equidistant(cls, pd_min: float, pd_max: float, grades: int) -> MasterScale:
        """Bounds at equal distances of the logarithm; each grade stands for its geometric middle."""
        return cls(**_scoreline.master_scale(pd_min, pd_max, grades))

    @classmethod
    def from_bounds(cls, bounds: Sequence[float]) -> MasterScale:
        """A scale of given bounds; each grade stands for its geometric middle."""
        return cls(**_scoreline.master_scale_of_bounds(list(bounds)))

    def grades(self, pds: object) -> list[int]:
        """The grades of PDs: 0 for the best."""
        return _scoreline.master_scale_grades(self._json(), pds)

    def with_mean_pds(self, pds: object) -> MasterScale:
        """The same grades, each standing for the mean PD of its obligors."""
        return MasterScale(**_scoreline.master_scale_mean(self._json(), pds))

    def check(self, pds: object, **rules: float) -> ScaleReport:
        """How the scale and the obligors with these PDs meet ``min_grades`` (7) and ``max_share`` (0.3)."""
        found = _scoreline.master_scale_check(self._json(), pds, json.dumps(rules))
        return ScaleReport(**{**found, "concentration": GradeConcentration(**found["concentration"])})

    def _json(self) -> str:
        return json.dumps(self._asdict())


class BreakerOutcome(NamedTuple):
    """A run that may be written."""

    downgraded: float
    upgraded: float
    tripped: bool
    """Whether a share was above what is allowed; then an operator forced the run."""
    forced_by: str | None


def check_breaker(
    matrix: MigrationMatrix, *, max_downgraded: float, max_upgraded: float | None = None, forced_by: str | None = None
) -> BreakerOutcome:
    """Whether a run over a book may be written; ``DataError`` when more moves than is allowed and nobody forces it.

    >>> matrix = migration(["A"] * 11, ["B"] * 2 + ["A"] * 9)
    >>> try:
    ...     check_breaker(matrix, max_downgraded=0.05)
    ... except ValueError as error:
    ...     print(error)
    invalid_data: field 'breaker': 18.2 % of the tiers fall, at most 5 % may; nothing is to be written unless an operator forces it
    >>> check_breaker(matrix, max_downgraded=0.05, forced_by="J. Doe").tripped
    True
    """
    breaker = json.dumps({"max_downgraded": max_downgraded, "max_upgraded": max_upgraded})
    return BreakerOutcome(**_scoreline.breaker_check(breaker, json.dumps(matrix._asdict()), forced_by))
