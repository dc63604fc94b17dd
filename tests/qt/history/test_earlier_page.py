"""The page of an earlier moment: who wrote what, what came in, and what is copied from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.text.origin import Origin
from cowrite.gui.history.window import HistoryWindow
from cowrite.gui.look.theme import named
from cowrite.gui.page.clipboard import records_of_mime
from helpers.assisted import record
from helpers.colours import colours
from helpers.drafts import draft
from helpers.history_window import ADA, BEN, NOW, ROWS, history_window, show


@pytest.fixture
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[HistoryWindow]:
    yield from history_window(named(getattr(request, "param", "light")), qtbot)


in_each_look = pytest.mark.parametrize("window", ["light", "dark"], indirect=True)


def test_what_is_copied_from_a_moment_takes_the_record_of_the_assistant_along(window):
    document = draft("Once upon")
    with document.edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(9, " a time")
    show(window, document, before=None)
    window.page.copy_text()
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    assert records_of_mime(data) == (record("r1"),)


def test_what_is_copied_from_a_moment_is_the_text_as_it_was_suggested(window):
    document = draft("We ")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "plant", {"deletion": "change:1"})
        edit.insert(8, "grow", {"insertion": "change:1"})
    show(window, document, before=None)
    window.page.copy_text()
    assert QGuiApplication.clipboard().text() == "We grow"


@in_each_look
def test_only_what_the_moment_added_is_underlined_also_within_one_authors_text(window: HistoryWindow) -> None:
    show(window, draft("We meet on Monday."), (0, 18, ADA), before=draft("").state())
    theme = window.page._theme
    image = window.page.viewport().grab().toImage()
    seen = colours(image)
    assert theme.tint(ADA.colour, strong=True) in seen
    assert theme.tint(ADA.colour) not in seen
    show(window, draft("We meet on Monday."), (0, 18, ADA), before=None)
    image = window.page.viewport().grab().toImage()
    seen = colours(image)
    assert theme.tint(ADA.colour) in seen
    assert {theme.tint(ADA.colour, strong=True), theme.person(ADA.colour)}.isdisjoint(seen)


@in_each_look
def test_of_a_single_author_only_what_the_moment_added_has_their_colour(window: HistoryWindow) -> None:
    page, theme = window.page, window.page._theme
    window.show_moments(ROWS[:1], NOW)
    document = draft("Old words.")
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(10, " New ones.")
    show(window, document, (0, 20, ADA), before=before)
    seen = colours(page.viewport().grab().toImage())
    assert theme.tint(ADA.colour) not in seen
    assert theme.tint(ADA.colour, strong=True) in seen


@in_each_look
def test_text_that_runs_from_right_to_left_is_tinted_where_it_stands(window: HistoryWindow) -> None:
    show(window, draft("يجلب ليلى Musik"), (0, 15, BEN), before=None)
    page = window.page
    image = page.viewport().grab().toImage()
    tint = page._theme.tint(BEN.colour)
    columns = [x for x in range(image.width()) if any(image.pixelColor(x, y).name() == tint for y in range(120))]
    line = page.document().firstBlock().layout().lineAt(0).naturalTextRect()
    left = page.document().rootFrame().frameFormat().leftMargin()
    assert abs(columns[0] - (left + line.left())) < 4
    assert abs(columns[-1] - (left + line.right())) < 4
    assert columns[0] > page.viewport().width() / 2


@pytest.mark.parametrize("words", ["Herbs.", "يجلب ليلى"], ids=["from the left", "from the right"])
@pytest.mark.parametrize(
    "embed", [{"footnote": [{"insert": "Thymus vulgaris"}]}, {"image": "sha256:0"}], ids=["footnote", "image"]
)
def test_who_put_a_footnote_or_an_image_into_others_text_is_seen_and_that_it_is_new(
    window: HistoryWindow, words: str, embed: dict[str, object]
) -> None:
    document = draft(words)
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(5, embed)
    stretches = ((0, 5, ADA), (5, 6, BEN), (6, len(words) + 1, ADA))
    theme = window.page._theme
    show(window, document, *stretches, before=before)
    seen = colours(window.page.viewport().grab().toImage())
    assert {theme.tint(ADA.colour), theme.tint(BEN.colour, strong=True), theme.person(BEN.colour)} <= seen.keys()
    show(window, document, *stretches, before=None)
    assert theme.tint(BEN.colour) in colours(window.page.viewport().grab().toImage())


def test_the_page_names_who_wrote_what_is_pointed_at(window: HistoryWindow) -> None:
    show(window, draft("Ada Ben x"), (0, 4, ADA), (4, 7, BEN), before=None)
    assert [window.page.stretches.author_at(at) for at in (0, 3, 4, 6, 7)] == [ADA, ADA, BEN, BEN, None]


def test_what_was_added_far_below_comes_into_view(window: HistoryWindow) -> None:
    lines = [f"line {number}" for number in range(200)]
    document = draft(*lines)
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.length - 1, " new")
    show(window, document, (0, document.length, ADA), before=before)
    assert window.page.verticalScrollBar().value() > 1000


def test_a_long_moment_comes_onto_the_page_part_by_part_and_what_it_has_added_at_its_end_at_once(
    window: HistoryWindow, qtbot: QtBot
) -> None:
    document = draft(*["We plant herbs along the path. " * 20] * 300)
    show(window, document, before=None)
    page = window.page
    assert page.document().characterCount() < document.length / 2
    qtbot.waitUntil(lambda: page.document().characterCount() == document.length)
    before = document.state()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.length - 1, " And mint.")
    show(window, document, (0, document.length, ADA), before=before)
    assert page.document().characterCount() == document.length
    cursor = page.cursorForPosition(page.viewport().rect().center())
    assert cursor.position() > document.length - 1000


def test_all_of_a_long_moment_can_be_selected_while_it_comes_onto_the_page(window: HistoryWindow) -> None:
    document = draft(*["We plant herbs along the path. " * 20] * 300)
    show(window, document, before=None)
    window.page.select_all()
    assert window.page.textCursor().selectionEnd() == document.length - 1


def test_the_page_keeps_its_margins_and_its_text_stays_within_them(window: HistoryWindow, qtbot: QtBot) -> None:
    for words in (20, 4000, 20):
        show(window, draft("word " * words), before=EMPTY_UPDATE)
        for width in (1180, 640, 900):
            window.resize(width, 600)
            QTest.qWait(0)
            page = window.page
            assert page.document().textWidth() == page.viewport().width()
            assert page.document().rootFrame().frameFormat().leftMargin() >= 16
