"""Reading a map of the document in which anybody who may edit can have written anything.

Runs on whichever thread has the document.
"""

from __future__ import annotations

from typing import Any

from pycrdt import Map, Text

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
