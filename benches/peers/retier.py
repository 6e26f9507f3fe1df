"""Re-tiering a book: a PD, 30 rules (10 strong, 14 weak, 2 overlays, 4 indicators), tiers with hysteresis, limits, and an
action book, with polars expressions and with a decision graph of zen-engine.

    python retier.py [ACCOUNTS]     1,000,000 by default; zen-engine gets 20,000 and is scaled

Everyone works on one core and gives the same tiers, limits and actions; the run fails when they differ. polars gets columns and one
lazy query; zen-engine gets dicts, one account at a time, as its users do, and the PD ready.
"""

import json
import math
import sys

import numpy as np
import polars as pl
import pyarrow as pa
import zen
from common import race, row, save, sl

TODAY = 20_778  # 2026-11-21
METRICS = 16
CUTS, ENTER, EXIT = (0.012, 0.03, 0.08), (0.010, 0.025, 0.07), (0.014, 0.035, 0.09)
LIMITS = (40_000.0, 25_000.0, 5_000.0, 0.0)
# Score 80 is a PD of 1 %, score 20 one of 10 %.
SLOPE = (math.log(0.01 / 0.99) - math.log(0.1 / 0.9)) / 60.0
INTERCEPT = math.log(0.01 / 0.99) - 80.0 * SLOPE

STRONG = [(f"m{i} > 0.99", "C") for i in range(7)] + [("dpd >= 90", "D"), ("dpd >= 60", "C"), ("m7 > 0.995 AND dpd > 0", "D")]
WEAK = [f"m{i} > 0.9" for i in range(14)]
OVERLAYS = ["m14 > 0.95", "m15 > 0.97"]
INDICATORS = [("utilisation > 0.9", 20), ("dpd > 30", 40), ("m1 + m2 > 1.7", 20), ("pd > 0.05", 20)]
LEVELS = (20, 50)
# Tiers, contact, utilisation, days past due and what is done, with the days to the next review.
ACTIONS = [
    ("GROW", "AB", None, (0.7, None), (None, 1), 60), ("SELL", "AB", None, (None, 0.7), (None, 1), 90),
    ("MIND", "AB", None, None, (1, None), 30), ("RELIEF", "C", True, None, None, 30), ("WATCH", "C", False, None, None, 7),
    ("CALL", "D", True, None, (None, 90), 14), ("COLLECT", "D", True, None, (90, None), 3), ("TRACE", "D", False, None, None, 3),
]  # fmt: skip


def book(count):
    """Independent columns; most accounts are well, a few are late."""
    rng = np.random.default_rng(20261121)
    columns = {f"m{i}": rng.random(count) for i in range(METRICS)}
    limit = rng.integers(4, 80, count) * 500.0
    utilisation = np.round(rng.random(count) * 1.1, 4)
    late = rng.random(count) < 0.08
    return columns | {
        "behaviour": np.round(rng.normal(60, 18, count).clip(0, 100), 2), "credit_limit": limit, "utilisation": utilisation,
        "balance": np.round(limit * utilisation, 2), "dpd": np.where(late, rng.integers(1, 120, count), 0).astype(float),
        "contactable": rng.random(count) < 0.8, "previous": np.array(list("ABCD"))[rng.integers(0, 4, count)],
        "since": (TODAY - rng.integers(0, 90, count)).astype(np.int32),
    }  # fmt: skip


def rule(kind, number, when, **more):
    return {"code": f"{kind}{number}", "when": when, "on_missing": "no_hit", "reason": f"{kind} {number}"} | more


def config():
    fields = [sl.Field(f"m{i}", "number") for i in range(METRICS)]
    fields += [sl.Field(name, "number") for name in ("behaviour", "credit_limit", "utilisation", "balance", "dpd")]
    curve = {"type": "linear", "points": [{"x": 0, "score": 0}, {"x": 100, "score": 100}]}

    def interval(bounds):
        return [{name: bound for name, bound in zip(("from", "below"), bounds, strict=True) if bound is not None}]

    rows = []
    for code, tiers, contact, used, late, days in ACTIONS:
        when = {"tier": list(tiers)}
        when |= {} if contact is None else {"contactable": [contact] if contact else [False, "missing"]}
        when |= {} if used is None else {"utilisation": [*interval(used), *(["missing"] if used[0] is None else [])]}
        when |= {} if late is None else {"dpd": [*interval(late), *(["missing"] if late[0] is None else [])]}
        rows.append({"code": code, "when": when, "actions": [{"code": code}], "review_days": days, "reason": code})
    axes = [
        {"name": "tier", "of": {"type": "tier"}}, {"name": "contactable", "of": {"type": "flag", "when": "contactable"}},
        {"name": "utilisation", "of": {"type": "number", "value": "utilisation"}},
        {"name": "dpd", "of": {"type": "number", "value": "dpd"}},
    ]  # fmt: skip
    weak = [rule("W", i, when, points=1) for i, when in enumerate(WEAK)]
    dates = {"owner": "risk", "from": "2026-01-01", "until": "2026-12-31", "notches": 1}
    return sl.Config(
        target="",
        schema=sl.Schema([*fields, sl.Field("contactable", "flag")]),
        expert={
            "card": {"factors": [{"name": "behaviour", "input": "behaviour", "weight": 100, "curve": curve}]},
            "blend": {"weight": 1, "anchors": [{"score": 80, "pd": 0.01}, {"score": 20, "pd": 0.1}]},
        },
        tier={
            "direction": "a_is_best", "cuts": list(CUTS), "points_per_notch": 2, "max_notches": 2,
            "strong": [rule("S", i, when, effect={"type": "floor", "tier": t}) for i, (when, t) in enumerate(STRONG)],
            "weak": [{k: v for k, v in one.items() if k != "on_missing"} for one in weak],
            "overlays": [rule("O", i, when, **dates) for i, when in enumerate(OVERLAYS)],
            "hysteresis": {"enter": list(ENTER), "exit": list(EXIT), "upgrade": {"dwell_days": 30}},
        },
        limit={
            "candidates": [{"name": "tier", "rule": {"type": "by_tier", **dict(zip("ABCD", LIMITS, strict=True))}}],
            "step": 500, "minimum": 0,
        },
        review={
            "warning": {
                "indicators": [rule("I", i, when, severity=points) for i, (when, points) in enumerate(INDICATORS)],
                "levels": list(LEVELS),
                "responses": [{"code": "watch", "review_days": 20, "reason": "r"}, {"code": "act", "review_days": 5, "reason": "r"}],
            },
            "line": {
                "limit": "credit_limit", "balance": "balance", "utilisation": "utilisation", "step": 500,
                "increase": {"tiers": ["A", "B"], "utilisation_above": 0.7, "unless": "dpd > 0", "share": 0.25},
                "decrease": {"tiers": ["C", "D"], "share": 0.5, "floor": 1000},
            },
            "actions": {"axes": axes, "rows": rows},
        },
    )  # fmt: skip


def ours(columns):
    scorer = sl.Pipeline.expert_only(config()).scorer()
    days = pa.array(columns["since"]).cast(pa.date32())
    table = pa.table({name: column for name, column in columns.items() if name != "since"} | {"since": days})

    def run():
        return scorer.review(table, "2026-11-21", previous="previous", since="since", threads=1)

    return run


def summary(reviews):
    totals = reviews.totals
    tiers = [sum(row[tier] for row in totals["moves"].values()) for tier in "ABCD"]
    return tiers, totals["actions"], totals["warnings"], float(totals["limits"])


# --- polars ----------------------------------------------------------------------------------------------------------


def in_polars(columns):
    frame = pl.DataFrame({name: column for name, column in columns.items()})
    when = lambda text: pl.sql_expr(text)  # noqa: E731

    def run():
        pd = 1.0 / (1.0 + (-(INTERCEPT + SLOPE * pl.col("behaviour"))).exp())
        number = {tier: i for i, tier in enumerate("ABCD")}
        first = pl.lit(0, pl.Int8)
        lazy = frame.lazy().with_columns(pd.alias("pd"))
        points = sum((when(text).cast(pl.Int32) for text in WEAK), pl.lit(0))
        overlays = sum((when(text).cast(pl.Int32) for text in OVERLAYS), pl.lit(0))
        notches = pl.min_horizontal(points // 2, pl.lit(2)) + overlays
        floor = pl.max_horizontal([pl.when(when(text)).then(number[tier]).otherwise(0) for text, tier in STRONG])
        severity = sum((pl.when(when(text)).then(points).otherwise(0) for text, points in INDICATORS), pl.lit(0))

        def measured(cuts):
            base = sum(((pl.col("pd") >= cut).cast(pl.Int32) for cut in cuts), first)
            return pl.min_horizontal(base + pl.col("notches"), pl.lit(3))

        lazy = lazy.with_columns(
            notches.alias("notches"), floor.alias("floor"),
            pl.col("previous").replace_strict(number, return_dtype=pl.Int32).alias("before"),
            sum(((severity >= level).cast(pl.Int32) for level in LEVELS), pl.lit(0)).alias("warning"),
        )  # fmt: skip
        lazy = lazy.with_columns(measured(ENTER).alias("up"), measured(EXIT).alias("down"))
        free = (
            pl.when((pl.col("up") < pl.col("before")) & (TODAY - pl.col("since") >= 30)).then(pl.col("up"))
            .when(pl.col("down") > pl.col("before")).then(pl.col("down")).otherwise(pl.col("before"))
        )  # fmt: skip
        lazy = lazy.with_columns(pl.max_horizontal(free, "floor").alias("tier"))
        own, drawn = pl.col("credit_limit"), pl.col("balance")
        allowed = pl.col("tier").replace_strict({i: limit for i, limit in enumerate(LIMITS)}, return_dtype=pl.Float64)
        raised = (pl.min_horizontal(own * 1.25, allowed) / 500 + 1e-9).floor() * 500
        least = pl.max_horizontal(own * 0.5, allowed, drawn, pl.lit(1000.0))
        lowered = (least / 500 + 1e-9).floor() * 500
        lowered = pl.when(lowered >= least).then(lowered).otherwise(lowered + 500)
        limit = (
            pl.when((pl.col("tier") <= 1) & (pl.col("utilisation") > 0.7) & (pl.col("dpd") <= 0)).then(pl.max_horizontal(own, raised))
            .when(pl.col("tier") >= 2).then(pl.min_horizontal(own, lowered)).otherwise(own)
        )  # fmt: skip
        action = pl.lit(None, pl.Int32)
        for at, (_, tiers, contact, used, late, _) in enumerate(ACTIONS):
            holds = pl.col("tier").is_in([number[tier] for tier in tiers])
            holds = holds if contact is None else holds & (pl.col("contactable") == contact)
            for name, bounds in (("utilisation", used), ("dpd", late)):
                low, high = bounds or (None, None)
                holds = holds if low is None else holds & (pl.col(name) >= low)
                holds = holds if high is None else holds & (pl.col(name) < high)
            action = pl.when(holds).then(pl.lit(at, pl.Int32)).otherwise(action)
        lazy = lazy.with_columns(
            limit.round(2).alias("limit"), action.alias("action"),
            pl.when(pl.col("tier") != pl.col("before")).then(TODAY).otherwise(pl.col("since")).alias("since"),
        )  # fmt: skip
        by_book = pl.col("action").replace_strict({i: one[5] for i, one in enumerate(ACTIONS)}, return_dtype=pl.Int32)
        by_level = pl.col("warning").replace_strict({0: 10_000, 1: 20, 2: 5}, return_dtype=pl.Int32)
        lazy = lazy.with_columns((TODAY + pl.min_horizontal(by_book, by_level)).alias("next_review"))
        return lazy.select("pd", "tier", "since", "warning", "limit", "action", "next_review").collect()

    return run


def polars_summary(found):
    tiers = [int((found["tier"] == i).sum()) for i in range(4)]
    actions = {code: int((found["action"] == i).sum()) for i, (code, *_) in enumerate(ACTIONS)}
    warnings = [int((found["warning"] == i).sum()) for i in range(3)]
    return tiers, {code: count for code, count in actions.items() if count}, warnings, float(found["limit"].sum())


# --- zen-engine ------------------------------------------------------------------------------------------------------


def graph():
    """One expression node; ``$`` is what it has computed so far."""
    lower = lambda text: text.replace(" AND ", " and ")  # noqa: E731
    flag = lambda text: f"({lower(text)} ? 1 : 0)"  # noqa: E731
    total = lambda parts: " + ".join(parts)  # noqa: E731
    number = {"A": 0, "B": 1, "C": 2, "D": 3}
    base = lambda cuts: total(f"(pd >= {cut} ? 1 : 0)" for cut in cuts)  # noqa: E731
    floors = ", ".join(f"({lower(text)} ? {number[tier]} : 0)" for text, tier in STRONG)
    limits = ", ".join(str(int(limit)) for limit in LIMITS)
    action = "-1"
    for at, (_, tiers, contact, used, late, _) in reversed(list(enumerate(ACTIONS))):
        parts = [f"$.tier in [{', '.join(str(number[tier]) for tier in tiers)}]"]
        parts += [] if contact is None else [f"contactable == {str(contact).lower()}"]
        for name, (low, high) in (("utilisation", used or (None, None)), ("dpd", late or (None, None))):
            parts += [] if low is None else [f"{name} >= {low}"]
            parts += [] if high is None else [f"{name} < {high}"]
        action = f"({' and '.join(parts)} ? {at} : {action})"
    days = ", ".join(str(one[5]) for one in ACTIONS)
    steps = [
        ("points", total(flag(text) for text in WEAK)),
        ("notches", f"min([floor($.points / 2), 2]) + {total(flag(text) for text in OVERLAYS)}"),
        ("floor", f"max([{floors}])"),
        ("severity", total(f"({text} ? {points} : 0)" for text, points in INDICATORS)),
        ("warning", total(f"($.severity >= {level} ? 1 : 0)" for level in LEVELS)),
        ("up", f"min([{base(ENTER)} + $.notches, 3])"), ("down", f"min([{base(EXIT)} + $.notches, 3])"),
        ("free", f"$.up < before and {TODAY} - since >= 30 ? $.up : ($.down > before ? $.down : before)"),
        ("tier", "max([$.free, $.floor])"),
        ("allowed", f"[{limits}][$.tier]"),
        ("raised", "floor(min([credit_limit * 1.25, $.allowed]) / 500) * 500"),
        ("least", "max([credit_limit * 0.5, $.allowed, balance, 1000])"), ("lowered", "ceil($.least / 500) * 500"),
        ("limit", "$.tier <= 1 and utilisation > 0.7 and dpd <= 0 ? max([credit_limit, $.raised]) : "
                  "($.tier >= 2 ? min([credit_limit, $.lowered]) : credit_limit)"),
        ("action", action), ("first", f"$.tier != before ? {TODAY} : since"),
        ("next_review", f"{TODAY} + min([[{days}][$.action], [10000, 20, 5][$.warning]])"),
    ]  # fmt: skip
    expressions = [{"id": f"e{i}", "key": key, "value": value} for i, (key, value) in enumerate(steps)]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"}, {"id": "out", "type": "outputNode", "name": "out"},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
    ]  # fmt: skip
    edges = [{"id": "a", "sourceId": "in", "targetId": "rules"}, {"id": "b", "sourceId": "rules", "targetId": "out"}]
    return json.dumps({"nodes": nodes, "edges": edges})


def in_zen(columns, count):
    decision = zen.ZenEngine().create_decision(graph())
    pd = 1.0 / (1.0 + np.exp(-(INTERCEPT + SLOPE * columns["behaviour"])))
    before = np.searchsorted(np.array(list("ABCD")), columns["previous"])
    given = {**columns, "pd": pd, "before": before}
    given.pop("previous")
    lists = {name: column[:count].tolist() for name, column in given.items()}
    records = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]

    def run():
        return [decision.evaluate(record)["result"] for record in records]

    return run


def zen_summary(found):
    tiers = [sum(one["tier"] == i for one in found) for i in range(4)]
    actions = {code: sum(one["action"] == i for one in found) for i, (code, *_) in enumerate(ACTIONS)}
    warnings = [sum(one["warning"] == i for one in found) for i in range(3)]
    return tiers, {code: n for code, n in actions.items() if n}, warnings, float(sum(one["limit"] for one in found))


def same(name, found, expected):
    tiers, actions, warnings, limits = found
    assert (tiers, actions, warnings) == (expected[0], expected[1], expected[2]), (name, found, expected)
    assert abs(limits - expected[3]) < 1e-6 * expected[3], (name, limits, expected[3])


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    few = min(size, 20_000)
    columns = book(size)
    head = {name: column[:few] for name, column in columns.items()}
    runners = {"scoreline": ours(columns), "polars": in_polars(columns), "zen-engine": in_zen(columns, few)}
    timed = race(runners, runs=5)
    whole, part = summary(timed["scoreline"]["value"]), summary(ours(head)())
    same("polars", polars_summary(timed["polars"]["value"]), whole)
    same("zen-engine", zen_summary(timed["zen-engine"]["value"]), part)
    lines = []
    for who, one in timed.items():
        rows = few if who == "zen-engine" else size
        lines.append(row("re-tier, 30 rules", who, one, rows=rows, per_row=one["cpu"] / rows))
        print(f"{who:12} {one['cpu']:8.3f} s for {rows:,}: {one['cpu'] / rows * 1e9:9.0f} ns an account")
    save("retier", lines)
