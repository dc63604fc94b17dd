"""Intake: adds what comes in to a room's own copy of the document, as far as each sender's role allows.

Without I/O. Runs on the server's event loop, within `Room.flush`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from cowrite_server.document.permissions import Forbidden, Gate
from cowrite_server.document.placing import Unplaced
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE, merge
from cowrite_server.errors import BrokenUpdate
from cowrite_server.rooms.client import Client
from cowrite_server.wire.protocol import Close

_logger = logging.getLogger(__name__)

_FEW = 8
"""Updates that are added sooner one by one than merged: a keystroke is added in a short way, see `keystroke`."""

Turn = dict[Client, list[tuple[int, bytes]]]
"""What came in, by its sender: each update, as `read_update` gives it, with its number."""

Accepted = tuple[Client, int, bytes]
"""A sender, the number of its last update, and all of its updates merged."""


class Intake:
    """The way into one room's document. Owns the replica, and says when it is no whole any more."""

    def __init__(self, name: str, replica: Replica, gate: Gate) -> None:
        """The way into a document.

        Args:
            name: of the room, for the log.
            replica: the document.
            gate: judges the updates of those who may not edit.
        """
        self.replica = replica
        self.broken = False
        """Whether the replica failed at an update: nobody knows what it is now, and it has to be read again."""
        self.completed = False
        """Whether what was accepted last does more than its senders sent, so that they need it too."""
        self.added = 0
        """How many updates of clients it has added so far; empty ones, and what was refused, are not among them."""
        self.refused_bytes = 0
        """Size of all that roles have forbidden so far."""
        self._name = name
        self._gate = gate
        self._careful = False
        self._is_said_too_long = False

    def renew(self, replica: Replica) -> None:
        """Goes on with a document that was read again."""
        self.replica = replica
        self.broken = False

    def accept(self, turn: Turn, *, saved: bool) -> tuple[list[Accepted], list[bytes]]:
        """Adds what clients sent.

        Args:
            turn: what they sent. What was judged is taken out; what stays waits for the document to be read again.
            saved: whether all that the document has is on disk.

        Returns:
            Who sent it, the number of its last update and all of its updates merged, for each sender; and what is to be
            passed on, in one update where the library can make one of it.
        """
        self.completed = False
        if self._careful or _are_few(turn) or not all(client.role.may_edit for client in turn):
            return self._accept_one_by_one(turn, saved)
        try:
            accepted = [(client, entries[-1][0], _merged(entries)) for client, entries in turn.items()]
            contents = [data for _, _, data in accepted if data != EMPTY_UPDATE]
            whole = merge(contents) if len(contents) > 1 else contents[0] if contents else EMPTY_UPDATE
            if self.replica.halves(whole):
                return self._accept_one_by_one(turn, saved)
            others_wait = self.replica.apply(whole)
        except BrokenUpdate:
            # Whose update it is shows when they are added one by one, to a document that is whole.
            self._careful = self.broken = True
            return [], []
        self.added += sum(map(_count, turn.values()))
        turn.clear()
        self._follow(whole, did_more=others_wait)
        return accepted, [whole] if contents else []

    def take(self, updates: Sequence[bytes]) -> list[bytes]:
        """Adds what is in the log already; gives it merged, or nothing where the document cannot take it.

        WORKAROUND: where an update brings what others waited for, Yrs 0.28 sometimes lets those wait for ever, but not
        where all of them come as one. Other nodes' updates can come like that, so the others are given with it again.
        """
        try:
            written = merge(updates)
            data, others_wait = self.replica.take(written)
        except BrokenUpdate as error:
            _logger.error("Room %s is read again: it cannot take what is in its log. %s", self._name, error)
            self.broken = True
            return []
        self._follow(data, did_more=others_wait or data is not written)
        return [data if self.replica.released is None else self.replica.released]

    def take_from(self, client: Client, update: bytes) -> bytes | None:
        """Adds one update, not an empty one, of somebody who may edit; gives what was added, or None where the document
        failed at it."""
        try:
            data, others_wait = self.replica.take(update)
        except BrokenUpdate as error:
            self._break(client, error)
            return None
        self.added += 1
        self.completed = data is not update
        self._follow(data, did_more=others_wait or self.completed)
        return data

    def _follow(self, update: bytes, *, did_more: bool) -> None:
        """Keeps the gate's fork equal to the document, or has it made anew where the update did more than it says."""
        if did_more:
            self._gate.forget()  # what waits is not in its fork, nor what has come out
        else:
            self._gate.follow(update)

    def _break(self, client: Client, error: BrokenUpdate) -> None:
        """An update can be well-formed and still make the library fail when it is added. Then nobody knows what the
        document in memory is, so it is read again; the log has none of this update."""
        _logger.warning("Room %s: a client was expelled. %s", self._name, error)
        client.close(Close.MALFORMED)
        self.broken = True

    def _accept_one_by_one(self, turn: Turn, saved: bool) -> tuple[list[Accepted], list[bytes]]:
        self._careful = False
        accepted: list[Accepted] = []
        contents: list[bytes] = []
        for client in list(turn):
            entries = turn.pop(client)
            try:
                if client.role.may_edit:
                    sent = _merged(entries)
                    data, others_wait = self.replica.take(sent)
                    self.completed |= data is not sent
                    self._follow(data, did_more=others_wait or data is not sent)
                else:
                    entries = self._let_through(client, entries, saved=saved and not accepted)
                    if not entries:
                        continue
                    data = _merged(entries)
            except BrokenUpdate as error:
                self._break(client, error)
                break
            for _, update in entries:
                self.added += update != EMPTY_UPDATE
            accepted.append((client, entries[-1][0], data))
            if data != EMPTY_UPDATE:
                contents.append(data)
        if self.completed:  # what deletes a character must not come together with it
            return accepted, contents
        try:
            return accepted, [merge(contents)] if len(contents) > 1 else contents
        except BrokenUpdate as error:
            _logger.error("Room %s: updates are passed on one by one. %s", self._name, error)
            return accepted, contents

    def _let_through(self, client: Client, entries: list[tuple[int, bytes]], *, saved: bool) -> list[tuple[int, bytes]]:
        """Adds what a client that may not edit may do; gives it.

        Args:
            client: who.
            entries: numbers and updates.
            saved: whether all that the document has is on disk.

        Raises:
            BrokenUpdate: the document could not take what its fork took.
        """
        passed: list[tuple[int, bytes]] = []
        for at, (number, update) in enumerate(entries):
            try:
                data = (
                    EMPTY_UPDATE
                    if update == EMPTY_UPDATE
                    else self._gate.judge(self.replica, client.role, client.person, update, client.name)
                )
            except Forbidden as error:
                self.refused_bytes += len(update)
                client.settled(number, error.reason, error.limit)
                self._say_whether_too_long()
                continue
            except Unplaced:
                client.put_off(entries[at:])
                break
            except BrokenUpdate as error:
                _logger.warning("Room %s: a client was expelled. %s", self._name, error)
                client.close(Close.MALFORMED)
                break
            if data == EMPTY_UPDATE and saved and not passed:
                client.settled(number)
            else:
                others_wait = self.replica.apply(data)
                self.completed |= data != EMPTY_UPDATE and self._gate.did_more
                if others_wait:
                    self._gate.forget()
                passed.append((number, data))
        return passed

    def _say_whether_too_long(self) -> None:
        """Tells the host of a document in which nobody can suggest: its editors see nothing of that."""
        if self._gate.is_too_long and not self._is_said_too_long:
            self._is_said_too_long = True
            _logger.warning("Room %s takes no suggestions: its document has too many parts.", self._name)


def _are_few(turn: Turn) -> bool:
    """Whether one client sent all of it, or each of a few one update."""
    return len(turn) == 1 or len(turn) == sum(map(len, turn.values())) <= _FEW


def _count(entries: list[tuple[int, bytes]]) -> int:
    return sum([update != EMPTY_UPDATE for _, update in entries])


def _merged(entries: list[tuple[int, bytes]]) -> bytes:
    """The updates of one sender as one."""
    return entries[0][1] if len(entries) == 1 else merge([update for _, update in entries])
