"""Capital of loans: the internal-ratings formulas of Basel for one exposure or for columns, and standardised weights.

>>> card = irb("qrre_revolver", pd=0.0003, lgd=0.40)          # raised to the floors, 0.1 % and 50 %
>>> round(card.risk_weight, 4), card.expected_loss
(0.0301, 0.0005)
>>> firm = irb("corporate", pd=0.01, lgd=0.45, maturity=2.5, turnover=5, framework="basel2")
>>> round(100 * firm.risk_weight, 1)                           # Basel II Annex 5: 72.40 %
72.4
>>> book = irb_table(["mortgage", "other_retail"], pd=[0.01, 0.02], lgd=0.45)
>>> [round(weight, 4) for weight in book["risk_weight"]]
[0.564, 0.5799]
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from . import _scoreline
from ._scoreline import Table
from .plain import to_plain

__all__ = [
    "Approach",
    "AssetClass",
    "Capital",
    "Security",
    "Seniority",
    "SplitLoan",
    "StandardisedWeight",
    "floored",
    "foundation_lgd",
    "framework",
    "frameworks",
    "irb",
    "irb_table",
    "split_loan",
    "standardised",
    "wcdr",
]

AssetClass = Literal[
    "sovereign", "bank", "corporate", "financial_institution", "mortgage", "qrre_transactor", "qrre_revolver", "other_retail"
]
"""``financial_institution`` is what the factor 1.25 on the correlation applies to (CRE31.7); a company is small by its turnover."""
Approach = Literal["advanced", "foundation"]
"""Who estimates the LGD of what is not retail: the bank or the supervisor."""
Security = Literal["unsecured", "financial", "receivables", "real_estate", "other_physical"]
Seniority = Literal["senior", "subordinated"]


class Capital(NamedTuple):
    """Capital per unit of exposure at default."""

    correlation: float
    """Asset correlation R; 0 in default."""
    maturity_adjustment: float
    """Its slope b; 0 for retail and in default."""
    k: float
    """Capital requirement, a share of the exposure."""
    risk_weight: float
    """12.5 · K times the scaling of the framework; a fraction: 0.4577 is 45.77 %."""
    expected_loss: float
    """PD · LGD after the floors; in default the best estimate."""


def frameworks() -> list[str]:
    """The names of the frameworks that come with the library.

    >>> frameworks()
    ['basel2', 'basel3', 'eu_crr', 'uk_basel31']
    """
    return _scoreline.irb_frameworks()


def framework(name: str) -> dict[str, Any]:
    """The numbers of a framework with their source. Change them and pass the dict where a name is taken.

    >>> numbers = framework("basel3")
    >>> numbers["pd_floors"]["qrre_revolver"], numbers["lgd_floors"]["other_retail"]["unsecured"]
    (0.001, 0.3)
    """
    return _scoreline.irb_framework(name)


def irb(
    asset_class: AssetClass,
    *,
    pd: float,
    lgd: float,
    maturity: float | None = None,
    turnover: float | None = None,
    security: Security = "unsecured",
    secured_share: float = 1.0,
    defaulted: bool = False,
    best_estimate: float | None = None,
    framework: str | Mapping[str, Any] = "basel3",
    approach: Approach = "advanced",
    lgd_above_one: bool = False,
) -> Capital:
    """Capital of one exposure (CRE31, CRE32; in default CRE31.3).

    ``pd`` and ``lgd`` are fractions and are raised to the floors of the framework. ``maturity`` in years is needed for what is not
    retail with own estimates of LGD; ``turnover`` in millions makes a company small. ``best_estimate`` is the expected loss of a
    ``defaulted`` exposure. Raises :class:`scoreline.DataError` with every field that is missing or out of range.

    >>> irb("mortgage", pd=1.0, lgd=0.55, defaulted=True, best_estimate=0.48).k
    0.07000000000000006
    """
    exposure = _exposure(asset_class, pd, lgd, maturity, turnover, security, secured_share, defaulted, best_estimate)
    return Capital(**_scoreline.irb_capital(_rules(framework, approach, lgd_above_one), exposure))


def floored(
    asset_class: AssetClass,
    *,
    pd: float,
    lgd: float,
    maturity: float | None = None,
    security: Security = "unsecured",
    secured_share: float = 1.0,
    framework: str | Mapping[str, Any] = "basel3",
    approach: Approach = "advanced",
) -> tuple[float, float]:
    """PD and LGD of an exposure after their floors (CRE32.4, 32.16, 32.17 and 32.58).

    >>> floored("corporate", pd=0.0001, lgd=0.05, maturity=2.5, security="real_estate", secured_share=0.5)
    (0.0005, 0.175)
    """
    exposure = _exposure(asset_class, pd, lgd, maturity, None, security, secured_share, False, None)
    return _scoreline.irb_floored(_rules(framework, approach, False), exposure)


def irb_table(
    asset_class: AssetClass | Sequence[str] | object,
    *,
    pd: object,
    lgd: object,
    maturity: object = None,
    turnover: object = None,
    security: Security | Sequence[str] | object = "unsecured",
    secured_share: object = None,
    best_estimate: object = None,
    framework: str | Mapping[str, Any] = "basel3",
    approach: Approach = "advanced",
    lgd_above_one: bool = False,
    threads: int = 0,
) -> Table:
    """Capital of many exposures, as columns with the names of :class:`Capital` and ``status``.

    Every argument but ``pd`` is a column or one value for all rows; a missing value stands for nothing. A number in
    ``best_estimate`` says that the exposure is in default. A bad row has missing numbers, the kind of its error in ``status`` and the
    error in ``errors``; it does not stop the others. ``threads=0`` uses the whole machine; the result is the same.

    >>> found = irb_table("other_retail", pd=[0.01, 7.0], lgd=0.45)
    >>> found["status"], found["k"][1]
    (['ok', 'invalid_data'], None)
    """
    rules = _rules(framework, approach, lgd_above_one)
    columns = (asset_class, pd, lgd, maturity, turnover, security, secured_share, best_estimate)
    return _scoreline.irb_columns(rules, *columns, threads)


def foundation_lgd(
    asset_class: AssetClass, seniority: Seniority = "senior", *, framework: str | Mapping[str, Any] = "basel3"
) -> float | None:
    """The supervisory LGD of a claim without recognised collateral (CRE32.6, 32.7); ``None`` for retail, which has none.

    >>> foundation_lgd("corporate"), foundation_lgd("bank"), foundation_lgd("corporate", "subordinated")
    (0.4, 0.45, 0.75)
    """
    rules = _rules(framework, "foundation", False)
    return _scoreline.foundation_lgd(rules, json.dumps(asset_class), json.dumps(seniority))


def wcdr(pd: float, correlation: float, confidence: float = 0.999) -> float:
    """The default rate that a large, even portfolio does not exceed with probability ``confidence`` (Vasicek 2002).

    >>> round(wcdr(0.02, 0.1), 3)
    0.128
    """
    return _scoreline.worst_case_default_rate(pd, correlation, confidence)


class StandardisedWeight(NamedTuple):
    """A risk weight with where it stands."""

    weight: float
    """A fraction: 0.75 is 75 %."""
    k: float
    """8 % of it: the capital, a share of the exposure."""
    clause: str
    source: str


def standardised(
    asset_class: str,
    bucket: str | None = None,
    *,
    ltv: float | None = None,
    date: str | datetime.date,
    table: str | Mapping[str, Any] = "basel3",
) -> StandardisedWeight:
    """The standardised weight of a class on a day, by ``bucket`` or by loan to value. ``table`` may be one of your own: a dict with
    ``name``, ``from``, ``source`` and ``weights``, each of ``class``, ``bucket``, ``weight``, ``clause`` and perhaps ``up_to_ltv``.

    >>> standardised("retail", "transactor", date="2026-11-22")[:3]
    (0.45, 0.036000000000000004, 'CRE20.68')
    >>> standardised("residential", ltv=0.85, date="2026-11-22").weight
    0.4
    """
    named, own = (table, None) if isinstance(table, str) else (None, json.dumps(to_plain(table)))
    return StandardisedWeight(**_scoreline.standardised_weight(date, asset_class, bucket, ltv, named, own))


class SplitLoan(NamedTuple):
    """A loan secured by property, split."""

    weight: float
    """Of the whole loan."""
    secured: float
    """The part that has the secured weight."""


def split_loan(
    loan: float,
    value: float,
    *,
    counterparty_weight: float,
    senior: float = 0.0,
    pari_passu: float = 0.0,
    secured_weight: float = 0.20,
    secured_share: float = 0.55,
) -> SplitLoan:
    """The weight of a loan of which the part up to a share of the property's value is secured (CRE20.83).

    ``senior`` and ``pari_passu`` are claims of others on the property.

    >>> loan = split_loan(70_000, 100_000, counterparty_weight=0.75, pari_passu=10_000)
    >>> round(loan.secured, 2), round(loan.weight, 6)              # the example of CRE20.83
    (48125.0, 0.371875)
    """
    split = {
        "loan": loan, "value": value, "senior": senior, "pari_passu": pari_passu, "secured_weight": secured_weight,
        "secured_share": secured_share, "counterparty_weight": counterparty_weight,
    }  # fmt: skip
    return SplitLoan(*_scoreline.split_loan(json.dumps(split)))


def _rules(framework: str | Mapping[str, Any], approach: str, lgd_above_one: bool) -> str:
    numbers = _scoreline.irb_framework(framework) if isinstance(framework, str) else to_plain(framework)
    return json.dumps({"framework": numbers, "approach": approach, "lgd_above_one": lgd_above_one})


def _exposure(
    asset_class: str,
    pd: float,
    lgd: float,
    maturity: float | None,
    turnover: float | None,
    security: str,
    secured_share: float,
    defaulted: bool,
    best_estimate: float | None,
) -> str:
    exposure = {
        "class": asset_class, "pd": pd, "lgd": lgd, "maturity": maturity, "turnover": turnover, "security": security,
        "secured_share": secured_share, "defaulted": defaulted, "best_estimate": best_estimate,
    }  # fmt: skip
    return json.dumps(exposure)
