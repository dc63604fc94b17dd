"""A monkey at two desks: it clicks, types, drags, opens and closes at random, between any two events of Qt.

The same seed does the same, as far as threads, sockets and animations are as fast as the time before. It works from a
timer, so it goes on while a menu or a dialog waits for an answer, and closes windows underneath them.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import cast

import shiboken6
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.gui.page.clipboard import new_mime
from helpers.cage import Cage, image
from helpers.desk import Desk
from helpers.remote_acts import ACTS
from helpers.watch import Watch

NAMES = "Return Escape Tab Backtab Backspace Delete Up Down Left Right Home End PageDown F2 F3 F6 Menu Space"
KEYS = [Qt.Key[f"Key_{name}"] for name in NAMES.split()]
LETTERS = [Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)]
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
WORDS = ["hello ", "# Head\n", "- one\n", "x", "We decided to plant trees. ", "1. b\n"]
MOST = 4  # drafts at one desk
DEEPEST = 4  # loops within each other, above which it closes what waits
TRAIL = 16  # acts that a report names
PAUSES = (0, 0, 0, 1, 5, 20, 60)  # milliseconds between two acts


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
            # The end of a drag comes from a timer of its own: what it asks waits outside of every act.
            if self._depth == 0 and QApplication.activeModalWidget() is None:
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
        drafts = [draft for desk in self._desks for draft in desk.application.documents.drafts]
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
        if draft is not None and draft in [each for desk in self._desks for each in desk.application.documents.drafts]:
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
            cast(QMenu, self._random.choice(bar.actions()).menu()).popup(bar.mapToGlobal(QPoint()))

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
            QTimer.singleShot(5, move)  # first, for Qt may keep the move until what is dragged is dropped
            _send(part, QEvent.Type.MouseMove, at)

        QTimer.singleShot(0, move)

    def _paste(self) -> None:
        data = new_mime()
        contents: list[Callable[[], None]] = [
            lambda: data.setHtml("<h2>H</h2><ul><li>a<li><b>b</b></ul><p>tail"),
            lambda: data.setText("some\n\n# text"),
            lambda: data.setImageData(image()),
        ]
        self._random.choice(contents)()
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
        there = sorted(application.choices.library.folder.rglob("*.cowrite"))
        if len(application.documents.drafts) >= MOST:
            application.show_library()
        elif there and self._random.random() < 0.5:
            self._did("open")
            application.documents.open(self._random.choice(there))
        else:
            self._did("new")
            application.documents.new()

    def _join(self) -> None:
        first, *others = [desk.application for desk in self._desks]
        shared = [draft.shared for draft in first.documents.drafts if draft.shared is not None]
        if not shared:
            if first.documents.drafts:
                self._did("share")
                flow = first.sharing.share(first.documents.drafts[0])
                if flow is not None:  # else it works offline
                    flow.dialog.host.host_requested.emit("editor")
                    flow.dialog.close()
        elif others and len(others[0].documents.drafts) < MOST:
            self._did("join")
            others[0].joining.join_text(str(shared[0].link))

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
        if application.documents.drafts:
            self._did("trash")
            application.show_library()
            path = str(self._random.choice(application.documents.drafts).path)
            application._library_flow.trash_soon(path)

    def _collect(self) -> None:
        gc.collect(self._random.randrange(3))

    def _write_remotely(self) -> None:
        """What teammates do meanwhile, which may take away what is under the hand."""
        draft = self._draft()
        if draft is None:
            return
        name = self._random.choice(list(ACTS))
        self._did(f"remotely {name}")
        ACTS[name](draft, self._random)


# Press and release one by one: a press may open a menu and wait, and the part be gone when it has been closed.


def _click(part: QWidget, at: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    for act in (QTest.mousePress, QTest.mouseRelease):
        if shiboken6.isValid(part):
            act(part, Qt.MouseButton.LeftButton, modifiers, at)


def _press(part: QWidget, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    for act in (QTest.keyPress, QTest.keyRelease):
        if shiboken6.isValid(part):
            act(part, key, modifiers)  # type: ignore[arg-type]  # it takes a letter as well


def _send(part: QWidget, kind: QEvent.Type, at: QPoint) -> None:
    here, there, held = QPointF(at), QPointF(part.mapToGlobal(at)), Qt.MouseButton.LeftButton
    pressed = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else held
    QApplication.sendEvent(part, QMouseEvent(kind, here, there, pressed, held, PLAIN))


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
