"""Products: quotes against the life of a loan and numpy-financial, the law on its days, matching and the ladder."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import numpy_financial
import pytest

import scoreline as sl
from scoreline import pricing, products, schedules
from scoreline.products import Catalogue, Costs, LadderRule, Need, Product

COSTS = Costs(
    funding=0.032, opex=0.015, origination=0.003, lgd=0.6, capital=0.08, capital_benefit=0.025, tax=0.25, prepayment=0.1
)


def product(name="working capital", **settings):
    usual = dict(
        currency="CNY", amount=(1_000, 1_000_000), months=[6, 12, 24, 36], rates=(0.0, 0.36), laws={}, costs=COSTS, hurdle=0.12
    )
    return Product(name=name, **{**usual, **settings})


@pytest.mark.parametrize(
    "repayment, balance",
    [("equal_instalment", "equal_instalment"), ("equal_principal", "equal_principal"), ("interest_only", "bullet")],
)
def test_a_quote_is_the_break_even_rate_of_the_life_of_the_loan(repayment, balance):
    life = pricing.Lifetime(
        months=36, pd=0.03, lgd=0.6, funding=0.032, capital=0.08, balance=balance, prepayment=0.1, opex=0.015,
        origination=0.003, capital_benefit=0.025, tax=0.25,
    )  # fmt: skip
    ways = product(repayments=["equal_instalment", "equal_principal", "interest_only"])
    price = products.quote(ways, Need(100_000, "CNY", 36, repayment=repayment), pd=0.03, day="2026-11-21")
    assert price.rate == pytest.approx(life.break_even_rate(0.12), abs=1e-11)
    assert life.at(price.rate, 0.12).raroc == pytest.approx(0.12, abs=1e-10)
    assert price.parts.rate == pytest.approx(price.rate, abs=1e-12)
    assert price.parts.needed.expected_loss == pytest.approx(life.waterfall(0.12).expected_loss, abs=1e-9)
    assert price.schedule.totals == price.totals and price.first_payment == price.schedule.rows[0].payment


def test_no_random_quote_costs_more_than_the_law_allows():
    caps = pricing.load_caps("CN")
    chance = random.Random(7)
    kinds = set()
    for _ in range(300):
        fees = [schedules.fee("service", share_of_principal=chance.uniform(0.0005, 0.004))] if chance.random() < 0.5 else []
        if chance.random() < 0.3:
            fees.append(schedules.fee("opening", share_of_principal=0.01, timing="deducted"))
        free = [schedules.interest_free(2)] if chance.random() < 0.3 else []
        curve = {"type": "logit", "intercept": 3.0, "slope": -chance.uniform(1, 30)} if chance.random() < 0.5 else None
        loan = product(
            laws={"CN": "private_lending"}, fees=fees, promotions=free, take_up=curve, rates=(chance.uniform(0, 0.1), 0.5),
            repayments=["equal_instalment", "interest_only"],
        )  # fmt: skip
        need = Need(
            chance.randrange(1_000, 1_000_000), "CNY", chance.choice([6, 12, 24, 36]),
            repayment=chance.choice(["equal_instalment", "interest_only"]),
        )  # fmt: skip
        day, limit = chance.choice([("2020-08-19", 0.24), ("2020-08-20", 0.154), ("2021-12-20", 0.152)])
        found = products.quote(loan, need, pd=chance.uniform(0.001, 0.2), caps=[caps], day=day)
        kinds.add(type(found).__name__)
        if isinstance(found, products.Quote):
            cost = 12 * numpy_financial.irr(found.schedule.flows)
            assert cost == pytest.approx(found.all_in["simple"], abs=1e-9)
            assert cost <= limit + 1e-9 and found.rate >= loan.rates[0] and found.raroc >= 0.12 - 1e-12
        else:
            assert found.all_in > found.cap.limit == pytest.approx(limit, abs=1e-12)
    assert kinds == {"Quote", "NoLegalPrice"}


def test_a_price_moves_no_further_than_the_guard_allows():
    curve = {"type": "logit", "intercept": 2.0, "slope": -25.0}
    loan = product(take_up=curve, guard=pricing.PriceGuard(max_step=0.005), rate_step=0.0001)
    price = products.quote(loan, Need("100000.00", "CNY", 36), pd=0.03, day="2026-11-21", past={"2026-05-01": 0.085})
    assert (price.rate, price.bound) == (0.09, "step")
    assert price.take_up == pytest.approx(pricing.take_up(curve, 0.09))
    assert price.expected_profit == pytest.approx(100_000 * price.eva * price.take_up)
    alone = products.quote(product(), Need(100_000, "CNY", 36), pd=0.03, day="2026-11-21")
    response = products.PdResponse(0.05, 8.0)
    steep = products.quote(product(), Need(100_000, "CNY", 36), pd=0.03, day="2026-11-21", response=response)
    assert steep.rate > alone.rate and steep.raroc == pytest.approx(0.12, abs=1e-10)
    monthly = products.quote(product(), Need(100_000, "CNY", 36), pd=[1 - 0.97 ** (1 / 12)] * 36, day="2026-11-21")
    assert monthly.rate == pytest.approx(alone.rate, abs=1e-10)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(sl.DataError) as refused:
        products.quote(product(), Need(100_000, "USD", 36), pd=0.03, day="2026-11-21")
    assert [problem["field"] for problem in refused.value.problems] == ["currency"]
    euro = product(currency="EUR", laws={"CN": "financial_loan"})
    with pytest.raises(sl.ConfigError) as refused:
        products.quote(euro, Need(100_000, "EUR", 36), pd=0.03, day="2026-11-21", caps=[pricing.load_caps("CN")])
    assert [problem["field"] for problem in refused.value.problems] == ["currency"]
    with pytest.raises(sl.ConfigError) as refused:
        products.quote(euro, Need(100_000, "EUR", 36), pd=0.03, day="2026-11-21")
    assert [problem["field"] for problem in refused.value.problems] == ["packs"]
    with pytest.raises(sl.ConfigError) as refused:
        product(hurdle=0.03, months=[12, 6], rates=(0.3, 0.2))
    assert [problem["field"] for problem in refused.value.problems] == ["months", "rates", "hurdle"]
    with pytest.raises(sl.DataError) as refused:
        products.quote(product(), Need(5, "CNY", 7), pd=0.03, day="2026-11-21")
    assert [problem["field"] for problem in refused.value.problems] == ["amount", "months"]


SCHEMA = sl.Schema([sl.Field("years", "number"), sl.Field("grade", "category"), sl.Field("core", "flag")])


def shelf():
    law = {"CN": "financial_loan"}
    secured = Costs(funding={12: 0.032, 60: 0.036}, lgd=0.35, capital={"type": "irb_other_retail", "confidence": 0.999,
                    "pd_floor": 0.0005, "lgd_floor": 0.1}, origination={"type": "fixed", "amount": 800})  # fmt: skip
    return Catalogue(
        SCHEMA,
        [
            product(purposes=["stock"], eligibility="years >= 2", laws=law, amount=(50_000, 3_000_000)),
            product("project", purposes=["project"], eligibility="years >= 3", laws=law, amount=(500_000, 50_000_000),
                    months=[24, 36, 60], max_ltv=0.7, costs=secured),
            product("credit", purposes=["stock"], eligibility="grade IN ('A', 'B')", laws=law, amount=(10_000, 500_000)),
            product("supply chain", purposes=["stock"], eligibility="core", laws=law, months=[3, 6],
                    costs=Costs(funding=0.032, lgd=0.3, capital=0.08)),
        ],
        ladder=[
            LadderRule("credit", "true", "the first product"),
            LadderRule("working capital", "years >= 2", "two years in business", held="credit"),
            LadderRule("project", "years >= 5", "five years in business", held="working capital"),
        ],
    )  # fmt: skip


def test_a_table_of_needs():
    caps, day = [pricing.load_caps("CN")], "2026-11-21"
    catalogue = shelf()
    firm = {"years": 4, "grade": "A", "core": True}

    def names(found):
        return [offer.quote.product for offer in found.offers]

    found = catalogue.match(firm, Need(100_000, "CNY", 6, "stock"), pd=0.02, caps=caps, day=day, rank="cost")
    assert names(found) == ["supply chain", "working capital", "credit"], "the last two cost the same"
    assert [(one.product, [why["type"] for why in one.why]) for one in found.dropped] == [
        ("project", ["purpose", "amount", "term", "no_collateral"])
    ]
    assert found.offers[0].purpose == "stock" and found.offers[0].eligibility == "core"
    assert all(offer.quote.all_in["simple"] <= 0.24 and offer.quote.raroc >= 0.12 - 1e-12 for offer in found.offers)
    found = catalogue.match({"grade": "B"}, Need(100_000, "CNY", 6, "stock"), pd=0.02, caps=caps, day=day)
    assert names(found) == ["credit"]
    assert found.dropped[0].why == [{"type": "unknown", "eligibility": "years >= 2", "missing": ["years"]}]
    project = Need(1_000_000, "CNY", 36, "project", collateral=2_000_000)
    found = catalogue.match(firm, project, pd=0.02, caps=caps, day=day)
    assert names(found) == ["project"] and found.offers[0].ltv == 0.5
    assert found.offers[0].quote.totals.principal == Decimal("1000000.00")
    with pytest.raises(sl.DataError, match="grdae"):
        catalogue.match({"grdae": "A"}, project, pd=0.02, caps=caps, day=day)


def test_the_ladder_and_what_is_out_of_reach():
    caps = [pricing.load_caps("CN")]
    catalogue = shelf()
    assert [one.product for one in catalogue.next(None, {"grade": "A"})] == ["credit"]
    assert [one.product for one in catalogue.next("credit", {"years": 2, "grade": "A"})] == ["working capital"]
    assert catalogue.next("working capital", {"years": 4}) == []
    assert catalogue.unreachable(day="2026-11-21", caps=caps) == []
    assert len(catalogue.unreachable(day="2017-08-03", caps=caps)) == 4, "no cap is known on that day"
    again = Catalogue.from_json(catalogue.to_json())
    assert again.to_json() == catalogue.to_json()
    wrong = json.loads(catalogue.to_json())
    wrong["products"][0]["eligibility"] = "years < 2 AND years > 3"
    wrong["products"][2]["rates"] = {"low": 0.3, "high": 0.4}
    found = Catalogue.from_json(json.dumps(wrong)).unreachable(day="2026-11-21", caps=caps)
    assert [(one.product, one.why["type"]) for one in found] == [("working capital", "not_eligible"), ("credit", "no_legal_price")]
    with pytest.raises(sl.ConfigError) as refused:
        Catalogue(SCHEMA, [product(eligibility="yeras > 2")], ladder=[LadderRule("villa", "true", "")])
    fields = [problem["field"] for problem in refused.value.problems]
    assert fields == ["products[0].eligibility", "ladder[0].to", "ladder[0].reason"]
    assert product().to_dict()["amount"] == {"low": "1000.00", "high": "1000000.00"}
