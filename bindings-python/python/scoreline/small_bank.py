"""Honest numbers from 100 to 500 cases: weights of evidence that lean on the whole sample, and intervals that repeated
samples bear out.

>>> sample_size(non_events=300, events=31).enough
False
>>> round(shrunken_woe((2, 0), (160, 40), strength=20).woe, 7)  # two rows without an event: no more than a hint
0.117783
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from . import _scoreline
from .calibration import Curve

__all__ = [
    "Interval",
    "SampleSize",
    "ShrunkenWoe",
    "auc_interval",
    "pd_interval",
    "sample_size",
    "shrinkage_strength",
    "shrunken_woe",
]

Counted = tuple[float, float]
"""Non-events and events, in rows."""


class SampleSize(NamedTuple):
    """Whether a sample bears a card. What counts is the smaller class."""

    size: Literal["enough", "small", "too_few"]
    advice: str | None
    """What is wrong, and what to do."""

    @property
    def enough(self) -> bool:
        """Whether maximum likelihood can be trusted."""
        return self.size == "enough"


class ShrunkenWoe(NamedTuple):
    """A weight of evidence with its sampling variance."""

    woe: float
    variance: float


class Interval(NamedTuple):
    """An estimate with its two-sided interval."""

    low: float
    estimate: float
    high: float


def sample_size(non_events: float, events: float) -> SampleSize:
    """The size of a sample: small below 50 of a class, too few below 10."""
    return SampleSize(*_scoreline.sample_size(non_events, events))


def shrinkage_strength(bins: Sequence[Counted]) -> float:
    """How many rows of the overall event rate each bin should be mixed with: the better the bins agree beyond chance, the
    more (Kleinman 1973)."""
    return _scoreline.shrinkage_strength(list(bins))


def shrunken_woe(bin: Counted, all: Counted, strength: float) -> ShrunkenWoe:
    """The weight of evidence of a bin after ``strength`` rows of the overall event rate were added to it."""
    return ShrunkenWoe(*_scoreline.shrunken_woe(bin, all, strength))


def auc_interval(log_odds: object, y: object, confidence: float, weight: object = None) -> Interval:
    """The AUC with DeLong's variance and an interval that stays within [0, 1]; ``log_odds`` may be any number that is
    higher for the riskier."""
    return Interval(**_scoreline.auc_interval(log_odds, y, confidence, weight)["auc"])


def pd_interval(
    beta: Sequence[float],
    covariance: Sequence[Sequence[float]],
    bins: Sequence[ShrunkenWoe],
    confidence: float,
    curve: Curve | None = None,
) -> Interval:
    """The interval of the PD of a case in the bins ``bins``, one a variable.

    ``beta`` are the coefficients, intercept first, with their ``covariance``; the weights of evidence are estimates as
    well, and their variances enter.
    """
    calibration = (curve or Curve([])).to_json()
    pairs = [(one.woe, one.variance) for one in bins]
    return Interval(**_scoreline.pd_interval(list(beta), [list(row) for row in covariance], pairs, calibration, confidence))
