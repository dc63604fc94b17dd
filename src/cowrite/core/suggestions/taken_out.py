"""TakenOut: what the person here has taken out of suggested changes, in memory and as JSON.

Pure. For example, Ada accepts that "two" moves to the end, so it goes where it stood. Bo rejects that at the same
moment, so it goes at the end. Whichever of them is overruled brings back what is kept here, also where they have ended
cowrite in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from cowrite.core.crdt.anchor import Anchor, BadAnchor
from cowrite.core.crdt.structs import Id
from cowrite.core.entries.fields import whole
from cowrite.core.text.richtext import Span, joined, normal_attributes, utf16_length

MOST_KEPT = 100
"""So many decisions are kept for the next time, the newest ones."""

MOST_UNITS = 20_000
"""UTF-16 units that are kept of what they have taken out."""


class Gone(NamedTuple):
    """Text that was taken out.

    Attributes:
        start: where it stood.
        spans: what it was.
        spared: where an undo took it out, which had other words stay that were to go in the same change: the first and
            the last unit of each of these.
        units: by which ids it went, the first one and the number of each part that was written in a row; none where
            that is not known.
    """

    start: Anchor
    spans: list[Span]
    spared: tuple[Anchor, ...] = ()
    units: tuple[tuple[Id, int], ...] = ()

    def known(self, is_known: Callable[[Id], bool]) -> Gone:
        """What of it somebody knew.

        Args:
            is_known: says that of a unit.
        """
        letters = ((letter, span) for span in self.spans for letter in span.text)
        spans, units = list[Span](), list[tuple[Id, int]]()
        for first, length in self.units:
            at = 0
            while at < length and (found := next(letters, None)) is not None:
                id, step = Id(first.client, first.clock + at), utf16_length(found[0])
                if is_known(id):
                    spans.append(replace(found[1], text=found[0]))
                    last = units[-1] if units else None
                    if last is not None and id == Id(last[0].client, last[0].clock + last[1]):
                        units[-1] = last[0], last[1] + step
                    else:
                        units.append((id, step))
                at += step
        return self._replace(spans=joined(spans), units=tuple(units))


class TakenOut(NamedTuple):
    """How the person here has decided on a change, and what was taken out with that.

    Attributes:
        state: ACCEPTED or REJECTED; OPEN where an undo has taken out a part of it, as what was pasted of words that
            were cut and are to go still.
        turn: see `Verdict`.
        gone: what was taken out.
        decided: when that was, in milliseconds since 1970; 0 where it is not known.
    """

    state: str
    turn: int
    gone: list[Gone]
    decided: int = 0


def to_json(decided: dict[str, TakenOut]) -> dict[str, Any]:
    """What is kept of decisions, by the ids of their changes; the newest ones are the last."""
    kept: dict[str, Any] = {}
    units = 0
    for id, (state, turn, gone, when) in islice(reversed(decided.items()), MOST_KEPT):
        units += sum(utf16_length(span.text) for each in gone for span in each.spans)
        if units > MOST_UNITS:
            break
        if gone:
            parts = [[each.start.to_json(), [_op(span) for span in each.spans]] for each in gone]
            spared = [[end.to_json() for end in each.spared] for each in gone]
            ids = [[[*first, length] for first, length in each.units] for each in gone]
            said = {"state": state, "turn": turn, "decided": when}
            kept[id] = {**said, "gone": parts, "spared": spared, "units": ids}
    return dict(reversed(kept.items()))


def from_json(data: Mapping[str, Any]) -> dict[str, TakenOut]:
    """The same read again; what makes no sense is left out."""
    return dict(_read(data))


def _read(data: Mapping[str, Any]) -> Iterator[tuple[str, TakenOut]]:
    for id, kept in data.items():
        match kept:
            case {"state": str() as state, "turn": int() as turn, "gone": [*parts]}:
                try:
                    spared = [tuple(map(Anchor.from_json, ends)) for ends in kept.get("spared", [()] * len(parts))]
                    units = [tuple(map(_units, ids)) for ids in kept.get("units", [()] * len(parts))]
                    gone = [
                        Gone(Anchor.from_json(start), [_span(op) for op in ops], ends, ids)
                        for (start, ops), ends, ids in zip(parts, spared, units, strict=True)
                    ]
                except (BadAnchor, AttributeError, KeyError, TypeError, ValueError):
                    continue
                yield id, TakenOut(state, turn, gone, whole(kept, "decided"))


def _units(part: Sequence[int]) -> tuple[Id, int]:
    client, clock, length = map(int, part)
    return Id(client, clock), length


def _op(span: Span) -> dict[str, Any]:
    return {"insert": span.text, "attributes": dict(span.attributes), "embed": span.embed}


def _span(op: Mapping[str, Any]) -> Span:
    return Span(str(op["insert"]), normal_attributes(op["attributes"]), op["embed"])
