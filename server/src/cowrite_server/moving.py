"""Moving: a store, or all of it but some rooms, goes into another one, and is compared there before it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from cowrite_server.errors import MovedDiffers, MoveFailed, NoSuchRoom, StoreFailed, UnsoundSource
from cowrite_server.protocol import ROOM_NAME
from cowrite_server.store.moving import TABLES, Batch, Giving, Table, Taking, Tally
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults

Tell = Callable[[str, int], None]
"""Is told what is being done, and how many rows it has been done with."""


async def move(source: Store, target: Store, tell: Tell, without: Sequence[str] = ()) -> dict[str, int]:
    """Moves everything but some rooms. What is in the source stays there.

    Args:
        source: no server works on it.
        target: an empty store, on which no server works.
        tell: told how far it has come.
        without: names of rooms that stay behind, with all that is theirs alone.

    Returns:
        How many rows each table has.

    Raises:
        MovedDiffers: what was written is not what was read. The target is empty.
        NotEmpty: there is something in the target. It is left as it is.
        MoveFailed: one of them cannot be read or written. The target is empty.
        NoSuchRoom: one that is to stay behind is not there.
        StoreFailed: the source could not be looked over.
        UnsoundSource: something in the source is unsound. The target is empty.
    """
    tell("looking over", 0)
    left = await _look_over(source, without)
    try:
        async with _giving(source, left) as giving, target.taking() as taking:
            tallies = await _fill(giving, taking, tell)
            for table in TABLES:
                await _compare(table, tallies[table.name], taking, tell)
    except StoreFailed as error:
        raise MoveFailed(error.reason, reading=False) from error
    return {name: tally.rows for name, tally in tallies.items()}


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
    left = frozenset(room for room, name in names.items() if name in without)
    found = [fault async for fault in faults(source, left)]
    if found:
        rooms = frozenset[int]().union(*(fault.rooms for fault in found)) - left
        unsound = sorted(str(names.get(room, "")) for room in rooms)
        alone = all(fault.rooms for fault in found) and all(map(ROOM_NAME.fullmatch, unsound))
        raise UnsoundSource(found[0].sentence, unsound if alone else ())
    return left


@asynccontextmanager
async def _giving(source: Store, without: Collection[int]) -> AsyncIterator[Giving]:
    """Opens the source; see `store.moving.Moving.giving`.

    Raises:
        MoveFailed: it could not be opened.
    """
    async with AsyncExitStack() as stack:
        try:
            giving = await stack.enter_async_context(source.giving(without))
        except StoreFailed as error:
            raise MoveFailed(error.reason, reading=True) from error
        yield giving


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
