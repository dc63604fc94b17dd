"""What is typed or deleted in one go is one edit of the document, and the same to others as one for each letter."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument

from cowrite.core.crdt.anchor import Stick
from cowrite.core.document.body_steps import PAUSE
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from helpers.seats import Seat
from helpers.seeds import seeds

WORDS = ("x", "a", "\n", "né", "漢", "🙂", "two words", "one\ntwo", "👩\u200d🚀 ")


@pytest.fixture
def seat_with(sit_at):
    def begin(text: str) -> tuple[Seat, list[bytes]]:
        document = MendedDocument.new(clock=lambda: 0)
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(0, text)
        updates: list[bytes] = []
        seat = sit_at(document)
        document.observe_updates(lambda update: updates.append(update[0]))
        return seat, updates

    return begin


def replica(state: bytes, client: int) -> Document:
    document = MendedDocument(client_id=client, clock=lambda: 0)
    document.apply_update(state, Origin.STORAGE)
    return document


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
        ([(7, 7, "\n"), (8, 8, "three"), (13, 13, "\n")], "one two\nthree\n"),
        ([(6, 7, ""), (5, 6, ""), (4, 5, "")], "one "),
        ([(3, 4, ""), (3, 5, "")], "oneo"),
        ([(7, 7, "x"), (0, 0, "y"), (8, 9, ""), (4, 5, "")], "yonetwo"),
    ],
)
def test_letters_and_deletions_in_one_go_are_one_edit(changes, result, seat_with):
    seat, updates = seat_with("one two")
    for change in changes:
        replace(seat.editor.document(), *change)
    assert updates == []
    assert seat.document.text() == f"{result}\n"
    assert len(updates) == 1


@pytest.mark.parametrize("seed", seeds(5))
def test_they_are_to_others_what_single_letters_are(seed, sit_at):
    random = Random(seed)
    first = MendedDocument.new(clock=lambda: 0)
    with first.edit(Origin.LOCAL) as edit:
        edit.insert(0, "one two")
    state = first.state()
    written, bare, other = (replica(state, client) for client in (5, 5, 2 if seed % 2 else 9))
    seat = sit_at(written)
    with other.edit(Origin.LOCAL) as edit:
        for at in (6, 3, 1, 0):
            edit.insert(at, "#")
    for _ in range(30):
        length = bare.length - 1
        start = random.randint(0, length)
        for _ in range(random.randint(1, 4)):
            start = min(start, bare.length - 1)
            stop = min(bare.length - 1, start + random.randint(0, 1) * random.randint(0, 2))
            words = random.choice(("x", "y", "ab")) if stop == start else ""
            replace(seat.editor.document(), start, stop, words)
            with bare.edit(Origin.LOCAL) as edit:
                edit.delete(start, stop - start)
                if words:
                    edit.insert(start, words)
            start += len(words)
    bare.apply_remote(other.state())
    seat.document.apply_remote(other.state())
    assert seat.document.text() == bare.text()


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("seed", seeds(5))
def test_whatever_changes_at_once_page_and_document_agree(seed, styled, seat_with):
    random = Random(seed)
    seat, _ = seat_with("one two\nthree 🙂 four\n\nfive")
    if styled:
        with seat.document.edit(Origin.LOCAL) as edit:
            edit.format(0, 3, {"bold": True})
            edit.format_lines(9, 0, {"header": 1})
    at = 0
    for _ in range(120):
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


@pytest.mark.parametrize("styled", [False, True])
def test_a_single_character_and_what_follows_at_once_are_in_both_whatever_they_are(styled, seat_with):
    following = [
        (0, 0, ""),
        (0, 0, "y"),
        (0, 2, ""),
        (2, 3, ""),
        (3, 4, ""),
        (2, 6, "🙂"),
        (4, 4, "y"),
        (4, 6, ""),
        (6, 8, "z\n"),
        (0, 8, "z"),
    ]
    seat, _ = seat_with("")
    body = seat.document
    wrong = []
    for letter, (start, stop, words) in product(["\ufffc", "\0", "\n", "\ufeff", "x"], following):
        with body.edit(Origin.LOCAL) as edit:
            edit.delete(0, body.length - 1)
            edit.insert(0, "one two")
            if styled:
                edit.format(1, 4, {"bold": True})
        replace(seat.editor.document(), 3, 3, letter)
        if words or stop > start:
            replace(seat.editor.document(), start, stop, words)
        bold = "".join(span.text for span in body.spans() if span.attributes.get("bold"))
        is_bold_lost = styled and start == stop == 0 and letter == "x" and bold != "nex t"
        if not agree(seat) or is_bold_lost:
            wrong.append((letter, start, stop, words))
    assert wrong == []


def test_a_character_that_is_no_text_leaves_what_stands_between_it_and_the_next_letter(seat_with):
    seat, _ = seat_with("one two three")
    anchor = seat.document.anchor(6, Stick.RIGHT)
    replace(seat.editor.document(), 1, 1, "\ufffc")
    replace(seat.editor.document(), 12, 12, "x")
    assert seat.document.resolve(anchor) == 7
    assert agree(seat)


def test_a_letter_is_an_undo_step_of_its_own_where_what_takes_its_place_comes_after_a_pause(sit_at):
    now = [0]
    document = MendedDocument.new(clock=lambda: now[0])
    seat = sit_at(document)
    seat.type("x")
    now[0] += 2 * PAUSE
    replace(seat.editor.document(), 0, 1, "漢")
    assert document.text() == "漢\n"
    seat.editor.undo_own()
    assert document.text() == "x\n"
