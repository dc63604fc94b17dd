"""Structs: the runs of units of which an update is made.

Read where the library must not be asked yet (`bounds`), or cannot do what is wanted (`cut`). The format is Yjs's update
encoding, version 1 (https://github.com/yjs/yjs/blob/main/src/utils/UpdateDecoder.js, values as in `writeAny` of
https://github.com/dmonad/lib0/blob/main/encoding.js):

    update   = count of clients, section…, delete set (see `ranges`)
    section  = count of structs, client, clock of the first unit, struct…
    struct   = 0, length                        garbage: what a deleted object held
             | 10, length                       a gap: nothing known of these units yet
             | info, [origin], [right origin], [parent], [parent key], content
    info     = one byte: the kind of content, 0x80 has an origin, 0x40 has a right origin, 0x20 has a key
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cowrite_server.document.ranges import Ranges, add_ranges, read_ranges
from cowrite_server.errors import BrokenUpdate, ServerError
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint

NESTED_AT_MOST = 500
"""Levels of values that the library reads without danger on the smallest stacks in use (512 kB)."""

MOST_STRUCTS = 100_000
"""Structs of a document at most in which those who may not edit suggest: to look at it takes a second at first, while
everybody waits, and for each suggestion a third of that."""

_LEAST_BYTES = 2
"""What a struct takes at least."""

GARBAGE, GAP = 0, 10
DELETED, JSON, STRING, EMBED, FORMAT, TYPE, ANY = 1, 2, 4, 5, 6, 7, 8
TYPE_BEGINS = re.compile(rb"[\x07\x27\x47\x67\x87\xa7\xc7\xe7]")
"""How a struct that holds a shared type may begin."""

_XML_HOOK = 5
_FIXED_SIZES = {127: 0, 126: 0, 124: 4, 123: 8, 122: 8, 121: 0, 120: 0}
_TYPES_WITH_NAME = frozenset({3, 5})
_TYPES_AT_MOST = 6


class TooManyStructs(ServerError):
    """A document has too many structs to be read here while everybody waits."""


class Struct(NamedTuple):
    """A run of units that one client wrote.

    Attributes:
        content: kind of what it holds.
        at: where the content begins, in bytes from the beginning of the update.
        length: how many units it has.
    """

    content: int
    at: int
    length: int


Id = tuple[int, int]
"""Client id and clock of a unit."""


def encoded(id: Id) -> bytes:
    """A unit as updates name it."""
    return var_uint(id[0]) + var_uint(id[1])


def skip_structs(reader: Reader, clients: int) -> list[tuple[int, int]]:
    """Reads an update up to its delete set.

    Args:
        reader: after the count of clients.
        clients: the count.

    Returns:
        Client id and clock of the first struct, for each client.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it holds what no update holds.
    """
    first: list[tuple[int, int]] = []
    for _ in range(clients):
        structs = reader.var_uint()
        first.append((reader.var_uint(), reader.var_uint()))
        for _ in range(structs):
            read_struct(reader)
    return first


def mentioned(update: bytes) -> set[int]:
    """The clients of whose units an update has some, deletes some or builds on some.

    Raises:
        BrokenUpdate: it is no update.
    """
    reader = Reader(update)
    clients: set[int] = set()
    try:
        for _ in range(reader.var_uint()):
            structs = reader.var_uint()
            clients.add(reader.var_uint())
            reader.var_uint()
            for _ in range(structs):
                read_struct(reader, clients)
        return clients.union(read_ranges(reader))
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error


def brought(update: bytes) -> tuple[Ranges, Ranges]:
    """The units that an update has, and those that it deletes.

    Raises:
        BrokenUpdate: it is no update.
    """
    reader = Reader(update)
    units: Ranges = {}
    try:
        for client, clock, struct in structs_in(reader):
            if struct.content != GAP:
                add_ranges(units, {client: [(clock, struct.length)]})
        return units, read_ranges(reader)
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error


def seams(update: bytes) -> set[tuple[int, int]]:
    """The units before which an update takes text apart, each as a client id and a clock.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it holds what no update holds.
    """
    reader = Reader(update)
    found: set[tuple[int, int]] = set()
    for _ in structs_in(reader, found):
        pass
    add_deleted(reader, found)
    return found


def add_deleted(reader: Reader, seams: set[tuple[int, int]]) -> None:
    """Adds both ends of each range that an update deletes."""
    for client, ranges in read_ranges(reader).items():
        for at, length in ranges:
            seams |= {(client, at), (client, at + length)}


def has_xml_hook(update: bytes) -> bool:
    """Whether an update has a shared type that Yjs calls a hook.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it holds what no update holds.
    """
    structs = structs_in(Reader(update))
    return any(struct.content == TYPE and update[struct.at] == _XML_HOOK for _, _, struct in structs)


def cut(update: bytes, clocks: Mapping[int, int]) -> bytes:
    """The units of a document that an earlier state of it had.

    Args:
        update: the document as one update, without gaps.
        clocks: for each client, how many of its units to keep.

    Returns:
        An update up to its delete set, which has to be put behind it.

    Raises:
        BrokenUpdate: it is no such update.
    """
    reader = Reader(update)
    sections = []
    try:
        for _ in range(reader.var_uint()):
            structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            begin, end = reader.position, clocks.get(client, 0)
            kept, first, content = 0, clock, b""
            for _ in range(structs):
                at = reader.position
                struct = read_struct(reader)
                if clock < end:
                    kept += 1
                    if clock + struct.length > end:
                        content = update[begin:at] + _shortened(update, at, struct, end - clock)
                    elif clock + struct.length == end or kept == structs:
                        content = update[begin : reader.position]
                clock += struct.length
            if kept:
                sections.append(var_uint(kept) + var_uint(client) + var_uint(first) + content)
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    return var_uint(len(sections)) + b"".join(sections)


def _shortened(update: bytes, at: int, struct: Struct, units: int) -> bytes:
    """The first units of a struct."""
    head = update[at : struct.at]
    if struct.content in (GARBAGE, GAP, DELETED):
        return head + var_uint(units)
    reader = Reader(update[struct.at :])
    if struct.content == STRING:
        utf16 = reader.var_string().encode("utf-16-le")[: 2 * units]
        return head + var_string(utf16.decode("utf-16-le", errors="replace"))
    reader.var_uint()
    begin = struct.at + reader.position
    for _ in range(units):
        if struct.content == JSON:
            reader.var_bytes()
        else:
            read_value(reader)
    return head + var_uint(units) + update[begin : struct.at + reader.position]


def structs_in(reader: Reader, seams: set[tuple[int, int]] | None = None) -> Iterator[tuple[int, int, Struct]]:
    """Reads an update up to its delete set: each struct with its client and clock.

    Args:
        reader: stands before the update, and behind each struct while that is looked at.
        seams: gets the units before which text is taken apart for what is written there.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it holds what no update holds.
    """
    for _ in range(reader.var_uint()):
        structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
        for _ in range(structs):
            struct = read_struct(reader, seams=seams)
            yield client, clock, struct
            clock += struct.length


def check_count(update: bytes, most: int) -> None:
    """Checks how many structs there are in an update.

    Raises:
        TooManyStructs: more than these.
        MalformedMessage: it ends too early.
    """
    if len(update) > _LEAST_BYTES * most:
        for count, _ in enumerate(structs_in(Reader(update))):
            if count >= most:
                raise TooManyStructs("The document has too many parts to be read.")


def read_struct(
    reader: Reader,
    mentioned: set[int] | None = None,
    seams: set[Id] | None = None,
    near: list[Id | None] | None = None,
    parents: list[Id] | None = None,
) -> Struct:
    """Reads a struct up to its end.

    Args:
        reader: stands before it.
        mentioned: gets the clients of its neighbours and of its parent.
        seams: gets the units before which its neighbours are taken apart for it.
        near: gets its left neighbour and its right one, where it is no garbage and no gap.
        parents: gets the unit that it names as the type in which it is.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it is what no update holds.
    """
    clients = set() if mentioned is None else mentioned
    info = reader.bytes(1)[0]
    content = info & 0x1F
    if content in (GARBAGE, GAP):
        at = reader.position
        return Struct(content, at, reader.var_uint())
    for bit in (0x80, 0x40):  # the neighbours at the time of writing
        if info & bit:
            client, clock = reader.var_uint(), reader.var_uint()
            clients.add(client)
            if seams is not None:
                seams.add((client, clock + (bit == 0x80)))
            if near is not None:
                near.append((client, clock))
        elif near is not None:
            near.append(None)
    if not info & 0xC0:
        if reader.var_uint() == 1:
            reader.var_bytes()
        else:
            parent = reader.var_uint(), reader.var_uint()
            clients.add(parent[0])
            if parents is not None:
                parents.append(parent)
        if info & 0x20:
            reader.var_bytes()
    at = reader.position
    return Struct(content, at, read_content(reader, content))


def read_content(reader: Reader, content: int) -> int:
    """Reads past the content of a struct; gives its length in units.

    Args:
        reader: stands before it.
        content: its kind.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it is what no update holds.
    """
    length = 1
    if content == DELETED:
        length = reader.var_uint()
    elif content == JSON:
        length = reader.var_uint()
        for _ in range(length):
            reader.var_bytes()
    elif content == STRING:
        data = reader.var_bytes()
        length = len(data) if data.isascii() else len(data.decode(errors="replace").encode("utf-16-le")) // 2
    elif content in (3, EMBED):  # binary
        reader.var_bytes()
    elif content == FORMAT:  # key and JSON text
        reader.var_bytes()
        reader.var_bytes()
    elif content == TYPE:
        kind = reader.var_uint()
        if kind > _TYPES_AT_MOST:
            raise BrokenUpdate(f"it has a shared type of the unknown kind {kind}")
        if kind in _TYPES_WITH_NAME:
            reader.var_bytes()
    elif content == ANY:
        length = reader.var_uint()
        for _ in range(length):
            read_value(reader)
    elif content == 9:  # a document: its name and options
        reader.var_bytes()
        read_value(reader)
    else:
        raise BrokenUpdate(f"it has content of the unknown kind {content}")
    return length


def read_value(reader: Reader) -> None:
    """Reads past a value.

    Raises:
        MalformedMessage: it ends too early.
        BrokenUpdate: it is none.
    """
    open_values: list[tuple[int, bool]] = [(1, False)]  # how many values are left, and whether each has a key
    while open_values:
        left, keyed = open_values.pop()
        if left == 0:
            continue
        open_values.append((left - 1, keyed))
        if keyed:
            reader.var_bytes()
        kind = reader.bytes(1)[0]
        if kind in _FIXED_SIZES:
            reader.bytes(_FIXED_SIZES[kind])
        elif kind == 125:  # integer: continuation in the high bit, like the unsigned ones
            while reader.bytes(1)[0] & 0x80:
                pass
        elif kind in (119, 116):  # string, binary
            reader.var_bytes()
        elif kind in (117, 118):  # array, map
            count = reader.var_uint()
            if count > reader.left:
                raise BrokenUpdate("a value is shorter than it says")
            open_values.append((count, kind == 118))
            if len(open_values) - 1 > NESTED_AT_MOST:
                raise BrokenUpdate("its values are nested too deeply")
        else:
            raise BrokenUpdate(f"it has a value of the unknown kind {kind}")
