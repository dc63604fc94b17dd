"""ChangeRow: one suggested change, with what it would do, and what can be done with it.

Runs on the GUI thread.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from cowrite.core.text.breaking import breakable
from cowrite.core.text.first_words import shortened
from cowrite.gui.changes.values import ChangeShown
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.mirroring import leading
from cowrite.gui.look.theme import CLOSE, LOOSE, SPACING, Theme
from cowrite.gui.people.byline import NO_COLOUR, Byline, by_whom
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.text_panel import TextRow
from cowrite.gui.widgets.wrapping_row import row_of


class ChangeRow(TextRow):
    """One change."""

    activated = Signal()
    """The person wants to see its place in the text."""
    accepted = Signal()
    rejected = Signal()

    def __init__(self, change: ChangeShown, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.change = change
        self._theme = theme
        self._byline = Byline()
        self.name = self._byline.name
        self.go = act_button("Show", "", self.activated.emit)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.words.setSizePolicy(policy)
        self.words.setAlignment(leading(self))
        self.accept = act_button("Accept", "", self.accepted.emit)
        self.reject = act_button("Reject", "", self.rejected.emit)
        foot = QHBoxLayout()
        foot.addLayout(row_of(self.accept, self.reject, spacing=CLOSE), 1)
        foot.addLayout(row_of(self.go, spacing=0, at_end=True))
        column_in(self, self._byline, self.words, foot, around=(LOOSE, LOOSE, LOOSE, SPACING), spacing=SPACING)
        self.show_change(change)

    def show_change(self, change: ChangeShown) -> None:
        """Shows it as it is now."""
        self.change = change
        self._byline.show_author(change.id, change.name, change.colour, change.source, change.when, change.moment)
        self._show_words()
        who, what = by_whom(change.name, change.source), shortened(change.sentence)
        self.words.setAccessibleName(change.sentence)
        self.setAccessibleName(f"Change by {who}: {what}")
        called(self.go, f"Show in the text: {what}", "Show this change in the text")
        reject = "Withdraw" if change.is_mine and not change.may_accept else "Reject"
        for part, name, may in (
            (self.accept, "Accept", change.may_accept),
            (self.reject, reject, change.may_reject),
        ):
            part.setText(name)
            called(part, f"{name}: {what}", f"{name} this change")
            part.setHidden(not may)

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        self._show_words()

    def mousePressEvent(self, event: object) -> None:
        """A click anywhere on it leads to its text."""
        self.activated.emit()

    def _show_words(self) -> None:
        change, muted = self.change, self._theme.muted
        colour = self._theme.person(change.colour or NO_COLOUR)
        goes = f'<span style="color:{colour}"><s>{escape(breakable(change.goes))}</s></span>' if change.goes else ""
        comes = f'<span style="color:{colour}"><u>{escape(breakable(change.comes))}</u></span>' if change.comes else ""
        if change.is_break:
            verb, rest = change.sentence, goes or comes
        elif change.is_move:
            verb, rest = "Move", comes
        elif goes and comes:
            verb, rest = "Replace", f"{goes} <span style='color:{muted}'>with</span> {comes}"
        else:
            verb, rest = ("Delete", goes) if goes else ("Add", comes)
        self.words.setText(f"<span style='color:{muted}'>{verb}</span> {rest}")
