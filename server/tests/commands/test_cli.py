"""The command: what it prints, what it exits with, and its one sentence when something is wrong."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from certificates import Files
from commands import assert_one_sentence, command, parts_of, run, run_meanwhile, run_program
from cowrite_server.output import is_unheard
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close, Role
from helpers.processes import free_port
from server_process import COMMAND, ServerProcess
from sync_clients import Client, until_true

MAIN = "from cowrite_server.commands.cli import main; sys.exit(main())"


async def test_an_invite_opens_a_room_on_the_running_server_until_it_is_revoked(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, fresh=True) as server, Client() as ann:
        url, room, secret = parts_of(await command("invite", "plan", "--role", "editor", "--data", tmp_path))
        assert (url, room) == (server.url, "plan")
        await ann.open(url, room, secret)
        await ann.until_synced()
        await ann.write("hello")
        await ann.until_saved()
        viewer_link = await command(
            "invite", "plan", "--role", "viewer", "--data", tmp_path, "--url", "wss://a.example"
        )
        assert viewer_link.startswith("cowrites://a.example/plan#")
        listed = (await command("invites", "plan", "--data", tmp_path)).splitlines()
        assert [line.split()[:2] for line in listed] == [["1", "editor"], ["2", "viewer"]]
        assert "1" in await command("revoke", "plan", "--data", tmp_path, "1")
        assert (await ann.until_closed()).code == Close.WITHDRAWN
        assert "withdrawn" in (await command("invites", "plan", "--data", tmp_path)).splitlines()[0]
        assert "2" in await command("revoke", "plan", "all", "--data", tmp_path)
        server.send_signal(15)
        assert await server.wait() == 0


async def test_the_rooms_are_listed_with_what_they_take_and_when_they_were_written_in(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server, Client() as ann:
        assert await command("rooms", "--data", tmp_path) == "No rooms yet.\n"
        url, room, secret = parts_of(await command("invite", "plan", "--role", "editor", "--data", tmp_path))
        await command("invite", "empty", "--data", tmp_path)
        await ann.open(url, room, secret)
        await ann.until_synced()
        await ann.write("x" * 2_000)
        await ann.until_saved()
        empty, plan = json.loads(await command("rooms", "--json", "--data", tmp_path))
        assert (empty["name"], empty["written"], empty["bytes"]) == ("empty", None, 0)
        assert (plan["name"], plan["created"] <= plan["written"], 2_000 < plan["bytes"] < 3_000) == ("plan", True, True)
        listed = (await command("rooms", "--data", tmp_path)).splitlines()
        assert [line.split()[:4] for line in listed] == [["empty", "0", "kB", "never"], ["plan", "3", "kB", "written"]]
        server.send_signal(15)
        assert await server.wait() == 0


def test_an_invite_can_be_made_before_the_server_runs(tmp_path: Path) -> None:
    done = run("invite", "plan", "--data", tmp_path / "new" / "folder")
    assert done.status == 0
    url, room, secret = parts_of(done.out)
    assert (url, room) == ("ws://127.0.0.1:8765", "plan")
    assert len(secret) == 43
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o077 == 0 or sys.platform == "win32"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of files")
def test_data_is_for_its_owner_s_eyes_only_also_in_a_folder_that_was_there_before(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert run("invite", "plan", "--data", tmp_path).status == 0
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


async def test_a_name_that_the_output_s_encoding_lacks_is_printed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ServerProcess(tmp_path) as server, Client(member="m" * 40, name="Zoë 😀") as zoe:
        _, room, secret = parts_of(await command("invite", "plan", "--data", tmp_path))
        await zoe.open(server.url, room, secret)
        await zoe.until_synced()
        monkeypatch.setenv("PYTHONIOENCODING", "ascii")
        done = await asyncio.to_thread(run_program, *COMMAND, "members", "plan", "--data", str(tmp_path))
        assert "Zo\\xeb \\U0001f600" in done.out
        monkeypatch.setenv("PYTHONIOENCODING", "cp1252")  # as it is on Windows, where the output is no terminal
        done = await asyncio.to_thread(run_program, *COMMAND, "members", "plan", "--data", str(tmp_path))
        assert "Zoë 😀" in done.out
        done = await asyncio.to_thread(run_program, *COMMAND, "Zoë 😀")
        assert "Zoë 😀" in done.errors


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of another process stand in /proc")
async def test_a_server_takes_as_many_open_files_as_the_system_allows(tmp_path: Path) -> None:
    import resource

    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
    try:
        async with ServerProcess(tmp_path, fresh=True) as server:
            resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))
            taken, _ = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
            assert taken == min(most, 65_536)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
async def test_a_server_that_may_hold_fewer_connections_than_are_wanted_says_so(tmp_path: Path) -> None:
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = f'ulimit -n {512 if most == resource.RLIM_INFINITY else min(512, most)}; exec "$@"'
    before = ("sh", "-c", limit, "sh")
    async with ServerProcess(tmp_path, "--server-clients", "2000", before=before) as server:
        server.send_signal(15)
        await server.wait()
    words = "too few files for 2000 connections (server_clients), so there is room for 448; let it open more"
    assert words in server.errors
    async with ServerProcess(tmp_path, "--server-clients", "400", before=before) as server:
        server.send_signal(15)
        await server.wait()
    assert server.errors == ""


LOADED = """
import sys

from cowrite_server.commands.cli import main

for command in map(str.split, sys.argv[1:]):
    status = main(command)
    print(status, command[0], *{"pycrdt", "websockets", "uvloop"} & set(sys.modules), file=sys.stderr)
"""
"""Runs commands one after the other, and says after each what is loaded of the large libraries."""


def test_commands_that_read_no_document_do_not_load_what_reads_documents(tmp_path: Path) -> None:
    reading = ["history plan", "verify"]
    others = ["invite plan", "invites plan", "members plan", "revoke plan all", "audit", "rooms", "backup backup"]
    for commands in ([*others, "restore backup"], *([each] for each in reading)):
        program = [sys.executable, "-c", LOADED, *(f"{command} --data data" for command in commands)]
        done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
        said = [line for line in done.stderr.splitlines() if line.startswith("0 ")]
        loaded = " pycrdt" if commands[0] in reading else ""
        assert said == [f"0 {command.split()[0]}{loaded}" for command in commands], done.stderr


def test_a_package_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    program = f"import sys; sys.modules['pycrdt'] = None; sys.argv[0] = 'x'; {MAIN}"
    done = run_program(sys.executable, "-c", program, "serve", "--data", str(tmp_path / "data"), "--port", "0")
    assert_one_sentence(done, 1, "The package pycrdt is not installed, or this user may not read it")
    assert not (tmp_path / "data").exists()


def test_a_name_that_no_machine_can_have_is_one_sentence(tmp_path: Path) -> None:
    for length, status, words in ((99, 1, "no machine"), (300, 2, "a name or an address of this machine")):
        host = "a" * length
        assert_one_sentence(run("serve", "--data", tmp_path, "--insecure", "--host", host), status, host, words)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's own")
@pytest.mark.parametrize("where", [">/dev/full", ">&-", "<&- >&- 2>&-"])
async def test_a_server_serves_wherever_its_output_goes_or_does_not_go(tmp_path: Path, where: str) -> None:
    port = free_port()
    program = [*COMMAND, "serve", "--data", str(tmp_path), "--port", str(port), "--open"]
    process = await asyncio.create_subprocess_exec("sh", "-c", f'exec "$@" {where}', "sh", *program)
    async with Client() as ann:

        async def reached() -> bool:
            with suppress(ConnectionRefusedError):
                await ann.open(f"ws://127.0.0.1:{port}", "plan")
                return True
            return False

        await until_true(reached)
        await ann.write("x")
        await ann.until_saved()
        process.terminate()
        assert (await ann.until_closed()).code == Close.SHUTTING_DOWN
    assert await process.wait() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["serve"],
        ["serve", "--data", ".", "--store", "sqlite:."],
        ["serve", "--store", "mysql://host/name"],
        ["serve", "--store", "sqlite:"],
        ["invite", "plan", "--store", "."],
        ["serve", "--data", ".", "--port", "many"],
        ["serve", "--data", ".", "--port", "70000"],
        ["serve", "--data", ".", "--open", "--host", "0.0.0.0"],
        ["serve", "--data", ".", "--metrics-host", "0.0.0.0"],
        ["serve", "--data", ".", "--metrics-port", "9000", "--metrics-host", "0.0.0.0"],
        ["serve", "--data", ".", "--port", "9000", "--metrics-port", "9000"],
        ["invite", "--data", "."],
        ["invite", "no/room", "--data", "."],
        ["invite", "plan", "--data", ".", "--role", "king"],
        ["invite", "plan", "--data", ".", "--url", "http://example.org"],
        ["revoke", "plan", "--data", "."],
        ["revoke", "plan", "first", "--data", "."],
    ],
)
def test_wrong_use_is_one_sentence_and_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(run(*arguments), 2)
    assert list(tmp_path.iterdir()) == []


def test_what_a_command_does_not_know_leads_to_the_help_of_that_command(tmp_path: Path) -> None:
    for words in (["serve", "--colour"], ["invite", "plan", "more"], ["rooms", "--colour"]):
        done = run(*words, "--data", tmp_path)
        unknown = f"unrecognized arguments: {words[-1]}; `cowrite-server {words[0]} --help` tells more"
        assert_one_sentence(done, 2, unknown)
    assert list(tmp_path.iterdir()) == []


def test_a_password_in_an_address_of_no_store_is_not_repeated(tmp_path: Path) -> None:
    for address in ("mysql://host:a-password@example.org/name", "pg://host:a-pass@word@example.org/name"):
        done = run("serve", "--store", address)
        assert_one_sentence(done, 2, "example.org")
        assert "a-pass" not in done.errors


@pytest.mark.parametrize("password", ["first@second", "first/second", "first%second"])
def test_a_password_that_would_be_taken_for_a_host_is_not_repeated(
    password: str,
) -> None:
    for words in (("serve",), ("rooms",)):
        done = run(*words, "--store", f"postgresql://user:{password}@127.0.0.1/name")
        assert_one_sentence(done, 2, "On Windows" if sys.platform == "win32" else "%40")  # none is read there
        assert "first" not in done.errors
        assert "second" not in done.errors


def test_rooms_and_invites_that_do_not_exist_are_named(tmp_path: Path) -> None:
    assert_one_sentence(run("invites", "plan", "--data", tmp_path / "none"), 1, str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()
    run("invite", "plan", "--data", tmp_path)
    assert_one_sentence(run("invites", "party", "--data", tmp_path), 1, "party")
    assert_one_sentence(run("revoke", "plan", 9, "--data", tmp_path), 1, "plan", "9")
    assert_one_sentence(run("invites", "plan", "--data", tmp_path / FILE_NAME), 1, "give the folder that it is in")


def test_nothing_is_said_of_a_reader_who_has_gone(tmp_path: Path) -> None:
    run("invite", "draft", "--data", tmp_path)
    read, write = os.pipe()
    os.close(read)
    program = [*COMMAND, "invites", "draft", "--data", str(tmp_path)]
    done = subprocess.run(program, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_windows_says_otherwise_that_a_reader_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    nameless, named = OSError(errno.EINVAL, "Invalid argument"), OSError(errno.EINVAL, "Invalid argument", "plan")
    monkeypatch.setattr(sys, "platform", "linux")
    assert [is_unheard(error) for error in (BrokenPipeError(), nameless, named)] == [True, False, False]
    monkeypatch.setattr(sys, "platform", "win32")
    assert [is_unheard(error) for error in (BrokenPipeError(), nameless, named)] == [True, True, False]


def test_help_is_no_error() -> None:
    for arguments in (["--help"], ["serve", "--help"], ["--version"]):
        done = run(*arguments)
        assert done.status == 0
        assert "cowrite-server" in done.out


async def test_a_server_with_a_certificate_speaks_tls(tmp_path: Path) -> None:
    files = Files(tmp_path)
    trust = await files.renew()
    async with ServerProcess(tmp_path / "data", *files.options) as server:
        assert server.url.startswith("wss://")
        url, room, secret = parts_of(await command("invite", "plan", "--data", tmp_path / "data"))
        assert url == server.url
        _, without_tls = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        without_tls.write(b"GET /plan HTTP/1.1\r\n\r\n")
        _, silent = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        async with Client() as ann, Client() as ben:
            await ann.open(url, room, secret, ssl=trust)
            await ben.open(url, room, secret, ssl=trust)
            await ann.write("x" * 3_000_000)
            await ben.until(lambda: len(ben.text) == 3_000_000)
            await ann.until_saved()
            server.send_signal(15)
            assert (await ben.until_closed()).code == Close.SHUTTING_DOWN
        assert await server.wait() == 0
        assert server.errors == ""
        without_tls.close()
        silent.close()


def test_roles_are_those_of_the_protocol(tmp_path: Path) -> None:
    for role in Role:
        assert run("invite", "plan", "--role", role.value, "--data", tmp_path).status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="making links is for administrators there")
async def test_a_second_server_is_kept_off_the_same_data_by_whatever_way_it_comes(tmp_path: Path) -> None:
    data, link, elsewhere = tmp_path / "data", tmp_path / "link", tmp_path / "elsewhere"
    async with ServerProcess(data, "--open") as server, Client() as ann:
        await ann.open(server.url)
        await ann.until_synced()
        link.symlink_to(data)
        for way in (data, link, data / ".." / "data"):
            done = await run_meanwhile("serve", "--data", way, "--port", 0)
            assert_one_sentence(done, 1, str(way), f"in use by the cowrite-server with process id {server.process.pid}")
        elsewhere.mkdir()
        (elsewhere / FILE_NAME).symlink_to(data / FILE_NAME)
        done = await run_meanwhile("serve", "--data", elsewhere, "--port", 0)
        assert_one_sentence(done, 1, f"{FILE_NAME} in it is a link to {data / FILE_NAME}; give that file's folder")
        await ann.write("undisturbed")
        await ann.until_saved()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among its files")
def test_a_start_that_waits_for_a_file_without_an_answer_can_be_ended(tmp_path: Path) -> None:
    silent = tmp_path / "cert.pem"
    os.mkfifo(silent)  # as a drive that hangs
    options = ["--data", str(tmp_path / "data"), "--drain-seconds", "0.001", "--tls-cert", str(silent)]
    with subprocess.Popen([*COMMAND, "serve", *options], stderr=subprocess.PIPE, encoding="utf-8") as server:
        with silent.open("wb"):  # as soon as the server waits for what it holds
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 1
        assert server.stderr is not None
        assert "takes too long; the server ends without it" in server.stderr.read()
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
@pytest.mark.parametrize("files", [8, 12, 20])
def test_a_system_that_gives_a_server_too_few_open_files_is_named(tmp_path: Path, files: int) -> None:
    words = ("serve", "--data", str(tmp_path / "data"), "--port", "0")
    done = run_program("sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *COMMAND, *words)
    assert_one_sentence(done, 1, "too few files; let it open more (ulimit -n, LimitNOFILE)")
    assert not (tmp_path / "data").exists()
