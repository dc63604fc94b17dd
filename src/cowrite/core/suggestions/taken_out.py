"""TakenOut: what the person here has taken out of suggested changes, in memory and as JSON.

Pure. For example, Ada accepts that "two" moves to the end, so it goes where it stood. Bo rejects that at the same
moment, so it goes at the end. Whichever of them is overruled brings back what is kept here, also where they have ended
cowrite in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from cowrite.core.crdt.anchor import Anchor, BadAnchor
from cowrite.core.text.richtext import Span, normal_attributes, utf16_length

MOST_KEPT = 100
"""So many decisions are kept for the next time, the newest ones."""

MOST_UNITS = 20_000
"""UTF-16 units that are kept of what they have taken out."""


class Gone(NamedTuple):
    """Text that was taken out: where it stood, and what it was."""

    start: Anchor
    spans: list[Span]


class TakenOut(NamedTuple):
    """How the person here has decided on a change, and what was taken out with that.

    Attributes:
        state: ACCEPTED or REJECTED; OPEN where an undo has taken out a part of it, as what was pasted of words that
            were cut and are to go still.
        turn: see `Verdict`.
        gone: what was taken out.
        spared: where that was an undo, which had other words stay that were to go: the first and the last unit of each.
    """

    state: str
    turn: int
    gone: list[Gone]
    spared: tuple[Anchor, ...] = ()


def to_json(decided: dict[str, TakenOut]) -> dict[str, Any]:
    """What is kept of decisions, by the ids of their changes; the newest ones are the last."""
    kept: dict[str, Any] = {}
    units = 0
    for id, (state, turn, gone, spared) in islice(reversed(decided.items()), MOST_KEPT):
        units += sum(utf16_length(span.text) for each in gone for span in each.spans)
        if units > MOST_UNITS:
            break
        if gone:
            parts = [[each.start.to_json(), [_op(span) for span in each.spans]] for each in gone]
            kept[id] = {"state": state, "turn": turn, "gone": parts, "spared": [end.to_json() for end in spared]}
    return dict(reversed(kept.items()))


def from_json(data: Mapping[str, Any]) -> dict[str, TakenOut]:
    """The same read again; what makes no sense is left out."""
    return dict(_read(data))


def _read(data: Mapping[str, Any]) -> Iterator[tuple[str, TakenOut]]:
    for id, kept in data.items():
        match kept:
            case {"state": str() as state, "turn": int() as turn, "gone": [*parts]}:
                try:
                    gone = [Gone(Anchor.from_json(start), [_span(op) for op in ops]) for start, ops in parts]
                    spared = tuple(Anchor.from_json(end) for end in kept.get("spared", ()))
                except (BadAnchor, AttributeError, KeyError, TypeError, ValueError):
                    continue
                yield id, TakenOut(state, turn, gone, spared)


def _op(span: Span) -> dict[str, Any]:
    return {"insert": span.text, "attributes": dict(span.attributes), "embed": span.embed}


def _span(op: Mapping[str, Any]) -> Span:
    return Span(str(op["insert"]), normal_attributes(op["attributes"]), op["embed"])
