"""Deliveries: what other threads have done is told in the order in which it was done, and never at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Event

from pytestqt.qtbot import QtBot

from cowrite.bridge.deliveries import Deliveries


class Instant(Executor):
    """Has done what it is given before it can be watched."""

    def submit(self, work: Callable[[], object]) -> Future[object]:  # type: ignore[override]  # it is given no arguments
        future: Future[object] = Future()
        future.set_result(work())
        return future


def test_what_is_done_before_it_is_watched_is_told_later(qtbot: QtBot) -> None:
    deliveries, told = Deliveries(), []
    deliveries.run(Instant(), lambda: "first", told.append)
    deliveries.run(Instant(), lambda: "second", told.append)
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["first", "second"]
    deliveries.deleteLater()


def test_what_a_thread_never_began_is_not_waited_for_once_it_has_ended(qtbot: QtBot) -> None:
    deliveries, told, go_on = Deliveries(), [], Event()
    thread = ThreadPoolExecutor(max_workers=1)
    deliveries.run(thread, go_on.wait, told.append)
    deliveries.run(thread, lambda: "never begun", told.append)
    thread.shutdown(wait=False, cancel_futures=True)
    go_on.set()
    deliveries.finish()
    assert told == [True]
    deliveries.deleteLater()


def test_what_is_cancelled_before_its_first_turn_in_a_loop_goes_without_a_warning(qtbot: QtBot) -> None:
    deliveries, loop, told = Deliveries(), asyncio.new_event_loop(), []

    async def say_goodbye() -> None:
        raise AssertionError("it was cancelled")

    future = deliveries.run_in_loop(loop, say_goodbye(), told.append, told.append)
    future.cancel()  # while the thread of the loop is at something else
    deliveries.finish()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert not told
    deliveries.deleteLater()
