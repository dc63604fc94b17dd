"""Reading a map of the document in which anybody who may edit can have written anything.

Runs on whichever thread has the document.
"""

from __future__ import annotations

import json
from typing import Any

from pycrdt import Map, Text

Content = dict[str, Any] | str
"""What an entry of a root holds: the values of a map by name; of anything else only a string that tells what it is."""

_PLAIN = (bool, int, float, str, bytes, list, dict, type(None))


def values_of(entry: Map[Any]) -> dict[str, Any]:
    """The values of a map by name, of texts as they are now.

    Other shared types are left out: only another program writes them, and they can be nested without end, or hold what
    Python has no value for.
    """
    values: dict[str, Any] = {}
    for name in entry.keys():  # noqa: SIM118, `items` raises where something has no value
        value = entry.get(name)
        if isinstance(value, Text):
            values[name] = str(value)
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


def _content(value: Any) -> Content:
    if isinstance(value, Map):
        return values_of(value)
    return exact(value) if isinstance(value, _PLAIN) else type(value).__name__
