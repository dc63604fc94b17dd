"""Copying: what leaves a page by the clipboard, or is dragged off it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from cowrite.core.text.suggested_text import as_copied
from cowrite.core.writing import pasting, tables
from cowrite.gui.page import clipboard
from cowrite.gui.page.comments import PageComments
from cowrite.gui.page.decision_embeds import DecisionEmbeds
from cowrite.gui.page.embeds import Images
from cowrite.gui.page.text_page import TextPage


class Copying:
    """What is copied from one page.

    Args:
        page: it; its selection is what is copied.
        images: gives images.
        decisions: those on the page.
        comments: go along.
    """

    def __init__(self, page: TextPage, images: Images, decisions: DecisionEmbeds, comments: PageComments) -> None:
        self._page = page
        self._draft = page.draft
        self._images = images
        self._decisions = decisions
        self._comments = comments

    def selected(self) -> QMimeData:
        """What is selected, as it is offered to other programs and to this one."""
        start, stop = self._page.selection()
        spans = as_copied(pasting.copied(self._draft, start, stop))
        records, ends_line = self._draft.assists.of(spans), pasting.ends_line(self._draft, start, stop)
        cards = self._decisions.cards
        data = clipboard.mime_of(spans, self._images.original, records, cards, ends_line=ends_line)
        clipboard.put_commented(data, self._comments.commented(start, stop))
        return data

    def copy_markdown(self) -> None:
        """Copies the selection, or the whole draft, as Markdown."""
        start, stop = self._page.selection()
        within = tables.cells_between(self._draft, start, stop) if start != stop else list(self._draft.spans())
        spans = as_copied(self._draft.spans(start, stop) if within is None else within)
        records, cards = self._draft.assists.of(spans), self._decisions.cards
        named = self._page.pictures_named.emit
        data = clipboard.markdown_mime(spans, records, cards, self._images.original, named)
        QGuiApplication.clipboard().setMimeData(data)
