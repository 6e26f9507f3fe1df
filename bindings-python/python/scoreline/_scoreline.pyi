from typing import Any

__all__ = ["describe", "parse_date", "version"]

def describe(data: Any) -> list[tuple[str, str, int]]:
    """What the library sees in a table: name and kind of each column that it can read, and how many values are missing."""

def parse_date(text: str) -> int:
    """Days since 1970-01-01 of a calendar day written as ``YYYY-MM-DD``."""

def version() -> str:
    """The release of the library."""
