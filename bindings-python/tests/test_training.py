"""Training in passes gives what `fit` gives, byte for byte, however rows are cut and summaries merged."""

import pickle
import random

import pyarrow as pa
import pytest

import scoreline as sl


def train(config, observe):
    trainer, names = sl.Trainer(config), []
    while (work := trainer.next_pass()) is not None:
        names.append(work.name)
        trainer.advance(observe(pickle.loads(pickle.dumps(work))))
    return trainer.finish(), names


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_summaries_of_shuffled_rows_give_the_same_file(table, config, pipeline, seed):
    chance = random.Random(seed)
    order = list(range(table.num_rows))
    chance.shuffle(order)
    cuts = [0, *sorted(chance.sample(range(1, 1000), 6)), 1000]
    parts = [table.take(order[start:end]) for start, end in zip(cuts, cuts[1:])]

    def observe(work):
        summaries = [work.observe(part, threads=chance.choice([1, 2])) for part in parts]
        chance.shuffle(summaries)
        return sl.merge([sl.merge(summaries[:3]), *summaries[3:]])

    trained, names = train(config, observe)
    assert names[0] == "profile" and names[-1] == "grade" and set(names[1:-1]) == {"newton"}
    assert trained.to_json() == pipeline.to_json()


def test_spark_s_way_through_record_batches(table, config, pipeline):
    def observe(work):
        batches = iter(table.to_batches(max_chunksize=300))
        summaries = list(work.observe_stream(batches))
        assert all(batch.schema == pa.schema([("summary", pa.binary())]) for batch in summaries)
        # Spark collects rows, which are tuples, with bytearrays.
        return sl.merge((bytearray(value),) for batch in summaries for value in batch["summary"].to_pylist())

    trained, _ = train(config, observe)
    assert trained.to_json() == pipeline.to_json()
    assert list(sl.Trainer(config).next_pass().observe_stream(iter([]))) == [], "an empty partition"


def test_what_does_not_belong_together_is_refused(table, config, small):
    trainer = sl.Trainer(config)
    work = trainer.next_pass()
    summary = work.observe(table)
    other = sl.Trainer(sl.Config("bad").with_schema_of(small)).next_pass().observe(small)
    for wrong in (lambda: sl.merge([summary, other]), lambda: trainer.advance(other), lambda: trainer.advance(b"{}"), lambda: sl.merge([b"\xff"])):
        with pytest.raises(sl.IncompatibleError):
            wrong()
    with pytest.raises(sl.IncompatibleError, match="not done"):
        trainer.finish()
    trainer.advance(summary)
    with pytest.raises(sl.IncompatibleError):
        trainer.advance(summary)
    with pytest.raises(sl.InsufficientDataError):
        sl.merge([])
    assert "newton" in repr(trainer.next_pass())


def test_a_trainer_needs_a_schema_and_ends_with_its_pipeline(small):
    with pytest.raises(sl.ConfigError, match="schema"):
        sl.Trainer(sl.Config("bad"))
    config = sl.Config("bad").with_schema_of(small)
    trainer = sl.Trainer(config)
    while (work := trainer.next_pass()) is not None:
        trainer.advance(work.observe(small))
    assert trainer.finish().to_json() == sl.fit(small, config).to_json()
    with pytest.raises(sl.IncompatibleError, match="finished before"):
        trainer.next_pass()


def test_rows_in_errors_count_over_the_chunks_of_one_call(small):
    config = sl.Config("bad").with_schema_of(small)
    bad = [*small["bad"][:-1], 7.0]
    chunked = pa.Table.from_batches(pa.table(small | {"bad": bad}).to_batches(max_chunksize=90))
    with pytest.raises(sl.DataError) as raised:
        sl.Trainer(config).next_pass().observe(chunked)
    assert raised.value.problems[0]["row"] == 399
