"""Turns: what takes long goes behind letters and newcomers."""

from __future__ import annotations

import asyncio
import gc
import math
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from time import monotonic
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from pycrdt import Doc, Text
from websockets.frames import Frame, Opcode

from cowrite_server.connections import answering as answering_module
from cowrite_server.connections.answering import Answering
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.rooms import gathering as gathering_module
from cowrite_server.rooms.rest import Rest
from cowrite_server.share import Share
from cowrite_server.sockets import turns as turns_module
from cowrite_server.sockets.backlog import Backlog
from cowrite_server.sockets.pace import Pace
from cowrite_server.sockets.spending import Spending
from cowrite_server.sockets.turns import Turns
from cowrite_server.wire.members import members_get_message
from cowrite_server.wire.protocol import Limits, Message, Role, Sync, sync_message
from house import House, MakeHouse
from sync_clients import until


class Loop:
    """A loop whose time passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        monkeypatch.setattr(turns_module, "monotonic", lambda: self.now)

    def call_later(self, delay: float, call: Callable[[], None]) -> object:
        """Calls when it is time."""
        self.timers.append((self.now + delay, call))
        return object()

    def run(self) -> None:
        """Lets time pass until the next call, and makes it."""
        at, call = min(self.timers, key=lambda timer: timer[0])
        self.timers.remove((at, call))
        self.now = max(self.now, at)
        call()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A loop whose time passes when it is told to."""
    return Loop(monkeypatch)


def test_between_two_turns_there_is_a_rest_as_long_as_the_last_has_taken(loop: Any) -> None:
    turns, taken = Turns(loop), []
    for name in "ab":
        turns.wait(lambda name=name: taken.append((name, round(loop.now, 3))) is None, 0.02)
    while not taken:
        loop.run()
    assert taken == [("a", 100.04)]  # both had taken their time before
    loop.now += 0.03
    turns.wait(lambda: True, 0.03)
    while not taken[1:]:
        loop.run()
    assert taken[1:] == [("b", 100.1)]


def test_whoever_is_gone_takes_no_turn(loop: Any) -> None:
    turns, taken = Turns(loop), []
    for _ in range(5):
        turns.wait(lambda: False, 0.0)
    turns.wait(lambda: taken.append(1) is None, 0.0)
    loop.run()
    assert taken == [1]


def test_however_long_something_took_nobody_waits_for_ever(loop: Any) -> None:
    turns, taken = Turns(loop), []
    for _ in range(50):
        turns.wait(lambda: taken.append(loop.now) is None, 3.0)
    while not taken:
        loop.run()
    assert taken == [pytest.approx(100.5)]


def test_where_one_turn_fails_the_others_come_all_the_same(loop: Any) -> None:
    turns, taken = Turns(loop), []

    def fail() -> bool:
        raise ZeroDivisionError

    turns.wait(fail, 0.0)
    turns.wait(lambda: taken.append(1) is None, 0.0)
    with pytest.raises(ZeroDivisionError):
        loop.run()
    loop.run()
    assert taken == [1]


async def test_a_letter_goes_before_most_of_what_somebody_asks_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, flooder = await house.client(), await house.client(), await house.client()
    await ann.show({"user": {"name": "Ann"}})
    await ben.until(lambda: ben.present)
    asked, message = 0, Presence.message

    def count(presence: Presence, *ids: Any) -> bytes | None:
        nonlocal asked
        asked += not ids
        return message(presence, *ids)

    monkeypatch.setattr(Presence, "message", count)
    one = Frame(Opcode.BINARY, bytes((Message.QUERY_AWARENESS,))).serialize(mask=True, extensions=())
    flooder.socket.transport.write(one * 20_000)
    await until(lambda: asked)
    await ann.write("letter")
    await ben.until(lambda: ben.text == "letter")
    assert asked < 4_000
    await until(lambda: asked == 20_000)  # and all of it is answered


async def test_a_letter_goes_before_most_of_what_is_refused_to_somebody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = await house.client(), await house.client()
    mallory = await house.client(await house.secret(Role.COMMENTER))
    judged, judge = 0, Gate.judge

    def count(*update: Any) -> bytes:
        nonlocal judged
        judged += 1
        return judge(*update)

    monkeypatch.setattr(Gate, "judge", count)
    forbidden: Doc[Text] = Doc()
    forbidden.get("body", type=Text).insert(0, "mine")
    message = sync_message(Sync.UPDATE, forbidden.get_update())
    mallory.socket.transport.write(Frame(Opcode.BINARY, message).serialize(mask=True, extensions=()) * 300)
    await until(lambda: judged)
    await ann.write("letter")
    await ben.until(lambda: ben.text == "letter")
    assert judged < 300
    await mallory.until(lambda: len(mallory.refused) == 300)  # and all of it is answered


def test_of_those_who_have_had_enough_a_message_waits_on_whichever_of_their_connections_it_comes(loop: Any) -> None:
    pace, receivers = Pace(Limits(), 0.001), [Mock(), Mock()]
    pace.work(3.0, monotonic())
    turns = Turns(loop)
    for receiver in receivers:
        backlog = Backlog(Mock(), turns, Spending(pace, math.inf), Counter(), Mock(), Mock())
        backlog.start(receiver)
        backlog.begin()
        backlog.take(b"question")
        backlog.finish()
        receiver.receive.assert_not_called()
    for receiver in receivers:
        while not receiver.receive.called:
            loop.run()
        receiver.receive.assert_called_once_with(b"question")


async def test_of_those_who_have_had_enough_of_the_server_s_time_one_request_is_answered_at_a_time() -> None:
    share, answering, most, answered = Share(), 0, 0, 0

    async def answer() -> None:
        nonlocal answering, most, answered
        answering += 1
        most = max(most, answering)
        await asyncio.sleep(0)
        answering -= 1
        answered += 1

    used_up, fresh = Pace(Limits(), 0.001), Pace(Limits(), 1000.0)
    used_up.work(3.0, asyncio.get_running_loop().time())
    for pace in [used_up] * 3:
        assert Answering("members", Spending(pace, math.inf), share).add(answer, pytest.fail)
    await until(lambda: answered == 3)
    assert most == 1
    for pace in [fresh] * 3:
        assert Answering("members", Spending(pace, math.inf), share).add(answer, pytest.fail)
    await until(lambda: answered == 6)
    assert most == 3


async def test_a_request_of_somebody_who_goes_before_it_is_its_turn_is_not_begun() -> None:
    share, begun = Share(), []
    loop = asyncio.get_running_loop()
    pace = Pace(Limits(), 0.001)
    pace.work(3.0, loop.time())
    first, second = (Answering(name, Spending(pace, math.inf), share) for name in ("first", "second"))
    answered = asyncio.Event()

    async def answer(name: str) -> None:
        begun.append(name)
        await answered.wait()

    assert first.add(partial(answer, "first"), pytest.fail)
    await until(lambda: begun)
    assert second.add(partial(answer, "second"), pytest.fail)
    await asyncio.sleep(0)  # it waits for its turn now
    second.close()
    answered.set()
    await until(lambda: len(asyncio.all_tasks()) == 1)
    gc.collect()  # tells of what was begun and never awaited
    assert begun == ["first"]


async def test_what_is_done_for_a_request_counts_and_what_it_waits_for_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, begun, goes_on, worked = 0.0, asyncio.Event(), asyncio.Event(), list[float]()
    monkeypatch.setattr(answering_module, "monotonic", lambda: now)
    spending = SimpleNamespace(is_used_up=lambda now: False, work=lambda seconds, now: worked.append(seconds))

    def pass_time(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def answer() -> None:
        pass_time(1)
        begun.set()
        await goes_on.wait()
        pass_time(2)

    assert Answering("members", spending, None).add(answer, pytest.fail)
    await begun.wait()
    pass_time(4)
    goes_on.set()
    await until(lambda: worked)
    assert worked == [3]


async def test_requests_of_a_client_are_at_its_pace(house: House) -> None:
    ann = await house.client()
    [pace] = [house.server._reception._paces.of(person) for person in house.server._reception._paces]
    await ann.request(members_get_message)
    assert pace.worked_until > 0


async def test_how_long_the_server_may_work_for_one_member_is_a_setting(make_house: MakeHouse) -> None:
    house = await make_house(work_seconds=0.001)
    ann, pauses = await house.client(), house.server._figures.pauses
    for _ in range(100):  # one after the other, for many at once would wait for each other in any case
        await ann.request(members_get_message)
        if pauses["turn"]:
            break
    assert pauses["turn"]


async def test_what_a_room_passes_on_later_counts_for_those_who_wrote_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(await house.secret())
    clock = count(step=0.5)
    monkeypatch.setattr(Rest, "over", property(lambda _rest: False))
    monkeypatch.setattr(Rest, "is_over_with", lambda _rest, _updates: False)
    monkeypatch.setattr(gathering_module, "monotonic", lambda: next(clock))
    await ann.write("letter")
    await ben.until(lambda: ben.text == "letter")
    [of_ann, of_ben] = [
        each._socket.spending for each in next(iter(house.server._rooms._rooms.values())).participants.clients
    ]
    now = asyncio.get_running_loop().time()
    assert (of_ann.is_used_up(now + 1), of_ben.is_used_up(now + 1)) == (True, False)
