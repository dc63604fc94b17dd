"""HistoryFlow: leads a person through the history of one draft, and back to what the draft once was.

Runs on the GUI thread. The history is the server's, or this computer's where there is none; the draft itself goes on
while somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QDateTime, QObject

from cowrite.app.draft.draft import Draft
from cowrite.app.history.naming import ask_name, why_no_naming
from cowrite.app.history.people import HistoryPeople
from cowrite.app.history.playing import Playing
from cowrite.app.history.restoring import Restoring
from cowrite.app.history.shown_moment import ShownMoment
from cowrite.app.history.words import SLOW, ask_deleting, damaged, no_answer, no_list, no_moments, notice
from cowrite.bridge.file.local_history import LocalHistory
from cowrite.bridge.shared.document import SharedDocument
from cowrite.bridge.shared.history import SharedHistory
from cowrite.bridge.single_shot import every_minute, single_shot
from cowrite.gui.commands.own_keys import by_command
from cowrite.gui.history.moment_words import phrase
from cowrite.gui.history.window import HistoryWindow
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.widgets.dialog_parts import bring_to_front
from cowrite.sync.history_questions import HistoryProblem
from cowrite.sync.questions import Unanswered
from cowrite.sync.timeline import Timeline
from cowrite_server.wire.history import HistoryReason, MomentList, MomentSummary, Naming, OpenedMoment
from cowrite_server.wire.members import MemberList

Answer = TypeVar("Answer")

RELOAD_DELAY = 5000  # milliseconds from a change of the draft until the list of moments is asked for anew
SLOW_DELAY = 2000  # milliseconds for which a restoring may take before it is said that it does


def show_history(draft: Draft, keep: Callable[[], object], *, compares: bool = False) -> HistoryWindow:
    """Opens the history of a draft, or brings it to the front.

    Args:
        draft: the draft.
        keep: has the histories on this computer kept from now on.
        compares: whether it is to show all that is new since the person was here last.
    """
    window = draft.window.findChild(HistoryWindow)
    if window is None:
        window = HistoryFlow(draft, keep).window
    if compares:
        window.head.compare.toggled.emit(True)  # also where it is pressed already
    bring_to_front(window)
    return window


class HistoryFlow(QObject):
    """Ends with its window.

    Args:
        draft: whose history.
        keep: has the histories on this computer kept from now on.
    """

    def __init__(self, draft: Draft, keep: Callable[[], object]) -> None:
        super().__init__(draft)
        self._draft = draft
        self._keep = keep
        self._is_local = draft.history.is_local
        self._followed: SharedDocument | None = None
        self._timeline = Timeline(self._ask_moment)
        self._has_list = self._was_online = self._has_ended = False
        self._compares = self._compares_anew = False
        self._since: MomentSummary | None = None  # that with which the newest one is compared
        self._problem = ""  # why something was not done that the person wanted; it stays until they go on
        self._list_problem = ""
        self._people = HistoryPeople()
        self._now = QDateTime.currentDateTime()
        self.window = HistoryWindow(draft.title, draft.window.theme, draft.window.zoom, draft.images, draft.window)
        self._show_keys()
        for id in ("name_version", "copy"):
            draft.window.actions_[id].changed.connect(self._show_keys)
        self._moment = ShownMoment(self.window, self._people)
        self._playing = Playing(self.window.foot, lambda: self._timeline, self._go_to, self)
        self._restoring = Restoring(draft, self.window, self._begin_restoring, self._restored, self._fail_restoring)
        self._reload_timer = single_shot(self, self._reload, RELOAD_DELAY)
        self._slow_timer = single_shot(self, self._show_notice, SLOW_DELAY)
        self._asked = 0
        # Once what is here is shown: this computer opens the next one on another thread, and Python runs one at a time.
        self._ask_timer = single_shot(self, self._ask_wanted)
        self._day_timer = every_minute(self, self._look_at_day)
        self._day_timer.start()
        self._unobserve = draft.document.observe_changes(lambda _change: self._reload_soon())
        self._connect()
        self._offer_comparison()
        self._follow_source()

    # With whoever keeps it

    @property
    def _history(self) -> LocalHistory | SharedHistory | None:
        return self._draft.history.source

    def _show_keys(self) -> None:
        self.window.show_keys(by_command(self._draft.window.actions_.own_keys))

    def _follow_source(self) -> None:
        """The history is kept elsewhere now, or the draft has come to a server or left it."""
        if self._draft.history.is_local is not self._is_local:
            self._is_local = self._draft.history.is_local
            self._begin_anew()
        shared, before = self._draft.shared, self._followed
        if shared is not None and shared is not before:
            shared.status_changed.connect(self._status_changed)
            shared.rights_changed.connect(self._show_restoring)
            shared.members.changed.connect(self._reload_soon)  # as when somebody names a version
        self._followed = shared
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

    def _begin_anew(self) -> None:
        """What is shown is another history than the one that there is now."""
        self._timeline = Timeline(self._ask_moment)
        self._ask_timer.stop()
        self._has_list = self._was_online = False
        self._since = None
        self._problem = self._list_problem = ""
        self._moment.forget()
        self._playing.play(False)
        self._offer_comparison()
        self.window.show_moments([], self._now)

    def _reload(self) -> None:
        if self._is_local:
            self._ask_moments()
        elif self._draft.shared is not None and self._history is not None:
            self._reload_timer.stop()  # the server knows all of which it has told, and is asked behind what is sent
            self._draft.shared.members.list(
                self._while_open(self._take_members), self._while_open(lambda _problem: self._ask_moments())
            )

    def _take_members(self, found: MemberList) -> None:
        self._people.take_members(found)
        self._ask_moments()

    def _ask_moments(self) -> None:
        history = self._history
        if history is not None:
            history.ask_moments(self._while_open(self._take_list), self._while_open(self._fail_list))

    def _take_list(self, found: MomentList) -> None:
        self._has_list = True
        self._list_problem = ""
        self._timeline.show(found.moments)
        self._people.tell_apart(found, self._draft.me, self._draft.shared, is_local=self._draft.history.is_local)
        self._show_moments()
        self._offer_comparison()
        if self._compares and (self._compares_anew or not self._timeline.is_compared):
            self._compare()
        self._compares_anew = False
        self._show()

    def _show_moments(self) -> None:
        self._now = QDateTime.currentDateTime()
        self.window.show_moments([self._people.row(moment) for moment in self._timeline.moments], self._now)

    def _look_at_day(self) -> None:
        """What was today is yesterday now."""
        if self._has_list and QDateTime.currentDateTime().date() != self._now.date():
            self._show_moments()
            self._show()

    def _fail_list(self, problem: HistoryProblem) -> None:
        if problem.reason is Unanswered.OFFLINE and not self._is_local:
            return  # it comes with the connection
        if self._has_list:
            self._list_problem = str(problem)
            self._show_notice()
        else:
            is_damaged = self._is_local and problem.reason is HistoryReason.UNREADABLE
            self.window.show_message(*(damaged() if is_damaged else no_answer(problem)))

    def _ask_moment(self, seq: int) -> None:
        if self._history is None:
            self._timeline.fail(HistoryProblem(Unanswered.OFFLINE))
        else:
            self._asked = seq
            self._ask_timer.start()

    def _ask_wanted(self) -> None:
        if self._history is None:
            self._fail_moment(HistoryProblem(Unanswered.OFFLINE))
        else:
            took, failed = self._while_open(self._take_moment), self._while_open(self._fail_moment)
            self._history.ask_moment(self._asked, took, failed)

    def _take_moment(self, opened: OpenedMoment) -> None:
        self._timeline.take(opened)
        self._show()

    def _fail_moment(self, problem: HistoryProblem) -> None:
        self._timeline.fail(problem)
        self._show()

    # What is shown

    def _show(self) -> None:
        """Brings the window up to what is known."""
        self._show_notice()
        self._show_whether_compared()
        if not self._has_list:
            self.window.show_message(*no_list(self._draft))
        elif not self._timeline.moments:
            self.window.show_message(*no_moments(self._draft))
        else:
            self.window.show_at(self._timeline.at)
            self._moment.show(self._timeline)
        self._show_restoring()

    def _show_whether_compared(self) -> None:
        if self._since is not None and self._timeline.is_compared:
            self.window.show_compared("", self._called(self._since))
            return
        since = self._draft.absence.since if self._timeline.is_compared or self._compares else None
        self.window.show_compared("" if since is None else self._phrase(since))

    def _show_notice(self) -> None:
        if problem := self._problem or self._list_problem:
            self.window.show_notice("problem", problem)
        elif self._draft.history.is_restoring and not self._slow_timer.isActive():
            self.window.show_notice("information", SLOW)
        elif self._has_list:
            self.window.show_notice(*notice(self._draft, has_moments=bool(self._timeline.moments)))
        else:
            self.window.show_notice("", "")

    def _show_restoring(self, _rights: object = None) -> None:
        moment, is_newest = self._timeline.moment, self._timeline.at == len(self._timeline.moments) - 1
        why_not = self._restoring.why_not
        if moment is None:
            why_not = "There is no moment to go back to"
        elif is_newest and not why_not:
            why_not = "This is the newest moment: the document is like this now"
        self.window.head.allow_restoring(why_not)
        is_last = is_newest and self._since is None
        self.window.head.allow_since("This is the newest moment: nothing is new since" if is_last else "")
        why_not = "There is no moment to name" if moment is None else why_no_naming(self._draft, now=False)
        self.window.allow_naming(why_not, renames=moment is not None and moment.name is not None)
        is_there = self._has_list and bool(self._timeline.moments)
        self.window.allow_deleting(on=self._is_local and is_there and not self._draft.history.is_read_only)

    # What is wanted

    def _connect(self) -> None:
        draft, window = self._draft, self.window
        window.moment_wanted.connect(self._go_to)
        window.head.compare.toggled.connect(self._show_compared)
        window.head.since.toggled.connect(self._show_since)
        window.head.name.clicked.connect(self._ask_name)
        window.head.restore.clicked.connect(self._ask_restore)
        window.head.delete.clicked.connect(lambda: ask_deleting(window, self._delete))
        window.message.answered.connect(self._answered)
        window.closed.connect(self._end)
        draft.history.changed.connect(self._follow_source)
        draft.history.restoring_ended.connect(self._restoring_ended)
        draft.title_changed.connect(self._show_title)
        draft.window.theme_changed.connect(window.show_theme)
        draft.images.changed.connect(window.page.refresh_image)
        window.page.show_cards(draft.decisions.card)

    def _show_title(self) -> None:
        self.window.show_title(self._draft.title)

    def _show_compared(self, on: bool) -> None:
        self._problem = ""
        self._since = None
        self._compares = self._compares_anew = on
        self._offer_comparison()
        self._show_whether_compared()
        if self._has_list:
            if on:
                self._compare()
                self._reload()  # the list may be from before what is new
            else:
                self._timeline.go_to(self._timeline.at)
            self._show()

    def _show_since(self, on: bool) -> None:
        """Goes to the newest moment, compared with the one that is shown, or back to that."""
        before, self._since = self._since, self._timeline.moment if on else None
        self._problem = ""
        self._compares = False
        if self._since is not None:
            self._timeline.compare_with(self._since.seq)
        elif before is not None:
            places = [place for place, moment in enumerate(self._timeline.moments) if moment.seq >= before.seq]
            self._timeline.go_to(places[0] if places else self._timeline.at)
        self._show()

    def _ask_name(self) -> None:
        moment = self._timeline.moment
        if moment is not None:
            naming = Naming(moment.seq, "" if moment.name is None else moment.name.text, "")
            ask_name(self._draft, self.window, naming, self._phrase(moment.ended), self._while_open(self._named))

    def _named(self, name: str) -> None:
        say(self.window, f"This version is called “{name}” now." if name else "This version has no name any more.")
        self._reload()

    def _called(self, moment: MomentSummary) -> str:
        """What a moment is called within a sentence: its name, or when it was."""
        time = self._phrase(moment.ended)
        return time if moment.name is None else f"“{moment.name.text}”, {time}"

    def _offer_comparison(self) -> None:
        since = self._draft.absence.since
        self.window.offer_comparison("" if since is None else self._phrase(since))

    def _compare(self) -> None:
        """Goes to the newest moment, compared with what the person saw last."""
        if self._draft.absence.since is not None:
            self._timeline.compare(self._draft.absence.since)

    def _phrase(self, time: int) -> str:
        return phrase(QDateTime.fromMSecsSinceEpoch(time), self._now)

    def _go_to(self, index: int) -> None:
        self._problem = ""
        self._compares = False
        self._since = None
        self._timeline.go_to(index)
        self._show()

    def _answered(self, answer: str) -> None:
        if answer == "keep":
            self._keep()
            self._reload()
        elif answer == "delete":
            ask_deleting(self.window, self._delete)
        elif answer == "online":
            self._draft.window.actions_["work_offline"].setChecked(False)
        else:
            self._reload()

    def _ask_restore(self) -> None:
        moment, opened = self._timeline.moment, self._timeline.opened
        if moment is not None:
            time = self._phrase(moment.ended) if moment.name is None else f"in {self._called(moment)}"
            self._restoring.ask(moment.seq, time, opened)

    def _delete(self) -> None:
        if self._is_local:
            self._begin_anew()
            self._show()
            self._draft.history.forget(
                self._while_open(lambda _none: self._reload()), self._while_open(self._fail_list)
            )

    def _restored(self) -> None:
        if not self._has_ended:
            self.window.close()

    def _fail_restoring(self, problem: HistoryProblem) -> None:
        if self._has_ended:
            self._draft.say("restored", "problem", problem.restoring_sentence)
            return
        self._problem = problem.restoring_sentence
        self._show()

    def _begin_restoring(self) -> None:
        self._problem = ""
        self._slow_timer.start()
        self._show()

    def _restoring_ended(self, _problem: str) -> None:
        if not self._has_ended:
            self._show()

    def _while_open(self, tell: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """What is answered after the window has gone concerns nobody, nor what is of a history shown before."""
        timeline = self._timeline
        return lambda answer: None if self._has_ended or timeline is not self._timeline else tell(answer)

    def _end(self) -> None:
        if not self._has_ended:  # a window can be closed again before it is gone
            self._has_ended = True
            self._unobserve()
            self.deleteLater()
