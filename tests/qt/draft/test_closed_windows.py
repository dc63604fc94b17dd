"""What comes when a window has been closed: another click on its button, an answer that took long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenuBar, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.app.sharing.hosting import Hosting
from cowrite.sync.host import CannotHost, Invitation
from cowrite.sync.link import Link
from cowrite_server.wire.protocol import Role
from helpers.desk import Desk

OWN = Link("127.0.0.1", 4178, "room", "secret")


def close_twice(window: QWidget) -> None:
    """Tells a window of two presses of its closing button, as the system does when it was busy closing."""
    handle = window.windowHandle()
    for _ in range(2):
        QCoreApplication.sendEvent(handle, QCloseEvent())
    assert not window.isVisible()


def let_go() -> None:
    """Has what is closed be gone."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_window_can_be_closed_again_before_it_is_gone(desk: Desk, draft: Draft) -> None:
    other = desk.new()
    close_twice(draft.window)
    assert desk.application.documents.drafts == [other]


def test_no_menu_bar_is_left_beside_the_windows(draft: Draft) -> None:
    bars = [widget for widget in QApplication.allWidgets() if isinstance(widget, QMenuBar)]
    assert [bar.parent() for bar in bars] == [draft.window]


def test_a_window_of_history_can_be_closed_again_before_it_is_gone(desk: Desk, draft: Draft) -> None:
    close_twice(desk.application.show_history(draft))
    let_go()


def test_the_dialog_of_people_can_be_closed_again_before_it_is_gone(desk: Desk, draft: Draft) -> None:
    dialog = desk.application.sharing.show_people(draft).dialog
    dialog.reject()
    dialog.reject()
    let_go()


def test_the_dialog_of_sharing_goes_when_it_is_closed(desk: Desk, draft: Draft) -> None:
    desk.application.sharing.share(draft).dialog.close()
    let_go()
    assert draft.window.findChildren(QDialog) == []


def test_what_a_server_answers_about_people_when_the_window_has_gone_concerns_nobody(desk: Desk, draft: Draft) -> None:
    told: list[str] = []
    desk.new()
    answer = desk.application.sharing.show_people(draft)._while_open(told.append)
    assert draft.window.close()
    let_go()
    answer("a link")
    assert told == []


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_host_that_starts_when_the_window_has_gone_disturbs_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, by_itself: bool
) -> None:
    answers: list[tuple[Callable[[], object], Callable[[], object]]] = []

    def invite(_hosting: Hosting, _room: str, role: Role, then: Callable, failed: Callable) -> None:
        error = CannotHost(desk.paths.data, "There is no port.")
        answers.append((lambda: then(Invitation(role, (OWN,)), OWN), lambda: failed(error)))

    monkeypatch.setattr(Hosting, "invite", invite)
    sharing = desk.application.sharing
    desk.new()
    for fails in (False, True):
        draft = desk.new()
        if by_itself:
            keys = desk.application.keys
            keys.change(lambda keys, id=draft.document_id: keys.with_hosted(id, "room"))
            sharing.share_again(draft)
        else:
            dialog = sharing.share(draft).dialog
            dialog.host.host_requested.emit("editor")
            dialog.close()
        assert draft.window.close()
        let_go()
        answers.pop()[fails]()
        assert answers == []
        assert draft.shared is None
