"""The server's clock jumps by hours, forwards and backwards, while people are connected and write."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from clock import HOUR, Clock
from cowrite_server.history.restoring import text_of
from cowrite_server.server import Server
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.verifying import faults
from cowrite_server.wire.history import OpenedMoment
from cowrite_server.wire.members import InviteWish, audit_get_message, set_role_message
from cowrite_server.wire.protocol import Close, Role
from stores import opened
from sync_clients import Client, StockClient, until
from team import number_of, own

JUMPS = (0, 5, -9, 6, -2)
"""Hours."""


async def test_jumps_of_the_clock_close_only_those_whose_time_is_over_and_disorder_nothing(
    data: Path, stack: AsyncExitStack
) -> None:
    clock = Clock()
    server = await Server.start(Settings(store=sqlite_address(data), port=0, watch_seconds=0.02), now=clock)
    stack.push_async_callback(server.close)

    async def come(client: Client, secret: str) -> Client:
        stack.push_async_callback(client.leave)
        await client.open(server.url, "room", secret)
        await client.until_synced()
        return client

    async def secret(hours: int) -> str:
        return (await server.members.invite("room", InviteWish(Role.EDITOR, clock() + hours * HOUR))).secret

    short, long = await secret(1), await secret(100)
    owner = await come(Client(member=own("owner")), await server.invite("room", Role.OWNER))
    ann = await come(Client(member=own("ann")), short)  # a member, whatever becomes of the invite
    guest, stranger = await come(StockClient(), long), await come(StockClient(), short)
    versions: dict[int, str] = {}
    for turn, hours in enumerate(JUMPS):
        clock.ahead += hours * HOUR
        if turn == 1:
            assert (await stranger.until_closed()).code == Close.EXPIRED
        for client in (owner, ann, guest):
            await client.write(f"<{turn}>")
            await until(lambda client=client: owner.text == client.text)
        await owner.until_saved()
        versions[(await owner.moments()).moments[-1].seq] = owner.text
        for role in (Role.VIEWER, Role.EDITOR):
            assert await owner.request(set_role_message, number_of(ann), role) is None
        await ann.until(lambda turn=turn: len(ann.roles) == 2 * (turn + 1))
    assert (owner.closed, ann.closed, guest.closed) == (None, None, None)
    seqs = [moment.seq for moment in (await owner.moments()).moments]
    assert seqs == sorted(set(seqs))
    for seq, text in versions.items():
        found = await owner.moment(seq)
        assert isinstance(found, OpenedMoment)
        assert text_of(found.document) == text
    acts = await owner.request(audit_get_message)
    assert isinstance(acts, tuple)
    assert [act.details["role"] for act in reversed(acts) if act.kind == "role-changed"] == [
        "viewer",
        "editor",
    ] * len(JUMPS)
    await server.close()
    async with opened(sqlite_address(data)) as store:
        assert [sentence async for sentence in faults(store)] == []
