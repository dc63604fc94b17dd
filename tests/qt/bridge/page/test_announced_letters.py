"""A typed letter is on the page first and in the document a moment later; nobody finds the document without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor

from cowrite.bridge.file.on_disk import Safety
from cowrite.bridge.file.opening import open_document
from cowrite.bridge.file.saved_document import SavedDocument
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.drafts import Clock
from helpers.seats import Seat


def written(text: str) -> Document:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, text)
    return document


@pytest.fixture
def seat(sit_at) -> Seat:
    seat = sit_at(written("one two"))
    seat.editor.set_caret(3)
    return seat


@pytest.fixture
def updates(seat: Seat) -> list[bytes]:
    told: list[bytes] = []
    seat.document.observe_updates(lambda update: told.append(update[0]))
    return told


def test_a_letter_is_painted_before_its_edit_begins_and_written_without_anybody_asking(seat, updates, qtbot):
    seat.type("x")
    assert seat.editor.toPlainText() == "onex two"
    assert updates == []
    qtbot.waitUntil(lambda: len(updates) == 1)
    assert seat.document.text() == "onex two\n"


def test_a_space_between_words_is_painted_before_its_edit_as_well(seat, updates, qtbot):
    seat.editor.set_caret(7)
    for letter in "three":
        seat.type(letter)
    seat.document.settle()
    updates.clear()
    seat.type(" ")
    assert seat.editor.toPlainText() == "one twothree "
    assert updates == []
    qtbot.waitUntil(lambda: len(updates) == 1)


READERS = {
    "text": lambda document: document.text() == "onex two\n",
    "rope": lambda document: document.rope.text(0, 4) == "onex",
    "length": lambda document: document.length == 9,
    "heading": lambda document: document.heading == "onex two",
    "stored": lambda document: document.stored_spans()[0].text == "onex two\n",
    "state": lambda document: replica(document.state()).text() == "onex two\n",
    "undo": lambda document: document.can_undo(),
}


def replica(state: bytes) -> Document:
    document = MendedDocument(clock=lambda: 0)
    document.apply_update(state, Origin.STORAGE)
    return document


@pytest.mark.parametrize("reader", READERS)
def test_whoever_reads_the_document_finds_the_letter_in_it(reader, seat):
    seat.document.steps.forget()
    seat.type("x")
    assert READERS[reader](seat.document)


def test_an_update_that_comes_just_after_a_letter_leaves_both_in_their_places(seat):
    other = replica(seat.document.state())
    seat.type("x")
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(0, "FIRST ")
    seat.document.apply_remote(other.state())
    assert seat.editor.toPlainText() == "FIRST onex two"
    assert seat.document.text() == "FIRST onex two\n"


@pytest.mark.parametrize(
    ("start", "stop", "text", "result"),
    [
        (0, 1, "", "nex two"),
        (0, 0, "ab\ncd", "ab\ncdonex two"),
        (3, 4, "", "one two"),
        (2, 6, "🙂", "on🙂wo"),
        (4, 4, "y", "onexy two"),
        (3, 3, "y", "oneyx two"),
        (5, 8, "", "onex "),
        (0, 8, "z", "z"),
    ],
)
def test_what_changes_around_a_letter_at_once_changes_page_and_document_alike(start, stop, text, result, seat):
    seat.type("x")
    cursor = QTextCursor(seat.editor.document())
    cursor.setPosition(start)
    cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text)
    assert seat.editor.toPlainText() == result
    assert seat.document.text() == f"{result}\n"
    assert "".join(span.text for span in seat.document.stored_spans()) == f"{result}\n"


def overwrite(seat: Seat, start: int, stop: int, text: str = "") -> None:
    cursor = QTextCursor(seat.editor.document())
    cursor.setPosition(start)
    cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text)


THEN = {
    "#treesxy": lambda seat, clock: (clock.pause(), seat.type("y")),
    "#treesxyzw": lambda seat, _clock: seat.commit("yzw"),
    "#brreesx": lambda seat, _clock: overwrite(seat, 0, 1, "Br"),
    "#trees": lambda seat, _clock: overwrite(seat, 6, 8),  # no heading is left
}


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("address", THEN)
def test_links_follow_a_heading_in_which_something_happens_just_after_a_letter(address, is_closed, sit_at):
    clock = Clock()
    document = MendedDocument.new(clock=clock) if is_closed else MendedDocument(clock=clock)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "Trees")
        edit.insert(5, "\n", {"header": 1})
        edit.insert(6, "all ")
        edit.insert(10, "trees", {"link": "#trees"})
    seat = sit_at(document)
    seat.editor.set_caret(5)
    seat.type("x")
    THEN[address](seat, clock)
    document.settle()
    text = document.text().removesuffix("\n")
    assert seat.editor.toPlainText() == text
    links = [document.rope.attributes_at(at).get("link") for at in range(len(text))]
    assert links == [None] * (len(text) - 5) + [address] * 5
    reader = QTextCursor(seat.editor.document())
    for at, link in enumerate(links):
        reader.setPosition(at + 1)
        assert reader.charFormat().fontUnderline() == bool(link)


def test_the_letter_counts_as_unsaved_as_soon_as_it_is_on_the_page(sit_at, tmp_path: Path):
    storage = StorageThread()
    paths = Paths.of({HOME_VARIABLE: str(tmp_path)})
    opened = open_document(tmp_path / "Plan.cowrite", storage, paths, lambda: 0, create=True, new=True)
    with opened.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "one two")
    saved = SavedDocument(opened, storage, lambda *_facts: None)
    seat = sit_at(opened.document)
    seat.editor.set_caret(3)
    told: list[bytes] = []
    opened.document.observe_updates(lambda update: told.append(update[0]))
    assert saved.on_disk.safety is Safety.SAVED
    seat.type("x")
    assert told == []
    assert saved.on_disk.safety is Safety.SAVING
    saved.write()
    assert saved.on_disk.safety is Safety.SAVED
    assert len(told) == 1
    saved.close()
    storage.close()
