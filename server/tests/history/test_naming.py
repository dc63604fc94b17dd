"""Versions that are named over the wire, by whom that is granted, on one node and on several."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest

from commands import run_meanwhile
from cowrite_server.errors import StoreFailed
from cowrite_server.history.restoring import text_of
from cowrite_server.store.records import (
    Record,
)
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.history import (
    VERSION_NAME_UNITS,
    HistoryReason,
    MomentList,
    Naming,
    OpenedMoment,
    VersionName,
    name_version_message,
)
from cowrite_server.wire.members import set_role_message
from cowrite_server.wire.protocol import Limits, Role
from house import House, MakeHouse
from nodes import StartNodes
from sync_clients import until
from team import Team, number_of

DAY = 24 * 60 * 60 * 1000


def named(found: MomentList) -> dict[int, str]:
    return {moment.seq: moment.name.text for moment in found.moments if moment.name is not None}


async def test_a_name_given_now_is_of_what_was_there_and_not_of_what_comes_in_the_same_moment(house: House) -> None:
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    await ann.write("as sent")
    await ben.until(lambda: ben.text == "as sent")
    naming = asyncio.create_task(ann.name("Sent to Zoë 🦊"))
    await ben.write(", and more")
    seq = await naming
    assert isinstance(seq, int)
    await ann.write("!")
    await ann.until_saved()
    await ben.until_saved()
    found = await ben.moments()
    assert named(found) == {seq: "Sent to Zoë 🦊"}
    name = next(moment.name for moment in found.moments if moment.name is not None)
    assert name == VersionName("Sent to Zoë 🦊", 1, name.time)
    assert abs(house.clock() - name.time) < DAY
    shown = await ben.moment(seq)
    assert isinstance(shown, OpenedMoment)
    assert text_of(shown.document) in ("as sent", "as sent, and more")  # what had come before it was asked
    assert [moment.seq for moment in found.moments][-1] > seq
    assert await ann.restore(seq) is None
    await ben.until(lambda: ben.text == text_of(shown.document))


async def test_names_that_cannot_be_given_leave_nothing_in_the_memory_of_a_server_whose_disk_fails(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, reader = await house.client(), await house.client(await house.secret(Role.VIEWER))
    log = house.server._log
    commit = log._commit

    async def fail(_: Sequence[Record]) -> list[int]:
        raise StoreFailed("the disk is full")

    monkeypatch.setattr(log, "_commit", fail)
    await ann.write("kept")
    await until(lambda: log.failure)
    waiting = len(log._queue)
    for _ in range(5):
        assert await ann.name("Sent") is HistoryReason.UNREADABLE
        assert await reader.name("Sent") is HistoryReason.READ_ONLY
    assert len(log._queue) == waiting
    monkeypatch.setattr(log, "_commit", commit)
    await ann.until_saved()
    assert await ann.name("Sent") == 1


async def test_a_name_holds_all_that_its_giver_wrote_before_and_nothing_after_whoever_else_writes(
    make_house: MakeHouse,
) -> None:
    house = await make_house(snapshot_bytes=200)  # so it is compacted again and again meanwhile
    secret = await house.secret()
    ann, ben = await house.client(secret), await house.client(secret)
    texts: dict[int, str] = {}
    for number in range(100, 115):
        await asyncio.gather(ann.write(f"<{number}>"), ben.write("ben "))
        await ann.send(name_version_message(number, Naming(0, "", f"version {number}")))
        await asyncio.gather(ben.write("ben "), ann.write(f"<after {number}>"))
        await ann.until(lambda number=number: number in ann.answers_by_request)
        seq = ann.answers_by_request[number]
        assert isinstance(seq, int), seq
        shown = await ben.moment(seq)
        assert isinstance(shown, OpenedMoment)
        texts[seq] = text_of(shown.document)
        assert f"<{number}>" in texts[seq]
        assert f"<after {number}>" not in texts[seq]
    for client in (ann, ben):
        await client.until_saved()
        await client.leave()
    await house.stop()
    await house.start()
    late = await house.client(secret)
    found = await late.moments()
    assert named(found) == {seq: f"version {number}" for number, seq in enumerate(texts, 100)}
    for seq, text in texts.items():
        shown = await late.moment(seq)
        assert isinstance(shown, OpenedMoment)
        assert text_of(shown.document) == text


async def test_editors_name_and_everybody_reads_names_and_hears_of_them(house: House) -> None:
    ann = await house.client(await house.secret(Role.OWNER))
    others = {
        role: await house.client(await house.secret(role)) for role in (Role.SUGGESTER, Role.COMMENTER, Role.VIEWER)
    }
    await ann.write("kept")
    await ann.until_saved()
    for other in others.values():
        assert await other.name("Mine") is HistoryReason.READ_ONLY
        assert await other.name("Mine", 1) is HistoryReason.READ_ONLY
    assert await ann.name("Ours") == 1
    for other in others.values():
        await other.until(lambda other=other: other.members_changed)
        assert named(await other.moments()) == {1: "Ours"}
    assert await ann.name("Theirs", 1, "Ours") == 1
    assert named(await ann.moments()) == {1: "Theirs"}
    await ann.write(" and more")
    assert await ann.name("", 1, "Theirs") == 1
    assert named(await ann.moments()) == {}
    assert [moment.seq for moment in (await ann.moments()).moments] == [1, 2]  # whoever looks at it still sees it


async def test_who_may_not_edit_any_more_once_the_store_answers_names_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = Team(house)
    ann, ben = await team.join("Ann", Role.OWNER), await team.join("Ben")
    goes_on, commit = asyncio.Event(), house.server._log._commit

    async def slow(records: Sequence[Record]) -> Sequence[int]:
        await goes_on.wait()
        return await commit(records)

    monkeypatch.setattr(house.server._log, "_commit", slow)
    await ben.write("written while he might")
    naming = asyncio.create_task(ben.name("Mine"))
    await ann.until(lambda: ann.text == ben.text)
    assert await ann.request(set_role_message, number_of(ben), Role.VIEWER) is None
    await ben.until(lambda: ben.roles == [Role.VIEWER])
    goes_on.set()
    assert await naming is HistoryReason.READ_ONLY
    assert named(await ann.moments()) == {}


async def test_what_cannot_be_named_is_refused_with_the_reason(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(room_versions=2))
    ann = await house.client()
    assert ann.hello is not None
    assert (ann.hello.names_versions, ann.hello.limits.room_versions) == (True, 2)
    assert await ann.name("Nothing") is HistoryReason.NO_SUCH_MOMENT
    await ann.write("x")
    assert await ann.name("x" * (VERSION_NAME_UNITS + 1)) is HistoryReason.BAD_NAME
    assert await ann.name(" \u202e\n") is HistoryReason.BAD_NAME
    assert await ann.name("  One\nline ") == 1
    assert named(await ann.moments()) == {1: "One line"}
    assert await ann.name("Other") is HistoryReason.NAMED_OTHERWISE
    assert await ann.name("Other", 9) is HistoryReason.NO_SUCH_MOMENT
    await ann.write("y")
    assert await ann.name("Two") == 2
    await ann.write("z")
    assert await ann.name("Three") is HistoryReason.TOO_MANY_NAMES
    assert house.server._figures.refusals["room_versions"] == 1
    refused = [await ann.name("Two") for _ in range(20)]
    assert refused[-1] is HistoryReason.BUSY


async def test_a_name_given_on_one_node_is_there_on_all(start_nodes: StartNodes) -> None:
    nodes = await start_nodes(2)
    here, there = await nodes.client(0), await nodes.client(1)
    await here.write("one ")
    await there.until(lambda: there.text == "one ")
    await there.write("two ")
    await here.until(lambda: here.text == "one two ")
    changes = here.members_changed
    seq = await there.name("Both")
    await here.until(lambda: here.members_changed > changes)
    await here.write("three")
    await here.until_saved()
    assert named(await here.moments()) == {seq: "Both"}
    shown = await here.moment(seq)
    assert isinstance(shown, OpenedMoment)
    assert text_of(shown.document) == "one two "


async def test_the_host_reads_names_beside_the_moments(house: House) -> None:
    ann = await house.client()
    await ann.write("one")
    assert await ann.name('Sent "so"') == 1
    printed = (await run_meanwhile("history", "room", "--data", house.folder)).out
    assert r'"Sent \"so\"", named by member 1' in printed
    assert (
        r'moment 1  before ""  name "Sent \"so\""' in (await run_meanwhile("audit", "room", "--data", house.folder)).out
    )


async def test_moments_are_listed_though_the_row_of_a_member_is_damaged(house: House) -> None:
    ann = await house.client()
    await ann.write("one")
    await ann.until_saved()
    with closing(sqlite3.connect(house.folder / FILE_NAME)) as database, database:
        database.execute("UPDATE members SET role = 'boss'")
    printed = await run_meanwhile("history", "room", "--data", house.folder)
    assert (printed.status, "member 1 " in printed.out) == (0, True)
