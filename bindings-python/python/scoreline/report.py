"""What was learnt, as plain text of at most 100 columns."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ._scoreline import Decision
from .pipeline import Pipeline
from .text import aligned


def report(
    pipeline: Pipeline,
    *,
    amount: float,
    term_months: float,
    as_of: datetime.date | str | None = None,
    variables: int = 3,
    examples: Iterable[Mapping[str, Any]] = (),
) -> str:
    """The bins of the strongest ``variables``, points, tiers, the price of a loan of ``amount`` over ``term_months`` in each
    tier on the day ``as_of``, and the decisions on ``examples`` with their reasons."""
    plain = pipeline.to_dict()
    strongest = sorted(plain["bins"], key=lambda bins: -bins["iv"])[:variables]
    parts = [_sample(plain), *(_bins(pipeline, bins) for bins in strongest), _points(pipeline)]
    if plain.get("tiers"):
        parts.append(_tiers(plain))
    if plain.get("pricing"):
        parts.append(_prices(pipeline, plain["pricing"]["currency"], amount, term_months, as_of))
    scorer = pipeline.scorer()
    parts += [_decision(at, scorer.decide_one(record, as_of)) for at, record in enumerate(examples, 1)]
    return "\n\n".join(parts)


def _sample(plain: Mapping[str, Any]) -> str:
    lines = [plain["name"] or "Scorecard"]
    for name, title in (("development", "trained on"), ("test", "kept for testing")):
        if sample := plain["training"].get(name):
            gauges = [f"{gauge.upper()} {sample[gauge]:.3f}" for gauge in ("auc", "ks") if sample.get(gauge) is not None]
            lines.append(f"  {title:<17}{sample['rows']:>8,.0f} rows {sample['events']:>7,.0f} events   {'  '.join(gauges)}")
    dropped = [entry["feature"] for entry in plain["training"]["dropped"]]
    if dropped:
        lines.append(f"  not on the card: {', '.join(dropped[:5])}{f' and {len(dropped) - 5} more' if len(dropped) > 5 else ''}")
    return "\n".join(lines)


def _bins(pipeline: Pipeline, bins: Mapping[str, Any]) -> str:
    rows = [
        {
            "bin": _short(bin["bin"]),
            "rows": f"{bin['non_events'] + bin['events']:,.0f}",
            "share": _percent(bin["share"]),
            "events": f"{bin['events']:,.0f}",
            "bad rate": _percent(bin["event_rate"]),
            "WoE": f"{bin['woe']:.3f}",
            "IV": f"{bin['iv']:.4f}",
            "points": f"{bin['points']:g}",
        }
        for bin in pipeline.binning_table(bins["feature"])
    ]
    certificate = bins["certificate"]
    quality = "no better bins exist" if certificate["optimal"] else f"at most {certificate['gap']:.4f} below the best"
    return _titled(f"Bins of {bins['feature']}: information value {bins['iv']:.3f}, {quality}", rows)


def _points(pipeline: Pipeline) -> str:
    by_feature: dict[str, list[dict[str, Any]]] = {}
    for row in pipeline.points_table():
        by_feature.setdefault(row["feature"], []).append(row)
    lines = [f"{'Points':<24}{'reason':<9}bin: points"]
    for feature, rows in by_feature.items():
        head = f"  {feature:<22}{rows[0]['reason']:<9}"
        for row in rows:
            entry = f"{_short(row['bin'], 26)}: {row['points']:g}"
            if len(head) + len(entry) + 3 > 100:
                lines.append(head.rstrip())
                head = " " * 33
            head += entry + "   "
        lines.append(head.rstrip())
    return "\n".join(lines)


def _tiers(plain: Mapping[str, Any]) -> str:
    def rate(row: Mapping[str, Any], rows: str, events: str) -> str:
        return _percent(row[events] / row[rows]) if row[rows] else "-"

    rows = [
        {
            "tier": row["tier"],
            "PD": _percent(row["pd"]),
            "rows": f"{row['rows']:,.0f}",
            "events": f"{row['events']:,.0f}",
            "bad rate": rate(row, "rows", "events"),
            "test rows": f"{row['test_rows']:,.0f}",
            "test events": f"{row['test_events']:,.0f}",
            "test bad rate": rate(row, "test_rows", "test_events"),
        }
        for row in plain["tiers"]
    ]
    return _titled("Risk tiers, by PD alone", rows)


def _prices(pipeline: Pipeline, currency: str, amount: float, term_months: float, as_of: datetime.date | str | None) -> str:
    rows = [
        {
            "tier": row["tier"],
            "PD": _percent(row["pd"]),
            "expected loss a year": _percent(row["expected_loss"]),
            "rate": _percent(row["rate"]) if "rate" in row else "none",
            "RAROC": _percent(row["raroc"]) if "raroc" in row else "",
            "": f"set by the {row['rate_bound']}"
            if "rate" in row
            else f"needs {_percent(row['rate_needed'])}, above the cap of {_percent(row['rate_cap'])}",
        }
        for row in pipeline.price_table(amount, term_months, as_of)
    ]
    day = f" on {as_of}" if as_of is not None else ""
    return _titled(f"Price of {amount:,.0f} {currency} over {term_months:g} months{day}", rows)


def _decision(number: int, decision: Decision) -> str:
    outcome = (decision.outcome or "no outcome").capitalize()
    lines = [f"Decision {number}: {outcome}. Score {decision.score:g}, PD {_percent(decision.pd)}, tier {decision.tier or '-'}"]
    if decision.limit is not None:
        lines.append(f"  limit {decision.limit:,} (set by {decision.limit_binding})")
    if decision.rate is not None and decision.raroc is not None:
        terms = f"{decision.amount:,} at {_percent(decision.rate)}, {decision.instalment:,} a month"
        lines.append(f"  offer {terms}; RAROC {_percent(decision.raroc)}")
    if decision.rate_needed is not None and decision.rate_cap is not None:
        lines.append(f"  no legal price: {_percent(decision.rate_needed)} is needed, {_percent(decision.rate_cap)} is the cap")
    lines += [f"  {reason.code:<15} {reason.text}" for reason in decision.reasons]
    return "\n".join(lines)


def _titled(title: str, rows: list[dict[str, Any]]) -> str:
    return f"{title}\n{aligned(rows, indent='  ', left=('bin', 'tier', ''))}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _short(label: str, width: int = 30) -> str:
    """A label for readers: borders to six digits, long lists cut."""
    label = re.sub(r"\d+\.\d{5,}", lambda number: f"{float(number[0]):.6g}", label)
    return label if len(label) <= width else f"{label[: width - 2]} …"
