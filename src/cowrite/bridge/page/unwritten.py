"""Unwritten: letters and deletions that a widget shows and the body does not have yet.

Whatever brings them so fast, they become one edit, and that is the same to the CRDT as one edit for each letter.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QTextCursor, QTextDocument

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.document.edit import Edit
from cowrite.core.text.richtext import NO_ATTRIBUTES, RECORDS, Attributes, utf16_length

BREAK = "\u2029"
"""What stands between two blocks in Qt's text."""

SPECIAL = frozenset("\u2029\ufdd0\ufdd1\ufffc\u0000")
"""Characters of Qt's text that are none of ours."""

# What has to be looked at more closely than as text: see `taking_over.shown_text`, and embeds, and nothing at all.
_UNFIT = re.compile("[\0\r\ufdd0\ufdd1\ufffc\ufeff\ufffe]")


class _Run:
    """Letters or deletions that go on with each other.

    Args:
        at: position in UTF-16 units.
        end: of what comes in, or the same.
        removed: so many units go.
        text: what comes in; with it nothing goes.
        attributes: of the text.
    """

    __slots__ = ("at", "attributes", "end", "removed", "text")

    def __init__(self, at: int, end: int, removed: int, text: str, attributes: Attributes) -> None:
        self.at = at
        self.end = end
        self.removed = removed
        self.text = text
        self.attributes = attributes

    def goes_on(self, at: int, removed: int, text: str, attributes: Attributes) -> bool:
        """Takes in what happens next where it goes on with this; says whether it does."""
        if text:
            if self.removed or at != self.end or attributes != self.attributes:
                return False
            self.text += text
            self.end = at + utf16_length(text)
            return True
        if not self.removed or not at <= self.at <= at + removed:
            return False
        self.at = self.end = at
        self.removed += removed
        return True


class Unwritten:
    """What happened in a widget and is to be written to the body later, in its order.

    Args:
        text: the widget's.
        formats: how attributes look there.
    """

    def __init__(self, text: QTextDocument, formats: TextFormats) -> None:
        self._text = text
        self._formats = formats
        self._reader = QTextCursor(text)
        self._runs: list[_Run] = []

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._runs)

    def begin(self, at: int) -> bool:
        """Takes a single letter or digit of a plain body, if there is nothing yet, with as little work as can be.

        Such are most keys, and between two of them the processor's caches forget Python: each step shows.

        Args:
            at: where it has come in, in UTF-16 units.

        Returns:
            Whether it was one; else nothing is done.
        """
        if self._runs:
            return False
        letter = self._text.characterAt(at)
        if not letter.isalnum() or (at and "\ud800" <= self._text.characterAt(at - 1) <= "\udbff"):
            return False
        self._runs.append(_Run(at, at + 1, 0, letter, NO_ATTRIBUTES))
        return True

    def add(self, at: int, removed: int, added: int, plain: bool, within_lines: bool) -> bool:
        """Reads what has happened, if the body may have it later because it leaves nothing to do there.

        Where a body is more than plain text, that is a letter within a line that looks like the one to its left, and
        what is deleted within a line.

        Args:
            at: where, in UTF-16 units.
            removed: so many units have gone.
            added: so many have come.
            plain: whether the body is plain text.
            within_lines: whether it may wait as far as lines are concerned.

        Returns:
            Whether it waits.
        """
        text, attributes = "", NO_ATTRIBUTES
        if removed:
            if added or not within_lines or self._halves_characters(at):
                return False
        else:
            read = self._read(at, added, plain)
            if not read:
                return False
            text = read
            if not plain:
                attributes = self._formats.attributes(self._reader.charFormat())
                if not RECORDS.isdisjoint(attributes):
                    return False  # what a person types beside the assistant's text is their own, and is to look so
        if not self._runs or not self._runs[-1].goes_on(at, removed, text, attributes):
            self._runs.append(_Run(at, at + utf16_length(text), removed, text, attributes))
        return True

    def write(self, edit: Edit) -> int:
        """Does what was read to the body, and forgets it.

        Returns:
            Where the newest of it is.
        """
        runs, self._runs = self._runs, []
        for run in runs:
            if run.removed:
                edit.delete(run.at, run.removed)
            else:
                edit.insert(run.at, run.text, run.attributes)
        return runs[-1].at

    def _read(self, at: int, added: int, plain: bool) -> str | None:
        """What has come in, or None where it cannot wait. The reader is behind it then, where the body is not plain."""
        before = self._text.characterAt(at - 1) if at else BREAK
        halved = "\ud800" <= before <= "\udbff"
        if added != 1:
            return plain_text(self._reader, at, added) if added and plain and not halved else None
        new = self._text.characterAt(at)
        if new == BREAK and plain:
            new = "\n"
        if new in SPECIAL or halved or "\ud800" <= new <= "\udfff":
            return None
        if not plain:
            if before in SPECIAL:
                return None
            self._reader.setPosition(at + 1)
        return new

    def _halves_characters(self, at: int) -> bool:
        """Whether what was deleted at a position may have left half of a character there."""
        return any("\ud800" <= self._text.characterAt(beside) <= "\udfff" for beside in (at, at - 1) if beside >= 0)


def plain_text(reader: QTextCursor, at: int, units: int) -> str | None:
    """The text of a widget, with plain line breaks; None where it has to be looked at more closely.

    Args:
        reader: a cursor of the widget's text.
        at: position in UTF-16 units.
        units: so many.
    """
    reader.setPosition(at)
    reader.setPosition(at + units, QTextCursor.MoveMode.KeepAnchor)
    text = reader.selectedText()
    # PySide leaves lone surrogates out.
    if _UNFIT.search(text) or utf16_length(text) != units:
        return None
    return text.replace(BREAK, "\n")
