"""Nests inline attributes, which may overlap, into marks that open and close like brackets.

Both writers of marked-up text use it: bold over "ab" and italic over "bc" become [bold a [italic b]] [italic c].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowrite.convert import values
from cowrite.core.text.richtext import Attributes, Span
from cowrite.core.writing.typeface import FONTS_OF_FILES

Mark = tuple[str, str]
"""A kind of mark and its value: ("bold", ""), ("link", "https://…"), ("style", "color:#ff0000")."""

_RANK = ("link", "bold", "italic", "strike", "underline", "script", "style")
_CSS_SIZES = {"small": "small", "large": "large", "huge": "xx-large"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark that opens or closes here.

    Attributes:
        mark: which one.
        opens: False where it closes.
        partner: the place, in the list of events, of the tag that closes or opens the same mark.
    """

    mark: Mark
    opens: bool
    partner: int


Event = Tag | Span
"""A tag, or a span as it was; whether it is code is left to whoever writes it."""


def nested(spans: Sequence[Span]) -> list[Event]:
    """The spans of one line with properly nested tags around them.

    Of marks that open at the same place, the one that lasts longest is the outermost.
    """
    wanted = [_marks(span.attributes) for span in spans]
    ends = _ends(wanted)
    events: list[Span | Mark] = []
    stack: list[tuple[Mark, int]] = []
    partners: dict[int, int] = {}

    def close_down_to(depth: int) -> None:
        while len(stack) > depth:
            mark, opened_at = stack.pop()
            partners[opened_at] = len(events)
            partners[len(events)] = opened_at
            events.append(mark)

    for span, marks, end in zip(spans, wanted, ends, strict=True):
        close_down_to(next((depth for depth, (mark, _) in enumerate(stack) if mark not in marks), len(stack)))
        open_marks = {mark for mark, _ in stack}
        for mark in sorted(marks - open_marks, key=lambda mark: (-end[mark], _RANK.index(mark[0]))):
            stack.append((mark, len(events)))
            events.append(mark)
        events.append(span)
    close_down_to(0)
    return [
        Tag(event, at < partners[at], partners[at]) if isinstance(event, tuple) else event
        for at, event in enumerate(events)
    ]


def style_of(attributes: Attributes) -> str:
    """Colour, background, font and size as CSS; empty when there are none."""
    parts = []
    if "color" in attributes:
        parts.append(f"color:{attributes['color']}")
    if "background" in attributes:
        parts.append(f"background-color:{attributes['background']}")
    if "font" in attributes:
        font = attributes["font"]
        parts.append(f"font-family:{font}" if font in FONTS_OF_FILES else f"font-family:'{font}'")
    if "size" in attributes:
        parts.append(f"font-size:{_CSS_SIZES.get(attributes['size'], attributes['size'])}")
    return ";".join(parts)


def _marks(attributes: Attributes) -> set[Mark]:
    marks = {(name, "") for name in ("bold", "italic", "underline", "strike") if name in attributes}
    marks |= {(name, attributes[name]) for name in ("link", "script") if name in attributes}
    if style := style_of(attributes):
        marks.add(("style", style))
    return marks


def _ends(wanted: Sequence[set[Mark]]) -> list[dict[Mark, int]]:
    """For each span, where each of its marks ends: the last span of the unbroken run that carries it."""
    ends: list[dict[Mark, int]] = [{} for _ in wanted]
    for at in range(len(wanted) - 1, -1, -1):
        following = ends[at + 1] if at + 1 < len(wanted) else {}
        ends[at] = {mark: following.get(mark, at) for mark in wanted[at]}
    return ends


def style_tag(style: str) -> str:
    """The HTML element for a style: <mark> where it says all, else <span>."""
    return "mark" if style == f"background-color:{values.MARK_COLOUR}" else "span"
