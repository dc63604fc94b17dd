"""Rich text as a Word document (Office Open XML), by python-docx.

Headings, lists and quotations have Word's own styles, so that its outline and its contents work, lists nest as Word
nests them, and code has the style by which pandoc knows it, or one that stands on it and names its language; check
lists have their boxes as characters. Alignment, direction, links, images and all inline attributes are kept.

What is suggested is a tracked change, as ECMA-376 part 1, 17.13.5 has it: runs within `w:ins` and `w:del`, and for a
line break the same two among the properties of its paragraph's mark. As a line's attributes are those of its break, so
are a paragraph's properties those of its mark: where a mark goes, the text is one paragraph with the next one's.

Tables are Word's (`table_writer`), and so are lists (`list_writer`), links (`link_writer`), pictures
(`picture_writer`) and footnotes (`footnotes`). What is said about the text are comments, with what answers
them (`comment_writer`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Inches, Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cowrite.convert.docx.boxes import boxes
from cowrite.convert.docx.comment_writer import WordCommentsWriter
from cowrite.convert.docx.elements import new_style, put_direction, put_ground, put_page_number, put_rule
from cowrite.convert.docx.footnote_writer import WordFootnotesWriter
from cowrite.convert.docx.link_writer import WordLinksWriter
from cowrite.convert.docx.list_writer import WordListsWriter
from cowrite.convert.docx.look_writer import CODE_FONT, is_latin, put_look
from cowrite.convert.docx.package import put_facts
from cowrite.convert.docx.picture_writer import WordPicturesWriter, image_in
from cowrite.convert.docx.table_writer import MOST_COLUMNS, TABLE_STYLE, WordCell, WordTable
from cowrite.convert.docx.tracked_changes import TrackedChanges
from cowrite.convert.heading_links import linked_headings
from cowrite.convert.normal import image_of, is_divider, normal_lines
from cowrite.convert.numbering import CHECK_BOXES, numbers
from cowrite.convert.page_size import A4, PageSize
from cowrite.convert.style_names import CODE_STYLE, style_of_code
from cowrite.convert.values import in_xml
from cowrite.core.comments.comments import Placed
from cowrite.core.entries.authors import Authorship
from cowrite.core.text.direction import reads_from_right
from cowrite.core.text.footnotes import footnote_of
from cowrite.core.text.richtext import DELETION, INSERTION, PAGE_BREAK, PIECE, Line, Span
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.text.table import Table, with_tables

Pictures = Callable[[str], bytes | None]
"""Gives an image of a name ("sha256:…") as a PNG, JPEG or GIF file, or None while it is not here."""

TEXT_WIDTH = 6.0  # inches
PIXELS_PER_INCH = 96
DEEPEST_STYLE = 3  # levels of list styles in Word's own template
INDENT = 0.35  # inches
BEHIND_TABLE = Pt(6)
CODE_GROUND = "F2F2EF"  # as on paper
NO_IMAGE = "[image]"
_NO_PICTURE = (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError)
_ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def to_docx(
    lines: Sequence[Line],
    pictures: Pictures,
    title: str = "",
    tell: Callable[[float], None] = lambda _part: None,
    suggested: Mapping[str, Authorship] | None = None,
    comments: Sequence[Placed] = (),
    size: PageSize = A4,
    *,
    numbers_pages: bool = True,
) -> bytes:
    """A Word file.

    Args:
        lines: the document, in any form; where there are comments, in pieces, see `comment_pieces`.
        pictures: gives its images.
        title: of the document.
        tell: is called with how much is written, from 0 to 1; what it raises ends the writing.
        suggested: who suggested each change whose marks the lines have, by its id; without it nothing is suggested.
        comments: what is said about it, and where.
        size: of a page.
        numbers_pages: whether each has its number at the foot.
    """
    writer = _Writer(pictures, TrackedChanges(suggested or {}), comments)
    writer.set_page(size)
    if numbers_pages:
        put_page_number(writer.word.sections[0].footer.paragraphs[0])
    put_facts(writer.word, title)
    normal = normal_lines(lines, keeps_suggested=suggested is not None)
    beside = zip(numbers(normal), boxes(normal), strict=True)
    writer.links.set_headings(linked_headings(normal))
    written = 0
    for part in _parts(normal):
        if isinstance(part, Table):
            for cells in writer.begin_table(part):
                tell(0.9 * written / len(normal))
                for cell in cells:
                    writer.write_cell(cell, *next(beside))
                written += len(cells)
        else:
            tell(0.9 * written / len(normal))
            writer.write(part, *next(beside), at=written, is_last=written == len(normal) - 1)
            written += 1
    return writer.content()


def _parts(lines: Sequence[Line]) -> Iterator[Line | Table]:
    """Lines and tables in their order; of a table that is too wide for Word, the cells as lines."""
    for part in with_tables(lines):
        if isinstance(part, Table) and part.columns > MOST_COLUMNS:
            yield from (cell for row in part.rows for cell in row)
        else:
            yield part


class _Writer:
    """Puts line after line into a Word document.

    Attributes:
        word: the document.
        links: its links.
    """

    def __init__(self, pictures: Pictures, changes: TrackedChanges, comments: Sequence[Placed]) -> None:
        self.word: WordDocument = docx.Document()
        self._pictures = pictures
        self._changes = changes
        self._comments = WordCommentsWriter(self.word, comments)
        self.links = WordLinksWriter(self.word)
        self._footnotes = WordFootnotesWriter(self.word, self.links.style, self.links.place_of)
        self._cell: Any = None  # the one that is being written, which takes all that is
        self._width = TEXT_WIDTH  # inches for what is written
        self._last: Paragraph | None = None
        self._is_behind_table = False
        self._item: Paragraph | None = None  # of a list, right above what is written
        self._lists = WordListsWriter(self.word)
        # By their names: python-docx looks for each from the document's beginning, each time that it is needed.
        self._styles: dict[str, str] = {}
        self._images = WordPicturesWriter(self.word.part)
        body: Any = self.word._body
        self._body = body
        self._end: Any = body._element.sectPr

    def set_page(self, size: PageSize) -> None:
        """Has pages of a size, on each of which the text is TEXT_WIDTH wide."""
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(size.width), Mm(size.height)
        section.left_margin = section.right_margin = Emu((section.page_width - Inches(TEXT_WIDTH)) // 2)

    def content(self) -> bytes:
        """The file's bytes."""
        if self._last is None or self._is_behind_table:  # in Word a paragraph follows each table
            self._last = self._add_paragraph()
        self._comments.finish(self._last)
        self._footnotes.finish()
        stream = BytesIO()
        self.word.save(stream)
        return stream.getvalue()

    def write(self, line: Line, number: int | None, box: Sequence[Span], *, at: int, is_last: bool) -> None:
        """Writes one line.

        Args:
            line: it, in normal form.
            number: its own in an ordered list.
            box: what stands before it in a check list.
            at: which line of the document it is.
            is_last: whether no other follows. Its mark stays, whatever is suggested.
        """
        of_break = {} if is_last else suggested_part(line.attributes)
        above, self._item = self._item, None
        if is_divider(line):
            paragraph = self._add_paragraph()
            if PAGE_BREAK in line.attributes:
                paragraph.paragraph_format.page_break_before = True
            self._write_rule(paragraph, suggested_part(line.spans[0].attributes), of_break)
            self._end_paragraph(paragraph, line, of_break)
        else:
            paragraph = self._write_words(line, number, box, of_break)
            self.links.mark(paragraph, at)
            if self._is_behind_table and line.spans and "header" not in line.attributes:
                paragraph.paragraph_format.space_before = BEHIND_TABLE
            if "list" in line.attributes and "header" not in line.attributes:
                self._item = paragraph
                if above is not None:
                    _close_up(above, paragraph)
        self._is_behind_table = False

    def begin_table(self, table: Table) -> Iterator[list[WordCell]]:
        """Begins a table and each of its rows in turn; gives the cells that are to be written."""
        word = WordTable(table, TEXT_WIDTH, self._style_id(TABLE_STYLE), self._changes, self._width_of)
        above = self._end.getprevious()
        if above is not None and above.tag == qn("w:p") and above.xpath(".//w:t"):
            Paragraph(above, self._body).paragraph_format.keep_with_next = True
        self._end.addprevious(word.element)
        self._is_behind_table, self._item = True, None
        return word.rows()

    def write_cell(self, cell: WordCell, number: int | None, box: Sequence[Span]) -> None:
        """Writes what is in a cell; see `write`."""
        self._cell, self._width = cell.element, cell.width
        self._write_words(cell.line, number, box, cell.marks)
        self._cell, self._width = None, TEXT_WIDTH

    def _write_words(
        self, line: Line, number: int | None, box: Sequence[Span], of_break: Mapping[str, str]
    ) -> Paragraph:
        paragraph = self._paragraph(line, number)
        self._write_spans(paragraph, line, box)
        self._end_paragraph(paragraph, line, of_break)
        return paragraph

    def _end_paragraph(self, paragraph: Paragraph, line: Line, of_break: Mapping[str, str]) -> None:
        self._comments.pass_edges(paragraph, line.attributes.get(PIECE, 0))
        self._changes.track_break(paragraph, of_break)
        self._last = paragraph

    def _write_rule(self, paragraph: Paragraph, marks: Mapping[str, str], of_break: Mapping[str, str]) -> None:
        """Writes a divider, which in Word is a property of its paragraph; the marks say what is suggested of it and of
        the line break behind it."""
        goes_with_its_line = marks.keys() == of_break.keys()
        if DELETION not in marks or goes_with_its_line:
            put_rule(paragraph._p.get_or_add_pPr())
        if not goes_with_its_line:
            former = self._changes.track_properties(paragraph, next(iter(marks.values()), ""))
            if INSERTION not in marks:
                put_rule(former)

    def _write_spans(self, paragraph: Paragraph, line: Line, box: Sequence[Span]) -> None:
        is_rtl = reads_from_right(line)
        for span in (*box, *line.spans):
            self._comments.pass_edges(paragraph, span.attributes.get(PIECE, 0))
            self._write_span(
                paragraph,
                span,
                is_code="code-block" in line.attributes,
                is_rtl=is_rtl and not is_latin(span.text),
            )

    def _paragraph(self, line: Line, number: int | None) -> Paragraph:
        block, is_rtl = line.attributes, reads_from_right(line)
        depth = block.get("indent", 0)
        kind = block.get("list")
        paragraph = self._add_paragraph()
        form = paragraph.paragraph_format
        header = block.get("header")
        if header:
            self._put_style(paragraph, f"Heading {header}")
        elif block.get("blockquote") and "code-block" not in block:
            self._put_style(paragraph, "Quote")
            depth += kind is None  # a list stands in as far as another one
        if kind in ("bullet", "ordered"):
            name = "List Bullet" if kind == "bullet" else "List Number"
            step = min(depth + 1, DEEPEST_STYLE)
            if not header and not block.get("blockquote"):
                self._put_style(paragraph, name if step == 1 else f"{name} {step}")
            self._lists.put(paragraph, kind, depth, number, begins=number == 1 or "start" in block)
            depth += 1
            form.first_line_indent = -Inches(INDENT)
        elif kind in CHECK_BOXES:
            depth += 1
        elif "code-block" in block:
            self._put_style(paragraph, self._code_style(block["code-block"]))
        if depth:
            form.left_indent = Inches(INDENT * depth)
        align = block.get("align")
        if is_rtl and align in ("left", "right"):  # in Word these are the sides where a line begins and ends
            align = "right" if align == "left" else None
        if align in _ALIGN:
            form.alignment = _ALIGN[align]
        if PAGE_BREAK in block:
            form.page_break_before = True
        if is_rtl or "direction" in block:
            put_direction(paragraph, from_right=is_rtl)
        return paragraph

    def _add_paragraph(self) -> Paragraph:
        element: Any = OxmlElement("w:p")
        if self._cell is None:
            self._end.addprevious(element)
        else:
            self._cell.append(element)
        return Paragraph(element, self._body)

    def _put_style(self, paragraph: Paragraph, name: str) -> None:
        element: Any = paragraph._p
        element.style = self._style_id(name)

    def _style_id(self, name: str) -> str:
        if name not in self._styles:
            self._styles[name] = self.word.styles[name].style_id
        return self._styles[name]

    def _code_style(self, language: str | bool) -> str:
        """The name of the style of code in a language, which has one of its own that stands on that of all code."""
        styles = self.word.styles
        if CODE_STYLE not in self._styles and CODE_STYLE not in styles:
            style: Any = styles.add_style(CODE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
            style.font.name = CODE_FONT
            style.paragraph_format.space_after = Pt(0)
            put_ground(style.element.get_or_add_pPr(), CODE_GROUND)
            self._styles[CODE_STYLE] = style.style_id
        name = CODE_STYLE if language is True else style_of_code(str(language))
        if name not in self._styles:
            self._styles[name] = f"SourceCode{len(self._styles)}"
            own = new_style("paragraph", self._styles[name], name, self._styles[CODE_STYLE])
            own.set(qn("w:customStyle"), "1")
            element: Any = styles.element
            element.append(own)
        return name

    def _write_span(self, paragraph: Paragraph, span: Span, *, is_code: bool, is_rtl: bool) -> None:
        if (words := footnote_of(span.embed)) is not None:
            self._changes.track(self._footnotes.refer(paragraph, words), suggested_part(span.attributes))
            return
        name = image_of(span)
        link = span.attributes.get("link")
        if name is not None:
            run = self._write_image(paragraph, span, name)
            if isinstance(link, str):
                self.links.put(paragraph, run, link)
            self._changes.track(run, suggested_part(span.attributes))
            return
        parts = in_xml(span.text).split("\u2028")
        for at, part in enumerate(parts):
            run = paragraph.add_run(part)
            if at < len(parts) - 1:
                run.add_break(WD_BREAK.LINE)
            run.font.rtl = True if is_rtl else None
            put_look(run, span.attributes, is_code=is_code or bool(span.attributes.get("code")))
            if isinstance(link, str):
                element: Any = run._r
                element.style = self.links.style()
                self.links.put(paragraph, run, link)
            self._changes.track(run, suggested_part(span.attributes))

    def _write_image(self, paragraph: Paragraph, span: Span, name: str) -> Run:
        content = self._pictures(name)
        alt = str(span.attributes.get("alt", ""))
        run = paragraph.add_run()
        try:
            if content is None:
                raise UnrecognizedImageError
            picture = self._images.add(run, name, content, Inches(_pixels(span, content) / PIXELS_PER_INCH))
        except _NO_PICTURE:
            run.add_text(in_xml(alt) or NO_IMAGE)
            return run
        if picture.width > (width := Inches(self._width)):
            picture.height = Emu(picture.height * width // picture.width)
            picture.width = width
        picture._inline.docPr.set("descr", in_xml(alt))
        for side in "TBLR":  # where it is not said, LibreOffice keeps a distance from the words around
            picture._inline.set(f"dist{side}", "0")
        return run

    def _width_of(self, picture: Span) -> int:
        """How wide a picture in a table is, in pixels; 0 where it is none that is written."""
        content = self._pictures(name) if (name := image_of(picture)) else None
        try:
            return 0 if content is None else _pixels(picture, content)
        except _NO_PICTURE:
            return 0


def _pixels(picture: Span, content: bytes) -> int:
    """How wide a picture is on the page: a camera says something else of each of its pictures."""
    width: int = picture.attributes.get("width") or image_in(content).px_width
    return width


def _close_up(above: Paragraph, below: Paragraph) -> None:
    """Leaves no room between two items. Word does so by itself where both have the same style for items, and so not
    between two levels nor in a check list."""
    upper, lower = above._p, below._p
    if upper.style is None or upper.style != lower.style:
        above.paragraph_format.space_after = Pt(0)
