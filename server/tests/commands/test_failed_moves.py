"""Moves that come to nothing, or end in doubt: what each store holds then is said, and nothing is half moved."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL
from typing import NoReturn

import psycopg
import pytest

from commands import assert_one_sentence, run_meanwhile
from cowrite_server import moving, verifying
from cowrite_server.commands import move as cli_move
from cowrite_server.errors import StoreFailed
from cowrite_server.moving import MoveFailed
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.sqlite import moving as sqlite_moving
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.store.store import Store
from helpers.warm_python import Forked
from moves import content, fill, move
from server_process import COMMAND
from stores import opened, picture
from sync_clients import until_true


async def test_a_target_that_cannot_be_written_or_holds_something_else_stays_empty(tmp_path: Path) -> None:
    source, folder = sqlite_address(tmp_path / "source"), tmp_path / "target"
    target = sqlite_address(folder)
    async with opened(source, serving=True) as store:
        await fill(store)
    async with opened(target):
        pass
    for what, sentence in (
        ("BEFORE INSERT ON blobs BEGIN SELECT RAISE(FAIL, 'no room'); END", "The target could not be written: no room"),
        ("AFTER INSERT ON moments BEGIN DELETE FROM moments WHERE first = 1; END", "What was written of the table mom"),
    ):
        with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
            connection.execute(f"CREATE TRIGGER spoils {what}")
        done = await run_meanwhile("move", source, target)
        assert (done.status, sentence in done.errors) == (1, True), done.errors
        with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
            connection.execute("DROP TRIGGER spoils")
        assert not any((await content(target)).values())
    await move(source, target)


async def test_a_source_to_which_somebody_writes_is_named_and_not_the_target(tmp_path: Path) -> None:
    source, target = sqlite_address(tmp_path / "source"), sqlite_address(tmp_path / "target")
    async with opened(source, serving=True) as giver, opened(target) as taker:
        with closing(sqlite3.connect(tmp_path / "source" / FILE_NAME, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with pytest.raises(MoveFailed, match="The source could not be read: database is locked"):
                await moving.move(giver, taker, lambda _what, _rows: None)


async def test_a_target_that_cannot_be_looked_over_at_the_end_is_said_to_hold_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = sqlite_address(tmp_path / "source"), sqlite_address(tmp_path / "target")
    async with opened(source, serving=True) as store:
        await fill(store)

    def go_away(_store: Store) -> NoReturn:
        raise StoreFailed("the connection was lost")

    monkeypatch.setattr(verifying, "faults", go_away)
    done = await run_meanwhile("move", source, target)
    assert_one_sentence(
        done, 1, f"Everything was moved to {target}", "the connection was lost", "`cowrite-server verify`"
    )
    assert await content(target) == await content(source)


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can take away there what is open")
async def test_a_source_that_goes_away_is_named_and_undoes_nothing_of_what_was_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = sqlite_address(tmp_path / "source"), sqlite_address(tmp_path / "target")
    async with opened(source, serving=True) as store:
        await fill(store)
    before = await content(source)
    place, elsewhere = tmp_path / "source" / FILE_NAME, tmp_path / "elsewhere"
    goes = "moments"

    def take_away(what: str, _rows: int) -> None:
        if what == goes:
            place.rename(elsewhere)

    monkeypatch.setattr(cli_move, "_tell", take_away)
    done = await run_meanwhile("move", source, target)
    assert (done.status, f"The source could not be read: the file {place} was taken" in done.errors) == (1, True)
    elsewhere.rename(place)
    goes = "comparing rooms"
    said = await move(source, target)
    assert "Moved to" in said
    assert f"could not be closed (the file {place} was taken away" in said
    assert "is as it was" not in said
    assert await content(target) == before


async def test_a_target_that_does_not_say_whether_it_keeps_everything_is_said_to_hold_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = sqlite_address(tmp_path / "source"), sqlite_address(tmp_path / "target")
    async with opened(source, serving=True) as store:
        await fill(store)
    end = sqlite_moving.end

    def end_unheard(connection: sqlite3.Connection, *, keep: bool) -> None:
        end(connection, keep=keep)
        if keep:
            raise StoreFailed("the connection was lost")

    monkeypatch.setattr(sqlite_moving, "end", end_unheard)
    done = await run_meanwhile("move", source, target)
    assert (done.status, "could not be closed: the connection was lost. It has kept eve" in done.errors) == (1, True)
    assert "something" in (await run_meanwhile("move", source, target)).errors


async def test_a_move_that_is_killed_leaves_nothing_and_can_be_begun_again(tmp_path: Path, address: str) -> None:
    source = sqlite_address(tmp_path / "source")
    async with opened(source, serving=True) as store:
        await fill(store)
        room = await store.ensure_room("pictures", 1)
        for number in range(40):
            await store.commit([picture(room.id, bytes((number,)) * 1_000_000)])
    before = await content(source)
    killed = Forked([*COMMAND, "move", source, address], stdout=DEVNULL, stderr=DEVNULL)
    await until_true(lambda: _is_under_way(address, tmp_path / "data"))
    killed.kill()
    assert await asyncio.to_thread(killed.wait)
    await until_true(lambda: _is_over(address))
    assert {name: rows for name, rows in (await content(address)).items() if rows} == {}
    assert "blobs 43" in await move(source, address)
    assert await content(address) == before


async def _is_under_way(address: str, folder: Path) -> bool:
    """Whether a target is given something, and not all of it yet."""
    if address.startswith("sqlite:"):
        log = folder / f"{FILE_NAME}-wal"
        return log.exists() and log.stat().st_size > 2_000_000
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        cursor = await connection.execute(
            "SELECT FROM pg_locks WHERE relation = to_regclass('cowrite_server.blobs') AND mode = 'RowExclusiveLock'"
        )
        return await cursor.fetchone() is not None


async def _is_over(address: str) -> bool:
    """Whether a database has noticed that somebody was killed."""
    if address.startswith("sqlite:"):
        return True
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        cursor = await connection.execute(
            "SELECT FROM pg_stat_activity WHERE application_name = 'cowrite-server' AND datname = current_database()"
        )
        return await cursor.fetchone() is None
