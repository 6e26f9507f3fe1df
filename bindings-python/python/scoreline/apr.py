"""Annualised rates of flows of money. Flows are seen by the lender: advances are negative, payments positive.

>>> rate = annualised([-12000] + [1060] * 12)  # 12 instalments without interest, a fee of 0.5 % of 12,000 with each
>>> round(rate.simple, 6), round(rate.compound, 6)
(0.108964, 0.114574)
>>> [round(one, 12) for one in rates([-100, 230, -132])]  # 10 % and 20 % both solve it
[0.1, 0.2]
>>> round(reg_z([((0, 0), -6000)] + [((t, 19 / 30), 200) for t in range(1, 37)]), 4)  # appendix J (c)(1)(ii)
0.1182
>>> eu([("1994-01-01", -1000), ("1995-07-01", 1200)], base="days365").percent
13.0
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from . import _scoreline
from .errors import DataError, Problem

__all__ = [
    "AnnualisedRate",
    "EuRate",
    "annualised",
    "eu",
    "eu_years",
    "irr",
    "rates",
    "reg_z",
    "reg_z_allows",
    "unit_periods",
    "xirr",
]

Day = datetime.date | str
EuBase = Literal["days365", "days366", "weeks52", "equal_months"]
Unit = Literal["months", "semi_month", "weeks", "days"]


class AnnualisedRate(NamedTuple):
    """The internal rate of return over a year; a simple rate may be shown only if it is called simple."""

    periodic: float
    """Per period."""
    simple: float
    """``periodic`` times the periods of a year."""
    compound: float
    """(1 + ``periodic``) to the periods of a year, less 1."""


class EuRate(NamedTuple):
    """An annual percentage rate of charge."""

    rate: float
    """A fraction per year."""
    percent: float
    """What is disclosed: percent to one decimal, halves up."""


def days(day: Day) -> int:
    """Days since 1970-01-01 of a calendar day."""
    return _scoreline.parse_date(day if isinstance(day, str) else day.isoformat()[:10])


def rates(amounts: Sequence[float], times: Sequence[float] | None = None) -> list[float]:
    """Every rate per unit of time, above -1, at which the flows are worth nothing, rising; none is missed. Without ``times``
    amounts are one period apart."""
    return _scoreline.rates(list(range(len(amounts))) if times is None else list(times), list(amounts))


def irr(amounts: Sequence[float]) -> float:
    """The internal rate of return per period of amounts one period apart.

    Raises :class:`scoreline.DataError` when there is none or when there are several; :func:`rates` gives them.

    >>> round(irr([-9800] + [888.49] * 12), 9)
    0.013212482
    """
    return _scoreline.rate(list(range(len(amounts))), list(amounts))


def xirr(flows: Iterable[tuple[Day, float]]) -> float:
    """The internal rate of return per year of 365 days of dated amounts, compounded.

    >>> round(xirr([("2024-01-01", -1000), ("2025-01-01", 1100)]), 6)  # 366 days
    0.099714
    """
    pairs = list(flows)
    return _scoreline.xirr([days(day) for day, _ in pairs], [amount for _, amount in pairs])


def annualised(amounts: Sequence[float], frequency: int = 12) -> AnnualisedRate:
    """The annualised rate as disclosed in China (PBoC Announcement No. 3 of 2021) of amounts one period apart, of which
    ``frequency`` make a year."""
    return AnnualisedRate(**_scoreline.annualised_irr(list(amounts), frequency))


def eu(flows: Iterable[tuple[Day | float, float]], *, base: EuBase = "equal_months") -> EuRate:
    """The annual percentage rate of charge of Directives 2008/48/EC and 2014/17/EU, Annex I, of pairs of a day, or of years
    since the beginning, and an amount.

    Days become years by ``base``: days over 365 or 366, weeks over 52, or equal months of 30.41666… days, which is the rule for
    monthly payments. It matters: see the two rates of one loan.

    >>> loan = [("2012-10-10", -500), ("2012-11-10", 270), ("2012-12-10", 270)]
    >>> eu(loan).percent, eu(loan, base="days365").percent
    (85.6, 84.6)
    """
    pairs = list(flows)
    dated = [(days(when), amount) for when, amount in pairs if isinstance(when, (datetime.date, str))]
    if dated and len(dated) < len(pairs):
        raise _mixed()
    first = min((day for day, _ in dated), default=0)
    years = [_scoreline.eu_years(base, first, day) for day, _ in dated]
    years = years or [when for when, _ in pairs if isinstance(when, (int, float))]
    return EuRate(**_scoreline.eu_apr(years, [amount for _, amount in pairs]))


def eu_years(first: Day, last: Day, base: EuBase) -> float:
    """Years between two days under a base of the directives."""
    return _scoreline.eu_years(base, days(first), days(last))


def unit_periods(first: Day, last: Day, unit: Unit = "months", count: int = 1) -> tuple[int, float]:
    """Full unit-periods between two days, counted back from the later one, and the fraction of one that is left (12 CFR 1026,
    appendix J (b)(5)).

    >>> unit_periods("1978-05-23", "1978-10-01", "months", 3)
    (1, 0.43333333333333335)
    """
    return _scoreline.unit_periods(_unit(unit, count), days(first), days(last))


def reg_z(
    flows: Iterable[tuple[Day | tuple[int, float], float]],
    *,
    unit: Unit = "months",
    count: int = 1,
) -> float:
    """The annual percentage rate of US Regulation Z, actuarial method (12 CFR 1026, appendix J), a fraction; of pairs of a day,
    or of full unit-periods and the fraction of one, and an amount. The unit-period is ``count`` months, weeks or days, or half
    a month.

    >>> round(reg_z([((0, 0), -5000)] + [((t, 0), 230) for t in range(1, 25)]), 4)  # appendix J (c)(1)(i)
    0.0969
    >>> round(reg_z([("1978-01-10", -8000), ("1978-03-01", 4100), ("1978-05-01", 4100)], unit="months", count=2), 4)
    0.1095
    """
    pairs = list(flows)
    dated = [days(when) for when, _ in pairs if isinstance(when, (datetime.date, str))]
    if dated and len(dated) < len(pairs):
        raise _mixed()
    kind, first = _unit(unit, count), min(dated, default=0)
    times = [_scoreline.unit_periods(kind, first, day) for day in dated]
    times = times or [when for when, _ in pairs if isinstance(when, tuple)]
    return _scoreline.reg_z_apr(kind, times, [amount for _, amount in pairs])


def reg_z_allows(disclosed: float, exact: float, *, irregular: bool = False) -> bool:
    """Whether a disclosed rate is accurate: within 1/8 of a percentage point, 1/4 for irregular transactions
    (12 CFR 1026.22(a)).

    >>> reg_z_allows(0.1013, 0.10), reg_z_allows(0.1013, 0.10, irregular=True)
    (False, True)
    """
    return _scoreline.reg_z_allows(disclosed, exact, irregular)


def _unit(unit: Unit, count: int) -> str:
    return json.dumps({"type": unit} if unit == "semi_month" else {"type": unit, "count": count})


def _mixed() -> DataError:
    what, remedy = "some flows have days and others not", "write all times in one way"
    problem: Problem = {"field": "flows", "row": None, "position": None, "what": what, "remedy": remedy}
    return DataError(f"{DataError.code}: field 'flows': {what}; {remedy}", [problem])
