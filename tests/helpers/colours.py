"""The colours of a picture."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QImage


def colours(image: QImage) -> Counter[str]:
    """How many pixels have each colour, by its name, as in "#00ff00"."""
    pixels = image.convertToFormat(QImage.Format.Format_RGB32)  # in which no line has bytes that are none of a pixel
    seen = Counter(memoryview(bytes(pixels.constBits())).cast("I"))
    return Counter({f"#{pixel & 0xFFFFFF:06x}": count for pixel, count in seen.items()})
