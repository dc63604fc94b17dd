"""SharedImages: brings a shared document's images to its server and back.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.file.image_store import ImageStore
from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.storage.document.clearing import cleared
from cowrite.storage.document.images import images_named
from cowrite.storage.layout import blob_digest, blob_name
from cowrite.sync.blob import Blob
from cowrite.sync.blob_exchange import BlobExchange

LOOK_DELAY = 500  # milliseconds of quiet until it is looked whether the document still names what the server refuses


class SharedImages(QObject):
    """The images of one shared document. Owns which of them the server has.

    What the server refuses counts as waiting for as long as the document names it: whoever takes it out, as the notice
    advises, has nothing left that is not saved.

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
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._store = store
        self._blobs = blobs
        self._saved = saved
        self._send = send
        self._refused: set[str] = set()  # that the document has named since the server refused them
        self._withdrawn: set[str] = set()  # of these, what it does not name now
        self.sealed: Callable[[], frozenset[str]] = frozenset
        """Gives the names of the images in this person's sealed notes: others get them when those are revealed, though
        this computer is switched off by then."""
        self._look_timer = single_shot(self, self.withdraw_unnamed, LOOK_DELAY)
        self._unobserve = document.observe_updates(self._on_update)
        store.added.connect(self._offer)
        store.wanted.connect(self._want)
        for name in store.missing:
            self._want(name)
        store.await_missing(True)

    def offer_all(self) -> None:
        """Has the server get the images that it may lack of those that text and notes name, sealed ones too."""
        # What undo still has is in the state, too.
        lacking = (images_named(self._document.state()) | self.sealed()) - self._saved - self._withdrawn
        here = self._store.names() if lacking else frozenset()
        for name in sorted(lacking & here):
            self._offer(name)

    def take(self, digest: bytes, blob: Blob) -> None:
        """Takes in an image that the server sent, and so has."""
        self._store.receive(digest, blob)
        self.note_saved(digest)

    def note_saved(self, digest: bytes) -> None:
        """The server has an image."""
        name = blob_name(digest)
        self._saved |= {name}
        self.saved.emit(name)

    def withdraw_unnamed(self) -> None:
        """Withdraws what the server refuses and the document names no longer."""
        rejected = {blob_name(digest) for digest in self._blobs.rejected}
        gone = rejected - self._named(rejected)
        for name in gone & self._refused:
            self._withdrawn.add(name)
            self._blobs.withdraw(blob_digest(name))
            self._send()
        self._refused |= rejected - gone  # one in a note that lies sealed is not named yet

    def end(self) -> None:
        """Nothing is offered or asked for any more."""
        self._look_timer.stop()
        self._unobserve()
        self._store.added.disconnect(self._offer)
        self._store.wanted.disconnect(self._want)
        self._store.await_missing(False)

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if self._withdrawn:
            for name in self._withdrawn & images_named(update[0]):  # an undo has brought it back, or it was put in anew
                self._withdrawn.discard(name)
                self._offer(name)
        if self._blobs.rejected:
            self._look_timer.start()

    def _named(self, names: set[str]) -> set[str]:
        """Those of some names that the document has, and not only its undo."""
        embeds = [span.embed for span in self._document.spans() if span.embed is not None]
        in_text = {name for name in names if any(embed.get("image") == name for embed in embeds)}
        if in_text == names:
            return names
        state = cleared([self._document.state()]).state
        return names if state is None else names & images_named(state)

    def _offer(self, name: str) -> None:
        digest = blob_digest(name)
        if digest and name not in self._saved:
            self._blobs.offer(digest)
            self._send()

    def _want(self, name: str) -> None:
        digest = blob_digest(name)
        if digest:
            self._blobs.want(digest)
            self._send()
