"""A formula of a page (MathML), while it is read: a tree of what its tokens open and end."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from cowrite.convert.formulas import in_a_line
from cowrite.convert.html.elements import BLOCKS
from cowrite.convert.html.tags import attributes_of
from cowrite.convert.html.tokens import End, Start, Text, Token

TAG = "math"
DEEPEST_FORMULA = 64
"""Elements within elements; nobody's formula has more, and the words of what is deeper are left out."""


class PageFormula:
    """One formula, which begins with the tokens that come next."""

    def __init__(self) -> None:
        self._open = [Element(TAG)]

    def takes(self, token: Token) -> bool:
        """Takes a token.

        Returns:
            Whether it is of the formula; false for one that ends it, as any does that opens or ends a block.
        """
        top = self._open[-1]
        if isinstance(token, Start | End) and (token.tag == TAG or token.tag in BLOCKS):
            return False
        if isinstance(token, Text):
            if not len(top):
                top.text = (top.text or "") + token.text
        elif isinstance(token, Start):
            if len(self._open) < DEEPEST_FORMULA:
                element = SubElement(top, token.tag, attributes_of(token.source))
                if not token.source.endswith("/"):
                    self._open.append(element)
        elif isinstance(token, End):
            tags = [element.tag for element in self._open]
            if token.tag in tags:
                del self._open[len(tags) - 1 - tags[::-1].index(token.tag) :]
        return True

    def in_a_line(self) -> str:
        """What it says, as people type it."""
        return in_a_line(self._open[0])
