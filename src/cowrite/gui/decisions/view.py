"""DecisionsView: what is decided in a document: log, card and lineage side by side, below each other, or one at a time
where there is room for no more; and all actions.

Runs on the GUI thread. It is told rows and sheets and says what the person does; `app.decisions.flow` answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from cowrite.gui.commands.brainstorm_actions import DECISION_EXPORTS
from cowrite.gui.decisions.action_rows import ActionsPage
from cowrite.gui.decisions.card import DecisionCard
from cowrite.gui.decisions.fields import ShortenedLine, WrittenField
from cowrite.gui.decisions.lineage_list import LineageList
from cowrite.gui.decisions.log import DecisionLog
from cowrite.gui.decisions.values import ActionLine, Row, Sheet
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look
from cowrite.gui.widgets.button_menu import open_button_menu
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import plain_label, scrolling, title_label
from cowrite.gui.widgets.wrapping_row import row_of
from cowrite.gui.window.views import View

AROUND = 48  # device-independent pixels around what is said while nothing is decided
WIDEST = 460  # of the words in an empty log, in device-independent pixels
SIDE, SIDE_LETTERS = 290, 26  # device-independent pixels and letters of log and lineage, whichever is more
WIDE, WIDE_LETTERS = 1200, 100  # the same from which on the lineage has room beside the card
NARROW, NARROW_LETTERS = 600, 66  # the same below which the card has none beside the log
LOW = 26  # lines of letters below which there is none for all three below each other
LOG, DECISION, LINEAGE, ACTIONS = range(4)
"""The tabs; those of the second and the third are there where one sees one of the three at a time."""


class DecisionsView(View):
    """Behind the tab Decisions."""

    new_wanted = Signal()
    action_added = Signal(str)
    """An action is wanted; the id of its decision, or nothing."""
    export_wanted = Signal(str, bool)
    """A key of DECISION_EXPORTS, and whether only the decision that is shown is meant."""
    undo_wanted = Signal()
    redo_wanted = Signal()
    left = Signal()
    """The keyboard has left a field: a burst of typing is over."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Decisions")
        self._undo = self._redo = False
        self._is_divided = self._is_left_divided = False  # by the person's own hand
        self._room: tuple[bool, bool] | None = None  # whether it is narrow and wide; not known before it has a size
        self._is_small = False  # whether one of the three is seen at a time
        self._has_rows = self._has_sheet = False
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Decisions or actions")
        for text in ("Log", "Decision", "Lineage", "Actions"):
            self.tabs.addTab(text)
        self.tabs.setDrawBase(False)
        self._new_key = ""
        self.new = act_button("New decision", "Make a decision", self.new_wanted.emit, kind="")
        self.export = QPushButton("Export")
        called(self.export, "Export decisions", "Write decisions as Markdown, Word, PDF or a table")
        set_look(self.export, kind="menu")
        menu = QMenu(self.export)
        menu.setAccessibleName("Export decisions")
        for kind, words in DECISION_EXPORTS.items():
            menu.addAction(words).triggered.connect(lambda _on=False, kind=kind: self.export_wanted.emit(kind, False))
        menu.addSeparator()
        self.export_one = menu.addAction("This &decision as Markdown…")
        self.export_one.triggered.connect(lambda _on=False: self.export_wanted.emit("madr", True))
        self.export.setMenu(menu)
        self.empty = QWidget()
        self.empty_new = act_button("New decision", "Make the first decision", self.new_wanted.emit, kind="primary")
        self._lay_out()
        self._connect()
        set_look(self, surface="window")
        self.show_rows(())
        self.show_actions(())

    # What is shown

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows these decisions in the log; emits nothing."""
        self.log.show_rows(rows)
        self._has_rows = bool(rows)
        self._show_parts()

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Shows a decision, or that there is none; emits nothing."""
        self._middle.setCurrentWidget(self.card if sheet is not None else self._empty_place)
        self._has_sheet = sheet is not None
        self._show_parts()
        self.export_one.setEnabled(sheet is not None)
        if sheet is not None:
            self.card.show_sheet(sheet)
            self.lineage.show_sheet(sheet)
            self._divide_left()  # nobody can give it a height before it is there
            self.log.show_current(sheet.decision.id)

    def leave_card(self) -> bool:
        """Takes the keyboard out of what is shown of a decision, for that is gone: what is typed now is not for the one
        that comes in its place. Says whether it was there."""
        keyboard = self.window().focusWidget() or self  # for the view itself it is where it was last
        if not (self.card.isAncestorOf(keyboard) or self.lineage.isAncestorOf(keyboard)):
            return False
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)  # where no key changes anything
        return True

    def show_actions(self, lines: Sequence[ActionLine]) -> None:
        """Shows these actions on the page of their own; emits nothing."""
        self.action_page.show_lines(lines)
        count = sum(not line.action.is_done for line in lines)
        self.tabs.setTabText(ACTIONS, f"Actions ({count})" if count else "Actions")

    def show_undo(self, can_undo: bool, can_redo: bool) -> None:
        """Takes note of what can be taken back and brought back."""
        if (can_undo, can_redo) != (self._undo, self._redo):
            self._undo, self._redo = can_undo, can_redo
            self.state_changed.emit()

    def show_page(self, name: str) -> None:
        """Shows "log" or "actions"."""
        self.tabs.setCurrentIndex({"log": LOG, "actions": ACTIONS}[name])

    def write_in_card(self) -> None:
        """Lets the person write in the decision that is shown."""
        self._show_card()
        self.card.focus_first()

    # What a view can do

    def show_zoom(self, zoom: float) -> None:
        """Shows everything larger or smaller."""
        super().show_zoom(zoom)
        self.dress()
        if self._room is not None:  # else what it is divided by comes with its first size
            self.ensurePolished()  # or its letters would still be what they were
            self._divide_room(self.size())
        for part in self.findChildren(QWidget):
            part.updateGeometry()

    def show_read_only(self, reason: str) -> None:
        """Lets the person read only, and says why."""
        super().show_read_only(reason)
        on = bool(reason)
        for part in (self.log, self.card, self.lineage, self.action_page):
            part.show_read_only(on)
        self._show_new()

    def show_new_key(self, key: str) -> None:
        """Names the key by which one makes a decision; an empty one for none."""
        self._new_key = key
        self._show_new()

    def enter(self) -> None:
        """Takes the keyboard: to what is shown, or to what makes the first decision."""
        at = self.tabs.currentIndex()
        if at != ACTIONS and not self._has_rows:
            self.empty_new.setFocus()
        else:
            (self.log.list, self.card.fields["question"], self.lineage, self.action_page)[at].setFocus()

    def can_undo(self) -> bool:
        """Whether there is an own act to take back."""
        return self._undo and not self.read_only

    def can_redo(self) -> bool:
        """Whether there is an own act to bring back."""
        return self._redo and not self.read_only

    def undo(self) -> None:
        """Takes back one's own newest act."""
        self.undo_wanted.emit()

    def redo(self) -> None:
        """Brings back the act that was taken back last."""
        self.redo_wanted.emit()

    def open_find(self) -> None:
        """Lets the person search the log."""
        self.show_page("log")
        self.log.search.setFocus()
        self.log.search.selectAll()

    def find_step(self, step: int) -> None:
        """Goes to the next decision in the list, or with -1 to the one before."""
        ids = self.log.ids()
        if ids:
            here = ids.index(self.card.shown) if self.card.shown in ids else -1
            self.log.chosen.emit(ids[(here + step) % len(ids)])

    def go_to(self, id: str) -> None:
        """Shows the decision, or the action, of an id."""
        if id.startswith("action:"):
            self.show_page("actions")
            self.action_page.focus_action(id)
        else:
            self.log.chosen.emit(id)
            self._show_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the lineage beside the card, or below the log where there is no room; all three below each other where
        there is none for two, or one of them in the place of all."""
        super().resizeEvent(event)
        self._divide_room(event.size())
        self.updateGeometry()

    def _show_new(self) -> None:
        for new in (self.new, self.empty_new):
            new.setEnabled(not self.read_only)
            new.setToolTip(self.read_only or and_key("Make a decision", self._new_key))

    def _divide_room(self, size: QSize) -> None:
        width, metrics = size.width(), self.fontMetrics()
        letter, side = metrics.averageCharWidth(), self._side()
        room = is_narrow, is_wide = (
            width < max(NARROW, NARROW_LETTERS * letter),
            width >= max(WIDE, WIDE_LETTERS * letter),
        )
        self._is_small = is_narrow and size.height() < LOW * metrics.height()
        if room != self._room:
            self._room = room
            self._split.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)
            (self._split if is_wide or is_narrow else self._left).addWidget(self.lineage)
            if is_wide:
                self._split.setSizes([side, width - 2 * side, side])
            elif not is_narrow:
                self._split.setSizes([side, width - side])
        self._show_parts()
        self._divide_left()
        if is_narrow and not self._is_divided:  # Qt gives the log all that it asks for, however low the card becomes
            height = size.height()
            log = max(height // 4, self.log.minimumSizeHint().height())
            lineage = max(height // 8, self.lineage.minimumSizeHint().height())
            self._split.setSizes([log, max(0, height - log - lineage), lineage])

    def _side(self) -> int:
        return max(SIDE, SIDE_LETTERS * self.fontMetrics().averageCharWidth())

    def _show_parts(self) -> None:
        """Shows what there is, and of log, card and lineage one where there is room for no more."""
        is_apart = self._is_small and self._has_rows and self._has_sheet
        was_apart = self.tabs.isTabVisible(DECISION)
        if not is_apart and self.tabs.currentIndex() in (DECISION, LINEAGE):
            self.tabs.setCurrentIndex(LOG)
        for at in (DECISION, LINEAGE):
            self.tabs.setTabVisible(at, is_apart)
        if is_apart and not was_apart and self._middle.isAncestorOf(self.window().focusWidget() or self):
            self.tabs.setCurrentIndex(DECISION)  # whoever writes there goes on
        at = self.tabs.currentIndex()
        self._pages.setCurrentIndex(at == ACTIONS)
        self._left.setVisible(self._has_rows and (not is_apart or at == LOG))
        self._middle.setVisible(not is_apart or at == DECISION)
        self.lineage.setVisible(self._has_sheet and (not is_apart or at == LINEAGE))
        self.new.setText("New" if is_apart else "New decision")
        # The place of the first one offers it, and beside the tabs of all parts is room for one of the two.
        self.new.setHidden(at != LOG if is_apart else at != ACTIONS and not self._has_rows)
        self.export.setHidden((is_apart and at == LOG) or not self._has_rows)

    def _show_card(self) -> None:
        self.tabs.setCurrentIndex(DECISION if self.tabs.isTabVisible(DECISION) else LOG)

    def _click_in_log(self) -> None:
        if self.tabs.isTabVisible(DECISION):
            self.write_in_card()

    def _divide(self) -> None:
        self._is_divided = True

    def minimumSizeHint(self) -> QSize:
        """As high as its head needs in this width, and some of what is below: a stack of views asks for no more."""
        layout, least = self.layout(), super().minimumSizeHint()
        return least if layout is None else QSize(least.width(), layout.minimumHeightForWidth(self.width()))

    # Inside

    def _follow_keyboard(self, before: QWidget | None, _now: QWidget | None) -> None:
        if isinstance(before, (ShortenedLine, WrittenField)) and self.isAncestorOf(before):
            self.left.emit()

    def _open_menu(self, at: QPoint) -> None:
        """Offers what the card offers for the decision at a place of the log, which a click there has shown."""
        if self.log.list.itemAt(at) is not None and self.log.current() == self.card.shown:
            open_button_menu(self.card.entries(), self, self.log.list.viewport().mapToGlobal(at))

    def _divide_left(self) -> None:
        """Gives the lineage below the log what it needs, and half of the height at most; the log has the rest."""
        if self.lineage.parent() is self._left and not self._is_left_divided:
            height = self._left.height()
            lineage = min(self.lineage.needed_height(), height // 2)
            self._left.setSizes([height - lineage, lineage])

    def _hold_left(self) -> None:
        self._is_left_divided = True

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, SPACING, 0, 0)
        head.setSpacing(SPACING)
        head.addWidget(self.tabs)
        head.addLayout(row_of(self.export, self.new, spacing=SPACING, at_end=True), 1)
        head.addSpacing(MARGIN)  # where lines end; margins are not mirrored
        self._lay_out_empty()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        # From the outside in, each in its place from the start: what goes into another is dressed anew, part by part.
        self._pages = QStackedWidget()
        whole.addWidget(self._pages, 1)
        self._split = QSplitter()
        self._split.setChildrenCollapsible(False)
        self._split.splitterMoved.connect(lambda _to, _at: self._divide())
        self._pages.addWidget(self._split)
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._left.setChildrenCollapsible(False)
        self._left.splitterMoved.connect(lambda _to, _at: self._hold_left())
        self._split.addWidget(self._left)
        self._middle = QStackedWidget()
        self._split.addWidget(self._middle)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([self._side(), 700])
        self._middle.addWidget(self._empty_place)
        self.log = DecisionLog(self._left)
        self.card = DecisionCard(self._middle)
        self._middle.addWidget(self.card)
        self.lineage = LineageList(self._left)
        self.action_page = ActionsPage(self._pages)
        self._pages.addWidget(self.action_page)

    def _lay_out_empty(self) -> None:
        """Puts together what is said while there is no decision."""
        title = title_label("Nothing is decided here yet")
        words = plain_label(
            "A decision keeps its question, the options with what speaks for and against them, the outcome in your own "
            "words, and who saw it differently, so that it is still understood in a year."
        )
        set_look(words, role="muted")
        self._empty_place = scrolling(self.empty, "No decisions")  # before anything is in it
        column = QVBoxLayout(self.empty)
        column.setContentsMargins(*([AROUND] * 4))
        column.setSpacing(LOOSE)
        column.addStretch(1)
        for label in (title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(WIDEST)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(label, 100)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.empty_new, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def _connect(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_keyboard)
        self.tabs.currentChanged.connect(lambda _index: self._show_parts())
        self.log.opened.connect(lambda _id: self.write_in_card())
        self.log.list.itemClicked.connect(lambda _item: self._click_in_log())
        self.log.list.customContextMenuRequested.connect(self._open_menu)
        self.action_page.added.connect(lambda: self.action_added.emit(""))
