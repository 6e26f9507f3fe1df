"""Financial statements of companies: ratios, and the bankruptcy scores of Altman and Ohlson. Each has its value with what it
is made of, or the reason why there is none; and each can be a derived feature of a pipeline, with the same bits.

>>> year = Statement(current_assets=500, current_liabilities=300, total_assets=1200, total_liabilities=720, equity=480,
...                  retained_earnings=260, ebit=150, interest=0, net_income=90)
>>> found = {ratio.name: ratio for ratio in ratios(year)}
>>> found["return_on_equity"].value, found["interest_coverage"].missing
(0.1875, Missing(reason='denominator_zero', fields=(), denominator='interest'))
>>> score = altman(year, "z_double_prime")
>>> round(score.score, 4), score.zone
(3.3397, 'safe')
>>> from scoreline import Schema
>>> schema = Schema(fields(prior=True))
>>> ratio_features(schema, ["sales_growth"])[0].expression
'CASE WHEN prior_sales > 0 THEN sales / prior_sales - 1 END'
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import _scoreline
from .plain import to_plain
from .settings import Feature, Field, Schema

__all__ = [
    "AltmanScore",
    "Definition",
    "Missing",
    "OhlsonScore",
    "Ratio",
    "Statement",
    "Term",
    "altman",
    "altman_feature",
    "altman_terms",
    "catalogue",
    "fields",
    "ohlson",
    "ohlson_features",
    "ratio_features",
    "ratios",
]

Family = Literal["liquidity", "leverage", "coverage", "profitability", "efficiency", "growth"]
AltmanModel = Literal["z", "z_prime", "z_double_prime", "em"]
SalesWeight = Literal["original", "rounded"]


@dataclass(frozen=True)
class Statement:
    """One year's financial statement. All amounts are in one currency and one unit; ``None`` and NaN are missing."""

    current_assets: float | None = None
    cash: float | None = None
    """Cash, cash equivalents and marketable securities."""
    inventory: float | None = None
    receivables: float | None = None
    """Trade receivables."""
    fixed_assets: float | None = None
    """Net of depreciation."""
    total_assets: float | None = None
    current_liabilities: float | None = None
    """Liabilities due within a year."""
    payables: float | None = None
    """Trade payables."""
    short_term_debt: float | None = None
    """Interest-bearing debt due within a year, with the current part of long-term debt."""
    long_term_debt: float | None = None
    """Interest-bearing debt due later."""
    total_liabilities: float | None = None
    equity: float | None = None
    """Book value; negative when liabilities exceed assets."""
    retained_earnings: float | None = None
    market_equity: float | None = None
    """Market value of equity."""
    sales: float | None = None
    """Net sales of the year."""
    cogs: float | None = None
    """Cost of goods sold."""
    ebit: float | None = None
    """Earnings before interest and taxes."""
    depreciation: float | None = None
    """Depreciation and amortisation."""
    interest: float | None = None
    """Interest expense, positive."""
    net_income: float | None = None
    """Negative for a loss."""
    operating_cash_flow: float | None = None
    funds_from_operations: float | None = None
    """Operating cash flow before changes of working capital."""
    price_index: float | None = None
    """GNP price index that goes with the year, 1968 = 100; for :func:`ohlson`."""


@dataclass(frozen=True)
class Definition:
    """One ratio of the catalogue."""

    name: str
    family: Family
    unit: Literal["times", "share", "days", "amount"]
    definition: str
    """In words."""
    expression: str
    """In the expression language, over the items of a :class:`Statement`."""
    denominators: tuple[str, ...]
    """What must be above zero; otherwise the ratio is missing."""


@dataclass(frozen=True)
class Missing:
    """Why a ratio has no value."""

    reason: Literal["input_missing", "denominator_zero", "denominator_negative", "negative_equity", "out_of_range"]
    fields: tuple[str, ...] = ()
    """The items that are missing; those of the year before begin with ``prior_``."""
    denominator: str | None = None
    """The denominator that is zero or negative."""


@dataclass(frozen=True)
class Ratio:
    """One ratio of a statement: either ``value`` or ``missing``."""

    name: str
    family: Family
    value: float | None = None
    """A finite number in the unit of its :class:`Definition`."""
    missing: Missing | None = None


@dataclass(frozen=True)
class Term:
    """One term of a score."""

    name: str
    definition: str
    value: float
    weight: float
    contribution: float
    """Weight times value."""


@dataclass(frozen=True)
class AltmanScore:
    """Altman's score with what it is made of. Higher is safer."""

    model: AltmanModel
    score: float
    """Intercept plus contributions."""
    zone: Literal["distress", "grey", "safe"]
    intercept: float
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class OhlsonScore:
    """Ohlson's score with what it is made of. Higher is riskier."""

    score: float
    """Log-odds of bankruptcy within a year."""
    probability: float
    """In [0, 1]; that of the paper's sample."""
    intercept: float
    terms: tuple[Term, ...]


Items = Statement | Mapping[str, float | None]
"""A :class:`Statement`, or a mapping with the names of its items."""


def catalogue() -> list[Definition]:
    """Every ratio, family by family.

    >>> [ratio.name for ratio in catalogue() if ratio.family == "liquidity"][:3]
    ['current_ratio', 'quick_ratio', 'cash_ratio']
    """
    entries = _scoreline.corporate_catalogue()
    return [Definition(**entry | {"denominators": tuple(entry["denominators"])}) for entry in entries]


def fields(*, prior: bool = False) -> list[Field]:
    """The fields of a schema that hold a statement, with those of the year before (``prior_sales``) when ``prior``."""
    return [Field(**field) for field in _scoreline.corporate_fields(prior)]


def ratios(year: Items, prior: Items | None = None) -> list[Ratio]:
    """Every ratio of the catalogue, in order. Growth needs ``prior``, the statement of the year before.

    Raises :class:`scoreline.DataError` for items that do not exist, are no numbers or are infinite.
    """
    return [_ratio(found) for found in _scoreline.corporate_ratios(_items(year), None if prior is None else _items(prior))]


def ratio_features(
    schema: Schema, names: Sequence[str] | None = None, fields: Mapping[str, str] | None = None
) -> list[Feature]:
    """Ratios as derived features for :class:`scoreline.Config`: those in ``names``, or all whose items ``schema`` holds.

    ``fields`` tells which field holds an item that is not called like it: ``{"sales": "net turnover"}``. Raises
    :class:`scoreline.ConfigError` naming every ratio, item and field that does not exist.
    """
    wanted = None if names is None else list(names)
    return [Feature(**found) for found in _scoreline.corporate_ratio_features(_json(schema), _json(fields or {}), wanted)]


def altman(year: Items, model: AltmanModel = "z", *, sales_weight: SalesWeight | None = None) -> AltmanScore:
    """Altman's score of a statement.

    ``z`` is for listed manufacturers (1968, on the market value of equity), ``z_prime`` for private companies (1983),
    ``z_double_prime`` for all industries (1995), ``em`` for emerging markets (2005). ``sales_weight`` of Z alone: 0.999
    (``original``) or 1.0 (``rounded``). Raises :class:`scoreline.DataError` with every item that is missing and every
    denominator that is not above zero.
    """
    return _altman(_scoreline.altman(_items(year), _model(model, sales_weight)))


def altman_terms(x: Sequence[float], model: AltmanModel = "z", *, sales_weight: SalesWeight | None = None) -> AltmanScore:
    """Altman's score of X1 to X5 themselves; of X1 to X4 for ``z_double_prime`` and ``em``.

    >>> round(altman_terms([0.34, 0.15, 0.0, 0.8, 1.6], sales_weight="rounded").score, 2)
    2.7
    """
    return _altman(_scoreline.altman_terms(list(x), _model(model, sales_weight)))


def altman_feature(
    schema: Schema,
    model: AltmanModel = "z",
    fields: Mapping[str, str] | None = None,
    *,
    sales_weight: SalesWeight | None = None,
) -> Feature:
    """Altman's score as a derived feature, missing where :func:`altman` raises."""
    return Feature(**_scoreline.altman_feature(_json(schema), _model(model, sales_weight), _json(fields or {})))


def ohlson(year: Items, prior: Items, *, price_index: float | None = None, unit: float | None = None) -> OhlsonScore:
    """Ohlson's O (1980, model 1): the log-odds of bankruptcy within a year. Of ``prior`` only the net income counts.

    ``price_index`` (GNP, 1968 = 100) takes the place of the statement's own; ``unit`` is how many dollars one unit of the
    statement is, 1,000 for statements in thousands. Raises :class:`scoreline.DataError` with every item that is missing and
    every denominator that is not above zero.

    >>> year = Statement(total_assets=500e6, total_liabilities=200e6, current_assets=170e6, current_liabilities=80e6,
    ...                  net_income=40e6, funds_from_operations=60e6)
    >>> round(ohlson(year, Statement(net_income=35e6), price_index=150).probability, 6)
    0.002433
    """
    found = _scoreline.ohlson(_items(year), _items(prior), _ohlson(price_index, unit))
    return OhlsonScore(**found | {"terms": _terms(found)})


def ohlson_features(
    schema: Schema,
    fields: Mapping[str, str] | None = None,
    *,
    price_index: float | None = None,
    unit: float | None = None,
) -> list[Feature]:
    """Ohlson's score and its probability as derived features, ``ohlson_o`` and ``ohlson_pd``."""
    found = _scoreline.ohlson_features(_json(schema), _ohlson(price_index, unit), _json(fields or {}))
    return [Feature(**feature) for feature in found]


def _items(statement: Items) -> dict[str, object]:
    if isinstance(statement, Statement):
        return {item.name: getattr(statement, item.name) for item in dataclasses.fields(statement)}
    return dict(statement)


def _json(value: object) -> str:
    return json.dumps(to_plain(value), allow_nan=False)


def _model(model: AltmanModel, sales_weight: SalesWeight | None) -> str:
    return json.dumps({"type": model} | ({} if sales_weight is None else {"sales_weight": sales_weight}))


def _ohlson(price_index: float | None, unit: float | None) -> str:
    return _json({name: value for name, value in (("price_index", price_index), ("unit", unit)) if value is not None})


def _ratio(found: Mapping[str, Any]) -> Ratio:
    missing = found.get("missing")
    if missing is not None:
        missing = Missing(missing["reason"], tuple(missing.get("fields", ())), missing.get("denominator"))
    return Ratio(found["name"], found["family"], found.get("value"), missing)


def _terms(found: Mapping[str, Any]) -> tuple[Term, ...]:
    return tuple(Term(**term) for term in found["terms"])


def _altman(found: Mapping[str, Any]) -> AltmanScore:
    return AltmanScore(found["model"]["type"], found["score"], found["zone"], found["intercept"], _terms(found))
