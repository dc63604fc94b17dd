"""Garbage: what nobody holds any more goes on the GUI thread, whichever thread made or used it last."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from pytestqt.qtbot import QtBot

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.garbage import YOUNG, Garbage
from cowrite.sync.link import Link
from cowrite.sync.transport_events import Opened
from helpers.desk import Desk
from helpers.processes import free_port


class Witness:
    """Has objects of Qt made, and sees on which thread they go."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def made(self) -> QObject:
        """An object with a timer that runs, which goes with the last that holds it."""
        made = QObject()
        QTimer(made).start(1000)
        made.destroyed.connect(self._note, Qt.ConnectionType.DirectConnection)
        return made

    def _note(self) -> None:
        self.threads.append(threading.current_thread().name)


class Pair:
    """Holds itself, and an object of Qt."""

    def __init__(self, held: QObject) -> None:
        self.me = self
        self.held = held


@pytest.fixture
def witness() -> Witness:
    return Witness()


def much() -> list[list[int]]:
    """Makes far more than what Python by itself searches for garbage after."""
    return [[number] for number in range(20 * YOUNG)]


def test_garbage_is_found_between_two_events_and_on_no_thread_that_makes_a_lot(
    desk: Desk, qapp: QObject, qtbot: QtBot, witness: Witness
) -> None:
    garbage = Garbage(qapp)
    Pair(witness.made())
    made = desk.application.storage.run_now(much)
    assert witness.threads == []
    qtbot.waitUntil(lambda: bool(witness.threads))
    assert witness.threads == ["MainThread"]
    assert len(made) == 20 * YOUNG
    garbage.deleteLater()


def test_what_outlived_a_search_is_found_by_a_later_one(qapp: QObject, witness: Witness) -> None:
    garbage = Garbage(qapp)
    pair = Pair(witness.made())
    gc.collect(1)
    held = weakref.ref(pair)
    del pair
    kept = []
    while held() is not None and len(kept) < 200:
        kept.append([[number] for number in range(YOUNG)])
        garbage.look()
    assert witness.threads == ["MainThread"]
    assert len(kept) > 10  # the old are looked through seldom
    garbage.deleteLater()


class Holding(ThreadPoolExecutor):
    """A thread that holds what it was given longer than anybody else."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self._held: list[object] = []

    def submit(self, work: Callable[[], object]) -> Future[object]:  # type: ignore[override]  # it is given no arguments
        future = super().submit(work)
        self._held += [work, future]
        return future

    def let_go(self) -> None:
        """Lets go of it, on its thread."""
        super().submit(self._held.clear).result()


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_done_elsewhere_is_let_go_of_here(qtbot: QtBot, witness: Witness, fails: bool) -> None:
    told: list[str] = []

    def give(executor: Holding) -> Deliveries:
        held = [witness.made() for _ in range(3)]

        def work(held: QObject = held[0]) -> None:
            if fails:
                raise OSError

        deliveries = Deliveries()
        deliveries.run(
            executor,
            work,
            lambda _nothing, held=held[1]: told.append("done"),
            lambda _error, held=held[2]: told.append("failed"),
        )
        return deliveries

    with Holding() as executor:
        deliveries = give(executor)
        qtbot.waitUntil(lambda: bool(told))
        executor.let_go()
    assert told == ["failed" if fails else "done"]
    assert witness.threads == ["MainThread"] * 3
    deliveries.deleteLater()


@pytest.mark.parametrize("fails", [False, True])
def test_who_waits_for_work_lets_go_of_it(witness: Witness, fails: bool) -> None:
    def work(held: QObject) -> None:
        if fails:
            raise OSError("no space left")

    with Holding() as executor:
        with pytest.raises(OSError, match="no space left") if fails else nullcontext():
            Deliveries().run_now(executor, partial(work, witness.made()))
        executor.let_go()
    assert witness.threads == ["MainThread"]


def test_the_network_holds_nothing_of_a_document_that_has_left(desk: Desk) -> None:
    draft = desk.new()
    draft.connection.share(Link("127.0.0.1", free_port(), "room", "secret"), again=False)
    shared = draft.shared
    assert shared is not None
    transport, told = shared._transport._transport, weakref.ref(shared)
    draft.connection.leave()
    QCoreApplication.sendPostedEvents(shared, QEvent.Type.DeferredDelete)
    del shared
    gc.collect()
    assert told() is None
    transport._emit(Opened(1))  # comes to nobody
    QCoreApplication.processEvents()
