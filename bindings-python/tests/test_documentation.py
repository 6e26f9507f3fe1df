"""The examples in the documentation are true."""

import doctest
import importlib
import pkgutil

import pytest

import scoreline

MODULES = [name for _, name, _ in pkgutil.iter_modules(scoreline.__path__) if not name.startswith("_")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    failed, _ = doctest.testmod(importlib.import_module(f"scoreline.{name}"), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_the_modules_with_figures_have_examples():
    names = (
        "allocation", "apr", "asof", "authority", "behaviour", "binning", "calculation", "calibration", "capital",
        "corporate", "events",
        "exposures", "fraud", "lists", "loss", "low_default", "portfolio", "pricing", "reject", "schedules", "segment",
        "small_bank", "stability", "tiering", "treatment", "warning",
    )  # fmt: skip
    for name in names:
        assert doctest.testmod(importlib.import_module(f"scoreline.{name}")).attempted > 0, name
