"""Contingency plans: what a bank does when its world changes, written down and tried out before it does.

>>> plan = Playbook(name="credit crunch", owner="Chief Risk Officer", shock={"pd": {"type": "logit", "add": 0.5}, "funding": 0.01})
>>> plan.to_dict()["shock"]["funding"]
0.01
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from . import _scoreline
from .matrices import MigrationMatrix
from .pipeline import Pipeline
from .plain import Plain, to_plain
from .text import Rows

__all__ = ["DryRun", "Offers", "Playbook"]

OUTCOMES = ("approve", "refer", "decline")


@dataclass(frozen=True)
class Offers:
    """What is offered to a book of applications. Figures are of a year and of the offers: applications that are not declined and
    have a legal price, each with its own PD."""

    tiers: dict[str, int]
    outcomes: dict[str, int]
    no_legal_price: int
    """Applications whose hurdle lies above the cap."""
    offers: int
    amount: Decimal
    expected_loss: float
    capital: float
    net_income: float
    raroc: float | None
    """Income over capital; ``None`` without offers."""
    above_hurdle: float | None
    """The share of the offers made without the plan that reach the hurdle within the caps at their rate."""


class DryRun(NamedTuple):
    """What a plan changes."""

    before: Offers
    after: Offers
    migration: MigrationMatrix
    """From which tier to which."""
    swaps: Rows
    """The swap set: applications by outcome without the plan and with it."""
    errors: list[tuple[int, str, str]]
    """Rows that could not be decided on either side: row, code, message."""


@dataclass(frozen=True)
class Playbook:
    """A named contingency plan: the shock that is supposed, and the policies that take the place of those of a pipeline. What is
    left out stays.

    ``shock`` has ``pd`` (``{"type": "logit", "add": log_odds}``), ``lgd`` and ``funding`` (added), and ``cap`` (a cap on rates).
    Policies are dicts in the form of the model file; see :mod:`scoreline.policies`. Raises :class:`scoreline.ConfigError` when the
    plan is applied and does not go with the pipeline.
    """

    name: str
    owner: str
    """Who answers for it."""
    shock: Mapping[str, Any] | None = None
    tier: Plain | Mapping[str, Any] | None = None
    limit: Plain | Mapping[str, Any] | None = None
    pricing: Plain | Mapping[str, Any] | None = None
    decision: Plain | Mapping[str, Any] | None = None
    review: Plain | Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain values."""
        plain: dict[str, Any] = to_plain(vars(self))
        return {name: value for name, value in plain.items() if value is not None}

    def apply(self, pipeline: Pipeline) -> Pipeline:
        """The pipeline with the plan in force: another file with another hash. ``pipeline`` stays as it is."""
        return Pipeline(_scoreline.apply_playbook(json.dumps(self.to_dict()), pipeline._artefact))

    def dry_run(
        self, pipeline: Pipeline, data: object, as_of: datetime.date | str | None = None, threads: int = 0
    ) -> DryRun:
        """What the plan would do to a table of applications; nothing is changed."""
        plan = json.dumps(self.to_dict())
        found, errors = _scoreline.dry_run(plan, pipeline._artefact, data, as_of, threads)
        swaps = zip(OUTCOMES, found["swaps"], strict=True)
        return DryRun(
            before=_offers(found["before"]),
            after=_offers(found["after"]),
            migration=MigrationMatrix(**found["migration"]),
            swaps=Rows({"without": outcome, **dict(zip(OUTCOMES, row, strict=True))} for outcome, row in swaps),
            errors=errors,
        )


def _offers(found: dict[str, Any]) -> Offers:
    outcomes = dict(zip(OUTCOMES, found.pop("outcomes"), strict=True))
    return Offers(**found | {"amount": Decimal(found["amount"]), "outcomes": outcomes})
