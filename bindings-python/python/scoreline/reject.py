"""What the rejected applicants might have done. No assumption can be tested on the accepted ones alone, so the answer is a
band.

>>> bands = [ScoreBand(non_events=200, events=60, rejected=150, pd=0.25), ScoreBand(700, 40, 60, 0.06)]
>>> found = band(bands, [parcelling(1.5), fuzzy(), reweighting()])
>>> found["low"] < found["estimates"][0]["event_rate"] <= found["high"]
True
>>> round(found["least_possible"], 6), round(found["most_possible"], 6)
(0.082645, 0.256198)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

from . import _scoreline

__all__ = ["RejectMethod", "ScoreBand", "augment", "band", "fuzzy", "hard_cut_off", "parcelling", "reweighting"]


class RejectMethod(TypedDict):
    """An assumption about the rejected applicants."""

    type: Literal["reweighting", "parcelling", "fuzzy", "hard_cut_off"]
    multiplier: NotRequired[float]
    pd: NotRequired[float]


class ScoreBand(NamedTuple):
    """The applicants of one band of scores, in rows or weights."""

    non_events: float
    """Accepted ones without the event."""
    events: float
    """Accepted ones with the event."""
    rejected: float
    pd: float
    """The mean PD that a model of the accepted ones gives to the rejected ones, in [0, 1]."""


def reweighting() -> RejectMethod:
    """The accepted ones of a band stand for all of it. Right when the decision depended on nothing but the score."""
    return {"type": "reweighting"}


def parcelling(multiplier: float) -> RejectMethod:
    """The rejected ones have ``multiplier`` (1 or more) times the event rate of the accepted ones of the band."""
    return {"type": "parcelling", "multiplier": multiplier}


def fuzzy() -> RejectMethod:
    """Every rejected one counts twice: as an event with its PD as weight, as a non-event with the rest."""
    return {"type": "fuzzy"}


def hard_cut_off(pd: float) -> RejectMethod:
    """A rejected one is an event when its PD is at least ``pd``."""
    return {"type": "hard_cut_off", "pd": pd}


def band(bands: Sequence[ScoreBand], methods: Sequence[RejectMethod]) -> dict[str, Any]:
    """Event rates of all applicants: ``accepted_only``, ``estimates`` one a method, ``low`` and ``high`` over all of these,
    and ``least_possible`` and ``most_possible``, which no data exclude."""
    return _scoreline.reject_band([_plain(one) for one in bands], json.dumps(list(methods)))


def augment(bands: Sequence[ScoreBand], method: RejectMethod) -> list[tuple[float, float]]:
    """Non-events and events of each band with its rejected applicants added.

    >>> augment([ScoreBand(200, 60, 150, 0.25)], fuzzy())
    [(312.5, 97.5)]
    """
    return _scoreline.reject_augment([_plain(one) for one in bands], json.dumps(method))


def _plain(band: ScoreBand) -> tuple[float, float, float, float]:
    return band.non_events, band.events, band.rejected, band.pd
