"""How well a colour stands out against another, as WCAG measures it, and colours that do so.

Runs anywhere. Colours are given as "#rrggbb".
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: text against what is behind it."""
CONTROL_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: the edge of a control, an icon, a caret."""
HIGH_CONTRAST = 7.0
"""WCAG 2.2, 1.4.6: text for whom the system is set to high contrast."""


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    rgb = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (rgb.redF(), rgb.greenF(), rgb.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(ground: str, colour: str, weight: float) -> QColor:
    """`ground` with so much (0 to 1) of `colour` in it."""
    one, other = QColor(ground), QColor(colour)
    parts = zip((one.redF(), one.greenF(), one.blueF()), (other.redF(), other.greenF(), other.blueF()), strict=True)
    return QColor.fromRgbF(*(left + (right - left) * weight for left, right in parts))


@lru_cache(1000)  # the page asks for one colour once for each suggested change
def towards_contrast(colour: str, against: str, least: float, *, dark: bool) -> str:
    """`colour` in its own hue, made darker or lighter in small steps until so much contrast with `against` is
    reached."""
    given = QColor(colour)
    hue, saturation, lightness = max(given.hslHueF(), 0.0), given.hslSaturationF(), given.lightnessF()
    end, step = (0.0, -0.03) if dark else (1.0, 0.03)
    while contrast(colour, against) < least and lightness != end:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = QColor.fromHslF(hue, saturation, lightness).name()
    return QColor(colour).name()
