"""Statements of companies: the figures of the core reach Python, directly and through a pipeline."""

import dataclasses
import math
import random

import pytest

import scoreline as sl
from scoreline import corporate
from scoreline.corporate import Missing, Statement

YEAR = Statement(
    current_assets=500, inventory=120, cash=80, current_liabilities=300, total_assets=1200, total_liabilities=720, equity=480,
    sales=1500, cogs=1050, ebit=150, interest=30, net_income=90, depreciation=40, receivables=200, retained_earnings=260,
)  # fmt: skip


def by_name(year, prior=None):
    return {ratio.name: ratio for ratio in corporate.ratios(year, prior)}


def test_ratios_have_values_or_reasons():
    found = by_name(YEAR, {"sales": 1200})
    golden = {
        "current_ratio": 5 / 3, "quick_ratio": 19 / 15, "cash_ratio": 4 / 15, "debt_to_assets": 0.6, "debt_to_equity": 1.5,
        "equity_multiplier": 2.5, "interest_coverage": 5, "ebitda": 190, "return_on_assets": 0.075, "return_on_equity": 0.1875,
        "net_margin": 0.06, "asset_turnover": 1.25, "days_sales_outstanding": 146 / 3, "days_inventory": 292 / 7, "sales_growth": 0.25,
    }  # fmt: skip
    assert {name: found[name].value for name in golden} == pytest.approx(golden, rel=1e-12)
    assert [ratio.name for ratio in corporate.catalogue()] == list(found)
    assert all((ratio.value is None) != (ratio.missing is None) for ratio in found.values())
    assert found["equity_growth"].missing == Missing("input_missing", ("prior_equity",))
    poor = by_name(dataclasses.replace(YEAR, equity=-20, interest=0, ebit=-50, sales=math.nan))
    assert poor["return_on_equity"].missing == Missing("negative_equity", denominator="equity")
    assert poor["interest_coverage"].missing == Missing("denominator_zero", denominator="interest")
    assert poor["net_margin"].missing == Missing("input_missing", ("sales",))
    full = dataclasses.replace(YEAR, ebit=-50, short_term_debt=1, long_term_debt=1)
    assert by_name(full)["net_debt_to_ebitda"].missing == Missing("denominator_negative", denominator="ebit + depreciation")


@pytest.mark.parametrize("wrong", [{"turnover": 1}, {"sales": "4711"}, {"sales": math.inf}, {"sales": True}])
def test_wrong_items_are_named_and_never_shown(wrong):
    with pytest.raises(sl.DataError) as caught:
        corporate.ratios(wrong)
    assert caught.value.problems[0]["field"] in wrong and "4711" not in str(caught.value)


def test_altman():
    x = [0.1, 0.2, 0.13, 0.65, 0.95]
    assert corporate.altman_terms(x, sales_weight="rounded").score == pytest.approx(2.169)
    assert corporate.altman_terms(x, "z_prime").score == pytest.approx(1.86611)
    em, plain = corporate.altman(YEAR, "em"), corporate.altman(YEAR, "z_double_prime")
    assert em.score == pytest.approx(plain.score + 3.25) and (em.zone, em.model) == (plain.zone, "em") == ("safe", "em")
    assert [term.name for term in plain.terms] == ["x1", "x2", "x3", "x4"]
    assert plain.score == pytest.approx(sum(term.weight * term.value for term in plain.terms))
    with pytest.raises(sl.DataError, match="market_equity"):
        corporate.altman(YEAR)
    with pytest.raises(sl.ConfigError, match="model"):
        corporate.altman(YEAR, "z5")


def test_ohlson():
    year = Statement(
        total_assets=5e8, total_liabilities=2e8, current_assets=1.7e8, current_liabilities=8e7, net_income=4e7, funds_from_operations=6e7
    )
    found = corporate.ohlson(year, {"net_income": 3.5e7}, price_index=150)
    assert (found.score, found.probability) == pytest.approx((-6.016039532373685, 0.0024333755425662864), rel=1e-10)
    assert len(found.terms) == 9 and found.intercept == -1.32
    with pytest.raises(sl.DataError, match="price_index"):
        corporate.ohlson(year, Statement(net_income=3.5e7))
    with pytest.raises(sl.ConfigError, match="unit"):
        corporate.ohlson(year, Statement(net_income=3.5e7), price_index=150, unit=0)


def test_features_need_their_fields():
    schema = sl.Schema([sl.Field("umsatz", "number"), sl.Field("net_income", "number")])
    found = corporate.ratio_features(schema, fields={"sales": "umsatz"})
    assert [(feature.name, feature.expression) for feature in found] == [
        ("net_margin", 'CASE WHEN "umsatz" > 0 THEN net_income / "umsatz" END')
    ]
    with pytest.raises(sl.ConfigError, match="total_assets"):
        corporate.ratio_features(schema, ["return_on_assets"])
    with pytest.raises(sl.ConfigError, match="did you mean 'net_margin'"):
        corporate.ratio_features(schema, ["net_margn"], {"sales": "umsatz"})
    with pytest.raises(sl.ConfigError, match="total_liabilities"):
        corporate.altman_feature(schema, "em")


def test_a_pipeline_stores_and_replays_them():
    names = {item.name for item in dataclasses.fields(Statement)}
    fields = corporate.fields(prior=True)
    assert {field.name for field in fields} == names | {f"prior_{name}" for name in names}
    schema = sl.Schema(fields)
    features = [*corporate.ratio_features(schema), corporate.altman_feature(schema), *corporate.ohlson_features(schema, unit=1000)]
    rng = random.Random(7)
    data = {field.name: [round(rng.uniform(-10, 100), 2) for _ in range(400)] for field in fields}
    bad = [
        debt > 0.9 * assets if rng.random() < 0.9 else rng.random() < 0.3
        for debt, assets in zip(data["total_liabilities"], data["total_assets"], strict=True)
    ]
    wanted = ["debt_to_assets", "altman_z", "ohlson_pd"]
    pipeline = sl.fit(data | {"bad": bad}, sl.Config("bad", schema, features=features, candidates=wanted))
    assert "debt_to_assets" in pipeline.variables and set(pipeline.variables) <= set(wanted)
    again = sl.Pipeline.from_json(pipeline.to_json()).scorer().decide(data)
    assert list(again["pd"]) == list(pipeline.scorer().decide(data)["pd"])
