"""Places: where stretches of the body are that are known by their anchors.

Runs on the document's thread. To resolve an anchor can mean to read much of the document (see `core.crdt.anchors`), so
a place that was found moves on with the changes of the body, and is found anew only where something is inserted just at
its start or stop: there the character may be deleted by which the anchor lies, or come back by an undo. Where many
places would move by many steps, as when a word is replaced everywhere, it is quicker to find them anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.text.change import Change
from cowrite.core.text.richtext import Insert, Utf16

MANY = 50
"""From so many stretches on it is quicker to go through the text once."""

MOST_STEPS = 20_000
"""So many steps places move on, all together, until they are found anew."""

Place = tuple[Utf16, Utf16]
"""Start and stop, in UTF-16 units; equal where the text is gone."""


def shifted(place: Place, by: int) -> Place:
    """A place so many units further on."""
    return Utf16(place[0] + by), Utf16(place[1] + by)


class Places:
    """The places of stretches of one document.

    Args:
        document: whose body they are in.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[str, Place] = {}
        self._changes: list[Change] = []  # since it was looked last: a key costs no more than an entry here
        self._steps = 0  # in these
        document.observe_changes(self._on_change)

    def place(self, key: str, start: Anchor, stop: Anchor) -> Place | None:
        """Where a stretch is now; None where its text is gone or has not arrived.

        Args:
            key: of the stretch; its anchors never change.
            start: anchor of its first character.
            stop: anchor behind its last character.
        """
        self._document.settle()
        if self._changes:
            changes, self._changes, self._steps = self._changes, [], 0
            moved_on = ((key, _moved(place, changes)) for key, place in self._found.items())
            self._found = {key: place for key, place in moved_on if place is not None}
        found = self._found.get(key)
        if found is None:
            first, last = self._document.resolve(start), self._document.resolve(stop)
            if first is None or last is None:
                return None
            found = self._found[key] = first, last
        return found if found[0] < found[1] else None

    def find(self, stretches: Mapping[str, tuple[Anchor, Anchor]]) -> None:
        """Finds many stretches at once, where none was found before.

        Args:
            stretches: start and stop of each, by its key; see `place`.
        """
        if self._found or len(stretches) < MANY:
            return
        self._document.settle()
        places = self._document.anchors.resolve_all([anchor for ends in stretches.values() for anchor in ends])
        for key, first, last in zip(stretches, places[::2], places[1::2], strict=True):
            if first is not None and last is not None:
                self._found[key] = first, last

    def note(self, key: str, place: Place) -> None:
        """Takes note of where a stretch is whose anchors were made just now, so that it need not be found."""
        if not self._changes:
            self._found[key] = place

    def _on_change(self, change: Change) -> None:
        if not self._found:
            return
        self._changes.append(change)
        self._steps += len(change.ops)
        if self._steps * len(self._found) > MOST_STEPS:
            self._found, self._changes, self._steps = {}, [], 0


def _moved(place: Place, changes: list[Change]) -> Place | None:
    """Where a place is after some changes; None where it has to be found anew."""
    start, stop = place
    for change in changes:
        for op in change.ops:
            if isinstance(op, Insert) and op.at in (start, stop):
                return None
            start, stop = moved(start, (op,), Stick.RIGHT), moved(stop, (op,), Stick.LEFT)
    return start, stop
