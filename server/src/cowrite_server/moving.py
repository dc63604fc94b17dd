"""Moving: all of a store goes into another one, and is compared there before it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import partial

from cowrite_server.errors import MovedDiffers, UnsoundSource
from cowrite_server.store.moving import TABLES, Batch, Tally
from cowrite_server.store.store import Store
from cowrite_server.verifying import faults

Tell = Callable[[str, int], None]
"""Is told what is being done, and how many rows it has been done with."""


async def move(source: Store, target: Store, tell: Tell) -> dict[str, int]:
    """Moves everything. What is in the source stays there.

    Args:
        source: no server works on it.
        target: an empty store, on which no server works.
        tell: told how far it has come.

    Returns:
        How many rows each table has.

    Raises:
        MovedDiffers: what was written is not what was read. The target is empty.
        NotEmpty: there is something in the target. It is left as it is.
        StoreFailed: one of them cannot be read or written. The target is empty.
        UnsoundSource: something in the source is unsound. The target is empty.
    """
    tell("looking over", 0)
    async for sentence in faults(source):
        raise UnsoundSource(sentence)
    async with source.giving() as giving, target.taking() as taking:
        tallies = {}
        for table in TABLES:
            tallies[table.name] = tally = Tally()
            await taking.take(table, _counted(giving.batches(table), tally, partial(tell, table.name)))
        for table in TABLES:
            tally = Tally()
            async for batch in taking.batches(table):
                tally.add(batch)
                tell(f"comparing {table.name}", tally.rows)
            moved = tallies[table.name]
            if (tally.rows, tally.digest) != (moved.rows, moved.digest):
                raise MovedDiffers(table.name, moved.rows, tally.rows)
    return {name: tally.rows for name, tally in tallies.items()}


async def _counted(batches: AsyncIterator[Batch], tally: Tally, tell: Callable[[int], None]) -> AsyncIterator[Batch]:
    async for batch in batches:
        tally.add(batch)
        tell(tally.rows)
        yield batch
