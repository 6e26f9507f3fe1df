"""South German Credit: from a CSV file to a model file, and from a model file to decisions.

    python south_german.py fit    CONFIG.json DATA.csv MODEL.json [AS_OF]
    python south_german.py decide MODEL.json  DATA.csv AS_OF

``fit`` prints what was learnt. ``decide`` prints the SHA-256 of the canonical lines of all decisions, taken one by one and
as one table; the programs in the other languages print the same.
"""

from __future__ import annotations

import csv
import hashlib
import struct
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import scoreline as sl
from scoreline.report import report


def read(path: str, schema: Mapping[str, str]) -> dict[str, list[Any]]:
    """The columns of a CSV file by name: levels as text, everything else as numbers."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] if schema.get(name) == "category" else float(row[name]) for row in rows] for name in rows[0]}


def fit(config_path: str, data_path: str, model_path: str, as_of: str = "2026-11-21") -> None:
    """Trains on a file, saves the model and prints what was learnt."""
    config = sl.Config.from_file(config_path)
    assert config.schema is not None
    data = read(data_path, {field.name: field.kind for field in config.schema.fields})
    pipeline = sl.fit(data, config)
    pipeline.save(model_path)
    fields = pipeline.scorer().fields
    first, second = ({name: data[name][row] for name in fields} for row in (6, 0))
    print(report(pipeline, amount=2_500, term_months=24, as_of=as_of, examples=[first, second]))
    print(f"\nmodel  {model_path}\nhash   {pipeline.hash}")


PARTS = [
    "score", "pd", "tier", "outcome", "limit", "limit_binding", "amount", "instalment", "rate", "rate_bound", "raroc",
    "rate_needed", "rate_cap",
]  # fmt: skip


LAST = ["unseen", "expert_score", "client_class"]


def line(values: Mapping[str, Any], reasons: Iterable[str]) -> str:
    """The canonical line of a decision: 17 parts between ``|``, doubles as the hex digits of their bits."""

    def part(value: Any) -> str:
        if value is None:
            return "-"
        return struct.pack(">d", value).hex() if isinstance(value, float) else str(value)

    return "|".join([*(part(values[name]) for name in PARTS), ",".join(reasons) or "-", *(part(values[name]) for name in LAST)])


def single_lines(scorer: sl.Scorer, records: Iterable[Mapping[str, Any]], as_of: str) -> list[str]:
    """The lines of records that are decided one by one."""
    decisions = [scorer.decide_one(record, as_of) for record in records]
    return [line({name: getattr(d, name) for name in PARTS + LAST}, [r.code for r in d.reasons]) for d in decisions]


def batch_lines(scorer: sl.Scorer, table: object, as_of: str) -> list[str]:
    """The lines of a table that is decided as a whole."""
    columns = scorer.decide(table, as_of, threads=0).to_pydict()
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    codes = [[row[f"reason_{place}"] for place in range(1, 5) if row[f"reason_{place}"] is not None] for row in rows]
    return [line(row, reasons) for row, reasons in zip(rows, codes, strict=True)]


def decide(model_path: str, data_path: str, as_of: str) -> None:
    """Decides every row of a file and prints what the decisions amount to."""
    pipeline = sl.Pipeline.load(model_path)
    scorer = pipeline.scorer()
    data = read(data_path, {field["name"]: field["kind"] for field in pipeline.to_dict()["schema"]["fields"]})
    records = [dict(zip(scorer.fields, row, strict=True)) for row in zip(*(data[name] for name in scorer.fields), strict=True)]
    for way, lines in (("single", single_lines(scorer, records, as_of)), ("batch", batch_lines(scorer, data, as_of))):
        digest = hashlib.sha256("".join(f"{text}\n" for text in lines).encode()).hexdigest()
        print(f"{'python':<7} {way:<6} {digest}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fit", config, data, model, *day] if len(day) < 2:
            fit(config, data, model, *day)
        case ["decide", model, data, as_of]:
            decide(model, data, as_of)
        case _:
            sys.exit(__doc__)
