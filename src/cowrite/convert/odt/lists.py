"""The lists of an OpenDocument text: which item a paragraph is, and with which number (ODF 1.3 part 3, 5.3).

A list lies in an item of another one, which is how deep it is. It counts by itself, unless it says that it goes on with
the one before it, or with one that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cowrite.convert.numbering import says_as_here
from cowrite.convert.odt.names import name_of, number_in, odf, stated
from cowrite.convert.odt.package import OdtPackage
from cowrite.core.text.richtext import without

_OUTLINE = "Outline"
"""What LibreOffice calls the list of the numbers of headings."""


@dataclass(slots=True)
class OpenList:
    """A list that is being read.

    Attributes:
        style: the name of its style.
        depth: in how many others it lies.
        counts: how far each depth has counted, in all lists that count together.
    """

    style: str
    depth: int
    counts: dict[int, int] = field(default_factory=dict)


class OdtLists:
    """The lists of one document, which are opened in their order, and each of whose items is asked for once.

    Args:
        package: the document.
    """

    def __init__(self, package: OdtPackage) -> None:
        self._levels: dict[str, dict[str, Any]] = {}  # by the name of the style and the level, which begins with 1
        self._outline: dict[str, Any] = {}
        for root in (package.styles, package.content):
            if root is None:
                continue
            for place in ("office:styles", "office:automatic-styles"):
                self._read(root.find(odf(place)))
        self._by_id: dict[str, OpenList] = {}
        self._last: OpenList | None = None  # of those that lie in no other

    def opened(self, element: Any, outer: OpenList | None) -> OpenList:
        """A list that is read from here on.

        Args:
            element: it (`text:list`).
            outer: the one in an item of which it lies; None where it lies in none.
        """
        style = stated(element, "text:style-name") or (outer.style if outer is not None else "")
        goes_on = stated(element, "text:continue-numbering") == "true"
        before = self._by_id.get(stated(element, "text:continue-list")) or (self._last if goes_on else None)
        if outer is not None:
            found = OpenList(style, outer.depth + 1, outer.counts)
            if not goes_on:
                _forget(found.counts, found.depth)
        else:
            found = OpenList(style or (before.style if before is not None else ""), 0)
            found.counts = before.counts if before is not None else found.counts
            self._last = found
        if id := stated(element, "xml:id") or stated(element, "text:id"):
            self._by_id[id] = found
        return found

    @contextmanager
    def apart(self) -> Iterator[None]:
        """While lists are read with which none that follows them goes on."""
        outside = self._last
        try:
            yield
        finally:
            self._last = outside

    def item(self, of: OpenList, element: Any, paragraph_style: str) -> dict[str, Any]:
        """The block attributes that make the first paragraph of an item one.

        Args:
            of: the list.
            element: the item (`text:list-item`).
            paragraph_style: the list of the paragraph's own style, which counts where the list names none.
        """
        style = self._style(of, element, paragraph_style)
        level = self._levels.get(style, {}).get(str(of.depth + 1))
        kind = _kind_of(level) if style in self._levels else "bullet"
        if not kind:
            return {"indent": of.depth + 1}
        if kind != "ordered":
            _forget(of.counts, of.depth + 1)
            return {"list": kind, "indent": of.depth}
        begins = number_in(stated(element, "text:start-value"))
        if begins is None:
            first = number_in(stated(level, "text:start-value"))
            begins = of.counts[of.depth] + 1 if of.depth in of.counts else 1 if first is None else first
        of.counts[of.depth] = begins
        _forget(of.counts, of.depth + 1)
        return {"list": kind, "indent": of.depth, "start": begins}

    def shows_otherwise(self, of: OpenList, element: Any, paragraph_style: str) -> bool:
        """Whether another number is shown before an item than here, or words; see `item`."""
        level = self._levels.get(self._style(of, element, paragraph_style), {}).get(str(of.depth + 1))
        if level is None or name_of(level) != "text:list-level-style-number":
            return False
        before, after = (stated(level, f"style:num-{which}") for which in ("prefix", "suffix"))
        number = stated(level, "style:num-format")
        if not number:
            return bool(f"{before}{after}".strip())
        with_outer = of.depth > 0 and (number_in(stated(level, "text:display-levels")) or 1) > 1
        return with_outer or not says_as_here(f"{before}{number}{after}", of.depth)

    def _style(self, of: OpenList, element: Any, paragraph_style: str) -> str:
        return stated(element, "text:style-override") or of.style or paragraph_style

    def is_of_headings(self, of: OpenList, paragraph_style: str) -> bool:
        """Whether a list is that of the numbers of headings, by what LibreOffice calls it or by the heading's style."""
        return of.style == _OUTLINE or bool(of.style and of.style == paragraph_style)

    def numbers_headings(self, level: str) -> bool:
        """Whether headings of a level, which begins with 1, have numbers."""
        return bool(stated(self._outline.get(level), "style:num-format"))

    def _read(self, styles: Iterable[Any] | None) -> None:
        for style in styles if styles is not None else ():
            if name_of(style) == "text:list-style":
                self._levels[stated(style, "style:name")] = {stated(level, "text:level"): level for level in style}
            elif name_of(style) == "text:outline-style":
                self._outline = {stated(level, "text:level"): level for level in style}


def counted_on(
    lines: Sequence[Mapping[str, Any]], item: Mapping[str, Any], of: OpenList | None
) -> list[Mapping[str, Any]]:
    """The block attributes of lines that one item has become, each with its number here.

    Args:
        lines: their block attributes. Those of what is to go again are items too.
        item: those of the item, which was counted as one.
        of: its list, which counts on from there; None for what is no item.
    """
    number, depth = item.get("start"), item.get("indent")
    counted: list[Mapping[str, Any]] = []
    for attributes in lines:
        held = without(attributes, "start")
        if number is not None and held.get("list") == "ordered" and held.get("indent") == depth:
            held["start"] = number
            number += 1
        counted.append(held)
    if number is not None and of is not None:
        of.counts[of.depth] = number - 1
    return counted


def _kind_of(level: Any) -> str:
    """Which list a level is; empty where it shows nothing."""
    name = name_of(level) if level is not None else ""
    if name == "text:list-level-style-bullet":
        return "bullet" if stated(level, "text:bullet-char").strip() else ""
    if name == "text:list-level-style-image":
        return "bullet"
    return "ordered" if stated(level, "style:num-format") else ""


def _forget(counts: dict[int, int], depth: int) -> None:
    """What lies deeper counts anew."""
    for each in [each for each in counts if each >= depth]:
        del counts[each]
