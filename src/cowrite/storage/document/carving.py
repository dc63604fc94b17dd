"""Reading rows from the bytes of a damaged database, whatever still holds it together.

Python's sqlite3 offers neither SQLite's recovery extension nor its page access, so this module reads pages itself
(https://www.sqlite.org/fileformat2.html, sections 1.6 "B-tree pages", 2.1 "Record format" and 4 "The WAL"). It does
not follow the tree: it looks for what a record of our four tables must look like, in every page of the database and
of its write-ahead log, and keeps what its checksum proves. So neither the header, nor the tree, nor a page's list of
cells needs to be sound.

Rows come out more than once and in old versions too; the caller chooses.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cowrite.storage.layout import CHECKSUM_SIZE, PAGE_SIZE, Row, sound_row
from cowrite.storage.placing import companion

WAL_HEADER = 32  # bytes
FRAME_HEADER = 24  # bytes before each page in the write-ahead log

FRAME_SIZE = FRAME_HEADER + PAGE_SIZE

_LEAF = 0x0D  # first byte of a page that holds rows
_RESERVED = (0, 12)  # bytes at a page's end that builds of SQLite keep for themselves; Apple's keeps 12
_VARINT = rb"(?:[\x80-\xff]{0,8}[\x00-\x7f])"
_TIME = rb"[\x01-\x06\x08\x09]"
_CHECKSUM = b"\\x%02x" % (12 + 2 * CHECKSUM_SIZE)
_HASH = rb"\x4c"  # 12 + 2 * 32
_SHAPES = (
    # Record headers: their own size, then one serial type per column. A key that is the row's id is stored as NULL.
    (("updates", "snapshots"), re.compile(rb"(?=([\x05-\x0d]\x00" + _TIME + _VARINT + _CHECKSUM + rb"))", re.DOTALL)),
    (("blobs",), re.compile(rb"(?=([\x06-\x16]" + _HASH + _VARINT + _TIME + _VARINT + _CHECKSUM + rb"))", re.DOTALL)),
    (("properties",), re.compile(rb"(?=([\x05-\x15]" + _VARINT + _TIME + _VARINT + _CHECKSUM + rb"))", re.DOTALL)),
)
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Follow = Callable[[int], "tuple[int, bytes] | None"]
"""Gives, for a page number, which source the page was read from and its bytes."""


class Pages:
    """All pages that a database file and its write-ahead log hold, in every version.

    A source is one of them: the database's pages come first, then the frames of the log in their order. What cannot
    be read for a bad sector counts as empty.
    """

    def __init__(self, path: Path) -> None:
        """Opens both files; `close` closes them.

        Raises:
            OSError: the database cannot be opened.
        """
        self._files: list[BinaryIO] = [path.open("rb")]
        self._database_pages = -(-_size(self._files[0]) // PAGE_SIZE)
        with suppress(OSError):
            self._files.append(companion(path, "-wal").open("rb"))
        self._numbers: list[int] = []  # page number of each frame
        self._commits: list[int] = []  # for each frame, the frame that ends its transaction
        self._frames_of: dict[int, list[int]] = {}
        if len(self._files) > 1:
            self._read_frames()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the files."""
        for file in self._files:
            file.close()

    def __len__(self) -> int:
        return self._database_pages + len(self._numbers)

    def indices(self, limit: int | None) -> Iterator[int]:
        """The sources; with a limit, so many of each file."""
        frames = range(self._database_pages, len(self))
        yield from range(self._database_pages)[:limit]
        yield from frames[:limit]

    def source(self, index: int) -> bytes:
        """The bytes of one source; zeros where there are none."""
        if index < self._database_pages:
            return self._read(self._files[0], index * PAGE_SIZE, PAGE_SIZE)
        frame = index - self._database_pages
        offset = WAL_HEADER + frame * FRAME_SIZE + FRAME_HEADER
        return self._read(self._files[1], offset, PAGE_SIZE)

    def views(self, index: int) -> list[Follow]:
        """In which versions the other pages may be read to complete a row that starts in this source, likely first."""
        limits = [len(self._numbers) - 1, -1]  # all of the log, none of it
        if index >= self._database_pages:
            limits.insert(0, self._commits[index - self._database_pages])
        return [self._view(limit) for limit in dict.fromkeys(limits)]

    def _view(self, limit: int) -> Follow:
        def follow(number: int) -> tuple[int, bytes] | None:
            frames = self._frames_of.get(number, [])
            position = bisect_right(frames, limit)
            if position:
                index = self._database_pages + frames[position - 1]
            elif 1 <= number <= self._database_pages:
                index = number - 1
            else:
                return None
            return index, self.source(index)

        return follow

    def _read_frames(self) -> None:
        count = (_size(self._files[1]) - WAL_HEADER) // FRAME_SIZE
        ends: list[bool] = []
        for frame in range(max(count, 0)):
            header = self._read(self._files[1], WAL_HEADER + frame * FRAME_SIZE, 8)
            number, commit = struct.unpack(">II", header)
            self._numbers.append(number)
            self._frames_of.setdefault(number, []).append(frame)
            ends.append(commit > 0)
        end = len(ends) - 1
        for frame in reversed(range(len(ends))):
            end = frame if ends[frame] else end
            self._commits.append(end)
        self._commits.reverse()

    @staticmethod
    def _read(file: BinaryIO, offset: int, size: int) -> bytes:
        data = b""
        with suppress(OSError):
            file.seek(offset)
            data = file.read(size)
        return data.ljust(size, b"\0")


def carved_rows(pages: Pages, limit: int | None = None) -> Iterator[Row]:
    """Every sound row in every version that survives.

    Pages of rows come first. The others are searched too, in case a page lost its type, but not those that continue a
    sound row: an image may hold anything, the rows of another document included.

    Args:
        limit: so many pages of the database are searched at most, and as many of its write-ahead log.
    """
    continued: set[int] = set()
    others: list[int] = []
    for index in pages.indices(limit):
        page = pages.source(index)
        if page[0] == _LEAF or (index == 0 and page[100] == _LEAF):
            yield from _rows_of(page, pages.views(index), len(pages), continued)
        else:
            others.append(index)
    for index in others:
        if index not in continued:
            yield from _rows_of(pages.source(index), pages.views(index), len(pages), continued)


def _rows_of(page: bytes, views: list[Follow], page_count: int, continued: set[int]) -> Iterator[Row]:
    if not any(page):
        return
    for tables, shape in _SHAPES:
        for match in shape.finditer(page):
            header = match.group(1)
            if header[0] != len(header):
                continue
            types = _varints(header[1:])
            sizes = [_content_size(kind) for kind in types]
            payload_size = len(header) + sum(sizes)
            if payload_size > page_count * PAGE_SIZE:
                continue
            key = _varint_before(page, match.start())
            for payload, sources in _payloads(page, match.start(), payload_size, views):
                row = _row(tables, key, types, sizes, payload[len(header) :])
                if row is not None:
                    continued.update(sources)
                    yield row
                    break


def _row(tables: tuple[str, ...], key: int, types: list[int], sizes: list[int], content: bytes) -> Row | None:
    values: list[object] = []
    offset = 0
    for kind, size in zip(types, sizes, strict=True):
        value = _value(kind, content[offset : offset + size])
        offset += size
        values.append(value)
    if tables[0] == "updates":
        values[0] = key
    for table in tables:
        row = sound_row(table, values)
        if row is not None:
            return row
    return None


def _payloads(page: bytes, start: int, size: int, views: list[Follow]) -> Iterator[tuple[bytes, set[int]]]:
    """What a record of `size` bytes at `start` may be, and the sources that continue it."""
    for reserved in _RESERVED:
        usable = PAGE_SIZE - reserved
        local = _local_size(size, usable)
        end = start + local
        if local == size:
            if end <= PAGE_SIZE:
                yield page[start:end], set()
            return
        if end + 4 > PAGE_SIZE:
            continue
        for follow in views:
            payload, sources = bytearray(page[start:end]), set[int]()
            (number,) = struct.unpack_from(">I", page, end)
            while len(payload) < size and (found := follow(number)):
                index, more = found
                if index in sources:
                    break
                sources.add(index)
                (number,) = struct.unpack_from(">I", more)
                payload += more[4 : 4 + min(usable - 4, size - len(payload))]
            if len(payload) == size:
                yield bytes(payload), sources


def _local_size(payload: int, usable: int) -> int:
    """Bytes of a payload that lie in the leaf itself (file format, section 1.6)."""
    most = usable - 35
    if payload <= most:
        return payload
    least = (usable - 12) * 32 // 255 - 23
    size = least + (payload - least) % (usable - 4)
    return size if size <= most else least


def _varints(data: bytes) -> list[int]:
    values: list[int] = []
    value = length = 0
    for byte in data:
        length += 1
        value = value << 8 | byte if length == 9 else value << 7 | byte & 0x7F
        if byte < 0x80 or length == 9:
            values.append(value)
            value = length = 0
    return values


def _varint_before(page: bytes, end: int) -> int:
    """The integer that ends before `end`: the row's id. The one before it ends with a byte below 0x80, as all do."""
    start = end - 1
    while start > 0 and page[start - 1] >= 0x80:
        start -= 1
    values = _varints(page[max(start, end - 9) : end])
    return values[-1] if values else 0


def _content_size(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else _INTEGER_SIZES.get(kind, 0)


def _value(kind: int, data: bytes) -> object:
    if kind in _INTEGER_SIZES:
        return int.from_bytes(data, "big", signed=True)
    if kind in {8, 9}:
        return kind - 8
    if kind >= 12:
        if kind % 2 == 0:
            return data
        with suppress(UnicodeDecodeError):
            return data.decode()
    return None


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)
