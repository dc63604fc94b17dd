"""The log of a server process: for people or for programs, and without secrets."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import jwt
import pytest
from websockets.asyncio.client import connect

from commands import command, parts_of
from cowrite_server.logs import JsonFormatter, LineHandler, TextFormatter, _encoding
from cowrite_server.wire.protocol import SUBPROTOCOL, Close
from server_process import COMMAND, ServerProcess
from sync_clients import Client


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
    assert "A client of member 1 joined the room plan." in server.errors
    assert server.errors.count("127.0.0.1") >= 5  # of those who were let in, and those who were not
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
    assert (joined["level"], joined["logger"]) == ("info", "cowrite_server.reception")
    assert (joined["address"], joined["role"]) == ("127.0.0.1", "editor")
    assert datetime.fromisoformat(joined["time"]).tzinfo is not None


async def test_what_a_stranger_sends_begins_no_line(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"0123456789abcdef0123456789abcdef")
    forged = "2026-12-01 00:00:00.000Z ERROR Stop the server and restore a backup."
    token = jwt.encode({"sub": "ada"}, "another-0123456789abcdef01234567", headers={"crit": [f"x\n{forged}"]})
    async with ServerProcess(tmp_path, "--jwt-secret", str(secret), "--log-level", "debug") as server:
        async with Client(answers=False) as stranger:
            await stranger.open(server.url, "plan", token)
            await stranger.until_closed()
        server.send_signal(15)
        await server.wait()
    assert "The token was refused" in server.errors
    assert "restore a backup" not in server.errors


@pytest.mark.skipif(sys.platform != "linux", reason="the size of a pipe is Linux's own")
async def test_nobody_waits_for_a_reader_of_the_log_that_has_stopped_reading(tmp_path: Path) -> None:
    import fcntl

    read, write = os.pipe()
    lines = fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096) // 100  # far more than it holds: each is longer
    program = [*COMMAND, "serve", "--data", str(tmp_path), "--port", "0", "--open"]
    process = await create_subprocess_exec(
        *program, "--log-level", "info", "--log-format", "json", stdout=PIPE, stderr=write
    )
    os.close(write)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    async with Client() as ann:
        await ann.open(url, "plan")
        await ann.until_synced()
        for _ in range(lines):
            async with Client() as ben:
                await ben.open(url, "plan")
                await ben.until_synced()
        await ann.write("x")
        await ann.until_saved()
        process.terminate()
        assert (await ann.until_closed()).code == Close.SHUTTING_DOWN
    assert await process.wait() == 0
    told = os.read(read, 4096).decode()
    os.close(read)
    assert json.loads(told.splitlines()[0])["message"] == "A client joined the room plan."


def test_how_many_lines_are_missing_is_said_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cowrite_server.logs._LINES_AT_MOST", 2)
    read, write = os.pipe()
    os.set_blocking(write, False)
    with suppress(OSError):  # Windows has another number for it
        while os.write(write, bytes(4096)):  # until it is full
            pass
    os.set_blocking(write, True)
    handler = LineHandler(write, "utf-8")
    for number in range(10):
        handler.emit(logging.LogRecord("name", logging.ERROR, "", 0, "line %d", (number,), None))
    told = b""

    def read_until(words: bytes) -> None:
        nonlocal told
        while words not in told:
            told += os.read(read, 65536).replace(b"\0", b"")

    end = os.linesep.encode()
    read_until(b"line 1" + end)
    handler.flush()
    handler.emit(logging.LogRecord("name", logging.ERROR, "", 0, "the next", (), None))
    read_until(b"the next" + end)
    told_lines = told.decode().splitlines()
    os.close(read)
    os.close(write)
    said = [line for line in told_lines if "lines are missing here" in line]
    before = [line for line in told_lines if line.startswith("line ")]
    assert said == [f"Nobody read the log in time, so {10 - len(before)} lines are missing here."]
    assert told_lines[-2:] == [*said, "the next"]


def test_a_console_gets_the_letters_of_its_own_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "device_encoding", {2: "cp850"}.get)
    assert _encoding() == "cp850"
    monkeypatch.setattr(os, "device_encoding", {}.get)
    assert _encoding() == sys.stderr.encoding


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_a_line_for_people_is_one_line_and_has_its_time_in_utc(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    record = logging.LogRecord("name", logging.ERROR, "", 0, "%s", ("two\nlines\x1b[2J \u202e é",), None)
    record.created, record.msecs = 1_792_890_000.25, 250.0  # in the hour that there is twice in Berlin
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        line = TextFormatter().format(record)
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()
    assert line == r"2026-10-25 01:00:00.250Z ERROR two\nlines\x1b[2J \u202e é"


def test_a_line_for_programs_needs_no_letter_beyond_ascii() -> None:
    record = logging.LogRecord("name", logging.ERROR, "", 0, "%s", ("/é/\U0001f600/\udcff",), None)
    line = JsonFormatter().format(record)
    assert line.isascii()
    assert json.loads(line)["message"] == "/é/\U0001f600/\udcff"


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
