"""HistoryFlow: leads a person through the history of one draft, and back to what the draft once was.

Runs on the GUI thread. The history is the server's; the draft itself goes on while somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import TypeVar

from PySide6.QtCore import QDateTime, QObject, Qt
from PySide6.QtWidgets import QMessageBox

from cowrite.app.authors import Known, authors
from cowrite.app.draft.draft import Draft
from cowrite.bridge.shared_history import SharedHistory
from cowrite.bridge.single_shot import single_shot
from cowrite.core.earlier import open_earlier
from cowrite.core.updates import EMPTY_UPDATE
from cowrite.errors import CowriteError
from cowrite.gui.history.moment_words import Author, MomentRow, phrase
from cowrite.gui.history.page import Stretch
from cowrite.gui.history.window import HistoryWindow
from cowrite.sync.history_exchange import HistoryFailure
from cowrite.sync.status import Kind
from cowrite.sync.timeline import Timeline
from cowrite_server.history_protocol import MomentList, MomentSummary, OpenedMoment
from cowrite_server.members_protocol import MemberList

Answer = TypeVar("Answer")

PLAY_PAUSE = 700  # milliseconds for which a moment stays while the moments are gone through
RELOAD_DELAY = 5000  # milliseconds from a change of the draft until the list of moments is asked for anew

_UNSHARED = (
    "History is kept by the server of a shared document. Share this document, and from then on you can see here "
    "what it was at any moment, and bring it back."
)
_CHOSEN_OFFLINE = "You are working offline. The server keeps the history and shows it when you are connected."
_STOCK = "The server of this document keeps no history."
_EMPTY = "Nothing has been written in this document yet."
_WORTH_ANOTHER_TRY = (HistoryFailure.UNREADABLE, HistoryFailure.BUSY)
_READER = "You may look through the history and not restore it; for that you need a link that lets you edit."


def show_history(draft: Draft, share: Callable[[], object]) -> HistoryWindow:
    """Opens the history of a draft, or brings it to the front.

    Args:
        draft: the draft.
        share: leads the person through sharing it.
    """
    window = draft.window.findChild(HistoryWindow)
    if window is None:
        window = HistoryFlow(draft, share).window
    window.show()
    window.raise_()
    window.activateWindow()
    return window


class HistoryFlow(QObject):
    """Ends with its window.

    Args:
        draft: whose history.
        share: leads the person through sharing it.
    """

    def __init__(self, draft: Draft, share: Callable[[], object]) -> None:
        super().__init__(draft)
        self._draft = draft
        self._share = share
        self._timeline = Timeline(self._ask_moment)
        self._has_list = self._was_online = self._is_restoring = self._has_ended = False
        self._problem = ""
        self._names: dict[int, str] = {}
        self._authors: dict[int | None, Author] = {}
        self._now = QDateTime.currentDateTime()
        self._shown: tuple[object, ...] = ()
        self.window = HistoryWindow(draft.title, draft.window.theme, draft.window.zoom, draft.images, draft.window)
        self._play_timer = single_shot(self, self._play_on, PLAY_PAUSE)
        self._reload_timer = single_shot(self, self._reload, RELOAD_DELAY)
        self._unobserve = draft.document.observe_changes(lambda _change: self._reload_soon())
        self._connect()
        self._follow_server()

    # With the server

    @property
    def _history(self) -> SharedHistory | None:
        shared = self._draft.shared
        return shared.history if shared is not None and shared.history.is_online else None

    def _follow_server(self) -> None:
        """The draft has come to a server or left it."""
        if self._draft.shared is not None:
            self._draft.shared.status_changed.connect(self._status_changed)
            self._draft.shared.role_changed.connect(self._show_restoring)
        self._status_changed()

    def _status_changed(self, _status: object = None) -> None:
        is_online = self._history is not None
        if is_online and not self._was_online:
            self._reload()
        self._was_online = is_online
        self._show()

    def _reload_soon(self) -> None:
        if not self._reload_timer.isActive():
            self._reload_timer.start()

    def _reload(self) -> None:
        if self._draft.shared is not None and self._history is not None:
            self._draft.shared.members.list(
                self._while_open(self._take_members), self._while_open(lambda _problem: self._ask_moments())
            )

    def _take_members(self, found: MemberList) -> None:
        self._names = {member.id: member.name for member in found.members if member.name}
        self._ask_moments()

    def _ask_moments(self) -> None:
        history = self._history
        if history is not None:
            history.ask_moments(self._while_open(self._take_list), self._while_open(self._fail_list))

    def _take_list(self, found: MomentList) -> None:
        self._has_list = True
        self._problem = ""
        self._now = QDateTime.currentDateTime()
        self._timeline.show(found.moments)
        self._name_authors()
        self.window.show_moments([self._row(moment) for moment in found.moments], self._now)
        self._show()

    def _fail_list(self, failure: HistoryFailure) -> None:
        if failure is HistoryFailure.OFFLINE:
            return  # it comes with the connection
        if self._has_list:
            self._problem = failure.sentence
            self._show_notice()
        else:
            self.window.show_message("circle-alert", failure.sentence, [("again", "Try again")])

    def _ask_moment(self, seq: int) -> None:
        history = self._history
        if history is None:
            self._timeline.fail(HistoryFailure.OFFLINE)
        else:
            history.ask_moment(seq, self._while_open(self._take_moment), self._while_open(self._fail_moment))

    def _take_moment(self, opened: OpenedMoment) -> None:
        self._timeline.take(opened)
        self._show()

    def _fail_moment(self, failure: HistoryFailure) -> None:
        self._timeline.fail(failure)
        self._show()

    # What is shown

    def _show(self) -> None:
        """Brings the window up to what is known."""
        self._show_notice()
        if not self._has_list:
            self._show_missing_list()
        elif not self._timeline.moments:
            self.window.show_message("history", _EMPTY)
        else:
            self.window.show_at(self._timeline.at)
            self._show_moment()
        self._show_restoring()

    def _show_missing_list(self) -> None:
        shared = self._draft.shared
        if shared is None and self._draft.window.actions_["work_offline"].isChecked():
            self.window.show_message("wifi-off", _CHOSEN_OFFLINE, [("online", "Connect")])
        elif shared is None:
            self.window.show_message("history", _UNSHARED, [("share", "Share…")])
        elif shared.history.is_online:
            self.window.show_message("history", "Reading the history…")
        elif shared.status.final:
            self.window.show_message("cloud-alert", shared.status.advice)
        elif shared.status.kind is Kind.SHARED:
            self.window.show_message("history", _STOCK)
        elif shared.status.kind in (Kind.CONNECTING, Kind.SYNCING):
            self.window.show_message("history", "Connecting…")
        else:
            self.window.show_message("cloud-off", HistoryFailure.OFFLINE.sentence)

    def _show_moment(self) -> None:
        opened, before, at = self._timeline.opened, self._timeline.before, self._timeline.at
        if opened is None:
            self._shown = ()
            failure = self._timeline.failure
            if failure is None:
                self.window.show_loading()
            else:
                again = [("again", "Try again")] if failure in _WORTH_ANOTHER_TRY else []
                drawing = "cloud-off" if failure is HistoryFailure.OFFLINE else "circle-alert"
                self.window.show_message(drawing, failure.sentence, again)
            return
        earlier_update = EMPTY_UPDATE if at == 0 else before.document if before is not None else None
        shown = (opened.seq, earlier_update is not None, tuple(self._authors.values()))
        if shown == self._shown:
            return
        try:
            earlier = open_earlier(opened.document, earlier_update)
        except CowriteError:
            self.window.show_message("circle-alert", HistoryFailure.UNREADABLE.sentence, [("again", "Try again")])
            return
        stretches = self._stretches(opened)
        if self._shown[:1] == shown[:1]:
            self.window.show_added(earlier, stretches)
        else:
            self.window.show_earlier(earlier, stretches)
        self._shown = shown

    def _show_notice(self) -> None:
        shared = self._draft.shared
        if self._problem:
            self.window.show_notice("problem", self._problem)
        elif self._has_list and self._history is None:
            self.window.show_notice("warning", HistoryFailure.OFFLINE.sentence)
        elif self._has_list and shared is not None and not shared.may_edit:
            self.window.show_notice("information", _READER)
        else:
            self.window.show_notice("", "")

    def _show_restoring(self, _role: object = None) -> None:
        self.window.allow_restoring(self._why_no_restoring())

    def _why_no_restoring(self) -> str:
        shared, timeline = self._draft.shared, self._timeline
        if timeline.moment is None:
            return "There is no moment to go back to"
        if shared is None or self._history is None:
            return HistoryFailure.OFFLINE.sentence
        if not shared.may_edit:
            return _READER
        if self._is_restoring:
            return "The document is being restored"
        if timeline.at == len(timeline.moments) - 1:
            return "This is the newest moment: the document is like this now"
        return ""

    def _name_authors(self) -> None:
        me, shared = self._draft.me, self._draft.shared
        names = dict(self._names)
        colours = {mate.name: mate.color for mate in shared.presence.teammates()} if shared is not None else {}
        if shared is not None and shared.members.me is not None:
            names[shared.members.me] = me.name or "You"
            colours[me.name or "You"] = me.colour
        members = {member for moment in self._timeline.moments for member in moment.members}
        self._authors = authors(members, Known(names, colours))

    def _author(self, member: int | None) -> Author:
        return self._authors.get(member, self._authors[None])

    def _row(self, moment: MomentSummary) -> MomentRow:
        return MomentRow(
            QDateTime.fromMSecsSinceEpoch(moment.begun),
            QDateTime.fromMSecsSinceEpoch(moment.ended),
            tuple(self._author(member) for member in moment.members),
            moment.added,
            moment.removed,
        )

    def _stretches(self, opened: OpenedMoment) -> list[Stretch]:
        ends = accumulate(span.length for span in opened.spans)
        return [
            Stretch(end - span.length, end, self._author(span.member))
            for span, end in zip(opened.spans, ends, strict=True)
        ]

    # What is wanted

    def _connect(self) -> None:
        draft, window = self._draft, self.window
        window.moment_wanted.connect(self._go_to)
        window.play_wanted.connect(self._play)
        window.restore_wanted.connect(self._ask_restore)
        window.answered.connect(self._answered)
        window.closed.connect(self._end)
        draft.connection.changed.connect(self._follow_server)
        draft.title_changed.connect(self._show_title)
        draft.window.theme_changed.connect(window.show_theme)
        draft.images.changed.connect(window.page.refresh_image)
        window.page.show_cards(draft.decisions.card)

    def _show_title(self) -> None:
        self.window.show_title(self._draft.title)

    def _go_to(self, index: int) -> None:
        self._problem = ""
        self._timeline.go_to(index)
        self._show()

    def _play(self, on: bool) -> None:
        self.window.show_playing(on)
        if not on:
            self._play_timer.stop()
            return
        if self._timeline.at == len(self._timeline.moments) - 1:
            self._go_to(0)
        self._play_timer.start()

    def _play_on(self) -> None:
        timeline = self._timeline
        if timeline.opened is not None and timeline.at < len(timeline.moments) - 1:
            self._go_to(timeline.at + 1)
        elif timeline.opened is not None or timeline.failure is not None:
            self.window.show_playing(False)
            return
        self._play_timer.start()

    def _answered(self, answer: str) -> None:
        if answer == "share":
            self._share()
        elif answer == "online":
            self._draft.window.actions_["work_offline"].setChecked(False)
        else:
            self._reload()

    def _ask_restore(self) -> None:
        moment = self._timeline.moment
        if moment is None:
            return
        time = phrase(self._row(moment), self._now)
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Restore")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Make the document what it was {time}?")
        box.setInformativeText(
            "This is a new edit that everybody in the document sees. Nothing is lost: the history keeps what is "
            "there now, and you can go back to that in the same way."
        )
        restore = box.addButton("Restore", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(restore)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        restore.clicked.connect(lambda: self._restore(moment.seq, time))
        box.open()

    def _restore(self, seq: int, time: str) -> None:
        history = self._history
        if history is None:
            self._fail_restoring(HistoryFailure.OFFLINE)
            return
        self._is_restoring = True
        self._problem = ""
        history.restore(seq, lambda: self._restored(time), self._fail_restoring)
        self._show_restoring()

    def _restored(self, time: str) -> None:
        self._is_restoring = False
        self._draft.say(
            "restored", "success", f"The document is what it was {time}. The history keeps what was there before."
        )
        if not self._has_ended:
            self.window.close()

    def _fail_restoring(self, failure: HistoryFailure) -> None:
        self._is_restoring = False
        if self._has_ended:
            self._draft.say("restored", "problem", failure.sentence)
            return
        self._problem = failure.sentence
        self._show()

    def _while_open(self, tell: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """What a server answers after the window has gone concerns nobody."""
        return lambda answer: None if self._has_ended else tell(answer)

    def _end(self) -> None:
        if not self._has_ended:  # a window can be closed again before it is gone
            self._has_ended = True
            self._unobserve()
            self.deleteLater()
