"""Settings: typed in Python, defaults in the core alone."""

import dataclasses
import datetime
import json
import typing

import pytest

import scoreline as sl
from conftest import DATA, read_json
from scoreline import config as settings
from scoreline import policies


def test_what_is_left_out_is_not_sent():
    assert sl.Config("bad").to_dict() == {"target": "bad"}
    assert json.loads(sl.Config("bad", scaling=sl.Scaling(600, 50, 20)).to_json())["scaling"] == {"score": 600, "odds": 50, "pdo": 20}
    parts = (sl.Binning, sl.VariableBinning, sl.ContinuousBinning, sl.MulticlassBinning, sl.Selection, sl.Model, sl.Boost, sl.SmallBank, sl.Calibration, sl.ReasonPolicy, sl.Scaling)
    for part in parts:
        assert all(field.default is None for field in dataclasses.fields(part)), "a default has its place in the core"


def test_a_file_comes_back_as_it_was(config):
    file = read_json(DATA / "south_german_credit.config.json")
    assert config.to_dict() == file
    assert sl.Config.from_json(config.to_json()) == config == sl.Config.from_dict(file)
    assert isinstance(config.schema.fields[0], sl.Field) and isinstance(config.scaling, sl.Scaling)
    assert isinstance(config.reasons[0], sl.VariableReason) and config.tier["strong"][0]["reason"]


def full_config():
    """Every setting that does not exclude another."""
    special = sl.Special(-1.0, "no file")
    field = sl.Field("income", "number", "EUR", "a month", [-999.0], [special], {"type": "protected", "basis": "none"})
    limits = {
        "max_bins": 6, "min_bins": 2, "min_share": 0.05, "min_level_share": 0.02, "max_share": 0.9, "min_events": 5, "min_non_events": 5, "min_rate_difference": 0.01,
        "max_p_value": 0.2, "objective": "hellinger", "trend": "peak", "stable": True, "missing": {"type": "riskiest"},
        "special": {"type": "like", "value": 3.0}, "smoothing": 0.5, "prior": "overall", "readable": 0.01,
    }  # fmt: skip
    own = {"half": sl.VariableBinning([1.0, 2.0], **limits), "job": sl.VariableBinning(groups=[["a"], ["b", "c"]])}
    method = {"type": "stepwise", "direction": "both", "criterion": {"type": "p_value", "enter": 0.05, "leave": 0.1}}
    selection = sl.Selection(0.5, "flag", 0.7, 5, "drop", method, ["half"], ["job"])
    margin = {"category": "estimation", "reason": "few", "size": {"type": "sampling", "confidence": 0.9, "bound": "exact"}}
    return sl.Config(
        "bad", schema=sl.Schema([field]), weight="w", split=sl.Split("id", 0.2, "salt"), features=[sl.Feature("half", "income / 2", "EUR", "so")],
        candidates=["half"], protected_use=[sl.ProtectedUse("income", "me", "a test")], capacity=4096,
        binning=sl.Binning(**limits, variables=own), model=sl.Model(0.02, 20, 25, 1e-6, selection),
        small_bank=sl.SmallBank(20.0, {"mean": -1.0, "sd": 0.5}, {"half": {"mean": -1.0, "sd": 0.2}}, 0.9),
        calibration=sl.Calibration("isotonic", {"type": "long_run", "rate": 0.03}, [margin], 0.0005, 0.99),
        period=sl.Period("opened", "quarter"), offset="0.1 * income", segments=[sl.Segment("rich", "income > 5")],
        scaling=sl.Scaling(600, 50, 20, "integer", "model"), reasons=[sl.VariableReason("half", "R1", "half of it")],
        reason_policy=sl.ReasonPolicy("shapley", 2, "R1"), name="all",
    )  # fmt: skip


def test_every_setting_has_its_place(small):
    """Everything that Python declares is known to the core, with every value that Python allows."""
    full = full_config()
    elsewhere = {"events", "joins", "bins", "boost", "expert", "tier", "limit", "pricing", "decision", "review"}
    assert set(full.to_dict()) == {field.name for field in dataclasses.fields(sl.Config)} - elsewhere
    assert sl.Config.from_json(full.to_json()) == full == sl.Config.from_dict(full.to_dict())
    boosted = sl.Config("bad", full.schema, boost=sl.Boost(48, 0.2, 500, 10, 5, 3.0, 0.2, 20, 12, 1))
    assert sl.Config.from_json(boosted.to_json()) == boosted
    for part in (sl.Binning, sl.VariableBinning, sl.Selection, sl.Calibration, sl.Boost, sl.ReasonPolicy, sl.SmallBank, sl.Period):
        given = [held for held in (full.binning, full.binning.variables["half"], full.model.selection, full.calibration, boosted.boost, full.reason_policy, full.small_bank, full.period) if type(held) is part]
        assert all(getattr(given[0], field.name) is not None for field in dataclasses.fields(part) if field.name not in ("groups", "variables")), part


@pytest.mark.parametrize(
    ("part", "setting"),
    [
        (sl.Binning, "trend"), (sl.Binning, "objective"), (sl.Binning, "prior"), (sl.VariableBinning, "trend"), (sl.Scaling, "rounding"),
        (sl.Scaling, "pd_from"), (sl.Selection, "suspicious"), (sl.Selection, "signs"), (sl.Calibration, "method"), (sl.ReasonPolicy, "method"),
        (sl.Period, "by"),
    ],
)  # fmt: skip
def test_every_word_is_known_to_the_core(part, setting):
    field = sl.Field("income", "number")
    place = {sl.Binning: "binning", sl.VariableBinning: "binning", sl.Scaling: "scaling", sl.Selection: "model", sl.Calibration: "calibration", sl.ReasonPolicy: "reason_policy", sl.Period: "period"}
    for value in typing.get_args(typing.get_args(typing.get_type_hints(part)[setting])[0]):
        made = part(**({"column": "day"} if part is sl.Period else {"floor": 0.01} if part is sl.Calibration else {}), **{setting: value})
        held = {sl.VariableBinning: lambda: sl.Binning(variables={"income": made}), sl.Selection: lambda: sl.Model(selection=made)}.get(part, lambda: made)()
        config = sl.Config("bad", sl.Schema([field]), **{place[part]: held})
        assert sl.Config.from_json(config.to_json()) == config
    with pytest.raises(sl.ConfigError):
        sl.Config.from_json(config.to_json().replace(f'"{value}"', '"turned"'))


def test_policies_name_the_members_of_the_file(config):
    for policy, shape in ((config.tier, policies.TierPolicy), (config.limit, policies.LimitPolicy), (config.pricing, policies.PricingPolicy), (config.decision, policies.DecisionPolicy)):
        assert set(policy) <= set(shape.__annotations__) and shape.__required_keys__ <= set(policy)


def test_an_expert_card_names_the_members_of_the_file():
    expert = read_json(DATA / "corporate.config.json")["expert"]
    known = [
        (expert, policies.Expert), (expert["card"], policies.ExpertCard), (expert["classes"], policies.ClassPolicy),
        (expert["blend"], policies.Blend), (expert["blend"]["anchors"][0], policies.Anchor),
        *((factor, policies.Factor) for factor in expert["card"]["factors"]),
    ]  # fmt: skip
    curves = {"linear": policies.Line, "steps": policies.Steps, "levels": policies.Levels}
    used = [factor["curve"] for factor in expert["card"]["factors"]]
    assert {curve["type"] for curve in used} == set(curves)
    for part, shape in [*known, *((curve, curves[curve["type"]]) for curve in used)]:
        assert set(part) <= set(shape.__annotations__)


def test_problems_are_listed_at_once(small):
    with pytest.raises(sl.ConfigError) as raised:
        sl.fit(small, sl.Config("bad", binning=sl.Binning(max_bins=1, min_share=2), scaling=sl.Scaling(pdo=0)))
    assert len(raised.value.problems) == 3
    for text in ("", "[]", '{"target": "bad", "unknown": 1}'):
        with pytest.raises(sl.ConfigError):
            sl.Config.from_json(text)
    with pytest.raises(sl.ConfigError, match="unknown"):
        sl.fit(small, sl.Config("bad", tier={"direction": "a_is_best", "cuts": [0.1, 0.2, 0.3], "unknown": 1}))


def test_a_rule_that_cannot_be_read_shows_its_position(small):
    rule = {"code": "S1", "when": "income >> 3", "effect": {"type": "decline"}, "on_missing": "refer", "reason": "too much"}
    tier = {"direction": "a_is_best", "cuts": [0.1, 0.2, 0.3], "strong": [rule]}
    with pytest.raises(sl.ConfigError) as raised:
        sl.fit(small, sl.Config("bad", tier=tier))
    assert raised.value.problems[0]["position"] is not None


def test_days_may_be_dates():
    assert settings.to_plain({"from": datetime.date(2020, 8, 20)}) == {"from": "2020-08-20"}
    with pytest.raises(ValueError, match="Out of range"):
        sl.Config("bad", scaling=sl.Scaling(float("nan"))).to_json()
