"""Concentration of a book: shares, effective numbers, caps, and who may still have more.

>>> keys, amounts = ["a", "b", "c", "d", "e"], [35, 25, 20, 10, 10]
>>> found = concentration(keys, amounts)
>>> round(found.hhi, 3), round(found.effective, 3)
(0.245, 4.082)
>>> headroom(keys, amounts, "b", cap=0.3).fixed
5.0
"""

from __future__ import annotations

import json
from typing import NamedTuple

from . import _scoreline

__all__ = ["Allotment", "Breaches", "Concentration", "ExposureShare", "Headroom", "allot", "breaches", "concentration", "headroom"]


class ExposureShare(NamedTuple):
    """One key or group of a book."""

    key: str
    amount: float
    share: float


class Concentration(NamedTuple):
    """How concentrated a book is."""

    total: float
    keys: list[ExposureShare]
    """Every key, in the order of bytes."""
    groups: list[ExposureShare]
    hhi: float
    """The Herfindahl-Hirschman index: the sum of the squared shares of the keys."""
    effective: float
    """1 / HHI: as many keys of equal size are as concentrated."""
    normalised: float | None
    """(HHI - 1/n) / (1 - 1/n), 0 when all are of one size."""


class Breaches(NamedTuple):
    """Keys and groups above their caps."""

    single: list[str]
    group: list[str]


class Headroom(NamedTuple):
    """How much more a key may take until its share reaches a cap."""

    fixed: float
    """With the total as it is."""
    growing: float | None
    """When the increase is part of the total; ``None`` where no increase reaches the cap."""


class Allotment(NamedTuple):
    """What a request was granted."""

    key: str
    granted: float
    binding: str | None
    """The cap that left no more: ``single``, ``group`` or ``budget``; ``None`` when everything was granted."""


def concentration(keys: object, amounts: object, groups: object = None) -> Concentration:
    """The concentration of exposures; those of one key add up."""
    found = _scoreline.concentration(keys, amounts, groups)
    shares = {name: [ExposureShare(**one) for one in found[name]] for name in ("keys", "groups")}
    return Concentration(**{**found, **shares})


def breaches(
    keys: object, amounts: object, groups: object = None, *, single: float | None = None, group: float | None = None
) -> Breaches:
    """Keys and groups whose share is above its cap."""
    return Breaches(**_scoreline.breaches(keys, amounts, json.dumps({"single": single, "group": group}), groups))


def headroom(keys: object, amounts: object, key: str, cap: float) -> Headroom:
    """How much more ``key`` may take until its share reaches ``cap``."""
    return Headroom(**_scoreline.headroom(keys, amounts, key, cap))


def allot(
    book: tuple[object, object] | tuple[object, object, object],
    requests: tuple[object, object] | tuple[object, object, object],
    *,
    single: float | None = None,
    group: float | None = None,
    budget: float | None = None,
    growing: bool = False,
) -> list[Allotment]:
    """Grants ``requests`` in their order, each as far as the caps allow after those before it.

    Book and requests are keys and amounts, with groups where there are some. Shares are of the total as it is, or, when
    ``growing``, of the total with what was granted. ``budget`` is what all may grow together.

    >>> found = allot((["a", "b"], [20, 80]), (["a", "b", "c"], [9, 1, 9]), single=0.25, budget=12)
    >>> [(one.granted, one.binding) for one in found]
    [(5.0, 'single'), (0.0, 'single'), (7.0, 'budget')]
    """
    caps = {"single": single, "group": group, "budget": budget, "total": "growing" if growing else "fixed"}
    whole = [(*given, None) if len(given) == 2 else given for given in (book, requests)]
    return [Allotment(**one) for one in _scoreline.allot(whole[0], whole[1], json.dumps(caps))]
