"""What a person sees of teammates who write meanwhile: the caret and the view stay where they were."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from cowrite.app.bare_draft import teammates
from cowrite.app.bare_draft.teammates import Teammates
from cowrite.core.crdt.anchor import Stick
from cowrite.core.text.origin import Origin
from cowrite.core.writing.line import line_at
from cowrite.gui.look.theme import named
from cowrite.gui.page.others import WIDEST_NAME, RemoteCaret
from cowrite.gui.people.people_panel import PeoplePanel
from cowrite.storage.settings import Person
from helpers.colours import colours
from helpers.seats import Seat, Teammate

RED, GREEN = "#c4314b", "#1b7f4b"


@pytest.mark.parametrize("text", ["plain words", "a😀b👩‍👩‍👧c", "שלום עולם", "漢字かな", "n\u0303o\u0308"], ids=ascii)
def test_a_remote_caret_stays_on_its_character_while_others_type(sit, text):
    seat = sit(text)
    places = {}
    at = 0
    for character in text:
        at += len(character.encode("utf-16-le")) // 2
        places[character, at] = seat.document.anchor(at, Stick.LEFT)
    seat.editor.set_caret(0)
    seat.type("😀é漢 before ")
    grown = len("😀é漢 before ".encode("utf-16-le")) // 2
    seat.editor.set_caret(seat.document.length - 1)
    seat.type(" behind שלום")
    for (_, was), anchor in places.items():
        assert seat.document.resolve(anchor) == was + grown


def test_the_caret_stays_where_it_is_when_a_teammate_writes_exactly_there(sit):
    seat = sit("ab")
    seat.editor.set_caret(1)
    Teammate(seat).insert(1, "XY")
    assert seat.shown() == "aXYb"
    assert seat.editor.caret() == (1, 1)
    seat.type("m")
    assert seat.document.text() == "amXYb\n"


def test_the_caret_at_the_end_of_the_draft_stays_before_what_a_teammate_adds(sit):
    seat = sit("ab")
    Teammate(seat).insert(2, "XY\nZ")
    assert seat.editor.caret() == (2, 2)


def test_a_selection_stays_on_its_words_when_a_teammate_writes_before_inside_and_behind(sit):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    teammate = Teammate(seat)
    teammate.insert(0, "😀")
    teammate.insert(8, "X")
    teammate.insert(13, "Y")
    start, stop = sorted(seat.editor.caret())
    assert seat.document.rope.text(start, stop) == "twXo"


def test_a_caret_in_text_that_a_teammate_deletes_goes_to_where_the_text_was(sit):
    seat = sit("one two three")
    seat.editor.set_caret(6)
    Teammate(seat).delete(3, 5)
    assert seat.editor.caret() == (3, 3)


def top_line(seat: Seat) -> tuple[str, int]:
    """What stands at the top of the view, and how high."""
    cursor = seat.editor.cursorForPosition(QPoint(60, 4))
    return cursor.block().text(), seat.editor.cursorRect(cursor).top()


@pytest.fixture
def scrolled(sit) -> Seat:
    """A long draft, scrolled to its middle, with the caret in view."""
    seat = sit(*(f"line {number}" for number in range(300)), width=600, height=400)
    seat.editor.set_caret(seat.document.text().index("line 150"))
    bar = seat.editor.verticalScrollBar()
    QApplication.processEvents()
    bar.setValue(bar.maximum() // 2)
    return seat


@pytest.mark.parametrize("text", ["\n" * 30, "words " * 200 + "\n", "x"], ids=["lines", "a long line", "a letter"])
def test_the_view_does_not_jump_when_text_comes_in_above(scrolled, text):
    before = top_line(scrolled)
    Teammate(scrolled).insert(0, text)
    QApplication.processEvents()
    assert top_line(scrolled) == before


def test_the_view_does_not_jump_when_text_above_is_deleted(scrolled):
    before = top_line(scrolled)
    Teammate(scrolled).delete(0, 200)
    QApplication.processEvents()
    assert top_line(scrolled) == before


def test_the_view_does_not_jump_when_a_line_above_becomes_a_heading(scrolled):
    before = top_line(scrolled)
    Teammate(scrolled).format_lines(0, {"header": 1})
    QApplication.processEvents()
    assert top_line(scrolled) == before


@pytest.mark.parametrize("origin", [Origin.LOCAL, Origin.ASSIST], ids=["decided on", "of the assistant"])
def test_the_view_does_not_jump_when_something_is_done_above_from_beside_the_page(scrolled, origin):
    before = top_line(scrolled)
    with scrolled.document.edit(origin) as edit:
        edit.delete(0, 200)
    QApplication.processEvents()
    assert top_line(scrolled) == before


def test_the_view_does_not_follow_a_teammate_who_writes_below(scrolled):
    before = scrolled.editor.verticalScrollBar().value()
    Teammate(scrolled).insert(scrolled.document.length - 1, "more\n" * 50)
    QApplication.processEvents()
    assert scrolled.editor.verticalScrollBar().value() == before


def test_remote_carets_and_selections_are_drawn_in_their_colour(sit):
    seat = sit("one two")
    bare = seat.editor.grab().toImage()
    seat.editor.marks.show_carets([RemoteCaret("7", "Bo", "#c02020", 4, 7)])
    assert seat.editor.grab().toImage() != bare
    seat.editor.marks.show_carets([])
    assert seat.editor.grab().toImage() == bare


def test_what_a_teammate_has_selected_is_marked_in_another_look_too(sit):
    seat = sit("We plant herbs.")
    seat.editor.marks.show_carets([RemoteCaret("7", "Bo", "#c02020", 3, 8)])
    seat.editor.show_theme(named("dark"), 1.5)
    assert [mark.cursor.selectedText() for mark in seat.editor.extraSelections()] == ["plant"]


def test_a_long_name_at_a_caret_hides_no_more_than_a_few_words_above(sit):
    seat = sit("one\ntwo\nthree")
    seat.editor.marks.show_carets([RemoteCaret("7", "Bo", "#c02020", 8, 8, flagged=False)])
    bare = seat.editor.grab().toImage()
    seat.editor.marks.show_carets([RemoteCaret("7", "Maximiliane " * 5, "#c02020", 8, 8)])
    shown = seat.editor.grab().toImage()
    changed = [x for x in range(bare.width()) for y in range(bare.height()) if bare.pixel(x, y) != shown.pixel(x, y)]
    assert 60 < max(changed) - min(changed) < WIDEST_NAME + 20


def test_of_teammates_who_write_in_one_place_each_name_is_seen(sit):
    seat = sit("one two")
    carets = [RemoteCaret(id, name, colour, 4, 4) for id, name, colour in (("7", "Bo", RED), ("8", "Cy", GREEN))]
    alone = []
    for caret in carets:
        seat.editor.marks.show_carets([caret])
        alone.append(colours(seat.editor.grab().toImage())[named("light").person(caret.colour)])
    seat.editor.marks.show_carets(carets)
    together = colours(seat.editor.grab().toImage())
    height = seat.editor.fontMetrics().height()
    for caret, pixels in zip(carets, alone, strict=True):  # the carets alone are one over the other
        assert together[named("light").person(caret.colour)] > pixels - 4 * height


def test_a_remote_caret_beyond_the_end_does_no_harm(sit):
    seat = sit("one")
    seat.editor.marks.show_carets([RemoteCaret("7", "Bo", "no colour", 400, 900)])
    assert not seat.editor.grab().isNull()


def test_the_page_follows_a_teammate_until_one_writes_oneself(scrolled, qtbot):
    end = scrolled.document.length - 1
    bo = SimpleNamespace(client=7, name="Bo", colour="#2f5fd0", selection=(end, end), role=None, may_edit=True, board=0)
    room = SimpleNamespace(presence=SimpleNamespace(teammates=lambda: [bo]), role=None)
    panel, bar, me = PeoplePanel(), scrolled.editor.verticalScrollBar(), Person("Ada", "#c4314b")
    qtbot.addWidget(panel)
    mates = Teammates(
        scrolled.document, scrolled.editor, panel, lambda: room, lambda: True, lambda: "", me, scrolled.editor
    )
    scrolled.document.observe_changes(mates.follow_text)
    panel.follow_toggled.emit("7", True)
    assert bar.value() > 0.9 * bar.maximum()
    Teammate(scrolled).insert(0, "by another ")
    qtbot.waitUntil(lambda: not mates._carets_timer.isActive())
    assert panel.rows.get("7").follow.isChecked()
    scrolled.type("m")
    qtbot.waitUntil(lambda: "m" in scrolled.document.text() and not mates._carets_timer.isActive())
    assert bar.value() < 0.7 * bar.maximum()
    assert not panel.rows.get("7").follow.isChecked()


def test_for_many_teammates_in_one_place_each_line_above_it_is_read_once(sit, qtbot, monkeypatch):
    seat = sit(("Beds", {"header": 1}), *["Thyme"] * 50)
    end = seat.document.length - 1
    here = [
        SimpleNamespace(
            client=number, name=f"{number}", colour=RED, selection=(end, end), role=None, may_edit=True, board=0
        )
        for number in range(100)
    ]
    room = SimpleNamespace(presence=SimpleNamespace(teammates=lambda: here), role=None)
    read: list[int] = []
    monkeypatch.setattr(teammates, "line_at", lambda document, at: read.append(at) or line_at(document, at))
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    Teammates(
        seat.document, seat.editor, panel, lambda: room, lambda: True, lambda: "", Person("Ada", RED), seat.editor
    )
    assert panel.rows.get("99").person.activity == "writing in “Beds”"
    assert sorted(read) == sorted(set(read))
