"""Bins of one column: against figures of other libraries, by hand, and with input that is wrong."""

import datetime
import json
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline as sl
from conftest import ROOT, read_json

GOLDEN = ROOT / "tests" / "golden"
WHO = {"author": "M. Rossi", "reason": "the policy treats both alike"}


def spread(non_events, events):
    """A value and an outcome for each counted row: bin number as value."""
    x, y = [], []
    for value, (good, bad) in enumerate(zip(non_events, events, strict=True)):
        x += [float(value)] * (good + bad)
        y += [0] * good + [1] * bad
    return np.array(x), np.array(y)


@pytest.fixture(scope="module")
def falling():
    """4,000 rows whose event rate falls with the value, in five steps."""
    x = np.arange(4000) % 50 + 0.5
    y = (np.arange(4000) * 7919 % 1000) < 400 - 70 * (x // 10)
    return x, y.astype(int)


@pytest.fixture
def bins(falling):
    return sl.bin(*falling, sl.Binning(max_bins=5, trend="decreasing"), name="age")


def test_the_table_has_the_figures_of_other_libraries():
    """optbinning 1.0, scipy and statsmodels: see tests/golden/binning_table.py."""
    case = read_json(GOLDEN / "binning_table.json")["cases"][0]
    expected = case["expected"]
    x, y = spread(case["inputs"]["non_events"], case["inputs"]["events"])
    report = sl.bin(x, y, sl.VariableBinning(cuts=[1, 2, 3], trend="none"), name="checking").report(expected["level"])
    for column, figures in {"event_rate_low": "low", "event_rate_high": "high", "observed_woe": "woe", "ks": "cumulative_distance"}.items():
        assert [row[column] for row in report.rows[:4]] == pytest.approx(expected[figures], abs=1e-9)
    assert [row["iv"] for row in report.rows[:4]] == pytest.approx(expected["iv_of_bins_with_both_classes"], abs=1e-9)
    assert [row["js"] for row in report.rows[:4]] == pytest.approx(expected["js_of_bins_with_both_classes"], abs=1e-9)
    assert [row["p_value"] for row in report.rows[1:4]] == pytest.approx(expected["p_values"], abs=1e-9)
    for total, figure in {"gini": "gini", "ks": "ks_by_rate", "hhi": "hhi", "quality": "quality"}.items():
        assert report.totals[total] == pytest.approx(expected[figure], abs=1e-9)
    assert report.iv == pytest.approx(0.6660115034, abs=1e-10), "published for the checking account of German credit"
    assert report.flags == ["suspicious_iv"] and "suspicious_iv" in repr(report) and report.psi is None


def test_fixed_bins_on_another_sample_show_the_shift():
    case = read_json(GOLDEN / "binning_table.json")["cases"][1]
    counts = {**case["inputs"], "sample": case["inputs"]["sample"]}
    bins = sl.bin(*spread(counts["non_events"], counts["events"]), sl.VariableBinning(cuts=[1, 2, 3], trend="none"), special={4.0: "no file"}, missing=[5.0])
    sample = spread(counts["sample"]["non_events"], counts["sample"]["events"])
    report = bins.on(*sample)
    held = [row["psi"] for row in report.rows if row["count"] > 0]
    assert held == pytest.approx(case["expected"]["psi_of_bins_with_rows"], abs=1e-9)
    assert report.psi == pytest.approx(sum(row["psi"] for row in report.rows))
    assert bins.on(*sample, weight=np.ones(len(sample[0]))).rows == report.rows and report.totals["psi"] > sum(held)
    assert bins.on(*spread(counts["non_events"], counts["events"])).psi == 0
    assert bins.table()[4]["bin"] == "special: no file" and bins.table()[5]["bin"] == "missing"


def test_no_split_of_few_values_is_better():
    """Brute force over all cuts: the certificate says what is true."""
    rng = np.random.default_rng(7)
    x = rng.integers(0, 12, 3000).astype(float)
    y = (rng.random(3000) < 0.05 + 0.02 * x).astype(int)
    good, bad = (np.bincount(x[y == side].astype(int), minlength=12) for side in (0, 1))

    def value(cuts):
        parts = [(good[a:b].sum() / good.sum(), bad[a:b].sum() / bad.sum()) for a, b in zip([0, *cuts], [*cuts, 12])]
        rates = [bad[a:b].sum() / (good[a:b].sum() + bad[a:b].sum()) for a, b in zip([0, *cuts], [*cuts, 12])]
        rising = all(a < b for a, b in zip(rates, rates[1:]))
        sizes = all((g * good.sum() + b * bad.sum()) >= 150 and b * bad.sum() >= 5 for g, b in parts)
        return sum((g - b) * np.log(g / b) for g, b in parts) if rising and sizes else 0

    best = max(value(cuts) for first in range(1, 11) for second in range(first + 1, 12) for cuts in ([first], [first, second]))
    bins = sl.bin(x, y, sl.Binning(max_bins=3, trend="increasing"))
    assert bins.certificate["objective"] == pytest.approx(best, abs=1e-12) and bins.certificate["optimal"]
    assert bins.certificate["gap"] == 0 and bins.certificate["exact"] and "no better bins exist" in repr(bins)


def test_every_form_of_column_gives_the_same_bins(falling):
    x, y = falling
    expected = sl.bin(x, y).to_json()
    forms = [list(x), pa.array(x), pa.chunked_array([x[:9], x[9:]]), pd.Series(x), pl.Series(x), x.astype(np.float32), np.repeat(x, 2)[::2]]
    for form in forms:
        assert sl.bin(form, y).to_json() == expected, type(form)
    for form in (list(y), y.astype(bool), pa.array(y), pd.Series(y.astype(bool)), pl.Series(y), np.repeat(y.astype(bool), 2)[::2]):
        assert sl.bin(x, form).to_json() == expected, type(form)
    for threads in (1, 2, 7):
        assert sl.bin(x, y, threads=threads).to_json() == expected
    assert sl.bin(x, y, weight=np.ones(len(x))).to_json() == expected


def test_trends_objectives_and_limits_are_kept(falling):
    x, y = falling
    for objective in ("information_value", "jensen_shannon", "hellinger"):
        assert sl.bin(x, y, sl.Binning(objective=objective)).certificate["objective"] > 0
    rates = {trend: [row["event_rate"] for row in sl.bin(x, y, sl.Binning(trend=trend)).table()[:-1]] for trend in ("decreasing", "valley", "convex", "none")}
    assert rates["decreasing"] == sorted(rates["decreasing"], reverse=True)
    assert all(len(found) > 1 for found in rates.values())
    readable = sl.bin(x + 0.317, y, sl.Binning(readable=0.01))
    assert all(len(f"{cut:g}") <= 3 for cut in readable.cuts) and readable.edits[0].author == "settings"
    with pytest.raises(sl.ConfigError, match="tightest"):
        sl.bin(x, y, sl.Binning(min_bins=4, min_share=0.4))


def test_weights_of_evidence_of_a_column(bins, falling):
    x, _ = falling
    table = bins.table()
    expected = [table[int(np.searchsorted(bins.cuts, value, side="right"))]["woe"] for value in x]
    for form in (x, list(x), pa.array(x), pd.Series(x), pl.Series(x)):
        assert np.array_equal(np.asarray(bins.woe(form)), expected)
    woe = bins.woe([np.nan, None, 5.0])
    assert woe.to_list() == [0.0, 0.0, table[0]["woe"]] and len(woe) == 3 and woe[-1] == woe[2]
    assert memoryview(woe).readonly and memoryview(woe).format == "d"
    assert pa.array(woe).to_pylist() == woe.to_list() == pl.Series(woe).to_list() == woe.to_numpy().tolist()
    assert repr(woe).startswith("<scoreline.Numbers: 3 [0, 0, ")
    with pytest.raises(IndexError):
        woe[3]
    with pytest.raises(sl.DataError) as raised:
        bins.woe([1.0, np.inf])
    assert raised.value.problems[0]["row"] == 1
    with pytest.raises(sl.DataError, match="number was expected"):
        bins.woe(["a"])


def test_weights_of_evidence_of_a_table(falling):
    x, y = falling
    job = np.array(["a", "b", "c", "d"])[(x % 4).astype(int)]
    all_bins = [sl.bin(x, y, name="age"), sl.bin(list(job), y, name="job")]
    table = pa.table({"age": x, "job": job, "other": y})
    expected = {bins.name: bins.woe(list(table[bins.name].to_pylist())).to_list() for bins in all_bins}
    for data in (table, pa.table(pa.Table.from_batches(table.to_batches(max_chunksize=999))), table.to_pandas(), {"age": x, "job": list(job)}, table.set_column(1, "job", table["job"].dictionary_encode())):
        for threads in (1, 3):
            assert sl.woe(data, all_bins, threads).to_pydict() == expected
    with pytest.raises(sl.ConfigError, match="same name"):
        sl.woe(table, [all_bins[0], all_bins[0]])
    with pytest.raises(sl.DataError, match="did you mean 'age'"):
        sl.woe(table.rename_columns(["agee", "job", "age"]), [sl.bin(x, y, name="ages")])


def test_edits_are_made_with_a_name_and_taken_back(bins):
    before = bins.to_dict()
    preview = bins.preview({"type": "merge", "from": 0, "to": 1})
    assert preview.iv_change < 0 and preview.broken is None and bins.to_dict() == before
    edit = bins.merge(0, 1, **WHO, at=datetime.date(2026, 11, 21))
    assert (edit.author, edit.reason, edit.at) == ("M. Rossi", WHO["reason"], "2026-11-21")
    assert (edit.iv_before, edit.iv_after) == (before["iv"], bins.iv) and bins.iv == preview.iv
    assert f"IV {before['iv']:.4f} -> {bins.iv:.4f}" in repr(edit)
    assert len(bins.table()) == len(before["bins"]) - 1 and not bins.certificate["optimal"]
    assert bins.edits == [edit] and bins.undo() == edit and bins.undo() is None and bins.to_dict() == before
    assert bins.redo() and not bins.redo() and bins.edits == [edit]

    # By counting: the merged bin holds the rows of both.
    first, second = before["bins"][:2]
    assert bins.table()[0]["events"] == first["events"] + second["events"]
    bins.split(25.0, **WHO, override_trend=True)
    bins.move_cut(0, bins.cuts[0] + 1, **WHO, override_trend=True)
    bins.set_woe(len(bins.table()) - 1, -0.3, author="committee", reason="no file is a bad sign")
    assert bins.woe([None]).to_list() == [-0.3]
    assert [change.change["type"] for change in bins.edits] == ["merge", "split", "move_cut", "set_woe"]


def test_edits_that_make_no_sense_are_refused(bins):
    before = bins.to_dict()
    top = len(bins.cuts)
    for edit, message in [
        (lambda: bins.merge(3, 1, **WHO), "must be above"),
        (lambda: bins.merge(0, 40, **WHO), "do not exist"),
        (lambda: bins.merge(0, 1, author=" ", reason=""), "must not be empty"),
        (lambda: bins.set_woe(1, 3.0, **WHO), "against the trend"),
        (lambda: bins.set_woe(99, 0.1, **WHO), "does not exist"),
        (lambda: bins.move_cut(0, 1e9, **WHO), "neighbours"),
        (lambda: bins.split(1e9, **WHO), "no rows"),
        (lambda: bins.regroup(["a"], 0, **WHO), "category"),
        (lambda: bins.split(bins.cuts[0], **WHO), "already"),
        (lambda: bins.readable(1.5, **WHO), "max_iv_loss"),
        (lambda: bins.apply({"type": "turn"}, **WHO), "not of the expected form"),
    ]:
        with pytest.raises(sl.ConfigError, match=message):
            edit()
    assert bins.to_dict() == before and top > 1
    assert bins.preview({"type": "set_woe", "bin": 1, "woe": 3.0}).broken is not None
    bins.set_woe(1, 3.0, **WHO, override_trend=True)
    assert bins.edits[0].override_trend


def test_levels_are_regrouped(falling):
    x, y = falling
    job = [["a", "b", "c", "d"][int(value // 15)] for value in x]
    bins = sl.bin(job, y, sl.Binning(min_share=0.01), name="job", missing=["?"])
    assert sorted(level for group in bins.groups for level in group) == ["a", "b", "c", "d"] and bins.cuts is None
    bins.regroup(["a"], bins.groups.index(next(group for group in bins.groups if "d" in group)), **WHO)
    assert any({"a", "d"} <= set(group) for group in bins.groups)
    bins.place_unseen(0, **WHO)
    assert bins.woe(["never seen"])[0] == bins.table()[0]["woe"]
    assert bins.woe(["?"])[0] == bins.table()[-1]["woe"]
    forced = sl.bin(job, y, bins.setting(), name="job")
    assert sorted(forced.groups) == sorted(bins.groups)


def test_bins_travel_as_text(bins, falling):
    bins.merge(0, 1, **WHO)
    for copy in (sl.Bins.from_json(bins.to_json()), pickle.loads(pickle.dumps(bins))):
        assert copy == bins and copy.edits == bins.edits
        copy.merge(0, 1, **WHO)
        assert copy != bins and len(copy.edits) == 2
    forced = sl.bin(*falling, bins.setting(), name="age")
    assert forced.table() == bins.table()
    text = json.loads(bins.to_json())
    text["bins"]["bins"][0]["events"] += 1
    with pytest.raises(sl.IncompatibleError):
        sl.Bins.from_json(json.dumps(text))
    with pytest.raises(sl.ConfigError):
        sl.Bins.from_json("{}")


def test_wrong_and_poor_data(falling):
    x, y = falling
    zeros = np.zeros(len(x))
    for bins in (sl.bin(zeros, y), sl.bin(zeros * np.nan, y), sl.bin([None] * len(x), y), sl.bin(zeros - 9, y, special=[sl.Special(-9, "none")])):
        assert bins.iv == 0 and bins.cuts == [] and "weak_iv" in bins.report().flags
    assert sl.bin(np.arange(4000.0), y).iv < 1, "one value a row"
    leak = sl.bin(np.where(np.arange(len(y)) % 50 == 0, 1 - y, y), y)
    assert "suspicious_iv" in leak.report().flags and leak.report().totals["iv_band"] == "suspicious"
    perfect = sl.bin(y * 3.0, y)
    assert perfect.certificate["separates"] and "separates" in perfect.report().flags and perfect.cuts == []
    assert "separates" not in leak.report().flags
    levels = [f"level {i}" for i in range(100_000)]
    many = sl.bin(levels, np.arange(100_000) % 3 == 0)
    assert sum(len(group) for group in many.groups) == 100_000 and many.iv < 0.01
    for wrong, error, message in [
        (lambda: sl.bin(x, y, weight=zeros), sl.InsufficientDataError, "no event"),
        (lambda: sl.bin(x, y, weight=zeros - 1), sl.DataError, "case weight"),
        (lambda: sl.bin(x, y * 0), sl.InsufficientDataError, "no event"),
        (lambda: sl.bin(x, y + 1), sl.DataError, "0 or 1"),
        (lambda: sl.bin(x, y[1:]), sl.DataError, "length"),
        (lambda: sl.bin(x, y, weight=[1.0]), sl.DataError, "rows"),
        (lambda: sl.bin([*x[1:], np.inf], y), sl.DataError, "row 3999"),
        (lambda: sl.bin([*x[1:], "a"], y), sl.DataError, "row 3999"),
        (lambda: sl.bin(x, y, kind="category"), sl.DataError, "category was expected|kind category"),
        (lambda: sl.bin(x, y, kind="colour"), sl.ConfigError, "kind"),
        (lambda: sl.bin(x, y, sl.Binning(max_bins=1, min_share=2)), sl.ConfigError, "max_bins"),
        (lambda: sl.bin(x, y, sl.VariableBinning(cuts=[10, 5])), sl.ConfigError, "rise"),
    ]:
        with pytest.raises(error, match=message):
            wrong()


def test_bins_are_stable_over_periods():
    """Two values change their order from one year to the other: they share a bin when that is asked for."""
    rows = {"2024": [(45, 5), (20, 30), (25, 25), (40, 10)], "2025": [(45, 5), (27, 23), (20, 30), (45, 5)]}
    x, y, year = [], [], []
    for name, cells in rows.items():
        for value, (good, bad) in enumerate(cells):
            x += [float(value)] * (good + bad)
            y += [0] * good + [1] * bad
            year += [name] * (good + bad)
    free = sl.Binning(min_events=1, min_share=0.01, trend="none")
    stable = sl.Binning(min_events=1, min_share=0.01, trend="none", stable=True)
    assert 2.0 in sl.bin(x, y, free, period=year).cuts and 2.0 not in sl.bin(x, y, stable, period=year).cuts
    assert sl.bin(x, y, stable, period=["all"] * len(x)).cuts == sl.bin(x, y, free).cuts
    for wrong, message in [(year[1:], "length"), ([None, *year[1:]], "name of a period")]:
        with pytest.raises(sl.DataError, match=message):
            sl.bin(x, y, stable, period=wrong)


def test_days_are_binned(falling):
    x, y = falling
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=int(value)) for value in x]
    bins = sl.bin(days, y, name="since")
    assert bins._native.field()["kind"] == "date"
    assert len(bins.cuts) == len(sl.bin(np.floor(x), y).cuts)
    assert bins.woe([datetime.date(2019, 1, 1), "2030-01-01"]).to_list() == [bins.table()[0]["woe"], bins.table()[-2]["woe"]]


def test_continuous_targets_explain_more_than_optbinning():
    for sample in read_json(GOLDEN / "binning_targets.json")["continuous"]:
        settings = sl.ContinuousBinning(max_bins=6, min_share=0.05, min_count=1, trend=sample["trend"])
        bins = sl.bin_continuous(sample["x"], sample["y"], settings, name=sample["name"])
        assert bins.explained > sample["explained"] and len(bins.table()) <= 7
        means = bins.mean(sample["x"]).to_numpy()
        y = np.array(sample["y"])
        assert 1 - ((y - means) ** 2).sum() / ((y - y.mean()) ** 2).sum() == pytest.approx(bins.explained, abs=1e-6)
        assert pickle.loads(pickle.dumps(bins)) == bins and sl.ContinuousBins.from_json(bins.to_json()) == bins
        assert "explained" in repr(bins)
    with pytest.raises(sl.InsufficientDataError, match="one value"):
        sl.bin_continuous([1.0, 2.0], [0.5, 0.5])
    with pytest.raises(sl.DataError):
        sl.bin_continuous([1.0, 2.0], [0.5, None])


def test_targets_with_classes():
    sample = read_json(GOLDEN / "binning_targets.json")["multiclass"]
    classes = [f"class {value}" for value in sample["class"]]
    bins = sl.bin_multiclass(sample["x"], classes, sl.MulticlassBinning(max_bins=5), name="age")
    assert bins.classes == sorted(set(classes)) and bins.iv >= sample["iv"]
    woe = bins.woe(sample["x"], bins.classes[1]).to_numpy()
    assert sorted(set(woe)) == sorted({row["woe"][1] for row in bins.table()[:-1]})
    assert pickle.loads(pickle.dumps(bins)) == bins and "class 1" in repr(bins)
    with pytest.raises(sl.ConfigError, match="no such class"):
        bins.woe([1.0], "none")
    with pytest.raises(sl.DataError, match="2 to 32"):
        sl.bin_multiclass([1.0, 2.0], ["a", "a"])
