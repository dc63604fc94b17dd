"""The pages of a set document, painted with their numbers or without. A heading, the line above a table, and the one
that leads to a list with a colon stand on the page of what follows; rows of tables stand on one page each.

Runs on the thread of the document. Qt keeps no line with the next one. So the pages are worked out as Qt will, and a
line that would be left at the foot of one begins the next.
"""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontMetricsF,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPainter,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)

from cowrite.app.paper.bullets import take_bullets
from cowrite.app.paper.whole_rows import WholeRows
from cowrite.errors import CowriteError

MOST_PAGES = 150
"""A longer document is left as it is: Qt sets all that follows again for each line that moves on, which would take
seconds."""
LONGEST = 2
"""Lines of letters that what leads to a table or a list has at most; a longer paragraph is more than that."""
COLONS = (":", "：")
MARGIN = 2 / 2.54  # inches at each side of a page
NUMBER_BELOW = 5 / 72  # inches from the foot of the text to the number of a page
EDGES = QMarginsF(2, 2, 2, 2)  # millimetres besides, on a device that has none itself
BEGINS_PAGE = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore


def keep_with_next(shown: QTextDocument, device: QPagedPaintDevice) -> None:
    """Has no line that leads to what follows be the last one of a page, if more of that stands on it, and no page end
    within a row of a table that is not very high.

    Args:
        shown: the document.
        device: on what.
    """
    copy = as_printed(shown, device)
    if copy.pageCount() > MOST_PAGES:
        return
    rows = WholeRows(shown, copy, device.logicalDpiY() / _usual_dots())
    block = copy.begin()
    first: QTextBlock | None = None  # of the lines that are to stand on the page of the next one
    rows.keep(block.position())
    while (following := block.next()).isValid():
        if _leads(block, following):
            first = first or block
            if _last_page(copy, block) < _first_page(copy, following) and _has_more_above(copy, first):
                for each in (copy, shown):
                    _begin_page(each.findBlockByNumber(first.blockNumber()))
                copy.documentLayout().documentSize()  # all of it; what is asked for would not be set yet
        else:
            first = None
        rows.keep(following.position())
        block = following


class NoSuchPages(CowriteError):
    """Pages are to be printed that a document does not have."""

    def __init__(self, count: int) -> None:
        has = "one page" if count == 1 else f"{count} pages"
        super().__init__(f"Nothing was printed: the document has {has}, and the chosen ones are none of them.")
        self.count = count


class Pages:
    """The pages of a set document, as they stand on a device. They are painted on the thread that makes them.

    Args:
        shown: the document, which is changed on the way.
        device: on what; it has to stay as long as these do.
        numbered: whether each has its number at the foot.
    """

    def __init__(self, shown: QTextDocument, device: QPagedPaintDevice, *, numbered: bool) -> None:
        keep_with_next(shown, device)
        self._shown = shown  # PySide takes it for the owner of its copy
        self._copy = as_printed(shown, device)
        self._device = device
        self._numbered = numbered
        self._bullets = take_bullets(self._copy, device)
        tables = (each for each in self._copy.rootFrame().childFrames() if isinstance(each, QTextTable))
        self._tables = {table: _pages_of(self._copy, table) for table in tables}

    @property
    def count(self) -> int:
        """How many there are."""
        return self._copy.pageCount()

    @property
    def size(self) -> QSizeF:
        """How large each is, in the pixels of the device."""
        return self._copy.pageSize()

    @property
    def scale(self) -> float:
        """Pixels of the device in a device-independent one."""
        return self._device.logicalDpiY() / _usual_dots()

    def paint(self, painter: QPainter, number: int) -> None:
        """Paints one.

        Args:
            painter: with the corner of the paper at its origin, and the pixels of the device.
            number: of the page, from 1.
        """
        painter.save()
        painter.translate(0, -self._top(number))
        view = QRectF(0, self._top(number), self.size.width(), self.size.height())
        painter.setClipRect(view)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = view
        context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)  # the theme's are for screens
        self._copy.documentLayout().draw(painter, context)
        for bullet in self._bullets:
            if view.contains(bullet.middle):
                bullet.paint(painter)
        for table, (first, last) in self._tables.items():
            if first < number <= last:
                self._close(painter, table, number)
        if self._numbered:
            self._write_number(painter, number)
        painter.restore()

    def _top(self, number: int) -> float:
        return (number - 1) * self.size.height()

    def _close(self, painter: QPainter, table: QTextTable, number: int) -> None:
        """Draws the line below what a page holds of a table that goes on, which Qt leaves out. Qt has the margin above
        a table at the foot of such a page, too."""
        page, format = self._copy.rootFrame().frameFormat(), table.format().toTableFormat()
        line = format.border()
        left, right = (side + line for side in (page.leftMargin(), page.rightMargin()))
        foot = page.bottomMargin() + format.topMargin() + 2 * line
        width, height = self.size.width() / self.scale, self.size.height() / self.scale
        drawn = QRectF(left, height * number - foot - line, width - left - right, line)
        colour = format.borderBrush().color()
        painter.fillRect(QRectF(drawn.topLeft() * self.scale, drawn.size() * self.scale), colour)

    def _write_number(self, painter: QPainter, number: int) -> None:
        dots, margin, words = self._device.logicalDpiY(), int(MARGIN * _usual_dots()) * self.scale, str(number)
        font = QFont(self._copy.defaultFont())
        font.setPixelSize(round(font.pointSizeF() / 72 * dots))  # a painter takes points for those of its own device
        letters = QFontMetricsF(font)
        down = letters.ascent() + NUMBER_BELOW * dots
        at = QPointF(self.size.width() - margin - letters.horizontalAdvance(words), self.size.height() - margin + down)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.black)
        painter.drawText(at + QPointF(0, self._top(number)), words)


def print_pages(shown: QTextDocument, device: QPagedPaintDevice, *, numbered: bool) -> None:
    """Sets a document on pages with margins of two centimetres, each with its number at the foot if it is to have one,
    and prints those that the device is to have.

    Args:
        shown: the document, which is changed on the way.
        device: on what.
        numbered: whether pages have numbers.

    Raises:
        NoSuchPages: the device is to have none of those that there are.
    """
    pages = Pages(shown, device, numbered=numbered)
    wanted = device.pageRanges()
    numbers = [each for each in range(1, pages.count + 1) if wanted.isEmpty() or wanted.contains(each)]
    if not numbers:
        raise NoSuchPages(pages.count)
    painter = QPainter()
    if not painter.begin(device):
        return  # who has the device asks it
    for number in numbers:
        if number != numbers[0] and not device.newPage():
            break
        pages.paint(painter, number)
    painter.end()


def as_printed(shown: QTextDocument, device: QPagedPaintDevice) -> QTextDocument:
    """A copy of a document, set on pages as `QTextDocument.print_` would."""
    if device.pageLayout().margins().isNull():
        device.setPageMargins(EDGES, QPageLayout.Unit.Millimeter)
    copy = shown.clone()
    copy.documentLayout().setPaintDevice(device)
    frame = copy.rootFrame().frameFormat()
    frame.setMargin(int(MARGIN * _usual_dots()))  # which grows with the device
    copy.rootFrame().setFrameFormat(frame)
    copy.setPageSize(QSizeF(device.width(), device.height()))
    block = copy.begin()
    while block.isValid():  # by parts, for Qt has Python wait, and so the window, while it sets lines
        copy.documentLayout().blockBoundingRect(block)
        block = block.next()
    return copy


def _usual_dots() -> int:
    """How many device-independent pixels Qt takes an inch for."""
    return QImage(1, 1, QImage.Format.Format_Mono).logicalDpiY()


def _leads(block: QTextBlock, following: QTextBlock) -> bool:
    """Whether a line is a heading, or a short one right above a table or, with a colon, above a list, and what follows
    is not to begin a page."""
    if _in_table(block) or block.length() == 1 or following.blockFormat().pageBreakPolicy() & BEGINS_PAGE:
        return False
    is_short = block.layout().lineCount() <= LONGEST
    leads_to_list = block.text().rstrip().endswith(COLONS) and bool(following.textList()) and not block.textList()
    return block.blockFormat().headingLevel() > 0 or (is_short and (leads_to_list or _in_table(following)))


def _in_table(block: QTextBlock) -> bool:
    return QTextCursor(block).currentTable() is not None


def _has_more_above(copy: QTextDocument, block: QTextBlock) -> bool:
    """Whether something else stands above a line on its page."""
    above = block.previous()
    return above.isValid() and _last_page(copy, above) == _first_page(copy, block)


def _first_page(copy: QTextDocument, block: QTextBlock) -> int:
    """The number of the page on which a line begins."""
    return _pages(copy, block)[0]


def _last_page(copy: QTextDocument, block: QTextBlock) -> int:
    """The number of the page on which it ends."""
    return _pages(copy, block)[1]


def _pages(copy: QTextDocument, block: QTextBlock) -> tuple[int, int]:
    layout, height = block.layout(), copy.pageSize().height()
    # The whole block can begin on the page before that of its first line of letters.
    top = copy.documentLayout().blockBoundingRect(block).top()
    lines = [layout.lineAt(number) for number in (0, layout.lineCount() - 1)] if layout.lineCount() else []
    first, last = (int((top + line.y()) // height) for line in lines) if lines else (int(top // height),) * 2
    return first, last


def _pages_of(copy: QTextDocument, table: QTextTable) -> tuple[int, int]:
    """The numbers of the pages on which a table begins and ends."""
    last = table.rows() - 1
    ends = (table.cellAt(last, column).lastCursorPosition().block() for column in range(table.columns()))
    return _first_page(copy, table.cellAt(0, 0).firstCursorPosition().block()), max(
        _last_page(copy, end) for end in ends
    )


def _begin_page(block: QTextBlock) -> None:
    format = QTextBlockFormat()
    format.setPageBreakPolicy(BEGINS_PAGE)
    QTextCursor(block).mergeBlockFormat(format)
