"""Settings of memory compared over histories, and the page that shows them."""

import datetime
import pathlib
import random
import xml.dom.minidom

import numpy as np
import pyarrow as pa
import pytest
from conftest import ROOT, read_json

import scoreline as sl

POLICY = {"direction": "a_is_best", "cuts": [0.01, 0.05, 0.2]}
GRID = {"widths": [0.0, 0.1, 0.3], "upgrade_dwell_days": [0, 60], "averages": [2, 3]}


@pytest.fixture(scope="module")
def book():
    """80 entities over 24 months; the PDs of a quarter climb for a year, then comes the event."""
    dice = random.Random(7)
    rows = {name: [] for name in ("entity", "day", "pd", "floor", "event")}
    for entity in range(80):
        event = datetime.date(2025, 1, 1) + datetime.timedelta(days=dice.randrange(300, 700)) if entity % 4 == 0 else None
        level = dice.choice([0.01, 0.05])
        for month in range(24):
            day = datetime.date(2025 + month // 12, month % 12 + 1, 28)
            climb = max(0, 12 - (event - day).days / 30) if event else 0
            rows["entity"].append(f"E{entity}")
            rows["day"].append(day)
            rows["pd"].append(min(0.9, level * np.exp(dice.gauss(0, 0.25) + 0.2 * climb)))
            rows["floor"].append("D" if dice.random() < 0.01 else None)
            rows["event"].append(event)
    return rows


@pytest.fixture(scope="module")
def found(book):
    return sl.tiering.frontier(book, policy=POLICY, grid=GRID, floor="floor", event="event")


def test_memory_calms_and_the_figures_add_up(found):
    assert [one.label for one in found.settings] == [
        "no memory", "band 0, up after 60 d", "band 0.1", "band 0.1, up after 60 d", "band 0.3", "band 0.3, up after 60 d",
        "mean of 2", "mean of 3",
    ]  # fmt: skip
    none, widest = found.settings[0], found.settings[5]
    assert found.events == 20 and none.mean_delay_days == 0 and none.mean_distance == 0
    assert widest.flip_flops < none.flip_flops / 2
    for one in found.settings:
        assert one.upgrades + one.downgrades == one.moves and one.alarmed + one.missed == found.events
        assert one.migration.upgraded[0] == one.upgrades
        assert one.migration.downgraded[0] == one.downgrades + sum(one.migration.defaulted)
        assert sum(tier.rows for tier in one.by_tier.values()) <= found.rows
        assert sum(tier.events for tier in one.by_tier.values()) == found.events
        assert one.flip_flops_per_100_entity_years == pytest.approx(100 * one.flip_flops / found.entity_years)
    assert found.frontier == sorted(found.frontier, key=lambda one: one.mean_delay_days)
    assert [row["label"] for row in found.table() if row["on_frontier"]] == [one.label for one in found.settings if one.on_frontier]


def test_neither_order_nor_threads_nor_the_kind_of_table_matter(book, found):
    order = list(range(len(book["pd"])))
    random.Random(1).shuffle(order)
    mixed = pa.table({name: [values[at] for at in order] for name, values in book.items()})
    for threads in (1, 2):
        assert sl.tiering.frontier(mixed, policy=POLICY, grid=GRID, floor="floor", event="event", threads=threads) == found


def test_the_published_path():
    case = next(case for case in read_json(ROOT / "tests" / "golden" / "tiers.json")["cases"] if case["id"] == "hysteresis")
    scores = [670.0, *case["inputs"]["scores"]]  # the first one is a B, where the path starts
    policy = {"direction": "a_is_best", "measure": "score", "cuts": case["inputs"]["bounds_A_B_C"]}
    rows = {"entity": [1] * len(scores), "day": np.arange("2026-01-01", "2026-01-14", dtype="datetime64[D]"), "score": scores}
    grid = {"widths": [case["inputs"]["buffer"]]}
    setting = sl.tiering.frontier(rows, policy=policy, grid=grid, measure="score").settings[1].setting
    summary = sl.tiering.history(rows, policy=policy, setting=setting, measure="score")
    tiers = [case["inputs"]["start"], *case["expected"]["tiers"]]
    assert summary.tiers == tiers
    assert summary.all == sl.migration(tiers[:-1], tiers[1:])
    assert [one.matrix for one in summary.periods] == [sl.migration([a], [b]) for a, b in zip(tiers[:-1], tiers[1:], strict=True)]


def test_wrong_settings_and_rows_are_named(book):
    with pytest.raises(sl.ConfigError, match=r"frontier.grid.widths\[1\].*frontier.alarm|frontier.alarm.*frontier.grid.widths\[1\]"):
        sl.tiering.frontier(book, policy=POLICY, grid={"widths": [0.1, 5.0]}, alarm="A")
    with pytest.raises(sl.ConfigError, match="unknown field `width`"):
        sl.tiering.frontier(book, policy=POLICY, grid={"width": [0.1]})
    rows = {"entity": [1, 1], "day": ["2026-01-01", "2026-01-01"], "pd": [0.1, 0.1], "floor": ["D", "E"]}
    with pytest.raises(sl.DataError, match="field 'day', row 1"):
        sl.tiering.frontier(rows, policy=POLICY, grid={})
    with pytest.raises(sl.DataError, match="field 'floor', row 1"):
        sl.tiering.frontier(rows, policy=POLICY, grid={}, floor="floor")


def test_the_page_is_one_file_that_shows_every_setting(tmp_path: pathlib.Path, found):
    page = found.html(tmp_path / "frontier.html", title="Memory & tiers")
    assert (tmp_path / "frontier.html").read_text(encoding="utf-8") == page
    assert "<script" not in page and "http" not in page and "Memory &amp; tiers" in page
    svg = xml.dom.minidom.parseString(page[page.index("<svg") : page.index("</svg>") + 6])
    groups = svg.getElementsByTagName("g")
    assert len(groups) == len(found.settings)
    kinds = [group.getAttribute("class").split()[0] for group in groups]
    assert kinds.count("average") == 2 and kinds.count("no_memory") == 1
    assert len(svg.getElementsByTagName("polyline")) == 1
    width, height = (float(x) for x in svg.documentElement.getAttribute("viewBox").split()[2:])
    for circle in svg.getElementsByTagName("circle"):
        assert 0 < float(circle.getAttribute("cx")) < width and 0 < float(circle.getAttribute("cy")) < height
    assert page.count("<tr") == 1 + len(found.settings)
    assert found._repr_html_().startswith("<style>") and "<svg" in found._repr_html_()


def test_a_book_without_events_or_moves_still_has_a_page():
    rows = {"entity": [1, 1], "day": ["2026-01-01", "2026-02-01"], "pd": [0.1, 0.1]}
    found = sl.tiering.frontier(rows, policy=POLICY, grid={})
    assert found.settings[0].auc is None and found.settings[0].mean_delay_days is None
    assert "<svg" in found.html()
