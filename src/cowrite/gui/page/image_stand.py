"""Stand: where an image stands on a page, and how large it becomes when one of its edges is moved."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF

LEAST = 24.0  # device-independent pixels of an image's width


class Stand(NamedTuple):
    """Where an image stands.

    Attributes:
        rect: in viewport coordinates.
        most: how wide it can be, in device-independent pixels.
        grows: where its other edge stays when it gets wider: 0 on the left, 1 on the right, 0.5 grows to both sides.
    """

    rect: QRectF
    most: float
    grows: float

    @property
    def is_mirrored(self) -> bool:
        """Whether its left edge is the one that moves."""
        return self.grows == 1

    def width_at(self, x: float) -> float:
        """How wide it is when its moving edge is at a place."""
        if self.is_mirrored:
            wanted = self.rect.right() - x
        elif self.grows:
            wanted = 2 * (x - self.rect.center().x())
        else:
            wanted = x - self.rect.left()
        return max(min(LEAST, self.rect.width()), min(wanted, self.most))

    def scaled(self, width: float) -> QRectF:
        """The rectangle so wide, as high as goes with it; where it stands, but for the line's height."""
        height = self.rect.height() * width / max(self.rect.width(), 1.0)
        left = self.rect.left() + self.grows * (self.rect.width() - width)
        return QRectF(left, self.rect.top(), width, height)
