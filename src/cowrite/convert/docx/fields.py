"""The fields of a Word document (ECMA-376 part 1, 17.16): where their results lead, and what those of forms show."""

from __future__ import annotations

import re
from typing import Any

from cowrite.convert.docx.equations import shown_by
from cowrite.convert.docx.lists import value_of
from cowrite.convert.docx.names import qn
from cowrite.convert.docx.styles import is_on
from cowrite.convert.docx.symbols import character, is_of_symbols
from cowrite.convert.file_read import Losses
from cowrite.convert.numbering import CHECK_BOXES
from cowrite.convert.values import LONGEST_LINK, address

LONGEST_FIELD, DEEPEST_FIELD = 2 * LONGEST_LINK, 64
"""Letters of the instructions of a field, and fields within fields, which Word has no more than twenty deep."""

_LINK = re.compile(r'\s*HYPERLINK\s+(?:"([^"]*)")?(?:.*?\\l\s+"([^"]*)")?', re.IGNORECASE | re.DOTALL)

_BUTTON = re.compile(r"\s*MACROBUTTON\s+\S+\s(.*)", re.IGNORECASE | re.DOTALL)
_SYMBOL = re.compile(r'\s*SYMBOL\s+([0-9]{1,5})(?:\s+\\f\s+"([^"]*)")?', re.IGNORECASE | re.ASCII)


class WordFields:
    """The fields of one document, whose signs are met in their order.

    Args:
        losses: takes note of what they show otherwise than Word.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._instructions = ""  # of the field that is being read
        self._open: list[str | None] = []  # None before the result of a field, else its link

    @property
    def says_what(self) -> bool:
        """Whether what is being read says what a field is, and is no text."""
        return None in self._open

    @property
    def link(self) -> str:
        """Where what is being read leads; empty where no field says so."""
        return next((each for each in reversed(self._open) if each), "")

    def instruct(self, words: str) -> None:
        """Takes instructions of a field."""
        self._instructions += words[: LONGEST_FIELD - len(self._instructions)]

    def meet(self, sign: Any) -> str:
        """Takes note of a sign (`w:fldChar`).

        Returns:
            What is shown in its place: a box to tick and a choice of a form are no text of the file.
        """
        shown = ""
        match sign.get(qn("w:fldCharType")):
            case "begin":
                shown = "" if self.says_what else _shown(sign.find(qn("w:ffData")))
                self._instructions = ""
                self._open = [*self._open[-DEEPEST_FIELD:], None]
            case "separate" if self._open:
                self._open[-1] = leads_to(self._instructions)
            case "end" if self._open:
                has_result = self._open.pop() is not None
                shown = "" if has_result or self.says_what else self._shown_without_result()
                self._instructions = ""
        return shown

    def _shown_without_result(self) -> str:
        """What Word works out by itself for a field that states no result."""
        if found := _BUTTON.fullmatch(self._instructions):
            return found[1].strip()
        if found := _SYMBOL.match(self._instructions):
            code = int(found[1])
            return character(found[2] or "", f"{code + 0xF000 if found[2] and is_of_symbols(found[2]) else code:x}")
        return shown_by(self._instructions, self._losses)

    def end_paragraph(self) -> None:
        """A paragraph ends, and with it instructions at the latest."""
        self._open = [each or "" for each in self._open]


def leads_to(instructions: str) -> str:
    """Where a field leads; empty where it is no link."""
    found = _LINK.match(instructions)
    if found is None or not found[1]:
        return f"#{found[2]}" if found is not None and found[2] else ""
    return address(f"{found[1]}#{found[2]}" if found[2] and "#" not in found[1] else found[1]) or ""


def _shown(form: Any) -> str:
    """What a field of a form shows by its data, which may be None."""
    if form is None:
        return ""
    if (box := form.find(qn("w:checkBox"))) is not None:
        stated = (is_on(box, name) for name in ("w:checked", "w:default"))
        is_checked = next((on for on in stated if on is not None), False)
        return CHECK_BOXES["checked" if is_checked else "unchecked"]
    choices = form.find(qn("w:ddList"))
    entries = choices.findall(qn("w:listEntry")) if choices is not None else []
    chosen = value_of(choices, "w:result") or value_of(choices, "w:default") or "0"
    at = int(chosen) if chosen.isdecimal() and len(chosen) < 4 else 0
    return entries[at].get(qn("w:val"), "") if at < len(entries) else ""
