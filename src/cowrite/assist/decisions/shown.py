"""A decision as it is shown: with what its sentences say of owner and date, and with its quotes.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.assist.decisions.addressing import people_in
from cowrite.assist.decisions.dates import due_in
from cowrite.assist.decisions.following import following
from cowrite.assist.decisions.owners import is_of_another, owner_in
from cowrite.assist.decisions.work import Work
from cowrite.core.decisions.found import FoundDecision, Standing

BEFORE_THAT = "Before that:"  # stands before what was taken back


def found_decision(
    work: Work, text: str, status: Standing, own: Sequence[int], quotes: Sequence[int] | None = None
) -> FoundDecision:
    """A decision with what those sentences that tell it, and what is said right after them in the same turn, say of
    owner and date; but not what somebody else has to do until then.

    Args:
        work: the text.
        text: the decision in words.
        status: how far it is.
        own: the numbers of the sentences that tell it.
        quotes: those of the sentences that are quoted, where they are others.
    """
    people = people_in(work.said)
    near = [*own, *following(work, own, people)]
    spoken = [(work.said[index].speaker, work.said[index].plain) for index in near]
    return FoundDecision(
        text=text,
        status=status,
        owner=owner_in(spoken, people),
        due=due_in(sentence for _, sentence in spoken if not is_of_another(sentence)),
        quotes=tuple(work.quote(index) for index in quotes or own),
    )
