"""Failure mode 5: somebody types at the pace of people while suggestions come by themselves after each pause."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.contact import Contact
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.worker.process import NICENESS_VARIABLE
from helpers.assistant_desk import AssistantDesk, put_model, turn_on
from helpers.desk import Desk, write
from helpers.starter_model import add_starter

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PACE = 0.125  # seconds from key to key: 8 keys a second
KEY_TO_PAINT = 0.05  # seconds in which 95 of 100 letters are on the page

SEA = "The boats came home in the evening, and the men carried the nets up to the old sheds behind the harbour wall. "
RAIN = "By nine it rained so hard that nobody spoke of sailing, and Ida shut the windows one by one while we ate soup. "
PHRASE = 10  # keys from pause to pause
SHORT, LONG = 1.0, 0.9  # seconds of the pauses, by turns; a short one ends as soon as the model is asked


class Paints(QObject):
    """Sees each time that a draft's page is painted.

    Args:
        draft: its page.
        look: is called then.
    """

    def __init__(self, draft: Draft, look: Callable[[], None] = lambda: None) -> None:
        super().__init__(draft.editor)
        self.count = 0
        self._look = look
        draft.editor.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.count += 1
            self._look()
        return False


class WorkerSeen:
    """What is asked of the worker, and whether anything at the same time as something else."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.generations = 0
        self.overlaps: list[str] = []
        self._generating: Contact | None = None
        send = Contact.send

        def seen(contact: Contact, what: Any, kind: str, **fields: Any) -> None:
            if contact.work is not None:
                self.overlaps.append(kind)
            self._generating = contact if kind == "generate" else None
            self.generations += kind == "generate"
            send(contact, what, kind, **fields)

        monkeypatch.setattr(Contact, "send", seen)

    @property
    def is_generating(self) -> bool:
        """Whether the worker is at a text now."""
        return self._generating is not None and self._generating.work is not None


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    turn_on(paths, "Ada", after_pause=True)
    return paths


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> WorkerSeen:
    monkeypatch.delenv(NICENESS_VARIABLE)  # by which it lets whoever types go first
    return WorkerSeen(monkeypatch)


def begun(desk: Desk, text: str) -> Draft:
    """A draft with some words and the keyboard in it."""
    draft = desk.new()
    draft.window.activateWindow()
    QTest.qWaitForWindowActive(draft.window)
    write(draft, text)
    return draft


def paint_letter(draft: Draft, letter: str, paints: Paints) -> None:
    """Presses a key, and waits until the page has been painted with its letter."""
    before = paints.count
    QTest.keyClicks(draft.editor, letter)
    end = time.monotonic() + 10
    while paints.count == before and time.monotonic() < end:
        QApplication.processEvents()


def test_failure_5_letters_are_painted_at_once_while_the_starter_model_suggests(
    paths: Paths, sit: Callable[..., Desk], qtbot: QtBot, worker: WorkerSeen
) -> None:
    """20 seconds of typing; where other processes have the machine, one of three times goes without them."""
    pytest.importorskip("llama_cpp")
    from cowrite.worker.calibration import cores, usual_threads

    add_starter(paths, usual_threads(cores()))
    desk = sit()

    def wait(until: float, *, is_asked_enough: bool = False) -> None:
        asked = worker.generations
        while time.monotonic() < until and not (is_asked_enough and worker.generations > asked):
            qtbot.wait(min(10, max(1, round((until - time.monotonic()) * 1000))))

    def typed_well() -> bool:
        draft = begun(desk, SEA)
        paints, asked, amid = Paints(draft), worker.generations, 0
        delays: list[float] = []
        due = time.monotonic()
        for number, letter in enumerate(RAIN):
            wait(due)
            amid += worker.is_generating
            paint_letter(draft, letter, paints)
            delays.append(time.monotonic() - due)  # also what keeps the window from taking the key
            due += PACE
            if number % PHRASE == PHRASE - 1:
                is_short = number // PHRASE % 2 == 0
                wait(due + (SHORT if is_short else LONG), is_asked_enough=is_short)
                due = time.monotonic()
        assert draft.editor.toPlainText() == SEA + RAIN
        assert draft.document.assists.records() == {}
        is_quick = statistics.quantiles(delays, n=20)[-1] < KEY_TO_PAINT
        return is_quick and worker.generations - asked >= 3 and amid >= 3

    assert any(typed_well() for _ in range(3))
    assert worker.overlaps == []


def test_failure_5_no_suggestion_begins_too_early_or_is_ever_seen_stale(
    paths: Paths, sit: Callable[..., Desk], qtbot: QtBot, worker: WorkerSeen, tmp_path: Path
) -> None:
    put_model(paths)
    rule = {"when": r"(\w+)$", "answer": " after \\1 comes more.", "probability": 0.9}
    given = AssistantDesk(sit(), {"rules": [rule]}, tmp_path)
    draft = begun(given.desk, "We begin ")
    suggestions, assistant = given.of(draft).suggestions, given.desk.application.assistant.assistant
    assert assistant is not None
    begins: list[float] = []
    last_key = assistant.clock()
    carry_out = assistant.carry_out_suggestion

    def timed(make_job: Callable[..., Any]) -> Any:
        begins.append(assistant.clock() - last_key)
        return carry_out(make_job)

    assistant.carry_out_suggestion = timed  # type: ignore[method-assign]  # what it does is done, and its time noted
    seen: set[str] = set()
    stale: list[tuple[str, str]] = []

    def look() -> None:
        """What is painted in the line that is written in."""
        line = draft.editor.document().lastBlock()
        suggested, typed = line.layout().preeditAreaText(), line.text()
        if not suggested:
            return
        seen.add(suggested)
        place = line.layout().preeditAreaPosition()
        # What is shown has to be the end of what follows from one of the words, and its beginning to be typed.
        if place != len(typed) or not any(
            typed[at:] + suggested == f"after {typed[:at].split()[-1]} comes more."
            for at in range(max(1, len(typed) - 20), len(typed) + 1)
            if typed[at - 1] == " "
        ):
            stale.append((typed, suggested))

    Paints(draft, look)
    words = ["the", "wall", "is", "sunny", "and", "two", "barrels", "after", "there"]
    for number, word in enumerate(words):
        for letter in f"{word} ":
            last_key = assistant.clock()
            write(draft, letter)
            qtbot.wait(round(PACE * 1000))
        if number % 3 == 0:
            given.desk.until(lambda: suggestions.shown and suggestions.shown in seen)
    assert stale == []
    assert len(seen) >= 3
    assert min(begins) >= 0.3
    assert worker.generations >= 3
    assert worker.overlaps == []
    assert draft.editor.toPlainText() == "We begin " + " ".join(words) + " "
