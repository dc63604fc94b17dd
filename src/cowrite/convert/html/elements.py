"""Elements of HTML: what each says about the text and the paragraphs inside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cowrite.convert.colours import is_ink, is_paper
from cowrite.convert.html.lines import White
from cowrite.convert.html.stylesheet import StyleSheet
from cowrite.convert.html.tags import (
    INLINE_TAGS,
    Meaning,
    block_meaning,
    breaks_page,
    declarations,
    indent_steps,
    inline_meaning,
    letters,
    overlaid,
    typeface,
)
from cowrite.core.writing.typeface import kind_of_font, stated_size

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header html legend li main menu nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
LISTS = frozenset("ul ol menu dir".split())
CELLS = frozenset("td th".split())
HEADS = frozenset("th thead".split())
FORMATTING = INLINE_TAGS
SKIPPED = frozenset("applet audio button canvas datalist map math object rp select svg video".split())
"""Elements whose content is not text of the document."""

LINK_COLOURS = frozenset(
    "#000080 #0000ee #0000ff #0563c1 #0645ad #0366d6 #0969da #1155cc #1a73e8 #467886 #0078d4".split()
)
"""What applications give to every link; a link in cowrite looks like one anyway."""

MONOSPACED = re.compile(r"mono|consolas|courier|menlo|monaco", re.IGNORECASE)
"""Found in the names of fonts in which code is written."""

_LANGUAGE = re.compile(r"(?:language-|lang-|highlight-source-|highlight-text-|brush:)([\w+#.-]+)")
_WORD_LEVEL = re.compile(r"\blevel([1-9])\b")
_ORDERED_MARK = re.compile(r"\(?(?:[0-9]+|[a-zA-Z]|[ivxlcdmIVXLCDM]{1,8})[.)]|[0-9]+(?:\.[0-9]+){0,8}\.?")
_LAST_NUMBER = re.compile(r"([0-9]{1,9})[.)]?$")
_NUMBER = re.compile(r"\s*-?[0-9]{1,9}\s*", re.ASCII)
_KIX_LIST = re.compile(r"lst-kix_\w+-([0-8])")
_LEVELS = frozenset("123456")
_WORD_QUOTES = frozenset({"MsoQuote", "MsoIntenseQuote"})
_TASKS = frozenset({"inline-task-list", "to-do-list"})
"""Of lists of tasks: of Confluence, where what is done has a class, and of Notion, where a box in it has one."""
_USUAL_POINTS = 12.0
_HEADING_POINTS = {"h1": 24.0, "h2": 18.0, "h3": 14.0, "h4": 12.0, "h5": 10.0, "h6": 8.0}
"""How large browsers show letters where nothing is said."""
_QUILL_INDENT = re.compile(r"ql-indent-([1-8])")


@dataclass(slots=True)
class Item:
    """A list item that is being read.

    Attributes:
        kind: its `list` attribute.
        depth: how many lists are around its own.
        taken: whether its own line has been met; further lines in it are plain lines below it.
        number: in an ordered list, where it is known.
    """

    kind: str
    depth: int
    taken: bool = False
    number: int | None = None

    def mark(self, text: str) -> None:
        """Learns the kind from the item's mark as Word writes it: `1.`, `b)`, `iv.`, `1.2`, a bullet in some font."""
        text = text.replace("\u00a0", " ").strip()
        self.kind = "ordered" if _ORDERED_MARK.fullmatch(text) else "bullet"
        number = _LAST_NUMBER.search(text)
        self.number = int(number[1]) if self.kind == "ordered" and number else None


@dataclass(slots=True)
class Numbers:
    """The numbers of the items of an ordered list.

    Attributes:
        following: that of the next item; None while it is not known.
    """

    following: int | None

    def take(self, stated: str) -> int | None:
        """The number of the next item, which may state its own."""
        number = int(stated) if _NUMBER.fullmatch(stated) else self.following
        self.following = None if number is None else number + 1
        return number


@dataclass(slots=True)
class Element:
    """An open element, with everything that holds inside it.

    Attributes:
        tag: its name.
        meaning: what it says itself about characters.
        attributes: the inline attributes inside it, those of outer elements included.
        block: the block attributes inside it, those of outer elements included.
        white: what becomes of white space inside it.
        hidden: nothing inside it is shown.
        marks: its text is the mark of a Word list item.
        item: the innermost list item around its content.
        list_kind: that of the items of the innermost list that say nothing else.
        numbers: those of its items, where it is an ordered one.
        depth: how many lists are around its content, less one.
        steps: steps of indent that margins make.
        language: the language of code inside it, from a class on the way.
        opens: whether it is a table, or a row or a cell of one, and not only called so.
        is_head: whether it is, or is in, the head of a table.
        begins_page, ends_page: whether a page begins before or behind it.
        takes_letters: whether fonts and sizes that are set for words come in.
        font: in which letters are by the paragraph or what is around it; empty where these do not say so.
        points: how large they are by these.
    """

    tag: str
    meaning: Meaning = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    block: Mapping[str, Any] = field(default_factory=dict)
    white: White = White.COLLAPSE
    hidden: bool = False
    marks: bool = False
    item: Item | None = None
    list_kind: str = "bullet"
    numbers: Numbers | None = None
    depth: int = -1
    steps: int = 0
    language: str | bool = True
    opens: bool = False
    is_head: bool = False
    begins_page: bool = False
    ends_page: bool = False
    takes_letters: bool = False
    font: str = ""
    points: float = _USUAL_POINTS


def style_of(tag: str, attributes: Mapping[str, str], sheet: StyleSheet) -> dict[str, str]:
    """What the style sheet and an element itself say about how it looks.

    Where a paragraph has an alignment of its own, as LibreOffice writes it, that of the sheet does not count.
    """
    style = {**sheet.style(tag, attributes.get("class", "").split())}
    if "align" in attributes and tag != "table":
        style.pop("text-align", None)
    return {**style, **declarations(attributes.get("style", ""))}


def inside(outer: Element, tag: str, attributes: Mapping[str, str], sheet: StyleSheet) -> Element:
    """The element that a start tag opens inside `outer`."""
    classes = attributes.get("class", "").split()
    style = style_of(tag, attributes, sheet)
    language = _language(attributes, classes) or outer.language
    element = Element(
        tag,
        attributes=outer.attributes,
        block=outer.block,
        white=_white(outer.white, tag, classes, style),
        hidden=outer.hidden or _is_hidden(tag, attributes, style),
        marks=outer.marks or style.get("mso-list", "").lower() == "ignore",
        item=outer.item,
        list_kind=outer.list_kind,
        numbers=outer.numbers,
        depth=outer.depth,
        steps=outer.steps,
        language=language,
        is_head=tag in HEADS or (outer.is_head and tag != "table"),
        takes_letters=outer.takes_letters,
        font=outer.font,
        points=outer.points,
    )
    element.meaning = _meaning(element, tag, attributes, style)
    if element.takes_letters:
        element.meaning = {**_letters(element, tag, attributes, style), **element.meaning}
    if element.meaning:
        element.attributes = overlaid(outer.attributes, element.meaning)
    if tag in BLOCKS:
        _become_block(element, tag, attributes, classes, style)
    if "code-block" in element.block and language is not outer.language:
        element.block = {**element.block, "code-block": language}
    return element


def _letters(element: Element, tag: str, attributes: Mapping[str, str], style: Mapping[str, str]) -> Meaning:
    """Font and size that are set for the words in an element. What is said of paragraphs and in style sheets is the
    look of another program, and so is a font that stands for no kind of fonts here."""
    if tag not in ("span", "font"):
        font, size = letters(style)
        element.font, element.points = font or element.font, size or _HEADING_POINTS.get(tag, element.points)
        return {}
    font, size = letters({"font-family": attributes.get("face", ""), **declarations(attributes.get("style", ""))})
    meaning: Meaning = {}
    if font:
        meaning["font"] = kind_of_font(font) if font.lower() != element.font.lower() else None
    if size:
        meaning["size"] = stated_size(size, element.points)
    return meaning


def _meaning(element: Element, tag: str, attributes: Mapping[str, str], style: Mapping[str, str]) -> Meaning:
    if not style and not attributes and tag in BLOCKS:
        return {"bold": True} if tag in HEADS else {}
    meaning = inline_meaning(tag, attributes, style)
    if "data-typeface" in attributes:  # cowrite's own; what others paste brings its wording, not its fonts
        meaning |= typeface(style)
    if tag in BLOCKS:
        meaning.pop("background", None)
    if tag in HEADS:
        meaning = {"bold": True, **meaning}
    if tag in HEADINGS:
        meaning.pop("bold", None)
    if (colour := meaning.get("color")) and is_ink(colour):
        meaning["color"] = None
    if (colour := meaning.get("background")) and is_paper(colour):
        meaning["background"] = None
    if tag in ("a", "code", "kbd", "samp", "tt"):  # every page has colours of its own for these
        meaning.pop("color", None)
        meaning.pop("background", None)
    if tag == "a" or "link" in element.attributes:
        if meaning.get("color") in LINK_COLOURS:
            meaning["color"] = None
        if tag not in ("u", "ins"):
            meaning.pop("underline", None)
    if tag == "a" and element.attributes.get("color") in LINK_COLOURS:  # LibreOffice has the look of a link around it
        meaning |= {"color": None, "underline": None}
    return meaning


def _become_block(
    element: Element, tag: str, attributes: Mapping[str, str], classes: list[str], style: Mapping[str, str]
) -> None:
    # How a table states that it is aligned, it stands on the page; the words in it do not.
    stated = {name: value for name, value in attributes.items() if name != "align"} if tag == "table" else attributes
    block = {**element.block, **block_meaning(tag, stated, style)}
    element.begins_page, element.ends_page = breaks_page(style, "before"), breaks_page(style, "after")
    if level := _heading_level(tag, attributes, classes):
        block["header"] = level
    elif tag == "pre" or (element.white is White.KEEP and _is_code_editor(style)):
        block["code-block"] = element.language
    elif tag in LISTS:
        _become_list(element, tag, attributes, classes)
    elif tag == "li":
        element.item = _item(element, attributes, classes)
    elif "checkbox-on" in classes and element.item is not None:
        element.item.kind = "checked"
    elif attributes.get("data-node-type") == "actionList":
        element.depth += 1
    elif state := attributes.get("data-task-state"):  # of Confluence and Jira, whose lists of tasks are no lists
        element.item = Item("checked" if state == "DONE" else "unchecked", max(element.depth, 0))
    if (tag == "blockquote" and not _has_no_border(style)) or not _WORD_QUOTES.isdisjoint(classes):
        block["blockquote"] = True
    elif element.depth < 0:
        element.steps += _steps(tag, style)
    if tag == "p" and (in_list := _WORD_LEVEL.search(style.get("mso-list", ""))):
        element.item = Item("bullet", int(in_list[1]) - 1)
        element.steps = 0
    element.block = block


def _heading_level(tag: str, attributes: Mapping[str, str], classes: list[str]) -> int:
    """1 to 6 for a heading, else 0."""
    if tag in HEADINGS:
        return int(tag[1])
    if tag == "p" and "MsoTitle" in classes:
        return 1
    level = attributes.get("aria-level", "") if attributes.get("role") == "heading" else ""
    return int(level) if level in _LEVELS else 0


def _become_list(element: Element, tag: str, attributes: Mapping[str, str], classes: list[str]) -> None:
    of_docs = next((match for name in classes if (match := _KIX_LIST.fullmatch(name))), None)
    is_of_tasks = not _TASKS.isdisjoint(classes)
    element.list_kind = "ordered" if tag == "ol" else "unchecked" if is_of_tasks else "bullet"
    element.numbers = _numbers(attributes, is_of_one_depth=of_docs is not None) if tag == "ol" else None
    element.depth = int(of_docs[1]) if of_docs else element.depth + 1


def _steps(tag: str, style: Mapping[str, str]) -> int:
    if tag == "dd":
        return 1
    return indent_steps(style) if tag in HEADINGS or tag in ("p", "div", "pre", "blockquote") else 0


def _item(element: Element, attributes: Mapping[str, str], classes: list[str]) -> Item:
    kind = "checked" if element.list_kind == "unchecked" and "checked" in classes else element.list_kind
    stated = attributes.get("data-list", "")
    if stated in ("bullet", "ordered", "checked", "unchecked"):
        kind = stated
    elif attributes.get("role") == "checkbox":
        kind = "checked" if attributes.get("aria-checked") == "true" else "unchecked"
    more = next((int(match[1]) for name in classes if (match := _QUILL_INDENT.fullmatch(name))), 0)
    is_flat = bool(stated or more)  # as Quill's lists are, which hold items of any kind and depth
    number = element.numbers.take(attributes.get("value", "")) if element.numbers and not is_flat else None
    return Item(kind, max(element.depth + more, _stated_depth(attributes), 0), number=number)


def _numbers(attributes: Mapping[str, str], *, is_of_one_depth: bool) -> Numbers:
    """The numbers of a list that begins; where each depth has a list of its own, they are known if they are stated."""
    if (start := attributes.get("start", "")) and _NUMBER.fullmatch(start):
        return Numbers(int(start))
    is_of_one_depth = is_of_one_depth or "data-indent" in attributes or "data-stringify-type" in attributes
    return Numbers(None if is_of_one_depth or "reversed" in attributes else 1)


def _stated_depth(attributes: Mapping[str, str]) -> int:
    """The depth of an item of Word on the web or of Slack, where each item, or each depth, has a list of its own."""
    if (level := attributes.get("data-aria-level", "")) in _LEVELS:
        return int(level) - 1
    return int(level) if (level := attributes.get("data-stringify-indent", "")) in _LEVELS else 0


def _white(outer: White, tag: str, classes: list[str], style: Mapping[str, str]) -> White:
    if tag == "pre":
        return White.KEEP
    if "Apple-converted-space" in classes or style.get("mso-spacerun", "").lower() == "yes":
        return White.SPACES
    stated = "pre" if "Apple-tab-span" in classes else style.get("white-space", "").lower()
    if stated in ("pre", "pre-wrap", "break-spaces"):
        return White.KEEP
    if stated == "pre-line":
        return White.LINES
    return White.COLLAPSE if stated in ("normal", "nowrap") else outer


def _is_hidden(tag: str, attributes: Mapping[str, str], style: Mapping[str, str]) -> bool:
    return (
        tag in SKIPPED
        or "hidden" in attributes
        or style.get("display", "").lower() == "none"
        or style.get("visibility", "").lower() == "hidden"
        or style.get("mso-hide", "").lower() == "all"
        or (tag == "tr" and attributes.get("height") == "0")  # with which Word says how wide columns are
    )


def _is_code_editor(style: Mapping[str, str]) -> bool:
    """Whether this is the box that a code editor puts around what it copies."""
    return style.get("white-space", "").lower() == "pre" and bool(MONOSPACED.search(style.get("font-family", "")))


def _has_no_border(style: Mapping[str, str]) -> bool:
    """Whether a block quote only moves its content to the right, as mail programs' indent button makes it."""
    return style.get("border", "").lower().split(" ")[0] in ("none", "0", "0px") and bool(indent_steps(style))


def _language(attributes: Mapping[str, str], classes: list[str]) -> str | None:
    if stated := attributes.get("data-language"):
        return stated
    return next((match[1] for name in classes if (match := _LANGUAGE.fullmatch(name))), None)
