"""The lists of a Word document that is being written (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from cowrite.convert.docx.elements import new_element
from cowrite.convert.docx.lists import LEVELS
from cowrite.convert.numbering import label

_FORMATS = ("decimal", "lowerLetter", "lowerRoman")
"""How numbers look, by turns of depth, as `numbering.label` has it."""


class WordListsWriter:
    """Makes paragraphs items.

    Args:
        word: the document.
    """

    def __init__(self, word: WordDocument) -> None:
        self._numbering: Any = word.part.numbering_part.element
        self._kinds: dict[str, int] = {}  # the levels of each kind of list, as Word numbers them
        self._last = max(int(each.numId) for each in self._numbering.num_lst)
        self._lists: dict[tuple[str, int], int] = {}  # for a kind and a depth the list that is under way

    def put(self, paragraph: Paragraph, kind: str, depth: int, number: int | None, *, begins: bool) -> None:
        """Makes a paragraph an item of the list that is under way.

        Args:
            paragraph: it.
            kind: "bullet" or "ordered".
            depth: how many lists that one is in.
            number: the item's own in an ordered list.
            begins: whether a list begins with it, as where its numbers do: Word would count on for ever.
        """
        if begins or (kind, depth) not in self._lists:
            self._lists[kind, depth] = self._new_list(self._levels_of(kind), depth, number)
        wanted: Any = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        wanted.get_or_add_ilvl().val = depth
        wanted.get_or_add_numId().val = self._lists[kind, depth]

    def _new_list(self, levels: int, depth: int, number: int | None) -> int:
        """Begins a list; python-docx would look through all lists so far for a number that is free."""
        self._last += 1
        new = new_element("num", numId=self._last)
        new.append(new_element("abstractNumId", val=levels))
        if number is not None:
            new.append(begins := new_element("lvlOverride", ilvl=depth))
            begins.append(new_element("startOverride", val=number))
        self._numbering.append(new)
        return self._last

    def _levels_of(self, kind: str) -> int:
        """The number of the levels that lists of a kind have, which are written when the first of them begins."""
        if kind not in self._kinds:
            self._kinds[kind] = len(self._numbering.findall(qn("w:abstractNum")))
            self._numbering.insert_element_before(_new_levels(kind, self._kinds[kind]), "w:num")
        return self._kinds[kind]


def _new_levels(kind: str, number: int) -> Any:
    """The levels of a list, with the marks that `numbering.label` gives them."""
    levels = new_element("abstractNum", abstractNumId=number)
    levels.append(new_element("multiLevelType", val="multilevel"))
    for depth in range(LEVELS):
        level = new_element("lvl", ilvl=depth)
        mark = f"%{depth + 1}." if kind == "ordered" else label(kind, depth)
        looks = _FORMATS[depth % len(_FORMATS)] if kind == "ordered" else "bullet"
        for name, value in (("start", 1), ("numFmt", looks), ("lvlText", mark), ("lvlJc", "left")):
            level.append(new_element(name, val=value))
        levels.append(level)
    return levels
