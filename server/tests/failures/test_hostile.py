"""Clients that mean harm, or that no longer answer: each harms itself only."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from sys import getsizeof

import pytest
from pycrdt import Doc, Text

from cowrite_server.wire.blobs import BlobPart, blob_part_message
from cowrite_server.wire.protocol import (
    Close,
    Limits,
    Reason,
    Refused,
    Role,
    Sync,
    sync_message,
)
from fuzz import Offender, run_fuzz
from fuzz_cases import client_frame, mutated
from helpers.stopwatch import within
from house import House, MakeHouse
from poison import BROKEN_UPDATES, MALFORMED, UNREADABLE_TOGETHER
from reset import linger_for_no_time
from sync_clients import until


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_malformed_message_closes_its_sender(house: House, name: str) -> None:
    bystander, mallory = await house.client(), await house.client()
    await mallory.send(MALFORMED[name])
    closed = await mallory.until_closed()
    assert (closed.code, closed.reason) == (Close.MALFORMED, Close.MALFORMED.sentence)
    await bystander.write("undisturbed")
    await bystander.until_saved()


async def test_a_text_message_closes_its_sender(house: House) -> None:
    mallory = await house.stock()
    await mallory.socket.send("hello")
    assert (await mallory.until_closed()).code == Close.MALFORMED


@pytest.mark.parametrize("name", BROKEN_UPDATES)
async def test_a_broken_update_is_refused_and_closes_a_client_that_cannot_be_told(house: House, name: str) -> None:
    ann, stock = await house.client(), await house.stock()
    await ann.send_update(BROKEN_UPDATES[name])
    await ann.write("goes on")
    await ann.until_saved()
    assert ann.refused == [Refused(2, Reason.MALFORMED)]
    assert ann.closed is None
    await stock.send_update(BROKEN_UPDATES[name], Sync.STEP_2)
    assert (await stock.until_closed()).code == Close.MALFORMED
    assert (await house.client()).text == "goes on"


async def test_a_message_that_is_too_large_closes_its_sender(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(message_bytes=1000))
    ann, ben = await house.client(), await house.client()
    ann.body.insert(0, "x" * 2000)
    await ann.push()
    closed = await ann.until_closed()
    assert (closed.code, closed.reason) == (Close.TOO_LARGE, Close.TOO_LARGE.sentence)
    await ben.socket.send(iter([b"\x00\x02"] + [b"x" * 100] * 20))
    assert (await ben.until_closed()).code == Close.TOO_LARGE


HARMFUL = {
    "any": (0, range(400)),
    "updates that contradict each other": (1, range(24_000, 24_500)),
    "updates with which yrs reads freed memory": (1, range(32_500, 33_000)),
}
"""Seed and numbers of cases."""


@pytest.mark.parametrize("name", HARMFUL)
async def test_hundreds_of_broken_frames_messages_and_updates_harm_nobody_else(tmp_path: Path, name: str) -> None:
    seed, numbers = HARMFUL[name]
    report = await run_fuzz(tmp_path / "data", numbers, seed)
    assert report.outcomes.total() == len(numbers)
    assert any(outcome.startswith("update closed") for outcome in report.outcomes)
    assert any(outcome.startswith("frame closed") for outcome in report.outcomes)


@pytest.mark.parametrize("seed", range(2))
async def test_arbitrary_bytes_on_the_port_harm_nobody(house: House, seed: int) -> None:
    chance = random.Random(seed)
    ann = await house.client()
    shake = (
        "GET /room HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {await house.secret()}\r\n\r\n"
    ).encode()
    for _ in range(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        kind = chance.random()
        if kind < 0.3:
            writer.write(chance.randbytes(200))
        elif kind < 0.6:
            writer.write(mutated(chance, shake))
        else:
            writer.write(shake + chance.randbytes(chance.randint(0, 60)))
        writer.write_eof()
        await reader.read()
        writer.close()
    await ann.write("undisturbed")
    await ann.until_saved()
    await until(lambda: house.connection_count == 1)


@pytest.mark.parametrize("first", [b"\x82", b"\x02"], ids=["one frame", "several frames"])
async def test_messages_without_end_take_no_more_memory_than_a_few_large_ones(
    make_house: MakeHouse, first: bytes
) -> None:
    house = await make_house(limits=Limits(message_bytes=200_000))
    secret = await house.secret(Role.VIEWER)
    offenders = [Offender() for _ in range(6)]
    size = 190_000 if first == b"\x82" else 150_000
    begun = first + b"\xff" + size.to_bytes(8, "big") + bytes(4 + 150_000)
    for offender in offenders:
        await offender.open(house.server.port, "room", secret, extended=False)
        offender.write(begun)
    await until(lambda: house.server._figures.refusals["unfinished_messages"] == 1)  # 750,000 bytes are fewer than four
    await until(lambda: house.connection_count == 5)
    ann = await house.client()
    await ann.write("undisturbed")
    await ann.write("x" * 100_000)  # whoever sends less is not the one who is cut
    await ann.until_saved()
    assert ann.closed is None
    for offender in offenders:
        offender.leave()


async def test_blobs_without_end_take_no_more_memory_than_a_few_large_ones(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(blob_bytes=200_000))
    secret = await house.secret()
    offenders = [Offender() for _ in range(9)]
    for number, offender in enumerate(offenders):
        await offender.open(house.server.port, "room", secret, extended=True)
        for offset in (0, 95_000):
            part = BlobPart(bytes([number]) * 32, "image/png", 200_000, offset, bytes(95_000))
            offender.write(client_frame(blob_part_message(part)))
    await until(lambda: house.server._figures.refusals["unfinished_blobs"] == 1)  # nine are more than eight whole ones
    await until(lambda: house.connection_count == 8)
    ann = await house.client()
    digest = await ann.upload(b"x" * 150_000, part=50_000)  # whoever sends less is not the one who is cut
    await ann.until(lambda: digest in ann.blobs_saved)
    for offender in offenders:
        offender.leave()
    await until(lambda: house.connection_count == 1)
    large = await ann.upload(b"y" * 190_000)  # and who has gone holds nothing any more
    await ann.until(lambda: large in ann.blobs_saved)
    assert ann.closed is None
    assert not house.server._reception._services.unfinished_blobs._sizes


async def test_a_message_in_very_many_parts_takes_no_more_memory_than_what_it_says(house: House) -> None:
    ann, offender = await house.client(), Offender()
    await offender.open(house.server.port, "room", await house.secret(), extended=False)
    doc: Doc[Text] = Doc()
    doc.get("body", type=Text).insert(0, "a word")
    message = sync_message(Sync.UPDATE, doc.get_update())
    (socket,) = [each for each in house.server._sockets if each.subprotocol is None]
    more, read = frame(0x00, b"") * 4000, house.server._figures.received_bytes
    parts = frame(0x02, message[:9]) + more + frame(0x00, message[9:])
    offender.write(parts)
    await until(lambda: house.server._figures.received_bytes >= read + len(parts))
    assert getsizeof(socket._protocol._fragments) < 1000
    offender.write(frame(0x80, b""))
    await ann.until(lambda: ann.text == "a word")
    offender.leave()


def frame(head: int, data: bytes) -> bytes:
    """A client's short frame."""
    return bytes((head, 0x80 | len(data), 0, 0, 0, 0)) + data


async def test_a_request_without_end_is_refused_before_much_of_it_is_kept(house: House) -> None:
    header = b"Cookie: " + b"x" * 8000 + b"\r\n"
    for count, status in ((3, b"200 OK"), (120, b"431 Request Header Fields Too Large")):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        writer.write(b"GET /health HTTP/1.1\r\n" + count * header)
        if count == 3:
            writer.write(b"\r\n")
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 " + status)
        writer.close()
    assert answer.endswith(b"\r\n\r\nThe server takes requests of up to 64 KiB.\n")
    assert house.server._figures.refusals["protocol_error"] == 1


@pytest.mark.parametrize("place", ["/room?key={}", "/room HTTP/1.1\r\nAuthorization: Bearer {}"])
async def test_a_token_that_is_too_long_is_refused_in_words(house: House, place: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write(f"GET {place.format('x' * 9000)}".encode())
    writer.write(b" HTTP/1.1\r\n\r\n" if "?" in place else b"\r\n\r\n")
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 414 " if "?" in place else b"HTTP/1.1 431 ")
    assert answer.endswith(b"a token has at most 8,000 characters. Ask whoever gave it to you for a shorter one.\n")
    writer.close()


async def test_nobody_makes_a_document_that_newcomers_cannot_read(house: House) -> None:
    ann = await house.client()
    await ann.write("of Ann")
    mallory = await house.client()
    for update in UNREADABLE_TOGETHER:
        await mallory.send_update(update)
        await mallory.until_saved()
    await ann.write(", and more")
    await ann.until_saved()
    newcomer = await house.client()
    assert newcomer.text == ann.text


async def test_a_client_that_is_silent_is_dropped(make_house: MakeHouse) -> None:
    house = await make_house(ping_seconds=0.2, silence_seconds=0.6)
    ann, dead = await house.client(), await house.client()
    await dead.show({"name": "dead"})
    await ann.until(lambda: dead.doc.client_id in ann.present)
    dead.socket.transport.pause_reading()  # it answers no ping any more
    async with within(10):
        await ann.until(lambda: ann.present[dead.doc.client_id].state is None)
    assert house.connection_count == 1
    assert ann.closed is None  # it answers pings, and need not do anything else
    dead.cut()


@pytest.mark.parametrize("words", [b"", b"GET /room HTTP/1.1\r\n"], ids=["nothing", "half a request"])
async def test_a_connection_that_never_finishes_its_request_is_told_so_and_dropped(
    make_house: MakeHouse, words: bytes
) -> None:
    house = await make_house(waiting_seconds=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write(words)
    async with within(10):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"waiting_seconds" in answer
    await until(lambda: not house.server._sockets.count)  # though it does not go by itself
    writer.close()
    assert house.server._figures.refusals == {"waiting_seconds": 1}


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /health HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello",
        b"POST /metrics HTTP/1.1\r\nHost: here\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n" * 2,
        b"GET /health HTTP/1.1\nHost: here\n\n",
        b"HELO here\r\n\r\n",
    ],
    ids=["body", "another method", "two at once", "line ends", "another protocol"],
)
async def test_what_is_no_request_that_the_server_reads_is_answered_in_words(house: House, request_: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write(request_)
    async with asyncio.timeout(30):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"it takes GET and HEAD without a body" in answer
    writer.close()


async def test_whoever_ends_a_connection_before_asking_for_anything_is_told_nothing(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write_eof()
    async with asyncio.timeout(30):
        assert await reader.read() == b""
    writer.close()


async def test_a_client_that_resets_its_connection_is_gone_at_once(house: House) -> None:
    ann = await house.client()
    linger_for_no_time(ann.socket.transport.get_extra_info("socket"))
    ann.cut()
    await until(lambda: house.connection_count == 0)
