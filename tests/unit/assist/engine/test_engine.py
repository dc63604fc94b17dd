"""The engine with a played worker and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import asdict, replace

from cowrite.assist.engine.asking import (
    Answered,
    Calibrating,
    Cancelled,
    Died,
    Endpoint,
    Failed,
    Loaded,
    Loading,
    ModelFile,
    Phase,
    Preparing,
    Reading,
    Restarted,
    Unloaded,
    Wish,
    Wrote,
)
from cowrite.assist.engine.contact import CANCEL_WITHIN
from cowrite.assist.engine.engine import IDLE
from cowrite.assist.engine.problems import Reason
from cowrite.assist.engine.wire import VERSION
from cowrite.assist.requests import Calibration, Completing, Ending, Lane, Scores, Scoring, Token, Words
from helpers.engine_seat import FILE, MODEL, EngineSeat, completion, generation, reasons

# From the first request to the answer


def test_no_process_is_wanted_before_the_first_request(seat: EngineSeat) -> None:
    seat.collect()
    assert not seat.wishes
    assert seat.engine.next_tick() is None
    assert seat.engine.phase is Phase.ASLEEP


def test_the_first_request_starts_the_worker_loads_the_model_and_is_asked(seat: EngineSeat) -> None:
    number = seat.engine.submit(generation())
    seat.collect()
    assert seat.wishes == [Wish.START]
    assert seat.messages == []
    assert seat.engine.phase is Phase.STARTING
    seat.hello()
    assert seat.last["type"] == "load"
    assert (seat.last["path"], seat.last["name"], seat.last["sha256"]) == (FILE.path, FILE.name, FILE.sha256)
    assert "flash" not in seat.last
    assert seat.engine.phase is Phase.LOADING
    seat.say("loading", seat.last["id"], fraction=0.25)
    seat.loaded()
    assert seat.last["type"] == "generate"
    seat.say("prefill", seat.last["id"], done=1, total=3)
    assert seat.engine.phase is Phase.READING
    seat.token("upon")
    assert seat.engine.phase is Phase.WRITING
    seat.done()
    assert seat.new_events() == [
        Loading(0.25),
        Loaded(replace(MODEL, sha256=FILE.sha256)),
        Reading(number, 1, 3),
        Wrote(number, Token("upon")),
        Answered(number, completion()),
    ]
    assert seat.engine.phase is Phase.READY
    assert seat.engine.model == replace(MODEL, sha256=FILE.sha256)


def test_what_was_measured_of_a_model_and_its_hash_are_told_when_it_is_loaded(seat: EngineSeat) -> None:
    seat.engine.use(ModelFile("model.gguf", "Model", "ab" * 32, threads=2, batch=64, flash=True))
    seat.engine.submit(generation())
    seat.collect()
    seat.hello()
    told = {name: seat.last[name] for name in ("threads", "batch", "flash", "sha256")}
    assert told == {"threads": 2, "batch": 64, "flash": True, "sha256": "ab" * 32}


def test_the_second_request_finds_the_model_loaded(ready: EngineSeat) -> None:
    ready.engine.submit(generation())
    assert ready.kinds == ["load", "generate"]


def test_scores_and_a_calibration_are_answers_too(ready: EngineSeat) -> None:
    scored = ready.engine.submit(Scoring(Lane.PANEL, Completing((Words("a"),)), ("b", "c")))
    scores = Scores((-1.0, -2.0), (1, 1), completion().usage)
    ready.say("scored", ready.last["id"], scores=asdict(scores))
    calibrated = ready.engine.submit(Calibrating())
    ready.say("calibrated", ready.last["id"], threads=2, batch=64, flash=True, rates={"1": 3.5})
    assert ready.new_events() == [
        Answered(scored, scores),
        Answered(calibrated, Calibration(2, 64, True, {"1": 3.5})),
    ]


def test_preparing_is_answered_by_the_model_and_asks_the_worker_nothing_more(ready: EngineSeat) -> None:
    number = ready.engine.submit(Preparing())
    assert ready.new_events() == [Answered(number, replace(MODEL, sha256=FILE.sha256))]
    assert ready.kinds == ["load"]


def test_an_endpoint_is_attached_and_its_key_is_not_shown(seat: EngineSeat) -> None:
    endpoint = Endpoint("http://here:8080/v1", "Large", key="hush")
    seat.engine.use(endpoint)
    seat.engine.submit(Preparing())
    seat.hello()
    assert seat.last["type"] == "attach"
    assert (seat.last["url"], seat.last["key"], seat.last["name"]) == (endpoint.url, "hush", "Large")
    assert "hush" not in repr(endpoint)


def test_a_request_without_a_model_fails_with_what_to_do(seat: EngineSeat) -> None:
    seat.engine.use(None)
    seat.engine.submit(generation())
    (failed,) = seat.new_events()
    assert isinstance(failed, Failed)
    assert failed.problem.reason is Reason.NO_MODEL
    assert seat.wishes == []


def test_what_the_worker_refuses_fails_with_its_words_and_the_next_request_is_asked(ready: EngineSeat) -> None:
    first, second = ready.engine.submit(generation()), ready.engine.submit(generation(text="Twice"))
    ready.say("failed", ready.last["id"], code="too-long", sentence="The text is too long.")
    (failed,) = ready.new_events()
    assert isinstance(failed, Failed)
    assert (failed.number, failed.problem.code, str(failed.problem)) == (first, "too-long", "The text is too long.")
    ready.done()
    assert ready.new_events() == [Answered(second, completion())]


def test_a_model_that_cannot_be_loaded_fails_what_waits_for_it_and_by_itself_by_the_next(seat: EngineSeat) -> None:
    seat.engine.submit(generation(Lane.BACKGROUND))
    seat.engine.submit(generation())
    seat.hello()
    seat.say("failed", seat.last["id"], code="memory", sentence="It needs 4 GB and 2 GB are free.")
    events = seat.new_events()
    assert reasons(events) == [Reason.NOT_LOADED] * 2
    assert {str(event.problem) for event in events if isinstance(event, Failed)} == {"It needs 4 GB and 2 GB are free."}
    seat.engine.submit(generation())
    assert seat.kinds == ["load", "load"]
    assert seat.wishes == [Wish.START]


def test_a_worker_of_another_version_is_sent_away(seat: EngineSeat) -> None:
    seat.engine.submit(generation())
    seat.say("hello", version=VERSION + 1, engine="old", pid=1)
    assert reasons(seat.new_events()) == [Reason.MIXED]
    assert seat.wishes == [Wish.START, Wish.CLOSE]


# Beside somebody who types


def test_a_worker_at_work_hears_now_and_again_that_somebody_types(ready: EngineSeat) -> None:
    assert not ready.engine.give_way(), "nothing is in their way"
    ready.engine.submit(generation(Lane.PANEL))
    for _ in range(5):  # keys, each a tenth of a second after the other
        ready.engine.give_way()
        ready.now += 0.1
    assert ready.kinds.count("typing") == 2
    ready.done()
    assert not ready.engine.give_way()


# One at a time, the most urgent first


def test_one_request_is_with_the_worker_and_the_most_urgent_comes_next(ready: EngineSeat) -> None:
    order = [
        ready.engine.submit(generation(lane, str(index)))
        for index, lane in enumerate((Lane.PANEL, Lane.BACKGROUND, Lane.PANEL, Lane.GHOST))
    ]
    served = []
    for _ in order:
        assert ready.kinds.count("generate") == len(served) + 1
        ready.done()
        served += [event.number for event in ready.new_events() if isinstance(event, Answered)]
    assert served == [order[0], order[3], order[2], order[1]]


def test_a_suggestion_that_waits_is_replaced_by_the_next_one(ready: EngineSeat) -> None:
    ready.engine.submit(generation(Lane.PANEL))
    old = ready.engine.submit(generation(Lane.GHOST, "a"))
    new = ready.engine.submit(generation(Lane.GHOST, "ab"))
    assert ready.new_events() == [Cancelled(old)]
    ready.done()
    ready.done()
    assert Answered(new, completion()) in ready.new_events()


def test_a_suggestion_that_is_being_written_is_cancelled_by_the_next_one(ready: EngineSeat) -> None:
    old = ready.engine.submit(generation(Lane.GHOST, "a"))
    asked = ready.last["id"]
    new = ready.engine.submit(generation(Lane.GHOST, "ab"))
    assert (ready.last["type"], ready.last["id"]) == ("cancel", asked)
    ready.token("late")
    ready.done(completion("late", Ending.CANCELLED))
    assert ready.new_events() == [Cancelled(old)]
    ready.done()
    assert ready.new_events() == [Answered(new, completion())]


def test_background_work_gives_way_and_is_asked_again_from_the_start(ready: EngineSeat) -> None:
    long = ready.engine.submit(generation(Lane.BACKGROUND, "long"))
    ready.token("half")
    urgent = ready.engine.submit(generation(Lane.PANEL, "urgent"))
    assert ready.last["type"] == "cancel"
    ready.done(completion("half", Ending.CANCELLED))
    assert ready.last["generation"]["prompt"]["parts"] == [{"scaffold": "urgent"}]
    ready.done()
    assert ready.last["generation"]["prompt"]["parts"] == [{"scaffold": "long"}]
    ready.done()
    assert ready.new_events() == [
        Wrote(long, Token("half")),
        Restarted(long),
        Answered(urgent, completion()),
        Answered(long, completion()),
    ]


def test_background_work_that_was_done_just_then_keeps_its_answer(ready: EngineSeat) -> None:
    long = ready.engine.submit(generation(Lane.BACKGROUND))
    ready.engine.submit(generation())
    ready.done()
    assert ready.new_events() == [Answered(long, completion())]


def test_background_work_does_not_give_way_to_other_background_work(ready: EngineSeat) -> None:
    ready.engine.submit(generation(Lane.BACKGROUND))
    ready.engine.submit(generation(Lane.BACKGROUND))
    assert ready.kinds == ["load", "generate"]


def test_work_that_gives_way_can_be_cancelled_all_the_same(ready: EngineSeat) -> None:
    long = ready.engine.submit(generation(Lane.BACKGROUND))
    ready.engine.submit(generation())
    ready.engine.cancel(long)
    ready.done(completion("", Ending.CANCELLED))
    assert ready.new_events() == [Cancelled(long)]
    assert ready.kinds == ["load", "generate", "cancel", "generate"]


# Cancelling


def test_a_request_that_waits_ends_at_once(ready: EngineSeat) -> None:
    ready.engine.submit(generation())
    waiting = ready.engine.submit(generation())
    ready.engine.cancel(waiting)
    assert ready.new_events() == [Cancelled(waiting)]
    assert "cancel" not in ready.kinds


def test_a_request_that_the_worker_has_ends_with_the_workers_word(ready: EngineSeat) -> None:
    number = ready.engine.submit(generation())
    ready.engine.cancel(number)
    assert ready.last["type"] == "cancel"
    assert ready.new_events() == []
    assert ready.engine.phase is Phase.STOPPING
    ready.say("failed", ready.messages[1]["id"], code="cancelled", sentence="It was cancelled.")
    assert ready.new_events() == [Cancelled(number)]
    ready.pass_time(CANCEL_WITHIN + 1)
    assert Wish.KILL not in ready.wishes


def test_a_worker_that_does_not_hear_a_cancel_is_killed_after_two_seconds(ready: EngineSeat) -> None:
    number, other = ready.engine.submit(generation()), ready.engine.submit(generation())
    ready.engine.cancel(number)
    ready.pass_time(1.9)
    assert Wish.KILL not in ready.wishes
    ready.pass_time(0.2)
    assert ready.wishes[-1] is Wish.KILL
    assert ready.new_events() == [Cancelled(number)]
    ready.die()
    assert ready.wishes[-1] is Wish.START
    ready.hello()
    ready.loaded()
    ready.done()
    events = ready.new_events()
    assert Answered(other, completion()) in events
    assert not any(isinstance(event, Died) for event in events)


def test_a_late_look_at_the_clock_gives_the_worker_time_to_be_heard(ready: EngineSeat) -> None:
    number = ready.engine.submit(generation())
    ready.engine.cancel(number)
    ready.now += 60
    ready.engine.tick()
    ready.done(completion("", Ending.CANCELLED))
    assert ready.new_events() == [Cancelled(number)]
    assert Wish.KILL not in ready.wishes


def test_a_lane_is_cancelled_as_a_whole(ready: EngineSeat) -> None:
    panel = [ready.engine.submit(generation()) for _ in range(2)]
    other = ready.engine.submit(generation(Lane.BACKGROUND))
    ready.engine.cancel_lane(Lane.PANEL)
    ready.done(completion("", Ending.CANCELLED))
    assert sorted(event.number for event in ready.new_events() if isinstance(event, Cancelled)) == panel
    ready.done()
    assert ready.new_events() == [Answered(other, completion())]


def test_loading_stops_when_what_it_was_for_is_cancelled(seat: EngineSeat) -> None:
    number = seat.engine.submit(generation())
    seat.hello()
    load = seat.last["id"]
    seat.engine.cancel(number)
    assert (seat.last["type"], seat.last["id"]) == ("cancel", load)
    assert seat.new_events() == [Cancelled(number)]
    seat.say("failed", load, code="cancelled", sentence="It was cancelled.")
    assert seat.new_events() == []
    seat.engine.submit(generation())
    assert seat.kinds == ["load", "cancel", "load"]


def test_loading_goes_on_while_suggestions_come_and_go(seat: EngineSeat) -> None:
    seat.engine.submit(generation(Lane.GHOST))
    seat.hello()
    seat.engine.submit(generation(Lane.GHOST))
    seat.engine.cancel_lane(Lane.GHOST)
    assert seat.kinds == ["load"]


# Models


def test_another_model_is_loaded_after_the_first_is_out(ready: EngineSeat) -> None:
    ready.engine.use(ModelFile("large.gguf", "Large"))
    number = ready.engine.submit(generation())
    assert ready.kinds == ["load", "unload"]
    ready.say("unloaded", ready.last["id"])
    assert ready.last["path"] == "large.gguf"
    ready.loaded(replace(MODEL, name="Large"))
    ready.done()
    assert Answered(number, completion()) in ready.new_events()
    assert ready.engine.model == replace(MODEL, name="Large")


def test_choosing_another_model_fails_what_is_open(ready: EngineSeat) -> None:
    ready.engine.submit(generation())
    ready.engine.submit(generation())
    ready.engine.use(ModelFile("large.gguf", "Large"))
    assert ready.kinds[-1] == "cancel"
    assert reasons(ready.new_events()) == [Reason.CHANGED] * 2
    ready.done(completion("", Ending.CANCELLED))
    assert ready.new_events() == []
    assert ready.kinds[-1] == "unload"


def test_a_model_gives_its_memory_back_as_soon_as_another_is_chosen_and_not_where_it_only_runs_otherwise(
    ready: EngineSeat,
) -> None:
    ready.engine.use(replace(FILE, threads=1))
    assert ready.kinds == ["load"]
    ready.engine.use(ModelFile("large.gguf", "Large"))
    assert ready.kinds == ["load", "unload"]
    ready.say("unloaded", ready.last["id"])
    assert ready.new_events() == [Unloaded()]
    assert ready.kinds == ["load", "unload"]


def test_choosing_the_first_model_again_finds_it_loaded(ready: EngineSeat) -> None:
    ready.engine.use(None)
    ready.engine.use(FILE)
    number = ready.engine.submit(Preparing())
    assert ready.new_events() == [Answered(number, replace(MODEL, sha256=FILE.sha256))]


def test_a_model_that_is_loaded_after_another_was_chosen_is_put_out_again(seat: EngineSeat) -> None:
    seat.engine.submit(generation())
    seat.hello()
    first = seat.last["id"]
    seat.engine.use(ModelFile("large.gguf", "Large"))
    seat.engine.submit(generation())
    seat.say("loaded", first, model=asdict(MODEL), threads=1, batch=1)
    assert seat.kinds == ["load", "cancel", "unload"]


def test_the_model_gives_its_memory_back_when_nothing_was_asked_for_ten_minutes(ready: EngineSeat) -> None:
    ready.pass_time(IDLE - 1)
    assert ready.kinds == ["load"]
    ready.pass_time(1)
    assert ready.kinds == ["load", "unload"]
    ready.say("unloaded", ready.last["id"])
    assert ready.new_events() == [Unloaded()]
    assert ready.engine.phase is Phase.ASLEEP
    assert ready.engine.model is not None
    assert ready.engine.next_tick() is None
    ready.engine.submit(generation())
    assert ready.kinds == ["load", "unload", "load"]


def test_each_request_puts_the_unloading_off(ready: EngineSeat) -> None:
    ready.pass_time(IDLE - 1)
    ready.engine.submit(generation())
    ready.pass_time(1)
    ready.done()
    ready.pass_time(IDLE - 1)
    assert "unload" not in ready.kinds
