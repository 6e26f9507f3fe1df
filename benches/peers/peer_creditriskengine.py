"""creditriskengine, in the environment of peers that need pandas 2: prints weights and times as one line of JSON.

    peer_creditriskengine.py BOOK.npz
"""

import json
import statistics
import sys
import time

import numpy as np
from creditriskengine.rwa.irb.formulas import irb_risk_weight

CLASSES = ("corporate", "residential_mortgage", "qrre", "other_retail")


def run(rows):
    start = time.process_time()
    weights = [irb_risk_weight(*one) / 100 for one in rows]
    return time.process_time() - start, weights


if __name__ == "__main__":
    book = np.load(sys.argv[1])
    lists = zip(*(book[name].tolist() for name in ("kind", "pd", "lgd", "maturity", "turnover")))
    rows = [
        (pd, lgd, CLASSES[kind], 2.5 if maturity != maturity else maturity, None if turnover != turnover else turnover)
        for kind, pd, lgd, maturity, turnover in lists
    ]
    times, weights = zip(*(run(rows) for _ in range(3)))
    found = {"cpu": statistics.median(times), "least": min(times), "most": max(times), "runs": len(times)}
    print(json.dumps({**found, "weights": weights[-1]}))
