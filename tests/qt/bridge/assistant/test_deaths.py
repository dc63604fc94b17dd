"""Failure mode 1: the assistant's engine dies, or does not hear, or outlives the app. Real processes."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowrite.assist.engine import contact
from cowrite.assist.engine.asking import Phase
from cowrite.assist.engine.deaths import ILLEGAL_INSTRUCTION
from cowrite.assist.engine.problems import Reason
from cowrite.bridge.assistant.assistant_process import AssistantProcess, end_of
from cowrite.own_process import own_process
from helpers.carried import FILE, written
from helpers.fake_worker import FakeWorker
from helpers.heart import LONGEST_GAP, shortest_of_three
from helpers.job_outcomes import outcome, reason, scripted
from helpers.lives import is_running
from helpers.starter_model import starter_model
from helpers.warm_python import APPLICATION, Forked

Assistant = Callable[..., AssistantProcess]

# On Windows each signal ends a process at once, with its number as the status.
KILL, ENDED_BY = (signal.SIGTERM, "exit status") if sys.platform == "win32" else (signal.SIGKILL, "signal")

GONE_WITHIN = 2.0  # seconds until the worker of a killed app is gone


def test_failure_1_the_worker_itself_dies_amid_the_words(
    qtbot: Any, qapp: object, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = AssistantProcess(command=scripted(tmp_path, does="die"))
    process.use(FILE)
    assert reason(outcome(qtbot, process.carry_out(written))) is Reason.DIED
    assert f"{ENDED_BY} {int(KILL)}" in caplog.text
    caplog.clear()
    process.end()


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
    qtbot: Any, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "CANCEL_WITHIN", 0.2)
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
