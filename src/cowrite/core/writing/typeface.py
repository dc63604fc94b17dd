"""Typefaces: what the attributes `font` and `size` say of letters.

Pure, and on any thread. Sizes are points of paper; the page shows them as much larger or smaller as it shows all
letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cowrite.core.text.richtext import Attributes, Span, lines_of, utf16_length
from cowrite.core.writing.line import heading_level

WRITING_SIZE = 11.0
"""Points of body text on paper and in files."""

SANS, SERIF, MONO = "sans-serif", "serif", "monospace"
"""Kinds of fonts, as CSS names them and Quill has the last two: each computer shows one of its own."""

FONTS_OF_FILES = {SANS: "Arial", SERIF: "Georgia", MONO: "Courier New"}
"""Which fonts stand for them where a file names fonts only."""

_KINDS = {name.lower(): kind for kind, font in FONTS_OF_FILES.items() for name in (kind, font)}

SIZES = (8, 9, 10, 12, 14, 18, 24, 36, 48)
"""From which people choose, in points."""

_SMALLEST, _LARGEST = 4.0, 144.0  # of what is shown, whatever another program has written
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(pt|px|rem|em|%)", re.ASCII)
_FACTORS = {"small": 0.75, "large": 1.5, "huge": 2.5}  # as Quill shows them
_HEADINGS = (22.0, 17.0, 14.0, 12.0, 11.0, 10.0)
_CODE = 9.5  # points
_STEPS = (6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 28, 32, 36, 42, 48, 60, 72, 96)
_HAIR = 0.3  # points by which sizes are still the same to the eye


def usual_points(line: Attributes, *, is_code: bool = False) -> float:
    """How large letters without a size are, in points.

    Args:
        line: block attributes of their line.
        is_code: whether they are code within a sentence.
    """
    if level := heading_level(line):
        return _HEADINGS[level - 1]
    return _CODE if is_code or line.get("code-block") else WRITING_SIZE


def points(size: Any, usual: float) -> float | None:
    """How large letters are, within reason; None where what is said is no size.

    Args:
        size: Quill's small, large or huge, or a number with pt, px, em, rem or %, or of points.
        usual: points of what they would be without it.
    """
    if isinstance(size, (int, float)) and not isinstance(size, bool):
        size = f"{size:g}pt"
    if not isinstance(size, str):
        return None
    if size in _FACTORS:
        return usual * _FACTORS[size]
    match = _SIZE.fullmatch(size)
    if match is None:
        return None
    unit = {"pt": 1.0, "px": 0.75, "rem": WRITING_SIZE, "em": usual, "%": usual / 100}[match[2]]
    return min(max(float(match[1]) * unit, _SMALLEST), _LARGEST)


def kind_of_font(name: str) -> str | None:
    """The kind of fonts for which a font stands in files; None for a font that stands for none."""
    return _KINDS.get(name.lower())


def stated_size(stated: float, usual: float) -> str | None:
    """A size in points as an attribute; None for the usual one, and for what is no size that is shown.

    Args:
        stated: points.
        usual: points of what letters would be without it.
    """
    is_one = _SMALLEST <= stated <= _LARGEST and abs(stated - usual) > _HAIR
    return f"{stated:g}pt" if is_one else None


def stepped(size: Any, usual: float, step: int) -> str | None:
    """The size one step above or below another, as an attribute; None for the usual one.

    Args:
        size: as for `points`.
        usual: likewise.
        step: 1 for the next larger size, -1 for the next smaller one.
    """
    now = points(size, usual) or usual
    sizes = sorted({*_STEPS, usual})
    wanted = [each for each in sizes if (each - now) * step > _HAIR] or [now]
    found = wanted[0] if step > 0 else wanted[-1]
    return None if abs(found - usual) <= _HAIR else f"{found:g}pt"


def resized(spans: Iterable[Span], step: int) -> list[tuple[int, int, str | None]]:
    """What of rich text is to have which size so that all of it is one step larger or smaller.

    Args:
        spans: to the end of their last line.
        step: as for `stepped`.

    Returns:
        Where each stretch begins and ends, from left to right, and its size; None for the usual one. Line breaks
        between letters of one size are in it.
    """
    found: list[tuple[int, int, str | None]] = []
    at = 0
    for line in lines_of(spans):
        for span in line.spans:
            units = utf16_length(span.text)
            usual = usual_points(line.attributes, is_code=bool(span.attributes.get("code")))
            size = stepped(span.attributes.get("size"), usual, step)
            begin = found.pop()[0] if found and found[-1][2] == size else at
            at += units
            found.append((begin, at, size))
        at += 1
    return found
