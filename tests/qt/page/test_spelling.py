"""Misspelt words on a page: marked, put right, learned."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QComboBox, QMenu
from spellchecker import SpellChecker

from cowrite.app import spelling
from cowrite.app.draft.draft import Draft
from cowrite.bridge import speller
from cowrite.bridge.speller import load
from cowrite.core.text.origin import Origin
from cowrite.gui.dialogs.preferences_dialog import PreferencesDialog
from helpers.desk import Desk, notices, write

WAVE = QTextCharFormat.UnderlineStyle.SpellCheckUnderline


@pytest.fixture(scope="module")
def english() -> SpellChecker:
    return load("en")


@pytest.fixture
def desk(desk: Desk, english: SpellChecker, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk at which English is marked, from the opening of a draft on."""
    german = SpellChecker(language=None, distance=1)  # of one word, which is soon loaded
    german.word_frequency.load_words(["ende"])
    monkeypatch.setattr(speller, "load", {"de": german, "en": english}.__getitem__)
    monkeypatch.setattr(spelling, "BEGIN", 0)
    choices = desk.application.choices
    choices._settings = choices.settings._replace(spelling="en")
    return desk


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    desk.until(
        lambda: (
            draft.window.page_menu.spelling is not None
            and draft.window.page_menu.spelling._words._checker("en") is not None
        )
    )
    return draft


def marked(draft: Draft) -> list[str]:
    marks = draft.editor.extraSelections()
    return [mark.cursor.selectedText() for mark in marks if mark.format.underlineStyle() == WAVE]


def offered(menu: QMenu) -> list[str]:
    texts = [action.text() for action in menu.actions()]
    return texts[: texts.index("")]


def put_caret(draft: Draft, word: str) -> None:
    draft.editor.set_caret(draft.document.text().index(word) + 1)


def test_misspelt_words_are_marked_but_not_in_code_and_links_nor_the_one_that_is_being_written(draft, desk):
    write(draft, "Teh end of `teh` realy and then\n```\nteh code\n")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(draft.document.length - 1, "teh link", {"link": "https://example.org"})
    desk.until(lambda: marked(draft) == ["Teh", "realy"])
    draft.editor.set_caret(draft.document.text().index("then") + 4)
    write(draft, " mispelt")
    desk.until(lambda: "mispelt" in draft.document.text() and marked(draft) == ["Teh", "realy"])
    write(draft, " ")
    desk.until(lambda: marked(draft) == ["Teh", "realy", "mispelt"])


def test_a_word_is_put_right_from_the_menu_as_one_step_of_undo(draft, desk):
    write(draft, "We are Definately and **definately** here")
    put_caret(draft, "definately")
    menu = draft.window.page_menu.made()
    assert offered(menu) == ["definitely", "“definately” is ri&ght", "&Spelling: English…"]
    menu.actions()[0].trigger()
    assert draft.document.text() == "We are Definately and definitely here\n"
    assert draft.document.rope.attributes_at(draft.document.text().index("definitely")) == {"bold": True}
    draft.editor.undo_own()
    assert "**" not in draft.document.text()
    assert draft.document.text() == "We are Definately and definately here\n"


def test_a_word_that_is_said_to_be_right_is_so_from_then_on_and_in_other_documents(draft, desk):
    write(draft, "frobnicate it, frobnicate ")
    desk.until(lambda: marked(draft) == ["frobnicate", "frobnicate"])
    put_caret(draft, "frobnicate")
    menu = draft.window.page_menu.made()
    assert offered(menu) == ["No similar word is known", "“frobnicate” is ri&ght", "&Spelling: English…"]
    menu.actions()[1].trigger()
    desk.until(lambda: not marked(draft))
    desk.until(lambda: desk.paths.own_words.exists() and desk.paths.own_words.read_text() == "frobnicate\n")
    other = desk.new()
    write(other, "frobnicate teh ")
    desk.until(lambda: marked(other) == ["teh"])
    words = draft.window.page_menu.spelling._words
    words.learn("Foo’bazz")
    assert words.misspelt("Foo’bazz, foo'bazz", "en") == []  # with either apostrophe


def test_a_word_is_put_right_where_it_has_moved_and_left_alone_where_a_teammate_changed_it(draft):
    write(draft, "We realy do")
    for at, theirs, wanted in ((0, "Now ", "Now We really do\n"), (9, "d", "Now We redaly do\n")):
        put_caret(draft, "realy")
        menu = draft.window.page_menu.made()
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(at, theirs)
        menu.actions()[0].trigger()
        assert draft.document.text() == wanted
        draft.editor.undo_own()


def test_words_are_marked_while_a_teammate_writes_on_and_in_every_look_and_size_but_not_what_is_written_behind_them(
    draft, desk
):
    write(draft, "teh end")

    def is_marked() -> bool:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(draft.document.length - 1, "!")
        return marked(draft) == ["teh"]

    desk.until(is_marked)
    draft.editor.set_caret(3)
    write(draft, " big and quick")
    assert marked(draft) == ["teh"]
    draft.window.actions_["zoom_in"].trigger()
    desk.until(lambda: marked(draft) == ["teh"])
    desk.application.choices.set_theme("dark")
    colour = draft.window.theme.danger
    desk.until(lambda: [each.format.underlineColor().name() for each in draft.editor.extraSelections()] == [colour])


def test_what_was_written_before_another_view_came_is_marked_when_the_page_is_back_unless_one_may_only_read(
    draft, desk
):
    write(draft, "teh end ")
    draft.window.actions_["view_board"].trigger()
    page = draft.window.page_menu.spelling
    desk.until(lambda: not page._pause.isActive())
    draft.window.actions_["view_draft"].trigger()
    desk.until(lambda: marked(draft) == ["teh"])
    draft.window.show_read_only("You may read")
    put_caret(draft, "teh")
    desk.until(lambda: not marked(draft))
    assert "the" not in [action.text() for action in draft.window.page_menu.made().actions()]


def test_of_a_long_line_the_words_in_sight_are_marked(draft, desk):
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "teh 😀 " * 1_500 + "realy end")
    desk.until(lambda: marked(draft))
    assert set(marked(draft)) == {"teh"}
    assert len(marked(draft)) < 1_000
    draft.editor.set_caret(draft.document.length - 1)
    draft.editor.ensureCursorVisible()
    desk.until(lambda: "realy" in marked(draft))


def test_that_ones_own_words_cannot_be_read_or_kept_is_said_and_they_are_kept_with_the_next_ones(desk):
    desk.paths.own_words.mkdir(parents=True)
    draft = desk.new()
    write(draft, "teh frobnicate end")
    desk.until(lambda: marked(draft) == ["teh", "frobnicate"] and "words.txt" in notices(draft))
    draft.window.page_menu.spelling._words.learn("frobnicate")
    desk.until(lambda: marked(draft) == ["teh"] and "own words" in draft.window.notices.ids())
    desk.paths.own_words.rmdir()
    draft.window.page_menu.spelling._words.learn("teh")
    desk.until(lambda: "own words" not in draft.window.notices.ids())
    assert desk.paths.own_words.read_text() == "frobnicate\nteh\n"


def test_marks_go_and_come_with_the_choice(draft, desk):
    write(draft, "teh end ")
    desk.until(lambda: marked(draft) == ["teh"])
    choices = desk.application.choices
    for setting, found in (("off", []), ("en", ["teh"]), ("de", ["teh", "end"]), ("off", [])):
        choices._settings = choices.settings._replace(spelling=setting)
        choices.spelling_changed.emit()
        desk.until(lambda found=found: marked(draft) == found)
    write(draft, "teh ")
    assert not marked(draft)
    assert draft.window.page_menu.spelling is None


def test_the_next_misspelt_word_is_selected_and_behind_the_last_one_the_first(draft, desk):
    write(draft, "Teh end\nis realy here\n")
    go = draft.window.actions_["next_misspelt"].trigger
    for word in ("Teh", "realy", "Teh"):
        go()
        assert draft.editor.textCursor().selectedText() == word
    write(draft, "The")
    go()
    write(draft, "really")
    assert draft.document.text() == "The end\nis really here\n\n"
    go()
    assert "No word here is misspelt." in notices(draft)


def test_who_has_nothing_marked_is_told_where_a_language_is_chosen(draft, desk):
    choices = desk.application.choices
    choices._settings = choices.settings._replace(spelling="off")
    choices.spelling_changed.emit()
    draft.window.actions_["next_misspelt"].trigger()
    assert "choose a language in Preferences" in notices(draft)


def test_where_the_system_names_no_language_that_of_the_text_is_marked_and_until_that_is_clear_english(
    draft, desk, monkeypatch
):
    monkeypatch.setattr(spelling.QtCore.QLocale, "system", spelling.QtCore.QLocale.c)
    choices = desk.application.choices
    choices._settings = choices.settings._replace(spelling="system")
    choices.spelling_changed.emit()
    write(draft, "teh end ")
    desk.until(lambda: marked(draft) == ["teh"])
    put_caret(draft, "teh")
    menu = draft.window.page_menu.made()
    menu.actions()[offered(menu).index("&Spelling: English…")].trigger()
    (dialog,) = draft.window.findChildren(PreferencesDialog)
    assert "As the text, if unclear English" in [each.currentText() for each in dialog.findChildren(QComboBox)]
    draft.editor.selectAll()
    write(draft, "Das ende ist nicht und wir sind auch bei der end ")
    desk.until(lambda: "end" in marked(draft) and "ende" not in marked(draft))
    put_caret(draft, "end ")
    assert "&Spelling: Deutsch…" in offered(draft.window.page_menu.made())
    draft.editor.selectAll()
    write(draft, "El perro es grande y no está en la casa de los vecinos ")
    desk.until(lambda: not marked(draft))
    draft.window.actions_["next_misspelt"].trigger()
    assert "choose a language in Preferences" in notices(draft)


def test_a_paragraph_that_is_plainly_in_another_language_is_looked_up_in_that_or_not_at_all(draft, desk, monkeypatch):
    german = SpellChecker(language=None, distance=1)
    german.word_frequency.load_words("der hund und die katze sind im garten mit dem ball".split())
    monkeypatch.setattr(speller, "load", {"de": german, "en": speller.load("en")}.__getitem__)
    write(draft, "The dog adn the cat are in the garden with a ball.\n")
    write(draft, "Der Hund und die Kaze sind im Garten mit dem Ball.\n")
    write(draft, "El perro y el gato no son muy grandes, pero se van con la pelota.\n")
    write(draft, "Ein Ball.\n")  # too short to tell
    desk.until(lambda: marked(draft) == ["adn", "Kaze", "Ein"])

    put_caret(draft, "Kaze")
    menu = QMenu()
    draft.window.page_menu.spelling.offer(menu)
    assert offered(menu) == ["Katze", "“Kaze” is ri&ght", "&Spelling: Deutsch…"]
