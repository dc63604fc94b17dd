"""The footnotes of a Word document (ECMA-376 part 1, 17.11) that is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cowrite.convert.docx.elements import new_element, new_style, put_direction, put_link
from cowrite.convert.docx.look_writer import is_latin, put_look
from cowrite.convert.footnotes import paragraphs
from cowrite.convert.values import in_xml
from cowrite.core.text.direction import reads_from_right
from cowrite.core.text.footnotes import Words
from cowrite.core.text.richtext import Line

_TEXT, _SIGN = "FootnoteText", "FootnoteReference"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SMALL = 20  # half points
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))
"""What stands above the notes of a page; Word wants both to be there."""
_AFTER_NOTES = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping")


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
