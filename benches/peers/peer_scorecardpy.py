"""scorecardpy, in an environment of its own: prints its answer as one line of JSON.

    peer_scorecardpy.py score TABLE                    times of its card on the rows of a table
    peer_scorecardpy.py card  TABLE FOLDS SPECIAL      its log-odds for the test rows of each fold
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
import scorecardpy as sc
from sklearn.linear_model import LogisticRegression


def fit(train, special=()):
    """The steps of its documentation: `woebin`, `woebin_ply`, a logistic regression."""
    given = {name: list(special) for name in train if name != "y"} if special else None
    bins = sc.woebin(train, y="y", special_values=given, no_cores=1)
    woe = sc.woebin_ply(train, bins, no_cores=1)
    x = woe.drop(columns="y")
    return bins, LogisticRegression(C=1e6, max_iter=1000).fit(x, woe["y"]), list(x)


def read(path):
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def score(path):
    table = read(path)
    bins, model, names = fit(table.head(4_000))
    card = sc.scorecard(bins, model, names)
    x = table.drop(columns="y")

    def timed(rows):
        start = time.process_time()
        sc.scorecard_ply(rows, card)
        return time.process_time() - start

    batch = timed(x)
    singles = [timed(pd.DataFrame([record])) for record in x.head(7).to_dict("records")]
    record = {"p50": float(np.median(singles)) * 1e6, "p90": max(singles) * 1e6, "calls": len(singles)}
    return {"rows": len(x), "batch": {"cpu": batch, "least": batch, "most": batch, "runs": 1}, "record": record}


def card(path, folds_path, special):
    table, answers = read(path), []
    for test in np.load(folds_path).T:
        train, held = table[~test], table[test]
        bins, model, names = fit(train, special)
        woe = sc.woebin_ply(held, bins, no_cores=1)
        answers.append([round(float(p), 9) for p in model.decision_function(woe[names].fillna(0))])
    return answers


if __name__ == "__main__":
    sys.stdout, out = sys.stderr, sys.stdout
    what, *rest = sys.argv[1:]
    answer = score(*rest) if what == "score" else card(rest[0], rest[1], json.loads(rest[2]))
    print(json.dumps(answer), file=out)
