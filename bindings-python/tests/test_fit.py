"""The same pipeline, to the byte, from every source of data and for every number of threads."""

import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline as sl
from conftest import ROOT, read_json


def test_the_artefact_is_the_one_of_the_example_in_rust(pipeline):
    stored = ROOT / "tests" / "artefacts" / "v1" / "south_german_credit.json"
    assert pipeline.hash == read_json(stored)["hash"]


def test_an_expert_card_alone_is_the_artefact_of_every_language():
    made = sl.Pipeline.expert_only(sl.Config.from_file(ROOT / "tests" / "data" / "corporate.config.json"))
    stored = read_json(ROOT / "tests" / "artefacts" / "v1" / "corporate.json")
    assert made.hash == stored["hash"] and made.variables == []
    one = made.scorer().decide_one({"sales": 120.0, "position": "leader", "days_past_due": 0.0}, "2026-11-21")
    assert (one.client_class, one.tier) == ("A", "A") and one.expert_score > 80
    unknown = made.scorer().decide_one({}, "2026-11-21")
    assert (unknown.expert_score, unknown.client_class, unknown.outcome) == (None, None, "refer")
    explained = made.scorer().explain_expert({"sales": 500.0, "position": "leader"})
    parts = {factor["name"]: (factor["points"], factor["contribution"]) for factor in explained["factors"]}
    assert sum(part for _, part in parts.values()) == pytest.approx(explained["score"])
    assert parts["size"][0] == 100 and parts["growth"] == (None, 0) and parts["credit_performance"][0] is None
    clients = {"sales": [500.0, 20.0, 3.0], "sales_before": [400.0, 25.0, 2.0], "position": ["leader", "lower", "upper"],
               "days_past_due": [0.0, 45.0, 0.0], "relationship_years": [4.0, 9.0, 0.0], "debt": [60.0, 5.0, 1.0], "assets": [100.0, 20.0, 2.0]}  # fmt: skip
    found = made.scorer().expert_sensitivity(clients)
    assert (found["rows"], len(found["changes"])) == (3, 12) and all(change["largest"] > 0 for change in found["changes"])
    with pytest.raises(sl.ConfigError, match="blend of weight 1"):
        sl.Pipeline.expert_only(sl.Config("bad", sl.Schema([sl.Field("x", "number")])))


def in_many_forms(columns, table):
    numpy = {name: np.array(values) for name, values in columns.items() if isinstance(values[0], float)}
    yield "record batch", table.to_batches()[0]
    yield "chunks", pa.table(pa.Table.from_batches(table.to_batches(max_chunksize=77)))
    yield "reader", pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=300))
    yield "list of tables", [table.slice(0, 1), table.slice(1, 500), table.slice(501)]
    yield "categories", pa.table({name: t if pa.types.is_floating(t.type) else t.dictionary_encode() for name, t in zip(table.column_names, table.columns, strict=True)})
    yield "views", table.cast(pa.schema([(f.name, pa.string_view() if f.type == pa.string() else pa.float32()) for f in table.schema]))
    yield "whole numbers", table.cast(pa.schema([(f.name, pa.large_string() if f.type == pa.string() else pa.int32()) for f in table.schema]))
    yield "decimals", table.cast(pa.schema([(f.name, pa.string() if f.type == pa.string() else pa.decimal128(9, 2)) for f in table.schema]))
    yield "pandas", pd.DataFrame(columns)
    yield "pandas categories", pd.DataFrame(columns).astype({name: "category" for name in columns if name not in numpy})
    yield "polars", pl.DataFrame(columns)
    yield "polars categories", pl.DataFrame(columns).with_columns(pl.col(pl.String).cast(pl.Categorical))
    yield "dict", columns
    yield "dict of numpy", columns | numpy
    yield "dict of strided numpy", columns | {name: np.repeat(values, 2)[::2] for name, values in numpy.items()}
    yield "dict of float32 and int64", columns | {name: values.astype([np.float32, np.int64][i % 2]) for i, (name, values) in enumerate(numpy.items())}
    yield "dict of object arrays", {name: np.array(values, dtype=object) for name, values in columns.items()}
    yield "dict of Arrow arrays", {name: pa.array(values) for name, values in columns.items()}
    yield "dict of chunked arrays", {name: pa.chunked_array([values[:9], values[9:500], values[500:]]) for name, values in columns.items()}
    yield "dict of pandas series", {name: pd.Series(values) for name, values in columns.items()}
    yield "dict of polars series", {name: pl.Series(values) for name, values in columns.items()}


def test_every_form_of_data_gives_the_same_artefact(columns, table, config, pipeline):
    for name, data in in_many_forms(columns, table):
        assert sl.fit(data, config).hash == pipeline.hash, name


@pytest.mark.parametrize("threads", [0, 1, 2, 8])
def test_threads_do_not_matter(table, config, pipeline, threads):
    assert sl.fit(table, config, threads).to_json() == pipeline.to_json()


def test_a_schema_is_inferred_from_the_types(small):
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=i) for i in range(400)]
    data = pa.table(small | {"known": [i % 2 == 0 for i in range(400)], "since": days, "id": range(400), "w": [1.0] * 400})
    config = sl.Config("bad", weight="w", split=sl.Split("id", 0.2)).with_schema_of(data)
    assert [(field.name, field.kind) for field in config.schema.fields] == [
        ("income", "number"), ("job", "category"), ("known", "flag"), ("since", "date"),
    ]  # fmt: skip
    implicit = sl.fit(data, sl.Config("bad", weight="w", split=sl.Split("id", 0.2)))
    assert implicit.hash == sl.fit(data, config).hash
    frame = data.to_pandas().astype({"bad": int}).set_index("id", drop=False).rename_axis("row")
    assert [field["name"] for field in sl.fit(frame, sl.Config("bad", candidates=["income"])).to_dict()["schema"]["fields"]][:2] == ["income", "job"]


def test_columns_that_show_no_kind_are_all_listed(small):
    data = pa.table(small | {"empty": pa.nulls(400), "seen": [datetime.datetime(2020, 1, 1)] * 400})
    with pytest.raises(sl.DataError, match="date32 in the time zone") as raised:
        sl.fit(data, sl.Config("bad"))
    assert [problem["field"] for problem in raised.value.problems] == ["empty", "seen"]
    # A schema that does not name them makes them harmless.
    schema = sl.Schema([sl.Field("income", "number"), sl.Field("job", "category")])
    assert sl.fit(data, sl.Config("bad", schema=schema)).variables


def test_a_column_of_nothing_serves_as_any_kind(small, pipeline):
    kinds = ["number", "category", "date", "flag"]
    schema = sl.Schema([sl.Field("income", "number"), *(sl.Field(kind, kind) for kind in kinds)])
    for nothing in (pa.nulls(400), [None] * 400):
        fitted = sl.fit(small | dict.fromkeys(kinds, nothing), sl.Config("bad", schema=schema))
        assert {dropped["feature"] for dropped in fitted.to_dict()["training"]["dropped"]} == set(kinds)


def test_decimals_are_read_as_their_text(small):
    tenths = [decimal.Decimal(i) / 10 for i in small["income"]]
    config = sl.Config("bad", candidates=["income"])
    expected = sl.fit(small | {"income": [float(str(tenth)) for tenth in tenths]}, config).hash
    assert sl.fit(small | {"income": tenths}, config).hash == expected
    assert sl.fit(small | {"income": pa.array(tenths, pa.decimal128(5, 1))}, config).hash == expected


def test_what_cannot_be_learnt_from_is_said_with_its_place(small):
    config = sl.Config("bad")
    with pytest.raises(sl.InsufficientDataError, match="no events"):
        sl.fit(small | {"bad": [0.0] * 400}, config)
    three = [0.0, 1.0, 2.0, *small["bad"][3:]]
    with pytest.raises(sl.DataError) as raised:
        sl.fit(small | {"bad": three}, config)
    assert (raised.value.problems[0]["field"], raised.value.problems[0]["row"]) == ("bad", 2)
    data = pa.table(small | {"w": [1.0] * 399 + [-1.0]})
    with pytest.raises(sl.DataError) as raised:
        sl.fit(pa.Table.from_batches(data.to_batches(max_chunksize=100)), sl.Config("bad", weight="w"))
    assert (raised.value.problems[0]["field"], raised.value.problems[0]["row"]) == ("w", 399), "rows count over all chunks"
    with pytest.raises(sl.InsufficientDataError):
        sl.fit(pa.table(small).slice(0, 0), config)
    with pytest.raises(sl.InsufficientDataError, match="no data"):
        sl.fit([], sl.Config("bad", schema=sl.Schema([sl.Field("income", "number")])))
    with pytest.raises(sl.DataError, match="did you mean 'income'"):
        sl.fit(small, sl.Config("bad", schema=sl.Schema([sl.Field("incom", "number")])))
    with pytest.raises(sl.DataError, match="a column of kind category was expected"):
        sl.fit(pa.table(small), sl.Config("bad", schema=sl.Schema([sl.Field("income", "category")])))


def test_columns_of_unequal_length_or_mixed_kind_are_refused(small):
    for wrong, message in [
        ({"income": small["income"][1:]}, "rows"),
        ({"job": ["a"] * 399 + [1.0]}, "row 399"),
        ({"income": ["12"] + small["income"][1:]}, "number was expected"),
        ({"income": np.ones((400, 2))}, "one dimension"),
        ({"income": np.array([2**53 + 1] * 400)}, "row 0"),
        ({"income": [2**53 + 1] * 400}, "row 0"),
        ({"job": "abc"}, "a column was expected"),
        ({"income": None}, "a column was expected"),
    ]:
        schema = sl.Schema([sl.Field("income", "number"), sl.Field("job", "category")])
        with pytest.raises(sl.DataError, match=message):
            sl.fit(small | wrong, sl.Config("bad", schema=schema))


def test_masked_values_are_missing(small):
    masked = np.ma.masked_less(np.array(small["income"]), 10.0)
    expected = [None if value < 10.0 else value for value in small["income"]]
    config = sl.Config("bad", candidates=["income"])
    assert sl.fit(small | {"income": masked}, config).hash == sl.fit(small | {"income": expected}, config).hash
