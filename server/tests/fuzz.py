"""Sends broken frames, messages and updates to a real server process.

Whoever sends them gets an answer or is closed with a code. The server stays up, the others in the room go on as if
nothing had been, and what is stored can be read.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pycrdt import Doc, Text
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from cowrite_server.document.replica import Replica
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.protocol import (
    SUBPROTOCOL,
    Message,
    Role,
    Sync,
    sync_message,
)
from fuzz_cases import Case, Cases, board, client_frame
from poison import BEFORE_POISON
from server_process import TunedServer
from sync_clients import Client

LANES = 4
"""Offenders at a time, each in a room of its own."""
ROOM_CASES = 500
"""Cases after which a lane goes on in another room."""
ROLES = (Role.EDITOR, Role.EDITOR, Role.SUGGESTER, Role.COMMENTER)
"""What the offenders of one room after the other may do."""
WORD_CASES = 25
"""Cases between two words of a bystander."""
SLOW_SECONDS = 5.0
"""Nothing may keep the server busy for longer."""
MESSAGE_BYTES = 1024 * 1024

_CLOSE = 8
_NO_CODE = 1005  # RFC 6455, 7.4.1: for a close frame without a code, the answer to one without
_OWN = "the offender's own".ljust(32, "-")  # without it nothing could be sealed
_PROBE = sync_message(Sync.STEP_1, b"\x00")


class FuzzFailed(AssertionError):
    """The server did not take a case as it should.

    Args:
        number: the case's.
        case: what was sent.
        reason: what was wrong.
    """

    def __init__(self, number: int, case: Case, reason: str) -> None:
        super().__init__(f"case {number} ({case.kind}, {case.data[:200].hex()}): {reason}")
        self.number = number


@dataclass
class Report:
    """What came of the cases.

    Attributes:
        outcomes: how often they were answered, cut off, or closed with which code, by kind of case.
        slowest: seconds that a case took at most.
        memory: resident memory of the server at the end, in bytes.
        recoveries: how often a bystander could not add to its document what the server passed on.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    memory: int = 0
    recoveries: int = 0


class Offender:
    """A connection on which anything may be sent."""

    def __init__(self) -> None:
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter | None = None

    @property
    def is_open(self) -> bool:
        """Whether the next case can go over this connection."""
        return self._writer is not None

    async def open(self, port: int, room: str, secret: str, *, extended: bool) -> None:
        """Connects, and waits until the server has asked for the client's document."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        asks = f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n" if extended else ""
        self._writer.write(
            f"GET /{room} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{asks}"
            f"Cowrite-Member: {_OWN}\r\nAuthorization: Bearer {secret}\r\n\r\n".encode()
        )
        answer = await self._reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        while not (await self._frame())[1].startswith(bytes((Message.SYNC, Sync.STEP_1))):
            pass

    def write(self, data: bytes) -> None:
        """Sends bytes as they are."""
        assert self._writer is not None
        self._writer.write(data)

    async def send(self, case: Case) -> str:
        """Sends a case and a question after it; tells what came of it."""
        assert self._writer is not None
        self._writer.write(case.data + client_frame(_PROBE))
        if not case.whole:
            self._writer.write_eof()
        try:
            while True:
                opcode, content = await self._frame()
                if opcode == _CLOSE:
                    outcome = f"closed {int.from_bytes(content[:2], 'big') or _NO_CODE}"
                    break
                if content.startswith(bytes((Message.SYNC, Sync.STEP_2))):
                    outcome = "answered"
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            outcome = "cut off"
        if outcome != "answered" or not case.whole:
            self.leave()
        return outcome

    def leave(self) -> None:
        """Ends the connection."""
        if self._writer is not None:
            self._writer.transport.abort()
            self._writer = None

    async def _frame(self) -> tuple[int, bytes]:
        first, size = await self._reader.readexactly(2)
        if size >= 126:
            size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8), "big")
        return first & 0x0F, await self._reader.readexactly(size)


def wrong_with(case: Case, outcome: str) -> str | None:
    """What is wrong with an outcome, or None."""
    if outcome == "answered":
        return None
    if outcome.startswith("closed"):
        code = int(outcome.split()[1])
        return None if 1000 <= code < 5000 else f"it was closed with {code}"
    if case.whole:
        return "the connection ended without a close frame"
    reference = ServerProtocol(state=OPEN, max_size=MESSAGE_BYTES)
    reference.receive_data(case.data + client_frame(_PROBE))
    if reference.close_sent is not None:
        return f"the connection ended without a close frame instead of with {reference.close_sent.code}"
    return None


class Bystander(Client):
    """Somebody who writes words of its own and reads what the others write, as robustly as the server does.

    Where it cannot add an update to what it has, it asks for the whole document, as a program does that connects anew.
    """

    def __init__(self, subprotocol: str | None = SUBPROTOCOL) -> None:
        super().__init__()
        self.subprotocol = subprotocol
        self.recoveries = 0
        self._room: Replica | None = Replica()

    @property
    def words(self) -> str:
        """What the bystanders write: a text of their own, because nobody knows what cases make of the others."""
        assert self._room is not None
        seen: Doc[Text] = Doc()
        seen.apply_update(self._room.whole())
        return str(seen.get("words", type=Text))

    async def say(self, word: str) -> None:
        """Writes a word behind its last one."""
        own = self.doc.get("words", type=Text)
        own.insert(len(str(own)), word)
        await self.push()

    def apply(self, update: bytes) -> None:
        try:
            if self._room is not None:
                self._room.apply(update)
        except BrokenUpdate:
            self._room = None

    async def _take_sync(self, reader: Reader) -> None:
        await super()._take_sync(reader)
        if self._room is None:
            self.recoveries += 1
            self._room = Replica()
            await self.send(_PROBE)


class Lane:
    """An offender in a room, with two bystanders who must not notice."""

    def __init__(self, server: TunedServer, name: str, cases: Cases, report: Report) -> None:
        self._server = server
        self._name = name
        self._cases = cases
        self._report = report
        self.words: list[str] = []

    async def run(self, numbers: list[int]) -> None:
        """Sends cases.

        Raises:
            FuzzFailed: one of them had an effect that it must not have.
        """
        secret = await self._server.secret(room=self._name)
        offered = await self._server.secret(ROLES[numbers[0] // ROOM_CASES % len(ROLES)], self._name)
        ann, ben, late = Bystander(), Bystander(None), Bystander()
        try:
            for client in (ann, ben):
                await client.open(self._server.url, self._name, secret)
                await client.until_synced()
            for update in (BEFORE_POISON, board()):
                await ann.send_update(update)
            await self._send_all(numbers, offered, ann, ben)
            await late.open(self._server.url, self._name, secret)
            await late.until(lambda: all(word in late.words for word in self.words))
        finally:
            for client in (ann, ben, late):
                await client.leave()
                self._report.recoveries += client.recoveries

    async def _send_all(self, numbers: list[int], secret: str, ann: Bystander, ben: Bystander) -> None:
        loop = asyncio.get_running_loop()
        offender = Offender()
        for number in numbers:
            case = self._cases[number]
            begun = loop.time()
            try:
                async with asyncio.timeout(SLOW_SECONDS):
                    if not offender.is_open:
                        await offender.open(self._server.port, self._name, secret, extended=number % 2 == 0)
                    outcome = await offender.send(case)
                    self._report.slowest = max(self._report.slowest, loop.time() - begun)
                    if number % WORD_CASES == 0:
                        await self._speak(number, ann, ben)
            except (TimeoutError, OSError, EOFError) as error:
                raise FuzzFailed(number, case, f"{error!r} {self._server.errors[-1000:]}") from error
            wrong = wrong_with(case, outcome)
            if wrong is not None:
                raise FuzzFailed(number, case, wrong)
            if ann.closed or ben.closed:
                raise FuzzFailed(number, case, f"a bystander was closed: {ann.closed or ben.closed}")
            self._report.outcomes[f"{case.kind} {outcome}"] += 1
        await self._speak(numbers[-1] + 1, ann, ben)
        offender.leave()

    async def _speak(self, number: int, ann: Bystander, ben: Bystander) -> None:
        word = f"<{number}>"
        self.words.append(word)
        await ann.say(word)
        await ben.until(lambda: word in ben.words or ben.closed)
        await ann.until(lambda: ann.saved >= ann.sent or ann.closed)


def _is_answered(reader: Client) -> bool:
    return bool(reader.steps or reader.closed)


async def run_fuzz(folder: Path, numbers: range, seed: int) -> Report:
    """Sends cases to a server, and looks at what it has stored in the end.

    Args:
        folder: for its data.
        numbers: of the cases.
        seed: the same seed and number make the same case.

    Raises:
        FuzzFailed: a case had an effect that it must not have.
    """
    report = Report()
    cases = Cases(seed)
    limits = {"message_bytes": MESSAGE_BYTES}
    settings: dict[str, Any] = {"limits": limits, "snapshot_bytes": 20_000, "idle_seconds": 0.1}
    lanes: list[tuple[str, list[str]]] = []
    todo: Iterator[list[int]] = iter([list(numbers[at : at + ROOM_CASES]) for at in range(0, len(numbers), ROOM_CASES)])
    async with TunedServer(folder, **settings) as server:

        async def work() -> None:
            for some in todo:
                name = f"room-{some[0]}"
                lane = Lane(server, name, cases, report)
                await lane.run(some)
                lanes.append((name, lane.words))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(LANES):
                    group.create_task(work())
        except* FuzzFailed as failures:
            raise failures.exceptions[0] from failures
        report.memory = server.memory
        assert server.is_running
        assert "Traceback" not in server.errors, server.errors[-3000:]
        await server.kill()
    async with TunedServer(folder, **settings) as server:
        for name, words in lanes:
            async with Bystander() as reader:
                await reader.open(server.url, name, await server.secret(room=name))
                await reader.until(partial(_is_answered, reader))
                lost = [word for word in words if word not in reader.words]
                assert not lost, f"{name} lost {lost} ({reader.closed}) {server.errors[-500:]}"
    return report
