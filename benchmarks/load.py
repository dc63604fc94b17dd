"""Clients that load a sync server from one process: they type numbered tokens and count what comes back.

Runs on one asyncio loop. A token is the text of one update: `#`, three digits for the client and six for the token. No
server changes text, merged or not, so a client finds every token of the others that it is sent by looking for this
pattern in the bytes, whatever the server's dialect, and costs the generator next to nothing.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Protocol, cast

from cowrite_server.wire.encoding import Reader, var_bytes, var_string, var_uint
from cowrite_server.wire.protocol import Message, Sync, sync_message

TOKEN_UNITS = 10
TICK = 0.001  # seconds between two looks at what is due

_NO_STATE = b"\x00"
_FIRST_CLIENT = 1 << 28  # client ids that take as many bytes as those that Yjs draws


class Dialect(Protocol):
    """How a server wants to be spoken to."""

    subprotocol: str | None

    def path(self, room: str) -> str:
        """The path of a room's address."""

    def opening(self, room: str) -> Sequence[bytes]:
        """The messages before sync step 1."""

    def wrap(self, room: str, message: bytes) -> bytes:
        """A message of y-websocket's protocol as this server wants it."""

    def unwrap(self, message: bytes) -> bytes:
        """A message of the server as y-websocket's protocol has it."""


class Plain:
    """y-websocket's own dialect."""

    def __init__(self, subprotocol: str | None = None) -> None:
        self.subprotocol = subprotocol

    def path(self, room: str) -> str:
        """The room's name."""
        return f"/{room}"

    def opening(self, room: str) -> Sequence[bytes]:
        """Nothing."""
        return ()

    def wrap(self, room: str, message: bytes) -> bytes:
        """The same."""
        return message

    def unwrap(self, message: bytes) -> bytes:
        """The same."""
        return message


class Hocuspocus:
    """Every message begins with the document's name; the first one is a token."""

    subprotocol = None
    _AUTH = 2
    _SYNC_REPLY = 4

    def path(self, room: str) -> str:
        """Any will do."""
        return "/"

    def opening(self, room: str) -> Sequence[bytes]:
        """A token, which nobody looks at."""
        return (self.wrap(room, var_uint(self._AUTH) + var_uint(0) + var_string("token")),)

    def wrap(self, room: str, message: bytes) -> bytes:
        """Behind the document's name."""
        return var_string(room) + message

    def unwrap(self, message: bytes) -> bytes:
        """Without the document's name."""
        reader = Reader(message)
        body = message[len(var_bytes(reader.var_bytes())) :]
        return bytes((Message.SYNC,)) + body[1:] if body[:1] == bytes((self._SYNC_REPLY,)) else body


def token_update(client: int, clock: int, number: int) -> bytes:
    """The update (Yjs v1) with which a client types a token behind what it has typed before.

    Args:
        client: its number, below 1,000.
        clock: UTF-16 units that it has typed.
        number: the token's, below 1,000,000.
    """
    writer = var_uint(_FIRST_CLIENT + client)
    place = b"\x84" + writer + var_uint(clock - 1) if clock else b"\x04\x01" + var_string("body")
    return b"\x01\x01%b%b%b\x0a#%03d%06d\x00" % (writer, var_uint(clock), place, client, number)


def caret_message(client: int, clock: int, moves: int) -> bytes:
    """The AWARENESS message with which Yjs' editors tell that a caret stands behind what was typed last.

    Args:
        client: its number, below 1,000.
        clock: UTF-16 units that it has typed.
        moves: how often it has told so, this time included.
    """
    id = _FIRST_CLIENT + client
    place = {"type": None, "tname": "body", "item": {"client": id, "clock": clock - 1}, "assoc": 0}
    user = {"name": f"Person {client}", "color": "royalblue", "colorLight": "lightblue"}
    state = json.dumps({"user": user, "cursor": {"anchor": place, "head": place}}, separators=(",", ":"))
    entry = var_uint(id) + var_uint(moves) + var_string(state)
    return var_uint(Message.AWARENESS) + var_bytes(var_uint(1) + entry)


def client_frame(message: bytes) -> bytes:
    """A binary WebSocket frame (RFC 6455, 5.2) of a client, masked with zeros."""
    length = len(message)
    if length < 126:
        head = bytes((0x82, 0x80 | length))
    elif length < 1 << 16:
        head = b"\x82\xfe" + length.to_bytes(2)
    else:
        head = b"\x82\xff" + length.to_bytes(8)
    return head + bytes(4) + message


@dataclass(slots=True)
class Tally:
    """What the clients of a run have seen.

    Attributes:
        sent_at: when each token was sent, by its number.
        delays: seconds from sending a token to a client's receiving it.
        acknowledged: seconds from sending a token to the server's word that it is on disk.
        deliveries: tokens of others received, by all clients.
        octets: bytes received, by all clients.
    """

    sent_at: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    deliveries: int = 0
    octets: int = 0


class Client(asyncio.Protocol):
    """One client in one room.

    Args:
        number: which; different clients of a run have different ones.
        room: its room.
        dialect: how to speak to the server.
        tally: where to count.
        timed: whether it takes the time of every token that it receives.
    """

    def __init__(self, number: int, room: str, dialect: Dialect, tally: Tally, *, timed: bool = True) -> None:
        self.number = number
        self.room = room
        self.synced: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        """Resolves to what the server's document holds, as an update."""
        self.lost = False
        self._dialect = dialect
        self._tally = tally
        self._timed = timed
        self._clock = 0
        self._moves = 0
        self._buffer = bytearray()
        self._open = False
        self._counting = False
        self._parts: list[bytes] = []
        self._own: list[float] = []
        self._confirmed = 0
        self._confirms = False
        self._rest = b""
        self._token = re.compile(rb"#(?!%03d)\d{3}(\d{6})" % number)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for the room."""
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {self._dialect.path(self.room)} HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        ]
        if self._dialect.subprotocol:
            lines.append(f"Sec-WebSocket-Protocol: {self._dialect.subprotocol}")
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        """Counts tokens, or reads messages as long as the client is not in step."""
        tally = self._tally
        tally.octets += len(data)
        if self._counting:
            text = self._rest + data
            found = self._token.findall(text)
            at = text.rfind(b"#", -TOKEN_UNITS + 1)
            self._rest = text[at:] if at >= 0 else b""
            tally.deliveries += len(found)
            if self._timed and found:
                now, sent = perf_counter(), tally.sent_at
                tally.delays += [now - sent[int(number)] for number in found]
            if self._confirms:
                self._read(data)
            return
        self._buffer += data
        if not self._open:
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError(f"the server answers {head[:80]!r}")
            self._open = True
            self._buffer = bytearray(rest)
            step_1 = self._dialect.wrap(self.room, sync_message(Sync.STEP_1, _NO_STATE))
            for message in (*self._dialect.opening(self.room), step_1):
                self._transport.write(client_frame(message))
        self._read(b"")

    def connection_lost(self, error: Exception | None) -> None:
        """The server, or this side, has ended it."""
        self.lost = True
        if not self.synced.done():
            self.synced.set_exception(ConnectionResetError("the server has closed a connection"))

    def count(self, *, confirms: bool = False) -> None:
        """From now on tokens are counted.

        Args:
            confirms: read the server's acknowledgements as well.
        """
        self._counting, self._confirms = True, confirms

    def type(self, tokens: int, *, carets: bool = False) -> None:
        """Sends the next tokens, each as an update of its own.

        Args:
            tokens: how many.
            carets: whether to tell where the caret is behind them.
        """
        sent, frames, now = self._tally.sent_at, [], perf_counter()
        for _ in range(tokens):
            update = token_update(self.number, self._clock, len(sent))
            frames.append(client_frame(self._dialect.wrap(self.room, sync_message(Sync.UPDATE, update))))
            sent.append(now)
            self._clock += TOKEN_UNITS
        if self._confirms:
            self._own += [now] * tokens
        self._transport.write(b"".join(frames))
        if carets:
            self._moves += 1
            self.send(caret_message(self.number, self._clock, self._moves))

    def send(self, message: bytes) -> None:
        """Sends one message of y-websocket's protocol."""
        self._transport.write(client_frame(self._dialect.wrap(self.room, message)))

    def close(self) -> None:
        """Ends the connection."""
        self._transport.abort()

    def _read(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data if self._counting else b""
        while len(buffer) >= 2:
            length, start = buffer[1] & 0x7F, 2
            if length >= 126:
                start = 4 if length == 126 else 10
                length = int.from_bytes(buffer[2:start])
            if len(buffer) < start + length:
                return
            opcode, final = buffer[0] & 0x0F, buffer[0] & 0x80
            payload = bytes(buffer[start : start + length])
            del buffer[: start + length]
            if opcode == 9:
                self._transport.write(bytes((0x8A, 0x80 | len(payload))) + bytes(4) + payload)
            elif opcode in (0, 2):
                self._parts.append(payload)
                if final:
                    message, self._parts = b"".join(self._parts), []
                    self._take(self._dialect.unwrap(message))

    def _take(self, message: bytes) -> None:
        reader = Reader(message)
        kind = reader.var_uint()
        if kind == Message.SAVED:
            count = reader.var_uint()
            now = perf_counter()
            self._tally.acknowledged += [now - at for at in self._own[self._confirmed : count]]
            self._confirmed = max(self._confirmed, count)
        elif kind == Message.SYNC:
            step = reader.var_uint()
            if step == Sync.STEP_2 and not self.synced.done():
                self.synced.set_result(reader.var_bytes())


async def join(
    port: int, rooms: Sequence[str], dialect: Dialect, tally: Tally, *, timed: Callable[[int], bool] = lambda _: True
) -> list[Client]:
    """A client for each entry of `rooms`, all in step with the server.

    Args:
        port: the server's on this computer.
        rooms: the room of each client.
        dialect: how to speak to the server.
        tally: where they count.
        timed: whether the client of a number takes the time of what it receives.
    """
    loop = asyncio.get_running_loop()
    clients = [Client(number, room, dialect, tally, timed=timed(number)) for number, room in enumerate(rooms)]
    opened: set[str] = set()
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
        if client.room not in opened:  # not every server bears it when many open a new room at the same instant
            opened.add(client.room)
            await asyncio.wait_for(asyncio.shield(client.synced), 10)
    await asyncio.wait_for(asyncio.gather(*(client.synced for client in clients)), 30)
    return clients


async def type_for(clients: Sequence[Client], rate: float, seconds: float, *, carets: bool = False) -> int:
    """All clients type, each token at a random moment of its part of the time; the same ones for every server.

    Args:
        clients: who.
        rate: tokens per second of each.
        seconds: how long.
        carets: whether they tell where their carets are as well.

    Returns:
        The number of tokens typed.
    """
    moments = Random(len(clients))
    tokens = range(int(rate * seconds))
    due = sorted([((token + moments.random()) / rate, place) for place in range(len(clients)) for token in tokens])
    begun, typed = perf_counter(), 0
    while typed < len(due):
        elapsed = perf_counter() - begun
        now: Counter[int] = Counter()
        while typed < len(due) and due[typed][0] <= elapsed:
            now[due[typed][1]] += 1
            typed += 1
        for place, count in now.items():
            clients[place].type(count, carets=carets)
        await asyncio.sleep(TICK)
    return typed
