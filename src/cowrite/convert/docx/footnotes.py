"""The footnotes of a Word document (ECMA-376 part 1, 17.11): read, with its endnotes, and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cowrite.convert.docx.elements import new_element, new_style, put_direction, put_link
from cowrite.convert.docx.look_writer import is_latin, put_look
from cowrite.convert.docx.styles import OFF
from cowrite.convert.docx.symbols import character
from cowrite.convert.file_read import Losses
from cowrite.convert.footnotes import ENDNOTES, NOTES_TRACKED, Repeated, note_of_lines, paragraphs
from cowrite.convert.values import in_xml
from cowrite.core.text.direction import reads_from_right
from cowrite.core.text.footnotes import Words
from cowrite.core.text.richtext import DELETION, INSERTION, Line, Span, block_part

_TEXT, _SIGN = "FootnoteText", "FootnoteReference"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SMALL = 20  # half points
_KINDS = {
    "footnoteReference": ("footnote", RELATIONSHIP_TYPE.FOOTNOTES),
    "endnoteReference": ("endnote", RELATIONSHIP_TYPE.ENDNOTES),
}
REFERENCES = frozenset(_KINDS)
"""The elements that refer to a note."""
_REFERENCES = frozenset(qn(f"w:{each}") for each in REFERENCES)
_LETTERS = frozenset({qn("w:t"), qn("w:sym")})
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))
"""What stands above the notes of a page; Word wants both to be there."""
_AFTER_NOTES = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping")


class WordFootnotes:
    """The notes of a document that is read.

    Args:
        part: that with the text.
        lines: gives the lines of a note, of which it takes the part and the element.
        losses: takes note of what comes in otherwise than it was.
    """

    def __init__(self, part: Any, lines: Callable[[Any, Any], Iterable[Line]], losses: Losses) -> None:
        self._part = part
        self._lines = lines
        self._losses = losses
        self._notes: dict[str, dict[str, tuple[Any, Any]]] = {}  # part and element, by the reference's name and the id
        self._read: dict[tuple[str, str, str], tuple[Span, ...]] = {}  # by these and the mark
        self._repeated = Repeated()

    def refer(self, name: str, element: Any) -> tuple[Span, ...]:
        """What stands in the text for a note; nothing where it is not in the file.

        Args:
            name: one of `REFERENCES`.
            element: the one that refers to it.
        """
        if name not in self._notes:
            self._notes[name] = dict(self._found(*_KINDS[name]))
        id, mark = element.get(qn("w:id"), ""), "".join(map(_text_of, own_mark(element)))
        found = self._notes[name].get(id)
        if found is None:
            return ()
        if (known := self._read.get((name, id, mark))) is not None:
            return known if self._repeated.may(known[0]) else ()
        if name == "endnoteReference":
            self._losses.change(ENDNOTES)
        lines = [self._settled(line) for line in self._lines(*found)]
        if lines and mark:
            lines[0] = _without_mark(lines[0], mark)
        note = self._read[name, id, mark] = note_of_lines(lines, self._losses.change)
        return note

    def _found(self, tag: str, relation: str) -> Iterator[tuple[str, tuple[Any, Any]]]:
        for each in self._part.rels.values():
            if each.reltype == relation and not each.is_external:
                part = each.target_part
                root = getattr(part, "element", None)
                for note in (parse_xml(part.blob) if root is None else root).iter(qn(f"w:{tag}")):
                    yield note.get(qn("w:id"), ""), (part, note)

    def _settled(self, line: Line) -> Line:
        """A line without what is tracked to go: within a note nothing is suggested."""
        if any(name in span.attributes for span in line.spans for name in (DELETION, INSERTION)):
            self._losses.change(NOTES_TRACKED)
        return Line(tuple(span for span in line.spans if DELETION not in span.attributes), block_part(line.attributes))


def own_mark(reference: Any) -> list[Any]:
    """What stands behind a reference, before the next one, in the place of its number, as a person has chosen it; here
    notes are counted."""
    if reference.get(qn("w:customMarkFollows"), "false") in OFF:
        return []
    behind = takewhile(lambda each: each.tag not in _REFERENCES, reference.itersiblings())
    return [each for each in behind if each.tag in _LETTERS]


def _text_of(element: Any) -> str:
    font, code = element.get(qn("w:font")), element.get(qn("w:char"))
    return element.text or "" if font is None else character(font, code or "")


def _without_mark(line: Line, mark: str) -> Line:
    """The first line of a note without the mark that stands before its words, too."""
    spans, rest = list(line.spans), mark.strip()
    while rest and spans and (text := spans[0].text.lstrip()) and (rest.startswith(text) or text.startswith(rest)):
        spans[0] = Span(text[len(rest) :], spans[0].attributes)
        rest = rest[len(text) :]
        if not spans[0].text:
            del spans[0]
    return line if rest else Line(tuple(spans), line.attributes)


class WordFootnotesWriter:
    """Puts footnotes into one Word document.

    Args:
        word: it.
        link_style: gives the style of a link.
        place_of: gives the bookmark to which an address leads; empty for none.
    """

    def __init__(self, word: WordDocument, link_style: Callable[[], str], place_of: Callable[[str], str]) -> None:
        self._word = word
        self._link_style = link_style
        self._place_of = place_of
        self._part: Part | None = None
        self._root: Any = None
        self._count = 0

    def refer(self, paragraph: Paragraph, words: Words) -> Run:
        """Writes at the end of a paragraph the sign that refers to a note, and the note."""
        if self._part is None:
            self._begin()
        self._count += 1
        run = paragraph.add_run()
        _put_sign(run, new_element("footnoteReference", id=self._count))
        note = new_element("footnote", id=self._count)
        self._root.append(note)
        for number, line in enumerate(paragraphs(words)):
            self._write(note, line, begins=number == 0)
        return run

    def finish(self) -> None:
        """Puts all notes into the package."""
        if self._part is not None:
            self._part._blob = serialize_part_xml(self._root)

    def _begin(self) -> None:
        own: Any = self._word.part
        self._root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        self._part = Part(PackURI("/word/footnotes.xml"), _CONTENT, b"", own.package)
        own.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        stated = OxmlElement("w:footnotePr")
        for kind, id in _SEPARATORS:
            self._root.append(note := new_element("footnote", type=kind, id=id))
            note.append(paragraph := OxmlElement("w:p"))
            Paragraph(paragraph, note).add_run()._r.append(OxmlElement(f"w:{kind}"))
            stated.append(new_element("footnote", id=id))
        settings: Any = self._word.settings.element
        settings.insert_element_before(stated, *_AFTER_NOTES)
        styles: Any = self._word.styles.element
        normal = self._word.styles.default(WD_STYLE_TYPE.PARAGRAPH)
        text = new_style("paragraph", _TEXT, "footnote text", "Normal" if normal is None else normal.style_id)
        text.append(properties := OxmlElement("w:pPr"))
        properties.append(new_element("spacing", after=0))
        text.append(look := OxmlElement("w:rPr"))
        look.append(new_element("sz", val=_SMALL))
        look.append(new_element("szCs", val=_SMALL))
        sign = new_style("character", _SIGN, "footnote reference", "DefaultParagraphFont")
        sign.append(look := OxmlElement("w:rPr"))
        look.append(new_element("vertAlign", val="superscript"))
        styles.append(text)
        styles.append(sign)

    def _write(self, note: Any, line: Line, *, begins: bool) -> None:
        note.append(element := OxmlElement("w:p"))
        paragraph, is_rtl = Paragraph(element, note), reads_from_right(line)
        element.get_or_add_pPr().get_or_add_pStyle().val = _TEXT
        if is_rtl:
            put_direction(paragraph, from_right=True)
        if begins:
            _put_sign(paragraph.add_run(), OxmlElement("w:footnoteRef"))
            paragraph.add_run(" ")
        for span in line.spans:
            run = paragraph.add_run(in_xml(span.text))
            run.font.rtl = True if is_rtl and not is_latin(span.text) else None
            put_look(run, span.attributes, is_code=bool(span.attributes.get("code")))
            if isinstance(link := span.attributes.get("link"), str):
                own: Any = run._r
                own.style = self._link_style()
                assert self._part is not None
                place = self._place_of(link)
                relation = RELATIONSHIP_TYPE.HYPERLINK
                id = "" if place else self._part.relate_to(in_xml(link), relation, is_external=True)
                put_link(paragraph, run, id, place)


def _put_sign(run: Run, sign: Any) -> None:
    own: Any = run._r
    own.style = _SIGN
    own.append(sign)
