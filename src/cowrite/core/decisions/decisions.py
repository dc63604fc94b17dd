"""Decisions: what was decided, by whom, why, and against what objections, in the root `decisions`.

Runs on the document's thread. A decision keeps where it comes from: the session, the poll, the notes, and quotes of
the draft by anchors, so that one finds the way from a sentence of it back to all that led there.

A decision names the one whose place it takes, and that one is superseded as soon as it is accepted. This is read from
the successor alone and written nowhere else, so that replicas agree whoever proposes, accepts or takes back what at the
same time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from random import Random
from typing import Any

from cowrite.core.crdt.anchor import Stick
from cowrite.core.decisions.actions import Actions
from cowrite.core.decisions.grounds import Ground
from cowrite.core.decisions.parts import NAMES, Choice, Evidence, Stance, read_parts, stored_parts
from cowrite.core.decisions.reviews import Review
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import Entries, NoSuchEntry, Written, draw_id
from cowrite.core.entries.fields import REMOVED, Fields, Readings, member, text, texts, whole
from cowrite.core.text.model_words import is_of_model
from cowrite.core.text.origin import Origin
from cowrite.core.text.suggested_text import quotable
from cowrite.core.writing.places import Place
from cowrite.core.writing.restored import Restored

DECISIONS = "decisions"
"""The root."""


class Status(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        id: "decision:" and a random part.
        question: what was to be decided.
        status: where it stands.
        rule: how it was decided.
        decider: who decided.
        options: what there was to choose from.
        outcome: what was decided, in a person's words.
        consequences: what follows from it.
        dissent: who saw it otherwise, and why.
        confirmation: by what one will see whether it holds.
        review_on: the day on which it comes back (YYYY-MM-DD), or empty.
        decided_on: the day of the decision (YYYY-MM-DD), or empty.
        stances: what each said, when it was decided.
        evidence: what it rests on in the draft.
        notes: ids of the notes that led to it.
        session: the id of its session, or empty.
        poll: the id of its poll, or empty.
        assist: the id of the record in `assists` where the model drafted it; empty for a person's.
        supersedes: the id of the decision that it takes the place of, or empty.
        superseded_by: the id of the one that took its place, or that will when it is accepted; or empty.
        created: milliseconds since 1970.
        context: what made it necessary.
        owner: who sees that it is kept.
        grounds: what sentences of the outcome rest on.
        reviews: whether it has held, the first look back first.
        model_text: what the model drafted, as outcome or as question; empty for a person's, and where it is not known.
    """

    id: str
    question: str
    status: Status = Status.PROPOSED
    rule: str = ""
    decider: str = ""
    options: tuple[Choice, ...] = ()
    outcome: str = ""
    consequences: str = ""
    dissent: str = ""
    confirmation: str = ""
    review_on: str = ""
    decided_on: str = ""
    stances: tuple[Stance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    session: str = ""
    poll: str = ""
    assist: str = ""
    supersedes: str = ""
    superseded_by: str = ""
    created: int = 0
    context: str = ""
    owner: str = ""
    grounds: tuple[Ground, ...] = ()
    reviews: tuple[Review, ...] = ()
    model_text: str = ""

    def is_of_model(self, words: str) -> bool:
        """Whether its question or outcome has words of the model; where it is not known which these were, all are."""
        return bool(self.assist and words.strip()) and (not self.model_text or is_of_model(words, self.model_text))

    @property
    def name(self) -> str:
        """What it is called within a line: its question, or the first line of its outcome where nobody has worded one,
        as of what a model has found; empty without either."""
        rows = (" ".join(row.split()) for row in self.outcome.splitlines())
        return " ".join(self.question.split()) or next(filter(None, rows), "")

    def is_due(self, today: str) -> bool:
        """Whether it holds and its day to come back has come, by today (YYYY-MM-DD)."""
        return self.status is Status.ACCEPTED and "" < self.review_on <= today


class Decisions:
    """The decisions of a document.

    Args:
        document: the draft they belong to.
        chance: draws ids.
        clock: milliseconds since 1970.

    Attributes:
        actions: what is to be done, most of it because of them.
    """

    def __init__(self, document: Document, *, chance: Random, clock: Callable[[], int]) -> None:
        self._document = document
        self._entries: Entries = document.entries(DECISIONS)
        self.actions = Actions(document, chance=chance, clock=clock)
        self._chance = chance
        self._clock = clock
        self._decisions = Readings(_decision)
        self._superseding: tuple[int, Mapping[str, Sequence[Decision]]] = -1, {}  # as of a revision of the entries

    def all(self) -> list[Decision]:
        """All decisions, in the order in which they were put down."""
        successors = self._successors()
        decisions = (
            _standing(self._decisions.of(id, fields), successors.get(id, ()))
            for id, fields in self._entries.all("decision")
        )
        return sorted(decisions, key=_in_order)

    def get(self, id: str) -> Decision | None:
        """A decision, or None where it is not there."""
        fields = self._entries.get(id) if id.startswith("decision:") else None
        return None if fields is None else _standing(self._decisions.of(id, fields), self._successors().get(id, ()))

    def add(self, decision: Decision, origin: Origin = Origin.LOCAL) -> str:
        """Puts a decision down, and gives its id."""
        id = decision.id or draw_id("decision", self._chance)
        whole = replace(decision, id=id, created=decision.created or self._clock())
        self._entries.add(id, self._stored({}, _all(whole)), origin)
        return id

    def remove(self, id: str) -> None:
        """Takes a decision out of the log.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.remove(id)

    def bring_back(self, id: str) -> None:
        """Puts a decision back into the log that somebody has taken out.

        Raises:
            NoSuchEntry: it never was there.
        """
        self._entries.change(id, {REMOVED: False})

    def accept(self, id: str, decided_on: str) -> None:
        """Accepts a decision, as of a day (YYYY-MM-DD), in one act. Nothing takes its place any more: an accepted one
        that has stands for itself.

        Raises:
            NoSuchEntry: it is not there.
        """
        with self._document.transaction(Origin.LOCAL):
            for successor in self._successors().get(id, ()):
                if successor.status in _IN_FORCE:
                    self.put(successor.id, supersedes="")
            self.put(id, status=Status.ACCEPTED, decided_on=decided_on)

    def made_in(self, session: str) -> list[Decision]:
        """The decisions of a session that have an outcome."""
        return [each for each in self.all() if each.session == session and each.outcome.strip()]

    def due(self, today: str) -> list[Decision]:
        """The accepted decisions whose day of review (YYYY-MM-DD) has come."""
        return [each for each in self.all() if each.is_due(today)]

    def put(self, id: str, *, caret: int | None = None, **fields: Any) -> None:
        """Sets some fields of a decision by their names; the others stay what they are, whoever changes them now.

        Args:
            id: of the decision.
            caret: see `Entries.change`.
            fields: the values. Of what a decision has several of, all that there is to be; see `stored_parts`.

        Raises:
            NoSuchEntry: it is not there.
        """
        stored = self._entries.get(id)
        if stored is None:
            raise NoSuchEntry(id)
        self._entries.change(id, self._stored(stored, fields), caret=caret)

    def one_step(self, of: str) -> None:
        """Makes what is written from now on one step of undo, see `Steps.begin`.

        Args:
            of: what is written, beginning with the id of a decision or an action.
        """
        here, other = self._entries.steps, self.actions.steps
        if of.startswith("action:"):
            here, other = other, here
        other.end()
        here.begin(of)

    def end_step(self) -> None:
        """Ends the step that `one_step` began."""
        self._entries.steps.end()
        self.actions.steps.end()

    def quote_now(self, evidence: Evidence) -> str | None:
        """The words that stand where evidence was taken; None where the place is gone."""
        place = self._place(evidence)
        return None if place is None else quotable(self._document.spans(*place))

    def _place(self, evidence: Evidence) -> Place | None:
        start, stop = (self._document.resolve(anchor) for anchor in (evidence.start, evidence.stop))
        return None if start is None or stop is None or stop <= start else (start, stop)

    def is_stale(self, decision: Decision) -> bool:
        """Whether a passage that a decision rests on has changed since."""
        return any(self.quote_now(each) != each.quote for each in decision.evidence)

    def evidence(self, start: int, stop: int) -> Evidence:
        """A passage of the draft (UTF-16 units) as evidence."""
        anchors = self._document.anchor(start, Stick.RIGHT), self._document.anchor(stop, Stick.LEFT)
        return Evidence(quotable(self._document.spans(start, stop)), *anchors)

    def stand_again(self, restored: Restored) -> None:
        """Has evidence of which words were gone rest on these again, where the text is what it was and so has been
        written anew; no act that one takes back.

        Args:
            restored: the document.
        """
        stale = [each for each in self.all() if self.is_stale(each)]
        if not stale:
            return
        with self._document.transaction(Origin.MENDING):
            for decision in stale:
                evidence = tuple(self._again(part, restored) for part in decision.evidence)
                if evidence != decision.evidence:
                    stored = self._entries.get(decision.id) or {}
                    self._entries.change(decision.id, self._stored(stored, {"evidence": evidence}), Origin.MENDING)

    def _again(self, evidence: Evidence, restored: Restored) -> Evidence:
        place = restored.better(self._place(evidence), [(evidence.start, evidence.stop)])
        if place is None:
            return evidence
        here = self.evidence(*place)
        return replace(evidence, start=here.start, stop=here.stop)

    def _stored(self, entry: Fields, fields: Fields) -> dict[str, Any]:
        """What is to be set in an entry, empty for a new one, so that it has these fields of a decision."""
        plain = {name: Written(value) if name in WRITTEN else value for name, value in fields.items()}
        parts = {name: plain.pop(name) for name in NAMES if name in fields}
        if "notes" in plain:
            plain["notes"] = list(plain["notes"])
        return {**plain, **stored_parts(entry, parts, lambda: f"{self._chance.randrange(2**64):016x}")}

    def _successors(self) -> Mapping[str, Sequence[Decision]]:
        """By the id of a decision, those that name it as the one whose place they take, as they are stored."""
        if self._superseding[0] != self._entries.revision:
            found: dict[str, list[Decision]] = {}
            for id, fields in self._entries.all("decision"):
                if text(fields, "supersedes"):
                    successor = self._decisions.of(id, fields)
                    found.setdefault(successor.supersedes, []).append(successor)
            self._superseding = self._entries.revision, found
        return self._superseding[1]


WRITTEN = ("question", "context", "outcome", "consequences", "dissent", "confirmation")
"""The fields in which several people can type at the same time."""
_STRINGS = (
    *("rule", "decider", "owner", "review_on", "decided_on", "session", "poll", "assist", "model_text"),
    *("supersedes", "superseded_by"),
)


_IN_FORCE = (Status.ACCEPTED, Status.SUPERSEDED)
"""Where an entry stands whose decision was accepted; files from before have the second one too."""


def _standing(decision: Decision, successors: Sequence[Decision]) -> Decision:
    """A decision with where it stands beside those that name it as the one whose place they take: it is superseded once
    one of them is accepted. Of several the accepted one is named, else the one that was proposed first."""
    alive = [each for each in successors if each.status is not Status.REJECTED and each.id != decision.id]
    if decision.status not in _IN_FORCE or not alive:
        return decision
    accepted = [each for each in alive if each.status in _IN_FORCE]
    status = Status.SUPERSEDED if accepted else decision.status
    return replace(decision, status=status, superseded_by=min(accepted or alive, key=_in_order).id)


def _in_order(decision: Decision) -> tuple[int, str]:
    return decision.created, decision.id


def _all(decision: Decision) -> dict[str, Any]:
    """All fields of a decision but its id."""
    return {each.name: getattr(decision, each.name) for each in dataclass_fields(decision) if each.name != "id"}


def _decision(id: str, fields: Fields) -> Decision:
    """A decision from an entry; what somebody wrote there that makes no sense is passed over."""
    strings: dict[str, Any] = {name: text(fields, name) for name in (*WRITTEN, *_STRINGS)}
    return Decision(
        id=id,
        status=member(Status, fields, "status", Status.PROPOSED),
        notes=texts(fields, "notes"),
        created=whole(fields, "created"),
        **strings,
        **read_parts(fields),
    )
