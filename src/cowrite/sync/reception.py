"""Reception: what a server sends of a document, held until it may be taken in.

Sans-I/O, like the SyncPeer that it is a part of. What comes before it is known whose document the room holds waits for
that, and what others write meanwhile waits for the document itself.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.sync.events import Coming, Event, ServerHolds, Synced
from cowrite.sync.strangers import StrangersGuard
from cowrite.sync.synced_document import SyncedDocument
from cowrite_server.wire.encoding import MalformedMessage
from cowrite_server.wire.protocol import Limits, Sync

MOST_EARLY = 4 * Limits().message_bytes  # of others' changes that come before the document itself


class Reception:
    """Takes a server's document in, and what others write on it.

    Args:
        document: what takes it in.
        guard: whether the room's document belongs to it.
        took_in: is told of each update that the document has taken in.
        takes_long: whether to take in a server's document would take so long that it is left to the owner, who is told
            by Coming.
    """

    def __init__(
        self,
        document: SyncedDocument,
        guard: StrangersGuard,
        *,
        took_in: Callable[[bytes], None],
        takes_long: Callable[[bytes], bool],
    ) -> None:
        self._document = document
        self._guard = guard
        self._tell_took_in = took_in
        self._takes_long = takes_long
        self.begin()

    def begin(self) -> None:
        """Forgets all that holds for one connection."""
        self._synced = self._asks = False
        self._held_bytes = 0  # of changes that came before the document itself
        self._early: list[bytes] = []  # what others have written since, until all is here that they knew
        self._coming = b""  # the server's document, which the owner takes in

    @property
    def is_synced(self) -> bool:
        """Whether all is here that the server held when the connection began."""
        return self._synced

    @property
    def asks_for_all(self) -> bool:
        """Whether the server has been asked for its whole document, and has not answered."""
        return self._asks

    def ask_for_all(self) -> None:
        """The server is asked for its whole document, which is to come as ServerHolds."""
        self._asks = True

    def receive(self, kind: int, update: bytes) -> list[Event]:
        """A step 2 or an update has come.

        Raises:
            CowriteError: it cannot be read.
            MalformedMessage: too much has come before the document itself.
        """
        if not self._guard.passed:
            self._count_early(update)
            self._guard.hold(kind, update)
            return []
        # What somebody moves into a suggestion would be text without its mark where the suggestion has not come yet.
        if kind == Sync.UPDATE and not self._synced:
            self._count_early(update)
            self._early.append(update)
            return []
        if kind == Sync.STEP_2 and not self._synced and self._takes_long(update):
            self._coming = update
            return [Coming(update)]
        self._document.apply_remote(update)
        return self._took_in(kind, update)

    def came(self, take_in: Callable[[], None]) -> list[Event]:
        """The document that was told by Coming can be taken in now; see `SyncPeer.came`."""
        update, self._coming = self._coming, b""
        take_in()
        return self._took_in(Sync.STEP_2, update)

    def _took_in(self, kind: int, update: bytes) -> list[Event]:
        self._tell_took_in(update)
        early, self._early = self._early, []
        for each in early:
            self._document.apply_remote(each)
            self._tell_took_in(each)
        if kind == Sync.STEP_2 and not self._synced:
            self._synced = True
            return [Synced()]
        if kind == Sync.STEP_2 and self._asks:
            self._asks = False
            return [ServerHolds(update)]
        return []

    def _count_early(self, update: bytes) -> None:
        self._held_bytes += len(update)
        if self._held_bytes > MOST_EARLY:
            raise MalformedMessage("too many changes before the document itself")
