"""The rules of a <style> element that name a tag, a class, or a tag with a class.

Text editors on the Mac and files saved by Google Docs say with classes what others say with `style`. Selectors of any
other shape, and everything inside @media and the like, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cowrite.convert.html.tags import Declarations, declarations

LONGEST_SHEET = 500_000
"""How many characters of style sheets are read in all."""
MOST_DECLARATIONS = 200
"""How many properties are known of one tag or class; beyond, rules of it are passed over, for each element has all."""

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SELECTOR = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)?(?:\.([A-Za-z_-][\w-]*))?")


class StyleSheet:
    """Collects rules and answers what they say about an element."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], dict[str, str]] = {}
        self._left = LONGEST_SHEET

    def add(self, text: str) -> None:
        """Reads the content of a <style> element."""
        text = text[: self._left]
        self._left -= len(text)
        text = _COMMENT.sub(" ", text)
        at = 0
        while (opening := text.find("{", at)) >= 0:
            closing = _closing(text, opening)
            selectors = text[at:opening].split(";")[-1].strip()
            if not selectors.startswith("@"):
                self._add_rule(selectors, declarations(text[opening + 1 : closing].strip()))
            at = closing + 1

    def style(self, tag: str, classes: Iterable[str]) -> Declarations:
        """What the rules say about an element; a rule with a class counts for more than one without."""
        if not self._rules:
            return {}
        names = list(dict.fromkeys(classes))
        keys = [(tag, ""), *(("", name) for name in names), *((tag, name) for name in names)]
        return {name: value for key in keys for name, value in self._rules.get(key, {}).items()}

    def _add_rule(self, selectors: str, style: Declarations) -> None:
        for selector in selectors.split(","):
            match = _SELECTOR.fullmatch(selector.strip())
            if match and style and (match[1] or match[2]):
                known = self._rules.setdefault(((match[1] or "").lower(), match[2] or ""), {})
                if len(known.keys() | style.keys()) <= MOST_DECLARATIONS:
                    known.update(style)


def _closing(text: str, opening: int) -> int:
    """The place of the brace that closes the one at `opening`; the end of the text when there is none."""
    depth = 0
    for brace in re.compile("[{}]").finditer(text, opening):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return len(text)
