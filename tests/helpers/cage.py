"""Cage: an application that asks for files, other programs and the network gets what is in a folder, and no more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

import shiboken6
from PySide6 import QtWidgets
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QMessageBox, QWidget


class Cage:
    """Keeps who plays from files of the computer, other programs and the network.

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
            dialogs = QtWidgets.QFileDialog
            stack.enter_context(patch.object(dialogs, "getOpenFileName", self._asking_for_file(self._there)))
            stack.enter_context(patch.object(dialogs, "getSaveFileName", self._asking_for_file(self._copy)))
            stack.enter_context(patch.object(dialogs, "getExistingDirectory", self._ask_for_folder))
            # Its dialog has one of Qt's for files within, which would lead out of here.
            stack.enter_context(patch("cowrite.app.commands.draft_commands.ask_print"))
            yield

    def _there(self) -> Path:
        return self._random.choice(sorted(self._folder.iterdir()))

    def _copy(self) -> Path:
        return self._folder / f"copy.{self._random.choice(['cowrite', 'md', 'pdf'])}"

    def _asking_for_file(self, path: Callable[[], Path]) -> Callable[..., tuple[str, str]]:
        def ask(parent: QWidget | None = None, *_: object) -> tuple[str, str]:
            return self._ask(parent, path), ""

        return ask

    def _ask_for_folder(self, parent: QWidget | None = None, *_: object) -> str:
        return self._ask(parent, lambda: self._folder)

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
