"""CommentsPanel: what was said about the text, beside the page.

Runs on the GUI thread. It is told the threads as values and says what the person wants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cowrite.core.comments.mentions import Names
from cowrite.core.text.first_words import shortened
from cowrite.gui.comments.form import CommentForm
from cowrite.gui.comments.naming import KnownNames, Naming
from cowrite.gui.comments.row import ThreadRow
from cowrite.gui.comments.values import ThreadListed, ThreadShown
from cowrite.gui.look.icons import icon_button, show_icon
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import LOOSE, SPACING, TIGHT, Theme, set_look
from cowrite.gui.widgets.dialog_parts import button, column_in, note
from cowrite.gui.widgets.text_panel import TextPanel

_EMPTY = "Nobody has commented on this text yet. Select some of it to comment on it."
_ALL_RESOLVED = "All comments are resolved."


class CommentsPanel(TextPanel[ThreadRow]):
    """The threads of a document, in the order of its text.

    Attributes:
        names: gives those of the people who can be mentioned.
    """

    comment_wanted = Signal()
    """The person wants to comment on what is selected."""
    written = Signal(str)
    """The words of a new comment."""
    given_up = Signal()
    """There is to be no new comment."""
    activated = Signal(str)
    """The id of the thread whose text the person wants to see."""
    replied = Signal(str, str)
    begun = Signal()
    """What is being written below comments is other than before."""
    resolved = Signal(str, bool)
    changed = Signal(str, str)
    removed = Signal(str)
    decisions_wanted = Signal(str)
    """The id of the thread in which decisions are looked for."""
    sight_changed = Signal()
    """Other comments may be in sight now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Comments", "Threads", "comments", theme, parent)
        self.names: KnownNames = Names
        self._threads: Sequence[ThreadListed] = ()
        self._refusal = ""
        self._commenting = ""  # the key of the command, as `show_commenting_key` takes it
        self._begun: Set[str] = frozenset()  # threads whose rows are made for what was begun the last time
        self.add = icon_button("message-square-plus", "Comment on the selection")
        self.add.clicked.connect(self.comment_wanted)
        self.show_resolved = QCheckBox()
        self.show_resolved.toggled.connect(lambda _on: self._show())
        self._new = QFrame()
        set_look(self._new, surface="card", current=True)
        self._quote = note("")
        self.form = CommentForm("Your comment", "Comment", self._known_names)
        self.form.sent.connect(self.written)
        self.form.left.connect(self.given_up)
        self._new.hide()
        self._empty = note(_EMPTY)
        self._begin = button("Comment on the selection", "Comment on the selected text", is_long=True)
        show_icon(self._begin, "message-square-plus")
        self._begin.clicked.connect(self.comment_wanted)
        self._lay_out()
        bar = self._area.verticalScrollBar()
        for moved in (bar.valueChanged, bar.rangeChanged):
            moved.connect(lambda *_: self.sight_changed.emit())
        self.show_threads((), "")

    def show_commenting_key(self, key: str) -> None:
        """Names the key by which one comments; an empty one for none."""
        self._commenting = key
        self._show_commenting()

    def show_threads(self, threads: Sequence[ThreadListed], refusal: str) -> None:
        """Shows these, in this order; what is being written stays.

        Args:
            threads: all of them.
            refusal: why the person may not comment, in a sentence; empty where they may.
        """
        self._threads, self._refusal = tuple(threads), refusal
        self._show()

    @property
    def in_sight(self) -> Set[str]:
        """The ids of the comments and replies whose beginning is in sight."""
        remarks = (remark for row in self.rows for remark in row.remarks)
        return {remark.remark.id for remark in remarks if not remark.name.visibleRegion().isEmpty()}

    def show_remark(self, id: str) -> None:
        """Brings a comment or reply into sight, where its thread is shown."""
        for row in self.rows:
            row.reach((id,))
            for remark in row.remarks:
                if remark.remark.id == id:  # one that is higher than the panel from its beginning on
                    self._scroll_to(remark.name, self._area.viewport().height() // 3)

    def open_form(self, quote: str) -> None:
        """Lets the person write a comment on these words."""
        self._quote.setText(f"“{shortened(quote)}”")
        self._new.show()
        self.form.open()
        self._show_empty()
        self._area.ensureWidgetVisible(self._new)

    def close_form(self) -> None:
        """The comment was made, or is not to be."""
        self.form.clear()
        self._new.hide()
        self._show_empty()

    def replies(self) -> dict[str, str]:
        """The replies that are being written, by the ids of their threads."""
        return {row.thread_.id: text for row in self.rows if (text := row.begun_reply).strip()}

    def wordings(self) -> dict[str, str]:
        """The other wordings that are being written, by the ids of their comments and replies."""
        return {id: text for row in self.rows for id, text in row.begun_wordings.items()}

    def go_on(self, replies: Mapping[str, str], wordings: Mapping[str, str]) -> None:
        """Lets the person go on with what was begun the last time, where it is still there.

        Args:
            replies: see `replies`.
            wordings: see `wordings`.
        """
        reworded = set[str]()
        if wordings:
            shown = (thread.read() for thread in self._threads)
            reworded = {thread.id for thread in shown if any(each.id in wordings for each in thread.remarks)}
        self._begun = reworded | replies.keys()
        self._show()
        for row in self.rows:
            row.begin_wordings(wordings)
            if row.thread_.id in replies:
                row.begin_reply(replies[row.thread_.id])
        self._begun = frozenset()

    def end_wording(self, id: str) -> None:
        """The other wording of a comment or reply has been taken."""
        for row in self.rows:
            for remark in row.remarks:
                if remark.remark.id == id:
                    remark.end_wording()

    def offer_again(self) -> None:
        """More people can be mentioned now."""
        for naming in self.findChildren(Naming):
            naming.offer()

    def showEvent(self, event: QShowEvent) -> None:
        """What is in it comes into sight."""
        super().showEvent(event)
        self.sight_changed.emit()

    def _show(self) -> None:
        self._stay(self.rows)
        rows = list(self.rows)
        here = next((row for row in rows if self._has_keyboard(row)), None)
        writes = here is not None and here.is_written_in
        begins = self.window().focusWidget() is self._begin
        written = {row.thread_.id for row in rows if row.is_written_in} | self._begun
        for id in written if here is None else written | {here.thread_.id}:
            self.first.keep(id)
        with_resolved = self.show_resolved.isChecked()
        shown = [each for each in self._threads if with_resolved or not each.is_resolved or each.id in written]
        by_id = {shown[at].id: shown[at].read() for at in self.first.of([thread.id for thread in shown])}
        for row in self.rows.place(list(by_id), lambda id: self._row(by_id[id])):
            row.show_thread(by_id[row.thread_.id], may_comment=not self._refusal)
            row.show_current(row.thread_.id == self._current)
        self._show_words(is_empty=not shown)
        if here is not None and not self._has_keyboard(here):  # what had it is gone, perhaps with its thread
            self._pass_keyboard_on(here, rows.index(here), writes=writes)
        elif begins and self._begin.isHidden():  # Qt would go on to the next button of the window, whatever that does
            self.take_keyboard()

    def _show_commenting(self) -> None:
        for each in (self.add, self._begin):
            each.setEnabled(not self._refusal)
            each.setToolTip(self._refusal or and_key("Comment on the selected text", self._commenting))

    def _show_words(self, *, is_empty: bool) -> None:
        """Says how many threads there are, what can be done, and where none is shown, why."""
        resolved = sum(thread.is_resolved for thread in self._threads)
        open_ = len(self._threads) - resolved
        self._heading.show_text(f"Comments · {open_}" if open_ else "Comments")
        self.show_resolved.setText(f"Show resolved · {resolved}")
        self.show_resolved.setHidden(not resolved)
        self._show_commenting()
        self._is_empty = is_empty
        self._empty.setText(self._refusal or (_ALL_RESOLVED if resolved else _EMPTY))
        self._show_empty()

    def _pass_keyboard_on(self, row: ThreadRow, at: int, *, writes: bool) -> None:
        """Gives the keyboard to a row that had it, or where that is gone, to the one in its place.

        Args:
            row: which had it.
            at: its place among the rows.
            writes: whether somebody was writing in it.
        """
        left = list(self.rows)
        if writes and row not in left:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # what is typed on is for no other thread, nor the draft
            return
        near = [row] if row in left else left[at : at + 1] or left[-1:]
        part = self._part_for(near[0] if near else None)
        part.setFocus(Qt.FocusReason.OtherFocusReason)  # where one reads elsewhere in the panel, that stays in sight

    def _ids(self) -> set[str]:
        return {thread.id for thread in self._threads}

    def _part_for(self, row: ThreadRow | None) -> QWidget:
        if row is None:
            return self._begin
        return row.quote if row.quote.isEnabled() else row.more

    def _show_empty(self) -> None:
        is_empty = self._is_empty and self._new.isHidden()
        self._empty.setVisible(is_empty)
        self._begin.setVisible(is_empty and not self._refusal)

    def _known_names(self) -> Names:
        return self.names()

    def _row(self, thread: ThreadShown) -> ThreadRow:
        row = ThreadRow(thread, self._theme, self._known_names, self._area.widget())
        row.activated.connect(lambda: self.activated.emit(thread.id))
        row.replied.connect(lambda text: self.replied.emit(thread.id, text))
        row.begun.connect(self.begun)
        row.left.connect(self._show)  # somebody may have resolved the thread meanwhile
        row.resolved.connect(lambda on: self.resolved.emit(thread.id, on))
        row.changed.connect(self.changed)
        row.removed.connect(self.removed)
        row.decisions_wanted.connect(lambda: self.decisions_wanted.emit(thread.id))
        return row

    def _lay_out(self) -> None:
        column_in(self._new, self._quote, self.form, around=LOOSE, spacing=SPACING)
        empty = QVBoxLayout()
        empty.setContentsMargins(TIGHT, TIGHT, TIGHT, 0)
        empty.setSpacing(SPACING)
        empty.addWidget(self._empty)
        empty.addWidget(self._begin, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout()
        column.addWidget(self._new)
        column.addLayout(empty)
        below = QHBoxLayout()
        below.addWidget(self.show_resolved)
        self._lay_out_panel(column, [self.add], below)
