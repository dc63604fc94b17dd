"""What other programs have written is opened, and stays as it is."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import docx
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

from cowrite.app.draft.draft import Draft
from cowrite.sync.status import Kind, Status
from helpers.desk import notices, write

pytestmark = pytest.mark.journey
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def text(draft: Draft) -> str:
    return draft.document.text()


def test_a_file_of_another_program_opens_at_its_beginning_and_one_goes_on_there(sit, tmp_path):
    (tmp_path / "notes.md").write_text("Words with **looks**.\n\n" * 200)
    draft = sit().open(tmp_path / "notes.md")
    write(draft, "First: ")
    assert text(draft).startswith("First: Words with looks.\n")
    assert draft.editor.verticalScrollBar().value() == 0


def test_a_word_file_opens_with_its_pictures_and_what_differs_is_said(sit, tmp_path):
    word = docx.Document()
    word.add_heading("Plan", 1).add_run("ned").font.hidden = True
    table = word.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "herbs"
    word.add_picture(BytesIO(PIXEL))
    word.save(str(tmp_path / "plan.docx"))
    before = (tmp_path / "plan.docx").read_bytes()
    desk = sit()
    draft = desk.open(tmp_path / "plan.docx")
    assert text(draft) == "Plan\nherbs\n\n\n\n\ufffc\n"
    assert draft.title == "Plan"
    differs = "Merged cells are single ones, and only the first has words. Hidden words are left out."
    assert f"{differs} The Word file stays as it is." in notices(draft)
    (name,) = [span.embed["image"] for span in draft.document.spans() if span.embed]
    desk.until(lambda: draft.images.image(name) is not None)
    assert (tmp_path / "plan.docx").read_bytes() == before


def test_documents_that_are_dropped_on_the_page_are_opened_where_one_wants_that(sit, tmp_path):
    (tmp_path / "notes.md").write_text("# Notes")
    (tmp_path / "notes.xyz").write_bytes(bytes(range(256)))
    desk = sit()
    draft = desk.new()
    write(draft, "mine")
    for names, said, answer in (
        (["notes.xyz"], "“notes.xyz” could not be read as an image, and only images", ""),
        (["notes.xyz", "list.zip"], "Only images can be put into the text, and one of these", ""),
        (["notes.md"], "“notes.md” is a document and is not put into this text.", "Open it"),
        (["notes.md", "notes.xyz", str(draft.path)], "2 files are documents and are not put", "Open them"),
    ):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
        place, action = QPointF(20, 20), Qt.DropAction.CopyAction
        button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        draft.editor.dropEvent(QDropEvent(place, action, data, button, key))
        draft.notices.show_status(Status(Kind.SAVED))  # as with each letter in a document that is shared
        assert said in notices(draft)
        assert text(draft) == "mine\n"
        for each in draft.window.notices.findChildren(QPushButton):
            if answer and each.text() == answer:
                each.click()
    assert [text(each) for each in desk.application.documents.drafts] == ["mine\n", "Notes\n", "Notes\n"]
    desk.until(lambda: said not in notices(draft))


def test_a_damaged_word_file_is_said_and_left_as_it_is(sit, tmp_path):
    (tmp_path / "plan.docx").write_bytes(b"PK\x03\x04 and nothing more")
    desk = sit()
    draft = desk.new()
    assert desk.application.documents.open(tmp_path / "plan.docx") is None
    assert "plan.docx” could not be read as a Word document" in notices(draft)
