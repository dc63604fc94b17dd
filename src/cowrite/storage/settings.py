"""What a person has chosen. Runs on any thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from cowrite.storage.json_file import read_object, write_object

MAX_RECENT = 20


class Theme(StrEnum):
    """How the windows look."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Person:
    """How others see this person.

    Attributes:
        name: empty until it is given.
        colour: `#rrggbb`; empty until one is chosen.
    """

    name: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All choices. What differs from the defaults is made with `dataclasses.replace`.

    Attributes:
        person: how others see this person.
        theme: how the windows look.
        language: of the interface, such as `de`; empty for the system's.
        recent: documents opened lately, the latest first.
        restore_session: open at start what was open at the end.
        assistant: whether the assistant is on.
        model: the assistant's model; empty for the one that the app chooses.
        others: members of the file that this version does not know; they are written back as they were.
    """

    person: Person = Person()
    theme: Theme = Theme.SYSTEM
    language: str = ""
    recent: tuple[Path, ...] = ()
    restore_session: bool = True
    assistant: bool = False
    model: str = ""
    others: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def with_recent(self, path: Path) -> Self:
        """The same with `path` as the latest document."""
        rest = [other for other in self.recent if other != path]
        return replace(self, recent=(path, *rest)[:MAX_RECENT])


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """What was read.

    Attributes:
        settings: with the default for whatever could not be used.
        unusable: names of settings whose values could not be used.
        kept_aside: where a broken file is now; None where it was sound or not there.
    """

    settings: Settings
    unusable: tuple[str, ...] = ()
    kept_aside: Path | None = None


def load_settings(path: Path) -> LoadedSettings:
    """The settings in a file; the defaults where there is no file or a broken one, which is kept aside.

    Raises:
        StorageFailed: the system refuses to read the file.
    """
    read = read_object(path)
    known: dict[str, Any] = {}
    unusable: list[str] = []
    for name, convert in _CONVERSIONS.items():
        if name in read.values:
            try:
                known[name] = convert(read.values[name])
            except (ValueError, TypeError):
                unusable.append(name)
    others = {name: value for name, value in read.values.items() if name not in _CONVERSIONS}
    settings = Settings(**known, others=MappingProxyType(others))
    return LoadedSettings(settings, tuple(unusable), read.kept_aside)


def save_settings(path: Path, settings: Settings) -> None:
    """Writes settings in one step.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    values = {
        "person": {"name": settings.person.name, "colour": settings.person.colour},
        "theme": settings.theme.value,
        "language": settings.language,
        "recent": [os.fspath(document) for document in settings.recent],
        "restore_session": settings.restore_session,
        "assistant": settings.assistant,
        "model": settings.model,
    }
    write_object(path, {**settings.others, **values})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _person(value: object) -> Person:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return Person(_text(value.get("name", "")), _text(value.get("colour", "")))


def _recent(value: object) -> tuple[Path, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(Path(_text(document)) for document in value)[:MAX_RECENT]


_CONVERSIONS: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {
        "person": _person,
        "theme": Theme,
        "language": _text,
        "recent": _recent,
        "restore_session": _truth,
        "assistant": _truth,
        "model": _text,
    }
)
