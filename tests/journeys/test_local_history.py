"""The history of a document that is on this computer only: real windows, real files, no server."""

from __future__ import annotations

import random
import shutil
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QPushButton

from cowrite.app.draft import absence
from cowrite.app.history import flow as history_flow
from cowrite.core.comments.comments import Author, Comments
from cowrite.core.decisions.decisions import Decision, Decisions
from cowrite.core.text.origin import Origin
from cowrite.gui.history.moments_list import PLACE_ROLE
from cowrite.gui.history.window import HistoryWindow
from cowrite.storage.document.reading import DocumentReader
from cowrite.sync.history_folder import HistoryFolder
from cowrite.sync.link import Link
from cowrite_server.errors import StoreFailed
from cowrite_server.history.history import History
from cowrite_server.rooms.loading import Loader
from cowrite_server.wire.history import MomentList
from helpers.desk import SAVED, notices, server, texts, write
from helpers.history_desk import an_hour_passes, answer, kept, key, open_history, text, written_by
from helpers.keys import press_text

pytestmark = pytest.mark.journey


def test_what_somebody_writes_alone_can_be_looked_at_and_brought_back_after_a_restart(alone):
    ada, draft = alone
    history = open_history(ada, draft, 2)
    ada.until(lambda: removed(history) == ["We meet on Monday."])
    history.head.copy.click()
    assert QGuiApplication.clipboard().text().strip() == text(history) == "Never mind."
    (gone,) = history.page.removed
    history.page.setTextCursor(cursor_over(history, *gone))
    history.head.copy.click()
    assert QGuiApplication.clipboard().text() == "We meet on Monday."
    html = QGuiApplication.clipboard().mimeData().html()
    assert "We meet on Monday." in html
    assert "<s>" not in html
    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: text(history) == "We meet on Monday.")
    assert written_by(history) == {"Ada": "We meet on Monday.\n"}
    then = history.page.shown
    Comments(then, chance=random.Random(1), clock=lambda: 1).add(11, 17, "Which one?", Author("Bo", "", ""))
    there = Decisions(then, chance=random.Random(1), clock=lambda: 1)
    there.add(Decision("", "When?", evidence=(there.evidence(11, 17),)))
    draft.document.apply_remote(then.update_since(draft.document.state_vector()))
    decisions = draft.brainstorming.brainstorm.decisions
    assert decisions.is_stale(decisions.all()[0])
    assert [each.place for each in draft.comments.placed()] == [None]
    history.head.restore.click()
    assert "everybody" not in answer(history, "Restore")
    ada.until(lambda: draft.document.text() == "We meet on Monday.\n")
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    assert "The history keeps what was there before." in notices(draft)
    assert [each.place for each in draft.comments.placed()] == [(11, 17)]
    assert not decisions.is_stale(decisions.all()[0])
    history = open_history(ada, draft, 3)
    key(history.foot.slider, Qt.Key.Key_Left)
    ada.until(lambda: history.foot.count.text() == "2 of 3" and text(history) == "Never mind.")


def days(history: HistoryWindow) -> list[str]:
    """The days that the list of moments names."""
    model = history.side.moments.model()
    lines = [model.index(line, 0) for line in range(model.rowCount())]
    return [line.data() for line in lines if line.data(PLACE_ROLE) < 0]


def test_what_history_brings_back_beyond_midnight_undo_neither_takes_back_nor_doubles_and_it_is_no_news(
    alone, team_server, monkeypatch
):
    ada, draft = alone
    monkeypatch.setattr(absence, "AWAY", 0)
    history = open_history(ada, draft, 2)
    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: history.head.restore.isEnabled() and text(history) == "We meet on Monday.")
    before = days(history)
    tomorrow = QDateTime.currentDateTime().addDays(1)
    with monkeypatch.context() as patched:
        patched.setattr(history_flow, "QDateTime", SimpleNamespace(currentDateTime=lambda: tomorrow))
        draft.findChild(history_flow.HistoryFlow)._day_timer.timeout.emit()
    assert before != days(history)
    assert "Today" not in days(history)
    assert text(history) == "We meet on Monday."
    history.head.restore.click()
    answer(history, "Restore")
    ada.until(lambda: "Monday" in draft.document.text())
    for _ in range(2):
        draft.editor.undo_own()
        assert draft.document.text() == "We meet on Monday.\n"
    ada.until(lambda: not draft.window.actions_["undo"].isEnabled())
    draft.connection.share(Link.parse(team_server.invite("plan", "owner")), again=False)
    draft.come_to_front()
    ada.until(lambda: draft.window.isActiveWindow() and server(draft) == SAVED)
    assert draft.absence.since is None


def test_a_document_whose_cowrite_ends_before_history_has_brought_back_what_was_stays_as_it_is(alone, sit):
    ada, draft = alone
    path = draft.path
    history = open_history(ada, draft, 2)
    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: history.head.restore.isEnabled() and text(history))
    history.head.restore.click()
    answer(history, "Restore")
    history.foot.slider.setValue(1)
    ada.leave()  # as where the system ends it; with that all is told that there was to be told
    ada = sit("Ada")
    assert ada.open(path).document.text() == "Never mind.\n"


def test_nothing_is_brought_back_over_what_the_history_could_not_take_in(alone, monkeypatch, caplog):
    ada, draft = alone
    history = open_history(ada, draft, 2)

    async def refuse(*_arguments: object) -> None:
        raise StoreFailed("its disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(HistoryFolder, "keep", refuse)
        press_text(draft.editor, "Still here. ")
        history.close()
        ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
        history = open_history(ada, draft, 2)
        assert "could not be added" in said(history)
        key(history.foot.slider, Qt.Key.Key_Home)
        ada.until(lambda: history.head.restore.isEnabled() and text(history))
        history.head.restore.click()
        answer(history, "Restore")
        ada.until(lambda: "its disk is full" in said(history))
    assert "Still here." in draft.document.text()
    caplog.clear()
    history.head.restore.click()
    answer(history, "Restore")
    ada.until(lambda: draft.document.text() == "We meet on Monday.\n")


def test_what_a_backup_lacks_that_took_the_place_of_a_document_can_be_brought_back(alone, sit, tmp_path):
    ada, draft = alone
    path, backup = draft.path, tmp_path / "backup"
    ada.leave()
    shutil.copy(path, backup)
    ada = sit("Ada")
    draft = ada.open(path)
    press_text(draft.editor, "Lost. ")
    ada.leave()
    an_hour_passes(ada.paths.histories)
    shutil.copy(backup, path)
    ada = sit("Ada")
    draft = ada.open(path)
    history = open_history(ada, draft, 3)
    assert text(history) == "Never mind."
    key(history.foot.slider, Qt.Key.Key_Left)
    ada.until(lambda: history.head.restore.isEnabled() and text(history) == "Lost. Never mind.")
    history.head.restore.click()
    answer(history, "Restore")
    ada.until(lambda: draft.document.text() == "Lost. Never mind.\n")


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No history keeps what it has read, as none does for as long as passes in the test."""
    monkeypatch.setattr(History.__init__, "__defaults__", (0.0,))


@pytest.mark.usefixtures("forgetful")
def test_a_history_begins_with_what_was_there_and_takes_up_what_came_about_without_it(sit):
    ada = sit("Ada")
    draft = ada.new()
    write(draft, "Old words.")
    path = draft.path
    ada.leave()
    ada = sit("Ada")
    ada.application.choices.set_history(True)
    draft = ada.open(path)
    history = open_history(ada, draft, 1)
    ada.until(lambda: written_by(history) == {"Written before": "Old words.\n"})
    ada.application.choices.set_history(False)
    write(draft, "Unseen. ")
    ada.until(lambda: "does not come into this history" in said(history))
    ada.application.choices.set_history(True)
    an_hour_passes(ada.paths.histories)
    history.close()
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    history = open_history(ada, draft, 2)
    assert "Unseen." in text(history)


def removed(history: HistoryWindow) -> list[str]:
    """What the page strikes through, for the moment has removed it."""
    return [history.page.shown.rope.text(start, stop) for start, stop in history.page.removed]


def cursor_over(history: HistoryWindow, start: int, stop: int) -> QTextCursor:
    cursor = history.page.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def said(history: HistoryWindow) -> str:
    """What is said above the page."""
    return "\n".join(texts(history.notices))


def test_who_does_not_want_histories_kept_has_none_and_can_change_their_mind_in_the_window(sit):
    ada = sit("Ada")
    draft = ada.new()
    press_text(draft.editor, "Secret words.")
    history = open_history(ada, draft, 0)
    ada.until(lambda: "as your preferences say" in history.message.sentence.text())
    assert not ada.paths.histories.exists() or b"Secret words." not in kept(ada.paths)
    assert not history.head.restore.isVisible()
    assert not history.head.delete.isVisible()

    def offered() -> list[QPushButton]:
        return [each for each in history.message.findChildren(QPushButton) if each.isVisible()]

    ada.until(offered)
    offered()[0].click()
    ada.until(lambda: text(history) == "Secret words.")
    assert ada.application.choices.settings.history


def test_a_history_that_is_deleted_is_gone_from_the_disk_with_the_pictures_that_it_alone_had_and_begins_anew(alone):
    ada, draft = alone
    files = {which: random.Random(which).randbytes(20_000) for which in ("gone", "back", "stays", "later")}
    names = {which: draft.images.put(file, "image/png") for which, file in files.items()}
    for name in names.values():
        draft.editor.set_caret(0)
        draft.editor.edits.insert_embed({"image": name})
    for at in (3, 2):
        draft.document.steps.begin()
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.delete(at, 1)
    history = open_history(ada, draft, 2)
    assert b"We meet on Monday." in kept(ada.paths)
    assert history.head.delete.isVisible()
    history.head.delete.click()
    assert "for good" in answer(history, "Delete")
    ada.until(lambda: history.foot.count.text() == "1 of 1" and "Never mind." in text(history))
    assert b"We meet on Monday." not in kept(ada.paths)  # though undo would still bring it back
    draft.document.undo()
    assert draft.document.length == 3 + len("Never mind.\n")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(0, 1)  # the history that has begun shows it
    press_text(draft.editor, "Anew.")
    path = draft.path
    assert draft.window.close()
    ada.until(lambda: not ada.application.documents.drafts)
    with DocumentReader(path) as reader:
        assert [which for which, name in names.items() if reader.blob(name)] == ["back", "stays", "later"]
    assert files["gone"][:64] not in path.read_bytes()
    ada.leave()
    assert b"Anew." in kept(ada.paths)


def test_pictures_stay_where_nobody_can_read_whether_a_sealed_note_shows_them(alone, caplog):
    ada, draft = alone
    name = draft.images.put(b"a picture", "image/png")
    history = open_history(ada, draft, 2)
    history.head.delete.click()
    answer(history, "Delete")
    ada.until(lambda: history.foot.count.text() == "1 of 1" and text(history))
    draft.sealed.mkdir(parents=True)
    assert draft.window.close()
    assert "cannot be read" in caplog.text
    caplog.clear()
    with DocumentReader(draft.path) as reader:
        assert reader.blob(name)


@pytest.mark.usefixtures("forgetful")
def test_a_shared_document_has_the_servers_history_and_its_own_again_when_it_is_not_shared_any_more(sit, team_server):
    ada = sit("Ada", keeps_history=True)
    draft = ada.new()
    write(draft, "Mine.")
    history = open_history(ada, draft, 1)
    draft.connection.share(Link.parse(team_server.invite("plan", "owner")), again=False)
    ada.until(lambda: server(draft) == SAVED)
    ada.until(lambda: history.foot.count.text() == "1 of 1" and not history.head.delete.isVisible())
    ben = sit("Ben")
    mate = ben.join(team_server.invite("plan"))
    ada.until(lambda: server(mate) == SAVED)
    mate.editor.set_caret(0)
    write(mate, "His. ")
    ada.until(lambda: draft.document.text().startswith("His."))
    an_hour_passes(ada.paths.histories)
    draft.connection.stop_sharing()
    ada.until(lambda: history.head.delete.isVisible() and history.foot.count.text() == "2 of 2" and text(history))
    assert written_by(history)["Written before"] == "His. "
    assert written_by(history)["Ada"] == "Mine.\n"


def test_who_opens_a_document_and_leaves_at_once_does_not_wait_until_its_history_is_read(alone, sit, monkeypatch):
    ada, draft = alone
    path = draft.path

    async def refuse(*_arguments: object) -> None:
        raise StoreFailed("nobody is to wait for it")

    with monkeypatch.context() as patched:
        patched.setattr(Loader, "load", refuse)
        press_text(draft.editor, "Quick.")
        ada.leave()
    assert b"Quick." in kept(ada.paths)
    ada = sit("Ada")
    history = open_history(ada, ada.open(path), 2)
    assert text(history) == "Never mind.Quick."
    assert written_by(history) == {"Ada": "Never mind.Quick.\n"}


def test_what_is_left_when_a_desk_is_left_at_once_is_kept(sit):
    ada = sit("Ada", keeps_history=True)
    draft = ada.new()
    press_text(draft.editor, "Quick.")
    ada.leave()
    assert b"Quick." in kept(ada.paths)


def test_what_closing_takes_out_of_a_file_is_the_persons_own_in_the_history(sit):
    ada = sit("Ada", keeps_history=True)
    draft = ada.new()
    write(draft, "herbs")
    comments = draft.comments.flow.comments
    comments.remove(comments.add(0, 5, "marigold", Author("Ada", "#c4314b")))
    path = draft.path
    ada.leave()
    assert b"marigold" not in path.read_bytes()
    ada = sit("Ada")
    found: list[MomentList] = []
    ada.open(path).history.local.ask_moments(found.append, pytest.fail)
    ada.until(lambda: found)
    assert [len(moment.members) for moment in found[0].moments] == [1]
    assert None not in found[0].moments[0].members
