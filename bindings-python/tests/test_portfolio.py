"""Expected losses, states of the economy, stress and vintages."""

import statistics

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
