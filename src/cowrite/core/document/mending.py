"""Mending: what is put right in a document's body after a change of it, by whoever is there to do so.

Runs on the document's thread. The parts that put something right stand above the document (`core.mending`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cowrite.core.text.change import Change
from cowrite.core.text.richtext import Op


class Mender:
    """Puts one kind of thing right in one document; it says for itself after which changes, and on which replica."""

    def before_edit(self) -> None:
        """An edit is about to begin."""

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made, and everybody has been told; gives the steps that have put something right."""
        return ()

    def undone(self, ops: Sequence[Op], *, is_redo: bool, is_last: bool) -> None:
        """An undo or redo was made, and everybody has been told.

        Args:
            ops: its steps, and those that have put something right after it.
            is_redo: whether it was a redo.
            is_last: whether nothing more can be brought back.
        """


class Mending:
    """Has the menders of one document do their work, in their order.

    Args:
        menders: those.
    """

    def __init__(self, menders: tuple[Mender, ...]) -> None:
        self._menders = menders
        self._held: list[Change] | None = None  # those to which nothing is done yet

    def before_edit(self) -> None:
        """An edit is about to begin."""
        for mender in self._menders:
            mender.before_edit()

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made, and everybody has been told; gives its steps and those that have put something right."""
        if self._held is not None:
            self._held.append(change)
            return change.ops
        for mender in self._menders:
            if steps := mender.after(change):
                change = change.followed_by(steps)
        return change.ops

    @contextmanager
    def held(self) -> Iterator[None]:
        """Puts right what is done within, by one person in one place, only when all of it is done."""
        held = self._held = []
        try:
            yield
        finally:
            self._held = None
            if held:
                self.after(held[-1]._replace(ops=tuple(op for change in held for op in change.ops), names=None))

    def undone(self, ops: Sequence[Op], *, is_redo: bool, is_last: bool) -> None:
        """An undo or redo was made, and everybody has been told; see `Mender.undone`."""
        for mender in self._menders:
            mender.undone(ops, is_redo=is_redo, is_last=is_last)
