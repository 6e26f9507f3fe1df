"""Features over dated events, as of a date: the same from a table, from a list of events, and event by event.

>>> from datetime import date
>>> import scoreline as sl
>>> from scoreline import events as ev
>>> paid = ev.Source("payments", date="day", fields=[sl.Field("amount", "number")])
>>> windows = ev.Windows([paid], [ev.Feature("paid_30d", "payments", ev.sum("amount"), ev.days(30))])
>>> table = {"client": [7, 7, 7], "day": [date(2026, 1, 5), date(2026, 2, 1), date(2026, 2, 20)], "amount": [10.0, 20.5, 40.0]}
>>> found = windows.evaluate({"payments": (table, "client")}, entities=[7.0], as_of=[date(2026, 2, 10)])
>>> found["paid_30d"].to_list()
[20.5]

What became known after the as-of date never counts. Numbers are added as whole units of their last decimal, so that neither
the order of events nor the number of threads changes a bit.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import _scoreline
from ._scoreline import Numbers, WindowState
from .plain import JsonSet, to_plain
from .settings import Field

__all__ = [
    "Feature",
    "Features",
    "Source",
    "WindowState",
    "Windows",
    "age",
    "all_events",
    "count",
    "current_streak",
    "days",
    "distinct",
    "herfindahl",
    "last_events",
    "longest_streak",
    "max",
    "mean",
    "min",
    "months",
    "months_since_max",
    "months_without",
    "quantile",
    "recency",
    "share",
    "standard_deviation",
    "sum",
    "top_share",
    "trend",
    "volatility",
]

Aggregate = Mapping[str, Any]
Window = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A table of dated events."""

    name: str
    """As features call it."""
    date: str
    """Column with the calendar day of the event."""
    fields: Sequence[Field]
    """The columns that features and filters read."""
    published: str | None = None
    """Column with the day on which the event became known; it counts from the later of both days on."""
    id: str | None = None
    """Column with the key of an event, to find duplicates."""
    duplicates: Literal["keep", "first", "refuse"] | None = None
    """What happens to an event whose key was seen before for the same entity."""
    unsorted: Literal["sort", "refuse"] | None = None
    """What happens to events that do not come in the order of the days on which they became known."""
    late: Mapping[str, Any] | None = None
    """``{"type": "drop", "max_delay": 5}`` or ``"refuse"`` for events that became known later than so many days."""
    currency: Mapping[str, str] | None = None
    """``{"column": "currency", "code": "EUR"}``: an event of another currency is an error."""
    decimals: int | None = None
    """Decimals to which numbers are rounded before they are added, 0 to 9; 4 when left out."""
    max_kept: int | None = None
    """The most events of an entity that are kept where each is needed; 10,000 when left out."""


@dataclass(frozen=True)
class Feature:
    """One feature over the events of an entity."""

    name: str
    source: str
    aggregate: Aggregate
    """What is computed, such as ``sum("amount")``."""
    window: Window
    """Over which events, such as ``days(90)``."""
    filter: str | None = None
    """Only events for which this expression over the fields of the source is true."""
    empty: float | None = None
    """The result when no event counts."""
    unit: str | None = None
    description: str | None = None
    purpose: str | None = None
    sensitivity: Mapping[str, str] | None = None


def days(days: int, *, lag: int = 0) -> Window:
    """The last days up to ``lag`` days before the as-of date; with lag 1 the date itself is left out."""
    return {"type": "days", "days": days, "lag": lag}


def months(months: int, *, lag: int = 0) -> Window:
    """The last months up to ``lag`` months before the as-of date, from the same day of the month, exclusive."""
    return {"type": "months", "months": months, "lag": lag}


def last_events(events: int) -> Window:
    """The last events, by day."""
    return {"type": "events", "events": events}


def all_events() -> Window:
    """All events up to the as-of date."""
    return {"type": "all"}


def count() -> Aggregate:
    """Number of events."""
    return {"type": "count"}


def sum(of: str) -> Aggregate:
    """Sum."""
    return {"type": "sum", "of": of}


def mean(of: str) -> Aggregate:
    """Mean of the events."""
    return {"type": "mean", "of": of}


def min(of: str) -> Aggregate:
    """Least number."""
    return {"type": "min", "of": of}


def max(of: str) -> Aggregate:
    """Greatest number; of a status that rises with severity, the worst one."""
    return {"type": "max", "of": of}


def standard_deviation(of: str) -> Aggregate:
    """Sample standard deviation of the events."""
    return {"type": "standard_deviation", "of": of}


def quantile(of: str, p: float) -> Aggregate:
    """Quantile with linear interpolation (type 7 of Hyndman and Fan 1996)."""
    return {"type": "quantile", "of": of, "p": p}


def distinct(of: str) -> Aggregate:
    """Number of different numbers or levels."""
    return {"type": "distinct", "of": of}


def trend(of: str) -> Aggregate:
    """Slope of the least-squares line through the sums of the months, per month."""
    return {"type": "trend", "of": of}


def volatility(of: str) -> Aggregate:
    """Coefficient of variation of the sums of the months."""
    return {"type": "volatility", "of": of}


def recency() -> Aggregate:
    """Days since the last event."""
    return {"type": "recency"}


def age() -> Aggregate:
    """Days since the first event."""
    return {"type": "age"}


def months_since_max(of: str) -> Aggregate:
    """Completed months since the last event with the greatest number: since the worst status."""
    return {"type": "months_since_max", "of": of}


def longest_streak() -> Aggregate:
    """The most months in a row that have an event."""
    return {"type": "longest_streak"}


def current_streak() -> Aggregate:
    """Months in a row up to the date that have an event."""
    return {"type": "current_streak"}


def months_without() -> Aggregate:
    """Months of the window that have no event."""
    return {"type": "months_without"}


def share(of: str, part: str) -> Aggregate:
    """Share of the sum that falls to events for which the expression ``part`` is true."""
    return {"type": "share", "of": of, "part": part}


def top_share(of: str, by: str, top: int) -> Aggregate:
    """Share of the sum that falls to the ``top`` levels of ``by`` with the largest sums."""
    return {"type": "top_share", "of": of, "by": by, "top": top}


def herfindahl(of: str, by: str) -> Aggregate:
    """Herfindahl-Hirschman index of the levels of ``by``, 0 to 1."""
    return {"type": "herfindahl", "of": of, "by": by}


@contextlib.contextmanager
def _told(progress: bool | Callable[[int], object]) -> Iterator[Callable[[int], object] | None]:
    """What is called with the number of events done."""
    if not isinstance(progress, bool):
        yield progress
    elif not progress:
        yield None
    elif importlib.util.find_spec("tqdm"):
        from tqdm.auto import tqdm

        with tqdm(unit=" events", unit_scale=True) as bar:
            yield lambda done: bar.update(done - bar.n)
    else:
        yield lambda done: print(f"\r{done:,} events", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)


class Features(Mapping[str, Numbers]):
    """The features of many rows by name: ``pandas.DataFrame({name: numbers.to_numpy() …})`` or :meth:`to_pandas`."""

    def __init__(self, columns: dict[str, Numbers], cut: dict[str, int]) -> None:
        self._columns = columns
        self.cut = cut
        """For each feature that kept too few events the number of rows where that mattered."""

    def __getitem__(self, name: str, /) -> Numbers:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def to_pandas(self, index: Any = None) -> Any:
        """A ``pandas.DataFrame``, one column a feature."""
        import pandas as pd

        return pd.DataFrame({name: numbers.to_numpy() for name, numbers in self._columns.items()}, index=index)


class Windows(JsonSet):
    """A set of features over dated events. It raises :class:`scoreline.ConfigError` with every problem."""

    _core: _scoreline.Windows
    _kind = _scoreline.Windows

    def __init__(self, sources: Sequence[Source | Mapping[str, Any]], features: Sequence[Feature | Mapping[str, Any]]) -> None:
        self._core = self._kind(json.dumps({"sources": [to_plain(source) for source in sources], "windows": [to_plain(feature) for feature in features]}))

    @property
    def names(self) -> list[str]:
        """Names of the features."""
        return self._core.names

    def evaluate(
        self,
        tables: Mapping[str, tuple[object, str]],
        *,
        entities: object,
        as_of: object,
        by_entity: bool = False,
        progress: bool | Callable[[int], object] = False,
        threads: int = 0,
    ) -> Features:
        """The features of each row: an entity as of a date.

        ``tables`` gives for each source its events (a table of pyarrow, polars, pandas or duckdb, a dict of columns, a list
        of these, or an iterator such as a ``pyarrow.RecordBatchReader``) and the column with the key of the entity.
        ``entities`` and ``as_of`` are columns of equal length.

        With ``by_entity`` all events of an entity follow each other: each entity is done with when the next one comes, and
        the events of an iterator are never all in memory. An entity that comes twice is then a :class:`scoreline.DataError`.
        ``progress`` shows a bar (``tqdm`` where it is installed, else a line on stderr), or is called with the number of
        events done.
        """
        given = [(name, table, entity) for name, (table, entity) in tables.items()]
        with _told(progress) as tell:
            columns, cut = self._core.evaluate(given, entities, as_of, by_entity, tell, threads)
        names = self.names
        return Features(dict(zip(names, columns, strict=True)), {n: c for n, c in zip(names, cut, strict=True) if c})

    def state(self, text: str | None = None) -> WindowState:
        """What is remembered of one entity's events: nothing yet, or what ``to_json`` of a state gave."""
        return self._core.state(text)

    def of_events(self, events: Mapping[str, Sequence[Mapping[str, Any]]], as_of: datetime.date | str) -> dict[str, float | None]:
        """The features of one entity from lists of events by source; later events do not count."""
        return self._core.of_events([(name, list(rows)) for name, rows in events.items()], as_of)
