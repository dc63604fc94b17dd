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
from helpers.desk import Desk, texts, write

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


def test_a_document_that_is_opened_again_before_it_has_left_stays_and_an_open_one_leaves_by_the_name_it_closes_with(
    desk, monkeypatch
):
    deleted: list[Path] = []
    monkeypatch.setattr(Library, "delete", lambda _self, path: deleted.append(path))
    third = desk.application.documents.new()
    write(third, "third")
    before = third.path
    window = library(desk)
    path = trash_second(desk, window)
    assert "“second” is in the trash." in texts(window.notices)
    draft = desk.open(path)
    desk.until(lambda: "second" in titles(window) and "“second” is in the trash." not in texts(window.notices))
    write(draft, "more ")
    window.activateWindow()
    desk.until(lambda: window.isActiveWindow() and "third" in titles(window))
    cards = window.findChild(QListView)
    cards.setCurrentIndex(window.model.index(titles(window).index("third")))
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Delete)
    desk.until(lambda: "third" not in titles(window))
    assert "“third” is in the trash." in texts(window.notices)
    desk.leave()
    assert deleted == [before.with_name("third.cowrite")]
    assert deleted[0].exists()
    assert path.exists()


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


def test_cards_show_what_was_typed_just_now_and_new_titles_at_once_and_why_one_keeps_its_title_is_said(
    desk, team_server
):
    desk.application.choices.library.folder.joinpath("Herbs.cowrite").write_bytes(b"")
    write(desk.application.documents.drafts[0], "\nwe plant herbs")
    theirs = desk.joined(team_server.invite("plan", "viewer"))
    window = library(desk)
    cards = window.findChild(QListView)
    first = window.model.index(titles(window).index("first"))
    assert first.data(CARD_ROLE).snippet == "we plant herbs"
    cards.setCurrentIndex(first)
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_F2)
    field = cards.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "Thyme")
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.until(lambda: "Thyme" in titles(window))
    assert "first" not in titles(window)
    (before,) = {entry.path for entry in desk.application.choices.library.documents() if entry.title == "second"}
    window.rename_requested.emit(str(before), "Herbs")
    desk.until(lambda: any("is there already" in text for text in texts(window.notices)))
    window.rename_requested.emit(str(before), "Mint")
    desk.until(lambda: "Mint" in titles(window))
    assert not window.notices.ids()
    recent = desk.application.choices.settings.recent  # those opened lately
    assert before.with_name("Mint.cowrite") in recent
    assert before not in recent
    window.rename_requested.emit(str(theirs.path), "Sage")
    desk.until(lambda: any("may read" in text for text in texts(window.notices)))
    assert "Sage" not in titles(window)


@pytest.mark.parametrize(("role", "why"), [("viewer", "may read"), ("suggester", "may suggest")])
def test_who_may_not_give_a_document_a_title_is_told_so_where_it_is_closed_and_it_is_called_as_before(
    desk, team_server, role, why
):
    theirs = desk.joined(team_server.invite("plan", role))
    path, before = theirs.path, theirs.title
    theirs.window.close()
    window = library(desk)
    desk.until(
        lambda: (
            path.stem
            in {Path(window.model.index(row).data(CARD_ROLE).path).stem for row in range(window.model.rowCount())}
        )
    )
    shown = titles(window)
    window.rename_requested.emit(str(path), "Sage")
    desk.until(lambda: any(why in text for text in texts(window.notices)))
    assert path.exists()
    assert not path.with_name("Sage.cowrite").exists()
    assert titles(window) == shown
    again = desk.open(path)
    assert again.title == before


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
