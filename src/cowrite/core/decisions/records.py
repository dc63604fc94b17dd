"""Records: decisions with all that is to be read beside them, as they leave the document: exports and cards.

Runs on the document's thread. What is of the board is read through `core.sessions.visibility` alone, and only what
everybody has: nothing sealed, and no name from an anonymous vote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.cards import Card
from cowrite.core.decisions.decisions import Decision, Decisions, Status
from cowrite.core.sessions.polls import Poll, PollKind
from cowrite.core.sessions.tally import Count, tally
from cowrite.core.sessions.visibility import Visibility
from cowrite.core.text.first_words import shortened
from cowrite_server.counting import counted

STATUS_WORDS = {
    Status.PROPOSED: "Proposed",
    Status.ACCEPTED: "Accepted",
    Status.REJECTED: "Rejected",
    Status.SUPERSEDED: "Superseded",
}
FROM_MODEL = "Wording from the assistant"
LONGEST_QUESTION = 60  # characters of another decision's question on a card


def supersedes_words(decision: Decision) -> str:
    """How a decision stands to the one whose place it takes, before that one's question."""
    return {Status.PROPOSED: "To supersede", Status.REJECTED: "Was to supersede"}.get(decision.status, "Supersedes")


def superseded_words(decision: Decision) -> str:
    """How a decision stands to the one that takes its place, before that one's question."""
    return "Superseded by" if decision.status is Status.SUPERSEDED else "To be superseded by"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage that a decision rests on.

    Attributes:
        quote: its words when it was taken.
        now: its words now; None where the place is gone.
    """

    quote: str
    now: str | None

    @property
    def is_stale(self) -> bool:
        """Whether it has changed."""
        return self.now != self.quote


@dataclass(frozen=True, slots=True)
class Record:
    """One decision as it can be read without the document.

    Attributes:
        decision: it; nobody is named in it who voted without a name.
        notes: the words of the notes that led to it, by id; those that not everybody has are left out.
        vote: what the poll came to, one line for each option or position.
        quotes: what it rests on in the draft.
        actions: what follows.
        supersedes: the name of the decision whose place it takes, or empty.
        superseded_by: the name of the one that took its place, or that will when it is accepted; or empty.
    """

    decision: Decision
    notes: Mapping[str, str] = field(default_factory=dict)
    vote: tuple[str, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    actions: tuple[Action, ...] = ()
    supersedes: str = ""
    superseded_by: str = ""


def card_of(decision: Decision, decisions: Decisions) -> Card:
    """A decision as the draft shows it."""
    details = [f"{what}: {who}" for what, who in (("Decider", decision.decider), ("Owner", decision.owner)) if who]
    details += [decision.decided_on] if decision.decided_on else []
    details += [FROM_MODEL] if any(map(decision.is_of_model, (decision.question, decision.outcome))) else []
    for words, id in (
        (supersedes_words(decision), decision.supersedes),
        (superseded_words(decision), decision.superseded_by),
    ):
        other = decisions.get(id)
        details += [f"{words} “{shortened(other.name, LONGEST_QUESTION)}”"] if other is not None else []
    return Card(
        decision.question,
        decision.outcome,
        STATUS_WORDS[decision.status],
        tuple(details),
        decisions.is_stale(decision),
    )


def records(decisions: Decisions, visibility: Visibility, ids: Collection[str] | None = None) -> list[Record]:
    """The records of decisions, in the order in which they were put down; of all without `ids`."""
    published = {note.id: note.words for note in visibility.published(merged=True)}
    names = {each.id: each.name for each in decisions.all()}
    actions = decisions.actions.all()
    found = []
    for decision in decisions.all():
        if ids is not None and decision.id not in ids:
            continue
        poll = visibility.poll(decision.poll)
        found.append(
            Record(
                nameless(decision, poll),
                {id: published[id] for id in _notes_of(decision) if id in published},
                vote_lines(poll),
                tuple(Quoted(each.quote, decisions.quote_now(each)) for each in decision.evidence),
                tuple(action for action in actions if action.decision == decision.id),
                names.get(decision.supersedes, ""),
                names.get(decision.superseded_by, ""),
            )
        )
    return found


def model_wording(record: Record) -> list[str]:
    """What of a record has words of the model: question, outcome, options with their arguments, and actions."""
    decision = record.decision
    said = [text for text in (decision.question, decision.outcome) if decision.is_of_model(text)]
    for choice in decision.options:
        said += [choice.text] if choice.is_of_model else []
        said += [each.text for each in (*choice.pros, *choice.cons) if each.is_of_model]
    said += [action.what for action in record.actions if action.is_of_model]
    return list(dict.fromkeys(" ".join(text.split()) for text in said))


def nameless(decision: Decision, poll: Poll | None) -> Decision:
    """A decision without the names of those who voted without one."""
    if poll is None or not poll.is_anonymous:
        return decision
    return replace(decision, stances=tuple(replace(stance, voter="") for stance in decision.stances))


def vote_lines(poll: Poll | None) -> tuple[str, ...]:
    """What a poll came to, one line for each option or position; none while it is open."""
    if poll is None or not poll.is_closed:
        return ()
    result = tally(poll)
    if result.positions:
        return tuple(f"{position}: {count}" for position, count in result.positions)
    texts = {option.id: option.text for option in poll.options}
    return tuple(f"{texts.get(count.option, '')}: {_came_to(poll.kind, count)}" for count in result.counts)


def _came_to(kind: PollKind, count: Count) -> str:
    if kind is PollKind.SCORES:
        return f"{count.value:.1f} on average" if count.voters else "no scores"
    return counted(count.value, "dot" if kind is PollKind.DOTS else "ballot")


def _notes_of(decision: Decision) -> list[str]:
    """The ids of the notes that led to a decision: an option that another one was chosen over did not."""
    is_chosen = any(choice.is_chosen for choice in decision.options)
    passed_over = {choice.note for choice in decision.options if is_chosen and not choice.is_chosen}
    options = [id for id in (*decision.notes, *(choice.note for choice in decision.options)) if id not in passed_over]
    grounds = [id for ground in decision.grounds for id in ground.ids]
    arguments = [each.note for choice in decision.options for each in (*choice.pros, *choice.cons)]
    return list(dict.fromkeys(filter(None, (*options, *grounds, *arguments))))
