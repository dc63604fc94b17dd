"""ImageFrame: the frame around the image at the caret, with a handle by which it is made smaller or larger.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTextEdit, QWidget

from cowrite.gui.look.theme import Theme
from cowrite.gui.page.image_stand import Stand

HANDLE = 12  # device-independent pixels
HINT = "Drag to make the image smaller or larger; double-click for its own size"


class ImageFrame(QWidget):
    """The frame. It takes no mouse; its handle does.

    Args:
        page: where the image is.
        theme: how it looks.
        resize: is told how wide the image is to be, in device-independent pixels; None for its own size.
    """

    def __init__(self, page: QTextEdit, theme: Theme, resize: Callable[[float | None], object]) -> None:
        super().__init__(page.viewport())
        self.theme = theme
        self.handle = _Handle(self, page.viewport(), resize)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stand: Stand | None = None
        self.hide()

    def show_at(self, stand: Stand | None) -> None:
        """Shows itself around an image, or not at all. While the handle is dragged it stays as it is dragged."""
        if self.handle.is_dragged and stand is not None:
            return
        self.stand = stand
        if stand is not None:
            self.draw_around(stand.rect)
        else:
            self.handle.stop()
        self.setVisible(stand is not None)
        self.handle.setVisible(stand is not None)

    def draw_around(self, rect: QRectF) -> None:
        """Draws itself and its handle around a rectangle of the viewport."""
        around = rect.toRect().adjusted(-2, -2, 2, 2)
        self.setGeometry(around)
        is_mirrored = self.stand is not None and self.stand.is_mirrored
        corner = around.bottomLeft() if is_mirrored else around.bottomRight()
        place = QRect(0, 0, HANDLE, HANDLE)
        place.moveCenter(corner)
        self.handle.setGeometry(place)
        self.handle.setCursor(Qt.CursorShape.SizeBDiagCursor if is_mirrored else Qt.CursorShape.SizeFDiagCursor)
        self.handle.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self.theme.accent), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


class _Handle(QWidget):
    """What is dragged."""

    def __init__(self, frame: ImageFrame, parent: QWidget, resize: Callable[[float | None], object]) -> None:
        super().__init__(parent)
        self._frame = frame
        self._resize = resize
        self._from: float | None = None  # where the pointer was, in the screen's coordinates
        self._width = 0.0
        self.setToolTip(HINT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def is_dragged(self) -> bool:
        """Whether somebody is dragging it."""
        return self._from is not None

    def stop(self) -> None:
        """Ends dragging without a change."""
        if self._from is not None:
            self._from = None
            self.window().removeEventFilter(self)
            if self._frame.stand is not None:
                self._frame.draw_around(self._frame.stand.rect)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins dragging."""
        stand = self._frame.stand
        if event.button() is Qt.MouseButton.LeftButton and stand is not None:
            self._from = event.globalPosition().x()
            self._width = stand.rect.width()
            self.window().installEventFilter(self)  # Esc goes to whatever has the keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows how large the image would be."""
        stand = self._frame.stand
        if self._from is None or stand is None:
            return
        edge = stand.rect.left() if stand.is_mirrored else stand.rect.right()
        self._width = stand.width_at(edge + event.globalPosition().x() - self._from)
        self._frame.draw_around(stand.scaled(self._width))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Makes the image so large."""
        stand = self._frame.stand
        if self._from is None or stand is None:
            return
        width = self._width
        self.stop()
        if round(width) != round(stand.rect.width()):
            self._resize(width)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Gives the image its own size."""
        self.stop()
        self._resize(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape ends dragging."""
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if event.type() in kinds and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.stop()
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._frame.theme.accent), 2))
        painter.setBrush(QColor(self._frame.theme.page))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
