"""What a person is told who comes back to a document in which others have written: real windows, a real server."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cowrite.app.draft import absence
from cowrite.app.draft.draft import Draft
from cowrite.bridge.shared import document as shared_document
from cowrite.gui.history.window import HistoryWindow
from cowrite_server.wire.history import Naming
from helpers.commenting import select
from helpers.desk import SAVED, Desk, notices, same, server, write
from helpers.history_desk import added, an_hour_passes, key, open_history, text

pytestmark = pytest.mark.journey

HALF_AN_HOUR = 1800  # seconds


@pytest.fixture
def together(sit, team_server) -> tuple[Desk, Draft, Draft]:
    """Ada's desk, and a document in which she and Ben have written."""
    ada, ben = sit("Ada"), sit("Ben")
    draft, mate = ada.join(team_server.invite("plan")), ben.join(team_server.invite("plan"))
    for who, words in ((draft, "We meet on Monday.\nAll come."), (mate, "\nBring cake.")):
        who.editor.set_caret(who.document.length - 1)
        write(who, words)
        ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    return ada, draft, mate


def come_back(desk: Desk, path: Path, after: int = HALF_AN_HOUR) -> Draft:
    """Opens a document that was closed a moment ago, as it were so many seconds later."""
    then = time.time() - after
    os.utime(path, (then, then))
    draft = desk.open(path)
    sit_down(desk, draft)
    return draft


def sit_down(desk: Desk, draft: Draft) -> None:
    """Has a draft before oneself, in step with its server."""
    draft.come_to_front()
    desk.until(lambda: draft.window.isActiveWindow() and server(draft) == SAVED)


def press(draft: Draft, words: str) -> None:
    """Presses a button above the page."""
    buttons = draft.window.notices.findChildren(QPushButton)
    next(each for each in buttons if each.text() == words).click()


def gone(history: HistoryWindow) -> list[str]:
    """What the page strikes through, for it is there no more."""
    return [history.page.shown.rope.text(*part) for part in history.page.removed]


def test_who_comes_back_is_told_who_has_changed_the_text_and_shown_all_of_it_at_once(
    together, team_server, monkeypatch
):
    ada, draft, mate = together
    path = draft.path
    assert draft.window.close()
    an_hour_passes(team_server.data)
    ahead = 3600  # seconds by which Ada's clock is wrong
    for module in (absence, shared_document):
        monkeypatch.setattr(module, "milliseconds_now", lambda: time.time_ns() // 1_000_000 + ahead * 1000)
    select(mate, "We meet on Monday.\n")
    QTest.keyClick(mate.editor, Qt.Key.Key_Delete)
    named: list[object] = []
    mate.shared.history.name(Naming(0, "", "Nothing"), named.append, named.append)  # so that a moment ends
    ada.until(lambda: named)
    mate.editor.set_caret(mate.document.length - 1)
    write(mate, " Or not.")
    ada.until(lambda: server(mate) == SAVED)
    draft = come_back(ada, path, HALF_AN_HOUR - ahead)
    ada.until(lambda: "Ben has changed this document since you were here " in notices(draft))
    press(draft, "Show what is new")
    history = draft.window.findChild(HistoryWindow)
    ada.until(lambda: added(history) == [" Or not."] and gone(history) == ["We meet on Monday.\n"])
    assert "Since you were here" not in notices(draft)
    assert history.head.compare.isChecked()
    key(history.foot.slider, Qt.Key.Key_Home)
    assert not history.head.compare.isChecked()
    history.head.compare.click()
    ada.until(lambda: added(history) == [" Or not."] and gone(history) == ["We meet on Monday.\n"])
    history.head.compare.click()
    ada.until(lambda: added(history) == [" Or not."] and gone(history) == [])
    assert "Monday" not in history.page.toPlainText()  # which the last moment has not removed


def test_nobody_is_told_of_what_they_wrote_themselves_saw_or_have_just_missed(together, sit, team_server, tmp_path):
    ada, draft, mate = together
    path = draft.path
    assert draft.window.close()
    an_hour_passes(team_server.data)
    shutil.copytree(tmp_path / "Ada" / "data" / "keys", tmp_path / "laptop" / "data" / "keys")
    laptop = sit("Ada", at="laptop")
    other = laptop.joined(team_server.invite("plan"))
    write(other, "At home. ")
    laptop.until(lambda: server(other) == SAVED and same(other, mate))
    laptop.leave()
    draft = come_back(ada, path)
    ada.until(lambda: draft.absence.since is None)
    assert "since you were here" not in notices(draft)
    write(draft, "Hello. ")
    write(mate, "Yes. ")
    ada.until(lambda: server(draft) == server(mate) == SAVED and same(draft, mate))
    assert draft.window.close()
    write(mate, "No. ")
    ada.until(lambda: server(mate) == SAVED)
    draft = come_back(ada, path, 5 * 60)
    ada.until(lambda: same(draft, mate))
    assert draft.window.close()
    draft = come_back(ada, path)
    assert "since you were here" not in notices(draft)
    assert draft.absence.since is None


def test_who_wakes_the_computer_is_told_what_has_changed_while_it_slept(together, monkeypatch):
    ada, draft, mate = together
    sit_down(ada, draft)
    monkeypatch.setattr(absence, "milliseconds_now", lambda: (time.time_ns() // 1_000_000) + HALF_AN_HOUR * 1000)
    offline = draft.window.actions_["work_offline"]
    offline.setChecked(True)
    ada.until(lambda: draft.connection.is_apart)
    write(mate, "Soon. ")
    ada.until(lambda: server(mate) == SAVED)
    offline.setChecked(False)
    ada.until(lambda: "Ben has changed this document since you were here " in notices(draft))


def test_what_came_while_another_window_was_in_front_is_told_at_the_next_start_too(
    together, sit, team_server, monkeypatch
):
    ada, draft, mate = together
    an_hour_passes(team_server.data)
    monkeypatch.setattr(absence, "AWAY", 0)
    monkeypatch.setattr(absence, "BEHIND", 0)
    sit_down(ada, draft)
    history = open_history(ada, draft, 0)
    ada.until(lambda: text(history))
    other = ada.new()
    ada.until(other.window.isActiveWindow)
    write(mate, "Soon. ")
    ada.until(lambda: server(mate) == SAVED and same(draft, mate))
    sit_down(ada, draft)
    ada.until(lambda: "Ben has changed this document since you were here today at " in notices(draft))
    press(draft, "Show what is new")
    ada.until(lambda: added(history) == ["Soon. "])
    assert history.head.compare.isVisible()
    assert history.head.compare.isChecked()
    other.come_to_front()
    ada.until(other.window.isActiveWindow)
    write(mate, "Later. ")
    ada.until(lambda: server(mate) == SAVED and same(draft, mate))
    path = draft.path
    ada.leave()
    ada = sit("Ada")
    draft = ada.open(path)
    sit_down(ada, draft)
    ada.until(lambda: "Ben has changed this document since you were here today at " in notices(draft))
    draft.connection.stop_sharing()  # there is no history any more in which that could be shown
    assert "since you were here" not in notices(draft)
