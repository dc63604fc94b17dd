"""Connection: one client in one room, from its admission to its end.

Reads the client's messages and hands each to what answers it; tells the client what becomes of itself.
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
from cowrite_server.connections.member_requests import MemberRequests
from cowrite_server.connections.request_kind import RequestKind
from cowrite_server.connections.sealed_requests import SealedRequests
from cowrite_server.connections.submissions import Submissions
from cowrite_server.errors import BrokenUpdate
from cowrite_server.people.admission import Admission
from cowrite_server.rooms.client import Admitted
from cowrite_server.rooms.room import Room
from cowrite_server.services import Services
from cowrite_server.sockets.framing import frame, frame_head
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.blobs import read_blob_part
from cowrite_server.wire.encoding import MalformedMessage, Reader
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.members import members_changed_message, role_message
from cowrite_server.wire.protocol import Close, Message, Role, Sync, sync_head, sync_message

_logger = logging.getLogger(__name__)

_UPDATE_HEAD = bytes((Message.SYNC, Sync.UPDATE))
_HASH_BYTES = 32
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
        self.send, self.received = socket.send, room.pass_on
        self._socket = socket
        self._log = services.log
        self._limits = services.limits
        self._on_end = ended
        self._extended = socket.subprotocol is not None
        self._submissions = Submissions(self, socket, room, services, self._heed_the_store, is_told=self._extended)
        self.saved, self.settled = self._submissions.saved, self._submissions.settled
        self.put_off = self._submissions.put_off
        self._blobs = BlobRequests(self, socket, room.record, services, self._heed_the_store)
        answering, share = partial(Answering, spending=socket.spending, heard=socket.heard), services.share
        self._sealed = SealedRequests(self, room, services, answering("sealed", share=share), self._reply)
        self._asked: tuple[RequestKind[Any], ...] = (
            HistoryRequests(self, room, services, answering("history"), self._reply),
            MemberRequests(self, room, services, answering("members", share=share), self._reply),
            self._sealed,
        )
        self._act = admission.act
        self._held_by_store = False
        self._is_closed = False  # by the server, which then takes nothing more from the client
        self._background = services.background

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
                takes_said=True,
                takes_asking=True,
            )
            opening = frame(hello_message(hello))
        opening += frame(sync_message(Sync.STEP_1, self.room.state()))
        everybody = self.room.participants.presence.message()
        if everybody is not None:
            opening += frame(everybody)
        self._socket.reply(opening)
        self._socket.start(self)

    # What the socket calls.

    def receive(self, message: bytes, is_alone: bool = False) -> None:
        """Takes one message of the client; see `Receiver`."""
        try:
            if message[:2] == _UPDATE_HEAD and len(message) > 2 and message[2] == len(message) - 3 < 0x80:
                self._submissions.take(message[3:], is_alone=is_alone)  # a keystroke, in its usual shape
            else:
                self._take(Reader(message))
        except (MalformedMessage, BrokenUpdate) as error:
            _logger.info("Room %s: a client is closed. %s", self.room.record.name, error)
            self.close(Close.MALFORMED)

    def exceeded(self, limit: str) -> None:
        """The client has been beyond a limit for too long: it is closed, and keeps what was not taken yet."""
        _logger.warning(
            "Room %s: a client of member %s is closed. It was beyond %s for longer than excess_seconds allows.",
            self.room.record.name,
            self.id,
            limit,
            extra={"room": self.room.record.name, "member": self.id, "limit": limit},
        )
        self.close(Close.TOO_MUCH)

    def ended(self) -> None:
        """The socket is over."""
        self._blobs.close()
        for asked in self._asked:
            asked.close()
        if self._sealed.has_unbegun and not self._is_closed:
            self._background.begin(self._sealed.finish(), "sealing")
        self.room.leave(self)
        self._log.hurry()  # who has gone may have no other copy, and sends it to nobody again
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
            self.room.participants.rename(self)

    def heed(self, act: int) -> None:
        """Tells the client that the list of members is another one, if there was an act that it has not heard of."""
        if act > self._act:
            self._act = act
            if self._extended:
                self._socket.send(frame(members_changed_message()))

    # What the room calls.

    def answered(self, update: bytes, later: Sequence[bytes]) -> None:
        """Sends what the client's document lacks."""
        head = sync_head(Sync.STEP_2, len(update))
        self._socket.reply(frame_head(len(head) + len(update)) + head, update)
        if later:
            self._socket.reply(b"".join([frame(sync_message(Sync.UPDATE, each)) for each in later]))

    def worked(self, seconds: float) -> None:
        """The server has worked so long on what the client sent, at another time than when that was read."""
        self._socket.spending.work(seconds, monotonic())

    def wait(self, cause: str) -> None:
        """Stops reading while the room takes no updates."""
        self._socket.hold(cause)

    def go_on(self, cause: str) -> None:
        """Reads again, unless there is another cause not to."""
        self._socket.resume(cause)

    def close(self, code: Close) -> None:
        """Ends the connection."""
        self._is_closed = True
        self._submissions.close()
        self._socket.close(code)

    # Messages.

    def _take(self, reader: Reader) -> None:
        kind = reader.var_uint()
        if kind == Message.SYNC:
            self._take_sync(reader)
        elif kind == Message.AWARENESS:
            body = reader.var_bytes()
            _expect_end(reader)
            if self.room.participants.show(self, body):
                # Everybody gets it, and whoever is on a slow line could be driven out by it, also by a viewer.
                self._socket.spending.spend(0, _SHOWING * len(body), monotonic())
        elif kind == Message.QUERY_AWARENESS:
            everybody = self.room.participants.presence.message()
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
            self._submissions.take(data, may_be_known=kind == Sync.STEP_2 and data[:1] == b"\x00")
        else:
            raise MalformedMessage(f"there is no sync message of kind {kind}")

    def _reply(self, message: bytes, rest: bytes = b"") -> None:
        head = frame_head(len(message) + len(rest))
        if rest:
            self._socket.reply(head + message, rest)
        else:
            self._socket.reply(head, message)

    def _heed_the_store(self) -> None:
        if self._log.full and not self._held_by_store:
            self._held_by_store = True
            self._socket.hold("store")
            self._log.when_relieved(self._relieved)

    def _relieved(self) -> None:
        self._held_by_store = False
        self._socket.resume("store")


def _expect_end(reader: Reader) -> None:
    if not reader.at_end:
        raise MalformedMessage("a message goes on after its end")
