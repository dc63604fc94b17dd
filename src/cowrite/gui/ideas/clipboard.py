"""IdeasClipboard: the notes of the list of ideas on the clipboard, and what comes from there as notes.

Runs on the GUI thread. To others notes are a Markdown list; such a list and pictures become notes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtGui import QGuiApplication

from cowrite.bridge.file.image_files import StoreImage, are_large
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.errors import CowriteError
from cowrite.gui.ideas.idea_list import IdeaList
from cowrite.gui.page.clipboard import local_files, model_lines, pictures_of_mime
from cowrite.gui.page.picture_files import NO_IMAGE, PictureFiles

NOT_COPIED = "Sealed notes can be copied as a list once they are revealed."
NOTHING = "There is no text or image to paste."
MOST_PICTURES = 50  # image files that are pasted at once


class IdeasClipboard:
    """Copies from the list and pastes into it.

    Args:
        shown: the list.
        ideas: what is copied, and takes in what is pasted.
        as_list: gives notes, by their ids, as a Markdown list.
        from_list: reads a pasted list, given which of its lines the assistant wrote, and takes it in as one act; gives
            the ids of its notes.
        store_image: keeps an image and gives its name.
        files: reads image files that take long.
    """

    def __init__(
        self,
        shown: IdeaList,
        ideas: Ideas,
        as_list: Callable[[Sequence[str]], str],
        from_list: Callable[[str, Collection[str]], list[str]],
        store_image: StoreImage,
        files: PictureFiles,
    ) -> None:
        self._list = shown
        self._tree = shown.tree
        self._ideas = ideas
        self._as_list = as_list
        self._from_list = from_list
        self._store_image = store_image
        self._files = files

    def copy(self) -> bool:
        """Copies the selected notes as a list, in which nothing is that lies sealed; says whether all of them are."""
        notes = self._tree.selected_notes()
        is_sealed = self._ideas.is_sealed(notes)
        self._list.say(NOT_COPIED if is_sealed else "")
        words = self._as_list(notes) if notes else ""
        if words:
            QGuiApplication.clipboard().setText(words)
        return bool(words) and not is_sealed

    def take_list(self, text: str) -> None:
        """Takes in a list that was pasted."""
        if self._list.read_only or not text.strip():
            return
        try:
            ids = self._from_list(text, model_lines(QGuiApplication.clipboard().mimeData()))
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
