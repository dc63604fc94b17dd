"""Measures cowrite-server, and with `--peers` the servers of the field beside it, turn about in one run.

`python benchmarks/server.py [--peers] [--json] [--rounds N] [--only SCENARIO …]`; what the figures mean is in
benchmarks/README.md. The server has the first core, this generator the second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import Any

from arguments import at_least, paper
from load import Client, Tally, join, type_for
from peers import Kind, PeerMissing, Served, cowrite, peers
from pycrdt import Doc, Text
from traces import BadTrace, read_trace

from cowrite_server.wire.protocol import Sync, sync_message

RATE = 5.0  # tokens per second of a person who types
SECONDS = 6.0
CROWDS = (2, 10, 50, 100)
ROOMS = 200
SATURATED = 20  # clients in the room that is driven to its limit
SATURATION_SECONDS = 3.0
FIRST_RATE = 500.0  # updates per second of the whole room
GROWTH = 1.5
LATE = 0.1  # seconds; a room whose p99 is beyond is saturated
PATIENCE = 15.0  # seconds to wait for what is still under way
IDLE = 0.1  # processor seconds in a second, below which a server has nothing left to do
JOINERS = 20
WRITERS = 70  # who write 350 updates a second together, the rate at which the server is to tell soon what is saved

Figures = dict[str, Any]


@contextmanager
def serving(kind: Kind) -> Iterator[Served]:
    """A server with an empty data folder."""
    with tempfile.TemporaryDirectory(prefix="cowrite-bench-") as folder, Served(kind, Path(folder)) as server:
        yield server


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share of the values lies, in milliseconds."""
    if not values:
        return None
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


async def drive(
    server: Served,
    rooms: Sequence[str],
    rate: float,
    seconds: float,
    *,
    timed: int | None = None,
    carets: bool = False,
) -> Figures:
    """Clients type; gives delays, cost and what was lost.

    Args:
        server: where.
        rooms: the room of each client.
        rate: tokens per second of each client.
        seconds: how long.
        timed: how many clients take the time of what they receive; all where left out.
        carets: whether their carets move as well.
    """
    tally = Tally()
    clients = await join(
        server.port, rooms, server.kind.dialect, tally, timed=lambda number: timed is None or number < timed
    )
    acknowledges = server.kind.dialect.subprotocol is not None and timed is None
    for client in clients:
        client.count(confirms=acknowledges)
    sizes = {room: rooms.count(room) for room in set(rooms)}
    tally.octets, before = 0, server.cpu_seconds
    typed = await type_for(clients, rate, seconds, carets=carets)
    per_client = typed // len(clients)
    wanted = sum(per_client * (sizes[room] - 1) for room in rooms)
    end = perf_counter() + PATIENCE
    while tally.deliveries < wanted and perf_counter() < end and server.alive:  # noqa: ASYNC110 - an event is dear
        await asyncio.sleep(0.02)
    spent = server.cpu_seconds - before
    gone = sum(client.lost for client in clients)
    for client in clients:
        client.close()
    await asyncio.sleep(0)
    figures: Figures = {
        "updates": typed,
        "deliveries": tally.deliveries,
        "missing": max(0, wanted - tally.deliveries),
        "closed": gone,
        "p50_ms": percentile(tally.delays, 0.5),
        "p99_ms": percentile(tally.delays, 0.99),
        "cpu_s_per_1000": round(1000 * spent / max(1, tally.deliveries), 5),
        "bytes_per_delivery": round(tally.octets / max(1, tally.deliveries), 1),
    }
    if acknowledges:
        figures["acknowledged_p99_ms"] = percentile(tally.acknowledged, 0.99)
        figures["unacknowledged"] = typed - len(tally.acknowledged)
    return figures


async def fan_out(server: Served, clients: int, *, carets: bool = False) -> Figures:
    """People in one room."""
    await drive(server, ["warm"] * 2, RATE, 0.5)
    return await drive(server, [f"crowd-{clients}"] * clients, RATE, SECONDS, carets=carets)


async def many_rooms(server: Served) -> Figures:
    """Two people in each of many rooms; and what memory a room takes."""
    await drive(server, ["warm"] * 2, RATE, 0.5)
    before = server.resident
    figures = await drive(server, [f"pair-{number // 2}" for number in range(2 * ROOMS)], RATE, SECONDS)
    return {**figures, "kilobytes_per_room": round((server.resident - before) / 1024 / ROOMS, 1)}


async def acknowledged(server: Served) -> Figures:
    """How late the word comes that an update is on disk, with everybody in one room and in rooms of two."""
    if server.kind.dialect.subprotocol is None:
        return {"acknowledges": False}
    await drive(server, ["warm"] * 2, RATE, 0.5)
    crowd = await drive(server, ["crowd"] * WRITERS, RATE, SECONDS)
    pairs = await drive(server, [f"pair-{number // 2}" for number in range(WRITERS)], RATE, SECONDS)
    return {
        f"{name}_{figure}": figures[figure]
        for name, figures in (("one_room", crowd), ("rooms_of_two", pairs))
        for figure in ("acknowledged_p99_ms", "unacknowledged", "missing")
    }


async def saturation(server: Served) -> Figures:
    """The highest rate in one room that arrives in time, found step by step, each step in a room of its own."""
    rate, growth, best, step = FIRST_RATE, GROWTH, {}, 0
    while growth > 1.05:
        step += 1
        room = [f"full-{step}"] * SATURATED
        try:
            figures = await drive(server, room, rate / SATURATED, SATURATION_SECONDS, timed=2)
        except TimeoutError:  # it lets nobody in any more
            figures = {"missing": None, "closed": None, "p99_ms": None}
        p99 = figures["p99_ms"]
        if p99 is not None and p99 <= 1000 * LATE and not figures["missing"] and not figures["closed"]:
            best = {"updates_per_second": round(rate), **figures}
        else:
            best["beyond"] = {"rate": round(rate), **{name: figures[name] for name in ("missing", "closed", "p99_ms")}}
            rate /= growth
            growth **= 0.5
            await _until_idle(server)  # else the next step would be charged with what is left of this one
        rate *= growth
        if not server.alive:
            break
    return {"alive": server.alive, **best}


async def _until_idle(server: Served) -> None:
    end = perf_counter() + 2 * PATIENCE
    while server.alive and perf_counter() < end:
        before = server.cpu_seconds
        await asyncio.sleep(1.0)
        if server.cpu_seconds - before < IDLE:
            break


def _document(trace: Path) -> bytes:
    doc: Doc[Text] = Doc()
    body = doc.get("body", type=Text)
    for transaction in read_trace(trace).transactions:
        with doc.transaction():
            for at, removed, text in transaction.patches:
                # This trace is ASCII, so its positions are pycrdt's as well.
                if removed:
                    del body[at : at + removed]
                if text:
                    body.insert(at, text)
    return doc.get_update()


async def _storm(server: Served, room: str, size: int) -> float:
    tally = Tally()
    loop = asyncio.get_running_loop()
    begun = perf_counter()
    clients = [Client(number, room, server.kind.dialect, tally) for number in range(JOINERS)]
    await asyncio.gather(
        *(loop.create_connection(lambda client=client: client, "127.0.0.1", server.port) for client in clients)  # type: ignore[misc]
    )
    answers = await asyncio.wait_for(asyncio.gather(*(client.synced for client in clients)), 60)
    taken = perf_counter() - begun
    if min(map(len, answers)) < 0.9 * size:
        raise RuntimeError(f"{server.kind.name} gave a client {min(map(len, answers))} of {size} bytes")
    for client in clients:
        client.close()
    return taken


async def joins(kind: Kind, update: bytes) -> Figures:
    """Many come at once into one large document: into a room that is open, and into one that is on disk only."""
    with tempfile.TemporaryDirectory(prefix="cowrite-bench-") as name:
        folder = Path(name)
        with Served(kind, folder) as server:
            (writer,) = await join(server.port, ["large"], kind.dialect, Tally())
            writer.send(sync_message(Sync.UPDATE, update))
            (reader,) = await join(server.port, ["large"], kind.dialect, Tally())
            while len(await reader.synced) < 0.9 * len(update):
                await asyncio.sleep(0.2)
                reader.close()
                (reader,) = await join(server.port, ["large"], kind.dialect, Tally())
            warm = await _storm(server, "large", len(update))
            if kind.keeps:
                await asyncio.sleep(4)  # Hocuspocus writes after two seconds of quiet
            for client in (writer, reader):
                client.close()
        figures: Figures = {"warm_s": round(warm, 3)}
        if kind.keeps:
            with Served(kind, folder) as server:
                figures["from_disk_s"] = round(await _storm(server, "large", len(update)), 3)
        return figures


def scenarios(document: Callable[[], bytes] | None) -> dict[str, Callable[[Kind], Figures]]:
    """What is measured, by name.

    Args:
        document: gives the update of the document that is joined; None where there is none.
    """

    def once(measure: Callable[[Served], Coroutine[Any, Any, Figures]]) -> Callable[[Kind], Figures]:
        def run(kind: Kind) -> Figures:
            with serving(kind) as server:
                return _loop(measure(server))

        return run

    found: dict[str, Callable[[Kind], Figures]] = {
        f"fan-out {clients}": once(partial(fan_out, clients=clients)) for clients in CROWDS
    }
    for clients in CROWDS:
        found[f"carets {clients}"] = once(partial(fan_out, clients=clients, carets=True))
    found[f"rooms {ROOMS} x 2"] = once(many_rooms)
    found["acknowledged"] = once(acknowledged)
    found["saturation"] = once(saturation)
    if document is not None:
        found["joins"] = lambda kind: _loop(joins(kind, document()))
    return found


def _loop(work: Coroutine[Any, Any, Figures]) -> Figures:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def medians(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure over the rounds, and least and most of the rates and delays."""
    row: Figures = {}
    for name, first in rounds[0].items():
        values = [figures[name] for figures in rounds if figures.get(name) is not None]
        if not values or isinstance(first, dict | bool):
            row[name] = first
        else:
            row[name] = statistics.median(values)
            if len(values) > 1 and (name.startswith("p99") or name in ("updates_per_second", "warm_s")):
                row[f"{name}_range"] = [min(values), max(values)]
    return row


def _measured(measure: Callable[[Kind], Figures], kinds: Sequence[Kind], rounds: int) -> dict[str, list[Figures]]:
    """The figures of each server by its name, measured by turns."""
    measured: dict[str, list[Figures]] = {kind.name: [] for kind in kinds}
    for _ in range(rounds):
        for kind in kinds:
            try:
                figures = measure(kind)
            except (RuntimeError, OSError, TimeoutError) as error:
                figures = {"failed": f"{type(error).__name__}: {error}"}
            measured[kind.name].append(figures)
    return measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Measure the sync server.")
    parser.add_argument("--peers", action="store_true", help="measure Hocuspocus, y-websocket and pycrdt-websocket too")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--rounds", type=at_least(1), default=1, help="how often each is measured (default 1)")
    parser.add_argument("--only", nargs="+", metavar="SCENARIO", help="these only; a name's beginning is enough")
    parser.add_argument(
        "--trace",
        type=Path,
        help="the editing trace whose document is joined (default: automerge-paper below $COWRITE_TEST_DATA)",
    )
    options = parser.parse_args(arguments)
    try:
        kinds = [cowrite(), *(peers() if options.peers else ())]
    except PeerMissing as error:
        print(f"server.py: {error}", file=sys.stderr)
        return 1
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[1]})
    rows = []
    trace = options.trace or paper()
    document = None if trace is None else cache(partial(_document, trace))  # seconds, and not every scenario needs it
    everything = scenarios(document)
    wanted = tuple(options.only or [""])
    chosen = {name: measure for name, measure in everything.items() if name.startswith(wanted)}
    if not chosen:
        parser.error(f"there is no such scenario; there are: {', '.join(everything)}")
    try:
        if document is not None and "joins" in chosen:
            document()
    except (BadTrace, OSError) as error:
        parser.error(str(error))
    for name, measure in chosen.items():
        for server, figures in _measured(measure, kinds, options.rounds).items():
            row = {"scenario": name, "server": server, **medians(figures)}
            rows.append(row)
            if not options.json:
                print(*(f"{key}={value}" for key, value in row.items()), flush=True)
    if options.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
