"""HTML as rich text: what browsers and other applications put on the clipboard, and HTML files.

Reads Google Docs, Word, LibreOffice, Apple's editors, Gmail, GitHub, VS Code and plain web pages; what they have in
common is little, so most of this is about one or the other. Rules:

- Nothing is fetched and nothing runs. Scripts, styles, frames and everything hidden are left out. Links lead
  where `values.address` lets them. Only `data:` images are taken.
- Headings, lists, quotes, code, alignment, direction and indents become block attributes; bold and the like, links,
  colours and highlights inline ones. Fonts and sizes are dropped, and so are the colours that stand for "none":
  near-black or near-white text, backgrounds of a page, the blue of a link.
- What refers to a note below it, and is referred to there, is a footnote (see `footnotes`), behind which its
  pictures stand.
- The sign beside a heading by which a page links to it is left out.
- Where a page begins, the next line is its first one.
- A line break starts a new line, except in a heading, which stays one. In a list item, that is a plain line indented
  below the item.
- A table that only lays out a page is read as the page (see `tables`).
- Between StartFragment and EndFragment comments, only what is between them counts.
- Elements nested deeper than DEEPEST are read as if they were not there. Time and memory grow with the length of the
  input, never with its square.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cowrite.convert.check_boxes import with_check_mark
from cowrite.convert.data_images import image_data
from cowrite.convert.footnotes import untold
from cowrite.convert.heading_links import Places, with_heading_links
from cowrite.convert.html import elements, formulas
from cowrite.convert.html.elements import Element, inside
from cowrite.convert.html.footnotes import with_footnotes
from cowrite.convert.html.formulas import PageFormula
from cowrite.convert.html.lines import Lines, White
from cowrite.convert.html.pictures import is_icon, said_by
from cowrite.convert.html.stylesheet import StyleSheet
from cowrite.convert.html.tables import Cell, has_border, span_of, table_of, width_of
from cowrite.convert.html.tags import attributes_of, breaks_page, declarations, overlaid
from cowrite.convert.html.tokens import Comment, End, Raw, Start, Text, Token, tokens_of
from cowrite.convert.normal import DIVIDER, normal_lines, spans_from
from cowrite.convert.values import address
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.text.richtext import EMBED_CHARACTER, PAGE_BREAK, Line, Span
from cowrite.core.text.table import MOST_COLUMNS

DEEPEST = 256
TakeImage = Callable[[bytes, str], str | None]
"""From an image's bytes and media type to its `sha256:` name; None for what is no picture."""
ImageOf = Callable[[str], str | None]
"""From an image's address in a text to its `sha256:` name; None for an image that is not taken."""

_TAB_COUNT = re.compile(r"[0-9]{1,2}")
_PERMALINKS = frozenset("#¶§🔗")

# What an opening tag closes first, and the tags beyond which it does not look.
_CLOSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), elements.LISTS | elements.CELLS),
    **dict.fromkeys(("dt", "dd"), (frozenset({"dt", "dd"}), frozenset({"dl"}) | elements.CELLS)),
    **dict.fromkeys(elements.CELLS, (elements.CELLS, frozenset({"tr", "table"}))),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "rt": (frozenset({"rt"}), frozenset({"ruby"})),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (frozenset({"tbody", "thead", "tfoot"}), frozenset({"table"}))),
}
_FOREIGN = frozenset({"svg", formulas.TAG})  # of which a tag that ends in a slash is a whole element
_AROUND = {"q": ("“", "”"), "rt": ("(", ")")}  # what browsers show around words, or what stands for how they show them
_PARAGRAPH = frozenset({"p"})
_TABLE_PARTS = frozenset("table tbody thead tfoot tr td th caption".split())
_BARRIER = elements.CELLS | {"caption"}


def from_html(
    html: str,
    images: TakeImage | None = None,
    missed: Callable[[str], object] | None = None,
    *,
    check: Check = unwatched,
    change: Callable[[str], None] = untold,
    takes_letters: bool = False,
    image_of: ImageOf | None = None,
) -> list[Span]:
    """The rich text of an HTML document or fragment, in normal form.

    Args:
        html: the source, however broken.
        images: stores an image and returns its name; without it, images are left out.
        missed: is told the address of each picture that is not within the HTML.
        check: ends the reading.
        change: is told what comes in otherwise than it was, by a name.
        takes_letters: whether fonts and sizes that another program has set for words come in.
        image_of: in place of `images` and `missed`, gives the name of the image to which an address leads; one that it
            does not take is named by its description, which leads to it.
    """
    reader = _Reader(images, missed, change, image_of, takes_letters=takes_letters)
    reader.read(watched(tokens_of(html), check))
    lines = with_footnotes(list(watched(reader.lines(), check)), change)
    lines = with_heading_links(lines, keeps_others=True)
    return spans_from(watched(normal_lines(watched(lines, check)), check))


class _Reader:
    """Keeps the stack of open elements, as browsers would, and hands text to `Lines`."""

    def __init__(
        self,
        images: TakeImage | None,
        missed: Callable[[str], object] | None,
        change: Callable[[str], None],
        image_of: ImageOf | None,
        *,
        takes_letters: bool,
    ) -> None:
        self._images = images
        self._image_of = image_of
        self._missed = missed
        self._change = change
        self._sheet = StyleSheet()
        self._lines = Lines(self._claim)
        self._stack = [Element("", takes_letters=takes_letters)]
        self._open: Counter[str] = Counter()
        self._pre_begins = False
        self._begins_page = False  # the next line
        self._places = Places()
        self._formula: PageFormula | None = None  # that is being read
        self._again = ""  # behind a formula: the tag or class of what shows it once more, for the eye

    def lines(self) -> list[Line]:
        return [with_check_mark(line) for line in self._lines.finished()]

    def read(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            if self._formula is not None:
                if self._formula.takes(token):
                    continue
                self._end_formula(self._formula)
            if isinstance(token, Text):
                self._text(token.text)
            elif isinstance(token, Start):
                self._start(token)
            elif isinstance(token, End):
                self._end(token.tag)
            elif isinstance(token, Raw):
                if token.tag == "style":
                    self._sheet.add(token.text)
            elif words := formulas.in_comment(token.text):
                self._add_formula(words, "img")
            elif self._is_end_of_fragment(token):
                break
            self._pre_begins = isinstance(token, Start) and token.tag == "pre"
        if self._formula is not None:
            self._end_formula(self._formula)
        self._close_down_to(1)

    def _is_end_of_fragment(self, comment: Comment) -> bool:
        name = comment.text.strip()
        if name == "StartFragment":
            self._lines.forget()
            self._begins_page = False
        return name == "EndFragment"

    def _text(self, text: str) -> None:
        top = self._stack[-1]
        if top.marks and top.item is not None and not text.isspace():
            top.item.mark(text)
        if top.hidden or top.marks or _is_permalink(top, text):
            return
        if self._pre_begins:
            text = text.removeprefix("\r").removeprefix("\n")
        # Browsers put a blank at the edge of what is copied into a span of its own, as a no-break space.
        self._again = self._again if text.isspace() else ""
        alone = text == "\u00a0" and top.tag == "span" and not top.meaning
        attributes = top.attributes
        if begun := self._places.begin_with(text):
            attributes = {**attributes, **begun}
        self._lines.text(text, attributes, White.SPACES if alone else top.white)

    def _claim(self) -> Mapping[str, Any]:
        """The block attributes of a line that begins here."""
        top = self._stack[-1]
        block = dict(top.block)
        indent = top.steps
        if (item := top.item) is not None:
            indent += item.depth + (1 if item.taken else 0)
            if not item.taken:
                block["list"] = item.kind
                block["start"] = item.number
                item.taken = True
        elif top.depth >= 0:
            indent += top.depth + 1
        block["indent"] = indent
        return {**block, **self._page()}

    def _page(self) -> Mapping[str, Any]:
        """The attribute of the line that comes next if it is the first of a page."""
        begins, self._begins_page = self._begins_page, False
        return {PAGE_BREAK: True} if begins else {}

    def _start(self, token: Start) -> None:
        tag = token.tag
        attributes = attributes_of(token.source) if token.source and not token.source.isspace() else {}
        if tag in elements.VOID:
            self._void(tag, attributes)
            return
        self._close_before(tag)
        if len(self._stack) > DEEPEST:
            return
        if tag in elements.BLOCKS:
            self._lines.end_block()
            self._again = ""
        element = inside(self._stack[-1], tag, attributes, self._sheet)
        element.hidden = element.hidden or self._again in attributes.get("class", "").split()
        if tag in elements.LISTS and element.item is not None:
            element.item.taken = True  # the item has nothing of its own but this list
        self._stack.append(element)
        self._open[tag] += 1
        if element.hidden:
            if tag in _FOREIGN and token.source.endswith("/"):
                self._close_down_to(len(self._stack) - 1)
            elif tag == formulas.TAG and not self._stack[-2].hidden:
                self._formula = PageFormula()
            return
        self._begins_page = self._begins_page or element.begins_page
        self._places.meet(attributes.get("id", ""))
        if tag == "a":
            self._places.meet(attributes.get("name", ""))
        if tag in _AROUND:
            self._text(_AROUND[tag][0])
        elif tag == "table" or tag == "tr" or tag in elements.CELLS:
            self._open_part(element, attributes)
        elif tag == "colgroup" and self._open["table"]:
            self._lines.column()
        elif tag == "span" and "mso-tab-count" in token.source:
            self._word_tabs(attributes)

    def _open_part(self, element: Element, attributes: Mapping[str, str]) -> None:
        """Opens a table, or a row or a cell of the innermost one."""
        around = next((each for each in reversed(self._stack[:-1]) if each.opens), None)
        if element.tag == "table":
            if element.item is not None and not element.item.taken:
                self._lines.line_break()  # a table is not an item's own line, so the item gets an empty one
            if self._begins_page:
                self._lines.line(Line((), self._page()))
            style = elements.style_of("table", attributes, self._sheet)
            self._lines.open_table(table_of(attributes, style))
        elif around is None or around.tag != ("table" if element.tag == "tr" else "tr"):
            return
        elif element.tag == "tr":
            self._lines.open_row()
        else:
            style = elements.style_of(element.tag, attributes, self._sheet)
            columns, rows = span_of(attributes.get("colspan", "")), span_of(attributes.get("rowspan", ""))
            drawn = has_border(style)
            self._lines.open_cell(Cell([], element.block, max(1, columns), rows, element.is_head, drawn))
        element.opens = True

    def _word_tabs(self, attributes: Mapping[str, str]) -> None:
        """A tab in Word is an element full of no-break spaces."""
        match = _TAB_COUNT.match(declarations(attributes.get("style", "")).get("mso-tab-count", ""))
        self._lines.text("\t" * int(match[0] if match else 1), self._stack[-1].attributes, White.KEEP)
        self._stack[-1].hidden = True

    def _close_before(self, tag: str) -> None:
        if tag in elements.BLOCKS and self._open["p"]:
            self._close_nearest(_PARAGRAPH, _BARRIER)
        if tag in elements.HEADINGS and self._stack[-1].tag in elements.HEADINGS:
            self._close_down_to(len(self._stack) - 1)
        if tag == "a" and self._open["a"]:
            self._end("a")
        if tag in _CLOSES:
            self._close_nearest(*_CLOSES[tag])

    def _end(self, tag: str) -> None:
        if tag == "br":
            self._void(tag, {})
        elif tag == "p" and not self._open["p"]:
            self._lines.end_block()
        elif self._open[tag]:
            if tag in elements.FORMATTING:
                self._end_formatting(tag)
            else:
                self._close_nearest(frozenset({tag}), frozenset({"table"}) if tag in _TABLE_PARTS else _BARRIER)

    def _end_formula(self, formula: PageFormula) -> None:
        words, self._formula = formula.in_a_line(), None
        self._close_down_to(len(self._stack) - 1)
        if words:
            self._add_formula(words, "katex-html")

    def _add_formula(self, words: str, again: str) -> None:
        self._change("formulas")
        self._text(words)
        self._again = again

    def _end_formatting(self, tag: str) -> None:
        """Ends a formatting element; paragraphs that were opened inside it stay open, without its format."""
        at = len(self._stack) - 1
        while self._stack[at].tag != tag:
            if self._stack[at].tag in _BARRIER:
                return
            at -= 1
        above = self._stack[at + 1 :]
        if not any(element.tag in elements.BLOCKS for element in above):
            self._close_down_to(at)
            return
        del self._stack[at]
        self._open[tag] -= 1
        attributes = self._stack[at - 1].attributes
        for element in above:
            element.attributes = attributes = overlaid(attributes, element.meaning)

    def _close_nearest(self, tags: frozenset[str], barrier: frozenset[str]) -> None:
        for at in range(len(self._stack) - 1, 0, -1):
            if self._stack[at].tag in tags:
                self._close_down_to(at)
                return
            if self._stack[at].tag in barrier:
                return

    def _close_down_to(self, height: int) -> None:
        while len(self._stack) > height:
            element = self._stack[-1]
            self._leave(element)
            self._stack.pop()
            self._open[element.tag] -= 1

    def _leave(self, element: Element) -> None:
        if element.tag in _AROUND:
            self._text(_AROUND[element.tag][1])
        if element.tag not in elements.BLOCKS:
            return
        self._lines.end_block()
        if element.hidden:
            return
        self._begins_page = self._begins_page or element.ends_page
        if element.tag == "li" and element.item is not None and not element.item.taken:
            self._lines.line_break()
        elif element.opens and element.tag in elements.CELLS:
            self._lines.close_cell()
        elif element.opens and element.tag == "table":
            self._lines.close_table()

    def _void(self, tag: str, attributes: Mapping[str, str]) -> None:
        top = self._stack[-1]
        if top.hidden:
            return
        style = declarations(attributes.get("style", ""))
        if tag in ("br", "hr") and (breaks_page(style, "before") or breaks_page(style, "after")):
            self._lines.end_block()
            self._begins_page = True
            if tag == "br" or style.get("display") == "none":  # as Word and Google Docs write page breaks
                return
        if tag == "br":
            if attributes.get("class") == "Apple-interchange-newline":
                return
            if "header" in top.block:
                self._lines.soft_break(top.attributes)
            else:
                self._lines.line_break()
        elif tag == "hr":
            self._lines.end_block()
            self._lines.line(Line((DIVIDER,), self._page()))
        elif tag == "img":
            self._image(attributes)
        elif tag == "col" and self._open["table"]:
            width = width_of(elements.style_of("col", attributes, self._sheet))
            self._lines.column([width] * min(max(1, span_of(attributes.get("span", ""))), MOST_COLUMNS))
        elif tag == "input" and attributes.get("type", "").lower() == "checkbox" and top.item is not None:
            top.item.kind = "checked" if "checked" in attributes else "unchecked"

    def _image(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("aria-roledescription") == "checkbox":  # Google Docs' picture of a check box
            return
        if self._again == "img":
            self._again = ""
            return
        alt, source = attributes.get("alt", ""), attributes.get("src", "")
        if image := self._name_of(source):
            described = {name: attributes[name] for name in ("alt", "width", "height") if name in attributes}
            self._lines.embed(Span(EMBED_CHARACTER, {**self._stack[-1].attributes, **described}, {"image": image}))
        elif words := said_by(alt):
            self._lines.text(words, self._stack[-1].attributes, White.KEEP)
        elif self._image_of:
            link = {"link": leads} if (leads := address(source)) else {}
            self._lines.text(alt or "image", {**link, **self._stack[-1].attributes}, White.KEEP)
        elif self._missed and not is_icon(attributes):
            self._missed(source)

    def _name_of(self, source: str) -> str | None:
        """The name of the image at an address; None for one that is not taken."""
        if self._image_of:
            return self._image_of(source)
        data = image_data(source) if self._images else None
        return self._images(*data) if self._images and data else None


def _is_permalink(element: Element, text: str) -> bool:
    """Whether this is the sign beside a heading by which a page links to that heading."""
    leads_here = str(element.attributes.get("link", "")).startswith("#")
    return leads_here and "header" in element.block and text.strip() in _PERMALINKS
