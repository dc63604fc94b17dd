"""The thread for the network."""

from __future__ import annotations

import asyncio
import threading

import pytest
from PySide6.QtWidgets import QApplication

from cowrite.bridge.network_thread import NetworkThread


def test_what_was_asked_last_is_begun_before_the_end(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    network, is_asked, begun = NetworkThread(qapp), threading.Event(), []
    join = network._thread.join

    def ending(seconds: float) -> None:
        is_asked.set()
        join(seconds)

    async def work() -> None:
        begun.append(True)
        await asyncio.Event().wait()

    monkeypatch.setattr(network._thread, "join", ending)
    network.post(is_asked.wait)
    network.run(work())
    network.close()
    assert begun
    network.deleteLater()
