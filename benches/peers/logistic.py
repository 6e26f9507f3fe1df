"""A logistic regression of a million rows by twenty variables with standard errors.

    python logistic.py LOGISTIC [ROWS]     LOGISTIC: the program built from logistic.rs

The peers are given the weights of evidence as a matrix of doubles, as they want it; ours the codes of the bins and the
weight of evidence of each, as binning leaves them. Reading the data is not timed.
"""

import json
import subprocess
import sys
import tempfile

import numpy as np
from common import race, row, save, sl, twenty_features

LIMITS = sl.Binning(max_bins=8, min_share=0.05, trend="monotonic")


def design(rows):
    """Codes, weights of evidence of each code, the matrix, and the outcome."""
    table = twenty_features(rows)
    y = table["y"].to_numpy()
    names = [name for name in table if name != "y"]
    bins = [sl.bin(table[name], y, LIMITS, name=name, threads=1) for name in names]
    x = np.column_stack([np.asarray(one.woe(table[name], threads=1)) for one, name in zip(bins, names, strict=True)])
    woes, codes = zip(*(np.unique(column, return_inverse=True) for column in x.T), strict=True)
    return table, [list(map(float, woe)) for woe in woes], np.array(codes, dtype=np.uint8), x, y


def in_rust(program, woes, codes, y, runs):
    with tempfile.TemporaryDirectory() as folder:
        codes.tofile(f"{folder}/codes")
        y.astype(np.uint8).tofile(f"{folder}/event")
        with open(f"{folder}/woe.json", "w", encoding="utf-8") as file:
            json.dump(woes, file)
        done = subprocess.run([program, folder, str(runs)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def sklearn(solver, x, y, **settings):
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=np.inf, solver=solver, **settings).fit(x, y)
    return np.concatenate([fitted.intercept_, fitted.coef_[0]])


def statsmodels(x, y):
    import statsmodels.api as sm

    fitted = sm.Logit(y, sm.add_constant(x)).fit(method="newton", disp=0)
    return np.column_stack([fitted.params, fitted.bse])


def score(beta, x, y):
    """Largest component of the gradient."""
    p = 1 / (1 + np.exp(-(beta[0] + x @ beta[1:])))
    return float(max(abs((y - p).sum()), np.abs(x.T @ (y - p)).max()))


def whole(table):
    """Everything from raw numbers: profile, bins, Newton passes, known answers."""
    return sl.fit(table, sl.Config(target="y", binning=LIMITS, model=sl.Model(min_iv=0)), threads=1)


def main(program, rows=1_000_000):
    table, woes, codes, x, y = design(rows)
    ours = in_rust(program, woes, codes, y, runs=7)
    times = sorted(ours["seconds"])
    timed = {"cpu": times[len(times) // 2], "least": times[0], "most": times[-1], "runs": len(times)}
    runners = {
        "sklearn newton-cholesky": lambda: sklearn("newton-cholesky", x, y),
        "sklearn newton-cholesky, tol 1e-10": lambda: sklearn("newton-cholesky", x, y, tol=1e-10),
        "sklearn lbfgs": lambda: sklearn("lbfgs", x, y),
        "sklearn lbfgs, tol 1e-8": lambda: sklearn("lbfgs", x, y, tol=1e-8, max_iter=1000),
        "statsmodels": lambda: statsmodels(x, y),
        "scoreline, whole training from raw numbers": lambda: whole(table),
    }
    found = race(runners, runs=5)
    beta, errors = np.array(ours["beta"]), np.array(ours["errors"])
    lines = [row("logistic regression", "scoreline", timed, rows=rows, score=score(beta, x, y), errors=True)]
    for who, one in found.items():
        if who.startswith("scoreline") or one["value"] is None:
            lines.append(row("logistic regression", who, one, rows=rows, errors=True))
            continue
        value = np.asarray(one["value"])
        theirs = value if value.ndim == 1 else value[:, 0]
        more = {"score": score(theirs, x, y), "difference": float(np.abs(theirs - beta).max()), "errors": value.ndim == 2}
        if value.ndim == 2:
            more["errors_difference"] = float(np.abs(value[:, 1] - errors).max())
        lines.append(row("logistic regression", who, one, rows=rows, **more))
    return lines


if __name__ == "__main__":
    save("logistic", main(sys.argv[1], *map(int, sys.argv[2:])))
