"""Cuts, scales, migration, concentration, early warning and inputs against fraud, on reference values."""

import json
import math
import pathlib

import pytest

import scoreline as sl
from scoreline import exposures, fraud, tiering, warning

ROOT = pathlib.Path(__file__).parents[2]
CASES = {case["id"]: case for case in json.loads((ROOT / "tests/golden/tiering.json").read_text(encoding="utf-8"))["cases"]}


def rows(case):
    """Values and outcomes, row by row."""
    values, y = [], []
    for place, (count, bad) in enumerate(zip(case["inputs"]["bins_best_to_worst_n"], case["inputs"]["bads"], strict=True)):
        values += [float(place + 1)] * count
        y += [1] * bad + [0] * (count - bad)
    return values, y


@pytest.mark.parametrize("name", ["tiers_k3_min250", "tiers_k4_min100", "tiers_k4_min150"])
def test_the_best_cuts(name):
    case = CASES[name]
    values, y = rows(case)
    method = {"type": "optimum", "tiers": case["inputs"]["k"], "objective": {"type": "iv"}}
    found = sl.tier_cuts(values, y, method, min_rows=case["inputs"]["min_tier"])
    assert found.cuts == [cut + 0.5 for cut in case["expected"]["cuts_after_bin"]]
    assert math.isclose(found.objective, case["expected"]["iv"], abs_tol=1e-10) and found.rising
    score = sl.tier_cuts([-value for value in values], y, method, orientation="falls_with_risk", min_rows=case["inputs"]["min_tier"])
    assert score.cuts == [-cut for cut in found.cuts] and score.tiers == found.tiers


def test_cuts_say_what_is_in_the_way():
    values, y = rows(CASES["tiers_k3_min250"])
    method = {"type": "optimum", "tiers": 4, "objective": {"type": "ks"}}
    with pytest.raises(sl.InsufficientDataError, match="min_share"):
        sl.tier_cuts(values, y, method, min_share=0.3)
    with pytest.raises(sl.ConfigError, match="min_share"):
        sl.tier_cuts(values, y, method, min_share=0.7)
    with pytest.raises(sl.DataError, match="values"):
        sl.tier_cuts([*values[:-1], None], y, method)
    tested = sl.tier_cuts(values, y, {**method, "tiers": 3}, max_p_value=0.05)
    assert all(p <= 0.05 for p in tested.p_values)
    pd = sl.tier_cuts([value / 100 for value in values], y, method)
    assert sl.policies and pd.cuts == sorted(pd.cuts) and len(pd.cuts) == 3


def test_scales_and_their_concentration():
    case = CASES["master_scale_geometric"]
    scale = sl.MasterScale.log_equidistant(0.0003, 0.2, 7)
    assert scale.bounds == pytest.approx(case["expected"]["boundaries"], abs=1e-12)
    assert scale.pds == pytest.approx(case["expected"]["geometric_mid"], abs=1e-12)
    assert scale == sl.MasterScale.from_bounds(scale.bounds)
    obligors = [0.0004, 0.0006, 0.01, 0.15]
    assert scale.with_mean_pds(obligors).pds[0] == pytest.approx(0.0005)
    report = scale.check(obligors, max_share=0.4)
    assert (report.obligors, report.enough_grades, report.crowded) == ([2, 0, 0, 1, 0, 0, 1], True, [0])
    with pytest.raises(sl.DataError, match="row 1"):
        scale.grades([0.1, None])
    for name in ("ecb_concentration_a", "ecb_concentration_b"):
        given, want = CASES[name]["inputs"], CASES[name]["expected"]
        found = tiering.concentration_test(given["initial_shares"], given["current_shares"])
        assert found.current.herfindahl == pytest.approx(want["hi_current"], abs=1e-12)
        assert found.p_value == (want["p_value"] and pytest.approx(want["p_value"], abs=1e-12))


@pytest.mark.parametrize("name", ["ecb_mwb", "mathworks_mwb"])
def test_migration(name):
    counts, want = CASES[name]["inputs"]["counts"], CASES[name]["expected"]
    grades = [str(grade) for grade in range(len(counts))]
    pairs = [(i, j) for i, row in zip(grades, counts, strict=True) for j, count in zip(grades, row, strict=True) for _ in range(count)]
    half = len(pairs) // 2
    parts = [sl.migration([i for i, _ in part], [j for _, j in part], grades=grades) for part in (pairs[:half], pairs[half:])]
    matrix = parts[1].merge(parts[0])
    assert matrix.counts == counts
    assert matrix.bandwidths == pytest.approx((want["upper_mwb"], want["lower_mwb"]), abs=CASES[name]["tol"])
    if "z_matrix" in want:
        assert matrix.monotonicity[0][1]["z"] == pytest.approx(want["z_matrix"][0][1], abs=1e-12)


def test_the_breaker_needs_a_named_operator():
    matrix = sl.migration(["A"] * 10, ["B"] * 3 + ["withdrawn"] * 5 + ["A"] * 2)
    assert matrix.downgraded == (3, 5)
    with pytest.raises(sl.DataError, match="60 % of the tiers fall, at most 5 % may; nothing is to be written"):
        sl.check_breaker(matrix, max_downgraded=0.05)
    with pytest.raises(sl.ConfigError, match="forced_by"):
        sl.check_breaker(matrix, max_downgraded=0.05, forced_by=" ")
    assert sl.check_breaker(matrix, max_downgraded=0.05, forced_by="J. Doe").forced_by == "J. Doe"
    with pytest.raises(sl.DataError, match="row 1"):
        sl.migration(["A", "A"], ["A", "E"])
    with pytest.raises(sl.DataError, match="start in a grade"):
        sl.migration(["withdrawn"], ["A"])


def test_concentration_and_increases():
    case = CASES["concentration"]
    keys, shares = list("abcde"), case["inputs"]["shares"]
    found = exposures.concentration(keys, shares)
    assert (found.hhi, found.effective, found.normalised) == pytest.approx(
        [case["expected"][name] for name in ("hhi", "effective_n", "normalised_hhi")], abs=1e-12
    )
    assert exposures.breaches(keys, shares, single=0.3).single == ["a"]
    assert exposures.headroom(keys, shares, "b", 0.3).fixed == pytest.approx(case["expected"]["headroom_second"], abs=1e-12)
    groups = ["x", "x", "y", "y", None]
    assert exposures.concentration(keys, shares, groups).groups[0].share == pytest.approx(0.6)
    granted = exposures.allot((keys, shares, groups), (["c"], [1.0], ["y"]), group=0.5, growing=True)
    assert granted[0].binding == "group" and granted[0].granted == pytest.approx(0.4)
    with pytest.raises(sl.DataError, match="row 0"):
        exposures.allot((keys, shares), (["a"], [-1.0]))


def test_published_cusums():
    case = CASES["cusum_montgomery"]
    run = warning.cusum(case["inputs"]["values"], mean=10, sigma=1)
    assert run.sums == pytest.approx(case["expected"]["upper"], abs=6e-3) and run.first_alarm == 28
    case = CASES["cusum_nist"]["inputs"]
    assert warning.cusum(case["values"], mean=325, sigma=0.635, threshold=case["h"]).first_alarm == 13
    assert warning.change([1, None, 4], 2) == 3 and warning.change([1, None, 4], 1) is None
    assert warning.peer_scores([1, 2, 3, 9], ["a", "a", "a", None], least=3)[1] == 0


def test_published_moving_averages():
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4.
    series = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    run = warning.ewma(series, mean=50, sigma=2.0539, weight=0.3)
    assert [round(run.averages[at], 2) for at in (0, 1, 2, 3, 18, 19)] == [50.6, 49.52, 50.56, 50.18, 51.94, 51.99]
    assert run.upper[-1] == pytest.approx(52.5884, abs=1e-4) and run.first_above is None and run.first_below is None
    with pytest.raises(sl.ConfigError, match="3 problems"):
        warning.ewma(series, mean=50, sigma=0, weight=0, width=-1)


@pytest.mark.parametrize("name", ["corporate", "retail"])
def test_the_sample_signals(name):
    assert name in warning.packs()
    pack = warning.pack(name)
    codes = [case.code for case in pack.cases]
    assert codes == [one["code"] for one in pack.policy["indicators"]] and set(codes) == set(pack.sources)
    for kind, told in (("hit", "hits"), ("no_hit", None), ("missing", "missing")):
        table = {field.name: [getattr(case, kind).get(field.name) for case in pack.cases] for field in pack.schema.fields}
        found = warning.levels(table, pack.policy, pack.schema)
        for row, code in enumerate(codes):
            assert [name for name in ("hits", "missing") if code in found[name][row]] == ([told] if told else []), (kind, code)
    number = pack.schema.fields[0].name
    with pytest.raises(sl.DataError, match="row 1"):
        warning.levels({**table, number: [*[1.0, math.inf], *[None] * (len(codes) - 2)]}, pack.policy, pack.schema)
    with pytest.raises(sl.ConfigError, match="did you mean"):
        warning.pack(name + "s")


def test_thresholds_from_the_past():
    entities = [str(who) for _ in range(5) for who in range(100)]
    periods = [period for period in range(5) for _ in range(100)]
    severities = [float(who + 10 * period) for period in range(5) for who in range(100)]
    events = [5 if who >= 98 else None for _ in range(5) for who in range(100)]
    found = warning.tune(
        entities, periods, severities, events, rule={"type": "capacity", "per_1000": 50}, horizon=1, observed_until=5
    )
    assert (found.tuned.periods[0].threshold, found.tuned.lead.median) == (95.0, 4.0)
    assert found.tuned.alerts < found.single.alerts and found.single.periods[-1].held is False
    number = {"type": "alerts", "per_period": 5}
    assert warning.tune(entities, periods, severities, events, rule=number, horizon=1, observed_until=5) == found
    with pytest.raises(sl.DataError, match="row 1"):
        warning.tune(["a", "a"], [0, 0], [1, 1], [None, None], rule={"type": "capacity", "per_1000": 5}, horizon=1, observed_until=5)


def test_lists_and_outliers():
    found = fraud.list_match(["A-1", "00a1", "b"], [("a 1", "one"), ("A1", "two")])
    assert (found.hit, found.code) == ([True, True, False], ["one", "one", None])
    assert fraud.list_match(["A-1"], [("a 1", "one")], form="exact").hit == [False]
    with pytest.raises(sl.ConfigError, match="row 1"):
        fraud.list_match(["a"], [("a", "one"), ("--", "one")])
    table = {"amount": [10.0, 12.0, 11.0, 9.0, 13.0], "same": [1.0] * 5}
    model = fraud.fit_outliers(table, ["amount", "same"])
    assert [field.basis for field in model.fields] == ["median", "constant"]
    scores = model.scores({"amount": [None, 400.0], "same": [9.0, 9.0]})
    assert scores.score[0] is None and scores.field == [None, "amount"]


def test_tired_of_alerts():
    # Counted by hand: "often" alerts in 1, 2 and 4, "right" in 1 and goes bad in 3, "quiet" never alerts.
    rows = [("often", 1, 5), ("often", 2, 5), ("often", 3, 0), ("often", 4, 9), ("right", 1, 5), ("right", 2, 1), ("right", 3, 9), ("quiet", 1, None)]
    entities, periods, severities = ([row[place] for row in rows] for place in range(3))
    events = [3 if entity == "right" else None for entity in entities]
    found = warning.fatigue(entities, periods, severities, events, threshold=5, within=1)
    assert (found.entities, found.alerts, found.repeats, found.by_alerts) == (3, 4, 1, {0: 1, 1: 1, 3: 1})
    assert (found.alerted_entities, found.never_bad, found.never_bad_share.share) == (2, 1, 0.5)
    assert warning.fatigue(entities, periods, severities, events, threshold=5, within=2).repeats == 2
    with pytest.raises(sl.ConfigError, match="fatigue"):
        warning.fatigue(entities, periods, severities, events, threshold=5, within=0)
