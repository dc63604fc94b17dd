"""The frame around an image: clicked, dragged by its handle, and out of the way of who may not change it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file.pictures import png_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.gui.page.image_frame import ImageFrame
from cowrite.gui.page.image_stand import LEAST, Stand
from helpers.desk import Desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def draft(desk: Desk) -> Draft:
    """A draft with an image between two words, the caret behind the second."""
    draft = desk.new()
    draft.window.resize(900, 700)
    name = draft.images.put(png_of(QImage(200, 100, QImage.Format.Format_RGB32)), "image/png")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "above\n\nbelow")
        edit.insert_embed(6, {"image": name})
    draft.document.steps.begin()
    draft.editor.set_caret(draft.document.length - 1)
    desk.until(lambda: draft.editor.viewport().findChild(ImageFrame) is not None)
    return draft


def frame(draft: Draft) -> ImageFrame:
    found = draft.editor.viewport().findChild(ImageFrame)
    assert isinstance(found, ImageFrame)
    return found


def image(draft: Draft) -> dict[str, Any]:
    """The attributes of the image."""
    return dict(next(span for span in draft.document.spans() if span.embed).attributes)


def click(draft: Draft) -> None:
    """Clicks the middle of the image, which lies at the left of the page."""
    at = draft.document.text().index(EMBED_CHARACTER)
    rect = draft.editor.pictures.rect(draft.editor.document(), at)
    assert rect is not None
    QTest.mouseClick(draft.editor.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, rect.center().toPoint())


def drag(handle: QWidget, by: int, *, release: bool = True) -> None:
    """Drags the handle so many pixels to the right."""
    start = handle.rect().center()
    QTest.mousePress(handle, LEFT, Qt.KeyboardModifier.NoModifier, start)
    to = QPointF(start + QPoint(by, 0))
    event = QMouseEvent(
        QEvent.Type.MouseMove, to, handle.mapToGlobal(to), Qt.MouseButton.NoButton, LEFT, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(handle, event)
    if release:
        QTest.mouseRelease(handle, LEFT, Qt.KeyboardModifier.NoModifier, handle.rect().center())


def test_an_image_that_is_clicked_is_selected_and_framed_where_it_is_drawn_with_a_handle_for_who_may_write(
    draft, monkeypatch
):
    assert not frame(draft).isVisible()
    drawn = []
    with monkeypatch.context() as drawing:
        drawing.setattr(QPainter, "drawImage", lambda _painter, rect, _image: drawn.append(rect))
        draft.editor.grab()
    (rect,) = drawn
    found = draft.editor.pictures.rect(draft.editor.document(), draft.document.text().index(EMBED_CHARACTER))
    assert found is not None
    assert found.toRect() == rect.toRect()  # Qt counts in parts of a pixel
    click(draft)
    at = draft.document.text().index(EMBED_CHARACTER)
    assert sorted(draft.editor.caret()) == [at, at + 1]
    assert frame(draft).isVisible()
    assert (frame(draft).width(), frame(draft).height()) == (204, 104)
    assert frame(draft).handle.isVisible()
    draft.editor.set_caret(0)
    assert not frame(draft).isVisible()
    assert not frame(draft).handle.isVisible()
    click(draft)
    draft.window.show_read_only("You may read this document.")
    assert not frame(draft).isVisible()
    click(draft)
    assert not frame(draft).handle.isVisible()


def test_an_image_is_as_wide_as_its_handle_is_dragged_within_bounds_and_in_one_step_of_undo(draft):
    click(draft)
    drag(frame(draft).handle, -80)
    assert image(draft) == {"width": 120}
    assert (frame(draft).width(), frame(draft).height()) == (124, 64)
    draft.editor.undo_own()
    assert image(draft) == {}
    assert frame(draft).width() == 204

    drag(frame(draft).handle, 5000)
    widest = draft.editor.pictures.room(draft.editor.document(), 6)
    assert image(draft) == {"width": round(widest)}
    drag(frame(draft).handle, -5000)
    assert image(draft) == {"width": LEAST}


def test_escape_leaves_an_image_as_it_was_and_a_double_click_gives_it_its_own_size(draft):
    click(draft)
    drag(frame(draft).handle, -80, release=False)
    assert frame(draft).width() == 124
    QTest.keyClick(draft.editor, Qt.Key.Key_Escape)
    assert frame(draft).width() == 204
    QTest.mouseRelease(frame(draft).handle, LEFT)
    assert image(draft) == {}
    drag(frame(draft).handle, -80)
    QTest.mouseDClick(frame(draft).handle, LEFT)
    assert image(draft) == {}


def test_the_image_that_is_dragged_is_the_one_though_a_teammate_writes_before_it(draft):
    click(draft)
    drag(frame(draft).handle, -80, release=False)
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "a teammate's words\n")
    QTest.mouseRelease(frame(draft).handle, LEFT)
    assert image(draft) == {"width": 120}


@pytest.mark.parametrize(
    ("grows", "x", "width", "left"),
    [(0.0, 180, 80, 100), (1.0, 220, 80, 220), (0.5, 240, 80, 160), (0.0, 900, 400, 100), (0.5, 0, LEAST, 188)],
    ids=["from the left", "from the right", "from the middle", "too wide", "too narrow"],
)
def test_an_image_grows_from_where_its_line_has_it(grows, x, width, left):
    stand = Stand(QRectF(100, 50, 200, 100), 400, grows)
    assert stand.width_at(x) == width
    scaled = stand.scaled(width)
    assert (scaled.left(), scaled.width(), scaled.height()) == (left, width, width / 2)
