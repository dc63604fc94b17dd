"""Steps of undo as sets of what was written in them, which the library keeps and does not take apart.

Runs on the document's thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from pycrdt import Doc, IdSet, Map, StackItem, UndoManager

from cowrite.core.crdt.clocks import clock_of
from cowrite_server.wire.encoding import Reader, var_uint

NOWHERE = "nowhere"
"""A root in which nothing is ever written, so that no update names it."""

TextIn = Callable[[range], Iterable[tuple[range, bool]]]
"""Says which of this replica's units are text that is there, in parts, and of each whether it has to stay as it is."""


def clock(doc: Doc[Any]) -> int:
    """How many units this replica has written; also within a transaction."""
    return clock_of(doc.get_state(), doc.client_id)


def step_of(doc: Doc[Any], begun: int) -> StackItem[Any]:
    """The step in which this replica has written everything since its clock stood at `begun`."""
    return StackItem(cast(Any, doc), IdSet(), _encoded({doc.client_id: [range(begun, clock(doc))]}))


def without(doc: Doc[Any], step: StackItem[Any], written: Iterable[range]) -> StackItem[Any] | None:
    """A step without some of what this replica has written in it; None where nothing else was done."""
    insertions = _ranges(step.insertions)
    deletions = _ranges(step.deletions)
    gone = sorted(written, key=lambda each: each.start)
    for ranges in (insertions, deletions):  # what was written and overwritten in the same step is in both
        if doc.client_id in ranges:
            ranges[doc.client_id] = list(_parts(ranges[doc.client_id], gone))
    if not any(ranges for found in (insertions, deletions) for ranges in found.values()):
        return None
    return StackItem(cast(Any, doc), _encoded(deletions), _encoded(insertions))


def sparing(doc: Doc[Any], step: StackItem[Any], units: Mapping[int, Sequence[range]]) -> StackItem[Any]:
    """A step of which undo does not bring back some of what was deleted in it.

    Args:
        doc: the CRDT.
        step: the step.
        units: these, by client.

    Returns:
        It; the same one where none of these was.
    """
    deletions = _ranges(step.deletions)
    whole = {client: _whole(ranges) for client, ranges in deletions.items()}
    for client in deletions.keys() & units.keys():
        deletions[client] = list(_parts(whole[client], _whole(units[client])))
    if all(deletions[client] == whole[client] for client in deletions.keys() & units.keys()):
        return step
    return StackItem(cast(Any, doc), _encoded(deletions), step.insertions)


def leaving(doc: Doc[Any], step: StackItem[Any], text_in: TextIn) -> StackItem[Any]:
    """A step of which undo leaves alone some of what this replica has written in it, and all of it where no other text
    is left: else that text would lose its looks."""
    written = _ranges(step.insertions).get(doc.client_id, ())
    found = [part for units in written for part in text_in(units)]
    staying = [units for units, stays in found if stays]
    if not staying:
        return step
    return without(doc, step, staying if len(staying) < len(found) else written) or joined(doc, ())


def joined(doc: Doc[Any], steps: Iterable[StackItem[Any]]) -> StackItem[Any]:
    """Several steps as one."""
    deletions: dict[int, list[range]] = {}
    insertions: dict[int, list[range]] = {}
    for step in steps:
        for found, more in ((deletions, step.deletions), (insertions, step.insertions)):
            for client, ranges in _ranges(more).items():
                found.setdefault(client, []).extend(ranges)
    return StackItem(cast(Any, doc), _encoded(deletions), _encoded(insertions))


def followed(
    doc: Doc[Any], step: StackItem[Any], newest_of: Callable[[int, range], Iterable[tuple[int, range]]]
) -> StackItem[Any] | None:
    """A step that names what was written in it as undo has brought it back since; None where it names all so already.

    Args:
        doc: the CRDT.
        step: the step.
        newest_of: says by which ids units go now.
    """
    written, now = _ranges(step.insertions), dict[int, list[range]]()
    for client, ranges in written.items():
        for units in ranges:
            for by, stretch in newest_of(client, units):
                now.setdefault(by, []).append(stretch)
    return StackItem(cast(Any, doc), step.deletions, _encoded(now)) if now != written else None


def divide(doc: Doc[Any], step: StackItem[Any]) -> None:
    """Has blocks divided where what was written in a step begins and ends in them, as undo needs it.

    Args:
        doc: the CRDT.
        step: it, before it is taken back or brought back.
    """
    # WORKAROUND yrs 0.28: undo notes where all ranges lie in their blocks before it divides these for the first one. Of
    # two in one block it then looks for the second in what is left of that: it panics, or blocks without length stay,
    # and this replica writes its next text by ids that are taken: nobody else gets it. From the last range on all are
    # found, and an undo of what is in another root does nothing else.
    written = _ranges(step.insertions)
    if any(len(ranges) > 1 for ranges in written.values()):
        backwards: StackItem[Any] = StackItem(cast(Any, doc), IdSet(), _encoded(written, backwards=True))
        UndoManager(scopes=[doc.get(NOWHERE, type=Map)], undo_stack=[backwards]).undo()


def _parts(ranges: Iterable[range], gone: Sequence[range]) -> Iterator[range]:
    """What is left of ranges without others. Of thousands of notes that are undone at once each is one of either.

    Args:
        ranges: in any order.
        gone: from the first to the last; none reaches into another.
    """
    stops = [each.stop for each in gone]
    for whole in ranges:
        start = whole.start
        for at in range(bisect_right(stops, start), len(gone)):
            each = gone[at]
            if each.start >= whole.stop:
                break
            if start < each.start:
                yield range(start, each.start)
            start = each.stop
        if start < whole.stop:
            yield range(start, whole.stop)


def _ranges(ids: IdSet) -> dict[int, list[range]]:
    reader = Reader(ids.encode())
    found: dict[int, list[range]] = {}
    for _ in range(reader.var_uint()):
        client, count = reader.var_uint(), reader.var_uint()
        for _ in range(count):
            start, length = reader.var_uint(), reader.var_uint()
            found.setdefault(client, []).append(range(start, start + length))
    return found


def _encoded(ids: dict[int, list[range]], *, backwards: bool = False) -> IdSet:
    some = {client: _whole(ranges) for client, ranges in ids.items() if ranges}
    data = var_uint(len(some))
    for client, ranges in some.items():
        data += var_uint(client) + var_uint(len(ranges))
        in_order = reversed(ranges) if backwards else ranges
        data += b"".join(var_uint(each.start) + var_uint(len(each)) for each in in_order)
    return IdSet.decode(data)


def _whole(ranges: Iterable[range]) -> list[range]:
    """The same units in as few ranges as can be, in their order."""
    # Of ranges that meet the library keeps none in a set.
    whole: list[range] = []
    for each in sorted(ranges, key=lambda each: each.start):
        if whole and each.start <= whole[-1].stop:
            whole[-1] = range(whole[-1].start, max(whole[-1].stop, each.stop))
        else:
            whole.append(each)
    return whole
