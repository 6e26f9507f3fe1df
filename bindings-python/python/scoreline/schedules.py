"""Repayment schedules: what falls due when, exact to the minor unit.

>>> loan = schedule(100000, 0.12, 12)
>>> loan.rows[0].payment, loan.rows[-1].payment, loan.totals.interest
(Decimal('8884.88'), Decimal('8884.85'), Decimal('6618.53'))
>>> loan = schedule("1200.00", 0, 3, "equal_principal", start="2026-01-31", fees=[fee("service", share_of_principal=0.01)])
>>> loan
number         due  opening  interest  principal    fee  payment  closing
------  ----------  -------  --------  ---------  -----  -------  -------
     1  2026-02-28  1200.00      0.00     400.00  12.00   412.00   800.00
     2  2026-03-31   800.00      0.00     400.00  12.00   412.00   400.00
     3  2026-04-30   400.00      0.00     400.00  12.00   412.00     0.00
 total                           0.00    1200.00  36.00  1236.00
>>> round(loan.apr("simple"), 4), round(loan.apr("compound"), 4)
(0.1791, 0.1946)
>>> year_fraction("2003-11-01", "2004-05-01", "30_360")
0.5
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from . import _scoreline
from .apr import AnnualisedRate, EuBase, days
from .errors import ConfigError, Problem
from .text import aligned

__all__ = [
    "DayCount",
    "Schedule",
    "ScheduleRow",
    "ScheduleTotals",
    "balloon",
    "counted_days",
    "fee",
    "fee_waiver",
    "given",
    "interest_free",
    "rate_discount",
    "schedule",
    "step",
    "year_fraction",
]

Amount = Decimal | int | str | float
Day = datetime.date | str
DayCount = Literal["30_360", "30_360_us", "30e_360", "act_365f", "act_360", "act_act_isda"]
Rounding = Literal["half_up", "half_even", "down", "up"]
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class ScheduleRow:
    """One period: ``closing`` = ``opening`` + ``drawn`` + ``capitalised`` - ``principal`` and ``payment`` = ``principal`` +
    ``interest`` - ``capitalised`` + ``fee``, to the minor unit."""

    number: int
    """From 1."""
    due: datetime.date | None
    opening: Decimal
    """Balance before the period; in the first, what is drawn at the start."""
    drawn: Decimal
    """What is drawn at the beginning of the period, beside the principal at the start."""
    interest: Decimal
    capitalised: Decimal
    """The part of the interest that is added to the balance."""
    principal: Decimal
    """What is repaid."""
    fee: Decimal
    payment: Decimal
    closing: Decimal


@dataclass(frozen=True)
class ScheduleTotals:
    """Sums over a schedule: ``principal`` = ``drawn`` + ``capitalised``, to the minor unit."""

    drawn: Decimal
    interest: Decimal
    capitalised: Decimal
    principal: Decimal
    fees: Decimal
    """With those at the start."""
    payments: Decimal


class Schedule:
    """A schedule of payments, made by :func:`schedule`. It prints itself as a table."""

    deducted: Decimal
    """Fees kept back from what is paid out at the start."""
    upfront: Decimal
    """Fees paid apart at the start."""
    totals: ScheduleTotals

    def __init__(self, terms: str) -> None:
        self._core = _scoreline.Schedule(terms)
        self._plain = self._core.plain()
        self.deducted, self.upfront = Decimal(self._plain["deducted"]), Decimal(self._plain["upfront"])
        self.totals = ScheduleTotals(**{name: Decimal(total) for name, total in self._plain["totals"].items()})

    @cached_property
    def rows(self) -> list[ScheduleRow]:
        """One row for each payment."""
        return [_row(row) for row in self._plain["rows"]]

    @property
    def table(self) -> _scoreline.Table:
        """The rows as a table that any Arrow library reads, amounts as decimals."""
        return self._core.table()

    @property
    def flows(self) -> list[float]:
        """Payments less drawdowns on the start and every due day, as the lender sees them: the first is negative."""
        return self._core.period_flows()

    def apr(
        self,
        method: Literal["simple", "compound", "eu", "reg_z", "xirr"],
        *,
        base: EuBase = "equal_months",
    ) -> float:
        """The annualised rate with all fees, a fraction.

        ``simple`` and ``compound`` are the internal rate of return per period over a year, as disclosed in China; ``eu`` the
        rate of the directives on the time ``base``, ``reg_z`` that of US Regulation Z, appendix J; ``xirr`` counts
        days over 365 and needs ``start``.

        >>> loan = schedule(10000, 0.12, 12, fees=[fee("opening", amount=200, timing="deducted")])
        >>> [round(loan.apr(method), 4) for method in ("simple", "compound", "eu", "reg_z")]
        [0.1585, 0.1706, 0.1706, 0.1585]
        """
        if method == "eu":
            rate: float = self._core.eu_apr(base)["rate"]
            return rate
        if method == "reg_z":
            return self._core.reg_z_apr()
        if method == "xirr":
            return self._core.xirr()
        if method not in ("simple", "compound"):
            raise _wrong("method", "not a method that is known", "use simple, compound, eu, reg_z or xirr")
        annual: float = getattr(self.annualised_rate(), method)
        return annual

    def annualised_rate(self) -> AnnualisedRate:
        """The rate as disclosed in China (PBoC Announcement No. 3 of 2021), simple and compound."""
        return AnnualisedRate(**self._core.annualised_rate())

    def __repr__(self) -> str:
        shown = [part.name for part in fields(ScheduleRow)]
        for name in ("due", "drawn", "capitalised", "fee"):
            if not any(getattr(row, name) for row in self.rows):
                shown.remove(name)
        lines: list[dict[str, Any]] = [{name: getattr(row, name) for name in shown} for row in self.rows]
        sums = {name: getattr(self.totals, name) for name in ("drawn", "interest", "capitalised", "principal")}
        lines.append({"number": "total", **sums, "fee": self.totals.fees, "payment": self.totals.payments})
        return aligned(lines, shown, left=())


def schedule(
    principal: Amount,
    rate: float,
    periods: int,
    repayment: Literal["equal_instalment", "equal_principal", "interest_only"] | Settings = "equal_instalment",
    *,
    frequency: int = 12,
    grace: int = 0,
    grace_interest: Literal["paid", "capitalised"] = "paid",
    drawdowns: Mapping[int, Amount] | None = None,
    fees: Sequence[Settings] = (),
    promotions: Sequence[Settings] = (),
    start: Day | None = None,
    first_due: Day | None = None,
    end_of_month: bool = False,
    due: Sequence[Day] | None = None,
    day_count: DayCount | None = None,
    rounding: Rounding | Mapping[Literal["payment", "interest", "fee"], Rounding] = "half_up",
    decimals: int = 2,
) -> Schedule:
    """The schedule of a loan, exact to the minor unit; the last payment clears the balance.

    ``rate`` is a fraction per year; ``frequency`` payments fall in a year: 12, 6, 4, 3, 2 or 1 by months, 52, 26 or 13 by weeks.
    ``repayment`` may also be :func:`balloon`, :func:`step` or :func:`given`. ``grace`` periods repay nothing; their interest is
    paid, or added to the balance if ``grace_interest`` says so. ``drawdowns`` are amounts by the payment after which they are
    drawn. Fees are made by :func:`fee`, promotions by :func:`interest_free`, :func:`rate_discount` and :func:`fee_waiver`.

    With ``start`` payments have days: every period from ``first_due`` on (one period after the start if not given), or those of
    ``due``. With ``day_count`` interest counts days; without it every period bears ``rate / frequency``. ``rounding`` is one for
    all or one for each of payment, interest and fee. Amounts are exact: floats count as they print.

    Raises :class:`scoreline.ConfigError` with every problem, also when an instalment does not cover its interest.

    >>> schedule(6000, 0.12, 4, grace=2, drawdowns={1: 4000})
    number   opening     drawn  interest  principal   payment   closing
    ------  --------  --------  --------  ---------  --------  --------
         1   6000.00      0.00     60.00       0.00     60.00   6000.00
         2   6000.00   4000.00    100.00       0.00    100.00  10000.00
         3  10000.00      0.00    100.00    4975.12   5075.12   5024.88
         4   5024.88      0.00     50.25    5024.88   5075.13      0.00
     total            10000.00    310.25   10000.00  10310.25
    """
    later = (drawdowns or {}).items()
    terms: dict[str, Any] = {
        "principal": _money(principal, decimals, "principal"),
        "rate": rate,
        "periods": periods,
        "frequency": frequency,
        "repayment": _settings({"type": repayment} if isinstance(repayment, str) else repayment, decimals),
        "drawdowns": [{"after": after, "amount": _money(amount, decimals, "drawdowns")} for after, amount in later],
        "fees": [_settings(one, decimals) for one in fees],
        "promotions": [_settings(one, decimals) for one in promotions],
        "rounding": dict.fromkeys(("payment", "interest", "fee"), rounding) if isinstance(rounding, str) else dict(rounding),
    }
    if grace:
        terms["grace"] = {"periods": grace, "interest": grace_interest}
    if start is not None:
        roll = {"type": "roll", "first": _iso(first_due), "end_of_month": end_of_month}
        dates = roll if due is None else {"type": "dates", "days": [_iso(day) for day in due]}
        terms["calendar"] = {"start": _iso(start), "due": dates, "day_count": day_count}
    elif first_due is not None or due is not None or end_of_month or day_count is not None:
        raise _wrong("start", "days are given, but not the first", "give the day of the first drawdown")
    return Schedule(json.dumps(terms))


def balloon(amount: Amount) -> Settings:
    """Equal instalments that leave ``amount``, due with the last payment.

    >>> schedule(100000, 0.12, 24, balloon(30000)).rows[0].payment
    Decimal('3595.14')
    """
    return {"type": "balloon", "amount": amount}


def step(share: float, every: int) -> Settings:
    """Instalments that change by ``share`` after every so many payments: 0.05 makes them 5 % higher.

    >>> [str(row.payment) for row in schedule(1000, 0, 4, step(0.5, 2)).rows]
    ['200.00', '200.00', '300.00', '300.00']
    """
    return {"type": "step", "share": share, "every": every}


def given(*segments: tuple[int, Amount]) -> Settings:
    """Instalments as they are: pairs of how many and how much. The last one clears the balance whatever is written.

    >>> [str(row.payment) for row in schedule(1000, 0, 4, given((3, 200), (1, 200))).rows]
    ['200.00', '200.00', '200.00', '400.00']
    """
    return {"type": "given", "segments": [{"periods": periods, "payment": payment} for periods, payment in segments]}


def fee(
    name: str,
    *,
    amount: Amount | None = None,
    share_of_principal: float | None = None,
    share_of_balance: float | None = None,
    timing: Literal["each_period", "upfront", "deducted"] = "each_period",
) -> Settings:
    """A fee: one of an amount, a share of what is drawn at the start, or a share of the balance. ``upfront`` is paid apart at
    the start, ``deducted`` kept back from what is paid out."""
    charges = [
        {"type": kind, key: value}
        for kind, key, value in (
            ("fixed", "amount", amount),
            ("share_of_principal", "share", share_of_principal),
            ("share_of_balance", "share", share_of_balance),
        )
        if value is not None
    ]
    if len(charges) != 1:
        raise _wrong("fees", "a fee needs exactly one charge", "give amount, share_of_principal or share_of_balance")
    return {"name": name, "charge": charges[0], "timing": timing}


def interest_free(periods: int) -> Settings:
    """The first periods bear no interest."""
    return {"type": "interest_free", "periods": periods}


def rate_discount(first: int, last: int, discount: float) -> Settings:
    """A lower rate for some periods: ``discount`` is a fraction per year."""
    return {"type": "rate_discount", "from": first, "to": last, "discount": discount}


def fee_waiver(name: str, share: float = 1.0, periods: int | None = None) -> Settings:
    """A fee is not, or not wholly, charged: for the first periods, or for all."""
    return {"type": "fee_waiver", "fee": name, "share": share, "periods": periods}


def year_fraction(first: Day, last: Day, kind: DayCount) -> float:
    """The fraction of a year between two days under a day count.

    >>> year_fraction("2003-11-01", "2004-05-01", "act_act_isda")
    0.49772438056740775
    """
    return _scoreline.day_count(kind, days(first), days(last))[1]


def counted_days(first: Day, last: Day, kind: DayCount) -> int:
    """Days between two days as a day count counts them.

    >>> counted_days("2007-02-28", "2007-08-31", "30_360"), counted_days("2007-02-28", "2007-08-31", "30e_360")
    (183, 182)
    """
    return _scoreline.day_count(kind, days(first), days(last))[0]


def _row(plain: Mapping[str, Any]) -> ScheduleRow:
    due = plain["due"]
    rest = {name: Decimal(value) for name, value in plain.items() if name not in ("number", "due")}
    return ScheduleRow(number=plain["number"], due=due and datetime.date.fromisoformat(due), **rest)


def _wrong(field: str, what: str, remedy: str) -> ConfigError:
    problem: Problem = {"field": field, "row": None, "position": None, "what": what, "remedy": remedy}
    return ConfigError(f"{ConfigError.code}: field '{field}': {what}; {remedy}", [problem])


def _iso(day: Day | None) -> str | None:
    return day.isoformat()[:10] if isinstance(day, datetime.date) else day


def _settings(value: Any, decimals: int, name: str = "") -> Any:
    """Settings with amounts as the core reads them: text."""
    if isinstance(value, Mapping):
        return {name: _settings(part, decimals, name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_settings(part, decimals) for part in value]
    return _money(value, decimals, name) if name in ("amount", "payment") else value


def _money(amount: Amount, decimals: int, field: str) -> str:
    """The amount with so many decimals, if it has no more."""
    try:
        exact = Decimal(str(amount))
        text = f"{exact:.{decimals}f}"
        same = exact.is_finite() and Decimal(text) == exact
    except (ArithmeticError, ValueError, TypeError):
        same = False
    if not same:
        raise _wrong(field, f"not an amount with at most {decimals} decimals", "round it, or set `decimals`")
    return text
