"""Updates of a document as bytes: read, merged, and what they say, without a document.

Here, in `replica`, `waiting`, `fork`, `restoring` and `revealing`, and in `entry_values`, `keystroke`, `nesting`,
`order` and `view`, which they call, are the only calls into pycrdt. Every failure of the library leaves them as
BrokenUpdate: its PanicException is a BaseException that no `except Exception` would stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

import pycrdt

from cowrite_server.document.bounds import check_update_bounds, check_xml_hooks
from cowrite_server.document.census import Counted
from cowrite_server.document.keystroke import is_keystroke
from cowrite_server.document.nesting import check_nesting
from cowrite_server.document.ranges import Ranges, encode_ranges, joined, read_ranges
from cowrite_server.document.structs import skip_structs
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

EMPTY_UPDATE = b"\x00\x00"
"""An update without content."""

LISTED_AT_MOST = 1024 * 1024
"""Bytes of a list of deletions that is read here, where the library can say less of it than is wanted: for ten times as
much the server would keep everybody waiting for ten seconds."""

_PLACE_BYTES = 2
"""The least that a place takes in a list of deletions."""

MERGE_RUN = 64
"""Updates merged at a time: the library's cost per update is lowest between 32 and 128 and grows beyond."""


RUN_BYTES = 4096
"""Bytes of updates that are added at a time, where none is larger by itself. The library holds the interpreter while it
adds, so this bounds how long others wait."""


class _Guard:
    """See `guarded`; a class, because a generator takes as long as what it guards."""

    __slots__ = ()

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, BrokenUpdate | KeyboardInterrupt | SystemExit | GeneratorExit):
            raise BrokenUpdate(str(error) or type(error).__name__) from error  # pyo3's PanicException is no Exception


_GUARD = _Guard()


def guarded() -> _Guard:
    """Makes a BrokenUpdate of whatever the library fails with."""
    return _GUARD


def check_update(update: bytes) -> None:
    """Makes sure that bytes are an update.

    Raises:
        BrokenUpdate: they are not, or reading them would harm the process.
    """
    if is_keystroke(update):
        return
    check_update_bounds(Counted(update))
    with guarded():
        pycrdt.get_state(update)


def read_update(update: bytes) -> bytes:
    """An update in the library's own encoding.

    The library reads integers that are too long for a JavaScript number and would otherwise pass them on to clients
    that cannot. It also reads deletions in any order, and loses some where it merges those that are in none: a document
    made of merged updates would have what everybody saw deleted. So they are put in order here. Those that are in order
    stay as they are when they are merged with themselves.

    Raises:
        BrokenUpdate: it is none, or reading it would harm the process.
    """
    if is_keystroke(update):
        return update
    counted = Counted(update)
    check_update_bounds(counted)
    check_xml_hooks(update)
    check_nesting(counted)
    with _GUARD:
        if pycrdt.merge_updates(update, update) == update:  # it is in the library's own encoding, as nearly all are
            return update
        known = pycrdt.merge_updates(update)
        return known if pycrdt.merge_updates(known, known) == known else in_order(known)


def merge(updates: Sequence[bytes]) -> bytes:
    """One update with the content of several, in the library's own encoding.

    A single update is written anew as well, see `read_update`.

    Raises:
        BrokenUpdate: one of them is no update.
    """
    if len(updates) == 1 and is_keystroke(updates[0]):
        return updates[0]
    with guarded():
        if len(updates) == 1:
            return pycrdt.merge_updates(updates[0])
        merged = [pycrdt.merge_updates(*updates[i : i + MERGE_RUN]) for i in range(0, len(updates), MERGE_RUN)]
        while len(merged) > 1:
            merged = [pycrdt.merge_updates(*merged[i : i + MERGE_RUN]) for i in range(0, len(merged), MERGE_RUN)]
        return merged[0]


def runs(updates: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Updates that are added together, in their order."""
    run: list[bytes] = []
    size = 0
    for update in updates:
        size += len(update)
        if run and (len(run) == MERGE_RUN or size > RUN_BYTES):
            yield run
            run, size = [], len(update)
        run.append(update)
    if run:
        yield run


def clocks(state: bytes) -> dict[int, int]:
    """A state vector as a mapping: how much a document has of each client.

    Raises:
        BrokenUpdate: it is no state vector.
    """
    reader = Reader(state)
    try:
        return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}
    except MalformedMessage as error:
        raise BrokenUpdate("its state vector ends too early") from error


def deletions(update: bytes) -> Ranges:
    """What an update says is deleted.

    Raises:
        BrokenUpdate: it is none.
    """
    reader = Reader(update)
    try:
        skip_structs(reader, reader.var_uint())
        return read_ranges(reader)
    except MalformedMessage as error:
        raise BrokenUpdate("its list of deletions ends too early") from error


def has_deletions(own: bytes, update: bytes) -> bool:
    """Whether all that an update deletes is deleted by another one too; as cheap as that can be.

    Args:
        own: the other one; it brings no items.
        update: one that brings no items either, as `read_update` gives it.

    Raises:
        BrokenUpdate: one of them is no update.
    """
    with guarded():
        return pycrdt.merge_updates(own, update) == pycrdt.merge_updates(own, own)


def deletes_few(own: bytes, update: bytes, most: int) -> bool:
    """Whether an update does not delete much that another one does not, by what the list of deletions grows with it.

    Args:
        own: the other one; it brings no items.
        update: one that brings no items either.
        most: how many places more the list may name.

    Raises:
        BrokenUpdate: one of them is no update.
    """
    with guarded():
        if pycrdt.merge_updates(update, update) != update:
            return False  # its list is in no order, and the library would lose some of it
        known = len(pycrdt.merge_updates(own, own))
        return len(pycrdt.merge_updates(own, update)) <= known + _PLACE_BYTES * most


def in_order(update: bytes) -> bytes:
    """The same update with its deletions in order, each once.

    Raises:
        BrokenUpdate: it holds content that only the library knows, or its list of deletions is longer than that of any
            program that writes it in no order.
    """
    reader = Reader(update)
    skip_structs(reader, reader.var_uint())
    if reader.left > LISTED_AT_MOST:
        raise BrokenUpdate("its list of deletions is in no order and too long to be put in one")
    return update[: reader.position] + encode_ranges(joined(read_ranges(reader)))
