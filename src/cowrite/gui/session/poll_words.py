"""Polls in words: what each kind asks, what each position means, and how ballots are counted.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cowrite.core.sessions.polls import Poll, PollKind
from cowrite.core.sessions.tally import Count, Tally
from cowrite.core.text.direction import isolated
from cowrite.core.text.first_words import shortened
from cowrite_server.counting import counted

MOST_WITHIN = 5
"""Notes of a group that a ballot shows; the board has them all."""
LONGEST_NAME = 60
"""Characters of one of them, and of an option that a sentence names with others."""
MOST_NAMED = 4
"""Options that a sentence names."""
APART = 0.35
"""The spread from which people differ so much that it is said (see `Count.spread`)."""


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of poll: its title, when it is good, and the rule by which it is counted."""

    title: str
    tip: str
    rule: str


KINDS: Mapping[PollKind, KindWords] = {
    PollKind.DOTS: KindWords(
        "Dots",
        "A number of dots for each person: from many ideas to a few",
        "Dots beyond the most for one idea do not count. A ballot with too many dots loses them one after the other "
        "until it is within the limit, each from the idea with the most, or of several such from the last one listed.",
    ),
    PollKind.SCORES: KindWords(
        "Scores",
        "From 0 to 5 on each criterion: for a shortlist",
        "The mean of the scores that were given counts, and all criteria weigh alike.",
    ),
    PollKind.RANKED: KindWords(
        "Ranking",
        "Ideas in order of preference: one of several is chosen",
        "In each round the idea that leads the fewest ballots drops out, until one leads more than half of those that "
        "still name one. Of several with equally few, the one that led fewer before drops out, or else the one listed "
        "last; if all that are left have led equally in every round, they are level.",
    ),
    PollKind.CONSENT: KindWords(
        "Consent",
        "One proposal that stands unless somebody objects",
        "The proposal stands where somebody consents and nobody objects.",
    ),
    PollKind.STANCE: KindWords(
        "Agree or disagree",
        "One proposal, and where each person stands",
        "The proposal stands where more agree than disagree and nobody blocks it.",
    ),
}
TWICE = "Of two ballots under one name, only one counts."

POSITION_WORDS: Mapping[str, tuple[str, str]] = {
    "consent": ("I consent", "I can live with it"),
    "concern": ("I have a concern", "It may go ahead, and my concern is to be written down"),
    "objection": ("I object", "It would do harm; say what, so that the proposal can be changed"),
    "agree": ("I agree", "I am for it"),
    "abstain": ("I abstain", "I leave it to the others"),
    "disagree": ("I disagree", "I am against it, and will go along if it is decided"),
    "block": ("I block it", "I cannot go along; this stops the proposal"),
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One option of a result.

    Attributes:
        text: the option.
        value: what it got, in words.
        share: what it got, from 0 to 1.
        spread: how far apart people are, from 0 to 1, see `Count.spread`; None where fewer than two have judged it,
            or it got no dots.
        marks: what each ballot gave, from 0 to 1.
        detail: more: the mean for each criterion, and who gave it what.
        is_first: whether it is at the top.
    """

    text: str
    value: str
    share: float
    spread: float | None = None
    marks: tuple[float, ...] = ()
    detail: str = ""
    is_first: bool = False


def asked(poll: Poll, title: str = "") -> str:
    """What a poll asks, and whether that had been asked before.

    Args:
        poll: the poll.
        title: what tells it from others that ask the same.
    """
    question = title or poll.question
    return f"Once more: {question}" if poll.revote_of else question


def spread_in_words(spread: float) -> str:
    """How far apart people are."""
    for least, words in ((0.6, "far apart"), (APART, "people differ"), (0.15, "some difference")):
        if spread >= least:
            return words
    return "of one mind"


def rows(poll: Poll, result: Tally, *, by_spread: bool = False) -> list[ResultRow]:
    """The options of a closed poll with what they got, the first in rank first, or the most disputed."""
    if result.positions:
        return [_position_row(name, many, result) for name, many in result.positions]
    words = {option.id: option.text for option in poll.options}
    most = max((count.value for count in result.counts), default=0) or 1
    counts = sorted(result.counts, key=lambda count: -count.spread) if by_spread else result.counts
    return [_row(poll, count, words.get(count.option, ""), most, result) for count in counts]


def headline(poll: Poll, result: Tally) -> str:
    """What came of a closed poll, in one sentence."""
    if not result.ballots:
        return "Nobody has voted."
    if result.positions:
        return "The proposal stands." if result.is_carried else f"The proposal does not stand: {_obstacle(result)}."
    if not result.winners:
        return "No idea got anything."
    words = {option.id: option.text for option in poll.options}
    first = _listed([words.get(id, "") for id in result.winners])
    furthest = max(count.spread for count in result.counts)
    apart = ""
    if furthest >= APART:
        disputed = [words.get(count.option, "") for count in result.counts if count.spread == furthest]
        apart = f" People are furthest apart about {_listed(disputed)}."
    return f"{first} {'is' if len(result.winners) == 1 else 'are level'} at the top.{apart}"


def _obstacle(result: Tally) -> str:
    """Why a proposal does not stand."""
    (first, consent), *_, (last, against) = result.positions
    if against:
        stops = {"objection": ("objects", "object"), "block": ("blocks it", "block it")}
        return f"{counted(against, 'person', 'people')} {stops[last][against > 1]}"
    return "no more agree than disagree" if consent else f"nobody {first}s"


def rounds_in_words(poll: Poll, result: Tally) -> str:
    """The rounds of a ranking, a line each: "Round 1: “Trees” 3, “Benches” 1"; of long options the beginning. The first
    ones are one line where nothing happens in them but that ideas drop out which lead no ballot."""
    words = {option.id: shortened(option.text, LONGEST_NAME) for option in poll.options}
    lines = []
    for number, leads in enumerate(result.rounds, 1):
        named = ", ".join(f"“{words.get(id, '')}” {many}" for id, many in leads.items())
        lines.append(f"Round {number}: {named}")
    idle = sum(0 in leads.values() for leads in result.rounds)
    if idle > 1:
        led = ", ".join(f"“{words.get(id, '')}” {many}" for id, many in result.rounds[0].items() if many)
        lines[:idle] = [f"Rounds 1 to {idle}: {led}, all others 0"]
    return "\n".join(lines)


def rules_applied(poll: Poll, result: Tally) -> list[str]:
    """The rules by which a result came about, in sentences; of ballots that break one, only where there was such a
    ballot."""
    broken = poll.kind is not PollKind.DOTS or result.cut
    is_twice = len(poll.ballots) > result.ballots
    return [*([KINDS[poll.kind].rule] if broken else ()), *([TWICE] if is_twice else ())]


def voted_in_words(voters: int, people: int, *, has_voted: bool, may_vote: bool = True) -> str:
    """How many have voted; never how. Who they are nobody knows, so it says of all what is certain alone.

    Args:
        voters: how many ballots there are.
        people: how many were asked: who are here, and who left while they could vote.
        has_voted: whether one of the ballots is that of whoever reads it.
        may_vote: whether they are one of those who were asked.
    """
    if may_vote and people == 1 and voters == has_voted:
        return "You have voted" if has_voted else "You have not voted yet"
    if voters < people:
        return f"{voters} of {people} {'has' if people == 1 else 'have'} voted"
    if voters == people > 1 and (has_voted or not may_vote):
        return f"All {people} have voted"
    words = f"{voters} {'has' if voters == 1 else 'have'} voted"
    return f"{words}, and you have not" if may_vote and not has_voted else words


def _row(poll: Poll, count: Count, text: str, most: float, result: Tally) -> ResultRow:
    is_first = count.option in result.winners
    given = [value for value in count.each if value is not None]
    if poll.kind is PollKind.DOTS:
        highest = poll.most or 1
        dots = f"{counted(count.value, 'dot')} from {counted(count.voters, 'person', 'people')}"
        marks = tuple(min(1.0, value / highest) for value in given)
        words = dots if count.value else "no dots"
        spread = count.spread if count.value else None
        return ResultRow(text, words, count.value / most, spread, marks, _givers(count, result), is_first)
    if poll.kind is PollKind.SCORES:
        marks = tuple(value / 5 for value in given)
        means = [f"{name} {mean:.1f}" for name, mean in count.by_criterion if name]
        detail = " · ".join([*means, *filter(None, [_givers(count, result)])])
        people = counted(count.voters, "person", "people")
        words = f"{count.value:.1f} of 5 from {people}" if count.voters else "no scores"
        spread = count.spread if count.voters > 1 else None
        return ResultRow(text, words, count.value / 5, spread, marks, detail, is_first)
    words = f"{count.value:g} of {result.ballots} first in its last round"
    share = count.value / max(1, result.ballots)
    return ResultRow(text, words, share, count.spread, (), _givers(count, result, "no. "), is_first)


def _position_row(name: str, many: int, result: Tally) -> ResultRow:
    names = ", ".join(sorted(ballot.voter for ballot in result.counted if ballot.voter and ballot.position == name))
    return ResultRow(name.capitalize(), str(many), many / max(1, result.ballots), detail=names)


def _givers(count: Count, result: Tally, unit: str = "") -> str:
    """Who gave an option what: "Ada 2, Bo 1"; empty where nobody is to know. No dot is nothing, but a score of 0 is."""
    given = [
        (ballot.voter, round(value, 1))
        for ballot, value in zip(result.counted, count.each, strict=True)
        if ballot.voter and value is not None and (value or count.by_criterion)
    ]
    return ", ".join(f"{isolated(voter)} {unit}{value:g}" for voter, value in sorted(given))


def within_words(notes: Sequence[str]) -> str:
    """What is in an option that is a group, shortened; empty for nothing."""
    shown = [shortened(each, LONGEST_NAME) for each in notes[:MOST_WITHIN]]
    more = len(notes) - len(shown)
    return "; ".join((*shown, f"and {more} more") if more else shown)


def within_spoken(below: str) -> str:
    """What a screen reader says of an option, given what `within_words` shows below it."""
    return f"In it: {below}" if below else ""


def _listed(names: Sequence[str]) -> str:
    """Options in a sentence; of several long ones the beginnings, of many the first."""
    named = [f"“{name if len(names) == 1 else shortened(name, LONGEST_NAME)}”" for name in names[:MOST_NAMED]]
    more = len(names) - len(named)
    last = f"{more} more" if more else named.pop()
    return f"{', '.join(named)} and {last}" if named else last
