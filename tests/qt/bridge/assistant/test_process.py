"""The assistant's process under the app: jobs, and an event loop that never waits. Real processes."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from cowrite.assist.engine.asking import Phase
from cowrite.assist.engine.problems import Reason
from cowrite.assist.requests import Lane, Model
from cowrite.assist.tasks.jobs import Job, Progress
from cowrite.bridge.assistant.assistant_process import AssistantProcess
from cowrite.bridge.assistant.carried_job import CarriedJob
from cowrite.own_process import FLAG
from helpers.carried import FILE, in_steps, written
from helpers.fake_worker import FakeWorker
from helpers.heart import LONGEST_GAP, shortest_of_three
from helpers.job_outcomes import nothing_but, outcome, reason, scripted
from helpers.lives import is_running


def test_a_job_is_carried_out_and_seen_being_written(qtbot: Any, assistant: Assistant) -> None:
    process = assistant()
    loaded: list[Any] = []
    process.loaded.connect(loaded.append)
    phases: list[Phase] = []
    process.phase_changed.connect(phases.append)
    job = process.carry_out(in_steps)
    words: list[str] = []
    steps: list[str] = []
    job.wrote.connect(lambda token: words.append(token.text))
    job.progressed.connect(lambda progress: steps.append(progress.doing))
    assert outcome(qtbot, job) == ("Fake", "once upon a time", 2)
    assert words == ["once ", "upon ", "a time"]
    assert steps == ["Writing", "Judging"]
    assert [model.name for model in loaded] == ["Fake"]
    qtbot.waitUntil(lambda: process.phase is Phase.READY and phases[-1:] == [Phase.READY])
    assert process.model is not None


Assistant = Callable[..., AssistantProcess]


def test_nothing_is_told_within_the_call_that_asks(qtbot: Any, assistant: Assistant) -> None:
    process = assistant()
    assert outcome(qtbot, process.carry_out(nothing_but(3))) == 3
    assert process.process_id is None


def test_a_job_that_is_over_is_not_kept_by_those_who_listened(qtbot: Any, assistant: Assistant) -> None:
    """It holds what it was made of, as all of a document for a suggestion."""
    process, told = assistant(), []

    def begun() -> weakref.ref[CarriedJob]:
        job = process.carry_out(nothing_but(3))
        job.done.connect(lambda result: told.append((job.is_over, result)))
        return weakref.ref(job)

    job = begun()
    qtbot.waitUntil(lambda: told == [(True, 3)])
    qtbot.waitUntil(lambda: gc.collect() >= 0 and job() is None)


def test_while_a_job_reads_a_long_text_everything_else_goes_on_and_it_can_be_stopped(
    qtbot: Any, assistant: Assistant
) -> None:
    begun, may_go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def reading(_model: Model) -> Job[int]:
        try:
            begun.set()
            if not may_go_on.wait(30):
                raise TimeoutError
            yield Progress(0, 1, "Reading")
            return 3
        finally:
            closed.set()

    process = assistant()
    with qtbot.waitSignal(process.loaded):
        job, other = process.carry_out(reading), process.carry_out(reading)
    other.stop()  # while it waits for its turn on the thread
    assert outcome(qtbot, other) is None
    QTimer.singleShot(60, may_go_on.set)  # in the loop that would stand still
    assert outcome(qtbot, job) == 3
    for event in (begun, may_go_on, closed):
        event.clear()
    job = process.carry_out(reading)
    qtbot.waitUntil(begun.is_set)
    job.stop()
    assert outcome(qtbot, job) is None
    assert not closed.is_set()
    may_go_on.set()
    qtbot.waitUntil(closed.is_set)
    begun.clear()
    may_go_on.clear()
    job = process.carry_out(reading)
    qtbot.waitUntil(begun.is_set)
    process.use(replace(FILE, path="other.gguf"))  # it was begun for another model
    assert reason(outcome(qtbot, job)) is Reason.CHANGED
    may_go_on.set()


def test_the_end_waits_for_no_job_that_reads_and_begins_none(qtbot: Any, assistant: Assistant) -> None:
    begun, may_go_on, ended = threading.Event(), threading.Event(), threading.Event()
    readings: list[Model] = []

    def reading(model: Model) -> Job[int]:
        readings.append(model)
        begun.set()
        may_go_on.wait(30)
        ended.set()
        yield from ()
        return 3

    before = threading.enumerate()  # that of another test may just be at its end
    process = assistant()
    jobs = [process.carry_out(reading) for _ in range(2)]
    qtbot.waitUntil(begun.is_set)
    (thread,) = (each for each in threading.enumerate() if each.name == "job" and each not in before)
    process.end()
    assert not ended.is_set()
    assert thread.daemon  # Python waits for none of these
    may_go_on.set()
    thread.join(30)
    assert (len(readings), [job.is_over for job in jobs]) == (1, [True, True])


def test_jobs_wait_for_each_other_and_a_stopped_one_is_out_of_the_way(qtbot: Any, assistant: Assistant) -> None:
    process = assistant(FakeWorker(waits="token"))
    first, second = process.carry_out(written), process.carry_out(written)
    with qtbot.waitSignal(first.wrote):
        pass
    with qtbot.waitSignal(second.wrote):
        first.stop()
    assert first.is_over
    second.stop()
    assert outcome(qtbot, second) is None


def test_a_new_suggestion_stops_the_one_before_it(qtbot: Any, assistant: Assistant) -> None:
    process = assistant()
    jobs = [process.carry_out(written(lane=Lane.GHOST), Lane.GHOST) for _ in range(5)]
    stopped: list[CarriedJob] = []
    for job in jobs:
        job.stopped.connect(lambda job=job: stopped.append(job))
    assert outcome(qtbot, jobs[-1]) == "once upon a time"
    assert stopped == jobs[:-1]


def test_closing_stops_the_jobs_and_a_later_job_finds_another_worker(qtbot: Any, assistant: Assistant) -> None:
    process = assistant()
    assert outcome(qtbot, process.carry_out(written)) == "once upon a time"
    first = process.process_id
    process.close()
    assert outcome(qtbot, process.carry_out(written)) == "once upon a time"
    assert process.process_id not in (None, first)


def test_the_worker_is_gone_when_the_app_has_ended_it(qtbot: Any, assistant: Assistant) -> None:
    process = assistant()
    outcome(qtbot, process.carry_out(written))
    pid = process.process_id
    assert pid is not None
    process.end()
    assert not is_running(pid)


@pytest.mark.parametrize("farewell", [1, 0])
def test_a_worker_that_does_not_go_in_time_is_gone_all_the_same(
    farewell: int, qtbot: Any, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cowrite.bridge.assistant.assistant_process.FAREWELL", farewell)
    process = assistant(FakeWorker(waits="token", deaf=True))
    with qtbot.waitSignal(process.carry_out(written).wrote):
        pass
    pid = process.process_id
    assert pid is not None
    process.end()
    assert not is_running(pid)
    assert process.process_id is None


def test_a_program_that_is_not_there_is_said(qtbot: Any, qapp: object, caplog: pytest.LogCaptureFixture) -> None:
    process = AssistantProcess(command=["/nowhere/worker"])
    process.use(FILE)
    assert reason(outcome(qtbot, process.carry_out(written))) is Reason.NOT_STARTED
    assert "cannot be started" in caplog.text
    caplog.clear()


def test_a_flood_of_output_is_read_in_slices(qtbot: Any, assistant: Assistant) -> None:
    process = assistant(FakeWorker(chatter=10_000_000))
    outcome(qtbot, process.carry_out(written))
    assert shortest_of_three(lambda: outcome(qtbot, process.carry_out(written))) < LONGEST_GAP


# With the worker itself


def test_the_worker_itself_carries_a_job_out_and_hears_when_it_is_stopped(
    qtbot: Any, qapp: object, tmp_path: Path
) -> None:
    process = AssistantProcess(command=scripted(tmp_path))
    process.use(FILE)
    assert outcome(qtbot, process.carry_out(in_steps)) == ("scripted", "once upon a time", 2)
    process.end()
    process = AssistantProcess(command=scripted(tmp_path, gated=True))
    process.use(FILE)
    job = process.carry_out(written)
    with qtbot.waitSignal(job.reading):
        pass
    first = process.process_id
    job.stop()
    assert outcome(qtbot, job) is None
    qtbot.waitUntil(lambda: process.phase is Phase.READY)
    assert process.process_id == first
    process.end()


def test_a_build_without_a_python_of_its_own_is_the_worker_too(tmp_path: Path) -> None:
    flags = scripted(tmp_path)[-2:]
    command = [sys.executable, "-m", "cowrite", FLAG, "cowrite.worker", *flags]
    said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert json.loads(said.stdout.splitlines()[0])["type"] == "hello"
