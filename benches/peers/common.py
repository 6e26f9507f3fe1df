"""What the comparisons share: the clock, seeded data, one audit of information value, the results."""

from __future__ import annotations

import os

# One thread, before any library starts its own.
for _name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"

import gc
import json
import pathlib
import platform
import statistics
import subprocess
import time
import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

import scoreline as sl

HERE = pathlib.Path(__file__).parent
RESULTS = HERE / "results"
SCORECARDPY = HERE / ".venv-scorecardpy" / "bin" / "python"

warnings.filterwarnings("ignore")
# One core; what is started from here stays on it.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


# --- the clock -------------------------------------------------------------------------------------------------------


def race(runners: Mapping[str, Callable[[], Any]], runs: int = 5, budget: float = 60.0) -> dict[str, dict[str, Any]]:
    """Runs each in turn, ``runs`` times, and takes the median of the CPU time. One that has used more than ``budget``
    seconds is not run again. ``value`` is what the last run gave back; one that raises has ``error`` in its place."""
    seen: dict[str, dict[str, Any]] = {name: {"cpu": [], "wall": []} for name in runners}
    for _ in range(runs):
        for name, work in runners.items():
            one = seen[name]
            if "error" in one or sum(one["cpu"]) > budget:
                continue
            gc.collect()
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                one["value"] = work()
            except Exception as error:  # A peer may refuse a column; the table says so.
                one["error"] = f"{type(error).__name__}: {str(error)[:120]}"
                continue
            one["cpu"].append(time.process_time() - cpu)
            one["wall"].append(time.perf_counter() - wall)
    return {name: _summary(one) for name, one in seen.items()}


def _summary(one: dict[str, Any]) -> dict[str, Any]:
    times = one["cpu"]
    if not times:
        return {"error": one.get("error", "not run"), "value": None}
    found = {"cpu": statistics.median(times), "least": min(times), "most": max(times), "runs": len(times)}
    return {**found, "wall": statistics.median(one["wall"]), "value": one.get("value")}


def row(task: str, who: str, timed: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A line of the results."""
    return {"task": task, "who": who, **{k: v for k, v in (timed or {}).items() if k != "value"}, **more}


def save(family: str, rows: list[dict[str, Any]]) -> None:
    """Writes the results of one family, with what they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"environment": environment(), "rows": rows}, indent=1, default=float)
    (RESULTS / f"{family}.json").write_text(text + "\n")


def environment() -> dict[str, Any]:
    names = [line.split("==")[0] for line in (HERE / "requirements.txt").read_text().splitlines() if "==" in line]
    versions = {"scoreline": sl.version(), "python": platform.python_version(), **{name: version(name) for name in names}}
    versions |= {"scorecardpy": "0.1.9.7 (pandas 2.2.3)"}
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        cpu = platform.processor()
    return {"cpu": cpu, "load": os.getloadavg()[0], "versions": versions}


def in_scorecardpy(*arguments: str, program: str = "peer_scorecardpy.py") -> Any:
    """What ``peer_scorecardpy.py``, or another program, prints, run in the environment of peers that need pandas 2."""
    command = [str(SCORECARDPY), "-W", "ignore", str(HERE / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout.strip().splitlines()[-1])


# --- seeded data -----------------------------------------------------------------------------------------------------


def one_feature(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """A log-normal number whose PD falls with it, not in a line; 11 % events."""
    rng = np.random.default_rng(20261121)
    z = rng.standard_normal(rows)
    log_odds = -2.42 - 0.9 * np.tanh(1.2 * z) - 0.25 * z + 0.1 * np.sin(3 * z)
    return np.exp(8 + 0.9 * z), (rng.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)


def sixty_features(rows: int) -> pd.DataFrame:
    """50 numbers, of which ten have 5 % missing, ten categories of 4 to 40 levels, and ``y`` with 11 % events."""
    rng = np.random.default_rng(7)
    columns: dict[str, np.ndarray] = {}
    log_odds = np.full(rows, -2.3)
    for j in range(50):
        z = rng.standard_normal(rows)
        strength = 0.25 * (j % 5) / 4
        log_odds -= strength * (np.tanh(z) if j % 2 else z / 1.3)
        x = np.exp(8 + z) if j % 3 == 0 else (np.floor(20 + 6 * z) if j % 3 == 1 else 50 + 10 * z)
        columns[f"n{j:02}"] = np.where(rng.random(rows) < 0.05, np.nan, x) if j >= 40 else x
    for j in range(10):
        levels = 4 + 4 * j
        share = 1 / np.arange(1, levels + 1)
        code = rng.choice(levels, rows, p=share / share.sum())
        log_odds += 0.2 * rng.standard_normal(levels)[code]
        columns[f"c{j}"] = np.array([f"level {k}" for k in range(levels)], dtype=object)[code]
    columns["y"] = (rng.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
    return pd.DataFrame(columns)


def twenty_features(rows: int) -> pd.DataFrame:
    """20 numbers that all matter, and ``y`` with 11 % events."""
    rng = np.random.default_rng(11)
    z = rng.standard_normal((rows, 20))
    log_odds = -2.4 - z @ np.linspace(0.05, 0.35, 20)
    table = pd.DataFrame({f"x{j:02}": np.exp(8 + 0.7 * z[:, j]) for j in range(20)})
    return table.assign(y=(rng.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64))


# --- real data -------------------------------------------------------------------------------------------------------

DATA = {
    "german": "german_credit/german_credit",
    "heloc": "heloc/heloc",
    "taiwan": "taiwan_credit/taiwan_credit",
    "polish": "polish_bankruptcy/year5",
    "gmsc": "gmsc/gmsc",
}
"""Data sets below the folder ``SCORELINE_DATA``."""

SPECIAL = {"heloc": {-7.0: "not met", -8.0: "not usable", -9.0: "no record"}}
"""Codes that get bins of their own, for everyone."""


def real(name: str) -> pd.DataFrame | None:
    """A data set with its target as ``y``; none without the folder."""
    folder = os.environ.get("SCORELINE_DATA")
    if not folder:
        return None
    table = pd.read_parquet(pathlib.Path(folder) / f"{DATA[name]}.parquet").rename(columns={"target": "y"})
    table = table.drop(columns=[c for c in ("ID", "id") if c in table])
    text = [c for c in table if not pd.api.types.is_numeric_dtype(table[c])]
    numbers = {c: float for c in table if c not in text and c != "y"}
    return table.astype({**numbers, **dict.fromkeys(text, object), "y": np.int64})


def numeric(table: pd.DataFrame) -> list[str]:
    return [c for c in table if c != "y" and pd.api.types.is_numeric_dtype(table[c])]


# --- one audit for everyone ------------------------------------------------------------------------------------------


def audit(code: np.ndarray, y: np.ndarray) -> float:
    """Strict information value of bins given as one code for each row, whoever made them. A bin of one class, which can
    only be a special or a missing one, adds nothing."""
    _, code = np.unique(code, return_inverse=True)
    bad = np.bincount(code, weights=y)
    good = np.bincount(code) - bad
    good, bad = good[(good > 0) & (bad > 0)] / (len(y) - y.sum()), bad[(good > 0) & (bad > 0)] / y.sum()
    return float(((good - bad) * np.log(good / bad)).sum())


def audit_cuts(cuts: list[float], x: np.ndarray, y: np.ndarray, special: Mapping[float, str]) -> dict[str, Any]:
    """The same of cuts: information value over all bins, and whether the limits are kept: at most ten bins, each at least
    5 % of all rows, strictly monotone rates."""
    code = np.digitize(x, np.asarray(cuts, dtype=float)).astype(np.int64)
    plain = ~np.isnan(x) & ~np.isin(x, list(special))
    count = np.bincount(code[plain], minlength=len(cuts) + 1)
    rate = np.bincount(code[plain], weights=y[plain], minlength=len(cuts) + 1) / np.maximum(count, 1)
    steps = np.diff(rate)
    monotone = bool((steps > 0).all() or (steps < 0).all())
    within = monotone and len(count) <= 10 and (len(cuts) == 0 or bool((count >= np.ceil(0.05 * len(x) - 1e-9)).all()))
    # Codes beyond any bin keep special and missing values apart.
    for place, value in enumerate(special):
        code[x == value] = 1000 + place
    code[np.isnan(x)] = 2000
    return {"iv": audit(code, y), "bins": len(cuts) + 1, "within": within}
