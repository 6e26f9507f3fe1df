"""Contingency plans on the made-up applications of the museum."""

import csv
from decimal import Decimal

import pytest

import scoreline as sl
from conftest import ROOT

MODEL = ROOT / "tests/artefacts/v1/south_german_credit.json"
DAY = "2026-11-21"


@pytest.fixture(scope="module")
def pipeline():
    return sl.Pipeline.load(MODEL)


@pytest.fixture(scope="module")
def table(pipeline):
    with (ROOT / "tests/data/south_german_credit.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kinds = {field["name"]: field["kind"] for field in pipeline.to_dict()["schema"]["fields"]}
    return {name: [float(row[name]) if kind == "number" else row[name] for row in rows] for name, kind in kinds.items()}


def test_a_plan_and_its_taking_back(pipeline):
    text = pipeline.to_json()
    plan = sl.Playbook("crunch", "CRO", shock={"pd": {"type": "logit", "add": 0.5}, "funding": 0.01, "cap": 0.3})
    changed = plan.apply(pipeline)
    assert changed.hash != pipeline.hash and pipeline.to_json() == text
    assert sl.Pipeline.from_json(changed.to_json()) == changed


def test_a_dry_run_counts_what_the_scorers_decide(pipeline, table):
    plan = sl.Playbook("crunch", "CRO", shock={"pd": {"type": "logit", "add": 0.5}, "funding": 0.01})
    run = plan.dry_run(pipeline, table, DAY)
    for side, scored in ((run.before, pipeline), (run.after, plan.apply(pipeline))):
        decisions = scored.scorer().decide(table, DAY)
        outcomes = list(decisions["outcome"])
        assert side.outcomes == {name: outcomes.count(name) for name in ("approve", "refer", "decline")}
        tiers = list(decisions["tier"])
        assert side.tiers == {letter: tiers.count(letter) for letter in "ABCD"}
        offered = zip(outcomes, decisions["rate"], decisions["amount"], strict=True)
        amounts = [Decimal(str(amount)) for outcome, rate, amount in offered if outcome != "decline" and rate is not None and rate == rate]
        assert side.offers == len(amounts) and side.amount == sum(amounts)
        assert side.raroc == side.net_income / side.capital
    assert sum(map(sum, run.migration.counts)) == len(table["amount"]) - len(run.errors)
    assert sum(sum(value for value in row.values() if isinstance(value, int)) for row in run.swaps) == len(table["amount"])
    assert run.before.above_hurdle > run.after.above_hurdle
    assert run == plan.dry_run(pipeline, table, DAY, threads=1)


def test_what_a_plan_cannot_suppose(pipeline, table):
    with pytest.raises(sl.ConfigError, match="log-odds"):
        sl.Playbook("crunch", "CRO", shock={"pd": {"type": "state", "z": -2, "rho": 0.1}}).apply(pipeline)
    with pytest.raises(sl.ConfigError, match="owner"):
        sl.Playbook("crunch", "").apply(pipeline)
    with pytest.raises(sl.ConfigError, match="cuts"):
        sl.Playbook("crunch", "CRO", tier={**pipeline.to_dict()["tier"], "cuts": [0.3, 0.2, 0.1]}).dry_run(pipeline, table, DAY)
