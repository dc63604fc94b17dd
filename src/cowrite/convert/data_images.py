"""Images that a text carries within itself, as `data:` addresses."""

from __future__ import annotations

import base64
import binascii
import re

LARGEST_IMAGE = 16 * 1024 * 1024  # bytes
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
"""What is taken. SVG is not: it is a document, with scripts and addresses of its own."""

_ADDRESS = re.compile(r"\s*data:(image/[a-z+.-]{1,20})(?:;[^,;]{0,80}){0,4}?;base64,", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\s+|%0[AaDd]")


def image_data(source: str) -> tuple[bytes, str] | None:
    """The bytes and the media type of a `data:` address; None for any other, and for what is too large."""
    match = _ADDRESS.match(source)
    if match is None or match[1].lower() not in IMAGE_TYPES or len(source) > LARGEST_IMAGE * 3 // 2:
        return None
    try:
        data = base64.b64decode(_LINE_ENDS.sub("", source[match.end() :]), validate=True)
    except (binascii.Error, ValueError):
        return None
    return (data, match[1].lower()) if 0 < len(data) <= LARGEST_IMAGE else None
