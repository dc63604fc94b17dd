"""Structs: the blocks of which an update in Yjs' encoding (v1) is made, read from its bytes.

The document is a CRDT of blocks, and pycrdt tells nothing of them; `core.crdt.anchors` needs to know where they begin.
The encoding is described in https://github.com/yjs/yjs/blob/main/INTERNALS.md and in yrs (`update.rs`, `block.rs`,
`slice.rs`); all integers are lib0 variable-length integers:

    update   = count of clients, section…, delete set
    section  = count of structs, client, clock of the first struct, struct…
    struct   = 0, length                        garbage: all that is left of what a deleted object held
             | 10, length                       a gap: nothing known of these clocks yet
             | info, [origin], [right origin], [parent], [parent key], content
    info     = one byte: bits 1-5 the kind of content, 0x80 has an origin, 0x40 has a right origin, 0x20 has a key
    origin   = client, clock

The parent is only there where neither origin is; the key only where the parent is.

The server has a reader of its own, `cowrite_server.document.structs`: it passes over contents, and knows those kinds
alone that every client of Yjs knows. This one reads contents, and knows all kinds that yrs does.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from cowrite.core.errors import MalformedUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

HAS_ORIGIN = 0x80
HAS_RIGHT_ORIGIN = 0x40
HAS_PARENT_KEY = 0x20
CONTENT = 0x1F

XML_ELEMENT = 3
TYPES = frozenset((0, 1, 2, XML_ELEMENT, 4, 5, 6, 9, 15))
"""Numbers of the shared types that yrs knows; an XML element is followed by its name."""


class Content(IntEnum):
    """Kinds of structs, by what they hold."""

    GARBAGE = 0
    DELETED = 1
    JSON = 2
    BINARY = 3
    STRING = 4
    EMBED = 5
    FORMAT = 6
    TYPE = 7
    ANY = 8
    DOC = 9
    GAP = 10


_KINDS = tuple(Content)  # by their numbers: to look one up takes an enumeration several times as long
_EMPTY = (Content.GARBAGE, Content.GAP)


class Id(NamedTuple):
    """Names one unit of what a replica has written.

    Attributes:
        client: the replica's number.
        clock: how many units it had written before; a UTF-16 unit of text counts as one, as do an embed and a format.
    """

    client: int
    clock: int


class Struct(NamedTuple):
    """One block.

    Attributes:
        client: the replica that wrote it.
        clock: of its first unit.
        length: number of its units.
        content: what it holds.
        origin: the unit to the left of which it was written; None for none.
        right_origin: the unit to the right.
        text: the characters of a STRING; empty for the others.
        embed: the JSON of an EMBED; empty for the others.
        root: the name of the root that it lies in, where it has no neighbour there; empty for the others.
        name: of the attribute that a FORMAT sets; empty for the others.
        key: under which it lies in a map, where no value lay there before; empty for the others.
        value: the characters of an ANY that is a string, the JSON of what a FORMAT sets; empty for the others.
        within: what made the object that it lies in, where it has no neighbour there; None for the others.
    """

    client: int
    clock: int
    length: int
    content: Content
    origin: Id | None = None
    right_origin: Id | None = None
    text: str = ""
    embed: str = ""
    root: str = ""
    name: str = ""
    key: str = ""
    value: str = ""
    within: Id | None = None


def read_structs(update: bytes) -> Iterator[Struct]:
    """Reads an update's structs one by one, in the order in which they stand there.

    Only what is taken from the iterator is read and checked; the delete set that follows the structs is not.

    Raises:
        MalformedUpdate: the bytes are no such structs.
    """
    try:
        yield from _structs(Reader(update))
    except MalformedMessage as error:
        raise MalformedUpdate(len(update)) from error


def read_deletions(update: bytes) -> dict[int, list[range]]:
    """An update's delete set: by client the clocks of what was deleted.

    Raises:
        MalformedUpdate: the bytes are no update.
    """
    return read_all(update)[1]


def read_all(update: bytes) -> tuple[list[Struct], dict[int, list[range]]]:
    """An update's structs and its delete set; see `read_structs` and `read_deletions`.

    Raises:
        MalformedUpdate: the bytes are no update.
    """
    reader = Reader(update)
    try:
        return list(_structs(reader)), deletions_of(reader)
    except MalformedMessage as error:
        raise MalformedUpdate(len(update)) from error


def deletions_of(reader: Reader) -> dict[int, list[range]]:
    """Reads a delete set; see `read_deletions`.

    Args:
        reader: stands before it.

    Raises:
        MalformedMessage: it is none.
    """
    deleted: dict[int, list[range]] = {}
    for _ in range(count_of(reader)):
        client = reader.var_uint()
        starts = ((reader.var_uint(), reader.var_uint()) for _ in range(count_of(reader)))
        deleted[client] = [range(clock, clock + length) for clock, length in starts]
    return deleted


def read_clocks(state_vector: bytes) -> dict[int, int]:
    """What a state vector says: how many units of each client are known before the first gap.

    Raises:
        MalformedMessage: the bytes are no state vector.
    """
    reader = Reader(state_vector)
    return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}


def _structs(reader: Reader) -> Iterator[Struct]:
    for _ in range(count_of(reader)):
        structs = count_of(reader)
        client = reader.var_uint()
        clock = reader.var_uint()
        for _ in range(structs):
            struct = struct_of(reader, client, clock)
            yield struct
            clock += struct.length


def struct_of(reader: Reader, client: int, clock: int) -> Struct:
    """Reads one struct.

    Args:
        reader: stands before it.
        client: who wrote it.
        clock: of its first unit.

    Raises:
        MalformedMessage: it is none.
    """
    info = reader.bytes(1)[0]
    kind = info & CONTENT
    if kind >= len(_KINDS):
        raise MalformedMessage("a struct is of no known kind")
    content = _KINDS[kind]
    if content in _EMPTY:
        if info & ~CONTENT:
            raise MalformedMessage("a struct without content has origins")
        return Struct(client, clock, _length(reader), content)
    origin = Id(reader.var_uint(), reader.var_uint()) if info & HAS_ORIGIN else None
    right_origin = Id(reader.var_uint(), reader.var_uint()) if info & HAS_RIGHT_ORIGIN else None
    root = key = ""
    within = None
    if origin is None and right_origin is None:
        if reader.var_uint() == 1:
            root = reader.var_string()
        else:
            within = Id(reader.var_uint(), reader.var_uint())
        if info & HAS_PARENT_KEY:
            key = reader.var_string()
    if content is Content.STRING:
        # Empty only where a surrogate pair ends a block and the update begins between its halves.
        text = reader.var_string()
        length = len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
        return Struct(client, clock, length, content, origin, right_origin, text, root=root)
    if content is Content.EMBED:
        return Struct(client, clock, 1, content, origin, right_origin, embed=reader.var_string(), root=root)
    if content is Content.FORMAT:
        name, value = reader.var_string(), reader.var_string()
        return Struct(client, clock, 1, content, origin, right_origin, root=root, name=name, value=value)
    if content is Content.ANY:
        length = count_of(reader)
        value = _skip_values(reader, length)
        return Struct(
            client, clock, length, content, origin, right_origin, root=root, key=key, value=value, within=within
        )
    length = _skip(reader, content)
    return Struct(client, clock, length, content, origin, right_origin, root=root, key=key, within=within)


def _skip(reader: Reader, content: Content) -> int:
    """Reads past the content of a struct; returns its length in units."""
    length = 1
    match content:
        case Content.DELETED:
            length = _length(reader)
        case Content.JSON:
            length = count_of(reader)
            for _ in range(length):
                reader.var_string()
        case Content.BINARY:
            reader.var_bytes()
        case Content.TYPE:
            kind = reader.var_uint()
            if kind not in TYPES:
                raise MalformedMessage("a shared type is of no known kind")
            if kind == XML_ELEMENT:
                reader.var_string()
        case Content.DOC:
            reader.var_string()
            _skip_values(reader, 1)
    return length


def _skip_values(reader: Reader, count: int) -> str:
    """Reads past so many values of lib0's `any` encoding, however deeply nested.

    Returns:
        The last value where it is a string, else nothing.
    """
    last = ""
    levels = [(count, False)]  # how many values are still to come, and whether each has a key
    while levels:
        left, has_keys = levels.pop()
        if not left:
            continue
        levels.append((left - 1, has_keys))
        if has_keys:
            reader.var_string()
        match reader.bytes(1)[0]:
            case 127 | 126 | 121 | 120:  # undefined, null, false, true
                pass
            case 125:  # an integer of up to 54 bits, its sign included
                while reader.bytes(1)[0] & 0x80:
                    pass
            case 124:
                reader.bytes(4)
            case 123 | 122:
                reader.bytes(8)
            case 119:
                text = reader.var_string()
                last = text if levels == [(0, False)] else ""
            case 116:
                reader.var_bytes()
            case 118:
                levels.append((count_of(reader), True))
            case 117:
                levels.append((count_of(reader), False))
            case _:
                raise MalformedMessage("a value is of no known kind")
    return last


def count_of(reader: Reader) -> int:
    """A number of things that follow; each takes at least a byte."""
    count = reader.var_uint()
    if count > reader.left:
        raise MalformedMessage("a count is larger than what follows")
    return count


def _length(reader: Reader) -> int:
    length = reader.var_uint()
    if length == 0:
        raise MalformedMessage("a struct is empty")
    return length
