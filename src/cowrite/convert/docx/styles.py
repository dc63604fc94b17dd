"""What the styles of a Word document say of its paragraphs and runs (ECMA-376 part 1, 17.7).

A style stands on another one; what a paragraph does not say itself, the styles below it say. Of Word's own styles the
names count, which are the same in every language of Word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE

from cowrite.convert.docx.lists import Numbered, WordLists, value_of
from cowrite.convert.docx.names import number_in, qn
from cowrite.convert.docx.package import is_of_libreoffice
from cowrite.convert.style_names import HEADINGS, OF_LINKS, kind_of, look_by_name
from cowrite.core.text.direction import LTR, RTL
from cowrite.core.text.richtext import NO_ATTRIBUTES

OFF = ("0", "false", "off", "none")
"""What says of a property that it is off."""
LONGEST_CHAIN = 20
"""Styles that stand on each other; Word has no more than ten."""
_PARTS = {"firstRow": ("firstRow", 0x20), "lastRow": ("lastRow", 0x40), "firstCol": ("firstColumn", 0x80)}
"""Parts of a table that may have a look of their own: the attribute that says so, and the bit of older files."""
_SIZE = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", re.ASCII)  # half points
_BITS = re.compile("[0-9A-Fa-f]{1,4}")


_USUAL_POINTS = 10.0  # Word's, where nothing is said (17.3.2.38)


class ParagraphStyle(NamedTuple):
    """What a style says of a paragraph.

    Attributes:
        align: how it is aligned, in Word's words; empty where nothing is said.
        look: inline attributes of its words; None for what it takes away.
        is_stated: whether it is that of a bold heading, as all are here, and is stated at each of its words once more.
        font: the one in which its letters are; empty where nothing is said.
        points: how large they are.
        is_hidden: whether its words are.
    """

    align: str
    look: Mapping[str, Any] = NO_ATTRIBUTES
    font: str = ""
    points: float = _USUAL_POINTS
    is_hidden: bool = False
    is_stated: bool = False


class WordStyles:
    """The styles of one document, and its lists.

    Args:
        word: it.
    """

    def __init__(self, word: WordDocument) -> None:
        self._styles: dict[str, Any] = {}
        for style in word.styles.element.iter(qn("w:style")):
            self._styles[style.get(qn("w:styleId"), "")] = style
        self._chains: dict[str, Sequence[Any]] = {}  # of styles that were asked for
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._states_all = is_of_libreoffice(word)
        self.numbers_headings = False
        """Whether a heading has been asked for before which Word shows a number."""
        self.shows_items_otherwise = False
        """Whether an item has been asked for before which Word shows another number than is shown here, or words."""
        usual = (id for id, style in self._styles.items() if _is_usual(style))
        self._usual = next(usual, "")  # the style of paragraphs that name none
        self._of_all = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
        self._letters = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        numbering = next((part for part in word.part.package.iter_parts() if _is_numbering(part)), None)
        self._lists = WordLists(None if numbering is None else numbering.element, self._styles)

    def block(self, properties: Any) -> dict[str, Any]:
        """The block attributes that a paragraph's properties (`w:pPr`, or None) and styles make; of its indent that of
        an item. Asked for once for each paragraph in order, as items are counted.
        """
        chain = [properties] if properties is not None else []
        style = value_of(properties, "w:pStyle")
        named = self._chain(style)
        chain += [each.find(qn("w:pPr")) for each in named if each.find(qn("w:pPr")) is not None]
        found = next((kind for each in named if (kind := kind_of(value_of(each, "w:name"))) is not None), {})
        block = dict(found)
        level = next((at for each in chain if (at := value_of(each, "w:outlineLvl"))), "")
        if not block and (depth := number_in(level)) is not None and depth < HEADINGS:
            block["header"] = depth + 1
        item = self._lists.item(_numbered(properties, named), (_name(each) for each in named))
        if "header" not in block or ("list" in item.block and self._lists.is_listed(properties)):
            self.shows_items_otherwise = self.shows_items_otherwise or item.shows_otherwise
            return block | item.block
        self.numbers_headings = self.numbers_headings or item.block.get("list") == "ordered"
        return block

    def has_rule(self, properties: Any) -> bool:
        """Whether there is a line below a paragraph, by its properties (`w:pPr`, or None) or its style."""
        styles = (each.find(qn("w:pPr")) for each in self._chain(value_of(properties, "w:pStyle")))
        for each in (properties, *styles):
            if each is not None and (borders := each.find(qn("w:pBdr"))) is not None:
                return value_of(borders, "w:bottom") not in ("", "nil", "none")
        return False

    def begins_page(self, properties: Any) -> bool:
        """Whether a page begins with a paragraph, by its properties (`w:pPr`, or None) or its style."""
        styles = (each.find(qn("w:pPr")) for each in self._chain(value_of(properties, "w:pStyle") or self._usual))
        stated = (is_on(each, "w:pageBreakBefore") for each in (properties, *styles))
        return bool(next((on for on in stated if on is not None), False))

    def direction(self, properties: Any) -> str | None:
        """In which direction a paragraph runs: RTL by its properties (`w:pPr`, or None), its styles or all of them, LTR
        where its own properties say so; None where nothing is said."""
        styles = (each.find(qn("w:pPr")) for each in self._chain(value_of(properties, "w:pStyle") or self._usual))
        stated = (is_on(each, "w:bidi") for each in (properties, *styles, self._of_all))
        if next((on for on in stated if on is not None), False):
            return RTL
        return LTR if is_on(properties, "w:bidi") is False else None

    def of_paragraph(self, properties: Any) -> ParagraphStyle:
        """What the style of a paragraph says of it, by its properties (`w:pPr`, or None)."""
        id = value_of(properties, "w:pStyle") or self._usual
        if id not in self._paragraphs:
            # Of a style that is known by its name, and those on which it stands, the look is that of cowrite.
            chain = self._chain(id)
            own = list(takewhile(lambda each: kind_of(value_of(each, "w:name")) is None, chain))
            stated = (value_of(each.find(qn("w:pPr")), "w:jc") for each in own)
            look: dict[str, Any] = {}
            for style in reversed(own):
                look |= own_look(style.find(qn("w:rPr")))
            of_ours = chain[len(own) :]
            bold = (on for style in of_ours if (on := is_on(style.find(qn("w:rPr")), "w:b")) is not None)
            is_heading = bool(of_ours) and "header" in (kind_of(value_of(of_ours[0], "w:name")) or {})
            letters = [*(style.find(qn("w:rPr")) for style in chain), self._letters]
            fonts = (font for each in letters if (font := font_of(each)) is not None)
            sizes = (size for each in letters if (size := points_of(each)) is not None)
            hidden = (on for each in letters if (on := is_on(each, "w:vanish")) is not None)
            self._paragraphs[id] = ParagraphStyle(
                next(filter(None, stated), ""),
                look,
                next(fonts, ""),
                next(sizes, _USUAL_POINTS),
                next(hidden, False),
                self._states_all and is_heading and next(bold, False),
            )
        return self._paragraphs[id]

    def is_hidden(self, properties: Any, of_paragraph: ParagraphStyle) -> bool:
        """Whether a run is hidden, by its properties (`w:rPr`, or None), its style or that of its paragraph."""
        styles = (each.find(qn("w:rPr")) for each in self._chain(value_of(properties, "w:rStyle")))
        stated = (is_on(each, "w:vanish") for each in (properties, *styles))
        return next((on for on in stated if on is not None), of_paragraph.is_hidden)

    def look(self, properties: Any, *, is_link: bool) -> dict[str, Any]:
        """The inline attributes that the character style of a run (its `w:rPr`, or None) makes."""
        look: dict[str, Any] = {}
        for style in reversed(self._chain(value_of(properties, "w:rStyle"))):
            if _name(style) in OF_LINKS and not is_link:
                continue
            known = look_by_name(_name(style))
            look |= known if known is not None else own_look(style.find(qn("w:rPr")))
        return look

    def bold_parts(self, properties: Any) -> frozenset[str]:
        """Of firstRow, lastRow and firstCol those parts of a table that are bold by its style and its look.

        Args:
            properties: the table's (`w:tblPr`, or None).
        """
        look = properties.find(qn("w:tblLook")) if properties is not None else None
        if look is None:
            return frozenset()
        stated: dict[str, bool] = {}
        for style in self._chain(value_of(properties, "w:tblStyle")):
            for part in style.findall(qn("w:tblStylePr")):
                if (on := is_on(part.find(qn("w:rPr")), "w:b")) is not None:
                    stated.setdefault(part.get(qn("w:type"), ""), on)
        return frozenset(part for part in _PARTS if stated.get(part) and _looks(look, part))

    def _chain(self, id: str) -> Sequence[Any]:
        """A style and those on which it stands, which others' programs may have put in a ring."""
        if (known := self._chains.get(id)) is not None:
            return known
        chain: dict[str, Any] = {}
        each = id
        while each in self._styles and each not in chain and len(chain) < LONGEST_CHAIN:
            chain[each] = self._styles[each]
            each = value_of(self._styles[each], "w:basedOn")
        if id in self._styles:
            self._chains[id] = tuple(chain.values())
        return tuple(chain.values())


def is_on(properties: Any, name: str) -> bool | None:
    """Whether a property that is on or off is on; None where nothing is said."""
    child = properties.find(qn(name)) if properties is not None else None
    return None if child is None else child.get(qn("w:val"), "true") not in OFF


def _looks(look: Any, part: str) -> bool:
    """Whether a part of a table looks as the style has it for this part, by the table's `w:tblLook`."""
    attribute, bit = _PARTS[part]
    if (stated := look.get(qn(f"w:{attribute}"))) is not None:
        return stated in ("1", "true", "on")
    bits = look.get(qn("w:val"), "")
    return bool(_BITS.fullmatch(bits)) and bool(int(bits, 16) & bit)


def font_of(properties: Any) -> str | None:
    """The font that run properties name for Latin letters, empty for one of the document's theme; None for none."""
    fonts = properties.find(qn("w:rFonts")) if properties is not None else None
    if fonts is None:
        return None
    return "" if qn("w:asciiTheme") in fonts.attrib else fonts.get(qn("w:ascii"))


def points_of(properties: Any) -> float | None:
    """How large letters are by run properties; None where these do not say so."""
    half_points = value_of(properties, "w:sz")
    return float(half_points) / 2 if _SIZE.fullmatch(half_points) else None


def own_look(properties: Any) -> dict[str, Any]:
    """What run properties say of bold, italic, underline, strike and script; None for what they take away."""
    look: dict[str, Any] = {}
    names = {"w:b": "bold", "w:i": "italic", "w:u": "underline", "w:strike": "strike", "w:dstrike": "strike"}
    for name, attribute in names.items():
        if (on := is_on(properties, name)) is not None:
            look[attribute] = on or look.get(attribute) or None
    script = value_of(properties, "w:vertAlign")
    if script:
        look["script"] = {"superscript": "super", "subscript": "sub"}.get(script)
    elif (raised := value_of(properties, "w:position")) and value_of(properties, "w:sz"):  # as LibreOffice has it
        look["script"] = "sub" if raised.startswith("-") else "super"
    return look


def _is_numbering(part: Any) -> bool:
    return part.content_type == CONTENT_TYPE.WML_NUMBERING and hasattr(part, "element")


def _is_usual(style: Any) -> bool:
    return style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true", "on")


def _name(style: Any) -> str:
    return value_of(style, "w:name").lower()


def _numbered(properties: Any, styles: Sequence[Any]) -> Iterator[Numbered]:
    """What says of which list a paragraph is: its own properties and its styles, what counts most first."""
    for each, id in (
        (properties, ""),
        *((style.find(qn("w:pPr")), style.get(qn("w:styleId"), "")) for style in styles),
    ):
        if each is not None and (number := each.find(qn("w:numPr"))) is not None:
            yield Numbered(number, id)
