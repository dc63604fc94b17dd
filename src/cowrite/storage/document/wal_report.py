"""What is left of a document's write-ahead log, examined before SQLite does. Looks only: changes nothing.

Runs on the caller's thread, which holds the file's lock.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

from cowrite.storage.document.carving import FRAME_HEADER, FRAME_SIZE, WAL_HEADER
from cowrite.storage.layout import PAGE_SIZE
from cowrite.storage.placing import companion

_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # and the byte order of its checksums
_VERSION = 3007000


class WalReport(NamedTuple):
    """What is left of a write-ahead log.

    Attributes:
        is_damaged: frames that were written are not there, or SQLite would pass over them.
        is_cut: frames are missing at its end, so nothing in it says what was in them.
    """

    is_damaged: bool
    is_cut: bool = False


def wal_report(path: Path) -> WalReport:
    """Examines the write-ahead log of the document at `path`, before SQLite does.

    SQLite reads up to the first frame that does not fit and takes that for the log's end, silently. Where a crash has
    left the shared memory beside the log, that tells how many frames were committed. Without it, a frame of an
    earlier log (both salts are others) or an incomplete one is an end, and so is one that was about to be written and
    ends no transaction; a frame that only its checksum speaks against is damage.

    Raises:
        OSError: it cannot be read.
    """
    wal, shared = (_bytes_of(companion(path, ending)) for ending in ("-wal", "-shm"))
    if len(wal) < WAL_HEADER:
        is_cut = bool(wal) and _committed_frames(shared, b"") > 0
        return WalReport(is_damaged=is_cut, is_cut=is_cut)
    magic, version, page_size = struct.unpack_from(">III", wal)
    order = _MAGIC.get(magic)
    sums = _checksum(order or "<", wal[:24], (0, 0))
    if order is None or (version, page_size) != (_VERSION, PAGE_SIZE) or sums != struct.unpack_from(">II", wal, 24):
        return WalReport(is_damaged=True)
    frames = _frames(wal, order, sums)
    committed = _committed_frames(shared, wal[16:24])
    if committed >= 0:
        return WalReport(is_damaged=frames.sound < committed, is_cut=frames.number < committed)
    number, commits = frames.broken or (frames.newest, 0)
    return WalReport(is_damaged=number < frames.newest or commits > 0)


class _Frames(NamedTuple):
    """The frames of a log.

    Attributes:
        number: how many there are, those of earlier logs included.
        sound: up to the last one that ends a transaction and is sound like all before it.
        newest: up to the last one of this log.
        broken: the first one that is not sound: its number, and what it says it commits; None where all are.
    """

    number: int
    sound: int
    newest: int
    broken: tuple[int, int] | None


def _frames(wal: bytes, order: str, sums: tuple[int, int]) -> _Frames:
    """Looks at all frames of a log.

    Args:
        wal: the log.
        order: of the bytes of its checksums.
        sums: the checksum of its header, with which that of the first frame goes on.
    """
    salts = wal[16:24]
    sound = newest = 0
    broken: tuple[int, int] | None = None
    count = (len(wal) - WAL_HEADER) // FRAME_SIZE
    for number in range(1, count + 1):
        start = WAL_HEADER + (number - 1) * FRAME_SIZE
        page = start + FRAME_HEADER
        own = wal[start + 8 : start + 16]
        (commit,) = struct.unpack_from(">I", wal, start + 4)
        if own[:4] != salts[:4] and own[4:] != salts[4:]:
            continue
        if number > newest + 1 and broken is None:
            broken = number, commit
        newest = number
        if broken:
            continue
        sums = _checksum(order, wal[start : start + 8], sums)
        sums = _checksum(order, wal[page : page + PAGE_SIZE], sums)
        if sums != struct.unpack_from(">II", wal, start + 16) or own != salts:
            broken = number, commit
        elif commit:
            sound = number
    return _Frames(count, sound, newest, broken)


def _committed_frames(shared: bytes, salts: bytes) -> int:
    """How many frames of the log were committed, from the shared memory that its writer left; -1 if that is unknown.

    It starts with two equal headers, written in the byte order of the machine (https://www.sqlite.org/walformat.html,
    section 2.1).

    Args:
        salts: of the log that is asked about; empty for whatever log there was.
    """
    header = shared[:48]
    if len(header) < 48 or header != shared[48:96] or struct.unpack_from("=I", header)[0] != _VERSION:
        return -1
    if not header[32:40].startswith(salts):
        return -1
    return int(struct.unpack_from("=I", header, 16)[0])


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """The checksum of section 4.2 "Checksum algorithm" of the file format."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
