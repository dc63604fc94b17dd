"""What a widget holds as rich text of the body, and the smallest edit that takes a change of it over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFragment

from cowrite.bridge.page.composed import composed_along
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.bridge.page.unwritten import BREAK
from cowrite.core.document.document import Document
from cowrite.core.document.edit import Edit
from cowrite.core.text.offsets import InsideCharacter, code_point_of_utf16, without_lone_surrogates
from cowrite.core.text.richtext import (
    EMBED_CHARACTER,
    NO_ATTRIBUTES,
    Attributes,
    Span,
    block_part,
    for_typing,
    joined,
    utf16_length,
)
from cowrite.core.text.rope import Rope
from cowrite.core.text.table import is_closed
from cowrite.core.writing.line import are_whole_lines, line_at
from cowrite.core.writing.lines import in_row_of

# At most of these Qt begins a block. The last two PySide takes for byte order marks where a string begins with them:
# it leaves U+FEFF out and turns the bytes around after U+FFFE.
_UNSHOWABLE = re.compile("[\r\u2029\ufdd0\ufdd1\ufffc\ufeff\ufffe]")
_STAND_INS = {"\r": "\u200b", "\u2029": "\u2028", "\ufeff": "\u2060"}


def fragment_text(text_document: QTextDocument, fragment: QTextFragment) -> str:
    """The text of a fragment of a widget, with as many UTF-16 units: U+FFFD stands for each half of a character."""
    text = fragment.text()
    if utf16_length(text) != fragment.length():  # PySide leaves lone surrogates out
        units = range(fragment.position(), fragment.position() + fragment.length())
        text = without_lone_surrogates("".join(map(text_document.characterAt, units)))
    return text


def read_spans(text_document: QTextDocument, formats: TextFormats, start: int, stop: int) -> Iterator[Span]:
    """The rich text of a widget between two positions (UTF-16 units)."""
    block = text_document.findBlock(start)
    while block.isValid() and block.position() < stop:
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            first = max(start, fragment.position())
            last = min(stop, fragment.position() + fragment.length())
            if first < last:
                text = fragment_text(text_document, fragment)
                text = text[
                    code_point_of_utf16(text, first - fragment.position()) : code_point_of_utf16(
                        text, last - fragment.position()
                    )
                ]
                format = fragment.charFormat()
                attributes, embed = formats.attributes(format), formats.embed(format)
                if embed is None:
                    yield Span(text.replace(EMBED_CHARACTER, "\ufffd"), attributes)
                    text = ""
                for character in text:  # what is typed beside an embed inherits its format
                    is_embed = character == EMBED_CHARACTER
                    yield Span(character, attributes, embed if is_embed else None)
            iterator += 1
        end = block.position() + block.length() - 1
        if start <= end < stop:
            yield Span("\n", formats.line_attributes(block.blockFormat()))
        block = block.next()


def text_between(text_document: QTextDocument, start: int, stop: int) -> str:
    """The characters of a widget between two positions (UTF-16 units), with plain line breaks, also between cells."""
    cursor = QTextCursor(text_document)
    cursor.setPosition(start)
    block = cursor.block()
    parts: list[str] = []
    while start < stop:
        end = min(stop, block.position() + block.length() - 1)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        parts.append(cursor.selectedText())
        start, block = end + 1, block.next()
        parts.append("\n" if start <= stop else "")
    return "".join(parts)


def whole_characters(rope: Rope, start: int, stop: int) -> tuple[int, int]:
    """The smallest range of the body that holds another one and halves no character (UTF-16 units)."""
    return start - _is_inside(rope, start), stop + _is_inside(rope, stop)


def _is_inside(rope: Rope, at: int) -> bool:
    try:
        rope.octet_of(at)
    except InsideCharacter:
        return True
    return False


def take_over(edit: Edit, rope: Rope, at: int, removed: int, new: list[Span]) -> None:
    """Makes the smallest edit that puts other rich text in the place of some units; lines keep their look.

    Whose text it is stays as it is: what comes in is a person's, also where Qt gave it the look of the assistant's.

    Args:
        edit: where it is made.
        rope: the body.
        at: position in UTF-16 units.
        removed: so many units give way.
        new: what takes their place.
    """
    old = list(rope.spans(at, at + removed))
    old_text, new_text = _comparable(old), _comparable(new)
    head = _common_prefix(old_text, new_text)
    tail = _common_prefix(old_text[head:][::-1], new_text[head:][::-1])
    start = at + _units(old, 0, head)
    kept = _units(old, len(old_text) - tail, len(old_text))
    edit.delete(start, at + removed - kept - start)
    position = start
    for span in joined(_cut(new, head, len(new_text) - tail)):  # plain lines and their breaks are one run
        edit.insert_span(position, replace(span, attributes=for_typing(span.attributes)))
        position += utf16_length(span.text)
    for first, spans in ((at, _cut(new, 0, head)), (position, _cut(new, len(new_text) - tail, len(new_text)))):
        _take_over_attributes(edit, rope, first, spans)


def style_of_first(
    document: Document, text_document: QTextDocument, at: int, old_stop: int, new_stop: int
) -> Attributes | None:
    """The style of the first of whole lines that have given way to one line, or to nothing: Qt leaves that of the last.
    None where something else has happened.

    Args:
        document: where they are still there.
        text_document: the widget's, where they are not any more.
        at: position in UTF-16 units.
        old_stop: where what has given way ended.
        new_stop: where what is in its place ends.
    """
    has_text = at < min(old_stop, new_stop)
    ends_line = has_text and text_document.characterAt(new_stop - 1) == BREAK
    if ends_line and document.rope.rfind("\n", old_stop) == old_stop - 1:  # Qt counts a break that is still there
        old_stop, new_stop = old_stop - 1, new_stop - 1
    is_one = at < old_stop and text_document.findBlock(at) == text_document.findBlock(new_stop)
    return line_at(document, at).attributes if is_one and are_whole_lines(document, at, old_stop) else None


def take_over_lines(
    edit: Edit,
    rope: Rope,
    text_document: QTextDocument,
    formats: TextFormats,
    start: int,
    stop: int,
    style: Attributes | None,
) -> None:
    """Gives the lines between two positions of the body the style that they have in the widget, the first of them
    another where it is given; it is a cell where it is one in the widget."""
    block = text_document.findBlock(start)
    while block.isValid() and block.position() <= stop:
        end = block.position() + block.length() - 1
        wanted = formats.line_attributes(block.blockFormat())
        wanted = wanted if style is None else in_row_of(style, wanted)
        style = None
        if end < rope.units:
            edit.format(end, 1, difference(block_part(rope.attributes_at(end)), wanted))
        elif wanted or is_closed(rope):
            edit.insert(end, "\n", wanted)
        block = block.next()


def smallest(at: int, old: str, new: str) -> tuple[int, int, str]:
    """The smallest replacement that makes one plain text of another.

    Args:
        at: position of the old text in UTF-16 units.
        old: the text that is there.
        new: the text that is to be there.

    Returns:
        The position, so many units that give way, and what takes their place.
    """
    head = _common_prefix(old, new)
    at += utf16_length(old[:head])
    old, new = old[head:], new[head:]
    tail = _common_prefix(old[::-1], new[::-1])
    return at, utf16_length(old[: len(old) - tail]), new[: len(new) - tail]


def plain_text(document: QTextDocument) -> str:
    """The plain text of a widget, letter by letter: Qt's own makes common spaces of those that no line breaks at."""
    return document.toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


def show_plain(document: QTextDocument, text: str) -> None:
    """Makes the plain text of a widget another one by the smallest replacement: caret, selection and what is composed
    stay where they were."""
    at, removed, new = smallest(0, plain_text(document), text)
    if removed or new:
        cursor = QTextCursor(document)
        cursor.setPosition(at)
        cursor.setPosition(at + removed, QTextCursor.MoveMode.KeepAnchor)
        with composed_along(document):
            cursor.insertText(new)


def _take_over_attributes(edit: Edit, rope: Rope, at: int, spans: list[Span]) -> None:
    for span in spans:
        stop = at + utf16_length(span.text)
        for there in list(rope.spans(at, stop)):
            units = utf16_length(there.text)
            if there.text != "\n":
                edit.format(at, units, for_typing(difference(there.attributes, span.attributes)))
            at += units


def shown_text(span: Span) -> str:
    """What the widget holds for a span: characters that Qt or PySide would not take for text have stand-ins.

    Other programs can write these into the shared document. Both texts have the same number of UTF-16 units.
    """
    text = span.text
    if span.embed is not None or (text.isascii() and "\r" not in text) or not _UNSHOWABLE.search(text):
        return text
    return _UNSHOWABLE.sub(lambda found: _STAND_INS.get(found[0], "\ufffd"), text)


def difference(old: Attributes, new: Attributes) -> Attributes:
    """What to set on characters with `old` attributes so that they have `new`: None takes one away."""
    if old == new:
        return NO_ATTRIBUTES
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    return {**dict.fromkeys(name for name in old if name not in new), **changed}


def _comparable(spans: list[Span]) -> str:
    """Text in which two embeds are one character each, equal only where the embeds are."""
    return "".join(
        chr(0xF0000 + hash(tuple(sorted(map(str, span.embed.items())))) % 0xFFFD)
        if span.embed is not None
        else shown_text(span)
        for span in spans
    )


def _common_prefix(one: str, other: str) -> int:
    """Number of characters that two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(spans: list[Span], start: int, stop: int) -> list[Span]:
    """The part of spans between two characters (code points)."""
    pieces = []
    for span in spans:
        size = len(span.text)
        first, last = max(0, start), min(size, stop)
        if first < last:
            pieces.append(span if last - first == size else Span(span.text[first:last], span.attributes, span.embed))
        start -= size
        stop -= size
    return pieces


def _units(spans: list[Span], start: int, stop: int) -> int:
    return sum(utf16_length(span.text) for span in _cut(spans, start, stop))
