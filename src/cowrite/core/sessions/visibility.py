"""Visibility: what of the board and its sessions anybody sees. Every surface reads through here and nowhere else.

Runs on the document's thread. What others have sealed is not in the document at all, so there is nothing of it to show;
this module decides about the rest: to whom one's own sealed notes are shown, whose name stands beside a note, which
ballots are shown, what can be voted for, and what the model may be told. Board, list, search, export, prompt and
clipboard ask here, so that a rule holds everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from cowrite.core.board.board import Board
from cowrite.core.board.items import Group, Hand, Note
from cowrite.core.sessions.polls import Option, Poll, Polls
from cowrite.core.sessions.sessions import Session, Sessions


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was written anybody has looked at.

    Attributes:
        seen: ids of the notes that somebody has opened or discussed.
        unseen: ids of those that nobody has.
        doubtful: those of the unseen that one person has opened who may be their author, as nobody knows that.
    """

    seen: tuple[str, ...]
    unseen: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()


class Visibility:
    """What the people of a document see of its board.

    Args:
        board, sessions, polls: what is in the document.
        sealed: gives the notes that lie sealed and are of whoever sits here.
    """

    def __init__(
        self, board: Board, sessions: Sessions, polls: Polls, sealed: Callable[[], Iterable[Note]] = tuple
    ) -> None:
        self._board = board
        self._sessions = sessions
        self._polls = polls
        self._sealed = sealed

    def notes(self, *, merged: bool = False) -> list[Note]:
        """All notes that whoever sits here sees; with `merged` also those that another one stands for.

        One's own sealed notes come last. They are for this person's screen alone: what is exported, sent or given to
        the model is `published` or `for_model`.
        """
        return [*self.published(merged=merged), *self._own()]

    def published(self, *, merged: bool = False) -> list[Note]:
        """All notes that everybody has, as everybody sees them; see `notes`."""
        nameless = self._nameless()
        return [_shown(note, nameless) for note in self._board.notes(merged=merged)]

    def notes_of(self, session: str) -> list[Note]:
        """The published notes of a session."""
        return [note for note in self.published() if note.session == session]

    def note(self, id: str) -> Note | None:
        """A note as whoever sits here sees it, or None where it is not there."""
        note = self._board.note(id)
        if note is None:
            return next((own for own in self._own() if own.id == id), None)
        return _shown(note, self._nameless())

    def found(self, ids: Iterable[str]) -> list[Note]:
        """Those notes of some ids that are there, see `note`."""
        return [note for id in ids if (note := self.note(id)) is not None]

    def merged(self, id: str) -> list[Note]:
        """The notes that a note stands for, as everybody sees them."""
        nameless = self._nameless()
        return [_shown(note, nameless) for note in self._board.merged(id)]

    def members(self, group: str) -> list[Note]:
        """The notes of a group, as `notes` gives them; those of no group for an empty id."""
        nameless = self._nameless()
        shown = [_shown(note, nameless) for note in self._board.members(group)]
        return shown if group else [*shown, *self._own()]

    def polls(self) -> list[Poll]:
        """All polls; ballots only of those that are closed, and names only where they are not anonymous."""
        return [_counted(poll) for poll in self._polls.all()]

    def polls_of(self, session: str) -> list[Poll]:
        """The polls of a session, see `polls`."""
        return [poll for poll in self.polls() if poll.session == session]

    def open_polls(self, session: str) -> list[Poll]:
        """Those that are not closed yet."""
        return [poll for poll in self.polls_of(session) if not poll.is_closed]

    def poll(self, id: str) -> Poll | None:
        """A poll, see `polls`; None where it is not there."""
        poll = self._polls.get(id)
        return None if poll is None else _counted(poll)

    def options(self, session: str) -> list[Option]:
        """What of a session can be voted for: its groups, and its notes that are in none.

        A note of the model is no option until a person has adopted it, and a group of such notes alone is none either;
        a note of no group that says nothing is none.
        """
        groups = {group.id: group for group in self._board.groups()}
        options: dict[str, Option] = {}
        for note in self._board.notes():
            if note.hand is Hand.MODEL or (session and note.session != session):
                continue
            group = groups.get(note.group)
            if group or note.words:
                options.setdefault(group.id if group else note.id, _option(group or note))
        return list(options.values())

    def within(self, polls: Iterable[Poll]) -> dict[str, tuple[str, ...]]:
        """By the ids of those options of polls that are groups, what their notes say; without the model's that nobody
        has adopted, and without those that another one stands for."""
        asked = {option.id for poll in polls for option in poll.options}
        groups = asked & {group.id for group in self._board.groups()}
        found: dict[str, list[str]] = {id: [] for id in groups}
        for note in self._board.notes() if groups else ():
            if note.group in groups and note.hand is not Hand.MODEL:
                found[note.group].append(note.words)
        return {id: tuple(filter(None, texts)) for id, texts in found.items()}

    def coverage(self, session: str) -> Coverage:
        """Which notes of a session somebody besides their author has opened or discussed.

        Who wrote a note of an anonymous session is in no document, so two have to have opened it.
        """
        seen, nameless = self._sessions.seen(), self._nameless()
        found: tuple[list[str], list[str]] = [], []
        doubtful: set[str] = set()
        for note in self._board.notes():
            if session and note.session != session:
                continue
            is_nameless = note.session in nameless and note.hand is Hand.PERSON
            others = seen.get(note.id, set()) - ({note.author} if not is_nameless else set())
            is_unseen = len(others) < 1 + is_nameless
            found[is_unseen].append(note.id)
            if others and is_unseen:
                doubtful.add(note.id)
        return Coverage(tuple(found[0]), tuple(found[1]), frozenset(doubtful))

    def people(self) -> set[str]:
        """The names of those who have written notes or opened any, as far as the document says them."""
        written = {note.author for note in self._board.notes(merged=True) if note.hand is not Hand.MODEL}
        return written.union(*self._sessions.seen().values()) - {""}

    def for_model(self, session: Session | None) -> list[Note]:
        """What the model may be told: nothing in a silent phase, and never who wrote what."""
        if session is not None and session.defaults.is_silent and not session.is_over:
            return []
        return [replace(note, author="") for note in self._board.notes()]

    def _own(self) -> list[Note]:
        # What has been revealed may lie in the box for a moment longer.
        return [note for note in self._sealed() if self._board.note(note.id) is None]

    def _nameless(self) -> set[str]:
        return {session.id for session in self._sessions.all() if session.is_anonymous}


def _shown(note: Note, nameless: set[str]) -> Note:
    # Whoever may edit can write a name into a note of an anonymous session; it is not shown there all the same.
    return replace(note, author="", created=0) if note.session in nameless else note


def _counted(poll: Poll) -> Poll:
    if not poll.is_closed:
        return replace(poll, ballots=())
    if poll.is_anonymous:
        return replace(poll, ballots=tuple(replace(ballot, voter="") for ballot in poll.ballots))
    return poll


def _option(what: Group | Note) -> Option:
    return Option(what.id, what.title if isinstance(what, Group) else what.words)
