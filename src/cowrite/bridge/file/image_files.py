"""Image files of this computer: how large they are, and what comes in of them.

Any thread may ask.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from cowrite.bridge.file.pictures import decoded_file, drawn, is_picture, media_type, pasted

StoreImage = Callable[[bytes, str], str]
"""Takes an image's bytes and media type, gives its name ("sha256:…")."""

LARGE_IMAGES = 1_500_000  # bytes of files
_LARGEST_IMAGE = 32 * 1024 * 1024
_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg")
_KEPT = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Media types of files that come in as they are; others become PNG files."""


def image_in_file(path: str, store: StoreImage) -> str | None:
    """The name under which an image file was stored; None for anything else."""
    return image_of_file(path, store) if path.lower().endswith(_IMAGE_SUFFIXES) else None


def are_large(paths: Iterable[str]) -> bool:
    """Whether the images among some files take longer than a tenth of a second to read."""
    return sum(map(_image_size, paths)) > LARGE_IMAGES


def _image_size(path: str) -> int:
    """Bytes of an image file; 0 for anything else."""
    try:
        is_image = path.lower().endswith(_IMAGE_SUFFIXES) and os.path.isfile(path)  # noqa: PTH113, a path from Qt
        return os.path.getsize(path) if is_image else 0  # noqa: PTH202
    except OSError:
        return 0


def image_of_file(path: str, store: StoreImage) -> str | None:
    """Stores the image in a file; returns its name, or None where the file is no image or too large to share."""
    if not os.path.isfile(path):  # noqa: PTH113, a path from Qt; a pipe would wait for who writes it
        return None
    try:
        with open(path, "rb") as file:  # noqa: PTH123, a path from Qt
            content = file.read(_LARGEST_IMAGE + 1)
    except OSError:
        return None
    kind = media_type(content)
    if kind in _KEPT and len(content) <= _LARGEST_IMAGE:
        return store(content, kind) if is_picture(content) else None
    image = drawn(content) if path.lower().endswith(".svg") else decoded_file(path)
    return None if image is None else store(pasted(image), "image/png")
