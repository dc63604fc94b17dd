"""Open elements: those of a page that have begun and not ended, the innermost one last, as browsers keep them.

Browsers end elements whose end tag is missing and pass over end tags that end nothing
(https://html.spec.whatwg.org/multipage/parsing.html#the-stack-of-open-elements); what is kept of that is what pages and
clipboards need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from cowrite.convert.html import elements
from cowrite.convert.html.elements import Element
from cowrite.convert.html.tags import overlaid

DEEPEST = 256
"""Elements within one another; those within the deepest are read as if they were not there."""

# What an opening tag closes first, and the tags beyond which it does not look.
_CLOSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), elements.LISTS | elements.CELLS),
    **dict.fromkeys(("dt", "dd"), (frozenset({"dt", "dd"}), frozenset({"dl"}) | elements.CELLS)),
    **dict.fromkeys(elements.CELLS, (elements.CELLS, frozenset({"tr", "table"}))),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "rt": (frozenset({"rt"}), frozenset({"ruby"})),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (frozenset({"tbody", "thead", "tfoot"}), frozenset({"table"}))),
}
_PARAGRAPH = frozenset({"p"})
_TABLE_PARTS = frozenset("table tbody thead tfoot tr td th caption".split())
_BARRIER = elements.CELLS | {"caption"}


class OpenElements:
    """Those of one page.

    Args:
        page: what is around all of them, which is never closed.
        leave: is given each element that is closed, while it is the innermost one still.
    """

    def __init__(self, page: Element, leave: Callable[[Element], None]) -> None:
        self._stack = [page]
        self._leave = leave
        self._count: Counter[str] = Counter()

    def __contains__(self, tag: str) -> bool:
        return self._count[tag] > 0

    @property
    def innermost(self) -> Element:
        """The innermost one, or the page."""
        return self._stack[-1]

    @property
    def are_deepest(self) -> bool:
        """Whether no further element may be opened within these."""
        return len(self._stack) > DEEPEST

    @property
    def table_part(self) -> Element | None:
        """The innermost table, row or cell."""
        return next((each for each in reversed(self._stack) if each.opens), None)

    def add(self, element: Element) -> None:
        """Opens an element."""
        self._stack.append(element)
        self._count[element.tag] += 1

    def make_way(self, tag: str) -> None:
        """Closes what an opening tag closes."""
        if tag in elements.BLOCKS and "p" in self:
            self._close_nearest(_PARAGRAPH, _BARRIER)
        if tag in elements.HEADINGS and self.innermost.tag in elements.HEADINGS:
            self.close()
        if tag == "a":
            self.end(tag)
        if tag in _CLOSES:
            self._close_nearest(*_CLOSES[tag])

    def end(self, tag: str) -> None:
        """Closes what an end tag ends, if it is open."""
        if tag not in self:
            return
        if tag in elements.FORMATTING:
            self._end_formatting(tag)
        else:
            self._close_nearest(frozenset({tag}), frozenset({"table"}) if tag in _TABLE_PARTS else _BARRIER)

    def close(self) -> None:
        """Closes the innermost one."""
        element = self._stack[-1]
        self._leave(element)
        self._stack.pop()
        self._count[element.tag] -= 1

    def close_all(self) -> None:
        """Closes all but the page."""
        self._close_down_to(1)

    def _end_formatting(self, tag: str) -> None:
        """Ends a formatting element; paragraphs that were opened inside it stay open, without its format."""
        at = len(self._stack) - 1
        while self._stack[at].tag != tag:
            if self._stack[at].tag in _BARRIER:
                return
            at -= 1
        above = self._stack[at + 1 :]
        if not any(element.tag in elements.BLOCKS for element in above):
            self._close_down_to(at)
            return
        del self._stack[at]
        self._count[tag] -= 1
        attributes = self._stack[at - 1].attributes
        for element in above:
            element.attributes = attributes = overlaid(attributes, element.meaning)

    def _close_nearest(self, tags: frozenset[str], barrier: frozenset[str]) -> None:
        for at in range(len(self._stack) - 1, 0, -1):
            if self._stack[at].tag in tags:
                self._close_down_to(at)
                return
            if self._stack[at].tag in barrier:
                return

    def _close_down_to(self, height: int) -> None:
        while len(self._stack) > height:
            self.close()
