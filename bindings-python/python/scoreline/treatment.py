"""In life: the action book with its proof, relief for debtors in difficulty, and roll rates.

>>> import scoreline as sl
>>> book = sl.ActionBook({
...     "axes": [{"name": "tier", "of": {"type": "tier"}},
...              {"name": "utilisation", "of": {"type": "number", "value": "balance / \\"limit\\""}}],
...     "rows": [
...         {"code": "INCREASE", "when": {"tier": ["A", "B"], "utilisation": [{"from": 0.7}]},
...          "actions": [{"code": "limit_increase", "channel": "app"}], "review_days": 90, "reason": "Low risk, high utilisation"},
...         {"code": "SELL", "when": {"tier": ["A", "B"], "utilisation": [{"below": 0.7}]},
...          "actions": [{"code": "cross_sell"}], "offers": ["top_up"], "review_days": 90, "reason": "Low risk"},
...         {"code": "RELIEF", "when": {"tier": ["C", "D"]}, "actions": [{"code": "offer_relief", "channel": "call"}],
...          "waiver_cap": 0.3, "review_days": 30, "reason": "Higher risk"},
...     ],
... })
>>> print(book.check())
3 rows over 2 axes: gaps 1, overlaps 0, rows that never answer 0
- no row answers for tier A or B, utilisation missing; add a row or widen one
>>> plain = book.to_dict()
>>> plain["rows"][1]["when"]["utilisation"].append("missing")
>>> answer = sl.ActionBook(plain).answer({"tier": "B", "utilisation": None}, as_of="2026-12-01")
>>> answer.code, answer.offers, answer.next_review.isoformat()
('SELL', ('top_up',), '2027-03-01')
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal, Self

from . import _scoreline
from .errors import ConfigError
from .plain import read_text, to_plain

__all__ = [
    "Action",
    "ActionBook",
    "Answer",
    "BookReport",
    "NeverFires",
    "Overlap",
    "Relief",
    "Roll",
    "RollRates",
    "RollRow",
    "States",
    "restructure",
    "roll_rates",
]

Part = str | bool | dict[str, float]
"""A level or tier, ``"missing"``, ``"other"``, a flag, or an interval with ``from``, ``above``, ``to`` or ``below``."""


@dataclass(frozen=True)
class States:
    """All states that lie in the given parts of each axis. Prints itself in words."""

    when: dict[str, list[Part]]
    """The parts by axis, in the form of a row's ``when``: a row with it answers exactly for these states."""
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Overlap:
    """Two rows that answer for the same states."""

    codes: tuple[str, str]
    states: States


@dataclass(frozen=True)
class NeverFires:
    """A row that is not the only one for any state."""

    code: str
    axis: str | None
    """The first axis of which the row allows nothing; ``None`` when other rows answer for all its states."""


@dataclass(frozen=True)
class BookReport:
    """What a check of a book has found. It covers every state; none was sampled. Prints itself."""

    sound: bool
    """Whether every state has exactly one answer and every row answers for some state."""
    rows: int
    axes: int
    gaps: tuple[States, ...]
    """States that no row answers for; at most 100."""
    more_gaps: int
    """How many there are beyond those listed."""
    overlaps: tuple[Overlap, ...]
    """Pairs of rows that answer for the same states; at most 100."""
    more_overlaps: int
    """How many there are beyond those listed."""
    never: tuple[NeverFires, ...]
    """Rows that never answer alone; at most 100."""
    more_never: int
    """How many there are beyond those listed."""
    nodes: int
    """Nodes of the diagram that the states were split into: how involved the book is."""
    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _of(cls, found: str, text: str, sound: bool) -> Self:
        plain = json.loads(found)
        gaps = tuple(States(**gap) for gap in plain.pop("gaps"))
        pairs = plain.pop("overlaps")
        overlaps = tuple(Overlap((pair["codes"][0], pair["codes"][1]), States(**pair["states"])) for pair in pairs)
        never = tuple(NeverFires(row["code"], row.get("axis")) for row in plain.pop("never"))
        return cls(sound=sound, text=text, gaps=gaps, overlaps=overlaps, never=never, **plain)


@dataclass(frozen=True)
class Action:
    """One thing that is done."""

    code: str
    channel: str | None = None
    """By which way, for example ``sms``."""
    every_days: int | None = None
    """Days from one time to the next; once when ``None``."""


@dataclass(frozen=True)
class Answer:
    """What is done with an account."""

    code: str
    """Code of the row that answers."""
    actions: tuple[Action, ...]
    waiver_cap: float
    """The greatest share of interest and fees that may be waived, in [0, 1]."""
    offers: tuple[str, ...]
    """Codes of the offers that may be made."""
    review_days: int
    """Days to the next review."""
    reason: str
    next_review: datetime.date | None
    """The day of the next review, when ``as_of`` was given."""


class ActionBook:
    """From the state of an account to what is done: rows over axes, of which exactly one answers every state.

    ``book`` is in the form of ``tests/data/action_book.json``: ``axes``, each with a ``name`` and ``of`` (``tier``, ``flag``,
    ``category`` or ``number``), and ``rows``, each with what it allows of the axes in ``when``.
    """

    def __init__(self, book: Mapping[str, Any]) -> None:
        self._json = json.dumps(to_plain(book), allow_nan=False)
        self._table: _scoreline.ActionTable | None = None

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads JSON."""
        found = cls({})
        found._json = text
        return found

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Self:
        """Reads a JSON file."""
        return cls.from_json(read_text(path, ConfigError))

    def to_json(self) -> str:
        """The book as JSON."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """The book as plain values."""
        plain: dict[str, Any] = json.loads(self._json)
        return plain

    def check(self) -> BookReport:
        """Looks at every state and reports those with no answer or several, and the rows that never answer alone.

        Raises :class:`scoreline.ConfigError` with every problem when the book is not of the expected form, or when its rows cut
        the states into so many pieces that the check would not end soon.
        """
        return BookReport._of(*_scoreline.check_book(self._json))

    def answer(self, state: Mapping[str, Any], as_of: datetime.date | str | None = None) -> Answer:
        """What is done in a state: values by name of the axis, ``None`` or left out where nothing is known.

        Raises :class:`scoreline.ConfigError` with every fault when the book is not sound, and :class:`scoreline.DataError` when
        an axis does not exist, a value is not of its kind, or the tier is missing.
        """
        if self._table is None:
            self._table = _scoreline.ActionTable(self._json)
        row, review = self._table.answer(dict(state), as_of)
        return Answer(
            code=row["code"],
            actions=tuple(Action(**action) for action in row["actions"]),
            waiver_cap=row["waiver_cap"],
            offers=tuple(row.get("offers", ())),
            review_days=row["review_days"],
            reason=row["reason"],
            next_review=None if review is None else datetime.date.fromisoformat(review),
        )


@dataclass(frozen=True)
class Roll:
    """One move from a stage to a stage within a month."""

    accounts: int
    share: float | None
    """Of the accounts of the row; ``None`` where there are none."""
    amount: float
    """What the accounts owed at the beginning of the month."""
    amount_share: float | None
    """Of the amount of the row; ``None`` where there is none."""


@dataclass(frozen=True)
class RollRow:
    """Where the accounts of one stage moved within a month."""

    stage: str
    accounts: int
    """Accounts whose stage a month later is known."""
    amount: float
    """What they owed."""
    unknown_next: int
    """Accounts whose stage a month later is not known; they are in no share."""
    unknown_next_amount: float
    """What those owed."""
    to: dict[str, Roll]
    """By stage a month later."""
    to_loss: float | None
    """Share that ends in the last stage if each month rolls on as this one did: the product of the shares that move to the
    next worse stage. ``None`` where a stage on the way had no accounts."""
    amount_to_loss: float | None
    """The same of the amount."""


@dataclass(frozen=True)
class RollRates:
    """Roll rates by number of accounts and by amount."""

    rows: dict[str, RollRow]
    """By stage at the beginning of the month, from best to worst."""
    unknown_now: int
    """Rows that were left out because the stage at the beginning is not known."""
    no_amount: int
    """Rows without an amount; they count as accounts, and with nothing owed."""


def roll_rates(data: object, *, stages: Sequence[str], now: str, next: str, amount: str | None = None) -> RollRates:
    """From which stage of lateness to which accounts move within a month.

    ``data`` is a table or a list of tables with a row for each account and month: its stage in the columns ``now`` and, a
    month later, ``next``, and what it owes in ``amount``. ``stages`` go from best to worst; the last one is the loss. A month
    that is missing is counted and not guessed. Raises :class:`scoreline.DataError` naming column and row for stages that are
    not listed and amounts that are infinite or below 0.

    >>> import scoreline as sl
    >>> months = {"july": ["current", "current", "late", "late"], "august": ["current", "late", "loss", None]}
    >>> rates = sl.roll_rates(months, stages=["current", "late", "loss"], now="july", next="august")
    >>> rates.rows["current"].to["late"].share, rates.rows["late"].unknown_next, rates.rows["current"].to_loss
    (0.5, 1, 0.5)
    """
    config = to_plain({"stages": list(stages), "now": now, "next": next} | ({} if amount is None else {"amount": amount}))
    found = _scoreline.roll_rates(data, json.dumps(config))
    names = [row["stage"] for row in found["rows"]]
    rows = {
        row["stage"]: RollRow(**row | {"to": {name: Roll(**roll) for name, roll in zip(names, row["to"], strict=True)}})
        for row in found["rows"]
    }
    return RollRates(rows, found["unknown_now"], found["no_amount"])


@dataclass(frozen=True)
class Relief:
    """A restructured loan beside the old one. What is less than half a minor unit of the currency does not count."""

    instalment_before: Decimal
    instalment_after: Decimal
    """After the holiday."""
    payment_shock: float
    """New instalment / old instalment - 1; below 0 when it falls."""
    npv_before: float
    """Present value of the arrears and the old instalments."""
    npv_after: float
    """Present value of the new instalments."""
    npv_loss: Decimal
    """What the lender loses of the present value; below 0 for a gain."""
    npv_loss_share: float
    """The same as a share of the old present value."""
    waived: Decimal
    """Interest and fees that are waived."""
    refused_by: tuple[Literal["npv_loss", "waiver"], ...]
    """The caps that refuse the restructuring; empty when it may be granted."""
    forborne: bool
    """Whether it is a forbearance: a change in favour of a debtor who is past due or in difficulty, with or without a loss."""
    diminished: bool
    """Whether the obligation of a debtor in difficulty is diminished by more than the threshold, which is a default
    (EBA/GL/2016/07, paragraphs 49-52)."""


def restructure(
    *,
    balance: float,
    rate: float,
    months: int,
    max_npv_loss: float,
    waiver_cap: float,
    arrears: float | None = None,
    days_past_due: int | None = None,
    in_difficulty: bool | None = None,
    new_rate: float | None = None,
    new_months: int | None = None,
    holiday_months: int | None = None,
    interest_free_holiday: bool | None = None,
    waived_share: float | None = None,
    waived_principal: float | None = None,
    discount_rate: float | None = None,
    diminished_above: float | None = None,
    decimals: int | None = None,
) -> Relief:
    """Compares a loan in equal monthly instalments with what it is to become.

    The loan: its ``balance``, nominal ``rate`` per year, ``months`` that are left, ``arrears`` of interest and fees, and
    whether the debtor is late (``days_past_due``) or ``in_difficulty``. What changes: ``new_rate``, ``new_months`` (instalments
    after the holiday), ``holiday_months`` without payment, for which interest is charged unless ``interest_free_holiday``, the
    share of the arrears that is waived (``waived_share``; the rest is added to the balance) and that of the balance
    (``waived_principal``). The caps: ``max_npv_loss`` as a share of the old present value, and ``waiver_cap``, the share of
    interest and fees that the action book allows. Both schedules are discounted at ``discount_rate`` per year, or at the old
    rate. Raises :class:`scoreline.DataError` for the loan, :class:`scoreline.ConfigError` for the rest, with every problem.

    >>> import scoreline as sl
    >>> relief = sl.restructure(balance=10_000, rate=0.12, months=24, arrears=300, days_past_due=35, new_months=36,
    ...                         waived_share=0.5, max_npv_loss=0.05, waiver_cap=0.3)
    >>> relief.instalment_before, relief.instalment_after, relief.npv_loss
    (Decimal('470.73'), Decimal('337.13'), Decimal('150.00'))
    >>> relief.refused_by, relief.forborne, relief.diminished
    (('waiver',), True, True)
    """
    loan = {
        "balance": balance,
        "rate": rate,
        "months": months,
        "arrears": arrears,
        "days_past_due": days_past_due,
        "in_difficulty": in_difficulty,
    }
    terms = {
        "rate": new_rate,
        "months": new_months,
        "holiday_months": holiday_months,
        "interest_free_holiday": interest_free_holiday,
        "waived_share": waived_share,
        "waived_principal": waived_principal,
    }
    policy = {
        "max_npv_loss": max_npv_loss,
        "waiver_cap": waiver_cap,
        "discount_rate": discount_rate,
        "diminished_above": diminished_above,
        "decimals": decimals,
    }
    found = _scoreline.restructure(*(_given(part) for part in (loan, terms, policy)))
    money = ("instalment_before", "instalment_after", "npv_loss", "waived")
    values = {part.name: found[part.name] for part in fields(Relief)} | {name: Decimal(found[name]) for name in money}
    return Relief(**values | {"refused_by": tuple(found["refused_by"])})


def _given(settings: Mapping[str, Any]) -> str:
    given = {name: value for name, value in settings.items() if value is not None}
    return json.dumps(given, allow_nan=False, default=_number)


def _number(value: Any) -> float | int:
    """A decimal or a scalar of numpy as a plain number."""
    number: float | int = value.item() if hasattr(value, "item") else float(value)
    return number
