"""The board while teammates change it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from cowrite.core.board.items import Place
from cowrite.gui.board.note_item import NoteItem
from helpers.board_seat import BoardSeat, new_brainstorm, note, places, replica
from helpers.composing import commit, compose, composed
from helpers.copies import copy_of

Key = Qt.Key


def test_undo_takes_back_own_acts_only(three):
    bo = replica(three.brainstorm)
    three.drag(three.middle("one"), three.middle("one") + QPoint(0, 200))
    bo.change({three.ids("two")[0]: {"place": Place(200, 500)}})
    bo.write([note("theirs", 0, 500)])
    three.view.undo()
    assert places(three, "one", "two") == [(0, 0), (200, 500)]
    assert "theirs" in three.texts()


def test_what_teammates_do_is_shown_by_what_has_changed_alone(three, monkeypatch):
    bo = replica(three.brainstorm)
    items = dict(three.scene.notes)
    (one,) = three.ids("one")
    read = []
    note_of = three.brainstorm.visibility.note
    monkeypatch.setattr(three.brainstorm.visibility, "note", lambda id: read.append(id) or note_of(id))
    monkeypatch.setattr(three.brainstorm.visibility, "notes", None)
    bo.change({one: {"place": Place(0, 300), "colour": "green"}})
    assert read == [one]
    assert three.scene.notes == items
    assert three.scene.notes[one].place == Place(0, 300)


def test_two_people_who_drag_the_same_note_agree(three):
    bo = replica(three.brainstorm)
    other = BoardSeat(bo)
    try:
        three.drag(three.middle("one"), three.middle("one") + QPoint(0, 200), drops=False)
        other.drag(other.middle("one"), other.middle("one") + QPoint(300, 300))
        three.release(three.at(90, 260))
        assert three.note("one").place == other.note("one").place
        (id,) = three.ids("one")
        assert three.scene.notes[id].place == other.scene.notes[id].place == three.note("one").place
    finally:
        other.close()


def test_a_note_comes_to_lie_where_it_is_dropped_though_a_teammate_writes_in_it_meanwhile(three):
    bo = replica(three.brainstorm)
    (one,) = three.ids("one")
    three.drag(three.middle("one"), three.at(90, 260), drops=False)
    bo.change({one: {"text": "one, and more"}})
    three.release(three.at(90, 260))
    assert three.note("one, and more").place == three.scene.notes[one].place == Place(0, 200)


@pytest.mark.parametrize(
    ("theirs", "seen", "wanted"),
    [
        ("Dear all, we meet", ["Dear all, we[ほん] meet"], "Dear all, we本 meet"),
        ("Dear all,\nwe meet", ["Dear all,", "we[ほん] meet"], "Dear all,\nwe本 meet"),
        ("we\nmeet\ntoday", ["we", "meet", "today[ほん]"], "we\nmeet\ntoday本"),
        ("meet", ["[ほん]meet"], "本meet"),
    ],
    ids=["before", "a line before", "where it is", "nothing before"],
)
def test_what_is_composed_in_a_note_is_seen_at_the_caret_though_a_teammate_writes_in_it(sit, theirs, seen, wanted):
    seat = sit()
    seat.add(note("we meet"))
    bo = replica(seat.brainstorm)
    (id,) = seat.ids("we meet")
    seat.double_click(seat.middle("we meet"))
    caret = seat.field.textCursor()
    caret.setPosition(2)
    seat.field.setTextCursor(caret)
    compose(seat.field, "ほん")
    bo.change({id: {"text": theirs}})
    assert composed(seat.field) == seen
    commit(seat.field, "本")
    seat.press(Key.Key_Escape)
    assert seat.texts() == [wanted]
    assert not any("[" in line for line in composed(seat.field))


def test_what_a_teammate_removes_while_it_is_dragged_stays_removed(three):
    bo = replica(three.brainstorm)
    three.drag(three.middle("one"), three.at(90, 400), drops=False)
    bo.remove(three.ids("one"))
    three.release(three.at(90, 400))
    assert three.texts() == ["two", "three"]


@pytest.mark.parametrize("handle", ["right", "bottom right"])
@pytest.mark.parametrize("what", ["locks", "merges", "removes"])
def test_a_handle_that_is_taken_hold_of_as_a_teammate_changes_its_note_does_no_harm(three, handle, what):
    bo = replica(three.brainstorm)
    one, two = three.ids("one", "two")
    three.select("one")
    spot = three.scene.handles.spot(handle)
    three.press_mouse(three.at(spot.x(), spot.y()))

    bo.change({one: {"locks": {"is_locked": True}, "merges": {"merged_into": two}, "removes": {"removed": True}}[what]})
    three.move_mouse(three.at(250, 60))
    three.release(three.at(250, 60))

    is_drawn = (handle, what) == ("right", "locks")
    seen = [link for link in bo.board.links() if three.scene.links[link.id].isVisible()]
    assert [(link.start, link.end) for link in seen] == ([(one, two)] if is_drawn else [])
    assert what != "locks" or three.scene.notes[one].place == Place(0, 0)


def test_a_note_is_shown_in_the_group_into_which_a_teammate_merged_its_own_meanwhile(three):
    board = three.brainstorm.board
    one, two, late = three.ids("one", "two", "three")
    left, right = board.group([one], "left"), board.group([two], "right")
    theirs = copy_of(three.brainstorm.document)
    board.put_into(right, [late])
    new_brainstorm(theirs, "Bo").board.merge_groups(left, [right])

    three.brainstorm.document.apply_remote(theirs.update_since(three.brainstorm.document.state_vector()))

    assert list(three.scene.groups) == [left]
    assert {item.note.group for item in three.scene.notes.values()} == {left}


def test_of_notes_that_arrive_at_once_the_newest_lies_above(sit):
    seat = sit()
    texts = [str(number) for number in range(8)]
    seat.add(*(note(text, 0, 0) for text in texts))
    shown = [item.note.text for item in seat.scene.items(QPointF(90, 60)) if isinstance(item, NoteItem)]
    assert shown == texts[::-1]
