"""HistoryHead: above a document as it was, what is shown there and what can be done about it.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cowrite.gui.look.icons import icon_button, show_icon
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import CLOSE, LOOSE, MARGIN, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import button
from cowrite.gui.widgets.elided_line import ElidedLine

SINCE = "All that is new, and all that is gone, since this moment"
NAME = "Give what the document was at this moment a name"
RENAME = "Give this version another name, or take its name away"
COPY = "Copy the selected text, or all of it"
RESTORE = "Make the text what it was at this moment"
BUTTON = 60  # device-independent pixels of a button with a drawing alone
WORDS = "Yesterday 00:00"  # which have room beside a button that says something, in whatever letters


class HistoryHead(QWidget):
    """The words and the buttons; whoever has it connects these."""

    def __init__(self) -> None:
        super().__init__()
        self._offers_comparison = False
        self._naming_key = ""
        self._why_unnamed, self._renames = "", False
        set_look(self, surface="bar")
        self.when, self.who = ElidedLine(), ElidedLine()
        set_look(self.when, role="title")
        set_look(self.who, role="muted")
        self.delete = icon_button("trash-2", "Delete the history of this document…")
        self.compare = self._button("Since you were here", "file-pen-line", "What is new, and what is gone")
        self.since = self._button("Since then", "diff", SINCE)
        for choice in (self.compare, self.since):
            choice.setCheckable(True)
            set_look(choice, kind="choice")
        self.copy = self._button("Copy text", "copy", COPY)
        self.name = self._button("Name…", "bookmark", NAME)
        self.restore = self._button("Restore…", "history", RESTORE)
        set_look(self.restore, kind="primary")
        show_icon(self.restore, "history")
        self.end = self._button("Close", "x", "Back to the document (Esc)")
        words = QVBoxLayout()
        words.setSpacing(CLOSE)
        words.addWidget(self.when)
        words.addWidget(self.who)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        for each in (self.delete, self.compare, self.since, self.copy, self.name, self.restore, self.end):
            row.addWidget(each)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(MARGIN, LOOSE, MARGIN, LOOSE)
        self._whole.setSpacing(SPACING)
        self._whole.addLayout(words, 1)
        self._whole.addLayout(row)
        self.delete.hide()

    def entries(self) -> list[tuple[str, QPushButton]]:
        """What the menu of the moment offers that is shown: its words, and the button that does it."""
        named = "&Rename…" if self.name.accessibleName() == "Rename" else "&Name…"
        return [("&Since then", self.since), (named, self.name), ("&Copy text", self.copy), ("R&estore…", self.restore)]

    def show_words(self, when: str, facts: Sequence[str]) -> None:
        """Says what is shown, and more of it in a line below; empty facts are left out."""
        self.when.show_text(when)
        self.who.show_text(" · ".join(filter(None, facts)))

    def offer_comparison(self, since: str) -> None:
        """Offers to show all that is new since the person was here last; empty words take the offer away."""
        self._offers_comparison = bool(since)
        self.compare.setToolTip(f"What is new, and what is gone, since you were here {since}")

    def show_compared(self, *, since_here: bool, since_then: bool) -> None:
        """Shows whether what is new since one of the two is shown; tells nobody."""
        for each, on in ((self.compare, since_here), (self.since, since_then)):
            with QSignalBlocker(each):
                each.setChecked(on)

    def allow_restoring(self, why_not: str) -> None:
        """Offers restoring; a sentence that says why not takes the offer away."""
        _allow(self.restore, RESTORE, why_not)

    def allow_since(self, why_not: str) -> None:
        """Offers to show what is new since the moment; a sentence that says why not takes the offer away."""
        _allow(self.since, SINCE, why_not)

    def allow_naming(self, why_not: str, *, renames: bool) -> None:
        """Offers to name the moment, or to rename it; a sentence that says why not takes the offer away."""
        self._why_unnamed, self._renames = why_not, renames
        self.name.setAccessibleName("Rename" if renames else "Name")
        _allow(self.name, and_key(RENAME if renames else NAME, self._naming_key), why_not)

    def show_naming_key(self, key: str) -> None:
        """Names the key that does the same as naming; empty for none."""
        self._naming_key = key
        self.allow_naming(self._why_unnamed, renames=self._renames)

    def show_copying_key(self, key: str) -> None:
        """Names the key that does the same as copying; empty for none."""
        self.copy.setToolTip(and_key(COPY, key))

    def fit(self, width: int, *, is_full: bool) -> None:
        """Has buttons say what they do as far as there is room: all of them, the chief one alone, or none.

        Args:
            width: that it has, in device-independent pixels.
            is_full: whether there is a moment about which something can be done.
        """
        for part in (self.since, self.copy, self.name, self.restore):
            part.setVisible(is_full)
        self.compare.setVisible(is_full and self._offers_comparison)
        texts = {
            self.compare: "Since you were here",
            self.since: "Since then",
            self.copy: "Copy text",
            self.name: f"{self.name.accessibleName()}…",
            self.restore: "Restore…",
            self.end: "Close",
        }
        shown = [button for button in texts if not button.isHidden()]
        alone = len(shown) * (BUTTON + SPACING) + 2 * MARGIN
        alone += 0 if self.delete.isHidden() else self.delete.width() + SPACING
        room = width - alone - self.when.fontMetrics().horizontalAdvance(WORDS)
        widths = {button: self.fontMetrics().horizontalAdvance(texts[button]) for button in shown}
        is_wide = room >= 0  # or the words stand above the buttons
        self._whole.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        says_all = sum(widths.values()) <= room
        says_chief = says_all or widths.get(self.restore, 0) <= room
        for each, text in texts.items():
            each.setText(text if says_all or (says_chief and each is self.restore) else "")
        self.setMinimumWidth(alone)  # or what they say would keep the window as wide as it is

    def _button(self, text: str, drawing: str, tip: str) -> QPushButton:
        made = button(text, tip)
        show_icon(made, drawing)
        return made


def _allow(button: QPushButton, tip: str, why_not: str) -> None:
    button.setEnabled(not why_not)
    button.setToolTip(why_not or tip)
    button.setAccessibleDescription(why_not)
