"""What is said right behind a decision and belongs to it: who does it, and until when.

Runs anywhere. Judged by form alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cowrite.assist.decisions.addressing import addressee_of
from cowrite.assist.decisions.owners import asks_for_it, takes_it
from cowrite.assist.decisions.work import Work
from cowrite.assist.text.decision_words import standing
from cowrite.assist.text.reply_words import asks_who, is_assent, is_closing, is_only_assent, points
from cowrite.assist.text.transcripts import is_label
from cowrite.core.decisions.found import Standing

REACH = 6  # sentences behind one
MOST = 2  # of them that say more than yes


def following(work: Work, own: Sequence[int], people: Collection[str]) -> list[int]:
    """The sentences behind those that tell a decision that say more of it, in their order.

    Args:
        work: the text.
        own: the sentences that tell it.
        people: who is there.
    """
    found: list[int] = []
    for index in own:
        last = min(index + 1 + REACH, len(work.said))
        behind = [other for other in range(index + 1, last) if _says_more(work, other)]
        for number, other in enumerate(behind[:MOST]):
            if standing(work.said[other].plain) in (Standing.OPEN, Standing.DECIDED) and other not in own:
                break  # of something else
            is_of_it = _goes_on(work, index, other, people, is_next=not number)
            if is_of_it and other not in own and other not in found:
                found.append(other)
    return found


def _says_more(work: Work, index: int) -> bool:
    """Whether somebody says more than that they agree; "Yes, I will" says who does it."""
    return not is_only_assent(work.said[index].plain)


def _goes_on(work: Work, index: int, other: int, people: Collection[str], *, is_next: bool) -> bool:
    """Whether a sentence behind another belongs to it: in the same turn, or where somebody agrees to it, or says who
    does it."""
    one, behind, first = work.said[index], work.said[other], work.said[index + 1]
    if behind.turn == one.turn:
        return one.speaker != "" or _is_of_line(work, index, other)
    if asks_who(work.said[other - 1].plain):
        return True
    if behind.turn == first.turn and is_closing(first.plain):
        return True
    is_meant = is_assent(first.plain) or (is_next and points(behind.plain))
    is_given = is_meant and addressee_of(behind.speaker, behind.plain, people) is not None
    return is_given or (is_next and (takes_it(behind.plain) or asks_for_it(behind.plain)))


def _is_of_line(work: Work, index: int, other: int) -> bool:
    """Whether what is written behind a sentence is of it: in its line, or below it where it has to do with it, for a
    draft's lines may each be a paragraph."""
    if not any(one.begins for one in work.said[index + 1 : other + 1]):
        return True
    plain, terms = work.said[other].plain, work.evidence.terms
    is_shared = not terms[index].keys().isdisjoint(terms[other].keys())
    return is_shared or points(plain) or is_label(plain.partition(":")[0])
