"""What a loan must cost: return on capital, the law, and who accepts the price.

>>> year = SinglePeriod(rate=0.085, funding=0.032, opex=0.015, expected_loss=0.018, capital=0.08, capital_benefit=0.025, tax=0.25)
>>> round(year.raroc, 5), round(year.break_even_rate(0.12), 4)
(0.20625, 0.0758)
>>> year.waterfall(0.12)
funding           3.2000 %
opex              1.5000 %
origination       0.0000 %
expected_loss     1.8000 %
capital_charge    1.0800 %
fees              0.0000 %
rate              7.5800 %
>>> loan = Lifetime(months=36, pd=0.03, lgd=0.6, funding=0.032, opex=0.015, origination=0.003, prepayment=0.1,
...                 capital=0.08, capital_benefit=0.025, tax=0.25)
>>> round(loan.break_even_rate(0.12), 10)
0.0786370878
>>> [round(rate, 6) for rate in loan.price({"pd": [0.01, 0.03, 0.08]}, hurdle=0.12)["rate"]]
[0.066238, 0.078637, 0.110888]
>>> caps = load_caps("CN").on("private_lending", "2020-09-01")
>>> caps[0].name, round(caps[0].limit, 4)
('4 x LPR', 0.154)
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .plain import to_plain
from .text import Rows

__all__ = [
    "Cap",
    "CapBreach",
    "CountryPack",
    "FrontierPoint",
    "Guarded",
    "Lifetime",
    "LifetimeReturn",
    "PriceGuard",
    "PriceRung",
    "SinglePeriod",
    "Unequal",
    "Waterfall",
    "best_price",
    "capm_hurdle",
    "efficient_frontier",
    "elasticity",
    "inconsistencies",
    "load_caps",
    "price_ladder",
    "take_up",
    "weighted_hurdle",
]

Day = datetime.date | str
TakeUp = Mapping[str, Any]
"""A curve of demand: ``{"type": "logit", "intercept": a, "slope": b}`` or ``{"type": "table", "points": [{"rate": r, "share": p}]}``."""


@dataclass(frozen=True)
class Waterfall:
    """The parts of a break-even rate, each a fraction per year; they add up to ``rate``."""

    funding: float
    opex: float
    origination: float
    expected_loss: float
    capital_charge: float
    """Capital · (hurdle / (1 - tax) - what the capital earns)."""
    fees: float
    """At most 0: what the borrower pays besides."""

    @property
    def rate(self) -> float:
        """The sum of the parts."""
        return sum(self._parts().values())

    def _parts(self) -> dict[str, float]:
        names = ("funding", "opex", "origination", "expected_loss", "capital_charge", "fees")
        return {name: getattr(self, name) for name in names}

    def __repr__(self) -> str:
        return "\n".join(f"{name:15} {100 * part + 0.0:8.4f} %" for name, part in {**self._parts(), "rate": self.rate}.items())


@dataclass(frozen=True)
class SinglePeriod:
    """One loan over one year. Every figure is a fraction per year of the exposure, except ``tax`` and ``capital_benefit``.

    RAROC = (rate + fees - funding · base - opex - expected_loss + capital · capital_benefit) · (1 - tax) / capital. The funding
    rate is paid on the whole exposure (``ead``), or on the exposure less the capital (``ead_less_capital``), and then the capital
    earns no benefit of its own. Raises :class:`scoreline.DataError` with every figure that is out of range.
    """

    rate: float
    funding: float
    expected_loss: float
    capital: float
    opex: float = 0.0
    fees: float = 0.0
    capital_benefit: float = 0.0
    tax: float = 0.0
    funding_base: Literal["ead", "ead_less_capital"] = "ead"

    def __post_init__(self) -> None:
        self._at(0.0)

    def _at(self, hurdle: float) -> dict[str, Any]:
        return _scoreline.single_period(json.dumps(to_plain(self)), hurdle)

    @property
    def net_income(self) -> float:
        """Income after tax per unit of exposure."""
        return float(self._at(0.0)["net_income"])

    @property
    def raroc(self) -> float:
        """Return on risk-adjusted capital."""
        return float(self._at(0.0)["raroc"])

    def eva(self, hurdle: float) -> float:
        """Economic value added per unit of exposure: net income - hurdle · capital."""
        return float(self._at(hurdle)["eva"])

    def break_even_rate(self, hurdle: float) -> float:
        """The rate whose RAROC is the hurdle, in closed form. A hurdle below the funding rate is a :class:`scoreline.DataError`."""
        return _scoreline.single_period_rate(json.dumps(to_plain(self)), hurdle)[0]

    def waterfall(self, hurdle: float) -> Waterfall:
        """What that rate is made of."""
        return Waterfall(**_scoreline.single_period_rate(json.dumps(to_plain(self)), hurdle)[1])


class LifetimeReturn(NamedTuple):
    """What a loan earns over its life, as present values at the hurdle per unit of the principal."""

    rate: float
    raroc: float
    """Per year."""
    eva: float
    net_income: float
    capital_years: float
    """Capital, times the years for which it is bound."""


@dataclass(frozen=True)
class Lifetime:
    """A loan over its life, from expected cash flows month by month, per unit of its principal.

    Of those alive, a share defaults each month, the others pay interest and principal, and a share repays at once
    (``prepayment``, CPR per year). ``pd`` is a PD per year, or the share of those alive that default in each month. ``balance``
    is ``equal_instalment``, ``equal_principal``, ``bullet``, or the opening balance of each month as shares of the principal. Rates
    and costs are fractions per year, ``origination`` and ``upfront_fee`` shares of the principal, ``capital`` a share of the
    balance.
    """

    months: int
    pd: float | Sequence[float]
    lgd: float
    funding: float
    capital: float
    balance: Literal["equal_instalment", "equal_principal", "bullet"] | Sequence[float] = "equal_instalment"
    prepayment: float = 0.0
    opex: float = 0.0
    origination: float = 0.0
    upfront_fee: float = 0.0
    running_fee: float = 0.0
    capital_benefit: float = 0.0
    tax: float = 0.0

    def _json(self) -> str:
        plain: dict[str, Any] = to_plain(self)
        plain["balance"] = (
            {"type": self.balance} if isinstance(self.balance, str) else {"type": "given", "opening": list(self.balance)}
        )
        one = isinstance(self.pd, (int, float))
        plain["pd"] = {"type": "yearly", "pd": self.pd} if one else {"type": "monthly", "hazards": plain["pd"]}
        return json.dumps(plain)

    def solve(self, hurdle: float) -> dict[str, Any]:
        """The rates at which lifetime RAROC is the hurdle: ``{"type": "unique", "rate": …}``, ``several`` with ``lowest``,
        ``highest`` and ``count``, or ``none`` with the ``nearest`` rate and the ``shortfall`` of its value. A hurdle below the
        funding rate is a :class:`scoreline.DataError`."""
        return _scoreline.lifetime_rate(self._json(), hurdle)

    def break_even_rate(self, hurdle: float) -> float | None:
        """The rate at which lifetime RAROC is the hurdle, the lowest of several; ``None`` when there is none."""
        found = self.solve(hurdle)
        rate: float | None = found.get("rate", found.get("lowest"))
        return rate

    def at(self, rate: float, hurdle: float) -> LifetimeReturn:
        """What the loan earns at a rate per year in [-0.5, 10]."""
        return LifetimeReturn(**_scoreline.lifetime_at(self._json(), hurdle, rate)[0])

    def waterfall(self, hurdle: float) -> Waterfall | None:
        """What the break-even rate is made of; ``None`` when there is none."""
        rate = self.break_even_rate(hurdle)
        return None if rate is None else Waterfall(**_scoreline.lifetime_waterfall(self._json(), hurdle, rate))

    def cash_flows(self, rate: float) -> Rows:
        """The expected figures of each month at a rate, undiscounted, per unit of the principal."""
        months = _scoreline.lifetime_at(self._json(), 0.0, rate)[1]
        return Rows({"month": at, **month} for at, month in enumerate(months, 1))

    def price(self, table: object, hurdle: float, threads: int = 0) -> _scoreline.Table:
        """The break-even rate of each row of a table: ``rate``, ``raroc``, the number of ``solutions``, and the row's ``status``.

        A column called as one of the figures of this loan (``months``, ``pd``, ``lgd``, ``capital``, …) takes the place of it. A row
        with figures that are missing or out of range has the status of its error and harms no other.
        """
        return _scoreline.lifetime_rates(table, self._json(), hurdle, threads)


def capm_hurdle(risk_free: float, beta: float, premium: float) -> float:
    """The hurdle of the capital asset pricing model: ``risk_free + beta * premium``.

    >>> round(capm_hurdle(0.025, 1.2, 0.06), 6)
    0.097
    """
    return _scoreline.capm_hurdle(risk_free, beta, premium)


def weighted_hurdle(common: tuple[float, float], preferred: tuple[float, float]) -> float:
    """The hurdle of common and preferred equity, each an amount and the return it asks for, weighted with the amounts.

    >>> round(weighted_hurdle((80, 0.12), (20, 0.07)), 6)
    0.11
    """
    return _scoreline.weighted_hurdle(common, preferred)


class Cap(NamedTuple):
    """A cap as it stands on a day."""

    name: str
    limit: float
    """A fraction."""
    basis: Literal["simple", "compound", "military", "daily", "total_cost"]
    """What it is measured on."""
    source: str


class CapBreach(NamedTuple):
    """A cap that a deal exceeds."""

    cap: Cap
    excess: float


class CountryPack:
    """The caps of a jurisdiction as dated data, each with its source. What the library ships is a sample, not legal advice."""

    def __init__(self, pack: Mapping[str, Any]) -> None:
        self._plain: dict[str, Any] = to_plain(pack)
        self._json = json.dumps(self._plain)

    @property
    def notice(self) -> str:
        """What a reader must know."""
        return str(self._plain["notice"])

    def to_dict(self) -> dict[str, Any]:
        """The pack as plain values."""
        plain: dict[str, Any] = json.loads(self._json)
        return plain

    def on(self, product: str, day: Day) -> list[Cap]:
        """The caps of a product on a day. Raises :class:`scoreline.ConfigError` when the pack has none: a gap in the file is not a
        gap in the law."""
        return [Cap(**cap) for cap in _scoreline.caps_on(self._json, product, day)]

    def breaches(self, product: str, day: Day, **rates: float) -> list[CapBreach]:
        """The caps that a deal exceeds, by its all-in rates: ``simple``, ``compound``, ``military``, ``daily``, ``total_cost``."""
        found = _scoreline.cap_breaches(self._json, product, day, json.dumps(rates))
        return [CapBreach(Cap(**one["cap"]), one["excess"]) for one in found]


def load_caps(jurisdiction: str) -> CountryPack:
    """The sample pack of a jurisdiction: ``CN``, ``EU``, ``UK`` or ``US``. Raises :class:`scoreline.ConfigError` for another one: a
    missing pack is no licence to go without caps."""
    return CountryPack(_scoreline.cap_pack(jurisdiction))


class Guarded(NamedTuple):
    """A price within the limits, or why there is none."""

    rate: float | None
    bound: Literal["target", "step", "yearly", "floor", "hurdle", "cap"] | None
    """What set it."""
    needed: float | None
    """The least rate that hurdle or floor need, when no legal price exists."""
    cap: float | None
    """The cap in the way."""


@dataclass(frozen=True)
class PriceGuard:
    """Limits on the price of a customer between two decisions. The cap goes before what the hurdle needs and the floor, those before
    the limits on changes; a cap below what is needed is no legal price.

    >>> guard = PriceGuard(max_step=0.02, floor=0.05)
    >>> guard.quote(0.135, needed=0.06, cap=0.24, past={"2026-01-01": 0.10}, today="2026-11-21")
    Guarded(rate=0.12000000000000001, bound='step', needed=None, cap=None)
    """

    max_step: float | None = None
    """Largest difference to the price before."""
    max_yearly: float | None = None
    """Largest difference to any price of the 365 days before."""
    floor: float = 0.0

    def quote(
        self, target: float, *, needed: float, today: Day, cap: float | None = None, past: Mapping[Any, float] | None = None
    ) -> Guarded:
        """The price nearest to ``target``. ``past`` has the rates so far by their first day."""
        days = [{"from": to_plain(day), "rate": rate} for day, rate in (past or {}).items()]
        found = _scoreline.guarded_price(json.dumps(to_plain(self)), target, needed, cap, json.dumps(days), today)
        return Guarded(found.get("rate"), found.get("bound"), found.get("needed"), found.get("cap"))


class Unequal(NamedTuple):
    """Deals on the same terms and for the same reason that have different prices."""

    terms: str
    reason: str | None
    lowest: float
    highest: float
    deals: list[int]
    """By their place."""


def inconsistencies(terms: object, rates: object, reasons: object | None = None, tolerance: float = 0.0) -> list[Unequal]:
    """Groups of deals with the same terms and declared reason whose rates differ by more than ``tolerance``.

    >>> inconsistencies(["B|36", "B|36", "C|36"], [0.08, 0.09, 0.12])
    [Unequal(terms='B|36', reason=None, lowest=0.08, highest=0.09, deals=[0, 1])]
    """
    return [Unequal(**one) for one in _scoreline.inconsistencies(terms, rates, reasons, tolerance)]


def take_up(curve: TakeUp, rate: float) -> float:
    """The share of offers that is accepted at a rate.

    >>> round(take_up({"type": "logit", "intercept": 2.0, "slope": -25.0}, 0.12), 6)
    0.268941
    """
    return _scoreline.take_up(json.dumps(to_plain(curve)), rate)[0]


def elasticity(curve: TakeUp, rate: float) -> float:
    """By how many per cent the share changes when the rate rises by one per cent of itself."""
    return _scoreline.take_up(json.dumps(to_plain(curve)), rate)[1]


class PriceRung(NamedTuple):
    """One price, with what it earns."""

    rate: float
    share: float
    """Share of offers accepted."""
    value: float
    """What an accepted offer earns."""
    expected: float
    """What an offer earns: share · value."""


def price_ladder(curve: TakeUp, low: float, high: float, value: Callable[[float], float], steps: int = 100) -> list[PriceRung]:
    """Prices from ``low`` to ``high`` in equal steps; ``value`` says what an accepted offer earns at a rate."""
    rungs = _scoreline.price_ladder(json.dumps(to_plain(curve)), low, high, steps, value)
    return [PriceRung(**rung) for rung in rungs]


def best_price(
    curve: TakeUp, needed: float, cap: float, value: Callable[[float], float], steps: int = 200
) -> PriceRung | None:
    """The price between what the hurdle needs and the cap at which an offer is expected to earn most; ``None`` when there is no
    legal price.

    >>> best = best_price({"type": "logit", "intercept": 2.0, "slope": -25.0}, 0.06, 0.36, lambda rate: rate - 0.06)
    >>> round(best.rate, 6), round(best.share, 6)
    (0.116187, 0.288091)
    """
    found = _scoreline.best_price(json.dumps(to_plain(curve)), needed, cap, steps, value)
    return PriceRung(**found["rung"]) if found["type"] == "quote" else None


class FrontierPoint(NamedTuple):
    """Prices for which no other choice earns as much with as much volume."""

    volume: float
    profit: float
    rates: list[float]
    """By segment, in the order given."""


def efficient_frontier(segments: Sequence[Mapping[str, Any]]) -> list[FrontierPoint]:
    """The efficient frontier over one price a segment, from most profit to most volume. A segment is
    ``{"segment": name, "offers": count, "amount": amount, "rungs": price_ladder(…)}``."""
    plain = [{**segment, "rungs": [PriceRung(*rung)._asdict() for rung in segment["rungs"]]} for segment in segments]
    return [FrontierPoint(**point) for point in _scoreline.price_frontier(json.dumps(to_plain(plain)))]
