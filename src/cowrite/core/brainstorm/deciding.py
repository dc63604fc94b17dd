"""Deciding: how a decision comes about, from ideas, a vote, a passage or what a model found, and what becomes of it.

Runs on the document's thread. Nothing here words an outcome: a person does, and accepts it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cowrite.core.board.items import Group, Link, Note, Tie
from cowrite.core.board.model_words import model_text_of
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.found import FoundDecision, Standing
from cowrite.core.decisions.parts import Argument, Choice, Evidence, Stance
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.sessions.polls import QUESTIONS, Ballot, Poll, PollKind
from cowrite.core.sessions.tally import tally
from cowrite.core.text.offsets import utf16_of_code_point
from cowrite.core.text.origin import Origin
from cowrite.core.text.quote import Quote
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import INSERTION

STANCES = ("agree", "abstain", "object")
"""What one can say of a decision."""
NARROWING = (PollKind.DOTS, PollKind.SCORES, PollKind.RANKED)
"""The polls that say which of many ideas are worth more."""
REVIEW_AFTER = 90
"""Days until the next look back that are suggested."""
_LATEST = 32_500_000_000_000
"""In the year 2999, milliseconds since 1970: Windows knows no local time beyond it."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(moment: int) -> str:
    """The day of a moment (milliseconds since 1970), YYYY-MM-DD, where this computer is."""
    return datetime.fromtimestamp(min(max(0, moment), _LATEST) / 1000, UTC).astimezone().date().isoformat()


def is_day(text: str) -> bool:
    """Whether a text is a day as they are written here: YYYY-MM-DD."""
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def day_meant(text: str, order: str) -> str:
    """The day that somebody has written in another form, as YYYY-MM-DD; the text itself where none is meant.

    Args:
        text: with the numbers of year, month and day, in digits of any script, and any signs between and behind them.
        order: of "d", "m" and "y", where the year does not come first: with four digits it may.
    """
    numbers = ["".join(str(unicodedata.decimal(digit)) for digit in each) for each in re.findall(r"\d+", text)]
    if len(numbers) != len(order):
        return text
    parts = dict(zip("ymd" if len(numbers[0]) == 4 else order, numbers, strict=True))
    year = parts["y"] if len(parts["y"]) > 2 else f"20{parts['y']:0>2}"
    day = f"{year}-{parts['m']:0>2}-{parts['d']:0>2}"
    return day if is_day(day) else text


def days_later(today: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(today) + timedelta(days=days)).isoformat()


def from_ideas(brainstorm: Brainstorm, ids: Sequence[str]) -> Decision:
    """A decision to be made between ideas: notes and groups become options, what supports or contradicts them
    arguments. What is sealed is left out: it would be read by all."""
    published = {note.id: note for note in brainstorm.visibility.published()}
    groups = {group.id: group for group in brainstorm.board.groups()}
    links = [link for link in brainstorm.board.links() if link.start in published and link.end in published]
    wanted = [id for id in dict.fromkeys(ids) if id in published or id in groups]
    options = tuple(
        replace(_choice(groups.get(id), published.get(id)), pros=tuple(pros), cons=tuple(cons), note=id)
        for id, (pros, cons) in _arguments(wanted, published, links).items()
    )
    named = [each.note for choice in options for each in (*choice.pros, *choice.cons)]
    session = brainstorm.session
    return Decision(
        "",
        session.question if session else "",
        rule=session.rule if session else "",
        decider=session.decider if session else "",
        context=session.constraints if session else "",
        options=options,
        notes=tuple(dict.fromkeys([*_notes_of(brainstorm, wanted), *named])),
        session=session.id if session else "",
    )


def _choice(group: Group | None, note: Note | None) -> Choice:
    """What a group or note says, as an option."""
    if group is not None and group.title:
        return Choice(group.title, model_text=group.model_text)
    return Choice(note.words, model_text=model_text_of(note)) if note is not None else Choice("")


def _notes_of(brainstorm: Brainstorm, ids: Iterable[str]) -> list[str]:
    """The ids of published notes and of what is in groups; the option of a proposal is neither."""
    members: dict[str, list[str]] = {group.id: [] for group in brainstorm.board.groups()}
    for note in brainstorm.visibility.published():
        members[note.id] = [note.id]
        if note.group in members:
            members[note.group].append(note.id)
    return [each for id in ids for each in members.get(id, ())]


def from_poll(brainstorm: Brainstorm, id: str) -> Decision | None:
    """A decision to be made from a closed poll: its results become options, those at the top first, what people said
    stances, and who was not for it dissent; None where there is no such poll or it is open.

    What narrows ideas down is asked on the way to an answer of the session's question, which is what is decided then;
    so is a proposal about which nobody has worded a question.
    """
    poll = brainstorm.visibility.poll(id)
    if poll is None or not poll.is_closed:
        return None
    drafted = from_ideas(brainstorm, [option.id for option in poll.options])
    arguments = {choice.note: choice for choice in drafted.options}
    result = tally(poll)
    order = [count.option for count in result.counts] or [option.id for option in poll.options]
    texts = {option.id: option.text for option in poll.options}
    options = tuple(
        replace(arguments.get(each, Choice(texts[each])), text=texts[each], is_chosen=each in result.winners)
        for each in order
    )
    session = brainstorm.sessions.get(poll.session)
    is_way = poll.kind in NARROWING or poll.question == QUESTIONS[poll.kind]
    asked = session.question if session and is_way else poll.question
    return replace(
        drafted,
        question=asked or poll.question or drafted.question,
        notes=tuple(_notes_of(brainstorm, result.winners)) or drafted.notes,
        rule=session.rule if session else drafted.rule,
        decider=session.decider if session else drafted.decider,
        session=poll.session or drafted.session,
        options=options,
        stances=_stances(poll),
        dissent="\n".join(_stance(ballot).words for ballot in result.dissent),
        poll=id,
    )


def from_passage(brainstorm: Brainstorm, start: int, stop: int) -> Decision:
    """A decision that rests on a passage of the draft (UTF-16 units)."""
    return Decision("", "", evidence=(brainstorm.decisions.evidence(start, stop),))


def accept_found(brainstorm: Brainstorm, found: FoundDecision) -> str:
    """Makes a decision of what a model found, with its evidence anchored where it stands in the draft; gives its id.

    A quote that does not stand there, because another text was read, is kept as words of the context.
    """
    document, decisions = brainstorm.document, brainstorm.decisions
    read = ReadText(document.spans(), INSERTION, with_embeds=False)
    text = read.text
    placed = [(quote, _place(text, quote)) for quote in found.quotes]
    evidence: list[Evidence] = [
        decisions.evidence(*read.place(utf16_of_code_point(text, at), utf16_of_code_point(text, at + len(quote.text))))
        for quote, at in placed
        if at is not None
    ]
    elsewhere = [f"“{quote.text}”" for quote, at in placed if at is None]
    is_decided = found.status is Standing.DECIDED
    decision = Decision(
        "",
        found.question or ("" if is_decided else found.text),
        Status.ACCEPTED if is_decided else Status.PROPOSED,
        owner=found.owner,
        outcome="" if found.status is Standing.OPEN else found.text,
        decided_on=day(brainstorm.clock()) if is_decided else "",
        evidence=tuple(evidence),
        context="\n".join(elsewhere),
        assist=found.record.id if found.record else "",
    )
    of_model = found.text if found.record is not None else ""  # and not the question, which a person has asked it
    decision = replace(decision, model_text=of_model)
    with document.transaction(Origin.ASSIST):
        if found.record is not None:
            document.assists.keep([found.record])
        id = decisions.add(decision, Origin.ASSIST)
        if found.due:
            when, due = ("", found.due) if is_day(found.due) else (found.due, "")
            action = Action("", found.text, when, found.owner, due, decision=id)
            decisions.actions.add(replace(action, model_text=of_model), Origin.ASSIST)
    return id


def hindrance(decision: Decision) -> str:
    """Why a decision cannot be accepted yet, in one sentence; empty where it can."""
    if not decision.question.strip():
        return "Write the question first."
    return "" if decision.outcome.strip() else "Write the outcome first, in your own words."


def accept(brainstorm: Brainstorm, id: str) -> str:
    """Accepts a decision; gives the sentence of `hindrance` where it cannot be accepted."""
    decision = brainstorm.decisions.get(id)
    if decision is None:
        return ""
    problem = hindrance(decision)
    if not problem:
        today = decision.decided_on or day(brainstorm.clock())
        brainstorm.decisions.accept(id, today)
    return problem


def supersede(brainstorm: Brainstorm, id: str) -> str:
    """Makes a decision that takes the place of another one when it is accepted; gives its id, or that of the one that
    is proposed for it already."""
    old = brainstorm.decisions.get(id)
    if old is None:
        return ""
    if old.status is Status.ACCEPTED and old.superseded_by:
        return old.superseded_by
    is_of_model = old.is_of_model(old.question)
    new = Decision(
        "",
        old.question,
        rule=old.rule,
        decider=old.decider,
        owner=old.owner,
        context=old.context,
        options=tuple(replace(choice, is_chosen=False) for choice in old.options),
        session=old.session,
        supersedes=id,
        assist=old.assist if is_of_model else "",
        model_text=old.model_text if is_of_model else "",
    )
    return brainstorm.decisions.add(new)


def review(brainstorm: Brainstorm, id: str, finding: Finding, note: str, next_on: str) -> str:
    """Puts down whether a decision has held, and when it comes back; gives the id of the decision that is to be read
    next: itself, or the one that takes its place."""
    decision = brainstorm.decisions.get(id)
    if decision is None:
        return ""
    looked = Review(day(brainstorm.clock()), finding, note.strip(), brainstorm.me)
    reviews = (*decision.reviews, looked)
    with brainstorm.document.transaction(Origin.LOCAL):
        if finding is Finding.SUPERSEDED:
            # It holds until the other one is accepted, and is looked at again where that comes to nothing.
            brainstorm.decisions.put(id, reviews=reviews, review_on=next_on or decision.review_on)
            return supersede(brainstorm, id)
        brainstorm.decisions.put(id, reviews=reviews, review_on=next_on)
    return id


def take_new_wording(brainstorm: Brainstorm, id: str, at: int) -> None:
    """Lets a decision rest on the words that stand now where its evidence was taken."""
    decision = brainstorm.decisions.get(id)
    if decision is None or not 0 <= at < len(decision.evidence):
        return
    now = brainstorm.decisions.quote_now(decision.evidence[at])
    if now is not None:
        evidence = list(decision.evidence)
        evidence[at] = replace(evidence[at], quote=now)
        brainstorm.decisions.put(id, evidence=tuple(evidence))


def _arguments(
    ids: Iterable[str], notes: Mapping[str, Note], links: Iterable[Link]
) -> dict[str, tuple[list[Argument], list[Argument]]]:
    """By the id of each note and group what links say for it and against it; for a group, what they say of its notes.

    Args:
        ids: of the notes and groups.
        notes: all by their ids, those from and to which links lead among them.
        links: between them.
    """
    found: dict[str, tuple[list[Argument], list[Argument]]] = {id: ([], []) for id in ids}
    for link in links:
        if link.tie in (Tie.SUPPORTS, Tie.CONTRADICTS):
            start = notes[link.start]
            argument = Argument(start.words, start.id, model_text=model_text_of(start))
            for id in {link.end, notes[link.end].group} & found.keys():
                pros, cons = found[id]
                (pros if link.tie is Tie.SUPPORTS else cons).append(argument)
    return found


def _stances(poll: Poll) -> tuple[Stance, ...]:
    """What each said of a proposal; other polls weigh options, and nobody said anything of the outcome."""
    return tuple(map(_stance, (ballot for ballot in poll.ballots if ballot.position)))


def _stance(ballot: Ballot) -> Stance:
    return Stance(ballot.voter, ballot.position, ballot.reason)


def _place(text: str, quote: Quote) -> int | None:
    """Where a quote stands in a text (code points): at its place, or else at the nearest one with the same words."""
    if not quote.text.strip():
        return None
    if text[quote.start : quote.end] == quote.text:
        return quote.start
    places = [match.start() for match in re.finditer(re.escape(quote.text), text)]
    return min(places, key=lambda at: abs(at - quote.start)) if places else None
