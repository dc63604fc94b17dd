"""A monkey at two desks: it clicks, types, drags, opens and closes at random, between any two events of Qt.

The same seed does the same, as far as threads, sockets and animations are as fast as the time before. It works from a
timer, so it goes on while a menu or a dialog waits for an answer, and closes windows underneath them.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import shiboken6
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QEventLoop, QMessageLogContext, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QMessageBox, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.core.board_items import Note, Place
from cowrite.core.comments import Author, Comments
from cowrite.core.decisions import Decision
from cowrite.core.origin import Origin
from cowrite.core.polls import Option, Poll, PollKind
from cowrite.core.sessions import Phase, Session
from cowrite.gui.clipboard import new_mime
from helpers.desk import Desk

NAMES = "Return Escape Tab Backtab Backspace Delete Up Down Left Right Home End PageDown F2 F3 F6 Menu Space"
KEYS = [Qt.Key[f"Key_{name}"] for name in NAMES.split()]
LETTERS = [Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)]
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
WORDS = ["hello ", "# Head\n", "- one\n", "x", "We decided to plant trees. ", "1. b\n"]
MOST = 4  # drafts at one desk
DEEPEST = 4  # loops within each other, above which it closes what waits
OFFSCREEN = "This plugin does not support"  # what Qt without a display says of itself
TRAIL = 16  # acts that a report names
PAUSES = (0, 0, 0, 1, 5, 20, 60)  # milliseconds between two acts


class Watch:
    """Notes what must not happen: what Qt warns of, errors that nobody expected, errors in the log.

    Args:
        trail: what was done last.
    """

    def __init__(self, trail: Sequence[str]) -> None:
        self.wrong: list[str] = []
        self._trail = trail

    def note(self, what: str) -> None:
        """Notes something, with what was done before it."""
        self.wrong.append(f"{what}\n  after: {' | '.join(self._trail)}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notes until it is left."""
        log = _Log(self.note)
        before = qInstallMessageHandler(self._on_message)
        logging.getLogger().addHandler(log)
        try:
            with ExitStack() as stack:
                stack.enter_context(patch.object(sys, "excepthook", self._on_error))
                stack.enter_context(patch.object(sys, "unraisablehook", self._on_unraisable))
                stack.enter_context(patch.object(threading, "excepthook", self._on_unraisable))
                yield
        finally:
            logging.getLogger().removeHandler(log)
            qInstallMessageHandler(before)

    def _on_message(self, _kind: object, _context: QMessageLogContext, message: str) -> None:
        if OFFSCREEN not in message:
            self.note(f"Qt says on {threading.current_thread().name}: {message}")

    def _on_error(self, *error: Any) -> None:
        self.note("".join(traceback.format_exception(*error)))

    def _on_unraisable(self, error: Any) -> None:
        self._on_error(error.exc_type, error.exc_value, error.exc_traceback)


class _Log(logging.Handler):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        self._note(self.format(record))


class Cage:
    """Keeps the monkey from files of the computer, other programs and the network.

    Args:
        folder: has the files that it is given, and takes those that it writes.
        random: says which.
    """

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder = folder
        self._random = random
        folder.mkdir()
        (folder / "list.md").write_text("# Head\n\n* one\n* two\n", encoding="utf-8")
        (folder / "table.csv").write_text("text,group\nTrees,Green\nBenches,\n", encoding="utf-8")
        (folder / "page.html").write_text("<h1>T</h1><p><b>bold</b> text</p>", encoding="utf-8")
        image().save(str(folder / "picture.png"))

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Holds until it is left."""
        here = {"HF_ENDPOINT": "http://127.0.0.1:9", "PIP_NO_INDEX": "1", "HOME": str(self._folder)}
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, here))
            stack.enter_context(patch.object(QDesktopServices, "openUrl", lambda *_: True))
            for name, path in (
                ("getOpenFileName", self._there),
                ("getSaveFileName", lambda: self._folder / f"copy.{self._random.choice(['cowrite', 'md', 'pdf'])}"),
            ):
                ask = lambda parent=None, *_, path=path: (self._ask(parent, path), "")  # noqa: E731
                stack.enter_context(patch.object(QtWidgets.QFileDialog, name, ask))
            # Its dialog has one of Qt's for files within, which would lead out of here.
            stack.enter_context(patch("cowrite.app.application.ask_print"))
            folder = lambda parent=None, *_: self._ask(parent, lambda: self._folder)  # noqa: E731
            stack.enter_context(patch.object(QtWidgets.QFileDialog, "getExistingDirectory", folder))
            yield

    def _there(self) -> Path:
        return self._random.choice(sorted(self._folder.iterdir()))

    def _ask(self, parent: QWidget | None, path: Callable[[], Path]) -> str:
        """Waits for an answer, as the system's dialog does."""
        box = QMessageBox(QMessageBox.Icon.Question, "File", "Which?", QMessageBox.StandardButton.Ok, parent)
        box.addButton(QMessageBox.StandardButton.Cancel)
        is_given = box.exec() == QMessageBox.StandardButton.Ok
        if shiboken6.isValid(box):  # and it has not gone with its window
            box.deleteLater()
        return str(path()) if is_given else ""


def image() -> QImage:
    """A picture."""
    made = QImage(60, 40, QImage.Format.Format_RGB32)
    made.fill(0x336699)
    return made


class Monkey:
    """Plays at desks.

    Args:
        desks: where.
        random: what it does next.
    """

    def __init__(self, desks: Sequence[Desk], random: Random) -> None:
        self._desks = desks
        self._random = random
        self._depth = 0
        self._left = 0
        self._held: QWidget | None = None
        self._loop = QEventLoop()
        self._timer = QTimer(singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self.trail: deque[str] = deque(maxlen=TRAIL)
        self._acts: dict[Callable[[], None], float] = {
            self._click: 30, self._press_key: 14, self._choose: 14, self._use_menu: 12, self._write_remotely: 9,
            self._press_letter: 6, self._type: 6, self._drag: 6, self._change_view: 3, self._paste: 2, self._close: 2,
            self._close_twice: 1, self._open: 2, self._join: 1, self._collect: 2, self._choose_and_close: 1,
            self._resize: 1, self._trash: 0.5,
        }  # fmt: skip

    def play(self, steps: int) -> None:
        """Does so many things, and closes what still waits for an answer."""
        self._left = steps
        self._timer.start(0)
        self._loop.exec()

    def _go_on(self) -> None:
        if self._left <= 0:
            if self._depth == 0:
                self._loop.quit()
            else:
                self._close_what_waits()
                self._timer.start(1)
            return
        self._left -= 1
        self._timer.start(self._random.choice(PAUSES))
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                self._close_what_waits()
            else:
                act = self._random.choices(list(self._acts), list(self._acts.values()))[0]
                act()
        finally:
            self._depth -= 1

    def _close_what_waits(self) -> None:
        waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if waiting is not None:
            self._did("close", waiting)
            waiting.close()

    def _did(self, what: str, where: QWidget | None = None) -> None:
        self.trail.append(what if where is None else f"{what} {type(where).__name__} {where.accessibleName()[:20]}")

    # What is there

    def _draft(self) -> Draft | None:
        drafts = [draft for desk in self._desks for draft in desk.application.drafts]
        return self._random.choice(drafts) if drafts else None

    def _window(self) -> QWidget | None:
        """One that takes keys and clicks now."""
        in_front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        shown = (
            [in_front]
            if in_front is not None
            else [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        )
        return self._random.choice(shown) if shown else None

    def _part(self, kind: type[QWidget] = QWidget) -> QWidget | None:
        # PySide takes the parts of a window that Qt made for deleted once nobody holds the window.
        window = self._held = self._window()
        if window is None:
            return None
        if not shiboken6.isValid(window):
            return None
        parts = [part for part in window.findChildren(kind) if part.isVisible() and part.isEnabled()]
        return self._random.choice(parts) if parts else window

    def _point(self, part: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(1, part.width())), self._random.randrange(max(1, part.height())))

    def _is_blocked(self, window: QWidget) -> bool:
        """Whether the person cannot close a window before a dialog is answered."""
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog is window:
            return False
        parent = dialog.parentWidget()
        is_its_own = parent is not None and parent.window() is window
        return is_its_own or dialog.windowModality() == Qt.WindowModality.ApplicationModal

    # What it does

    def _click(self) -> None:
        part = self._part(self._random.choice([QWidget, QAbstractButton]))
        if part is None:
            return
        at = part.rect().center() if self._random.random() < 0.6 else self._point(part)
        self._did("click", part)
        chance = self._random.random()
        if chance < 0.15:
            QApplication.postEvent(part, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, part.mapToGlobal(at)))
            return
        _click(part, at, self._random.choice([PLAIN, PLAIN, SHIFT, CTRL]))
        if chance < 0.25 and shiboken6.isValid(part):
            _send(part, QEvent.Type.MouseButtonDblClick, at)
            _click(part, at)

    def _focus(self) -> QWidget | None:
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self._window()

    def _press_key(self) -> None:
        if (part := self._focus()) is not None:
            key = self._random.choice(KEYS)
            self._did(key.name, part)
            _press(part, key, self._random.choice([PLAIN, PLAIN, PLAIN, SHIFT, CTRL, ALT]))

    def _press_letter(self) -> None:
        part, key = self._focus(), self._random.choice(LETTERS)
        if part is not None and key is not Qt.Key.Key_Q:
            self._did(f"ctrl {key.name}", part)
            _press(part, key, self._random.choice([CTRL, CTRL | SHIFT, CTRL | ALT]))

    def _type(self) -> None:
        part = self._focus()
        if part is not None:
            self._did("type", part)
        for letter in self._random.choice(WORDS):
            if part is not None:
                _press(part, Qt.Key.Key_Return if letter == "\n" else letter)

    def _choose(self) -> None:
        draft = self._draft()
        if draft is None or QApplication.activeModalWidget() is not None:
            return
        name = self._random.choice([each for each in draft.window.actions_ if each not in ("quit", "close")])
        self._did(f"choose {name}")
        draft.window.actions_[name].trigger()

    def _choose_and_close(self) -> None:
        draft = self._draft()
        self._choose()
        if draft is not None and draft in [each for desk in self._desks for each in desk.application.drafts]:
            self._did("close draft")
            draft.window.close()

    def _use_menu(self) -> None:
        menu, draft = QApplication.activePopupWidget(), self._draft()
        if isinstance(menu, QMenu):
            actions = [each for each in menu.actions() if each.isEnabled() and "Quit" not in each.text()]
            if actions and self._random.random() < 0.7:
                action = self._random.choice(actions)
                self._did(f"menu {action.text()}")
                _click(menu, menu.actionGeometry(action).center())
            else:
                menu.close()
        elif menu is None and draft is not None and QApplication.activeModalWidget() is None:
            bar = draft.window.menuBar()
            self._random.choice(bar.actions()).menu().popup(bar.mapToGlobal(QPoint()))

    def _drag(self) -> None:
        part = self._part()
        if part is None:
            return
        self._did("drag", part)
        left = self._random.randrange(1, 6)
        QTest.mousePress(part, Qt.MouseButton.LeftButton, PLAIN, self._point(part))

        def move() -> None:
            nonlocal left
            if not shiboken6.isValid(part):
                return
            left -= 1
            at = self._point(part)
            if left == 0:
                QTest.mouseRelease(part, Qt.MouseButton.LeftButton, PLAIN, at)
                return
            _send(part, QEvent.Type.MouseMove, at)
            QTimer.singleShot(5, move)

        QTimer.singleShot(0, move)

    def _paste(self) -> None:
        data = new_mime()
        self._random.choice(
            [
                lambda: data.setHtml("<h2>H</h2><ul><li>a<li><b>b</b></ul><p>tail"),
                lambda: data.setText("some\n\n# text"),
                lambda: data.setImageData(image()),
            ]
        )()
        QApplication.clipboard().setMimeData(data)
        if (draft := self._draft()) is not None and QApplication.activeModalWidget() is None:
            self._did("paste")
            draft.window.actions_["paste"].trigger()

    def _change_view(self) -> None:
        if (draft := self._draft()) is not None:
            name = self._random.choice(["draft", "board", "ideas", "decisions", "session"])
            self._did(f"view {name}")
            draft.window.actions_[f"view_{name}"].trigger()

    def _resize(self) -> None:
        if (draft := self._draft()) is not None:
            draft.window.resize(self._random.randrange(300, 1400), self._random.randrange(200, 900))

    def _open(self) -> None:
        application = self._random.choice(self._desks).application
        there = sorted(application.library.folder.rglob("*.cowrite"))
        if len(application.drafts) >= MOST:
            application.show_library()
        elif there and self._random.random() < 0.5:
            self._did("open")
            application.open_path(self._random.choice(there))
        else:
            self._did("new")
            application.new_document()

    def _join(self) -> None:
        first, *others = [desk.application for desk in self._desks]
        shared = [draft.shared for draft in first.drafts if draft.shared is not None]
        if not shared:
            if first.drafts:
                self._did("share")
                dialog = first.sharing.share(first.drafts[0]).dialog
                dialog.host_requested.emit("editor")
                dialog.close()
        elif others and len(others[0].drafts) < MOST:
            self._did("join")
            others[0].join_text(str(shared[0].link))

    def _close(self) -> None:
        windows = [each for each in QApplication.topLevelWidgets() if each.isVisible() and not self._is_blocked(each)]
        if windows:
            window = self._random.choice(windows)
            self._did("close", window)
            window.close()

    def _close_twice(self) -> None:
        """As the system has it when its button is pressed again while the window is busy closing."""
        windows = [each for each in QApplication.topLevelWidgets() if each.isVisible() and not self._is_blocked(each)]
        if not windows:
            return
        window = self._random.choice(windows)
        self._did("close twice", window)
        for _ in range(2):
            if isinstance(window, QDialog):
                window.reject()
            else:
                window.close()

    def _trash(self) -> None:
        """In the library, which closes the window of a document whatever waits there."""
        application = self._random.choice(self._desks).application
        if application.drafts:
            self._did("trash")
            application.show_library()
            path = str(self._random.choice(application.drafts).path)
            application._library_flow._trash_soon(path)

    def _collect(self) -> None:
        gc.collect(self._random.randrange(3))

    def _write_remotely(self) -> None:
        """What teammates do meanwhile, which may take away what is under the hand."""
        draft = self._draft()
        if draft is None:
            return
        name = self._random.choice(list(_REMOTELY))
        self._did(f"remotely {name}")
        _REMOTELY[name](draft, self._random)


# Press and release one by one: a press may open a menu and wait, and the part be gone when it has been closed.


def _click(part: QWidget, at: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    for act in (QTest.mousePress, QTest.mouseRelease):
        if shiboken6.isValid(part):
            act(part, Qt.MouseButton.LeftButton, modifiers, at)


def _press(part: QWidget, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    for act in (QTest.keyPress, QTest.keyRelease):
        if shiboken6.isValid(part):
            act(part, key, modifiers)


def _send(part: QWidget, kind: QEvent.Type, at: QPoint) -> None:
    here, there, held = QPointF(at), QPointF(part.mapToGlobal(at)), Qt.MouseButton.LeftButton
    pressed = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else held
    QApplication.sendEvent(part, QMouseEvent(kind, here, there, pressed, held, PLAIN))


def _insert(draft: Draft, random: Random) -> None:
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, random.choice(["abc ", "line\n", "x"]))


def _delete(draft: Draft, random: Random) -> None:
    length = draft.document.length - 1
    if length > 0:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.delete(0, random.randrange(1, length + 1) if draft.document.text().isascii() else length)


def _add_notes(draft: Draft, random: Random) -> None:
    whole = draft.brainstorming.brainstorm
    session = whole.session.id if whole.session is not None else ""
    texts = random.sample(["Trees", "Benches", "Trees and benches", "More light"], 2)
    whole.board.add(Note("", text, Place(random.randrange(500), 0), session=session) for text in texts)


def _remove_notes(draft: Draft, random: Random) -> None:
    board = draft.brainstorming.brainstorm.board
    ids = [note.id for note in board.notes()]
    board.remove(random.sample(ids, min(2, len(ids))))


def _group_notes(draft: Draft, random: Random) -> None:
    board = draft.brainstorming.brainstorm.board
    if len(notes := board.notes()) > 1:
        board.group([note.id for note in random.sample(notes, 2)], "Group")


def _go_on_with_session(draft: Draft, random: Random) -> None:
    whole = draft.brainstorming.brainstorm
    if whole.session is None:
        whole.sessions.begin(Session("", "How might we rest?", phase=random.choice(list(Phase))))
    elif random.random() < 0.2:
        whole.sessions.change(whole.session.id, is_over=True)
    else:
        whole.sessions.go_to(whole.session.id, random.choice(list(Phase)))


def _ask_all(draft: Draft, random: Random) -> None:
    whole = draft.brainstorming.brainstorm
    if notes := whole.board.notes():
        options = tuple(Option(note.id, note.text) for note in notes[:3])
        session = whole.session.id if whole.session is not None else ""
        whole.polls.open(Poll("", random.choice(list(PollKind)), "Which?", options, 3, 2, ("cost",), session=session))


def _decide(draft: Draft, random: Random) -> None:
    decisions = draft.brainstorming.brainstorm.decisions
    there = decisions.all()
    if not there:
        decisions.add(Decision("", "Which bench?"))
    elif random.random() < 0.5:
        decisions.put(random.choice(there).id, outcome="We take the long one.")
    else:
        decisions.remove(random.choice(there).id)


def _comment(draft: Draft, random: Random) -> None:
    comments = Comments(draft.document, chance=random, clock=lambda: 0)
    placed = comments.all()
    if placed and random.random() < 0.5:
        comments.remove(random.choice(placed).thread.id)
    elif draft.document.length > 1:
        comments.add(0, 1, "Why?", Author("Zoe"))


_REMOTELY: dict[str, Callable[[Draft, Random], None]] = {
    "insert": _insert,
    "delete": _delete,
    "add notes": _add_notes,
    "remove notes": _remove_notes,
    "group notes": _group_notes,
    "session": _go_on_with_session,
    "poll": _ask_all,
    "decide": _decide,
    "comment": _comment,
}


def play(desks: Sequence[Desk], folder: Path, seed: int, steps: int) -> list[str]:
    """Lets a monkey play at desks; says what went wrong.

    Args:
        desks: two, at which nothing is open.
        folder: for the files that it is asked for.
        seed: of what it does.
        steps: how much it does.
    """
    random = Random(seed)
    monkey = Monkey(desks, random)
    watch = Watch(monkey.trail)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    for desk in desks:
        desk.new()
    application.setQuitOnLastWindowClosed(False)
    with watch.watching(), Cage(folder, random).closed():
        monkey.play(steps)
        for desk in desks:
            desk.leave()
    return watch.wrong
