"""Fields of entries as values of the right kind: anybody who may edit can write anything there.

What makes no sense is read as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pycrdt import Map

from cowrite.core.text.richtext import MOST_EXACT
from cowrite_server.document.entry_values import values_in, values_of

Member = TypeVar("Member", bound=StrEnum)
Value = TypeVar("Value")

Fields = Mapping[str, Any]

REMOVED = "removed"
"""The field that marks an entry as removed."""


class Readings(Generic[Value]):
    """What was read from entries, each read once: one that has changed has other fields, and most have not.

    Args:
        read: makes a value of an entry's id and fields.
    """

    def __init__(self, read: Callable[[str, Fields], Value]) -> None:
        self._read = read
        self._known: dict[str, tuple[Fields, Value]] = {}

    def of(self, id: str, fields: Fields) -> Value:
        """What an entry with these fields comes to."""
        known = self._known.get(id)
        if known is None or known[0] is not fields:
            known = self._known[id] = fields, self._read(id, fields)
        return known[1]


def fields_in(entry: Map[Any]) -> dict[str, Any]:
    """The fields of an entry with their values, those of texts as they are now; see `values_of`."""
    return _normal_fields(values_of(entry))


def fields_of(root: Map[Any], id: str) -> dict[str, Any] | None:
    """The fields of an entry of a root; None where there is none, or where it is no map."""
    values = values_in(root, id)
    return None if values is None else _normal_fields(values)


def _normal_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else _normal(value) for name, value in values.items()}


def _normal(value: Any) -> Any:
    """A value with whole numbers as int: pycrdt hands JSON's integers back as floats, and takes none beyond 64 bits."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < MOST_EXACT else value
    if isinstance(value, list):
        return [_normal(each) for each in value]
    return {name: _normal(each) for name, each in value.items()} if isinstance(value, dict) else value


def text(fields: Fields, name: str) -> str:
    """A text; empty for none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def truth(fields: Fields, name: str) -> bool:
    """A yes or no."""
    return fields.get(name) is True


def whole(fields: Fields, name: str) -> int:
    """A whole number; 0 for none."""
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def moment_after(known: Iterable[int], now: int) -> int:
    """When something new came, in milliseconds since 1970: later than all that is known, though the clock of this
    computer is behind the one by which that came.

    Args:
        known: when that came.
        now: by the clock of this computer.
    """
    return max((now, *(moment + 1 for moment in known if moment < MOST_EXACT)))


def number(fields: Fields, name: str, default: float) -> float:
    """A number that can be a place on the board."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return value if abs(value) < 1e15 else default  # nor is a NaN less than anything


def member(kind: type[Member], fields: Fields, name: str, default: Member) -> Member:
    """One of several words."""
    value = fields.get(name)
    try:
        return kind(value) if isinstance(value, str) else default
    except ValueError:
        return default


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts, each once."""
    value = fields.get(name)
    return tuple(dict.fromkeys(each for each in value if isinstance(each, str))) if isinstance(value, list) else ()


def objects(fields: Fields, name: str) -> list[Fields]:
    """A list of objects."""
    value = fields.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def counts(value: Any) -> dict[str, int]:
    """Whole numbers by name."""
    return {name: whole(value, name) for name in value if isinstance(name, str)} if isinstance(value, dict) else {}
