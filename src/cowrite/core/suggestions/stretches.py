"""Stretches of suggested changes, and what the text becomes when somebody decides on some of them.

Runs on the document's thread. The marks are taken from the text that stays, and the other text is taken out: all but
the break that closes the document, where no other one would close it then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.marks.turns import Turn
from cowrite.core.text.richtext import DELETION, DIVIDES, INSERTION, OF_FIRST, Utf16, utf16_length
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.writing.lines import delete_in

NEAR = 1000  # UTF-16 units between two stretches that are decided together


class Withdrawn(NamedTuple):
    """What becomes of text that somebody takes back who may not edit.

    Attributes:
        gone: what they take out, from left to right: positions and units.
        struck: letters of others in it, which they suggest to go: position, units, and the change.
    """

    gone: list[tuple[int, int]]
    struck: list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a suggested change.

    Attributes:
        start, stop: where it stands, in UTF-16 units.
        comes: whether it is to come in, and not to go.
        text: its characters.
    """

    start: Utf16
    stop: Utf16
    comes: bool
    text: str


def decide(
    edit: Edit,
    document: Document,
    stretches: Sequence[Stretch],
    units: TextUnits,
    *,
    accepts: bool,
    withdraw: Callable[[Sequence[tuple[int, int]]], Withdrawn] | None = None,
) -> StepMarks:
    """Decides on stretches.

    Args:
        edit: does it.
        document: the draft.
        stretches: of the same name in no place more than one.
        units: of those that are taken out.
        accepts: whether what is to come in stays and what is to go goes, and not the other way round.
        withdraw: says for who may not edit what of stretches, each a position and its units, they may take out.

    Returns:
        What becomes of marks, for undo.
    """
    goes = sorted((each for each in stretches if each.comes != accepts), key=_start)
    length = int(document.length)
    end = _end(goes, length)
    stays = end < length and _closes_at(document, length) and not _closes_at(document, end)
    going = list(_going(goes, length, end, stays=stays))
    # What goes keeps all its marks: so undo, which brings it back between the same formats, has them again.
    heir = _rest_of_line(document, end) if accepts and stays else None  # of the mark of the break that stays
    ranges: list[tuple[str, int, int, str | None]] = []
    for name in (INSERTION, DELETION):
        marked = sorted((each for each in stretches if each.comes == (name == INSERTION)), key=_start)
        id = heir if name == DELETION else None
        ranges += ((name, start, stop, id) for start, stop in _together(document, _outside(marked, going), name))
    out = [(int(each.start), each.stop - each.start) for each in going]
    if withdraw is not None:
        out, struck = withdraw(out)
        ranges += ((DELETION, at, at + units, id) for at, units, id in struck)
    marks = edit.told.noted(
        list(_turns(document, ranges)),
        [span for at, units in out for span in document.spans(at, at + units)],
    )
    if not accepts:
        edit.told.rejects(marks)
    for name, start, stop, id in ranges:
        edit.set_suggested(start, stop - start, name, id)
    if withdraw is not None:
        edit.delete_all(out, units)
        return marks
    if accepts:
        _part_lines(edit, document, stretches)
    new = {int(each.start): _staying(each, goes) for each in stretches if each.comes and "\n" not in each.text}
    gone: list[tuple[int, int]] = []
    for each in reversed(going):
        if each.at_once:
            gone.append((each.start, each.stop - each.start))
        else:
            edit.delete_all(gone[::-1], units)
            gone.clear()
            delete_in(edit, document, each.start, each.stop, new=new.get(each.stop, 0))
    edit.delete_all(gone[::-1], units)
    return marks


def _part_lines(edit: Edit, document: Document, stretches: Iterable[Stretch]) -> None:
    """Where lines are divided, has the lower parts begin no page and state no number."""
    for each in stretches:
        if not each.comes or "\n" not in each.text:
            continue
        for at in document.line_breaks(each.start, each.stop):
            if at < each.stop and DIVIDES in document.rope.attributes_at(at):
                edit.format_lines(at, 0, {DIVIDES: None})
                below = document.rope.attributes_at(document.line_breaks(at + 1, at + 1)[0])
                if given := [name for name in OF_FIRST if name in below]:
                    edit.format_lines(at + 1, 0, dict.fromkeys(given))


class _Going(NamedTuple):
    """Text that a decision takes out.

    Attributes:
        start, stop: where it stands, in UTF-16 units.
        at_once: whether it can be deleted together with others: each line is then as it was, or keeps its look.
    """

    start: int
    stop: int
    at_once: bool


def _going(goes: Sequence[Stretch], length: int, end: int, *, stays: bool) -> Iterator[_Going]:
    """What is taken out of a text.

    Args:
        goes: what is to go, from left to right.
        length: of the text.
        end: where the part of it begins that goes to its end.
        stays: whether the last unit stays, for no other break would close the document.
    """
    for each in goes:
        stop = each.stop - (stays and each.stop == length)
        is_at_end = each.stop > end and not stays
        if each.start < stop:
            yield _Going(each.start, stop, at_once=each.comes or is_at_end or "\n" not in each.text)


def _end(goes: Sequence[Stretch], length: int) -> int:
    """Where the part of a text begins that goes to its end."""
    end = length
    for each in reversed(goes):
        if each.stop < end:
            break
        end = each.start
    return end


def _closes_at(document: Document, at: int) -> bool:
    """Whether a line break ends there."""
    return at > 0 and document.rope.rfind("\n", at) == at - 1


def _turns(document: Document, ranges: Iterable[tuple[str, int, int, str | None]]) -> Iterator[Turn]:
    """What becomes of the marks of text that stays."""
    for name, start, stop, id in ranges:
        for span in document.spans(start, stop):
            units = utf16_length(span.text)
            yield Turn(start, units, name, span.attributes.get(name), id, id)
            start += units


def _rest_of_line(document: Document, end: int) -> str | None:
    """The change that is to delete what stands last before a position, where all of that line is to go: the break that
    has to stay behind it then goes with it, in whatever order people decide."""
    id = suggested_part(document.rope.attributes_before(end)).get(DELETION)
    if id:
        for span in reversed(list(document.spans(0, end))):
            if DELETION not in span.attributes:
                return id if span.text.endswith("\n") else None
    return None


def _outside(stretches: Iterable[Stretch], going: Sequence[_Going]) -> Iterator[tuple[int, int]]:
    """The ranges of stretches that are in nothing that goes; both are sorted from left to right."""
    rest = deque(going)
    for each in stretches:
        at = int(each.start)
        while rest and rest[0].start < each.stop:
            if at < rest[0].start:
                yield at, rest[0].start
            at = max(at, rest[0].stop)
            if at > each.stop:  # it goes on in the next one
                break
            rest.popleft()
        if at < each.stop:
            yield at, int(each.stop)


def _together(document: Document, ranges: Iterable[tuple[int, int]], name: str) -> Iterator[tuple[int, int]]:
    """The same ranges in fewer that have no other marks of a name: of those that stand near each other one is made,
    since the shared text looks for each from its own beginning."""
    start = stop = 0
    for first, last in ranges:
        between = () if first > stop + NEAR or start == stop else document.spans(stop, first)
        if start < stop and first <= stop + NEAR and not any(name in span.attributes for span in between):
            stop = last
            continue
        if start < stop:
            yield start, stop
        start, stop = first, last
    if start < stop:
        yield start, stop


def _start(stretch: Stretch) -> Utf16:
    return stretch.start


def _staying(stretch: Stretch, goes: Sequence[Stretch]) -> int:
    """How many units of a stretch stay: of what comes in, somebody else may have suggested to delete a part.

    Args:
        stretch: it.
        goes: what is taken out, from left to right.
    """
    inside = goes[bisect_left(goes, stretch.start, key=_start) : bisect_left(goes, stretch.stop, key=_start)]
    return stretch.stop - stretch.start - sum(min(each.stop, stretch.stop) - each.start for each in inside)
