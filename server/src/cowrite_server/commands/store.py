"""What the commands for hosts have in common: what they are told, where the data is, and how it is opened."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager

from cowrite_server.errors import NoSuchRoom
from cowrite_server.settings.configuration import read_settings
from cowrite_server.settings.kinds import whole_number
from cowrite_server.store.opening import open_store
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.store import Store
from cowrite_server.wire.protocol import ROOM_NAME
from cowrite_server.wrong_use import BadRoomName

PLACE = frozenset({"store"})
"""The settings that say where the data is."""

Work = Callable[[argparse.Namespace], Coroutine[None, None, None] | None]
"""What a command does; what it gives is run to its end."""

AddCommand = Callable[[str, str, Work], argparse.ArgumentParser]
"""Makes a command from its name, its description, and what it does."""


def room_name(text: str) -> str:
    """The name of a room on the command line.

    Raises:
        argparse.ArgumentTypeError: no room can have it; a database could not even be asked for some of those.
    """
    if not ROOM_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(str(BadRoomName(text)).rstrip("."))
    return text


def number(text: str) -> int:
    """A number on the command line.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return whole_number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"has to be a number, not {text[:20]!r}") from error


def store_address(options: argparse.Namespace) -> str:
    """Where the data is.

    Raises:
        ConfigurationUnreadable: the TOML file is missing or is none.
        SettingsInSection: it has a section.
        UnknownSetting: it has a key that is no setting.
        BadSetting: the place is none.
        MissingSetting: nothing says where.
    """
    return str(read_settings(vars(options), os.environ, PLACE)["store"])


@asynccontextmanager
async def opened_store(options: argparse.Namespace, *, make: bool = False) -> AsyncIterator[Store]:
    """The store that the options name, closed at the end.

    Args:
        options: of the command.
        make: whether to make what is missing.
    """
    store = await open_store(store_address(options), make=make)
    try:
        yield store
    finally:
        await store.close()


def hint(sentence: str) -> None:
    """Tells what does not keep the command from doing its work."""
    print(f"cowrite-server: {sentence}", file=sys.stderr)


async def existing_room(store: Store, name: str) -> RoomRecord:
    """The room of this name.

    Raises:
        NoSuchRoom: there is none.
    """
    room = await store.find_room(name)
    if room is None:
        raise NoSuchRoom(name)
    return room


def called(member: int, names: Mapping[int, str]) -> str:
    """A member by its number and, where it is known, its name."""
    return f"{member} {quoted(names[member])}" if member in names else str(member)


def quoted(name: str) -> str:
    """A name in quotes: people choose it, and see where it ends."""
    return json.dumps(name, ensure_ascii=False)
