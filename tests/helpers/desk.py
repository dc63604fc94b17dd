"""A person's desk: one Application with a home of its own, in the test's process."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.application import Application
from cowrite.app.draft.draft import Draft
from cowrite.app.sharing import joining
from cowrite.app.sharing.share_flow import ShareFlow
from cowrite.bridge.shared.document import SharedDocument
from cowrite.core.text.richtext import joined
from cowrite.gui.people.members_dialog import MembersDialog
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Person, Settings, save_settings
from cowrite.sync.transport_events import Received
from cowrite_server.wire.members import role_message
from cowrite_server.wire.protocol import Role
from helpers.keys import press, press_text
from helpers.processes import free_port

SAVED = "Saved on the server"
"""What the status strip says once everything has arrived there."""
SHARED = "Shared from this computer"
"""The same, where the server is within the app."""


class Desk:
    """Starts an application; `leave` ends it as closing the last window does, so that it can start again.

    Histories of documents that are not shared are kept where a test asks for it: each takes a database. Between two
    keys there is no pause that ends a step of undo, however busy the machine is, unless a test gives another clock.
    Whether they want an assistant the person has been asked, unless a test is about that: else the question comes into
    the window while a test is at work there.
    """

    def __init__(
        self,
        home: Path,
        qtbot: QtBot,
        name: str = "Ada",
        *,
        keeps_history: bool = False,
        is_asked: bool = False,
        clock: Callable[[], int] = lambda: 1,
    ) -> None:
        self._qtbot = qtbot
        self.paths = Paths.of({HOME_VARIABLE: str(home)})
        if not self.paths.settings.exists():
            person = Person(name, "#c4314b", secrets.token_hex(8))  # without it all would be written once more
            settings = Settings(person=person, history=keeps_history, assistant_decided=not is_asked)
            save_settings(self.paths.settings, settings)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.application = Application(app, self.paths, clock=clock)
        keys = self.application.keys
        if keys.sharing.port is None:
            # On the usual port, tests that run at once meet: a guest of one comes back to the server of another.
            keys._sharing = replace(keys.sharing, port=free_port())
        self._left = False

    def new(self) -> Draft:
        """A new draft, whose file keeps its name when it is closed."""
        draft = self.application.documents.new("A draft")
        assert draft is not None
        return draft

    def open(self, path: Path) -> Draft:
        """The draft in a file."""
        draft = self.application.documents.open(path, now=True)
        assert draft is not None
        return draft

    def join(self, link: str) -> Draft:
        """The draft that a link leads to; a file that is made for it keeps its name when it is closed."""
        with patch.object(joining, "JOINED", "A joined draft"):
            draft = self.application.joining.join_text(link)
        assert draft is not None
        return draft

    def joined(self, link: str) -> Draft:
        """The draft that a link leads to, once all of it is there."""
        draft = self.join(link)
        self.until(lambda: server(draft) == SAVED)
        return draft

    def until(self, holds: Callable[[], object], seconds: float = 30) -> None:
        """Lets the application work until something holds."""
        self._qtbot.waitUntil(lambda: bool(holds()), timeout=round(seconds * 1000))

    def takes(self, act: Callable[[], object], holds: Callable[[], object]) -> float:
        """Seconds from doing something until something holds."""
        begun = time.monotonic()
        act()
        self.until(holds)
        return time.monotonic() - begun

    def leave(self) -> None:
        """Ends everything."""
        if self._left:
            return
        self._left = True
        application = self.application
        windows = [draft.window for draft in application.documents.drafts]
        application.session.note()
        qt = QCoreApplication.instance()
        assert qt is not None
        qt.aboutToQuit.disconnect(application._end)
        application._end()
        for window in windows:
            window.hide()
            window.deleteLater()
        application.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def write(draft: Draft, text: str) -> None:
    """Presses the key of each character in a draft's window."""
    for character in text:
        if character == "\n":
            press(draft.editor, "Return")
        elif character.isascii():
            QTest.keyClicks(draft.editor, character)
        else:
            press_text(draft.editor, character)


def elsewhere(desk: Desk, folder: Path, words: str) -> Draft:
    """A draft whose file is in a folder of its own, which may go."""
    draft = desk.new()
    write(draft, words)
    path = draft.path
    assert draft.window.close()
    folder.mkdir()
    return desk.open(path.rename(folder / f"{words}.cowrite"))


def here(draft: Draft) -> str:
    """What the status strip says of this computer."""
    return _fact(draft, "On this computer: ")


def server(draft: Draft) -> str:
    """What the status strip says of the server; nothing where the document is not shared. Of a server within the app it
    says SHARED where it would say SAVED of another one."""
    said = _fact(draft, "On the server: ")
    return SAVED if said == SHARED else said


def same(*drafts: Draft) -> bool:
    """Whether all hold the same rich text."""
    first, *others = [joined(draft.document.spans()) for draft in drafts]
    return all(first == other for other in others)


def notices(draft: Draft) -> str:
    """What is said above the page."""
    bar = draft.window.notices
    return "\n".join(label.text() for label in bar.findChildren(QLabel) if label.isVisibleTo(bar))


def choices(draft: Draft) -> set[str]:
    """The answers that notices offer."""
    buttons = draft.window.notices.findChildren(QPushButton)
    return {button.text() for button in buttons if button.isVisible()}


def host(desk: Desk, draft: Draft) -> ShareFlow:
    """Hosts a draft; the dialog that does so is still there, and the link for others on the clipboard."""
    flow = desk.application.sharing.share(draft)
    assert flow is not None
    flow.dialog.host.host_requested.emit("editor")
    desk.until(lambda: desk.application.sharing.hosts(draft.document_id) and server(draft) == SAVED)
    return flow


def hosted(desk: Desk, draft: Draft) -> str:
    """Hosts a draft; gives the link for others, by an address of this computer."""
    host(desk, draft).dialog.reject()
    return local(QGuiApplication.clipboard().text())


def local(link: str) -> str:
    """A link by this computer's own address."""
    return re.sub(r"//[^/]+:", "//127.0.0.1:", link)


def share(desk: Desk, draft: Draft) -> str:
    """Hosts a draft; gives its room."""
    host(desk, draft).dialog.reject()
    return desk.application.keys.sharing.hosted[draft.document_id]


def _fact(draft: Draft, what: str) -> str:
    for part in draft.window.status.findChildren(QWidget):
        if part.accessibleName().startswith(what) and not part.isHidden() and not isinstance(part, QLabel):
            return part.accessibleName().removeprefix(what)
    return ""


def texts(widget: QWidget) -> list[str]:
    """What the labels of a widget say."""
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def hear_role(draft: Draft, role: Role) -> None:
    """The server's message of another role reaches a draft by its connection."""
    assert draft.shared is not None
    come(draft.shared, role_message(role))
    draft.shared._take_in()


def come(shared: SharedDocument, message: bytes) -> None:
    """A message has come by a document's connection, and waits to be taken in."""
    shared._transport.waiting.append(Received(shared._transport._connection, message))


def people(desk: Desk, draft: Draft) -> MembersDialog:
    """The dialog of a draft's people, once it shows them."""
    flow = desk.application.sharing.show_people(draft)
    desk.until(lambda: flow.dialog._pages.currentWidget() is flow.dialog._tabs)
    return flow.dialog
