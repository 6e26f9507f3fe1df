"""Products: what is on offer, what it must cost a borrower, and which of them fit a need.

>>> from scoreline.pricing import load_caps
>>> loan = Product(name="working capital", currency="CNY", amount=(10_000, 500_000), months=[12, 36], rates=(0.03, 0.36),
...                laws={"CN": "private_lending"}, hurdle=0.12,
...                costs=Costs(funding=0.032, opex=0.015, origination=0.003, lgd=0.6, capital=0.08, capital_benefit=0.025,
...                            tax=0.25, prepayment=0.1))
>>> need, caps = Need(100_000, "CNY", 36), [load_caps("CN")]
>>> price = quote(loan, need, pd=0.03, caps=caps, day="2020-09-01")
>>> round(price.rate, 10), round(price.raroc, 10), price.bound, price.first_payment
(0.0786370878, 0.12, 'hurdle', Decimal('3127.35'))
>>> price.parts
funding           3.2081 %
opex              1.5038 %
origination       0.2391 %
expected_loss     1.8299 %
capital_charge    1.0827 %
fees              0.0000 %
promotions        0.0000 %
margin            0.0000 %
rate              7.8637 %
>>> refused = quote(loan, need, pd=0.15, caps=caps, day="2020-09-01")
>>> type(refused).__name__, round(refused.needed, 4), refused.cap.name, round(refused.cap.limit, 4)
('NoLegalPrice', 0.1594, '4 x LPR', 0.154)
>>> quote(loan, need, pd=0.15, caps=caps, day="2020-08-19").rate == refused.needed  # the day before the cap was lowered
True
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .plain import to_plain
from .pricing import Cap, CountryPack, Day, Waterfall
from .product_terms import Costs, Need, Product
from .schedules import Schedule, ScheduleTotals
from .settings import ProtectedUse, Schema

__all__ = [
    "AboveRange",
    "Catalogue",
    "Costs",
    "Dropped",
    "LadderRule",
    "Matched",
    "Need",
    "NextProduct",
    "NoLegalPrice",
    "NoPrice",
    "Offer",
    "PdResponse",
    "PriceParts",
    "Product",
    "Quote",
    "Unreachable",
    "quote",
]


class PdResponse(NamedTuple):
    """The log-odds of default rise by ``slope`` per unit of rate above ``at``, the rate for which the PD was estimated."""

    at: float
    slope: float


@dataclass(frozen=True)
class PriceParts:
    """What a quoted rate is made of; the parts add up to it."""

    needed: Waterfall
    """What the hurdle needs, at the balances of this loan."""
    promotions: float
    """What promotions take from the nominal rate, less what a day count adds to it."""
    margin: float
    """What the rate earns beyond the hurdle, before tax."""

    @property
    def rate(self) -> float:
        """The nominal rate."""
        return self.needed.rate + self.promotions + self.margin

    def __repr__(self) -> str:
        rest = {"promotions": self.promotions, "margin": self.margin, "rate": self.rate}
        lines = repr(self.needed).splitlines()[:-1]
        return "\n".join([*lines, *(f"{name:15} {100 * round(part, 12) + 0.0:8.4f} %" for name, part in rest.items())])


@dataclass(frozen=True)
class Quote:
    """A price that is legal and earns the hurdle."""

    product: str
    rate: float
    """Nominal, per year."""
    bound: Literal["target", "step", "yearly", "floor", "hurdle", "cap"]
    """What set it; ``cap`` stands for the highest rate of the product too, and then the field ``cap`` is ``None``."""
    cap: Cap | None
    """The cap that set it."""
    needed: float
    """The lowest rate that earns the hurdle and is not below the floor."""
    raroc: float
    """Lifetime return on risk-adjusted capital per year, at least the hurdle."""
    eva: float
    """Economic value added as a present value at the hurdle, per unit of the amount."""
    take_up: float | None
    """Share of such offers that is accepted; ``None`` without a curve of demand."""
    expected_profit: float
    """Amount · economic value added · share accepted, in the currency."""
    all_in: dict[str, float]
    """What the borrower pays altogether, by how it is measured: always ``simple`` and ``compound``, and what the caps ask for."""
    caps: list[Cap]
    """The caps of the day, all of them kept."""
    parts: PriceParts = field(repr=False)
    first_payment: Decimal
    last_payment: Decimal
    totals: ScheduleTotals
    terms: dict[str, Any] = field(repr=False)
    """The terms of the schedule as plain values."""

    @property
    def apr(self) -> float:
        """The compound all-in rate: the annual percentage rate of the European Union."""
        return self.all_in["compound"]

    @property
    def schedule(self) -> Schedule:
        """The payments."""
        return Schedule(json.dumps(self.terms))


class NoLegalPrice(NamedTuple):
    """The lowest rate that earns the hurdle costs more than the law allows."""

    needed: float
    """That rate, nominal per year."""
    all_in: float
    """What a loan at that rate costs, on the basis of the cap."""
    cap: Cap


class AboveRange(NamedTuple):
    """The lowest rate that earns the hurdle lies above the highest of the product."""

    needed: float
    highest: float


class NoPrice(NamedTuple):
    """No rate up to 1,000 % earns the hurdle."""

    nearest: float
    shortfall: float
    """Economic value that is missing there, per unit of the amount."""


class Offer(NamedTuple):
    """A product at its price, and why it fits: the purpose that it is for, the condition that the applicant meets, and the amount
    as a share of the collateral where it needs some."""

    quote: Quote
    purpose: str | None
    eligibility: str
    ltv: float | None


class Dropped(NamedTuple):
    """A product that is no offer, with every reason that can be told. The ``type`` of a reason is ``purpose``, ``currency``,
    ``amount``, ``term``, ``repayment``, ``no_collateral``, ``ltv``, ``not_eligible``, ``unknown`` (a field is missing),
    ``no_legal_price``, ``above_range``, ``no_price`` or ``refused``; its other members are what the product asks for."""

    product: str
    why: list[dict[str, Any]]


class Matched(NamedTuple):
    """What a catalogue has for a need: every product is in one of the two lists."""

    offers: list[Offer]
    """The best first; equally good ones in the order of the catalogue."""
    dropped: list[Dropped]


class NextProduct(NamedTuple):
    """A product that a customer may have next."""

    product: str
    reason: str


class Unreachable(NamedTuple):
    """A product that can never be offered on a day, and why, as in :class:`Dropped`."""

    product: str
    why: dict[str, Any]


@dataclass(frozen=True)
class LadderRule:
    """From one product to the next, as life or business goes on."""

    to: str
    when: str
    """A condition over the fields of the applicant."""
    reason: str
    """In words."""
    held: str | None = None
    """What the customer holds; ``None`` for a customer without a product."""

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain values."""
        return {"from": self.held, "to": self.to, "when": self.when, "reason": self.reason}


def quote(
    product: Product,
    need: Need,
    *,
    pd: float | Sequence[float],
    day: Day,
    caps: Sequence[CountryPack] = (),
    past: Mapping[Any, float] | None = None,
    response: PdResponse | None = None,
) -> Quote | NoLegalPrice | AboveRange | NoPrice:
    """The price of a need under a product, in one call.

    It is the lowest rate that earns the hurdle over the life of the loan, fees and promotions included, or with a curve of demand
    the one that earns most; not below the floor; within every cap of the day as measured on the schedule in minor units; and no
    further from the ``past`` prices (rates by their first day) than the guard of the product allows, unless hurdle or law ask for
    it. ``pd`` is a PD per year, or the share of those alive that default in each month; ``response`` says how it rises with the rate.

    Raises :class:`scoreline.ConfigError` when a pack or a cap of the day is missing, :class:`scoreline.DataError` with every
    problem of the need, also when its currency is not that of the product.
    """
    prices = {} if past is None else {product.name: past}
    found = _scoreline.quote_product(product._json(), _asked(need, pd, caps, prices, response), day)
    kind = found.pop("type")
    if kind == "quote":
        return _quote(found)
    if kind == "no_legal_price":
        return NoLegalPrice(found["needed"], found["all_in"], Cap(**found["cap"]))
    return AboveRange(**found) if kind == "above_range" else NoPrice(**found)


class Catalogue:
    """The products of a lender, the fields that their conditions read, and the ladder from one to the next.

    Raises :class:`scoreline.ConfigError` with every problem.

    >>> from scoreline import Field, Schema
    >>> def product(name, eligibility, opex):
    ...     costs = Costs(funding=0.032, opex=opex, lgd=0.6, capital=0.08)
    ...     return Product(name=name, currency="CNY", amount=(10_000, 500_000), months=[12], rates=(0.03, 0.24), laws={},
    ...                    costs=costs, hurdle=0.12, eligibility=eligibility)
    >>> shelf = Catalogue(
    ...     Schema([Field("years", "number")]),
    ...     [product("start", "years < 3", 0.02), product("grown", "years >= 3", 0.01), product("any", "true", 0.03)],
    ...     ladder=[LadderRule("grown", "years >= 3", "three years in business", held="start")],
    ... )
    >>> found = shelf.match({"years": 5}, Need(50_000, "CNY", 12), pd=0.02, day="2026-11-21", rank="cost")
    >>> [(offer.quote.product, round(offer.quote.rate, 4)) for offer in found.offers], found.dropped
    ([('grown', 0.0638), ('any', 0.0839)], [Dropped(product='start', why=[{'type': 'not_eligible', 'eligibility': 'years < 3'}])])
    >>> shelf.next("start", {"years": 5})
    [NextProduct(product='grown', reason='three years in business')]
    >>> shelf.unreachable(day="2026-11-21")
    []
    """

    def __init__(
        self,
        schema: Schema,
        products: Sequence[Product],
        ladder: Sequence[LadderRule] = (),
        protected_use: Sequence[ProtectedUse] = (),
    ) -> None:
        plain = {
            "schema": to_plain(schema),
            "products": [json.loads(product._json()) for product in products],
            "ladder": [rule.to_dict() for rule in ladder],
            "protected_use": to_plain(list(protected_use)),
        }
        self._core = _scoreline.Catalogue(json.dumps(plain))

    @classmethod
    def from_json(cls, text: str) -> Catalogue:
        """Reads what :meth:`to_json` wrote."""
        found = cls.__new__(cls)
        found._core = _scoreline.Catalogue(text)
        return found

    def to_json(self) -> str:
        """The catalogue as JSON, with every setting."""
        return self._core.to_json()

    def match(
        self,
        profile: Mapping[str, Any],
        need: Need,
        *,
        pd: float | Sequence[float],
        day: Day,
        caps: Sequence[CountryPack] = (),
        rank: Literal["profit", "cost"] = "profit",
        past: Mapping[str, Mapping[Any, float]] | None = None,
        response: PdResponse | None = None,
    ) -> Matched:
        """The offers for a need, ranked, and why every other product is none.

        ``profile`` has the fields of the applicant; one that is not there is missing. ``rank`` puts the expected risk-adjusted
        ``profit`` of the lender first, or the ``cost`` to the borrower. ``past`` has the prices of the customer by product.
        """
        asked = _asked(need, pd, caps, past or {}, response)
        found = self._core.match_products(dict(profile), asked, day, rank)
        offers = [Offer(_quote(one["quote"]), **one["fit"]) for one in found["offers"]]
        return Matched(offers, [Dropped(**one) for one in found["dropped"]])

    def next(self, held: str | None, profile: Mapping[str, Any]) -> list[NextProduct]:
        """The products that the ladder has for a customer who holds ``held``, ``None`` for one without a product: those whose rule
        applies and for which the customer is eligible, in the order of the rules."""
        return [NextProduct(**one) for one in self._core.next_products(held, dict(profile))]

    def unreachable(self, *, day: Day, caps: Sequence[CountryPack] = ()) -> list[Unreachable]:
        """The products that can never be offered on a day: nobody is eligible, or not even a borrower who never defaults has a
        price within the rates of the product and the caps of the day."""
        return [Unreachable(**one) for one in self._core.unreachable(json.dumps(to_plain(list(caps))), day)]


def _asked(
    need: Need,
    pd: float | Sequence[float],
    caps: Sequence[CountryPack],
    past: Mapping[str, Mapping[Any, float]],
    response: PdResponse | None,
) -> str:
    one = isinstance(pd, (int, float))
    risk: dict[str, Any] = {"pd": {"type": "yearly", "pd": pd} if one else {"type": "monthly", "hazards": to_plain(pd)}}
    if response is not None:
        risk["response"] = response._asdict()
    prices = {
        name: [{"from": to_plain(day), "rate": rate} for day, rate in rates.items()] for name, rates in past.items()
    }
    return json.dumps({"need": need._plain(), "risk": risk, "packs": to_plain(list(caps)), "past": prices})


def _quote(found: dict[str, Any]) -> Quote:
    parts = found["parts"]
    return Quote(
        **{
            **found,
            "cap": found["cap"] and Cap(**found["cap"]),
            "caps": [Cap(**cap) for cap in found["caps"]],
            "parts": PriceParts(Waterfall(**parts["needed"]), parts["promotions"], parts["margin"]),
            "first_payment": Decimal(found["first_payment"]),
            "last_payment": Decimal(found["last_payment"]),
            "totals": ScheduleTotals(**{name: Decimal(total) for name, total in found["totals"].items()}),
        }
    )
