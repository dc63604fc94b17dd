"""Images that a text carries within itself, as `data:` addresses, and of which kind a picture is."""

from __future__ import annotations

import base64
import binascii
import re

LARGEST_IMAGE = 16 * 1024 * 1024  # bytes
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
"""What is taken. SVG is not: it is a document, with scripts and addresses of its own."""

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)

_ADDRESS = re.compile(r"\s*data:(image/[a-z+.-]{1,20})(?:;[^,;]{0,80}){0,4}?;base64,", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\s+|%0[AaDd]")


def kind_of(data: bytes, said: str = "") -> str:
    """The media type of a picture that cowrite shows; empty for anything else.

    Args:
        data: the file, by whose beginning it is known.
        said: what else says of it, which may be wrong or a name that nobody has agreed on, such as "image/jpg".
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    found = next((kind for beginning, kind in _BEGINNINGS if data.startswith(beginning)), said)
    return found if found in IMAGE_TYPES else ""


def image_data(source: str) -> tuple[bytes, str] | None:
    """The bytes and the media type of a `data:` address; None for any other, and for what is too large."""
    match = _ADDRESS.match(source)
    if match is None or len(source) > LARGEST_IMAGE * 3 // 2:
        return None
    try:
        data = base64.b64decode(_LINE_ENDS.sub("", source[match.end() :]), validate=True)
    except (binascii.Error, ValueError):
        return None
    kind = kind_of(data, match[1].lower())
    return (data, kind) if kind and 0 < len(data) <= LARGEST_IMAGE else None
