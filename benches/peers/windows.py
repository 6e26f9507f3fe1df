"""64 features over dated events as of a day for each entity: counts, sums, means and greatest amounts, of all events and of
three kinds, over four spans of days.

    python windows.py [EVENTS]     10,000,000 by default, 100 for each entity

Every library works on one core. Ours sorts nothing beforehand; the others get what suits them: one query with filtered
aggregates for DuckDB and polars, one grouped table for each condition for pandas.
"""

import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from common import race, row, save, sl

from scoreline import events as ev

KINDS = {"all": None, "credit": "credit", "debit": "debit", "cash": "cash"}
SPANS = (30, 90, 180, 365)
AGGREGATES = ("count", "sum", "mean", "max")


def events(rows):
    """Berka-shaped: log-normal amounts, three kinds, two years of days, in order of entity and day."""
    rng = np.random.default_rng(20261122)
    entities = rows // 100
    entity = np.sort(rng.integers(0, entities, rows))
    day = rng.integers(0, 730, rows)
    order = np.lexsort((day, entity))
    kinds = np.array(["credit", "debit", "cash"])[rng.choice(3, rows, p=[0.4, 0.35, 0.25])]
    amount = np.round(np.exp(rng.normal(7, 1.2, rows)), 2)
    date = (np.datetime64("2024-01-01") + day[order]).astype("datetime64[D]")
    table = {"entity": entity.astype(np.int64), "date": date, "kind": pa.array(kinds).dictionary_encode(), "amount": amount}
    return pa.table(table), np.arange(entities), np.datetime64("2026-01-01") - rng.integers(0, 200, entities)


def names():
    return [(f"{a}_{kind}_{span}", a, kind, span) for kind in KINDS for span in SPANS for a in AGGREGATES]


def ours(table, entities, as_of):
    fields = [sl.Field("amount", "number"), sl.Field("kind", "category")]
    source = ev.Source("paid", date="date", fields=fields, decimals=2)
    make = {"count": lambda: ev.count(), "sum": lambda: ev.sum("amount"), "mean": lambda: ev.mean("amount"), "max": lambda: ev.max("amount")}
    wanted = [
        ev.Feature(name, "paid", make[a](), ev.days(span), filter=KINDS[kind] and f"kind = '{kind}'")
        for name, a, kind, span in names()
    ]
    windows = ev.Windows([source], wanted)
    rows = pa.table({"entity": entities, "as_of": as_of.astype("datetime64[D]")})

    def run():
        found = windows.evaluate({"paid": (table, "entity")}, entities=rows["entity"], as_of=rows["as_of"], threads=1)
        return sum(float(np.nansum(column.to_numpy())) for column in found.values())

    return run


def in_duckdb(table, entities, as_of):
    bank = duckdb.connect()
    bank.execute("set threads = 1")
    rows = pa.table({"entity": entities, "as_of": as_of.astype("datetime64[D]")})
    bank.register("events", table)
    bank.register("rows", rows)

    def one(name, a, kind, span):
        keep = f"date > as_of - {span}" + ("" if kind == "all" else f" and kind = '{kind}'")
        call = {"count": "count(*)", "mean": "avg(amount)"}.get(a, f"{a}(amount)")
        return f"{call} filter ({keep}) as {name}"

    query = f"select entity, {', '.join(one(*name) for name in names())} from events join rows using (entity) where date <= as_of group by entity"

    def run():
        found = bank.execute(query).to_arrow_table()
        return sum(float(np.nansum(found[name[0]].to_numpy())) for name in names())

    return run


def in_polars(table, entities, as_of):
    frame = pl.from_arrow(table)
    rows = pl.DataFrame({"entity": entities, "as_of": as_of.astype("datetime64[D]")})

    def one(name, a, kind, span):
        keep = pl.col("age") < span
        if kind != "all":
            keep = keep & (pl.col("kind") == kind)
        chosen = pl.col("amount").filter(keep)
        return {"count": chosen.len(), "sum": chosen.sum(), "mean": chosen.mean(), "max": chosen.max()}[a].alias(name)

    def run():
        joined = frame.lazy().join(rows.lazy(), on="entity").filter(pl.col("date") <= pl.col("as_of"))
        aged = joined.with_columns((pl.col("as_of") - pl.col("date")).dt.total_days().alias("age"))
        found = aged.group_by("entity").agg([one(*name) for name in names()]).collect()
        return sum(float(found[name[0]].sum() or 0.0) for name in names())

    return run


def in_pandas(table, entities, as_of):
    frame = table.to_pandas()
    frame["date"] = pd.to_datetime(frame["date"])
    rows = pd.DataFrame({"entity": entities, "as_of": pd.to_datetime(as_of)})

    def run():
        joined = frame.merge(rows, on="entity")
        age = (joined["as_of"] - joined["date"]).dt.days
        total = 0.0
        for kind in KINDS:
            for span in SPANS:
                keep = (age >= 0) & (age < span)
                if kind != "all":
                    keep &= joined["kind"] == kind
                found = joined[keep].groupby("entity")["amount"].agg(["count", "sum", "mean", "max"])
                total += float(np.nansum(found.to_numpy()))
        return total

    return run


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    given = events(size)
    runners = {"scoreline": ours(*given), "DuckDB": in_duckdb(*given), "polars": in_polars(*given), "pandas": in_pandas(*given)}
    timed = race(runners, runs=3)
    values = {who: one.get("value") for who, one in timed.items()}
    lines = [row("windows", who, one, rows=size, total=values[who]) for who, one in timed.items()]
    for line in lines:
        print(line["who"], line.get("cpu"), line.get("total"), line.get("error", ""))
    save("windows", lines)
