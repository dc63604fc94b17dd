"""Frames of the board: put up, filled and moved, with mouse and keys."""

from __future__ import annotations

from dataclasses import astuple

from PySide6.QtCore import QPoint, QRectF, Qt

from cowrite.core.board.items import Place
from cowrite.paths import resources
from cowrite.storage.session_template_reading import load_session_templates
from helpers.board_seat import SHIFT, note

Key = Qt.Key


def test_f_puts_a_frame_and_its_title_is_written_at_once(sit):
    seat = sit()
    seat.press(Key.Key_F)
    seat.type("Later")
    seat.press(Key.Key_Return)
    (frame,) = seat.brainstorm.board.frames()
    assert frame.title == "Later"


def test_a_frame_carries_what_lies_in_it(sit):
    seat = sit()
    seat.add(note("in", -200, -100), note("out", 150, 150))
    seat.brainstorm.board.add_frame("Area", Place(-250, -200, 330, 300))
    (frame,) = seat.scene.frames.values()
    title = seat.canvas.mapFromScene(frame.mapToScene(frame.title_rect().center()))
    seat.drag(title, title + QPoint(20, 40))
    assert seat.brainstorm.board.frames()[0].place == Place(-230, -160, 330, 300)
    assert seat.note("in").place == Place(-180, -60)
    assert seat.note("out").place == Place(150, 150)
    seat.view.undo()
    assert seat.note("in").place == Place(-200, -100)
    assert seat.brainstorm.board.frames()[0].place == Place(-250, -200, 330, 300)


def test_within_a_frame_the_band_begins_and_notes_are_taken(sit):
    seat = sit()
    seat.add(note("in", -200, -100))
    seat.brainstorm.board.add_frame("Area", Place(-250, -200, 500, 400))
    seat.click(seat.at(100, 100))
    assert seat.scene.selected() == []
    seat.click(seat.middle("in"))
    assert seat.selected() == ["in"]


def test_a_frame_is_put_around_what_is_selected(seat):
    seat.select("three", "four")
    seat.press(Key.Key_F, SHIFT)
    seat.press(Key.Key_Escape)
    (frame,) = seat.brainstorm.board.frames()
    assert frame.place.x < -400
    assert frame.place.x + frame.place.width > 380


def test_a_frame_is_resized(sit):
    seat = sit()
    frame = seat.brainstorm.board.add_frame("Area", Place(-200, -100, 200, 200))
    seat.scene.select([frame])
    seat.drag(seat.at(0, 100), seat.at(104, 146))
    assert seat.brainstorm.board.frames()[0].place == Place(-200, -100, 300, 250)


def test_no_frame_of_a_template_lies_on_the_title_of_another_however_small_the_board_is_shown(sit):
    for template in load_session_templates(resources() / "templates").templates:
        seat = sit()
        for frame in template.frames:
            seat.brainstorm.board.add_frame(frame.title, frame.place)
        seat.canvas.zoom_to(0.1)
        frames = list(seat.scene.frames.values())
        titles = [each.mapRectToScene(each.title_rect()) for each in frames]
        grounds = [QRectF(*astuple(each.place)) for each in frames]
        assert not [title for title in titles if any(map(title.intersects, grounds))]
