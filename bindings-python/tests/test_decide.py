"""One record and a table give the same bits; bad rows harm no others; bad input is refused, never guessed."""

import datetime
import decimal
import math
import pickle
import sys
import threading
import zlib

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline as sl
from conftest import AS_OF, parts, rows


def test_a_record_and_a_table_are_decided_alike(scorer, table, records):
    expected = [parts(scorer.decide_one(record, AS_OF)) for record in records]
    assert rows(scorer.decide(table, AS_OF)) == expected
    assert rows(scorer.decide(table, datetime.date(2026, 11, 21), threads=8)) == expected
    chunks = [table.slice(0, 1), table.slice(1, 0), table.slice(1, 400), table.slice(401)]
    assert rows(scorer.decide(chunks, AS_OF, threads=0)) == expected
    scores = scorer.score(table)
    assert scores.column_names == ["score", "pd", "tier", "status"]
    assert scores["pd"] == [scorer.decide_one(record, AS_OF).pd for record in records]


def test_a_decision_says_everything_in_python_s_own_types(scorer, records):
    decisions = [scorer.decide_one(record, AS_OF) for record in records]
    assert {decision.outcome for decision in decisions} == {"approve", "refer", "decline"}
    assert {decision.tier for decision in decisions} == set("ABCD")
    priced = next(decision for decision in decisions if decision.rate is not None)
    assert isinstance(priced.limit, decimal.Decimal) and isinstance(priced.instalment, decimal.Decimal)
    assert (priced.rate_needed, priced.rate_cap) == (None, None)
    assert priced.limit_binding in {"debt_service", "tier_cap", "product_cap"} and priced.rate_bound == "hurdle"
    unpriced = next(decision for decision in decisions if decision.rate_needed is not None)
    assert unpriced.rate_needed > unpriced.rate_cap and unpriced.rate is None
    assert unpriced.outcome == "decline" and unpriced.reasons[0].code == "NO_LEGAL_PRICE"
    plain = priced.to_dict()
    assert plain["limit"] == str(priced.limit) and plain["reasons"][0] == {"code": priced.reasons[0].code, "text": priced.reasons[0].text}
    assert priced == scorer.decide_one(records[decisions.index(priced)], AS_OF) != unpriced
    assert "tier='" in repr(priced) and priced.reasons[0].code in repr(priced)


def test_what_is_missing_reads_as_missing(scorer, records):
    record = records[0]
    expected = scorer.decide_one({**record, "amount": None, "status": None}, AS_OF)
    assert expected == scorer.decide_one({k: v for k, v in record.items() if k not in ("amount", "status")}, AS_OF)
    for nothing in (math.nan, np.nan, np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), decimal.Decimal("NaN")):
        assert expected == scorer.decide_one({**record, "amount": nothing, "status": None}, AS_OF)
    assert expected == scorer.decide_one({**record, "amount": None, "status": pd.NA}, AS_OF)
    assert scorer.decide_one({}, AS_OF).outcome == "refer"


def test_numbers_of_every_library_are_numbers(scorer, records):
    expected = scorer.decide_one({**records[0], "amount": 2048.0}, AS_OF)
    for same in (2048, np.int64(2048), np.uint8(8) * np.uint16(256), np.float32(2048), np.float64(2048), np.float16(2048), decimal.Decimal("2048.0")):
        assert expected == scorer.decide_one({**records[0], "amount": same}, AS_OF)
    assert expected == scorer.decide_one(pd.Series({**records[0], "amount": 2048}, dtype=object), AS_OF), "any mapping"
    assert scorer.decide_one({**records[0], "status": np.str_("4")}, AS_OF) == scorer.decide_one({**records[0], "status": "4"}, AS_OF)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "2048"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": np.bool_(True)}, "amount"),
        ({"amount": math.inf}, "amount"),
        ({"amount": -np.inf}, "amount"),
        ({"amount": 2**53 + 1}, "amount"),
        ({"amount": 10**400}, "amount"),
        ({"amount": [1.0]}, "amount"),
        ({"amount": datetime.date(2026, 1, 1)}, "amount"),
        ({"status": 4}, "status"),
        ({"status": b"4"}, "status"),
        ({"status": object()}, "status"),
    ],
)
def test_values_of_the_wrong_kind_are_refused_without_being_shown(scorer, records, wrong, field):
    with pytest.raises(sl.DataError) as raised:
        scorer.decide_one({**records[0], **wrong}, AS_OF)
    assert raised.value.problems[0]["field"] == field
    assert "2048" not in str(raised.value) and str(2**53 + 1) not in str(raised.value)


def test_unknown_names_are_refused_with_the_nearest_known_one(scorer, records):
    with pytest.raises(sl.DataError, match="did you mean 'amount'"):
        scorer.decide_one({**records[0], "amout": 1.0}, AS_OF)
    with pytest.raises(sl.DataError, match="text"):
        scorer.decide_one({1: 1.0}, AS_OF)
    with pytest.raises(UnicodeEncodeError):
        scorer.decide_one({"status": "\ud800"}, AS_OF)


def test_the_day_of_the_decision_is_a_day(scorer, records, table):
    for wrong in (None, datetime.datetime(2026, 11, 21, 12), "21.11.2026", "2026-11-21T00:00", 20260101):
        for decide in (lambda day: scorer.decide_one(records[0], day), lambda day: scorer.decide(table, day)):
            with pytest.raises(sl.DataError) as raised:
                decide(wrong)
            assert raised.value.problems[0]["field"] == "as_of"
    with pytest.raises(sl.DataError, match="in force"):
        scorer.decide_one(records[0], datetime.date(2019, 12, 31))


def test_a_bad_row_harms_no_other(scorer, table, columns):
    amounts = list(columns["amount"])
    clean = rows(scorer.decide(table, AS_OF))
    for at, wrong in ((3, math.inf), (500, -math.inf), (999, math.inf)):
        amounts[at] = wrong
    bad = table.set_column(table.column_names.index("amount"), "amount", pa.array(amounts))
    decided = scorer.decide(pa.Table.from_batches(bad.to_batches(max_chunksize=400)), AS_OF)
    found = rows(decided)
    for at, row in enumerate(found):
        if at in (3, 500, 999):
            assert row[-1] == "invalid_data" and set(row[:-1]) <= {None, 0}
        else:
            assert row == clean[at]
    assert [error.problems[0]["row"] for error in decided.errors] == [3, 500, 999], "rows count over all chunks"
    assert all(isinstance(error, sl.DataError) and error.problems[0]["field"] == "amount" for error in decided.errors)
    assert "3 with errors" in repr(decided)
    assert scorer.score(bad).errors[0].problems == decided.errors[0].problems


def test_extreme_numbers_are_numbers(scorer, records):
    for extreme in (1e308, 5e-324, -0.0, -1e308):
        assert math.isfinite(scorer.decide_one({**records[0], "amount": extreme, "duration": extreme}, AS_OF).score)


def test_columns_are_checked_before_any_row(scorer, table):
    with pytest.raises(sl.DataError, match="did you mean 'amout'"):
        scorer.decide(table.rename_columns({"amount": "amout"}), AS_OF)
    with pytest.raises(sl.DataError, match="kind number"):
        text = table.column("amount").cast(pa.string())
        scorer.decide(table.set_column(table.column_names.index("amount"), "amount", text), AS_OF)
    twice = pa.Table.from_arrays([table["amount"], *table.columns], ["amount", *table.column_names])
    with pytest.raises(sl.DataError, match="occurs twice"):
        scorer.decide(twice, AS_OF)
    # What nothing reads is not looked at.
    unread = [name for name in table.column_names if name not in scorer.required]
    assert unread and rows(scorer.decide(table.drop_columns(unread), AS_OF)) == rows(scorer.decide(table, AS_OF))


def test_tables_of_no_row_and_of_one(scorer, table, records):
    empty = scorer.decide(table.slice(0, 0), AS_OF)
    assert (empty.num_rows, len(empty), empty["score"], empty.errors) == (0, 0, [], [])
    assert empty.to_pyarrow().column_names == scorer.decide(table, AS_OF).column_names
    assert rows(scorer.decide(table.slice(7, 1), AS_OF)) == [parts(scorer.decide_one(records[7], AS_OF))]
    with pytest.raises(sl.DataError):
        scorer.decide(table.slice(0, 0).drop_columns("amount"), AS_OF)


def test_a_level_never_seen_is_counted(scorer, records):
    assert scorer.decide_one(records[0], AS_OF).unseen == 0
    assert scorer.decide_one({**records[0], "status": "9", "purpose": "99"}, AS_OF).unseen == 2


def test_the_answer_is_a_table_of_every_library(scorer, table):
    decided = scorer.decide(table, AS_OF)
    arrow = decided.to_pyarrow()
    assert arrow.num_rows == decided.num_rows == 1000 and arrow.column_names == decided.column_names
    assert pa.types.is_decimal(arrow.schema.field("limit").type)
    assert arrow["limit"].to_pylist() == decided["limit"]
    assert arrow["tier"].to_pylist() == decided["tier"] == decided.to_polars()["tier"].to_list()
    assert decided.to_pandas()["rate"].isna().sum() == decided["rate"].count(None) > 0
    assert arrow["score"].chunk(0).buffers()[1].address == pa.table(decided)["score"].chunk(0).buffers()[1].address, "shared"
    assert pl.DataFrame(decided).equals(decided.to_polars())
    assert "990 more" in repr(decided)
    with pytest.raises(KeyError):
        decided["nothing"]


def test_other_threads_run_while_a_table_is_decided(scorer, table):
    large = pa.concat_tables([table] * 100).combine_chunks()
    block, started, done, state = bytes(100_000), threading.Event(), threading.Event(), {"inside": False, "seen": 0}

    def count():
        while not done.is_set():
            zlib.crc32(block)  # gives the interpreter lock up for a moment
            state["seen"] += state["inside"]
            started.set()

    counter = threading.Thread(target=count)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(100)  # nobody loses the lock who does not give it up
    try:
        counter.start()
        started.wait()
        state["inside"] = True
        scorer.decide(large, AS_OF)
        state["inside"] = False
    finally:
        sys.setswitchinterval(interval)
        done.set()
        counter.join()
    assert state["seen"] > 5


def test_one_scorer_serves_many_threads(scorer, table, records):
    expected = [parts(scorer.decide_one(record, AS_OF)) for record in records[:200]]
    found = {}

    def work(name):
        one = [parts(scorer.decide_one(record, AS_OF)) for record in records[:200]]
        found[name] = (one, rows(scorer.decide(table.slice(0, 200), AS_OF, threads=2)))

    workers = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert list(found.values()) == [(expected, expected)] * 4


def test_a_scorer_survives_the_way_to_another_process(scorer, records):
    there = pickle.loads(pickle.dumps(scorer))
    assert there.hash == scorer.hash and repr(there) == repr(scorer)
    assert there.decide_one(records[0], AS_OF) == scorer.decide_one(records[0], AS_OF)
