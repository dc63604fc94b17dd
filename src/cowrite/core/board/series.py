"""Series: what the root `board` holds of one kind beside the notes, such as polls, in the order in which it began.

Runs on the document's thread.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from random import Random
from typing import ClassVar, Generic, Protocol, TypeVar

from cowrite.core.board.board import ROOT
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import draw_id
from cowrite.core.entries.fields import Fields, Readings, moment_after


class Begun(Protocol):
    """What began at a moment, in milliseconds since 1970."""

    @property
    def id(self) -> str: ...
    @property
    def created(self) -> int: ...


Value = TypeVar("Value", bound=Begun)


class Series(Generic[Value]):
    """All of one kind in a document.

    Args:
        document: the draft they belong to.
        chance: draws ids.
        clock: milliseconds since 1970.

    Attributes:
        kind: their ids begin with it and ":".
    """

    kind: ClassVar[str]

    def __init__(self, document: Document, *, chance: Random, clock: Callable[[], int]) -> None:
        self._document = document
        self._entries = document.entries(ROOT)
        self._chance = chance
        self._clock = clock
        self._values = Readings(self._value)

    def all(self) -> list[Value]:
        """All that are there, in the order in which they began."""
        found = (self._values.of(id, fields) for id, fields in self._entries.all(self.kind))
        return sorted(found, key=lambda each: (each.created, each.id))

    def get(self, id: str) -> Value | None:
        """The one with an id, or None where it is not there."""
        fields = self._entries.get(id) if id.startswith(f"{self.kind}:") else None
        return None if fields is None else self._values.of(id, fields)

    @staticmethod
    @abstractmethod
    def _value(id: str, fields: Fields) -> Value:
        """What an entry says."""

    def _new_id(self) -> str:
        return draw_id(self.kind, self._chance)

    def _moment(self) -> int:
        """When something new begins: behind all that is there."""
        return moment_after((each.created for each in self.all()), self._clock())
