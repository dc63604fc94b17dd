"""Real PostgreSQL and Redis for tests, on free ports and in temporary folders.

They are started by the first test of a process that needs them, and end with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

from cowrite_server.store.postgres.schema import DATA_VERSION
from helpers.lacking import lacking
from helpers.processes import free_port

_SECONDS = 30

_CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
"""

_EMPTY = f"""{_CUT}
DO $$
DECLARE part record;
BEGIN
    SET LOCAL session_replication_role = replica;  -- rows go in any order
    FOR part IN SELECT oid::regclass AS name, relkind AS kind
        FROM pg_class WHERE relnamespace = to_regnamespace('cowrite_server') AND relkind IN ('r', 'S')
    LOOP
        IF part.kind = 'r' THEN EXECUTE format('DELETE FROM %s', part.name);
        ELSE PERFORM setval(part.name, 1, false);
        END IF;
    END LOOP;
    IF to_regclass('cowrite_server.data') IS NOT NULL THEN
        INSERT INTO cowrite_server.data VALUES ({DATA_VERSION}, 0);
    END IF;
END $$
"""
"""Leaves of a store its tables alone, as it has them when it was made."""

_STRIP = f"""{_CUT}
DO $$
DECLARE part name;
BEGIN
    FOR part IN SELECT nspname FROM pg_namespace WHERE oid >= 16384  -- all but PostgreSQL's own
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', part);
    END LOOP;
END $$
"""
"""Leaves nothing of a store, whatever was done to it."""


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs, or None where it is not installed."""
    found = shutil.which("pg_ctl")
    if found is not None:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return folders[-1].parent if folders else None


def needed_postgres_programs() -> Path:
    """The same; skips the test, or fails it where nothing may be skipped, where it is not installed."""
    if sys.platform == "win32":  # see `PostgresOnWindows`
        pytest.skip("on Windows the server cannot use PostgreSQL")
    programs = postgres_programs()
    if programs is None:
        missing("postgresql")
    return programs


def missing(what: str) -> NoReturn:
    """Skips the test, or fails it where nothing may be skipped."""
    lacking(f"{what} is not installed here: apt-get install {what}")


class Postgres:
    """A PostgreSQL server with a database for each test."""

    def __init__(self, programs: Path, *, follows: Postgres | None = None) -> None:
        """A server that has started.

        Args:
            programs: the folder of PostgreSQL's programs.
            follows: whose standby it is until it is promoted; None where it is nobody's.
        """
        self._programs = programs
        # Not below pytest's folders: those are closed to the user as whom PostgreSQL runs where the tests run as root.
        self._folder = Path(tempfile.mkdtemp(prefix="cowrite-postgres-"))
        self._data = self._folder / "data"
        self._user: dict[str, object] = {}
        if sys.platform != "win32" and os.geteuid() == 0:
            import pwd  # not there on Windows

            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._databases = 0
        self._empty: list[str] = []
        if follows is None:
            self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C", "-N", "-D", self._data)
        else:
            source = f"host=127.0.0.1 port={follows.port} user=postgres"
            self._run("pg_basebackup", "-R", "-N", "-c", "fast", "-d", source, "-D", self._data)
        self._port = free_port()
        self.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def address(self) -> str:
        """Where it is reached, without a database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Starts it."""
        # The tests kill processes, not machines; what the system has been given is safe from that without fsync.
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-w", "-D", self._data, "-l", self._folder / "log", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stops it: `fast` ends all connections, `immediate` is a crash."""
        self._run("pg_ctl", "-w", "-D", self._data, "-m", how, "stop")

    def promote(self) -> None:
        """Makes of a standby one that can be written."""
        self._run("pg_ctl", "-w", "-D", self._data, "promote")

    def set(self, name: str, value: str) -> None:
        """Changes a setting while it runs."""
        server = f"{self.address}/postgres"
        execute(server, f"ALTER SYSTEM SET {name} = '{value}'")
        execute(server, "SELECT pg_reload_conf()")

    def new_database(self, encoding: str = "UTF8", more: str = "") -> str:
        """Makes an empty database, with more options if need be; gives its address."""
        self._databases += 1
        name = f"test{self._databases}"
        execute(
            f"{self.address}/postgres",
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0 {more}",
        )
        return f"{self.address}/{name}"

    @contextmanager
    def database(self, *, bare: bool = False) -> Iterator[str]:
        """The address of a database that is empty, and is used again.

        To make one takes PostgreSQL several times as long as a store's tables, to make those several times as long as
        to open a store that has them, and to remove the files of many takes longer than any test.

        Args:
            bare: whether it has no tables either, and a test may change them as it likes; else it changes their rows.
        """
        address = self._empty.pop() if self._empty else self.new_database()
        if bare:
            execute(address, _STRIP)
        yield address
        execute(address, _STRIP if bare else _EMPTY)
        self._empty.append(address)

    def close(self) -> None:
        """Stops it and removes its folder."""
        if (self._data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str | Path) -> None:
        _run([self._programs / program, *arguments], self._folder, self._user)


class Redis:
    """A Redis server that keeps nothing."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._folder = Path(tempfile.mkdtemp(prefix="cowrite-redis-"))
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"redis://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Starts it and waits until it listens."""
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if b"Ready to accept connections" in line:
                return
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        """Kills it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate(timeout=_SECONDS)
            self._process = None

    def close(self) -> None:
        """Stops it and removes its folder."""
        self.stop()
        shutil.rmtree(self._folder)


def _run(command: Sequence[str | Path], folder: Path, user: dict[str, Any]) -> None:
    # Its output goes to a file: a server that goes on would hold a pipe open.
    with (folder / "output").open("w+b") as output:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            timeout=_SECONDS,
            **user,
        )
        output.seek(0)
        assert done.returncode == 0, output.read().decode()


def execute(address: str, statement: str) -> None:
    """Does something to a database behind the back of those who use it."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
