"""How far Qt has laid out a text, and laying out more of it.

Runs on the GUI thread. Qt lays out a text that is new or gets another width from its beginning, as far as it is seen,
and the rest while nothing happens.

WORKAROUND If a change comes in between, Qt goes on behind it as if all were laid out: the rest has no height for good.
So all that is on a page is laid out before anything there changes.
"""

from __future__ import annotations

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextBlock, QTextDocument


def is_laid_out(text: QTextDocument) -> bool:
    """Whether all of a text is laid out."""
    return _is_block_laid_out(text.lastBlock())


def lay_out(text: QTextDocument) -> None:
    """Lays out what of a text is not yet."""
    if not is_laid_out(text):
        _up_to(text, text.lastBlock())


def lay_out_more(text: QTextDocument, units: int) -> bool:
    """Lays out some more of a text.

    Args:
        text: it.
        units: about so many UTF-16 units of it.

    Returns:
        Whether nothing is left to do.
    """
    if is_laid_out(text):
        return True
    low, high = 0, text.blockCount() - 1  # the first line that is not laid out
    while low < high:
        middle = (low + high) // 2
        if _is_block_laid_out(text.findBlockByNumber(middle)):
            low = middle + 1
        else:
            high = middle
    end = text.findBlockByNumber(low).position() + units
    block = text.findBlock(min(end, text.characterCount() - 1))
    _up_to(text, block)
    return is_laid_out(text) or not _is_block_laid_out(block)  # a text that nothing shows is never laid out


def within_lines(text: QTextDocument, height: float) -> float:
    """A height as it is, or a little less where it would be between two lines of a text that is not all laid out: asked
    what is there, Qt lays out all of it.

    Args:
        text: it.
        height: from the top of the text.
    """
    if is_laid_out(text):
        return height
    layout = text.documentLayout()

    def begins_above(block: QTextBlock) -> bool:
        return _is_block_laid_out(block) and layout.blockBoundingRect(block).top() <= height

    low, high = 0, text.blockCount() - 1  # the last line that does
    while low < high:
        middle = (low + high + 1) // 2
        if begins_above(text.findBlockByNumber(middle)):
            low = middle
        else:
            high = middle - 1
    block = text.findBlockByNumber(low)
    return min(height, layout.blockBoundingRect(block).bottom() - 1) if begins_above(block) else height


def _up_to(text: QTextDocument, block: QTextBlock) -> None:
    layout = text.documentLayout()
    layout.blockBoundingRect(block)
    layout.documentSizeChanged.emit(QSizeF())  # which Qt would tell later; the view asks for the size itself


def _is_block_laid_out(block: QTextBlock) -> bool:
    return bool(block.layout().lineCount())
