"""Images on a page: how large they are shown, and what they show in words."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAction, QImage, QPainter, QPicture
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file import image_store
from cowrite.bridge.file.image_store import Absence
from cowrite.bridge.file.pictures import png_of
from cowrite.core.document.earlier import Earlier
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.commands.menus import plain
from cowrite.gui.history.earlier_page import EarlierPage
from cowrite.gui.look.theme import named
from cowrite.gui.page import images as page_images
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.embeds import ABSENCES, PLACEHOLDER, UNKNOWN
from cowrite.gui.page.frame import text_width
from cowrite.gui.page.places import caret_rect
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DiskFull
from cowrite.sync.blob import Blob
from helpers.desk import notices
from helpers.seats import FakeImages

NAME = f"sha256:{64 * 'a'}"


def put(draft: Draft, name: str) -> None:
    """A teammate's program puts an image before everything else, whatever it calls it."""
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert_embed(0, {"image": name})


def in_its_place(draft: Draft) -> list[str]:
    """What is said in the place of the image that stands first; nothing where it is shown."""
    painter, said = QPainter(), []
    picture = QPicture()
    painter.begin(picture)
    format = draft.editor.document().begin().begin().fragment().charFormat()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", lambda _painter, _room, _how, words: said.append(words))
        draft.editor.pictures.drawObject(
            painter, QRectF(0, 0, *PLACEHOLDER.toTuple()), draft.editor.document(), 0, format
        )
    painter.end()
    return said


def test_an_image_that_nobody_can_bring_is_not_said_to_be_on_its_way(draft, desk):
    for name, why in (
        ("https://example.org/garden.png", Absence.ELSEWHERE),
        ("data:image/png;base64,AAAA", Absence.INSIDE),
        ("../garden.png", Absence.ELSEWHERE),
        (NAME, Absence.MISSING),
        ("sha256:garden", Absence.ELSEWHERE),
    ):
        put(draft, name)
        desk.until(lambda why=why: in_its_place(draft) == [ABSENCES[why]])


def test_what_another_program_or_a_newer_cowrite_has_put_into_the_text_is_not_said_to_be_an_image(draft):
    for embed in ({"formula": "e=mc²"}, {"footnote": 7}, {}):
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.delete(0, draft.document.length - 1)
            edit.insert_embed(0, embed)
        assert in_its_place(draft) == [UNKNOWN], embed


def test_an_image_is_on_its_way_while_a_server_is_asked_for_it_and_shown_when_it_has_come(draft, desk):
    put(draft, NAME)
    desk.until(lambda: in_its_place(draft) == [ABSENCES[Absence.MISSING]])
    draft.images.await_missing(True)
    assert in_its_place(draft) == [ABSENCES[Absence.COMING]]
    draft.images.receive(
        bytes.fromhex(NAME.partition(":")[2]), Blob("image/png", png_of(QImage(8, 4, QImage.Format.Format_RGB32)))
    )
    desk.until(lambda: in_its_place(draft) == [])


def test_an_image_whose_file_is_none_is_said_to_be_so(draft, desk):
    put(draft, draft.images.put(b"no picture at all", "image/png"))
    assert in_its_place(draft) == [ABSENCES[Absence.UNREADABLE]]


def test_an_image_that_the_disk_does_not_give_is_said_to_be_unreadable_and_shown_once_it_does(desk, monkeypatch):
    def refuse(file: DocumentFile, _name: str) -> None:
        raise DiskFull(file.path)

    monkeypatch.setattr(image_store, "RETRY_DELAY", 1)
    draft = desk.new()
    picture, file = png_of(QImage(8, 4, QImage.Format.Format_RGB32)), draft.saved.file
    name = desk.application.storage.run_now(lambda: file.put_blob(picture, "image/png"))
    with monkeypatch.context() as failing:
        failing.setattr(DocumentFile, "blob", refuse)
        put(draft, name)
        desk.until(lambda: in_its_place(draft) == [ABSENCES[Absence.UNREADABLE]])
        assert "image" in draft.window.notices.ids()
    desk.until(lambda: in_its_place(draft) == [])


def test_a_disk_that_gives_no_image_is_asked_for_one_at_a_time_until_it_gives_that(desk, monkeypatch):
    """What is to be saved waits behind what it is asked for."""
    asked: list[str] = []

    def refuse(file: DocumentFile, name: str) -> None:
        asked.append(name)
        raise DiskFull(file.path)

    monkeypatch.setattr(image_store, "RETRY_DELAY", 60_000)
    draft = desk.new()
    store, file, storage = draft.images, draft.saved.file, desk.application.storage
    pictures = [png_of(QImage(width, 4, QImage.Format.Format_RGB32)) for width in (7, 8, 9)]
    names = [storage.run_now(lambda data=data: file.put_blob(data, "image/png")) for data in pictures]
    with monkeypatch.context() as failing:
        failing.setattr(DocumentFile, "blob", refuse)
        for name in names:
            put(draft, name)
        desk.until(lambda: all(store.absence(name) is Absence.UNREADABLE for name in names))
        for times in (4, 5, 6):
            store._look_timer.start(0)
            desk.until(lambda: len(asked) > 3 and store._look_timer.interval() > 0)
            storage.run_now(lambda: None)
            assert len(asked) == times
    assert sorted(asked) == sorted(2 * names)
    store._look_timer.start(0)
    desk.until(lambda: all(store.image(name) is not None for name in names))


def test_the_words_in_the_place_of_an_image_are_there_whole_or_not_at_all(draft, desk, monkeypatch):
    put(draft, "https://example.org/garden.png")
    assert in_its_place(draft)
    monkeypatch.setitem(ABSENCES, Absence.ELSEWHERE, "The image is elsewhere. " * 40)
    assert in_its_place(draft) == []


def test_an_image_is_made_smaller_and_described_from_the_menu(draft, monkeypatch):
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    draft.editor.edits.insert_embed({"image": draft.images.put(png_of(image), "image/png")})

    def act(name: str) -> QAction:
        menu = draft.window.page_menu.made()
        (sizes,) = [each.menu() for each in menu.actions() if each.menu() and "Image" in each.text()]
        return next(each for each in (*menu.actions(), *sizes.actions()) if name in plain(each.text()))

    def shown() -> dict:
        return dict(next(span for span in draft.document.spans() if span.embed).attributes)

    act("Half").trigger()
    assert shown() == {"width": round(text_width(draft.editor) / 2)}
    monkeypatch.setattr(page_images, "ask_line", lambda *given, **_how: given[-1]("A blue field"))
    act("Describe").trigger()
    assert shown()["alt"] == "A blue field"
    act("own size").trigger()
    assert shown() == {"alt": "A blue field"}
    draft.editor.undo_own()
    assert "width" in shown()


def test_an_image_grows_with_the_zoom_and_has_the_same_part_of_the_line(draft):
    draft.window.resize(1900, 900)
    name = draft.images.put(png_of(QImage(200, 100, QImage.Format.Format_RGB32)), "image/png")
    draft.editor.edits.insert_embed({"image": name})

    def width() -> float:
        rect = draft.editor.pictures.rect(draft.editor.document(), 0)
        assert rect is not None
        return rect.width() / text_width(draft.editor)

    own = width()
    draft.window.actions_["zoom_in"].trigger()
    assert width() == pytest.approx(own, rel=0.01)
    (sizes,) = [
        each.menu() for each in draft.window.page_menu.made().actions() if each.menu() and "Image" in each.text()
    ]
    next(each for each in sizes.actions() if "Half" in plain(each.text())).trigger()
    assert width() == pytest.approx(0.5, rel=0.01)
    draft.window.actions_["zoom_reset"].trigger()
    assert width() == pytest.approx(0.5, rel=0.01)


def test_an_earlier_moment_is_as_wide_as_the_page_and_its_images_as_large_however_that_is_zoomed(qtbot: QtBot):
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(0, {"image": "sha256:0"})
    page, theme = Editor(document, named("light"), FakeImages()), named("light")
    page.show_theme(theme, 1.5)
    earlier = EarlierPage(theme, 1.5, FakeImages())
    earlier.show_earlier(Earlier(document, ()), ())
    for each in (page, earlier):
        qtbot.addWidget(each)
        each.resize(1900, 300)
        each.grab()
    assert text_width(page) == text_width(earlier)
    assert caret_rect(page, 1).height() == caret_rect(earlier, 1).height()


def test_an_image_is_saved_from_its_menu_as_it_came_in_also_by_a_reader(draft, tmp_path, monkeypatch):
    content = png_of(QImage(8, 4, QImage.Format.Format_RGB32))
    name = draft.images.put(content, "image/png")
    draft.editor.edits.insert_embed({"image": name})
    draft.editor.set_caret(1, 0)
    wanted, offered = list[str](), list[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFileDialog, "getSaveFileName", lambda *_given: ("", ""))
        draft.window.image_wanted.connect(lambda name, _told: wanted.append(name))
        draft.window.page_menu.made().actions()[0].trigger()
    assert wanted == [name]
    draft.window.show_read_only("You may only read this document.")

    def choose(_parent: object, _title: str, place: str, _kinds: str) -> tuple[str, str]:
        offered.append(place)
        return str(tmp_path / "field"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    (save,) = [each for each in draft.window.page_menu.made().actions() if plain(each.text()) == "Save image as"]
    save.trigger()
    assert offered[0].endswith(".png")
    assert (tmp_path / "field.png").read_bytes() == content
    for sent, said in ((Blob("image/../../exe", content), "The image is in"), (Blob("image/exe", b"MZ"), "be read")):
        monkeypatch.setattr(draft.images, "original", lambda _name, sent=sent: sent)
        save.trigger()
        assert said in notices(draft)
    assert [place[-4:] for place in offered] == [".png"] * 2
    monkeypatch.setattr(draft.images, "original", lambda _name: None)
    save.trigger()
    assert "This image is not on this computer" in notices(draft)


def test_an_image_before_which_a_teammate_writes_while_it_is_described_is_the_one_described(draft, monkeypatch):
    draft.editor.edits.insert_embed(
        {"image": draft.images.put(png_of(QImage(8, 4, QImage.Format.Format_RGB32)), "image/png")}
    )

    def answer(*given: Any, **_how: bool) -> None:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(0, "words before ")
        given[-1]("A blue field")

    monkeypatch.setattr(page_images, "ask_line", answer)
    menu = draft.window.page_menu.made()
    next(each for each in menu.actions() if "Describe" in plain(each.text())).trigger()
    words, image = list(draft.document.spans())[:2]
    assert (words.text, dict(words.attributes)) == ("words before ", {})
    assert dict(image.attributes) == {"alt": "A blue field"}


@pytest.mark.parametrize("change", ["the image is gone", "one may only read"])
def test_what_is_chosen_for_an_image_changes_no_other_and_nothing_where_one_may_only_read(draft, change):
    for letter in "ab":
        draft.editor.edits.insert_embed({"image": f"sha256:{64 * letter}"})
    draft.editor.set_caret(1, 0)
    menu = draft.window.page_menu.made()
    (sizes,) = [each.menu() for each in menu.actions() if each.menu() and "Image" in each.text()]
    if change == "one may only read":
        draft.window.show_read_only("You may only read this document.")
    else:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.delete(0, 1)
    next(each for each in sizes.actions() if "Half" in plain(each.text())).trigger()
    assert not any(span.attributes for span in draft.document.spans())


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


def test_an_image_is_looked_for_at_a_caret_beside_an_emoji(draft):
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "👍👍")
        edit.insert_embed(4, {"image": NAME})
    draft.window._images.refresh()
    for at in (0, 2, 4):
        draft.editor.set_caret(at)
        draft.window._images.follow()
        assert (draft.window._images._framed is not None) == (at == 4)


def test_an_image_at_the_caret_is_not_looked_for_on_a_page_that_is_being_filled_anew(draft, qtlog):
    put(draft, NAME)
    draft.window._images.refresh()
    draft.editor.set_caret(1, 0)
    draft.window.actions_["zoom_in"].trigger()
    assert [record.message for record in qtlog.records if "QTextCursor" in record.message] == []
    assert draft.window._images._framed is not None
