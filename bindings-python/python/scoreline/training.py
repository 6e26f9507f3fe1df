"""Training as a state machine: a few passes over the data, wherever they are. Spark and Ray run these calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from . import _scoreline
from .config import Config
from .pipeline import Pipeline


class Pass:
    """One pass over the data, sent to wherever the data are; it can be pickled."""

    def __init__(self, native: _scoreline.Pass) -> None:
        self._native = native

    @property
    def name(self) -> str:
        """What the pass is for: ``profile``, ``newton`` or ``grade``."""
        return self._native.name

    def observe(self, data: object, threads: int = 0) -> bytes:
        """Summarises the rows of ``data``; the forms are those of :func:`scoreline.fit`."""
        return self._native.observe(data, threads)

    def observe_stream(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Summarises each record batch, as Spark's ``mapInArrow(work.observe_stream, "summary binary")`` asks for.

        Uses the calling thread only, as is right for a worker. Needs pyarrow.
        """
        import pyarrow

        for batch in batches:
            summary = self.observe(batch, threads=1)
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array([summary], pyarrow.binary())], ["summary"])

    def __reduce__(self) -> tuple[Any, ...]:
        return _pass_from_json, (self._native.to_json(),)

    def __repr__(self) -> str:
        return f"<scoreline.Pass: {self.name}>"


class Trainer:
    """Learns a pipeline in a few passes over the data. The result is that of :func:`scoreline.fit`, byte for byte.

    >>> trainer = Trainer(config)                                      # doctest: +SKIP
    >>> while (work := trainer.next_pass()) is not None:               # doctest: +SKIP
    ...     trainer.advance(merge(work.observe(part) for part in parts))
    >>> pipeline = trainer.finish()                                    # doctest: +SKIP

    ``config`` must hold a schema; :meth:`scoreline.Config.with_schema_of` makes one from a sample of the data.
    """

    def __init__(self, config: Config) -> None:
        self._native = _scoreline.Trainer(config.to_json())

    def next_pass(self) -> Pass | None:
        """The pass that the data are needed for next; ``None`` when the training is done."""
        native = self._native.next_pass()
        return None if native is None else Pass(native)

    def advance(self, summary: bytes) -> None:
        """Takes what the current pass saw of all rows. On an error the training stays where it was."""
        self._native.advance(summary)

    def finish(self) -> Pipeline:
        """The fitted pipeline; the training ends with it."""
        return Pipeline(self._native.finish())


def merge(summaries: Iterable[Any]) -> bytes:
    """Merges what :meth:`Pass.observe` returned, in any order: bytes, or rows with one value of bytes each."""
    parts = (row if isinstance(row, (bytes, bytearray)) else row[0] for row in summaries)
    return _scoreline.merge([bytes(part) for part in parts])


def _pass_from_json(text: str) -> Pass:
    return Pass(_scoreline.Pass.from_json(text))
