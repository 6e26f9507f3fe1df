"""Bins of one column: the best ones within limits, with a proof of how good they are; looked at, edited and applied.

>>> import scoreline as sl
>>> age = [20, 30, 40, 50] * 25
>>> bad = [1, 1, 0, 0, 1, 0, 1, 0, 0, 0] * 10
>>> bins = sl.bin(age, bad, sl.Binning(max_bins=2), name="age")
>>> bins.cuts, bins.certificate["optimal"]
([50.0], True)
>>> bins.woe([18, 60]).to_list() == [row["woe"] for row in bins.table()[:2]]
True
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, Self, TypedDict

from . import _scoreline
from ._scoreline import Numbers, Table
from .plain import to_plain
from .settings import Binning, ContinuousBinning, Kind, MulticlassBinning, Special, VariableBinning
from .text import Rows, aligned

Day = datetime.date | str
Specials = Sequence[Special] | Mapping[float, str] | Mapping[str, str]
Codes = Sequence[float | str]

BinEdit = TypedDict(
    "BinEdit",
    {
        "type": Literal["merge", "split", "move_cut", "move_levels", "place_unseen", "set_woe", "readable"],
        "from": NotRequired[int],
        "to": NotRequired[int | float],
        "at": NotRequired[float],
        "cut": NotRequired[int],
        "levels": NotRequired[Sequence[str]],
        "bin": NotRequired[int],
        "woe": NotRequired[float],
        "max_iv_loss": NotRequired[float],
    },
)
"""One change of the bins, as it stands in the model file. Bins and cuts are counted from 0."""


def bin(
    x: object,
    y: object,
    binning: Binning | VariableBinning | None = None,
    *,
    name: str = "x",
    kind: Kind | None = None,
    weight: object = None,
    special: Specials | None = None,
    missing: Codes | None = None,
    period: object = None,
    capacity: int | None = None,
    threads: int = 0,
) -> Bins:
    """Bins one column for a binary outcome: the bins of the highest information value within the limits of ``binning``.

    ``x`` and ``y`` are numpy or Arrow arrays, series of pandas or polars, or lists; doubles are read without a copy.
    ``y`` is 1 (or true) when the event happened, else 0. ``special`` lists codes that get bins of their own, as
    :class:`scoreline.Special` or as ``{code: name}``, ``missing`` codes that mean "nothing is known". ``period`` names the
    period of each row, for bins that are to be stable over time. Up to ``capacity`` distinct numbers are possible cuts each
    by itself. The result does not depend on ``threads`` (0: all).

    Raises :class:`scoreline.ConfigError` when limits are out of range or cannot be met together,
    :class:`scoreline.DataError` for a value that its column does not allow, and
    :class:`scoreline.InsufficientDataError` without an event or a non-event.
    """
    if isinstance(binning, VariableBinning):
        binning = Binning(variables={name: binning})
    codes = _codes(special, missing)
    return Bins(_scoreline.bin(x, y, name, _json(binning), *codes, kind, weight, period, capacity, threads))


def bin_continuous(
    x: object,
    y: object,
    binning: ContinuousBinning | None = None,
    *,
    name: str = "x",
    kind: Kind | None = None,
    weight: object = None,
    special: Specials | None = None,
    missing: Codes | None = None,
) -> ContinuousBins:
    """Bins one column for a continuous target, such as LGD: the bins explain as much of its variance as possible.

    >>> ltv = [0.4, 0.6, 1.1] * 40
    >>> lgd = [0.0, 0.1, 0.5] * 40
    >>> bins = bin_continuous(ltv, lgd, ContinuousBinning(max_bins=2), name="ltv")
    >>> bins.cuts, round(bins.table()[1]["mean"], 9)
    ([1.1], 0.5)
    """
    codes = _codes(special, missing)
    return ContinuousBins(_scoreline.bin_continuous(x, y, name, _json(binning), *codes, kind, weight))


def bin_multiclass(
    x: object,
    y: object,
    binning: MulticlassBinning | None = None,
    *,
    name: str = "x",
    kind: Kind | None = None,
    weight: object = None,
    special: Specials | None = None,
    missing: Codes | None = None,
) -> MulticlassBins:
    """Bins one column for a target with 2 to 32 classes, given as text."""
    codes = _codes(special, missing)
    return MulticlassBins(_scoreline.bin_multiclass(x, y, name, _json(binning), *codes, kind, weight))


def woe(table: object, bins: Sequence[Bins], threads: int = 0) -> Table:
    """The weights of evidence of several columns of a table, each under its own name; the forms are those of
    :func:`scoreline.fit`."""
    return _scoreline.woe(table, [one._native for one in bins], threads)


@dataclass(frozen=True)
class Edit:
    """A change that was made by hand, as the model file keeps it."""

    change: BinEdit
    author: str
    reason: str
    at: str | None
    """The day, ``YYYY-MM-DD``."""
    override_trend: bool
    iv_before: float
    iv_after: float
    objective_before: float
    objective_after: float

    def __repr__(self) -> str:
        what = " ".join(f"{name}={value}" for name, value in self.change.items() if name != "type")
        effect = f"IV {self.iv_before:.4f} -> {self.iv_after:.4f} ({self.iv_after - self.iv_before:+.4f})"
        day = f", {self.at}" if self.at else ""
        return f"<Edit: {self.change['type']} {what} by {self.author}{day} ({self.reason}): {effect}>"


@dataclass(frozen=True)
class Preview:
    """What an edit would lead to."""

    table: Rows
    iv: float
    iv_change: float
    broken: int | None
    """The first of two neighbours that would go against the declared trend."""


class _Fitted:
    """What bins of every target say of themselves."""

    def __init__(self, native: Any) -> None:
        self._native = native

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what :meth:`to_json` wrote."""
        return cls(cls._class().from_json(text))

    @staticmethod
    def _class() -> Any:
        raise NotImplementedError

    def to_json(self) -> str:
        """Everything, as text."""
        text: str = self._native.to_json()
        return text

    def to_dict(self) -> dict[str, Any]:
        """The bins as plain values."""
        bins: dict[str, Any] = self._native.bins()
        return bins

    def table(self) -> Rows:
        """One row for each bin: ordinary, special, missing."""
        return _table(self.to_dict())

    @property
    def name(self) -> str:
        """Name of the column."""
        name: str = self.to_dict()["feature"]
        return name

    @property
    def cuts(self) -> list[float] | None:
        """Borders of the bins of a number (of a day: days since 1970-01-01); a value equal to one is in the upper bin."""
        cuts: list[float] | None = self.to_dict()["split"].get("cuts")
        return cuts

    @property
    def groups(self) -> list[list[str]] | None:
        """Levels of each bin of a category."""
        groups: list[list[str]] | None = self.to_dict()["split"].get("groups")
        return groups

    @property
    def iv(self) -> float:
        """Information value over all bins."""
        iv: float = self.to_dict()["iv"]
        return iv

    @property
    def certificate(self) -> dict[str, Any]:
        """How good the bins are: ``objective`` was reached, no bins exceed ``bound``; ``gap``, ``optimal``, ``exact``."""
        certificate: dict[str, Any] = self.to_dict()["certificate"]
        return certificate

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._native,)


class Bins(_Fitted):
    """The bins of one column for a binary outcome, with the counts they rest on. Bins are counted from 0."""

    _native: _scoreline.Bins

    @staticmethod
    def _class() -> type[_scoreline.Bins]:
        return _scoreline.Bins

    def report(self, level: float = 0.95) -> Report:
        """Every measure of the bins on their own rows, with Jeffreys intervals of the rates at ``level``, and flags."""
        return Report(*self._native.report(level))

    def on(self, x: object, y: object, weight: object = None, level: float = 0.95, threads: int = 0) -> Report:
        """The same bins on other rows, a test sample or another month, with the stability index against their own rows."""
        return Report(*self._native.report_on(x, y, level, weight, threads))

    def woe(self, x: object, threads: int = 0) -> Numbers:
        """The weight of evidence of each value; ``numpy.asarray`` reads it without a copy."""
        return self._native.woe(x, threads)

    def setting(self) -> VariableBinning:
        """The borders or groups as a setting for other rows. For a training on the same rows, ``Config(bins=[bins])`` takes
        the bins as they are, with weights of evidence set by hand and the record of the edits."""
        return VariableBinning(cuts=self.cuts, groups=self.groups)

    def merge(self, first: int, last: int, *, author: str, reason: str, at: Day | None = None, override_trend: bool = False) -> Edit:
        """Joins the ordinary bins ``first`` to ``last``, both included."""
        return self.apply({"type": "merge", "from": first, "to": last}, author, reason, at, override_trend)

    def split(self, value: float, *, author: str, reason: str, at: Day | None = None, override_trend: bool = False) -> Edit:
        """Divides a numeric bin at a value, which goes to the upper part."""
        return self.apply({"type": "split", "at": value}, author, reason, at, override_trend)

    def move_cut(
        self, cut: int, to: float, *, author: str, reason: str, at: Day | None = None, override_trend: bool = False
    ) -> Edit:
        """Moves a cut without passing its neighbours."""
        return self.apply({"type": "move_cut", "cut": cut, "to": to}, author, reason, at, override_trend)

    def regroup(
        self, levels: Sequence[str], to: int | None = None, *, author: str, reason: str, at: Day | None = None
    ) -> Edit:
        """Moves levels to the bin ``to``, or to a new one."""
        edit: BinEdit = {"type": "move_levels", "levels": list(levels)}
        if to is not None:
            edit["to"] = to
        return self.apply(edit, author, reason, at)

    def place_unseen(self, to: int, *, author: str, reason: str, at: Day | None = None) -> Edit:
        """Says in which bin levels that training did not see are placed."""
        return self.apply({"type": "place_unseen", "to": to}, author, reason, at)

    def set_woe(
        self, bin: int, woe: float, *, author: str, reason: str, at: Day | None = None, override_trend: bool = False
    ) -> Edit:
        """Sets the weight of evidence of a bin, also of a special or missing one; what was counted stays."""
        return self.apply({"type": "set_woe", "bin": bin, "woe": woe}, author, reason, at, override_trend)

    def readable(self, max_iv_loss: float, *, author: str, reason: str, at: Day | None = None) -> Edit:
        """Rounds the cuts to as few digits as limits, trend and the share of information value that may be lost allow."""
        return self.apply({"type": "readable", "max_iv_loss": max_iv_loss}, author, reason, at)

    def apply(
        self, edit: BinEdit, author: str, reason: str, at: Day | None = None, override_trend: bool = False
    ) -> Edit:
        """Makes an edit and puts it on record with author and reason; the day only if it is given.

        Raises :class:`scoreline.ConfigError` when the edit does not fit the bins, leaves a bin without rows, or goes against
        the declared trend without ``override_trend``.
        """
        request = {"edit": edit, "author": author, "reason": reason, "at": at, "override_trend": override_trend}
        return _edit(self._native.apply(_json({name: part for name, part in request.items() if part is not None})))

    def preview(self, edit: BinEdit) -> Preview:
        """What an edit would lead to, such as ``{"type": "merge", "from": 0, "to": 1}``. Nothing is kept."""
        found = self._native.preview(_json(edit))
        after = found["bins"]
        return Preview(_table(after), after["iv"], after["iv"] - self.iv, found["broken"])

    def undo(self) -> Edit | None:
        """Takes the last edit of this session back; ``None`` when there is none."""
        taken = self._native.undo()
        return None if taken is None else _edit(taken)

    def redo(self) -> bool:
        """Makes the edit again that was taken back last; false when there is none."""
        return self._native.redo()

    @property
    def edits(self) -> list[Edit]:
        """What was changed after the bins were found, in order."""
        return [_edit(record) for record in self.to_dict().get("edits", [])]

    def __repr__(self) -> str:
        return f"{self.report()!r}\n{_proof(self.certificate)}"


class ContinuousBins(_Fitted):
    """The bins of one column for a continuous target."""

    _native: _scoreline.ContinuousBins

    @staticmethod
    def _class() -> type[_scoreline.ContinuousBins]:
        return _scoreline.ContinuousBins

    @property
    def explained(self) -> float:
        """Share of the target's variance that the bins explain, in [0, 1]."""
        explained: float = self.to_dict()["explained"]
        return explained

    def mean(self, x: object, threads: int = 0) -> Numbers:
        """The mean target of the bin of each value."""
        return self._native.mean(x, threads)

    def __repr__(self) -> str:
        return f"{self.name}: explained {self.explained:.4f}\n{aligned(self.table())}\n{_proof(self.certificate)}"


class MulticlassBins(_Fitted):
    """The bins of one column for a target with several classes. Lists by class are in the order of :attr:`classes`."""

    _native: _scoreline.MulticlassBins

    @staticmethod
    def _class() -> type[_scoreline.MulticlassBins]:
        return _scoreline.MulticlassBins

    @property
    def classes(self) -> list[str]:
        """Names of the classes."""
        classes: list[str] = self.to_dict()["classes"]
        return classes

    def woe(self, x: object, class_name: str, threads: int = 0) -> Numbers:
        """The weight of evidence of one class as the event against all others, for each value."""
        return self._native.woe(x, class_name, threads)

    def __repr__(self) -> str:
        return f"{self.name}: {', '.join(self.classes)}\n{aligned(self.table())}\n{_proof(self.certificate)}"


class Report:
    """The table of one column's bins on one sample. It prints itself."""

    def __init__(self, plain: Mapping[str, Any], text: str) -> None:
        self.rows = Rows(_renamed(row) for row in plain["rows"])
        """One row for each bin."""
        self.totals: dict[str, Any] = plain["totals"]
        """The column as a whole: ``iv``, ``js``, ``ks``, ``gini``, ``quality``, ``psi``, …"""
        self.level: float = plain["level"]
        """Level of the intervals."""
        self._text = text

    @property
    def iv(self) -> float:
        """Information value."""
        iv: float = self.totals["iv"]
        return iv

    @property
    def psi(self) -> float | None:
        """Population stability index against the rows the bins were made from; ``None`` on those."""
        psi: float | None = self.totals["psi"]
        return psi

    @property
    def flags(self) -> list[str]:
        """What should be looked at before the bins are used."""
        flags: list[str] = self.totals["flags"]
        return flags

    def __repr__(self) -> str:
        return f"{self._text}\nflags: {', '.join(self.flags) or 'none'}"


def _edit(record: Mapping[str, Any]) -> Edit:
    request = record["request"]
    effects = {name: value for name, value in record.items() if name != "request"}
    return Edit(
        request["edit"], request["author"], request["reason"], request.get("at"), request.get("override_trend", False), **effects
    )


def _proof(certificate: Mapping[str, Any]) -> str:
    if certificate["optimal"]:
        return "no better bins exist"
    bound = certificate.get("bound")
    return "no bound is known" if bound is None else f"no bins exceed {bound:.6f}, which is {certificate['gap']:.6f} more"


def _table(bins: Mapping[str, Any]) -> Rows:
    return Rows(_renamed(row) for row in bins["bins"])


def _renamed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {("bin" if name == "label" else name): value for name, value in row.items()}


def _codes(special: Specials | None, missing: Codes | None) -> tuple[str, str]:
    if isinstance(special, Mapping):
        special = [Special(code, name) for code, name in special.items()]
    return _json(list(special or ())), _json(list(missing or ()))


def _json(value: object) -> str:
    return "{}" if value is None else json.dumps(to_plain(value), allow_nan=False)
