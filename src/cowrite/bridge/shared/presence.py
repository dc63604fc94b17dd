"""SharedPresence: shows the others of a room where this person writes, and tells who and where they are.

Runs on the GUI thread. Carets travel as anchors; here they are made of positions in the document and read as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from cowrite.core.crdt.anchor import Anchor, BadAnchor, Stick
from cowrite.core.document.document import Document
from cowrite.sync.awareness import Awareness, Cursor, User
from cowrite_server.wire.protocol import Role

_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Teammate:
    """Somebody else in the room.

    Attributes:
        client: the client id of their copy.
        name: what they call themselves.
        colour: of their caret, as `#rrggbb`.
        selection: anchor and head in UTF-16 units, or None where it is not known.
        role: what the server lets them do, as far as they say.
        board: what they say of where they are on the board; nothing in it is checked.
    """

    client: int
    name: str
    colour: str
    selection: tuple[int, int] | None
    role: Role | None = None
    board: Any = None

    @property
    def may_edit(self) -> bool:
        """Whether they write; True where they do not say otherwise."""
        return self.role is None or self.role.may_edit

    @property
    def may_seal(self) -> bool:
        """Whether they take part where notes and ballots lie sealed; True where they do not say otherwise."""
        return self.role is None or self.role.may_comment


class SharedPresence(QObject):
    """Who is in the room of one shared document, this person included.

    Args:
        document: what the carets stand in.
        awareness: what is said and heard of presence, without I/O.
        send: has the network told of what has changed.
        parent: Qt parent.
    """

    changed = Signal()
    """Somebody else came, moved or left, or this person is called otherwise."""

    def __init__(
        self, document: Document, awareness: Awareness, send: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._awareness = awareness
        self._send = send

    @property
    def clock(self) -> int:
        """How far this person's own clock has come."""
        return self._awareness.clock

    @property
    def called(self) -> str:
        """What the others see this person called, where the server says so: of two people with one name it gives one a
        number. Else empty."""
        return self._awareness.called

    def teammates(self) -> list[Teammate]:
        """Who else is in the room, by their names: at every window, and after each connection, in one order."""
        mates = (
            Teammate(
                other.client,
                other.user.name,
                other.user.color,
                self._selection(other.cursor),
                _ROLES.get(str(other.state.get("role"))),
                other.state.get("board"),
            )
            for other in self._awareness.others.values()
        )
        return sorted(mates, key=lambda mate: (mate.name.casefold(), mate.client))

    def show_user(self, user: User) -> None:
        """Shows the others another name or colour."""
        self._awareness.set_user(user)
        self._send()

    def show_caret(self, anchor: int, head: int) -> None:
        """Shows the others where this person writes (UTF-16 units)."""
        ends = [self._document.anchor(position, Stick.LEFT).to_json() for position in (anchor, head)]
        self._awareness.set_cursor(Cursor(*ends))
        self._send()

    def hide_caret(self) -> None:
        """Shows the others no caret: this person is not at the draft."""
        self._awareness.set_cursor(None)
        self._send()

    def show_board(self, place: Mapping[str, Any] | None) -> None:
        """Shows the others where this person is on the board; None when they are elsewhere."""
        self._awareness.set_field("board", place)
        self._send()

    def show_role(self, role: Role | None) -> None:
        """Has the others know what the server lets this person do, with the next message."""
        self._awareness.set_field("role", role and role.value)

    def _selection(self, cursor: Cursor | None) -> tuple[int, int] | None:
        if cursor is None:
            return None
        anchor, head = self._position(cursor.anchor), self._position(cursor.head)
        return None if anchor is None or head is None else (anchor, head)

    def _position(self, end: Mapping[str, Any]) -> int | None:
        try:
            return self._document.resolve(Anchor.from_json(end))
        except BadAnchor:
            return None
