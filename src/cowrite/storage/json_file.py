"""A JSON object in a file that is written in one step, and kept aside when it turns out to be broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cowrite.storage.errors import StorageFailed, failures_of
from cowrite.storage.placing import move, write_for_oneself, write_in_place


@dataclass(frozen=True, slots=True)
class JsonObject:
    """What was read.

    Attributes:
        values: the object's members; none where there was no file, or a broken one.
        kept_aside: where a broken file is now; None where it was sound or not there.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    kept_aside: Path | None = None


def read_object(path: Path) -> JsonObject:
    """Reads a file; a broken one is renamed to `NAME.broken-YYYYMMDD-HHMMSS` and counts as empty.

    Raises:
        StorageFailed: the system refuses to read it.
    """
    with failures_of(path):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return JsonObject()
        values = _object_in(data)
        return JsonObject(kept_aside=set_aside(path)) if values is None else JsonObject(values)


def read_or_set_aside(path: Path) -> JsonObject:
    """Reads a file whose place is taken by a new one soon: what the system refuses to read, or is no file, is kept
    aside like a broken one.

    Raises:
        StorageFailed: it could not be renamed.
    """
    try:
        return read_object(path)
    except StorageFailed:
        with failures_of(path):
            return JsonObject(kept_aside=set_aside(path))


def members_of(path: Path) -> Mapping[str, Any]:
    """The members of the object in a file; none where there is none that can be read. The file stays as it is."""
    with suppress(OSError):
        return _object_in(path.read_bytes()) or {}
    return {}


def _object_in(data: bytes) -> dict[str, Any] | None:
    with suppress(ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        values = json.loads(data)
        if isinstance(values, dict):
            return values
    return None


def set_aside(path: Path) -> Path:
    """Renames a broken file and gives its new path.

    Raises:
        OSError: it could not be renamed.
    """
    target = _free_name(path)
    move(path, target)
    return target


def copy_aside(path: Path) -> Path:
    """Copies a file of which a part is broken, under a name as `set_aside` gives it, and gives the copy's path.

    Raises:
        StorageError: it could not be copied.
    """
    target = _free_name(path)
    with failures_of(path):
        write_for_oneself(target, path.read_bytes())
    return target


def _free_name(path: Path) -> Path:
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.broken-{moment}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.broken-{moment}-{number}")
    return target


def write_own_object(path: Path, values: Mapping[str, Any]) -> None:
    """Writes a file for this person's eyes only, as of what is in no document: see `placing.write_for_oneself`. Where
    there is nothing to write there is no file.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    with failures_of(path):
        if values:
            write_for_oneself(path, json.dumps(values).encode())
        else:
            path.unlink(missing_ok=True)


def write_object(path: Path, values: Mapping[str, Any]) -> None:
    """Writes a file, making its folder where there is none.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    data = json.dumps(values, indent=2, ensure_ascii=True).encode()
    with failures_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_in_place(path, data + b"\n")
