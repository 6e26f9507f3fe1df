"""What ten times as many possible cuts would gain: 32,768 distinct numbers kept apart against 327,680.

    python capacity.py [LARGEST]
"""

import sys

from common import DATA, SPECIAL, audit_cuts, numeric, one_feature, real, row, save
from one_column import ours


def gain(data, column, x, y, special):
    iv = [audit_cuts(ours(x, y, special, capacity).cuts, x, y, special)["iv"] for capacity in (32_768, 327_680)]
    return row("ten times the candidates", "scoreline", data=data, column=column, rows=len(x), iv=iv[0], iv_more=iv[1])


if __name__ == "__main__":
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    sizes = [rows for rows in (10_000, 100_000, 1_000_000, 10_000_000) if rows <= largest]
    lines = [gain("synthetic", f"{rows:,} rows", *one_feature(rows), {}) for rows in sizes]
    for name in DATA:
        table = real(name)
        for column in [] if table is None else numeric(table):
            lines.append(gain(name, column, table[column].to_numpy(), table["y"].to_numpy(), SPECIAL.get(name, {})))
    save("capacity", lines)
