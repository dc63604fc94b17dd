"""The lists of a Word document: of which list a paragraph is an item, and with which number (ECMA-376 part 1, 17.9).

A paragraph names a list and a level, or its style does. Lists that stand on the same definition go on counting where
the others have ended, unless one states where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cowrite.convert.docx.names import number_in, qn
from cowrite.convert.numbering import says_as_here

LEVELS = 9
_MEASURE = re.compile(r"([0-9]{1,8}(?:\.[0-9]{1,20})?)(pt|pc|pi|in|cm|mm)?")
_TWIPS = {"": 1, "pt": 20, "pc": 240, "pi": 240, "in": 1440, "cm": 1440 / 2.54, "mm": 144 / 2.54}
_NUMBERS = {"decimal": "1", "lowerLetter": "a", "lowerRoman": "i"}
"""The first number of those formats that are numbers here as well."""
_LIST_STYLE = re.compile(r"list (bullet|number)(?: ([2-5]))?")


class Item(NamedTuple):
    """What makes a paragraph an item.

    Attributes:
        block: the block attributes; none of what is no item.
        shows_otherwise: whether Word shows another number before it than is shown here, or words.
    """

    block: dict[str, Any]
    shows_otherwise: bool = False


class Numbered(NamedTuple):
    """What says of which list a paragraph is.

    Attributes:
        number: `w:numPr`.
        style: the id of the style in which it stands; empty for what the paragraph says itself.
    """

    number: Any
    style: str


class WordLists:
    """The lists of one document, each of whose items is asked for once and in their order.

    Args:
        numbering: the root of the part with their definitions, None where the document has none.
        styles: its styles by their ids.
    """

    def __init__(self, numbering: Any, styles: Mapping[str, Any]) -> None:
        self._styles = styles
        self._lists: dict[str, Any] = {}
        self._definitions: dict[str, Any] = {}
        if numbering is not None:
            for each in numbering.iter(qn("w:abstractNum")):
                self._definitions[each.get(qn("w:abstractNumId"), "")] = each
            for each in numbering.iter(qn("w:num")):
                self._lists[each.get(qn("w:numId"), "")] = each
        self._counts: dict[str, dict[int, int]] = {}  # by definition how far each level has counted
        self._begun: set[tuple[str, int]] = set()  # the levels of lists that state where they begin, and have

    def item(self, numbered: Iterable[Numbered], style_names: Iterable[str]) -> Item:
        """What makes a paragraph an item.

        Args:
            numbered: what says so, what counts most first.
            style_names: the names of its style and of those on which that stands, in lower case.
        """
        named = next((match for name in style_names if (match := _LIST_STYLE.fullmatch(name))), None)
        stated = int(named[2] or 1) - 1 if named else 0
        found = list(numbered)
        id, of_style = next(((id, each.style) for each in found if (id := value_of(each.number, "w:numId"))), ("", ""))
        if not id:
            return Item({"list": "bullet" if named[1] == "bullet" else "ordered", "indent": stated} if named else {})
        if id not in self._lists:
            return Item({})
        definition = self._definition_of(id)
        stated_levels = (number_in(value_of(each.number, "w:ilvl")) for each in found)
        depth = next((level for level in stated_levels if level is not None), None)
        depth = self._level_of_style(definition, of_style) if depth is None else depth
        described = self._level(id, definition, depth)
        if described is None:
            return Item({"list": "bullet", "indent": depth or stated})
        kind, text = _kind_of_level(described), _text_of_level(described)
        number, indent = self._count(id, definition, depth), depth or stated
        if not kind:
            return Item({"indent": depth + 1}, bool(text.strip()))
        if kind != "ordered":
            return Item({"list": kind, "indent": indent})
        sign = _NUMBERS.get(value_of(described, "w:numFmt") or "decimal", "")
        shown = text.replace(f"%{depth + 1}", sign)
        return Item({"list": kind, "indent": indent, "start": number}, not says_as_here(shown, indent))

    def is_listed(self, properties: Any) -> bool:
        """Whether a paragraph says itself (by its `w:pPr`, or None) that it is an item, and no style's level has it so,
        as that of numbered headings."""
        number = properties.find(qn("w:numPr")) if properties is not None else None
        if number is None:
            return False
        id, level = value_of(number, "w:numId"), number_in(value_of(number, "w:ilvl") or "0")
        if id not in self._lists or level is None:
            return False
        return not value_of(self._level(id, self._definition_of(id), level), "w:pStyle")

    def _definition_of(self, id: str) -> str:
        """The id of the definition on which a list stands, be it by way of a style for lists."""
        seen: set[str] = set()
        while id in self._lists and id not in seen:
            seen.add(id)
            definition = value_of(self._lists[id], "w:abstractNumId")
            style = value_of(self._definitions.get(definition), "w:numStyleLink")
            if not style:
                return definition
            properties = self._styles[style].find(qn("w:pPr")) if style in self._styles else None
            number = properties.find(qn("w:numPr")) if properties is not None else None
            id = value_of(number, "w:numId")
        return ""

    def _level_of_style(self, definition: str, style: str) -> int:
        """The level of a definition that is a style's own; the outermost where none is."""
        levels = self._definitions[definition].findall(qn("w:lvl")) if definition in self._definitions else []
        own = (level.get(qn("w:ilvl"), "") for level in levels if style and value_of(level, "w:pStyle") == style)
        return next((level for each in own if (level := number_in(each)) is not None), 0)

    def _level(self, id: str, definition: str, depth: int) -> Any:
        """What describes a level of a list; None where nothing does."""
        override = self._override(id, depth)
        if override is not None and (own := override.find(qn("w:lvl"))) is not None:
            return own
        if definition not in self._definitions:
            return None
        levels = self._definitions[definition].findall(qn("w:lvl"))
        return next((level for level in levels if level.get(qn("w:ilvl")) == str(depth)), None)

    def _override(self, id: str, depth: int) -> Any:
        overrides = self._lists[id].findall(qn("w:lvlOverride"))
        return next((each for each in overrides if each.get(qn("w:ilvl")) == str(depth)), None)

    def _count(self, id: str, definition: str, depth: int) -> int:
        """The number of the next item of a list, in the level at a depth; those above it have begun then."""
        counts = self._counts.setdefault(definition, {})
        for level in range(min(depth, LEVELS)):
            counts.setdefault(level, self._start(id, definition, level))
        begins = number_in(value_of(self._override(id, depth), "w:startOverride"))
        if begins is not None and (id, depth) not in self._begun:
            self._begun.add((id, depth))
            counts[depth] = begins
        elif depth in counts:
            counts[depth] += 1
        else:
            counts[depth] = self._start(id, definition, depth)
        for level in [each for each in counts if each > depth]:
            if value_of(self._level(id, definition, level), "w:lvlRestart") != "0":
                del counts[level]
        return counts[depth]

    def _start(self, id: str, definition: str, depth: int) -> int:
        """Where a level begins."""
        stated = number_in(value_of(self._override(id, depth), "w:startOverride"))
        if stated is None:
            stated = number_in(value_of(self._level(id, definition, depth), "w:start"))
        return 1 if stated is None else stated


def value_of(parent: Any, name: str) -> str:
    """The `w:val` of a child of an element; empty where there is none."""
    child = parent.find(qn(name)) if parent is not None else None
    return child.get(qn("w:val"), "") if child is not None else ""


def twips(stated: str) -> int:
    """A measure in twentieths of a point, which strict files state with its unit (ECMA-376 part 1, 22.9.2.14); 0 for
    none."""
    found = _MEASURE.fullmatch(stated)
    return round(float(found[1]) * _TWIPS[found[2] or ""]) if found else 0


def _text_of_level(level: Any) -> str:
    """What stands before the items of a level, with `%2` for the number of the second level."""
    return value_of(level, "w:lvlText")


def _kind_of_level(level: Any) -> str:
    """Which list a level is; empty where it shows no number, as in the further paragraphs of pandoc's items."""
    text = level.find(qn("w:lvlText"))
    if text is not None and not _text_of_level(level).strip() and level.find(qn("w:lvlPicBulletId")) is None:
        return ""
    match value_of(level, "w:numFmt"):
        case "bullet":
            return "bullet"
        case "none":
            return ""
        case _:
            return "ordered"
