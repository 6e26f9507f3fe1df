"""Tiers with and without memory over card statements, from June to September 2005, and what they knew of October.

The data are 30,000 credit card holders in Taiwan (I-C. Yeh, C. Lien, 2009; UCI Machine Learning Repository, CC BY 4.0). The card
is fitted on the statement of April and who was two or more months past due in June; nothing later enters it. From June on it
gives each holder a PD a month, and the PDs are replayed under many settings of hysteresis.

    SCORELINE_DATA=… python bindings-python/examples/taiwan_tiers.py [frontier.html]
"""

import os
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import scoreline as sl

MONTHS = ["April", "May", "June", "July", "August", "September"]
ENDS = (np.arange("2005-05", "2005-11", dtype="datetime64[M]").astype("datetime64[D]") - 1).tolist()
OCTOBER = np.datetime64("2005-10-31").item()
GRID = {
    "widths": [0.0, 0.1, 0.25, 0.5, 0.75],
    "upgrade_dwell_days": [0, 60],
    "downgrade_dwell_days": [0, 60],
    "averages": [2, 3, 4],
}
PATIENT = {"type": "hysteresis", "width": 0.75, "upgrade_dwell_days": 60, "downgrade_dwell_days": 60, "share": 1.0}
CHOSEN = {"type": "hysteresis", "width": 0.25, "upgrade_dwell_days": 60, "downgrade_dwell_days": 0, "share": 1.0}


def read(folder):
    """The holders, and one table of features a month, April first."""
    holders = pq.read_table(pathlib.Path(folder) / "taiwan_credit" / "taiwan_credit.parquet")
    limit = holders["LIMIT_BAL"].to_numpy().astype(float)
    months = []
    for age in range(6, 0, -1):
        names = ("PAY_0" if age == 1 else f"PAY_{age}", f"BILL_AMT{age}", f"PAY_AMT{age}")
        status, bill, paid = (holders[name].to_numpy().astype(float) for name in names)
        # Until August the source has next to nobody exactly one month late, so one month is told from none only by the payment.
        months.append({
            "months_late": np.where(status >= 2, status, 0.0), "utilisation": bill / limit,
            "paid_share": np.divide(paid, bill, out=np.full(len(bill), np.nan), where=bill > 0).clip(0, 2), "limit": limit, "paid": paid,
        })  # fmt: skip
    return holders, months


def late(month):
    return month["months_late"] >= 2


def card(months):
    """A small card of April's statement for June, and the cuts of its tiers."""
    april = {**months[0], "bad": late(months[2]), "holder": np.arange(len(months[0]["limit"])).astype(float)}
    config = sl.Config("bad", candidates=list(months[0]), binning=sl.Binning(max_bins=6), split=sl.Split("holder", 0.3, "taiwan"))
    pipeline = sl.fit(april, config)
    pds = np.array(pipeline.scorer().score(april)["pd"])
    method = {"type": "optimum", "tiers": 4, "objective": {"type": "iv"}}
    return pipeline, sl.tier_cuts(pds, april["bad"], method, min_share=0.05, max_p_value=0.05)


def histories(holders, months, scorer):
    """One row a holder and month from June on; the event is the default in October."""
    bad = holders["target"].to_numpy() == 1
    count = len(bad)
    return pa.table({
        "entity": np.tile(np.arange(count).astype(float), 4),
        "day": pa.array([day for day in ENDS[2:] for _ in range(count)], pa.date32()),
        "pd": np.concatenate([np.array(scorer.score(month)["pd"]) for month in months[2:]]),
        "event": pa.array([OCTOBER if one else None for one in bad] * 4, pa.date32()),
    })  # fmt: skip


def last_month(tiers, bad):
    """What the tiers of September say of October: defaults in D of all defaults, and how well the tiers rank them."""
    letters = np.array(tiers[-len(bad) :])
    rank = np.array(["ABCD".index(letter) for letter in letters], float)
    captured = (letters == "D")[bad].mean()
    return captured, (letters == "D").mean(), sl.small_bank.auc_interval(rank, bad, 0.95)


def worse_next_month(tiers, months):
    """Of the holders who were not two months late, those who are a month later, by tier: from June, July and August."""
    count = len(months[0]["limit"])
    found = {letter: [0, 0] for letter in "ABCD"}
    for at in range(3):
        letters = np.array(tiers[at * count : (at + 1) * count])
        before, after = late(months[2 + at]), late(months[3 + at])
        for letter, both in found.items():
            here = (letters == letter) & ~before
            both[0] += int(here.sum())
            both[1] += int((here & after).sum())
    return {letter: (rows, events, events / rows if rows else None) for letter, (rows, events) in found.items()}


def main():
    holders, months = read(os.environ["SCORELINE_DATA"])
    pipeline, cuts = card(months)
    training = pipeline.to_dict()["training"]
    aucs = " and ".join(f"{training[part]['auc']:.3f} in {part}" for part in ("development", "test"))
    print(f"Card of April for June: {', '.join(pipeline.variables)}; AUC {aucs}")
    rates = ", ".join(f"{tier.rate:.2%}" for tier in cuts.tiers)
    print(f"Cuts {[round(cut, 4) for cut in cuts.cuts]}, rates {rates}, p-values {[f'{p:.0e}' for p in cuts.p_values]}\n")

    rows = histories(holders, months, pipeline.scorer())
    policy = {"direction": "a_is_best", "cuts": cuts.cuts}
    found = sl.tiering.frontier(rows, policy=policy, grid=GRID, event="event", alarm="C")
    print(f"{found.entities:,} holders over {found.entity_years:,.0f} years, {found.events:,} defaults in October")
    shown = ["label", "moves", "flip_flops", "flip_flop_share", "mean_delay_days", "delayed", "missed", "false_alarm_share", "on_frontier"]
    print(sl.text.aligned(found.table(), shown), "\n")

    none, bad = found.settings[0], holders["target"].to_numpy() == 1
    mean = {"type": "average", "periods": 3}
    settings = {"no memory": none.setting, "hysteresis": CHOSEN, "patient": PATIENT, "mean of 3": mean}
    results = {}
    for name, setting in settings.items():
        summary = sl.tiering.history(rows.drop_columns(["event"]), policy=policy, setting=setting)
        captured, share, auc = last_month(summary.tiers, bad)
        results[name] = (captured, auc)
        print(f"{name}: of the defaults in October {captured:.1%} were in D in September, as were {share:.1%} of all holders;", end=" ")
        print(f"AUC of the tier {auc.estimate:.4f} ({auc.low:.4f} to {auc.high:.4f})")
        rates = worse_next_month(summary.tiers, months)
        line = ", ".join(f"{tier} {rate:.2%} of {rows:,}" for tier, (rows, _, rate) in rates.items() if rows)
        print(f"  two months late a month later: {line}")
        widths = summary.all.bandwidths
        print(f"  migration, June to September (bandwidths {widths.upper:.3f} down, {widths.lower:.3f} up)")
        for letter, line in zip("ABCD", summary.all.probabilities, strict=True):
            print("   ", letter, " ".join(f"{(share or 0):7.2%}" for share in line[:4]))
    print("\nWhat memory gives and takes, against none:")
    for name, setting in (("hysteresis", CHOSEN), ("patient", PATIENT)):
        one = next(one for one in found.settings if one.setting == setting)
        (captured, auc), (before, auc_before) = results[name], results["no memory"]
        print(f"  {name} ({one.label}): {1 - one.flip_flops / none.flip_flops:.0%} fewer flip-flops;", end=" ")
        print(f"AUC for October {auc.estimate - auc_before.estimate:+.4f}, defaults in D {captured - before:+.1%}")
        print(f"    {one.delayed} of the {none.alarmed:,} defaults seen without memory came later,", end=" ")
        print(f"{one.mean_delay_days:.2f} days on average over all of them")
        alarms = f"{one.false_alarm_share:.1%} of the months, against {none.false_alarm_share:.1%}"
        print(f"    holders who did not default stood in C or D in {alarms}")
    print("  Those who are kept in D although they pay again are late less often than those in C: the wait makes D a mixture.")
    if len(sys.argv) > 1:
        found.html(sys.argv[1], "Tiers of card holders: flip-flops against delay")


if __name__ == "__main__":
    main()
