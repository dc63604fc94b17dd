"""How the board looks: text that fits, what is seen from afar, light and dark, and what is on the screen."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSizeF, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cowrite.core.board.items import COLOURS, LARGEST_NOTE, Hand, Note, Place
from cowrite.gui.board.fitting import BROKEN_FROM, fitted
from cowrite.gui.board.looks import SIZES, BoardLook, swatch
from cowrite.gui.look.contrast import contrast
from cowrite.gui.look.theme import Theme, named, stylesheet
from helpers.board_seat import SHIFT, BoardSeat, note
from helpers.colours import colours

ROOM = QSizeF(156, 88)


@pytest.fixture
def look(qapp: QApplication) -> BoardLook:
    return BoardLook(named("light"))


def colours_of(seat: BoardSeat) -> Counter[str]:
    """What is seen around the middle of the board."""
    middle = seat.at(100, 60)
    return colours(seat.canvas.viewport().grab(QRect(middle.x() - 100, middle.y() - 80, 400, 160)).toImage())


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "a few words more than that",
        "many words " * 8,
        "שלום עולם " * 5,
        "漢字かな" * 12,
        "one\ntwo\nthree\nfour",
    ],
    ids=ascii,
)
def test_text_is_as_large_as_it_has_room(look, text):
    found = fitted(text, ROOM, look.fonts)
    assert not found.is_cut
    assert found.text.size().height() <= ROOM.height()
    assert found.text.size().width() <= ROOM.width() + 1


def test_a_note_that_is_too_large_for_a_picture_of_it_is_painted_as_it_is(sit, qtbot: QtBot):
    seat = sit()
    seat.add(Note("", "vast", Place(-2_000, -2_000, LARGEST_NOTE, LARGEST_NOTE), colour="blue"))
    seat.canvas.zoom_to(4.0)
    (item,) = seat.scene.notes.values()
    qtbot.waitUntil(lambda: swatch("blue", seat.scene.drawing.look.theme) in colours_of(seat))

    assert item.shot is None


def test_what_is_read_from_right_to_left_begins_on_the_right(sit, qtbot: QtBot):
    seat = sit()
    seat.add(note("שלום"), note("hello", 300))
    seat.wait_until_sharp(qtbot)
    image = seat.canvas.viewport().grab().toImage()

    def dark_side(text: str) -> str:
        middle = seat.middle(text)
        dark = [
            x
            for x in range(middle.x() - 85, middle.x() + 85)
            for y in range(middle.y() - 50, middle.y())
            if image.pixelColor(x, y).lightness() < 90
        ]
        return "right" if min(dark) > middle.x() else "left" if max(dark) < middle.x() else "both"

    assert (dark_side("שלום"), dark_side("hello")) == ("right", "left")


def test_more_text_stands_in_smaller_letters(look):
    sizes = [fitted("words " * count, ROOM, look.fonts).size for count in (1, 8, 16, 30)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == SIZES[0]
    assert len(set(sizes)) == 4


def test_a_long_word_is_broken_and_not_shown_in_tiny_letters(look):
    assert fitted("Donaudampfschifffahrtsgesellschaftskapitän", ROOM, look.fonts).size == BROKEN_FROM


def test_what_has_no_room_ends_in_dots_and_is_read_out_whole(sit, look):
    text = "a very long note indeed " * 30
    found = fitted(text, ROOM, look.fonts)
    assert found.is_cut
    assert found.text.text().endswith("…")
    assert found.text.size().height() <= ROOM.height()
    seat = sit()
    seat.add(note(text.strip()))
    (item,) = seat.scene.notes.values()
    assert item.is_cut
    at = seat.middle(text.strip())
    event = QHelpEvent(QEvent.Type.ToolTip, at, seat.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(seat.canvas.viewport(), event)
    assert " ".join(QToolTip.text().split()).startswith(text.strip())
    seat.select(text.strip())
    assert seat.canvas.accessibleDescription().startswith(text.strip())


@pytest.mark.parametrize("text", ["😀" * 300, "a\u0301" * 600, "\n" * 50 + "end", "x" * 5000], ids=ascii)
def test_odd_text_is_cut_without_harm(look, text):
    found = fitted(text, ROOM, look.fonts)
    found.text.text().encode()
    assert found.text.size().height() <= ROOM.height() + 1 or not found.is_cut


def test_from_afar_lines_stand_for_text(sit, qtbot: QtBot):
    seat = sit()
    seat.add(note("dark letters on yellow", 0, 0))
    seat.canvas.zoom_to(0.3)
    seat.wait_until_sharp(qtbot)
    look = seat.scene.drawing.look
    assert look.lines["yellow"].name() in colours_of(seat)
    assert look.ink.name() not in colours_of(seat)
    seat.canvas.zoom_to(1.0)
    seat.wait_until_sharp(qtbot)
    assert look.ink.name() in colours_of(seat)


@pytest.mark.parametrize("colour", COLOURS)
def test_text_can_be_read_on_each_paper(theme: Theme, colour, qapp):
    look = BoardLook(theme)
    assert contrast(theme.text, swatch(colour, theme)) >= theme.text_contrast
    assert contrast(look.quiet[colour].name(), swatch(colour, theme)) >= theme.text_contrast


def test_another_theme_is_taken_at_once(sit):
    seat = sit()
    seat.add(note("one"))
    assert swatch("yellow", named("light")) in colours_of(seat)
    seat.view.show_theme(named("dark"))
    assert swatch("yellow", named("dark")) in colours_of(seat)
    assert named("dark").window in colours_of(seat)
    assert swatch("yellow", named("light")) not in colours_of(seat)


def test_one_goes_on_writing_when_the_theme_changes(sit):
    seat = sit()
    seat.press(Qt.Key.Key_N)
    seat.type("one")
    seat.view.show_theme(named("dark"))
    seat.type(" and k")
    ground = seat.field.palette().color(seat.field.backgroundRole())
    seat.press(Qt.Key.Key_Escape)
    assert seat.texts() == ["one and k"]
    assert ground == seat.scene.drawing.look.papers["yellow"]


def test_a_note_of_the_assistants_has_a_paper_of_its_own_until_it_is_adopted(sit):
    seat = sit()
    (id,) = seat.add(note("proposed", hand=Hand.MODEL))
    assert swatch("yellow", named("light")) not in colours_of(seat)
    seat.view.acts.adopt([id])
    assert swatch("yellow", named("light")) in colours_of(seat)


def test_after_panning_both_ways_the_screen_shows_the_board(sit, qtbot: QtBot):
    seat = sit()
    seat.add(*(note(f"note {number}", number % 8 * 200 - 800, number // 8 * 140 - 400) for number in range(56)))
    seat.brainstorm.board.link(*seat.ids("note 20", "note 29"))
    QApplication.processEvents()
    screen = Screen(seat)
    for _ in range(6):
        seat.canvas.pan(QPoint(17, 9))
        QApplication.processEvents()
    for _ in range(3):
        seat.canvas.pan(QPoint(-31, 5))
        QApplication.processEvents()
    assert screen.shown() == seat.canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


class Screen:
    """What a window has on the screen, without having it painted again."""

    def __init__(self, seat: BoardSeat) -> None:
        self._seat = seat

    def shown(self) -> QImage:
        viewport = self._seat.canvas.viewport()
        whole = self._seat.view.screen().grabWindow(self._seat.view.winId()).toImage()
        at = viewport.mapTo(self._seat.view, QPoint(0, 0))
        return whole.copy(at.x(), at.y(), viewport.width(), viewport.height()).convertToFormat(
            QImage.Format.Format_RGB32
        )


def test_notes_are_painted_once_for_each_zoom_and_then_copied(sit, monkeypatch, qtbot: QtBot):
    seat = sit()
    seat.add(*(note(f"note {number}", number * 200 - 400) for number in range(4)))
    seat.canvas.viewport().grab()
    seat.wait_until_sharp(qtbot)
    painted: list[str] = []
    kind = type(next(iter(seat.scene.notes.values())))
    paint = kind.paint_content
    monkeypatch.setattr(kind, "paint_content", lambda self, *a, **k: painted.append(self.id) or paint(self, *a, **k))
    seat.canvas.viewport().grab()
    assert painted == []
    (one,) = seat.ids("note 1")
    seat.brainstorm.change({one: {"colour": "green"}})
    seat.canvas.viewport().grab()
    qtbot.waitUntil(lambda: painted == [one])


def test_the_memory_of_pictures_has_an_end(sit, monkeypatch):
    from cowrite.gui.board import shots

    monkeypatch.setattr(shots, "MOST_BYTES", 3 * 180 * 120 * 4)
    seat = sit()
    seat.add(*(note(f"note {number}", number % 4 * 200 - 400, number // 4 * 140 - 300) for number in range(12)))
    seat.canvas.viewport().grab()
    assert sum(item.shot is not None for item in seat.scene.notes.values()) <= 3


def test_a_thousand_notes_open_and_only_what_is_read_is_laid_out(sit):
    seat = sit()
    seat.add(*(note("word " * 9, number % 40 * 200, number // 40 * 140) for number in range(1000)))
    assert len(seat.scene.notes) == 1000
    seat.canvas.fit(seat.scene.extent())
    assert seat.canvas.zoom < 0.35
    laid = [item for item in seat.scene.notes.values() if item._fitted is not None]
    assert len(laid) < 200
    assert seat.scene.extent().width() == 39 * 200 + Place(0, 0).width


def test_a_picture_without_text_leaves_room_for_the_name_below_it(sit):
    seat = sit()
    picture = seat.images.put(b"", "image/png")
    (id,) = seat.add(note("", 0, 0, image=picture, author="Ada"))
    seat.brainstorm.board.change({id: {"place": Place(0, 0, 224, 124)}})  # 200 x 100 is room for 40 x 20 as a whole
    seat.press(Qt.Key.Key_1, SHIFT)
    image = seat.canvas.viewport().grab().toImage()
    bottom = max(y for y in range(image.height()) if image.pixelColor(seat.at(112, 0).x(), y).name() == "#0000ff")
    assert bottom <= seat.at(0, 104).y()


def test_whoever_comes_to_the_board_by_a_key_sees_that_the_keyboard_is_there(three: BoardSeat, qtbot: QtBot):
    def is_shown() -> bool:
        edge = three.canvas.grab().toImage().pixelColor(0, three.canvas.height() // 2)
        return edge.name() == named("light").focus

    three.view.setStyleSheet(stylesheet(named("light")))
    three.view.activateWindow()
    qtbot.waitUntil(three.view.isActiveWindow)
    for reason, by_key in (
        (Qt.FocusReason.TabFocusReason, True),
        (Qt.FocusReason.MouseFocusReason, False),
        (Qt.FocusReason.BacktabFocusReason, True),
    ):
        three.canvas.clearFocus()
        assert not is_shown()
        three.canvas.setFocus(reason)
        assert is_shown() is by_key
