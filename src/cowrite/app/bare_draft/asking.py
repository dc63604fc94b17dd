"""DraftAsking: whoever may not write asks for it, and owners hear who does and answer.

Runs on the GUI thread. The server keeps who asks; each window looks again when it tells of something new.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.paced import Paced
from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.direction import isolated
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar
from cowrite_server.wire.asking import PAUSE
from cowrite_server.wire.protocol import Role

if TYPE_CHECKING:
    from cowrite.app.bare_draft.connection import DraftConnection
    from cowrite.app.bare_draft.notices import DraftNotices
    from cowrite.bridge.shared.document import SharedDocument
    from cowrite.sync.member_questions import MembersProblem
    from cowrite_server.wire.asking import Asker
    from cowrite_server.wire.members import MemberList

T = TypeVar("T")

ASKERS = "askers"
"""The notice that tells an owner who asks."""

REST = 1000  # milliseconds from one notice to the next: no click that is meant for one asker answers another

_NOT_NOW = "You have asked to write here, and an owner has answered: not now."
_NOBODY = "You have asked to write here. No owner is here at the moment; they see it when they come."
_NO_OWNER = (
    "You have asked to write here. No owner has joined yet; they see it when they come. Whoever runs the server can "
    "answer, too."
)
_ALLOWED = {Role.EDITOR: "Allow as editor", Role.SUGGESTER: "Allow as suggester"}
_PUT_OFF = "not_now"
_MAY = {Role.COMMENTER: "comment", Role.SUGGESTER: "suggest"}


class _Stand(Enum):
    """How it stands with the person's own asking."""

    NOT = auto()
    """They may write, or the server takes no such question."""
    MAY = auto()
    ASKED = auto()
    PUT_OFF = auto()


class DraftAsking(QObject):
    """The asking of one draft.

    Args:
        connection: the draft's.
        notices: what is said there.
        bar: where that is shown.
        parent: Qt parent.
    """

    changed = Signal()
    """Others ask or are answered, or the person does or is."""
    called = Signal()
    """Somebody asks who did not before, and the person can answer."""

    def __init__(self, connection: DraftConnection, notices: DraftNotices, bar: NoticeBar, parent: QObject) -> None:
        super().__init__(parent)
        self._connection = connection
        self._notices = notices
        self._bar = bar
        self._shared: SharedDocument | None = None
        self._stand = _Stand.NOT
        self._role: Role | None = None  # in which the person has asked
        self._heard: set[tuple[int, int]] = set()  # who asked when, of those of whom the person was told
        self._passed: set[tuple[int, int]] = set()  # the same of those whose notice they have dismissed
        self._first: tuple[int, int] | None = None  # whom the notice names
        self.askers: tuple[Asker, ...] = ()
        """Who asks; empty for whoever cannot answer them."""
        self.said = ""
        """What became of the person's own asking, as sentences; empty where they have not asked."""
        self._looking = Paced(self._look, self)
        self._again = single_shot(self, self._let_ask_again, PAUSE)
        self._rest = single_shot(self, self._looking.now, REST)
        connection.changed.connect(self._follow)
        connection.rights_changed.connect(self._looking.soon)
        bar.dismissed.connect(self._dismiss)

    @property
    def may_ask(self) -> bool:
        """Whether the person can ask to write."""
        return self._stand is _Stand.MAY

    def ask(self) -> None:
        """Asks to write."""
        if self._shared is not None and self._shared.members.takes_asking:  # which may be offered before it is looked
            self._shared.members.ask_to_write(self._looking.now, self._failed)

    def answer(self, answer: str) -> None:
        """Answers whom the notice names.

        Args:
            answer: what of it was chosen.
        """
        if self._first is None or self._shared is None:
            return
        members, (member, _) = self._shared.members, self._first
        if answer == _PUT_OFF:
            members.not_now(member, self._looking.now, self._failed)
        else:
            members.set_role(member, Role(answer), self._looking.now, self._failed)

    # Inside

    def _follow(self) -> None:
        """Looks at the server where the document is now."""
        shared = self._connection.shared
        if shared is not self._shared:
            self._shared = shared
            self._take_stand(_Stand.NOT, "")
            if shared is not None:
                shared.members.changed.connect(self._looking.soon)
        self._looking.soon()

    def _look(self) -> None:
        """Asks the server who asks, where that concerns the person."""
        shared = self._shared
        if shared is None or not shared.members.takes_asking:
            self._show_askers(())
        elif shared.role is None or (shared.role.may_edit and not shared.role.may_manage):
            self._show_askers(())
            self._take_stand(_Stand.NOT, "")
        else:
            shared.members.list_askers(self._while_at(shared, self._show), lambda _problem: None)

    def _show(self, found: tuple[Asker, ...]) -> None:
        shared = self._shared
        if shared is None or shared.role is None:
            return
        if shared.role.may_manage:
            self._take_stand(_Stand.NOT, "")
            self._show_askers(found)
        elif not shared.role.may_edit:
            self._show_askers(())
            self._show_own(shared, shared.role, is_asking=bool(found))

    def _show_own(self, shared: SharedDocument, role: Role, *, is_asking: bool) -> None:
        if is_asking:
            if self._stand is not _Stand.ASKED:
                self._role = role
                self._take_stand(_Stand.ASKED, "You have asked to write here.")
                shared.members.list(self._while_at(shared, self._say_whom), lambda _problem: None)
        elif self._stand is _Stand.ASKED:
            if self._role is role:
                self._take_stand(_Stand.PUT_OFF, _NOT_NOW)
                self._again.start()
            else:
                self._take_stand(_Stand.MAY, "")
        elif self._stand is _Stand.NOT:
            self._take_stand(_Stand.MAY, "")

    def _let_ask_again(self) -> None:
        if self._stand is _Stand.PUT_OFF:
            self._take_stand(_Stand.MAY, "")

    def _say_whom(self, found: MemberList) -> None:
        if self._stand is not _Stand.ASKED:
            return
        from cowrite.gui.history.moment_words import listed

        owners = [each.name or "an owner" for each in found.members if each.role.may_manage and each.here]
        if not any(each.role.may_manage for each in found.members):
            self._take_stand(_Stand.ASKED, _NO_OWNER)
        elif owners:
            verb = "is" if len(owners) == 1 else "are"
            self._take_stand(_Stand.ASKED, f"You have asked to write here. {listed(owners)} {verb} here to answer.")
        else:
            self._take_stand(_Stand.ASKED, _NOBODY)

    def _take_stand(self, stand: _Stand, said: str) -> None:
        if (stand, said) != (self._stand, self.said):
            self._stand, self.said = stand, said
            self._notices.show_asking(said, may_ask=self.may_ask)
            self.changed.emit()

    def _show_askers(self, found: tuple[Asker, ...]) -> None:
        is_new = found != self.askers
        self.askers = found
        asking = {(each.id, each.asked) for each in found}
        self._passed &= asking
        waiting = [each for each in found if (each.id, each.asked) not in self._passed]
        if self._first is not None and self._first not in asking:
            self._rest.start()
        if not waiting or self._rest.isActive():
            self._first = None
            self._bar.remove(ASKERS)
        else:
            # Whoever it names stays there until they are answered: the pointer may be on its way.
            named = next((each for each in waiting if (each.id, each.asked) == self._first), waiting[0])
            self._show_notice(named, len(waiting) - 1)
        if asking - self._heard:
            self.called.emit()
        self._heard = asking
        if is_new:
            self.changed.emit()

    def _show_notice(self, asker: Asker, others: int) -> None:
        """Calls for attention once for each who is first, however many others ask meanwhile."""
        name = "Somebody without a name" if asker.name is None else isolated(asker.name)
        sentence = f"{name}, who may {_MAY.get(asker.role, 'read')}, asks to write in this document."
        if others:
            sentence = f"{sentence} {'One other asks' if others == 1 else f'{others} others ask'} as well."
        before, self._first = self._first, (asker.id, asker.asked)
        if before == self._first:
            self._bar.reword(ASKERS, sentence)
            return
        allowed = [Answer(role.value, words) for role, words in _ALLOWED.items() if role is not asker.role]
        self._bar.show_notice(Notice(ASKERS, "information", sentence, (*allowed, Answer(_PUT_OFF, "Not now"))))

    def _dismiss(self, notice: str) -> None:
        if notice == ASKERS:
            self._first = None
            self._passed = {(each.id, each.asked) for each in self.askers}

    def _failed(self, problem: MembersProblem) -> None:
        self._notices.say("asking", "warning", str(problem))
        self._looking.soon()

    def _while_at(self, shared: SharedDocument, tell: Callable[[T], None]) -> Callable[[T], None]:
        """What a server answers of which the document has left meanwhile is nothing to anybody."""
        return lambda answer: tell(answer) if shared is self._shared else None
