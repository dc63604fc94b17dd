"""The footnotes and endnotes of a Word document (ECMA-376 part 1, 17.11) that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from cowrite.convert.docx.names import qn
from cowrite.convert.docx.styles import OFF
from cowrite.convert.docx.symbols import character
from cowrite.convert.file_read import Losses
from cowrite.convert.footnotes import ENDNOTES, NOTES_TRACKED, Repeated, note_of_lines
from cowrite.core.text.richtext import DELETION, INSERTION, Line, Span, block_part

_KINDS = {
    "footnoteReference": ("footnote", RELATIONSHIP_TYPE.FOOTNOTES),
    "endnoteReference": ("endnote", RELATIONSHIP_TYPE.ENDNOTES),
}
REFERENCES = frozenset(_KINDS)
"""The elements that refer to a note."""
_REFERENCES = frozenset(qn(f"w:{each}") for each in REFERENCES)
_LETTERS = frozenset({qn("w:t"), qn("w:sym")})


class WordFootnotes:
    """The notes of a document that is read.

    Args:
        part: that with the text.
        lines: gives the lines of a note, of which it takes the part and the element.
        losses: takes note of what comes in otherwise than it was.
    """

    def __init__(self, part: Any, lines: Callable[[Any, Any], Iterable[Line]], losses: Losses) -> None:
        self._part = part
        self._lines = lines
        self._losses = losses
        self._notes: dict[str, dict[str, tuple[Any, Any]]] = {}  # part and element, by the reference's name and the id
        self._read: dict[tuple[str, str, str], tuple[Span, ...]] = {}  # by these and the mark
        self._repeated = Repeated()

    def refer(self, name: str, element: Any) -> tuple[Span, ...]:
        """What stands in the text for a note; nothing where it is not in the file.

        Args:
            name: one of `REFERENCES`.
            element: the one that refers to it.
        """
        if name not in self._notes:
            self._notes[name] = dict(self._found(*_KINDS[name]))
        id, mark = element.get(qn("w:id"), ""), "".join(map(_text_of, own_mark(element)))
        found = self._notes[name].get(id)
        if found is None:
            return ()
        if (known := self._read.get((name, id, mark))) is not None:
            return known if self._repeated.may(known[0]) else ()
        if name == "endnoteReference":
            self._losses.change(ENDNOTES)
        lines = [self._settled(line) for line in self._lines(*found)]
        if lines and mark:
            lines[0] = _without_mark(lines[0], mark)
        note = self._read[name, id, mark] = note_of_lines(lines, self._losses.change)
        return note

    def _found(self, tag: str, relation: str) -> Iterator[tuple[str, tuple[Any, Any]]]:
        for each in self._part.rels.values():
            if each.reltype == relation and not each.is_external:
                part = each.target_part
                root = getattr(part, "element", None)
                for note in (parse_xml(part.blob) if root is None else root).iter(qn(f"w:{tag}")):
                    yield note.get(qn("w:id"), ""), (part, note)

    def _settled(self, line: Line) -> Line:
        """A line without what is tracked to go: within a note nothing is suggested."""
        if any(name in span.attributes for span in line.spans for name in (DELETION, INSERTION)):
            self._losses.change(NOTES_TRACKED)
        return Line(tuple(span for span in line.spans if DELETION not in span.attributes), block_part(line.attributes))


def own_mark(reference: Any) -> list[Any]:
    """What stands behind a reference, before the next one, in the place of its number, as a person has chosen it; here
    notes are counted."""
    if reference.get(qn("w:customMarkFollows"), "false") in OFF:
        return []
    behind = takewhile(lambda each: each.tag not in _REFERENCES, reference.itersiblings())
    return [each for each in behind if each.tag in _LETTERS]


def _text_of(element: Any) -> str:
    font, code = element.get(qn("w:font")), element.get(qn("w:char"))
    return element.text or "" if font is None else character(font, code or "")


def _without_mark(line: Line, mark: str) -> Line:
    """The first line of a note without the mark that stands before its words, too."""
    spans, rest = list(line.spans), mark.strip()
    while rest and spans and (text := spans[0].text.lstrip()) and (rest.startswith(text) or text.startswith(rest)):
        spans[0] = Span(text[len(rest) :], spans[0].attributes)
        rest = rest[len(text) :]
        if not spans[0].text:
            del spans[0]
    return line if rest else Line(tuple(spans), line.attributes)
