"""The seal by its bytes: what is sealed reaches nothing before the reveal; afterwards nothing says who wrote what.

A real server in a process of its own writes its log at debug level; all that it says to the others is recorded between
it and them.
"""

from __future__ import annotations

import asyncio
import base64
import json
import lzma
import random
import sqlite3
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from itertools import pairwise
from pathlib import Path

import pycrdt
import pytest

from captured import files, holds, rows
from commands import run_meanwhile
from cowrite_server.document.updates import clocks
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.history import OpenedMoment
from cowrite_server.wire.members import audit_get_message, members_get_message
from cowrite_server.wire.sealed import Count
from relays import Recorder
from sealed_seat import POLL, SESSION, ballot, begin, entry, listing, note, notes, open_box, put, take_back
from server_process import ServerProcess
from sync_clients import Client, StockClient
from team import own

WORDS = [
    "quixotically",
    "Zwölfboxkämpfer",
    "мармелад",
    "蜂蜜の匂い",
    "flabbergastation",
    "nonplussedness",
    "🦩flamingo",
]
DROPPED = ["withdrawnword", "firstwordings"]
REASON = "becauseofsecrets"


class Scene:
    """Ada and Ben seal; Cyd, a viewer and a stock client look on, each behind a recorder."""

    def __init__(self, data: Path, server: ServerProcess, stack: AsyncExitStack) -> None:
        self.data = data
        self.server = server
        self.recorders: list[Recorder] = []
        self._stack = stack

    async def come(self, name: str, role: str = "editor", client: Client | None = None) -> Client:
        """Somebody comes by way of a recorder of their own."""
        made = await run_meanwhile("invite", "--data", self.data, "--role", role, "room")
        secret = made.out.strip().rpartition("#")[2]
        recorder = await self._stack.enter_async_context(Recorder(self.server.port))
        self.recorders.append(recorder)
        client = client or Client(member=own(name), name=name)
        await client.open(f"ws://127.0.0.1:{recorder.port}", "room", secret)
        self._stack.push_async_callback(client.leave)
        await client.until_synced()
        return client

    async def metrics(self) -> bytes:
        """What the server says of itself."""
        address = f"http://127.0.0.1:{self.server.port}/metrics"
        return await asyncio.to_thread(lambda: urllib.request.urlopen(address).read())

    async def commands(self) -> bytes:
        """What all commands print that tell of what is stored."""
        said = []
        for command in (
            ["history", "room"],
            ["members", "room"],
            ["invites", "room"],
            ["rooms"],
            ["audit"],
            ["verify"],
        ):
            done = await run_meanwhile(command[0], "--data", self.data, *command[1:])
            said.append(done.out + done.errors)
        listed = (await run_meanwhile("history", "--data", self.data, "--json", "room")).out
        said.append(listed)
        for moment in json.loads(listed)["moments"]:
            for form in ([], ["--json"]):
                done = await run_meanwhile("history", "--data", self.data, *form, "--at", moment["seq"], "room")
                assert done.status == 0
                said.append(done.out)
        return "".join(said).encode()


pytestmark = pytest.mark.slow


@pytest.fixture
async def scene(data: Path, stack: AsyncExitStack) -> AsyncIterator[Scene]:
    async with ServerProcess(data, "--log-level", "debug") as server:
        yield Scene(data, server, stack)


async def write_all(ada: Client, ben: Client) -> None:
    """The two seal everything, with changes of mind."""
    for number, word in enumerate(WORDS):
        author = (ada, ben)[number % 2]
        assert await put(author, note(DROPPED[1], f"note:local{author.doc.client_id}n{number}")) is None
        assert await put(author, note(word, f"note:local{author.doc.client_id}n{number}")) is None
    await put(ada, note(DROPPED[0], "note:gone"))
    await take_back(ada, "note:gone")
    await put(ada, ballot(position="block", reason=REASON))


async def look_around(client: Client) -> None:
    """Somebody asks for all that there is."""
    await listing(client)
    found = await client.moments()
    for moment in found.moments:
        assert isinstance(await client.moment(moment.seq), OpenedMoment)
    await client.request(members_get_message)
    await client.request(audit_get_message)


def test_words_are_found_in_whatever_form() -> None:
    for word in WORDS:
        for shift in range(9):
            assert holds(b"x" * shift + base64.b64encode(b"y" * shift + word.encode() + b"zz") + b"!", [word])
        assert holds(lzma.compress(f"a {word} b".encode()), [word])
        assert holds(f"a {word} b".encode("utf-16"), [word])
        assert not holds(b"nothing of it" * 99, [word])


async def test_before_the_reveal_nothing_that_is_sealed_reaches_anything(scene: Scene, data: Path) -> None:
    ada, ben = await scene.come("Ada"), await scene.come("Ben", "commenter")
    cyd, owner = await scene.come("Cyd", "viewer"), await scene.come("Dan", "owner")
    stock = await scene.come("", client=StockClient())
    own_recorders, others = scene.recorders[:2], scene.recorders[2:]
    await begin(ada, is_anonymous=True)
    await begin(ada, session=POLL)
    await listing(cyd)
    await write_all(ada, ben)
    await cyd.until(lambda: cyd.counts == {SESSION: Count(len(WORDS), 2), POLL: Count(1, 1)})
    await ada.write("plain text of the draft")
    await ada.until_saved()
    await stock.until(lambda: "plain text" in stock.text)
    await look_around(owner)
    await look_around(cyd)
    late = await scene.come("Eve")
    await look_around(late)
    searched = {
        "the others' connections": b"".join(bytes(each.said) for each in (*others, scene.recorders[-1])),
        "the tables": rows(data),
        "the log": scene.server.errors.encode(),
        "the metrics": await scene.metrics(),
        "the commands": await scene.commands(),
    }
    assert b"plain text of the draft" in searched["the others' connections"]
    assert b"plain text of the draft" in searched["the tables"]
    assert b"permessage-deflate" not in searched["the others' connections"]
    for where, found in searched.items():
        assert holds(found, [*WORDS, *DROPPED, REASON]) == set(), where
    # Two who seal do not hear of each other's either.
    assert holds(bytes(own_recorders[0].said), WORDS[1::2]) == set()
    assert holds(bytes(own_recorders[1].said), [*WORDS[::2], *DROPPED, REASON]) == set()
    assert scene.server.errors


async def test_compaction_and_backup_leave_what_is_sealed_where_it_is(scene: Scene, data: Path) -> None:
    ada, ben = await scene.come("Ada"), await scene.come("Ben")
    await begin(ada, is_anonymous=True)
    await write_all(ada, ben)
    backup = data.parent / "backup"
    assert (await run_meanwhile("compact", "--data", data)).status == 0
    assert holds(rows(data), [*WORDS, REASON]) == set()
    assert (await run_meanwhile("backup", "--data", data, backup)).status == 0
    for client in (ada, ben):
        await client.leave()
    await scene.server.kill()
    await scene.server.wait()
    assert (await run_meanwhile("restore", "--data", data, backup)).status == 0
    async with ServerProcess(data) as again:
        secret = (await run_meanwhile("invite", "--data", data, "room")).out.strip().rpartition("#")[2]
        async with await Client(member=own("Ada"), name="Ada").open(again.url, "room", secret) as back:
            await back.until_synced()
            assert {item.fields.get("text") for item in (await listing(back)).items} == {*WORDS[::2], None}
            await open_box(back)
            await back.until(lambda: len(notes(back)) == len(WORDS))


def linked(data: Path) -> bytes:
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        (update,) = connection.execute("SELECT data FROM updates ORDER BY seq DESC LIMIT 1").fetchone()
    return bytes(update)


async def test_after_an_anonymous_reveal_nothing_links_a_note_with_its_author(scene: Scene, data: Path) -> None:
    ada, ben = await scene.come("Ada"), await scene.come("Ben")
    facilitator = await scene.come("Dan", "owner")
    await begin(facilitator, is_anonymous=True)
    await begin(facilitator, session=POLL, is_anonymous=True)
    for client in (ada, ben):
        await client.show({"user": {"name": "x"}})
        await client.until(lambda client=client: entry(client, POLL))
    await write_all(ada, ben)
    acts = await facilitator.request(audit_get_message)
    seen = len(scene.recorders[2].said)
    assert await open_box(facilitator) is None
    assert await open_box(facilitator, POLL) is None
    await ada.until(lambda: entry(ada, POLL).get("is_closed"))
    found = notes(ada)
    assert sorted(each["text"] for each in found.values()) == sorted(WORDS)
    assert entry(ada, POLL)["ballots"] == [{"position": "block", "reason": REASON}]

    # What the others got: neither the ids under which the authors knew their notes, nor names, nor their clients.
    said = bytes(scene.recorders[2].said[seen:])
    assert holds(said, WORDS) == set(WORDS)
    assert b"note:local" not in said
    assert b"Ada" not in said
    assert b"Ben" not in said
    assert len({each["created"] for each in found.values()}) == 1

    # The log: by no member, by a client that nobody is, as one entry for each box.
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        log = connection.execute("SELECT seq, member, data FROM updates ORDER BY seq").fetchall()
    written = [(member, update) for _, member, update in log if holds(update, [*WORDS, REASON])]
    assert [member for member, _ in written] == [None, None]
    assert holds(written[0][1], WORDS) == set(WORDS)
    known = {client.doc.client_id for client in (ada, ben, facilitator)}
    for _, update in written:
        (neutral,) = clocks(pycrdt.get_state(update))
        assert neutral not in known
        assert b"note:local" not in update

    # The whole of the disk, what the commands print, the log and the metrics.
    everything = {
        "the disk": files(data),
        "the log": scene.server.errors.encode(),
        "the metrics": await scene.metrics(),
        "the commands": await scene.commands(),
    }
    for where, content in everything.items():
        assert b"note:local" not in content, where
        assert holds(content, DROPPED) == set(), where
    assert b'{"text":' not in everything["the disk"]
    assert b"member:" not in everything["the disk"]
    for where in ("the log", "the metrics"):
        assert holds(everything[where], [*WORDS, REASON]) == set(), where

    # History and audit.
    assert await facilitator.request(audit_get_message) == acts
    listed = await facilitator.moments()
    last = await facilitator.moment(listed.moments[-1].seq)
    assert isinstance(last, OpenedMoment)
    assert all(span.member is None or span.length == 0 for span in last.spans)
    assert b"note:local" not in bytes(scene.recorders[2].said)


@pytest.mark.parametrize("seed", range(2))
async def test_neither_order_nor_place_of_revealed_notes_follows_the_order_of_writing(
    data: Path, stack: AsyncExitStack, seed: int
) -> None:
    """Over many notes: the order on the board and in the update has nothing to do with that of writing."""
    async with ServerProcess(data) as server:
        scene = Scene(data, server, stack)
        ada, ben = await scene.come("Ada"), await scene.come("Ben")
        await begin(ada, is_anonymous=True)
        chance = random.Random(seed)
        authors: dict[str, str] = {}
        for number in range(60):
            name = chance.choice(["Ada", "Ben"])
            authors[f"idea{number:03}x"] = name
            client = ada if name == "Ada" else ben
            await put(client, note(f"idea{number:03}x", f"note:{number}", x=number, y=number))
        await open_box(ben)
        await ada.until(lambda: len(notes(ada)) == 60)
    update = linked(data)
    in_update = sorted(authors, key=lambda text: update.index(text.encode()))
    on_board = [each["text"] for each in sorted(notes(ada).values(), key=lambda each: (each["y"], each["x"]))]
    by_id = [fields["text"] for _, fields in sorted(notes(ada).items())]
    for order in (in_update, on_board, by_id):
        follows = sum(one < other for one, other in pairwise(order))
        assert 15 <= follows <= 44  # of 59 neighbours; by lot 29 or 30
        same = sum(authors[one] == authors[other] for one, other in pairwise(order))
        assert 15 <= same <= 46
