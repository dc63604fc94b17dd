"""Rewrites a document without what makes it slow to read: what was deleted, and places that have to be looked for.

Each unit that is there keeps its id, by which the document says who wrote it, where a comment stands and what an
assistant has written. What it does not keep is its neighbours at the time of writing. Each part of a text or list then
stands between those that are there when it is added, and each entry of a map is the first of its key: so the library
need not look for its place among others, of which there can be very many. Of what was deleted only the number of units
is left; where a value names such a unit, as an anchor in the text does, also its place. A copy that has the former
neighbours would put what comes to it elsewhere, so a rewritten document is another one, and its room has a new epoch.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pycrdt

from cowrite_server.document.pieces import Piece, Pieces, in_turn, row_from
from cowrite_server.document.ranges import encode_ranges
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import Id
from cowrite_server.document.updates import guarded
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage, var_uint

_GARBAGE = b"\0"
_NUMBER = rb"(\x7d[\x80-\xff]{0,8}[\x00-\x7f]|\x7c.{4}|\x7b.{8}|\d{1,16})"
_NAMED = (
    re.compile(rb'(?:\x06client|"client": ?)' + _NUMBER + rb'(?:\x05clock|, ?"clock": ?)' + _NUMBER, re.DOTALL),
    re.compile(rb'(?:\x05clock|"clock": ?)' + _NUMBER + rb'(?:\x06client|, ?"client": ?)' + _NUMBER, re.DOTALL),
)
"""How a value names a unit, as Yjs' relative positions do; in its own encoding, or as JSON."""


def rewritten(document: bytes) -> bytes:
    """A document that reads the same, without what makes it slow.

    Args:
        document: as one update, without parts that wait for others.

    Raises:
        BrokenUpdate: it is no such update, has content that only the library knows, or would not read the same.
    """
    named = set(_named(document))
    try:
        pieces = Pieces(document, named.union((client, clock + 1) for client, clock in named))
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    entries = {(each.parent, each.key): each for each in pieces if each.key is not None and not each.is_gone}

    def is_kept(piece: Piece) -> bool:
        if piece.key is not None:
            return piece is entries.get((piece.parent, piece.key))  # of one that was taken apart its end is read
        return not piece.is_gone or piece.first in named

    kept = {client: list(filter(is_kept, found)) for client, found in pieces.of.items()}
    _put_beside_each_other(pieces, kept)
    sections = [_section(client, pieces.ends[client], found) for client, found in kept.items()]
    made = Replica([var_uint(len(sections)) + b"".join(sections) + encode_ranges(pieces.deleted)]).whole()
    roots = sorted({piece.parent for piece in pieces if isinstance(piece.parent, str)})
    if _units(Pieces(made)) != _units(pieces) or _texts(made, roots) != _texts(document, roots):
        raise BrokenUpdate("it would not read the same")
    return made


def _put_beside_each_other(pieces: Pieces, kept: Mapping[int, Sequence[Piece]]) -> None:
    """Gives each piece the neighbours that it has where the library adds it: so nothing lies between them, among which
    it would look for its place."""
    before: dict[Piece, Piece | None] = {}
    behind: dict[Piece, Piece | None] = {}
    there = {each for found in kept.values() for each in found}
    for first in pieces.firsts.values():
        row = [each for each in row_from(first) if each in there]
        before.update(zip(row, [None, *row], strict=False))
        behind.update(zip(row, [*row[1:], None], strict=False))
    for piece in reversed(list(in_turn(kept, lambda each: (each.parent,)))):
        left, right = before.pop(piece, None), behind.pop(piece, None)
        if left is not None:
            behind[left] = right
        if right is not None:
            before[right] = left
        piece.origin = None if left is None else left.last
        piece.right_origin = None if right is None else right.first


def _named(document: bytes) -> Iterator[Id]:
    """The units that values name."""
    for pattern in _NAMED:
        for match in pattern.finditer(document):
            first, second = _number(match[1]), _number(match[2])
            yield (first, second) if pattern is _NAMED[0] else (second, first)


def _number(written: bytes) -> int:
    if written.isdigit():
        return int(written[:20])
    kind, data = written[0], written[1:]
    if kind == 0x7D:  # in the first byte a sign and six bits, then seven in each
        return sum((byte & (0x7F if at else 0x3F)) << max(7 * at - 1, 0) for at, byte in enumerate(data))
    (found,) = struct.unpack(">d" if kind == 0x7B else ">f", data)
    return int(found) if 0 <= found <= MAX_VAR_UINT else 0


def _section(client: int, end: int, kept: Sequence[Piece]) -> bytes:
    """What one client has written, with garbage in the place of what is not kept.

    Args:
        client: its id.
        end: how many units it has written.
        kept: what is, in the order of its clocks.
    """
    encoded: list[bytes] = []
    at = 0
    for piece in kept:
        if piece.clock > at:
            encoded.append(_GARBAGE + var_uint(piece.clock - at))
        encoded.append(piece.encoded())
        at = piece.clock + piece.length
    if end > at:
        encoded.append(_GARBAGE + var_uint(end - at))
    return var_uint(len(encoded)) + var_uint(client) + b"\0" + b"".join(encoded)


def _units(pieces: Pieces) -> dict[object, list[tuple[Id, bytes]]]:
    """What is in each text and list, and under each key: of text as much as goes on with the next id, and of everything
    else each unit; of its bytes not their order, which the library changes where it writes an object.
    """
    found: dict[object, list[tuple[Id, bytes]]] = {}
    for parent, first in pieces.firsts.items():
        units = list(_in_runs(piece for piece in row_from(first) if not piece.is_gone))
        if units:
            found[parent] = units
    for piece in pieces:
        if piece.key is not None and not piece.is_gone:
            found[piece.parent, piece.key] = list(_in_runs([piece]))
    return found


def _in_runs(pieces: Iterable[Piece]) -> Iterator[tuple[Id, bytes]]:
    begun, next_id = (0, 0), (0, 0)
    run: list[bytes] = []
    for piece in pieces:
        text = piece.text
        if run and (text is None or piece.first != next_id):
            yield begun, b"".join(run)
            run = []
        if text is None:
            yield from ((id, bytes(sorted(held))) for id, held in piece.units())
            continue
        if not run:
            begun = piece.first
        run.append(text.encode("utf-16-le"))
        next_id = (piece.client, piece.clock + piece.length)
    if run:
        yield begun, b"".join(run)


def _texts(document: bytes, roots: Sequence[str]) -> list[list[list[Any]]]:
    """What the library reads where it takes roots for texts, which it can do with all: the runs that look alike.

    Raises:
        BrokenUpdate: it cannot tell.
    """
    found: list[list[list[Any]]] = []
    with guarded():
        doc: pycrdt.Doc[Any] = pycrdt.Doc(allow_multithreading=True)
        texts = [doc.get(root, type=pycrdt.Text) for root in roots]
        doc.apply_update(document)
        for text in texts:
            runs: list[list[Any]] = []
            for value, attributes in text.diff():
                is_text = isinstance(value, str)
                if runs and is_text and isinstance(runs[-1][0], str) and runs[-1][1] == attributes:
                    runs[-1][0] += value
                else:
                    runs.append([value if is_text or isinstance(value, dict) else [type(value)], attributes])
            found.append(runs)
    return found
