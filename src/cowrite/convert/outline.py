"""Which containers each line stands in: block quotes and list items, as Markdown and HTML nest them.

The document itself is flat: each line says how deep it is indented. Nested formats need to know that a plain line
indented by one belongs to the list item above it, and that a list item three deep, with nothing above it, needs three
lists opened at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cowrite.convert.numbering import numbers
from cowrite.core.text.richtext import PAGE_BREAK, Line, without
from cowrite.core.text.table import row_id


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One list item. Two items are never equal, so an item that is in two places is the same one.

    Attributes:
        kind: the `list` attribute of its line.
        number: its number in an ordered list.
        begins: whether it states that number, so that it is no part of the list above it.
        stands_in: True when no line is the item's own: it is there because what is inside needs a depth.
    """

    kind: str
    number: int | None = None
    begins: bool = False
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What a paragraph says that no container says: its alignment, its direction, an indent outside any list."""

    align: str | None = None
    direction: str | None = None
    indent: int = 0


Container = Quote | Item
QUOTE = Quote()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands.

    Attributes:
        path: its containers, outermost first. When the line is a list item, the last one is its own.
        frame: its frame; None when it needs none.
    """

    path: tuple[Container, ...]
    frame: Frame | None


def places(lines: Sequence[Line]) -> list[Place]:
    """The place of each line. Neighbours share the containers that they have in common."""
    result: list[Place] = []
    open_path: tuple[Container, ...] = ()
    for line, number in zip(lines, numbers(lines), strict=True):
        if row_id(line.attributes):  # it stands in its table, which is in nothing
            result.append(Place((), None))
            open_path = ()
            continue
        kind = line.attributes.get("list")
        indent = line.attributes.get("indent", 0)
        quoted = bool(line.attributes.get("blockquote"))
        if kind:
            path = (*_parents(open_path, indent, quoted), Item(kind, number, "start" in line.attributes))
            indent = 0
        elif indent and (above := _item_above(open_path, indent, quoted)) is not None:
            path = above
            indent = 0
        else:
            path = (QUOTE,) if quoted else ()
        frame = Frame(line.attributes.get("align"), line.attributes.get("direction"), indent)
        result.append(Place(path, frame if frame != Frame() else None))
        open_path = path
    return result


def blocks(lines: Sequence[Line]) -> Iterator[tuple[Sequence[Line], Place, tuple[Container, ...]]]:
    """What is written as one: a line, all lines of a block of code on one page, or all cells of a table.

    Yields:
        The block's lines, the place of the first, and the containers of the line below the block.
    """
    line_places = places(lines)
    at = 0
    while at < len(lines):
        end = at + 1
        if row_id(lines[at].attributes):
            while end < len(lines) and row_id(lines[end].attributes):
                end += 1
        elif "code-block" in lines[at].attributes:
            same = without(lines[at].attributes, PAGE_BREAK)
            while end < len(lines) and lines[end].attributes == same:
                end += 1
        yield lines[at:end], line_places[at], line_places[end].path if end < len(lines) else ()
        at = end


def common(left: Sequence[object], right: Sequence[object]) -> int:
    """How many containers two paths share from the outside."""
    shared = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        shared += 1
    return shared


def _parents(open_path: tuple[Container, ...], depth: int, quoted: bool) -> tuple[Container, ...]:
    outer = (QUOTE,) if quoted else ()
    if open_path[: len(outer)] != outer:
        open_path = ()
    items = _items(open_path[len(outer) :])[:depth]
    return (*outer, *items, *(Item("bullet", stands_in=True) for _ in range(depth - len(items))))


def _item_above(open_path: tuple[Container, ...], indent: int, quoted: bool) -> tuple[Container, ...] | None:
    """The containers of a plain line that belongs to the item `indent - 1` deep above it, if there is one."""
    outer = open_path[:1] if open_path[:1] == (QUOTE,) else ()
    items = _items(open_path[len(outer) :])[:indent]
    if len(items) < indent or (outer and not quoted):
        return None
    return (*outer, *items, *((QUOTE,) if quoted and not outer else ()))


def _items(path: tuple[Container, ...]) -> tuple[Item, ...]:
    result: list[Item] = []
    for container in path:
        if not isinstance(container, Item):
            break
        result.append(container)
    return tuple(result)
