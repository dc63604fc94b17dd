"""What one person has written and not revealed yet, of one document: a small file in the application's data folder.

It is not in the document's file, which people copy and send. It is written in two steps, like a document: in place at
once, from when on kill -9 does not take it, and then to the disk.

One thread at a time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cowrite.storage.errors import failures_of
from cowrite.storage.json_file import read_object, set_aside
from cowrite.storage.placing import sync_folder, write_for_oneself


class KeptItem(NamedTuple):
    """One note or ballot.

    Attributes:
        box: id of the session or poll.
        id: of the note, or what a ballot is called.
        fields: what it says, values as JSON has them.
        is_delivered: whether the server has said that it is on its disk as it is here.
        earlier: the `wording` of each version before this one that the server may have in its place.
        there: the fields that the server said last that it has, where these are others; None where it never did.
    """

    box: str
    id: str
    fields: Mapping[str, Any]
    is_delivered: bool = False
    earlier: frozenset[str] = frozenset()
    there: Mapping[str, Any] | None = None

    @property
    def at_server(self) -> Mapping[str, Any] | None:
        """The fields that the server said last that it has; None where it never did."""
        return self.fields if self.is_delivered else self.there

    @property
    def known(self) -> frozenset[str]:
        """The `wording` of each version of it that was written or seen here, and that the server may have."""
        return self.earlier | {wording(self.fields)}


class Gone(NamedTuple):
    """One that was taken back.

    Attributes:
        known: the `wording` of each version that the server may have; nothing where it is to go whatever it says.
        there: the fields that the server said last that it had; None where it never did.
    """

    known: frozenset[str] = frozenset()
    there: Mapping[str, Any] | None = None


def wording(fields: Mapping[str, Any]) -> str:
    """What an item says, in a few letters that tell it from everything else."""
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class KeptItems:
    """All of one document.

    Attributes:
        items: in the order in which they were written.
        gone: by box and id what was taken back, as long as the server is not known to have heard of it.
        kept_aside: where a broken file is now, when there is nothing because of it.
    """

    items: tuple[KeptItem, ...] = ()
    gone: Mapping[tuple[str, str], Gone] = field(default_factory=dict)
    kept_aside: Path | None = None


def kept_at(folder: Path, document_id: str) -> Path:
    """The file in which what is sealed of a document is kept, or in another folder something else of one person's.

    Args:
        folder: of all such files.
        document_id: the document's identity.
    """
    return folder / f"{sha256(document_id.encode()).hexdigest()[:32]}.json"


def may_be_kept(path: Path) -> bool:
    """Whether there is a file, as far as the system says so; whoever reads it is told why it cannot be read."""
    try:
        return path.exists()
    except OSError:
        return True


class SealedItems:
    """The file of one document.

    Args:
        path: the file; it and its folder need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_unread = False  # the last reading was refused: what is there is not known, and not to be written over

    def read(self) -> KeptItems:
        """What is in the file; nothing where there is none, or a broken one, which is kept aside.

        Raises:
            StorageFailed: the system refuses to read it; the next `write` keeps it aside.
        """
        self._is_unread = True
        found = read_object(self._path)
        self._is_unread = False
        values = found.values
        try:
            items = tuple(
                KeptItem(
                    str(each["box"]),
                    str(each["id"]),
                    dict(each["fields"]),
                    bool(each["is_delivered"]),
                    frozenset(map(str, each.get("earlier", ()))),
                    dict(each["there"]) if each.get("there") else None,
                )
                for each in values.get("items", ())
            )
            known = {(box, id): frozenset(map(str, wordings)) for box, id, *wordings in values.get("known", ())}
            there = {(box, id): dict(fields) for box, id, fields in values.get("there", ())}
            keys = [(str(box), str(id)) for box, id, *_ in values.get("gone", ())]
            gone = {key: Gone(known.get(key, frozenset()), there.get(key)) for key in keys}
            return KeptItems(items, gone, found.kept_aside)
        except (KeyError, TypeError, ValueError):
            with failures_of(self._path):
                return KeptItems(kept_aside=set_aside(self._path))

    def write(self, kept: KeptItems) -> None:
        """Puts this in place of what was there, for this person's eyes only; without anything there is no file.

        Raises:
            DiskFull, StorageFailed: the file is as it was.
        """
        with failures_of(self._path):
            if self._is_unread:
                if self._path.exists():
                    set_aside(self._path)
                self._is_unread = False
            if not kept.items and not kept.gone:
                self._path.unlink(missing_ok=True)
                return
            write_for_oneself(self._path, json.dumps(_values(kept.items, kept.gone)).encode())

    def settle(self) -> None:
        """Has the system put what was written last on the disk itself, so that it outlives a power loss.

        Raises:
            StorageFailed: it cannot, so that a power loss may take it.
        """
        with failures_of(self._path):
            try:
                descriptor = os.open(self._path, os.O_RDWR)
            except FileNotFoundError:
                return
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            sync_folder(self._path.parent)


def _values(items: Iterable[KeptItem], gone: Mapping[tuple[str, str], Gone]) -> dict[str, Any]:
    return {
        "items": [{**item._asdict(), "earlier": sorted(item.earlier)} for item in items],
        "gone": sorted(map(list, gone)),  # what is known of them is beside it: an earlier cowrite takes pairs alone
        "known": [[*key, *sorted(each.known)] for key, each in sorted(gone.items()) if each.known],
        "there": [[*key, dict(each.there)] for key, each in sorted(gone.items()) if each.there],
    }
