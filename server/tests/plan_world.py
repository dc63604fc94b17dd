"""Carries out a plan of `sync_plans`: people with a proxy each, and a server process that is killed and started again.

Everybody writes numbered tokens, see `plan_tokens`. What the server acknowledged has to be there after a kill without
any help of its author.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from pycrdt import Map

from commands import run_meanwhile
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close, Role
from helpers.fault_proxy import FaultProxy
from helpers.plan_files import Op
from helpers.stopwatch import within
from plan_past import ROOM, Names, Past, text_of_backup
from plan_people import Person, are_same
from plan_tokens import check_text, check_version, has_all
from poison import MALFORMED
from server_process import TunedServer
from sync_clients import Client, until

SETTINGS: dict[str, Any] = {
    "ping_seconds": 0.5,
    "silence_seconds": 1.5,
    "idle_seconds": 0.05,
    "snapshot_bytes": 1500,
    "retry_seconds": 0.02,
    "retry_most_seconds": 0.1,
    "watch_seconds": 0.05,
    "unsaved_bytes": 20_000,
}
"""What takes seconds or megabytes otherwise happens within a plan."""


class PlanFailed(AssertionError):
    """Something did not hold.

    Args:
        step: index of the operation after which it did not.
        op: the operation.
        reason: what did not hold.
    """

    def __init__(self, step: int, op: Op, reason: str) -> None:
        super().__init__(f"after operation {step} {json.dumps(op)}: {reason}")
        self.step = step


class World:
    """All people, and the server.

    Args:
        plan: what is going to happen; its first operation says how many people there are.
        folder: for the server's data.
        stack: ends what was begun.
        lag: seconds for which a server may not know what another one has written.
    """

    revoked_within = 1.0
    """Seconds in which whoever has lost their role is closed, or told of a lesser one."""

    def __init__(self, plan: list[Op], folder: Path, stack: AsyncExitStack, *, lag: float = 0.0) -> None:
        self._begin = plan[0]
        self._data = folder
        self._place: tuple[str | Path, ...] = ("--data", folder)
        self._lag = lag
        self._stack = stack
        self._server: TunedServer | None = None
        self._last: TunedServer | None = None
        self._lock: sqlite3.Connection | None = None
        self.people: list[Person] = []
        self._past = Past(lag)
        self._names = Names()
        self._backups = 0

    @property
    def server(self) -> TunedServer:
        """The server, which has to be running."""
        assert self._server is not None
        return self._server

    @property
    def past_url(self) -> str:
        """The server on which the past goes on."""
        return self.server.url

    async def begin(self) -> None:
        """Starts the server; everybody gets an invite."""
        await self.start()
        for number in range(self._begin["people"]):
            proxy = await self._stack.enter_async_context(FaultProxy("127.0.0.1", self.server.port))
            person = Person("abcdefgh"[number], proxy)
            self._stack.push_async_callback(person.leave, cut=True)
            self.people.append(person)
            await self._give(person, Role.EDITOR)
            await person.connect()
        self._stack.push_async_callback(self._leave_the_past)

    async def perform(self, op: Op) -> None:
        """Carries out one operation."""
        if "who" in op:
            await self._perform_of(self.people[op["who"]], op)
            return
        match op["do"]:
            case "begin":
                await self.begin()
            case "pass":
                await asyncio.sleep(op["seconds"])
            case "kill" | "stop":
                await self.end(signal.SIGKILL if op["do"] == "kill" else signal.SIGTERM)
            case "start":
                await self.start()
            case "lock":
                await self._lock_store()
            case "unlock":
                self._unlock_store()
            case "mallory":
                await self._suffer(op["n"])
            case "past":
                await self._go_on_in_the_past(op["what"], op["n"])
            case "hours":
                await self._pass_hours(op["n"])
            case "compact" | "backup" | "forget" | "rewrite" if self._lock is None:
                work = {"compact": self._compact, "backup": self._back_up, "forget": self._forget}
                await work.get(op["do"], self._rewrite)()

    async def _perform_of(self, person: Person, op: Op) -> None:
        match op["do"]:
            case "type":
                for _ in range(op["n"]):
                    person.type(1)
                    await asyncio.sleep(0)
            case "paste":
                person.type(op["n"], op["padding"])
            case "rub":
                person.rub()
            case "mark":
                person.mark()
            case "show":
                await person.show()
            case "connect":
                await person.connect()
            case "bounce":
                await person.leave(cut=True)
                await person.connect()
            case "leave":
                await person.leave()
            case "wait":
                await self._wait(person)
            case "role":
                await self._change_role(person, op["role"])
            case "demote":
                await self._demote(person)
            case "dark":
                person.proxy.blackhole()
                person.is_dark = True
            case "slow":
                person.proxy.delay = op["seconds"]
            case "reset":
                person.proxy.reset()
            case "bright":
                self._brighten(person)
            case "name":
                await self._names.give(person, self.people)

    async def start(self) -> None:
        """Starts the server if it is down; what was acknowledged must be there before anybody returns."""
        if self._server is not None:
            return
        self._unlock_store()
        self._server = await self._stack.enter_async_context(TunedServer(self._data, **SETTINGS))
        for person in self.people:
            person.proxy.redirect(self.server.port)
        if self.people:
            await self.look_at_what_was_acknowledged()

    async def end(self, how: signal.Signals) -> None:
        """Ends the server if it is up."""
        if self._server is not None:
            server, self._server = self._server, None
            await self.end_one(server, how)

    async def end_one(self, server: TunedServer, how: signal.Signals) -> None:
        """Ends a server, which says nothing of a mistake."""
        if how is signal.SIGKILL:
            await server.kill()
        else:
            server.send_signal(how)
        status = await server.wait()
        assert status == (-signal.SIGKILL if how is signal.SIGKILL else 0), f"it ended with {status}: {server.errors}"
        assert "Traceback" not in server.errors, server.errors

    async def finish(self) -> None:
        """Makes everything work again; then everybody has everything, once and in order, and the disk has it too."""
        await self.start()
        self._unlock_store()
        for person in self.people:
            self._brighten(person)
            person.proxy.delay = 0.0
            await self._change_role(person, "editor")
            await person.leave(cut=True)
        for person in self.people:
            await person.connect(within=20)  # nothing is in its way any more, only a busy machine
            assert person.is_connected, f"{person.letter} could not connect"
        for person in self.people:
            await _comes_true(person, partial(_is_acknowledged, person), "is not saved")
        for person in self.people:
            await _comes_true(person, partial(_has_everything, person, self.people), "has not got everything")
            check_text(person.text, self.people, complete=True)
        first, *others = self.people
        for other in others:
            await _comes_true(first, partial(are_same, first.doc, other.doc), f"differs from {other.letter}")
        await self._names.check(first.connection)
        if await self._past.connect(self.server.url, self._secret_of_the_past):
            await self._past.finish()
        for person in self.people:  # not only tokens: what was rubbed out is to be on the disk as well
            await _comes_true(person, partial(_has_saved_all, person.connection), "is not saved whole")
        await self.end(signal.SIGKILL)
        for person in self.people:
            await person.leave(cut=True)
        await self._past.leave()
        await self.start()
        reader = await self._reader()
        check_text(reader.text, self.people, complete=True)
        await self._names.check(reader)
        assert are_same(reader.doc, first.doc), "what was stored differs from what everybody has"
        await reader.leave()
        await self.end(signal.SIGTERM)

    async def _reader(self) -> Client:
        reader = Client()
        self._stack.push_async_callback(reader.leave)
        reader.doc.get("marks", type=Map)
        await reader.open(self.server.url, secret=await self.server.secret(Role.VIEWER))
        await reader.until_synced()
        return reader

    async def look_at_what_was_acknowledged(self) -> None:
        """Looks, as somebody who has nothing, whether it is there."""
        reader = await self._reader()
        check_text(reader.text, self.people)
        await reader.leave()
        await self._past.check(self.server.url)

    async def _go_on_in_the_past(self, what: str, number: int) -> None:
        if self._server is None or self._lock is not None:
            return
        await self._past.settle()
        if await self._past.connect(self.past_url, self._secret_of_the_past):
            self._past.begin(what, number)

    async def _secret_of_the_past(self) -> str:
        return await self.server.secret(room=ROOM)

    async def _leave_the_past(self) -> None:
        await self._past.leave()

    async def _pass_hours(self, hours: int) -> None:
        if self._server is not None:
            await self.server.order("pass_hours", hours)

    async def _compact(self) -> None:
        done = await run_meanwhile("compact", *self._place)
        assert done.status == 0, done.errors

    async def _back_up(self) -> None:
        """A backup that is made while everything goes on has what was acknowledged before it was begun."""
        self._backups += 1
        least = {person.letter: person.acknowledged for person in self.people}
        check_version(await text_of_backup(self._data, self._data.parent / f"backup-{self._backups}"), least)

    async def _forget(self) -> None:
        if self._past.has_begun:
            await self._past.settle()
            done = await run_meanwhile("forget", ROOM, "--yes", *self._place)
            assert done.status == 0, done.errors
            await self._past.until_forgotten()
            self._past = Past(self._lag)

    async def _rewrite(self) -> None:
        """The past begins anew, whatever is written there meanwhile."""
        if self._past.has_words:
            done = await run_meanwhile("rewrite", ROOM, *self._place)
            assert done.status == 0, done.errors
            await self._past.begin_anew()

    async def _wait(self, person: Person) -> None:
        """Until what the person typed is acknowledged, or exchanged only where the disk does not take it."""
        client, typed = person.client, person.typed
        if self._server is None or person.is_dark or client is None:
            return
        if self._lock is not None:
            await _comes_true(person, lambda: client.answered or client.closed, "is not answered")
        elif person.role is Role.EDITOR:
            await _comes_true(person, lambda: person.acknowledged >= typed or client.closed, "is not saved")

    async def _change_role(self, person: Person, role: str | None) -> None:
        if self._server is None or self._lock is not None or person.role == role:
            return
        client = person.client if person.is_connected else None
        if person.role is not None:
            await self.server.order("revoke", "room", person.invite)
        if client is not None and not person.is_dark:
            async with within(self.revoked_within + 2 * person.proxy.delay):
                await client.until(lambda: client.closed)
        await person.leave(cut=True)
        if person.hidden_from is None:
            person.hidden_from = person.typed
        if role is None:
            person.role = None
        else:
            await self._give(person, Role(role))

    async def _demote(self, person: Person) -> None:
        """Makes an editor a viewer, who stays connected, goes on typing, and is a viewer also for the next server."""
        client = person.client
        if client is None or client.hello is None or self._server is None or self._lock is not None:
            return
        if person.role is not Role.EDITOR or person.is_dark or not person.is_connected:
            return
        await self.server.order("set_role", "room", client.hello.member, Role.VIEWER)
        async with within(self.revoked_within + 2 * person.proxy.delay):
            await client.until(lambda: client.roles or client.closed)
        person.role, person.hidden_from = Role.VIEWER, person.typed

    async def _give(self, person: Person, role: Role) -> None:
        person.invite, person.secret = await self.server.invite(role)
        person.role = role
        if role is Role.EDITOR:
            person.hidden_from = None

    def _brighten(self, person: Person) -> None:
        person.is_dark = False
        person.proxy.restore()

    async def _lock_store(self) -> None:
        if self._lock is None and self._server is not None:
            lock = sqlite3.connect(self._data / FILE_NAME, isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")
            self._lock = lock
            self._stack.callback(self._unlock_store)

    def _unlock_store(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    async def _suffer(self, number: int) -> None:
        """Somebody with an invite sends what cannot be read."""
        if self._server is None or self._lock is not None:
            return
        messages = list(MALFORMED.values())
        mallory = Client(answers=False)
        await mallory.open(self.server.url, secret=await self.server.secret())
        await mallory.send(messages[number % len(messages)])
        closed = await mallory.until_closed()
        await mallory.leave()
        assert closed.code == Close.MALFORMED, closed


def _is_acknowledged(person: Person) -> bool:
    return person.acknowledged >= person.typed


def _has_everything(person: Person, people: Sequence[Person]) -> bool:
    return has_all(person.text, people)


def _has_saved_all(client: Client) -> bool:
    """Whether all is on disk that a client has; before its step 2 it has sent nothing of it."""
    return client.sent > 0 and client.saved >= client.sent


async def _comes_true(person: Person, true: Callable[[], object], what: str) -> None:
    try:
        await until(true)
    except TimeoutError:
        raise AssertionError(
            f"{person.letter} {what}: typed {person.typed}, acknowledged {person.acknowledged}, "
            f"connected {person.is_connected}, text ends {person.text[-60:]!r}"
        ) from None
