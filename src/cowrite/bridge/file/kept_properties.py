"""KeptProperties: what a document's file keeps beside the text, of its server and of the person.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from cowrite.bridge.file.opening import JOINED, MAY_COMMENT, MAY_SUGGEST, SAVED_BLOBS, TAKES_SAID, VIEW_ONLY, WAITING
from cowrite.storage.layout import Property
from cowrite.sync.record import SyncRecord
from cowrite.sync.rights import Rights


class KeptProperties:
    """Takes what is to be kept until it is written.

    Args:
        saved_blobs: names of the images that the server has.
        changed: is called when something is to be written.

    Attributes:
        waiting: properties that are not on their way to the file yet.
    """

    def __init__(self, saved_blobs: Set[str], changed: Callable[[], None]) -> None:
        self._saved_blobs = set(saved_blobs)
        self._changed = changed
        self.waiting: dict[str, Any] = {}

    @property
    def saved_blobs(self) -> frozenset[str]:
        """Names of the images that the server has."""
        return frozenset(self._saved_blobs)

    def store_record(self, record: SyncRecord) -> None:
        """Keeps what is known of the server."""
        self.waiting.update(
            {Property.EPOCH: record.epoch, Property.ACKNOWLEDGED: record.state_vector, WAITING: record.waiting}
        )
        self._changed()

    def store_link(self, address: str | None) -> None:
        """Keeps where the document is shared, without the secret; None where it is not."""
        self.waiting[Property.LINK] = address
        self._changed()

    def forget_server(self) -> None:
        """The document leaves its server: what that one has says nothing about another one."""
        self._saved_blobs.clear()
        self.waiting[SAVED_BLOBS] = []
        self.waiting[VIEW_ONLY] = self.waiting[MAY_COMMENT] = self.waiting[JOINED] = False
        self.waiting[Property.CALLED] = {}
        self.store_record(SyncRecord())

    def store_joined(self) -> None:
        """Keeps that the document came into being to join a room."""
        self.waiting[JOINED] = True
        self._changed()

    def store_rights(self, rights: Rights) -> None:
        """Keeps what the server lets this person do, for the next time without network."""
        self.waiting |= {
            VIEW_ONLY: not rights.may_edit,
            MAY_SUGGEST: rights.may_suggest,
            MAY_COMMENT: rights.may_comment,
            TAKES_SAID: rights.takes_said,
        }
        self._changed()

    def store_called(self, name: str, called: str) -> None:
        """Keeps what the server calls this person, whose name is `name`; an empty `called` where it leaves that to
        them."""
        self.waiting[Property.CALLED] = {name: called} if called else {}
        self._changed()

    def store_unsent(self, comment: Mapping[str, Any]) -> None:
        """Keeps a comment that is being written, for the next time; an empty one for none."""
        self.waiting[Property.UNSENT] = dict(comment)
        self._changed()

    def store_seen_mentions(self, ids: Sequence[str]) -> None:
        """Keeps which comments and replies that mention this person they have seen."""
        self.waiting[Property.SEEN_MENTIONS] = list(ids)
        self._changed()

    def store_unseen_since(self, left: int | None) -> None:
        """Keeps when this person left, in milliseconds since 1970, if others have changed the text since; None once
        they have seen it."""
        self.waiting[Property.UNSEEN_SINCE] = left or 0
        self._changed()

    def blob_saved(self, name: str) -> None:
        """The server has this image."""
        self._saved_blobs.add(name)
        self.waiting[SAVED_BLOBS] = sorted(self._saved_blobs)
        self._changed()
