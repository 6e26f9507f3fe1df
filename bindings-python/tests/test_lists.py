"""Ladders of authority, and lists of customers for a purpose."""

import datetime
import hashlib
import json

import pytest

import scoreline as sl

RUNGS = [
    sl.Rung("clerk", {"A": 100, "B": 50, "C": 0, "D": 0}, 0),
    sl.Rung("two", {"A": 1000, "B": 500, "C": 100, "D": 0}, 2),
    sl.Rung("board"),
]
CASES = [(100.0, "A", 0, "clerk"), (100.01, "A", 0, "two"), (50, "B", 1, "two"), (0, "C", 0, "clerk"), (1, "D", 0, "board"), (1, "A", 3, "board")]


def test_rungs_of_cases_and_columns():
    ladder = sl.Ladder(RUNGS)
    assert [ladder.rung(amount, tier, exceptions) for amount, tier, exceptions, _ in CASES] == [case[3] for case in CASES]
    amounts, tiers, exceptions, names = (list(column) for column in zip(*CASES, strict=True))
    found = ladder.rungs(amounts, tiers, exceptions)
    assert found["rung"] == names
    assert found.to_pyarrow()["rung"].to_pylist() == names and list(found.to_pandas()["rung"]) == names
    assert ladder.rungs(amounts, tiers)["rung"] == [ladder.rung(amount, tier) for amount, tier in zip(amounts, tiers, strict=True)]
    assert sl.Ladder.from_dict(ladder.to_dict()).to_dict() == ladder.to_dict()
    assert len(ladder.rungs([], [])) == 0


def test_every_problem_of_a_ladder_is_listed():
    with pytest.raises(sl.ConfigError, match="5 problems") as caught:
        sl.Ladder([sl.Rung("a", max_exceptions=1), {"name": "a", "max_amount": {"A": 1, "B": 2, "C": 0, "D": -1}, "max_exceptions": 0}])
    assert len(caught.value.problems) == 5
    ladder = sl.Ladder(RUNGS)
    for amounts, tiers, exceptions, place in [
        ([1, -1], ["A", "A"], None, "row 1"),
        ([1, 1], ["A", "E"], None, "row 1"),
        ([1, 1], ["A", None], None, "row 1"),
        ([1, 1], ["A", "A"], [0, 0.5], "row 1"),
        ([1], ["A", "A"], None, "length"),
    ]:
        with pytest.raises(sl.DataError, match=place):
            ladder.rungs(amounts, tiers, exceptions)
    with pytest.raises(sl.DataError, match="tier"):
        ladder.rung(1, "a")


SCHEMA = sl.Schema([
    sl.Field("id", "category"),
    sl.Field("phone", "category"),
    sl.Field("born", "date"),
    sl.Field("balance", "number"),
    sl.Field("sex", "category", sensitivity={"type": "protected", "basis": "sex"}),
])
BOOK = {
    "id": ["K1", "K2", "K3", "K4"],
    "phone": ["p1", "p2", "p3", None],
    "born": [datetime.date(1980, 1, 1), None, datetime.date(1990, 2, 2), datetime.date(2000, 3, 3)],
    "balance": [10.0, None, 60.5, 70.0],
    "sex": ["secret-f", "secret-m", "secret-f", "secret-m"],
    "salary": [1, 2, 3, 4],
}


def export(**changed):
    given = {"when": "balance > 50", "fields": ["id", "phone", "born"], "purpose": "call", "owner": "J. Doe", "expires": "2026-12-31"}
    return sl.export_list(BOOK, SCHEMA, **{**given, "as_of": "2026-12-01", **changed})


def test_a_list_holds_what_it_needs_and_no_more():
    text = export()
    listed = sl.open_list(text, as_of=datetime.date(2026, 12, 31))
    assert listed.rows.to_pydict() == {"id": ["K3", "K4"], "phone": ["p3", None], "born": [datetime.date(1990, 2, 2), datetime.date(2000, 3, 3)]}
    manifest = listed.manifest
    assert (manifest.rows, manifest.unknown, manifest.expires, manifest.when) == (2, 1, datetime.date(2026, 12, 31), "balance > 50")
    assert manifest.fields == {"id": "category", "phone": "category", "born": "date"}
    for other in ("K1", "K2", "p1", "p2", "secret", "sex", "60.5", "70", "salary", "1980"):
        assert other not in text.replace(manifest.sha256, "")
    plain = json.loads(text)
    plain["manifest"]["sha256"] = ""
    # Names in the order of bytes and no spaces: for texts, days and small whole numbers that is RFC 8785.
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == manifest.sha256
    assert export(fields=["balance"]).count("60.5") == 1


def test_lists_end_and_cannot_be_edited():
    text = export()
    with pytest.raises(sl.DataError, match="expired after 2026-12-31"):
        sl.open_list(text, as_of="2027-01-01")
    for old, new in [("2026-12-31", "2027-12-31"), ("J. Doe", "X. Doe"), ("K3", "K1")]:
        with pytest.raises(sl.ArtefactError, match="edited"):
            sl.open_list(text.replace(old, new), as_of="2026-12-02")
    with pytest.raises(sl.ArtefactError):
        sl.open_list("[]", as_of="2026-12-02")


def test_every_problem_of_a_list_is_listed():
    with pytest.raises(sl.ConfigError, match="5 problems"):
        export(purpose="", owner=" ", expires="2026-01-01", when="balance", fields=["phon"])
    with pytest.raises(sl.ConfigError, match="protected"):
        export(fields=["id", "sex"])
    permitted = export(fields=["id", "sex"], protected_use=[{"field": "sex", "author": "J. Doe", "reason": "form of address"}])
    assert sl.open_list(permitted, as_of="2026-12-01").rows["sex"] == ["secret-f", "secret-m"]
