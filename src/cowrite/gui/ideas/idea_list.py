"""IdeaList: the notes of a document as a list, with the line above it and what stands beside it.

Runs on the GUI thread. What its commands do is in `gui.ideas.acting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.proposals import Dismissals, Proposal
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.gui.ideas.coverage_bar import CoverageBar
from cowrite.gui.ideas.details import DetailsPane
from cowrite.gui.ideas.empty_list import EmptyList
from cowrite.gui.ideas.find_row import FindRow
from cowrite.gui.ideas.idea_input import IdeaInput
from cowrite.gui.ideas.item_model import IdeasModel
from cowrite.gui.ideas.outline import Kind, Outline, alike, outline
from cowrite.gui.ideas.proposals_strip import ProposalsStrip
from cowrite.gui.ideas.side_pane import Beside, SidePane
from cowrite.gui.ideas.tree import IdeasTree
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import CLOSE, LOOSE, MARGIN, SPACING, TIGHT, Theme, set_look
from cowrite.gui.window.views import field_of

REST = 2  # so many times as long as it took to show the list: of a long one others may change more than that


class IdeaList(QWidget):
    """Shows what there is, and says what could not be done.

    Args:
        brainstorm: what it shows.
        ideas: writes what the person has seen.
        dismissals: what is not proposed again.
        theme: how it looks.
        parent: the view that it is in.

    Attributes:
        begun_in: the id of the session in which what stands in the line above was begun; empty for none.
        read_only: why the person may only read; empty where they may write.
        says_seen: whether what they open counts as seen by them although they may only read.
    """

    changed = Signal()
    """What is shown or selected may be something else now."""
    open_wanted = Signal(str)
    """The id of something that is not a note, to be shown elsewhere."""

    def __init__(
        self, brainstorm: Brainstorm, ideas: Ideas, dismissals: Dismissals, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._brainstorm = brainstorm
        self._ideas = ideas
        self._dismissals = dismissals
        self._zoom = 1.0
        self._similar: Mapping[str, Sequence[str]] = {}
        self._proposals: Sequence[Proposal] = ()
        self.begun_in = ""
        self.read_only = ""
        self.says_seen = False
        self.model = IdeasModel(self)
        self.tree = IdeasTree(self.model, theme)
        self.tree.setAccessibleDescription("Enter edits, N writes a new note, the menu key has all commands")
        self.input = IdeaInput()
        self.coverage = CoverageBar()
        self.commands = icon_button("ellipsis", "Commands for the selected ideas")
        self.finding = FindRow()
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setContentsMargins(MARGIN, CLOSE, MARGIN, TIGHT)
        set_look(self._message, tone="warning")
        self._message.hide()
        self.strip = ProposalsStrip()
        self.details = DetailsPane(brainstorm, theme)
        self.side = SidePane(self.details)
        self._empty = EmptyList()
        self._lay_out()
        self._refresh_timer = single_shot(self, self.refresh)
        self._connect()
        self._rests_until = 0.0
        self._end = brainstorm.observe(lambda _ids: self._refresh_soon())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in the list shows all again, then closes the details."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            if not self.finding.isHidden():
                self.finding.end()
                return True
            if self.side.has_details:
                self._close_details()
                return True
        return super().eventFilter(watched, event)

    def end(self) -> None:
        """Listens no longer."""
        self._refresh_timer.stop()
        self._end()

    def showEvent(self, event: QShowEvent) -> None:
        """What has happened while it was not shown is shown now."""
        super().showEvent(event)
        self.refresh()

    def show_look(self, theme: Theme, zoom: float) -> None:
        """Takes another look, and is as much larger or smaller."""
        self.tree.show_look(theme, zoom)
        self.details.show_look(theme, zoom)
        if zoom != self._zoom:
            self._zoom = zoom
            font = self.font()
            font.setPointSizeF(max(6.0, font.pointSizeF() * zoom))
            self.input.setFont(font)

    def show_read_only(self, reason: str) -> None:
        """Lets the person read only, and says why; or lets them write, where that is empty."""
        self.read_only = reason
        if reason:
            self.tree.keep()  # what was typed until then is written, as it is on the page and on the board
        if reason and self.window().focusWidget() is self.input:
            self._enter_list()  # else the next button had the keyboard, which the next space would press
        self.input.setEnabled(not reason)
        self.input.setToolTip(reason)
        self._empty.show_read_only(reason)
        self.model.is_editable = not reason
        for button in (self.strip.group, self.strip.dismiss):
            button.setEnabled(not reason)

    def enter(self) -> None:
        """Takes the keyboard: in the line above where the list is empty, otherwise in the list."""
        if self.model.rowCount() == 0 and not self.read_only:
            self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._enter_list()

    def keep(self) -> None:
        """Keeps the idea in the line, and the note that is being changed."""
        self.tree.keep()
        self.input.commit()

    def go_to(self, id: str) -> None:
        """Brings a note or group into sight and selects it."""
        if not self.model.index_of(id).isValid():
            self.finding.end()
            self.coverage.only.setChecked(False)
        self.refresh()
        self.tree.go_to(id)
        self.tree.setFocus()

    def show_from(self, ids: Sequence[str]) -> None:
        """Has the first of these at the top, and makes it the current one."""
        self.refresh()
        self.tree.show_from(ids)

    def set_side(self, widget: QWidget | None) -> None:
        """Puts something beside the list, such as the ballot of an open poll, or takes it away."""
        focused: QWidget | None = self.window().focusWidget()
        was_here = focused is not None and self.side.isAncestorOf(focused)
        self.side.set_other(widget)
        if focused is not None and was_here and not self.side.isAncestorOf(focused):
            self.input.setFocus(Qt.FocusReason.OtherFocusReason)  # what is typed on would be commands in the list

    def show_alike(self, similar: Mapping[str, Sequence[str]], proposals: Sequence[Proposal]) -> None:
        """Hints at notes that are alike, and at groups that they might make."""
        self._similar, self._proposals = similar, proposals
        self.refresh()

    def refresh(self) -> None:
        """Shows what there is now."""
        begun = perf_counter()
        edited = self.tree.delegate.edited
        if edited and self._is_gone(edited):
            had_keyboard = field_of(self) is not None and self.tree.isAncestorOf(self.focusWidget())
            self.tree.keep()  # the field goes with its row
            if had_keyboard:
                self.input.setFocus(Qt.FocusReason.OtherFocusReason)  # what is typed on would be commands in the list
        shown = outline(
            self._brainstorm,
            find=self.finding.words,
            unseen_only=self.coverage.only.isChecked(),
            edited=self.tree.delegate.edited,
            similar=self._similar,
        )
        self.tree.show_outline(shown.branches)
        self._show_counts(shown)
        self._show_group_of_line()
        self.strip.show_alike(alike(self._brainstorm, self._proposals, self._dismissals.apart()))
        if self.side.has_details:
            self.details.show_note(self.details.shown)
        self._say_sealed()
        self.changed.emit()
        now = perf_counter()
        self._rests_until = now + REST * (now - begun)

    def say(self, sentence: str) -> None:
        """Says above the list what could not be done; an empty sentence takes it away."""
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        say(self.tree, sentence)

    def toggle_details(self) -> None:
        """Shows the current note whole, which counts as having seen it; where that is shown already, no longer."""
        row = self.tree.current_row
        if row is None:
            return
        if self.side.has_details and self.details.shown == row.id and self._has_seen(row.id):
            self._close_details()
            return
        self.side.show_details(True)
        if self._may_see:
            self._ideas.see([row.id])
        self.details.show_note(row.id)

    # Inside

    def _connect(self) -> None:
        self.input.left_downwards.connect(self._enter_list)
        self.finding.field.textChanged.connect(lambda _words: self.refresh())
        self.finding.left.connect(self._enter_list)
        self.tree.left_upwards.connect(self.input.setFocus)
        self.tree.delegate.note = self._brainstorm.visibility.note
        self.tree.delegate.retyped.connect(self._ideas.retype)
        self.tree.delegate.editing_changed.connect(self._follow_editing)
        self.tree.selectionModel().currentChanged.connect(lambda _now, _before: self._follow())
        self.tree.selectionModel().selectionChanged.connect(lambda _in, _out: self.changed.emit())
        self.tree.installEventFilter(self)
        self.coverage.only.toggled.connect(lambda _on: self.refresh())
        self.side.left.connect(self.tree.setFocus)
        self.details.closed.connect(self._close_details)
        self.details.open_wanted.connect(self._open)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, LOOSE, MARGIN, SPACING)
        top.addWidget(self.input)
        top.addWidget(self.commands, 0, Qt.AlignmentFlag.AlignVCenter)  # else all is only as high as the button
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.finding)
        column.addWidget(self._message)
        column.addWidget(self.strip)
        split = Beside()
        column.addWidget(split, 1)
        middle = QWidget()
        split.addWidget(middle)
        list_column = QVBoxLayout(middle)
        list_column.setContentsMargins(LOOSE, 0, TIGHT, 0)
        list_column.addWidget(self._empty, 1)
        list_column.addWidget(self.tree, 1)
        split.addWidget(self.side)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column.addWidget(self.coverage)

    def _close_details(self) -> None:
        self.side.show_details(False)
        self.tree.setFocus()

    def _open(self, id: str) -> None:
        if id.startswith("note:"):
            self.go_to(id)
            self.details.show_note(id)
        else:
            self.open_wanted.emit(id)

    def _follow(self) -> None:
        row = self.tree.current_row
        if self.side.has_details and row is not None and row.kind is not Kind.GROUP:
            self.details.show_note(row.id)
        self.changed.emit()

    def _follow_editing(self) -> None:
        """What was in sight only for being edited is so no longer."""
        if not self.tree.delegate.edited:
            self._refresh_soon()

    def _refresh_soon(self) -> None:
        if self.isVisible() and not self._refresh_timer.isActive():
            self._refresh_timer.start(max(0, round(1000 * (self._rests_until - perf_counter()))))

    def _enter_list(self) -> None:
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.tree.currentIndex().isValid():
            self.tree.go_to_row(0)

    def _is_gone(self, id: str) -> bool:
        if id.startswith("group:"):
            return all(group.id != id for group in self._brainstorm.board.groups())
        return self._brainstorm.visibility.note(id) is None

    @property
    def _may_see(self) -> bool:
        return self.says_seen or not self.read_only

    def _has_seen(self, id: str) -> bool:
        return self._brainstorm.me in self._brainstorm.sessions.seen().get(id, set()) or not self._may_see

    def _show_counts(self, shown: Outline) -> None:
        self.coverage.show_coverage(shown.seen, shown.total, shown.never)
        rows = list(self.model.rows())
        notes = sum(row.kind is Kind.NOTE for row in rows)
        self.finding.show_count(notes)
        is_empty = not rows and not self.finding.words and not self.coverage.only.isChecked()
        self._empty.setVisible(is_empty)
        if is_empty and self.window().focusWidget() is self.tree:  # Qt would leave the view
            self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tree.setVisible(not is_empty)

    def _show_group_of_line(self) -> None:
        titles = {group.id: group.title or "Group" for group in self._brainstorm.board.groups()}
        group = self.input.group if self.input.group in titles else ""
        self.input.show_group(group, titles.get(group, ""))

    def _say_sealed(self) -> None:
        self.input.show_sealed(self._ideas.seals)
        session = self._brainstorm.session
        id = session.id if session is not None else ""
        if not self.input.text().strip():
            self.begun_in = id
        self.input.setToolTip(self._brainstorm.box.problem(id) or self.read_only)
