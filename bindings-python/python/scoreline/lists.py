"""Lists of customers for a named purpose: only who meets a condition, only the fields that are needed, only until a day.

>>> from scoreline import Field, Schema
>>> book = {"id": ["K1", "K2"], "phone": ["030 1", "030 2"], "tier": ["A", "C"], "salary": [4_000, 2_500]}
>>> schema = Schema([Field("id", "category"), Field("phone", "category"), Field("tier", "category")])
>>> text = export_list(book, schema, when="tier IN ('A', 'B')", fields=["id", "phone"], purpose="savings plan for low risks",
...                    owner="J. Doe, marketing", expires="2026-12-31", as_of="2026-12-01")
>>> listed = open_list(text, as_of="2026-12-15")
>>> listed.rows.to_pydict(), listed.manifest.rows, listed.manifest.when
({'id': ['K1'], 'phone': ['030 1']}, 1, "tier IN ('A', 'B')")
>>> open_list(text, as_of="2027-01-01")
Traceback (most recent call last):
scoreline.errors.DataError: invalid_data: field 'expires': the list expired after 2026-12-31; have a new list made if the purpose still holds
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import _scoreline
from .plain import to_plain
from .settings import Feature, Schema

__all__ = ["CustomerList", "ListManifest", "export_list", "open_list"]


class ListManifest(NamedTuple):
    """What a list is."""

    purpose: str
    owner: str
    made: datetime.date
    expires: datetime.date
    """The last day on which it may be read."""
    when: str
    """The condition, as it was written."""
    fields: dict[str, str]
    """What stands in each row: kinds by name, in order."""
    rows: int
    unknown: int
    """Rows of the table whose condition could not be told because an input is missing; they are not on the list."""
    sha256: str
    """Over the canonical text of the whole list in which this is empty."""


class CustomerList(NamedTuple):
    """A list that has not expired."""

    manifest: ListManifest
    rows: _scoreline.Table


def export_list(
    data: object,
    schema: Schema,
    *,
    when: str,
    fields: Sequence[str],
    purpose: str,
    owner: str,
    expires: datetime.date | str,
    as_of: datetime.date | str,
    features: Sequence[Feature] = (),
    protected_use: Sequence[Mapping[str, str]] = (),
) -> str:
    """The text of a list: the rows of a table for which ``when`` holds, in their order, with nothing but ``fields``.

    ``fields`` are fields of the schema or features. A protected field in the condition or on the list needs an entry in
    ``protected_use`` (``field``, ``author``, ``reason``). ``as_of`` is the day on which the list is made. Raises
    :class:`scoreline.ConfigError` with every problem.
    """
    config = {
        "purpose": purpose,
        "owner": owner,
        "expires": str(expires),
        "when": when,
        "fields": list(fields),
        "protected_use": to_plain(list(protected_use)),
    }
    rest = (json.dumps(to_plain(schema)), json.dumps(to_plain(list(features))))
    return _scoreline.export_list(data, json.dumps(config), *rest, as_of)


def open_list(text: str, *, as_of: datetime.date | str) -> CustomerList:
    """Reads a list on a day.

    Raises :class:`scoreline.ArtefactError` when it is no list or was edited, :class:`scoreline.DataError` when it has expired.
    """
    found, rows = _scoreline.open_list(text, as_of)
    days = {name: datetime.date.fromisoformat(found[name]) for name in ("made", "expires")}
    fields = {field["name"]: field["kind"] for field in found["fields"]}
    return CustomerList(ListManifest(**{**found, **days, "fields": fields}), rows)
