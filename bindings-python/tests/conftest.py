"""South German Credit in every form in which data come."""

import csv
import json
import pathlib

import pyarrow as pa
import pytest

import scoreline as sl

ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
AS_OF = "2026-11-21"


@pytest.fixture(scope="session")
def config():
    return sl.Config.from_file(DATA / "south_german_credit.config.json")


@pytest.fixture(scope="session")
def columns(config):
    """Lists by name: numbers as float, levels as text."""
    kinds = {field.name: field.kind for field in config.schema.fields}
    with (DATA / "south_german_credit.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] if kinds.get(name) == "category" else float(row[name]) for row in rows] for name in rows[0]}


@pytest.fixture(scope="session")
def table(columns):
    return pa.table(columns)


@pytest.fixture(scope="session")
def pipeline(table, config):
    return sl.fit(table, config)


@pytest.fixture(scope="session")
def scorer(pipeline):
    return pipeline.scorer()


@pytest.fixture(scope="session")
def records(columns, scorer):
    return [dict(zip(scorer.fields, row, strict=True)) for row in zip(*(columns[name] for name in scorer.fields), strict=True)]


def bits(value):
    """A value in a form that differs whenever one bit does."""
    return value.hex() if isinstance(value, float) else value


PARTS = [
    "score", "pd", "tier", "outcome", "limit", "limit_binding", "amount", "instalment", "rate", "rate_bound", "raroc",
    "rate_needed", "rate_cap", "unseen", "expert_score", "client_class",
]  # fmt: skip


def parts(decision):
    """Every part of a decision, in bits."""
    codes = [reason.code for reason in decision.reasons]
    return [*(bits(getattr(decision, part)) for part in PARTS), *codes, *[None] * (4 - len(codes)), "ok"]


def rows(decided):
    """The same of every row of a table."""
    plain = decided.to_pydict()
    names = [*PARTS, "reason_1", "reason_2", "reason_3", "reason_4", "status"]
    return [[bits(value) for value in row] for row in zip(*(plain[name] for name in names), strict=True)]


@pytest.fixture
def small():
    """A plain card over one number and one category: quick, and without policies."""
    count = 400
    income = [float(i % 97) for i in range(count)]
    job = ["abc"[i % 3] for i in range(count)]
    bad = [float((i % 97 < 40 and i % 3 != 0) or i % 31 == 0) for i in range(count)]
    return {"income": income, "job": job, "bad": bad}


def read_json(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
