"""Colours as the web writes them, as `#rrggbb`."""

from __future__ import annotations

import colorsys
import re

_NAMED = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000
blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00
chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b
darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b
darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a
darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1
darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222
floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520
gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082
ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6
lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3
lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899
lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6
magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db
mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585
midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6
olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98
paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd
powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513
salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb
slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c
teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5
yellow ffff00 yellowgreen 9acd32
""".split()
NAMED = {name: "#" + value for name, value in zip(_NAMED[::2], _NAMED[1::2], strict=True)}

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.ASCII)
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)", re.ASCII)
_NUMBER = re.compile(r"([+-]?[0-9]{0,6}(?:\.[0-9]{1,6})?)(%|deg)?", re.ASCII)


def colour(text: str) -> str | None:
    """`#rrggbb` for a CSS colour; None for one that is unknown, a keyword of the system, or fully transparent.

    Partial transparency is dropped: the colour is taken as if it were opaque.
    """
    text = text.strip().lower()
    if text in NAMED:
        return NAMED[text]
    if match := _HEX.fullmatch(text):
        return _from_hex(match[1])
    if match := _FUNCTION.fullmatch(text):
        return _from_function(match[1], match[2])
    return None


def is_ink(hex_colour: str) -> bool:
    """Whether this is what applications give to text that nobody coloured: black, or one of the greys near it.

    Near-white counts too; it comes from pages in dark dress and could not be read on a light page.
    """
    low, high = _extent(hex_colour)
    return high - low <= 0x1C and (high <= 0x60 or low >= 0xC8)


def is_paper(hex_colour: str) -> bool:
    """Whether this is a page's own background, light or dark, and no highlight."""
    low, high = _extent(hex_colour)
    return high - low <= 0x1C and (low >= 0xE8 or high <= 0x38)


def _extent(hex_colour: str) -> tuple[int, int]:
    channels = [int(hex_colour[at : at + 2], 16) for at in (1, 3, 5)]
    return min(channels), max(channels)


def _from_hex(digits: str) -> str | None:
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    return None if digits[6:] == "00" else "#" + digits[:6]


def _from_function(name: str, arguments: str) -> str | None:
    parts = [part for part in re.split(r"[\s,/]+", arguments) if part]
    values = [value for value in map(_number, parts) if value is not None]
    if len(values) != len(parts) or len(values) not in (3, 4):
        return None
    if len(values) == 4 and values[3][0] <= 0:
        return None
    if name == "rgb":
        channels = [number * 255 / 100 if unit == "%" else number for number, unit in values[:3]]
    else:
        hue, saturation, lightness = (number for number, _ in values[:3])
        shares = colorsys.hls_to_rgb(hue / 360 % 1, _within(lightness, 100) / 100, _within(saturation, 100) / 100)
        channels = [share * 255 for share in shares]
    return "#" + "".join(f"{round(_within(channel, 255)):02x}" for channel in channels)


def _number(text: str) -> tuple[float, str] | None:
    match = _NUMBER.fullmatch(text)
    if match is None or not match[1].strip("+-"):
        return None
    return float(match[1]), match[2] or ""


def _within(value: float, most: float) -> float:
    return min(max(value, 0.0), most)
