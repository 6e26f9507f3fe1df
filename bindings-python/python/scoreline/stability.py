"""How steady, how mixed and how seasonal: figures of a monthly series or of amounts by category.

>>> income_stability([900, 1100, 0, 0, 900, 1100]).longest_gap
2
>>> category_mix({"rent": 600, "food": 200, "travel": 200}).herfindahl
0.44
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from . import _scoreline

__all__ = [
    "CategoryMix",
    "Forecast",
    "ForecastPoint",
    "IncomeStability",
    "Seasonality",
    "ShareShift",
    "category_mix",
    "income_stability",
    "monthly_sums",
    "seasonal_forecast",
    "seasonality",
    "share_shift",
]


class IncomeStability(NamedTuple):
    """How steady monthly inflows are."""

    months: int
    mean: float
    deviation: float
    """Sample standard deviation, in the currency of the inflows."""
    variation: float | None
    """``deviation / mean``; ``None`` without any inflow."""
    share_with_inflow: float
    """Share of months with an inflow, 0 to 1."""
    longest_gap: int
    """Longest run of months without one."""


class CategoryMix(NamedTuple):
    """How amounts spread over categories."""

    total: float
    shares: dict[str, float]
    """Share of each category, 0 to 1."""
    amounts: dict[str, float]
    entropy: float
    """In nats."""
    evenness: float
    """Entropy over its greatest value, 0 to 1."""
    herfindahl: float
    """Sum of squared shares: 1 for a single category."""


class ShareShift(NamedTuple):
    """How a mix changed between two periods."""

    distance: float
    """Total variation distance, 0 to 1: the share of the money that goes elsewhere."""
    changes: dict[str, tuple[float, float]]
    """Share of each category before and after."""


class Seasonality(NamedTuple):
    """What each calendar month is to the mean."""

    indices: list[float]
    """Twelve ratios to the mean, January first."""
    mean: float
    years: int
    """Number of years used: the latest whole ones."""
    start: str
    """First month used, ``YYYY-MM``."""


class ForecastPoint(NamedTuple):
    """One month of a forecast, with the band of one mean absolute error to each side."""

    month: str
    value: float
    low: float
    high: float


class Forecast(NamedTuple):
    """A seasonal-naive forecast, and how it did in a year that was held out."""

    points: list[ForecastPoint]
    mean_absolute_error: float
    """In the last year, forecast from the year before: half the width of the band."""
    naive_error: float
    """The same error of the mean of all months before that year."""
    beats_naive: bool
    """Whether the season forecast that year better than the mean. If not, use the mean."""


def monthly_sums(table: object, start: str, end: str, *, date: str = "date", amount: str = "amount") -> list[float]:
    """Sums of dated amounts by month, from ``start`` to ``end`` (``YYYY-MM``), both included.

    >>> monthly_sums({"date": ["2026-01-31", "2026-03-01", "2026-01-02"], "amount": [40, 5, 2]}, "2026-01", "2026-03")
    [42.0, 0.0, 5.0]
    """
    return _scoreline.monthly_sums(table, date, amount, start, end)


def income_stability(inflows: object) -> IncomeStability:
    """How steady the inflows of consecutive months are; a month without one is 0. At least two months.

    >>> income_stability([1000] * 12).variation
    0.0
    """
    return IncomeStability(**_scoreline.income_stability(inflows))


def category_mix(amounts: Mapping[str, float]) -> CategoryMix:
    """The mix of amounts by category: shares, entropy (Shannon 1948), evenness (Pielou 1966) and Herfindahl index.

    >>> category_mix({"rent": 50, "food": 50}).evenness
    1.0
    """
    mix = _scoreline.category_mix(list(amounts), list(amounts.values()))
    rows = mix.pop("shares")
    shares = {row["category"]: row["share"] for row in rows}
    return CategoryMix(shares=shares, amounts={row["category"]: row["amount"] for row in rows}, **mix)


def share_shift(before: CategoryMix, after: CategoryMix) -> ShareShift:
    """How the mix shifts from one period to another.

    >>> share_shift(category_mix({"rent": 60, "food": 40}), category_mix({"rent": 60, "games": 40})).distance
    0.4
    """
    found = _scoreline.share_shift(_mix_json(before), _mix_json(after))
    return ShareShift(found["distance"], {row["category"]: (row["before"], row["after"]) for row in found["changes"]})


def seasonality(values: object, start: str) -> Seasonality:
    """The season of a series that begins in the month ``start`` (``YYYY-MM``); at least 24 months.

    >>> seasonality([100] * 11 + [500] + [100] * 11 + [500], "2024-01").indices[11]
    3.75
    """
    found = _scoreline.seasonality(values, start)
    return Seasonality(found["index"], found["mean"], found["years"], found["from"])


def seasonal_forecast(values: object, start: str, months: int) -> Forecast:
    """The ``months`` after a series that begins in ``start``: each is what the same month of the last year was.

    >>> forecast = seasonal_forecast([10 * (month % 12) for month in range(36)], "2023-01", 3)
    >>> forecast.points[2]
    ForecastPoint(month='2026-03', value=20.0, low=20.0, high=20.0)
    >>> forecast.beats_naive
    True
    """
    found = _scoreline.seasonal_forecast(values, start, months)
    points = [ForecastPoint(**point) for point in found.pop("points")]
    return Forecast(points=points, **found)


def _mix_json(mix: CategoryMix) -> str:
    rows = [{"category": name, "amount": mix.amounts[name], "share": share} for name, share in mix.shares.items()]
    figures = {"total": mix.total, "entropy": mix.entropy, "evenness": mix.evenness, "herfindahl": mix.herfindahl}
    return json.dumps({"shares": rows, **figures})
