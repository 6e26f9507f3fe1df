"""From log-odds of the event to PD: shape (Platt, isotonic), level (long-run average, prior shift) and margins of
conservatism, kept apart from the best estimate.

>>> from scoreline import Calibration, calibration
>>> log_odds, bad = [-2.0] * 100 + [0.0] * 100, ([0] * 9 + [1]) * 10 + [0, 1] * 50
>>> curve = calibration.fit(log_odds, bad, Calibration(level={"type": "long_run", "rate": 0.2}))
>>> round(sum(curve.pd(log_odds).to_list()) / 200, 12)
0.2

A model trained at 50 % events, used where 5 % are:

>>> round(calibration.Curve([{"type": "shift", "log_odds": calibration.prior_shift(0.5, 0.05)}]).pd([-0.8472978603872037])[0], 9)
0.022058824
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from . import _scoreline
from ._scoreline import Numbers
from .plain import to_plain
from .settings import Calibration

__all__ = ["Curve", "central_tendency_shift", "estimate_prior", "fit", "prior_shift", "upper_bound"]


class Curve:
    """What turns log-odds into a PD: a list of steps. It rises, so the order of two borrowers never turns round."""

    def __init__(self, steps: Sequence[Mapping[str, Any]]) -> None:
        self._native = _scoreline.Calibration.from_json(json.dumps({"steps": to_plain(list(steps))}, allow_nan=False))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what :meth:`to_json` wrote."""
        steps: list[Any] = json.loads(text)["steps"]
        return cls(steps)

    def to_json(self) -> str:
        """The steps as text."""
        return self._native.to_json()

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps in the order in which they are applied, in the form of the model file."""
        steps: list[dict[str, Any]] = json.loads(self._native.to_json())["steps"]
        return steps

    def pd(self, log_odds: object) -> Numbers:
        """The PD at each of the log-odds of the event."""
        return self._native.pd(log_odds)

    def log_odds(self, log_odds: object) -> Numbers:
        """The log-odds of that PD."""
        return self._native.log_odds(log_odds)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Curve) and self.steps == other.steps

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Curve, (self.steps,)

    def __repr__(self) -> str:
        return f"Curve({self.steps})"


def fit(log_odds: object, y: object, config: Calibration | None = None, weight: object = None) -> Curve:
    """Learns a curve from log-odds of the event and outcomes. Without ``config`` it is the model's own PD.

    Raises :class:`scoreline.InsufficientDataError` when a class is absent or the log-odds do not vary.
    """
    settings = "{}" if config is None else json.dumps(to_plain(config), allow_nan=False)
    return Curve.from_json(_scoreline.fit_calibration(log_odds, y, settings, weight).to_json())


def prior_shift(trained: float, population: float) -> float:
    """What is added to log-odds learnt where the share of events is ``trained``, for one where it is ``population``."""
    return _scoreline.prior_shift(trained, population)


def central_tendency_shift(log_odds: object, target: float, weight: object = None) -> float:
    """What is added to all log-odds so that the weighted mean PD is ``target``."""
    return _scoreline.central_tendency_shift(log_odds, target, weight)


def estimate_prior(log_odds: object, trained: float, weight: object = None) -> float:
    """The share of events in a population without outcomes, from the log-odds of a model trained at ``trained``: the
    maximum-likelihood prior (Saerens, Latinne & Decaestecker 2002)."""
    return _scoreline.estimate_prior(log_odds, trained, weight)


def upper_bound(
    events: float, rows: float, confidence: float, method: Literal["normal", "exact", "jeffreys"] | None = None
) -> float:
    """The one-sided upper bound of the rate behind ``events`` of ``rows``.

    >>> round(upper_bound(100, 5000, 0.9, "exact"), 9)
    0.022782672
    """
    return _scoreline.upper_bound(events, rows, confidence, method)
