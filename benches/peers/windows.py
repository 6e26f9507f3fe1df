"""Features over dated events as of a day for each entity, of all events and of three kinds, over spans of days: 64 plain ones
(counts, sums, means, greatest amounts), and 60 that also ask for deviations, medians, different partners and recency.

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
SETS = {
    "64 plain": ((30, 90, 180, 365), ("count", "sum", "mean", "max")),
    "60 mixed": ((90, 365), ("count", "sum", "mean", "max", "std", "median", "partners", "recency")),
}
OURS = {
    "count": ev.count(), "sum": ev.sum("amount"), "mean": ev.mean("amount"), "max": ev.max("amount"), "recency": ev.recency(),
    "std": ev.standard_deviation("amount"), "median": ev.quantile("amount", 0.5), "partners": ev.distinct("partner"),
}  # fmt: skip
DUCKDB = {
    "count": "count(*)", "sum": "sum(amount)", "mean": "avg(amount)", "max": "max(amount)", "std": "stddev_samp(amount)",
    "median": "quantile_cont(amount, 0.5)", "partners": "count(distinct partner)", "recency": "min(as_of - date)",
}  # fmt: skip
POLARS = {
    "count": lambda e: e("amount").len(), "sum": lambda e: e("amount").sum(), "mean": lambda e: e("amount").mean(),
    "max": lambda e: e("amount").max(), "std": lambda e: e("amount").std(), "median": lambda e: e("amount").median(),
    "partners": lambda e: e("partner").n_unique(), "recency": lambda e: e("age").min(),
}  # fmt: skip
PANDAS = {
    **{name: ("amount", name) for name in ("count", "sum", "mean", "max", "std", "median")},
    "partners": ("partner", "nunique"), "recency": ("age", "min"),
}  # fmt: skip


def events(rows):
    """Berka-shaped: log-normal amounts, three kinds, 13 partner banks, two years of days, in order of entity and day."""
    rng = np.random.default_rng(20261122)
    entities = rows // 100
    entity = np.sort(rng.integers(0, entities, rows))
    day = rng.integers(0, 730, rows)
    order = np.lexsort((day, entity))
    kinds = np.array(["credit", "debit", "cash"])[rng.choice(3, rows, p=[0.4, 0.35, 0.25])]
    partners = np.array([f"bank {k}" for k in range(13)])[rng.integers(0, 13, rows)]
    amount = np.round(np.exp(rng.normal(7, 1.2, rows)), 2)
    date = (np.datetime64("2024-01-01") + day[order]).astype("datetime64[D]")
    table = {
        "entity": entity.astype(np.int64), "date": date, "kind": pa.array(kinds).dictionary_encode(),
        "partner": pa.array(partners).dictionary_encode(), "amount": amount,
    }  # fmt: skip
    return pa.table(table), np.arange(entities), np.datetime64("2026-01-01") - rng.integers(0, 200, entities)


def names(of):
    """Of the mixed set the recency, which has no span, stands once for each kind."""
    spans, aggregates = SETS[of]
    every = [(a, kind, span) for kind in KINDS for span in spans for a in aggregates]
    return [(f"{a}_{kind}_{span}", a, kind, span) for a, kind, span in every if a != "recency" or span == spans[-1]]


def ours(of, table, entities, as_of):
    fields = [sl.Field("amount", "number"), sl.Field("kind", "category"), sl.Field("partner", "category")]
    source = ev.Source("paid", date="date", fields=fields, decimals=2)
    wanted = [
        ev.Feature(name, "paid", OURS[a], ev.days(span), filter=KINDS[kind] and f"kind = '{kind}'")
        for name, a, kind, span in names(of)
    ]
    windows = ev.Windows([source], wanted)
    rows = pa.table({"entity": entities, "as_of": as_of.astype("datetime64[D]")})

    def run():
        found = windows.evaluate({"paid": (table, "entity")}, entities=rows["entity"], as_of=rows["as_of"], threads=1)
        return sum(float(np.nansum(column.to_numpy())) for column in found.values())

    return run


def in_duckdb(of, table, entities, as_of):
    bank = duckdb.connect()
    bank.execute("set threads = 1")
    rows = pa.table({"entity": entities, "as_of": as_of.astype("datetime64[D]")})
    bank.register("events", table)
    bank.register("rows", rows)

    def one(name, a, kind, span):
        keep = f"date > as_of - {span}" + ("" if kind == "all" else f" and kind = '{kind}'")
        return f"{DUCKDB[a]} filter ({keep}) as {name}"

    query = f"select entity, {', '.join(one(*name) for name in names(of))} from events join rows using (entity) where date <= as_of group by entity"

    def run():
        found = bank.execute(query).to_arrow_table()
        return sum(float(np.nansum(found[name[0]].cast("double").to_numpy())) for name in names(of))

    return run


def in_polars(of, table, entities, as_of):
    frame = pl.from_arrow(table)
    rows = pl.DataFrame({"entity": entities, "as_of": as_of.astype("datetime64[D]")})

    def one(name, a, kind, span):
        keep = pl.col("age") < span
        if kind != "all":
            keep = keep & (pl.col("kind") == kind)
        return POLARS[a](lambda column: pl.col(column).filter(keep)).alias(name)

    def run():
        joined = frame.lazy().join(rows.lazy(), on="entity").filter(pl.col("date") <= pl.col("as_of"))
        aged = joined.with_columns((pl.col("as_of") - pl.col("date")).dt.total_days().alias("age"))
        found = aged.group_by("entity").agg([one(*name) for name in names(of)]).collect()
        return sum(float(found[name[0]].sum() or 0.0) for name in names(of))

    return run


def in_pandas(of, table, entities, as_of):
    frame = table.to_pandas()
    frame["date"] = pd.to_datetime(frame["date"])
    rows = pd.DataFrame({"entity": entities, "as_of": pd.to_datetime(as_of)})

    def run():
        joined = frame.merge(rows, on="entity")
        joined["age"] = (joined["as_of"] - joined["date"]).dt.days
        total = 0.0
        for kind in KINDS:
            for span in SETS[of][0]:
                keep = (joined["age"] >= 0) & (joined["age"] < span)
                if kind != "all":
                    keep &= joined["kind"] == kind
                wanted = {name: PANDAS[a] for name, a, k, s in names(of) if (k, s) == (kind, span)}
                found = joined[keep].groupby("entity").agg(**wanted)
                total += float(np.nansum(found.to_numpy()))
        return total

    return run


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    given, lines = events(size), []
    makers = {"scoreline": ours, "DuckDB": in_duckdb, "polars": in_polars, "pandas": in_pandas}
    for of in SETS:
        timed = race({who: make(of, *given) for who, make in makers.items()}, runs=3)
        lines += [row(f"windows, {of}", who, one, rows=size, total=one.get("value")) for who, one in timed.items()]
    for line in lines:
        print(line["task"], line["who"], line.get("cpu"), line.get("total"), line.get("error", ""))
    save("windows", lines)
