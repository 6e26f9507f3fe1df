"""The example program prints what the others print, and its report fits on a page."""

import pathlib

import south_german
from conftest import AS_OF, DATA


def test_the_report_is_readable_and_complete(tmp_path, capsys, pipeline):
    model = tmp_path / "model.json"
    south_german.fit(str(DATA / "south_german_credit.config.json"), str(DATA / "south_german_credit.csv"), str(model))
    text = capsys.readouterr().out
    assert max(len(line) for line in text.replace(str(model), "").splitlines()) <= 100
    for part in ("trained on", "Bins of status", "Points", "Risk tiers", "Price of 2,500 DEM", "above the cap", "Decision 2", pipeline.hash, str(model)):
        assert part in text
    assert model.read_text(encoding="utf-8") == pipeline.to_json()


def test_records_and_table_have_one_hash(tmp_path, capsys, pipeline):
    model = tmp_path / "model.json"
    pipeline.save(model)
    south_german.decide(str(model), str(DATA / "south_german_credit.csv"), AS_OF)
    single, batch = capsys.readouterr().out.splitlines()
    assert single.startswith("python  single ") and batch.startswith("python  batch  ")
    assert single.split()[-1] == batch.split()[-1]
    assert pathlib.Path(south_german.__file__).parent.name == "examples"
