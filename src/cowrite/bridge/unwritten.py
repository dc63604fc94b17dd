"""Unwritten: what a widget has changed at one place and the body has not taken over yet.

Changes that touch become one, so that a run of letters, whatever brings it so fast, is one edit of the body.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QTextCursor, QTextDocument

from cowrite.core.richtext import utf16_length

_BREAK = "\u2029"
# What has to be looked at more closely than as text: see `taking_over.shown_text`, and embeds, and nothing at all.
_SPECIAL = re.compile("[\0\r\ufdd0\ufdd1\ufffc\ufeff\ufffe]")


class Unwritten:
    """A place where widget and body differ (all in UTF-16 units).

    Attributes:
        at: where it begins in the body.
        removed: so many units of the body give way.
        shown: where it begins in the widget.
        added: so many units of the widget take their place.
        plain: whether they are text and nothing else, in a body of which that is true; otherwise they end no line.
    """

    __slots__ = ("added", "at", "plain", "removed", "shown")

    def __init__(self, at: int, removed: int, added: int, plain: bool) -> None:
        self.at = self.shown = at
        self.removed = removed
        self.added = added
        self.plain = plain

    def touches(self, at: int, removed: int) -> bool:
        """Whether a change of the widget begins, ends or lies in it."""
        return at <= self.shown + self.added and self.shown <= at + removed

    def is_whole_after(self, at: int, removed: int) -> bool:
        """Whether a change of the widget leaves it whole."""
        return at + removed <= self.shown or self.shown + self.added <= at

    def join(self, at: int, removed: int, added: int) -> None:
        """Takes in a change of the widget that touches it."""
        before = max(0, self.shown - at)
        behind = max(0, at + removed - self.shown - self.added)
        self.at -= before
        self.shown -= before
        self.removed += before + behind
        self.added += before + behind - removed + added


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
    if _SPECIAL.search(text) or utf16_length(text) != units:
        return None
    return text.replace(_BREAK, "\n")


def halves_characters(text: QTextDocument, at: int) -> bool:
    """Whether a change of the widget that ends at a position may have left half of a character there."""
    return "\ud800" <= text.characterAt(at) <= "\udfff" or (at > 0 and "\ud800" <= text.characterAt(at - 1) <= "\udfff")
