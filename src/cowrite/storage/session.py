"""What was open when cowrite last ran, to be opened again. Runs on any thread."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cowrite.storage.errors import failures_of
from cowrite.storage.json_file import read_or_set_aside, set_aside, write_object


class OpenDocument(NamedTuple):
    """One document that was open, and how its window looked.

    Attributes:
        path: its file.
        geometry: the window's place and size, as Qt's saveGeometry gives it.
        caret: position in UTF-16 units.
        scroll: position of the vertical scroll bar.
        zoom: factor on the writing size.
        shown: ids of the commands whose parts of the window are shown; None where that was not noted.
        id: the document's identity; empty where that was not noted.
        view: the view that was shown; empty where that was not noted.
        is_presented: whether its session filled a screen.
    """

    path: Path
    geometry: bytes = b""
    caret: int = 0
    scroll: int = 0
    zoom: float = 1.0
    shown: tuple[str, ...] | None = None
    id: str = ""
    view: str = ""
    is_presented: bool = False


class Session(NamedTuple):
    """All that was open.

    Attributes:
        documents: in the order of opening.
        active: index of the one in front; None where there is none.
        kept_aside: where a broken session file is now, where this session is empty because of it.
    """

    documents: tuple[OpenDocument, ...] = ()
    active: int | None = None
    kept_aside: Path | None = None


def load_session(path: Path) -> Session:
    """The session in a file; an empty one where there is no file, or one that is broken or cannot be read, which is
    kept aside.

    Raises:
        StorageFailed: it cannot be kept aside.
    """
    read = read_or_set_aside(path)
    if read.kept_aside or not read.values:
        return Session(kept_aside=read.kept_aside)
    try:
        documents = tuple(_document(values) for values in read.values["documents"])
        active = read.values["active"]
        if active is not None:
            documents[active]  # raises IndexError or TypeError for what is no index of theirs
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        with failures_of(path):
            return Session(kept_aside=set_aside(path))
    return Session(documents, active)


def save_session(path: Path, session: Session) -> None:
    """Writes a session in one step.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    documents = [
        {
            "path": os.fspath(document.path),
            "geometry": base64.b64encode(document.geometry).decode(),
            "caret": document.caret,
            "scroll": document.scroll,
            "zoom": document.zoom,
            "shown": document.shown,
            "id": document.id,
            "view": document.view,
            "is_presented": document.is_presented,
        }
        for document in session.documents
    ]
    write_object(path, {"documents": documents, "active": session.active})


def _document(values: Mapping[str, Any]) -> OpenDocument:
    try:
        geometry = base64.b64decode(values["geometry"], validate=True)
    except binascii.Error as error:
        raise ValueError("a geometry is not base64") from error
    zoom, shown = float(values.get("zoom", 1.0)), values.get("shown")
    parts = tuple(map(str, shown)) if isinstance(shown, list) else None
    path, caret, scroll = Path(values["path"]), int(values["caret"]), int(values["scroll"])
    id, view, is_presented = str(values.get("id", "")), str(values.get("view", "")), values.get("is_presented") is True
    return OpenDocument(path, geometry, caret, scroll, zoom, parts, id, view, is_presented)
