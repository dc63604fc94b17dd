"""The life and death of the engine's worker: a played one, and a clock that is moved by hand."""

from __future__ import annotations

import pytest

from cowrite.assist.engine.asking import Answered, Cancelled, Died, Failed, Phase, SwitchedOff, Wish
from cowrite.assist.engine.contact import CANCEL_WITHIN, HELLO_WITHIN, PING_EVERY, PONG_WITHIN
from cowrite.assist.engine.deaths import ILLEGAL_INSTRUCTION, WITHIN
from cowrite.assist.engine.engine import IDLE
from cowrite.assist.engine.problems import Reason, no_engine
from helpers.engine_seat import EngineSeat, completion, generation, reasons


def test_an_idle_worker_is_not_disturbed(ready: EngineSeat) -> None:
    ready.pass_time(IDLE - 1)
    assert "ping" not in ready.kinds


def test_a_busy_worker_is_asked_whether_it_lives_and_killed_when_it_does_not_say_so(ready: EngineSeat) -> None:
    number = ready.engine.submit(generation())
    ready.pass_time(PING_EVERY)
    ready.say("pong", ready.last["id"])
    ready.pass_time(PING_EVERY)
    assert ready.kinds.count("ping") == 2
    ready.pass_time(PONG_WITHIN)
    assert ready.wishes[-1] is Wish.KILL
    assert isinstance(ready.new_events()[-1], Died)
    ready.die()
    ready.hello()
    ready.loaded()
    ready.done()
    assert Answered(number, completion()) in ready.new_events()


def test_whatever_the_worker_says_counts_as_a_sign_of_life(ready: EngineSeat) -> None:
    ready.engine.submit(generation())
    ready.pass_time(PING_EVERY + PONG_WITHIN - 1)
    ready.token("slow")
    ready.pass_time(PONG_WITHIN)
    assert Wish.KILL not in ready.wishes


def test_a_worker_that_does_not_begin_is_killed(seat: EngineSeat) -> None:
    seat.engine.submit(generation())
    seat.pass_time(HELLO_WITHIN)
    assert seat.wishes == [Wish.START, Wish.KILL]


@pytest.mark.parametrize("line", [b"no json\n", b'{"type": "token"}\n', b'{"type": "token", "id": 2}\n', b"[1]\n"])
def test_a_worker_that_speaks_another_language_is_killed(ready: EngineSeat, line: bytes) -> None:
    ready.engine.submit(generation())
    ready.collect()
    ready.engine.receive(line)
    ready.collect()
    assert ready.wishes[-1] is Wish.KILL
    ready.engine.receive(b"more of it\n")
    ready.collect()
    assert ready.wishes.count(Wish.KILL) == 1


def test_a_death_before_the_first_word_has_the_request_asked_again_once(ready: EngineSeat) -> None:
    number = ready.engine.submit(generation())
    ready.die()
    (died,) = ready.new_events()
    assert isinstance(died, Died)
    assert (died.how, ready.wishes) == ("signal 9", [Wish.START, Wish.START])
    assert "it is being started again" in died.sentence
    ready.hello()
    ready.loaded()
    ready.die("signal 11")
    events = ready.new_events()
    assert reasons(events) == [Reason.DIED]
    assert ready.wishes == [Wish.START] * 2
    again = ready.engine.submit(generation())
    assert again != number
    ready.collect()
    assert ready.wishes == [Wish.START] * 3


def test_a_death_after_the_first_word_fails_the_request(ready: EngineSeat) -> None:
    number = ready.engine.submit(generation())
    ready.token("upon")
    ready.die()
    failed, died = ready.new_events()[1:]
    assert isinstance(failed, Failed)
    assert (failed.number, failed.problem.reason) == (number, Reason.DIED)
    assert isinstance(died, Died)
    assert "the next request starts it again" in died.sentence
    assert ready.wishes == [Wish.START]


def test_a_death_while_loading_has_the_load_tried_again_once(seat: EngineSeat) -> None:
    seat.engine.submit(generation())
    seat.hello()
    seat.die()
    seat.hello()
    assert seat.kinds == ["load", "load"]
    seat.die()
    assert reasons(seat.new_events()) == [Reason.DIED]
    assert seat.wishes == [Wish.START] * 2


@pytest.mark.parametrize("how", ILLEGAL_INSTRUCTION)
def test_failure_1_an_engine_for_another_processor_is_not_started_again_and_again(ready: EngineSeat, how: str) -> None:
    ready.engine.submit(generation())
    ready.die(how)
    events = ready.new_events()
    assert reasons(events) == [Reason.FOREIGN]
    assert isinstance(events[-1], SwitchedOff)
    assert "built for another processor" in events[-1].sentence
    assert "bootstrap.py setup" in events[-1].sentence
    assert ready.engine.phase is Phase.OFF


def test_three_deaths_in_five_minutes_switch_the_assistant_off(ready: EngineSeat) -> None:
    for index in range(3):
        if index:
            ready.engine.submit(generation())
            ready.hello()
            ready.loaded()
        ready.engine.submit(generation())
        ready.token("upon")
        ready.pass_time(60)
        ready.die()
    events = ready.new_events()
    assert sum(isinstance(event, Died) for event in events) == 2
    assert isinstance(events[-1], SwitchedOff)
    assert "three times within five minutes" in events[-1].sentence
    assert ready.engine.phase is Phase.OFF
    wishes = list(ready.wishes)
    ready.engine.submit(generation())
    assert reasons(ready.new_events()) == [Reason.OFF]
    assert ready.wishes == wishes
    ready.engine.switch_on()
    ready.engine.submit(generation())
    ready.collect()
    assert ready.wishes == [*wishes, Wish.START]


@pytest.mark.parametrize(("seconds", "is_off"), [(299.0, True), (301.0, False)])
def test_three_deaths_count_where_five_minutes_hold_them(ready: EngineSeat, seconds: float, is_off: bool) -> None:
    for wait in (0, seconds / 2, seconds / 2):
        ready.pass_time(wait)
        ready.ready()
        ready.engine.submit(generation())
        ready.token("upon")
        ready.die()
    assert any(isinstance(event, SwitchedOff) for event in ready.new_events()) is is_off
    assert (ready.engine.phase is Phase.OFF) is is_off


def test_deaths_that_lie_far_apart_do_not_switch_it_off(ready: EngineSeat) -> None:
    for _ in range(5):
        ready.engine.submit(generation())
        ready.token("upon")
        ready.die()
        assert not any(isinstance(event, SwitchedOff) for event in ready.new_events())
        ready.pass_time(WITHIN / 2 + 1)
        ready.ready()


def test_a_process_that_cannot_be_started_is_said_and_tried_again_by_the_next_request(seat: EngineSeat) -> None:
    seat.engine.submit(generation())
    seat.engine.not_started()
    assert reasons(seat.new_events()) == [Reason.NOT_STARTED]
    seat.engine.submit(generation())
    seat.collect()
    assert seat.wishes == [Wish.START] * 2


def test_closing_cancels_everything_and_has_the_worker_go(ready: EngineSeat) -> None:
    numbers = [ready.engine.submit(generation()) for _ in range(2)]
    ready.engine.close()
    assert sorted(event.number for event in ready.new_events() if isinstance(event, Cancelled)) == numbers
    assert ready.wishes[-1] is Wish.CLOSE
    ready.die("exit status 0")
    assert ready.new_events() == []
    assert ready.engine.next_tick() is None


def test_a_worker_that_does_not_go_is_killed(ready: EngineSeat) -> None:
    ready.engine.close()
    ready.pass_time(CANCEL_WITHIN)
    assert ready.wishes[-2:] == [Wish.CLOSE, Wish.KILL]


def test_a_request_after_closing_starts_another_worker_when_the_first_has_gone(ready: EngineSeat) -> None:
    ready.engine.close()
    ready.engine.submit(generation())
    ready.collect()
    assert ready.wishes == [Wish.START, Wish.CLOSE]
    ready.die("exit status 0")
    assert ready.wishes == [Wish.START, Wish.CLOSE, Wish.START]


def test_without_an_engine_it_is_switched_off_at_once_with_the_workers_words_and_no_death_is_counted(
    seat: EngineSeat,
) -> None:
    sentence = no_engine("libgomp.so.1 is missing")
    for _ in range(2):
        numbers = [seat.engine.submit(generation()) for _ in range(2)]
        seat.hello()
        seat.say("failed", seat.last["id"], code="no-library", sentence=sentence)
        events = seat.new_events()
        assert [event.number for event in events if isinstance(event, Failed)] == numbers
        assert reasons(events) == [Reason.NO_ENGINE] * 2
        assert events[-1] == SwitchedOff("no-library", sentence)
        seat.engine.submit(generation())
        (failed,) = seat.new_events()
        assert isinstance(failed, Failed)
        assert str(failed.problem) == sentence
        assert seat.wishes == [Wish.START, Wish.CLOSE]  # the next process sees what is installed by then
        seat.die("exit status 0")
        assert seat.new_events() == []
        seat.engine.switch_on()
        seat.wishes.clear()
