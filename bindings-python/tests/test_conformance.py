"""The conformance vectors of all languages, one by one and in one batch."""

import struct

import pytest

import scoreline as sl
from conftest import ROOT, read_json
from south_german import batch_lines, single_lines

FILES = sorted((ROOT / "tests" / "conformance").glob("*.json"))


def cell(value):
    return struct.unpack(">d", bytes.fromhex(value["bits"]))[0] if isinstance(value, dict) else value


def cases(vectors, kind):
    """Names, records and what is expected of the cases that have a member ``kind``."""
    chosen = [case for case in vectors["cases"] if kind in case]
    records = [{name: cell(value) for name, value in case["record"].items()} for case in chosen]
    return [case["name"] for case in chosen], records, [case[kind] for case in chosen]


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def vectors(request):
    return read_json(request.param)


@pytest.fixture
def scorer(vectors):
    return sl.load(ROOT / vectors["artefact"])


def test_there_are_vectors():
    assert FILES


def test_decisions(vectors, scorer):
    names, records, expected = cases(vectors, "line")
    assert dict(zip(names, single_lines(scorer, records, vectors["as_of"]), strict=True)) == dict(zip(names, expected, strict=True))
    columns = {name: [record.get(name) for record in records] for name in scorer.fields}
    assert batch_lines(scorer, columns, vectors["as_of"]) == expected


def test_errors(vectors, scorer):
    for name, record, expected in zip(*cases(vectors, "error"), strict=True):
        with pytest.raises(sl.ScorelineError) as raised:
            scorer.decide_one(record, vectors["as_of"])
        assert (raised.value.code, raised.value.problems[0]["field"]) == (expected["name"], expected["field"]), name
