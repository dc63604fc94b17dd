"""What the widgets of a session are told and what they tell: frozen values.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cowrite.core.sessions.polls import Ballot, Poll
from cowrite.core.sessions.sessions import VARIANTS, Phase


@dataclass(frozen=True, slots=True)
class Beginning:
    """How somebody wants a session to begin.

    Attributes:
        question: what it is about.
        constraints: what an answer has to keep to.
        template: the name of the template.
        phases: in their order.
        minutes: lengths that differ from the defaults.
        is_anonymous: whether notes come without names.
        facilitator: the name of who may move it on; everybody may where it is empty.
        decider: who decides.
        rule: how.
        deadline: until when people write (milliseconds since 1970); 0 for no such day.
    """

    question: str
    constraints: str = ""
    template: str = ""
    phases: tuple[Phase, ...] = VARIANTS["full"]
    minutes: Mapping[Phase, int] = field(default_factory=dict)
    is_anonymous: bool = False
    facilitator: str = ""
    decider: str = ""
    rule: str = ""
    deadline: int = 0


@dataclass(frozen=True, slots=True)
class PadNote:
    """One of one's own notes, as the pad lists it.

    Attributes:
        id: of the note.
        text: what it says.
        is_late: whether it came after the others' had been revealed.
        is_locked: whether it stays as it is until somebody unlocks it.
    """

    id: str
    text: str
    is_late: bool = False
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Seed:
    """A note of somebody's that one can build on: its id, what it says, and the title of its group."""

    id: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class PadShown:
    """What the pad shows.

    Attributes:
        question: of the session.
        notes: one's own.
        is_sealed: whether what is written now lies sealed.
        is_anonymous: whether it will come without one's name.
        where: where the notes lie, in a sentence.
        problem: what is wrong with that, or nothing.
        is_offline: whether the server is out of reach, which the problem tells of then.
        prompts: shown one by one.
        prompt: the number of the one that everybody looks at now, from 0; -1 where the person turns them alone.
        seeds: a few notes to build on.
        has_more: whether there are other notes to build on.
        spread: how much the assistant's ideas have widened what people wrote, in a sentence; or nothing.
        held: why words on the pad are still there though their session does not run, in a sentence; or nothing.
    """

    question: str
    notes: tuple[PadNote, ...] = ()
    is_sealed: bool = True
    is_anonymous: bool = False
    where: str = ""
    problem: str = ""
    is_offline: bool = False
    prompts: tuple[str, ...] = ()
    prompt: int = -1
    seeds: tuple[Seed, ...] = ()
    has_more: bool = False
    spread: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase in the menu of the bar.

    Attributes:
        phase: it.
        minutes: its suggested length; 0 for none.
        is_here: whether the group is at it.
    """

    phase: Phase
    minutes: int = 0
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class BarShown:
    """What the bar says.

    Attributes:
        question: of the session.
        phase: at which the group is.
        rows: all phases of the session, in their order.
        looks_at: the phase that this person looks at.
        may_lead: whether this person may move the group on.
        facilitator: who leads, or nobody.
        may_take_over: whether whoever leads is not here.
        is_apart: whether this person is offline, so that who is here and where the group is now are not known.
        people: the names of the others who are here.
        ends: of the deadline, milliseconds since 1970; 0 for none.
        minutes: for which the timer would be started.
        done: the names of those who are done.
        present: how many people are here and may write, or are done.
        is_done: whether this person is.
        counts: how much lies sealed, in words; or nothing.
        counts_tip: more about that.
        is_away: whether the group is where this person does not look.
        may_write: whether this person may change the document.
        may_say: whether they may say that they are done.
        has_later: whether a phase comes behind the group's.
        is_revealed: whether everybody sees notes right away.
        is_at_draft: whether this person is at the draft, where nothing tells of the session but the bar.
    """

    question: str
    phase: Phase
    rows: tuple[PhaseRow, ...]
    looks_at: Phase
    may_lead: bool = True
    facilitator: str = ""
    may_take_over: bool = False
    is_apart: bool = False
    people: tuple[str, ...] = ()
    ends: int = 0
    minutes: int = 5
    done: tuple[str, ...] = ()
    present: int = 1
    is_done: bool = False
    counts: str = ""
    counts_tip: str = ""
    is_away: bool = False
    may_write: bool = True
    may_say: bool = True
    has_later: bool = True
    is_revealed: bool = False
    is_at_draft: bool = False


@dataclass(frozen=True, slots=True)
class PageButton:
    """A button of a plain page: what it asks for, and how it looks ("primary", "quiet" or plain)."""

    id: str
    text: str
    tip: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question of a plain page with a few answers, of which one is chosen.

    Attributes:
        words: the question.
        answers: each with the id of what it asks for.
        chosen: the id of this person's answer, or empty.
        said: what the others have answered, in a sentence; or empty.
    """

    words: str
    answers: tuple[PageButton, ...]
    chosen: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class PlainShown:
    """A page of sentences, a question perhaps, buttons, and below them steps, each with a name and what it is for."""

    heading: str
    lines: tuple[str, ...] = ()
    buttons: tuple[PageButton, ...] = ()
    question: PageQuestion | None = None
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FrameShown:
    """The frame of a session, whether this person may change it, and who leads it, or nobody."""

    question: str
    constraints: str = ""
    decider: str = ""
    rule: str = ""
    anonymity: str = ""
    may_change: bool = True
    leader: str = ""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """What is still open from earlier: an action, or a decision that is due.

    Attributes:
        id: of it.
        text: in words.
        is_carried: whether this session has taken an action on.
        is_done: whether an action is done.
        is_decision: whether it is a decision.
    """

    id: str
    text: str
    is_carried: bool = False
    is_done: bool = False
    is_decision: bool = False


@dataclass(frozen=True, slots=True)
class PollsShown:
    """The polls of a page.

    Attributes:
        heading: of the page.
        polls: the newest first, as `Visibility` gives them.
        ballots: one's own, by the ids of the polls.
        voters: how many have voted, by the ids of the polls of which that is known.
        people: how many are here, or left while a poll was open.
        may_lead: whether this person opens and closes polls.
        may_vote: whether they are one of those who are asked.
        revoted: ids of the polls that have been asked again.
        by_spread: whether the most disputed stands first.
        problems: by the ids of polls what is wrong with their sealed boxes.
        is_offline: see `PadShown`.
        refusal: why nobody can vote here, or nothing.
        offers: what can be opened here: its title; nothing for nothing.
        may_decide: whether a decision can be written down here without a poll, and from a closed one without leading.
        may_put_minutes: whether the minutes of the session can be put into the draft here.
        within: what the notes of options that are groups say, by the ids of the options.
        decided: ids of the polls of which a decision was made.
        titles: what the polls ask, by their ids, so that one knows those from each other that ask the same.
        lines: what is said below the heading.
    """

    heading: str
    polls: tuple[Poll, ...] = ()
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    voters: Mapping[str, int] = field(default_factory=dict)
    people: int = 1
    may_lead: bool = True
    may_vote: bool = True
    revoted: frozenset[str] = frozenset()
    by_spread: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    is_offline: bool = False
    refusal: str = ""
    offers: str = "Open a poll…"
    may_decide: bool = False
    may_put_minutes: bool = False
    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
