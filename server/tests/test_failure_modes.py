"""The fifteen ways in which servers for shared documents are known to fail, one test or more each, by their numbers.

A real server process, real sockets, a proxy that plays the network, and SIGKILL. People are the test clients, the app's
own peer (`Seat`) where it counts what a person is told, and unchanged Yjs clients on Node.

What needs the app's windows is shown beside them: keystrokes of 2, 6, 7 and 11 in `tests/journeys/test_together.py`,
`test_lost_files.py`, `test_closing.py` and `test_lost_servers.py`, random kills of both sides (5) in
`tests/journeys/test_crashes.py`, carets and comments over wide characters (13) in `tests/integration/test_interop.py`,
undo by keys (14) in `tests/qt/test_editor_binding.py`.
The same with random timing and in random order is in `test_plans.py` and `test_hostile.py`.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path

import pytest
from pycrdt import Map
from websockets.exceptions import ConnectionClosed

from cowrite.core.document import Document, Origin
from cowrite.sync.events import UpdateRefused
from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from cowrite_server.awareness_protocol import Presence, awareness_message
from cowrite_server.encoding import var_bytes
from cowrite_server.members_protocol import Invited, InviteWish, invite_message, set_role_message
from cowrite_server.protocol import (
    Close,
    Reason,
    Role,
    Sync,
    sync_message,
)
from cowrite_server.store.sqlite_database import FILE_NAME
from helpers.fault_proxy import FaultProxy
from helpers.sync_seat import Seat
from memory import run_visits
from poison import BEFORE_POISON, BROKEN_UPDATES, MALFORMED, PANIC_IN_A_ROOM, POISON
from server_process import TunedServer
from stock_pair import StockPair, converge, delta_of, stock_script
from sync_clients import Client, StockClient, until

Enter = Callable[..., Awaitable[Client]]


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Ends what a test has begun, the last first."""
    async with AsyncExitStack() as entered:
        yield entered


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The server's folder."""
    return tmp_path / "data"


def same(one: Client, other: Client) -> bool:
    """Whether two clients have the same document: equal deltas and equal content, deletions included."""
    return delta_of(one) == delta_of(other) and one.doc.get_update() == other.doc.get_update()


def rows(data: Path) -> list[tuple[int, bytes]]:
    """What is stored of all documents."""
    with closing(sqlite3.connect(data / FILE_NAME)) as connection:
        return connection.execute("SELECT seq, data FROM updates ORDER BY room, seq").fetchall()


async def visit(stack: AsyncExitStack, server: TunedServer, client: Client, secret: str, port: int = 0) -> Client:
    """Connects a client, perhaps by way of a proxy; it leaves when the test ends."""
    await client.open(f"ws://127.0.0.1:{port or server.port}", "room", secret)
    stack.push_async_callback(client.leave)
    return client


async def editor(stack: AsyncExitStack, server: TunedServer, client: Client | None = None) -> Client:
    """An editor who has what the server has."""
    client = await visit(stack, server, client or Client(), await server.secret())
    await client.until_synced()
    return client


async def write_until_cut(client: Client, name: str) -> list[str]:
    """Writes numbered words until the connection breaks; gives them in their order."""
    words = []
    while client.closed is None:
        words.append(f"<{name}:{len(words)}>")
        try:
            await client.write(words[-1])
        except ConnectionClosed:
            break
        await asyncio.sleep(0)
    return words


async def test_01_a_killed_server_does_not_double_a_document(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
        await ann.write("written once")
        await ann.until_saved()
        await ben.until(lambda: ben.text == "written once")
        server.kill()
        await ann.until_closed()
    async with TunedServer(data) as server:
        ann, ben = await editor(stack, server, Client(ann.doc)), await editor(stack, server, StockClient(ben.doc))
        assert ann.text == ben.text == "written once"
        await ann.write(".")
        await ben.until(lambda: ben.text == "written once.")
        assert same(ann, ben)
        assert same(ann, await editor(stack, server))


async def test_02_a_rebuilt_room_is_told_by_its_epoch_and_never_merged(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        await ann.write("the document")
        await ann.until_saved()
        assert ann.hello is not None
        server.kill()
        await ann.until_closed()
    for path in data.glob(f"{FILE_NAME}*"):  # noqa: ASYNC240 - nobody else waits
        path.unlink()
    async with TunedServer(data) as server:
        imported = await editor(stack, server)
        await imported.write("the document")  # the exported text, put into a new one
        await imported.until_saved()
        secret = await server.secret()
        again = Client(ann.doc)
        stack.push_async_callback(again.leave)
        await again.open(server.url, "room", secret, ann.hello.epoch)
        assert (await again.until_closed()).code == Close.EPOCH_CHANGED
        assert again.text == imported.text == "the document"
        async with Seat(Link("127.0.0.1", server.port, "room", secret)) as seat:  # the app knows the new one
            await seat.until(lambda: seat.text == "the document")


async def test_03_clients_who_come_while_a_room_is_read_get_one_full_document(
    data: Path, stack: AsyncExitStack
) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        await ann.write("what was there")
        await ann.until_saved()
    async with TunedServer(data, read_seconds=2.0) as server:
        secret = await server.secret()
        clients = [await visit(stack, server, client, secret) for client in (Client(), StockClient())]
        for number, client in enumerate(clients):
            await client.write(f"<{number}>")
        assert [client.messages for client in clients] == [[], []]
        words = ("what was there", "<0>", "<1>")
        for client in clients:
            await client.until(lambda client=client: all(word in client.text for word in words))
            assert len(client.text) == sum(map(len, words))
            assert b"\x00\x00" not in client.steps
        assert same(*clients)
        assert (await server.figures())["reads"] == 1


async def test_04_a_room_that_cannot_be_read_is_never_overwritten(data: Path, stack: AsyncExitStack) -> None:
    async with TunedServer(data) as server:
        ann = await editor(stack, server)
        await ann.write("precious")
        await ann.until_saved()
        server.kill()
        await ann.until_closed()
    sound = rows(data)
    damage(data, sound[0][0], b"\xff\xff")
    damaged = rows(data)
    async with TunedServer(data) as server:
        ann = await visit(stack, server, Client(ann.doc), await server.secret())
        await ann.write(" and more")
        assert (await ann.until_closed()).code == Close.STORE_FAILED
        assert ann.text == "precious and more"
        assert ann.saved == 0
        assert (await server.figures())["rooms"] == 0
        assert rows(data) == damaged
    damage(data, *sound[0])
    async with TunedServer(data) as server:
        again = await editor(stack, server, Client(ann.doc))
        await again.until_saved()
        assert (await editor(stack, server)).text == "precious and more"


def damage(data: Path, seq: int, content: bytes) -> None:
    """Changes an entry of the log."""
    with closing(sqlite3.connect(data / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE updates SET data = ? WHERE seq = ?", (content, seq))


@pytest.mark.parametrize("seed", range(3))
async def test_05_everything_acknowledged_survives_a_kill_of_everybody(data: Path, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[str] = []
    for kill in range(3):
        async with TunedServer(data) as server:
            secret = await server.secret()
            clients = [await Client().open(server.url, "room", secret) for _ in range(3)]
            for client in clients:
                await client.until_synced()
            assert [word for word in acknowledged if word not in clients[0].text] == []
            names = [f"{kill}.{number}" for number in range(len(clients))]
            writing = [
                asyncio.create_task(write_until_cut(client, name)) for client, name in zip(clients, names, strict=True)
            ]
            enough = chance.randint(2, 40)
            await clients[0].until(lambda client=clients[0], enough=enough: client.saved > enough)
            server.kill()
            for client, words in zip(clients, await asyncio.gather(*writing), strict=True):
                await client.until_closed()
                acknowledged += words[: client.saved - 1]  # the first was the answer to step 1
                await client.leave()  # and its document is gone
    async with TunedServer(data) as server, Client() as reader:
        await reader.open(server.url, "room", await server.secret())
        await reader.until_synced()
        assert acknowledged
        assert [word for word in acknowledged if word not in reader.text] == []
        words = reader.text.replace("><", "> <").split()
        assert len(words) == len(set(words))


@pytest.mark.parametrize("trouble", ["locked", "full"])
async def test_06_a_store_that_fails_delays_but_loses_nothing(data: Path, stack: AsyncExitStack, trouble: str) -> None:
    server = await stack.enter_async_context(TunedServer(data, unsaved_bytes=1_000_000, retry_most_seconds=0.1))
    seat = await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", await server.secret())))
    ann, ben = await editor(stack, server), await editor(stack, server, StockClient())
    await ann.until_saved()
    await seat.until_saved()
    before = server.memory
    lock = sqlite3.connect(data / FILE_NAME, isolation_level=None)
    stack.callback(lock.close)
    if trouble == "locked":
        lock.execute("BEGIN IMMEDIATE")
    else:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    saved = ann.saved
    seat.write("typed meanwhile")
    await ben.until(lambda: "typed meanwhile" in ben.text)  # the others get it all the same
    note = ann.doc.get("notes", type=Map)
    for number in range(200):
        note[str(number)] = "x" * 100_000
    writing = asyncio.create_task(ann.push())
    await until_async(lambda: not_ready(server))
    assert seat.status.kind is Kind.WAITING
    assert ann.saved == saved
    assert (await server.figures())["rooms"] == 1
    assert server.memory < before + 40_000_000  # of 20 MB that wait; most of them in the socket, some twice
    if trouble == "locked":
        lock.execute("COMMIT")
    else:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await writing
    await ann.until_saved()
    await seat.until_saved()
    assert ann.closed is ben.closed is None
    server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    late = await editor(stack, again)
    assert late.text == "typed meanwhile"
    assert len(late.doc.get("notes", type=Map)) == 200


async def not_ready(server: TunedServer) -> bool:
    """Whether the server says that its disk fails."""
    return not (await server.figures())["ready"]


async def until_async(condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits for a state of the server that has to be asked for."""
    async with asyncio.timeout(15):
        while not await condition():  # noqa: ASYNC110 - nobody could set an event for it
            await asyncio.sleep(0.01)


async def test_07_a_half_dead_link_is_noticed_and_loses_no_keystroke(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data, ping_seconds=0.5, silence_seconds=1.5))
    proxy = await stack.enter_async_context(FaultProxy("127.0.0.1", server.port))
    secret = await server.secret()
    ann = await stack.enter_async_context(Seat(Link("127.0.0.1", proxy.port, "room", secret)))
    ben = await editor(stack, server)
    ann.write("before")
    await ann.until_saved()
    loop = asyncio.get_running_loop()
    dark = loop.time()
    proxy.blackhole()
    ann.write(" in the dark")
    await ann.until(lambda: ann.status.kind is Kind.OFFLINE)
    assert loop.time() - dark < 30
    await until_async(lambda: connections(server, 1))  # the server has noticed as well, and Ann is gone for Ben
    ann.write(" and offline")
    await ben.write(". Meanwhile")
    proxy.restore()
    bright = loop.time()
    ann.transport.retry_now()
    await ann.until(lambda: ann.status.kind is Kind.SAVED and ann.text == ben.text)
    assert loop.time() - bright < 5
    assert sorted(ann.text) == sorted("before in the dark and offline. Meanwhile")


async def connections(server: TunedServer, count: int) -> bool:
    """Whether so many clients are in rooms."""
    return (await server.figures())["connections"] == count


FAST = 60
"""How much faster than ours the clocks of test 8 run: ten minutes take ten seconds."""


@pytest.mark.slow
async def test_08_an_idle_stock_client_stays_connected(
    data: Path, stack: AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = stock_script()
    monkeypatch.setenv("NODE_OPTIONS", f"--import={(Path(__file__).parent / 'node' / 'fast_clock.mjs').as_uri()}")
    monkeypatch.setenv("FAST_CLOCK", str(FAST))
    fast = {"ping_seconds": 8 / FAST, "silence_seconds": 20 / FAST}
    pair = StockPair()
    async with TunedServer(data, **fast) as server:
        port, secret = server.port, await server.secret()
        await pair.open(script, server.url, "room", secret)
        stack.push_async_callback(pair.close)
        await pair.do("right", connect=False)
        await pair.until(lambda: pair.status["right"][-1] == "disconnected")
        await pass_minutes(5)
        assert pair.status["left"].count("connected") == 1
        server.kill()
        await pair.until(lambda: pair.status["left"][-1] != "connected")
    async with TunedServer(data, port=port, **fast) as server:
        await pair.until(lambda: pair.status["left"][-1] == "connected")
        await pass_minutes(5)
        assert pair.status["left"].count("connected") == 2
        assert await connections(server, 1)


async def pass_minutes(minutes: float) -> None:
    """Lets time go by on the fast clock."""
    loop = asyncio.get_running_loop()
    end = loop.time() + minutes * 60 / FAST
    await until(lambda: loop.time() > end)


@pytest.mark.slow
async def test_09_a_slow_reader_is_closed_and_nobody_else_notices(data: Path, stack: AsyncExitStack) -> None:
    queue = 8 * 1024 * 1024
    # Without compaction, which would hold all 100 MB, deleted as they are: what is measured here is the queue.
    # Commits follow each other at once: the writer waits for each, and must be done before silence ends the reader.
    tuning = {"queue_bytes": queue, "closing_seconds": 60, "snapshot_bytes": 2**30, "commit_seconds": 0.001}
    server = await stack.enter_async_context(TunedServer(data, **tuning))
    ann, slow, quick = [await editor(stack, server, client) for client in (Client(), StockClient(), Client())]
    values = ann.doc.get("values", type=Map)
    loop = asyncio.get_running_loop()

    async def send(count: int, first: int) -> list[float]:
        times = []
        for number in range(first, first + count):
            begun = loop.time()
            values["latest"] = f"{number}:".ljust(100_000, "x")
            await ann.push()
            await ann.until_saved()
            times.append(loop.time() - begun)
        return times

    usual = await send(100, 0)
    slow.socket.transport.pause_reading()
    before = server.memory
    times = await send(1000, 100)  # 100 MB
    assert server.memory < before + 4 * queue
    assert await connections(server, 2)
    assert p99(times) < max(2 * p99(usual), 0.1)  # below that, another process on the machine makes the difference
    slow.socket.transport.resume_reading()
    assert (await slow.until_closed()).code == Close.SLOW_READER
    assert ann.closed is quick.closed is None
    again = await editor(stack, server, StockClient(slow.doc))
    await quick.until(lambda: same(quick, ann))
    assert same(again, ann)


def p99(times: list[float]) -> float:
    """What all but one in a hundred stay below."""
    return statistics.quantiles(times, n=100)[-1]


async def test_10_poison_closes_its_sender_only(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data))
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
    await ann.write(" from Ann")
    await ben.until(lambda: "from Ann" in ben.text)
    await ann.until_saved()
    assert ann.closed is ben.closed is None
    assert same(ann, ben)
    assert same(ann, await editor(stack, server))
    assert len(ann.present) <= 64  # of ten thousand that came over one connection
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
        for client in (Client(), StockClient()):
            viewer = await visit(stack, server, client, await server.secret(Role.VIEWER))
            await viewer.until_synced()
            await viewer.send(message)
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
    async with asyncio.timeout(1):
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
    owner = await visit(stack, server, Client(member="owner".ljust(32, "-")), await server.secret(Role.OWNER))
    invited = await owner.request(invite_message, InviteWish(Role.EDITOR, time.time_ns() // 1_000_000 + 1500))
    assert isinstance(invited, Invited)
    ann = await visit(stack, server, Client(member="ann".ljust(32, "-")), invited.secret)
    guest = await visit(stack, server, StockClient(), invited.secret)
    demoted = await visit(stack, server, Client(member="demoted".ljust(32, "-")), invited.secret)
    for client in (ann, guest, demoted):
        await client.until_synced()
    writing = [asyncio.create_task(write_until_cut(*each)) for each in ((guest, "guest"), (demoted, "demoted"))]
    await ann.until(lambda: "guest" in ann.text and "demoted" in ann.text)
    assert demoted.hello is not None
    async with asyncio.timeout(1):
        assert await owner.request(set_role_message, demoted.hello.member, Role.VIEWER) is None
        await demoted.until(lambda: demoted.roles == [Role.VIEWER])
    await demoted.until(lambda: demoted.refused)
    acknowledged = demoted.saved
    assert (await guest.until_closed()).code == Close.EXPIRED
    assert time.time_ns() // 1_000_000 - (invited.invite.expires or 0) < 1000
    await ann.write("; Ann goes on")
    await ann.until_saved()
    assert acknowledged > 0
    assert (ann.closed, demoted.closed) == (None, None)
    assert len(ann.steps) == len(demoted.steps) == 1  # nobody had to load anything again
    late = await visit(stack, server, Client(member="ann".ljust(32, "-")), invited.secret)
    await late.until(lambda: late.text == ann.text)
    await demoted.leave()
    await asyncio.gather(*writing)


async def test_12_visits_leave_nothing_behind(tmp_path: Path) -> None:
    report = await run_visits(tmp_path / "data", visits=400, rooms=50, seed=0)
    assert report.visits.total() >= 400
    assert len(report.visits) == 6  # every kind of visit


WIDE = ["😀", "👩‍👩‍👧", "🏳️‍🌈", "日本語", "e\u0301", "n\u0303", "\u200f\u05e9\u05dc", "🇩🇪", "a", "\n"]


async def test_13_wide_characters_arrive_whole_at_yjs_and_back(data: Path, stack: AsyncExitStack) -> None:
    chance = random.Random(13)
    server = await stack.enter_async_context(TunedServer(data))
    ours, pair = await editor(stack, server), StockPair()
    await pair.open(stock_script(), server.url, "room", await server.secret())
    stack.push_async_callback(pair.close)
    for number in range(150):
        side = chance.choice(("left", "right", "ours"))
        word = "".join(chance.choices(WIDE, k=3))
        if side != "ours":
            if chance.random() < 0.7:
                await pair.do(side, delta=[{"insert": word, "attributes": {"bold": True} if number % 3 else {}}])
            else:
                await pair.do(side, first=chance.choice(("delete", {"italic": True})))
            continue
        text = ours.text
        at = len(text[: chance.randint(0, len(text))].encode())
        if text and chance.random() < 0.3:
            del ours.body[at : at + len(text.encode()[at:].decode()[:1].encode())]
        else:
            ours.body.insert(at, word, {"color": "red"} if number % 2 else {})
        await ours.push()
    for name in ("left", "right"):
        await pair.do(name, delta=[{"insert": f"<end {name}>"}])
    await ours.write("<end ours>")
    ends = [f"<end {name}>" for name in ("left", "right", "ours")]
    await ours.until(lambda: all(end in ours.text for end in ends))
    for name in ("left", "right"):
        await pair.until(lambda name=name: all(end in str(pair.delta[name]) for end in ends))
    await converge(pair, ours)
    ours.text.encode()  # a lone surrogate would raise
    await ours.write("<saved>")  # stock clients are told nothing of the disk; what they wrote before is there by then
    await ours.until_saved()
    server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    assert delta_of(await editor(stack, again)) == delta_of(ours)


class Draft:
    """The app's document, as a Seat uses it."""

    def __init__(self) -> None:
        self.document = Document(clock=lambda: 0)
        self.own: list[bytes] = []
        self.document.observe_updates(lambda told: self.own.append(told[0]) if told[1] is not Origin.REMOTE else None)
        self.client = self.document.client_id
        self.state_vector = self.document.state_vector
        self.update_since = self.document.update_since
        self.apply_remote = self.document.apply_remote

    @property
    def text(self) -> str:
        """What it reads."""
        return self.document.text()


def do(seat: Seat, act: Callable[[Document], object]) -> None:
    """A person does something with a draft."""
    draft = seat.document
    assert isinstance(draft, Draft)
    act(draft.document)
    own, draft.own[:] = list(draft.own), []
    for update in own:
        seat.events += seat.peer.local_update(update)
    seat.flush()


def put(at: int, text: str) -> Callable[[Document], None]:
    """The act of writing something somewhere."""

    def act(document: Document) -> None:
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(at, text, {})

    return act


async def test_14_undo_takes_nothing_of_a_teammate_away(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    secret = await server.secret()
    seats = [
        await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", secret), Draft(), name=name))
        for name in ("Ann", "Ben")
    ]
    ann, ben = seats
    for seat in seats:
        await seat.until_saved()
    do(ann, put(0, "[Ann wrote this]"))
    await ben.until(lambda: ben.text == "[Ann wrote this]")
    ann.transport.drop(ann._connection, "the network is gone")
    do(ann, Document.undo)  # offline, while Ben writes into and around it
    for at, word in ((16, " after"), (4, " and Ben"), (0, "before ")):
        do(ben, put(at, word))
    ann.transport.retry_now()
    for seat in seats:
        await seat.until(lambda: all(each.text == "before  and Ben after" for each in seats))
    do(ann, Document.redo)
    for seat in seats:
        await seat.until(lambda: ann.text == ben.text and "Ann" in ben.text)
        await seat.until_saved()
    for word in ("before ", " and Ben", " after"):
        assert word in ann.text
    server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    assert (await editor(stack, again)).text == ann.text


async def test_15_limits_refuse_before_anything_is_accepted_and_name_themselves(
    data: Path, stack: AsyncExitStack
) -> None:
    limits = {"message_bytes": 6_000_000, "room_clients": 3, "blob_bytes": 1000}
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
