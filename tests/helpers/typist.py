"""Typist: types tokens into a real application (`python -m helpers.typist`), and tells what it has typed.

Each life of an application types inside braces of its own, behind all that is there. A token that the server got
from a life before, and the file did not, so comes back without standing between the letters of a later one.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from cowrite.app.application import Application
from cowrite.app.draft.draft import Draft
from cowrite.app.start.run import make_qt_application
from cowrite.bridge.file.on_disk import Safety
from cowrite.logs import start_logging
from cowrite.paths import Paths
from cowrite.storage.settings import Person, Settings, save_settings
from cowrite.sync.status import Kind
from helpers.states import state_of
from helpers.tokens import RUBBED_OUT, Tokens, tokens_of

LOOK = 30  # milliseconds between two looks at what is waited for
PEOPLE = {"a": Person("Ada", "#c4314b"), "b": Person("Ben", "#2f5fd0")}


class Typist:
    """Types tokens into the application's draft, and reports as JSON lines with monotonic times.

    Args:
        application: the running application.
        life: what this life of the process is to do: its letter, the number of its first token, and more.
    """

    def __init__(self, application: Application, life: dict[str, Any]) -> None:
        self._application = application
        self._letter: str = life["letter"]
        self._number: int = life["number"]
        self._chance = Random(life["seed"])
        self._hurries: bool = life["hurries"]  # faster than anybody types: so files and logs come to be tidied up
        self._keys: deque[Callable[[], None]] = deque()
        self._orders: deque[str] = deque()
        self._typing = False
        self._settling = False
        self._last_saved: Tokens = {}
        self._draft = self._opened(life)
        self._editor = self._draft.editor
        self._draft.window.activateWindow()
        self._editor.setFocus()
        report("opened", path=str(self._draft.path), tokens=tokens_of(self._draft.document.text()))
        if life["how"] == "new":
            flow = application.sharing.share(self._draft)
            assert flow is not None
            flow.dialog.server.server_requested.emit(life["link"])
            flow.dialog.close()
        if self._draft.shared is None:
            report("wrong", sentence="The document is not shared any more.")
        else:
            self._draft.shared.status_changed.connect(lambda _status: self._look())
        self._waits_for_server = life["how"] == "new" or self._chance.random() < 0.6
        self._began = False
        self._timer = QTimer(application)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start(0)
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    def stop(self) -> None:
        """Takes its hands off the keys."""
        self._timer.stop()

    def _opened(self, life: dict[str, Any]) -> Draft:
        """Opens what this life works on, as the person does."""
        match life["how"]:
            case "new":
                self._application.documents.new()
            case "join":
                self._application.start([life["link"]])
            case "path":
                self._application.start([life["path"]])
            case _:
                self._application.start([])
        if "path" not in life:
            return self._application.documents.drafts[-1]
        for draft in self._application.documents.drafts:
            if draft.path == Path(life["path"]):
                return draft
        report("wrong", sentence=f"The document was not opened again by {life['how']}.")
        opened = self._application.documents.open(Path(life["path"]))
        assert opened is not None
        return opened

    def _listen(self) -> None:
        for line in sys.stdin:
            self._orders.append(line.strip())
        self._orders.append("quit")

    def _turn(self) -> None:
        """One look around, and the next keys."""
        self._look()
        while self._orders:
            self._obey(self._orders.popleft())
        pause = 1 if self._hurries else self._chance.randrange(4, 18)
        if self._began and self._draft.saved.on_disk.safety is Safety.SAVED:
            self._typing = True
        if not self._began and (self._kind() is Kind.SAVED or not self._waits_for_server):
            self._begin()
        elif self._typing and not self._keys:
            if self._settling:
                self._tell_state_when_settled()
                pause = LOOK
            elif self._chance.random() < (0.01 if self._hurries else 0.06):
                pause = self._chance.randrange(60, 400)
            else:
                self._plan()
        for _ in range(min(self._chance.choice((1, 1, 2, 3)) + 5 * self._hurries, len(self._keys))):
            self._keys.popleft()()
        self._timer.start(pause)

    def _begin(self) -> None:
        """Braces behind everything that is there, and the caret between them."""
        self._began = True
        self._press(QKeySequence.StandardKey.MoveToEndOfDocument)
        QTest.keyClick(self._editor, Qt.Key.Key_Return)
        QTest.keyClicks(self._editor, "{}")
        QTest.keyClick(self._editor, Qt.Key.Key_Left)

    def _plan(self) -> None:
        """The keys of the next token, and now and then of something beside it."""
        number = self._number
        self._number += 1
        for character in f"<{self._letter}{number}>":
            self._keys.append(partial(QTest.keyClicks, self._editor, character))
        self._keys.append(lambda: report("typed", number=number))
        match self._chance.randrange(12):
            case 0:
                self._keys.append(lambda: QTest.keyClick(self._editor, Qt.Key.Key_Return))
            case 1:
                self._keys.append(lambda: self._press(QKeySequence.StandardKey.Bold))
            case 2:
                self._keys.append(lambda: QTest.keyClicks(self._editor, RUBBED_OUT))
                self._keys.append(lambda: QTest.keyClick(self._editor, Qt.Key.Key_Backspace))
            case _:
                pass

    def _press(self, keys: QKeySequence.StandardKey) -> None:
        QTest.keySequence(self._editor, QKeySequence(keys))

    def _kind(self) -> Kind | None:
        return self._draft.shared.status.kind if self._draft.shared is not None else None

    def _look(self) -> None:
        """Reports what the window says to be on the server's disk."""
        if self._kind() is Kind.SAVED:
            tokens = tokens_of(self._draft.document.text())
            if tokens != self._last_saved:
                self._last_saved = tokens
                report("saved", tokens=tokens)

    def _obey(self, order: str) -> None:
        match order:
            case "settle":
                self._settling = True
            case _:
                self._application.quit()

    def _tell_state_when_settled(self) -> None:
        if self._kind() is Kind.SAVED and self._draft.saved.on_disk.safety is Safety.SAVED:
            report("settled", state=state_of(self._draft.document), shown=self._editor.toPlainText())


def report(what: str, **details: Any) -> None:
    """Says something on standard output."""
    print(json.dumps({"what": what, "at": time.monotonic(), **details}), flush=True)


def type_tokens(life: dict[str, Any]) -> int:
    """Runs the application with a Typist until it is told to end."""
    paths = Paths.of(os.environ)
    paths.make()
    if not paths.settings.exists():
        save_settings(paths.settings, Settings(person=PEOPLE[life["letter"]]))
    handler = start_logging(paths.log)
    try:
        app = make_qt_application()
        typist = Typist(Application(app, paths), life)
        status = app.exec()
        typist.stop()
        return status
    finally:
        handler.close()


if __name__ == "__main__":
    sys.exit(type_tokens(json.loads(sys.argv[1])))
