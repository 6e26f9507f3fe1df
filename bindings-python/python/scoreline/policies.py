"""The forms of settings that are one of several, of the expert card and of the policies, as they stand in the model
file. Plain dicts; conditions and amounts are expressions over fields and features, conditions also over ``score``, ``pd``
and, with an expert card, ``expert_score``. Rates are fractions per year."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from .treatment import ActionBook

Tier = Literal["A", "B", "C", "D"]
OnMissing = Literal["hit", "no_hit", "refer"]


class Placement(TypedDict):
    """Which weight of evidence a missing value or a special code gets: its own, that of the ordinary bin whose event rate is
    nearest, that of the riskiest bin, or that of the bin of another value."""

    type: Literal["own", "nearest", "riskiest", "like"]
    value: NotRequired[float | str]
    """The number or level, of ``like``."""


class PValue(TypedDict):
    """A variable enters below one p-value and leaves above another."""

    type: Literal["p_value"]
    enter: float
    """Above 0, at most ``leave``."""
    leave: float
    """Below 1."""


class Information(TypedDict):
    """Akaike's or Schwarz's criterion falls."""

    type: Literal["aic", "bic"]


class AllVariables(TypedDict):
    """No search: all variables stay."""

    type: Literal["none"]


class Stepwise(TypedDict):
    """One variable enters or leaves at a time."""

    type: Literal["stepwise"]
    direction: Literal["forward", "backward", "both"]
    criterion: PValue | Information


class ElasticNet(TypedDict):
    """Variables whose coefficient is not 0 under the elastic-net penalty of the best cross-validated loss."""

    type: Literal["elastic_net"]
    alpha: float
    """Share of the absolute penalty, above 0 to 1."""
    folds: int
    """Folds of the cross-validation, 2 to 20."""
    penalty: Literal["best", "one_standard_error"]
    """The penalty of least loss, or the largest within one standard error of it."""


Method = AllVariables | Stepwise | ElasticNet


class CoefficientPrior(TypedDict):
    """A normal distribution of a coefficient before the data are seen; a sound one is near -1."""

    mean: float
    sd: float
    """Above 0: how sure the expectation is."""


class Level(TypedDict):
    """The level of the PDs."""

    type: Literal["sample", "long_run", "prior"]
    rate: NotRequired[float]
    """The long-run average, of ``long_run``."""
    population: NotRequired[float]
    """Share of events in the population, of ``prior``."""


class MarginSize(TypedDict):
    """How large a margin is."""

    type: Literal["add", "multiply", "sampling"]
    pd: NotRequired[float]
    """Added to every PD, of ``add``."""
    by: NotRequired[float]
    """Multiplies every PD, of ``multiply``; 1 or more."""
    confidence: NotRequired[float]
    """One-sided confidence of the upper bound of the mean PD, of ``sampling``."""
    bound: NotRequired[Literal["normal", "exact", "jeffreys"]]
    """How that bound is taken, of ``sampling``."""


class Margin(TypedDict):
    """A margin of conservatism (EBA/GL/2017/16)."""

    category: Literal["data", "change", "estimation"]
    reason: str
    size: MarginSize


class CurvePoint(TypedDict):
    """A point of a line: what the value ``x`` is worth, 0 to 100."""

    x: float
    score: float


class Line(TypedDict):
    """Straight lines between points by rising ``x``, flat beyond the ends."""

    type: Literal["linear"]
    points: list[CurvePoint]


class Steps(TypedDict):
    """Score *k* for cut *k* - 1 <= x < cut *k*; one score more than cuts."""

    type: Literal["steps"]
    cuts: list[float]
    scores: list[float]


class Levels(TypedDict):
    """A score for each level of a category."""

    type: Literal["levels"]
    scores: dict[str, float]
    other: float
    """Score of every level that is not listed."""


class MissingFactor(TypedDict):
    """What a missing factor means: the other weights count as the whole, a neutral score, the lowest one, or no score."""

    type: Literal["renormalise", "neutral", "worst", "refuse"]
    score: NotRequired[float]
    """Of ``neutral``."""


class Factor(TypedDict):
    """One factor of an expert card."""

    name: str
    """Also the code of the reason that points lost here give."""
    input: str
    """A field, a feature, or an expression over both."""
    weight: float
    """Above 0; all weights add up to 100."""
    curve: Line | Steps | Levels
    missing: NotRequired[MissingFactor]
    reason: NotRequired[str]


class ExpertCard(TypedDict):
    """Score = sum of weight times points over sum of weights, 0 (worst) to 100 (best)."""

    factors: list[Factor]
    missing: NotRequired[MissingFactor]


class ClassPolicy(TypedDict, total=False):
    """The least score of client class A, and of B; less is C."""

    a: float
    b: float


class Anchor(TypedDict):
    """An expert score with the PD that it stands for."""

    score: float
    pd: float


class Blend(TypedDict):
    """Log-odds = (1 - weight) * statistical + weight * expert; the line through two anchors gives the expert's."""

    weight: float
    anchors: list[Anchor]


class Expert(TypedDict):
    """An expert card, and what follows from its score."""

    card: ExpertCard
    classes: NotRequired[ClassPolicy]
    blend: NotRequired[Blend]


class StrongEffect(TypedDict):
    """What a hit of a strong rule does: ``{"type": "floor", "tier": "D"}`` (no better than this), ``ceiling`` (it rises no
    further, but a better tier is kept), ``override`` (as a floor, and an upgrade waits from the last day of the hit on), or
    ``{"type": "decline"}``."""

    type: Literal["floor", "ceiling", "override", "decline"]
    tier: NotRequired[Tier]


class StrongRule(TypedDict):
    """A rule that acts alone. It can never improve a tier."""

    code: str
    when: str
    effect: StrongEffect
    on_missing: OnMissing
    reason: str


class WeakRule(TypedDict):
    """A rule that adds points of adverse evidence. A missing condition adds none."""

    code: str
    when: str
    points: float
    """Above 0, at most three decimals."""
    group: NotRequired[str]
    until: NotRequired[str]
    """Last day on which the rule counts."""
    reason: str


class WeakGroup(TypedDict):
    """Weak rules that together add no more than a cap."""

    name: str
    cap: float


class TierMatrix(TypedDict):
    """The tier by score tier (row) and by the band of a second measure (column), the best column first."""

    by: str
    """Expression of the second measure."""
    bands: list[float]
    """Borders between the columns: falling where more is better, rising where less is."""
    missing_column: int
    """Column of a missing value, from 0."""
    rows: dict[str, list[Tier]]


# ``from`` is a word of Python, so that a class cannot declare it.
Overlay = TypedDict(
    "Overlay",
    {
        "code": str,
        "when": str,
        "notches": int,
        "owner": str,
        "from": str,
        "until": str,
        "on_missing": OnMissing,
        "reason": str,
    },
)
"""A temporary tightening for a segment: a hit costs ``notches`` tiers (1 to 3) ``from`` its first day ``until`` its last."""


class Move(TypedDict):
    """How a tier moves once PD or score has passed a border."""

    dwell_days: NotRequired[int]
    """Days for which the tier must have been held before."""
    share: NotRequired[float]
    """Share of the way that one move goes, in (0, 1]."""


class Hysteresis(TypedDict):
    """How reluctantly the tier of an account that has one changes; strong rules do not wait."""

    enter: list[float]
    """Borders of A, B and C for a tier that improves."""
    exit: list[float]
    """Borders of A, B and C for a tier that worsens."""
    upgrade: NotRequired[Move]
    downgrade: NotRequired[Move]


class TierPolicy(TypedDict):
    """How a PD or a score and the hits of rules become a risk tier."""

    direction: Literal["a_is_best"]
    measure: NotRequired[Literal["pd", "score"]]
    """What the cuts compare; the PD by default."""
    cuts: list[float]
    """Upper bounds of the PD of A, B and C, rising within (0, 1); or their least scores, falling."""
    matrix: NotRequired[TierMatrix]
    strong: NotRequired[list[StrongRule]]
    weak: NotRequired[list[WeakRule]]
    groups: NotRequired[list[WeakGroup]]
    points_per_notch: NotRequired[float]
    """Points of weak evidence that cost one tier."""
    max_notches: NotRequired[int]
    """The most tiers that weak evidence costs, 0 to 3."""
    overlays: NotRequired[list[Overlay]]
    hysteresis: NotRequired[Hysteresis]


class ExpressionRule(TypedDict):
    """The value of an expression."""

    type: Literal["expression"]
    amount: str


class ByTierRule(TypedDict):
    """An amount for each tier."""

    type: Literal["by_tier"]
    A: float
    B: float
    C: float
    D: float


class FixedRule(TypedDict):
    """The same amount for everyone."""

    type: Literal["fixed"]
    amount: float


class DebtServiceRule(TypedDict):
    """The loan whose instalments the applicant can carry."""

    type: Literal["debt_service"]
    income: str
    """Expression of the income per month."""
    debt: str
    """Expression of the existing debt service per month."""
    share: float
    """Highest share of income for debt service, in (0, 1]."""
    stressed_rate: float
    """Nominal rate per year at which the instalment is computed."""


class LimitCandidate(TypedDict):
    """One bound of the limit."""

    name: str
    rule: ExpressionRule | ByTierRule | FixedRule | DebtServiceRule


class LimitPolicy(TypedDict):
    """The limit is the least of the candidates, rounded down to a step; below the minimum it is 0."""

    candidates: list[LimitCandidate]
    step: float
    minimum: float


class Capital(TypedDict):
    """Capital that a loan binds: ``fixed_share`` with ``share``, or ``irb_other_retail`` with the rest."""

    type: Literal["fixed_share", "irb_other_retail"]
    share: NotRequired[float]
    confidence: NotRequired[float]
    pd_floor: NotRequired[float]
    lgd_floor: NotRequired[float]


RateCap = TypedDict(
    "RateCap",
    {"name": str, "rate": float, "from": str, "until": NotRequired[str], "source": str},
)
"""A highest all-in rate, the first and last day it is in force (``YYYY-MM-DD``), and the law that sets it."""


class PricingPolicy(TypedDict):
    """What a loan must earn, and what it may cost."""

    currency: str
    """ISO 4217 code."""
    decimals: int
    """Decimals of the currency, 0 to 6."""
    amount: str
    """Expression of the amount asked for."""
    term_months: str
    """Expression of the term asked for."""
    funding_rate: float
    funding_base: Literal["ead", "ead_less_capital"]
    opex_rate: float
    fixed_cost: float
    """Cost per loan and year, in the currency."""
    fees_rate: float
    lgd: float
    """Loss given default, in (0, 1]."""
    capital: Capital
    capital_benefit_rate: float
    tax: float
    """In [0, 1)."""
    hurdle: float
    """RAROC after tax that a price must reach."""
    floor_rate: float
    rate_step: float
    """Rates are rounded up to a multiple of this."""
    caps: NotRequired[list[RateCap]]


class PolicyRule(TypedDict):
    """A rule that refers or declines whatever the risk."""

    code: str
    when: str
    outcome: Literal["refer", "decline"]
    on_missing: OnMissing
    reason: str


class DecisionPolicy(TypedDict):
    """How tier, price, limit and rules become an outcome."""

    by_tier: dict[Tier, Literal["approve", "refer", "decline"]]
    rules: NotRequired[list[PolicyRule]]


class Increase(TypedDict):
    """When and how far the limit of an account rises."""

    tiers: list[Tier]
    utilisation_above: float
    unless: NotRequired[str]
    """Condition that forbids it; it forbids too where it cannot be told."""
    share: float
    """Largest rise as a share of the limit."""
    cooldown_days: NotRequired[int]


class Decrease(TypedDict):
    """When and how far the limit of an account falls; never below what is drawn."""

    tiers: list[Tier]
    share: float
    """Largest fall as a share of the limit, in (0, 1]."""
    floor: NotRequired[float]
    cooldown_days: NotRequired[int]


class LinePolicy(TypedDict):
    """How the limit of an account follows its use and its tier."""

    limit: str
    """Expression of the limit that it has."""
    balance: str
    """Expression of what is drawn."""
    utilisation: str
    days_since_change: NotRequired[str]
    increase: NotRequired[Increase]
    decrease: NotRequired[Decrease]
    step: float


class ReviewPolicy(TypedDict):
    """What happens to accounts in the book, after their tier: early warning, limit, action."""

    warning: NotRequired[Mapping[str, Any]]
    """In the form of :func:`scoreline.warning.levels`; what follows may name the level as ``warning_level``."""
    line: NotRequired[LinePolicy]
    actions: NotRequired["ActionBook | Mapping[str, Any]"]
    """In the form of :class:`scoreline.ActionBook`; every state must have exactly one answer."""
