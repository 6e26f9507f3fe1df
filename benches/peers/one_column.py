"""One number, a monotone event rate, at most ten bins of at least 5 % of the rows each, at least one row of either class.

    python one_column.py [LARGEST]     synthetic data up to LARGEST rows (10,000,000), then every number of the real data
"""

import sys

from common import DATA, SPECIAL, audit_cuts, numeric, one_feature, race, real, row, save, sl
from optbinning import OptimalBinning

LIMITS = sl.Binning(max_bins=10, min_share=0.05, min_events=1, min_non_events=1, trend="monotonic")


def ours(x, y, special, capacity=None):
    return sl.bin(x, y, LIMITS, special=special, capacity=capacity, threads=1)


def optbinning(solver, x, y, special):
    limits = {"monotonic_trend": "auto_asc_desc", "max_n_bins": 10, "min_bin_size": 0.05, "solver": solver}
    return OptimalBinning(special_codes=list(special) or None, **limits).fit(x, y)


def fastbinning(x, y):
    from fastbinning import NumericalBinning

    binning = NumericalBinning(10, 0.05, 1.0)
    return sorted(bin.range[0] for bin in binning.fit(x, y.astype("int32")) if not bin.is_missing)[1:]


def toad(x, y):
    import pandas as pd
    import toad as library

    combiner = library.transform.Combiner()
    combiner.fit(pd.DataFrame({"x": x, "y": y}), y="y", method="dt", n_bins=10, min_samples=0.05)
    return [float(cut) for cut in combiner.export()["x"]]


def synthetic(rows):
    x, y = one_feature(rows)
    runners = {
        "scoreline": lambda: ours(x, y, {}),
        "optbinning cp": lambda: optbinning("cp", x, y, {}),
        "optbinning mip": lambda: optbinning("mip", x, y, {}),
        "toad dt": lambda: toad(x, y),
        "fastbinning": lambda: fastbinning(x, y),
    }
    found = race(runners, runs=5 if rows < 10_000_000 else 3)
    return [line("one column", who, one, x, y, {}, rows=rows) for who, one in found.items()]


def line(task, who, one, x, y, special, **more):
    """A result with its audit; bins that were refused count as one bin."""
    value = one["value"]
    cuts = list(getattr(value, "splits", [])) if who.startswith("optbinning") else getattr(value, "cuts", value or [])
    proof = {name: value.certificate[name] for name in ("gap", "exact")} if hasattr(value, "certificate") else {}
    return row(task, who, one, **more, **audit_cuts(cuts, x, y, special), **proof)


def every_column(name):
    """Each number of a data set: ours against both solvers."""
    table = real(name)
    if table is None:
        return []
    y, special, lines = table["y"].to_numpy(), SPECIAL.get(name, {}), []
    for column in numeric(table):
        x = table[column].to_numpy()
        runners = {
            "scoreline": lambda: ours(x, y, special),
            "optbinning cp": lambda: optbinning("cp", x, y, special),
            "optbinning mip": lambda: optbinning("mip", x, y, special),
        }
        for who, one in race(runners, runs=1).items():
            lines.append(line("real column", who, one, x, y, special, data=name, column=column))
    return lines


if __name__ == "__main__":
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    results = [line for rows in (10_000, 100_000, 1_000_000, 10_000_000) if rows <= largest for line in synthetic(rows)]
    results += [line for name in DATA for line in every_column(name)]
    save("one_column", results)
