"""Reviews of accounts in the book: one account, a table, a run of blocks, and their record."""

import datetime
import json

import pytest

import scoreline as sl

TODAY = datetime.date(2026, 11, 21)

TIER = {
    "direction": "a_is_best",
    "cuts": [0.012, 0.03, 0.08],
    "matrix": {
        "by": "bureau", "bands": [700, 500], "missing_column": 1,
        "rows": {"A": ["A", "A", "B"], "B": ["A", "B", "C"], "C": ["B", "C", "D"], "D": ["C", "D", "D"]},
    },
    "strong": [
        {"code": "S1", "when": "dpd >= 90", "effect": {"type": "override", "tier": "D"}, "on_missing": "refer", "reason": "Late"},
        {"code": "S2", "when": "dpd >= 30", "effect": {"type": "ceiling", "tier": "C"}, "on_missing": "no_hit", "reason": "Late"},
    ],
    "weak": [{"code": "W1", "when": "balance > 0.9 * credit_limit", "points": 1, "until": "2030-01-01", "reason": "Used up"}],
    "overlays": [
        {"code": "O1", "when": "industry = 'hotels'", "notches": 1, "owner": "committee", "from": "2026-01-01",
         "until": "2026-12-31", "on_missing": "no_hit", "reason": "Weak season"},
        {"code": "O2", "when": "industry = 'steel'", "notches": 1, "owner": "committee", "from": "2025-01-01",
         "until": "2025-12-31", "on_missing": "no_hit", "reason": "Weak season"},
    ],
    "hysteresis": {"enter": [0.010, 0.025, 0.07], "exit": [0.014, 0.035, 0.09], "upgrade": {"dwell_days": 30, "share": 0.6}},
}  # fmt: skip

BOOK = sl.ActionBook({
    "axes": [
        {"name": "tier", "of": {"type": "tier"}},
        {"name": "contactable", "of": {"type": "flag", "when": "contactable"}},
        {"name": "warning", "of": {"type": "number", "value": "warning_level", "whole": True}},
    ],
    "rows": [
        {"code": "SELL", "when": {"tier": ["A", "B"], "warning": [{"below": 1}]}, "actions": [{"code": "cross_sell"}],
         "review_days": 90, "reason": "Low risk"},
        {"code": "WATCH", "when": {"tier": ["A", "B"], "warning": [{"from": 1}, "missing"]}, "actions": [{"code": "monitor"}],
         "review_days": 30, "reason": "Signs of worse"},
        {"code": "CALL", "when": {"tier": ["C", "D"], "contactable": [True]}, "actions": [{"code": "relief"}],
         "waiver_cap": 0.3, "review_days": 30, "reason": "High risk, within reach"},
        {"code": "TRACE", "when": {"tier": ["C", "D"], "contactable": [False, "missing"]},
         "actions": [{"code": "sms", "every_days": 7}], "review_days": 7, "reason": "High risk, out of reach"},
    ],
})  # fmt: skip

REVIEW = {
    "warning": {
        "indicators": [
            {"code": "I1", "when": "balance > 0.8 * credit_limit", "severity": 20, "on_missing": "no_hit", "reason": "Used"},
            {"code": "I2", "when": "dpd > 60", "severity": 50, "on_missing": "refer", "reason": "Late"},
        ],
        "levels": [20, 50],
        "responses": [
            {"code": "watch", "review_days": 20, "reason": "Look again"}, {"code": "act", "review_days": 2, "reason": "Act"}],
    },
    "line": {
        "limit": "credit_limit", "balance": "balance", "utilisation": "balance / credit_limit",
        "increase": {"tiers": ["A", "B"], "utilisation_above": 0.7, "unless": "dpd > 0", "share": 0.25},
        "decrease": {"tiers": ["C", "D"], "share": 0.5, "floor": 500}, "step": 100,
    },
    "actions": BOOK,
}  # fmt: skip


def config():
    fields = [("behaviour", "number"), ("credit_limit", "number"), ("balance", "number"), ("dpd", "number"),
              ("contactable", "flag"), ("bureau", "number"), ("industry", "category")]  # fmt: skip
    curve = {"type": "linear", "points": [{"x": 0, "score": 0}, {"x": 100, "score": 100}]}
    expert = {
        "card": {"factors": [{"name": "behaviour", "input": "behaviour", "weight": 100, "curve": curve}]},
        "blend": {"weight": 1, "anchors": [{"score": 80, "pd": 0.01}, {"score": 20, "pd": 0.1}]},
    }
    return sl.Config(
        target="", schema=sl.Schema([sl.Field(name, kind) for name, kind in fields]), expert=expert, tier=TIER, review=REVIEW
    )


@pytest.fixture(scope="module")
def scorer():
    return sl.Pipeline.expert_only(config()).scorer()


def accounts(count=400):
    letters = ["", "A", "B", "C", "D"]
    return {
        "behaviour": [float(i * 37 % 101) for i in range(count)],
        "credit_limit": [1000.0 + i % 9 * 500 for i in range(count)],
        "balance": [float(i * 53 % 4000) for i in range(count)],
        "dpd": [None if i % 11 == 7 else float(i * 17 % 120) * (i % 3 == 0) for i in range(count)],
        "contactable": [[True, False, None][i % 3] for i in range(count)],
        "bureau": [None if i % 13 == 0 else float(400 + i * 7 % 400) for i in range(count)],
        "industry": [["hotels", "steel", "other", None][i // 5 % 4] for i in range(count)],
        "tier": [letters[i % 5] for i in range(count)],
        "since": [None if i % 5 == 0 else TODAY - datetime.timedelta(days=i % 60) for i in range(count)],
    }


def test_a_table_is_its_accounts(scorer):
    table = accounts()
    reviews = scorer.review(table, TODAY, previous="tier", since="since", threads=0)
    assert reviews.hash == "a4d31ad8693404dc8e9ddff51418afdf60d7decc0eeec8fdb4c2d7dec6f72167", "Node has the same"
    lines = reviews.canonical()
    for row in range(len(reviews)):
        record = {name: column[row] for name, column in table.items() if name not in ("tier", "since")}
        one = scorer.review_one(record, TODAY, tier=table["tier"][row] or None, since=table["since"][row])
        assert one["canonical"] == lines[row]
    found = reviews.table.to_pydict()
    assert found["previous"] == [tier or None for tier in table["tier"]]
    assert set(found["status"]) == {"ok"}
    assert {"band", "dwell", "no"} <= set(found["held"])
    assert {"increase", "decrease", "keep"} <= set(found["limit_change"])
    assert set(found["action"]) == {"SELL", "WATCH", "CALL", "TRACE"}
    assert all(type(day) is datetime.date and day > TODAY for day in found["next_review"])


def test_totals_reconcile_with_the_rows(scorer):
    reviews = scorer.review(accounts(), TODAY, previous="tier", since="since")
    found, totals = reviews.table.to_pydict(), reviews.totals
    assert totals["rows"] == 400 and totals["refused"] == 0
    moves = {(a, b): count for a, row in totals["moves"].items() for b, count in row.items()}
    for pair, count in moves.items():
        assert count == sum(now == pair for now in zip(found["previous"], found["tier"], strict=True))
    assert totals["actions"]["TRACE"] == found["action"].count("TRACE")
    assert totals["limits"] == str(sum(limit for limit in found["limit"] if limit is not None))
    assert totals["expired"] > 0 and totals["overlaid"] > 0


def test_memory_holds_a_tier_and_a_strong_rule_does_not_wait(scorer):
    record = {"behaviour": 78.0, "credit_limit": 1000.0, "balance": 100.0, "dpd": 0.0, "contactable": True, "bureau": 600.0}
    first = scorer.review_one(record, TODAY)
    assert (first["tier"], first["previous"], first["since"]) == ("A", None, "2026-11-21")
    held = scorer.review_one(record, TODAY, tier="B", since="2026-09-01")
    assert (held["tier"], held["indicated"], held["held"]) == ("B", "A", "band")
    late = scorer.review_one({**record, "dpd": 95.0}, TODAY, tier="A", since="2026-11-20")
    assert (late["tier"], late["forced"], late["since"]) == ("D", True, "2026-11-21")
    assert late["hits"] == ["S1", "S2", "I2"] and late["response"] == "act" and late["next_review"] == "2026-11-23"
    unknown = scorer.review_one({**record, "dpd": None}, TODAY, tier="A", since="2026-11-20")
    assert unknown["refer"] and unknown["missing"] == ["S1", "S2"]


def test_a_bad_row_has_a_status_and_harms_no_other(scorer):
    table = accounts()
    good = scorer.review(table, TODAY, previous="tier", since="since").canonical()
    table["tier"][1], table["since"][2], table["since"][3] = "E", TODAY + datetime.timedelta(days=1), None
    table["behaviour"][4] = float("inf")
    reviews = scorer.review(table, TODAY, previous="tier", since="since")
    assert [row for row, status in enumerate(reviews.table["status"]) if status != "ok"] == [1, 2, 3, 4]
    assert [error.problems[0]["field"] for error in reviews.table.errors] == ["previous_tier", "since", "since", "behaviour"]
    assert reviews.canonical()[5:] == good[5:]
    with pytest.raises(sl.ConfigError, match="belong together"):
        scorer.review(table, TODAY, previous="tier")
    with pytest.raises(sl.DataError, match="tier letter"):
        scorer.review_one({}, TODAY, tier="a", since=TODAY)


def blocks(scorer, size=150):
    table = accounts()
    for start in range(0, 400, size):
        part = {name: column[start : start + size] for name, column in table.items()}
        yield scorer.review(part, TODAY, previous="tier", since="since")


def test_a_run_goes_on_where_it_stopped_and_counts_a_block_once(scorer):
    whole = scorer.review(accounts(), TODAY, previous="tier", since="since")
    run = sl.ReviewRun(scorer, TODAY)
    for number, reviews in enumerate(blocks(scorer)):
        assert run.next_block == number
        assert run.add(number, reviews) is True
        assert run.add(number, reviews) is False
        run = sl.ReviewRun.from_json(run.to_json())
    assert run.totals == whole.totals
    report = run.close(max_downgraded=0.9)
    assert (report["blocks"], report["replayed"], report["breaker"]["tripped"]) == (3, 3, False)
    with pytest.raises(sl.DataError, match="nothing is to be written"):
        run.close(max_downgraded=0.01)
    assert run.close(max_downgraded=0.01, forced_by="J. Doe")["breaker"]["forced_by"] == "J. Doe"
    other = scorer.review({name: column[:150] for name, column in accounts().items()}, TODAY)
    with pytest.raises(sl.IncompatibleError, match="block 0"):
        run.add(0, other)


def test_parts_of_a_table_hash_as_one(scorer):
    table = accounts()
    parts = [{name: column[:123] for name, column in table.items()}, {name: column[123:] for name, column in table.items()}]
    whole = scorer.review(table, TODAY, previous="tier", since="since")
    assert scorer.review(parts, TODAY, previous="tier", since="since").hash == whole.hash


def test_the_record_is_a_chain_that_can_be_replayed(scorer):
    record = {"behaviour": 50.0, "credit_limit": 1000.0, "balance": 950.0, "dpd": 0.0, "contactable": True, "bureau": 600.0}

    def lines():
        chain = sl.DecisionChain()
        first = chain.review(scorer, record, TODAY, subject="A-1", at="2026-11-21T22:00:00Z", tier="B", since="2026-01-01")
        second = chain.decision(scorer, record, subject="A-1", at="2026-11-21T22:00:01Z", as_of=TODAY)
        entry = json.loads(second)["entry"] | {"kind": {"type": "override", "by": "J. Doe", "reason": "known client"}}
        return chain, [first, second, chain.entry(json.dumps(entry))]

    (chain, written), (_, again) = lines(), lines()
    assert written == again
    assert sl.DecisionChain(written).end == chain.end == (3, json.loads(written[-1])["hash"])
    assert json.loads(written[0])["entry"]["drivers"][:2] == ["W1", "I1"]
    with pytest.raises(sl.DataError) as error:
        sl.DecisionChain([written[0], written[1].replace("A-1", "A-2"), written[2]])
    assert error.value.problems[0]["row"] == 1


def test_a_model_file_keeps_the_review_and_refuses_a_book_with_gaps(tmp_path):
    pipeline = sl.Pipeline.expert_only(config())
    pipeline.save(tmp_path / "model.json")
    loaded = sl.load(tmp_path / "model.json")
    same = loaded.review(accounts(), TODAY, previous="tier", since="since").hash
    assert same == pipeline.scorer().review(accounts(), TODAY, previous="tier", since="since").hash
    gaps = {**BOOK.to_dict(), "rows": BOOK.to_dict()["rows"][:-1]}
    with pytest.raises(sl.ConfigError, match="contactable"):
        sl.Pipeline.expert_only(sl.Config(**{**vars(config()), "review": {**REVIEW, "actions": gaps}}))
