"""The conformance vectors of all languages, one by one and in one batch; those of events in lists, tables and states."""

import datetime
import json
import math
import struct
from decimal import Decimal

import pytest

import scoreline as sl
from conftest import ROOT, read_json
from south_german import batch_lines, single_lines

FILES = sorted((ROOT / "tests" / "conformance").glob("*.json"))
REVIEWS = sorted((ROOT / "tests" / "conformance" / "reviews").glob("*.json"))
EVENTS = sorted((ROOT / "tests" / "conformance" / "events").glob("*.json"))


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
    assert FILES and EVENTS and REVIEWS


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


def read_event(event):
    return event["source"], {name: cell(value) for name, value in event["event"].items()}


def same(found, expected):
    """Texts tell -0 from 0."""
    return {name: repr(value) for name, value in found.items()} == {name: repr(value) for name, value in expected.items()}


def by_source(events):
    return {source: [event for name, event in events if name == source] for source, _ in events}


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_events(path):
    vectors = read_json(path)
    scorer = sl.load(ROOT / vectors["artefact"])
    windows = scorer.windows
    for case in vectors["cases"]:
        name, as_of, expected = case["name"], case["as_of"], case["values"]
        events, later = [read_event(event) for event in case["events"]], [read_event(event) for event in case["later"]]
        assert same(windows.of_events(by_source(events + later), as_of), expected), name
        state = windows.state()
        for event in events:
            state.advance(*event)
            state = windows.state(state.to_json())
        for refused in case["refused"]:
            event, error, before = read_event(refused), refused["error"], state.to_json()
            lists = by_source([*events, event])
            for attempt, arguments in ((state.advance, event), (windows.of_events, (lists, as_of))):
                with pytest.raises(sl.ScorelineError) as raised:
                    attempt(*arguments)
                assert (raised.value.code, raised.value.problems[0]["field"]) == (error["name"], error["field"]), name
            assert state.to_json() == before, name
        found, cut = state.read(as_of)
        assert same(found, expected) and sorted(cut) == sorted(case["cut"]), name
        assert single_lines(scorer, [case["record"] | found], as_of) == [case["line"]], name
        for event in later:
            state.advance(*event)
            with pytest.raises(sl.DataError, match="'as_of'"):
                state.read(as_of)


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_events_in_tables(path):
    """Every case is an entity of one table for each source."""
    vectors = read_json(path)
    windows = sl.load(ROOT / vectors["artefact"]).windows
    cases = vectors["cases"]
    entities, days = [float(at) for at in range(len(cases))], [case["as_of"] for case in cases]
    found = windows.evaluate(tables(windows, cases), entities=entities, as_of=days)
    for name, numbers in found.items():
        expected = [math.nan if case["values"][name] is None else case["values"][name] for case in cases]
        assert [repr(x) for x in numbers.to_list()] == [repr(x) for x in expected], name


def tables(windows, cases):
    made = {}
    for source in windows.to_dict()["sources"]:
        columns = [source["date"], *(source[key] for key in ("published", "id") if key in source)]
        columns += [field["name"] for field in source["fields"]]
        rows = [
            (float(at), cells)
            for at, case in enumerate(cases)
            for name, cells in map(read_event, case["events"] + case["later"])
            if name == source["name"]
        ]
        table = {column: [cells.get(column) for _, cells in rows] for column in columns}
        days = {source["date"], source.get("published")} | {field["name"] for field in source["fields"] if field["kind"] == "date"}
        for column in days & set(columns):
            table[column] = [day and datetime.date.fromisoformat(day) for day in table[column]]
        if "id" in source:  # a column has one kind
            table[source["id"]] = [key if isinstance(key, str) else str(int(key)) for key in table[source["id"]]]
        made[source["name"]] = (table | {"entity": [at for at, _ in rows]}, "entity")
    return made


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.stem)
def test_reviews(path):
    vectors = read_json(path)
    scorer = sl.load(ROOT / vectors["artefact"])
    for case in vectors["cases"]:
        record = {name: cell(value) for name, value in case["record"].items()}
        standing = {"tier": case["tier"], "since": case["since"]}
        if "error" in case:
            with pytest.raises(sl.ScorelineError) as raised:
                scorer.review_one(record, case["today"], **standing)
            assert (raised.value.code, raised.value.problems[0]["field"]) == (case["error"]["name"], case["error"]["field"])
        else:
            assert scorer.review_one(record, case["today"], **standing)["canonical"] == case["line"], case["name"]


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.stem)
def test_reviews_in_tables(path):
    vectors = read_json(path)
    scorer = sl.load(ROOT / vectors["artefact"])
    for today in sorted({case["today"] for case in vectors["cases"]}):
        chosen = [case for case in vectors["cases"] if case["today"] == today and "line" in case]
        columns = {name: [cell(case["record"].get(name)) for case in chosen] for name in scorer.fields}
        columns["tier before"] = [case["tier"] for case in chosen]
        columns["since"] = [case["since"] and datetime.date.fromisoformat(case["since"]) for case in chosen]
        reviews = scorer.review(columns, today, previous="tier before", since="since")
        assert reviews.canonical() == [case["line"] for case in chosen]


CALCULATIONS = [line.split("\t") for line in (ROOT / "tests/conformance/calculations.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", sorted({name for name, *_ in CALCULATIONS}))
def test_calculations(name):
    inputs, lines = zip(*[(json.loads(text), json.loads(line)) for known, text, line in CALCULATIONS if known == name], strict=True)
    assert sl.calculate_batch(name, inputs) == list(lines)
    for one, line in zip(inputs, lines, strict=True):
        if "answer" in line:
            assert sl.calculate(name, one) == line["answer"]
        else:
            with pytest.raises(sl.ScorelineError) as raised:
                sl.calculate(name, one)
            assert raised.value.code == line["error"]["name"]
            wanted = [problem | {"position": None} for problem in line["error"]["problems"]]
            assert raised.value.problems == wanted


def test_every_calculation_has_vectors():
    assert set(sl.calculations()) == {name for name, *_ in CALCULATIONS}


def test_calculations_take_decimals_and_days():
    terms = {"principal": Decimal("100000.00"), "rate": Decimal("0.12"), "periods": 12, "repayment": {"type": "equal_instalment"}}
    dated = terms | {"calendar": {"start": datetime.date(2026, 1, 15)}}
    assert sl.calculate("schedule", dated)["rows"][0]["payment"] == "8884.88"
    with pytest.raises(sl.DataError, match="risk_free"):
        sl.calculate("capm_hurdle", {"risk_free": math.nan, "beta": 1, "premium": 0.06})
