"""The parts of a configuration: inputs, bins, model, card.

A setting that is left out (``None``) takes the default of the library's core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .policies import CoefficientPrior, Level, Margin, Method, Placement

Kind = Literal["number", "category", "date", "flag"]
Trend = Literal["auto", "monotonic", "increasing", "decreasing", "peak", "valley", "concave", "convex", "none"]
Objective = Literal["information_value", "jensen_shannon", "hellinger"]
Prior = Literal["even", "overall"]
Action = Literal["flag", "drop"]


@dataclass(frozen=True)
class Special:
    """A code with a meaning of its own, such as -1 for "no bureau file". It gets its own bin."""

    code: float | str
    """The code in the data: a number for number fields, text for categories."""
    name: str
    """What it stands for."""


@dataclass(frozen=True)
class Field:
    """One input field."""

    name: str
    """As in the data and in expressions: letters, digits and ``_``, not starting with a digit."""
    kind: Kind
    """What its values are."""
    unit: str | None = None
    """Unit of a number, for readers."""
    description: str | None = None
    """What it means, for readers."""
    missing: Sequence[float | str] | None = None
    """Codes that mean "nothing is known"."""
    special: Sequence[Special] | None = None
    """Codes with a meaning of their own; at most 16."""
    sensitivity: Mapping[str, str] | None = None
    """``{"type": "protected", "basis": "sex"}`` keeps the field out of score, rules and price."""


@dataclass(frozen=True)
class Schema:
    """The input fields, in the order of their indices; at most 4,096."""

    fields: Sequence[Field]


@dataclass(frozen=True)
class Feature:
    """A feature derived from fields and from the features before it."""

    name: str
    expression: str
    """For example ``amount / duration``."""
    unit: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Split:
    """Keeps a share of the rows for testing, decided by a hash of a key and nothing else."""

    key: str
    """Column of text or whole numbers. All rows of one key fall on one side."""
    test_share: float
    """Share of keys kept for testing, in [0, 1)."""
    salt: str | None = None
    """Another salt gives another split."""


@dataclass(frozen=True)
class VariableBinning:
    """Settings of one feature in place of the general ones, and bins that are fixed beforehand."""

    cuts: Sequence[float] | None = None
    """The cuts of a number, forced exactly as given: rising; a value equal to a cut is in the upper bin."""
    groups: Sequence[Sequence[str]] | None = None
    """The groups of a category, forced exactly as given. Levels in no group are pooled in one more bin."""
    max_bins: int | None = None
    min_bins: int | None = None
    min_share: float | None = None
    min_level_share: float | None = None
    max_share: float | None = None
    min_events: float | None = None
    min_non_events: float | None = None
    min_rate_difference: float | None = None
    max_p_value: float | None = None
    """1 lifts a general limit."""
    objective: Objective | None = None
    trend: Trend | None = None
    stable: bool | None = None
    missing: Placement | None = None
    special: Placement | None = None
    smoothing: float | None = None
    prior: Prior | None = None
    readable: float | None = None


@dataclass(frozen=True)
class Binning:
    """The limits that the bins of each feature keep."""

    max_bins: int | None = None
    """The most ordinary bins, 2 to 20; special codes and the missing bin come on top."""
    min_bins: int | None = None
    """The least number of ordinary bins, 1 to ``max_bins``. Limits that cannot be met together are then an error that
    names the tightest one."""
    min_share: float | None = None
    """The least share of all rows in an ordinary bin, 0 to 0.5."""
    min_level_share: float | None = None
    """The least share of all rows of a level of a category, 0 to 0.5: rarer levels stay together. With 0 every level is
    grouped by its own event rate."""
    max_share: float | None = None
    """The largest share of all rows in one of several ordinary bins, above ``min_share`` up to 1."""
    min_events: float | None = None
    """The least weight of rows with the event in an ordinary bin, above 0."""
    min_non_events: float | None = None
    """The least weight of rows without the event in an ordinary bin, above 0."""
    min_rate_difference: float | None = None
    """The least difference of the event rates of neighbouring bins, 0 to below 1."""
    max_p_value: float | None = None
    """The largest p-value between neighbouring bins (z test of two proportions), above 0 up to 1."""
    objective: Objective | None = None
    """What the bins make as large as possible."""
    trend: Trend | None = None
    """How the event rate moves from one numeric bin to the next; ``monotonic`` is rising or falling;
    ``auto`` also turns once, where the Schwarz criterion says that it pays."""
    stable: bool | None = None
    """Whether the event rates of neighbouring bins must have the same order in each period."""
    missing: Placement | None = None
    """Which weight of evidence rows without a value get."""
    special: Placement | None = None
    """Which weight of evidence the special codes get."""
    smoothing: float | None = None
    """Rows added to both counts of a bin when its weight of evidence is taken, 0 to 1000."""
    prior: Prior | None = None
    """How the added rows divide: half and half, or as all rows do."""
    readable: float | None = None
    """The largest share of a feature's information value that rounding its cuts to readable numbers may cost."""
    variables: Mapping[str, VariableBinning] | None = None
    """Settings of single features by name, in place of the ones above."""


@dataclass(frozen=True)
class ContinuousBinning:
    """The limits that the bins of one feature keep for a continuous target."""

    max_bins: int | None = None
    """The most ordinary bins, 2 to 20."""
    min_share: float | None = None
    """The least share of all rows in an ordinary bin, 0 to 0.5."""
    min_level_share: float | None = None
    """The least share of all rows of a level of a category, 0 to 0.5: rarer levels stay together."""
    min_count: float | None = None
    """The least weight of rows in an ordinary bin, above 0."""
    min_difference: float | None = None
    """The least distance between the means of neighbouring bins, in the unit of the target."""
    trend: Literal["monotonic", "increasing", "decreasing", "peak", "valley", "none"] | None = None
    """How the mean moves from one numeric bin to the next."""


@dataclass(frozen=True)
class MulticlassBinning:
    """The limits that the bins of one feature keep for a target with several classes."""

    objective: Literal["iv", "js"] | None = None
    """The mean information value of each class against all others, or the Jensen-Shannon divergence of the classes."""
    max_bins: int | None = None
    """The most ordinary bins, 2 to 20."""
    min_share: float | None = None
    """The least share of all rows in an ordinary bin, 0 to 0.5."""
    min_level_share: float | None = None
    """The least share of all rows of a level of a category, 0 to 0.5: rarer levels stay together."""
    min_class_count: float | None = None
    """The least weight of rows of each class in an ordinary bin, 0 or more."""
    trend: Literal["none", "monotonic"] | None = None
    """In any way, or strictly in one direction for each class."""
    smoothing: float | None = None
    """Rows added to a class and to the rest when a weight of evidence is taken, above 0."""


@dataclass(frozen=True)
class Selection:
    """Which variables stay on the card. The order of the checks: forced out, information value, correlation, variance
    inflation, method, length, sign."""

    max_iv: float | None = None
    """An information value above this is suspicious; more than ``min_iv``."""
    suspicious: Action | None = None
    """What happens to a suspicious variable."""
    max_correlation: float | None = None
    """Of two variables whose weights of evidence correlate more, the one of lower information value leaves; in (0, 1)."""
    max_vif: float | None = None
    """While a variance inflation factor exceeds this, the variable with the largest leaves; above 1. A variable that others
    give exactly leaves in any case."""
    signs: Action | None = None
    """What happens to a variable whose coefficient says the opposite of its bins."""
    method: Method | None = None
    """How a subset is searched for."""
    forced_in: Sequence[str] | None = None
    """Variables that stay whatever the checks say; what they break is flagged."""
    forced_out: Sequence[str] | None = None
    """Variables that never enter."""


@dataclass(frozen=True)
class Model:
    """The logistic regression and what enters it."""

    min_iv: float | None = None
    """Variables with less information value stay out; 0 or more."""
    max_variables: int | None = None
    """The most variables of the card, 1 to 128; the weakest of more than that leave."""
    max_iterations: int | None = None
    """Passes over all the data before giving up, 1 to 100."""
    tolerance: float | None = None
    """Largest absolute component of the gradient at the optimum, in rows; above 0."""
    selection: Selection | None = None
    """Which of the variables stay."""


@dataclass(frozen=True)
class Calibration:
    """From log-odds to PD: shape, level, margins of conservatism."""

    method: Literal["model", "platt", "isotonic"] | None = None
    """The model's own log-odds, a line in them, or a rising curve of any shape (which needs a floor)."""
    level: Level | None = None
    """The level of the PDs: that of the sample, a long-run average, or another share of events."""
    margins: Sequence[Margin] | None = None
    """Margins of conservatism, applied in this order after the level."""
    floor: float | None = None
    """The least PD, in [0, 1)."""
    cap: float | None = None
    """The highest PD of a case that has not defaulted, in (0, 1]."""


@dataclass(frozen=True)
class Scaling:
    """``score`` points at ``odds`` non-events to one event, and ``pdo`` points more for each doubling of the odds."""

    score: float | None = None
    """Points at ``odds``."""
    odds: float | None = None
    """Odds non-event : event at ``score``, above 0."""
    pdo: float | None = None
    """Points that double the odds, above 0."""
    rounding: Literal["integer", "none"] | None = None
    """How the points of a bin are rounded."""
    pd_from: Literal["model", "points"] | None = None
    """Where the official PD comes from."""


@dataclass(frozen=True)
class VariableReason:
    """What points lost on one variable mean to a person."""

    feature: str
    """Field or feature."""
    code: str
    """Reason code; variables that share one are added up before reasons are ranked."""
    text: str
    """The reason in words."""


@dataclass(frozen=True)
class ReasonPolicy:
    """How the reasons of the score are found."""

    method: Literal["below_maximum", "below_neutral", "shapley"] | None = None
    """What the points of a variable are measured against: its most, those of a weight of evidence of 0, or its mean over
    the training rows."""
    count: int | None = None
    """Reasons in an answer until which the score adds its own, 1 to 4."""
    inquiries: str | None = None
    """Code of the reason that counts inquiries: when it is a key factor it is named without regard to ``count``."""


@dataclass(frozen=True)
class Segment:
    """Rows that get a card of their own; the first segment whose condition holds takes a row."""

    name: str
    when: str
    """Condition over fields and features; a row for which it is unknown is not in the segment."""


@dataclass(frozen=True)
class Boost:
    """A boosted card: cyclic boosting on bins and on a few pairs of variables. It is still a table of points."""

    bins: int | None = None
    """The most bins of a variable, 2 to 64."""
    rate: float | None = None
    """Share of each Newton step that is taken, above 0 and at most 1."""
    rounds: int | None = None
    """The most rounds over all terms of one kind, 1 to 10,000."""
    patience: int | None = None
    """Rounds without a better held-out loss after which a card stops, 1 to 1,000."""
    folds: int | None = None
    """Cards that are fitted, each without one fold of the rows, and averaged; 2 to 50."""
    l2: float | None = None
    """Added to the curvature of a step: shrinks the steps of small groups; 0 to a million."""
    focus: float | None = None
    """Least gain of a term that moves, as a share of the best one's; 0 to 1."""
    max_pairs: int | None = None
    """The most tables of two variables, 0 to 100."""
    pair_bins: int | None = None
    """Groups of neighbouring bins on each side of a pair, 2 to 12."""
    seed: int | None = None
    """Which rows fall into which fold."""


@dataclass(frozen=True)
class SmallBank:
    """Help for 100 to 500 cases: weights of evidence lean on the whole sample, coefficients have a prior."""

    strength: float | None = None
    """Rows of the overall event rate that each bin is mixed with; estimated for each feature when left out."""
    prior: CoefficientPrior | None = None
    """What is expected of every coefficient."""
    priors: Mapping[str, CoefficientPrior] | None = None
    """What experts expect of single coefficients, by variable."""
    confidence: float | None = None
    """Two-sided confidence of the intervals, in (0, 1)."""


@dataclass(frozen=True)
class Period:
    """Where the periods of bins that are stable over time come from."""

    column: str
    """Column of days, or of levels that name the period."""
    by: Literal["year", "quarter", "month"] | None = None
    """How days make periods."""


@dataclass(frozen=True)
class ProtectedUse:
    """Permission, on record, for a protected field to reach score, rule or price."""

    field: str
    author: str
    """Who permits it."""
    reason: str
    """On what ground."""
