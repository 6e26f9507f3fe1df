"""Returns on capital, caps, guards and demand, beside closed forms and plain Python."""

import random

import pyarrow as pa
import pytest

import scoreline as sl
from scoreline import pricing

TERMS = {"funding": 0.032, "opex": 0.015, "origination": 0.003, "prepayment": 0.1, "capital_benefit": 0.025, "tax": 0.25}


def eva(rate, months, pd, lgd, capital, hurdle, method):
    """The model of the module's docs in plain Python, forwards month by month."""
    i, q = rate / 12, 1 - (1 - pd) ** (1 / 12)
    smm, v = 1 - (1 - TERMS["prepayment"]) ** (1 / 12), (1 + hurdle) ** (-1 / 12)
    payment = i / (1 - (1 + i) ** -months)
    alive, balance, income, bound = 1.0, 1.0, -(1 - TERMS["tax"]) * TERMS["origination"], 0.0
    for month in range(1, months + 1):
        costs = (TERMS["funding"] + TERMS["opex"] - capital * TERMS["capital_benefit"]) / 12
        gain = alive * balance * ((1 - q) * i - costs - q * lgd)
        income += v**month * (1 - TERMS["tax"]) * gain
        bound += v**month * alive * balance * capital / 12
        alive *= (1 - q) * (1 - smm)
        balance = {"equal_instalment": balance * (1 + i) - payment, "equal_principal": 1 - month / months, "bullet": 1.0}[method]
    return income - hurdle * bound


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "bullet"])
def test_break_even_over_the_life(method):
    draw = random.Random(20261122)
    for _ in range(200):
        months, pd, lgd, capital, hurdle = (
            draw.randint(1, 84), draw.uniform(0.001, 0.3), draw.random(), draw.uniform(0.02, 0.2), draw.uniform(0.032, 0.3))  # fmt: skip
        loan = pricing.Lifetime(months=months, pd=pd, lgd=lgd, capital=capital, balance=method, **TERMS)
        rate = loan.break_even_rate(hurdle)
        assert eva(rate, months, pd, lgd, capital, hurdle, method) == pytest.approx(0, abs=1e-10)
        assert loan.at(rate, hurdle).raroc == pytest.approx(hurdle, abs=1e-10)
        assert loan.waterfall(hurdle).rate == pytest.approx(rate, abs=1e-11)


def test_a_table_is_its_loans():
    loan = pricing.Lifetime(months=36, pd=0.03, lgd=0.6, capital=0.08, **TERMS)
    table = pa.table({"id": ["a", "b", "c", "d"], "months": [12, 36, 60, 0], "pd": [0.01, 0.05, None, 0.02]})
    for threads in (1, 2):
        priced = loan.price(table, 0.12, threads=threads)
        assert list(priced["status"]) == ["ok", "ok", "invalid_data", "invalid_data"]
        assert list(priced["rate"])[2:] == [None, None] and list(priced["solutions"]) == [1, 1, 0, 0]
        for row, (months, pd) in enumerate([(12, 0.01), (36, 0.05)]):
            alone = pricing.Lifetime(months=months, pd=pd, lgd=0.6, capital=0.08, **TERMS)
            assert priced["rate"][row] == alone.break_even_rate(0.12)
        assert [error.problems[0]["field"] for error in priced.errors] == ["pd", "months"]


def test_no_rate_may_do():
    hopeless = pricing.Lifetime(months=12, pd=0.9999999, lgd=1.0, capital=0.1, funding=0.03)
    assert hopeless.break_even_rate(0.12) is None and hopeless.waterfall(0.12) is None
    assert hopeless.solve(0.12)["type"] == "none"


def test_a_hurdle_below_funding_solves_nothing_but_may_be_looked_at():
    loan = pricing.Lifetime(months=36, pd=0.03, lgd=0.6, capital=0.08, **TERMS)
    year = pricing.SinglePeriod(rate=0.08, funding=0.032, expected_loss=0.01, capital=0.08)
    solvers = (loan.break_even_rate, loan.solve, loan.waterfall, year.break_even_rate, year.waterfall)
    for solve in solvers:
        with pytest.raises(sl.errors.DataError, match="below the funding rate") as caught:
            solve(0.031)
        assert [problem["field"] for problem in caught.value.problems] == ["hurdle"]
        solve(0.032)
    assert loan.at(0.1, 0.031).raroc > 0.031 and year.eva(0.031) > 0 and len(loan.cash_flows(0.1)) == 36
    priced = loan.price({"funding": [0.02, 0.04]}, 0.031)
    assert list(priced["status"]) == ["ok", "invalid_data"] and priced.errors[0].problems[0]["field"] == "hurdle"


def test_a_pd_curve_prices_a_loan():
    curve = sl.loss.conditional_pds([0.01, 0.03, 0.08])
    hazards, alive = curve.hazards(36), 1.0
    for month, hazard in enumerate(hazards, 1):
        alive *= 1 - hazard
        assert alive == pytest.approx(curve.survival_at(month / 12), abs=1e-14)
    rates = [pricing.Lifetime(months=36, pd=pd, lgd=0.6, capital=0.08, **TERMS).break_even_rate(0.12) for pd in (0.01, hazards, 0.08)]
    assert rates == sorted(rates)
    flat = pricing.Lifetime(months=36, pd=sl.loss.constant_pd(0.03, 3).hazards(36), lgd=0.6, capital=0.08, **TERMS)
    assert flat.break_even_rate(0.12) == pytest.approx(0.0786370878, abs=1e-10)
    with pytest.raises(sl.errors.ConfigError, match="between 1 and 36"):
        curve.hazards(37)


def test_every_wrong_figure_is_named():
    with pytest.raises(sl.errors.DataError) as caught:
        pricing.SinglePeriod(rate=0.1, funding=0.03, expected_loss=-0.1, capital=0.0, tax=1.0)
    assert [problem["field"] for problem in caught.value.problems] == ["expected_loss", "capital", "tax"]
    with pytest.raises(sl.errors.DataError, match="counts the capital twice"):
        pricing.SinglePeriod(
            rate=0.1, funding=0.03, expected_loss=0.01, capital=0.1, capital_benefit=0.02, funding_base="ead_less_capital"
        )


def test_caps_guards_and_consistency():
    china = pricing.load_caps("CN")
    assert "not legal advice" in china.notice
    assert [round(breach.excess, 6) for breach in china.breaches("private_lending", "2021-12-20", simple=0.16)] == [0.008]
    with pytest.raises(sl.errors.ConfigError, match="no pack"):
        pricing.load_caps("XX")
    with pytest.raises(sl.errors.ConfigError, match="no value"):
        china.on("private_lending", "2030-01-01")
    guard = pricing.PriceGuard(max_step=0.02, floor=0.05)
    found = guard.quote(0.3, needed=0.25, cap=0.24, today="2026-11-21")
    assert (found.rate, found.needed, found.cap) == (None, 0.25, 0.24)
    equal = pricing.inconsistencies(["a", "a", "a"], [0.1, 0.1, 0.2], [None, None, "spring"])
    assert equal == []


def test_the_best_price_and_the_frontier():
    curve = {"type": "logit", "intercept": 2.0, "slope": -25.0}
    loan = pricing.Lifetime(months=36, pd=0.03, lgd=0.6, capital=0.08, **TERMS)
    needed = loan.break_even_rate(0.12)
    best = pricing.best_price(curve, needed, 0.36, lambda rate: loan.at(rate, 0.12).eva)
    ladder = pricing.price_ladder(curve, needed, 0.36, lambda rate: loan.at(rate, 0.12).eva, steps=2_000)
    assert best.expected >= max(rung.expected for rung in ladder)
    assert pricing.best_price(curve, 0.4, 0.36, lambda rate: rate) is None
    with pytest.raises(ZeroDivisionError):
        pricing.best_price(curve, 0.1, 0.2, lambda rate: 1 / 0)
    segments = [{"segment": "s", "offers": 100, "amount": 1000.0, "rungs": ladder[::100]}]
    frontier = pricing.efficient_frontier(segments)
    assert frontier[0].profit == pytest.approx(100 * max(rung.expected for rung in ladder[::100]))
    assert [point.volume for point in frontier] == sorted(point.volume for point in frontier)
