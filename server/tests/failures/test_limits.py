"""Failure modes 10, 11 and 15: what nobody may do to a server and to the others, and that only they are stopped.

The fifteen ways in which such servers are known to fail have one test or more each, by their numbers: here, in
`test_durability.py`, `test_connections.py` and `test_writing.py`. A real server process, real sockets, SIGKILL. People
are the test clients, the app's own peer (`Seat`) where it counts what a person is told, and unchanged Yjs clients on
Node. The same with random timing and in random order is in `test_plans.py` and `test_hostile.py`.

Keystrokes of 11 in the app's windows are in `tests/journeys`.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import jwt
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from clock import HOUR
from cowrite.sync.events import UpdateRefused
from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from cowrite_server.document.updates import read_update
from cowrite_server.people.tokens import LEEWAY_SECONDS
from cowrite_server.wire.awareness import Presence, awareness_message
from cowrite_server.wire.blobs import BlobPart, blob_message, blob_part_message
from cowrite_server.wire.encoding import var_bytes
from cowrite_server.wire.members import Invited, InviteWish, invite_message, set_role_message
from cowrite_server.wire.protocol import Close, Message, Reason, Role, Sync, sync_message
from helpers.stopwatch import within
from helpers.sync_seat import Seat
from poison import BEFORE_POISON, BEHIND_A_GAP, BROKEN_UPDATES, MALFORMED, OVERLONG, PANIC_IN_A_ROOM, POISON
from server_process import TunedServer
from sync_clients import Client, StockClient, until
from team import own
from visitors import editor, rows, same, visit, write_until_cut


async def test_10_poison_closes_its_sender_only(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data, panic_at="poison"))
    secret = await server.secret()
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    ann.apply(BEFORE_POISON)
    await ann.send_update(BEFORE_POISON)
    await ben.until(lambda: ben.text == "hello")
    crowd = awareness_message([Presence(client, 1, {}) for client in range(10_000)])
    broken = {name: sync_message(Sync.UPDATE, update) for name, update in BROKEN_UPDATES.items()}
    poisons = {"panic": PANIC_IN_A_ROOM, "half of it is taken": POISON}
    for name, message in {**MALFORMED, **broken, "crowd": crowd}.items():
        mallory = await visit(stack, server, StockClient(answers=False), secret)
        await mallory.send_anyhow(message)
        if name == "crowd":
            await mallory.until(lambda client=mallory: client.present)
        else:
            assert (await mallory.until_closed()).code == Close.MALFORMED, name
        await mallory.leave()
    for name, update in poisons.items():
        mallory = await visit(stack, server, Client(), secret)
        await mallory.until_synced()
        await mallory.send_anyhow(sync_message(Sync.UPDATE, update))
        assert (await mallory.until_closed()).code == Close.MALFORMED, name
    mallory = await visit(stack, server, Client(), secret)
    await mallory.show({"name": "poison"})  # at which the library fails in the handler itself
    await mallory.until_closed()
    await until(lambda: "PanicException" in server.errors)
    await ann.write(" from Ann")
    await ben.until(lambda: "from Ann" in ben.text)
    await ann.until_saved()
    assert ann.closed is ben.closed is None
    assert same(ann, ben)
    assert same(ann, await editor(stack, server))
    assert len(ann.present) <= 64  # of ten thousand that came over one connection
    assert server.is_running


async def test_10_what_comes_in_a_wrong_order_or_an_unusual_shape_harms_nobody_else(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    secret = await server.secret()
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    late_part = blob_part_message(BlobPart(bytes(32), "image/png", 100, 50, b"x"))
    for messages in (
        [sync_message(Sync.STEP_2, OVERLONG), sync_message(Sync.STEP_1, b"\x80\x00")],  # an answer, then the question
        [sync_message(Sync.UPDATE, BEHIND_A_GAP)],
        [late_part, blob_message(Message.BLOB_GET, bytes(32))],
        [blob_message(Message.BLOB_SAVED, bytes(32)), late_part],
    ):
        mallory = await visit(stack, server, Client(answers=False), secret)
        for message in messages:
            await mallory.send_anyhow([message[:1], message[1:2], message[2:]])  # in three frames
        await mallory.leave()
    mallory = await visit(stack, server, Client(), secret)
    mallory.socket.transport.write(b"\x80\x81\x00\x00\x00\x00x")  # goes on with a message that has not begun
    assert (await mallory.until_closed()).code == CloseCode.PROTOCOL_ERROR
    await ann.write(" from Ann")
    await ben.until(lambda: "long" in ben.text and "from Ann" in ben.text)
    await ann.until_saved()
    assert ann.closed is ben.closed is None
    assert any(read_update(OVERLONG) in update for update in ben.updates)  # the others get it in its usual shape
    late = await editor(stack, server)
    await until(lambda: same(ann, late) and same(ann, ben))
    assert server.is_running


def encodings(update: bytes) -> list[bytes]:
    """Messages that mean the same update."""
    long_size = bytes((0x80 | len(update), 0x80, 0))
    return [
        sync_message(Sync.UPDATE, update),
        sync_message(Sync.STEP_2, update),
        b"\x80\x00\x02" + var_bytes(update),
        b"\x00\x82\x80\x00" + var_bytes(update),
        b"\x80\x80\x00\x81\x00" + long_size + update,
    ]


async def test_11_a_viewer_changes_nothing_and_the_revoked_are_stopped_within_a_second(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    ann = await editor(stack, server)
    await ann.write("allowed")
    await ann.until_saved()
    before = rows(data)
    forged = Client()
    forged.body.insert(0, "not allowed")
    for message in encodings(forged.doc.get_update()):
        for client, frames in ((Client(), message), (StockClient(), message), (Client(), [message[:3], message[3:]])):
            viewer = await visit(stack, server, client, await server.secret(Role.VIEWER))
            await viewer.until_synced()
            await viewer.send(frames)
            if viewer.subprotocol is not None:
                await viewer.until(lambda viewer=viewer: viewer.refused)
                assert viewer.refused[0].reason is Reason.READ_ONLY
            await viewer.leave()
    assert rows(data) == before
    number, secret = await server.invite()
    ben = await visit(stack, server, Client(), secret)
    await ben.until_synced()
    writing = asyncio.create_task(write_until_cut(ben, "ben"))
    await ann.until(lambda: "ben" in ann.text)
    async with within(1):
        await server.order("revoke", "room", number)
        assert (await ben.until_closed()).code == Close.WITHDRAWN
    await writing
    await ann.write("; Ann goes on")
    await ann.until_saved()
    assert ann.closed is None
    assert len(ann.steps) == 1  # nobody had to load anything again


async def test_11_an_invite_that_expires_and_a_role_that_changes_stop_nobody_else(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    owner = await visit(stack, server, Client(member=own("owner")), await server.secret(Role.OWNER))
    invited = await owner.request(invite_message, InviteWish(Role.EDITOR, time.time_ns() // 1_000_000 + HOUR))
    assert isinstance(invited, Invited)
    ann = await visit(stack, server, Client(member=own("ann")), invited.secret)
    guest = await visit(stack, server, StockClient(), invited.secret)
    demoted = await visit(stack, server, Client(member=own("demoted")), invited.secret)
    for client in (ann, guest, demoted):
        await client.until_synced()
    writing = [asyncio.create_task(write_until_cut(*each)) for each in ((guest, "guest"), (demoted, "demoted"))]
    await ann.until(lambda: "guest" in ann.text and "demoted" in ann.text)
    await demoted.until(lambda: demoted.saved)
    assert demoted.hello is not None
    async with within(1):
        assert await owner.request(set_role_message, demoted.hello.member, Role.VIEWER) is None
        await demoted.until(lambda: demoted.roles == [Role.VIEWER])
    await demoted.until(lambda: demoted.refused)
    async with within(1):
        await server.order("pass_hours", 1)
        assert (await guest.until_closed()).code == Close.EXPIRED
    await ann.write("; Ann goes on")
    await ann.until_saved()
    assert (ann.closed, demoted.closed) == (None, None)
    assert len(ann.steps) == len(demoted.steps) == 1  # nobody had to load anything again
    late = await visit(stack, server, Client(member=own("ann")), invited.secret)
    await late.until(lambda: late.text == ann.text)
    await demoted.leave()
    await asyncio.gather(*writing)


async def test_11_a_token_that_ends_stops_its_bearer_alone_and_the_next_one_loads_nothing_again(
    data: Path, tmp_path: Path, stack: AsyncExitStack
) -> None:
    provider = tmp_path / "provider"
    provider.write_bytes(b"the secret of the identity provider")
    server = await stack.enter_async_context(TunedServer(data, jwt_secret=str(provider)))

    async def come(client: Client, person: str, hours: int) -> Client:
        ends = time.time() + hours * 3600 - LEEWAY_SECONDS
        content = {"sub": person, "name": person, "exp": ends, "rooms": {"room": "editor"}}
        stack.push_async_callback(client.leave)
        await client.open(server.url, "room", jwt.encode(content, provider.read_bytes(), "HS256"))
        await client.until_synced()
        return client

    ann = await come(Client(), "Ann", 10)
    for hour, client in enumerate((Client(), StockClient()), start=1):
        ben = await come(client, "Ben", hour)
        writing = asyncio.create_task(write_until_cut(ben, "ben"))
        await ann.until(lambda: "ben:0" in ann.text)
        async with within(1):
            await server.order("pass_hours", 1)
            assert (await ben.until_closed()).code == Close.EXPIRED
        await writing
        await ann.write("; Ann goes on")
        await ann.until_saved()
        again = await come(type(ben)(ben.doc), "Ben", 10)
        await ann.until(lambda again=again: ann.text == again.text)
        assert sum(map(len, again.steps)) < 100  # what Ann has written meanwhile, and nothing else
        await again.leave()
    assert ann.closed is None
    assert len(ann.steps) == 1  # nobody had to load anything again


async def test_15_limits_refuse_before_anything_is_accepted_and_name_themselves(
    data: Path, stack: AsyncExitStack
) -> None:
    limits = {"message_bytes": 6_000_000, "document_bytes": 5_500_000, "room_clients": 3, "blob_bytes": 1000}
    server = await stack.enter_async_context(TunedServer(data, limits=limits))
    secret = await server.secret()
    ann = await editor(stack, server)
    assert ann.hello is not None
    assert ann.hello.limits.message_bytes == limits["message_bytes"]
    seat = await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", secret)))
    await seat.until_saved()
    seat.write("5 MB, pasted: " + "x" * 5_000_000)
    await seat.until_saved()
    await ann.until(lambda: len(ann.text) > 5_000_000)
    length = len(ann.text)
    seat.write("y" * 6_000_001)
    await seat.until(lambda: seat.status.kind is Kind.REFUSED)
    assert UpdateRefused(Reason.TOO_LARGE, "message_bytes") in seat.events
    ignorant = await editor(stack, server, StockClient())
    with suppress(ConnectionClosed):  # while it sends, or when it has sent
        await ignorant.write("z" * 6_000_001)
    assert (await ignorant.until_closed()).code == Close.TOO_LARGE
    third = await visit(stack, server, Client(), secret)
    await third.until_synced()
    full = await visit(stack, server, Client(), secret)
    assert (await full.until_closed()).code == Close.ROOM_FULL
    await third.write("w" * 600_000)
    await third.until(lambda: third.refused)
    assert (third.refused[0].reason, third.refused[0].limit) == (Reason.TOO_LARGE, "document_bytes")
    await third.upload(b"x" * 1001)
    await third.until(lambda: third.blobs_refused)
    assert third.blobs_refused[0].limit == "blob_bytes"
    assert len(ann.text) == length
    await third.leave()
    assert len((await editor(stack, server)).text) == length


@pytest.mark.slow
async def test_15_a_document_of_ten_million_characters_opens(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        for _ in range(10):
            await ann.write("x" * 1_000_000)
        await ann.until_saved()
    async with TunedServer(data) as server:
        late = await editor(stack, server)
        assert len(late.text) == 10_000_000
        await late.write("!")
        await late.until_saved()
