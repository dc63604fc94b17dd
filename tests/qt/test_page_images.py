"""Images on a page: how large they are shown, and what they show in words."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QAction, QImage

from cowrite.app.draft.draft import Draft
from cowrite.bridge.pictures import png_of
from cowrite.core.origin import Origin
from cowrite.gui import page_images
from cowrite.gui.actions import plain
from cowrite.gui.page_frame import text_width
from cowrite.storage.document_file import DocumentFile
from cowrite.storage.errors import DiskFull
from helpers.desk import Desk


@pytest.fixture
def draft(desk: Desk) -> Draft:
    return desk.new()


def test_an_image_is_made_smaller_and_described_from_the_menu(draft, monkeypatch):
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    draft.editor.insert_embed({"image": draft.images.put(png_of(image), "image/png")})

    def act(name: str) -> QAction:
        menu = draft.window.context_menu()
        (sizes,) = [each.menu() for each in menu.actions() if each.menu() and "Image" in each.text()]
        return next(each for each in (*menu.actions(), *sizes.actions()) if name in plain(each.text()))

    def shown() -> dict:
        return dict(next(span for span in draft.document.spans() if span.embed).attributes)

    act("Half").trigger()
    assert shown() == {"width": round(text_width(draft.editor) / 2)}
    monkeypatch.setattr(page_images, "ask_line", lambda *given: given[-1]("A blue field"))
    act("Describe").trigger()
    assert shown()["alt"] == "A blue field"
    act("own size").trigger()
    assert shown() == {"alt": "A blue field"}
    draft.editor.undo_own()
    assert "width" in shown()


def test_an_image_before_which_a_teammate_writes_while_it_is_described_is_the_one_described(draft, monkeypatch):
    draft.editor.insert_embed(
        {"image": draft.images.put(png_of(QImage(8, 4, QImage.Format.Format_RGB32)), "image/png")}
    )

    def answer(*given: Any) -> None:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(0, "words before ")
        given[-1]("A blue field")

    monkeypatch.setattr(page_images, "ask_line", answer)
    menu = draft.window.context_menu()
    next(each for each in menu.actions() if "Describe" in plain(each.text())).trigger()
    words, image = list(draft.document.spans())[:2]
    assert (words.text, dict(words.attributes)) == ("words before ", {})
    assert dict(image.attributes) == {"alt": "A blue field"}


def test_an_image_that_a_teammate_makes_endlessly_wide_is_as_wide_as_the_page(draft):
    name = draft.images.put(png_of(QImage(10, 30, QImage.Format.Format_RGB32)), "image/png")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "\nwords below")
        edit.insert_embed(0, {"image": name}, {"width": 1e308})
    page = draft.editor.document()
    image, words = (page.documentLayout().blockBoundingRect(page.findBlockByNumber(number)) for number in range(2))
    assert image.height() == pytest.approx(3 * text_width(draft.editor), rel=0.1)
    assert words.top() > image.bottom()


def test_that_an_image_could_not_be_stored_is_not_said_any_more_once_everything_was_written(draft, desk, monkeypatch):
    def refuse(file: DocumentFile, _data: bytes, _type: str) -> str:
        raise DiskFull(file.path)

    with monkeypatch.context() as full:
        full.setattr(DocumentFile, "put_blob", refuse)
        draft.images.put(png_of(QImage(8, 4, QImage.Format.Format_RGB32)), "image/png")
        desk.until(lambda: "image" in draft.window.notices.ids())
    assert draft.write()
    assert "image" not in draft.window.notices.ids()
