"""PresentedNotes: notes below their groups in columns, as large as a room needs them.

Runs on the GUI thread. It paints text documents, one for each column: a thousand notes as labels would keep the window
waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cowrite.core.text.direction import isolated
from cowrite.core.text.first_words import shortened
from cowrite.gui.look.theme import worn
from cowrite.gui.session.presented import PresentedGroup, PresentedNote

LONGEST = 300
"""Characters of a note that are shown."""
COLUMN = 22  # least width of a column, in heights of a letter
LEAST = 100  # device-independent pixels
BETWEEN = 2  # width between two columns, in the same
BELOW = 0.4  # height below a note, and half of that above a title, in the same


_Paragraph = tuple[tuple[tuple[str, QTextCharFormat], ...], bool]
"""Words, and whether they are a title."""


def columns_of(groups: Sequence[Sequence[float]], many: int) -> list[int]:
    """In how many of so many columns things go, one after the other, so that all become about equally high: by the
    heights of the parts of each group the column of each part. A group goes on in the next column only where it is
    higher than a column by itself."""
    whole = sum(map(sum, groups)) / many
    places: list[int] = []
    at, filled = 0, 0.0
    for group in groups:
        needed = sum(group)
        if filled and filled + needed > whole * 1.15 and needed <= whole and at < many - 1:
            at, filled = at + 1, 0.0
        for height in group:
            if needed > whole and filled + height / 2 > whole and at < many - 1:
                at, filled = at + 1, 0.0
            places.append(at)
            filled += height
    return places


class PresentedNotes(QWidget):
    """Shows groups one below the other, and side by side where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[PresentedGroup] = ()
        self._laid_out: dict[tuple[int, int, str], list[QTextDocument]] = {}  # by width, letter and theme
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_groups(self, groups: Sequence[PresentedGroup]) -> None:
        """Shows these."""
        self._groups = groups
        said = (f"{group.title}: {'; '.join(map(_in_words, group.notes))}".removeprefix(": ") for group in groups)
        self.setAccessibleName("Notes")
        self.setAccessibleDescription("\n".join(said))
        self._laid_out.clear()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room; the height is that for the width."""
        return QSize(LEAST, LEAST)

    def hasHeightForWidth(self) -> bool:
        """Narrower columns are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the highest column."""
        if width <= LEAST:  # Qt asks for the least width as well, and a thousand notes are long to lay out
            return LEAST
        return ceil(max((column.size().height() for column in self._columns(width)), default=0))

    def changeEvent(self, event: QEvent) -> None:
        """Other letters have another height."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the columns, the first one on the side where reading begins."""
        painter = QPainter(self)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor(worn().text))
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for place, column in enumerate(self._columns(self.width())):
            left = place * (column.textWidth() + self._between)
            painter.save()
            painter.translate(self.width() - left - column.textWidth() if is_mirrored else left, 0)
            column.documentLayout().draw(painter, context)
            painter.restore()
        painter.end()

    # Inside

    @property
    def _letter(self) -> int:
        return max(1, QFontInfo(self.font()).pixelSize())

    @property
    def _between(self) -> int:
        return BETWEEN * self._letter

    def _columns(self, width: int) -> list[QTextDocument]:
        key = width, self._letter, worn().name
        if (laid_out := self._laid_out.get(key)) is not None:
            return laid_out
        groups = [self._parts(group) for group in self._groups]
        parts = [part for group in groups for part in group]
        many = max(1, min(4, len(parts), (width + self._between) // (COLUMN * self._letter + self._between)))
        across = (width - (many - 1) * self._between) / many
        letters = QFontMetricsF(self.font())

        def height(paragraph: _Paragraph) -> float:
            # Nearly what it comes to, and a document that measures takes as long as all columns.
            along = letters.horizontalAdvance("".join(text for text, _ in paragraph[0]))
            return ceil(along / across) * letters.lineSpacing() + self._letter * BELOW

        filled: list[list[_Paragraph]] = [[] for _ in range(many)]
        places = columns_of([[sum(map(height, part)) for part in group] for group in groups], many)
        for place, part in zip(places, parts, strict=True):
            filled[place] += part
        self._laid_out[key] = [self._column(across, each) for each in filled]
        return self._laid_out[key]

    def _parts(self, group: PresentedGroup) -> list[list[_Paragraph]]:
        """What stays together: each note, and the title with the first."""
        theme = worn()
        title, plain, muted = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        title.setFontWeight(QFont.Weight.DemiBold)
        title.setForeground(QColor(theme.accent_text))
        plain.setForeground(QColor(theme.text))
        muted.setForeground(QColor(theme.muted))
        found: list[list[_Paragraph]] = []
        for note in group.notes:
            by = ((f"  {isolated(note.author)}", muted),) if note.author else ()
            found.append([(((shortened(note.text, LONGEST), plain), *by), False)])
        if group.title:
            found[0].insert(0, (((group.title, title),), True))
        return found

    def _column(self, across: float, paragraphs: Sequence[_Paragraph]) -> QTextDocument:
        column = QTextDocument()
        column.setDocumentMargin(0)
        column.setUndoRedoEnabled(False)
        column.setDefaultFont(self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        column.setDefaultTextOption(option)
        cursor, letter = QTextCursor(column), self._letter
        for place, (words, is_title) in enumerate(paragraphs):
            look = QTextBlockFormat()
            look.setBottomMargin(letter * BELOW)
            if place:
                look.setTopMargin(2 * letter * BELOW if is_title else 0)  # Qt takes the larger of two margins
                cursor.insertBlock(look)
            else:
                cursor.setBlockFormat(look)
            for text, dress in words:
                cursor.insertText(text, dress)
        column.setTextWidth(across)
        return column


def _in_words(note: PresentedNote) -> str:
    return f"{note.text}, {note.author}" if note.author else note.text
