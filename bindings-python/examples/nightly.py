"""Reviews a book of accounts that a mainframe keeps, and compares what it comes to with the run of the COBOL program.

The book holds records of fixed length with packed (COMP-3), zoned, binary and text fields: that of bindings-c/examples/nightly.cob,
which declares them in COBOL. They are read here with numpy alone. A record with a field that cannot be read is refused, no other.

    python bindings-python/examples/nightly.py MODEL.json BOOK TODAY [TOTALS]

TOTALS is what the COBOL program printed. Then each control total and the hash over all reviews stand side by side, and the program
fails when one differs.
"""

import pathlib
import sys

import numpy as np
import pyarrow as pa

import scoreline as sl

RECORD = 80
# As many as the COBOL program takes at once: the hash of a run is that of its blocks.
BLOCK = 50_000


class Records:
    """Records as rows of bytes, and which of them cannot be read."""

    def __init__(self, rows):
        self.rows = rows
        self.unreadable = np.zeros(len(rows), bool)

    def cells(self, offset, length):
        return np.ascontiguousarray(self.rows[:, offset : offset + length])

    def numbers(self, cells, digits, negative, bad, scale, blank):
        """Numbers of decimal digits; NaN where they are missing."""
        missing = (cells == ord(" ")).all(axis=1) if blank else np.zeros(len(cells), bool)
        self.unreadable |= bad & ~missing
        whole = digits.astype(np.int64) @ 10 ** np.arange(digits.shape[1], dtype=np.int64)[::-1]
        # Whole numbers below 2**53, divided by a power of ten: the double nearest to the decimal.
        return np.where(bad, np.nan, np.where(negative, -whole, whole) / 10.0**scale)

    def packed(self, offset, length, scale=0, blank=False):
        """COMP-3: two digits a byte, the last half-byte a sign from A to F, of which B and D are negative."""
        cells = self.cells(offset, length)
        halves = np.stack([cells >> 4, cells & 15], axis=2).reshape(len(cells), 2 * length)
        digits, sign = halves[:, :-1], halves[:, -1]
        bad = (digits > 9).any(axis=1) | (sign < 10)
        return self.numbers(cells, digits, (sign == 0xB) | (sign == 0xD), bad, scale, blank)

    def zoned(self, offset, length, blank=False):
        """DISPLAY without a sign: a digit a byte."""
        cells = self.cells(offset, length)
        digits = cells - np.uint8(ord("0"))
        return self.numbers(cells, digits, False, (digits > 9).any(axis=1), 0, blank)

    def binary(self, offset):
        """COMP of up to four digits: two bytes, the first one the higher."""
        return self.cells(offset, 2).view(">i2")[:, 0].astype(float)

    def flags(self, offset):
        """Y, N, or a space where it is missing."""
        letters = self.rows[:, offset]
        missing = letters == ord(" ")
        self.unreadable |= ~(missing | np.isin(letters, list(b"YN")))
        return pa.array(letters == ord("Y"), mask=missing)

    def texts(self, offset, length):
        """ASCII, filled up with spaces; only spaces where it is missing."""
        levels, codes = np.unique(self.cells(offset, length).view(f"S{length}")[:, 0], return_inverse=True)
        return pa.array([level.decode("ascii").rstrip() or None for level in levels]).take(pa.array(codes))

    def days(self, offset):
        """YYYYMMDD; spaces or zeros where it is missing."""
        digits = self.zoned(offset, 8, blank=True)
        missing = ~(digits > 0)
        whole = np.where(missing, 19700101, digits).astype(np.int64)
        year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
        months = (year - 1970).astype("M8[Y]").astype("M8[M]") + (month - 1)
        days = months.astype("M8[D]") + (day - 1)
        # The 30th of February is a day of March, month 13 one of January.
        self.unreadable |= (days.astype("M8[M]") != months) | (month < 1) | (month > 12)
        return pa.array(days, mask=missing)


def columns(rows):
    """The columns of a block; a record that cannot be read gets a tier that there is not, so that it is refused."""
    records = Records(rows)
    table = {
        "months_on_book": records.packed(21, 2),
        "payment_ratio": records.packed(23, 3, scale=4),
        "inflow": records.packed(26, 6, scale=2),
        "credit_limit": records.packed(32, 6, scale=2),
        "balance": records.packed(38, 6, scale=2),
        "dpd": records.packed(44, 2),
        "bureau": records.zoned(46, 3, blank=True),
        "returned_debits": records.binary(49),
        "days_since_change": records.packed(51, 3, blank=True),
        "contactable": records.flags(54),
        "do_not_contact": records.flags(55),
        "hardship": records.flags(56),
        "stage": records.texts(57, 7),
        "industry": records.texts(64, 8),
        "since": records.days(13),
    }
    letters = np.where(records.unreadable, np.uint8(ord("?")), rows[:, 12])
    return table | {"tier_before": pa.array([None if letter == " " else letter for letter in letters.tobytes().decode("latin-1")])}


def run(scorer, book, today):
    """The report of a run over the book, block by block."""
    rows = np.memmap(book, np.uint8, mode="r").reshape(-1, RECORD)
    ledger = sl.ReviewRun(scorer, today)
    for block, first in enumerate(range(0, len(rows), BLOCK)):
        reviews = scorer.review(columns(rows[first : first + BLOCK]), today, previous="tier_before", since="since")
        ledger.add(block, reviews)
    return ledger.close()


def named(report):
    """Control totals and hash by the names that the COBOL program prints, as text. Money is in minor units."""
    totals = report["totals"]
    moves = totals["moves"] | {"-": totals["first"]}
    counts = {name: totals[name] for name in ("rows", "refused", "forced", "referred", "declined", "overlaid", "expired")}
    counts["changed"] = sum(count for before, row in totals["moves"].items() for after, count in row.items() if before != after)
    counts["first"] = sum(totals["first"].values())
    counts["limits"] = str(totals.get("limits", 0)).replace(".", "")
    families = {"held": totals["held"], "change": totals["changes"], "action": totals["actions"], "warning": dict(enumerate(totals["warnings"]))}
    counts |= {f"{family}.{name}": count for family, found in families.items() for name, count in found.items()}
    counts |= {f"{before.upper()} to {after.upper()}": count for before, row in moves.items() for after, count in row.items()}
    return {name: str(count) for name, count in counts.items()} | {"hash": report["hash"]}


def main(model, book, today, totals=None):
    ours = named(run(sl.load(model), book, today))
    if totals is None:
        print("\n".join(f"{name:24} {value:>15}" for name, value in ours.items()))
        return
    theirs = dict(line.rsplit(maxsplit=1) for line in pathlib.Path(totals).read_text(encoding="utf-8").splitlines())
    # Python names only what it counted.
    rows = [(name, theirs.get(name, "-"), ours.get(name, "0")) for name in {**theirs, **ours}]
    print(f"{'':24} {'COBOL':>15} {'Python':>15}")
    for name, cobol, python in rows:
        print(f"{name:24} {cobol:>15} {python:>15}{'' if cobol == python else '  differs'}")
    different = [name for name, cobol, python in rows if cobol != python]
    if different:
        sys.exit(f"COBOL and Python differ in: {', '.join(different)}")
    print(f"All {len(rows)} are equal.")


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit("usage: nightly.py MODEL.json BOOK TODAY [TOTALS]")
    main(*sys.argv[1:])
