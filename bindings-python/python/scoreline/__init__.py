"""scoreline: one readable file that carries a whole credit decision, with the same bytes in every language."""

from . import errors
from ._scoreline import describe, version
from .errors import (
    ArtefactError,
    ConfigError,
    ConvergenceError,
    DataError,
    IncompatibleError,
    InsufficientDataError,
    InternalError,
    IoError,
    ScorelineError,
)

__version__ = version()

__all__ = [
    "ArtefactError",
    "ConfigError",
    "ConvergenceError",
    "DataError",
    "IncompatibleError",
    "InsufficientDataError",
    "InternalError",
    "IoError",
    "ScorelineError",
    "describe",
    "errors",
    "version",
]
