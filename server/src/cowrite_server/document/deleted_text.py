"""Deleted text: by which ids what an update deletes of a body goes, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cowrite_server.document.pieces import STEPS, Pieces, row_from
from cowrite_server.document.ranges import Ranges, joined, without
from cowrite_server.document.structs import EMBED, STRING, Id, TooManyStructs, check_count
from cowrite_server.document.view import BODY
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader


def plain_units(
    document: bytes, deleted: Ranges, gone: Iterable[tuple[int, bool]], most: int
) -> Iterator[tuple[Id, int]]:
    """By which ids text goes that is no suggestion and that an update deletes.

    Args:
        document: as one update, without the one that deletes and without parts that wait for others.
        deleted: the units that go.
        gone: the length of each part of the text that goes, from left to right, in the library's units, and whether it
            is no suggestion.
        most: structs that the document may have; of a longer one nothing is known.

    Yields:
        The first unit and the number of each part.

    Raises:
        BrokenUpdate: the document cannot be read.
    """
    parts, left, is_plain = iter(gone), 0, False
    try:
        for first, units, length in _units_of(document, deleted, most):
            while not left:
                left, is_plain = next(parts)
            left -= length
            if is_plain:
                yield first, units
    except TooManyStructs:
        return


def _units_of(document: bytes, deleted: Ranges, most: int) -> Iterator[tuple[Id, int, int]]:
    """The text and the embeds of a body that are among some units, from left to right.

    Args:
        document: as one update, without parts that wait for others.
        deleted: the units.
        most: structs that the document may have.

    Yields:
        The first unit of each part that was written in a row, its units, and its length in the library's units.

    Raises:
        BrokenUpdate: the document cannot be read.
        TooManyStructs: it takes too long.
    """
    gone = joined(deleted)
    ends = ((client, start, start + units) for client, ranges in gone.items() for start, units in ranges)
    seams = [(client, at) for client, *both in ends for at in both]
    try:
        check_count(document, most)
        pieces = Pieces(document, seams, STEPS * most)
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    for piece in row_from(pieces.firsts[BODY]) if BODY in pieces.firsts else ():
        is_seen = not piece.is_gone and piece.content in (STRING, EMBED)
        if is_seen and not without({piece.client: [(piece.clock, piece.length)]}, gone):
            is_text = piece.content == STRING
            yield piece.first, piece.length, len(Reader(piece.data).var_string().encode()) if is_text else 1
