"""The whole book: expected credit losses under IFRS 9, states of the economy, stress and reverse stress, vintages.

>>> loss = expected_credit_loss(hazards=[0.005], lgd=0.25, ead=[1_000_000], eir=0.0, periods_per_year=1)
>>> loss.twelve_months, loss.of("one")
(1250.0, 1250.0)
>>> stage(pd_expected=0.01, pd_now=0.021)
StagingResult(stage='two', reason='pd')
>>> [round(pd, 8) for pd in conditional_pds([0.02, 0.1], rho=0.15, z=-1.5)]
[0.05507966, 0.22365365]
>>> policy = StressPolicy(cuts=(0.01, 0.03, 0.1), funding=0.03, opex=0.01, tax=0.25, hurdle=0.1,
...                       capital={"type": "fixed_share", "share": 0.08})
>>> book = {"pd": [0.005, 0.02, 0.08], "lgd": [0.5, 0.5, 0.5], "ead": [1e3, 1e3, 1e3], "rate": [0.065, 0.08, 0.14]}
>>> report = stress(book, policy, {"pd": {"type": "state", "z": -2.0, "rho": 0.1}, "lgd": 0.1})
>>> round(report.before.raroc, 4), round(report.after.raroc, 4), report.before.tiers, report.after.tiers
(0.3516, -0.0375, {'A': 1, 'B': 1, 'C': 1, 'D': 0}, {'A': 0, 'B': 1, 'C': 1, 'D': 1})
>>> reverse_stress(book, policy, {"pd": {"type": "state", "z": -2.0, "rho": 0.1}, "lgd": 0.1}).outcome
'breaks'
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .matrices import MigrationMatrix
from .plain import to_plain

__all__ = [
    "BookFigures",
    "ExpectedLoss",
    "ReverseStress",
    "StagingPolicy",
    "StagingResult",
    "StressPolicy",
    "StressReport",
    "conditional_matrix",
    "conditional_pds",
    "expected_credit_loss",
    "fit_state",
    "provision_matrix",
    "reverse_stress",
    "stage",
    "state_of",
    "stress",
    "vintages",
    "weighted_loss",
]

Stage = Literal["one", "two", "three"]


@dataclass(frozen=True)
class ExpectedLoss:
    """The losses of an exposure, in the unit of its exposure at default."""

    twelve_months: float
    """From defaults within twelve months."""
    lifetime: float
    by_period: list[float]
    """Discounted, one entry a period."""
    marginal_pd: list[float]
    """Share of the exposure that defaults in each period."""
    cumulative_pd: float
    impaired: float
    """LGD · EAD of the first period: what is lost when it has defaulted already."""

    def of(self, stage: Stage) -> float:
        """The loss that a stage asks for: of twelve months, of the life, or of what has defaulted."""
        return {"one": self.twelve_months, "two": self.lifetime, "three": self.impaired}[stage]


def expected_credit_loss(
    *, hazards: Sequence[float], lgd: float | Sequence[float], ead: Sequence[float], eir: float, periods_per_year: int = 12
) -> ExpectedLoss:
    """Expected credit losses: the sum of discount factor · share that defaults · LGD · EAD over the periods.

    ``hazards`` is the share of those alive that default in each period, ``lgd`` one figure or one for each period, ``ead`` the
    exposure in each period, ``eir`` the effective interest rate per year, from the end of a period. Raises
    :class:`scoreline.DataError` with every figure that is out of range.
    """
    lgds = [lgd] if isinstance(lgd, (int, float)) else list(lgd)
    terms = {"hazards": list(hazards), "lgd": lgds, "ead": list(ead), "eir": eir, "periods_per_year": periods_per_year}
    return ExpectedLoss(**_scoreline.expected_credit_loss(json.dumps(terms)))


@dataclass(frozen=True)
class StagingPolicy:
    """When credit risk has increased significantly (IFRS 9, 5.5.3 to 5.5.11, B5.5.37)."""

    ratio: float = 2.0
    """The PD of the remaining life must be at least this many times what was expected."""
    increase: float = 0.005
    """And higher by at least this."""
    low_risk: float = 0.0
    """Below this PD no increase is looked for."""
    days_stage_2: float = 30.0
    days_stage_3: float = 90.0


class StagingResult(NamedTuple):
    """A stage and the first reason for it."""

    stage: Stage
    reason: Literal["no_increase", "low_risk", "pd", "watch_list", "past_due", "impaired"]


def stage(
    pd_expected: float,
    pd_now: float,
    *,
    days: float = 0.0,
    watched: bool = False,
    impaired: bool = False,
    policy: StagingPolicy | None = None,
) -> StagingResult:
    """The stage of an exposure. PDs are those of the remaining life: as expected when the loan was made, and now."""
    settings = json.dumps(to_plain(policy or StagingPolicy()))
    found: Any = _scoreline.ifrs9_stage(settings, pd_expected, pd_now, days, watched, impaired)
    return StagingResult(found["stage"], found["reason"])


def weighted_loss(scenarios: Sequence[tuple[float, float]]) -> float:
    """The loss over scenarios, given as pairs of weight and loss; the weights add up to 1.

    >>> weighted_loss([(0.3, 800), (0.5, 1000), (0.2, 1600)])
    1060.0
    """
    return _scoreline.weighted_loss(scenarios)


def provision_matrix(buckets: Sequence[tuple[float, float]]) -> list[float]:
    """The allowances of receivables by how late they are, given as pairs of gross amount and share that is lost.

    >>> provision_matrix([(15_000_000, 0.003), (7_500_000, 0.016)])
    [45000.0, 120000.0]
    """
    return _scoreline.provision_matrix(buckets)


def conditional_pds(pds: object, rho: float, z: float) -> list[float]:
    """PDs in a state ``z`` of the economy, bad when negative, for exposures with the correlation ``rho`` (Vasicek 2002)."""
    return _scoreline.conditional_pds(pds, rho, z)


def state_of(pd: float, rho: float, default_rate: float) -> float:
    """The state of the economy in which a grade with this PD has the default rate.

    >>> round(state_of(0.02, 0.15, 0.05507966358424149), 10)
    -1.5
    """
    return _scoreline.state_of(pd, rho, default_rate)


def conditional_matrix(average: Sequence[Sequence[float]], rho: float, z: float) -> list[list[float]]:
    """A migration matrix in a state of the economy (Belkin, Suchower and Forest 1998). Each row goes to every grade, best first,
    default last."""
    return _scoreline.conditional_matrix(average, rho, z)


def fit_state(average: Sequence[Sequence[float]], observed: MigrationMatrix, rho: float) -> float:
    """The state of the economy that the migrations of a year speak for: weighted least squares over all cells."""
    return _scoreline.fit_state(average, json.dumps(observed._asdict()), rho)[0]


@dataclass(frozen=True)
class StressPolicy:
    """What the figures of a book rest on. Rates are fractions per year."""

    cuts: tuple[float, float, float]
    """The upper PD of tiers A, B and C."""
    capital: Mapping[str, Any]
    """As in the pricing policy: ``{"type": "fixed_share", "share": 0.08}`` or ``{"type": "irb_other_retail", …}``."""
    funding: float
    hurdle: float
    opex: float = 0.0
    capital_benefit: float = 0.0
    tax: float = 0.0


@dataclass(frozen=True)
class BookFigures:
    """The figures of a book."""

    ead: float
    expected_loss: float
    """Of a year."""
    capital: float
    net_income: float
    """After tax, of a year."""
    raroc: float
    above_hurdle: float
    """Share of the exposures whose own RAROC reaches the hurdle at a rate that is allowed."""
    tiers: dict[str, int]


@dataclass(frozen=True)
class StressReport:
    """A book before and after a shock."""

    before: BookFigures
    after: BookFigures
    migration: MigrationMatrix
    """From which tier to which."""


def stress(book: Any, policy: StressPolicy, shock: Mapping[str, Any]) -> StressReport:
    """What a shock does to a book: tiers, expected loss, capital, RAROC, share of offers above the hurdle.

    ``book`` has the columns ``pd``, ``lgd``, ``ead`` and ``rate``. A shock may hold ``pd`` (``{"type": "logit", "add": …}`` or
    ``{"type": "state", "z": …, "rho": …}``), ``lgd`` and ``funding`` (added), ``ead`` (a share, added) and a ``cap`` on rates.
    """
    found = _scoreline.stress(book, json.dumps(to_plain(policy)), json.dumps(to_plain(shock)))
    before, after = (BookFigures(**found[name]) for name in ("before", "after"))
    return StressReport(before, after, MigrationMatrix(**found["migration"]))


class ReverseStress(NamedTuple):
    """How much of a shock a book bears."""

    outcome: Literal["broken", "breaks", "holds"]
    """Broken without a shock, breaks at ``severity``, or holds up to the largest part that was asked for."""
    severity: float | None
    """The part of the shock: 1 is the whole."""
    figures: BookFigures
    """The figures there."""


def reverse_stress(book: Any, policy: StressPolicy, shock: Mapping[str, Any], most: float = 3.0) -> ReverseStress:
    """The smallest part of a shock, up to ``most`` times the whole, with which the RAROC of the book falls below the hurdle."""
    found = _scoreline.reverse_stress(book, json.dumps(to_plain(policy)), json.dumps(to_plain(shock)), most)
    return ReverseStress(found["type"], found.get("severity"), BookFigures(**found["figures"]))


def vintages(
    table: Any, *, days: int, ever: bool, count: Literal["loans", "granted", "owed"] = "loans"
) -> dict[str, list[float]]:
    """By vintage, the share that is bad in each month on book, from 0.

    ``table`` has the columns ``loan``, ``vintage``, ``month`` (on book), ``days`` (past due), ``granted`` and ``owed``. At least
    ``days`` past due is bad: for ``ever`` after, or by the state in each month. Loans are counted, or their amounts over the amount
    granted.

    >>> rows = {"loan": ["a", "a", "b", "b"], "vintage": ["Q1"] * 4, "month": [0, 1, 0, 1], "days": [0, 35, 0, 0],
    ...         "granted": [100, 100, 100, 100], "owed": [100, 95, 100, 90]}
    >>> vintages(rows, days=30, ever=True)
    {'Q1': [0.0, 0.5]}
    """
    config = json.dumps({"days": days, "ever": ever, "count": count})
    amounts = (table["granted"], table["owed"])
    return _scoreline.vintages(table["loan"], table["vintage"], table["month"], table["days"], amounts, config)
