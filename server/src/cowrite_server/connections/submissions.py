"""Submissions: the updates of one client on their way into its room.

Runs on the server's event loop. Each is counted, looked at, tried in a process of its own where it has very many parts,
and then submitted or refused; the client hears how far its updates are on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from time import monotonic

from cowrite_server.connections.ledger import Ledger
from cowrite_server.document.updates import EMPTY_UPDATE, read_update
from cowrite_server.errors import BrokenUpdate
from cowrite_server.rooms.burden import part_of
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.room import Room
from cowrite_server.rooms.trial import UNTRIED_BYTES, NotTried, TooMuchWork
from cowrite_server.services import Services
from cowrite_server.sockets.framing import frame
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.protocol import Close, Reason, Refused, Role, refused_message, saved_message

_logger = logging.getLogger(__name__)

_VIEWER = Role.VIEWER  # read off its class, it would cost ten times as much
_MUCH_BYTES = 256 * 1024
_EMPTY_AHEAD = 16
"""Updates that may be on their way to a full log before empty ones wait as well. A viewer sends one as it comes, which
must not keep it from reading; whoever sends very many would fill the memory while the disk fails."""


class Submissions:
    """The updates of one client."""

    def __init__(
        self,
        client: Client,
        socket: Socket,
        room: Room,
        services: Services,
        logged: Callable[[], None],
        *,
        is_told: bool,
    ) -> None:
        """None yet.

        Args:
            client: their sender.
            socket: its WebSocket.
            room: where they go.
            services: what the server does for it.
            logged: called when one is on its way into the log and that is full, or may be.
            is_told: whether the client knows what SAVED and REFUSED mean; a stock client is closed where it matters.
        """
        self._client = client
        self._socket = socket
        self._room = room
        self._trials, self._background = services.trials, services.background
        self._refusals = services.figures.refusals
        self._log, self._logged = services.log, logged
        self._is_told = is_told
        self._ledger = Ledger()
        self._tried = 0  # at the moment
        self._is_over = False

    def take(self, update: bytes, *, may_be_known: bool = False, is_alone: bool = False) -> None:
        """Takes an update.

        Args:
            update: any bytes.
            may_be_known: whether the document may well have all of it.
            is_alone: whether its sender is known to have no more at the moment.
        """
        number = self._ledger.next()
        if update == EMPTY_UPDATE:
            self._add_nothing(number)
            return
        try:
            is_much = len(update) > UNTRIED_BYTES and self._is_much(update)
            # While nobody knows what the document is, it is judged with those that wait.
            if self._client.role is _VIEWER and (known := self._room.known) is not None:
                if not is_much and not _brings_much(update) and known.has_all_of(update):
                    self._add_nothing(number)
                else:
                    self._refuse(Refused(number, _VIEWER.refusal))
            elif is_much:
                self._begin_trial(number, update, may_be_known=may_be_known)
            else:
                self._add(number, read_update(update), may_be_known=may_be_known, is_alone=is_alone)
        except BrokenUpdate as error:
            self._refuse_broken(number, error)

    def saved(self, last: int) -> None:
        """Those up to this number are on disk."""
        self._ledger.release(last)
        self._tell_saved()

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        """One is not for the disk: it adds nothing, or is refused; see `Client.settled`."""
        self._ledger.settle(number)
        if reason is None:
            self._tell_saved()
        else:
            self._refuse(Refused(number, reason, limit))

    def put_off(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Some are put off, and nothing more is read meanwhile; see `Client.put_off`."""
        self._wait()
        self._background.begin(self._place(entries), "placing")

    def close(self) -> None:
        """The server has closed the connection, and takes nothing more; also not what is tried at the moment."""
        self._is_over = True

    def _is_much(self, update: bytes) -> bool:
        is_worn = self._socket.spending.is_used_up(monotonic()) or self._room.burden.is_unknown
        return self._trials.wants(update, self._room.deletes_few, is_worn=is_worn)

    def _begin_trial(self, number: int, update: bytes, *, may_be_known: bool) -> None:
        if self._room.burden.refuses(update, self._client.role):  # so it is not worth a trial
            self._refuse_growth(number, "document_seconds")
        elif self._trials.has_space(self._socket.spending.pace, self._room, update):
            self._wait()
            self._ledger.hold(number)  # or what came before it would be called saved with it
            self._background.begin(self._try(number, update, may_be_known=may_be_known), "trial")
        else:
            self._socket.cut()

    async def _try(self, number: int, update: bytes, *, may_be_known: bool) -> None:
        try:
            # What those write who may not edit is added twice, see `Gate`.
            part = part_of(self._client.role)
            update = await self._trials.read(self._socket.spending.pace, self._room, self._room.document, update, part)
            begun = monotonic()
            self._ledger.settle(number)
            if not self._is_over:
                self._add(number, update, may_be_known=may_be_known)
                self._room.pass_on()
            self._client.worked(monotonic() - begun)
        except NotTried:
            self._socket.abort()  # whoever comes back sends what was not called saved
        except TooMuchWork:
            self._ledger.settle(number)
            self._refuse_as_too_large(Refused(number, Reason.TOO_LARGE, "update_seconds"), Close.TOO_LARGE)
        except BrokenUpdate as error:
            self._ledger.settle(number)
            self._refuse_broken(number, error)
        finally:
            self._go_on()

    async def _place(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Has it found out whether the first of these stands where it can, and submits all of them again."""
        first = entries[0][1]
        try:
            is_well = await self._trials.place(self._socket.spending.pace, self._room, self._room.document, first)
            begun = monotonic()
            if not self._is_over:
                self._room.find(first, is_well)
                for number, update in entries:
                    self._room.submit(self._client, number, update)
                self._room.pass_on()
            self._client.worked(monotonic() - begun)
        except NotTried:
            self._socket.abort()
        finally:
            self._go_on()

    def _wait(self) -> None:
        self._tried += 1
        self._room.awaited += 1
        self._socket.hold("trial")

    def _go_on(self) -> None:
        self._tried -= 1
        self._room.awaited -= 1
        if not self._tried:
            self._socket.resume("trial")

    def _add(self, number: int, update: bytes, *, may_be_known: bool, is_alone: bool = False) -> None:
        if may_be_known and (known := self._room.known) is not None and known.has_deleted(update):
            self._add_nothing(number)  # the log names nobody who has done nothing
            return
        limit = self._room.refuses(update, self._client.role)
        if limit is not None:
            self._refuse_growth(number, limit)
            return
        self._ledger.hold(number)
        self._room.submit(self._client, number, update, is_alone=is_alone and update != EMPTY_UPDATE)
        if self._log.full:
            self._logged()

    def _add_nothing(self, number: int) -> None:
        """The room has all of an update; it may have come on an earlier connection and not be on disk yet."""
        if self._is_told and not self._room.settled:
            self._ledger.hold(number)
            self._room.submit(self._client, number, EMPTY_UPDATE)
            if self._ledger.held > _EMPTY_AHEAD:
                self._logged()
        else:
            self._tell_saved()

    def _refuse_broken(self, number: int, error: BrokenUpdate) -> None:
        if self._is_told:
            self._refuse(Refused(number, Reason.MALFORMED))
        else:
            _logger.info("Room %s: a client is closed. %s", self._room.record.name, error)
            self._client.close(Close.MALFORMED)

    def _refuse_growth(self, number: int, limit: str) -> None:
        # Who cannot be told would go on with a document of its own.
        self._refuse_as_too_large(Refused(number, Reason.TOO_LARGE, limit), Close.DOCUMENT_FULL)

    def _refuse_as_too_large(self, refused: Refused, close: Close) -> None:
        self._refuse(refused)
        if not self._is_told:
            self._client.close(close)

    def _refuse(self, refused: Refused) -> None:
        self._refusals[refused.limit or refused.reason] += 1
        if self._is_told:
            self._socket.send(frame(refused_message(refused)))
        self._tell_saved()

    def _tell_saved(self) -> None:
        news = self._ledger.news()
        if news is not None and self._is_told:
            self._socket.send(frame(saved_message(news)))


def _brings_much(update: bytes) -> bool:
    """Whether an update brings so much new content that nobody reads it whom it is not allowed: that may take minutes.
    What a viewer's program sends of itself are deletions that all know, and these may be many."""
    return len(update) > _MUCH_BYTES and update[:1] != b"\x00"
