"""What happened about people and links: one sentence an act, the newest on top.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.look.times import date_and_time
from cowrite.gui.people.act_words import act_sentence
from cowrite.gui.widgets.dialog_parts import Message, button
from cowrite_server.wire.members import ACTS_AT_ONCE, Act


class ActsPage(QWidget):
    """`more_requested(before)`: the person wants to see what was done before the act of that number."""

    more_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._acts: list[Act] = []
        self._names: Mapping[int, str] = {}
        self._host = ""
        self.is_old = True
        self.problem = ""
        self._message = Message()
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._list.setItemDelegate(SidedDelegate(self._list))
        self._list.setAccessibleName("What happened, newest first")
        set_look(self._list, surface="acts")
        self._more = button("Show earlier", "Show what was done before")
        self._more.clicked.connect(lambda: self.more_requested.emit(self._acts[-1].id))
        self._more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, LOOSE, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self._message)
        column.addWidget(self._list, 1)
        column.addWidget(self._more)
        self._message.show_sentence("Asking the server…", "ok")

    def grow_old(self) -> None:
        """Something may have happened since."""
        self.is_old = True

    def show_names(self, names: Mapping[int, str], host: str) -> None:
        """Call members so, by number, and whoever runs the server; nothing where that is not known."""
        if dict(names) != dict(self._names) or host != self._host:
            self._names, self._host = names, host
            self._fill()

    def show_acts(self, acts: Sequence[Act], after: int) -> None:
        """Shows these: the latest (after 0), or what goes below the act of that number."""
        self.is_old = False
        self.problem = ""
        kept = [act for act in self._acts if act.id >= after] if after else []
        self._acts = [*kept, *acts]
        self._more.setVisible(len(acts) >= ACTS_AT_ONCE)
        self._message.show_sentence("" if self._acts else "Nothing has happened yet.", "ok")
        self._fill()

    def show_problem(self, sentence: str) -> None:
        """They cannot be shown, and why; empty where that is said elsewhere."""
        self.problem = sentence
        self._message.show_sentence(sentence, "problem")

    def _fill(self) -> None:
        row = self._list.currentRow()
        scrolled = self._list.verticalScrollBar().value()
        self._list.clear()
        for act in self._acts:
            sentence = act_sentence(act, self._names, self._host)
            self._list.addItem(QListWidgetItem(f"{date_and_time(act.time)}\n{sentence}"))
        self._list.setVisible(bool(self._acts))
        self._list.setCurrentRow(row)
        self._list.verticalScrollBar().setValue(scrolled)
