"""What consumer loans should have cost, and what they earned: LendingClub's 36-month loans of December 2015, by grade.

Ex ante: PD by year, LGD and prepayment of each grade are those of LendingClub's own earlier 36-month loans, issued from 2007 to 2011 and
over by January 2016 (``EARLIER``); nothing of the loans that are priced enters. One leak is left: recoveries carry no date, and the
earlier file is of November 2017, so a few came after December 2015. Ex post: the same figures of the priced loans themselves, and
the internal rate of return of what they paid.

The priced loans are the 3,525 of 36 months in a file of 5,000 (LendingClub's public statistics, no explicit licence; snapshot of March
2019, when 15 still owed a little: nothing is added for them). It gives totals for each loan and the month and amount of the last
payment, so the rest is assumed to have come in equal parts in the months before, and recoveries, less the fee for them, six months
after the last payment. The grades are not in the file: its common rates are the sub-grades, five a grade.

The lender is a bank that pays 1.5 % for funding, 1 % a year for servicing and 35 % tax, holds 8 % capital (a weight of 100 %) that earns
the funding rate, and asks for 12 % after tax; the borrower's fee at the start pays for origination. Prepayment is a constant rate.

How it reads: by the earlier loans no price was too low, each grade cleared the hurdle by far, and the worse the grade the more it
seemed to earn. What came true agrees for A to C. D defaulted two thirds more often than expected and kept a third of the return; E
defaulted two and a half times as often, the few loans of F and G half as often again, and both lost money: there the price was too
low, and what 19 to 24 % promised was eaten by losses. All in all the loans earned 5 % a year on contracts of 11 %. The new loans were
also prepaid faster and lost a little less in default; neither weighs as much as the PD. RAROC is high because 8 % capital is little
for loans that lose 90 % in default: with 15 %, D would not clear the hurdle either.

    SCORELINE_DATA=… python bindings-python/examples/lending_club.py
"""

import os
import pathlib
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

import scoreline as sl

MONTHS, ISSUED, SNAPSHOT = 36, np.datetime64("2015-12"), 39
HURDLE = 0.12
BANK = {"funding": 0.015, "opex": 0.01, "capital": 0.08, "capital_benefit": 0.015, "tax": 0.35}
GRADES = ["A", "B", "C", "D", "E", "F-G"]


class Experience(NamedTuple):
    """What happened to loans of one grade, by year on book where there are three figures."""

    loans: int
    months: tuple[int, int, int]
    """Months in which a loan was alive."""
    defaults: tuple[int, int, int]
    """In the month after the last payment."""
    prepaid: int
    """Loans paid in full before their term."""
    owed: float
    """Principal of the loans charged off that was not paid."""
    recovered: float
    """Recoveries on it, less the fee for them."""

    @property
    def default_rate(self):
        return sum(self.defaults) / self.loans

    @property
    def lgd(self):
        return 1 - self.recovered / self.owed

    def hazards(self):
        """PD by month, from the curve of the three years."""
        yearly = [1 - (1 - bad / alive) ** 12 for bad, alive in zip(self.defaults, self.months, strict=True)]
        return sl.loss.conditional_pds(yearly).hazards(MONTHS)

    @property
    def prepayment(self):
        return 1 - (1 - self.prepaid / sum(self.months)) ** 12

    def loan(self):
        """The loan of this experience, for the bank."""
        return sl.pricing.Lifetime(months=MONTHS, pd=self.hazards(), lgd=self.lgd, prepayment=self.prepayment, **BANK)


def experience(last_month, charged_off, owed, recovered):
    """Of loans by the month of their last payment, counted from their issue."""
    ended = np.where(charged_off, np.minimum(last_month + 1, MONTHS), np.minimum(last_month, MONTHS)).astype(int)
    early = ~charged_off & (last_month < MONTHS)
    years = [np.clip(ended - first, 0, 12).sum() for first in (0, 12, 24)]
    defaults = [(charged_off & (ended > first) & (ended <= first + 12)).sum() for first in (0, 12, 24)]
    return Experience(
        len(ended), tuple(map(int, years)), tuple(map(int, defaults)), int(early.sum()),
        round(float(owed[charged_off].sum()), 2), round(float(recovered[charged_off].sum()), 2))  # fmt: skip


# `experience` of the 29,096 loans of 36 months issued from 2007 to 2011 that meet the credit policy, counted from the public
# statistics as packed in github.com/kuhnrl30/LendingClubData (MIT; commit b9203b8, data/LendingClubData_2007.rda to _2011.rda).
EARLIER = {
    "A": Experience(9650, (109155, 87836, 60732), (167, 219, 179), 5106, 2366699.29, 161819.69),
    "B": Experience(9331, (105490, 84552, 58493), (325, 371, 289), 4590, 5266250.68, 313037.2),
    "C": Experience(5749, (64731, 51737, 35592), (342, 307, 195), 2603, 4662353.95, 378099.92),
    "D": Experience(3231, (36463, 28721, 19899), (205, 235, 140), 1355, 3605059.37, 262993.75),
    "E": Experience(868, (9774, 7672, 5209), (75, 63, 38), 359, 1360169.92, 88623.75),
    "F-G": Experience(267, (2936, 2208, 1377), (30, 32, 15), 103, 834301.31, 87874.52),
}


class Book(NamedTuple):
    """The priced loans, a row each."""

    grade: np.ndarray
    rate: np.ndarray
    funded: np.ndarray
    last_month: np.ndarray
    last_amount: np.ndarray
    paid: np.ndarray
    """All that the borrower paid before a charge-off, with late fees."""
    charged_off: np.ndarray
    owed: np.ndarray
    recovered: np.ndarray

    def of(self, grade):
        return Book(*(column[self.grade == grade] for column in self))

    def experience(self):
        return experience(self.last_month, self.charged_off, self.owed, self.recovered)

    def flows(self):
        """What the lender paid and got, month by month from the issue."""
        flows = np.zeros(SNAPSHOT + 1)
        flows[0] = -self.funded.sum()
        for last, amount, paid, recovered in zip(self.last_month, self.last_amount, self.paid, self.recovered, strict=True):
            final = min(amount, paid) if last > 1 else paid
            flows[max(last, 1)] += final
            flows[1 : max(last, 1)] += (paid - final) / max(last - 1, 1)
            flows[min(last + 6, SNAPSHOT)] += recovered
        return flows


def grades(rates):
    """The grade of each rate: five of those that five loans or more have make one. Rates left of older lists fall between."""
    values, counts = np.unique(rates, return_counts=True)
    lowest = values[counts >= 5][::5][: len(GRADES)]
    return np.array(GRADES)[np.searchsorted(lowest, rates, side="right") - 1]


def read(folder):
    """The loans of 36 months; grades are told from the rates of all loans."""
    table = pq.read_table(pathlib.Path(folder) / "lendingclub_cashflow" / "lendingclub_cashflow.parquet")
    column = {name: table[name].to_numpy() for name in table.column_names}
    short = column["term"] == "36 months"
    numbers = ("int_rate", "funded_amnt", "last_pymnt_amnt", "total_pymnt", "recoveries", "collection_recovery_fee", "total_rec_prncp")
    rate, funded, last_amount, total, recoveries, fee, principal = (column[name][short].astype(float) for name in numbers)
    dates = [None if day is None else np.datetime64(f"20{day[:2]}-{MONTH[day[3:]]}") for day in table["last_pymnt_d"].to_pylist()]
    last = np.array([0 if day is None else (day - ISSUED).astype(int) for day in dates])[short]
    bad = column["loan_status"][short] == "Charged Off"
    return Book(
        grades(column["int_rate"].astype(float))[short], rate / 100, funded, last, last_amount, total - recoveries, bad,
        np.where(bad, funded - principal, 0.0), np.where(bad, recoveries - fee, 0.0))  # fmt: skip


MONTH = {name: f"{at:02}" for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def modelled(loan, rate):
    """The internal rate of return, twelve times that of a month, of the expected cash flows of a loan: interest and what the
    outstanding balance falls by, less losses."""
    months = list(loan.cash_flows(rate))
    outstanding = [month["alive"] * month["balance"] for month in months] + [0.0]
    falls = [before - after for before, after in zip(outstanding, outstanding[1:], strict=False)]
    flows = [month["interest"] + fall - month["expected_loss"] for month, fall in zip(months, falls, strict=True)]
    return sl.apr.annualised([-1.0, *flows]).simple


class Line(NamedTuple):
    """A grade: what was asked, what the earlier loans said of it, and what came."""

    grade: str
    loans: int
    contract: float
    """Rate per year, weighted with the amounts."""
    expected_default: float
    default: float
    expected_lgd: float
    lgd: float
    break_even: float
    """The rate that earns the hurdle on the experience of the earlier loans."""
    raroc_before: float
    """At the contract rate."""
    raroc_after: float
    """At the contract rate, on what came true."""
    loss: float
    """Principal lost, a share of the amounts."""
    irr: float
    """Of what was paid, twelve times that of a month."""
    modelled: float
    """Of the expected cash flows, on what came true."""


def line(grade, book):
    earlier, now = EARLIER[grade], book.experience()
    contract = float(np.average(book.rate, weights=book.funded))
    before, after = earlier.loan(), now.loan()
    # Of loans that are not prepaid: the earlier ones had other habits.
    survive = np.prod([1 - hazard for hazard in before.pd])
    return Line(
        grade, now.loans, contract, float(1 - survive), float(1 - np.prod([1 - hazard for hazard in after.pd])), earlier.lgd, now.lgd,
        before.break_even_rate(HURDLE), before.at(contract, HURDLE).raroc, after.at(contract, HURDLE).raroc,
        float((book.owed - book.recovered).sum() / book.funded.sum()), sl.apr.annualised(book.flows()).simple,
        modelled(after, contract))  # fmt: skip


def main():
    book = read(os.environ["SCORELINE_DATA"])
    lines = [line(grade, book.of(grade)) for grade in GRADES]
    print("36-month loans of December 2015. PD over the whole life without prepayment; rates per year, RAROC after tax, hurdle 12 %")
    print("grade  loans  contract  PD before  after  LGD before  after  break-even  RAROC before   after   lost    IRR  modelled")
    for one in lines:
        print(
            f"{one.grade:5} {one.loans:6,} {one.contract:9.2%} {one.expected_default:10.1%} {one.default:6.1%} {one.expected_lgd:11.1%}"
            f" {one.lgd:6.1%} {one.break_even:11.2%} {one.raroc_before:13.1%} {one.raroc_after:7.1%} {one.loss:6.2%} {one.irr:6.2%}"
            f" {one.modelled:9.2%}"
        )
    total = sl.apr.annualised(book.flows()).simple
    print(f"all   {len(book.rate):6,} {np.average(book.rate, weights=book.funded):9.2%}: the loans earned {total:.2%} a year\n")
    print("What the break-even rate was made of")
    for grade in GRADES:
        parts = EARLIER[grade].loan().waterfall(HURDLE)
        print(
            f"  {grade:4} {parts.rate:7.2%} = funding {parts.funding:.2%} + servicing {parts.opex:.2%} + expected loss"
            f" {parts.expected_loss:.2%} + capital {parts.capital_charge:.2%}"
        )
    for title, short in (
        ("Too low by the earlier loans", [one.grade for one in lines if one.contract < one.break_even]),
        ("Too low by what came true", [one.grade for one in lines if one.raroc_after < HURDLE]),
    ):
        print(f"{title}: {', '.join(short) or 'none'}")


if __name__ == "__main__":
    main()
