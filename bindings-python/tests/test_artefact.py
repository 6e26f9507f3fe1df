"""The model file: written, read, refused, edited."""

import json

import pytest

import scoreline as sl
from conftest import AS_OF


def test_save_and_load_are_the_identity(pipeline, records, tmp_path):
    path = tmp_path / "model.json"
    pipeline.save(path)
    assert path.read_text(encoding="utf-8") == pipeline.to_json()
    loaded = sl.Pipeline.load(path)
    assert loaded == pipeline == sl.Pipeline.from_json(pipeline.to_json()) and {loaded, pipeline} == {pipeline}
    assert sl.load(str(path)).decide_one(records[0], AS_OF) == pipeline.scorer().decide_one(records[0], AS_OF)
    assert pipeline.hash[:12] in repr(pipeline) and pipeline.checks[0]["answer"]["score"] > 0


def test_files_that_are_not_ours_are_refused(pipeline):
    text = pipeline.to_json()
    edited = text.replace('"odds": 20.0', '"odds": 30.0')
    assert edited != text
    newer = text.replace('"version": 1', '"version": 2', 1).replace('"release": "0.', '"release": "9.', 1)
    for wrong, message in [
        ("", "JSON"),
        ("[]", "not a scoreline artefact"),
        ('{"format": "pmml"}', "not a scoreline artefact"),
        (text[: len(text) // 2], "complete JSON"),
        (edited, "hash"),
        (newer, "use release 9."),
        ("[" * 100_000_000, "larger than 64 MiB"),
        ("[" * 1_000_000, "JSON"),
        (text + "x", "JSON"),
    ]:
        with pytest.raises(sl.ArtefactError, match=message):
            sl.Pipeline.from_json(wrong)


def test_files_that_cannot_be_read_or_written(pipeline, tmp_path):
    for failing in (
        lambda: sl.load(tmp_path / "nothing.json"),
        lambda: sl.Pipeline.load(tmp_path),
        lambda: sl.check(tmp_path / "nothing.json"),
        lambda: sl.Config.from_file(tmp_path / "nothing.json"),
        lambda: pipeline.save(tmp_path / "no folder" / "model.json"),
    ):
        with pytest.raises(OSError) as raised:
            failing()
        assert isinstance(raised.value, sl.IoError) and raised.value.code == "io" and raised.value.problems
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(sl.ArtefactError, match="UTF-8"):
        sl.load(tmp_path / "latin")
    with pytest.raises(sl.ArtefactError, match="UTF-8"):
        sl.check(tmp_path / "latin")


def test_an_edit_on_purpose_is_sealed_again_and_told(pipeline, tmp_path):
    path = tmp_path / "model.json"
    pipeline.save(path)
    assert sl.check(path).changes == [] and sl.check(path).pipeline == pipeline
    file = json.loads(path.read_text(encoding="utf-8"))
    file["pipeline"]["decision"]["by_tier"]["C"] = "decline"
    path.write_text(json.dumps(file), encoding="utf-8")
    with pytest.raises(sl.ArtefactError):
        sl.load(path)
    again, changes = sl.check(path)
    assert changes and all("outcome" in change.what for change in changes)
    again.save(path)
    assert sl.Pipeline.load(path).to_dict()["decision"]["by_tier"]["C"] == "decline"
    assert sl.check(again.to_json()).changes == []


def test_a_broken_rule_shows_its_position(pipeline):
    file = json.loads(pipeline.to_json())
    file["pipeline"]["decision"]["rules"][0]["when"] = "duration > > 60"
    with pytest.raises(sl.ConfigError) as raised:
        sl.check(json.dumps(file))
    assert raised.value.problems[0]["position"] is not None
    file["pipeline"]["extra"] = 1
    with pytest.raises(sl.ArtefactError):
        sl.check(json.dumps(file))


def test_tables_for_people(pipeline):
    assert pipeline.variables[0] == "status"
    bins = pipeline.binning_table("status")
    assert bins[-1]["bin"] == "missing" and sum(row["share"] for row in bins) == pytest.approx(1)
    assert {row["feature"] for row in pipeline.points_table()} == set(pipeline.variables)
    assert [row["variable"] for row in pipeline.coefficients()] == ["intercept", *pipeline.variables]
    assert [row["tier"] for row in pipeline.tier_table()] == list("ABCD")
    prices = pipeline.price_table(2_500, 24, AS_OF)
    rates = [row["rate"] for row in prices if "rate" in row]
    assert rates == sorted(rates) and len(rates) == 3 and prices[3]["rate_needed"] > prices[3]["rate_cap"]
    assert "missing" in repr(bins) and repr(bins).startswith("bin ")
    with pytest.raises(KeyError, match="on it are: status"):
        pipeline.binning_table("age")
    with pytest.raises(sl.DataError, match="as_of"):
        pipeline.price_table(3_000, 24)


def test_without_policies_their_parts_are_absent(small):
    plain = sl.fit(small, sl.Config("bad"))
    decision = plain.scorer().decide_one({"income": 12.0, "job": "a"})
    assert (decision.tier, decision.outcome, decision.limit, decision.rate, decision.amount) == (None,) * 5
    table = plain.scorer().decide(small)
    assert table["tier"] == [None] * 400 and table["score"][12] == decision.score
    assert (plain.tier_table(), plain.price_table(1.0, 1.0)) == ([], [])
    assert "tier" not in repr(table)
