"""A Word document (Office Open XML) as rich text, by python-docx and the elements below it.

Reads what Word, LibreOffice, Google Docs, Pages and cowrite itself write. Rules:

- Nothing is fetched: pictures that are not in the file are left out, and links lead where `values.address` lets them.
- Headings, lists, quotations, code, alignment, direction and indents become block attributes; bold and the like, links,
  colours and highlights inline ones. Fonts and sizes are dropped, and so are the colours that stand for "none".
- What is tracked to come in or to go is suggested by whom Word names; tracked looks are read as if they were accepted.
- A table is one, with a line before it and one behind it, unless it only lays out a page (`tables`).
- A page begins behind a page break, with a paragraph that says so, itself or by its style, and with a section. A break
  to the next column is one of the line.
- Comments are threads on the words that they are about.
- Large letters with which a paragraph begins, which are one of their own in Word, are its letters.
- What is in a text box follows the paragraph in which that is anchored.
- Notes at the foot or the end are footnotes (`footnotes`), behind which their pictures stand.
- What stands at the head or the foot of each page and what is hidden are left out. What of all this a file had is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError

from cowrite.convert.docx.comments import WordComments
from cowrite.convert.docx.fields import WordFields, leads_to
from cowrite.convert.docx.footnotes import REFERENCES, WordFootnotes, own_mark
from cowrite.convert.docx.lists import twips, value_of
from cowrite.convert.docx.looks import look_of
from cowrite.convert.docx.names import qn
from cowrite.convert.docx.package import DOCX, opened
from cowrite.convert.docx.pages import BREAKS, NEW_COLUMN, NEW_PAGE, WordPages, without_breaks
from cowrite.convert.docx.pictures import WordPictures, text_boxes
from cowrite.convert.docx.styles import ParagraphStyle, WordStyles
from cowrite.convert.docx.symbols import character
from cowrite.convert.docx.tables import WordTables
from cowrite.convert.docx.tracked_changes import WordTracked
from cowrite.convert.file_read import OTHER_NUMBERS, READINGS, FileRead, Losses, file_read, whole
from cowrite.convert.formulas import in_a_line, name_of
from cowrite.convert.heading_links import Places, with_heading_links
from cowrite.convert.images import TakeImage
from cowrite.convert.normal import DIVIDER
from cowrite.convert.packed_file import failures_of
from cowrite.convert.page_lines import PageLines
from cowrite.convert.values import address
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.text.direction import RTL
from cowrite.core.text.richtext import NO_ATTRIBUTES, SOFT_BREAK, Line, Span, without

STEP, OWN_STEP = 720, 504  # twentieths of a point of a step of indent: of Word, and where cowrite has written it
MOST_STEPS = 9  # of the innermost item with a box, which is a paragraph in Word

_ALIGN = {
    "center": "center",
    "right": "right",
    "end": "right",
    **dict.fromkeys(("both", "distribute", "thaiDistribute", "lowKashida", "mediumKashida", "highKashida"), "justify"),
}
_TEXT = {
    "tab": "\t",
    "ptab": "\t",
    "br": SOFT_BREAK,
    "cr": SOFT_BREAK,
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_THROUGH = frozenset("ins moveTo del moveFrom smartTag sdtContent customXml fldSimple dir bdo".split())
"""Elements that are read as if only what is in them were there."""
OTHER_FILES = "parts that are files of their own"
_PAGE_PARTS = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
_COMMENTED = frozenset({"commentRangeStart", "commentRangeEnd", "commentReference"})


def from_docx(data: bytes, path: Path, images: TakeImage | None = None, check: Check = unwatched) -> FileRead:
    """The rich text of a Word file.

    Args:
        data: the whole file.
        path: where it came from.
        images: stores an image and returns its name; without it, images are left out.
        check: ends the reading.

    Raises:
        UnreadableFile: it cannot be read as one.
        TooLargeFile: there is too much in it.
    """
    with failures_of(path, DOCX, (OpcError,)):
        word = opened(data, path)
        losses = Losses()
        reader = _Reader(WordStyles(word), word.part, images, losses, check)
        lines = list(watched(reader.all_lines(word.element.body), check))
        lines = whole(with_heading_links(lines, keeps_others=False), check)
        reader.look_around()
    return file_read(lines, losses, reader.tracked, reader.comments, check)


class _Reader:
    """Goes through the body of one document."""

    def __init__(self, styles: WordStyles, part: Any, images: TakeImage | None, losses: Losses, check: Check) -> None:
        self._styles = styles
        self._part = part
        self._images = images
        self._check = check
        self._losses = losses
        self._pictures = WordPictures(part, images, losses)
        self.tracked = WordTracked()
        self.comments = WordComments(part, losses)
        self._page = PageLines(losses)
        self._tables = WordTables(styles, self.tracked, self.comments, self._in_cell, self._page.of_layout, losses)
        self._footnotes = WordFootnotes(part, self._in_note, losses)
        self._marks: Mapping[str, str] = NO_ATTRIBUTES  # of what is being read
        self._style = ParagraphStyle("")  # of the paragraph that is being read
        self._pages = WordPages(styles)
        self._initial: list[Span] = []  # large letters with which the next paragraph begins
        self._text_boxes: list[tuple[Any, Mapping[str, str]]] = []  # of the paragraph that is being read, with marks
        self._places = Places()
        self._fields = WordFields(losses)

    def look_around(self) -> None:
        """Notes what else is left out, once all lines are read."""
        if self._styles.numbers_headings:
            self._losses.leave_out("the numbers of headings")
        if self._styles.shows_items_otherwise:
            self._losses.change(OTHER_NUMBERS)
        for relation in self._part.rels.values():
            if relation.reltype in _PAGE_PARTS and not relation.is_external:
                part = getattr(relation.target_part, "element", None)
                if part is not None and any((each.text or "").strip() for each in part.iter(qn("w:t"))):
                    self._losses.leave_out("headers and footers")

    def all_lines(self, body: Any) -> Iterator[Line]:
        """The lines of the whole document."""
        self._pages.meet_sections(body)
        yield from self.lines(body)
        yield from self._pages.begun()

    def lines(self, parent: Any, *, is_cell: bool = False) -> Iterator[Line]:
        """The lines of the paragraphs and tables in an element; in a cell, a part of a line, boxes are text."""
        for child in parent:
            self._check()
            match name_of(child):
                case "p" if _is_initial(child):
                    self._initial += (_unraised(span) for span in self._line(child).spans)
                case "p":
                    mark = self.tracked.within(child.find(f"{qn('w:pPr')}/{qn('w:rPr')}"))
                    marks = {**self._marks, **mark}
                    line = self._line(child)
                    if self._initial:
                        line, self._initial = Line((*self._initial, *line.spans), line.attributes), []
                    if is_cell:
                        parts = [Line(without_breaks(line.spans, NEW_PAGE), line.attributes)]
                    else:
                        parts = self._pages.lines_of(self._page.with_box(line, marks), child)
                        self._page.needs_line = self._page.needs_line and not parts
                    self._page.break_before = marks
                    yield from parts[:-1]
                    for last in parts[-1:]:
                        yield Line(last.spans, {**last.attributes, **marks, **self.comments.mark()})
                    yield from self._boxed(is_cell=is_cell)
                case "tbl" if is_cell:
                    yield from self._tables.lines_within(child, self._marks)
                case "tbl":
                    yield from self._table(child)
                case "oMath" | "oMathPara":
                    yield Line(tuple(self._spans([child], None)))
                case "altChunk":
                    self._losses.leave_out(OTHER_FILES)
                case "sdt":
                    yield from self.lines(child, is_cell=is_cell)
                case "bookmarkStart":
                    self._places.meet(child.get(qn("w:name"), ""))
                case "AlternateContent":  # the first of several that say the same
                    for choice in child[:1]:
                        yield from self.lines(choice, is_cell=is_cell)
                case name if name in _COMMENTED:
                    self.comments.meet(child)
                case name if name in _THROUGH:
                    with self._marking(self.tracked.of(child)):
                        yield from self.lines(child, is_cell=is_cell)

    def _boxed(self, *, is_cell: bool) -> Iterator[Line]:
        """The lines of the text boxes that are anchored in the paragraph that was read just now."""
        boxes, self._text_boxes = self._text_boxes, []
        for box, marks in boxes:
            self._losses.change("text boxes")
            with self._marking(marks):
                yield from self.lines(box, is_cell=is_cell)

    @contextmanager
    def _marking(self, marks: Mapping[str, str]) -> Iterator[None]:
        """While what is within a tracked change is read."""
        outside = self._marks
        self._marks = {**outside, **marks}
        try:
            yield
        finally:
            self._marks = outside

    def _table(self, table: Any) -> Iterator[Line]:
        """The lines of a table on the page."""
        for line in self._pages.begun():
            self._page.needs_line = False
            yield line
        yield from self._page.with_table(self._tables.lines(table, self._marks))

    def _in_cell(self, cell: Any, marks: Mapping[str, str]) -> list[Line]:
        """The lines in a cell of a table."""
        with self._marking(marks):
            return list(watched(self.lines(cell, is_cell=True), self._check))

    def _in_note(self, part: Any, note: Any) -> list[Line]:
        """The lines of a note, which is in a part of its own."""
        reader = _Reader(self._styles, part, self._images, self._losses, self._check)
        return list(watched(reader.lines(note, is_cell=True), self._check))

    def _line(self, paragraph: Any) -> Line:
        properties = paragraph.find(qn("w:pPr"))
        block, style = self._styles.block(properties), self._styles.of_paragraph(properties)
        self._style = style._replace(look=NO_ATTRIBUTES) if "header" in block else style
        self._note_looks(properties, "w:pPrChange")
        spans = without_breaks(list(self._spans(paragraph, None)), NEW_COLUMN)
        self._fields.end_paragraph()
        text = "".join(span.text for span in spans).strip()
        if not text and self._styles.has_rule(properties):
            return Line((DIVIDER,))
        if "list" not in block and (steps := _steps(properties, is_quote="blockquote" in block)):
            block["indent"] = steps
        direction = self._styles.direction(properties)
        align = _ALIGN.get(value_of(properties, "w:jc") or style.align)
        if direction is not None:
            block["direction"] = direction
        if align is not None:  # Word calls the side where a line begins the left one
            block["align"] = "left" if align == "right" and direction == RTL else align
        return Line(spans, block)

    def _spans(self, parent: Any, link: str | None) -> Iterator[Span]:
        for child in parent:
            self._check()
            match name_of(child):
                case "r":
                    for span in self._run(child, link):
                        marks = {**self._marks, **self.comments.mark(), **self._places.begin_with(span.text)}
                        yield replace(span, attributes={**span.attributes, **marks})
                case "hyperlink":
                    yield from self._spans(child, self._target(child) or link)
                case "bookmarkStart":
                    self._places.meet(child.get(qn("w:name"), ""))
                case name if name in _COMMENTED:
                    self.comments.meet(child)
                case "subDoc":
                    self._losses.leave_out(OTHER_FILES)
                case "sdt":
                    for content in child.findall(qn("w:sdtContent")):
                        yield from self._spans(content, link)
                case "AlternateContent":  # the first of several that say the same
                    for choice in child[:1]:
                        yield from self._spans(choice, link)
                case "oMath" | "oMathPara":
                    self._losses.change("formulas")
                    yield Span(in_a_line(child), {**self._marks, **self.comments.mark()})
                case name if name in _THROUGH:
                    of_field = leads_to(child.get(qn("w:instr"), ""))
                    with self._marking(self.tracked.of(child)):
                        yield from self._spans(child, of_field or link)

    def _run(self, run: Any, link: str | None) -> Iterator[Span]:
        properties = run.find(qn("w:rPr"))
        self._note_looks(properties, "w:rPrChange")
        is_hidden = self._styles.is_hidden(properties, self._style)
        mark: set[Any] = set()
        for child in run:
            name = name_of(child)
            if child in mark:
                continue
            if name == "fldChar":
                if (shown := self._fields.meet(child)) and not is_hidden:
                    yield Span(shown, look_of(properties, link, self._styles, self._style))
            elif name == "instrText":
                self._fields.instruct(child.text or "")
            elif name == "commentReference":
                self.comments.meet(child)
            elif name == "rPr" or self._fields.says_what:
                continue
            elif is_hidden:
                if name == "t":
                    self._losses.leave_out("hidden words")
            elif name in REFERENCES:
                note = self._footnotes.refer(name, child)
                yield from note
                if note:
                    mark = set(own_mark(child))
                else:
                    self._losses.leave_out("notes")
            else:
                here = look_of(properties, self._fields.link or link, self._styles, self._style)
                yield from self._content(name, child, here)

    def _note_looks(self, properties: Any, change: str) -> None:
        if properties is not None and properties.find(qn(change)) is not None:
            self._losses.change("tracked looks")

    def _content(self, name: str, child: Any, look: dict[str, Any]) -> Iterator[Span]:
        if name in ("t", "delText"):
            yield Span(child.text or "", look)
        elif name in _TEXT:
            yield Span(BREAKS.get(child.get(qn("w:type"), ""), _TEXT[name]), look)
        elif name == "sym":
            symbol = character(child.get(qn("w:font"), ""), child.get(qn("w:char"), ""))
            if not symbol:
                self._losses.leave_out("symbols")
            yield Span(symbol, look)
        elif name == "ruby":
            self._losses.leave_out(READINGS)
            for base in child.iter(qn("w:rubyBase")):
                yield from self._spans(base, look.get("link"))
        elif name == "AlternateContent":  # the first of several that say the same
            for choice in child[:1]:
                for each in choice:
                    yield from self._content(name_of(each), each, look)
        elif name in ("drawing", "pict", "object"):
            linked = (each.get(qn("r:id"), "") for each in child.iter(qn("a:hlinkClick")))
            target = next((found for id in linked if (found := self._address(id))), look.get("link"))
            self._text_boxes += ((each, self._marks) for each in text_boxes(child))
            yield from self._pictures.within(child, target)

    def _target(self, hyperlink: Any) -> str | None:
        target, place = self._address(hyperlink.get(qn("r:id"), "")), hyperlink.get(qn("w:anchor"))
        if place and not target:
            return f"#{place}"
        return address(f"{target}#{place}") if target and place and "#" not in target else target

    def _address(self, relation: str) -> str | None:
        found = self._part.rels.get(relation)
        return address(found.target_ref) if found is not None and found.is_external else None


def _is_initial(paragraph: Any) -> bool:
    """Whether a paragraph is the large letters with which the one below it begins."""
    frame = paragraph.find(f"{qn('w:pPr')}/{qn('w:framePr')}")
    if frame is None or frame.get(qn("w:dropCap"), "none") == "none":
        return False
    below = next(paragraph.itersiblings(qn("w:p"), qn("w:tbl"), qn("w:sdt")), None)
    return below is not None and below.tag == qn("w:p")


def _unraised(span: Span) -> Span:
    """Large letters without the position in which they stand beside several lines."""
    return replace(span, attributes=without(span.attributes, "script"))


def _steps(properties: Any, *, is_quote: bool) -> int:
    """Steps of indent of a paragraph by its own properties; of a quote, which stands in by itself, those that cowrite
    has written beyond the first."""
    indent = properties.find(qn("w:ind")) if properties is not None else None
    if indent is None:
        return 0
    left = twips(indent.get(qn("w:left"), indent.get(qn("w:start"), "")))
    is_own = left % OWN_STEP == 0
    if is_quote:
        return min(MOST_STEPS, max(0, left // OWN_STEP - 1)) if is_own else 0
    return min(MOST_STEPS, round(left / (OWN_STEP if is_own else STEP)))
