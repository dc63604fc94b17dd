"""The window of a document's history, as a person uses it and reads it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.gui.history.window import HistoryWindow
from cowrite.paths import Paths
from cowrite_server.store.sqlite.database import FILE_NAME
from helpers.desk import Desk

HOUR = 3_600_000  # milliseconds


def open_history(desk: Desk, draft: Draft, moments: int = 3) -> HistoryWindow:
    """Opens the history by its shortcut and waits for the newest moment."""
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    QTest.keyClick(draft.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    found = draft.window.findChild(HistoryWindow)
    assert found is not None
    if moments:
        desk.until(lambda: found.foot.count.text() == f"{moments} of {moments}" and text(found))
    return found


def text(history: HistoryWindow) -> str:
    """What the page shows; nothing where something else stands in its place."""
    return history.page.text.removesuffix("\n") if history.page.isVisible() else ""


def written_by(history: HistoryWindow) -> dict[str, str]:
    """What the page tints in each author's colour, by their names."""
    found: dict[str, str] = {}
    rope = history.page.shown.rope
    for stretch in history.page.stretches.all:
        found[stretch.author.name] = found.get(stretch.author.name, "") + rope.text(stretch.start, stretch.stop)
    return found


def added(history: HistoryWindow) -> list[str]:
    """What the page underlines, for the moment has added it."""
    return [history.page.shown.rope.text(start, stop) for start, stop in history.page.stretches.added]


def key(widget: QWidget, which: Qt.Key) -> None:
    """Presses a key."""
    QTest.keyClick(widget, which)


def answer(history: HistoryWindow, button: str) -> str:
    """Answers the question that is asked; gives its text."""
    box = next(box for box in history.findChildren(QMessageBox) if box.isVisible())
    words = f"{box.text()} {box.informativeText()}"
    next(each for each in box.buttons() if each.text().replace("&", "") == button).click()
    return words


def kept(paths: Paths) -> bytes:
    """Every byte of the histories on this computer.

    Read by another process: one that closes a file which SQLite has open there lets go of SQLite's locks.
    """
    files = [str(path) for path in paths.histories.rglob("*") if path.is_file()]
    if sys.platform == "win32":  # there it lets go of none, and nobody reads what is locked
        return b"".join(Path(path).read_bytes() for path in files if not path.endswith(("-shm", ".lock")))
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout if files else b""


def an_hour_passes(folder: Path) -> None:
    """All that is logged in a data folder was written an hour earlier."""
    _change(folder, "UPDATE updates SET time = time - ?", HOUR)


def damage_histories(folder: Path) -> None:
    """Nothing of all that is logged in a data folder can be read."""
    _change(folder, "UPDATE updates SET data = x'ff'")


def _change(folder: Path, statement: str, *values: int) -> None:
    connection = sqlite3.connect(folder / FILE_NAME)
    with connection:
        connection.execute(statement, values)
    connection.close()
