"""Pictures as files, of which one sees which side is up."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageIOHandler, QImageWriter

RED, BLUE = QColor("#d02020"), QColor("#2020d0")
NO_TURN = QImageIOHandler.Transformation.TransformationNone
TURNED = QImageIOHandler.Transformation.TransformationRotate90


def picture_file(width: int, height: int, format: str, turn: QImageIOHandler.Transformation = NO_TURN) -> bytes:
    """A picture that is red above and blue below, as it is stored; `turn` says how it is to be shown."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(BLUE)
    for y in range(height // 2):
        for x in range(width):
            image.setPixelColor(x, y, RED)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(format.encode()))
    writer.setTransformation(turn)
    assert writer.write(image)
    return bytes(content.data())


def is_red(image: QImage, x: float, y: float) -> bool:
    colour = image.pixelColor(int(x * (image.width() - 1)), int(y * (image.height() - 1)))
    return colour.red() > 150 > colour.blue()
