"""PageMouse: what the mouse does on a page beyond what Qt does.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from cowrite.bridge.page.text_formats import TextFormats
from cowrite.bridge.single_shot import single_shot
from cowrite.core.writing.lines import toggle_check
from cowrite.gui.page.column_lines import ColumnLines
from cowrite.gui.page.page_painter import PagePainter
from cowrite.gui.page.places import in_table_at
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.page.unspaced_words import word_at
from cowrite.gui.page.writing_keys import WritingKeys

_NOTCH = 120  # eighths of a degree by which a wheel turns
_AROUND = 4  # pixels around a box to tick that belong to it


class PageMouse:
    """The mouse on one page.

    Args:
        page: it.
        painter: knows where boxes to tick are.
        keys: of the page.
        tables: those on it.
        formats: of its text.

    Attributes:
        lines: those between the columns of its tables.
    """

    def __init__(
        self, page: TextPage, painter: PagePainter, keys: WritingKeys, tables: PageTables, formats: TextFormats
    ) -> None:
        self._page = page
        self._painter = painter
        self._keys = keys
        self._formats = formats
        self.lines = ColumnLines(page, painter, tables)
        self._turned = 0  # eighths of a degree with Ctrl that have zoomed nothing yet
        # A long page takes a while to look otherwise: all that the wheel has turned until then is one step.
        self._zoom_soon = single_shot(page, self._zoom)
        self._has_line = False  # whether a third click has selected its line alone

    def turn(self, event: QWheelEvent, pass_on: Callable[[QWheelEvent], None]) -> None:
        """Zooms with Ctrl, a step for each notch of the wheel.

        Args:
            event: the wheel turns.
            pass_on: has Qt scroll. With Ctrl, Qt would change the font where nothing may be written.
        """
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            pass_on(event)
            return
        self._turned += event.angleDelta().y()
        self._zoom_soon.start()
        event.accept()

    def press(self, event: QMouseEvent, pass_on: Callable[[QMouseEvent], None]) -> None:
        """Ticks a box that is clicked; Ctrl+click opens nothing by itself. Beside a table one clicks into its row.

        Args:
            event: a press.
            pass_on: has Qt do what it does.
        """
        if self._formats.has_tables and self.lines.press(event):
            return
        page = self._page
        event = self._in_table(event)
        position = event.position()
        line = page.cursorForPosition(position.toPoint()).block()
        box = self._painter.check_box(line)
        is_on_box = box is not None and box.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND).contains(position)
        if is_on_box and event.button() is Qt.MouseButton.LeftButton and not page.isReadOnly():
            page.draft.steps.begin()
            toggle_check(page.draft, line.position())
            return
        self._keys.go_elsewhere()
        selected, self._has_line = page.caret(), False
        pass_on(event)
        if page.caret() != selected and not event.modifiers():
            self._has_line = self._keys.leave_break()

    def move(self, event: QMouseEvent, pass_on: Callable[[QMouseEvent], None]) -> None:
        """Selects; what is selected of a table stays in it when the mouse leaves it sideways. See `press`."""
        if self._formats.has_tables and self.lines.move(event):
            return
        if not event.buttons():
            if self._formats.has_tables:
                self.lines.hover(event.position())
            pass_on(event)
        elif not self._has_line:  # or Qt selects what it took with the line
            pass_on(self._in_table(event))

    def release(self, event: QMouseEvent, pass_on: Callable[[QMouseEvent], None]) -> None:
        """Puts a line between columns where it was dragged to. See `press`."""
        if not self.lines.release(event):
            pass_on(event)

    def double_click(self, event: QMouseEvent, pass_on: Callable[[QMouseEvent], None]) -> None:
        """Selects a word; on a line between columns leaves these to what is in them. See `press`."""
        if not (self._formats.has_tables and self.lines.press(event)):
            pass_on(event)
            self._select_unspaced(event)

    def _zoom(self) -> None:
        steps = int(self._turned / _NOTCH)  # towards nought: a touchpad turns by less than a notch at a time
        self._turned -= steps * _NOTCH
        if steps:
            self._page.zoom_wanted.emit(steps)

    def _select_unspaced(self, event: QMouseEvent) -> None:
        """Of what Qt has selected as one word leaves the one that was clicked, where its script sets no spaces."""
        page, near = self._page, self._page.cursorForPosition(event.position().toPoint())
        line, at = near.block(), near.positionInBlock()
        if line.text().isascii():
            return
        if at and event.position().x() < page.cursorRect(near).left():
            at -= 1
        cursor, word = page.textCursor(), word_at(line.text(), at)
        if word is None or not cursor.hasSelection():
            return
        start, stop = line.position() + word[0], line.position() + word[1]
        if cursor.selectionStart() <= start and stop <= cursor.selectionEnd():  # else Qt knows better
            page.set_caret(stop, start, scroll=False)

    def _in_table(self, event: QMouseEvent) -> QMouseEvent:
        """What the mouse does beside a table, as done at its edge: for Qt it would be above or below all of it."""
        point = in_table_at(self._page, event.position()) if self._formats.has_tables else event.position()
        if point == event.position():
            return event
        scene, screen = event.scenePosition(), event.globalPosition()
        kind, button, device = event.type(), event.button(), event.pointingDevice()
        return QMouseEvent(kind, point, scene, screen, button, event.buttons(), event.modifiers(), device)
