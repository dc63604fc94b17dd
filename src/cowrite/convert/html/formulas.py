"""A formula of a page (MathML) while it is read, a tree of what its tokens open and end; and those of Word on the
clipboard, which stand in comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement

from cowrite.convert.formulas import in_a_line
from cowrite.convert.html.elements import BLOCKS
from cowrite.convert.html.tags import attributes_of
from cowrite.convert.html.tokens import End, Start, Text, Token, tokens_of

TAG = "math"
DEEPEST_FORMULA = 64
"""Elements within elements; nobody's formula has more, and the words of what is deeper are left out."""

_OF_WORD = "[if gte msEquation"
_PREFIX = "m:"
_NAMES = "sSub sSup sSubSup sPre limLow limUpp eqArr oMathPara begChr endChr sepChr"
_CASED = {name.lower(): name for name in _NAMES.split()}
"""The names of elements, which HTML has in small letters, as `in_a_line` knows them."""


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
            if top.tag == "r":  # in which Word has the text, beside how it looks
                SubElement(top, "t").text = re.sub(r"\s+", " ", token.text)
            elif not len(top):
                top.text = (top.text or "") + token.text
        elif isinstance(token, Start):
            if len(self._open) < DEEPEST_FORMULA:
                element = SubElement(top, token.tag, _qualified(attributes_of(token.source)))
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


def in_comment(comment: str) -> str:
    """What a formula says that Word has put into a conditional comment; empty for any other comment."""
    if not comment.startswith(_OF_WORD):
        return ""
    formula = PageFormula()
    for token in tokens_of(comment.partition("]>")[2]):
        if isinstance(token, Text):
            formula.takes(token)
        elif isinstance(token, Start | End) and token.tag.startswith(_PREFIX):  # the others are looks
            name = token.tag.removeprefix(_PREFIX)
            cased = name.removesuffix("pr") + "Pr" if name.endswith("pr") else _CASED.get(name, name)
            formula.takes(replace(token, tag=cased))
    return formula.in_a_line().strip()


def _qualified(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes with the prefix of Word's names as ElementTree has it."""
    return {re.sub(f"^{_PREFIX}", "{m}", name): value for name, value in attributes.items()}
