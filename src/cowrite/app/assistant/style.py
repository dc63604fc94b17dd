"""StyleFlow: what becomes of what a person does in the dialog of their style card.

Runs on the GUI thread; its StyleFile on that of the files. A card that cannot be read is left as it is until the person
decides.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from cowrite.app.assistant.style_file import StyleCardTooLarge, StyleFile
from cowrite.assist.prompts.style_card import BadStyleCard, StyleCard
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.gui.assistant.style_card_dialog import StyleCardDialog, StyleShown

Result = TypeVar("Result")
Failing = Callable[[Exception], None]


class Unkept:
    """What stood on a card when its dialog was closed, and could not be kept.

    Args:
        say: says so in a sentence, where the person looks then.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._card: StyleShown | None = None

    def put(self, card: StyleShown, why: str) -> None:
        """Keeps it for when the dialog is opened again, and says so."""
        self._card = card
        self._say(f"{why} What you wrote is in the fields when you open the card again.")

    def take(self) -> StyleShown | None:
        """Gives it, once; None where there is nothing."""
        card, self._card = self._card, None
        return card


class StyleFlow(QObject):
    """The dialog of a style card, from when it is shown until it is gone.

    Args:
        path: the card's file.
        storage: where files are written.
        unkept: has what could not be kept when the dialog was closed.
        parent: the window that it belongs to.
    """

    def __init__(self, path: Path, storage: StorageThread, unkept: Unkept, parent: QWidget) -> None:
        dialog = StyleCardDialog(str(path), _in_words, parent)
        super().__init__(dialog)
        self.dialog = dialog
        self._file = StyleFile(path)
        self._storage = storage
        self._unkept = unkept
        self._newest: StyleShown | None = None  # only what comes of this counts: all that was written before is in it
        self._failed: tuple[StyleShown, str] | None = None  # what could not be kept, and why
        self._is_there = True
        self._is_reading = True
        self._reads_again = False
        dialog.changed.connect(self._change)
        dialog.open_requested.connect(self._open)
        dialog.anew_requested.connect(self._start_anew)
        dialog.returned.connect(self._read_again)
        dialog.finished.connect(self._leave)
        dialog.destroyed.connect(self._leave)  # the window goes, and the dialog with it
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show_waiting()
        dialog.open()
        self._run(self._file.read, self._show)

    def _show(self, read: StyleCard) -> None:
        self._is_reading = False
        self.dialog.show_card(_shown(read))
        if unkept := self._unkept.take():
            self.dialog.take_up(unkept)
        self._read_again_if_wanted()

    def _change(self, shown: StyleShown) -> None:
        card = _card(shown)
        self._newest, self._failed = shown, None

        def kept(_done: None) -> None:
            self.dialog.show_problem("")

        def fail(error: Exception) -> None:
            if shown is not self._newest:
                return
            self._failed = shown, _sentence(error)
            if self._is_there:
                self._fail(error)
            else:
                self._unkept.put(*self._failed)

        self._run(lambda: self._file.change(card), kept, fail)

    def _read_again(self) -> None:
        if self._is_reading:  # what the fields hold now is older than what will have been read
            self._reads_again = True
            return
        self._is_reading = True
        card = _card(self.dialog.card())
        self._run(lambda: self._file.change_and_read(card), self._show)

    def _read_again_if_wanted(self) -> None:
        """The file may have been changed since the reading began during which the person came back."""
        if self._reads_again:
            self._reads_again = False
            self._read_again()

    def _start_anew(self) -> None:
        shown = self.dialog.card()

        def done(kept: Path | None) -> None:
            self.dialog.show_card(shown)
            if kept is not None:
                self.dialog.show_kept(kept.name, "" if kept.parent == self._file.path.parent else str(kept.parent))

        self._run(lambda: self._file.start_anew(_card(shown)), done)

    def _open(self) -> None:
        path = self._file.path
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):  # the system has no program for such files
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _run(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        fail: Failing | None = None,
    ) -> None:
        """Does work on the thread of the files; what comes of it is shown while the dialog is there."""

        def done(result: Result) -> None:
            if self._is_there:
                then(result)

        self._storage.run(work, done, fail or self._fail)

    def _fail(self, error: Exception) -> None:
        self._is_reading = False
        if not self._is_there:
            return
        if isinstance(error, BadStyleCard):
            self.dialog.show_unreadable(str(error))
        elif isinstance(error, StyleCardTooLarge):
            self.dialog.show_unkept(str(error))
        else:
            self.dialog.show_problem(_sentence(error))
        self._read_again_if_wanted()

    def _leave(self) -> None:
        was_there, self._is_there = self._is_there, False
        if was_there and self._failed is not None:
            self._unkept.put(*self._failed)


def _sentence(error: Exception) -> str:
    """Why a card could not be kept."""
    is_ours = isinstance(error, BadStyleCard | StyleCardTooLarge)
    return str(error) if is_ours else f"The style card is as it was: {error}."


def _in_words(shown: StyleShown) -> str:
    """What goes into prompts of a card."""
    return _card(shown).before_text.strip()


def _card(shown: StyleShown) -> StyleCard:
    return StyleCard(shown.tone, shown.length, shown.spelling, shown.prefer, shown.avoid, shown.samples)


def _shown(card: StyleCard) -> StyleShown:
    return StyleShown(card.tone, card.length, card.spelling, card.prefer, card.avoid, card.samples)
