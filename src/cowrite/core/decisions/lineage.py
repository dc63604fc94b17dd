"""Lineage: what something rests on, and what rests on it: the way from a sentence of a decision to notes, votes and
dissent, and back.

Runs on the document's thread. Reads notes and polls through `core.sessions.visibility` alone, so that no name and no
ballot comes out this way that is not to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.board.board import Board
from cowrite.core.decisions.decisions import Decision, Decisions, Status
from cowrite.core.sessions.sessions import Sessions
from cowrite.core.sessions.visibility import Visibility


class Relation(StrEnum):
    """How one thing rests on another."""

    SENTENCE = "a sentence rests on it"
    OPTION = "was an option"
    FOR = "spoke for it"
    AGAINST = "spoke against it"
    LED = "led to it"
    VOTE = "the vote"
    SESSION = "the session"
    SUPERSEDED = "was superseded"
    TO_SUPERSEDE = "is to be superseded"
    SUCCESSOR = "took its place"
    PROPOSED_SUCCESSOR = "is to take its place"
    FOLLOWS = "what is done"
    BUILT_ON = "was built on"
    MERGED = "was merged"
    MEMBER = "is in the group"
    ASKED = "was voted on"


_FORWARDS = {Relation.SUPERSEDED: Relation.SUCCESSOR, Relation.TO_SUPERSEDE: Relation.PROPOSED_SUCCESSOR}
"""What is said of the later one: beside its name, the words for the earlier one would say the reverse."""


@dataclass(frozen=True, slots=True)
class Strand:
    """One thing on the way.

    Attributes:
        id: of a note, group, poll, session, decision or action.
        words: what it says; empty where it is not to be seen any more.
        relation: how the one rests on the other.
        sentence: of a decision's outcome, where this one sentence is what rests on it.
    """

    id: str
    words: str
    relation: Relation
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The neighbours of one thing.

    Attributes:
        rests_on: what it came from.
        carries: what rests on it.
    """

    rests_on: tuple[Strand, ...] = ()
    carries: tuple[Strand, ...] = ()


class Lineages:
    """The lineage of everything in a document.

    Args:
        decisions: what was decided.
        visibility: which notes and polls are to be seen.
        board: for the groups.
        sessions: for their questions.
    """

    def __init__(self, decisions: Decisions, visibility: Visibility, board: Board, sessions: Sessions) -> None:
        self._decisions = decisions
        self._visibility = visibility
        self._board = board
        self._sessions = sessions

    def of(self, id: str) -> Lineage:
        """What the thing of an id rests on, and what rests on it."""
        return Lineage(_each_once(self._rests_on(id)), _each_once(self._carries(id)))

    def words(self, id: str) -> str:
        """What the thing of an id says; empty where it is not to be seen."""
        kind = id.partition(":")[0]
        if kind == "note":
            note = self._visibility.note(id)
            return note.words if note else ""
        if kind == "group":
            return next((group.title for group in self._board.groups() if group.id == id), "")
        if kind == "poll":
            poll = self._visibility.poll(id)
            return poll.question if poll else ""
        if kind == "session":
            session = self._sessions.get(id)
            return session.question if session else ""
        if kind == "action":
            action = self._decisions.actions.get(id)
            return action.what if action else ""
        decision = self._decisions.get(id)
        return decision.name if decision else ""

    def _rests_on(self, id: str) -> Iterator[Strand]:
        decision = self._decisions.get(id)
        if decision is not None:
            for name, relation, sentence in _sources(decision):
                yield self._strand(name, relation, sentence)
            return
        if id.startswith("note:") and (note := self._visibility.note(id)) is not None:
            for name in note.builds_on:
                yield self._strand(name, Relation.BUILT_ON)
            for each in self._visibility.merged(id):
                yield Strand(each.id, each.words, Relation.MERGED)
        elif id.startswith("group:"):
            for each in self._visibility.members(id):
                yield Strand(each.id, each.words, Relation.MEMBER)
        elif id.startswith("poll:") and (poll := self._visibility.poll(id)) is not None:
            for option in poll.options:
                yield Strand(option.id, option.text, Relation.ASKED)
        elif id.startswith("action:"):
            action = self._decisions.actions.get(id)
            if action is not None and action.decision:
                yield self._strand(action.decision, Relation.FOLLOWS)

    def _carries(self, id: str) -> Iterator[Strand]:
        for decision in self._decisions.all():
            for name, relation, sentence in _sources(decision):
                if name == id:
                    yield Strand(decision.id, decision.name, _FORWARDS.get(relation, relation), sentence)
        for action in self._decisions.actions.all():
            if action.decision == id and id:
                yield Strand(action.id, action.what, Relation.FOLLOWS)
        if id.startswith("note:"):
            yield from self._carries_note(id)
        for poll in self._visibility.polls():
            if any(option.id == id for option in poll.options):
                yield Strand(poll.id, poll.question, Relation.ASKED)

    def _carries_note(self, id: str) -> Iterator[Strand]:
        for note in self._visibility.notes(merged=True):
            if id in note.builds_on:
                yield Strand(note.id, note.words, Relation.BUILT_ON)
            if note.id == id and note.merged_into:
                yield self._strand(note.merged_into, Relation.MERGED)
            if note.id == id and note.group:
                yield self._strand(note.group, Relation.MEMBER)

    def _strand(self, id: str, relation: Relation, sentence: str = "") -> Strand:
        return Strand(id, self.words(id), relation, sentence)


def _sources(decision: Decision) -> Iterator[tuple[str, Relation, str]]:
    """All that a decision names: id, relation and, for a ground, the sentence."""
    for ground in decision.grounds:
        for id in ground.ids:
            yield id, Relation.SENTENCE, ground.sentence
    for choice in decision.options:
        if choice.note:
            yield choice.note, Relation.OPTION, ""
        for arguments, relation in ((choice.pros, Relation.FOR), (choice.cons, Relation.AGAINST)):
            for argument in arguments:
                if argument.note:
                    yield argument.note, relation, ""
    for id in decision.notes:
        yield id, Relation.LED, ""
    is_proposed = decision.status in (Status.PROPOSED, Status.REJECTED)
    earlier = Relation.TO_SUPERSEDE if is_proposed else Relation.SUPERSEDED
    for id, relation in (
        (decision.poll, Relation.VOTE),
        (decision.session, Relation.SESSION),
        (decision.supersedes, earlier),
    ):
        if id:
            yield id, relation, ""


def _each_once(strands: Iterable[Strand]) -> tuple[Strand, ...]:
    """Each thing once for each sentence, with its first relation; an id alone says less than one with a sentence."""
    seen: dict[tuple[str, str], Strand] = {}
    named: set[str] = set()
    for strand in strands:
        if strand.sentence or strand.id not in named:
            seen.setdefault((strand.id, strand.sentence), strand)
        named.add(strand.id)
    return tuple(seen.values())
