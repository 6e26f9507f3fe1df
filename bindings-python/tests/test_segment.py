"""Layers, fifths and clusters on reference values."""

import csv
import json
import pathlib

import numpy as np
import pytest

import scoreline as sl
from scoreline import segment

ROOT = pathlib.Path(__file__).parents[2]
GOLDEN = json.loads((ROOT / "tests/golden/segment.json").read_text(encoding="utf-8"))


def credit():
    with (ROOT / "tests/data/south_german_credit.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in GOLDEN["fields"]}


@pytest.mark.parametrize("case", GOLDEN["kmeans"], ids=lambda case: str(case["clusters"]))
def test_clusters_of_scikit_learn(case):
    data = credit()
    found = segment.kmeans(data, GOLDEN["fields"], case["clusters"], starts=1000, seed=3, threads=0)
    assert found.inertia == pytest.approx(case["inertia"], rel=1e-9)
    assert np.allclose(found.centres, case["centres"], atol=1e-9)
    assert "".join(map(str, found.assign(data))) == case["labels"]
    assert [field.mean for field in found.fields] == pytest.approx(GOLDEN["means"], rel=1e-12)
    assert found == segment.kmeans(data, GOLDEN["fields"], case["clusters"], starts=1000, seed=3)
    # New rows, in another order of columns.
    assert found.assign({name: data[name][-3:] for name in reversed(GOLDEN["fields"])}) == [int(digit) for digit in case["labels"][-3:]]


def test_clusters_refuse_what_says_nothing():
    with pytest.raises(sl.DataError, match="row 1"):
        segment.kmeans({"x": [1, None, 3]}, ["x"], 2)
    assert segment.kmeans({"x": [1, None, 3, 9]}, ["x"], 3, missing="mean").sizes == [1, 2, 1]
    with pytest.raises(sl.ConfigError, match="2 problems"):
        segment.kmeans({"x": [1, 2]}, ["x"], 1, starts=0)
    with pytest.raises(sl.InsufficientDataError):
        segment.kmeans({"x": [1, 1, 2]}, ["x"], 3)


def test_stability():
    data = credit()
    found = segment.stability(data, GOLDEN["fields"], 2, resamples=25, level=0.8, starts=3, threads=2)
    assert len(found.indices) == 25 and found.mean == pytest.approx(np.mean(found.indices))
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(found.indices, [0.1, 0.9])))
    for case in GOLDEN["adjusted_rand"]:
        assert segment.adjusted_rand(case["first"], case["second"]) == pytest.approx(case["adjusted_rand"], abs=1e-14)


def test_fifths_against_counting():
    random = np.random.default_rng(5)
    days, orders, spent = random.integers(0, 400, 300), random.poisson(2, 300), np.round(random.lognormal(4, 1, 300), 1)
    found = segment.rfm(days, orders, spent).scores(days, orders, spent)
    worse = {
        "recency": [(days > day).sum() for day in days],
        "frequency": [(orders < count).sum() for count in orders],
        "monetary": [(spent < amount).sum() for amount in spent],
    }
    for name, counts in worse.items():
        assert found[name] == [1 + 5 * int(count) // 300 for count in counts]
    assert found["code"][0] == "".join(str(found[name][0]) for name in worse)
    with pytest.raises(sl.DataError, match="length"):
        segment.rfm(days, orders, spent[:5])


def test_layers_add_up():
    schema = sl.Schema([sl.Field("x", "number"), sl.Field("y", "number")])
    layers = [segment.Layer("high", "x >= 3", "unknown"), segment.Layer("some", "y > 0", "next")]
    found = segment.layers({"x": [5, 1, 1, None], "y": [None, None, 1, 1]}, layers, schema, rest="rest", unknown="unknown")
    assert found.table["layer"] == ["high", "rest", "some", "unknown"]
    assert [total.rows for total in found.totals] == [1] * 4 and sum(total.share for total in found.totals) == 1
    with pytest.raises(sl.ConfigError, match="3 problems"):
        segment.layers({"x": [1]}, [segment.Layer("a", "z > 1", "next"), segment.Layer("a", "x", "next")], schema, rest="r", unknown="u")
