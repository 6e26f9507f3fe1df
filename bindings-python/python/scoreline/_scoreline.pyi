import datetime
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, final

from .asof import AsOf as AsOfSet
from .errors import ScorelineError
from .events import Windows as EventWindows

__all__ = [
    "ActionTable",
    "Artefact",
    "AsOf",
    "Bins",
    "Calibration",
    "Catalogue",
    "ContinuousBins",
    "Decision",
    "DecisionChain",
    "MulticlassBins",
    "Numbers",
    "Pass",
    "Reason",
    "ReviewRun",
    "Reviews",
    "Schedule",
    "Scorer",
    "SideIndex",
    "Table",
    "Trainer",
    "WindowState",
    "Windows",
    "adjusted_rand",
    "alert_fatigue",
    "allocate",
    "allot",
    "altman",
    "altman_feature",
    "altman_terms",
    "annualised_irr",
    "apply_playbook",
    "auc_interval",
    "best_price",
    "bin",
    "bin_continuous",
    "bin_multiclass",
    "breaches",
    "breaker_check",
    "calculate",
    "calculate_lines",
    "calculations",
    "cap_breaches",
    "cap_pack",
    "cap_packs",
    "capm_hurdle",
    "caps_on",
    "category_mix",
    "central_tendency_shift",
    "check_book",
    "check_config",
    "check_ladder",
    "check_product",
    "commitment_ead",
    "compare_profiles",
    "concentration",
    "concentration_test",
    "conditional_matrix",
    "conditional_pds",
    "corporate_catalogue",
    "corporate_fields",
    "corporate_ratio_features",
    "corporate_ratios",
    "cusum",
    "day_count",
    "describe",
    "divide_loss",
    "drawdown_factor",
    "drawdown_pool",
    "dry_run",
    "estimate_prior",
    "eu_apr",
    "eu_years",
    "ewma",
    "expected_credit_loss",
    "export_list",
    "exposure_at_default",
    "fit",
    "fit_calibration",
    "fit_outliers",
    "fit_state",
    "foundation_lgd",
    "grade_concentration",
    "guaranteed",
    "guarded_price",
    "headroom",
    "ifrs9_book",
    "ifrs9_stage",
    "income_stability",
    "inconsistencies",
    "infer_schema",
    "irb_capital",
    "irb_columns",
    "irb_floored",
    "irb_framework",
    "irb_frameworks",
    "kmeans_assign",
    "kmeans_fit",
    "kmeans_stability",
    "ladder_rung",
    "ladder_rungs",
    "lifetime_at",
    "lifetime_rate",
    "lifetime_rates",
    "lifetime_waterfall",
    "links",
    "list_match",
    "low_default_pds",
    "master_scale",
    "master_scale_check",
    "master_scale_grades",
    "master_scale_mean",
    "master_scale_of_bounds",
    "merge",
    "migration",
    "migration_figures",
    "migration_merge",
    "monthly_sums",
    "needs",
    "ohlson",
    "ohlson_features",
    "open_list",
    "outlier_scores",
    "parse_date",
    "pd_curve",
    "pd_curve_constant",
    "pd_curve_migration",
    "pd_curve_transitions",
    "pd_hazards",
    "pd_interval",
    "pd_survival_at",
    "peer_scores",
    "price_frontier",
    "price_ladder",
    "prior_shift",
    "profile",
    "provision_matrix",
    "quote_product",
    "rate",
    "rates",
    "recovery_lgd",
    "reg_z_allows",
    "reg_z_apr",
    "reject_augment",
    "reject_band",
    "repricing_gap",
    "restructure",
    "reverse_stress",
    "rfm_fit",
    "rfm_scores",
    "roll_rates",
    "sample_size",
    "search",
    "seasonal_forecast",
    "seasonality",
    "segment_layers",
    "series_change",
    "share_shift",
    "shrinkage_strength",
    "shrunken_woe",
    "signal_pack",
    "signal_packs",
    "single_period",
    "single_period_rate",
    "split_loan",
    "standardised_weight",
    "state_of",
    "stress",
    "tag_difference",
    "tags",
    "take_up",
    "tier_cuts",
    "tier_frontier",
    "tier_history",
    "tune_warning",
    "unit_periods",
    "upper_bound",
    "valid_tags",
    "version",
    "vintages",
    "warning_levels",
    "weighted_hurdle",
    "weighted_loss",
    "woe",
    "worst_case_default_rate",
    "xirr",
]

def version() -> str:
    """The release of the library."""

def parse_date(text: str) -> int:
    """Days since 1970-01-01 of a calendar day written as ``YYYY-MM-DD``."""

def describe(data: object) -> list[tuple[str, str, int]]:
    """What the library sees in a table: name and kind of each column that it can read, and how many values are missing."""

def check_config(text: str) -> None:
    """Refuses the JSON of a configuration that is not of the expected form or out of range."""

def fit(data: object, config: str, threads: int = 0) -> Artefact:
    """Trains on one machine. ``config`` is the JSON of the configuration; without a schema, one is inferred."""

def search(data: object, config: str, auto: str, threads: int = 0) -> tuple[Artefact, str, str, str]:
    """Searches for the best card. Returns the winner, and the JSON of its configuration and of the leaderboard, then its text."""

def profile(data: object, config: str, columns: list[str] | None = None, threads: int = 0) -> tuple[str, str]:
    """The profile of a table as JSON and as text. ``config`` is JSON; ``columns`` are those that are read, all if not given."""

def compare_profiles(before: str, after: str) -> tuple[str, str]:
    """What moved from one profile to another, both as JSON; as JSON and as text."""

def check_book(book: str) -> tuple[str, str, bool]:
    """What a check of a book finds: as JSON, as text, and whether the book is sound. ``book`` is JSON."""

def roll_rates(data: object, config: str) -> dict[str, Any]:
    """Roll rates of a table; ``config`` is the JSON of a ``RollConfig``."""

def restructure(loan: str, terms: str, policy: str) -> dict[str, Any]:
    """A restructured loan beside the old one; all three are JSON."""

def single_period(loan: str, hurdle: float) -> dict[str, Any]:
    """What one year of a loan earns at a hurdle; ``loan`` is JSON."""

def single_period_rate(loan: str, hurdle: float) -> tuple[float, dict[str, float]]:
    """The rate that earns a hurdle in one year, and what it is made of; ``loan`` is JSON."""

def lifetime_rate(terms: str, hurdle: float) -> dict[str, Any]:
    """The rates at which a loan breaks even over its life; ``terms`` is JSON."""

def lifetime_at(terms: str, hurdle: float, rate: float) -> tuple[dict[str, float], list[dict[str, float]]]:
    """What a loan earns over its life at a rate: the return and the months."""

def lifetime_waterfall(terms: str, hurdle: float, rate: float) -> dict[str, float]:
    """What the break-even rate of a loan is made of; ``terms`` is JSON."""

def lifetime_rates(data: object, terms: str, hurdle: float, threads: int) -> Table:
    """The break-even rates of a table of loans."""

def apply_playbook(plan: str, artefact: Artefact) -> Artefact:
    """A pipeline with a plan in force."""

def dry_run(
    plan: str, artefact: Artefact, data: object, as_of: datetime.date | str | None, threads: int
) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """What a plan would do to a table of applications, and the rows that could not be decided."""

def calculate(name: str, input: str) -> str:
    """The answer to an input, both JSON."""

def calculate_lines(name: str, inputs: str, threads: int) -> str:
    """The answers to many inputs, one a line."""

def calculations() -> list[tuple[str, str]]:
    """The calculations with what each gives."""

def capm_hurdle(risk_free: float, beta: float, premium: float) -> float:
    """The hurdle of the capital asset pricing model."""

def weighted_hurdle(common: tuple[float, float], preferred: tuple[float, float]) -> float:
    """The hurdle of common and preferred equity."""

def cap_pack(jurisdiction: str) -> dict[str, Any]:
    """The sample pack of a jurisdiction."""

def cap_packs() -> list[str]:
    """The jurisdictions of which samples are shipped."""

def caps_on(pack: str, product: str, day: object) -> list[dict[str, Any]]:
    """The caps of a product on a day; ``pack`` is JSON."""

def cap_breaches(pack: str, product: str, day: object, rates: str) -> list[dict[str, Any]]:
    """The caps that a deal exceeds; ``pack`` and ``rates`` are JSON."""

def guarded_price(
    config: str, target: float, needed: float, cap: float | None, past: str, today: object
) -> dict[str, Any]:
    """A price within the limits on changes; ``config`` and ``past`` are JSON."""

def check_product(product: str) -> str:
    """A product that has been checked, as JSON with every setting."""

def quote_product(product: str, asked: str, day: object) -> dict[str, Any]:
    """A price under a product, or why there is none; ``product`` and ``asked`` are JSON."""

def inconsistencies(terms: object, rates: object, reasons: object | None, tolerance: float) -> list[dict[str, Any]]:
    """Deals on the same terms with different prices."""

def allocate(candidates: str, terms: str) -> dict[str, Any]:
    """The allocation of a budget over candidates; both are JSON."""

def take_up(curve: str, rate: float) -> tuple[float, float]:
    """Share and elasticity of demand at a rate; ``curve`` is JSON."""

def price_ladder(
    curve: str, low: float, high: float, steps: int, value: Callable[[float], float]
) -> list[dict[str, float]]:
    """Prices with what each earns."""

def best_price(curve: str, needed: float, cap: float, steps: int, value: Callable[[float], float]) -> dict[str, Any]:
    """The price that earns most."""

def price_frontier(segments: str) -> list[dict[str, Any]]:
    """The efficient frontier over segments; ``segments`` is JSON."""

def expected_credit_loss(terms: str) -> dict[str, Any]:
    """The losses of an exposure; ``terms`` is JSON."""

def ifrs9_stage(
    policy: str, pd_expected: float, pd_now: float, days: float, watched: bool, impaired: bool
) -> dict[str, str]:
    """The stage of an exposure and its reason; ``policy`` is JSON."""

def ifrs9_book(data: object, policy: str, threads: int) -> tuple[Table, dict[str, Any]]:
    """Stages and losses of a table of exposures, and their totals; ``policy`` is JSON."""

def weighted_loss(scenarios: Sequence[tuple[float, float]]) -> float:
    """The loss over scenarios, as pairs of weight and loss."""

def provision_matrix(buckets: Sequence[tuple[float, float]]) -> list[float]:
    """The allowances of buckets, as pairs of gross amount and rate."""

def conditional_pds(pds: object, rho: float, z: float) -> list[float]:
    """PDs in a state of the economy."""

def state_of(pd: float, rho: float, default_rate: float) -> float:
    """The state in which a grade has a default rate."""

def conditional_matrix(average: Sequence[Sequence[float]], rho: float, z: float) -> list[list[float]]:
    """A migration matrix in a state of the economy."""

def fit_state(average: Sequence[Sequence[float]], observed: str, rho: float) -> tuple[float, float]:
    """The state that observed migrations speak for, and the distance that is left; ``observed`` is JSON."""

def stress(book: object, policy: str, shock: str) -> dict[str, Any]:
    """A book before and after a shock; ``policy`` and ``shock`` are JSON."""

def reverse_stress(book: object, policy: str, shock: str, most: float) -> dict[str, Any]:
    """The least part of a shock that breaks the hurdle."""

def vintages(
    loan: object, vintage: object, month: object, days: object, amounts: tuple[object, object], config: str
) -> dict[str, list[float]]:
    """Vintages of columns of equal length: loan, vintage, month, days, granted and owed; ``config`` is JSON."""

def repricing_gap(
    months: object, assets: object, liabilities: object, decimals: int, shift: str, horizon: int
) -> tuple[Table, dict[str, Any]]:
    """The repricing gap of buckets, as a table, and its totals; ``shift`` is JSON."""

def check_ladder(text: str) -> None:
    """Checks a ladder, given as JSON."""

def ladder_rung(text: str, amount: float, tier: str, exceptions: int) -> str:
    """The name of the rung of a case."""

def ladder_rungs(text: str, amounts: object, tiers: object, exceptions: object = None) -> Table:
    """The names of the rungs of a column of cases, as the column ``rung`` of a table."""

def export_list(data: object, config: str, schema: str, features: str, as_of: object) -> str:
    """The text of a list of the rows of a table; ``config``, ``schema`` and ``features`` are JSON."""

def open_list(text: str, as_of: object) -> tuple[dict[str, Any], Table]:
    """The manifest and the rows of a list that has not expired."""

def segment_layers(data: object, config: str, schema: str, features: str) -> tuple[Table, list[dict[str, Any]]]:
    """The layer of every row, as the column ``layer`` of a table, and rows by layer; all settings are JSON."""

def rfm_fit(recency: object, frequency: object, monetary: object) -> dict[str, list[float]]:
    """Where the fifths of three columns begin."""

def rfm_scores(rfm: str, recency: object, frequency: object, monetary: object) -> Table:
    """The scores of customers and their codes; ``rfm`` is JSON."""

def kmeans_fit(data: object, fields: list[str], config: str, threads: int) -> tuple[dict[str, Any], list[list[float]]]:
    """Clusters of the rows of a table, and their centres in the units of the fields; ``config`` is JSON."""

def kmeans_assign(data: object, model: str) -> list[int]:
    """The cluster of every row; ``model`` is JSON."""

def kmeans_stability(data: object, fields: list[str], config: str, threads: int) -> dict[str, Any]:
    """How stable the clusters of a table are; ``config`` is JSON."""

def adjusted_rand(first: list[int], second: list[int]) -> float:
    """How alike two groupings are."""

@final
class Schedule:
    """A repayment schedule; made of the JSON of its terms."""

    def __new__(cls, terms: str) -> Schedule: ...
    def plain(self) -> dict[str, Any]:
        """The schedule as plain values."""
    def table(self) -> Table:
        """The rows."""
    def period_flows(self) -> list[float]:
        """What the lender receives at the start and on each due day."""
    def annualised_rate(self) -> dict[str, float]:
        """The internal rate of return per period, simple and compound."""
    def xirr(self) -> float:
        """The internal rate of return per year of 365 days."""
    def eu_apr(self, base: str) -> dict[str, float]:
        """The annual percentage rate of charge of the directives."""
    def reg_z_apr(self) -> float:
        """The annual percentage rate of Regulation Z."""

def rates(times: list[float], amounts: list[float]) -> list[float]:
    """Every rate per unit of time at which flows are worth nothing, rising."""

def rate(times: list[float], amounts: list[float]) -> float:
    """The only rate per unit of time at which flows are worth nothing."""

def xirr(days: list[int], amounts: list[float]) -> float:
    """The only rate per year of 365 days; days are since 1970-01-01."""

def annualised_irr(amounts: list[float], frequency: int) -> dict[str, float]:
    """The annualised rate of amounts one period apart."""

def eu_apr(times: list[float], amounts: list[float]) -> dict[str, float]:
    """The annual percentage rate of charge of flows in years."""

def eu_years(base: str, first: int, last: int, /) -> float:
    """Years between days under a base of the directives; days since 1970-01-01."""

def unit_periods(unit: str, first: int, last: int, /) -> tuple[int, float]:
    """Full unit-periods and the fraction that is left; ``unit`` is JSON, days are since 1970-01-01."""

def reg_z_apr(unit: str, times: list[tuple[int, float]], amounts: list[float]) -> float:
    """The annual percentage rate of Regulation Z; ``unit`` is JSON."""

def reg_z_allows(disclosed: float, exact: float, irregular: bool) -> bool:
    """Whether a disclosed rate is within the tolerance of Regulation Z."""

def day_count(kind: str, first: int, last: int, /) -> tuple[int, float]:
    """Days and fraction of a year under a day count; days since 1970-01-01."""

def infer_schema(data: object, others: list[str], computed: str) -> str:
    """The JSON of a schema with a field for each column of ``data`` but ``others``."""

def merge(summaries: list[bytes]) -> bytes:
    """Merges what ``Pass.observe`` returned, in any order."""

def bin(
    values: object,
    target: object,
    name: str,
    config: str,
    special: str,
    missing: str,
    kind: str | None = None,
    weight: object = None,
    period: object = None,
    capacity: int | None = None,
    threads: int = 0,
) -> Bins:
    """Bins ``values`` for the outcomes ``target``. ``config``, ``special`` and ``missing`` are JSON."""

def bin_continuous(
    values: object,
    target: object,
    name: str,
    config: str,
    special: str,
    missing: str,
    kind: str | None = None,
    weight: object = None,
) -> ContinuousBins:
    """Bins ``values`` for the numbers in ``target``. ``config``, ``special`` and ``missing`` are JSON."""

def bin_multiclass(
    values: object,
    target: object,
    name: str,
    config: str,
    special: str,
    missing: str,
    kind: str | None = None,
    weight: object = None,
) -> MulticlassBins:
    """Bins ``values`` for the classes in ``target``. ``config``, ``special`` and ``missing`` are JSON."""

def woe(table: object, bins: list[Bins], threads: int = 0) -> Table:
    """The weights of evidence of several columns of a table, each under the name of its field."""

def fit_calibration(log_odds: object, target: object, config: str, weight: object = None) -> Calibration:
    """Learns a calibration; ``config`` is JSON."""

def prior_shift(trained: float, population: float) -> float:
    """What is added to log-odds for another share of events."""

def central_tendency_shift(log_odds: object, target: float, weight: object = None) -> float:
    """What is added to log-odds so that the mean PD is ``target``."""

def estimate_prior(log_odds: object, trained: float, weight: object = None) -> float:
    """The share of events of a population without outcomes."""

def upper_bound(events: float, rows: float, confidence: float, method: str | None = None) -> float:
    """The one-sided upper bound of a rate; without a method, the library's own."""

def low_default_pds(obligors: list[int], defaults: list[int], config: str) -> list[float]:
    """The PD of each grade, best first; ``config`` is JSON."""

def tier_cuts(values: object, y: object, config: str, weight: object = None) -> dict[str, Any]:
    """Cuts of tiers; ``config`` is JSON."""

def tier_frontier(
    entity: object, day: object, measure: object, floor: object, event: object, config: str, threads: int
) -> dict[str, Any]:
    """Histories under every setting; ``config`` is JSON."""

def tier_history(
    entity: object, day: object, measure: object, floor: object, event: object, config: str, chosen: str
) -> dict[str, Any]:
    """The migration of histories by period under one setting; ``config`` and ``chosen`` are JSON."""

def master_scale(pd_min: float, pd_max: float, grades: int) -> dict[str, Any]:
    """A scale at equal distances of the logarithm."""

def master_scale_of_bounds(bounds: list[float]) -> dict[str, Any]:
    """A scale of given bounds."""

def master_scale_grades(scale: str, pds: object) -> list[int]:
    """The grades of PDs; ``scale`` is JSON."""

def master_scale_mean(scale: str, pds: object) -> dict[str, Any]:
    """The scale whose grades stand for the mean PD of their obligors; ``scale`` is JSON."""

def master_scale_check(scale: str, pds: object, rules: str) -> dict[str, Any]:
    """How a scale and its obligors meet the rules; ``scale`` and ``rules`` are JSON."""

def grade_concentration(weights: list[float]) -> dict[str, float]:
    """Coefficient of variation and Herfindahl index of weights over grades."""

def concentration_test(initial: list[float], current: list[float]) -> dict[str, Any]:
    """Whether the concentration over grades rose."""

def migration(before: object, after: object, grades: list[str], withdrawn: str, defaulted: str) -> dict[str, Any]:
    """The matrix of labels before and after."""

def migration_merge(matrix: str, other: str) -> dict[str, Any]:
    """The sum of two matrices, each as JSON."""

def migration_figures(matrix: str) -> dict[str, Any]:
    """What a matrix, as JSON, says of stability."""

def breaker_check(breaker: str, matrix: str, forced_by: str | None = None) -> dict[str, Any]:
    """Whether a run may be written; ``breaker`` and ``matrix`` are JSON."""

def concentration(keys: object, amounts: object, groups: object = None) -> dict[str, Any]:
    """Shares, index and effective number of a book."""

def breaches(keys: object, amounts: object, caps: str, groups: object = None) -> dict[str, list[str]]:
    """Keys and groups above their caps; ``caps`` is JSON."""

def headroom(keys: object, amounts: object, key: str, cap: float) -> dict[str, Any]:
    """How much more a key may take."""

def allot(book: tuple[object, ...], requests: tuple[object, ...], caps: str) -> list[dict[str, Any]]:
    """Increases in their order; book and requests are keys, amounts and groups, ``caps`` is JSON."""

def irb_frameworks() -> list[str]:
    """The names of the frameworks that come with the library."""

def irb_framework(name: str) -> dict[str, Any]:
    """The numbers of a framework."""

def irb_capital(rules: str, exposure: str) -> dict[str, float]:
    """Capital of one exposure; ``rules`` and ``exposure`` are JSON."""

def irb_floored(rules: str, exposure: str) -> tuple[float, float]:
    """PD and LGD of one exposure after their floors; ``rules`` and ``exposure`` are JSON."""

def foundation_lgd(rules: str, asset_class: str, seniority: str) -> float | None:
    """The supervisory LGD of a class; all are JSON."""

def irb_columns(
    rules: str,
    asset_class: object,
    pd: object,
    lgd: object,
    maturity: object,
    turnover: object,
    security: object,
    secured_share: object,
    best_estimate: object,
    threads: int,
) -> Table:
    """Capital of columns of exposures; ``rules`` is JSON."""

def worst_case_default_rate(pd: float, correlation: float, confidence: float) -> float:
    """The loss rate of the worst year."""

def standardised_weight(
    date: object, asset_class: str, bucket: str | None, ltv: float | None, name: str | None, own: str | None
) -> dict[str, Any]:
    """A standardised weight, by bucket or by loan to value; ``own`` is a table as JSON."""

def split_loan(split: str) -> tuple[float, float]:
    """Weight and secured part of a loan split at a share of the property; ``split`` is JSON."""

def pd_curve(pds: object, conditional: bool) -> dict[str, Any]:
    """A curve of conditional or marginal PDs, one a year."""

def pd_curve_constant(pd: float, years: int) -> dict[str, Any]:
    """A curve of a constant conditional PD."""

def pd_curve_transitions(rows: list[list[float]], grade: int, years: int) -> dict[str, Any]:
    """A curve from yearly transition probabilities."""

def pd_curve_migration(matrix: str, grade: int, years: int) -> dict[str, Any]:
    """A curve from a migration matrix, which is JSON."""

def pd_hazards(marginals: list[float], months: int) -> list[float]:
    """The share of those alive that default in each month."""

def pd_survival_at(marginals: list[float], years: float) -> float:
    """The chance to survive for ``years`` on a curve of marginal PDs."""

def recovery_lgd(recovery: str) -> dict[str, Any]:
    """A loss given default with its parts; ``recovery`` is JSON."""

def guaranteed(pd: float, lgd: float, guarantees: str) -> list[dict[str, Any]]:
    """The parts of a guaranteed exposure; ``guarantees`` is JSON."""

def exposure_at_default(drawn: float, limit: float, ccf: float) -> float:
    """Exposure at default by a factor."""

def commitment_ead(drawn: float, limit: float, kind: str, floor: bool) -> float:
    """Exposure at default by a kind of commitment, which is JSON, or the floor of own estimates."""

def drawdown_factor(line: str, kind: str) -> dict[str, Any]:
    """The factor of a defaulted line; ``line`` and ``kind`` are JSON."""

def drawdown_pool(drawn: object, limit: object, ead: object, kind: str) -> dict[str, Any]:
    """Factors of columns of defaulted lines; ``kind`` is JSON."""

def divide_loss(exposure: str, loss: str, legs: str) -> tuple[str, list[str], list[str]]:
    """A loss divided among legs: what is kept, what each bears, and the fees; amounts are texts, ``legs`` is JSON."""

def warning_levels(data: object, policy: str, schema: str, features: str, protected_use: str) -> dict[str, list[Any]]:
    """The level of every row with what led to it; all settings are JSON."""

def series_change(series: object, periods: int, relative: bool) -> float | None:
    """The change of a series over periods, absolute or relative."""

def peer_scores(values: object, groups: object, least: int) -> list[float | None]:
    """How far values lie from those of their peers."""

def cusum(series: object, config: str) -> dict[str, Any]:
    """The cumulative sums of a series; ``config`` is JSON."""

def ewma(series: object, config: str) -> dict[str, Any]:
    """The moving averages of a series with their limits; ``config`` is JSON."""

def signal_packs() -> list[str]:
    """The names of the samples of signals."""

def signal_pack(name: str) -> dict[str, Any]:
    """A sample of signals."""

def alert_fatigue(
    entities: object, periods: list[int], severities: object, events: list[int | None], threshold: float, within: int
) -> dict[str, Any]:
    """Who alerted how often in a history, and for what."""

def tune_warning(
    entities: object, periods: list[int], severities: object, events: list[int | None], config: str
) -> dict[str, Any]:
    """Thresholds from the past and what they gave; ``config`` is JSON."""

def list_match(values: object, entries: list[tuple[str, str]], form: str) -> tuple[list[bool | None], list[str | None]]:
    """Whether values stand on a list, and on which; ``form`` is JSON."""

def fit_outliers(data: object, fields: list[str]) -> dict[str, Any]:
    """What is usual in the columns of a table."""

def outlier_scores(data: object, model: str) -> tuple[list[float | None], list[str | None]]:
    """How far each row lies from what is usual, and by which field; ``model`` is JSON."""

def corporate_catalogue() -> list[dict[str, Any]]:
    """The catalogue of ratios."""

def corporate_fields(prior: bool) -> list[dict[str, Any]]:
    """The fields of a schema that hold a statement, with those of the year before when ``prior``."""

def corporate_ratios(year: dict[str, object], prior: dict[str, object] | None = None) -> list[dict[str, Any]]:
    """Every ratio of a statement, with its value or why there is none."""

def corporate_ratio_features(schema: str, fields: str, names: list[str] | None = None) -> list[dict[str, Any]]:
    """Ratios as derived features; ``schema`` and ``fields`` are JSON."""

def altman(year: dict[str, object], model: str) -> dict[str, Any]:
    """Altman's score of a statement; ``model`` is JSON."""

def altman_terms(x: list[float], model: str) -> dict[str, Any]:
    """Altman's score of X1 to X5; ``model`` is JSON."""

def altman_feature(schema: str, model: str, fields: str) -> dict[str, Any]:
    """Altman's score as a derived feature; ``schema``, ``model`` and ``fields`` are JSON."""

def ohlson(year: dict[str, object], prior: dict[str, object], config: str) -> dict[str, Any]:
    """Ohlson's score; ``config`` is JSON."""

def ohlson_features(schema: str, config: str, fields: str) -> list[dict[str, Any]]:
    """Ohlson's score and its probability as derived features; ``schema``, ``config`` and ``fields`` are JSON."""

def reject_band(score_bands: list[tuple[float, float, float, float]], methods: str) -> dict[str, Any]:
    """The band of event rates over several methods, given as JSON."""

def reject_augment(score_bands: list[tuple[float, float, float, float]], method: str) -> list[tuple[float, float]]:
    """Non-events and events of each band with the rejected ones added by a method, given as JSON."""

def shrinkage_strength(bins: list[tuple[float, float]]) -> float:
    """How many rows of the overall event rate each bin should be mixed with."""

def shrunken_woe(bin: tuple[float, float], all: tuple[float, float], strength: float) -> tuple[float, float]:
    """The weight of evidence of a bin and its variance."""

def auc_interval(log_odds: object, target: object, confidence: float, weight: object = None) -> dict[str, Any]:
    """An AUC with its interval and variance."""

def pd_interval(
    beta: list[float],
    covariance: list[list[float]],
    bins: list[tuple[float, float]],
    calibration: str,
    confidence: float,
) -> dict[str, Any]:
    """The interval of the PD of a case; ``calibration`` is JSON."""

def sample_size(non_events: float, events: float) -> tuple[Literal["enough", "small", "too_few"], str | None]:
    """Whether a sample bears a card, and what is proposed when it does not."""

def links(
    table: object, columns: str, settings: str, as_of: object, entities: object = None
) -> tuple[dict[str, list[Any]], list[dict[str, Any]]]:
    """Groups by shared values with the values that join nobody; ``columns`` and ``settings`` are JSON."""

def tags(
    record: dict[str, Any], config: str, schema: str, features: str, as_of: datetime.date | str, before: str
) -> dict[str, Any]:
    """The tags of a record on a day; ``config``, ``schema``, ``features`` and ``before`` are JSON."""

def valid_tags(tags: str) -> list[str]:
    """Names of the tags valid on the day of their evaluation; ``tags`` is the JSON of a set."""

def tag_difference(before: str, after: str) -> dict[str, list[str]]:
    """Tags gained, lost and kept; both sets are JSON."""

def needs(
    table: object, columns: str, as_of: datetime.date | str, raised: str, settings: str, balance: float | None = None
) -> dict[str, Any]:
    """The needs of one customer as of a day; ``columns``, ``raised`` and ``settings`` are JSON."""

def monthly_sums(table: object, date: str, amount: str, start: str, end: str) -> list[float]:
    """Sums by month from ``start`` to ``end``, given as ``YYYY-MM``."""

def income_stability(inflows: object) -> dict[str, Any]:
    """How steady monthly inflows are."""

def category_mix(categories: object, amounts: object) -> dict[str, Any]:
    """The mix of amounts by category."""

def share_shift(before: str, after: str) -> dict[str, Any]:
    """How a mix shifts; both are the JSON of a mix."""

def seasonality(values: object, start: str) -> dict[str, Any]:
    """The season of a series that begins in the month ``start``."""

def seasonal_forecast(values: object, start: str, months: int) -> dict[str, Any]:
    """The ``months`` after a series, by the same months of its last year."""

@final
class Numbers:
    """Numbers, one for each row that went in. ``numpy.asarray`` and Arrow libraries read them without a copy."""

    def to_list(self) -> list[float]:
        """The numbers as a list."""
    def to_numpy(self) -> Any:
        """The numbers as a ``numpy`` array over the same memory; it cannot be written to."""
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """The Arrow PyCapsule interface."""
    if sys.version_info >= (3, 12):
        def __buffer__(self, flags: int, /) -> memoryview: ...
    def __len__(self) -> int: ...
    def __getitem__(self, at: int, /) -> float: ...

@final
class Bins:
    """The bins of one column, with the counts they rest on: to look at, to edit and to apply."""

    @staticmethod
    def from_json(text: str) -> Bins:
        """Reads what ``to_json`` wrote."""
    def to_json(self) -> str:
        """Field, settings, bins and counts as text. Edits stay on record; what was undone is gone."""
    def bins(self) -> dict[str, Any]:
        """The bins as they stand in a model file."""
    def field(self) -> dict[str, Any]:
        """The field that was binned."""
    def report(self, level: float) -> tuple[dict[str, Any], str]:
        """The table of the bins on their own rows, as plain values and as text."""
    def report_on(
        self, values: object, target: object, level: float, weight: object = None, threads: int = 0
    ) -> tuple[dict[str, Any], str]:
        """The table of these bins on other rows."""
    def woe(self, values: object, threads: int = 0) -> Numbers:
        """The weight of evidence of each value."""
    def preview(self, edit: str) -> dict[str, Any]:
        """What an edit would lead to; ``edit`` is JSON."""
    def apply(self, request: str) -> dict[str, Any]:
        """Makes an edit and returns its record; ``request`` is JSON."""
    def undo(self) -> dict[str, Any] | None:
        """Takes the last edit back and returns its record."""
    def redo(self) -> bool:
        """Makes the edit again that was taken back last."""

@final
class ContinuousBins:
    """Bins of one column for a continuous target."""

    @staticmethod
    def from_json(text: str) -> ContinuousBins:
        """Reads what ``to_json`` wrote."""
    def to_json(self) -> str:
        """Field and bins as text."""
    def bins(self) -> dict[str, Any]:
        """The bins as plain values."""
    def mean(self, values: object, threads: int = 0) -> Numbers:
        """The mean target of the bin of each value."""

@final
class MulticlassBins:
    """Bins of one column for a target with several classes."""

    @staticmethod
    def from_json(text: str) -> MulticlassBins:
        """Reads what ``to_json`` wrote."""
    def to_json(self) -> str:
        """Field and bins as text."""
    def bins(self) -> dict[str, Any]:
        """The bins as plain values."""
    def woe(self, values: object, class_name: str, threads: int = 0) -> Numbers:
        """The weight of evidence of a class for each value."""

@final
class Calibration:
    """A fitted calibration."""

    @staticmethod
    def from_json(text: str) -> Calibration:
        """Reads what ``to_json`` wrote."""
    def to_json(self) -> str:
        """The steps as text."""
    def pd(self, log_odds: object) -> Numbers:
        """The PD at each of the log-odds."""
    def log_odds(self, log_odds: object) -> Numbers:
        """The log-odds of that PD."""

@final
class Artefact:
    """A fitted pipeline with hash and known answers."""

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Artefact:
        """Reads and verifies a file."""
    @staticmethod
    def from_json(text: str) -> Artefact:
        """Reads and verifies a file's text."""
    @staticmethod
    def expert_only(config: str) -> Artefact:
        """A pipeline that rests on an expert card alone; ``config`` is the JSON of the configuration."""
    @staticmethod
    def reseal(text: str) -> tuple[Artefact, list[tuple[int, str]]]:
        """Takes over an edited text: the artefact anew, and what changed in its known answers."""
    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the file."""
    def to_json(self) -> str:
        """The file's text."""
    @property
    def hash(self) -> str:
        """SHA-256, in hex, of the file's canonical text."""
    def scorer(self) -> Scorer:
        """The pipeline resolved for speed."""
    def minimal_data(self) -> list[dict[str, Any]]:
        """The fields that a decision can ever read: ``field`` and ``purposes``."""
    def prices(
        self, amount: float, term_months: float, as_of: datetime.date | str | None = None
    ) -> list[dict[str, Any]]:
        """What a loan costs in each tier; empty when the pipeline has no prices."""
    def coefficients(self, level: float, segment: str | None = None) -> list[dict[str, Any]]:
        """Intercept and coefficients with standard error, Wald test and interval at ``level``."""
    def model_statistics(self, segment: str | None = None) -> dict[str, Any]:
        """What the model of a card is worth as a whole."""
    def card_facts(self, segment: str | None = None) -> dict[str, Any]:
        """Ranges, neutral points and the bound on rounding of a card."""

@final
class Scorer:
    """A pipeline ready to decide: immutable, and free to be used from many threads at once. It can be pickled."""

    def decide_one(self, record: Mapping[str, Any], as_of: datetime.date | str | None = None) -> Decision:
        """Decides one record.

        Fields that are not named, ``None`` and NaN are missing. An unknown name and a value of the wrong kind are a
        :class:`scoreline.DataError`. ``as_of`` is the day of the decision, needed when rate caps are declared.
        """
    def decide(self, table: object, as_of: datetime.date | str | None = None, threads: int = 1) -> Table:
        """Decides every row of a table, in order; the forms are those of :func:`scoreline.fit`.

        A row with a value that its field does not allow has the name of the error as ``status`` and harms no other.
        Columns that the pipeline does not read are not looked at. ``threads`` (0: all) do not change the result; arrays
        must not be written to while the call runs.
        """
    def review_one(
        self,
        record: Mapping[str, Any],
        today: datetime.date | str,
        *,
        tier: str | None = None,
        since: datetime.date | str | None = None,
    ) -> dict[str, Any]:
        """Reviews an account in the book on the day ``today``.

        ``tier`` is the letter that it has and ``since`` its first day; ``None`` at the first review. The answer has the new
        ``tier`` with ``previous``, ``since``, ``indicated`` (without memory), ``held`` (``no``, ``band``, ``dwell``, ``step``,
        ``ceiling``), ``forced``, ``refer``, ``decline``, the distances ``to_better`` and ``to_worse``, ``warning`` and
        ``response``, every rule in ``hits``, ``missing``, ``expired``, the ``limit`` (text) with ``limit_change`` and
        ``limit_binding``, the ``action``, the day of the ``next_review``, ``reasons``, and ``canonical``, the line that is
        equal for equal reviews in every language.
        """
    def review(
        self,
        table: object,
        today: datetime.date | str,
        *,
        previous: str | None = None,
        since: str | None = None,
        threads: int = 1,
    ) -> Reviews:
        """Reviews every account of a table on the day ``today``.

        ``previous`` and ``since`` name the columns of the tier before (A to D, empty where there is none) and of its first
        day; neither at the first run. A row with a bad value, an unknown letter or a day after ``today`` has the name of
        its error as ``status`` and harms no other. ``threads`` (0: all) do not change the result.
        """
    def score(self, table: object, threads: int = 1) -> Table:
        """Scores every row of a table: ``score``, ``pd``, ``tier`` and ``status``."""
    def woe(self, table: object, threads: int = 1) -> Table:
        """The weights of evidence of the card's variables, one column each; of the card of the rows that no segment takes."""
    def explain(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Why a record has the score it has.

        ``variables`` has for each its ``bin``, ``label``, ``points``, share of the ``log_odds``, and what it costs below its
        maximum, neutral and mean points (the Shapley value); the points add up to ``score``. ``key_factors`` are the codes
        of the reasons that cost most.
        """
    def counterfactuals(
        self,
        record: Mapping[str, Any],
        target: Mapping[str, Any],
        allowed: Iterable[str | Mapping[str, Any]],
        *,
        max_changes: int | None = None,
        alternatives: int | None = None,
        as_of: datetime.date | str | None = None,
    ) -> dict[str, Any]:
        """The fewest, then cheapest changes of the ``allowed`` fields that lead to a wished result; each was decided anew.

        ``target`` is ``{"type": "score", "at_least": 620}``, ``{"type": "pd", "at_most": 0.05}``, ``{"type": "tier",
        "at_least": "B"}`` or ``{"type": "outcome", "at_least": "approve"}``. ``allowed`` lists names of fields, or dicts:
        ``{"field": "debt", "direction": "decrease", "min": 0, "cost": 2}``, ``levels`` for a category.
        """
    def explain_expert(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The expert score of a record: ``score``, and ``factors`` with ``name``, ``points`` (``None`` when missing) and
        ``contribution``; the contributions add up to the score."""
    def expert_sensitivity(self, table: object, by: float = 5.0) -> dict[str, Any]:
        """What moving each weight of the expert card by ``by`` points, up and down, does to the clients of a table.

        ``changes`` has ``factor``, the new ``weight``, Kendall's ``tau`` and the share ``order_kept`` of the order, the
        share ``regraded`` that changes its client class, and the ``largest`` change of a score.
        """
    @property
    def fields(self) -> list[str]:
        """Names of the input fields."""
    @property
    def windows(self) -> EventWindows | None:
        """The features over dated events, where the pipeline has any. What they give of an entity's events as of a day goes
        into its record: ``scorer.decide_one({**record, **scorer.windows.of_events(events, day)})``."""
    @property
    def joins(self) -> AsOfSet | None:
        """The figures of side tables, where the pipeline has any. What an index of them gives of a record's keys as of a day
        goes into the record."""
    @property
    def required(self) -> list[str]:
        """Names of the fields that can ever be read; no other field changes any output."""
    @property
    def hash(self) -> str:
        """The hash of the file that the scorer comes from."""

@final
class Decision:
    """One decision. Parts whose policy the pipeline does not have are ``None``."""

    @property
    def score(self) -> float:
        """Score points; higher is safer."""
    @property
    def pd(self) -> float:
        """Probability of the event, in [0, 1]."""
    @property
    def tier(self) -> Literal["A", "B", "C", "D"] | None:
        """Risk tier, ``"A"`` (best) to ``"D"``."""
    @property
    def outcome(self) -> Literal["approve", "refer", "decline"] | None:
        """What happens to the application."""
    @property
    def limit(self) -> Decimal | None:
        """Credit limit; also ``None`` when an input of it is missing."""
    @property
    def limit_binding(self) -> str | None:
        """Name of the limit candidate that binds."""
    @property
    def amount(self) -> Decimal | None:
        """Amount offered: the amount asked for, at most the limit."""
    @property
    def instalment(self) -> Decimal | None:
        """Monthly instalment over the amount offered."""
    @property
    def rate(self) -> float | None:
        """Rate per year, as a fraction."""
    @property
    def rate_bound(self) -> Literal["hurdle", "floor", "cap"] | None:
        """What the rate rests on."""
    @property
    def raroc(self) -> float | None:
        """RAROC at that rate, as a fraction."""
    @property
    def rate_needed(self) -> float | None:
        """When no legal price exists: the rate that would earn the hurdle."""
    @property
    def rate_cap(self) -> float | None:
        """When no legal price exists: the cap."""
    @property
    def reasons(self) -> list[Reason]:
        """Why, most important first; at most four."""
    @property
    def unseen(self) -> int:
        """Number of levels never seen in training."""
    @property
    def expert_score(self) -> float | None:
        """Score of the expert card, 0 to 100."""
    @property
    def client_class(self) -> Literal["A", "B", "C"] | None:
        """Worth of the client by that score, ``"A"`` (most) to ``"C"``. It says nothing of risk."""
    def to_dict(self) -> dict[str, Any]:
        """The decision as plain values that JSON holds: money as text, reasons as dicts."""

@final
class Reason:
    """Why a decision is what it is."""

    @property
    def code(self) -> str:
        """The code."""
    @property
    def text(self) -> str:
        """The reason in words."""

@final
class Reviews:
    """The reviews of a table of accounts, as :meth:`Scorer.review` gives them."""

    @property
    def table(self) -> Table:
        """One row an account, in the order of the table: the columns are the parts of a review."""
    @property
    def totals(self) -> dict[str, Any]:
        """Control totals: ``rows``, ``refused``, ``first`` by tier, ``moves`` from tier to tier, ``held`` by cause, ``forced``,
        ``referred``, ``declined``, ``overlaid``, ``expired``, ``warnings`` by level, ``changes`` of limits and their sum
        ``limits`` (text), ``actions``."""
    @property
    def hash(self) -> str:
        """SHA-256, in hex, over what a run writes of each row; equal for equal reviews in every language."""
    def canonical(self) -> list[str | None]:
        """The canonical line of each review, ``None`` for a row that could not be reviewed."""
    def __len__(self) -> int: ...

@final
class ReviewRun:
    """The ledger of a run over the book, block by block, that can be taken up again where it stopped."""

    def __new__(cls, scorer: Scorer, today: datetime.date | str) -> ReviewRun: ...
    @staticmethod
    def from_json(text: str) -> ReviewRun:
        """Takes up a run from its JSON."""
    def to_json(self) -> str:
        """The ledger, to be kept between blocks."""
    def add(self, block: int, reviews: Reviews) -> bool:
        """Enters the reviews of a block, counted from 0. ``False`` when the block was there and came to the same: it counts
        once. A block that came to something else is a :class:`scoreline.IncompatibleError`."""
    @property
    def next_block(self) -> int:
        """The least number that no block has: where an interrupted run goes on."""
    @property
    def totals(self) -> dict[str, Any]:
        """The totals of all blocks, in the form of :attr:`Reviews.totals`."""
    def close(
        self, *, max_downgraded: float | None = None, max_upgraded: float | None = None, forced_by: str | None = None
    ) -> dict[str, Any]:
        """What the run came to, if it may be written: ``totals``, ``hash`` and what the ``breaker`` says.

        More than the share ``max_downgraded`` or ``max_upgraded`` of moved tiers is a :class:`scoreline.DataError`, after
        which nothing may be written, unless ``forced_by`` names the operator who lets it pass.
        """

@final
class DecisionChain:
    """A chain of decision records: each line holds the hash of the one before, so that nothing can be changed unseen."""

    def __new__(cls, lines: Sequence[str] = ...) -> DecisionChain: ...
    @property
    def end(self) -> tuple[int, str]:
        """Number of records and hash of the last one. Kept elsewhere, it also proves that none was cut off."""
    def decision(
        self,
        scorer: Scorer,
        record: Mapping[str, Any],
        *,
        subject: str,
        at: str,
        as_of: datetime.date | str | None = None,
    ) -> str:
        """Decides a record and returns the line to be written; ``subject`` is the bank's number of the case, ``at`` the clock as
        an RFC 3339 time. The same inputs give the same line again."""
    def review(
        self,
        scorer: Scorer,
        record: Mapping[str, Any],
        today: datetime.date | str,
        *,
        subject: str,
        at: str,
        tier: str | None = None,
        since: datetime.date | str | None = None,
    ) -> str:
        """Reviews an account and returns the line to be written."""
    def entry(self, entry: str) -> str:
        """Adds an entry given as JSON, for example an ``override`` by a person, and returns the line to be written."""

@final
class Table:
    """Columns of results, one row for each row that went in. Any Arrow library reads it as it is."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The Arrow PyCapsule interface."""
    @property
    def num_rows(self) -> int:
        """Number of rows."""
    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""
    def keys(self) -> list[str]:
        """The same: with it ``{**rows, **table}`` joins the columns to those of a dict."""
    @property
    def errors(self) -> list[ScorelineError]:
        """The errors of rows that could not be decided; their problems name the row."""
    def __getitem__(self, name: str, /) -> list[Any]:
        """One column as a list."""
    def __len__(self) -> int: ...
    def to_pydict(self) -> dict[str, list[Any]]:
        """The columns as lists, by name; money as ``decimal.Decimal``."""
    def to_pyarrow(self) -> Any:
        """A ``pyarrow.Table`` over the same memory."""
    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; needs pyarrow too."""
    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""

@final
class Trainer:
    """A training as a state machine: hand out a pass, take what it saw, move on."""

    def __new__(cls, config: str) -> Trainer: ...
    def next_pass(self) -> Pass | None:
        """The pass that the data are needed for next; ``None`` when the training is done."""
    def advance(self, summary: bytes) -> None:
        """Takes what the current pass saw of all rows."""
    def finish(self) -> Artefact:
        """The fitted pipeline; the training ends with it."""

@final
class Pass:
    """One pass over the data, sent to wherever the data are."""

    @staticmethod
    def from_json(text: str) -> Pass:
        """Reads what ``to_json`` wrote."""
    def to_json(self) -> str:
        """The pass as text."""
    @property
    def name(self) -> str:
        """What the pass is for: ``profile``, ``newton`` or ``grade``."""
    def observe(self, data: object, threads: int = 0) -> bytes:
        """Summarises the rows of ``data``."""

@final
class Windows:
    """A set of features over dated events, ready to be computed."""

    def __new__(cls, set: str) -> Windows: ...
    @property
    def names(self) -> list[str]:
        """Names of the features."""
    @property
    def id(self) -> str:
        """What tells this set from others."""
    def to_json(self) -> str:
        """The set as JSON."""
    def evaluate(
        self,
        tables: list[tuple[str, object, str]],
        entities: object,
        as_of: object,
        by_entity: bool,
        progress: Callable[[int], object] | None,
        threads: int,
    ) -> tuple[list[Numbers], list[int]]:
        """The features of each row, and for each feature in how many rows events were left out."""
    def of_events(
        self, events: list[tuple[str, list[Mapping[str, Any]]]], as_of: datetime.date | str
    ) -> dict[str, float | None]:
        """The features of one entity from lists of events by source."""
    def state(self, json: str | None) -> WindowState:
        """The state of an entity, without events or read from JSON."""

@final
class AsOf:
    """A set of joins to side tables, ready to be computed."""

    def __new__(cls, set: str) -> AsOf: ...
    @property
    def names(self) -> list[str]:
        """Names of the joined fields."""
    @property
    def keys(self) -> list[str]:
        """The columns that hold the keys of the rows."""
    def fields(self) -> list[dict[str, Any]]:
        """The joined fields as a schema takes them."""
    def to_json(self) -> str:
        """The set as JSON."""
    def index(self, tables: list[tuple[str, object]]) -> SideIndex:
        """Reads and sorts the side tables."""

@final
class SideIndex:
    """Side tables, read and sorted."""

    def evaluate(self, keys: object, as_of: object, threads: int) -> Table:
        """The joined fields of each row as of its day; ``keys`` is a table."""
    def lookup(self, keys: dict[str, Any], as_of: datetime.date | str) -> dict[str, Any]:
        """The joined fields of one record by name."""

@final
class WindowState:
    """What is remembered of one entity's events: bounded in size, to be kept as text."""

    def advance(self, source: str, event: Mapping[str, Any]) -> None:
        """Adds an event: a dict of the source's date, fields, publication and key. The state stays as it was on errors."""
    def read(self, as_of: datetime.date | str) -> tuple[dict[str, float | None], list[str]]:
        """The features by name as of a day, and the names of those that had to leave events out. The day cannot lie before
        the newest event."""
    def to_json(self) -> str:
        """The state as text; ``Windows.state`` reads it."""

@final
class Catalogue:
    """A catalogue of products that has been checked, ready to match."""

    def __new__(cls, catalogue: str) -> Catalogue: ...
    def to_json(self) -> str:
        """As JSON, with every setting."""
    def unreachable(self, packs: str, day: object) -> list[dict[str, Any]]:
        """The products that can never be offered on a day; ``packs`` is JSON."""
    def match_products(self, profile: dict[str, Any], asked: str, day: object, rank: str) -> dict[str, Any]:
        """Offers and dropped products for a dict of fields; ``asked`` is JSON."""
    def next_products(self, held: str | None, profile: dict[str, Any]) -> list[dict[str, Any]]:
        """The products that the ladder has for a dict of fields."""

@final
class ActionTable:
    """A sound action book, ready to answer."""

    def __new__(cls, book: str) -> ActionTable: ...
    def answer(
        self, state: dict[str, Any], as_of: datetime.date | str | None = None
    ) -> tuple[dict[str, Any], str | None]:
        """The row that answers for a state, a dict of values by axis, and the day of the next review after ``as_of``."""
