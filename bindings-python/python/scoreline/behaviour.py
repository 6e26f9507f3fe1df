"""Figures of behaviour: groups by shared contacts, tags that last, needs that flows announce.

>>> phones = {"entity": ["ann", "bob"], "seen": ["2026-01-10", "2026-03-01"], "phone": ["555-1", "555-1"]}
>>> links(phones, as_of="2026-04-01", attributes=["phone"]).groups["size"]
[2, 2]
>>> links(phones, as_of="2026-02-01", attributes=["phone"]).groups["size"]  # bob was not seen yet
[1]
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from . import _scoreline
from .plain import to_plain
from .settings import Feature, Schema

__all__ = [
    "Hub",
    "Links",
    "Need",
    "NeedReport",
    "Tag",
    "TagDifference",
    "TagSet",
    "difference",
    "links",
    "needs",
    "tags",
]

Day = datetime.date | str
"""A calendar day, or its text ``YYYY-MM-DD``."""

NeedKind = Literal["seasonal_purchase_peak", "step_up", "cash_gap", "abnormal_outflow"]


class Hub(NamedTuple):
    """A value that too many entities share, and that joins nobody."""

    attribute: str
    value: str
    entities: int
    """Number of entities that share it on the latest day asked for."""
    since: datetime.date


class Links(NamedTuple):
    """Groups by shared values, and the values that join nobody."""

    groups: dict[str, list[Any]]
    """Columns, one row for each entity asked for: ``entity``, ``as_of``, ``group`` (the first of its entities in the order of
    bytes), ``size``, ``first_seen``, ``bad`` and ``bad_share`` (itself included), ``bad_others`` and ``bad_share_others``
    (itself left out), ``shared_values``. ``None`` where the entity was not seen by that day."""
    hubs: list[Hub]


class Tag(NamedTuple):
    """One tag, still valid or at rest."""

    tag: str
    since: datetime.date
    until: datetime.date
    """Last day, included."""


class TagSet(NamedTuple):
    """The tags of a customer as evaluated on a day; those that ended are kept while they rest."""

    as_of: datetime.date | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def valid(self) -> list[str]:
        """Names of the tags valid on that day."""
        return _scoreline.valid_tags(self.to_json())

    def to_json(self) -> str:
        """As text."""
        return json.dumps(to_plain({"as_of": self.as_of, "tags": [tag._asdict() for tag in self.tags]}))

    @staticmethod
    def from_json(text: str) -> TagSet:
        """Reads what ``to_json`` wrote."""
        return _tag_set(json.loads(text))


class TagDifference(NamedTuple):
    """What changed between two tag sets."""

    gained: list[str]
    lost: list[str]
    kept: list[str]


class Need(NamedTuple):
    """A need for money."""

    kind: NeedKind
    amount: float
    start: datetime.date
    """First day of its window."""
    end: datetime.date
    """Last day of its window."""
    confidence: float
    """0 to 1; what it is a probability of depends on the kind."""
    text: str
    """What it rests on, with the figures and months used."""
    figures: dict[str, Any]
    """The same, typed."""


class NeedReport(NamedTuple):
    """What the flows announce."""

    needs: list[Need]
    """At most one of a kind."""
    not_judged: dict[NeedKind, dict[str, Any]]
    """Why a rule was not judged: ``too_few_months``, ``no_balance`` or ``cooling_down``."""


def links(
    table: object,
    *,
    as_of: Day | Sequence[Day],
    attributes: Sequence[str] | None = None,
    entities: Sequence[str] | None = None,
    entity: str = "entity",
    seen: str = "seen",
    bad_since: str | None = None,
    attribute: str = "attribute",
    value: str = "value",
    max_shared: int | None = None,
) -> Links:
    """Groups of entities that share a phone, a device or an address, as they were known on a day.

    ``table`` has a row for each sighting: the ``entity``, the day on which it was first ``seen`` and, where known, the day
    ``bad_since`` which it is bad; with ``attributes`` one column for each, without them the columns ``attribute`` and ``value``. Rows of
    later days change nothing. A value that more than ``max_shared`` entities share joins nobody and is among the ``hubs``.

    Without ``entities`` every entity seen by ``as_of`` is told. With them ``as_of`` is one day, or one for each.

    >>> rows = {"entity": ["a", "b"], "seen": ["2026-01-01"] * 2, "attribute": ["device"] * 2, "value": ["x", "x"]}
    >>> found = links(rows, entities=["b", "b"], as_of=["2025-12-31", "2026-01-01"])
    >>> found.groups["group"]
    [None, 'a']
    """
    wide = {"type": "wide", "attributes": list(attributes or [])}
    form = {"type": "long", "attribute": attribute, "value": value} if attributes is None else wide
    columns = json.dumps({"entity": entity, "seen": seen, "bad_since": bad_since, "form": form})
    settings = json.dumps({} if max_shared is None else {"max_shared": max_shared})
    days = [as_of] * len(entities) if entities is not None and isinstance(as_of, datetime.date | str) else as_of
    groups, hubs = _scoreline.links(table, columns, settings, days, None if entities is None else list(entities))
    for name in ("as_of", "first_seen"):
        groups[name] = [None if text is None else datetime.date.fromisoformat(text) for text in groups[name]]
    return Links(groups, [Hub(**hub | {"since": datetime.date.fromisoformat(hub["since"])}) for hub in hubs])


def tags(
    record: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    schema: Schema,
    *,
    as_of: Day,
    before: TagSet | None = None,
    features: Sequence[Feature] = (),
    protected_use: Sequence[Mapping[str, str]] = (),
) -> TagSet:
    """The tags of a record on a day, given those of the evaluation ``before``.

    A rule has ``name``, ``when`` (an expression that yields a flag), ``valid_days`` that the tag lasts after the rule last held,
    and ``cool_down_days`` during which it cannot come back after its end.

    >>> from scoreline import Field, Schema
    >>> rules = [{"name": "late", "when": "days_late > 5", "valid_days": 30, "cool_down_days": 10}]
    >>> schema = Schema([Field("days_late", "number")])
    >>> march = tags({"days_late": 9}, rules, schema, as_of="2026-03-01")
    >>> march.valid, str(march.tags[0].until)
    (['late'], '2026-03-31')
    >>> difference(march, tags({"days_late": 0}, rules, schema, as_of="2026-04-01", before=march)).lost
    ['late']
    """
    config = json.dumps(to_plain({"rules": list(rules), "protected_use": list(protected_use)}))
    asked = (config, json.dumps(to_plain(schema)), json.dumps(to_plain(list(features))), as_of)
    return _tag_set(_scoreline.tags(dict(record), *asked, (before or TagSet()).to_json()))


def difference(before: TagSet, after: TagSet) -> TagDifference:
    """The tags gained, lost and kept from one evaluation to another, each as valid on its own day."""
    return TagDifference(**_scoreline.tag_difference(before.to_json(), after.to_json()))


def needs(
    table: object,
    *,
    as_of: Day,
    balance: float | None = None,
    raised: Sequence[tuple[NeedKind, Day]] = (),
    settings: Mapping[str, Any] | None = None,
    date: str = "date",
    amount: str = "amount",
    category: str | None = None,
) -> NeedReport:
    """The needs for money that the dated flows of one customer announce; outflows have a minus.

    ``balance`` is that at the end of the day ``as_of``; ``raised`` says what was raised before and when, and rests. ``settings``
    has a part for each rule: ``seasonal_peak``, ``step_up``, ``cash_gap`` and ``abnormal_outflow``.

    >>> months = [f"{2023 + at // 12}-{at % 12 + 1:02}-05" for at in range(9, 33)]
    >>> flows = {"date": months, "amount": [-900.0 if month[5:7] == "11" else -100.0 for month in months]}
    >>> found = needs(flows, as_of="2025-10-12").needs[0]
    >>> found.kind, str(found.start), found.confidence
    ('seasonal_purchase_peak', '2025-11-01', 0.75)
    """
    columns = json.dumps({"date": date, "amount": amount, "category": category})
    before = json.dumps([{"kind": kind, "on": to_plain(on)} for kind, on in raised])
    found = _scoreline.needs(table, columns, as_of, before, json.dumps(dict(settings or {})), balance)
    return NeedReport([_need(need) for need in found["needs"]], {one["kind"]: one["why"] for one in found["not_judged"]})


def _need(need: dict[str, Any]) -> Need:
    start, end = (datetime.date.fromisoformat(need["window"][side]) for side in ("from", "to"))
    evidence = need["evidence"]
    return Need(need["kind"], need["amount"], start, end, need["confidence"], evidence["text"], evidence["figures"])


def _tag_set(plain: dict[str, Any]) -> TagSet:
    def day(text: str) -> datetime.date:
        return datetime.date.fromisoformat(text)

    found = tuple(Tag(tag["tag"], day(tag["since"]), day(tag["until"])) for tag in plain["tags"])
    return TagSet(plain["as_of"] and day(plain["as_of"]), found)
