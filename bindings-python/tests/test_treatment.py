"""The action book with its proof, roll rates and relief."""

import csv
import datetime
import gzip
import os
import pathlib
from decimal import Decimal

import pytest
from conftest import DATA

import scoreline as sl

FOLDER = os.environ.get("SCORELINE_DATA")


@pytest.fixture(scope="module")
def book():
    return sl.ActionBook.from_file(DATA / "action_book.json")


def without(book, code):
    plain = book.to_dict()
    plain["rows"] = [row for row in plain["rows"] if row["code"] != code]
    return sl.ActionBook(plain)


def test_the_shipped_books_are_sound(book):
    for found in (book.check(), sl.ActionBook.from_file(DATA / "collections_book.json").check()):
        assert found.sound and (found.gaps, found.overlaps, found.never) == ((), (), ())
        assert str(found).endswith("every state has exactly one answer")
    assert (found.rows, found.axes) == (14, 6) and found.nodes > 0


def test_answers_and_reviews(book):
    answer = book.answer({"tier": "A", "stage": "current", "utilisation": 0.8}, as_of=datetime.date(2027, 12, 1))
    assert (answer.code, answer.offers, answer.waiver_cap) == ("INCREASE", ("limit_increase", "top_up"), 0.0)
    assert answer.actions[1] == sl.treatment.Action("limit_increase", "app")
    assert answer.next_review == datetime.date(2028, 2, 29)
    nobody = book.answer({"tier": "D", "contactable": None, "stage": "1-30", "days_past_due": 12})
    assert (nobody.code, nobody.next_review, nobody.actions[1].every_days) == ("MONITOR", None, 3)
    assert book.answer({"tier": "B", "stage": "current", "utilisation": Decimal("0.69")}, as_of="2026-11-21").code == "KEEP"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, "field 'tier': a tier was expected"),
        ({"tier": "E"}, "field 'tier': a tier was expected"),
        ({"tier": "A", "utilization": 0.5}, "did you mean 'utilisation'"),
        ({"tier": "A", "utilisation": "half"}, "field 'utilisation'"),
        ({"tier": "A", "utilisation": float("inf")}, "field 'utilisation'"),
        ({"tier": "A", "contactable": 1}, "field 'contactable'"),
        ({"tier": "A", "days_past_due": 4.5}, "a whole number was expected"),
    ],
)
def test_states_that_are_none_are_refused(book, state, said):
    with pytest.raises(sl.DataError, match=said) as caught:
        book.answer(state)
    assert "half" not in str(caught.value)


def test_faults_are_found_and_can_be_mended(book):
    broken = without(book, "KEEP")
    found = broken.check()
    assert not found.sound and found.more_gaps == 0
    assert str(found.gaps[0]).endswith("tier A or B, hardship false or missing, utilisation from 0.3 below 0.7 or missing")
    assert str(found.gaps[0]) in str(found)
    with pytest.raises(sl.ConfigError, match="no row answers for"):
        broken.answer({"tier": "A"})

    keep = next(row for row in book.to_dict()["rows"] if row["code"] == "KEEP")
    mended = broken.to_dict()
    mended["rows"].append({**keep, "when": found.gaps[0].when})
    assert sl.ActionBook(mended).check().sound

    mended["rows"].append({**keep, "code": "TWIN"})
    mended["rows"].append({**keep, "code": "IDLE", "when": {"utilisation": []}})
    found = sl.ActionBook(mended).check()
    assert [pair.codes for pair in found.overlaps] == [("KEEP", "TWIN")]
    assert [(row.code, row.axis) for row in found.never] == [("KEEP", None), ("TWIN", None), ("IDLE", "utilisation")]


def test_books_of_another_form_are_refused(book):
    plain = book.to_dict()
    plain["rows"][0]["review_days"] = 0
    plain["rows"][1]["when"]["tier"] = ["E", "missing"]
    with pytest.raises(sl.ConfigError) as caught:
        sl.ActionBook(plain).check()
    assert len(caught.value.problems) == 3
    with pytest.raises(sl.ConfigError, match="unknown field `what`"):
        sl.ActionBook({**plain, "what": 1}).check()
    with pytest.raises(sl.IoError):
        sl.ActionBook.from_file("nowhere.json")


def test_roll_rates_multiply():
    stages = ["current", "1-30", "31-60", "61-90", "loss"]
    now, next = [], []
    for i, rolls in enumerate([2, 35, 55, 70]):
        now += [stages[i]] * 100
        next += [stages[i + 1]] * rolls + ["current"] * (100 - rolls)
    rates = sl.roll_rates({"a": now, "b": next}, stages=stages, now="a", next="b")
    assert rates.rows["current"].to_loss == pytest.approx(0.002695, rel=1e-12)
    assert list(rates.rows) == stages and rates.rows["loss"].to_loss == 1.0
    parts = [{"a": now[:130], "b": next[:130]}, {"a": now[130:], "b": next[130:]}]
    assert sl.roll_rates(parts, stages=stages, now="a", next="b") == rates
    with pytest.raises(sl.DataError, match="row 1: the stage is not listed") as caught:
        sl.roll_rates({"a": ["current", "secret"], "b": ["current", None]}, stages=stages, now="a", next="b")
    assert "secret" not in str(caught.value)


@pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")
def test_roll_rates_of_card_holders_in_taiwan():
    with gzip.open(pathlib.Path(FOLDER) / "taiwan_credit" / "taiwan_credit.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30_000

    def stage(status):
        return "current" if int(status) <= 0 else "4+" if int(status) >= 4 else str(int(status))

    stages = ["current", "1", "2", "3", "4+"]
    months = ["PAY_6", "PAY_5", "PAY_4", "PAY_3", "PAY_2", "PAY_0"]  # April to September 2005
    bills = {"PAY_6": "BILL_AMT6", "PAY_5": "BILL_AMT5", "PAY_4": "BILL_AMT4", "PAY_3": "BILL_AMT3", "PAY_2": "BILL_AMT2"}
    pairs = list(zip(months, months[1:], strict=False))
    tables = [
        {
            "now": [stage(row[now]) for row in rows],
            "next": [stage(row[next]) for row in rows],
            "owed": [max(float(row[bills[now]]), 0.0) for row in rows],
        }
        for now, next in pairs
    ]
    rates = sl.roll_rates(tables, stages=stages, now="now", next="next", amount="owed")

    # By hand: a plain count over all pairs of months, and whole dollars in Python's integers.
    count = dict.fromkeys(((a, b) for a in stages for b in stages), 0)
    owed = dict.fromkeys(count, 0)
    for now, next in pairs:
        for row in rows:
            key = (stage(row[now]), stage(row[next]))
            count[key] += 1
            owed[key] += max(int(float(row[bills[now]])), 0)
    for a in stages:
        accounts = sum(count[a, b] for b in stages)
        amount = sum(owed[a, b] for b in stages)
        assert (rates.rows[a].accounts, rates.rows[a].amount, rates.rows[a].unknown_next) == (accounts, amount, 0)
        for b in stages:
            roll = rates.rows[a].to[b]
            assert (roll.accounts, roll.share) == (count[a, b], count[a, b] / accounts)
            assert (roll.amount, roll.amount_share) == (owed[a, b], owed[a, b] / amount)
    loss = 1.0
    for a, b in reversed(list(zip(stages, stages[1:], strict=False))):
        loss *= count[a, b] / sum(count[a, c] for c in stages)
        assert rates.rows[a].to_loss == pytest.approx(loss, rel=1e-12)
    assert sum(row.accounts for row in rates.rows.values()) == 150_000


def test_relief():
    loan = {"balance": 10_000, "rate": 0.12, "months": 24, "max_npv_loss": 0.05, "waiver_cap": 0.3}
    same = sl.restructure(**loan)
    assert same.npv_loss == 0 and same.refused_by == () and not same.forborne and not same.diminished
    assert same.payment_shock == pytest.approx(0, abs=1e-12) and same.instalment_before == Decimal("470.73")

    assert sl.restructure(**loan | {"balance": Decimal("10000.00")}) == same

    longer = sl.restructure(**loan, new_months=36, in_difficulty=True)
    assert longer.npv_loss == 0 and longer.forborne and not longer.diminished and longer.payment_shock < -0.25

    cut = sl.restructure(**loan, new_rate=0.0, days_past_due=10)
    # 24 instalments of 10,000 / 24 at 1 % a month, against 10,000.
    value = sum(10_000 / 24 / 1.01**month for month in range(1, 25))
    assert cut.npv_after == pytest.approx(value, rel=1e-12) and cut.npv_before == pytest.approx(10_000, rel=1e-12)
    assert cut.refused_by == ("npv_loss",) and cut.diminished

    with pytest.raises(sl.DataError, match="field 'balance'.*field 'months'"):
        sl.restructure(**loan | {"balance": -1, "months": 0})
    with pytest.raises(sl.ConfigError, match="field 'waiver_cap'"):
        sl.restructure(**loan | {"waiver_cap": 2})
