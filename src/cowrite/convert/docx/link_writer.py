"""The links of a Word document that is being written, and the headings of it to which some of them lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cowrite.convert.docx.elements import new_element, new_style, put_bookmark, put_link
from cowrite.convert.style_names import LINK_COLOUR
from cowrite.convert.values import in_xml

LINK_STYLE = "Hyperlink"


class WordLinksWriter:
    """Makes runs links, and lines places to which links lead.

    Args:
        word: the document.
    """

    def __init__(self, word: WordDocument) -> None:
        self._word = word
        self._has_style = False
        self._relations: dict[str, str] = {}  # by their addresses: python-docx would look through all of them each time
        self._places: dict[str, str] = {}  # the bookmarks of the addresses that lead to headings
        self._marked: dict[int, str] = {}  # and of the lines that they are

    def set_headings(self, headings: Mapping[int, str]) -> None:
        """Takes the names of headings to which links lead, by the numbers of their lines."""
        self._places = {f"#{name}": f"heading_{number}" for number, name in headings.items()}
        self._marked = {number: f"heading_{number}" for number in headings}

    def mark(self, paragraph: Paragraph, at: int) -> None:
        """Has a paragraph, which is the line of a number, be a place where links lead to it."""
        if at in self._marked:
            put_bookmark(paragraph, self._marked[at], at)

    def place_of(self, address: str) -> str:
        """The bookmark of the heading to which an address leads; empty where it leads to none."""
        return self._places.get(unquote(address), "")

    def put(self, paragraph: Paragraph, run: Run, address: str) -> None:
        """Makes the last run of a paragraph a link."""
        place = self.place_of(address)
        put_link(paragraph, run, "" if place else self._relation(in_xml(address)), place)

    def style(self) -> str:
        """The style of links, as Word's own are: what a person underlines in one is underlined beside it."""
        if not self._has_style:
            self._has_style = True
            style = new_style("character", LINK_STYLE, LINK_STYLE, "DefaultParagraphFont")
            style.append(look := OxmlElement("w:rPr"))
            look.append(new_element("color", val=LINK_COLOUR[1:].upper()))
            look.append(new_element("u", val="single"))
            styles: Any = self._word.styles.element
            styles.append(style)
        return LINK_STYLE

    def _relation(self, address: str) -> str:
        if address not in self._relations:
            self._relations[address] = f"link{len(self._relations) + 1}"
            relations: Any = self._word.part.rels
            relations.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, address, self._relations[address], is_external=True)
        return self._relations[address]
