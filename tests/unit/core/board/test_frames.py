"""Frames: which holds a note, and where there is room in one."""

from __future__ import annotations

from cowrite.core.board.frames import frame_of, room_in
from cowrite.core.board.items import Frame, Place

NOTE = Place(0, 0)
FRAME = Place(100, 100, 460, 200)


def test_of_nested_frames_a_note_is_in_the_innermost():
    outer, inner = Frame("frame:1", "outer", Place(0, 0, 1000, 1000)), Frame("frame:2", "inner", Place(0, 0, 300, 300))

    assert frame_of(Place(20, 20), [outer, inner]) is inner
    assert frame_of(Place(500, 500), [outer, inner]) is outer
    assert frame_of(Place(2000, 0), [outer, inner]) is None


def test_things_go_where_nothing_lies_and_a_frame_with_room_stays_as_it_is():
    taken = Place(140, 140)

    places, frame = room_in(FRAME, [NOTE], [taken])

    assert places == [Place(340, 140)]
    assert frame == FRAME


def test_a_frame_without_room_grows_downwards():
    places, frame = room_in(FRAME, [NOTE] * 3, [])

    assert all(frame.holds(place) for place in places)
    assert (frame.x, frame.y, frame.width) == (FRAME.x, FRAME.y, FRAME.width)
    assert frame.height == 340


def test_a_frame_never_takes_in_what_lies_below_it():
    below = Place(140, 320)

    places, frame = room_in(FRAME, [NOTE] * 3, [below])

    assert frame == FRAME
    assert all(frame.holds(place) for place in places)
    assert len(set(places)) == 3


def test_a_narrow_frame_becomes_wide_enough_to_hold_a_note():
    places, frame = room_in(Place(0, 0, 60, 60), [NOTE], [])

    assert frame.holds(places[0])
    assert frame.width == 260
