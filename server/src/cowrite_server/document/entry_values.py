"""Reading a map of the document in which anybody who may edit can have written anything.

Runs on whichever thread has the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pycrdt import Map
from pycrdt._pycrdt import Map as _Map
from pycrdt._pycrdt import Text as _Text

Content = dict[str, Any] | str
"""What an entry of a root holds: the values of a map by name; of anything else only a string that tells what it is."""

_PLAIN = (bool, int, float, str, bytes, list, dict, type(None))


def values_of(entry: Map[Any]) -> dict[str, Any]:
    """The values of a map by name, of texts as they are now.

    Other shared types are left out: only another program writes them, and they can be nested without end, or hold what
    Python has no value for.
    """
    with entry.doc.transaction() as transaction:
        return _values(transaction._txn, entry.integrated)


def values_in(root: Map[Any], id: str) -> dict[str, Any] | None:
    """The values of an entry of a root, see `values_of`; None where there is none, or where it is no map."""
    with root.doc.transaction() as transaction:
        inner, entries = transaction._txn, root.integrated
        entry = entries.get(inner, id) if entries.has(inner, id) else None
        return _values(inner, entry) if isinstance(entry, _Map) else None


def names_in(root: Map[Any], ids: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The names of the values of some entries of a root, of those that are there and are maps; while this goes on, no
    transaction may begin."""
    with root.doc.transaction() as transaction:
        inner, entries = transaction._txn, root.integrated
        assert inner is not None
        for id in ids:
            entry = entries.get(inner, id) if entries.has(inner, id) else None
            if isinstance(entry, _Map):
                fields: Any = entry  # whose keys are not in pycrdt's stubs
                yield id, list(fields.keys(inner))


def has_value(root: Map[Any], id: str, name: str) -> bool:
    """Whether an entry of a root has a value of a name."""
    with root.doc.transaction() as transaction:
        inner, entries = transaction._txn, root.integrated
        assert inner is not None
        entry = entries.get(inner, id) if entries.has(inner, id) else None
        return isinstance(entry, _Map) and entry.has(inner, name)


def _values(inner: Any, fields: Any) -> dict[str, Any]:
    """The values of a map of the library itself.

    Below pycrdt's wrapper, which enters a transaction five times for a value: so all is read in a quarter of the time.
    As with `get`, and not with `items`, something without a value is None.
    """
    values: dict[str, Any] = {}
    for name in fields.keys(inner):
        value = fields.get(inner, name) if fields.has(inner, name) else None
        if isinstance(value, _Text):
            values[name] = value.get_string(inner)
        elif isinstance(value, _PLAIN):
            values[name] = value
    return values


def contents_of(root: Map[Any], ids: frozenset[str] | None = None) -> dict[str, Content]:
    """What a root holds by ids, or those of some ids that are there; see `values_of`."""
    there = root.keys() if ids is None else ids.intersection(root.keys())
    return {id: _content(root.get(id)) for id in there}


def exact(value: Any) -> str:
    """A string that is equal for equal values of JSON only; Python finds True equal to 1."""
    return json.dumps(value, sort_keys=True, default=repr)


def whole_number(value: object) -> int | None:
    """A whole number, or None. The library hands numbers back as floats."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _content(value: Any) -> Content:
    if isinstance(value, Map):
        return values_of(value)
    return exact(value) if isinstance(value, _PLAIN) else type(value).__name__
