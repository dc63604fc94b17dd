"""Connection: one client in one room, from its admission to its end.

Reads the client's messages, counts its updates, refuses what its role or the limits forbid, and answers its questions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

from cowrite_server.connections.answering import Answering
from cowrite_server.connections.blob_requests import BlobRequests
from cowrite_server.connections.history_requests import HistoryRequests
from cowrite_server.connections.ledger import Ledger
from cowrite_server.connections.member_requests import MemberRequests
from cowrite_server.connections.request_kind import RequestKind
from cowrite_server.connections.sealed_requests import SealedRequests
from cowrite_server.document.updates import EMPTY_UPDATE, read_update
from cowrite_server.errors import BrokenUpdate
from cowrite_server.people.admission import Admission
from cowrite_server.rooms.burden import part_of
from cowrite_server.rooms.client import Admitted
from cowrite_server.rooms.room import Room
from cowrite_server.rooms.trial import NotTried, TooMuchWork
from cowrite_server.services import Services
from cowrite_server.sockets.framing import frame, frame_head
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.blobs import read_blob_part
from cowrite_server.wire.encoding import MalformedMessage, Reader
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.members import members_changed_message, role_message
from cowrite_server.wire.protocol import (
    Close,
    Message,
    Reason,
    Refused,
    Role,
    Sync,
    refused_message,
    saved_message,
    sync_head,
    sync_message,
)

_logger = logging.getLogger(__name__)

_UPDATE_HEAD = bytes((Message.SYNC, Sync.UPDATE))
_VIEWER = Role.VIEWER  # read off its class, it would cost ten times as much
_HASH_BYTES = 32
_MUCH_BYTES = 256 * 1024
_EMPTY_AHEAD = 16
"""Updates that may be on their way to a full log before empty ones wait as well. A viewer sends one as it comes, which
must not keep it from reading; whoever sends very many would fill the memory while the disk fails."""
_SHOWING = 32
"""So many times what a client shows of itself counts towards `Limits.bytes_per_second`, where it is news: that leaves a
megabyte in a second, and carets take a few kilobytes."""


class Connection(Admitted):
    """One client in one room."""

    def __init__(
        self,
        socket: Socket,
        admission: Admission,
        room: Room,
        services: Services,
        ended: Callable[[Connection], None],
    ) -> None:
        """A connection that has not begun; see `begin`.

        Args:
            socket: its WebSocket, open, with the pace of its member.
            admission: what it may do.
            room: where it takes part.
            services: what the server does for it.
            ended: called once when it is over.
        """
        super().__init__(admission)
        self.room = room
        self.send = socket.send
        self._socket = socket
        self._log = services.log
        self._limits = services.limits
        self._refusals = services.figures.refusals
        self._on_end = ended
        self._extended = socket.subprotocol is not None
        self._ledger = Ledger()
        self._blobs = BlobRequests(self, socket, room.record, services, self._heed_the_store)
        answering, share = partial(Answering, pace=socket.pace, heard=socket.heard), services.share
        self._sealed = SealedRequests(self, room, services, answering("sealed", share=share), self._reply)
        self._asked: tuple[RequestKind[Any], ...] = (
            HistoryRequests(self, room, services, answering("history"), self._reply),
            MemberRequests(self, services, answering("members", share=share), self._reply),
            self._sealed,
        )
        self._act = admission.act
        self._held_by_store = False
        self._is_closed = False  # by the server, which then takes nothing more from the client
        self._trials, self._background = services.trials, services.background

    @property
    def expires(self) -> int | None:
        """When the client has to go, in milliseconds since 1970; None for never."""
        return self.admission.expires

    def begin(self, server: str, now: int) -> None:
        """Joins the room and tells the client what it needs to know.

        Args:
            server: name and version of the server.
            now: milliseconds since 1970.
        """
        self.room.join(self)
        opening = b""
        if self._extended:
            record = self.admission.room
            hello = Hello(
                record.epoch,
                self.role,
                record.name,
                server,
                self._limits,
                self.id,
                self.name,
                seals=True,
                now=now,
                names_versions=True,
                tells_brought=True,
            )
            opening = frame(hello_message(hello))
        opening += frame(sync_message(Sync.STEP_1, self.room.state()))
        everybody = self.room.presence.message()
        if everybody is not None:
            opening += frame(everybody)
        self._socket.reply(opening)
        self._socket.start(self)

    # What the socket calls.

    def receive(self, message: bytes) -> None:
        """Takes one message of the client."""
        try:
            if message[:2] == _UPDATE_HEAD and len(message) > 2 and message[2] == len(message) - 3 < 0x80:
                self._take_update(message[3:])  # a keystroke, in its usual shape
            else:
                self._take(Reader(message))
        except (MalformedMessage, BrokenUpdate) as error:
            _logger.info("Room %s: a client is closed. %s", self.room.record.name, error)
            self.close(Close.MALFORMED)

    def received(self) -> None:
        """The client has sent nothing more for the moment."""
        self.room.pass_on()

    def ended(self) -> None:
        """The socket is over."""
        self._blobs.close()
        for asked in self._asked:
            asked.close()
        if self._sealed.has_unbegun and not self._is_closed:
            self._background.begin(self._sealed.finish(), "sealing")
        self.room.leave(self)
        self._log.forget(self._relieved)
        self._on_end(self)

    # What attendance calls.

    def stand(self, role: Role, name: str | None) -> None:
        """Gives the client the role that it has now, and the name; None leaves the name as it is."""
        before = self.admission
        if role is before.role and name in (None, "", before.name):
            return  # as nearly all, each time that somebody comes
        self.admission = replace(before, role=role, name=name or before.name)
        if role is not before.role:
            if self._extended:
                self._socket.send(frame(role_message(role)))
            else:
                # A stock client goes on writing after what it was refused, which it does not know. All of it would wait
                # for that; now it may be allowed.
                self._socket.reply(frame(sync_message(Sync.STEP_1, self.room.state())))
        if self.name != before.name:
            self.room.rename(self)

    def heed(self, act: int) -> None:
        """Tells the client that the list of members is another one, if there was an act that it has not heard of."""
        if act > self._act:
            self._act = act
            if self._extended:
                self._socket.send(frame(members_changed_message()))

    # What the room calls.

    def saved(self, last: int) -> None:
        """The client's updates up to this number are on disk."""
        self._ledger.release(last)
        self._tell_saved()

    def settled(self, number: int, reason: Reason | None = None) -> None:
        """An update is not for the disk: it adds nothing, or is refused for a reason."""
        self._ledger.settle(number)
        if reason is not None:
            self._refuse(Refused(number, reason))
        self._tell_saved()

    def answered(self, update: bytes, later: Sequence[bytes]) -> None:
        """Sends what the client's document lacks."""
        head = sync_head(Sync.STEP_2, len(update))
        self._socket.reply(frame_head(len(head) + len(update)) + head, update)
        if later:
            self._socket.reply(b"".join([frame(sync_message(Sync.UPDATE, each)) for each in later]))

    def worked(self, seconds: float) -> None:
        """The server has worked so long on what the client sent, at another time than when that was read."""
        self._socket.pace.work(seconds, monotonic())

    def wait(self, cause: str) -> None:
        """Stops reading while the room takes no updates."""
        self._socket.hold(cause)

    def go_on(self, cause: str) -> None:
        """Reads again, unless there is another cause not to."""
        self._socket.resume(cause)

    def close(self, code: Close) -> None:
        """Ends the connection."""
        self._is_closed = True
        self._socket.close(code)

    # Messages.

    def _take(self, reader: Reader) -> None:
        kind = reader.var_uint()
        if kind == Message.SYNC:
            self._take_sync(reader)
        elif kind == Message.AWARENESS:
            body = reader.var_bytes()
            _expect_end(reader)
            if self.room.show(self, body):
                # Everybody gets it, and whoever is on a slow line could be driven out by it, also by a viewer.
                self._socket.pace.spend(0, _SHOWING * len(body), monotonic())
        elif kind == Message.QUERY_AWARENESS:
            everybody = self.room.presence.message()
            if everybody is not None:
                self._socket.reply(frame(everybody))
        elif kind == Message.AUTH:
            return  # a stock client has nothing to say here that the handshake did not
        elif self._extended and kind == Message.BLOB_PART:
            part = read_blob_part(reader)
            _expect_end(reader)
            self._blobs.take(part)
        elif self._extended and kind == Message.BLOB_GET:
            digest = reader.bytes(_HASH_BYTES)
            _expect_end(reader)
            self._blobs.send(digest)
        elif self._extended and (asked := next((each for each in self._asked if kind in each.KINDS), None)):
            asked.take(Message(kind), reader)
            _expect_end(reader)
        else:
            raise MalformedMessage(f"there is no message of type {kind}")

    def _take_sync(self, reader: Reader) -> None:
        kind = reader.var_uint()
        data = reader.var_bytes()
        _expect_end(reader)
        if kind == Sync.STEP_1:
            self.room.ask(self, data)
        elif kind in (Sync.STEP_2, Sync.UPDATE):
            # A step 2 that brings no text brings every deletion that its sender knows.
            self._take_update(data, may_be_known=kind == Sync.STEP_2 and data[:1] == b"\x00")
        else:
            raise MalformedMessage(f"there is no sync message of kind {kind}")

    def _take_update(self, update: bytes, *, may_be_known: bool = False) -> None:
        number = self._ledger.next()
        if update == EMPTY_UPDATE:
            self._add_nothing(number)
            return
        try:
            is_worn = self._socket.pace.is_used_up(monotonic()) or self.room.burden.is_unknown
            is_much = self._trials.wants(update, self.room.deletes_few, is_worn=is_worn)
            if self.role is _VIEWER and self.room.is_whole:  # else it is judged with those that wait
                if not is_much and not _brings_much(update) and self.room.adds_nothing(update):
                    self._add_nothing(number)
                else:
                    self._refuse(Refused(number, self.role.refusal))
                    self._tell_saved()
                return
            if is_much:
                if self.room.burden.refuses(update, self.role):  # so it is not worth a trial
                    self._refuse_growth(number, "document_seconds")
                elif self._trials.has_space(self._socket.pace, self.room, update):
                    self._socket.hold("trial")
                    self._ledger.hold(number)  # or what came before it would be called saved with it
                    self.room.awaited += 1
                    self._background.begin(self._try(number, update, may_be_known=may_be_known), "trial")
                else:
                    self._socket.cut()
                return
            self._add(number, read_update(update), may_be_known=may_be_known)
        except BrokenUpdate as error:
            self._refuse_broken(number, error)

    async def _try(self, number: int, update: bytes, *, may_be_known: bool) -> None:
        try:
            # What those write who may not edit is added twice, see `Gate`.
            part = part_of(self.role)
            update = await self._trials.read(self._socket.pace, self.room, self.room.document, update, part)
            begun = monotonic()
            self._ledger.settle(number)
            if not self._is_closed:
                self._add(number, update, may_be_known=may_be_known)
                self.room.pass_on()
            self.worked(monotonic() - begun)
        except NotTried:
            self._socket.abort()  # whoever comes back sends what was not called saved
        except TooMuchWork:
            self._ledger.settle(number)
            self._refuse(Refused(number, Reason.TOO_LARGE, "update_seconds"))
            self._tell_saved()
            if not self._extended:
                self.close(Close.TOO_LARGE)
        except BrokenUpdate as error:
            self._ledger.settle(number)
            self._refuse_broken(number, error)
        finally:
            self.room.awaited -= 1
            self._socket.resume("trial")

    def _refuse_broken(self, number: int, error: BrokenUpdate) -> None:
        if not self._extended:
            _logger.info("Room %s: a client is closed. %s", self.room.record.name, error)
            self.close(Close.MALFORMED)
            return
        self._refuse(Refused(number, Reason.MALFORMED))
        self._tell_saved()

    def _add(self, number: int, update: bytes, *, may_be_known: bool) -> None:
        if may_be_known and self.room.has_deleted(update):
            self._add_nothing(number)  # the log names nobody who has done nothing
            return
        limit = self.room.refuses(update, self.role)
        if limit is not None:
            self._refuse_growth(number, limit)
            return
        self._ledger.hold(number)
        self.room.submit(self, number, update)
        self._heed_the_store()

    def _refuse_growth(self, number: int, limit: str) -> None:
        self._refuse(Refused(number, Reason.TOO_LARGE, limit))
        self._tell_saved()
        if not self._extended:
            self.close(Close.DOCUMENT_FULL)  # it cannot be told, and would go on with a document of its own

    def _add_nothing(self, number: int) -> None:
        """The room has all of an update; it may have come on an earlier connection and not be on disk yet."""
        if self._extended and not self.room.settled:
            self._ledger.hold(number)
            self.room.submit(self, number, EMPTY_UPDATE)
            if self._ledger.held > _EMPTY_AHEAD:
                self._heed_the_store()
        else:
            self._tell_saved()

    def _reply(self, message: bytes, rest: bytes = b"") -> None:
        head = frame_head(len(message) + len(rest))
        if rest:
            self._socket.reply(head + message, rest)
        else:
            self._socket.reply(head, message)

    def _refuse(self, refused: Refused) -> None:
        self._refusals[refused.limit or refused.reason] += 1
        if self._extended:
            self._socket.send(frame(refused_message(refused)))

    def _tell_saved(self) -> None:
        news = self._ledger.news()
        if news is not None and self._extended:
            self._socket.send(frame(saved_message(news)))

    def _heed_the_store(self) -> None:
        if self._log.full and not self._held_by_store:
            self._held_by_store = True
            self._socket.hold("store")
            self._log.when_relieved(self._relieved)

    def _relieved(self) -> None:
        self._held_by_store = False
        self._socket.resume("store")


def _brings_much(update: bytes) -> bool:
    """Whether an update brings so much new content that nobody reads it whom it is not allowed: that may take minutes.
    What a viewer's program sends of itself are deletions that all know, and these may be many."""
    return len(update) > _MUCH_BYTES and update[:1] != b"\x00"


def _expect_end(reader: Reader) -> None:
    if not reader.at_end:
        raise MalformedMessage("a message goes on after its end")
