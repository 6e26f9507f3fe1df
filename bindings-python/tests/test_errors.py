import pickle

import pytest

import scoreline as sl
from scoreline import _scoreline, errors


def test_each_code_has_its_class_and_python_relative():
    relatives = {
        "invalid_config": ("ConfigError", ValueError),
        "invalid_data": ("DataError", ValueError),
        "insufficient_data": ("InsufficientDataError", ValueError),
        "not_converged": ("ConvergenceError", Exception),
        "incompatible": ("IncompatibleError", Exception),
        "artefact": ("ArtefactError", Exception),
        "io": ("IoError", OSError),
        "internal": ("InternalError", RuntimeError),
    }
    assert {code: error.__name__ for code, error in errors.BY_CODE.items()} == {
        code: name for code, (name, _) in relatives.items()
    }
    for code, (name, relative) in relatives.items():
        error = getattr(sl, name)
        assert issubclass(error, relative) and issubclass(error, sl.ScorelineError)
        assert error.code == code


@pytest.mark.parametrize("error", errors.BY_CODE.values())
def test_an_error_survives_the_way_to_another_process(error):
    problem = {"field": "income", "row": 3, "position": None, "what": "a number was expected", "remedy": "pass one"}
    there = pickle.loads(pickle.dumps(error("what happened", [problem])))
    assert type(there) is error
    assert str(there) == "what happened"
    assert there.problems == [problem]


def test_convergence_tells_how_far_it_came():
    error = sl.ConvergenceError("limit reached")
    assert (error.iterations, error.gradient) == (None, None)


def test_the_native_side_raises_with_problems_and_without_the_value():
    with pytest.raises(sl.DataError) as raised:
        _scoreline.parse_date("2024-02-30")
    assert raised.value.code == "invalid_data"
    (problem,) = raised.value.problems
    assert problem["field"] is None and problem["row"] is None and problem["position"] is None
    assert problem["what"] in str(raised.value) and problem["remedy"] in str(raised.value)
    assert "2024-02-30" not in str(raised.value)


def test_python_s_own_errors_pass_through():
    with pytest.raises(TypeError):
        _scoreline.parse_date(20240230)
