"""Rich text as values: spans of text with attributes, and the changes that are made to it.

The convention is Quill's (https://quilljs.com/docs/delta): inline attributes sit on characters, block attributes on
the line break that ends the line, and an embed (an image, a divider) is one object that takes the place of one
character. All positions and lengths are in UTF-16 units, as in Qt and in Yjs; `core.text.offsets` converts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NewType

Utf16 = NewType("Utf16", int)
"""A position or a length in UTF-16 units."""

EMBED_CHARACTER = "\ufffc"
"""What stands for an embed wherever the text is a plain string (OBJECT REPLACEMENT CHARACTER)."""

SOFT_BREAK = "\N{LINE SEPARATOR}"
"""A break within a line."""

INLINE_ATTRIBUTES = frozenset(
    "bold italic underline strike code link color background font size script insertion deletion ai".split()
)
BLOCK_ATTRIBUTES = frozenset(
    "header list indent start blockquote code-block align direction page-break divides table column added".split()
)

PAGE_BREAK = "page-break"
"""The block attribute of a line that begins a new page. In a cell it means nothing."""

OF_FIRST = ("start", PAGE_BREAK)
"""Block attributes that only the first has of the lines of which one is made."""

DIVIDES = "divides"
"""The block attribute of a break that is suggested within a line which has one of OF_FIRST: once it is accepted, what
is behind it has these no longer. That it is to look otherwise cannot be suggested."""

TABLE = "table"
"""The block attribute of a cell: the id of its row, see `core.text.table`."""

COLUMN = "column"
"""The block attribute of a cell that says how wide its column is, in thousandths of the table."""

ADDED = "added"
"""The block attribute of a cell in a column that was added to a table: the column's id, see
`core.mending.whole_tables`. A plus stands before it where the cell has come into a row that was there, two where it was
given to one that lacked it."""

LARGEST_NUMBER = 999_999_999
"""Of an item of a list; Markdown has none with more digits."""

DEEPEST_INDENT = 8
"""Steps in that a line can stand; Quill shows no more."""

MARK = "ai"
"""The inline attribute of the assistant's text: the id of a record, see `core.document.assists`."""

INSERTION, DELETION = "insertion", "deletion"
"""The inline attributes of what is suggested to come in and to go: the id of an entry, see
`core.suggestions.changes`."""

SUGGESTIONS = "suggestions"
"""The root that holds these entries."""

PIECE = "comment-piece"
"""The attribute of text that is on its way to a file or from one: in which piece between the ends of comments it
stands, see `convert.comment_pieces`. No document has it."""

RECORDS = frozenset({MARK, INSERTION, DELETION})
"""Inline attributes that say how text came to be there, and not how it looks: nothing else takes them from it."""

Attributes = Mapping[str, Any]
"""Names to JSON values. Treated as immutable everywhere; an attribute that is absent is off."""

NO_ATTRIBUTES: Attributes = {}


def _no_attributes() -> Attributes:
    return NO_ATTRIBUTES


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with one set of attributes, or one embed.

    Attributes:
        text: the characters; EMBED_CHARACTER for an embed.
        attributes: what holds for all of them. A line break carries its line's block attributes.
        embed: what is embedded, such as `{"image": "sha256:…"}` or `{"divider": True}`; None for text.
    """

    text: str
    attributes: Attributes = field(default_factory=_no_attributes)
    embed: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """This span comes in at this position."""

    at: Utf16
    span: Span


@dataclass(frozen=True, slots=True)
class Delete:
    """So many units go from this position on."""

    at: Utf16
    length: Utf16


@dataclass(frozen=True, slots=True)
class Format:
    """These attributes are set on so many units from this position on; a value of None takes one away."""

    at: Utf16
    length: Utf16
    attributes: Attributes


Op = Insert | Delete | Format
"""One step of a change. In a sequence of steps each position counts in the text that the steps before have left."""


def utf16_length(text: str) -> int:
    """Number of UTF-16 units in `text`."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def beginning(text: str, units: int) -> str:
    """The first so many UTF-16 units of a text, and no half of a character."""
    if text.isascii():
        return text[:units]
    return text[:units].encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


MOST_EXACT = 2**53
"""Beyond it a float no longer holds each whole number, and pycrdt takes no int that is much larger."""


def normal_attributes(attributes: Mapping[str, Any] | None) -> Attributes:
    """Attributes without those that are off, and with whole numbers as int.

    A null attribute is an absent one, and pycrdt hands JSON's integers back as floats.
    """
    if not attributes:
        return NO_ATTRIBUTES
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT else value
        for name, value in sorted(attributes.items())
        if value is not None
    }


def for_typing(attributes: Attributes) -> Attributes:
    """The attributes that a person's text takes from text with these: not how that came to be there."""
    if RECORDS.isdisjoint(attributes):
        return attributes
    return {name: value for name, value in attributes.items() if name not in RECORDS}


def attributes_key(attributes: Attributes) -> str:
    """A string that is equal for equal attributes whatever their order; usable as a key."""
    return json.dumps(attributes, sort_keys=True, separators=(",", ":"), ensure_ascii=False) if attributes else ""


def plain_text(spans: Iterable[Span]) -> str:
    """The characters of spans; an embed is EMBED_CHARACTER."""
    return "".join(span.text for span in spans)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same rich text in as few spans as can be: neighbours with equal attributes become one."""
    result: list[Span] = []
    texts: list[str] = []
    attributes: Attributes = NO_ATTRIBUTES
    for span in spans:
        if not span.text:
            continue
        if texts and (span.embed is not None or span.attributes != attributes):
            result.append(Span("".join(texts), attributes))
            texts = []
        if span.embed is not None:
            result.append(span)
        else:
            texts.append(span.text)
            attributes = span.attributes
    if texts:
        result.append(Span("".join(texts), attributes))
    return result


def joined_with(separator: Span, parts: Iterable[Iterable[Span]]) -> list[Span]:
    """The rich text of all parts, with a separator between each two."""
    return joined(span for number, part in enumerate(parts) for span in ((separator, *part) if number else part))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of rich text.

    Attributes:
        spans: its content, without the line break.
        attributes: its block attributes, such as `{"header": 1}` or `{"list": "bullet", "indent": 1}`.
    """

    spans: tuple[Span, ...]
    attributes: Attributes = field(default_factory=_no_attributes)


def lines_of(spans: Iterable[Span], *, keeps_unknown: bool = False, keeps_suggested: bool = False) -> list[Line]:
    """Splits rich text into lines.

    A text that ends with a line break ends there: no empty line follows. A text that does not has a last line without
    block attributes. Empty rich text has no lines.

    Args:
        spans: the rich text.
        keeps_unknown: whether a line also has what another program has set on its break and nobody here knows.
        keeps_suggested: whether a line also has the marks that say what is suggested of its break, and its piece.
    """
    lines: list[Line] = []
    current: list[Span] = []
    for span in spans:
        # Edits at the same moment can leave a line's attributes on characters, where they mean nothing.
        inline = inline_part(span.attributes)
        if span.embed is not None or "\n" not in span.text:
            current.append(Span(span.text, inline, span.embed))
            continue
        *ended, rest = span.text.split("\n")
        block = of_break(span.attributes)
        if not keeps_unknown:
            block = block_part(block)
        if keeps_suggested:
            block = {**block, **{name: inline[name] for name in (INSERTION, DELETION, PIECE) if name in inline}}
        for text in ended:
            if text:
                current.append(Span(text, inline))
            lines.append(Line(tuple(current), block))
            current = []
        if rest:
            current.append(Span(rest, inline))
    if current:
        lines.append(Line(tuple(current)))
    return lines


def block_part(attributes: Attributes) -> Attributes:
    """Those of the attributes that belong to a line."""
    if not attributes:
        return NO_ATTRIBUTES
    return {name: value for name, value in attributes.items() if name in BLOCK_ATTRIBUTES}


def inline_part(attributes: Attributes) -> Attributes:
    """Those of the attributes that belong to characters."""
    if not attributes:
        return NO_ATTRIBUTES
    return {name: value for name, value in attributes.items() if name not in BLOCK_ATTRIBUTES}


def without(attributes: Attributes, *names: str) -> dict[str, Any]:
    """The attributes but for some."""
    return {name: value for name, value in attributes.items() if name not in names}


def of_break(attributes: Attributes) -> Attributes:
    """Of the attributes of a line break those that say what its line is, also what nobody here knows."""
    return {name: value for name, value in attributes.items() if name not in INLINE_ATTRIBUTES}


def spans_of(lines: Iterable[Line]) -> list[Span]:
    """The rich text of lines, each ended by a line break with its block attributes."""
    spans: list[Span] = []
    for line in lines:
        spans.extend(line.spans)
        spans.append(Span("\n", line.attributes))
    return joined(spans)
