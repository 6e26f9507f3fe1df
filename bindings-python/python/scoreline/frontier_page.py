"""The chart of a frontier as SVG, with its table, on a page without scripts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 20, 52
SIZE = 12
"""Of the letters; one takes about 0.55 of it."""

STYLE = """
.scoreline-frontier { --ink: #1d2733; --soft: #6b7785; --line: #e3e7ec; --paper: #fff; --band: #2c6cb0; --mean: #c4622d; --own: #2f8f6b;
  color: var(--ink); background: var(--paper); font: 14px/1.45 system-ui, sans-serif; max-width: 1100px; }
@media (prefers-color-scheme: dark) { .scoreline-frontier { --ink: #e6eaf0; --soft: #97a3b2; --line: #313a46; --paper: #161b22;
  --band: #6aa7e8; --mean: #e8935f; --own: #5fc49c; } }
.scoreline-frontier svg { width: 100%; max-width: 760px; height: auto; display: block; }
.scoreline-frontier text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.scoreline-frontier .soft { fill: var(--soft); }
.scoreline-frontier .grid { stroke: var(--line); }
.scoreline-frontier .frontier { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 5 4; }
.scoreline-frontier .hysteresis { fill: var(--band); } .scoreline-frontier .average { fill: var(--mean); }
.scoreline-frontier .policy { fill: var(--own); } .scoreline-frontier .no_memory { fill: var(--ink); }
.scoreline-frontier .beaten { opacity: 0.45; }
.scoreline-frontier .wide { overflow-x: auto; }
.scoreline-frontier table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scoreline-frontier td, .scoreline-frontier th { padding: 3px 10px; text-align: right; border-bottom: 1px solid var(--line); }
.scoreline-frontier td:first-child, .scoreline-frontier th:first-child { text-align: left; }
.scoreline-frontier tr.kept td:first-child { font-weight: 600; }
"""

NAMES = {"no_memory": "no memory", "policy": "the policy's own", "hysteresis": "hysteresis", "average": "moving average"}


def page(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], title: str, book: str) -> str:
    """A whole page."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
    ground = "<style>body { margin: 0; } main { padding: 24px; min-height: 100vh; box-sizing: border-box; margin: 0 auto; }</style>"
    inside = f"<h1>{escape(title)}</h1>{_inside(rows, kinds, book)}"
    main = f'<main class="scoreline-frontier">{inside}</main>'
    return f'<!doctype html>\n<html lang="en"><head>{head}{ground}<style>{STYLE}</style></head>\n<body>{main}</body></html>\n'


def body(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], book: str) -> str:
    """Chart and table for a notebook."""
    return f'<style>{STYLE}</style><div class="scoreline-frontier">{_inside(rows, kinds, book)}</div>'


def _inside(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], book: str) -> str:
    note = (
        "Left and down is better: fewer moves that are undone, and an earlier sight of events. Delay is against no memory. "
        "No setting beats one on the dashed line in both."
    )
    return f"<p>{escape(book)}. {note}</p>{_chart(rows, kinds)}{_table(rows)}"


def _chart(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> str:
    points = [(row["flip_flops_per_100_entity_years"] or 0.0, row["mean_delay_days"] or 0.0) for row in rows]
    across = _ticks(0.0, max(x for x, _ in points))
    up = _ticks(0.0, max(y for _, y in points))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = (point[0] - across[0]) / (across[-1] - across[0])
        y = (point[1] - up[0]) / (up[-1] - up[0])
        return LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)

    parts = []
    for tick in across:
        x, _ = place((tick, up[0]))
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text class="soft" x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{tick:g}</text>')
    for tick in up:
        _, y = place((across[0], tick))
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(f'<text class="soft" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    centre = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{centre}" y="{HEIGHT - 12}" text-anchor="middle">flip-flops in 100 entity-years</text>')
    parts.append(f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">mean delay in days</text>')

    kept = sorted({point for point, row in zip(points, rows, strict=True) if row["on_frontier"]})
    if len(kept) > 1:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, kept))
        parts.append(f'<polyline class="frontier" points="{line}"/>')
    marks = [place(point) for point in points]
    order = sorted(range(len(rows)), key=lambda at: (rows[at]["on_frontier"], kinds[at] != "hysteresis"))
    for at in order:
        row, (x, y) = rows[at], marks[at]
        shown = f"{row['label']}: {points[at][0]:.3g} flip-flops in 100 entity-years, {points[at][1]:.3g} days later"
        beaten = "" if row["on_frontier"] else " beaten"
        parts.append(f'<g class="{kinds[at]}{beaten}"><title>{escape(shown)}</title>{_mark(kinds[at], x, y)}</g>')
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in marks]
    for at in reversed(order):
        # Beaten settings of the grid are named by the table and when pointed at.
        if rows[at]["on_frontier"] or kinds[at] != "hysteresis":
            parts.append(_label(rows[at]["label"], marks[at], taken))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>Flip-flops and delay by setting</title>'
        f"{''.join(parts)}</svg>{_legend(kinds)}"
    )


def _mark(kind: str, x: float, y: float) -> str:
    shapes = {
        "average": f'<path d="M{x:.1f} {y - 6:.1f}l6 11h-12z"/>',
        "no_memory": f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>',
        "policy": f'<path d="M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7-7z"/>',
    }
    return shapes.get(kind, f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/>')


def _label(words: str, mark: tuple[float, float], taken: list[tuple[float, float, float, float]]) -> str:
    """Beside, above or below the mark, where nothing else stands; nowhere, if there is no such place."""
    (x, y), length = mark, 0.55 * SIZE * len(words)
    beside = [(x + 9, y + 4), (x - 9 - length, y + 4), (x + 9, y - 9), (x + 9, y + 18)]
    for left, base in beside + [(x - length * part, y + down) for part in (0.5, 0.95, 0.05) for down in (-11, 20)]:
        box = (left, base - SIZE + 2, left + length, base + 3)
        within = LEFT <= box[0] and box[2] <= WIDTH - 2 and TOP - 12 <= box[1] and box[3] <= HEIGHT - BOTTOM
        if within and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            return f'<text x="{left:.1f}" y="{base:.1f}">{escape(words)}</text>'
    return ""


def _legend(kinds: Sequence[str]) -> str:
    used = [kind for kind in NAMES if kind in kinds]
    entry = '<svg viewBox="0 0 16 16" style="display:inline;width:16px;vertical-align:-3px"><g class="{0}">{1}</g></svg> {2}'
    return "<p>" + " &emsp; ".join(entry.format(kind, _mark(kind, 8, 8), NAMES[kind]) for kind in used) + "</p>"


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = [
        ("setting", "label", ""), ("moves", "moves", ","), ("in an entity-year", "moves_per_entity_year", ".3f"),
        ("flip-flops", "flip_flops", ","), ("of moves", "flip_flop_share", ".1%"),
        ("in 100 entity-years", "flip_flops_per_100_entity_years", ".2f"), ("delay, days", "mean_delay_days", ".1f"),
        ("delayed", "delayed", ","), ("missed", "missed", ","), ("false alarms", "false_alarm_share", ".1%"), ("AUC", "auc", ".3f"),
        ("distance", "mean_distance", ".3f"), *((f"rate {tier}", f"rate_{tier}", ".2%") for tier in "ABCD"),
    ]  # fmt: skip
    head = "".join(f"<th>{name}</th>" for name, _, _ in columns)

    def cell(value: Any, form: str) -> str:
        return "–" if value is None else escape(format(value, form))

    def line(row: Mapping[str, Any]) -> str:
        cells = "".join(f"<td>{cell(row[key], form)}</td>" for _, key, form in columns)
        return f"<tr{' class=kept' if row['on_frontier'] else ''}>{cells}</tr>"

    lines = "".join(map(line, rows))
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from at most ``low`` to at least ``high``."""
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 5))
    step = next(power * one for one in (1, 2, 5, 10) if span / (power * one) <= 6)
    first, last = math.floor(low / step + 1e-9), math.ceil((low + span) / step - 1e-9)
    return [at * step for at in range(first, last + 1)]
