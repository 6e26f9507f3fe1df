"""Larger real data sets, where the folder named by SCORELINE_DATA has them. A wrong folder fails."""

import os
import pathlib
import random

import polish_tiers
import pyarrow.parquet as pq
import pytest
import taiwan_tiers

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


MONTHS = [6, 5, 4, 3, 2, 1]  # April to September


def taiwan():
    table = pq.read_table(pathlib.Path(FOLDER) / "taiwan_credit" / "taiwan_credit.parquet").to_pydict()
    status = [table["PAY_0" if month == 1 else f"PAY_{month}"] for month in MONTHS]
    return table, status


def test_early_warning_walks_forward():
    """Card holders month by month. The event is the first month two or more months past due, or the default in October; the
    severity is what is drawn of the limit, less for those who pay much of the bill, more for those who revolve."""
    table, status = taiwan()
    rows = range(len(table["target"]))
    first = [next((at for at in range(6) if status[at][row] >= 2), 6 if table["target"][row] else None) for row in rows]
    entities, periods, severities, events = [], [], [], []
    for at, month in enumerate(MONTHS):
        bill, paid, limit = table[f"BILL_AMT{month}"], table[f"PAY_AMT{month}"], table["LIMIT_BAL"]
        entities += [str(row) for row in rows]
        periods += [at] * len(rows)
        severities += [
            bill[row] / limit[row] - min(paid[row] / bill[row], 1) / 2 + (status[at][row] == 0) / 4 if bill[row] > 0 else 0.0
            for row in rows
        ]
        events += first
    capacity = sl.warning.tune(
        entities, periods, severities, events, rule={"type": "capacity", "per_1000": 50}, horizon=1, observed_until=6
    )
    tuned = capacity.tuned
    known = [one for one in tuned.periods if one.events is not None]
    assert [one.period for one in known] == [1, 2, 3, 4, 5]
    base = sum(one.events for one in known) / sum(one.rows for one in known)
    assert tuned.precision.low > base
    assert abs(tuned.per_1000 - 50) < abs(capacity.single.per_1000 - 50) + 5
    assert tuned.lead.median >= 1
    cost = sl.warning.tune(
        entities, periods, severities, events, rule={"type": "cost", "missed": 10, "false_alarm": 1}, horizon=1, observed_until=6
    )
    assert cost.tuned.recall.share > tuned.recall.share and cost.tuned.periods[0].period == 2
    for name, run in (("tuned", tuned), ("single", capacity.single), ("cost 10:1", cost.tuned)):
        print(name, "base", round(base, 4), "per 1,000", round(run.per_1000, 1), "precision", run.precision, "recall", run.recall, run.lead)
        for one in run.periods:
            print("  ", one.period, round(one.per_1000, 1), one.held, one.precision and round(one.precision.share, 3))


def test_planted_anomalies_stand_out():
    """60 of 30,000 card holders (a base rate of 0.2 %) get one bill or payment of another holder times 40, by a fixed seed. Many
    such values are no larger than the largest true ones; looking at 1 % of the holders finds some 25 times as many as chance."""
    table, _ = taiwan()
    dice = random.Random(20_050_930)
    names = [f"{name}{month}" for name in ("BILL_AMT", "PAY_AMT") for month in MONTHS]
    data = {name: [float(value) for value in table[name]] for name in names}
    planted = dice.sample(range(len(table["target"])), 60)
    for row in planted:
        name = dice.choice(names)
        data[name][row] = 40 * max(abs(data[name][dice.randrange(len(data[name]))]), 1_000)
    scores = sl.fraud.fit_outliers(data, names).scores(data)
    order = sorted(range(len(scores.score)), key=lambda row: -scores.score[row])
    found = len(set(order[:300]) & set(planted))
    print("planted in the first 1 %:", found, "of 60; the base rate alone gives", 60 * 0.01)
    assert found >= 12


def test_tiers_of_card_holders_with_and_without_memory():
    """Walk-forward: the card knows April and June only. Memory calms the tiers, and they know no less of October."""
    holders, months = taiwan_tiers.read(FOLDER)
    pipeline, cuts = taiwan_tiers.card(months)
    assert cuts.rising and all(p < 0.05 for p in cuts.p_values)
    rows = taiwan_tiers.histories(holders, months, pipeline.scorer())
    policy = {"direction": "a_is_best", "cuts": cuts.cuts}
    found = sl.tiering.frontier(rows, policy=policy, grid=taiwan_tiers.GRID, event="event", threads=2)
    assert (found.entities, found.rows, found.events) == (30_000, 120_000, 6_636)
    none, chosen = found.settings[0], next(one for one in found.settings if one.setting == taiwan_tiers.CHOSEN)
    assert chosen.flip_flops < none.flip_flops / 2 and chosen.mean_delay_days < 5
    assert chosen.false_alarm_share > none.false_alarm_share  # what it costs
    notches = [none.notches] + [one.notches for one in found.settings if one.label.startswith("band") and "after" not in one.label]
    assert notches == sorted(notches, reverse=True)
    bad = holders["target"].to_numpy() == 1
    for setting in (none.setting, chosen.setting):
        tiers = sl.tiering.history(rows.drop_columns(["event"]), policy=policy, setting=setting).tiers
        # Nobody who pays is in D, but for those whom memory keeps there.
        worse = taiwan_tiers.worse_next_month(tiers, months)
        rates = [worse[letter][2] for letter in "ABC"]
        assert rates == sorted(rates)
        captured, share, auc = taiwan_tiers.last_month(tiers, bad)
        assert captured > 2 * share and auc.low > 0.65


def test_tiers_of_companies_rise_on_a_year_that_nothing_knew():
    early, late = polish_tiers.read(FOLDER)
    _, cuts, pipeline = polish_tiers.card(early)
    assert cuts.rising
    found = polish_tiers.by_tier(pipeline.scorer().decide(late).to_pydict()["tier"], late["target"].to_numpy() == 1)
    rates = [tier.rate for tier, _ in found.values()]
    assert rates == sorted(rates) and sum(tier.rows for tier, _ in found.values()) == late.num_rows
    assert all(p_value is None or p_value < 0.05 for _, p_value in found.values())
