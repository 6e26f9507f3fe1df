import datetime
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, final

from .errors import ScorelineError

__all__ = [
    "Artefact",
    "Decision",
    "Pass",
    "Reason",
    "Scorer",
    "Table",
    "Trainer",
    "check_config",
    "describe",
    "fit",
    "infer_schema",
    "merge",
    "parse_date",
    "version",
]

def version() -> str:
    """The release of the library."""

def parse_date(text: str) -> int:
    """Days since 1970-01-01 of a calendar day written as ``YYYY-MM-DD``."""

def describe(data: object) -> list[tuple[str, str, int]]:
    """What the library sees in a table: name and kind of each column that it can read, and how many values are missing."""

def check_config(text: str) -> None:
    """Refuses the JSON of a configuration that is not of the expected form or out of range."""

def fit(data: object, config: str, threads: int = 0) -> Artefact:
    """Trains on one machine. ``config`` is the JSON of the configuration; without a schema, one is inferred."""

def infer_schema(data: object, others: list[str]) -> str:
    """The JSON of a schema with a field for each column of ``data`` but ``others``."""

def merge(summaries: list[bytes]) -> bytes:
    """Merges what ``Pass.observe`` returned, in any order."""

@final
class Artefact:
    """A fitted pipeline with hash and known answers."""

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Artefact:
        """Reads and verifies a file."""
    @staticmethod
    def from_json(text: str) -> Artefact:
        """Reads and verifies a file's text."""
    @staticmethod
    def expert_only(config: str) -> Artefact:
        """A pipeline that rests on an expert card alone; ``config`` is the JSON of the configuration."""
    @staticmethod
    def reseal(text: str) -> tuple[Artefact, list[tuple[int, str]]]:
        """Takes over an edited text: the artefact anew, and what changed in its known answers."""
    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the file."""
    def to_json(self) -> str:
        """The file's text."""
    @property
    def hash(self) -> str:
        """SHA-256, in hex, of the file's canonical text."""
    def scorer(self) -> Scorer:
        """The pipeline resolved for speed."""
    def prices(
        self, amount: float, term_months: float, as_of: datetime.date | str | None = None
    ) -> list[dict[str, Any]]:
        """What a loan costs in each tier; empty when the pipeline has no prices."""

@final
class Scorer:
    """A pipeline ready to decide: immutable, and free to be used from many threads at once. It can be pickled."""

    def decide_one(self, record: Mapping[str, Any], as_of: datetime.date | str | None = None) -> Decision:
        """Decides one record.

        Fields that are not named, ``None`` and NaN are missing. An unknown name and a value of the wrong kind are a
        :class:`scoreline.DataError`. ``as_of`` is the day of the decision, needed when rate caps are declared.
        """
    def decide(self, table: object, as_of: datetime.date | str | None = None, threads: int = 1) -> Table:
        """Decides every row of a table, in order; the forms are those of :func:`scoreline.fit`.

        A row with a value that its field does not allow has the name of the error as ``status`` and harms no other.
        Columns that the pipeline does not read are not looked at. ``threads`` (0: all) do not change the result; arrays
        must not be written to while the call runs.
        """
    def score(self, table: object, threads: int = 1) -> Table:
        """Scores every row of a table: ``score``, ``pd``, ``tier`` and ``status``."""
    @property
    def fields(self) -> list[str]:
        """Names of the input fields."""
    @property
    def required(self) -> list[str]:
        """Names of the fields that can ever be read; no other field changes any output."""
    @property
    def hash(self) -> str:
        """The hash of the file that the scorer comes from."""

@final
class Decision:
    """One decision. Parts whose policy the pipeline does not have are ``None``."""

    @property
    def score(self) -> float:
        """Score points; higher is safer."""
    @property
    def pd(self) -> float:
        """Probability of the event, in [0, 1]."""
    @property
    def tier(self) -> Literal["A", "B", "C", "D"] | None:
        """Risk tier, ``"A"`` (best) to ``"D"``."""
    @property
    def outcome(self) -> Literal["approve", "refer", "decline"] | None:
        """What happens to the application."""
    @property
    def limit(self) -> Decimal | None:
        """Credit limit; also ``None`` when an input of it is missing."""
    @property
    def limit_binding(self) -> str | None:
        """Name of the limit candidate that binds."""
    @property
    def amount(self) -> Decimal | None:
        """Amount offered: the amount asked for, at most the limit."""
    @property
    def instalment(self) -> Decimal | None:
        """Monthly instalment over the amount offered."""
    @property
    def rate(self) -> float | None:
        """Rate per year, as a fraction."""
    @property
    def rate_bound(self) -> Literal["hurdle", "floor", "cap"] | None:
        """What the rate rests on."""
    @property
    def raroc(self) -> float | None:
        """RAROC at that rate, as a fraction."""
    @property
    def rate_needed(self) -> float | None:
        """When no legal price exists: the rate that would earn the hurdle."""
    @property
    def rate_cap(self) -> float | None:
        """When no legal price exists: the cap."""
    @property
    def reasons(self) -> list[Reason]:
        """Why, most important first; at most four."""
    @property
    def unseen(self) -> int:
        """Number of levels never seen in training."""
    @property
    def expert_score(self) -> float | None:
        """Score of the expert card, 0 to 100."""
    @property
    def client_class(self) -> Literal["A", "B", "C"] | None:
        """Worth of the client by that score, ``"A"`` (most) to ``"C"``. It says nothing of risk."""
    def to_dict(self) -> dict[str, Any]:
        """The decision as plain values that JSON holds: money as text, reasons as dicts."""

@final
class Reason:
    """Why a decision is what it is."""

    @property
    def code(self) -> str:
        """The code."""
    @property
    def text(self) -> str:
        """The reason in words."""

@final
class Table:
    """Columns that come out of a scorer, one row for each row that went in. Any Arrow library reads it as it is."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The Arrow PyCapsule interface."""
    @property
    def num_rows(self) -> int:
        """Number of rows."""
    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""
    @property
    def errors(self) -> list[ScorelineError]:
        """The errors of rows that could not be decided; their problems name the row."""
    def __getitem__(self, name: str, /) -> list[Any]:
        """One column as a list."""
    def __len__(self) -> int: ...
    def to_pydict(self) -> dict[str, list[Any]]:
        """The columns as lists, by name; money as ``decimal.Decimal``."""
    def to_pyarrow(self) -> Any:
        """A ``pyarrow.Table`` over the same memory."""
    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; needs pyarrow too."""
    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""

@final
class Trainer:
    """A training as a state machine: hand out a pass, take what it saw, move on."""

    def __new__(cls, config: str) -> Trainer: ...
    def next_pass(self) -> Pass | None:
        """The pass that the data are needed for next; ``None`` when the training is done."""
    def advance(self, summary: bytes) -> None:
        """Takes what the current pass saw of all rows."""
    def finish(self) -> Artefact:
        """The fitted pipeline; the training ends with it."""

@final
class Pass:
    """One pass over the data, sent to wherever the data are."""

    @staticmethod
    def from_json(text: str) -> Pass:
        """Reads what ``to_json`` wrote."""
    def to_json(self) -> str:
        """The pass as text."""
    @property
    def name(self) -> str:
        """What the pass is for: ``profile``, ``newton`` or ``grade``."""
    def observe(self, data: object, threads: int = 0) -> bytes:
        """Summarises the rows of ``data``."""
