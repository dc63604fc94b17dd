"""What one client writes, the others get: as it was, merged under load, and in the dialect that each speaks."""

from __future__ import annotations

import asyncio

import pytest
from pycrdt import Doc, Map, Text

from cowrite_server import __version__
from cowrite_server.document.replica import Replica
from cowrite_server.rooms.rest import Rest
from cowrite_server.rooms.room import Room
from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.protocol import (
    Limits,
    Message,
    Role,
    Sync,
    sync_message,
)
from house import House, MakeHouse
from sync_clients import Client, StockClient, until


async def test_what_one_client_writes_the_others_get(house: House) -> None:
    ann, ben, stock = await house.client(), await house.client(), await house.stock()
    await ann.write("Hello")
    await ben.until(lambda: ben.text == "Hello")
    await stock.until(lambda: stock.text == "Hello")
    await stock.write(" world")
    await ann.until(lambda: ann.text == "Hello world")


async def test_hello_is_the_first_message_and_tells_what_the_client_needs(make_house: MakeHouse) -> None:
    limits = Limits(message_bytes=1_000_000, room_clients=3)
    house = await make_house(limits=limits)
    viewer = await house.client(await house.secret(Role.VIEWER, "minutes"), room="minutes")
    assert viewer.messages[0] == Message.HELLO
    assert viewer.hello is not None
    assert viewer.hello.role is Role.VIEWER
    assert viewer.hello.room == "minutes"
    assert viewer.hello.limits == limits
    assert viewer.hello.server == f"cowrite-server {__version__}"
    assert viewer.hello.epoch


async def test_a_stock_client_never_sees_a_message_of_ours(house: House) -> None:
    stock, ann = await house.stock(), await house.client()
    await stock.write("one")
    await ann.write("two")
    await ann.until_saved()
    await stock.until(lambda: len(stock.text) == 6)
    await stock.show({"name": "Stock"})
    await stock.until(lambda: stock.present)
    assert set(stock.messages) <= {Message.SYNC, Message.AWARENESS}


async def test_the_server_asks_and_shows_without_being_asked(house: House) -> None:
    ann = await house.client()
    await ann.show({"name": "Ann"})
    await ann.until(lambda: ann.present)
    silent = StockClient(answers=False)
    await house.enter(silent)
    await silent.until(lambda: silent.present)
    assert silent.messages[:2] == [Message.SYNC, Message.AWARENESS]


async def test_the_server_takes_what_a_client_wrote_offline(house: House) -> None:
    first = await house.client()
    await first.write("online ")
    await first.until_saved()
    doc: Doc[Text] = Doc()
    doc.apply_update(first.doc.get_update())
    doc.get("body", type=Text).insert(7, "offline")
    await house.client(client=Client(doc))
    await first.until(lambda: first.text == "online offline")


async def test_a_single_writer_does_not_hear_its_own_words(house: House) -> None:
    ann, ben = await house.client(), await house.client()
    for word in "some words that Ann writes".split():
        await ann.write(word)
        await ben.until(lambda word=word: ben.text.endswith(word))
    assert ann.updates == []


async def test_updates_of_a_burst_are_merged(make_house: MakeHouse) -> None:
    house = await make_house(merge_seconds=0.05)
    ann, ben = await house.client(), await house.client()
    for number in range(500):
        ann.body.insert(0, f"{number};")
    await ann.push()
    await ben.until(lambda: ben.text == ann.text)
    await ann.until_saved()
    assert len(ben.updates) < 100


async def test_a_lone_update_goes_out_at_once(make_house: MakeHouse) -> None:
    house = await make_house(merge_seconds=3600)
    ann, ben = await house.client(), await house.client()
    await ann.write("x")
    await ben.until(lambda: ben.text == "x")


def resting_room(house: House, seconds: float = 3600) -> Room:
    """The room of everybody here, which rests from now on, somewhat shorter than so many seconds."""
    room = next(iter(house.server._attendance._connections)).room
    room._gathering._rest.begin(seconds, 1)
    return room


async def test_a_lone_update_that_brings_nothing_goes_to_nobody(house: House) -> None:
    ann, ben = await house.client(), await house.client()
    await ann.send_update(b"\x80\x00\x00")
    await ann.until_saved()
    await ann.write("Hello")
    await ben.until(lambda: ben.text == "Hello")
    assert len(ben.updates) == 1


async def test_large_updates_are_not_held_back_to_be_merged(make_house: MakeHouse) -> None:
    house = await make_house(merge_seconds=3600)
    ann, ben = await house.client(), await house.client()
    room = resting_room(house)
    await ann.write("small")
    await until(lambda: room._gathering.turn)
    assert ben.text == ""
    await ann.write("x" * 300_000)
    await ben.until(lambda: len(ben.text) == 300_005)


async def test_a_room_that_has_rested_passes_on_by_itself(make_house: MakeHouse) -> None:
    house = await make_house(merge_seconds=3600)
    ann, ben = await house.client(), await house.client()
    resting_room(house, 0.2)
    await ann.write("x")
    await ben.until(lambda: ben.text == "x")


async def test_a_busy_room_gathers_as_long_as_the_settings_say_and_sends_one_frame(make_house: MakeHouse) -> None:
    seconds = 0.5
    house = await make_house(merge_seconds=seconds)
    ann, ben = await house.client(), await house.client()
    resting_room(house)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for letter in "abc":
        await ann.write(letter)
    await ben.until(lambda: ben.text == "abc")
    assert loop.time() - begun > 0.9 * seconds
    assert len(ben.updates) == 1


async def test_a_room_rests_after_passing_on_for_as_many_as_it_has(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, _ = await house.client(), await house.client(), await house.stock()
    begun: list[int] = []
    monkeypatch.setattr(Rest, "begin", lambda self, taken, receivers: begun.append(receivers))
    await ann.write("x")
    await ben.until(lambda: ben.text == "x")
    await until(lambda: begun)
    assert set(begun) == {3}


async def test_many_writers_converge(house: House) -> None:
    clients = [await (house.client() if number % 2 else house.stock()) for number in range(10)]

    async def write(number: int, client: Client) -> None:
        for count in range(20):
            await client.write(f"<{number}:{count}>")

    await asyncio.gather(*(write(number, client) for number, client in enumerate(clients)))
    tokens = {f"<{number}:{count}>" for number in range(10) for count in range(20)}
    for client in clients:
        await client.until(lambda client=client: all(token in client.text for token in tokens))
    assert len({client.text for client in clients}) == 1
    assert len(clients[0].text) == sum(map(len, tokens))


class SlowClient(Client):
    """One that takes nothing in for a while, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.sent_here: list[tuple[int, bytes]] = []

    async def _take_sync(self, reader: Reader) -> None:
        await self.go_on.wait()
        self.sent_here.append((reader.var_uint(), reader.var_bytes()))


async def test_nothing_that_is_written_overtakes_an_answer_that_does_not_have_it(house: House) -> None:
    ann, slow = await house.client(), SlowClient()
    await ann.write("x" * 100_000)
    await ann.until_saved()
    await house.enter(slow)
    for letter in "abcd":
        if letter == "c":
            await slow.send(sync_message(Sync.STEP_1, b"\x00"))  # while the first answer waits
        for at in (0, 500):
            ann.body.insert(at, letter)
            await ann.push()
        await ann.until_saved()
    slow.go_on.set()
    await slow.until(lambda: [kind for kind, _ in slow.sent_here].count(Sync.STEP_2) == 2)
    await ann.write("!")
    await slow.until(lambda: b"!" in slow.sent_here[-1][1])
    first = [kind for kind, _ in slow.sent_here].index(Sync.STEP_2)
    answer = Replica([slow.sent_here[first][1]])
    assert all(answer.has_all_of(data) for kind, data in slow.sent_here[:first] if kind == Sync.UPDATE)
    for _, data in slow.sent_here[first + 1 :]:
        answer.apply(data)
        assert not answer.waits
    assert answer.whole() == ann.doc.get_update()


async def test_all_kinds_of_shared_types_pass(house: House) -> None:
    ann, ben = await house.client(), await house.client()
    ann.doc["board"] = Map({"note": Map({"text": "idea", "votes": [1, 2]})})
    ann.body.insert(0, "Title\n", {"bold": True})
    ann.body.insert_embed(0, {"image": "x"}, {"width": 3})
    await ann.push()
    await ben.until(lambda: ben.doc.get("board", type=Map).to_py() == {"note": {"text": "idea", "votes": [1, 2]}})
    await ben.until(lambda: ben.body.diff() == ann.body.diff())


async def test_rooms_do_not_hear_each_other(house: House) -> None:
    ann, ben = await house.client(room="one"), await house.client(room="two")
    await ann.write("only here")
    await ann.until_saved()
    await ben.write("only there")
    await ben.until_saved()
    assert (ann.text, ben.text) == ("only here", "only there")


async def test_integers_longer_than_needed_are_read(house: House) -> None:
    ann, ben = await house.client(), await house.client()
    ann.body.insert(0, "x")
    update = ann.doc.get_update()
    await ben.send(b"\x80\x00" + b"\x82\x80\x00" + bytes((0x80 | len(update), 0)) + update)
    await ann.until(lambda: ann.updates)


async def test_a_message_in_fragments_is_one_message(house: House) -> None:
    ann, ben = await house.client(), await house.client()
    ann.body.insert(0, "in pieces")
    message = sync_message(Sync.UPDATE, ann.doc.get_update())
    await ann.socket.send(iter([message[:3], message[3:9], message[9:]]))
    await ben.until(lambda: ben.text == "in pieces")


async def test_a_stock_client_s_auth_message_means_nothing(house: House) -> None:
    stock = await house.stock()
    await stock.send(bytes((Message.AUTH, 0)))
    await stock.write("still here")
    ann = await house.client()
    await ann.until(lambda: ann.text == "still here")


async def test_newcomers_between_whom_somebody_types_are_sent_one_long_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, sent, reply = await house.client(), list[bytes](), Socket.reply

    def note(socket: Socket, frames: bytes, body: bytes = b"") -> None:
        sent.append(body)
        reply(socket, frames, body)

    await ann.write("x" * 300_000)
    await ann.until_saved()
    monkeypatch.setattr(Socket, "reply", note)
    for _ in range(4):
        newcomer = await house.client()
        await newcomer.until(lambda newcomer=newcomer: newcomer.text == ann.text)
        await ann.write("y")
        await newcomer.until(lambda newcomer=newcomer: newcomer.text == ann.text)
    assert len({id(body) for body in sent if len(body) > 100_000}) == 1
