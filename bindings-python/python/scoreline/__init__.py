"""scoreline: one readable file that carries a whole credit decision, with the same bytes in every language."""

from . import errors, policies
from ._scoreline import Decision, Reason, Scorer, Table, describe, version
from .config import (
    Binning,
    Config,
    Feature,
    Field,
    Model,
    ProtectedUse,
    Scaling,
    Schema,
    Special,
    Split,
    VariableReason,
)
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
from .pipeline import Change, Checked, Pipeline, check, fit, load
from .training import Pass, Trainer, merge

__version__ = version()

__all__ = [
    "ArtefactError",
    "Binning",
    "Change",
    "Checked",
    "Config",
    "ConfigError",
    "ConvergenceError",
    "DataError",
    "Decision",
    "Feature",
    "Field",
    "IncompatibleError",
    "InsufficientDataError",
    "InternalError",
    "IoError",
    "Model",
    "Pass",
    "Pipeline",
    "ProtectedUse",
    "Reason",
    "Scaling",
    "Schema",
    "Scorer",
    "ScorelineError",
    "Special",
    "Split",
    "Table",
    "Trainer",
    "VariableReason",
    "check",
    "describe",
    "errors",
    "fit",
    "load",
    "merge",
    "policies",
    "version",
]
