"""Moving: a store, or all of it but some rooms, goes into another one, and is compared there before it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import NamedTuple

from cowrite_server.errors import NoSuchRoom, ServerError, StoreFailed
from cowrite_server.store.moving import TABLES, Batch, Giving, Table, Taking, Tally
from cowrite_server.store.rewriting import is_aside
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults
from cowrite_server.wire.protocol import ROOM_NAME

Tell = Callable[[str, int], None]
"""Is told what is being done, and how many rows it has been done with."""


class UnsoundSource(ServerError):
    """What is unsound is not moved."""

    def __init__(self, fault: str, rooms: Sequence[str]) -> None:
        """One sentence of what is unsound, and the names of all unsound rooms; none where it is not theirs alone."""
        advice = "Restore a sound backup first"
        if rooms:
            which, without = ("room", "it") if len(rooms) == 1 else ("rooms", "them")
            options = " ".join(f"--without {room}" for room in rooms)
            advice += f", or move all but the {which} {', '.join(rooms)}: `{options}` leaves {without} behind"
        super().__init__(f"{fault} Nothing was moved; `cowrite-server verify` says all that is unsound. {advice}.")
        self.fault = fault
        self.rooms = rooms


class MoveFailed(ServerError):
    """One of two stores could not be read or written while everything was moved."""

    def __init__(self, reason: str, *, reading: bool) -> None:
        """What went wrong, and whether it did with the store that was read."""
        which, advice = ("source", "try again") if reading else ("target", "make room there if its disk is full")
        super().__init__(
            f"The {which} could not be {'read' if reading else 'written'}: {reason}. Nothing was moved; {advice}."
        )
        self.reason = reason
        self.reading = reading


class MoveUnsure(ServerError):
    """A store has taken everything, and it is not known whether it keeps that."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The target could not be closed: {reason}. It has kept everything that was to be moved, or nothing. Move "
            "again: where that is refused because something is there already, all of it is; look it over with "
            "`cowrite-server verify`."
        )
        self.reason = reason


class MovedDiffers(ServerError):
    """What a store has taken is not what the other one has given."""

    def __init__(self, table: str, given: int, taken: int) -> None:
        super().__init__(
            f"What was written of the table {table} ({taken} rows) is not what was read ({given} rows); nothing was "
            "moved. Try again, and look to the target's disk."
        )
        self.table = table


class Moved(NamedTuple):
    """What was moved.

    Attributes:
        rows: how many rows each table has.
        trouble: why the source could not be closed behind it; empty where it could.
    """

    rows: dict[str, int]
    trouble: str


async def move(source: Store, target: Store, tell: Tell, without: Sequence[str] = ()) -> Moved:
    """Moves everything but some rooms. What is in the source stays there.

    Args:
        source: no server works on it.
        target: an empty store, on which no server works.
        tell: told how far it has come.
        without: names of rooms that stay behind, with all that is theirs alone.

    Raises:
        MovedDiffers: what was written is not what was read. The target is empty.
        NotEmpty: there is something in the target. It is left as it is.
        MoveFailed: one of them cannot be read or written. The target is empty.
        MoveUnsure: the target holds everything or nothing.
        NoSuchRoom: one that is to stay behind is not there.
        StoreFailed: the source could not be looked over.
        UnsoundSource: something in the source is unsound. The target is empty.
    """
    tell("looking over", 0)
    left = await _look_over(source, without)
    stack = AsyncExitStack()
    try:
        giving = await stack.enter_async_context(source.giving(left))
    except StoreFailed as error:
        raise MoveFailed(error.reason, reading=True) from error
    try:
        tallies = await _take(giving, target, tell)
    finally:
        trouble = await _close(stack)  # which says nothing new of a source that could not be read
    return Moved({name: tally.rows for name, tally in tallies.items()}, trouble)


async def _look_over(source: Store, without: Sequence[str]) -> frozenset[int]:
    """Looks whether what is to be moved is sound; gives the keys of the rooms that stay behind.

    Raises:
        NoSuchRoom: one of these is not there.
        UnsoundSource: it is not sound.
    """
    names = {room.id: room.name for room in await source.list_rooms()}
    for name in without:
        if name not in names.values():
            raise NoSuchRoom(name, "FROM")
    # What a room was before it was rewritten refers to its people.
    behind = {name for name in names.values() if name in without or any(is_aside(name, room) for room in without)}
    left = frozenset(room for room, name in names.items() if name in behind)
    found = [fault async for fault in faults(source, left)]
    if found:
        rooms = frozenset[int]().union(*(fault.rooms for fault in found)) - left
        unsound = sorted(str(names.get(room, "")) for room in rooms)
        alone = all(fault.rooms for fault in found) and all(map(ROOM_NAME.fullmatch, unsound))
        raise UnsoundSource(found[0].sentence, unsound if alone else ())
    return left


async def _close(stack: AsyncExitStack) -> str:
    """Closes a source, to which nothing was written; gives why it could not be, where it could not."""
    try:
        await stack.aclose()
    except StoreFailed as error:
        return error.reason
    return ""


async def _take(giving: Giving, target: Store, tell: Tell) -> dict[str, Tally]:
    """Fills the target, and compares what it holds then.

    Raises:
        MovedDiffers: that is not what was given.
        MoveFailed: one of the two cannot be read or written.
        MoveUnsure: the target did not say whether it keeps what it holds.
        NotEmpty: there is something in the target.
    """
    is_compared = False
    try:
        async with target.taking() as taking:
            tallies = await _fill(giving, taking, tell)
            for table in TABLES:
                await _compare(table, tallies[table.name], taking, tell)
            is_compared = True
    except StoreFailed as error:
        raise (MoveUnsure(error.reason) if is_compared else MoveFailed(error.reason, reading=False)) from error
    return tallies


async def _fill(giving: Giving, taking: Taking, tell: Tell) -> dict[str, Tally]:
    """Moves the rows of each table; gives how many there were."""
    tallies = {}
    for table in TABLES:
        tallies[table.name] = tally = Tally()
        await taking.take(table, _counted(giving.batches(table), tally, partial(tell, table.name)))
    return tallies


async def _compare(table: Table, given: Tally, taking: Taking, tell: Tell) -> None:
    """Reads what was written.

    Raises:
        MovedDiffers: it is not what was given.
    """
    tally = Tally()
    async for batch in taking.batches(table):
        tally.add(batch)
        tell(f"comparing {table.name}", tally.rows)
    if (tally.rows, tally.digest) != (given.rows, given.digest):
        raise MovedDiffers(table.name, given.rows, tally.rows)


async def _counted(batches: AsyncIterator[Batch], tally: Tally, tell: Callable[[int], None]) -> AsyncIterator[Batch]:
    """What the source gives, counted as it passes."""
    try:
        async for batch in batches:
            tally.add(batch)
            tell(tally.rows)
            yield batch
    except StoreFailed as error:
        raise MoveFailed(error.reason, reading=True) from error
