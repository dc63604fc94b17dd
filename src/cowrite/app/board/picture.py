"""The board as a picture: PNG, or PDF with letters that stay letters.

Runs on the GUI thread. Shows what everybody has, so nothing that lies sealed, and in the light theme on any screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from cowrite.app.paper.pdf_spaces import with_spaces
from cowrite.bridge.file.pictures import png_of
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.errors import CowriteError
from cowrite.gui.board.board_scene import BoardScene, no_image
from cowrite.gui.board.drawing import Images
from cowrite.gui.look.theme import choose

MARGIN = 40.0
"""Around what is shown, in the board's units."""
SCALE = 2.0
"""Pixels of a PNG for each of the board's units, where the board is not too large for it."""
LONGEST_SIDE = 12_000  # pixels
MOST_PIXELS = 64_000_000
PDF_DPI = 96  # the board’s units to an inch
LONGEST_PAGE = 200.0
"""Inches of a page's side at most: the largest that PDF 1.4 knows, beyond which programs cut off what is there."""


class NothingToExport(CowriteError):
    """There is nothing on the board."""

    def __init__(self) -> None:
        super().__init__("There is nothing on the board that could be exported.")


def drawn_board(
    brainstorm: Brainstorm, kind: str, title: str, only: Iterable[str] = (), images: Images = no_image
) -> Callable[[], bytes]:
    """Draws the board, or a part of it.

    Args:
        brainstorm: whose board it is.
        kind: "png" or "pdf".
        title: the document's title.
        only: ids of what is shown; all where there are none.
        images: gives the images of notes.

    Returns:
        What makes the content of a file of it, on any thread: to pack a large image takes longer than to draw it.

    Raises:
        NothingToExport: there is nothing to show.
    """
    scene = _scene(brainstorm, only, images)
    try:
        extent = scene.itemsBoundingRect() if scene.notes or scene.frames else QRectF()
        if extent.isNull():
            raise NothingToExport
        extent = extent.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        return partial(png_of, _image(scene, extent)) if kind == "png" else partial(bytes, _pdf(scene, extent, title))
    finally:
        scene.deleteLater()


def _scene(brainstorm: Brainstorm, only: Iterable[str], images: Images) -> BoardScene:
    """A scene of its own with what is to be shown."""
    scene = BoardScene(brainstorm, choose("light", QGuiApplication.styleHints()), images, published=True)
    wanted = set(only)
    if wanted:
        for group in wanted & scene.groups.keys():
            wanted.update(scene.members(group))
        scene.keep(wanted)
    return scene


def _image(scene: BoardScene, extent: QRectF) -> QImage:
    area = max(extent.width() * extent.height(), 1)
    scale = min(SCALE, LONGEST_SIDE / max(extent.width(), extent.height(), 1), (MOST_PIXELS / area) ** 0.5)
    image = QImage((extent.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    scene.show_zoom(scale)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    scene.render(painter, QRectF(image.rect()), extent)
    painter.end()
    return image


def _pdf(scene: BoardScene, extent: QRectF, title: str) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(PDF_DPI)
    inches = QSizeF(extent.width(), extent.height()) / PDF_DPI
    size = inches * min(1.0, LONGEST_PAGE / max(inches.width(), inches.height()))
    page = QPageSize(size, QPageSize.Unit.Inch, "Board", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = QPainter(writer)
    scene.render(painter, QRectF(0, 0, writer.width(), writer.height()), extent)
    painter.end()
    buffer.close()
    return with_spaces(bytes(content.data()))
