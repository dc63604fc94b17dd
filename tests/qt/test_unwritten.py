"""Changes of a page that touch each other are one edit of the document, whatever they are."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument

from cowrite.bridge.unwritten import Unwritten
from cowrite.core.document import Document, Origin
from helpers.seats import Seat

WORDS = ("x", "a", "\n", "né", "漢", "🙂", "two words", "one\ntwo", "👩\u200d🚀 ")


def seat_with(text: str) -> tuple[Seat, list[bytes]]:
    document = Document.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, text)
    updates: list[bytes] = []
    seat = Seat(document)
    document.observe_updates(lambda update: updates.append(update[0]))
    return seat, updates


def replace(text: QTextDocument, start: int, stop: int, words: str) -> None:
    cursor = QTextCursor(text)
    cursor.setPosition(start)
    cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(words)


def agree(seat: Seat) -> bool:
    """Whether page, rope and CRDT hold the same."""
    shown = seat.editor.document().toRawText().replace("\u2029", "\n") + "\n"
    stored = "".join(span.text for span in seat.document.stored_spans())
    return shown == seat.document.text() == stored


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ([(3, 3, "x"), (4, 4, "y"), (5, 5, "z")], "onexyz two"),
        ([(3, 3, "xyz"), (5, 6, ""), (4, 5, "")], "onex two"),
        ([(7, 7, "\n"), (8, 8, "three")], "one two\nthree"),
        ([(6, 7, ""), (5, 6, ""), (4, 5, ""), (4, 4, "three")], "one three"),
    ],
)
def test_changes_that_touch_each_other_are_one_edit(changes, result, qapp):
    seat, updates = seat_with("one two")
    for change in changes:
        replace(seat.editor.document(), *change)
    assert updates == []
    assert seat.document.text() == f"{result}\n"
    assert len(updates) == 1


def test_what_is_typed_and_taken_back_at_once_is_no_edit(qapp):
    seat, updates = seat_with("one two")
    replace(seat.editor.document(), 3, 3, "x")
    replace(seat.editor.document(), 3, 4, "")
    assert seat.document.text() == "one two\n"
    assert updates == []


def test_a_letter_elsewhere_is_an_edit_of_its_own(qapp):
    seat, updates = seat_with("one two")
    replace(seat.editor.document(), 7, 7, "x")
    replace(seat.editor.document(), 0, 0, "y")
    assert len(updates) == 1
    assert seat.document.text() == "yone twox\n"
    assert len(updates) == 2


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_whatever_changes_at_once_page_and_document_agree(seed, styled, qapp):
    random = Random(seed)
    seat, _ = seat_with("one two\nthree 🙂 four\n\nfive")
    if styled:
        with seat.document.edit(Origin.LOCAL) as edit:
            edit.format(0, 3, {"bold": True})
            edit.format_lines(9, 0, {"header": 1})
    at = 0
    for _ in range(200):
        length = seat.editor.document().characterCount() - 1
        if random.random() < 0.1:
            at = random.randint(0, length)
        cursor = QTextCursor(seat.editor.document())
        cursor.setPosition(min(at, length))
        for _ in range(random.choice((0, 0, 1, 3))):
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        words = random.choice((*WORDS, ""))
        if words or cursor.hasSelection():
            cursor.insertText(words)
        at = cursor.position()
        if random.random() < 0.05:
            assert agree(seat)
    assert agree(seat)


@pytest.mark.parametrize("seed", range(30))
def test_changes_that_were_joined_make_the_same_text(seed):
    random = Random(seed)
    shown = body = "abcdefghij" * 3
    unwritten = Unwritten(10, 0, 0, plain=True)
    for number in range(20):
        at = random.randint(max(0, unwritten.shown - 3), min(len(shown), unwritten.shown + unwritten.added + 3))
        removed = random.randint(0, min(5, len(shown) - at))
        if unwritten.touches(at, removed):
            words = str(number) * random.randint(0, 3)
            shown = shown[:at] + words + shown[at + removed :]
            unwritten.join(at, removed, len(words))
    put_in = shown[unwritten.shown : unwritten.shown + unwritten.added]
    assert body[: unwritten.at] + put_in + body[unwritten.at + unwritten.removed :] == shown
