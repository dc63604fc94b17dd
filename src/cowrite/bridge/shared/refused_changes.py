"""RefusedChanges: what becomes of what a document's server did not take, and of what came behind it.

Who may suggest has it suggested anew, and who may only comment has their comments said anew beside it: for both, the
server is asked for all that it holds. Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.comments.anew import said_anew
from cowrite.core.document.document import Document
from cowrite.sync.events import Event, UpdateRefused
from cowrite.sync.peer import SyncPeer
from cowrite_server.wire.protocol import Reason, Role

ATTEMPTS = 5  # to have suggested anew what the server refused
_FOR_ROLES = (Reason.ONLY_SUGGESTING, Reason.INCOMPLETE)  # the second for what is built on the first


class RefusedChanges:
    """Those of one document.

    Args:
        document: the draft.
        peer: speaks with its server.
        pump_soon: has what the peer wants to say said.
    """

    def __init__(self, document: Document, peer: SyncPeer, pump_soon: Callable[[], None]) -> None:
        self._document = document
        self._peer = peer
        self._pump_soon = pump_soon
        self._attempts = 0  # since the server had all

    def begin_anew(self) -> None:
        """Counts no attempt that was: the server has all, or is another one."""
        self._attempts = 0

    def go_on(self, refused: UpdateRefused, role: Role | None) -> bool:
        """Asks the server for what it holds, where something can be done about what it refused.

        Args:
            refused: what.
            role: this person's; None where it is not known.

        Returns:
            Whether what was refused may come to be taken so.
        """
        if role is None or role.may_edit or not role.may_comment:
            return False
        if self._peer.asks_for_all:
            return role.may_suggest
        if role.may_suggest:
            if refused.reason not in _FOR_ROLES or self._attempts >= ATTEMPTS:
                return False
            self._attempts += 1
        self._peer.ask_for_all()
        self._pump_soon()
        return role.may_suggest

    def say_anew(self, held: bytes, role: Role | None) -> list[Event]:
        """Suggests or says anew what the server lacks, now that it has said what it holds; gives what comes of it."""
        if role is Role.COMMENTER:
            said = said_anew(held, self._document)
            if said:
                self._document.apply_remote(said)
                self._peer.send_beside(said)
            return []
        suggester = self._document.suggester
        if suggester is None or (role is not None and role.may_edit):
            return []
        suggester.suggest_anew(held)
        return self._peer.send_again()
