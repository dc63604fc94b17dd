"""SharedImages: brings a shared document's images to its server and back.

Runs on the GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.image_store import ImageStore
from cowrite.core.document import Document
from cowrite.storage.images import images_named
from cowrite.sync.blob import Blob
from cowrite.sync.blob_exchange import BlobExchange

_IMAGE_NAME = re.compile("sha256:[0-9a-f]{64}")


class SharedImages(QObject):
    """The images of one shared document. Owns which of them the server has.

    Args:
        document: the draft that shows them.
        store: where they are on this computer.
        blobs: what is exchanged with the server, without I/O.
        saved: names of the images that the server has.
        send: has the network told of what was offered or asked for.
        parent: Qt parent.
    """

    saved = Signal(str)
    """The server has the image of this name."""

    def __init__(
        self,
        document: Document,
        store: ImageStore,
        blobs: BlobExchange,
        saved: frozenset[str],
        send: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._store = store
        self._blobs = blobs
        self._saved = saved
        self._send = send
        store.added.connect(self._offer)
        store.wanted.connect(self._want)
        for name in store.missing:
            self._want(name)
        store.await_missing(True)

    def offer_all(self) -> None:
        """Has the server get the images that it may lack of those that text and notes of the document name."""
        lacking = images_named(self._document.state()) - self._saved
        here = self._store.names() if lacking else frozenset()
        for name in sorted(lacking & here):
            self._offer(name)

    def take(self, digest: bytes, blob: Blob) -> None:
        """Takes in an image that the server sent, and so has."""
        self._store.receive(digest, blob)
        self.note_saved(digest)

    def note_saved(self, digest: bytes) -> None:
        """The server has an image."""
        name = f"sha256:{digest.hex()}"
        self._saved |= {name}
        self.saved.emit(name)

    def end(self) -> None:
        """Nothing is offered or asked for any more."""
        self._store.added.disconnect(self._offer)
        self._store.wanted.disconnect(self._want)
        self._store.await_missing(False)

    def _offer(self, name: str) -> None:
        digest = _digest(name)
        if digest is not None and name not in self._saved:
            self._blobs.offer(digest)
            self._send()

    def _want(self, name: str) -> None:
        digest = _digest(name)
        if digest is not None:
            self._blobs.want(digest)
            self._send()


def _digest(name: str) -> bytes | None:
    """The digest in an image's name; None where the name is none of ours, as other programs can write anything."""
    return bytes.fromhex(name[7:]) if _IMAGE_NAME.fullmatch(name) else None
