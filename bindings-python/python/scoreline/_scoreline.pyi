__all__ = ["parse_date", "version"]

def parse_date(text: str) -> int:
    """Days since 1970-01-01 of a calendar day written as ``YYYY-MM-DD``."""

def version() -> str:
    """The release of the library."""
