"""Schedules, rates and day counts against numpy-financial, pyxirr and QuantLib."""

import datetime
import json
import pathlib
import random
from decimal import Decimal

import numpy as np
import numpy_financial as npf
import pyarrow as pa
import pytest
import pyxirr
import QuantLib as ql

import scoreline as sl

GOLDEN = pathlib.Path(__file__).parents[2] / "tests" / "golden"
CENT = Decimal("0.01")


def random_loans(count, seed):
    dice = random.Random(seed)
    for _ in range(count):
        yield Decimal(dice.randrange(100_000, 100_000_000)) / 100, round(dice.uniform(0, 0.36), 4), dice.randint(2, 48), dice


def test_ten_thousand_schedules_are_those_of_numpy_financial():
    for principal, rate, periods, dice in random_loans(10_000, 1):
        method = dice.choice(["equal_instalment", "equal_principal"])
        loan = sl.schedule(principal, rate, periods, method)
        i, number = rate / 12, np.arange(1, periods + 1)
        if method == "equal_instalment":
            payment = -npf.pmt(i, periods, float(principal))
            interest = -npf.ipmt(i, number, periods, float(principal)) if i else np.zeros(periods)
            assert abs(float(loan.rows[0].payment) - payment) <= 0.005 + 1e-9 * payment
        else:
            interest = i * (float(principal) - (number - 1) * float(principal) / periods)
        # A payment and its interest are each off by half a cent at most, and what is off bears interest.
        off = 0.01 * npf.fv(i, number - 1, -1, 0) if i else 0.01 * (number - 1)
        got = np.array([float(row.interest) for row in loan.rows])
        assert (np.abs(got - interest) <= 0.005 + i * off + 1e-7).all()
        assert sum(row.principal for row in loan.rows) == loan.totals.principal == principal
        assert loan.rows[-1].closing == 0 and all(row.closing > 0 for row in loan.rows[:-1])


def test_internal_rates_are_those_of_pyxirr():
    for principal, rate, periods, dice in random_loans(3_000, 2):
        start = datetime.date(2020, 1, 1) + datetime.timedelta(dice.randrange(2_000))
        share, timing = round(dice.uniform(0.001, 0.02), 4), dice.choice(["deducted", "each_period"])
        fee = sl.schedules.fee("f", share_of_principal=share, timing=timing)
        loan = sl.schedule(principal, rate, periods, fees=[fee], start=start, day_count="act_365f")
        monthly = pyxirr.irr(loan.flows)
        assert abs(loan.annualised_rate().periodic - monthly) < 1e-9
        assert abs(loan.apr("compound") - ((1 + monthly) ** 12 - 1)) < 1e-8
        dates = [start, *(row.due for row in loan.rows)]
        assert abs(loan.apr("xirr") - pyxirr.xirr(dates, loan.flows)) < 1e-8
        assert abs(loan.apr("eu", base="days365") - pyxirr.xirr(dates, loan.flows)) < 1e-8


def test_rates_of_any_flows_contain_that_of_pyxirr():
    dice, compared = random.Random(3), 0
    for _ in range(5_000):
        flows = [dice.randint(-100, 100) for _ in range(dice.randint(2, 12))]
        theirs, ours = pyxirr.irr(flows, silent=True), sl.apr.rates(flows)
        for rate in ours:
            size = sum(abs(amount) * max(1, (1 + rate) ** -t) for t, amount in enumerate(flows))
            assert abs(npf.npv(rate, flows)) < 1e-6 * size
        if theirs is not None and -0.9 < theirs < 10:
            assert min(abs(theirs - rate) for rate in ours) < 1e-6, flows
            compared += 1
    assert compared > 3_000


def test_day_counts_are_those_of_quantlib():
    dice = random.Random(4)
    kinds = {
        "30_360": ql.Thirty360(ql.Thirty360.BondBasis),
        "30_360_us": ql.Thirty360(ql.Thirty360.USA),
        "30e_360": ql.Thirty360(ql.Thirty360.EurobondBasis),
        "act_365f": ql.Actual365Fixed(),
        "act_360": ql.Actual360(),
        "act_act_isda": ql.ActualActual(ql.ActualActual.ISDA),
    }
    first = datetime.date(1950, 1, 1)
    for at in range(10_000):
        start = first + datetime.timedelta(dice.randrange(40_000))
        if at % 3 == 0:  # as often at the end of a month, where the kinds differ
            start = start.replace(day=1) - datetime.timedelta(1)
        end = start + datetime.timedelta(dice.randrange(5_000))
        if at % 2 == 0:
            end = max(start, end.replace(day=1) - datetime.timedelta(1))
        days = [ql.Date(day.day, day.month, day.year) for day in (start, end)]
        for kind, theirs in kinds.items():
            assert sl.schedules.counted_days(start, end, kind) == theirs.dayCount(*days), (kind, start, end)
            assert abs(sl.schedules.year_fraction(start, end, kind) - theirs.yearFraction(*days)) < 1e-12


def test_balances_and_due_days_are_those_of_quantlib():
    for years, rate in ((1, 0.12), (3, 0.06), (10, 0.18)):
        theirs = list(ql.sinkingNotionals(ql.Period(years, ql.Years), ql.Monthly, rate, 100_000.0))
        loan = sl.schedule(100_000, rate, 12 * years)
        for row, notional in zip(loan.rows, theirs, strict=False):
            assert abs(float(row.opening) - notional) < 0.02 * row.number * (1 + rate / 12) ** row.number
    dice = random.Random(5)
    for _ in range(300):
        start = datetime.date(2000, 1, 1) + datetime.timedelta(dice.randrange(10_000))
        frequency, length = dice.choice([(12, ql.Period(1, ql.Months)), (4, ql.Period(3, ql.Months)), (26, ql.Period(2, ql.Weeks))])
        loan = sl.schedule(10_000, 0.1, 24, frequency=frequency, start=start)
        for row in loan.rows:
            day = ql.Date(start.day, start.month, start.year) + ql.Period(length.length() * row.number, length.units())
            assert row.due == datetime.date(day.year(), day.month(), day.dayOfMonth())


def test_golden_rates():
    units = {24: ("semi_month", 1), 12: ("months", 1), 6: ("months", 2), 4: ("months", 3), 13: ("weeks", 4), 26: ("weeks", 2)}
    count = 0
    for case in json.loads((GOLDEN / "apr.json").read_text(encoding="utf-8"))["cases"]:
        given = case["inputs"]
        if "amount_financed" in given:
            flows = [((0, 0.0), -given["amount_financed"])] + [((t, f), paid) for t, f, paid in given["payments_t_f_amount"]]
            unit, length = units[given["unit_periods_per_year"]]
            rate = sl.apr.reg_z(flows, unit=unit, count=length)
        else:
            rate = sl.apr.eu(given["flows_years_amount"]).rate
        assert abs(100 * rate - case["expected"]["apr_pct"]) < 1e-9
        count += 1
    assert count == 16


def test_the_table_is_arrow_with_decimals():
    loan = sl.schedule("1000.000", 0.1, 4, sl.schedules.balloon(100), decimals=3, start="2024-01-31", end_of_month=True)
    table = pa.table(loan.table)
    assert table.schema.field("payment").type == pa.decimal128(19, 3) and table.schema.field("due").type == pa.date32()
    assert table["closing"].to_pylist() == [row.closing for row in loan.rows]
    assert [day.isoformat() for day in table["due"].to_pylist()] == ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]
    assert "total" in repr(loan) and "2024-02-29" in repr(loan)


def test_staged_and_promoted_loans_balance():
    fees = [sl.schedules.fee("opening", amount=50, timing="deducted"), sl.schedules.fee("service", share_of_balance=0.001)]
    promotions = [sl.schedules.interest_free(2), sl.schedules.rate_discount(3, 6, 0.02), sl.schedules.fee_waiver("service", 1.0, 3)]
    loan = sl.schedule(
        6000, 0.12, 24, sl.schedules.step(0.02, 6), grace=2, grace_interest="capitalised", drawdowns={1: 2000, 3: "1000.50"},
        fees=fees, promotions=promotions, start="2024-01-15", day_count="act_360",
        rounding={"interest": "half_even"},
    )  # fmt: skip
    assert loan.totals.drawn == Decimal("9000.50") and loan.deducted == 50
    assert loan.totals.principal == loan.totals.drawn + loan.totals.capitalised
    assert [row.fee for row in loan.rows[:3]] == [0, 0, 0] and loan.rows[3].fee > 0
    assert abs(loan.flows[0] + 5950) < 1e-9 and abs(sum(loan.flows) - float(loan.totals.interest + loan.totals.fees)) < 1e-6


def test_what_is_wrong_is_named():
    with pytest.raises(sl.ConfigError) as caught:
        sl.schedule(-1, 1.2e9, 0, "equal_instalment", frequency=7)
    assert [problem["field"] for problem in caught.value.problems] == ["principal", "rate", "periods", "frequency"]
    with pytest.raises(sl.ConfigError, match="balance would grow"):
        sl.schedule(1000, 0.12, 3, sl.schedules.given((3, "9.99")))
    for arguments in ({"principal": "1.005"}, {"principal": float("nan")}, {"principal": "x"}, {"due": ["2024-01-01"]}):
        with pytest.raises(sl.ConfigError):
            sl.schedule(**{"principal": 1000, "rate": 0.1, "periods": 1, **arguments})
    with pytest.raises(sl.DataError, match="none"):
        sl.apr.irr([1, 2])
    with pytest.raises(sl.DataError, match="several"):
        sl.apr.irr([-100, 230, -132])
    with pytest.raises(sl.DataError, match="in one way"):
        sl.apr.eu([("2024-01-01", -1), (1.0, 2)])
    with pytest.raises(sl.ConfigError):
        sl.apr.reg_z([((0, 0.0), -1), ((1, 0.0), 2)], unit="fortnights")
    with pytest.raises(sl.DataError):
        sl.schedules.year_fraction("2024-02-01", "2024-01-01", "act_360")
