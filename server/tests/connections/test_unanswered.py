"""Whoever asks for history is answered: also when the disk fails, a role changes or something goes wrong meanwhile."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections import Counter
from contextlib import closing, nullcontext
from time import thread_time
from types import SimpleNamespace

import pytest
from pycrdt import Doc, Text

from cowrite_server.connections.answering import Answering
from cowrite_server.connections.history_requests import HistoryRequests
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.intake import Intake, Turn
from cowrite_server.sockets.pace import Pace
from cowrite_server.sockets.spending import Spending
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.history import (
    HistoryReason,
    MomentList,
    MomentSummary,
    OpenedMoment,
    Span,
    moment_get_message,
    moments_get_message,
    restore_message,
)
from cowrite_server.wire.json_messages import read_refusal
from cowrite_server.wire.protocol import Limits, Message, Role
from house import House
from sync_clients import until


async def test_what_fails_in_an_unforeseen_way_is_refused_and_what_comes_behind_it_answered(caplog) -> None:
    told: list[str] = []

    async def fail() -> None:
        raise RuntimeError("nobody foresaw it")

    async def answer() -> None:
        told.append("answered")

    requests = Answering("history", Spending(Pace(Limits(), 1.0), math.inf))
    requests.add(fail, lambda: told.append("refused"))
    requests.add(answer, lambda: told.append("refused as well"))
    await until(lambda: len(told) == 2)
    assert told == ["refused", "answered"]
    assert "nobody foresaw it" in caplog.text
    caplog.clear()


async def test_while_the_disk_fails_whoever_asks_is_told_so_and_can_ask_again(house: House) -> None:
    ann = await house.client()
    await ann.write("one")
    await ann.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write(" two")
        asked = asyncio.create_task(ann.restore(1))  # before it is known that the disk fails
        await until(lambda: not house.server.ready)
        assert await asked is HistoryReason.UNREADABLE
        assert await ann.restore(1) is HistoryReason.UNREADABLE
        other.execute("COMMIT")
    await ann.until_saved()
    assert await ann.restore(1) is None
    assert ann.text == "one"


class WaitingRoom:
    """A room that rests: what is submitted to it is looked at later, by a real intake."""

    record = SimpleNamespace(name="room", id=1)

    def __init__(self) -> None:
        self.turn: Turn = {}
        self.intake = Intake("room", Replica([]), Gate(Presence()))
        self.restoring = asyncio.Lock()

    def flush(self) -> None:
        """Nothing has come in."""

    def refuses(self, update: bytes, role: Role) -> str | None:
        """It takes everything."""

    def submit(self, client: Client, number: int, update: bytes) -> None:
        self.turn[client] = [(number, update)]

    def pass_on(self) -> None:
        """Not yet."""


async def test_a_restoring_by_somebody_who_may_not_edit_any_more_is_refused_and_not_called_done() -> None:
    doc: Doc[Text] = Doc()
    doc.get("body", type=Text).insert(0, "as it was")
    update = doc.get_update()

    async def restoring(room: object, seq: int) -> bytes:
        return update

    async def caught_up() -> None:
        return

    ann = SimpleNamespace(admission=SimpleNamespace(member=1, name="Ann"), role=Role.EDITOR)
    room = WaitingRoom()
    sent: list[bytes] = []
    history = SimpleNamespace(restoring=restoring, turn_to_restore=lambda _record: nullcontext())
    log = SimpleNamespace(caught_up=caught_up)
    refusals: Counter[str] = Counter()
    asked = Answering("history", Spending(Pace(Limits(), 1.0), math.inf))
    services = SimpleNamespace(history=history, log=log, figures=SimpleNamespace(refusals=refusals))
    requests = HistoryRequests(ann, room, services, asked, sent.append)
    message = Reader(restore_message(3, 1))
    requests.take(Message(message.var_uint()), message)
    await until(lambda: room.turn)
    ann.role = Role.VIEWER
    accepted, _ = room.intake.accept(room.turn, saved=True)
    assert accepted == []
    (answer,) = map(Reader, sent)
    assert answer.var_uint() == Message.HISTORY_REFUSED
    assert read_refusal(answer, HistoryReason) == (3, HistoryReason.READ_ONLY)
    assert refusals == {"read-only": 1}
    assert room.intake.added == 0


MOMENTS = MomentList(tuple(MomentSummary(number, 5, 5, (1,), 3, 4) for number in range(1, 8_001)), 1)
OPENED = OpenedMoment(1, bytes(2), tuple(Span(1, number % 2) for number in range(30_000)))


@pytest.mark.parametrize("ask", [moments_get_message(1), moment_get_message(1, 1)], ids=["all moments", "one"])
async def test_others_are_heard_while_a_long_answer_is_written(ask: bytes) -> None:
    async def moments(_room: object) -> MomentList:
        return MOMENTS

    async def opened(_room: object, _seq: int) -> OpenedMoment:
        return OPENED

    async def caught_up() -> None:
        return

    sent: list[bytes] = []
    history = SimpleNamespace(moments=moments, open=opened)
    asked = Answering("history", Spending(Pace(Limits(), 1.0), math.inf))
    log = SimpleNamespace(caught_up=caught_up)
    services = SimpleNamespace(history=history, log=log)
    requests = HistoryRequests(SimpleNamespace(), WaitingRoom(), services, asked, lambda *parts: sent.extend(parts))
    message = Reader(ask)
    begun = before = thread_time()  # what others do with the processor meanwhile keeps nobody waiting
    longest = 0.0
    requests.take(Message(message.var_uint()), message)
    while not sent:
        await asyncio.sleep(0)
        longest, before = max(longest, thread_time() - before), thread_time()
    assert longest < (thread_time() - begun) / 2
