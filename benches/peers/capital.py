"""IRB capital of a mixed book: mortgages, revolvers, other retail, companies with maturity and turnover.

    python capital.py [EXPOSURES]     10,000,000 by default; riskval and creditriskengine get 20,000 and are scaled

Everyone works on one core; PDs are above every floor, because riskval has none and creditriskengine always applies its own. All
weights must agree to 1e-9, or the run fails. riskval and creditriskengine take one exposure a call; the numpy version is what their
users would write for columns, class by class with scipy.
"""

import sys
import tempfile

import numpy as np
import pyarrow as pa
import riskval
from common import in_scorecardpy, race, row, save, sl
from scipy.special import ndtr, ndtri

CLASSES = ("corporate", "mortgage", "qrre_revolver", "other_retail")
RISKVAL = ("corporate", "retail_mortgage", "retail_qrre", "retail_other")


def book(count):
    """Independent columns; PDs from 0.1 % to 30 %, every second company is small."""
    rng = np.random.default_rng(20261122)
    kind = rng.integers(0, 4, count).astype(np.int8)
    company = kind == 0
    return {
        "kind": kind,
        "pd": np.exp(rng.uniform(np.log(0.0011), np.log(0.3), count)),
        "lgd": rng.uniform(0.5, 0.9, count),
        "maturity": np.where(company, rng.uniform(1, 5, count), np.nan),
        "turnover": np.where(company & (rng.random(count) < 0.5), rng.uniform(0, 60, count), np.nan),
    }


def ours(columns):
    names = pa.DictionaryArray.from_arrays(pa.array(columns["kind"]), pa.array(CLASSES))
    numbers = {name: columns[name] for name in ("pd", "lgd", "maturity", "turnover")}
    return lambda: sl.capital.irb_table(names, **numbers, threads=1)


def in_numpy(columns):
    def run():
        kind, pd, lgd = columns["kind"], columns["pd"], columns["lgd"]
        weight, high = np.empty(len(pd)), ndtri(0.999)
        for at in range(4):
            rows = np.flatnonzero(kind == at)
            p, loss = pd[rows], lgd[rows]
            if at == 0:
                w = (1 - np.exp(-50 * p)) / (1 - np.exp(-50))
                size = np.nan_to_num(np.clip(columns["turnover"][rows], 5, 50), nan=50.0)
                r = 0.12 * w + 0.24 * (1 - w) - 0.04 * (1 - (size - 5) / 45)
            elif at == 3:
                w = (1 - np.exp(-35 * p)) / (1 - np.exp(-35))
                r = 0.03 * w + 0.16 * (1 - w)
            else:
                r = (0.15, 0.04)[at - 1]
            k = loss * ndtr((ndtri(p) + np.sqrt(r) * high) / np.sqrt(1 - r)) - p * loss
            if at == 0:
                b = (0.11852 - 0.05478 * np.log(p)) ** 2
                k *= (1 + (columns["maturity"][rows] - 2.5) * b) / (1 - 1.5 * b)
            weight[rows] = 12.5 * k
        return weight

    return run


def in_riskval(columns):
    lists = zip(*(columns[name].tolist() for name in ("kind", "pd", "lgd", "maturity", "turnover")), strict=True)
    rows = [
        (pd, lgd, 2.5 if maturity != maturity else maturity, RISKVAL[kind], None if turnover != turnover else turnover)
        for kind, pd, lgd, maturity, turnover in lists
    ]
    return lambda: [riskval.irb_risk_weight(*one) for one in rows]


def in_creditriskengine(columns):
    with tempfile.TemporaryDirectory() as folder:
        np.savez(f"{folder}/book.npz", **columns)
        timed = in_scorecardpy(f"{folder}/book.npz", program="peer_creditriskengine.py")
    return timed.pop("weights"), timed


def same(who, found, expected):
    worst = np.max(np.abs(np.asarray(found) - expected) / expected)
    assert worst < 1e-9, (who, worst)


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    few = min(size, 20_000)
    columns = book(size)
    head = {name: column[:few] for name, column in columns.items()}
    timed = race({"scoreline": ours(columns), "numpy": in_numpy(columns), "riskval": in_riskval(head)}, runs=5)
    weights = timed["scoreline"]["value"].to_pyarrow()["risk_weight"].to_numpy()
    same("numpy", timed["numpy"]["value"], weights)
    same("riskval", timed["riskval"]["value"], weights[:few])
    found, timed["creditriskengine"] = in_creditriskengine(head)
    same("creditriskengine", found, weights[:few])
    lines = []
    for who, one in timed.items():
        rows = size if who in ("scoreline", "numpy") else few
        lines.append(row("IRB capital", who, one, rows=rows, per_row=one["cpu"] / rows))
        print(f"{who:16} {one['cpu']:8.3f} s for {rows:,}: {one['cpu'] / rows * 1e9:9.0f} ns an exposure")
    save("capital", lines)
