"""The cost of one decision from Python: prints one line of JSON a kind of call."""

import csv
import json
import sys
import time

import scoreline as sl

folder = sys.argv[1]
scorer = sl.load(f"{folder}/model.json")
with open(f"{folder}/rows.csv", newline="") as file:
    rows = [{name: float(text) for name, text in row.items()} for row in csv.DictReader(file)]


def best(repeats, work):
    """Nanoseconds a row, the best of several sweeps over all rows."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    return min(times) / len(rows)


def one_by_one():
    for row in rows:
        scorer.decide_one(row)


print(json.dumps({"name": "decide_one from Python, dict of 20 fields", "ns": best(50, one_by_one)}))
