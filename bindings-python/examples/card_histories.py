"""Utilisation and delinquency windows over monthly card statements.

The data are 30,000 credit card holders in Taiwan with six statements each, April to September 2005 (I-C. Yeh, C. Lien, 2009;
UCI Machine Learning Repository, CC BY 4.0). The wide table of the source is turned into dated events, as a bank has them.

    SCORELINE_DATA=… python bindings-python/examples/card_histories.py
"""

import os
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import scoreline as sl
from scoreline import events as ev

# The day after the last statement: months that end with a month begin on the first.
AS_OF = np.datetime64("2005-10-01")


def read(folder):
    """The holders, and their statements as events at the end of each month."""
    holders = pq.read_table(pathlib.Path(folder) / "taiwan_credit" / "taiwan_credit.parquet")
    limit = holders["LIMIT_BAL"].to_numpy().astype(float)
    ends = (np.arange("2005-05", "2005-11", dtype="datetime64[M]").astype("datetime64[D]") - 1)[::-1]
    parts = []
    for age, (status, end) in enumerate(zip(("PAY_0", *(f"PAY_{k}" for k in range(2, 7))), ends, strict=True), start=1):
        billed, paid = (holders[f"{name}{age}"].to_numpy().astype(float) for name in ("BILL_AMT", "PAY_AMT"))
        parts.append({
            "holder": holders["ID"].to_numpy().astype(float), "date": np.full(len(limit), end), "status": holders[status].to_numpy().astype(float),
            "billed": billed, "paid": paid, "utilisation": billed / limit,
        })  # fmt: skip
    return holders, pa.table({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def windows():
    """Status counts months past due; 0 and below is not past due."""
    fields = [sl.Field(name, "number") for name in ("status", "billed", "paid", "utilisation")]
    statements = ev.Source("statements", date="date", fields=fields, decimals=6)
    half_year, quarter, earlier = ev.months(6), ev.months(3), ev.months(3, lag=3)

    def feature(name, aggregate, window, **more):
        return ev.Feature(name, "statements", aggregate, window, **more)

    return ev.Windows([statements], [
        feature("worst_6m", ev.max("status"), half_year, unit="months past due"),
        feature("months_since_worst", ev.months_since_max("status"), half_year, unit="months"),
        feature("months_late_6m", ev.count(), half_year, filter="status >= 1", unit="months"),
        feature("months_late_2_6m", ev.count(), half_year, filter="status >= 2", unit="months"),
        feature("days_since_late", ev.recency(), half_year, filter="status >= 1", unit="days"),
        feature("utilisation_3m", ev.mean("utilisation"), quarter),
        feature("utilisation_before", ev.mean("utilisation"), earlier),
        feature("utilisation_peak_6m", ev.max("utilisation"), half_year),
        feature("utilisation_trend_6m", ev.trend("utilisation"), half_year, unit="per month"),
        feature("billed_volatility_6m", ev.volatility("billed"), half_year),
        feature("paid_6m", ev.sum("paid"), half_year, unit="NT$"),
        feature("paid_nothing_6m", ev.count(), half_year, filter="paid = 0", unit="months"),
    ])  # fmt: skip


def main():
    holders, statements = read(os.environ["SCORELINE_DATA"])
    as_of = np.full(holders.num_rows, AS_OF)
    found = windows().evaluate({"statements": (statements, "holder")}, entities=holders["ID"], as_of=as_of)
    print(f"{len(found)} features of {holders.num_rows:,} holders from {statements.num_rows:,} statements\n")
    columns = {"id": holders["ID"], "limit": holders["LIMIT_BAL"], **{name: numbers.to_numpy() for name, numbers in found.items()}}
    columns["bad"] = holders["target"]
    more_used = sl.Feature("more_used", "utilisation_3m - utilisation_before", description="three months against the three before")
    config = sl.Config("bad", events=windows(), features=[more_used], split=sl.Split("id", 0.3, "card histories"))
    pipeline = sl.fit(columns, config)
    training = pipeline.to_dict()["training"]
    print(pipeline.coefficients(), "\n")
    print(f"AUC {training['development']['auc']:.3f} in development, {training['test']['auc']:.3f} in test")


if __name__ == "__main__":
    main()
