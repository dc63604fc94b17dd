"""Acting: what the commands of the list of ideas do with what is selected.

Runs on the GUI thread. Each command is one act, which one step of undo takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint, Qt

from cowrite.core.board.items import COLOURS
from cowrite.core.board.proposals import Dismissals
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.text.first_words import shortened
from cowrite.core.text.origin import Origin
from cowrite.gui.ideas.commands import context_menu, painting, tie_menu
from cowrite.gui.ideas.outline import SHORT, UNGROUPED, Alike, Kind, Row
from cowrite.gui.ideas.place_popup import PlacePopup

if TYPE_CHECKING:
    from cowrite.gui.ideas.view import IdeasView

T = TypeVar("T")

SEALED = "Sealed notes can be grouped and linked once they are revealed."
LOCKED = "What is locked stays as it is; Shift+K unlocks it."
IN_NO_GROUP = "What is selected is in no group."
GONE = "The notes that this was for are gone."
_PAINTING = {painting(colour): colour for colour in COLOURS}
_READING = frozenset(("details", "next_unseen", "copy", "expand_all", "collapse_all", "vote"))


class Acting:
    """Carries commands out.

    Args:
        view: the list, and what stands around it.
        brainstorm: what is acted on.
    """

    def __init__(self, view: IdeasView, brainstorm: Brainstorm) -> None:
        self._view = view
        self._tree = view.tree
        self._brainstorm = brainstorm
        self.dismissals = Dismissals(brainstorm.document)
        self.ideas = Ideas(brainstorm)
        self._begun_in = ""  # the id of the session in which what stands in the line was begun

    def do(self, name: str) -> None:
        """Carries a command out, by its name among `gui.ideas.commands.COMMANDS`."""
        self._view.say("")
        if not self.allows(name):
            if name in ("group", "move", "frame", "merge", "link") and self.ideas.is_sealed(
                self._tree.selected_notes()
            ):
                self._view.say(SEALED)
            elif name in ("edit", "remove", "frame", "merge", *_PAINTING) and any(
                row.is_locked for row in self._tree.selected_rows()
            ):
                self._view.say(LOCKED)
            elif name == "ungroup" and not self._view.read_only and self._tree.selected_rows():
                self._view.say(IN_NO_GROUP)
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
            "split": lambda: self.ideas.split(self._tree.selected_notes()),
            "link": self._ask_tie,
            "lock": lambda: self.ideas.lock(self._tree.selected_notes(), on=True),
            "unlock": lambda: self.ideas.lock(self._tree.selected_notes(), on=False),
            "expand": self._expand,
            "adopt": lambda: self.ideas.adopt(self._tree.selected_notes()),
            "decide": lambda: self._view.decision_wanted.emit(self._tree.selected_notes()),
            "vote": self._view.side.other_wanted.emit,
            "details": self._view.toggle_details,
            "next_unseen": self._next_unseen,
            "copy": self._view.copy,
            "paste": self._view.paste,
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
        has_open = bool(ids) and not self.ideas.is_sealed(ids)
        groups = {group.id for group in self._brainstorm.board.groups()}
        sensible = {
            "edit": current is not None and current.id != UNGROUPED and not current.is_locked,
            "remove": any(row.id != UNGROUPED and not row.is_locked for row in rows),
            "group": has_open,
            "move": has_open,
            "frame": has_open and any(self.ideas.can_be_moved(id) for id in ids),
            "ungroup": any(row.id in groups or self._standing_group(row.id) in groups for row in rows),
            "merge": has_open
            and any(row is not current and not row.is_locked for row in notes)
            and current is not None
            and current.kind is not Kind.GROUP,
            "link": has_open and len(notes) > 1 and current is not None and current.kind is not Kind.GROUP,
            "split": any(row.kind is Kind.MERGED or row.count for row in notes),
            "lock": any(not self.ideas.is_locked(id) for id in ids),
            "unlock": any(map(self.ideas.is_locked, ids)),
            "adopt": any(row.is_foreign and not row.is_locked for row in notes),
            "decide": has_open,
            "vote": self._view.side.has_other,
            "details": current is not None and current.kind is not Kind.GROUP,
            "next_unseen": self._view.coverage.next.isEnabled(),
            "copy": bool(ids),
            "duplicate": bool(ids),
            **dict.fromkeys(_PAINTING, any(row.id != UNGROUPED and not row.is_locked for row in rows)),
        }
        is_read_only = bool(self._view.read_only)
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
                self._view.say(GONE)

        menu = context_menu(
            self._view,
            self._allowing(),
            do,
            current.colour if current is not None else "",
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def note_session(self) -> None:
        """The line above the list is empty: what is written there next is begun in the session that runs now."""
        session = self._brainstorm.session
        self._begun_in = session.id if session is not None else ""

    def write(self, text: str) -> None:
        """Writes a note out of the line above the list."""
        self._view.say("")
        ids = self.ideas.write([text], self._view.input.group, session=self._begun_in)
        self._view.refresh()
        if ids and self._view.model.index_of(ids[-1]).isValid():
            self._tree.go_to(ids[-1])

    def cut(self) -> None:
        """Copies the selected notes as a list and takes them away, those of a selected group with it."""
        if not self._view.clipboard.copy() or self._view.read_only:
            return
        ids = (*(row.id for row in self._tree.selected_rows()), *self._tree.selected_notes())
        gone = {id for id in ids if id != UNGROUPED and not self.ideas.is_locked(id)}
        self._view.say("" if gone else LOCKED)
        self._take_away(gone)

    def _duplicate(self) -> None:
        ids = self.ideas.duplicate(self._tree.selected_notes())
        self._view.refresh()
        if ids:
            self._tree.go_to(ids[-1])

    def _paint(self, colour: str) -> None:
        self.ideas.colour([row.id for row in self._tree.selected_rows() if row.id != UNGROUPED], colour)

    def _begin_new(self) -> None:
        group = self.group_of_current()
        row = self._view.model.row_at(self._view.model.index_of(group)) if group else None
        self._view.input.begin(group, row.text if row is not None else "")

    def _expand(self) -> None:
        notes = [row.id for row in self._tree.selected_rows() if row.kind is not Kind.GROUP]
        self._view.expand_wanted.emit(notes[0] if len(notes) == 1 else "")

    def _remove(self) -> None:
        rows = self._tree.selected_rows()
        self._take_away({row.id for row in rows if row.id != UNGROUPED and not row.is_locked})

    def _ungroup(self) -> None:
        """Takes the selected notes out of their groups, and the selected groups apart, which are gone then."""
        rows = self._tree.selected_rows()
        groups = {row.id for row in rows if row.kind is Kind.GROUP and row.id != UNGROUPED}
        notes = [row.id for row in rows if row.kind is not Kind.GROUP]
        with self._brainstorm.document.transaction(Origin.LOCAL):
            self.ideas.move(notes, "")
            self.ideas.remove(groups)

    def _take_away(self, gone: Collection[str]) -> None:
        order = [row.id for row in self._view.model.rows()]
        places = [place for place, id in enumerate(order) if id in gone]
        after = next((id for id in order[max(places) + 1 :] if id not in gone), "") if places else ""
        before = next((id for id in reversed(order[: min(places)]) if id not in gone), "") if places else ""
        self.ideas.remove(gone)
        self._view.refresh()
        self._tree.go_to(after or before)

    def _ask_group(self, ids: Sequence[str]) -> None:
        asked = f"Title of the group of {_notes(ids)}"
        self._tree.ask_title(self.ideas.proposed_title(ids), asked, self._later(partial(self._group, ids)))

    def _group(self, ids: Sequence[str], title: str) -> None:
        group = self.ideas.group(ids, title)
        self._view.refresh()
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
            self.ideas.put_into_frame(ids, frame)
            self._tree.setFocus()

        def put_into_new(title: str) -> None:
            self._tree.setFocus()
            if title:
                self.ideas.frame(ids, title)
            else:
                asked = f"Title of the frame of {_notes(ids)}"
                self._tree.ask_title("Frame", asked, self._later(lambda title: self.ideas.frame(ids, title)))

        self._ask_place("frame", frames, put, put_into_new)

    def _ask_place(
        self,
        what: str,
        places: Sequence[tuple[str, str]],
        put: Callable[[str], None],
        put_into_new: Callable[[str], None],
    ) -> None:
        popup = PlacePopup(what, places, self._view)
        popup.chosen.connect(self._later(put))
        popup.new_wanted.connect(self._later(put_into_new))
        popup.open_at(self._tree.menu_place())

    def _later(self, act: Callable[[T], object]) -> Callable[[T], None]:
        """An act that waits for an answer, and is not done where the person may only read by then."""

        def do(answer: T) -> None:
            if not self._view.read_only:
                act(answer)

        return do

    def _move(self, rows: Sequence[Row], ids: Sequence[str], group: str) -> None:
        groups = [row.id for row in rows if row.kind is Kind.GROUP and row.id not in (UNGROUPED, group)]
        if group and groups and all(row.kind is Kind.GROUP for row in rows):
            self.ideas.move_groups(groups, group)
        else:
            self.ideas.move(ids, group)
        self._tree.setFocus()

    def _move_to_new(self, ids: Sequence[str], title: str) -> None:
        self._tree.setFocus()
        if title:
            self._group(ids, title)
        else:
            self._ask_group(ids)

    def _merge(self) -> None:
        current = self._tree.current_row
        if current is not None:
            self.ideas.merge(current.id, [id for id in self._tree.selected_notes() if id != current.id])
            self._view.refresh()
            self._tree.go_to(current.id)

    def _ask_tie(self) -> None:
        current, others = self._tree.current_row, self._tree.selected_notes()
        if current is None:
            return
        id = current.id
        menu = tie_menu(
            self._view, shortened(current.text, SHORT), self._later(lambda tie: self.ideas.link(id, others, tie))
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.menu_place())

    def drop(self, ids: Sequence[str], target: str) -> None:
        """Notes were dragged onto a row."""
        if self._view.read_only:
            return
        if self.ideas.is_sealed(ids):
            self._view.say(SEALED)
        elif target.startswith("note:"):
            self.ideas.move(ids, self._group_of(target))
        else:
            self.ideas.move(ids, target)

    def group_of_current(self) -> str:
        """The group in which the person stands; empty for none."""
        row = self._tree.current_row
        if row is None:
            return ""
        return row.id if row.kind is Kind.GROUP else self._group_of(row.id)

    def accept(self, alike: Alike) -> None:
        """Makes a group of what looks alike."""
        group = self.ideas.group(alike.notes, alike.title)
        self._view.refresh()
        self._tree.go_to(group)
        self._tree.setFocus()

    def dismiss(self, alike: Alike) -> None:
        """Has what looks alike not proposed again."""
        self.dismissals.dismiss(alike.notes)
        self._view.refresh()

    def _next_unseen(self) -> None:
        unseen = set(self._brainstorm.coverage().unseen)
        seen = self._brainstorm.sessions.seen()
        unseen = {id for id in unseen if self._brainstorm.me not in seen.get(id, ())} or unseen
        rows = [row.id for row in self._view.model.rows()]
        current = self._tree.current_row
        at = rows.index(current.id) + 1 if current is not None and current.id in rows else 0
        following = next((id for id in [*rows[at:], *rows[:at]] if id in unseen), "")
        if not following and unseen:
            self._view.finding.end()
            following = next((row.id for row in self._view.model.rows() if row.id in unseen), "")
        if following and self._tree.go_to(following):
            self._tree.setFocus()

    def _group_of(self, id: str) -> str:
        group = self._standing_group(id)
        return group if group in {each.id for each in self._brainstorm.board.groups()} else ""

    def _standing_group(self, id: str) -> str:
        """What a note, or the one that stands for it, names as its group, which may be gone."""
        note = self._brainstorm.visibility.note(id)
        return "" if note is None else self.ideas.standing(note).group


def _notes(ids: Sequence[str]) -> str:
    return f"{len(ids)} note{'' if len(ids) == 1 else 's'}"
