"""A start of cowrite while it runs: real processes."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Client, Listener
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from cowrite.app.start import second_start
from cowrite.app.start.run import _listen
from cowrite.app.start.second_start import SecondStarts, Wish, display_of, fulfil, hand_over
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.desk import Desk, notices, write
from helpers.warm_python import APPLICATION, Forked

pytestmark = pytest.mark.journey

COWRITE = [sys.executable, "-m", "cowrite"]


@pytest.fixture
def ada(sit) -> Iterator[Desk]:
    """A person whose cowrite hears of later starts."""
    desk = sit("Ada")
    starts = SecondStarts(desk.paths.running, "")
    starts.asked.connect(lambda wish: fulfil(desk.application, wish))
    yield desk
    starts.close()
    assert not desk.paths.running.exists()


@contextmanager
def started(desk: Desk, *arguments: str, **more: str) -> Iterator[Forked]:
    # Not with the tests' own screen: on Windows its address is of the drive of the folder in which one starts.
    environment = {**os.environ, HOME_VARIABLE: str(desk.paths.data.parent), "QT_QPA_PLATFORM": "offscreen", **more}
    environment.pop("DISPLAY", None)
    process = Forked([*COWRITE, *arguments], env=environment, cwd=desk.paths.data, loaded=APPLICATION)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def taken(path: Path, wish: Wish, display: str) -> bool:
    """Whether a process here takes a wish, that goes on meanwhile."""
    with ThreadPoolExecutor() as pool:
        handed = pool.submit(hand_over, path, wish, display)
        while not handed.done():
            QCoreApplication.processEvents()
        return handed.result()


def test_a_file_that_is_opened_while_cowrite_runs_opens_in_it_or_comes_to_the_front(ada) -> None:
    draft = ada.new()
    write(draft, "kept")
    path = draft.path
    ada.new()
    assert draft.window.close()
    with started(ada, os.path.relpath(path, ada.paths.data)) as later:
        ada.until(lambda: any(each.path == path for each in ada.application.documents.drafts))
        assert later.wait(30) == 0

    (draft,) = [each for each in ada.application.documents.drafts if each.path == path]
    draft.window.showMinimized()
    ada.until(draft.window.isMinimized)
    with started(ada, str(path)) as later:
        ada.until(lambda: not draft.window.isMinimized())
        assert later.wait(30) == 0
    assert len(ada.application.documents.drafts) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not asked to end there")
def test_two_starts_at_the_same_moment_are_one_cowrite_that_opens_what_both_were_for(tmp_path) -> None:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path)})
    paths.make()
    paths.running.write_text("left by one that was killed")
    notes = [tmp_path / "one.md", tmp_path / "two.md"]
    for note in notes:
        note.write_text("words")
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor())
        desk = SimpleNamespace(paths=paths)
        starts = {stack.enter_context(started(desk, str(note))) for note in notes}
        ends = {pool.submit(each.wait): each for each in starts}
        (end,), _ = wait(ends, 60, FIRST_COMPLETED)
        assert end.result() == 0
        (first,) = starts - {ends[end]}
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 0
    opened = json.loads(paths.session.read_text())["documents"]
    assert {Path(each["path"]).stem for each in opened} == {"one", "two"}


def test_a_file_manager_may_name_a_file_by_its_address(ada, tmp_path) -> None:
    note = tmp_path / "a note, 5 % ü.md"
    note.write_text("kept")
    fulfil(ada.application, Wish.of({}, [note.as_uri()], new=False))
    assert [each.document.text() for each in ada.application.documents.drafts] == ["kept\n"]


def test_it_ends_while_a_later_start_is_heard(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(second_start, "PATIENCE", 0.2)
    path = tmp_path / "running.json"
    starts = SecondStarts(path, "")
    there = json.loads(path.read_text())
    with Client(there["address"], authkey=bytes.fromhex(there["key"])):  # and says nothing yet
        starts.close()
    assert not path.exists()


def test_a_start_that_comes_as_cowrite_ends_is_left_to_the_later_process(tmp_path, monkeypatch, qtbot) -> None:
    monkeypatch.setattr(second_start, "BUSY", 0.01)
    path = tmp_path / "running.json"
    starts = SecondStarts(path, "")
    came, asked = Event(), []
    starts._came.connect(lambda _wish: came.set(), Qt.ConnectionType.DirectConnection)
    starts.asked.connect(asked.append)
    with ThreadPoolExecutor() as pool:
        taken = pool.submit(hand_over, path, Wish((), new=True, activation=""), "")
        assert came.wait(30)
        starts.end()
        QCoreApplication.processEvents()
        assert not taken.done()  # so it does not meet what is not written yet
        starts.close()
        assert not taken.result()
    assert asked == []


def test_a_start_waits_for_a_window_that_does_not_answer_yet(tmp_path, monkeypatch, qtbot) -> None:
    monkeypatch.setattr(second_start, "BUSY", 0.01)
    monkeypatch.setattr(second_start, "PATIENCE", 1.0)
    starts = SecondStarts(tmp_path / "running.json", "")
    asked: list[Wish] = []
    starts.asked.connect(asked.append)
    wish = Wish((), new=True, activation="")
    with ThreadPoolExecutor() as pool:
        taken = pool.submit(hand_over, tmp_path / "running.json", wish, "")
        with pytest.raises(TimeoutError):
            taken.result(1.5)
        qtbot.waitUntil(taken.done)
    assert taken.result()
    assert asked == [wish]
    starts.close()


def test_a_process_that_goes_on_after_a_later_one_has_started_by_itself_does_not_do_it_as_well(
    tmp_path, monkeypatch, qtbot, caplog
) -> None:
    path = tmp_path / "running.json"
    with Listener(authkey=b"key") as stopped:  # whom it lets in, the system has done
        path.write_text(json.dumps({"address": stopped.address, "key": b"key".hex(), "display": ""}))
        with monkeypatch.context() as hurry:
            hurry.setattr(second_start, "PATIENCE", 0.05)
            assert not hand_over(path, Wish((), new=True, activation=""), "")
        with stopped.accept() as late, pytest.raises(EOFError):
            late.recv_bytes()
    monkeypatch.setattr(second_start, "BUSY", 0.01)
    starts = SecondStarts(path, "")
    asked: list[Wish] = []
    starts.asked.connect(asked.append)
    there = json.loads(path.read_text())
    with Client(there["address"], authkey=bytes.fromhex(there["key"])) as gone:
        gone.send_bytes(json.dumps(Wish((), new=True, activation="")).encode())
        assert gone.recv_bytes() == second_start._WAIT
    while "not heard" not in caplog.text:  # its windows are busy for so long
        starts._thread.join(0.01)
    caplog.clear()
    QCoreApplication.processEvents()
    assert asked == []
    starts.close()


def test_a_start_that_comes_as_the_last_window_closes_opens_none_that_would_be_closed(sit, monkeypatch) -> None:
    monkeypatch.setattr(second_start, "BUSY", 0.01)
    ada = sit("Ada")
    app = QCoreApplication.instance()
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        _listen(ada.paths.running, {}, ada.application, stack)
        starts = ada.application.findChild(SecondStarts)
        app.lastWindowClosed.emit()
        handed = pool.submit(hand_over, ada.paths.running, Wish((), new=True, activation=""), "")
        ada.until(lambda: starts._waiting)
        assert ada.application.documents.drafts == []
        ada.new()  # it goes on after all
        ada.until(lambda: len(ada.application.documents.drafts) == 2)
        assert handed.result()


def test_who_ends_leaves_the_file_of_another_that_was_started_after_it(tmp_path, qtbot) -> None:
    path = tmp_path / "running.json"
    first, second = SecondStarts(path, ":1"), SecondStarts(path, ":2")
    first.close()
    assert taken(path, Wish((), new=True, activation=""), ":2")
    second.close()
    assert not path.exists()


def test_what_cannot_be_opened_is_said_where_the_person_sees_it(ada) -> None:
    draft = ada.new()
    for what in ("/nowhere/lost.cowrite", "cowrite://nobody"):
        draft.window.showMinimized()
        ada.until(draft.window.isMinimized)
        fulfil(ada.application, Wish.of({}, [what], new=False))
        ada.until(lambda: not draft.window.isMinimized())
        assert what[-6:] in notices(draft), what


def test_a_start_for_nothing_else_shows_what_is_there_or_a_new_page(ada) -> None:
    draft = ada.new()
    write(draft, "kept")
    draft.window.hide()
    with started(ada) as later:
        ada.until(draft.window.isVisible)
        assert later.wait(30) == 0
    assert ada.application.documents.drafts == [draft]
    with started(ada, "--new") as later:
        ada.until(lambda: len(ada.application.documents.drafts) == 2)
        assert later.wait(30) == 0


def test_on_another_display_cowrite_starts_by_itself(ada) -> None:
    wish = Wish((), new=True, activation="")
    assert not hand_over(ada.paths.running, wish, display_of({"DISPLAY": ":9"}))
    assert not hand_over(ada.paths.running, wish, display_of({"WAYLAND_DISPLAY": "wayland-1", "DISPLAY": ""}))
    assert taken(ada.paths.running, wish, display_of({}))
    ada.until(lambda: ada.application.documents.drafts)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", json.dumps({"address": "/nowhere", "key": "00", "display": ""}), json.dumps({"address": 5})],
)
def test_what_a_killed_process_left_is_no_process(tmp_path, content) -> None:
    path = tmp_path / "running.json"
    path.write_text(content)
    assert not hand_over(path, Wish((), new=False, activation=""), "")


def test_whoever_lacks_the_key_is_not_heard_and_others_are(ada, caplog) -> None:
    there = json.loads(ada.paths.running.read_text())
    if sys.platform != "win32":  # there the folder says who may read it
        assert ada.paths.running.stat().st_mode & 0o077 == 0
    guessed = ada.paths.state / "guessed.json"
    guessed.write_text(json.dumps({**there, "key": "00" * 32}))
    assert not hand_over(guessed, Wish((), new=True, activation=""), "")
    assert taken(ada.paths.running, Wish((), new=True, activation=""), "")
    ada.until(lambda: ada.application.documents.drafts)
    assert "not heard" in caplog.text
    caplog.clear()


def test_whoever_comes_and_says_nothing_keeps_no_later_start_from_being_heard(ada, caplog) -> None:
    where = json.loads(ada.paths.running.read_text())["address"]
    with Client(where):
        assert taken(ada.paths.running, Wish((), new=True, activation=""), "")
    ada.until(lambda: ada.application.documents.drafts and "not heard" in caplog.text)  # which is said once it has gone
    caplog.clear()


@pytest.mark.skipif(sys.platform == "win32", reason="no process is stopped there")
def test_a_process_that_hangs_is_not_waited_for(sit, monkeypatch) -> None:
    monkeypatch.setattr(second_start, "PATIENCE", 0.2)
    ada = sit("Ada")
    with started(ada, "--new") as first:
        ada.until(ada.paths.running.exists)
        os.kill(first.pid, signal.SIGSTOP)
        assert not hand_over(ada.paths.running, Wish((), new=True, activation=""), "")
        os.kill(first.pid, signal.SIGCONT)
        first.terminate()
        assert first.wait(30) == 0
    assert not ada.paths.running.exists()


def test_on_windows_a_later_start_lets_the_window_that_is_there_come_to_the_front(tmp_path, monkeypatch) -> None:
    allowed: list[int] = []
    user32 = SimpleNamespace(AllowSetForegroundWindow=allowed.append)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not hand_over(tmp_path / "running.json", Wish((), new=False, activation=""), "")
    assert allowed == [-1]
