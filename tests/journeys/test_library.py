"""The window of all documents, by keys, with documents that are open beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QPushButton

from cowrite.core.document.meta import Meta
from cowrite.gui.library.cards import CARD_ROLE
from cowrite.gui.library.window import LibraryWindow
from cowrite.storage.library.library import Entry, Library
from helpers.desk import SAVED, Desk, server, texts, write

pytestmark = pytest.mark.journey


@pytest.fixture
def desk(sit: Callable[..., Desk]) -> Desk:
    """A desk with a document that is open, and one that is called "second"."""
    desk = sit()
    write(desk.new(), "first")
    second = desk.new()
    write(second, "second")
    second.window.close()
    return desk


def library(desk: Desk) -> LibraryWindow:
    """The window of all documents, once it lists the second one."""
    desk.application.show_library()
    window = desk.application._library_flow._window
    assert window is not None
    desk.until(lambda: "second" in titles(window))
    return window


def titles(window: LibraryWindow) -> list[str]:
    return [window.model.index(row).data() for row in range(window.model.rowCount())]


def trash_second(desk: Desk, window: LibraryWindow) -> Path:
    """Presses Delete on the second document; gives its path."""
    cards = window.findChild(QListView)
    (path,) = {entry.path for entry in desk.application.choices.library.documents() if entry.title == "second"}
    cards.setCurrentIndex(window.model.index(titles(window).index("second")))
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Delete)
    desk.until(lambda: "second" not in titles(window))
    return path


def test_a_document_that_is_opened_again_before_it_has_left_stays(desk, monkeypatch):
    monkeypatch.setattr(Library, "delete", lambda _self, path: path.unlink())
    window = library(desk)
    path = trash_second(desk, window)
    assert "“second” is in the trash." in texts(window.notices)
    draft = desk.open(path)
    desk.until(lambda: "second" in titles(window) and "“second” is in the trash." not in texts(window.notices))
    write(draft, "more ")
    desk.leave()
    assert path.exists()


def test_an_open_document_whose_file_is_named_as_it_closes_leaves_by_that_name(desk, monkeypatch):
    deleted: list[Path] = []
    monkeypatch.setattr(Library, "delete", lambda _self, path: deleted.append(path))
    draft = desk.application.documents.new()
    write(draft, "third")
    before = draft.path
    window = library(desk)
    cards = window.findChild(QListView)
    desk.until(lambda: "third" in titles(window))
    cards.setCurrentIndex(window.model.index(titles(window).index("third")))
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Delete)
    desk.until(lambda: "third" not in titles(window))
    assert "“third” is in the trash." in texts(window.notices)
    desk.leave()
    assert deleted == [before.with_name("third.cowrite")]
    assert deleted[0].exists()


def test_a_closed_document_that_is_renamed_is_among_those_opened_lately_by_its_new_name(desk):
    window = library(desk)
    (before,) = {entry.path for entry in desk.application.choices.library.documents() if entry.title == "second"}
    window.rename_requested.emit(str(before), "Herbs")
    desk.until(lambda: "Herbs" in titles(window))
    recent = desk.application.choices.settings.recent
    assert before.with_name("Herbs.cowrite") in recent
    assert before not in recent


def test_why_a_document_keeps_its_name_is_said_until_it_has_another_one(desk):
    desk.application.choices.library.folder.joinpath("Herbs.cowrite").write_bytes(b"")
    window = library(desk)
    (path,) = {entry.path for entry in desk.application.choices.library.documents() if entry.title == "second"}
    window.rename_requested.emit(str(path), "Herbs")
    desk.until(lambda: any("is there already" in text for text in texts(window.notices)))
    window.rename_requested.emit(str(path), "Mint")
    desk.until(lambda: "Mint" in titles(window))
    assert not window.notices.ids()


def test_a_closed_document_at_whose_renaming_something_goes_wrong_can_be_opened(desk, monkeypatch, qtbot):
    def fail(*_given: object) -> None:
        raise ValueError("oh")

    window = library(desk)
    (before,) = {entry.path for entry in desk.application.choices.library.documents() if entry.title == "second"}
    with qtbot.captureExceptions() as raised, monkeypatch.context() as patched:
        patched.setattr(Meta, "set_title", fail)
        window.rename_requested.emit(str(before), "Herbs")
        desk.until(lambda: raised)
    assert desk.open(before.with_name("Herbs.cowrite")).document.text() == "second\n"


def test_an_open_document_has_its_new_title_at_once(desk):
    window = library(desk)
    cards = window.findChild(QListView)
    cards.setCurrentIndex(window.model.index(titles(window).index("first")))
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_F2)
    field = cards.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "Herbs")
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.until(lambda: "Herbs" in titles(window))
    assert "first" not in titles(window)


def test_the_library_says_why_somebody_may_not_rename_an_open_document(desk, team_server):
    draft = desk.join(team_server.invite("plan", "viewer"))
    desk.until(lambda: server(draft) == SAVED)
    window = library(desk)
    window.rename_requested.emit(str(draft.path), "Herbs")
    desk.until(lambda: any("may read" in text for text in texts(window.notices)))
    assert "Herbs" not in titles(window)


def test_an_open_document_shows_on_its_card_what_was_typed_just_now(desk):
    draft = desk.new()
    write(draft, "Minutes\nwe plant herbs")
    window = library(desk)
    row = titles(window).index("Minutes")
    assert window.model.index(row).data(CARD_ROLE).snippet == "we plant herbs"


def test_documents_that_were_deleted_one_after_the_other_are_taken_back_together(desk, monkeypatch):
    monkeypatch.setattr(Library, "delete", lambda _self, path: path.unlink())
    third = desk.new()
    write(third, "third")
    third.window.close()
    window = library(desk)
    desk.until(lambda: "third" in titles(window))
    before = titles(window)
    trash_second(desk, window)
    cards = window.findChild(QListView)
    cards.setCurrentIndex(window.model.index(titles(window).index("third")))
    QTest.keyClick(cards, Qt.Key.Key_Delete)
    desk.until(lambda: titles(window) == ["first"])
    assert "2 documents are in the trash." in texts(window.notices)
    (back,) = [each for each in window.notices.findChildren(QPushButton) if each.text() == "Bring them back"]
    back.click()
    desk.until(lambda: titles(window) == before)
    assert texts(window.notices) == []


def test_a_document_is_opened_while_the_folder_is_still_listed(desk, monkeypatch):
    begun, may_go_on, waited = Event(), Event(), []
    documents = Library.documents

    def listed(library: Library) -> tuple[Entry, ...]:
        begun.set()
        waited.append(may_go_on.wait(30))
        return documents(library)

    monkeypatch.setattr(Library, "documents", listed)
    desk.application.show_library()
    desk.until(begun.is_set)
    write(third := desk.new(), "third")
    third.saved.save_now()
    window = desk.application._library_flow._window
    assert window is not None
    for _ in range(20):
        window.activated.emit()
    may_go_on.set()
    desk.until(lambda: "second" in titles(window))
    assert all(waited)
    assert len(waited) < 5  # what is to be listed once more is listed once
