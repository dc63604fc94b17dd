"""Openings: which sealed boxes are open, and which are to be opened.

Runs on the GUI thread. A box has the id of its session or poll. Offline, a wish waits for the connection, and the group
may have gone another way meanwhile: somebody else leads it, or it has stayed where all lies sealed. What is revealed
cannot be sealed again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cowrite.core.entries.entries import Entries
from cowrite.core.entries.fields import text
from cowrite.core.sessions.sessions import Phase

_BEFORE_REVEAL = (Phase.OPEN, Phase.FRAME, Phase.WRITE)
_ELSEWHERE = "What lies sealed was not opened when you were back, because the group is not where you took it offline."
_LED = "What lies sealed was not opened when you were back, because {} leads this session now."


def is_of_poll(box: str) -> bool:
    """Whether ballots lie in a box; in any other one notes do."""
    return box.startswith("poll:")


class _Stand(NamedTuple):
    """How the session of a box stands."""

    leader: str
    is_before_reveal: bool


class Openings:
    """Those of one document, and the wishes of who sits here.

    Args:
        entries: of the document.
        me: gives their name.
        may_write: whether they may change the document.
    """

    def __init__(self, entries: Entries, me: Callable[[], str], may_write: Callable[[], bool]) -> None:
        self._entries = entries
        self._me = me
        self._may_write = may_write
        self._wanted_at: dict[str, _Stand] = {}

    def is_open(self, box: str) -> bool:
        """Whether a box has been opened."""
        fields = self._entries.get(box) or {}
        return fields.get("is_closed" if is_of_poll(box) else "is_revealed") is True

    def is_due(self, box: str) -> bool:
        """Whether a box in which something lies is to be opened without anybody asking for it.

        What somebody wrote is for the others as well when its session is over, though whoever ended it was offline and
        never came back, or knew of nothing that lay there. And notes were revealed without what the server holds where
        a document was not shared for a while.
        """
        fields = self._entries.get(box) or {}
        if not self._may_write():
            return False
        if not is_of_poll(box):
            return self.is_open(box) or fields.get("is_over") is True
        session = self._entries.get(str(fields.get("session"))) or {}
        return session.get("is_over") is True and not self.is_open(box)

    def want(self, box: str) -> None:
        """They want a box opened, as its session stands now."""
        self._wanted_at[box] = self._stand(box)

    def refusal(self, box: str) -> str:
        """Why a box that they wanted opened is not to be any more, in one sentence; empty where it is."""
        now = self._stand(box)
        before = self._wanted_at.pop(box, now)
        if now.leader not in ("", before.leader, self._me()):
            return _LED.format(now.leader)
        if now.is_before_reveal and not before.is_before_reveal and not is_of_poll(box):
            return _ELSEWHERE
        return ""

    def _stand(self, box: str) -> _Stand:
        fields = self._entries.get(box) or {}
        session = (self._entries.get(text(fields, "session")) or {}) if is_of_poll(box) else fields
        return _Stand(text(session, "facilitator"), text(session, "phase") in _BEFORE_REVEAL)
