"""Larger real data sets, where the folder named by SCORELINE_DATA has them. A wrong folder fails."""

import os
import pathlib

import pyarrow.parquet as pq
import pytest

import scoreline as sl

FOLDER = os.environ.get("SCORELINE_DATA")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")

BUREAU_CODES = [sl.Special(-9.0, "no bureau record"), sl.Special(-8.0, "no usable trades"), sl.Special(-7.0, "condition not met")]


def read(name):
    table = pq.read_table(pathlib.Path(FOLDER) / name / f"{name}.parquet")
    return table.append_column("row", [list(range(table.num_rows))])


def numbers(table, special=()):
    names = [name for name in table.column_names if name not in ("target", "row")]
    return sl.Schema([sl.Field(name, "number", special=special or None) for name in names])


@pytest.mark.parametrize(
    ("name", "special", "auc"),
    # What the logistic regression on equal-frequency deciles reaches in cross-validation, less the noise of one split.
    [("heloc", BUREAU_CODES, 0.775), ("taiwan_credit", (), 0.76), ("gmsc", (), 0.84)],
)
def test_a_card_on_real_data(name, special, auc):
    table = read(name)
    config = sl.Config(
        target="target",
        schema=numbers(table, special),
        split=sl.Split("row", 0.3, "real"),
        scaling=sl.Scaling(600, 50, 20),
        binning=sl.Binning(max_bins=8),
        tier={"direction": "a_is_best", "cuts": [0.05, 0.1, 0.3]},
    )
    pipeline = sl.fit(table, config, threads=2)
    assert pipeline.hash == sl.fit(table.to_batches(max_chunksize=65_536), config, threads=1).hash
    training = pipeline.to_dict()["training"]
    assert training["test"]["auc"] > auc
    assert abs(training["development"]["auc"] - training["test"]["auc"]) < 0.03
    for bins in pipeline.to_dict()["bins"]:
        certificate = bins["certificate"]
        # Bins that turn once are bounded by the best of any order, which may turn more often.
        most = 0.01 if certificate["trend"] in ("increasing", "decreasing") else 0.1
        assert certificate["optimal"] or 0 <= certificate["gap"] <= most * certificate["bound"]

    scorer = pipeline.scorer()
    decided = scorer.decide(table, threads=2).to_pydict()
    for row in range(0, table.num_rows, table.num_rows // 200):
        one = scorer.decide_one({field: table[field][row].as_py() for field in scorer.required})
        assert (one.score, one.pd, one.tier) == (decided["score"][row], decided["pd"][row], decided["tier"][row])
