"""What is left in the bytes of an SQLite store when a box was opened."""

from __future__ import annotations

import random
from pathlib import Path

import psycopg
import pytest

from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.store import Store
from cowrite_server.wire.sealed import SealedItem
from engines import Postgres
from stores import opened

WORD = "quixotic-marmalade"


def held(folder: Path) -> bytes:
    """All bytes of a data folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def mark(author: int, number: int) -> str:
    """What an item's id and text have in common with no other."""
    return f"{author}x{number}x{WORD}"


async def fill(store: Store, room: int, chance: random.Random, box: str, authors: int) -> None:
    for number in range(12):
        for author in range(authors):
            text = mark(author, number) + "y" * chance.choice([0, 20, 500, 9000])
            for draft in range(chance.randrange(1, 4)):
                item = SealedItem(box, f"note:{mark(author, number)}", {"text": text, "draft": draft * "d"})
                await store.seal(room, f"member:{author}", item)
            if chance.random() < 0.2:
                await store.take_back(room, f"member:{author}", box, f"note:{mark(author, number)}")


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_links_author_and_note_in_the_file_when_a_box_was_opened(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with opened(sqlite_address(tmp_path / "data"), serving=True) as store:
        room = (await store.ensure_room("room", 0)).id
        other = (await store.ensure_room("other", 0)).id
        await fill(store, room, chance, "session:secret", 6)
        for number in range(chance.randrange(0, 40)):  # what stays sealed lies between them
            item = SealedItem(f"session:{number % 3}", f"note:{number}", {"text": "stays" * chance.randrange(99)})
            await store.seal(chance.choice([room, other]), f"member:{number % 6}", item)
        assert WORD.encode() in held(tmp_path / "data")
        await store.claim_box(room, "session:secret")
        await store.prepare_box(room, "session:secret", b"what the document gets")
        for number in range(6):
            await store.seal(room, f"member:{number}", SealedItem("session:2", "note:later", {"text": "later"}))
        assert WORD.encode() not in held(tmp_path / "data")
        await store.finish_box(room, "session:secret")
        assert b"what the document gets" not in held(tmp_path / "data")


async def test_postgresql_gives_back_the_space_of_what_lay_in_a_box(postgres: Postgres) -> None:
    address = postgres.new_database()
    async with opened(address, serving=True) as store:
        room = (await store.ensure_room("room", 0)).id
        await fill(store, room, random.Random(1), "session:secret", 3)
        with psycopg.connect(address, autocommit=True) as connection:

            def size() -> int:
                return int(connection.execute("SELECT pg_relation_size('cowrite_server.sealed')").fetchone()[0])

            assert size() > 0
            await store.claim_box(room, "session:secret")
            await store.prepare_box(room, "session:secret", b"what the document gets")
            assert size() == 0
