"""Candidates: the sentences of a text in which something may have been decided, and how far things are in each.

Pure; in steps, for a long text takes a while.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence

from cowrite.assist.decisions.addressing import people_in
from cowrite.assist.decisions.agreeing import (
    chooses,
    closes_question,
    is_carried_out,
    is_laughed_at,
    is_meant,
    is_taken_up,
    lets_it_hold,
    takes_task,
)
from cowrite.assist.decisions.groups import Candidate, agrees_after
from cowrite.assist.decisions.past import is_of_then
from cowrite.assist.decisions.work import Work
from cowrite.assist.tasks.jobs import Answer, Step, one_by_one
from cowrite.assist.text.decision_words import (
    denies_all,
    is_firm,
    is_in_talk,
    is_none,
    is_of_their_meeting,
    is_of_them,
    standing,
    standing_under,
)
from cowrite.assist.text.jokes import is_joke
from cowrite.assist.text.reply_words import (
    is_assent,
    is_choice,
    is_closing,
    is_denial,
    is_only_assent,
    is_yes_or_no,
    takes_back,
)
from cowrite.assist.text.sentences import is_heading
from cowrite.assist.text.transcripts import Said
from cowrite.assist.text.vote_words import is_only_result
from cowrite.core.decisions.found import Standing

LOOKING = "Looking for decisions"
ASKED = 5  # sentences from a question to "Monday then"
JOKED = 2  # sentences from what is not meant to "I was joking"
CLOSED = 8.0  # how much speaks for a decision that somebody agreed to so


def candidates_of(work: Work) -> Generator[Step, Answer, list[Candidate]]:
    """The candidates of a text, in its order."""
    headed, people = _standings_by_heading(work), people_in(work.said)
    found = yield from one_by_one(
        lambda index: _candidate(work, index, headed[index], people), range(len(headed)), LOOKING
    )
    return [each for each in found if each is not None]


def _candidate(work: Work, index: int, headed: Standing | None, people: Collection[str]) -> Candidate | None:
    one = work.said[index]
    if headed is None and one.speaker and (is_of_then(one.plain) or is_of_their_meeting(one.plain)):
        return None
    is_answer = closes_question(work.said, index) or chooses(work.said, index, people)
    if is_answer or takes_task(work.said, index, people):
        return Candidate(index, Standing.DECIDED, is_sure=True, strength=CLOSED)
    own = standing(one.plain)
    status = headed if own is None else own
    is_headed = own is None and headed is not None
    is_back = takes_back(one.plain) and not one.plain.endswith("?")
    only_back = own is None and is_back and not is_closing(one.plain)  # "Agreed, changed it."
    is_called = lets_it_hold(work.said, index) or is_taken_up(work.said, index)
    is_called = is_called or (own is None and headed is Standing.DECIDED)
    if (status is None and not (only_back or is_called)) or _tells_none(work, index):
        return None
    after = [other for other in work.said[index + 1 : index + 4] if other.speaker != one.speaker]
    is_closed = is_called or (status is not Standing.OPEN and any(is_closing(other.plain) for other in after[:1]))
    status = Standing.DECIDED if is_closed or status is None else _standing_after(work, index, status, after)
    is_firmly = status is Standing.DECIDED and (is_firm(one.plain) or is_carried_out(work.said, index))
    is_sure = is_closed or is_headed or is_firmly
    assents = sum(is_assent(other.plain) for other in after)
    telling = min(4, len(work.evidence.terms[index]))
    strength = 4.0 * is_sure + 2.0 * (status is Standing.DECIDED) + min(2, assents) + telling / 2
    return Candidate(index, status, is_sure, strength, only_back and not is_called)


def _standings_by_heading(work: Work) -> list[Standing | None]:
    """How each sentence stands that does not say so itself, by what it stands under; None where that says nothing."""
    under: list[Standing | None] = []
    for index, one in enumerate(work.said):
        how = standing_under(one.heading)
        under.append(under[-1] if how is None and under and _is_item(work, index) else how)
    return [None if one.length < 3 or is_none(one.plain) else how for one, how in zip(work.said, under, strict=True)]


def _is_item(work: Work, index: int) -> bool:
    """Whether a line without a full stop goes on with a list, of which each line may head the next by its look; what
    prose follows is a heading."""
    one, behind = work.said[index], work.said[index + 1 : index + 2]
    above = work.said[index - 1] if index else one
    is_below = one.heading == above.piece.text and above.length > 2 and not one.heading.startswith("#")
    is_list = is_below and is_heading(one.piece.text)
    return is_list and not any(each.heading == one.piece.text and not is_heading(each.piece.text) for each in behind)


def _tells_none(work: Work, index: int) -> bool:
    """Whether a sentence can tell no decision of those who talk: it says too little, or only reacts to another one."""
    one = work.said[index]
    is_labelled = ": " in one.plain and standing(one.plain) is Standing.OPEN  # "Holidays: open"
    is_answer = standing(one.plain) is Standing.DECIDED and any(
        other.plain.endswith("?") for other in work.said[max(0, index - ASKED) : index]
    )
    is_short = (one.length < 3 and not (is_labelled or is_answer)) or not work.evidence.terms[index]
    if is_short and not is_only_result(one.plain):
        return True
    is_joked = any(is_joke(other.plain) for other in work.said[index : index + 1 + JOKED])
    if (is_joked and not is_firm(one.plain)) or is_laughed_at(work.said, index):
        return True
    is_loose = standing(one.plain) is Standing.DECIDED and is_in_talk(one.plain) and not one.plain.endswith("?")
    if is_loose and not is_meant(work.said, index):
        return True
    return denies_all(one.plain) or is_only_assent(one.plain) or (bool(one.speaker) and is_of_them(one.plain))


def _denies(other: Said) -> bool:
    return is_denial(other.plain) or denies_all(other.plain)


def _standing_after(work: Work, index: int, status: Standing, after: Sequence[Said]) -> Standing:
    """How a sentence stands by what others say right after it, where it stands so by itself."""
    one = work.said[index]
    if status is Standing.DECIDED:
        is_doubted = one.plain.endswith("?") and not agrees_after(work.said, index)
        # "We are not going to sell, right?"; "We agreed to sell." "No, we didn't."
        return Standing.OPEN if is_doubted or any(map(_denies, after[:1])) else status
    if status is Standing.OPEN and is_yes_or_no(one.plain) and agrees_after(work.said, index):
        agreeing = {other.speaker for other in after if is_assent(other.plain)}
        return Standing.DECIDED if len(agreeing) > 1 and not is_choice(one.plain) else Standing.LEANING
    return status
