"""Sessions: a group's way from a question to a decision, in soft phases, in the root `board`.

Runs on the document's thread. A phase says what is in front and what its defaults are. It refuses nobody's input: what
comes late is taken and marked, and whoever is still writing is not pulled along. What is sealed is not here; see
`core.sessions.visibility`. The course of a session is no act of one person on the board: undo there leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from cowrite.core.board.series import Series
from cowrite.core.crdt.anchor import Anchor, BadAnchor
from cowrite.core.entries.authors import shown_name
from cowrite.core.entries.entries import Written
from cowrite.core.entries.fields import Fields, counts, member, text, texts, truth, whole
from cowrite.core.sessions.polls import MOST_CRITERIA
from cowrite.core.text.origin import Origin


class Phase(StrEnum):
    """What the group is at."""

    OPEN = "open"
    FRAME = "frame"
    WRITE = "write"
    REVEAL = "reveal"
    BUILD = "build"
    GROUP = "group"
    CLARIFY = "clarify"
    RATE = "rate"
    DIFFERENCES = "differences"
    DECIDE = "decide"
    ACT = "act"
    REVIEW = "review"


class Worth(StrEnum):
    """Whether a session was worth the time, for one person."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PhaseDefaults:
    """What a phase sets, and everybody may do otherwise.

    Attributes:
        minutes: suggested length; 0 for none.
        is_sealed: whether notes written in it lie sealed until they are revealed.
        is_silent: whether people work alone, and the model stays out.
    """

    minutes: int = 0
    is_sealed: bool = False
    is_silent: bool = False


DEFAULTS: Mapping[Phase, PhaseDefaults] = {
    Phase.OPEN: PhaseDefaults(),
    Phase.FRAME: PhaseDefaults(3),
    Phase.WRITE: PhaseDefaults(6, is_sealed=True, is_silent=True),
    Phase.REVEAL: PhaseDefaults(),
    Phase.BUILD: PhaseDefaults(5),
    Phase.GROUP: PhaseDefaults(5),
    Phase.CLARIFY: PhaseDefaults(10),
    Phase.RATE: PhaseDefaults(3, is_silent=True),
    Phase.DIFFERENCES: PhaseDefaults(10),
    Phase.DECIDE: PhaseDefaults(10),
    Phase.ACT: PhaseDefaults(5),
    Phase.REVIEW: PhaseDefaults(),
}

VARIANTS: Mapping[str, tuple[Phase, ...]] = {
    "full": tuple(Phase),
    "quick": (Phase.FRAME, Phase.WRITE, Phase.REVEAL, Phase.RATE, Phase.ACT),
    "asynchronous": (Phase.FRAME, Phase.WRITE, Phase.REVEAL, Phase.GROUP, Phase.RATE, Phase.DECIDE),
    "solo": (Phase.FRAME, Phase.WRITE, Phase.BUILD, Phase.GROUP, Phase.ACT),
    "decision": (Phase.FRAME, Phase.DECIDE, Phase.ACT, Phase.REVIEW),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a phase is meant to last: a moment on the clock, not a count that somebody has to keep.

    Attributes:
        ends: by the clock of whoever set it, in milliseconds since 1970.
        ends_there: by the server's clock, the same for all who know it; 0 where whoever set it did not.
    """

    ends: int
    ends_there: int = 0

    def ends_here(self, ahead: int | None) -> int:
        """When it ends by this computer's clock, in milliseconds since 1970.

        Args:
            ahead: milliseconds by which the server's clock is ahead of this one; None where that is not known.
        """
        return self.ends_there - ahead if self.ends_there and ahead is not None else self.ends


@dataclass(frozen=True, slots=True)
class Move:
    """The last step of a session: who took it, from which phase, to which, and its number, 0 where that is not known.
    Of two that were taken without knowing of each other one holds, and by this the other one is known."""

    by: str
    before: Phase
    to: Phase
    number: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One session.

    Attributes:
        id: "session:" and a random part.
        question: what it is about.
        constraints: what an answer has to keep to.
        rule: how it will be decided, in words: consent, majority, advice, one person.
        decider: who decides.
        is_anonymous: whether notes are revealed without their authors.
        phases: in the order of this session.
        phase: the one that is in front.
        facilitator: the name of who may move it on; everybody may where it is empty.
        deadline: of the phase, or None.
        template: the name of the template it began with, or empty.
        minutes: suggested lengths of phases that differ from their defaults; 0 for none.
        prompts: what is shown one by one while people write; the template's, which the others may not have.
        criteria: on which its shortlist is to be scored, or none.
        writes_until: the moment until which people write, each when they like (milliseconds since 1970); 0 where they
            write together.
        moved: the last step that was taken, or None.
        is_revealed: whether the notes of the silent phase are on the board.
        is_over: whether it has been closed.
        created: milliseconds since 1970.
    """

    id: str
    question: str
    constraints: str = ""
    rule: str = ""
    decider: str = ""
    is_anonymous: bool = False
    phases: tuple[Phase, ...] = VARIANTS["full"]
    phase: Phase = Phase.FRAME
    facilitator: str = ""
    deadline: Deadline | None = None
    template: str = ""
    is_revealed: bool = False
    is_over: bool = False
    created: int = 0
    minutes: Mapping[Phase, int] = field(default_factory=dict)
    prompts: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    writes_until: int = 0
    moved: Move | None = None

    @property
    def defaults(self) -> PhaseDefaults:
        """What holds in the phase that is in front."""
        return DEFAULTS[self.phase]

    def minutes_for(self, phase: Phase) -> int:
        """The suggested length of a phase here; 0 for none."""
        return self.minutes.get(phase, DEFAULTS[phase].minutes)

    @property
    def later(self) -> tuple[Phase, ...]:
        """The phases behind the one in front; where that was taken out of them, those that usually follow it."""
        if self.phase in self.phases:
            return self.phases[self.phases.index(self.phase) + 1 :]
        usual = tuple(Phase)
        return tuple(phase for phase in self.phases if usual.index(phase) > usual.index(self.phase))

    @property
    def seals(self) -> bool:
        """Whether a note that is written now lies sealed."""
        return self.defaults.is_sealed and not self.is_revealed and not self.is_over

    @property
    def is_late(self) -> bool:
        """Whether a note that is written now comes after the silent phase."""
        return self.is_revealed and self.phase in (Phase.WRITE, Phase.REVEAL, *_AFTER_BUILD)

    def is_late_at(self, moment: int) -> bool:
        """Whether a note that is written at a moment is late: after the reveal, or after a day and hour agreed on."""
        return self.is_late or (self.seals and 0 < self.writes_until < moment)


_AFTER_BUILD = (Phase.GROUP, Phase.CLARIFY, Phase.RATE, Phase.DIFFERENCES, Phase.DECIDE, Phase.ACT, Phase.REVIEW)


class Sessions(Series[Session]):
    """The sessions of a document."""

    kind = "session"

    def begin(self, session: Session) -> str:
        """Begins a session, and gives its id. Without an id or a time it gets them."""
        id = session.id or self._new_id()
        written = {name: Written(getattr(session, name)) for name in ("question", "constraints")}
        simple = {name: getattr(session, name) for name in _SIMPLE}
        lists = {name: list(getattr(session, name)) for name in ("phases", "prompts", "criteria")}
        minutes = {str(phase): minutes for phase, minutes in session.minutes.items()}
        created = session.created or self._moment()
        fields = {**simple, **written, **lists, "minutes": minutes, "created": created}
        self._entries.add(id, fields, Origin.SAID)
        return id

    def change(self, id: str, **fields: Any) -> None:
        """Sets fields of a session by their names: another question, order of phases, facilitator and so on.

        Raises:
            NoSuchEntry: there is no such session.
        """
        phases = {"phases": list(fields["phases"])} if "phases" in fields else {}
        self._entries.change(id, {**fields, **phases}, Origin.SAID)

    def go_to(self, id: str, phase: Phase, by: str = "", *, behind: int = 0) -> None:
        """Puts a phase in front; the deadline of the one before ends with it.

        Args:
            id: of the session.
            phase: where to.
            by: the name of who takes the group there.
            behind: number of a step that comes before it, beside the last one.

        Raises:
            NoSuchEntry: there is no such session.
        """
        before = self.get(id)
        moved = None
        if before is not None:
            last = before.moved.number if before.moved is not None else 0
            moved = asdict(Move(by, before.phase, phase, max(last, behind) + 1))
        self._entries.change(id, {"phase": phase, "deadline": None, "moved": moved}, Origin.SAID)

    def set_deadline(self, id: str, deadline: Deadline | None) -> None:
        """Sets until when the phase lasts, or takes the deadline away.

        Raises:
            NoSuchEntry: there is no such session.
        """
        fields = None if deadline is None else asdict(deadline)
        self._entries.change(id, {"deadline": fields}, Origin.SAID)

    def say_done(self, id: str, phase: Phase, name: str, is_done: bool) -> None:
        """Says for a person, by name, whether they are done with a phase."""
        key = f"done:{id.removeprefix('session:')}:{phase}:{name}"
        self._say(key, {"session": id, "phase": phase, "name": name}, is_done=is_done)

    def done(self, id: str, phase: Phase) -> list[str]:
        """The names of those who are done with a phase, sorted."""
        prefix = f"done:{id.removeprefix('session:')}:{phase}"
        return sorted(str(fields.get("name", "")) for _, fields in self._entries.all(prefix) if fields.get("is_done"))

    def say_worth(self, id: str, name: str, worth: Worth) -> None:
        """Says for a person, by name, whether a session was worth the time; what they said before gives way."""
        self._say(f"worth:{id.removeprefix('session:')}:{name}", {"session": id, "name": name}, worth=worth)

    def worth(self, id: str) -> dict[str, Worth]:
        """Whether a session was worth the time, by the names of those who have said so, sorted."""
        prefix = f"worth:{id.removeprefix('session:')}"
        said = {text(fields, "name"): text(fields, "worth") for _, fields in self._entries.all(prefix)}
        return {name: Worth(said[name]) for name in sorted(said) if said[name] in set(Worth)}

    def say_contributed(self, id: str, name: str) -> None:
        """Says that a person has handed something in, and not what; for a session whose notes have names."""
        self._say(f"wrote:{id.removeprefix('session:')}:{name}", {"session": id, "name": name})

    def contributed(self, id: str) -> list[str]:
        """The names of those who have handed something in, sorted."""
        prefix = f"wrote:{id.removeprefix('session:')}"
        return sorted(str(fields.get("name", "")) for _, fields in self._entries.all(prefix))

    def say_minuted(self, id: str, start: Anchor, stop: Anchor) -> None:
        """Says where in the draft the minutes of a session stand: from where to where their heading goes."""
        key = f"minuted:{id.removeprefix('session:')}"
        self._say(key, {"session": id}, start=start.to_json(), stop=stop.to_json())

    def minuted(self, id: str) -> tuple[Anchor, Anchor] | None:
        """From where to where the heading of a session's minutes goes; None where nobody has put any into the draft."""
        fields = self._entries.get(f"minuted:{id.removeprefix('session:')}") or {}
        try:
            return Anchor.from_json(fields.get("start")), Anchor.from_json(fields.get("stop"))
        except BadAnchor:  # which others can have written
            return None

    def say_seen(self, notes: Sequence[str], name: str) -> None:
        """Says for a person that they have opened or discussed notes; for the coverage meter."""
        with self._document.transaction(Origin.SAID):
            for note in notes:
                self._say(f"seen:{note.removeprefix('note:')}:{name}", {"note": note, "name": name})

    def seen(self) -> dict[str, set[str]]:
        """By note id the names of those who have opened or discussed it."""
        names: dict[str, set[str]] = {}
        for _, fields in self._entries.all("seen"):
            names.setdefault(str(fields.get("note", "")), set()).add(str(fields.get("name", "")))
        return names

    def _say(self, key: str, of: Fields, **said: Any) -> None:
        """Puts down once who says something, and of what; `said` takes the place of what they said before."""
        if self._entries.get(key, removed=True) is None:
            self._entries.add(key, {**of, **said}, Origin.SAID)
        elif said:
            self._entries.change(key, said, Origin.SAID)

    @staticmethod
    def _value(id: str, fields: Fields) -> Session:
        phases = tuple(Phase(each) for each in texts(fields, "phases") if each in _NAMES)
        return Session(
            id=id,
            question=text(fields, "question"),
            constraints=text(fields, "constraints"),
            rule=text(fields, "rule"),
            decider=shown_name(text(fields, "decider")),
            is_anonymous=truth(fields, "is_anonymous"),
            phases=phases or VARIANTS["full"],
            phase=member(Phase, fields, "phase", Phase.FRAME),
            facilitator=shown_name(text(fields, "facilitator")),
            deadline=_deadline(fields.get("deadline")),
            template=text(fields, "template"),
            is_revealed=truth(fields, "is_revealed"),
            is_over=truth(fields, "is_over"),
            created=whole(fields, "created"),
            minutes={
                Phase(name): max(0, many) for name, many in counts(fields.get("minutes")).items() if name in _NAMES
            },
            prompts=texts(fields, "prompts")[:MOST_PROMPTS],
            criteria=texts(fields, "criteria")[:MOST_CRITERIA],
            writes_until=whole(fields, "writes_until"),
            moved=_moved(fields.get("moved")),
        )


MOST_PROMPTS = 100
"""Of what a peer has written so many are read, the first ones."""
_NAMES = frozenset(phase.value for phase in Phase)
_SIMPLE = (
    *("rule", "decider", "facilitator", "template", "is_anonymous", "is_revealed", "is_over", "phase", "writes_until"),
)


def _moved(fields: object) -> Move | None:
    if not isinstance(fields, dict):
        return None
    before, to = text(fields, "before"), text(fields, "to")
    if not {before, to} <= _NAMES:
        return None
    return Move(shown_name(text(fields, "by")), Phase(before), Phase(to), whole(fields, "number"))


def _deadline(fields: object) -> Deadline | None:
    if not isinstance(fields, dict) or not whole(fields, "ends"):
        return None
    return Deadline(whole(fields, "ends"), whole(fields, "ends_there"))
