"""Features over dated events: against DuckDB, one entity at a time, and what is refused."""

import datetime
import math
import os

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import berka
import card_histories
import scoreline as sl
from scoreline import events as ev

FOLDER = os.environ.get("SCORELINE_DATA")
DAY = datetime.date


def payments(**source):
    fields = [sl.Field("amount", "number"), sl.Field("kind", "category")]
    return ev.Source("payments", date="day", fields=fields, **source)


FEATURES = [
    ev.Feature("paid_30d", "payments", ev.sum("amount"), ev.days(30)),
    ev.Feature("fees", "payments", ev.count(), ev.all_events(), filter="kind = 'fee'"),
    ev.Feature("median_90d", "payments", ev.quantile("amount", 0.5), ev.days(90)),
]
EVENTS = [
    {"day": DAY(2026, 1, 5), "amount": 10.0, "kind": "fee"},
    {"day": "2026-02-01", "amount": 20.5, "kind": "transfer"},
    {"day": DAY(2026, 2, 20), "amount": 40.0, "kind": None},
]


def test_a_list_of_events_a_table_and_a_state_give_the_same():
    windows = ev.Windows([payments()], FEATURES)
    wanted = {"paid_30d": 20.5, "fees": 1.0, "median_90d": 15.25}
    assert windows.of_events({"payments": EVENTS}, DAY(2026, 2, 10)) == wanted
    days = [DAY(2026, 1, 5), DAY(2026, 2, 1), DAY(2026, 2, 20)]
    table = {"client": ["a"] * 3, "day": days, "amount": [10.0, 20.5, 40.0], "kind": ["fee", "transfer", None]}
    found = windows.evaluate({"payments": (table, "client")}, entities=["a", "b"], as_of=[DAY(2026, 2, 10)] * 2)
    assert {name: numbers.to_list()[0] for name, numbers in found.items()} == wanted
    assert found["paid_30d"].to_list()[1] == 0.0 and math.isnan(found["median_90d"].to_list()[1])
    state = windows.state()
    for event in EVENTS[:2]:
        state.advance("payments", event)
        state = windows.state(state.to_json())
    assert state.read("2026-02-10") == (wanted, [])
    assert ev.Windows.from_json(windows.to_json()).names == windows.names


def test_what_is_refused_says_where():
    windows = ev.Windows([payments(unsorted="refuse")], FEATURES)
    state = windows.state()
    state.advance("payments", EVENTS[1])
    with pytest.raises(sl.DataError, match="'day': the events are not in order"):
        state.advance("payments", EVENTS[0])
    with pytest.raises(sl.DataError, match="'as_of': the day is before the newest event"):
        state.read(DAY(2026, 1, 1))
    with pytest.raises(sl.IncompatibleError, match="another set"):
        ev.Windows([payments()], FEATURES[:1]).state(state.to_json())
    with pytest.raises(sl.DataError, match="row 1"):
        table = {"client": [1.0, 1.0], "day": ["2026-01-01", None], "amount": [1.0, 2.0], "kind": ["a", "a"]}
        windows.evaluate({"payments": (table, "client")}, entities=[1.0], as_of=["2026-02-10"])
    with pytest.raises(sl.ConfigError, match="there is no name 'colour'"):
        ev.Windows([payments()], [ev.Feature("f", "payments", ev.count(), ev.days(3), filter="colour = 'red'")])
    with pytest.raises(sl.ConfigError, match="1 and 36,525"):
        ev.Windows([payments()], [ev.Feature("f", "payments", ev.count(), ev.days(0))])


def sql(feature):
    """The same feature, written for DuckDB over ``e``: each loan with its transactions up to its date."""
    window, aggregate, keep = feature.window, feature.aggregate, [feature.filter or "true"]
    of = aggregate.get("of")
    if of:
        keep.append(f"{of} is not null")
    if window["type"] == "days":
        keep.append(f"date > as_of - {window['days'] + window['lag']} and date <= as_of - {window['lag']}")
    if window["type"] == "months":
        keep.append(f"date > as_of - interval {window['months']} month")
    where = " and ".join(f"({condition})" for condition in keep)
    months = window.get("months", 0)
    money = f"cast({of} as decimal(18, 2))"
    by_month = f"""(select l.loan_id, k, count(loan_id_) as n, coalesce(sum({money if of else 0}), 0)::double as s
        from (select loan_id, date as as_of, unnest(range({months})) as k from loans) l
        left join (select loan_id as loan_id_, * exclude (loan_id, as_of) from e where {where}) t
        on t.loan_id_ = l.loan_id and date <= as_of - to_months(k::int) and date > as_of - to_months(k::int + 1)
        group by all)"""
    by_level = f"(select loan_id, sum({money})::double as s from e where {where} and partner_bank is not null group by loan_id, partner_bank)"
    plain = {
        "count": "count(*)::double",
        "sum": f"sum({money})::double",
        "mean": f"avg({of})",
        "min": f"min({of})",
        "max": f"max({of})",
        "standard_deviation": f"stddev_samp({of})",
        "quantile": f"quantile_cont({of}, {aggregate.get('p')})",
        "distinct": f"count(distinct {of})::double",
        "recency": "(any_value(as_of) - max(date))::double",
        "age": "(any_value(as_of) - min(date))::double",
        "share": f"sum({money}) filter ({aggregate.get('part')})::double / sum({money})::double",
    }
    kind = aggregate["type"]
    if window["type"] == "events":
        inner = f"(select *, row_number() over (partition by loan_id order by date desc, {of} desc) as place from e where {where})"
        return f"select loan_id, {plain[kind]} as v from {inner} where place <= {window['events']} group by loan_id"
    if kind in plain:
        return f"select loan_id, {plain[kind]} as v from e where {where} group by loan_id"
    if kind == "trend":
        return f"select loan_id, case when sum(n) > 0 then regr_slope(s, -k) end as v from {by_month} group by loan_id"
    if kind == "volatility":
        return f"select loan_id, case when sum(n) > 0 then stddev_pop(s) / abs(avg(s)) end as v from {by_month} group by loan_id"
    if kind == "months_without":
        return f"select loan_id, (count(*) filter (n = 0))::double as v from {by_month} group by loan_id"
    if kind == "longest_streak":
        runs = f"select loan_id, k - row_number() over (partition by loan_id order by k) as run from {by_month} where n > 0"
        return f"select loan_id, max(c)::double as v from (select loan_id, count(*) as c from ({runs}) group by loan_id, run) group by loan_id"
    if kind == "top_share":
        return f"select loan_id, max(s) / sum(s) as v from {by_level} group by loan_id"
    assert kind == "herfindahl"
    return f"select loan_id, sum(s * s) / (sum(s) * sum(s)) as v from {by_level} group by loan_id"


def test_a_point_in_time_is_no_day_until_its_time_zone_is_chosen():
    windows = ev.Windows([payments()], FEATURES)
    late = datetime.datetime(2026, 1, 5, 23, 30, tzinfo=datetime.UTC)
    for zone in (None, "UTC"):
        table = pa.table({"client": [7.0], "day": pa.array([late], pa.timestamp("us", zone)), "amount": [1.0], "kind": ["fee"]})
        with pytest.raises(sl.DataError, match="'day'.*cast it to date32 in the time zone that you mean"):
            windows.evaluate({"payments": (table, "client")}, entities=[7.0], as_of=[DAY(2026, 2, 1)])
    with pytest.raises(sl.DataError, match="'day'.*a calendar day was expected"):
        windows.of_events({"payments": [{"day": late, "amount": 1.0}]}, DAY(2026, 2, 1))


def test_batches_of_an_iterator_by_entity_give_the_same_and_progress_is_told(capsys):
    rng = np.random.default_rng(3)
    clients = np.repeat(np.arange(50.0), 40)
    days = np.datetime64("2025-01-01") + rng.integers(0, 300, len(clients))
    table = pa.table({"client": clients, "day": days, "amount": np.round(rng.lognormal(3, 1, len(clients)), 2), "kind": ["fee", "transfer"] * 1000})
    windows = ev.Windows([payments()], FEATURES)
    rows = {"entities": np.arange(50.0), "as_of": [DAY(2025, 10, 1)] * 50}
    whole = windows.evaluate({"payments": (table, "client")}, **rows)
    done: list[int] = []
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=130))
    parts = windows.evaluate({"payments": (reader, "client")}, by_entity=True, progress=done.append, **rows)
    for name, numbers in whole.items():
        np.testing.assert_array_equal(parts[name].to_numpy(), numbers.to_numpy())
    assert done[-1] == 2000 and len(done) == 16
    windows.evaluate({"payments": (table, "client")}, progress=True, **rows)
    assert "2" in capsys.readouterr().err
    inexact = table.slice(0, 30).set_column(0, "client", pa.array([2**53 + 1] * 30, pa.int64()))
    with pytest.raises(sl.DataError, match="row 100"):
        windows.evaluate({"payments": (iter([table.slice(0, 100), inexact]), "client")}, **rows)
    twice = (table.slice(at, 100) for at in (0, 200, 40))
    with pytest.raises(sl.DataError, match="'client'.*do not follow each other"):
        windows.evaluate({"payments": (twice, "client")}, by_entity=True, **rows)


def test_a_model_file_holds_its_windows_and_decides_from_events():
    rng = np.random.default_rng(7)
    clients = np.repeat(np.arange(400.0), 12)
    table = {
        "client": clients,
        "day": [datetime.date(2025, 1, 1) + datetime.timedelta(days=int(day)) for day in rng.integers(0, 360, len(clients))],
        "amount": np.round(rng.lognormal(4, 1, len(clients)), 2),
    }
    paid = ev.Source("paid", date="day", fields=[sl.Field("amount", "number")])
    wanted = [
        ev.Feature("paid_180d", "paid", ev.sum("amount"), ev.days(180), unit="EUR", description="paid in half a year"),
        ev.Feature("idle", "paid", ev.recency(), ev.all_events(), sensitivity={"type": "protected", "basis": "a test"}),
    ]
    windows = ev.Windows([paid], wanted)
    day = datetime.date(2025, 12, 27)
    found = windows.evaluate({"paid": (table, "client")}, entities=np.arange(400.0), as_of=[day] * 400)
    sums = found["paid_180d"].to_numpy()
    rows = {"age": rng.integers(20, 70, 400).astype(float), "paid_180d": sums, "idle": found["idle"].to_numpy()}
    rows["bad"] = (rng.random(400) < 1 / (1 + np.exp((sums - np.median(sums)) / 200))).astype(float)
    config = sl.Config("bad", events=windows)
    fitted = sl.fit(rows, config)
    fields = {field["name"]: field for field in fitted.to_dict()["schema"]["fields"]}
    assert fields["paid_180d"]["unit"] == "EUR" and fields["idle"]["sensitivity"] == {"type": "protected", "basis": "a test"}
    assert "idle" not in fitted.variables and "paid_180d" in fitted.variables
    assert sl.Config.from_dict(config.with_schema_of(rows).to_dict()).to_dict()["events"] == windows.to_dict()
    scorer = sl.Pipeline.from_json(fitted.to_json()).scorer()
    own = scorer.windows
    assert own is not None and own.to_dict() == windows.to_dict()
    scores = scorer.score(rows)["score"]
    for client in range(0, 400, 37):
        events = [{"day": table["day"][at], "amount": table["amount"][at]} for at in np.flatnonzero(clients == client)]
        record = {"age": rows["age"][client], **own.of_events({"paid": events}, day)}
        assert scorer.decide_one(record).score == scores[client]
    assert sl.fit(rows | {"bad": rows["bad"]}, sl.Config("bad")).scorer().windows is None
    with pytest.raises(sl.ConfigError, match="computed and no number of the schema"):
        sl.fit({name: column for name, column in rows.items() if name != "idle"}, config)


@pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")
def test_every_feature_of_the_czech_bank_is_what_duckdb_gives():
    loans, paid = berka.read(FOLDER)
    windows = berka.windows()
    tables = {"transactions": (paid, "account_id")}
    found = windows.evaluate(tables, entities=loans["account_id"], as_of=loans["date"])
    assert len(found) >= 60 and not found.cut
    bank = duckdb.connect()
    bank.register("loans", loans)
    bank.register("paid", paid)
    bank.execute("""create table e as select l.loan_id, l.date as as_of, p.* from loans l
        join paid p on p.account_id = l.account_id and p.date <= l.date""")
    order = {loan: row for row, loan in enumerate(loans["loan_id"].to_pylist())}
    zero = {"count", "sum", "distinct", "longest_streak"}
    for feature in berka.features():
        wanted = np.full(loans.num_rows, 0.0 if feature.aggregate["type"] in zero else np.nan)
        for loan, value in bank.execute(sql(feature)).fetchall():
            wanted[order[loan]] = np.nan if value is None else value
        if feature.aggregate["type"] == "share":
            # DuckDB says nothing where no event is part of the share.
            wanted = np.where(np.isnan(wanted) & ~np.isnan(found[feature.name].to_numpy()), 0.0, wanted)
        np.testing.assert_allclose(found[feature.name].to_numpy(), wanted, rtol=1e-10, atol=1e-12, err_msg=feature.name)
    # One applicant from a list of events has the same bits.
    rows = paid.to_pylist()
    for row in range(0, loans.num_rows, 50):
        account = loans["account_id"][row].as_py()
        own = [event for event in rows if event["account_id"] == account]
        one = windows.of_events({"transactions": own}, loans["date"][row].as_py())
        for name, value in one.items():
            other = found[name].to_list()[row]
            assert value == other or (value is None and math.isnan(other)), name


@pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")
def test_card_histories_are_what_the_wide_table_gives():
    holders, statements = card_histories.read(FOLDER)
    as_of = np.full(holders.num_rows, card_histories.AS_OF)
    found = card_histories.windows().evaluate({"statements": (statements, "holder")}, entities=holders["ID"], as_of=as_of)

    def wide(*names):
        return np.column_stack([holders[name].to_numpy().astype(float) for name in names])

    status = wide("PAY_0", *(f"PAY_{k}" for k in range(2, 7)))
    billed, paid = (wide(*(f"{name}{k}" for k in range(1, 7))) for name in ("BILL_AMT", "PAY_AMT"))
    used = billed / wide("LIMIT_BAL")
    days_ago = np.array([1.0, 31.0, 62.0, 93.0, 123.0, 154.0])
    late = status >= 1
    # The slope of six months: sum of (t - 2.5) u over 17.5.
    slope = (used * np.array([2.5, 1.5, 0.5, -0.5, -1.5, -2.5])).sum(axis=1) / 17.5
    wanted = {
        "worst_6m": status.max(axis=1),
        "months_since_worst": status.argmax(axis=1),
        "months_late_6m": late.sum(axis=1),
        "months_late_2_6m": (status >= 2).sum(axis=1),
        "days_since_late": np.where(late.any(axis=1), days_ago[late.argmax(axis=1)], np.nan),
        "utilisation_3m": used[:, :3].mean(axis=1),
        "utilisation_before": used[:, 3:].mean(axis=1),
        "utilisation_peak_6m": used.max(axis=1),
        "utilisation_trend_6m": slope,
        "paid_6m": paid.sum(axis=1),
        "paid_nothing_6m": (paid == 0).sum(axis=1),
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted["billed_volatility_6m"] = np.where(billed.any(axis=1) & (billed.sum(axis=1) != 0), billed.std(axis=1) / np.abs(billed.mean(axis=1)), np.nan)
    for name, numbers in found.items():
        np.testing.assert_allclose(numbers.to_numpy(), wanted[name], rtol=1e-6, atol=2e-6, err_msg=name)
