"""Formulas as a line of text, as people type them: `(a+b)/c`, `x^2`, `√(n+1)`.

They come as Word has them (`m:oMath`, ECMA-376 part 1, 22.1) or as OpenDocument does (MathML). No name means something
else in the other of these, so one function reads both.
"""

from __future__ import annotations

from typing import Any

from cowrite.core.text.richtext import SOFT_BREAK

_Key = str | int | None
"""An operand: in Word by the name of its element, in MathML by its place; None for none."""
_LETTERS = frozenset({"t", "mi", "mn", "mo", "mtext", "ms"})
_FRACTIONS: dict[str, tuple[_Key, _Key]] = {"f": ("num", "den"), "mfrac": (0, 1)}
_ROOTS: dict[str, tuple[_Key, _Key]] = {"rad": ("e", "deg"), "mroot": (0, 1)}
_SCRIPTS: dict[str, tuple[_Key, _Key, _Key]] = {
    "sSub": ("e", "sub", None), "sSup": ("e", None, "sup"), "sSubSup": ("e", "sub", "sup"),
    "limLow": ("e", "lim", None), "limUpp": ("e", None, "lim"),
    "msub": (0, 1, None), "msup": (0, None, 1), "msubsup": (0, 1, 2),
    "munder": (0, 1, None), "mover": (0, None, 1), "munderover": (0, 1, 2),
}  # fmt: skip
"""What stands below and above something: by the keys of that, of what is below, and of what is above."""
_ROWS = {"m": "; ", "mtable": "; ", "eqArr": "; ", "mr": ", ", "mtr": ", ", "func": " ", "oMathPara": SOFT_BREAK}
"""What consists of several, and what stands between them in a line."""
_UNSAID = frozenset({"annotation", "annotation-xml", "phant", "mphantom"})


def in_a_line(element: Any) -> str:
    """What a formula says, or a part of one.

    Args:
        element: in a tree that is as deep as lxml reads one at most.
    """
    name = name_of(element)
    if name in _LETTERS:
        return (element.text or "") if name == "t" else (element.text or "").strip()
    parts = [
        each for each in element if name_of(each) and not name_of(each).endswith("Pr") and name_of(each) not in _UNSAID
    ]
    said = [in_a_line(each) for each in parts]
    named = dict(zip(map(name_of, parts), said, strict=True))

    def operand(key: _Key) -> str:
        return said[key] if isinstance(key, int) and key < len(said) else named.get(str(key), "")

    if name in _FRACTIONS:
        over, under = map(operand, _FRACTIONS[name])
        is_pair = _stated(element, "type") == "noBar" or element.get("linethickness", "").startswith("0")
        return f"({over} {under})" if is_pair else f"{as_one(over)}/{as_one(under)}"
    if name in _ROOTS:
        of, degree = map(operand, _ROOTS[name])
        return f"{as_one(degree)}√{as_one(of)}"
    if name in _SCRIPTS:
        of, below, above = map(operand, _SCRIPTS[name])
        return f"{as_one(of)}{_beside(below, above)}"
    match name:
        case "msqrt":
            return f"√{as_one(''.join(said))}"
        case "nary":
            return f"{_stated(element, 'chr', '∫')}{_beside(operand('sub'), operand('sup'))} {operand('e')}".rstrip()
        case "sPre":
            return f"{_beside(operand('sub'), operand('sup'))}{operand('e')}"
        case "acc":
            return f"{operand('e')}{_stated(element, 'chr', chr(0x302))}"
        case "d":
            words = _stated(element, "sepChr", "|").join(said)
            return f"{_stated(element, 'begChr', '(')}{words}{_stated(element, 'endChr', ')')}"
        case "mfenced":
            return f"{element.get('open', '(')}{','.join(said)}{element.get('close', ')')}"
    return _ROWS.get(name, "").join(said)


def _beside(below: str, above: str) -> str:
    return "".join(f"{sign}{as_one(words)}" for sign, words in (("_", below), ("^", above)) if words)


def as_one(words: str) -> str:
    """An operand, which is in brackets unless it is plainly one thing: a letter, a number, a word, or in brackets."""
    is_word = len(words) > 2 and words.isascii() and words.isalpha()
    in_brackets = words.startswith("(") and words.find(")") == len(words) - 1
    return words if len(words) < 2 or words.isdecimal() or is_word or in_brackets else f"({words})"


def _stated(element: Any, name: str, usual: str = "") -> str:
    """What Word says of a part of a formula, among its properties."""
    found = next((each for pr in element if name_of(pr).endswith("Pr") for each in pr if name_of(each) == name), None)
    if found is None:
        return usual
    return next((value for key, value in found.attrib.items() if key.endswith("}val")), "")


def name_of(element: Any) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
