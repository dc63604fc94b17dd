"""What a command or the settings were told that cannot be, one type each; commands end with status 2 then."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path

from cowrite_server.errors import ServerError


class WrongUse(ServerError):
    """Base of these errors."""


class KeyWithoutCertificate(WrongUse):
    """A TLS key is given and no certificate, so that nothing would be encrypted."""

    def __init__(self, key: Path) -> None:
        super().__init__(
            f"The key {key} is of no use without its certificate, and nothing would be encrypted; give --tls-cert, or "
            "leave out --tls-key."
        )
        self.key = key


class ClaimWithoutKeys(WrongUse):
    """It is said what tokens must name, and no token can be checked, so that nobody is let in by one."""

    def __init__(self, flag: str) -> None:
        super().__init__(
            f"{flag} is of no use without the keys of the identity provider, and no token would be accepted; give "
            f"--jwt-secret, --jwt-key or --jwt-jwks, or leave out {flag}."
        )
        self.flag = flag


class MetricsUnreachable(WrongUse):
    """Health and metrics would not be answered on the port of their own that the settings name.

    Attributes:
        reason: why not, and what to change, as a part of a sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Health and metrics would not be where the settings say: {reason}.")
        self.reason = reason


class OpenBeyondLoopback(WrongUse):
    """A server for anybody would be reachable from other machines."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"--open lets anybody write and therefore listens on this machine only, not on {host}; "
            "leave out --open and hand out invites."
        )
        self.host = host


class ClearTextBeyondLoopback(WrongUse):
    """A server without TLS would be reachable from other machines."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Without TLS, everybody on the way to {host} could read and change what is written; give --tls-cert, or "
            "--insecure where the network is trusted or a proxy ends TLS."
        )
        self.host = host


class MetricsBeyondLoopback(WrongUse):
    """Health and metrics, which speak no TLS, would be reachable from other machines."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Health and metrics speak no TLS, and everybody on the way to {host} could read them; leave out "
            "--metrics-host, or give --insecure where the network is trusted."
        )
        self.host = host


class ConfigurationUnreadable(WrongUse):
    """The configuration file cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The configuration file {path} cannot be read: {reason}.")
        self.path = path
        self.reason = reason


class UnknownSetting(WrongUse):
    """The configuration file names a setting that there is not."""

    def __init__(self, path: Path, name: str, similar: str | None) -> None:
        advice = "`cowrite-server serve --help` lists all" if similar is None else f"perhaps {similar} is meant"
        super().__init__(f"The configuration file {path} has the unknown setting {name}; {advice}.")
        self.path = path
        self.name = name


class SettingsInSection(WrongUse):
    """The configuration file has a section, where settings would not be found."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(
            f"The configuration file {path} has the section [{name}], but settings belong to none; put them at the "
            "beginning of the file, without that line."
        )
        self.path = path
        self.name = name


class BadSetting(WrongUse):
    """A setting has a value that it cannot have."""

    def __init__(self, source: str, value: object, expected: str) -> None:
        shown = repr(value)  # but for those that TOML spells otherwise than Python
        if isinstance(value, bool | date | time):
            shown = str(value).lower()
        super().__init__(f"{source} cannot be {shown}: {expected} is expected.")
        self.source = source
        self.value = value
        self.expected = expected


class SettingsDisagree(WrongUse):
    """Two settings have values that do not go together."""

    def __init__(self, small: str, value: float, large: str, most: float, reason: str) -> None:
        super().__init__(
            f"The setting {small} ({value:.12g}) is too large for {large} ({most:.12g}), because {reason}; change one "
            "of them."
        )
        self.small = small
        self.large = large


class MissingSetting(WrongUse):
    """A setting without a default was not given."""

    def __init__(self, flag: str, environment: str, name: str) -> None:
        super().__init__(f"Give {flag}, the variable {environment}, or {name} in a configuration file (--config).")
        self.name = name


class PostgresOnWindows(WrongUse):
    """PostgreSQL was asked for on Windows, where its client does not work."""

    def __init__(self) -> None:
        super().__init__(
            "On Windows cowrite-server cannot use PostgreSQL; give --data instead of --store, or run it on Linux or "
            "macOS."
        )


class BadRoomName(WrongUse):
    """A name that no room can have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot be the name of a room: up to 128 letters, digits and . _ ~ - are allowed, "
            "beginning with a letter or digit."
        )
        self.name = name


class NotConfirmed(WrongUse):
    """Nobody has said that a room is to be removed for good."""

    def __init__(self, room: str, *, asked: bool) -> None:
        super().__init__(
            f"The room {room} was left as it is, because its name was not typed."
            if asked
            else f"The room {room} was left as it is, because there is no terminal on which to ask; give --yes."
        )
        self.room = room
        self.asked = asked


class BadInvite(WrongUse):
    """An invite that would let in nobody."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"There can be no such invite: {reason}.")
        self.reason = reason


class BadStoreAddress(WrongUse):
    """An address that names no store."""

    def __init__(self, address: str) -> None:
        address = re.sub("//.*@", "//…@", address)  # a password may stand there
        postgres = "postgresql://USER@HOST/DATABASE, with @, / and % in a password written as %40, %2F and %25"
        if not address.startswith("postgres"):
            postgres = "postgresql://HOST/DATABASE"
        super().__init__(f"{address!r} is not the address of a store: it must look like sqlite:DIR or {postgres}.")
        self.address = address


class BadBusAddress(WrongUse):
    """An address that names no bus, or a bus for a store that only one server can work on."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"--bus cannot be used: {reason}.")
        self.reason = reason


class BadAddress(WrongUse):
    """An address that is no ws:// or wss:// URL, or that no link can lead to."""

    def __init__(self, url: str, reason: str | None = None) -> None:
        """An address without the password in it, and what is wrong with it beside its form."""
        why = "" if reason is None else f" because {reason}"
        super().__init__(
            f"{url!r} is not the address of a server{why}: it must look like ws://HOST:PORT or wss://HOST:PORT."
        )
        self.url = url
        self.reason = reason
