"""The end of the app: what other threads have done is told before it, and nothing after it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from cowrite.app.start.run import QUITTING, quit_by_signals, quit_for_system
from cowrite.bridge.assistant.model_work import ModelWork
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.network_thread import NetworkThread
from cowrite.models.progress import IsCancelled, Report
from cowrite.storage.session import load_session
from cowrite.sync.host import Host
from cowrite_server.wire.protocol import Role
from helpers.closing import Quits
from helpers.desk import Desk, write


def test_what_the_disk_has_done_is_told_and_what_is_given_then_is_done_too(qtbot: QtBot) -> None:
    storage = StorageThread()
    done: list[str] = []

    def told(_nothing: None) -> None:
        storage.run(lambda: done.append("second"), lambda _none: done.append("told"))

    storage.run(lambda: done.append("first"), told)
    storage.run_quickly(lambda: done.append("quick"))
    storage.close()
    assert sorted(done) == ["first", "quick", "second", "told"]
    storage.deleteLater()


def test_what_the_disk_has_done_is_waited_for_and_not_what_goes_through_many_documents(qtbot: QtBot) -> None:
    storage, go_on = StorageThread(), threading.Event()
    done: list[str] = []
    storage.run_long(lambda: done.append("long") if go_on.wait(30) else None, lambda _none: None, pytest.fail)
    storage.run(lambda: done.append("soon"))
    storage.finish()
    assert done == ["soon"]
    go_on.set()
    storage.close()
    assert done == ["soon", "long"]
    storage.deleteLater()


def test_what_the_network_has_brought_is_told(qtbot: QtBot) -> None:
    network = NetworkThread()
    told: list[str] = []

    async def work() -> str:
        return "link"

    network.run(work(), told.append).result(30)
    network.close()
    assert told == ["link"]
    network.deleteLater()


def test_work_on_a_model_that_is_broken_off_at_the_end_is_told_to_nobody_and_nothing_follows_it(qtbot: QtBot) -> None:
    work, begun = ModelWork(), threading.Event()
    ends: list[str] = []

    def fetch(_report: Report, is_cancelled: IsCancelled) -> None:
        begun.set()
        while not is_cancelled():
            pass
        raise OSError("broken off")

    def end(_error: Exception) -> None:
        ends.append("fetch")

    work.run("fetch", fetch, lambda _none: None, end)
    assert begun.wait(30)
    work.close()
    QCoreApplication.processEvents()
    work.run("look", lambda _report, _cancelled: None, lambda _none: ends.append("look"), end)
    assert ends == []
    work.deleteLater()


def test_a_host_that_has_started_when_everything_ends_is_asked_for_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, closed = threading.Event(), threading.Event()
    hosting, invited = desk.application.hosting, []

    class Started:
        async def close(self) -> None:
            closed.set()

    async def start(_folder: Path, _settings: object) -> Started:
        begun.set()
        while not hosting._is_closed:  # noqa: ASYNC110, the end begins on another thread while it starts
            await asyncio.sleep(0)
        return Started()

    monkeypatch.setattr(Host, "start", start)
    hosting.invite("room", Role.EDITOR, lambda *_: invited.append("made"), lambda _error: invited.append("failed"))
    assert begun.wait(30)
    desk.leave()
    assert (invited, closed.is_set()) == ([], True)


@pytest.fixture
def untouched_signals() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in QUITTING}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.usefixtures("untouched_signals")
@pytest.mark.parametrize("number", QUITTING)
def test_a_signal_quits_once_the_event_loop_turns_and_not_in_the_middle_of_what_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    quits: list[bool] = []
    monkeypatch.setattr(desk.application.parent(), "quit", lambda: quits.append(True))
    desk.new()
    signal.signal(number, signal.SIG_DFL)  # as where the tests are not run by something like nohup
    quit_by_signals(desk.application)
    signal.raise_signal(number)
    assert len(desk.application.documents.drafts) == 1
    desk.until(lambda: quits)
    assert desk.application.documents.drafts == []


@pytest.mark.usefixtures("untouched_signals")
def test_a_signal_that_was_ignored_before_the_start_stays_so(desk: Desk) -> None:
    signal.signal(QUITTING[-1], signal.SIG_IGN)
    quit_by_signals(desk.application)
    assert signal.getsignal(QUITTING[-1]) is signal.SIG_IGN


def test_where_the_system_ends_cowrite_the_next_start_opens_all_documents_that_were_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    quits = Quits(desk, monkeypatch)
    assert not quit_for_system(desk.application)
    drafts = [desk.new(), desk.new()]
    for draft in drafts:
        write(draft, "kept")
    assert quit_for_system(desk.application)
    desk.until(lambda: quits.count == 1)
    desk.application.storage.run_now(lambda: None)
    session = load_session(desk.paths.session)
    assert [document.path for document in session.documents] == [draft.path for draft in drafts]


def test_what_cannot_be_kept_as_cowrite_ends_is_in_the_log_and_opens_no_window(
    desk: Desk, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    desk.paths.session.mkdir(parents=True)  # so that no file can be put there
    desk.application.show_library()
    library = desk.application._library_flow
    with qtbot.captureExceptions() as raised:
        desk.leave()
        library.refresh()  # as when the window behind the last one comes to the front
    assert raised == []
    assert not library.is_shown
    assert f"“{desk.paths.session}” could not be read or written" in caplog.text
    caplog.clear()
