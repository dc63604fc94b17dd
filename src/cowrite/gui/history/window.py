"""HistoryWindow: a document as it was, at any moment, before the window in which it is being written.

Runs on the GUI thread. Shows what it is told and says what is wanted; the document underneath goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QDateTime, QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.earlier import Earlier
from cowrite.core.text.direction import isolated
from cowrite.gui.commands.own_keys import by_command
from cowrite.gui.history.earlier_page import EarlierPage
from cowrite.gui.history.foot import HistoryFoot
from cowrite.gui.history.head import HistoryHead
from cowrite.gui.history.message import HistoryMessage
from cowrite.gui.history.moment_words import MomentRow, amount, named, names, quoted, when
from cowrite.gui.history.moments_list import PLACE_ROLE
from cowrite.gui.history.side import HistorySide
from cowrite.gui.history.stretches import Stretch
from cowrite.gui.keyboard.menu_key import MenuKey
from cowrite.gui.keyboard.window_keys import KeysByCommand, WindowKeys
from cowrite.gui.look.theme import Theme, set_look
from cowrite.gui.page.embeds import Images
from cowrite.gui.widgets.button_menu import open_button_menu
from cowrite.gui.widgets.dialog_parts import busy_bar
from cowrite.gui.window.notice_bar import Notice, NoticeBar

NARROW = 720  # device-independent pixels of the window below which the list gives its room to the page
LOADING_DELAY = 150  # milliseconds that a moment may take to open before that is shown


class HistoryWindow(QWidget):
    """The window of a document's history; whoever opens it connects its buttons.

    Args:
        title: what the document is called.
        theme: how it looks.
        zoom: factor on the writing size.
        images: gives the document's images.
        parent: the document's window.
    """

    moment_wanted = Signal(int)
    """The index of a moment, counted from the oldest."""
    closed = Signal()

    def __init__(self, title: str, theme: Theme, zoom: float, images: Images, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._rows: tuple[MomentRow, ...] = ()
        self._at = -1
        self._now = QDateTime.currentDateTime()
        self._is_loading = False
        self._compared_with = ""
        self._notice = "", ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, surface="window")
        self.page = EarlierPage(theme, zoom, images)
        self.message = HistoryMessage()
        self.notices = NoticeBar()
        self.head = HistoryHead()
        self.side = HistorySide()
        self.foot = HistoryFoot()
        self._busy = busy_bar("The moment is being opened", self)
        self._busy_timer = single_shot(self, lambda: self._show_busy(on=True), LOADING_DELAY)
        self._lay_out()
        self._connect()
        self._show_busy(on=False)
        self.resize(parent.window().size())
        self.show_title(title)
        self._fit()
        MenuKey(self)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()

    # What is shown

    def show_title(self, title: str) -> None:
        """Names the window after the document."""
        self.setWindowTitle(f"History of {title} — cowrite")

    def show_moments(self, rows: Sequence[MomentRow], now: QDateTime) -> None:
        """Shows these moments, oldest first, in slider, list and legend."""
        is_first = not self._rows
        self._rows, self._now = tuple(rows), now
        self.foot.slider.show_moments(rows, now)
        self.foot.play.setEnabled(len(rows) > 1)
        authors = list(dict.fromkeys(author for row in rows for author in row.authors))
        self.page.tell_apart(on=len(authors) > 1)
        self.side.show_moments(rows, authors, now)
        self._fit()
        if is_first:
            (self.foot.slider if self.foot.slider.isEnabled() else self.side.moments).setFocus()

    def show_at(self, index: int) -> None:
        """Puts everything but the page on a moment."""
        self._at = index
        self.foot.show_at(index, len(self._rows))
        self.side.moments.show_at(index)
        self._show_words()

    def offer_comparison(self, since: str) -> None:
        """Offers to show all that is new since the person was here last.

        Args:
            since: when that was, as in "yesterday at 17:10"; an empty one takes the offer away.
        """
        self.head.offer_comparison(since)
        self._fit()

    def show_compared(self, since: str, version: str = "") -> None:
        """The page shows all that is new since then, or with empty words what one moment has added.

        Args:
            since: when the person was here last, as in "yesterday at 17:10".
            version: another moment since which it is: its name, or when that was.
        """
        self._compared_with = f"Since {version}" if version else f"Since you were here {since}" if since else ""
        self.head.show_compared(since_here=bool(since), since_then=bool(version))
        self._show_words()

    def show_earlier(self, earlier: Earlier, stretches: Sequence[Stretch]) -> None:
        """Shows the document at the moment."""
        self._stop_loading()
        self.page.show_earlier(earlier, stretches)
        self._show_page(on=True)
        self._show_words()

    def show_added(self, earlier: Earlier, stretches: Sequence[Stretch]) -> None:
        """Shows what the moment had added, now that it is known; it removed nothing."""
        self.page.show_added(earlier, stretches)
        self._show_words()

    def show_loading(self) -> None:
        """The moment is on its way; what is on the page stays there for so long."""
        if not self._is_loading:
            self._is_loading = True
            self._busy_timer.start()
            self._show_words()

    def show_message(self, icon: str, sentence: str, answers: Sequence[tuple[str, str]] = ()) -> None:
        """Says something in the place of the page.

        Args:
            icon: name of a drawing.
            sentence: what is said.
            answers: id and text of each button, the one that goes on last.
        """
        self._stop_loading()
        self.message.show_message(icon, sentence, answers)
        self._show_page(on=False)

    def show_notice(self, kind: str, sentence: str) -> None:
        """Says something above the page, and once however often it is told; an empty sentence takes it away."""
        if (kind, sentence) == self._notice:
            return
        self._notice = kind, sentence
        self.notices.remove("history")
        if sentence:
            self.notices.show_notice(Notice("history", kind, sentence, dismissable=False))

    def allow_naming(self, why_not: str, *, renames: bool) -> None:
        """Offers to name the moment, or to rename it; a sentence that says why not takes the offer away."""
        self.head.allow_naming(why_not, renames=renames)
        self._fit()

    def allow_deleting(self, *, on: bool) -> None:
        """Offers that the history is deleted, or not."""
        self.head.delete.setVisible(on)
        self._fit()

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self.page.show_theme(theme)

    # Keys and sizes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from the list to the page, and closes; arrows, Home, End and Space go through the moments,
        arrows with Ctrl through named ones."""
        if event.key() == Qt.Key.Key_Escape and self.foot.list.isChecked():
            self.foot.list.setChecked(False)
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        elif not self._go_by_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Page and list leave these keys to the window."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._go_by_key(event):
            return True
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Says that the window goes."""
        self.closed.emit()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the list's room to the page where there is little."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As large as a document's window."""
        return QSize(1180, 860)

    def _go_by_key(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        forward = 1 if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else -1
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            steps = {Qt.Key.Key_Left: -forward, Qt.Key.Key_Right: forward}
            if event.key() not in steps:
                return False
            self._want(self._named_from(self._at, steps[Qt.Key(event.key())]))
            return True
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return False
        if event.key() == Qt.Key.Key_Space:
            self.foot.play.click()
            return True
        places = {
            Qt.Key.Key_Left: self._at - forward,
            Qt.Key.Key_Right: self._at + forward,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._rows) - 1,
        }
        if event.key() not in places:
            return False
        self._want(places[Qt.Key(event.key())])
        return True

    # Inside

    def _named_from(self, index: int, step: int) -> int:
        """The index of the next moment with a name, before (-1) or after (1) another one; -1 where there is none."""
        places = range(len(self._rows))[index + 1 :] if step > 0 else reversed(range(index))
        return next((place for place in places if self._rows[place].name is not None), -1)

    def _open_menu(self, at: QPoint) -> None:
        """Offers what can be done with the moment at a place of the list, which a click there has shown."""
        if self.side.moments.indexAt(at).data(PLACE_ROLE) == self._at >= 0:
            open_button_menu(self.head.entries(), self, self.side.moments.viewport().mapToGlobal(at))

    def _open_page_menu(self, at: QPoint) -> None:
        copy, restore = ("&Copy text", self.head.copy), ("R&estore…", self.head.restore)
        entries = (copy, ("Select &all", self.page.select_all), restore)
        open_button_menu(entries, self, self.page.viewport().mapToGlobal(at))

    def _want(self, index: int) -> None:
        if 0 <= index < len(self._rows) and index != self._at:
            self.moment_wanted.emit(index)

    def _show_words(self) -> None:
        row = self._rows[self._at] if 0 <= self._at < len(self._rows) else None
        words = quoted(row) or when(row, self._now) if row else "History"
        if row is not None and self._compared_with:
            row, words = self._compared(row), self._compared_with
        time = when(row, self._now) if row and row.name else ""
        facts = (time, isolated(names(row.authors)), amount(row), named(row, self._now)) if row else ()
        self.head.show_words(words, (*facts, "opening…" if self._busy_is_shown else ""))
        self.head.who.setVisible(row is not None)

    def _compared(self, newest: MomentRow) -> MomentRow:
        """All that is new, as one moment; it is on the page."""
        page = self.page
        added, removed = (
            sum(stop - start for start, stop in ranges) for ranges in (page.stretches.added, page.removed)
        )
        return replace(newest, authors=page.stretches.authors_of_added(), added=added, removed=removed, name=None)

    @property
    def _busy_is_shown(self) -> bool:
        return self._is_loading and not self._busy_timer.isActive()

    def _stop_loading(self) -> None:
        self._is_loading = False
        self._busy_timer.stop()
        self._show_busy(on=False)

    def _show_busy(self, *, on: bool) -> None:
        height = self._busy.sizeHint().height()
        self._busy.setGeometry(0, self.head.geometry().bottom() - height + 1, self.width(), height)
        self._busy.setVisible(on)
        self._busy.raise_()  # over the edge of what is above the page, so that nothing moves
        self.head.copy.setEnabled(not on and self._middle.currentWidget() is self.page)
        self._show_words()

    def _show_page(self, *, on: bool) -> None:
        self._middle.setCurrentWidget(self.page if on else self.message)
        self.head.copy.setEnabled(on)

    def _fit(self) -> None:
        is_full = bool(self._rows)
        is_narrow = self.width() < NARROW
        self.foot.list.setVisible(is_narrow)
        if not is_narrow or not is_full:
            self.foot.list.setChecked(False)
        self.side.setVisible(is_full and (not is_narrow or self.foot.list.isChecked()))
        self.side.setMaximumWidth(self.width() if is_narrow else self.side.minimumWidth())
        self._middle.setHidden(self.foot.list.isChecked())
        self.foot.setVisible(is_full)
        self.head.fit(self.width(), is_full=is_full)

    def _show_list(self, on: bool) -> None:
        """Shows the list in the place of the page, or the page again."""
        self._fit()
        (self.side.moments if on else self.foot.slider).setFocus()

    def show_keys(self, keys: KeysByCommand) -> None:
        """Takes the keys of commands that hold from now on."""
        self._keys.show(keys)

    def _connect(self) -> None:
        self.foot.slider.valueChanged.connect(self._want)
        self.side.moments.moment_chosen.connect(self._want)
        self.side.moments.customContextMenuRequested.connect(self._open_menu)
        self.page.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.page.customContextMenuRequested.connect(self._open_page_menu)
        self.foot.list.toggled.connect(self._show_list)
        for chosen in (self.side.moments.clicked, self.side.moments.activated):
            chosen.connect(lambda _index: self.foot.list.setChecked(False))
        self.head.copy.clicked.connect(self.page.copy_text)
        self.head.end.clicked.connect(self.close)
        self._keys = WindowKeys(self, {"name_version": self.head.name.click, "copy": self.head.copy.click})
        self._keys.name("name_version", self.head.show_naming_key)
        self._keys.name("copy", self.head.show_copying_key)
        self.show_keys(by_command({}))
        for part in (self.page, self.side.moments, self.foot.slider):
            part.installEventFilter(self)

    def _lay_out(self) -> None:
        self._middle = QStackedWidget()
        self._middle.addWidget(self.page)
        self._middle.addWidget(self.message)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._middle, 1)
        middle.addWidget(self.side)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self.notices)
        whole.addLayout(middle, 1)
        whole.addWidget(self.foot)
