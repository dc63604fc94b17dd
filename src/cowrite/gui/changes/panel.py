"""ChangesPanel: what people suggest to change in the text, beside the page.

Runs on the GUI thread. It is told the changes as values and says what the person wants.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cowrite.gui.changes.row import ChangeRow
from cowrite.gui.changes.values import ChangeShown, ChangesShown
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import CLOSE, TIGHT, Theme
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import note
from cowrite.gui.widgets.text_panel import TextPanel
from cowrite.gui.widgets.wrapping_row import row_of

NONE = "Nobody has suggested a change to this text."
HOW = "Turn on {command} to have your changes suggested instead of made."

_NONE = ChangesShown((), lambda id: ChangeShown(id, "", "", "", ""))


class ChangesPanel(TextPanel[ChangeRow]):
    """The open changes of a document, in the order of its text."""

    activated = Signal(str)
    """The id of the change whose text the person wants to see."""
    accepted = Signal(list)
    """Ids of changes."""
    rejected = Signal(list)
    """Ids of changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Suggested changes", "Changes", "changes", theme, parent)
        self._changes = _NONE
        self._decided: set[str] = set()  # by the person, on what is shown here
        self._suggesting = ""  # the key of the command, as `show_suggesting_key` takes it
        self.accept_all = act_button("Accept all", "Accept all changes that are suggested", self._accept_all)
        self.reject_all = act_button("Reject all", "Reject all changes that are suggested", self._reject_all)
        self._empty = note(NONE)
        self._lay_out()
        self._show()

    def show_suggesting_key(self, key: str) -> None:
        """Names the key by which one begins to suggest; an empty one for none."""
        self._suggesting = key
        self._show_none()

    def show_changes(self, changes: ChangesShown) -> None:
        """Shows these, in this order."""
        before, self._changes = self._changes, changes
        is_same = changes is before or replace(changes, of=before.of) == before
        if not is_same or any(changes.of(row.change.id) != row.change for row in self.rows):
            self._show()

    def _show(self) -> None:
        self._stay(self.rows)
        shown, rows = self._changes, list(self.rows)
        focused = self.window().focusWidget()
        here = next((at for at, row in enumerate(rows) if row is focused or self._has_keyboard(row)), None)
        ids = [shown.ids[at] for at in self.first.of(shown.ids)]
        by_id = {id: shown.of(id) for id in ids}
        for row in self.rows.place(list(by_id), lambda id: self._row(by_id[id])):
            row.show_change(by_id[row.change.id])
            row.show_current(row.change.id == self._current)
        self._heading.show_text(f"Suggested changes · {len(shown.ids)}" if shown.ids else "Suggested changes")
        is_mine_alone = not shown.acceptable
        self.accept_all.setHidden(is_mine_alone)
        self.reject_all.setHidden(not shown.rejectable)
        self.reject_all.setText("Withdraw mine" if is_mine_alone else "Reject all")
        self.reject_all.setAccessibleName("Withdraw all my changes" if is_mine_alone else "Reject all changes")
        self.reject_all.setToolTip(self.reject_all.accessibleName())
        self._show_none()
        self._empty.setHidden(bool(shown.ids))
        left = list(self.rows)
        if here is not None and rows[here] not in left:  # what had the keyboard is decided
            near = next(iter(left[here : here + 1] or left[-1:]), None)
            if near is None or rows[here].change.id in self._decided:
                self.take_keyboard(near.change.id if near is not None else "")
            else:  # by somebody else: the key that comes next is not meant for another change
                near.setFocus(Qt.FocusReason.OtherFocusReason)
        self._decided &= by_id.keys()

    def _show_none(self) -> None:
        how = HOW.format(command=and_key("“Suggest changes”", self._suggesting))
        self._empty.setText(f"{NONE} {how}" if self._changes.may_begin else NONE)

    def _ids(self) -> set[str]:
        return set(self._changes.ids)

    def _part_for(self, row: ChangeRow | None) -> QWidget:
        if row is None:
            return self._close
        return row.go if row.accept.isHidden() else row.accept

    def _accept_all(self) -> None:
        self.accepted.emit(list(self._changes.acceptable))

    def _reject_all(self) -> None:
        self.rejected.emit(list(self._changes.rejectable))

    def _row(self, change: ChangeShown) -> ChangeRow:
        row = ChangeRow(change, self._theme, self._area.widget())
        row.activated.connect(lambda: self.activated.emit(change.id))
        row.accepted.connect(lambda: self._decide(change.id, self.accepted))
        row.rejected.connect(lambda: self._decide(change.id, self.rejected))
        return row

    def _decide(self, id: str, decided: SignalInstance) -> None:
        self._decided.add(id)
        decided.emit([id])

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        self._empty.setContentsMargins(TIGHT, TIGHT, TIGHT, 0)  # below the first letter of the heading
        column.addWidget(self._empty)
        below = row_of(self.accept_all, self.reject_all, spacing=CLOSE)
        self._lay_out_panel(column, [], below)
