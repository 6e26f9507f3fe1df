"""Plain aligned text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._scoreline import Numbers, Table


class Rows(list[dict[str, Any]]):
    """Rows of a small table: a list of dicts that prints itself aligned. ``pandas.DataFrame(rows)`` takes it as it is."""

    def __repr__(self) -> str:
        return aligned(self)


def aligned(
    rows: Sequence[Mapping[str, Any]],
    names: Iterable[str] | None = None,
    indent: str = "",
    left: Iterable[str] | None = None,
) -> str:
    """Rows under a header. Columns go to the right, but for those of ``left``: all that hold no number, if not given."""
    columns = list(names) if names is not None else list(dict.fromkeys(name for row in rows for name in row))
    if left is None:
        left = [name for name in columns if not any(isinstance(row.get(name), (int, float)) for row in rows)]
    texts = [[text(row.get(name)) for name in columns] for row in rows]
    widths = [max([len(name), *(len(line[at]) for line in texts)]) for at, name in enumerate(columns)]
    lines = [columns, ["-" * (width if name else 0) for name, width in zip(columns, widths, strict=True)], *texts]
    place = [str.ljust if name in left else str.rjust for name in columns]
    return "\n".join(
        (indent + "  ".join(put(cell, width) for put, cell, width in zip(place, line, widths, strict=True))).rstrip()
        for line in lines
    )


def text(value: Any) -> str:
    """A value in a few characters; nothing for what is absent."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def table(columns: Table, shown: int = 10) -> str:
    """The first rows of a table of decisions."""
    kept = columns.to_pydict()
    rows = [dict(zip(kept, values, strict=True)) for values in list(zip(*kept.values(), strict=True))[:shown]]
    names = [name for name in kept if any(row[name] is not None for row in rows)] or list(kept)
    failed = f", {len(columns.errors)} with errors" if columns.errors else ""
    more = f"\n… {columns.num_rows - shown} more" if columns.num_rows > shown else ""
    return f"<scoreline.Table: {columns.num_rows} rows{failed}>\n{aligned(rows, names)}{more}"


def numbers(values: Numbers, shown: int = 8) -> str:
    """The first of many numbers."""
    first = ", ".join(text(values[at]) for at in range(min(shown, len(values))))
    return f"<scoreline.Numbers: {len(values)} [{first}{', …' if len(values) > shown else ''}]>"
