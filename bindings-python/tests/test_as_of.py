"""Joins to side tables: against DuckDB, in every form in which tables come, and what is refused."""

import datetime
import itertools

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline as sl
from scoreline import asof

FIRST = datetime.date(2020, 1, 31)
FIELDS = [
    sl.Field("rate", "number", unit="%", missing=[-999]),
    sl.Field("outlook", "category", missing=["n/a"]),
    sl.Field("next_release", "date"),
    sl.Field("provisional", "flag"),
]


def day(days):
    return FIRST + datetime.timedelta(days=int(days))


@pytest.fixture(scope="module")
def side():
    """2,000 rows of 25 regions: periods a month apart, published late, and revised up to four times."""
    rng = np.random.default_rng(11)
    every = [(region, 30 * month, delay) for region in range(25) for month in range(20) for delay in range(5, 125, 3)]
    places = rng.choice(len(every), 2_000, replace=False)
    region, period, delay = (np.array(part) for part in zip(*(every[place] for place in places), strict=True))
    return pa.table({
        "nuts": [f"R{number}" for number in region],
        "period": pa.array([day(days) for days in period]),
        "released": pa.array([day(days) for days in period + delay]),
        "rate": [None if x < 0.05 else -999.0 if x < 0.1 else round(x * 12, 1) for x in rng.random(2_000)],
        "outlook": rng.choice(["up", "down", "n/a"], 2_000).tolist(),
        "next_release": pa.array([day(days) if days % 7 else None for days in period + delay + 30]),
        "provisional": [bool(flag) for flag in rng.random(2_000) < 0.3],
    })  # fmt: skip


@pytest.fixture(scope="module")
def loans():
    rng = np.random.default_rng(12)
    days = [day(days) for days in rng.integers(-10, 800, 3_000)]
    return pa.table({"loan": np.arange(3_000), "region": [f"R{number}" for number in rng.integers(0, 27, 3_000)], "day": days})


def joins(**settings):
    table = asof.SideTable("market", key={"nuts": "region"}, period="period", published="released", fields=FIELDS, **settings)
    names = [field.name for field in FIELDS]
    fields = [asof.JoinedField(f"market_{name}", "market", asof.field(name)) for name in names]
    return asof.AsOf([table], [*fields, asof.JoinedField("market_age", "market", asof.age())])


def plain_sql(lag=0, max_age=100_000):
    """Every row known by the day, the latest period first and of it the latest version."""
    return f"""
        select nullif(rate, -999) as market_rate, nullif(outlook, 'n/a') as market_outlook, next_release as market_next_release,
               provisional as market_provisional, age as market_age
        from loans left join (
            select loan as of_loan, s.*, (day - period)::double as age
            from loans l join side s on s.nuts = l.region and s.released + {lag} <= l.day
            qualify row_number() over (partition by loan order by period desc, released desc) = 1
        ) on of_loan = loan and age <= {max_age} order by loan"""


def sql(query, **tables):
    bank = duckdb.connect()
    for name, table in tables.items():
        bank.register(name, table)
    return bank.sql(query).to_arrow_table().to_pydict()


@pytest.mark.parametrize(("lag", "max_age"), [(0, None), (10, 60), (0, 45)])
def test_every_value_is_what_duckdb_gives(side, loans, lag, max_age):
    found = joins(lag_days=lag, max_age=max_age).evaluate({"market": side}, keys=loans, as_of=loans["day"])
    wanted = sql(plain_sql(lag, 100_000 if max_age is None else max_age), side=side, loans=loans)
    assert found.to_pydict() == wanted
    known = sum(rate is not None for rate in wanted["market_rate"])
    assert 1_000 < known < 3_000 and None in wanted["market_age"]


def test_a_series_is_what_asof_join_of_duckdb_gives(side, loans):
    # Without a period the last row published counts, as in an ASOF JOIN on that day.
    series = pa.table(sql("select released, first(rate order by period desc, nuts) as rate from side group by released", side=side))
    table = asof.SideTable("macro", published="released", fields=[sl.Field("rate", "number")])
    found = asof.AsOf([table], [asof.JoinedField("rate", "macro", asof.field("rate"))]).evaluate({"macro": series}, as_of=loans["day"])
    wanted = sql("select rate from loans asof left join series on day >= released order by loan", series=series, loans=loans)
    assert found["rate"] == wanted["rate"] and None in found["rate"]


def test_order_parts_threads_and_forms_of_tables_change_nothing(side, loans):
    market = joins()
    wanted = market.evaluate({"market": side}, keys=loans, as_of=loans["day"], threads=1).to_pydict()
    shuffled = side.take(np.random.default_rng(3).permutation(side.num_rows))
    parts = [shuffled.slice(0, 700), shuffled.slice(700)]
    forms = [shuffled, parts, pl.from_arrow(side), side.to_pandas(), side.to_pydict()]
    keys = [loans, loans.to_pydict(), pl.from_arrow(loans), loans.to_pandas(), [loans.slice(0, 100), loans.slice(100)]]
    for form, (key, threads) in zip(forms, zip(keys, [0, 2, 8, 1, 2], strict=True), strict=True):
        assert market.evaluate({"market": form}, keys=key, as_of=loans["day"], threads=threads).to_pydict() == wanted


def test_what_is_published_later_changes_nothing(side, loans):
    cut = day(400)
    then = sql(f"select * from side where released <= '{cut}'", side=side)
    early = pa.table(sql(f"select * from loans where day <= '{cut}' order by loan", loans=loans))
    market = joins()
    before, after = (market.evaluate({"market": rows}, keys=early, as_of=early["day"]).to_pydict() for rows in (then, side))
    assert early.num_rows > 1_000 and before == after


def test_one_record_has_the_bits_of_its_row(side, loans):
    index = joins(max_age=90).index({"market": side})
    found = index.evaluate(keys=loans, as_of=loans["day"]).to_pydict()
    rows = loans.to_pylist()
    for at in range(0, len(rows), 7):
        one = index.lookup(rows[at], as_of=rows[at]["day"])
        assert one == {name: column[at] for name, column in found.items()}
    assert set(index.lookup({"region": None}, as_of="2021-01-01").values()) == {None}
    with pytest.raises(sl.DataError, match="the key is missing"):
        index.lookup({"nuts": "R1"}, as_of="2021-01-01")
    with pytest.raises(sl.DataError, match="as_of"):
        index.lookup({"region": "R1"}, as_of=None)


def test_bureau_extracts_by_whole_numbers_and_delays_in_place_of_publication():
    bureau = asof.SideTable("bureau", key="client", published="drawn", lag_days=2, max_age=30, fields=[sl.Field("debt", "number")])
    joined = asof.AsOf([bureau], [asof.JoinedField("debt", "bureau", asof.field("debt")), asof.JoinedField("age", "bureau", asof.age())])
    table = {"client": [7, 7], "drawn": ["2026-01-01", "2026-01-20"], "debt": [100, 250]}
    days = ["2026-01-02", "2026-01-03", "2026-01-21", "2026-01-22", "2026-02-19", "2026-02-20"]
    found = joined.evaluate({"bureau": table}, keys={"client": [7] * 6}, as_of=days)
    assert found["debt"] == [None, 100, 100, 250, 250, None]
    assert found["age"] == [None, 2, 20, 2, 30, None]
    assert joined.index({"bureau": table}).lookup({"client": 7}, as_of=datetime.date(2026, 1, 22)) == {"debt": 250.0, "age": 2.0}
    empty = {"client": [], "drawn": [], "debt": []}
    assert joined.evaluate({"bureau": empty}, keys={"client": [7]}, as_of=["2026-01-01"])["debt"] == [None]


def test_the_result_goes_into_a_training(side, loans):
    market = joins()
    found = market.evaluate({"market": side}, keys=loans, as_of=loans["day"])
    rng = np.random.default_rng(4)
    bad = (rng.random(3_000) < np.array([0.1 + 0.03 * (rate or 5) for rate in found["market_rate"]])).astype(float)
    schema = sl.Schema([field for field in market.fields if field.name != "market_next_release"])
    config = sl.Config("bad", schema=schema)
    from_dict = sl.fit({**loans.to_pydict(), **found, "bad": bad}, config)
    frames = [pd.concat([found.to_pandas(), pd.Series(bad, name="bad")], axis=1)]
    frames += [found.to_polars().with_columns(bad=bad), found.to_pyarrow().append_column("bad", pa.array(bad))]
    assert "market_rate" in from_dict.variables
    assert {sl.fit(frame, config).to_json() for frame in frames} == {from_dict.to_json()}
    unit = {field.name: field.unit for field in market.fields}
    assert unit["market_rate"] == "%" and unit["market_age"] == "days"


def test_a_set_is_plain_data(side, loans):
    market = joins(max_age=60)
    again = asof.AsOf.from_json(market.to_json())
    assert again.names == market.names and again.keys == ["region"] and again.to_json() == market.to_json()
    tables = {"market": side}
    wanted = market.evaluate(tables, keys=loans, as_of=loans["day"]).to_pydict()
    assert again.evaluate(tables, keys=loans, as_of=loans["day"]).to_pydict() == wanted


def test_what_is_refused_names_the_place_and_not_the_value(side, loans):
    with pytest.raises(sl.ConfigError) as config:
        asof.AsOf(
            [asof.SideTable("macro", published="day", fields=FIELDS, lag_days=50_000, duplicates="refuse")],
            [asof.JoinedField("a", "macro", asof.field("rat")), asof.JoinedField("a", "mcro", asof.age())],
        )
    assert len(config.value.problems) == 4
    market = joins()

    def refused(tables=None, keys=loans, as_of=loans["day"]):
        with pytest.raises(sl.DataError) as error:
            market.evaluate({"market": side} if tables is None else tables, keys=keys, as_of=as_of)
        assert "R1" not in str(error.value)
        return error.value.problems[0]["field"], error.value.problems[0]["row"]

    rows = {name: column[:3] for name, column in side.to_pydict().items()}
    assert refused({}) == ("market", None)
    assert refused({"market": rows | {"nuts": ["R1", None, "R2"]}}) == ("nuts", 1)
    assert refused({"market": rows | {"released": [*rows["released"][:2], None]}}) == ("released", 2)
    assert refused({"market": rows | {"rate": [1.0, float("inf"), 2.0]}}) == ("rate", 1)
    assert refused({"market": {name: column for name, column in rows.items() if name != "period"}}) == ("period", None)
    twice = {name: [column[0], *itertools.islice(column, 3)] for name, column in rows.items()}
    assert refused({"market": twice}) == ("released", 1)
    assert refused(keys=None) == ("region", None)
    assert refused(keys={"region": [1] * 3_000}) == ("region", 0)
    assert refused(keys={"regions": ["R1"] * 3_000}) == ("region", None)
    assert refused(as_of=loans["day"].slice(1)) == ("as_of", None)
    assert refused(as_of=[*loans["day"].to_pylist()[:-1], None]) == ("as_of", 2_999)


def test_a_model_file_holds_its_joins(side, loans):
    asked = joins()
    found = asked.evaluate({"market": side}, keys=loans, as_of=loans["day"])
    rate = found.to_pyarrow()["market_rate"].to_numpy(zero_copy_only=False)
    rng = np.random.default_rng(13)
    bad = (rng.random(len(rate)) < 1 / (1 + np.exp(6 - np.nan_to_num(rate, nan=6.0)))).astype(float)
    config = sl.Config("bad", joins=asked)
    rows = found.to_pyarrow().append_column("bad", pa.array(bad))
    fitted = sl.fit(rows, config)
    unit = {field["name"]: field.get("unit") for field in fitted.to_dict()["schema"]["fields"]}
    assert unit["market_rate"] == "%" and unit["market_age"] == "days" and "market_rate" in fitted.variables
    scorer = sl.Pipeline.from_json(fitted.to_json()).scorer()
    assert scorer.joins is not None and scorer.joins.to_dict() == asked.to_dict() and scorer.windows is None
    index = scorer.joins.index({"market": side})
    scores = scorer.score(rows)["score"]
    for row in range(0, len(rate), 211):
        record = index.lookup({"region": loans["region"][row].as_py()}, as_of=loans["day"][row].as_py())
        assert scorer.decide_one(record).score == scores[row]
    with pytest.raises(sl.ConfigError, match="'market_age': it is computed and no number of the schema"):
        sl.fit(rows.drop_columns(["market_age"]), config)
