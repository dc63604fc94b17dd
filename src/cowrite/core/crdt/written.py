"""What somebody wrote, as an update carries it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from json import loads

from cowrite.core.crdt.structs import Content, Id, Struct, read_all
from cowrite.core.text.footnotes import text_of

COMMENT = "text"
"""The key under which the words of a comment lie, and those of a reply."""


def written_first(update: bytes, client: int) -> str:
    """The text that one replica put in and that is still there; where that is nothing, what all did, each one's apart
    from the others'. "…" stands between what was written apart, and around what a footnote or a comment says.

    Args:
        update: in Yjs' encoding (v1).
        client: the replica's client id.

    Raises:
        MalformedUpdate: it cannot be read.
    """
    structs: dict[int, list[Struct]] = {}
    found, deleted = read_all(update)
    for each in found:
        structs.setdefault(each.client, []).append(each)
    mine = _written(structs.get(client, ()), deleted)
    return mine or " … ".join(filter(None, (_written(of_one, deleted) for of_one in structs.values())))


def _written(structs: Sequence[Struct], all_deleted: Mapping[int, Sequence[range]]) -> str:
    """What the structs of one client say that is still there."""
    if not structs:
        return ""
    client = structs[0].client
    deleted = sorted(all_deleted.get(client, ()), key=lambda gone: gone.start)
    pieces: list[str] = []
    said: set[Id | None] = set()  # comments, whose later wordings take the place of earlier ones without naming a key
    ends: set[Id | None] = set()  # where the last piece goes on: behind it, and behind what was deleted there
    for struct in structs:
        note = text_of(loads(struct.embed)) if struct.content is Content.EMBED else ""
        if struct.key == COMMENT or struct.origin in said:
            said.add(Id(client, struct.clock))
            note = struct.value
        if note and _without(".", struct.clock, deleted):
            pieces += [" … ", note] if pieces else [note]
            ends = set()
        if struct.content is not Content.STRING:
            continue
        goes_on = struct.origin in ends
        end = Id(client, struct.clock + struct.length - 1)
        if text := _without(struct.text, struct.clock, deleted):
            pieces += [text] if goes_on or not pieces else [" … ", text]
            ends = {end}
        elif goes_on:
            ends.add(end)
    return "".join(pieces)


def _without(text: str, clock: int, deleted: Sequence[range]) -> str:
    """A struct's text without the units that were deleted, in ranges in order."""
    units, at = text.encode("utf-16-le", "surrogatepass"), clock
    stop = clock + len(units) // 2
    kept = bytearray()
    first = max(0, bisect_right(deleted, clock, key=lambda gone: gone.start) - 1)
    for index in range(first, len(deleted)):
        gone = deleted[index]
        if gone.start >= stop:
            break
        kept += units[2 * (at - clock) : 2 * (max(at, gone.start) - clock)]
        at = max(at, gone.stop)
    kept += units[2 * (at - clock) :]
    return kept.decode("utf-16-le", "replace")
