"""The sizes of pages. Runs anywhere."""

from __future__ import annotations

from typing import NamedTuple


class PageSize(NamedTuple):
    """How large a page is.

    Attributes:
        width: in millimetres.
        height: in millimetres.
    """

    width: float
    height: float


A4 = PageSize(210, 297)
LETTER = PageSize(215.9, 279.4)
"""That of North America and some of its neighbours."""
