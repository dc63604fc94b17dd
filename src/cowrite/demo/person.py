"""One person of the demonstration: the application, with hands that take orders on standard input.

Each order is a JSON line `{"do": NAME, ...}`; each is answered by a JSON line when it is done. The hands press keys
and click buttons of real windows, and read only what is shown.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from cowrite.app.application import Application
from cowrite.app.draft.draft import Draft
from cowrite.app.start.run import make_qt_application
from cowrite.bridge.file.on_disk import Safety
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import Span, joined
from cowrite.demo.meeting_hands import LOOK_PAUSE, MeetingHands
from cowrite.errors import CowriteError
from cowrite.gui.window.word_count import COUNT_PAUSE
from cowrite.logs import start_logging
from cowrite.paths import Paths
from cowrite.storage.settings import Person, Settings, save_settings

KEY_PAUSE = 9  # milliseconds between two keys, about the rate at which a held key repeats

_NAMED_KEYS = {
    "\n": Qt.Key.Key_Return,
    "\t": Qt.Key.Key_Tab,
}


class Hands(QObject):
    """Carries out orders one after the other.

    Args:
        application: the running application.
    """

    _ordered = Signal()

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self._application = application
        self._orders: deque[dict[str, Any]] = deque()
        self._busy = False
        self._ordered.connect(self._next)
        self._acts: dict[str, Callable[[dict[str, Any]], Iterator[int]]] = {
            "type": self._type,
            "key": self._key,
            "paste_image": self._paste_image,
            "suggest": self._suggest,
            "rewrite": self._rewrite,
            "share": self._share,
            "caret_to_end": self._caret_to_end,
            "caret_behind": self._caret_behind,
            "wait_status": self._wait_status,
            "wait_text": self._wait_text,
            "wait_people": self._wait_people,
            "wait_images": self._wait_images,
            "wait_saved": self._wait_saved,
            "state": self._state,
            "grab": self._grab,
            "export": self._export,
            "quit": self._quit,
        }
        meeting = MeetingHands(lambda: self._draft, lambda name, value: self._answer.update({name: value}))
        self._acts |= meeting.acts
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self._orders.append(json.loads(line))
            self._ordered.emit()
        self._orders.append({"do": "quit"})
        self._ordered.emit()

    def _next(self) -> None:
        if self._busy or not self._orders:
            return
        self._busy = True
        order = self._orders.popleft()
        self._answer: dict[str, Any] = {"done": order["do"]}
        self._run(self._acts[order["do"]](order))

    def _run(self, steps: Iterator[int]) -> None:
        """Goes through an act; what it yields are milliseconds in which the application does its own work."""
        try:
            pause = next(steps)
        except StopIteration:
            print(json.dumps(self._answer), flush=True)
            self._busy = False
            QTimer.singleShot(0, self._next)
        else:
            QTimer.singleShot(pause, lambda: self._run(steps))

    @property
    def _draft(self) -> Draft:
        return self._application.documents.drafts[-1]

    def _type(self, order: dict[str, Any]) -> Iterator[int]:
        editor = self._draft.editor
        for character in order["text"]:
            if character in _NAMED_KEYS:
                QTest.keyClick(editor, _NAMED_KEYS[character])
            else:
                QTest.keyClicks(editor, character)
            yield KEY_PAUSE

    def _key(self, order: dict[str, Any]) -> Iterator[int]:
        QTest.keySequence(self._draft.editor, QKeySequence(order["keys"]))
        yield KEY_PAUSE

    def _paste_image(self, order: dict[str, Any]) -> Iterator[int]:
        QGuiApplication.clipboard().setImage(QImage(order["file"]))
        yield KEY_PAUSE
        QTest.keySequence(self._draft.editor, QKeySequence(QKeySequence.StandardKey.Paste))
        yield KEY_PAUSE

    def _suggest(self, order: dict[str, Any]) -> Iterator[int]:
        """Asks for a suggestion by key, and accepts it by key; says in the answer what came of it."""
        assistant = self._application.assistant.assistant
        if assistant is None:
            return
        suggestions = self._application.assistant.of(self._draft).suggestions
        self._draft.come_to_front()
        self._draft.editor.setFocus()
        yield LOOK_PAUSE
        _take_keyboard(self._draft.window)
        QTest.keySequence(self._draft.editor, self._draft.window.actions_["suggest"].shortcut())
        ends = time.monotonic() + order["seconds"]
        while time.monotonic() < ends and not suggestions.shown:
            yield LOOK_PAUSE
            if not suggestions.is_busy and assistant.models.is_known:
                break
        self._answer["accepted"] = suggestions.shown
        QTest.keyClick(self._draft.editor, Qt.Key.Key_Tab if suggestions.shown else Qt.Key.Key_Escape)
        yield LOOK_PAUSE

    def _rewrite(self, order: dict[str, Any]) -> Iterator[int]:
        """Selects a sentence, asks for it in fewer words, and accepts all of the proposal."""
        assistant, editor, window = self._application.assistant.assistant, self._draft.editor, self._draft.window
        if assistant is None:
            return
        found = editor.document().find(order["text"], 0, QTextDocument.FindFlag.FindCaseSensitively)
        editor.set_caret(found.selectionEnd(), found.selectionStart())
        yield LOOK_PAUSE
        window.actions_["rewrite_shorter"].trigger()
        own = self._application.assistant.of(self._draft)
        ends = time.monotonic() + order["seconds"]
        while time.monotonic() < ends and (not assistant.models.is_known or own.is_busy):
            yield LOOK_PAUSE
        yield LOOK_PAUSE
        outcome = own.flow.work.outcome() if own.flow.work is not None else None
        self._answer["accepted"] = ""
        if outcome is not None and outcome.accepting:
            start, stop = found.selectionStart(), found.selectionEnd()
            length = editor.document().characterCount()
            _click(window, outcome.accepting)
            yield LOOK_PAUSE
            stop += editor.document().characterCount() - length
            self._answer["accepted"] = self._draft.document.rope.text(start, stop)
        else:
            self._draft.window.actions_["assistant_stop"].trigger()
        editor.setFocus()
        yield LOOK_PAUSE

    def _share(self, order: dict[str, Any]) -> Iterator[int]:
        self._draft.window.actions_["share"].trigger()
        yield LOOK_PAUSE
        dialog = _dialog()
        _click(dialog, "On a team server")
        yield LOOK_PAUSE
        field = next(field for field in dialog.findChildren(QLineEdit) if field.isVisible() and field.isEnabled())
        QTest.keyClicks(field, order["link"])
        yield LOOK_PAUSE
        QTest.keyClick(field, Qt.Key.Key_Return)
        yield from self._wait_status({"sentences": ["Saved on the server"]})
        _click(dialog, "Close")
        yield LOOK_PAUSE
        self._draft.editor.setFocus()

    def _caret_to_end(self, _order: dict[str, Any]) -> Iterator[int]:
        QTest.keySequence(self._draft.editor, QKeySequence(QKeySequence.StandardKey.MoveToEndOfDocument))
        yield KEY_PAUSE

    def _caret_behind(self, order: dict[str, Any]) -> Iterator[int]:
        """Clicks behind a text, as one does with a mouse."""
        editor = self._draft.editor
        found = editor.document().find(order["text"], 0, QTextDocument.FindFlag.FindCaseSensitively)
        found.setPosition(found.selectionEnd())
        editor.position_visible(found.position())
        yield LOOK_PAUSE
        QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=editor.cursorRect(found).center())
        yield KEY_PAUSE
        QTest.keyClick(editor, Qt.Key.Key_End)
        yield KEY_PAUSE

    def _wait_status(self, order: dict[str, Any]) -> Iterator[int]:
        while not any(self._status().startswith(sentence) for sentence in order["sentences"]):
            yield LOOK_PAUSE
        self._answer["status"] = self._status()

    def _wait_text(self, order: dict[str, Any]) -> Iterator[int]:
        while not all(text in self._draft.editor.toPlainText() for text in order["texts"]):
            yield LOOK_PAUSE

    def _wait_people(self, order: dict[str, Any]) -> Iterator[int]:
        while self._draft.shared is None or len(self._draft.shared.presence.teammates()) != order["others"]:
            yield LOOK_PAUSE

    def _wait_images(self, _order: dict[str, Any]) -> Iterator[int]:
        while any(self._draft.images.image(name) is None for name in _image_names(self._draft.document)):
            yield LOOK_PAUSE

    def _wait_saved(self, _order: dict[str, Any]) -> Iterator[int]:
        while self._draft.saved.on_disk.safety is not Safety.SAVED:
            yield LOOK_PAUSE

    def _state(self, _order: dict[str, Any]) -> Iterator[int]:
        document = self._draft.document
        self._answer["spans"] = [_plain(span) for span in joined(document.spans())]
        self._answer["shown"] = self._draft.editor.toPlainText()
        self._answer["ai"] = [span.text for span in joined(document.spans()) if "ai" in span.attributes]
        self._answer["status"] = self._status()
        yield 0

    def _grab(self, order: dict[str, Any]) -> Iterator[int]:
        yield COUNT_PAUSE + LOOK_PAUSE  # until the words are counted, too
        if not self._draft.window.grab().save(order["file"]):
            self._answer["error"] = f"The picture {order['file']} could not be written."

    def _export(self, order: dict[str, Any]) -> Iterator[int]:
        self._draft.exporting.write(order["kind"], Path(order["file"]))
        yield LOOK_PAUSE

    def _quit(self, _order: dict[str, Any]) -> Iterator[int]:
        QTimer.singleShot(0, self._application.quit)
        yield 0

    def _status(self) -> str:
        shared = self._draft.shared
        return shared.status.sentence if shared is not None else "Saved on this computer"


def _take_keyboard(window: QWidget) -> None:
    """Lets a window do what needs the keyboard, also where another program has it, as on Windows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Qt has nothing else that asks no window manager
        QApplication.setActiveWindow(window)


def _dialog() -> QWidget:
    dialog = QApplication.activeModalWidget()
    assert dialog is not None, "no dialog has opened"
    return dialog


def _click(window: QWidget, text: str) -> None:
    button = next(
        each
        for each in window.findChildren(QAbstractButton)
        if each.text().replace("&", "") == text and each.isVisible()
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _image_names(document: Document) -> list[str]:
    return [str(span.embed["image"]) for span in document.spans() if span.embed and "image" in span.embed]


def _plain(span: Span) -> list[Any]:
    return [span.text, dict(sorted(span.attributes.items())), dict(span.embed) if span.embed else None]


def _take_in(model: Path, paths: Paths) -> None:
    """Makes a model that is on this computer known; its file stays where it is."""
    from cowrite.models.catalogue import catalogue
    from cowrite.models.store import ModelStore

    ModelStore(paths.models).add(model, known=catalogue())


def main(arguments: list[str]) -> int:
    """Starts the application for one person.

    Args:
        arguments: name, colour, the file of a model or nothing, and a link to join; without one an empty document is
            begun.
    """
    name, colour, model, *rest = arguments
    paths = Paths.of(os.environ)
    paths.make()
    settings = Settings(person=Person(name, colour), assistant=bool(model), assistant_decided=True)
    save_settings(paths.settings, settings)
    if model:
        _take_in(Path(model), paths)
    handler = start_logging(paths.log)
    try:
        app: QApplication = make_qt_application()
        application = Application(app, paths)
        hands = Hands(application)
        application.start(rest) if rest else application.documents.new()
        application.documents.drafts[-1].window.activateWindow()
        print(json.dumps({"done": "start"}), flush=True)
        status = app.exec()
        hands.deleteLater()
        return status
    except (CowriteError, OSError) as error:
        print(f"cowrite demo: {error}", file=sys.stderr)
        return 1
    finally:
        handler.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
