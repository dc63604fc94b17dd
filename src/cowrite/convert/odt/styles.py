"""What the styles of an OpenDocument text say of its paragraphs and words (ODF 1.3 part 3, 16).

A paragraph or a span names a style of the file's own (automatic), which says what somebody set there and stands on a
named one; or it names that one. Of a style that is known by its name (a heading, a quotation, code) the look is that of
cowrite, and what it says besides does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cowrite.convert import values
from cowrite.convert.colours import colour, is_ink, is_paper
from cowrite.convert.html.elements import LINK_COLOURS, MONOSPACED
from cowrite.convert.odt.names import name_of, odf, points, stated
from cowrite.convert.odt.package import OdtPackage
from cowrite.convert.style_names import LINK_COLOUR, OF_LINKS, decoded, kind_of, look_by_name
from cowrite.core.text.direction import LTR, RTL
from cowrite.core.text.richtext import PAGE_BREAK
from cowrite.core.writing.typeface import WRITING_SIZE, kind_of_font, stated_size

STEP, WORD_STEP = 36.0, 25.2  # points of a step of indent: of most programs, and where cowrite has written a Word file
LONGEST_CHAIN = 20  # of styles that stand on each other; programs that write have some five
MOST_STEPS = 9  # of the innermost item with a box, which is a paragraph elsewhere

_HAIR = 0.02  # of a step, by which programs round lengths
_RULE = "horizontal line"
_PAGE = "page"
"""What breaks before or behind a paragraph, and is no column."""
_SIDES = {"start": "left", "left": "left", "end": "right", "right": "right", "center": "center", "justify": "justify"}
"""LibreOffice takes the words for the sides that they are where one reads from the left, whatever is read."""
_FROM_RIGHT, _FROM_LEFT = frozenset({"rl-tb", "rl"}), frozenset({"lr-tb", "lr"})
_NONE: Mapping[str, Any] = {}


class Look(NamedTuple):
    """How words look.

    Attributes:
        named: inline attributes by named styles; None for what they take away.
        own: likewise, what somebody has set there.
        of_link: likewise, by the named styles of links.
        is_hidden: whether they are not shown.
        font: in which letters are by the named styles of their paragraph; empty where these do not say so.
        points: how large they are by these; 0 where these do not say so.
    """

    named: Mapping[str, Any] = _NONE
    own: Mapping[str, Any] = _NONE
    of_link: Mapping[str, Any] = _NONE
    is_hidden: bool = False
    font: str = ""
    points: float = WRITING_SIZE

    def within(self, outer: Look) -> Look:
        """This look of words that stand in others."""
        return Look(
            {**outer.named, **self.named},
            {**outer.own, **self.own},
            {**outer.of_link, **self.of_link},
            is_hidden=outer.is_hidden or self.is_hidden,
            font=outer.font,
            points=outer.points,
        )

    def attributes(self, link: str | None) -> dict[str, Any]:
        """The inline attributes of words that lead there, or nowhere."""
        named = {**self.named, **(self.of_link if link else {})}
        look = {**named, **self.own}
        if link:
            look["link"] = link
            if not (self.own.get("underline") and named.get("underline")):  # else it is how links are drawn
                look.pop("underline", None)
            look["color"] = self.own.get("color")
            if look["color"] in LINK_COLOURS | {LINK_COLOUR}:
                del look["color"]
        # What styles say of fonts and sizes is the look of another program, and so is a font of no kind that is known.
        family, size = (look.pop(name, None) for name in ("font", "size"))
        if not look.get("code"):
            look["font"] = kind_of_font(family) if family and family != self.font else None
            look["size"] = stated_size(size, self.points) if size else None
        return {name: value for name, value in look.items() if value is not None}


PLAIN = Look()


class ParagraphStyle(NamedTuple):
    """What a style says of a paragraph.

    Attributes:
        block: its block attributes.
        look: how its words look.
        has_rule: whether there is a line below it.
        list_style: the list that a named style has it be an item of; empty for none.
        ends_page: whether a page begins behind it.
    """

    block: Mapping[str, Any]
    look: Look
    has_rule: bool
    list_style: str
    ends_page: bool


class OdtStyles:
    """The styles of one document.

    Args:
        package: it.
    """

    def __init__(self, package: OdtPackage) -> None:
        self._named: dict[tuple[str, str], Any] = {}
        self._own: dict[tuple[str, str], Any] = {}
        self._fonts: dict[str, str] = {}
        self._usual: list[Any] = []  # the style that holds for all paragraphs, if there is one
        for root in (package.styles, package.content):
            if root is None:
                continue
            for font in root.iterfind(f"{odf('office:font-face-decls')}/{odf('style:font-face')}"):
                self._fonts[stated(font, "style:name")] = stated(font, "svg:font-family")
            for style in root.iterfind(f"{odf('office:styles')}/*"):
                if name_of(style) == "style:default-style" and stated(style, "style:family") == "paragraph":
                    self._usual = [style]
                self._named[_key(style)] = style
        for style in package.content.iterfind(f"{odf('office:automatic-styles')}/*"):
            self._own[_key(style)] = style
        self._paragraphs: dict[tuple[str, bool], ParagraphStyle] = {}
        self._texts: dict[str, Look] = {}

    def paragraph(self, name: str, *, is_heading: bool) -> ParagraphStyle:
        """What the style of a paragraph says of it.

        Args:
            name: of the style.
            is_heading: whether the paragraph is one whatever its style is.
        """
        if (name, is_heading) not in self._paragraphs:
            self._paragraphs[name, is_heading] = self._paragraph(name, is_heading=is_heading)
        return self._paragraphs[name, is_heading]

    def text(self, name: str) -> Look:
        """What the style of a span says of its words."""
        if name not in self._texts:
            own, named = self._chain("text", name)
            of_name: dict[str, Any] = {}
            of_link: dict[str, Any] = {}
            for style in reversed(named):
                known = look_by_name(_shown(style))
                into = of_link if _shown(style).lower() in OF_LINKS else of_name
                into |= known if known is not None else self._look(style)
            if not own and not named:
                of_name |= look_by_name(decoded(name)) or {}
            self._texts[name] = Look(of_name, self._own_looks(own), of_link, is_hidden=_is_hidden((*own, *named)))
        return self._texts[name]

    def of(self, family: str, name: str) -> Any:
        """A style by its family and name; None where there is none."""
        return self._own.get((family, name), self._named.get((family, name)))

    def _paragraph(self, name: str, *, is_heading: bool) -> ParagraphStyle:
        own, named = self._chain("paragraph", name)
        names = [_shown(style) for style in named] or [decoded(self._parent(own, name))]
        known = next((at for at, each in enumerate(names) if kind_of(each) is not None), None)
        kind = kind_of(names[known]) if known is not None else None
        plain = [] if is_heading else named[:known]
        block = self._block(kind or {}, own, plain, named)
        look = self._look_of_paragraph(own, plain, named, is_heading=is_heading)
        has_rule = _has_rule(_properties((*own, *named, *self._usual))) or any(each.lower() == _RULE for each in names)
        of_list = next((found for style in named if (found := stated(style, "style:list-style-name"))), "")
        ends_page = _first(_properties((*own, *named)), "fo:break-after") == _PAGE
        return ParagraphStyle(block, look, has_rule, of_list, ends_page)

    def _block(
        self, kind: Mapping[str, Any], own: Sequence[Any], plain: Sequence[Any], named: Sequence[Any]
    ) -> dict[str, Any]:
        """The block attributes of a paragraph.

        Args:
            kind: those that are known by the name of its style.
            own: its styles of the file's own.
            plain: those with names, up to the one that is known.
            named: all with names.
        """
        block = dict(kind)
        if align := _SIDES.get(_first(_properties((*own, *plain)), "fo:text-align")):
            block["align"] = align
        if _first(_properties((*own, *named, *self._usual)), "style:writing-mode") in _FROM_RIGHT:
            block["direction"] = RTL
        elif _first(_properties(own), "style:writing-mode") in _FROM_LEFT:
            block["direction"] = LTR
        if steps := _steps(_properties(own), is_quote="blockquote" in block):
            block["indent"] = steps
        breaks = _first(_properties((*own, *named)), "fo:break-before") == _PAGE
        if breaks or _first((*own, *named), "style:master-page-name"):
            block[PAGE_BREAK] = True
        return block

    def _look_of_paragraph(
        self, own: Sequence[Any], plain: Sequence[Any], named: Sequence[Any], *, is_heading: bool
    ) -> Look:
        """How the words of a paragraph look; see `_block`."""
        saying = (*named, *self._usual)
        if is_heading and all(style in self._usual for style in named):
            saying = ()  # what holds for all paragraphs says nothing of how large headings are
        letters = [self._letters(style) for style in saying]
        return Look(
            self._looks(plain, of_letters=False),
            self._own_looks(own),
            is_hidden=_is_hidden((*own, *named)),
            font=next((each["font"] for each in letters if "font" in each), ""),
            points=next((each["size"] for each in letters if "size" in each), 0.0),
        )

    def begins_page(self, table: str) -> bool:
        """Whether a page begins with a table, by the name of its style."""
        own, named = self._chain("table", table)
        pages = [style.find(odf("style:table-properties")) for style in (*own, *named)]
        return _first(pages, "fo:break-before") == _PAGE or bool(_first((*own, *named), "style:master-page-name"))

    def _chain(self, family: str, name: str) -> tuple[list[Any], list[Any]]:
        """A style and those on which it stands, what counts most first: those of the file's own, and those with names.
        Others' programs may have put them in a ring, or a great many below each other."""
        own: list[Any] = []
        named: list[Any] = []
        style = self._own.get((family, name))
        while style is not None and len(own) < LONGEST_CHAIN:
            own.append(style)
            name = stated(style, "style:parent-style-name")
            style = self._own.get((family, name)) if (family, name) not in self._named else None
        style = self._named.get((family, name))
        while style is not None and len(named) < LONGEST_CHAIN:
            named.append(style)
            style = self._named.get((family, stated(style, "style:parent-style-name")))
        return own, named

    def _parent(self, own: Sequence[Any], name: str) -> str:
        """The name of the style on which a file's own one stands, which no style may have."""
        return stated(own[-1], "style:parent-style-name") if own else name

    def _looks(self, styles: Sequence[Any], *, of_letters: bool = True) -> dict[str, Any]:
        looks: dict[str, Any] = {}
        for style in reversed(styles):
            looks |= self._look(style, of_letters=of_letters)
        return looks

    def _own_looks(self, styles: Sequence[Any]) -> dict[str, Any]:
        """What styles of the file's own say of words, with the font and the points of their letters."""
        looks = self._looks(styles)
        for style in reversed(styles):
            looks |= self._letters(style)
        return looks

    def _letters(self, style: Any) -> dict[str, Any]:
        """The font and the points of letters that a style states itself."""
        properties = style.find(odf("style:text-properties"))
        if properties is None:
            return {}
        letters: dict[str, Any] = {}
        if family := self._font(properties):
            letters["font"] = values.font(family)
        if size := points(stated(properties, "fo:font-size")):
            letters["size"] = size
        return letters

    def _font(self, properties: Any) -> str:
        return stated(properties, "fo:font-family") or self._fonts.get(stated(properties, "style:font-name"), "")

    def _look(self, style: Any, *, of_letters: bool = True) -> dict[str, Any]:
        """What a style says of words itself.

        Args:
            style: it.
            of_letters: whether letters of one width stand for code, which those of a whole document do not.
        """
        properties = style.find(odf("style:text-properties"))
        if properties is None:
            return {}
        look = dict(_weights(properties))
        if of_letters and MONOSPACED.search(self._font(properties) or stated(properties, "style:font-name")):
            look["code"] = True
        if stated(properties, "style:use-window-font-color") == "true":
            look["color"] = None
        elif ink := stated(properties, "fo:color"):
            found = colour(ink)
            look["color"] = found if found and not is_ink(found) else None
        if ground := stated(properties, "fo:background-color"):
            found = colour(ground)
            look["background"] = found if found and not is_paper(found) else None
        return look


def _weights(properties: Any) -> Iterator[tuple[str, Any]]:
    if weight := stated(properties, "fo:font-weight"):
        yield "bold", weight in ("bold", "bolder", "600", "700", "800", "900") or None
    if slant := stated(properties, "fo:font-style"):
        yield "italic", slant in ("italic", "oblique") or None
    for attribute, name in (("underline", "text-underline"), ("strike", "text-line-through")):
        kinds = [found for part in ("style", "type") if (found := stated(properties, f"style:{name}-{part}"))]
        if kinds:
            yield attribute, "none" not in kinds or None
    if raised := stated(properties, "style:text-position").split():
        yield "script", "sub" if raised[0] == "sub" or raised[0].startswith("-") else _super(raised[0])


def _super(raised: str) -> str | None:
    return None if raised.rstrip("%") in ("0", "") else "super"


def _is_hidden(styles: Sequence[Any]) -> bool:
    properties = [style.find(odf("style:text-properties")) for style in styles]
    return _first(properties, "text:display") == "none"


def _has_rule(properties: Sequence[Any]) -> bool:
    for each in properties:
        if border := stated(each, "fo:border-bottom") or stated(each, "fo:border"):
            return {"none", "hidden"}.isdisjoint(border.split())
    return False


def _steps(properties: Sequence[Any], *, is_quote: bool) -> int:
    """Steps of indent of a paragraph by what somebody has set there; of a quotation, which stands in by itself, those
    beyond the first."""
    left = points(_first(properties, "fo:margin-left"))
    by_word = left / WORD_STEP
    is_words = abs(by_word - round(by_word)) < _HAIR and round(by_word) <= MOST_STEPS
    steps = round(by_word if is_words else left / STEP) - (1 if is_quote else 0)
    return max(0, min(MOST_STEPS, steps))


def _properties(styles: Iterable[Any]) -> list[Any]:
    """What each of these styles says of paragraphs; None where it says nothing."""
    return [style.find(odf("style:paragraph-properties")) for style in styles]


def _first(properties: Sequence[Any], name: str) -> str:
    """What the first of these properties that says something of this says."""
    return next((found for each in properties if (found := stated(each, name))), "")


def _key(style: Any) -> tuple[str, str]:
    return stated(style, "style:family"), stated(style, "style:name")


def _shown(style: Any) -> str:
    """The name of a named style, as people see it."""
    return stated(style, "style:display-name") or decoded(stated(style, "style:name"))
