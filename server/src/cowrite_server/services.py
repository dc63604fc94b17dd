"""Services: what a server does for those whom it has let in."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakValueDictionary

from cowrite_server.background import Background
from cowrite_server.figures import Figures
from cowrite_server.history.history import History
from cowrite_server.history.versions import Versions
from cowrite_server.people.members import Members
from cowrite_server.rooms.log import Log
from cowrite_server.rooms.sealed import SealedBoxes
from cowrite_server.rooms.trial import Trials
from cowrite_server.share import Share
from cowrite_server.sockets.unfinished import Unfinished
from cowrite_server.store.records import Blob
from cowrite_server.store.store import Store
from cowrite_server.wire.protocol import Limits


class Services(NamedTuple):
    """What every connection uses.

    Attributes:
        limits: what the server accepts.
        log: where updates and blobs go.
        store: where blobs are read.
        history: what the rooms were.
        versions: gives moments of it names.
        members: who takes part in the rooms.
        sealed: what lies sealed in them.
        share: of the time, for what is asked by those of whom it has been too much; see `Answering`.
        trials: of updates of very many parts.
        background: where they are carried out, and where it is decided on those who come.
        figures: the server's.
        unfinished_blobs: those of all clients that are not whole yet.
        blobs_on_their_way: those that clients are sent, each once for all of them, by the room's key and the hash.
    """

    limits: Limits
    log: Log
    store: Store
    history: History
    versions: Versions
    members: Members
    sealed: SealedBoxes
    share: Share
    trials: Trials
    background: Background
    figures: Figures
    unfinished_blobs: Unfinished
    blobs_on_their_way: WeakValueDictionary[tuple[int, bytes], Blob]
