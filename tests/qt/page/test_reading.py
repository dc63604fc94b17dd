"""What a screen reader is asked to say of a page as the caret goes over it: what is no letter there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from cowrite.app.draft.draft import Draft
from cowrite.core.entries.authors import Author
from cowrite.core.text.origin import Origin
from cowrite.gui.page.embeds import UNKNOWN
from cowrite.gui.page.reading import PageReading
from helpers.desk import Desk, write
from helpers.seats import SHIFT, Seat
from helpers.suggesting import changes_of

Key = Qt.Key


class Ear:
    """Somebody who reads a page by ear.

    Args:
        seat: where they write; the keyboard is there.
        heard: all that a screen reader was asked to say.
    """

    def __init__(self, seat: Seat, heard: list[str]) -> None:
        seat.editor.activateWindow()
        assert QTest.qWaitForWindowActive(seat.editor)
        self._seat = seat
        self._heard = heard
        self._reading = PageReading(seat.editor)

    def at(self, *places: int) -> list[str]:
        """What they hear as they go from place to place."""
        self._heard.clear()
        for place in places:
            self._seat.editor.set_caret(place)
            self._reading._tell()
        return list(self._heard)

    def after(self, *keys: Qt.Key | str) -> list[str]:
        """What they hear after each key, or letters."""
        self._heard.clear()
        for key in keys:
            if isinstance(key, str):
                self._seat.type(key)
            else:
                self._seat.press(key)
            self._reading._tell()
        return list(self._heard)

    def where(self) -> str:
        return self._reading.tell_where()


def test_what_a_line_is_is_said_as_the_caret_comes_to_it(sit, heard) -> None:
    lines = (
        ("a", {"header": 2}), ("b", {"header": 2}), ("c", {"list": "bullet"}), ("d", {"list": "bullet", "indent": 1}),
        ("e", {"list": "ordered"}), ("f", {"list": "ordered"}), ("g", {"list": "checked"}),
        ("h", {"list": "unchecked"}), ("i", {"blockquote": True}), ("j", {"blockquote": True}),
        ("k", {"code-block": True}), ("l", {"align": "center"}), "m",
    )  # fmt: skip
    ear = Ear(sit(*lines), heard)
    assert ear.at(*range(0, 2 * len(lines), 2)) == [
        "Heading 2", "Heading 2", "Bullet", "Bullet, level 2", "Item 1", "Item 2", "Item, done", "Item, not done",
        "Quote", "Code block", "Centred",
    ]  # fmt: skip


def test_nothing_is_said_anew_while_one_writes_and_a_line_that_becomes_another_says_so(sit, heard) -> None:
    ear = Ear(sit(""), heard)
    assert ear.after("# ", "Herbs", Key.Key_Return, "- ", "mint", Key.Key_Return, "sage", Key.Key_Return) == [
        "Heading 1", "Bullet", "Bullet", "Bullet",
    ]  # fmt: skip
    assert ear.after(Key.Key_Return) == ["Text"]


def test_a_line_that_a_teammate_pushes_down_is_not_said_again(sit, heard) -> None:
    seat = sit(("a", {"list": "bullet"}), ("b", {"list": "bullet"}))
    ear = Ear(seat, heard)
    ear.at(2)
    with seat.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "more ")
    assert ear.after() == []
    ear._reading._tell()
    assert heard == []


def test_in_which_cell_the_caret_is_is_said_with_tab_and_with_the_arrows(table, heard) -> None:
    ear = Ear(table, heard)
    assert ear.after("", Key.Key_Tab, Key.Key_Tab, Key.Key_Left, Key.Key_Up, Key.Key_Up) == [
        "Row 1 of 2, column 1", "Row 1 of 2, column 2", "Row 2 of 2, column 1", "Row 1 of 2, column 2",
        "Outside the table",
    ]  # fmt: skip


def test_a_page_break_is_said_as_the_caret_comes_below_it(sit, heard) -> None:
    ear = Ear(sit("one", ("Head", {"header": 1, "page-break": True}), "two"), heard)
    assert ear.at(0, 4) == ["Page break. Heading 1"]
    assert ear.after(Key.Key_Backspace) == []
    assert ear.where().startswith("Paragraph 2 of 3. Heading 1")


def test_links_pictures_dividers_footnotes_and_what_cannot_be_shown_are_said_and_that_a_picture_has_no_words(
    sit, heard
) -> None:
    seat = sit("ab link")
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.format_text(3, 4, {"link": "https://example.org/herbs"})
        edit.insert_embed(0, {"divider": True})
        edit.insert_embed(0, {"image": "sha256:0"}, {"alt": "A bed of mint"})
        edit.insert_embed(0, {"image": "sha256:0"})
        edit.insert_embed(3, {"footnote": "The garden of Smith"})
        edit.insert_embed(0, {"formula": "e=mc²"})
    ear = Ear(seat, heard)
    assert ear.at(0, 1, 2, 3, 4, 10) == [
        UNKNOWN, "Image without a description", "Image: A bed of mint", "Divider",
        "Footnote 1: The garden of Smith", "Link to https://example.org/herbs",
    ]  # fmt: skip


def test_in_the_card_of_a_footnote_what_holds_there_is_said_and_not_what_holds_on_the_page(sit, heard) -> None:
    seat = sit(("Herbs", {"header": 1}))
    with seat.document.edit(Origin.LOCAL) as edit:
        link = {"insert": "Smith", "attributes": {"link": "https://example.org/herbs", "italic": True}}
        edit.insert_embed(5, {"footnote": [{"insert": "See\u2028"}, link]})
    ear = Ear(seat, heard)
    seat.editor.footnotes.open(5)
    assert ear.where() == "In footnote 1. Line 2 of 2. Link to https://example.org/herbs. Italic"
    assert QToolTip.text() == ear.where().replace(". ", "\n")
    seat.editor.footnotes.close()
    assert "Heading 1" in ear.where()


def test_an_emoji_at_the_caret_keeps_nothing_from_being_said(sit, heard) -> None:
    seat = sit("a👍b")
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(4, {"divider": True})
    assert Ear(seat, heard).at(0, 1, 3, 4) == ["Divider"]


def test_a_misspelt_word_is_said_at_its_beginning_and_within(sit, heard) -> None:
    seat = sit("the teh end")
    seat.editor.marks.show_misspelt([(4, 7)])
    assert Ear(seat, heard).at(0, 4, 6, 8, 4) == ["Misspelt", "Misspelt"]


def test_where_one_is_is_said_whole_when_asked(sit, heard) -> None:
    seat = sit(("Herbs", {"header": 1}), "mint", ("sage", {"list": "ordered"}))
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.format_text(11, 4, {"bold": True, "script": "super"})
    ear = Ear(seat, heard)
    ear.at(13)
    words = "Paragraph 3 of 3. Item 1. Bold. Superscript. Under the heading “Herbs”"
    assert ear.where() == words
    assert heard[-1] == words


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    draft.window.offer.ask()  # which else comes a moment after the window
    write(draft, "mint and sage")
    return draft


def test_comments_and_suggested_changes_are_said_with_who_made_them(draft: Draft, desk: Desk, heard) -> None:
    flow = draft.comments.flow
    flow.comments.reply(flow.comments.add(0, 4, "Which?", Author("Bo", "#2f5fd0", "b")), "Green", draft.author)
    suggester, draft.document.suggester = draft.document.suggester, None
    changes_of(draft.document, "Bo")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(9, 4)
    draft.document.suggester = suggester
    draft.editor.set_caret(6)
    draft.window.actions_["next_change"].trigger()
    desk.until(lambda: "Suggested by Bo: Delete “sage”" in heard)
    draft.editor.set_caret(2)
    desk.until(lambda: "Comment by Bo: Which? 1 reply." in heard)
    draft.window.actions_["next_change"].trigger()
    draft.window.actions_["accept_change"].trigger()
    assert heard[-1] == "Accepted: Delete “sage”"


def test_whoever_asks_where_they_are_hears_how_the_draft_stands_too(draft: Draft, desk: Desk, heard) -> None:
    desk.until(lambda: "Saved on this computer" in draft.window.status.told())
    desk.until(lambda: "3 words" in draft.window.status.told())
    QTest.keyClick(draft.editor, Key.Key_F9)
    assert heard[-1] == "Paragraph 1 of 1. Saved on this computer. 3 words"


def test_the_menus_of_the_page_and_the_window_open_by_keys_with_their_first_entries_chosen(draft: Draft, qtbot) -> None:
    for key, held in ((Key.Key_F10, SHIFT), (Key.Key_Menu, Qt.KeyboardModifier.NoModifier)):
        QTest.keyClick(draft.editor, key, held)
        qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert menu.activeAction() is draft.window.actions_["link"], key
        menu.close()
    QTest.keyClick(draft.editor, Key.Key_F10)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert menu.menuAction() is draft.window.menuBar().actions()[0]
    assert menu.activeAction() is menu.actions()[0]
    menu.close()


def test_the_menu_of_a_board_on_which_nothing_has_the_keyboard_opens_by_keys(draft: Draft, desk: Desk, qtbot) -> None:
    draft.brainstorming.show("board")
    desk.until(lambda: QApplication.focusWidget() is not None and QApplication.focusWidget() is not draft.editor)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Menu)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QApplication.activePopupWidget().close()


def test_an_item_that_becomes_text_by_enter_says_so_though_the_caret_stays(draft: Draft, desk: Desk, heard) -> None:
    write(draft, "\n- sage\n")
    desk.until(lambda: "Bullet" in heard)
    write(draft, "\n")
    desk.until(lambda: heard[-1] == "Text")


def test_a_look_that_letters_get_by_a_command_is_said(draft: Draft, heard) -> None:
    for command in ("bold", "superscript", "bold", "subscript"):
        draft.window.actions_[command].trigger()
    assert heard == ["Bold on", "Superscript on", "Bold off", "Subscript on"]
