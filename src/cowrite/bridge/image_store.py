"""ImageStore: the images of one document, in memory, on disk and on the server.

Runs on the GUI thread. An image is named by the SHA-256 of its bytes, so it is stored once however often it is used.
"""

from __future__ import annotations

import hashlib
import logging

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader

from cowrite.bridge.storage_thread import StorageThread
from cowrite.errors import CowriteError
from cowrite.storage.content import Blob as StoredBlob
from cowrite.storage.document_file import DocumentFile
from cowrite.sync.blob import Blob

LARGEST_SIDE = 12_000  # pixels; larger pictures are not decoded
DECODED = frozenset({b"png", b"jpeg", b"gif", b"webp", b"bmp"})
"""Formats of images; whatever a teammate calls a picture, SVG is a document that has Qt load files from any place."""
RETRY_DELAY = 1000  # milliseconds after a failed write

_log = logging.getLogger(__name__)


class ImageStore(QObject):
    """Keeps the images of one document.

    Args:
        file: the document's file.
        storage: where the file is worked on.
        parent: Qt parent.
    """

    arrived = Signal(str)
    """An image of this name can be shown now."""
    added = Signal(str)
    """A person has put in an image of this name."""
    wanted = Signal(str)
    """The document names an image that is not stored here."""
    all_stored = Signal()
    """Every image is on disk."""
    problem = Signal(str)
    """An image could not be stored; one sentence."""

    def __init__(self, file: DocumentFile, storage: StorageThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._storage = storage
        self._images: dict[str, QImage] = {}
        self._blobs: dict[str, Blob] = {}
        self._looked_for: set[str] = set()
        self._unsaved: dict[str, Blob] = {}
        self._missing: set[str] = set()
        self._retry_timer = QTimer(self, singleShot=True, interval=RETRY_DELAY)
        self._retry_timer.timeout.connect(self._store_again)

    @property
    def missing(self) -> frozenset[str]:
        """Names of images that the document shows and that are not stored here."""
        return frozenset(self._missing)

    @property
    def unsaved(self) -> tuple[StoredBlob, ...]:
        """Images that are not known to be on this computer's disk."""
        return tuple(StoredBlob(name, blob.media_type, blob.data) for name, blob in self._unsaved.items())

    @property
    def in_memory(self) -> tuple[StoredBlob, ...]:
        """Images that need not be read from the disk."""
        return tuple(StoredBlob(name, blob.media_type, blob.data) for name, blob in self._blobs.items())

    def put(self, content: bytes, media_type: str) -> str:
        """Keeps an image and gives its name."""
        name = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self._keep(name, Blob(media_type, content))
        self.added.emit(name)
        return name

    def image(self, name: str) -> QImage | None:
        """The image of a name; None while it is not here, and then it is looked for."""
        image = self._images.get(name)
        if image is None and name not in self._looked_for and name.startswith("sha256:"):
            self._looked_for.add(name)
            self._storage.run(lambda: self._file.blob(name), lambda blob: self._found(name, blob), self._report)
        return image

    def blob(self, digest: bytes) -> Blob | None:
        """The bytes of an image by the digest in its name, for sending it; reads the disk where need be."""
        name = f"sha256:{digest.hex()}"
        if name not in self._blobs:
            stored = self._storage.run_now(lambda: self._file.blob(name))
            if stored is None:
                return None
            self._blobs[name] = Blob(stored.media_type, stored.data)
        return self._blobs[name]

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
        self._keep(f"sha256:{digest.hex()}", blob)

    def _keep(self, name: str, blob: Blob) -> None:
        self._blobs[name] = blob
        self._looked_for.add(name)
        self._missing.discard(name)
        self._unsaved[name] = blob
        self._store(name, blob)
        self._show(name, blob.data)

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

    def _found(self, name: str, stored: StoredBlob | None) -> None:
        if stored is None and name in self._blobs:
            return  # it has arrived meanwhile
        if stored is None:
            self._missing.add(name)
            self.wanted.emit(name)
        else:
            self._blobs[name] = Blob(stored.media_type, stored.data)
            self._show(name, stored.data)

    def _show(self, name: str, content: bytes) -> None:
        image = decoded(content)
        if image is None:
            _log.info("an image cannot be decoded: %s", name)
            return
        self._images[name] = image
        self.arrived.emit(name)

    def _report(self, error: Exception) -> None:
        self.problem.emit(str(error))


def decoded(content: bytes) -> QImage | None:
    """An image from its bytes; None where they are none of DECODED or it is larger than LARGEST_SIDE."""
    buffer = _buffer(content)
    return _read(QImageReader(buffer))


def decoded_file(path: str) -> QImage | None:
    """The image in a file, as `decoded`."""
    return _read(QImageReader(path))


def drawn(content: bytes) -> QImage | None:
    """An SVG drawing as an image, without the files that it would have Qt load; None where it is none."""
    from xml.etree import ElementTree as ET

    try:
        drawing = ET.fromstring(content)
    except ET.ParseError:
        return None
    for element in drawing.iter():
        for name, value in tuple(element.attrib.items()):
            if name.endswith("href") and not value.startswith("#"):
                del element.attrib[name]
    buffer = _buffer(ET.tostring(drawing))
    image = QImageReader(buffer, QByteArray(b"svg")).read()
    return None if image.isNull() else image


def _buffer(content: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


def _read(reader: QImageReader) -> QImage | None:
    if bytes(reader.format().data()) not in DECODED:
        return None
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LARGEST_SIDE:
        return None
    image = reader.read()
    return None if image.isNull() else image
