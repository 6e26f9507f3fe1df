"""The whole book: expected credit losses under IFRS 9, states of the economy, stress forwards and backwards, vintages, gaps.

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
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .matrices import MigrationMatrix
from .plain import to_plain

__all__ = [
    "BookFigures",
    "BookLosses",
    "EclPolicy",
    "ExpectedLoss",
    "RepricingGap",
    "ReverseStress",
    "Scenario",
    "ScenarioTotal",
    "StageTotal",
    "StagingPolicy",
    "StagingResult",
    "StressPolicy",
    "StressReport",
    "book_losses",
    "conditional_matrix",
    "conditional_pds",
    "curve_shift",
    "expected_credit_loss",
    "fit_state",
    "provision_matrix",
    "repricing_gap",
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


@dataclass(frozen=True)
class Scenario:
    """A path that the economy may take."""

    name: str
    weight: float
    """Its probability; those of all scenarios add up to 1."""
    states: Sequence[float] = ()
    """The state of the economy in each year from now on, bad when negative. In later years PDs are the average ones."""
    lgd_added: float = 0.0
    """Added to every LGD, which stays within 0 and 1."""


@dataclass(frozen=True)
class EclPolicy:
    """How the losses of a book are found."""

    scenarios: Sequence[Scenario]
    rho: float
    """Correlation of the exposures with the state of the economy, in (0, 1)."""
    periods_per_year: int = 12
    """Periods of a year in which losses are counted: 1, 2, 3, 4, 6 or 12."""
    staging: StagingPolicy = field(default_factory=StagingPolicy)


class StageTotal(NamedTuple):
    """What is in a stage."""

    exposures: int
    ead: float
    twelve_months: float
    lifetime: float
    ecl: float
    """The allowance."""


class ScenarioTotal(NamedTuple):
    """What the allowance would be if a scenario were sure. Stages stay as they are."""

    weight: float
    ecl: float


class BookLosses(NamedTuple):
    """The losses of a book."""

    table: _scoreline.Table
    """For each row ``stage``, ``reason``, ``pd_expected`` and ``pd_now`` (of the remaining life), the losses of ``twelve_months`` and
    of the ``lifetime``, ``ecl`` (the one that the stage asks for) and ``status``."""
    ecl: float
    """The allowance of the book: the exact sum of the rows, rounded once in each stage."""
    stages: dict[Stage, StageTotal]
    scenarios: dict[str, ScenarioTotal]


def book_losses(table: object, policy: EclPolicy, threads: int = 0) -> BookLosses:
    """Stages and expected credit losses of a table of exposures over scenarios (IFRS 9).

    The columns ``pd`` (per year through the cycle), ``pd_origination`` (per year, as expected when the loan was made), ``lgd``,
    ``ead``, ``eir`` and ``months`` (left) are needed; ``days`` (past due), ``bullet`` (repaid at the end instead of in equal
    instalments), ``watched`` and ``impaired`` may be there. Stages compare PDs of the remaining life, now over all scenarios. Losses
    are weighted, not PDs (5.5.17(a)). A row with figures that are missing or out of range has the status of its error, is in no
    total and harms no other; ``table.errors`` says why.

    >>> scenarios = [Scenario("base", 0.7), Scenario("downturn", 0.3, states=[-2.0, -1.0], lgd_added=0.1)]
    >>> loans = {"pd": [0.02, 0.02, 1.2], "pd_origination": [0.015, 0.005, 0.01], "lgd": [0.45, 0.45, 0.45],
    ...          "ead": [100_000.0, 100_000.0, 500.0], "eir": [0.06, 0.06, 0.05], "months": [36, 36, 24]}
    >>> losses = book_losses(loans, EclPolicy(scenarios, rho=0.15))
    >>> losses.table["stage"], losses.table["reason"], losses.table["status"]
    (['one', 'two', None], ['no_increase', 'pd', None], ['ok', 'ok', 'invalid_data'])
    >>> losses.stages["two"].ecl == losses.table["ecl"][1] == losses.table["lifetime"][1]
    True
    >>> losses.scenarios["downturn"].ecl > losses.ecl > losses.scenarios["base"].ecl
    True
    """
    rows, found = _scoreline.ifrs9_book(table, json.dumps(to_plain(policy)), threads)
    stages = {row.pop("stage"): StageTotal(**row) for row in found["stages"]}
    scenarios = {row.pop("name"): ScenarioTotal(**row) for row in found["scenarios"]}
    return BookLosses(rows, found["ecl"], stages, scenarios)


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


class RepricingGap(NamedTuple):
    """The repricing gap of a book."""

    table: _scoreline.Table
    """For each bucket ``months``, ``assets``, ``liabilities``, ``gap``, ``cumulative`` gap, ``shift`` of its rates and the ``change``
    of net interest income."""
    assets: Decimal
    liabilities: Decimal
    gap: Decimal
    change: Decimal
    """What the shift adds to net interest income within the horizon: the sum of the buckets."""
    margin_change: float | None
    """The same per year, as a share of the assets; ``None`` without assets."""


def curve_shift(before: Mapping[int, float], after: Mapping[int, float]) -> dict[str, Any]:
    """A move from one curve of transfer prices to another, each given as rates per year by term in months.

    >>> buckets = {"months": [1, 12], "assets": [100, 0], "liabilities": [0, 100]}
    >>> repricing_gap(buckets, horizon=25, shift=curve_shift({12: 0.03}, {1: 0.03, 12: 0.036})).table["change"]
    [Decimal('0.00'), Decimal('-0.65')]
    """

    def curve(rates: Mapping[int, float]) -> dict[str, Any]:
        return {"points": [{"months": months, "rate": rate} for months, rate in sorted(rates.items())]}

    return {"type": "curves", "before": curve(before), "after": curve(after)}


def repricing_gap(
    table: Any, *, horizon: int, shift: float | Sequence[float] | Mapping[str, Any], decimals: int = 2
) -> RepricingGap:
    """The repricing gap of a book, and what a shift of rates does to net interest income within ``horizon`` months.

    ``table`` has a row for each bucket, with the ``months`` until its rates are set (the middle of the bucket), rising, and the
    amounts of ``assets`` and ``liabilities`` that are. ``shift`` is added to all rates, or one to those of each bucket, or it is that
    of :func:`curve_shift`. A bucket changes income by shift · gap · (horizon − months) / 12, rounded to the minor unit; what is
    repriced after the horizon does not (the earnings view of the Basel Committee's standard on interest rate risk in the banking
    book, d368, 2016). Volumes stay, and rates follow the shift in full.

    >>> buckets = {"months": [0, 6, 24], "assets": [400, 500, 300], "liabilities": [700, 200, 200]}
    >>> found = repricing_gap(buckets, horizon=12, shift=0.02)
    >>> found.table["cumulative"], found.change, found.margin_change
    ([Decimal('-300.00'), Decimal('0.00'), Decimal('100.00')], Decimal('-3.00'), -0.0025)
    """
    if isinstance(shift, Mapping):
        given = dict(shift)
    elif isinstance(shift, (int, float)):
        given = {"type": "parallel", "shift": shift}
    else:
        given = {"type": "buckets", "shifts": list(shift)}
    columns = (table["months"], table["assets"], table["liabilities"])
    rows, found = _scoreline.repricing_gap(*columns, decimals, json.dumps(to_plain(given)), horizon)
    assets, liabilities, gap, change = (Decimal(found[name]) for name in ("assets", "liabilities", "gap", "change"))
    return RepricingGap(rows, assets, liabilities, gap, change, found["margin_change"])
