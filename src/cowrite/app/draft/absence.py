"""DraftAbsence: that others have changed the text of a draft while the person did not have it before them.

Runs on the GUI thread. Somebody is away while the draft is closed, another window is in front of it, it is not in step
with its server, or the computer sleeps. Who comes back after a while is told that, and by whom, and history shows all
of it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from cowrite.bridge.file.opening import Opened
from cowrite.bridge.single_shot import repeated
from cowrite.clock import milliseconds_now
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Format
from cowrite.sync.status import IN_STEP

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.bridge.shared.document import SharedDocument
    from cowrite_server.wire.history import MomentList
    from cowrite_server.wire.members import MemberList

AWAY = 10 * 60_000
"""Milliseconds after which somebody is told what has happened who comes back to a draft that was closed or offline."""
BEHIND = 60 * 60_000
"""The same for a draft that was open behind another window, for it may have been in sight all the while."""
PULSE = 60_000
"""Milliseconds from one look at the time to the next."""
ASLEEP = 5 * 60_000
"""The same, of two looks between which the computer has slept: it says so to nobody."""
APART = 30_000
"""Milliseconds by which this computer's clock and the server's differ at least where one of them is wrong: what the
server says of its own may have been on its way for as long."""
NOTICE = "absence"


class DraftAbsence(QObject):
    """Whether one draft has changed while the person was away.

    Args:
        draft: it.
        opened: what its file holds.
    """

    def __init__(self, draft: BareDraft, opened: Opened) -> None:
        super().__init__(draft)
        self._draft = draft
        self._is_here = False
        self._is_open = False  # in step with its server all the while that the person was away
        self._is_unseen = opened.unseen_since is not None
        self._left = opened.unseen_since if opened.unseen_since is not None else opened.written
        self._followed: SharedDocument | None = None
        self._looked = milliseconds_now()
        self.since: int | None = None
        """When the person left, in milliseconds since 1970 by the server's clock, as history has it, before others
        changed the text the last time that they were told so; None where they were not."""
        draft.document.observe_changes(self._on_change)
        draft.window.activated.connect(self._look)
        draft.connection.changed.connect(self._follow)
        repeated(self, self._look, PULSE, Qt.TimerType.VeryCoarseTimer).start()

    def _follow(self) -> None:
        """The draft is on a server now, or on none."""
        shared, before = self._draft.shared, self._followed
        if shared is not None and shared is not before:
            shared.status_changed.connect(self._look)
        self._followed = shared
        if not self._draft.connection.has_server:  # what was on that server is nobody else's any more
            self._left = self.since = None
            self._draft.window.notices.remove(NOTICE)
            self._see()
        self._look()

    def _look(self, _what: object = None) -> None:
        if self._has_slept():
            return  # before the connection shows that it is gone; what has happened meanwhile is yet to come
        shared = self._draft.shared
        in_step = shared is not None and shared.status.kind in IN_STEP
        is_here = in_step and self._draft.window.isActiveWindow()
        if is_here and not self._is_here:
            self._come_back()
        elif self._is_here and not is_here:
            self._left, self._is_open = milliseconds_now(), True
        self._is_here = is_here
        self._is_open &= in_step

    def _has_slept(self) -> bool:
        """Whether the computer has slept since the last look, while the person had the draft before them."""
        before, self._looked = self._looked, milliseconds_now()
        if not self._is_here or self._looked - before < ASLEEP:
            return False
        self._left, self._is_open, self._is_here = before, False, False
        return True

    def _on_change(self, change: Change) -> None:
        if self._is_here or self._is_unseen or self._left is None or change.origin is not Origin.REMOTE:
            return
        if not self._draft.connection.has_server:  # one's own restoring of a history on this computer
            return
        if not all(isinstance(op, Format) for op in change.ops):
            self._is_unseen = True
            self._draft.saved.properties.store_unseen_since(self._left)

    def _come_back(self) -> None:
        left, self._left = self._left, None
        shared = self._draft.shared
        away = milliseconds_now() - (left or 0) >= (BEHIND if self._is_open else AWAY)
        if self._see() and away and left is not None and shared is not None and shared.history.is_online:
            self.since = _at_server(left, shared)
            shared.members.list(self._ask_who, lambda _problem: self._tell(()))

    def _see(self) -> bool:
        """The person sees the text; says whether others had changed it since they left."""
        was_unseen, self._is_unseen = self._is_unseen, False
        if was_unseen:
            self._draft.saved.properties.store_unseen_since(None)
        return was_unseen

    def _ask_who(self, members: MemberList) -> None:
        shared, since = self._draft.shared, self.since
        if shared is None or since is None:
            return
        me = shared.members.me
        names = {member.id: member.name for member in members.members if member.name}

        def take(found: MomentList) -> None:
            wrote = {member: None for moment in found.moments if moment.ended > since for member in moment.members}
            if me is not None and list(wrote) == [me]:  # at another computer
                self.since = None
                return
            called = {**found.names, **names}
            self._tell([called[member] for member in wrote if member in called and member != me])

        shared.history.ask_moments(take, lambda _failure: self._tell(()))

    def _tell(self, who: Sequence[str]) -> None:
        if self.since is not None and not self._draft.is_closed:
            self._draft.notices.show_absence(NOTICE, who, self.since)


def _at_server(time: int, shared: SharedDocument) -> int:
    """A time of this computer's clock by that of a server."""
    ahead = shared.ahead or 0
    return time if abs(ahead) < APART else time + ahead
