"""Vectors of texts from the worker, each computed once. Real processes with the scripted model."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cowrite.bridge.assistant import embedder as module
from cowrite.bridge.assistant.assistant_process import AssistantProcess
from cowrite.bridge.assistant.embedder import Embedder
from helpers.worker_seat import script

Made = Mapping[str, Sequence[float]] | None


class Seat:
    """An embedder, the process that it asks, and what it has called back with."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        command = [sys.executable, "-P", "-m", "cowrite.worker", "--scripted", str(script(folder / "s.json", []))]
        self.process = AssistantProcess(command=command)
        self.path = "encoder.gguf"
        self.asked = 0
        self.embedder = Embedder(self._asked, lambda: self.path)
        self.told: list[Made] = []
        self._qtbot = qtbot

    def _asked(self) -> AssistantProcess:
        self.asked += 1
        return self.process

    def encode(self, *texts: str) -> Made:
        """Waits for what it calls back with."""
        count = len(self.told)
        self.embedder.encode(texts, self.told.append)
        self.wait_for(count + 1)
        return self.told[-1]

    def wait_for(self, count: int) -> None:
        """Waits until it has called back so often."""
        self._qtbot.waitUntil(lambda: len(self.told) >= count)


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(tmp_path, qtbot)
    yield seat
    seat.process.end()


def test_texts_get_vectors_that_are_alike_where_they_are(seat: Seat) -> None:
    made = seat.encode("a bench by the river", "by the river a bench", "ten bicycles")
    assert made is not None
    bench, again, other = made.values()
    assert list(bench) == list(again) != list(other)


def test_what_is_known_is_not_asked_for_again(seat: Seat) -> None:
    seat.encode("one", "two")
    seat.embedder.encode(["two", "one", "two"], seat.told.append)
    assert set(seat.told[-1] or {}) == {"one", "two"}  # at once
    assert set(seat.encode("two", "three") or {}) == {"two", "three"}
    assert seat.asked == 2


def test_another_model_computes_all_anew_and_without_one_there_are_none(seat: Seat) -> None:
    seat.encode("one")
    seat.path = "another.gguf"
    seat.encode("one")
    assert seat.asked == 2
    seat.path = ""
    assert seat.encode("one") is None
    assert seat.asked == 2


def test_where_the_worker_cannot_it_says_so(seat: Seat) -> None:
    seat.embedder.encode(["one"], seat.told.append)
    seat.process.close()
    seat.wait_for(1)
    assert seat.encode("two") is not None  # another process has begun
    assert seat.told[0] is None


def test_only_so_many_are_kept(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    assert set(seat.encode("one", "two", "three") or {}) == {"one", "two", "three"}
    seat.encode("three")
    assert seat.asked == 1
    seat.encode("one")
    assert seat.asked == 2
