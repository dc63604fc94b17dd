"""Untidied: text that goes from a body, while the formats that begin and end within it stay.

Runs on the document's thread. Positions are UTF-16 units. What the library deletes by place it tidies up where some
format is in force before it: it takes away the formats between which nothing stands any more, here. But somebody else
may just be writing between them, whose text looks as these say, and so does all that stands behind it up to the next
format. For example, somebody deletes a table below a list while somebody else adds a row to it: all below that row
would be in it. What is deleted by its units alone leaves the formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from pycrdt import Doc, Text, TransactionEvent

from cowrite.core.crdt.anchor import BODY
from cowrite.core.document.body import Body
from cowrite.core.text.richtext import RECORDS, Attributes

MOST_LOOKED_UP = 500
"""So many units to be deleted are looked up in the document; of more a copy of it tells which they are."""


def is_tidied(body: Body, at: int, length: int) -> bool:
    """Whether the library would take formats away, within which somebody may be writing, with text that it deletes by
    place. That counts marks of suggestions also where these were rejected, and nothing shows where they stood."""
    rope, suggested = body.rope, body.suggested
    before = rope.attributes_before(at)
    if not before or body.units_of is None:
        return False
    spans = list(rope.spans(at, at + length))
    if all(suggested.is_own(span) and "\n" not in span.text for span in spans):
        return False
    looks = (before, *(span.attributes for span in spans), rope.attributes_at(at + length))
    return suggested.may_be_gone_on_with or _change_again(looks)


def deletion_by_copy(body: Body, stretches: Sequence[tuple[int, int]]) -> bytes:
    """The update that deletes stretches of a body and no formats. In a copy of it they go by place, behind a character
    of no look each, which takes no formats along.

    Args:
        body: it; what is to go stands in it.
        stretches: position and units of each, from left to right and apart from each other.
    """
    rope = body.rope
    places = [(rope.octet_of(at), rope.octet_of(at + length), rope.attributes_before(at)) for at, length in stretches]
    copy: Doc[Any] = Doc()
    text = copy.get(BODY, type=Text)
    copy.apply_update(body.text.doc.get_update())
    with copy.transaction():
        for start, _, before in reversed(places):
            text.insert(start, "\0", dict.fromkeys(before))
    updates: list[bytes] = []

    def keep(event: TransactionEvent) -> None:
        updates.append(event.update)

    subscription = copy.observe(keep)
    with copy.transaction():
        for number, (start, stop, _) in reversed(list(enumerate(places, 1))):
            del text[start + number : stop + number]
    copy.unobserve(subscription)
    return updates[0]


def _change_again(looks: Iterable[Attributes]) -> bool:
    """Whether in a row of looks one changes more than once; marks of RECORDS are put right by themselves."""
    changed: set[str] = set()
    for one, other in pairwise(looks):
        names = {name for name in (one.keys() | other.keys()) - RECORDS if one.get(name) != other.get(name)}
        if names & changed:
            return True
        changed |= names
    return False
