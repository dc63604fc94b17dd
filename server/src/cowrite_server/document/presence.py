"""Who is in a room and where their carets are: the awareness states of Yjs clients, kept and merged, not interpreted.

Without I/O. The rules are those of y-protocols (https://github.com/yjs/y-protocols/blob/master/awareness.js) and two
of this server. A client id belongs to the person who used it first, for as long as one of their connections lives on
which it was used: so whoever comes back while the server still waits for their broken connection is seen at once, and
nobody can take another's id. Where the server does not know people apart, every connection counts as a person. A
connection may use a limited number of ids. A client that was away comes back with the clock with which it left, and is
believed where the connection was made since: no older copy of its state can have come that way. Its clock is moved for
it, or the others would pass it over. Entries that break a rule are left out without a word, because stock
clients pass on the states of others and mean no harm by it. So is what is too much of one message.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage, Reader, var_bytes, var_uint
from cowrite_server.wire.protocol import Message

STATE_BYTES = 64 * 1024
"""Size of one client's state."""

CLIENTS_PER_CONNECTION = 64
"""Client ids that one connection may use: a browser passes on the states of its other tabs."""

_ENTRIES = 10_000
"""Entries of one message that are looked at; behind them a client has nothing to say that it may."""

_NEWS_BYTES = 256 * 1024
"""So much of the states in one message may be news, together. To read them takes the time of all others."""

_KEPT_BYTES = 16 * 1024
"""All states of one person together are no larger than this for each id that a connection may use: whoever comes gets
all of them. States of _SMALL_BYTES are let through beyond it."""

_SMALL_BYTES = 1024

_SHORT_BYTES = 16
"""A state of this size may say that its client is gone, with space around the word."""

_DEEPEST = 100
"""Levels of a state: far more than an editor needs, and few enough for every reader, wherever it is when it reads."""

_LATEST_CLOCK = MAX_VAR_UINT // 2
"""Nobody counts that far. Those who do as if are left out: the server moves clocks on, and others have to read them."""

_REMEMBERED = 1000
"""Clocks kept of clients that left, so that a late copy of their state does not bring them back."""

_GUEST = " (guest)"
"""Stands behind a name that somebody only claims, so that nobody is seen under a member's name by giving none."""

_GONE = b"null"
_NOBODY = var_uint(0)


@dataclass(slots=True)
class _Client:
    owners: set[object]
    person: object
    clock: int
    state: bytes
    moved: bool = False
    """Whether its clock was moved for it, so that what it says next may come with the clock that it has by now."""


@dataclass(frozen=True, slots=True)
class _Gone:
    clock: int
    departure: int
    """Which of all departures it was, from 1."""


class Presence:
    """The awareness states of one room."""

    __slots__ = ("_clients", "_departures", "_gone", "_joined", "_owned")

    def __init__(self) -> None:
        self._clients: dict[int, _Client] = {}
        self._departures = 0
        self._gone: OrderedDict[int, _Gone] = OrderedDict()
        self._joined: dict[object, int] = {}
        self._owned: dict[object, set[int]] = {}

    def join(self, owner: object) -> None:
        """A connection was made, on which nothing was told yet."""
        self._joined[owner] = self._departures

    def receive(
        self,
        owner: object,
        body: bytes,
        person: object = None,
        name: str | None = None,
        most: int = CLIENTS_PER_CONNECTION,
        *,
        claims: bool = False,
    ) -> set[int]:
        """Takes the content of an AWARENESS message.

        What is no news is not read: stock clients pass on the states of all others.

        Args:
            owner: the connection that sent it, or another node.
            body: the content, without type and length.
            person: who is behind the connection, equal for all connections of one person; None where nobody knows.
            name: what the person is called, whatever the states say; None to leave it to them.
            most: client ids that the owner may use.
            claims: whether a name in the states is one that anybody could claim, and is to be seen as such.

        Returns:
            The ids of the clients whose state changed.

        Raises:
            MalformedMessage: the content is no list of states; then nothing was taken.
        """
        whose = owner if person is None else person
        entries = [
            (client, clock, _read_state(state, name, claims) if is_news else None)
            for client, clock, state, is_news in self._sifted(whose, _entries(body, most), most)
        ]
        return {client for client, clock, state in entries if self._take(owner, whose, client, clock, state, most)}

    def rename(self, owner: object, name: str) -> set[int]:
        """Gives all clients of a connection another name, as if they had said so; gives their ids."""
        moved = self._owned.get(owner, set()).copy()
        for client in moved:
            known = self._clients[client]
            known.state, known.clock, known.moved = _renamed(known.state, name), known.clock + 1, True
        return moved

    def person(self, client: int) -> object:
        """Who is here under a client id: the person, or their connection where nobody knows them; None for nobody."""
        known = self._clients.get(client)
        return None if known is None else known.person

    def receive_all(self, owner: object, body: bytes, most: int) -> set[int]:
        """The same where the message names all clients of the owner: others that it had are gone."""
        named = {client for client, _, _ in _entries(body, most)}
        moved = self.receive(owner, body, most=most)
        for client in self._owned.get(owner, set()) - named:
            self._owned[owner].discard(client)
            if self._drop(owner, client):
                moved.add(client)
        return moved

    def owned(self, owners: Iterable[object]) -> set[int]:
        """The ids of the clients that belong to some owners."""
        return {client for owner in owners for client in self._owned.get(owner, ())}

    def leave(self, owner: object) -> set[int]:
        """Removes the clients that were used on no other connection than one that ended; gives their ids."""
        self._joined.pop(owner, None)
        return {client for client in self._owned.pop(owner, set()) if self._drop(owner, client)}

    def message(self, ids: Iterable[int] | None = None) -> bytes | None:
        """An AWARENESS message with the states of some clients, those that left included.

        Args:
            ids: which clients; None for everybody who is here.

        Returns:
            The message, or None where there is nothing to tell.
        """
        body = self.body(self._clients if ids is None else ids)
        return None if body == _NOBODY else bytes((Message.AWARENESS,)) + var_bytes(body)

    def body(self, ids: Iterable[int]) -> bytes:
        """The content of an AWARENESS message with the states of some clients, those that left included."""
        entries = []
        for client in ids:
            known = self._clients.get(client)
            if known is not None:
                entries.append(var_uint(client) + var_uint(known.clock) + var_bytes(known.state))
            elif client in self._gone:
                entries.append(var_uint(client) + var_uint(self._gone[client].clock) + var_bytes(_GONE))
        return var_uint(len(entries)) + b"".join(entries)

    def _drop(self, owner: object, client: int) -> bool:
        """Takes a client from one of its owners; whether it has none now, and is gone."""
        known = self._clients[client]
        known.owners.discard(owner)
        if not known.owners:
            self._forget(client, self._clients.pop(client).clock)
        return not known.owners

    def _sifted(
        self, person: object, entries: list[tuple[int, int, bytes]], most: int
    ) -> Iterator[tuple[int, int, bytes, bool]]:
        """Entries, and whether each may be news, for as much of them as may be that."""
        left, size = most, max(_NEWS_BYTES, most * _NEWS_BYTES // CLIENTS_PER_CONNECTION)
        for client, clock, state in entries:
            if len(state) <= _SHORT_BYTES and state.strip() == _GONE:
                yield client, clock, _GONE, True
                continue
            is_news = left > 0 and len(state) <= size and self._may_be_news(person, client, clock)
            if is_news:
                left, size = left - 1, size - len(state)
            yield client, clock, state, is_news

    def _may_be_news(self, person: object, client: int, clock: int) -> bool:
        known = self._clients.get(client)
        if known is not None:
            return known.person == person and (clock > known.clock or (known.moved and clock == known.clock))
        gone = self._gone.get(client)
        return gone is None or clock >= gone.clock

    def _take(self, owner: object, person: object, client: int, clock: int, state: bytes | None, most: int) -> bool:
        """Takes one client's state, or notes that it was told, where it was not read."""
        known = self._clients.get(client)
        if state is None:
            if known is not None and known.person == person and clock >= known.clock:
                self._is_used_on(owner, client, known, most)
            return False
        if len(state) > _SMALL_BYTES and self._kept(person, client) + len(state) > most * _KEPT_BYTES:
            return False
        if known is None:
            return self._admit(owner, person, client, clock, state, most)
        if known.person != person or clock < known.clock:
            return False
        if state != _GONE and not self._is_used_on(owner, client, known, most):
            return False
        if clock == known.clock and state != _GONE:
            if not known.moved:
                return False
            clock += 1  # said before it heard of that
        if state == _GONE:
            del self._clients[client]
            for each in known.owners:
                self._owned[each].discard(client)
            self._forget(client, clock)
        else:
            known.clock, known.state, known.moved = clock, state, False
        return True

    def _kept(self, person: object, but: int) -> int:
        """Size of a person's states without that of one client."""
        return sum([len(each.state) for at, each in self._clients.items() if at != but and each.person == person])

    def _is_used_on(self, owner: object, client: int, known: _Client, most: int) -> bool:
        # Also where the state is no news: a stock client that connects anew shows itself with the clock that it had.
        if owner not in known.owners:
            owned = self._owned.setdefault(owner, set())
            if len(owned) >= most:
                return False
            owned.add(client)
            known.owners.add(owner)
        return True

    def _admit(self, owner: object, person: object, client: int, clock: int, state: bytes, most: int) -> bool:
        owned = self._owned.setdefault(owner, set())
        if state == _GONE or len(owned) >= most:
            return False
        gone = self._gone.get(client)
        is_back = gone is not None and clock == gone.clock and self._joined.get(owner, 0) >= gone.departure
        if gone is not None and clock <= gone.clock and not is_back:
            return False
        self._gone.pop(client, None)
        owned.add(client)
        self._clients[client] = _Client({owner}, person, clock + is_back, state, moved=is_back)
        return True

    def _forget(self, client: int, clock: int) -> None:
        self._departures += 1
        self._gone[client] = _Gone(clock, self._departures)
        self._gone.move_to_end(client)
        if len(self._gone) > _REMEMBERED:
            self._gone.popitem(last=False)


def _entries(body: bytes, most: int) -> list[tuple[int, int, bytes]]:
    """The clients that a message names, their clocks and states."""
    reader = Reader(body)
    count = min(reader.var_uint(), max(most, _ENTRIES))
    entries = [(reader.var_uint(), reader.var_uint(), reader.var_bytes()) for _ in range(count)]
    if max((len(state) for _, _, state in entries), default=0) > STATE_BYTES:
        raise MalformedMessage("a presence is too large")
    return [entry for entry in entries if entry[1] <= _LATEST_CLOCK]


def _read_state(state: bytes, name: str | None, claims: bool) -> bytes:
    """A state in which the person is called by the name if there is one; else a name that it claims is marked."""
    if state == _GONE:
        return _GONE
    try:
        content = _READER.decode(state.decode())
        if state.count(b"{") + state.count(b"[") > _DEEPEST and _is_deep(content):
            raise MalformedMessage("a presence is nested too deep")
        if isinstance(content, dict):
            if name is not None:
                state = _named(content, name)
            elif claims:
                state = _marked(state, content)
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("a presence is not JSON") from error
    if content is None:
        return _GONE
    if not isinstance(content, dict):
        raise MalformedMessage("a presence is neither an object nor null")
    return state


def _named(content: dict[str, Any], name: str) -> bytes:
    """A state in which the person is called so, in the places where Yjs' editors look for a name."""
    user = content.get("user")
    content["user"] = {**(user if isinstance(user, dict) else {}), "name": name}
    if "name" in content:
        content["name"] = name
    return _WRITER.encode(content).encode()


def _marked(state: bytes, content: dict[str, Any]) -> bytes:
    """A state in which names are seen to be claimed, where Yjs' editors look for them; the same where none is."""
    is_marked = False
    for place in (content, content.get("user")):
        claimed = place.get("name") if isinstance(place, dict) else None
        if isinstance(place, dict) and isinstance(claimed, str) and not claimed.endswith(_GUEST):
            place["name"] = claimed + _GUEST
            is_marked = True
    return _WRITER.encode(content).encode() if is_marked else state


def _renamed(state: bytes, name: str) -> bytes:
    """The same of a state that is known; no more than the name where it has a number too large to be written."""
    try:
        return _named(json.loads(state), name)
    except ValueError:
        return _named({}, name)


def _is_deep(content: object) -> bool:
    level = [content]
    for _ in range(_DEEPEST):
        containers = [each for each in level if isinstance(each, dict | list)]
        level = [inner for each in containers for inner in (each.values() if isinstance(each, dict) else each)]
    return bool(level)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")  # Python reads NaN and Infinity, browsers do not


# Made once: `json.loads` and `json.dumps` would make one for each state, since they are told how.
_READER = json.JSONDecoder(parse_constant=_refuse_constant)
_WRITER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
