"""Who may decide, and how soon: ladders from amount, tier and exceptions to a rung.

>>> authority = Ladder([
...     Rung("clerk", max_amount={"A": 50_000, "B": 20_000, "C": 5_000, "D": 0}, max_exceptions=0),
...     Rung("two persons", max_amount={"A": 500_000, "B": 200_000, "C": 50_000, "D": 10_000}, max_exceptions=1),
...     Rung("committee"),
... ])
>>> authority.rung(40_000, "A"), authority.rung(40_000, "A", exceptions=1), authority.rung(40_000, "D")
('clerk', 'two persons', 'committee')
>>> authority.rungs([1_000, 600_000], ["C", "A"])["rung"]
['clerk', 'committee']
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from . import _scoreline
from .plain import to_plain

__all__ = ["Ladder", "Rung"]


@dataclass(frozen=True)
class Rung:
    """One rung of a ladder."""

    name: str
    """Unique within the ladder."""
    max_amount: Mapping[str, float] | None = None
    """Largest amount by tier, ``{"A": …, "B": …, "C": …, "D": …}``, falling; any when ``None``."""
    max_exceptions: int | None = None
    """Most exceptions from the policy; any number when ``None``."""


class Ladder:
    """Rungs from the lowest upwards; a case belongs to the first that admits it. The last admits everything.

    One ladder says who may decide (clerk, two persons, committee), another how soon (fast lane, ordinary). Raises
    :class:`scoreline.ConfigError` with every problem when some case has no rung, or a rung admits less than the one below.
    """

    def __init__(self, rungs: Sequence[Rung | Mapping[str, Any]]) -> None:
        self._json = json.dumps({"rungs": to_plain(list(rungs))})
        _scoreline.check_ladder(self._json)

    @classmethod
    def from_dict(cls, ladder: Mapping[str, Any]) -> Self:
        """From the form that a policy file holds."""
        found = cls.__new__(cls)
        found._json = json.dumps(to_plain(ladder))
        _scoreline.check_ladder(found._json)
        return found

    def to_dict(self) -> dict[str, Any]:
        """As plain values, in the form that a policy file holds."""
        plain: dict[str, Any] = json.loads(self._json)
        return plain

    def rung(self, amount: float, tier: Literal["A", "B", "C", "D"], exceptions: int = 0) -> str:
        """The name of the rung of one case: its amount, at least 0, its tier, and the exceptions from the policy it asks for."""
        return _scoreline.ladder_rung(self._json, amount, tier, exceptions)

    def rungs(self, amounts: object, tiers: object, exceptions: object = None) -> _scoreline.Table:
        """The rungs of columns of cases, as the column ``rung`` of a table; no exceptions where none are given.

        The names are a dictionary column, which Arrow libraries read without a copy. Raises :class:`scoreline.DataError` with the
        row of an amount, tier or number that is not usable.
        """
        return _scoreline.ladder_rungs(self._json, amounts, tiers, exceptions)
