"""An OpenDocument text as rich text, by the elements of its XML (ODF 1.3, part 3).

Reads what LibreOffice, Google Docs, Word, pandoc and cowrite itself write, as a package or as a single XML file. Rules,
which are those for Word files (`docx.reader`):

- Nothing is fetched: pictures that are not in the file are left out, and links lead where `values.address` lets them.
- Headings, lists, quotations, code, alignment, direction and indents become block attributes; bold and the like, links,
  colours and highlights inline ones. Fonts and sizes are dropped, and so are the colours that stand for "none".
- A page begins where a paragraph, its style or that of a table says so, also by another style of pages.
- What is tracked to come in or to go is suggested by whom the file names; tracked looks are read as if accepted.
- A table is one, with a line before it and one behind it, unless it only lays out a page (`tables`).
- Comments are threads on the words that they are about.
- What is in a text box follows the paragraph in which that is anchored.
- Notes at the foot or the end are footnotes, behind which their pictures stand.
- Fields and tables of contents are the words that they show.
- What stands at the head or the foot of each page and what is hidden are left out. What of all this a file had is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from cowrite.convert.cells import without_bold
from cowrite.convert.file_read import OTHER_NUMBERS, READINGS, FileRead, Losses, file_read, whole
from cowrite.convert.footnotes import ENDNOTES, NOTES_TRACKED, note_of_lines
from cowrite.convert.heading_links import Places, with_heading_links
from cowrite.convert.images import TakeImage
from cowrite.convert.normal import DIVIDER
from cowrite.convert.odt.changes import Change, OdtChanges
from cowrite.convert.odt.comments import OdtComments
from cowrite.convert.odt.lists import OdtLists, OpenList, counted_on
from cowrite.convert.odt.names import name_of, number_in, odf, stated
from cowrite.convert.odt.package import ODT, OdtPackage
from cowrite.convert.odt.pictures import SHAPES, OdtPictures, boxes_in
from cowrite.convert.odt.styles import PLAIN, Look, OdtStyles
from cowrite.convert.odt.tables import OdtTables
from cowrite.convert.odt.words import Words
from cowrite.convert.packed_file import failures_of
from cowrite.convert.page_lines import PageLines
from cowrite.convert.style_names import HEADINGS
from cowrite.convert.tracked_where import TrackedWhere
from cowrite.convert.values import address
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.text.richtext import DELETION, PAGE_BREAK, Line, Span, block_part
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.writing.heading_links import leads_within
from cowrite.core.writing.typeface import usual_points

_THROUGH = frozenset({"text:index-body", "text:index-title", "text:numbered-paragraph", "text:section"})
_INDEXES = frozenset(
    f"text:{each}"
    for each in "table-of-content illustration-index table-index object-index user-index alphabetical-index "
    "bibliography".split()
)
"""Elements that are read as if only what is in them were there."""
_BLOCKS = frozenset({"text:p", "text:h", "text:list", "table:table", *_THROUGH, *_INDEXES})
_UNSAID = frozenset({"text:note-citation", "text:script", "office:event-listeners", "svg:title", "svg:desc"})
"""Elements whose words are none of the text."""
_CHANGES = frozenset({"text:change", "text:change-start", "text:change-end"})
_PAGE_PARTS = tuple(f"style:{part}{which}" for part in ("header", "footer") for which in ("", "-left", "-first"))
_HIDDEN = "hidden words"


class _Break(NamedTuple):
    """A line break within what is one paragraph of the file.

    Attributes:
        attributes: the block attributes of the line that it ends.
        then: those of the line that begins.
    """

    attributes: Mapping[str, Any]
    then: Mapping[str, Any]


def from_odt(data: bytes, path: Path, images: TakeImage | None = None, check: Check = unwatched) -> FileRead:
    """The rich text of an OpenDocument text.

    Args:
        data: the whole file.
        path: where it came from.
        images: stores an image and returns its name; without it, images are left out.
        check: ends the reading.

    Raises:
        UnreadableFile: it cannot be read as one.
        TooLargeFile: there is too much in it.
    """
    with failures_of(path, ODT):
        package = OdtPackage(data, path)
        losses = Losses()
        reader = _Reader(package, images, losses, check)
        lines = list(watched(reader.lines(package.text), check))
        lines = whole(with_heading_links(lines, keeps_others=False), check)
        reader.look_around(package)
    return file_read(lines, losses, reader.tracked, reader.comments, check)


class _Reader:
    """Goes through the text of one document."""

    def __init__(self, package: OdtPackage, images: TakeImage | None, losses: Losses, check: Check) -> None:
        self._check = check
        self._losses = losses
        self._places = Places()
        self._styles = OdtStyles(package)
        self._lists = OdtLists(package)
        self._pictures = OdtPictures(package, images, losses)
        self.tracked = TrackedWhere()
        self._changes = OdtChanges(package.text, self.tracked, losses)
        self.comments = OdtComments(losses)
        self._page = PageLines(losses)
        self._tables = OdtTables(self._styles, self._in_cell, self._marks, self._page.of_layout, losses)
        self._words = Words()
        self._gone: Mapping[str, str] | None = None  # the marks of what is to go, while that is read
        self._list: OpenList | None = None
        self._item: Any = None  # of that list, until its first paragraph is read
        self._aside: list[Any] = []  # what stands in the paragraph that is being read and follows it
        self._begins_page = False  # the next line

    def look_around(self, package: OdtPackage) -> None:
        """Notes what else is left out, once all lines are read."""
        for page in package.styles.iter(odf("style:master-page")) if package.styles is not None else ():
            for part in page.iterchildren(*map(odf, _PAGE_PARTS)):
                if "".join(part.itertext()).strip():
                    self._losses.leave_out("headers and footers")

    def _marks(self) -> Mapping[str, str]:
        """What is suggested of what is being read."""
        return self._changes.marks if self._gone is None else self._gone

    def _here(self) -> dict[str, Any]:
        """The attributes that say what is suggested of what is being read, and in which piece it stands."""
        return {**self._marks(), **self.comments.mark()}

    # Blocks

    def lines(self, parent: Any, *, is_cell: bool = False) -> Iterator[Line]:
        """The lines of the paragraphs, lists and tables in an element; in a cell, a part of a line, boxes are text."""
        for child in parent:
            yield from self._block(child, is_cell=is_cell)

    def _block(self, element: Any, *, is_cell: bool) -> Iterator[Line]:
        match name_of(element):
            case "text:p" | "text:h":
                yield from self._paragraph(element, is_cell=is_cell)
            case "text:list":
                yield from self._items(element, is_cell=is_cell)
            case "table:table" if is_cell:
                yield from self._tables.lines_within(element)
            case "table:table":
                yield from self._table(element)
            case "text:section" if stated(element, "text:display") == "none":
                self._losses.leave_out(_HIDDEN)
            case name if name in _THROUGH:
                yield from self.lines(element, is_cell=is_cell)
            case name if name in _INDEXES:
                for body in element.iterchildren(odf("text:index-body")):
                    yield from self.lines(body, is_cell=is_cell)
            case name if name in _CHANGES:
                if (change := self._changes.meet(element)) is not None:
                    yield from self._to_go(change)
            case name if name in ("draw:frame", "draw:a") or name in SHAPES:
                yield from self._loose(element, is_cell=is_cell)

    def _loose(self, element: Any, *, is_cell: bool) -> Iterator[Line]:
        """The lines of what stands beside paragraphs, in which most of its kind stand."""
        spans = [part for part in self._of(element, PLAIN, None) if isinstance(part, Span)]
        if spans:
            yield Line(tuple(spans), self._here())
        yield from self._followed(is_cell=is_cell)

    def _items(self, element: Any, *, is_cell: bool) -> Iterator[Line]:
        outer, item = self._list, self._item
        opened = self._lists.opened(element, outer)
        for each in element:
            if (name := name_of(each)) in ("text:list-item", "text:list-header"):
                self._list, self._item = opened, each if name == "text:list-item" else None
                yield from self.lines(each, is_cell=is_cell)
        self._list, self._item = outer, item

    def _table(self, table: Any) -> Iterator[Line]:
        """The lines of a table on the page."""
        if self._begins_page or self._styles.begins_page(stated(table, "table:style-name")):
            self._begins_page = True
            yield self._line([], {}, is_cell=False)
        yield from self._page.with_table(self._tables.lines(table))

    def _in_cell(self, cell: Any) -> list[Line]:
        """The lines in a cell of a table."""
        with self._apart():
            return list(watched(self.lines(cell, is_cell=True), self._check))

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """While what is no part of the paragraph or list around it is read."""
        outside = self._list, self._item, self._aside, self._words
        self._list, self._item, self._aside, self._words = None, None, [], self._words.apart()
        try:
            yield
        finally:
            self._list, self._item, self._aside, self._words = outside

    # Paragraphs

    def _paragraph(self, paragraph: Any, *, is_cell: bool) -> Iterator[Line]:
        is_heading = name_of(paragraph) == "text:h"
        style = self._styles.paragraph(stated(paragraph, "text:style-name"), is_heading=is_heading)
        block = self._block_of(paragraph, style.block, style.list_style, is_heading=is_heading)
        look = style.look if style.look.points else style.look._replace(points=usual_points(block))
        self._words.begin()
        spans: list[Span] = []
        parts: list[tuple[list[Span], Mapping[str, Any]]] = []
        rest: Mapping[str, Any] = block
        for part in self._within(paragraph, look, None):
            if isinstance(part, _Break):
                parts.append((spans, part.attributes))
                spans, rest = [], part.then
            else:
                spans.append(part)
        if style.has_rule and not "".join(span.text for span in spans).strip():
            spans, rest = [DIVIDER], {PAGE_BREAK: True} if PAGE_BREAK in block else {}
        if is_heading and _is_bold(spans):  # as Qt and others write what is bold anyway
            spans = list(without_bold(Line(tuple(spans))).spans)
        parts.append((spans, {**rest, **self._here()}))
        if len(parts) > 1:
            counted = counted_on([attributes for _, attributes in parts], block, self._list)
            parts = [(spans, attributes) for (spans, _), attributes in zip(parts, counted, strict=True)]
        for spans, attributes in parts:
            yield self._line(spans, attributes, is_cell=is_cell)
        self._begins_page = self._begins_page or (style.ends_page and not is_cell)
        yield from self._followed(is_cell=is_cell)

    def _block_of(
        self, paragraph: Any, of_style: Mapping[str, Any], list_style: str, *, is_heading: bool
    ) -> dict[str, Any]:
        """The block attributes of a paragraph, which is counted if it is an item."""
        block = dict(of_style)
        level = stated(paragraph, "text:outline-level") or "1"
        if is_heading:
            block = {**block, "header": min(number_in(level) or 1, HEADINGS)}
        if self._list is not None:
            item, self._item = self._item, None
            of_item = {"indent": self._list.depth + 1}
            if item is not None:
                of_item = self._lists.item(self._list, item, list_style)
            if not is_heading or "list" not in of_item or not self._lists.is_of_headings(self._list, list_style):
                if item is not None and self._lists.shows_otherwise(self._list, item, list_style):
                    self._losses.change(OTHER_NUMBERS)
                return {**block, **of_item}
            self._losses.leave_out("the numbers of headings")
        elif is_heading and self._lists.numbers_headings(level):
            self._losses.leave_out("the numbers of headings")
        return block

    def _line(self, spans: list[Span], attributes: Mapping[str, Any], *, is_cell: bool) -> Line:
        if self._begins_page and not is_cell:
            attributes, self._begins_page = {**attributes, PAGE_BREAK: True}, False
        line, marks = Line(tuple(spans), attributes), suggested_part(attributes)
        if not is_cell:
            line = self._page.with_box(line, marks)
            self._page.needs_line = False
        self._page.break_before = marks
        return line

    def _followed(self, *, is_cell: bool) -> Iterator[Line]:
        """The lines of what was met in the paragraph that was read just now, and stands behind it here."""
        aside, self._aside = self._aside, []
        for element in aside:
            if name_of(element) in _BLOCKS:
                yield from self._block(element, is_cell=is_cell)
            else:
                self._losses.change("text boxes")
                with self._apart():
                    yield from self.lines(element, is_cell=is_cell)

    # What is in paragraphs

    def _within(self, parent: Any, look: Look, link: str | None) -> Iterator[Span | _Break]:
        """What is in an element, in order."""
        yield from self._shown(self._words.text(parent.text), look, link)
        for child in parent:
            if isinstance(child.tag, str):
                yield from self._of(child, look, link)
            yield from self._shown(self._words.text(child.tail), look, link)

    def _shown(self, text: str, look: Look, link: str | None) -> Iterator[Span]:
        if look.is_hidden:
            if text.strip():
                self._losses.leave_out(_HIDDEN)
        elif text:
            yield Span(text, {**look.attributes(link), **self._here(), **self._places.begin_with(text)})

    def _of(self, element: Any, look: Look, link: str | None) -> Iterator[Span | _Break]:
        """What an element in a paragraph stands for."""
        sign = self._words.sign(element)
        if sign is not None:
            yield from self._shown(sign, look, link)
            return
        match name_of(element):
            case "text:span":
                own = self._styles.text(stated(element, "text:style-name"))
                yield from self._within(element, own.within(look), link)
            case "text:a" | "draw:a":
                leads_to = _address(stated(element, "xlink:href"))
                own = self._styles.text(stated(element, "text:style-name")) if leads_to else PLAIN
                yield from self._within(element, own.within(look), leads_to or link)
            case "text:bookmark" | "text:bookmark-start":
                self._places.meet(stated(element, "text:name"))
            case "text:note":
                yield from self._note(element)
            case "office:annotation":
                self.comments.meet(element)
            case "office:annotation-end":
                self.comments.meet_end(element)
            case "text:ruby":
                self._losses.leave_out(READINGS)
                for base in element.iterchildren(odf("text:ruby-base")):
                    yield from self._within(base, look, link)
            case "text:hidden-text":
                self._losses.leave_out(_HIDDEN)
            case "draw:frame":
                self._aside += boxes_in(element)
                for span in self._pictures.within(element, link):
                    self._words.stand()
                    yield replace(span, attributes={**span.attributes, **self._here()})
            case name if name in SHAPES:
                self._aside += self._pictures.words_within(element)
            case name if name in _CHANGES:
                if (change := self._changes.meet(element)) is not None:
                    yield from _parts(self._to_go(change))
            case name if name in _BLOCKS:  # Qt writes tables within the paragraph before them
                self._aside.append(element)
            case name if name not in _UNSAID:
                yield from self._within(element, look, link)

    def _to_go(self, change: Change) -> list[Line]:
        """The lines of what is tracked to go."""
        outside, self._gone = self._gone, change.marks
        with self._apart(), self._lists.apart():
            lines = list(watched(self.lines(change.gone, is_cell=True), self._check))
        self._gone = outside
        return lines

    def _note(self, note: Any) -> Iterator[Span]:
        """What stands in the text for a note, within which nothing is suggested."""
        if stated(note, "text:note-class") == "endnote":
            self._losses.change(ENDNOTES)
        lines: list[Line] = []
        here = self._here()
        with self._apart():
            for body in note.iterchildren(odf("text:note-body")):
                lines += watched(self.lines(body, is_cell=True), self._check)
        if any(suggested_part(span.attributes) != suggested_part(here) for line in lines for span in line.spans):
            self._losses.change(NOTES_TRACKED)
        said = [
            Line(
                tuple(span for span in line.spans if DELETION in here or DELETION not in span.attributes),
                block_part(line.attributes),
            )
            for line in lines
        ]
        self._words.stand()
        for span in note_of_lines(said, self._losses.change):
            yield replace(span, attributes={**span.attributes, **here})


def _address(stated: str) -> str | None:
    """Where a link leads, by what the file says, which takes its package for a folder."""
    return stated if leads_within(stated) else address(stated.removeprefix("../"))


def _is_bold(spans: list[Span]) -> bool:
    return all(span.attributes.get("bold") for span in spans if span.embed is None and span.text.strip())


def _parts(lines: list[Line]) -> Iterator[Span | _Break]:
    """Lines the first and the last of which are parts of the paragraph that is being read."""
    for at, line in enumerate(lines):
        if at:
            yield _Break(lines[at - 1].attributes, block_part(line.attributes))
        yield from line.spans
