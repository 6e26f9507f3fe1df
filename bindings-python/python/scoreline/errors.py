"""Every exception the library raises.

Each has a stable ``code``, the same text as in Node and the name of the number in C, and ``problems``: everything
that is wrong, with its place and remedy. No message ever contains a value of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypedDict


class Problem(TypedDict):
    """One thing that is wrong."""

    field: str | None
    """Field, setting or file part that is concerned."""
    row: int | None
    """Zero-based row of the batch."""
    position: int | None
    """One-based character position in an expression."""
    what: str
    """What is wrong, in terms of what was expected."""
    remedy: str
    """What the caller can do about it."""


class ScorelineError(Exception):
    """Base of every exception of the library."""

    code: ClassVar[str]
    problems: list[Problem]

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


class ConfigError(ScorelineError, ValueError):
    """A setting is out of range or contradicts another. Every problem is listed at once."""

    code = "invalid_config"


class DataError(ScorelineError, ValueError):
    """A column is missing or of the wrong kind or length, a value is not what its field declares."""

    code = "invalid_data"


class InsufficientDataError(ScorelineError, ValueError):
    """Too few events, one class only, a constant feature."""

    code = "insufficient_data"


class ConvergenceError(ScorelineError):
    """An iteration limit was reached."""

    code = "not_converged"
    iterations: int | None = None
    """Iterations done."""
    gradient: float | None = None
    """Largest absolute component of the gradient at the last iterate."""


class IncompatibleError(ScorelineError):
    """Summaries or passes of different trainings were combined."""

    code = "incompatible"


class ArtefactError(ScorelineError):
    """A file is not ours, is newer than this release, was edited, or answers differently from what it says."""

    code = "artefact"


class IoError(ScorelineError, OSError):
    """A file cannot be read or written."""

    code = "io"


class InternalError(ScorelineError, RuntimeError):
    """A defect of the library."""

    code = "internal"


BY_CODE: dict[str, type[ScorelineError]] = {
    error.code: error
    for error in (
        ConfigError,
        DataError,
        InsufficientDataError,
        ConvergenceError,
        IncompatibleError,
        ArtefactError,
        IoError,
        InternalError,
    )
}
"""The exception class of each code."""

__all__ = ["BY_CODE", "Problem", "ScorelineError", *(error.__name__ for error in BY_CODE.values())]
