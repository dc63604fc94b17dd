"""Where the pages of a Word document begin (ECMA-376 part 1, 17.3.1.23, 17.3.3.1 and 17.6.22)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cowrite.convert.comment_pieces import piece_mark
from cowrite.convert.docx.lists import value_of
from cowrite.convert.docx.names import qn
from cowrite.convert.docx.styles import WordStyles
from cowrite.core.text.richtext import DELETION, PAGE_BREAK, SOFT_BREAK, Line, Span, without

NEW_PAGE, NEW_COLUMN = "\f", "\v"
"""What stands for breaks in the text of a paragraph that is being read."""
BREAKS = {"page": NEW_PAGE, "column": NEW_COLUMN}
_ON_THE_PAGE = ("continuous", "nextColumn")
"""Kinds of sections that begin where the one before ends."""


class WordPages:
    """The pages of one document, as it is read.

    Args:
        styles: of the document.
    """

    def __init__(self, styles: WordStyles) -> None:
        self._styles = styles
        self._sections: deque[str] = deque()  # how those begin that are not read to their end
        self._begins = False  # the next line

    def meet_sections(self, body: Any) -> None:
        """The sections of a body that is about to be read."""
        self._sections = deque(value_of(each, "w:type") for each in body.iter(qn("w:sectPr")) if _holds_now(each))

    def begun(self) -> Iterator[Line]:
        """The empty line of a page that is to begin here, where no paragraph does."""
        if self._begins:
            self._begins = False
            yield Line((), {PAGE_BREAK: True})

    def lines_of(self, line: Line, paragraph: Any) -> list[Line]:
        """A paragraph of the page as a line for each page on which something of it is; of an item only the first is
        one. Behind a break at its end the next line begins a page.

        Args:
            line: what is in it.
            paragraph: it (`w:p`).
        """
        parts, breaks = _parted(line.spans)
        begins = self._begins or self._styles.begins_page(paragraph.find(qn("w:pPr")))
        block, lines = line.attributes, list[Line]()
        for at, part in enumerate(parts):
            is_last = at == len(parts) - 1
            if part or (begins and not is_last) or len(parts) == 1:
                own = {} if is_last else breaks[at]
                lines.append(Line(tuple(part), {**block, **own, **({PAGE_BREAK: True} if begins else {})}))
                block = _below(block)
                begins = False
            begins = begins or not is_last
        section = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        self._begins = begins or (section is not None and self._next_section_begins())
        return lines

    def _next_section_begins(self) -> bool:
        """Whether a page begins with the section behind the one that ends here."""
        if self._sections:
            self._sections.popleft()
        return bool(self._sections) and self._sections[0] not in _ON_THE_PAGE


def without_breaks(spans: Sequence[Span], sign: str) -> tuple[Span, ...]:
    """A paragraph in which what a sign stands for begins a new line; at its edges that says nothing."""
    text = "".join(span.text for span in spans)
    if sign not in text:
        return tuple(spans)
    first, last = len(text) - len(text.lstrip(sign)), len(text.rstrip(sign))
    at, result = 0, []
    for span in spans:
        words = span.text[max(0, first - at) : max(0, last - at)]
        at += len(span.text)
        result.append(replace(span, text=words.replace(sign, SOFT_BREAK)))
    return tuple(span for span in result if span.text)


def _parted(spans: Sequence[Span]) -> tuple[list[list[Span]], list[Mapping[str, Any]]]:
    """What stands between page breaks, but for those that are to go, and the pieces in which these stand."""
    parts: list[list[Span]] = [[]]
    breaks: list[Mapping[str, Any]] = []
    for span in spans:
        first, *others = span.text.split(NEW_PAGE)
        if DELETION in span.attributes:
            first, others = "".join((first, *others)), []
        parts[-1] += [replace(span, text=words) for words in (first,) if words]
        for words in others:
            breaks.append(piece_mark(span.attributes))
            parts.append([replace(span, text=words)] if words else [])
    return parts, breaks


def _below(block: Mapping[str, Any]) -> Mapping[str, Any]:
    """The block attributes of what goes on below the first line of a paragraph."""
    if "list" not in block:
        return block
    rest = without(block, "list", "start")
    return {**rest, "indent": block.get("indent", 0) + 1}


def _holds_now(section: Any) -> bool:
    """Whether what is said of a section is no record of what was said before."""
    return bool(section.getparent().tag != qn("w:sectPrChange"))
