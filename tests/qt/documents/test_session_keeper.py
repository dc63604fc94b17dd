"""What is open is noted for the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from cowrite.app.documents.session_keeper import SessionKeeper
from cowrite.core.sessions.sessions import Phase
from cowrite.core.sessions.sessions import Session as GroupSession
from cowrite.gui.session.presentation import Presentation
from cowrite.storage.errors import StorageFailed
from cowrite.storage.library import drives
from cowrite.storage.session import OpenDocument, Session, load_session, save_session
from helpers.desk import Desk, notices


def test_what_was_noted_is_written_again_by_itself_only_where_it_has_changed_or_was_not_written(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path, failures, written = tmp_path / "session.json", [StorageFailed(tmp_path, "it is away")], list[Session]()

    def keep(work: Callable[[], None]) -> None:
        if failures:
            failures.pop()
        else:
            work()
            written.append(load_session(path))

    keeper = SessionKeeper(path, keep, [], lambda: None, lambda: False)
    for _ in range(4):
        keeper._timer.timeout.emit()
    assert written == [Session()]
    keeper.note()  # as when a document has been opened or cowrite ends: another cowrite may have written meanwhile
    assert len(written) == 2


def test_a_document_on_a_drive_that_does_not_answer_keeps_the_others_from_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch
) -> None:
    path, near, far = tmp_path / "session.json", tmp_path / "near" / "a.cowrite", tmp_path / "far" / "b.cowrite"
    save_session(path, Session((OpenDocument(far), OpenDocument(near))))
    answers, opened = Event(), list[Path]()
    monkeypatch.setattr(drives, "is_file", lambda path: path == near or answers.wait())
    monkeypatch.setattr(drives, "PATIENCE", 0.3)
    keeper = SessionKeeper(path, lambda _work: None, [], lambda: None, lambda: False)
    try:
        assert keeper.restore(lambda path, _then: opened.append(path), lambda _id: None) == [far]
    finally:
        answers.set()
    assert opened == [near]


def test_a_document_that_was_called_by_its_title_just_before_a_kill_is_opened_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path, other, titled = (tmp_path / name for name in ("Untitled 2.cowrite", "Notes.cowrite", "Herbs.cowrite"))
    titled.touch()
    save_session(tmp_path / "session.json", Session((OpenDocument(path, id="herbs"), OpenDocument(other, id="notes"))))
    opened = list[Path]()
    keeper = SessionKeeper(tmp_path / "session.json", lambda _work: None, [], lambda: None, lambda: False)
    gone = keeper.restore(lambda path, _then: opened.append(path), {"herbs": titled, "notes": titled}.get)
    assert (opened, gone) == ([titled], [other])


def test_what_was_open_is_not_forgotten_while_one_is_asked_about_a_link_alone(desk: Desk, tmp_path: Path) -> None:
    before = Session((OpenDocument(tmp_path / "Herbs.cowrite"),))
    save_session(desk.paths.session, before)
    desk.application.start(["cowrite://garden.example:8765/plan#secret"])
    assert not desk.application.documents.drafts
    desk.application.session._timer.timeout.emit()
    kept = list[None]()
    desk.application.storage.run(lambda: None, kept.append)
    desk.until(lambda: bool(kept))
    assert load_session(desk.paths.session) == before
    desk.application.links.dialog.reject()


def test_that_what_is_open_cannot_be_noted_is_said_once_and_until_it_can_be(desk: Desk) -> None:
    draft, path, session = desk.new(), desk.paths.session, desk.application.session
    desk.until(path.is_file)
    path.unlink()
    (path / "in the way").mkdir(parents=True)
    session.note()
    desk.until(lambda: str(path) in notices(draft))
    draft.window.notices.remove("kept session")  # as by its cross
    session.note()
    desk.application.storage.run_now(lambda: None)
    QCoreApplication.processEvents()
    assert notices(draft) == ""
    (path / "in the way").rmdir()
    path.rmdir()
    session.note()
    desk.until(path.is_file)
    path.unlink()
    (path / "in the way").mkdir(parents=True)
    session.note()
    desk.until(lambda: str(path) in notices(draft))
    (path / "in the way").rmdir()
    path.rmdir()
    session.note()
    desk.until(lambda: notices(draft) == "")


def test_whoever_presents_comes_back_to_it_after_a_kill_and_to_the_tab_where_they_were(
    desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    draft, noted = desk.new(), desk.paths.session
    draft.brainstorming.brainstorm.sessions.begin(GroupSession("", "How might we rest?", phase=Phase.WRITE))
    draft.brainstorming.show("session")
    draft.window.actions_["session_present"].trigger()
    desk.until(lambda: noted.is_file() and load_session(noted).documents[0][-2:] == ("session", True))
    killed = noted.read_bytes()
    desk.leave()
    noted.write_bytes(killed)

    again = Desk(tmp_path / "home", qtbot)
    again.application.start([])
    (draft,) = again.application.documents.drafts
    assert draft.window.views.name == "session"
    again.until(lambda: draft.brainstorming.is_presented)
    assert isinstance(draft.brainstorming.sessions.presenting.front, Presentation)
    draft.brainstorming.sessions.presenting.end()
    again.until(lambda: not load_session(noted).documents[0].is_presented)
    again.leave()
