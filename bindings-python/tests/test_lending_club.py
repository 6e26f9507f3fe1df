"""LendingClub's loans of December 2015 priced on what its earlier loans had told, beside what they earned."""

import os

import numpy as np
import numpy_financial
import pytest
from lending_club import BANK, EARLIER, GRADES, HURDLE, experience, line, main, read

import scoreline as sl

FOLDER = os.environ.get("SCORELINE_DATA")


def test_months_defaults_and_early_ends_are_counted():
    # Four loans: paid to term, paid early after 12 months, charged off before the first payment and after 30 payments.
    found = experience(np.array([37, 12, 0, 30]), np.array([False, False, True, True]), np.full(4, 100.0), np.full(4, 5.0))
    assert found == (4, (12 + 12 + 1 + 12, 12 + 0 + 0 + 12, 12 + 0 + 0 + 7), (1, 0, 1), 1, 200.0, 10.0)
    assert found.lgd == pytest.approx(0.95) and found.default_rate == 0.5
    # The hazards are defaults over months alive, and so is what is prepaid.
    assert found.hazards() == pytest.approx([1 / 37] * 12 + [0] * 12 + [1 / 19] * 12)
    assert 1 - (1 - found.prepayment) ** (1 / 12) == pytest.approx(1 / 80)


def test_worse_grades_ask_for_more():
    assert sum(one.loans for one in EARLIER.values()) == 29_096
    loans = [EARLIER[grade].loan() for grade in GRADES]
    rates = [loan.break_even_rate(HURDLE) for loan in loans]
    assert rates == sorted(rates)
    for loan, rate in zip(loans, rates, strict=True):
        assert loan.at(rate, HURDLE).raroc == pytest.approx(HURDLE, abs=1e-10)
        assert loan.waterfall(HURDLE).rate == pytest.approx(rate, abs=1e-11)
        # With no default at all the funding, the servicing and the capital are left.
        free = sl.pricing.Lifetime(months=36, pd=[0.0] * 36, lgd=1.0, prepayment=loan.prepayment, **BANK).break_even_rate(HURDLE)
        assert free == pytest.approx(0.015 + 0.01 + 0.08 * (HURDLE / 0.65 - 0.015), abs=1e-12) and free < rate


@pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")
def test_what_the_loans_earned():
    book = read(FOLDER)
    assert len(book.rate) == 3_525 and len(np.unique(book.grade)) == len(GRADES)
    # The cards of LendingClub: A below 8 %, B below 11.9 %, C below 15.7 %, D below 18.9 %.
    for grade, (low, high) in {"A": (0.05, 0.08), "B": (0.08, 0.119), "C": (0.119, 0.157), "D": (0.157, 0.189)}.items():
        rates = book.of(grade).rate
        assert low < rates.min() and rates.max() < high
    lines = [line(grade, book.of(grade)) for grade in GRADES]
    for one in lines:
        part = book.of(one.grade)
        flows = part.flows()
        # No money is made or lost on the way.
        assert flows[0] == -part.funded.sum()
        assert flows[1:].sum() == pytest.approx(part.paid.sum() + part.recovered.sum(), abs=0.01)
        assert (flows[1:] >= 0).all()
        assert one.irr / 12 == pytest.approx(numpy_financial.irr(flows), abs=1e-10)
        assert one.irr < one.contract
        now = part.experience()
        assert now.loans == len(part.rate) and sum(now.defaults) == part.charged_off.sum()
        assert one.default > sum(now.defaults) / now.loans  # without prepayment more would have defaulted
        assert (one.raroc_before > HURDLE) == (one.contract > one.break_even)
    # Among the grades of more than a few loans the worse were charged more and lost more; the others are 23 loans.
    large = [one for one in lines if one.loans >= 50]
    assert [one.grade for one in large] == ["A", "B", "C", "D", "E"]
    # The months of the model, with what came true put in, earn what the payments earned.
    for one in large[:4]:
        assert one.modelled == pytest.approx(one.irr, abs=0.01)
    assert [one.grade for one in lines if one.contract < one.break_even] == []
    assert [one.grade for one in lines if one.raroc_after < HURDLE] == ["E", "F-G"]
    for better, worse in zip(large, large[1:], strict=False):
        assert better.contract < worse.contract and better.loss < worse.loss and better.default < worse.default
    total = sl.apr.annualised(book.flows()).simple
    assert min(one.irr for one in lines) < total < max(one.irr for one in lines)


@pytest.mark.skipif(FOLDER is None, reason="SCORELINE_DATA is not set")
def test_the_table_is_printed(capsys):
    main()
    text = capsys.readouterr().out
    assert text.count("\n") > 14 and max(map(len, text.splitlines())) <= 132
    assert all(f"\n{grade:5} " in text for grade in GRADES) and "Too low by what came true" in text
