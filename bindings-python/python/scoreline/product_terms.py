"""What a product is and what a borrower asks for, as settings of :mod:`scoreline.products`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import _scoreline
from .plain import to_plain
from .pricing import PriceGuard, TakeUp
from .schedules import Amount, DayCount, Rounding, Settings, _money, _settings

__all__ = ["Costs", "Need", "Product", "RepaymentKind"]

RepaymentKind = Literal["equal_instalment", "equal_principal", "interest_only", "balloon", "step", "given"]


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What a product costs the lender. Rates and shares are fractions, rates per year."""

    funding: float | Mapping[int, float]
    """The transfer price, or one for each term in months."""
    lgd: float
    capital: float | Mapping[str, Any]
    """Capital that the balance binds: a share, or a capital model as in a pricing policy."""
    opex: float = 0.0
    """A share of the balance."""
    origination: float | Settings | None = None
    """Cost of making a loan: a share of it, or ``{"type": "fixed", "amount": 300}``."""
    capital_benefit: float = 0.0
    tax: float = 0.0
    prepayment: float = 0.0
    """Share of the balance that is paid before it is due (CPR)."""

    def _plain(self, decimals: int) -> dict[str, Any]:
        curve = self.funding if isinstance(self.funding, Mapping) else {12: self.funding}
        share = isinstance(self.capital, (int, float))
        rest = {name: getattr(self, name) for name in ("lgd", "opex", "capital_benefit", "tax", "prepayment")}
        costs = {
            "funding": {"points": [{"months": months, "rate": rate} for months, rate in sorted(curve.items())]},
            "capital": {"type": "fixed_share", "share": self.capital} if share else to_plain(self.capital),
            **rest,
        }
        if isinstance(self.origination, Mapping):
            costs["origination"] = _settings(self.origination, decimals)
        elif self.origination:
            costs["origination"] = {"type": "share_of_principal", "share": self.origination}
        return costs


@dataclass(frozen=True, kw_only=True)
class Product:
    """A loan product with monthly payments. Rates and shares are fractions, rates per year.

    Fees and promotions are those of :mod:`scoreline.schedules`. Raises :class:`scoreline.ConfigError` with every problem, among
    them a hurdle below the funding rate.

    >>> Product(name="x", currency="CNY", amount=(1, 2), months=[12], rates=(0, 0.2), laws={}, hurdle=0.02,
    ...         costs=Costs(funding=0.03, lgd=0.4, capital=0.08))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    scoreline.errors.ConfigError: invalid_config: field 'hurdle': the hurdle lies below the funding rate; raise the hurdle, ...
    """

    name: str
    currency: str
    """An ISO 4217 code."""
    amount: tuple[Amount, Amount]
    """The least and the most that it lends."""
    months: Sequence[int]
    """The terms on offer, rising."""
    rates: tuple[float, float]
    """The lowest and the highest nominal rate on offer."""
    laws: Mapping[str, str]
    """The name of the product in the pack of each jurisdiction whose caps it is under; an empty one declares that nothing caps it."""
    costs: Costs
    hurdle: float
    """Lifetime RAROC after tax that a price must reach."""
    eligibility: str = "true"
    """Who may have it: a condition over the fields of the applicant."""
    purposes: Sequence[str] = ()
    """What it is for, as tags; none for anything."""
    repayments: Sequence[RepaymentKind] = ("equal_instalment",)
    """How it may be repaid; the first is for who does not choose."""
    fees: Sequence[Settings] = ()
    promotions: Sequence[Settings] = ()
    max_ltv: float | None = None
    """Largest amount as a share of the value of the collateral; none for a loan without."""
    rate_step: float | None = None
    """Rates are multiples of this, for example 0.0001."""
    day_count: DayCount | None = None
    rounding: Rounding | Mapping[Literal["payment", "interest", "fee"], Rounding] = "half_up"
    take_up: TakeUp | None = None
    """Who accepts a rate; none to price at the hurdle."""
    guard: PriceGuard | None = None
    """Limits on changes of a customer's price."""
    decimals: int = 2
    """Decimals of the currency."""

    def __post_init__(self) -> None:
        _scoreline.check_product(self._json())

    def _json(self) -> str:
        low, high = self.amount
        rounding = self.rounding
        plain: dict[str, Any] = {
            "name": self.name,
            "currency": self.currency,
            "decimals": self.decimals,
            "purposes": list(self.purposes),
            "eligibility": self.eligibility,
            "amount": {"low": _money(low, self.decimals, "amount.low"), "high": _money(high, self.decimals, "amount.high")},
            "months": list(self.months),
            "repayments": list(self.repayments),
            "rates": {"low": self.rates[0], "high": self.rates[1]},
            "rate_step": self.rate_step,
            "day_count": self.day_count,
            "rounding": dict.fromkeys(("payment", "interest", "fee"), rounding) if isinstance(rounding, str) else dict(rounding),
            "fees": [_settings(one, self.decimals) for one in self.fees],
            "promotions": [_settings(one, self.decimals) for one in self.promotions],
            "max_ltv": self.max_ltv,
            "laws": [{"jurisdiction": place, "product": name} for place, name in self.laws.items()],
            "costs": self.costs._plain(self.decimals),
            "hurdle": self.hurdle,
            "take_up": to_plain(self.take_up),
            "guard": to_plain(self.guard),
        }
        return json.dumps(plain)

    def to_dict(self) -> dict[str, Any]:
        """The product as plain values, in the form of the stored catalogue."""
        plain: dict[str, Any] = json.loads(_scoreline.check_product(self._json()))
        return plain


@dataclass(frozen=True)
class Need:
    """What a borrower asks for.

    ``repayment`` is one of the names of ways to repay, or :func:`scoreline.schedules.balloon`, ``step`` or ``given``; without it each
    product is repaid in its first way.
    """

    amount: Amount
    currency: str
    months: int
    purpose: str | None = None
    """A tag of products; none for anything."""
    repayment: RepaymentKind | Settings | None = None
    collateral: Amount | None = None
    """Value of the collateral on offer."""
    decimals: int = 2

    def _plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "amount": _money(self.amount, self.decimals, "amount"),
            "currency": self.currency,
            "months": self.months,
            "purpose": self.purpose,
        }
        if self.repayment is not None:
            named = {"type": self.repayment} if isinstance(self.repayment, str) else self.repayment
            plain["repayment"] = _settings(named, self.decimals)
        if self.collateral is not None:
            plain["collateral"] = _money(self.collateral, self.decimals, "collateral")
        return plain
