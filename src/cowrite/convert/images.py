"""Images: under which names readers of text take them into a document."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.convert.values import IMAGE_NAME

TakeImage = Callable[[bytes, str], str | None]
"""From an image's bytes and media type to its `sha256:` name; None for what is no picture."""
ImageOf = Callable[[str], str | None]
"""From an image's address in a text to its `sha256:` name; None for an image that is not taken."""


def named_image(address: str) -> str | None:
    """Takes an image whose address is its name in the document already, and no other."""
    return address if IMAGE_NAME.fullmatch(address) else None
