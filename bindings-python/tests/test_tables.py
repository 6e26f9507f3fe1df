import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline as sl

NUMBERS = [pa.float64(), pa.float32(), *(pa.from_numpy_dtype(f"{sign}int{bits}") for sign in ("", "u") for bits in (8, 16, 32, 64))]
TEXTS = [pa.string(), pa.large_string(), pa.string_view(), *(pa.dictionary(codes, pa.string()) for codes in (pa.int8(), pa.int32(), pa.uint64()))]
DATES = [pa.date32(), pa.date64()]
TYPES = [
    *((kind, [1, None, 3]) for kind in NUMBERS),
    *((kind, ["a", None, "b"]) for kind in TEXTS),
    *((kind, [datetime.date(1969, 12, 31), None, datetime.date(2024, 2, 29)]) for kind in DATES),
    (pa.bool_(), [True, None, False]),
]
EXPECTED = {pa.bool_(): "flag", **dict.fromkeys(NUMBERS, "number"), **dict.fromkeys(TEXTS, "category"), **dict.fromkeys(DATES, "date")}


@pytest.mark.parametrize(("kind", "values"), TYPES, ids=lambda value: str(value))
def test_every_type_is_read_with_its_nulls_also_from_the_middle(kind, values):
    table = pa.table({"x": pa.array(values).cast(kind)})
    assert sl.describe(table) == [("x", EXPECTED[kind], 1)]
    assert sl.describe(table.slice(1, 1)) == [("x", EXPECTED[kind], 1)]
    assert sl.describe(table.slice(2)) == [("x", EXPECTED[kind], 0)]
    assert sl.describe(pa.concat_tables([table, table])) == [("x", EXPECTED[kind], 2)]


def test_every_library_of_tables_is_read():
    expected = [("income", "number", 1), ("job", "category", 1)]
    columns = {"income": [4200.0, None], "job": ["salaried", None]}
    assert sl.describe(pa.table(columns)) == expected
    assert sl.describe(pa.record_batch(columns)) == expected
    assert sl.describe(pl.DataFrame(columns)) == expected
    assert sl.describe(pd.DataFrame(columns)) == expected


def test_nan_is_missing_like_null():
    assert sl.describe(pa.table({"x": pa.array([np.nan, 1.0])})) == [("x", "number", 1)]


def test_a_category_without_any_level_is_all_missing():
    frame = pd.DataFrame({"x": pd.Categorical([None, None], categories=pd.Index([], dtype="str"))})
    assert sl.describe(frame) == [("x", "category", 2)]


def test_a_level_that_is_null_is_missing():
    codes = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int32()), pa.array(["a", None]))
    assert sl.describe(pa.table({"x": codes})) == [("x", "category", 2)]


def test_what_cannot_be_read_stands_aside():
    table = pa.table({"a": [[1], [2]], "b": [1, 2]})
    assert sl.describe(table) == [("b", "number", 0)]


def test_a_number_that_would_be_rounded_is_an_error_with_its_place():
    table = pa.table({"x": pa.array([1, 2**53 + 1])})
    with pytest.raises(sl.DataError) as raised:
        sl.describe(table)
    (problem,) = raised.value.problems
    assert (problem["field"], problem["row"]) == ("x", 1)
    assert str(2**53 + 1) not in str(raised.value)


@pytest.mark.parametrize("data", [None, 4711, "table.csv", np.ones(3)])
def test_anything_else_is_an_error_that_tells_what_to_pass(data):
    with pytest.raises(sl.DataError, match="a table was expected; pass a table of pyarrow"):
        sl.describe(data)


def test_a_stream_that_breaks_off_is_an_error():
    def batches():
        yield pa.record_batch({"x": [1.0]})
        raise ValueError("4711")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("x", pa.float64())]), batches())
    with pytest.raises(sl.DataError, match="the table broke off") as raised:
        sl.describe(reader)
    assert "4711" not in str(raised.value)
