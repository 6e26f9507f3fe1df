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
    for part in (sl.Binning, sl.Model, sl.Scaling):
        assert all(field.default is None for field in dataclasses.fields(part)), "a default has its place in the core"


def test_a_file_comes_back_as_it_was(config):
    file = read_json(DATA / "south_german_credit.config.json")
    assert config.to_dict() == file
    assert sl.Config.from_json(config.to_json()) == config == sl.Config.from_dict(file)
    assert isinstance(config.schema.fields[0], sl.Field) and isinstance(config.scaling, sl.Scaling)
    assert isinstance(config.reasons[0], sl.VariableReason) and config.tier["strong"][0]["reason"]


def test_every_setting_has_its_place(small):
    """Everything that Python declares is known to the core, with every value that Python allows."""
    special = sl.Special(-1.0, "no file")
    field = sl.Field("income", "number", "EUR", "a month", [-999.0], [special], {"type": "protected", "basis": "none"})
    full = sl.Config(
        "bad", sl.Schema([field]), "w", sl.Split("id", 0.2, "salt"), [sl.Feature("half", "income / 2", "EUR", "so")], ["half"],
        [sl.ProtectedUse("income", "me", "a test")], 4096, sl.Binning(6, 0.05, 5, 5, "auto", 0.5), sl.Model(0.02, 20, 25, 1e-6),
        sl.Scaling(600, 50, 20, "integer", "model"), [sl.VariableReason("half", "R1", "half of it")], name="all",
    )  # fmt: skip
    assert set(full.to_dict()) == {field.name for field in dataclasses.fields(sl.Config)} - {"expert", "tier", "limit", "pricing", "decision"}
    assert sl.Config.from_json(full.to_json()) == full
    for part, setting, values in ((sl.Binning, "trend", ("auto", "increasing", "decreasing")), (sl.Scaling, "rounding", ("integer", "none")), (sl.Scaling, "pd_from", ("model", "points"))):
        assert typing.get_args(typing.get_args(typing.get_type_hints(part)[setting])[0]) == values
        for value in values:
            name = {sl.Binning: "binning", sl.Scaling: "scaling"}[part]
            sl.Config.from_json(dataclasses.replace(full, **{name: part(**{setting: value})}).to_json())


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
    assert settings._plain({"from": datetime.date(2020, 8, 20)}) == {"from": "2020-08-20"}
    with pytest.raises(ValueError, match="Out of range"):
        sl.Config("bad", scaling=sl.Scaling(float("nan"))).to_json()
