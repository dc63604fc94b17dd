"""The list of ideas: in which frame of the board a note is, and how it gets there by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QListWidget

from cowrite.core.board.frames import frame_of
from cowrite.core.board.items import Frame, Note, Place
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.sessions.sessions import Phase, Session
from helpers.idea_desk import IdeaDesk

NOW, LATER = Place(0, 1000, 460, 400), Place(600, 1000, 460, 400)


def frames(desk: IdeaDesk) -> dict[str, str]:
    """By what notes say the titles of their frames."""
    board = desk.brainstorm.board
    held = {note.text: frame_of(note.place, board.frames()) for note in board.notes(merged=True)}
    return {text: frame.title for text, frame in held.items() if frame is not None}


def offered() -> list[str]:
    (places,) = QApplication.activePopupWidget().findChildren(QListWidget)
    return [places.item(row).text() for row in range(places.count())]


@pytest.fixture
def framed(desk) -> IdeaDesk:
    """Three notes, and two frames with nothing in them."""
    made = desk("Herbs", "Bench", "Pond")
    for title, place in (("Now", NOW), ("Later", LATER)):
        made.brainstorm.board.add_frame(title, place)
    made.qtbot.waitUntil(lambda: bool(made.brainstorm.board.frames()))
    return made


def test_a_note_is_put_into_a_frame_by_keys_and_says_in_which_it_is(framed):
    framed.at("Bench")

    framed.press("F")
    assert offered() == ["Now", "Later", "No frame", "New frame…"]
    framed.type("lat")
    framed.press("Return")

    framed.qtbot.waitUntil(lambda: "in the frame “Later”" in framed.rows[2].said)
    assert frames(framed) == {"Bench": "Later"}
    framed.at("Bench")
    framed.press("Space")
    assert "Frame\nLater" in framed.view.list.details.page.toPlainText()
    framed.press("Esc")

    framed.view.undo()
    assert frames(framed) == {}


def test_notes_of_a_frame_lie_beside_each_other_and_it_grows_for_them(framed):
    framed.at("Herbs")
    framed.press("Ctrl+A", "F", "Return")

    assert frames(framed) == dict.fromkeys(("Herbs", "Bench", "Pond"), "Now")
    places = [note.place for note in framed.brainstorm.board.notes()]

    def now() -> Frame:
        return next(frame for frame in framed.brainstorm.board.frames() if frame.title == "Now")

    assert len({(place.x, place.y) for place in places}) == 3
    more = framed.brainstorm.write(Note("", str(number), Place(0, 0)) for number in range(6))
    Ideas(framed.brainstorm).put_into_frame(more, now().id)
    assert len(frames(framed)) == 9
    assert now().place.height > NOW.height


def test_a_note_is_taken_out_of_its_frame_by_keys(framed):
    framed.at("Herbs")
    framed.press("F", "Return")
    assert frames(framed) == {"Herbs": "Now"}

    framed.press("F")
    framed.press("Up", "Up", "Return")

    assert frames(framed) == {}


def test_a_new_frame_has_the_title_that_was_typed_and_holds_nothing_else(framed):
    framed.at("Pond")

    framed.press("F")
    framed.type("Some day")
    framed.press("Return")

    assert frames(framed) == {"Pond": "Some day"}
    framed.view.undo()
    assert {frame.title for frame in framed.brainstorm.board.frames()} == {"Now", "Later"}


def test_what_is_in_a_frame_is_found_by_its_title(framed):
    framed.at("Bench")
    framed.press("F", "Return")

    framed.view.open_find()
    framed.type("now")

    assert framed.texts == ["All ideas:", "Bench"]


def test_a_locked_note_and_one_that_lies_sealed_stay_where_they_are(framed):
    framed.at("Herbs")
    framed.press("K")
    framed.qtbot.waitUntil(lambda: framed.rows[1].is_locked)
    framed.press("F")
    assert QApplication.activePopupWidget() is None
    assert "locked" in framed.view.list._message.text()

    framed.brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    framed.view.acting.write("Secret")
    framed.at("Secret")
    framed.press("F")
    assert QApplication.activePopupWidget() is None
    assert "Sealed" in framed.view.list._message.text()


def test_all_frames_to_choose_from_are_on_the_screen_though_the_note_is_at_its_edge(framed):
    screen = framed.view.screen().availableGeometry()
    framed.view.move(100, screen.bottom() - 200)
    framed.at("Herbs")
    framed.press("F")
    popup = QApplication.activePopupWidget()
    assert screen.contains(QRect(popup.pos(), popup.size()))
    popup.close()
