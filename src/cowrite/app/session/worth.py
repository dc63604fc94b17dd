"""What the last page of a session asks of everybody: whether it was worth the time; and what the others have said.

Runs on the GUI thread. Kept to see how it goes from session to session, so earlier ones are told beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cowrite.core.sessions.sessions import Session, Worth
from cowrite.gui.session.values import PageButton, PageQuestion

if TYPE_CHECKING:
    from cowrite.core.brainstorm.brainstorm import Brainstorm

WORTH = {f"worth {worth}": worth for worth in Worth}
"""The answers by the ids of what they ask for."""
_WORDS = {Worth.YES: "yes", Worth.PARTLY: "partly", Worth.NO: "no"}
_TIP = "The others see how many have said so; your name stays with it, so that you can change your mind"


def worth_question(brainstorm: Brainstorm, session: Session) -> PageQuestion:
    """The question as one person sees it.

    Args:
        brainstorm: the board, with this person's name.
        session: the one that comes to its end.
    """
    said = brainstorm.sessions.worth(session.id)
    answers = tuple(PageButton(id, _WORDS[worth].capitalize(), _TIP) for id, worth in WORTH.items())
    mine = next((id for id, worth in WORTH.items() if said.get(brainstorm.me) is worth), "")
    return PageQuestion("Was it worth the time?", answers, mine, _said(brainstorm, session, said.values()))


def _said(brainstorm: Brainstorm, session: Session, said: Iterable[Worth]) -> str:
    """How often each answer was given: in this session, and in those before it together."""
    earlier = [each for each in brainstorm.sessions.all() if (each.created, each.id) < (session.created, session.id)]
    before = [worth for each in earlier for worth in brainstorm.sessions.worth(each.id).values()]
    parts = (("So far", _counted(said)), ("In earlier sessions", _counted(before)))
    return " ".join(f"{when}: {words}." for when, words in parts if words)


def _counted(said: Iterable[Worth]) -> str:
    many = Counter(said)
    return ", ".join(f"{many[worth]} {_WORDS[worth]}" for worth in Worth if many[worth])
