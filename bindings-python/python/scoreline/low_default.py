"""PDs of portfolios with few defaults or none, by grade from best to worst; they never fall.

Each works on the most prudent pools: the PD of a grade comes from its borrowers and those of all worse grades.

>>> [round(100 * pd, 2) for pd in pluto_tasche([100, 400, 300], [0, 0, 0], confidence=0.9, correlation=0)]
[0.29, 0.33, 0.76]
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from . import _scoreline

__all__ = ["jeffreys", "neutral", "pluto_tasche"]


def pluto_tasche(obligors: Sequence[int], defaults: Sequence[int], *, confidence: float, correlation: float) -> list[float]:
    """The upper bounds at which so few defaults have probability 1 - ``confidence`` (Pluto & Tasche 2005).

    ``correlation`` of asset values, 0 to 0.99; with 0 defaults are independent.
    """
    return _fit(obligors, defaults, {"type": "pluto_tasche", "confidence": confidence, "correlation": correlation})


def neutral(obligors: Sequence[int], defaults: Sequence[int]) -> list[float]:
    """(k + 1) / (n + 2), the posterior mean of a uniform prior (Tasche 2013)."""
    return _fit(obligors, defaults, {"type": "neutral"})


def jeffreys(obligors: Sequence[int], defaults: Sequence[int]) -> list[float]:
    """(k + 1/2) / (n + 1), the posterior mean of Jeffreys' prior.

    >>> jeffreys([99], [0])
    [0.005]
    """
    return _fit(obligors, defaults, {"type": "jeffreys"})


def _fit(obligors: Sequence[int], defaults: Sequence[int], method: dict[str, object]) -> list[float]:
    return _scoreline.low_default_pds(list(obligors), list(defaults), json.dumps({"method": method}))
