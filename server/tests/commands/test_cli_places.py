"""The command at places, addresses and files that it cannot use: one sentence each, and nothing is touched."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from commands import Done, assert_one_sentence, filled, run, run_meanwhile, run_program
from cowrite_server.errors import CannotListen
from cowrite_server.sockets.listening import listen
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.sqlite.schema import DATA_VERSION
from plain_rights import with_plain_rights
from server_process import COMMAND, ServerProcess


async def test_two_servers_do_not_share_a_folder(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as first:
        second = await run_meanwhile("serve", "--data", tmp_path, "--port", 0)
        assert_one_sentence(second, 1, str(tmp_path), str(first.process.pid))
        await first.kill()
    async with ServerProcess(tmp_path):
        pass  # a killed server leaves no lock behind


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--data", tmp_path, "--port", port)
        where = f"cannot listen on 127.0.0.1 port {port}: "
        assert_one_sentence(done, 1, where, "in use by another program; stop that one, or choose another port")
        assert done.errors.count(str(port)) == 1


def test_nothing_is_made_by_a_server_that_cannot_have_its_ports(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for wrong in (
            ("--port", port),
            ("--port", 0, "--metrics-port", port),
            ("--port", port + 1 if port < 65535 else port - 1, "--host", "no.such.host.invalid", "--insecure"),
        ):
            assert_one_sentence(run("serve", "--data", tmp_path / "new" / "data", *wrong), 1, "cannot listen")
            assert list(tmp_path.iterdir()) == []
    several = run("serve", "--data", tmp_path / "new", "--bus", "redis://127.0.0.1")
    assert_one_sentence(several, 2, "--bus cannot be used: several servers need a store that they can share")
    one_port = ("--port", 8765, "--metrics-port", 8765, "--host", "0.0.0.0", "--insecure")
    assert_one_sentence(
        run("serve", "--data", tmp_path / "new", *one_port), 2, "--port and --metrics-port are the same"
    )
    assert list(tmp_path.iterdir()) == []


def test_data_is_not_brought_up_to_date_by_a_server_that_cannot_have_its_port(tmp_path: Path) -> None:
    run("invite", "plan", "--data", tmp_path)
    database = tmp_path / FILE_NAME
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE versions")
        connection.execute(f"PRAGMA user_version = {DATA_VERSION - 1}")
        connection.execute("PRAGMA journal_mode = DELETE")
    before = database.read_bytes()
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--data", tmp_path, "--port", taken.getsockname()[1])
    assert_one_sentence(done, 1, "cannot listen")
    assert database.read_bytes() == before


def test_a_host_that_is_none_is_named(tmp_path: Path) -> None:
    host = "no.such.host.invalid"
    assert_one_sentence(run("serve", "--data", tmp_path, "--host", host, "--insecure"), 1, host, "choose an address")


async def test_an_address_that_the_machine_does_not_have_is_named(tmp_path: Path) -> None:
    done = await run_meanwhile("serve", "--data", tmp_path, "--host", "203.0.113.9", "--insecure")
    words = "cannot listen on 203.0.113.9 port 8765: this machine has no such address; choose one"
    assert_one_sentence(done, 1, words)
    with pytest.raises(CannotListen, match=words):  # by asyncio's own loop, which Windows has
        await listen(asyncio.Protocol, "203.0.113.9", 8765)


def test_a_file_in_the_place_of_the_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    done = run("serve", "--data", tmp_path / "taken")
    assert_one_sentence(done, 1, f"{tmp_path / 'taken'} cannot be used: this is a file; choose another name")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows says of a file in a path that the path is not there")
@pytest.mark.parametrize("arguments", [["serve", "--port", 0], ["invite", "plan"]])
def test_a_file_in_the_path_of_the_data_folder_is_named(tmp_path: Path, arguments: list[object]) -> None:
    (tmp_path / "taken").touch()
    done = run(*arguments, "--data", tmp_path / "taken" / "more" / "data")
    assert_one_sentence(done, 1, f"cannot be used: {tmp_path / 'taken'} is a file, and no folder can be in it; choose")


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run_program(*with_plain_rights(), *COMMAND, "serve", "--data", str(tmp_path / "data"))
    assert_one_sentence(done, 1, str(tmp_path), "Permission denied")


ONE_BY_ONE = """
import json, sys
from cowrite_server.commands.cli import main
print([main(arguments) for arguments in json.loads(sys.argv[1])])
"""


def test_reading_a_folder_that_may_not_be_written_says_why_that_is_needed(tmp_path: Path) -> None:
    run("invite", "plan", "--data", tmp_path)
    commands = (["invites", "plan"], ["rooms"], ["audit"], ["verify"], ["history", "plan"])
    given = json.dumps([[*arguments, "--data", str(tmp_path)] for arguments in commands])
    tmp_path.chmod(0o500)
    done = run_program(*with_plain_rights(), sys.executable, "-c", ONE_BY_ONE, given)
    tmp_path.chmod(0o700)
    assert done.out == "[1, 1, 1, 1, 1]\n", done.errors
    words = (str(tmp_path), "this user may not", "run the command as the server's user")
    for _, errors in zip(commands, done.errors.splitlines(keepends=True), strict=True):
        assert_one_sentence(Done(1, "", errors), 1, *words)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of a file's size")
@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["invites", "plan"]])
def test_a_disk_that_takes_no_more_is_named(tmp_path: Path, arguments: list[str]) -> None:
    run("invite", "plan", "--data", tmp_path)
    program = [*COMMAND, *arguments, "--data", str(tmp_path)]
    done = run_program("sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *program)
    assert_one_sentence(done, 1, str(tmp_path), "its disk is full or fails", "make room")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of a file's size")
@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["invite", "plan"]])
def test_no_folder_is_left_of_what_a_full_disk_did_not_take(tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / "new" / "data"
    program = [*COMMAND, *arguments, "--data", str(folder)]
    done = run_program("sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *program)
    assert_one_sentence(done, 1, str(folder), "its disk is full or fails", "make room")
    assert list(tmp_path.iterdir()) == []
    folder.mkdir(parents=True)  # one that was there before stays
    assert run_program("sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *program).status == 1
    assert folder.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of a file's size")
def test_a_backup_is_not_blamed_for_a_disk_on_which_it_has_no_room(tmp_path: Path) -> None:
    backup, data = tmp_path / "backup", tmp_path / "data"
    run("invite", "plan", "--data", data)
    run("backup", backup, "--data", data)
    program = [*COMMAND, "restore", str(backup), "--data", str(data)]
    before = (data / FILE_NAME).read_bytes()
    done = run_program("sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *program)
    assert_one_sentence(done, 1, f"The data folder {data} cannot be used", "has no room", "make room")
    assert (data / FILE_NAME).read_bytes() == before


def test_what_is_no_backup_for_this_server_is_named_with_what_it_is(tmp_path: Path) -> None:
    backup, data, new = tmp_path / "backup", tmp_path / "data", tmp_path / "new"
    run("invite", "plan", "--data", data)
    run("backup", backup, "--data", data)
    log = tmp_path / "backup-wal"
    log.write_bytes(b"as of a server that was killed, or that runs")
    done = run("restore", backup, "--data", new)
    assert_one_sentence(done, 1, str(backup), "backup-wal beside it", "make a backup of its folder")
    log.unlink()
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute(f"PRAGMA user_version = {DATA_VERSION + 1}")
    done = run("restore", backup, "--data", new)
    assert_one_sentence(done, 1, str(backup), "a newer cowrite-server has made it", "update cowrite-server")
    backup.write_text("my diary")
    done = run("restore", backup, "--data", new)
    assert_one_sentence(done, 1, str(backup), "it is not a backup of cowrite-server")
    assert not (new / FILE_NAME).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes and devices among its files")
@pytest.mark.parametrize("backup", ["pipe", "/dev/zero"])
def test_a_backup_that_is_no_file_is_not_waited_for_or_copied_without_end(tmp_path: Path, backup: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run("restore", tmp_path / backup, "--data", tmp_path / "data")
    assert_one_sentence(done, 1, f"The backup {tmp_path / backup} cannot be used: it is a pipe or a device, not a file")
    assert not (tmp_path / "data").exists()


def test_what_begins_as_no_backup_is_refused_before_it_is_copied(tmp_path: Path) -> None:
    film = tmp_path / "film"
    with film.open("wb") as file:
        file.write(b"film")
        file.truncate(2**40)  # more than a copy could have
    done = run("restore", film, "--data", tmp_path / "data")
    assert_one_sentence(done, 1, str(film), "it is not a backup of cowrite-server")


def test_a_folder_in_place_of_the_database_is_named(tmp_path: Path) -> None:
    backup, data = tmp_path / "backup", tmp_path / "data"
    run("invite", "plan", "--data", tmp_path)
    run("backup", backup, "--data", tmp_path)
    (data / FILE_NAME).mkdir(parents=True)
    for arguments in (["serve", "--port", "0"], ["invite", "plan"], ["invites", "plan"], ["restore", backup]):
        done = run(*arguments, "--data", data)
        assert_one_sentence(done, 1, f"The data folder {data} ", f"{FILE_NAME} in it is a folder")
    assert list((data / FILE_NAME).iterdir()) == []


@pytest.mark.parametrize("name", ["server.lock", "server.json"])
def test_the_file_that_keeps_a_server_from_a_folder_is_named(tmp_path: Path, name: str) -> None:
    run("invite", "plan", "--data", tmp_path)
    (tmp_path / name).mkdir()
    done = run("serve", "--data", tmp_path, "--port", 0)
    assert_one_sentence(done, 1, f"The data folder {tmp_path} cannot be used", f"{name} in it cannot be used")


def test_a_folder_of_which_the_system_tells_nothing_is_named(tmp_path: Path) -> None:
    long = tmp_path / (300 * "x")
    for arguments in (("serve", "--port", 0), ("invite", "plan"), ("verify",), ("restore", tmp_path / "backup")):
        assert_one_sentence(run(*arguments, "--data", long), 1, f"{long} cannot be used: File name too long")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    for words in (["serve", "--port", "0"], ["verify"]):
        done = run_program(*with_plain_rights(), *COMMAND, *words, "--data", str(closed / "data"))
        assert_one_sentence(done, 1, f"{closed / 'data'} cannot be used: Permission denied")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among its files")
def test_a_pipe_in_place_of_the_database_is_named_and_not_waited_for(tmp_path: Path) -> None:
    run("invite", "plan", "--data", tmp_path / "good")
    run("backup", tmp_path / "backup", "--data", tmp_path / "good")
    (tmp_path / "data").mkdir()
    os.mkfifo(tmp_path / "data" / FILE_NAME)
    for arguments in (("serve", "--port", 0), ("verify",), ("restore", tmp_path / "backup")):
        assert_one_sentence(run(*arguments, "--data", tmp_path / "data"), 1, f"{FILE_NAME} in it is no file")


def test_a_database_of_another_user_s_is_named(tmp_path: Path) -> None:
    run("invite", "plan", "--data", tmp_path)
    (tmp_path / FILE_NAME).chmod(0)
    done = run_program(*with_plain_rights(), *COMMAND, "invites", "plan", "--data", str(tmp_path))
    assert_one_sentence(done, 1, f"{FILE_NAME} in it", "Permission denied")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    for command_name in ("serve", "invite"):
        room = () if command_name == "serve" else ("plan",)
        assert_one_sentence(run(command_name, *room, "--data", tmp_path / "file"), 1, str(tmp_path / "file"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
def test_a_link_to_what_is_not_there_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to("gone")
    for arguments in (("serve", "--port", 0), ("invite", "plan")):
        done = run(*arguments, "--data", tmp_path / "data")
        assert_one_sentence(done, 1, f"{tmp_path / 'data'} cannot be used: this is a link to gone, which is not there")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing, broken = tmp_path / "missing.pem", tmp_path / "broken.pem"
    broken.write_text("no certificate")
    for path in (missing, broken):
        assert_one_sentence(run("serve", "--data", tmp_path, "--port", 0, "--tls-cert", path), 1, str(path))


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00" + bytes(84)])
def test_a_foreign_file_is_refused_and_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    assert_one_sentence(run("invite", "plan", "--data", tmp_path), 1, str(path))
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_program_s_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()
    before = path.read_bytes()
    assert_one_sentence(run("invite", "plan", "--data", tmp_path), 1, str(path))
    assert path.read_bytes() == before


def test_data_of_a_newer_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    assert run("invite", "plan", "--data", tmp_path).status == 0
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {DATA_VERSION + 1}")
    before = path.read_bytes()
    for arguments in (("serve", "--port", 0), ("invite", "plan"), ("invites", "plan"), ("revoke", "plan", "all")):
        assert_one_sentence(run(*arguments, "--data", tmp_path), 1, "newer", str(DATA_VERSION + 1))
    assert path.read_bytes() == before


async def test_a_database_of_which_sqlite_says_what_is_no_text_is_named_as_damaged_and_gives_way_to_a_backup(
    tmp_path: Path,
) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    await filled(data)
    await run_meanwhile("backup", backup, "--data", data)
    database = data / FILE_NAME
    database.write_bytes(database.read_bytes().replace(b"CREATE TABLE rooms", b"CREATE TABL\xff rooms"))
    for command in ("verify", "rooms"):
        assert_one_sentence(await run_meanwhile(command, "--data", data), 1, "is damaged")
    shutil.copy(database, tmp_path / "no backup")
    done = await run_meanwhile("restore", tmp_path / "no backup", "--data", tmp_path / "new")
    assert_one_sentence(done, 1, "no backup cannot be used")
    assert (await run_meanwhile("restore", backup, "--data", data)).status == 0
    assert (await run_meanwhile("verify", "--data", data)).status == 0
