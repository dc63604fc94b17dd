"""Documents kept in step by the real server process over real sockets, through kills, cuts, silence and revocation."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from subprocess import PIPE

import pytest

from cowrite.sync.blob import Blob
from cowrite.sync.blob_exchange import BlobArrived, BlobExchange, BlobSaved
from cowrite.sync.events import Joined, UpdateRefused
from cowrite.sync.link import Link
from cowrite.sync.record import SyncRecord
from cowrite.sync.status import Kind
from cowrite.sync.transport import QUEUE_BYTES
from cowrite_server.wire.protocol import Close, Reason, Role, Sync, sync_message
from helpers.fault_proxy import FaultProxy
from helpers.processes import free_port
from helpers.stopwatch import Stopwatch
from helpers.sync_fakes import TextDocument
from helpers.sync_seat import Seat
from helpers.team_server import administer
from helpers.warm_python import Forked


class ServerProcess:
    """A `cowrite-server serve` that can be killed and started again on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: Forked | None = None

    async def start(self, *options: str) -> None:
        """Starts, with more options of `serve`, and waits until it listens."""
        place = ("--data", str(self.folder), "--port", str(self.port))
        self._process = Forked([sys.executable, "-m", "cowrite_server", "serve", *place, *options], stdout=PIPE)
        assert self._process.stdout is not None
        assert await asyncio.to_thread(self._process.stdout.readline)

    async def kill(self) -> None:
        """kill -9: no goodbye, nothing flushed."""
        assert self._process is not None
        self._process.kill()
        await self._ended()

    async def stop(self) -> None:
        """Ends it in good order, if it runs."""
        if self._process is not None:
            self._process.terminate()
            await self._ended()

    async def _ended(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        await asyncio.to_thread(self._process.wait)
        self._process.stdout.close()
        self._process = None

    async def invite(self, room: str, role: Role = Role.EDITOR) -> Link:
        """A link that the server's own command makes."""
        return Link.parse(await self._command("invite", room, "--role", role))

    async def revoke(self, room: str, invite: int) -> None:
        """Withdraws an invite of a room, by its number."""
        await self._command("revoke", room, str(invite))

    async def _command(self, *arguments: str) -> str:
        return await asyncio.to_thread(administer, self.folder, *arguments)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    process = ServerProcess(tmp_path / "server")
    await process.start()
    yield process
    await process.stop()


@pytest.fixture
async def at(server: ServerProcess) -> AsyncIterator[AsyncExitStack]:
    """Seats entered here are left before the server stops."""
    async with AsyncExitStack() as stack:
        yield stack


def through(proxy: FaultProxy, link: Link) -> Link:
    """The same link by way of a proxy."""
    return Link("127.0.0.1", proxy.port, link.room, link.secret)


async def test_two_people_write_in_one_document(server: ServerProcess, at: AsyncExitStack) -> None:
    link = await server.invite("plan")
    ada, bo = await at.enter_async_context(Seat(link)), await at.enter_async_context(Seat(link, name="Bo"))
    ada.write("Hello")
    await bo.until(lambda: bo.text == "Hello")
    bo.write(" you")
    await ada.until(lambda: ada.text == "Hello you")
    await ada.until_saved()
    await bo.until_saved()


async def test_a_document_that_is_larger_than_the_queue_reaches_the_server(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    document = TextDocument("x" * (QUEUE_BYTES + 1))
    await (await at.enter_async_context(Seat(await server.invite("plan"), document))).until_saved()


async def test_they_see_each_other_and_see_each_other_leave(server: ServerProcess, at: AsyncExitStack) -> None:
    link = await server.invite("plan")
    ada = await at.enter_async_context(Seat(link))
    async with Seat(link, name="Bo") as bo:
        await ada.until(lambda: [other.user.name for other in ada.awareness.others.values()] == ["Bo (guest)"])
        await bo.until(lambda: [other.user.name for other in bo.awareness.others.values()] == ["Ada (guest)"])
    await ada.until(lambda: not ada.awareness.others)


async def test_acknowledged_changes_survive_kill_9_of_the_server_and_of_everybody(server: ServerProcess) -> None:
    link = await server.invite("plan")
    async with Seat(link) as ada:
        for number in range(50):
            ada.write(f"[{number}]")
        await ada.until_saved()
        await server.kill()
    await server.start()
    async with Seat(link) as newcomer:
        await newcomer.until_saved()
        assert newcomer.text == "".join(f"[{number}]" for number in range(50))


async def test_whoever_sends_too_much_is_offline_for_a_minute_and_all_of_it_arrives_when_they_come_again(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    await server.stop()
    await server.start("--work-seconds", "0.005", "--excess-seconds", "2")
    link = await server.invite("plan")
    ada = await at.enter_async_context(Seat(link))
    await ada.until_saved()
    while ada.status.kind is not Kind.OFFLINE:
        ada.write("a")
        await asyncio.sleep(0)
    ada.write("b")
    waiting = ada.status.waiting
    assert waiting > 1
    assert ada.status.sentence == f"Offline for a minute: too much was sent, {waiting:,} changes waiting"
    assert ada.status.advice == Close.TOO_MUCH.sentence
    ada.transport.retry_now()
    await ada.until_saved()
    bo = await at.enter_async_context(Seat(link, name="Bo"))
    await bo.until(lambda: bo.text == ada.text)


async def test_what_is_typed_while_the_server_is_dead_arrives_once_it_is_back(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    ada, bo = await at.enter_async_context(Seat(link)), await at.enter_async_context(Seat(link, name="Bo"))
    ada.write("before ")
    await ada.until_saved()
    await bo.until(lambda: bo.text == "before ")
    await server.kill()
    await ada.until(lambda: ada.status.kind is Kind.OFFLINE)
    assert ada.status.sentence == "Offline, all changes saved on the server"
    for letter in "abc":
        ada.write(letter)
    assert ada.status.sentence == "Offline, 3 changes waiting"
    await server.start()
    ada.transport.retry_now()
    bo.transport.retry_now()
    await ada.until_saved()
    await bo.until(lambda: bo.text == "before abc")
    assert ada.text == "before abc"  # and not twice


async def test_no_change_that_was_called_saved_is_ever_lost(server: ServerProcess, at: AsyncExitStack) -> None:
    """Numbered tokens, a server that is killed three times in mid-stream, and a fresh reader as the judge."""
    link = await server.invite("plan")
    ada = await at.enter_async_context(Seat(link))
    written: list[str] = []

    def called_saved() -> int:
        return len(written) - ada.peer.waiting

    for _ in range(3):
        await ada.until_saved()
        killed_at = len(written) + 100
        for number in range(len(written), len(written) + 200):
            written.append(f"[{number}]")
            ada.write(written[-1])
            if number % 20 == 0:
                await asyncio.sleep(0)
        await ada.until(lambda: called_saved() >= killed_at)  # noqa: B023 - awaited before the variable changes
        await server.kill()
        saved = written[: called_saved()]
        await ada.until(lambda: ada.status.kind is Kind.OFFLINE)
        await server.start()
        async with Seat(link, name="judge") as judge:
            await judge.until_saved()
            assert all(token in judge.text for token in saved)
        ada.transport.retry_now()
    await ada.until_saved()
    async with Seat(link, name="judge") as judge:
        await judge.until_saved()
        assert judge.text == "".join(written)


async def test_a_document_closed_while_offline_knows_what_is_waiting_when_it_is_opened_again(
    server: ServerProcess,
) -> None:
    link = await server.invite("plan")
    async with Seat(link) as ada:
        ada.write("saved ")
        await ada.until_saved()
        await server.kill()
        await ada.until(lambda: ada.status.kind is Kind.OFFLINE)
        ada.write("not ")
        ada.write("saved")
    await server.start()
    async with Seat(link, ada.document, ada.peer.record) as again:
        assert again.peer.waiting == 2
        await again.until_saved()
    async with Seat(link) as reader:
        await reader.until(lambda: reader.text == "saved not saved")


async def test_a_link_on_which_packets_vanish_is_noticed_and_nothing_typed_meanwhile_is_lost(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    proxy = await at.enter_async_context(FaultProxy("127.0.0.1", server.port))
    ada = await at.enter_async_context(Seat(through(proxy, link)))
    bo = await at.enter_async_context(Seat(link, name="Bo"))
    ada.write("before ")
    await ada.until_saved()
    watch = Stopwatch()
    proxy.blackhole()
    ada.write("in the dark")
    assert ada.status.sentence == "Saving on the server, 1 change waiting"
    await ada.until(lambda: ada.status.kind is Kind.OFFLINE)
    assert watch.seconds < 5.5
    assert ada.status.sentence == "Offline, 1 change waiting"
    proxy.restore()
    ada.transport.retry_now()
    await ada.until_saved()
    await bo.until(lambda: bo.text == "before in the dark")


async def test_people_cut_off_from_each_other_have_the_same_text_afterwards(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    proxy = await at.enter_async_context(FaultProxy("127.0.0.1", server.port))
    ada = await at.enter_async_context(Seat(through(proxy, link)))
    bo = await at.enter_async_context(Seat(link, name="Bo"))
    await ada.until_saved()
    proxy.cut()
    await ada.until(lambda: ada.status.kind is Kind.OFFLINE)
    for number in range(20):
        ada.write(f"a{number} ")
        bo.write(f"b{number} ")
    proxy.restore()
    ada.transport.retry_now()
    await ada.until(lambda: len(ada.text.split()) == 40)
    await bo.until(lambda: len(bo.text.split()) == 40)
    assert ada.text == bo.text


async def test_a_viewer_reads_and_is_told_that_changes_stay_here(server: ServerProcess, at: AsyncExitStack) -> None:
    editor = await at.enter_async_context(Seat(await server.invite("plan")))
    editor.write("Hello")
    await editor.until_saved()
    viewer = await at.enter_async_context(Seat(await server.invite("plan", Role.VIEWER), name="Vi"))
    await viewer.until(lambda: viewer.text == "Hello")
    assert viewer.peer.role is Role.VIEWER
    viewer.write(" and more")
    assert viewer.status.sentence == "You may read this document but not change it"


async def test_the_server_refuses_a_viewers_change_even_when_one_is_sent(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    editor = await at.enter_async_context(Seat(await server.invite("plan")))
    viewer = await at.enter_async_context(Seat(await server.invite("plan", Role.VIEWER), name="Vi"))
    await viewer.until(lambda: viewer.peer.role is Role.VIEWER)
    viewer.transport.send(1, sync_message(Sync.UPDATE, TextDocument("smuggled").update_since(b"\0")))
    await viewer.until(lambda: UpdateRefused(Reason.READ_ONLY, None) in viewer.events)
    editor.write("Hello")
    await editor.until_saved()
    assert editor.text == "Hello"


async def test_a_withdrawn_link_ends_the_connection_at_once_and_for_good(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    ada = await at.enter_async_context(Seat(await server.invite("plan")))
    await ada.until_saved()
    await server.revoke("plan", 1)
    await ada.until(lambda: ada.status.kind is Kind.WITHDRAWN)
    assert ada.status.sentence == "This link does not let you in any more"
    ada.write("still mine")
    assert ada.status.final
    assert ada.peer.waiting == 1


async def test_a_wrong_secret_is_not_let_in(server: ServerProcess, at: AsyncExitStack) -> None:
    link = await server.invite("plan")
    stranger = await at.enter_async_context(Seat(Link(link.host, link.port, link.room, "guessed")))
    await stranger.until(lambda: stranger.status.final)
    assert stranger.status.close is Close.NOT_INVITED


async def test_a_copy_of_a_document_that_was_rebuilt_is_not_mixed_into_it(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    writer = await at.enter_async_context(Seat(link))
    writer.write("rebuilt from text")
    await writer.until_saved()
    old = TextDocument("rebuilt from text")
    ada = await at.enter_async_context(Seat(link, old, SyncRecord("epoch of another life")))
    await ada.until(lambda: ada.status.kind is Kind.EPOCH_CHANGED)
    assert ada.text == "rebuilt from text"
    assert writer.text == "rebuilt from text"


async def test_a_document_keeps_its_epoch_over_a_restart_of_the_server(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    ada = await at.enter_async_context(Seat(await server.invite("plan")))
    await ada.until_saved()
    await server.kill()
    await server.start()
    ada.transport.retry_now()
    await ada.until(lambda: sum(isinstance(event, Joined) for event in ada.events) == 2)
    await ada.until_saved()
    first, second = (event for event in ada.events if isinstance(event, Joined))
    assert first.hello.epoch == second.hello.epoch


async def test_a_picture_reaches_the_others_and_counts_as_waiting_until_it_is_on_disk(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    picture = Blob("image/png", bytes(range(256)) * 8000)  # 2 MB
    outgoing = BlobExchange({picture.digest: picture}.get)
    incoming = BlobExchange(lambda _: None)
    incoming.want(picture.digest)  # asked for before it is there
    bo = await at.enter_async_context(Seat(link, name="Bo", blobs=incoming))
    ada = await at.enter_async_context(Seat(link, blobs=outgoing))
    await ada.until_saved()
    outgoing.offer(picture.digest)
    ada.write("a picture")
    assert ada.peer.waiting == 2
    await bo.until(lambda: bo.text == "a picture")  # typed text does not queue behind the picture
    await ada.until_saved()
    assert BlobSaved(picture.digest) in ada.events
    await bo.until(lambda: BlobArrived(picture.digest, picture) in bo.events)


async def test_the_status_names_the_limit_that_keeps_a_picture_from_the_server(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    await server.stop()
    await server.start("--room-blob-bytes", "1MiB")
    picture = Blob("image/png", bytes(range(256)) * 8000)
    outgoing = BlobExchange({picture.digest: picture}.get)
    ada = await at.enter_async_context(Seat(link, blobs=outgoing))
    await ada.until_saved()
    outgoing.offer(picture.digest)
    ada.write("a picture")
    await ada.until(lambda: ada.status.kind is Kind.REFUSED)
    assert (ada.status.limit, ada.status.most) == ("room_blob_bytes", 1024 * 1024)
    assert "images of this document" in ada.status.refusal_advice


async def test_a_picture_cut_off_half_way_is_sent_whole_after_the_reconnect(
    server: ServerProcess, at: AsyncExitStack
) -> None:
    link = await server.invite("plan")
    picture = Blob("image/png", bytes(range(256)) * 8000)
    outgoing = BlobExchange({picture.digest: picture}.get)
    proxy = await at.enter_async_context(FaultProxy("127.0.0.1", server.port))
    proxy.delay = 0.02
    ada = await at.enter_async_context(Seat(through(proxy, link), blobs=outgoing))
    await ada.until_saved()
    outgoing.offer(picture.digest)
    ada.flush()
    proxy.reset()
    await ada.until(lambda: ada.status.kind is Kind.OFFLINE)
    assert ada.peer.waiting == 1
    await ada.until_saved()
    assert BlobSaved(picture.digest) in ada.events
