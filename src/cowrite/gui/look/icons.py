"""The icons, drawn from resources/icons/*.svg in the theme's colours.

Runs on the GUI thread. The drawings are Lucide's (ISC licence, resources/icons/LICENSE), under their own names; each
is drawn when it is asked for, at the size and pixel ratio asked for, so it is crisp on every screen, and in the colours
of the theme in which the application is dressed by then.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton

from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import worn
from cowrite.paths import resources

_NOTHING = '<svg xmlns="http://www.w3.org/2000/svg"/>'
_log = logging.getLogger(__name__)

_TURNED = frozenset(
    {"chevron-left", "chevron-right", "list", "list-indent-decrease", "list-indent-increase", "log-in", "redo-2"}
    | {"table-of-contents", "undo-2"}
)
"""Drawings that point where reading goes, and are turned where that is to the left."""


def icon(name: str, tone: str = "text") -> QIcon:
    """The icon in the theme's colours; `tone` names the field of Theme that gives the colour when idle.

    A checked button shows it in the accent, a disabled one greyed.
    """
    return _with(_StrokeEngine(name, tone))


def marked_icon(name: str, colour: str | None) -> QIcon:
    """The icon over a bar of `colour`, as on a button that sets a colour; without a colour the bar is hollow."""
    return _with(_StrokeEngine(name, "text", colour or ""))


def _with(engine: QIconEngine) -> QIcon:
    # WORKAROUND PySide: an icon made with an engine in Python holds it, and where the garbage collector finds both, the
    # engine is deleted twice, which ends the process. A copy shares the engine and holds nothing.
    return QIcon(QIcon(engine))


def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """The drawing in one colour, `size` device-independent pixels square, for those who paint."""
    return _drawn(name, QSize(size, size), ratio, colour)


def icon_button(name: str, label: str, *, checkable: bool = False) -> QToolButton:
    """A button with an icon alone; `label` is what a tooltip and a screen reader say."""
    metrics = worn().metrics
    button = QToolButton()
    button.setIcon(icon(name))
    button.setIconSize(QSize(metrics.icon, metrics.icon))
    button.setFixedSize(metrics.button, metrics.button)
    button.setCheckable(checkable)
    button.setToolTip(with_keys(label))
    button.setAccessibleName(label)
    return button


def show_icon(button: QAbstractButton, name: str, tone: str = "") -> None:
    """Puts an icon before the text of a button, with air between the two; in the colour of that text, or in a tone."""
    size = worn().metrics.icon
    tone = tone or ("on_accent" if button.property("kind") == "primary" else "text")
    button.setIcon(icon(name, tone))
    button.setIconSize(QSize(size + 6, size))  # the drawing is square and in the middle


class Drawing(QLabel):
    """An icon that stands beside words or above them, and is no button.

    Args:
        size: its width and its height in device-independent pixels.
        name: of the drawing; empty for none yet.
        tone: the field of Theme that gives its colour.
    """

    def __init__(self, size: int, name: str = "", tone: str = "muted") -> None:
        super().__init__()
        self.name = ""
        """The drawing that is shown; empty for none."""
        self._tone = tone
        self.setFixedSize(size, size)
        if name:
            self.show_drawing(name, tone)

    def show_drawing(self, name: str, tone: str) -> None:
        """Shows this one."""
        _drawing(name)
        self.name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """In the colours of the theme that the application wears by now."""
        if not self.name:
            return
        colour = getattr(worn(), self._tone) if self.isEnabled() else worn().disabled
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), pixmap(self.name, colour, self.width(), self.devicePixelRatioF()))
        painter.end()


@cache
def icons_folder() -> Path:
    """Where the drawings are; looked for once, for a window asks for seventy of them."""
    return resources() / "icons"


@cache
def _drawing(name: str) -> str:
    """Its SVG; nothing where there is none, for words are shown beside it that are to be read all the same."""
    path = icons_folder() / f"{name}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        _log.warning("there is no icon “%s”: %s", name, error)
        return _NOTHING


class _StrokeEngine(QIconEngine):
    """Draws one SVG, whose strokes are `currentColor`, in the colour that mode and state call for."""

    def __init__(self, name: str, tone: str, bar: str | None = None) -> None:
        super().__init__()
        _drawing(name)  # or it would be missed only when it is drawn
        self._name = name
        self._tone = tone
        self._bar = bar  # the colour of the one below the drawing; empty for a hollow one

    def clone(self) -> QIconEngine:
        """Qt asks for this before it would change a shared icon."""
        return _StrokeEngine(self._name, self._tone, self._bar)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draws straight onto a painter, as a button or a menu does."""
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The drawing at a pixel ratio of 1."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """The drawing `size` device-independent pixels large (Qt 6.8 and later), `scale` times as many in fact."""
        theme = worn()
        colour: str = getattr(theme, self._tone)
        if mode == QIcon.Mode.Disabled:
            colour = theme.disabled
        elif state == QIcon.State.On and self._tone == "text":
            colour = theme.accent_text
        if self._bar is None:
            return _drawn(self._name, size, scale, colour)
        hollow = theme.disabled if mode == QIcon.Mode.Disabled else theme.control
        return _drawn(self._name, size, scale, colour, self._bar, hollow)


def _drawn(name: str, size: QSize, scale: float, colour: str, bar: str | None = None, hollow: str = "") -> QPixmap:
    """A drawing, above a bar if there is one: in its colour, or in that of a hollow one. What was drawn lies in Qt's
    cache, so that a second window need not draw it again."""
    is_turned = name in _TURNED and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    looks = (name, is_turned, size.width(), size.height(), scale, colour, bar, hollow)
    key = "icon " + " ".join(map(str, looks))
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    picture = QPixmap(size * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_turned:
        painter.translate(size.width(), 0)
        painter.scale(-1, 1)
    side = float(min(size.width(), size.height()))
    square = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
    if bar is not None:
        _draw_bar(painter, square, bar, hollow)
        square = QRectF(square.x() + side * 0.11, square.y() - side * 0.03, side * 0.78, side * 0.78)
    QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode())).render(painter, square)
    painter.end()
    QPixmapCache.insert(key, picture)
    return picture


def _draw_bar(painter: QPainter, square: QRectF, colour: str, hollow: str) -> None:
    side = square.width()
    bar = QRectF(square.x() + 0.5, square.bottom() - side * 0.2, side - 1, side * 0.17)
    painter.setPen(QColor(colour or hollow))
    painter.setBrush(QColor(colour) if colour else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(bar, 1.5, 1.5)
