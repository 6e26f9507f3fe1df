"""What the model says of itself, and the calls for PDs, against figures of others."""

import pickle

import numpy as np
import pytest

import scoreline as sl
from conftest import ROOT, read_json
from scoreline import calibration, low_default, reject, small_bank

GOLDEN = ROOT / "tests" / "golden"


def cases(name, start):
    return [case for case in read_json(GOLDEN / name)["cases"] if case["id"].startswith(start)]


def rows_of(cells):
    """Log-odds and outcomes of cells (log-odds, non-events, events)."""
    x = np.concatenate([np.full(good + bad, value) for value, good, bad in cells])
    y = np.concatenate([np.repeat([0, 1], [good, bad]) for _, good, bad in cells])
    return x, y


@pytest.fixture(scope="module")
def golden_card(columns, config):
    """The regression of tests/golden/logistic_south_german.py."""
    golden = read_json(GOLDEN / "logistic_south_german.json")
    names = [variable["feature"] for variable in golden["variables"]]
    bins = {
        variable["feature"]: sl.VariableBinning(cuts=variable["split"].get("cuts"), groups=variable["split"].get("groups"), trend="none")
        for variable in golden["variables"]
    }
    selection = sl.Selection(forced_in=names, signs="flag")
    model = sl.Model(min_iv=0, tolerance=1e-9, selection=selection)
    binning = sl.Binning(variables=bins, trend="none")
    return golden, sl.fit(columns, sl.Config(config.target, config.schema, features=config.features, candidates=names, binning=binning, model=model))


def test_inference_is_that_of_statsmodels(golden_card):
    golden, pipeline = golden_card
    order = ["intercept", *(variable["feature"] for variable in golden["variables"])]
    rows = sorted(pipeline.coefficients(), key=lambda row: order.index(row["variable"]))
    for column, figures in {"value": "coefficients", "standard_error": "standard_errors", "z": "z", "p_value": "p_values"}.items():
        assert [row[column] for row in rows] == pytest.approx(golden[figures], rel=1e-7), column
    assert [[row["low"], row["high"]] for row in rows] == [pytest.approx(pair, rel=1e-7) for pair in golden["intervals_95"]]
    found = pipeline.model_statistics()
    assert found["likelihood_ratio"] == pytest.approx(golden["likelihood_ratio"]["chi2"])
    assert (found["degrees"], found["p_value"]) == (10, pytest.approx(golden["likelihood_ratio"]["p"], rel=1e-6))
    for name in ("aic", "bic", "mcfadden", "log_likelihood", "null_log_likelihood"):
        assert found[name] == pytest.approx(golden[name])
    with pytest.raises(sl.ConfigError, match="segment"):
        pipeline.coefficients(segment="none")


def test_the_funnel_says_why_each_candidate_left(small):
    rng = np.random.default_rng(3)
    income = np.array(small["income"])
    data = small | {"twice": list(income * 2 + rng.normal(0, 0.5, 400)), "noise": list(rng.normal(size=400)), "never": small["income"]}
    data["repaid"] = [1.0 - bad for bad in small["bad"]]
    selection = sl.Selection(max_correlation=0.8, forced_out=["never"])
    pipeline = sl.fit(data, sl.Config("bad", model=sl.Model(min_iv=0.1, selection=selection)))
    left = {row["feature"]: row for row in pipeline.funnel() if row["fate"] == "left"}
    assert left["never"]["stage"] == "forced_out" and left["noise"]["stage"] == "iv"
    assert "known only after the outcome" in left["repaid"]["reason"]
    twin = left.get("twice") or left["income"]
    assert twin["stage"] == "correlation" and abs(twin["figure"]) > 0.8 and twin["with"] in ("twice", "income") and "correlates" in twin["reason"]
    assert set(left) | set(pipeline.variables) == {"income", "job", "twice", "noise", "never", "repaid"}


def test_what_repeats_another_variable_leaves(small):
    data = small | {"again": list(small["income"])}
    pipeline = sl.fit(data, sl.Config("bad", model=sl.Model(min_iv=0)))
    left = {row["feature"]: row["reason"] for row in pipeline.funnel() if row["fate"] == "left"}
    name = "again" if "again" in left else "income"
    assert name not in pipeline.variables and "given exactly by the others" in left[name]
    with pytest.raises(sl.ConvergenceError, match="repeats"):
        sl.fit(data, sl.Config("bad", model=sl.Model(selection=sl.Selection(forced_in=["income", "again"]))))


@pytest.mark.parametrize(
    "method",
    [
        {"type": "stepwise", "direction": "both", "criterion": {"type": "p_value", "enter": 0.01, "leave": 0.02}},
        {"type": "stepwise", "direction": "backward", "criterion": {"type": "bic"}},
        {"type": "elastic_net", "alpha": 1.0, "folds": 5, "penalty": "one_standard_error"},
    ],
)
def test_subsets_are_searched(columns, config, method):
    model = sl.Model(min_iv=0, selection=sl.Selection(method=method))
    fitted = sl.fit(columns, sl.Config(config.target, config.schema, model=model))
    assert 0 < len(fitted.variables) < 20 and any(row["stage"] == method["type"] for row in fitted.funnel())
    if method["type"] == "stepwise" and method["criterion"]["type"] == "p_value":
        assert all(row["p_value"] < 0.03 for row in fitted.coefficients()[1:])


def test_facts_of_a_card(pipeline, records, scorer):
    facts = pipeline.card_facts()
    points = pipeline.points_table()
    by_variable = {}
    for row in points:
        by_variable.setdefault(row["feature"], []).append(row["points"])
    assert facts["max_score"] == sum(max(found) for found in by_variable.values())
    assert facts["min_score"] == sum(min(found) for found in by_variable.values())
    assert [row["feature"] for row in facts["variables"]] == pipeline.variables
    assert abs(sum(row["range_share"] for row in facts["variables"]) - 1) < 1e-12
    unrounded = [row["log_odds"] for row in (scorer.explain(record) for record in records[:50])]
    scaling = pipeline.to_dict()["scorecard"]["scaling"]
    factor = scaling["pdo"] / np.log(2)
    exact = [scaling["score"] - factor * np.log(scaling["odds"]) - factor * eta for eta in unrounded]
    off = [scorer.decide_one(record, "2026-11-21").score - score for record, score in zip(records[:50], exact, strict=True)]
    assert facts["rounding"]["lowest"] - 1e-9 <= min(off) and max(off) <= facts["rounding"]["highest"] + 1e-9


def test_explanations_add_up(scorer, records):
    for record in records[:50]:
        found, decision = scorer.explain(record), scorer.decide_one(record, "2026-11-21")
        assert (found["score"], found["pd"]) == (decision.score, decision.pd)
        assert sum(row["points"] for row in found["variables"]) == found["score"]
        assert found["base_log_odds"] + sum(row["log_odds"] for row in found["variables"]) == pytest.approx(found["log_odds"], abs=1e-12)
        assert 0 < len(found["key_factors"]) <= 4 and all(row["below_maximum"] >= 0 for row in found["variables"])
    with pytest.raises(sl.DataError, match="no such field|unknown|did you mean"):
        scorer.explain({"statu": "1"})


def test_weights_of_evidence_of_a_card_give_its_log_odds(pipeline, scorer, table, records):
    woe = scorer.woe(table, threads=2)
    assert woe.column_names == pipeline.variables and len(woe) == 1000
    model = pipeline.coefficients()
    columns = woe.to_pydict()
    for row in range(0, 1000, 37):
        log_odds = model[0]["value"] + sum(entry["value"] * columns[entry["variable"]][row] for entry in model[1:])
        assert log_odds == pytest.approx(scorer.explain(records[row])["log_odds"], abs=1e-12)
    assert scorer.woe([table.slice(0, 100), table.slice(100)]).to_pydict() == columns


def test_counterfactuals_reach_the_wish_and_no_single_change_is_missed(small):
    scorer = sl.fit(small, sl.Config("bad")).scorer()
    worst = {"income": 3.0, "job": "b"}
    wish = {"type": "pd", "at_most": scorer.decide_one({"income": 80.0, "job": "b"}).pd}
    found = scorer.counterfactuals(worst, wish, ["income", "job"])
    assert not found["reached"] and found["complete"] and found["alternatives"]
    first = found["alternatives"][0]
    changed = worst | {change["field"]: change["to"] for change in first["changes"]}
    assert scorer.decide_one(changed).pd == first["answer"]["pd"] <= wish["at_most"]
    alone = [{"income": float(value)} for value in range(100)] + [{"job": level} for level in "abc"]
    reachable = any(scorer.decide_one(worst | change).pd <= wish["at_most"] for change in alone)
    assert (len(first["changes"]) == 1) == reachable
    assert scorer.counterfactuals({"income": 80.0, "job": "b"}, wish, ["income"])["reached"]
    up = scorer.counterfactuals(worst, wish, [{"field": "income", "direction": "increase", "max": 4.0}], max_changes=1, alternatives=1)
    assert up["alternatives"] == []
    for target, allowed in [(wish, []), (wish, ["nothing"]), ({"type": "tier", "at_least": "B"}, ["income"]), ({"type": "luck"}, ["income"])]:
        with pytest.raises(sl.ConfigError):
            scorer.counterfactuals(worst, target, allowed)


def test_reasons_offset_and_segments():
    rng = np.random.default_rng(11)
    income, job = rng.integers(0, 100, 3000).astype(float), rng.choice(["a", "b", "c"], 3000)
    bad = rng.random(3000) < 1 / (1 + np.exp(1 + income / 40 * np.where(job == "c", 1.5, 0.5)))
    config = sl.Config(
        "bad", segments=[sl.Segment("c only", "job = 'c'")], offset="0.01 * income", reason_policy=sl.ReasonPolicy("shapley", 2),
        binning=sl.Binning(max_bins=4), candidates=["income"],
    )  # fmt: skip
    pipeline = sl.fit({"income": income, "job": list(job), "bad": bad}, config)
    assert pipeline.segments == ["c only"] and pipeline.to_dict()["offset"] == "0.01 * income"
    assert pipeline.points_table("c only") != pipeline.points_table() and pipeline.coefficients(segment="c only") != pipeline.coefficients()
    assert pipeline.card_facts("c only")["max_score"] and pipeline.binning_table("income", "c only")
    explained = pipeline.scorer().explain({"income": 10.0, "job": "c"})
    assert explained["segment"] == "c only" and explained["beside"] != 0 and len(explained["key_factors"]) <= 2
    with pytest.raises(KeyError, match="c only"):
        pipeline.points_table("d only")


def test_a_boosted_card_is_a_points_table(columns, config):
    fitted = sl.fit(columns, sl.Config(config.target, config.schema, boost=sl.Boost(rounds=60, max_pairs=3)))
    record = {name: values[0] for name, values in columns.items() if name in fitted.scorer().fields}
    points = fitted.scorer().explain(record)
    assert points["score"] == pytest.approx(sum(row["points"] for row in points["variables"]) + points["beside"])
    assert fitted.to_dict()["training"]["development"]["auc"] > 0.75 and fitted.card_facts()["max_score"] > points["score"]
    pairs = fitted.pair_points()
    assert {(row["first"], row["second"]) for row in pairs} == {tuple(pair["features"]) for pair in fitted.to_dict()["scorecard"].get("pairs", [])}
    with pytest.raises(sl.ConfigError, match="no coefficients"):
        fitted.coefficients()


def test_calibration_and_small_bank_mode_reach_the_card(small):
    level = {"type": "long_run", "rate": 0.1}
    fitted = sl.fit(small, sl.Config("bad", calibration=sl.Calibration(level=level)))
    pds = fitted.scorer().score(small)["pd"]
    assert sum(pds) / len(pds) == pytest.approx(0.1, abs=1e-9)
    steps = fitted.to_dict()["calibration"]["steps"]
    assert calibration.Curve(steps).steps == steps
    shrunk = sl.fit(small, sl.Config("bad", small_bank=sl.SmallBank(prior={"mean": -1.0, "sd": 0.01})))
    assert [row["value"] for row in shrunk.coefficients()[1:]] == pytest.approx([-1.0] * len(shrunk.variables), abs=0.05)


def test_bins_made_by_hand_reach_the_card(small):
    bins = sl.bin(small["income"], small["bad"], name="income")
    bins.merge(0, 1, author="M. Rossi", reason="one policy for both")
    bins.set_woe(len(bins.table()) - 1, -0.9, author="M. Rossi", reason="the committee's view")
    fitted = sl.fit(small, sl.Config("bad", bins=[bins]))
    (kept,) = [found for found in fitted.to_dict()["bins"] if found["feature"] == "income"]
    assert kept == bins.to_dict() and [edit["request"]["author"] for edit in kept["edits"]] == ["M. Rossi"] * 2


def test_low_default_pds_are_those_of_pluto_and_tasche():
    for case in cases("ldp_calibration.json", "PT_T"):
        given, expected = case["inputs"], case["expected"]
        found = low_default.pluto_tasche(given["n_per_grade"], given["defaults"], confidence=given["confidence"], correlation=given["rho"])
        assert found["ABC".index(given["grade"])] == pytest.approx(expected["pd_upper"], abs=1e-8), case["id"]
        if expected["pd_upper_pct_published"] is not None:
            assert 100 * found["ABC".index(given["grade"])] == pytest.approx(expected["pd_upper_pct_published"], abs=0.0051)
    for case in cases("ldp_calibration.json", "bayes"):
        n, k = case["inputs"]["n"], case["inputs"]["defaults"]
        assert low_default.neutral([n], [k]) == [pytest.approx(case["expected"]["neutral_uniform_mean"])]
        assert low_default.jeffreys([n], [k]) == [pytest.approx(case["expected"]["jeffreys_mean"])]
    for wrong, error in [(([10], [11]), sl.DataError), (([10, 5], [1]), sl.DataError), (([10, 0], [1, 0]), sl.InsufficientDataError)]:
        with pytest.raises(error):
            low_default.neutral(*wrong)
    with pytest.raises(sl.ConfigError, match="confidence"):
        low_default.pluto_tasche([10], [0], confidence=1.0, correlation=0)


def test_calibrations_are_those_of_scipy():
    golden = read_json(GOLDEN / "calibration.json")
    x, y = rows_of(golden["cells"])
    (platt,) = calibration.fit(x, y, sl.Calibration("platt")).steps
    assert (platt["slope"], platt["intercept"]) == (pytest.approx(golden["platt"]["slope"], rel=1e-6), pytest.approx(golden["platt"]["intercept"], rel=1e-5))
    curve = calibration.fit(x, y, sl.Calibration("isotonic", floor=1e-6))
    assert curve.pd([cell[0] for cell in golden["cells"]]).to_list() == pytest.approx(golden["isotonic"])
    assert pickle.loads(pickle.dumps(curve)) == curve == calibration.Curve.from_json(curve.to_json())
    weighted = calibration.fit([cell[0] for cell in golden["cells"]] * 2, [0] * 10 + [1] * 10, sl.Calibration("platt"), [cell[1] for cell in golden["cells"]] + [cell[2] for cell in golden["cells"]])
    assert weighted.steps == [platt]
    (case,) = cases("ldp_calibration.json", "central")
    log_odds = [np.log(pd / (1 - pd)) for pd in case["inputs"]["pd"]]
    shift = calibration.central_tendency_shift(log_odds, case["inputs"]["target"], case["inputs"]["weights"])
    assert shift == pytest.approx(case["expected"]["shift"])
    assert calibration.Curve([{"type": "shift", "log_odds": shift}]).pd(log_odds).to_list() == pytest.approx(case["expected"]["pd_calibrated"])
    for case in cases("ldp_calibration.json", "elkan"):
        assert calibration.prior_shift(case["inputs"]["base_train"], case["inputs"]["base_target"]) == pytest.approx(case["expected"]["logit_shift"])
    (case,) = cases("ldp_calibration.json", "moc")
    for method, figure in {"normal": "pd_with_moc_normal", "exact": "pd_with_moc_clopper"}.items():
        assert calibration.upper_bound(100, 5000, 0.9, method) == pytest.approx(case["expected"][figure])
    prior = calibration.estimate_prior([cell[0] for cell in golden["cells"]], golden["em"]["trained"], [cell[1] + cell[2] for cell in golden["cells"]])
    assert prior == pytest.approx(golden["em"]["prior"], rel=1e-6)


def test_margins_stay_apart_from_the_best_estimate():
    x, y = rows_of(read_json(GOLDEN / "calibration.json")["cells"])
    margin = {"category": "data", "reason": "a year is missing", "size": {"type": "multiply", "by": 1.1}}
    curve = calibration.fit(x, y, sl.Calibration(level={"type": "long_run", "rate": 0.05}, margins=[margin], floor=0.001, cap=0.9))
    assert [step["type"] for step in curve.steps] == ["shift", "margin", "cap", "floor"] and curve.steps[1]["reason"] == "a year is missing"
    plain = calibration.fit(x, y, sl.Calibration(level={"type": "long_run", "rate": 0.05}))
    assert curve.pd([-1.0])[0] == pytest.approx(1.1 * plain.pd([-1.0])[0]) and np.mean(plain.pd(x)) == pytest.approx(0.05)
    assert calibration.fit(x, y).steps == []
    for wrong, error in [
        (lambda: calibration.fit(x, y, sl.Calibration("isotonic")), sl.ConfigError),
        (lambda: calibration.fit(x, y, sl.Calibration(margins=[margin | {"reason": ""}])), sl.ConfigError),
        (lambda: calibration.fit(x, y * 0, sl.Calibration("platt")), sl.InsufficientDataError),
        (lambda: calibration.fit([*x[1:], None], y, sl.Calibration("platt")), sl.DataError),
        (lambda: calibration.Curve([{"type": "floor", "pd": 2}]), sl.ConfigError),
        (lambda: calibration.prior_shift(0, 0.5), sl.ConfigError),
    ]:
        with pytest.raises(error):
            wrong()


def test_reject_inference_is_a_band():
    (case,) = cases("ldp_calibration.json", "parcelling")
    accepted, rejects = case["inputs"]["accept_good_bad"], case["inputs"]["rejects"]
    bands = [reject.ScoreBand(good, bad, count, 0.2) for (good, bad), count in zip(accepted, rejects, strict=True)]
    method = reject.parcelling(case["inputs"]["bad_rate_multiplier"])
    added = reject.augment(bands, method)
    for (good, bad), before, expected in zip(added, bands, case["expected"]["rejected_bad_good"], strict=True):
        assert [bad - before.events, good - before.non_events] == pytest.approx(expected, abs=1e-5)
    found = reject.band(bands, [method, reject.reweighting(), reject.fuzzy(), reject.hard_cut_off(0.5)])
    assert found["estimates"][0]["event_rate"] == pytest.approx(case["expected"]["augmented_bad_rate"])
    assert found["estimates"][0]["method"] == method
    assert found["least_possible"] <= found["low"] <= found["accepted_only"] <= found["high"] <= found["most_possible"]
    for wrong, error in [
        (lambda: reject.band(bands, []), sl.ConfigError),
        (lambda: reject.band(bands, [reject.parcelling(0.5)]), sl.ConfigError),
        (lambda: reject.augment([reject.ScoreBand(-1, 0, 0, 0.1)], method), sl.DataError),
        (lambda: reject.augment([reject.ScoreBand(0, 0, 5, 0.1)], reject.reweighting()), sl.InsufficientDataError),
    ]:
        with pytest.raises(error):
            wrong()


def test_small_samples_get_honest_numbers():
    assert small_bank.sample_size(500, 9).size == "too_few" and "small_bank" in small_bank.sample_size(500, 9).advice
    assert small_bank.sample_size(500, 60) == ("enough", None)
    # Agreement beyond chance: as much spread as chance gives asks for much more shrinkage than real differences.
    alike, different = [(80, 20), (79, 21), (81, 19)], [(95, 5), (80, 20), (60, 40)]
    assert small_bank.shrinkage_strength(alike) > 100 * small_bank.shrinkage_strength(different)
    (woe, variance) = small_bank.shrunken_woe((30, 10), (100, 100), 1e-9)
    assert woe == pytest.approx(np.log(3)) and variance == pytest.approx(1 / 30 + 1 / 10)
    with pytest.raises(sl.InsufficientDataError):
        small_bank.shrunken_woe((1, 1), (10, 0), 1)
    with pytest.raises(sl.DataError):
        small_bank.shrunken_woe((-1, 1), (10, 2), 1)


def test_the_interval_of_an_auc_rests_on_delong():
    """pROC on its aSAH data: see tests/golden/delong.json."""
    text = (GOLDEN / "data_aSAH.csv").read_text(encoding="utf-8").splitlines()
    head = [name.strip('"') for name in text[0].split(",")]
    rows = [dict(zip(head, (cell.strip('"') for cell in line.split(",")), strict=True)) for line in text[1:]]
    (case,) = cases("delong.json", "aSAH_s100b")
    y = [row["outcome"] == "1" for row in rows]
    found = small_bank.auc_interval([float(row["s100b"]) for row in rows], y, 0.95)
    auc = case["expected"]["auc"]
    assert found.estimate == pytest.approx(auc, abs=1e-12)
    reach = 1.959963984540054 * np.sqrt(case["expected"]["var_delong"]) / (auc * (1 - auc))
    assert np.log(found.high / (1 - found.high)) - np.log(auc / (1 - auc)) == pytest.approx(reach)


def test_the_interval_of_a_pd():
    """By hand: x V x + beta^2 var(WoE), normal in the log-odds."""
    covariance = [[0.04, 0.01], [0.01, 0.09]]
    bins = [small_bank.ShrunkenWoe(0.5, 0.02)]
    found = small_bank.pd_interval([-2.0, -0.9], covariance, bins, 0.9)
    centre = -2.0 - 0.9 * 0.5
    reach = 1.6448536269514722 * np.sqrt(0.04 + 2 * 0.5 * 0.01 + 0.25 * 0.09 + 0.81 * 0.02)
    assert found == pytest.approx([1 / (1 + np.exp(-value)) for value in (centre - reach, centre, centre + reach)])
    shifted = small_bank.pd_interval([-2.0, -0.9], covariance, bins, 0.9, calibration.Curve([{"type": "floor", "pd": 0.9}]))
    assert shifted == (0.9, 0.9, 0.9)
    for wrong in ([[1.0]], [[1.0, 0.0], [0.0]]):
        with pytest.raises(sl.DataError):
            small_bank.pd_interval([-2.0, -0.9], wrong, bins, 0.9)
