"""Vectors of texts as a job, and the engine that asks for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.assist.engine.asking import Answered, ModelFile, Phase, Unloaded
from cowrite.assist.engine.engine import IDLE
from cowrite.assist.engine.problems import Reason
from cowrite.assist.engine.wire import encoding_of, plain_vectors
from cowrite.assist.requests import Encoding, Lane, Vectors
from cowrite.assist.tasks.embedding import AT_ONCE, MOST, likeness, vectors
from helpers.engine_seat import MODEL, USAGE, EngineSeat, completion, generation
from helpers.played_model import PlayedModel

ENCODING = Encoding(Lane.PANEL, "encoder.gguf", ("a bench", "rain"))
ROWS = Vectors(((1.0, 0.0), (0.0, 1.0)), USAGE)


def one_each(step: Encoding) -> Vectors:
    return Vectors(tuple((float(len(text)), 0.0) for text in step.texts), USAGE)


def test_each_text_gets_its_vector_and_one_that_comes_twice_is_computed_once() -> None:
    played = PlayedModel(one_each)
    assert played.carry_out(vectors("encoder.gguf", ["aa", "b", "aa"])) == [(2.0, 0.0), (1.0, 0.0), (2.0, 0.0)]
    assert [step.texts for step in played.steps if isinstance(step, Encoding)] == [("aa", "b")]


def test_many_texts_are_asked_for_in_portions_with_progress() -> None:
    played = PlayedModel(one_each)
    texts = [f"{number:04}" for number in range(2 * AT_ONCE + 1)]
    assert len(played.carry_out(vectors("encoder.gguf", texts, Lane.BACKGROUND))) == len(texts)
    assert [len(step.texts) for step in played.steps if isinstance(step, Encoding)] == [AT_ONCE, AT_ONCE, 1]
    assert [progress.done for progress in played.progress] == [0, AT_ONCE, 2 * AT_ONCE]


def test_of_a_very_long_text_only_the_beginning_is_sent() -> None:
    assert PlayedModel(one_each).carry_out(vectors("encoder.gguf", ["a" * MOST * 2])) == [(float(MOST), 0.0)]


def test_the_same_texts_are_alike_and_others_are_not() -> None:
    assert likeness((0.6, 0.8), (0.6, 0.8)) == pytest.approx(1)
    assert likeness((1.0, 0.0), (0.0, 1.0)) == 0


@pytest.fixture
def seat() -> EngineSeat:
    return EngineSeat(source=None)


def test_vectors_need_no_model_that_writes(seat: EngineSeat) -> None:
    number = seat.engine.submit(ENCODING)
    seat.hello()
    assert seat.kinds == ["encode"]
    assert encoding_of(seat.last["encoding"]) == ENCODING
    seat.say("encoded", seat.last["id"], vectors=plain_vectors(ROWS))
    assert seat.new_events() == [Answered(number, ROWS)]


def test_a_text_that_is_to_be_written_without_a_model_fails_alone(seat: EngineSeat) -> None:
    writing, comparing = seat.engine.submit(generation()), seat.engine.submit(ENCODING)
    seat.hello()
    (failed,) = seat.new_events()
    assert (failed.number, failed.problem.reason) == (writing, Reason.NO_MODEL)  # type: ignore[union-attr]
    seat.say("encoded", seat.last["id"], vectors=plain_vectors(ROWS))
    assert seat.new_events() == [Answered(comparing, ROWS)]


def test_what_gives_vectors_is_put_out_too_when_nothing_was_asked_for_ten_minutes(seat: EngineSeat) -> None:
    seat.engine.submit(ENCODING)
    seat.hello()
    seat.say("encoded", seat.last["id"], vectors=plain_vectors(ROWS))
    seat.pass_time(IDLE)
    assert seat.kinds == ["encode", "unload"]
    seat.say("unloaded", seat.last["id"])
    assert Unloaded() in seat.new_events()
    assert seat.engine.next_tick() is None
    assert seat.engine.phase is Phase.ASLEEP


def test_vectors_are_asked_for_while_another_model_is_still_to_be_loaded() -> None:
    seat = EngineSeat()
    seat.ready()
    seat.engine.use(ModelFile("large.gguf", "Large"))
    seat.engine.submit(ENCODING)
    assert seat.kinds == ["load", "unload"]  # of the one before
    seat.say("unloaded", seat.last["id"])
    assert seat.kinds == ["load", "unload", "encode"]
    seat.say("encoded", seat.last["id"], vectors=plain_vectors(ROWS))
    number = seat.engine.submit(generation())
    assert seat.kinds == ["load", "unload", "encode", "load"]
    seat.loaded(replace(MODEL, name="Large"))
    seat.done()
    assert Answered(number, completion()) in seat.new_events()
