"""Figures of side tables as they were known on a day: macro series, industry figures, bureau extracts.

>>> import scoreline as sl
>>> from scoreline import asof
>>> rate = asof.SideTable("unemployment", key="region", period="month", published="released", fields=[sl.Field("rate", "number")])
>>> joins = asof.AsOf([rate], [asof.JoinedField("unemployment_rate", "unemployment", asof.field("rate"))])
>>> table = {  # the figure of January, its revision, and the figure of February
...     "region": ["north", "north", "north"],
...     "month": ["2026-01-31", "2026-01-31", "2026-02-28"],
...     "released": ["2026-02-10", "2026-03-05", "2026-03-10"],
...     "rate": [5.1, 5.3, 5.0],
... }
>>> loans = {"region": ["north", "north", "south"], "day": ["2026-02-20", "2026-03-09", "2026-03-09"]}
>>> found = joins.evaluate({"unemployment": table}, keys=loans, as_of=loans["day"])
>>> found["unemployment_rate"]
[5.1, 5.3, None]
>>> joins.index({"unemployment": table}).lookup({"region": "north"}, as_of="2026-03-10")
{'unemployment_rate': 5.0}

A row counts only from the day on which it became known, so that what is published later changes nothing. Among the rows known
by then the latest period counts, in its latest version.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import _scoreline
from ._scoreline import Table
from .config import read_fields
from .plain import JsonSet, to_plain
from .settings import Field

__all__ = ["AsOf", "JoinedField", "SideIndex", "SideTable", "age", "field"]

Value = Mapping[str, Any]


@dataclass(frozen=True)
class SideTable:
    """A table of figures, each with the day on which it became known."""

    name: str
    """As joined fields call it."""
    published: str
    """Column with the day on which a row was published. A source that gives periods only names the column of the period, and
    the usual delay in ``lag_days``."""
    fields: Sequence[Field]
    """The columns that can be joined. A missing field of the row that counts is missing: older rows do not fill it."""
    key: str | Sequence[str] | Mapping[str, str] | None = None
    """Columns that say whom a row is about, text or whole numbers; none for a series that holds for everybody. A mapping says
    how the columns of the rows are called, such as ``{"nace": "industry"}``."""
    period: str | None = None
    """Column with the day that a figure is about, such as the end of its month; without it, the day in ``published``."""
    lag_days: int | None = None
    """Days after ``published`` from which on a row is known; 0 when left out."""
    max_age: int | None = None
    """Days after its period from which on a figure is too old and counts as missing."""
    duplicates: Literal["refuse", "first", "last"] | None = None
    """What happens to rows of the same key, period and day of publication; refused when left out."""

    def to_dict(self) -> dict[str, Any]:
        """As plain values, without those that are not given."""
        key = [self.key] if isinstance(self.key, str) else self.key or []
        parts = {
            "name": self.name,
            "key": list(key),
            "row_key": list(key.values()) if isinstance(key, Mapping) else [],
            "period": self.period,
            "published": self.published,
            "lag_days": self.lag_days,
            "max_age": self.max_age,
            "duplicates": self.duplicates,
            "fields": to_plain(list(self.fields)),
        }
        return {name: part for name, part in parts.items() if part is not None}


@dataclass(frozen=True)
class JoinedField:
    """One field of the result."""

    name: str
    table: str
    """The side table."""
    value: Value
    """What is taken of its row: ``field("rate")`` or ``age()``."""


def field(of: str) -> Value:
    """A field of the side table, of the same kind. Its codes for missing values become missing; special codes stay."""
    return {"type": "field", "of": of}


def age() -> Value:
    """Days from the period of the figure to the as-of date; negative for a forecast."""
    return {"type": "age"}


class SideIndex:
    """Side tables, read and sorted once, for any number of questions; it holds the rows itself. :meth:`AsOf.index` makes one."""

    def __init__(self, core: _scoreline.SideIndex) -> None:
        self._core = core

    def evaluate(self, *, keys: object = None, as_of: object, threads: int = 0) -> Table:
        """The joined fields of each row; see :meth:`AsOf.evaluate`."""
        return self._core.evaluate(keys, as_of, threads)

    def lookup(self, keys: Mapping[str, Any] | None = None, *, as_of: datetime.date | str) -> dict[str, Any]:
        """The joined fields of one record by name, with the same bits. ``keys`` has every key, ``None`` where it is not known;
        what else it has is not read."""
        return self._core.lookup(dict(keys or {}), as_of)


class AsOf(JsonSet):
    """Side tables and the fields that are joined from them. It raises :class:`scoreline.ConfigError` with every problem."""

    _core: _scoreline.AsOf
    _kind = _scoreline.AsOf

    def __init__(self, tables: Sequence[SideTable | Mapping[str, Any]], joins: Sequence[JoinedField | Mapping[str, Any]]) -> None:
        given = [table.to_dict() if isinstance(table, SideTable) else to_plain(table) for table in tables]
        self._core = self._kind(json.dumps({"tables": given, "joins": [to_plain(join) for join in joins]}))

    @property
    def names(self) -> list[str]:
        """Names of the joined fields."""
        return self._core.names

    @property
    def keys(self) -> list[str]:
        """The columns that hold the keys of the rows."""
        return self._core.keys

    @property
    def fields(self) -> list[Field]:
        """The joined fields as a :class:`scoreline.Schema` takes them, with what is said of their source."""
        return read_fields(self._core.fields())

    def index(self, tables: Mapping[str, object]) -> SideIndex:
        """Reads and sorts the side tables: by name a table of pyarrow, polars, pandas or duckdb, or a dict of columns."""
        return SideIndex(self._core.index(list(tables.items())))

    def evaluate(self, tables: Mapping[str, object], *, keys: object = None, as_of: object, threads: int = 0) -> Table:
        """The joined fields of each row as of its day, as a table.

        ``tables`` gives the rows of each side table by name, in any order. ``keys`` is a table with the columns of the keys;
        it may have others, and is left out where no side table has a key. ``as_of`` is a column of as many days. A row whose
        key is missing or unknown has missing values.

        The result joins any table: ``{**rows, **found}`` for a dict, ``rows.join(found.to_pandas())`` for pandas,
        ``polars.concat([rows, found.to_polars()], how="horizontal")`` for polars.
        """
        return self.index(tables).evaluate(keys=keys, as_of=as_of, threads=threads)
