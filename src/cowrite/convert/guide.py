"""The guide that comes with cowrite: pages of Markdown, and the parts of them in which something can be found.

Their HTML is for Qt's text browser, which looks for the place of a link in the names of anchors.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cowrite.convert.errors import UnreadableGuide

PAGES = ("first-steps", "together", "writing", "brainstorming", "assistant", "keyboard", "saving", "formats")
"""The files of the guide without their endings, in the order in which one reads them."""

_NO_ANCHOR = re.compile(r"[^\w\- ]")


class Part(NamedTuple):
    """What stands below one heading.

    Attributes:
        title: the heading.
        anchor: by what a link leads there.
        level: 1 for the page's title.
        words: all that is said there, the heading included, in lower case.
    """

    title: str
    anchor: str
    level: int
    words: str


class GuidePage(NamedTuple):
    """A page.

    Attributes:
        path: its file.
        title: what it is about.
        parts: in their order.
        html: all of it.
    """

    path: Path
    title: str
    parts: tuple[Part, ...]
    html: str


class Guide:
    """The pages, each read when it is first asked for.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, GuidePage] = {}

    @cached_property
    def pages(self) -> tuple[GuidePage, ...]:
        """The pages in their order.

        Raises:
            UnreadableGuide: one of them cannot be read.
        """
        return tuple(self.page(self._folder / f"{name}.md") for name in PAGES)

    def page(self, path: Path) -> GuidePage:
        """One page.

        Args:
            path: its file, or that of another Markdown file to which a page leads.

        Raises:
            UnreadableGuide: it cannot be read.
        """
        path = Path(os.path.normpath(path))
        if path not in self._read:
            try:
                self._read[path] = read_page(path)
            except (OSError, UnicodeDecodeError) as error:
                raise UnreadableGuide(path, getattr(error, "strerror", None) or "it is not text") from error
        return self._read[path]

    def found(self, words: str) -> list[tuple[GuidePage, list[Part]]]:
        """Where all of these words are said.

        Args:
            words: what somebody looks for; parts of words count. Without any, all that there is.

        Returns:
            The pages with their parts in which that is, in their order.
        """
        wanted = words.casefold().split()
        found = (
            (page, [part for part in page.parts if all(each in part.words for each in wanted)]) for page in self.pages
        )
        return [(page, parts) for page, parts in found if parts]


def read_page(path: Path) -> GuidePage:
    """Reads a page.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it is not text.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    parts = _parts(tokens)
    for heading, part in zip(_headings(tokens), parts, strict=True):
        anchor = Token("html_inline", "", 0, content=f'<a name="{part.anchor}"></a>')
        heading.children = [anchor, *(heading.children or ())]
    for token in tokens:
        if token.type == "table_open":
            token.attrs = {"cellspacing": "0", "cellpadding": "6", "width": "100%"}
    title = parts[0].title if parts else path.stem
    return GuidePage(path, title, parts, markdown.renderer.render(tokens, markdown.options, {}))


def _headings(tokens: Sequence[Token]) -> list[Token]:
    """What is written in each heading."""
    return [inline for opening, inline in pairwise(tokens) if opening.type == "heading_open"]


def _parts(tokens: Sequence[Token]) -> tuple[Part, ...]:
    parts: list[tuple[str, int, list[str]]] = []
    level = 0
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "inline" and level:
            parts.append((_text(token), level, []))
            level = 0
        elif token.type in ("code_block", "fence") and parts:
            parts[-1][2].append(token.content)
            continue
        if token.type == "inline" and parts:
            parts[-1][2].append(_text(token))
    return tuple(Part(title, _anchor(title), level, " ".join(words).casefold()) for title, level, words in parts)


def _text(inline: Token) -> str:
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or ()
    )


def _anchor(title: str) -> str:
    """As GitHub makes it of a heading, so that a link leads to the same place there."""
    return _NO_ANCHOR.sub("", title.lower()).replace(" ", "-")
