"""Brainstorm: what a document holds besides its body, as the person in front of it sees and changes it.

Runs on the document's thread. Every view reads notes and polls through `visibility` and writes through here, where it
is decided whether a note lies sealed or is on the board.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from cowrite.core.board.board import ROOT as BOARD
from cowrite.core.board.board import Board
from cowrite.core.board.items import Hand, Note
from cowrite.core.decisions.decisions import DECISIONS, Decisions
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import Entries, EntriesChange
from cowrite.core.entries.observers import Observers
from cowrite.core.entries.steps import Steps
from cowrite.core.sessions.polls import Polls
from cowrite.core.sessions.sealing import SealedBox
from cowrite.core.sessions.sessions import Session, Sessions
from cowrite.core.sessions.visibility import Coverage, Visibility
from cowrite.core.text.origin import Origin


@dataclass(frozen=True, slots=True)
class _Sealing:
    """An act on one's own sealed notes of a session, which no undo of the document knows.

    Attributes:
        session: the id of the session.
        before, after: the notes that it touched, as they lay there before and after it.
    """

    session: str
    before: tuple[Note, ...]
    after: tuple[Note, ...]

    @property
    def reverse(self) -> _Sealing:
        """What takes it back."""
        return _Sealing(self.session, self.after, self.before)


_Act = tuple[Entries, int] | _Sealing
"""What can be taken back: a step of a root, or an act on sealed notes."""


class Brainstorm:
    """Board, sessions, polls and decisions of one document.

    Args:
        document: the draft they belong to.
        box: where notes and ballots lie sealed.
        me: the name of who sits here.
        chance: draws ids.
        clock: milliseconds since 1970.
    """

    def __init__(
        self, document: Document, box: SealedBox, me: str, *, chance: Random, clock: Callable[[], int]
    ) -> None:
        self.document = document
        self.box = box
        self.me = me
        self.clock = clock
        self.is_shared: Callable[[], bool] = lambda: False
        """Whether the document is on a server, where others come to it."""
        self.ahead: Callable[[], int | None] = lambda: None
        """Milliseconds by which the server's clock is ahead of this computer's; None where that is not known."""
        self.board = Board(document, chance=chance, clock=clock)
        self.sessions = Sessions(document, chance=chance, clock=clock)
        self.polls = Polls(document, chance=chance, clock=clock)
        self.decisions = Decisions(document, chance=chance, clock=clock)
        self.visibility = Visibility(self.board, self.sessions, self.polls, self._sealed)
        self._roots = (document.entries(BOARD), document.entries(DECISIONS))
        self._homes: dict[str, str] = {}
        self._acts: list[_Act] = []
        self._undone: list[_Act] = []
        self._changes: Observers[frozenset[str]] = Observers()
        self._kept: Observers[frozenset[str]] = Observers()
        for root in self._roots:
            root.observe(partial(self._on_change, root))
            root.steps.observe_returns(self._kept.tell)
        box.observe(self._changes.tell)

    @property
    def session(self) -> Session | None:
        """The newest session that is not over."""
        running = self._running()
        return running[-1] if running else None

    @property
    def now(self) -> int:
        """What time it is for all: at the server, or where that is not known here; milliseconds since 1970."""
        return self.clock() + (self.ahead() or 0)

    @property
    def is_alone(self) -> bool:
        """Whether nobody but who sits here has had to do with the document, as far as anything says."""
        return not (self.is_shared() or self.sessions.all() or self.visibility.people() - {self.me})

    def is_there(self, id: str) -> bool:
        """Whether something of the board, its sessions or the decisions can still be seen."""
        if id.startswith("group:"):
            return any(group.id == id for group in self.board.groups())
        return any(root.get(id) is not None for root in self._roots) or self.visibility.note(id) is not None

    def coverage(self) -> Coverage:
        """Which notes of the session, or of all without one, anybody has opened.

        None count for whoever is alone: nobody else could have opened them.
        """
        if self.is_alone:
            return Coverage((), ())
        session = self.session
        return self.visibility.coverage(session.id if session is not None else "")

    def observe(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Calls back after each transaction, and each change in the box, with the ids that it touched.

        Returns:
            The function that ends it.
        """
        return self._changes.add(callback)

    def observe_kept(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Calls back with the ids of what an undo has let stay or come back, because a teammate has written in it.

        Returns:
            The function that ends it.
        """
        return self._kept.add(callback)

    def write(self, notes: Iterable[Note]) -> list[str]:
        """Takes in new notes of whoever sits here: into the box while the session seals, otherwise onto the board.

        Returns:
            Their ids. Those, the author, the session with its phase and the time are filled in where they are empty,
            so that notes keep their order though they are written at once; in a session that is anonymous no note
            names its author, also where it names that session and comes when it is over.
        """
        running, now = self.session, 0
        whole = []
        for note in notes:
            now = max(self.clock(), now + 1)
            begun = self.sessions.get(note.session) if note.session else None
            whole.append(self._filled(note, begun or running, now))
        if sealed := [note for note in whole if note.is_sealed]:
            self._seal(sealed[0].session, [], sealed)
        if rest := [note for note in whole if not note.is_sealed]:
            self.board.add(rest)
        return [note.id for note in whole]

    def home(self, id: str) -> str:
        """The id of the session in which a note of whoever sits here was last seen to lie sealed, or nothing: what is
        being written into it may have to go on as another note, which keeps the promises of that session."""
        return self._homes.get(id, "")

    def change(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Sets fields of what is there by their ids: one's own sealed notes in the box, all else on the board. Whoever
        gives a note of the model other words adopts it by that: they are not the model's.

        Args:
            changes: see `Board.change`.
        """
        sealed = {note.id: note for note in self._sealed()}
        notes = [note for id in changes if (note := sealed.get(id) or self.board.note(id)) is not None]
        adopted = self._adopted(note for note in notes if _is_reworded(note, changes[note.id]))
        whole = {id: {**fields, **adopted.get(id, {})} for id, fields in changes.items()}
        if mine := [replace(sealed[id], **fields) for id, fields in whole.items() if id in sealed]:
            self._seal(mine[0].session, [sealed[note.id] for note in mine], mine)
        if rest := {id: fields for id, fields in whole.items() if id not in sealed}:
            self.board.change(rest)

    def adopt(self, ids: Iterable[str]) -> list[str]:
        """Makes notes of the model one's own, in one act; gives the ids of those that were the model's.

        They name who adopted them, but not in a session that is anonymous.
        """
        notes = [note for note in self.visibility.found(ids) if note.hand is Hand.MODEL]
        if notes:
            self.change(self._adopted(notes))
        return [note.id for note in notes]

    def merge(self, into: str, others: Sequence[str]) -> None:
        """Lets one note stand for others, in one act.

        A note of the model is adopted where it is to stand for a person's, whose idea would be in no ballot otherwise.
        """
        with self.document.transaction(Origin.LOCAL):
            self.board.merge_notes(into, others)
            if any((note := self.board.note(id)) is not None and note.hand is not Hand.MODEL for id in others):
                self.adopt([into])

    def remove(self, ids: Iterable[str]) -> None:
        """Takes things off the board, or one's own sealed notes out of the box."""
        sealed = {note.id: note for note in self._sealed()}
        wanted = list(ids)
        if mine := [sealed[id] for id in wanted if id in sealed]:
            self._seal(mine[0].session, mine, [])
        if rest := [id for id in wanted if id not in sealed]:
            self.board.remove(rest)

    def can_undo(self) -> bool:
        """Whether there is an own act to take back."""
        return any(root.steps.can_undo() for root in self._roots) or any(map(self._lies, self._acts))

    def can_redo(self) -> bool:
        """Whether there is an own act to bring back."""
        return any(root.steps.can_redo() for root in self._roots) or any(map(self._lies, self._undone))

    def undo(self) -> None:
        """Takes back this person's newest act on board, decisions or sealed notes; what teammates did stays."""
        act = self._newest(self._acts, Steps.can_undo)
        if isinstance(act, _Sealing):
            self._undone.append(act.reverse)
            self._lay(act.reverse)
        elif act is not None:
            if kept := act.steps.undo():
                self._kept.tell(kept)
            else:
                self._undone.append((act, act.steps.newest))

    def redo(self) -> None:
        """Brings back the act that was taken back last."""
        act = self._newest(self._undone, Steps.can_redo)
        if isinstance(act, _Sealing):
            self._acts.append(act.reverse)
            self._lay(act.reverse)
        elif act is not None:
            act.steps.redo()
            self._acts.append((act, act.steps.newest))

    def _adopted(self, notes: Iterable[Note]) -> dict[str, dict[str, Any]]:
        """The fields that notes get by their id where this person makes them their own."""
        nameless = {session.id for session in self.sessions.all() if session.is_anonymous}
        return {
            note.id: {"hand": Hand.ADOPTED, "author": "" if note.session in nameless else self.me} for note in notes
        }

    def _running(self) -> list[Session]:
        return [session for session in self.sessions.all() if not session.is_over]

    def _sealed(self) -> list[Note]:
        # A session that waits behind the one in front has them still, and so has one that is over, where they cannot
        # come onto the board.
        notes = [note for session in self.sessions.all() for note in self.box.notes(session.id)]
        self._homes.update((note.id, note.session) for note in notes)
        return notes

    def _filled(self, note: Note, session: Session | None, now: int) -> Note:
        if note.hand is Hand.MODEL and note.model_text and note.text.split() != note.model_text.split():
            note = replace(note, hand=Hand.ADOPTED)  # a person has put in other words, as where theirs came too late
        filled = replace(note, id=note.id or self.board.new_id("note"), created=note.created or now, is_sealed=False)
        author = note.author if note.hand is Hand.MODEL else note.author or self.me
        if session is None:
            return replace(filled, author=author)
        return replace(
            filled,
            group="" if session.seals else filled.group,  # it is grouped once it is revealed
            author="" if session.is_anonymous else author,
            created=0 if session.is_anonymous and not session.seals else filled.created,
            session=note.session or session.id,
            phase=note.phase or session.phase,
            is_late=session.is_over or session.is_late_at(filled.created + (self.ahead() or 0)),
            is_sealed=session.seals,
        )

    def _seal(self, session: str, before: Iterable[Note], after: Iterable[Note]) -> None:
        """Does an act on sealed notes; its undo is here, and not on the board, which it leaves alone."""
        act = _Sealing(session, tuple(before), tuple(after))
        self._acts.append(act)  # first: whoever is told of it asks what can be taken back
        self._undone.clear()
        self._lay(act)

    def _lay(self, act: _Sealing) -> None:
        if act.after:
            self.box.put(act.after)
        kept = {note.id for note in act.after}
        if gone := [note.id for note in act.before if note.id not in kept]:
            self.box.take_back(gone)

    def _lies(self, act: _Act) -> bool:
        """Whether it is an act on notes that are still sealed."""
        if not isinstance(act, _Sealing):
            return False
        session = self.sessions.get(act.session)
        return session is not None and not session.is_revealed and not session.is_over

    def _newest(self, acts: list[_Act], can: Callable[[Steps], bool]) -> Entries | _Sealing | None:
        while acts:
            act = acts.pop()
            if isinstance(act, _Sealing):
                if self._lies(act):
                    return act
            elif can(act[0].steps):
                return act[0]
        return next((root for root in self._roots if can(root.steps)), None)

    def _on_change(self, root: Entries, change: EntriesChange) -> None:
        if change.origin.is_own:
            if not self._acts or self._acts[-1] != (root, root.steps.newest):
                self._acts.append((root, root.steps.newest))
            self._undone.clear()
        self._changes.tell(change.ids)


def _is_reworded(note: Note, fields: Mapping[str, Any]) -> bool:
    """Whether a note is the model's and gets other words by a change of these fields."""
    return note.hand is Hand.MODEL and "hand" not in fields and fields.get("text", note.text) != note.text
