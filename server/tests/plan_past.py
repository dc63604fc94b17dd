"""The past of a plan: versions that are named, opened and restored, and a rewritten room, while all else happens.

`Past` is somebody alone in a room, so what each version says and what the room may say after a kill is known to the
letter. `Names` is what people call versions of the room in which they all write.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from commands import run_meanwhile
from cowrite_server.history.history import History
from cowrite_server.history.restoring import text_of
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.history import (
    HistoryReason,
    MomentList,
    Naming,
    OpenedMoment,
    moment_get_message,
    moments_get_message,
    name_version_message,
    restore_message,
)
from cowrite_server.wire.protocol import Close
from plan_people import Person
from plan_tokens import check_version
from stores import opened
from sync_clients import Client

ROOM = "past"
_CUT_OFF = 1006
_GONE = (OSError, TimeoutError, EOFError, InvalidHandshake, InvalidMessage, ConnectionClosed)


_UNANSWERED = object()
"""In the place of an answer."""
_IN_DOUBT = (_UNANSWERED, HistoryReason.UNREADABLE)
"""Nobody knows whether it was done."""


async def _ask(client: Client, message: Callable[..., bytes], *arguments: object) -> object:
    """The answer to a request, unless the connection ended before there was one."""
    request = 1 + max(client.answers_by_request, default=0)
    await client.send_anyhow(message(request, *arguments))
    await client.until(lambda: request in client.answers_by_request or client.closed)
    return client.answers_by_request.get(request, _UNANSWERED)


@dataclass
class _Version:
    """A version of the past.

    Attributes:
        text: what it says.
        name: what it is called, as far as the server has said so.
        wished: what it may be called, because that was asked and not answered.
    """

    text: str
    name: str
    wished: str | None = None


class Past:
    """Somebody alone in a room, who writes, names, restores and looks, one thing after the other.

    What was asked goes on while other things happen, and what is left open by a kill is known when they are back.
    """

    def __init__(self, lag: float) -> None:
        """Nothing has been written.

        Args:
            lag: seconds for which a server may not know what another one has written.
        """
        self.client: Client | None = None
        self._lag = lag
        self._doc = Client().doc
        self._secret = ""
        self._written = self._named = 0
        self._versions: dict[int, _Version] = {}
        self._wished: dict[str, str] = {}
        """Versions of now that were asked for and not answered: what they would say, by name."""
        self._stored = {""}
        """What the server may have on its disk."""
        self._asking: asyncio.Task[None] | None = None

    @property
    def has_begun(self) -> bool:
        """Whether there is a room."""
        return bool(self._secret)

    @property
    def has_words(self) -> bool:
        """Whether something is stored of the room for sure."""
        return "" not in self._stored

    async def settle(self) -> None:
        """Waits until what was asked is answered, or its connection has ended."""
        asking, self._asking = self._asking, None
        if asking is not None:
            await asking

    async def connect(self, url: str, secret: Callable[[], Coroutine[Any, Any, str]]) -> bool:
        """Makes sure of a connection; whether there is one."""
        if self.client is not None and not self.client.socket_is_gone:
            return True
        await self.leave()
        await asyncio.sleep(self._lag)
        self._secret = self._secret or await secret()
        client = Client(self._doc)
        try:
            async with asyncio.timeout(2):
                await client.open(url, ROOM, self._secret)
                await client.until(lambda: client.steps or client.closed)
        except _GONE:
            await client.leave()
            return False
        if client.steps:
            assert client.text in self._stored, f"the past says {client.text!r}, and may say {self._stored}"
            await client.until(lambda: client.saved >= client.sent > 0 or client.closed)
        if client.closed or not client.steps:
            await client.leave()
            return False
        self._stored = {client.text}
        self.client = client
        return True

    async def leave(self) -> None:
        """Ends the connection."""
        client, self.client = self.client, None
        if client is not None:
            await client.leave()
        await self.settle()

    def begin(self, what: str, number: int) -> None:
        """Begins one thing.

        Args:
            what: "write", "name", "rename", "restore" or "look".
            number: says which version.
        """
        if work := {"write": self._write, "name": self._name, "look": self._look}.get(what):
            self._asking = asyncio.create_task(work())
        elif self._versions:
            seq = list(self._versions)[number % len(self._versions)]
            change = {"rename": self._rename, "restore": self._restore}[what]
            self._asking = asyncio.create_task(change(seq))

    async def check(self, url: str) -> None:
        """Makes sure, as somebody who has nothing, that what was acknowledged is on the disk."""
        if not self._secret:
            return
        async with Client(answers=False) as reader:
            await reader.open(url, ROOM, self._secret)
            await reader.send(b"\x00\x00\x01\x00")
            await reader.until_synced()
            assert reader.text in self._stored, f"the past is stored as {reader.text!r}, and may be {self._stored}"

    async def finish(self) -> None:
        """Makes sure that every version is there, under its name."""
        await self.settle()
        await self._look()

    async def until_forgotten(self) -> None:
        """Waits until it hears that the room was removed for good."""
        await self._until_closed(Close.FORGOTTEN)

    async def begin_anew(self) -> None:
        """Waits until it hears that the room was rewritten, and goes on with a copy of what that is now."""
        await self._until_closed(Close.EPOCH_CHANGED)
        self._doc = Client().doc
        self._versions.clear()
        self._wished.clear()

    async def _until_closed(self, code: Close) -> None:
        client = self.client
        if client is not None:
            closed = await client.until_closed()  # it may not have heard yet of an end before
            assert closed.code in (code, Close.SHUTTING_DOWN, _CUT_OFF), closed
        await self.leave()

    async def _write(self) -> None:
        client = self._client()
        await client.write(f"<{self._written}>")
        self._written += 1
        self._stored.add(client.text)
        await client.until(lambda: client.saved >= client.sent or client.closed)
        if client.saved >= client.sent:
            self._stored = {client.text}

    async def _name(self) -> None:
        client, name = self._client(), f"version {self._named}"
        self._named += 1
        self._wished[name] = client.text
        answer = await _ask(client, name_version_message, Naming(0, "", name))
        if isinstance(answer, int):
            del self._wished[name]
            self._versions[answer] = _Version(client.text, name)
        elif answer not in _IN_DOUBT:
            del self._wished[name]

    async def _rename(self, seq: int) -> None:
        version, name = self._versions[seq], f"renamed {self._named}"
        if version.wished is not None:
            return
        self._named += 1
        version.wished = name
        answer = await _ask(self._client(), name_version_message, Naming(seq, version.name, name))
        if answer == seq:
            version.name = name
        if answer not in _IN_DOUBT:
            version.wished = None
            assert answer in (seq, HistoryReason.BUSY), answer

    async def _restore(self, seq: int) -> None:
        client, text = self._client(), self._versions[seq].text
        self._stored.add(text)
        answer = await _ask(client, restore_message, seq)
        if answer is None:
            assert client.text == text, f"restored to {client.text!r} and not to {text!r}"
            self._stored = {text}

    async def _look(self) -> None:
        client = self._client()
        found = await _ask(client, moments_get_message)
        if not isinstance(found, MomentList):
            return
        names = {moment.seq: moment.name.text for moment in found.moments if moment.name is not None}
        for seq, name in names.items():
            if name in self._wished:
                self._versions[seq] = _Version(self._wished.pop(name), name)
        self._wished.clear()
        for seq, version in self._versions.items():
            if version.wished is not None and names.get(seq) == version.wished:
                version.name = version.wished
            version.wished = None
        known = {seq: version.name for seq, version in self._versions.items()}
        assert names == known, f"the versions are called {names} and not {known}"
        for seq, version in self._versions.items():
            opened_moment = await _ask(client, moment_get_message, seq)
            if isinstance(opened_moment, OpenedMoment):
                text = text_of(opened_moment.document)
                assert text == version.text, f"version {seq} says {text!r} and not {version.text!r}"

    def _client(self) -> Client:
        assert self.client is not None
        return self.client


class Names:
    """What people have called versions of the room in which they all write."""

    def __init__(self) -> None:
        self._asked: list[tuple[Client, int, str, Mapping[str, int]]] = []

    async def give(self, person: Person, everybody: list[Person]) -> None:
        """Somebody names what is there now; it holds all that had been acknowledged, whoever wrote it."""
        client = person.client
        if client is None or client.socket_is_gone or not client.answered:
            return
        request, name = 1000 + len(self._asked), f"{person.letter}{len(self._asked)}"
        least = {each.letter: each.acknowledged for each in everybody}
        with suppress(ConnectionClosed):
            await client.send(name_version_message(request, Naming(0, "", name)))
            self._asked.append((client, request, name, least))

    async def check(self, client: Client) -> None:
        """Makes sure of all versions that the server has said it has named; this client asks for them."""
        found = await client.moments()
        names = {moment.name.text: moment.seq for moment in found.moments if moment.name is not None}
        for giver, request, name, _ in self._asked:
            seq = giver.answers_by_request.get(request)
            if isinstance(seq, int):
                assert names.get(name) == seq, f"{name} was given to {seq}, and is that of {names.get(name)}"
        for name, seq in names.items():
            shown = await client.moment(seq)
            assert isinstance(shown, OpenedMoment), f"{name} is not shown: {shown}"
            check_version(text_of(shown.document), next(least for _, _, asked, least in self._asked if asked == name))


async def text_of_backup(data: Path, folder: Path) -> str:
    """Backs a data folder up, whatever goes on there; gives what the backup says of the room in which all write.

    Args:
        data: the data folder.
        folder: a new one, where the backup is looked at.
    """
    await asyncio.to_thread(folder.mkdir)
    done = await run_meanwhile("backup", folder / FILE_NAME, "--data", data)
    assert done.status == 0, done.errors
    done = await run_meanwhile("verify", "--data", folder)
    assert done.status == 0, done.out + done.errors
    text = ""
    async with opened(sqlite_address(folder)) as store:
        history = History(store)
        if (room := await store.find_room("room")) and (moments := (await history.moments(room)).moments):
            text = text_of((await history.open(room, moments[-1].seq)).document)
    await asyncio.to_thread(shutil.rmtree, folder)
    return text
