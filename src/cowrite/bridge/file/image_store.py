"""ImageStore: the images of one document, on disk and as they are drawn.

Lives on the GUI thread; those of a document or a file that is opened are decoded on another. An image is named by the
SHA-256 of its bytes, so it is stored once however often it is used.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, auto
from itertools import islice

from PySide6.QtCore import QObject, QSizeF, Signal
from PySide6.QtGui import QImage

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.file.pictures import Picture, picture_of, shown
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.errors import CowriteError
from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.layout import blob_digest, blob_name
from cowrite.sync.blob import Blob

RETRY_DELAY = 1000  # milliseconds after what the disk did not take, or did not give
DECODED_BYTES = 128 * 1024 * 1024  # of images as they are drawn; beyond, those that nobody looks at are let go of
LOOK_AWAY = 10_000  # milliseconds after which what was not drawn counts as not looked at

_log = logging.getLogger(__name__)


class Absence(Enum):
    """Why an image is not to be seen."""

    COMING = auto()
    """It is being read, or a server is asked for it."""
    MISSING = auto()
    """It is not on this computer, and nobody is asked for it."""
    ELSEWHERE = auto()
    """Its name, which another program gave it, says where it is; nothing is fetched from there."""
    INSIDE = auto()
    """Another program has written it into its name."""
    UNREADABLE = auto()
    """Its file cannot be read, or is none that can be shown."""


class ImageStore(QObject):
    """Keeps the images of one document.

    Args:
        file: the document's file.
        storage: where the file is worked on.
        parent: Qt parent.
    """

    changed = Signal(str)
    """An image of this name can be shown now, or why it cannot is another reason; see `absence`."""
    added = Signal(str)
    """A person has put in an image of this name."""
    wanted = Signal(str)
    """The document names an image that is not stored here."""
    all_stored = Signal()
    """Every image is on disk."""
    problem = Signal(str)
    """An image could not be stored; one sentence."""

    def __init__(self, file: DocumentFile, storage: StorageThread, parent: QObject) -> None:
        super().__init__(parent)
        self._file = file
        self._storage = storage
        self._images: dict[str, QImage] = {}  # as they are drawn, the last drawn last
        self._sizes: dict[str, QSizeF] = {}
        self._seen: set[str] = set()  # drawn since it was looked for the last time what nobody looks at
        self._looked_for: set[str] = set()
        self._unsaved: dict[str, Blob] = {}
        self._missing: set[str] = set()
        self._unreadable: set[str] = set()
        self._refused: dict[str, None] = {}  # of these, what the disk did not give, the last time longest ago first
        self._is_awaiting = False
        self._retry_timer = single_shot(self, self._store_again, RETRY_DELAY)
        self._look_timer = single_shot(self, self._look_again, RETRY_DELAY)
        self._rest_timer = single_shot(self, self._look_away, LOOK_AWAY)
        self._decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._deliveries = Deliveries(self)
        self._is_closed = False

    @property
    def missing(self) -> frozenset[str]:
        """Names of images that the document shows and that are not stored here."""
        return frozenset(self._missing)

    @property
    def unsaved(self) -> tuple[StoredBlob, ...]:
        """Images that are not known to be on this computer's disk."""
        return tuple(StoredBlob(name, blob.media_type, blob.data) for name, blob in self._unsaved.items())

    def put(self, content: bytes, media_type: str) -> str:
        """Keeps an image that a person puts in, without what its file tells beside it, and gives its name."""
        picture = picture_of(content, media_type)
        self.take(picture)
        return picture.name

    def take(self, picture: Picture) -> None:
        """Keeps an image that a person puts in, and that was read elsewhere."""
        self._take(picture.name, picture.content, picture.media_type)
        self._show(picture.name, picture.image)

    def put_as_it_is(self, content: bytes, media_type: str) -> None:
        """Keeps an image whose name is in the text already, one of hundreds perhaps; it is shown when it is decoded."""
        name = blob_name(hashlib.sha256(content).digest())
        self._take(name, content, media_type)
        self._decode(name, content)

    def image(self, name: str) -> QImage | None:
        """The image of a name, as `pictures.shown` has it; None while it is not here, and then it is looked for."""
        image = self._images.pop(name, None)
        if image is None:
            self._look_for(name)
        else:
            self._images[name] = image
            self._seen.add(name)
        return image

    def size(self, name: str) -> QSizeF | None:
        """How large the image of a name is, in device-independent pixels; None while that is not known, and then it is
        looked for."""
        if name not in self._sizes:
            self._look_for(name)
        return self._sizes.get(name)

    def image_now(self, name: str) -> QImage | None:
        """The same, waiting for the disk where need be; None where it is not here."""
        if name not in self._images and (blob := self.original(name)) is not None:
            self._show(name, shown(blob.data))
        return self._images.get(name)

    def absence(self, name: str) -> Absence:
        """Why there is no `image` of a name."""
        if not blob_digest(name):
            return Absence.INSIDE if name[:5].lower() == "data:" else Absence.ELSEWHERE
        if name in self._unreadable:
            return Absence.UNREADABLE
        return Absence.MISSING if name in self._missing and not self._is_awaiting else Absence.COMING

    def await_missing(self, on: bool) -> None:
        """Whether a server is asked for the images that are not stored here."""
        self._is_awaiting = on
        for name in tuple(self._missing):
            self.changed.emit(name)

    def blob(self, digest: bytes) -> Blob | None:
        """The file of an image by the digest in its name, for sending it; None where it is not here.

        Raises:
            StorageError: it cannot be read; the problem is told.
        """
        try:
            return self._read(blob_name(digest))
        except CowriteError as error:
            self._report(error)
            raise

    def original(self, name: str) -> Blob | None:
        """The file of an image, as it came in; reads the disk where need be. None where it is not here, or cannot be
        read, and then the problem is told. Any thread may ask."""
        try:
            return self._read(name)
        except CowriteError as error:
            self._report(error)
            return None

    def names(self) -> frozenset[str]:
        """The names of all images that are here; waits for the disk, and reads none of them."""
        try:
            stored = self._storage.run_now(self._file.blobs)
        except CowriteError as error:
            self._report(error)
            stored = ()
        return frozenset((*self._unsaved, *(entry.name for entry in stored)))

    def store_now(self) -> None:
        """Writes the images that are not on disk, and waits for it.

        Raises:
            StorageError: the disk failed; they are tried again.
        """
        self._retry_timer.stop()
        blobs = self.unsaved
        if blobs:
            try:
                self._storage.run_now(lambda: [self._file.put_blob(blob.data, blob.media_type) for blob in blobs])
            except CowriteError:
                self._retry_timer.start()
                raise
            self._unsaved.clear()
            self.all_stored.emit()

    def receive(self, digest: bytes, blob: Blob) -> None:
        """Takes in an image that the server sent."""
        name = blob_name(digest)
        self._keep(name, blob)
        self._decode(name, blob.data)

    def close(self) -> None:
        """Decodes no more, and lets go of what it has: Python may be long in seeing that nobody needs it."""
        self._is_closed = True
        self._look_timer.stop()
        self._rest_timer.stop()
        self._refused.clear()
        self._images.clear()
        self._decoder.shutdown(wait=True, cancel_futures=True)

    def _take(self, name: str, content: bytes, media_type: str) -> None:
        """Keeps an image that a person has put in."""
        self._keep(name, Blob(media_type, content))
        self.added.emit(name)

    def _read(self, name: str) -> Blob | None:
        unsaved = self._unsaved.get(name)
        if unsaved is not None:
            return unsaved
        stored = self._storage.run_now(lambda: self._file.blob(name))
        return None if stored is None else Blob(stored.media_type, stored.data)

    def _keep(self, name: str, blob: Blob) -> None:
        self._looked_for.add(name)
        self._missing.discard(name)
        self._unreadable.discard(name)
        self._unsaved[name] = blob
        self._store(name, blob)

    def _store(self, name: str, blob: Blob) -> None:
        def failed(error: Exception) -> None:
            if name in self._unsaved and not self._retry_timer.isActive():
                self._retry_timer.start()
                self._report(error)

        def stored(_name: str) -> None:
            self._unsaved.pop(name, None)
            if not self._unsaved:
                self.all_stored.emit()

        self._storage.run(lambda: self._file.put_blob(blob.data, blob.media_type), stored, failed)

    def _store_again(self) -> None:
        for name, blob in self._unsaved.items():
            self._store(name, blob)

    def _look_for(self, name: str) -> None:
        if name not in self._looked_for and blob_digest(name):
            self._looked_for.add(name)
            self._look(name)

    def _look(self, name: str) -> None:
        self._storage.run(
            lambda: self._file.blob(name),
            lambda blob: self._found(name, blob),
            lambda error: self._lost(name, error),
        )

    def _look_again(self) -> None:
        # One after the other: what is to be saved waits behind them, for a failing drive takes long with each.
        for name in islice(self._refused, 1):
            self._look(name)

    def _found(self, name: str, stored: StoredBlob | None) -> None:
        if name in self._refused:
            del self._refused[name]
            self._unreadable.discard(name)
            self._look_timer.start(0)
        if name in self._images or name in self._unsaved:
            return  # it has arrived meanwhile
        if stored is None:
            self._missing.add(name)
            self.wanted.emit(name)
            self.changed.emit(name)
        else:
            self._decode(name, stored.data)

    def _decode(self, name: str, content: bytes) -> None:
        if self._is_closed:
            return
        self._deliveries.run(self._decoder, lambda: shown(content), lambda image: self._show(name, image))

    def _show(self, name: str, image: QImage | None) -> None:
        if self._is_closed:
            return
        if image is None:
            _log.info("an image cannot be decoded: %s", name)
            self._unreadable.add(name)
        else:
            self._images[name] = image
            self._sizes[name] = QSizeF(image.deviceIndependentSize())
            self._let_go(self._seen | {name})
        self.changed.emit(name)

    def _look_away(self) -> None:
        seen, self._seen = self._seen, set()
        self._let_go(seen)

    def _let_go(self, kept: Set[str]) -> None:
        """Lets go of the images that were drawn longest ago, as far as all of them are too much and the disk has their
        files; they are decoded again where they are drawn again."""
        size = sum(image.sizeInBytes() for image in self._images.values())
        for name in [each for each in self._images if each not in kept and each not in self._unsaved]:
            if size <= DECODED_BYTES:
                break
            size -= self._images.pop(name).sizeInBytes()
            self._looked_for.discard(name)
        if size > DECODED_BYTES and not self._rest_timer.isActive():
            self._rest_timer.start()

    def _lost(self, name: str, error: Exception) -> None:
        if self._is_closed:
            return
        self._look_timer.start(RETRY_DELAY)
        is_known = name in self._refused
        self._refused.pop(name, None)
        self._refused[name] = None
        if not is_known:
            self._unreadable.add(name)
            self.changed.emit(name)
            self._report(error)

    def _report(self, error: Exception) -> None:
        self.problem.emit(str(error))
