"""Sides: what stands right beside units of a text, formats and what was deleted included.

Pure. The library tells nothing of what does not show; but each block says between which two units it was written. Where
one thing came after the other, what was written last beside a unit stands there still. Of what several people wrote in
one place at the same moment this may tell the wrong neighbour: whoever goes by it looks at what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from functools import cached_property

from cowrite.core.crdt.structs import Content, Id, Struct


class Sides:
    """What stands beside the units of a document.

    Args:
        structs: gives all blocks of the document, when they are wanted first.
    """

    def __init__(self, structs: Callable[[], Sequence[Struct]]) -> None:
        self._read = structs

    def before(self, unit: Id) -> Id | None:
        """What stands right before the first unit of a block; None where that is nothing, or is not known."""
        block = self._beginning.get(unit)
        return None if block is None else _end_of_row(block.origin, self._written_before.get(unit))

    def behind(self, unit: Id) -> Id | None:
        """What stands right behind the last unit of a block; see `before`."""
        block = self._ending.get(unit)
        return None if block is None else _end_of_row(block.right_origin, self._written_behind.get(unit))

    def formats_before(self, unit: Id, names: Set[str]) -> Iterator[Id]:
        """The formats of some names that stand before the first unit of a block, with nothing but formats between."""
        id = self.before(unit)
        while id is not None and (block := self._beginning.get(id)) is not None and block.content is Content.FORMAT:
            if block.name in names:
                yield id
            id = self.before(id)

    @cached_property
    def _structs(self) -> Sequence[Struct]:
        return self._read()

    @cached_property
    def _beginning(self) -> dict[Id, Struct]:
        return {Id(each.client, each.clock): each for each in self._structs}

    @cached_property
    def _ending(self) -> dict[Id, Struct]:
        return {_last(each): each for each in self._structs}

    @cached_property
    def _written_before(self) -> dict[Id, list[tuple[Id | None, Id]]]:
        """By what stood to the right of blocks as they were written: what stood to the left, and their last units."""
        found: dict[Id, list[tuple[Id | None, Id]]] = {}
        for each in self._structs:
            if each.right_origin is not None:
                found.setdefault(each.right_origin, []).append((each.origin, _last(each)))
        return found

    @cached_property
    def _written_behind(self) -> dict[Id, list[tuple[Id | None, Id]]]:
        """By what stood to the left of them: what stood to the right, and their first units."""
        found: dict[Id, list[tuple[Id | None, Id]]] = {}
        for each in self._structs:
            if each.origin is not None:
                found.setdefault(each.origin, []).append((each.right_origin, Id(each.client, each.clock)))
        return found


def _last(block: Struct) -> Id:
    return Id(block.client, block.clock + block.length - 1)


def _end_of_row(start: Id | None, written: Sequence[tuple[Id | None, Id]] | None) -> Id | None:
    """Where one comes from a unit by what was written beside each other; None where that is no row."""
    if written is None:
        return start
    steps = dict(written)
    end = start
    for _ in written:
        if end not in steps:
            return None
        end = steps[end]
    return end
