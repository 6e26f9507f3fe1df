"""Profiles of tables, what moved between two, and the least data that a pipeline needs."""

import datetime
import os
import pathlib

import pytest

import scoreline as sl

FOLDER = os.environ.get("SCORELINE_DATA")
real = pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")


def kinds(found, column):
    return [finding.kind for finding in found.findings if finding.column == column]


def codes(found):
    """The suspected codes of each column that has any."""
    suspects = {}
    for finding in found.findings:
        if finding.kind == "sentinel_code":
            suspects.setdefault(finding.column, set()).add(finding.details["code"])
    return suspects


@pytest.fixture(scope="module")
def loans():
    rows = range(1_000)
    bad = [float(i % 5 == 0) for i in rows]
    return {
        "income": [float(i * 7919 % 1000) if i % 10 != 3 else None for i in rows],
        "months": [-999.0 if i % 50 == 0 else float(i % 48) for i in rows],
        "job": [["a", "b", "n/a"][i % 3] for i in rows],
        "opened": [datetime.date(2024, 1, 1) + datetime.timedelta(i % 900) for i in rows],
        "recovered": [float(i) if i % 5 == 0 else None for i in rows],
        "constant": [1.0 for _ in rows],
        "bad": bad,
    }


def test_figures_and_findings(loans):
    found = sl.profile(
        loans, "bad", as_of="2026-01-01", known_after=["recovered"], expected=[sl.Expected("income", maximum=900.0)]
    )
    assert (found.rows, found.event_rate, found.duplicate_rows, found.duplicate_rows_exact) == (1000, 0.2, 0, True)
    income = found.columns["income"]
    assert (income.kind, income.missing, income.missing_share, income.distinct) == ("number", 100, 0.1, 900)
    assert income.minimum == 0.0 and income.maximum == 999.0 and len(income.percentiles) == 101
    assert found.columns["job"].levels == {"a": 334, "b": 333, "n/a": 333}
    assert found.columns["opened"].minimum == "2024-01-01" and found.columns["opened"].kind == "date"
    assert kinds(found, "income") == ["above_maximum", "identifier"]
    assert codes(found) == {"months": {-999.0}, "job": {"n/a"}}
    assert "future_date" in kinds(found, "opened") and kinds(found, "constant") == ["constant"]
    assert {"known_after_outcome", "missingness_predicts", "decides_outcome"} <= set(kinds(found, "recovered"))
    assert found.columns["recovered"].missing_auc == 1.0
    severities = [finding.severity for finding in found.findings]
    assert severities == sorted(severities, key=["critical", "warning", "note"].index)
    assert all(finding.what and finding.remedy and 0 <= finding.share <= 1 for finding in found.findings)
    text = str(found)
    assert "| severity | column | finding |" in text and "-999" in text and "| income | number | 10.00 % |" in text


def test_parts_and_threads_change_nothing(loans):
    part = {name: [values[:300], values[300:]] for name, values in loans.items()}
    parts = [{name: values[at] for name, values in part.items()} for at in (1, 0)]
    assert sl.profile(parts, "bad", threads=1).json == sl.profile(loans, "bad", threads=2).json


def test_codes_of_the_schema_are_no_suspects(loans):
    schema = sl.Schema([sl.Field("months", "number", missing=[-999.0]), sl.Field("job", "category", special=[sl.Special("n/a", "none")])])
    found = sl.profile(loans, schema=schema, columns=["months", "job"])
    assert codes(found) == {} and list(found.columns) == ["job", "months"]
    assert (found.columns["months"].missing, found.columns["job"].coded) == (20, 333)


def test_what_moved(loans):
    before = sl.profile(loans)
    later = {**loans, "months": [None if i % 2 else 500.0 for i in range(1_000)], "job": ["z"] * 1_000}
    del later["constant"]
    moved = before.compare(sl.profile(later))
    assert kinds(moved, "constant") == ["column_gone"] and kinds(moved, "income") == []
    assert {"range_moved", "missing_moved", "shift"} <= set(kinds(moved, "months"))
    assert "levels_new" in kinds(moved, "job") and moved.columns["job"].psi > 1
    assert moved.columns["income"].psi == 0 and "| income |" in str(moved)
    assert sl.compare(before, before).findings == []


def test_what_is_asked_wrongly_is_refused(loans):
    with pytest.raises(sl.ConfigError) as caught:
        sl.profile(loans, max_auc=0.2, top_levels=0)
    assert {problem["field"] for problem in caught.value.problems} == {"max_auc", "top_levels"}
    with pytest.raises(sl.DataError, match="'bda'.*did you mean 'bad'"):
        sl.profile(loans, "bda")
    with pytest.raises(sl.DataError, match="the target must be 0 or 1"):
        sl.profile(loans, "income")


def test_the_least_data_of_a_pipeline(pipeline, scorer, records):
    needed = pipeline.minimal_data()
    assert [row["field"] for row in needed] == scorer.required
    assert {"score"} <= {purpose for row in needed for purpose in row["purposes"]}
    assert "purposes" in repr(needed)
    idle = set(scorer.fields) - {row["field"] for row in needed}
    assert idle
    for record in records[:50]:
        less = {name: value for name, value in record.items() if name not in idle}
        assert scorer.decide_one(less, "2026-11-21").to_dict() == scorer.decide_one(record, "2026-11-21").to_dict()


@real
def test_codes_of_a_large_portfolio():
    pq = pytest.importorskip("pyarrow.parquet")
    found = sl.profile(pq.read_table(pathlib.Path(FOLDER) / "gmsc" / "gmsc.parquet"), "target")
    assert (found.rows, round(found.event_rate, 5)) == (150_000, 0.06684)
    late = ["NumberOfTime30-59DaysPastDueNotWorse", "NumberOfTime60-89DaysPastDueNotWorse", "NumberOfTimes90DaysLate"]
    assert codes(found) == {name: {96.0, 98.0} for name in late}
    for name in late:
        assert sum(finding.share for finding in found.findings_of(name) if finding.kind == "sentinel_code") * 150_000 == pytest.approx(269)
    assert round(found.columns["MonthlyIncome"].missing_share, 3) == 0.198
    assert found.columns["age"].distinct == 86 and found.columns["NumberOfDependents"].distinct == 13
    assert not [finding for finding in found.findings if finding.severity == "critical"]


@real
def test_codes_of_a_credit_bureau():
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(pathlib.Path(FOLDER) / "heloc" / "heloc.parquet")
    found = sl.profile(table, "target")
    suspects = codes(found)
    assert found.rows == 10_459 and set(suspects) == set(table.column_names) - {"target"}
    for name, values in suspects.items():
        column = table[name].to_pylist()
        assert values == {code for code in (-9, -8, -7) if column.count(code) >= 2}, name
        for finding in found.findings_of(name):
            if finding.kind == "sentinel_code":
                assert finding.share == column.count(finding.details["code"]) / table.num_rows
