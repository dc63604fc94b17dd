"""Elements of a Word document for which python-docx has no words."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

# The order in which Word wants what python-docx does not put in by itself.
_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
_AFTER_GROUND = ("w:tabs", "w:bidi", *_AFTER_BIDI)
_AFTER_BORDERS = ("w:shd", *_AFTER_GROUND)


def new_element(name: str, **attributes: object) -> Any:
    """An element and its attributes, all of them Word's."""
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def new_style(kind: str, id: str, name: str, stands_on: str) -> Any:
    """A style of a kind, such as "paragraph", that stands on another one."""
    style = new_element("style", type=kind, styleId=id)
    style.append(new_element("name", val=name))
    style.append(new_element("basedOn", val=stands_on))
    return style


def put_link(paragraph: Paragraph, run: Run, relation: str, place: str) -> None:
    """Puts the last run of a paragraph into a hyperlink.

    Args:
        paragraph: it.
        run: its last run.
        relation: says where the link leads.
        place: the bookmark to which it leads instead, if there is one.
    """
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), place) if place else link.set(qn("r:id"), relation)
    paragraph._p.remove(run._r)
    link.append(run._r)
    paragraph._p.append(link)


def put_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Has all of a paragraph be a place to which links of the text can lead.

    Args:
        paragraph: it, with its words.
        name: letters, digits and underscores; Word takes 40 at most.
        number: its own in the file.
    """
    start = new_element("bookmarkStart", id=number)
    start.set(qn("w:name"), name)
    properties = paragraph._p.pPr
    paragraph._p.insert(0 if properties is None else 1, start)
    paragraph._p.append(new_element("bookmarkEnd", id=number))


def put_direction(paragraph: Paragraph, *, from_right: bool) -> None:
    """Has a paragraph run from the right, or from the left whatever else says."""
    properties: Any = paragraph._p.get_or_add_pPr()
    stated = OxmlElement("w:bidi") if from_right else new_element("bidi", val="0")
    properties.insert_element_before(stated, *_AFTER_BIDI)


def put_ground(properties: Any, colour: str) -> None:
    """Gives paragraphs with these properties a ground of a colour ("RRGGBB")."""
    properties.insert_element_before(new_element("shd", val="clear", color="auto", fill=colour), *_AFTER_GROUND)


def put_page_number(paragraph: Paragraph) -> None:
    """Has a paragraph of a footer show the number of the page; Word works it out, and the file states none."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph._p.append(new_element("fldSimple", instr="PAGE"))


def put_rule(properties: Any) -> None:
    """Draws a line below a paragraph with these properties."""
    borders = OxmlElement("w:pBdr")
    borders.append(new_element("bottom", val="single", sz=6, space=1, color="auto"))
    properties.insert_element_before(borders, *_AFTER_BORDERS)
