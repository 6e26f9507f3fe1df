"""What is asked of a training.

A setting that is left out (``None``) takes the default of the library's core, which is the same in every language;
nothing here repeats one. Rates, shares and probabilities are fractions, rates per year.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from . import _scoreline
from .errors import ConfigError
from .plain import Plain, read_text, to_plain
from .policies import DecisionPolicy, Expert, LimitPolicy, PricingPolicy, ReviewPolicy, TierPolicy
from .settings import (
    Binning,
    Boost,
    Calibration,
    Feature,
    Field,
    Model,
    Period,
    ProtectedUse,
    ReasonPolicy,
    Scaling,
    Schema,
    Segment,
    Selection,
    SmallBank,
    Special,
    Split,
    VariableBinning,
    VariableReason,
)


@dataclass(frozen=True)
class Config:
    """Everything that is asked of a training. Only ``target`` is needed.

    Without ``schema``, :func:`scoreline.fit` makes one from the types of the table: numbers, text and dictionaries
    (categories), bool (flags), date32 (dates). Policies are dicts in the form of the model file; see
    :mod:`scoreline.policies`. Those that are left out leave their part of the decision empty.
    """

    target: str
    """Column of the outcome: 1 (or true) when the event happened, else 0."""
    schema: Schema | None = None
    weight: str | None = None
    """Column of case weights, each in [0, 1,048,576]."""
    split: Split | None = None
    events: Plain | Mapping[str, Any] | None = None
    """Features over dated events (:class:`scoreline.events.Windows`) that are among the columns: the file then holds how each
    is computed. A schema that is inferred takes over their units and sensitivity."""
    joins: Plain | Mapping[str, Any] | None = None
    """Figures of side tables (:class:`scoreline.asof.AsOf`) that are among the columns, in the same way."""
    features: Sequence[Feature] | None = None
    candidates: Sequence[str] | None = None
    """Fields and features that may enter the card; all unprotected ones when left out."""
    protected_use: Sequence[ProtectedUse] | None = None
    capacity: int | None = None
    """Distinct values of a number that are kept apart while counting, 16 to 2**24."""
    binning: Binning | None = None
    bins: Sequence[Plain | Mapping[str, Any]] | None = None
    """Bins made by hand from the rows trained on (:class:`scoreline.Bins`); their features are not binned."""
    model: Model | None = None
    boost: Boost | None = None
    """A boosted card in place of a logistic one."""
    small_bank: SmallBank | None = None
    calibration: Calibration | None = None
    """From log-odds to PD, learnt on the rows trained on."""
    period: Period | None = None
    """Periods over which the order of event rates must be the same, for features whose binning is ``stable``."""
    offset: str | None = None
    """Log-odds of the event that are known beforehand: an expression over fields and features that enters with
    coefficient 1; missing counts as 0."""
    segments: Sequence[Segment] | None = None
    """Rows that get a card of their own, trained on them alone; one more card serves all other rows."""
    scaling: Scaling | None = None
    reasons: Sequence[VariableReason] | None = None
    reason_policy: ReasonPolicy | None = None
    expert: Expert | None = None
    """An expert card beside, or mixed with, the statistical one."""
    tier: TierPolicy | None = None
    limit: LimitPolicy | None = None
    pricing: PricingPolicy | None = None
    decision: DecisionPolicy | None = None
    review: ReviewPolicy | None = None
    """What happens to accounts in the book."""
    name: str | None = None
    """Name of the model, for readers and reports."""

    def to_dict(self) -> dict[str, Any]:
        """The settings that are given, as plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    def to_json(self) -> str:
        """The settings that are given, as JSON."""
        return json.dumps(self.to_dict(), allow_nan=False)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Self:
        """Reads plain values. Unknown and wrong settings are refused, all at once."""
        return cls.from_json(json.dumps(to_plain(settings), allow_nan=False))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads JSON. Unknown and wrong settings are refused, all at once."""
        _scoreline.check_config(text)
        settings: Self = _read(cls, json.loads(text))
        return settings

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Self:
        """Reads a JSON file."""
        return cls.from_json(read_text(path, ConfigError))

    def with_schema_of(self, table: object) -> Self:
        """The same with a schema made from the types of ``table``; :func:`scoreline.fit` does this by itself."""
        others = [self.target, self.weight, self.split.key if self.split else None]
        computed = json.dumps({"events": to_plain(self.events), "joins": to_plain(self.joins)})
        inferred = _scoreline.infer_schema(table, [name for name in others if name is not None], computed)
        return dataclasses.replace(self, schema=_read(Schema, json.loads(inferred)))


_PARTS: dict[type[Any], dict[str, type[Any]]] = {
    Config: {
        "schema": Schema,
        "split": Split,
        "features": Feature,
        "protected_use": ProtectedUse,
        "binning": Binning,
        "model": Model,
        "boost": Boost,
        "small_bank": SmallBank,
        "calibration": Calibration,
        "period": Period,
        "segments": Segment,
        "scaling": Scaling,
        "reasons": VariableReason,
        "reason_policy": ReasonPolicy,
    },
    Schema: {"fields": Field},
    Field: {"special": Special},
    Model: {"selection": Selection},
}
"""The settings of each class that have a class of their own."""


def read_fields(fields: list[dict[str, Any]]) -> list[Field]:
    """Fields from plain values."""
    return [_read(Field, field) for field in fields]


def _read(part: type[Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_read(part, item) for item in value]
    parts = next((_PARTS[base] for base in part.__mro__ if base in _PARTS), {})
    given = {name: _read(parts[name], item) if name in parts and item is not None else item for name, item in value.items()}
    if part is Binning and given.get("variables") is not None:
        given["variables"] = {name: VariableBinning(**own) for name, own in given["variables"].items()}
    return part(**given)
