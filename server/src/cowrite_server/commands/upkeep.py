"""The commands that look after what is stored: `rooms`, `history`, `compact`, `backup`, `restore`, `verify`.

All but `restore` work beside a running server. What reads documents is imported by the commands that do: with it comes
the CRDT library, which takes a quarter of the time in which the others are done.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cowrite_server.commands.store import (
    PLACE,
    AddCommand,
    called,
    existing_room,
    hint,
    number,
    opened_store,
    quoted,
    room_name,
    store_address,
)
from cowrite_server.counting import counted
from cowrite_server.errors import DamagedRow, RoomUnreadable, StoreFailed, UnsoundData
from cowrite_server.output import print_text
from cowrite_server.settings.configuration import read_settings, settings_of
from cowrite_server.settings.kinds import DAYS_AT_MOST, measure
from cowrite_server.store.backups import restore_store
from cowrite_server.store.opening import POSTGRES, public_address
from cowrite_server.times import milliseconds_now, moment_text
from cowrite_server.wire.history import MomentList, VersionName, moments_as_json, spans_as_json

_FINE_DAYS = "history_fine_days"
_NAMED = 20  # rooms of a kind that are named after a restore


def add_upkeep(command: AddCommand) -> None:
    """Adds the commands to the command line."""
    rooms = command("rooms", "List all rooms with their size and when they were last written in.", _rooms)
    rooms.add_argument("--json", action="store_true", help="print JSON")

    history = command("history", "List the moments of a room, or print its document as it was.", _history)
    history.add_argument("room", type=room_name, metavar="ROOM")
    history.add_argument("--at", type=number, metavar="NUMBER", help="print the document as it was after this moment")
    history.add_argument("--json", action="store_true", help="print JSON")

    compact = command("compact", "Compact every room and give the space back; a server does so by itself.", _compact)
    compact.add_argument(
        "--fine-days",
        type=_days,
        metavar="DAYS",
        help="how many days history keeps every single update (default: the setting history_fine_days)",
    )

    backup = command("backup", "Write a backup to a new file, whether or not a server runs.", _backup)
    backup.add_argument("file", type=Path, metavar="FILE", help="file to write; none may be there")

    restore = command(
        "restore", "Put a backup in the place of the data, which is kept aside; no server may run.", _restore
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a backup")
    restore.add_argument(
        "--keep-epochs",
        action="store_true",
        help="let every document go on; clients send what the backup lacks, wanted or not",
    )

    command("verify", "Look at everything that is stored and say what is unsound.", _verify)


def _days(text: str) -> float:
    try:
        days = measure(text)
    except ValueError:
        days = -1.0
    if not 0 <= days <= DAYS_AT_MOST:
        raise argparse.ArgumentTypeError(f"has to be a number of days from 0 to {DAYS_AT_MOST}")
    return days


async def _rooms(options: argparse.Namespace) -> None:
    async with opened_store(options) as store:
        rooms = await store.list_sizes()
    if options.json:
        print(json.dumps([room._asdict() for room in rooms]))
        return
    if not rooms:
        print("No rooms yet.")
    name_width = max((len(room.name) for room in rooms), default=0)
    for room in rooms:
        written = "never written in" if room.written is None else f"written in {moment_text(room.written)}"
        print(f"{room.name:<{name_width}}  {-(-room.bytes // 1000):>9,} kB  {written}")


async def _history(options: argparse.Namespace) -> None:
    from cowrite_server.history.history import History
    from cowrite_server.history.restoring import text_of

    async with opened_store(options) as store:
        room = await existing_room(store, options.room)
        history = History(store)
        if options.at is None:
            found = await history.moments(room)
            _print_moments(found, options.json)
            return
        opened = await history.open(room, options.at)
    text = text_of(opened.document)
    if options.json:
        print(json.dumps({"moment": opened.seq, "text": text, "spans": spans_as_json(opened.spans)}))
    else:
        print_text(text)


def _print_moments(found: MomentList, as_json: bool) -> None:
    if as_json:
        print(json.dumps(moments_as_json(found)))
        return
    if not found.moments:
        print("No moments yet.")
    for moment in found.moments:
        by = ", ".join("nobody" if member is None else called(member, found.names) for member in moment.members)
        print(
            f"{moment.seq:>8}  {moment_text(moment.begun)} to {moment_text(moment.ended)}  member {by}  "
            f"+{moment.added} -{moment.removed}{'' if moment.name is None else _named_by(moment.name, found.names)}"
        )


def _named_by(name: VersionName, names: Mapping[int, str]) -> str:
    by = "nobody known" if name.member is None else f"member {called(name.member, names)}"
    return f"  {quoted(name.text)}, named by {by} {moment_text(name.time)}"


async def _compact(options: argparse.Namespace) -> None:
    from cowrite_server.rooms.compaction import Compactor

    settings = settings_of(read_settings(vars(options), os.environ, PLACE | {_FINE_DAYS}))
    if options.fine_days is not None:
        settings = replace(settings, history_fine_days=options.fine_days)
    damaged: list[StoreFailed] = []
    async with opened_store(options) as store:
        compactor = Compactor(store, settings, milliseconds_now)
        rooms = await store.list_rooms()
        for room in rooms:
            try:
                await compactor.compact(room)
            except (RoomUnreadable, DamagedRow) as error:  # which keeps no other room from getting smaller
                damaged.append(error)
    count = len(rooms) - len(damaged)
    print(f"Compacted: {counted(count, 'room')}.")
    for other in damaged[1:]:
        hint(str(other))
    if damaged:
        raise damaged[0]


async def _backup(options: argparse.Namespace) -> None:
    async with opened_store(options) as store:
        await store.back_up(options.file)
    print(f"Backed up to {options.file}.")


def _restore(options: argparse.Namespace) -> None:
    stamp = datetime.now(UTC).strftime("before-restore-%Y%m%dT%H%M%S%f")
    done = restore_store(
        store_address(options), options.file, keep_epochs=options.keep_epochs, stamp=stamp, now=milliseconds_now()
    )
    print(f"Restored {options.file}.")
    if done.kept:
        print(f"These rooms go on: {_named(done.kept)}.")
    if done.begun:
        print(
            f"These rooms begin anew, because clients may have what the backup lacks: {_named(done.begun)}. "
            "Whoever had them open is asked what to do with their copy."
        )
    if done.gone:
        print(f"These rooms are not in the backup, and nobody can open them any more: {_named(done.gone)}.")
    if done.back:
        print(f"These rooms were removed for good after the backup and are back; `forget` them: {_named(done.back)}.")
    if done.aside is not None:
        print(f"The former data is kept as {done.aside}.")
        print("Members and invites are those of the backup: repeat what was withdrawn, removed or changed after it.")


def _named(rooms: Sequence[str]) -> str:
    more = len(rooms) - _NAMED
    return ", ".join(rooms) if more <= 1 else f"{', '.join(rooms[:_NAMED])} and {more} others"


async def _verify(options: argparse.Namespace) -> None:
    from cowrite_server.verifying import faults

    async with opened_store(options) as store:
        found = 0
        async for fault in faults(store, tell=hint):
            print(fault.sentence, flush=True)
            found += 1
        rooms = len(await store.list_rooms())
    if found:
        address = store_address(options)
        tool = "pg_restore" if address.startswith(POSTGRES) else "cowrite-server restore"
        raise UnsoundData(public_address(address), found, tool)
    print(f"Everything is sound: {counted(rooms, 'room')}.")
