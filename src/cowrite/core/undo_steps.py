"""Steps of undo as sets of what was written in them, which the library keeps and does not take apart.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from pycrdt import Doc, IdSet, StackItem

from cowrite.core.clocks import clock_of
from cowrite_server.encoding import Reader, var_uint


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
    for gone in written:
        for ranges in (insertions, deletions):  # what was written and overwritten in the same step is in both
            if doc.client_id in ranges:
                ranges[doc.client_id] = [part for each in ranges[doc.client_id] for part in _parts(each, gone)]
    if not any(ranges for found in (insertions, deletions) for ranges in found.values()):
        return None
    return StackItem(cast(Any, doc), _encoded(deletions), _encoded(insertions))


def joined(doc: Doc[Any], steps: Iterable[StackItem[Any]]) -> StackItem[Any]:
    """Several steps as one."""
    deletions: dict[int, list[range]] = {}
    insertions: dict[int, list[range]] = {}
    for step in steps:
        for found, more in ((deletions, step.deletions), (insertions, step.insertions)):
            for client, ranges in _ranges(more).items():
                found.setdefault(client, []).extend(ranges)
    return StackItem(cast(Any, doc), _encoded(deletions), _encoded(insertions))


def _parts(whole: range, gone: range) -> list[range]:
    """A range without another."""
    parts = (range(whole.start, min(whole.stop, gone.start)), range(max(whole.start, gone.stop), whole.stop))
    return [part for part in parts if part]


def _ranges(ids: IdSet) -> dict[int, list[range]]:
    reader = Reader(ids.encode())
    found: dict[int, list[range]] = {}
    for _ in range(reader.var_uint()):
        client, count = reader.var_uint(), reader.var_uint()
        for _ in range(count):
            start, length = reader.var_uint(), reader.var_uint()
            found.setdefault(client, []).append(range(start, start + length))
    return found


def _encoded(ids: dict[int, list[range]]) -> IdSet:
    some = {client: sorted(ranges, key=lambda each: each.start) for client, ranges in ids.items() if ranges}
    data = var_uint(len(some))
    for client, ranges in some.items():
        data += var_uint(client) + var_uint(len(ranges))
        data += b"".join(var_uint(each.start) + var_uint(len(each)) for each in ranges)
    return IdSet.decode(data)
