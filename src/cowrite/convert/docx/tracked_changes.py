"""Suggested changes as tracked changes of a Word document and back, for which python-docx has no words.

The elements and what they mean are those of ECMA-376 part 1, 17.13.5: `ins` and `del` around runs, the same two in the
`rPr` of a paragraph for its mark, and `pPrChange` for what its properties were. A paragraph whose mark goes is one with
the next, and has the properties of that one's mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cowrite.convert.docx.names import qn
from cowrite.convert.tracked_where import EPOCH, TrackedWhere, moment
from cowrite.convert.values import in_xml
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.richtext import DELETION, INSERTION, beginning

NOBODY = "Somebody"
LONGEST_NAME = 255
"""UTF-16 units of a name, beyond which Word takes a file for damaged."""
_ELEMENTS = {DELETION: "w:del", INSERTION: "w:ins"}  # in this order runs lie within them, the innermost first
_OF_CELLS = {INSERTION: "w:cellIns", DELETION: "w:cellDel"}
_MARKS = {
    **{qn(f"w:{name}"): INSERTION for name in ("ins", "moveTo", "cellIns")},
    **{qn(f"w:{name}"): DELETION for name in ("del", "moveFrom", "cellDel")},
}
_UTC = "{http://schemas.microsoft.com/office/word/2023/wordml/word16du}dateUtc"
_UNKNOWN = Authorship(Author(""), 0)
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


class TrackedChanges:
    """The tracked changes of one document.

    Args:
        authorships: who suggested each change, by its id.
    """

    def __init__(self, authorships: Mapping[str, Authorship]) -> None:
        self._authorships = authorships
        self._last = 0

    def track(self, run: Run, marks: Mapping[str, str]) -> None:
        """Has a run, with all that is in it, come in or go."""
        element: Any = run._r
        if DELETION in marks:
            for text in element.findall(qn("w:t")):
                text.tag = qn("w:delText")
        for name, tag in _ELEMENTS.items():
            if name in marks:
                change = self._change(tag, marks[name])
                element.getparent().replace(element, change)
                change.append(element)
                element = change

    def track_break(self, paragraph: Paragraph, marks: Mapping[str, str]) -> None:
        """Has the mark of a paragraph, which is its line break, come in or go; its properties are there already."""
        if marks:
            look = OxmlElement("w:rPr")
            self.track_within(look, marks)
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(look, "w:sectPr", "w:pPrChange")

    def track_within(self, properties: Any, marks: Mapping[str, str]) -> None:
        """Has that come in or go of which these are the last properties: the mark of a paragraph, a row of a table."""
        for name in (INSERTION, DELETION):
            if name in marks:
                properties.append(self._change(_ELEMENTS[name], marks[name]))

    def track_cell(self, properties: Any, marks: Mapping[str, str]) -> None:
        """Has a cell with these properties come in or go; one that both are suggested of can only be said to come in,
        and all of its words go."""
        for name, tag in _OF_CELLS.items():
            if name in marks:
                properties.append(self._change(tag, marks[name]))
                return

    def track_properties(self, paragraph: Paragraph, id: str) -> Any:
        """Has a paragraph's properties be changed; gives the element that takes those which it had before."""
        change = self._change("w:pPrChange", id)
        change.append(former := OxmlElement("w:pPr"))
        properties: Any = paragraph._p.get_or_add_pPr()
        properties.append(change)
        return former

    def _change(self, name: str, id: str) -> Any:
        element = OxmlElement(name)
        self._last += 1
        element.set(qn("w:id"), str(self._last))
        put_authorship(element, self._authorships.get(id, _UNKNOWN))
        return element


class WordTracked(TrackedWhere):
    """The tracked changes of a Word document that is read."""

    def of(self, element: Any) -> Mapping[str, str]:
        """The mark of what is in an element; none where it tracks nothing."""
        name = _MARKS.get(element.tag)
        return {} if name is None else {name: self.number(authorship_in(element))}

    def within(self, properties: Any) -> Mapping[str, str]:
        """The marks of that of which these are the properties: the mark of a paragraph, a row of a table."""
        return {name: id for each in properties for name, id in self.of(each).items()} if properties is not None else {}


def authorship_in(element: Any, moment_in_utc: str = "") -> Authorship:
    """Who has made what an element stands for, and when, by its attributes.

    Args:
        element: it. Word's `w:date` is the moment on the clock of whoever made it, and says that it is in UTC; so what
            says that besides counts more.
        moment_in_utc: what else is stated elsewhere; empty for nothing.
    """
    stated = (moment_in_utc, element.get(_UTC, ""), element.get(qn("w:date"), ""))
    created = next((at for each in stated if (at := moment(each)) > 0), 0)
    return Authorship(Author(element.get(qn("w:author"), "")), created)


def put_authorship(element: Any, authorship: Authorship) -> None:
    """Says in an element's attributes who has made what it stands for, and when."""
    author, created = authorship
    element.set(qn("w:author"), beginning(in_xml(author.name), LONGEST_NAME) or NOBODY)
    if 0 < created < _LATEST:
        at = EPOCH + timedelta(milliseconds=created)
        element.set(qn("w:date"), at.strftime("%Y-%m-%dT%H:%M:%SZ"))
