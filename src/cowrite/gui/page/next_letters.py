"""NextLetters: how what a person types next looks, and of what it is a part.

Runs on the GUI thread. What is chosen for it is in Qt's format at the caret, and nowhere in the document.
"""

from __future__ import annotations

from PySide6.QtGui import QTextCursor

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.document.assists import mark_of
from cowrite.core.text.richtext import EMBED_CHARACTER, INLINE_ATTRIBUTES, NO_ATTRIBUTES, RECORDS, Attributes
from cowrite.core.writing import alone
from cowrite.core.writing.line import line_at
from cowrite.core.writing.looks import inherited_attributes
from cowrite.gui.page.text_page import TextPage

_ENDS_WITH_LINE = frozenset({"link", "code", "script"})


class NextLetters:
    """What is typed next on one page.

    Args:
        page: it.
        formats: of its text.
    """

    def __init__(self, page: TextPage, formats: TextFormats) -> None:
        self._page = page
        self._draft = page.draft
        self._formats = formats

    @property
    def attributes(self) -> Attributes:
        """Its inline attributes, as Qt has them at the caret."""
        return self._formats.attributes(self._page.currentCharFormat())

    def type_with(self, attributes: Attributes) -> None:
        """Makes what is typed next have these inline attributes."""
        line = line_at(self._draft, self._page.textCursor().position()).attributes
        self._page.setCurrentCharFormat(self._formats.char_format(attributes, line))
        self._page.caret_moved.emit()

    def type_without(self, *names: str) -> None:
        """Makes what is typed next have none of these inline attributes, and otherwise what it would have."""
        self.type_with({name: value for name, value in self.attributes.items() if name not in names})

    def carried_to_next_line(self) -> Attributes:
        """What typing has here and is to have on an empty line below: bold stays bold, a heading's look stays there."""
        line = line_at(self._draft, self._page.textCursor().selectionStart()).attributes
        if "header" in line or line.get("code-block"):
            return NO_ATTRIBUTES
        here = self.attributes
        return {name: value for name, value in here.items() if name in INLINE_ATTRIBUTES - _ENDS_WITH_LINE - RECORDS}

    def before_key(self, *, writes: bool) -> None:
        """Makes what a key writes next no part of what it stands beside.

        Args:
            writes: whether the key writes, and is no command.
        """
        if writes:
            self.make_room()
        if self._page.currentCharFormat().isAnchor():
            self._end_link()
        self._end_mark()

    def turn_selection(self) -> None:
        """Has what comes in the place of a selection look as the end of that, in whichever direction it was made: Qt
        takes the look of the letter before the caret."""
        cursor = self._page.textCursor()
        anchor, head = cursor.anchor(), cursor.position()
        if head < anchor and not cursor.hasComplexSelection():
            cursor.setPosition(head)
            cursor.setPosition(anchor, QTextCursor.MoveMode.KeepAnchor)
            bar = self._page.verticalScrollBar()
            place = bar.value()
            self._page.setTextCursor(cursor)
            bar.setValue(place)  # Qt scrolls to the end, and what is written comes at the beginning

    def make_room(self) -> None:
        """Makes room for what a person writes next.

        What is selected is deleted where some of it came from a language model: where what is written has letters in
        common with it, the smallest edit would keep these, as the model's. So it is where it reaches to the end of a
        link, of which the first letter alone would be a part. Beside what stands alone on its line, another line is
        begun.
        """
        start, stop = self._page.selection()
        if start != stop:
            from_model = any(mark_of(span.attributes) for span in self._draft.spans(start, stop))
            if from_model or self._ends_link(start, stop):
                self._page.textCursor().removeSelectedText()
            return
        cursor = self._page.textCursor()
        if cursor.block().text() == EMBED_CHARACTER:  # to ask the document at each key would have it written first
            cursor.setPosition(alone.line_beside(self._draft, start))
            self._page.setTextCursor(cursor)

    def chosen_for_typing(self) -> Attributes | None:
        """Inline attributes that were chosen for what is typed next; None where it will look as the text around."""
        if self._formats.is_plain:
            return None
        cursor = self._page.textCursor()
        if cursor.hasSelection():
            return None
        around = QTextCursor(self._page.document())
        around.setPosition(cursor.position())
        chosen = self._formats.attributes(cursor.charFormat())
        return None if chosen == self._formats.attributes(around.charFormat()) else chosen

    def _end_link(self) -> None:
        """Makes what is typed next no link where a link ends at the caret."""
        start, stop = self._page.selection()
        if start == stop and "link" not in inherited_attributes(self._draft, start):
            self.type_without("link")

    def _end_mark(self) -> None:
        """Makes what is typed next a person's text where it would look like the assistant's, or as suggested."""
        start, stop = self._page.selection()  # where something is selected, Qt would set the format of that
        if start == stop and not RECORDS.isdisjoint(self.attributes):
            self.type_without(*RECORDS)

    def _ends_link(self, start: int, stop: int) -> bool:
        rope = self._draft.rope
        link = rope.attributes_at(start).get("link")
        return link is not None and rope.attributes_at(stop).get("link") != link
