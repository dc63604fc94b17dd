"""HistoryPeople: who wrote what in the history of one draft. Runs on the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QDateTime

from cowrite.app.authors import Known, authors
from cowrite.app.draft.draft import Draft
from cowrite.gui.earlier_page import Stretch
from cowrite.gui.history.moment_words import Author, MomentRow, RowName
from cowrite_server.history_protocol import MomentSummary, OpenedMoment, VersionName
from cowrite_server.members_protocol import MemberList

_BEFORE = "Written before"  # what a history on this computer calls text that was there when it began


class HistoryPeople:
    """The authors of one draft, from moments as a server tells of them to what the history's window shows.

    Args:
        draft: the draft.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._names: dict[int, str] = {}
        self._authors = authors((), Known())

    @property
    def authors(self) -> tuple[Author, ...]:
        """All of them, as they were told apart last."""
        return tuple(self._authors.values())

    def take_members(self, found: MemberList) -> None:
        """Learns what members are called."""
        self._names = {member.id: member.name for member in found.members if member.name}

    def tell_apart(self, moments: Sequence[MomentSummary]) -> None:
        """Gives everybody who wrote in these moments a name and a colour."""
        me, shared = self._draft.me, self._draft.shared
        mine = me.name or "You"
        members = {member for moment in moments for member in moment.members}
        members |= {moment.name.member for moment in moments if moment.name is not None}
        if self._draft.history.is_local:  # there is one who writes here; what was there before may be anybody's
            numbers = [each for each in members if each is not None]
            known = Known(dict.fromkeys(numbers, mine), {mine: me.colour}, _BEFORE)
        else:
            names = dict(self._names)
            colours = {mate.name: mate.color for mate in shared.presence.teammates()} if shared is not None else {}
            if shared is not None and shared.members.me is not None:
                names[shared.members.me] = mine
                colours[mine] = me.colour
            known = Known(names, colours)
        self._authors = authors(members, known)

    def row(self, moment: MomentSummary) -> MomentRow:
        """A moment with its authors, in this computer's time."""
        return MomentRow(
            QDateTime.fromMSecsSinceEpoch(moment.begun),
            QDateTime.fromMSecsSinceEpoch(moment.ended),
            tuple(self._author(member) for member in moment.members),
            moment.added,
            moment.removed,
            self._name(moment.name),
        )

    def stretches(self, opened: OpenedMoment) -> list[Stretch]:
        """Who wrote which part of the body as it was, in order."""
        ends = accumulate(span.length for span in opened.spans)
        return [
            Stretch(end - span.length, end, self._author(span.member))
            for span, end in zip(opened.spans, ends, strict=True)
        ]

    def _name(self, name: VersionName | None) -> RowName | None:
        if name is None:
            return None
        return RowName(name.text, self._author(name.member), QDateTime.fromMSecsSinceEpoch(name.time))

    def _author(self, member: int | None) -> Author:
        return self._authors.get(member, self._authors[None])
