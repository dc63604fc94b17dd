"""Markdown as rich text, with markdown-it-py: CommonMark, GitHub's tables, strikethrough, task lists and footnotes, and
HTML.

Reads back exactly what `writer` wrote. What other authors write comes out as follows.

- A line break inside a paragraph is a blank; a hard break or <br> is a line break that does not end the paragraph.
- In a list item, everything after its first line is a plain line indented below it.
- The head of a table is bold, and left out where it is empty. A table stands in no list and in no quote.
- A paragraph that is a LaTeX command for a new page begins one, and so does a <div> that says so.
- Neighbouring lists, quotes and code blocks of one kind merge; a list with numbers begins with the one that it states.
- What other programs note at the head of a file between two `---` is a block of YAML, between two `+++` one of TOML.
- Text that nests blocks deeper than DEEPEST_NESTING is nobody's document; it is read as plain text.
- A footnote is one line, in which soft breaks part paragraphs. Its pictures stand in the text, behind what refers to
  it. One to which nothing refers is a line at the end, and what refers to none is text.
- Blocks of HTML are read as `html.reader` reads them. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from cowrite.convert.cell_lines import add_table
from cowrite.convert.cells import in_bold
from cowrite.convert.footnotes import untold
from cowrite.convert.html.reader import from_html
from cowrite.convert.html.tags import Meaning, attributes_of, block_meaning, breaks_page, declarations, indent_steps
from cowrite.convert.images import ImageOf, named_image
from cowrite.convert.markdown.brackets import read_unclosed
from cowrite.convert.markdown.footnotes import read_footnotes, unreferred, without_definitions
from cowrite.convert.markdown.formulas import read_formulas
from cowrite.convert.markdown.inline import inline_spans
from cowrite.convert.markdown.tables import read_tables
from cowrite.convert.markdown.writer import EMPTY_ITEM, NEW_PAGES
from cowrite.convert.normal import DIVIDER, normal_lines, spans_from
from cowrite.convert.plain_text import from_text
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.text.footnotes import footnote_of
from cowrite.core.text.richtext import PAGE_BREAK, Line, Span, lines_of
from cowrite.core.text.table import Table, row_of, with_tables

DEEPEST_NESTING = 100
"""How deep blocks, frames and brackets may nest, which bounds the recursion in markdown-it.

A list in a list is two levels, so fifty lists or a hundred quotes are read, where rich text has nine and one.
"""

_REMARKS = r"(?:#[^\n]*\n)*"
_NOTED = {
    kind: re.compile(rf"\A{fence}[ \t]*\r?\n(?={_REMARKS}{first})(.*?)^{fence}[ \t]*\r?$", re.DOTALL | re.MULTILINE)
    for kind, fence, first in (("yaml", "---", r"[\w-]+:"), ("toml", r"\+{3}", r"(?:\[|[\w-]+[ \t]*=)"))
}
_ENDS_PAGE = "ends-page"
"""Of a frame: behind it a page begins. Normal form has no such attribute."""

_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_BREAKS = re.compile(r"(?:<br\s*/?>\s*)+", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_TAG = r"<(/?)(div|center|section|article|header|footer|main|p)\b([^<>]*)>\s*"
_ONE_TAG, _TAGS = re.compile(_TAG, re.IGNORECASE), re.compile(f"(?:{_TAG})+", re.IGNORECASE)


def from_markdown(
    text: str,
    image_of: ImageOf = named_image,
    check: Check = unwatched,
    change: Callable[[str], None] = untold,
) -> list[Span]:
    """The rich text of a Markdown document, in normal form.

    Args:
        text: the document.
        image_of: from an image's address, as written, to its `sha256:` name in the document, or None to leave it out;
            the image's description then stands in its place. By default only addresses that are such names are taken.
        check: ends the reading.
        change: is told what comes in otherwise than it was, by a name.
    """
    for language, noted in _NOTED.items():
        text = noted.sub(rf"~~~~~~ {language}\n\g<1>~~~~~~", text)
    markdown = _Markdown(check, change)
    environment: dict[str, Any] = {}
    tokens = markdown.parse(text, environment)
    # markdown-it leaves out what is below the limit, and after a list with all that follows it.
    if any(token.nesting == 1 and token.level + 1 >= DEEPEST_NESTING for token in tokens):
        return from_text(text)

    def lines(blocks: Sequence[Token]) -> list[Line]:
        walker = _Walker(lambda source: _inline_tokens(markdown, source, environment), image_of, check, change)
        walker.walk(blocks)
        return walker.lines

    read = lines(without_definitions(tokens, environment, lines, change))
    read += unreferred(environment, footnote_of)
    return spans_from(watched(normal_lines(watched(read, check)), check))


class _Markdown(MarkdownIt):
    """Leaves addresses as they are written, and the content of paragraphs unread until it is asked for."""

    def __init__(self, check: Check, change: Callable[[str], None]) -> None:
        def go_on(_state: StateBlock, _first: int, _end: int, _silent: bool) -> bool:
            check()
            return False  # it is no rule by which a block is read

        super().__init__("commonmark", {"maxNesting": DEEPEST_NESTING, "html": True})
        self.enable("strikethrough")
        self.core.ruler.disable(["inline", "text_join"])
        self.block.ruler.before("table", "go_on", go_on)
        read_tables(self)
        read_formulas(self)
        read_footnotes(self, change)
        read_unclosed(self)

    def normalizeLink(self, url: str) -> str:  # noqa: N802, the library's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802, the library's name
        return link

    def validateLink(self, url: str) -> bool:  # noqa: N802, the library's name
        return True  # `values.address` decides


def _inline_tokens(markdown: MarkdownIt, source: str, environment: dict[str, Any]) -> list[Token]:
    tokens: list[Token] = []
    markdown.inline.parse(source, markdown, environment, tokens)
    return tokens


@dataclass(slots=True)
class _Container:
    """A block quote or a list item that is open.

    Attributes:
        kind: "blockquote", or an item's `list` attribute.
        frames: how many frames were open when it opened; the ones it opens end with it.
        taken: whether its own line has been met; only items have one.
        number: of an item in an ordered list.
    """

    kind: str
    frames: int
    taken: bool = False
    number: int | None = None


@dataclass(slots=True)
class _List:
    """A list that is open.

    Attributes:
        kind: the `list` attribute of its items.
        number: that of the item which comes next; None in a list of bullets.
    """

    kind: str
    number: int | None

    def item(self, frames: int) -> _Container:
        """Its next item, while so many frames are open."""
        item = _Container(self.kind, frames, number=self.number)
        self.number = None if self.number is None else self.number + 1
        return item


class _Walker:
    """Goes through the blocks of a document in order and collects lines."""

    def __init__(
        self,
        parse_inline: Callable[[str], list[Token]],
        image_of: ImageOf,
        check: Check,
        change: Callable[[str], None],
    ) -> None:
        self.lines: list[Line] = []
        self._parse_inline = parse_inline
        self._image_of = image_of
        self._check = check
        self._change = change
        self._containers: list[_Container] = []
        self._frames: list[Meaning] = []
        self._lists: list[_List] = []
        self._begins_page = False  # the next line

    def walk(self, tokens: Sequence[Token]) -> None:
        at = 0
        while at < len(tokens):
            self._check()
            token = tokens[at]
            if token.type == "table_open":
                at = self._table(tokens, at)
            elif token.type == "heading_open":
                self._paragraph(tokens[at + 1].content, {"header": int(token.tag[1:])})
                at += 2
            elif token.type == "paragraph_open":
                source = tokens[at + 1].content
                if source in NEW_PAGES:
                    self._begins_page = True
                else:
                    self._paragraph(source, {})
                at += 2
            else:
                self._block(token)
            at += 1

    def _block(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._take_item()
                is_ordered = token.tag == "ol"
                number = int(token.attrs.get("start", 1)) if is_ordered else None
                self._lists.append(_List("ordered" if is_ordered else "bullet", number))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._containers.append(self._lists[-1].item(len(self._frames)))
            case "blockquote_open":
                self._containers.append(_Container("blockquote", len(self._frames)))
            case "list_item_close" | "blockquote_close":
                self._leave_container()
            case "hr":
                self._take_item()
                self._add([DIVIDER], {})
            case "fence" | "code_block":
                self._code(token)
            case "html_block":
                self._html(token.content)

    def _leave_container(self) -> None:
        if self._at_item_start():
            self._paragraph("", {})
        container = self._containers.pop()
        del self._frames[container.frames :]

    def _at_item_start(self) -> bool:
        innermost = self._containers[-1] if self._containers else None
        return innermost is not None and innermost.kind != "blockquote" and not innermost.taken

    def _take_item(self) -> None:
        """Something stands first in an item that is not a line of text: the item has no line of its own."""
        for container in self._containers:
            container.taken = True

    def _paragraph(self, source: str, attributes: Meaning) -> None:
        item = self._item()
        if item.get("list") == "bullet" and (task := _TASK.match(source)):
            item = {"list": "unchecked" if task[1] == " " else "checked"}
            source = source[task.end() :]
        self._add(inline_spans(self._parse_inline(source), self._image_of), {**attributes, **item})

    def _item(self) -> Meaning:
        """What makes the next line the innermost item's own; nothing where it is not."""
        innermost = next((one for one in reversed(self._containers) if one.kind != "blockquote"), None)
        own: Meaning = {}
        if innermost is not None and not innermost.taken:
            own = {"list": innermost.kind, "start": innermost.number}
        self._take_item()
        return own

    def _add(self, spans: Sequence[Span], attributes: Meaning) -> None:
        depth = sum(container.kind != "blockquote" for container in self._containers)
        if attributes.get("list"):
            depth -= 1
        block: Meaning = {}
        for frame in self._frames:
            depth += frame.get("indent", 0)
            block |= frame
        if any(container.kind == "blockquote" for container in self._containers):
            block["blockquote"] = True
        depth += attributes.get("indent", 0)
        if self._begins_page:
            block[PAGE_BREAK] = True
            self._begins_page = False
        self.lines.append(Line(tuple(spans), {**block, **attributes, "indent": depth}))

    def _code(self, token: Token) -> None:
        if self._at_item_start():
            self._paragraph("", {})  # code is not an item's own line, so the item gets an empty one
        language = unescapeAll(token.info).strip() or True
        for text in token.content.removesuffix("\n").split("\n"):
            self._add([Span(text)], {"code-block": language})

    def _html(self, source: str) -> None:
        source = source.strip()
        is_frames = _TAGS.fullmatch(source) is not None
        at = 0
        while (tag := _ONE_TAG.match(source, at)) and (is_frames or tag[1]):  # those that end stand before other lines
            self._frame(bool(tag[1]), tag[2].lower(), attributes_of(tag[3]))
            at = tag.end()
        source = source[at:]
        if not source:
            return
        if _BREAKS.fullmatch(source):
            for _ in range(source.count("<")):
                self._paragraph("", {})
        elif source == EMPTY_ITEM and self._at_item_start():
            self._paragraph("", {})
        elif not _COMMENT.fullmatch(source):
            self._foreign(source)

    def _foreign(self, source: str) -> None:
        if source.startswith("<img") and source.find(">") == len(source) - 1:
            self._paragraph(source, {})
            return
        for part in with_tables(
            lines_of(from_html(source, check=self._check, change=self._change, image_of=self._image_of))
        ):
            if isinstance(part, Table):
                self._add_table(part.rows)
            else:
                self._add(part.spans, {**self._item(), **part.attributes})

    def _frame(self, closes: bool, tag: str, attributes: dict[str, str]) -> None:
        if not closes and len(self._frames) < DEEPEST_NESTING:
            style = declarations(attributes.get("style", ""))
            frame = {**block_meaning(tag, attributes, style), "indent": indent_steps(style)}
            self._frames.append({**frame, _ENDS_PAGE: breaks_page(style, "after")})
            self._begins_page = self._begins_page or breaks_page(style, "before")
        elif closes and len(self._frames) > (self._containers[-1].frames if self._containers else 0):
            self._begins_page = self._frames.pop()[_ENDS_PAGE] or self._begins_page

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        """Adds the cells of a table; returns the place of its last token."""
        rows: list[list[Line]] = []
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                style = declarations(str(token.attrs.get("style", "")))
                spans = inline_spans(self._parse_inline(tokens[at + 1].content), self._image_of)
                cell = Line(tuple(spans), block_meaning(token.tag, {}, style))
                rows[-1].append(in_bold(cell) if token.tag == "th" else cell)
            at += 1
        if len(rows) > 1 and not any(cell.spans for cell in rows[0]):
            del rows[0]  # Markdown has no table without a head
        self._add_table([row_of([[cell] for cell in row]) for row in rows])
        return at

    def _add_table(self, rows: Sequence[Sequence[Line]]) -> None:
        if self._at_item_start():
            self._paragraph("", {})  # a table is not an item's own line, so the item gets an empty one
        if self._begins_page:
            self._add([], {})
        add_table(self.lines, rows, self._change)
