"""What is alike: looked for beside the window, hinted at, and never applied by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from cowrite.bridge import likeness
from cowrite.bridge.likeness import Found, LikenessWork, search
from cowrite.core.board.items import Note, Place
from cowrite.core.board.proposals import Dismissals
from cowrite.core.board.similar import LetterLikeness
from cowrite.gui.ideas.outline import Alike
from cowrite.gui.ideas.proposals_strip import ProposalsStrip
from helpers.idea_boards import GARDEN, notes_of
from helpers.idea_desk import IdeaDesk


@pytest.fixture
def board() -> list[Note]:
    return notes_of("garden")


@pytest.fixture
def work(qtbot: QtBot, board: list[Note]):
    work = LikenessWork(lambda: board, frozenset)
    yield work
    work.close()


def test_the_notes_are_looked_at_on_another_thread_after_a_pause(qtbot, work, board, monkeypatch):
    threads = []

    def watched(*args):
        threads.append(threading.current_thread())
        return search(*args)

    monkeypatch.setattr(likeness, "search", watched)
    with qtbot.waitSignal(work.found) as told:
        work.look_soon()
        work.look_soon()
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    similar, proposals = told.args
    assert similar["note:00"] == ("note:01",)
    assert len(proposals) == 5


def test_what_changes_while_it_looks_is_looked_at_next(qtbot, work, board):
    with qtbot.waitSignal(work.found):
        work.look_soon()
    board.append(Note("note:99", "Summer party in July!", Place(0, 0)))
    with qtbot.waitSignal(work.found) as told:
        work.look_soon()
    assert told.args[0]["note:99"] == ("note:13",)


def test_hundreds_of_notes_do_not_stall_the_window(qtbot, work, board, monkeypatch):
    board[:] = [
        Note(f"note:{number}", f"{GARDEN[number % len(GARDEN)][1]} {number * 7919 % 1000}", Place(0, 0))
        for number in range(500)
    ]
    begun = threading.Event()
    alive = []

    def watched(*args):
        begun.set()
        return search(*args)

    monkeypatch.setattr(likeness, "search", watched)
    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(lambda: alive.append(1) if begun.is_set() else None)
    timer.start()
    with qtbot.waitSignal(work.found, timeout=60_000):
        work.look_soon()
    assert len(alive) > 5


def test_closing_ends_a_search_that_takes_long(qtbot, work, board, monkeypatch):
    begun = threading.Event()

    def endless(notes: Sequence[Note], _apart: object, letters: LetterLikeness) -> Found:
        while letters.pairs([note.text for note in notes], 0.1):
            begun.set()
        return {}, []

    monkeypatch.setattr(likeness, "search", endless)
    work.look_soon()
    qtbot.waitUntil(begun.is_set)
    work.close()


class Encoded:
    """An encoder that answers when it is told to, by the first word of each text."""

    def __init__(self, *, works: bool = True) -> None:
        self.asked: list[list[str]] = []
        self._works = works

    def encode(self, texts: Sequence[str], then: Callable[[Mapping[str, Sequence[float]] | None], None]) -> None:
        self.asked.append(list(texts))
        words = sorted({text.split()[0] for text in texts})
        vectors = {text: [float(text.split()[0] == word) for word in words] for text in texts}
        QTimer.singleShot(0, lambda: then(vectors if self._works else None))


def test_a_sentence_encoder_takes_the_place_of_letters_and_is_asked_for_each_text_once(qtbot, work, board):
    board[:] = [Note(f"note:{at}", text, Place(0, 0)) for at, text in enumerate(["Sit down", "Sit up", "Stand"])]
    encoder = Encoded()
    with qtbot.waitSignal(work.found) as told:
        work.set_encoder(encoder)
    assert told.args[0] == {"note:0": ("note:1",), "note:1": ("note:0",)}
    board[0] = Note("note:0", "Sit down", Place(0, 0), group="group:1")
    with qtbot.waitSignal(work.found):
        work.look_soon()
    assert encoder.asked == [["Sit down", "Sit up", "Stand"]]


def test_without_its_model_an_encoder_leaves_it_to_the_letters(qtbot, work, board):
    with qtbot.waitSignal(work.found) as told:
        work.set_encoder(Encoded(works=False))
    assert told.args[0] == search(board, frozenset(), LetterLikeness())[0]


@pytest.fixture
def desk(qtbot: QtBot):
    desk = IdeaDesk(qtbot, [text for _, text in GARDEN])
    found = search(desk.brainstorm.visibility.published(), frozenset(), LetterLikeness())
    desk.view.show_alike(*found)
    yield desk
    desk.view.close_view()


def test_notes_say_what_they_are_similar_to(desk):
    said = {row.text: row.said for row in desk.rows}
    assert "similar to: “Herbs along the sunny wall of the yard”" in said["Plant herbs along the sunny wall"]
    assert "similar" not in said["Summer party in July"]


def test_a_proposal_is_applied_when_the_person_says_so_and_taken_back_in_one_step(desk):
    assert desk.view.list.strip.isVisible()
    assert "2 notes look alike: “Plant herbs along the sunny wall”" in desk.view.list.strip._words.text()
    assert desk.brainstorm.board.groups() == []

    desk.view.list.strip.group.click()

    assert desk.texts[:3] == [
        "Herbs along the sunny wall:",
        "Plant herbs along the sunny wall",
        "Herbs along the sunny wall of the yard",
    ]
    assert desk.current == "Herbs along the sunny wall"
    desk.view.undo()
    desk.qtbot.waitUntil(lambda: desk.texts[0] == "All ideas:")
    assert desk.brainstorm.board.groups() == []


def test_notes_that_look_like_markup_are_proposed_sign_by_sign(qtbot):
    strip = ProposalsStrip()
    qtbot.addWidget(strip)
    strip.show_alike([Alike(("note:1", "note:2"), "Herbs & co", ("<b>Herbs</b> by the wall", "Herbs by the wall"))])
    words = strip._words
    assert words.sizeHint().width() >= words.fontMetrics().horizontalAdvance(words.text())
    assert strip.group.text() == "Group as “Herbs && co”"


def test_a_proposal_for_which_there_is_no_room_ends_in_dots(qtbot):
    strip = ProposalsStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 40)
    strip.show_alike([Alike(("note:1", "note:2"), "Herbs", ("Herbs by the wall" * 3, "Herbs along the wall" * 3))])
    assert strip._words.text().endswith("…")
    assert "Herbs along the wall" in strip._words.accessibleName()


def test_a_proposal_stands_above_what_can_be_done_where_there_is_little_room_beside_it(qtbot):
    strip = ProposalsStrip()
    qtbot.addWidget(strip)
    strip.resize(500, 80)
    strip.show_alike([Alike((f"note:{at}", "note:2"), "Herbs", ("Herbs by the wall", "Herbs")) for at in range(2)])
    strip.layout().activate()
    assert strip._words.text() == "2 notes look alike: “Herbs by the wall” · “Herbs”"
    assert strip.group.y() > strip._words.y()


def test_what_is_dismissed_is_not_shown_again_and_another_is(desk):
    first = desk.view.list.strip._words.text()
    desk.view.list.strip.dismiss.click()
    second = desk.view.list.strip._words.text()
    assert second != first
    notes = desk.brainstorm.visibility.published()
    desk.view.show_alike(*search(notes, frozenset(), LetterLikeness()))

    assert desk.view.list.strip._words.text() == second
    assert len(Dismissals(desk.document).apart()) == 1


def test_one_can_look_at_another_proposal_first(desk):
    first = desk.view.list.strip._words.text()
    desk.view.list.strip.other.click()
    assert desk.view.list.strip._words.text() != first
    assert desk.view.list.strip.other.text() == "Another (2 of 5)"
