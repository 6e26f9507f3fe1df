import pathlib
import subprocess
import sys

import scoreline as sl


def test_version_is_the_released_one():
    assert sl.__version__ == sl.version()
    assert sl.version().count(".") == 2


def test_everything_exported_exists_and_is_typed():
    package = pathlib.Path(sl.__file__).parent
    assert (package / "py.typed").exists()
    assert all(hasattr(sl, name) for name in sl.__all__)


def test_nothing_else_is_needed_at_run_time():
    program = """
import sys
for name in ("pyarrow", "numpy", "pandas", "polars"):
    sys.modules[name] = None
import array
import scoreline as sl
data = {"x": array.array("d", [float(i % 97) for i in range(400)]), "y": [i % 97 < 40 and i % 3 != 0 for i in range(400)]}
pipeline = sl.fit(data, sl.Config("y"))
decided = pipeline.scorer().decide({"x": [12.0, None]})
assert decided["score"][0] == pipeline.scorer().decide_one({"x": 12}).score
assert sl.fit([data, data], sl.Config("y")).variables == ["x"]
assert len(pipeline.scorer().score([data, data])) == 800 and "status" in repr(decided)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_doubles_come_in_without_a_copy():
    program = """
import resource
import numpy as np, pyarrow as pa
import scoreline as sl
values = np.zeros(10_000_000)
table = pa.table({"x": values})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for data in (table, {"x": values}, {"x": table["x"]}):
    assert sl.describe(data) == [("x", "number", 0)]
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
assert grown < values.nbytes / 4, f"{grown / 1e6:.0f} MB more"
"""
    subprocess.run([sys.executable, "-c", program], check=True)
