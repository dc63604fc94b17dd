"""What reads a draft in which changes are suggested: its title, search, headings, counts, spelling, finding, quotes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file import noting
from cowrite.core.text.origin import Origin
from cowrite.gui.page.spelling import PageSpelling
from cowrite.gui.window.headings import Headings
from helpers.commenting import comment, panel, press, rows, said, select
from helpers.desk import Desk, texts, write
from helpers.suggested import suggest
from helpers.suggesting import marked


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    write(draft, "We plant herbs.")
    return draft


def test_a_document_is_called_by_what_stands_and_not_by_what_is_suggested_above(draft):
    suggest(draft, "", "Herbs\n", before="We")
    assert draft.title == "We plant herbs."
    suggest(draft, "plant", "grow")
    assert draft.title == "We plant herbs."


def test_a_document_in_which_all_is_suggested_is_called_by_that(desk):
    draft = desk.new()
    draft.window.actions_["suggest_changes"].setChecked(True)
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Herbs")
    assert draft.title == "Herbs"


def test_the_library_shows_the_text_as_it_stands_and_finds_what_is_suggested_too(desk, monkeypatch):
    monkeypatch.setattr(noting, "PAUSE", 20)
    draft = desk.new()
    write(draft, "# Garden\nWe plant herbs.")
    suggest(draft, "plant", "grow")
    library = desk.application.choices.library
    desk.until(lambda: library.search("grow"))
    (entry,) = library.search("herbs")
    assert entry.snippet.startswith("We plant herbs.")
    assert not library.search("plantgrow")


def test_what_is_to_go_is_not_counted_and_what_is_to_come_in_is(draft, desk):
    suggest(draft, "plant herbs", "grow")
    desk.until(lambda: "2 words" in texts(draft.window.status))


def test_a_heading_is_shown_as_it_is_suggested(desk):
    draft = desk.new()
    write(draft, "# Herbs\n## Beds\n# Gone\n")
    suggest(draft, "Herbs", "Greens")
    suggest(draft, "Gone")
    draft.window.actions_["show_headings"].setChecked(True)
    headings = draft.window.findChild(Headings)
    desk.until(lambda: [each.text for each in headings._found] == ["Greens", "Beds"])
    assert [each.at for each in headings._found] == [0, len("HerbsGreens\n")]


class Knows:
    """Knows but these words."""

    def misspelt(self, line: str, language: str):
        words = ("plantgrow", "wrod")
        return [(line.index(each), line.index(each) + len(each)) for each in words if each in line]

    def proposals(self, word: str, language: str):
        return [word.replace("wrod", "word")]


def test_the_spelling_is_that_of_the_text_as_it_is_suggested(draft, desk):
    suggest(draft, "plant", "grow")
    suggest(draft, "herbs", "wroXd")
    suggest(draft, "X")
    draft.window.actions_["suggest_changes"].setChecked(True)
    spelling = PageSpelling(draft.editor, Knows(), lambda: ("en", "English"))
    at = draft.document.text().index("wro")
    block = draft.editor.document().findBlock(at)
    assert list(spelling._misspelt(block, "en")) == [(at, at + 4)]
    draft.editor.set_caret(at + 1)
    menu = QMenu()
    spelling.offer(menu)
    assert menu.actions()[0].text() == "word"
    menu.actions()[0].trigger()
    assert marked(draft.document) == "We [-plant-]{+grow+} [-herbs-]{+word+}."


def test_words_that_are_to_go_are_found_but_not_replaced(desk):
    draft = desk.new()
    write(draft, "We plant herbs, plant by plant.")
    suggest(draft, "plant", "grow")
    draft.window.actions_["replace"].trigger()
    bar = draft.window.find_bar
    fields = bar.findChildren(QLineEdit)
    draft.editor.set_caret(0)
    fields[0].setText("plant")
    fields[1].setText("sow")
    assert "1 of 3" in texts(bar)
    one, every = (
        next(each for each in bar.findChildren(QAbstractButton) if each.text() == name)
        for name in ("Replace", "Replace all")
    )
    one.click()
    one.click()
    assert marked(draft.document) == "We [-plant-]{+grow+} herbs, sow by plant."
    every.click()
    assert marked(draft.document) == "We [-plant-]{+grow+} herbs, sow by sow."
    fields[0].setText("We grow herbs")
    assert "1 of 1" in texts(bar)


def test_what_is_selected_is_found_and_quoted_by_a_comment_as_it_is_suggested(draft, desk):
    suggest(draft, "plant", "grow")
    draft.editor.set_caret(len("We plantgrow herbs"), 0)
    draft.window.actions_["find"].trigger()
    bar = draft.window.find_bar
    assert bar.query().text == "We grow herbs"
    assert "1 of 1" in texts(bar)
    bar.close_bar()
    comment(desk, draft, "plantgrow herbs", "Why?")
    assert "grow herbs" in " ".join(said(rows(draft)[0]) + texts(panel(draft)))
    assert "plantgrow" not in " ".join(texts(panel(draft)))


def test_a_decision_does_not_go_stale_by_what_is_only_suggested_which_is_evidence_until_it_is_rejected(draft):
    decisions = draft.brainstorming.brainstorm.decisions
    evidence = decisions.evidence(0, len("We plant herbs."))
    suggest(draft, "plant", "grow")
    assert decisions.quote_now(evidence) == "We plant herbs."
    changes = draft.changes.flow.changes
    changes.accept([each.id for each in changes.all()])
    assert decisions.quote_now(evidence) == "We grow herbs."

    suggest(draft, "", "Herbs it is. ", before="We")
    evidence = decisions.evidence(0, len("Herbs it is."))
    assert evidence.quote == decisions.quote_now(evidence) == "Herbs it is."
    changes = draft.changes.flow.changes
    changes.accept([each.id for each in changes.all()])
    assert decisions.quote_now(evidence) == "Herbs it is."


def test_a_comment_goes_with_words_that_are_cut_where_something_in_them_is_suggested(draft, desk):
    suggest(draft, "plant", "grow")
    id = comment(desk, draft, "plantgrow herbs", "Why?")
    select(draft, "We plantgrow herbs.")
    press(draft.editor, "Ctrl+X")
    press(draft.editor, "Ctrl+V")
    desk.until(lambda: draft.comments.flow.comments.get(id).place == (3, len("We grow herbs")))
    assert draft.document.text() == "We grow herbs.\n"
