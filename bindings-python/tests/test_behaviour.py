"""Groups by shared contacts, tags, needs and stability: what Python adds to the library, and what it must not."""

import datetime

import pytest

import scoreline as sl
from scoreline import stability

SEEN = {
    "entity": ["c", "a", "b", "d"],
    "seen": [datetime.date(2026, 1, day) for day in (3, 1, 2, 4)],
    "bad_since": ["2026-02-01", None, None, None],
    "phone": ["555", "555", "555", None],
    "device": ["x", None, None, "x"],
}


def groups(as_of, **more):
    return sl.links(SEEN, as_of=as_of, attributes=["phone", "device"], bad_since="bad_since", **more)


def test_links_are_told_as_of_a_day():
    found = groups("2026-01-03").groups
    assert found["entity"] == ["a", "b", "c"]
    assert found["group"] == ["a"] * 3 and found["size"] == [3] * 3 and found["bad"] == [0] * 3
    found = groups(datetime.date(2026, 2, 1)).groups
    assert found["size"] == [4] * 4 and found["shared_values"] == [2] * 4
    assert found["bad_others"] == [1, 1, 0, 1] and found["bad_share"] == [0.25] * 4
    assert found["bad_share_others"][0] == 1 / 3
    assert found["first_seen"] == [datetime.date(2026, 1, 1)] * 4


def test_links_of_named_entities_and_hubs():
    found = groups(["2026-01-01", "2026-01-02", "2026-01-03"], entities=["a", "a", "nobody"], max_shared=2)
    assert found.groups["size"] == [1, 2, None]
    assert found.hubs == [sl.Hub("phone", "555", 3, datetime.date(2026, 1, 3))]
    assert groups("2026-01-02", entities=["a", "b"]).groups["size"] == [2, 2]
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(SEEN)
    again = sl.links(table, as_of="2026-02-01", attributes=["phone", "device"])
    assert again.groups["size"] == [4] * 4


def test_links_errors_name_the_place_and_not_the_value():
    with pytest.raises(sl.ConfigError, match="max_shared"):
        groups("2026-01-01", max_shared=1)
    with pytest.raises(sl.DataError, match="phones"):
        sl.links(SEEN, as_of="2026-01-01", attributes=["phones"])
    with pytest.raises(sl.DataError, match="as_of"):
        groups(["2026-01-01"], entities=["a", "b"])
    with pytest.raises(sl.DataError, match="field 'entity', row 1") as raised:
        sl.links(SEEN | {"entity": ["a", None, "b", "c"]}, as_of="2026-01-01", attributes=["phone"])
    assert "555" not in str(raised.value)


RULES = [{"name": "rich", "when": "monthly > 10", "valid_days": 5, "cool_down_days": 3}]
SCHEMA = sl.Schema([sl.Field("income", "number")])
FEATURES = [sl.Feature("monthly", "income / 12")]


def tags(income, day, before=None):
    return sl.tags({"income": income}, RULES, SCHEMA, as_of=f"2026-01-{day:02}", before=before, features=FEATURES)


def test_tags_last_and_rest():
    first = tags(240, 1)
    assert first.valid == ["rich"] and first == sl.TagSet.from_json(first.to_json())
    lasting = tags(0, 6, first)
    resting = tags(240, 7, lasting)
    again = tags(240, 10, resting)
    assert [found.valid for found in (lasting, resting, again)] == [["rich"], [], ["rich"]]
    assert sl.difference(lasting, resting) == sl.TagDifference([], ["rich"], [])
    assert sl.difference(resting, again).gained == ["rich"] and sl.difference(first, lasting).kept == ["rich"]


def test_tags_errors():
    with pytest.raises(sl.DataError, match="as_of"):
        tags(0, 1, tags(0, 2))
    with pytest.raises(sl.ConfigError, match="valid_days"):
        sl.tags({}, [RULES[0] | {"valid_days": 9999}], SCHEMA, as_of="2026-01-01", features=FEATURES)
    with pytest.raises(sl.ScorelineError, match="incme.*did you mean 'income'"):
        sl.tags({"incme": 1}, RULES, SCHEMA, as_of="2026-01-01", features=FEATURES)


def flows():
    months = [datetime.date(2024 + at // 12, at % 12 + 1, 20) for at in range(26)]
    return {"date": months, "amount": [-50.0 if month.month == 4 else 10.0 for month in months], "kind": ["x"] * 26}


def test_needs_show_their_data():
    report = sl.needs(flows(), as_of="2026-03-14", balance=25, category="kind")
    need = next(need for need in report.needs if need.kind == "cash_gap")
    assert (need.amount, need.start, need.end) == (15, datetime.date(2026, 4, 1), datetime.date(2026, 5, 31))
    assert need.figures["opening_balance"] == 25 and "2026-04: -15.00" in need.text
    assert sl.needs(flows(), as_of="2026-03-14").not_judged["cash_gap"] == {"type": "no_balance"}
    rested = sl.needs(flows(), as_of="2026-03-14", balance=25, raised=[("cash_gap", datetime.date(2026, 3, 1))])
    assert rested.not_judged["cash_gap"] == {"type": "cooling_down", "until": "2026-03-31"}
    with pytest.raises(sl.ConfigError, match=r"step_up\.ratio"):
        sl.needs(flows(), as_of="2026-03-14", settings={"step_up": {"ratio": 0}})


def test_stability_refuses_what_is_too_short():
    assert stability.monthly_sums(flows(), "2024-03", "2024-05") == [10, -50, 10]
    for call in (lambda: stability.seasonality([1.0] * 23, "2024-01"), lambda: stability.income_stability([1.0])):
        with pytest.raises(sl.InsufficientDataError):
            call()
    with pytest.raises(sl.DataError, match="start"):
        stability.seasonality([1.0] * 24, "2024-13")
    with pytest.raises(sl.DataError, match="row 1"):
        stability.income_stability([1.0, None])
    mix = stability.category_mix({"a": 1, "b": 3, "c": 0})
    assert mix.shares == {"a": 0.25, "b": 0.75, "c": 0} and mix.herfindahl == 0.625
    assert stability.share_shift(mix, mix).distance == 0
