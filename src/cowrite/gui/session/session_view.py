"""SessionView: the session's own place behind a tab: what its phase needs, one page at a time.

Runs on the GUI thread. The pad stays while other pages are shown, with all that is in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from cowrite.bridge.page.composed import is_composing
from cowrite.gui.keyboard.reading_order import ReadingOrder
from cowrite.gui.look.theme import MARGIN, TIGHT, WIDE
from cowrite.gui.session.pad import Pad
from cowrite.gui.session.pages import WIDEST, FramePage, OpenPage, PlainPage
from cowrite.gui.session.parts import Paragraph
from cowrite.gui.session.poll_page import PollPage
from cowrite.gui.widgets.dialog_parts import note
from cowrite.gui.widgets.wrapping_row import FRAMELESS, reaching
from cowrite.gui.window.views import Acts, View

Page = TypeVar("Page", bound=QWidget)


class SessionView(View):
    """The pages of a session; `show_page` chooses one. `went(id)` asks for what has an id, `came` says that it is
    shown now.

    Args:
        clock: milliseconds.
        acts: what can be undone.
        parent: where it is shown.
    """

    went = Signal(str)
    came = Signal()

    def __init__(self, clock: Callable[[], int], acts: Acts, parent: QWidget) -> None:
        super().__init__(parent, acts)
        self.setAccessibleName("Session")
        self._stack = QStackedWidget(self)
        self._places: dict[QWidget, QScrollArea] = {}
        self._columns: dict[QWidget, QVBoxLayout] = {}
        self.plain = self._made(PlainPage, fills=True)
        self.frame = self._made(FramePage)
        self.open = self._made(OpenPage)
        self.pad = self._made(partial(Pad, clock), fills=True)
        self.polls = self._made(PollPage)
        self.polls.begun.connect(lambda: self._places[self.polls].verticalScrollBar().setValue(0))
        self._page: QWidget = self.plain
        self._reason = ""  # why the person may not change the document
        self._seals_notes = self._seals_ballots = False
        self._refusal = note("")
        self._refusal.setMaximumWidth(WIDEST)
        self._refusal.setAccessibleDescription("Why you write nothing here")
        self._refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._put_refusal()

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self._page

    @property
    def is_writing(self) -> bool:
        """Whether the person is in the middle of something that is not kept yet."""
        if self.pad.is_writing:
            return True
        focus: QWidget | None = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus) and has_words(focus)

    def show_page(self, page: QWidget) -> None:
        """Shows one of the pages, and gives it the keyboard where the one before had it."""
        focus: QWidget | None = self.window().focusWidget()
        had, is_new = self.isAncestorOf(focus or self), page is not self._page
        writes = isinstance(focus, QLineEdit | QPlainTextEdit) and bool(_text_of(focus).strip())
        self._page = page
        self._put_refusal()
        self._stack.setCurrentWidget(self._places[page])
        if not had or not is_new:
            return
        if writes and page is not self.pad:
            self._places[page].setFocus(Qt.FocusReason.OtherFocusReason)  # no button, which the next space would press
        else:
            self.enter()

    def showEvent(self, event: QShowEvent) -> None:
        """What it shows may have become something else meanwhile."""
        self.came.emit()
        super().showEvent(event)

    def go_to(self, id: str) -> None:
        """See `View.go_to`; of a poll."""
        self.went.emit(id)

    def enter(self) -> None:
        """See `View.enter`."""
        page = self._page
        if isinstance(page, PlainPage | PollPage):
            page.focus_first()
        elif isinstance(page, Pad):
            page.take_keyboard()
        else:
            page.setFocus(Qt.FocusReason.TabFocusReason)

    def show_zoom(self, zoom: float) -> None:
        """See `View.show_zoom`."""
        super().show_zoom(zoom)
        self.dress()

    def keep(self) -> None:
        """Keeps the note in the line of the pad, and what stands in the frame."""
        self.pad.keep()
        self.frame.keep()

    def undo(self) -> None:
        """See `View.undo`; words that are being typed come first."""
        field = self._field()
        if field is not None and has_words(field):
            field.undo()
        else:
            super().undo()

    def copy_selected(self) -> None:
        """Copies what is selected in a list."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QListWidget) and self.isAncestorOf(focus) and focus.selectedItems():
            QGuiApplication.clipboard().setText("\n".join(item.text() for item in focus.selectedItems()))

    def paste(self) -> None:
        """See `View.paste`; without a field into the pad, where it is shown."""
        if self._field() is None and self._page is self.pad:
            self.pad.take_keyboard()
        super().paste()

    def select_everything(self) -> None:
        """Selects all of a list."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QListWidget) and self.isAncestorOf(focus):
            focus.selectAll()

    def show_read_only(self, reason: str) -> None:
        """See `View.show_read_only`."""
        super().show_read_only(reason)
        self._reason = reason
        for page in (self.frame, self.open):
            page.setEnabled(not reason)
            page.setToolTip(reason)
        self._show_rights()
        if not reason and self.isVisible() and self.window().focusWidget() is None:
            self.enter()  # nothing else has the keyboard since the page has lost it

    def let_seal(self, *, notes: bool, ballots: bool) -> None:
        """Lets whoever may not change the document take part all the same where what they give lies sealed.

        Args:
            notes: whether they may write notes now.
            ballots: whether they may vote.
        """
        if (notes, ballots) != (self._seals_notes, self._seals_ballots):
            self._seals_notes, self._seals_ballots = notes, ballots
            self._show_rights()

    def _show_rights(self) -> None:
        reason = self._reason
        self.pad.show_read_only("" if self._seals_notes else reason)
        self.polls.show_read_only("" if self._seals_ballots else reason)
        self._put_refusal()

    def _made(self, make: Callable[[QWidget], Page], *, fills: bool = False) -> Page:
        """Makes a page in its place, where it is scrolled; one that fills it grows with it."""
        area = ReadingOrder(self._stack)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName("Session")  # it has the keyboard where a page comes under somebody's words
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(area)
        holder = QWidget()
        area.setWidget(holder)
        page = make(holder)
        page.setMaximumWidth(WIDEST + 2 * FRAMELESS)
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(holder)
        column.setContentsMargins(WIDE, MARGIN + TIGHT, WIDE, MARGIN + TIGHT)
        row = QHBoxLayout()
        column.addLayout(row, 1 if fills else 0)
        row.addStretch(1)
        self._columns[page] = QVBoxLayout()
        self._columns[page].setSpacing(MARGIN)
        self._columns[page].addLayout(reaching(page), 1)
        row.addLayout(self._columns[page], 100)
        row.addStretch(1)
        if not fills:
            column.addStretch(1)
        self._places[page] = area
        return page

    def _put_refusal(self) -> None:
        """Has it above the words of the page that is shown, to begin where they do, beside a scroll bar too."""
        self._columns[self._page].insertWidget(0, self._refusal)
        takes_part = {self.pad: self._seals_notes, self.polls: self._seals_ballots}.get(self._page, False)
        but = "so you can follow here but not write or vote"
        if self._seals_ballots:
            but = "so here you take part in what lies sealed alone: notes before the reveal, and votes"
        self._refusal.setText(f"{self._reason}, {but}.")
        self._refusal.setHidden(not self._reason or takes_part)


def _text_of(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def has_words(widget: QWidget | None) -> bool:
    """Whether somebody has typed into a widget what is not kept yet."""
    if isinstance(widget, QLineEdit):
        return widget.isModified()
    if isinstance(widget, Paragraph):
        return not widget.is_kept
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return bool(widget.toPlainText().strip()) or is_composing(widget.document())
    return False
