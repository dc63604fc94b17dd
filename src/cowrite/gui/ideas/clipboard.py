"""IdeasClipboard: the notes of the list of ideas on the clipboard, and what comes from there as notes.

Runs on the GUI thread. To a board notes are notes, to a draft a list that knows which of them the assistant wrote, to
others a Markdown list; such a list and pictures become notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from cowrite.bridge.file.image_files import StoreImage, are_large
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.errors import CowriteError
from cowrite.gui.ideas.idea_list import IdeaList
from cowrite.gui.page.clipboard import local_files, pictures_of_mime
from cowrite.gui.page.picture_files import NO_IMAGE, PictureFiles

NOT_COPIED = "Sealed notes can be copied as a list once they are revealed."
NOTHING = "There is no text or image to paste."
MOST_PICTURES = 50  # image files that are pasted at once


class IdeasClipboard:
    """Copies from the list and pastes into it.

    Args:
        shown: the list.
        ideas: what is copied, and takes in what is pasted.
        offer: gives what copying notes, by their ids, puts on the clipboard; None where there is nothing to copy.
        from_list: reads a pasted list, given what else the clipboard holds, and takes it in as one act; gives the ids
            of its notes.
        store_image: keeps an image and gives its name.
        files: reads image files that take long.
    """

    def __init__(
        self,
        shown: IdeaList,
        ideas: Ideas,
        offer: Callable[[Sequence[str]], QMimeData | None],
        from_list: Callable[[str, QMimeData | None], list[str]],
        store_image: StoreImage,
        files: PictureFiles,
    ) -> None:
        self._list = shown
        self._tree = shown.tree
        self._ideas = ideas
        self._offer = offer
        self._from_list = from_list
        self._store_image = store_image
        self._files = files

    def copy(self) -> bool:
        """Copies the selected notes as a list, in which nothing is that lies sealed; says whether all of them are."""
        notes = self._tree.selected_notes()
        is_sealed = self._ideas.is_sealed(notes)
        self._list.say(NOT_COPIED if is_sealed else "")
        data = self._offer(notes) if notes else None
        if data is not None:
            QGuiApplication.clipboard().setMimeData(data)
        return data is not None and not is_sealed

    def take_list(self, text: str) -> None:
        """Takes in a list that was pasted."""
        if self._list.read_only or not text.strip():
            return
        try:
            ids = self._from_list(text, QGuiApplication.clipboard().mimeData())
        except CowriteError as error:
            self._list.say(str(error))
            return
        self._list.refresh()
        if ids:
            self._tree.go_to(ids[0])

    def paste_pictures(self, group: str) -> bool:
        """Makes notes of the pictures on the clipboard, and says where there is nothing at all to paste.

        Args:
            group: in which they come; empty for none.

        Returns:
            Whether that is done with, or is being read: else there is text, for `take_list`.
        """
        if self._list.read_only:
            return True
        clipboard = QGuiApplication.clipboard()
        data = clipboard.mimeData()  # None where the clipboard is empty
        files = local_files(data)[:MOST_PICTURES] if data else []
        if are_large(files):
            self._files.read(files, lambda names: self._take_pictures(names, group, or_else=NO_IMAGE))
            return True
        names = pictures_of_mime(data, self._store_image, MOST_PICTURES) if data else []
        self._take_pictures(names, group, or_else="" if clipboard.text().strip() else NOTHING)
        return bool(names)

    def _take_pictures(self, names: Sequence[str], group: str, *, or_else: str) -> None:
        """Writes a note for each; where there are none, says something else."""
        self._list.say("" if names else or_else)
        if names:
            ids = self._ideas.write_pictures(names, group)
            self._list.refresh()
            if not self._tree.delegate.edited:
                self._tree.go_to(ids[-1])
