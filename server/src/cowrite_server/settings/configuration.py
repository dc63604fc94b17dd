"""Reads settings from the command line, the environment and one TOML file; the first that has a setting wins.

What a setting is called, what it holds and what it means follows from `Settings` and `Limits`: their fields, types,
defaults and docstrings. `queue_bytes` is `--queue-bytes`, `COWRITE_SERVER_QUEUE_BYTES` and the TOML key `queue_bytes`.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import Any, get_type_hints

from cowrite_server.hosts import overlap
from cowrite_server.settings.kinds import FOLDER_MEANING, PORT, STORE_FOLDER, TRUTH, Kind, kind_of
from cowrite_server.settings.settings import METRICS_HOST, Settings
from cowrite_server.store.opening import path_of
from cowrite_server.wire.protocol import Limits
from cowrite_server.wrong_use import (
    BadSetting,
    ClaimWithoutKeys,
    ConfigurationUnreadable,
    MetricsUnreachable,
    MissingSetting,
    SettingsDisagree,
    SettingsInSection,
    UnknownSetting,
)

_PRODUCT_PREFIX = "COWRITE_"
ENVIRONMENT_PREFIX = f"{_PRODUCT_PREFIX}SERVER_"
CONFIG_FLAG = "--config"
CONFIG_VARIABLE = f"{ENVIRONMENT_PREFIX}CONFIG"

_NAMES = {"anybody": "open"}
"""Settings whose name for people is not that of the field."""

_FOLDER = "data"
"""Another name of the setting `store`, for a folder alone: `--data DIR` is `--store sqlite:DIR`."""

_FILE_BYTES = 1 << 20
"""The most that a file of settings may have."""

_OTHER_LETTERS = "it is not in UTF-8; save it as that"

_AROUND = 1024
"""Bytes that a message has at most around a document or a part of an image."""

_ANSWERED = 0.8
"""The part of the longest silence after which somebody may be asked at last: the answer takes its time, as looks do."""

_NO_LARGER: tuple[tuple[str, str, Callable[[float], float], str], ...] = (
    (
        "document_bytes",
        "message_bytes",
        lambda most: most - _AROUND,
        "a whole document comes in one message, and 1 KiB around it",
    ),
    (
        "blob_part_bytes",
        "message_bytes",
        lambda most: most - _AROUND,
        "a part of an image comes in one message, and 1 KiB around it",
    ),
    (
        "ping_seconds",
        "silence_seconds",
        lambda most: most * _ANSWERED,
        "whoever is quiet would be dropped before they have answered whether they are there",
    ),
    (
        "retry_seconds",
        "retry_most_seconds",
        lambda most: most,
        "the pauses after a failed write grow from the one to the other",
    ),
)
"""Settings that make no sense where they are larger than another one leaves room for: that one, how large, and why."""

_KEYS = ("jwt_secret", "jwt_key", "jwt_jwks")
_CLAIMS = ("jwt_issuer", "jwt_audience")
"""Settings that concern nothing but tokens, which are checked with one of the keys."""

_ATTRIBUTE = re.compile(r"^    (\w+): (.+?)(?=^    \w+: |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Option:
    """One setting, as people give it.

    Attributes:
        field: its field in `Settings` or `Limits`.
        name: its key in a TOML file.
        owner: the class that has the field.
        kind: what it holds.
        default: its value where nobody gives one; MISSING where somebody must.
        meaning: what it is for, in words.
        many: whether it holds several values.
    """

    field: str
    name: str
    owner: type
    kind: Kind
    default: Any
    meaning: str
    many: bool

    @property
    def flag(self) -> str:
        """The option of the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """The variable of the environment."""
        return f"{ENVIRONMENT_PREFIX}{self.name.upper()}"

    def read(self, value: object, source: str) -> Any:
        """The value of the setting.

        Args:
            value: a text, or what a TOML file holds.
            source: where it stands, for the error.

        Raises:
            BadSetting: the setting cannot have this value.
        """
        if not self.many:
            return self._read_one(value, source)
        return tuple(self._read_one(each, source) for each in _several(value))

    def _read_one(self, value: object, source: str) -> Any:
        try:
            return self.kind.read(value)
        except (ValueError, TypeError, OverflowError) as error:
            raise BadSetting(source, value, self.kind.expected) from error


@cache
def options() -> tuple[Option, ...]:
    """All settings, in the order of their fields. Found once: each command asks, and what they are stays."""
    return tuple(option for owner in (Settings, Limits) for option in _options_of(owner))


def add_flags(parser: argparse.ArgumentParser, names: frozenset[str] | None) -> None:
    """Gives a command the options for settings.

    Args:
        parser: the command's.
        names: fields of the settings; None for all.
    """
    parser.add_argument(
        CONFIG_FLAG, metavar="FILE", help=f"TOML file with settings (environment: {CONFIG_VARIABLE})", default=None
    )
    place = parser.add_mutually_exclusive_group()
    for option in options():
        if names is not None and option.field not in names:
            continue
        words = f"{option.meaning}{_default_words(option)}".replace("%", "%%")
        if option.kind is TRUTH:
            parser.add_argument(
                option.flag, dest=option.name, action=argparse.BooleanOptionalAction, help=words, default=None
            )
        else:
            (place if option.field == "store" else parser).add_argument(
                option.flag,
                dest=option.name,
                action="append" if option.many else "store",
                metavar=option.kind.sign,
                help=words,
                default=None,
            )


def read_settings(
    flags: Mapping[str, object], environment: Mapping[str, str], only: frozenset[str] | None = None
) -> dict[str, Any]:
    """The settings that were given, by their fields; see `settings_of`.

    Args:
        flags: what the command line's parser found.
        environment: the process's variables.
        only: fields of the settings that are of interest; None for all.

    Raises:
        ConfigurationUnreadable: the TOML file is missing or is none.
        SettingsInSection: it has a section.
        UnknownSetting: it has a key that is no setting.
        BadSetting: a setting has a value that it cannot have.
        MissingSetting: a setting without a default was not given.
    """
    config = flags.get("config") or environment.get(CONFIG_VARIABLE)
    path = path_of(str(config)) if config else None
    table = {} if path is None else _read_file(path)
    given: dict[str, Any] = {}
    wanted = [option for option in options() if only is None or option.field in only]
    # The weakest source first: what a stronger one says, under whichever name, takes its place.
    for option in wanted:
        if option.name in table:
            given[option.field] = option.read(table[option.name], f"{option.name} in {path}")
    for option in wanted:
        text = environment.get(option.variable)
        if text is not None and not _is_service_link(option, text):
            given[option.field] = option.read(text, f"The variable {option.variable}")
    for option in wanted:
        if (flag := flags.get(option.name)) is not None:
            given[option.field] = flag if isinstance(flag, bool) else option.read(flag, option.flag)
    for option in wanted:
        if option.default is MISSING and option.field not in given:
            raise MissingSetting(option.flag, option.variable, option.name)
    return given


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """A sentence on each variable that looks like a setting and is none.

    They are no errors: whatever starts the server may set variables for its own ends, as Kubernetes does for a service
    that is called cowrite-server. One of those has the name of a setting, and is told by its value.
    """
    known = [CONFIG_VARIABLE, *(option.variable for option in options())]
    links = {option.variable for option in options() if _is_service_link(option, environment.get(option.variable, ""))}
    sentences = []
    for name in sorted(environment):
        if name in links:
            sentences.append(f"The variable {name} is an address that Kubernetes has set, and is passed over.")
        elif name.startswith(ENVIRONMENT_PREFIX) and name not in known:
            similar = get_close_matches(name, known, 1, 0.9)
            advice = f"; perhaps {similar[0]} is meant" if similar else ""
            sentences.append(f"The variable {name} is not a setting and is passed over{advice}.")
        elif (meant := name.replace(_PRODUCT_PREFIX, ENVIRONMENT_PREFIX, 1)) in known and name not in known:
            sentences.append(f"The variable {name} is not a setting and is passed over; perhaps {meant} is meant.")
    return sentences


def _is_service_link(option: Option, text: str) -> bool:
    """Whether a variable is one of Kubernetes' links to services: of a service NAME, NAME_PORT is its address.

    https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    """
    return option.kind is PORT and text.startswith(("tcp://", "udp://", "sctp://"))


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Settings with what was given, and defaults for the rest."""
    values: dict[type, dict[str, Any]] = {Settings: {}, Limits: {}}
    for option in options():
        if option.field in given:
            values[option.owner][option.field] = given[option.field]
    return Settings(limits=Limits(**values[Limits]), **values[Settings])


def refuse_contradictions(settings: Settings) -> None:
    """Refuses settings that are good by themselves and make no sense together.

    Raises:
        SettingsDisagree: one is too large for another one.
        ClaimWithoutKeys: one says what tokens must name, and there are no keys to check them.
        MetricsUnreachable: one says where health and metrics are, and they cannot be there.
    """
    if settings.metrics_port is None and settings.metrics_host != METRICS_HOST:
        raise MetricsUnreachable("--metrics-host is of no use without --metrics-port; give both, or leave it out")
    if (
        settings.metrics_port
        and settings.metrics_port == settings.port
        and overlap(settings.host, settings.metrics_host)
    ):
        raise MetricsUnreachable("--port and --metrics-port are the same; choose another one for one of them")
    for option in options():
        wanted = option.field in _CLAIMS and getattr(settings, option.field) is not None
        if wanted and all(getattr(settings, name) is None for name in _KEYS):
            raise ClaimWithoutKeys(option.flag)
    for small, large, room, reason in _NO_LARGER:
        value, most = (getattr(settings, name, None) or getattr(settings.limits, name) for name in (small, large))
        if value > room(most):
            raise SettingsDisagree(small, value, large, most, reason)
    limits, excess = settings.limits, settings.excess_seconds
    if limits.message_bytes > excess * limits.bytes_per_second:
        reason = "at bytes_per_second whoever sends so large a message is closed each time before it is whole"
        raise SettingsDisagree("message_bytes", limits.message_bytes, "excess_seconds", excess, reason)


def _options_of(owner: type) -> list[Option]:
    types = get_type_hints(owner)
    meanings = {name: " ".join(words.split()) for name, words in _ATTRIBUTE.findall(getdoc(owner) or "")}
    found = []
    for field in fields(owner):
        if types[field.name] is Limits:
            continue
        kind, many = kind_of(field.name, types[field.name])
        if field.name == "store":
            found.append(Option(field.name, _FOLDER, owner, STORE_FOLDER, field.default, FOLDER_MEANING, many))
        name = _NAMES.get(field.name, field.name)
        meaning = meanings.get(field.name, "").removesuffix(".")
        found.append(Option(field.name, name, owner, kind, field.default, meaning, many))
    return found


def _several(value: object) -> Iterator[object]:
    """The values of a setting that holds several: those of an array, and those with commas between them."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield from (part.strip() for part in each.split(",") if part.strip())
        else:
            yield each


def _default_words(option: Option) -> str:
    if option.default in (MISSING, None, False, ()):
        return ""
    return f" (default {option.default})"


def _read_file(path: Path) -> dict[str, Any]:
    content = ""
    try:
        with path.open("rb") as file:
            data = file.read(_FILE_BYTES + 1)  # a device may have no end
        if len(data) > _FILE_BYTES:
            raise ConfigurationUnreadable(path, "it is larger than 1 MiB, as no settings are")
        if b"\0" in data:  # as half of the letters of UTF-16 have it, which may pass for UTF-8
            raise ConfigurationUnreadable(path, _OTHER_LETTERS)
        content = data.decode("utf-8-sig")  # some editors on Windows begin a file with a mark
        table = tomllib.loads(content)
    except OSError as error:
        raise ConfigurationUnreadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:  # as Windows' own shell redirects
        raise ConfigurationUnreadable(path, _OTHER_LETTERS) from error
    except (ValueError, RecursionError) as error:
        hint = "; a path with backslashes stands between single quotes" if "\\" in content else ""
        # tomllib's own words for a key that is there before tell of what its parser does.
        reason = str(error).replace("Cannot overwrite a value", "a setting stands in it twice")
        raise ConfigurationUnreadable(path, f"{reason}{hint}") from error
    names = [option.name for option in options()]
    for name, value in table.items():
        if isinstance(value, dict):
            raise SettingsInSection(path, name)
        if name not in names:
            raise UnknownSetting(path, name, next(iter(get_close_matches(name, names, 1)), None))
    return table
