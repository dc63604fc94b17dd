"""What somebody sees on their first day in a team, from the first document to the first teammate."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCharFormat

from cowrite.app import spelling
from cowrite.app.draft.draft import Draft
from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.origin import Origin
from helpers.desk import texts, write

pytestmark = pytest.mark.journey


def recent(draft: Draft) -> list[str]:
    """What a window offers to open again."""
    return [title for _path, title in draft.window.actions_._recent]


def misspelt(draft: Draft) -> list[str]:
    wave = QTextCharFormat.UnderlineStyle.SpellCheckUnderline
    marks = draft.editor.extraSelections()
    return [mark.cursor.selectedText() for mark in marks if mark.format.underlineStyle() == wave]


def test_what_is_open_is_found_among_recent_files_by_its_title(sit):
    ada = sit("Ada")
    first, second = ada.application.documents.new(), ada.application.documents.new()
    assert recent(second) == ["Untitled 2", "Untitled"]
    write(first, "# Garden plan\nWe plant herbs.")
    ada.until(lambda: recent(second) == ["Untitled 2", "Garden plan"])
    second.rename("Budget")
    ada.until(lambda: recent(first) == recent(second) == ["Budget", "Garden plan"])
    second.rename("Garden plan")
    ada.until(lambda: recent(first) == ["Garden plan (Untitled 2)", "Garden plan (Untitled)"])
    second.rename("Budget")
    ada.until(lambda: recent(first) == ["Budget", "Garden plan"])
    assert first.window.close()
    assert recent(second) == ["Budget", "Garden plan"]


def test_names_of_people_who_write_here_are_not_misspelt_also_once_they_have_gone(sit, team_server, monkeypatch):
    monkeypatch.setattr(spelling, "BEGIN", 0)
    ada, bo = sit("Ada"), sit("Benedikt Müller-Lüdenscheidt")
    ada.application.choices._settings = ada.application.choices.settings._replace(spelling="en")
    link = team_server.invite("plan")
    draft, mate = ada.join(link), bo.join(link)
    ada.until(lambda: "Benedikt Müller-Lüdenscheidt" in [row.person.name for row in draft.window.people.rows])
    write(draft, "Lüdenscheidt is far. Benedikt's beds are here. Beneditk said so. ")
    ada.until(lambda: misspelt(draft) == ["Beneditk"])
    assert mate.window.close()
    ada.until(lambda: len(list(draft.window.people.rows)) == 1)
    write(draft, "Benedikt realy said so. ")
    ada.until(lambda: misspelt(draft) == ["Beneditk", "realy"])


def test_whoever_is_cut_off_is_told_that_they_do_not_see_who_is_here(sit, team_server):
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    people = draft.window.people
    alone = "Nobody else is here now. Teammates appear while they and you are connected."
    cut_off = "You are not connected, so you do not see who else is here."
    assert alone in texts(people)
    team_server.process.kill()
    ada.until(lambda: cut_off in texts(people))
    assert alone not in texts(people)
    team_server.start()
    ada.until(lambda: alone in texts(people))


def test_whose_words_are_at_the_caret_is_said_while_the_page_is_shown_alone(sit):
    ada = sit("Ada")
    draft = ada.new()
    with draft.document.edit(Origin.ASSIST, record=AssistRecord("a1", model="small", by="Ada")) as edit:
        edit.insert(0, "herbs")
    draft.editor.set_caret(3)
    said = "Written by small, accepted by Ada"
    ada.until(lambda: said in texts(draft.window.status))
    draft.window.actions_["view_board"].trigger()
    ada.until(lambda: said not in texts(draft.window.status))
    draft.window.actions_["view_draft"].trigger()
    ada.until(lambda: said in texts(draft.window.status))
