"""EarlierPage: a document as it was, for reading, with who wrote what.

Runs on the GUI thread. Behind the text of each author lies a tint of their colour; what the moment had added stands on
a stronger one and is underlined. Both are painted where Qt repaints, so a long document costs no more than a short one.
What it had removed stands struck through where it was, and is copied only where nothing else is selected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextLine,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from cowrite.bridge.page.char_formats import DECISION_OBJECT, DIVIDER_OBJECT, FOOTNOTE_OBJECT, IMAGE_OBJECT
from cowrite.bridge.page.editor_binding import EditorBinding
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.decisions.cards import CardSource
from cowrite.core.document.document import Document
from cowrite.core.document.earlier import Earlier, unstruck
from cowrite.core.document.unmended import UnmendedDocument
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.core.text.suggested_text import as_copied
from cowrite.core.writing import pasting
from cowrite.gui.history.stretches import Stretch, Stretches
from cowrite.gui.look.theme import Theme
from cowrite.gui.page import clipboard
from cowrite.gui.page.cells import SelectedCells
from cowrite.gui.page.decision_object import DecisionObject
from cowrite.gui.page.embeds import ArrivedImages, DividerObject, ImageFiles, ImageObject
from cowrite.gui.page.footnote_signs import FootnoteNumbers, FootnoteObject
from cowrite.gui.page.frame import fit_page, keep_room_for_bar, text_width
from cowrite.gui.page.page_painter import PagePainter
from cowrite.gui.page.places import caret_rect
from cowrite.gui.page.rest import PART, RestOfPage
from cowrite.gui.widgets.reached import Reached
from cowrite.gui.widgets.tips import tip_of

UNDERLINE = 2  # device-independent pixels


class EarlierPage(QTextEdit):
    """The page of one moment.

    Args:
        theme: how it looks.
        zoom: of the page: factor on the writing size, and on what grows with it.
        images: gives images.

    Attributes:
        stretches: who wrote what.
    """

    def __init__(self, theme: Theme, zoom: float, images: ImageFiles) -> None:
        super().__init__()
        self._theme = theme
        self._zoom = zoom
        self._images = images
        self._formats = TextFormats(_zoomed(theme, zoom))
        self._tells_apart = True
        self._show_who(Earlier(UnmendedDocument(), ()), ())
        self.setAccessibleName("The document at this moment")
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        Reached(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_room_for_bar(self)
        self.document().setDocumentMargin(0)
        layout = self.document().documentLayout()
        self._divider = DividerObject(theme, lambda: text_width(self), self.document())
        self._image = ImageObject(theme, self._formats, images, lambda: text_width(self), self.document())
        self._image.zoom = zoom
        layout.registerHandler(DIVIDER_OBJECT, self._divider)
        layout.registerHandler(IMAGE_OBJECT, self._image)
        self._arrived = ArrivedImages(self, lambda: self.shown)
        self._decision = DecisionObject(theme, self._formats, lambda: text_width(self), self.document())
        layout.registerHandler(DECISION_OBJECT, self._decision)
        numbers = FootnoteNumbers(self.document(), self.viewport().update)
        self._footnote = FootnoteObject(theme, self._formats, numbers, self.document())
        layout.registerHandler(FOOTNOTE_OBJECT, self._footnote)
        self._binding, self._rest = self._bound()
        self._page = PagePainter(self, self._formats, theme)
        self._cells = SelectedCells(self)
        self.selectionChanged.connect(self._cells.follow)
        self._fit_page()

    @property
    def shown(self) -> Document:
        """The document that is shown, with what was removed."""
        return self._earlier.document

    @property
    def text(self) -> str:
        """What is shown, without what was removed."""
        return "".join(self.shown.rope.text(*part) for part in self._earlier.without_removed(0, self.shown.length))

    @property
    def removed(self) -> tuple[tuple[int, int], ...]:
        """What is struck through as removed, in order."""
        return self._earlier.removed

    def tell_apart(self, *, on: bool) -> None:
        """Whether there are several authors: of a single one only what was added has their colour."""
        self._tells_apart = on
        self.viewport().update()

    def show_earlier(self, earlier: Earlier, stretches: Sequence[Stretch]) -> None:
        """Shows another moment; what it has added or removed is brought into view.

        Args:
            earlier: the document.
            stretches: who wrote what, in order, in the body as it was.
        """
        scroll = self.verticalScrollBar().value()
        self._binding.detach()
        self._binding.deleteLater()
        self._show_who(earlier, stretches)
        self._page.forget_numbers()
        self._binding, self._rest = self._bound()
        self._fit_page()  # whoever fills a QTextDocument anew takes its margins away
        self._rest.scroll_to(scroll)
        self._show_changed()

    def show_added(self, earlier: Earlier, stretches: Sequence[Stretch]) -> None:
        """Shows what the moment had added, now that it is known, and who is who; the text is the same."""
        self._show_who(earlier, stretches)
        self._show_changed()
        self.viewport().update()

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        scroll = self.verticalScrollBar().value()
        self._theme = self._page.theme = self._divider.theme = self._image.theme = theme
        self._decision.theme = self._footnote.theme = theme
        self._formats.change_look(_zoomed(theme, self._zoom))
        self._binding.reload()
        self._fit_page()
        self._rest.scroll_to(scroll)

    def show_cards(self, cards: CardSource | None) -> None:
        """Takes what gives the decisions that stand in the text; they are shown as they are now."""
        self._decision.cards = cards

    def refresh_image(self, name: str) -> None:
        """Shows an image that has arrived, or why there is none."""
        if self._image.has_grown(name):
            self._arrived.add(name)
        self.viewport().update()

    def select_all(self) -> None:
        """Selects all of the text."""
        self._binding.complete()
        self.selectAll()

    def copy_text(self) -> None:
        """Copies what is selected; the whole document where nothing is."""
        cursor = self.textCursor()
        start, stop = cursor.selectionStart(), cursor.selectionEnd()
        whole = (0, self.shown.length) if start == stop else (start, stop)
        QGuiApplication.clipboard().setMimeData(self._mime(*whole))

    def createMimeDataFromSelection(self) -> QMimeData:
        """What dragging offers."""
        cursor = self.textCursor()
        return self._mime(cursor.selectionStart(), cursor.selectionEnd())

    def changeEvent(self, event: QEvent) -> None:
        """Stays in its own type, as the page does."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._formats.dress(self.document())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the column of text in the middle."""
        self._fit_page()  # first: Qt lays the text out for the width that the view has then
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws what lies behind the text, the text, and what stands beside it."""
        styled = self._page.styled_lines(event.rect())
        self._page.paint_behind(styled, self._cells.paint)
        self._paint_authors(event, ground=True)
        super().paintEvent(event)
        self._paint_authors(event, ground=False)
        self._page.paint_beside(styled)

    def viewportEvent(self, event: QEvent) -> bool:
        """Names the author of the text under the pointer, and says what a footnote there says."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.cursorForPosition(event.pos()).position()
            author, note = self.stretches.author_at(at), self._footnote.told(at) or self._footnote.told(at - 1)
            name = author.name if author is not None else ""
            QToolTip.showText(event.globalPos(), f"{note}<p>{escape(name)}</p>" if note else tip_of(name), self)
            return True
        return super().viewportEvent(event)

    def _bound(self) -> tuple[EditorBinding, RestOfPage]:
        """Puts the document on the page, the beginning of a long one at once; what brings the rest."""
        binding = EditorBinding(self.document(), self.shown, self._formats, self, part=PART)
        return binding, RestOfPage(self, binding)

    def _mime(self, start: int, stop: int) -> QMimeData:
        parts = self._earlier.without_removed(start, stop)
        if parts:
            spans = as_copied([span for part in parts for span in pasting.copied(self.shown, *part)])
        else:  # what was removed is selected by itself: somebody wants it back
            spans = [unstruck(span) for span in pasting.copied(self.shown, start, stop)]
        return clipboard.mime_of(spans, self._images.original, self.shown.assists.of(spans))

    def _show_who(self, earlier: Earlier, stretches: Sequence[Stretch]) -> None:
        self._earlier, self.stretches = earlier, Stretches(earlier, stretches)

    def _paint_authors(self, event: QPaintEvent, *, ground: bool) -> None:
        """Paints the tints, or over the text the lines below what was added."""
        painter = QPainter(self.viewport())
        colours: dict[tuple[str, bool], str] = {}  # to find one that is readable takes long
        try:
            for block, top in self._blocks(event):
                for start, stop, author, is_new in self.stretches.pieces(*_ends(block)):
                    if not is_new and not (ground and self._tells_apart):
                        continue
                    key = author.colour, is_new
                    if key not in colours:
                        theme = self._theme
                        colours[key] = (
                            theme.tint(author.colour, strong=is_new) if ground else theme.person(author.colour)
                        )
                    for box in self._boxes(block, top, start, stop):
                        if not ground:
                            box.setTop(box.bottom() - UNDERLINE)
                        painter.fillRect(box, QColor(colours[key]))
        finally:  # a painter that outlives its event ends the process
            painter.end()

    def _blocks(self, event: QPaintEvent) -> Iterator[tuple[QTextBlock, QPointF]]:
        """The lines that are to be painted, each with where its layout begins, in viewport coordinates."""
        layout = self.document().documentLayout()
        down = self.verticalScrollBar().value()
        block = self.cursorForPosition(event.rect().topLeft()).block()
        while block.isValid():
            rect = layout.blockBoundingRect(block).translated(0, -down)
            if rect.top() > event.rect().bottom():
                return
            yield block, rect.topLeft()
            block = block.next()

    def _boxes(self, block: QTextBlock, top: QPointF, start: int, stop: int) -> Iterator[QRectF]:
        """Where a part of a line is seen, in viewport coordinates."""
        layout = block.layout()
        start, stop = start - block.position(), stop - block.position()
        font = block.begin().fragment().charFormat().font().resolve(self.document().defaultFont())
        metrics = QFontMetricsF(font)
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first, last = max(start, line.textStart()), min(stop, line.textStart() + line.textLength())
            if first >= last:
                continue
            baseline = top.y() + line.y() + line.ascent()
            extents = [*_extents(line, block.text(), first, last), *self._embed_extents(line, block, first, last)]
            for left, right in extents:
                height = metrics.ascent() + metrics.descent() + 2
                yield QRectF(top.x() + left, baseline - metrics.ascent() - 1, right - left, height)

    def _embed_extents(
        self, line: QTextLine, block: QTextBlock, first: int, last: int
    ) -> Iterator[tuple[float, float]]:
        """Left and right ends of the embeds of a range of a line."""
        if EMBED_CHARACTER not in block.text():
            return
        document = self.document()
        cursor = QTextCursor(document)
        for place in range(first, last):
            if document.characterAt(block.position() + place) != EMBED_CHARACTER:
                continue
            cursor.setPosition(block.position() + place + 1)
            form = cursor.charFormat()
            handler = document.documentLayout().handlerForObject(form.objectType())
            width = handler.intrinsicSize(document, block.position() + place, form).width()
            begin = _x(line, place)  # what comes next may run the other way, and begin far from here
            end = begin - width if _x(line, place + 1) < begin else begin + width
            yield min(begin, end), max(begin, end)

    def _is_seen(self, position: int) -> bool:
        if position >= self.document().characterCount():
            return False  # it is still to come
        rect = caret_rect(self, position)
        return rect.bottom() > 0 and rect.top() < self.viewport().height()

    def _bring_into_view(self, position: int) -> None:
        self._binding.reach(position)
        above = caret_rect(self, position).top() - self.viewport().height() // 3
        self._rest.scroll_to(max(0, self.verticalScrollBar().value() + above))

    def _show_changed(self) -> None:
        """Brings what was added or removed into view, unless some of it is seen."""
        changed = sorted((*self._earlier.added, *self._earlier.removed))
        if changed and not any(self._is_seen(start) for start, _ in changed):
            self._bring_into_view(changed[0][0])

    def _fit_page(self) -> None:
        fit_page(self, _zoomed(self._theme, self._zoom), self._binding)


def _ends(block: QTextBlock) -> tuple[int, int]:
    """Where a line begins and ends, its break left out, as positions in the body."""
    return block.position(), block.position() + block.length() - 1


def _extents(line: QTextLine, text: str, first: int, last: int) -> Iterator[tuple[float, float]]:
    """Left and right ends of what a range of a line covers; several where the text runs both ways. Where it may, embeds
    are left out, for they have no glyphs."""
    if not any(character >= _RIGHT_TO_LEFT_FROM for character in text):
        left, right = _x(line, first), _x(line, last)
        yield min(left, right), max(left, right)
        return
    for run in line.glyphRuns(first, last - first):
        box = run.boundingRect()
        yield box.left(), box.right()


def _x(line: QTextLine, place: int) -> float:
    found: Any = line.cursorToX(place)  # a place and the position that it stands for; the stubs say object
    return float(found[0])


_RIGHT_TO_LEFT_FROM = "\u0590"  # the first script that runs from right to left; others and embeds come behind it


def _zoomed(theme: Theme, zoom: float) -> Theme:
    return theme._replace(typography=theme.typography.with_writing("", theme.typography.size * zoom))
