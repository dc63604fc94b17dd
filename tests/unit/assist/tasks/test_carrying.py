"""Jobs that are carried out with a played worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from cowrite.assist.engine.asking import Preparing
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.requests import Lane, Model, Scores, Token
from cowrite.assist.tasks.carrying import Begun, Carrier, Done, NotDone, ReadingOn, StepDone, Stopped, Void
from cowrite.assist.tasks.jobs import MANY, Job, Progress, generate, one_by_one
from cowrite.errors import CowriteError
from helpers.carried import a_generation, in_steps, written
from helpers.engine_seat import USAGE, EngineSeat, completion, generation


@pytest.fixture
def seat() -> EngineSeat:
    seat = EngineSeat()
    seat.ready()
    return seat


def hand_over(seat: EngineSeat, carrier: Carrier[object]) -> None:
    for event in seat.new_events():
        if carrier.concerns(event):
            carrier.take(event)
    seat.collect()


def test_a_job_is_carried_out_step_by_step(seat: EngineSeat) -> None:
    carrier = Carrier(seat.engine, in_steps)
    hand_over(seat, carrier)
    assert carrier.take_news() == [Begun(), Progress(0, 2, "Writing")]
    seat.say("prefill", seat.last["id"], done=1, total=3)
    seat.token("upon ")
    seat.token("a time")
    seat.done()
    hand_over(seat, carrier)
    assert carrier.take_news() == [
        ReadingOn(1, 3),
        Token("upon "),
        Token("a time"),
        StepDone(completion()),
        Progress(1, 2, "Judging"),
    ]
    seat.say("scored", seat.last["id"], scores=asdict(Scores((-1.0, -2.0), (1, 1), USAGE)))
    hand_over(seat, carrier)
    assert carrier.take_news() == [Done(("Small", "upon a time", 2))]
    assert carrier.is_over


def test_a_job_is_at_the_model_when_what_it_asks_waits_behind_nothing(seat: EngineSeat) -> None:
    first, second = Carrier(seat.engine, written()), Carrier(seat.engine, written())
    assert (first.is_at_work, second.is_at_work) == (True, False)
    seat.done()
    hand_over(seat, first)
    assert (first.is_at_work, second.is_at_work) == (False, True)


def test_a_job_that_reads_a_long_text_by_itself_does_not_wait(seat: EngineSeat) -> None:
    Carrier(seat.engine, written())  # the worker is at it
    held: list[Callable[[], None]] = []
    carrier = Carrier(seat.engine, written(), advance=lambda work, then: held.append(lambda: then(work())))
    assert carrier.is_at_work
    held.pop()()
    assert not carrier.is_at_work


def test_a_job_that_is_made_already_needs_no_model_to_begin() -> None:
    seat = EngineSeat()
    carrier = Carrier(seat.engine, written())
    seat.hello()
    seat.loaded()
    seat.done()
    hand_over(seat, carrier)
    assert carrier.take_news()[-1] == Done("upon a time")


def test_a_job_that_asks_nothing_has_its_result_at_once(seat: EngineSeat) -> None:
    def nothing() -> Job[int]:
        yield Progress(0, 1, "Counting")
        return 3

    assert Carrier(seat.engine, nothing()).take_news() == [Progress(0, 1, "Counting"), Done(3)]
    assert seat.kinds == ["load"]


def test_only_what_a_person_watches_is_told_as_it_is_written(seat: EngineSeat) -> None:
    def quiet() -> Job[str]:
        found = yield from generate(a_generation(is_shown=False))
        return found.text

    carrier = Carrier(seat.engine, quiet())
    seat.token("upon")
    seat.done()
    hand_over(seat, carrier)
    assert carrier.take_news() == [Done("upon a time")]


def test_the_pace_is_that_of_writing_without_reading_and_judging(seat: EngineSeat) -> None:
    carrier = Carrier(seat.engine, in_steps)
    hand_over(seat, carrier)
    assert carrier.pace is None
    seat.done()
    hand_over(seat, carrier)
    slow = replace(USAGE, seconds=60.0)
    seat.say("scored", seat.last["id"], scores=asdict(Scores((-1.0, -2.0), (1, 1), slow)))
    hand_over(seat, carrier)
    assert carrier.is_over
    assert carrier.pace == pytest.approx((USAGE.generated - 1) / (USAGE.seconds - 0.1))


def test_a_failure_is_raised_in_the_job_which_may_go_another_way(seat: EngineSeat) -> None:
    def careful() -> Job[str]:
        try:
            found = yield from generate(a_generation())
        except AssistantProblem:
            found = yield from generate(generation(text="shorter"))
        return found.text

    carrier = Carrier(seat.engine, careful())
    seat.collect()
    seat.say("failed", seat.last["id"], code="too-long", sentence="Too long.")
    hand_over(seat, carrier)
    seat.done()
    hand_over(seat, carrier)
    assert carrier.take_news()[-1] == Done("upon a time")


def test_a_failure_that_the_job_does_not_expect_is_the_outcome(seat: EngineSeat) -> None:
    carrier = Carrier(seat.engine, written())
    seat.collect()
    seat.say("failed", seat.last["id"], code="too-long", sentence="Too long.")
    hand_over(seat, carrier)
    (outcome,) = carrier.take_news()
    assert isinstance(outcome, NotDone)
    assert str(outcome.problem) == "Too long."


def test_a_model_that_is_not_there_is_the_outcome_of_a_job_that_cannot_be_made() -> None:
    seat = EngineSeat(source=None)
    carrier = Carrier(seat.engine, in_steps)
    hand_over(seat, carrier)
    (outcome,) = carrier.take_news()
    assert isinstance(outcome, NotDone)
    assert isinstance(outcome.problem, AssistantProblem)
    assert outcome.problem.reason is Reason.NO_MODEL


def test_a_job_can_say_that_there_is_nothing_to_do(seat: EngineSeat) -> None:
    def none(_model: Model) -> Job[str]:
        raise CowriteError("There is no text to summarise.")

    carrier = Carrier(seat.engine, none)
    hand_over(seat, carrier)
    (outcome,) = carrier.take_news()
    assert isinstance(outcome, NotDone)
    assert str(outcome.problem) == "There is no text to summarise."


def test_stopping_closes_the_job_and_cancels_what_the_worker_has(seat: EngineSeat) -> None:
    closed = []

    def long() -> Job[str]:
        try:
            found = yield from generate(a_generation())
        finally:
            closed.append(True)
        return found.text

    carrier = Carrier(seat.engine, long())
    seat.token("upon")
    hand_over(seat, carrier)
    carrier.stop()
    assert closed
    assert seat.last["type"] == "cancel"
    seat.token("late")
    seat.done()
    hand_over(seat, carrier)
    assert carrier.take_news() == [Token("upon"), Stopped()]
    carrier.stop()
    assert carrier.take_news() == []


def test_a_job_that_is_stopped_while_it_reads_many_things_reads_few_more(seat: EngineSeat) -> None:
    waiting, known = [], []

    def read(number: int) -> None:
        known.append(number)
        if number == MANY // 2:
            carrier.stop()

    job = one_by_one(read, range(9 * MANY), "Reading")
    carrier = Carrier(seat.engine, job, advance=lambda work, then: waiting.append((work, then)))
    ((work, then),) = waiting
    then(work())
    assert len(known) == MANY
    assert carrier.take_news() == [Stopped()]
    assert job.gi_frame is None


def test_a_job_that_goes_on_by_itself_fails_when_another_model_is_chosen(seat: EngineSeat) -> None:
    held: list[Callable[[], None]] = []
    carrier = Carrier(seat.engine, written(), advance=lambda work, then: held.append(lambda: then(work())))
    carrier.change()
    (outcome,) = carrier.take_news()
    assert isinstance(outcome, NotDone)
    assert isinstance(outcome.problem, AssistantProblem)
    assert outcome.problem.reason is Reason.CHANGED
    held.pop()()
    assert not carrier.take_news()


def test_a_suggestion_whose_place_another_took_is_stopped(seat: EngineSeat) -> None:
    old = Carrier(seat.engine, written(lane=Lane.GHOST))
    Carrier(seat.engine, written(lane=Lane.GHOST))
    seat.done()
    hand_over(seat, old)
    assert old.take_news() == [Stopped()]


def test_what_was_written_is_void_when_background_work_begins_again(seat: EngineSeat) -> None:
    carrier = Carrier(seat.engine, written(lane=Lane.BACKGROUND))
    seat.token("half")
    Carrier(seat.engine, written())
    seat.say("failed", seat.messages[1]["id"], code="cancelled", sentence="It was cancelled.")
    hand_over(seat, carrier)
    assert carrier.take_news() == [Token("half"), Void()]


def test_a_mistake_in_a_job_is_not_hidden_and_nobody_waits_for_it(seat: EngineSeat) -> None:
    def broken() -> Job[str]:
        yield from generate(a_generation())
        raise ZeroDivisionError

    carrier = Carrier(seat.engine, broken())
    seat.done()
    with pytest.raises(ZeroDivisionError):
        hand_over(seat, carrier)
    outcome = carrier.take_news()[-1]
    assert isinstance(outcome, NotDone)
    assert isinstance(outcome.problem, AssistantProblem)
    assert outcome.problem.reason is Reason.BROKEN


def test_the_model_is_asked_for_in_the_lane_of_the_job(seat: EngineSeat) -> None:
    seat.engine.close()
    seat.die("exit status 0")
    Carrier(seat.engine, in_steps, Lane.GHOST)
    later = seat.engine.submit(Preparing(Lane.GHOST))
    assert later
    assert len(seat.new_events()) == 1
