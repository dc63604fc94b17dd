"""What a person has chosen. Runs on any thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from cowrite.storage.json_file import members_of, read_or_set_aside, write_object

MAX_RECENT = 20


SPELLING_SYSTEM, SPELLING_OFF = "system", "off"
"""That spelling goes by the system's language, or that nothing is marked."""


class Theme(StrEnum):
    """How the windows look."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Person(NamedTuple):
    """How others see this person.

    Attributes:
        name: empty until it is given.
        colour: `#rrggbb`; empty until one is chosen.
        id: by which what they said in documents is known as theirs, whatever they are called; drawn once.
    """

    name: str = ""
    colour: str = ""
    id: str = ""


class Trigger(StrEnum):
    """What brings a suggestion of the assistant to the caret."""

    KEY = "key"
    PAUSE = "pause"
    OFF = "off"


SHORTEST_PAUSE, LONGEST_PAUSE = 200, 10_000  # milliseconds


class Suggestions(NamedTuple):
    """Suggestions at the caret.

    Attributes:
        trigger: what brings one.
        pause: milliseconds without a key after which one comes; SHORTEST_PAUSE to LONGEST_PAUSE.
        confidence: how sure the model must be of one that is shown, 0 to 1; None for what cowrite comes with.
    """

    trigger: Trigger = Trigger.KEY
    pause: int = 600
    confidence: float | None = None


class EndpointChoice(NamedTuple):
    """A model that the person runs elsewhere. Its key is kept with the keys, see `storage.sharing`.

    Attributes:
        is_on: whether the assistant sends text there, in the place of a model on this computer.
        url: to which.
        model: what it is called there.
    """

    is_on: bool = False
    url: str = ""
    model: str = ""


class Settings(NamedTuple):
    """All choices. What differs from the defaults is made with `_replace`.

    Attributes:
        person: how others see this person.
        theme: how the windows look.
        recent: documents opened lately, the latest first.
        restore_session: open at start what was open at the end.
        assistant: whether the assistant is on.
        assistant_decided: whether the person has said so; until then it is off, and may be offered.
        model: the assistant's model; empty for the one that the app chooses.
        suggestions: what the assistant suggests at the caret, and when.
        endpoint: the model elsewhere that the assistant may use.
        timer_sound: whether it is heard that the time of a session's phase is over.
        spelling: the code of the language in which misspelt words are marked; SPELLING_SYSTEM or SPELLING_OFF.
        pointers: whether the board shows where the others point.
        typewriter: whether the line in which the person writes stays in the middle of its window.
        page_numbers: whether pages have numbers on paper and in files.
        slash: whether a typed slash offers what can be put in.
        quotes: the language whose quotation marks typed ones become; empty for leaving them as they are.
        history: whether the history of documents is kept that are on this computer only.
        keys: the person's own keys, from commands to key sequences in Qt's portable words.
        others: members of the file, and of the objects in it, that this version does not know; they are written back
            as they were.
    """

    person: Person = Person()
    theme: Theme = Theme.SYSTEM
    recent: tuple[Path, ...] = ()
    restore_session: bool = True
    assistant: bool = False
    assistant_decided: bool = False
    model: str = ""
    suggestions: Suggestions = Suggestions()
    endpoint: EndpointChoice = EndpointChoice()
    timer_sound: bool = False
    pointers: bool = True
    typewriter: bool = False
    spelling: str = SPELLING_SYSTEM
    page_numbers: bool = True
    slash: bool = True
    quotes: str = ""
    history: bool = True
    keys: Mapping[str, str] = MappingProxyType({})
    others: Mapping[str, Any] = MappingProxyType({})

    def with_recent(self, path: Path) -> Self:
        """The same with `path` as the latest document."""
        rest = [other for other in self.recent if other != path]
        return self._replace(recent=(path, *rest)[:MAX_RECENT])

    def with_renamed(self, before: Path, now: Path) -> Self:
        """The same where a document's file has another name now."""
        return self._replace(recent=tuple(now if path == before else path for path in self.recent))


class LoadedSettings(NamedTuple):
    """What was read.

    Attributes:
        settings: with the default for whatever could not be used.
        unusable: names of settings whose values could not be used.
        kept_aside: where a broken file is now; None where it was sound or not there.
    """

    settings: Settings
    unusable: tuple[str, ...] = ()
    kept_aside: Path | None = None

    @property
    def problem(self) -> str:
        """What could not be read, in one or two sentences; empty for nothing."""
        if self.kept_aside is not None:
            return (
                "The file with your settings could not be read, so all of them are back at their defaults, including "
                f"the folder of your documents. It is kept as “{self.kept_aside}”. Choose your settings again."
            )
        if self.unusable:
            names = ", ".join(name.replace("_", " ") for name in self.unusable)
            return f"Some of your settings could not be read and are back at their defaults: {names}."
        return ""


def load_settings(path: Path) -> LoadedSettings:
    """The settings in a file; the defaults where there is no file, or one that is broken or cannot be read, which is
    kept aside.

    Raises:
        StorageFailed: it cannot be kept aside.
    """
    read = read_or_set_aside(path)
    return _loaded(read.values)._replace(kept_aside=read.kept_aside)


def read_settings(path: Path) -> Settings:
    """The settings in a file for whoever changes none, with the default for whatever cannot be used. A broken file
    stays where it is, for the window to tell of it."""
    return _loaded(members_of(path)).settings


def _loaded(values: Mapping[str, Any]) -> LoadedSettings:
    known: dict[str, Any] = {}
    unusable: list[str] = []
    for name, convert in _CONVERSIONS.items():
        if name in values:
            try:
                known[name] = convert(values[name])
            except (ValueError, TypeError):
                unusable.append(name)
    others = {name: value for name, value in values.items() if name not in _CONVERSIONS}
    for name, fields in _GROUPS.items():
        if isinstance(group := values.get(name), Mapping) and group.keys() - set(fields):
            others[name] = {each: value for each, value in group.items() if each not in fields}
    settings = Settings(**known, others=MappingProxyType(others))
    return LoadedSettings(settings, tuple(unusable))


def save_settings(path: Path, settings: Settings) -> None:
    """Writes settings in one step.

    Raises:
        DiskFull, StorageFailed: the file is as it was.
    """
    others = dict(settings.others)
    groups = {name: {**others.pop(name, {}), **getattr(settings, name)._asdict()} for name in _GROUPS}
    values = settings._asdict() | groups
    values |= {"recent": [os.fspath(document) for document in settings.recent], "keys": dict(settings.keys)}
    del values["others"]
    write_object(path, {**others, **values})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value


def _person(value: object) -> Person:
    values = _object(value)
    return Person(*(_text(values.get(name, "")) for name in ("name", "colour", "id")))


def _suggestions(value: object) -> Suggestions:
    values, usual = _object(value), Suggestions()
    pause, confidence = values.get("pause", usual.pause), values.get("confidence")
    if type(pause) is not int or not SHORTEST_PAUSE <= pause <= LONGEST_PAUSE:
        raise ValueError("no pause")
    if confidence is not None and (type(confidence) not in (int, float) or not 0 <= confidence <= 1):
        raise ValueError("no confidence")
    return Suggestions(Trigger(values.get("trigger", usual.trigger)), pause, confidence)


def _endpoint(value: object) -> EndpointChoice:
    values = _object(value)
    texts = (_text(values.get(name, "")) for name in ("url", "model"))
    return EndpointChoice(_truth(values.get("is_on", False)), *texts)


def _keys(value: object) -> Mapping[str, str]:
    return MappingProxyType({command: _text(key) for command, key in _object(value).items()})


def _recent(value: object) -> tuple[Path, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(Path(_text(document)) for document in value)[:MAX_RECENT]


_GROUPS = MappingProxyType(
    {"person": Person._fields, "suggestions": Suggestions._fields, "endpoint": EndpointChoice._fields}
)
"""By the name of each setting that is an object in the file, its members."""
_OF_KIND: Mapping[type, Callable[[Any], object]] = MappingProxyType({str: _text, bool: _truth})
_OWN: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {
        "person": _person,
        "theme": Theme,
        "recent": _recent,
        "suggestions": _suggestions,
        "endpoint": _endpoint,
        "keys": _keys,
    }
)
_CONVERSIONS = {
    name: _OWN.get(name) or _OF_KIND[type(usual)]
    for name, usual in Settings._field_defaults.items()
    if name != "others"
}
"""By the name of each setting what makes its value of what is in the file; most are texts or truths."""
