"""DecisionObject: how decisions are drawn in the text, as cards.

Runs on the GUI thread. Qt asks it for the size and the picture of each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPyTextObject, QTextDocument, QTextFormat

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.decisions.cards import GONE, UNDECIDED, Card, CardSource, embedded
from cowrite.core.text.direction import begins_from_right
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.embeds import mark_suggested, room_at, space_above

STATUS_TONES = {"Accepted": "success", "Proposed": "accent_text", "Rejected": "danger", "Superseded": "warning"}
MOST_SHOWN = 1500
"""Characters of one row of a card that are shown; all of it is in its own view."""
STALE = "Its evidence has changed"
_WRAPPED = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value
_PADDING = 0.9  # parts of the writing size
_HIGHEST = 1e6  # device-independent pixels; no row of a card is as high


class _Row(NamedTuple):
    """One row of a card: text, the name of its colour in the theme, its size beside the writing size, its weight, and
    the space before it as a part of the writing size."""

    text: str
    colour: str
    scale: float = 1.0
    weight: int = QFont.Weight.Normal.value
    before: float = 0.3


class DecisionObject(QPyTextObject):
    """A decision as a card: question, outcome, where it stands and who sees to it. It is turned to the side from which
    its own words are read, like the paragraphs around it.

    Args:
        theme: how it looks.
        formats: gives the embed and the type of the page.
        width: how wide a line is.
        parent: the document in which it is.
    """

    def __init__(self, theme: Theme, formats: TextFormats, width: Callable[[], float], parent: QTextDocument) -> None:
        super().__init__(parent)
        self.theme = theme
        self.cards: CardSource | None = None
        """Gives the decisions; None while they cannot be asked for."""
        self.needed: Callable[[], None] = lambda: None
        """Is called when a decision is laid out, which most documents never do."""
        self._formats = formats
        self._width = width
        self._shown: dict[str, Card | None] = {}

    def is_up_to_date(self) -> bool:
        """Whether every card that is shown says what its decision says; those that do not will when they are laid out
        anew."""
        before, self._shown = self._shown, {}
        return all(self.card(id) == card for id, card in before.items())

    def card(self, id: str) -> Card | None:
        """The card of a decision as it is shown."""
        if id not in self._shown:
            self._shown[id] = self.cards(id) if self.cards is not None else None
        return self._shown[id]

    def intrinsicSize(self, document: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        """Its size: as wide as the line allows, and as high as its words need."""
        self.needed()
        em, width = self._formats.em, max(120.0, room_at(self._width, document, position))
        room = width - 2 * _PADDING * em
        height = sum(self._height(row, room) for row in self._rows(format)) + 2 * _PADDING * em
        return QSizeF(width, height).grownBy(space_above(self._formats))

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        """Draws it."""
        em, theme, whole = self._formats.em, self.theme, QRectF(rect).marginsRemoved(space_above(self._formats))
        frame = whole.adjusted(0.5, 2.5, -0.5, -2.5)
        rows = self._rows(format)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(frame, theme.metrics.radius, theme.metrics.radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme, rows[0].colour)))
        side = Qt.LayoutDirection.RightToLeft if self._is_from_right(format) else Qt.LayoutDirection.LeftToRight
        painter.setLayoutDirection(side)
        edge = frame.right() - 4 if side is Qt.LayoutDirection.RightToLeft else frame.left()
        painter.drawRoundedRect(QRectF(edge, frame.top(), 4, frame.height()), 2, 2)
        top = whole.top() + _PADDING * em
        room = whole.width() - 2 * _PADDING * em
        for row in rows:
            height = self._height(row, room)
            painter.setFont(self._font(row))
            painter.setPen(QColor(getattr(theme, row.colour)))
            place = QRectF(whole.left() + _PADDING * em, top + row.before * em, room, height - row.before * em)
            painter.drawText(place, _WRAPPED, row.text)
            top += height
        painter.restore()
        mark_suggested(painter, whole, format, theme)

    def _rows(self, format: QTextFormat) -> list[_Row]:
        id = embedded(self._formats.embed(format.toCharFormat()))
        card = self.card(id) if id is not None else None
        if card is None:
            return [_Row(GONE if self.cards is not None else "Decision", "muted", before=0.0)]
        bold = QFont.Weight.DemiBold.value
        rows = [
            _Row(f"Decision  ·  {card.status}", STATUS_TONES.get(card.status, "muted"), 0.82, bold, 0.0),
            *([_Row(_cut(card.question), "text", 1.0, bold)] if card.question else []),
            _Row(_cut(card.outcome) or UNDECIDED, "text" if card.outcome else "muted"),
        ]
        if card.details:
            rows.append(_Row(_cut("  ·  ".join(card.details)), "muted", 0.86))
        return [*rows, _Row(STALE, "warning", 0.86, bold)] if card.is_stale else rows

    def _is_from_right(self, format: QTextFormat) -> bool:
        id = embedded(self._formats.embed(format.toCharFormat()))
        card = self.card(id) if id is not None else None
        return card is not None and begins_from_right(_cut(f"{card.question} {card.outcome}"))

    def _font(self, row: _Row) -> QFont:
        font = self._formats.default_font()
        font.setPointSizeF(font.pointSizeF() * row.scale)
        font.setWeight(QFont.Weight(row.weight))
        return font

    def _height(self, row: _Row, room: float) -> float:
        box = QFontMetricsF(self._font(row)).boundingRect(QRectF(0, 0, room, _HIGHEST), _WRAPPED, row.text)
        return box.height() + row.before * self._formats.em


def _cut(text: str) -> str:
    """As much of a text as a card shows; anybody may have written any amount."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN].rstrip()}…"
