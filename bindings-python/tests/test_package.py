import pathlib

import scoreline as sl


def test_version_is_the_released_one():
    assert sl.__version__ == sl.version()
    assert sl.version().count(".") == 2


def test_everything_exported_exists_and_is_typed():
    package = pathlib.Path(sl.__file__).parent
    assert (package / "py.typed").exists()
    assert all(hasattr(sl, name) for name in sl.__all__)
