"""What somebody wrote, as an update carries it."""

from __future__ import annotations

from cowrite.core.structs import Content, Id, read_deletions, read_structs


def written_text(update: bytes, client: int) -> str:
    """The text that one replica put in and that is still there; "…" stands between what was written apart.

    Args:
        update: in Yjs' encoding (v1).
        client: the replica's client id.

    Raises:
        MalformedUpdate: it cannot be read.
    """
    deleted = read_deletions(update).get(client, [])
    pieces: list[str] = []
    last: Id | None = None
    for struct in read_structs(update):
        if struct.client != client or struct.content is not Content.STRING:
            continue
        text = _without(struct.text, struct.clock, deleted)
        if text:
            goes_on = not pieces or (last is not None and struct.origin == last)
            pieces += [text] if goes_on else [" … ", text]
            last = Id(client, struct.clock + struct.length - 1)
    return "".join(pieces)


def _without(text: str, clock: int, deleted: list[range]) -> str:
    """A struct's text without the units that were deleted."""
    units = text.encode("utf-16-le", "surrogatepass")
    kept = [
        units[2 * place : 2 * place + 2]
        for place in range(len(units) // 2)
        if not any(clock + place in gone for gone in deleted)
    ]
    return b"".join(kept).decode("utf-16-le", "replace")
