"""What somebody wrote that their server does not have, found for them."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cowrite.bridge.network_thread import NetworkThread
from cowrite.bridge.shared import unsaved_text
from cowrite.bridge.shared.unsaved_text import LARGE, UnsavedText
from cowrite.core.crdt.written import written_first
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from helpers.drafts import draft


@pytest.fixture
def document() -> Document:
    return draft("We plant herbs.")


@pytest.fixture
def unsaved(document: Document) -> Iterator[UnsavedText]:
    parent, network = QObject(), NetworkThread()
    found = UnsavedText(document, network, parent)
    yield found
    found.end()
    network.close()


def write(document: Document, text: str) -> bytes:
    """Puts text in; gives the state vector from before."""
    before = document.state_vector()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, text)
    return before


def test_a_few_words_are_told_at_once(document, unsaved):
    told: list[str] = []
    unsaved.find(write(document, "Soon, "), told.append)
    assert told == ["Soon, "]


def test_much_is_read_beside_the_window_and_told_when_it_is(document, unsaved, qtbot: QtBot):
    told: list[str] = []
    much = "word " * LARGE
    unsaved.find(write(document, much), told.append)
    assert not told
    qtbot.waitUntil(lambda: told == [much])


def test_whoever_asks_while_much_is_read_shares_the_next_reading(document, unsaved, qtbot: QtBot, monkeypatch):
    may_read, read = Event(), list[bytes]()

    def slowly(update: bytes, client: int) -> str:
        read.append(update)
        assert may_read.wait(30)
        return written_first(update, client)

    monkeypatch.setattr(unsaved_text, "written_first", slowly)
    told: list[tuple[int, str]] = []
    much = "word " * LARGE
    before = write(document, much)
    unsaved.find(before, lambda text: told.append((0, text)))
    unsaved.find(before, lambda text: told.append((1, text)))
    for number in (2, 3, 4):
        write(document, f"{number} ")
        unsaved.find(before, lambda text, number=number: told.append((number, text)))
    may_read.set()
    newest = written_first(document.update_since(before), document.client_id)
    everybody = [(0, much), (1, much), *((number, newest) for number in (2, 3, 4))]
    qtbot.waitUntil(lambda: told == everybody)
    assert len(read) == 2


def test_whoever_leaves_waits_for_no_reading(document, unsaved, monkeypatch):
    may_read, has_begun = Event(), Event()

    def slowly(_update: bytes, _client: int) -> str:
        has_begun.set()
        assert may_read.wait(30)
        return ""

    monkeypatch.setattr(unsaved_text, "written_first", slowly)
    told: list[str] = []
    unsaved.find(write(document, "word " * LARGE), told.append)
    assert has_begun.wait(30)
    unsaved.end()
    assert not may_read.is_set(), "it is still being read"
    may_read.set()
    QApplication.processEvents()
    assert not told


def test_nobody_is_told_any_more_who_has_left(document, unsaved):
    told: list[str] = []
    unsaved.find(write(document, "word " * LARGE), told.append)
    unsaved.end()
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    assert not told
