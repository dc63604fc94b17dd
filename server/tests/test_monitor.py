"""Health and metrics: what those who watch over a server see."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

import cowrite_server
from certificates import Files
from cowrite_server.bus.bus import BusFigures
from cowrite_server.errors import CannotListen, StoreFailed
from cowrite_server.figures import BOUNDS, Durations, Figures
from cowrite_server.metrics import Metrics, Moment
from cowrite_server.rooms import log
from cowrite_server.settings.settings import Settings
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.history import HistoryReason, moments_get_message
from cowrite_server.wire.members import members_get_message
from cowrite_server.wire.protocol import Close, Limits, Message, Role, Sync
from cowrite_server.wire.sealed import sealed_get_message
from engines import Redis
from house import House, MakeHouse
from nodes import StartNodes, converged
from sync_clients import Client, until, until_true
from web import get

SERVER = Path(__file__).parents[1]
README, GUIDE = [(SERVER / name).read_text(encoding="utf-8") for name in ("README.md", "deploy/README.md")]


async def metrics(port: int) -> dict[str, float]:
    """All samples, by name and, where there is one, label."""
    status, body = await get(port, "/metrics")
    assert status == 200
    samples = [sample for family in text_string_to_metric_families(body) for sample in family.samples]
    return {" ".join((sample.name, *sample.labels.values())): sample.value for sample in samples}


async def test_metrics_tell_what_goes_on(make_house: MakeHouse) -> None:
    house = await make_house(waiting_seconds=1)  # looks come often then
    ann, ben = await house.client(), await house.client()
    before = await metrics(house.server.port)
    for _ in range(20):
        await ann.write("x" * 1000)
        await ann.until_saved()
    await ben.until(lambda: len(ben.text) == 20_000)
    await until(lambda: house.server._figures.loop_delay.total)
    now = await metrics(house.server.port)
    assert not [name for name in now if "_bus_" in name]  # there is none
    grown = {name: now[name] - before.get(name, 0) for name in now}
    prefix = "cowrite_server_"
    assert grown[f"{prefix}updates_total"] == 20
    assert 20_000 < grown[f"{prefix}received_bytes_total"] < 25_000
    assert 20_000 < grown[f"{prefix}sent_bytes_total"] < 25_000
    assert grown[f"{prefix}broadcast_seconds_count"] == grown[f"{prefix}commit_seconds_count"] == 20
    assert 0 < grown[f"{prefix}broadcast_seconds_sum"] < grown[f"{prefix}commit_seconds_sum"]
    assert now[f"{prefix}loop_delay_seconds_count"] > 0
    assert (now[f"{prefix}rooms"], now[f"{prefix}clients"], now[f"{prefix}ready"]) == (1, 2, 1)
    assert now[f"{prefix}connections"] == 3  # with the one that asks
    assert now[f"{prefix}unsaved_bytes"] == 0


async def test_metrics_tell_what_was_refused_and_why(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(room_clients=2, document_bytes=1000, room_blob_bytes=5000))
    viewer, ann = await house.client(await house.secret(Role.VIEWER)), await house.client()
    await viewer.write("not allowed")
    await viewer.until(lambda: viewer.refused)
    assert await viewer.restore(1) is HistoryReason.READ_ONLY
    await ann.write("x" * 2000)
    await ann.until(lambda: ann.refused)
    await ann.upload(bytes(6000))
    await ann.until(lambda: ann.blobs_refused)
    late = await house.enter(Client(answers=False))
    await late.until_closed()
    await viewer.leave()
    await house.server.revoke("room")
    await ann.until_closed()
    stock = await house.stock()
    await stock.send_update(b"\x05", Sync.UPDATE)
    await stock.until_closed()
    seen = await metrics(house.server.port)
    reasons = {name.partition(" ")[2]: count for name, count in seen.items() if "refusals_total" in name}
    limits = {"document_bytes": 1, "room_blob_bytes": 1, "room_full": 1}
    assert reasons == {"read-only": 2, **limits, "withdrawn": 1, "malformed": 1}


async def test_metrics_tell_how_often_clients_that_send_too_much_are_paused(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(updates_per_second=10))
    ann = await house.client()
    assert not [name for name in await metrics(house.server.port) if "pauses_total" in name]
    for _ in range(12):
        await ann.send(bytes((Message.QUERY_AWARENESS,)))
    await until(lambda: house.server._figures.pauses["pace"])
    assert (await metrics(house.server.port))["cowrite_server_pauses_total pace"] >= 1


async def test_metrics_tell_how_much_waits_for_slow_readers_and_for_the_disk(house: House) -> None:
    ann, slow = await house.client(), await house.client()
    slow.socket.transport.pause_reading()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write("x" * 7_000_000)
        await until(lambda: not house.server.ready)
        seen = await metrics(house.server.port)
        other.execute("COMMIT")
    assert seen["cowrite_server_ready"] == 0
    assert seen["cowrite_server_unsaved_bytes"] > 7_000_000
    assert 0 < seen["cowrite_server_send_queue_largest_bytes"] <= seen["cowrite_server_send_queue_bytes"]
    slow.socket.transport.resume_reading()


def test_every_metric_is_documented_and_every_documented_one_is_there() -> None:
    moment = Moment(True, 0, 0, 0, (), 0, 1.0, BusFigures(True, 0, 0, 0))
    families = text_string_to_metric_families(Metrics(Figures(), lambda: moment).text().decode())
    names = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in families
        if family.name.startswith("cowrite_server_")
    }
    table = README.partition("| metric | is |")[2].partition("\n\n")[0]
    documented = {f"cowrite_server{name}" for name in re.findall(r"`(?:cowrite_server)?(_[a-z_]+)[`{]", table)}
    assert documented == names
    watched = set(re.findall(r"^\| `(cowrite_server_\w+)`", GUIDE, re.MULTILINE))
    assert watched
    assert watched <= names


def test_what_the_host_is_told_to_watch_for_is_what_the_server_says() -> None:
    """The reasons of refusals and the lines of the log, by their rows in the host's guide."""
    rows = GUIDE.partition("| `cowrite_server_refusals_total` by `reason` |")[2].partition("| disk of the data")[0]
    refusals, _, lines = rows.partition("| log lines of")
    when = [row.removeprefix("| |").split(" | ")[0] for row in refusals.splitlines()]
    reasons = set(re.findall(r"`([a-z_]+)`", " ".join(when)))
    limits = {field.name for owner in (Settings, Limits) for field in dataclasses.fields(owner)}
    shared = {"unfinished_messages", "unfinished_blobs", "unread_answers"}
    assert {"store_failed", *shared} <= reasons
    assert reasons <= {code.name.lower() for code in Close} | limits | shared
    code = "".join(path.read_text(encoding="utf-8") for path in Path(cowrite_server.__file__).parent.rglob("*.py"))
    said = [piece for line in re.findall('"([^"]+)"', lines) for piece in line.split(" … ")]
    assert len(said) > 10
    assert [piece for piece in said if piece not in code] == []


async def test_metrics_tell_how_the_bus_is_connected(start_nodes: StartNodes, redis: Redis) -> None:
    nodes = await start_nodes(2)
    port = nodes.servers[0].port

    async def bus() -> dict[str, float]:
        seen = await metrics(port)
        prefix = "cowrite_server_bus_"
        return {name.removeprefix(prefix): value for name, value in seen.items() if name.startswith(prefix)}

    async def is_connected(times: int) -> bool:
        seen = await bus()
        return (seen["connected"], seen["reconnects_total"]) == (1, times)

    async def is_away() -> bool:
        return not (await bus())["connected"]

    await until_true(lambda: is_connected(0))
    here, there = await nodes.client(0), await nodes.client(1)
    before = await bus()
    await here.write("to the other node")
    await there.write("and from it ")
    await converged(here, there)
    now = await bus()
    assert now["sent_messages_total"] > before["sent_messages_total"]
    assert now["received_messages_total"] > before["received_messages_total"]
    redis.stop()
    try:
        await until_true(is_away)
    finally:
        redis.start()
    await until_true(lambda: is_connected(1))


async def test_metrics_tell_when_the_certificate_ends(make_house: MakeHouse, tmp_path: Path) -> None:
    files = Files(tmp_path)
    await files.renew()
    house = await make_house(tls_cert=files.cert, tls_key=files.key, metrics_port=0)
    assert house.server.metrics_port is not None
    left = (await metrics(house.server.metrics_port))["cowrite_server_certificate_end_seconds"] - time.time()
    assert 1.9 < left / (24 * 60 * 60) < 2.1


async def test_a_port_for_metrics_keeps_them_off_the_main_one(make_house: MakeHouse) -> None:
    house = await make_house(metrics_port=0)
    port = house.server.metrics_port
    assert port is not None
    assert (await metrics(port))["cowrite_server_rooms"] == 0
    status, sentence = await get(house.server.port, "/metrics")
    assert status == 404
    assert "metrics_port" in sentence
    for path in ("/health", "/health/live", "/health/ready"):
        assert (await get(port, path))[0] == (await get(house.server.port, path))[0] == 200
    upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    assert (await get(port, "/room", upgrade + key))[0] == 404


async def test_a_port_for_metrics_answers_while_strangers_fill_the_main_one(make_house: MakeHouse) -> None:
    house = await make_house(metrics_port=0, waiting_clients=2)
    port = house.server.metrics_port
    assert port is not None
    silent = [await asyncio.open_connection("127.0.0.1", house.server.port) for _ in range(3)]
    await until(lambda: house.server._sockets.count == 2)
    for path in ("/health/live", "/health/ready"):
        assert (await get(house.server.port, path))[0] == (await get(port, path))[0] == 200

    async def is_refused() -> bool:
        return "cowrite_server_refusals_total waiting_clients" in await metrics(port)

    await until_true(is_refused)
    for _, writer in silent:
        writer.close()


async def test_a_port_for_metrics_that_is_taken_is_named_and_leaves_no_server_behind(
    house: House, make_house: MakeHouse
) -> None:
    other = house.folder / "other"
    with pytest.raises(CannotListen, match=str(house.server.port)):
        await make_house(store=sqlite_address(other), metrics_port=house.server.port)
    await make_house(store=sqlite_address(other))


async def test_two_servers_in_one_process_have_figures_of_their_own(house: House, make_house: MakeHouse) -> None:
    other = await make_house(store=sqlite_address(house.folder / "other"))
    await house.client()
    assert (await metrics(house.server.port))["cowrite_server_clients"] == 1
    assert (await metrics(other.server.port))["cowrite_server_clients"] == 0


async def test_live_and_ready_are_asked_for_apart(house: House) -> None:
    assert await get(house.server.port, "/health/live") == (200, '{"live": true}\n')
    assert await get(house.server.port, "/health/ready") == (200, '{"ready": true}\n')
    ann = await house.client()
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write("x")
        await until(lambda: not house.server.ready)
        assert (await get(house.server.port, "/health/live"))[0] == 200
        assert await get(house.server.port, "/health/ready") == (503, '{"ready": false}\n')
        other.execute("COMMIT")
    await ann.until_saved()


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/metrics", "/room"])
async def test_head_is_answered_like_get_without_the_content(house: House, path: str) -> None:
    answers = {}
    for method in ("GET", "HEAD"):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        answers[method] = (head.split()[1], body)
        assert b"\r\ncontent-length: " in head.lower()
        writer.close()
    assert answers["GET"][1]
    assert answers["HEAD"] == (answers["GET"][0], b"")


@pytest.mark.parametrize("path", ["/health", "/metrics"])
async def test_who_watches_may_offer_another_protocol_and_is_answered_in_this_one(house: House, path: str) -> None:
    offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
    assert (await get(house.server.port, path, offer))[0] == 200


async def test_a_server_whose_store_does_not_answer_is_not_ready_and_says_so_once(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asyncio.Event()

    async def late(self: SqliteStore) -> int:
        await answer.wait()
        return 1

    monkeypatch.setattr(SqliteStore, "changes_by_others", late)
    await until(lambda: not house.server.ready)
    assert (await get(house.server.port, "/health/live"))[0] == 200
    assert (await get(house.server.port, "/health/ready"))[0] == 503
    await until(lambda: caplog.records)
    answer.set()
    await until(lambda: house.server.ready)
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("The database does not answer")
    assert said[1:] == ["The database answers again."]


async def test_a_server_whose_store_does_not_end_a_commit_is_not_ready_and_says_so_once(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer, commit = asyncio.Event(), SqliteStore.commit

    async def late(self: SqliteStore, *records: Any, **bounds: Any) -> list[int]:
        await answer.wait()
        return await commit(self, *records, **bounds)

    monkeypatch.setattr(SqliteStore, "commit", late)
    monkeypatch.setattr(log, "_ANSWER_SECONDS", 0.05)
    house = await make_house()
    ann = await house.client(await house.secret(Role.EDITOR))
    assert house.server.ready
    await ann.write("x")
    await until(lambda: not house.server.ready)
    assert (await get(house.server.port, "/health/ready"))[0] == 503
    assert ann.saved < ann.sent
    answer.set()
    await ann.until_saved()
    assert house.server.ready
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("The database has not ended a commit")
    assert said[1:] == ["The database can be written again."]


async def test_a_store_that_cannot_be_read_is_told_of_once_and_does_not_fill_the_log(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = 0

    async def fail(self: SqliteStore) -> int:
        nonlocal asked
        asked += 1
        raise StoreFailed("the disk is full")

    monkeypatch.setattr(SqliteStore, "changes_by_others", fail)
    await make_house(watch_seconds=0.001)
    await until(lambda: asked >= 5)
    assert sum("the disk is full" in record.getMessage() for record in caplog.records) == 1


async def test_a_client_that_asks_again_and_again_for_what_cannot_be_read_does_not_fill_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(self: SqliteStore, room: object) -> None:
        raise StoreFailed("the disk is full")

    for what in ("read_history", "list_members", "sealed_counts"):
        monkeypatch.setattr(SqliteStore, what, fail)
    ann = await house.client()
    for message in (moments_get_message, members_get_message, sealed_get_message):
        caplog.clear()
        for _ in range(3):
            assert str(await ann.request(message)) == "unreadable"
        assert ["the disk is full" in record.getMessage() for record in caplog.records] == [True]


async def test_a_server_that_drains_is_live_and_not_ready(make_house: MakeHouse) -> None:
    house = await make_house(metrics_port=0)
    port = house.server.metrics_port
    assert port is not None
    main_port = house.server.port
    ann = await house.client()
    ann.socket.transport.pause_reading()  # it does not say goodbye, so draining takes its time
    draining = asyncio.create_task(house.stop())
    await until(lambda: not house.server.ready)
    assert (await get(port, "/health/live"))[0] == 200
    assert (await get(port, "/health/ready"))[0] == 503
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", main_port)
    ann.cut()
    await draining
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


def test_a_duration_is_counted_in_the_first_range_that_holds_it() -> None:
    durations = Durations()
    for seconds in (0.0, BOUNDS[0], BOUNDS[1], 1000.0):
        durations.add(seconds)
    assert (durations.counts[0], durations.counts[1], durations.counts[-1]) == (2, 1, 1)
    assert sum(durations.counts) == 4
    assert durations.total == 1000.0 + BOUNDS[0] + BOUNDS[1]
