"""Makes binning_targets.json with optbinning and scikit-learn.

Three seeded samples of a continuous target and one of a target with three classes. For each the bins that optbinning finds
at its own candidates under the limits of the test, its table, and what these bins explain of the variance; for one sample
the isotonic regression.

    python tests/golden/binning_targets.py > tests/golden/binning_targets.json
"""

import json

import numpy
import optbinning
import sklearn
from sklearn.isotonic import IsotonicRegression


def explained(bins, y):
    """Share of the variance of y that the means of the bins explain."""
    mean = y.mean()
    between = sum((bins == b).sum() * (y[bins == b].mean() - mean) ** 2 for b in numpy.unique(bins))
    return float(between / ((y - mean) ** 2).sum())


def continuous(name, x, y, trend):
    binning = optbinning.ContinuousOptimalBinning(max_n_bins=6, min_bin_size=0.05, monotonic_trend=trend[1])
    binning.fit(x, y)
    bins = numpy.digitize(x, binning.splits)
    table = binning.binning_table.build().head(len(binning.splits) + 1)
    columns = {"count": "Count", "share": "Count (%)", "mean": "Mean", "std": "Std", "min": "Min", "max": "Max", "iv": "IV"}
    return {
        "name": name,
        "trend": trend[0],
        "x": x.tolist(),
        "y": y.tolist(),
        "status": binning.status,
        "cuts": [float(cut) for cut in binning.splits],
        "explained": explained(bins, y),
        "table": {key: [float(value) for value in table[column]] for key, column in columns.items()},
    }


draw = numpy.random.default_rng(20261121)
n = 500
ltv = draw.integers(20, 140, n) / 100
lgd = numpy.clip(0.6 * (ltv - 0.5) + draw.normal(0, 0.2, n), 0, 1).round(4)
age = draw.integers(0, 200, n).astype(float)
hump = numpy.clip(0.7 - ((age - 90) / 110) ** 2 + draw.normal(0, 0.15, n), 0, 1).round(4)
used = draw.beta(2, 3, n).round(3)
exposure = numpy.round(50_000 * (1 - used) ** 2 * draw.lognormal(0, 0.5, n), 2)
samples = [
    continuous("lgd by ltv", ltv, lgd, ("increasing", "ascending")),
    continuous("lgd by age", age, hump, ("peak", "peak")),
    continuous("exposure by use", used, exposure, ("decreasing", "descending")),
]

months = draw.integers(0, 60, n).astype(float)
late, lost = draw.random(n) < 0.1 + months / 120, draw.random(n) < 0.25 - months / 300
outcome = numpy.where(lost, 2, numpy.where(late, 1, 0))
classes = optbinning.MulticlassOptimalBinning(max_n_bins=5, min_bin_size=0.05, monotonic_trend=None)
classes.fit(months, outcome)
bins = numpy.digitize(months, classes.splits)
iv = 0.0
for c in range(3):
    for b in numpy.unique(bins):
        good = ((outcome != c) & (bins == b)).sum() / (outcome != c).sum()
        bad = ((outcome == c) & (bins == b)).sum() / (outcome == c).sum()
        iv += (good - bad) * numpy.log(good / bad) / 3

level = IsotonicRegression().fit(ltv, lgd).predict(ltv)
print(
    json.dumps(
        {
            "optbinning": optbinning.__version__,
            "sklearn": sklearn.__version__,
            "continuous": samples,
            "isotonic": {"sample": 0, "levels": sorted(set(level.tolist())), "explained": explained(level, lgd)},
            "multiclass": {
                "x": months.tolist(),
                "class": outcome.tolist(),
                "cuts": [float(cut) for cut in classes.splits],
                "iv": float(iv),
            },
        },
        separators=(",", ":"),
    )
)
