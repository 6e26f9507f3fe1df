"""Makes binning_table.json: figures of a binning table by optbinning, scipy and statsmodels.

The counts of checking account, duration groups and an invented table with special and missing bins go in; only counts
and figures computed by those libraries come out.

    python tests/golden/binning_table.py > tests/golden/binning_table.json
"""

import json
import sys

import numpy
import optbinning
import scipy
import statsmodels
from optbinning.binning import metrics
from scipy import stats
from statsmodels.stats import proportion

TABLES = {
    # UCI Statlog German credit, checking account A11 to A14.
    "german_checking": {"ordinary": 4, "non_events": [139, 164, 49, 348], "events": [135, 105, 14, 46]},
    # Peak, one bin without events, special code and missing values.
    "peak_with_special": {
        "ordinary": 4,
        "non_events": [400, 250, 333, 60, 25, 41],
        "events": [12, 38, 20, 0, 9, 6],
        "sample": {"non_events": [300, 290, 310, 90, 0, 80], "events": [15, 30, 22, 3, 0, 4]},
    },
}


def table(given):
    e, n = numpy.array(given["events"], float), numpy.array(given["non_events"], float)
    ordinary = given["ordinary"]
    both = (e > 0) & (n > 0)
    pe, pn = e / e.sum(), n / n.sum()
    share = (e + n) / (e + n).sum()
    intervals = [proportion.proportion_confint(a, a + b, 0.05, "jeffreys") for a, b in zip(e, n)]
    p = []
    for k in range(1, ordinary):
        p.append(float(stats.chi2_contingency([n[k - 1 : k + 1], e[k - 1 : k + 1]], correction=False)[1]))
        z = proportion.proportions_ztest(e[k - 1 : k + 1], (e + n)[k - 1 : k + 1])[1]
        assert abs(z - p[-1]) < 1e-12
    iv = metrics.jeffrey(pe[both], pn[both])
    result = {
        "level": 0.95,
        "low": [float(low) for low, _ in intervals],
        "high": [float(high) for _, high in intervals],
        "woe": [float(numpy.log(b / a)) if ok else None for a, b, ok in zip(pe, pn, both)],
        "iv_of_bins_with_both_classes": [float(x) for x in iv],
        "js_of_bins_with_both_classes": [float(x) for x in metrics.jensen_shannon(pe[both], pn[both])],
        "cumulative_distance": [float(x) for x in abs(numpy.cumsum(pe) - numpy.cumsum(pn))],
        "gini": float(metrics.gini(e, n)),
        "ks_by_rate": float(stats.ks_2samp(numpy.repeat(e / (e + n), e.astype(int)), numpy.repeat(e / (e + n), n.astype(int))).statistic),
        "hhi": float(metrics.hhi(share)),
        "p_values": p,
        "quality": float(metrics.binning_quality_score(iv.sum(), p, metrics.hhi(share, normalized=True))) if both.all() else None,
    }
    if "sample" in given:
        a = numpy.array(given["sample"]["events"], float) + numpy.array(given["sample"]["non_events"], float)
        held = a > 0
        actual, expected = a[held] / a.sum(), share[held]
        result["psi_of_bins_with_rows"] = [float(x) for x in metrics.jeffrey(actual, expected)]
    return result


json.dump(
    {
        "meta": {
            "topic": "binning tables",
            "source": "tests/golden/binning_table.py",
            "versions": {"optbinning": optbinning.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        },
        "cases": [{"id": name, "inputs": given, "expected": table(given), "tol": 1e-9} for name, given in TABLES.items()],
    },
    sys.stdout,
    indent=1,
)
print()
