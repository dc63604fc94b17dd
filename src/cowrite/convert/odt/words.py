"""Text as OpenDocument holds it (ODF 1.3 part 3, 6.1.2): blanks in a row are one, and elements stand for more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cowrite.convert.numbering import CHECK_BOXES
from cowrite.convert.odt.names import name_of, number_in, odf, stated
from cowrite.core.text.richtext import SOFT_BREAK

MOST_BLANKS = 1_000_000
"""Of all that the elements of a file stand for; beyond, each stands for one."""

SIGNS = {
    "text:tab": "\t",
    "text:line-break": SOFT_BREAK,
    "text:soft-hyphen": "\u00ad",
    "text:non-breaking-hyphen": "\u2011",
}
"""What elements are that stand for one character."""

_BLANKS = re.compile(r"[ \t\r\n]+")


class Words:
    """The text of one file, read in its order.

    Args:
        left: how many blanks its elements may still stand for, in a list of one.
    """

    def __init__(self, left: list[int] | None = None) -> None:
        self._left = [MOST_BLANKS] if left is None else left
        self._after_blank = True

    def apart(self) -> Words:
        """The text of what stands elsewhere on the page: beside it, in a note or in a cell."""
        return Words(self._left)

    def begin(self) -> None:
        """A paragraph begins: blanks before its first letter say nothing."""
        self._after_blank = True

    def stand(self) -> None:
        """Something that is no blank stands here, such as a picture."""
        self._after_blank = False

    def text(self, text: str | None) -> str:
        """Characters of a paragraph, as they are shown."""
        if not text:
            return ""
        shown = _BLANKS.sub(" ", text)
        if self._after_blank:
            shown = shown.removeprefix(" ")
        if shown:
            self._after_blank = shown.endswith(" ")
        return shown

    def sign(self, element: Any) -> str | None:
        """The characters for which an element stands; None for one that stands for none."""
        name = name_of(element)
        match name:
            case "text:s":
                found: str | None = self._blanks(element)
            case "field:fieldmark":
                found = _shown_in_form(element)
            case _:
                found = SIGNS.get(name)
        if found is not None:
            self._after_blank = False
        return found

    def _blanks(self, element: Any) -> str:
        """The blanks of a `text:s`."""
        count = number_in(stated(element, "text:c") or "1") or 1
        count = count if count <= self._left[0] else 1
        self._left[0] -= count if count > 1 else 0
        return " " * count


def _shown_in_form(mark: Any) -> str:
    """What a part of a form shows that is no text of the file: a box or a choice, as LibreOffice has those of Word."""
    stated_of = [
        (stated(each, "field:name"), stated(each, "field:value")) for each in mark.iterchildren(odf("field:param"))
    ]
    last = dict(stated_of)
    kind = stated(mark, "field:type").rpartition(".")[2]
    if kind == "FORMCHECKBOX":
        return CHECK_BOXES["checked" if last.get("Checkbox_Checked") in ("true", "1") else "unchecked"]
    entries = [value for name, value in stated_of if name == "Dropdown_ListEntry"]
    chosen = number_in(last.get("Dropdown_Selected", "0")) or 0
    return entries[chosen] if kind == "FORMDROPDOWN" and chosen < len(entries) else ""


def plain_words(element: Any, words: Words) -> Iterator[str]:
    """The characters in an element and in all within it."""
    yield words.text(element.text)
    for child in element:
        sign = words.sign(child)
        if sign is not None:
            yield sign
        else:
            yield from plain_words(child, words)
        yield words.text(child.tail)
