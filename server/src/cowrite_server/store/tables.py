"""Tables: what a store keeps, asked in SQL that either database understands. Without I/O.

What both databases do alike is a coroutine over these. PostgreSQL answers it on the event loop. SQLite's answers never
wait, so the coroutine goes to its end in one step, on the thread of the connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from cowrite_server.store.records import Moment

Value = int | str | bytes | Sequence[int] | None
"""What is handed in for a `%s`; several numbers for that of `= ANY(%s)`."""

Row = tuple[Any, ...]


class Tables(Protocol):
    """The tables of a database; any method may raise StoreFailed.

    The SQL is PostgreSQL's as far as SQLite has it, too; `sqlite.tables` puts what it says otherwise.
    """

    async def rows(self, question: str, *values: Value) -> list[Row]:
        """All rows that answer a question."""

    async def row(self, question: str, *values: Value) -> Row | None:
        """The first of them, or None."""

    async def run(self, statement: str, *values: Value) -> int:
        """Carries out what has no answer; gives how many rows it was about."""

    async def insert(self, statement: str, *values: Value) -> int:
        """Carries out an INSERT of one row; gives its id."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """What is carried out within is on disk at the end, or undone as a whole."""

    def at_one_moment(self) -> AbstractAsyncContextManager[None]:
        """All that is asked within is answered as the tables are at one moment."""

    def changing(self, room: int) -> AbstractAsyncContextManager[None]:
        """A transaction in which a room's people are changed: by nobody else meanwhile, and all nodes notice. It may be
        a part of another one."""

    async def make_room(self, name: str, epoch: str, now: int, *, anew: bool, last: int = 0) -> None:
        """Makes a room, under a key that none ever had. Its log goes on behind the number `last`, of its snapshot.

        Nothing is made where one has the name, nor, unless it may begin `anew`, where one that was forgotten had it.
        """

    async def last_numbers(self, rooms: Sequence[int]) -> dict[int, int]:
        """The numbers of the last entries of some rooms; 0, or left out, where there is none."""

    async def lock_moments(self, room: int) -> None:
        """Keeps others who change the bounds of a room's moments waiting until the transaction ends, but no writers."""

    async def write_moments(self, room: int, moments: Sequence[Moment]) -> None:
        """Writes moments, inside a transaction."""

    async def give_back(self) -> None:
        """Gives space that has become free back to the system, where the database does not do so by itself."""

    def changing_boxes(self, room: int) -> AbstractAsyncContextManager[None]:
        """A transaction in which nobody else changes the sealed boxes of a room; what it deletes leaves no traces."""

    async def empty_box(self, room: int, box: str) -> None:
        """Deletes what lies in a box, in such a transaction."""

    async def clean_up_boxes(self) -> None:
        """Has the disk hold nothing of what was deleted from boxes, where the database can do so."""
