"""SaidLabel: what somebody has said, with the names of those who are mentioned in it set off.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from cowrite.core.comments.mentions import Mention
from cowrite.gui.look.theme import Theme
from cowrite.gui.widgets.wrapping_label import WrappingLabel

OTHERS, OWN = 600, 700
"""How bold names are."""

_LINE = "margin: 0; white-space: pre-wrap"
_EMPTY_LINE = f'<p style="{_LINE}; -qt-paragraph-type: empty"><br></p>'


class SaidLabel(WrappingLabel):
    """Words that wrap and can be selected. They are markup for Qt where a name is set off, and never by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words = ""
        self._mentions: tuple[Mention, ...] = ()
        self._theme: Theme | None = None

    def text(self) -> str:
        """The words, without markup."""
        return self._words

    def show_words(self, words: str, mentions: Sequence[Mention], theme: Theme) -> None:
        """Shows what was said.

        Args:
            words: it.
            mentions: who is mentioned in it, in its order.
            theme: how names look.
        """
        shown = words, tuple(mentions), theme
        if shown == (self._words, self._mentions, self._theme):  # what is selected stays
            return
        self._words, self._mentions, self._theme = shown
        self.setTextFormat(Qt.TextFormat.RichText if mentions else Qt.TextFormat.PlainText)
        self.setText(_markup(words, mentions, theme) if mentions else words)

    def _formats(self) -> list[QTextLayout.FormatRange]:
        return [_stretch(each, self._theme) for each in self._mentions] if self._theme is not None else []


def _stretch(mention: Mention, theme: Theme) -> QTextLayout.FormatRange:
    stretch = QTextLayout.FormatRange()
    stretch.start, stretch.length = mention.start, mention.stop - mention.start
    stretch.format = _format(mention, theme)
    return stretch


def _format(mention: Mention, theme: Theme) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(theme.accent_text))
    look.setFontWeight(QFont.Weight(OWN if mention.is_own else OTHERS))
    if mention.is_own:
        look.setBackground(QColor(theme.accent_soft))
    return look


def _markup(words: str, mentions: Sequence[Mention], theme: Theme) -> str:
    """The words as lines of HTML, all that people wrote as text."""
    data, at, parts = words.encode("utf-16-le", "surrogatepass"), 0, []
    for mention in mentions:
        ground = f"; background-color: {theme.accent_soft}" if mention.is_own else ""
        weight = OWN if mention.is_own else OTHERS
        style = f"color: {theme.accent_text}; font-weight: {weight}{ground}"
        parts += [
            _text(data, at, mention.start),
            f'<span style="{style}">',
            _text(data, mention.start, mention.stop),
            "</span>",
        ]
        at = mention.stop
    lines = "".join([*parts, _text(data, at, len(data) // 2)]).split("\n")
    return "".join(f'<p style="{_LINE}">{line}</p>' if line else _EMPTY_LINE for line in lines)


def _text(data: bytes, start: int, stop: int) -> str:
    return escape(data[2 * start : 2 * stop].decode("utf-16-le", "surrogatepass"))
