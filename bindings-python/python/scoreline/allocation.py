"""What a fixed budget is lent to: who gets an offer, how much and at which rate.

>>> from scoreline.pricing import SinglePeriod
>>> tiers = {"A": 0.01, "B": 0.025, "C": 0.05}
>>> def company(number):
...     tier = "ABCD"[number % 4]
...     if tier == "D":
...         return Candidate("100000.00", "1000000.00", declined="tier D", groups={"tier": tier})
...     loan = SinglePeriod(rate=0.0, funding=0.025, opex=0.005, expected_loss=0.45 * tiers[tier], capital=0.08, tax=0.25)
...     return Candidate("100000.00", "1000000.00", loan=loan, hurdle=0.12, lowest=0.04, cap=0.15, segment=tier,
...                      groups={"tier": tier})
>>> slopes = {"A": -45.0, "B": -35.0, "C": -25.0}
>>> found = allocate([company(number) for number in range(425)], "100000000.00", volume="expected_drawn",
...                  take_up={tier: {"type": "logit", "intercept": 3.0, "slope": slope} for tier, slope in slopes.items()},
...                  caps=[GroupCap("tier", "C", share=0.3)])
>>> found.volume <= 100_000_000 and found.relative_gap < 0.001
True
>>> found.choices[3]
Choice(amount=None, rate=None, share=0.0, volume=0.0, capital=0.0, profit=0.0, reason='declined', detail='tier D')
>>> [(use.constraint, use.price > 0) for use in found.constraints]
[('budget', True), ('tier=C', True)]
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .plain import to_plain
from .pricing import PriceRung, SinglePeriod, TakeUp
from .text import Rows

__all__ = ["Allocation", "Candidate", "Choice", "ConstraintUse", "GroupCap", "allocate"]

Amount = Decimal | str
"""An amount as text or decimal, all with the decimals of the currency: ``"100000.00"``."""


@dataclass(frozen=True)
class Candidate:
    """One who may get an offer between two amounts, with exactly one of:

    - ``loan`` with ``hurdle``, ``cap``, ``segment`` and a ``lowest`` rate: rates from what the hurdle needs to the cap; a loan earns
      its economic value added, and the take-up curve of the segment says how many accept;
    - ``rungs`` with ``capital`` per unit: prices with what they earn per unit of the amount, for example of
      :func:`scoreline.pricing.price_ladder` with a value function of one's own;
    - ``declined``: why nothing may be offered.
    """

    smallest: Amount
    largest: Amount
    loan: SinglePeriod | None = None
    hurdle: float | None = None
    cap: float | None = None
    segment: str | None = None
    lowest: float = 0.0
    rungs: Sequence[PriceRung] | None = None
    capital: float = 0.0
    declined: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    """What caps tell apart, for example ``{"industry": "retail", "tier": "B"}``."""

    def _plain(self) -> dict[str, Any]:
        menus: list[dict[str, Any]] = []
        if self.declined is not None:
            menus.append({"type": "declined", "reason": self.declined})
        if self.rungs is not None:
            rungs = [PriceRung(*rung)._asdict() for rung in self.rungs]
            menus.append({"type": "rungs", "rungs": rungs, "capital": self.capital})
        if self.loan is not None:
            priced = {"hurdle": self.hurdle, "lowest": self.lowest, "cap": self.cap, "segment": self.segment}
            menus.append({"type": "priced", "loan": to_plain(self.loan), **priced})
        if len(menus) != 1:
            raise TypeError("a candidate has exactly one of loan, rungs and declined")
        amounts = {"smallest": str(self.smallest), "largest": str(self.largest)}
        return {**amounts, "menu": menus[0], "groups": dict(self.groups)}


@dataclass(frozen=True)
class GroupCap:
    """A cap on what goes to a group: a ``share`` of the lending budget in (0, 1], or an ``amount``."""

    key: str
    group: str
    share: float | None = None
    amount: Amount | None = None

    def _plain(self) -> dict[str, Any]:
        if (self.share is None) == (self.amount is None):
            raise TypeError("a cap has exactly one of share and amount")
        share = {"type": "share", "share": self.share}
        limit = share if self.amount is None else {"type": "amount", "amount": str(self.amount)}
        return {"key": self.key, "group": self.group, "limit": limit}


class Choice(NamedTuple):
    """What a candidate gets: an offer, or nothing and the ``reason``."""

    amount: Decimal | None
    rate: float | None
    share: float
    """Share of such offers that is accepted."""
    volume: float
    """What counts towards budget and caps."""
    capital: float
    profit: float
    """Expected profit per year: share · amount · value."""
    reason: Literal["declined", "no_legal_price", "no_profit", "outbid"] | None
    detail: str | dict[str, float] | None
    """Why it was declined; or what the hurdle or the lowest rate needs, and the cap."""


class ConstraintUse(NamedTuple):
    """A limit, how much of it is used, and its shadow price."""

    constraint: str
    """``budget``, ``capital`` or ``key=group``."""
    limit: float
    used: float
    price: float
    """By how much the relaxed optimum rises per unit of the limit; 0 when some of it is left over there."""


@dataclass(frozen=True)
class Allocation:
    """Who gets what. Amounts are in the currency, profits per year."""

    choices: list[Choice]
    """By candidate, in the order given."""
    offered: Decimal
    """Sum of the amounts."""
    volume: float
    capital: float
    profit: float
    constraints: list[ConstraintUse]
    """Budget, capital, caps in the order given."""
    relaxed: float
    """The optimum if an offer could be made in part: the bound at the shadow prices."""
    bound: float
    """No allocation to the same menus earns more."""
    gap: float
    """Bound - profit."""
    proved: bool
    """Whether the gap is no more than one part in 10⁸ of the profit and rounding to whole minor units."""

    @property
    def relative_gap(self) -> float:
        """Gap as a fraction of the bound; 0 when nothing can be earned."""
        return self.gap / self.bound if self.bound > 0 else 0.0

    def table(self) -> Rows:
        """A row for each candidate."""
        return Rows({"candidate": at, **choice._asdict()} for at, choice in enumerate(self.choices))


def allocate(
    candidates: Sequence[Candidate],
    budget: Amount,
    *,
    volume: Literal["expected_drawn", "committed"],
    capital_budget: Amount | None = None,
    caps: Sequence[GroupCap] = (),
    take_up: Mapping[str, TakeUp] | None = None,
    steps: int | None = None,
    nodes: int | None = None,
) -> Allocation:
    """Decides for each candidate: nothing, or an amount and a rate, so that the expected profit after price response is largest.

    ``volume`` says what counts towards budget, capital and caps: ``expected_drawn``, the share that is accepted times the amount, or
    ``committed``, the amount of every offer. Rates are looked at in ``steps`` equal steps (30). The offers are feasible and ``gap`` says
    how far from the optimum they can be at most; among at most 64 candidates the optimum is searched for with ``nodes`` nodes (500,
    0 for none). The order of the candidates matters only between equal ones. Raises
    :class:`scoreline.ConfigError` or :class:`scoreline.DataError` with every problem.

    The knapsack of Cormen, Leiserson, Rivest and Stein, 220 at best and 240 in parts:

    >>> def item(weight, value):
    ...     return Candidate(str(weight), str(weight), rungs=[PriceRung(0.1, 1.0, value / weight, value / weight)])
    >>> found = allocate([item(10, 60), item(20, 100), item(30, 120)], "50", volume="committed")
    >>> round(found.profit, 6), round(found.relaxed, 6), found.proved
    (220.0, 240.0, True)
    >>> [choice.amount for choice in found.choices], found.choices[0].reason
    ([None, Decimal('20'), Decimal('30')], 'outbid')
    """
    terms: dict[str, Any] = {"budget": str(budget), "volume": volume, "caps": [cap._plain() for cap in caps]}
    optional: dict[str, Any] = {"take_up": take_up, "steps": steps, "nodes": nodes}
    optional["capital_budget"] = None if capital_budget is None else str(capital_budget)
    terms.update({name: to_plain(value) for name, value in optional.items() if value is not None})
    found = _scoreline.allocate(json.dumps([candidate._plain() for candidate in candidates]), json.dumps(terms))
    choices = [_choice(one) for one in found.pop("choices")]
    constraints = [ConstraintUse(_name(one.pop("constraint")), **one) for one in found.pop("constraints")]
    return Allocation(choices=choices, offered=Decimal(found.pop("offered")), constraints=constraints, **found)


def _choice(one: dict[str, Any]) -> Choice:
    if one.pop("type") == "offer":
        return Choice(**{**one, "amount": Decimal(one["amount"])}, reason=None, detail=None)
    reason = one["reason"]
    kind = reason.pop("type")
    return Choice(None, None, 0.0, 0.0, 0.0, 0.0, kind, reason.get("reason") or reason or None)


def _name(constraint: dict[str, str]) -> str:
    kind = constraint["type"]
    return f"{constraint['key']}={constraint['group']}" if kind == "group" else kind
