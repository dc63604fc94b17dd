"""Presence: who is in the document and where their carets are.

Sans-I/O: takes entries and the time, gives entries and changes. Times are seconds of one monotonic clock. Speaks the
rules of y-protocols' awareness (https://github.com/yjs/y-protocols/blob/master/awareness.js) and the state that
y-quill shares: `{"user": {"name", "color"}, "cursor": {"anchor", "head"}}`, where anchor and head are relative
positions as JSON.

Runs on the document's thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cowrite_server.wire.awareness import Presence
from cowrite_server.wire.encoding import MAX_VAR_UINT
from cowrite_server.wire.names import clean_name

RENEWAL = 15.0  # seconds after which an unchanged own state is sent again
OUTDATED = 30.0  # seconds of silence after which another client counts as gone
CHANGE_PAUSE = 0.05  # seconds between two sendings of own changes: a moving caret makes 20 messages a second at most
MOST_CLIENTS = 1000  # others beyond this many are not shown; a hostile message can name any number
MOST_NAME = 80  # characters of a name that are kept

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_NO_COLOR = "#808080"


@dataclass(frozen=True, slots=True)
class User:
    """Who a client is, in the words that others read.

    Attributes:
        name: what the person calls themselves.
        color: of their caret, as `#rrggbb`.
    """

    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A selection whose ends are relative positions in Yjs's JSON form; equal ends are a caret."""

    anchor: Mapping[str, Any]
    head: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another client in the room.

    Attributes:
        client: the client id of its document.
        user: who it says it is; a nameless grey one where it does not say.
        cursor: where its selection is, or None when it has none.
        state: all that it shares, for what is not named here. Written by a stranger: nothing in it is checked.
    """

    client: int
    user: User
    cursor: Cursor | None
    state: Mapping[str, Any]


class Awareness:
    """This client's presence and that of the others in one room.

    Methods that give a bool say whether others came, changed or left, or this client is called otherwise.
    """

    def __init__(self, client: int, user: User, begin: int = 0, called: str = "") -> None:
        """Starts alone and not connected.

        Args:
            client: the client id of this copy of the document.
            user: who sits here.
            begin: where the clock begins; beyond that of any earlier presence of this client, whose farewell the
                others remember, and who would take what comes now for older.
            called: what the server called this client the last time, which holds until it says otherwise.
        """
        self._client = client
        self._state: dict[str, Any] | None = {"user": _user_json(user)}
        self._clock = begin
        self._called = called
        self._online = False
        self._unsent = False
        self._sent_at: float | None = None
        self._others: dict[int, Neighbour] = {}
        self._clocks: dict[int, int] = {}
        self._heard_at: dict[int, float] = {}
        self._departed: dict[int, int] = {}

    @property
    def clock(self) -> int:
        """The number of the newest own entry."""
        return self._clock

    @property
    def called(self) -> str:
        """What the others see this client called, where the server says so; else empty."""
        return self._called

    @property
    def others(self) -> Mapping[int, Neighbour]:
        """The others in the room by client id. A view: it changes with every received entry."""
        return self._others

    def set_user(self, user: User) -> None:
        """Shares who sits here."""
        shown, before = _user_json(user), (self._state or {}).get("user")
        if not self._online and shown["name"] != (before or {}).get("name"):  # connected, the server says
            self._called = ""
        self.set_field("user", shown)

    def set_cursor(self, cursor: Cursor | None) -> None:
        """Shares where this client's selection is; None when the document has no focus."""
        shared = None if cursor is None else {"anchor": dict(cursor.anchor), "head": dict(cursor.head)}
        self.set_field("cursor", shared)

    def set_field(self, name: str, value: Any) -> None:
        """Shares any JSON value under a name of its own. An equal value is not sent again."""
        if self._state is None:
            self._state = {}
        elif name in self._state and self._state[name] == value:
            return
        self._state[name] = value
        self._unsent = True

    def leave(self) -> None:
        """Tells the others, with the next entries, that this client is gone."""
        self._unsent = self._unsent or self._state is not None
        self._state = None
        self._sent_at = None  # a farewell does not wait for the pause between changes

    def greeted(self, name: str | None) -> None:
        """A server has said what it calls this client; None where it leaves that to the client."""
        self._called = clean_name(name or "") or ""

    def connected(self) -> None:
        """The room can be reached: the own state is to be sent at once."""
        self._online = True
        self._unsent = self._state is not None
        self._sent_at = None

    def disconnected(self) -> bool:
        """The room cannot be reached: nobody else is known to be there."""
        self._online = False
        has_changed = bool(self._others)
        self._others.clear()
        self._clocks.clear()
        self._heard_at.clear()
        self._departed.clear()
        return has_changed

    def receive(self, entries: Iterable[Presence], now: float) -> bool:
        """Takes others' entries in; older ones than those known have no effect. The own one may name this client."""
        called = self._called
        has_changed = False
        for entry in entries:
            if entry.client == self._client:
                self._own_entry(entry)
                continue
            known = self._others.get(entry.client)
            if not self._is_news(entry, known):
                continue
            if entry.state is None:
                self._forget(entry.client, entry.clock)
                has_changed = True
                continue
            self._departed.pop(entry.client, None)
            self._clocks[entry.client] = entry.clock
            self._heard_at[entry.client] = now
            self._others[entry.client] = _neighbour(entry.client, entry.state)
            has_changed = has_changed or known is None or known.state != entry.state
        return has_changed or self._called != called

    def tick(self, now: float) -> bool:
        """Drops those that were silent for too long, and sees to it that the own state is renewed in time."""
        gone = [client for client, heard_at in self._heard_at.items() if now - heard_at >= OUTDATED]
        for client in gone:
            self._forget(client, self._clocks[client])
        if self._state is not None and self._sent_at is not None and now - self._sent_at >= RENEWAL:
            self._unsent = True
        return bool(gone)

    def entries_to_send(self, now: float) -> list[Presence]:
        """The own entry when it is to be sent now, otherwise nothing. What is returned counts as sent."""
        if not self._online or not self._unsent:
            return []
        if self._sent_at is not None and now - self._sent_at < CHANGE_PAUSE:
            return []
        return self.answer(now)

    def answer(self, now: float) -> list[Presence]:
        """The own entry in any case, for someone who asks. What is returned counts as sent."""
        self._clock += 1
        self._unsent = False
        self._sent_at = now
        return [Presence(self._client, self._clock, None if self._state is None else dict(self._state))]

    def next_tick(self) -> float | None:
        """The time at which `tick` and then `entries_to_send` are to be called again, if nothing happens before."""
        times = [heard_at + OUTDATED for heard_at in self._heard_at.values()]
        if self._online and self._unsent:
            times.append((self._sent_at or 0.0) + CHANGE_PAUSE)
        elif self._online and self._state is not None and self._sent_at is not None:
            times.append(self._sent_at + RENEWAL)
        return min(times, default=None)

    def _own_entry(self, entry: Presence) -> None:
        # The server says null when it gives a connection up, be it one that was lost long ago and has been replaced,
        # with an old clock; this client is still here and says so.
        self._unsent = self._unsent or (entry.state is None and self._state is not None)
        if self._called and entry.state is not None:  # one that names its clients lets nobody else speak for this one
            self._called = _neighbour(entry.client, entry.state).user.name or self._called
        if entry.clock <= MAX_VAR_UINT // 2:  # a clock near the end of the number range leaves no room for the answer
            self._clock = max(self._clock, entry.clock)

    def _is_news(self, entry: Presence, known: Neighbour | None) -> bool:
        if known is None:
            is_new = entry.clock > self._departed.get(entry.client, -1)
            return is_new and entry.state is not None and len(self._others) < MOST_CLIENTS
        clock = self._clocks[entry.client]
        return entry.clock > clock or (entry.clock == clock and entry.state is None)

    def _forget(self, client: int, clock: int) -> None:
        """Drops a client but remembers its clock, so that a late copy of an old entry does not bring it back."""
        del self._others[client], self._heard_at[client], self._clocks[client]
        self._departed[client] = clock
        if len(self._departed) > MOST_CLIENTS:
            del self._departed[next(iter(self._departed))]


def _user_json(user: User) -> dict[str, str]:
    # Half a surrogate pair, as Qt may hold it, cannot be sent.
    name = user.name.encode("utf-8", "replace").decode()
    return {"name": name, "color": user.color}


def _neighbour(client: int, state: Mapping[str, Any]) -> Neighbour:
    user, cursor = state.get("user"), state.get("cursor")
    name = color = None
    if isinstance(user, Mapping):
        name, color = user.get("name"), user.get("color")
    shown = User(
        (clean_name(name, MOST_NAME) or "") if isinstance(name, str) else "",
        color if isinstance(color, str) and _COLOR.fullmatch(color) else _NO_COLOR,
    )
    selection = None
    if isinstance(cursor, Mapping):
        anchor, head = cursor.get("anchor"), cursor.get("head")
        if isinstance(anchor, Mapping) and isinstance(head, Mapping):
            selection = Cursor(anchor, head)
    return Neighbour(client, shown, selection, state)
