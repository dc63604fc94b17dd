"""The people of a plan: each with a document, an invite and a way to the server that may fail."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from pycrdt import Doc, Map, Text
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from cowrite_server.document.replica import Replica
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.protocol import Role, Sync
from helpers.fault_proxy import FaultProxy
from sync_clients import Client

RUBBED_OUT = "~"
"""Typed and taken back at once."""


class _Client(Client):
    """A client that knows which tokens its messages carry."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._counts: list[int] = []
        self._covers: dict[int, int] = {}
        super().__init__(person.doc)

    @property
    def answered(self) -> bool:
        """Whether step 2 is on its way: only now may updates follow, because they build on what it carries."""
        return self.sent > 0

    async def send_update(self, update: bytes, kind: Sync = Sync.UPDATE) -> None:
        if kind is Sync.STEP_2:
            self._outgoing.clear()
            self._counts.clear()
            self._covers[1] = self._person.typed
        await super().send_update(update, kind)

    async def push(self) -> None:
        while self._outgoing:
            self._covers[self.sent + 1] = self._counts.pop(0)
            await self.send_update(self._outgoing.pop(0))

    def _edited(self, update: bytes) -> None:
        if not self._remote:
            self._outgoing.append(update)
            self._counts.append(self._person.typed)

    async def _take(self, message: bytes) -> None:
        await super()._take(message)
        refused = {refusal.update for refusal in self.refused}
        for number in [number for number in self._covers if number <= self.saved]:
            count = self._covers.pop(number)
            if number not in refused and self._person.role is Role.EDITOR:
                self._person.acknowledged = max(self._person.acknowledged, count)


class Person:
    """Somebody with a document, an invite and a way to the server that may fail."""

    def __init__(self, letter: str, proxy: FaultProxy) -> None:
        self.letter = letter
        self.proxy = proxy
        self.doc: Doc[Any] = Doc()
        self.body = self.doc.get("body", type=Text)
        self.marks = self.doc.get("marks", type=Map)
        self.client: _Client | None = None
        self.role: Role | None = None
        self.invite = 0
        self.secret = ""
        self.typed = 0
        self.acknowledged = 0
        self.hidden_from: int | None = None
        """First of the tokens that nobody else may see, because they were typed without the right to."""
        self.is_dark = False
        self._sending: asyncio.Task[None] | None = None
        self._edited = asyncio.Event()

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection, as far as this person can tell."""
        return self.client is not None and not self.client.socket_is_gone

    @property
    def connection(self) -> Client:
        """The connection, which there has to be."""
        assert self.client is not None
        return self.client

    @property
    def text(self) -> str:
        """The text as this person sees it."""
        return str(self.body)

    async def connect(self, *, within: float = 0.5) -> None:
        """Opens a connection, if there is none and the network allows it within so many seconds."""
        if self.is_connected:
            return
        await self.leave()
        client = _Client(self)
        try:
            async with asyncio.timeout(within):
                await client.open(f"ws://127.0.0.1:{self.proxy.port}", secret=self.secret)
        except (OSError, TimeoutError, EOFError, InvalidHandshake, InvalidMessage, ConnectionClosed):
            await client.leave()
            return
        self.client = client
        self._sending = asyncio.create_task(self._send())

    async def leave(self, *, cut: bool = False) -> None:
        """Ends the connection, or what is left of it."""
        client, self.client = self.client, None
        sending, self._sending = self._sending, None
        if sending is not None:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        if client is not None:
            if cut or self.is_dark:
                client.cut()
            await client.leave()

    def type(self, count: int, padding: int = 0) -> None:
        """Writes tokens behind the last one, in one transaction."""
        words = "".join(f"<{self.letter}{number}>" for number in range(self.typed, self.typed + count))
        if self.typed % 3 == 0:
            words += "é😀"
        at = self._end()
        self.typed += count
        self.body.insert(at, words + "." * padding)
        self._edited.set()

    def rub(self) -> None:
        """Writes something and takes it back."""
        at = self._end()
        self.body.insert(at, RUBBED_OUT)
        del self.body[at : at + len(RUBBED_OUT)]
        self._edited.set()

    def mark(self) -> None:
        """Formats its last token and leaves a note."""
        end = self._end()
        self.marks[self.letter] = self.typed
        if end and self.typed:
            self.body.format(end - len(f"<{self.letter}{self.typed - 1}>"), end, {"bold": bool(self.typed % 2)})
        self._edited.set()

    async def show(self) -> None:
        """Lets the others know that it is here."""
        if self.is_connected:
            assert self.client is not None
            with suppress(ConnectionClosed):
                await self.client.show({"name": self.letter}, clock=self.typed + 1)

    def _end(self) -> int:
        """Where the last token ends, in bytes."""
        text = self.text
        if self.typed == 0:
            return len(text.encode())
        token = f"<{self.letter}{self.typed - 1}>"
        return len(text[: text.index(token) + len(token)].encode())

    async def _send(self) -> None:
        client = self.client
        assert client is not None
        await client.until(lambda: client.answered or client.closed)
        with suppress(ConnectionClosed):
            while client.closed is None:
                self._edited.clear()
                await client.push()
                await self._edited.wait()


def are_same(one: Doc[Any], other: Doc[Any]) -> bool:
    """Whether two documents are equal down to state vector and deletions, and look it."""
    if _state(one) != _state(other):
        return False
    ours, theirs = one.get_update(), other.get_update()
    if not (Replica([ours]).has_all_of(theirs) and Replica([theirs]).has_all_of(ours)):
        return False
    same_text = one.get("body", type=Text).diff() == other.get("body", type=Text).diff()
    return bool(same_text and one.get("marks", type=Map).to_py() == other.get("marks", type=Map).to_py())


def _state(doc: Doc[Text]) -> dict[int, int]:
    reader = Reader(doc.get_state())
    return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}
