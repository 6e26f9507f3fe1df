"""Risk tiers of companies: a card of financial ratios, strong rules, weak evidence in groups, and cuts from data.

The data are Polish companies (M. Zięba, S. Tomczak, J. Tomczak, 2016; UCI Machine Learning Repository, CC BY 4.0): 7,027 of which
271 failed within five years, and 5,910 later accounts of which 410 failed within one. The card, the rules and the cuts know only the
first file; the second one is where the tiers are put to the test. Neither names its companies, so some may be in both.

    SCORELINE_DATA=… python bindings-python/examples/polish_tiers.py
"""

import dataclasses
import os
import pathlib

import numpy as np
import pyarrow.parquet as pq

import scoreline as sl

# Ratios with a plain meaning: X10 equity, X3 working capital and X6 retained earnings of assets, X4 and X46 liquidity, X26 and
# X16 cash flow of debt, X22, X35 and X39 operating margins, X24 profit of three years, X9 turnover, X21 growth, X27 cover of
# interest, X29 size, X44 and X62 days of receivables and payables, X51 short-term debt.
RATIOS = ["X10", "X3", "X6", "X4", "X46", "X26", "X16", "X22", "X35", "X39", "X24", "X9", "X21", "X27", "X29", "X44", "X62", "X51"]

STRONG = [
    ("EQUITY", "X10 < 0", "D", "Equity is negative"),
    ("LIQUIDITY", "X4 < 0.5", "C", "Current assets cover less than half of the short-term liabilities"),
]
WEAK = [
    ("LOSS", "X1 < 0", "earnings", "The year ended with a loss"),
    ("LOSS3", "X24 < 0", "earnings", "Three years together ended with a loss"),
    ("COVER", "X27 < 1", "earnings", "Operating profit does not cover the financial expenses"),
    ("SHRINK", "X21 < 0.7", "trade", "Sales fell by more than 30 %"),
    ("SLOW", "X44 > 120", "trade", "Customers pay after more than 120 days"),
    ("LATE", "X62 > 180", "trade", "Short-term liabilities of more than half a year of sales"),
]


def read(folder):
    """The first and the last year of the forecasts; rows are numbered for the split."""
    tables = (pq.read_table(pathlib.Path(folder) / "polish_bankruptcy" / f"{year}.parquet") for year in ("year1", "year5"))
    return [table.append_column("row", [list(range(table.num_rows))]) for table in tables]


def policy(cuts):
    """Two points of weak evidence cost a tier; a group adds at most two, so that one bad year is not counted three times."""
    strong = [
        {"code": code, "when": when, "effect": {"type": "floor", "tier": tier}, "on_missing": "no_hit", "reason": reason}
        for code, when, tier, reason in STRONG
    ]
    weak = [{"code": code, "when": when, "points": 1, "group": group, "reason": reason} for code, when, group, reason in WEAK]
    groups = [{"name": name, "cap": 2} for name in ("earnings", "trade")]
    return {
        "direction": "a_is_best", "cuts": cuts, "strong": strong, "weak": weak, "groups": groups, "points_per_notch": 2, "max_notches": 1,
    }  # fmt: skip


def card(early):
    """The card, the cuts that are best by information value with distinct neighbours, and the pipeline with the policy."""
    binning = sl.Binning(max_bins=6, min_share=0.03)
    split, model = sl.Split("row", 0.3, "polish"), sl.Model(max_variables=8)
    config = sl.Config("target", candidates=RATIOS, binning=binning, model=model, split=split)
    plain = sl.fit(early, config)
    method = {"type": "optimum", "tiers": 4, "objective": {"type": "iv"}}
    pds = plain.scorer().score(early)["pd"]
    cuts = sl.tier_cuts(pds, early["target"], method, min_share=0.05, min_events=15, max_p_value=0.05)
    return plain, cuts, sl.fit(early, dataclasses.replace(config, tier=policy(cuts.cuts)))


def by_tier(tiers, bad):
    """Companies and failures of each tier, with Jeffreys' interval and the p-value against the tier before: the cuts that give
    each letter a tier of its own."""
    rank = np.array(["ABCD".index(tier) for tier in tiers], float)
    shares = [float((rank == at).mean()) for at in range(4)]
    found = sl.tier_cuts(rank, bad, {"type": "share", "shares": shares})
    return dict(zip("ABCD", zip(found.tiers, [None, *found.p_values], strict=True), strict=True))


def main():
    early, late = read(os.environ["SCORELINE_DATA"])
    plain, cuts, pipeline = card(early)
    training = pipeline.to_dict()["training"]
    print(f"Card: {', '.join(pipeline.variables)}")
    print(f"AUC {training['development']['auc']:.3f} in development, {training['test']['auc']:.3f} in test", end="")
    late_bad = late["target"].to_numpy() == 1
    scored = np.array(plain.scorer().score(late)["pd"])
    auc = sl.small_bank.auc_interval(np.log(scored / (1 - scored)), late_bad, 0.95)
    print(f", {auc.estimate:.3f} ({auc.low:.3f} to {auc.high:.3f}) on the last year")
    print(f"Cuts {[round(cut, 4) for cut in cuts.cuts]}; p-values between the tiers {[f'{p:.1e}' for p in cuts.p_values]}\n")

    scorer = pipeline.scorer()
    for name, table in (("first file, where it was fitted", early), ("last year, never seen", late)):
        bad = table["target"].to_numpy() == 1
        decided = scorer.decide(table).to_pydict()
        pds = np.array(decided["pd"])
        alone = ["ABCD"[int(at)] for at in np.searchsorted(cuts.cuts, pds, side="right")]
        for title, tiers in (("cuts alone", alone), ("with strong and weak rules", decided["tier"])):
            print(f"{name}, {title}")
            for letter, (tier, p_value) in by_tier(tiers, bad).items():
                beside = "" if p_value is None else f"   p = {p_value:.1e} against the tier before"
                rate = f"{tier.rate:7.2%} ({tier.low:.2%} to {tier.high:.2%})"
                print(f"  {letter} {tier.rows:6,.0f} companies {tier.events:4.0f} failed {rate}{beside}")
        worse = sum(a < b for a, b in zip(alone, decided["tier"], strict=True))
        print(f"  the rules move {worse:,} companies down\n")


if __name__ == "__main__":
    main()
