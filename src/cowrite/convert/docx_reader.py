"""A Word document (Office Open XML) as rich text, by python-docx and the elements below it.

Reads what Word, LibreOffice, Google Docs, Pages and cowrite itself write. Rules:

- Nothing is fetched: pictures that are not in the file are left out, and links lead where `values.address` lets them.
- Headings, lists, quotations, code, alignment, direction and indents become block attributes; bold and the like, links,
  colours and highlights inline ones. Fonts and sizes are dropped, and so are the colours that stand for "none".
- What is tracked to come in or to go is suggested by whom Word names; tracked looks are read as if they were accepted.
- A table is one line for each row, with tabs between the cells.
- Comments, notes at the foot or the end, and text boxes are left out. What of all this a file had is told.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from cowrite.core.authors import Authorship
from cowrite.core.richtext import DELETION, EMBED_CHARACTER, INSERTION, NO_ATTRIBUTES, Line, Span

from .colours import is_ink, is_paper
from .data_images import IMAGE_TYPES, LARGEST_IMAGE
from .docx_lists import value_of
from .docx_styles import LINK_COLOUR, WordStyles, is_on, own_look
from .errors import ConvertError
from .html_elements import LINK_COLOURS
from .html_reader import TakeImage
from .normal import DIVIDER, LINE_SEPARATOR, joined_with, normal_lines, spans_from
from .tracked_changes import TrackedWhere, boxes_before, marks_of_tabs
from .values import address

LARGEST_CONTENT = 64 * 1024 * 1024  # bytes of all parts but pictures, unpacked: in memory some twenty times as much
STEP, OWN_STEP = 720, 504  # twentieths of a point of a step of indent: of Word, and where cowrite has written it
MOST_STEPS = 8

_MONOSPACED = re.compile(r"mono|consolas|courier|menlo|monaco", re.IGNORECASE)
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"([^"]*)"', re.IGNORECASE)
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_ALIGN = {"center": "center", "right": "right", "end": "right", "both": "justify", "distribute": "justify"}
_HIGHLIGHTS = {
    "yellow": "#ffff00", "green": "#00ff00", "cyan": "#00ffff", "magenta": "#ff00ff", "blue": "#0000ff",
    "red": "#ff0000", "darkBlue": "#000080", "darkCyan": "#008080", "darkGreen": "#008000", "darkMagenta": "#800080",
    "darkRed": "#800000", "darkYellow": "#808000", "darkGray": "#808080", "lightGray": "#c0c0c0",
}  # fmt: skip
_TEXT = {"tab": "\t", "br": LINE_SEPARATOR, "cr": LINE_SEPARATOR, "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SYMBOLS = {"F0FC": "✓", "F0FE": "☑", "F0A8": "☐", "F06F": "☐", "F0E0": "→", "F0B7": "•"}
"""Characters of the font Wingdings and the like."""
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_THROUGH = frozenset("ins moveTo del moveFrom smartTag sdtContent customXml fldSimple dir bdo".split())
"""Elements that are read as if only what is in them were there."""
_LEFT_OUT = {"commentReference": "comments", "footnoteReference": "notes", "endnoteReference": "notes"}


# What a package lacks or says wrongly, zipfile, lxml (a SyntaxError) and python-docx meet in many ways.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OpcError, OSError, EOFError, RuntimeError, SyntaxError,
    LookupError, ValueError, AttributeError, TypeError,
)  # fmt: skip


class NoWordFile(ConvertError):
    """A file cannot be read as a Word document.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"“{path}” could not be read as a Word document: it is damaged, has a password or is of another kind. "
            "Open it in Word or another writing program and save it anew as .docx."
        )
        self.path = path


@dataclass(frozen=True, slots=True)
class WordRead:
    """What a Word file holds.

    Attributes:
        spans: its rich text, in normal form.
        changed: what in it came in otherwise than it was, in words such as "tables".
        left_out: what of it is left out.
        suggested: who suggests each change of which the spans have marks, and when, by its id.
    """

    spans: list[Span]
    changed: tuple[str, ...]
    left_out: tuple[str, ...]
    suggested: Mapping[str, Authorship] = field(default_factory=dict)


def from_docx(data: bytes, path: Path, images: TakeImage | None = None) -> WordRead:
    """The rich text of a Word file.

    Args:
        data: the whole file.
        path: where it came from.
        images: stores an image and returns its name; without it, images are left out.

    Raises:
        NoWordFile: it cannot be read as one.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            sizes = (part.file_size for part in package.infolist() if not part.filename.startswith("word/media/"))
            if sum(sizes) > LARGEST_CONTENT:
                raise NoWordFile(path)
        word = docx.Document(BytesIO(data))
        reader = _Reader(WordStyles(word), word.part, images)
        lines = normal_lines(reader.lines(word.element.body), keeps_suggested=True)
    except _BROKEN as error:
        raise NoWordFile(path) from error
    lines, suggested = reader.tracked.settled(lines)
    return WordRead(spans_from(lines), tuple(reader.changed), tuple(reader.left_out), suggested)


class _Reader:
    """Goes through the body of one document."""

    def __init__(self, styles: WordStyles, part: Any, images: TakeImage | None) -> None:
        self._styles = styles
        self._part = part
        self._images = images
        self.changed: dict[str, None] = {}
        self.left_out: dict[str, None] = {}
        self.tracked = TrackedWhere()
        self._marks: Mapping[str, str] = NO_ATTRIBUTES  # of what is being read
        self._break_before: Mapping[str, str] = NO_ATTRIBUTES  # the marks of the line break before it
        self._field = ""  # the instructions of a field that is being read
        self._fields: list[str | None] = []  # the fields that are open: None before their result, else its link

    def lines(self, parent: Any, *, is_cell: bool = False) -> Iterator[Line]:
        """The lines of the paragraphs and tables in an element; in a cell, a part of a line, boxes are text."""
        for child in parent:
            match _name(child):
                case "p":
                    mark = self.tracked.within(child.find(f"{qn('w:pPr')}/{qn('w:rPr')}"))
                    marks = {**self._marks, **mark}
                    line = self._line(child)
                    if not is_cell:
                        line = self._with_box(line, marks)
                    self._break_before = marks
                    yield Line(line.spans, {**line.attributes, **marks})
                case "tbl":
                    self.changed["tables"] = None
                    yield from self._rows(child)
                case "sdt":
                    yield from self.lines(child, is_cell=is_cell)
                case name if name in _THROUGH:
                    with self._marking(self.tracked.of(child)):
                        yield from self.lines(child, is_cell=is_cell)

    @contextmanager
    def _marking(self, marks: Mapping[str, str]) -> Iterator[None]:
        """While what is within a tracked change is read."""
        outside = self._marks
        self._marks = {**outside, **marks}
        try:
            yield
        finally:
            self._marks = outside

    def _rows(self, table: Any) -> Iterator[Line]:
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not table:
                continue
            cells = [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]
            marks = self.tracked.within(row.find(qn("w:trPr")))
            of_cells = [{**marks, **self.tracked.within(cell.find(qn("w:tcPr")))} for cell in cells]
            spans: list[Span] = []
            for cell, own, tab in zip(cells, of_cells, marks_of_tabs(of_cells, marks), strict=True):
                with self._marking(own):
                    text = joined_with(" ", (line.spans for line in self.lines(cell, is_cell=True)))
                spans += [Span("\t", tab)] if cell is not cells[0] else []
                spans += (replace(span, attributes={**own, **span.attributes}) for span in text)
            yield Line(tuple(spans), marks)

    def _line(self, paragraph: Any) -> Line:
        properties = paragraph.find(qn("w:pPr"))
        block = self._styles.block(properties)
        self._note_looks(properties, "w:pPrChange")
        spans = list(self._spans(paragraph, None))
        self._fields = [field or "" for field in self._fields]  # instructions end with their paragraph at the latest
        text = "".join(span.text for span in spans).strip()
        if not text and self._styles.has_rule(properties):
            return Line((DIVIDER,))
        if "list" not in block and (steps := _steps(properties)) and "blockquote" not in block:
            block["indent"] = steps
        if align := _ALIGN.get(value_of(properties, "w:jc")):
            block["align"] = align
        if is_on(properties, "w:bidi"):
            block["direction"] = "rtl"
        return Line(tuple(spans), block)

    def _with_box(self, line: Line, marks: Mapping[str, str]) -> Line:
        """A line that begins with a check box is an item of a check list.

        A box that is tracked comes in or goes with a line break. Where none beside it does, another kind of item was
        tracked, which is no suggestion here.

        Args:
            line: as it was read.
            marks: of its line break.
        """
        boxes, spans = boxes_before(line.spans)
        if not boxes:
            return line
        alone = not marks and (len(boxes) > 1 or not self._break_before)
        if boxes.keys() != {""} and (alone or "" in boxes):
            self.changed["tracked boxes"] = None
        kind = boxes.get("") or boxes.get(DELETION if DELETION in marks else INSERTION)
        if kind is None and alone:
            return Line(spans, line.attributes)
        block = {name: value for name, value in line.attributes.items() if name not in ("header", "code-block")}
        depth = block.get("indent", 0) - (0 if "list" in block else 1)
        return Line(spans, {**block, "list": kind or next(iter(boxes.values())), "indent": max(0, depth)})

    def _spans(self, parent: Any, link: str | None) -> Iterator[Span]:
        for child in parent:
            match _name(child):
                case "r":
                    for span in self._run(child, link):
                        yield replace(span, attributes={**span.attributes, **self._marks})
                case "hyperlink":
                    yield from self._spans(child, self._target(child) or link)
                case "sdt":
                    for content in child.findall(qn("w:sdtContent")):
                        yield from self._spans(content, link)
                case "AlternateContent":  # the first of several that say the same
                    for choice in child[:1]:
                        yield from self._spans(choice, link)
                case "oMath" | "oMathPara":
                    self.changed["formulas"] = None
                    yield Span("".join(each.text or "" for each in child.iter(_MATH_TEXT)), self._marks)
                case name if name in _THROUGH:
                    field = _FIELD_LINK.match(child.get(qn("w:instr"), ""))
                    with self._marking(self.tracked.of(child)):
                        yield from self._spans(child, (field and address(field[1])) or link)

    def _run(self, run: Any, link: str | None) -> Iterator[Span]:
        properties = run.find(qn("w:rPr"))
        self._note_looks(properties, "w:rPrChange")
        hidden = is_on(properties, "w:vanish")
        for child in run:
            name = _name(child)
            if name == "fldChar":
                self._follow_field(child.get(qn("w:fldCharType"), ""))
            elif name == "instrText":
                self._field += child.text or ""
            elif hidden or None in self._fields:
                continue
            elif name in _LEFT_OUT:
                self.left_out[_LEFT_OUT[name]] = None
            else:
                here = next((each for each in reversed(self._fields) if each), None) or link
                yield from self._content(name, child, self._look(properties, here))

    def _note_looks(self, properties: Any, change: str) -> None:
        if properties is not None and properties.find(qn(change)) is not None:
            self.changed["tracked looks"] = None

    def _follow_field(self, kind: str) -> None:
        if kind == "begin":
            self._field = ""
            self._fields.append(None)
        elif kind == "separate" and self._fields:
            found = _FIELD_LINK.match(self._field)
            self._fields[-1] = (found and address(found[1])) or ""
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _content(self, name: str, child: Any, look: dict[str, Any]) -> Iterator[Span]:
        if name in ("t", "delText"):
            yield Span(child.text or "", look)
        elif name in _TEXT:
            if child.get(qn("w:type")) not in ("page", "column"):
                yield Span(_TEXT[name], look)
        elif name == "sym":
            symbol = _SYMBOLS.get(child.get(qn("w:char"), "").upper(), "")
            if not symbol:
                self.left_out["symbols"] = None
            yield Span(symbol, look)
        elif name == "ruby":
            for base in child.iter(qn("w:rubyBase")):
                yield from self._spans(base, look.get("link"))
        elif name == "AlternateContent":  # the first of several that say the same
            for choice in child[:1]:
                for each in choice:
                    yield from self._content(_name(each), each, look)
        elif name in ("drawing", "pict", "object"):
            yield from self._pictures(child, look)

    def _pictures(self, drawing: Any, look: dict[str, Any]) -> Iterator[Span]:
        if next(drawing.iter(qn("w:txbxContent")), None) is not None:
            self.left_out["text boxes"] = None
            return
        blips = [each.get(qn("r:embed"), "") for each in drawing.iter(qn("a:blip"))]
        blips += [each.get(qn("r:id"), "") for each in drawing.iter("{urn:schemas-microsoft-com:vml}imagedata")]
        if not blips:
            self.left_out["drawings"] = None
        for relation in blips:
            name = self._image(relation)
            if name is None:
                self.left_out["pictures of a kind that cowrite does not show"] = None
                continue
            told = next(drawing.iter(qn("wp:docPr")), None)
            size = next(drawing.iter(qn("wp:extent")), None)
            more: dict[str, Any] = {}
            if told is not None and told.get("descr"):
                more["alt"] = told.get("descr")
            if size is not None and size.get("cx", "").isdigit():
                more["width"] = max(1, round(int(size.get("cx")) / 9525))  # of a pixel in English Metric Units
            kept = {"link": look["link"]} if "link" in look else {}
            yield Span(EMBED_CHARACTER, {**kept, **more}, {"image": name})

    def _image(self, relation: str) -> str | None:
        part = self._part.related_parts.get(relation)
        if part is None or self._images is None or part.content_type not in IMAGE_TYPES:
            return None
        return self._images(part.blob, part.content_type) if 0 < len(part.blob) <= LARGEST_IMAGE else None

    def _target(self, hyperlink: Any) -> str | None:
        relation = self._part.rels.get(hyperlink.get(qn("r:id"), ""))
        return address(relation.target_ref) if relation is not None and relation.is_external else None

    def _look(self, properties: Any, link: str | None) -> dict[str, Any]:
        look = {**self._styles.look(properties), **own_look(properties)}
        fonts = properties.find(qn("w:rFonts")) if properties is not None else None
        if fonts is not None and _MONOSPACED.search(fonts.get(qn("w:ascii"), "")):
            look["code"] = True
        colour = _hex(value_of(properties, "w:color"))
        if colour and not is_ink(colour):
            look["color"] = colour
        shading = properties.find(qn("w:shd")) if properties is not None else None
        ground = _HIGHLIGHTS.get(value_of(properties, "w:highlight"))
        ground = ground or (_hex(shading.get(qn("w:fill"), "")) if shading is not None else None)
        if ground and not is_paper(ground):
            look["background"] = ground
        if link:
            look["link"] = link
            look.pop("underline", None)
            if look.get("color") in LINK_COLOURS | {LINK_COLOUR}:
                del look["color"]
        return {name: value for name, value in look.items() if value is not None}


def _name(element: Any) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _hex(value: str) -> str | None:
    return f"#{value.lower()}" if _HEX.fullmatch(value) else None


def _steps(properties: Any) -> int:
    """Steps of indent of a paragraph by its own properties."""
    indent = properties.find(qn("w:ind")) if properties is not None else None
    if indent is None:
        return 0
    left = indent.get(qn("w:left"), indent.get(qn("w:start"), "0"))
    if not left.isdigit():
        return 0
    return min(MOST_STEPS, round(int(left) / (STEP if int(left) % OWN_STEP else OWN_STEP)))
