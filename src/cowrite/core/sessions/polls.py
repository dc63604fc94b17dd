"""Polls: what people are asked to weigh, and the ballots once it is closed, in the root `board`.

Runs on the document's thread. While a poll is open no ballot is in the document: they lie sealed at the server, or on
each person's own computer. Closing puts all of them here at once, in an order that says nothing about who was first.
How they are counted is `core.sessions.tally`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, sqrt
from typing import Any

from cowrite.core.board.series import Series
from cowrite.core.entries.authors import shown_name
from cowrite.core.entries.entries import Written
from cowrite.core.entries.fields import Fields, counts, member, objects, text, texts, truth, whole
from cowrite.core.text.origin import Origin


class PollKind(StrEnum):
    """How a ballot is filled in."""

    DOTS = "dots"
    """So many dots, put on options: for narrowing many to a few."""
    SCORES = "scores"
    """Each option from 0 to 5 on each criterion."""
    RANKED = "ranked"
    """Options in order of preference, as many as one likes."""
    CONSENT = "consent"
    """One proposal: consent, concern or objection, each but the first with a reason."""
    STANCE = "stance"
    """One proposal: agree, abstain, disagree or block, with a reason."""


ABSTAIN = "abstain"
POSITIONS = {
    PollKind.CONSENT: ("consent", "concern", "objection"),
    PollKind.STANCE: ("agree", ABSTAIN, "disagree", "block"),
}
"""What one can say about a proposal; the last of each stops it."""

QUESTIONS: Mapping[PollKind, str] = {
    PollKind.DOTS: "Which ideas should we look at more closely?",
    PollKind.SCORES: "How do these ideas do?",
    PollKind.RANKED: "Which idea should it be?",
    PollKind.CONSENT: "Does anything speak against this?",
    PollKind.STANCE: "Where do you stand?",
}
"""What is asked where nobody words it."""

HIGHEST_SCORE = 5

MOST_OPTIONS, MOST_CRITERIA, MOST_BALLOTS = 1_000, 20, 1_000
"""So many of each are read, the first ones; what a peer has written beyond them would only keep the window waiting."""


@dataclass(frozen=True, slots=True)
class Option:
    """What can be voted for.

    Attributes:
        id: of the note or group that it stands for, or of its own.
        text: what people read.
    """

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person says; of its fields only that of the poll's kind counts.

    Attributes:
        dots: number of dots for option ids.
        scores: for criteria, the score for option ids.
        ranking: option ids, the dearest first.
        position: one of POSITIONS.
        reason: in the person's words.
        voter: their name; empty where nobody is to know.
    """

    dots: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    ranking: tuple[str, ...] = ()
    position: str = ""
    reason: str = ""
    voter: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it lies sealed and in the document; what is empty is left out."""
        whole = {
            "dots": dict(self.dots),
            "scores": {criterion: dict(scores) for criterion, scores in self.scores.items()},
            "ranking": list(self.ranking),
            "position": self.position,
            "reason": self.reason,
            "voter": self.voter,
        }
        return {name: value for name, value in whole.items() if value}

    @classmethod
    def of_json(cls, plain: Any) -> Ballot:
        """A ballot from what somebody sent; what makes no sense in it is passed over."""
        fields = plain if isinstance(plain, dict) else {}
        scores = fields.get("scores")
        return cls(
            dots=counts(fields.get("dots")),
            scores={name: counts(each) for name, each in scores.items()} if isinstance(scores, dict) else {},
            ranking=texts(fields, "ranking"),
            position=text(fields, "position"),
            reason=text(fields, "reason"),
            voter=shown_name(text(fields, "voter")),
        )


@dataclass(frozen=True, slots=True)
class Poll:
    """One question to all.

    Attributes:
        id: "poll:" and a random part.
        kind: how it is answered.
        question: what is asked.
        options: what can be voted for; for a proposal that one alone.
        budget: dots that each person has.
        most: dots that one option can get from one person.
        criteria: on which options are scored.
        is_anonymous: whether ballots are without names.
        session: the id of its session, or empty.
        revote_of: the id of the poll that it asks again, or empty.
        is_closed: whether it is over, and `ballots` holds what was said.
        ballots: in an order that says nothing.
        created: milliseconds since 1970.
    """

    id: str
    kind: PollKind
    question: str
    options: tuple[Option, ...]
    budget: int = 0
    most: int = 0
    criteria: tuple[str, ...] = ()
    is_anonymous: bool = False
    session: str = ""
    revote_of: str = ""
    is_closed: bool = False
    ballots: tuple[Ballot, ...] = ()
    created: int = 0


def suggested_budget(options: int) -> int:
    """How many dots each person should have for so many options: the root of their number, and one."""
    return max(1, ceil(sqrt(options)) + 1)


def told_apart(polls: Iterable[Poll]) -> dict[str, str]:
    """What each of a document's polls asks, by its id. Of several that ask the same the later ones have a number.

    Args:
        polls: all of them, in the order in which they were opened.
    """
    times: Counter[tuple[str, bool]] = Counter()
    titles = {}
    for poll in polls:
        asked = (poll.question, bool(poll.revote_of))
        times[asked] += 1
        titles[poll.id] = poll.question if times[asked] == 1 else f"{poll.question} ({times[asked]})"
    return titles


class Polls(Series[Poll]):
    """The polls of a document."""

    kind = "poll"

    def open(self, poll: Poll) -> str:
        """Opens a poll, and gives its id. Without an id, a time or a budget it gets them."""
        id = poll.id or self._new_id()
        budget = poll.budget or suggested_budget(len(poll.options))
        fields = {
            "kind": poll.kind,
            "question": Written(poll.question),
            "options": [{"id": option.id, "text": option.text} for option in poll.options],
            "budget": budget,
            "most": poll.most or budget,
            "criteria": list(poll.criteria),
            "is_anonymous": poll.is_anonymous,
            "session": poll.session,
            "revote_of": poll.revote_of,
            "created": poll.created or self._moment(),
        }
        self._entries.add(id, fields, Origin.SAID)
        return id

    def remove(self, id: str) -> None:
        """Takes a poll away, in which nobody has voted.

        Raises:
            NoSuchEntry: there is no such poll.
        """
        self._entries.remove(id, Origin.SAID)

    @staticmethod
    def _value(id: str, fields: Fields) -> Poll:
        options = {text(each, "id"): text(each, "text") for each in objects(fields, "options")[:MOST_OPTIONS]}
        return Poll(
            id=id,
            kind=member(PollKind, fields, "kind", PollKind.DOTS),
            question=text(fields, "question"),
            options=tuple(Option(id, words) for id, words in options.items() if id),
            budget=max(0, whole(fields, "budget")),
            most=max(0, whole(fields, "most")),
            criteria=texts(fields, "criteria")[:MOST_CRITERIA],
            is_anonymous=truth(fields, "is_anonymous"),
            session=text(fields, "session"),
            revote_of=text(fields, "revote_of"),
            is_closed=truth(fields, "is_closed"),
            ballots=tuple(Ballot.of_json(each) for each in objects(fields, "ballots")[:MOST_BALLOTS]),
            created=whole(fields, "created"),
        )
