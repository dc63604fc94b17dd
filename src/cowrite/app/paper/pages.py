"""The pages of a set document, printed with their numbers or without. A heading, the line above a table, and the one
that leads to a list with a colon stand on the page of what follows; rows of tables stand on one page each.

Runs on the thread of the document. Qt keeps no line with the next one. So the pages are worked out as Qt will, and a
line that would be left at the foot of one begins the next.
"""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import (
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from cowrite.app.paper.whole_rows import WholeRows

MOST_PAGES = 150
"""A longer document is left as it is: Qt sets all that follows again for each line that moves on, which would take
seconds."""
LONGEST = 2
"""Lines of letters that what leads to a table or a list has at most; a longer paragraph is more than that."""
COLONS = (":", "：")
MARGIN = 2 / 2.54  # inches that `QTextDocument.print_` leaves at each side of a page
EDGES = QMarginsF(2, 2, 2, 2)  # millimetres besides, on a device that has none itself
BEGINS_PAGE = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore


def keep_with_next(shown: QTextDocument, device: QPagedPaintDevice) -> None:
    """Has no line that leads to what follows be the last one of a page, if more of that stands on it, and no page end
    within a row of a table that is not very high.

    Args:
        shown: the document, as `print_` is to set it.
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


def print_pages(shown: QTextDocument, device: QPagedPaintDevice, *, numbered: bool) -> None:
    """Sets a document on pages with margins of two centimetres, each with its number at the foot if it is to have one.

    Args:
        shown: the document.
        device: on what.
        numbered: whether pages have numbers.
    """
    keep_with_next(shown, device)
    # Qt numbers the pages that it makes itself, and takes those that a document has as they are.
    (shown if numbered else as_printed(shown, device)).print_(device)


def as_printed(shown: QTextDocument, device: QPagedPaintDevice) -> QTextDocument:
    """A copy of a document with the pages that `QTextDocument.print_` would give it."""
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


def _begin_page(block: QTextBlock) -> None:
    format = QTextBlockFormat()
    format.setPageBreakPolicy(BEGINS_PAGE)
    QTextCursor(block).mergeBlockFormat(format)
