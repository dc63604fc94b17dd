"""Rewriting: makes of all that is stored of a room what its log can begin anew with."""

from __future__ import annotations

from typing import NamedTuple

from cowrite_server.document.ranges import Ranges, add_ranges, joined, without
from cowrite_server.document.replica import Replica
from cowrite_server.document.rewriting import rewritten
from cowrite_server.document.updates import deletions
from cowrite_server.errors import BrokenUpdate, RoomUnreadable, ServerError
from cowrite_server.history.moments import Part, Parts, encode_parts
from cowrite_server.history.replay import Replay
from cowrite_server.rooms.loading import build
from cowrite_server.store.records import Moment, RoomHistory, RoomLog, RoomRecord, Snapshot


class NothingToRewrite(ServerError):
    """Nobody has written anything in a room yet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is nothing in the room {name} to rewrite.")
        self.name = name


class NotRewritable(ServerError):
    """The document of a room cannot be rewritten as it is."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The document of the room {name} cannot be rewritten ({reason}), and is as it was. It can still be "
            "read: have somebody copy what is needed into a new document, or raise document_seconds."
        )
        self.name = name
        self.reason = reason


class Beginning(NamedTuple):
    """What a log begins anew with.

    Attributes:
        last: number of the last entry of the log that there was.
        snapshot: the document as it is now.
        moment: who wrote what of it.
        before: seconds that the library took to read the document that there was.
        seconds: those that it takes now.
        lacks: whether changes were left out that wait for others.
    """

    last: int
    snapshot: Snapshot
    moment: Moment
    before: float
    seconds: float
    lacks: bool


def beginning(room: RoomRecord, history: RoomHistory, now: int) -> Beginning:
    """What a room's log can begin anew with.

    Args:
        room: the room.
        history: all that is stored of it.
        now: milliseconds since 1970.

    Raises:
        NothingToRewrite: nothing was ever written there.
        NotRewritable: its document has something in it that only the library knows.
        RoomUnreadable: something of it is damaged.
    """
    loaded = build(room, RoomLog(history.snapshot, history.entries))
    if not loaded.seq:
        raise NothingToRewrite(room.name)
    document = loaded.replica.arrived()
    try:
        made = rewritten(document)
        before, after = Replica([document]), Replica([made])
        parts = _parts(room, history, after)
        lacks = loaded.replica.waits and not after.has_all_of(loaded.replica.whole())
        entries = history.entries
        begun = history.moments[0].begun if history.moments else entries[0].time
        ended = max([begun, *(moment.ended for moment in history.moments), *(entry.time for entry in entries)])
        snapshot = Snapshot(room.id, 1, now, Snapshot.compressed(made))
        moment = Moment(room.id, 1, 1, begun, ended, encode_parts(parts))
    except BrokenUpdate as error:
        raise NotRewritable(room.name, error.reason) from error
    return Beginning(loaded.seq, snapshot, moment, before.seconds, after.seconds, lacks)


def _parts(room: RoomRecord, history: RoomHistory, document: Replica) -> Parts:
    """Who has done what; what the history cannot tell that of was nobody.

    Raises:
        BrokenUpdate: the library cannot read the document.
    """
    try:
        parts = Replay.read(room, history).parts()
    except RoomUnreadable:  # entries that contradict others are in no history
        parts = {}
    known = Part()
    for part in parts.values():
        add_ranges(known.inserted, part.inserted)
        add_ranges(known.deleted, part.deleted)
    units: Ranges = {client: [(0, end)] for client, end in document.clocks().items()}
    others = Part(
        without(units, joined(known.inserted)), without(joined(deletions(document.whole())), joined(known.deleted))
    )
    if others.inserted or others.deleted:
        add_ranges(parts.setdefault(None, Part()).inserted, others.inserted)
        add_ranges(parts[None].deleted, others.deleted)
    return parts
