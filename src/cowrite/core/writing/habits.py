"""Markdown habits: what the signs that people type become.

At the start of a line `# ` to `###### `, `- `, `* `, `+ `, `1. `, `[] `, `[x] `, `> ` and three backticks set the
line's style; another number than 1 does where a list goes on with it, for most are dates and the like. Around text
`**`, `__`, `*`, `_`, `~~` and backticks format it when the closing sign is typed; a web address becomes a link with the
space or the Enter behind it. Each is an undo step of its own, so that undo gives the typed signs back.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, Attributes, utf16_length
from cowrite.core.writing.line import line_at, list_kind
from cowrite.core.writing.stated_numbers import goes_on, handing_over

_NUMBER = re.compile(r"(0|[1-9][0-9]{0,2})[.)] ")
_LINE_SIGNS: tuple[tuple[re.Pattern[str], Attributes], ...] = (
    *((re.compile("#" * level + " "), {"header": level}) for level in range(1, 7)),
    (re.compile(r"[-*+] "), {"list": "bullet"}),
    (_NUMBER, {"list": "ordered"}),
    (re.compile(r"(- )?\[ ?\] "), {"list": "unchecked"}),
    (re.compile(r"(- )?\[[xX]\] "), {"list": "checked"}),
    (re.compile(r"> "), {"blockquote": True}),
    (re.compile(r"```"), {"code-block": True}),
)

_PAIRS: tuple[tuple[re.Pattern[str], str, Attributes], ...] = tuple(
    # The opening sign stands at the start or after a non-word character, the text neither begins nor ends with space.
    (re.compile(rf"(?:^|(?<=[^\w{sign}])){signs}([^\s{sign}](?:[^{sign}]*[^\s{sign}])?){signs}$"), plain, attributes)
    for sign, plain, attributes in (
        (r"\*", "**", {"bold": True}),
        (r"_", "__", {"bold": True}),
        (r"~", "~~", {"strike": True}),
        (r"\*", "*", {"italic": True}),
        (r"_", "_", {"italic": True}),
        (r"`", "`", {"code": True}),
    )
    for signs in (re.escape(plain),)
)

OPEN_CODE = re.compile(r"(?:^|(?<=[^\w`]))`[^\s`][^`]*$")
"""A backtick that begins code which is still being typed: until it is closed, other signs are part of the code."""

TRIGGERS = frozenset(" `*_~")
"""The characters whose typing can complete a habit."""

_LONGEST_SIGN = len("###### ")
_LONGEST_ADDRESS = 8_000  # UTF-16 units, as much as most servers read of one

_GAP = re.compile(rf"[\s{EMBED_CHARACTER}]")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/.<>\"]+[./:][^\s<>\"]+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OPENING = "([{<\"'“‘„«‹"
_CLOSING = ".,;:!?…>\"'”’“»›"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
"""A closing bracket that was opened in the address is part of it."""


class Styled(NamedTuple):
    """A habit took effect.

    Attributes:
        caret: where the caret goes, in UTF-16 units.
        plain_after: names of inline attributes that the text typed next must not have.
    """

    caret: int
    plain_after: tuple[str, ...] = ()


def may_complete(typed: str, before: str) -> bool:
    """Whether the line is worth a look: a space completes signs at its start, and an address.

    Args:
        typed: one of TRIGGERS, just typed.
        before: the line up to the caret behind it.
    """
    if typed != " " or len(before) <= _LONGEST_SIGN:
        return True
    word = before[:-1].rpartition(" ")[2]
    return "://" in word or "www." in word.lower() or "@" in word


def apply_habit(document: Document, at: int) -> Styled | None:
    """Applies the habit that the character before `at`, just typed, completes.

    Args:
        document: the draft.
        at: the caret, in UTF-16 units.

    Returns:
        What was done, or None where no habit is complete (nothing is changed then).
    """
    line = line_at(document, at)
    if line.attributes.get("code-block"):
        return None
    if document.rope.rfind(" ", at) == at - 1:
        if at - line.start <= _LONGEST_SIGN:
            before = document.rope.text(line.start, at)
            return _style_line(document, line.start, line.attributes, before)
        return Styled(at) if link_address(document, at - 1) else None
    before = document.rope.text(line.start, at)
    return _style_line(document, line.start, line.attributes, before) or _format_pair(document, at, before)


def link_address(document: Document, at: int) -> bool:
    """Makes the address that ends at a position, of the web or of mail, a link; says whether there is one that is none
    yet.

    Args:
        document: the draft.
        at: where the address was typed to, in UTF-16 units.
    """
    line, rope = line_at(document, at), document.rope
    start = max(line.start, rope.rfind(" ", at) + 1)
    if at - start > _LONGEST_ADDRESS:
        return False
    found = _address_in(rope.text(start, at))
    if found is None or line.attributes.get("code-block"):
        return False
    before, address = found
    first, length = start + utf16_length(before), utf16_length(address)
    if any({"link", "code"} & span.attributes.keys() for span in document.spans(first, first + length)):
        return False
    with document.steps.apart(), document.edit(Origin.LOCAL) as edit:
        edit.format_text(first, length, {"link": _leads_to(address)})
    return True


def _address_in(word: str) -> tuple[str, str] | None:
    """What stands before the address in what follows a space, and the address without the signs that close a sentence
    around it."""
    address = _GAP.split(word)[-1].lstrip(_OPENING)
    before = word[: len(word) - len(address)]
    while address and (
        address[-1] in _CLOSING
        or (address[-1] in _BRACKETS and address.count(address[-1]) > address.count(_BRACKETS[address[-1]]))
    ):
        address = address[:-1]
    return (before, address) if _ADDRESS.fullmatch(address) or _MAIL.fullmatch(address) else None


def _leads_to(address: str) -> str:
    """Where the link of an address as it is written leads."""
    if "://" in address:
        return address
    return f"mailto:{address}" if _MAIL.fullmatch(address) else f"https://{address}"


def _style_line(document: Document, start: int, attributes: Attributes, before: str) -> Styled | None:
    if "header" in attributes or ("list" in attributes and not before.startswith("[")):
        return None
    style = _style_of(document, start, before)
    if style is None:
        return None
    with document.steps.apart(), document.edit(Origin.LOCAL) as edit, handing_over(document, edit, start, start):
        edit.delete(start, utf16_length(before))
        edit.format_lines(start, 0, {"start": None, **style})
    return Styled(start)


def _style_of(document: Document, start: int, before: str) -> Attributes | None:
    """What was typed at the start of a line makes of it; None where it is text."""
    style = next((style for pattern, style in _LINE_SIGNS if pattern.fullmatch(before)), None)
    match = _NUMBER.fullmatch(before)
    if match is None or style is None or (number := int(match[1])) == 1:
        return style
    if start > 0 and list_kind(line_at(document, start - 1).attributes) == "ordered":
        return style
    return {**style, "start": number} if goes_on(document, start, number) else None


def _format_pair(document: Document, at: int, before: str) -> Styled | None:
    code = OPEN_CODE.search(before)
    for pattern, signs, attributes in _PAIRS:
        match = pattern.search(before)
        if match is None or (code and code.start() < match.start()):
            continue
        inner = utf16_length(match[1])
        first = at - inner - 2 * len(signs)
        if any("code" in span.attributes for span in document.spans(first, at)):
            return None
        with document.steps.apart(), document.edit(Origin.LOCAL) as edit:
            edit.delete(at - len(signs), len(signs))
            edit.delete(first, len(signs))
            edit.format_text(first, inner, attributes)
        return Styled(first + inner, tuple(attributes))
    return None
