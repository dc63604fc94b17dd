"""ThreadRow: one thread of comments, with its quote, what was said, and what can be done with it.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import cached_property

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from cowrite.core.comments.mentions import Names
from cowrite.core.text.first_words import shortened
from cowrite.gui.comments.form import CommentForm
from cowrite.gui.comments.naming import KnownNames
from cowrite.gui.comments.said import SaidLabel
from cowrite.gui.comments.values import RemarkShown, ThreadShown
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import CLOSE, LOOSE, SPACING, TIGHT, Theme, set_look, worn
from cowrite.gui.people.byline import Byline, by_whom
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.first_rows import FirstRows
from cowrite.gui.widgets.rows import Rows
from cowrite.gui.widgets.text_panel import TextRow
from cowrite.gui.widgets.wrapping_button import WrappingButton
from cowrite.gui.widgets.wrapping_row import row_of

LATEST = 10
"""How many replies are shown at first, and how many more each time; one takes some milliseconds to make."""
GONE = "This text is gone"
RESOLVED = "Resolved"
MENTIONS_YOU = "Mentions you"
TAKEN_BACK = "This comment was taken back."


class ThreadRow(TextRow):
    """One thread.

    Args:
        thread: it.
        theme: how it looks.
        names: gives those of the people who can be mentioned.
        parent: in which it stands.
    """

    activated = Signal()
    """The person wants to see its place in the text."""
    replied = Signal(str)
    resolved = Signal(bool)
    """Settles it, or opens it again."""
    changed = Signal(str, str)
    """Id and new words of a comment or reply."""
    removed = Signal(str)
    begun = Signal()
    """What is being written in it is other than before."""
    left = Signal()
    """The person lets a reply be that they have begun."""
    decisions_wanted = Signal()

    def __init__(
        self, thread: ThreadShown, theme: Theme, names: KnownNames = Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.thread_ = thread
        self._theme = theme
        self._names = names
        self._may_comment = True
        self.quote = WrappingButton(shortened(thread.quote), "quote", "quote")
        self.quote.clicked.connect(self.activated)
        self._mention = QLabel(MENTIONS_YOU)
        set_look(self._mention, role="heading", tone="waiting")
        self._state = QLabel()
        comment, replies = QVBoxLayout(), QVBoxLayout()
        replies.setSpacing(SPACING)
        self._comment: Rows[str, RemarkRow] = Rows(comment)
        self._replies: Rows[str, RemarkRow] = Rows(replies)
        self._latest = FirstRows("replies", LATEST, self._show_earlier, "Show earlier")
        self.reply = act_button("Reply", "Reply to this comment", self._open_form)
        self.settle = act_button(
            "Resolve", "Resolve this comment", lambda: self.resolved.emit(not self.thread_.is_resolved)
        )
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(LOOSE, LOOSE, LOOSE, SPACING)
        column.setSpacing(SPACING)
        for part in (self._mention, self.quote, self._state):
            column.addWidget(part)
        column.addLayout(comment)
        column.addLayout(row_of(self._latest.button, spacing=0))
        column.addLayout(replies)
        column.addLayout(row_of(self.reply, self.settle, spacing=CLOSE))
        self.show_thread(thread, may_comment=True)

    @cached_property
    def form(self) -> CommentForm:
        """The field for a reply; most threads are read and need none."""
        form = CommentForm("Reply", "Reply", self._names)
        form.sent.connect(self.replied)
        _begin_hidden(form, self._leave, self.begun)
        form.left.connect(self.left)
        self._column.insertWidget(self._column.count() - 1, form)
        return form

    def show_thread(self, thread: ThreadShown, *, may_comment: bool) -> None:
        """Shows it as it is now; what is being written stays."""
        self.thread_ = thread
        self._may_comment = may_comment
        place = GONE if thread.is_detached else "Go to this text"
        quote = " ".join(thread.quote.split())
        mention = f"{MENTIONS_YOU}. " * thread.mentions_me
        self.quote.setAccessibleName(f"{mention}{quote}. {place}")
        self.quote.setToolTip(place)
        self.quote.show_enabled(not thread.is_detached)
        self._mention.setVisible(thread.mentions_me)
        self._state.setText(" · ".join([RESOLVED] * thread.is_resolved + [GONE] * thread.is_detached))
        self._state.setHidden(not self._state.text())
        set_look(self._state, tone="offline" if thread.is_detached else "success")
        for row in self._replies:
            self._latest.keep(row.remark.id)  # none goes because others are added
        replies = list(reversed(thread.remarks[1:]))
        latest = [replies[at] for at in reversed(self._latest.of([reply.id for reply in replies]))]
        rows = self._comment.place([thread.remarks[0].id], self._remark)
        rows += self._replies.place([reply.id for reply in latest], self._remark)
        for row, remark in zip(rows, [thread.remarks[0], *latest], strict=True):
            row.show_remark(remark, may_comment=may_comment)
        self.quote.setAccessibleDescription("\n".join(f"{_who(row.remark)}: {row.remark.text}" for row in rows))
        who = _who(thread.remarks[0])
        settle = "Reopen" if thread.is_resolved else "Resolve"
        for part, name in ((self.reply, "Reply"), (self.settle, settle)):
            part.setText(name)
            part.setAccessibleName(f"{name}: comment by {who} on “{quote}”")
            part.setToolTip(f"{name} to this comment" if part is self.reply else f"{name} this comment")
            part.setHidden(not may_comment or (part is self.reply and _is_open(self)))
        self.setAccessibleName(f"{mention}Comment by {who} on “{quote}”")

    @property
    def remarks(self) -> list[RemarkRow]:
        """The comment, and the replies that are shown: the latest, and those that somebody has gone to."""
        return [*self._comment, *self._replies]

    def reach(self, ids: Container[str]) -> None:
        """Shows replies that are not shown yet, by their ids."""
        shown = {row.remark.id for row in self.remarks}
        if lacking := [each.id for each in self.thread_.remarks if each.id in ids and each.id not in shown]:
            for id in lacking:
                self._latest.keep(id)
            self.show_thread(self.thread_, may_comment=self._may_comment)

    @property
    def is_written_in(self) -> bool:
        """Whether there is a reply or another wording in it that is not said yet."""
        return _is_open(self) or any(_is_open(row) for row in self.remarks)

    @property
    def more(self) -> QToolButton:
        """The menu of the whole thread, which is that of its first comment."""
        return next(iter(self._comment)).more

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        for row in self.remarks:
            row.show_theme(theme)

    @property
    def begun_reply(self) -> str:
        """The reply that is being written; empty for none."""
        return self.form.field.toPlainText() if _is_open(self) else ""

    def begin_reply(self, text: str) -> None:
        """Lets the person go on with a reply; the keyboard stays where it is."""
        self.reply.hide()
        self.form.field.setPlainText(text)
        self.form.show()

    @property
    def begun_wordings(self) -> dict[str, str]:
        """The other wordings that are being written, by the ids of their comments and replies."""
        return {row.remark.id: text for row in self.remarks if (text := row.begun_wording)}

    def begin_wordings(self, wordings: Mapping[str, str]) -> None:
        """Lets the person go on with other wordings, where they may; the keyboard stays where it is."""
        self.reach(wordings)
        for row in self.remarks:
            if row.remark.id in wordings and row.remark.is_mine:
                row.begin_wording(wordings[row.remark.id])

    def end_reply(self) -> None:
        """The reply has been taken: its field is empty again."""
        self.form.clear()
        self._take_keyboard()

    def _remark(self, id: str) -> RemarkRow:
        remark = next(remark for remark in self.thread_.remarks if remark.id == id)
        row = RemarkRow(remark, self._theme, self._names, self)
        if id == self.thread_.remarks[0].id:
            row.add_act("Look for &decisions", self.decisions_wanted.emit)
        row.changed.connect(lambda text: self.changed.emit(id, text))
        row.removed.connect(lambda: self.removed.emit(id))
        row.begun.connect(self.begun)
        return row

    def _show_earlier(self, _first: str) -> None:
        self.show_thread(self.thread_, may_comment=self._may_comment)
        if self._latest.button.isHidden():  # which had the keyboard, and Qt would give it to the next of the window
            (self.quote if self.quote.isEnabled() else self.more).setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_form(self) -> None:
        self.reply.hide()
        self.form.open()

    def _leave(self) -> None:
        self.form.hide()
        self._take_keyboard()

    def _take_keyboard(self) -> None:
        self.reply.setHidden(not self._may_comment)
        (self.reply if self._may_comment else self.more).setFocus(Qt.FocusReason.OtherFocusReason)


class RemarkRow(QWidget):
    """A comment or a reply: who, when, words; one's own can be changed and taken back."""

    changed = Signal(str)
    removed = Signal()
    begun = Signal()
    """Another wording that is being written is other than before."""

    def __init__(
        self, remark: RemarkShown, theme: Theme, names: KnownNames = Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.remark = remark
        self._theme = theme
        self._names = names
        self._byline = Byline()
        self.name = self._byline.name
        self.text = SaidLabel()
        self.more = menu_button("Change or remove")
        self._mine = [self.add_act("&Edit", self._edit), self.add_act("&Remove", self.removed.emit)]
        self._byline.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        column_in(self, self._byline, self.text, spacing=TIGHT)

    @cached_property
    def form(self) -> CommentForm:
        """The field for other words."""
        form = CommentForm("Your words", "Save", self._names)
        form.sent.connect(self._save)
        _begin_hidden(form, self.end_wording, self.begun)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(form)
        return form

    def show_remark(self, remark: RemarkShown, *, may_comment: bool) -> None:
        """Shows it as it is now; words that are being written stay."""
        self.remark = remark
        self._byline.show_author(remark.id, remark.name, remark.colour, remark.source, remark.when, remark.moment)
        self.text.show_words(remark.text or TAKEN_BACK, remark.mentions, self._theme)
        set_look(self.text, role="" if remark.text else "muted")
        may_change = remark.is_mine and may_comment
        for act in self._mine:
            act.setVisible(may_change)
        self.more.setHidden(not any(act.isVisible() for act in self.more.menu().actions()))
        label = "Change or remove" if may_change else "More"
        self.more.setToolTip(label)
        self.more.setAccessibleName(f"{label}: {shortened(remark.text)}")

    def add_act(self, name: str, act: Callable[[], None]) -> QAction:
        """Adds an entry to its menu."""
        entry = self.more.menu().addAction(name)
        entry.triggered.connect(lambda _on=False: act())
        return entry

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        self.text.show_words(self.text.text(), self.remark.mentions, theme)

    @property
    def begun_wording(self) -> str:
        """The other wording that is being written; empty for none."""
        text = self.form.text() if _is_open(self) else ""
        return "" if text == self.remark.text else text

    def begin_wording(self, text: str) -> None:
        """Lets the person go on with another wording; the keyboard stays where it is."""
        self.text.hide()
        self.form.field.setPlainText(text)
        self.form.show()

    def _edit(self) -> None:
        self.text.hide()
        self.form.open(self.remark.text)

    def _save(self, text: str) -> None:
        if text == self.remark.text:
            self.end_wording()
        else:
            self.changed.emit(text)  # whoever hears it ends this once the words are taken: the person may not, say

    def end_wording(self) -> None:
        """The other wording has been taken, or is not to be."""
        self.form.clear()
        self.text.show()
        self.more.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_open(row: ThreadRow | RemarkRow) -> bool:
    """Whether somebody writes in a row's form."""
    return "form" in vars(row) and not row.form.isHidden()


def menu_button(label: str) -> QToolButton:
    """A small button that opens a menu, which is still empty."""
    made = icon_button("ellipsis", label)
    side = worn().metrics.row_button
    made.setFixedSize(side, side)
    menu = QMenu(made)
    menu.setAccessibleName(label)
    made.setMenu(menu)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return made


def _begin_hidden(form: CommentForm, leave: Callable[[], object], begun: SignalInstance) -> None:
    """Has a field out of sight, and told where what is being written in it is other than before."""
    form.hide()
    form.left.connect(leave)
    form.field.textChanged.connect(begun)
    form.left.connect(begun)


def _who(remark: RemarkShown) -> str:
    return by_whom(remark.name, remark.source)
