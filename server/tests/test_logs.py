"""The log of a server process: for people or for programs, and without secrets."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from cowrite_server.logs import JsonFormatter
from cowrite_server.protocol import SUBPROTOCOL
from server_process import ServerProcess
from sync_clients import Client
from test_cli import command, parts_of


@pytest.mark.parametrize("form", ["text", "json"])
async def test_no_secret_is_ever_logged(tmp_path: Path, form: str) -> None:
    async with ServerProcess(tmp_path, "--log-format", form, "--log-level", "debug") as server:
        _, _, secret = parts_of(await command("invite", "plan", "--data", tmp_path))
        async with Client() as ann:
            await ann.open(server.url, "plan", secret)
            await ann.until_synced()
        async with connect(f"{server.url}/plan?key={secret}", subprotocols=[SUBPROTOCOL]) as socket:
            assert await socket.recv()
            await socket.send(b"\xff")
            await socket.wait_closed()
        for room, wrong in (("plan", "guessed-secret"), ("no/room", secret), ("party", secret)):
            async with Client(answers=False) as stranger:
                await stranger.open(server.url, room, wrong)
                await stranger.until_closed()
        server.send_signal(15)
        assert await server.wait() == 0
    assert "plan" in server.errors
    assert secret not in server.errors
    assert "guessed-secret" not in server.errors


async def test_json_lines_say_when_how_serious_who_and_what(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, "--open", "--log-format", "json", "--log-level", "info") as server:
        async with Client() as ann:
            await ann.open(server.url, "plan")
            await ann.until_synced()
        server.send_signal(15)
        await server.wait()
    lines = [json.loads(line) for line in server.errors.splitlines()]
    joined = next(line for line in lines if line["message"] == "A client joined the room plan.")
    assert (joined["level"], joined["logger"]) == ("info", "cowrite_server.server")
    assert (joined["address"], joined["role"]) == ("127.0.0.1", "editor")
    assert datetime.fromisoformat(joined["time"]).tzinfo is not None


def test_an_exception_is_one_line_too() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord("name", logging.ERROR, "", 0, "It %s.", ("failed",), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    content = json.loads(line)
    assert content["message"] == "It failed."
    assert "ValueError: two\nlines" in content["exception"]
