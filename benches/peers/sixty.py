"""Sixty features of 200,000 rows binned and turned into weights of evidence; twenty of a million rows as well.

    python sixty.py [ROWS] [WIDE_ROWS]
"""

import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import toad
from common import audit, numeric, race, row, save, sixty_features, sl, twenty_features
from fastbinning import CategoricalBinning, NumericalBinning
from optbinning import BinningProcess

# The peers group every level by its own event rate, however rare, and so do we here.
LIMITS = sl.Binning(max_bins=10, min_share=0.05, min_level_share=0, min_events=1, min_non_events=1, trend="monotonic")


class Scoreline:
    def fit(self, table):
        target = table["y"]
        self.bins = [sl.bin(table[name], target, LIMITS, name=name, threads=1) for name in table if name != "y"]
        return self

    def woe(self, table):
        return sl.woe(table, self.bins, threads=1)

    def codes(self, table):
        woe = self.woe(table).to_pydict()
        return {name: np.asarray(values) for name, values in woe.items()}


class Optbinning:
    def __init__(self, solver):
        self.solver = solver

    def fit(self, table):
        names = [name for name in table if name != "y"]
        numbers = numeric(table)
        numeric_only = {"monotonic_trend": "auto_asc_desc"}
        each = {name: {"solver": self.solver, **(numeric_only if name in numbers else {})} for name in names}
        self.process = BinningProcess(
            names,
            max_n_bins=10,
            min_bin_size=0.05,
            categorical_variables=[name for name in names if name not in numbers],
            binning_fit_params=each,
        )
        self.process.fit(table[names], table["y"].to_numpy())
        return self

    def woe(self, table):
        return self.process.transform(table.drop(columns="y"), metric="woe", metric_missing="empirical")

    def codes(self, table):
        return dict(self.woe(table).items())


class Toad:
    def fit(self, table):
        self.combiner = toad.transform.Combiner()
        self.combiner.fit(table, y="y", method="dt", n_bins=10, min_samples=0.05, empty_separate=True)
        return self

    def learn_woe(self, table):
        """Its weights of evidence are a step of their own, which is not timed."""
        self.transformer = toad.transform.WOETransformer()
        self.transformer.fit_transform(self.combiner.transform(table), table["y"], exclude=["y"])
        return self

    def woe(self, table):
        return self.transformer.transform(self.combiner.transform(table))

    def codes(self, table):
        return dict(self.combiner.transform(table).drop(columns="y").items())


class Fastbinning:
    """It takes categories as integers: making them is part of the work."""

    def fit(self, table):
        y = table["y"].to_numpy().astype("int32")
        self.bins, self.levels = {}, {}
        numbers = numeric(table)
        for name in table:
            if name == "y":
                continue
            if name in numbers:
                binning, x = NumericalBinning(10, 0.05, 1.0), table[name].to_numpy()
            else:
                binning = CategoricalBinning(10, 0.05, 1.0)
                codes, self.levels[name] = pd.factorize(table[name])
                x = codes.astype("int32")
            binning.fit(x, y)
            self.bins[name] = binning
        return self

    def codes(self, table):
        def values(name):
            if name not in self.levels:
                return table[name].to_numpy()
            return self.levels[name].get_indexer(table[name]).astype("int32")

        return {name: binning.transform(values(name)) for name, binning in self.bins.items()}

    woe = codes


def within(code, x, y):
    """Whether at most ten bins hold at least 5 % of all rows each, with strictly monotone rates if they are of a number;
    missing values apart."""
    held = x.notna().to_numpy()
    parts = pd.DataFrame({"code": code, "y": y, "x": x})[held].groupby("code")
    sizes = parts.size()
    if len(sizes) > 10 or (len(sizes) > 1 and sizes.min() < 0.05 * len(y) - 1):
        return False
    if not pd.api.types.is_numeric_dtype(x):
        return True
    steps = np.diff(parts["y"].mean()[parts["x"].min().sort_values().index])
    return bool((steps > 0).all() or (steps < 0).all())


def compare(task, table, fit_runs, makers):
    """Fits in turn, then transforms in turn with what was fitted."""
    rows, lines = len(table), []
    fits = race({who: lambda make=make: make().fit(table) for who, make in makers.items()}, runs=fit_runs, budget=15)
    y = table["y"].to_numpy()
    fitted = {who: one.pop("value") for who, one in fits.items()}
    for who, model in fitted.items():
        if hasattr(model, "learn_woe"):
            model.learn_woe(table)
        codes = {} if model is None else model.codes(table)
        quality = {
            "iv": sum(audit(np.asarray(code), y) for code in codes.values()),
            "features": len(codes),
            "within": sum(within(np.asarray(code), table[name], y) for name, code in codes.items()),
        }
        lines.append(row(f"{task}: bins", who, fits[who], rows=rows, **quality))
    transforms = {who: lambda model=model: model.woe(table) for who, model in fitted.items() if model is not None}
    for who, one in race(transforms, runs=5).items():
        lines.append(row(f"{task}: weights of evidence", who, one, rows=rows))
    return lines


def main(rows=200_000, wide_rows=1_000_000):
    makers = {"scoreline": Scoreline, "optbinning cp": lambda: Optbinning("cp"), "toad dt": Toad, "fastbinning": Fastbinning}
    table = sixty_features(rows)
    lines = compare("60 features", table, 3, {**makers, "optbinning mip": lambda: Optbinning("mip")})
    ours = Scoreline().fit(table)
    arrow = pa.Table.from_pandas(table)
    timed = race({"scoreline": lambda: Scoreline().fit(table), "scoreline, Arrow": lambda: sl.woe(arrow, ours.bins, threads=1)})
    lines.append(row("60 features: weights of evidence", "scoreline, Arrow", timed["scoreline, Arrow"], rows=rows))
    del table, arrow
    return lines + compare("20 features", twenty_features(wide_rows), 1, makers)


if __name__ == "__main__":
    save("sixty", main(*map(int, sys.argv[1:])))
