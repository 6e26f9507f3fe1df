"""The search for the best card."""

import pytest

import scoreline as sl


def test_the_winner_is_what_its_configuration_gives(table, config):
    auto = sl.Auto(max_candidates=4, folds=3, interpretable_only=True, seconds=20.0)
    found = sl.search(table, config, auto)
    assert len(found.leaderboard) == 4
    assert [trial["status"] for trial in found.leaderboard].count("won") == 1
    assert all(trial["reason"] for trial in found.leaderboard)
    assert found.pipeline.hash == sl.fit(table, found.config).hash
    again = sl.search(table, config, auto, threads=1)
    assert (again.pipeline.hash, str(again)) == (found.pipeline.hash, str(found))


def test_settings_out_of_range_are_refused_together(table, config):
    with pytest.raises(sl.ConfigError) as caught:
        sl.search(table, config, sl.Auto(folds=1, max_candidates=0))
    assert len(caught.value.problems) == 2
