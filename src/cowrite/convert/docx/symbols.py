"""Symbols in the text of a Word document (`w:sym`, ECMA-376 part 1, 17.3.3.30) as characters.

Fonts of symbols have signs of their own in the place of letters; Word gives these signs the numbers F000 to F0FF.
"""

from __future__ import annotations

_GREEK = {
    **dict(zip(range(0xF041, 0xF05B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0xF061, 0xF07B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
}
_SIGNS = {
    "symbol": {
        **_GREEK,
        0xF0A3: "≤", 0xF0A5: "∞", 0xF0AB: "↔", 0xF0AC: "←", 0xF0AD: "↑", 0xF0AE: "→", 0xF0AF: "↓", 0xF0B0: "°",
        0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B6: "∂", 0xF0B7: "•", 0xF0B8: "÷", 0xF0B9: "≠", 0xF0BB: "≈",
        0xF0BC: "…", 0xF0CE: "∈", 0xF0D2: "®", 0xF0D3: "©", 0xF0D4: "™", 0xF0D6: "√", 0xF0DE: "⇒", 0xF0E5: "∑",
    },
    "wingdings": {
        0xF04A: "☺", 0xF04B: "😐", 0xF04C: "☹", 0xF06C: "●", 0xF06E: "■", 0xF06F: "☐", 0xF071: "❑", 0xF075: "◆",
        0xF09F: "•", 0xF0A7: "▪", 0xF0A8: "☐", 0xF0B7: "•", 0xF0D8: "➢", 0xF0DF: "←", 0xF0E0: "→", 0xF0E1: "↑",
        0xF0E2: "↓", 0xF0E8: "➔", 0xF0F3: "⇔", 0xF0FB: "✗", 0xF0FC: "✓", 0xF0FD: "☒", 0xF0FE: "☑",
    },
    "wingdings 2": {0xF050: "✓", 0xF052: "☑", 0xF053: "☒", 0xF0A3: "☐"},
}  # fmt: skip


def is_of_symbols(font: str) -> bool:
    """Whether a font has signs of its own."""
    return font.lower() in _SIGNS


def character(font: str, code: str) -> str:
    """The character of a symbol; empty where none is known.

    Args:
        font: the name of its font.
        code: its number in hexadecimal figures.
    """
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if not 0xE000 <= number <= 0xF8FF:  # a character as any other
        return chr(number) if 0x20 <= number < 0xD800 or 0xF900 <= number < 0xFFFE else ""
    return _SIGNS.get(font.lower(), _SIGNS["wingdings"]).get(number, "")
