"""What is asked of a training.

A setting that is left out (``None``) takes the default of the library's core, which is the same in every language;
nothing here repeats one. Rates, shares and probabilities are fractions, rates per year.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from . import _scoreline
from .errors import ConfigError, IoError, Problem, ScorelineError
from .policies import DecisionPolicy, Expert, LimitPolicy, PricingPolicy, TierPolicy

Kind = Literal["number", "category", "date", "flag"]


@dataclass(frozen=True)
class Special:
    """A code with a meaning of its own, such as -1 for "no bureau file". It gets its own bin."""

    code: float | str
    """The code in the data: a number for number fields, text for categories."""
    name: str
    """What it stands for."""


@dataclass(frozen=True)
class Field:
    """One input field."""

    name: str
    """As in the data and in expressions: letters, digits and ``_``, not starting with a digit."""
    kind: Kind
    """What its values are."""
    unit: str | None = None
    """Unit of a number, for readers."""
    description: str | None = None
    """What it means, for readers."""
    missing: Sequence[float | str] | None = None
    """Codes that mean "nothing is known"."""
    special: Sequence[Special] | None = None
    """Codes with a meaning of their own; at most 16."""
    sensitivity: Mapping[str, str] | None = None
    """``{"type": "protected", "basis": "sex"}`` keeps the field out of score, rules and price."""


@dataclass(frozen=True)
class Schema:
    """The input fields, in the order of their indices; at most 4,096."""

    fields: Sequence[Field]


@dataclass(frozen=True)
class Feature:
    """A feature derived from fields and from the features before it."""

    name: str
    expression: str
    """For example ``amount / duration``."""
    unit: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Split:
    """Keeps a share of the rows for testing, decided by a hash of a key and nothing else."""

    key: str
    """Column of text or whole numbers. All rows of one key fall on one side."""
    test_share: float
    """Share of keys kept for testing, in [0, 1)."""
    salt: str | None = None
    """Another salt gives another split."""


@dataclass(frozen=True)
class Binning:
    """The limits that the bins of one feature keep."""

    max_bins: int | None = None
    """The most ordinary bins, 2 to 20; special codes and the missing bin come on top."""
    min_share: float | None = None
    """The least share of all rows in an ordinary bin, 0 to 0.5."""
    min_events: float | None = None
    """The least weight of rows with the event in an ordinary bin, above 0."""
    min_non_events: float | None = None
    """The least weight of rows without the event in an ordinary bin, above 0."""
    trend: Literal["auto", "increasing", "decreasing"] | None = None
    """How the event rate moves from one numeric bin to the next."""
    smoothing: float | None = None
    """Rows added to both counts of a bin when its weight of evidence is taken, 0 or more."""


@dataclass(frozen=True)
class Model:
    """The logistic regression and what enters it."""

    min_iv: float | None = None
    """Variables with less information value stay out; 0 or more."""
    max_variables: int | None = None
    """The most variables, 1 to 128; the ones of highest information value stay."""
    max_iterations: int | None = None
    """Newton steps before giving up, 1 to 100."""
    tolerance: float | None = None
    """Largest absolute component of the gradient at the optimum, in rows; above 0."""


@dataclass(frozen=True)
class Scaling:
    """``score`` points at ``odds`` non-events to one event, and ``pdo`` points more for each doubling of the odds."""

    score: float | None = None
    """Points at ``odds``."""
    odds: float | None = None
    """Odds non-event : event at ``score``, above 0."""
    pdo: float | None = None
    """Points that double the odds, above 0."""
    rounding: Literal["integer", "none"] | None = None
    """How the points of a bin are rounded."""
    pd_from: Literal["model", "points"] | None = None
    """Where the official PD comes from."""


@dataclass(frozen=True)
class VariableReason:
    """What points lost on one variable mean to a person."""

    feature: str
    """Field or feature."""
    code: str
    """Reason code; variables that share one are added up before reasons are ranked."""
    text: str
    """The reason in words."""


@dataclass(frozen=True)
class ProtectedUse:
    """Permission, on record, for a protected field to reach score, rule or price."""

    field: str
    author: str
    """Who permits it."""
    reason: str
    """On what ground."""


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
    features: Sequence[Feature] | None = None
    candidates: Sequence[str] | None = None
    """Fields and features that may enter the card; all unprotected ones when left out."""
    protected_use: Sequence[ProtectedUse] | None = None
    capacity: int | None = None
    """Distinct values of a number that are kept apart while counting, 16 to 2**24."""
    binning: Binning | None = None
    model: Model | None = None
    scaling: Scaling | None = None
    reasons: Sequence[VariableReason] | None = None
    expert: Expert | None = None
    """An expert card beside, or mixed with, the statistical one."""
    tier: TierPolicy | None = None
    limit: LimitPolicy | None = None
    pricing: PricingPolicy | None = None
    decision: DecisionPolicy | None = None
    name: str | None = None
    """Name of the model, for readers and reports."""

    def to_dict(self) -> dict[str, Any]:
        """The settings that are given, as plain values."""
        plain: dict[str, Any] = _plain(self)
        return plain

    def to_json(self) -> str:
        """The settings that are given, as JSON."""
        return json.dumps(self.to_dict(), allow_nan=False)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Self:
        """Reads plain values. Unknown and wrong settings are refused, all at once."""
        return cls.from_json(json.dumps(dict(settings), allow_nan=False))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads JSON. Unknown and wrong settings are refused, all at once."""
        _scoreline.check_config(text)
        settings = json.loads(text)
        for name, part in _PARTS.items():
            if settings.get(name) is not None:
                settings[name] = _read(part, settings[name])
        return cls(**settings)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Self:
        """Reads a JSON file."""
        return cls.from_json(read_text(path, ConfigError))

    def with_schema_of(self, table: object) -> Self:
        """The same with a schema made from the types of ``table``; :func:`scoreline.fit` does this by itself."""
        others = [self.target, self.weight, self.split.key if self.split else None]
        inferred = _scoreline.infer_schema(table, [name for name in others if name is not None])
        return dataclasses.replace(self, schema=_read(Schema, json.loads(inferred)))


_PARTS: dict[str, type[Any]] = {
    "schema": Schema,
    "fields": Field,
    "special": Special,
    "split": Split,
    "features": Feature,
    "protected_use": ProtectedUse,
    "binning": Binning,
    "model": Model,
    "scaling": Scaling,
    "reasons": VariableReason,
}
"""The class of each setting that has one."""


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        given = ((part.name, getattr(value, part.name)) for part in dataclasses.fields(value))
        return {name: _plain(part) for name, part in given if part is not None}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _read(part: type[Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_read(part, item) for item in value]
    nested = {name: _read(_PARTS[name], inner) for name, inner in value.items() if name in _PARTS and name != "reasons"}
    return part(**{**value, **nested})


def read_text(path: str | os.PathLike[str], refused: type[ScorelineError]) -> str:
    """The text of a file.

    Raises :class:`scoreline.IoError` when it cannot be read, and ``refused`` when it is not UTF-8.
    """
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        what = f"the file cannot be read: {(error.strerror or 'unknown cause').lower()}"
        raise _error(IoError, path, what, "check path and permissions") from error
    except UnicodeDecodeError as error:
        raise _error(refused, path, "the file is not UTF-8 text", "save it as UTF-8") from error


def _error(kind: type[ScorelineError], path: str | os.PathLike[str], what: str, remedy: str) -> ScorelineError:
    field = os.fspath(path)
    problem: Problem = {"field": field, "row": None, "position": None, "what": what, "remedy": remedy}
    return kind(f"{kind.code}: field '{field}': {what}; {remedy}", [problem])
