"""Pictures: large ones are drawn smaller, and the file that came in is the one that goes out."""

from __future__ import annotations

import base64
import threading
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.app.board.flow import export_picture
from cowrite.bridge.file import image_store
from cowrite.bridge.file.pictures import SHOWN_SIDE, is_picture, media_type, portable, shown
from cowrite.convert.bare_pictures import without_metadata
from cowrite.core.board.items import Note, Place
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.gui.page import embeds
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import StorageFailed
from cowrite.storage.layout import blob_name
from cowrite.sync.blob import Blob
from helpers.colours import colours
from helpers.counting import counted
from helpers.desk import notices
from helpers.picture_files import BLUE, RED, TURNED, is_red, picture_file


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_a_large_picture_is_drawn_smaller_and_is_as_large_as_it_is(qapp, format):
    image = shown(picture_file(2 * SHOWN_SIDE, 30, format))
    assert image is not None
    assert image.width() == SHOWN_SIDE
    assert image.deviceIndependentSize().width() == 2 * SHOWN_SIDE
    assert round(image.deviceIndependentSize().height()) == 30
    small = shown(picture_file(40, 30, format))
    assert small is not None
    assert (small.width(), small.deviceIndependentSize().width()) == (40, 40)


@pytest.mark.parametrize("width", [40, 2 * SHOWN_SIDE])
def test_a_picture_is_drawn_upright(qapp, width):
    image = shown(picture_file(width, 20, "jpeg", TURNED))
    assert image is not None
    size = image.deviceIndependentSize()
    assert (round(size.width()), round(size.height())) == (20, width)
    assert is_red(image, 1, 0.5)  # what was above is on the right
    assert not is_red(image, 0, 0.5)


def test_what_is_no_picture_is_none(qapp):
    assert shown(b"words") is None
    assert not is_picture(b"words")
    assert not is_picture(picture_file(1, 1, "png"))
    assert media_type(b"<svg/>") is None
    assert portable(Blob("image/png", b"words")) is None


@pytest.mark.parametrize("format", ["png", "jpeg"])
def test_what_every_program_reads_leaves_as_the_file_that_came_in(qapp, format):
    blob = Blob(f"image/{format}", picture_file(40, 20, format))
    assert portable(blob) == blob


def test_other_files_leave_as_files_that_every_program_shows_upright(qapp):
    webp = portable(Blob("image/webp", picture_file(40, 20, "webp")))
    assert webp is not None
    assert (webp.media_type, media_type(webp.data)) == ("image/png", "image/png")
    turned = portable(Blob("image/jpeg", picture_file(40, 20, "jpeg", TURNED)))
    assert turned is not None
    assert (turned.media_type, media_type(turned.data)) == ("image/jpeg", "image/jpeg")
    image = QImage.fromData(turned.data)
    assert (image.width(), image.height()) == (20, 40)
    assert is_red(image, 1, 0.5)


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_a_picture_goes_from_file_to_file_as_it_is(desk, tmp_path, format):
    photo = tmp_path / f"photo.{format}"
    photo.write_bytes(picture_file(60, 40, format))
    draft = desk.new()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    draft.editor.insertFromMimeData(data)
    draft.editor.selectAll()
    draft.editor.copy()
    sent = portable(Blob(f"image/{format}", photo.read_bytes()))
    assert sent is not None
    assert base64.b64encode(sent.data).decode() in QGuiApplication.clipboard().mimeData().html()
    assert draft.exporting.write("markdown", tmp_path / "draft.md")
    (beside,) = (tmp_path / "images").iterdir()
    assert beside.read_bytes() == sent.data
    assert draft.exporting.write("docx", tmp_path / "draft.docx")
    with ZipFile(tmp_path / "draft.docx") as word:
        assert sent.data in [word.read(name) for name in word.namelist()]


def test_what_is_exported_has_pictures_that_were_not_shown_yet(desk, tmp_path):
    content = picture_file(60, 40, "png")
    draft = desk.new()
    draft.editor.edits.insert_embed({"image": draft.images.put(content, "image/png")})
    path: Path = draft.path
    assert draft.window.close()
    draft = desk.open(path)
    (name,) = (span.embed["image"] for span in draft.document.spans() if span.embed)
    assert draft.images.image(name) is None
    assert draft.exporting.write("markdown", tmp_path / "draft.md")
    assert next((tmp_path / "images").iterdir()).read_bytes() == content
    desk.until(lambda: draft.images.image(name) is not None)


def test_a_board_that_was_not_looked_at_yet_is_exported_with_its_pictures(desk, tmp_path):
    draft = desk.new()
    name = draft.images.put(picture_file(60, 40, "png"), "image/png")
    draft.brainstorming.brainstorm.write([Note("", "", Place(0, 0), image=name)])
    path: Path = draft.path
    assert draft.window.close()
    draft = desk.open(path)
    export_picture(draft, "png", tmp_path / "board.png")
    draft.exporting.finish()
    board = QImage(str(tmp_path / "board.png"))
    assert {RED.name(), BLUE.name()} <= colours(board).keys()


def test_an_export_begins_though_the_disk_is_busy_and_has_its_pictures(desk, tmp_path):
    content = picture_file(60, 40, "png")
    draft = desk.new()
    draft.editor.edits.insert_embed({"image": draft.images.put(content, "image/png")})
    draft.images.store_now()
    may_go_on, ended = threading.Event(), threading.Event()
    desk.application.storage.run(lambda: (may_go_on.wait(30), ended.set()))
    draft.exporting.begin("html", tmp_path / "draft.html")
    assert not ended.is_set()
    may_go_on.set()
    draft.exporting.finish()
    assert base64.b64encode(content).decode() in (tmp_path / "draft.html").read_text()


def test_on_the_page_and_in_word_a_picture_is_equally_large(desk, tmp_path):
    import docx

    photo = QImage(192, 96, QImage.Format.Format_RGB32)
    photo.setDotsPerMeterX(11811)  # 300 to the inch, as of a camera
    photo.setDotsPerMeterY(11811)
    assert photo.save(str(tmp_path / "photo.jpeg"))
    draft = desk.new()
    name = draft.images.put((tmp_path / "photo.jpeg").read_bytes(), "image/jpeg")
    draft.editor.edits.insert_embed({"image": name})
    assert draft.images.image(name).deviceIndependentSize().width() == 192
    assert draft.exporting.write("docx", tmp_path / "draft.docx")
    (shape,) = docx.Document(str(tmp_path / "draft.docx")).inline_shapes
    assert shape.width.inches == 2


def test_of_a_page_only_the_place_of_an_image_that_arrives_is_laid_out_anew(desk, monkeypatch):
    draft = desk.new()
    files = [without_metadata(picture_file(width, 40, "png")) for width in (60, 70)]
    for file in files:
        draft.editor.edits.insert_alone({"image": f"sha256:{sha256(file).hexdigest()}"})
    asked = []
    room = embeds.room_at
    monkeypatch.setattr(embeds, "room_at", lambda *given: asked.append(given[-1]) or room(*given))
    draft.images.put(files[1], "image/png")
    draft.editor._arrived._lay_out()  # as its timer does, and nothing else meanwhile
    assert set(asked) == {draft.document.text().rindex(EMBED_CHARACTER)}
    desk.until(lambda: not draft.editor._arrived._timer.isActive())
    draft.images.changed.emit(draft.images.put(files[1], "image/png"))  # it is as large as before
    assert not draft.editor._arrived._timer.isActive()


def test_the_line_at_the_caret_stays_where_it_is_while_pictures_arrive_above(desk):
    draft = desk.new()
    file = without_metadata(picture_file(300, 200, "png"))
    draft.editor.edits.insert_alone({"image": f"sha256:{sha256(file).hexdigest()}"})
    desk.until(lambda: not draft.editor._arrived._timer.isActive())
    with draft.document.edit(Origin.IMPORT) as edit:
        edit.insert(draft.document.length, "a line\n" * 200)
    draft.editor.set_caret(draft.document.length - 300)
    height, top = draft.editor.cursorRect().top(), draft.editor.verticalScrollBar().value()
    draft.images.put(file, "image/png")
    desk.until(lambda: not draft.editor._arrived._timer.isActive())
    assert draft.editor.verticalScrollBar().value() > top
    assert draft.editor.cursorRect().top() == height


def test_for_pictures_that_arrive_together_the_text_is_gone_through_once(desk, monkeypatch):
    draft = desk.new()
    files = [without_metadata(picture_file(width, 40, "png")) for width in (60, 70, 80)]
    for file in files:
        draft.editor.edits.insert_alone({"image": f"sha256:{sha256(file).hexdigest()}"})
    desk.until(lambda: not draft.editor._arrived._timer.isActive())
    times = counted(monkeypatch, embeds, "lay_out")
    for file in files:
        draft.images.put(file, "image/png")
    assert draft.editor._arrived._timer.isActive()
    desk.until(lambda: not draft.editor._arrived._timer.isActive())
    assert len(times) == 1


def test_the_pictures_of_a_file_that_is_opened_are_decoded_while_the_window_goes_on(desk, tmp_path, monkeypatch):
    threads: list[threading.Thread] = []
    monkeypatch.setattr(
        image_store, "shown", lambda content: threads.append(threading.current_thread()) or shown(content)
    )
    content = base64.b64encode(picture_file(4, 4, "png")).decode()
    (tmp_path / "plan.html").write_text(f'<p>Herbs <img src="data:image/png;base64,{content}"></p>')
    draft = desk.open(tmp_path / "plan.html")
    (name,) = [span.embed["image"] for span in draft.document.spans() if span.embed]
    desk.until(lambda: draft.images.image(name) is not None)
    assert len(threads) == 1
    assert threading.main_thread() not in threads


def test_a_document_that_is_closed_has_no_pictures_in_memory(desk, monkeypatch):
    draft = desk.new()
    name = draft.images.put(picture_file(60, 40, "png"), "image/png")
    assert draft.images.image(name) is not None
    begun = threading.Event()
    monkeypatch.setattr(image_store, "shown", lambda content: begun.set() or shown(content))
    content = picture_file(4, 4, "png")
    draft.images.put_as_it_is(content, "image/png")
    assert begun.wait(10)
    images = draft.images
    assert draft.window.close()
    images._deliveries.finish()
    assert images.image(name) is None
    assert images.image(blob_name(sha256(content).digest())) is None


def test_where_a_picture_cannot_be_read_its_words_are_copied_and_exported_and_that_is_said(desk, tmp_path, monkeypatch):
    draft = desk.new()
    draft.editor.insertPlainText("words")
    draft.editor.edits.insert_embed({"image": draft.images.put(picture_file(60, 40, "png"), "image/png")})
    draft.images.store_now()

    def fail(file: DocumentFile, _name: str) -> None:
        raise StorageFailed(file.path, "Input/output error")

    monkeypatch.setattr(DocumentFile, "blob", fail)
    draft.editor.selectAll()
    draft.editor.copy()
    assert "words" in QGuiApplication.clipboard().mimeData().html()
    assert "Input/output error" in notices(draft)
    draft.exporting.begin("html", tmp_path / "draft.html")
    draft.exporting.finish()
    assert "words" in (tmp_path / "draft.html").read_text()


@pytest.mark.parametrize("is_readable", [True, False])
def test_a_copy_out_of_a_damaged_file_has_the_pictures_that_can_be_read(
    desk, tmp_path, monkeypatch, caplog, is_readable
):
    draft = desk.new()
    name = draft.images.put(picture_file(60, 40, "png"), "image/png")
    draft.editor.edits.insert_embed({"image": name})
    assert draft.write()
    copy_to, read = DocumentFile.save_copy, DocumentFile.blob

    def save_copy(file: DocumentFile, path: Path, **more: Any) -> None:
        if file.path == draft.path:
            raise StorageFailed(file.path, "database disk image is malformed")
        copy_to(file, path, **more)

    def blob(file: DocumentFile, name: str) -> object:
        if not is_readable:
            raise StorageFailed(file.path, "Input/output error")
        return read(file, name)

    monkeypatch.setattr(DocumentFile, "save_copy", save_copy)
    monkeypatch.setattr(DocumentFile, "blob", blob)
    draft.save_copy(tmp_path / "Copy.cowrite")
    desk.until(lambda: "A copy is in" in notices(draft))
    monkeypatch.undo()
    assert ("without an image" in notices(draft)) is not is_readable
    with DocumentReader(tmp_path / "Copy.cowrite") as copy:
        assert (copy.blob(name) is not None) is is_readable
    assert "made from memory" in caplog.text
    caplog.clear()


def test_which_pictures_are_here_is_known_without_reading_them(desk, monkeypatch):
    draft = desk.new()
    names = {draft.images.put(picture_file(width, 40, "png"), "image/png") for width in (60, 70)}
    draft.images.store_now()
    with monkeypatch.context() as unread:
        unread.setattr(DocumentFile, "blob", lambda _file, name: pytest.fail(f"{name} was read"))
        assert draft.images.names() == names


def test_pictures_that_nobody_looks_at_are_not_kept_decoded_and_are_drawn_again(desk, qtbot, monkeypatch):
    monkeypatch.setattr(image_store, "DECODED_BYTES", 3 * 400 * 300 * 4)
    draft = desk.new()
    images, editor = draft.images, draft.editor
    names = [images.put(picture_file(400, 300 + number, "png"), "image/png") for number in range(8)]
    images.store_now()
    for name in names:
        editor.edits.insert_embed({"image": name})
    qtbot.waitUntil(lambda: editor.pictures.rect(editor.document(), 7) is not None)
    stands = [editor.pictures.rect(editor.document(), at) for at in range(8)]
    images._look_away()
    images._look_away()  # nobody has drawn any in between
    assert sum(image.sizeInBytes() for image in images._images.values()) <= image_store.DECODED_BYTES
    assert [images.size(name).height() for name in names] == [300 + number for number in range(8)]
    assert [editor.pictures.rect(editor.document(), at) for at in range(8)] == stands
    assert images.image(names[0]) is None
    qtbot.waitUntil(lambda: images.image(names[0]) is not None)
