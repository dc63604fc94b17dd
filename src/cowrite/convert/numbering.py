"""How list items are counted and labelled. The editor's painter and every writer use this one account.

The state of counting is a tuple with one count for each depth, outermost first, so an editor can keep the state at
the end of each line, count on from any line, and stop as soon as a new state equals the kept one.

- An ordered item counts on from the last ordered item of its depth, or has the number that it states (`start`).
- Deeper lines in between do not disturb that count; the items below an item start again at 1.
- Any other line of the same or a lower depth ends it: a bullet, a heading, a paragraph, an empty line. A line that is
  no list item but is indented belongs to the item above it, so it only ends the counts from its own depth on.
"""

from __future__ import annotations

from collections.abc import Iterable

from cowrite.core.text.richtext import Line

Counts = tuple[int, ...]
"""How far each depth has counted, outermost first; 0 where nothing is being counted."""

NO_COUNTS: Counts = ()

BULLETS = "•◦▪"
CHECK_BOXES = {"checked": "☑", "unchecked": "☐"}

_AROUND = " \u00a0\t.,:;()[]-\u2013\u3001\uff0e\uff08\uff09"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def count(counts: Counts, kind: str | None, depth: int, start: int | None = None) -> tuple[Counts, int | None]:
    """Counts one more line.

    Args:
        counts: the state after the line before, NO_COUNTS at the start of the text.
        kind: the line's `list` attribute, None when it is no list item.
        depth: the line's `indent` attribute, 0 when it has none.
        start: the line's `start` attribute, None when it has none.

    Returns:
        The state after this line, and its number if it is an ordered item.
    """
    kept = counts[:depth]
    if kind != "ordered":
        return kept, None
    number = next_number(counts, depth) if start is None else start
    return kept + (0,) * (depth - len(kept)) + (number,), number


def next_number(counts: Counts, depth: int) -> int:
    """The number of an ordered item that states none, in this state and depth."""
    return counts[depth] + 1 if depth < len(counts) else 1


def numbers_of(items: Iterable[tuple[str | None, int] | tuple[str | None, int, int | None]]) -> list[int | None]:
    """The number of each line, from its kind, its depth and the number it states, if any (see `count`)."""
    counts = NO_COUNTS
    numbers: list[int | None] = []
    for item in items:
        counts, number = count(counts, *item)
        numbers.append(number)
    return numbers


def numbers(lines: Iterable[Line]) -> list[int | None]:
    """The number of each line; None for a line that is no ordered item."""
    attributes = (line.attributes for line in lines)
    return numbers_of((each.get("list"), each.get("indent", 0), each.get("start")) for each in attributes)


def label(kind: str, depth: int, number: int | None = None) -> str:
    """What stands before a list item: `•`, `☐`, `3.`, `c.` or `iii.`.

    Ordered items are decimal, lettered and roman by turns of depth; bullets take three shapes likewise.
    """
    if kind in CHECK_BOXES:
        return CHECK_BOXES[kind]
    if kind != "ordered" or number is None:
        return BULLETS[depth % len(BULLETS)]
    return (str, _letters, _roman)[depth % 3](number) + "."


def says_as_here(shown: str, depth: int) -> bool:
    """Whether what another program shows before the first item of an ordered list says what `label` does; what stands
    around the number says nothing."""
    return shown.strip(_AROUND) == label("ordered", depth, 1).strip(_AROUND)


def _letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa; there is no letter for 0."""
    if number < 1:
        return str(number)
    result = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        result = chr(ord("a") + rest) + result
    return result


def _roman(number: int) -> str:
    if not 1 <= number <= 3999:  # roman numerals have no figures beyond
        return str(number)
    result = ""
    for value, figure in _ROMAN:
        times, number = divmod(number, value)
        result += figure * times
    return result
