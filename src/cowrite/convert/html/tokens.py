"""Splits HTML, however broken, into tags, text and comments, in time that is linear in its length.

A reduced form of the tokenizer in the HTML standard (https://html.spec.whatwg.org/multipage/parsing.html): it makes
the same cuts for what applications put on the clipboard, and never fails. The standard library's html.parser is not
used because the versions up to 3.11.12 that cowrite runs on take quadratic time for malformed input (120 kB of
`<a b='` takes half a minute) and stop with an AssertionError at `<![x`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

RAW_TEXT = frozenset("script style textarea title noscript noembed noframes iframe xmp template".split())
"""Elements whose content is not markup. (A template's is, but none of it is shown.)"""


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag. `source` is what stands between its name and `>`; see `tags.attributes_of`."""

    tag: str
    source: str


@dataclass(frozen=True, slots=True)
class End:
    """An end tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, with character references resolved."""

    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What stands between `<!--` and `-->`, which includes all that only Word's conditional comments show."""

    text: str


@dataclass(frozen=True, slots=True)
class Raw:
    """The content of an element whose content is not markup, such as a style sheet."""

    tag: str
    text: str


Token = Start | End | Text | Comment | Raw

_TAG_NAME = re.compile(r"</?([A-Za-z][^\s/>]{0,63})[^\s/>]*")
_QUOTE_OR_END = re.compile(r"""=\s*(["'])|>""")
_RAW_END = {tag: re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE) for tag in RAW_TEXT}
_ZEROS = re.compile(r"&#([xX]?)0{8,}")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def tokens_of(source: str) -> Iterator[Token]:
    """The tokens of `source`, in order. What is not closed at its end is left out, as browsers do."""
    at = 0
    while at < len(source):
        opening = source.find("<", at)
        if opening != at:
            text = source[at:] if opening < 0 else source[at:opening]
            yield Text(unescaped(text))
            at += len(text)
            continue
        if source.startswith("<!--", at):
            end = source.find("-->", at + 2)  # `<!-->` is a whole comment
            if end < 0:
                return
            yield Comment(source[at + 4 : end])
            at = end + 3
            continue
        name = _TAG_NAME.match(source, at)
        if name is None and source[at + 1 : at + 2] not in ("!", "?", "/"):
            yield Text("<")
            at += 1
            continue
        end = _end_of_tag(source, name.end()) if name else source.find(">", at)
        if end < 0:
            return
        if name is None:  # a declaration, or Word's `<![if …]>`, whose content is shown
            at = end + 1
            continue
        tag = name[1].lower()
        at_end = end + 1
        if source[at + 1] == "/":
            yield End(tag)
        else:
            yield Start(tag, source[name.end() : end])
            if tag in RAW_TEXT:
                closing = _RAW_END[tag].search(source, at_end)
                if closing is None:
                    return
                yield Raw(tag, source[at_end : closing.start()])
                at_end = closing.start()
        at = at_end


def unescaped(text: str) -> str:
    """Text with its character references resolved."""
    if "&" not in text:
        return text
    # Python refuses to read whole numbers of more than some thousand digits, and no character is that far out.
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", _ZEROS.sub(r"&#\1", text)))


def _end_of_tag(source: str, at: int) -> int:
    """The place of the `>` that ends a tag, beyond quoted values; -1 when there is none."""
    while True:
        found = _QUOTE_OR_END.search(source, at)
        if found is None:
            return -1
        if found[1] is None:
            return found.start()
        at = source.find(found[1], found.end()) + 1
        if at == 0:
            return -1
