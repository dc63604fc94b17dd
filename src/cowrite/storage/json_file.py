"""A JSON object in a file that is written in one step, and kept aside when it turns out to be broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cowrite.storage.errors import failures_of
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
        with suppress(ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
            values = json.loads(data)
            if isinstance(values, dict):
                return JsonObject(values)
        return JsonObject(kept_aside=set_aside(path))


def set_aside(path: Path) -> Path:
    """Renames a broken file and gives its new path.

    Raises:
        OSError: it could not be renamed.
    """
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.broken-{moment}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.broken-{moment}-{number}")
    move(path, target)
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
