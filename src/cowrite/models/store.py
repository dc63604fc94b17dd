"""The folder of models: each has one record, `ID.json`, written last, so that a model without one is none.

Runs on any thread, and in several processes at once: whoever changes a model holds its lock. A file is in the folder
under its name `ID.gguf` only when it is whole, its SHA-256 is known and its header is sound; what is on the way there
has another name. A model can also stay where the person has it; then the record holds its path.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cowrite.models.catalogue import Entry
from cowrite.models.errors import (
    BadModel,
    Cancelled,
    ModelBusy,
    ModelChanged,
    ModelGone,
    ModelLoaded,
    NoRoom,
    UnknownModel,
    WrongHash,
)
from cowrite.models.gguf import Examination, examine
from cowrite.models.hashing import CHUNK, sha256_of
from cowrite.models.progress import IsCancelled, Progress, Report, never, unheard
from cowrite.models.stored_model import Facts, State, StoredModel
from cowrite.storage.errors import StoreLocked, failures_of
from cowrite.storage.json_file import write_object
from cowrite.storage.lock import FileLock
from cowrite.storage.placing import place

MODEL, RECORD, PART = ".gguf", ".json", ".part"
SPARE = 64 * 2**20  # bytes of the disk that are left free in any case
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class ModelStore:
    """The models on this computer.

    Args:
        folder: where they are, `Paths.models`; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def models(self) -> list[StoredModel]:
        """All models, by their ids. A record that cannot be read counts as none."""
        found = (self._record(path) for path in sorted(self.folder.glob(f"*{RECORD}")))
        return [model for model in found if model is not None]

    def find(self, id: str) -> StoredModel | None:
        """The model of this id; None where there is none."""
        return self._record(self.folder / f"{id}{RECORD}") if _ID.fullmatch(id) else None

    def get(self, id: str) -> StoredModel:
        """The model of this id.

        Raises:
            UnknownModel: there is none.
        """
        model = self.find(id)
        if model is None:
            raise UnknownModel(id, [model.id for model in self.models()])
        return model

    def get_usable(self, id: str) -> StoredModel:
        """The model of this id, whose file is there and as it was.

        Raises:
            UnknownModel: there is none.
            ModelGone, ModelChanged: it cannot be used as it is.
        """
        model = self.get(id)
        match model.state:
            case State.GONE:
                raise ModelGone(model.path, id)
            case State.CHANGED:
                raise ModelChanged(model.path, id)
            case State.PRESENT:
                return model

    def path_of(self, id: str) -> Path:
        """Where the file of a model of the folder's own is, or will be."""
        return self.folder / f"{id}{MODEL}"

    @contextmanager
    def lock(self, id: str, title: str) -> Iterator[None]:
        """The right to change one model; makes the folder.

        Raises:
            ModelBusy: somebody else has it.
            StorageError: the folder cannot be written.
        """
        with failures_of(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        try:
            held = FileLock(self.path_of(id))
        except StoreLocked as error:
            raise ModelBusy(title) from error
        with held:
            yield

    def check_room(self, title: str, needed: int) -> None:
        """Sees that the disk has room.

        Raises:
            NoRoom: it has not.
        """
        free = shutil.disk_usage(self.folder).free
        if free < needed + SPARE:
            raise NoRoom(self.folder, title, needed + SPARE, free)

    def keep(self, finished: Path, id: str, sha256: str, facts: Facts) -> StoredModel:
        """Takes in a finished file of this folder, whose hash is known; the caller holds the lock.

        Raises:
            BadModel: it is no model that can be loaded; the file is gone.
            StorageError: it could not be put into its place.
        """
        path = self.path_of(id)
        try:
            examination = examine(finished)
        except BadModel as error:
            with suppress(OSError):
                finished.unlink()
            raise BadModel(path, error.reason) from error
        with failures_of(path):
            place(finished, path)
        return self._write_record(id, replace(examination, path=path), sha256, facts, is_own=True)

    def add(
        self,
        file: Path,
        *,
        copy: bool = False,
        title: str = "",
        known: Sequence[Entry] = (),
        report: Report = unheard,
        is_cancelled: IsCancelled = never,
    ) -> StoredModel:
        """Takes in a file that the person has; of one that is there already only what is new counts: copy and title.

        Args:
            copy: whether it is copied into the folder; otherwise it stays where it is, and only its path is kept.
            title: what it is called, in one line; the name that it has, else that in the file, where left out.
            known: the catalogue: the very file of an entry is taken in as that, and no other file under its id.

        Raises:
            BadModel: it is no model that can be loaded.
            Cancelled, NoRoom, ModelBusy: nothing was taken in.
            StorageError: it could not be read, or its copy or record not be written.
        """
        file = Path(os.path.expanduser(file)).absolute()  # noqa: PTH111, Path.expanduser fails over an unknown person
        title = " ".join(title.split())
        examination = examine(file)
        with failures_of(file):
            sha256 = sha256_of(file, doing="Reading", report=report, is_cancelled=is_cancelled)
        same = next((model for model in self.models() if model.sha256 == sha256), None)
        here = same if same is not None and same.is_present else None
        if here is not None and (here.is_own or not copy):
            return self._call(here, title or here.title)
        origin = f"“{file}”"
        entry = next((entry for entry in known if entry.sha256 == sha256), None)
        if here is not None:
            id, facts = here.id, Facts(title or here.title, here.maker, here.licence, here.origin)
        elif entry is not None:
            id, facts = entry.id, Facts(title or entry.title, entry.maker, entry.licence, origin)
        else:
            id = same.id if same is not None else self._free_id(file.stem, [entry.id for entry in known], sha256)
            facts = Facts(title or examination.name, origin=origin)
        before = self.find(id)
        with self.lock(id, facts.title):
            if self.find(id) != before:  # somebody has just taken another file in under this id
                raise ModelBusy(facts.title)
            if not copy:
                return self._write_record(id, examination, sha256, facts, is_own=False)
            self.check_room(facts.title, examination.file_size)
            part = self.folder / f"{id}~copy{PART}"
            copied = _copy(file, part, report, is_cancelled)
            if copied != sha256:
                part.unlink(missing_ok=True)
                raise WrongHash(file, facts.title, sha256, copied, "It changed while it was copied; add it again.")
            return self.keep(part, id, sha256, facts)

    def verify(self, id: str, *, report: Report = unheard, is_cancelled: IsCancelled = never) -> StoredModel:
        """Reads a model's file again: it has to be the very one that was taken in.

        Raises:
            UnknownModel: there is none of this id.
            ModelGone, WrongHash: it is not.
            ModelBusy: another cowrite is at it.
            Cancelled: somebody ended it.
            StorageError: it cannot be read.
        """
        model = self.get(id)
        if model.state is State.GONE:
            raise ModelGone(model.path, id)
        with failures_of(model.path):
            found = sha256_of(model.path, report=report, is_cancelled=is_cancelled)
            if found != model.sha256:
                advice = f"Remove it and fetch or add it again: cowrite models remove {id}"
                raise WrongHash(model.path, model.title, model.sha256, found, advice)
            modified = model.path.stat().st_mtime_ns
        if modified == model.modified:
            return model
        with self.lock(id, model.title):  # only its time had changed
            now = self.get(id)  # somebody may have called it otherwise meanwhile, or taken another file in
            if now.sha256 == found:
                now = replace(now, modified=modified)
                self._write(now)
            return now

    def remove(self, id: str) -> StoredModel:
        """Forgets a model, and deletes its file where that is in the folder of models.

        Raises:
            UnknownModel: there is none of this id.
            ModelBusy: another cowrite is at it.
            ModelLoaded: it cannot be deleted now, and is there as before.
            StorageError: it could not be deleted.
        """
        model = self.get(id)
        with self.lock(id, model.title), failures_of(model.path):
            (self.folder / f"{id}{RECORD}").unlink(missing_ok=True)  # first: what has no record is no model
            if model.is_own:
                self._delete(model)
            self._remove_begun(id)
        return model

    def _delete(self, model: StoredModel) -> None:
        try:
            model.path.unlink(missing_ok=True)
        except OSError as error:
            self._write(model)  # else it would take its room without anybody knowing
            if sys.platform == "win32" and isinstance(error, PermissionError):
                raise ModelLoaded(model.title) from error
            raise

    def remove_begun(self, id: str, title: str) -> None:
        """Deletes what was fetched of a model that is not here yet.

        Raises:
            ModelBusy: another cowrite is at it.
            StorageError: it could not be deleted.
        """
        with self.lock(id, title), failures_of(self.folder):
            self._remove_begun(id)

    def _remove_begun(self, id: str) -> None:
        for part in self.folder.glob(f"{id}~*{PART}"):
            part.unlink(missing_ok=True)

    def _call(self, model: StoredModel, title: str) -> StoredModel:
        """Gives a model this title."""
        if model.title == title:
            return model
        with self.lock(model.id, title):
            called = replace(model, title=title)
            self._write(called)
        return called

    def _free_id(self, stem: str, reserved: Sequence[str], sha256: str) -> str:
        """An id for a file: one that nothing has, be it a file without a record, unless that is the very one, whose
        copying was broken off before its record was written."""
        words = re.sub(r"[^a-z0-9.]+", "-", stem.lower()).strip("-.")[:56] or "model"
        id, number = words, 1
        while id in reserved or (self.folder / f"{id}{RECORD}").exists() or self._has_other(id, sha256):
            number += 1
            id = f"{words}-{number}"
        return id

    def _has_other(self, id: str, sha256: str) -> bool:
        path = self.path_of(id)
        with failures_of(path):
            return path.exists() and sha256_of(path) != sha256

    def _write_record(
        self, id: str, examination: Examination, sha256: str, facts: Facts, *, is_own: bool
    ) -> StoredModel:
        with failures_of(examination.path):
            modified = examination.path.stat().st_mtime_ns
        model = StoredModel(
            id=id,
            title=facts.title,
            path=examination.path,
            is_own=is_own,
            size=examination.file_size,
            modified=modified,
            sha256=sha256,
            maker=facts.maker,
            licence=facts.licence,
            origin=facts.origin,
            quantisation=examination.quantisation,
            parameters=examination.parameters,
            embeds=examination.embeds,
            memory=examination.memory_need(),
            added=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self._write(model)
        return model

    def _write(self, model: StoredModel) -> None:
        plain = {**asdict(model), "path": model.path.name if model.is_own else str(model.path)}
        write_object(self.folder / f"{model.id}{RECORD}", plain)

    def _record(self, path: Path) -> StoredModel | None:
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            return self._model_of(plain, path.stem)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _model_of(self, plain: Mapping[str, Any], id: str) -> StoredModel:
        is_own = plain["is_own"] is True
        # The folder may have been moved with all that is in it, so only a name is kept of its own files.
        path = self.path_of(id) if is_own else Path(plain["path"])
        return StoredModel(**{**plain, "id": id, "path": path, "is_own": is_own})


def _copy(source: Path, target: Path, report: Report, is_cancelled: IsCancelled) -> str:
    """Copies a file and gives the SHA-256 of what is on the disk then; where something stops it, nothing is there."""
    with failures_of(target):
        try:
            _write_copy(source, target, report, is_cancelled)
            return sha256_of(target, doing="Checking", report=report, is_cancelled=is_cancelled)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _write_copy(source: Path, target: Path, report: Report, is_cancelled: IsCancelled) -> None:
    total, done = source.stat().st_size, 0
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(CHUNK):
            if is_cancelled():
                raise Cancelled(source.name)
            written.write(chunk)
            done += len(chunk)
            report(Progress(done, max(done, total), "Copying"))
        written.flush()
        os.fsync(written.fileno())
