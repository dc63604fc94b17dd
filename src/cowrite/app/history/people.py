"""HistoryPeople: who wrote what in the history of one draft. Runs on the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from PySide6.QtCore import QDateTime

from cowrite.bridge.shared.document import SharedDocument
from cowrite.gui.history.moment_words import NOBODY, OPENED, Author, MomentRow, RowName
from cowrite.gui.history.stretches import Stretch
from cowrite.gui.look.swatches import PEOPLE
from cowrite.storage.settings import Person
from cowrite_server.wire.history import MomentList, MomentSummary, OpenedMoment, VersionName
from cowrite_server.wire.members import MemberList

_BEFORE = "Written before"  # what a history on this computer calls text that was there when it began


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a room's people.

    Attributes:
        names: what members are called, by their numbers.
        colours: the colours of those who are here now, by their names, as documents store colours.
        others: what those are called who have no number.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    others: str = "Somebody"


class HistoryPeople:
    """The authors of one draft, from moments as a server tells of them to what the history's window shows."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._authors = authors((), Known())
        self._kept_from: int | None = None  # the first moment since when the server knows whoever comes

    @property
    def authors(self) -> tuple[Author, ...]:
        """All of them, as they were told apart last."""
        return tuple(self._authors.values())

    def take_members(self, found: MemberList) -> None:
        """Learns what members are called."""
        self._names = {member.id: member.name for member in found.members if member.name}

    def tell_apart(self, found: MomentList, me: Person, shared: SharedDocument | None, *, is_local: bool) -> None:
        """Gives everybody who wrote in these moments a name and a colour.

        Args:
            found: the moments of the draft.
            me: who sits here.
            shared: its life on a server, where it has one.
            is_local: whether this computer keeps its history.
        """
        keeps_members = not is_local and shared is not None and shared.members.me is not None
        self._kept_from = members_kept_from(found) if keeps_members else None
        mine = me.name or "You"
        if is_local:  # there is one who writes here; what was there before may be anybody's
            known = Known(dict.fromkeys(found.people, mine), {mine: me.colour}, _BEFORE)
        else:
            names = {**found.names, **self._names}
            colours = {mate.name: mate.colour for mate in shared.presence.teammates()} if shared is not None else {}
            if shared is not None and shared.members.me is not None:
                names[shared.members.me] = mine
                colours[mine] = me.colour
            known = Known(names, colours)
        self._authors = authors(found.people, known)

    def row(self, moment: MomentSummary) -> MomentRow:
        """A moment with its authors, in this computer's time."""
        authors = [self._author_in(moment, member) for member in moment.members]
        return MomentRow(
            QDateTime.fromMSecsSinceEpoch(moment.begun),
            QDateTime.fromMSecsSinceEpoch(moment.ended),
            tuple(sorted(authors, key=lambda each: each != OPENED)),  # which is said first
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

    def _author_in(self, moment: MomentSummary, member: int | None) -> Author:
        is_opened = member is None and self._kept_from is not None and self._kept_from <= moment.seq
        return OPENED if is_opened else self._author(member)

    def _author(self, member: int | None) -> Author:
        return self._authors.get(member, self._authors[None])


def members_kept_from(found: MomentList) -> int | None:
    """The number of the first moment in which a member wrote; None where none did.

    A server that keeps members takes nothing from anybody else. What is nobody's from there on it has written itself:
    what lay in a sealed box. A restoring is that of whoever asked for it. Before, the room may have been open to all.
    """
    return next((each.seq for each in found.moments if any(member is not None for member in each.members)), None)


def authors(members: Iterable[int | None], known: Known) -> dict[int | None, Author]:
    """Gives each member a name and, as far as the palette goes, a colour of their own.

    Args:
        members: their numbers; None stands for those who came without an invite.
        known: what is known of them.
    """
    numbers = sorted({member for member in members if member is not None})
    names = {number: known.names.get(number) or f"Member {number}" for number in numbers}
    found: dict[int, str] = {}
    for number, name in names.items():  # of two who chose the same colour, the first keeps it here
        if name in known.colours and known.colours[name] not in found.values():
            found[number] = known.colours[name]
    palette = [swatch.light for swatch in PEOPLE]
    for number in numbers:
        if number not in found:
            turned = palette[number % len(palette) :] + palette[: number % len(palette)]
            free = (colour for colour in turned if colour not in found.values())
            found[number] = next(free, turned[0])
    people: dict[int | None, Author] = {number: Author(number, names[number], found[number]) for number in numbers}
    return {**people, None: Author(None, known.others, NOBODY)}
