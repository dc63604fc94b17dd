"""Finding and replacing in the window of a draft."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from cowrite.app.draft.draft import Draft
from cowrite.bridge import pattern
from cowrite.core.text.footnotes import embed_of, footnotes_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import SOFT_BREAK, Span, plain_text
from cowrite.core.text.suggested_text import as_suggested
from cowrite.gui.look.theme import named
from cowrite.gui.page import finding
from cowrite.sync.rights import Rights
from helpers.called import the
from helpers.colours import colours
from helpers.desk import texts, write
from helpers.suggesting import marked


def find(draft: Draft, words: str, *, replace: str | None = None) -> None:
    draft.window.actions_["find" if replace is None else "replace"].trigger()
    fields = draft.window.find_bar.findChildren(QLineEdit)
    fields[0].setText(words)
    if replace is not None:
        fields[1].setText(replace)


def test_places_are_counted_anew_when_the_text_changes(draft, qtbot):
    write(draft, "one one")
    find(draft, "one")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.delete(0, 4)
    qtbot.waitUntil(lambda: "1 of 1" in texts(draft.window.find_bar))


def test_finding_goes_from_place_to_place_and_around(draft):
    write(draft, "one two One 😀 one")
    draft.editor.set_caret(0)
    find(draft, "one")
    places = [(0, 3), (8, 11), (15, 18)]
    assert draft.editor.caret() == places[0]
    for place in (*places[1:], places[0]):
        draft.window.actions_["find_next"].trigger()
        assert draft.editor.caret() == place
    draft.window.actions_["find_previous"].trigger()
    assert draft.editor.caret() == places[2]


def test_how_many_places_were_replaced_is_said_until_something_else_is_looked_for(draft, qtbot):
    write(draft, "one one two")
    bar = draft.window.find_bar
    find(draft, "one", replace="three")
    find_button(draft, "Replace all").click()
    assert "2 replaced" in texts(bar)
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "one ")
    qtbot.waitUntil(lambda: find_button(draft, "Replace all").isEnabled())
    assert "2 replaced" in texts(bar)
    find(draft, "zwei")
    assert "No results" in texts(bar)


def test_that_places_were_replaced_is_said_no_longer_once_undo_has_brought_them_back(draft, qtbot):
    write(draft, "one two one")
    bar = draft.window.find_bar
    find(draft, "one", replace="1")
    find_button(draft, "Replace all").click()
    assert "2 replaced" in texts(bar)
    draft.editor.undo_own()
    qtbot.waitUntil(lambda: find_button(draft, "Replace all").isEnabled())
    assert not {"1 of 2", "2 of 2"}.isdisjoint(texts(bar))


def test_what_is_found_is_read_out_with_its_line_once_nobody_types_on(draft, heard, qtbot):
    write(draft, "one\nand one more")
    draft.window.offer.ask()  # which else comes a moment after the window
    heard.clear()
    draft.editor.set_caret(0)
    for words in ("o", "on", "one"):
        find(draft, words)
    qtbot.waitUntil(lambda: bool(heard))
    draft.window.actions_["find_next"].trigger()
    qtbot.waitUntil(lambda: len(heard) > 1)
    find(draft, "zwei")
    qtbot.waitUntil(lambda: len(heard) > 2)
    find(draft, "one", replace="two")
    find_button(draft, "Replace all").click()
    qtbot.waitUntil(lambda: len(heard) > 3)
    assert heard == ["1 of 2: one", "2 of 2: and one more", "No results", "2 replaced"]


def find_button(draft: Draft, text: str) -> QPushButton:
    return next(each for each in draft.window.find_bar.findChildren(QPushButton) if each.text() == text)


def test_nothing_found_is_said_and_the_caret_stays(draft):
    write(draft, "one")
    find(draft, "zwei")
    assert draft.editor.caret() == (3, 3)
    assert "No results" in [
        label.text() for label in draft.window.find_bar.findChildren(type(draft.window.find_bar._count))
    ]


def press_button(draft: Draft, text: str) -> None:
    (button,) = [each for each in draft.window.find_bar.findChildren(QPushButton) if each.text() == text]
    button.click()


def test_replacing_one_goes_to_the_next_and_keeps_the_format(draft):
    write(draft, "a **b** a")
    draft.editor.set_caret(0)
    find(draft, "a", replace="xyz")
    press_button(draft, "Replace")
    assert draft.document.text() == "xyz b a\n"
    assert draft.editor.caret() == (6, 7)
    find(draft, "b", replace="c")
    press_button(draft, "Replace")
    assert [span.text for span in draft.document.spans() if span.attributes == {"bold": True}] == ["c"]


def test_replacing_all_is_one_step_to_undo(draft):
    write(draft, "aXaXa")
    find(draft, "a", replace="")
    press_button(draft, "Replace all")
    assert draft.document.text() == "XX\n"
    draft.editor.undo_own()
    assert draft.document.text() == "aXaXa\n"


def test_replacing_with_what_was_looked_for_ends(draft):
    write(draft, "aa")
    find(draft, "a", replace="aa")
    press_button(draft, "Replace all")
    assert draft.document.text() == "aaaa\n"


def test_escape_closes_the_bar_and_goes_back_to_the_page(draft, qtbot):
    write(draft, "one")
    find(draft, "one")
    QTest.keyClick(draft.window.find_bar.findChildren(QLineEdit)[0], Qt.Key.Key_Escape)
    assert draft.window.find_bar.isHidden()
    assert draft.editor.extraSelections() == []


def test_a_text_is_looked_through_once_when_the_bar_opens_with_words_and_then_only_where_it_has_changed(
    draft, monkeypatch
):
    texts: list[str] = []
    monkeypatch.setattr(finding, "find_all", lambda text, *_words, **_how: texts.append(text) or [])
    write(draft, "one two")
    draft.editor.set_caret(3, 0)
    draft.window.actions_["find"].trigger()
    draft.window.actions_["find_next"].trigger()
    assert texts == ["one two\n"]
    QTest.keyClick(draft.editor, "s")
    draft.window.actions_["find_next"].trigger()
    draft.window.find_bar.close_bar()
    assert texts == ["one two\n", "s two\n"]


@pytest.mark.parametrize("is_between_letters", [False, True])
def test_the_place_that_one_goes_to_stands_out_while_the_keyboard_is_in_the_find_bar(draft, qtbot, is_between_letters):
    write(draft, "one two")
    draft.window.activateWindow()
    qtbot.waitUntil(draft.window.isActiveWindow)
    theme = named("light")

    def seen() -> Counter[str]:
        return colours(draft.editor.viewport().grab(draft.editor.cursorRect().adjusted(-60, -4, 10, 4)).toImage())

    if is_between_letters:
        find_pattern(draft, "(?=two)")
    else:
        find(draft, "two")
        assert draft.editor.caret() == (4, 7)
    assert theme.find_current in seen()
    if is_between_letters:
        draft.window.find_bar.close_bar()
    draft.editor.setFocus()
    assert theme.find_current not in seen()


def test_what_is_found_is_written_in_the_colour_that_is_readable_there(draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        for attributes in ({"link": "https://example.org"}, {"code": True}, {"color": "#b04a00"}):
            edit.insert(0, "one one ")
            edit.format_text(0, 7, attributes)
    find(draft, "one")
    marks = draft.editor.extraSelections()
    assert [mark.format.foreground().color().name() for mark in marks] == [named("light").text] * 6


@pytest.mark.parametrize(
    ("at", "mate", "text"), [(0, "x", "xa 1 two one"), (3, "r", "a orne two 1")], ids=["above", "in the word"]
)
def test_what_is_replaced_is_the_word_as_it_is_after_a_mate_has_written_there(draft, at, mate, text):
    write(draft, "a one two one")
    draft.editor.set_caret(0)
    find(draft, "one", replace="1")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(at, mate)
    press_button(draft, "Replace")
    if mate == "r":
        assert draft.document.text() == "a orne two one\n"
        press_button(draft, "Replace")
    assert draft.document.text() == f"{text}\n"


def test_a_word_that_a_mate_has_made_another_of_is_not_replaced(draft):
    write(draft, "one two")
    draft.editor.set_caret(0)
    find(draft, "one", replace="1")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(1, "r")
        edit.delete(2, 1)
    press_button(draft, "Replace")
    assert draft.document.text() == "ore two\n"


def test_what_was_found_is_marked_in_another_look_too(draft):
    write(draft, "one two one")
    find(draft, "one")

    def marked_in(look: str) -> bool:
        marks = draft.editor.extraSelections()
        assert [mark.cursor.selectedText() for mark in marks] == ["one", "one"]
        return marks[1].format.background().color() == named(look).find

    draft.window.actions_["zoom_in"].trigger()
    assert marked_in("light")
    draft.window.show_theme(named("dark"))
    assert marked_in("dark")


def test_places_are_counted_anew_while_a_mate_writes_on(draft, qtbot):
    write(draft, "one one")
    find(draft, "one")
    assert "1 of 2" in texts(draft.window.find_bar)

    def mate_writes():
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(0, "one ")

    typing = QTimer(interval=60)
    typing.timeout.connect(mate_writes)
    typing.start()
    qtbot.waitUntil(lambda: "1 of 2" not in texts(draft.window.find_bar))


@pytest.mark.parametrize("hindrance", ["suggested to go", "for reading"])
def test_what_cannot_be_replaced_is_not_offered_for_it(draft, hindrance):
    write(draft, "one two")
    find(draft, "one", replace="1")
    buttons = [each for each in draft.window.find_bar.findChildren(QPushButton) if "Replace" in each.text()]
    assert all(button.isEnabled() for button in buttons)
    if hindrance == "for reading":
        draft.connection.take_rights(Rights(may_edit=False, may_suggest=False, may_comment=False))
    else:
        draft.window.actions_["suggest_changes"].trigger()
        press_button(draft, "Replace all")
    draft.window.actions_["find_next"].trigger()
    assert "1 of 1" in texts(draft.window.find_bar)
    assert not any(button.isEnabled() for button in buttons)


def find_pattern(draft: Draft, pattern: str, *, replace: str | None = None) -> None:
    the(draft.window.find_bar, QAbstractButton, "Regular expression").setChecked(True)
    find(draft, pattern, replace=replace)


def test_what_a_pattern_finds_is_gone_through_and_its_groups_take_new_places(draft):
    write(draft, "2026-11-29 and 2027-01-02")
    draft.editor.set_caret(0)
    find_pattern(draft, r"(\d+)-(\d+)-(\d+)", replace=r"$3.\2.$1")
    assert draft.editor.caret() == (0, 10)
    press_button(draft, "Replace")
    assert draft.document.text() == "29.11.2026 and 2027-01-02\n"
    assert draft.editor.caret() == (15, 25)
    press_button(draft, "Replace all")
    assert draft.document.text() == "29.11.2026 and 02.01.2027\n"
    draft.editor.undo_own()
    assert draft.document.text() == "29.11.2026 and 2027-01-02\n"


def test_a_bad_pattern_is_said_while_one_types_it_and_a_slow_one_is_looked_for_once(draft, monkeypatch):
    write(draft, "one one")
    find_pattern(draft, "(")
    assert any("is not closed" in text for text in texts(draft.window.find_bar))
    assert draft.editor.extraSelections() == []
    find(draft, "(o)n|e")
    assert "1 of 4" in texts(draft.window.find_bar)
    monkeypatch.setattr(pattern, "PATIENCE", -1)
    find(draft, "on")
    assert any("takes too long" in text for text in texts(draft.window.find_bar))
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "one ")
    again = [each for each in draft.window.find_bar.findChildren(QTimer) if each.interval() == finding.FIND_AGAIN_DELAY]
    assert [each.isActive() for each in again] == [False]


def test_what_was_replaced_is_said_also_where_it_takes_too_long_to_look_again(draft, monkeypatch):
    write(draft, "one one")
    find_pattern(draft, "o", replace="a")
    patience = iter((1, -1))

    def made(*what, **how):
        monkeypatch.setattr(pattern, "PATIENCE", next(patience))
        return pattern.Pattern(*what, **how)

    monkeypatch.setattr(finding, "Pattern", made)
    find_button(draft, "Replace all").click()
    assert "2 replaced" in texts(draft.window.find_bar)


@pytest.mark.parametrize("is_suggested", [False, True])
def test_what_is_found_between_letters_is_replaced_once_each(draft, is_suggested):
    write(draft, "one\n\ntwo")
    if is_suggested:
        draft.window.actions_["suggest_changes"].trigger()

    def read() -> str:
        return plain_text(as_suggested(draft.document.spans()))

    for looked_for, words, text in (
        ("^", "- ", "- one\n- \n- two\n"),
        ("$", ".", "one.\n.\ntwo.\n"),
        ("x*", "-", "-o-n-e-\n-\n-t-w-o-\n"),
        (r"(\w+)", '"$1"', '"one"\n\n"two"\n'),
    ):
        draft.editor.set_caret(0)
        find_pattern(draft, looked_for, replace=words)
        press_button(draft, "Replace all")
        assert read() == text
        draft.editor.undo_own()
        draft.editor.set_caret(0)
        find_pattern(draft, looked_for, replace=words)
        while read() != text:
            before = read()
            press_button(draft, "Replace")
            assert before != read(), text
        while read() != "one\n\ntwo\n":
            before = read()
            draft.editor.undo_own()
            assert before != read(), text


def test_only_places_at_which_something_goes_or_comes_are_said_to_be_replaced(draft):
    write(draft, "axb xx")
    for looked_for, words, said, text in (
        ("y*", "", "None replaced", "axb xx\n"),
        ("(y)?", "$1", "None replaced", "axb xx\n"),
        ("x*", "", "2 replaced", "ab \n"),
        ("^", "-", "1 replaced", "-ab \n"),
    ):
        find_pattern(draft, looked_for, replace=words)
        press_button(draft, "Replace all")
        assert said in texts(draft.window.find_bar)
        assert draft.document.text() == text


def test_what_a_pattern_keeps_stays_with_its_look_where_changes_are_suggested(draft):
    write(draft, "say **one** word")
    draft.window.actions_["suggest_changes"].trigger()
    find_pattern(draft, r"(say) (one)", replace="$1: $2")
    press_button(draft, "Replace all")
    assert marked(draft.document) == "say[- -]{+: +}one word"
    assert [span.text for span in draft.document.spans() if span.attributes.get("bold")] == ["one"]


def test_a_footnote_in_what_a_pattern_moves_is_moved(draft):
    write(draft, "one two")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(3, embed_of([Span("a note")]))
    find_pattern(draft, r"(\S+) (\S+)", replace="$2 $1")
    press_button(draft, "Replace all")
    assert draft.document.text() == "two one\ufffc\n"
    assert [at for at, _ in footnotes_in(draft.document.spans())] == [7]


def test_words_on_both_sides_of_a_soft_break_are_not_looked_for(draft):
    write(draft, "one two")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(3, SOFT_BREAK)
    draft.editor.set_caret(7, 0)
    draft.window.actions_["find"].trigger()
    assert draft.window.find_bar.query().text == ""


def test_nothing_is_selected_any_more_once_all_is_replaced(draft):
    write(draft, "one two")
    find_pattern(draft, "one", replace="<$&>")
    press_button(draft, "Replace all")
    assert draft.editor.caret() == (5, 5)


def test_selected_words_are_looked_for_as_they_are_while_patterns_are(draft):
    write(draft, "1+1 (a)")
    the(draft.window.find_bar, QAbstractButton, "Regular expression").setChecked(True)
    draft.editor.set_caret(7, 0)
    draft.window.actions_["find"].trigger()
    assert "1 of 1" in texts(draft.window.find_bar)
