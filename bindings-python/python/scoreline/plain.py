"""Settings as plain values, and the text of files."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import json
import os
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

from .errors import IoError, Problem, ScorelineError


class Plain(Protocol):
    """What says itself in plain values, as :class:`scoreline.Bins` does."""

    def to_dict(self) -> dict[str, Any]: ...


def to_plain(value: Any) -> Any:
    """Settings as values that JSON holds, without those that are not given."""
    if dataclasses.is_dataclass(value):
        given = ((part.name, getattr(value, part.name)) for part in dataclasses.fields(value))
        return {name: to_plain(part) for name, part in given if part is not None}
    if isinstance(value, Mapping):
        return {name: to_plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(part) for part in value]
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, datetime.date) else value


class JsonSet:
    """Settings that the core holds, and that a model file keeps as they are."""

    _core: Any
    _kind: ClassVar[type[Any]]
    """The class of what the core holds; it is made of JSON."""

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what :meth:`to_json` wrote."""
        found = cls.__new__(cls)
        found._core = cls._kind(text)
        return found

    def to_json(self) -> str:
        """The set as JSON, with every setting."""
        text: str = self._core.to_json()
        return text

    def to_dict(self) -> dict[str, Any]:
        """The set as plain values, in the form of the model file."""
        plain: dict[str, Any] = json.loads(self.to_json())
        return plain


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
