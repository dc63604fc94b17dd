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
- Elements nested very deep are read as if they were not there (see `open_elements`). Time and memory grow with the
  length of the input, never with its square.
"""

from __future__ import annotations

import re
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
from cowrite.convert.html.open_elements import OpenElements
from cowrite.convert.html.pictures import is_icon, said_by
from cowrite.convert.html.stylesheet import StyleSheet
from cowrite.convert.html.tables import Cell, has_border, span_of, table_of, width_of
from cowrite.convert.html.tags import attributes_of, breaks_page, declarations
from cowrite.convert.html.tokens import Comment, End, Raw, Start, Text, Token, tokens_of
from cowrite.convert.images import ImageOf, TakeImage
from cowrite.convert.normal import DIVIDER, normal_lines, spans_from
from cowrite.convert.values import address
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.text.richtext import EMBED_CHARACTER, PAGE_BREAK, Line, Span
from cowrite.core.text.table import MOST_COLUMNS

_TAB_COUNT = re.compile(r"[0-9]{1,2}")
_PERMALINKS = frozenset("#¶§🔗")
_FOREIGN = frozenset({"svg", formulas.TAG})  # of which a tag that ends in a slash is a whole element
_AROUND = {"q": ("“", "”"), "rt": ("(", ")")}  # what browsers show around words, or what stands for how they show them


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
    """Opens and closes elements, and hands text to `Lines`."""

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
        self._lines = Lines(self._claim, change)
        self._open = OpenElements(Element("", takes_letters=takes_letters), self._leave)
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
        self._open.close_all()

    def _is_end_of_fragment(self, comment: Comment) -> bool:
        name = comment.text.strip()
        if name == "StartFragment":
            self._lines.forget()
            self._begins_page = False
        return name == "EndFragment"

    def _text(self, text: str) -> None:
        top = self._open.innermost
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
        top = self._open.innermost
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
        self._open.make_way(tag)
        if self._open.are_deepest:
            return
        if tag in elements.BLOCKS:
            self._lines.end_block()
            self._again = ""
        outer = self._open.innermost
        element = inside(outer, tag, attributes, self._sheet)
        element.hidden = element.hidden or self._again in attributes.get("class", "").split()
        if tag in elements.LISTS and element.item is not None:
            element.item.taken = True  # the item has nothing of its own but this list
        self._open.add(element)
        if element.hidden:
            if tag in _FOREIGN and token.source.endswith("/"):
                self._open.close()
            elif tag == formulas.TAG and not outer.hidden:
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
        elif tag == "colgroup" and "table" in self._open:
            self._lines.column()
        elif tag == "span" and "mso-tab-count" in token.source:
            self._word_tabs(attributes)

    def _open_part(self, element: Element, attributes: Mapping[str, str]) -> None:
        """Opens a table, or a row or a cell of the innermost one."""
        around = self._open.table_part
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
        self._lines.text("\t" * int(match[0] if match else 1), self._open.innermost.attributes, White.KEEP)
        self._open.innermost.hidden = True

    def _end(self, tag: str) -> None:
        if tag == "br":
            self._void(tag, {})
        elif tag == "p" and tag not in self._open:
            self._lines.end_block()
        else:
            self._open.end(tag)

    def _end_formula(self, formula: PageFormula) -> None:
        words, self._formula = formula.in_a_line(), None
        self._open.close()
        if words:
            self._add_formula(words, "katex-html")

    def _add_formula(self, words: str, again: str) -> None:
        self._change("formulas")
        self._text(words)
        self._again = again

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
        top = self._open.innermost
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
        elif tag == "col" and "table" in self._open:
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
            self._lines.embed(Span(EMBED_CHARACTER, {**self._open.innermost.attributes, **described}, {"image": image}))
        elif words := said_by(alt):
            self._lines.text(words, self._open.innermost.attributes, White.KEEP)
        elif self._image_of:
            link = {"link": leads} if (leads := address(source)) else {}
            self._lines.text(alt or "image", {**link, **self._open.innermost.attributes}, White.KEEP)
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
