"""Those who watch over the server, on their own port: they leave open files for everybody else."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from cowrite_server.monitor import MOST
from house import MakeHouse
from sync_clients import PATIENCE
from web import get


async def test_silent_connections_to_the_port_for_metrics_give_way_to_those_who_ask(make_house: MakeHouse) -> None:
    house = await make_house(metrics_port=0, waiting_seconds=1000.0, silence_seconds=1000.0)
    port = house.server.metrics_port
    assert port is not None
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST + 3)]
    async with asyncio.timeout(PATIENCE):
        for reader, _ in silent[:3]:
            with suppress(ConnectionResetError):
                assert await reader.read() == b""
    assert (await get(port, "/health/ready"))[0] == 200
    assert not any(reader.at_eof() or reader.exception() for reader, _ in silent[4:])
    for _, writer in silent:
        writer.close()
