"""Openings: which sealed boxes are still to be opened that somebody has wanted opened.

Runs on the GUI thread. Offline, a wish waits for the connection, and the group may have gone another way meanwhile:
somebody else leads it, or it has stayed where all lies sealed. What is revealed cannot be sealed again.
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


class _Stand(NamedTuple):
    """How the session of a box stands."""

    leader: str
    is_before_reveal: bool


class Openings:
    """The wishes of who sits here.

    Args:
        entries: of the document.
        me: gives their name.
    """

    def __init__(self, entries: Entries, me: Callable[[], str]) -> None:
        self._entries = entries
        self._me = me
        self._wanted_at: dict[str, _Stand] = {}

    def want(self, box: str) -> None:
        """They want a box opened, as its session stands now."""
        self._wanted_at[box] = self._stand(box)

    def refusal(self, box: str) -> str:
        """Why a box that they wanted opened is not to be any more, in one sentence; empty where it is."""
        now = self._stand(box)
        before = self._wanted_at.pop(box, now)
        if now.leader not in ("", before.leader, self._me()):
            return _LED.format(now.leader)
        if now.is_before_reveal and not before.is_before_reveal and not box.startswith("poll:"):
            return _ELSEWHERE
        return ""

    def _stand(self, box: str) -> _Stand:
        fields = self._entries.get(box) or {}
        session = (self._entries.get(text(fields, "session")) or {}) if box.startswith("poll:") else fields
        return _Stand(text(session, "facilitator"), text(session, "phase") in _BEFORE_REVEAL)
