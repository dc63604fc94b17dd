"""Clients that ask and do not read, or read slowly: what waits for them is bounded, and nobody else pays for it."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from cowrite_server.sockets.websocket import Socket
from cowrite_server.wire.history import moment_get_message
from cowrite_server.wire.protocol import (
    Close,
    Limits,
    Role,
    Sync,
    sync_message,
)
from fuzz_cases import client_frame
from house import House, MakeHouse
from sync_clients import Client, StockClient, until


async def test_a_slow_reader_is_closed_and_has_skipped_nothing(make_house: MakeHouse) -> None:
    house = await make_house(queue_bytes=100_000, closing_seconds=30)
    ann, slow, quick = await house.client(), await house.stock(), await house.client()
    slow.socket.transport.pause_reading()
    words = 0
    while house.connection_count == 3:
        words += 1
        await ann.write(f"<{words}>" + "x" * 100_000)
        await ann.until_saved()
        assert max(house.server._moment().queues) < 250_000  # no more than it may be, and one update
    slow.socket.transport.resume_reading()
    assert (await slow.until_closed()).code == Close.SLOW_READER
    got = slow.text.count("<")
    assert 0 < got < words
    assert slow.text == quick.text[: len(slow.text)]
    assert quick.text.count("<") == words
    again = await house.client(client=StockClient(slow.doc))
    assert again.text == ann.text


async def test_a_large_document_is_not_mistaken_for_a_slow_reader(make_house: MakeHouse) -> None:
    house = await make_house(queue_bytes=100_000)
    ann = await house.client()
    await ann.write("x" * 6_000_000)
    await ann.until_saved()
    late = await house.enter(Client())
    late.socket.transport.pause_reading()
    await until(lambda: house.connection_count == 2)
    for _ in range(20):
        await ann.write("y")
        await ann.until_saved()
    late.socket.transport.resume_reading()
    await late.until(lambda: len(late.text) == 6_000_020)
    assert late.closed is None


async def test_a_client_that_asks_and_does_not_listen_costs_no_memory(make_house: MakeHouse) -> None:
    house = await make_house(queue_bytes=100_000, silence_seconds=3, ping_seconds=1)
    ann = await house.client()
    await ann.write("x" * 5_000_000)
    await ann.until_saved()
    greedy = await house.enter(StockClient(answers=False))
    await greedy.until(lambda: greedy.messages)
    greedy.socket.transport.pause_reading()
    question = b"\x82\x84\x00\x00\x00\x00" + sync_message(Sync.STEP_1, b"\x00")
    for _ in range(1000):
        greedy.socket.transport.write(question)
    await until(lambda: max(socket.queued for socket in house.server._sockets) > 100_000)
    assert max(socket.queued for socket in house.server._sockets) < 11_000_000  # not the answers to all of one read
    await until(lambda: house.connection_count == 1)
    greedy.cut()
    await ann.write("y")
    await ann.until_saved()


async def ask_and_not_read(house: House, secret: str) -> StockClient:
    """Somebody who asks for the whole document and takes nothing of it."""
    deaf = await house.enter(StockClient(answers=False), secret)
    await deaf.until(lambda: deaf.messages)
    deaf.socket.transport.pause_reading()
    before = {socket for socket in house.server._sockets if socket.queued}
    deaf.socket.transport.write(client_frame(sync_message(Sync.STEP_1, b"\x00")))
    await until(lambda: {socket for socket in house.server._sockets if socket.queued} - before)
    return deaf


async def test_many_who_ask_for_a_document_and_do_not_read_it_have_the_server_keep_it_once(
    make_house: MakeHouse,
) -> None:
    house = await make_house(snapshot_bytes=2**30)  # a compaction, whenever it comes, holds the document as well
    ann = await house.client()
    size = 6_000_000
    await ann.write("x" * size)
    await ann.until_saved()
    viewer = await house.secret(Role.VIEWER)
    tracemalloc.start()
    try:
        deaf = []
        for _ in range(8):
            deaf.append(await ask_and_not_read(house, viewer))
            await ann.write("y")  # what somebody types meanwhile does not make it another answer
            await ann.until_saved()
        assert sum(socket.queued for socket in house.server._sockets) > 2 * size
        assert tracemalloc.get_traced_memory()[0] < 2 * size
    finally:
        tracemalloc.stop()
    assert house.connection_count == 9
    for each in deaf:
        each.cut()


async def test_who_takes_nothing_of_a_long_answer_is_cut_where_others_ask_for_as_much(make_house: MakeHouse) -> None:
    size = 6_000_000
    house = await make_house(limits=Limits(message_bytes=size // 2, blob_bytes=size // 2))
    ann = await house.client()
    for _ in range(4):
        await ann.write("x" * (size // 4))
    await ann.until_saved()
    viewer = await house.secret(Role.VIEWER)
    deaf = []
    for _ in range(3):
        deaf.append(await ask_and_not_read(house, viewer))
        del ann.body[:1]  # so the next one is given another answer
        await ann.push()
        await ann.until_saved()
    await until(lambda: house.server._figures.refusals["unread_answers"] == 2)
    late = await house.client()
    assert late.text == ann.text
    for each in deaf:
        each.cut()


async def test_answers_are_not_worked_out_while_nobody_takes_those_before(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(queue_bytes=100_000)
    ann = await house.client()
    await ann.write("x" * 4_000_000)
    await ann.until_saved()
    waits, heard = asyncio.Event(), Socket.heard

    async def tell(socket: Socket) -> None:
        if socket.queued > 100_000:
            waits.set()
        await heard(socket)

    monkeypatch.setattr(Socket, "heard", tell)
    greedy = await house.client()
    greedy.socket.transport.pause_reading()
    greedy.socket.transport.write(b"".join([client_frame(moment_get_message(number, 1)) for number in range(4)]))
    async with asyncio.timeout(30):
        await waits.wait()
    assert max(socket.queued for socket in house.server._sockets) < 5_000_000
    greedy.socket.transport.resume_reading()
    await greedy.until(lambda: len(greedy.answers_by_request) == 4)


async def test_signs_of_life_that_nobody_takes_are_not_given_without_end(make_house: MakeHouse) -> None:
    limits = Limits(updates_per_second=1_000_000)
    house = await make_house(queue_bytes=100_000, silence_seconds=0.4, ping_seconds=0.2, limits=limits)
    await house.client()
    flood = await house.client()
    flood.socket.transport.pause_reading()
    ping = client_frame(b"x" * 125, 0x89) * 1000
    most = 0

    def is_cut() -> bool:
        nonlocal most
        most = max(most, *(socket.queued for socket in house.server._sockets))
        transport = flood.socket.transport
        if not transport.is_closing() and transport.get_write_buffer_size() < len(ping):
            transport.write(ping)
        return house.connection_count == 1

    await until(is_cut)
    assert most < 1_000_000
    flood.cut()


async def test_what_a_viewer_shows_in_a_second_drives_out_nobody_who_reads_slowly(house: House) -> None:
    ann, mallory = await house.client(), await house.client(await house.secret(Role.VIEWER))
    [room] = house.server._rooms._rooms.values()
    [socket] = [each._socket for each in room.participants.clients if each.role is Role.VIEWER]
    sent = house.server._figures.sent_bytes
    for number in range(1, 40):
        await mallory.show({"padding": "x" * 60_000}, number)
    await until(lambda: "pace" in socket._backlog._causes)
    assert house.server._figures.sent_bytes - sent < 3_000_000
    await ann.write("goes on")
    await ann.until_saved()
