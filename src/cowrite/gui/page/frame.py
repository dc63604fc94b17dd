"""How a page stands in its view: in the middle, with margins.

Runs on the GUI thread.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QTextEdit

from cowrite.bridge.page.editor_binding import EditorBinding
from cowrite.bridge.page.points import usual_points
from cowrite.gui.look.theme import MARGIN, SPACING, Metrics, Theme


def keep_room_for_bar(edit: QTextEdit) -> None:
    """Has a page be as wide before it is longer than its view as after: its lines would else break anew when the scroll
    bar comes. While there is nothing to scroll to the bar is disabled, and the style sheet draws no handle then."""
    edit.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = edit.verticalScrollBar()
    bar.rangeChanged.connect(partial(_enable, bar))
    _enable(bar, bar.minimum(), bar.maximum())


def fit_page(edit: QTextEdit, theme: Theme, binding: EditorBinding) -> None:
    """Puts a page in the middle of its view and gives it its margins.

    Args:
        edit: the view.
        theme: has the measures, and the size of the writing as it is shown, to which they are fitted.
        binding: of the view's text; to it this is a matter of looks.
    """
    metrics = theme.metrics.around_letters(usual_points(theme.typography.size))
    around = edit.verticalScrollBar().sizeHint().width() + 2 * edit.frameWidth()
    side, padding = _sides(metrics, edit.width() - around)
    edit.setViewportMargins(side, SPACING if side else 0, side, 0)
    binding.tables.show_width(min(edit.width(), metrics.page_width) - 2 * padding)
    frame = edit.document().rootFrame()
    margins = frame.frameFormat()
    if (margins.leftMargin(), margins.topMargin()) == (padding, metrics.page_top):
        return
    margins.setMargin(0)
    margins.setLeftMargin(padding)
    margins.setRightMargin(padding)
    margins.setTopMargin(metrics.page_top)
    margins.setBottomMargin(metrics.page_bottom)
    with binding.quietly():
        edit.document().setLayoutEnabled(False)  # or Qt goes on with what it has laid out so far, see `laying_out`
        frame.setFrameFormat(margins)
        edit.document().setLayoutEnabled(True)


def text_width(edit: QTextEdit) -> float:
    """Width of the text on a page, in device-independent pixels."""
    margins = edit.document().rootFrame().frameFormat()
    return edit.viewport().width() - margins.leftMargin() - margins.rightMargin()


def _enable(bar: QScrollBar, lowest: int, highest: int) -> None:
    bar.setEnabled(highest > lowest)


def _sides(metrics: Metrics, room: int) -> tuple[int, int]:
    """How a page stands in its view.

    Args:
        metrics: the measures.
        room: width of the view without its scroll bar and the frame around it, in device-independent pixels.

    Returns:
        The space left and right of the page, and the space left and right of the text on it.
    """
    side = max(0, (room - metrics.page_width) // 2)
    return side, metrics.page_padding if side or room > metrics.page_width * 3 // 4 else MARGIN
