"""The assistant's process under the app: jobs, deaths, and an event loop that never waits. Real processes."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from cowrite.assist.engine.asking import Phase
from cowrite.assist.engine.deaths import ILLEGAL_INSTRUCTION
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.requests import Lane, Model
from cowrite.assist.tasks.jobs import Job, Progress
from cowrite.bridge.assistant.assistant_process import AssistantProcess, end_of
from cowrite.bridge.assistant.carried_job import CarriedJob
from cowrite.own_process import FLAG, own_process
from helpers.carried import FILE, in_steps, written
from helpers.fake_worker import FakeWorker
from helpers.heart import LONGEST_GAP, shortest_of_three
from helpers.lives import is_running
from helpers.starter_model import starter_model
from helpers.warm_python import APPLICATION, Forked

# On Windows each signal ends a process at once, with its number as the status.
KILL, ENDED_BY = (signal.SIGTERM, "exit status") if sys.platform == "win32" else (signal.SIGKILL, "signal")

GONE_WITHIN = 2.0  # seconds until the worker of a killed app is gone

Assistant = Callable[..., AssistantProcess]


@pytest.fixture
def assistant(qapp: object) -> Iterator[Assistant]:
    made: list[AssistantProcess] = []

    def make(worker: FakeWorker | None = None, **options: Any) -> AssistantProcess:
        process = AssistantProcess(command=(worker or FakeWorker()).command(), **options)
        process.use(FILE)
        made.append(process)
        return process

    yield make
    for process in made:
        process.end()


def outcome(qtbot: Any, job: CarriedJob) -> Any:
    """What comes of a job: its result, its problem, or None where it was stopped."""
    found: list[Any] = []
    job.done.connect(found.append)
    job.failed.connect(found.append)
    job.stopped.connect(lambda: found.append(None))
    qtbot.waitUntil(lambda: bool(found))
    assert len(found) == 1
    return found[0]


def nothing_but(result: int) -> Job[int]:
    """A job that asks for nothing."""
    yield from ()
    return result


def reason(problem: Any) -> Reason:
    assert isinstance(problem, AssistantProblem), problem
    return problem.reason


# Jobs


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


def scripted(folder: Path, *, gated: bool = False, does: str = "") -> list[str]:
    """The real worker with a scripted model."""
    rule = {"answer": "once upon a time", "gated": gated, "does": does, "after": 2}
    script = folder / "script.json"
    script.write_text(json.dumps({"rules": [rule], "scores": {"b": -1.0}}))
    return [*own_process("cowrite.worker"), "--scripted", str(script)]


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


def test_failure_1_the_worker_itself_dies_amid_the_words(
    qtbot: Any, qapp: object, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = AssistantProcess(command=scripted(tmp_path, does="die"))
    process.use(FILE)
    assert reason(outcome(qtbot, process.carry_out(written))) is Reason.DIED
    assert f"{ENDED_BY} {int(KILL)}" in caplog.text
    caplog.clear()
    process.end()


def test_a_build_without_a_python_of_its_own_is_the_worker_too(tmp_path: Path) -> None:
    flags = scripted(tmp_path)[-2:]
    command = [sys.executable, "-m", "cowrite", FLAG, "cowrite.worker", *flags]
    said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert json.loads(said.stdout.splitlines()[0])["type"] == "hello"


# Failure mode 1: the engine dies


@pytest.mark.parametrize(("where", "by"), [("load", signal.SIGSEGV), ("prefill", signal.SIGABRT), ("prefill", KILL)])
def test_failure_1_a_death_before_the_first_word_is_a_notice_and_a_fresh_start(
    qtbot: Any, assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture, where: str, by: signal.Signals
) -> None:
    process = assistant(FakeWorker(dies=where, by=int(by), times=1, state=str(tmp_path / "deaths")))
    notices: list[str] = []
    process.died.connect(notices.append)
    assert outcome(qtbot, process.carry_out(written)) == "once upon a time"
    assert len(notices) == 1
    assert "your text is untouched" in notices[0]
    assert f"{ENDED_BY} {int(by)}" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGABRT, KILL])
def test_failure_1_a_death_amid_the_words_is_said_and_the_next_request_is_answered(
    qtbot: Any, assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture, by: signal.Signals
) -> None:
    process = assistant(FakeWorker(dies="token", by=int(by), times=1, state=str(tmp_path / "deaths")))
    notices: list[str] = []
    process.died.connect(notices.append)
    assert reason(outcome(qtbot, process.carry_out(written))) is Reason.DIED
    assert len(notices) == 1
    assert outcome(qtbot, process.carry_out(written)) == "once upon a time"
    assert "ended" in caplog.text
    caplog.clear()


def test_failure_1_three_deaths_switch_the_assistant_off_until_a_person_says_otherwise(
    qtbot: Any, assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = assistant(FakeWorker(dies="token", by=int(KILL), times=3, state=str(tmp_path / "deaths")))
    off: list[str] = []
    process.switched_off.connect(off.append)
    for _ in range(3):
        assert reason(outcome(qtbot, process.carry_out(written))) is Reason.DIED
    qtbot.waitUntil(lambda: len(off) == 1)
    assert process.phase is Phase.OFF
    assert reason(outcome(qtbot, process.carry_out(written))) is Reason.OFF
    assert process.process_id is None
    process.switch_on()
    assert outcome(qtbot, process.carry_out(written)) == "once upon a time"
    assert caplog.text
    caplog.clear()


def test_failure_1_a_worker_that_does_not_hear_is_killed_and_the_next_request_is_answered(
    qtbot: Any, assistant: Assistant, tmp_path: Path
) -> None:
    process = assistant(FakeWorker(waits="prefill", deaf=True))
    job = process.carry_out(written)
    with qtbot.waitSignal(job.reading):
        pass
    first = process.process_id
    assert first is not None
    job.stop()
    again = process.carry_out(written)
    with qtbot.waitSignal(again.reading):
        pass
    assert process.process_id != first
    assert not is_running(first)


@pytest.mark.parametrize("where", ["load", "prefill", "token"])
def test_failure_1_the_window_lives_on_while_the_worker_is_killed(
    qtbot: Any, assistant: Assistant, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    process = assistant(FakeWorker(waits=where))

    def kill() -> None:
        process.switch_on()
        job = process.carry_out(written)
        told = {"load": process.loading, "prefill": job.reading, "token": job.wrote}[where]
        with qtbot.waitSignal(told):
            pass
        with qtbot.waitSignal(process.died):
            os.kill(process.process_id or 0, KILL)
        process.close()
        assert job.is_over

    kill()
    assert shortest_of_three(kill) < LONGEST_GAP
    assert caplog.text
    caplog.clear()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is not its own: Linux")
@pytest.mark.parametrize(
    ("told", "is_real"), [("load", False), ("prefill", False), ("token", False), ("load", True), ("prefill", True)]
)
def test_failure_1_the_worker_is_gone_two_seconds_after_the_app_was_killed(
    told: str, is_real: bool, tmp_path: Path
) -> None:
    worker = scripted(tmp_path, gated=True) if is_real else FakeWorker(waits=told).command()
    kill_an_app_whose_worker_then_is_gone(tmp_path, told, Path("model.gguf"), worker)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is not its own: Linux")
@pytest.mark.parametrize("told", ["load", "prefill", "token"])
def test_failure_1_a_worker_that_computes_is_gone_two_seconds_after_the_app_was_killed(
    told: str, tmp_path: Path
) -> None:
    kill_an_app_whose_worker_then_is_gone(tmp_path, told, starter_model(), own_process("cowrite.worker"))


def kill_an_app_whose_worker_then_is_gone(folder: Path, told: str, model: Path, worker: list[str]) -> None:
    """Kills an app when its worker has told how far it is, and sees it go.

    Args:
        folder: takes what the app does.
        told: what the worker has told then: "load", "prefill" or "token".
        worker: the command by which the app starts it.
    """
    script = folder / "app.py"
    script.write_text(_APP, encoding="utf-8")
    app = Forked([sys.executable, str(script), told, str(model), *worker], stdout=subprocess.PIPE, loaded=APPLICATION)
    assert app.stdout is not None
    process = os.pidfd_open(int(app.stdout.readline()))
    assert not select.select([process], [], [], 0)[0]
    app.kill()
    app.wait()
    app.stdout.close()
    assert select.select([process], [], [], GONE_WITHIN)[0]
    os.close(process)


_APP = """
import sys
from PySide6.QtCore import QCoreApplication
from cowrite.assist.engine.asking import Loading, ModelFile
from cowrite.assist.tasks.jobs import generate
from cowrite.assist.requests import Completing, Generation, Lane, Scaffold
from cowrite.bridge.assistant.assistant_process import AssistantProcess

app = QCoreApplication([])
process = AssistantProcess(command=sys.argv[3:])
process.use(ModelFile(sys.argv[2], "Model"))
prompt = Completing((Scaffold("The sea. " * (20 if sys.argv[1] == "token" else 200)),))  # seconds of work, to read it
job = process.carry_out(generate(Generation(Lane.PANEL, prompt, 400, is_shown=True)))
tell = lambda *_: print(process.process_id, flush=True)
{"load": process.loading, "prefill": job.reading, "token": job.wrote}[sys.argv[1]].connect(tell)
sys.exit(app.exec())
"""


@pytest.mark.parametrize(
    ("code", "is_crash", "words"),
    [
        (9, True, "signal 9"),
        (3, False, "exit status 3"),
        (0xC0000005 - 2**32, True, "exit status 3221225477"),  # an access violation on Windows
        (0xF291, True, "exit status 62097"),  # QProcess.kill there
    ],
)
def test_how_a_process_has_ended_is_said_in_one_way_on_all_systems(code: int, is_crash: bool, words: str) -> None:
    assert end_of(code, is_crash=is_crash) == words


def test_that_a_processor_does_not_know_an_instruction_is_recognised_on_windows_too() -> None:
    assert end_of(4, is_crash=True) in ILLEGAL_INSTRUCTION
    assert end_of(0xC000001D - 2**32, is_crash=True) in ILLEGAL_INSTRUCTION
