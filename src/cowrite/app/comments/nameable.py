"""Nameable: who can be named in what is said about a draft.

Runs on the GUI thread. Whoever was here once, or is on the server's list, stays nameable until the draft is closed. The
list is asked for once on each connection, and again only where somebody is about to name people: to ask whenever it
changes would have all who are in a room ask at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.core.comments.mentions import Names
from cowrite_server.wire.members import MemberList

if TYPE_CHECKING:
    from cowrite.app.bare_draft.connection import DraftConnection
    from cowrite.bridge.shared.document import SharedDocument


class Nameable(QObject):
    """The names for one draft.

    Args:
        connection: its; has none any more once it is closed.
        parent: Qt parent.
    """

    changed = Signal()
    """The server has said who is a member."""

    def __init__(self, connection: DraftConnection, parent: QObject) -> None:
        super().__init__(parent)
        self._connection = connection
        self._authors: list[str] = []
        self._met: dict[str, None] = {}  # in the order in which they came
        self._made_of: tuple[list[str], str] | None = None
        self._names = Names()
        self._shared: SharedDocument | None = None
        self._is_wanted = self._has_list = False
        self._is_stale = True
        connection.changed.connect(self._follow)
        self._follow()

    def names(self, authors: Iterable[str] | None = None) -> Names:
        """The names as they are known now: of who is here, of who was, and of authors.

        Args:
            authors: what those who have said something called themselves; None for those of the last time.
        """
        if authors is not None:
            self._authors = sorted(set(authors), key=str.casefold)
        here = [mate.name for mate in self._shared.presence.teammates()] if self._shared is not None else []
        self._met.update(dict.fromkeys(here))
        others, own = [*here, *sorted(self._met, key=str.casefold), *self._authors], self._connection.called
        if (others, own) != self._made_of:
            self._made_of = others, own
            self._names = Names(others, own)
        return self._names

    def want(self, *, newest: bool = False) -> None:
        """Has the server asked who is a member, where it was not asked on this connection.

        Args:
            newest: also where the list has changed since.
        """
        self._is_wanted = True
        if not self._has_list or (newest and self._is_stale):
            self._ask()

    # Inside

    def _follow(self) -> None:
        """The draft has come to a server or left it."""
        self._shared = self._connection.shared
        self._has_list, self._is_stale = False, True
        if self._shared is not None:
            self._shared.members.changed.connect(self._on_changed)
            if self._is_wanted:
                self._ask()

    def _on_changed(self) -> None:
        if self._shared is None:
            return
        self._is_stale = True
        self._has_list = self._has_list and self._shared.members.problem is None
        if self._is_wanted and not self._has_list:
            self._ask()

    def _ask(self) -> None:
        if self._shared is not None and self._shared.members.problem is None:
            self._has_list, self._is_stale = True, False
            self._shared.members.list(self._take, lambda _problem: None)  # with the next connection it is asked again

    def _take(self, found: MemberList) -> None:
        if self._shared is None:
            return
        me = self._shared.members.me
        names = (member.name for member in found.members if member.removed is None and member.id != me)
        self._met.update(dict.fromkeys(name for name in names if name))
        self.changed.emit()
