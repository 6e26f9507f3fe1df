"""Expected losses, states of the economy, stress, vintages and the repricing gap."""

import statistics
from decimal import Decimal

import pyarrow as pa
import pytest

import scoreline as sl
from scoreline import portfolio


def test_a_published_loan():
    """IFRScommunity: 100,000 repaid with 25,000 a year at 7.93083 %; marginal PDs of 3 and 4 %, LGD 80 %."""
    eir, balance, ead, alive, hazards = 0.0793083, 100_000.0, [], 1.0, []
    for marginal in (0.03, 0.03, 0.03, 0.04, 0.04):
        ead.append(balance)
        balance = balance * (1 + eir) - 25_000
        hazards.append(marginal / alive)
        alive -= marginal
    loss = portfolio.expected_credit_loss(hazards=hazards, lgd=0.8, ead=ead, eir=eir, periods_per_year=1)
    assert loss.by_period == pytest.approx([2224, 1709, 1231, 1053, 506], abs=0.75)
    assert loss.lifetime == pytest.approx(6722, abs=1)
    assert (loss.of("one"), loss.of("three")) == (loss.twelve_months, 80_000)
    assert loss.cumulative_pd == pytest.approx(0.17)


def test_every_wrong_figure_is_named():
    with pytest.raises(sl.errors.DataError) as caught:
        portfolio.expected_credit_loss(hazards=[1.2], lgd=2.0, ead=[-1.0], eir=-2.0)
    assert [problem["field"] for problem in caught.value.problems] == ["hazards", "lgd", "ead", "eir"]
    with pytest.raises(sl.errors.DataError, match="row 1"):
        portfolio.conditional_pds([0.1, 1.0], rho=0.1, z=0.0)


def test_the_mean_over_states_is_the_pd():
    normal = statistics.NormalDist()
    states = [normal.inv_cdf((i + 0.5) / 20_000) for i in range(20_000)]
    pds = [portfolio.conditional_pds([0.02], rho=0.15, z=z)[0] for z in states]
    assert statistics.fmean(pds) == pytest.approx(0.02, rel=1e-3)
    assert pds == sorted(pds, reverse=True)


def test_the_state_of_a_year_is_found():
    average = [[0.9, 0.08, 0.015, 0.005], [0.05, 0.85, 0.07, 0.03], [0.01, 0.09, 0.7, 0.2], [0, 0, 0, 1]]
    year = portfolio.conditional_matrix(average, rho=0.1, z=-1.2)
    counts = [[round(100_000 * share) for share in row] for row in year[:3]]
    observed = sl.MigrationMatrix([row[:3] for row in counts], [0, 0, 0], [row[3] for row in counts])
    assert portfolio.fit_state(average, observed, rho=0.1) == pytest.approx(-1.2, abs=0.005)


BOOK = {"pd": [0.005, 0.02, 0.08], "lgd": [0.5] * 3, "ead": [1e3] * 3, "rate": [0.065, 0.08, 0.14]}
POLICY = portfolio.StressPolicy(
    cuts=(0.01, 0.03, 0.1), capital={"type": "fixed_share", "share": 0.08}, funding=0.03, opex=0.01, tax=0.25, hurdle=0.1
)
SHOCK = {"pd": {"type": "state", "z": -2.0, "rho": 0.1}, "lgd": 0.1}


def test_stress_by_hand():
    report = portfolio.stress(BOOK, POLICY, SHOCK)
    pds = portfolio.conditional_pds(BOOK["pd"], rho=0.1, z=-2.0)
    assert report.after.expected_loss == pytest.approx(sum(1e3 * 0.6 * pd for pd in pds), rel=1e-12)
    income = sum(1e3 * 0.75 * (rate - 0.04 - 0.6 * pd) for rate, pd in zip(BOOK["rate"], pds, strict=True))
    assert report.after.raroc == pytest.approx(income / 240, rel=1e-9)
    assert sum(report.after.tiers.values()) == sum(map(sum, report.migration.counts)) == 3


def test_the_least_shock():
    found = portfolio.reverse_stress(BOOK, POLICY, SHOCK)
    assert found.outcome == "breaks" and 0 < found.severity < 1
    assert found.figures.raroc == pytest.approx(0.1, abs=1e-9)
    assert portfolio.reverse_stress(BOOK, POLICY, {}).outcome == "holds"
    with pytest.raises(sl.errors.ConfigError):
        portfolio.reverse_stress(BOOK, POLICY, SHOCK, most=0)
    with pytest.raises(sl.errors.DataError, match="differ in length"):
        portfolio.stress(BOOK | {"pd": [0.1]}, POLICY, SHOCK)


SCENARIOS = [portfolio.Scenario("base", 0.6), portfolio.Scenario("bad", 0.4, states=[-2.0, -1.0], lgd_added=0.1)]


def loans(rows):
    return {
        "pd": [0.001 + 0.0007 * (row % 97) for row in range(rows)],
        "pd_origination": [0.001 + 0.0005 * (row % 61) for row in range(rows)],
        "lgd": [0.1 + 0.01 * (row % 80) for row in range(rows)],
        "ead": [100.0 + row % 1009 for row in range(rows)],
        "eir": [0.01 * (row % 13) for row in range(rows)],
        "months": [1 + row % 90 for row in range(rows)],
        "days": [float(row % 100) if row % 11 == 0 else 0.0 for row in range(rows)],
        "bullet": [row % 5 == 0 for row in range(rows)],
    }


def month_by_month(loan, scenario, rho):
    """The losses of twelve months, of the life and of what has defaulted."""
    normal, alive, year, life = statistics.NormalDist(), 1.0, 0.0, 0.0
    growth, balance = (1 + loan["eir"]) ** (1 / 12), loan["ead"]
    instalment = balance / sum(growth**-month for month in range(1, loan["months"] + 1))
    lgd = loan["lgd"] + scenario.lgd_added
    for month in range(loan["months"]):
        pd = loan["pd"]
        if month // 12 < len(scenario.states):
            pd = normal.cdf((normal.inv_cdf(pd) - rho**0.5 * scenario.states[month // 12]) / (1 - rho) ** 0.5)
        failing = alive * (1 - (1 - pd) ** (1 / 12))
        loss = failing * lgd * balance * growth ** -(month + 1)
        alive, life, year = alive - failing, life + loss, year + (loss if month < 12 else 0)
        balance = balance if loan["bullet"] else balance * growth - instalment
    return {"one": year, "two": life, "three": lgd * loan["ead"]}


def test_a_book_month_by_month():
    table = loans(200)
    found = portfolio.book_losses(table, portfolio.EclPolicy(SCENARIOS, rho=0.12))
    assert set(found.table["stage"]) == {"one", "two", "three"}
    allowance = dict.fromkeys(("base", "bad"), 0.0)
    for row, stage in enumerate(found.table["stage"]):
        loan = {name: column[row] for name, column in table.items()}
        losses = [month_by_month(loan, scenario, 0.12) for scenario in SCENARIOS]
        weighted = {stage: 0.6 * losses[0][stage] + 0.4 * losses[1][stage] for stage in losses[0]}
        assert found.table["twelve_months"][row] == pytest.approx(weighted["one"], rel=1e-9)
        assert found.table["lifetime"][row] == pytest.approx(weighted["two"], rel=1e-9)
        assert found.table["ecl"][row] == pytest.approx(weighted[stage], rel=1e-9)
        for scenario, loss in zip(SCENARIOS, losses, strict=True):
            allowance[scenario.name] += loss[stage]
    assert {name: total.ecl for name, total in found.scenarios.items()} == pytest.approx(allowance)
    assert found.ecl == pytest.approx(sum(found.table["ecl"])) == pytest.approx(sum(one.ecl for one in found.stages.values()))
    assert sum(total.exposures for total in found.stages.values()) == 200


def test_a_book_in_parts_and_threads():
    policy = portfolio.EclPolicy(SCENARIOS, rho=0.12, staging=portfolio.StagingPolicy(ratio=1.5))
    whole = pa.table(loans(20_000))
    first = portfolio.book_losses(whole, policy, threads=1)
    parts = portfolio.book_losses([whole.slice(0, 7_001), whole.slice(7_001)], policy, threads=3)
    assert first.table.to_pydict() == parts.table.to_pydict()
    assert first[1:] == parts[1:]


def test_rows_and_settings_that_cannot_be():
    table = loans(10) | {"lgd": [0.4] * 9 + [None]}
    table["pd"][3] = 2.0
    found = portfolio.book_losses(table, portfolio.EclPolicy(SCENARIOS, rho=0.12))
    assert [row for row, status in enumerate(found.table["status"]) if status != "ok"] == [3, 9]
    assert [(one.problems[0]["field"], one.problems[0]["row"]) for one in found.table.errors] == [("pd", 3), ("lgd", 9)]
    assert found.table["ecl"][3] is None
    with pytest.raises(sl.errors.DataError) as missing:
        portfolio.book_losses({"pd": [0.1], "days": ["late"]}, portfolio.EclPolicy(SCENARIOS, rho=0.12))
    names = ["pd_origination", "lgd", "ead", "eir", "months", "days"]
    assert [problem["field"] for problem in missing.value.problems] == names
    with pytest.raises(sl.errors.ConfigError) as wrong:
        portfolio.book_losses(table, portfolio.EclPolicy(SCENARIOS[:1], rho=0, periods_per_year=7))
    assert [problem["field"] for problem in wrong.value.problems] == ["ecl.rho", "ecl.periods_per_year", "ecl.scenarios"]


def test_the_gap_of_a_book():
    """Cash flow by cash flow: each repriced amount earns or costs the shift from its month to the horizon."""
    buckets = {"months": [0.0, 1.5, 4.5, 18.0], "assets": [120.5, 900, 30, 800], "liabilities": [700, 99.99, 400, 650]}
    found = portfolio.repricing_gap(pa.table(buckets), horizon=12, shift=0.015)
    changes = [(a - b) * 0.015 * max(12 - m, 0) / 12 for m, a, b in zip(*buckets.values(), strict=True)]
    assert [float(change) for change in found.table["change"]] == pytest.approx(changes, abs=0.005)
    assert found.change == sum(found.table["change"]) and found.gap == found.table["cumulative"][-1] == Decimal("0.51")
    assert found.margin_change == pytest.approx(float(found.change) / 1850.5)
    assert portfolio.repricing_gap(buckets, horizon=12, shift=[0.015] * 4)[1:] == found[1:]
    curves = portfolio.curve_shift({6: 0.02}, {1: 0.035})
    assert portfolio.repricing_gap(buckets, horizon=12, shift=curves).change == found.change
    matched = buckets | {"liabilities": buckets["assets"]}
    assert portfolio.repricing_gap(matched, horizon=36, shift=-0.5)[3:] == (0, 0, 0)


def test_gaps_that_cannot_be():
    with pytest.raises(sl.errors.DataError) as caught:
        portfolio.repricing_gap({"months": [2, 1], "assets": [-1, 1], "liabilities": [1, 1]}, horizon=0, shift=[2])
    assert len(caught.value.problems) == 5
    with pytest.raises(sl.errors.DataError, match="at most 2 decimals"):
        portfolio.repricing_gap({"months": [1], "assets": [1.005], "liabilities": [0]}, horizon=12, shift=0.01)
    exact = portfolio.repricing_gap({"months": [0], "assets": [1.005], "liabilities": [0]}, horizon=12, shift=1, decimals=3)
    assert exact.change == Decimal("1.005")
    with pytest.raises(sl.errors.DataError, match="differ in length"):
        portfolio.repricing_gap({"months": [1, 2], "assets": [1], "liabilities": [0]}, horizon=12, shift=0.01)
