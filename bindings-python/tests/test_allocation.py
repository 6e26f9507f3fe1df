"""A lending budget: against scipy's mixed-integer solver, and what is refused."""

import random

import numpy as np
import pytest
from scipy import optimize, sparse

import scoreline as sl
from scoreline.allocation import Candidate, GroupCap, allocate
from scoreline.pricing import PriceRung


def cases(seed, count, prices, fixed):
    """Candidates in three industries, with menus of given prices."""
    draw = random.Random(seed)
    candidates = []
    for _ in range(count):
        smallest = draw.randrange(10_000, 400_000)
        largest = smallest if fixed else smallest + draw.randrange(900_000)
        cost, slope, start = draw.uniform(0.02, 0.08), draw.uniform(15, 55), draw.uniform(0.5, 0.95)
        rates = sorted(draw.uniform(cost, cost + 0.1) for _ in range(prices))
        shares = [start * np.exp(-slope * (rate - cost)) for rate in rates]
        rungs = [PriceRung(rate, share, rate - cost, 0.0) for rate, share in zip(rates, shares, strict=True)]
        groups = {"industry": draw.choice(["retail", "metal", "farms"])}
        amounts = (f"{smallest}.00", f"{largest}.00")
        candidates.append(Candidate(*amounts, rungs=rungs, capital=draw.uniform(0.02, 0.14), groups=groups))
    budget = round(sum(float(one.largest) for one in candidates) * draw.uniform(0.1, 0.4))
    capital = round(budget * draw.uniform(0.02, 0.08))
    share = draw.uniform(0.2, 0.5)
    return candidates, budget, capital, share


def milp_optimum(candidates, budget, capital, share, volume, time_limit=60.0):
    """The optimum and its bound, with a binary for each price and an amount that it switches on."""
    offers = [(at, rung) for at, one in enumerate(candidates) for rung in one.rungs]
    used = np.array([rung.share if volume == "expected_drawn" else 1.0 for _, rung in offers])
    gain = np.array([rung.share * rung.value for _, rung in offers])
    low = np.array([float(candidates[at].smallest) for at, _ in offers])
    high = np.array([float(candidates[at].largest) for at, _ in offers])
    owner = np.array([at for at, _ in offers])
    count = len(offers)
    bound = np.array([candidates[at].capital for at, _ in offers])
    industry = np.array([candidates[at].groups["industry"] == candidates[0].groups["industry"] for at, _ in offers])
    scale = 1e5
    limits = sparse.csr_array(np.vstack([used, used * bound, used * industry]))
    nothing, eye = sparse.csr_array((3, count)), sparse.identity(count, format="csr")
    one_each = sparse.csr_array((np.ones(count), (owner, np.arange(count))), shape=(len(candidates), count))
    rows = [
        optimize.LinearConstraint(sparse.hstack([limits, nothing]), -np.inf, np.array([budget, capital, share * budget]) / scale),
        optimize.LinearConstraint(sparse.hstack([eye, -sparse.diags_array(high / scale)]), -np.inf, 0),
        optimize.LinearConstraint(sparse.hstack([eye, -sparse.diags_array(low / scale)]), 0, np.inf),
        optimize.LinearConstraint(sparse.hstack([sparse.csr_array((len(candidates), count)), one_each]), 0, 1),
    ]
    found = optimize.milp(
        -np.concatenate([gain, np.zeros(count)]),
        constraints=rows,
        integrality=np.concatenate([np.zeros(count), np.ones(count)]),
        bounds=optimize.Bounds(0, np.concatenate([high / scale, np.ones(count)])),
        options={"mip_rel_gap": 1e-9, "time_limit": time_limit},
    )
    return -found.fun * scale, -found.mip_dual_bound * scale


def solved(candidates, budget, capital, share, volume, **more):
    caps = [GroupCap("industry", candidates[0].groups["industry"], share=share)]
    return allocate(candidates, f"{budget}.00", capital_budget=f"{capital}.00", caps=caps, volume=volume, **more)


@pytest.mark.parametrize("volume", ["expected_drawn", "committed"])
@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_small_cases_equal_another_solver(seed, fixed, volume):
    case = cases(seed, 8, 4, fixed)
    best, _ = milp_optimum(*case, volume)
    found = solved(*case, volume)
    assert found.proved
    # scipy's tolerance on its constraints, and amounts in whole minor units.
    assert found.profit == pytest.approx(best, rel=2e-6)
    assert found.bound >= best * (1 - 2e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_of_another_solver_lies_between_profit_and_bound(seed):
    case = cases(100 + seed, 120, 6, fixed=False)
    best, best_bound = milp_optimum(*case, "expected_drawn", time_limit=20.0)
    found = solved(*case, "expected_drawn")
    assert found.profit <= best_bound * (1 + 2e-6) and best <= found.bound * (1 + 2e-6)
    assert found.relative_gap < 0.002
    assert all(use.used <= use.limit for use in found.constraints)


def test_every_choice_keeps_its_terms():
    case = cases(7, 200, 8, fixed=False)
    found = solved(*case, "expected_drawn")
    for candidate, choice in zip(case[0], found.choices, strict=True):
        if choice.amount is None:
            assert (choice.reason, choice.profit) == ("outbid", 0.0)
            continue
        (rung,) = [rung for rung in candidate.rungs if rung.rate == choice.rate]
        assert float(candidate.smallest) <= choice.amount <= float(candidate.largest)
        assert choice.profit == pytest.approx(rung.share * rung.value * float(choice.amount))
        assert choice.volume == pytest.approx(rung.share * float(choice.amount))
    assert found.offered == sum(choice.amount or 0 for choice in found.choices)
    assert found.profit == pytest.approx(sum(choice.profit for choice in found.choices))
    assert len(found.table()) == 200


def test_ten_thousand_candidates():
    case = cases(8, 10_000, 30, fixed=False)
    found = solved(*case, "expected_drawn")
    assert found.relative_gap < 1e-4


def test_no_legal_price_is_named():
    loan = sl.pricing.SinglePeriod(rate=0.0, funding=0.03, expected_loss=0.1, capital=0.1)
    candidate = Candidate("1.00", "2.00", loan=loan, hurdle=0.1, cap=0.12, segment="all")
    curve = {"all": {"type": "logit", "intercept": 1.0, "slope": -10.0}}
    (choice,) = allocate([candidate], "10.00", volume="committed", take_up=curve).choices
    assert choice.reason == "no_legal_price" and choice.detail == pytest.approx({"needed": 0.14, "cap": 0.12})


def test_every_problem_is_named_at_once():
    candidates = [
        Candidate("2.00", "1.00", declined="tier D"),
        Candidate("1", "2", declined="tier D"),
        Candidate("1.00", "2.00", rungs=[PriceRung(0.1, 1.5, 0.1, 0.1)], capital=-1.0),
    ]
    caps = [GroupCap("tier", "A", share=1.5)]
    with pytest.raises(sl.ConfigError) as caught:
        allocate(candidates, "-1.00", volume="committed", caps=caps, capital_budget="5", steps=0)
    found = {(problem["field"], problem["row"]) for problem in caught.value.problems}
    assert found >= {
        ("budget", None),
        ("capital_budget", None),
        ("caps[0].limit", None),
        ("caps[0]", None),
        ("steps", None),
        ("largest", 0),
        ("smallest", 1),
        ("rungs", 2),
        ("capital", 2),
    }
    with pytest.raises(sl.DataError, match="there are none"):
        allocate([], "1.00", volume="committed")
    with pytest.raises(TypeError, match="exactly one"):
        allocate([Candidate("1.00", "1.00")], "1.00", volume="committed")
