"""StyleFlow: what becomes of what a person does in the dialog of their style card.

Runs on the GUI thread; its StyleFile on that of the files. The card is a file that the person writes in, too: nothing
that stands in it is lost, whoever wrote it, and one that cannot be read is left as it is until they decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from cowrite.assist.style_card import BadStyleCard, StyleCard, read_style_card, style_card_text
from cowrite.bridge.storage_thread import StorageThread
from cowrite.gui.assistant.style_card_dialog import StyleCardDialog, StyleShown
from cowrite.gui.theme import Theme
from cowrite.storage.placing import write_in_place

Result = TypeVar("Result")


class StyleFile:
    """A style card's file, as one dialog changes it. On one thread at a time.

    Args:
        path: where it is, or will be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = StyleCard()  # as the dialog had it when it was read or written last

    def read(self) -> StyleCard:
        """The card in it; an empty one where there is no file.

        Raises:
            BadStyleCard: it cannot be read.
        """
        self._last = read_style_card(self.path)
        return self._last

    def change(self, card: StyleCard) -> None:
        """Writes what is new in a card; what else stands in the file stays, also what was written there meanwhile.

        Raises:
            BadStyleCard: the file cannot be read, and is as it was.
            OSError: the same, because it cannot be written.
        """
        there = read_style_card(self.path)
        new = {
            field.name: getattr(card, field.name)
            for field in fields(StyleCard)
            if getattr(card, field.name) != getattr(self._last, field.name)
        }
        if (wanted := replace(there, **new)) != there:
            self._write(wanted)
        self._last = card

    def change_and_read(self, card: StyleCard) -> StyleCard:
        """Does both; raises what both raise."""
        self.change(card)
        return self.read()

    def start_anew(self, card: StyleCard) -> Path:
        """Keeps the file under another name beside it, and writes a new one where the card says anything.

        Returns:
            Where the old file is now. No other file was there.

        Raises:
            OSError: it could not be done.
        """
        kept = _claimed(self.path)
        try:
            self.path.replace(kept)
        except OSError:
            kept.unlink(missing_ok=True)
            raise
        self._last = StyleCard()
        self.change(card)
        return kept

    def _write(self, card: StyleCard) -> None:
        before = self.path.read_text(encoding="utf-8") if self.path.is_file() else ""
        try:
            text = style_card_text(card, before)
        except ValueError as error:
            raise BadStyleCard(self.path, f"it is not TOML ({error})") from error
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_in_place(self.path, text.encode("utf-8"))


class StyleFlow(QObject):
    """The dialog of a style card, from when it is shown until it is gone.

    Args:
        path: the card's file.
        storage: where files are written.
        theme: how the dialog looks.
        parent: the window that it belongs to.
    """

    def __init__(self, path: Path, storage: StorageThread, theme: Theme, parent: QWidget) -> None:
        dialog = StyleCardDialog(theme, str(path), _in_words, parent)
        super().__init__(dialog)
        self.dialog = dialog
        self._file = StyleFile(path)
        self._storage = storage
        self._is_there = True
        self._is_reading = False
        try:
            dialog.show_card(_shown(self._file.read()))
        except BadStyleCard as error:
            dialog.show_unreadable(str(error))
        dialog.changed.connect(self._change)
        dialog.open_requested.connect(self._open)
        dialog.anew_requested.connect(self._start_anew)
        dialog.returned.connect(self._read_again)
        dialog.destroyed.connect(self._leave)
        dialog.open()

    def _change(self, shown: StyleShown) -> None:
        card = _card(shown)
        self._run(lambda: self._file.change(card), lambda _done: self.dialog.show_problem(""))

    def _read_again(self) -> None:
        if self._is_reading:  # what the fields hold now is older than what will have been read
            return
        self._is_reading = True
        card = _card(self.dialog.card())

        def done(read: StyleCard) -> None:
            self._is_reading = False
            self.dialog.show_card(_shown(read))

        self._run(lambda: self._file.change_and_read(card), done)

    def _start_anew(self) -> None:
        shown = self.dialog.card()

        def done(kept: Path) -> None:
            self.dialog.show_card(shown)
            self.dialog.show_kept(kept.name)

        self._run(lambda: self._file.start_anew(_card(shown)), done)

    def _open(self) -> None:
        path = self._file.path
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):  # the system has no program for such files
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _run(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Does work on the thread of the files; what comes of it is shown while the dialog is there."""

        def done(result: Result) -> None:
            if self._is_there:
                then(result)

        self._storage.run(work, done, self._fail)

    def _fail(self, error: Exception) -> None:
        self._is_reading = False
        if not self._is_there:
            return
        if isinstance(error, BadStyleCard):
            self.dialog.show_unreadable(str(error))
        else:
            self.dialog.show_problem(f"The style card is as it was: {error}.")

    def _leave(self) -> None:
        self._is_there = False


def _in_words(shown: StyleShown) -> str:
    """What goes into prompts of a card."""
    return _card(shown).before_text.strip()


def _card(shown: StyleShown) -> StyleCard:
    return StyleCard(shown.tone, shown.length, shown.spelling, shown.prefer, shown.avoid, shown.samples)


def _shown(card: StyleCard) -> StyleShown:
    return StyleShown(card.tone, card.length, card.spelling, card.prefer, card.avoid, card.samples)


def _claimed(path: Path) -> Path:
    """A name beside a file that nothing else has, for the file to take; an empty file holds it."""
    number = 1
    while True:
        name = path.with_name(f"{path.stem}.bad{f'-{number}' if number > 1 else ''}{path.suffix}")
        try:
            name.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return name
