"""What the fields of Word show that set signs by hand (EQ; ECMA-376 part 1, 17.16.5.16), as people type it.

Such a field has no result. Formulas of before Word 2007 are made of them, `EQ \\f(1,2)`, and in Japanese and Chinese
texts up to today letters in a ring, `EQ \\o\\ac(○,1)`, and readings above characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cowrite.convert.file_read import READINGS, Losses
from cowrite.convert.formulas import as_one

DEEPEST_EQUATION = 32
"""Parts within parts; the signs of what is deeper stay as they are written."""

_EQUATION = re.compile(r"\s*EQ\b(.*)", re.IGNORECASE | re.DOTALL)
_LOOK = re.compile(r'\\\*\s*(?:"[^"]*"|[\w-]+)\s*')
_OPTION = r"\s*\\(?:[blrfv]c\\.|[a-z]{2}\s*[0-9]{0,5})"
_SIGN = re.compile(rf"\\([abdfilorsx])((?:{_OPTION}){{0,9}})\s*\(|\\(.)|([(),;])", re.IGNORECASE | re.DOTALL)
_BRACKET = re.compile(r"\\([blr])c\\(.)", re.IGNORECASE | re.DOTALL)
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_FORMULAS = frozenset("abfilrx")  # of which letters the parts of formulas are
_RINGS = frozenset("○〇◯□△◇")


def shown_by(instructions: str, losses: Losses) -> str:
    """What a field shows; empty unless it is of this kind.

    Args:
        instructions: of the field.
        losses: takes note of what is shown otherwise, or not at all.
    """
    found = _EQUATION.fullmatch(instructions)
    if found is None:
        return ""
    words, _ = _Equation(_LOOK.sub("", found[1]), losses).words(0, 0)
    return "".join(words).strip()


class _Equation:
    """Reads one field from its beginning to its end."""

    def __init__(self, source: str, losses: Losses) -> None:
        self._source = source
        self._losses = losses

    def words(self, at: int, depth: int) -> tuple[list[str], int]:
        """What stands between the commas of a part that begins at a place, and the place behind the part. Outside of
        all parts, commas and brackets are signs as others."""
        words = [""]
        brackets = 0  # that are no part's and are open
        while (sign := _SIGN.search(self._source, at)) is not None:
            letter, options, escaped, plain = sign.groups()
            words[-1] += self._source[at : sign.start()]
            at = sign.end()
            is_outer = depth > 0 and brackets == 0
            if letter and depth < DEEPEST_EQUATION:
                if letter.lower() in _FORMULAS:
                    self._losses.change("formulas")
                inner, at = self.words(at, depth + 1)
                words[-1] += self._part(letter.lower(), options, [each.strip() for each in inner])
            elif plain in (",", ";") and is_outer:
                words.append("")
            elif plain == ")" and is_outer:
                return words, at
            else:
                brackets += {"(": 1, ")": -1}.get(plain or sign[0][-1] if not escaped else "", 0)
                words[-1] += escaped or sign[0]
        words[-1] += self._source[at:]
        return words, len(self._source)

    def _part(self, letter: str, options: str, words: Sequence[str]) -> str:
        first, rest = words[0], words[1:]
        lowered = options.lower()
        match letter:
            case "f" if rest:
                return f"{as_one(first)}/{as_one(rest[0])}"
            case "r":
                return f"{as_one(first)}√{as_one(rest[0])}" if rest else f"√{as_one(first)}"
            case "s" if len(words) == 1 and ("\\up" in lowered or "\\do" in lowered):
                return f"{'^' if 'up' in lowered else '_'}{as_one(first)}"
            case "b":
                stated = {side.lower(): sign for side, sign in _BRACKET.findall(options)}
                both = stated.get("b", "" if stated else "(")
                return f"{stated.get('l', both)}{first}{stated.get('r', _CLOSING.get(both, both))}"
            case "i":
                return self._integral(lowered, [*words, "", ""])
            case "a":
                return "; ".join(words)
            case "l":
                return ",".join(words)
            case "o":
                return self._over(words)
            case "d":
                return " "
        return "".join(words)

    def _integral(self, options: str, words: Sequence[str]) -> str:
        sign = "∑" if "\\su" in options else "∏" if "\\pr" in options else "∫"
        below, above = (f"{mark}{as_one(each)}" if each else "" for mark, each in zip("_^", words, strict=False))
        return f"{sign}{below}{above} {words[2]}".rstrip()

    def _over(self, words: Sequence[str]) -> str:
        """Signs that are printed over each other: above letters stands how they are read, and around some a ring."""
        if len(words) > 1 and words[0].startswith("^"):
            self._losses.leave_out(READINGS)
            words = words[1:]
        return "".join(each for each in words if each not in _RINGS)
