"""What is lost: PD over the years, loss given default, exposure at default, and who bears a loss.

>>> curve = constant_pd(0.02, years=3)
>>> curve.twelve_month, round(curve.lifetime, 6)
(0.02, 0.058808)
>>> house = Collateral(value=100, haircut=0.3, prior_claims=10, cost_rate=0.05, months=24)
>>> found = lgd(80, [house], unsecured_recovery=0.4, discount_rate=0.10)
>>> round(found.lgd, 4), round(found.collateral, 4)
(0.2962, 0.5888)
>>> ead(4_000, 10_000, "unconditionally_cancellable")
4600.0
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from . import _scoreline
from .capital import Seniority
from .matrices import MigrationMatrix

__all__ = [
    "Collateral",
    "Commitment",
    "DrawdownFactor",
    "DrawdownPool",
    "FactorKind",
    "Guarantee",
    "Lgd",
    "LossLeg",
    "PdCurve",
    "Protected",
    "SharedLoss",
    "conditional_pds",
    "constant_pd",
    "drawdown_factor",
    "drawdown_factors",
    "ead",
    "ead_floor",
    "lgd",
    "marginal_pds",
    "migration_pds",
    "share_loss",
    "substitute",
    "transition_pds",
]

Commitment = Literal[
    "unconditionally_cancellable", "short_term_trade", "commitment", "note_issuance", "transaction_related", "direct_credit_substitute"
]
"""Kinds of the standardised approach: 10, 20, 40, 50, 50 and 100 % (CRE20.94 to 20.101)."""
FactorKind = Literal["ccf", "leq", "eadf"]
"""(EAD - drawn) / (limit - drawn), the same within [0, 1], or EAD / limit."""


class PdCurve(NamedTuple):
    """Probabilities of default by year, as seen today."""

    marginals: list[float]
    """The chance to default in each year, having survived until then counted in."""
    survivals: list[float]
    """The chance to have survived at the end of each year."""
    twelve_month: float
    lifetime: float

    def survival_at(self, years: float) -> float:
        """The chance to have survived after ``years``, which may be a fraction: the hazard is constant within a year.

        >>> round(constant_pd(0.19, 2).survival_at(0.5), 12)
        0.9
        """
        return _scoreline.pd_survival_at(self.marginals, years)

    def hazards(self, months: int) -> list[float]:
        """The share of those alive that default in each of the first months, the same within a year: the ``pd`` of a
        :class:`scoreline.pricing.Lifetime`. The curve must have a year for each month.

        >>> [round(one, 6) for one in conditional_pds([0.02, 0.05]).hazards(13)[11:]]
        [0.001682, 0.004265]
        """
        return _scoreline.pd_hazards(self.marginals, months)


def constant_pd(pd: float, years: int) -> PdCurve:
    """The same conditional PD in every year."""
    return PdCurve(**_scoreline.pd_curve_constant(pd, years))


def conditional_pds(pds: object) -> PdCurve:
    """From the chance to default in each year of those who survived until it.

    >>> conditional_pds([0.1, 0.5]).marginals
    [0.1, 0.45]
    """
    return PdCurve(**_scoreline.pd_curve(pds, True))


def marginal_pds(pds: object) -> PdCurve:
    """From marginal PDs, one a year.

    >>> marginal_pds([0.25, 0.5]).survivals
    [0.75, 0.25]
    """
    return PdCurve(**_scoreline.pd_curve(pds, False))


def transition_pds(rows: Sequence[Sequence[float]], grade: int, years: int) -> PdCurve:
    """From yearly transition probabilities: a row a grade before, a column a grade after and a last one for default.

    >>> round(transition_pds([[0.9, 0.08, 0.02], [0.1, 0.8, 0.1]], grade=0, years=2).lifetime, 3)
    0.046
    """
    return PdCurve(**_scoreline.pd_curve_transitions([list(row) for row in rows], grade, years))


def migration_pds(matrix: MigrationMatrix, grade: int, years: int) -> PdCurve:
    """From the cases of a :class:`scoreline.MigrationMatrix`; withdrawn ones are left out. ``grade`` counts from 0, the best.

    >>> from scoreline import migration
    >>> matrix = migration(["A", "A", "B", "C", "D"], ["A", "B", "defaulted", "C", "D"])
    >>> migration_pds(matrix, grade=0, years=2).marginals
    [0.0, 0.5]
    """
    return PdCurve(**_scoreline.pd_curve_migration(json.dumps(matrix._asdict()), grade, years))


@dataclass(frozen=True)
class Collateral:
    """One piece of collateral."""

    value: float
    haircut: float
    """Share that is taken off for falling prices and a forced sale."""
    prior_claims: float = 0.0
    """Claims of others that are paid from it first."""
    cost_rate: float = 0.0
    """Cost of the sale, a share of what it brings."""
    months: float = 0.0
    """From default to payment."""


class Lgd(NamedTuple):
    """A loss given default with what it is made of, as fractions of the exposure."""

    lgd: float
    collateral: float
    """Discounted recovery from collateral, after its costs."""
    unsecured: float
    """Discounted recovery of the rest."""
    fixed_cost: float
    floored: bool
    """Whether the floor was above what came out."""


def lgd(
    ead: float,
    collateral: Iterable[Collateral] = (),
    *,
    unsecured_recovery: float,
    subordinated_recovery: float = 0.0,
    unsecured_months: float = 0.0,
    seniority: Seniority = "senior",
    discount_rate: float = 0.0,
    fixed_cost: float = 0.0,
    floor: float = 0.0,
    lgd_above_one: bool = False,
) -> Lgd:
    """The loss given default of an exposure.

    Each piece of collateral pays what it brings after haircut, prior claims and cost, at most what is still owed; of the rest
    ``unsecured_recovery`` or ``subordinated_recovery`` comes back; all is discounted by (1 + rate) to the minus months / 12.
    A loss of more than the exposure is an error unless ``lgd_above_one`` declares it.
    """
    recovery = {
        "ead": ead, "collateral": [dataclasses.asdict(one) for one in collateral], "seniority": seniority,
        "unsecured": {"senior": unsecured_recovery, "subordinated": subordinated_recovery, "months": unsecured_months},
        "discount_rate": discount_rate, "fixed_cost": fixed_cost, "floor": floor, "lgd_above_one": lgd_above_one,
    }  # fmt: skip
    return Lgd(**_scoreline.recovery_lgd(json.dumps(recovery)))


@dataclass(frozen=True)
class Guarantee:
    """A guarantee of part of an exposure."""

    share: float
    pd: float
    """Of the guarantor."""
    lgd: float
    """Of a claim on the guarantor."""


class Protected(NamedTuple):
    """A part of an exposure with what counts for it."""

    share: float
    pd: float
    lgd: float
    guarantee: int | None
    """The place of the guarantee; ``None`` for what stays with the obligor."""


def substitute(pd: float, lgd: float, guarantees: Iterable[Guarantee]) -> list[Protected]:
    """Splits an exposure into covered parts, with PD and LGD of their guarantors, and the rest (CRE32.24 to 32.26). A guarantor
    whose expected loss is not lower than that of the obligor is not used.

    >>> substitute(0.03, 0.6, [Guarantee(0.75, 0.001, 0.45)])[1]
    Protected(share=0.25, pd=0.03, lgd=0.6, guarantee=None)
    """
    given = json.dumps([dataclasses.asdict(one) for one in guarantees])
    return [Protected(**part) for part in _scoreline.guaranteed(pd, lgd, given)]


def ead(drawn: float, limit: float, ccf: float | Commitment) -> float:
    """Exposure at default: drawn + CCF · max(limit - drawn, 0), with a factor or a kind of commitment.

    >>> ead(12_000, 10_000, 0.5)
    12000.0
    """
    if isinstance(ccf, str):
        return _scoreline.commitment_ead(drawn, limit, json.dumps(ccf), False)
    return _scoreline.exposure_at_default(drawn, limit, ccf)


def ead_floor(drawn: float, limit: float, kind: Commitment) -> float:
    """The least exposure of own estimates: drawn and half of what the standardised factor gives (CRE32.36).

    >>> ead_floor(500, 1_500, "commitment")
    700.0
    """
    return _scoreline.commitment_ead(drawn, limit, json.dumps(kind), True)


class DrawdownFactor(NamedTuple):
    """A factor, or why there is none."""

    value: float | None
    undefined: Literal["fully_drawn", "no_limit"] | None


class DrawdownPool(NamedTuple):
    """Factors of many defaulted lines."""

    mean: float | None
    pooled: float | None
    """Sum of the numerators over sum of the denominators: large lines count more."""
    defined: int
    fully_drawn: int
    """Lines without a factor because nothing was left to draw."""
    no_limit: int


def drawdown_factor(drawn: float, limit: float, ead: float, kind: FactorKind = "ccf") -> DrawdownFactor:
    """The factor of a line that defaulted: drawn and limit on the reference day, and what it owed at default.

    >>> drawdown_factor(4_000, 10_000, 7_000), drawdown_factor(10_000, 10_000, 11_000).undefined
    (DrawdownFactor(value=0.5, undefined=None), 'fully_drawn')
    """
    line = json.dumps({"drawn": drawn, "limit": limit, "ead": ead})
    found = _scoreline.drawdown_factor(line, json.dumps(kind))
    return DrawdownFactor(found.get("value"), found.get("reason"))


def drawdown_factors(drawn: object, limit: object, ead: object, kind: FactorKind = "ccf") -> DrawdownPool:
    """The factors of columns of defaulted lines.

    >>> drawdown_factors([0, 5, 10], [10, 10, 10], [5, 10, 12])
    DrawdownPool(mean=0.75, pooled=0.6666666666666666, defined=2, fully_drawn=1, no_limit=0)
    """
    return DrawdownPool(**_scoreline.drawdown_pool(drawn, limit, ead, json.dumps(kind)))


@dataclass(frozen=True)
class LossLeg:
    """Who bears ``share`` of what lies between ``start`` and ``end`` of the exposure: 0 and 1 for a partner, 0 and the size of the
    piece for a first loss, a start above 0 for insurance with a deductible."""

    name: str
    share: float
    start: float = 0.0
    end: float = 1.0
    fee_rate: float = 0.0
    """Per year, of what is covered."""


class SharedLoss(NamedTuple):
    """A loss divided, exactly: what is kept and the legs add up to it."""

    kept: Decimal
    legs: list[Decimal]
    fees: list[Decimal]
    """Of each leg per year."""


def share_loss(exposure: Decimal, loss: Decimal, legs: Iterable[LossLeg]) -> SharedLoss:
    """Divides a loss among legs, each rounded down to the smallest unit; the lender keeps the rest. Both amounts are written with
    the decimals of the currency.

    >>> platform, bank = LossLeg("platform", 1.0, end=0.05, fee_rate=0.02), LossLeg("bank", 0.7, start=0.05)
    >>> share_loss(Decimal("10000.00"), Decimal("2000.01"), [platform, bank])
    SharedLoss(kept=Decimal('450.01'), legs=[Decimal('500.00'), Decimal('1050.00')], fees=[Decimal('10.00'), Decimal('0.00')])
    """
    given = [{"name": leg.name, "share": leg.share, "from": leg.start, "to": leg.end, "fee_rate": leg.fee_rate} for leg in legs]
    kept, borne, fees = _scoreline.divide_loss(str(exposure), str(loss), json.dumps(given))
    return SharedLoss(Decimal(kept), [Decimal(part) for part in borne], [Decimal(fee) for fee in fees])
