"""Acting: what the commands of the list of ideas do with what is selected.

Runs on the GUI thread. Each command is one act, which one step of undo takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal

from cowrite.core.board.items import COLOURS
from cowrite.core.board.proposals import Dismissals
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.text.first_words import shortened
from cowrite.core.text.origin import Origin
from cowrite.gui.ideas.clipboard import IdeasClipboard
from cowrite.gui.ideas.commands import context_menu, painting, tie_menu
from cowrite.gui.ideas.idea_list import IdeaList
from cowrite.gui.ideas.outline import SHORT, UNGROUPED, Alike, Kind, Row
from cowrite.gui.ideas.place_popup import PlacePopup
from cowrite_server.counting import counted

T = TypeVar("T")

SEALED = "Sealed notes can be grouped and linked once they are revealed."
LOCKED = "What is locked stays as it is; Shift+K unlocks it."
IN_NO_GROUP = "What is selected is in no group."
GONE = "The notes that this was for are gone."
_PAINTING = {painting(colour): colour for colour in COLOURS}
_READING = frozenset(("details", "next_unseen", "copy", "expand_all", "collapse_all", "vote"))


class Acting(QObject):
    """Carries commands out.

    Args:
        shown: the list in which they were given.
        clipboard: copies from it.
        brainstorm: what is acted on.
        ideas: writes what is done.
        dismissals: what is not proposed again.
    """

    copy_wanted = Signal()
    """What is selected is to be copied, be it words in a field."""
    paste_wanted = Signal()
    """What is on the clipboard is to be taken in, be it into a field."""
    decision_wanted = Signal(list)
    """The ids of notes that are to be decided on."""
    expand_wanted = Signal(str)
    """The id of the note that the model is to find ideas for, or empty for the question."""

    def __init__(
        self,
        shown: IdeaList,
        clipboard: IdeasClipboard,
        brainstorm: Brainstorm,
        ideas: Ideas,
        dismissals: Dismissals,
    ) -> None:
        super().__init__(shown)
        self._list = shown
        self._tree = shown.tree
        self._clipboard = clipboard
        self._brainstorm = brainstorm
        self._ideas = ideas
        self._dismissals = dismissals

    def do(self, name: str) -> None:
        """Carries a command out, by its name among `gui.ideas.commands.COMMANDS`."""
        self._list.say("")
        if not self.allows(name):
            if name in ("group", "move", "frame", "merge", "link") and self._ideas.is_sealed(
                self._tree.selected_notes()
            ):
                self._list.say(SEALED)
            elif name in ("edit", "remove", "frame", "merge", *_PAINTING) and any(
                row.is_locked for row in self._tree.selected_rows()
            ):
                self._list.say(LOCKED)
            elif name == "ungroup" and not self._list.read_only and self._tree.selected_rows():
                self._list.say(IN_NO_GROUP)
            return
        acts: dict[str, Callable[[], object]] = {
            "edit": lambda: self._tree.edit(self._tree.currentIndex()),
            "new": self._begin_new,
            "duplicate": self._duplicate,
            "remove": self._remove,
            "group": lambda: self._ask_group(self._tree.selected_notes()),
            "move": self._ask_move,
            "frame": self._ask_frame,
            "ungroup": self._ungroup,
            "merge": self._merge,
            "split": lambda: self._ideas.split(self._tree.selected_notes()),
            "link": self._ask_tie,
            "lock": lambda: self._ideas.lock(self._tree.selected_notes(), on=True),
            "unlock": lambda: self._ideas.lock(self._tree.selected_notes(), on=False),
            "expand": self._expand,
            "adopt": lambda: self._ideas.adopt(self._tree.selected_notes()),
            "decide": lambda: self.decision_wanted.emit(self._tree.selected_notes()),
            "vote": self._list.side.other_wanted.emit,
            "details": self._list.toggle_details,
            "next_unseen": self._next_unseen,
            "copy": self.copy_wanted.emit,
            "paste": self.paste_wanted.emit,
            "expand_all": self._tree.expandAll,
            "collapse_all": self._tree.collapseAll,
            **{name: partial(self._paint, colour) for name, colour in _PAINTING.items()},
        }
        acts[name]()

    def allows(self, name: str) -> bool:
        """Whether a command makes sense for what is selected."""
        return self._allowing()(name)

    def _allowing(self) -> Callable[[str], bool]:
        """What says of each command whether it makes sense for what is selected now."""
        rows = self._tree.selected_rows()
        notes = [row for row in rows if row.kind is not Kind.GROUP]
        current = self._tree.current_row
        ids = self._tree.selected_notes()
        has_open = bool(ids) and not self._ideas.is_sealed(ids)
        groups = {group.id for group in self._brainstorm.board.groups()}
        sensible = {
            "edit": current is not None and current.id != UNGROUPED and not current.is_locked,
            "remove": any(row.id != UNGROUPED and not row.is_locked for row in rows),
            "group": has_open,
            "move": has_open,
            "frame": has_open and any(self._ideas.can_be_moved(id) for id in ids),
            "ungroup": any(row.id in groups or self._standing_group(row.id) in groups for row in rows),
            "merge": has_open
            and any(row is not current and not row.is_locked for row in notes)
            and current is not None
            and current.kind is not Kind.GROUP,
            "link": has_open and len(notes) > 1 and current is not None and current.kind is not Kind.GROUP,
            "split": any(row.kind is Kind.MERGED or row.count for row in notes),
            "lock": any(not self._ideas.is_locked(id) for id in ids),
            "unlock": any(map(self._ideas.is_locked, ids)),
            "adopt": any(row.is_foreign and not row.is_locked for row in notes),
            "decide": has_open,
            "vote": self._list.side.has_other,
            "details": current is not None and current.kind is not Kind.GROUP,
            "next_unseen": self._list.coverage.next.isEnabled(),
            "copy": bool(ids),
            "duplicate": bool(ids),
            **dict.fromkeys(_PAINTING, any(row.id != UNGROUPED and not row.is_locked for row in rows)),
        }
        is_read_only = bool(self._list.read_only)
        return lambda name: sensible.get(name, True) and (name in _READING or not is_read_only)

    def show_menu(self, at: QPoint) -> None:
        """Opens the menu with all commands, for what is selected now; where a teammate takes all of that away, nothing
        is done to what comes in its place."""
        current = self._tree.current_row
        meant = {row.id for row in self._tree.selected_rows()}

        def do(name: str) -> None:
            if meant.issuperset(row.id for row in self._tree.selected_rows()):
                self.do(name)
            else:
                self._list.say(GONE)

        menu = context_menu(
            self._list,
            self._allowing(),
            do,
            current.colour if current is not None else "",
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def write(self, text: str) -> None:
        """Writes a note out of the line above the list."""
        self._list.say("")
        ids = self._ideas.write([text], self._list.input.group, session=self._list.begun_in)
        self._list.refresh()
        if ids and self._list.model.index_of(ids[-1]).isValid():
            self._tree.go_to(ids[-1])

    def cut(self) -> None:
        """Copies the selected notes as a list and takes them away, those of a selected group with it."""
        if not self._clipboard.copy() or self._list.read_only:
            return
        ids = (*(row.id for row in self._tree.selected_rows()), *self._tree.selected_notes())
        gone = {id for id in ids if id != UNGROUPED and not self._ideas.is_locked(id)}
        self._list.say("" if gone else LOCKED)
        self._take_away(gone)

    def _duplicate(self) -> None:
        ids = self._ideas.duplicate(self._tree.selected_notes())
        self._list.refresh()
        if ids:
            self._tree.go_to(ids[-1])

    def _paint(self, colour: str) -> None:
        self._ideas.colour([row.id for row in self._tree.selected_rows() if row.id != UNGROUPED], colour)

    def _begin_new(self) -> None:
        group = self.group_of_current()
        row = self._list.model.row_at(self._list.model.index_of(group)) if group else None
        self._list.input.begin(group, row.text if row is not None else "")

    def _expand(self) -> None:
        notes = [row.id for row in self._tree.selected_rows() if row.kind is not Kind.GROUP]
        self.expand_wanted.emit(notes[0] if len(notes) == 1 else "")

    def _remove(self) -> None:
        rows = self._tree.selected_rows()
        self._take_away({row.id for row in rows if row.id != UNGROUPED and not row.is_locked})

    def _ungroup(self) -> None:
        """Takes the selected notes out of their groups, and the selected groups apart, which are gone then."""
        rows = self._tree.selected_rows()
        groups = {row.id for row in rows if row.kind is Kind.GROUP and row.id != UNGROUPED}
        notes = [row.id for row in rows if row.kind is not Kind.GROUP]
        with self._brainstorm.document.transaction(Origin.LOCAL):
            self._ideas.move(notes, "")
            self._ideas.remove(groups)

    def _take_away(self, gone: Collection[str]) -> None:
        order = [row.id for row in self._list.model.rows()]
        places = [place for place, id in enumerate(order) if id in gone]
        after = next((id for id in order[max(places) + 1 :] if id not in gone), "") if places else ""
        before = next((id for id in reversed(order[: min(places)]) if id not in gone), "") if places else ""
        self._ideas.remove(gone)
        self._list.refresh()
        self._tree.go_to(after or before)

    def _ask_group(self, ids: Sequence[str]) -> None:
        asked = f"Title of the group of {counted(len(ids), 'note')}"
        proposed = self._ideas.proposed_title(ids)
        self._tree.ask_title(proposed, asked, self._later(partial(self._group, ids, proposed)))

    def _group(self, ids: Sequence[str], proposed: str, title: str) -> None:
        group = self._ideas.group(ids, title, proposed)
        self._list.refresh()
        self._tree.go_to(group)

    def _ask_move(self) -> None:
        groups = [(group.id, group.title) for group in self._brainstorm.board.groups()]
        rows, ids = self._tree.selected_rows(), self._tree.selected_notes()
        self._ask_place("group", groups, partial(self._move, rows, ids), partial(self._move_to_new, ids))

    def _ask_frame(self) -> None:
        there = sorted(self._brainstorm.board.frames(), key=lambda frame: (frame.place.y, frame.place.x, frame.id))
        frames = [(frame.id, frame.title or "Frame") for frame in there]
        ids = self._tree.selected_notes()

        def put(frame: str) -> None:
            self._ideas.put_into_frame(ids, frame)
            self._tree.setFocus()

        def put_into_new(title: str) -> None:
            self._tree.setFocus()
            if title:
                self._ideas.frame(ids, title)
            else:
                asked = f"Title of the frame of {counted(len(ids), 'note')}"
                self._tree.ask_title("Frame", asked, self._later(lambda title: self._ideas.frame(ids, title)))

        self._ask_place("frame", frames, put, put_into_new)

    def _ask_place(
        self,
        what: str,
        places: Sequence[tuple[str, str]],
        put: Callable[[str], None],
        put_into_new: Callable[[str], None],
    ) -> None:
        popup = PlacePopup(what, places, self._list)
        popup.chosen.connect(self._later(put))
        popup.new_wanted.connect(self._later(put_into_new))
        popup.open_at(self._tree.menu_place())

    def _later(self, act: Callable[[T], object]) -> Callable[[T], None]:
        """An act that waits for an answer, and is not done where the person may only read by then."""

        def do(answer: T) -> None:
            if not self._list.read_only:
                act(answer)

        return do

    def _move(self, rows: Sequence[Row], ids: Sequence[str], group: str) -> None:
        groups = [row.id for row in rows if row.kind is Kind.GROUP and row.id not in (UNGROUPED, group)]
        if group and groups and all(row.kind is Kind.GROUP for row in rows):
            self._ideas.move_groups(groups, group)
        else:
            self._ideas.move(ids, group)
        self._tree.setFocus()

    def _move_to_new(self, ids: Sequence[str], title: str) -> None:
        self._tree.setFocus()
        if title:
            self._group(ids, "", title)
        else:
            self._ask_group(ids)

    def _merge(self) -> None:
        current = self._tree.current_row
        if current is not None:
            self._ideas.merge(current.id, [id for id in self._tree.selected_notes() if id != current.id])
            self._list.refresh()
            self._tree.go_to(current.id)

    def _ask_tie(self) -> None:
        current, others = self._tree.current_row, self._tree.selected_notes()
        if current is None:
            return
        id = current.id
        menu = tie_menu(
            self._list, shortened(current.text, SHORT), self._later(lambda tie: self._ideas.link(id, others, tie))
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.menu_place())

    def drop(self, ids: Sequence[str], target: str) -> None:
        """Notes were dragged onto a row."""
        if self._list.read_only:
            return
        if self._ideas.is_sealed(ids):
            self._list.say(SEALED)
        elif target.startswith("note:"):
            self._ideas.move(ids, self._group_of(target))
        else:
            self._ideas.move(ids, target)

    def group_of_current(self) -> str:
        """The group in which the person stands; empty for none."""
        row = self._tree.current_row
        if row is None:
            return ""
        return row.id if row.kind is Kind.GROUP else self._group_of(row.id)

    def accept(self, alike: Alike) -> None:
        """Makes a group of what looks alike."""
        group = self._ideas.group(alike.notes, alike.title, alike.title)
        self._list.refresh()
        self._tree.go_to(group)
        self._tree.setFocus()

    def dismiss(self, alike: Alike) -> None:
        """Has what looks alike not proposed again."""
        self._dismissals.dismiss(alike.notes)
        self._list.refresh()

    def _next_unseen(self) -> None:
        unseen = set(self._brainstorm.coverage().unseen)
        seen = self._brainstorm.sessions.seen()
        unseen = {id for id in unseen if self._brainstorm.me not in seen.get(id, ())} or unseen
        rows = [row.id for row in self._list.model.rows()]
        current = self._tree.current_row
        at = rows.index(current.id) + 1 if current is not None and current.id in rows else 0
        following = next((id for id in [*rows[at:], *rows[:at]] if id in unseen), "")
        if not following and unseen:
            self._list.finding.end()
            following = next((row.id for row in self._list.model.rows() if row.id in unseen), "")
        if following and self._tree.go_to(following):
            self._tree.setFocus()

    def _group_of(self, id: str) -> str:
        group = self._standing_group(id)
        return group if group in {each.id for each in self._brainstorm.board.groups()} else ""

    def _standing_group(self, id: str) -> str:
        """What a note, or the one that stands for it, names as its group, which may be gone."""
        note = self._brainstorm.visibility.note(id)
        return "" if note is None else self._ideas.standing(note).group
