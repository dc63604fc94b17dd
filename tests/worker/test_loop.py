"""The worker as a process: its lines, its end, and what it never writes."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from cowrite.assist.engine.wire import MAX_LINE, VERSION
from cowrite.assist.requests import Completing, Generation, Lane, Words
from cowrite.worker.process import NICENESS_VARIABLE, leave_no_dump, step_back
from helpers.worker_seat import WorkerSeat, script

SECRET = "Ottilie keeps the letters in the blue tin"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return script(tmp_path / "script.json", [{"when": "", "answer": "one two"}])


@pytest.fixture
def scripted(path: Path) -> Iterator[WorkerSeat]:
    with WorkerSeat("--scripted", str(path)) as seat:
        yield seat


def test_it_says_hello_and_ends_with_its_stdin(scripted: WorkerSeat) -> None:
    assert scripted.hello == {
        "type": "hello",
        "id": 0,
        "version": VERSION,
        "engine": "scripted",
        "pid": scripted.process.pid,
    }
    assert scripted.close() == ""
    assert scripted.process.returncode == 0


def test_it_ends_with_its_stdin_while_it_works(tmp_path: Path) -> None:
    seat = WorkerSeat("--scripted", str(script(tmp_path / "s.json", [{"when": "", "does": "hang"}])))
    seat.load(Path("x"))
    seat.ask(Generation(Lane.GHOST, Completing((Words("x"),)), 1))
    seat.close()
    assert seat.process.returncode == 0


@pytest.mark.parametrize("line", [b"{}\n", b"no json\n", b'{"type":"dance","id":1}\n', b'{"type":"generate","id":1}\n'])
def test_a_line_that_is_not_understood_ends_it_without_being_repeated(scripted: WorkerSeat, line: bytes) -> None:
    assert scripted.process.stdin is not None
    scripted.process.stdin.write(line)
    scripted.process.stdin.flush()
    scripted.process.wait()
    assert scripted.process.returncode == 1
    said = scripted.close()
    assert "The worker ends" in said
    assert "dance" not in said


def test_a_line_without_end_is_not_read_to_its_end(scripted: WorkerSeat) -> None:
    written = 0
    with suppress(BrokenPipeError):
        while written < 2 * MAX_LINE:
            os.write(scripted.process.stdin.fileno(), b"x" * (1 << 20))  # type: ignore[union-attr]
            written += 1 << 20
    assert MAX_LINE <= written < MAX_LINE + (8 << 20)
    scripted.process.wait()
    assert scripted.process.returncode == 1


def test_what_is_cancelled_when_it_is_over_harms_nothing(scripted: WorkerSeat) -> None:
    with scripted as seat:
        seat.load(Path("x"))
        id = seat.ask(Generation(Lane.GHOST, Completing((Words("x"),)), 9))
        assert seat.completion().text == "one two"
        seat.send("cancel", id)
        assert seat.generate(Generation(Lane.GHOST, Completing((Words("x"),)), 9)).text == "one two"


def test_that_somebody_types_is_heard_and_answered_by_nothing(scripted: WorkerSeat) -> None:
    with scripted as seat:
        seat.load(Path("x"))
        seat.send("typing")
        assert seat.generate(Generation(Lane.GHOST, Completing((Words("x"),)), 9)).text == "one two"


def test_a_mistake_of_ours_fails_one_request_and_shows_no_text(tmp_path: Path) -> None:
    with WorkerSeat("--scripted", str(script(tmp_path / "s.json", [{"when": "", "does": "stumble"}]))) as seat:
        seat.load(Path("x"))
        seat.ask(Generation(Lane.PANEL, Completing((Words(SECRET),)), 9))
        failed = seat.until("failed", "done")
        assert failed["code"] == "internal"
        assert seat.load(Path("x"))["type"] == "loaded"
        said = seat.close()
    assert "ValueError" in said
    assert "Ottilie" not in said + failed["sentence"]


def test_nothing_but_the_protocol_reaches_its_stdout(path: Path) -> None:
    code = (
        "import os, sys\n"
        "from cowrite.worker import process\n"
        "source, sink = process.take_streams()\n"
        "print('by Python'); os.write(1, b'by C'); sys.stdout.flush()\n"
        "sink.write(b'the protocol')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout == b"the protocol"
    assert b"by Python" in ran.stderr
    assert b"by C" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="niceness")
def test_it_takes_a_low_priority(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NICENESS_VARIABLE)
    with WorkerSeat("--scripted", str(path)) as seat:
        assert os.getpriority(os.PRIO_PROCESS, seat.process.pid) >= 10


def test_on_windows_it_takes_a_low_priority_and_no_report_is_made_of_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[object, ...]] = []
    kernel32 = SimpleNamespace(
        GetCurrentProcess=lambda: -1,
        SetPriorityClass=lambda process, kind: called.append((process.value, kind)),
        SetErrorMode=lambda mode: called.append((mode,)),
    )
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv(NICENESS_VARIABLE)
    step_back()
    leave_no_dump()
    assert called == [(2**64 - 1, 0x4000), (3,)]  # all bits of the number that stands for the process itself


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit")
def test_a_worker_that_crashes_leaves_no_image_of_its_memory(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_CORE)
    monkeypatch.chdir(tmp_path)  # where many systems put it
    resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))
    try:
        with WorkerSeat("--scripted", str(path)) as seat:
            assert resource.prlimit(seat.process.pid, resource.RLIMIT_CORE) == (0, 0)
            os.kill(seat.process.pid, signal.SIGSEGV)
            assert seat.process.wait() == -signal.SIGSEGV
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, limits)
    assert list(tmp_path.glob("core*")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG")
def test_it_dies_with_the_app_though_somebody_else_holds_its_stdin(path: Path) -> None:
    reading, writing = os.pipe()
    app = (
        "import subprocess, sys\n"
        f"worker = subprocess.Popen([sys.executable, '-m', 'cowrite.worker', '--scripted', {str(path)!r}],"
        " stdin=0, stdout=subprocess.PIPE)\n"
        "worker.stdout.readline()\n"
        "print(worker.pid, flush=True)\n"
        "worker.wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", app], stdin=reading, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        worker = int(parent.stdout.readline())
        watched = os.pidfd_open(worker)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert select.select([watched], [], [], 10)[0], "the worker has not ended"
    for each in (watched, reading, writing):
        os.close(each)
