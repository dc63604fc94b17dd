"""Pictures on the board, and what is dropped on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from cowrite.bridge.file import image_files
from cowrite.bridge.file.pictures import png_of
from cowrite.gui.page.picture_files import NO_IMAGE
from cowrite.sync.blob import Blob
from helpers.board_seat import CTRL, LEFT, NO_KEYS, BoardSeat, note

Key = Qt.Key


def blue(width: int = 40, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    return image


def test_a_pasted_picture_is_a_note_and_kept(sit):
    seat = sit()
    QGuiApplication.clipboard().setImage(blue(400, 200))
    seat.press(Key.Key_V, CTRL)
    (shown,) = seat.scene.notes.values()
    assert shown.note.image in seat.images.stored
    assert shown.note.place.width == 360
    at = seat.canvas.mapFromScene(shown.mapToScene(shown.rect().center()))
    seat.scene.select([])
    assert seat.canvas.viewport().grab().toImage().pixelColor(at).name() == "#0000ff"


def test_a_picture_that_was_not_looked_at_for_long_is_copied_for_other_programs(sit, monkeypatch):
    seat = sit()
    QGuiApplication.clipboard().setImage(blue(400, 200))
    seat.press(Key.Key_V, CTRL)
    seat.images.stored.clear()
    file = Blob("image/png", png_of(blue(400, 200)))
    monkeypatch.setattr(seat.view.clipboard, "_original", lambda _name: file)
    QGuiApplication.clipboard().clear()
    seat.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().image().width() == 400


def test_a_dropped_file_lies_where_it_was_dropped(sit, tmp_path):
    seat = sit()
    file = tmp_path / "photo.png"
    blue().save(str(file))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drop(seat, data, seat.at(200, 100))
    (shown,) = seat.scene.notes.values()
    assert shown.note.image in seat.images.stored
    assert shown.mapToScene(shown.rect()).boundingRect().contains(QPointF(200, 100))


def photographs(tmp_path) -> QMimeData:
    files = [tmp_path / f"{width}.png" for width in (40, 50)]
    for file in files:
        blue(int(file.stem)).save(str(file))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def test_files_that_take_long_to_read_come_in_one_act_while_one_goes_on(sit, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(image_files, "LARGE_IMAGES", 1)
    seat = sit()
    drop(seat, photographs(tmp_path), seat.at(200, 100))
    assert not seat.scene.notes
    assert QGuiApplication.overrideCursor().shape() is Qt.CursorShape.BusyCursor
    qtbot.waitUntil(lambda: len(seat.scene.notes) == 2)
    assert QGuiApplication.overrideCursor() is None
    assert {item.note.image for item in seat.scene.notes.values()} == seat.images.stored.keys()
    assert set(seat.scene.selected()) == seat.scene.notes.keys()
    seat.press(Key.Key_Z, CTRL)
    assert not seat.scene.notes


@pytest.mark.parametrize("may_write", [True, False])
def test_what_is_being_read_comes_before_the_document_closes_or_may_only_be_read(sit, monkeypatch, tmp_path, may_write):
    monkeypatch.setattr(image_files, "LARGE_IMAGES", 1)
    seat = sit()
    drop(seat, photographs(tmp_path), seat.at(200, 100))
    if may_write:
        seat.view.keep()
    else:
        seat.view.show_read_only("You may read this document but not change it.")
    assert len(seat.scene.notes) == 2
    assert QGuiApplication.overrideCursor() is None


def test_it_is_said_that_large_files_are_no_images(sit, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(image_files, "LARGE_IMAGES", 1)
    seat = sit()
    file = tmp_path / "broken.png"
    file.write_bytes(b"no image")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    with qtbot.waitSignal(seat.view.refused) as told:
        drop(seat, data, seat.at(200, 100))
    assert told.args == [NO_IMAGE]
    assert not seat.scene.notes


def test_dropped_lines_are_notes(sit):
    seat = sit()
    data = QMimeData()
    data.setText("one\ntwo")
    drop(seat, data, seat.at(0, 0))
    assert seat.texts() == ["one", "two"]


def test_nothing_is_dropped_where_one_may_only_read(sit):
    seat = sit()
    seat.view.show_read_only("You may read this document but not change it.")
    data = QMimeData()
    data.setText("one")
    event = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, LEFT, NO_KEYS)
    QApplication.sendEvent(seat.canvas.viewport(), event)
    assert not event.isAccepted()


def test_a_picture_that_arrives_later_is_shown_then(sit):
    seat = sit()
    name = f"sha256:{0:064x}"
    seat.add(note("", image=name))
    (shown,) = seat.scene.notes.values()
    at = seat.canvas.mapFromScene(shown.mapToScene(shown.rect().center()))
    assert seat.canvas.viewport().grab().toImage().pixelColor(at).name() != "#0000ff"
    seat.images.put(b"", "image/png")
    seat.scene.show_image(name)
    assert seat.canvas.viewport().grab().toImage().pixelColor(at).name() == "#0000ff"


def drop(seat: BoardSeat, data: QMimeData, at: QPoint) -> None:
    for event in (
        QDragEnterEvent(at, Qt.DropAction.CopyAction, data, LEFT, NO_KEYS),
        QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, LEFT, NO_KEYS),
    ):
        QApplication.sendEvent(seat.canvas.viewport(), event)
        assert event.isAccepted()
