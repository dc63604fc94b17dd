"""Drawing: how everything on a board is drawn at this moment. Runs on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage

from cowrite.gui.board.looks import BoardLook
from cowrite.gui.look.theme import Theme

Images = Callable[[str], QImage | None]
"""Gives the image of a name, or None while it is not here."""


class Drawing:
    """What all items on a board have in common.

    Args:
        theme: how the board looks.
        images: gives the images of notes.

    Attributes:
        look: its papers, inks, fonts and pens.
        zoom: pixels for one of the board's units, device-independent ones.
        ratio: of the screen's pixels to these.
    """

    def __init__(self, theme: Theme, images: Images) -> None:
        self.images = images
        self.zoom = 1.0
        self.ratio = 1.0
        self.show_theme(theme)

    @property
    def scale(self) -> float:
        """The screen's pixels for one of the board's units."""
        return self.zoom * self.ratio

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self.look = BoardLook(theme, self.ratio)
