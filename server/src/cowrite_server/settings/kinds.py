"""What a setting of the server may hold: how a value is read from text or TOML, and its bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from ipaddress import IPv6Network, ip_network
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

from cowrite_server.hosts import is_host
from cowrite_server.store.opening import path_of, sqlite_address

DAYS_AT_MOST = 1_000_000
"""More days than this, and a time so long ago has no number that a database takes."""

COUNT_AT_MOST = 2**31

BYTES_AT_LEAST = 1024
"""With less, nothing could be written, or would be read so slowly that nobody would wait for it."""

SECONDS_AT_MOST = 366 * 24 * 60 * 60
PAUSE_AT_LEAST, PATIENCE_AT_LEAST = 0.001, 1.0
"""Seconds. A shorter pause is none, and nobody and no room stays where there is less patience."""

_PATIENCE = frozenset(
    {"waiting_seconds", "handshake_seconds", "idle_seconds", "sweep_seconds", "ping_seconds", "silence_seconds"}
)
"""Settings for how long something is put up with; the other ones in seconds are for how long the server pauses."""

_ADDRESSES = frozenset({"store", "bus"})
"""Settings that hold the address of another program, or of what is kept."""

_WHOLE = re.compile(r"-?[0-9]+")
_MEASURE = re.compile(r"-?[0-9]*\.?[0-9]+")
_SIZE = re.compile(r"([0-9]+) ?(KiB|MiB|GiB)?")
_UNITS = {None: 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_MAPPED = 96  # bits before an IPv4 address that stands in one of IPv6
_ORIGIN_FORM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]+/?")
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting holds.

    Attributes:
        expected: the words for it, such as "a number of bytes".
        sign: what stands for it behind an option, such as "BYTES"; empty where nothing does.
        read: gives the value of a text, or of a value of a TOML file; raises ValueError or TypeError.
    """

    expected: str
    sign: str
    read: Callable[[Any], Any]


def kind_of(name: str, type_: Any) -> tuple[Kind, bool]:
    """What a setting holds, and whether it holds several values of that kind.

    Args:
        name: of its field.
        type_: of its field.
    """
    if get_origin(type_) is tuple:
        return {"allow_origin": _ORIGIN, "proxies": _NETWORK}[name], True
    if NoneType in get_args(type_):
        type_ = next(part for part in get_args(type_) if part is not NoneType)
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return Kind(" or ".join(type_), f"{{{','.join(type_)}}}", type_), False
    if name in _ADDRESSES:
        return _ADDRESS, False
    if name.endswith("host"):
        return _HOST, False
    if name.endswith("port"):
        return PORT, False
    if name.endswith("_days"):
        return _DAYS, False
    if name in _PATIENCE:
        return _LONG_SECONDS, False
    if name.endswith(("_bytes", "bytes_per_second")):
        return _BYTES, False
    return {int: _COUNT, float: _SECONDS, bool: TRUTH, str: _TEXT, Path: _PATH}[type_], False


def whole_number(text: str) -> int:
    """The whole number that a text is: nothing but digits, and perhaps a minus.

    Python itself would take `1_0` for 10, and the digits of any script.

    Raises:
        ValueError: it is none.
    """
    if _WHOLE.fullmatch(text) is None:
        raise ValueError
    return int(text)


def measure(text: str) -> float:
    """The number that a text is: digits, perhaps with a point between them and a minus; not `1e3`, `inf` or `nan`.

    Raises:
        ValueError: it is none.
    """
    if _MEASURE.fullmatch(text) is None:
        raise ValueError
    return float(text)


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError
    number = whole_number(value) if isinstance(value, str) else value
    if not least <= number <= most:
        raise ValueError
    return number


def _size(value: object) -> int:
    if isinstance(value, str):
        match = _SIZE.fullmatch(value)
        if match is None:
            raise ValueError
        value = int(match[1]) * _UNITS[match[2]]
    return _whole(value, BYTES_AT_LEAST, 2**53)


def _measure(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError
    number = measure(value) if isinstance(value, str) else float(value)
    if not least <= number <= most:  # which nothing is that is no number
        raise ValueError
    return number


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in _TRUTHS:
        raise ValueError
    return _TRUTHS[value.lower()]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    if "\0" in value:  # which TOML can say, and no path and no name of a machine can have
        raise ValueError
    return value


def _host(value: object) -> str:
    text = _text(value)
    if not is_host(text):  # to the system `*`, for one, is this machine alone, and to people all of the network
        raise ValueError
    return text


def _origin(value: object) -> str:
    text = _text(value)
    if text != "*" and _ORIGIN_FORM.fullmatch(text) is None:
        raise ValueError
    return text


def _network(value: object) -> str:
    network = ip_network(_text(value), strict=False)
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED:  # as a socket for both gives one of IPv4
        ipv4 = network.network_address.ipv4_mapped
        network = network if ipv4 is None else ip_network((ipv4, network.prefixlen - _MAPPED))
    if not network.prefixlen:  # whoever comes would be believed
        raise ValueError
    return str(network)


STORE_FOLDER = Kind("a folder", "DIR", lambda value: sqlite_address(_text(value)))
FOLDER_MEANING = (
    "folder of the server's data, which `serve`, `invite` and `restore` make when it is missing; short for the store "
    "`sqlite:DIR`"
)
PORT = Kind("a port from 0 to 65535", "PORT", lambda value: _whole(value, 0, 65535))
_COUNT = Kind(f"a whole number from 1 to {COUNT_AT_MOST}", "N", lambda value: _whole(value, 1, COUNT_AT_MOST))
_BYTES = Kind(f"a number of bytes from {BYTES_AT_LEAST}, such as 1048576 or 1MiB,", "BYTES", _size)
_SECONDS, _LONG_SECONDS = (
    Kind(
        f"a number of seconds from {least:g} to {SECONDS_AT_MOST}",
        "SECONDS",
        partial(_measure, least=least, most=SECONDS_AT_MOST),
    )
    for least in (PAUSE_AT_LEAST, PATIENCE_AT_LEAST)
)
_DAYS = Kind(f"a number of days from 0 to {DAYS_AT_MOST}", "DAYS", partial(_measure, least=0, most=DAYS_AT_MOST))
TRUTH = Kind("true or false", "", _truth)
_TEXT = Kind("a text", "NAME", _text)
_ADDRESS = Kind("an address", "ADDRESS", _text)
_HOST = Kind(
    "a name or an address of this machine, such as 0.0.0.0 for all of IPv4 or :: for all of IPv6,", "HOST", _host
)
_ORIGIN = Kind("the beginning of an address, such as https://docs.example.org, or `*`", "ADDRESS", _origin)
_NETWORK = Kind(
    "an IP address, or a network that is not all of IPv4 or IPv6, such as 127.0.0.1 or 10.0.0.0/8,", "NETWORK", _network
)
_PATH = Kind("a path", "FILE", lambda value: path_of(_text(value)))
