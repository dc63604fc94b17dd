"""A command, its model's process, and what can befall it. Real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.requests import Token
from cowrite.assist.tasks.carrying import ReadingOn
from cowrite.commands.model_process import ModelProcess
from helpers.carried import FILE, in_steps, written
from helpers.fake_worker import FakeWorker
from helpers.lives import is_running

KILL = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL  # there each signal ends a process at once


def process(worker: FakeWorker, **options: object) -> ModelProcess:
    return ModelProcess(FILE, command=worker.command(), **options)  # type: ignore[arg-type]


def test_a_command_carries_a_job_out_and_sees_it_being_written() -> None:
    tokens: list[Token] = []
    loading: list[float] = []
    read: list[ReadingOn] = []
    with process(FakeWorker(), on_loading=loading.append) as model:
        result = model.carry_out(in_steps, on_token=tokens.append, on_reading=read.append)
        assert result == ("Fake", "once upon a time", 2)
        assert model.carry_out(written()) == "once upon a time"
        assert model.prepare().name == "Fake"
    assert [token.text for token in tokens] == ["once ", "upon ", "a time"]
    assert loading == [0.5]
    assert read


def test_a_command_has_measured_how_its_model_runs_best() -> None:
    with process(FakeWorker(rate=77.0)) as model:
        best = model.calibrate()
        assert (best.threads, best.batch, dict(best.rates)) == (2, 64, {"generation": 77.0})
        assert model.carry_out(written()) == "once upon a time"


def test_the_worker_is_gone_when_the_command_is_through() -> None:
    with process(FakeWorker()) as model:
        model.prepare()
        pid = model.process_id
        assert pid is not None
        assert is_running(pid)
    assert not is_running(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="no process is stopped there")
def test_a_worker_that_does_not_go_is_killed() -> None:
    with process(FakeWorker(waits="prefill", deaf=True)) as model:
        model.prepare()
        pid = model.process_id
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert not is_running(pid)


def test_what_cannot_be_loaded_is_said_in_the_workers_words() -> None:
    with process(FakeWorker(refuses="The file is cut off.")) as model, pytest.raises(AssistantProblem) as caught:
        model.carry_out(written)
    assert caught.value.reason is Reason.NOT_LOADED
    assert str(caught.value) == "The file is cut off."


def test_a_program_that_is_not_there_is_said() -> None:
    with ModelProcess(FILE, command=["/nowhere/worker"]) as model, pytest.raises(AssistantProblem) as caught:
        model.carry_out(written)
    assert caught.value.reason is Reason.NOT_STARTED


@pytest.mark.parametrize("where", ["start", "load", "prefill"])
def test_a_worker_that_dies_once_is_started_again_and_the_answer_comes(where: str, tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    with process(FakeWorker(dies=where, by=KILL, times=1, state=str(lives))) as model:
        assert model.carry_out(written) == "once upon a time"
    assert lives.read_text() == "xx", "one has died, the other has not"


def test_a_worker_that_dies_again_and_again_ends_the_job() -> None:
    with process(FakeWorker(dies="prefill", by=KILL)) as model, pytest.raises(AssistantProblem) as caught:
        model.carry_out(written)
    assert caught.value.reason is Reason.DIED


def test_control_c_ends_the_job_and_the_next_one_is_answered() -> None:
    worker = FakeWorker(waits="token")

    def interrupt(_token: Token) -> None:
        raise KeyboardInterrupt

    with process(worker) as model:
        with pytest.raises(KeyboardInterrupt):
            model.carry_out(written, on_token=interrupt)
        assert model.prepare().name == "Fake"
        with pytest.raises(KeyboardInterrupt):
            model.carry_out(written, on_token=interrupt)


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    with process(FakeWorker(chatter=1_000_000)) as model:
        assert model.carry_out(written) == "once upon a time"
    assert set(threading.enumerate()) == before


def test_a_command_needs_no_qt() -> None:
    code = "import sys, cowrite.commands.model_process; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
