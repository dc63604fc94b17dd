"""What is pasted and copied on the board."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from cowrite.core.board.board import Board
from cowrite.core.board.items import Hand, Place, Tie
from cowrite.core.board.model_words import words_of
from cowrite.core.brainstorm.model_notes import put_model_notes
from cowrite.core.document.document import Document
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.origin import Origin
from cowrite.gui.board.clipboard import BOARD_TYPE, listed
from helpers.assisted import record, shown_marks
from helpers.board_seat import CTRL, BoardSeat, note, replica
from helpers.counting import counted
from helpers.drafts import draft
from helpers.seats import Seat

Key = Qt.Key


def paste(seat: BoardSeat, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    seat.press(Key.Key_V, CTRL)


def test_a_pasted_list_makes_a_note_of_each_line_in_one_act(sit):
    seat = sit()
    paste(seat, "- late trains\n* dirty seats\n\n3. no tickets\n• [x] too loud\n")
    assert seat.texts() == ["late trains", "dirty seats", "no tickets", "too loud"]
    assert seat.selected() == sorted(seat.texts())
    laid = [each.place for each in seat.brainstorm.visibility.notes()]
    assert laid[1] == Place(laid[0].x + 200, laid[0].y)
    assert laid[2] == Place(laid[0].x, laid[0].y + 140)
    seat.view.undo()
    assert seat.texts() == []


def pasted_into_a_draft(seat, qtbot) -> Document:
    """Copies all that is on the board and pastes it into a draft; gives that."""
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_C, CTRL)
    page = Seat(draft("Ideas: "))
    qtbot.addWidget(page.editor)
    page.press(Key.Key_End)
    page.press(Key.Key_V, CTRL)
    return page.document


def test_notes_of_the_assistant_are_marked_in_the_draft_into_which_they_are_pasted(sit, qtbot):
    seat = sit()
    known = record("r1")
    put_model_notes(seat.brainstorm, [("Herbs for all", "nature")], known)
    seat.brainstorm.board.add([note("Bench", 400), note("Pond", 800, hand=Hand.ADOPTED)])
    pasted = pasted_into_a_draft(seat, qtbot)
    shown = shown_marks(pasted)
    assert sorted(shown.removeprefix("Ideas: ").split("\n")) == ["", "Bench", "r1[Herbs for all]", "unknown[Pond]"]
    assert pasted.assists.record("r1") == known


def test_of_a_note_of_the_assistants_that_somebody_has_reworded_its_words_alone_are_marked_in_the_draft(sit, qtbot):
    seat = sit()
    known = record("r1")
    (id,) = put_model_notes(seat.brainstorm, [("Herbs for all", "nature")], known)
    seat.view.acts.rewrite(id, "Herbs and two benches for all!")
    seat.select("Herbs and two benches for all!")
    seat.press(Key.Key_D, CTRL)  # a copy says the same
    pasted = pasted_into_a_draft(seat, qtbot)
    line = "r1[Herbs] and two benchesr1[ for all]!"
    assert shown_marks(pasted).removeprefix("Ideas: ") == f"{line}\n{line}\n"
    assert pasted.assists.record("r1") == known


def test_a_note_of_the_assistants_that_a_person_writes_anew_is_theirs_word_by_word(sit, qtbot):
    seat = sit()
    (id,) = put_model_notes(seat.brainstorm, [("Herbs for all", "nature")], record("r1"))
    seat.view.acts.rewrite(id, "We mend the pump")
    assert shown_marks(pasted_into_a_draft(seat, qtbot)) == "Ideas: We mend the pump\n"


def test_lines_that_the_assistant_wrote_in_a_draft_are_its_ideas_on_the_board(sit, qtbot):
    page = Seat(draft(""))
    qtbot.addWidget(page.editor)
    with page.document.edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(0, "Herbs for all\nBench")
    page.editor.set_caret(page.document.length)
    page.type(" of wood and stone\nPond")
    page.press(Key.Key_A, CTRL)
    page.press(Key.Key_C, CTRL)

    seat = sit()
    seat.press(Key.Key_V, CTRL)
    assert sorted((each.text, each.hand, each.assist) for each in seat.brainstorm.board.notes()) == [
        ("Bench of wood and stone", Hand.PERSON, ""),
        ("Herbs for all", Hand.ADOPTED, ""),
        ("Pond", Hand.PERSON, ""),
    ]


def test_of_a_line_that_a_person_has_gone_on_in_the_assistants_words_alone_are_its_own_on_the_board(sit, qtbot):
    page = Seat(draft(""))
    qtbot.addWidget(page.editor)
    with page.document.edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(0, "Herbs along the sunny wall")
    page.editor.set_caret(5)
    page.type(" and thyme")
    page.press(Key.Key_A, CTRL)
    page.press(Key.Key_C, CTRL)

    seat = sit()
    seat.press(Key.Key_V, CTRL)
    (there,) = seat.brainstorm.board.notes()
    assert (there.hand, list(words_of(there))) == (
        Hand.ADOPTED,
        [("Herbs", True), (" and thyme", False), (" along the sunny wall", True)],
    )
    (back,) = shown_marks(pasted_into_a_draft(seat, qtbot)).splitlines()
    assert back == "Ideas: unknown[Herbs] and thymeunknown[ along the sunny wall]"


def test_notes_of_people_are_pasted_into_a_draft_as_what_they_say(sit, qtbot):
    seat = sit()
    seat.brainstorm.board.add([note("Bench", 400)])
    assert shown_marks(pasted_into_a_draft(seat, qtbot)) == "Ideas: Bench\n"


def test_pasting_from_an_empty_clipboard_does_nothing(sit):
    seat = sit()
    QGuiApplication.clipboard().clear()
    seat.press(Key.Key_V, CTRL)
    assert seat.texts() == []


def test_what_is_pasted_covers_nothing(sit):
    seat = sit()
    paste(seat, "one\ntwo\nthree")
    paste(seat, "four\nfive")
    places = [each.place for each in seat.brainstorm.visibility.notes()]
    for number, one in enumerate(places):
        for other in places[:number]:
            assert abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= one.height


@pytest.mark.parametrize(
    ("words", "ideas"),
    [
        ("one", ["one"]),
        ("1) one\n2) two", ["one", "two"]),
        ("# Head\n  - inner", ["Head", "inner"]),
        ("2024 was late", ["2024 was late"]),
        ("-5 degrees", ["-5 degrees"]),
        ("> Which day?\n>\n> - Friday\n\n> 5 said so", ["Which day?", "Friday", "5 said so"]),
        ("> 5 ms is late", ["> 5 ms is late"]),
        ("one\n> 5 ms", ["one", "> 5 ms"]),
        ("a\u2028b", ["a", "b"]),
        ("\ud800x", ["\ufffdx"]),
        ("  \n\n", []),
    ],
)
def test_lines_lose_their_bullets_and_nothing_else(words, ideas):
    assert listed(words) == ideas


def test_pasting_in_the_silent_phase_goes_into_the_box(sit):
    seat = sit()
    bo = replica(seat.brainstorm)
    seat.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    paste(seat, "secret one\nsecret two")
    assert len(seat.scene.notes) == 2
    assert bo.visibility.notes() == []


def test_to_others_what_is_copied_is_lines(sit):
    seat = sit()
    seat.add(note("one\nand a half"), note("two", 200))
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "one and a half\ntwo"


def test_copied_notes_come_back_with_their_links_groups_frames_and_colours(sit):
    seat = sit()
    seat.add(note("one", colour="pink"), note("two", 200), note("three", 400))
    board = seat.brainstorm.board
    board.group(seat.ids("one", "two"), "Pair")
    board.link(*seat.ids("one", "two"), Tie.CONTRADICTS)
    board.link(*seat.ids("two", "three"))
    board.add_frame("Area", Place(-40, -60, 450, 240))
    seat.scene.select([*seat.ids("one", "two"), board.frames()[0].id])
    seat.press(Key.Key_C, CTRL)

    other = sit()
    other.press(Key.Key_V, CTRL)
    assert other.texts() == ["one", "two"]
    assert other.note("one").colour == "pink"
    (link,) = other.brainstorm.board.links()
    assert ([link.start, link.end], link.tie) == (other.ids("one", "two"), Tie.CONTRADICTS)
    (group,) = other.brainstorm.board.groups()
    assert (group.title, len(other.brainstorm.board.members(group.id))) == ("Pair", 2)
    assert other.brainstorm.board.frames()[0].title == "Area"
    other.view.undo()
    assert other.texts() == []
    assert other.brainstorm.board.frames() == other.brainstorm.board.groups() == []


@pytest.mark.parametrize(
    ("session", "comes"),
    [
        (None, True),
        (Session("", "?", phase=Phase.GROUP, is_revealed=True), True),
        (Session("", "?", phase=Phase.GROUP, is_revealed=True, is_anonymous=True), False),
        (Session("", "?", phase=Phase.WRITE), False),
    ],
)
def test_the_record_of_an_idea_goes_along_to_another_board_where_all_may_know_whose_the_note_is(sit, session, comes):
    here, known = sit(), record("r1")
    put_model_notes(here.brainstorm, [("Herbs for all", "nature")], known)
    here.press(Key.Key_A, CTRL)
    here.press(Key.Key_C, CTRL)
    there = sit()
    if session is not None:
        there.brainstorm.sessions.begin(session)
    there.press(Key.Key_V, CTRL)
    (pasted,) = there.brainstorm.visibility.notes()
    assert (pasted.text, pasted.hand, pasted.assist, pasted.lens) == ("Herbs for all", Hand.MODEL, "r1", "nature")
    assert ("r1" in there.brainstorm.document.assists) is comes
    assert not comes or there.brainstorm.document.assists.record("r1") == known


def test_the_board_is_read_a_few_times_however_many_linked_notes_are_pasted(sit, monkeypatch):
    seat = sit()
    ids = seat.add(*(note(str(number), number * 200.0, 0) for number in range(20)))
    for start, end in pairwise(ids):
        seat.brainstorm.board.link(start, end)
    seat.brainstorm.board.link(ids[1], ids[0])  # somebody else has drawn it at the same time
    seat.view.select_all()
    seat.press(Key.Key_C, CTRL)

    other = sit()
    read = counted(monkeypatch, Board, "links")
    other.press(Key.Key_V, CTRL)
    assert len(read) < 4
    assert len(other.brainstorm.board.links()) == 19


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\n".join(f"idea {number}" for number in range(5001)), "5,001 notes; a board takes in at most 5,000 at once"),
        (f"one\n{'x' * 20_001}", "is longer than 20,000 characters"),
    ],
    ids=["many", "long"],
)
def test_of_what_is_too_much_for_a_board_nothing_is_pasted_and_that_is_said(sit, text, why):
    seat = sit()
    told = []
    seat.view.refused.connect(told.append)
    QGuiApplication.clipboard().setText(text)
    seat.view.paste()
    assert seat.texts() == []
    assert len(told) == 1
    assert why in told[0]


def test_a_group_is_cut_with_its_notes_and_a_link_alone_is_not(sit):
    seat = sit()
    seat.add(note("one"), note("two", 200), note("three", 400))
    board = seat.brainstorm.board
    link = board.link(*seat.ids("two", "three"))
    seat.scene.select([link])
    seat.view.cut()
    assert [each.id for each in board.links()] == [link]

    seat.scene.select([board.group(seat.ids("one", "two"), "Pair")])
    seat.view.cut()
    assert seat.texts() == ["three"]
    seat.view.paste()
    (pair,) = board.groups()
    assert sorted(each.text for each in board.members(pair.id)) == ["one", "two"]
    assert len(seat.texts()) == 3


def test_cutting_many_notes_tells_once_that_nothing_is_selected_any_more(sit):
    seat = sit()
    paste(seat, "\n".join(f"note {number}" for number in range(50)))
    seat.view.select_all()
    told = []
    seat.view.scene.selectionChanged.connect(lambda: told.append(seat.view.selected_ids()))
    seat.view.cut()
    assert told == [[]]
    assert seat.texts() == []


def test_ctrl_x_moves_to_the_clipboard(sit):
    seat = sit()
    seat.add(note("one"))
    seat.select("one")
    seat.press(Key.Key_X, CTRL)
    assert seat.texts() == []
    seat.press(Key.Key_V, CTRL)
    assert seat.texts() == ["one"]


def test_nonsense_that_claims_to_be_notes_is_read_as_text(sit):
    seat = sit()
    for content in (b"", b"[]", b"{}", b'{"notes": 5}', b"\xff", b'{"notes":[1],"links":[]}', b"[" * 100_000):
        data = QMimeData()
        data.setData(BOARD_TYPE, content)
        data.setText("words")
        QGuiApplication.clipboard().setMimeData(data)
        seat.press(Key.Key_V, CTRL)
        assert seat.texts() == ["words"], content[:30]
        seat.brainstorm.remove(seat.ids("words"))


def test_notes_from_far_outside_come_to_lie_where_they_can_be_seen(sit):
    seat = sit()
    data = QMimeData()
    data.setData(
        BOARD_TYPE,
        b'{"notes":[{"text":"x","x":1e300,"y":-1e300,"width":1e9,"height":-5}],"links":[],'
        b'"frames":[{"title":"half of \\ud83d a sign"}],"groups":{}}',
    )
    QGuiApplication.clipboard().setMimeData(data)
    seat.press(Key.Key_V, CTRL)
    place = seat.note("x").place
    assert abs(place.x) < 10_000
    assert (place.width, place.height) == (5000, 20)
