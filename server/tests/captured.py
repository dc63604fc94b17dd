"""Searching captured bytes for words, in all the forms in which bytes can hold them."""

from __future__ import annotations

import base64
import json
import lzma
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from cowrite_server.store.sqlite.database import FILE_NAME

_TABLES = ("rooms", "invites", "members", "updates", "snapshots", "moments", "blobs", "room_blobs", "audit", "opened")
"""All but the one in which things lie sealed."""


def forms(word: str) -> set[bytes]:
    """The bytes by which a word would be found."""
    plain = word.encode()
    found = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), json.dumps(word)[1:-1].encode()}
    found |= {plain.hex().encode(), plain.hex().upper().encode(), plain[::-1]}
    for shift in range(3):  # a word in the middle of base64 begins at one of three places
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(shift) + plain)
            found.add(whole[4 if shift else 0 : len(whole) // 4 * 4 - 4])
    return found


def unpacked(data: bytes) -> Iterator[bytes]:
    """Bytes as they are, and where they are compressed, what they were."""
    yield data
    for unpack in (lzma.decompress, zlib.decompress, lambda packed: zlib.decompress(packed, -15)):
        with suppress(lzma.LZMAError, zlib.error):
            yield unpack(data)


def holds(data: bytes, words: Iterable[str]) -> set[str]:
    """Which words stand in bytes."""
    contents = list(unpacked(data))
    return {word for word in words if any(form in content for form in forms(word) for content in contents)}


def rows(data: Path, tables: Iterable[str] = _TABLES) -> bytes:
    """All values in tables of a server's database, compressed ones as they were."""
    found = bytearray()
    with closing(sqlite3.connect(f"file:{data / FILE_NAME}?mode=ro", uri=True)) as connection:
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                for value in row:
                    whole = value if isinstance(value, bytes) else str(value).encode()
                    found += b"".join(unpacked(whole)) + b"\n"
    return bytes(found)


def files(data: Path) -> bytes:
    """All bytes in a folder."""
    return b"".join(path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file())
