"""What stands inside one paragraph or heading of Markdown, as spans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from cowrite.convert import values
from cowrite.convert.html.tags import (
    INLINE_TAGS,
    Meaning,
    attributes_of,
    declarations,
    inline_meaning,
    overlaid,
    typeface,
)
from cowrite.convert.images import ImageOf
from cowrite.core.text.richtext import EMBED_CHARACTER, SOFT_BREAK, Span, joined

_DELIMITERS = {"strong": "bold", "em": "italic", "s": "strike"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(.*?)/?>", re.DOTALL)
_SILENT_TAGS = frozenset("wbr p div center details summary picture source svg path o:p".split())
"""Tags that say nothing about characters, and that no one means as text."""


def inline_spans(tokens: Sequence[Token], image_of: ImageOf) -> list[Span]:
    """The content of a paragraph. A hard break, or <br>, is a line separator.

    HTML tags count up to the end of the paragraph at most. A tag that HTML does not know stays as text, because
    `Vec<T>` in running text is no markup.
    """
    reader = _Reader(image_of)
    for token in tokens:
        reader.take(token)
    return reader.finished()


@dataclass(slots=True)
class _Reader:
    image_of: ImageOf
    _spans: list[Span] = field(default_factory=list)
    _open: list[tuple[str, Meaning]] = field(default_factory=list)
    _attributes: dict[str, Any] = field(default_factory=dict)

    def finished(self) -> list[Span]:
        return joined(self._spans)

    def take(self, token: Token) -> None:
        kind = token.type
        if kind in ("text", "text_special"):
            self._add(token.content)
        elif kind == "softbreak":
            if not self._spans or not self._spans[-1].text.endswith(SOFT_BREAK):  # behind <br> no blank is shown
                self._add(" ")
        elif kind == "hardbreak":
            self._add(SOFT_BREAK)
        elif kind == "code_inline":
            self._spans.append(Span(token.content, {**self._attributes, "code": True}))
        elif kind == "html_inline":
            self._take_html(token.content)
        elif kind == "footnote_reference":
            self._spans += token.meta["note"](self.image_of)
        elif kind == "image":
            self._add_image(str(token.attrs.get("src", "")), {"alt": _text_of(token.children or ())})
        elif kind == "link_open":
            address = values.address(token.attrs.get("href"))
            self._enter("link", {"link": address} if address else {})
        elif kind.endswith("_open"):
            self._enter(kind, {_DELIMITERS[kind.removesuffix("_open")]: True})
        elif kind.endswith("_close"):
            self._leave("link" if kind == "link_close" else kind.removesuffix("_close") + "_open")

    def _add(self, text: str) -> None:
        self._spans.append(Span(text, self._attributes))

    def _add_image(self, address: str, attributes: dict[str, Any]) -> None:
        name = self.image_of(address)
        if name is None:
            # What is not taken is still named: by its description, which leads to it.
            link = values.address(address)
            text = attributes.get("alt") or "image"
            self._spans.append(Span(text, {"link": link, **self._attributes} if link else self._attributes))
            return
        self._spans.append(Span(EMBED_CHARACTER, {**self._attributes, **attributes}, {"image": name}))

    def _take_html(self, source: str) -> None:
        match = _TAG.fullmatch(source)
        if match is None:  # a comment or a declaration
            return
        closes, tag, attributes = match[1], match[2].lower(), attributes_of(match[3])
        if tag == "br":
            self._add(SOFT_BREAK)
        elif tag == "img":
            self._add_image(attributes.get("src", ""), attributes)
        elif tag not in INLINE_TAGS:
            if tag not in _SILENT_TAGS:
                self._add(source)
        elif tag == "a" and not attributes and not (closes and any(name == tag for name, _ in self._open)):
            self._add(source)  # a link that leads nowhere is a sign in somebody's text, such as `#include <a>`
        elif closes:
            self._leave(tag)
        else:
            style = declarations(attributes.get("style", ""))
            self._enter(tag, inline_meaning(tag, attributes, style) | typeface(style))

    def _enter(self, name: str, meaning: Meaning) -> None:
        self._open.append((name, meaning))
        self._attributes = overlaid(self._attributes, meaning)

    def _leave(self, name: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == name:
                del self._open[at]
                self._attributes = {}
                for _, meaning in self._open:
                    self._attributes = overlaid(self._attributes, meaning)
                return


def _text_of(tokens: Sequence[Token]) -> str:
    """The plain text of an image's description."""
    return "".join(
        _text_of(token.children) if token.children else " " if token.type == "softbreak" else token.content
        for token in tokens
        if token.type != "html_inline"
    )
