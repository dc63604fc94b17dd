"""Emptying: takes out of a document the words of what was removed, before somebody else gets the file.

Entries and parts of them are only marked as removed (`core.entries`, `core.entries.parts`), so that a removal can be
taken back whatever others did meanwhile. In a document of its own nobody takes back what was removed in another one.
What tells how things hang together stays: where a note was merged into, and where a thread stands that somebody has
answered.

Runs on the thread of the Doc.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pycrdt import Doc, Map

from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.entries.fields import REMOVED
from cowrite.core.entries.parts import ORDER

_ROOTS = ("board", "comments", "decisions", "suggestions")  # as the modules name them that are not loaded for this
_WORDS = "text"
_STRUCTURE = frozenset({REMOVED, "merged_into"})
_PART_STRUCTURE = (f":{REMOVED}", f":{ORDER}")
SIGNS = (b"%c%s" % (len(REMOVED), REMOVED.encode()), f":{REMOVED}".encode())
"""One of these is in each update that marks something as removed which was never marked before: the name of the field,
and the end of that of a part's. One that marks it again replaces a value, and so deletes something."""


def empty_removed(doc: Doc[Any]) -> bytes:
    """Takes out of a Doc the words of all that is only marked as removed; gives what it did as an update."""
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    with doc.transaction():
        for name in _ROOTS:
            for entry, fields in list(_found(doc.get(name, type=Map))):
                for field in fields:
                    with suppress(KeyError):  # another program has written there what is no value, and has no words
                        del entry[field]
    doc.unobserve(subscription)
    return made[0] if made else EMPTY_UPDATE


def _found(root: Map[Any]) -> Iterator[tuple[Map[Any], list[str]]]:
    """Entries of a root, each with the names of the fields that are to go."""
    entries = {id: entry for id in root.keys() if isinstance(entry := root.get(id), Map)}  # noqa: SIM118, see `values_of`
    removed = {id for id, entry in entries.items() if entry.get(REMOVED)}
    stand = (entry for id, entry in entries.items() if id not in removed)
    answered = {thread for entry in stand if isinstance(thread := entry.get("thread"), str)}
    for id in removed:
        names = list(entries[id].keys())
        is_answered = id in answered
        yield entries[id], [name for name in names if (name == _WORDS if is_answered else name not in _STRUCTURE)]
    for id, entry in entries.items():
        if id.startswith("decision:") and id not in removed:
            yield entry, _of_removed_parts(entry)


def _of_removed_parts(entry: Map[Any]) -> list[str]:
    names = list(entry.keys())
    removed = {name.removesuffix(REMOVED) for name in names if name.endswith(f":{REMOVED}") and entry.get(name)}
    return [name for name in names if name[: name.rfind(":") + 1] in removed and not name.endswith(_PART_STRUCTURE)]
