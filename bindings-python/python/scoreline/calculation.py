"""Calculations by name, as every language has them: a plain input, a plain answer, the same bytes everywhere.

>>> answer = calculate("raroc", {"hurdle": "0.12", "loan": {
...     "rate": "0.085", "funding": "0.032", "opex": "0.015", "fees": 0, "expected_loss": "0.018", "capital": "0.08",
...     "capital_benefit": "0.025", "tax": "0.25", "funding_base": "ead"}})
>>> answer["break_even_rate"]
'0.0758'
>>> sorted(calculations())[:3]
['allocation', 'annualised_irr', 'best_price']

In Python :mod:`scoreline.pricing`, :mod:`scoreline.schedules` and their neighbours give the same in numbers and tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from . import _scoreline
from .plain import to_plain

__all__ = ["calculate", "calculate_batch", "calculations"]


def calculations() -> dict[str, str]:
    """The calculations by name, with what each gives."""
    return dict(_scoreline.calculations())


def calculate(name: str, input: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a calculation to an input; ``CALCULATIONS.md`` shows each.

    Money is decimal text or :class:`decimal.Decimal`. Rates and other fractions are numbers or decimals in the input, and decimal
    texts in the answer, the shortest that read back as the same double. Raises :class:`scoreline.ConfigError` for a name that is
    none of :func:`calculations`, :class:`scoreline.DataError` for an input that is not of the expected form, and the errors of the
    calculation.
    """
    answer: dict[str, Any] = json.loads(_scoreline.calculate(name, json.dumps(to_plain(input))))
    return answer


def calculate_batch(name: str, inputs: Iterable[Mapping[str, Any]], threads: int = 0) -> list[dict[str, Any]]:
    """The answers to many inputs of one calculation, in their order: ``{"answer": …}``, or ``{"error": …}`` for an input that is
    refused, which harms no other. ``threads`` is 0 for all that the machine offers; the answers do not depend on it.

    >>> calculate_batch("capm_hurdle", [{"risk_free": "0.025", "beta": "1.2", "premium": "0.06"}])
    [{'answer': {'hurdle': '0.097'}}]
    """
    lines = "".join(json.dumps(to_plain(one)) + "\n" for one in inputs)
    return [json.loads(line) for line in _scoreline.calculate_lines(name, lines, threads).splitlines()]
