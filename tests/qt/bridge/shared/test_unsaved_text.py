"""What somebody wrote that their server does not have, found for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cowrite.bridge.shared.unsaved_text import LARGE, UnsavedText
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from helpers.drafts import draft


@pytest.fixture
def document() -> Document:
    return draft("We plant herbs.")


@pytest.fixture
def unsaved(document: Document) -> Iterator[UnsavedText]:
    parent = QObject()
    found = UnsavedText(document, parent)
    yield found
    found.end()


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


def test_nobody_is_told_any_more_who_has_left(document, unsaved):
    told: list[str] = []
    unsaved.find(write(document, "word " * LARGE), told.append)
    unsaved.end()
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    assert not told
