"""Suggesting changes of a shared draft: real applications, a real server, and what it lets a suggester do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.core.entries.authors import Author
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.writing.tables import table_at
from cowrite_server.wire.protocol import Role
from helpers.assisted import uses
from helpers.desk import SAVED, Desk, hear_role, notices, same, server, write
from helpers.suggested import overwrite, rows, suggest
from helpers.suggesting import marked
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey
REFUSED = "The server did not take"


@pytest.fixture
def bo(sit: Callable[..., Desk]) -> Desk:
    return sit("Bo")


@pytest.fixture
def mate(bo: Desk, draft: Draft, team_server: TeamServer) -> Draft:
    """A suggester's copy of it."""
    mate = bo.join(team_server.invite("plan", "suggester"))
    bo.until(lambda: mate.document.text() == draft.document.text() and mate.document.suggester is not None)
    return mate


def test_what_a_suggester_writes_is_marked_and_an_editor_rejects_it_takes_that_back_or_accepts_it(bo, draft, mate):
    assert "What you write is marked" in notices(mate)
    overwrite(mate, "plant", "grow")
    bo.until(lambda: marked(draft.document) == "We [-plant-]{+grow+} herbs." and server(mate) == SAVED)
    rows(draft)[0].reject.click()
    bo.until(lambda: marked(mate.document) == "We plant herbs.")
    draft.editor.undo_own()
    bo.until(lambda: marked(mate.document) == "We [-plant-]{+grow+} herbs.")
    (row,) = rows(draft)
    assert (row.name.text(), row.change.goes, row.change.comes) == ("Bo", "plant", "grow")
    row.accept.click()
    bo.until(lambda: mate.document.text() == "We grow herbs.")
    assert not rows(draft)
    QTest.keyClick(mate.editor, Qt.Key.Key_End)
    QTest.keyClicks(mate.editor, " Yes.")
    bo.until(lambda: marked(draft.document) == "We grow herbs.{+ Yes.+}" and server(mate) == SAVED)
    assert REFUSED not in notices(mate)


def test_an_editor_is_told_once_that_changes_are_suggested_and_has_them_shown(bo, draft, mate):
    overwrite(mate, "plant", "grow")
    bo.until(lambda: "A change is suggested in this text." in notices(draft))
    overwrite(mate, "We", "You")
    bo.until(lambda: "2 changes are suggested in this text." in notices(draft))
    draft.window.notices.answered.emit("changes", "show_changes")
    assert draft.window.panels.changes is not None
    assert draft.window.panels.changes.isVisible()
    bo.until(lambda: "suggested in this text" not in notices(draft))
    assert "suggested in this text" not in notices(mate)
    draft.window.actions_["show_changes"].setChecked(False)
    overwrite(mate, "herbs", "sage")
    bo.until(lambda: len(draft.changes.flow.changes.all()) == 3)
    draft.changes.flow.refresh()
    assert "suggested in this text" not in notices(draft)


def test_a_suggester_withdraws_only_what_they_have_suggested_themselves_and_nobody_is_told_of_it_any_more(
    bo, draft, mate
):
    draft.window.actions_["suggest_changes"].setChecked(True)
    overwrite(draft, "herbs", "sage")
    bo.until(lambda: marked(mate.document) == "We plant [-herbs-]{+sage+}.")
    overwrite(mate, "plant", "grow")
    bo.until(lambda: len(rows(mate)) == 2 and "A change is suggested in this text." in notices(draft))
    mine, theirs = rows(mate)
    assert (mine.accept.isHidden(), mine.reject.text()) == (True, "Withdraw")
    assert theirs.accept.isHidden()
    assert theirs.reject.isHidden()
    mate.window.actions_["accept_changes"].trigger()
    assert marked(mate.document) == "We [-plant-]{+grow+} [-herbs-]{+sage+}."
    mate.window.actions_["reject_changes"].trigger()
    assert marked(mate.document) == "We plant [-herbs-]{+sage+}."
    bo.until(lambda: marked(draft.document) == marked(mate.document) and server(mate) == SAVED)
    bo.until(lambda: "suggested in this text" not in notices(draft))


def test_a_suggester_undoes_and_redoes_what_they_have_suggested(bo, draft, mate):
    overwrite(mate, "plant", "grow")
    QTest.keyClick(mate.editor, Qt.Key.Key_Home)
    QTest.keyClicks(mate.editor, "Then")
    QTest.keyClick(mate.editor, Qt.Key.Key_Return)
    bo.until(lambda: marked(draft.document) == "{+Then¶+}We [-plant-]{+grow+} herbs.")
    while mate.document.can_undo():
        mate.editor.undo_own()
    bo.until(lambda: marked(draft.document) == "We plant herbs." and server(mate) == SAVED)
    while mate.document.can_redo():
        mate.editor.redo_own()
    bo.until(lambda: marked(draft.document) == "{+Then¶+}We [-plant-]{+grow+} herbs." and server(mate) == SAVED)
    assert REFUSED not in notices(mate)


def test_what_was_suggested_without_network_arrives_when_it_is_back(sit, bo, draft, mate, team_server):
    team_server.process.kill()
    bo.until(lambda: server(mate).startswith("Offline"))
    overwrite(mate, "plant", "grow")
    path = mate.path
    bo.leave()
    bo = sit("Bo")
    again = bo.open(path)
    assert again.document.suggester is not None
    overwrite(again, "herbs", "sage")
    team_server.start()
    bo.until(lambda: marked(draft.document) == "We [-plant-]{+grow+} [-herbs-]{+sage+}.")
    bo.until(lambda: server(again) == SAVED)
    assert REFUSED not in notices(again)


def test_words_that_two_decide_on_otherwise_are_not_lost_where_both_quit_before_they_hear_of_it(
    sit, bo, ada, draft, team_server
):
    mate = bo.join(team_server.invite("plan"))
    bo.until(lambda: same(draft, mate))
    suggest(draft, "plant", "grow")
    bo.until(lambda: marked(mate.document) == "We [-plant-]{+grow+} herbs.")
    for each, action in ((draft, "accept_changes"), (mate, "reject_changes")):
        each.window.actions_["work_offline"].setChecked(True)
        each.window.actions_[action].trigger()
    paths = draft.path, mate.path
    ada.leave()
    bo.leave()
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.open(paths[0]), bo.open(paths[1])
    assert (marked(draft.document), marked(mate.document)) == ("We grow herbs.", "We plant herbs.")
    kept = [list(each.paths.decided_changes.glob("*.json")) for each in (ada, bo)]
    assert [len(each) for each in kept] == [1, 1]
    bo.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED)
    assert marked(draft.document) in ("We grow herbs.", "We plant herbs.")


def test_a_suggester_changes_nothing_but_the_text_and_its_pictures_and_in_a_copy_of_their_own_everything(
    bo, draft, mate, picture, tmp_path
):
    mate.rename("Mine")
    assert mate.document.meta.title == ""
    mate.window.actions_["view_board"].trigger()
    assert mate.window.views.current.read_only.startswith("You may suggest changes")
    mate.window.actions_["view_draft"].trigger()
    mate.editor.selectAll()
    mate.window.actions_["bold"].trigger()
    mate.window.actions_["heading_1"].trigger()
    assert "Only words can be suggested" in notices(mate)
    assert [dict(span.attributes) for span in mate.document.spans()] == [{}]
    assert not mate.window.actions_["suggest_changes"].isEnabled()
    assert server(mate) == SAVED

    copies = []
    mate.save_copy(path := tmp_path / "Mine.cowrite", lambda: copies.append(path))
    bo.until(lambda: copies)
    copy = bo.open(path)
    assert copy.document.suggester is None
    copy.rename("Mine")
    overwrite(copy, "plant", "grow")
    assert (copy.document.meta.title, marked(copy.document)) == ("Mine", "We grow herbs.")

    mate.editor.set_caret(0)
    name = mate.images.put(picture, "image/png")
    mate.editor.edits.insert_embed({"image": name})
    bo.until(lambda: draft.images.original(name) is not None and server(mate) == SAVED)
    assert REFUSED not in notices(mate)


@pytest.fixture
def picture() -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage

    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return content.data()


def test_who_becomes_a_suggester_goes_on_suggesting_and_so_does_who_has_chosen_to_and_could_only_read(ada, draft):
    hear_role(draft, Role.SUGGESTER)
    ada.until(lambda: draft.document.suggester is not None)
    assert not draft.document.can_undo()
    overwrite(draft, "plant", "grow")
    assert marked(draft.document) == "We [-plant-]{+grow+} herbs."
    hear_role(draft, Role.EDITOR)
    ada.until(draft.window.actions_["suggest_changes"].isEnabled)

    assert draft.document.suggester is None
    draft.window.actions_["suggest_changes"].setChecked(True)
    hear_role(draft, Role.VIEWER)
    assert draft.document.suggester is None
    hear_role(draft, Role.EDITOR)
    overwrite(draft, "herbs", "sage")
    assert marked(draft.document) == "We [-plant-]{+grow+} [-herbs-]{+sage+}."


def test_the_assistants_words_that_a_suggester_takes_are_marked_as_its_own_and_stay_so(bo, draft, mate):
    from cowrite.core.document.assists import Act, AssistRecord

    record = AssistRecord("a" * 8, task="rewrite", act=Act.GENERATED, model="tiny")
    with mate.document.edit(Origin.ASSIST, record=record) as edit:
        edit.insert(2, " all")
    bo.until(lambda: marked(draft.document) == "We{+ all+} plant herbs." and server(mate) == SAVED)
    assert [use.record.model for use in uses(draft.document)] == ["tiny"]
    rows(draft)[0].accept.click()
    bo.until(lambda: marked(mate.document) == "We all plant herbs.")
    assert "a" * 8 in mate.document.assists
    assert [use.record.model for use in uses(mate.document)] == ["tiny"]
    assert REFUSED not in notices(mate)


def test_what_a_suggester_goes_on_writing_while_an_editor_decides_is_not_lost(bo, draft, mate):
    begun = draft.document.text()
    for how, is_first in product(("accept", "reject"), (True, False)):
        QTest.keyClick(mate.editor, Qt.Key.Key_End)
        QTest.keyClicks(mate.editor, " And sage")
        bo.until(lambda: marked(draft.document) == "We plant herbs.{+ And sage+}" and server(mate) == SAVED)
        (row,) = rows(draft)
        decide = getattr(row, how).click
        if not is_first:
            decide()
        QTest.keyClicks(mate.editor, ", too.")
        mate.document.settle()
        if is_first:
            decide()
        bo.until(lambda: marked(draft.document) == marked(mate.document) and server(mate) == server(draft) == SAVED)
        if how == "reject":
            assert marked(mate.document) == "We plant herbs.{+, too.+}", (how, is_first)
        else:  # what the server had before the decision goes with the rest of its change
            left = marked(mate.document).replace("{+", "").replace("+}", "")
            assert left == "We plant herbs. And sage, too.", (how, is_first)
        assert REFUSED not in notices(mate), (how, is_first)

        draft.window.actions_["accept_changes"].trigger()  # and from the beginning again
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.delete(len(begun), draft.document.length - len(begun))
        bo.until(lambda: marked(draft.document) == marked(mate.document) == begun)


@pytest.mark.parametrize("decide", ["accept", "reject"])
def test_a_decision_of_who_was_made_a_suggester_meanwhile_stands_as_a_whole_once_they_are_an_editor_again(
    ada, bo, draft, mate, team_server, decide
):
    overwrite(mate, "plant", "grow")
    bo.until(lambda: marked(draft.document) == "We [-plant-]{+grow+} herbs." and server(mate) == SAVED)
    member = str(draft.shared.members.me)
    draft.window.actions_["work_offline"].setChecked(True)
    getattr(rows(draft)[0], decide).click()
    decided = {"accept": "We grow herbs.", "reject": "We plant herbs."}[decide]
    assert marked(draft.document) == decided
    team_server.make("suggester", "plan", member)
    draft.window.actions_["work_offline"].setChecked(False)
    ada.until(lambda: REFUSED in notices(draft))
    assert marked(mate.document) == "We [-plant-]{+grow+} herbs."
    assert marked(draft.document) == decided
    team_server.make("editor", "plan", member)
    ada.until(lambda: server(draft) == SAVED and marked(mate.document) == marked(draft.document))
    assert marked(draft.document) == decided
    assert REFUSED not in notices(draft)


def test_a_card_says_what_is_no_text(draft):
    draft.window.actions_["suggest_changes"].setChecked(True)
    draft.editor.set_caret(0)
    draft.editor.edits.insert_divider()
    (row,) = rows(draft)
    assert row.words.accessibleName() == "Add “[divider]¶”"
    row.reject.click()
    draft.editor.set_caret(2)
    draft.editor.edits.insert_page_break()
    (row,) = rows(draft)
    assert row.words.accessibleName() == "Add “[page break]”"


def test_keys_lead_through_changes_that_meet_and_decide_the_one_that_is_shown(draft):
    for name, start, letters in (("Bo", 2, "x"), ("Cleo", 3, "longer")):
        who = Author(name, "#2f5fd0", name)
        draft.document.suggester = SuggestedChanges(draft.document, lambda who=who: who, chance=Random(), clock=int)
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.insert(start, letters)
            if name == "Cleo":
                edit.delete(2, 1)
    draft.document.suggester = None
    assert marked(draft.document) == "We[-{+x+}-]{+longer+} plant herbs."
    bos, cleos = rows(draft)
    draft.window.actions_["next_change"].trigger()
    met = [draft.changes.flow.at_caret()]
    for _ in range(2):
        draft.window.actions_["next_change"].trigger()
        met.append(draft.changes.flow.at_caret())
    assert met[0] == met[2] != met[1]
    cleos.go.click()
    draft.window.actions_["reject_change"].trigger()
    assert marked(draft.document) == "We{+x+} plant herbs."
    assert [row.change.id for row in rows(draft)] == [bos.change.id]


def test_what_an_editor_has_accepted_stays_though_the_suggester_undoes_it(bo, draft, mate):
    QTest.keyClick(mate.editor, Qt.Key.Key_End)
    QTest.keyClicks(mate.editor, " And sage.")
    bo.until(lambda: marked(draft.document) == "We plant herbs.{+ And sage.+}" and server(mate) == SAVED)
    rows(draft)[0].accept.click()
    bo.until(lambda: marked(mate.document) == "We plant herbs. And sage.")
    mate.editor.undo_own()
    QTest.keyClick(mate.editor, Qt.Key.Key_Home)
    QTest.keyClicks(mate.editor, "So: ")
    bo.until(lambda: marked(draft.document) == marked(mate.document) == "{+So: +}We plant herbs. And sage.")
    bo.until(lambda: server(mate) == server(draft) == SAVED)
    assert REFUSED not in notices(mate)


def test_a_suggester_who_was_away_takes_back_what_was_accepted_meanwhile_and_goes_on(sit, bo, draft, mate, team_server):
    QTest.keyClick(mate.editor, Qt.Key.Key_End)
    QTest.keyClicks(mate.editor, " And sage")
    bo.until(lambda: marked(draft.document) == "We plant herbs.{+ And sage+}" and server(mate) == SAVED)
    mate.window.actions_["work_offline"].trigger()
    rows(draft)[0].accept.click()
    QTest.keyClick(mate.editor, Qt.Key.Key_Backspace)
    QTest.keyClicks(mate.editor, "o")
    mate.document.settle()
    bo.until(lambda: server(draft) == SAVED)
    mate.window.actions_["work_offline"].trigger()
    bo.until(lambda: marked(draft.document) == marked(mate.document) and server(mate) == server(draft) == SAVED)
    assert marked(mate.document) in ("We plant herbs. And sage{+o+}", "We plant herbs. And sag{+o+}e")
    QTest.keyClicks(mate.editor, "!")
    bo.until(lambda: "!" in marked(draft.document) and server(mate) == SAVED)
    assert REFUSED not in notices(mate)


def test_a_suggester_goes_on_in_what_an_editor_has_rejected_and_brought_back(bo, draft, mate):
    QTest.keyClick(mate.editor, Qt.Key.Key_End)
    QTest.keyClicks(mate.editor, " And sage")
    bo.until(lambda: marked(draft.document) == "We plant herbs.{+ And sage+}" and server(mate) == SAVED)
    rows(draft)[0].reject.click()
    draft.editor.undo_own()
    bo.until(
        lambda: (
            marked(mate.document) == marked(draft.document) == "We plant herbs.{+ And sage+}" and server(draft) == SAVED
        )
    )
    QTest.keyClick(mate.editor, Qt.Key.Key_End)
    QTest.keyClick(mate.editor, Qt.Key.Key_Backspace)
    QTest.keyClicks(mate.editor, "o")
    bo.until(
        lambda: (
            marked(draft.document) == marked(mate.document)
            and "o" in marked(mate.document)[-4:]
            and server(mate) == SAVED
        )
    )
    assert REFUSED not in notices(mate)


@pytest.fixture
def other_bo(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """The desk of somebody else who is called Bo."""
    desk = Desk(tmp_path / "other", qtbot, "Bo")
    yield desk
    desk.leave()


def test_of_two_people_of_one_name_each_change_says_whose_it_is(bo, other_bo, draft, mate, team_server):
    other = other_bo.join(team_server.invite("plan", "suggester"))
    other_bo.until(lambda: other.document.text() == draft.document.text() and other.document.suggester is not None)
    overwrite(mate, "plant", "grow")
    overwrite(other, "herbs", "sage")
    bo.until(lambda: marked(draft.document) == "We [-plant-]{+grow+} [-herbs-]{+sage+}.")
    bo.until(lambda: [row.name.text() for row in rows(other)] == ["Bo", "Bo (2)"])
    QTest.keyClicks(other.editor, "s")
    bo.until(lambda: marked(draft.document) == "We [-plant-]{+grow+} [-herbs-]{+sages+}.")
    rows(other)[1].reject.click()
    bo.until(lambda: marked(draft.document) == "We [-plant-]{+grow+} herbs." and server(other) == SAVED)
    assert [row.name.text() for row in rows(draft)] == ["Bo"]
    assert REFUSED not in notices(other)


def test_a_suggester_suggests_rows_columns_and_words_of_a_table(bo, draft, mate):
    draft.editor.set_caret(0)
    draft.editor.tables.insert(2, 2)
    write(draft, "a\tb\tc\td")
    bo.until(lambda: mate.document.text() == draft.document.text())
    table = table_at(mate.document, mate.document.text().index("a\n"))
    assert table is not None
    mate.editor.set_caret(table.rows[1][0].start)
    mate.editor.tables.delete_rows()
    mate.editor.set_caret(table.rows[0][1].end)
    QTest.keyClicks(mate.editor, "!")
    mate.editor.tables.add_row(below=True)
    QTest.keyClicks(mate.editor, "new")
    mate.editor.tables.add_column(behind=False)
    bo.until(lambda: mate.document.text() == draft.document.text() and server(mate) == SAVED)
    assert REFUSED not in notices(mate)
    draft.changes.flow.refresh()
    draft.window.actions_["accept_changes"].trigger()
    rows = table_at(draft.document, draft.document.text().index("a\n"))
    assert rows is not None
    texts = [[draft.document.rope.text(cell.start, cell.end) for cell in row] for row in rows.rows]
    assert texts == [["a", "", "b!"], ["", "", "new"]]
