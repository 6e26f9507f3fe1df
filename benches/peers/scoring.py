"""Scores of a million rows by twenty features from Python, and of one record that comes as a dict.

    python scoring.py [ROWS]

Every card is fitted on 50,000 rows; scorecardpy on 4,000, and it scores 100,000 rows only: its own fit and use are too slow.
"""

import pathlib
import statistics
import sys
import tempfile
import time

import numpy as np
import pandas as pd
import pyarrow as pa
from common import in_scorecardpy, race, row, save, sl, twenty_features

FITTED_ON = 50_000


def ours(table):
    return sl.fit(table, sl.Config(target="y", binning=sl.Binning(max_bins=10)), threads=1).scorer()


def optbinning(table):
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    names = [name for name in table if name != "y"]
    scaling = {"scaling_method": "pdo_odds", "scaling_method_params": {"pdo": 20, "odds": 50, "scorecard_points": 600}}
    card = Scorecard(BinningProcess(names, max_n_bins=10), LogisticRegression(), **scaling)
    return card.fit(table[names], table["y"])


def toad(table):
    import toad as library

    combiner = library.transform.Combiner()
    combiner.fit(table, y="y", method="dt", n_bins=10, min_samples=0.05)
    transer = library.transform.WOETransformer()
    woe = transer.fit_transform(combiner.transform(table), table["y"], exclude=["y"])
    card = library.ScoreCard(combiner=combiner, transer=transer)
    return card.fit(woe.drop(columns="y"), woe["y"])


def latency(call, records, seconds=5.0):
    """Median and 90th percentile in microseconds over as many records as fit into the time."""
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until and len(times) < 20_000:
        record = records[len(times) % len(records)]
        start = time.process_time_ns()
        call(record)
        times.append((time.process_time_ns() - start) / 1e3)
    return {"p50": statistics.median(times), "p90": float(np.quantile(times, 0.9)), "calls": len(times)}


def per_record(call, records, seconds=3.0):
    """Microseconds of CPU a record, the median over sweeps: for calls shorter than a reading of the clock."""
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.process_time_ns()
        for record in records:
            call(record)
        times.append((time.process_time_ns() - start) / 1e3 / len(records))
    return {"p50": statistics.median(times), "p90": float(np.quantile(times, 0.9)), "calls": len(times) * len(records)}


def main(rows=1_000_000):
    table = twenty_features(rows)
    train, x = table.head(FITTED_ON), table.drop(columns="y")
    scorer, theirs, toads = ours(train), optbinning(train), toad(train)
    arrow = pa.Table.from_pandas(x)
    runners = {
        "scoreline": lambda: scorer.score(x, threads=1),
        "scoreline, Arrow": lambda: scorer.score(arrow, threads=1),
        "optbinning": lambda: theirs.score(x),
        "toad": lambda: toads.predict(x),
    }
    lines = [row("batch scoring", who, one, rows=rows) for who, one in race(runners).items()]
    records = x.head(1_000).to_dict("records")
    calls = {
        "scoreline": lambda record: scorer.decide_one(record).score,
        "toad": toads.predict,
        "optbinning": lambda record: theirs.score(pd.DataFrame([record])),
    }
    for who, call in calls.items():
        timed = per_record(call, records) if who == "scoreline" else latency(call, records)
        lines.append(row("one record from a dict", who, **timed))
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "table.csv")
        table.head(100_000).to_csv(path, index=False)
        found = in_scorecardpy("score", path)
    lines.append(row("batch scoring", "scorecardpy", found["batch"], rows=found["rows"]))
    lines.append(row("one record from a dict", "scorecardpy", **found["record"]))
    return lines


if __name__ == "__main__":
    save("scoring", main(*map(int, sys.argv[1:])))
